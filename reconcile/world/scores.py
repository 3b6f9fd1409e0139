"""Reporters' reliability and the CIF margins, from the pooled histograms of ln(X/M).

The model: X = V·e_i and M = V·(1 + margin)·e_j. ln(X/M) then has mean -ln(1 + margin) + b_i - b_j and
variance v_i + v_j. Two families of error are fitted and the likelier is kept: lognormal errors, and gamma
errors of mean one (whose logarithm is biased and skewed). A small share of flows is booked to another
partner: for each importer the share of exporters' reports inflated so, for each exporter the share of
importers' reports; these flows get little weight in what is estimated.

Only differences are identified: the level of the biases is set by their mean (zero) and the split of the
variances between roles by equal means over the reporters that have both roles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.world import pair, special
from sources.geography import Geography

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
FINE = 5000.0
BROAD = 9.0  # variance of ln of how far a misbooked flow inflates a report (a factor of e^3 is one s.d.)
FLOOR = 4e-4  # no reporter is taken to err by less than 2 %
START_SHARE = 0.02  # of misbooked flows
SHARE_FLOWS = 10.0  # weight of that guess
PRIOR_FLOWS = 2.0  # weight of the mean variance on a reporter with few flows
ROUNDS = 8
FIRST_ROUNDS = 2  # of the gamma family, after which it is dropped when hopeless
HOPELESS = 0.015  # ln likelihood a flow by which the gamma family may lag then
TERMS = [
    "constant",
    "ln_km",
    "ln_km_squared",
    "contiguous",
    "landlocked_exporter",
    "landlocked_importer",
]
LARGEST = 0.5  # of a predicted margin
CENTRE = (
    8.5  # ln km at which the terms of distance are centred, so that the matrix is well conditioned
)


@dataclass(frozen=True)
class Fit:
    """Estimates over `codes`: vectors by area, `log_margin` and `margin` matrices exporter × importer."""

    family: str  # lognormal, gamma
    variance: tuple[Floats, Floats]  # of ln error, as exporter, as importer
    bias: tuple[Floats, Floats]
    booked: tuple[
        Floats, Floats
    ]  # share inflated: exporters' reports by importer, importers' by exporter
    flows: tuple[Floats, Floats]
    terms: Floats
    log_margin: Floats
    spread: float  # observed 90 % quantile of |residual| over the fitted one
    likelihood: dict[str, float]
    doubt: tuple[Floats, Floats]  # standard errors of the variances

    @property
    def margin(self) -> Floats:
        """CIF margin as a share of the FOB value, never negative."""
        return np.clip(np.expm1(self.log_margin), 0.0, LARGEST)


@dataclass(frozen=True)
class Cells:
    """The histogram as arrays: exporter, importer, ln(X/M) at the bin's middle, number of flows."""

    i: Whole
    j: Whole
    d: Floats
    n: Floats
    fob: npt.NDArray[np.bool_]
    pairs: Whole
    at: Whole
    size: int


def cells_of(table: pd.DataFrame, size: int) -> Cells:
    """The pooled histogram (pair, fob, bin, n) as arrays; importers' FOB reports stay apart."""
    key = table["pair"].to_numpy(dtype=np.int64)
    fob = table["fob"].to_numpy(dtype=bool)
    pairs, at = np.unique(key * 2 + fob, return_inverse=True)
    middle = pair.WIDTH * np.sinh(table["bin"].to_numpy(dtype=float) / pair.BINS)
    n = table["n"].to_numpy(dtype=float)
    return Cells(key // size, key % size, middle, n, fob, pairs, at, size)


def design(place: Geography) -> npt.NDArray[np.float64]:
    """The terms of BACI's margin equation without unit values and years (Gaulier and Zignago 2010, eq. 1).

    Shape (area, area, term); an unknown distance is the mean one.
    """
    size = len(place.codes)
    log = np.log(np.maximum(place.km, 50.0)) - CENTRE
    known = np.isfinite(log) & ~np.eye(size, dtype=bool)
    log = np.where(np.isfinite(log), log, log[known].mean() if known.any() else 0.0)
    one = np.ones((size, size))
    terms = [one, log, log**2, place.contiguous]
    return np.stack(
        [*terms, one * place.landlocked[:, None], one * place.landlocked[None, :]], axis=-1
    )


def fit(cells: Cells, place: Geography, rounds: int = ROUNDS) -> Fit:
    """Margins, biases, variances and misbooked shares by generalised EM; the likelier family of two."""
    if not len(cells.n):
        return _nothing(cells.size, place)
    matrix = design(place)
    normal = _fit_family(cells, matrix, "lognormal", rounds, None)
    gamma = _fit_family(cells, matrix, "gamma", FIRST_ROUNDS, normal)
    if gamma.likelihood["gamma"] > normal.likelihood["lognormal"] - HOPELESS:
        gamma = _fit_family(cells, matrix, "gamma", rounds, gamma)
    likely = {"lognormal": normal.likelihood["lognormal"], "gamma": gamma.likelihood["gamma"]}
    best = normal if likely["lognormal"] >= likely["gamma"] else gamma
    return replace(best, likelihood=likely)


def _nothing(size: int, place: Geography) -> Fit:
    """Without one two-sided flow: BACI's published model II, and equal variances."""
    zero = np.zeros(size)
    typical = np.full(size, 0.25)
    terms = np.array([0.32 - 0.032 * 1.0 - 0.11 * CENTRE + 0.01 * CENTRE**2, -0.11 + 0.02 * CENTRE])
    terms = np.concatenate([terms, [0.01, -0.044, -0.009, 0.049]])
    log = design(place) @ terms
    return Fit(
        "lognormal",
        (typical, typical),
        (zero, zero),
        (zero, zero),
        (zero, zero),
        terms,
        log,
        1.0,
        {},
        (zero, zero),
    )


def _fit_family(cells: Cells, matrix: Floats, family: str, rounds: int, start: Fit | None) -> Fit:
    c, size = cells, cells.size
    key = c.pairs // 2
    pi, pj, apart = key // size, key % size, (c.pairs % 2).astype(bool)
    terms_of = np.where(apart[:, None], 0.0, matrix[pi, pj])
    count = len(c.pairs)
    if start is None:
        middle = _quantile(c.d, c.n, 0.5)
        scale = 1.4826 * _quantile(np.abs(c.d - middle), c.n, 0.5)
        vx = np.full(size, max(scale**2 / 2, FLOOR))
        vm = vx.copy()
        up = np.full(size, START_SHARE)
        down = up.copy()
        mean = np.full(count, middle)
        ux, um = np.zeros(size), np.zeros(size)
        terms = np.zeros(matrix.shape[-1])
    else:
        vx, vm = (v.copy() for v in start.variance)
        up, down = (b.copy() for b in start.booked)
        before = own_bias(vx, start.family), own_bias(vm, start.family)
        ux, um = start.bias[0] - before[0], start.bias[1] - before[1]
        terms = start.terms
        own = own_bias(vx, family), own_bias(vm, family)
        mean = -terms_of @ terms + (ux + own[0])[pi] - (um + own[1])[pj]
    prior, alike = 0.05**2, 0.0
    flows = (_sum(c.i, c.n, size), _sum(c.j, c.n, size))
    seen = (flows[0] > 0, flows[1] > 0)
    typical = float((vx[seen[0]].mean() + vm[seen[1]].mean()) / 2)
    for _ in range(rounds):
        core, high, low, _total = _shares(c, mean, vx, vm, up, down, family)
        within = c.n * core
        weight = _sum(c.at, within, count)
        average = _sum(c.at, within * c.d, count) / np.maximum(weight, 1e-9)
        own = own_bias(vx, family), own_bias(vm, family)
        noise = (vx[pi] + vm[pj]) / np.maximum(weight, 1e-6) + FLOOR
        w = np.where(weight >= 1, 1 / noise, 0.0)
        y = -average + own[0][pi] - own[1][pj]
        terms, ux, um = _regress(y, w, terms_of, pi, pj, size, prior, alike)
        live = np.concatenate([ux[seen[0]], um[seen[1]]])
        prior = max(1e-5, float(np.mean(live**2)))
        twice = seen[0] & seen[1]
        squares_of = float(np.sqrt((ux[twice] ** 2).sum() * (um[twice] ** 2).sum()))
        alike = float(np.clip((ux * um)[twice].sum() / max(squares_of, 1e-12), 0.0, 0.9))
        mean = -terms_of @ terms + (ux + own[0])[pi] - (um + own[1])[pj]
        squares = _sum(c.at, within * (c.d - mean[c.at]) ** 2, count)
        vx, vm = _variances(squares, weight, pi, pj, vx, vm, typical)
        typical = float((vx[seen[0]].mean() + vm[seen[1]].mean()) / 2)
        up = (_sum(c.j, c.n * high, size) + SHARE_FLOWS * START_SHARE) / (flows[1] + SHARE_FLOWS)
        down = (_sum(c.i, c.n * low, size) + SHARE_FLOWS * START_SHARE) / (flows[0] + SHARE_FLOWS)
    vx, vm = _split(vx, vm, seen, _doubt(weight, pi, pj, vx, vm))
    own = own_bias(vx, family), own_bias(vm, family)
    mean = -terms_of @ terms + (ux + own[0])[pi] - (um + own[1])[pj]
    core, _, _, total = _shares(c, mean, vx, vm, up, down, family)
    likelihood = float((c.n * np.log(total)).sum() / c.n.sum())
    spread = _spread(c, mean, core, vx, vm, family)
    return Fit(
        family, (vx, vm), (ux + own[0], um + own[1]), (up, down), flows, terms,
        matrix @ terms, spread, {family: likelihood}, _doubt(weight, pi, pj, vx, vm),
    )  # fmt: skip


def own_bias(variance: Floats, family: str) -> Floats:
    """Mean of the logarithm of an error of mean one: zero for the lognormal family (median one)."""
    if family == "lognormal":
        return np.zeros_like(variance)
    k = special.shape_of(variance)
    return np.asarray(special.digamma(k) - np.log(k))


def _shares(
    c: Cells, mean: Floats, vx: Floats, vm: Floats, up: Floats, down: Floats, family: str
) -> tuple[Floats, Floats, Floats, Floats]:
    """Posterior shares of a cell's flows: rightly booked, exporter's side inflated, importer's; and density."""
    r = c.d - mean[c.at]
    s2 = vx[c.i] + vm[c.j]
    if family == "lognormal":
        inner = np.exp(-r * r / (2 * s2)) / np.sqrt(2 * np.pi * s2)
    else:
        kx, km = special.shape_of(vx), special.shape_of(vm)
        own = (special.digamma(kx) - np.log(kx))[c.i] - (special.digamma(km) - np.log(km))[c.j]
        gx, gm = special.log_gamma(kx), special.log_gamma(km)
        both = special.log_gamma((kx[:, None] + km[None, :]).ravel()).reshape(len(kx), -1)
        a, b = kx[c.i], km[c.j]
        at = np.log(a / b) + r + own
        inner = np.exp(
            both[c.i, c.j] - gx[c.i] - gm[c.j] + a * at - (a + b) * np.logaddexp(0.0, at)
        )
    core = (1 - up[c.j] - down[c.i]) * inner
    wide = 2 * np.exp(-r * r / (2 * (s2 + BROAD))) / np.sqrt(2 * np.pi * (s2 + BROAD))
    high = np.where(r > 0, up[c.j], 0.0) * wide
    low = np.where(r <= 0, down[c.i], 0.0) * wide
    total = core + high + low + 1e-300
    return core / total, high / total, low / total, total


def _regress(
    y: Floats, w: Floats, x: Floats, pi: Whole, pj: Whole, size: int, prior: float, alike: float
) -> tuple[Floats, Floats, Floats]:
    """Weighted least squares of y on x - u_i + u_j with biases u shrunk towards zero (random effects).

    A reporter's biases in its two roles are correlated by `alike`: what both share cancels in the level.
    """
    k = x.shape[1]
    whole = np.zeros((k + 2 * size, k + 2 * size))
    right = np.zeros(k + 2 * size)
    xw = x * w[:, None]
    whole[:k, :k] = x.T @ xw + 1e-9 * np.eye(k)
    right[:k] = xw.T @ y
    for term in range(k):
        whole[term, k : k + size] = -_sum(pi, xw[:, term], size)
        whole[term, k + size :] = _sum(pj, xw[:, term], size)
    whole[k:, :k] = whole[:k, k:].T
    cross = np.zeros((size, size))
    np.add.at(cross, (pi, pj), w)
    whole[k : k + size, k + size :] = -cross
    whole[k + size :, k : k + size] = -cross.T
    precision = 1 / (prior * (1 - alike**2))
    own = np.arange(k, k + size)
    whole[own, own + size] -= alike * precision
    whole[own + size, own] -= alike * precision
    diagonal = np.concatenate([_sum(pi, w, size), _sum(pj, w, size)]) + precision
    whole[np.arange(k, k + 2 * size), np.arange(k, k + 2 * size)] = diagonal
    right[k : k + size] = -_sum(pi, w * y, size)
    right[k + size :] = _sum(pj, w * y, size)
    answer = np.linalg.solve(whole, right)
    return answer[:k], answer[k : k + size], answer[k + size :]


def _variances(
    squares: Floats, weight: Floats, pi: Whole, pj: Whole, vx: Floats, vm: Floats, typical: float
) -> tuple[Floats, Floats]:
    """EM of the variance components of r² ~ v_i + v_j (Dempster, Laird and Rubin 1977), never negative."""
    size = len(vx)
    s, n = np.zeros((size, size)), np.zeros((size, size))
    np.add.at(s, (pi, pj), squares)
    np.add.at(n, (pi, pj), weight)
    nx, nm = n.sum(axis=1), n.sum(axis=0)
    for _ in range(60):
        total = vx[:, None] + vm[None, :]
        joint = n * vx[:, None] * vm[None, :] / total
        scaled = s / total**2
        new_x = (vx**2 * scaled.sum(axis=1) + joint.sum(axis=1) + PRIOR_FLOWS * typical) / (
            nx + PRIOR_FLOWS
        )
        new_m = (vm**2 * scaled.sum(axis=0) + joint.sum(axis=0) + PRIOR_FLOWS * typical) / (
            nm + PRIOR_FLOWS
        )
        vx, vm = np.maximum(new_x, FLOOR), np.maximum(new_m, FLOOR)
    return vx, vm


def _doubt(weight: Floats, pi: Whole, pj: Whole, vx: Floats, vm: Floats) -> tuple[Floats, Floats]:
    """Standard errors of the variances, by the information of r² ~ v_i + v_j, each role's own part."""
    size = len(vx)
    worth = weight / (2 * (vx[pi] + vm[pj]) ** 2)
    return (
        1 / np.sqrt(np.maximum(_sum(pi, worth, size), 1.0)),
        1 / np.sqrt(np.maximum(_sum(pj, worth, size), 1.0)),
    )


def _split(
    vx: Floats,
    vm: Floats,
    seen: tuple[npt.NDArray[np.bool_], ...],
    doubt: tuple[Floats, Floats],
) -> tuple[Floats, Floats]:
    """Move a constant between the roles so that reporters with both are as reliable in either, on average.

    Well-known reporters count most: one of a wild variance must not move the constant of all others.
    """
    both = seen[0] & seen[1]
    if not both.any():
        return vx, vm
    sure = 1 / (doubt[0] ** 2 + doubt[1] ** 2)[both]
    move = float(((vm - vx)[both] * sure).sum() / sure.sum()) / 2
    move = float(np.clip(move, FLOOR - vx[seen[0]].min(), vm[seen[1]].min() - FLOOR))
    return np.maximum(vx + move, FLOOR), np.maximum(vm - move, FLOOR)


def _spread(c: Cells, mean: Floats, core: Floats, vx: Floats, vm: Floats, family: str) -> float:
    """90 % quantile of |residual| / standard deviation, observed over fitted; between 0.8 and 2."""
    z = np.abs(c.d - mean[c.at]) / np.sqrt(vx[c.i] + vm[c.j])
    observed = _quantile(z, c.n * core, 0.9)
    expected = 1.6449
    if family == "gamma":
        rng = np.random.default_rng(20260101)
        take = np.searchsorted(np.cumsum(c.n), (np.arange(40_000) + 0.5) / 40_000 * c.n.sum())
        i, j = c.i[take], c.j[take]
        kx, km = special.shape_of(vx), special.shape_of(vm)
        own = (special.digamma(kx) - np.log(kx))[i] - (special.digamma(km) - np.log(km))[j]
        tiny = 1e-300
        draw = np.log(rng.gamma(kx[i]) + tiny) - np.log(kx[i])
        draw -= np.log(rng.gamma(km[j]) + tiny) - np.log(km[j])
        expected = float(np.quantile(np.abs(draw - own) / np.sqrt(vx[i] + vm[j]), 0.9))
    return float(np.clip(observed / expected, 0.8, 2.0))


def _sum(at: Whole, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(at, values, size), dtype=np.float64)


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    """A weighted quantile by counting in fine bins (a 5,000th wide in asinh): sorting millions takes longer."""
    key = np.round(np.arcsinh(values) * FINE).astype(np.int64)
    least = key.min()
    run = np.cumsum(np.bincount(key - least, weights))
    return float(np.sinh((np.searchsorted(run, share * run[-1]) + least) / FINE))
