"""The first step: the printed text read as a number."""

from __future__ import annotations

import pandas as pd

from reconcile.basis import Context, Step

ORDER = 10


def steps(figures: pd.DataFrame, context: Context) -> list[Step]:
    """Take the number of every figure, in its printed unit."""
    everything = pd.Series(True, index=figures.index)
    empty = pd.Series("", index=figures.index)
    reason = "printed as " + figures["printed"] + " " + figures["printed_unit"]
    return [Step("number", "=", everything, figures["value"], empty, reason)]
