"""Owns the tables that the web page and the markdown page share: their headings, columns and rows."""

from __future__ import annotations

from typing import NamedTuple

from reconcile.result import Result
from reports import labels, story

Cell = str | float | None | tuple[str, str]  # a text, a number, nothing, or a text with its link


class Page(NamedTuple):
    """One table of a page: its title, its headings, its rows."""

    title: str
    head: list[str]
    rows: list[list[Cell]]


def members(result: Result) -> Page:
    """Give where the gaps sit, member by member."""
    unit, words = labels.unit(result), labels.words(result)
    head = ["case", "member", f"amount A ({unit})", f"amount B ({unit})", f"gap, B minus A ({unit})"]  # fmt: skip
    rows: list[list[Cell]] = [
        [words.get(str(row["case"]), str(row["case"])), labels.area(row["area"]),
         *(labels.number(row[name]) for name in ("amount_a", "amount_b", "gap"))]
        for row in labels.rows(result.members)
    ]  # fmt: skip
    return Page("Where the gap sits, by member", head, rows)


def findings(result: Result) -> Page:
    """Give the findings."""
    names = ("code", "severity", "message", "place", "advice")
    rows = _texts(labels.rows(result.findings), names)
    return Page("Findings", ["code", "severity", "what", "place", "advice"], rows)


def decomposition(result: Result) -> Page:
    """Give the gap of each case that is compared, what its causes claim, and the residual."""
    causes = story.by_case(result)
    rows: list[list[Cell]] = []
    for row in story.compared(result):
        name = labels.case(row)
        rows.append([name, "gap", labels.number(row["gap"]), "", ""])
        for cause in causes.get(str(row["id"]), []):
            amount = labels.number(cause["amount"])
            texts = [labels.text(cause[key]) for key in ("evidence", "note")]
            rows.append([name, labels.text(cause["cause"]), amount, *texts])
        rows.append([name, "residual", labels.number(row["residual"]), "", ""])
    head = ["case", "line", f"amount ({labels.unit(result)})", "evidence", "note"]
    return Page("Decomposition", head, rows)


def balances(result: Result) -> Page:
    """Give the balanced values with their ranges, and how far each source was moved."""
    unit, words = labels.unit(result), labels.words(result)
    head = [
        "case", f"balanced value ({unit})", f"low ({unit})", f"high ({unit})", "method",
        "how far each source was moved",
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [words.get(str(row["case"]), str(row["case"])),
         *(labels.number(row[name]) for name in ("value", "low", "high")),
         labels.text(row["method"]), said]
        for row, said in zip(labels.rows(result.balances), story.moved(result))
    ]  # fmt: skip
    return Page("Balanced result", head, rows)


def figures(result: Result) -> Page:
    """Give the figures as printed, their amounts, and where they stand."""
    head = ["id", "figure", "printed", "printed unit", f"amount ({labels.unit(result)})", "source", "place"]  # fmt: skip
    rows: list[list[Cell]] = []
    for row in labels.rows(result.figures):
        place = ", ".join(part for part in (labels.text(row["file"]), labels.text(row["place"])) if part)  # fmt: skip
        printed = labels.text(row["printed"]) or labels.text(row["state"])
        rows.append(
            [labels.text(row["id"]), labels.figure(row), printed, labels.text(row["printed_unit"]),
             labels.number(row["amount"]), (labels.text(row["source"]), labels.text(row["url"])), place]
        )  # fmt: skip
    return Page("Figures", head, rows)


def assumptions(result: Result) -> Page:
    """Give the assumptions; their numbers as texts, since their digits count."""
    head = ["id", "value", "low", "high", "unit", "source", "date"]
    rows: list[list[Cell]] = []
    for row in labels.rows(result.assumptions):
        numbers = [labels.number(row[name]) for name in head[1:4]]
        shown = ["" if number is None else f"{number:.10g}" for number in numbers]
        rows.append([labels.text(row["id"]), *shown, *(labels.text(row[n]) for n in head[4:])])
    return Page("Assumptions", head, rows)


def sources(result: Result) -> Page:
    """Give the sources, each with its link, and what they go back to."""
    rows: list[list[Cell]] = [
        [(labels.text(row["source"]), labels.text(row["url"])), labels.text(row["figures"]),
         *(labels.text(row[name]) for name in ("status", "published", "origin"))]
        for row in labels.rows(result.sources)
    ]  # fmt: skip
    return Page("Sources", ["source", "figures", "status", "published", "goes back to"], rows)


def set_aside(result: Result) -> Page:
    """Give the rows that were set aside."""
    head = ["file", "place", "reason", "label", "printed", "unit"]
    return Page("Rows set aside", head, _texts(labels.rows(result.set_aside), head))


def _texts(rows: list[dict[str, object]], names: list[str] | tuple[str, ...]) -> list[list[Cell]]:
    return [[labels.text(row[name]) for name in names] for row in rows]
