"""Symmetry index, share form: weights are each side's share of trade that the other confirms.

SI of an exporter = Σ X · 1[|X - F| / max(X, F) <= tolerance] / Σ X, the pair itself left out of its own index.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.balance.mirror import Mirror
from reconcile.balance.pairs import mirror, weighted

NAME = "symmetry_share"
ABOUT = "mean weighted by the share of trade confirmed within a tolerance"
SOURCE = "OECD BIMTS and WTO-OECD BaTIS weight by a symmetry index; this definition is recalled"
TOLERANCE = 0.20
EDGE = 1 + 1e-9  # a difference of just the tolerance counts as within it

Floats = npt.NDArray[np.float64]


def balance(
    pairs: pd.DataFrame, *, tolerance: float = TOLERANCE, own_pair: bool = False, **options: Any
) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; `own_pair` leaves the pair in its own index."""
    p = mirror(pairs, **options)
    by_e, by_i = indices(p, tolerance, own_pair)
    return weighted(NAME, p, shares(by_e, by_i))


def indices(p: Mirror, tolerance: float, own_pair: bool) -> tuple[Floats, Floats]:
    """Give (index of the exporter, of the importer) by row, 0 to 1."""
    with np.errstate(invalid="ignore"):
        close = p.both & (np.abs(p.x - p.f) <= tolerance * np.fmax(p.x, p.f) * EDGE)
    return (
        _share(p, p.e, np.where(p.both, p.x, 0.0), close, own_pair),
        _share(p, p.i, np.where(p.both, p.f, 0.0), close, own_pair),
    )


def _share(
    p: Mirror,
    side: npt.NDArray[np.int64],
    value: Floats,
    close: npt.NDArray[np.bool_],
    own_pair: bool,
) -> Floats:
    good = np.where(close, value, 0.0)
    right, whole = (np.bincount(side, one, p.size)[side] for one in (good, value))
    if not own_pair:
        pair = p.e * p.size + p.i
        right, whole = (
            of_side - np.bincount(pair, one, p.size**2)[pair]
            for of_side, one in ((right, good), (whole, value))
        )
    usable = whole > 1e-9 * np.maximum(value, 1e-300)
    return np.where(usable, np.clip(right / np.where(usable, whole, 1.0), 0.0, 1.0), 0.0)


def shares(by_e: Floats, by_i: Floats) -> Floats:
    """The exporter's weight SI_i / (SI_i + SI_j); a half where both are zero."""
    total = by_e + by_i
    return np.where(total > 0, by_e / np.where(total > 0, total, 1.0), 0.5)
