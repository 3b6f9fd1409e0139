"""The currency step: to US dollars at the average rate of the figure's own period."""

from __future__ import annotations

import pandas as pd

from reconcile.basis import Context, Step
from sources import rates
from sources.errors import MissingRate

ORDER = 30


def steps(figures: pd.DataFrame, context: Context) -> list[Step]:
    """Divide by units of the currency per dollar, one rate a currency and period."""
    money = figures["measure"] == "value"
    through = (figures["currency"] != context.basis.currency) | deflated(figures, context)
    chosen = money & through & (figures["currency"] != "USD")
    operand, key = looked_up(figures, chosen, figures["currency"], context)
    reason = figures["currency"] + " to USD, average of " + figures["period"]
    return [Step("currency", "÷", chosen, operand, key, reason)]


def deflated(figures: pd.DataFrame, context: Context) -> pd.Series:
    """Say which figures change their price year: these pass through dollars, whose deflator is known."""
    if context.basis.prices is None:
        return pd.Series(False, index=figures.index)
    return price_year(figures) != str(context.basis.prices)


def price_year(figures: pd.DataFrame) -> pd.Series:
    """Give the year whose prices each figure is in, as text: its own where prices are current."""
    middle = (
        pd.to_datetime(figures["start"])
        + (pd.to_datetime(figures["end"]) - pd.to_datetime(figures["start"])) / 2
    )
    own = middle.dt.year.astype("Int64").astype(str)
    return figures["prices"].where(figures["prices"] != "current", own)


def looked_up(
    figures: pd.DataFrame, chosen: pd.Series, currency: pd.Series, context: Context
) -> tuple[pd.Series, pd.Series]:
    """Give (rate, assumption id) of chosen figures; missing rates are noted as problems, all of them."""
    keys = currency + "\x1f" + figures["start"] + "\x1f" + figures["end"]
    found: dict[str, tuple[float, str]] = {}
    for key in keys[chosen].unique():
        code, start, end = str(key).split("\x1f")
        try:
            row = rates.lookup(code, start, end, context.book.user)
        except MissingRate as error:
            context.problems.extend(error.problems)
            found[key] = (float("nan"), "")
            continue
        found[key] = (float(row["value"]), context.book.add(row))
    operand = keys.map({key: rate for key, (rate, _) in found.items()}).astype(float)
    named = {key: found[key][1] if key in found else "" for key in keys.unique()}
    return operand, keys.map(named).astype(object)
