"""Findings on who a figure goes back to: repetitions of one source, and copies of the partner's figure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reconcile.findings import View, finding, largest
from reconcile.match import KEY, keyed
from reconcile.wording import amount, area, case, listed

EXACT = 0.01  # the half width of a printed interval, as a share of the value, up to which a copy can be told


def find(view: View) -> list[dict[str, Any]]:
    """Name the sources that repeat another, and the figures that equal their mirror without records."""
    return [*_same_origin(view), *_copies(view)]


def _same_origin(view: View) -> list[dict[str, Any]]:
    printed = view.figures[~view.figures["derived"]]
    repeated = printed[printed["source"] != printed["origin"]]
    if repeated.empty:
        return []
    table = keyed(printed)
    keys = [*KEY, "side", "origin"]
    table = table[table["origin"].isin(repeated["origin"])]
    number = table.groupby(keys, sort=False).ngroup()
    told = pd.DataFrame({"number": number, "again": table["source"] != table["origin"],
                         "size": table["amount"].abs()})  # fmt: skip
    count = told.groupby("number").agg(
        again=("again", "any"), members=("size", "size"), size=("size", "max")
    )
    count = count[count["again"] & (count["members"] > 1)]
    alone, more = largest("SAME_ORIGIN", count.reset_index(), "size", view.unit)
    chosen = {int(row["number"]) for row in alone}
    kept = number.isin(chosen)
    by_case = {key: row["id"] for row in view.cases.to_dict("records") for key in row["figures"]}
    rows = []
    for _, group in table[kept].groupby(number[kept], sort=False):
        repeats = group[group["source"] != group["origin"]]
        text = (
            f"{listed(repeats['source'])} repeats {group['origin'].iloc[0]}: {len(group)} figures of "
            f"{area(str(group['reporter'].iloc[0]))} with {area(str(group['partner'].iloc[0]))} "
            f"count as one source"
        )
        first = str(group["id"].iloc[0])
        rows.append(
            finding("SAME_ORIGIN", text, case=by_case.get(first, ""), figures=list(group["id"]),
                    size=float(group["amount"].abs().max()))
        )  # fmt: skip
    return [*rows, *more]


def _copies(view: View) -> list[dict[str, Any]]:
    """A figure that is its mirror to the last printed digit and does not rest on its reporter's records."""
    cases = view.cases
    close = cases[(cases["kind"] == "mirror") & cases["verdict"].isin(["agree", "within rounding"])]
    rows = []
    by_id = view.by_id
    for row in close.to_dict("records"):
        for own, far in (("figure_a", "figure_b"), ("figure_b", "figure_a")):
            figure, mirror = by_id.loc[row[own]], by_id.loc[row[far]]
            if figure["derived"] or mirror["derived"] or not _copied(figure, mirror):
                continue
            text = (
                f"{case(row)}: the figure of {figure['source']} ({amount(figure['amount'], view.unit)}) equals "
                f"that of {mirror['source']} ({amount(mirror['amount'], view.unit)}) to its last printed digit "
                f"and does not rest on records of {area(figure['reporter'])}"
            )
            rows.append(
                finding("MIRROR_COPY", text, case=row["id"], figures=[figure["id"], mirror["id"]],
                        size=float(figure["amount"]))
            )  # fmt: skip
    return rows


def _copied(figure: pd.Series, mirror: pd.Series) -> bool:
    if figure["records"] == figure["reporter"] or mirror["records"] != mirror["reporter"]:
        return False
    half = (figure["amount_high"] - figure["amount_low"]) / 2
    slack = 1e-9 * abs(figure["amount"])
    inside = figure["amount_low"] - slack <= mirror["amount"] <= figure["amount_high"] + slack
    return bool(inside and half <= EXACT * abs(figure["amount"]))
