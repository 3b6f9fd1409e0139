"""Twins: one reporter prints a flow twice, and the two figures differ in one attribute only. Owns the search.

The difference of twins is a recorded measure of the attribute: CIF and FOB, general and special trade,
origin and consignment, with and without an adjustment.
"""

from __future__ import annotations

import pandas as pd

from reconcile.causes import Ground

ATTRIBUTES = ("valuation", "prices", "trade_system", "partner_basis", "concept", "coverage")
WHAT = ["source", "reporter", "partner", "flow", "commodity", "classification", "period", "measure"]
FOUND = ["case", "side", "figure", "twin", "amount", "expression", "theirs", "own"]


def twins(ground: Ground, attribute: str, chosen: pd.Series, usual: dict[str, str] | None = None) -> pd.DataFrame:  # fmt: skip
    """Give the effect on the gap of an attribute in which figures a and b of chosen cases differ.

    One side must print a second figure that agrees with the other side's attribute. Columns: case, side,
    figure, twin, amount (figure b less its twin, or a's twin less a), expression, own and theirs (the
    attribute of the side and of the other). `usual` gives what an empty attribute means for a flow.
    """
    figures = ground.figures[ground.figures["amount"].notna()].copy()
    if figures[attribute].nunique() < 2 or not bool(chosen.any()):
        return pd.DataFrame(columns=FOUND)
    figures[attribute] = filled(figures, attribute, usual)
    same = [*WHAT, *(name for name in ATTRIBUTES if name != attribute)]
    several = figures.groupby(same, sort=False)[attribute].transform("nunique") > 1
    figures = figures[several]
    if figures.empty:
        return pd.DataFrame(columns=FOUND)
    latest = figures.sort_values("published", kind="stable").drop_duplicates(
        [*same, attribute], keep="last"
    )
    by_id = ground.by_id
    value = filled(by_id, attribute, usual)
    cases = ground.cases[chosen]
    pieces = []
    for side, other in (("b", "a"), ("a", "b")):
        part = pd.DataFrame({"case": cases["id"], "figure": cases[f"figure_{side}"]})
        part["own"] = part["figure"].map(value)
        part["theirs"] = cases[f"figure_{other}"].map(value)
        part = part[(part["own"] != part["theirs"]) & (part["own"] != "") & (part["theirs"] != "")]
        keys = by_id.loc[part["figure"], same].reset_index(drop=True)
        part = pd.concat([part.reset_index(drop=True), keys], axis=1)
        twin = latest[[*same, attribute, "id", "amount"]].rename(
            columns={attribute: "theirs", "id": "twin", "amount": "twin_amount"}
        )
        met = part.merge(twin, on=[*same, "theirs"], how="inner", validate="m:1")
        own = met["figure"].map(by_id["amount"]).astype(float)
        less = own - met["twin_amount"] if side == "b" else met["twin_amount"] - own
        first, second = ("figure", "twin") if side == "b" else ("twin", "figure")
        met["amount"] = less
        met["expression"] = "{amount:" + met[first] + "}-{amount:" + met[second] + "}"
        pieces.append(met.assign(side=side)[FOUND])
    return pd.concat(pieces, ignore_index=True).drop_duplicates("case")


def filled(figures: pd.DataFrame, attribute: str, usual: dict[str, str] | None) -> pd.Series:
    """Give the attribute of n figures, an empty or unknown one as usual for the flow."""
    own = figures[attribute]
    if not usual:
        return own
    return own.where(~own.isin(["", "unknown"]), figures["flow"].map(usual).fillna(""))


def only(ground: Ground, attribute: str) -> pd.Series:
    """Which cases set two figures of one reporter and source beside each other that differ in nothing else."""
    cases = ground.cases
    chosen = cases["kind"].isin(["rival", "vintage"]) & (cases["verdict"] != "within rounding")
    if ground.figures[attribute].nunique() < 2:
        return chosen & False
    for name in (*WHAT, "currency", *ATTRIBUTES):
        if not bool(chosen.any()):
            return chosen
        same = ground.of("a", name) == ground.of("b", name)
        chosen &= ~same if name == attribute else same
    return chosen
