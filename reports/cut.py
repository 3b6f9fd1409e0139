"""Owns what a workbook holds of a result that is too large for one: the largest gaps, and a count of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd

from reconcile.result import Result
from reports import book, labels, story
from reports.layout import MAX_ROWS, Book

MOST_FIGURES = 200_000  # about 2 GB while a workbook is written
FEWEST = 1000


def build(result: Result, say: Callable[[str], None] = lambda stage: None) -> Book:
    """Describe the workbook of a result, of the largest gaps only where the whole would not fit, and say so in it."""
    most = MOST_FIGURES
    chosen = fitting(result, most)
    made = book.build(chosen, say)
    while most > FEWEST and any(sheet.height > MAX_ROWS for sheet in made.sheets):
        most = min(most, len(result.figures)) // 2
        chosen = fitting(result, most)
        made = book.build(chosen, say)
    made.left_out = chosen.notes[len(result.notes) :]
    return made


def fitting(result: Result, most: int) -> Result:
    """Give a result of at most about so many figures and rows set aside; the result itself where it has no more.

    Whole cases are kept, those that need attention first, with the parents of derived figures; then figures of
    no case. A note counts and values what is left out.
    """
    long = max(len(result.figures), len(result.set_aside), len(result.findings))
    if long <= most:
        return result
    parents: dict[str, list[str]] = {}
    steps = result.ledger[result.ledger["parent"] != ""]
    for figure, parent in zip(steps["figure"].tolist(), steps["parent"].tolist()):
        parents.setdefault(figure, []).append(parent)
    kept: set[str] = set()
    cases: set[str] = set()
    for row in story.ranked(result):
        wanted = _with_parents(row["figures"], parents) - kept
        if cases and len(kept) + len(wanted) > most:
            break
        kept |= wanted
        cases.add(str(row["id"]))
    for figure in result.figures["id"].tolist():
        if len(kept) >= most:
            break
        wanted = _with_parents([figure], parents) - kept
        kept |= wanted if len(kept) + len(wanted) <= most else set()
    figures = result.figures[result.figures["id"].isin(kept)]
    of_cases = {
        name: table[table["case"].isin(cases)]
        for name, table in (
            ("members", result.members), ("causes", result.causes), ("balances", result.balances),
            ("sensitivity", result.sensitivity),
        )
        if len(table)
    }  # fmt: skip
    small = replace(
        result,
        figures=figures,
        ledger=result.ledger[result.ledger["figure"].isin(kept)],
        cases=result.cases[result.cases["id"].isin(cases)],
        findings=result.findings.head(most),
        set_aside=result.set_aside.head(most),
        **of_cases,
    )
    return replace(small, notes=(*result.notes, _left_out(result, small)))


def _with_parents(figures: Iterable[str], parents: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(figures)
    while waiting:
        figure = waiting.pop()
        if figure not in found:
            found.add(figure)
            waiting += parents.get(figure, [])
    return found


def _left_out(whole: Result, kept: Result) -> str:
    """Say what the workbook holds of the whole, and what the rest comes to."""
    parts = []
    for name, word in (
        ("figures", "figures"), ("cases", "cases"), ("findings", "findings"), ("set_aside", "rows set aside"),
    ):  # fmt: skip
        all_of, some = len(getattr(whole, name)), len(getattr(kept, name))
        if some < all_of:
            parts.append(f"{some:,} of {all_of:,} {word}")
    left = whole.cases[~whole.cases["id"].isin(kept.cases["id"])]
    money = left[left["measure"] == "value"]
    gaps = float(pd.to_numeric(money["gap"]).abs().sum())
    gone = whole.figures[~whole.figures["id"].isin(kept.figures["id"])]
    gone = gone[(gone["measure"] == "value") & ~gone["derived"]]
    worth = float(pd.to_numeric(gone["amount"]).abs().sum())
    prices = whole.basis.prices
    unit = whole.basis.currency + (f" at {prices} prices" if prices else "")
    return (
        f"This workbook holds {', '.join(parts)}, those with the largest gaps first, because a sheet of Excel ends at "
        f"{MAX_ROWS:,} rows; its counts are of what it holds. The printed figures left out come to "
        f"{labels.amount(worth, unit)}, the gaps of the cases left out to {labels.amount(gaps, unit)}. "
        "The report as .json holds everything."
    )
