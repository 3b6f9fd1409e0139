"""Owns the sheet Assumptions: one row a rate, deflator, margin or rule; change a value and every gap moves.

The header is the first row and the columns bear their plain names, so that other programs can read it.
"""

from __future__ import annotations

import re

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Number, Sheet, Table, digits
from reports.places import Places

NAME = "Assumptions"
STAGE, POSITION = 10, 60
NUMBERS = ("value", "low", "high")
WIDTHS = {"id": 26, "value": 16, "low": 12, "high": 12, "unit": 26, "source": 46, "used_by": 40}


def describe(result: Result, places: Places) -> Sheet:
    """Describe the sheet; adds `assumption:ID` and, where one is legal, a name for each value to the places."""
    columns = list(result.assumptions.columns)
    rows: list[list[Cell]] = []
    sheet = Sheet(
        NAME,
        "Every rate, price index, margin and rule used; change a value here and the workbook follows.",
        [
            Table(
                "tAssumptions",
                [
                    Column(name, WIDTHS.get(name, 14), "0" if name in NUMBERS else "")
                    for name in columns
                ],
                rows,
            )
        ],
    )
    place, taken = sheet.locator(), set[str]()
    for index, row in enumerate(labels.rows(result.assumptions)):
        rows.append([_cell(name, row[name]) for name in columns])
        address = place(index, "value")
        places.add(f"assumption:{row['id']}", address, labels.number(row["value"]))
        name = defined_name(str(row["id"]))
        if name and name.casefold() not in taken:
            taken.add(name.casefold())
            places.names[name] = address
    return sheet


def defined_name(key: str) -> str:
    """Give the name under which a formula may use an assumption (fx_CNY_2024), nothing where none is legal."""
    name = re.sub(r"\.\.", "_to_", key)
    name = re.sub(r"[^A-Za-z0-9_.]", "_", name)
    if not re.match(r"[A-Za-z_]", name) or len(name) > 200:
        return ""
    looks_like_cell = re.fullmatch(r"[A-Za-z]{1,3}[0-9]+|[RrCc]|[Rr][0-9]*[Cc][0-9]*", name)
    return "" if looks_like_cell else name


def _cell(name: str, value: object) -> Cell:
    if name in NUMBERS:
        found = labels.number(value)
        return None if found is None else Number(found, digits(found))
    return labels.text(value) or None
