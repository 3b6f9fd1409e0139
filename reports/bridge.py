"""Owns what the two pictures show: the rival figures of a case, and the way from the lower to the higher by member."""

from __future__ import annotations

from typing import NamedTuple

from reconcile.result import Result
from reports import labels, story

MAX_BARS = 14


class Piece(NamedTuple):
    """One bar of a bridge: its label, its key in the places of a workbook, its amount, and whether a total."""

    label: str
    area: str
    amount: float
    total: bool


class Bar(NamedTuple):
    """One bar of the rival figures: id, label, amount and interval in units of the basis currency."""

    figure: str
    label: str
    amount: float
    low: float
    high: float


def located(result: Result) -> list[story.Row]:
    """Give the ranked cases whose gap is known by member."""
    keys = set(result.members["case"].astype(str)) if len(result.members) else set()
    return [row for row in story.compared(result) if str(row["id"]) in keys]


def pieces(result: Result, case: story.Row) -> list[Piece]:
    """Give the bars from the lower figure to the higher: members by size, the rest, and both totals.

    The gap of a member counts as an addition where it has the sign of the whole gap; what is left beside
    the members is a bar of its own, so that the bars add up to the higher figure.
    """
    gap = labels.number(case["gap"]) or 0.0
    sign = 1 if gap >= 0 else -1
    source = story.sources(result)
    low, high = ("a", "b") if sign > 0 else ("b", "a")
    own = result.members[result.members["case"] == case["id"]]
    rows = [row for row in labels.rows(own) if labels.number(row["gap"]) is not None]
    rows.sort(key=lambda row: -abs(row["gap"]))
    middle = [
        Piece(labels.area(row["area"]), str(row["area"]), sign * float(row["gap"]), False)
        for row in rows
    ]
    rest = sign * gap - sum(piece.amount for piece in middle)
    start, end = labels.number(case["lowest"]) or 0.0, labels.number(case["highest"]) or 0.0
    return [
        Piece(source.get(str(case[f"figure_{low}"]), "lowest"), "", start, True),
        *middle,
        Piece("not located", "", rest, False),
        Piece(source.get(str(case[f"figure_{high}"]), "highest"), "", end, True),
    ]


def sentence(result: Result, case: story.Row) -> str:
    """Say where the gap of a case sits, by member, in one sentence; pieces against it are named as such."""
    parts = [piece for piece in pieces(result, case) if not piece.total]
    size, word = labels.scale_of(labels.number(case["gap"]) or 1.0)
    shown = [
        f"{piece.label} {'+' if piece.amount > 0 else ''}{labels.decimal(piece.amount / size)}"
        for piece in parts
        if abs(piece.amount) > 1e-9 * size
    ]
    scale = " ".join(part for part in (word, str(case["unit"])) if part)
    text = f"By member ({scale}): {', '.join(shown)}."
    members = [piece for piece in parts if piece.area]
    against = [piece for piece in members if piece.amount < 0]
    if against and len(against) < len(members):
        whole = sum(abs(piece.amount) for piece in members) / size
        verb = "hides" if len(against) == 1 else "hide"
        names = " and ".join(piece.label for piece in against)
        text += f" {names} {verb} part of it: without regard to sign the members differ by {labels.decimal(whole)}."
    return text


def levels(parts: list[Piece]) -> list[tuple[float, float]]:
    """Give the bottom and the top of each bar."""
    out, level = [], 0.0
    for piece in parts:
        if piece.total:
            out.append((min(0.0, piece.amount), max(0.0, piece.amount)))
            level = piece.amount
        else:
            out.append((min(level, level + piece.amount), max(level, level + piece.amount)))
            level += piece.amount
    return out


def bars(result: Result, case: story.Row) -> list[Bar]:
    """Give the figures of a case that have an amount, the largest first."""
    wanted = set(labels.ids(case["figures"])) | {str(case["figure_a"]), str(case["figure_b"])}
    own = result.figures[result.figures["id"].isin(wanted) & result.figures["amount"].notna()]
    rows = labels.rows(own.sort_values("amount", ascending=False, kind="stable").head(MAX_BARS))
    out = []
    for row in rows:
        low, high = labels.number(row["amount_low"]), labels.number(row["amount_high"])
        amount = float(row["amount"])
        label = labels.text(row["source"])
        if row["currency"] and row["currency"] != result.basis.currency:
            label += f", printed in {row['currency']}"
        out.append(Bar(str(row["id"]), label, amount, low if low is not None else amount, high if high is not None else amount))  # fmt: skip
    return out
