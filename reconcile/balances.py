"""One number with a range for each case: causes first, then weights on what is left. Owns the choice of figures.

A case is balanced when at least two independent figures speak: one vote a side and origin, and none for a
figure that repeats the other side's records. Claims of causes are taken from the side whose figure they
explain (freight and insurance from the importer's, so that both sides are FOB); what is left is weighted by
`reconcile.balance.case`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.balance.case import CONFLICT, PLAIN, balance_case, balance_twos
from reconcile.result import BALANCES

Floats = npt.NDArray[np.float64]
KINDS = ("mirror", "rival")
# The side whose figure a cause explains: its claim is taken from figure b (or added to figure a). A cause
# module may say otherwise by a constant SIDE.
SIDE = "b"
# Rounding says that there is nothing to explain: the figures stay as they are and their intervals decide.
NOT_REMOVED = ("rounding",)


def balances(cases: pd.DataFrame, figures: pd.DataFrame, causes: pd.DataFrame) -> pd.DataFrame:
    """Give BALANCES: value, low, high in the basis currency, method, moves and expression by case.

    `moves` is a tuple of (figure, value - its amount), one for each figure that has a vote. Cases of
    fewer than two votes, and those whose figures are not comparable, are left out.
    """
    votes = _votes(cases, figures)
    if votes.empty:
        return pd.DataFrame(columns=BALANCES)
    votes = _without_claims(votes, _claims(causes))
    size = votes.groupby("case", sort=False)["id"].transform("size").to_numpy()
    pieces = [_twos(votes[size == 2]), _several(votes[size > 2])]
    found = pd.concat([piece for piece in pieces if len(piece)], ignore_index=True)
    order = pd.Series(range(len(cases)), index=cases["id"].to_numpy())
    found = found.assign(rank=found["case"].map(order)).sort_values("rank", kind="stable")
    # trade is not below zero where no figure allows it to be
    least = votes.groupby("case", sort=False)["left_low"].min()
    positive = (found["case"].map(least) >= 0).to_numpy()
    found["low"] = found["low"].where(~positive | (found["low"] > 0), 0.0)
    return found[BALANCES].reset_index(drop=True)


def _votes(cases: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """One row a vote: case, id, side, the amounts; cases of two votes or more."""
    chosen = cases[
        cases["kind"].isin(KINDS)
        & (cases["figure_b"] != "")
        & (cases["verdict"] != "not comparable")
    ]
    wide = chosen[["id", "kind", "areas", "figures", "figure_a", "figure_b"]]
    long = wide.rename(columns={"id": "case"}).explode("figures").rename(columns={"figures": "id"})
    by_id = figures.drop_duplicates("id").set_index("id")
    take = ["reporter", "flow", "origin", "records", "derived_from", "published"]
    table = long.join(by_id[[*take, "amount", "amount_low", "amount_high"]], on="id")
    table = table[table["amount"].notna()].reset_index(drop=True)
    if table.empty:
        return table
    first = table["areas"].map(lambda pair: pair[0])
    side = np.where(table["reporter"] == first, "a", "b")
    table["side"] = np.select(
        [table["flow"] == "exports", table["flow"] == "imports"], ["a", "b"], side
    )
    shown = (table["id"] == table["figure_a"]) | (table["id"] == table["figure_b"])
    table = table.assign(shown=shown, row=np.arange(len(table)))
    ordered = table.sort_values(
        ["shown", "published", "row"], ascending=[False, False, True], kind="stable"
    )
    table = ordered.drop_duplicates(["case", "side", "origin"])
    table = table[~_copies(table)].sort_values("row", kind="stable")
    several = table.groupby("case", sort=False)["id"].transform("size") > 1
    return table[several].reset_index(drop=True)


def _copies(table: pd.DataFrame) -> pd.Series:
    """Whether a figure of side b rests on the records, or the origin, of a figure of side a; or the reverse."""
    case = table["case"].astype(str) + "\x1f"
    a = table["side"] == "a"
    records = case + table["records"]
    filled = table["records"] != ""
    shared = ~a & filled & records.isin(set(records[a & filled]))
    origin = case + table["origin"]
    told = table["derived_from"] != ""
    shared |= ~a & told & origin.isin(set(origin[a]))
    return shared | (a & told & origin.isin(set(origin[~a & ~told])))


def _claims(causes: pd.DataFrame) -> pd.DataFrame:
    """By case and side: the sum of claims that are removed, its ends, the causes' names and the expression."""
    from reconcile.causes import modules

    sides = {str(module.NAME): str(getattr(module, "SIDE", SIDE)) for module in modules()}
    used = causes[
        (causes["evidence"] != "")
        & ~causes["cause"].isin(NOT_REMOVED)
        & (causes["amount"].astype(float) != 0)
    ]
    table = used.assign(side=used["cause"].map(sides).fillna(SIDE).astype(str))
    number = table["amount"].astype(float).map(repr)
    table["text"] = "(" + table["expression"].where(table["expression"] != "", number) + ")"
    groups = table.astype({"amount": float, "low": float, "high": float}).groupby(
        ["case", "side"], sort=False
    )
    return groups.agg(
        claim=("amount", "sum"), claim_low=("low", "sum"), claim_high=("high", "sum"),
        names=("cause", " and ".join), text=("text", "+".join),
    ).reset_index()  # fmt: skip


def _without_claims(votes: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """The votes with `left`, `left_low`, `left_high` (amount less claims), `names` and `term`.

    In a mirror every figure of the side is moved; in a rival case only figures a and b are compared.
    """
    table = votes.copy()
    rival = table["kind"] == "rival"
    role = np.where(table["id"] == table["figure_a"], "a", "other")
    role = np.where(table["id"] == table["figure_b"], "b", role)
    table["role"] = np.where(rival, role, table["side"])
    met = table.merge(
        claims, left_on=["case", "role"], right_on=["case", "side"], how="left",
        suffixes=("", "_claim"), validate="many_to_one",
    )  # fmt: skip
    sign = np.where(met["role"] == "a", 1.0, -1.0)
    claim = sign * met["claim"].fillna(0.0).to_numpy()
    ends = np.sort(sign[:, None] * met[["claim_low", "claim_high"]].fillna(0.0).to_numpy(), axis=1)
    met["left"] = met["amount"] + claim
    met["left_low"] = np.minimum(met["amount_low"] + ends[:, 0], met["left"])
    met["left_high"] = np.maximum(met["amount_high"] + ends[:, 1], met["left"])
    met["names"] = met["names"].fillna("")
    mark = np.where(met["role"] == "a", "+", "-")
    plain = "{amount:" + met["id"] + "}"
    met["term"] = plain.where(met["names"] == "", "(" + plain + mark + "(" + met["text"] + "))")
    return met


def _told(names: pd.Series, method: pd.Series) -> pd.Series:
    """Say in the method's text which causes were removed first."""
    return method.where(names == "", method + "; removed first: " + names)


def _twos(votes: pd.DataFrame) -> pd.DataFrame:
    if votes.empty:
        return votes
    one, two = votes.iloc[0::2].reset_index(drop=True), votes.iloc[1::2].reset_index(drop=True)

    def numbers(part: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
        value, low, high = (
            part[f"left{end}"].to_numpy(dtype=float) for end in ("", "_low", "_high")
        )
        return value, low, high

    value, low, high, weight, conflict = balance_twos(numbers(one), numbers(two))
    names = (
        (one["names"] + " and " + two["names"]).str.removeprefix(" and ").str.removesuffix(" and ")
    )
    method = pd.Series(np.where(conflict, CONFLICT, PLAIN), index=one.index)
    share, rest = (
        pd.Series(w, dtype=object).map(repr) for w in (weight.tolist(), (1 - weight).tolist())
    )
    moves = zip(
        zip(one["id"], value - one["amount"].to_numpy(dtype=float)),
        zip(two["id"], value - two["amount"].to_numpy(dtype=float)),
    )
    return pd.DataFrame(
        {
            "case": one["case"],
            "value": value,
            "low": low,
            "high": high,
            "method": _told(names, method),
            "moves": pd.Series(list(moves), dtype=object),
            "expression": one["term"] + "*" + share + "+" + two["term"] + "*" + rest,
        }
    )


def _several(votes: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for case, part in votes.groupby("case", sort=False):
        found = balance_case(
            part["left"].tolist(), part["left_low"].tolist(), part["left_high"].tolist()
        )
        names = " and ".join(dict.fromkeys(name for name in part["names"] if name))
        told = f"{found.method}; removed first: {names}" if names else found.method
        moves = tuple(
            (str(key), found.value - float(amount))
            for key, amount in zip(part["id"], part["amount"])
        )
        terms = [f"{term}*{weight!r}" for term, weight in zip(part["term"], found.weights)]
        rows.append(
            {"case": case, "value": found.value, "low": found.low, "high": found.high,
             "method": told, "moves": moves, "expression": "+".join(terms)}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=BALANCES)
