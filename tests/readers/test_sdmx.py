"""SDMX in five layouts: the same meaning of dimensions and attributes, refusals before the library, no trade."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import readers
from sources.errors import InputError
from sources.figures import Reading
from sources.readers import sdmx_ml

SPECIMENS = Path(__file__).resolve().parents[1] / "specimens/sdmx"


def reading(name: str) -> Reading:
    (found,) = readers.read_path(SPECIMENS / name)
    return found


def rows(found: Reading) -> list[tuple[object, ...]]:
    names = ["reporter", "partner", "flow", "period", "value", "unit", "status", "role"]
    return [tuple(row) for row in found.figures[names].itertuples(index=False)]


def test_generic_xml_keeps_multiplier_and_status() -> None:
    found = reading("generic.xml")
    assert rows(found)[:2] == [
        ("KAZ", "CHN", "exports", "2022", 13165.9, "million USD", "", "figure"),
        ("KAZ", "CHN", "exports", "2023", 14722.3, "million USD", "provisional", "figure"),
    ]
    figures = found.figures
    assert figures["state"].tolist() == ["number", "number", "not reported", "number"]
    assert figures["printed_flag"].tolist() == ["A", "P", "M", ""]
    assert rows(found)[3][:6] == ("KAZ", "WORLD", "imports", "2023-02", 4500123.4, "thousand USD")
    assert set(figures["source"]) == {"STAT"} and figures["place"].tolist()[2] == "observation 3"


def test_structure_specific_xml_reads_indicators_and_leaves_others_out() -> None:
    found = reading("specific.xml")
    assert [row[:6] for row in rows(found)] == [
        ("CHN", "KAZ", "exports", "2023", 24702000000.0, "USD"),
        ("CHN", "KAZ", "imports", "2023", 16318000000.0, "USD"),
    ]
    assert found.figures["valuation"].tolist() == ["FOB", "CIF"]
    assert found.facts["observations of other indicators"] == 1


def test_json_of_the_first_version_keeps_attributes_of_series_and_data_set() -> None:
    assert [row[:7] for row in rows(reading("one.json"))] == [
        ("KGZ", "CHN", "imports", "2022", 4069.2, "million USD", ""),
        ("KGZ", "CHN", "imports", "2023", 5457.5, "million USD", "provisional"),
        (
            "UZB",
            "CHN",
            "imports",
            "2023",
            11250700.5,
            "thousand USD",
            "",
        ),  # the name of an own code
    ]


def test_json_of_the_second_version() -> None:
    assert rows(reading("two.json")) == [
        ("UZB", "CHN", "exports", "2023", 2487300.5, "thousand USD", "estimate", "figure"),
        ("UZB", "WORLD", "exports", "2023", 24426000.0, "thousand USD", "", "total"),
    ]


def test_csv_of_both_versions() -> None:
    found = reading("csv1.csv")
    assert [row[1:6] for row in rows(found)] == [
        ("CHN", "exports", "2021-Q1", 14.5, "billion USD"),
        ("CHN", "exports", "2021-Q2", 16.25, "billion USD"),
        pytest.approx(("CHN", "re-exports", "2021-Q2", float("nan"), "billion USD"), nan_ok=True),
        ("WORLD", "exports", "2021-Q2", 115.5, "billion USD"),
    ]
    assert found.figures["state"].tolist()[2] == "suppressed"
    assert found.figures["printed_flag"].tolist()[2] == "Q/C"
    assert found.figures["commodity"].tolist() == ["TOTAL", "TOTAL", "2709", "TOTAL"]
    assert rows(reading("csv2.csv")) == [
        ("TJK", "CHN", "imports", "2022-05", 103.4, "million EUR", "", "figure")
    ]


def test_other_statistics_give_no_figure(shared: Path) -> None:
    files = sorted((shared / "sdmx").iterdir())
    assert len(files) == 6
    for path in files:
        (found,) = readers.read_path(path)
        assert found.figures.empty and found.set_aside.empty
        assert found.findings["code"].tolist() == ["NO_FIGURES"]
        assert found.findings["severity"].tolist() == ["note"]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><message:GenericData '
    'xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">&c;</message:GenericData>'
)
LEAK = BOMB.replace('<!ENTITY a "lol">', '<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize("text", [BOMB, LEAK])
def test_entities_are_refused_before_the_library(text: str) -> None:
    begin = time.monotonic()
    with pytest.raises(InputError) as caught:
        readers.read_bytes(text.encode(), "x.xml")
    assert [problem.code for problem in caught.value.problems] == ["HOSTILE_FILE"]
    assert time.monotonic() - begin < 5


def test_depth_damage_and_old_versions_are_named() -> None:
    start = SPECIMENS.joinpath("generic.xml").read_text(encoding="utf-8")
    deep = start.replace("<generic:Series>", "<generic:Series>" + "<a>" * 200 + "</a>" * 200, 1)
    for text, code in (
        (deep, "TOO_LARGE"),
        (start[:-40], "CORRUPT_FILE"),
        (start.replace("v2_1", "v2_0"), "NO_READER"),
    ):
        with pytest.raises(InputError) as caught:
            readers.read_bytes(text.encode(), "x.xml")
        assert caught.value.problems[0].code == code


def test_json_that_is_deep_or_doubled_is_refused() -> None:
    deep = '{"structure": 1, "dataSets": ' + "[" * 2000 + "]" * 2000 + "}"
    twice = '{"structure": 1, "structure": 2, "dataSets": []}'
    for text in (deep, twice, '{"structure": 1, "dataSets": []}'):
        with pytest.raises(InputError):
            readers.read_bytes(text.encode(), "x.json")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_damage_is_an_input_error_or_read(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["generic.xml", "one.json", "two.json", "csv1.csv"]))
    text = bytearray(SPECIMENS.joinpath(name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=4))
    reader = {"xml": "sdmx_ml", "json": "sdmx_json", "csv": "sdmx_csv"}[name.rpartition(".")[2]]
    with contextlib.suppress(InputError):
        found = readers.read_bytes(bytes(text), name, reader)
        assert isinstance(found[0].figures, pd.DataFrame)


def test_the_guard_passes_what_is_sound() -> None:
    sdmx_ml.check(SPECIMENS.joinpath("specific.xml").read_bytes(), "specific.xml")
