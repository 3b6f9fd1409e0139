"""The geometric mean of both sides on FOB: errors that are factors cancel in logarithms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile.balance.pairs import mirror, weighted

NAME = "geometric_mean"
ABOUT = "the geometric mean of both sides on FOB"
SOURCE = "best equal weights for lognormal errors"


def balance(pairs: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; options as in its `mirror`."""
    p = mirror(pairs, **options)
    return weighted(NAME, p, np.full(len(p.x), 0.5), logs=True)
