"""Owns the sheet Common basis: from the printed number to the amount, one column pair a step, live formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Formula, Number, Sheet, Table, Text, digits
from reports.places import Places

NAME = "Common basis"
STAGE, POSITION = 30, 20
FIRST = ["number", "scale", "currency", "currency (target)", "prices (from)", "prices (to)", "sign"]
SIGNS = {"×": "*", "÷": "/", "+": "+", "−": "-", "-": "-"}
WORDS = {"×": "multiply by", "÷": "divide by", "+": "add", "−": "subtract", "-": "subtract"}
AMOUNT = "#,##0"
ENDS = ("amount", "amount_low", "amount_high")

Row = dict[str, Any]


def describe(result: Result, places: Places) -> Sheet:
    """Describe the sheet; adds `amount:ID`, `low:ID` and `high:ID` to the places."""
    unit = labels.unit(result)
    steps: dict[str, list[Row]] = {}
    for step in labels.rows(result.ledger):
        steps.setdefault(str(step["figure"]), []).append(step)
    pairs = _pairs(steps)
    derived = any(_is_derived(chain) for chain in steps.values())
    columns = [Column("id", 22), Column("figure", 42), Column("source", 26)]
    if labels.mixed(result):
        columns.append(Column("unit of the amount", 12))
    units = labels.units(result)
    if "number" in pairs:
        columns.append(Column("number as printed", 13))
    for key, heading in pairs.items():
        if key != "number":
            columns += [Column(heading, 15), Column(f"after {key}", 21, AMOUNT)]
    if derived:
        columns.append(Column(f"derived from other figures ({unit})", 21, AMOUNT))
    final = [f"{name} ({unit})" for name in ("amount", "low", "high")]
    columns += [Column(name, 19, AMOUNT) for name in final]
    columns.append(Column("how it is derived", 44))
    rows: list[list[Cell]] = []
    sheet = Sheet(
        NAME,
        "Each figure step by step from the printed number to the amount that is compared, as formulas.",
        [
            Text(["Figures on a common basis"], "title"),
            Text(
                [
                    f"All amounts are in {unit}, full units. Each step has two columns: what it applies, and the value "
                    "after it. Rates and indices come from Assumptions.",
                    "An empty cell means that the figure does not need the step. Low and high take the same "
                    "steps as the number, from the low and high of Figures.",
                ]
            ),
            Table("tBasis", columns, rows),
        ],
        pages_wide=2,
    )
    table = labels.rows(result.figures)
    here, place = sheet.locator(outside=False), sheet.locator()
    # A derived figure may stand above its parents, so the addresses of all amounts come first.
    for index, row in enumerate(table):
        for key, column, name in zip(("amount", "low", "high"), ENDS, final):
            if labels.number(row.get(column)) is not None:
                places.add(f"{key}:{row['id']}", place(index, name), labels.number(row[column]))
    for index, row in enumerate(table):
        row["unit of the amount"] = units[str(row["id"])]
        rows.append(_row(row, steps.get(str(row["id"]), []), columns, here, index, places, final))
    return sheet


def _is_derived(chain: list[Row]) -> bool:
    return any(not labels.missing(step.get("parent")) for step in chain)


def keys(chain: list[Row]) -> list[str]:
    """Name the steps of a chain; a name that returns gets its count: prices (to), prices (to) 2."""
    seen: dict[str, int] = {}
    out = []
    for step in chain:
        name = str(step["name"])
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out


def _pairs(steps: dict[str, list[Row]]) -> dict[str, str]:
    """Give the steps that need columns, in their order, with the heading of what they apply."""
    ops: dict[str, set[str]] = {}
    for chain in steps.values():
        for key, step in zip(keys(chain), chain):
            if labels.missing(step.get("parent")):
                ops.setdefault(key, set()).add(str(step["op"]))
    order = sorted(ops, key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
    out = {}
    for key in order:
        word = WORDS.get(next(iter(ops[key])), "set to") if len(ops[key]) == 1 else "apply"
        out[key] = f"{key}: {word}"
    return out


def _row(
    row: Row,
    chain: list[Row],
    columns: list[Column],
    here: Callable[[int, str], str],
    index: int,
    places: Places,
    final: list[str],
) -> list[Cell]:
    cells: dict[str, Cell] = {
        "id": str(row["id"]),
        "figure": labels.figure(row),
        "source": labels.text(row["source"]) or None,
        "unit of the amount": row["unit of the amount"],
    }
    before = ""
    bounds = [places.get(f"number {end}:{row['id']}") for end in ("low", "high")]
    values = [labels.number(row["low"]), labels.number(row["high"])]
    parents = [step for step in chain if not labels.missing(step.get("parent"))]
    if parents:
        heading = next(column.heading for column in columns if column.heading.startswith("derived"))
        cells[heading] = Formula(
            _sum(parents, places, "amount"), labels.number(parents[-1]["after"])
        )
        before = here(index, heading)
        cells["how it is derived"] = " ".join(f"{step['op']} {step['parent']}" for step in parents)
    for key, step in zip(keys(chain), chain):
        if not labels.missing(step.get("parent")):
            continue
        operand, after = labels.number(step["operand"]), labels.number(step["after"])
        if key == "number" and step["op"] == "=":
            before = here(index, "number as printed")
            source = places.get(f"number:{row['id']}")
            cells["number as printed"] = (
                Formula(f"={source}", after, digits(after or 0.0)) if source else after
            )
            continue
        heading = next(c.heading for c in columns if c.heading.startswith(f"{key}: "))
        where = here(index, heading)
        cells[heading] = _operand(step, operand, places)
        sign = SIGNS.get(str(step["op"]))
        text = f"={before}{sign}{where}" if sign and before else f"={where}"
        cells[f"after {key}"] = Formula(text, after)
        before = here(index, f"after {key}")
        if operand is not None:
            bounds, values = _moved(bounds, values, str(step["op"]), where, operand)
    amount = labels.number(row.get("amount"))
    if amount is not None:
        cells[final[0]] = Formula(f"={before}", amount) if before else amount
    for end, (column, name) in enumerate(zip(ENDS[1:], final[1:])):
        value = labels.number(row.get(column))
        if value is None:
            continue
        if parents:
            cells[name] = Formula(_sum(parents, places, ("low", "high")[end]), value)
        elif bounds[end] and _same(values[end], value):
            cells[name] = Formula("=" + bounds[end], value)
        else:
            cells[name] = value
    return [cells.get(column.heading) for column in columns]


def _same(a: float | None, b: float) -> bool:
    return a is not None and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def _moved(
    bounds: list[str], values: list[float | None], op: str, where: str, operand: float
) -> tuple[list[str], list[float | None]]:
    """Take the two ends of an interval through one step; a factor below zero swaps them."""
    sign = SIGNS.get(op)
    if not sign or not all(bounds):
        return ["", ""], values
    if sign in "+-":
        texts = [f"({text}{sign}{where})" for text in bounds]
    else:
        texts = [f"{text}{sign}{where}" for text in bounds]
    moved = [None if value is None else _applied(sign, value, operand) for value in values]
    if sign in "*/" and operand < 0:
        return texts[::-1], moved[::-1]
    return texts, moved


def _applied(sign: str, value: float, operand: float) -> float:
    if sign == "/":
        return value / operand if operand else math.nan
    return {"*": value * operand, "+": value + operand, "-": value - operand}[sign]


def _operand(step: Row, operand: float | None, places: Places) -> Cell:
    """Give what a step applies: a reference to its assumption where it has one, else the number itself."""
    if operand is None:
        return None
    key = f"assumption:{step['assumption']}"
    address, base = places.get(key), places.numbers.get(key, operand)
    if address:
        for text, number in (
            (f"={address}", base),
            (f"=1+{address}", 1 + base),
            (f"=1-{address}", 1 - base),
            (f"=1/{address}", 1 / base if base else math.nan),
        ):
            if _same(number, operand):
                return Formula(text, operand, digits(operand))
    return Number(operand, digits(operand))


def _sum(parents: list[Row], places: Places, end: str) -> str:
    """Write the sum over the parents; one that is subtracted gives its high to the low and back."""
    other = {"low": "high", "high": "low"}.get(end, end)
    text = "="
    for step in parents:
        plus = str(step["op"]) in ("+", "=")
        key = end if plus else other
        sign = "+" if plus else "-"
        address = places.get(f"{key}:{step['parent']}") or repr(float(step["operand"]))
        local = address.removeprefix("'Common basis'!")
        text += local if text == "=" and plus else f"{sign}{local}"
    return text
