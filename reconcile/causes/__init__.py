"""Causes: what claims a part of a gap, with evidence. Owns their order and the sum that must close.

A cause is one module here with `NAME`, `ORDER` and `claims(ground)`; adding a module adds a cause. A claim
gives case, amount (basis currency, signed like the gap), low, high, evidence (recorded, estimated, assumed, or
empty where it claims nothing), note and expression (see `reconcile.expressions`). Parts and residual equal
the gap exactly: the residual is the gap less the claims, and is always printed.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import pandas as pd

from reconcile import expressions
from reconcile.assumptions import Book
from reconcile.result import CAUSES

EXPLAINED = ("discrepancy", "within tolerance", "within rounding")


@dataclass(frozen=True)
class Ground:
    """What causes may look at: cases with a gap, all figures with amounts, members, the book of assumptions."""

    cases: pd.DataFrame
    figures: pd.DataFrame
    members: pd.DataFrame
    book: Book

    @functools.cached_property
    def by_id(self) -> pd.DataFrame:
        """The figures by id."""
        return self.figures.drop_duplicates("id").set_index("id", drop=False)

    def of(self, side: str, column: str) -> pd.Series:
        """Give a column of the figure on side a or b of each case."""
        return self.cases[f"figure_{side}"].map(self.by_id[column])


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """Give the causes in the order in which they claim."""
    found = [
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    ]
    return tuple(sorted((m for m in found if hasattr(m, "ORDER")), key=lambda m: m.ORDER))


def explain(
    cases: pd.DataFrame, figures: pd.DataFrame, members: pd.DataFrame, book: Book
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give (cases with explained and residual, causes). Amounts are what their expressions evaluate to."""
    chosen = cases[cases["verdict"].isin(EXPLAINED) & cases["gap"].notna() & (cases["gap"] != 0)]
    ground = Ground(chosen.reset_index(drop=True), figures, members, book)
    pieces = [_claimed(module.NAME, module.ORDER, module.claims, ground) for module in modules()]
    pieces = [piece for piece in pieces if len(piece)]
    causes = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=CAUSES)
    position = cases["id"].reset_index(drop=True)
    rank = causes["case"].map(pd.Series(position.index, index=position))
    causes = causes.assign(rank=rank).sort_values(["rank", "order"], kind="stable")
    causes = causes[CAUSES].reset_index(drop=True)
    out = cases.copy()
    total = causes.groupby("case")["amount"].sum()
    has_gap = out["gap"].notna()
    out["explained"] = out["id"].map(total).astype(float).fillna(0.0).where(has_gap)
    out["residual"] = out["gap"] - out["explained"]
    return out, causes


def _claimed(
    name: str, order: int, claims: Callable[[Ground], pd.DataFrame], ground: Ground
) -> pd.DataFrame:
    table = claims(ground)
    if table.empty:
        return pd.DataFrame(columns=CAUSES)
    return table.assign(cause=name, order=order)[CAUSES]


def valued(expression: str, ground: Ground) -> float:
    """Give the number of a claim's expression from the amounts, assumptions and gaps of the ground."""
    gaps = dict(zip(ground.cases["id"], ground.cases["gap"]))
    values: dict[str, float] = {}
    for name in expressions.names(expression):
        kind, key = name.split(":", 1)
        if kind == "amount":
            values[name] = float(ground.by_id.at[key, "amount"])
        elif kind == "assumption":
            values[name] = ground.book.value(key)
        else:
            values[name] = float(gaps[key])
    return expressions.evaluate(expression, values)
