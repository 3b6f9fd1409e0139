"""The basis: steps that bring every figure to one unit, currency and price year. Owns their order.

A step is one module here with `ORDER` and `steps(figures, context)`; adding a module adds a step.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from reconcile import ledger as ledgers
from reconcile.assumptions import Book
from reconcile.result import AMOUNTS, LEDGER, Basis
from sources.errors import Problem


@dataclass(frozen=True)
class Step:
    """One operation on chosen figures: name, op, operand (n numbers), assumption ids and reasons (n texts)."""

    name: str
    op: str
    chosen: pd.Series  # bool, which figures it touches
    operand: pd.Series
    assumption: pd.Series
    reason: pd.Series


@dataclass
class Context:
    """What steps may look at: the basis asked for, the book of assumptions, and problems to report together."""

    basis: Basis
    book: Book
    problems: list[Problem] = field(default_factory=list)


@functools.cache
def _modules() -> tuple[Callable[[pd.DataFrame, Context], list[Step]], ...]:
    found = [
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    ]
    ordered = sorted(
        (module for module in found if hasattr(module, "ORDER")), key=lambda m: m.ORDER
    )
    return tuple(module.steps for module in ordered)


def to_basis(figures: pd.DataFrame, context: Context) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give (figures with amounts on the basis, ledger); amounts are in units of the basis currency.

    Quantities end in tonnes or their own unit. Figures without a number have no amount and no steps.
    """
    out = figures.copy()
    out[AMOUNTS] = float("nan")
    amounts = pd.DataFrame({"amount": 0.0, "amount_low": 0.0, "amount_high": 0.0}, index=out.index)
    parts: list[pd.DataFrame] = []
    order = pd.Series(range(len(out)), index=out.index)
    counts = pd.Series(0, index=out.index)
    has_number = out["state"].isin(["number", "zero"]) & out["value"].notna()
    # Prose may leave period or unit open: such a figure has no basis to be brought to.
    has_number &= (out["start"] != "") & (out["currency"] != "")
    for steps in _modules():
        for step in steps(out[has_number], context):
            chosen = step.chosen.reindex(out.index, fill_value=False)
            if not bool(chosen.any()):
                continue
            before = amounts.loc[chosen, "amount"]
            operand = step.operand[step.chosen].astype(float)
            op = pd.Series(step.op, index=before.index)
            after = ledgers.apply(op, before, operand)
            changed = (after != before) | (step.op == "=")
            counts.loc[chosen] += changed.astype(int)
            parts.append(
                pd.DataFrame(
                    {
                        "step": counts[chosen],
                        "figure": out.loc[chosen, "id"],
                        "name": step.name,
                        "op": step.op,
                        "operand": operand,
                        "assumption": step.assumption[step.chosen],
                        "parent": "",
                        "before": before,
                        "after": after,
                        "reason": step.reason[step.chosen],
                        "order": order[chosen],
                    }
                )[changed]
            )
            low, high = _ends(out[chosen], amounts.loc[chosen], op, operand)
            amounts.loc[chosen, "amount"] = after
            amounts.loc[chosen, "amount_low"] = low
            amounts.loc[chosen, "amount_high"] = high
            for key, users in out.loc[chosen, "id"].groupby(step.assumption[step.chosen]):
                if key:
                    context.book.use(str(key), users.head(50))
    out.loc[has_number, AMOUNTS] = amounts.loc[has_number, AMOUNTS]
    if not parts:
        return out, ledgers.empty()
    ledger = pd.concat(parts).sort_values(["order", "step"], kind="stable")
    return out, ledger[LEDGER].reset_index(drop=True)


def _ends(
    figures: pd.DataFrame, before: pd.DataFrame, op: pd.Series, operand: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Take low and high through the same operation; a factor below zero swaps them."""
    if (op == "=").all():
        return figures["low"].fillna(operand), figures["high"].fillna(operand)
    low = ledgers.apply(op, before["amount_low"], operand)
    high = ledgers.apply(op, before["amount_high"], operand)
    return low.where(low <= high, high), high.where(low <= high, low)
