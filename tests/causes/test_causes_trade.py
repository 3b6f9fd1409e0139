"""Causes in the trade itself: coverage, attribution, re-exports, transit, secrecy, codes, timing, valuation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny import Told, pair, row, told

from reconcile.causes.baci import MEAN_CIF, TABLE_1, cif_rate
from reconcile.causes.valuation import wrong_sign

VALUATION = "valuation (CIF/FOB)"
NO_MARGIN = [{"id": "cif-factor", "value": 1.0, "low": 1.0, "high": 1.0}]


def bare(rows: list[dict[str, str]], **more: Any) -> Told:
    """Take rows through without freight and insurance, so that one cause stands alone."""
    return told(rows, NO_MARGIN, **more)


def test_trade_system_is_recorded_where_the_importer_prints_both() -> None:
    """Canada: 80 special, 95 general; China: 100 general. Special trade hides 15 of the gap of -20."""
    rows = pair("100.0", "80.0")
    rows[0]["trade_system"], rows[1]["trade_system"] = "general", "special"
    twin = {**rows[1], "trade_system": "general", "value": "95.0"}
    found = bare([*rows, twin])
    claim = found.claims("coverage and trade system", kind="mirror").iloc[0]
    assert claim["amount"] == pytest.approx(-15e6)
    assert claim["evidence"] == "recorded"
    assert found.case(kind="mirror")["residual"] == pytest.approx(-5e6)


def test_trade_system_without_a_second_figure_claims_nothing_and_says_what_it_needs() -> None:
    """The same without Canada's general figure."""
    rows = pair("100.0", "80.0")
    rows[0]["trade_system"], rows[1]["trade_system"] = "general", "special"
    claim = bare(rows).claims("coverage and trade system").iloc[0]
    assert claim["amount"] == 0
    assert "needs one side's figure on both" in claim["note"]
    assert bare(pair("100.0", "80.0")).claims("coverage and trade system").empty


def test_origin_against_consignment_is_recorded() -> None:
    """Canada: 130 by origin, 110 by consignment; China 100: 20 of 30 came through third countries."""
    rows = pair("100.0", "130.0")
    rows[1]["partner_basis"] = "origin"
    twin = {**rows[1], "partner_basis": "consignment", "value": "110.0"}
    found = bare([*rows, twin])
    claim = found.claims("partner attribution", kind="mirror").iloc[0]
    assert claim["amount"] == pytest.approx(20e6)
    assert claim["evidence"] == "recorded"
    alone = bare(rows).claims("partner attribution").iloc[0]
    assert alone["amount"] == 0 and "needs its figure by consignment" in alone["note"]


HONG_KONG = row("HKG", "CAN", "re-exports", "6.0", coverage="origin: China")


def test_re_exports_through_hong_kong_are_recorded() -> None:
    """China 30, Canada 53.1, and Hong Kong re-exported Chinese goods of 6.0 to Canada."""
    found = bare([*pair("30.0", "53.1"), HONG_KONG])
    claim = found.claims("re-exports").iloc[0]
    assert claim["amount"] == pytest.approx(6e6)
    assert claim["evidence"] == "recorded"
    assert claim["note"].startswith("passed through Hong Kong")
    assert found.case()["residual"] == pytest.approx(17.1e6)
    assert bare(pair("30.0", "53.1")).claims("re-exports").empty
    other = {**HONG_KONG, "coverage": "origin: Japan"}
    assert bare([*pair("30.0", "53.1"), other]).claims("re-exports").empty


def test_re_exports_without_an_origin_are_shared_by_the_hubs_imports() -> None:
    """Hong Kong re-exports 6 to Canada and has 50 of 100 imports from China: 3, between 0 and 6."""
    rows = [
        *pair("30.0", "53.1"),
        {**HONG_KONG, "coverage": ""},
        row("HKG", "CHN", "imports", "50.0"),
        row("HKG", "WORLD", "imports", "100.0"),
    ]
    claim = bare(rows).claims("re-exports").iloc[0]
    assert claim["amount"] == pytest.approx(3e6)
    assert (claim["low"], claim["high"]) == (0.0, pytest.approx(6e6))
    assert claim["evidence"] == "estimated"
    waiting = bare(rows[:3]).claims("re-exports").iloc[0]
    assert waiting["amount"] == 0 and "do not name the origin" in waiting["note"]


def test_own_re_exports_make_the_importers_figure_smaller() -> None:
    """The United States export 100 to Canada, 15 of them foreign goods; Canada, by origin, counts 88."""
    rows = pair("100.0", "88.0", exporter="USA")
    rows[1]["partner_basis"] = "origin"
    rows.append(row("USA", "CAN", "re-exports", "15.0"))
    claim = bare(rows).claims("re-exports", exporter="USA", flow="exports").iloc[0]
    assert claim["amount"] == pytest.approx(-12e6), "cut to the gap"
    assert claim["evidence"] == "recorded"
    # With a gap of the other sign, a recorded amount widens it; where the basis is not stated it may not.
    rows[1]["value"] = "120.0"
    found = bare(rows)
    assert found.amount("re-exports", exporter="USA", flow="exports") == pytest.approx(-15e6)
    assert found.case("USA", "CAN", flow="exports")["residual"] == pytest.approx(35e6)
    rows[1]["partner_basis"] = ""
    claim = bare(rows).claims("re-exports", exporter="USA", flow="exports").iloc[0]
    assert claim["amount"] == 0 and "needs the importer's partner basis" in claim["note"]


def test_transit_offsets_the_gap_of_a_hub() -> None:
    """China: 22 to Kyrgyzstan, which counts 7 (-15); 30 to Kazakhstan, which counts 42 (+12)."""
    rows = [*pair("22.0", "7.0", importer="KGZ"), *pair("30.0", "42.0", importer="KAZ")]
    found = bare(rows)
    through = found.claims("transit through third countries", importer="KAZ").iloc[0]
    assert through["amount"] == pytest.approx(12e6), "15 offered, 12 wanted"
    assert through["evidence"] == "estimated"
    assert found.amount("transit through third countries", importer="KGZ") == pytest.approx(-12e6)
    assert found.case("CHN", "KGZ")["residual"] == pytest.approx(-3e6)


def test_transit_is_shared_and_never_given_twice() -> None:
    """One hub misses 10; two importers have 12 and 8 too much: 6 and 4."""
    rows = [
        *pair("22.0", "12.0", importer="KGZ"), *pair("30.0", "42.0", importer="KAZ"),
        *pair("20.0", "28.0", importer="UZB"),
    ]  # fmt: skip
    found = bare(rows)
    parts = [found.amount("transit through third countries", importer=to) for to in ("KAZ", "UZB")]
    assert parts == pytest.approx([6e6, 4e6])


@pytest.mark.parametrize(
    "rows",
    [
        [*pair("22.0", "7.0", importer="MNG"), *pair("30.0", "42.0", importer="KAZ")],
        [*pair("7.0", "22.0", importer="KGZ"), *pair("30.0", "42.0", importer="KAZ")],
        pair("30.0", "42.0", importer="KAZ"),
    ],
    ids=["no hub", "the hub's gap has the same sign", "no hub among the figures"],
)
def test_transit_without_an_offsetting_hub_claims_nothing(rows: list[dict[str, str]]) -> None:
    """Kazakhstan has 12 too much, and no hub misses anything."""
    assert bare(rows).causes.query("cause == 'transit through third countries'").empty


def test_transit_claims_nothing_from_a_hub_that_would_explain_anything() -> None:
    """Kyrgyzstan misses 90, thirty times the 3 that Kazakhstan has too much."""
    rows = [*pair("122.0", "32.0", importer="KGZ"), *pair("30.0", "33.0", importer="KAZ")]
    found = bare(rows)
    claim = found.claims("transit through third countries", importer="KGZ").iloc[0]
    assert claim["amount"] == 0 and "30 times" in claim["note"]
    assert found.claims("transit through third countries", importer="KAZ").empty


def test_a_hub_of_many_partners_must_miss_goods_as_a_rule() -> None:
    """Kyrgyzstan misses 15 of China's goods, but counts more than four others say: chance, no transit."""
    rows = [*pair("22.0", "7.0", importer="KGZ"), *pair("30.0", "42.0", importer="KAZ")]
    others = ("RUS", "UZB", "TUR", "DEU")
    more = [r for one in others for r in pair("10.0", "14.0", exporter=one, importer="KGZ")]
    name = "transit through third countries"
    assert bare([*rows, *more]).causes.query("cause == @name").empty
    fewer = [r for one in others for r in pair("14.0", "7.0", exporter=one, importer="KGZ")]
    assert bare([*rows, *fewer]).amount(name, importer="KAZ") == pytest.approx(12e6)


def test_transit_takes_the_users_own_hubs() -> None:
    """Mongolia becomes a hub by the row hub-MNG."""
    rows = [*pair("22.0", "7.0", importer="MNG"), *pair("30.0", "42.0", importer="KAZ")]
    found = told(rows, [*NO_MARGIN, {"id": "hub-MNG", "value": 1}])
    assert found.amount("transit through third countries", importer="KAZ") == pytest.approx(12e6)


def test_unallocated_partners_are_shared_by_what_is_missing() -> None:
    """China books 9 under areas not specified; Canada counts 12 and Mexico 6 more than China: 6 and 3."""
    rows = [
        *pair("30.0", "42.0"), *pair("20.0", "26.0", importer="MEX"),
        row("CHN", "Areas, nes", "exports", "9.0"),
    ]  # fmt: skip
    found = bare(rows)
    name = "confidential and unallocated trade"
    assert [found.amount(name, importer=to) for to in ("CAN", "MEX")] == pytest.approx([6e6, 3e6])
    assert bare(rows[:4]).causes.query("cause == @name").empty
    less = [*pair("42.0", "30.0"), *pair("26.0", "20.0", importer="MEX"), rows[4]]
    assert bare(less).causes.query("cause == @name").empty, "exporter's figures larger: wrong sign"


def test_unallocated_products_are_shared_within_the_pair() -> None:
    """China hides 5 under 99; Canada counts 8 more in chapter 85 and 2 more in 84: 4 and 1."""
    hs = {"classification": "HS"}
    rows = [
        *pair("30.0", "38.0", commodity="85", **hs), *pair("20.0", "22.0", commodity="84", **hs),
        row("CHN", "CAN", "exports", "5.0", commodity="99", **hs),
    ]  # fmt: skip
    found = bare(rows)
    name = "confidential and unallocated trade"
    parts = [found.amount(name, commodity=code) for code in ("85", "84")]
    assert parts == pytest.approx([4e6, 1e6])


def test_neighbouring_codes_cancel_under_their_heading() -> None:
    """8517 is 12 too low and 8518 12 too high; chapter 85 agrees: both gaps are the code."""
    hs = {"classification": "HS"}
    rows = [
        *pair("50.0", "38.0", commodity="8517", **hs),
        *pair("40.0", "52.0", commodity="8518", **hs),
    ]
    found = bare(rows)
    name = "commodity misclassification"
    assert found.amount(name, commodity="8517") == pytest.approx(-12e6)
    assert found.amount(name, commodity="8518") == pytest.approx(12e6)
    same = [
        *pair("50.0", "62.0", commodity="8517", **hs),
        *pair("40.0", "52.0", commodity="8518", **hs),
    ]
    assert bare(same).causes.query("cause == @name").empty, "gaps of one sign cancel nothing"
    apart = [*rows[:2], *pair("40.0", "52.0", commodity="2709", **hs)]
    assert bare(apart).causes.query("cause == @name").empty, "another chapter is no neighbour"
    half = [*rows[:2], *pair("40.0", "47.0", commodity="8518", **hs)]
    found = bare(half)
    assert found.amount(name, commodity="8517") == pytest.approx(-7e6), (
        "no more than the neighbour lacks"
    )
    assert found.amount(name, commodity="8518") == pytest.approx(7e6)


def months(share: float) -> list[dict[str, str]]:
    """Twelve months of exports 100, 104, ... with imports of a share of the month before."""
    exports = [100 + 4 * number + 7 * (number % 3) for number in range(13)]
    rows = []
    for number in range(1, 13):
        when = {"period": f"2014-{number:02d}"}
        late = (1 - share) * exports[number] + share * exports[number - 1]
        rows += pair(f"{exports[number]:.3f}", f"{late:.3f}", **when)
    return rows


def test_timing_estimates_the_lag_from_both_series() -> None:
    """Imports hold a quarter of the exports of the month before: the share 0.25 is found."""
    found = bare(months(0.25))
    claim = found.claims("timing", period="2014-06").iloc[0]
    assert claim["evidence"] == "estimated"
    assert claim["amount"] == pytest.approx(found.case(period="2014-06")["gap"], rel=0.15)
    share = found.ground.book.row("lag-share-CHN-CAN-month")
    assert share["low"] <= 0.25 <= share["high"] and share["value"] == pytest.approx(0.25, abs=0.05)
    assert "11 periods" in claim["note"]
    none = bare(months(0.0)).causes
    assert none[(none["cause"] == "timing") & (none["evidence"] == "estimated")].empty


def test_timing_by_an_assumed_lag_has_the_sign_of_falling_or_growing_trade() -> None:
    """Exports fall from 146 to 73: 30 of 365 days of the 73 lost make 6 of the importer's 85 - 73 = 12."""
    rows = [*pair("73.0", "85.0"), row("CHN", "CAN", "exports", "146.0", period="2013")]
    claim = bare(rows).claims("timing", period="2014").iloc[0]
    assert claim["amount"] == pytest.approx(30 / 365 * 73e6)
    assert claim["evidence"] == "assumed"
    assert (claim["low"], claim["high"]) == pytest.approx((0, 60 / 365 * 73e6))
    growing = [*pair("73.0", "85.0"), row("CHN", "CAN", "exports", "36.5", period="2013")]
    claim = bare(growing).claims("timing", period="2014").iloc[0]
    assert claim["amount"] == 0
    assert claim["note"].startswith("wrong sign")
    assert bare(pair("73.0", "85.0")).claims("timing").empty


def test_valuation_by_the_fixed_factor() -> None:
    """China 30.0, Canada 53.1: 6 % of 30 are 1.8, between 0 and 6."""
    claim = told(pair("30.0", "53.1")).claims(VALUATION).iloc[0]
    assert claim["amount"] == pytest.approx(1.8e6)
    assert (claim["low"], claim["high"]) == pytest.approx((0, 6e6))
    assert claim["evidence"] == "assumed"


def test_valuation_with_the_wrong_sign_claims_nothing_and_says_so() -> None:
    """China 53.1, Canada 30.0: freight cannot make the exporter's figure larger."""
    found = told(pair("53.1", "30.0"))
    claim = found.claims(VALUATION).iloc[0]
    assert claim["amount"] == 0 and claim["evidence"] == ""
    assert "cannot explain" in claim["note"]
    assert list(wrong_sign(found.causes)["case"]) == [found.case()["id"]]
    assert wrong_sign(told(pair("30.0", "53.1")).causes).empty


def test_valuation_of_an_importer_that_counts_fob_claims_nothing() -> None:
    """Canada's figure is FOB."""
    rows = pair("30.0", "53.1")
    rows[1]["valuation"] = "FOB"
    claim = told(rows).claims(VALUATION).iloc[0]
    assert claim["amount"] == 0 and "FOB" in claim["note"]


def test_valuation_is_recorded_where_the_importer_prints_both() -> None:
    """Canada: CIF 53.1, FOB 50.6; the margin is 2.5, whatever the factor says."""
    rows = pair("30.0", "53.1")
    rows[1]["valuation"] = "CIF"
    found = told([*rows, {**rows[1], "valuation": "FOB", "value": "50.6"}])
    claim = found.claims(VALUATION, kind="mirror")
    assert list(claim["evidence"]) == ["recorded"]
    assert claim["amount"].sum() == pytest.approx(2.5e6)


def test_valuation_never_takes_more_than_the_gap() -> None:
    """China 100, Canada 104: 6 would be claimed, 4 are left."""
    claim = told(pair("100.0", "104.0")).claims(VALUATION).iloc[0]
    assert claim["amount"] == pytest.approx(4e6)
    assert "cut from 6.0 million" in claim["note"]
    assert claim["expression"].startswith("MIN(")


def test_valuation_by_bacis_equation() -> None:
    """cif-method 2: China to Kazakhstan by distance, common border, landlocked importer (table 1, model II)."""
    rows = pair("100.0", "140.0", importer="KAZ")
    found = told(rows, [{"id": "cif-method", "value": 2}])
    claim = found.claims(VALUATION, importer="KAZ").iloc[0]
    row_ = found.ground.book.row("cif-CHN-KAZ")
    assert claim["evidence"] == "estimated"
    assert claim["amount"] == pytest.approx(100e6 * (row_["value"] - 1))
    assert "common border" in row_["source"] and "landlocked importer" in row_["source"]
    assert 1.0 < row_["value"] < 1.1
    own = told(rows, [{"id": "cif-method", "value": 2}, {"id": "cif-CHN-KAZ", "value": 1.09}])
    assert own.amount(VALUATION, importer="KAZ") == pytest.approx(9e6)


def test_bacis_equation_gives_its_published_curve_and_effects() -> None:
    """Figure 2 of the paper: -0.178 L + 0.014 L^2 at L = 6 to 10; landlocked importer +4.9 % in model II."""
    terms = TABLE_1[1]
    curve = [terms["ln_km"] * ln + terms["ln_km_2"] * ln**2 for ln in (6, 7, 8, 9, 10)]
    assert curve == pytest.approx([-0.564, -0.560, -0.528, -0.468, -0.380], abs=5e-4)
    for ln, expected in zip((6.0, 8.0, 10.0), (-0.564, -0.528, -0.380)):
        rate = cif_rate(np.exp(ln), 0, 0, 0, 1.0, model=1)
        assert np.log(rate) - 0.534 == pytest.approx(expected, abs=5e-4)
    plain, locked = cif_rate(4000.0, 0, 0, 0, 7.2), cif_rate(4000.0, 0, 0, 1, 7.2)
    assert np.log(locked / plain) == pytest.approx(0.049)
    assert float(plain) - 1 == pytest.approx(MEAN_CIF[2], abs=0.002), (
        "where the unit value is fixed"
    )


def turnover(a: str, b: str, exports: str, imports: str) -> list[dict[str, str]]:
    """Turnovers of Kazakhstan and China, and China's exports and imports."""
    return [
        row("KAZ", "CHN", "turnover", a), row("CHN", "KAZ", "turnover", b),
        row("CHN", "KAZ", "exports", exports, source="split"),
        row("CHN", "KAZ", "imports", imports, source="split"),
    ]  # fmt: skip


def test_valuation_of_a_turnover_follows_its_split() -> None:
    """China's turnover 106 is all imports, CIF: 6 of it are freight; Kazakhstan's is 90. With exports, no."""
    which = {"exporter": "KAZ", "importer": "CHN", "flow": "turnover", "kind": "mirror"}
    found = told(turnover("90.0", "106.0", "0.001", "106.0"))
    assert found.amount(VALUATION, **which) == pytest.approx(6e6, rel=1e-3)
    wrong = told(turnover("90.0", "106.0", "80.0", "26.0"))
    claim = wrong.claims(VALUATION, **which).iloc[0]
    assert claim["amount"] == 0 and "other sign" in claim["note"]
    assert set(wrong_sign(wrong.causes)["case"]) == {wrong.case(**which)["id"]}
    lost = told(turnover("90.0", "106.0", "0.001", "106.0")[:2]).claims(VALUATION, **which).iloc[0]
    assert lost["amount"] == 0 and "needs the split" in lost["note"]


def test_bacis_equation_with_the_wrong_sign_claims_nothing() -> None:
    """China 140, Kazakhstan 100: a model is no reason to widen the gap."""
    found = told(pair("140.0", "100.0", importer="KAZ"), [{"id": "cif-method", "value": 2}])
    claim = found.claims(VALUATION, importer="KAZ").iloc[0]
    assert claim["amount"] == 0 and claim["note"].startswith("wrong sign")


def test_the_latest_of_several_second_figures_is_taken() -> None:
    """Canada by origin 130; by consignment 110, revised to 112."""
    rows = pair("100.0", "130.0")
    rows[1] |= {"partner_basis": "origin", "published": "2015-07"}
    twin = {**rows[1], "partner_basis": "consignment", "value": "110.0", "published": "2015-01"}
    later = {**twin, "value": "112.0", "published": "2015-06"}
    found = bare([*rows, later, twin])
    assert found.amount("partner attribution", kind="mirror") == pytest.approx(18e6)


def test_own_re_exports_are_in_both_figures_where_the_importer_counts_by_consignment() -> None:
    """Foreign goods from the United States are consigned from there: no reason for a gap."""
    rows = pair("100.0", "88.0", exporter="USA")
    rows[1]["partner_basis"] = "consignment"
    rows.append(row("USA", "CAN", "re-exports", "15.0"))
    assert bare(rows).claims("re-exports", exporter="USA", flow="exports").empty


def test_what_both_sides_book_as_not_specified_is_no_reason() -> None:
    """China hides 5 under 99 and Canada 5 as well: chapter 85 is 8 apart for another reason."""
    hs = {"classification": "HS"}
    rows = [*pair("30.0", "38.0", commodity="85", **hs), *pair("5.0", "5.0", commodity="99", **hs)]
    assert bare(rows).amount("confidential and unallocated trade", commodity="85") == 0
    half = [*rows[:2], *pair("5.0", "2.0", commodity="99", **hs)]
    assert bare(half).amount("confidential and unallocated trade", commodity="85") == pytest.approx(
        3e6
    )


def test_three_periods_are_too_few_to_estimate_a_lag() -> None:
    """The fourth month is the first whose lag is estimated: five months have four with one before."""
    timing = bare(months(0.25)[:8]).causes.query("cause == 'timing'")
    assert "estimated" not in set(timing["evidence"])
    timing = bare(months(0.25)[:12]).causes.query("cause == 'timing'")
    assert "estimated" in set(timing["evidence"])


def test_own_re_exports_are_estimated_where_the_importer_does_not_state_its_basis() -> None:
    """Gap -12, re-exports of 9, basis not stated: the sign fits, so 9 are claimed as estimated."""
    rows = [*pair("100.0", "88.0", exporter="USA"), row("USA", "CAN", "re-exports", "9.0")]
    claim = bare(rows).claims("re-exports", exporter="USA", flow="exports").iloc[0]
    assert (claim["amount"], claim["evidence"]) == (pytest.approx(-9e6), "estimated")


def test_nothing_is_shared_where_the_mirrors_lack_nothing_in_all() -> None:
    """Canada has 12 too much, Mexico 20 too little: what China hides is not missing."""
    rows = [
        *pair("30.0", "42.0"), *pair("40.0", "20.0", importer="MEX"),
        row("CHN", "Areas, nes", "exports", "9.0"),
    ]  # fmt: skip
    found = bare(rows)
    assert found.causes.query("cause == 'confidential and unallocated trade'").empty


def test_gaps_of_one_sign_under_a_heading_that_agrees_cancel_nothing() -> None:
    """8517 and 8518 are both 2 too high, within the tolerance of their heading."""
    hs = {"classification": "HS"}
    rows = [*pair("50.0", "52.0", commodity="8517", **hs), *pair("40.0", "42.0", commodity="8518", **hs)]  # fmt: skip
    assert bare(rows).causes.query("cause == 'commodity misclassification'").empty


def test_a_lag_inside_its_error_is_not_estimated() -> None:
    """Imports that jump about the exports of their own month, with a quarter of the month before."""
    rows = months(0.25)
    for number in range(1, len(rows), 2):
        jump = -9.0 * (-1) ** (number // 2) * (1 + number % 5)
        rows[number]["value"] = f"{float(rows[number]['value']) + jump:.2f}"
    timing = bare(rows).causes.query("cause == 'timing'")
    assert "estimated" not in set(timing["evidence"])
