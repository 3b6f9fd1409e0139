"""Owns the sheet Inputs: each file that was read, by which reader, and its fingerprint."""

from __future__ import annotations

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Sheet, Table, Text
from reports.places import Places

NAME = "Inputs"
STAGE, POSITION = 90, 84
COLUMNS = [
    ("file", "file", 34),
    ("reader", "reader", 20),
    ("rows (count)", "rows", 12),
    ("figures (count)", "figures", 12),
    ("set aside (count)", "set_aside", 12),
    ("SHA-256 of the file", "sha256", 68),
    ("note", "note", 44),
]


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None without inputs."""
    if result.inputs.empty:
        return None
    rows: list[list[Cell]] = []
    for row in labels.rows(result.inputs):
        cells: list[Cell] = []
        for _, name, _ in COLUMNS:
            number = labels.number(row[name]) if name in ("rows", "figures", "set_aside") else None
            cells.append(labels.text(row[name]) or None if number is None else int(number))
        rows.append(cells)
    said = "The same files give the same workbook, byte for byte; SHA-256 says whether a file is the same."
    if result.version:
        said += f" Written by reconcile {result.version}."
    return Sheet(
        NAME,
        "Each file that was read, by which reader, and its fingerprint.",
        [
            Text(["Inputs"], "title"),
            Text([said]),
            Table("tInputs", [Column(heading, width) for heading, _, width in COLUMNS], rows),
        ],
    )
