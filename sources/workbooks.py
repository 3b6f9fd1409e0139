"""Owns workbooks (xls, xlsx, xlsb, ods): every cell as text, what is hidden, merged, broken or not computed.

The cells come from calamine, which follows no link and runs no macro. What it does not tell (error
cells, formulas without a stored value, hidden rows and columns) is read from the parts of the container.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from sources import archives, workbook_guard
from sources.delimited import MAX_CELL, MAX_CELLS, MAX_COLUMNS, too_large
from sources.errors import InputError, Problem

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_SHEETS = 1_000


@dataclass
class RawSheet:
    """One sheet before it becomes a table: rows of text, and what is known beside the cells."""

    name: str
    rows: list[list[str]]
    hidden: bool = False
    numeric: list[list[bool]] = field(
        default_factory=list
    )  # which cells the file stores as numbers
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncomputed: list[tuple[int, int]] = field(default_factory=list)
    coloured: list[tuple[int, int]] = field(
        default_factory=list
    )  # numbers in a colour of their own


@dataclass
class RawBook:
    """The sheets of a workbook and what else is inside it that is never followed or run."""

    kind: str
    sheets: list[RawSheet]
    links: int = 0
    macros: bool = False


def text_of(value: object) -> str:
    """Write one cell as text: numbers in their shortest form, dates as ISO, booleans as TRUE and FALSE."""
    if value is None:
        return ""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is float:
        number = float(value)  # type: ignore[arg-type]
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return repr(number)
    if kind is bool:
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        if value.time() == dt.time(0):
            return value.date().isoformat()
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def is_encrypted(data: bytes) -> bool:
    """Tell whether a compound file holds an encrypted workbook instead of a sheet stream."""
    return data.startswith(OLE_MAGIC) and (
        "EncryptedPackage".encode("utf-16-le") in data
        or "EncryptionInfo".encode("utf-16-le") in data
    )


def hold(data: bytes, name: str) -> None:
    """Refuse a workbook that would grow beyond memory, before any engine opens it. Raises InputError."""
    if archives.is_zip(data):
        box = archives.check(data, name)
        layout = _layout(box)
        workbook_guard.hold(box, name, layout)
        for sheet, part in layout.items():
            _hold_extent(_part(box, part), name, sheet)
    elif data.startswith(OLE_MAGIC):
        workbook_guard.hold_compound(data, name)


def read(data: bytes, name: str) -> RawBook:
    """Read every sheet of a workbook as text. Raises InputError: encrypted, corrupt or beyond the limits."""
    import python_calamine as calamine

    if is_encrypted(data):
        raise _encrypted(name)
    box = None
    if archives.is_zip(data):
        box = archives.check(data, name)
        parts = set(box.namelist())
        if "META-INF/manifest.xml" in parts and b"encryption-data" in _part(
            box, "META-INF/manifest.xml"
        ):
            raise _encrypted(name)
    layout = _layout(box) if box is not None else {}
    if box is not None:
        workbook_guard.hold(box, name, layout)
    elif data.startswith(OLE_MAGIC):
        workbook_guard.hold_compound(data, name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        metadata = book.sheets_metadata
    except calamine.PasswordError as error:
        raise _encrypted(name) from error
    except Exception as error:  # whatever the engine says, the file is not a workbook it can open
        raise _corrupt(name, "") from error
    if len(metadata) > MAX_SHEETS:
        raise too_large(name, "", f"{len(metadata):,} sheets", f"{MAX_SHEETS:,} sheets")
    styles = _coloured_styles(_part(box, "xl/styles.xml")) if box is not None else frozenset()
    out: list[RawSheet] = []
    cells = 0
    for entry in metadata:
        if entry.typ != calamine.SheetTypeEnum.WorkSheet:
            continue  # chart sheets and macro sheets hold no cells of their own
        part = layout.get(entry.name, "")
        xml = _part(box, part) if box is not None and part else b""
        if xml:
            _hold_extent(xml, name, entry.name)
        try:
            sheet = book.get_sheet_by_name(entry.name)
            height, width = sheet.total_height, sheet.total_width
            if width > MAX_COLUMNS:
                raise too_large(name, entry.name, f"{width:,} columns", f"{MAX_COLUMNS:,} columns")
            cells += height * width
            if cells > MAX_CELLS:
                raise too_large(name, entry.name, f"{height:,} rows by {width:,} columns", f"{MAX_CELLS:,} cells a workbook")  # fmt: skip
            raw = RawSheet(entry.name, [])
            raw.rows.extend(_rows(sheet, name, raw.numeric))
            raw.merged = [
                (top, left, bottom, right)
                for (top, left), (bottom, right) in (_merged(sheet) or [])
            ]
        except InputError:
            raise
        except Exception as error:  # the engine's own errors have no common type
            raise _corrupt(name, entry.name) from error
        raw.hidden = entry.visible != calamine.SheetVisibleEnum.Visible
        if xml:
            _mark_from_xml(raw, xml)
            raw.coloured = _coloured(xml, styles) if styles else []
        out.append(raw)
    names = box.namelist() if box is not None else []
    return RawBook(
        "xls" if box is None else ("ods" if "content.xml" in names else "xlsx"),
        out,
        links=sum(
            1 for part in names if part.startswith("xl/externalLinks/") and part.endswith(".xml")
        ),
        macros=any(part.lower().endswith("vbaproject.bin") for part in names),
    )


def _encrypted(name: str) -> InputError:
    return InputError(
        Problem(
            name, "", "the workbook is encrypted", "Save it without a password.", "ENCRYPTED_FILE"
        )
    )


def _corrupt(name: str, place: str) -> InputError:
    return InputError(
        Problem(name, place, "the workbook is damaged or of no kind that can be read",
                "Open it in a spreadsheet program and save it again as xlsx.", "CORRUPT_FILE")
    )  # fmt: skip


def _merged(sheet: object) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Give merged ranges where the format tells them (xls and xlsx; others raise or give nothing)."""
    try:
        return list(getattr(sheet, "merged_cell_ranges", None) or [])
    except Exception:  # the engine raises its own error where the format is not supported
        return []


def _rows(sheet: object, name: str, numeric: list[list[bool]]) -> Iterator[list[str]]:
    """Give the rows from A1 on, each cell as text; a cell beyond the limit is refused."""
    known: dict[float, str] = {}  # columns of years and codes repeat a few numbers
    for row in sheet.to_python(skip_empty_area=False):  # type: ignore[attr-defined]
        cells = [
            value
            if type(value) is str
            else (known.get(value) or known.setdefault(value, text_of(value)))
            if type(value) is float
            else text_of(value)
            for value in row
        ]
        if max(map(len, cells), default=0) > MAX_CELL:
            raise too_large(name, "", "a giant cell", f"{MAX_CELL:,} characters a cell")
        numeric.append([type(value) is float for value in row])
        yield cells


def _part(box: zipfile.ZipFile, path: str) -> bytes:
    try:
        return box.read(path)
    except (KeyError, zipfile.BadZipFile, OSError, ValueError):
        return b""


def _layout(box: zipfile.ZipFile) -> dict[str, str]:
    """Map sheet names to the parts that hold them (xlsx only; an unreadable index gives nothing)."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        book = ElementTree.fromstring(_part(box, "xl/workbook.xml"))
        links = ElementTree.fromstring(_part(box, "xl/_rels/workbook.xml.rels"))
    except (ParseError, DefusedXmlException, ValueError):
        return {}
    target = {link.get("Id", ""): link.get("Target", "") for link in links}
    out: dict[str, str] = {}
    for element in book.iter():
        if element.tag.rsplit("}", 1)[-1] == "sheet":
            key = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            path = target.get(key, "")
            path = path.lstrip("/") if path.startswith("/") else posixpath.normpath("xl/" + path)
            out[element.get("name", "")] = path
    return out


_REF = rb'r="([A-Z]{1,4})(\d{1,9})"'
_ROW_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\bt=\"e\")[^>]*?\b" + _REF + rb"[^>]*>(.{0,4096}?)</(?:\w+:)?c>", re.S
)
_ERROR_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})</")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\b"
    + _REF
    + rb"[^>]*><(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)(?:</|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"
)
_LAST_REF = re.compile(rb"<(?:\w+:)?c\b[^>]*?\b" + _REF)


def column_number(letters: str) -> int:
    """Give the 0-based number of a column from its letters: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _hold_extent(xml: bytes, name: str, sheet: str) -> None:
    """Refuse cells far out: an engine would lay out the empty cells between, by the billion."""
    count = xml.count(b"<c ") + xml.count(b":c ")
    if count > MAX_CELLS:
        raise too_large(name, sheet, f"{count:,} cells", f"{MAX_CELLS:,} cells")
    opening = rb"<(?:\w+:)?row" if b":row" in xml else rb"<row"
    rows = [int(number) for number in re.findall(opening + rb'\b[^>]*?\br="(\d{1,9})"', xml)]
    deepest = max(rows, default=0)
    if deepest > 1_048_576:
        raise too_large(name, sheet, f"row {deepest:,}", "1,048,576 rows a sheet")
    letters = set(re.findall(rb' r="([A-Z]{3,})\d', xml))
    widest = max(
        (column_number(ref.decode()) + 1 for ref in letters), default=702 if letters else 0
    )
    if widest > MAX_COLUMNS:
        raise too_large(name, sheet, f"{widest:,} columns", f"{MAX_COLUMNS:,} columns")
    if deepest * max(widest, 1) > MAX_CELLS:
        raise too_large(
            name,
            sheet,
            f"an area of {deepest:,} rows by {widest:,} columns",
            f"{MAX_CELLS:,} cells",
        )


def _mark_from_xml(raw: RawSheet, xml: bytes) -> None:
    """Mark hidden rows and columns, error cells and formulas without a stored value from the sheet's part."""
    if b" hidden=" in xml:
        for found in _ROW_HIDDEN.finditer(xml):
            if number := _ROW_NUMBER.search(found.group(0)):
                raw.hidden_rows.add(int(number.group(1)) - 1)
    before = xml.find(b"sheetData")  # columns are described before the cells
    for found in _COLUMN.finditer(xml, 0, before if before >= 0 else len(xml)):
        text = found.group(0)
        if b'hidden="1"' not in text and b'hidden="true"' not in text:
            continue
        low, high = (re.search(rb"\b" + key + rb'="(\d{1,6})"', text) for key in (b"min", b"max"))
        if low and high:
            last = min(int(high.group(1)), MAX_COLUMNS)
            raw.hidden_columns.update(range(int(low.group(1)) - 1, last))
    if b't="e"' in xml:
        for found in _ERROR.finditer(xml):
            value = _ERROR_VALUE.search(found.group(3))
            row, column = int(found.group(2)) - 1, column_number(found.group(1).decode())
            shown = value.group(1).decode("ascii", "replace") if value else "#ERROR!"
            raw.errors[row, column] = shown
            put(raw.rows, row, column, shown)
    if b"<f" in xml or b":f" in xml:
        for found in _FORMULA.finditer(xml):
            raw.uncomputed.append((int(found.group(2)) - 1, column_number(found.group(1).decode())))


_FONT = re.compile(rb"<(?:\w+:)?font\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?font>)", re.S)
_FONT_COLOUR = re.compile(rb'<(?:\w+:)?color\b[^>]*\b(?:rgb="([0-9A-Fa-f]{6,8})"|theme="(\d+)")')
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.S)
_FORMAT = re.compile(rb'<(?:\w+:)?xf\b[^>]*\bfontId="(\d+)"')
_STYLED_NUMBER = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="[^n])(?=[^>]*\bs="(\d+)")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*><(?:\w+:)?v>'
)


def _coloured_styles(xml: bytes) -> frozenset[int]:
    """Give the cell formats whose font has a colour of its own: neither black, white nor the theme's text."""
    fonts = []
    for found in _FONT.finditer(xml):
        colour = _FONT_COLOUR.search(found.group(1) or b"")
        rgb = colour.group(1)[-6:].upper() if colour and colour.group(1) else b""
        themed = bool(colour and colour.group(2) and int(colour.group(2)) > 1)
        link = re.search(rb"<(?:\w+:)?u\b", found.group(1) or b"") is not None
        fonts.append(not link and (themed or rgb not in (b"", b"000000", b"FFFFFF")))
    formats = _FORMATS.search(xml)
    if formats is None or not any(fonts):
        return frozenset()
    ids = [int(number) for number in _FORMAT.findall(formats.group(0))]
    return frozenset(n for n, font in enumerate(ids) if font < len(fonts) and fonts[font])


def _coloured(xml: bytes, styles: frozenset[int]) -> list[tuple[int, int]]:
    """Give the numbers printed in a colour of their own; none where all are, which marks nothing."""
    cells = [(int(style), letters, row) for style, letters, row in _STYLED_NUMBER.findall(xml)]
    found = [
        (int(row) - 1, column_number(letters.decode()))
        for style, letters, row in cells
        if style in styles
    ]
    plain = xml.count(b"<v>") + xml.count(b":v>")
    return found if 0 < len(found) < plain else []


def put(rows: list[list[str]], row: int, column: int, text: str) -> None:
    """Write a cell that the engine left out, growing the sheet where it must."""
    if row > 1_048_575 or column >= MAX_COLUMNS:
        return
    while len(rows) <= row:
        rows.append([])
    line = rows[row]
    line.extend([""] * (column + 1 - len(line)))
    line[column] = text
