"""Owns the sheet Decomposition: the gap of each case, the causes that claim parts of it, and the residual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconcile.expressions import evaluate, formula, names
from reconcile.result import Result
from reports import labels, story
from reports.layout import Cell, Column, Formula, Sheet, Table, Text
from reports.places import Places

NAME = "Decomposition"
STAGE, POSITION = 50, 40
Locator = Callable[[int, str], str]


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; adds `explained:CASE` and `residual:CASE` to the places. None without gaps."""
    unit = labels.unit(result)
    heading = {
        "amount": f"amount ({unit})",
        "share": "share of the gap (%)",
        "low": f"low ({unit})",
        "high": f"high ({unit})",
    }
    columns = [
        Column("case", 38),
        Column("about", 36),
        Column("line", 26),
        *([Column("unit", 10)] if labels.mixed(result) else []),
        Column(heading["amount"], 21, "#,##0"),
        Column(heading["share"], 13, "0.0"),
        Column(heading["low"], 19, "#,##0"),
        Column(heading["high"], 19, "#,##0"),
        Column("evidence", 12),
        Column("note", 60),
    ]
    rows: list[list[Cell]] = []
    table = Table("tDecomposition", columns, rows)
    sheet = Sheet(
        NAME,
        "Each gap taken apart: causes with their evidence, what they explain, and the residual.",
        [
            Text(["Decomposition of the gaps"], "title"),
            Text(
                [
                    "In each case: the gap, the causes in the order in which they claim, their sum, and the residual "
                    "that no cause claims. The check is the gap less causes less residual, and is 0.",
                    "Evidence is recorded (a source states the amount), estimated or assumed; an empty cell means "
                    "that the cause claims nothing, and the note says why. " + labels.SIGN_RULE,
                ]
            ),
            table,
        ],
    )
    causes: dict[str, list[dict[str, Any]]] = {}
    for cause in labels.rows(result.causes):
        causes.setdefault(str(cause["case"]), []).append(cause)
    local, place = sheet.locator(outside=False), sheet.locator()
    for case in story.ranked(result):
        if labels.number(case["gap"]) is not None:
            _add(case, causes.get(str(case["id"]), []), table, local, place, places, heading)
    return sheet if rows else None


def _add(
    case: dict[str, Any],
    causes: list[dict[str, Any]],
    table: Table,
    local: Locator,
    place: Locator,
    places: Places,
    heading: dict[str, str],
) -> None:
    """Add the lines of one case: gap, causes, explained, residual, check."""
    key, about = str(case["id"]), labels.case(case)
    start, count = len(table.rows), len(causes)
    gap = labels.number(case["gap"]) or 0.0
    explained = labels.number(case["explained"]) or 0.0
    residual = labels.number(case["residual"])
    residual = gap - explained if residual is None else residual

    def at(offset: int) -> str:
        return local(start + offset, heading["amount"])

    def line(offset: int, name: str, amount: Cell, value: float, more: dict[str, Cell]) -> None:
        share = Formula(f"=100*{at(offset)}/{at(0)}", 100 * value / gap) if gap else None
        cells: dict[str, Cell] = {
            "case": key,
            "about": about,
            "line": name,
            "unit": labels.text(case["unit"]),
            heading["amount"]: amount,
            heading["share"]: share if name != "check" else None,
        }
        table.rows.append([(cells | more).get(column.heading) for column in table.columns])

    top = places.get(f"gap:{key}")
    table.strong.update({start, start + count + 2})
    line(0, "gap", Formula(f"={top}", gap) if top else gap, gap, {})
    for offset, cause in enumerate(causes, 1):
        value = labels.number(cause["amount"]) or 0.0
        more: dict[str, Cell] = {
            heading[end]: labels.number(cause[end]) if labels.text(cause["evidence"]) else None
            for end in ("low", "high")
        }
        more |= {
            "evidence": labels.text(cause["evidence"]) or None,
            "note": labels.text(cause["note"]) or None,
        }
        line(offset, labels.text(cause["cause"]), _amount(cause, value, places), value, more)
    claims = f"{at(1)}:{at(count)}" if count else ""
    line(
        count + 1,
        "explained",
        Formula(f"=SUM({claims})", explained) if claims else 0.0,
        explained,
        {},
    )
    line(count + 2, "residual", Formula(f"={at(0)}-{at(count + 1)}", residual), residual, {})
    parts = "".join(f"-{at(offset)}" for offset in range(1, count + 1))
    check = Formula(f"=ROUND({at(0)}{parts}-{at(count + 2)},2)", 0.0)
    line(count + 3, "check", check, 0.0, {})
    places.add(f"explained:{key}", place(start + count + 1, heading["amount"]), explained)
    places.add(f"residual:{key}", place(start + count + 2, heading["amount"]), residual)


def _amount(cause: dict[str, Any], value: float, places: Places) -> Cell:
    """Give a cause's amount as the formula of its expression, as a number where a name is not shown."""
    expression = labels.text(cause["expression"])
    if not expression or not all(places.get(name) for name in names(expression)):
        return value
    try:
        found = evaluate(expression, places.numbers)
    except (KeyError, ValueError, ZeroDivisionError):
        return value
    if abs(found - value) > 1e-9 * max(1.0, abs(value)):
        return value
    return Formula(formula(expression, places.addresses), value)
