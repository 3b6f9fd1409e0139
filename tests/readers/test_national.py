"""National tables: specimens in each office's layout, and every published file against sums made another way."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import math
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import grid, readers
from sources.errors import InputError
from sources.figures import Reading
from sources.readers import national_layout

SPECIMENS = Path(__file__).resolve().parents[1] / "specimens"


def reading(path: Path) -> Reading:
    (found,) = readers.read_path(path)
    return found


def value(figures: pd.DataFrame, partner: str, flow: str, period: str, **more: str) -> float:
    chosen = (
        (figures["partner"] == partner) & (figures["flow"] == flow) & (figures["period"] == period)
    )
    for name, wanted in more.items():
        chosen &= figures[name] == wanted
    (found,) = figures.loc[chosen, "value"]
    return float(found)


def codes(found: Reading) -> dict[str, str]:
    return dict(zip(found.findings["code"], found.findings["severity"]))


# Specimens: layouts of the offices with figures of our own -----------------------------------------


def test_kazakhstan_months_groups_and_an_unknown_label() -> None:
    found = reading(SPECIMENS / "kazakhstan/months_2024.csv")
    figures = found.figures
    assert found.facts["reader"] == "kazakhstan" and set(figures["period"]) == {"2024-01..2024-09"}
    assert set(figures["unit"]) == {"thousand USD"} and set(figures["reporter"]) == {"KAZ"}
    plain = figures[figures["role"] == "figure"]
    assert set(plain["partner"]) == {"RUS", "BLR", "UZB", "ITA", "CHE", "CHN"}
    assert set(figures.loc[figures["role"] == "total", "partner"]) == {
        "WORLD", "CIS", "EAEU", "CIS-EAEU", "NON_CIS", "EUROPE", "EU", "EUROPE-EU", "ASIA",
    }  # fmt: skip
    assert plain.groupby("flow")["value"].sum().to_dict() == {
        "exports": 600.5, "imports": 399.0, "turnover": 999.5,
    }  # fmt: skip
    assert found.set_aside["value"].tolist() == [
        1.0,
        1.0,
    ]  # turnover and imports of an unknown land
    assert figures.loc[figures["partner"] == "CHN", "place"].tolist()[0] == "line 20, column 2"
    assert "PARTS_DIFFER" not in codes(found)


def test_a_kazakh_table_in_kazakh() -> None:
    found = reading(SPECIMENS / "kazakhstan/kazakh_2023.csv")
    figures = found.figures
    assert found.facts["reader"] == "kazakhstan" and set(figures["period"]) == {"2023-01..2023-09"}
    assert set(figures["unit"]) == {"thousand USD"} and found.set_aside.empty
    plain = figures[figures["role"] == "figure"].groupby("flow")["value"].sum()
    assert plain.to_dict() == {"exports": 180, "imports": 120, "turnover": 300}
    assert set(figures.loc[figures["role"] == "figure", "partner"]) == {"RUS", "UZB", "CHN"}


def test_mutual_trade_is_the_unions_and_columns_of_years_keep_the_months_of_the_title() -> None:
    found = reading(SPECIMENS / "kazakhstan/mutual_2025.csv")
    figures = found.figures
    assert set(figures["period"]) == {"2024-Q1", "2025-Q1"} and set(figures["status"]) == {
        "provisional"
    }
    assert set(figures.loc[figures["role"] == "total", "partner"]) == {"EAEU"}
    assert value(figures, "EAEU", "exports", "2025-Q1") == 2700 and "PARTS_DIFFER" not in codes(
        found
    )


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("за январь-сентябрь 2024 года", "2024-01..2024-09"),
        ("за 9 месяцев 2023 года", "2023-01..2023-09"),
        ("I полугодие 2023 года", "2023-H1"),
        ("янв.-сен. 2023", "2023-01..2023-09"),
        ("2023 жылғы қаңтар-қыркүйек", "2023-01..2023-09"),
        ("2023-жылдын январь-сентябры", "2023-01..2023-09"),
        ("2023-yil yanvar-sentabr", "2023-01..2023-09"),
        ("2024年1-9月", "2024-01..2024-09"),
        ("first half of 2023", "2023-H1"),
        ("за 2023 год", "2023"),
        ("2022-2023 гг.", ""),
    ],
)
def test_a_part_of_a_year_in_a_title_is_never_the_year(title: str, period: str) -> None:
    assert national_layout.period_in(title)[0] == period


def test_two_editions_of_one_year_are_two_vintages(tmp_path: Path) -> None:
    """The next year's file prints this year's column again, revised: both stay, with their files' dates."""
    old = (SPECIMENS / "kazakhstan/kazakh_2023.csv").read_text(encoding="utf-8")
    new = old.replace("Қытай,200,120,80", "Қытай,200,121,79")
    for name, text, day in (("old.csv", old, "2023-11-15"), ("new.csv", new, "2024-11-15")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (found,) = readers.read_path(tmp_path / name, published=dt.date.fromisoformat(day))
        assert set(found.figures["published"]) == {day}
        assert set(found.figures["source"]) == {"Bureau of National Statistics of Kazakhstan"}


def test_kyrgyz_imports_signs_footnote_and_decimal_commas() -> None:
    found = reading(SPECIMENS / "kyrgyzstan/4.03.00.20_imports.csv")
    figures = found.figures
    assert set(figures["flow"]) == {"imports"}
    assert set(figures.loc[figures["status"] == "provisional", "period"]) == {"2023"}
    kazakh = figures[figures["partner"] == "KAZ"].set_index("period")["state"].to_dict()
    assert kazakh == {"2021": "zero", "2022": "zero", "2023": "not reported"}
    assert value(figures, "RUS", "imports", "2023") == 3000.5
    sums = figures[figures["role"] == "figure"].groupby("period")["value"].sum()
    assert sums.round(1).to_dict() == {"2021": 5580.2, "2022": 9628.9, "2023": 12400.6}
    assert set(figures.loc[figures["role"] == "total", "partner"]) == {
        "WORLD",
        "EAEU",
        "EUROPE",
        "ASIA",
    }
    assert figures.loc[figures["partner"] == "NES", "value"].sum() == pytest.approx(0.2)


def test_russian_countries_under_two_header_rows() -> None:
    figures = reading(SPECIMENS / "russia/countries_2019.csv").figures
    assert set(figures["period"]) == {"2018-H1", "2019-H1"}
    assert value(figures, "CHN", "exports", "2019-H1") == 26500.0
    assert value(figures, "DEU", "turnover", "2018-H1") == 30000.0
    assert set(figures.loc[figures["role"] == "figure", "partner"]) == {"DEU", "CHN", "BLR"}


def test_russian_months_that_only_repeat_are_set_aside_with_their_value() -> None:
    found = reading(SPECIMENS / "russia/suspended_2022.csv")
    assert set(found.figures["period"]) == {"2022-01"} and len(found.set_aside) == 6
    assert sorted(found.set_aside["value"].unique()) == [22000.0, 46000.5, 68000.5]


def test_uzbek_imports_by_the_name_of_the_file(tmp_path: Path) -> None:
    path = SPECIMENS / "uzbekistan/import_by_country.csv"
    found = reading(path)
    assert value(found.figures, "CHN", "imports", "2023") == 11250.7
    assert codes(found)["UNIT_ASSUMED"] == "warning" and "FLOW_ASSUMED" not in codes(found)
    # Atlantis is unknown, and a code that contradicts its name is neither
    assert found.set_aside["value"].tolist() == [0.0, 0.0, 2.5]
    silent = tmp_path / "plain" / "sdmx_data_9999.csv"  # the folder's name may say the flow too
    silent.parent.mkdir()
    silent.write_bytes(path.read_bytes())
    with pytest.raises(InputError, match="exports or imports"):
        reading(silent)


def test_uzbek_flow_by_two_partners(tmp_path: Path) -> None:
    head = "Code,Klassifikator,Klassifikator_ru,Klassifikator_en,2023\n"
    for afghan, german, flow in ((859.3, 79.0, "exports"), (20.5, 1102.0, "imports")):
        path = tmp_path / "plain.csv"
        path.write_text(
            f"{head}004,Afg'oniston,Афганистан,Afghanistan,{afghan}\n276,Germaniya,Германия,Germany,{german}\n"
        )
        (found,) = readers.read_bytes(path.read_bytes(), "plain.csv")
        assert set(found.figures["flow"]) == {flow} and codes(found)["FLOW_ASSUMED"] == "warning"


def test_armenian_imports_have_two_bases_and_a_short_year() -> None:
    found = reading(SPECIMENS / "armenia/trade.csv")
    figures = found.figures
    by_basis = figures[(figures["period"] == "2022") & (figures["flow"] == "imports")]
    assert by_basis.set_index("partner_basis")["value"].to_dict() == {
        "consignment": 780.0,
        "origin": 2350.0,
    }
    assert "2023" not in set(figures["period"]) and codes(found)["PERIOD_INCOMPLETE"] == "note"
    (gap,) = found.findings.loc[found.findings["code"] == "PARTS_DIFFER", "message"]
    assert "imports (origin)" in gap and "10 thousand USD (China, 2022)" in gap
    assert value(figures, "CIV", "exports", "2023-01") == 0.0
    assert found.set_aside["value"].sum() == 5.5  # a row without a country


def test_chinese_table_by_country() -> None:
    figures = reading(SPECIMENS / "china/countries_zh.csv").figures
    assert set(figures["period"]) == {"2024-12", "2024"} and set(figures["unit"]) == {
        "thousand USD"
    }
    assert value(figures, "KAZ", "exports", "2024") == 280.0
    assert value(figures, "KGZ", "imports", "2024-12") == 0.0
    assert value(figures, "TWN", "turnover", "2024") == 3335.0
    plain = figures[(figures["role"] == "figure") & (figures["period"] == "2024")]
    assert plain.groupby("flow")["value"].sum().to_dict() == {
        "turnover": 6100,
        "exports": 3500,
        "imports": 2600,
    }
    assert set(figures.loc[figures["role"] == "total", "partner"]) == {
        "WORLD",
        "ASIA",
        "EUROPE",
        "ASEAN",
    }
    basis = figures.drop_duplicates("flow").set_index("flow")
    assert (
        basis.at["exports", "valuation"] == "FOB"
        and basis.at["imports", "partner_basis"] == "origin"
    )


def test_chinese_table_in_english() -> None:
    figures = reading(SPECIMENS / "china/countries_en.csv").figures
    assert value(figures, "KAZ", "imports", "2023") == 16318.0
    assert value(figures, "UZB", "imports", "2023-12") == 0.0
    assert value(figures, "WORLD", "turnover", "2023") == 5936826.0
    assert len(figures) == 24  # the columns of growth give none


def test_chinese_tables_of_a_year_and_of_the_yearbook() -> None:
    year = (
        "2023年进出口商品国别(地区)总值表,,,\n,,,单位：亿美元\n国家(地区),进出口,出口,进口\n总值,59359.8,33790.4,25569.4\n"
        "哈萨克斯坦,410.2,247.0,163.2\n"
    )
    book = (
        "17-8 我国同各国(地区)海关货物进出口总额,,,,,,\n,,,,,,单位：万美元\n国家(地区),2022,,,2023,,\n"
        ",进出口总额,出口总额,进口总额,进出口总额,出口总额,进口总额\n总计,62509414,35443390,27066024,59359832,33790432,25569400\n"
        "哈萨克斯坦,3117457,1641352,1476105,4102000,2470200,1631800\n"
    )
    (found,) = readers.read_bytes(year.encode(), "year.csv")
    assert len(found.figures) == 6 and value(found.figures, "KAZ", "imports", "2023") == 163.2
    assert set(found.figures["unit"]) == {"100 million USD"}
    (found,) = readers.read_bytes(book.encode(), "book.csv")
    assert len(found.figures) == 12 and value(found.figures, "KAZ", "exports", "2022") == 1641352
    assert set(found.figures["unit"]) == {"10 thousand USD"}


@pytest.mark.parametrize(
    ("header", "title", "period"),
    [
        ("进出口 当月", "2024年12月进出口商品国别(地区)总值表", "2024-12"),
        ("出口 1至当月累计", "2024年9月", "2024-01..2024-09"),
        ("exports 1-12", "imports and exports by country, 12.2023", "2023"),
        ("imports 12", "imports and exports by country, 12.2023", "2023-12"),
        ("进口 1至11月", "2023年12月", "2023-01..2023-11"),
        ("exports", "december 2023", ""),
        ("出口 当月", "no month here", ""),
    ],
)  # fmt: skip
def test_the_period_of_a_chinese_column(header: str, title: str, period: str) -> None:
    from sources.readers import china

    assert china.period_of(header, title) == period


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "Всего", "Китай", "2023", "2024 1", "12,5", "-", "экспорт", "тыс. долл. США", "1", "x"]),
            min_size=3, max_size=6,
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_sheet_is_walked_without_a_fault(rows: list[list[str]]) -> None:
    text = "\n".join(";".join(row) for row in rows)
    if not text.strip("; \n"):
        return
    for sheet in grid.load(text.encode(), name="x.csv"):
        raw = national_layout.read_sheet(sheet)
        cells = {
            sheet.address(r, c)
            for r in range(len(sheet.cells))
            for c in range(sheet.cells.shape[1])
        }
        assert set(raw["place"]) <= cells and raw["place"].is_unique


# The published files, against sums made another way -------------------------------------------------


def calamine(path: Path, sheet: str) -> pd.DataFrame:
    return pd.read_excel(path, sheet_name=sheet, header=None, engine="calamine")


KAZ_GROUPS = ("Всего", "Страны СНГ", "Страны ЕАЭС", "Страны вне ЕАЭС", "Остальные страны мира", "Европа", "Страны ЕС",
              "Страны вне ЕС", "Азия", "Америка", "Африка", "Австралия и Океания")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rows"), [("_2019.xls", 1072), ("_2021.xls", 1034), ("странам_2023.xls", 1150)]
)
def test_kazakh_files(shared: Path, name: str, rows: int) -> None:
    (path,) = (shared / "national/kazakhstan_data").glob(f"*{name}")
    found = reading(path)
    figures = found.figures
    assert len(figures) == rows and found.set_aside.empty
    for sheet in pd.ExcelFile(path, engine="calamine").sheet_names:
        cells = calamine(path, sheet)
        if cells.shape[1] < 7:
            continue
        year = sheet[-4:]
        label = cells[0].astype(str).str.split("\n").str[0].str.strip()
        for column, flow in ((1, "turnover"), (3, "exports"), (5, "imports")):
            numbers = pd.to_numeric(cells[column], errors="coerce")
            countries = numbers[5:][~label[5:].isin(KAZ_GROUPS)]
            mine = figures[(figures["flow"] == flow) & (figures["period"] == year)]
            plain = mine[mine["role"] == "figure"]["value"]
            assert len(plain) == countries.notna().sum()
            assert plain.sum() == pytest.approx(countries.sum(), rel=1e-12)
            # and countries add up to the printed total
            assert value(mine, "WORLD", flow, year) == pytest.approx(plain.sum(), abs=5)
            assert (mine["role"] == "total").sum() == len(KAZ_GROUPS)
    if "2023" in name:
        assert set(figures["published"]) == {"2024-07-25"}
        assert value(figures, "CHN", "imports", "2022") == pytest.approx(11_144_000, rel=1e-3)


def test_kyrgyz_exports_by_country(shared: Path) -> None:
    (path,) = (shared / "national/kyrgyzstan_data").glob("4.03.00.18*")
    found = reading(path)
    figures = found.figures
    cells = calamine(path, "Лист1")
    groups = {
        "Total",
        "The EU",
        "CIS",
        "SCO",
        "EAEU",
        "Europe",
        "Asia",
        "America",
        "Africa",
        "Australia and Oceania",
    }
    for column in range(3, 33):
        year = str(cells.iat[3, column])[:4]
        body = pd.to_numeric(cells[column][4:], errors="coerce").fillna(0.0)
        english = cells[2][4:].astype(str).str.strip()
        wanted = body[~english.isin(groups) & (english != "Congo")].sum()
        mine = figures[(figures["period"] == year) & (figures["role"] == "figure")]
        assert mine["value"].sum() == pytest.approx(wanted, rel=1e-12)
        assert value(figures, "WORLD", "exports", year) == body[english == "Total"].iloc[0]
    # one "Congo" of three languages may be either state
    assert len(found.set_aside) == 30 and found.set_aside["value"].sum() == pytest.approx(
        pd.to_numeric(cells.loc[cells[2] == "Congo"].iloc[0, 3:], errors="coerce").sum()
    )
    assert value(figures, "CHN", "exports", "2023") == 80446.343
    early = figures[(figures["partner"] == "EAEU") & (figures["period"] == "2000")]
    assert early["state"].tolist() == ["not reported"]
    # the printed total of 2021 exceeds all continents by gold that no country shows
    (gap,) = [m for m in found.findings["message"] if m.startswith("Бардыгы")]
    assert "2,117,316" in gap and "in 2021" in gap


def test_other_kyrgyz_files(shared: Path) -> None:
    folder = shared / "national/kyrgyzstan_data"
    (soms,) = folder.glob("4.03.00.17*")
    figures = reading(soms).figures
    assert set(figures["unit"]) == {"thousand KGS"} and len(figures) == 96
    wide = figures.pivot(index="period", columns="partner", values="value")
    assert (wide["WORLD"] - wide["CIS"] - wide["NON_CIS"]).abs().max() < 0.3
    (goods,) = folder.glob("4.03.00.10*")
    figures = reading(goods).figures
    assert set(figures["partner"]) == {"WORLD"} and figures["commodity"].nunique() == 26
    assert value(figures, "WORLD", "exports", "1999", commodity="Milk and dairy products") == 1376.4
    (rates,) = folder.glob("4.02*")
    found = reading(rates)
    assert found.figures.empty and codes(found) == {"NO_FIGURES": "note"}


def test_russian_files(shared: Path) -> None:
    folder = shared / "national/russian_data"
    years = reading(folder / "94itog.xlsx").figures
    assert len(years) == 28 * 18 and set(years["unit"]) == {"million USD"}
    assert (
        value(years, "WORLD", "exports", "2021") == 493096
        and value(years, "KAZ", "imports", "1994") > 0
    )
    assert (
        value(years, "KAZ", "exports", "2006") == 8967
        and value(years, "UZB", "imports", "2021") == 1706
    )
    wide = years[years["partner"].isin(["WORLD", "CIS", "NON_CIS"])].pivot_table(
        index=["flow", "period"], columns="partner", values="value"
    )
    assert (wide["WORLD"] - wide["CIS"] - wide["NON_CIS"]).abs().max() <= 5
    regions = reading(folder / "страны122023.xlsx")
    assert value(regions.figures, "ASIA", "exports", "2023") == 306.623
    assert set(regions.figures["unit"]) == {"billion USD"} and len(regions.figures) == 24
    (gap,) = [m for m in regions.findings["message"] if m.startswith("Весь мир, exports")]
    assert "0.795" in gap
    goods = reading(folder / "структура122023.xlsx").figures
    assert value(goods, "WORLD", "exports", "2022", commodity="25-27") == 391.597
    assert set(goods["classification"]) == {"HS"} and len(goods) == 36


def test_russian_totals_by_month_and_months_so_far(shared: Path) -> None:
    figures = reading(shared / "national/russian_data/WEB_UTSA_04.xls").figures
    cells = calamine(shared / "national/russian_data/WEB_UTSA_04.xls", "1")
    assert len(figures) == 232
    assert value(figures, "WORLD", "exports", "2020-01..2020-11") == cells.iat[35, 5]
    assert value(figures, "WORLD", "imports", "2019-05") == cells.iat[49, 3]
    assert value(figures, "WORLD", "balance", "2020-Q3") == cells.iat[67, 14]
    full = figures[(figures["period"] == "2020") & (figures["flow"] == "exports")]
    assert sorted(full["value"].round(1)) == [336393.8, 338183.6]  # without and with fish
    assert full["coverage"].nunique() == 2


def test_uzbek_file(shared: Path) -> None:
    path = shared / "national/uzbekistan_data/sdmx_data_1105.csv"
    found = reading(path)
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    figures = found.figures
    assert len(figures) == len(rows) * 14 and found.set_aside.empty
    for year in range(2010, 2024):
        wanted = sum(float(row[str(year)] or 0) for row in rows)
        assert figures.loc[figures["period"] == str(year), "value"].sum() == pytest.approx(wanted)
    assert value(figures, "CHN", "exports", "2023") == pytest.approx(2_487_000, rel=1e-3)
    assert set(figures["flow"]) == {"exports"} and codes(found)["FLOW_ASSUMED"] == "warning"


def test_armenian_file(shared: Path) -> None:
    path = shared / "national/armenia_data/armenia_data.csv"
    found = reading(path)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    unnamed = 0.0
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if line.strip()):
            for name in ("export", "import_consigment", "import_origin"):
                number = 0.0 if row[name] == "-" else float(row[name])
                if not row["country"]:
                    unnamed += number
                elif row["timeperiod"] == "Year":
                    sums[name, row["year"]] += number
    figures = found.figures
    assert len(figures) + len(found.set_aside) == 3 * 11094
    assert found.set_aside["value"].sum() == pytest.approx(unnamed)
    column = {
        "export": "last destination",
        "import_consigment": "consignment",
        "import_origin": "origin",
    }
    for (name, year), wanted in sums.items():
        period = year if year != "2023" else "2023-01"
        mine = figures[(figures["partner_basis"] == column[name]) & (figures["period"] == period)]
        if year == "2023":  # the row of the year and the row of January say the same
            mine = mine.drop_duplicates(["partner"])
        assert mine["value"].sum() == pytest.approx(wanted), (name, year)
    china = figures[(figures["partner"] == "CHN") & (figures["period"] == "2022")].set_index(
        "partner_basis"
    )
    assert china.at["origin", "value"] == pytest.approx(1_388_000, rel=1e-2)
    assert china.at["consignment", "value"] == pytest.approx(698_000, rel=1e-2)


def test_chinese_places_and_exchanged_labels(shared: Path) -> None:
    found = reading(shared / "national/china_gacc/gacc_national_city_monthly_2024_2025.xlsx")
    figures = found.figures
    nation = figures[figures["coverage"] == ""]
    assert set(figures.loc[figures["coverage"] != "", "role"]) == {"part"}
    assert value(nation, "WORLD", "turnover", "2024-02") == 285022192
    assert set(figures["unit"]) == {"10 thousand CNY"}
    (swap,) = found.findings.loc[found.findings["code"] == "SWAP_SUSPECT", "message"]
    assert "look exchanged" in swap and "a deficit" in swap
    assert found.figures["assumed"].str.contains("unit").all()


def test_no_published_number_is_lost(shared: Path) -> None:
    for path in sorted((shared / "national").rglob("*")):
        if path.is_file() and not path.name.startswith("4.02"):
            found = reading(path)
            assert len(found.figures) and found.figures["place"].is_unique
            assert not found.figures["value"].map(math.isinf).any()


SPECIMEN_FILES = sorted(
    path
    for office in ("kazakhstan", "kyrgyzstan", "russia", "uzbekistan", "armenia", "china")
    for path in (SPECIMENS / office).iterdir()
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_is_an_input_error_or_read(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SPECIMEN_FILES))
    lines = path.read_text(encoding="utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        cells = re.split("([,;])", lines[at])
        cell = data.draw(st.integers(0, len(cells) - 1))
        cells[cell] = data.draw(
            st.sampled_from(["", "-", "…", "1 2 3", "2023", "12 2023", "Всего", "总值", "<b>", "9" * 40, "\x00", "=1+1"])
            | st.text(max_size=8)
        )  # fmt: skip
        lines[at] = "".join(cells)
    text = "\n".join(lines).encode("utf-8", "replace")
    with contextlib.suppress(InputError):
        (found,) = readers.read_bytes(text, path.name, path.parent.name)
        assert found.figures["value"].map(lambda number: not math.isinf(number)).all()
        assert set(found.figures["role"]) <= {"figure", "total", "part"}


def line(path: Path) -> str:
    """The row of docs/national.md that a file gives."""
    found = reading(path)
    figures, aside = found.figures, found.set_aside
    name = found.facts["reader"]
    if figures.empty:
        why = found.findings["message"].iloc[0].partition(": ")[2]
        return f"| {path.name} | {name} | 0 | none: {why} | |"
    plain = figures[(figures["role"] == "figure") & figures["period"].str.fullmatch(r"\d{4}")]
    sums = []
    for (flow, basis, unit), rows in plain.groupby(["flow", "partner_basis", "unit"], sort=False):
        word = f"{flow} ({basis})" if basis and flow == "imports" else flow
        for year in sorted({rows["period"].min(), rows["period"].max()}):
            amount = rows.loc[rows["period"] == year, "value"].sum()
            sums.append(f"{word} {year}: {amount:,.1f} {unit}")
    roles = figures["role"].value_counts()
    count = f"{len(figures):,} ({roles.get('total', 0):,} totals, {roles.get('part', 0):,} parts)"
    gone = (
        f"{len(aside)} cells, {aside['value'].sum():,.1f} {aside['unit'].iloc[0]}"
        if len(aside)
        else "none"
    )
    return f"| {path.name} | {name} | {count} | {'; '.join(sums)} | {gone} |"


def test_the_page_says_what_each_file_gives(shared: Path) -> None:
    page = (SPECIMENS.parents[1] / "docs/national.md").read_text(encoding="utf-8")
    files = [*(shared / "national").rglob("*"), *(shared / "sdmx").iterdir()]
    wanted = [line(path) for path in files if path.is_file()]
    assert len(wanted) == 20 and [row for row in wanted if row not in page] == []
