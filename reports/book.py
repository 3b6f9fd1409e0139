"""Owns which sheets a workbook has and in which order; each sheet is described by its own module."""

from __future__ import annotations

from reconcile.result import Result
from reports import labels
from reports.layout import Book, Sheet
from reports.places import Places
from reports.sheets import assumptions, basis, decomposition, discrepancies, figures


def build(result: Result) -> Book:
    """Describe the whole workbook of a result. Pure layout: every number comes from the result."""
    places = Places()
    made: dict[str, Sheet | None] = {}
    # Addresses are noted as sheets are described, so a sheet comes after those it refers to.
    for module in (assumptions, figures, basis, discrepancies, decomposition):
        made[module.NAME] = module.describe(result, places)
    order = ["Figures", "Common basis", "Discrepancies", "Decomposition", "Assumptions"]
    sheets = [sheet for sheet in (made[name] for name in order) if sheet is not None]
    return Book(
        result.title,
        sheets,
        labels.when(result),
        places.names,
        subject="Rival published trade figures, reconciled step by step",
    )
