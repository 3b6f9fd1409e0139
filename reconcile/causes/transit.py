"""Third-country transit: goods declared to a hub that arrive elsewhere, so that two gaps offset each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.causes import Ground, claim, nothing, place
from reconcile.causes.reexports import covered
from sources import areas

NAME = "transit through third countries"
ORDER = 60
NEEDS = (
    "the exporter's and the hub's figures for their own mirror, whose gap must have the other sign"
)
KINDS = ("mirror",)
FLOWS = ("exports",)
# Where goods of others are known to pass. The user adds or removes one by an assumption hub-KAZ of 1 or 0.
HUBS = {
    "HKG": "entrepôt of China; re-exports published by the Census and Statistics Department",
    "SGP": "entrepôt; re-exports published by the Department of Statistics",
    "NLD": "quasi-transit through Rotterdam (Eurostat, asymmetry studies)",
    "BEL": "quasi-transit through Antwerp (Eurostat, asymmetry studies)",
    "ARE": "re-exports of Jebel Ali",
    "PAN": "re-exports of the Colón free zone",
    "KGZ": "goods declared to Kyrgyzstan leave in transit, officials said (24.kg, January 2025)",
}
FEWEST = 5
LIKE = 1 / 3  # a hub that misses thrice what others have too much would explain anything
MOST_TERMS = 6  # an expression of more figures would be read by nobody
KEYS = ["commodity", "classification", "period"]


def hubs(ground: Ground) -> set[str]:
    """Give the hubs: the list here, every area that prints re-exports, and the user's own."""
    figures = ground.figures
    printed = figures.loc[(figures["flow"] == "re-exports") & figures["amount"].notna(), "reporter"]
    found = set(HUBS) | set(printed)
    if ground.book.user is not None:
        for row in ground.book.user.to_dict("records"):
            key = str(row["id"])
            if key.startswith("hub-"):
                code = key.removeprefix("hub-")
                found = found | {code} if float(row["value"]) > 0 else found - {code}
    return found


def claims(ground: Ground) -> pd.DataFrame:
    """Claim from a hub's own mirror gap what offsets the gap of another pair, shared by the size of the gaps.

    Exporter i to hub k: exporter's figure the larger by s. Importers j of i's goods: importer's figure the
    larger by g_j, sum D. Then j claims s*g_j/D, and the hub's own case claims -min(s, D) (estimated; the
    range reaches from 0 to the whole of s). The same with hub k to importer j and origins i. A hub with
    five partners or more must miss goods as a rule, not from one of them, and s and D must be of like
    size, within a factor of three. Own formula; it is net: errors of the hub's figures pass for transit.
    """
    if not bool(ground.directed.any()):
        return pd.DataFrame()
    pairs = ground.pairs
    single = {
        code: areas.kind(code) == "country"
        for code in pd.unique(pd.concat([pairs["exporter"], pairs["importer"]]))
        if "+" not in code
    }
    usable = pairs["exporter"].map(single).fillna(False) & pairs["importer"].map(single).fillna(
        False
    )
    pairs = pairs[usable.astype(bool)]
    known = hubs(ground)
    skip = covered(ground)
    pieces = []
    for fixed, hub in (("exporter", "importer"), ("importer", "exporter")):
        pieces += _offsets(ground, pairs, fixed, hub, known, skip)
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _offsets(
    ground: Ground, pairs: pd.DataFrame, fixed: str, hub: str, known: set[str], skip: set[tuple[str, str]]
) -> list[pd.DataFrame]:  # fmt: skip
    """Match the negative gaps of hubs with the positive gaps of the same exporter (or importer)."""
    by = [fixed, *KEYS]
    is_hub = pairs[hub].isin(known)
    supply = pairs[is_hub & (pairs["gap"] < 0)]
    supply = supply[_persistent(pairs[is_hub], hub).reindex(supply.index)]
    demand = pairs[~is_hub & (pairs["gap"] > 0)]
    if fixed == "importer" and len(supply):
        # Re-exports that are recorded need no estimate from the gap.
        recorded = [(a, b) in skip for a, b in zip(supply["exporter"], supply["importer"])]
        supply = supply[[not told for told in recorded]]
    if supply.empty or demand.empty:
        return []
    total = demand.groupby(by, sort=False)["gap"].sum().rename("wanted").reset_index()
    offered = supply.groupby(by, sort=False)["gap"].sum().mul(-1).rename("offered").reset_index()
    supply = supply.merge(total, on=by, validate="m:1").merge(offered, on=by, validate="m:1")
    told = set(ground.cases.loc[ground.directed, "id"])
    ratio = supply["offered"] / supply["wanted"]
    like = (ratio >= LIKE) & (ratio <= 1 / LIKE)
    unlike = supply[~like & supply["case"].isin(told)]
    silent = _unlike(unlike, fixed)
    supply = supply[like]
    if supply.empty:
        return [silent]
    demand = demand.merge(total, on=by, validate="m:1").merge(
        supply[[*by, hub, "gap", "figure_a", "figure_b"]].rename(
            columns={hub: "hub", "gap": "gap_hub", "figure_a": "hub_a", "figure_b": "hub_b"}
        ),
        on=by,
        validate="m:m",
    )
    mine = demand[demand["case"].isin(told)]
    share = mine["gap"] / mine["wanted"]
    whole = "({amount:" + mine["hub_a"] + "}-{amount:" + mine["hub_b"] + "})"
    written = share.astype(object).map(repr)
    expression = whole.where(share == 1, whole + "*" + written)
    note = "passed through " + mine["hub"].map(place) + ": its own mirror gap has the other sign"
    part = (100 * share).map("{:.0f} %".format)
    note = note.where(share == 1, note + ", of which " + part + " by the size of the gaps")
    made = claim(
        mine["case"], -mine["gap_hub"] * share, "estimated", note, expression, low=0.0,
        high=-mine["gap_hub"],
        uses=pd.Series(list(zip(mine["hub_a"], mine["hub_b"])), index=mine.index, dtype=object),
    )  # fmt: skip
    return [silent, made, _hub_cases(supply[supply["case"].isin(told)], demand, by, hub, fixed)]


def _persistent(pairs: pd.DataFrame, hub: str) -> pd.Series:
    """Which pairs are of a hub that misses goods as a rule: mean ln(m/x) below zero by two standard errors.

    Over all partners of the hub in one period, products apart; a hub with fewer than FEWEST pairs is
    believed on its one gap, as nothing speaks against it.
    """
    positive = (pairs["x"] > 0) & (pairs["m"] > 0)
    logs = np.log(pairs["m"].where(positive) / pairs["x"].where(positive))
    groups = logs.groupby([pairs[hub], *(pairs[name] for name in KEYS)], sort=False)
    n, mean, sd = groups.transform("count"), groups.transform("mean"), groups.transform("std")
    return (n < FEWEST) | (mean < -2 * sd / np.sqrt(n))


def _unlike(supply: pd.DataFrame, fixed: str) -> pd.DataFrame:
    """Say of hubs' own cases that their gap is of another size than the gaps that it might offset."""
    if supply.empty:
        return pd.DataFrame()
    note = "what is missing here is " + (supply["offered"] / supply["wanted"]).map("{:.3g}".format)
    note = note + " times what the other partners of " + supply[fixed].map(place)
    note = note + " have too much: that is no offset; needs the figures of all partners"
    return nothing(supply["case"], note)


def _hub_cases(
    supply: pd.DataFrame, demand: pd.DataFrame, by: list[str], hub: str, fixed: str
) -> pd.DataFrame:
    """The hub's own cases: goods declared to it that others received."""
    if supply.empty:
        return pd.DataFrame()
    weight = -supply["gap"] / supply["offered"]
    amount = -supply["wanted"] * weight
    cases = demand.drop_duplicates([*by, "case"]).groupby(by, sort=False)["case"].agg(tuple)
    received = supply.merge(cases.rename("others").reset_index(), on=by, validate="m:1")["others"]
    texts = []
    for others, share, own, portion in zip(
        received, weight, supply["case"], amount / supply["gap"]
    ):
        if len(others) <= MOST_TERMS:
            text = "-(" + "+".join(f"{{gap:{key}}}" for key in others) + ")"
            texts.append(text if share == 1 else f"{text}*{float(share)!r}")
        else:
            texts.append(f"{{gap:{own}}}*{float(portion)!r}")
    note = "was carried on to other partners of " + supply[fixed].map(place)
    note = note + ": they report as much more as is missing here"
    uses = [tuple(f"gap:{key}" for key in others) for others in received]
    return claim(
        supply["case"], amount, "estimated", note, pd.Series(texts, index=supply.index, dtype=object),
        low=supply["gap"], high=0.0, uses=pd.Series(uses, index=supply.index, dtype=object),
    )  # fmt: skip
