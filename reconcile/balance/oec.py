"""OEC and Open Trade Statistics: the larger of the exporter's figure and the importer's / 1.08.

Biased upwards where errors are random: the larger of two noisy figures is mostly too large.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile.balance.pairs import mirror, weighted

NAME = "oec"
ABOUT = "the larger of X and M / 1.08"
SOURCE = "Open Trade Statistics, OEC documentation, chapter 3"
FACTOR = 1.08


def balance(
    pairs: pd.DataFrame, *, cif: str | float | None = FACTOR, **options: Any
) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; the factor is fixed unless `cif` says otherwise."""
    p = mirror(pairs, cif=FACTOR if cif is None else cif, **options)
    with np.errstate(invalid="ignore"):
        return weighted(NAME, p, (p.x >= p.f).astype(float))
