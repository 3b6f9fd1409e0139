"""Tracing a cell: the way back ends at the printed text and at who says the rate; wrong cells are named clearly."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from reconcile.commands.trace import command
from reports.trace import Place, references, trace
from sources.errors import InputError


def cell(path: Path, sheet: str, key: str, heading: str) -> str:
    """The address of the cell in the row whose first cell is `key`, under a heading."""
    found = load_workbook(path)[sheet]
    column = ""
    for row in found.iter_rows():
        for one in row:
            if not column and one.value == heading:
                column = one.column_letter
        if row[0].value == key:
            return f"{sheet}!{column}{row[0].row}"
    raise KeyError(key)


def test_a_gap_leads_to_both_prints(example_book: Path) -> None:
    start = cell(example_book, "Discrepancies", "mirror-C_ASIA-CHN-turnover-2024", "gap, B minus A (USD)")  # fmt: skip
    said = trace(example_book, start)
    lines = [line.strip() for line in said.split("\n")]
    assert lines[0].startswith(start) and lines[0].endswith("= 28,600,000,000")
    assert "printed: 66.2 billion USD" in lines and "printed: 94.8 billion USD" in lines
    assert "file and place: figures.csv, line 4" in lines
    assert "quoted text: تبلغ 66,2 مليار دولار في العام 2024 حسب السلطات في المنطقة" in lines
    assert "source: AFP quoting the region's authorities" in lines
    assert any(line.startswith("formula =") for line in lines)


def test_a_rate_names_who_says_it(example_book: Path) -> None:
    start = cell(example_book, "Common basis", "gacc-total-cny", "amount (USD)")
    said = trace(example_book, start.replace("Common basis", "'common BASIS'"))
    assert "unit: CNY per USD" in said and "7.1975" in said and "source: IMF period average" in said
    assert "printed: 674.15 billion CNY" in said
    assert "http://chinesetoday.com/?c=224&m=40741" in said


def test_a_remainder_leads_to_all_its_parents(example_book: Path) -> None:
    rows = load_workbook(example_book)["Common basis"].iter_rows()
    row = next(row for row in rows if row[1].value == "Kyrgyzstan + Tajikistan, turnover with China, 2024")  # fmt: skip
    said = trace(
        example_book, cell(example_book, "Common basis", str(row[0].value), "amount (USD)")
    )
    for printed in ("66.2", "30.1", "18.0", "10.6"):
        assert f"printed: {printed} billion USD" in said


def test_a_cell_that_was_told_is_not_told_again(example_book: Path) -> None:
    start = cell(example_book, "Discrepancies", "mirror-C_ASIA-CHN-turnover-2024", "gap, % of the mean of A and B")  # fmt: skip
    said = trace(example_book, start)
    assert said.count("printed: 66.2 billion USD") == 1 and "(told above)" in said


def test_a_text_shows_its_row(example_book: Path) -> None:
    sheet = load_workbook(example_book)["Findings"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "MIRROR_COPY")
    said = trace(example_book, f"Findings!{row[4].coordinate}")
    assert "code: MIRROR_COPY" in said and "advice: " in said


def test_a_text_that_looks_like_a_formula_is_a_text(made_book: Path) -> None:
    said = trace(made_book, cell(made_book, "Sources", "=cmd|'/c calc'!A1", "source"))
    assert "formula" not in said and "source: =cmd|'/c calc'!A1" in said


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("Discrepancy!H4", "Did you mean 'Discrepancies'"),
        ("H4", "is no cell"),
        ("Discrepancies!", "is no cell"),
        ("Discrepancies!4H", "is no cell"),
        ("Discrepancies!ZZ999", "the cell is empty"),
        ("Nothing!A1", "The sheets are Summary"),
    ],
)
def test_a_wrong_cell_is_named(example_book: Path, where: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        trace(example_book, where)


def test_other_files_are_refused(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "other.xlsx")
    (tmp_path / "text.xlsx").write_text("no workbook")
    with pytest.raises(InputError, match="not written by this program"):
        trace(tmp_path / "other.xlsx", "Sheet!A1")
    with pytest.raises(InputError, match="no xlsx workbook"):
        trace(tmp_path / "text.xlsx", "Sheet!A1")
    with pytest.raises(InputError, match="No such file"):
        trace(tmp_path / "none.xlsx", "Sheet!A1")
    with pytest.raises(InputError, match=r"cannot be opened|no xlsx workbook"):
        trace(tmp_path, "Sheet!A1")


def test_references_of_a_formula() -> None:
    found = references("=SUM(A1:A3)-'It''s'!$B$2*LOG10(C4)/Other!D5+IF(E6=\"F7\",1,2)", "Here")
    assert [str(place) for place in found] == [
        "Here!A1", "Here!A2", "Here!A3", "'It''s'!B2", "Here!C4", "Other!D5", "Here!E6",
    ]  # fmt: skip
    assert found[3] == Place("It's", 2, 2)


def test_a_circle_ends(example_book: Path, tmp_path: Path) -> None:
    workbook = load_workbook(example_book)
    sheet = workbook["Discrepancies"]
    sheet["F5"], sheet["G5"] = "=G5", "=F5"
    workbook.save(tmp_path / "circle.xlsx")
    assert "(told above)" in trace(tmp_path / "circle.xlsx", "Discrepancies!F5")


def test_the_command_prints_the_way(example_book: Path) -> None:
    done = CliRunner().invoke(command, [str(example_book), "Figures!J5"])
    assert done.exit_code == 0 and "printed: 44 billion USD" in done.output
