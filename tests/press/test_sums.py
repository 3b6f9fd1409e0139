"""Owns the tests of figures that add up: exports and imports that make a turnover, or leave a balance, are of one trade."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sources.press import extract
from sources.press.numerals import Amount
from sources.press.scene import Claim
from sources.press.sums import add_up
from sources.press.text import sentences

_SENTENCE = sentences("Sales abroad were 5 billion dollars.", "en")[0]


def _claim(flow: str, value: float, reporter: str, partner: str, period: str, **more: object) -> Claim:  # fmt: skip
    amount = Amount(0, 5, (0, 5), value, 0.1, 1.0, "USD")
    claim = Claim(_SENTENCE, amount, "USD", flow, reporter, partner, period)
    return replace(claim, **more)  # type: ignore[arg-type]


_TENTHS = st.integers(
    min_value=200, max_value=9999
)  # of a unit: at least 20.0, so that rounding is fine


@given(sold=_TENTHS, bought=_TENTHS, part=st.sampled_from(["turnover", "balance"]))
def test_three_figures_that_add_up_share_parties_period_and_sign(
    sold: int, bought: int, part: str
) -> None:
    named = frozenset(["CHN"])
    one = _claim("exports", sold / 10, "KAZ", "CHN", "2024", dated=True, beside=named)
    other = _claim("imports", bought / 10, "KAZ", "CHN", "2024")
    total = (sold + bought if part == "turnover" else abs(sold - bought)) / 10
    whole = _claim(part, total, "", "WORLD", "2023-06")
    add_up([one, other, whole])
    if total:
        assert (whole.reporter, whole.partner, whole.period) == ("KAZ", "CHN", "2024")
        assert set(whole.summed) == {"reporter", "partner", "period"}
        assert whole.negative == (part == "balance" and sold < bought)
    assert one.summed == other.summed == ()


@given(sold=_TENTHS, bought=_TENTHS, off=st.integers(min_value=3, max_value=500))
def test_figures_that_do_not_add_up_are_left_alone(sold: int, bought: int, off: int) -> None:
    one = _claim("exports", sold / 10, "KAZ", "CHN", "2024")
    other = _claim("imports", bought / 10, "KAZ", "CHN", "2024")
    whole = _claim("turnover", (sold + bought + off) / 10, "", "WORLD", "2023-06")
    add_up([one, other, whole])
    assert (whole.reporter, whole.partner, whole.period, whole.summed) == (
        "",
        "WORLD",
        "2023-06",
        (),
    )


def test_words_that_name_other_parties_or_times_stand_against_a_sum() -> None:
    one = _claim("exports", 90.3, "KAZ", "CHN", "2024", dated=True)
    other = _claim("imports", 60.2, "KAZ", "CHN", "2024")
    whole = _claim("turnover", 150.5, "KAZ", "RUS", "2023", dated=True, beside=frozenset(["RUS"]))
    add_up([one, other, whole])
    assert (whole.partner, whole.period, other.period) == ("RUS", "2023", "2024")


def test_each_third_figure_has_the_two_that_fit_it_most_finely() -> None:
    fine = [_claim("exports", 92.41, "AUT", "WORLD", "2013"), _claim("imports", 98.05, "AUT", "WORLD", "2013")]  # fmt: skip
    for claim in fine:
        claim.amount = replace(claim.amount, quantum=0.01)
    rough = [_claim("exports", 63.2, "AUT", "EU", "2013"), _claim("imports", 68.8, "AUT", "EU", "2013")]  # fmt: skip
    left = _claim("balance", 5.64, "AUT", "", "2013")
    left.amount = replace(left.amount, quantum=0.01)
    add_up([*fine, *rough, left])
    assert (left.partner, left.negative) == ("WORLD", True)


def test_parties_that_no_word_beside_the_flows_names_are_not_taken() -> None:
    one = _claim("exports", 90.3, "KAZ", "EAEU", "2024")
    other = _claim("imports", 60.2, "KAZ", "EAEU", "2024")
    whole = _claim("turnover", 150.5, "KAZ", "WORLD", "2024")
    add_up([one, other, whole])
    assert whole.partner == "WORLD"


def test_a_flow_that_its_own_word_names_stands_against_a_sum() -> None:
    one = _claim("exports", 90.3, "KAZ", "CHN", "2024")
    other = _claim("imports", 60.2, "KAZ", "CHN", "2024")
    bought = _claim("imports", 150.5, "KAZ", "CHN", "2024", named=True)
    meant = _claim("imports", 150.5, "KAZ", "CHN", "2024")
    add_up([one, other, bought])
    assert (bought.flow, bought.summed) == ("imports", ())
    add_up([one, other, meant])
    assert (meant.flow, meant.summed) == ("turnover", ("flow",))


def test_two_flows_give_their_time_to_one_sum_only() -> None:
    flows = [
        _claim("exports", 90.3, "JPN", "WORLD", ""),
        _claim("imports", 60.2, "JPN", "WORLD", ""),
    ]
    fine = _claim("balance", 30.1, "JPN", "WORLD", "2014-04..2014-09", dated=True)
    head = _claim("balance", 30.0, "JPN", "WORLD", "2014-H1", dated=True)
    head.amount = replace(head.amount, quantum=1.0)
    add_up([head, fine, *flows])
    assert [c.period for c in flows] == ["2014-04..2014-09"] * 2


def test_a_target_adds_up_with_nothing() -> None:
    one = _claim("exports", 90.3, "KAZ", "CHN", "2024", dated=True)
    other = _claim("imports", 60.2, "KAZ", "CHN", "2024")
    aim = _claim("turnover", 150.5, "KAZ", "CHN", "2030", status="target")
    add_up([one, other, aim])
    assert aim.period == "2030"


_OPENED = (
    "Brazil opened the year with a trade surplus of 2.7 billion dollars, the ministry said. "
    "Brazil's exports were 23.1 billion dollars in January, while imports stood at {} billion dollars."
)


def test_a_surplus_without_a_time_has_that_of_the_flows_that_leave_it() -> None:
    reading = extract(_OPENED.format("20.4"), published="2023-02-01")
    surplus = reading.figures.iloc[0]
    assert (surplus["flow"], surplus["period"], surplus["assumed"]) == ("balance", "2023-01", "period")  # fmt: skip
    findings = reading.findings[reading.findings["figures"] == surplus["id"]]
    assert findings["code"].tolist() == ["PRESS_SUM"]
    assert findings["severity"].tolist() == ["note"]


def test_a_surplus_that_the_flows_do_not_leave_stays_open() -> None:
    reading = extract(_OPENED.format("21.4"), published="2023-02-01")
    assert reading.figures["period"].tolist() == ["", "2023-01", "2023-01"]
    assert "PRESS_SUM" not in set(reading.findings["code"])
