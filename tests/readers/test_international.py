"""Readers of international publishers: specimens in each layout, the same tables as workbooks, packed and cut."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from sources import delimited, readers
from sources.decode import decode
from sources.errors import InputError
from sources.figures import Reading

SPECIMENS = Path(__file__).resolve().parents[1] / "specimens"
MINE = (
    "comtrade", "comtrade_legacy", "wits", "baci", "comext", "comext_tsv", "dots", "pairs", "cipf",
    "matrix", "codelist", "wits_summary", "tidy", "wto", "russia_tnved", "brazil",
)  # fmt: skip
FILES = [
    path
    for name in MINE
    for path in sorted((SPECIMENS / name).iterdir())
    if ".expected." not in path.name and ".findings." not in path.name
]


def one(path: Path) -> Reading:
    [reading] = readers.read_path(path)
    return reading


def expected(path: Path) -> pd.DataFrame:
    beside = path.with_name(path.stem + ".expected.csv")
    return pd.read_csv(beside, dtype=str, keep_default_na=False)


def held(figures: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """Hold every column that the table of expected figures has, row by row."""
    assert len(figures) == len(wanted)
    for name in wanted:
        found = figures[name]
        if name == "value":
            for got, want in zip(found, wanted[name]):
                assert pd.isna(got) if want == "" else got == float(want)
        else:
            assert found.tolist() == wanted[name].tolist(), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_specimen_gives_the_figures_beside_it(path: Path) -> None:
    reading = one(path)
    assert reading.facts["reader"] == path.parent.name
    held(reading.figures, expected(path))
    beside = path.with_name(path.stem + ".findings.csv")
    if beside.exists():
        told = list(zip(reading.findings["code"], reading.findings["message"]))
        with beside.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                assert any(
                    code == row["code"] and row["contains"] in text for code, text in told
                ), row


def workbook(path: Path, blank: int) -> bytes:
    """Write a text table as a workbook: a cover sheet, blank rows above, numbers as numbers."""
    text = decode(path.read_bytes(), path.name).text
    table = delimited.read(text, path.name)
    book = openpyxl.Workbook()
    book.active.append(["Downloaded on request"])
    sheet = book.create_sheet("data")
    for _ in range(blank):
        sheet.append([""])
    for line, row in enumerate(table.rows):
        sheet.append([_number(cell) if line else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number(cell: str) -> object:
    plain = cell.strip()
    if plain.replace(".", "", 1).isdigit() and not (plain.startswith("0") and len(plain) > 1):
        return float(plain)
    return cell or None


TABLES = [
    path
    for path in FILES
    if path.suffix in (".csv", ".dat", ".tsv")
    and path.parent.name not in ("codelist", "comext_tsv", "matrix")
    and "balance" not in path.name
]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_same_table_in_a_workbook(path: Path) -> None:
    [reading] = readers.read_bytes(workbook(path, 2), path.with_suffix(".xlsx").name)
    assert reading.facts["reader"] == path.parent.name
    held(reading.figures, expected(path).drop(columns="place", errors="ignore"))
    assert reading.figures["place"].str.startswith("data!").all()


def test_values_with_decimal_commas_and_semicolons() -> None:
    text = (
        "refYear;reporterISO;flowCode;partnerISO;cmdCode;primaryValue\n"
        "2023;KAZ;M;CHN;TOTAL;1234,5\n2023;KAZ;X;CHN;TOTAL;1000,25\n"
    )
    [reading] = readers.read_bytes(text.encode(), "comma.csv")
    assert reading.figures["value"].tolist() == [1234.5, 1000.25]


def test_three_decimals_are_no_thousands_in_a_machine_file() -> None:
    text = "refYear,reporterISO,flowCode,partnerISO,cmdCode,primaryValue\n2023,KAZ,M,CHN,TOTAL,4036.951\n"
    [reading] = readers.read_bytes(text.encode(), "a.csv")
    assert reading.figures["value"].tolist() == [4036.951]


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        ("comtrade", "period,reporterDesc,flowDesc,partnerDesc,cmdCode,primaryValue\n2020,Germany,Import,China,TOTAL,5\n", 5.0),
        ("baci", "t,hs6,i,j,v,q\n2005,10121,156,398,1.5,NA\n", 1.5),
        ("baci", "year,exporter,importer,product,value,quantity\n2020,156,398,010121,2.5,NA\n", 2.5),
        ("comtrade_legacy", '{"dataset":[{"pfCode":"H4","yr":2015,"rgDesc":"Import","rtCode":398,"ptCode":156,"cmdCode":"TOTAL","TradeValue":508}]}', 508.0),
    ],
)  # fmt: skip
def test_other_names_of_the_same_columns(reader: str, text: str, value: float) -> None:
    [reading] = readers.read_bytes(text.encode(), "a.csv")
    assert reading.facts["reader"] == reader
    assert reading.figures["value"].tolist() == [value]


def test_a_table_with_row_names_but_no_header_for_them() -> None:
    text = (
        '"Year" "Importer" "Exporter" "Import" "Export"\n'
        '"1" 2019 "KAZ" "CHN" 6578.1 12806.2\n"2" 2018 "KAZ" "CHN" 5389.0 11350.5\n'
    ).replace(" ", ",")
    [reading] = readers.read_bytes(text.encode(), "a.csv")
    assert reading.figures["value"].tolist() == [6578.1, 5389.0, 12806.2, 11350.5]


def test_rows_with_cells_beyond_the_header_are_set_aside() -> None:
    text = "t,i,j,k,v,q\n2021,398,156,260300,5,1\n2021,398,156,260400,5,1,77\n"
    [reading] = readers.read_bytes(text.encode(), "a.csv")
    assert len(reading.figures) == 2
    assert "7 cells under 6 headers" in set(reading.set_aside["reason"])


def test_an_answer_of_the_service_without_data_is_an_error() -> None:
    text = '{"elapsedTime": "0.1 secs", "count": 0, "data": [], "error": "primaryValue: over the limit"}'
    with pytest.raises(InputError, match="over the limit"):
        readers.read_bytes(text.encode(), "a.json", "comtrade")


def test_a_layout_asked_for_that_is_not_there_is_an_error() -> None:
    for name in MINE:
        if name != "codelist":
            with pytest.raises(InputError):
                readers.read_bytes(b"fruit,apples\nred,3\n", "a.csv", name)


@pytest.mark.parametrize("layout", ["csv", "parquet"])
def test_a_bulk_file_gives_what_its_rows_say(layout: str, tmp_path: Path) -> None:
    import duckdb

    from benchmarks.readers import make

    path = make("csv" if layout == "csv" else "parquet", 30_000, tmp_path)
    assert layout == "parquet" or path.stat().st_size > 4 * 2**20  # long enough to bypass cells
    figures = one(path).figures
    [(rows, total)] = duckdb.sql(f"SELECT count(*), sum(primaryValue) FROM '{path}'").fetchall()
    assert len(figures) == rows
    assert figures["value"].sum() == pytest.approx(total, rel=1e-12)
    first = figures.iloc[0]
    names = ["reporterISO", "partnerISO", "cmdCode"]
    if layout == "csv":
        row = pd.read_csv(path, nrows=1, dtype=str)[names].iloc[0].tolist()
    else:
        row = duckdb.sql(f"SELECT {', '.join(names)} FROM '{path}' LIMIT 1").fetchall()[0]
    said = ["WORLD" if cell == "W00" else cell for cell in row]  # the order of the rows is free
    assert [first["reporter"], first["partner"], first["commodity"]] == said
    assert first["place"] == ("line 2" if layout == "csv" else "row 1")
