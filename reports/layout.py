"""Owns how a workbook is described before it is written: sheets of blocks, tables of cells, charts.

A `Book` is a list of `Sheet`s, a sheet a list of blocks (`Text`, `Table`) set one under another with no
empty row, and charts. A cell is None, a text, a number, or one of `Formula`, `Number`, `Link`. A text is
never a formula, whatever it begins with.
"""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_LINKS = 60_000  # a sheet holds 65,530
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Formula(NamedTuple):
    """A live formula (with its leading =) and the number or word Python computed for it."""

    text: str
    value: float | str | None
    format: str = ""


class Number(NamedTuple):
    """A number with a format of its own."""

    value: float
    format: str


class Link(NamedTuple):
    """A text that leads to an address: https://... or, within the book, #'Sheet'!A1."""

    text: str
    target: str


Cell = None | str | int | float | Formula | Number | Link


class Column(NamedTuple):
    """One column of a table: a heading unique in its table, a width in characters, a number format."""

    heading: str
    width: float = 14
    format: str = ""


@dataclass
class Text:
    """Lines of plain text, one a row, in column A; `style` is title, heading, text or strong."""

    lines: list[str]
    style: str = "text"
    wrap: bool = False


@dataclass
class Table:
    """A table: one header row, then the rows. `name` is its name in the workbook."""

    name: str
    columns: list[Column]
    rows: list[list[Cell]]
    filter: bool = False
    strong: set[int] = field(default_factory=set)  # rows set in bold, counted from 0


class Series(NamedTuple):
    """One series of a chart: a column of a table on a sheet, its colour ("" for invisible), its label format."""

    column: str
    colour: str
    format: str = ""  # of the labels on its bars; empty: none


@dataclass
class Chart:
    """A bar chart over the rows of a table; `stacked` with an invisible series draws a bridge."""

    title: str
    text: str  # what the picture shows, for those who cannot see it
    sheet: str
    table: str
    categories: str
    series: list[Series]
    axis: str
    anchor: str = "A1"
    width: float = 24  # cm
    height: float = 9
    stacked: bool = False
    horizontal: bool = False
    minimum: float | None = None
    first: int = 0  # the first row of the table that is drawn, and how many; 0: all of them
    count: int = 0
    gap: int = 45  # between bars, in percent of their width
    overlap: int = 0


@dataclass
class Sheet:
    """One sheet: blocks from the top, a freeze below the first table's header, charts, print settings."""

    name: str
    about: str  # one sentence for the list of contents
    blocks: list[Text | Table]
    widths: list[float] | None = None
    freeze_columns: int = 1
    freeze: bool = True
    pages_wide: int = 1
    portrait: bool = False
    charts: list[Chart] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Break lines of text that are longer than the sheet's table, or a page of it, is wide."""
        tables = [block for block in self.blocks if isinstance(block, Table)]
        widths = self.widths or [column.width for block in tables[:1] for column in block.columns]
        room = max(90, int(1.15 * sum(widths) / self.pages_wide)) if widths else 110
        for block in self.blocks:
            if isinstance(block, Text) and block.style == "text":
                block.lines = [part for line in block.lines for part in wrapped(line, room)]
        self._unlink()

    def _unlink(self) -> None:
        """Turn the links beyond what a sheet may hold into texts, and say so above the tables."""
        tables = [block for block in self.blocks if isinstance(block, Table)]
        if sum(len(block.rows) * len(block.columns) for block in tables) <= MAX_LINKS:
            return
        links = 0
        for table in tables:
            for row in table.rows:
                for number, cell in enumerate(row):
                    if isinstance(cell, Link):
                        links += 1
                        if links > MAX_LINKS:
                            row[number] = cell.text
        if links > MAX_LINKS:
            told = f"The first {MAX_LINKS:,} of {links:,} addresses are links, which is all that a sheet holds."
            first = next((n for n, block in enumerate(self.blocks) if isinstance(block, Table)), 0)
            self.blocks.insert(first, Text([told]))

    @property
    def height(self) -> int:
        """The rows of the sheet."""
        return sum(1 + len(b.rows) if isinstance(b, Table) else len(b.lines) for b in self.blocks)

    def first_row(self, name: str) -> int:
        """Give the row, from 1, of the header of the table of that name. Raises KeyError."""
        row = 1
        for block in self.blocks:
            if isinstance(block, Table):
                if block.name == name:
                    return row
                row += 1 + len(block.rows)
            else:
                row += len(block.lines)
        raise KeyError(name)

    def table(self, name: str = "") -> Table:
        """Give the table of that name, or the first one. Raises KeyError."""
        for block in self.blocks:
            if isinstance(block, Table) and name in ("", block.name):
                return block
        raise KeyError(name)

    def locator(self, table: str = "", outside: bool = True) -> Callable[[int, str], str]:
        """Give a function from (row of the table from 0, heading) to the absolute address of that cell.

        With the sheet's name if seen from `outside`. Made once a sheet, it costs nothing a row.
        """
        found = self.table(table)
        first = self.first_row(found.name) + 1
        prefix = f"{quoted(self.name)}!" if outside else ""
        starts = {
            column.heading: f"{prefix}${letter(number)}$"
            for number, column in enumerate(found.columns, 1)
        }
        return lambda index, heading: f"{starts[heading]}{first + index}"

    def address(self, index: int, heading: str, table: str = "", outside: bool = True) -> str:
        """Give the absolute address of a cell of a table, with the sheet's name if seen from `outside`."""
        return self.locator(table, outside)(index, heading)


@dataclass
class Book:
    """A whole workbook: sheets in order, names for cells, and the properties of the document."""

    title: str
    sheets: list[Sheet]
    when: datetime
    names: dict[str, str] = field(default_factory=dict)
    creator: str = "trade-reconcile"
    subject: str = ""
    left_out: tuple[str, ...] = ()  # what the workbook does not hold of the result, in sentences


def letter(column: int) -> str:
    """Give the letters of a column, counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def quoted(sheet: str) -> str:
    """Give a sheet's name as a formula writes it."""
    return sheet if re.fullmatch(r"[A-Za-z_]+", sheet) else "'" + sheet.replace("'", "''") + "'"


def plain(text: str) -> str:
    """Give a text that a cell can hold: no control characters, not beyond the limit of a cell."""
    text = ILLEGAL.sub("", text)
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - 20] + " ... [cut here]"
    return text


def digits(value: float) -> str:
    """Give a number format that shows a number as it is, up to six decimals, with thousands separators."""
    if float(value).is_integer():
        return "#,##0"
    text = f"{abs(value):.6f}".rstrip("0").rstrip(".")
    places = len(text.partition(".")[2])
    return "#,##0" + ("." + "0" * places if places else "")


def wrapped(text: str, width: int = 150, first: str = "", other: str = "") -> list[str]:
    """Give a long text as lines of at most `width` characters, broken between words, a number kept with its %.

    `first` stands before the first line, `other` before the others.
    """
    kept = plain(text).replace(" %", "\xa0%")
    lines = textwrap.wrap(
        kept, width, initial_indent=first, subsequent_indent=other, break_on_hyphens=False
    )
    return [line.replace("\xa0%", " %") for line in lines] or [""]


def lines_of(text: str, width: float, bold: bool = False) -> int:
    """Estimate on how many lines a text stands in a column of a width: wide letters of East Asia count twice."""
    size = len(text) + 0.25 * sum(map(str.isupper, text))
    if not text.isascii():
        size += sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    room = max(1.0, width - 1.0)
    size *= 1.12 if bold else 1.0
    if size * 0.88 <= room:
        return 1
    return math.ceil(size * 0.96 / room)
