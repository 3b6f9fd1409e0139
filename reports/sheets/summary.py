"""Owns the sheet Summary: the question, the answer in words, the two pictures, and the table of cases."""

from __future__ import annotations

from dataclasses import replace

from reconcile.result import Result
from reports import bridge, labels, story
from reports.layout import Cell, Column, Formula, Sheet, Table, Text, letter, wrapped
from reports.places import Places
from reports.text import overview

NAME = "Summary"
STAGE, POSITION = 95, 0
MAX_CASES, MAX_SENTENCES, MAX_FINDINGS = 40, 8, 12
LINE = 235  # characters that fit the width of the table
CHART_ROWS, ROW_CM = 20, 0.5
QUESTION = (
    "The question: how far do published figures of the same trade differ, where does the difference sit, "
    "and what explains it?"
)


def describe(result: Result, places: Places) -> Sheet:
    """Describe the sheet; it refers to Discrepancies and Decomposition, and places the two charts."""
    _, scaled, own = story.scale(result)
    cases = story.compared(result)
    blocks: list[Text | Table] = [Text([result.title], "title")]
    blocks.append(Text([*wrapped(QUESTION, LINE), *wrapped(overview(result), LINE)]))
    blocks += _words(result, cases)
    chart_row = 0
    if places.charts:
        blocks.append(Text(["The figures, and where the gap sits"], "heading"))
        blocks.append(
            Text(["Right: blue are the two figures; + widens the gap (green), - narrows it (red)."])
            if "bridge" in places.charts
            else Text([])
        )
        chart_row = 1 + sum(len(block.lines) for block in blocks if isinstance(block, Text))
        blocks.append(Text([""] * CHART_ROWS))
    blocks += _findings(result)
    columns = _columns(scaled)
    shown = [row for row in cases if row["unit"] == own]
    if shown:
        more = len(cases) - len(shown[:MAX_CASES])
        blocks.append(Text(["The cases"], "heading"))
        blocks.append(
            Text(
                [
                    labels.SIGN_RULE
                    + (f" {more:,} more cases are on Discrepancies." if more > 0 else "")
                ]
            )
        )
        blocks.append(Table("tSummary", columns, _rows(result, shown, columns, places)))
    sheet = Sheet(
        NAME,
        "The answer in words and pictures, and one row a case.",
        blocks,
        widths=[column.width for column in columns],
        freeze=False,
    )
    half = sum(column.width for column in columns) * 0.205 / 2  # cm of a character of width
    for number, key in enumerate(("rivals", "bridge")):
        if key in places.charts:
            anchor = f"{_column_at(columns, number / 2)}{chart_row}"
            height = CHART_ROWS * ROW_CM
            sheet.charts.append(
                replace(places.charts[key], anchor=anchor, width=half - 0.4, height=height)
            )
    return sheet


def _words(result: Result, cases: list[story.Row]) -> list[Text | Table]:
    """Give the sentences of the first cases, and the notes of the result."""
    causes, source = story.by_case(result), story.sources(result)
    located = {str(row["id"]) for row in bridge.located(result)}
    lines: list[str] = []
    for number, row in enumerate(cases[:MAX_SENTENCES], 1):
        said = story.sentence(row, causes.get(str(row["id"]), []), source, result.basis.currency)
        lines += wrapped(said, LINE, f"{number}. ", "    ")
        if str(row["id"]) in located:
            lines += wrapped(bridge.sentence(result, row), LINE, "    ", "    ")
    notes = [line for note in result.notes for line in wrapped(note, LINE)]
    if not lines:
        lines = ["No two figures measure the same trade, so there is no gap to explain."]
    return [Text(["What was found"], "heading"), Text(lines + notes)]


def _findings(result: Result) -> list[Text | Table]:
    """Give the findings to read before citing a figure, with their advice."""
    chosen, more = story.findings(result, MAX_FINDINGS)
    if not chosen:
        return []
    lines: list[str] = []
    for row in chosen:
        text = f"{row['code']}: {labels.text(row['message'])}"
        advice = labels.text(row["advice"])
        lines += wrapped(f"{text.rstrip('.')}. {advice}" if advice else text, LINE, "", "    ")
    if more > 0:
        lines.append(f"{labels.count(more, 'more finding')} on the sheet Findings.")
    return [Text(["Before you cite a figure"], "heading"), Text(lines)]


def _columns(scaled: str) -> list[Column]:
    return [
        Column("case", 34),
        Column("period", 17),
        Column("figures compared", 34),
        *(Column(f"{name} ({scaled})", 13, "#,##0.00") for name in ("lowest", "highest", "gap")),
        *(Column(f"gap, % of the {name}", 10.5, "0.0") for name in ("mean", "lowest", "highest")),
        Column("verdict", 17),
        Column("main cause", 22),
        Column("explained (% of the gap)", 11, "0.0"),
    ]


def _rows(
    result: Result, cases: list[story.Row], columns: list[Column], places: Places
) -> list[list[Cell]]:
    size, scaled, _ = story.scale(result)
    causes, source = story.by_case(result), story.sources(result)
    rows = []
    for row in cases[:MAX_CASES]:
        key = str(row["id"])
        cells: dict[str, Cell] = {
            "case": labels.case(row, period=False),
            "period": labels.text(row["period"]),
            "figures compared": " against ".join(
                source.get(str(row[f"figure_{side}"]), "") for side in "ab"
            ),
            "verdict": labels.text(row["verdict"]),
            "main cause": story.main_cause(causes.get(key, [])) or "none found",
        }
        for name in ("lowest", "highest", "gap"):
            value, where = labels.number(row[name]), places.get(f"{name}:{key}")
            if value is not None:
                cells[f"{name} ({scaled})"] = (
                    Formula(f"={where}/{size:.0f}", value / size) if where else value / size
                )
        for base in ("mean", "lowest", "highest"):
            value, where = labels.number(row[f"gap_pct_{base}"]), places.get(f"gap_pct_{base}:{key}")  # fmt: skip
            if value is not None:
                cells[f"gap, % of the {base}"] = Formula(f"={where}", value) if where else value
        share, gap, part = story.explained_pct(row), places.get(f"gap:{key}"), places.get(f"explained:{key}")  # fmt: skip
        if share is not None and gap and part:
            cells["explained (% of the gap)"] = Formula(f"=100*{part}/{gap}", share)
        rows.append([cells.get(column.heading) for column in columns])
    return rows


def _column_at(columns: list[Column], share: float) -> str:
    """Give the letter of the first column that starts at or behind a share of the width."""
    whole, before = sum(column.width for column in columns), 0.0
    for number, column in enumerate(columns, 1):
        if before >= share * whole - 4:
            return letter(number)
        before += column.width
    return "A"
