"""Owns the sheet Set aside: rows that could not be used, counted and valued."""

from __future__ import annotations

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Number, Sheet, Table, Text, digits
from reports.places import Places

NAME = "Set aside"
STAGE, POSITION = 90, 82
WIDTHS = {
    "file": 26,
    "place": 18,
    "reason": 44,
    "label": 40,
    "printed": 16,
    "value": 18,
    "unit": 18,
}


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None where every row was used."""
    if result.set_aside.empty:
        return None
    table = labels.rows(result.set_aside)
    sums: dict[str, float] = {}
    unvalued = 0
    for row in table:
        value = labels.number(row["value"])
        if value is None:
            unvalued += 1
        else:
            unit = labels.text(row["unit"]) or "no unit"
            sums[unit] = sums.get(unit, 0.0) + value
    valued = "; ".join(f"{value:,.10g} {unit}" for unit, value in list(sums.items())[:12])
    said = f"{labels.count(len(table), 'row')} set aside, together {valued or 'without a value'}."
    if unvalued and valued:
        said += f" {labels.count(unvalued, 'row')} of them without a number."
    names = list(WIDTHS)
    rows: list[list[Cell]] = [[_cell(name, row[name]) for name in names] for row in table]
    return Sheet(
        NAME,
        "Rows that could not be used, with the reason and the value of each.",
        [
            Text(["Rows set aside"], "title"),
            Text([said]),
            Table(
                "tSetAside",
                [Column(name, WIDTHS[name], "0" if name == "value" else "") for name in names],
                rows,
            ),
        ],
    )


def _cell(name: str, value: object) -> Cell:
    if name == "value":
        found = labels.number(value)
        return None if found is None else Number(found, digits(found))
    return labels.text(value) or None
