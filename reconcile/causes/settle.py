"""Who claims first, and what is left for the next. Owns the rule that no amount is claimed twice.

Within a case, recorded claims come before estimated ones and these before assumed ones, and claims of one
class in the order of the causes. A claim of the sign of what is left of the gap takes at most what is left.
A claim of the other sign widens what is left; recorded and estimated amounts may do that, assumed ones may
not. So what is left never changes its sign, and claims and residual add to the gap.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import wording
from reconcile.result import CAUSES

WRONG_SIGN = "wrong sign: "  # before the note of a claim that would widen what is left
CLASSES = {"recorded": 0, "estimated": 1, "assumed": 2, "": 3}
EFFECTS = ["case", "cause", "first", "claimed", "last"]

Floats = npt.NDArray[np.float64]


def settle(cases: pd.DataFrame, proposals: pd.DataFrame) -> pd.DataFrame:
    """Give CAUSES: the claims as granted, by case in the order of `cases` and then in the order of claim."""
    if proposals.empty:
        return pd.DataFrame(columns=CAUSES)
    table, gap = _ordered(cases, proposals)
    table = _once(table)
    active = (table["evidence"] != "").to_numpy()
    granted = np.zeros(len(table))
    left = np.zeros(len(table))
    granted[active], left[active] = _granted(table[active], gap)
    table["asked"], table["left"] = table["amount"], left
    table["amount"] = granted
    table = _told(_written(table, active), active)
    keep = table.assign(place=table.groupby("position", sort=False).cumcount() + 1)
    return keep.assign(order=keep["place"])[CAUSES].reset_index(drop=True)


def order_effects(cases: pd.DataFrame, proposals: pd.DataFrame) -> pd.DataFrame:
    """Give what each cause would get if it claimed first, as it does, and if it claimed last.

    Columns case, cause, first, claimed, last; only cases in which two causes or more claim. Where the
    three numbers agree, the order does not matter.
    """
    if proposals.empty:
        return pd.DataFrame(columns=EFFECTS)
    table, gap = _ordered(cases, proposals)
    table = _once(table)
    table = table[(table["evidence"] != "") & (table["amount"] != 0)]
    several = table.groupby("position", sort=False)["cause"].transform("nunique") > 1
    table = table[several].reset_index(drop=True)
    if table.empty:
        return pd.DataFrame(columns=EFFECTS)
    number = table["position"].astype(str) + "\x1f" + table["cause"]
    table["number"] = number.groupby(table["position"], sort=False).transform(
        lambda part: pd.factorize(part)[0]
    )
    table["claimed"] = _granted(table, gap)[0]
    table["first"], table["last"] = 0.0, 0.0
    for one in range(int(table["number"].max()) + 1):
        mine = (table["number"] == one).to_numpy()
        for name, key in (("first", ~mine), ("last", mine)):
            turned = table.assign(moved=key).sort_values(["position", "moved"], kind="stable")
            got = pd.Series(_granted(turned, gap)[0], index=turned.index).sort_index()
            table.loc[mine, name] = got[mine]
    sums = table.groupby(["position", "case", "cause"], sort=False)[["first", "claimed", "last"]]
    return sums.sum().reset_index()[EFFECTS]


def _ordered(cases: pd.DataFrame, proposals: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """Sort proposals by case, evidence and cause; give them with `position`, and the gaps by position."""
    position = pd.Series(np.arange(len(cases)), index=cases["id"].to_numpy())
    table = proposals.assign(
        position=proposals["case"].map(position).to_numpy(),
        rank=proposals["evidence"].map(CLASSES).to_numpy(),
    )
    table = table.sort_values(["position", "rank", "order"], kind="stable").reset_index(drop=True)
    return table, cases["gap"].to_numpy(dtype=float)


def _once(table: pd.DataFrame) -> pd.DataFrame:
    """Refuse a claim that rests on figures which an earlier claim of the case rests on."""
    has = table["uses"].map(len) > 0
    if not bool(has.any()):
        return table
    long = table.loc[has, ["position", "uses"]].explode("uses")
    long = long.reset_index().drop_duplicates(["index", "uses"])
    again = long["index"][long.duplicated(["position", "uses"])].unique()
    if not len(again):
        return table
    out = table.copy()
    out.loc[again, ["amount", "low", "high"]] = 0.0
    out.loc[again, ["evidence", "expression"]] = ""
    out.loc[again, "note"] = "its evidence is claimed already: " + out.loc[again, "note"]
    return out


def _granted(table: pd.DataFrame, gap: Floats) -> tuple[Floats, Floats]:
    """Give (granted, left before it) of n claims in their order; one turn for the k-th claim of every case."""
    place = table["position"].to_numpy()
    asked = table["amount"].to_numpy(dtype=float)
    soft = (table["rank"] == CLASSES["assumed"]).to_numpy()
    turn = table.groupby("position", sort=False).cumcount().to_numpy()
    rest = gap.copy()
    granted, left = np.zeros(len(table)), np.zeros(len(table))
    for number in range(int(turn.max()) + 1 if len(turn) else 0):
        at = np.flatnonzero(turn == number)
        now = rest[place[at]]
        want = asked[at]
        way = np.where(now != 0, np.sign(now), np.sign(gap[place[at]]))
        along = want * way > 0
        most = np.sign(want) * np.minimum(np.abs(want), np.abs(now))
        got = np.where(along, most, np.where(soft[at], 0.0, want))
        granted[at], left[at] = got, now
        rest[place[at]] = now - got
    return granted, left


def _written(table: pd.DataFrame, active: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Give granted claims the expression and the range of what was granted."""
    asked, got, left = (table[name].to_numpy(dtype=float) for name in ("asked", "amount", "left"))
    cut = active & (got != asked)
    along = active & (got * left > 0)
    low, high = (table[name].to_numpy(dtype=float) for name in ("low", "high"))
    up, down = along & (left > 0), along & (left < 0)
    high = np.where(up, np.maximum(np.minimum(high, left), got), high)
    low = np.where(up, np.minimum(low, got), low)
    low = np.where(down, np.minimum(np.maximum(low, left), got), low)
    high = np.where(down, np.maximum(high, got), high)
    none = active & (got == 0)
    table["low"], table["high"] = np.where(none, 0.0, low), np.where(none, 0.0, high)
    expression = table["expression"].astype(object).to_numpy(copy=True)
    # An assumption may be changed in the workbook: its claim keeps to what is left there too.
    soft = table["expression"].str.contains("{assumption:", regex=False).to_numpy(dtype=bool)
    bound = active & (got != 0) & (cut | (along & soft))
    crowded = active & table["position"].isin(table.loc[bound, "position"]).to_numpy()
    spent: dict[int, str] = {}
    position, case = table["position"].to_numpy(), table["case"].to_numpy()
    for row in np.flatnonzero(crowded & (got != 0)):
        key = int(position[row])
        if bound[row]:
            choose = "MIN" if left[row] > 0 else "MAX"
            rest = f"{{gap:{case[row]}}}{spent.get(key, '')}"
            expression[row] = f"{choose}({expression[row]},{rest})"
        spent[key] = f"{spent.get(key, '')}-({expression[row]})"
    expression[none] = ""
    table["expression"] = expression
    return table


def _told(table: pd.DataFrame, active: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Say in the note of a claim why it got less than it asked for."""
    asked, got, left = (table[name].to_numpy(dtype=float) for name in ("asked", "amount", "left"))
    note = table["note"].astype(object).to_numpy(copy=True)
    evidence = table["evidence"].astype(object).to_numpy(copy=True)
    for row in np.flatnonzero(active & (got != asked)):
        told = wording.amount(asked[row])
        if got[row] != 0:
            note[row] = f"{note[row]}; cut from {told} to what was left of the gap"
        elif asked[row] * left[row] < 0:
            note[row] = f"{WRONG_SIGN}{told} would widen what is left; {note[row]}"
        else:
            note[row] = f"nothing is left of the gap for {told}: {note[row]}"
    evidence[active & (got == 0)] = ""
    table["note"], table["evidence"] = note, evidence
    return table
