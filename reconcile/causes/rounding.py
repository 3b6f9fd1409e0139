"""Rounding: what the printed digits and the words beside them leave open."""

from __future__ import annotations

import pandas as pd

from reconcile.causes import Ground

NAME = "rounding"
ORDER = 10


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the whole gap where the two intervals overlap, else nothing, with the width as the range."""
    cases = ground.cases
    low = ground.of("b", "amount_low") - ground.of("a", "amount_high") - cases["gap"]
    high = ground.of("b", "amount_high") - ground.of("a", "amount_low") - cases["gap"]
    inside = cases["verdict"] == "within rounding"
    expression = "{amount:" + cases["figure_b"] + "}-{amount:" + cases["figure_a"] + "}"
    note = pd.Series("the intervals of the two printed figures overlap", index=cases.index)
    other = "the printed digits leave " + _billions(low) + " to " + _billions(high) + " open"
    return pd.DataFrame(
        {
            "case": cases["id"],
            "amount": cases["gap"].where(inside, 0.0),
            "low": (cases["gap"] + low).where(inside, low),
            "high": (cases["gap"] + high).where(inside, high),
            "evidence": pd.Series("recorded", index=cases.index).where(inside, ""),
            "note": note.where(inside, other),
            "expression": expression.where(inside, ""),
        }
    )


def _billions(amount: pd.Series) -> pd.Series:
    return (amount / 1e9).map("{:+.3g} bn".format)
