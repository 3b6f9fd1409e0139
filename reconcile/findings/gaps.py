"""Findings on cases: gaps beyond rounding, gaps within it, and figures that nobody else reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconcile.findings import View, finding, largest
from reconcile.wording import amount, area, case, percent


def find(view: View) -> list[dict[str, Any]]:
    """Say for each case what its verdict is and on which bases the gap was measured."""
    cases, unit = view.cases, view.unit
    reporters = view.by_id["reporter"]
    single = cases[(cases["verdict"] == "single source") & (cases["figure_a"] != "")]
    directed = single["flow"] == "exports"
    beyond = cases["verdict"].isin(["discrepancy", "within tolerance"]) & (cases["kind"] != "parts")
    open_gap = beyond & (cases["residual"] != 0)  # what a cause claims in full has its own finding
    kinds = (
        ("GAP", cases[open_gap & (cases["verdict"] == "discrepancy")], "gap"),
        ("WITHIN_TOLERANCE", cases[open_gap & (cases["verdict"] == "within tolerance")], "gap"),
        ("WITHIN_ROUNDING", cases[cases["verdict"] == "within rounding"], "gap"),
        ("SINGLE_SOURCE", single[~directed], "lowest"),
        ("MISSING_MIRROR", single[directed], "lowest"),
    )
    rows: list[dict[str, Any]] = []
    for code, table, size in kinds:
        alone, rest = largest(code, table, size, unit)
        for row in alone:
            text = f"{case(row)}: {_said(code, row, _unit(row, view), reporters)}"
            figures = [key for key in (row["figure_a"], row["figure_b"]) if key]
            rows.append(finding(code, text, case=row["id"], figures=figures, size=row[size]))
        rows += rest
    return rows


def _unit(row: Mapping[str, Any], view: View) -> str:
    """Give the unit of a case: the basis for values, tonnes for masses, for quantities their own."""
    if row["measure"] == "value":
        return view.unit
    return "tonnes" if row["measure"] == "net mass" else str(view.by_id.at[row["figure_a"], "currency"])  # fmt: skip


def _said(code: str, row: dict[str, Any], unit: str, reporters: Mapping[str, str]) -> str:
    two = f"{amount(row['lowest'], unit)} against {amount(row['highest'], unit)}"
    if code == "GAP":
        bases = (("mean", "mean"), ("lowest", "lower"), ("highest", "higher"))
        shares = [
            f"{percent(abs(row[f'gap_pct_{name}']))} of the {word}"
            for name, word in bases
            if row[f"gap_pct_{name}"] == row[f"gap_pct_{name}"]  # none of nothing
        ]
        said = f": {', '.join(shares)}" if shares else ""
        left = amount(abs(row["residual"]), unit)
        return f"{two}, a gap of {amount(abs(row['gap']), unit)}{said}; {left} is left unexplained"
    if code == "WITHIN_TOLERANCE":
        share = percent(abs(row["gap_pct_mean"]))
        return f"{two}, {share} of their mean: beyond rounding, within the tolerance"
    if code == "WITHIN_ROUNDING":
        return f"a gap of {amount(row['gap'], unit)} lies within rounding"
    if code == "SINGLE_SOURCE":
        return f"one source only, {amount(row['lowest'], unit)}"
    own = reporters[row["figure_a"]]
    far = row["areas"][1] if own == row["areas"][0] else row["areas"][0]
    return f"{area(own)} reports {amount(row['lowest'], unit)}, no figure of {area(far)} is at hand"
