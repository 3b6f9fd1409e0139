"""A series of short periods brought to the totals of long ones: months to years, keeping its movements.

Dagum and Cholette (2006), regression-based benchmarking, and the modified Denton method (Denton 1971,
Cholette 1984) as its limit for rho = 1; the formulas are those of Statistics Canada's G-Series.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MONTHLY, QUARTERLY = 0.9, 0.729  # recommended rho
SINGULAR = 1e-12


def yearly(count: int, length: int) -> Floats:
    """The matrix J of sums over whole years: one row a year, `length` periods each, from the first on.

    Periods after the last whole year are in no row.
    """
    matrix = np.zeros((count // length, count))
    for row in range(len(matrix)):
        matrix[row, row * length : (row + 1) * length] = 1.0
    return matrix


def stocks(count: int, places: Sequence[int]) -> Floats:
    """The matrix J of stocks: one row for each benchmark, a one at its place in the series."""
    matrix = np.zeros((len(places), count))
    matrix[np.arange(len(places)), list(places)] = 1.0
    return matrix


def bias_of(series: Floats, sums: Floats, totals: Floats, power: float) -> float:
    """The mean difference (power 0) or the ratio of benchmarks to the series' own sums."""
    own = float((sums @ series).sum())
    if power == 0:
        return float((totals.sum() - own) / sums.sum())
    return float(totals.sum() / own)


def benchmark(
    series: Floats,
    sums: Floats,
    totals: Floats,
    *,
    rho: float = MONTHLY,
    power: float = 1.0,
    bias: float | str | None = None,
    alter_series: Floats | float = 1.0,
    alter_totals: Floats | float = 0.0,
) -> Floats:
    """Give n values near the series whose sums (k × n matrix `sums`) are the k `totals`.

    `rho` below 1: deviations follow a first-order autoregression; rho = 1: modified Denton. `power` 0 is
    additive, 1 proportional; rho 0 with power 0.5 is pro-rating. `bias`: None, a number, or `estimated`
    (then it is removed first). `alter_*`: 0 holds a value or binds a total. Raises ValueError where the
    proportional Denton method meets a value that is not above zero, and where a binding total is missed.
    """
    s, totals = np.asarray(series, dtype=float), np.asarray(totals, dtype=float)
    sums = np.asarray(sums, dtype=float)
    if not 0 <= rho <= 1:
        raise ValueError("rho is between 0 and 1")
    c = np.broadcast_to(np.asarray(alter_series, dtype=float), s.shape)
    w = np.broadcast_to(np.asarray(alter_totals, dtype=float), totals.shape)
    if bias is not None:
        number = bias_of(s, sums, totals, power) if bias == "estimated" else float(bias)
        s = s + number if power == 0 else s * number
    answer = (
        _denton(s, sums, totals, power, c)
        if rho == 1
        else _regression(s, sums, totals, rho, power, c, w)
    )
    missed = np.abs(sums @ answer - totals)
    size = np.abs(sums) @ np.abs(answer) + np.abs(totals)
    unmet = np.flatnonzero((w == 0) & (missed > 1e-6 * np.maximum(size, 1e-300)))
    if len(unmet):
        raise ValueError(f"benchmarks {', '.join(map(str, unmet))} cannot be met")
    return answer


def _regression(
    s: Floats, sums: Floats, totals: Floats, rho: float, power: float, c: Floats, w: Floats
) -> Floats:
    """theta = s + V J' (J V J' + diag(w a))^+ (a - J s), V = C Omega C, C = diag(sqrt(c) |s|^power)."""
    at = np.arange(len(s))
    omega = np.power(rho, np.abs(at[:, None] - at[None, :])) if rho > 0 else np.eye(len(s))
    scale = np.sqrt(c) * np.abs(s) ** power
    weighted = (scale[:, None] * omega * scale[None, :]) @ sums.T
    inner = sums @ weighted + np.diag(w * np.abs(totals))
    moved = weighted @ (np.linalg.pinv(inner, rcond=SINGULAR) @ (totals - sums @ s))
    return np.asarray(s + moved)


def _denton(s: Floats, sums: Floats, totals: Floats, power: float, c: Floats) -> Floats:
    """min Σ ((s_t - θ_t)/|s_t|^power - (s_t-1 - θ_t-1)/|s_t-1|^power)² under J θ = a (null-space method)."""
    if power != 0 and (s <= 0).any():
        raise ValueError("the proportional method needs a series above zero")
    # in units of the series' own power: the steps are then of one size whatever the series' is
    count, unit = len(s), np.abs(s) ** power if power else np.ones(len(s))
    held = np.flatnonzero(c == 0)
    steps = np.diff(np.eye(count), axis=0)
    hold = np.zeros((len(held), count))
    hold[np.arange(len(held)), held] = 1.0
    rules = np.vstack([sums * unit[None, :], hold])
    goal = np.concatenate([totals - sums @ s, np.zeros(len(held))])
    size = np.maximum(np.sqrt((rules**2).sum(axis=1)), 1e-300)
    rules, goal = rules / size[:, None], goal / size
    # every answer of the rules is one of them plus a move that they do not see
    left, singular, right = np.linalg.svd(rules)
    rank = int((singular > SINGULAR * singular.max(initial=0.0)).sum())
    start = right[:rank].T @ ((left.T @ goal)[:rank] / singular[:rank])
    blind = right[rank:].T
    move = np.linalg.lstsq(steps @ blind, -(steps @ start), rcond=None)[0]
    return np.asarray(s + unit * (start + blind @ move))
