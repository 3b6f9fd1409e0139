"""CIF margins and reporters' errors: what is put in comes out, and published terms where nothing is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reconcile.world import margins, pair, scores
from sources import geography

CODES = [c for c in geography.shipped().codes if c not in ("HKG", "SGP")][:24]
PLACE = geography.shipped().over(CODES)
SIZE = len(CODES)


def cells(
    seed: int = 3, n: int = 300, family: str = "lognormal"
) -> tuple[scores.Cells, np.ndarray, np.ndarray]:
    """Flows of every pair with known margins (4 % at 1,000 km, 9 % at 10,000) and spreads."""
    rng = np.random.default_rng(seed)
    spread = np.linspace(0.05, 0.6, SIZE)
    pairs = np.array([(a, b) for a in range(SIZE) for b in range(SIZE) if a != b]).repeat(n, axis=0)
    e, i = pairs[:, 0], pairs[:, 1]
    margin = 0.04 + 0.05 * np.log(np.maximum(PLACE.km, 50) / 1000) / np.log(10)
    margin = np.clip(margin, 0, None)
    if family == "gamma":
        k = 1 / spread**2
        x, m = np.log(rng.gamma(k[e]) / k[e]), np.log(rng.gamma(k[i]) / k[i])
    else:
        x, m = spread[e] * rng.standard_normal(len(e)), spread[i] * rng.standard_normal(len(i))
    d = x - m - np.log1p(margin[e, i])
    bins = np.round(np.arcsinh(d / pair.WIDTH) * pair.BINS).astype(int)
    table = pd.DataFrame({"pair": e * SIZE + i, "fob": False, "bin": bins, "n": 1})
    table = table.groupby(["pair", "fob", "bin"], as_index=False)["n"].sum()
    return scores.cells_of(table, SIZE), margin, spread


@pytest.mark.parametrize("family", ["lognormal", "gamma"])
def test_margins_and_spreads_come_out_as_they_went_in(family: str) -> None:
    histogram, margin, spread = cells(family=family)
    fit = scores.fit(histogram, PLACE)
    assert fit.family == family
    off = ~np.eye(SIZE, dtype=bool)
    assert np.abs(fit.margin - margin)[off].mean() < 0.01
    found = np.sqrt((fit.variance[0] + fit.variance[1]) / 2)
    true = spread if family == "lognormal" else np.sqrt(fit.variance[0])
    assert np.corrcoef(found, spread)[0, 1] > 0.98
    if family == "lognormal":
        assert found == pytest.approx(true, rel=0.15, abs=0.02)


def test_importers_who_report_fob_do_not_move_the_margin() -> None:
    histogram, margin, _ = cells(n=100)
    table = pd.DataFrame({"pair": histogram.i * SIZE + histogram.j, "fob": histogram.j == 2,
                          "bin": np.round(np.arcsinh((histogram.d + (histogram.j == 2) * np.log1p(margin[histogram.i, histogram.j])) / pair.WIDTH) * pair.BINS).astype(int),
                          "n": histogram.n})  # fmt: skip
    fit = scores.fit(scores.cells_of(table, SIZE), PLACE)
    off = ~np.eye(SIZE, dtype=bool)
    assert np.abs(fit.margin - margin)[off].mean() < 0.012


def test_without_two_sided_flows_the_published_equation_stands() -> None:
    empty = scores.cells_of(pd.DataFrame({"pair": [], "fob": [], "bin": [], "n": []}), SIZE)
    fit = scores.fit(empty, PLACE)
    # BACI table 1, model II: -0.11 ln D + 0.01 (ln D)² rises by this from 1,000 to 10,000 km
    near, far = np.log(1000), np.log(10_000)
    rise = (-0.11 * far + 0.01 * far**2) - (-0.11 * near + 0.01 * near**2)
    terms = fit.terms
    at = [terms[1] * (d - scores.CENTRE) + terms[2] * (d - scores.CENTRE) ** 2 for d in (near, far)]
    assert at[1] - at[0] == pytest.approx(rise)
    landlocked = terms[scores.TERMS.index("landlocked_importer")]
    assert landlocked == 0.049
    assert np.isfinite(fit.log_margin).all()


def totals(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    margin = np.clip(0.01 + 0.02 * np.log(np.maximum(PLACE.km, 50) / 100), 0, 0.15)
    rows = []
    for year in (2019, 2020):
        for e in range(SIZE):
            for i in range(SIZE):
                if e != i:
                    x = rng.lognormal(18, 1)
                    m = x / (1 - margin[e, i]) * np.exp(0.02 * rng.standard_normal())
                    rows.append((year, e * SIZE + i, x, m, 0.0, 0.0))
    return pd.DataFrame(
        rows, columns=["year", "pair", "x_both", "m_both", "x_only", "m_only"]
    ), margin


def test_growth_lab_regression_finds_the_slope_of_distance_and_converts_no_close_mirror() -> None:
    sums, margin = totals(np.random.default_rng(5))
    found, coefficients = margins.growth_lab(sums, PLACE)
    assert coefficients[0] == pytest.approx(0.02, abs=0.006)
    far = margin > 0.075
    assert (found[far] > 0).mean() > 0.95
    assert found.max() <= 0.2 / 0.8 + 1e-12
    near = (margin < 0.03) & ~np.eye(SIZE, dtype=bool)
    assert near.any() and (found[near] == 0).mean() > 0.9


def test_hubs_that_take_part_of_every_flow_do_not_swell_the_margin() -> None:
    histogram, _, _ = cells(n=50)
    fit = scores.fit(histogram, PLACE)
    rng = np.random.default_rng(8)
    hub = 5
    rows = []
    for e in range(SIZE):
        to_hub = 0.0
        for i in range(SIZE):
            if i in (e, hub):
                continue
            value = rng.lognormal(15, 0.3)
            rows.append((e * SIZE + i, 0.95 * value, value * (1 + fit.margin[e, i]), 0.0, 0.0))
            to_hub += 0.05 * value
        if e != hub:
            rows.append((e * SIZE + hub, 100.0, 100.0, to_hub, 0.0))
    sums = pd.DataFrame(rows, columns=["pair", "x_both", "m_both", "x_only", "m_only"])
    sums = sums.assign(fob=False, only_x=1)
    share, hubs = margins.hub_share(sums, fit, SIZE)
    assert hubs == [hub]
    assert share == pytest.approx(0.05 / 0.95, abs=0.01)
    lowered, _, notes = margins.settle(fit, sums, [], PLACE, "baci")
    assert (fit.log_margin - lowered.log_margin).mean() == pytest.approx(np.log1p(share))
    assert notes[0]["code"] == "BOOKED_TO_HUBS" and CODES[hub] in notes[0]["what"]
    moved = sums.assign(x_only=0.0)
    assert margins.hub_share(moved, fit, SIZE) == (0.0, [])


def test_a_margin_beyond_freight_is_said_to_be_doubtful() -> None:
    sums = pd.DataFrame({"pair": [1, 2], "m_both": [100.0, 100.0]})
    usual = np.array([[0.0, 0.06], [0.08, 0.0]])
    assert margins.doubt(usual, sums) == []
    (row,) = margins.doubt(usual + 0.2, sums)
    assert row["code"] == "MARGIN_DOUBTFUL"
    assert "27.0%" in row["message"]
    assert margins.doubt(usual + 0.2, sums.assign(m_both=0.0)) == []
