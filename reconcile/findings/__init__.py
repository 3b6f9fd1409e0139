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
    tables = [table for table in given if len(table)]
    table = pd.concat([*tables, own], ignore_index=True) if tables else own
    grave = {name: rank for rank, name in enumerate(SEVERITIES)}
    rank = table["severity"].map(grave).fillna(len(grave))
    return table.iloc[rank.argsort(kind="stable")].reset_index(drop=True)


def _cut(rows: list[dict[str, Any]], unit: str) -> pd.DataFrame:
    """Keep the largest findings of each code and count the rest in one row."""
    from reconcile.wording import amount

    table = pd.DataFrame(rows, columns=[*FINDING_COLUMNS, "size"])
    if table.empty:
        return table[FINDING_COLUMNS]
    order = {name: number for number, name in enumerate(catalogue())}
    table = table.assign(order=table["code"].map(order), row=range(len(table)))
    table = table.sort_values(["order", "size", "row"], ascending=[True, False, True])
    place = table.groupby("code", sort=False).cumcount()
    kept, rest = table[place < MOST], table[place >= MOST]
    more = [
        {**finding(str(code), f"{len(group):,} more of this kind, together {amount(group['size'].sum(), unit)}"),
         "order": group["order"].iloc[0], "row": len(table)}
        for code, group in rest.groupby("code", sort=False)
    ]  # fmt: skip
    if more:
        kept = pd.concat([kept, pd.DataFrame(more)], ignore_index=True)
        kept = kept.sort_values("order", kind="stable")
    return kept[FINDING_COLUMNS].reset_index(drop=True)
