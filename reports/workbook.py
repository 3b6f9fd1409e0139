"""Owns the writing of xlsx: walks the description of a book; the only door to openpyxl.

openpyxl writes the frame of each sheet, `reports.rows` the rows, which `reports.package` puts in while the
sheets are zipped. Zip times and properties are fixed: same input, same bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, NamedTuple

from reports import rows
from reports.layout import (
    MAX_ROWS,
    Book,
    Chart,
    Sheet,
    Table,
    letter,
)
from reports.package import Package
from sources.errors import InputError, Problem

# lxml would give other bytes than the standard library; say so before openpyxl looks for it.
os.environ.setdefault("OPENPYXL_LXML", "False")

_FONT = "Arial"
_BLUE = "1F4E79"


def write(book: Book, file: IO[bytes], say: Callable[[str], None] = lambda stage: None) -> None:
    """Write a workbook into an open binary file; `say` is told the sheet and the row under way.

    Raises InputError where a sheet has too many rows.
    """
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.writer.excel import ExcelWriter

    _check(book)
    workbook = Workbook(write_only=True)
    styles = _Styles(workbook)
    made: dict[str, Callable[[], Iterator[bytes]]] = {}
    alts: list[str] = []
    for number, sheet in enumerate(book.sheets, 1):
        _frame(workbook, sheet)
        made[f"xl/worksheets/sheet{number}.xml"] = partial(_told, sheet, styles.get, say)
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
    with Package(file, made, alts) as archive:
        ExcelWriter(workbook, archive).save()


def _told(sheet: Sheet, style: rows.Style, say: Callable[[str], None]) -> Iterator[bytes]:
    """Give the rows of a sheet in parts, and say which are under way."""
    for number, part in enumerate(rows.xml(sheet, style)):
        say(f"Writing {sheet.name}, row {number * rows.PART + 1:,} of {sheet.height:,}")
        yield part


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
        if sheet.height > MAX_ROWS:
            raise InputError(
                Problem("", f"sheet {sheet.name}", f"{sheet.height:,} rows; a sheet holds {MAX_ROWS:,}",
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
    """Every style made once; a cell takes its number."""

    def __init__(self, workbook: Any) -> None:
        from openpyxl.styles import Font

        workbook._named_styles["Normal"].font = Font(name=_FONT, size=10)
        self._made: dict[tuple[str, str, bool], int] = {}
        self._all = workbook._cell_styles
        # A cell asks its sheet's workbook for the lists of styles; no sheet is needed for that.
        self._sheet = SimpleNamespace(parent=workbook)

    def get(self, kind: str, number_format: str = "", wrap: bool = False) -> int:
        """Give the number of the style of a kind of cell: title, heading, strong, text, header, link, body."""
        key = (kind, number_format, wrap)
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def _make(self, kind: str, number_format: str, wrap: bool) -> int:
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
        return int(self._all.add(cell._style))


def _frame(workbook: Any, sheet: Sheet) -> None:
    """Make a sheet with everything but its rows: settings, links, the tables that will stand on it."""
    from openpyxl.worksheet.hyperlink import Hyperlink
    from openpyxl.worksheet.table import Table as XlsxTable
    from openpyxl.worksheet.table import TableColumn, TableStyleInfo

    worksheet = workbook.create_sheet(sheet.name)
    _set_up(worksheet, sheet)
    for table in (block for block in sheet.blocks if isinstance(block, Table) and block.rows):
        headings = [column.heading for column in table.columns]
        first = sheet.first_row(table.name)
        ref = f"A{first}:{letter(len(headings))}{first + len(table.rows)}"
        made = XlsxTable(displayName=table.name, name=table.name, ref=ref)
        made._initialise_columns()
        made.tableColumns = [
            TableColumn(id=number, name=heading) for number, heading in enumerate(headings, 1)
        ]
        if not table.filter:
            made.autoFilter = None
        made.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        worksheet._tables.add(made)  # add_table warns of columns that are given
    worksheet._get_writer()  # what is set after this is not written; the links are written at the end
    for address, target, text in rows.links(sheet):
        inside = target.startswith("#")
        worksheet._hyperlinks.append(
            Hyperlink(ref=address, location=target[1:], display=text)
            if inside
            else Hyperlink(ref=address, target=target)
        )


def _areas(sheet: Sheet, table: Table, header: int) -> str:
    """Give the two areas of a sheet that prints two pages wide: the right one has no title to be cut."""
    found = rows.widths(sheet, len(table.columns))
    half, width, split = (sum(found) + found[0]) / 2, 0.0, 1
    for number, each in enumerate(found[:-1], 1):
        width += each
        split = number
        if width >= half - each / 2:
            break
    last = header + len(table.rows)
    return f"A1:{letter(split)}{last},{letter(split + 1)}{header}:{letter(len(found))}{last}"


def _set_up(worksheet: Any, sheet: Sheet) -> None:
    """Set widths, freeze, view and print settings; all before the first row is written."""
    from openpyxl.worksheet.properties import PageSetupProperties

    tables = [block for block in sheet.blocks if isinstance(block, Table)]
    for number, width in enumerate(rows.widths(sheet), 1):
        worksheet.column_dimensions[letter(number)].width = width
    worksheet.sheet_view.showGridLines = False
    if tables:
        header = sheet.first_row(tables[0].name)
        if sheet.freeze:
            worksheet.freeze_panes = f"{letter(sheet.freeze_columns + 1)}{header + 1}"
            worksheet.print_title_rows = f"{header}:{header}"
            if sheet.pages_wide > 1:
                worksheet.print_title_cols = "A:A"
                worksheet.print_area = _areas(sheet, tables[0], header)
        for pane in worksheet.sheet_view.selection:
            pane.activeCell = pane.sqref = "A1"
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    setup = worksheet.page_setup
    setup.orientation = "portrait" if sheet.portrait else "landscape"
    setup.paperSize = 9
    setup.fitToWidth, setup.fitToHeight = 1, 0
    margins = worksheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.6, 0.8, 0.35
    worksheet.HeaderFooter.oddFooter.left.text = "&A"
    worksheet.HeaderFooter.oddFooter.right.text = "&P / &N"


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
