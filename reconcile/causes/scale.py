"""Scale slips: a figure printed in the wrong unit differs from its mirror by a power of ten."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.causes import Ground, amounts, claim, nothing

NAME = "scale slip"
ORDER = 35
SIDE = ""  # which of the two figures is wrong is not known: a balance moves neither
NEEDS = "two figures whose ratio is a power of ten within their rounding"
POWERS = (1, 2, 3, 6)  # ten, a hundred, thousand, million
NEAR = 0.05  # a ratio this close to a power of ten is proposed, not claimed
COARSE = 0.02  # a figure with a wider relative interval meets a power of ten by chance


def claims(ground: Ground) -> pd.DataFrame:
    """Claim what moves figure a (or b) to the other's size where the ratio is 10, 100, 1000 or a million.

    Claimed (estimated) only where the intervals, one of them times the power, overlap and are narrower
    than 2 % of the figure; a ratio within 5 % of a power is proposed in the note. The corrected figure is
    the smaller one: which of the two slipped needs a third figure.
    """
    cases = ground.cases
    a, b = ground.of("a", "amount"), ground.of("b", "amount")
    usable = ground.open & (a > 0) & (b > 0)
    ratio = (b.where(usable, 1.0) / a.where(usable, 1.0)).astype(float)
    power = np.log10(ratio).abs().round()
    off = (np.log10(ratio).abs() - power).abs()
    chosen = usable & power.isin(POWERS) & (off <= np.log10(1 + NEAR))
    if not bool(chosen.any()):
        return pd.DataFrame()
    part = cases[chosen]
    factor = 10.0 ** power[chosen]
    up = ratio[chosen] > 1
    low, high = {}, {}
    for side in "ab":
        grow = factor.where(up, 1.0) if side == "a" else factor.where(~up, 1.0)
        low[side] = ground.of(side, "amount_low")[chosen] * grow
        high[side] = ground.of(side, "amount_high")[chosen] * grow
    meet = (low["a"] <= high["b"]) & (low["b"] <= high["a"])
    width = pd.concat([(high[side] - low[side]) / high[side] for side in "ab"], axis=1).max(axis=1)
    sure = meet & (width <= COARSE)
    text = factor.map("{:,.0f}".format)
    smaller = part["figure_a"].where(up, part["figure_b"])
    amount = a[chosen].where(up, -b[chosen]) * (factor - 1)
    sign = pd.Series("", index=part.index).where(up, "-")
    expression = sign + amounts(smaller) + "*(" + factor.map("{:.0f}".format) + "-1)"
    reporter = smaller.map(ground.by_id["reporter"])
    note = "the figures differ by " + text + " within their rounding: the unit of " + reporter
    made = claim(
        part["id"][sure],
        amount[sure],
        "estimated",
        (note + " may be wrong")[sure],
        expression[sure],
    )
    exact = ratio[chosen].where(up, 1 / ratio[chosen]).map("{:,.4g}".format)
    near = "the ratio is " + exact + ", close to " + text + ": check the unit of " + reporter
    silent = nothing(part["id"][~sure], near[~sure])
    return pd.concat([table for table in (made, silent) if len(table)], ignore_index=True)
