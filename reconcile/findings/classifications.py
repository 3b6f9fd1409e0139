"""Findings on commodity classifications: figures of one trade flow whose codes are of different revisions."""

from __future__ import annotations

from typing import Any

from reconcile.findings import View, finding
from sources import commodities


def find(view: View) -> list[dict[str, Any]]:
    """Name the figures by commodity that stand beside others in another classification, and are not compared."""
    return [
        finding(row["code"], row["message"], figures=row["figures"], advice=row["advice"])
        for row in commodities.mixed(view.figures).to_dict("records")
    ]
