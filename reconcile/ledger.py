"""The ledger: one row a step, and the laws it must keep. Owns the meaning of the five operations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.result import LEDGER
from sources.errors import LawBroken

OPERATIONS = ("=", "×", "÷", "+", "−")
TOLERANCE = 1e-9  # relative; what floating-point arithmetic may lose on a chain


def apply(op: pd.Series, before: pd.Series, operand: pd.Series) -> pd.Series:
    """Give what each operation makes of `before` and its operand; "=" takes the operand."""
    choices = [operand, before * operand, before / operand, before + operand, before - operand]
    conditions = [op == sign for sign in OPERATIONS]
    return pd.Series(np.select(conditions, choices, np.nan), index=op.index)


def check(ledger: pd.DataFrame, figures: pd.DataFrame) -> None:
    """Raise LawBroken unless every step is its operation, chains hold together and end at the amounts.

    Laws: `after` is `op` of `before` and operand; `before` is the `after` of the step above; the last `after`
    of a figure is its amount; the first step of a printed figure takes the printed number; a step changes
    something.
    """
    if ledger.empty:
        return
    made = apply(ledger["op"], ledger["before"], ledger["operand"])
    _hold(made, ledger["after"], ledger, "a step is not its operation")
    same = ledger["figure"] == ledger["figure"].shift()
    above = ledger["after"].shift().where(same, 0.0)
    _hold(above, ledger["before"], ledger, "a chain is broken")
    ends = ledger.groupby("figure", sort=False)["after"].last()
    amounts = figures.set_index("id")["amount"].dropna()
    if set(ends.index) != set(amounts.index):
        odd = sorted(set(ends.index) ^ set(amounts.index))[:5]
        raise LawBroken(f"figures with steps and figures with amounts differ: {', '.join(odd)}")
    _hold(
        ends.reindex(amounts.index),
        amounts,
        amounts.rename_axis("figure").reset_index(),
        "a chain ends elsewhere",
    )


def count(printed: pd.DataFrame, figures: pd.DataFrame) -> None:
    """Raise LawBroken unless every printed figure is still there, once: figures out = figures in + derived."""
    kept = figures.loc[~figures["derived"].astype(bool), "id"]
    if list(kept) != list(printed["id"]) or figures["id"].duplicated().any():
        raise LawBroken(f"{len(printed)} figures went in and {len(kept)} came out")


def _hold(left: pd.Series, right: pd.Series, where: pd.DataFrame, law: str) -> None:
    one, other = left.to_numpy(dtype=float), right.to_numpy(dtype=float)
    size = np.maximum(np.abs(one), np.abs(other))
    broken = ~(np.abs(one - other) <= TOLERANCE * size)
    if broken.any():
        first = where["figure"].to_numpy()[broken][:5]
        raise LawBroken(f"{law}: {', '.join(map(str, first))}")


def empty() -> pd.DataFrame:
    """Give a ledger without rows."""
    return pd.DataFrame(columns=LEDGER)
