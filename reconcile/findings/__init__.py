"""Findings: anything odd about figures and cases, as rows. Owns their catalogue and their order.

A rule is one module here with `find(view)`, which gives rows made by `finding`; adding a module adds a rule.
Severity and advice come from the catalogue in sources/data/findings.csv.
"""

from __future__ import annotations

import csv
import functools
import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from types import ModuleType
from typing import Any

import pandas as pd

from reconcile.assumptions import Book
from reconcile.result import Basis
from sources.figures import FINDING_COLUMNS

SEVERITIES = ("error", "warning", "note")
MOST = 100  # findings of one code that stand alone; the rest is one row, counted and valued


@dataclass(frozen=True)
class View:
    """What rules may look at: figures with amounts and origins, cases, members, causes, assumptions."""

    basis: Basis
    figures: pd.DataFrame
    cases: pd.DataFrame
    members: pd.DataFrame
    causes: pd.DataFrame
    book: Book

    @functools.cached_property
    def by_id(self) -> pd.DataFrame:
        """The figures by id."""
        return self.figures.drop_duplicates("id").set_index("id", drop=False)

    @property
    def unit(self) -> str:
        """The unit of all amounts."""
        prices = f" at {self.basis.prices} prices" if self.basis.prices else ""
        return self.basis.currency + prices


@functools.cache
def catalogue() -> dict[str, dict[str, str]]:
    """Give every code with severity, title, explanation and advice."""
    text = (resources.files("sources") / "data" / "findings.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def finding(
    code: str,
    message: str,
    *,
    case: str = "",
    figures: Sequence[str] = (),
    file: str = "",
    place: str = "",
    advice: str = "",
    size: float = 0.0,
) -> dict[str, Any]:
    """Make one finding; `size` (basis currency) orders findings of one code. KeyError for an unknown code."""
    entry = catalogue()[code]
    return {
        "code": code, "severity": entry["severity"], "case": case, "figures": tuple(figures), "file": file,
        "place": place, "message": message, "advice": advice or entry["advice"], "size": abs(size),
    }  # fmt: skip


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """Give the rules in alphabetical order."""
    found = [
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    ]
    return tuple(module for module in found if hasattr(module, "find"))


def all_findings(view: View, given: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Give the findings of all rules behind those that the readers gave, the gravest first."""
    rows: list[dict[str, Any]] = []
    for module in modules():
        rows.extend(module.find(view))
    own = _cut(rows, view.unit)
    tables = [_unsaid(table, own) for table in given if len(table)]
    tables = [table for table in tables if len(table)]
    table = pd.concat([*tables, own], ignore_index=True) if tables else own
    grave = {name: rank for rank, name in enumerate(SEVERITIES)}
    rank = table["severity"].map(grave).fillna(len(grave))
    return table.iloc[rank.argsort(kind="stable")].reset_index(drop=True)


def _unsaid(given: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Leave out what a reader says of a figure's currency where a rule says it with the other reading."""
    told = own.loc[own["code"] == "CURRENCY_ASSUMED", "figures"]
    said = {key for figures in told for key in figures}
    ids = given["figures"].map(
        lambda figures: {figures} if isinstance(figures, str) else set(figures)
    )
    again = (given["code"] == "CURRENCY_ASSUMED") & ids.map(
        lambda keys: bool(keys) and keys <= said
    )
    return given[~again.astype(bool)]


def largest(
    code: str, table: pd.DataFrame, size: str, unit: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give (the rows of a table that stand alone, largest first, and one finding that counts the rest)."""
    if len(table) <= MOST:
        return table.to_dict("records"), []
    order = table[size].abs().sort_values(ascending=False, kind="stable").index
    together = table.loc[order[MOST:], size].abs().sum()
    return table.loc[order[:MOST]].to_dict("records"), [
        rest(code, len(table) - MOST, float(together), unit)
    ]


def rest(code: str, count: int, together: float, unit: str) -> dict[str, Any]:
    """Count in one finding what does not stand alone; `together` is its sum in the basis currency."""
    from reconcile.wording import amount

    text = f"{count:,} more of this kind, together {amount(together, unit)}"
    return {**finding(code, text), "size": -1.0}


def _cut(rows: list[dict[str, Any]], unit: str) -> pd.DataFrame:
    """Keep the largest findings of each code and count the rest in one row."""
    table = pd.DataFrame(rows, columns=[*FINDING_COLUMNS, "size"])
    if table.empty:
        return table[FINDING_COLUMNS]
    order = {name: number for number, name in enumerate(catalogue())}
    table = table.assign(order=table["code"].map(order), row=range(len(table)))
    table = table.sort_values(["order", "size", "row"], ascending=[True, False, True])
    alone = table["size"] >= 0
    place = alone.groupby(table["code"], sort=False).cumsum()
    kept, left = table[~alone | (place <= MOST)], table[alone & (place > MOST)]
    more = [
        {
            **rest(str(code), len(group), float(group["size"].sum()), unit),
            "order": group["order"].iloc[0],
        }
        for code, group in left.groupby("code", sort=False)
    ]
    if more:
        kept = pd.concat([kept, pd.DataFrame(more)], ignore_index=True)
        kept = kept.sort_values("order", kind="stable")
    return kept[FINDING_COLUMNS].reset_index(drop=True)
