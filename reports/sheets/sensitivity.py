"""Owns the sheet Sensitivity: how far each change of an assumption or source moves a case, and the tornado."""

from __future__ import annotations

import math

from reconcile.result import Result
from reports import labels, story
from reports.layout import Cell, Chart, Column, Formula, Series, Sheet, Table, Text
from reports.places import Places

NAME = "Sensitivity"
STAGE, POSITION = 80, 54
MAX_BARS = 15


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None where nothing was varied. Within a case the widest change comes first."""
    if result.sensitivity.empty:
        return None
    unit, (size, scaled, _) = labels.unit(result), story.scale(result)
    base, low, high = (f"{name} ({unit})" for name in ("base", "low", "high"))
    swing = f"swing, high minus low ({unit})"
    down, up = f"low minus base ({scaled})", f"high minus base ({scaled})"
    columns = [
        Column("case", 38),
        Column("about", 36),
        Column("what is changed", 44),
        Column("kind", 12),
        *(Column(name, 19, "#,##0") for name in (base, low, high, swing)),
        *(Column(name, 14, "#,##0.00") for name in (down, up)),
        Column("note", 44),
    ]
    words = labels.words(result)
    rank = {str(row["id"]): number for number, row in enumerate(story.ranked(result))}

    def moved(row: story.Row) -> float:
        """Give how far a change moves the result at most; -1 where it leaves no result."""
        base = labels.number(row["base"])
        ends = [labels.number(row[end]) for end in ("low", "high")]
        return max(
            (abs(end - base) for end in ends if end is not None and base is not None), default=-1.0
        )

    def key(row: story.Row) -> tuple[int, float]:
        return rank.get(str(row["case"]), len(rank)), -moved(row)

    table = sorted(labels.rows(result.sensitivity), key=key)
    charts: list[Chart] = []
    room: list[str] = []
    first = next((index for index, row in enumerate(table) if moved(row) > 0), None)
    if first is not None:
        case = str(table[first]["case"])
        own = [row for row in table[first:] if str(row["case"]) == case and moved(row) > 0][
            :MAX_BARS
        ]
        said = ", ".join(labels.text(row["change"]) for row in own)
        height = max(7.0, 3.0 + 0.9 * len(own))
        charts.append(
            Chart(
                f"{words.get(case, case)}: what moves the result most",
                f"Two bars a change, to the low and to the high end, the widest first: {said}",
                NAME, "tSensitivity", "what is changed",
                [Series(down, "DD8A78"), Series(up, "6FA0CF")], f"change from the base, {scaled}",
                horizontal=True, overlap=100, first=first, count=len(own), width=26, height=height,
            )
        )  # fmt: skip
        room = [""] * math.ceil(height / 0.5 + 1)
    rows: list[list[Cell]] = []
    sheet = Sheet(
        NAME,
        "How far each source left out and each assumption at its ends moves the result of a case.",
        [
            Text(["Sensitivity"], "title"),
            Text(
                [
                    "One row a change: a source left out, or an assumption at the ends of its range. Base is the value with "
                    "nothing changed; low and high are the ends that the change leads to.",
                    "Within a case the change that moves most comes first; an empty low and high mean that no comparison is left.",
                ]
            ),
            Text(room, "room"),
            Table("tSensitivity", columns, rows),
        ],
        pages_wide=2,
        charts=charts,
    )
    for chart in charts:
        chart.anchor = f"A{sheet.first_row('tSensitivity') - len(room)}"
    here = sheet.locator(outside=False)
    for index, row in enumerate(table):
        middle, ends = labels.number(row["base"]), [labels.number(row[end]) for end in ("low", "high")]  # fmt: skip
        cells: dict[str, Cell] = {
            "case": str(row["case"]),
            "about": words.get(str(row["case"]), ""),
            "what is changed": labels.text(row["change"]),
            "kind": labels.text(row["kind"]) or None,
            base: middle,
            low: ends[0],
            high: ends[1],
            "note": labels.text(row["note"]) or None,
        }
        if ends[0] is not None and ends[1] is not None:
            text = f"={here(index, high)}-{here(index, low)}"
            cells[swing] = Formula(text, ends[1] - ends[0])
        for name, column, end in ((down, low, ends[0]), (up, high, ends[1])):
            if middle is not None and end is not None:
                text = f"=({here(index, column)}-{here(index, base)})/{size:.0f}"
                cells[name] = Formula(text, (end - middle) / size)
        rows.append([cells.get(column.heading) for column in columns])
    return sheet
