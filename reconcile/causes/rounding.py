"""Rounding: what the printed digits and the words beside them leave open."""

from __future__ import annotations

import pandas as pd

from reconcile.causes import Ground, amounts, claim

NAME = "rounding"
ORDER = 10
NEEDS = "figures whose intervals overlap"


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the whole gap where the two intervals overlap, else nothing, with the width as the range."""
    cases = ground.cases
    low = ground.of("b", "amount_low") - ground.of("a", "amount_high") - cases["gap"]
    high = ground.of("b", "amount_high") - ground.of("a", "amount_low") - cases["gap"]
    inside = cases["verdict"] == "within rounding"
    note = pd.Series("the intervals of the two printed figures overlap", index=cases.index)
    scale = (
        pd.Series(1e9, index=cases.index).mask(high.abs() < 1e8, 1e6).mask(high.abs() < 1e5, 1.0)
    )
    unit = scale.map({1e9: " bn", 1e6: " m", 1.0: ""})
    other = (
        "the printed digits leave " + (low / scale).map("{:+.3g}".format)
        + " to " + (high / scale).map("{:+.3g}".format) + unit + " open"
    )  # fmt: skip
    return claim(
        cases["id"],
        cases["gap"].where(inside, 0.0),
        pd.Series("recorded", index=cases.index).where(inside, ""),
        note.where(inside, other),
        (amounts(cases["figure_b"]) + "-" + amounts(cases["figure_a"])).where(inside, ""),
        low=(cases["gap"] + low).where(inside, low),
        high=(cases["gap"] + high).where(inside, high),
    )
