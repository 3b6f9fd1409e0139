"""Owns the sheet Contents: every sheet, what it holds, and the way to it."""

from __future__ import annotations

from reconcile.result import Result
from reports.layout import Cell, Column, Link, Sheet, Table, Text, quoted
from reports.places import Places

NAME = "Contents"
STAGE, POSITION = 99, 5


def describe(result: Result, places: Places) -> Sheet:
    """Describe the sheet, from the sheets described before it."""
    from reports.book import modules

    position = {module.NAME: module.POSITION for module in modules()}
    rows: list[list[Cell]] = []
    for sheet in sorted(places.sheets, key=lambda sheet: position[sheet.name]):
        count = sum(len(block.rows) for block in sheet.blocks if isinstance(block, Table))
        rows.append([Link(sheet.name, f"#{quoted(sheet.name)}!A1"), sheet.about, count])
    columns = [Column("sheet", 22), Column("what it holds", 96), Column("rows (count)", 12)]
    return Sheet(
        NAME,
        "Every sheet, what it holds, and the way to it.",
        [
            Text(["Contents"], "title"),
            Text(
                [
                    "The way of a number: Figures (as printed), Common basis (step by step), Discrepancies (the gap), Decomposition (its causes).",
                    "Cells with formulas follow the numbers in Figures and Assumptions: change one there and the workbook follows.",
                ]
            ),
            Table("tContents", columns, rows),
        ],
    )  # fmt: skip
