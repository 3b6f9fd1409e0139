"""A result too large for a workbook: the largest gaps are kept, the rest is counted and valued, never left out in silence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from build import result

import reports
from reconcile.result import Result
from reports import cut, layout, workbook
from reports.layout import Column, Link, Sheet, Table, Text

PAIRS = 60


@pytest.fixture(scope="module")
def large() -> Result:
    """Sixty mirror pairs of 120 figures; the gap of pair n is n million dollars."""
    lines = []
    for n in range(PAIRS):
        code = f"{100_001 + n}"
        lines.append(f"KAZ,CHN,exports,2023,1000,million USD,A,{code},H5")
        lines.append(f"CHN,KAZ,imports,2023,{1000 + n + 1},million USD,B,{code},H5")
    made: Result = result(*lines, more="commodity,classification", tolerance=0.0001)
    return made


def test_a_result_that_fits_is_left_as_it_is(large: Result) -> None:
    assert cut.fitting(large, 2 * PAIRS) is large


def test_the_largest_gaps_are_kept_and_the_rest_is_counted_and_valued(large: Result) -> None:
    small = cut.fitting(large, 40)
    assert len(small.figures) == 40
    assert sorted(small.cases["gap"]) == [1e6 * n for n in range(41, 61)]
    assert set(small.causes["case"]) <= set(small.cases["id"])
    assert set(small.ledger["figure"]) == set(small.figures["id"])
    (note,) = small.notes
    assert "40 of 120 figures, 20 of 60 cases" in note
    # 40 pairs of 1,000 and 1,000 + n are left out; their gaps are 1 + 2 + ... + 40 million
    assert "figures left out come to 80.82 billion USD" in note
    assert "the gaps of the cases left out to 820.0 million USD" in note
    assert large.notes == () and len(large.figures) == 2 * PAIRS


def test_the_parents_of_a_derived_figure_stay_with_it() -> None:
    flows = [f"KAZ,CHN,{flow},{year},{n},billion USD,A" for year in (2021, 2022, 2023)
             for n, flow in ((10, "exports"), (12, "imports"))]  # fmt: skip
    far = [f"CHN,KAZ,turnover,{year},30,billion USD,B" for year in (2021, 2022, 2023)]
    whole = result(*flows, *far)
    small = cut.fitting(whole, 5)
    assert 0 < len(small.cases) < len(whole.cases)
    parents = set(small.ledger["parent"]) - {""}
    assert parents and parents <= set(small.figures["id"])


def test_the_workbook_says_what_it_leaves_out_and_its_formulas_lead_to_what_is_there(
    large: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cut, "MOST_FIGURES", 40)
    told: list[str] = []
    path = tmp_path / "out.xlsx"
    (said,) = reports.write(large, path, told.append)
    assert said.startswith("This workbook holds 40 of 120 figures")
    assert reports.write(large, tmp_path / "out.md") == ()
    book = workbook.cells(path)
    summary = " ".join(str(value) for value in book.values["Summary"].values())
    assert "40 of 120 figures" in summary and "820.0 million USD" in summary
    ids = [value for value in book.values["Figures"].values() if value in set(large.figures["id"])]
    assert len(ids) == 40
    found = 0
    for formulas in book.formulas.values():
        for formula in formulas.values():
            for sheet, address in re.findall(
                r"'?([A-Z][A-Za-z ]+)'?!\$([A-Z]+\$\d+)", str(formula)
            ):
                assert address.replace("$", "") in book.values[sheet], formula
                found += 1
    assert found > 40
    assert "Laying out Figures" in told
    assert any(re.match(r"Writing Figures, row 1 of \d+", line) for line in told)


def test_a_sheet_that_would_pass_the_limit_of_rows_makes_the_workbook_smaller(
    large: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cut, "MAX_ROWS", 200)
    monkeypatch.setattr(cut, "FEWEST", 1)
    book = cut.build(large)
    heights = {sheet.name: sheet.height for sheet in book.sheets}
    assert max(heights.values()) <= 200
    assert 60 < heights["Figures"] < 80  # half of 120, title and header


def test_links_beyond_what_a_sheet_holds_become_texts_and_the_sheet_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layout, "MAX_LINKS", 3)
    rows: list[list[layout.Cell]] = [
        [Link(f"page {n}", f"https://example.org/{n}")] for n in range(5)
    ]
    sheet = Sheet("Pages", "", [Text(["Pages"], "title"), Table("t", [Column("page")], rows)])
    assert [type(row[0]) for row in sheet.table().rows] == [Link, Link, Link, str, str]
    assert sheet.table().rows[4] == ["page 4"]
    assert sheet.blocks[1] == Text(
        ["The first 3 of 5 addresses are links, which is all that a sheet holds."]
    )
    assert sheet.first_row("t") == 3


def test_the_styles_of_a_workbook_do_not_grow_with_its_rows(large: Result, tmp_path: Path) -> None:
    """A workbook holds 64,000 styles; ours are one a kind of cell and format of number."""
    from zipfile import ZipFile

    counts = []
    for most in (20, 120):
        path = tmp_path / f"{most}.xlsx"
        reports.write(cut.fitting(large, most), path)
        with ZipFile(path) as book:
            styles = book.read("xl/styles.xml").decode()
        counts.append(int(re.search(r'<cellXfs count="(\d+)"', styles)[1]))  # type: ignore[index]
    assert counts[1] - counts[0] <= 3 and counts[1] < 60
