"""Coverage: the two figures do not count the same goods, territory or trade system."""

from __future__ import annotations

import pandas as pd

from reconcile.causes import Ground, amounts, claim, nothing
from reconcile.causes.twins import only, twins

NAME = "coverage and trade system"
ORDER = 45
NEEDS = "a second figure of one side on the other's coverage, trade system or concept"
ATTRIBUTES = {"trade_system": "trade system", "concept": "concept", "coverage": "coverage"}


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the difference that one side itself records between its coverage and the other side's.

    Special trade leaves out goods that stay in free zones and bonded warehouses (United Nations, IMTS
    2010); concepts set goods beside goods and services. Where the figures differ and no side prints both,
    nothing is claimed and the note says what is needed.
    """
    pieces = []
    cases = ground.cases
    chosen = ground.open | (cases["verdict"] == "not comparable")
    done: set[str] = set()
    for attribute, word in ATTRIBUTES.items():
        left = chosen & ~cases["id"].isin(done)
        own = only(ground, attribute) & left
        whole = cases[own]
        expression = amounts(whole["figure_b"]) + "-" + amounts(whole["figure_a"])
        values = [ground.of(side, attribute)[own].replace("", "not stated") for side in "ab"]
        note = f"one source, {word} " + values[0] + " and " + values[1]
        pieces.append(claim(whole["id"], whole["gap"], "recorded", note, expression))
        found = twins(ground, attribute, left & ~own)
        note = (
            f"the source prints its figure for {word} " + found["own"] + " and " + found["theirs"]
        )
        pieces.append(
            claim(found["case"], found["amount"], "recorded", note, found["expression"],
                  uses=found["twin"].map(lambda key: (key,)))
        )  # fmt: skip
        done |= set(whole["id"]) | set(found["case"])
        a, b = ground.of("a", attribute), ground.of("b", attribute)
        differ = left & (a != b) & (a != "") & (b != "") & ~cases["id"].isin(done)
        differ &= cases["kind"] == "mirror"
        note = (
            f"{word} " + a[differ] + " against " + b[differ] + ": needs one side's figure on both"
        )
        pieces.append(nothing(cases.loc[differ, "id"], note))
        done |= set(cases.loc[differ, "id"])
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()
