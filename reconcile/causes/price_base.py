"""Price base: one figure is at the prices of another year than the other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.causes import Ground, amounts, claim, nothing
from reconcile.causes.twins import only, twins
from sources import rates
from sources.errors import MissingRate

NAME = "price base"
ORDER = 25
SIDE = "a"
NEEDS = "the price year of both figures, and a price index or one side's figure at both"
EMPTY = ("", "current")


def claims(ground: Ground) -> pd.DataFrame:
    """Claim what the change of prices makes of figure a, where a and b are at prices of different years.

    Recorded where one side prints both; else estimated by the US consumer price index between the two
    years. Where the basis has a price year, amounts are at one price base already.
    """
    if ground.prices is not None:
        return pd.DataFrame()
    differ = ground.of("a", "prices") != ground.of("b", "prices")
    cases = ground.cases
    value = ground.of("a", "measure") == "value"
    chosen = differ & value & ~(cases["verdict"] == "within rounding")
    if not bool(chosen.any()):
        return pd.DataFrame()
    own = only(ground, "prices") & chosen
    note = "one source at the prices of two years"
    whole = cases[own]
    expression = amounts(whole["figure_b"]) + "-" + amounts(whole["figure_a"])
    pieces = [claim(whole["id"], whole["gap"], "recorded", note, expression)]
    found = twins(ground, "prices", chosen & ~own)
    note = "the source prints both: at prices of " + found["own"] + " and of " + found["theirs"]
    pieces.append(
        claim(found["case"], found["amount"], "recorded", note, found["expression"],
              uses=found["twin"].map(lambda key: (key,)))
    )  # fmt: skip
    rest = chosen & ~own & ~cases["id"].isin(found["case"])
    pieces.append(_deflated(ground, rest))
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _deflated(ground: Ground, chosen: pd.Series) -> pd.DataFrame:
    part = ground.cases[chosen]
    if part.empty:
        return pd.DataFrame()
    own = part["period"].str.slice(0, 4)
    years = {
        side: ground.of(side, "prices")[chosen].where(
            ~ground.of(side, "prices")[chosen].isin(EMPTY), own
        )
        for side in "ab"
    }
    known: dict[str, str] = {}
    for year in pd.unique(pd.concat([years["a"], years["b"]])):
        try:
            known[str(year)] = ground.book.add(rates.deflator("USA", int(year), ground.book.user))
        except (MissingRate, ValueError):
            continue
    keys = {side: years[side].map(known) for side in "ab"}
    usable = keys["a"].notna() & keys["b"].notna() & (years["a"] != years["b"])
    silent = nothing(part.loc[~usable, "id"], "needs the price index of both years")
    part = part[usable]
    first, second = (keys[side][usable] for side in "ab")
    amount = ground.of("a", "amount")[chosen][usable]
    factor = np.array(
        [ground.book.value(b) / ground.book.value(a) for a, b in zip(first, second)], dtype=float
    )
    for key in pd.unique(pd.concat([first, second])):
        mine = part.loc[(first == key) | (second == key), "id"]
        ground.book.use(str(key), mine.head(50))
    note = "figure A brought from the prices of " + years["a"][usable] + " to those of "
    note = note + years["b"][usable] + " by the US consumer price index"
    expression = amounts(part["figure_a"]) + "*({assumption:" + second + "}/{assumption:" + first
    made = claim(part["id"], amount * (factor - 1), "estimated", note, expression + "}-1)")
    pieces = [table for table in (made, silent) if len(table)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()
