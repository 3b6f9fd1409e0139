"""Causes in how a figure was printed: rounding, vintage, exchange rate, price base, copies, scale, labels."""

from __future__ import annotations

import pytest
from tiny import pair, row, told


def test_rounding_claims_a_gap_inside_the_printed_digits_and_nothing_else() -> None:
    """66 and 66.4 overlap (65.5 to 66.5, 66.35 to 66.45); 66 and 67.2 do not."""
    near = told(pair("66", "66.4"))
    assert near.amount("rounding") == pytest.approx(0.4e6)
    assert near.case()["residual"] == 0
    assert set(near.causes["cause"]) == {"rounding"}, "within rounding no other cause has a say"
    far = told(pair("66", "67.2"))
    assert far.amount("rounding") == 0
    claim = far.claims("rounding").iloc[0]
    assert (claim["low"], claim["high"]) == pytest.approx((-0.55e6, 0.55e6))
    assert claim["evidence"] == ""


REVISED = {"source": "customs", "unit": "million USD"}


def test_vintage_claims_a_revision_with_its_dates() -> None:
    """One source prints 100 in January and 130 in June: the gap of 30 is its revision."""
    rows = [
        row("CHN", "CAN", "exports", "100.0", published="2015-01", **REVISED),
        row("CHN", "CAN", "exports", "130.0", published="2015-06", **REVISED),
    ]
    found = told(rows)
    claim = found.claims("vintage", kind="vintage").iloc[0]
    assert claim["amount"] == pytest.approx(30e6)
    assert claim["evidence"] == "recorded"
    assert "2015-01" in claim["note"] and "2015-06" in claim["note"]


def test_vintage_without_dates_claims_nothing_and_says_so() -> None:
    """The same two numbers without dates of publication."""
    rows = [row("CHN", "CAN", "exports", value, **REVISED) for value in ("100.0", "130.0")]
    claim = told(rows).claims("vintage", kind="vintage").iloc[0]
    assert claim["amount"] == 0
    assert "needs their dates" in claim["note"]


def test_two_numbers_of_one_source_on_two_trade_systems_are_no_revision() -> None:
    """General 130, special 100, printed on two days: coverage claims the 30, vintage nothing."""
    rows = [
        row("CHN", "CAN", "exports", "100.0", published="2015-01", trade_system="special", **REVISED),
        row("CHN", "CAN", "exports", "130.0", published="2015-06", trade_system="general", **REVISED),
    ]  # fmt: skip
    found = told(rows)
    assert found.amount("vintage", kind="vintage") == 0
    assert found.amount("coverage and trade system", kind="vintage") == pytest.approx(30e6)


RATE = [{"id": "fx-CNY-2014", "value": 6.0}]


def test_exchange_rate_claims_the_gap_between_two_currencies_of_one_source() -> None:
    """700 CNY at 6.0 are 116.67 dollars against 100 printed: the source used 7.0."""
    rows = [
        row("CHN", "CAN", "exports", "100.00", source="customs"),
        row("CHN", "CAN", "exports", "700.00", source="customs", unit="million CNY"),
    ]
    claim = told(rows, RATE).claims("exchange rate", kind="rival").iloc[0]
    assert claim["amount"] == pytest.approx(700e6 / 6 - 100e6)
    assert claim["evidence"] == "recorded"
    assert "7.000 CNY per USD" in claim["note"]


def test_exchange_rate_reconverts_another_figure_of_a_source_that_shows_its_rate() -> None:
    """China prints 700 CNY = 100 USD to the world, so its 84 CNY to Canada are 12, not 14, dollars.

    Canada says 12: at the average rate of 6.0 the gap is 12 - 14 = -2, and the rate explains all of it.
    """
    rows = [
        row("CHN", "WORLD", "exports", "100.00", source="customs"),
        row("CHN", "WORLD", "exports", "700.00", source="customs", unit="million CNY"),
        row("CHN", "CAN", "exports", "84.00", source="customs", unit="million CNY"),
        row("CAN", "CHN", "imports", "12.00"),
    ]
    found = told(rows, RATE)
    assert found.case()["gap"] == pytest.approx(-2e6)
    assert found.amount("exchange rate") == pytest.approx(-2e6)
    assert found.claims("exchange rate").iloc[0]["evidence"] == "estimated"
    silent = told(rows[2:], RATE)
    assert silent.amount("exchange rate") == 0


INDEX = [{"id": "cpi-USA-2010", "value": 100.0}, {"id": "cpi-USA-2014", "value": 125.0}]


def test_price_base_brings_one_figure_to_the_prices_of_the_other() -> None:
    """China's 80 at prices of 2010 are 100 at those of 2014 (index 100, 125); Canada says 104."""
    rows = pair("80.0", "104.0")
    rows[0]["prices"] = "2010"
    found = told(rows, INDEX)
    claim = found.claims("price base").iloc[0]
    assert found.case()["gap"] == pytest.approx(24e6)
    assert claim["amount"] == pytest.approx(20e6)
    assert claim["evidence"] == "estimated"
    assert told(pair("80.0", "104.0"), INDEX).amount("price base") == 0


def test_price_base_claims_nothing_where_all_amounts_are_at_one_price_year() -> None:
    """With a price year the basis has done the work: the cause would count it twice."""
    rows = pair("80.0", "104.0")
    rows[0]["prices"] = "2010"
    assert told(rows, INDEX, prices=2014).amount("price base") == 0


COPY = [
    row("CHN", "KAZ", "turnover", "106.5", source="customs"),
    row("KAZ", "CHN", "turnover", "60.0", source="office"),
    row("KAZ", "CHN", "turnover", "106.5", source="bank", records=""),
]


def test_copied_mirror_claims_the_gap_between_a_copy_and_an_own_figure() -> None:
    """China says 106.5, the Kazakh office 60, a bank gives 106.5 for Kazakhstan: the bank copied China."""
    found = told(COPY)
    claim = found.claims("copied mirror", exporter="CHN", importer="KAZ", kind="rival").iloc[0]
    assert claim["amount"] == pytest.approx(46.5e6)
    assert "bank repeats the figure of CHN" in claim["note"]
    own = [*COPY[:2], {**COPY[2], "value": "75.0"}]
    assert told(own).amount("copied mirror", exporter="CHN", importer="KAZ", kind="rival") == 0
    records = [*COPY[:2], {**COPY[2], "records": "KAZ"}]
    assert told(records).amount("copied mirror", exporter="CHN", importer="KAZ", kind="rival") == 0


@pytest.mark.parametrize(
    ("x", "m", "claimed"),
    [("1.234", "1234", 1234e6 - 1.234e6), ("1234", "12.34", -(1234e6 - 12.34e6)), ("12.34", "123.4", 111.06e6)],
)  # fmt: skip
def test_scale_slip_claims_a_power_of_ten_within_rounding(x: str, m: str, claimed: float) -> None:
    """Figures whose digits agree and whose size differs by 1000, 100 and 10."""
    found = told(pair(x, m))
    assert found.amount("scale slip") == pytest.approx(claimed)
    assert found.claims("scale slip").iloc[0]["evidence"] == "estimated"
    assert abs(found.case()["residual"]) <= 0.01 * abs(claimed)


@pytest.mark.parametrize(("x", "m"), [("1.234", "1250"), ("5", "50")])
def test_scale_slip_only_proposes_where_digits_differ_or_are_few(x: str, m: str) -> None:
    """1.234 and 1250 differ by 1013; 5 and 50 meet a power of ten by chance."""
    claim = told(pair(x, m)).claims("scale slip").iloc[0]
    assert claim["amount"] == 0
    assert "check the unit" in claim["note"]


def test_scale_slip_is_silent_on_other_ratios() -> None:
    """1.234 against 700."""
    assert told(pair("1.234", "700")).claims("scale slip").empty


def test_exchanged_flows_are_claimed_and_printed_ones_are_not() -> None:
    """China's 20 and 90 stand under the wrong labels: Canada imports 91 from and exports 20.1 to China."""
    wrong = [
        row("CHN", "CAN", "exports", "20.0"),
        row("CHN", "CAN", "imports", "90.0"),
        row("CAN", "CHN", "imports", "91.0"),
        row("CAN", "CHN", "exports", "20.1"),
    ]
    found = told(wrong)
    assert found.amount("mislabel") == pytest.approx(70e6)
    assert found.amount("mislabel", exporter="CAN", importer="CHN") == pytest.approx(69.9e6)  # fmt: skip
    right = [{**wrong[0], "value": "90.0"}, {**wrong[1], "value": "20.0"}, *wrong[2:]]
    assert told(right).causes.query("cause == 'mislabel'").empty


def test_exchanged_partners_are_claimed() -> None:
    """China's figures for Canada and Mexico stand in each other's row: 30 and 70 against 70.2 and 30.1."""
    rows = [*pair("30.0", "70.2"), *pair("70.0", "30.1", importer="MEX")]
    found = told(rows)
    assert found.amount("mislabel") == pytest.approx(40e6)
    assert found.amount("mislabel", importer="MEX") == pytest.approx(-39.9e6, rel=0.01)
    assert "MEX" in found.claims("mislabel").iloc[0]["note"]
    other = [*pair("30.0", "70.2"), *pair("55.0", "30.1", importer="MEX")]
    assert told(other).causes.query("cause == 'mislabel'").empty


def test_exchanged_value_and_quantity_are_claimed() -> None:
    """Canada's table has 5 million tonnes worth 80 million dollars as 5 million dollars and 80 million tonnes."""
    mass = {"unit": "million tonnes"}
    rows = [
        *pair("80.0", "5.0"),
        row("CHN", "CAN", "exports", "5.0", **mass),
        row("CAN", "CHN", "imports", "80.0", **mass),
    ]
    found = told(rows)
    case = next(c for c in found.cases.to_dict("records") if c["gap"] == -75e6)
    claim = found.causes[
        (found.causes["case"] == case["id"]) & (found.causes["cause"] == "mislabel")
    ]
    assert claim["amount"].sum() == pytest.approx(-75e6)
    right = [*pair("80.0", "5.0"), *rows[2:3], row("CAN", "CHN", "imports", "0.3", **mass)]
    assert told(right).causes.query("cause == 'mislabel'").empty


def test_a_mirror_raised_by_the_usual_factor_is_a_copy_too() -> None:
    """China says 100.0; a bank's 106.0 for Kazakhstan is that and six per cent."""
    rows = [{**COPY[0], "value": "100.0"}, COPY[1], {**COPY[2], "value": "106.0"}]
    which = {"exporter": "CHN", "importer": "KAZ", "kind": "rival"}
    assert told(rows).amount("copied mirror", **which) == pytest.approx(46e6)
    rows[2] = {**COPY[2], "value": "103.0"}
    assert told(rows).amount("copied mirror", **which) == 0


def test_exchange_rate_of_an_importer_has_the_other_sign() -> None:
    """China's 84 CNY of imports from Canada are 12, not 14, dollars: the gap of +2 is the rate."""
    rows = [
        row("CHN", "WORLD", "imports", "100.00", source="customs"),
        row("CHN", "WORLD", "imports", "700.00", source="customs", unit="million CNY"),
        row("CHN", "CAN", "imports", "84.00", source="customs", unit="million CNY"),
        row("CAN", "CHN", "exports", "12.00"),
    ]
    found = told(rows, RATE)
    assert found.amount("exchange rate", exporter="CAN", importer="CHN") == pytest.approx(2e6)


def test_among_many_partners_a_fit_within_two_per_cent_is_chance() -> None:
    """China's figures for Canada and Mexico nearly fit each other's mirrors, as twenty others may."""
    codes = [
        "DEU",
        "FRA",
        "ITA",
        "ESP",
        "PRT",
        "NLD",
        "BEL",
        "LUX",
        "AUT",
        "CHE",
        "SWE",
        "NOR",
        "FIN",
        "DNK",
        "POL",
        "CZE",
        "SVK",
        "HUN",
        "ROU",
        "BGR",
    ]
    near = [*pair("30.0", "70.9"), *pair("70.0", "30.4", importer="MEX")]
    assert told(near).amount("mislabel") > 0
    others = [
        figure
        for number, code in enumerate(codes)
        for figure in pair(f"{200 + 40 * number}.0", f"{300 + 60 * number}.0", importer=code)
    ]
    assert told([*near, *others]).amount("mislabel") == 0
