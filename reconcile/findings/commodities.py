"""Findings on commodity codes: figures of one flow in classifications that do not meet."""

from __future__ import annotations

from typing import Any

from reconcile.findings import View, finding
from sources.commodities import mixed


def find(view: View) -> list[dict[str, Any]]:
    """Name the classifications that stand side by side without a correlation between them."""
    products = view.figures[(view.figures["commodity"] != "TOTAL") & ~view.figures["derived"]]
    if products.empty:
        return []
    return [
        finding(row["code"], row["message"], figures=row["figures"], advice=row["advice"])
        for row in mixed(products).to_dict("records")
    ]
