"""Owns an amount whose period is asked for: the times it may take and what was read before it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from sources.press.levels import (
    is_origin,
)
from sources.press.meaning import YEAR, read, settle, write
from sources.press.numerals import Amount
from sources.press.scene import Claim, Context, Noun, Scene
from sources.press.when import When

DATED = 5  # a period that is longer than a year's four digits: 2024-03, 2024-Q1


@dataclass
class Asked:
    """One amount whose period is asked for: its sentence, the times it may take, and what was read before it."""

    view: Scene
    claim: Claim
    noun: Noun
    left: int
    right: int
    out: list[Claim]  # the claims before it in the sentence
    context: Context
    own: list[When]  # the times in the stretch of the amount
    head: list[When]  # those of them before it
    tail: list[When]  # those behind it
    order: list[When]  # in the order in which they may be its own
    spoken: str  # the period of the sentence so far, or of the text

    @property
    def amount(self) -> Amount:
        """Give the amount."""
        return self.claim.amount

    @functools.cached_property
    def origin(self) -> bool:
        """Tell whether it is the level that a later amount came from."""
        return is_origin(self.view, self.amount)

    @functools.cached_property
    def year(self) -> int:
        """Give the year that months without one are of, 0 where nobody says."""
        year = int(self.spoken[:4]) if self.spoken else self.context.year
        if year or self.context.published:
            return year  # from 5 bn in February to 6 bn in March 2020
        years = {w.year for w in self.view.times if w.year and w.first}
        return years.pop() if len(years) == 1 else 0

    def settle(self, when: When, spoken: str = "", year: int = 0) -> str:
        """Give the period that a time means for this reporter."""
        if when.size:  # in the month, over the year: the last one that the text told of
            whole = self.context.spans.get(when.size, "")
            this = spoken[:4] if when.size == YEAR else _holding(spoken, when.size)
            return whole if whole[:4] == spoken[:4] else this
        return settle(when, self.context.published, spoken, year, self.claim.reporter)


def _holding(spoken: str, size: int) -> str:
    """Give the quarter or half that the month spoken of closes: in March 164 tonnes, in the quarter 430."""
    run = read(spoken) if spoken else (0, 1)
    closes = run[0] == run[1] and (run[1] + 1) % size == 0 and size > 1
    return write(run[1] // YEAR, run[1] % YEAR - size + 2, run[1] % YEAR + 1) if closes else ""
