"""Owns the sheet Indices: the measures of asymmetry of each case, each with its base in its name."""

from __future__ import annotations

from reconcile.result import Result
from reports.layout import Sheet, Text
from reports.places import Places
from reports.sheets import generic

NAME = "Indices"
STAGE, POSITION = 85, 56
AMOUNTS = {"absolute", "absolute_gap", "gap", "sum_abs_gap", "cif_adjusted_gap", "amount"}


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None where the result has no indices."""
    if result.indices.empty:
        return None
    return Sheet(
        NAME,
        "Every measure of asymmetry in use, one sign rule, the base in the name.",
        [
            Text(["Indices of asymmetry"], "title"),
            Text(
                [
                    "The same gap is many percentages; each name says its base. All are B minus A: the importer's figure minus "
                    "the exporter's, or the second source named minus the first. Methods gives the formulas.",
                ]
            ),
            generic.table("tIndices", result.indices, result, AMOUNTS),
        ],
        pages_wide=2,
    )
