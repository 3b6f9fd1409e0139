"""The figures file that is written: contract columns first, read back the same, no text a spreadsheet would run."""

from __future__ import annotations

import io
import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reports
from reconcile.commands.reading import read_inputs
from reconcile.result import Basis, Result
from reconcile.run import run
from reports import csv
from sources.figures import COLUMNS, RAW_REQUIRED, Reading
from sources.readers import read_bytes

SAME = [
    "reporter",
    "partner",
    "flow",
    "period",
    "unit",
    "source",
    "id",
    "approx",
    "state",
    "records",
]


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    """What the bundled example gives."""
    return read_inputs(())


def test_the_required_columns_come_first_and_empty_ones_are_left_out(made: Result) -> None:
    table = pd.read_csv(io.StringIO(csv.text(csv.figures_in(made))), dtype=str, keep_default_na=False)  # fmt: skip
    assert list(table.columns[:7]) == RAW_REQUIRED
    assert list(table.columns[-3:]) == ["role", "low", "high"]
    assert set(table.columns) <= set(COLUMNS)
    assert "trade_system" not in table and "quote" in table
    held = [name for name in table.columns if name not in (*RAW_REQUIRED, "role", "low", "high")]
    assert all((table[name] != "").any() for name in held)


def test_derived_figures_are_left_to_be_derived_again(made: Result) -> None:
    table = csv.figures_in(made)
    assert "a-rest" not in set(table["id"]) and "a-kaz" in set(table["id"])


def test_rows_set_aside_are_kept_with_their_reason(made: Result) -> None:
    row = csv.figures_in(made).iloc[-1]
    assert row["role"] == "set aside" and row["note"] == "unknown area: Atlantis"
    assert row["value"] == 1.2e9 and row["unit"] == "USD" and row["printed"] == "1,2"


@pytest.mark.parametrize("suffix", reports.FIGURE_SUFFIXES)
def test_what_is_written_is_read_back_the_same(readings: list[Reading], tmp_path: Path, suffix: str) -> None:  # fmt: skip
    path = tmp_path / f"figures{suffix}"
    reports.write_figures(readings, path)
    again = read_bytes(path.read_bytes(), path.name, "figures_file")
    first, second = readings[0].figures, again[0].figures
    for name in SAME:
        assert second[name].tolist() == first[name].tolist(), name
    for name in ("value", "low", "high"):
        assert second[name].tolist() == pytest.approx(first[name].tolist()), name


def test_the_csv_of_a_report_reconciles_to_the_same_cases(example: Result, tmp_path: Path) -> None:
    reports.write(example, tmp_path / "report.csv")
    again = run(read_inputs([str(tmp_path / "report.csv")]), Basis())
    keep = ["id", "lowest", "highest", "gap", "verdict"]
    pd.testing.assert_frame_equal(again.cases[keep], example.cases[keep])


def test_the_json_of_a_report_can_be_read_again(example: Result, tmp_path: Path) -> None:
    """Its figures are amounts on the basis; sums are derived again, not read beside their parts."""
    reports.write(example, tmp_path / "report.json")
    again = run(read_inputs([str(tmp_path / "report.json")]), Basis())
    mirrors = again.cases[again.cases["kind"] == "mirror"].set_index("id")["gap"]
    expected = example.cases[example.cases["kind"] == "mirror"].set_index("id")["gap"]
    pd.testing.assert_series_equal(mirrors, expected)


def test_parquet_keeps_numbers_as_numbers_and_missing_as_null(made: Result, tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    csv.parquet(csv.figures_in(made), path)
    table = duckdb.sql(f"""SELECT * FROM '{str(path).replace("'", "''")}'""").df()
    row = table[table["id"] == "tm-none"].iloc[0]
    assert pd.isna(row["value"]) and row["state"] == "not reported"
    assert table["value"].dtype == "float64"
    kinds = dict(duckdb.sql(f"""SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{str(path).replace("'", "''")}')""").fetchall())  # fmt: skip
    assert kinds["low"] == "DOUBLE" and kinds["period"] == "VARCHAR"


def test_json_records_have_null_for_a_missing_number(made: Result) -> None:
    rows = json.loads(csv.records(csv.figures_in(made)))
    row = next(row for row in rows if row["id"] == "tm-none")
    assert row["value"] is None and list(row)[:7] == RAW_REQUIRED


def test_texts_that_a_spreadsheet_would_run_are_made_harmless(made: Result) -> None:
    text = csv.text(csv.figures_in(made))
    assert "'=cmd|" in text and ",=cmd|" not in text and ',"=' not in text
    assert "'@Kazakh" in text


@pytest.mark.parametrize("text", ["-4.2", "+1 234,5", "-4,2", "−3", "- 5 %"])
def test_printed_numbers_stay_as_printed(text: str) -> None:
    assert csv.safe(text) == text


@given(st.text(max_size=8))
def test_no_text_that_is_no_number_begins_dangerously(text: str) -> None:
    found = csv.safe(text)
    assert found.endswith(text)
    if found[:1] and found[0] in "=+-@\t\r":
        assert not set(found) & set("()!|=@") and not any(sign.isalpha() for sign in found)


def test_negative_numbers_are_numbers(made: Result) -> None:
    figures = made.figures.copy()
    figures.loc[0, "value"] = -4.25
    table = pd.read_csv(io.StringIO(csv.text(csv.table(figures))))
    assert table["value"].iloc[0] == -4.25
