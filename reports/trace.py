"""Owns the way back from a cell of a workbook: through its formulas to the printed text and the assumptions."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from reports import labels
from reports.layout import letter, quoted
from reports.text import strip
from reports.workbook import Read, cells
from sources.errors import InputError, Problem

MAX_LINES = 2000
MAX_RANGE = 500  # cells of one range that are followed
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_REFERENCE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([A-Za-z_][A-Za-z0-9_.]*))!)?"
    r"\$?\b([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?(?![\w(!])"
)
SOURCE_SHEETS = ("Figures", "Assumptions")


class Place(NamedTuple):
    """One cell: sheet, column counted from 1, row."""

    sheet: str
    column: int
    row: int

    def __str__(self) -> str:
        return f"{quoted(self.sheet)}!{self.address}"

    @property
    def address(self) -> str:
        """The address within the sheet."""
        return f"{letter(self.column)}{self.row}"


def trace(path: Path, cell: str) -> str:
    """Give the way back from a cell (`Discrepancies!H4`) as text, one line a cell, indented by its depth.

    Raises InputError for a file that is not our workbook, an unknown sheet, and a cell that is no address
    or empty.
    """
    book = cells(path)
    if book.creator != "trade-reconcile":
        raise _refused(path, "", "the workbook was not written by this program", "Name a workbook that report wrote.")  # fmt: skip
    start = _place(path, book, cell)
    if start.address not in book.values[start.sheet] and not _formula(book, start):
        ranges = book.tables.get(start.sheet, [])
        where = f"The table of the sheet is {ranges[0]}." if ranges else "The sheet has no table."
        raise _refused(path, str(start), "the cell is empty", where)
    lines: list[str] = []
    for line in _lines(book, start):
        lines.append(line)
        if len(lines) >= MAX_LINES:
            lines.append("... and more")
            break
    return strip("\n".join(lines))


def references(formula: str, sheet: str) -> list[Place]:
    """Give the cells that a formula on a sheet refers to, in order, each once; ranges cell by cell."""
    text = re.sub(r'"[^"]*"', '""', formula)
    found: list[Place] = []
    for match in _REFERENCE.finditer(text):
        quoted_name, name, column, row, last_column, last_row = match.groups()
        where = quoted_name.replace("''", "'") if quoted_name else name or sheet
        first = Place(where, _number(column), int(row))
        last = Place(where, _number(last_column), int(last_row)) if last_column else first
        block = (
            Place(where, number, line)
            for line in range(first.row, last.row + 1)
            for number in range(first.column, last.column + 1)
        )
        found += [place for place, _ in zip(block, range(MAX_RANGE))]
    return list(dict.fromkeys(found))


def _lines(book: Read, start: Place) -> Iterator[str]:
    """Walk from the cell to its sources, depth first; a cell that came before is named, not told again."""
    seen: set[Place] = set()
    ends: set[tuple[str, int]] = set()
    stack: list[tuple[Place, int]] = [(start, 0)]
    while stack:
        place, depth = stack.pop()
        indent = "  " * depth
        formula = _formula(book, place)
        if place in seen:
            yield f"{indent}{place} (told above)" if formula else f"{indent}{_title(book, place)}"
            continue
        seen.add(place)
        yield f"{indent}{_title(book, place)}"
        if formula:
            yield f"{indent}  formula {formula}"
            below = references(formula, place.sheet)
            found = [(one, depth + 1) for one in below if one.sheet in book.values]
            stack += reversed(found)
        elif place.sheet in SOURCE_SHEETS or place == start:
            row = (place.sheet, place.row)
            if row not in ends:
                yield from (f"{indent}  {line}" for line in _facts(book, place))
            else:
                yield f"{indent}  (its source is told above)"
            ends.add(row)


def _title(book: Read, place: Place) -> str:
    """Give the address, what the row is, the heading of the column, and the value."""
    heading, row = _heading(book, place), _row(book, place)
    label = " / ".join(dict.fromkeys(labels.text(value) for value in list(row.values())[:2] if value))  # fmt: skip
    value = book.values[place.sheet].get(place.address)
    parts = [str(place), label, heading]
    text = "  ".join(part for part in parts if part)
    shown = _shown(value)
    return f"{text} = {shown}" if shown != label else text


def _shown(value: Any) -> str:
    if value is None:
        return "no stored value"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    text = f"{value:,.10g}" if abs(value) < 1e6 else f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _facts(book: Read, place: Place) -> list[str]:
    """Give what stands behind a cell without a formula: the print and its place, or who says the assumption."""
    row = _row(book, place)
    if place.sheet == "Figures":
        said = [
            ("printed", " ".join(labels.text(row.get(name)) for name in ("printed", "printed unit"))),
            ("source", row.get("source")),
            ("file and place", ", ".join(labels.text(row[name]) for name in ("file", "place") if row.get(name))),
            ("quoted text", row.get("quoted text")),
            ("link", _link(book, place)),
            ("published", row.get("published")),
            ("repeats", row.get("repeats")),
            ("note", row.get("note")),
        ]  # fmt: skip
    elif place.sheet == "Assumptions":
        said = [(name, row.get(name)) for name in ("unit", "source", "date", "kind")]
    else:
        said = list(row.items())
    return [f"{name}: {_shown(value)}" for name, value in said if value not in (None, "", " ")]


def _link(book: Read, place: Place) -> str:
    """Give the address of the page that the row of a cell names."""
    links = book.links.get(place.sheet, {})
    own = (target for address, target in links.items() if _split(address)[1] == place.row)
    return next(own, "")


def _table(book: Read, place: Place) -> tuple[int, int, int, int] | None:
    """Give first column, header row, last column and last row of the table that holds a cell."""
    for ref in book.tables.get(place.sheet, []):
        first, _, last = ref.partition(":")
        (one, top), (two, bottom) = (_split(part) for part in (first, last or first))
        if one <= place.column <= two and top <= place.row <= bottom:
            return one, top, two, bottom
    return None


def _heading(book: Read, place: Place) -> str:
    found = _table(book, place)
    if found is None or place.row == found[1]:
        return ""
    return labels.text(book.values[place.sheet].get(f"{letter(place.column)}{found[1]}"))


def _row(book: Read, place: Place) -> dict[str, Any]:
    """Give the row of a cell by the headings of its table; empty outside a table."""
    found = _table(book, place)
    if found is None or place.row == found[1]:
        return {}
    values = book.values[place.sheet]
    columns = [letter(number) for number in range(found[0], found[2] + 1)]
    return {
        labels.text(values.get(f"{name}{found[1]}")): values.get(f"{name}{place.row}")
        for name in columns
    }


def _formula(book: Read, place: Place) -> str:
    """Give the formula of a cell; a text that only looks like one has itself as its value."""
    text = book.formulas[place.sheet].get(place.address)
    if not isinstance(text, str) or not text.startswith("="):
        return ""
    return "" if book.values[place.sheet].get(place.address) == text else text


def _place(path: Path, book: Read, cell: str) -> Place:
    sheet, mark, address = cell.strip().rpartition("!")
    name = sheet[1:-1].replace("''", "'") if re.fullmatch(r"'.*'", sheet) else sheet
    known = {title.casefold(): title for title in book.values}
    sheets = ", ".join(book.values)
    match = _ADDRESS.fullmatch(address.strip())
    if not mark or match is None:
        raise _refused(path, "", f"{cell!r} is no cell", f"Write it as Discrepancies!H4; the sheets are {sheets}.")  # fmt: skip
    if name.casefold() not in known:
        near = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.5)
        hint = f"Did you mean {known[near[0]]!r}? " if near else ""
        raise _refused(path, "", f"there is no sheet {name!r}", f"{hint}The sheets are {sheets}.")
    return Place(known[name.casefold()], _number(match[1].upper()), int(match[2]))


def _number(column: str) -> int:
    """Give the number of a column, counted from 1."""
    number = 0
    for sign in column:
        number = 26 * number + ord(sign) - 64
    return number


def _split(address: str) -> tuple[int, int]:
    match = _ADDRESS.fullmatch(address)
    return (_number(match[1]), int(match[2])) if match else (0, 0)


def _refused(path: Path, place: str, found: str, advice: str) -> InputError:
    return InputError(Problem(str(path), place, found, advice, "TRACE"))
