"""Indices against printed values, and their laws."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile import indices as ix
from reconcile.result import MEMBERS


def one(function: object, *amounts: float) -> float:
    """Give an index of one pair."""
    return float(function(*(pd.Series([amount]) for amount in amounts)).iloc[0])  # type: ignore[operator]


@pytest.mark.parametrize(
    ("function", "value", "digits"),
    [
        (ix.gap, 28.6, 1), (ix.gap_pct_mean, 35.5, 1), (ix.gap_pct_highest, 30.2, 1),
        (ix.gap_pct_lowest, 43.2, 1), (ix.gap_to_sum, 0.178, 3), (ix.log_ratio, 0.359, 3),
    ],
)  # fmt: skip
def test_china_and_central_asia_2024(function: object, value: float, digits: int) -> None:
    """66.2 against 94.8 billion dollars."""
    assert round(one(function, 66.2, 94.8), digits) == value


@pytest.mark.parametrize(
    ("function", "value", "digits"),
    [
        (ix.gap, 23.1, 1), (ix.gap_pct_importer, 43.5, 1), (ix.gap_pct_exporter, 77.0, 1),
        (ix.gap_pct_mean, 55.6, 1), (ix.gap_to_sum, 0.278, 3), (ix.absolute_gap_to_sum, 0.278, 3),
        (ix.ratio, 1.77, 2), (ix.log_ratio, 0.571, 3), (ix.symmetric_share_pct, 72.2, 1),
    ],
)  # fmt: skip
def test_china_and_canada_2014(function: object, value: float, digits: int) -> None:
    """X = 30.0, M = 53.1 billion dollars."""
    assert round(one(function, 30.0, 53.1), digits) == value


def test_own_minus_partner_turns_with_the_flow_and_fob_takes_the_margin_off() -> None:
    """+23.1 for Canada, -23.1 for China; at 5 and 10 per cent 20.6 and 18.3."""
    assert one(ix.gap_own_minus_partner, 53.1, 30.0) == pytest.approx(23.1)
    assert one(ix.gap_own_minus_partner, 30.0, 53.1) == pytest.approx(-23.1)
    x, m = pd.Series([30.0]), pd.Series([53.1])
    assert [round(float(ix.gap_fob(x, m, tau).iloc[0]), 1) for tau in (0.05, 0.10)] == [20.6, 18.3]


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
@settings(max_examples=60, deadline=None)
def test_swapping_the_sides_turns_the_sign(x: float, m: float) -> None:
    """Signed indices with a base that both sides share change their sign only; shares stay."""
    for function in (ix.gap, ix.gap_pct_mean, ix.gap_pct_lowest, ix.gap_pct_highest, ix.gap_to_sum, ix.log_ratio):  # fmt: skip
        assert one(function, x, m) == pytest.approx(-one(function, m, x))
    assert one(ix.symmetric_share_pct, x, m) == pytest.approx(one(ix.symmetric_share_pct, m, x))
    assert one(ix.symmetric_share_pct, x, m) == pytest.approx(100 * (1 - one(ix.absolute_gap_to_sum, x, m)))  # fmt: skip
    assert one(ix.gap_pct_mean, x, m) == pytest.approx(200 * one(ix.gap_to_sum, x, m))


def test_no_base_no_index() -> None:
    """Nothing reported on a side is missing, not zero and not infinite."""
    for function in (ix.gap_pct_exporter, ix.ratio, ix.log_ratio, ix.gap_pct_lowest):
        assert math.isnan(one(function, 0.0, 5.0))
    assert math.isnan(one(ix.gap_to_sum, 0.0, 0.0))
    assert one(ix.gap_to_sum, 0.0, 5.0) == 1.0


def test_unit_values_and_quantities_multiply_to_the_ratio() -> None:
    """60 for 5 tonnes against 30 for 3: 12 against 10 a tonne; 1.2 x 5/3 = 2."""
    prices = one(ix.unit_value_ratio, 30.0, 3.0, 60.0, 5.0)
    assert prices == pytest.approx(1.2)
    assert prices * one(ix.quantity_ratio, 3.0, 5.0) == pytest.approx(one(ix.ratio, 30.0, 60.0))


def test_sums() -> None:
    """Gaps 3, -1, 2 on means 10, 10, 20."""
    x, m = pd.Series([8.5, 10.5, 19.0]), pd.Series([11.5, 9.5, 21.0])
    gaps = ix.gap(x, m)
    assert ix.sum_absolute(gaps) == pytest.approx(6.0)
    assert ix.netting_ratio(gaps) == pytest.approx(4 / 6)
    assert ix.weighted_pct_mean(x, m) == pytest.approx(15.0)
    assert math.isnan(ix.netting_ratio(pd.Series([0.0])))


@pytest.mark.parametrize(
    ("gaps", "k"),
    [([50, 20, 10, 6, 4, 3, 3, 2, 1, 1], 5), ([100], 1), ([-90, 10], 1), ([1] * 10, 9), ([0, 0], 0)],
)  # fmt: skip
def test_concentration(gaps: list[float], k: int) -> None:
    """The fewest products that make nine tenths of the absolute gaps, whatever their sign and order."""
    assert ix.concentration(pd.Series(gaps, dtype=float)) == k
    assert ix.concentration(pd.Series(gaps[::-1], dtype=float)) == k


def test_top_share_and_bias() -> None:
    """Five of ten equal gaps make half; ln 2 three times is a bias without error."""
    assert ix.top_share_pct(pd.Series([1.0] * 10)) == pytest.approx(50.0)
    mean, error, n = ix.bias(pd.Series([math.log(2)] * 3 + [float("nan")]))
    assert (mean, error, n) == (pytest.approx(math.log(2)), pytest.approx(0.0, abs=1e-12), 3)
    mean, error, n = ix.bias(pd.Series([0.1, 0.3]))
    assert (mean, error, n) == (pytest.approx(0.2), pytest.approx(0.1), 2)
    assert math.isnan(ix.bias(pd.Series([0.1]))[1])


def case(exporter: str, importer: str, x: float, m: float, **more: object) -> dict[str, object]:
    """Give one row of the table of cases."""
    row = {
        "id": f"{exporter}-{importer}-{more.get('commodity', '')}", "kind": "mirror",
        "areas": (exporter, importer), "flow": "exports", "commodity": "TOTAL", "period": "2024",
        "lowest": min(x, m), "highest": max(x, m), "gap": m - x, "log_ratio": math.log(m / x),
        "residual": m - x, "measure": "value",
    }  # fmt: skip
    return {**row, **more}


def table(*rows: dict[str, object]) -> pd.DataFrame:
    """Give the long table of indices of cases."""
    return ix.indices(pd.DataFrame(rows), pd.DataFrame(columns=MEMBERS))


def value(found: pd.DataFrame, name: str, scope: str, base: str = "") -> float:
    """Give the one value of an index in a scope."""
    rows = found[(found["name"] == name) & (found["scope"] == scope)]
    rows = rows[rows["base"] == base] if base else rows
    assert len(rows) == 1, found[found["name"] == name]
    return float(rows["value"].iloc[0])


def test_long_table_of_cases_and_of_tables() -> None:
    """China to Canada 30 -> 53.1 and to Mexico 20 -> 15: absolute 28.1, net 18.1; the EU group is left out."""
    found = table(
        case("CHN", "CAN", 30.0, 53.1, residual=15.3), case("CHN", "MEX", 20.0, 15.0),
        case("CHN", "EU27", 100.0, 300.0),
    )  # fmt: skip
    assert list(found.columns) == ix.INDICES
    assert value(found, "relative asymmetry", "CHN-CAN-", "importer's or second figure") == pytest.approx(43.5, abs=0.01)  # fmt: skip
    assert value(found, "explained share", "CHN-CAN-") == pytest.approx(100 * 7.8 / 23.1)
    for scope in ("exports 2024, all goods", "exports of China, exports 2024, all goods"):
        assert value(found, "sum of absolute asymmetries", scope) == pytest.approx(28.1)
        assert value(found, "net asymmetry", scope) == pytest.approx(18.1)
        assert value(found, "netting ratio", scope) == pytest.approx(18.1 / 28.1)
        assert value(found, "weighted mean relative asymmetry", scope) == pytest.approx(
            100 * 28.1 / 59.05
        )
    bias = found[(found["name"] == "persistent bias") & (found["scope"] == "exports of China")]
    assert bias["value"].iloc[0] == pytest.approx((math.log(53.1 / 30) + math.log(0.75)) / 2)
    assert bias["n"].iloc[0] == 2 and "standard error 0.429" in bias["note"].iloc[0]


def test_long_table_of_products_is_never_mixed_with_totals() -> None:
    """Ten products of one pair: the first two make 90 %; the total stands in a table of its own."""
    gaps = [60.0, 31.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5]
    products = [
        case("CHN", "CAN", 100.0, 100 + gap, commodity=f"{n + 10}") for n, gap in enumerate(gaps)
    ]
    found = table(*products, case("CHN", "CAN", 1000.0, 1100.0), case("CHN", "MEX", 10.0, 11.0))
    scope = "China to Canada, exports 2024, 2-digit commodities"
    assert value(found, "concentration", scope) == 2
    assert value(found, "share of the top 5", scope) == pytest.approx(96.0)
    assert value(found, "sum of absolute asymmetries", "exports 2024, all goods") == pytest.approx(
        101.0
    )
    assert value(found, "sum of absolute asymmetries", "exports 2024, 2-digit commodities") == pytest.approx(100.0)  # fmt: skip


def test_vectorised_concentration_is_the_plain_one() -> None:
    """Random gaps of thirty products, by the column function and by the table."""
    gaps = np.random.default_rng(3).lognormal(0, 2, 30)
    found = table(
        *[case("CHN", "CAN", 10.0, 10 + g, commodity=f"{n + 10}") for n, g in enumerate(gaps)]
    )
    scope = "China to Canada, exports 2024, 2-digit commodities"
    assert value(found, "concentration", scope) == ix.concentration(pd.Series(gaps))
    assert value(found, "share of the top 5", scope) == pytest.approx(
        ix.top_share_pct(pd.Series(gaps))
    )


def test_members_of_a_case_show_what_a_negative_piece_hides() -> None:
    """China and Central Asia by member: 13.72, -4.22, 0.05, 19.07: net 28.62 of 37.06."""
    rows = [
        ("KAZ", 30.1, 43.82),
        ("UZB", 18.0, 13.78),
        ("TKM", 10.6, 10.65),
        ("KGZ+TJK", 7.5, 26.57),
    ]
    members = pd.DataFrame(
        [
            {"case": "c", "area": area, "figure_a": "", "figure_b": "", "amount_a": a, "amount_b": b,
             "gap": b - a, "share_of_gap": 0.0}
            for area, a, b in rows
        ]
    )  # fmt: skip
    found = ix.indices(pd.DataFrame([case("CHN", "CAN", 1.0, 2.0)]), members)
    assert value(found, "net asymmetry", "members of c") == pytest.approx(28.62)
    assert value(found, "sum of absolute asymmetries", "members of c") == pytest.approx(37.06)
    assert value(found, "netting ratio", "members of c") == pytest.approx(28.62 / 37.06)


def test_no_cases() -> None:
    """A table of single sources gives no index."""
    lone = case("CHN", "CAN", 1.0, 2.0, gap=float("nan"))
    assert table(lone).empty
