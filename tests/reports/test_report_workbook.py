"""The workbook: its sheets, live formulas with values, texts that stay texts, fixed bytes, rules of layout."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from reconcile.result import Result
from reports import book, labels
from reports.layout import Book, Column, Sheet, Table, Text, digits, lines_of, wrapped
from reports.workbook import cells, write
from sources.errors import InputError

CONTRACT = [
    "Summary", "Figures", "Common basis", "Discrepancies", "Decomposition", "Assumptions", "Sources",
    "Findings", "Methods",
]  # fmt: skip
LIVE = [
    "Common basis",
    "Discrepancies",
    "Decomposition",
    "By member",
    "Bridge",
    "Balanced result",
    "Summary",
]


def header(sheet: Any) -> int:
    """The row of the header of a sheet's table."""
    return int(re.findall(r"\d+", next(iter(sheet.tables.values())).ref)[0])


def frame(path: Path, name: str) -> pd.DataFrame:
    """A sheet's table as a preview program reads it: cached values only."""
    workbook = load_workbook(path, data_only=True)
    rows = list(workbook[name].values)
    top = header(load_workbook(path)[name]) - 1
    return pd.DataFrame(rows[top + 1 :], columns=rows[top])


def test_the_sheets_of_the_contract_stand_in_order(example_book: Path) -> None:
    names = load_workbook(example_book, read_only=True).sheetnames
    assert [name for name in names if name in CONTRACT] == CONTRACT
    for more in ("By member", "Balanced result", "Sensitivity", "Indices", "Inputs", "Contents"):
        assert more in names


def test_contents_lead_to_every_sheet(example_book: Path) -> None:
    workbook = load_workbook(example_book)
    sheet = workbook["Contents"]
    first = header(sheet) + 1
    targets = [cell.hyperlink.location for cell in sheet["A"][first - 1 :]]
    others = [name for name in workbook.sheetnames if name != "Contents"]
    assert [target.rpartition("!")[0].strip("'") for target in targets] == others


def test_every_formula_has_its_value(example_book: Path) -> None:
    read = cells(example_book)
    count = 0
    for name, sheet in read.formulas.items():
        for address, text in sheet.items():
            if isinstance(text, str) and text.startswith("="):
                count += 1
                assert read.values[name].get(address) is not None, (name, address, text)
    assert count > 500


@pytest.mark.parametrize("name", LIVE)
def test_the_way_of_a_number_is_live(example_book: Path, name: str) -> None:
    sheet = cells(example_book).formulas[name]
    assert any(isinstance(text, str) and text.startswith("=") for text in sheet.values())


def test_a_preview_shows_the_headline(example_book: Path) -> None:
    table = frame(example_book, "Discrepancies")
    row = table[table["case"] == "mirror-C_ASIA-CHN-turnover-2024"].iloc[0]
    assert row["lowest (USD)"] == pytest.approx(66.2e9)
    assert row["highest (USD)"] == pytest.approx(94.8e9)
    assert row["gap, B minus A (USD)"] == pytest.approx(28.6e9)
    assert row["gap, % of the mean of A and B"] == pytest.approx(35.528, abs=1e-3)
    assert row["gap, % of the lowest"] == pytest.approx(43.202, abs=1e-3)
    assert row["gap, % of the highest"] == pytest.approx(30.169, abs=1e-3)
    assert row["verdict"] == "discrepancy"


def test_assumptions_can_be_read_by_other_programs(example_book: Path) -> None:
    table = pd.read_excel(example_book, sheet_name="Assumptions", engine="openpyxl")
    assert list(table.columns[:2]) == ["id", "value"]
    assert table.set_index("id").at["fx-CNY-2024", "value"] == 7.1975


def test_formulas_refer_to_the_assumption_itself(example_book: Path) -> None:
    read = cells(example_book)
    rates = {
        f"Assumptions!${address[0]}${address[1:]}"
        for address, value in read.values["Assumptions"].items()
        if address[0] == "B" and value in (7.1975, 0.9239)
    }
    used = {text for text in read.formulas["Common basis"].values() if isinstance(text, str)}
    assert {f"={rate}" for rate in rates} <= used


def test_by_member_adds_to_the_gap(example_book: Path) -> None:
    table = frame(example_book, "By member").set_index("member")["gap, B minus A (USD)"]
    assert table["Kazakhstan"] == pytest.approx(13.72e9)
    assert table["Uzbekistan"] == pytest.approx(-4.22e9)
    assert table["Kyrgyzstan + Tajikistan"] == pytest.approx(19.07e9)
    rest = table["not located: rounding, or members without both figures"]
    assert table["sum of the members"] + rest == pytest.approx(table["the two totals"])


def test_the_bridge_ends_at_the_higher_figure(example_book: Path) -> None:
    table = frame(example_book, "Bridge")
    assert table["level after (USD)"].iloc[-2] == pytest.approx(table["amount (USD)"].iloc[-1])


def test_the_residual_is_a_line_and_checks_are_nought(example_book: Path) -> None:
    table = frame(example_book, "Decomposition")
    amounts = table.pivot_table(index="case", columns="line", values="amount (USD)", sort=False)
    assert (amounts["check"] == 0).all()
    assert (amounts["gap"] - amounts["explained"] - amounts["residual"]).abs().max() < 1
    assert len(amounts) == amounts["residual"].notna().sum()


def test_findings_carry_title_advice_and_place(example_book: Path) -> None:
    table = frame(example_book, "Findings")
    assert {"MIRROR_COPY", "RANK_DEPENDS", "SAME_ORIGIN"} <= set(table["code"])
    row = table[table["code"] == "CURRENCY_ASSUMED"].iloc[0]
    assert row["place"] == "line 3" and row["file"] == "figures.csv"
    assert row["title"] == "The currency is not printed" and row["advice"]


def test_sources_have_links(example_book: Path) -> None:
    sheet = load_workbook(example_book)["Sources"]
    targets = [cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert any(target.startswith("https://24.kg/") for target in targets)


def test_set_aside_rows_are_counted_and_valued(made_book: Path) -> None:
    sheet = load_workbook(made_book)["Set aside"]
    assert sheet["A2"].value == "1 row set aside, together 1,200,000,000 USD."
    assert frame(made_book, "Set aside")["reason"].tolist() == ["unknown area"]


def test_summary_says_it_in_words(example_book: Path) -> None:
    sheet = load_workbook(example_book)["Summary"]
    text = " ".join(str(cell.value) for cell in sheet["A"] if cell.value)
    text = re.sub(r"\s+", " ", text)
    assert "66.2 billion USD" in text and "94.8 billion USD" in text
    assert "35.5 % of the mean, 43.2 % of the lowest, 30.2 % of the highest" in text
    assert "Uzbekistan hides part of it" in text
    assert "no currency" in text and "44.0 billion USD is for 2023" in text


# ------------------------------------------------------------------------------------------- text stays text


def test_no_text_becomes_a_formula(made_book: Path, made: Result) -> None:
    described = book.build(made)
    formulas = sum(
        type(cell).__name__ == "Formula"
        for sheet in described.sheets
        for block in sheet.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    )
    with zipfile.ZipFile(made_book) as archive:
        names = archive.namelist()
        sheets = [archive.read(name).decode() for name in names if "worksheets/sheet" in name]
    assert sum(text.count("<f>") for text in sheets) == formulas
    assert not any("cmd|" in match for text in sheets for match in re.findall("<f>.*?</f>", text))
    assert not any("external" in name.lower() for name in names)
    table = frame(made_book, "Sources")
    assert "=cmd|'/c calc'!A1" in set(table["source"])


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", "=", "\t=1", "#REF!", "a\x00b\x1bc", "\ud800x", "x" * 40_000]
)  # fmt: skip
def test_any_text_can_be_written_and_is_read_back_as_text(tmp_path: Path, text: str) -> None:
    described = Book("t", [Sheet("A", "", [Table("tA", [Column("h")], [[text]])])], labels.datetime(2000, 1, 1))  # fmt: skip
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        write(described, file)
    cell = load_workbook(path)["A"]["A2"]
    assert cell.data_type == "s" and len(cell.value) <= 32_767
    clean = re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff]", "", text)
    assert cell.value.strip() == clean.strip() or cell.value.endswith("[cut here]")


# --------------------------------------------------------------------------------------------- the same bytes

SCRIPT = """
import sys; sys.path.insert(0, sys.argv[2])
from pathlib import Path; from sample import sample; import reports
for suffix in (".xlsx", ".json", ".csv", ".html", ".md"):
    reports.write(sample(), Path(sys.argv[1] + suffix))
"""


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    digests = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Almaty")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / seed), str(Path(__file__).parent)]
        subprocess.run(command, check=True, env=environment)
        found = sorted(tmp_path.glob(f"{seed}.*"))
        digests.append([(p.suffix, hashlib.sha256(p.read_bytes()).hexdigest()) for p in found])
    assert len(digests[0]) == 5 and digests[0] == digests[1]


# -------------------------------------------------------------------------------------------- rules of layout


@pytest.fixture(scope="module", params=["made_book", "example_book"])
def workbook(request: pytest.FixtureRequest) -> Any:
    """Both workbooks, open."""
    return load_workbook(request.getfixturevalue(request.param))


def test_titles_language_and_properties(workbook: Any) -> None:
    properties = workbook.properties
    assert properties.title and properties.language == "en-GB" and properties.creator
    assert properties.created == properties.modified
    for sheet in workbook.worksheets:
        assert isinstance(sheet["A1"].value, str), sheet.title
        # the titles are in a heading's letters; Assumptions starts with its header, for other programs
        assert sheet["A1"].font.bold


def test_tables_are_marked_named_and_whole(workbook: Any) -> None:
    names: set[str] = set()
    for sheet in workbook.worksheets:
        assert len(sheet.tables) <= 1, sheet.title
        assert not sheet.merged_cells.ranges
        for table in sheet.tables.values():
            assert table.name not in names
            names.add(table.name)
            first, last = table.ref.split(":")
            assert re.match(r"A\d+$", first), "a table starts at the left edge"
            assert int(re.findall(r"\d+", last)[0]) == sheet.max_row, "nothing stands below a table"
            heads = [cell.value for cell in sheet[header(sheet)]][: len(table.tableColumns)]
            assert all(heads) and len({str(head).casefold() for head in heads}) == len(heads)
            for row in sheet.iter_rows(min_row=header(sheet), values_only=True):
                assert any(value is not None for value in row), "no empty rows in a table"


def test_nothing_is_hidden_and_the_cursor_stands_at_the_top(workbook: Any) -> None:
    for sheet in workbook.worksheets:
        assert sheet.sheet_state == "visible"
        assert not any(item.hidden for item in sheet.column_dimensions.values())
        assert not any(item.hidden for item in sheet.row_dimensions.values())
        assert {pane.sqref for pane in sheet.sheet_view.selection} == {"A1"}
    assert workbook.active.title == "Summary"


def test_amounts_name_their_unit_and_percentages_their_base(workbook: Any) -> None:
    for name in ("Common basis", "Discrepancies", "Decomposition", "Balanced result"):
        sheet = workbook[name]
        row = header(sheet)
        heads = {cell.column: str(cell.value) for cell in sheet[row] if cell.value}
        for column, head in heads.items():
            formats = {sheet.cell(line, column).number_format for line in range(row + 1, sheet.max_row + 1)}  # fmt: skip
            # the steps have the unit of their figure until they reach the basis
            step = head.startswith(("after ", "number")) or ": " in head
            if formats & {"#,##0_)"} and not step:
                assert "USD" in head, head
            if "%" in head:
                assert " of " in head, head


def test_numbers_fit_their_columns(workbook: Any, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["workbook"]
    values = load_workbook(request.getfixturevalue(name), data_only=True)
    for sheet in values.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, (int, float)) and "0" in cell.number_format:
                    places = len(cell.number_format.split(";")[0].partition(".")[2].strip("_) "))
                    shown = f"{cell.value:,.{places}f}"
                    width = sheet.column_dimensions[cell.column_letter].width
                    assert len(shown) <= width - 1, (sheet.title, cell.coordinate, shown, width)


def test_every_page_is_set_up_to_print(workbook: Any) -> None:
    for sheet in workbook.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0 and sheet.page_setup.paperSize == 9
        assert "&P" in sheet.oddFooter.right.text
    assert (
        workbook["Figures"].print_title_rows
        == f"${header(workbook['Figures'])}:${header(workbook['Figures'])}"
    )


def test_a_wide_sheet_prints_in_two_areas_that_cut_no_title(example_book: Path) -> None:
    sheet = load_workbook(example_book)["Discrepancies"]
    left, right = str(sheet.print_area).replace("'Discrepancies'!", "").split(",")
    top = header(sheet)
    assert left.startswith("$A$1:") and re.match(rf"\$[B-Z]+\${top}:", right)
    assert sheet.print_title_cols == "$A:$A"


def test_charts_stand_on_live_cells_and_say_what_they_show(example_book: Path) -> None:
    with zipfile.ZipFile(example_book) as archive:
        names = archive.namelist()
        drawings = [archive.read(n).decode() for n in names if re.search(r"drawing\d+\.xml$", n)]
        charts = [archive.read(n).decode() for n in names if re.search(r"chart\d+\.xml$", n)]
    assert len(charts) == 3
    described = [text for drawing in drawings for text in re.findall(r'descr="([^"]+)"', drawing)]
    assert len(described) == 3 and all(len(text) > 40 for text in described)
    assert all("<f>" in chart for chart in charts)
    bridge = next(text for text in described if "Kazakhstan" in text)
    assert "13.72" in bridge and "-4.22" in bridge and "not located -0.02" in bridge


def test_a_bridge_that_would_cross_zero_is_not_drawn(made: Result) -> None:
    import dataclasses

    members = made.members.copy()
    members.loc[members["area"] == "UZB", "gap"] = -200e9
    described = book.build(dataclasses.replace(made, members=members))
    assert sum(len(sheet.charts) for sheet in described.sheets if sheet.name == "Summary") == 1


# ---------------------------------------------------------------------------------------------------- pieces


def test_a_result_without_cases_is_written(made: Result, tmp_path: Path) -> None:
    import dataclasses

    import reports

    empty = {
        name: getattr(made, name).iloc[:0]
        for name in ("cases", "causes", "members", "balances", "sensitivity", "findings", "set_aside")
    }  # fmt: skip
    bare = dataclasses.replace(made, **empty)
    for suffix in reports.SUFFIXES:
        reports.write(bare, tmp_path / f"bare{suffix}")
    text = load_workbook(tmp_path / "bare.xlsx")["Summary"]
    assert any("no gap to explain" in str(cell.value) for cell in text["A"])


def test_too_many_rows_are_refused_in_words(tmp_path: Path) -> None:
    rows: list[Any] = [[1]] * 1_048_577
    described = Book("t", [Sheet("Figures", "", [Table("t", [Column("h")], rows)])], labels.datetime(2000, 1, 1))  # fmt: skip
    with (
        pytest.raises(InputError, match="a sheet holds 1,048,576"),
        (tmp_path / "a").open("wb") as f,
    ):
        write(described, f)


def test_number_formats_show_the_number_as_it_is() -> None:
    assert digits(66.2) == "#,##0.0" and digits(1e9) == "#,##0" and digits(0.9239) == "#,##0.0000"


def test_lines_and_wrapping() -> None:
    assert lines_of("x" * 10, 20) == 1 and lines_of("x" * 100, 20) > 4
    assert lines_of("中" * 30, 20) > lines_of("x" * 30, 20)
    lines = wrapped("a gap of 35.5 % of the mean, and so on and so forth", 14)
    assert all(not line.startswith("%") for line in lines)
    long = Sheet("A", "", [Text(["word " * 100]), Table("t", [Column("h", 40)], [])])
    assert isinstance(long.blocks[0], Text) and len(long.blocks[0].lines) > 3
    assert long.first_row("t") == len(long.blocks[0].lines) + 1


QUANTITIES = """reporter,partner,flow,period,value,unit,source,commodity
KAZ,CHN,exports,2023,1200,thousand tonnes,BNS,2709
CHN,KAZ,imports,2023,1400000,tonnes,GACC,2709
KAZ,CHN,exports,2023,700,million USD,BNS,2709
CHN,KAZ,imports,2023,950,million USD,GACC,2709
"""


def test_tonnes_never_stand_under_dollars(tmp_path: Path) -> None:
    import reports
    from reconcile.commands.reading import read_inputs
    from reconcile.result import Basis
    from reconcile.run import run
    from reports.text import check

    (tmp_path / "both.csv").write_text(QUANTITIES)
    result = run(read_inputs([str(tmp_path / "both.csv")]), Basis())
    said = check(result)
    assert "1.2 million tonnes" in said and "200.0 thousand tonnes" in said
    assert "1.2 million USD" not in said
    reports.write(result, tmp_path / "both.xlsx")
    table = frame(tmp_path / "both.xlsx", "Discrepancies")
    amount = "amount A (USD, or the unit of the row)"
    assert dict(zip(table["unit"], table[amount])) == {"USD": 700e6, "tonnes": 1.2e6}
    summary = frame(tmp_path / "both.xlsx", "Summary")
    assert summary["lowest (million USD)"].tolist() == [700]
    (tmp_path / "mass.csv").write_text("".join(QUANTITIES.splitlines(keepends=True)[:3]))
    result = run(read_inputs([str(tmp_path / "mass.csv")]), Basis())
    reports.write(result, tmp_path / "mass.xlsx")
    assert frame(tmp_path / "mass.xlsx", "Discrepancies")["gap, B minus A (tonnes)"].tolist() == [2e5]  # fmt: skip


def test_constraints_have_a_sheet_where_there_are_any(made: Result, tmp_path: Path) -> None:
    import dataclasses

    import reports
    from reconcile.constraints import CONSTRAINTS_OUT

    row = ["total = parts", 0.0, 0.0, 5e6, 0.0, 5e6, 0.0, False, 0, ""]
    table = pd.DataFrame([row], columns=CONSTRAINTS_OUT)
    reports.write(dataclasses.replace(made, constraints=table), tmp_path / "a.xlsx")
    found = frame(tmp_path / "a.xlsx", "Constraints")
    assert found["before (USD at 2024 prices)"].tolist() == [5e6]
    assert found["unmet"].tolist() == ["no"]
