"""Mislabels: two columns or rows of a reporter's table have changed places."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.causes import Ground, amounts, claim

NAME = "mislabel"
ORDER = 40
SIDE = ""  # which of the two figures is wrong is not known: a balance moves neither
NEEDS = "both flows of the pair from both sides, the reporter's figures for other partners, or quantities"
KINDS = ("mirror",)
FLOWS = ("exports",)
WHAT = ["commodity", "classification", "period"]
FIT = 0.02  # relative; how near the exchanged figures must come
FEW = 10  # partners among which a fit within 2 % is no chance


def claims(ground: Ground) -> pd.DataFrame:
    """Claim what relabelling would change where two figures, exchanged, fit their mirrors and unexchanged do not.

    Three exchanges are looked for: exports with imports, one partner with another, value with quantity. All
    are estimated: the exchange fits within 2 % (less among more than ten partners), and the printed labels
    miss by more than 20 %.
    """
    if not bool(ground.directed.any()):
        return pd.DataFrame()
    pieces = [_flows(ground), _partners(ground), _measures(ground)]
    pieces = [piece for piece in pieces if len(piece)]
    if not pieces:
        return pd.DataFrame()
    return pd.concat(pieces, ignore_index=True).drop_duplicates("case")


def _fits(one: pd.Series, other: pd.Series, part: pd.Series | float = 1.0) -> pd.Series:
    return (one - other).abs() <= FIT * part * np.maximum(one.abs(), other.abs())


def _misses(one: pd.Series, other: pd.Series) -> pd.Series:
    return (one - other).abs() > 10 * FIT * np.maximum(one.abs(), other.abs())


def _open(ground: Ground, found: pd.DataFrame) -> pd.DataFrame:
    return found[found["case"].isin(ground.cases.loc[ground.directed, "id"])]


def _flows(ground: Ground) -> pd.DataFrame:
    """One reporter's exports to and imports from a partner have changed places.

    With i -> j in figures x, m and j -> i in figures x', m': if i exchanged its labels, then x = x' and
    m = m' in size; likewise if j did.
    """
    pairs = ground.pairs
    back = pairs.rename(columns={"exporter": "importer", "importer": "exporter"})
    both = pairs.merge(back, on=["exporter", "importer", *WHAT], suffixes=("", "_back"))
    wrong = _misses(both["x"], both["m"]) & _misses(both["x_back"], both["m_back"])
    fits = _fits(both["x"], both["x_back"]) & _fits(both["m"], both["m_back"])
    found = _open(ground, both[wrong & fits])
    if found.empty:
        return pd.DataFrame()
    # The exporter's own imports figure, read as its exports, meets the importer's figure.
    return claim(
        found["case"],
        found["m_back"] - found["x"],
        "estimated",
        "exports and imports of " + found["exporter"] + " or of " + found["importer"]
        + " look exchanged: the other label fits within 2 %",
        amounts(found["figure_b_back"]) + "-" + amounts(found["figure_a"]),
        uses=found["figure_b_back"].map(lambda key: (key,)),
    )  # fmt: skip


def _partners(ground: Ground) -> pd.DataFrame:
    """One reporter's figures for two partners have changed places: each fits the other's mirror."""
    pairs = _open(ground, ground.pairs)
    pieces = []
    for whose, own, mirror in (("exporter", "x", "m"), ("importer", "m", "x")):
        other = "importer" if whose == "exporter" else "exporter"
        by = [whose, *WHAT]
        table = pairs[(pairs[own] > 0) & (pairs[mirror] > 0)]
        table = table[_misses(table["x"], table["m"])]
        table = table[table.groupby(by, sort=False)["case"].transform("size") > 1]
        if table.empty:
            continue
        group = table.groupby(by, sort=False).ngroup()
        left = table.assign(group=group).sort_values(mirror, kind="stable")
        keep = ["group", own, mirror, "case", "figure_a", "figure_b", other]
        right = left[keep].sort_values(own, kind="stable")
        met = pd.merge_asof(
            left.rename(columns={own: "mine", mirror: "wanted"}),
            right.rename(columns={name: f"{name}_2" for name in keep[3:]} | {own: "offered", mirror: "their_mirror"}),
            left_on="wanted", right_on="offered", by="group", direction="nearest",
        )  # fmt: skip
        # Among many partners some fit by chance: the more there are, the nearer the two must come.
        few = np.minimum(1.0, FEW / met.groupby("group")["case"].transform("size"))
        hit = (
            _fits(met["wanted"], met["offered"], few) & _fits(met["mine"], met["their_mirror"], few)
            & (met["case"] != met["case_2"])
        )  # fmt: skip
        found = met[hit]
        if found.empty:
            continue
        side = "a" if whose == "exporter" else "b"
        first, second = amounts(found[f"figure_{side}_2"]), amounts(found[f"figure_{side}"])
        amount = found["offered"] - found["mine"]
        if side == "b":
            first, second, amount = second, first, -amount
        note = found[whose] + "'s figures for " + found[other] + " and " + found[f"{other}_2"]
        pieces.append(
            claim(found["case"], amount, "estimated", note + " look exchanged", first + "-" + second,
                  uses=found[f"figure_{side}_2"].map(lambda key: (key,)))
        )  # fmt: skip
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _measures(ground: Ground) -> pd.DataFrame:
    """Value and net mass of one side have changed places: its value is the other's mass, and the reverse."""
    figures = ground.figures[ground.figures["amount"].notna()]
    mass = figures[figures["measure"] != "value"]
    if mass.empty:
        return pd.DataFrame()
    what = ["reporter", "partner", "flow", *WHAT]
    mass = mass.drop_duplicates(what)[[*what, "id", "value", "scale"]]
    # In the unit printed: a mass in kilograms is not yet in tonnes.
    mass = mass.assign(number=mass["value"] * mass["scale"].fillna(1.0))
    table = _open(ground, ground.pairs)
    for side in "ab":
        keys = ground.by_id.loc[table[f"figure_{side}"], what].reset_index(drop=True)
        number = keys.merge(mass[[*what, "number"]], on=what, how="left", validate="m:1")["number"]
        printed = ground.by_id.loc[table[f"figure_{side}"]]
        table = table.assign(
            **{
                f"mass_{side}": number.to_numpy(),
                f"value_{side}": (printed["value"] * printed["scale"].fillna(1.0)).to_numpy(),
            }
        )
    table = table[table["mass_a"].notna() & table["mass_b"].notna()]
    hit = (
        _fits(table["value_a"], table["mass_b"]) & _fits(table["mass_a"], table["value_b"])
        & _misses(table["value_a"], table["value_b"])
    )  # fmt: skip
    found = table[hit]
    return claim(
        found["case"],
        found["gap"],
        "estimated",
        "value and quantity of "
        + found["exporter"]
        + " or "
        + found["importer"]
        + " look exchanged",
        amounts(found["figure_b"]) + "-" + amounts(found["figure_a"]),
    )
