"""Owns the sheet Figures: one row a figure as its source printed it; nothing on it is computed."""

from __future__ import annotations

from typing import Any

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Link, Number, Sheet, Table, Text, digits
from reports.places import Places

NAME = "Figures"
STAGE, POSITION = 20, 10
NUMBER = "number"
COLUMNS: list[tuple[str, str, float]] = [  # heading, column of the result, width
    ("id", "id", 22),
    ("source", "source", 30),
    ("reporter", "reporter", 11),
    ("partner", "partner", 11),
    ("flow", "flow", 11),
    ("commodity", "commodity", 12),
    ("period", "period", 18),
    ("printed", "printed", 12),
    ("printed unit", "printed_unit", 16),
    (NUMBER, "value", 12),
    ("unit", "unit", 15),
    ("low", "low", 12),
    ("high", "high", 12),
    ("qualifier", "approx", 10),
    ("state", "state", 13),
    ("valuation", "valuation", 11),
    ("prices", "prices", 9),
    ("records of", "records", 11),
    ("repeats", "derived_from", 16),
    ("status", "status", 12),
    ("published", "published", 12),
    ("file", "file", 24),
    ("place", "place", 30),
    ("quoted text", "quote", 44),
    ("link", "url", 40),
    ("note", "note", 44),
]
NUMBERS = ("value", "low", "high")


def describe(result: Result, places: Places) -> Sheet:
    """Describe the sheet; adds `number:ID`, `number low:ID` and `number high:ID` to the places."""
    table = [_printed(row) for row in labels.rows(result.figures)]
    rows: list[list[Cell]] = [[_cell(column, row) for _, column, _ in COLUMNS] for row in table]
    sheet = Sheet(
        NAME,
        "Every figure as printed, with its source, place and the interval that its precision allows.",
        [
            Text(["Figures as published"], "title"),
            Text(
                [
                    "One row a figure, in the unit that its source prints. Low and high are the interval "
                    "that the printed digits or the qualifier allow.",
                    "An empty cell means that the source does not say. Figures that are derived from others "
                    "have no number here; Common basis shows how they are made.",
                ]
            ),
            Table(
                "tFigures",
                [
                    Column(name, width, "0" if column in NUMBERS else "")
                    for name, column, width in COLUMNS
                ],
                rows,
            ),
        ],
        pages_wide=2,
    )
    place = sheet.locator()
    for index, row in enumerate(table):
        for name, column in ((NUMBER, "value"), ("low", "low"), ("high", "high")):
            found = labels.number(row[column])
            if found is not None:
                key = "number" if column == "value" else f"number {column}"
                places.add(f"{key}:{row['id']}", place(index, name), found)
    return sheet


def _printed(row: dict[str, Any]) -> dict[str, Any]:
    """Give a row without the numbers of a derived figure: no source prints them."""
    if not row["derived"]:
        return row
    return row | dict.fromkeys(NUMBERS) | {"unit": "", "state": "derived"}


def _cell(column: str, row: dict[str, Any]) -> Cell:
    value = row.get(column)
    if column in NUMBERS:
        found = labels.number(value)
        return None if found is None else Number(found, digits(found))
    if column == "url" and not labels.missing(value) and str(value).startswith("http"):
        return Link(f"Page of {labels.text(row['source'])}", str(value))
    return labels.text(value) or None
