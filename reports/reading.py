"""Owns the terminal view of what was read: each input, its reader, its figures, what was set aside and why."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports import labels
from reports.text import strip
from sources.figures import Reading

MAX_ROWS = 30
MAX_ASIDE = 20


def describe(readings: Sequence[Reading]) -> str:
    """Give what `figures` prints: inputs, the first figures, rows set aside, and what the readers noticed."""
    lines: list[str] = []
    for reading in readings:
        lines += _input(reading)
    figures = pd.concat([reading.figures for reading in readings], ignore_index=True)
    lines += ["", *_figures(figures)]
    aside = pd.concat([reading.set_aside for reading in readings], ignore_index=True)
    lines += _set_aside(aside)
    findings = pd.concat([reading.findings for reading in readings], ignore_index=True)
    for row in labels.rows(findings.head(MAX_ROWS)):
        where = ", ".join(text for text in map(labels.text, (row["file"], row["place"])) if text)
        lines.append(f"{row['code']} {where}: {labels.text(row['message'])}")
    if len(findings) > MAX_ROWS:
        lines.append(f"... and {len(findings) - MAX_ROWS:,} more findings")
    return strip("\n".join(lines).rstrip())


def _input(reading: Reading) -> list[str]:
    facts = reading.facts
    text = f"{labels.text(facts.get('file'))}: {labels.count(len(reading.figures), 'figure')}"
    reader = labels.text(facts.get("reader"))
    text += f", read as {reader}" if reader else ""
    if len(reading.set_aside):
        text += f", {labels.count(len(reading.set_aside), 'row')} set aside"
    notes = facts.get("notes")
    found = notes if isinstance(notes, (list, tuple)) else [notes] if notes else []
    return [text, *(f"  {note}" for note in found)]


def _figures(figures: pd.DataFrame) -> list[str]:
    table = []
    for row in labels.rows(figures.head(MAX_ROWS)):
        number = labels.number(row["value"])
        shown = labels.text(row["state"]) if number is None else f"{number:,.10g}"
        approx = labels.text(row["approx"])
        table.append(
            [
                labels.text(row["reporter"]), labels.text(row["partner"]), labels.text(row["flow"]),
                labels.text(row["commodity"]), labels.text(row["period"]), f"{approx} {shown}".strip(),
                labels.text(row["unit"]), labels.text(row["source"])[:30], labels.text(row["place"]),
            ]
        )  # fmt: skip
    head = [
        "reporter",
        "partner",
        "flow",
        "commodity",
        "period",
        "value",
        "unit",
        "source",
        "place",
    ]
    lines = _columns([head, *table], right={5}) if table else ["no figures"]
    more = len(figures) - MAX_ROWS
    return [*lines, *([f"... and {more:,} more figures"] if more > 0 else []), ""]


def _set_aside(aside: pd.DataFrame) -> list[str]:
    if aside.empty:
        return []
    lines = [f"Set aside: {labels.count(len(aside), 'row')}"]
    for row in labels.rows(aside.head(MAX_ASIDE)):
        parts = [labels.text(row[name]) for name in ("file", "place", "reason", "label", "printed", "unit")]  # fmt: skip
        lines.append("  " + ", ".join(part for part in parts if part))
    if len(aside) > MAX_ASIDE:
        lines.append(f"  ... and {len(aside) - MAX_ASIDE:,} more")
    return [*lines, ""]


def _columns(rows: list[list[str]], right: set[int]) -> list[str]:
    widths = [max(len(row[number]) for row in rows) for number in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    ]
