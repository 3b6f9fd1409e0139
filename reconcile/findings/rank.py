"""Findings on rankings: who is an area's first partner, and whether that depends on the source or reading."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reconcile.findings import View, finding
from reconcile.findings.currency import alternatives
from reconcile.match import keyed
from reconcile.wording import amount, area

KEYS = ["area", "key_flow", "commodity", "period", "measure"]


def find(view: View) -> list[dict[str, Any]]:
    """Say where the order of an area's first two partners changes with the source or reading chosen."""
    table = keyed(view.figures[~view.figures["derived"]])
    table = table[table["flow"] == "turnover"]
    if table.empty:
        return []
    other = alternatives(view)
    extra = table.drop(columns=["amount"]).merge(
        other, on="id", how="inner", suffixes=("", "_read")
    )
    extra["reading"] = ", were it " + extra["currency_read"].astype(str)
    table = table.assign(reading="")
    columns = [
        "area_a",
        "area_b",
        "key_flow",
        "commodity",
        "period",
        "measure",
        "amount",
        "source",
        "id",
        "reading",
    ]
    both = pd.concat([table[columns], extra[columns]], ignore_index=True)
    one = both.assign(area=both["area_a"], partner=both["area_b"])
    two = both.assign(area=both["area_b"], partner=both["area_a"])
    seen = pd.concat([one, two], ignore_index=True)
    # Only where the ranges of two partners cross can the first one depend on the reading.
    number = seen.groupby(KEYS, sort=False).ngroup()
    ends = (
        seen["amount"].groupby([number, seen["partner"]]).agg(["min", "max"]).reset_index(level=1)
    )
    top = ends.sort_values("max", ascending=False, kind="stable").groupby(level=0)
    first, second = top.nth(0), top.nth(1)
    crossing = second.index[second["max"] > first["min"].reindex(second.index)]
    seen = seen[number.isin(crossing)]
    rows = []
    for key, group in seen.groupby(KEYS, sort=False):
        rows.extend(_depends(str(key[0]), str(key[3]), group, view))
    return rows


def _depends(place: str, period: str, group: pd.DataFrame, view: View) -> list[dict[str, Any]]:
    by_partner = group.groupby("partner", sort=False)["amount"]
    low, high = by_partner.min(), by_partner.max()
    first = high.idxmax()
    rivals = [p for p in high.index if p != first and high[p] > low[first]]
    if not rivals:
        return []
    second = max(rivals, key=lambda partner: float(high[partner]))
    down = group[(group["partner"] == first)].sort_values("amount", kind="stable").iloc[0]
    up = group[(group["partner"] == second)].sort_values("amount", kind="stable").iloc[-1]
    top = group[group["partner"] == first].sort_values("amount", kind="stable").iloc[-1]
    text = (
        f"{area(place)}'s first partner in {period} depends on the reading: {area(str(first))} with "
        f"{amount(top['amount'], view.unit)} ({top['source']}{top['reading']}), but only "
        f"{amount(down['amount'], view.unit)} by {down['source']}{down['reading']}, below the "
        f"{amount(up['amount'], view.unit)} of {area(str(second))} ({up['source']}{up['reading']})"
    )
    figures = list(dict.fromkeys([str(top["id"]), str(down["id"]), str(up["id"])]))
    return [finding("RANK_DEPENDS", text, figures=figures, size=float(top["amount"]))]
