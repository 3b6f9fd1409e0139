"""Owns text tables (csv, tsv, semicolons, bars): the delimiter, and the cells with their line numbers."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from sources.errors import InputError, Problem

DELIMITERS = ",;\t|"
MAX_CELL = 32_767  # what a workbook's cell can hold; nothing longer is a figure or a label
MAX_COLUMNS = 16_384
MAX_LINE = 4_000_000  # characters
MAX_ROWS = 3_000_000
MAX_CELLS = 50_000_000
_SNIFFED = 200


@dataclass(frozen=True)
class Table:
    """Rows of cells as printed, the physical line on which each begins, and the delimiter."""

    rows: list[list[str]]
    lines: list[int] | None  # None: row i is on line i + 1
    delimiter: str


def too_large(name: str, place: str, found: str, limit: str) -> InputError:
    """Build the refusal of a table beyond the limits."""
    return InputError(Problem(name, place, found, f"The limit is {limit}.", "TOO_LARGE"))


def sniff(text: str) -> str:
    """Find the delimiter: the one that gives the same number of columns on most lines.

    A line `sep=;` at the top, as spreadsheet programs write it, decides alone.
    """
    first = text[:20].split("\n", 1)[0].strip().strip('"')
    if re.fullmatch(r"(?i)sep=[,;|\t]?", first):
        return first[4:] or "\t"
    head = text[:200_000]
    best, chosen = 0.0, ","
    for mark in DELIMITERS:
        if mark not in head:
            continue
        try:
            widths = [
                len(row)
                for row, _ in zip(
                    csv.reader(io.StringIO(head, newline=""), delimiter=mark), range(_SNIFFED)
                )
                if row
            ]
        except csv.Error:
            continue
        width, times = max(
            ((w, n) for w, n in Counter(widths).items() if w > 1),
            key=lambda pair: (pair[1], pair[0]),
            default=(0, 0),
        )
        if not width:
            continue
        # Decimal commas split `1,5` alike on every line: among equals the rarer mark (; tab |) is meant.
        # A mark that splits the first line as the others is that of a header, not of descriptions.
        score = times / len(widths) + 0.01 * min(width, 20) + (0.3 if mark != "," else 0.0)
        score += 0.5 if widths[0] == width else 0.0
        if score > best:
            best, chosen = score, mark
    return chosen


def _hold_lines(text: str, name: str) -> None:
    """Refuse a line of more characters than a row can hold, before it is copied. Raises InputError."""
    at = 0
    while len(text) - at > MAX_LINE:
        end = max(text.rfind("\n", at, at + MAX_LINE), text.rfind("\r", at, at + MAX_LINE))
        if end < 0:
            line = text.count("\n", 0, at) + 1
            raise too_large(
                name,
                f"line {line}",
                "a line (or an open quote) runs on",
                f"{MAX_LINE:,} characters a line",
            )
        at = end + 1


def read(text: str, name: str, delimiter: str | None = None) -> Table:
    """Read a text table, every cell as printed. Raises InputError for a table beyond the limits."""
    _hold_lines(text, name)
    mark = delimiter or sniff(text)
    csv.field_size_limit(MAX_CELL)
    height, width = text.count("\n"), text[:MAX_CELL].split("\n", 1)[0].count(mark) + 1
    if height * width > MAX_CELLS:  # told before the cells are laid out, not after memory is full
        raise too_large(
            name, "", f"about {height:,} rows by {width:,} columns", f"{MAX_CELLS:,} cells"
        )
    rows: list[list[str]] = []
    lines: list[int] = []
    cells, before = 0, 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for row in reader:
            rows.append(row)
            lines.append(before + 1)
            before = reader.line_num
            width = len(row)
            cells += width
            if width > MAX_COLUMNS:
                raise too_large(
                    name, f"line {before}", f"{width:,} columns", f"{MAX_COLUMNS:,} columns"
                )
            if cells > MAX_CELLS or len(rows) > MAX_ROWS:
                raise too_large(
                    name, f"line {before}", "the table goes on beyond this line", f"{MAX_ROWS:,} rows and {MAX_CELLS:,} cells"
                )  # fmt: skip
    except csv.Error as error:
        if "field larger" in str(error):
            raise too_large(
                name, f"line {before + 1}", "a cell (or an open quote) runs on", f"{MAX_CELL:,} characters a cell"
            ) from error  # fmt: skip
        raise InputError(
            Problem(name, f"line {before + 1}", f"the line is no table row: {error}", "Mend the line.", "CORRUPT_FILE")
        ) from error  # fmt: skip
    if rows and len(rows[0]) <= 2 and re.fullmatch(r"(?i)sep=.?", "".join(rows[0]).strip()):
        rows, lines = rows[1:], lines[1:]
    plain = not lines or (lines[-1] == len(lines))
    return Table(rows, None if plain else lines, mark)
