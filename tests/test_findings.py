"""Findings: each rule fires on the smallest input that shows it, and stays silent without the cause."""

from __future__ import annotations

import pandas as pd
import pytest
from build import codes, only, readings, result

from reconcile import findings as rules
from reconcile.result import Basis
from reconcile.run import run

PAIR = ("KAZ,CHN,exports,2023,10,billion USD,A", "CHN,KAZ,imports,2023,12,billion USD,B")


def message(found, code: str) -> str:  # type: ignore[no-untyped-def]
    return str(only(found.findings, code=code)["message"])


def test_gap_names_every_base() -> None:
    text = message(result(*PAIR), "GAP")
    for part in (
        "2.0 billion USD",
        "18.2 % of the mean",
        "20.0 % of the lower",
        "16.7 % of the higher",
    ):
        assert part in text


def test_within_tolerance_and_rounding() -> None:
    near = (
        "KAZ,CHN,exports,2023,10.00,billion USD,A",
        "CHN,KAZ,imports,2023,10.10,billion USD,B,FOB",
    )
    found = result(near[0] + ",FOB", near[1], more="valuation")
    assert {"WITHIN_TOLERANCE"} <= codes(found)
    assert "GAP" not in codes(found)
    same = result(
        "KAZ,CHN,exports,2023,10,billion USD,A", "CHN,KAZ,imports,2023,10.4,billion USD,B"
    )
    assert "WITHIN_ROUNDING" in codes(same)


def test_missing_mirror_names_who_is_silent() -> None:
    text = message(result(PAIR[0]), "MISSING_MIRROR")
    assert "Kazakhstan reports 10.0 billion USD, no figure of China is at hand" in text


def test_single_source_of_a_turnover() -> None:
    assert "SINGLE_SOURCE" in codes(result("KAZ,CHN,turnover,2023,10,billion USD,A"))


def test_same_origin() -> None:
    found = result(
        "CHN,KAZ,turnover,2024,43.8,billion USD,Paper,Office", "CHN,KAZ,turnover,2024,43.82,billion USD,Office,",
        more="derived_from",
    )  # fmt: skip
    assert "Paper repeats Office" in message(found, "SAME_ORIGIN")
    assert "SAME_ORIGIN" not in codes(result(*PAIR))


@pytest.mark.parametrize(("records", "copied"), [("", True), ("TKM", False)])
def test_mirror_copy_only_without_own_records(records: str, copied: bool) -> None:
    found = result(
        f"TKM,CHN,turnover,2024,10.6,billion USD,Bank,{records}", "CHN,TKM,turnover,2024,10.65,billion USD,Office,CHN",
        more="records",
    )  # fmt: skip
    assert ("MIRROR_COPY" in codes(found)) is copied


def test_a_coarse_figure_is_no_copy() -> None:
    """11 and 10.65 agree to rounding, but a figure of two digits can do so by chance."""
    found = result(
        "TKM,CHN,turnover,2024,11,billion USD,Bank,", "CHN,TKM,turnover,2024,10.65,billion USD,Office,CHN",
        more="records",
    )  # fmt: skip
    assert "MIRROR_COPY" not in codes(found)


def test_two_sources_of_two_years_are_named_and_not_compared() -> None:
    found = result("KAZ,CHN,exports,2022,10,billion USD,A", "CHN,KAZ,imports,2023,12,billion USD,B")
    text = message(found, "PERIOD_DIFFERS")
    assert "10.0 billion USD for 2022 (A)" in text
    assert "12.0 billion USD for 2023 (B)" in text
    assert found.cases["gap"].isna().all()


def test_a_panel_of_years_raises_no_period_finding() -> None:
    lines = []
    for year in (2021, 2022, 2023):
        for partner in ("CHN", "RUS", "DEU"):
            lines.append(f"KAZ,{partner},exports,{year},10,billion USD,A")
            lines.append(f"{partner},KAZ,imports,{year},10.4,billion USD,{partner}")
    assert "PERIOD_DIFFERS" not in codes(result(*lines))


def test_price_bases() -> None:
    lines = (
        "KAZ,CHN,exports,2023,10,billion USD,A,current", "CHN,KAZ,imports,2023,12,billion USD,B,2015",
    )  # fmt: skip
    assert "PRICES_DIFFER" in codes(result(*lines, more="prices"))
    brought = result(*lines, more="prices", prices=2023)
    assert "PRICES_DIFFER" not in codes(brought)
    assert "PRICES_CHANGED" in codes(brought)
    assert only(brought.cases, kind="mirror")["verdict"] != "not comparable"


def test_currency_assumed_from_the_quoted_words() -> None:
    silent = result(
        'DEU,KAZ,turnover,2024,64,billion USD,Paper,"about 64 billion with Germany"', more="quote"
    )
    assert "were it EUR" in message(silent, "CURRENCY_ASSUMED")
    spoken = result('DEU,KAZ,turnover,2024,64,billion USD,Paper,"64 billion dollars"', more="quote")
    assert "CURRENCY_ASSUMED" not in codes(spoken)
    assert "CURRENCY_ASSUMED" not in codes(result("DEU,KAZ,turnover,2024,64,billion USD,Paper"))


def test_rank_depends_only_where_readings_cross() -> None:
    crossing = (
        "KAZ,CHN,turnover,2024,30,billion USD,A", "CHN,KAZ,turnover,2024,44,billion USD,B",
        "KAZ,RUS,turnover,2024,35,billion USD,A",
    )  # fmt: skip
    assert "depends on the reading" in message(result(*crossing), "RANK_DEPENDS")
    clear = (*crossing[:2], "KAZ,RUS,turnover,2024,28,billion USD,A")
    assert "RANK_DEPENDS" not in codes(result(*clear))


def test_outlier_needs_three_and_a_figure_apart() -> None:
    lines = (
        "UZB,CHN,turnover,2024,18.0,billion USD,Bank", "UZB,CHN,turnover,2024,12.4,billion USD,Agency",
        "CHN,UZB,turnover,2024,13.78,billion USD,Office",
    )  # fmt: skip
    assert "the figure of Bank, 18.0 billion USD" in message(result(*lines), "OUTLIER")
    assert "OUTLIER" not in codes(result(*lines[1:]))


def test_parts_and_offsets() -> None:
    members = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
    own = [f"{code},CHN,turnover,2024,10,billion USD,Bank" for code in members]
    far = [
        f"CHN,{code},turnover,2024,{v},billion USD,Office"
        for code, v in zip(members, (20, 12, 11, 10, 7))
    ]
    found = result(
        "C_ASIA,CHN,turnover,2024,55,billion USD,Bank", "CHN,C_ASIA,turnover,2024,60,billion USD,Office", *own, *far
    )  # fmt: skip
    assert "5.0 billion USD under the total of Bank" in message(found, "PARTS_DIFFER")
    assert "Uzbekistan -3.0 billion USD" in message(found, "OFFSETTING")
    assert "not located" in message(found, "LOCATED")


def test_scale_suspect() -> None:
    found = result(
        "KAZ,CHN,exports,2023,10.2,million USD,A", "CHN,KAZ,imports,2023,10.3,billion USD,B"
    )
    assert "1,000 times" in message(found, "SCALE_SUSPECT")
    assert "SCALE_SUSPECT" not in codes(result(*PAIR))


def test_valuation_assumed_and_sign() -> None:
    down = ("KAZ,CHN,exports,2023,12,billion USD,A", "CHN,KAZ,imports,2023,10,billion USD,B")
    found = result(*down)
    assert "VALUATION_SIGN" in codes(found)
    assert len(found.findings[found.findings["code"] == "VALUATION_ASSUMED"]) == 2
    assert "VALUATION_SIGN" not in codes(result(*PAIR))
    stated = result(down[0] + ",FOB", down[1] + ",CIF", more="valuation")
    assert "VALUATION_ASSUMED" not in codes(stated)


def test_concepts_and_coverage() -> None:
    concept = result(PAIR[0] + ",goods", PAIR[1] + ",services", more="concept")
    assert "CONCEPT_DIFFERS" in codes(concept)
    coverage = result(PAIR[0] + ",general", PAIR[1] + ",special", more="trade_system")
    assert "the trade system differs, general against special" in message(
        coverage, "COVERAGE_DIFFERS"
    )


def test_re_imports_are_read_as_cif_and_no_share_is_taken_of_nothing() -> None:
    found = result("KAZ,CHN,re-imports,2023,1,billion USD,A", "KAZ,RUS,exports,2023,5.0,billion USD,A",
                   "RUS,KAZ,imports,2023,0.0,billion USD,B")  # fmt: skip
    said = found.findings.set_index("code")["message"]
    told = said["VALUATION_ASSUMED"].tolist()
    assert "re-imports without a stated valuation are read as CIF: 1 figure" in told
    assert "nan" not in said["GAP"] and "of the lower" not in said["GAP"]


def test_status_vintage_and_doubles() -> None:
    lines = ("KAZ,CHN,exports,2023,10.1,billion USD,A,2024-02,provisional",
             "KAZ,CHN,exports,2023,10.9,billion USD,A,2024-08,final")  # fmt: skip
    found = result(*lines, more="published,status")
    assert {"VINTAGE", "PROVISIONAL"} <= codes(found)
    twice = result(*PAIR, PAIR[0])
    assert "DUPLICATE" in codes(twice)
    assert len(twice.figures) == 3
    assert list(twice.figures["role"]) == ["figure", "figure", "set aside"]
    two = result(*PAIR, "KAZ,CHN,exports,2023,11,billion USD,A")
    assert "prints 10.0 billion USD and 11.0 billion USD" in message(two, "DUPLICATE")


def test_targets_are_compared_with_nothing() -> None:
    found = result(PAIR[0] + ",target", PAIR[1] + ",final", more="status")
    assert "NOT_ACTUAL" in codes(found)
    assert set(found.cases["verdict"]) == {"single source"}


def test_many_findings_of_a_kind_are_counted_and_valued() -> None:
    product = [f"{n:06d}" for n in range(100001, 100001 + rules.MOST + 20)]
    lines = [
        f"KAZ,CHN,exports,2023,{n + 1},million USD,A,{code},H5" for n, code in enumerate(product)
    ]
    found = result(*lines, more="commodity,classification")
    rows = found.findings[found.findings["code"] == "MISSING_MIRROR"]
    assert len(rows) == rules.MOST + 1
    assert rows["message"].iloc[-1].startswith("20 more of this kind, together 210")


def test_every_code_of_the_catalogue_is_complete_and_severities_are_three() -> None:
    table = pd.DataFrame(rules.catalogue().values())
    assert not (table == "").any().any()
    assert set(table["severity"]) <= set(rules.SEVERITIES)
    assert table["code"].is_unique


def test_findings_come_gravest_first() -> None:
    found = result(*PAIR)
    rank = found.findings["severity"].map({name: n for n, name in enumerate(rules.SEVERITIES)})
    assert rank.is_monotonic_increasing


def test_an_assumption_that_serves_nothing_is_named_with_what_it_may_mean() -> None:
    rows = pd.DataFrame({"id": ["tolerence", "fx-CNY-2019", "tolerance"], "value": [0.5, 7.0, 0.2]})
    lines = readings("KAZ,CHN,exports,2023,10,billion USD,A")
    found = run(lines, Basis(), rows).findings.set_index("code").loc["ASSUMPTION_UNUSED"]
    assert "2 assumptions" in found["message"] and "fx-CNY-2019" in found["message"]
    assert "tolerence (did you mean tolerance?)" in found["message"]
    assert "fx-CNY-2019 (" not in found["message"]
    assert "ASSUMPTION_UNUSED" not in set(run(lines, Basis(), rows.iloc[2:]).findings["code"])
