"""Findings on valuation: what was taken as FOB or CIF, and gaps that freight and insurance cannot explain."""

from __future__ import annotations

from typing import Any

from reconcile.findings import View, finding, largest
from reconcile.gather import USUAL
from reconcile.wording import amount, case, count


def find(view: View) -> list[dict[str, Any]]:
    """Count the figures whose valuation is assumed, and name the cases of the wrong sign."""
    rows = []
    assumed = view.figures[view.figures["assumed"].str.contains("valuation", regex=False)]
    for flow, group in assumed.groupby("flow", sort=False):
        value = USUAL[str(flow)]
        text = (
            f"{flow} without a stated valuation are read as {value}: {count(len(group), 'figure')}"
        )
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
    notes = wrong.drop_duplicates("case").set_index("case")["note"]
    beyond = view.cases["verdict"].isin(["discrepancy", "within tolerance"])
    alone, more = largest(
        "VALUATION_SIGN", view.cases[beyond & view.cases["id"].isin(notes.index)], "gap", view.unit
    )
    for row in alone:
        text = f"{case(row)}, gap {amount(row['gap'], view.unit)}: {notes[row['id']]}"
        figures = [row["figure_a"], row["figure_b"]]
        rows.append(
            finding("VALUATION_SIGN", text, case=row["id"], figures=figures, size=row["gap"])
        )
    return [*rows, *more]
