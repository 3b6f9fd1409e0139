"""Biases first, then inverse variance: E ln(X/F) = b_i - b_j, all biases summing to zero.

Only differences are identified: were every reporter too high by one factor, no method could tell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile.balance.pairs import mirror, ranged
from reconcile.balance.reliability import biases, cautious, variances

NAME = "bias"
ABOUT = "each reporter's persistent bias removed, then inverse variance"
SOURCE = "Tsigas, Hertel and Binkley (1992); ten Cate (2007), CPB document 179"


def balance(pairs: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; options as in its `mirror`."""
    p = mirror(pairs, **options)
    two = p.both
    e, i, gap = p.e[p.told], p.i[p.told], p.gap[p.told]
    first = variances(gap - (np.median(gap) if len(gap) else 0.0), e, i, p.size)
    of_e, of_i = biases(gap, e, i, p.size, first)
    by_e, by_i = variances(gap - of_e[e] + of_i[i], e, i, p.size)
    x, f = np.log(p.x) - of_e[p.e], np.log(p.f) - of_i[p.i]
    share = by_i[p.i] / (by_e[p.e] + by_i[p.i])
    share = np.where(two, share, np.where(np.isfinite(p.x), 1.0, 0.0))
    value = np.exp(np.where(share > 0, share * x, 0.0) + np.where(share < 1, (1 - share) * f, 0.0))
    wide_e, wide_i = cautious((by_e, by_i), e, i, p.size)
    return ranged(NAME, p, value, share, (wide_e[p.e], wide_i[p.i]))
