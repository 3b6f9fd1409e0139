"""Owns the grid: any file of tables as sheets of text cells, each cell with the address people use.

What a file is, its content decides and never its suffix. Nothing is understood here: the text of a
cell is what the file shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sources import archives, delimited, markup, workbooks
from sources.decode import decode
from sources.errors import InputError, Problem

__all__ = ["Sheet", "load"]

MAX_BYTES = 400 * 2**20


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table as it stands in a file: cells of text (0-based rows and columns, empty is "").

    `kind` is what the content is (csv, xlsx, xls, ods, json, html); `merged` are (top, left, bottom,
    right); `numeric` is True where the file itself stores a number, which no decimal mark can change
    (None for text files); `findings` name what is odd about the sheet, each with its place.
    """

    name: str
    cells: pd.DataFrame
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    file: str = ""
    kind: str = "xlsx"
    lines: Sequence[int] | None = None
    findings: list[Problem] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    numeric: np.ndarray[Any, Any] | None = None

    def address(self, row: int, column: int | None = None) -> str:
        """Give the place of a cell: `Exports!C14` in a workbook, `line 12, column 3` in a text table.

        Without a column the place of the row: `Exports!14`, `line 12`, `record 3`.
        """
        if self.kind in ("csv", "json", "html"):
            word = {"csv": "line", "json": "record", "html": "row"}[self.kind]
            number = self.lines[row] if self.lines is not None else row + 1 - (self.kind == "json")
            prefix = f"{self.name}, " if self.kind != "csv" and self.name else ""
            place = f"{prefix}{word} {number}"
            return place if column is None else f"{place}, column {column + 1}"
        if column is None:
            return f"{self.name}!{row + 1}"
        return f"{self.name}!{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """Give the letters of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def load(
    source: str | Path | bytes, name: str | None = None, encoding: str | None = None
) -> list[Sheet]:
    """Load every sheet of a file, or of every file of a zip, as text cells with addresses.

    Raises InputError: not found, empty, encrypted, corrupt, hostile, in two encodings, beyond the limits.
    """
    data, label = _bytes(source, name)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise _fault(label, "the file is empty", "Give a file that holds a table.", "EMPTY_FILE")
    if archives.is_zip(data) and not archives.is_office(data):
        inside, facts = archives.members(data, label)
        sheets = [
            sheet
            for member in inside
            for sheet in _one(member.data, f"{label}/{member.name}", encoding)
        ]
        if not sheets:
            raise _fault(
                label, "the archive holds no file", "Give a file that holds a table.", "EMPTY_FILE"
            )
        for sheet in sheets:
            sheet.facts.update(facts)
        return sheets
    return _one(data, label, encoding)


def _bytes(source: str | Path | bytes, name: str | None) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name or ""
    path = Path(source)
    label = name or path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise _fault(label, "this is a folder", "Give a file.", "NO_FILE")
        if size > MAX_BYTES:
            raise delimited.too_large(
                label, "", f"{size / 2**20:,.0f} MB", f"{MAX_BYTES // 2**20:,} MB a file"
            )
        return path.read_bytes(), label
    except OSError as error:
        raise _fault(
            label, f"cannot be read: {error.strerror}", "Check name and rights.", "NO_FILE"
        ) from error


def _fault(name: str, found: str, advice: str, code: str) -> InputError:
    return InputError(Problem(name, "", found, advice, code))


def _one(data: bytes, name: str, encoding: str | None) -> list[Sheet]:
    """Load one file that is no archive of files."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise _fault(name, "the file is empty", "Give a file that holds a table.", "EMPTY_FILE")
    if archives.is_office(data) or data.startswith(workbooks.OLE_MAGIC) or data[:2] == b"\x09\x08":
        return _workbook(data, name)
    for magic, what in _FOREIGN.items():
        if data.startswith(magic):
            raise _fault(
                name,
                f"this is {what}, not a table",
                "Give csv, xlsx, xls, ods, json or html.",
                "NO_TABLE",
            )
    if (lines := data.count(b"\n")) > delimited.MAX_ROWS:
        raise delimited.too_large(name, "", f"{lines:,} lines", f"{delimited.MAX_ROWS:,} rows")
    decoded = decode(data, name, encoding)
    findings = []
    if decoded.guessed:
        findings.append(
            Problem(name, "", f"the encoding is not declared; read as {decoded.encoding}: {decoded.sample!r}",
                    "If this is unreadable, name the encoding with --encoding.", "ENCODING_GUESSED")
        )  # fmt: skip
    facts: dict[str, object] = {"encoding": decoded.encoding}
    text = decoded.text
    start = text.lstrip()[:1]
    if markup.looks_like_html(text):
        return [
            _sheet(
                caption or f"table {number}",
                rows,
                name,
                "html",
                merged=merged,
                findings=findings,
                facts=facts,
            )
            for number, (caption, rows, merged) in enumerate(markup.html_tables(text, name), 1)
        ] or _nothing(name)
    if start in ("{", "["):
        tables = markup.json_tables(markup.load_json(text, name), name)
        return [
            _sheet(path, rows, name, "json", findings=findings, facts=facts)
            for path, rows in tables
        ]
    if start == "<":
        raise _fault(
            name, "markup without an html table", "Save the table as xlsx or csv.", "NO_TABLE"
        )
    table = delimited.read(text, name)
    facts["delimiter"] = table.delimiter
    stem = Path(name).stem
    return [
        _sheet(stem, table.rows, name, "csv", lines=table.lines, findings=findings, facts=facts)
    ]


_FOREIGN = {
    b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"PAR1": "a parquet file", b"\x1f\x8b": "a gzip file", b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a rar archive",
}  # fmt: skip


def _nothing(name: str) -> list[Sheet]:
    raise _fault(
        name,
        "the page holds no table with cells",
        "Save the page that shows the table.",
        "NO_TABLE",
    )


def _workbook(data: bytes, name: str) -> list[Sheet]:
    book = workbooks.read(data, name)
    facts: dict[str, object] = {}
    if book.links:
        facts["external_links_not_followed"] = book.links
    if book.macros:
        facts["macros_not_run"] = True
    out = []
    for raw in book.sheets:
        sheet = _sheet(
            raw.name, raw.rows, name, book.kind, merged=raw.merged, findings=[], facts=dict(facts),
            numeric=raw.numeric, hidden=raw.hidden, hidden_rows=raw.hidden_rows, hidden_columns=raw.hidden_columns,
        )  # fmt: skip
        sheet.findings.extend(_odd_cells(raw, sheet))
        out.append(sheet)
    return out


def _odd_cells(raw: workbooks.RawSheet, sheet: Sheet) -> list[Problem]:
    """Name what a workbook says beside its cells: hidden parts, error cells, formulas never computed."""
    out = []
    if raw.hidden:
        out.append(
            Problem(
                sheet.file,
                raw.name,
                "a hidden sheet",
                "It is read; check that it is meant.",
                "HIDDEN",
            )
        )
    if hidden := sorted(row for row in raw.hidden_rows if row < len(sheet.cells)):
        places = ", ".join(str(row + 1) for row in hidden[:5]) + (" ..." if len(hidden) > 5 else "")
        out.append(Problem(sheet.file, f"{raw.name}!{hidden[0] + 1}", f"{len(hidden)} hidden rows: {places}",
                           "They are read and marked; a filter may have hidden them.", "HIDDEN"))  # fmt: skip
    if columns := sorted(col for col in raw.hidden_columns if col < sheet.cells.shape[1]):
        places = ", ".join(column_letters(col) for col in columns[:5])
        out.append(Problem(sheet.file, f"{raw.name}!{column_letters(columns[0])}",
                           f"{len(columns)} hidden columns: {places}", "They are read and marked.", "HIDDEN"))  # fmt: skip
    for (row, column), shown in list(raw.errors.items())[:100]:
        out.append(Problem(sheet.file, sheet.address(row, column), f"an error cell: {shown}",
                           "It is missing; mend the formula at its origin.", "ERROR_CELL"))  # fmt: skip
    if raw.coloured:
        out.append(Problem(sheet.file, sheet.address(*raw.coloured[0]),
                           f"{len(raw.coloured)} numbers are printed in a colour of their own",
                           "Look up what the colour means (preliminary, estimated); it is not read.", "COLOURED"))  # fmt: skip
    if raw.uncomputed:
        out.append(Problem(sheet.file, sheet.address(*raw.uncomputed[0]),
                           f"{len(raw.uncomputed)} formulas without a stored value",
                           "They are missing; open and save the workbook in a spreadsheet program.", "NO_CACHED_VALUE"))  # fmt: skip
    return out


def _sheet(
    title: str,
    rows: list[list[str]],
    name: str,
    kind: str,
    *,
    merged: list[tuple[int, int, int, int]] | None = None,
    lines: Sequence[int] | None = None,
    findings: list[Problem],
    facts: dict[str, object],
    hidden: bool = False,
    hidden_rows: set[int] | None = None,
    hidden_columns: set[int] | None = None,
    numeric: list[list[bool]] | None = None,
) -> Sheet:
    """Make a rectangular sheet of ragged rows."""
    width = max(map(len, rows), default=0)
    if width * len(rows) > delimited.MAX_CELLS:
        raise delimited.too_large(
            name,
            title,
            f"{len(rows):,} rows by {width:,} columns",
            f"{delimited.MAX_CELLS:,} cells",
        )
    if any(len(row) != width for row in rows):
        rows = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    findings = [*findings, *_cut_off(rows, name, title)]
    cells: np.ndarray[Any, Any] = np.empty((len(rows), width), dtype=object)
    if rows and width:
        cells[:] = rows
    frame = pd.DataFrame(cells)  # object columns: the strings are shared, not copied
    return Sheet(
        title, frame, frozenset(hidden_rows or ()), frozenset(hidden_columns or ()), merged or [],
        hidden, name, kind, lines, list(findings), dict(facts),
        _mask(numeric, len(rows), width),
    )  # fmt: skip


FULL_ROWS = {65_536: "an xls sheet", 1_048_576: "an xlsx sheet"}
FULL_CELLS = {255: "old cells and databases", 32_767: "a cell of a workbook"}


def _cut_off(rows: list[list[str]], name: str, title: str) -> list[Problem]:
    """Name tables and cells that are just as long as a program allows."""
    out = []
    if len(rows) in FULL_ROWS:
        out.append(
            Problem(name, title, f"{len(rows):,} rows, just the limit of {FULL_ROWS[len(rows)]}",
                    "Rows may be missing; ask for the data in another format.", "CUT_OFF")
        )  # fmt: skip
    if len(rows) > 200_000:
        return out
    for number, row in enumerate(rows):
        if max(map(len, row), default=0) < min(FULL_CELLS):
            continue
        for cell in row:
            if len(cell) in FULL_CELLS:
                out.append(
                    Problem(name, f"{title}, row {number + 1}", f"a text of {len(cell):,} characters, just the limit of "
                            f"{FULL_CELLS[len(cell)]}", "Its end may be missing.", "CUT_OFF")
                )  # fmt: skip
                return out
    return out


def _mask(numeric: list[list[bool]] | None, height: int, width: int) -> np.ndarray[Any, Any] | None:
    """Lay out which cells are stored as numbers; rows that the parts added hold none."""
    if numeric is None:
        return None
    mask: np.ndarray[Any, Any] = np.zeros((height, width), dtype=bool)
    if numeric and numeric[0]:
        known = np.array(numeric, dtype=bool)  # calamine's rows are all of one width
        mask[: known.shape[0], : known.shape[1]] = known
    return mask
