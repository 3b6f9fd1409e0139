"""Owns the writing of xlsx: walks the description of a book; the only door to openpyxl.

openpyxl writes a formula without its value; `reports.package` fills the values in while the sheets are
zipped. Zip times and properties are fixed: same input, same bytes.
"""

from __future__ import annotations

import math
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, NamedTuple

from reports.layout import (
    ILLEGAL,
    MAX_ROWS,
    Book,
    Cell,
    Chart,
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
from reports.package import Package
from sources.errors import InputError, Problem

# lxml would give other bytes than the standard library; say so before openpyxl looks for it.
os.environ.setdefault("OPENPYXL_LXML", "False")

MAX_LINKS = 60_000  # a sheet holds 65,530
LINE_POINTS = 12.75  # the height of one line of the body's letters
MAX_LINES = 31  # a row is at most 409 points high
HEIGHTS = {"title": 24.0, "heading": 20.0}
_FONT = "Arial"
_BLUE = "1F4E79"


def write(book: Book, file: IO[bytes]) -> None:
    """Write a workbook into an open binary file. Raises InputError where a sheet has too many rows."""
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
    with Package(file, values, alts) as archive:
        ExcelWriter(workbook, archive).save()


class Read(NamedTuple):
    """A workbook read back: formulas, values and links by sheet and address, the ranges of tables by sheet."""

    formulas: dict[str, dict[str, Any]]
    values: dict[str, dict[str, Any]]
    tables: dict[str, list[str]]
    links: dict[str, dict[str, str]]
    creator: str


def cells(path: Path) -> Read:
    """Read a workbook back. Raises InputError on a file that is no workbook."""
    from xml.etree.ElementTree import ParseError
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    found: list[dict[str, dict[str, Any]]] = []
    try:
        for data_only in (False, True):
            workbook = load_workbook(path, data_only=data_only)
            sheets = workbook.worksheets
            found.append({sheet.title: _filled_cells(sheet) for sheet in sheets})
            tables = {sheet.title: [t.ref for t in sheet.tables.values()] for sheet in sheets}
            links = {sheet.title: _links(sheet) for sheet in sheets}
            creator = str(workbook.properties.creator or "")
            workbook.close()
    except OSError as error:
        problem = Problem(
            str(path), "", f"it cannot be opened: {error.strerror or error}", "See name and rights.", "NO_FILE"
        )  # fmt: skip
        raise InputError(problem) from error
    except (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError) as error:
        problem = Problem(str(path), "", "it is no xlsx workbook", "Name a workbook that report wrote.", "CORRUPT_FILE")  # fmt: skip
        raise InputError(problem) from error
    return Read(found[0], found[1], tables, links, creator)


def _filled_cells(sheet: Any) -> dict[str, Any]:
    return {
        cell.coordinate: cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def _links(sheet: Any) -> dict[str, str]:
    """Give the addresses that the cells of a sheet lead to, outside the workbook."""
    found = {}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.hyperlink is not None and cell.hyperlink.target:
                found[cell.coordinate] = str(cell.hyperlink.target)
    return found


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
            raise InputError(
                Problem("", f"sheet {sheet.name}", f"{rows:,} rows; a sheet holds {MAX_ROWS:,}",
                        "Write .json or .csv, or give less at once", "TOO_LARGE")
            )  # fmt: skip
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
            side = "right" if number_format else "left"
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal=side)
        else:
            cell.alignment = Alignment(wrap_text=wrap, vertical="top")
        if kind in ("body", "total", "link"):
            cell.border = Border(bottom=Side(style="hair", color="BFBFBF"))
        if number_format and kind != "header":
            # room on the right, so that a number does not touch the text beside it
            cell.number_format = number_format if ";" in number_format else f"{number_format}_)"
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
                worksheet.row_dimensions[row].height = HEIGHTS.get(block.style, LINE_POINTS + 1.5)
                worksheet.append([_text_cell(worksheet, plain(line), style)])
                row += 1
            continue
        headings = [column.heading for column in block.columns]
        widths = _widths(sheet, len(headings))
        lines = max(lines_of(name, width, True) for name, width in zip(headings, widths))
        worksheet.row_dimensions[row].height = LINE_POINTS * lines + 5
        formats = [column.format for column in block.columns]
        worksheet.append(
            [
                _text_cell(worksheet, heading, styles.get("header", "0" if number_format else ""))
                for heading, number_format in zip(headings, formats)
            ]
        )
        for index, cells_of_row in enumerate(block.rows):
            kind = "total" if index in block.strong else "body"
            out, lines = [], 1
            for value, number_format, width in zip(cells_of_row, formats, widths):
                if isinstance(value, str) and len(value) + 1 > width:
                    lines = max(lines, lines_of(value, width, kind == "total"))
                if isinstance(value, Link):
                    links += 1
                    value = value if links <= MAX_LINKS else value.text
                out.append(_cell(worksheet, value, number_format, styles, kind, cached))
            if lines > 1:
                height = LINE_POINTS * min(lines, MAX_LINES) + 2
                worksheet.row_dimensions[row + 1 + index].height = height
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
            worksheet._tables.add(table)  # add_table warns of columns that are given
        row = last + 1


def _widths(sheet: Sheet, least: int = 0) -> list[float]:
    """Give the widths of a sheet's columns, at least so many: its own, or those of its first table."""
    tables = [block for block in sheet.blocks if isinstance(block, Table)]
    widths = sheet.widths or ([column.width for column in tables[0].columns] if tables else [100])
    return [*widths, *[14.0] * (least - len(widths))]


def _set_up(worksheet: Any, sheet: Sheet) -> None:
    """Set widths, freeze, view and print settings; all before the first row is written."""
    from openpyxl.worksheet.properties import PageSetupProperties

    tables = [block for block in sheet.blocks if isinstance(block, Table)]
    for number, width in enumerate(_widths(sheet), 1):
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
    margins.top, margins.bottom, margins.footer = 0.6, 0.8, 0.35
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
        link = Hyperlink(ref="A1", target=ILLEGAL.sub("", target))
    else:
        return
    cell._hyperlink = link


def _chart_title(text: str) -> Any:
    """Make a title in letters no larger than the text of the sheet."""
    from openpyxl.chart.text import RichText, Text
    from openpyxl.chart.title import Title
    from openpyxl.drawing.text import (
        CharacterProperties,
        Paragraph,
        ParagraphProperties,
        RegularTextRun,
    )  # fmt: skip

    style = CharacterProperties(sz=1100, b=True, latin=None)
    run = RegularTextRun(rPr=style, t=text)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=style), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


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
    start = header + 1 + chart.first
    last = start - 1 + (chart.count or len(table.rows))

    def column(name: str) -> Any:
        number = headings.index(name) + 1
        return Reference(worksheet, min_col=number, min_row=start, max_row=last)

    drawn = BarChart()
    drawn.type = "bar" if chart.horizontal else "col"
    drawn.title, drawn.style = _chart_title(chart.title), 10
    drawn.width, drawn.height = chart.width, chart.height
    drawn.gapWidth, drawn.overlap = chart.gap, chart.overlap
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
        if item.format:
            series.dLbls = DataLabelList()
            series.dLbls.showVal = True
            series.dLbls.numFmt = item.format
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
    drawn.y_axis.title, drawn.y_axis.numFmt = _chart_title(chart.axis), "#,##0"
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    drawn.x_axis.tickLblPos = "low"
    if chart.horizontal:
        drawn.x_axis.scaling.orientation = "maxMin"
        drawn.y_axis.crosses = "max"  # the first row on top, the scale below
    if chart.minimum is not None:
        drawn.y_axis.scaling.min = chart.minimum
    return drawn
