"""Owns the terminal view of a Result: cases with their verdicts, findings, residuals; no control characters."""

from __future__ import annotations

import re
import shutil

from reconcile.result import Result
from reports import bridge, labels, story
from reports.layout import wrapped
from sources.words import strip_controls

MAX_CASES = 40
MAX_FINDINGS = 30
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
MARKS = {"error": "ERROR", "warning": "warning", "note": "note"}


def check(result: Result, width: int | None = None) -> str:
    """Give what `check` prints: the count of verdicts, a paragraph a case, the findings with their advice."""
    wide = width or max(60, min(110, shutil.get_terminal_size((100, 24)).columns))
    lines = [result.title, "", *_wrap(overview(result), wide), ""]
    lines += _cases(result, wide)
    lines += _findings(result, wide)
    lines += [line for note in result.notes for line in _wrap(note, wide)]
    return strip("\n".join(lines).rstrip())


def overview(result: Result) -> str:
    """Say in one sentence what was read and how the cases stand."""
    sources = result.figures["source"].nunique() if len(result.figures) else 0
    text = f"{labels.count(len(result.figures), 'figure')} of {labels.count(sources, 'source')}"
    if len(result.set_aside):
        text += f", {labels.count(len(result.set_aside), 'row')} set aside"
    verdicts = [f"{count:,} {verdict}" for verdict, count in story.counts(result).items()]
    cases = (
        f"{labels.count(len(result.cases), 'case')}: {', '.join(verdicts)}"
        if verdicts
        else "no cases"
    )
    return f"{text}; {cases}. Amounts are in {labels.unit(result)}."


def headline(result: Result) -> str:
    """Give the two or three lines that `report` prints: the first case in a sentence, and the count."""
    first = story.compared(result)[:1]
    causes, source = story.by_case(result), story.sources(result)
    lines = [
        story.sentence(row, causes.get(str(row["id"]), []), source, result.basis.currency)
        for row in first
    ]
    return strip("\n".join([*lines, overview(result)]))


def explain(result: Result, case: str = "", width: int | None = None) -> str:
    """Take every gap (or that of one case id) apart: each cause with amount, range, evidence and note."""
    wide = width or max(60, min(110, shutil.get_terminal_size((100, 24)).columns))
    unit = result.basis.currency
    causes, source = story.by_case(result), story.sources(result)
    lines: list[str] = []
    for row in story.compared(result):
        key, unit = str(row["id"]), str(row["unit"])
        if case and key != case:
            continue
        own = causes.get(key, [])
        lines += _wrap(story.sentence(row, own, source, unit), wide)
        lines.append(f"  {'case':22}{key}")
        lines.append(f"  {'gap':22}{labels.amount(row['gap'], unit)}")
        for cause in own:
            amount = labels.number(cause["amount"])
            claimed = labels.amount(amount, unit) if amount else "claims nothing"
            low, high = labels.number(cause["low"]), labels.number(cause["high"])
            if amount and low is not None and high is not None and low < high:
                claimed += f" ({labels.amount(low, unit)} to {labels.amount(high, unit)})"
            evidence = f", {cause['evidence']}" if labels.text(cause["evidence"]) else ""
            lines.append(f"  {labels.text(cause['cause']):22}{claimed}{evidence}")
            lines += _wrap(labels.text(cause["note"]), wide, " " * 24)
        lines += [f"  {'residual':22}{labels.amount(row['residual'], unit)}", ""]
    return strip("\n".join(lines).rstrip())


def strip(text: str) -> str:
    """Give a text without the characters that would steer a terminal or turn its lines; line breaks stay."""
    return "\n".join(_TURNS.sub("", strip_controls(line)) for line in text.split("\n"))


def _wrap(text: str, width: int, first: str = "", other: str | None = None) -> list[str]:
    return wrapped(text, width, first, first if other is None else other) if text else []


def _cases(result: Result, width: int) -> list[str]:
    unit = result.basis.currency
    causes, source = story.by_case(result), story.sources(result)
    chosen = story.compared(result)
    located = {str(row["id"]) for row in bridge.located(result)}
    lines = ["CASES", ""] if chosen else []
    for row in chosen[:MAX_CASES]:
        lines.append(f"{labels.case(row)}: {labels.text(row['verdict'])}")
        lines += _wrap(measures(row, source, unit), width, "  ")
        if row["verdict"] not in ("agree", "within rounding"):
            said = story.taken_apart(row, causes.get(str(row["id"]), []), unit)
            lines += _wrap(said, width, "  ")
        if str(row["id"]) in located:
            lines += _wrap(bridge.sentence(result, row), width, "  ")
        lines.append("")
    if len(chosen) > MAX_CASES:
        lines += [f"... and {len(chosen) - MAX_CASES:,} more cases", ""]
    return lines


def measures(row: story.Row, source: dict[str, str], unit: str) -> str:
    """Say both figures, the gap and its percentages, each with its base."""
    unit = row.get("unit", unit)
    a, b = (source.get(str(row[f"figure_{side}"]), "") for side in "ab")
    first, second = ("lowest", "highest") if (labels.number(row["gap"]) or 0) >= 0 else ("highest", "lowest")  # fmt: skip
    text = f"{a} {labels.amount(row[first], unit)}, {b} {labels.amount(row[second], unit)}; "
    text += f"gap {labels.amount(row['gap'], unit)}"
    shares = story.shares(row)
    return f"{text} ({shares})" if shares else text


def _findings(result: Result, width: int) -> list[str]:
    chosen, more = story.findings(result, MAX_FINDINGS)
    lines = ["FINDINGS", ""] if chosen else []
    for row in chosen:
        mark = MARKS.get(labels.text(row["severity"]), labels.text(row["severity"]))
        where = ", ".join(part for part in (labels.text(row["file"]), labels.text(row["place"])) if part)  # fmt: skip
        lines.append(f"{row['code']} ({mark}){f' {where}' if where else ''}")
        lines += _wrap(labels.text(row["message"]), width, "  ")
        lines += _wrap(labels.text(row["advice"]), width, "  Advice: ", "    ")
    if more > 0:
        lines.append(f"... and {more:,} more findings")
    return [*lines, ""] if lines else []
