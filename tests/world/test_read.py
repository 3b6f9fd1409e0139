"""Files as published: every spelling of the columns, and faults named with their file and row group."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from reconcile.world import read, run
from sources.errors import InputError

from .conftest import load, parquet, report

ROWS = [report("X", "FRA", "DEU", 100_000.0), report("M", "DEU", "FRA", 110_000.0)]
SNAKE = "ref_year,reporter_code,partner_code,flow_desc,cmd_code,primary_value\n2020,251,276,Export,010121,100000\n2020,276,251,Import,010121,110000\n"
WEB = (
    "period,reporterISO,flowCode,partnerISO,partnerDesc,cmdCode,primaryValue\n"
    '"2020","FRA","X","DEU","Cura\u00e7ao","010121","100000",\n'
    '"2020","DEU","M","FRA","France, métropolitaine","010121","110000",\n'
)


def outcome(path: Path, tmp_path: Path) -> list[object]:
    run.world([path], tmp_path / "out")
    flows = load(tmp_path / "out" / "flows.parquet")
    columns = ["year", "exporter", "importer", "commodity", "exporter_fob", "importer_cif"]
    return list(flows[columns].itertuples(index=False, name=None))


EXPECTED = [(2020, "FRA", "DEU", "010121", 100_000.0, 110_000.0)]


def test_parquet_as_the_api_names_it(tmp_path: Path) -> None:
    assert outcome(parquet(ROWS, tmp_path / "a.parquet"), tmp_path) == EXPECTED


def test_numbers_in_place_of_text(tmp_path: Path) -> None:
    rows = [
        {"refYear": 2020, "reporterCode": 251, "partnerCode": 276, "flowCode": "X", "cmdCode": 10121,
         "primaryValue": 100_000.0},
        {"refYear": 2020, "reporterCode": 276, "partnerCode": 251, "flowCode": "M", "cmdCode": 10121,
         "primaryValue": 110_000.0},
    ]  # fmt: skip
    import pandas as pd

    assert outcome(parquet(pd.DataFrame(rows), tmp_path / "a.parquet"), tmp_path) == EXPECTED


def test_csv_in_snake_case_and_compressed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SNAKE, encoding="utf-8")
    assert outcome(tmp_path / "a.csv", tmp_path) == EXPECTED
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(SNAKE.replace(",", ";").encode()))
    assert outcome(tmp_path / "b.csv.gz", tmp_path) == EXPECTED


def test_csv_of_the_web_page_latin_1_with_an_idle_mark_at_the_end_of_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(WEB.encode("latin-1"))
    assert outcome(tmp_path / "a.csv", tmp_path) == EXPECTED
    (tmp_path / "b.csv").write_bytes(b"\xef\xbb\xbf" + WEB.encode())
    assert outcome(tmp_path / "b.csv", tmp_path) == EXPECTED


def test_a_folder_of_files_and_an_address(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "deeper"
    folder.mkdir(parents=True)
    parquet(ROWS[:1], folder / "x.parquet")
    parquet(ROWS[1:], folder / "m.parquet")
    assert outcome(tmp_path / "in", tmp_path) == EXPECTED
    run.world([f"file://{folder}/*.parquet"], tmp_path / "other")
    assert load(tmp_path / "other" / "flows.parquet")["evidence"].tolist() == ["both"]


def test_every_missing_column_and_absent_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("period,reporterISO,cmdCode\n2020,FRA,01\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        run.world([tmp_path / "a.csv"], tmp_path / "out")
    found = [problem.found for problem in raised.value.problems]
    assert found == [
        "no column partnerCode or partnerISO", "no column flowCode", "no column primaryValue",
    ]  # fmt: skip
    assert {problem.code for problem in raised.value.problems} == {"MISSING_COLUMN"}
    with pytest.raises(InputError, match="no such file"):
        run.world([tmp_path / "b.csv"], tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no parquet or csv file"):
        run.world([tmp_path / "empty"], tmp_path / "out")


def test_a_corrupt_row_group_is_named_before_any_pairing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    path = tmp_path / "reports.parquet"
    base = duckdb.connect()
    base.execute(
        f"COPY (SELECT '2020' AS period, 'FRA' AS reporterISO, 'X' AS flowCode, 'DEU' AS partnerISO, "
        f"lpad(n::VARCHAR, 6, '0') AS cmdCode, hash(n)::DOUBLE AS primaryValue FROM range(20000) t(n)) "
        f"TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 4096)"
    )
    starts = base.execute(
        f"SELECT data_page_offset, total_compressed_size FROM parquet_metadata('{path}') "
        "WHERE path_in_schema = 'primaryValue' ORDER BY row_group_id"
    ).fetchall()
    base.close()
    spoilt = bytearray(path.read_bytes())
    first, length = starts[2]
    spoilt[first + 40 : first + length] = b"\xab" * (length - 40)
    path.write_bytes(spoilt)

    def never(*_: object) -> None:
        raise AssertionError("pairing began")

    monkeypatch.setattr("reconcile.world.pair.pair", never)
    with pytest.raises(InputError) as raised:
        run.world([path], tmp_path / "out")
    problem = raised.value.problems[0]
    assert problem.file == str(path)
    assert problem.place == "row group 2 (rows 8,193 to 12,288)"
    assert problem.code == "CORRUPT_FILE"


def test_a_file_cut_off_and_a_value_that_is_no_number(tmp_path: Path) -> None:
    whole = parquet(ROWS, tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.csv").write_text(SNAKE.replace("110000", "many"), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        run.world([tmp_path / "a.parquet"], tmp_path / "out")
    assert raised.value.problems[0].place == "footer"
    with pytest.raises(InputError, match="many") as raised:
        run.world([tmp_path / "b.csv"], tmp_path / "out")
    assert raised.value.problems[0].file == str(tmp_path / "b.csv")


def test_a_year_reads_only_its_rows(tmp_path: Path) -> None:
    path = parquet([*ROWS, {**ROWS[0], "period": "202101"}], tmp_path / "a.parquet")
    base = read.connect()
    table = read.tables(base, [path])
    rows = base.execute(f"SELECT year FROM {read.union(table, 2021)}").fetchall()
    assert rows == [(2021,)]
    base.close()
