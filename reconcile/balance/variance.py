"""Inverse variance: reporters' variances by non-negative least squares, the mean of logarithms by them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reconcile.balance.pairs import mirror, weighted

NAME = "variance"
ABOUT = "logarithms weighted by 1 / V, V from (ln X/F)² = V_i + V_j by NNLS"
SOURCE = "variance model of ten Cate (2007, 2014); Lawson and Hanson (1974) for the fit"


def balance(pairs: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; options as in its `mirror`."""
    p = mirror(pairs, **options)
    by_e, by_i = p.errors
    return weighted(NAME, p, by_i[p.i] / (by_e[p.e] + by_i[p.i]), logs=True)
