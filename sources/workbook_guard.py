"""Owns the look at a workbook's parts before an engine opens it: what would grow beyond all memory is refused.

An engine lays out every cell between the first and the last, repeats what the file says to repeat and copies
a shared string for each cell that names it; a small file can ask for all of memory, which no engine survives.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

import numpy as np

from sources.delimited import MAX_CELLS, MAX_COLUMNS, too_large
from sources.errors import InputError, Problem

MAX_ROWS = 1_048_576
MAX_TEXT = 150 * 2**20  # characters of all cells together
MAX_SHARED = 3_000_000  # shared strings
_LETTERS = re.compile(r"([A-Z]{1,7})([0-9]{1,10})")
_ITEM = re.compile(rb"<(?:\w+:)?si[\s>/]")
_SHARED_CELL = re.compile(rb't="s"[^>]{0,200}>\s{0,8}<(?:\w+:)?v>(\d{1,9})<')
_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE


def hold(box: zipfile.ZipFile, name: str, sheets: dict[str, str]) -> None:
    """Hold the parts of a zipped workbook against the limits; `sheets` maps sheet names to parts. Raises InputError."""
    parts = set(box.namelist())
    if "content.xml" in parts:
        _ods(box, name)
        return
    used = [part for part in sheets.values() if part in parts]
    if len(used) > len(set(used)):
        raise InputError(
            Problem(name, "", "several sheets are one and the same part of the file",
                    "No spreadsheet program writes that; save the file again from one.", "HOSTILE_FILE")
        )  # fmt: skip
    strings = box.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in parts else b""
    starts = np.fromiter((found.start() for found in _ITEM.finditer(strings)), dtype=np.int64)
    if len(starts) > MAX_SHARED:
        raise too_large(
            name, "", f"{len(starts):,} shared strings", f"{MAX_SHARED:,} shared strings"
        )
    sizes = np.diff(np.append(starts, len(strings)))
    text = 0
    for sheet, part in sheets.items():
        if part not in parts:
            continue
        xml = box.read(part)
        _extent(xml, name, sheet)
        text += _text(xml, sizes)
        if text > MAX_TEXT:
            raise too_large(
                name, sheet, f"{text:,} characters in its cells", f"{MAX_TEXT:,} characters"
            )


def _text(xml: bytes, sizes: np.ndarray[Any, Any]) -> int:
    """Give the characters that the shared strings of a sheet become, at most."""
    count = xml.count(b't="s"') + xml.count(b"t='s'")
    most = int(sizes.max()) if len(sizes) else 0
    if count * most <= MAX_TEXT // 4:
        return 0
    named = np.array(_SHARED_CELL.findall(xml), dtype=np.int64)
    known = named[named < len(sizes)]
    return int(sizes[known].sum()) + (count - len(named)) * most


def _extent(xml: bytes, name: str, sheet: str) -> None:
    """Refuse a sheet whose cells do not say where they are and would fill more than the limit."""
    cells = sum(
        xml.count(mark)
        for mark in (b"<c ", b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r", b":c ", b":c>", b":c/")
    )
    placed = xml.count(b'<c r="') + xml.count(b':c r="')
    rows = xml.count(b"<row") + xml.count(b":row")
    if cells == placed and rows <= MAX_ROWS and b'r="&' not in xml:
        return
    at = _Extent(name, sheet)
    _parse(at, [xml], name, sheet)


class _Extent:
    """Count rows and columns of a sheet of xlsx the way an engine does, cell after cell."""

    def __init__(self, name: str, sheet: str) -> None:
        self.name, self.sheet = name, sheet
        self.row = self.column = self.deepest = self.widest = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Place a row or a cell by its reference, or behind the one before."""
        kind = tag.rpartition(":")[2]
        if kind == "row":
            given = attributes.get("r", "")
            self.row = int(given) if given.isdigit() and len(given) < 12 else self.row + 1
            self.column = 0
        elif kind == "c":
            found = _LETTERS.fullmatch(attributes.get("r", ""))
            if found:
                self.row, self.column = int(found[2]), _number(found[1])
            else:
                self.column += 1
            self.deepest, self.widest = max(self.deepest, self.row), max(self.widest, self.column)
            if self.widest > MAX_COLUMNS:
                raise too_large(
                    self.name, self.sheet, f"{self.widest:,} columns", f"{MAX_COLUMNS:,} columns"
                )
            if self.deepest * self.widest > MAX_CELLS or self.deepest > MAX_ROWS:
                raise too_large(
                    self.name, self.sheet, f"an area of {self.deepest:,} rows by {self.widest:,} columns",
                    f"{MAX_CELLS:,} cells",
                )  # fmt: skip

    def end(self, tag: str) -> None:
        """Nothing ends that matters here."""

    def characters(self, text: str) -> None:
        """Text does not matter here."""


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class _Repeats:
    """Count the cells and characters that a sheet of ods becomes when its repeats are written out."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = self.text = 0
        self.rows = self.columns = 1
        self.width = self.waiting = self.letters = self.row_text = 0
        self.filled = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open a row or a cell with its number of repeats, or a run of spaces."""
        kind = tag.rpartition(":")[2]
        if kind == "table-row":
            self.rows = self._count(attributes, "number-rows-repeated")
            self.width = self.waiting = self.row_text = 0
        elif kind in ("table-cell", "covered-table-cell"):
            self.columns = self._count(attributes, "number-columns-repeated")
            self.letters = sum(map(len, attributes.values()))
            self.filled = any(key.rpartition(":")[2] == "value-type" for key in attributes)
        elif kind in ("s", "tab"):
            self.letters += self._count(attributes, "c")

    def _count(self, attributes: dict[str, str], word: str) -> int:
        given = next(
            (v for k, v in attributes.items() if k.rpartition(":")[2] == word), "1"
        ).strip()
        if not given.isdigit():
            return 1
        return int(given[:15])

    def characters(self, text: str) -> None:
        """Count text."""
        self.letters += len(text)
        self.filled = self.filled or bool(text.strip())

    def end(self, tag: str) -> None:
        """Close a cell or row; empty cells count only before a filled one. Raises InputError over the limits."""
        kind = tag.rpartition(":")[2]
        if kind in ("table-cell", "covered-table-cell"):
            if self.filled:
                self.width += self.waiting + self.columns
                self.waiting = 0
                self.row_text += self.letters * self.columns
            else:
                self.waiting += self.columns
            self.filled, self.letters = False, 0
            if self.width > MAX_COLUMNS:
                raise too_large(
                    self.name, "", f"{self.width:,} columns", f"{MAX_COLUMNS:,} columns"
                )
        elif kind == "table-row":
            self.cells += self.width * self.rows
            self.text += self.row_text * self.rows
            if self.width and self.rows > MAX_ROWS:
                raise too_large(self.name, "", f"{self.rows:,} rows", f"{MAX_ROWS:,} rows a sheet")
            if self.cells > MAX_CELLS:
                raise too_large(self.name, "", f"{self.cells:,} cells", f"{MAX_CELLS:,} cells")
        if max(self.text, self.row_text, self.letters) > MAX_TEXT:
            raise too_large(
                self.name, "", "more text than cells can hold", f"{MAX_TEXT:,} characters"
            )


def _ods(box: zipfile.ZipFile, name: str) -> None:
    with box.open("content.xml") as stream:
        _parse(_Repeats(name), iter(lambda: stream.read(2**18), b""), name, "")


def _parse(
    count: _Extent | _Repeats, chunks: Iterator[bytes] | list[bytes], name: str, sheet: str
) -> None:
    """Go through XML with handlers; what is no XML is left to the engine to refuse."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = count.start
    parser.EndElementHandler = count.end
    parser.CharacterDataHandler = count.characters
    parser.StartDoctypeDeclHandler = _no_doctype(name, sheet)
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        return


def _no_doctype(name: str, sheet: str) -> Any:
    def refuse(*declared: object) -> None:
        raise InputError(
            Problem(name, sheet, "the XML declares a DTD", "Save the file again from a spreadsheet program.",
                    "HOSTILE_FILE")
        )  # fmt: skip

    return refuse


# --- compound files (xls) ---------------------------------------------------------------------------


def hold_compound(data: bytes, name: str) -> None:
    """Refuse a compound file whose chains of sectors run in circles or out of the file. Raises InputError."""
    try:
        _chains(data)
    except (struct.error, ValueError, IndexError) as error:
        raise InputError(
            Problem(
                name,
                "",
                "the compound file (xls) is damaged",
                "Save it again as xlsx.",
                "CORRUPT_FILE",
            )
        ) from error


def _chains(data: bytes) -> None:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("sector size")
    size = 1 << shift
    count = max(0, len(data) // size)
    tables, first, _, small, mini, _, difat, difats = struct.unpack_from("<8I", data, 44)
    if tables > count or difats > count:
        raise ValueError("more tables than sectors")
    listed = [n for n in struct.unpack_from("<109I", data, 76) if n < _END]
    seen = 0
    while difat < _END and seen <= difats:
        inside = struct.unpack_from(f"<{size // 4}I", data, (difat + 1) * size)
        listed += [n for n in inside[:-1] if n < _END]
        difat, seen = inside[-1], seen + 1
    if len(listed) > count or len(set(listed)) < len(listed):
        raise ValueError("a table of sectors stands twice")
    table = np.concatenate([
        np.frombuffer(data, dtype="<u4", count=size // 4, offset=(n + 1) * size) for n in listed
    ] or [np.empty(0, dtype="<u4")])  # fmt: skip
    directory = _walk(table, first, count)
    _walk(table, mini, count)
    for sector in directory:
        base = (sector + 1) * size
        for at in range(base, base + size, 128):
            entry = data[at : at + 128]
            if len(entry) < 128 or entry[66] not in (2, 5):
                continue
            start, length = struct.unpack_from("<II", entry, 116)
            if length >= small or entry[66] == 5:
                _walk(table, start, count)


def _walk(table: np.ndarray[Any, Any], start: int, most: int) -> list[int]:
    """Give the sectors of a chain. ValueError where it does not end, IndexError where it leaves the file."""
    out = []
    while start < _END - 2:
        out.append(int(start))
        if len(out) > most:
            raise ValueError("a chain of sectors runs in a circle")
        start = int(table[start])
    return out
