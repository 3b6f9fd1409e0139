"""Gehlhar (1996): each side's share of trade that the other confirms within 20 %; the better side wins.

The index of a country and role is 100 · Σ(accurate flows) / Σ(flows that have a mirror), the single
largest inaccurate flow left out of the denominator so that one partner cannot ruin it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.balance.mirror import Mirror
from reconcile.balance.pairs import mirror, weighted

NAME = "gehlhar"
ABOUT = "the side whose reports are confirmed more often within 20 %"
SOURCE = "Gehlhar (1996), GTAP technical paper 10, through two published ports (20 % agree)"
TOLERANCE = 0.20
SAME = 1e-9  # indices that differ by less are equal
EDGE = 1 + SAME  # a difference of just the tolerance counts as within it

Floats = npt.NDArray[np.float64]


def balance(
    pairs: pd.DataFrame,
    *,
    tolerance: float = TOLERANCE,
    by_commodity: bool = False,
    largest_out: bool = True,
    **options: Any,
) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`. The importer's figure is chosen where the indices are equal."""
    p = mirror(pairs, **options)
    rix, rim = indices(p, tolerance, by_commodity, largest_out)
    return weighted(NAME, p, (rim < rix * (1 - SAME)).astype(float))


def indices(
    p: Mirror, tolerance: float = TOLERANCE, by_commodity: bool = False, largest_out: bool = True
) -> tuple[Floats, Floats]:
    """Give (exporter's index, importer's index) by row, 0 to 100; a side without mirrors has 0."""
    x, m = np.nan_to_num(p.x), np.nan_to_num(p.m)
    with np.errstate(invalid="ignore", divide="ignore"):
        # the level of accuracy is on CIF, as a share of the importer's figure
        accurate = p.both & (np.abs(p.m - p.x * (1 + p.margin)) <= tolerance * p.m * EDGE)
    groups = int(p.product.max(initial=0)) + 1 if by_commodity else 1
    within = p.product if by_commodity else np.zeros_like(p.product)
    answers = []
    for side, value in ((p.e, x), (p.i, m)):
        group = side * groups + within
        size = p.size * groups
        value = np.where(p.both, value, 0.0)
        right = np.bincount(group, np.where(accurate, value, 0.0), size)
        whole = np.bincount(group, value, size)
        if largest_out:
            worst = np.zeros(size)
            np.maximum.at(worst, group, np.where(p.both & ~accurate, value, 0.0))
            whole = np.maximum(whole - worst, right)
        answers.append(
            np.where(whole > 0, 100 * right / np.where(whole > 0, whole, 1.0), 0.0)[group]
        )
    return answers[0], answers[1]
