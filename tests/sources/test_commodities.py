"""Commodity codes, correlation tables and conversion: small invented specimens, and the United Nations' tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import commodities
from sources.errors import InputError
from sources.figures import COLUMNS, empty_figures


def specimen(tmp_path: Path, text: str, name: str = "table.csv") -> commodities.Concordance:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return commodities.load(path)


def figures(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    """Make figures of 2022: (reporter, partner, classification, commodity, value in USD)."""
    table = empty_figures().reindex(range(len(rows)))
    for name, kind in COLUMNS.items():
        table[name] = "" if kind == "text" else np.nan
    for at, (reporter, partner, classification, commodity, value) in enumerate(rows):
        known = {
            "id": f"f{at}", "reporter": reporter, "partner": partner, "flow": "imports", "period": "2022",
            "value": value, "low": value, "high": value, "unit": "USD", "currency": "USD", "scale": 1.0,
            "source": reporter, "file": "made.csv", "place": f"line {at + 2}", "printed": f"{value:g}",
            "commodity": commodity, "classification": classification, "measure": "value", "state": "number",
            "role": "figure",
        }  # fmt: skip
        for name, cell in known.items():
            table.loc[at, name] = cell
    return table


HORSES = (  # 2022 to 2017, invented: 010121 and 010129 were one, 020110 was cut in two, 030110 moved
    "HS 2022,HS 2017,Relationship\n010121,010111,n:1\n010129,010111,n:1\n020110,020111,1:n\n"
    "020110,020112,1:n\n030110,030120,1:1\n"
)


# --- codes ---------------------------------------------------------------------------------------------


def test_levels_and_parents():
    assert [commodities.level(code) for code in ("TOTAL", "01", "0101", "010121")] == [0, 2, 4, 6]
    chain = ["010121"]
    while chain[-1] != "TOTAL":
        chain.append(commodities.parent(chain[-1]))
    assert chain == ["010121", "0101", "01", "TOTAL"]
    assert commodities.parent("00151", "SITC Rev. 3") == "0015"
    assert commodities.parent("0", "S3") == "TOTAL"


@pytest.mark.parametrize("code", ["10121", "abc", "1.5", "1"])
def test_what_is_no_code_of_the_hs_is_refused(code):
    with pytest.raises(ValueError, match=r"no commodity code|odd number"):
        commodities.level(code)


def test_chapters_are_97():
    assert len(commodities.chapters()) == 97
    assert list(commodities.chapters()) == [f"{number:02d}" for number in range(1, 98)]
    assert commodities.chapter("010121") == "Live animals"
    assert commodities.chapter("854231").startswith("Electrical machinery")
    assert commodities.chapter("TOTAL") == commodities.chapter("99") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("HS 2022", "H6"), ("HS2017", "H5"), (" HS2017", "H5"), ("HS17", "H5"), ("HS92", "H0"), ("h4", "H4"),
     ("HS 1988", "H0"), ("SITC Rev. 4", "S4"), ("SITC4", "S4"), ("BEC 4", "B4"), ("BEC Rev.5", "B5"), ("HS", "HS"),
     ("CN8", ""), ("HS 2030", ""), ("", "")],
)  # fmt: skip
def test_names_of_classifications(text, code):
    assert commodities.system(text) == code


def test_a_lost_leading_zero_is_put_back_where_there_is_one_reading():
    codes = pd.Series(["10121", "1", "101", "851712", "9999", "TOTAL", "99999"])
    mended, marks = commodities.repair(codes, "H6")
    assert list(mended) == ["010121", "01", "0101", "851712", "9999", "TOTAL", "099999"]
    assert list(marks) == [True, True, True, False, False, False, True]
    mended, marks = commodities.repair(codes, "H6", known={"010121"})
    assert list(mended[marks]) == ["010121"]
    assert not commodities.repair(codes, "S4")[1].any()


# --- tables ----------------------------------------------------------------------------------------------


def test_a_table_in_csv(tmp_path):
    table = specimen(tmp_path, HORSES)
    assert (table.source, table.target, len(table.pairs)) == ("H6", "H5", 5)
    assert list(table.pairs["relationship"]) == ["n:1", "n:1", "1:n", "1:n", "1:1"]
    back = table.reversed()
    assert (back.source, back.target) == ("H5", "H6")
    assert list(back.pairs["relationship"]) == ["1:n", "1:n", "n:1", "n:1", "1:1"]


def test_the_quirks_of_the_workbooks(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    conversion = book.active
    conversion.title = "Conversion HS17-HS12"
    for line in (("From HS 2017", "To HS 2012"), ("010121", "010121"), ("010190", "010121")):
        conversion.append(line)
    sheet = book.create_sheet("Correlation HS17-HS12")
    for line in (
        ("Between", "", "", ""), ("HS 2017", "", " HS 2012", "Relationship"), ("010121", "ex", "010121", "'1:n"),
        ("010121", "", "'010122", "`1:n"), (10190.0, "", " 010190", "1:1"), (999999, "", 999999, "1:1"),
        ("", "", "", ""), ("Note: ex marks a part of a code", "", "", ""),
    ):  # fmt: skip
        sheet.append(line)
    book.save(tmp_path / "HS.xlsx")
    table = commodities.load(tmp_path / "HS.xlsx")
    assert table.sheet == "Correlation HS17-HS12"
    assert list(zip(table.pairs["from"], table.pairs["to"])) == [
        ("010121", "010121"), ("010121", "010122"), ("010190", "010190"), ("999999", "999999"),
    ]  # fmt: skip
    assert list(table.pairs["partial"]) == [True, False, False, False]
    assert [problem.code for problem in table.findings] == ["CODE_REPAIRED"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\n1,2\n", "no sheet has a column"),
        (
            "HS 2022,HS 2017\n010121,010111\nxx,010112\n010129,010111\n" + "020110,020110\n" * 6,
            "'xx'",
        ),
        ("HS 2022,HS 2017,weight\n010121,010111,0.7\n010121,010112,0.4\n", "add up to 1.1"),
        ("HS 2022,HS 2017,weight\n010121,010111,0.7\n010121,010112,\n", "add up to 0.7"),
        ("HS 2022,HS 2017,weight\n010121,010111,much\n", "'much' is not between 0 and 1"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, text, found):
    with pytest.raises(InputError, match=found) as caught:
        specimen(tmp_path, text)
    assert {problem.code for problem in caught.value.problems} == {"CONCORDANCE"}


# --- conversion --------------------------------------------------------------------------------------------


def values(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {(row.reporter, row.commodity): row.value for row in table.itertuples()}


def messages(findings: pd.DataFrame) -> dict[str, str]:
    return dict(zip(findings["code"], findings["message"]))


def test_one_to_one_and_several_to_one_map_directly(tmp_path):
    rows = figures(("KAZ", "CHN", "H6", "010121", 5.0), ("KAZ", "CHN", "H6", "010129", 7.0),
                   ("KAZ", "CHN", "H6", "030110", 11.0), ("KAZ", "CHN", "H6", "TOTAL", 23.0))  # fmt: skip
    out, aside, findings = commodities.to_classification(rows, "H5", [specimen(tmp_path, HORSES)])
    assert values(out) == {("KAZ", "010111"): 12.0, ("KAZ", "030120"): 11.0, ("KAZ", "TOTAL"): 23.0}
    assert aside.empty
    assert set(out.loc[out["commodity"] != "TOTAL", "classification"]) == {"H5"}
    note = dict(zip(out["commodity"], out["note"]))
    assert note["010111"] == "sum of 2 commodities: 010121 of HS 2022 + 010129 of HS 2022"
    assert note["030120"] == "commodity printed as 030110 of HS 2022"
    assert dict(zip(out["commodity"], out["printed"]))["010111"].count(" + ") == 1
    assert messages(findings) == {
        "COMMODITY_MAPPED": "3 figures by commodity were mapped to HS 2017 one to one or several to one: 23 USD"
    }


def test_one_to_several_merges_both_sides(tmp_path):
    rows = figures(("KAZ", "CHN", "H6", "020110", 10.0), ("CHN", "KAZ", "H5", "020111", 4.0),
                   ("CHN", "KAZ", "H5", "020112", 5.0), ("CHN", "KAZ", "H5", "030120", 2.0))  # fmt: skip
    out, aside, findings = commodities.to_classification(
        rows, "HS 2017", [specimen(tmp_path, HORSES)]
    )
    assert values(out) == {
        ("KAZ", "020111+020112"): 10.0,
        ("CHN", "020111+020112"): 9.0,
        ("CHN", "030120"): 2.0,
    }
    assert aside.empty
    assert messages(findings)["COMMODITY_MERGED"].startswith(
        "3 figures by commodity are in merged groups"
    )
    assert out.loc[out["commodity"] == "030120", "note"].item() == ""  # untouched


def test_a_table_is_read_both_ways(tmp_path):
    rows = figures(("CHN", "KAZ", "H5", "010111", 12.0), ("KAZ", "CHN", "H6", "010121", 5.0))
    out, _, _ = commodities.to_classification(rows, "H6", [specimen(tmp_path, HORSES)])
    assert values(out) == {("CHN", "010121+010129"): 12.0, ("KAZ", "010121+010129"): 5.0}


def test_stated_weights_split_and_say_so(tmp_path):
    table = specimen(
        tmp_path,
        "HS 2022,HS 2017,weight\n020110,020111,0.25\n020110,020112,0.75\n030110,030120,1\n",
    )
    out, _, findings = commodities.to_classification(
        figures(("KAZ", "CHN", "H6", "020110", 8.0)), "H5", [table]
    )
    assert values(out) == {("KAZ", "020111"): 2.0, ("KAZ", "020112"): 6.0}
    assert set(out["assumed"]) == {"commodity"} and set(out["status"]) == {"estimate"}
    assert "0.25 of 020110 of HS 2022" in out["note"].iloc[0]
    assert "COMMODITY_WEIGHTED" in messages(findings)


def test_an_equal_split_only_when_asked(tmp_path):
    table, rows = specimen(tmp_path, HORSES), figures(("KAZ", "CHN", "H6", "020110", 8.0))
    out, _, _ = commodities.to_classification(rows, "H5", [table])
    assert values(out) == {("KAZ", "020111+020112"): 8.0}
    out, _, _ = commodities.to_classification(rows, "H5", [table], equal=True)
    assert values(out) == {("KAZ", "020111"): 4.0, ("KAZ", "020112"): 4.0}
    assert set(out["assumed"]) == {"commodity"}


def test_what_no_table_maps_is_set_aside_with_its_value(tmp_path):
    rows = figures(("KAZ", "CHN", "H6", "990099", 3.0), ("KAZ", "CHN", "H4", "010121", 4.0),
                   ("KAZ", "CHN", "", "010121", 5.0), ("KAZ", "CHN", "H6", "01012110", 6.0))  # fmt: skip
    out, aside, findings = commodities.to_classification(rows, "H5", [specimen(tmp_path, HORSES)])
    assert out.empty
    assert list(aside["value"]) == [3.0, 4.0, 5.0, 6.0]
    assert "no table from HS 2012 to HS 2017" in aside["reason"].iloc[1]
    assert "not stated" in aside["reason"].iloc[2]
    assert messages(findings)["COMMODITY_UNMAPPED"].endswith("set aside: 18 USD")


def test_a_code_of_too_many_counterparts_is_set_aside(tmp_path):
    lines = "".join(f"854911,{850000 + number}\n" for number in range(30))
    table = specimen(tmp_path, "HS 2022,HS 2017\n" + lines + "010121,010121\n")
    rows = figures(("KAZ", "CHN", "H6", "854911", 9.0), ("CHN", "KAZ", "H5", "850001", 1.0))
    out, aside, _ = commodities.to_classification(rows, "H5", [table])
    assert values(out) == {("CHN", "850001"): 1.0}
    assert list(aside["value"]) == [9.0]
    assert "more than 20 codes of HS 2017" in aside["reason"].item()


def test_chapters_pass_and_headings_go_by_their_own_level(tmp_path):
    rows = figures(("KAZ", "CHN", "H6", "01", 12.0), ("KAZ", "CHN", "H6", "0301", 4.0))
    out, aside, _ = commodities.to_classification(rows, "H5", [specimen(tmp_path, HORSES)])
    assert values(out) == {("KAZ", "01"): 12.0, ("KAZ", "0301"): 4.0}
    assert aside.empty


def test_not_reported_is_not_zero(tmp_path):
    rows = figures(("KAZ", "CHN", "H6", "010121", 5.0), ("KAZ", "CHN", "H6", "010129", np.nan))
    rows.loc[1, "state"] = "suppressed"
    out, _, _ = commodities.to_classification(rows, "H5", [specimen(tmp_path, HORSES)])
    assert values(out) == {("KAZ", "010111"): 5.0}
    assert "1 of them not reported" in out["note"].item()
    rows.loc[0, ["value", "state"]] = [np.nan, "suppressed"]
    out, _, _ = commodities.to_classification(rows, "H5", [specimen(tmp_path, HORSES)])
    assert np.isnan(out["value"].item()) and out["state"].item() == "suppressed"


def test_an_unknown_target_is_refused(tmp_path):
    for target in ("H9", "HS", ""):
        with pytest.raises(InputError, match="unknown classification"):
            commodities.to_classification(figures(), target, [specimen(tmp_path, HORSES)])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["KAZ", "UZB"]), st.just("CHN"), st.sampled_from(["H6", "H5"]),
            st.sampled_from(["010121", "010129", "020110", "030110", "010111", "020111", "030120", "TOTAL", "777777"]),
            st.integers(0, 10**6).map(float),
        ),
        max_size=12,
    ),
    st.booleans(),
)  # fmt: skip
def test_value_is_never_lost(tmp_path_factory, rows, equal):
    table = specimen(tmp_path_factory.mktemp("table"), HORSES)
    given_ = figures(*rows)
    out, aside, _ = commodities.to_classification(given_, "H5", [table], equal=equal)
    assert out["value"].sum() + aside["value"].sum() == pytest.approx(given_["value"].sum())
    assert list(out.columns) == list(given_.columns)
    held = out[out["commodity"] != "TOTAL"]
    assert set(held["classification"]) <= {"H5"}


# --- mixed ---------------------------------------------------------------------------------------------------


def test_mixed_revisions_are_found_and_named():
    rows = figures(("KAZ", "CHN", "H6", "010121", 5.0), ("CHN", "KAZ", "H5", "010121", 4.0),
                   ("UZB", "CHN", "H6", "010121", 1.0))  # fmt: skip
    (found,) = commodities.mixed(rows).to_dict("records")
    assert found["code"] == "CLASSIFICATIONS_MIXED"
    assert found["figures"] == ["f0", "f1"]
    assert "HS 2017 and HS 2022 (CHN-KAZ 2022)" in found["message"]


def test_totals_and_one_revision_are_not_mixed():
    rows = figures(("KAZ", "CHN", "H6", "TOTAL", 5.0), ("CHN", "KAZ", "H5", "TOTAL", 4.0))
    assert commodities.mixed(rows).empty
    rows = figures(("KAZ", "CHN", "H6", "01", 5.0), ("CHN", "KAZ", "HS 2022", "01", 4.0))
    assert commodities.mixed(rows).empty
    assert commodities.mixed(figures()).empty


# --- the United Nations' tables ---------------------------------------------------------------------------------

TABLES = {
    "HS2017toHS1992": ("H5", "H0", 7862), "HS2017toHS1996": ("H5", "H1", 7468), "HS2017toHS2002": ("H5", "H2", 7073),
    "HS2017toHS2007": ("H5", "H3", 6323), "HS2017toHS2012": ("H5", "H4", 6141), "HS2022toHS1992": ("H6", "H0", 18900),
    "HS2022toHS1996": ("H6", "H1", 18600), "HS2022toHS2002": ("H6", "H2", 18242),
    "HS2022toHS2007": ("H6", "H3", 16635), "HS2022toHS2012": ("H6", "H4", 16377), "HS2022toHS2017": ("H6", "H5", 15657),
    "HS2022toSITC3": ("H6", "S3", 14992), "HS2022toSITC4": ("H6", "S4", 13191),
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_united_nations(shared, name):
    table = commodities.load(shared / "concordance" / f"{name}ConversionAndCorrelationTables.xlsx")
    assert (table.source, table.target, len(table.pairs)) == TABLES[name]
    assert set(table.pairs["relationship"]) <= {"1:1", "n:1", "1:n", "n:n"}
    assert table.pairs["from"].str.fullmatch(r"\d{6}").all()
    assert not table.findings


@pytest.mark.shared
def test_known_pairs(shared):
    table = commodities.load(
        shared / "concordance" / "HS2017toHS2012ConversionAndCorrelationTables.xlsx"
    )
    kinds = table.pairs["relationship"].value_counts()
    assert dict(kinds) == {"1:1": 4744, "n:n": 775, "n:1": 578, "1:n": 44}  # as printed
    table = commodities.load(
        shared / "concordance" / "HS2022toSITC4ConversionAndCorrelationTables.xlsx"
    )
    horses = table.pairs[table.pairs["from"].str.startswith("0101")]
    assert set(horses.loc[horses["from"].isin(["010121", "010129", "010130"]), "to"]) == {"0015"}
    bec = commodities.load(
        shared / "concordance" / "HS2022_to_BEC_Conversion_and_Correlation_Tables.csv"
    )
    assert (bec.source, bec.target) == ("H6", "B4")
    found = bec.pairs[bec.pairs["from"] == "010130"]
    assert list(found["to"]) == ["111", "41"]


@pytest.mark.shared
def test_a_whole_schedule_keeps_its_value(shared):
    import json

    listed = json.loads(
        (shared / "concordance" / "classificationH6.json").read_text(encoding="utf-8-sig")
    )
    codes = [row["id"] for row in listed["results"] if row["id"].isdigit() and len(row["id"]) == 6]
    rows = figures(*[("KAZ", "CHN", "H6", code, 1.0) for code in codes[::15]])
    table = commodities.load(
        shared / "concordance" / "HS2022toHS2017ConversionAndCorrelationTables.xlsx"
    )
    out, aside, _ = commodities.to_classification(rows, "H5", [table])
    assert out["value"].sum() + aside["value"].sum() == len(rows)
    assert len(aside) < len(rows) * 0.03
