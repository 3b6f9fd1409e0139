"""Causes: what claims a part of a gap, with evidence. Owns what causes may look at and the form of a claim.

A cause is one module here with `NAME`, `ORDER`, `NEEDS` (what evidence it asks for) and `claims(ground)`;
adding a module adds a cause. `SIDE` says whose figure a balance corrects by it (`b` where it says nothing,
empty for neither), `KINDS` and `FLOWS` in which cases it can be at work. A claim gives case, amount (basis
currency, signed like the gap), low, high, evidence (recorded, estimated, assumed, or empty where it claims
nothing), note and expression (see `reconcile.expressions`). Which claim comes first, and what is left for the
next, is settled in `reconcile.causes.settle`: parts and residual equal the gap.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from reconcile import expressions, wording
from reconcile.assumptions import Book
from reconcile.causes import settle
from reconcile.result import CAUSES

EXPLAINED = ("discrepancy", "within tolerance", "within rounding", "not comparable")
OPEN = ("discrepancy", "within tolerance")
CLAIM = ["case", "amount", "low", "high", "evidence", "note", "expression", "uses"]
PROPOSAL = [*CLAIM, "cause", "order"]


@dataclass(frozen=True)
class Ground:
    """What causes may look at: cases with a gap, all figures with amounts, members, the book of assumptions.

    `every` holds all cases, those without a gap included; `prices` is the price year of the basis, None
    where amounts stay at the prices they were printed in.
    """

    cases: pd.DataFrame
    figures: pd.DataFrame
    members: pd.DataFrame
    book: Book
    every: pd.DataFrame | None = None
    prices: int | None = None

    @functools.cached_property
    def by_id(self) -> pd.DataFrame:
        """The figures by id."""
        return self.figures.drop_duplicates("id").set_index("id", drop=False)

    def of(self, side: str, column: str) -> pd.Series:
        """Give a column of the figure on side a or b of each case."""
        return self.cases[f"figure_{side}"].map(self.by_id[column])

    @functools.cached_property
    def open(self) -> pd.Series:
        """Which cases have a gap beyond rounding between comparable figures."""
        return self.cases["verdict"].isin(OPEN)

    @functools.cached_property
    def directed(self) -> pd.Series:
        """Which cases are open and compare an exporter's with an importer's value of one flow."""
        mirror = (self.cases["kind"] == "mirror") & (self.cases["flow"] == "exports")
        return self.open & mirror & (self.of("a", "measure") == "value")

    @functools.cached_property
    def pairs(self) -> pd.DataFrame:
        """Every mirrored flow in value: case, exporter, importer, what and when, both figures, x, m, gap."""
        every = self.cases if self.every is None else self.every
        chosen = every[
            (every["kind"] == "mirror") & (every["flow"] == "exports") & (every["figure_b"] != "")
        ]
        table = pd.DataFrame(
            {
                "case": chosen["id"].to_numpy(),
                "exporter": [pair[0] for pair in chosen["areas"]],
                "importer": [pair[1] for pair in chosen["areas"]],
                "commodity": chosen["commodity"].to_numpy(),
                "period": chosen["period"].to_numpy(),
                "figure_a": chosen["figure_a"].to_numpy(),
                "figure_b": chosen["figure_b"].to_numpy(),
            }
        )
        for name in ("classification", "start", "end", "measure"):
            table[name] = table["figure_a"].map(self.by_id[name])
        table["x"] = table["figure_a"].map(self.by_id["amount"]).astype(float)
        table["m"] = table["figure_b"].map(self.by_id["amount"]).astype(float)
        table["gap"] = table["m"] - table["x"]
        return table[table["measure"] == "value"].reset_index(drop=True)

    @functools.cached_property
    def gaps(self) -> dict[str, float]:
        """The gap of every case by id."""
        every = self.cases if self.every is None else self.every
        return dict(zip(every["id"], every["gap"]))


def claim(
    case: Any, amount: Any, evidence: Any, note: Any, expression: Any,
    low: Any = None, high: Any = None, uses: Any = None,
) -> pd.DataFrame:  # fmt: skip
    """Give n claims as a table; columns and single values may be mixed, `case` has n rows.

    `uses` holds tuples of figure ids, the evidence beside the case's own two figures: what one claim of a
    case rests on, no other may use. Where `low` or `high` is not given, it is the amount.
    """
    cases = pd.Series(case).reset_index(drop=True)
    if cases.empty:
        return pd.DataFrame(columns=CLAIM)

    def column(given: Any) -> Any:
        return given.to_numpy() if isinstance(given, pd.Series) else given

    table = pd.DataFrame({"case": cases, "amount": column(amount)})
    table["low"] = table["amount"] if low is None else column(low)
    table["high"] = table["amount"] if high is None else column(high)
    ends = np.sort(table[["low", "high"]].to_numpy(dtype=float), axis=1) + 0.0  # no -0.0
    table["low"], table["high"] = ends[:, 0], ends[:, 1]
    for name, given in (("evidence", evidence), ("note", note), ("expression", expression)):
        table[name] = column(given)
    table["uses"] = pd.Series([()] * len(table), dtype=object) if uses is None else column(uses)
    return table[CLAIM]


def nothing(case: Any, note: Any) -> pd.DataFrame:
    """Give n rows that claim nothing and say why."""
    return claim(case, 0.0, "", note, "")


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """Give the causes in the order in which they claim within one class of evidence."""
    found = [
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    ]
    return tuple(sorted((m for m in found if hasattr(m, "ORDER")), key=lambda m: m.ORDER))


def ground_of(
    cases: pd.DataFrame,
    figures: pd.DataFrame,
    members: pd.DataFrame,
    book: Book,
    prices: int | None = None,
) -> Ground:
    """Give the ground of the cases that have a gap to explain."""
    chosen = cases[cases["verdict"].isin(EXPLAINED) & cases["gap"].notna() & (cases["gap"] != 0)]
    return Ground(chosen.reset_index(drop=True), figures, members, book, cases, prices)


def proposals(ground: Ground) -> pd.DataFrame:
    """Give what every cause would claim if it stood alone, in the order of the causes."""
    pieces = []
    for module in modules() if len(ground.cases) else ():
        table = module.claims(ground)
        if len(table):
            table = table.assign(cause=module.NAME, order=module.ORDER)
            if "uses" not in table:
                table["uses"] = pd.Series([()] * len(table), index=table.index, dtype=object)
            pieces.append(table[PROPOSAL])
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=PROPOSAL)


def explain(
    cases: pd.DataFrame,
    figures: pd.DataFrame,
    members: pd.DataFrame,
    book: Book,
    prices: int | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give (cases with explained and residual, causes). Amounts are what their expressions evaluate to."""
    causes = settle.settle(cases, proposals(ground_of(cases, figures, members, book, prices)))
    out = cases.copy()
    # Added in the order of the claims, not by a compensated sum: the residual is what the formula gives.
    place = pd.Series(np.arange(len(cases)), index=cases["id"].to_numpy())
    total = np.zeros(len(cases))
    at = causes["case"].map(place).to_numpy(dtype=int)
    np.add.at(total, at, causes["amount"].to_numpy(dtype=float))
    gap = out["gap"].astype(float)
    explained = pd.Series(total, index=out.index)
    whole = (gap - explained).abs() <= 1e-12 * gap.abs()
    out["explained"] = explained.mask(whole, gap).where(gap.notna())
    out["residual"] = out["gap"] - out["explained"]
    return out, causes[CAUSES]


def needs(causes: pd.DataFrame, case: str, kind: str = "", flow: str = "") -> pd.DataFrame:
    """Give (cause, needs): what each cause that says nothing of a case would need to claim a part of it.

    With the `kind` of the case, causes that are at work in other kinds only are left out; with its `flow`,
    causes of single flows say that they need exports and imports apart.
    """
    said = set(causes.loc[causes["case"] == case, "cause"])
    rows = []
    for module in modules():
        if module.NAME in said or kind not in ("", *getattr(module, "KINDS", (kind,))):
            continue
        apart = flow not in ("", *getattr(module, "FLOWS", (flow,)))
        rows.append((module.NAME, ("exports and imports apart; " if apart else "") + module.NEEDS))
    return pd.DataFrame(rows, columns=["cause", "needs"])


def valued(expression: str, ground: Ground) -> float:
    """Give the number of a claim's expression from the amounts, assumptions and gaps of the ground."""
    values: dict[str, float] = {}
    for name in expressions.names(expression):
        kind, key = name.split(":", 1)
        if kind == "amount":
            values[name] = float(ground.by_id.at[key, "amount"])
        elif kind == "assumption":
            values[name] = ground.book.value(key)
        else:
            values[name] = float(ground.gaps[key])
    return expressions.evaluate(expression, values)


def place(code: str) -> str:
    """Give the plain name of an area, as people say it: Hong Kong."""
    return wording.area(code).removesuffix(" SAR China")


def amounts(ids: pd.Series, sign: str = "") -> pd.Series:
    """Give n figure ids as they stand in an expression."""
    return sign + "{amount:" + ids.astype(str) + "}"
