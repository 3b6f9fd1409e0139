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


# Tables of any office, each with what its first figure is.
TABLES = {
    "years across, the reporter in the title": (
        "Таджикистан: экспорт товаров по странам (тыс. долларов США),,\nСтрана,2022,2023\nВсего,300.5,400.5\n"
        "Китай,100.5,200.5\nРоссия,200,200\n",
        ("TJK", "WORLD", "exports", "2022", 300.5, "thousand USD", "total", 6),
    ),
    "one row a figure": (
        "Reporter,Partner,Flow,Year,Value,Unit\nTajikistan,China,Export,2023,200.5,million USD\n"
        "Tajikistan,China,Import,2023,1400.5,million USD\n",
        ("TJK", "CHN", "exports", "2023", 200.5, "million USD", "figure", 2),
    ),
    "flows over years": (
        "Foreign trade of Mongolia with major partners (million USD),,,,\nCountry,Exports,,Imports,\n"
        ",2022,2023,2022,2023\nTotal,100.5,200.5,300.5,400.5\nChina,60.5,120.5,100.5,150.5\nRussia,40,80,200,250\n",
        ("MNG", "WORLD", "exports", "2022", 100.5, "million USD", "total", 12),
    ),
    "years over flows": (
        "Foreign trade of Mongolia (million USD),,,,\nCountry,2022,,2023,\n,Exports,Imports,Exports,Imports\n"
        "China,60.5,120.5,100.5,150.5\nRussia,40,80,200,250\n",
        ("MNG", "CHN", "exports", "2022", 60.5, "million USD", "figure", 8),
    ),
    "months across": (
        "Imports of Georgia by country (thousand US dollars),,,\nCountry,2024-01,2024-02,2024-03\n"
        "China,10.5,11.5,12.5\nTurkey,20.5,21.5,22.5\n",
        ("GEO", "CHN", "imports", "2024-01", 10.5, "thousand USD", "figure", 6),
    ),
    "partners across, years down": (
        "Exports of Mongolia by country (million USD),,,\nYear,China,Russia,Kazakhstan\n2022,1.5,2.5,3.5\n2023,1.7,2.7,3.7\n",
        ("MNG", "CHN", "exports", "2022", 1.5, "million USD", "figure", 6),
    ),
    "months so far in the title": (
        '"Exports of Georgia, January-September 2024 (thousand USD)",\n'
        "Country,Exports\nChina,10.5\nTurkey,20.5\n",
        ("GEO", "CHN", "exports", "2024-01..2024-09", 10.5, "thousand USD", "figure", 2),
    ),
    "Spanish with decimal commas": (
        'Exportaciones de Chile por país 2023 (millones de dólares),\nPaís,Valor FOB\nChina,"37.544,5"\nBrasil,"4.321,0"\n',
        ("CHL", "CHN", "exports", "2023", 37544.5, "million USD", "figure", 2),
    ),
    "German": (
        "Ausfuhr Deutschlands nach Ländern 2023 in Mio. EUR;\nLand;Ausfuhr\nChina;97.321,5\nRussland;8.912,0\n",
        ("DEU", "CHN", "exports", "2023", 97321.5, "million EUR", "figure", 2),
    ),
    "French": (
        "Importations de la France par pays, 2023 (millions d'euros);\nPays;Valeur\nChine;71 234,5\nRussie;8 912,0\n",
        ("FRA", "CHN", "imports", "2023", 71234.5, "million EUR", "figure", 2),
    ),
    "Arabic": (
        "صادرات مصر حسب الدولة 2023 (مليون دولار أمريكي),\nالدولة,القيمة\nالصين,12.5\nروسيا,3.5\n",
        ("EGY", "CHN", "exports", "2023", 12.5, "million USD", "figure", 2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(TABLES))
def test_a_table_is_read_by_a_proposal_that_is_shown(name: str) -> None:
    from sources import readers

    text, wanted = TABLES[name]
    (found,) = readers.read_bytes(text.encode(), "table.csv")
    columns = ["reporter", "partner", "flow", "period", "value", "unit", "role"]
    assert found.facts["reader"] == "anytable"
    assert (*found.figures[columns].iloc[0], len(found.figures)) == wanted
    (shown,) = found.findings.loc[found.findings["code"] == "MAPPING_PROPOSED", "message"]
    assert "partner," in shown and "reporter," in shown
    if name.startswith("Spanish"):
        assert set(found.figures["valuation"]) == {"FOB"}


def test_labels_in_three_languages_and_a_mapping_beside_the_file(tmp_path: Path) -> None:
    from sources import readers

    path = tmp_path / "t.csv"
    path.write_text(
        "Давлатлар;Страны;Countries;2022;2023\nХитой;Китай;China;1,5;2,5\nРоссия;Россия;Russia;3,5;4,5\n"
    )
    with pytest.raises(InputError) as caught:
        readers.read_path(path)
    assert len(caught.value.problems) == 3  # reporter, flow and unit, all at once
    (tmp_path / "t.csv.mapping.csv").write_text(
        'key,column\nreporter,"""TJK"""\npartner,Countries\nperiod,columns\nflow,"""imports"""\nunit,"""million USD"""\n'
    )
    (found,) = readers.read_path(path)
    assert found.figures["value"].tolist() == [1.5, 3.5, 2.5, 4.5]
    assert set(found.figures["partner"]) == {"CHN", "RUS"} and "MAPPING_PROPOSED" not in set(
        found.findings["code"]
    )


def test_a_title_that_names_a_partner_or_two_countries_gives_no_reporter() -> None:
    assert anytable._named_area(["Trade with China, 2023"]) == ""
    assert anytable._named_area(["Exports of Chile and Peru"]) == ""
    assert anytable._named_area(["Импорт Республики Узбекистан из Китая"]) == "UZB"


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


TIDY = {
    "values that look like years, the unit in the title": (
        '"Exports of Kazakhstan by country, 2023 (USD)",\nCountry,Value\nChina,1000\nRussia,2000\n',
        [("KAZ", "CHN", "exports", "2023", 1000.0, "USD"), ("KAZ", "RUS", "exports", "2023", 2000.0, "USD")],
    ),
    "years inside the headers, the reporter after by": (
        '"List of supplying markets for a product imported by Uganda in 2022",,\n"Unit : US Dollar thousand",,\n'
        "Exporters,Imported value in 2021,Imported value in 2022,Imported quantity in 2022\nChina,60.5,103.5,7\n",
        [("UGA", "CHN", "imports", "2021", 60.5, "thousand USD"), ("UGA", "CHN", "imports", "2022", 103.5, "thousand USD")],
    ),
    "a flow and a year in each header": (
        "Foreign trade of Mongolia (million USD),,\nCountry,Exports 2022,Imports 2022,Exports 2023,Imports 2023\n"
        "China,1,2,3,4\n",
        [
            ("MNG", "CHN", "exports", "2022", 1.0, "million USD"), ("MNG", "CHN", "imports", "2022", 2.0, "million USD"),
            ("MNG", "CHN", "exports", "2023", 3.0, "million USD"), ("MNG", "CHN", "imports", "2023", 4.0, "million USD"),
        ],
    ),
    "the base year of a price is no period": (
        "Reporter,Country,Year,Exports (constant 2015 USD),Exports (USD)\nKAZ,China,2020,5,7\n",
        [("KAZ", "CHN", "exports", "2020", 7.0, "USD")],
    ),
    "a month beside a year": (
        "Reporter,Partner,Flow,Year,Month,Value,Unit\nKAZ,China,Exports,2025,1,100,USD\nKAZ,China,Exports,2025,2,110,USD\n",
        [("KAZ", "CHN", "exports", "2025-01", 100.0, "USD"), ("KAZ", "CHN", "exports", "2025-02", 110.0, "USD")],
    ),
    "quarters as bare numbers": (
        "Reporter,Partner,Flow,Year,Quarter,Value,Unit\nKAZ,China,Exports,2025,3,100,USD\n",
        [("KAZ", "CHN", "exports", "2025-Q3", 100.0, "USD")],
    ),
    "months by name": (
        "Reporter,Partner,Flow,Year,Month,Value,Unit\nKAZ,China,Exports,2025,March,100,USD\n",
        [("KAZ", "CHN", "exports", "2025-03", 100.0, "USD")],
    ),
    "an office's numbers of countries beside their names": (
        "Reporter,country_code,country_name,Flow,Year,fob_usd\nBrazil,097,Bolivia,exports,2020,5\n"
        "Brazil,063,Argentina,exports,2020,7\n",
        [("BRA", "BOL", "exports", "2020", 5.0, "USD"), ("BRA", "ARG", "exports", "2020", 7.0, "USD")],
    ),
    "two currencies, growth and shares beside the amounts": (
        "Reporter,Country,Year,exports_growth,exports_rupees,exports_usd_million,imports_usd_million,import_share\n"
        "India,China,2020,3.5,700,9.5,20.5,0.2\n",
        [("IND", "CHN", "exports", "2020", 9.5, "million USD"), ("IND", "CHN", "imports", "2020", 20.5, "million USD")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(TIDY))
def test_a_table_with_machine_headers_is_read_by_what_its_cells_are(name: str) -> None:
    text, wanted = TIDY[name]
    reading = anytable.read_bytes(text.encode(), "t.csv")
    columns = ["reporter", "partner", "flow", "period", "value", "unit"]
    assert list(reading.figures[columns].itertuples(index=False, name=None)) == wanted


def test_columns_of_numbers_that_are_not_read_are_named() -> None:
    text = "Reporter,Country,Year,Exports (USD),GDP,Rank\nKAZ,China,2020,5,100,1\n"
    reading = anytable.read_bytes(text.encode(), "t.csv")
    assert reading.facts["notes"] == ["not read: GDP, Rank"]


def test_rows_that_only_an_unread_column_tells_apart_are_refused() -> None:
    text = (
        "Reporter,Country,Year,Sector,Exports (USD)\nKAZ,China,2020,Food,5\nKAZ,China,2020,Fuel,7\n"
    )
    with pytest.raises(InputError, match="differ in Sector"):
        anytable.read_bytes(text.encode(), "t.csv")


def test_a_breakdown_beside_a_tidy_table_is_not_passed_over() -> None:
    from sources import readers

    text = "reporter,partner,flow,year,sector,value_usd\nKAZ,CHN,exports,2020,Food,5\nKAZ,CHN,exports,2020,Fuel,7\n"
    with pytest.raises(InputError, match="differ in sector"):
        readers.read_bytes(text.encode(), "t.csv")


def test_goods_and_services_shares_and_tariffs_are_no_amount_of_goods_trade() -> None:
    text = (
        "Reporter,Country,Year,exports_goods_services_usd,ahs_dutiable_imports_usd,export_share\n"
        "KAZ,China,2020,5,6,0.5\n"
    )
    with pytest.raises(InputError, match="does not say its value"):
        anytable.read_bytes(text.encode(), "t.csv")


def test_a_first_column_that_holds_no_areas_is_no_partner() -> None:
    with pytest.raises(InputError) as caught:
        anytable.read_bytes(b"Category,Value\nCars,8.3\nMachinery,2.2\n", "t.csv")
    assert any("its partner" in problem.found for problem in caught.value.problems)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet="abc,;\t\n12.5 Странa2024()-x", max_size=200))
def test_fuzz(text: str) -> None:
    with contextlib.suppress(InputError):
        anytable.raw_from_sheets(grid.load(text.encode(), name="f"))
