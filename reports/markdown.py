"""Owns the markdown report: the story, the cases, members, findings, figures, assumptions, sources."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reconcile.result import Result
from reports import bridge, labels, story
from reports.layout import ILLEGAL
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
    lines += _members(result, unit)
    lines += _findings(result)
    lines += _causes(result, unit, causes)
    lines += _balances(result, unit)
    lines += _figures(result, unit)
    lines += _assumptions(result)
    lines += _sources(result)
    lines += _set_aside(result)
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


def _members(result: Result, unit: str) -> list[str]:
    words = {str(row["id"]): labels.case(row) for row in labels.rows(result.cases)}
    head = ["case", "member", f"amount A ({unit})", f"amount B ({unit})", f"gap, B minus A ({unit})"]  # fmt: skip
    rows = [
        [words.get(str(row["case"]), str(row["case"])), labels.area(row["area"]),
         *(_amount(row[name]) for name in ("amount_a", "amount_b", "gap"))]
        for row in labels.rows(result.members)
    ]  # fmt: skip
    return _table("Where the gap sits, by member", head, rows)


def _findings(result: Result) -> list[str]:
    head = ["code", "severity", "message", "place", "advice"]
    rows = [[labels.text(row[name]) for name in head] for row in labels.rows(result.findings)]
    return _table("Findings", head, rows)


def _causes(result: Result, unit: str, causes: dict[str, list[story.Row]]) -> list[str]:
    rows: list[list[str]] = []
    for row in story.compared(result):
        name = labels.case(row)
        rows.append([name, "gap", _amount(row["gap"]), "", ""])
        for cause in causes.get(str(row["id"]), []):
            texts = [labels.text(cause[key]) for key in ("evidence", "note")]
            rows.append([name, labels.text(cause["cause"]), _amount(cause["amount"]), *texts])
        rows.append([name, "residual", _amount(row["residual"]), "", ""])
    return _table("Decomposition", ["case", "line", f"amount ({unit})", "evidence", "note"], rows)


def _balances(result: Result, unit: str) -> list[str]:
    words = {str(row["id"]): labels.case(row) for row in labels.rows(result.cases)}
    head = ["case", f"value ({unit})", "low", "high", "method", "how far each source was moved"]
    rows = [
        [words.get(str(row["case"]), str(row["case"])),
         *(_amount(row[name]) for name in ("value", "low", "high")),
         labels.text(row["method"]), said]
        for row, said in zip(labels.rows(result.balances), story.moved(result))
    ]  # fmt: skip
    return _table("Balanced result", head, rows)


def _figures(result: Result, unit: str) -> list[str]:
    head = ["id", "figure", "printed", "printed unit", f"amount ({unit})", "source", "place"]
    rows = []
    for row in labels.rows(result.figures):
        printed = labels.text(row["printed"]) or labels.text(row["state"])
        where = ", ".join(part for part in (labels.text(row["file"]), labels.text(row["place"])) if part)  # fmt: skip
        rows.append([labels.text(row["id"]), labels.figure(row), printed, labels.text(row["printed_unit"]),
                     _amount(row["amount"]), labels.text(row["source"]), where])  # fmt: skip
    return _table("Figures", head, rows)


def _assumptions(result: Result) -> list[str]:
    head = ["id", "value", "low", "high", "unit", "source", "date"]
    rows = []
    for row in labels.rows(result.assumptions):
        numbers = [labels.number(row[name]) for name in ("value", "low", "high")]
        shown = ["" if number is None else f"{number:.10g}" for number in numbers]
        rows.append([labels.text(row["id"]), *shown, *(labels.text(row[name]) for name in head[4:])])  # fmt: skip
    return _table("Assumptions", head, rows)


def _sources(result: Result) -> list[str]:
    head = ["source", "figures", "status", "published", "origin", "url"]
    rows = [[labels.text(row[name]) for name in head] for row in labels.rows(result.sources)]
    return _table("Sources", head, rows)


def _set_aside(result: Result) -> list[str]:
    head = ["file", "place", "reason", "label", "printed", "unit"]
    rows = [[labels.text(row[name]) for name in head] for row in labels.rows(result.set_aside)]
    return _table("Rows set aside", head, rows)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = [f"## {title}", "", _row(head), "|" + "---|" * len(head)]
    lines += [_row(row) for row in rows[:MAX_ROWS]]
    more = len(rows) - MAX_ROWS
    return [*lines, "", *([f"{more:,} more rows are in the workbook.", ""] if more > 0 else [])]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(_safe, cells)) + " |"


def _safe(text: str) -> str:
    """Give a text that markdown shows as it is: marks escaped, no markup, no line breaks."""
    flat = re.sub(r"\s+", " ", ILLEGAL.sub("", text)).strip()
    flat = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*\[\]|])|(?<!\w)(_)|(_)(?!\w)", lambda m: "\\" + m[0], flat)


def _amount(value: object) -> str:
    found = labels.number(value)
    return "" if found is None else f"{found:,.0f}"


def _share(value: object) -> str:
    return "" if labels.number(value) is None else labels.percent(value)
