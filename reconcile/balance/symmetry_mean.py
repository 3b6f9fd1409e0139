"""Symmetry index, mean form: SI of an exporter = 1 - Σ|X - F| / Σ(X + F), the pair itself left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.balance.mirror import Mirror
from reconcile.balance.pairs import mirror, weighted
from reconcile.balance.symmetry_share import shares

NAME = "symmetry_mean"
ABOUT = "mean weighted by 1 - the relative asymmetry of all of a side's trade"
SOURCE = "OECD BIMTS and WTO-OECD BaTIS weight by a symmetry index; this definition is recalled"

Floats = npt.NDArray[np.float64]


def balance(pairs: pd.DataFrame, *, own_pair: bool = False, **options: Any) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; `own_pair` leaves the pair in its own index."""
    p = mirror(pairs, **options)
    by_e, by_i = indices(p, own_pair)
    return weighted(NAME, p, shares(by_e, by_i))


def indices(p: Mirror, own_pair: bool) -> tuple[Floats, Floats]:
    """Give (index of the exporter, of the importer) by row, 0 to 1."""
    apart = np.where(p.both, np.abs(p.x - p.f), 0.0)
    whole = np.where(p.both, p.x + p.f, 0.0)
    pair = p.e * p.size + p.i
    answers = []
    for side in (p.e, p.i):
        a, t = (np.bincount(side, one, p.size)[side] for one in (apart, whole))
        if not own_pair:
            a = a - np.bincount(pair, apart, p.size**2)[pair]
            t = t - np.bincount(pair, whole, p.size**2)[pair]
        usable = t > 1e-9 * np.maximum(whole, 1e-300)
        answers.append(np.where(usable, np.clip(1 - a / np.where(usable, t, 1.0), 0.0, 1.0), 0.0))
    return answers[0], answers[1]
