"""CIF margins of mirror pairs: fixed, BACI's equation fitted or as published, and the Growth Lab's.

BACI: Gaulier and Zignago (2010), CEPII working paper 2010-23, equation 1 and table 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sources.errors import InputError, Problem

if TYPE_CHECKING:
    from reconcile.balance.mirror import Mirror

Floats = npt.NDArray[np.float64]
IMF = 1.06  # IMF, Direction of Trade Statistics Yearbook 2017
FIXED_SD = 0.05  # of ln(1 + margin) of a fixed factor: 6 % stands for 0 to about 16 %
REGRESSION_SD = 0.02  # of a margin predicted from distance
ENOUGH = 200  # two-sided pairs below which a regression says little
COOK = 4.0  # Cook's distance beyond this over n is an outlier
LARGEST = (
    0.2  # of a predicted margin; the cap of the Growth Lab, and beyond what explicit margins show
)
# terms: intercept, ln D, (ln D)², ln UV, contiguity, landlocked importer, landlocked exporter
TABLE_1: dict[str, tuple[float, ...]] = {
    "I": (0.534, -0.178, 0.014, -0.032, -0.066, 0.066, -0.021),
    "II": (0.32, -0.11, 0.01, -0.032, -0.044, 0.049, -0.009),
    "III": (0.442, -0.122, 0.009, -0.042, -0.025, 0.024, 0.012),
    "IV": (0.3, -0.086, 0.007, -0.038, -0.024, 0.02, 0.01),
}
MEAN_CIF = {"I": 0.03, "II": 0.033, "III": 0.027, "IV": 0.034}
CHOICES = ("regression", "published", "growth_lab", "none")


def of(p: Mirror, choice: str | float | None) -> tuple[Floats, Floats]:
    """Give (margin over FOB, standard deviation of ln(1 + margin)) by row; see `pairs.mirror` for `choice`."""
    count = len(p.x)
    if choice is None:
        choice = "regression" if int(p.both.sum()) >= ENOUGH else IMF
    if isinstance(choice, (int, float)):
        return np.full(count, float(choice) - 1), np.full(count, FIXED_SD if choice != 1 else 0.0)
    if choice == "none":
        return np.zeros(count), np.zeros(count)
    if choice == "regression":
        return fitted(p), np.full(count, REGRESSION_SD)
    if choice == "published":
        return published(p), np.full(count, REGRESSION_SD)
    if choice == "growth_lab":
        from reconcile.world.margins import growth_lab

        margin, _ = growth_lab(p.sums(), p.place)
        return margin[p.e, p.i], np.full(count, REGRESSION_SD)
    raise InputError(
        Problem(
            "", "--cif", f"{choice} is unknown", f"a factor such as 1.06, or {', '.join(CHOICES)}"
        )
    )


def distance_part(ln_km: Floats, model: str = "I") -> Floats:
    """The terms of distance alone, b ln D + c (ln D)², of a column of table 1."""
    terms = TABLE_1[model]
    return np.asarray(terms[1] * ln_km + terms[2] * ln_km**2)


def published(p: Mirror, model: str = "II") -> Floats:
    """Margins by BACI's published coefficients, without unit values: the level is the published mean CIF."""
    terms = TABLE_1[model]
    km = p.place.km[p.e, p.i]
    known = np.isfinite(km) & (km > 0)
    log = np.log(np.where(known, km, 1.0))
    log = np.where(known, log, log[known].mean() if known.any() else 0.0)
    line = distance_part(log, model) + terms[4] * p.place.contiguous[p.e, p.i]
    line = line + terms[5] * p.place.landlocked[p.i] + terms[6] * p.place.landlocked[p.e]
    line = line - line.mean() + np.log1p(MEAN_CIF[model])
    return np.asarray(np.clip(np.expm1(line), 0.0, LARGEST))


def fitted(p: Mirror) -> Floats:
    """BACI's equation 1 without unit values, by least squares on ln(M/X), outliers by Cook's distance.

    Pairs are weighted by min(X, M) / max(X, M), as BACI weights by that of the quantities (column IV):
    two reports that differ by a factor of ten say nothing about freight. A rate below zero is taken as
    zero: a FOB figure above the CIF one has no meaning. Effects of year enter as dummies and are averaged
    in the prediction.
    """
    from reconcile.world.scores import design

    terms = design(p.place)
    two = np.isfinite(p.x) & np.isfinite(p.m)
    rows = terms[p.e[two], p.i[two]]
    y = np.log(p.m[two] / p.x[two])
    dummies = (p.year[two][:, None] == np.arange(1, p.year.max(initial=0) + 1)).astype(float)
    root = np.exp(-np.abs(y) / 2)
    inside, y = np.hstack([rows, dummies]) * root[:, None], y * root
    keep = np.ones(len(y), dtype=bool)
    # one round of outliers; what the second round would call one is ordinary noise
    coefficients = np.linalg.lstsq(inside, y, rcond=None)[0]
    keep = cook(inside, y, coefficients) <= COOK / max(len(y), 1)
    if keep.sum() > inside.shape[1]:
        coefficients = np.linalg.lstsq(inside[keep], y[keep], rcond=None)[0]
    k = rows.shape[1]
    line = terms[p.e, p.i] @ coefficients[:k] + float((dummies @ coefficients[k:]).mean())
    return np.asarray(np.clip(np.expm1(line), 0.0, LARGEST))


def cook(x: Floats, y: Floats, coefficients: Floats) -> Floats:
    """Cook's distance of each row of a least-squares fit (Cook 1977)."""
    residual = y - x @ coefficients
    q, r = np.linalg.qr(x)
    live = np.abs(np.diag(r)) > 1e-10 * np.abs(np.diag(r)).max(initial=1e-300)
    leverage = np.clip((q[:, live] ** 2).sum(axis=1), 0.0, 1 - 1e-9)
    k = int(live.sum())
    mean_square = float((residual**2).sum()) / max(len(y) - k, 1)
    if mean_square == 0.0:
        return np.zeros(len(y))
    return np.asarray(residual**2 * leverage / (k * mean_square * (1 - leverage) ** 2))
