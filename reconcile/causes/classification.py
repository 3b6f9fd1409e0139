"""Commodity misclassification: the two sides put the same goods under neighbouring codes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.causes import Ground, claim

NAME = "commodity misclassification"
ORDER = 70
NEEDS = "both sides' figures for the neighbouring codes of the commodity"
KINDS = ("mirror",)
FLOWS = ("exports",)
NEIGHBOUR = 0.10  # two gaps of other signs, as near as this to each other, cancel
MOST_TERMS = 6
PAIR = ["exporter", "importer", "classification", "period"]


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the part of a commodity's gap that cancels against gaps of other sign under the same heading.

    Among the codes below one heading, gaps of one sign sum to P and of the other to N. Where the heading
    itself is within the tolerance (the sum of the gaps against the sum of the means), or where one gap
    has a neighbour that cancels it within 10 %, min(P, N) is claimed in proportion (estimated). For goods
    that nobody else confuses this is chance; the heading's own gap is never touched.
    """
    if not bool(ground.directed.any()):
        return pd.DataFrame()
    pairs = ground.pairs[ground.pairs["commodity"] != "TOTAL"]
    if pairs.empty:
        return pd.DataFrame()
    digits = pairs["commodity"].str.len()
    # HS adds digits by two, SITC and BEC by one; a chapter's heading is the total.
    step = pd.Series(2, index=pairs.index).mask(
        pairs["classification"].str.startswith(("SITC", "S", "BEC", "B")) | (digits % 2 == 1), 1
    )
    heading = [code[: max(0, len(code) - by)] for code, by in zip(pairs["commodity"], step)]
    table = pairs.assign(heading=heading, digits=digits, mean=(pairs["x"] + pairs["m"]) / 2)
    table = _tolerated(ground, table)
    return _claimed(ground, table)


def _tolerated(ground: Ground, table: pd.DataFrame) -> pd.DataFrame:
    """Keep the headings whose gaps cancel; give the sums P and N of their two signs."""
    by = [*PAIR, "heading", "digits"]
    table = table.assign(plus=table["gap"].clip(lower=0.0), minus=(-table["gap"]).clip(lower=0.0))
    groups = table.groupby(by, sort=False)
    sums = groups[["gap", "plus", "minus", "mean"]].transform("sum")
    both = (sums["plus"] > 0) & (sums["minus"] > 0)
    tolerance = ground.book.value("tolerance")
    cancels = both & (sums["gap"].abs() <= tolerance * sums["mean"])
    largest = groups[["plus", "minus"]].transform("max")
    near = np.minimum(largest["plus"], largest["minus"]) >= (1 - NEIGHBOUR) * np.maximum(
        largest["plus"], largest["minus"]
    )
    ends = (table["plus"] == largest["plus"]) & (table["plus"] > 0)
    ends |= (table["minus"] == largest["minus"]) & (table["minus"] > 0)
    neighbours = both & near & ends & ~cancels
    part = table.assign(
        whole=cancels,
        p=sums["plus"].where(cancels, largest["plus"]),
        n=sums["minus"].where(cancels, largest["minus"]),
    )
    return part[cancels | neighbours]


def _claimed(ground: Ground, table: pd.DataFrame) -> pd.DataFrame:
    told = set(ground.cases.loc[ground.directed, "id"])
    by = [*PAIR, "heading", "digits"]
    others: dict[str, dict[tuple[object, ...], tuple[str, ...]]] = {}
    for sign, rows in (("plus", table[table["gap"] > 0]), ("minus", table[table["gap"] < 0])):
        groups = rows.groupby(by, sort=False)["case"].agg(tuple)
        others[sign] = dict(zip(groups.index, groups))
    mine = table[table["case"].isin(told) & (table["gap"] != 0)]
    if mine.empty:
        return pd.DataFrame()
    up = mine["gap"] > 0
    own, counter = mine["p"].where(up, mine["n"]), mine["n"].where(up, mine["p"])
    share = np.minimum(1.0, counter / own)
    keys = list(mine[by].itertuples(index=False, name=None))
    against = [others["minus" if plus else "plus"][key] for key, plus in zip(keys, up)]
    own_size = mine["gap"].abs() / own
    texts = [
        _text(str(case), met, float(part), float(size))
        for case, met, part, size in zip(mine["case"], against, share, own_size)
    ]
    word = mine["heading"].map(lambda code: f"heading {code}" if code else "all goods")
    note = "cancels against neighbouring codes under " + word
    note = note.where(mine["whole"], "a neighbouring code under " + word + " has the opposite gap")
    return claim(
        mine["case"], mine["gap"] * share, "estimated", note,
        pd.Series(texts, index=mine.index, dtype=object), low=0.0, high=mine["gap"],
        uses=pd.Series([tuple(f"gap:{key}" for key in met) for met in against], index=mine.index, dtype=object),
    )  # fmt: skip


def _text(case: str, against: tuple[str, ...], share: float, size: float) -> str:
    """The whole gap, or the neighbours' gaps with their sign turned, or a share of the gap."""
    if share == 1.0:
        return f"{{gap:{case}}}"
    if len(against) <= MOST_TERMS:
        text = "-(" + "+".join(f"{{gap:{key}}}" for key in against) + ")"
        return text if size == 1.0 else f"{text}*{size!r}"
    return f"{{gap:{case}}}*{share!r}"
