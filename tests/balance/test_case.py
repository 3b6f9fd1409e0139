"""Balancing within a case: weights, ranges that hold every source, and the expression."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.balance.case import balance_case
from reconcile.expressions import evaluate

numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda v: round(v, 3))
figures = st.lists(st.tuples(numbers, st.floats(0, 1e3), st.floats(0, 1e3)), min_size=1, max_size=6)


def _split(rows: list[tuple[float, float, float]]) -> tuple[list[float], list[float], list[float]]:
    return (
        [value for value, _, _ in rows],
        [value - down for value, down, _ in rows],
        [value + up for value, _, up in rows],
    )


def test_the_motivating_case_gives_the_mean_and_a_range_over_both() -> None:
    got = balance_case([66.2, 94.8], [66.15, 94.75], [66.25, 94.85])
    assert got.value == pytest.approx(80.5)
    assert got.weights == pytest.approx((0.5, 0.5))
    assert (got.low, got.high) <= (66.15, 94.85)
    assert got.high >= 94.85
    assert got.birge > 100


def test_more_printed_digits_do_not_win_a_discrepancy() -> None:
    got = balance_case([66.2, 94.82], [66.15, 94.815], [66.25, 94.825])
    assert got.weights == pytest.approx((0.5, 0.5), abs=1e-3)


def test_agreeing_figures_get_inverse_variance_weights() -> None:
    got = balance_case([10.0, 10.4], [9, 9.4], [11, 11.4], sds=[0.3, 0.6])
    assert got.weights == pytest.approx((0.8, 0.2))
    assert got.value == pytest.approx(10.08)
    assert got.method == "inverse variance"
    assert got.high - got.low == pytest.approx(max(2 * 1.96 * math.sqrt(0.3**2 * 0.8), 2), abs=1e-3)


def test_one_figure_keeps_its_interval() -> None:
    got = balance_case([5.0], [4.5], [5.5])
    assert (got.value, got.low, got.high, got.weights) == (5.0, 4.5, 5.5, (1.0,))


@pytest.mark.parametrize(
    ("values", "lows", "highs", "sds"),
    [
        ([], [], [], None),
        ([1.0], [1.0, 2.0], [1.0], None),
        ([math.nan], [0.0], [1.0], None),
        ([5.0], [6.0], [7.0], None),
        ([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, -1.0]),
    ],
)
def test_impossible_input_is_refused(
    values: list[float], lows: list[float], highs: list[float], sds: list[float] | None
) -> None:
    with pytest.raises(ValueError):
        balance_case(values, lows, highs, sds)


@given(figures)
def test_value_is_between_the_figures_and_within_its_range(
    rows: list[tuple[float, float, float]],
) -> None:
    values, lows, highs = _split(rows)
    got = balance_case(values, lows, highs)
    slack = 1e-9 * (1 + max(abs(v) for v in values))
    assert min(values) - slack <= got.value <= max(values) + slack
    assert got.low <= got.value <= got.high
    assert sum(got.weights) == pytest.approx(1)
    if got.birge > 1:
        assert all(got.low <= v <= got.high for v in [*lows, *highs])


@given(figures)
def test_the_expression_gives_the_value_to_the_last_digit(
    rows: list[tuple[float, float, float]],
) -> None:
    values, lows, highs = _split(rows)
    got = balance_case(values, lows, highs)
    names = [f"f{place}" for place in range(len(values))]
    given_values = {f"amount:{name}": value for name, value in zip(names, values)}
    assert evaluate(got.expression(names), given_values) == got.value


@given(figures, st.floats(1e-3, 1e3))
def test_scaling_and_order_do_not_matter(
    rows: list[tuple[float, float, float]], factor: float
) -> None:
    values, lows, highs = _split(rows)
    got = balance_case(values, lows, highs)
    scaled = balance_case(*([v * factor for v in part] for part in (values, lows, highs)))
    slack = 1e-6 * (1 + max(abs(v) for v in values)) * factor
    assert scaled.value == pytest.approx(got.value * factor, rel=1e-6, abs=slack)
    turned = balance_case(values[::-1], lows[::-1], highs[::-1])
    assert turned.value == pytest.approx(got.value, rel=1e-9, abs=slack / factor)
