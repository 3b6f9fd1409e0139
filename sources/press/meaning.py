"""Owns what a named time means: the run of months that it stands for, written as the contract has periods."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.press.when import When

# First month of the fiscal year that a country's trade is reported by.
_FISCAL_START = {
    "IND": 4, "JPN": 4, "GBR": 4, "HKG": 4, "SGP": 4, "CAN": 4, "AUS": 7, "NZL": 7, "PAK": 7, "BGD": 7,
    "EGY": 7, "NPL": 7, "KEN": 7, "ETH": 7, "UGA": 7, "TZA": 7, "MMR": 4, "IRN": 3, "AFG": 3,
}  # fmt: skip
YEAR = 12  # months
_PERSIAN = ("IRN", "AFG")  # their year begins on 21 March: no run of whole months

Run = tuple[int, int]  # first and last month, counted from the year 0


def write(year: int, first: int, last: int) -> str:
    """Write a run of months of a year as the contract has it: 2024, 2024-03, 2024-Q1, 2024-H1, 2024-01..2024-09."""
    if not first:
        return str(year)
    return _written((_at(year, first), _at(year, last)))


@functools.lru_cache(maxsize=512)
def read(period: str) -> Run:
    """Give the months of a period that `write` wrote."""
    year = int(period[:4])
    if "Q" in period or "H" in period:
        size = 3 if "Q" in period else 6
        n = int(period[-1])
        return _at(year, (n - 1) * size + 1), _at(year, n * size)
    named = re.findall(r"(\d{4})-(\d\d)(?!\d)", period)
    if not named:
        return _at(year, 1), _at(year, YEAR)
    return _at(*map(int, named[0])), _at(*map(int, named[-1]))


def aside(period: str, main: str) -> bool:
    """Tell whether a period is an aside of a story about another: before it, or from January up to its end."""
    if not period or not main or period == main:
        return False
    (first, last), (start, end) = read(period), read(main)
    inside = start < first and last < end  # in the first half 36 million, the best month was May
    return last < start or inside or (last == end and first < start and first % YEAR == 0)


def settle(
    when: When, published: tuple[int, int] | None, spoken: str, year_spoken: int, reporter: str
) -> str:
    """Give the period that a named time means, "" where the text does not settle it.

    `published` is (year, month), `spoken` the period that the text spoke of last, `year_spoken` its last year.
    """
    before = read(spoken) if spoken else None
    bare = when.counted and when.first == 1 and not when.year and when.shift is None
    if bare and before and before[1] - before[0] == when.last - 1 and not when.prior:
        return spoken  # in April to October ..., in the seven months
    run = _run(when, published, before, year_spoken, reporter)
    return _written(run) if run else ""


def _at(year: int, month: int) -> int:
    return year * YEAR + month - 1


def _written(run: Run) -> str:
    (year, first), (closing, last) = (divmod(at, YEAR) for at in run)
    if year != closing:
        return f"{year}-{first + 1:02d}..{closing}-{last + 1:02d}"
    size = last - first + 1
    if size == YEAR:
        return str(year)
    if size == 1:
        return f"{year}-{first + 1:02d}"
    for length, letter in ((3, "Q"), (6, "H")):
        if size == length and first % length == 0:
            return f"{year}-{letter}{first // length + 1}"
    return f"{year}-{first + 1:02d}..{year}-{last + 1:02d}"


def _run(
    when: When, published: tuple[int, int] | None, spoken: Run | None, year_spoken: int, reporter: str
) -> Run | None:  # fmt: skip
    if when.fiscal:
        return _fiscal(when, published, reporter)
    if when.prior or when.same:
        return _compared(when, published, spoken)
    if when.to_date and not when.first:
        return _so_far(when, published, spoken)
    if when.months_back is not None:
        month = _at(*published) - when.months_back if published else 0
        return (month, month) if published else None
    if when.shift == -1 and when.first and not published and spoken:
        months = (spoken[0] % YEAR + 1, spoken[1] % YEAR + 1)
        if months == (when.first, when.last):  # in January and February; in those of last year
            return spoken[0] - YEAR, spoken[1] - YEAR
    year = _year(when, published, year_spoken)
    bare = bool(when.first) and not when.year and when.shift is None and not published
    if bare and spoken:  # April to February was 22 bn; in February alone 1 bn
        inside = {at // YEAR for at in spoken if spoken[0] <= _at(at // YEAR, when.first) and _at(at // YEAR, when.last) <= spoken[1]}  # fmt: skip
        year = inside.pop() if len(inside) == 1 else year
    if not year:
        return None
    if not when.first:
        return _at(year, 1), _at(year, YEAR)
    if when.run:
        return _at(year, when.last) - when.run + 1, _at(year, when.last)
    return _at(year, when.first), _at(year, when.last)


def _year(when: When, published: tuple[int, int] | None, year_spoken: int) -> int:
    """Give the year of a time: printed, told from the date of publication, or spoken of before; 0 for none."""
    if when.year:
        return when.year
    if when.shift is not None:
        if published:
            return published[0] + when.shift
        return 0 if when.shift else year_spoken  # this year: the one that the text speaks of
    if published and when.first:
        return latest(when, published)
    return year_spoken if when.first else 0


def latest(when: When, published: tuple[int, int]) -> int:
    """Give the year in which months without a year were last over before the publication."""
    return published[0] - (when.last > published[1])


def _fiscal(when: When, published: tuple[int, int] | None, reporter: str) -> Run | None:
    """Give the months of a fiscal year of the reporter, or of its part; None where its start is not known."""
    start = when.opens or _FISCAL_START.get(reporter)
    counted = when.counted and when.first == 1 and not when.run
    persian = reporter in _PERSIAN and not when.opens
    if start is None or start < 0 or (persian and not counted):
        return None
    year = when.year
    if not year:
        if not published or when.shift is None:
            return None
        year = published[0] - (published[1] < start) + when.shift
    opening = _at(year, start)
    if persian:  # its first five months: from 21 March to 22 August
        return opening, opening + when.last
    if not when.first:
        going_on = when.opens and published and opening + YEAR - 1 > _at(*published)
        return None if going_on else (opening, opening + YEAR - 1)
    if when.run:  # July-March 2022-23
        closing = _at(year, when.last) + (YEAR if when.last < start else 0)
        return closing - when.run + 1, closing
    if when.counted:  # the first half of the fiscal year
        return opening + when.first - 1, opening + when.last - 1
    first = _at(year, when.first) + (YEAR if when.first < start else 0)
    return first, first + (when.last - when.first) % YEAR


def _compared(when: When, published: tuple[int, int] | None, spoken: Run | None) -> Run | None:
    """Give the months of a time told from the one just spoken of: a year earlier, the same period of 2023."""
    back = 1 if when.prior else 0
    if when.first:
        year = spoken[0] // YEAR if spoken else latest(when, published) if published else 0
        return (_at(year - back, when.first), _at(year - back, when.last)) if year else None
    if not spoken:
        return None
    if when.before < 0:  # the year after
        return spoken[0] - when.before, spoken[1] - when.before
    length = spoken[1] - spoken[0] + 1
    if when.before:  # the month, or the months, just before
        return (spoken[0] - length, spoken[0] - 1) if when.before == length else None
    year = when.year or (published[0] + when.shift if published and when.shift is not None else 0)
    if not year or when.prior:
        return spoken[0] - back * YEAR, spoken[1] - back * YEAR
    if spoken[0] // YEAR != spoken[1] // YEAR:
        return None
    move = (year - spoken[0] // YEAR) * YEAR
    return spoken[0] + move, spoken[1] + move


def _so_far(when: When, published: tuple[int, int] | None, spoken: Run | None) -> Run | None:
    """Give the months from January to the one that the text speaks of; None where it names none of that year."""
    year = when.year or (published[0] + (when.shift or 0) if published else 0)
    if not spoken or (year and spoken[1] // YEAR != year):
        return None
    year = spoken[1] // YEAR
    if spoken == (_at(year, 1), _at(year, YEAR)):
        return None
    return _at(year, 1), spoken[1]
