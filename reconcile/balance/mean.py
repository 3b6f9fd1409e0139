"""The plain mean of both sides on FOB: every reporter is taken to be as good as the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile.balance.pairs import mirror, weighted

NAME = "mean"
ABOUT = "the arithmetic mean of both sides on FOB"
SOURCE = "the yardstick that a reliability method must beat"


def balance(pairs: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; options as in its `mirror`."""
    p = mirror(pairs, **options)
    return weighted(NAME, p, np.full(len(p.x), 0.5))
