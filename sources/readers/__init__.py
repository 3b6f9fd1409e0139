"""Owns the door to every file: which reader a content belongs to, and the reading of files, zips and folders.

A reader is one module of this package with NAME, ABOUT, EXAMPLE, `recognises(head)` and `read(source)`;
adding a file adds a reader. A module without NAME holds helpers.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Protocol, cast

from sources import archives, grid, workbooks
from sources.decode import decode
from sources.delimited import sniff
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.words import clean, nearest

__all__ = ["Head", "Reader", "Source", "names", "read_bytes", "read_path", "read_paths", "reader"]

HEAD_BYTES = 64 * 2**10
CERTAIN = 0.9  # a reader this sure is not held against the ones that read any table
GENERAL = ("figures_file", "anytable", "press")  # readers of no publisher; asked after the others


@dataclass(frozen=True, eq=False)
class Source:
    """One file to read: its name and bytes, and what the user said about it."""

    name: str
    data: bytes = field(repr=False)
    path: Path | None = None
    decimal: str | None = None
    encoding: str | None = None
    mapping: Path | None = None
    published: date | None = None
    locale: str | None = None

    @cached_property
    def sheets(self) -> list[grid.Sheet]:
        """Give every table of the file as cells of text, loaded once. Raises InputError."""
        return grid.load(self.data, name=self.name, encoding=self.encoding)

    @cached_property
    def text(self) -> str:
        """Give the whole file as text. Raises InputError where it is none."""
        return decode(self.data, self.name, self.encoding).text


@dataclass(frozen=True, eq=False)
class Head:
    """What readers look at to recognise a file; the costly parts are made when first asked for.

    `data` is the first 64 kB, `text` the same decoded ("" for workbooks, archives, parquet), `lines` its
    whole lines, `columns` the header cells of the first line (or of the parquet file), tidied.
    """

    source: Source = field(repr=False)

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def suffix(self) -> str:
        """Give the suffix of the name in lower case, with its dot."""
        return Path(self.name).suffix.lower()

    @cached_property
    def data(self) -> bytes:
        return self.source.data[:HEAD_BYTES]

    @cached_property
    def binary(self) -> bool:
        """Tell whether the file is a workbook, an archive or parquet: no text of its own."""
        data = self.data
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        known = data.startswith((b"PAR1", b"PK\x03\x04", b"PK\x05\x06", workbooks.OLE_MAGIC))
        return known or (b"\x00" in data[:4096] and not wide and b"\x00" not in data[1:4:2])

    @cached_property
    def text(self) -> str:
        if self.binary:
            return ""
        data = self.data
        if len(self.source.data) > len(data):  # cut at a line, so that no character is cut in two
            data = data[: data.rfind(b"\n") + 1] or data
        try:
            return decode(data, self.name, self.source.encoding).text
        except InputError:
            return ""

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def delimiter(self) -> str:
        return sniff(self.text) if self.text else ","

    @cached_property
    def columns(self) -> list[str]:
        if self.data.startswith(b"PAR1"):
            from sources.readers.table import parquet_columns

            return [clean(name) for name in parquet_columns(self.source)]
        return [clean(cell) for cell in self.cells(0)]

    def cells(self, line: int) -> list[str]:
        """Give the cells of one of the first lines of a text table, as printed."""
        import csv

        rows = [text for text in self.lines if text.strip()]
        if line >= len(rows):
            return []
        try:
            return next(csv.reader([rows[line]], delimiter=self.delimiter), [])
        except csv.Error:
            return []

    @cached_property
    def fault(self) -> InputError | None:
        """Give why the file has no sheets, or None."""
        _ = self.sheets
        return cast("InputError | None", self.__dict__.get("_fault"))

    @cached_property
    def sheets(self) -> list[grid.Sheet]:
        """Give the tables of the file; of a long text table only its first lines, of parquet none."""
        try:
            if self.data.startswith(b"PAR1"):
                return []
            start = self.text.lstrip()[:1]
            if self.binary or start in ("{", "[", "<") or len(self.source.data) <= HEAD_BYTES:
                return self.source.sheets
            cut = self.data[: self.data.rfind(b"\n") + 1] or self.data
            return grid.load(cut, name=self.name, encoding=self.source.encoding)
        except InputError as error:
            self.__dict__["_fault"] = error
            return []


class Reader(Protocol):
    """What a module of this package offers."""

    NAME: str
    ABOUT: str
    EXAMPLE: str

    def recognises(self, head: Head) -> float: ...
    def read(self, source: Source) -> Reading: ...


@cache
def _all() -> dict[str, Reader]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(loaded, "NAME"):
            found[str(loaded.NAME)] = cast(Reader, loaded)
    return found


def names() -> list[str]:
    """Give the names of all readers: publishers' in alphabetical order, then those of any file."""
    return sorted(_all(), key=lambda name: (name in GENERAL, name))


def reader(name: str) -> Reader:
    """Give the reader of a name. Raises InputError with the nearest names."""
    known = _all()
    if name not in known:
        near = ", ".join(nearest(clean(name), list(known), 3))
        raise InputError(
            Problem("", "", f"no reader is called {name!r}", f"Nearest: {near}", "UNKNOWN_READER")
        )
    return known[name]


def recognise(head: Head) -> Reader:
    """Give the reader with the highest score. Raises InputError on a tie and where there is none."""
    known = _all()
    publishers = [name for name in names() if name not in GENERAL]
    scores = {name: known[name].recognises(head) for name in publishers}
    if max(scores.values(), default=0.0) < CERTAIN or _own(head):
        scores.update({name: known[name].recognises(head) for name in GENERAL if name in known})
    best = max(scores.values(), default=0.0)
    first = [name for name, score in scores.items() if score == best]
    if best <= 0:
        if head.fault is not None:
            raise head.fault
        raise InputError(
            Problem(head.name, "", "no reader recognises this file",
                    "Name one with --from; the command sources lists them.", "NO_READER")
        )  # fmt: skip
    if len(first) > 1:
        raise InputError(
            Problem(head.name, "", f"the layout fits {' and '.join(first)}",
                    f"Say which with --from {first[0]}.", "TWO_READERS")
        )  # fmt: skip
    return known[first[0]]


def _own(head: Head) -> bool:
    """Tell whether the columns of our own figures file may be there, so that it has to be asked."""
    return {"reporter", "partner", "flow", "unit", "source"} <= set(head.columns)


def read_bytes(
    data: bytes,
    name: str,
    reader_name: str | None = None,
    *,
    path: Path | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    mapping: Path | None = None,
    published: date | None = None,
    locale: str | None = None,
) -> list[Reading]:
    """Read one file, packed or not, or every member of a zip, from memory. Raises InputError with every fault."""
    if archives.is_packed(data):
        data, name = archives.unpacked(data, name)
    if archives.is_zip(data) and not archives.is_office(data):
        members, facts = archives.members(data, name)
        return _members(
            members, facts, name, reader_name, decimal, encoding, mapping, published, locale
        )
    source = Source(name, data, path, decimal, encoding, mapping, published, locale)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise InputError(
            Problem(name, "", "the file is empty", "Give a file that holds figures.", "EMPTY_FILE")
        )
    chosen = reader(reader_name) if reader_name else recognise(Head(source))
    return [chosen.read(source)]


def _members(
    members: list[archives.Member],
    facts: dict[str, int],
    name: str,
    reader_name: str | None,
    decimal: str | None,
    encoding: str | None,
    mapping: Path | None,
    published: date | None,
    locale: str | None,
) -> list[Reading]:
    """Read the members of a zip in their order; one that cannot be read is named with the others."""
    readings: list[Reading] = []
    problems: list[Problem] = []
    for member in members:
        try:
            found = read_bytes(
                member.data, f"{name}/{member.name}", reader_name, decimal=decimal,
                encoding=encoding, mapping=mapping, published=published, locale=locale,
            )  # fmt: skip
        except InputError as error:
            problems.extend(error.problems)
            continue
        for reading in found:
            reading.facts.update(facts)
        readings.extend(found)
    if problems or not readings:
        raise InputError(
            problems
            or [Problem(name, "", "the archive holds no file", "Pack a table.", "EMPTY_FILE")]
        )
    return readings


def read_path(
    path: str | Path,
    reader: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    locale: str | None = None,
    *,
    mapping: Path | None = None,
    published: date | None = None,
) -> list[Reading]:
    """Read one file, zip or folder (its files sorted, one level down too, hidden ones skipped).

    Raises InputError with every file that cannot be read and why.
    """
    return read_paths(
        [path], reader, decimal, encoding, locale, mapping=mapping, published=published
    )


def read_paths(
    paths: Iterable[str | Path],
    reader: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    locale: str | None = None,
    *,
    mapping: Path | None = None,
    published: date | None = None,
) -> list[Reading]:
    """Read every file of a run in the order given. Raises one InputError with the faults of all."""
    readings: list[Reading] = []
    problems: list[Problem] = []
    for given in paths:
        try:
            files = _files(Path(given))
        except InputError as error:
            problems.extend(error.problems)
            continue
        for path in files:
            try:
                readings.extend(
                    read_bytes(
                        _bytes(path), path.name, reader, path=path, decimal=decimal,
                        encoding=encoding, mapping=mapping, published=published, locale=locale,
                    )
                )  # fmt: skip
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return readings


def _files(path: Path) -> list[Path]:
    """List the files that a path stands for: itself, or a folder's, one level of folders down."""
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    try:
        for entry in sorted(path.iterdir()):
            if entry.name.startswith((".", "~$")) or ".mapping." in entry.name:
                continue
            if entry.is_dir():
                found.extend(
                    inner for inner in sorted(entry.iterdir())
                    if inner.is_file() and not inner.name.startswith((".", "~$"))
                    and ".mapping." not in inner.name
                )  # fmt: skip
            else:
                found.append(entry)
    except OSError as error:
        raise InputError(
            Problem(
                path.name, "", f"cannot be listed: {error.strerror}", "Check its rights.", "NO_FILE"
            )
        ) from error
    if not found:
        raise InputError(
            Problem(path.name, "", "the folder holds no file", "Put files into it.", "EMPTY_FILE")
        )
    return found


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > 4 * grid.MAX_BYTES:
            raise InputError(
                Problem(path.name, "", f"{size / 2**20:,.0f} MB in one file",
                        f"The limit is {4 * grid.MAX_BYTES // 2**20:,} MB; use the command world for bulk data.",
                        "TOO_LARGE")
            )  # fmt: skip
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            Problem(
                path.name,
                "",
                f"cannot be read: {error.strerror}",
                "Check name and rights.",
                "NO_FILE",
            )
        ) from error
