"""Owns the writing of xlsx: walks plain descriptions of sheets; the only door to openpyxl.

A `Book` is a list of `Sheet`s, a sheet a list of blocks (`Text`, `Table`) set one under another with no
empty row, and charts. A cell is None, a text, a number, or one of `Formula`, `Number`, `Link`. A text is
never a formula, whatever it begins with. openpyxl writes a formula without its value; the values are
filled in while the sheets are zipped. Zip times and properties are fixed: same input, same bytes.
"""

from __future__ import annotations

import math
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

# lxml would give other bytes than the standard library; say so before openpyxl looks for it.
os.environ.setdefault("OPENPYXL_LXML", "False")

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_LINKS = 60_000  # a sheet holds 65,530
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EMPTY_VALUE = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>[^<]*</f>)<v ?/>|<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>[^<]*</f>)<v></v>'
)
_FONT = "Arial"
_BLUE = "1F4E79"


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
    labels: bool = False


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
    format: str = "#,##0.0"
    minimum: float | None = None


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
    heights: dict[int, float] = field(default_factory=dict)

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

    def address(self, index: int, heading: str, table: str = "", outside: bool = True) -> str:
        """Give the absolute address of a cell of a table, with the sheet's name if seen from `outside`."""
        found = self.table(table)
        column = [item.heading for item in found.columns].index(heading)
        cell = f"${letter(column + 1)}${self.first_row(found.name) + 1 + index}"
        return f"{quoted(self.name)}!{cell}" if outside else cell


@dataclass
class Book:
    """A whole workbook: sheets in order, names for cells, and the properties of the document."""

    title: str
    sheets: list[Sheet]
    when: datetime
    names: dict[str, str] = field(default_factory=dict)
    creator: str = "trade-reconcile"
    subject: str = ""


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
    text = _ILLEGAL.sub("", text)
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - 20] + " ... [cut here]"
    return text


def digits(value: float) -> str:
    """Give a number format that shows a number as it is, up to six decimals, with thousands separators."""
    text = f"{abs(value):.6f}".rstrip("0").rstrip(".")
    places = len(text.partition(".")[2])
    return "#,##0" + ("." + "0" * places if places else "")


def write(book: Book, file: IO[bytes]) -> None:
    """Write a workbook into an open binary file. Raises ValueError where a sheet exceeds its limits."""
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.writer.excel import ExcelWriter

    _check(book)
    workbook = Workbook(write_only=True)
    styles = _Styles(workbook)
    values: dict[str, list[float | str | None]] = {}
    alts: list[str] = []
    for number, sheet in enumerate(book.sheets, 1):
        cached: list[float | str | None] = []
        _write_sheet(workbook, sheet, styles, cached)
        values[f"xl/worksheets/sheet{number}.xml"] = cached
    for worksheet, sheet in zip(workbook.worksheets, book.sheets):
        for chart in sheet.charts:
            worksheet.add_chart(_chart(workbook, book, chart), chart.anchor)
        if sheet.charts:
            alts.append("\n".join(f"{chart.title}\x1f{chart.text}" for chart in sheet.charts))
    for name, target in sorted(book.names.items()):
        workbook.defined_names[name] = DefinedName(name, attr_text=target)
    properties = workbook.properties
    properties.title, properties.creator, properties.subject = (
        book.title,
        book.creator,
        book.subject,
    )
    properties.language, properties.lastModifiedBy = "en-GB", book.creator
    properties.created = properties.modified = book.when
    with _Zip(file, values, alts) as archive:
        ExcelWriter(workbook, archive).save()


def cells(
    path: Path,
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]], dict[str, list[str]]]:
    """Read a workbook back: formulas and values by sheet and address, and the ranges of its tables.

    Raises whatever openpyxl raises on a file that is not a workbook.
    """
    from openpyxl import load_workbook

    found: list[dict[str, dict[str, Any]]] = []
    tables: dict[str, list[str]] = {}
    for data_only in (False, True):
        workbook = load_workbook(path, data_only=data_only)
        if workbook.properties.creator != "trade-reconcile":
            raise ValueError("the workbook was not written by this program")
        tables = {
            sheet.title: [t.ref for t in sheet.tables.values()] for sheet in workbook.worksheets
        }
        found.append(
            {
                sheet.title: {
                    cell.coordinate: cell.value
                    for row in sheet.iter_rows()
                    for cell in row
                    if cell.value is not None
                }
                for sheet in workbook.worksheets
            }
        )
        workbook.close()
    return found[0], found[1], tables


def _check(book: Book) -> None:
    seen: set[str] = set()
    for sheet in book.sheets:
        if not 0 < len(sheet.name) <= 31 or re.search(r"[\\/?*\[\]:]|^'|'$", sheet.name):
            raise ValueError(f"not a name for a sheet: {sheet.name}")
        if sheet.name.casefold() in seen:
            raise ValueError(f"two sheets are called {sheet.name}")
        seen.add(sheet.name.casefold())
        rows = sum(1 + len(b.rows) if isinstance(b, Table) else len(b.lines) for b in sheet.blocks)
        if rows > MAX_ROWS:
            raise ValueError(f"{sheet.name} would have {rows} rows; a sheet holds {MAX_ROWS}")
        for block in sheet.blocks:
            if isinstance(block, Table):
                headings = [column.heading for column in block.columns]
                if len(set(map(str.casefold, headings))) < len(headings) or not all(headings):
                    raise ValueError(
                        f"headings of {sheet.name} are empty or stand twice: {headings}"
                    )


class _Styles:
    """Every style made once; a cell takes a reference."""

    def __init__(self, workbook: Any) -> None:
        from openpyxl.styles import Font

        workbook._named_styles["Normal"].font = Font(name=_FONT, size=10)
        self._made: dict[tuple[str, str, bool], Any] = {}
        # A cell asks its sheet's workbook for the lists of styles; no sheet is needed for that.
        self._sheet = SimpleNamespace(parent=workbook)

    def get(self, kind: str, number_format: str = "", wrap: bool = False) -> Any:
        """Give the style array of a kind of cell: title, heading, strong, text, header, link, body."""
        key = (kind, number_format, wrap)
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def _make(self, kind: str, number_format: str, wrap: bool) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        cell = WriteOnlyCell(self._sheet)
        fonts = {
            "title": Font(name=_FONT, size=16, bold=True, color=_BLUE),
            "heading": Font(name=_FONT, size=12, bold=True, color=_BLUE),
            "strong": Font(name=_FONT, size=10, bold=True),
            "total": Font(name=_FONT, size=10, bold=True),
            "header": Font(name=_FONT, size=10, bold=True, color="FFFFFF"),
            "link": Font(name=_FONT, size=10, color="0563C1", underline="single"),
        }
        cell.font = fonts.get(kind, Font(name=_FONT, size=10))
        if kind == "header":
            cell.fill = PatternFill("solid", start_color=_BLUE, end_color=_BLUE)
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="left")
        else:
            cell.alignment = Alignment(wrap_text=wrap, vertical="top")
        if kind in ("body", "total", "link"):
            cell.border = Border(bottom=Side(style="hair", color="BFBFBF"))
        if number_format:
            cell.number_format = number_format
        return cell._style


def _write_sheet(
    workbook: Any, sheet: Sheet, styles: _Styles, cached: list[float | str | None]
) -> None:
    from openpyxl.worksheet.table import Table as XlsxTable
    from openpyxl.worksheet.table import TableColumn, TableStyleInfo

    worksheet = workbook.create_sheet(sheet.name)
    _set_up(worksheet, sheet)
    row, links = 1, 0
    for block in sheet.blocks:
        if isinstance(block, Text):
            style = styles.get(block.style, "", block.wrap)
            for line in block.lines:
                worksheet.append([_text_cell(worksheet, plain(line), style)])
                row += 1
            continue
        headings = [column.heading for column in block.columns]
        header = styles.get("header")
        worksheet.append([_text_cell(worksheet, heading, header) for heading in headings])
        formats = [column.format for column in block.columns]
        for index, cells_of_row in enumerate(block.rows):
            kind = "total" if index in block.strong else "body"
            out = []
            for value, number_format in zip(cells_of_row, formats):
                if isinstance(value, Link):
                    links += 1
                    value = value if links <= MAX_LINKS else value.text
                out.append(_cell(worksheet, value, number_format, styles, kind, cached))
            worksheet.append(out)
        last = row + len(block.rows)
        if block.rows:
            table = XlsxTable(
                displayName=block.name, name=block.name, ref=f"A{row}:{letter(len(headings))}{last}"
            )
            table._initialise_columns()
            table.tableColumns = [
                TableColumn(id=number, name=heading) for number, heading in enumerate(headings, 1)
            ]
            if not block.filter:
                table.autoFilter = None
            table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
            worksheet.add_table(table)
        row = last + 1


def _set_up(worksheet: Any, sheet: Sheet) -> None:
    """Set widths, freeze, view and print settings; all before the first row is written."""
    from openpyxl.worksheet.properties import PageSetupProperties

    tables = [block for block in sheet.blocks if isinstance(block, Table)]
    widths = sheet.widths or ([column.width for column in tables[0].columns] if tables else [100])
    for number, width in enumerate(widths, 1):
        worksheet.column_dimensions[letter(number)].width = width
    for number, height in sheet.heights.items():
        worksheet.row_dimensions[number].height = height
    worksheet.sheet_view.showGridLines = False
    if tables:
        header = sheet.first_row(tables[0].name)
        if sheet.freeze:
            worksheet.freeze_panes = f"{letter(sheet.freeze_columns + 1)}{header + 1}"
            worksheet.print_title_rows = f"{header}:{header}"
            if sheet.pages_wide > 1:
                worksheet.print_title_cols = "A:A"
        for pane in worksheet.sheet_view.selection:
            pane.activeCell = pane.sqref = "A1"
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    setup = worksheet.page_setup
    setup.orientation = "portrait" if sheet.portrait else "landscape"
    setup.paperSize = 9
    setup.fitToWidth, setup.fitToHeight = sheet.pages_wide, 0
    margins = worksheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.6
    worksheet.HeaderFooter.oddFooter.left.text = "&A"
    worksheet.HeaderFooter.oddFooter.right.text = "&P / &N"


def _text_cell(worksheet: Any, text: str, style: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(worksheet)
    cell._value, cell.data_type = text or None, "s"
    cell._style = style
    return cell


def _cell(
    worksheet: Any,
    value: Cell,
    number_format: str,
    styles: _Styles,
    kind: str,
    cached: list[float | str | None],
) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        return _text_cell(worksheet, plain(value), styles.get(kind, "", True))
    if isinstance(value, Link):
        cell = _text_cell(worksheet, plain(value.text), styles.get("link", "", True))
        _set_link(cell, value.target)
        return cell
    cell = WriteOnlyCell(worksheet)
    if isinstance(value, Formula):
        cell._value, cell.data_type = value.text, "f"
        cached.append(value.value)
        number_format = value.format or number_format
    elif isinstance(value, Number):
        cell._value, number_format = _finite(value.value), value.format or number_format
        cell.data_type = "n"
    elif value is not None:
        cell._value = _finite(float(value)) if isinstance(value, float) else int(value)
        cell.data_type = "n"
    cell._style = styles.get(
        kind, number_format, isinstance(value, Formula) and isinstance(value.value, str)
    )
    return cell


def _finite(value: float) -> float | None:
    """Give the number, or nothing for NaN and infinity, which no cell can hold."""
    return float(value) if math.isfinite(value) else None


def _set_link(cell: Any, target: str) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    if target.startswith("#"):
        link = Hyperlink(ref="A1", location=target[1:], display=cell._value)
    elif re.match(r"https?://", target) and len(target) < 2000:
        link = Hyperlink(ref="A1", target=_ILLEGAL.sub("", target))
    else:
        return
    cell._hyperlink = link


def _chart(workbook: Any, book: Book, chart: Chart) -> Any:
    """Make the bar chart of a description, on the live cells of its table."""
    from openpyxl.chart import BarChart, Reference
    from openpyxl.chart import Series as XlsxSeries
    from openpyxl.chart.label import DataLabelList
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    sheet = next(item for item in book.sheets if item.name == chart.sheet)
    worksheet = workbook[chart.sheet]
    table, header = sheet.table(chart.table), sheet.first_row(chart.table)
    headings = [column.heading for column in table.columns]
    last = header + len(table.rows)

    def column(name: str) -> Any:
        number = headings.index(name) + 1
        return Reference(worksheet, min_col=number, min_row=header + 1, max_row=last)

    drawn = BarChart()
    drawn.type = "bar" if chart.horizontal else "col"
    drawn.title, drawn.style = chart.title, 10
    drawn.width, drawn.height = chart.width, chart.height
    drawn.gapWidth = 45
    if chart.stacked:
        drawn.grouping, drawn.overlap = "stacked", 100
    for item in chart.series:
        series = XlsxSeries(column(item.column), title=item.column)
        series.graphicalProperties = (
            GraphicalProperties(solidFill=item.colour)
            if item.colour
            else GraphicalProperties(noFill=True)
        )
        series.graphicalProperties.line = LineProperties(noFill=True)
        series.invertIfNegative = False
        if item.labels:
            series.dLbls = DataLabelList()
            series.dLbls.showVal = True
            series.dLbls.numFmt = chart.format
            for off in (
                "showSerName",
                "showCatName",
                "showLegendKey",
                "showPercent",
                "showLeaderLines",
            ):
                setattr(series.dLbls, off, False)
        drawn.series.append(series)
    drawn.set_categories(column(chart.categories))
    drawn.legend = None
    drawn.y_axis.title, drawn.y_axis.numFmt = chart.axis, "#,##0"
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    drawn.x_axis.tickLblPos = "low"
    if chart.horizontal:
        drawn.x_axis.scaling.orientation = "maxMin"
    if chart.minimum is not None:
        drawn.y_axis.scaling.min = chart.minimum
    return drawn


class _Zip(zipfile.ZipFile):
    """A zip with fixed times and rights that fills the values of formulas in on the way."""

    def __init__(
        self, file: IO[bytes], values: dict[str, list[float | str | None]], alts: list[str]
    ) -> None:
        super().__init__(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._values, self._alts = values, alts

    @staticmethod
    def _entry(name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system, entry.external_attr = 3, 0o600 << 16
        return entry

    def writestr(self, name: Any, data: Any, *args: Any, **more: Any) -> None:
        """Write a member from memory; drawings get their descriptions."""
        if isinstance(name, str) and re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            data = _described(data, self._alts.pop(0).split("\n"))
        super().writestr(self._entry(name) if isinstance(name, str) else name, data)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **more: Any) -> None:
        """Write a member from a file; sheets get the values of their formulas."""
        name = str(arcname or filename)
        waiting = iter(self._values.get(name.lstrip("/"), []))
        with Path(filename).open("rb") as source, self.open(self._entry(name), "w") as target:
            for part in _rows_of(source):
                target.write(_filled(part, waiting))
        if next(waiting, waiting) is not waiting:
            raise ValueError(f"{name}: more values than formulas")


def _rows_of(source: IO[bytes]) -> Iterator[bytes]:
    """Give a sheet's xml in parts that end between rows, so that no cell is cut in two."""
    rest = b""
    while part := source.read(1 << 20):
        head, mark, tail = (rest + part).rpartition(b"</row>")
        if mark:
            yield head + mark
        rest = tail
    yield rest


def _filled(part: bytes, values: Iterator[float | str | None]) -> bytes:
    def fill(match: re.Match[bytes]) -> bytes:
        address, attributes, formula = (
            (match[1], match[2], match[3]) if match[1] else match.group(4, 5, 6)
        )
        value = next(values)
        start = b'<c r="' + address + b'"' + attributes
        if isinstance(value, str):
            return start + b' t="str">' + formula + b"<v>" + escape(value).encode() + b"</v>"
        if value is None or not math.isfinite(value):
            return start + b">" + formula
        return start + b">" + formula + b"<v>" + repr(float(value)).encode() + b"</v>"

    return _EMPTY_VALUE.sub(fill, part)


def _described(data: Any, texts: Iterable[str]) -> str:
    """Give each chart of a drawing a name and a description for readers who cannot see it."""
    xml = data.decode() if isinstance(data, bytes) else str(data)
    for number, text in enumerate(texts, 1):
        title, _, description = text.partition("\x1f")
        xml = xml.replace(
            f'name="Chart {number}"', f"name={quoteattr(title)} descr={quoteattr(description)}", 1
        )
    return xml
