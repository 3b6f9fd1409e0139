"""Slips of a thousand or a million between two reports of one flow. Owns which side is taken to have slipped.

A slip shows as a gap ln(X/F) that is ± ln 1000 or ± ln 1e6 within the errors of the two reporters, where
such gaps are more frequent than those somewhat smaller or larger; the side that is further from what trade of its exporter, importer and commodity usually comes to is put right.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reconcile.balance.mirror import Mirror
from reconcile.balance.reliability import variances

Floats = npt.NDArray[np.float64]
STEPS = (1e3, 1e6)
WITHIN = 3.0  # standard deviations of the gap about the slip
BAND = 0.7  # ln: half the width of the bands in which gaps are counted
REACH = 1.5  # ln: how far off the slip a gap may be once the slip stands out
PEAK = 2.0  # times as many gaps at the slip as beside it
FEWEST = 4
ODD = 0.5  # of the slip: how far from the usual the side put right must be
ROUNDS = 5


def factors(p: Mirror) -> tuple[Floats, Floats]:
    """Give (factor of X, factor of the importer's figure) by row: 1 where nothing slipped."""
    ones = np.ones(len(p.x)), np.ones(len(p.x))
    if p.both.sum() < 10:
        return ones
    by_e, by_i = variances(p.gap[p.both], p.e[p.both], p.i[p.both], p.size)
    sd = np.sqrt(by_e[p.e] + by_i[p.i])
    gap = np.where(p.both, p.gap, 0.0)
    usual = expected(p)
    of_x, of_m = np.log(p.x) - usual, np.log(p.f) - usual
    for step in STEPS:
        far = np.log(step)
        off = np.where(p.both, np.abs(np.abs(gap) - far), np.inf)
        if not _stands_out(np.abs(gap[p.both]), far):
            continue
        near = off < np.minimum(WITHIN * sd, REACH)
        # the side put right was out of the ordinary, and the other is not
        x_slipped = near & (np.abs(of_x) > ODD * far) & (np.abs(of_m) < np.abs(of_x) - far / 4)
        ones[0][x_slipped] = np.where(gap > 0, 1 / step, step)[x_slipped]
        m_slipped = near & (np.abs(of_m) > ODD * far) & (np.abs(of_x) < np.abs(of_m) - far / 4)
        ones[1][m_slipped] = np.where(gap > 0, step, 1 / step)[m_slipped]
    return ones


def _stands_out(gap: Floats, far: float) -> bool:
    """Whether more gaps lie at the slip than on either side of it: a long tail alone is no slip.

    Gold that one side leaves out differs by a factor of thousands too, but not by a thousand more often
    than by five hundred.
    """
    at, below, above = (
        int((np.abs(gap - far - shift) < BAND).sum()) for shift in (0.0, -2 * BAND, 2 * BAND)
    )
    return at >= FEWEST and at > PEAK * max(below, above)


def expected(p: Mirror) -> Floats:
    """ln of what the flow usually comes to: medians by exporter, importer, commodity and what each
    exporter sells taken out in turn.

    Median polish (Tukey 1977) of the logarithm of the mean of the reports.
    """
    import pandas as pd

    x, f = np.log(p.x), np.log(p.f)
    line = np.where(np.isfinite(x) & np.isfinite(f), (x + f) / 2, np.where(np.isfinite(x), x, f))
    left = pd.Series(line)
    for _ in range(ROUNDS):
        # what an exporter sells is its own: its commodities apart, where it has several buyers
        for group in (p.e, p.i, p.product, p.e * (int(p.product.max(initial=0)) + 1) + p.product):
            left = left - left.groupby(group).transform("median")
    return np.asarray(line - left.to_numpy())
