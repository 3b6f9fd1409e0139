"""Figures of a whole table of reporters as mirror pairs. Owns which figures make a pair."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reconcile.balance.pairs import IN
from sources import areas

KEPT_UNALLOCATED = (
    "ASIA_NES",
)  # Other Asia, not elsewhere specified: a trading area in all but name
LEVEL = "level"


class Made(NamedTuple):
    """`pairs`: columns IN and `level`; `left_out`: reason, figures, amount (what is not in the pairs)."""

    pairs: pd.DataFrame
    left_out: pd.DataFrame


def pairs_of(figures: pd.DataFrame) -> Made:
    """Give the pairs of figures on the basis (with `amount`): values of exports and imports between countries.

    Several figures of one report are counted once, the first named; sums of groups and of the world are
    left out, as they hold their parts. The importer's figure keeps its valuation: FOB goes to
    `importer_fob`. `level` is the number of digits of the commodity, 0 for the total.
    """
    table = figures[figures["amount"].notna()]
    reasons: list[tuple[str, pd.Series]] = []

    def without(table: pd.DataFrame, bad: pd.Series, reason: str) -> pd.DataFrame:
        if bad.any():
            reasons.append((reason, table.loc[bad, "amount"]))
        return table[~bad]

    table = without(
        table, ~table["flow"].isin(["exports", "imports"]), "neither exports nor imports"
    )
    table = without(table, table["measure"] != "value", "a quantity, not a value")
    table = without(table, table["role"] == "set aside", "set aside")
    codes = pd.unique(pd.concat([table["reporter"], table["partner"]]))
    usable = {
        code
        for code in codes
        if areas.kind(str(code)) in ("country", "dissolved") or code in KEPT_UNALLOCATED
    }
    for side in ("reporter", "partner"):
        table = without(table, ~table[side].isin(usable), f"{side} is a group or unallocated")
    keys = ["reporter", "partner", "flow", "period", "commodity"]
    table = without(table, table.duplicated(keys), "a second figure of one report")
    exports = table["flow"] == "exports"
    made = {}
    for name, part, first, second in (
        ("exporter", table[exports], "reporter", "partner"),
        ("importer", table[~exports], "partner", "reporter"),
    ):
        made[name] = pd.DataFrame(
            {"year": part["period"], "exporter": part[first], "importer": part[second],
             "commodity": part["commodity"], f"{name}_value": part["amount"].astype(float),
             f"{name}_low": part["amount_low"].astype(float), f"{name}_high": part["amount_high"].astype(float),
             **({"valuation": part["valuation"]} if name == "importer" else {})}
        )  # fmt: skip
    on = ["year", "exporter", "importer", "commodity"]
    met = made["exporter"].merge(made["importer"], on=on, how="outer", validate="one_to_one")
    return Made(_table(met), _left_out(reasons))


def _table(met: pd.DataFrame) -> pd.DataFrame:
    out = met.rename(columns={"exporter_value": "exporter_fob", "importer_value": "importer_cif"})
    fob = out["valuation"] == "FOB"
    out["importer_fob"] = out["importer_cif"].where(fob)
    whole = out["commodity"].isin(["TOTAL", ""])
    out[LEVEL] = out["commodity"].str.len().where(~whole, 0).astype(int)
    extra = [
        "exporter_low",
        "exporter_high",
        "importer_low",
        "importer_high",
        "importer_fob",
        LEVEL,
    ]
    return out[[*IN, *extra]].sort_values(["year", LEVEL, "exporter", "importer", "commodity"],
                                          ignore_index=True)  # fmt: skip


def _left_out(reasons: list[tuple[str, pd.Series]]) -> pd.DataFrame:
    rows = [(reason, len(amounts), float(amounts.sum())) for reason, amounts in reasons]
    return pd.DataFrame(rows, columns=["reason", "figures", "amount"])
