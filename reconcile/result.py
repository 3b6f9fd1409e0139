"""The frozen Result: tables that every report reads and none changes. Owns their columns.

figures      one row a figure: the columns of `sources.figures.COLUMNS` and, on the basis,
             `amount`, `amount_low`, `amount_high` (units of the basis currency), `origin`, `derived`
ledger       one row a step: see LEDGER
assumptions  one row a rate, deflator, margin or rule: see ASSUMPTIONS
cases        one row a case: see CASES
members      where a case's gap sits, one row a member area: see MEMBERS
causes       one row a cause and case, in the order they claim: see CAUSES
balances     one row a balanced case: see BALANCES
sensitivity  one row a case and changed assumption or left-out source: see SENSITIVITY
findings     `sources.figures.FINDING_COLUMNS`
sources      one row a source named in the figures: see SOURCES
inputs       one row an input file: see INPUTS
set_aside    `sources.figures.SET_ASIDE_COLUMNS`
indices      one row a measure of asymmetry: `reconcile.indices.INDICES`
accounts     one row a measure, balanced under the accounting constraints: `reconcile.balance.accounts.TABLE`
constraints  one row a constraint: `reconcile.constraints.CONSTRAINTS_OUT`; both empty where none binds or there
             are more figures than `run.BALANCED_AT_MOST`
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

ROUNDING = 1e-12  # relative; what floating-point arithmetic may lose on the end of an interval
AMOUNTS = ["amount", "amount_low", "amount_high"]
LEDGER = [
    "step",  # 1, 2, 3 ... within a figure
    "figure",
    "name",  # number, scale, currency, currency (target), prices (from), prices (to), sign, derived
    "op",  # = × ÷ + −
    "operand",
    "assumption",  # id, empty where the operand is a fact of the print
    "parent",  # id of the parent figure in a derived step, else empty
    "before",
    "after",
    "reason",
]
ASSUMPTIONS = ["id", "value", "low", "high", "unit", "source", "date", "kind", "used_by"]
CASES = [
    "id",
    "kind",  # mirror, rival, parts, vintage
    "areas",  # tuple of codes; first the side whose figure is subtracted
    "flow",
    "commodity",
    "period",
    "figures",  # tuple of ids, all that belong to the case
    "figure_a",  # the figure subtracted: exporter's, or the source named first
    "figure_b",  # the figure it is subtracted from: importer's, or the source named second
    "lowest",
    "highest",
    "gap",  # amount of figure_b minus amount of figure_a, basis currency
    "gap_pct_mean",
    "gap_pct_lowest",
    "gap_pct_highest",
    "log_ratio",
    "verdict",
    "explained",
    "residual",
    "note",
]
MEMBERS = ["case", "area", "figure_a", "figure_b", "amount_a", "amount_b", "gap", "share_of_gap"]
# `expression` gives the amount as arithmetic on {amount:FIGURE}, {assumption:ID} and {gap:CASE}:
# Python evaluates it, and the workbook writes the same expression as a formula.
CAUSES = [
    "case",
    "order",
    "cause",
    "amount",
    "low",
    "high",
    "evidence",  # recorded, estimated, assumed; empty where the cause claims nothing
    "note",  # why this amount, or what the cause would need
    "expression",
]
BALANCES = ["case", "value", "low", "high", "method", "moves", "expression"]
SENSITIVITY = ["case", "change", "kind", "base", "low", "high", "note"]
SOURCES = ["source", "figures", "records", "derived_from", "status", "published", "url", "origin"]
INPUTS = ["file", "reader", "sha256", "rows", "figures", "set_aside", "note"]


def table(columns: list[str], rows: list[dict[str, Any]] | None = None) -> pd.DataFrame:
    """Give a table with exactly these columns, in this order."""
    return pd.DataFrame(rows or [], columns=columns)


@dataclass(frozen=True)
class Basis:
    """What all amounts are brought to: currency, price year (None: current prices), and the tolerance.

    The tolerance is a share of the mean of the two figures; None takes that of the assumptions.
    """

    currency: str = "USD"
    prices: int | None = None
    tolerance: float | None = None


@dataclass(frozen=True)
class Result:
    """Everything a report may say; see the module's text for each table."""

    basis: Basis
    figures: pd.DataFrame
    ledger: pd.DataFrame
    assumptions: pd.DataFrame
    cases: pd.DataFrame
    members: pd.DataFrame
    causes: pd.DataFrame
    balances: pd.DataFrame
    sensitivity: pd.DataFrame
    findings: pd.DataFrame
    sources: pd.DataFrame
    inputs: pd.DataFrame
    set_aside: pd.DataFrame
    indices: pd.DataFrame = field(default_factory=pd.DataFrame)
    accounts: pd.DataFrame = field(default_factory=pd.DataFrame)
    constraints: pd.DataFrame = field(default_factory=pd.DataFrame)
    title: str = "Reconciliation of trade figures"
    version: str = ""
    notes: tuple[str, ...] = ()
