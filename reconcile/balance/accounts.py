"""All figures balanced at once under their identities: one number with a range for each measure, adding up.

Turnover = exports + imports, a group = its members, a year = its months, the two parties' figures of one
measure are equal once both are FOB, and what the user adds. Owns the errors that figures are taken to have.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from reconcile.constraints import (
    Balanced,
    Constraints,
    balance_constrained,
    from_figures,
    join,
    parse,
)
from reconcile.match import COMPARED

SHARE = 0.10  # standard error of a source, as a share of the largest figure of its measure
MEASURE = ["area_a", "area_b", "flow", "commodity", "period", "measure"]
TABLE = [
    *MEASURE,
    "figures",  # number of independent figures
    "sources",
    "lowest",  # of the figures, on FOB
    "highest",
    "balanced",
    "low",
    "high",
    "bound",
]


class Accounts(NamedTuple):
    """`table`: TABLE, one row a measure; `found`: values and constraints, one row a figure and constraint."""

    table: pd.DataFrame
    found: Balanced


def accounts(
    figures: pd.DataFrame,
    *,
    cif: float = 1.06,
    cif_range: tuple[float, float] | None = None,
    share: float = SHARE,
    lines: Iterable[str] = (),
    check_only: bool = False,
) -> Accounts:
    """Give one row a measure of figures with amounts, balanced under their own and the user's constraints.

    Amounts in the basis currency; exports and imports are given FOB (imports / `cif`). Figures of one
    origin count once. Every figure of a measure has the same error, `share` of the largest, beside what its
    rounding leaves open, so that sources of one measure weigh alike; with the range of the CIF factor
    `cif_range` an importer's figure is open by that much more. Trade is not below zero. `lines` are the
    user's constraints (see `constraints.parse`).
    """
    table = _chosen(figures)
    stated = from_figures(table, across_sources=True, cif=cif)
    extra = list(lines)
    if extra:
        stated = _joined(stated, parse(extra, known=set(figures["id"].astype(str))))
        named = set(stated.table["id"]) - set(table["id"].astype(str))
        table = pd.concat([table, _measured(figures[figures["id"].isin(named)])], ignore_index=True)
    values = _values(table, cif, cif_range, share)
    found = balance_constrained(values, *stated, check_only=check_only)
    return Accounts(_table(table, found, cif), found)


def _joined(own: Constraints, user: Constraints) -> Constraints:
    clash = set(own.rhs.index) & set(user.rhs.index)
    if clash:  # the user's words for an identity of ours: ours gives way
        keep = ~own.table["constraint"].isin(clash)
        own = Constraints(own.table[keep], own.rhs.drop(index=list(clash)))
    return join(own, user)


def _measured(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with the measure they belong to, from the exporter's or the first area's side."""
    table = figures.copy()
    turned = table["flow"].eq("imports") | (
        table["flow"].isin(["turnover"]) & (table["reporter"] > table["partner"])
    )
    table["area_a"] = table["reporter"].where(~turned, table["partner"])
    table["area_b"] = table["partner"].where(~turned, table["reporter"])
    table["own_flow"] = table["flow"]
    table["measured"] = table["flow"].where(~table["flow"].eq("imports"), "exports")
    return table


def _chosen(figures: pd.DataFrame) -> pd.DataFrame:
    """Comparable figures, not derived, one an origin and measure."""
    table = figures[figures["amount"].notna() & (figures["reporter"] != "")]
    if "role" in table:
        table = table[table["role"].isin(COMPARED)]
    if "derived" in table:
        table = table[~table["derived"].astype(bool)]
    table = _measured(table)
    keys = ["area_a", "area_b", "measured", "commodity", "period", "measure", "prices", "concept"]
    keys = [name for name in keys if name in table]
    return table.drop_duplicates([*keys, "origin"]).reset_index(drop=True)


def _cif(table: pd.DataFrame, cif: float) -> pd.Series:
    """What one unit FOB is in each figure: `cif` for an importer's, unless it is FOB, else 1."""
    is_cif = table["own_flow"].eq("imports")
    if "valuation" in table:
        is_cif &= ~table["valuation"].eq("FOB")
    return pd.Series(np.where(is_cif, cif, 1.0), index=table.index)


def _values(
    table: pd.DataFrame, cif: float, ends: tuple[float, float] | None, share: float
) -> pd.DataFrame:
    keys = ["area_a", "area_b", "measured", "commodity", "period", "measure"]
    amount, low, high = (
        table[name].astype(float) if name in table else table["amount"].astype(float)
        for name in ("amount", "amount_low", "amount_high")
    )
    size = amount.abs().groupby([table[name] for name in keys]).transform("max")
    doubt = ((high - low) / 12**0.5) ** 2 + (share * size) ** 2
    if ends is not None:
        wide = _cif(table, ends[1]) - _cif(table, ends[0])
        doubt += (amount * wide / 12**0.5) ** 2
    lower = np.where(table["flow"].eq("balance") | (amount < 0), -np.inf, 0.0)
    return pd.DataFrame(
        {"id": table["id"].astype(str), "value": amount, "low": low.fillna(amount), "high": high.fillna(amount),
         "sd": np.sqrt(doubt), "lower": lower}
    )  # fmt: skip


def _table(table: pd.DataFrame, found: Balanced, cif: float) -> pd.DataFrame:
    """One row a measure: the answer of its first figure, the widest range of all, on FOB."""
    values = found.values
    factor = _cif(table, cif).to_numpy()
    met = table.assign(flow=table["measured"], fob=table["amount"].to_numpy(dtype=float) / factor)
    for name in ("value_out", "low", "high"):
        met[f"b_{name}"] = values[name].to_numpy() / factor
    met["b_bound"] = values["bound"].to_numpy()
    groups = met.groupby(MEASURE, sort=False)
    out = groups.agg(
        figures=("id", "size"),
        sources=("source", lambda names: ", ".join(dict.fromkeys(map(str, names)))),
        lowest=("fob", "min"), highest=("fob", "max"), balanced=("b_value_out", "first"),
        low=("b_low", "min"), high=("b_high", "max"), bound=("b_bound", "first"),
    ).reset_index()  # fmt: skip
    return out[TABLE]
