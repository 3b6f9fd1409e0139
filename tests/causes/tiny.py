"""Tiny tables for the tests of causes: rows of figures in, cases and causes out. Owns the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from reconcile import causes, derive, gaps, match
from reconcile.assumptions import Book
from reconcile.basis import Context, to_basis
from reconcile.causes import Ground, settle
from reconcile.result import Basis
from sources.understand import understand


@dataclass(frozen=True)
class Told:
    """What the causes made of a table."""

    cases: pd.DataFrame
    causes: pd.DataFrame
    ground: Ground

    def case(self, exporter: str = "CHN", importer: str = "CAN", **more: str) -> dict[str, Any]:
        """Give the one case of a pair (and of the columns named)."""
        table = self.cases[[pair == (exporter, importer) for pair in self.cases["areas"]]]
        for name, value in more.items():
            table = table[table[name] == value]
        assert len(table) == 1, self.cases[["id", "kind", "period", "verdict"]]
        return {str(key): value for key, value in table.iloc[0].items()}

    def claims(self, cause: str, **which: str) -> pd.DataFrame:
        """Give the rows of one cause in one case."""
        mine = self.causes[self.causes["case"] == self.case(**which)["id"]]
        return mine[mine["cause"] == cause].reset_index(drop=True)

    def amount(self, cause: str, **which: str) -> float:
        """Give what a cause claims of one case, 0 where it says nothing."""
        return float(self.claims(cause, **which)["amount"].sum())


def row(reporter: str, partner: str, flow: str, value: str, **more: str) -> dict[str, str]:
    """Give a raw row in million dollars of 2014; `more` sets any other column."""
    plain = {
        "reporter": reporter, "partner": partner, "flow": flow, "period": "2014", "value": value,
        "unit": "million USD", "source": f"office of {reporter}", "records": reporter,
    }  # fmt: skip
    return {**plain, **more}


def pair(x: str, m: str, exporter: str = "CHN", importer: str = "CAN", **more: str) -> list[dict[str, str]]:  # fmt: skip
    """Give the two rows of a flow: exporter's figure x and importer's m."""
    return [row(exporter, importer, "exports", x, **more), row(importer, exporter, "imports", m, **more)]  # fmt: skip


def told(
    rows: list[dict[str, str]], assumptions: list[dict[str, Any]] | None = None, prices: int | None = None
) -> Told:  # fmt: skip
    """Take rows through basis, pairing and causes; checks on the way that every expression is its amount."""
    raw = pd.DataFrame(rows).fillna("")
    if "place" not in raw:
        raw["place"] = [f"line {number}" for number in range(2, len(raw) + 2)]
    reading = understand(raw, "tiny.csv", "figures_file", decimal="point")
    book = Book(pd.DataFrame(assumptions) if assumptions else None)
    figures, _ = to_basis(reading.figures, Context(Basis("USD", prices), book))
    figures = figures.assign(origin=match.origins(figures), derived=False)
    derived = derive.derive(figures, "USD")
    figures = pd.concat([figures, *derived.figures], ignore_index=True)
    found = gaps.cases(figures, derived.pairs(), 0.10)
    members = gaps.located(found, figures)
    cases, claims = causes.explain(found, figures, members, book, prices)
    ground = causes.ground_of(found, figures, members, book, prices)
    check(cases, claims, ground)
    return Told(cases, claims, ground)


def check(cases: pd.DataFrame, claims: pd.DataFrame, ground: Ground) -> None:
    """Hold the laws of claims: parts and residual are the gap, expressions the amounts, ranges hold them."""
    for case in cases[cases["gap"].notna()].to_dict("records"):
        mine = claims.loc[claims["case"] == case["id"], "amount"]
        left = case["gap"]
        for amount in mine:
            left -= amount
        # Both ways of adding give the same, to what floating point loses.
        assert abs(left - case["residual"]) <= 1e-12 * abs(case["gap"]), case["id"]
        assert case["gap"] - case["explained"] - case["residual"] == 0
        assert case["residual"] * case["gap"] >= 0, "what is left never changes its sign"
    for claim in claims.to_dict("records"):
        assert (claim["evidence"] == "") == (claim["amount"] == 0), claim
        assert (claim["expression"] == "") == (claim["amount"] == 0), claim
        assert claim["note"], claim
        if claim["expression"]:
            again = causes.valued(claim["expression"], ground)
            assert abs(again - claim["amount"]) <= 1e-9 * abs(claim["amount"]), claim
            slack = 1e-9 * abs(claim["amount"])
            assert claim["low"] - slack <= claim["amount"] <= claim["high"] + slack, claim


def effects(found: Told) -> pd.DataFrame:
    """Give what other orders would give."""
    return settle.order_effects(found.cases, causes.proposals(found.ground))
