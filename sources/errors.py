"""What can be wrong with input: one Problem a fault, one InputError a file, with all its faults.

Exit codes sit on the exceptions, so the front door needs no table of its own.

    ReconcileError
    ├── InputError      bad input or usage, every problem listed        exit 2
    │   ├── MissingRate   a rate or deflator that no table holds         exit 2
    │   └── UnknownUnit   a unit that the closed registry does not hold  exit 2
    └── LawBroken       our own fault: a law of the ledger does not hold  exit 3
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault of the input: where it is, what was found there, what to do about it."""

    file: str
    place: str
    found: str
    advice: str
    code: str = "INPUT"

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        # a cell of 30,000 characters is not repeated in full on a terminal
        found = self.found if len(self.found) <= 600 else f"{self.found[:400]}...{self.found[-40:]}"
        text = f"{where}: {found}" if where else found
        return f"{text}. {self.advice}" if self.advice else text


class ReconcileError(Exception):
    """The root of every error this program raises on purpose."""

    exit_code = 3


class InputError(ReconcileError):
    """Bad input or usage; carries every problem found, not only the first."""

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class MissingRate(InputError):
    """A rate or deflator that no table holds."""


class UnknownUnit(InputError):
    """A unit text that the closed registry does not hold."""


class LawBroken(ReconcileError):
    """A law of the ledger does not hold: our own fault, never the user's."""
