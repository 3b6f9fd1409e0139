"""LibreOffice computes every formula from a copy without values and gets Python's numbers; a changed rate moves the gap."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from reports.workbook import cells

pytestmark = pytest.mark.office
TOLERANCE = 1e-9


def without_values(path: Path, target: Path) -> None:
    """Copy a workbook and take the stored value out of every formula cell."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if "worksheets/sheet" in name:
                data, count = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
                assert count == data.count(b"<f>")
            out.writestr(name, data)


def address_of(sheet: Any, row_id: str, heading: str) -> str:
    """The address in the row whose first cell is `row_id`, under a heading."""
    column = ""
    for row in sheet.iter_rows():
        if not column and any(cell.value == heading for cell in row):
            column = next(cell.column_letter for cell in row if cell.value == heading)
        if row[0].value == row_id:
            return f"{column}{row[0].row}"
    raise KeyError(row_id)


@pytest.fixture(scope="module")
def computed(
    made_book: Path, example_book: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Four workbooks as LibreOffice computes them: both without stored values, one with another rate, one with another figure.

    One call of the program for all, since starting it takes longer than computing.
    """
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed: formulas are not recalculated")
    folder = tmp_path_factory.mktemp("bare")
    without_values(made_book, folder / "made.xlsx")
    without_values(example_book, folder / "example.xlsx")
    workbook = load_workbook(example_book)  # saving drops every stored value
    rates, figures = workbook["Assumptions"], workbook["Figures"]
    place = address_of(rates, "fx-CNY-2024", "value")
    rates[place] = 6.0
    workbook.save(folder / "rate.xlsx")
    rates[place] = 7.1975
    figures[address_of(figures, "gacc-kaz", "number")] = 50.0
    workbook.save(folder / "figure.xlsx")
    home = tmp_path_factory.mktemp("office")
    subprocess.run(
        [program, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), *map(str, folder.glob("*.xlsx"))],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return {
        path.stem: load_workbook(path, data_only=True) for path in (folder / "out").glob("*.xlsx")
    }


@pytest.mark.parametrize("name", ["made", "example"])
def test_every_formula_gives_the_number_of_python(
    computed: dict[str, Any], request: pytest.FixtureRequest, name: str
) -> None:
    read = cells(request.getfixturevalue(f"{name}_book"))
    wrong, count = [], 0
    for sheet, texts in read.formulas.items():
        for address, text in texts.items():
            value = read.values[sheet].get(address)
            if not (isinstance(text, str) and text.startswith("=")) or value == text:
                continue
            count += 1
            found = computed[name][sheet][address].value
            if isinstance(value, (int, float)) and isinstance(found, (int, float)):
                right = abs(found - value) <= TOLERANCE * max(1.0, abs(value))
            else:
                right = found == value
            if not right:
                wrong.append((sheet, address, text, value, found))
    assert count > 200 and not wrong, wrong[:5]


def test_changing_a_rate_moves_the_gap_its_cause_and_the_verdict(
    computed: dict[str, Any], example_book: Path
) -> None:
    moved, case = computed["rate"], "rival-C_ASIA-CHN-turnover-2024"
    sheet = load_workbook(example_book)["Discrepancies"]
    gap = moved["Discrepancies"][address_of(sheet, case, "gap, B minus A (USD)")].value
    assert gap == pytest.approx(674.15e9 / 6.0 - 94.82e9, rel=TOLERANCE)
    assert moved["Discrepancies"][address_of(sheet, case, "verdict")].value == "discrepancy"
    lines = [row for row in moved["Decomposition"].iter_rows(values_only=True) if row[0] == case]
    amounts = {row[2]: row[3] for row in lines}
    assert amounts["exchange rate"] == pytest.approx(gap, rel=TOLERANCE)
    assert amounts["residual"] == pytest.approx(0, abs=1) and amounts["check"] == 0


def test_changing_a_printed_number_moves_member_bridge_and_balance(
    computed: dict[str, Any], example_book: Path
) -> None:
    moved, before = computed["figure"], cells(example_book).values
    rows = [row for row in moved["By member"].iter_rows(values_only=True) if row[2] == "Kazakhstan"]
    assert rows[0][7] == pytest.approx(50e9 - 30.1e9)
    steps = [row for row in moved["Bridge"].iter_rows(values_only=True) if row[1] == "Kazakhstan"]
    assert steps[0][2] == pytest.approx(19.9e9)
    sheet = load_workbook(example_book)["Balanced result"]
    place = address_of(sheet, "mirror-KAZ-CHN-turnover-2024", "balanced value (USD)")
    assert moved["Balanced result"][place].value > before["Balanced result"][place] + 1e9
