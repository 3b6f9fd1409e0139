"""Owns how a table of the result whose columns are its own affair becomes a sheet: headings, widths, formats."""

from __future__ import annotations

import pandas as pd

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Number, Table, digits

WIDE = {"case": 26, "note": 44, "formula": 40, "citation": 40, "conflict": 40, "constraint": 44}
AMOUNTS = {
    "value_in", "value_out", "moved", "low", "high", "lower", "upper", "target_low", "target_high",
    "total_in", "total_out", "before", "after",
}  # fmt: skip


def table(name: str, found: pd.DataFrame, result: Result, amounts: set[str]) -> Table:
    """Give a table as it is, one heading a column; the columns in `amounts` get the unit in their heading."""
    unit = labels.unit(result)
    columns = []
    for column in map(str, found.columns):
        heading = column.replace("_", " ").replace("pct", "%")
        numeric = pd.api.types.is_numeric_dtype(found[column])
        if column in amounts:
            columns.append(Column(f"{heading} ({unit})", 20, "#,##0"))
        elif numeric:
            columns.append(Column(heading, 14, "0.0" if "pct" in column else ""))
        else:
            longest = max((len(labels.text(value)) for value in found[column].head(500)), default=0)
            columns.append(Column(heading, WIDE.get(column, min(60, max(12, longest + 2)))))
    formats = {str(name): column.format for name, column in zip(found.columns, columns)}
    rows: list[list[Cell]] = [
        [_cell(value, formats[key]) for key, value in row.items()] for row in labels.rows(found)
    ]
    return Table(name, columns, rows)


def _cell(value: object, number_format: str) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        number = labels.number(value)
        if number is None:
            return None
        return number if number_format else Number(number, _digits(number))
    return labels.text(value) or None


def _digits(value: float) -> str:
    return digits(value) if abs(value) >= 1e5 or value == round(value, 4) else "#,##0.0000"
