"""Findings on the state of figures: provisional ones, vintages, implied exchange rates, one source with two numbers."""

from __future__ import annotations

from typing import Any

from reconcile.findings import View, finding
from reconcile.gaps import TWO_BASES
from reconcile.wording import amount, case, count
from sources.vocabulary import INTENDED

STATUSES = {"provisional": "provisional", "estimate": "an estimate"}


def find(view: View) -> list[dict[str, Any]]:
    """Name provisional sources, two vintages of one figure, and rates that a source implies."""
    rows = []
    printed = view.figures[~view.figures["derived"]]
    open_ones = printed[printed["status"].isin(list(STATUSES))]
    for (source, status), group in open_ones.groupby(["source", "status"], sort=False):
        text = f"{source}: {count(len(group), 'figure')} marked as {STATUSES[str(status)]}"
        rows.append(
            finding("PROVISIONAL", text, figures=list(group["id"].head(20)),
                    size=float(group["amount"].abs().sum()))
        )  # fmt: skip
    intended = printed[printed["status"].isin(INTENDED)]
    if len(intended):
        text = f"{count(len(intended), 'figure')} of targets or forecasts, compared with nothing"
        rows.append(finding("NOT_ACTUAL", text, figures=list(intended["id"].head(20))))
    cases = view.cases
    for row in cases[cases["kind"] == "vintage"].to_dict("records"):
        a, b = view.by_id.loc[row["figure_a"]], view.by_id.loc[row["figure_b"]]
        when = f" ({a['published'] or 'undated'}, {b['published'] or 'undated'})"
        text = (
            f"{case(row)}: {a['source']} prints {amount(a['amount'], view.unit)} and "
            f"{amount(b['amount'], view.unit)}{when}"
        )
        if a["published"] == b["published"] and row["note"] == TWO_BASES:
            continue  # its causes and COVERAGE_DIFFERS say what differs; neither is too many
        code = "VINTAGE" if a["published"] != b["published"] else "DUPLICATE"
        rows.append(
            finding(code, text, case=row["id"], figures=[a["id"], b["id"]], size=row["gap"])
        )
    implied = view.causes[(view.causes["cause"] == "exchange rate") & (view.causes["amount"] != 0)]
    by_case = view.cases.set_index("id")
    for cause in implied.to_dict("records"):
        row = {"id": cause["case"], **by_case.loc[cause["case"]].to_dict()}
        text = (
            f"{case(row)}: at the average rate the two numbers are {amount(row['lowest'], view.unit)} and "
            f"{amount(row['highest'], view.unit)}; {cause['note']}"
        )
        rows.append(
            finding("RATE_IMPLIED", text, case=row["id"], figures=[row["figure_a"], row["figure_b"]],
                    size=row["gap"])
        )  # fmt: skip
    return rows
