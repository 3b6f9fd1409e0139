"""Harvard Growth Lab (Bustos and Yildirim) as intended: scores on pair totals, products forced to the total.

Pair totals are weighted by scores A found from s = |X - F| / (X + F); products by the same weights, then
scaled to the pair's total. The published iteration alternates in scale with period two; here the scores
are divided by their geometric mean each round and the temperature of the softmax is stated. Scores of an
exporter come from its own rows, of an importer from its own columns.

The published rule that takes goods not classified with partners not specified off a country's trade, once they
pass a quarter of it, is not here: a partner not specified reports nothing, so its trade is no pair to balance.
`reconcile.world.align` sets it aside whole, counted and valued, whatever its share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.balance.pairs import mirror, ranged

NAME = "growth_lab"
ABOUT = "Growth Lab's scores, normalised each round; product shares forced to the pair's total"
SOURCE = "harvard-growth-lab/comtrade-mirroring (Bustos and Yildirim), its Stata version"
ROUNDS = 25
TEMPERATURE = (
    0.3  # of scores with mean 1; nearest to the truth on made worlds, see docs/truth_test.md
)
SMALLEST_REPORT = 1e3  # USD; a smaller report is missing
SMALLEST_PAIR = 1e4  # USD of the base year; a smaller pair has no say in the scores
FEWEST_PARTNERS = 10
RESIDUAL = "XXXXXX"  # trade data discrepancies
GAP_RATIO, GAP_SIZE, GAP_TOTAL, NO_PRODUCTS = 1.20, 2.5e7, 1e8, 1e5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Scores by area, NaN where an area has too few partners."""

    exporter: Floats
    importer: Floats


def balance(
    pairs: pd.DataFrame,
    *,
    temperature: float = TEMPERATURE,
    fewest: int = FEWEST_PARTNERS,
    deflator: Mapping[int, float] | None = None,
    cif: str | float | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`, rows of product XXXXXX added where products miss the total.

    `deflator` gives the price level by year (1 in the base year) for the threshold of small pairs. Values
    in USD.
    """
    p = mirror(pairs, **options, cif=("growth_lab" if cif is None else cif))
    x = np.where(p.x >= SMALLEST_REPORT, p.x, np.nan)
    f = np.where(p.f >= SMALLEST_REPORT, p.f, np.nan)
    cell = (p.year * p.size + p.e) * p.size + p.i
    cells, at = np.unique(cell, return_inverse=True)
    total_x, total_f = _total(x, at, len(cells)), _total(f, at, len(cells))
    year, e, i = cells // p.size**2, cells // p.size % p.size, cells % p.size
    names = np.unique(p.table["year"])
    weight, total = np.full(len(cells), np.nan), np.full(len(cells), np.nan)
    accuracy = np.zeros(len(cells), dtype=np.int64)
    for number, name in enumerate(names):
        mine = year == number
        level = float((deflator or {}).get(int(name), 1.0)) if deflator else 1.0
        matrix_x, matrix_f = np.zeros((2, p.size, p.size))
        matrix_x[e[mine], i[mine]] = np.nan_to_num(total_x[mine])
        matrix_f[e[mine], i[mine]] = np.nan_to_num(total_f[mine])
        found = scores(matrix_x / level, matrix_f / level, fewest=fewest)
        weight[mine], total[mine], accuracy[mine] = _pairs(
            found, total_x[mine], total_f[mine], e[mine], i[mine], temperature
        )
    value, share = _products(x, f, weight[at], accuracy[at])
    scaled, residual = _forced(value, total, at)
    out = ranged(NAME, p, np.where(np.isfinite(scaled), scaled, np.nan), share)
    small = out["balanced"].isna() & (p.both | np.isfinite(p.x) | np.isfinite(p.f))
    out.loc[small, "evidence"] = "below the smallest report"
    extra = np.flatnonzero(residual > 0)
    if len(extra):
        rows = pd.DataFrame(
            {"year": names[year[extra]], "exporter": np.array(p.codes)[e[extra]],
             "importer": np.array(p.codes)[i[extra]], "commodity": RESIDUAL,
             "balanced": residual[extra], "low": 0.0, "high": residual[extra],
             "evidence": "residual of the pair", "method": NAME}
        )  # fmt: skip
        out = pd.concat([out, rows.reindex(columns=out.columns)], ignore_index=True)
    return out


def _total(values: Floats, at: npt.NDArray[np.int64], count: int) -> Floats:
    """Sums by cell, NaN where nothing is reported."""
    seen = np.bincount(at, np.isfinite(values), count) > 0
    return np.where(seen, np.bincount(at, np.nan_to_num(values), count), np.nan)


def scores(x: Floats, f: Floats, *, rounds: int = ROUNDS, fewest: int = FEWEST_PARTNERS) -> Scores:
    """Scores A of exporters and importers from two matrices exporter × importer (0: no report).

    A_e(i) = 1 / (Σ_j s_ij A_i(j) / n_e(i)) and the like for importers, both from the values of the round
    before, then each divided by its geometric mean. Areas with fewer than `fewest` partners are left out,
    five times over.
    """
    size = len(x)
    x, f = (np.where(one < SMALLEST_PAIR, 0.0, one) for one in (x, f))
    np.fill_diagonal(x, 0.0)
    np.fill_diagonal(f, 0.0)
    kept = np.ones(size, dtype=bool)
    for _ in range(5):
        live = ((x > 0) | (f > 0)) & kept[:, None] & kept[None, :]
        kept &= np.minimum(live.sum(axis=1), live.sum(axis=0)) >= fewest
    live = ((x > 0) | (f > 0)) & kept[:, None] & kept[None, :]
    whole = x + f
    s = np.where(live, np.abs(x - f) / np.where(whole > 0, whole, 1.0), 0.0)
    n_e, n_i = np.maximum(live.sum(axis=1), 1), np.maximum(live.sum(axis=0), 1)
    a, b = np.ones(size), np.ones(size)
    for _ in range(rounds):
        next_a = 1 / np.maximum(s @ b / n_e, 1e-9)
        next_b = 1 / np.maximum(a @ s / n_i, 1e-9)
        a, b = _normal(next_a, kept), _normal(next_b, kept)
    return Scores(np.where(kept, a, np.nan), np.where(kept, b, np.nan))


def _normal(values: Floats, kept: npt.NDArray[np.bool_]) -> Floats:
    if not kept.any():
        return values
    return np.asarray(values / np.exp(np.mean(np.log(values[kept]))))


def _pairs(
    found: Scores,
    x: Floats,
    f: Floats,
    e: npt.NDArray[np.int64],
    i: npt.NDArray[np.int64],
    temperature: float,
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """(weight on the exporter, pair total, accuracy code 4/2/1/0) by pair, by the first rule that applies."""
    a, b = found.exporter[e], found.importer[i]
    weight = 1 / (1 + np.exp(np.clip((b - a) / temperature, -500, 500)))
    at_e, at_i = _quantiles(found.exporter), _quantiles(found.importer)
    flag_e, flag_i = a > at_e[10], b > at_i[10]
    both = np.isfinite(x) & np.isfinite(f)
    known = np.isfinite(weight)
    rules = [
        (both & known, weight * x + (1 - weight) * f),
        (((a < at_e[50]) & (b >= at_i[90])) | ((a < at_e[25]) & (b >= at_i[75])), f),
        (((a >= at_e[90]) & (b < at_i[50])) | ((a >= at_e[75]) & (b < at_i[25])), x),
        (flag_e & flag_i, np.fmax(x, f)),
        (flag_i, f),
        (flag_e, x),
    ]
    total = np.fmin(x, f)
    for condition, value in reversed(rules):
        total = np.where(condition & np.isfinite(value), value, total)
    accuracy = np.select([flag_e & flag_i, flag_i, flag_e], [4, 2, 1], 0)
    return weight, total, accuracy.astype(np.int64)


def _quantiles(values: Floats) -> dict[int, float]:
    seen = values[np.isfinite(values)]
    if not len(seen):
        return dict.fromkeys((10, 25, 50, 75, 90), np.nan)
    return {q: float(np.quantile(seen, q / 100)) for q in (10, 25, 50, 75, 90)}


def _products(
    x: Floats, f: Floats, weight: Floats, accuracy: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """(value, share of X in it) by product: the pair's weight where both are accurate, else the better side."""
    share = np.select([accuracy == 4, accuracy == 2, accuracy == 1], [weight, 0.0, 1.0], 0.5)
    share = np.where(np.isfinite(share), share, 0.5)
    both = np.isfinite(x) & np.isfinite(f)
    share = np.where(both, share, np.where(np.isfinite(x), 1.0, 0.0))
    value = np.where(share > 0, share * np.nan_to_num(x), 0.0)
    value = value + np.where(share < 1, (1 - share) * np.nan_to_num(f), 0.0)
    return np.where(np.isfinite(x) | np.isfinite(f), value, np.nan), share


def _forced(value: Floats, total: Floats, at: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """(products scaled to the pair's total, residual by pair that goes to product XXXXXX)."""
    whole = np.bincount(at, np.nan_to_num(value), len(total))
    goal = np.nan_to_num(total)
    missed = (goal > GAP_RATIO * whole) & (goal - whole > GAP_SIZE) & (goal > GAP_TOTAL)
    missed |= (goal > GAP_TOTAL) & (whole < NO_PRODUCTS)
    factor = np.where(missed | (whole <= 0), 1.0, goal / np.where(whole > 0, whole, 1.0))
    return value * factor[at], np.where(missed, goal - whole, 0.0)
