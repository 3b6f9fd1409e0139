"""Owns the sheet By member: where the gap of a group's case sits, live from Common basis."""

from __future__ import annotations

from typing import Any

from reconcile.result import Result
from reports import bridge, labels
from reports.layout import Cell, Column, Formula, Sheet, Table, Text
from reports.places import Places

NAME = "By member"
STAGE, POSITION = 60, 32


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; adds `member:CASE:AREA` and `rest:CASE` to the places. None without members."""
    cases = bridge.located(result)
    if not cases:
        return None
    unit = labels.unit(result)
    amount_a, amount_b = f"amount A ({unit})", f"amount B ({unit})"
    gap, share = f"gap, B minus A ({unit})", "share of the whole gap (%)"
    columns = [
        Column("case", 38),
        Column("about", 36),
        Column("member", 28),
        Column("figure A", 24),
        Column("figure B", 24),
        *(Column(name, 19, "#,##0") for name in (amount_a, amount_b, gap)),
        Column(share, 12, "0.0"),
    ]
    rows: list[list[Cell]] = []
    table = Table("tMembers", columns, rows)
    sheet = Sheet(
        NAME,
        "Where the gap between two totals sits: the gap of each member area, their sum, and the rest.",
        [
            Text(["The gap by member"], "title"),
            Text(
                [
                    "Members are compared within the sources of the two totals. Pieces with the opposite sign hide "
                    "part of the gap: they make the whole look smaller than its parts.",
                    labels.SIGN_RULE,
                ]
            ),
            table,
        ],
    )
    here, place = sheet.locator(outside=False), sheet.locator()
    members: dict[str, list[dict[str, Any]]] = {}
    for row in labels.rows(result.members):
        members.setdefault(str(row["case"]), []).append(row)

    def line(case: dict[str, Any], name: str, cells: dict[str, Cell]) -> None:
        first: dict[str, Cell] = {
            "case": str(case["id"]),
            "about": labels.case(case),
            "member": name,
        }
        rows.append([(first | cells).get(column.heading) for column in columns])

    for case in cases:
        key, whole = str(case["id"]), labels.number(case["gap"]) or 0.0
        own = members[key]
        start, total = len(rows), len(rows) + len(own) + 1
        top = places.get(f"gap:{key}")
        sums = {amount_a: 0.0, amount_b: 0.0, gap: 0.0}

        def shared(index: int, value: float, total: int = total, whole: float = whole) -> Cell:
            text = f"=100*{here(index, gap)}/{here(total, gap)}"
            return Formula(text, 100 * value / whole) if whole else None

        for index, row in enumerate(own, start):
            cells: dict[str, Cell] = {
                "figure A": labels.text(row["figure_a"]),
                "figure B": labels.text(row["figure_b"]),
            }
            for name, side in ((amount_a, "a"), (amount_b, "b")):
                value = float(row[f"amount_{side}"])
                where = places.get(f"amount:{row[f'figure_{side}']}")
                cells[name] = Formula(f"={where}", value) if where else value
                sums[name] += value
            found = float(row["gap"])
            cells[gap] = Formula(f"={here(index, amount_b)}-{here(index, amount_a)}", found)
            cells[share] = shared(index, found)
            sums[gap] += found
            line(case, labels.area(row["area"]), cells)
            places.add(f"member:{key}:{row['area']}", place(index, gap), found)
        last = len(rows) - 1
        cells = {
            name: Formula(f"=SUM({here(start, name)}:{here(last, name)})", value)
            for name, value in sums.items()
        }
        line(case, "sum of the members", cells | {share: shared(last + 1, sums[gap])})
        cells = {gap: Formula(f"={top}", whole) if top else whole, share: shared(total, whole)}
        for name, side in ((amount_a, "a"), (amount_b, "b")):
            where = places.get(f"amount:{case[f'figure_{side}']}")
            cells["figure " + side.upper()] = labels.text(case[f"figure_{side}"])
            if where:
                cells[name] = Formula(
                    f"={where}", places.numbers[f"amount:{case[f'figure_{side}']}"]
                )
        line(case, "the two totals", cells)
        rest = whole - sums[gap]
        cells = {
            gap: Formula(f"={here(total, gap)}-{here(total - 1, gap)}", rest),
            share: shared(total + 1, rest),
        }
        line(case, "not located: rounding, or members without both figures", cells)
        places.add(f"rest:{key}", place(total + 1, gap), rest)
        table.strong.update({total - 1, total})
    return sheet
