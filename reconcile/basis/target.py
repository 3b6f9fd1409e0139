"""The target step: from US dollars to the currency of the basis, where that is another."""

from __future__ import annotations

import pandas as pd

from reconcile.basis import Context, Step
from reconcile.basis.currency import deflated, looked_up

ORDER = 50


def steps(figures: pd.DataFrame, context: Context) -> list[Step]:
    """Multiply by units of the basis currency per dollar: of the figure's period, or of the price year."""
    currency = context.basis.currency
    if currency == "USD":
        return []
    changed = deflated(figures, context)
    chosen = (figures["measure"] == "value") & ((figures["currency"] != currency) | changed)
    dated = figures[["start", "end"]].copy()
    if context.basis.prices is not None:
        dated["start"] = f"{context.basis.prices}-01-01"
        dated["end"] = f"{context.basis.prices}-12-31"
    operand, key = looked_up(dated, chosen, pd.Series(currency, index=figures.index), context)
    year = str(context.basis.prices)
    when = (
        figures["period"] if context.basis.prices is None else figures["period"].map(lambda _: year)
    )
    reason = "USD to " + currency + ", average of " + when
    return [Step("currency (target)", "×", chosen, operand, key, reason)]
