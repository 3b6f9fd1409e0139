"""Raking and RAS against the published outputs of G-Series, and their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.balance.raking import rake, ras

ONE = np.ones((1, 2))


@pytest.mark.parametrize(
    ("cells", "total", "option", "expected"),
    [((25, 5), 40, 1, (33.33333, 6.666667)), ((20, 5), 40, 1, (32, 8)), ((3, -1), 1, 1, (1.5, -0.5)),
     ((3, -1), 1, 2, (2.25, -1.25)), ((2, -2), 1, 2, (2.5, -1.5))],
)  # fmt: skip
def test_raking_to_one_total(
    cells: tuple[float, float], total: float, option: int, expected: tuple[float, float]
) -> None:
    got = rake(np.array(cells), ONE, np.array([total]), option=option)
    assert got == pytest.approx(expected, abs=5e-6)


def _margins(rows: int, columns: int) -> np.ndarray:
    """Sums over rows of a rows × columns table, then over its columns."""
    by_row = np.kron(np.eye(rows), np.ones((1, columns)))
    return np.vstack([by_row, np.kron(np.ones((1, rows)), np.eye(columns))])


def test_raking_to_two_margins_with_a_fixed_cell() -> None:
    cells = np.array([12, 14, 13, 20, 20, 24])
    totals = np.array([40, 53, 30, 31, 32])
    got = rake(cells, _margins(2, 3), totals, alter_cells=np.array([1, 1, 1, 1, 0, 1]))
    assert got == pytest.approx([14.31298, 11, 14.68702, 15.68702, 20, 17.31298], abs=5e-6)


QUARTERS = np.array([[20, 18, 12], [16, 16, 19], [14, 15, 16], [19, 20, 14]], dtype=float)
TOTALS = np.array([53, 44, 50, 52], dtype=float)


def test_raking_with_annual_totals_preserved() -> None:
    totals = np.concatenate([TOTALS, QUARTERS.sum(axis=0)])
    got = rake(QUARTERS.ravel(), _margins(4, 3), totals).reshape(4, 3)
    expected = [
        [21.15283, 19.04513, 12.80204], [13.74700, 13.75373, 16.49927],
        [15.50782, 16.62184, 17.87034], [18.59234, 19.57931, 13.82835],
    ]  # fmt: skip
    assert got == pytest.approx(np.array(expected), abs=5e-6)


@pytest.mark.parametrize(
    ("cells", "total", "expected"),
    [((14, 18, 14), 58, (17.65217, 22.69565, 17.65217)), ((17, 14, 16), 44, (15.91489, 13.10638, 14.97872)),
     ((14, 19, 18), 58, (15.92157, 21.60784, 20.47059)), ((16, 15, 19), 51, (16.32, 15.30, 19.38))],
)  # fmt: skip
def test_raking_without_the_temporal_constraint(
    cells: tuple[float, ...], total: float, expected: tuple[float, ...]
) -> None:
    assert rake(np.array(cells), np.ones((1, 3)), np.array([total])) == pytest.approx(
        expected, abs=5e-6
    )


def test_an_alterable_total_gives_way() -> None:
    got = rake(np.array([20.0, 20.0]), ONE, np.array([60.0]), alter_totals=1.0)
    assert 40 < got.sum() < 60


def test_totals_that_cannot_be_met_are_named() -> None:
    with pytest.raises(ValueError, match="totals 0"):
        rake(np.array([1.0, 2.0]), ONE, np.array([9.0]), alter_cells=0.0)
    with pytest.raises(ValueError, match="not below 0"):
        rake(np.array([1.0, 2.0]), ONE, np.array([9.0]), alter_cells=-1.0)
    with pytest.raises(ValueError, match="1 or 2"):
        rake(np.array([1.0, 2.0]), ONE, np.array([9.0]), option=3)


matrices = st.integers(2, 5).flatmap(
    lambda n: st.lists(
        st.lists(st.floats(0.1, 1e3), min_size=n, max_size=n), min_size=2, max_size=5
    )
)


@settings(max_examples=40, deadline=None)
@given(matrices, st.integers(0, 99))
def test_ras_meets_both_margins_and_keeps_zeros_and_the_odds_ratios(
    rows: list[list[float]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    x = np.array(rows)
    goal = x * rng.uniform(0.5, 2, (len(x), 1)) * rng.uniform(0.5, 2, (1, x.shape[1]))
    got = ras(x, goal.sum(axis=1), goal.sum(axis=0))
    near = 1e-8 * goal.sum()
    assert got.sum(axis=1) == pytest.approx(goal.sum(axis=1), abs=near)
    assert got.sum(axis=0) == pytest.approx(goal.sum(axis=0), abs=near)
    odds = (got[0, 0] * got[1, 1]) / (got[0, 1] * got[1, 0])
    assert odds == pytest.approx((x[0, 0] * x[1, 1]) / (x[0, 1] * x[1, 0]), rel=1e-9)
    x[0, 0] = 0
    sums = x * rng.uniform(0.5, 2, (len(x), 1))
    assert ras(x, sums.sum(axis=1), sums.sum(axis=0))[0, 0] == 0


@pytest.mark.parametrize(
    ("x", "rows", "columns", "found"),
    [([[1.0, 1], [1, 1]], [1.0, 2], [1.0, 1], "sum to 3"), ([[0.0, 0], [1, 1]], [1.0, 2], [1.0, 2], "all zeros"),
     ([[1.0, 0], [0, 1]], [1.0, 2], [2.0, 1], "zeros do not allow"), ([[-1.0]], [1.0], [1.0], "not below")],
)  # fmt: skip
def test_margins_that_cannot_be_met_are_refused(
    x: list[list[float]], rows: list[float], columns: list[float], found: str
) -> None:
    with pytest.raises(ValueError, match=found):
        ras(np.array(x), np.array(rows), np.array(columns))
