"""Findings on cases: gaps beyond rounding, gaps within it, and figures that nobody else reports."""

from __future__ import annotations

from typing import Any

from reconcile.findings import View, finding
from reconcile.wording import amount, area, case, percent


def find(view: View) -> list[dict[str, Any]]:
    """Say for each case what its verdict is and on which bases the gap was measured."""
    rows: list[dict[str, Any]] = []
    cases = view.cases
    for row in cases[cases["verdict"] == "discrepancy"].to_dict("records"):
        rows.append(_gap(row, view.unit))
    near = cases[cases["verdict"] == "within tolerance"]
    for row in near.to_dict("records"):
        text = (
            f"{case(row)}: {amount(row['lowest'], view.unit)} against {amount(row['highest'], view.unit)}, "
            f"{percent(abs(row['gap_pct_mean']))} of their mean: beyond rounding, within the tolerance"
        )
        rows.append(_row("WITHIN_TOLERANCE", text, row))
    for row in cases[cases["verdict"] == "within rounding"].to_dict("records"):
        text = f"{case(row)}: a gap of {amount(row['gap'], view.unit)} lies within rounding"
        rows.append(_row("WITHIN_ROUNDING", text, row))
    single = cases[(cases["verdict"] == "single source") & (cases["figure_a"] != "")]
    directed = single["flow"] == "exports"
    for row in single[~directed].to_dict("records"):
        text = f"{case(row)}: one source only, {amount(row['lowest'], view.unit)}"
        rows.append(_row("SINGLE_SOURCE", text, row, size=row["lowest"]))
    reporters = view.by_id["reporter"]
    for row in single[directed].to_dict("records"):
        own = reporters[row["figure_a"]]
        far = row["areas"][1] if own == row["areas"][0] else row["areas"][0]
        text = (
            f"{case(row)}: {area(own)} reports {amount(row['lowest'], view.unit)}, "
            f"no figure of {area(far)} is at hand"
        )
        rows.append(_row("MISSING_MIRROR", text, row, size=row["lowest"]))
    return rows


def _gap(row: dict[str, Any], unit: str) -> dict[str, Any]:
    text = (
        f"{case(row)}: {amount(row['lowest'], unit)} against {amount(row['highest'], unit)}, a gap of "
        f"{amount(abs(row['gap']), unit)}: {percent(abs(row['gap_pct_mean']))} of the mean, "
        f"{percent(abs(row['gap_pct_lowest']))} of the lower, {percent(abs(row['gap_pct_highest']))} of "
        f"the higher; {amount(abs(row['residual']), unit)} is left unexplained"
    )
    return _row("GAP", text, row)


def _row(code: str, text: str, row: dict[str, Any], size: float | None = None) -> dict[str, Any]:
    figures = [key for key in (row["figure_a"], row["figure_b"]) if key]
    value = row["gap"] if size is None else size
    return finding(code, text, case=row["id"], figures=figures, size=value)
