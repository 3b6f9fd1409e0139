"""Owns the JSON of a Result: contract keys in their order, amounts in units, null for a missing number."""

from __future__ import annotations

import json
from typing import Any

from reconcile.result import Result
from reports import labels

SCHEMA = "reconcile/1"
FIGURE = [
    "id", "source", "reporter", "partner", "flow", "commodity", "period", "printed", "printed_unit",
    "currency", "value", "amount", "low", "high", "valuation", "records", "status", "approx", "state",
    "place", "quote", "steps",
]  # fmt: skip
STEP = ["name", "op", "operand", "assumption", "before", "after"]
ASSUMPTION = ["id", "value", "low", "high", "unit", "source", "date"]
CASE = [
    "id", "kind", "areas", "flow", "commodity", "period", "figures", "lowest", "highest", "gap",
    "gap_pct_mean", "gap_pct_lowest", "gap_pct_highest", "log_ratio", "verdict", "causes", "explained",
    "residual", "balance",
]  # fmt: skip
CAUSE = ["cause", "amount", "low", "high", "evidence", "note"]
BALANCE = ["value", "low", "high", "method"]
FINDING = ["code", "severity", "case", "figures", "message", "advice"]
NUMBERS = {
    "value", "amount", "low", "high", "operand", "before", "after", "lowest", "highest", "gap",
    "gap_pct_mean", "gap_pct_lowest", "gap_pct_highest", "log_ratio", "explained", "residual",
}  # fmt: skip
LISTS = {"areas", "figures"}


def document(result: Result) -> dict[str, Any]:
    """Give the whole result as plain dictionaries and lists; the low and high of a figure are amounts."""
    steps = _grouped(labels.rows(result.ledger), "figure", STEP)
    causes = _grouped(labels.rows(result.causes), "case", CAUSE)
    balances = _grouped(labels.rows(result.balances), "case", BALANCE)
    figures = []
    for row in labels.rows(result.figures):
        ends = {"low": row["amount_low"], "high": row["amount_high"]}
        figures.append(_picked({**row, **ends}, FIGURE, steps=steps.get(str(row["id"]), [])))
    cases = []
    for row in labels.rows(result.cases):
        key = str(row["id"])
        balance = balances.get(key, [None])[0]
        cases.append(_picked(row, CASE, causes=causes.get(key, []), balance=balance))
    prices = result.basis.prices
    return {
        "schema": SCHEMA,
        "basis": {
            "currency": result.basis.currency,
            "prices": None if prices is None else int(prices),
        },
        "figures": figures,
        "assumptions": [_picked(row, ASSUMPTION) for row in labels.rows(result.assumptions)],
        "cases": cases,
        "findings": [_picked(row, FINDING) for row in labels.rows(result.findings)],
    }


def text(result: Result) -> str:
    """Give the result as JSON text; lone surrogates, which no file can hold, are written as escapes."""
    made = json.dumps(document(result), ensure_ascii=False, allow_nan=False, indent=1)
    return made.encode("utf-8", "backslashreplace").decode() + "\n"


def _grouped(rows: list[dict[str, Any]], key: str, names: list[str]) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for row in rows:
        out.setdefault(str(row[key]), []).append(_picked(row, names))
    return out


def _picked(row: dict[str, Any], names: list[str], **made: Any) -> dict[str, Any]:
    return {name: made[name] if name in made else _value(name, row[name]) for name in names}


def _value(name: str, value: Any) -> Any:
    if name in LISTS:
        return labels.ids(value)
    return labels.number(value) if name in NUMBERS else labels.text(value)
