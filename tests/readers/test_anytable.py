"""Any table: proposals from header words in several languages, mappings, and what a proposal lacks."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources import grid
from sources.errors import InputError
from sources.readers import anytable

YEARS = (
    "Экспорт товаров по странам\t\t\n(тыс. долларов США)\t\t\n\nСтрана\t2023\t2024\nВсего\t30,5\t40,5\n"
    "Китай\t10,5\t20,5\nРоссия\t20,0\t20,0\n"
)


def sheets(text: str) -> list[grid.Sheet]:
    return grid.load(text.encode(), name="t.tsv")


def mapping(tmp_path: Path, text: str, name: str = "m.csv") -> anytable.Mapping:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return anytable.read_mapping(tmp_path / name)


def test_a_proposal_without_reporter_says_what_to_add() -> None:
    with pytest.raises(InputError) as caught:
        anytable.raw_from_sheets(sheets(YEARS))
    (problem,) = caught.value.problems
    assert "its reporter" in problem.found and "partner=Страна" in problem.advice
    assert 'flow="exports"' in problem.advice and 'unit="тыс. долларов США"' in problem.advice


def test_years_as_columns_are_unpivoted_with_addresses(tmp_path: Path) -> None:
    used = mapping(
        tmp_path,
        'key,column\nreporter,"""KGZ"""\npartner,Страна\nperiod,columns\nflow,"""exports"""\nunit,"""thousand USD"""\n',
    )
    raw, _ = anytable.raw_from_sheets(sheets(YEARS), used)
    assert len(raw) == 6
    row = raw[(raw["partner"] == "Китай") & (raw["period"] == "2024")].iloc[0]
    assert row[["reporter", "flow", "value", "unit"]].tolist() == [
        "KGZ",
        "exports",
        "20,5",
        "thousand USD",
    ]
    assert row["place"] == "line 6, column 3"


@pytest.mark.parametrize(
    ("header", "flows"),
    [
        ("Reporter,Country,Export,Import", ["exports", "imports"]),
        ("Reporter,Страна,Экспорт,Импорт", ["exports", "imports"]),
        ("Reporter,国家,出口,进口", ["exports", "imports"]),
        ("Reporter,البلد,الصادرات,الواردات", ["exports", "imports"]),
    ],
)
def test_flows_as_columns(header: str, flows: list[str]) -> None:
    text = f"Trade in 2024 in thousand USD,,,\n{header}\nKAZ,China,1.5,2.5\nKAZ,Russia,3.5,4.5\n"
    raw, shown = anytable.raw_from_sheets(sheets(text))
    assert list(raw["flow"].unique()) == flows and set(raw["period"]) == {"2024"}
    assert set(raw["unit"]) == {"thousand USD"} and "reporter,Reporter" in shown[0]


def test_no_unit_is_an_error() -> None:
    with pytest.raises(InputError, match="does not say its unit"):
        anytable.raw_from_sheets(sheets("Reporter,Country,2023,2024\nKAZ,China,1.5,2.5\n"))


def test_two_units_in_one_table_are_not_chosen_between() -> None:
    text = "Exports in thousand USD,,,\nin million USD,,,\nReporter,Country,2023,2024\nKAZ,China,1.5,2.5\n"
    with pytest.raises(InputError, match="does not say its unit"):
        anytable.raw_from_sheets(sheets(text))


def test_a_misspelt_key_and_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Nearest: partner"):
        mapping(tmp_path, "partnr,Country\n")
    used = mapping(
        tmp_path,
        '{"reporter": "\\"KAZ\\"", "partner": "Страны", "period": "columns", "flow": "sheet", "unit": "\\"USD\\""}',
        "m.json",
    )
    with pytest.raises(InputError, match="Nearest: Страна"):
        anytable.raw_from_sheets(sheets(YEARS), used)


def test_totals_are_marked_by_label_only_beside_parts() -> None:
    import pandas as pd

    assert list(anytable._roles(pd.Series(["Всего", "Китай", "из них"]))) == [
        "total",
        "figure",
        "part",
    ]
    assert list(anytable._roles(pd.Series(["Total"]))) == ["figure"]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet="abc,;\t\n12.5 Странa2024()-x", max_size=200))
def test_fuzz(text: str) -> None:
    with contextlib.suppress(InputError):
        anytable.raw_from_sheets(grid.load(text.encode(), name="f"))
