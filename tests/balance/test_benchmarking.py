"""Temporal benchmarking against the published outputs of G-Series, and its properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.balance.benchmarking import QUARTERLY, benchmark, bias_of, stocks, yearly

CARS_TEXT = (
    "1851 2436 3115 2205 1987 2635 3435 2361 2183 2822 3664 2550 2342 3001 3779 2538 2363 3090 3807 2631 "
    "2601 3063 3961 2774 2476 3083 3864 2773 2489 3082"
)
CARS = np.array([float(part) for part in CARS_TEXT.split()])
CARS_YEARS = np.array([10324, 10200, 10582, 11097, 11582, 11092], dtype=float)
VANS_TEXT = (
    "1900 2200 3000 2000 1900 2500 3800 2500 2100 3100 3650 2950 3300 4000 3290 2600 2010 3600 3500 2100 "
    "2050 3500 4290 2800 2770 3080 3100 2800 3100 2860"
)
VANS = np.array([float(part) for part in VANS_TEXT.split()])
VANS_YEARS = np.array([12000, 10400, 11550, 11400, 14500, 16000], dtype=float)
# annual values that the six benchmarks of 30 quarters stand for: the last two quarters have none
SIX = yearly(30, 4)[:6]


def test_quarterly_cars_of_the_published_example() -> None:
    got = benchmark(CARS, SIX, CARS_YEARS, rho=QUARTERLY, power=1)
    expected = [
        1987.762,
        2641.222,
        3366.003,
        2329.013,
        2021.161,
        2602.064,
        3320.486,
        2256.289,
        2072.168,
        2663.309,
    ]
    assert got[:10] == pytest.approx(expected, abs=5e-4)


def test_quarterly_vans_of_the_published_example_and_with_two_fixed_quarters() -> None:
    got = benchmark(VANS, SIX, VANS_YEARS, rho=QUARTERLY, power=1)
    expected = [
        2497.155,
        2980.984,
        4029.901,
        2491.960,
        2077.268,
        2466.739,
        3522.652,
        2333.342,
        2060.533,
        3110.631,
    ]
    assert got[:10] == pytest.approx(expected, abs=5e-4)
    alter = np.ones(30)
    alter[4:6] = 0
    got = benchmark(VANS, SIX, VANS_YEARS, rho=QUARTERLY, power=1, alter_series=alter)
    expected = [
        2470.301,
        2956.559,
        4031.113,
        2542.026,
        1900,
        2500,
        3636.551,
        2363.449,
        2071.868,
        3112.774,
    ]
    assert got[:10] == pytest.approx(expected, abs=5e-4)


SHORT = np.array([1.9, 2.4, 3.1, 2.2, 2.0, 2.6, 3.4, 2.4, 2.3])
YEARS = np.array([10.3, 10.2])
TWO = yearly(9, 4)


def test_published_biases() -> None:
    assert bias_of(SHORT, TWO, YEARS, 0) == pytest.approx(0.0625, abs=5e-7)
    # stocks of 725 in all against 475 of the series at the same dates
    series = np.array([100.0, 150, 175, 200, 325])
    assert bias_of(series, stocks(5, [1, 4]), np.array([300.0, 425.0]), 1) == pytest.approx(
        1.526316, abs=5e-7
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [({"rho": 0.729, "power": 0, "bias": "estimated"},
      "2.101223 2.605865 3.278022 2.314890 2.010110 2.546978 3.319135 2.323777 2.261371"),
     ({"rho": 0.729, "power": 1, "bias": "estimated"},
      "2.049326 2.601344 3.337638 2.311691 2.021090 2.554801 3.292193 2.331915 2.268017"),
     ({"rho": 1, "power": 0},
      "2.126136 2.605682 3.264773 2.303409 2.021591 2.560227 3.319318 2.298864 2.198864"),
     ({"rho": 1, "power": 1},
      "2.074329 2.604850 3.319713 2.301107 2.027265 2.567561 3.296286 2.308887 2.212684")],
)  # fmt: skip
def test_the_short_series_in_four_ways(options: dict[str, object], expected: str) -> None:
    got = benchmark(SHORT, TWO, YEARS, **options)  # type: ignore[arg-type]
    assert got == pytest.approx([float(part) for part in expected.split()], abs=5e-7)


def test_trivial_denton() -> None:
    year = yearly(4, 4)
    assert benchmark(np.zeros(4), year, np.array([4.0]), rho=1, power=0) == pytest.approx(
        [1, 1, 1, 1]
    )
    assert benchmark(np.ones(4), year, np.array([2.0]), rho=1, power=1) == pytest.approx([0.5] * 4)


def test_rho_0_and_power_one_half_is_pro_rating() -> None:
    got = benchmark(SHORT[:8], yearly(8, 4), YEARS, rho=0, power=0.5)
    expected = np.repeat(YEARS / [9.6, 10.4], 4) * SHORT[:8]
    assert got == pytest.approx(expected)


def test_what_cannot_be_done_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        benchmark(np.array([0.0, 1, 2, 3]), yearly(4, 4), np.array([4.0]), rho=1, power=1)
    with pytest.raises(ValueError, match="cannot be met"):
        benchmark(np.ones(4), yearly(4, 4), np.array([8.0]), alter_series=0.0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        benchmark(np.ones(4), yearly(4, 4), np.array([8.0]), rho=1.5)


series = st.lists(st.floats(1, 1e4), min_size=24, max_size=24).map(np.array)


@settings(max_examples=40, deadline=None)
@given(
    series, st.sampled_from([0.0, 0.729, 0.9, 1.0]), st.sampled_from([0.0, 1.0]), st.floats(0.5, 2)
)
def test_totals_are_met_and_a_series_that_meets_them_is_not_moved(
    s: np.ndarray, rho: float, power: float, factor: float
) -> None:
    sums = yearly(24, 12)
    totals = sums @ s * np.array([factor, 1 / factor])
    got = benchmark(s, sums, totals, rho=rho, power=power)
    assert sums @ got == pytest.approx(totals, rel=1e-6)
    assert benchmark(s, sums, sums @ s, rho=rho, power=power) == pytest.approx(
        s, rel=1e-6, abs=1e-4
    )
    scaled = benchmark(s * 1e3, sums, totals * 1e3, rho=rho, power=power)
    assert scaled == pytest.approx(got * 1e3, rel=1e-4, abs=0.1 * s.max())
