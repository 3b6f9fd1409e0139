"""Findings on periods and price bases that do not meet: they are never set side by side in silence."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reconcile.basis.currency import price_year
from reconcile.findings import MOST, View, finding, rest
from reconcile.match import keyed
from reconcile.wording import amount, area, count, listed

FEW = 4  # periods; beyond it the figures are a series over years, and no one sets its ends side by side
PAIR = ["key_flow", "area_a", "area_b", "commodity", "measure"]


def find(view: View) -> list[dict[str, Any]]:
    """Name figures for another period than the others of their parties, and price bases that differ."""
    table = keyed(view.figures[~view.figures["derived"]])
    if table.empty:
        return []
    rows, seen = [], set[str]()
    for row in [*_pairs(table, view), *_rankings(table, view)]:
        if (
            not row["figures"] or not set(row["figures"]) <= seen
        ):  # both parties of a pair see the same figures
            rows.append(row)
        seen |= set(row["figures"])
    return [*rows, *_prices(view)]


def _pairs(table: pd.DataFrame, view: View) -> list[dict[str, Any]]:
    """Two origins for one measure that never meet in one period."""
    pair = table.groupby(PAIR, sort=False).ngroup()
    codes = pd.DataFrame(
        {
            "pair": pair,
            "period": pd.factorize(table["period"])[0],
            "origin": pd.factorize(table["origin"])[0],
        }
    )
    met = codes.groupby(["pair", "period"])["origin"].nunique().groupby("pair").max()
    several = codes.groupby("pair")[["origin", "period"]].nunique()
    alone = several[(several["origin"] > 1) & (several["period"] > 1) & (met <= 1)].index
    if alone.empty:
        return []
    chosen = table.assign(pair=pair)[pair.isin(alone)]
    chosen["total"] = chosen["amount"].abs().groupby(chosen["pair"]).transform("max")
    largest_pairs = chosen.drop_duplicates("pair").nlargest(MOST, "total")["pair"]
    left = chosen[~chosen["pair"].isin(largest_pairs)].drop_duplicates("pair")
    chosen = chosen[chosen["pair"].isin(largest_pairs)]
    rows = []
    for _, group in chosen.groupby("pair", sort=False):
        first = group.drop_duplicates("origin")
        said = listed(
            f"{amount(v, view.unit)} for {p} ({s})"
            for v, p, s in zip(first["amount"], first["period"], first["source"])
        )
        text = (
            f"{area(str(group['area_a'].iloc[0]))} and {area(str(group['area_b'].iloc[0]))}, "
            f"{group['key_flow'].iloc[0]}: the sources report different periods, {said}; not compared"
        )
        rows.append(
            finding("PERIOD_DIFFERS", text, figures=list(first["id"]), size=float(first["amount"].max()))
        )  # fmt: skip
    if len(left):
        rows.append(rest("PERIOD_DIFFERS", len(left), float(left["total"].sum()), view.unit))
    return rows


def _rankings(table: pd.DataFrame, view: View) -> list[dict[str, Any]]:
    """Figures of one area with several partners, some for a period that most partners lack."""
    table = table[table["commodity"] == "TOTAL"]
    one = table.assign(area=table["area_a"], other=table["area_b"])
    two = table.assign(area=table["area_b"], other=table["area_a"])
    both = pd.concat([one, two], ignore_index=True)
    keys = ["area", "key_flow", "commodity", "measure"]
    partners = both.groupby(keys, sort=False)["other"].transform("nunique")
    both = both.assign(partners=partners, length=_days(both))
    periods = both.groupby(keys, sort=False)["period"].transform("nunique")
    both = both[(both["partners"] > 2) & (periods <= FEW)]
    if both.empty:
        return []
    both["covered"] = both.groupby([*keys, "period"], sort=False)["other"].transform("nunique")
    both["most"] = both.groupby(keys, sort=False)["covered"].transform("max")
    usual = both[both["covered"] == both["most"]].groupby(keys, sort=False)
    base = usual.agg(base=("period", "last"), base_length=("length", "last")).reset_index()
    both = both.merge(base, on=keys, validate="m:1")
    odd = (
        (both["period"] != both["base"])
        & (both["covered"] * 2 <= both["most"])
        & ((both["length"] - both["base_length"]).abs() <= 31)
    )
    rows = []
    for key, group in both[odd].groupby([*keys, "period", "base", "other"], sort=False):
        place, flow, _, _, period, base_period, other = map(str, key)
        text = (
            f"{area(place)} and {area(other)}, {flow}: {listed(amount(v, view.unit) for v in group['amount'])} "
            f"is for {period}, the figures with its other partners are for {base_period}"
        )
        rows.append(
            finding("PERIOD_DIFFERS", text, figures=list(group["id"]), size=float(group["amount"].max()))
        )  # fmt: skip
    return rows


def _days(table: pd.DataFrame) -> pd.Series:
    spans = {
        key: (pd.Timestamp(key[1]) - pd.Timestamp(key[0])).days
        for key in set(zip(table["start"], table["end"]))
    }
    return pd.Series([spans[key] for key in zip(table["start"], table["end"])], index=table.index)


def _prices(view: View) -> list[dict[str, Any]]:
    if view.basis.prices is not None:
        return _restated(view)
    cases = view.cases[view.cases["verdict"] == "not comparable"]
    rows = []
    for row in cases.to_dict("records"):
        a, b = view.by_id.loc[row["figure_a"]], view.by_id.loc[row["figure_b"]]
        if a["prices"] == b["prices"]:
            continue
        text = (
            f"{a['source']} gives {amount(a['amount'], view.unit)} at {a['prices']} prices, "
            f"{b['source']} {amount(b['amount'], view.unit)} at {b['prices']} prices; not compared"
        )
        rows.append(
            finding("PRICES_DIFFER", text, case=row["id"], figures=[a["id"], b["id"]], size=row["gap"])
        )  # fmt: skip
    return rows


def _restated(view: View) -> list[dict[str, Any]]:
    """Say which figures were brought from the prices of another year, and by how much."""
    printed = view.figures[~view.figures["derived"] & (view.figures["measure"] == "value")]
    printed = printed[printed["amount"].notna()]
    year = price_year(printed)
    moved = printed[(year != str(view.basis.prices)) & printed["amount"].notna()]
    rows = []
    for own, group in moved.groupby(year[moved.index], sort=True):
        first = group.iloc[0]
        text = (
            f"{count(len(group), 'figure')} at the prices of {own} brought to those of {view.basis.prices} by the "
            f"US consumer price index, among them {first['printed']} {first['printed_unit']} of {first['source']}, "
            f"now {amount(first['amount'], view.unit)}"
        )
        rows.append(
            finding("PRICES_CHANGED", text, figures=list(group["id"].head(20)), size=float(first["amount"]))
        )  # fmt: skip
    return rows
