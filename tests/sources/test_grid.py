"""The grid: every kind of file as text cells with addresses, and clear refusals."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import archives, blocks, grid, workbooks
from sources.errors import InputError

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def book(fill: object) -> bytes:
    work = openpyxl.Workbook()
    fill(work)  # type: ignore[operator]
    out = io.BytesIO()
    work.save(out)
    return out.getvalue()


def sample(work: openpyxl.Workbook) -> None:
    sheet = work.active
    sheet.title = "Exports"
    sheet.append(["Страна", "код", "value", "flag", "day", "sum"])
    sheet.append(["Namibia", "010121", 66.2, True, dt.date(2024, 3, 1), "=1+1"])
    sheet.append(["NA", "1-2", 3.0, False, dt.datetime(2024, 3, 1, 12, 30), None])
    sheet["C4"].value, sheet["C4"].data_type = "#REF!", "e"
    sheet.merge_cells("A5:B6")
    sheet["A5"] = "merged"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    work.create_sheet("secret").append(["x"])
    work["secret"].sheet_state = "hidden"


def test_a_workbook_cell_by_cell() -> None:
    sheet, secret = grid.load(book(sample), name="a.xls")  # the suffix lies: content decides
    rows = sheet.cells.values.tolist()
    assert rows[1][:5] == ["Namibia", "010121", "66.2", "TRUE", "2024-03-01"]
    assert rows[2] == ["NA", "1-2", "3", "FALSE", "2024-03-01 12:30:00", ""]
    assert rows[3][2] == "#REF!"
    assert rows[4][0] == "merged" and rows[4][1] == ""  # filled for labels by blocks, never here
    assert sheet.address(13, 2) == "Exports!C14"
    assert sheet.hidden_rows == {2} and sheet.hidden_columns == {1} and secret.hidden
    assert (4, 0, 5, 1) in sheet.merged
    codes = [finding.code for finding in sheet.findings]
    assert codes.count("HIDDEN") == 2 and "ERROR_CELL" in codes and "NO_CACHED_VALUE" in codes
    missing = next(f for f in sheet.findings if f.code == "NO_CACHED_VALUE")
    assert missing.place == "Exports!F2"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark: str) -> None:
    text = "\n".join(
        mark.join(row) for row in [["a", "b", "c"], ["KAZ", "1 401", "NA"], ["KGZ", "2", "x"]]
    )
    (sheet,) = grid.load(text.encode(), name="a.csv")
    assert sheet.cells.shape == (3, 3) and sheet.facts["delimiter"] == mark


def test_semicolons_with_decimal_commas() -> None:
    (sheet,) = grid.load(b"a;b;c\nKAZ;1,5;2,5\nKGZ;1,7;3,5\n", name="a.csv")
    assert sheet.cells.iloc[1].tolist() == ["KAZ", "1,5", "2,5"]


def test_lines_stay_true_below_a_broken_line() -> None:
    (sheet,) = grid.load(b'a,b\n"two\nlines",1\nx,2\n', name="a.csv")
    assert sheet.address(2, 1) == "line 4, column 2" and sheet.address(2) == "line 4"


def test_xls_that_is_html_with_spans() -> None:
    html = (
        "<html><body><table><caption>Exports</caption><tr><th rowspan=2>Country</th><th colspan=2>2024</th></tr>"
        "<tr><td>X</td><td>M</td></tr><tr><td>KAZ<td>1&nbsp;401<td>2</table>"
        "<table><tr><td>a</td><td>b</td></tr></table></body></html>"
    )
    first, second = grid.load(html.encode(), name="a.xls")
    assert first.name == "Exports" and first.kind == "html"
    assert first.cells.values.tolist() == [
        ["Country", "2024", ""],
        ["", "X", "M"],
        ["KAZ", "1 401", "2"],
    ]
    assert (0, 0, 1, 0) in first.merged and second.cells.shape == (1, 2)


@pytest.mark.parametrize(
    "wrap", [lambda rows: rows, lambda rows: {"data": rows}, lambda rows: {"a": {"b": rows}}]
)
def test_json_records_keep_their_text(wrap: object) -> None:
    rows = [{"cmdCode": "010121", "v": 1.50, "w": None}, {"cmdCode": "TOTAL", "v": 10, "x": True}]
    (sheet,) = grid.load(json.dumps(wrap(rows)).encode(), name="a.json")  # type: ignore[operator]
    assert sheet.cells.values.tolist()[0] == ["cmdCode", "v", "w", "x"]
    assert sheet.cells.values.tolist()[1] == ["010121", "1.5", "", ""]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04rubbish", "damaged"),
        (workbooks.OLE_MAGIC + b"rubbish" * 100, "damaged"),
        (workbooks.OLE_MAGIC + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"[" * 100_000, "nested too deep"),
        (b'[{"a": 1, "a": 2}]', "stands twice"),
        (b'[{"a": 1', "broken"),
        (b'{"a": 1}', "no table"),
        (b"a,b\n" + b"x" * 40_000 + b",1\n", "32,767"),
        (b"," * 20_000, "columns"),
        (b'a,b\n"open quote,1\n' + b"x,2\n" * 20_000, "open quote"),
        (b"<table>" * 50 + b"<html>", "20 tables"),
    ],
)
def test_refusals(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        grid.load(data, name="a.csv")


def test_a_far_cell_is_refused_before_it_is_laid_out() -> None:
    import zipfile

    plain = book(lambda work: work.active.append(["a", 1]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry.endswith("sheet1.xml"):
                data = data.replace(
                    b"</sheetData>",
                    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
                )
            new.writestr(entry, data)
    start = time.perf_counter()
    with pytest.raises(InputError, match="limit"):
        grid.load(out.getvalue(), name="far.xlsx")
    assert time.perf_counter() - start < 3


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError):
            grid.load(path)


def test_the_container_door_is_the_only_one() -> None:
    assert archives.is_office(book(sample)) and not archives.is_office(b"PK\x03\x04")


@QUICK
@given(st.binary(max_size=400))
def test_fuzz_bytes(data: bytes) -> None:
    with contextlib.suppress(InputError):
        for sheet in grid.load(data, name="f"):
            blocks.blocks(sheet)


BASES = [
    book(sample),
    b"a;b;c\n1;2;3\n\xcf\xf0;5;6\n",
    b'{"data": [{"a": 1, "b": [1, {"c": 2}]}, {"a": "x"}]}',
    b"<html><table><tr><td rowspan=3 colspan=2>a<td>1</tr><tr><td>2</table><![x[ </html>",
]


@QUICK
@given(
    st.sampled_from(BASES),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
    st.integers(0, 10_000),
)
def test_fuzz_mutations(base: bytes, edits: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(base)
    for where, what in edits:
        data[where % len(data)] = what
    data = data[: max(1, cut % (2 * len(data)))]
    with contextlib.suppress(InputError):
        for sheet in grid.load(bytes(data), name="f"):
            blocks.blocks(sheet)


@QUICK
@given(st.text(alphabet='<>/"=![]-&;tablerdhspan0123456789 \n', max_size=200))
def test_fuzz_markup(text: str) -> None:
    with contextlib.suppress(InputError):
        for sheet in grid.load(("<html><table>" + text).encode(), name="f"):
            blocks.blocks(sheet)


@pytest.mark.shared
def test_every_published_table_has_cells(shared: Path) -> None:
    for path in sorted(shared.rglob("*.xls*")):
        sheets = grid.load(path)
        assert any(sheet.cells.size for sheet in sheets), path


def test_ten_million_rows_are_refused_before_they_are_laid_out() -> None:
    start = time.perf_counter()
    with pytest.raises(InputError, match="rows"):
        grid.load(b"1,2\n" * 10_000_000, name="big.csv")
    assert time.perf_counter() - start < 3


def test_a_quick_look_at_width_times_height() -> None:
    with pytest.raises(InputError, match="cells"):
        grid.load(b"," * 999 + b"\n" + b"\n" * 60_000, name="big.csv")
