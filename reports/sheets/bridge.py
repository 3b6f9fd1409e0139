"""Owns the sheet Bridge: the way from the lower to the higher figure by member, and its chart."""

from __future__ import annotations

from reconcile.result import Result
from reports import bridge, labels, story
from reports.layout import Cell, Chart, Column, Formula, Series, Sheet, Table, Text
from reports.places import Places

NAME = "Bridge"
STAGE, POSITION = 62, 34
MAX_CASES = 8
FORMAT = "#,##0.00"


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None without members. Its chart also stands on Summary."""
    own = story.scale(result)[2]
    cases = [row for row in bridge.located(result) if row["unit"] == own][:MAX_CASES]
    if not cases:
        return None
    unit, (size, scaled, _) = labels.unit(result), story.scale(result)
    amount, level = f"amount ({unit})", f"level after ({unit})"
    base, whole = f"below the bar ({scaled})", f"figure ({scaled})"
    adds, takes = f"widens the gap ({scaled})", f"narrows the gap ({scaled})"
    columns = [
        Column("case", 38),
        Column("step", 34),
        Column(amount, 20, "#,##0"),
        Column(level, 20, "#,##0"),
        *(Column(name, 15, FORMAT) for name in (base, whole)),
        Column(adds, 15, f'"+"{FORMAT}'),
        Column(takes, 15, f'"-"{FORMAT}'),
    ]
    rows: list[list[Cell]] = []
    sheet = Sheet(
        NAME,
        "The way from the lower to the higher figure by member, and the chart of it.",
        [
            Text(["From the lower to the higher figure, by member"], "title"),
            Text(
                [
                    "Each step is the gap of one member, counted from the lower figure to the higher one. A step that "
                    "narrows the gap hides part of what the others widen.",
                    "Not located is what the members leave of the gap: rounding, or members without both figures.",
                ]
            ),
            Table("tBridge", columns, rows),
        ],
    )
    here = sheet.locator(outside=False)
    for case in cases:
        key, first = str(case["id"]), len(rows)
        parts = bridge.pieces(result, case)
        spans = bridge.levels(parts)
        minus = "-" if (labels.number(case["gap"]) or 0.0) < 0 else ""
        sum_of = f"SUM({here(first + 1, amount)}:{here(first + len(parts) - 3, amount)})"
        running = 0.0
        for index, (piece, (low, _)) in enumerate(zip(parts, spans), first):
            running = piece.amount if piece.total else running + piece.amount
            end = "lowest" if index == first else "highest"
            where = places.get(f"member:{key}:{piece.area}")
            if piece.total:
                text = f"={places.get(f'{end}:{key}')}"
            elif where:
                text = f"={minus}{where}"
            else:
                ends = [places.get(f"{name}:{key}") for name in ("highest", "lowest")]
                text = f"={ends[0]}-{ends[1]}-{sum_of}"
            now, before = here(index, amount), here(index - 1, level) if index > first else ""
            cells: dict[str, Cell] = {
                "case": key,
                "step": piece.label,
                amount: Formula(text, piece.amount),
                level: Formula(f"={now}" if piece.total else f"={before}+{now}", running),
            }
            if piece.total:
                cells[whole] = Formula(f"={now}/{size:.0f}", piece.amount / size)
            else:
                # One of the two only: a bar of nought would still bear its label.
                sign, name = ("", adds) if piece.amount >= 0 else ("-", takes)
                bottom = f"=MIN({before},{here(index, level)})/{size:.0f}"
                cells[base] = Formula(bottom, low / size)
                cells[name] = Formula(f"=MAX({sign}{now},0)/{size:.0f}", abs(piece.amount) / size)
            rows.append([cells.get(column.heading) for column in columns])
        # An invisible series below the bars cannot carry them across zero.
        if min(low for low, _ in spans) >= 0 and "bridge" not in places.charts:
            chart = Chart(
                f"{labels.case(case)}: from the lower to the higher figure",
                "Bars from the lower figure to the higher one, one a member: "
                + ", ".join(f"{piece.label} {labels.decimal(piece.amount / size)}" for piece in parts),
                NAME, "tBridge", "step",
                [Series(base, ""), Series(whole, "6FA0CF", FORMAT), Series(adds, "8CBF73", f'"+"{FORMAT}'),
                 Series(takes, "DD8A78", f'"-"{FORMAT}')],
                scaled, stacked=True, horizontal=True, first=first, count=len(parts), minimum=0.0,
            )  # fmt: skip
            places.charts["bridge"] = chart
    return sheet
