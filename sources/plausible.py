"""Owns what a row says that cannot be: trade below zero, a state that was gone, a date where a code belongs."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from sources import areas, columns

GROSS = ("exports", "imports", "turnover", "re-exports", "re-imports")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?: 00:00(?::00)?)?|\d{1,2}[-/. ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*", re.I)  # fmt: skip

Doubt = tuple[np.ndarray[Any, Any], str, str, str, str]  # rows, column, found, advice, code


def doubts(
    flow: pd.Series, reporter: pd.Series, partner: pd.Series, year: pd.Series, commodity: pd.Series,
    status: pd.Series, value: pd.Series,
) -> list[Doubt]:  # fmt: skip
    """Give what cannot be in n rows, each with its rows, column, words, advice and finding code.

    `year` is the year of the period's end as text. A revision may be negative where its status says so.
    """
    found: list[Doubt] = []
    amounts = value.to_numpy(dtype=float)
    below = np.flatnonzero(amounts < 0)
    if len(below):
        gross = columns.objects(flow)[below]
        revised = columns.objects(status)[below]
        rows = below[[f in GROSS and s != "revised" for f, s in zip(gross, revised)]]
        if len(rows):
            found.append(
                (rows, "value", "trade below zero", "Mend the sign, or say status revised if it corrects an earlier figure.", "NEGATIVE")
            )  # fmt: skip
    for name, column in (("reporter", reporter), ("partner", partner)):
        found.extend(_gone(name, column, year))
    codes, texts = columns.coded(commodity)
    dates = [n for n, text in enumerate(texts) if _DATE.fullmatch(text.strip())]
    if dates:
        rows = np.flatnonzero(np.isin(codes, dates))
        shown = texts[dates[0]]
        found.append(
            (rows, "commodity", f"a date where a code belongs: {shown!r}",
             "A spreadsheet has turned a code into a date; format the column as text and enter the codes again.",
             "CODE_IS_DATE")
        )  # fmt: skip
    return found


def _gone(name: str, column: pd.Series, year: pd.Series) -> list[Doubt]:
    """Give the rows of states that had been dissolved before the year of the row."""
    codes, texts = columns.coded(column)
    gone = [n for n, text in enumerate(texts) if text and areas.kind(text) == "dissolved"]
    if not gone:
        return []
    found: list[Doubt] = []
    when = columns.objects(year)
    for place in gone:
        rows = np.flatnonzero(codes == place)
        late = rows[
            [
                bool(str(when[r]).isdigit()) and not areas.valid(texts[place], int(when[r]))
                for r in rows
            ]
        ]
        if len(late):
            after = ", ".join(areas.name(code) for code in areas.successors(texts[place])) or "none"
            found.append(
                (late, name, f"{areas.name(texts[place])} did not exist in {when[late[0]]}",
                 f"Use its successors: {after}", "AREA_OF_THE_PAST")
            )  # fmt: skip
    return found
