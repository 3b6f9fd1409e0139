"""The figures file: its columns, its formats, its places, and all its problems at once."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import grid
from sources.errors import InputError
from sources.readers import figures_file

HEADER = [
    "Reporter",
    "PARTNER",
    "flow",
    "period",
    "value",
    "Unit",
    "source",
    "commodity",
    "trade system",
]
ROW = ["NA", "CHN", "exports", "2024", "66.2", "billion USD", "BNS", "010121", "general"]


def check(raw: pd.DataFrame) -> None:
    assert raw.loc[0, ["reporter", "commodity", "trade_system"]].tolist() == [
        "NA",
        "010121",
        "general",
    ]


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text(mark: str) -> None:
    raw, _, _ = figures_file.raw_from_bytes(
        f"{mark.join(HEADER)}\n\n{mark.join(ROW)}\n".encode(), "a.csv"
    )
    check(raw)
    assert raw.loc[0, "value"] == "66.2" and raw.loc[0, "place"] == "line 3"


def test_workbook_numbers_are_not_read_again() -> None:
    work = openpyxl.Workbook()
    work.active.title = "Data"
    for row in (["My figures"], HEADER, [*ROW[:4], 1.234, *ROW[5:]]):
        work.active.append(row)
    out = io.BytesIO()
    work.save(out)
    raw, _, _ = figures_file.raw_from_bytes(out.getvalue(), "a.xlsx")
    check(raw)
    assert raw.loc[0, ["value", "printed", "place"]].tolist() == [1.234, "1.234", "Data!E3"]


def test_json_both_ways() -> None:
    record = dict(zip(HEADER, ROW))
    for document in ([record], {"figures": [record], "cases": [{"a": 1}]}):
        raw, _, _ = figures_file.raw_from_bytes(json.dumps(document).encode(), "a.json")
        check(raw)
        assert raw.loc[0, "place"] == "figures, record 1" or raw.loc[0, "place"] == "record 1"


def test_parquet(tmp_path: Path) -> None:
    import duckdb

    table = pd.DataFrame([dict(zip(HEADER, ROW))])
    table["value"] = 66.2
    path = tmp_path / "a.parquet"
    with duckdb.connect() as door:
        door.register("t", table)
        door.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    raw, _, _ = figures_file.raw_from_bytes(path.read_bytes(), "a.parquet")
    check(raw)
    assert raw.loc[0, "value"] == 66.2 and raw.loc[0, "place"] == "row 1"


def test_our_own_report() -> None:
    figure = {"id": "a", "source": "s", "reporter": "KAZ", "partner": "CHN", "flow": "exports", "period": "2024",
              "printed": "66,2", "printed_unit": "млрд", "currency": "USD", "value": 66.2, "amount": 66200000000.0,
              "steps": [{"name": "scale"}]}  # fmt: skip
    report = {
        "schema": "reconcile/1",
        "basis": {"currency": "USD", "prices": 2024},
        "figures": [figure],
    }
    raw, _, _ = figures_file.raw_from_bytes(json.dumps(report).encode(), "r.json")
    assert raw.loc[0, ["value", "unit", "prices", "id"]].tolist() == [
        "66200000000.0",
        "USD",
        "2024",
        "a",
    ]


def test_own_place_is_kept() -> None:
    text = (
        ",".join([*HEADER, "place"])
        + "\n"
        + ",".join([*ROW, "Exports!C14"])
        + "\n"
        + ",".join([*ROW, ""])
        + "\n"
    )
    raw, _, _ = figures_file.raw_from_bytes(text.encode(), "a.csv")
    assert raw["place"].tolist() == ["Exports!C14", "line 3"]


def test_all_faults_of_the_header_at_once() -> None:
    with pytest.raises(InputError) as caught:
        figures_file.raw_from_bytes(
            b"reporter,reporter,partner,flwo,period,value,source\nA,B,C,D,E,F,G\n", "a.csv"
        )
    text = str(caught.value)
    assert (
        "stands twice" in text and "Did you mean 'flow'" in text and "missing columns: unit" in text
    )


def test_a_far_name_is_left_out_with_a_note() -> None:
    text = ",".join([*HEADER, "remark by me"]) + "\n" + ",".join([*ROW, "x"]) + "\n"
    raw, _, facts = figures_file.raw_from_bytes(text.encode(), "a.csv")
    assert "remark by me" in str(facts["notes"]) and len(raw.columns) == len(HEADER) + 1


def test_a_header_alone_is_an_error() -> None:
    with pytest.raises(InputError, match="no figures"):
        figures_file.raw_from_bytes((",".join(HEADER) + "\n").encode(), "a.csv")


def test_score() -> None:
    ours = grid.load((",".join(HEADER) + "\n" + ",".join(ROW)).encode())
    other = grid.load(b"Country,2023,2024\nChina,1,2\n")
    assert figures_file.score(ours) > 0.9 and figures_file.score(other) == 0.0


def test_a_hundred_thousand_rows() -> None:
    data = (",".join(HEADER) + "\n" + (",".join(ROW) + "\n") * 100_000).encode()
    raw, _, _ = figures_file.raw_from_bytes(data, "a.csv")
    assert len(raw) == 100_000


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda tail: (",".join(HEADER) + "\n").encode() + tail),
                 st.binary(max_size=300).map(lambda tail: b"PAR1" + tail)))  # fmt: skip
def test_fuzz(data: bytes) -> None:
    with contextlib.suppress(InputError):
        figures_file.raw_from_bytes(data, "f")


def test_why_a_cell_is_empty_survives_writing_and_reading() -> None:
    head = "reporter,partner,flow,period,value,unit,source"
    text = f"{head},state\nKAZ,CHN,exports,2023,,million USD,A,suppressed\nKAZ,RUS,exports,2023,5,million USD,A,suppressed\n"
    reading = figures_file.read_bytes(text.encode(), "f.csv")
    assert list(reading.figures["state"]) == ["suppressed", "number"]


@pytest.mark.parametrize("decimal", [None, "comma", "point"])
def test_a_number_of_json_has_a_point_whatever_the_column_is_said_to_have(
    decimal: str | None,
) -> None:
    row = {"reporter": "KAZ", "partner": "CHN", "flow": "X", "period": 2024, "value": 1.234, "unit": "million USD"}  # fmt: skip
    rows = [{**row, "source": "A"}, {**row, "source": "B", "value": None}]
    reading = figures_file.read_bytes(json.dumps(rows).encode(), "f.json", decimal)
    first, second = reading.figures.to_dict("records")
    assert (first["value"], first["printed"], first["low"]) == (1.234, "1.234", 1.2335)
    assert second["state"] == "not reported"
    text = json.dumps([{**row, "source": "A", "value": "1.234"}]).encode()
    if decimal is None:
        with pytest.raises(InputError, match="can be read as"):
            figures_file.read_bytes(text, "f.json")
