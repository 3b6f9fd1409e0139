"""Partner attribution: importers name the country of origin, exporters the last destination they know."""

from __future__ import annotations

import pandas as pd

from reconcile.causes import Ground, amounts, claim, nothing
from reconcile.causes.twins import only, twins

NAME = "partner attribution"
ORDER = 50
NEEDS = "the importer's figure by origin and by consignment"
FLOWS = ("exports",)
BASIS = {"origin": "origin", "consignment": "consignment", "last destination": "consignment"}


def claims(ground: Ground) -> pd.DataFrame:
    """Claim imports by origin less imports by consignment: goods that came through third countries.

    Goods of the exporter that reach the importer from a third country are in the importer's figure by
    origin and not in its figure by consignment, which is what the exporter sees (United Nations, IMTS 2010,
    chapter VI). Recorded, where the importer prints both. Goods that arrive from the exporter but
    originate elsewhere work the other way: the difference is net of them.
    """
    cases = ground.cases
    own = only(ground, "partner_basis") & ground.open
    whole = cases[own]
    expression = amounts(whole["figure_b"]) + "-" + amounts(whole["figure_a"])
    note = "one source by " + ground.of("a", "partner_basis")[own] + " and by "
    note = note + ground.of("b", "partner_basis")[own]
    pieces = [claim(whole["id"], whole["gap"], "recorded", note, expression)]
    found = _both(ground)
    if len(found):
        note = "the importer prints its figure by origin and by consignment: goods through third countries"
        pieces.append(
            claim(found["case"], found["amount"], "recorded", note, found["expression"],
                  uses=found["twin"].map(lambda key: (key,)))
        )  # fmt: skip
    told = ground.directed & (ground.of("b", "partner_basis") == "origin")
    silent = told & ~cases["id"].isin(found["case"])
    pieces.append(
        nothing(
            cases.loc[silent, "id"],
            "the importer counts by origin: needs its figure by consignment",
        )
    )
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _both(ground: Ground) -> pd.DataFrame:
    """Twins by origin and consignment; the exporter's last destination is a consignment to the importer."""
    basis = ground.figures["partner_basis"]
    if not bool((basis == "consignment").any()):
        return twins(ground, "partner_basis", ground.directed & False)
    usual = ground.figures.assign(partner_basis=basis.map(BASIS).fillna(""))
    turned = Ground(ground.cases, usual, ground.members, ground.book, ground.every, ground.prices)
    found = twins(turned, "partner_basis", ground.directed, {"exports": "consignment"})
    return found[found["side"] == "b"]
