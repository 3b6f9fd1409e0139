"""Findings on totals and parts: sums that differ, and pieces of opposite sign that hide a part of a gap."""

from __future__ import annotations

from typing import Any

from reconcile.findings import View, finding
from reconcile.wording import amount, area, case, listed, percent


def find(view: View) -> list[dict[str, Any]]:
    """Name totals that differ from their parts, and gaps whose pieces offset each other."""
    return [*_differ(view), *_offset(view), *_located(view)]


def _differ(view: View) -> list[dict[str, Any]]:
    cases = view.cases
    parts = cases[
        (cases["kind"] == "parts") & cases["verdict"].isin(["discrepancy", "within tolerance"])
    ]
    rows = []
    for row in parts.to_dict("records"):
        total, made = view.by_id.loc[row["figure_a"]], view.by_id.loc[row["figure_b"]]
        way = "under" if row["gap"] < 0 else "over"
        text = (
            f"{case(row)}: the {made['note']} is {amount(made['amount'], view.unit)}, "
            f"{amount(abs(row['gap']), view.unit)} {way} the total of {total['source']}, "
            f"{amount(total['amount'], view.unit)} ({percent(abs(row['gap_pct_mean']))} of their mean)"
        )
        rows.append(
            finding("PARTS_DIFFER", text, case=row["id"], figures=[total["id"], made["id"]], size=row["gap"])
        )  # fmt: skip
    return rows


def _offset(view: View) -> list[dict[str, Any]]:
    rows = []
    by_case = view.cases.set_index("id")
    for key, group in view.members.groupby("case", sort=False):
        gap = float(by_case.at[key, "gap"])
        against = group[group["gap"] * gap < 0]
        # A piece that rounding alone can make is no offset.
        against = against[against["gap"].abs() > 0.01 * abs(gap)]
        if against.empty:
            continue
        whole = float(group["gap"].abs().sum())
        pieces = listed(
            f"{area(a)} {amount(g, view.unit)}" for a, g in zip(against["area"], against["gap"])
        )
        row = {"id": key, **by_case.loc[key].to_dict()}
        text = (
            f"{case(row)}: the gap of {amount(gap, view.unit)} is a net of pieces of opposite sign ({pieces}); "
            f"without regard to sign the members differ by {amount(whole, view.unit)}"
        )
        rows.append(finding("OFFSETTING", text, case=str(key), size=whole - abs(gap)))
    return rows


def _located(view: View) -> list[dict[str, Any]]:
    rows = []
    by_case = view.cases.set_index("id")
    for key, group in view.members.groupby("case", sort=False):
        gap = float(by_case.at[key, "gap"])
        row = {"id": key, **by_case.loc[key].to_dict()}
        pieces = listed(
            f"{area(a)} {amount(g, view.unit)}" for a, g in zip(group["area"], group["gap"])
        )
        left = gap - float(group["gap"].sum())
        text = (
            f"{case(row)}: of the gap of {amount(gap, view.unit)}, {pieces}; "
            f"{amount(left, view.unit)} is not located"
        )
        rows.append(finding("LOCATED", text, case=str(key), size=gap))
    return rows
