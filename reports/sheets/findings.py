"""Owns the sheet Findings: what is odd about the data, where, and what to do about it."""

from __future__ import annotations

import csv
import functools
from importlib import resources

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Sheet, Table, Text
from reports.places import Places

NAME = "Findings"
STAGE, POSITION = 90, 80


@functools.cache
def catalogue() -> dict[str, dict[str, str]]:
    """Give title, explanation and advice of every finding by its code."""
    text = (resources.files("sources") / "data" / "findings.csv").read_text("utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def describe(result: Result, places: Places) -> Sheet:
    """Describe the sheet; it says so where there is no finding."""
    columns = [
        Column("code", 22),
        Column("severity", 10),
        Column("title", 30),
        Column("about", 36),
        Column("message", 60),
        Column("advice", 46),
        Column("explanation of the code", 50),
        Column("figures", 28),
        Column("file", 20),
        Column("place", 16),
    ]
    known, words = catalogue(), labels.words(result)
    rows: list[list[Cell]] = []
    for row in labels.rows(result.findings):
        entry = known.get(str(row["code"]), {})
        figures = labels.ids(row["figures"])
        shown = ", ".join(figures[:20]) + (f" and {len(figures) - 20} more" if len(figures) > 20 else "")  # fmt: skip
        case = labels.text(row["case"])
        cells = [
            labels.text(row["code"]), labels.text(row["severity"]), entry.get("title", ""),
            words.get(case, case), labels.text(row["message"]),
            labels.text(row["advice"]) or entry.get("advice", ""), entry.get("explanation", ""),
            shown, labels.text(row["file"]), labels.text(row["place"]),
        ]  # fmt: skip
        rows.append([cell or None for cell in cells])
    about = "One row a finding. An error needs mending, a warning a look, a note is for the record."
    if not rows:
        about = "Nothing odd was found."
    return Sheet(
        NAME,
        "What is odd about the data, where it stands, and what to do about it.",
        [Text(["Findings"], "title"), Text([about]), Table("tFindings", columns, rows)],
        pages_wide=2,
    )
