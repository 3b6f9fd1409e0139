"""The documentation names every sheet and every format, and no sheet that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import reports
from reports.book import modules

TEXT = (Path(__file__).parents[2] / "docs" / "workbook.md").read_text(encoding="utf-8")


def rows_under(heading: str) -> list[str]:
    """The first cells of the table under a heading."""
    part = TEXT.split(heading, 1)[1]
    table = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)
    assert table is not None
    cells = [line.split("|")[1].strip() for line in table[0].splitlines()]
    return cells[2:]


def test_the_sheets_are_documented_in_their_order() -> None:
    ordered = [module.NAME for module in sorted(modules(), key=lambda module: module.POSITION)]
    assert rows_under("## Sheets") == ordered


def test_the_formats_are_documented() -> None:
    found = [cell.strip("`") for cell in rows_under("# The workbook and the other reports")]
    assert sorted(found) == sorted(reports.SUFFIXES)
