"""The methods of balancing that scale to a whole world: how each converts, weighs and combines two figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.world import special
from reconcile.world.scores import Cells, Fit

Floats = npt.NDArray[np.float64]
ALIKE = 0.2  # two figures closer than this, as a share of the larger, agree (Gehlhar 1996)
LEAST = 0.01  # a symmetry index is never zero
ROUNDS = 25  # of the Growth Lab's iteration


@dataclass(frozen=True)
class Evidence:
    """What a method may weigh by: the fit, the histogram of ln(X/M), the pair totals and the margins."""

    fit: Fit
    cells: Cells
    sums: pd.DataFrame
    margin: Floats


Weights = Callable[[Evidence], Floats]


@dataclass(frozen=True)
class Method:
    """`weights` gives exporter × importer, the weight on the exporter's figure. `combine`: fitted (errors of
    the family that was fitted, misbooked flows discounted), mean, geometric, largest. `margin`: a fixed CIF
    margin instead of the estimated one."""

    about: str
    source: str
    weights: Weights
    combine: str = "mean"
    margin: float | None = None


def _fixed(weight: float) -> Weights:
    return lambda evidence: np.full_like(evidence.margin, weight)


def inverse_variance(evidence: Evidence) -> Floats:
    """v_j / (v_i + v_j) of the fitted error variances; of gamma errors k_i / (k_i + k_j), their shapes."""
    vx, vm = evidence.fit.variance
    if evidence.fit.family == "gamma":
        kx, km = special.shape_of(vx), special.shape_of(vm)
        return np.asarray(kx[:, None] / (kx[:, None] + km[None, :]))
    return np.asarray(vm[None, :] / (vx[:, None] + vm[None, :]))


def baci(evidence: Evidence) -> Floats:
    """w = v_j / (v_i + v_j), v = e^s (e^s - 1), s the variance of the ln error (BACI, eq. 3 by its derivation)."""
    vx, vm = (np.exp(v) * np.expm1(v) for v in evidence.fit.variance)
    return np.asarray(vm[None, :] / (vx[:, None] + vm[None, :]))


def symmetry(evidence: Evidence) -> Floats:
    """Weights by the share of a reporter's two-sided flows that agree with the partner's within 20 %."""
    c, size = evidence.cells, evidence.cells.size
    margin = np.where(c.fob, 0.0, np.log1p(evidence.margin[c.i, c.j]))
    agree = c.n * (-np.expm1(-np.abs(c.d + margin)) <= ALIKE)
    index = []
    for side in (c.i, c.j):
        index.append(np.bincount(side, agree, size) / np.maximum(np.bincount(side, c.n, size), 1.0))
    x, m = (np.maximum(found, LEAST) for found in index)
    return np.asarray(x[:, None] / (x[:, None] + m[None, :]))


def growth_lab(evidence: Evidence) -> Floats:
    """Softmax of the Growth Lab's scores A (step 2) on pair totals.

    The scores are divided by their geometric mean each round: without that the published iteration
    alternates in scale, and after its 25 rounds weights are near 0 or 1.
    """
    size = len(evidence.margin)
    total = evidence.sums.groupby("pair")[["x_both", "m_both", "x_only", "m_only"]].sum()
    key = total.index.to_numpy(dtype=np.int64)
    x, f = np.zeros((size, size)), np.zeros((size, size))
    x[key // size, key % size] = (total["x_both"] + total["x_only"]).to_numpy()
    f[key // size, key % size] = (total["m_both"] + total["m_only"]).to_numpy()
    f = f / (1 + evidence.margin)
    live = (x + f) > 0
    s = np.divide(np.abs(x - f), x + f, out=np.zeros_like(x), where=live)
    ne, ni = np.maximum(live.sum(axis=1), 1), np.maximum(live.sum(axis=0), 1)
    a, b = np.ones(size), np.ones(size)
    for _ in range(ROUNDS):
        next_a, next_b = 1 / np.maximum(s @ b / ne, 1e-6), 1 / np.maximum(a @ s / ni, 1e-6)
        a = next_a / np.exp(np.mean(np.log(next_a)))
        b = next_b / np.exp(np.mean(np.log(next_b)))
    return np.asarray(1 / (1 + np.exp(np.clip(b[None, :] - a[:, None], -50, 50))))


DEFAULT = "variance"
METHODS = {
    "variance": Method(
        "inverse variance of the fitted errors, biases removed, misbooked flows discounted",
        "Stone, Champernowne and Meade 1942, with the errors of reconcile.world.scores",
        inverse_variance,
        "fitted",
    ),
    "baci": Method(
        "weighted mean, BACI's weights on the fitted spreads",
        "Gaulier and Zignago 2010, eq. 3",
        baci,
    ),
    "growthlab": Method(
        "weighted mean, softmax of the Growth Lab's scores of pair totals",
        "Bustos and Yildirim, comtrade-mirroring, step 2, normalised each round",
        growth_lab,
    ),
    "symmetry": Method(
        "weighted mean, by the share of a reporter's flows that agree within 20 %",
        "symmetry index of OECD BIMTS in the form of Gehlhar 1996; exact equation not published",
        symmetry,
    ),
    "mean": Method("plain mean of the two FOB figures", "", _fixed(0.5)),
    "geometric": Method("geometric mean of the two FOB figures", "", _fixed(0.5), "geometric"),
    "exporter": Method("the exporter's figure where there is one", "", _fixed(1.0)),
    "importer": Method("the importer's FOB figure where there is one", "", _fixed(0.0)),
    "imf": Method(
        "the exporter's figure, else the importer's divided by 1.06",
        "IMF Direction of Trade Statistics, 2017",
        _fixed(1.0),
        margin=0.06,
    ),
    "oec": Method(
        "the larger of the exporter's figure and the importer's divided by 1.08",
        "Observatory of Economic Complexity and Open Trade Statistics, documentation, ch. 3",
        _fixed(0.5),
        "largest",
        0.08,
    ),
}
ALIASES = {
    "inversevariance": "variance", "geometricmean": "geometric", "plainmean": "mean",
    "importerfirst": "importer", "exporterfirst": "exporter", "arithmeticmean": "mean",
    "symmetryindex": "symmetry", "dots": "imf", "bustosyildirim": "growthlab",
}  # fmt: skip


def named(text: str) -> str:
    """The key of METHODS that a user means: case, blanks and marks do not matter. The text itself if none."""
    plain = "".join(letter for letter in text.lower() if letter.isalpha())
    return ALIASES.get(plain, plain if plain in METHODS else text)
