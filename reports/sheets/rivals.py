"""Owns the sheet Rival figures: all figures of the main cases side by side, and the chart of the first."""

from __future__ import annotations

from reconcile.result import Result
from reports import bridge, labels, story
from reports.layout import Cell, Chart, Column, Formula, Series, Sheet, Table, Text
from reports.places import Places

NAME = "Rival figures"
STAGE, POSITION = 64, 36
MAX_CASES = 30


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None without cases that have a gap. Its chart stands on Summary."""
    size, scaled, own = story.scale(result)
    cases = [row for row in story.compared(result) if row["unit"] == own][:MAX_CASES]
    if not cases:
        return None
    amount = f"amount ({scaled})"
    ends = [f"low ({scaled})", f"high ({scaled})"]
    columns = [
        Column("case", 38),
        Column("about", 44),
        Column("source", 44),
        Column("figure", 26),
        *(Column(name, 15, "#,##0.00") for name in (amount, *ends)),
        Column("verdict of the case", 18),
    ]
    rows: list[list[Cell]] = []
    sheet = Sheet(
        NAME,
        "All figures of the main cases side by side, the largest first, with the interval of each.",
        [
            Text(["Rival figures"], "title"),
            Text([f"The figures of the first {labels.count(len(cases), 'case')}, by the size of the gap. Low and high are what the print allows."]),
            Table("tRivals", columns, rows),
        ],
    )  # fmt: skip
    for case in cases:
        first, bars = len(rows), bridge.bars(result, case)
        for bar in bars:
            cells: list[Cell] = [str(case["id"]), labels.case(case), bar.label, bar.figure]
            for key, value in (("amount", bar.amount), ("low", bar.low), ("high", bar.high)):
                where = places.get(f"{key}:{bar.figure}")
                cells.append(
                    Formula(f"={where}/{size:.0f}", value / size) if where else value / size
                )
            rows.append([*cells, labels.text(case["verdict"])])
        if "rivals" not in places.charts:
            said = ", ".join(f"{bar.label} {labels.decimal(bar.amount / size)}" for bar in bars)
            places.charts["rivals"] = Chart(
                f"{labels.case(case)}: the rival figures", f"One bar a figure: {said}", NAME, "tRivals",
                "source", [Series(amount, "6FA0CF", "#,##0.00")], scaled, horizontal=True,
                first=first, count=len(bars), minimum=0.0 if min(bar.amount for bar in bars) >= 0 else None,
            )  # fmt: skip
    return sheet
