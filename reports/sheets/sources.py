"""Owns the sheet Sources: each source named in the figures, what it goes back to, and its link."""

from __future__ import annotations

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Link, Sheet, Table, Text
from reports.places import Places

NAME = "Sources"
STAGE, POSITION = 90, 70
COLUMNS = [
    ("source", "source", 40),
    ("figures (count)", "figures", 10),
    ("records of", "records", 14),
    ("repeats", "derived_from", 22),
    ("goes back to", "origin", 34),
    ("status", "status", 14),
    ("published", "published", 14),
]


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None without sources."""
    if result.sources.empty:
        return None
    rows: list[list[Cell]] = []
    for row in labels.rows(result.sources):
        cells: list[Cell] = []
        for _, name, _ in COLUMNS:
            value = row[name]
            cells.append(
                int(value) if name == "figures" and labels.number(value) is not None else labels.text(value) or None
            )  # fmt: skip
        url = labels.text(row["url"])
        link = Link(url, url) if url.startswith("http") else url or None
        rows.append([*cells, link])
    columns = [Column(heading, width) for heading, _, width in COLUMNS]
    return Sheet(
        NAME,
        "Who published the figures, what each source goes back to, and where to find it.",
        [
            Text(["Sources"], "title"),
            Text(
                [
                    "One row a source. Sources that go back to one origin are one source and count once. An empty cell "
                    "means that nothing is known.",
                ]
            ),
            Table("tSources", [*columns, Column("link", 60)], rows),
        ],
    )
