"""Findings on valuation: what was taken as FOB or CIF, and gaps that freight and insurance cannot explain."""

from __future__ import annotations

from typing import Any

from reconcile.findings import View, finding
from reconcile.wording import amount, case


def find(view: View) -> list[dict[str, Any]]:
    """Count the figures whose valuation is assumed, and name the cases of the wrong sign."""
    rows = []
    assumed = view.figures[view.figures["assumed"].str.contains("valuation", regex=False)]
    for flow, group in assumed.groupby("flow", sort=False):
        value = "CIF" if flow == "imports" else "FOB"
        text = f"{len(group):,} figures of {flow} without a stated valuation are read as {value}"
        rows.append(
            finding("VALUATION_ASSUMED", text, figures=list(group["id"].head(20)),
                    size=float(group["amount"].abs().sum()))
        )  # fmt: skip
    wrong = view.causes[
        view.causes["cause"].str.startswith("valuation")
        & (view.causes["amount"] == 0)
        & (view.causes["evidence"] == "")
        & view.causes["note"].str.contains("cannot explain|other sign", regex=True)
    ]
    by_case = view.cases.set_index("id")
    for cause in wrong.to_dict("records"):
        row = {"id": cause["case"], **by_case.loc[cause["case"]].to_dict()}
        if row["verdict"] not in ("discrepancy", "within tolerance"):
            continue
        text = f"{case(row)}, gap {amount(row['gap'], view.unit)}: {cause['note']}"
        figures = [row["figure_a"], row["figure_b"]]
        rows.append(
            finding("VALUATION_SIGN", text, case=cause["case"], figures=figures, size=row["gap"])
        )
    return rows
