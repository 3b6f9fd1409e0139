"""IMF: reported data are kept, the mirror divided by 1.06 only fills what an exporter does not report."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile.balance.pairs import mirror, weighted

NAME = "imf"
ABOUT = "the exporter's report where it exists, else the importer's / 1.06"
SOURCE = "IMF, Direction of Trade Statistics Yearbook 2017: exports FOB of non-reporters"
FACTOR = 1.06


def balance(
    pairs: pd.DataFrame, *, cif: str | float | None = FACTOR, **options: Any
) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; the factor is fixed unless `cif` says otherwise."""
    p = mirror(pairs, cif=FACTOR if cif is None else cif, **options)
    return weighted(NAME, p, np.ones(len(p.x)))
