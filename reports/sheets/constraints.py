"""Owns the sheet Constraints: each accounting constraint before and after balancing, and what stays unmet."""

from __future__ import annotations

from reconcile.result import Result
from reports.layout import Sheet, Text
from reports.places import Places
from reports.sheets import generic

NAME = "Constraints"
STAGE, POSITION = 75, 52


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None without constraints."""
    if result.constraints.empty:
        return None
    return Sheet(
        NAME,
        "Each accounting constraint: how far the figures miss it before and after balancing.",
        [
            Text(["Constraints"], "title"),
            Text(
                [
                    "Turnover = exports + imports, a group = its members, a year = its months, and the user's own. Before and "
                    "after say how far the figures as given and the balanced ones miss the target.",
                ]
            ),
            generic.table("tConstraints", result.constraints, result, generic.AMOUNTS),
        ],
        pages_wide=2,
    )
