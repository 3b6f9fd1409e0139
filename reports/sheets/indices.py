"""Owns the sheet Indices: the measures of asymmetry, one row a case or sum, one column a measure and base."""

from __future__ import annotations

from typing import Any

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Sheet, Table, Text
from reports.places import Places

NAME = "Indices"
STAGE, POSITION = 85, 56
SCALED = ("amount",)  # the unit of an index that is an amount in the basis currency


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None where the result has no indices."""
    if result.indices.empty:
        return None
    unit = labels.unit(result)
    headings: dict[tuple[str, str, str], str] = {}
    found: dict[str, dict[str, Cell]] = {}
    for row in labels.rows(result.indices):
        key = (labels.text(row["name"]), labels.text(row["base"]), labels.text(row["unit"]))
        if key not in headings:
            headings[key] = _heading(key, unit)
        cells = found.setdefault(labels.text(row["scope"]), {})
        cells[headings[key]] = labels.number(row["value"])
        cells["parts (count)"] = int(row["n"])
        if not labels.missing(row["note"]):
            cells["note"] = labels.text(row["note"])
    words = labels.words(result)
    columns = [
        Column("scope", 38),
        Column("about", 38),
        *(Column(name, *_shape(key)) for key, name in headings.items()),
        Column("parts (count)", 9),
        Column("note", 30),
    ]
    rows: list[list[Cell]] = []
    for scope, cells in found.items():
        first: dict[str, Cell] = {"scope": scope, "about": words.get(scope)}
        rows.append([(first | cells).get(column.heading) for column in columns])
    return Sheet(
        NAME,
        "Every measure of asymmetry in use, one sign rule, the base in the name.",
        [
            Text(["Indices of asymmetry"], "title"),
            Text(
                [
                    "The same gap is many percentages; each heading says its base. All are B minus A: the importer's figure minus "
                    "the exporter's, or the second source named minus the first. Methods gives the formulas.",
                    "An empty cell means that the measure does not apply to the row: sums are over members or over cases.",
                ]
            ),
            Table("tIndices", columns, rows),
        ],
        pages_wide=2,
    )


def _heading(key: tuple[str, str, str], unit: str) -> str:
    """Give the name, base and unit of an index as one heading."""
    name, base, measured = key
    inside = unit if measured in SCALED else measured
    text = name if base in ("", "none") else f"{name}, base: {base}"
    return f"{text} ({inside})" if inside else text


def _shape(key: tuple[str, str, str]) -> tuple[Any, ...]:
    """Give the width and number format of the column of an index."""
    if key[2] in SCALED:
        return 19, "#,##0"
    return 13, "0.0" if key[2] == "%" else "0.000"
