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


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that lets LibreOffice open a workbook and save it with its own values."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed: formulas are not recalculated")
    home = tmp_path_factory.mktemp("office")

    def recalculated(path: Path) -> Any:
        folder = tmp_path_factory.mktemp("out")
        subprocess.run(
            [program, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to",
             "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(path)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return load_workbook(folder / path.name, data_only=True)

    return recalculated


def without_values(path: Path, target: Path) -> None:
    """Copy a workbook and take the stored value out of every formula cell."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if "worksheets/sheet" in name:
                data, count = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
                assert count == data.count(b"<f>")
            out.writestr(name, data)


@pytest.mark.parametrize("name", ["made_book", "example_book"])
def test_every_formula_gives_the_number_of_python(
    office: Any, tmp_path: Path, request: pytest.FixtureRequest, name: str
) -> None:
    path = request.getfixturevalue(name)
    without_values(path, tmp_path / "bare.xlsx")
    computed = office(tmp_path / "bare.xlsx")
    read = cells(path)
    wrong, count = [], 0
    for sheet, texts in read.formulas.items():
        for address, text in texts.items():
            value = read.values[sheet].get(address)
            if not (isinstance(text, str) and text.startswith("=")) or value == text:
                continue
            count += 1
            found = computed[sheet][address].value
            if isinstance(value, (int, float)) and isinstance(found, (int, float)):
                right = abs(found - value) <= TOLERANCE * max(1.0, abs(value))
            else:
                right = found == value
            if not right:
                wrong.append((sheet, address, text, value, found))
    assert count > 200 and not wrong, wrong[:5]


def address_of(sheet: Any, row_id: str, heading: str) -> str:
    """The address in the row whose first cell is `row_id`, under a heading."""
    column = ""
    for row in sheet.iter_rows():
        if not column and any(cell.value == heading for cell in row):
            column = next(cell.column_letter for cell in row if cell.value == heading)
        if row[0].value == row_id:
            return f"{column}{row[0].row}"
    raise KeyError(row_id)


def test_changing_a_rate_moves_the_gap_its_cause_and_the_verdict(
    office: Any, example_book: Path, tmp_path: Path
) -> None:
    workbook = load_workbook(example_book)  # saving drops every stored value
    rates = workbook["Assumptions"]
    rates[address_of(rates, "fx-CNY-2024", "value")] = 6.0
    case = "rival-C_ASIA-CHN-turnover-2024"
    places = {
        name: address_of(workbook["Discrepancies"], case, name)
        for name in ("gap, B minus A (USD)", "verdict")
    }
    workbook.save(tmp_path / "moved.xlsx")
    moved = office(tmp_path / "moved.xlsx")
    gap = moved["Discrepancies"][places["gap, B minus A (USD)"]].value
    assert gap == pytest.approx(674.15e9 / 6.0 - 94.82e9, rel=TOLERANCE)
    assert moved["Discrepancies"][places["verdict"]].value == "discrepancy"
    lines = [row for row in moved["Decomposition"].iter_rows(values_only=True) if row[0] == case]
    amounts = {row[2]: row[3] for row in lines}
    assert amounts["exchange rate"] == pytest.approx(gap, rel=TOLERANCE)
    assert amounts["residual"] == pytest.approx(0, abs=1) and amounts["check"] == 0


def test_changing_a_printed_number_moves_member_bridge_and_balance(
    office: Any, example_book: Path, tmp_path: Path
) -> None:
    workbook = load_workbook(example_book)
    figures = workbook["Figures"]
    figures[address_of(figures, "gacc-kaz", "number")] = 50.0
    before = cells(example_book).values
    workbook.save(tmp_path / "moved.xlsx")
    moved = office(tmp_path / "moved.xlsx")
    rows = [row for row in moved["By member"].iter_rows(values_only=True) if row[2] == "Kazakhstan"]
    assert rows[0][7] == pytest.approx(50e9 - 30.1e9)
    steps = [row for row in moved["Bridge"].iter_rows(values_only=True) if row[1] == "Kazakhstan"]
    assert steps[0][2] == pytest.approx(19.9e9)
    sheet = load_workbook(example_book)["Balanced result"]
    place = address_of(sheet, "mirror-KAZ-CHN-turnover-2024", "balanced value (USD)")
    assert moved["Balanced result"][place].value > before["Balanced result"][place] + 1e9
