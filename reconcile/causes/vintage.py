"""Vintage: a source revises its figures, and an early one stands beside a later one."""

from __future__ import annotations

import pandas as pd

from reconcile.causes import Ground, amounts, claim, nothing
from reconcile.causes.twins import ATTRIBUTES

NAME = "vintage"
ORDER = 15
NEEDS = "two figures of one source with their dates of publication"
KINDS = ("vintage",)


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the whole gap between two numbers of one source published at two dates: the revision."""
    cases = ground.cases
    chosen = ground.open & (cases["kind"] == "vintage")
    for name in ("source", "currency", *ATTRIBUTES):
        chosen &= ground.of("a", name) == ground.of("b", name)
    part = cases[chosen]
    if part.empty:
        return pd.DataFrame()
    first, second = (ground.of(side, "published")[chosen] for side in "ab")
    dated = (first != "") & (second != "") & (first != second)
    whole = part[dated]
    note = "published " + first[dated] + " and revised " + second[dated]
    early, late = (ground.of(side, "status")[chosen][dated] for side in "ab")
    note = note + (", " + early + " and " + late).where((early != "") & (late != ""), "")
    expression = amounts(whole["figure_b"]) + "-" + amounts(whole["figure_a"])
    made = claim(whole["id"], whole["gap"], "recorded", note, expression)
    silent = nothing(part.loc[~dated, "id"], "two numbers of one source: needs their dates")
    return pd.concat([table for table in (made, silent) if len(table)], ignore_index=True)
