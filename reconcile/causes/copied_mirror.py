"""Copied mirror: a figure given for one party is the other party's, taken over."""

from __future__ import annotations

import pandas as pd

from reconcile.causes import Ground, amounts, claim

NAME = "copied mirror"
ORDER = 30
SIDE = ""  # which of the two figures is wrong is not known: a balance moves neither
NEEDS = "the partner's figure, and whose records each figure rests on"
KINDS = ("rival",)
COPY_FACTORS = (1.0, 1.06, 1.1)


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the gap between two figures of one side where one of them repeats the other side's.

    A figure is a copy if it does not rest on its reporter's records and its interval holds the mirror's
    amount, or that amount raised or lowered by the 6 or 10 per cent by which mirrors are filled in (IMF,
    Direction of Trade Statistics). The other figure must rest on the reporter's own records. The gap
    between the two is then the gap between the parties, not a second opinion (estimated).
    """
    cases = ground.cases
    chosen = ground.open & (cases["kind"] == "rival") & (ground.of("a", "measure") == "value")
    chosen &= ground.of("a", "source") != ground.of("b", "source")
    if not bool(chosen.any()):
        return pd.DataFrame()
    mirror = _mirrors(ground)
    pieces = []
    part = cases[chosen]
    for copy, own in (("a", "b"), ("b", "a")):
        table = pd.DataFrame({"case": part["id"], "gap": part["gap"]})
        for role, side in (("copy", copy), ("own", own)):
            for name in ("id", "reporter", "records", "amount_low", "amount_high", "source"):
                table[f"{role}_{name}"] = ground.of(side, name)[chosen]
        figure = ground.by_id.loc[table["copy_id"], KEYS].reset_index(drop=True)
        table = pd.concat([table.reset_index(drop=True), figure], axis=1)
        foreign = table["copy_records"] != table["copy_reporter"]
        table = table[foreign & (table["own_records"] == table["own_reporter"])]
        met = table.merge(mirror, on=KEYS, how="inner", validate="m:m")
        met = met[met["mirror"] != met["own_id"]]
        hit = pd.Series(False, index=met.index)
        for factor in COPY_FACTORS:
            for scaled in (met["mirror_amount"] * factor, met["mirror_amount"] / factor):
                hit |= (met["copy_amount_low"] <= scaled) & (scaled <= met["copy_amount_high"])
        met = met[hit].drop_duplicates("case")
        note = met["copy_source"] + " repeats the figure of " + met["mirror_reporter"]
        note = note + ", " + met["own_source"] + " has records of its own"
        sides = ("copy_id", "own_id") if copy == "b" else ("own_id", "copy_id")
        expression = amounts(met[sides[0]]) + "-" + amounts(met[sides[1]])
        pieces.append(claim(met["case"], met["gap"], "estimated", note, expression))
    found = pd.concat(pieces, ignore_index=True)
    return found.drop_duplicates("case")


KEYS = ["reporter", "partner", "flow", "commodity", "classification", "period", "measure"]
TURNED = {"exports": "imports", "imports": "exports", "turnover": "turnover"}


def _mirrors(ground: Ground) -> pd.DataFrame:
    """Give every figure that rests on its reporter's records, keyed as its partner would print it."""
    figures = ground.figures
    own = (figures["records"] == figures["reporter"]) | (figures["records"] == "")
    table = figures[own & figures["amount"].notna() & figures["flow"].isin(list(TURNED))]
    return pd.DataFrame(
        {
            "reporter": table["partner"], "partner": table["reporter"],
            "flow": table["flow"].map(TURNED), "commodity": table["commodity"],
            "classification": table["classification"], "period": table["period"],
            "measure": table["measure"], "mirror": table["id"], "mirror_amount": table["amount"],
            "mirror_reporter": table["reporter"],
        }
    )  # fmt: skip
