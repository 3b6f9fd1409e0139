"""Balances of cases: who has a vote, causes first, moves, and the expression the workbook writes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.balance.case import balance_case, balance_twos
from reconcile.balances import balances
from reconcile.expressions import evaluate
from reconcile.result import BALANCES, CAUSES


def _figures(*rows: tuple[str, str, str, str, float, str, str]) -> pd.DataFrame:
    names = ["id", "origin", "reporter", "flow", "amount", "records", "derived_from"]
    table = pd.DataFrame(rows, columns=names)
    half = table["amount"] * 0.01
    return table.assign(
        amount_low=table["amount"] - half, amount_high=table["amount"] + half, published=""
    )


def _cases(**columns: object) -> pd.DataFrame:
    base: dict[str, object] = {"id": "c", "kind": "mirror", "areas": ("CAN", "CHN"), "figure_a": "x",
                               "figures": ("x", "m"), "figure_b": "m", "verdict": "discrepancy"}  # fmt: skip
    return pd.DataFrame([{**base, **columns}])


NOTHING = pd.DataFrame(columns=CAUSES)
MIRROR = _figures(
    ("x", "GACC", "CHN", "exports", 30.0, "", ""), ("m", "StatCan", "CAN", "imports", 53.1, "", "")
)


def _cause(name: str, amount: float, low: float, high: float, expression: str = "") -> pd.DataFrame:
    row = {"case": "c", "order": 1, "cause": name, "amount": amount, "low": low, "high": high,
           "evidence": "estimated", "note": "", "expression": expression}  # fmt: skip
    return pd.DataFrame([row], columns=CAUSES)


def test_two_sides_in_conflict_meet_halfway_and_the_range_holds_both() -> None:
    got = balances(_cases(), MIRROR, NOTHING)
    assert list(got.columns) == BALANCES
    row = got.iloc[0]
    assert row["value"] == pytest.approx(41.55, abs=0.01)
    assert row["low"] <= 29.7 + 1e-9
    assert row["high"] >= 53.631 - 1e-9
    moves = dict(row["moves"])
    assert moves["x"] == pytest.approx(row["value"] - 30)
    assert moves["m"] == pytest.approx(row["value"] - 53.1)


def test_claims_are_taken_out_before_the_weights_and_the_method_says_so() -> None:
    claim = _cause("valuation (CIF/FOB)", 1.8, 0.0, 6.0, "{amount:x}*({assumption:cif-factor}-1)")
    got = balances(_cases(), MIRROR, claim).iloc[0]
    plain = balances(_cases(), MIRROR, NOTHING).iloc[0]
    assert got["value"] == pytest.approx(balance_case(
        [30.0, 51.3], [29.7, 53.1 - 0.531 - 6], [30.3, 53.631]).value)  # fmt: skip
    assert got["value"] < plain["value"]
    assert "removed first: valuation (CIF/FOB)" in got["method"]
    values = {"amount:x": 30.0, "amount:m": 53.1, "assumption:cif-factor": 1.06}
    assert evaluate(got["expression"], values) == pytest.approx(got["value"], rel=1e-12)
    assert dict(got["moves"])["m"] == pytest.approx(got["value"] - 53.1)


def test_rounding_is_not_a_bias_and_a_claim_without_evidence_is_none() -> None:
    plain = balances(_cases(), MIRROR, NOTHING).iloc[0]["value"]
    assert balances(_cases(), MIRROR, _cause("rounding", 23.1, 0, 24)).iloc[0]["value"] == plain
    silent = _cause("valuation (CIF/FOB)", 1.8, 0, 6).assign(evidence="")
    assert balances(_cases(), MIRROR, silent).iloc[0]["value"] == plain


def test_a_copy_of_the_other_sides_records_has_no_vote() -> None:
    figures = _figures(
        ("x", "GACC", "CHN", "exports", 30.0, "CHN", ""),
        ("m", "EDB", "CAN", "imports", 30.1, "CHN", ""),
    )
    assert balances(_cases(), figures, NOTHING).empty
    told = _figures(
        ("x", "GACC", "CHN", "exports", 30.0, "", ""),
        ("m", "GACC", "CAN", "imports", 30.1, "", "GACC"),
    )
    assert balances(_cases(), told, NOTHING).empty


def test_one_publisher_of_both_reporters_records_is_two_votes() -> None:
    figures = MIRROR.assign(origin="UN Comtrade", records=["CHN", "CAN"])
    assert len(balances(_cases(), figures, NOTHING)) == 1


def test_one_origin_has_one_vote_and_the_figure_shown_is_the_one_taken() -> None:
    more = pd.concat([MIRROR, MIRROR.assign(id=["x2", "m2"], amount=[1.0, 2.0])])
    got = balances(_cases(figures=("x2", "x", "m", "m2")), more, NOTHING).iloc[0]
    assert [key for key, _ in got["moves"]] == ["x", "m"]


def test_three_origins_share_the_votes() -> None:
    third = _figures(("r", "Reuters", "CAN", "imports", 40.0, "", ""))
    got = balances(_cases(figures=("x", "m", "r")), pd.concat([MIRROR, third]), NOTHING).iloc[0]
    assert len(got["moves"]) == 3
    assert got["value"] == pytest.approx((30 + 53.1 + 40) / 3, rel=0.01)


@pytest.mark.parametrize(
    "change", [{"verdict": "not comparable"}, {"kind": "parts"}, {"kind": "vintage"}]
)
def test_what_is_not_comparable_or_of_one_source_is_not_balanced(change: dict[str, str]) -> None:
    assert balances(_cases(**change), MIRROR, NOTHING).empty


def test_trade_is_not_given_a_range_below_zero() -> None:
    figures = MIRROR.assign(amount=[22.7, 5.3], amount_low=[22.6, 5.2], amount_high=[22.8, 5.4])
    assert balances(_cases(), figures, NOTHING).iloc[0]["low"] == 0


spread = st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e3), st.floats(0, 1e3))


@given(st.lists(st.tuples(spread, spread), min_size=1, max_size=5))
def test_the_closed_form_of_two_is_the_rule_for_any_number(
    rows: list[tuple[tuple[float, ...], ...]],
) -> None:
    sides = []
    for side in (0, 1):
        value = np.array([row[side][0] for row in rows])
        down, up = (np.array([row[side][k] for row in rows]) for k in (1, 2))
        sides.append((value, value - down, value + up))
    value, low, high, weight, conflict = balance_twos(sides[0], sides[1])
    for place in range(len(rows)):
        one = balance_case(*([part[place] for part in end] for end in zip(*sides)))
        slack = 1e-6 * (1 + abs(sides[0][0][place]) + abs(sides[1][0][place]))
        assert value[place] == pytest.approx(one.value, rel=1e-6, abs=slack)
        assert low[place] == pytest.approx(one.low, rel=1e-6, abs=slack)
        assert high[place] == pytest.approx(one.high, rel=1e-6, abs=slack)
        assert weight[place] == pytest.approx(one.weights[0], abs=1e-5)
        assert conflict[place] == (one.birge > 1) or one.birge == pytest.approx(1)


def test_fifty_thousand_cases_take_seconds() -> None:
    n = 50_000
    number = np.arange(n).astype(str)
    x, m = np.char.add("x", number), np.char.add("m", number)
    figures = pd.DataFrame({"id": np.concatenate([x, m]), "origin": "UN Comtrade", "published": ""})
    figures["reporter"] = np.repeat(["CHN", "CAN"], n)
    figures["flow"] = np.repeat(["exports", "imports"], n)
    figures["amount"] = np.arange(2 * n) + 1.0
    figures = figures.assign(amount_low=figures["amount"], amount_high=figures["amount"])
    figures = figures.assign(records=figures["reporter"], derived_from="")
    cases = pd.DataFrame({"id": number, "kind": "mirror", "figure_a": x, "figure_b": m,
                          "verdict": "discrepancy", "figures": list(zip(x, m))})  # fmt: skip
    cases["areas"] = [("CHN", "CAN")] * n
    got = balances(cases, figures, NOTHING)
    assert len(got) == n
    assert got["value"].to_numpy() == pytest.approx(np.arange(n) + 1 + n / 2, rel=1e-6)
