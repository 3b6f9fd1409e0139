"""Owns the two pictures of the html report as inline SVG: rival figures, and the bridge between two of them."""

from __future__ import annotations

import html
import math

from reports import bridge, labels
from reports.layout import ILLEGAL

WIDTH = 760
BLUE, GREEN, RED, GREY = "#1f4e79", "#4f8a3c", "#b3402e", "#7f7f7f"


def figures(bars: list[bridge.Bar], unit: str, title: str) -> str:
    """Draw one horizontal bar a figure with the interval that its print allows; amounts in units."""
    size, word = labels.scale_of(max((abs(bar.high) for bar in bars), default=1.0))
    top = max((max(bar.high, bar.amount) for bar in bars), default=1.0) or 1.0
    bottom = min(0.0, *(min(bar.low, bar.amount) for bar in bars)) if bars else 0.0
    left, right, row = 290, 90, 30
    span = (WIDTH - left - right) / ((top - bottom) or 1.0)

    def x(value: float) -> float:
        return left + (value - bottom) * span

    body, lines = [], []
    for number, bar in enumerate(bars):
        y = 34 + number * row
        start, end = sorted((x(0.0), x(bar.amount)))
        body.append(_text(left - 8, y + 15, _short(bar.label, 40), "end"))
        body.append(_rect(start, y, end - start, 20, BLUE))
        if bar.high > bar.low:
            body.append(_line(x(bar.low), y + 10, x(bar.high), y + 10))
            body += [_line(x(end), y + 5, x(end), y + 15) for end in (bar.low, bar.high)]
        shown = labels.decimal(bar.amount / size)
        body.append(_text(max(x(bar.amount), x(bar.high), x(0.0)) + 6, y + 15, shown))
        lines.append(f"{bar.label} {shown}")
    axis = " ".join(part for part in (word, unit) if part)
    body.insert(0, _text(left, 20, f"{axis}; the thin line is the interval that the print allows"))
    return _picture(title, f"{axis}: " + ", ".join(lines), body, 44 + len(bars) * row)


def bridged(parts: list[bridge.Piece], unit: str, title: str) -> str:
    """Draw the bridge from the lower to the higher figure: totals blue, additions green, subtractions red."""
    spans = bridge.levels(parts)
    size, word = labels.scale_of(max((abs(end) for span in spans for end in span), default=1.0))
    top, bottom = max((high for _, high in spans), default=1.0), min(0.0, *(low for low, _ in spans))  # fmt: skip
    height, head, foot = 330, 40, 70
    scale = (height - head - foot) / ((top - bottom) or 1.0)
    slot = (WIDTH - 20) / max(1, len(parts))

    def y(value: float) -> float:
        return head + (top - value) * scale

    axis = " ".join(part for part in (word, unit) if part)
    body, lines = [_text(10, 20, axis)], []
    body.append(_line(10, y(0.0), WIDTH - 10, y(0.0)))
    for number, (piece, (low, high)) in enumerate(zip(parts, spans)):
        left = 10 + number * slot
        colour = BLUE if piece.total else GREEN if piece.amount >= 0 else RED
        if piece.label == "not located":
            colour = GREY
        body.append(_rect(left + 0.1 * slot, y(high), 0.8 * slot, max(1.0, (high - low) * scale), colour))  # fmt: skip
        shown = labels.decimal(piece.amount / size)
        shown = shown if piece.total or piece.amount < 0 else f"+{shown}"
        body.append(_text(left + slot / 2, y(high) - 5, shown, "middle"))
        for line, part in enumerate(_lines(piece.label, max(8, int(slot / 7)))):
            body.append(_text(left + slot / 2, height - foot + 18 + 14 * line, part, "middle"))
        lines.append(f"{piece.label} {shown}")
    return _picture(title, f"{axis}: " + ", ".join(lines), body, height)


def _picture(title: str, description: str, body: list[str], height: float) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}">'
        f"<title>{_safe(title)}</title><desc>{_safe(description)}</desc>" + "".join(body) + "</svg>"
    )


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}" fill="{colour}"/>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#222222"/>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="13"{place}>{_safe(text)}</text>'


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _lines(text: str, width: int) -> list[str]:
    """Break a label into at most three lines of about `width` characters."""
    out = [""]
    for word in text.split():
        if out[-1] and len(out[-1]) + 1 + len(word) > width:
            out.append("")
        out[-1] = f"{out[-1]} {word}".strip()
    if len(out) > 3:
        out = [*out[:2], _short(" ".join(out[2:]), max(2, math.floor(width)))]
    return [_short(line, width + 4) for line in out]


def _safe(text: str) -> str:
    """Give a text without control characters and with its markup characters escaped."""
    return html.escape(ILLEGAL.sub("", text))
