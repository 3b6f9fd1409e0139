"""Confidential and unallocated trade: one side keeps partner or product secret and books it elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.causes import Ground, claim, place
from sources import areas

NAME = "confidential and unallocated trade"
ORDER = 65
NEEDS = (
    "trade with areas not specified, or of products not specified (9999), in either side's figures"
)
KINDS = ("mirror",)
FLOWS = ("exports",)
# The classes of unspecified products: HS chapter 99 and headings 9999, SITC 931.
UNALLOCATED = ("99", "9999", "999999", "931", "9310", "93100")
WHERE = ["classification", "period"]


def claims(ground: Ground) -> pd.DataFrame:
    """Claim what one side books under areas or products not specified, shared by what its mirrors lack.

    Gaulier and Zignago (2010, appendix 6): exporter i reports V to areas not specified, and to its partners
    less than they report, in all by D = sum of M - X; then min(V, D) is given to the partners in
    proportion to M - X where that is positive. The same for imports, and for products of one pair. What
    both sides book so cancels. Estimated; the range reaches from 0 to the whole of V.
    """
    if not bool(ground.directed.any()):
        return pd.DataFrame()
    pieces = [_partners(ground, "exports"), _partners(ground, "imports")]
    pieces += [_products(ground, "exports"), _products(ground, "imports")]
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _partners(ground: Ground, flow: str) -> pd.DataFrame:
    figures = ground.figures
    own, other = ("exporter", "importer") if flow == "exports" else ("importer", "exporter")
    kinds = {code: areas.kind(code) for code in figures["partner"].unique() if "+" not in code}
    secret = figures["partner"].map(kinds) == "unallocated"
    # "Other Asia" and the like are regions; only what is not specified at all is shared out.
    secret &= figures["partner"].isin(["NES", "SPECIAL"]) & figures["amount"].notna()
    table = figures[secret & (figures["flow"] == flow) & (figures["measure"] == "value")]
    if table.empty:
        return pd.DataFrame()
    by = [own, "commodity", *WHERE]
    table = table.rename(columns={"reporter": own}).drop_duplicates([*by, "partner"])
    pairs = ground.pairs
    country = {
        code: areas.kind(code) == "country" for code in pairs[other].unique() if "+" not in code
    }
    pairs = pairs[pairs[other].map(country).fillna(False).astype(bool)]
    what = pd.Series("areas not specified", index=table.index)
    return _shared(ground, table[[*by, "id", "amount"]].assign(what=what), pairs, by, own, flow)


def _products(ground: Ground, flow: str) -> pd.DataFrame:
    figures = ground.figures
    own, other = ("exporter", "importer") if flow == "exports" else ("importer", "exporter")
    secret = figures["commodity"].isin(UNALLOCATED) & figures["amount"].notna()
    table = figures[secret & (figures["flow"] == flow) & (figures["measure"] == "value")]
    if table.empty:
        return pd.DataFrame()
    by = ["exporter", "importer", "digits", *WHERE]
    table = table.rename(columns={"reporter": own, "partner": other})
    table = table.assign(digits=table["commodity"].str.len())
    table = table.drop_duplicates(by)
    # What both sides book as unspecified is no reason for a gap elsewhere.
    mirror = ground.pairs[ground.pairs["commodity"].isin(UNALLOCATED)]
    mirror = mirror.assign(digits=mirror["commodity"].str.len())
    theirs = mirror[[*by, "m" if flow == "exports" else "x"]].set_axis([*by, "theirs"], axis=1)
    table = table.merge(theirs, on=by, how="left", validate="1:1")
    table["amount"] = (table["amount"] - table["theirs"].fillna(0.0)).clip(lower=0.0)
    table = table[table["amount"] > 0]
    pairs = ground.pairs
    pairs = pairs[~pairs["commodity"].isin(UNALLOCATED) & (pairs["commodity"] != "TOTAL")]
    pairs = pairs.assign(digits=pairs["commodity"].str.len())
    what = pd.Series("products not specified", index=table.index)
    return _shared(ground, table[[*by, "id", "amount"]].assign(what=what), pairs, by, own, flow)


def _shared(
    ground: Ground, secret: pd.DataFrame, pairs: pd.DataFrame, by: list[str], own: str, flow: str
) -> pd.DataFrame:
    """Share secret amounts among the pairs of a group whose gap has the sign that they explain."""
    sign = 1.0 if flow == "exports" else -1.0
    table = pairs.assign(lack=sign * pairs["gap"])
    table["positive"] = table["lack"].clip(lower=0.0)
    sums = table.groupby(by, sort=False)[["lack", "positive"]].sum().reset_index()
    whole = secret.merge(
        sums.rename(columns={"lack": "short", "positive": "wanted"}), on=by, validate="m:1"
    )
    whole = whole[(whole["short"] > 0) & (whole["amount"] > 0)]
    told = set(ground.cases.loc[ground.directed, "id"])
    mine = table[(table["positive"] > 0) & table["case"].isin(told)]
    met = mine.merge(whole[[*by, "id", "amount", "short", "wanted", "what"]], on=by, validate="m:m")
    if met.empty:
        return pd.DataFrame()
    part = np.minimum(met["amount"], met["short"])
    amount = part * met["lack"] / met["wanted"]
    own_amount = met["id"].map(ground.by_id["amount"]).astype(float)
    share = (amount / own_amount).astype(object)
    mark = "" if sign > 0 else "-"
    note = "hidden by " + met[own].map(place) + " under " + met["what"]
    note = note + ", shared by what the mirrors lack"
    return claim(
        met["case"], sign * own_amount * share.astype(float), "estimated", note,
        mark + "{amount:" + met["id"] + "}*" + share.map(repr), low=0.0, high=sign * met["amount"],
    )  # fmt: skip
