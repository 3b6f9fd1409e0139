"""Owns the rows of a sheet as xml: each cell once, a formula with its value, a text as a text.

openpyxl writes the frame of a sheet; its rows are made here, because two objects and a tree a cell take
minutes where a table has 100,000 rows.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from reports.layout import (
    ILLEGAL,
    Cell,
    Formula,
    Link,
    Number,
    Sheet,
    Table,
    Text,
    letter,
    lines_of,
    plain,
)

LINE_POINTS = 12.75  # the height of one line of the body's letters
MAX_LINES = 31  # a row is at most 409 points high
HEIGHTS = {"title": 24.0, "heading": 20.0}
PART = 1000  # rows written at once

Style = Callable[
    [str, str, bool], int
]  # (kind of cell, number format, wrap) -> number of the style


def xml(sheet: Sheet, style: Style) -> Iterator[bytes]:
    """Give the rows of a sheet in parts, in utf-8."""
    part: list[str] = []
    for row in _rows(sheet, style):
        part.append(row)
        if len(part) >= PART:
            yield "".join(part).encode("utf-8", "replace")
            part.clear()
    yield "".join(part).encode("utf-8", "replace")


def links(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Give the links of a sheet: address, target and text; those that no workbook may hold are left out."""
    found: list[tuple[str, str, str]] = []
    row = 1
    for block in sheet.blocks:
        if isinstance(block, Text):
            row += len(block.lines)
            continue
        for cells in block.rows:
            row += 1
            for column, cell in enumerate(cells, 1):
                if isinstance(cell, Link) and _allowed(cell.target):
                    target = ILLEGAL.sub("", cell.target)
                    found.append((f"{letter(column)}{row}", target, plain(cell.text)))
        row += 1
    return found


def widths(sheet: Sheet, least: int = 0) -> list[float]:
    """Give the widths of a sheet's columns, at least so many: its own, or those of its first table."""
    tables = [block for block in sheet.blocks if isinstance(block, Table)]
    found = sheet.widths or ([column.width for column in tables[0].columns] if tables else [100])
    return [*found, *[14.0] * (least - len(found))]


def _allowed(target: str) -> bool:
    return target.startswith("#") or (
        re.match(r"https?://", target) is not None and len(target) < 2000
    )


def _rows(sheet: Sheet, style: Style) -> Iterator[str]:
    row = 1
    for block in sheet.blocks:
        if isinstance(block, Text):
            height = HEIGHTS.get(block.style, LINE_POINTS + 1.5)
            kind = style(block.style, "", block.wrap)
            for line in block.lines:
                yield _row(row, height, [_text(f"A{row}", kind, line)])
                row += 1
        else:
            yield from _table(block, row, widths(sheet, len(block.columns)), style)
            row += 1 + len(block.rows)


def _row(number: int, height: float | None, cells: list[str]) -> str:
    high = "" if height is None else f' ht="{height:g}" customHeight="1"'
    return f'<row r="{number}"{high}>{"".join(cells)}</row>'


def _table(table: Table, top: int, wide: list[float], style: Style) -> Iterator[str]:
    formats = [column.format for column in table.columns]
    letters = [letter(number) for number in range(1, len(formats) + 1)]
    heads = [
        _text(f"{name}{top}", style("header", "0" if column.format else "", True), column.heading)
        for name, column in zip(letters, table.columns)
    ]
    lines = max(lines_of(column.heading, width, True) for column, width in zip(table.columns, wide))
    yield _row(top, LINE_POINTS * lines + 5, heads)
    shapes = list(zip(letters, formats, wide))
    for index, cells in enumerate(table.rows):
        kind = "total" if index in table.strong else "body"
        number, lines, out = top + 1 + index, 1, []
        for value, (name, number_format, width) in zip(cells, shapes):
            if isinstance(value, str):
                out.append(_text(f"{name}{number}", style(kind, "", True), value))
                if len(value) + 1 > width:
                    lines = max(lines, lines_of(value, width, kind == "total"))
            else:
                if isinstance(value, Link) and len(value.text) + 1 > width:
                    lines = max(lines, lines_of(value.text, width))
                out.append(_cell(f"{name}{number}", value, number_format, kind, style))
        height = LINE_POINTS * min(lines, MAX_LINES) + 2 if lines > 1 else None
        yield _row(number, height, out)


def _text(address: str, kind: int, text: str) -> str:
    return f'<c r="{address}" s="{kind}"{_inside(text)}'


@functools.lru_cache(maxsize=2**14)
def _inside(text: str) -> str:
    """Give what stands in a cell of text behind its address and style; most texts of a table stand often."""
    shown = plain(text)
    if not shown:
        return "/>"
    space = ' xml:space="preserve"' if shown != shown.strip() else ""
    return f' t="inlineStr"><is><t{space}>{escape(shown)}</t></is></c>'


def _cell(address: str, value: Cell, number_format: str, kind: str, style: Style) -> str:
    if isinstance(value, Link):
        return _text(address, style("link", "", True), value.text)
    if isinstance(value, Formula):
        return _formula(address, value, number_format, kind, style)
    if isinstance(value, Number):
        return _number(address, value.value, style(kind, value.format or number_format, False))
    if value is None:
        return f'<c r="{address}" s="{style(kind, number_format, False)}"/>'
    return _number(address, float(value) if isinstance(value, float) else int(value), style(kind, number_format, False))  # fmt: skip


def _number(address: str, value: float, style: int) -> str:
    """Write a number; nothing for NaN and infinity, which no cell can hold."""
    if not math.isfinite(value):
        return f'<c r="{address}" s="{style}"/>'
    return f'<c r="{address}" s="{style}"><v>{value!r}</v></c>'


def _formula(address: str, cell: Formula, number_format: str, kind: str, style: Style) -> str:
    words = isinstance(cell.value, str)
    chosen = style(kind, cell.format or number_format, words)
    text = f"<f>{escape(cell.text[1:])}</f>"
    if isinstance(cell.value, str):
        return f'<c r="{address}" s="{chosen}" t="str">{text}<v>{escape(plain(cell.value))}</v></c>'
    if cell.value is None or not math.isfinite(cell.value):
        return f'<c r="{address}" s="{chosen}">{text}</c>'
    return f'<c r="{address}" s="{chosen}">{text}<v>{float(cell.value)!r}</v></c>'
