"""Owns the markdown report: the story, the cases, members, findings, figures, assumptions, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reconcile.result import Result
from reports import bridge, labels, story, tables
from reports.layout import ILLEGAL
from reports.tables import Cell
from reports.text import overview

MAX_ROWS = 500


def text(result: Result) -> str:
    """Give the whole report as markdown."""
    unit = labels.unit(result)
    causes, source = story.by_case(result), story.sources(result)
    lines = [
        f"# {_safe(result.title)}", "", _safe(overview(result)), "", _safe(labels.SIGN_RULE), ""
    ]  # fmt: skip
    located = {str(row["id"]) for row in bridge.located(result)}
    for row in story.compared(result)[:12]:
        said = story.sentence(row, causes.get(str(row["id"]), []), source, result.basis.currency)
        said += " " + bridge.sentence(result, row) if str(row["id"]) in located else ""
        lines.append(f"- {_safe(said)}")
    lines += ["", *(line for note in result.notes for line in (_safe(note), ""))]
    lines += _cases(result, unit, causes)
    for page in (tables.members, tables.findings, tables.decomposition, tables.balances):
        lines += _table(*page(result))
    lines += _table(*tables.figures(result))
    lines += _table(*tables.assumptions(result))
    lines += _sources(result)
    lines += _table(*tables.set_aside(result))
    return "\n".join(lines).rstrip() + "\n"


def _cases(result: Result, unit: str, causes: dict[str, list[story.Row]]) -> list[str]:
    head = [
        "case", "lowest", "highest", f"gap, B minus A ({unit})", "% of the mean", "% of the lowest",
        "% of the highest", "verdict", "unit", "main cause", "explained, %",
    ]  # fmt: skip
    shares = ("gap_pct_mean", "gap_pct_lowest", "gap_pct_highest")
    rows = [
        [
            labels.case(row),
            *(_amount(row[name]) for name in ("lowest", "highest", "gap")),
            *(_share(row[name]) for name in shares),
            labels.text(row["verdict"]), labels.text(row["unit"]), story.main_cause(causes.get(str(row["id"]), [])),
            _share(story.explained_pct(row)),
        ]
        for row in story.ranked(result)
    ]  # fmt: skip
    return _table("Cases", head, rows)


def _sources(result: Result) -> list[str]:
    """Give the sources with their addresses written out."""
    page = tables.sources(result)
    addresses = [labels.text(url) for url in result.sources["url"]]
    rows: list[list[Cell]] = [[*row, url] for row, url in zip(page.rows, addresses)]
    return _table(page.title, [*page.head, "url"], rows)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    if not rows:
        return []
    lines = [f"## {title}", "", _row(head), "|" + "---|" * len(head)]
    lines += [_row(map(_cell, row)) for row in rows[:MAX_ROWS]]
    more = len(rows) - MAX_ROWS
    return [*lines, "", *([f"{more:,} more rows are in the workbook.", ""] if more > 0 else [])]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_safe, cells)) + " |"


def _safe(text: str) -> str:
    """Give a text that markdown shows as it is: marks escaped, no markup, no line breaks."""
    flat = re.sub(r"\s+", " ", ILLEGAL.sub("", text)).strip()
    flat = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*\[\]|])|(?<!\w)(_)|(_)(?!\w)", lambda m: "\\" + m[0], flat)


def _cell(value: Cell) -> str:
    """Give a cell as text: a number in whole units, of a link its text."""
    if isinstance(value, tuple):
        return value[0]
    return value if isinstance(value, str) else _amount(value)


def _amount(value: object) -> str:
    found = labels.number(value)
    return "" if found is None else f"{found:,.0f}"


def _share(value: object) -> str:
    return "" if labels.number(value) is None else labels.percent(value)
