"""BACI: reporting distance of the two sides explained by exporter, importer, year and product; weights by it.

Gaulier and Zignago (2010), CEPII working paper 2010-23, section 2.4. Equation 3 prints its denominator
wrongly; the derivation in its footnote 19 gives w = v_j / (v_i + v_j) with v = exp(s²)(exp(s²) - 1).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.balance.mirror import Mirror
from reconcile.balance.pairs import mirror, weighted

NAME = "baci"
ABOUT = "BACI: reliability by analysis of variance of |ln X/F|, corrected weights"
SOURCE = "Gaulier and Zignago (2010), CEPII working paper 2010-23, equations 2 to 5"
PENALTY = 2.0  # standard errors added to the smallest mean, as published
SHARE_OF_MEDIAN = 0.1  # the floor of sigma, as a share of the median positive one
LARGEST_SIGMA = 10.0  # exp(sigma²) stays a number

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def balance(pairs: pd.DataFrame, *, penalty: float = PENALTY, **options: Any) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; `penalty` 0 compares with the smallest mean itself."""
    p = mirror(pairs, **options)
    by_e, by_i = sigmas(p, penalty)
    return weighted(NAME, p, weights(by_e[p.e], by_i[p.i]))


def weights(sigma_e: Floats, sigma_i: Floats) -> Floats:
    """Weight on the exporter's figure; the variance of a lognormal error of median one is exp(s²)(exp(s²) - 1)."""
    a, b = (
        np.minimum(np.asarray(one, dtype=float), LARGEST_SIGMA) ** 2 for one in (sigma_e, sigma_i)
    )
    # in logarithms, so that large sigmas do not overflow
    log_e, log_i = a + np.log(np.expm1(a)), b + np.log(np.expm1(b))
    return np.asarray(1 / (1 + np.exp(np.clip(log_e - log_i, -700, 700))))


def sigmas(p: Mirror, penalty: float = PENALTY) -> tuple[Floats, Floats]:
    """Standard deviations of ln error by area, as exporter and as importer, with a positive floor.

    sigma = pi/2 · (mean distance - smallest mean - penalty · standard error); see `marginal_means`.
    """
    two = p.both
    if two.sum() < 3:
        return np.ones(p.size), np.ones(p.size)
    distance = np.abs(p.gap[two])
    # weighted by the logarithm of the sum of the two reports, footnote 21
    weight = np.maximum(np.log(np.maximum(p.x[two] + p.f[two], 1.0)), 1e-3)
    found = marginal_means(
        distance, weight, p.e[two], p.i[two], p.year[two], p.product[two], p.size
    )
    return tuple(_sigma(mean, error, penalty) for mean, error in found)  # type: ignore[return-value]


def _sigma(mean: Floats, error: Floats, penalty: float) -> Floats:
    seen = np.isfinite(mean)
    if not seen.any():
        return np.ones(len(mean))
    sigma = np.pi / 2 * (mean - np.nanmin(mean) - penalty * error)
    positive = sigma[seen & (sigma > 0)]
    if not len(positive):
        return np.ones(len(mean))
    middle = float(np.median(positive))
    sigma = np.where(seen, np.maximum(sigma, SHARE_OF_MEDIAN * middle), middle)
    return np.asarray(sigma)


def marginal_means(
    y: Floats, w: Floats, e: Whole, i: Whole, year: Whole, product: Whole, size: int
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Least-square means of y by exporter and by importer, each with its standard errors (equation 5).

    Weighted least squares y = exporter + importer + year + product; a mean of one effect is taken at the
    unweighted mean of the others. Product effects are eliminated from the normal equations, which is the
    within transformation. Areas without a row get NaN.
    """
    years, products = int(year.max()) + 1, int(product.max()) + 1
    k = 2 * size + years
    place = (e, size + i, 2 * size + year)
    gram = np.zeros((k, k))
    cross = np.zeros((k, products))
    right = np.zeros(k)
    for a in place:
        right += np.bincount(a, w * y, k)
        np.add.at(cross, (a, product), w)
        for b in place:
            gram += np.bincount(a * k + b, w, k * k).reshape(k, k)
    mass = np.bincount(product, w, products)
    inverse = np.where(mass > 0, 1 / np.where(mass > 0, mass, 1.0), 0.0)
    by_product = np.bincount(product, w * y, products)
    reduced = gram - (cross * inverse) @ cross.T
    told = right - (cross * inverse) @ by_product
    # the null space holds what the effects may exchange; it drops out of the means below
    pseudo = np.linalg.pinv(reduced, rcond=1e-10, hermitian=True)
    effect = pseudo @ told
    of_product = inverse * (by_product - cross.T @ effect)
    fitted = effect[e] + effect[size + i] + effect[2 * size + year] + of_product[product]
    live = np.diag(gram) > 0
    freedom = max(len(y) - int(live.sum()) - int((mass > 0).sum()) + 3, 1)
    noise = float((w * (y - fitted) ** 2).sum()) / freedom
    blocks = [np.flatnonzero(live[:size]), size + np.flatnonzero(live[size : 2 * size])]
    blocks.append(2 * size + np.flatnonzero(live[2 * size :]))
    level = float(of_product[mass > 0].mean())
    answers = []
    for mine in (0, 1):
        mean, error = np.full(size, np.nan), np.full(size, np.nan)
        others = [block for n, block in enumerate(blocks) if n != mine]
        base = level + sum(float(effect[block].mean()) for block in others)
        mean[blocks[mine] - mine * size] = effect[blocks[mine]] + base
        contrast = np.zeros((len(blocks[mine]), k))
        contrast[np.arange(len(blocks[mine])), blocks[mine]] = 1.0
        # against the mean of its own block: what is left of the level cancels in sigma
        contrast[:, blocks[mine]] -= 1.0 / len(blocks[mine])
        spread = np.einsum("ij,jk,ik->i", contrast, pseudo, contrast)
        error[blocks[mine] - mine * size] = np.sqrt(np.maximum(spread * noise, 0.0))
        answers.append((mean, error))
    return answers[0], answers[1]
