"""Exporter first: the exporter's figure, the importer's on FOB only where there is no other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile.balance.pairs import mirror, weighted

NAME = "exporter_first"
ABOUT = "the exporter's figure, else the importer's on FOB"
SOURCE = "FABIO (Bruckner et al. 2019) prefers the export report"


def balance(pairs: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs`; options as in its `mirror`."""
    p = mirror(pairs, **options)
    return weighted(NAME, p, np.ones(len(p.x)))
