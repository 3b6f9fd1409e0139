"""Publishers' real files read with the right totals: rows, sums by flow and year, held against pandas alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sources import readers
from sources.figures import Reading

Sums = dict[tuple[str, str], tuple[int, float]]
WORDS = {
    "M": "imports", "X": "exports", "RX": "re-exports", "RM": "re-imports", "Import": "imports",
    "Export": "exports", "Re-Export": "re-exports", "Re-Import": "re-imports",
}  # fmt: skip


def one(path: Path) -> Reading:
    [reading] = readers.read_path(path)
    return reading


def sums(reading: Reading, measure: str = "value") -> Sums:
    """Give rows and sum in whole units by flow and year, of every figure, total and part."""
    figures = reading.figures[reading.figures["measure"] == measure]
    amount = figures["value"] * figures["scale"]
    by = [figures["flow"], figures["start"].str[:4]]
    found = amount.groupby(by).agg(["size", "sum"])
    return {key: (int(row["size"]), float(row["sum"])) for key, row in found.iterrows()}


def held(table: pd.DataFrame, flow: str, year: str, value: str, scale: float = 1.0) -> Sums:
    """Give the same of a table by its own columns."""
    words = table[flow].astype(str).str.strip()
    by = [words.map(WORDS).fillna(words), table[year].astype(str).str[:4]]
    found = (table[value].astype(float) * scale).groupby(by).agg(["size", "sum"])
    return {key: (int(row["size"]), float(row["sum"])) for key, row in found.iterrows()}


def same(found: Sums, expected: Sums) -> None:
    assert {key: rows for key, (rows, _) in found.items()} == {
        key: rows for key, (rows, _) in expected.items()
    }
    for key, (_, total) in expected.items():
        assert found[key][1] == pytest.approx(total, rel=1e-12), key


@pytest.mark.parametrize(
    "name", ["comtradr_vignette_data_10__hs0_all", "comtradr_vignette_data_3__example_3", "comtradr_vignette_data_8__hs0"]
)  # fmt: skip
def test_snake_case_comtrade(shared: Path, name: str) -> None:
    path = shared / "comtrade_new" / f"{name}.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    reading = one(path)
    assert reading.facts["reader"] == "comtrade"
    same(sums(reading), held(table, "flow_code", "period", "primary_value"))
    assert reading.set_aside.empty


def test_comtrade_download_with_a_comma_too_many(shared: Path) -> None:
    path = shared / "comtrade_new/methakanb_TradeData_THA_8542.csv"
    table = pd.read_csv(path, encoding="latin-1", index_col=False, dtype=str)
    reading = one(path)
    same(sums(reading), held(table, "flowCode", "period", "primaryValue"))
    figures = reading.figures
    totals = figures[figures["role"] == "total"]
    assert set(totals["partner"]) == {"WORLD"} and len(totals) == table["period"].nunique()
    parts = figures[figures["role"] == "figure"].groupby("period")["value"].sum()
    assert np.allclose(totals.set_index("period")["value"], parts, rtol=1e-9)
    assert "CUW" in set(figures["partner"])  # the row that is not ASCII


def test_comtrade_api_answer(shared: Path) -> None:
    reading = one(shared / "comtrade_new/comtradr_api_response_HS-60a6ad.json")
    table = pd.read_json(shared / "comtrade_new/comtradr_api_response_HS-60a6ad.json")
    data = pd.json_normalize(list(table["data"]))
    same(sums(reading), held(data, "flowCode", "period", "primaryValue"))
    told = reading.figures.set_index("flow")["valuation"].to_dict()
    assert told == {"imports": "CIF", "exports": "FOB"}


def test_comtrade_parquet(shared: Path) -> None:
    import duckdb

    path = shared / "comtrade_new/comtradr_vignette_data_4__data_eu_imports.parquet"
    [(rows, total)] = duckdb.sql(
        f"SELECT count(*), sum(primary_value) FROM read_parquet('{path}')"
    ).fetchall()
    reading = one(path)
    assert len(reading.figures) == rows == 173_358
    assert reading.figures["value"].sum() == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize(
    "name", ["hkhsieh_bicycle_871200_imports.csv", "sstaple15_US_CN_2017_HS2.csv"]
)
def test_legacy_comtrade(shared: Path, name: str) -> None:
    path = shared / "comtrade_legacy" / name
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    reading = one(path)
    same(sums(reading), held(table, "Trade Flow", "Year", "Trade Value (US$)"))
    flags = reading.figures["printed_flag"].value_counts()
    for flag in ("2", "4", "6"):
        assert flags.get(flag, 0) == (table["Flag"] == flag).sum()
    if "HS2" in name:
        assert set(reading.figures["commodity"].str.len()) == {2}


def test_the_world_matrix_of_wits(shared: Path) -> None:
    path = shared / "wits/Grasland_WITS_trade2009.csv"
    table = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
    reading = one(path)
    same(sums(reading), held(table, "TradeFlowName", "Year", "TradeValue in 1000 USD", 1000.0))
    assert reading.set_aside.empty
    figures = reading.figures
    totals = figures[figures["role"] == "total"]
    world = table["PartnerISO3"] == "WLD"
    union = table["ReporterISO3"] == "EUN"
    assert set(totals["partner"][totals["reporter"] != "EU"]) == {"WORLD"}
    assert (figures["reporter"] == "EU").sum() == union.sum()
    # Nothing of the world's or the Union's rows is left among the figures beside their members.
    plain = figures[figures["role"] == "figure"]
    assert not (plain["partner"] == "WORLD").any()
    rest = table[~world & ~union]["TradeValue in 1000 USD"].astype(float).sum()
    eu = plain[plain["reporter"] == "EU"]["value"].sum()
    assert plain["value"].sum() - eu == pytest.approx(rest, rel=1e-9)
    codes = set(reading.findings["code"])
    assert {"SELF_TRADE", "UNALLOCATED", "EU_AND_MEMBERS", "TOTALS_MIXED"} <= codes


@pytest.mark.parametrize(
    "name", ["diyouva_China_17-20.csv", "diyouva_China_Total_17-20.csv", "diyouva_USA_17-20.csv"]
)
def test_wits_queries(shared: Path, name: str) -> None:
    path = shared / "wits" / name
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    reading = one(path)
    same(sums(reading), held(table, "TradeFlowName", "Year", "TradeValue in 1000 USD", 1000.0))
    totals = reading.figures[reading.figures["role"] == "total"]
    assert {"WORLD", "ASEAN"} >= set(totals["partner"]) > set()


def test_a_harmonised_matrix_is_derived(shared: Path) -> None:
    path = shared / "wits/Grasland_WITS_2009_harmonized_flows.csv"
    table = pd.read_csv(path, sep=";")
    reading = one(path)
    off = table[(table["i"] != table["j"]) | (table["Fij"] != 0)]
    assert len(reading.figures) == len(off)
    amount = (reading.figures["value"] * reading.figures["scale"]).sum()
    assert amount == pytest.approx(table["Fij"].sum() * 1000, rel=1e-12)
    assert (reading.figures["derived_from"] == "WITS").all()
    assert (reading.figures["records"] == "").all()
    margins = one(shared / "wits/Grasland_WITS_2009_harmonized_margins.csv").figures
    own = pd.read_csv(shared / "wits/Grasland_WITS_2009_harmonized_margins.csv", sep=";")
    for flow, column in (("exports", "EXP"), ("imports", "IMP")):
        assert margins[margins["flow"] == flow]["value"].sum() == pytest.approx(own[column].sum())


def test_mirror_pairs(shared: Path) -> None:
    path = shared / "asymmetries/janinepdevera_Bilateral_Trade_2005-2019.csv"
    table = pd.read_csv(path)
    reading = one(path)
    expected = {}
    for flow, column in (("imports", "Import"), ("exports", "Export")):
        found = (table[column] * 1e6).groupby(table["Year"].astype(str)).agg(["size", "sum"])
        expected |= {(flow, year): (int(r["size"]), float(r["sum"])) for year, r in found.iterrows()}  # fmt: skip
    same(sums(reading), expected)
    row = table[(table["Reporter.ISO"] == "KAZ") & (table["Partner.ISO"] == "CHN")].iloc[-1]
    figures = reading.figures[reading.figures["period"] == str(row["Year"])]
    bought = figures[(figures["reporter"] == "KAZ") & (figures["partner"] == "CHN") & (figures["flow"] == "imports")]  # fmt: skip
    sold = figures[(figures["reporter"] == "CHN") & (figures["partner"] == "KAZ") & (figures["flow"] == "exports")]  # fmt: skip
    assert bought["value"].tolist() == [row["Import"]] and sold["value"].tolist() == [row["Export"]]


def test_direction_of_trade_pairs(shared: Path) -> None:
    path = shared / "dots/gfi_DOTS_trdmisin_2015_2016.csv.zip"
    box = zipfile.ZipFile(path)
    data = next(name for name in box.namelist() if not name.startswith("__MACOSX"))
    table = pd.read_csv(io.BytesIO(box.read(data)))
    reading = one(path)
    figures = reading.figures
    assert reading.facts["macos_entries_skipped"] == 2
    key = ["ctycode_m", "pctycode_m", "year_m"]
    doubled = table.duplicated(key, keep=False) & (table["indcode_m"] == "TMG_CIF_USD")
    aside = figures["role"] == "set aside"
    assert aside.sum() == 2 * doubled.sum() == 2 * 5620
    for flow, column in (("imports", "value_m"), ("exports", "value_x")):
        plain = figures[~aside & (figures["flow"] == flow)].groupby("period")["value"].sum()
        own = table[~doubled].groupby("year_m")[column].sum()
        assert np.allclose(plain, own, rtol=1e-12)
    imputed = figures["derived_from"] != ""
    same_value = np.isclose(table["value_m"], table["value_x"], rtol=1e-6, atol=0) & (
        table["value_m"] > 0
    )
    assert imputed.sum() == same_value.sum()
    turkmen = figures[imputed & (figures["flow"] == "imports") & (figures["reporter"] == "TKM")]
    assert len(turkmen) and (turkmen["records"] == turkmen["partner"]).all()
    assert {"IMPUTED", "REMOVED_MARGIN", "ONE_RECORD_TWICE"} <= set(reading.findings["code"])


def test_baci(shared: Path) -> None:
    path = shared / "baci/R-IO-PS_BACI_HS92_Y2021_V202301_AFG_ZAF.csv"
    table = pd.read_csv(path, dtype=str)
    reading = one(path)
    figures = reading.figures
    value = figures[figures["measure"] == "value"]
    assert len(value) == len(table) == 71_192
    assert (value["value"] * value["scale"]).sum() == pytest.approx(
        table["v"].astype(float).sum() * 1000
    )
    mass = pd.to_numeric(table["q"].str.strip(), errors="coerce")
    tonnes = figures[figures["measure"] == "net mass"]
    assert len(tonnes) == mass.notna().sum() and mass.isna().sum() == 2306
    assert tonnes["value"].sum() == pytest.approx(mass.sum(), rel=1e-12)
    assert "2,306 rows without a mass" in set(reading.set_aside["reason"])
    assert set(figures["commodity"].str.len()) == {6} and set(figures["reporter"]) == {"AFG", "ZAF"}
    assert set(figures["classification"]) == {"H0"}


@pytest.mark.parametrize("stamp", ["17T08_31_12.748Z", "25T10_45_31.899Z"])
def test_comext_years(shared: Path, stamp: str) -> None:
    path = shared / f"comext/eu_year_export/Relational_View_2024-11-{stamp}.csv"
    table = pd.read_csv(path, dtype=str)
    reading = one(path)
    assert reading.set_aside.empty and set(reading.figures["unit"]) == {"EUR"}
    assert len(reading.figures) == len(table)
    total = table["VALUE_IN_EUR"].astype(float)
    assert reading.figures["value"].sum() == total.sum()
    groups = table["PARTNER"].str.contains("tra-EU27")
    plain = reading.figures[reading.figures["role"] == "figure"]
    if groups.any():
        totals = reading.figures[reading.figures["partner"].isin(["EXTRA_EU27", "INTRA_EU27"])]
        assert set(totals["role"]) == {"total"} and totals["value"].sum() == total[groups].sum()
    assert not plain["partner"].isin(["EXTRA_EU27", "INTRA_EU27"]).any()


@pytest.mark.parametrize("name", ["kazakhstan_export", "kyrgyzstan_import"])
def test_comext_months(shared: Path, name: str) -> None:
    path = shared / f"comext/monthly_{name}_eurostat.zip"
    box = zipfile.ZipFile(path)
    table = pd.concat(pd.read_csv(io.BytesIO(box.read(n)), dtype=str) for n in box.namelist())
    readings = readers.read_path(path)
    assert len(readings) == len(box.namelist())
    figures = pd.concat([reading.figures for reading in readings])
    assert len(figures) == len(table)
    assert figures["value"].sum() == table["VALUE_IN_EUR"].astype(float).sum()
    group = table["REPORTER"].str.startswith(("European Union", "Euro area"))
    totals = figures[figures["role"] == "total"]
    assert len(totals) == group.sum() and set(totals["reporter"]) == {
        "EU",
        "EU27",
        "EURO_AREA",
        "EA20",
    }
    plain = figures[figures["role"] == "figure"]["value"].sum()
    assert plain == table[~group]["VALUE_IN_EUR"].astype(float).sum()


@pytest.mark.parametrize(
    ("name", "value", "header"),
    [
        ("2.1.1_top_export_partners_reverse", "partner_sum", 0),
        ("3.1.1_top_import_partners", "partner_sum", 0),
        ("PLP_tops_2003-2024_M_X", "primaryValue", 2),
    ],
)
def test_reports_from_comtrade(shared: Path, name: str, value: str, header: int) -> None:
    path = shared / f"comtrade_new/cipf_China_{name}.xlsx"
    table = pd.read_excel(path, header=header, engine="calamine", dtype={"cmdCode": str})
    reading = one(path)
    assert reading.facts["reader"] == "cipf" and reading.set_aside.empty
    same(sums(reading), held(table, "flowCode", "refYear", value))
    first = reading.figures.iloc[0]
    assert first["place"].split("!")[1][1:] == str(header + 2)


def test_a_balance_of_own_and_mirror_totals(shared: Path) -> None:
    path = shared / "comtrade_new/cipf_China_1.1_trade_balance_2014-2025.xlsx"
    table = pd.read_excel(path, engine="calamine")
    reading = one(path)
    figures = reading.figures
    mirror = figures["reporter"] == "WORLD"
    for flow, own, other in (("imports", "M", "X<M"), ("exports", "X", "M<X")):
        chosen = figures["flow"] == flow
        assert figures[chosen & ~mirror]["value"].sum() == pytest.approx(table[own].sum())
        assert figures[chosen & mirror]["value"].sum() == pytest.approx(table[other].sum())
    assert "2025" not in set(figures[~mirror]["period"])  # not reported yet, printed as zero
    assert len(reading.set_aside) == 1


@pytest.mark.parametrize("folder", ["baci", "comext", "concordance"])
def test_companions_hold_no_figures(shared: Path, folder: str) -> None:
    lists = [
        path
        for path in sorted((shared / folder).iterdir())
        if path.suffix in (".csv", ".txt", ".xlsx", ".json") and "BACI_HS" not in path.name
    ]
    assert lists
    for path in lists:
        reading = one(path)
        assert reading.figures.empty, path.name
        assert reading.facts["reader"] in ("codelist", "press"), path.name
