"""Findings on currencies that are read but not printed, with what the figure would be in the other currency."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reconcile.findings import View, finding
from reconcile.wording import amount, area
from sources import areas, rates, units
from sources.errors import MissingRate

PLAUSIBLE = 3.0  # another reading that is further off than this factor needs no mention


def find(view: View) -> list[dict[str, Any]]:
    """Name each figure whose currency is not printed beside it, with its value under the other reading."""
    rows = []
    others = alternatives(view)
    for figure in assumed(view).to_dict("records"):
        said = "" if not figure["assumed"] else str(figure["assumed"]).partition(": ")[2]
        why = said or "no currency stands in the words quoted"
        text = (
            f"{figure['source']}, {area(figure['reporter'])} and {area(figure['partner'])}, {figure['period']}: "
            f"{figure['printed']} {figure['printed_unit']} is read as {figure['currency']} ({why})"
        )
        for other in others[others["id"] == figure["id"]].to_dict("records"):
            text += (
                f"; were it {other['currency']}, it would be {amount(other['amount'], view.unit)}"
            )
        rows.append(
            finding("CURRENCY_ASSUMED", text, figures=[figure["id"]], file=figure["file"],
                    place=figure["place"], size=figure["amount"])
        )  # fmt: skip
    return rows


def assumed(view: View) -> pd.DataFrame:
    """Give the printed figures whose currency is a guess: said so by their reader, or not in the quoted words.

    A figure that repeats another in the same currency within its interval is confirmed by it.
    """
    figures = view.figures[~view.figures["derived"] & view.figures["amount"].notna()]
    figures = figures[figures["measure"] == "value"]
    told = figures["assumed"].str.startswith("currency")
    quoted = figures["quote"].str.contains(r"\d", regex=True)
    silent = pd.Series(False, index=figures.index)
    for index, text in figures.loc[quoted & ~told, "quote"].items():
        silent[index] = not units.currencies_in(str(text))
    chosen = figures[told | silent]
    if chosen.empty:
        return chosen
    repeats = chosen["source"] != chosen["origin"]
    confirmed = [
        bool(repeat) and _confirmed(row, view)
        for repeat, (_, row) in zip(repeats, chosen.iterrows())
    ]
    return chosen[[not known for known in confirmed]]


def _confirmed(row: pd.Series, view: View) -> bool:
    own = view.figures[
        (view.figures["source"] == row["origin"])
        & (view.figures["reporter"] == row["reporter"])
        & (view.figures["partner"] == row["partner"])
        & (view.figures["period"] == row["period"])
        & (view.figures["currency"] == row["currency"])
    ]
    meets = (own["amount_low"] <= row["amount_high"]) & (own["amount_high"] >= row["amount_low"])
    return bool(meets.any())


def alternatives(view: View) -> pd.DataFrame:
    """Give other readings of figures without a printed currency: id, currency, amount (basis currency).

    The other currencies are those of the two parties; a reading whose rate is missing, or that is
    implausibly far off, is left out.
    """
    rows = []
    for figure in assumed(view).to_dict("records"):
        codes = dict.fromkeys([*_own(figure["reporter"]), *_own(figure["partner"])])
        for code in codes:
            if code == figure["currency"]:
                continue
            factor = _factor(code, figure, view)
            if factor is not None and 1 / PLAUSIBLE < factor < PLAUSIBLE:
                rows.append(
                    {"id": figure["id"], "currency": code, "amount": figure["amount"] * factor}
                )
    return pd.DataFrame(rows, columns=["id", "currency", "amount"])


def _own(area_code: str) -> list[str]:
    """Give the currency of an area today: a country's own, or that of most members of a group."""
    table = units.currencies()
    own = [c for c, row in table.items() if area_code in row["areas"].split() and not row["last"]]
    if own or areas.kind(area_code) != "group" or area_code == "WORLD":
        return own[:1]
    inside = areas.members(area_code, None)
    for code, row in table.items():
        users = set(row["areas"].split()) & inside
        if inside and len(users) * 2 > len(inside) and not row["last"]:
            return [code]
    return []


def _factor(code: str, figure: dict[str, Any], view: View) -> float | None:
    """Give what the amount is multiplied by when its currency is another: the ratio of the two rates."""
    ratio = 1.0
    for currency, divide in ((code, True), (figure["currency"], False)):
        if currency == "USD":
            continue
        try:
            row = rates.lookup(currency, figure["start"], figure["end"], view.book.user)
        except MissingRate:
            return None
        rate = float(row["value"])
        ratio = ratio / rate if divide else ratio * rate
    return ratio
