"""Owns the sheet Balanced result: one number with a range for each case, and how far each source was moved."""

from __future__ import annotations

from reconcile.expressions import evaluate, formula, names
from reconcile.result import Result
from reports import labels, story
from reports.layout import Cell, Column, Formula, Sheet, Table, Text
from reports.places import Places

NAME = "Balanced result"
STAGE, POSITION = 70, 50


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; adds `balance:CASE` to the places. None where nothing was balanced."""
    if result.balances.empty:
        return None
    unit = labels.unit(result)
    value = f"balanced value ({unit})"
    lowest, highest = f"lowest figure ({unit})", f"highest figure ({unit})"
    below, above = (
        "balanced less lowest, % of the lowest",
        "balanced less highest, % of the highest",
    )
    columns = [
        Column("case", 38),
        Column("about", 38),
        *([Column("unit", 10)] if labels.mixed(result) else []),
        Column(lowest, 19, "#,##0"),
        Column(highest, 19, "#,##0"),
        Column(value, 19, "#,##0"),
        Column(f"low ({unit})", 19, "#,##0"),
        Column(f"high ({unit})", 19, "#,##0"),
        Column(below, 14, "0.0"),
        Column(above, 14, "0.0"),
        Column("method", 34),
        Column("how far each source was moved", 50),
    ]
    rows: list[list[Cell]] = []
    sheet = Sheet(
        NAME,
        "One number with a range for each case, the method, and how far each source was moved.",
        [
            Text(["Balanced result"], "title"),
            Text(
                [
                    "A balanced value is an estimate. It does not revise what the sources publish, and no method can tell "
                    "that both sides are wrong by the same factor.",
                    "The range comes from the intervals of the figures and, where the figures differ by more than "
                    "these allow, from the spread between the sources. Methods gives the formula.",
                ]
            ),
            Table("tBalances", columns, rows),
        ],
        pages_wide=2,
    )
    here, place = sheet.locator(outside=False), sheet.locator()
    words = labels.words(result)
    moved = story.moved(result)
    units = {str(row["id"]): str(row["unit"]) for row in story.ranked(result)}
    rank = {str(row["id"]): number for number, row in enumerate(story.ranked(result))}
    table = sorted(
        zip(labels.rows(result.balances), moved), key=lambda pair: rank.get(str(pair[0]["case"]), 0)
    )
    for index, (row, said) in enumerate(table):
        key = str(row["case"])
        cells: dict[str, Cell] = {
            "case": key,
            "about": words.get(key, ""),
            "unit": units.get(key, ""),
            value: _value(labels.text(row["expression"]), labels.number(row["value"]), places),
            f"low ({unit})": labels.number(row["low"]),
            f"high ({unit})": labels.number(row["high"]),
            "method": labels.text(row["method"]) or None,
            "how far each source was moved": said or None,
        }
        number = labels.number(row["value"])
        for name, end, share in ((lowest, "lowest", below), (highest, "highest", above)):
            where, base = places.get(f"{end}:{key}"), places.numbers.get(f"{end}:{key}")
            if where and base is not None:
                cells[name] = Formula(f"={where}", base)
                if number is not None and base:
                    text = f"=100*({here(index, value)}-{here(index, name)})/{here(index, name)}"
                    cells[share] = Formula(text, 100 * (number - base) / base)
        if number is not None:
            places.add(f"balance:{key}", place(index, value), number)
        rows.append([cells.get(column.heading) for column in columns])
    return sheet


def _value(expression: str, value: float | None, places: Places) -> Cell:
    """Give the balanced value as the formula of its expression, as a number where a name is not shown."""
    if value is None or not expression or not all(places.get(name) for name in names(expression)):
        return value
    found = evaluate(expression, places.numbers)
    if abs(found - value) > 1e-9 * max(1.0, abs(value)):
        return value
    return Formula(formula(expression, places.addresses), value)
