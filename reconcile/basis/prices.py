"""The price steps: from the prices of one year to those of the basis year, by the US consumer price index."""

from __future__ import annotations

import pandas as pd

from reconcile.basis import Context, Step
from reconcile.basis.currency import deflated, price_year
from sources import rates
from sources.errors import MissingRate

ORDER = 40


def steps(figures: pd.DataFrame, context: Context) -> list[Step]:
    """Divide by the index of the figure's price year and multiply by that of the basis year."""
    if context.basis.prices is None:
        return []
    chosen = (figures["measure"] == "value") & deflated(figures, context)
    years = price_year(figures)
    source, key = _indices(years[chosen].unique(), years, context)
    target, target_key = _indices([str(context.basis.prices)], years, context)
    base = str(context.basis.prices)
    to = pd.Series(target.get(base, float("nan")), index=figures.index)
    to_key = pd.Series(target_key.get(base, ""), index=figures.index)
    return [
        Step("prices (from)", "÷", chosen, years.map(source).astype(float), years.map(key).astype(object).where(years.isin(list(key)), ""),
             "out of the prices of " + years),
        Step("prices (to)", "×", chosen, to, to_key, "into the prices of " + base + years.str.slice(0, 0)),
    ]  # fmt: skip


def _indices(
    wanted: object, years: pd.Series, context: Context
) -> tuple[dict[str, float], dict[str, str]]:
    values: dict[str, float] = {}
    keys: dict[str, str] = {}
    for year in wanted:  # type: ignore[attr-defined]
        try:
            row = rates.deflator("USA", int(year), context.book.user)
        except MissingRate as error:
            context.problems.extend(error.problems)
            continue
        values[year], keys[year] = float(row["value"]), context.book.add(row)
    return values, keys
