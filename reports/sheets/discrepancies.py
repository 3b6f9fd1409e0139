"""Owns the sheet Discrepancies: one row a case, both figures, the gap on every base, live formulas."""

from __future__ import annotations

import math
from typing import Any

from reconcile.result import ROUNDING, Result
from reports import labels, story
from reports.layout import Cell, Column, Formula, Sheet, Table, Text
from reports.places import Places

NAME = "Discrepancies"
STAGE, POSITION = 40, 30
PERCENT = "0.0"


def describe(result: Result, places: Places) -> Sheet:
    """Describe the sheet; adds `gap:CASE`, `lowest:CASE` and `highest:CASE` to the places."""
    unit = labels.unit(result)
    heading = {
        "a": f"amount A ({unit})",
        "b": f"amount B ({unit})",
        "lowest": f"lowest ({unit})",
        "highest": f"highest ({unit})",
        "gap": f"gap, B minus A ({unit})",
        "gap_pct_mean": "gap, % of the mean of A and B",
        "gap_pct_lowest": "gap, % of the lowest",
        "gap_pct_highest": "gap, % of the highest",
        "log_ratio": "log ratio, ln(B/A)",
    }
    columns = [
        Column("case", 38),
        Column("about", 40),
        Column("kind", 10),
        Column("figure A", 20),
        Column("figure B", 20),
        *([Column("unit", 10)] if labels.mixed(result) else []),
        *(Column(heading[key], 20, "#,##0") for key in ("a", "b", "lowest", "highest", "gap")),
        *(
            Column(heading[key], 13, PERCENT)
            for key in ("gap_pct_mean", "gap_pct_lowest", "gap_pct_highest")
        ),
        Column(heading["log_ratio"], 12, "0.000"),
        Column("verdict", 18),
        Column("source A", 26),
        Column("source B", 26),
        Column("flow", 12),
        Column("commodity", 12),
        Column("period", 18),
        Column("all figures of the case", 44),
        Column("note", 44),
    ]
    rows: list[list[Cell]] = []
    sheet = Sheet(
        NAME,
        "Each case: the figures that measure the same trade, their gap on every base, and the verdict.",
        [
            Text(["Discrepancies"], "title"),
            Text(
                [
                    labels.SIGN_RULE,
                    "Every percentage keeps the sign of the gap and names its base in its heading. "
                    f"Amounts are in {unit}. The tolerance is in Assumptions, the rule of the verdict in Methods.",
                ]
            ),
            Table("tDiscrepancies", columns, rows),
        ],
        pages_wide=2,
    )
    source = story.sources(result)
    local, outer = sheet.locator(outside=False), sheet.locator()
    for index, row in enumerate(story.ranked(result)):
        here = {key: local(index, name) for key, name in heading.items()}
        for key in (
            "gap",
            "lowest",
            "highest",
            "gap_pct_mean",
            "gap_pct_lowest",
            "gap_pct_highest",
        ):
            if labels.number(row[key]) is not None:
                place = outer(index, heading[key])
                places.add(f"{key}:{row['id']}", place, labels.number(row[key]))
        cells = _measures(row, heading, here, places)
        cells |= {
            "case": str(row["id"]),
            "about": labels.case(row),
            "kind": labels.text(row["kind"]),
            "figure A": labels.text(row["figure_a"]) or None,
            "figure B": labels.text(row["figure_b"]) or None,
            "source A": source.get(labels.text(row["figure_a"])),
            "source B": source.get(labels.text(row["figure_b"])),
            "unit": labels.text(row["unit"]),
            "verdict": _verdict(row, here, places),
            "all figures of the case": labels.text(row["figures"]) or None,
            **{
                name: labels.text(row[name]) or None
                for name in ("flow", "commodity", "period", "note")
            },
        }
        rows.append([cells.get(column.heading) for column in columns])
    return sheet


def _measures(
    row: dict[str, Any], heading: dict[str, str], here: dict[str, str], places: Places
) -> dict[str, Cell]:
    """Write the amounts and all measures of the gap; a number stands alone where a formula has no ground."""
    cells: dict[str, Cell] = {}
    sides = []
    for side in ("a", "b"):
        key = f"amount:{row[f'figure_{side}']}"
        if places.get(key):
            cells[heading[side]] = Formula(f"={places.get(key)}", places.numbers[key])
            sides.append(side)
    both = ",".join(here[side] for side in sides)
    a, b, low, high, gap = (here[key] for key in ("a", "b", "lowest", "highest", "gap"))
    texts = {"lowest": f"=MIN({both})", "highest": f"=MAX({both})"} if sides else {}
    if len(sides) == 2:
        texts |= {
            "gap": f"={b}-{a}",
            "gap_pct_mean": f"=100*{gap}/ABS(({a}+{b})/2)",
            "gap_pct_lowest": f"=100*{gap}/ABS({low})",
            "gap_pct_highest": f"=100*{gap}/ABS({high})",
            "log_ratio": f"=LN({b}/{a})",
        }
    amounts = [places.numbers[f"amount:{row[f'figure_{side}']}"] for side in sides]
    expected = _expected(*amounts) if len(amounts) == 2 else {}
    for key in (
        "lowest",
        "highest",
        "gap",
        "gap_pct_mean",
        "gap_pct_lowest",
        "gap_pct_highest",
        "log_ratio",
    ):
        value = labels.number(row[key])
        if value is None:
            continue
        if key in texts and _agrees(expected.get(key, value), value):
            cells[heading[key]] = Formula(texts[key], value)
        else:
            cells[heading[key]] = value
    return cells


def _verdict(row: dict[str, Any], here: dict[str, str], places: Places) -> Cell:
    """Give the verdict as a formula on amounts, intervals and tolerance, as a word where that says otherwise."""
    said = labels.text(row["verdict"])
    keys = [f"{end}:{row[f'figure_{side}']}" for side in "ab" for end in ("amount", "low", "high")]
    if not all(places.get(key) for key in [*keys, "assumption:tolerance"]):
        return said
    a, low_a, high_a, b, low_b, high_b = (places.numbers[key] for key in keys)
    near = places.numbers["assumption:tolerance"] * abs((a + b) / 2)
    slack = ROUNDING * max(abs(a), abs(b))
    overlap = low_a <= high_b + slack and low_b <= high_a + slack
    rules = [(a == b, "agree"), (overlap, "within rounding")]
    rules.append((abs(b - a) <= near, "within tolerance"))
    if said != next((word for holds, word in rules if holds), "discrepancy"):
        return said
    _, low_a_at, high_a_at, _, low_b_at, high_b_at = (places.get(key) for key in keys)
    one, other = here["a"], here["b"]
    tolerance = places.get("assumption:tolerance")
    free = f"{ROUNDING:.0E}*MAX(ABS({one}),ABS({other}))"
    text = (
        f'=IF({one}={other},"agree",IF(AND({low_a_at}<={high_b_at}+{free},{low_b_at}<={high_a_at}+{free}),"within rounding",'
        f'IF(ABS({other}-{one})<={tolerance}*ABS(({one}+{other})/2),"within tolerance","discrepancy")))'
    )
    return Formula(text, said)


def _agrees(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def _expected(a: float, b: float) -> dict[str, float]:
    """Give what the formulas will show, so that a case measured in another way keeps its own numbers."""
    low, high, gap = min(a, b), max(a, b), b - a
    bases = {"gap_pct_mean": (a + b) / 2, "gap_pct_lowest": low, "gap_pct_highest": high}
    out = {"lowest": low, "highest": high, "gap": gap}
    out |= {key: 100 * gap / abs(base) for key, base in bases.items() if base}
    if a > 0 and b > 0:
        out["log_ratio"] = math.log(b / a)
    return out
