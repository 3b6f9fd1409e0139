"""Owns marketing years: the month in which a season of goods opens, said by the text or known of the goods."""

from __future__ import annotations

import re
from dataclasses import replace

from sources.press.meaning import read
from sources.press.scene import Context, Scene
from sources.press.vocabulary import UNSPACED
from sources.press.when import When, opening, spelt_opening

_OPENS = 30  # characters within which a season says in which month it began
_YEAR = 12  # months
_UP_TO = re.compile(r"(?<!\d)(1[0-2]|[1-9])月(?:\d{1,2}日)?(?:末|まで|時点|现在|為止|为止|底|$)")
_NEAR = 24  # characters between a year, or its first months, and the word of a season


def season(view: Scene, context: Context) -> None:
    """Let the times of a sentence that are told of a season begin with it: 2017/18 fındık sezonunun ilk 11 ayında."""
    words = view.words
    if words.language in UNSPACED:
        _business_year(view, context)
        return
    for start, end, _ in words.find("season_start", view.text):
        view.times = _so_far(view, start, end, context.period)
    if "season" not in words.rows:
        return
    places = [(s, e) for s, e, code in words.find("season", view.text) if not code]
    if not places:
        return
    said = opening(view.text, words)
    known = {int(code) for _, _, code in words.find("season", view.text) if code}
    if said:
        context.season = said[2]
    elif len(known) == 1 and not context.season:
        context.season = known.pop()
    view.times = [_of(w, places, context.season) for w in view.times]


def _business_year(view: Scene, context: Context) -> None:
    """Let fiscal years begin with the month that the text spelt out: 2023/24年度(7月~6月)の輸出, then 前年度."""
    spelt, closed = spelt_opening(view.text) if "年" in view.text else (0, 0)
    context.season = spelt or context.season
    if not context.season:
        return
    begun = [end for _, end, _ in view.words.find("season_start", view.text)]
    begun = begun or ([closed] if spelt else [])
    until = _UP_TO.search(view.text, begun[0]) if begun else None
    month = int(until[1]) if until else 0
    run = (month - context.season) % _YEAR + 1
    times = [replace(w, opens=w.opens or context.season) if w.fiscal else w for w in view.times]
    if until:  # since the year began, up to 13 October
        times = [w for w in times if not until.start() <= w.start < until.end()]
        times = [replace(w, first=month, last=month, run=run) if w.fiscal and w.start < begun[0] and not w.counted else w for w in times]  # fmt: skip
    view.times = times


def _of(when: When, places: list[tuple[int, int]], month: int) -> When:
    """Give a time the first month of the season beside which it stands; of no known month it has no period."""
    beside = any(
        0 <= s - when.end < _NEAR or 0 <= when.start - e <= 1 or when.start <= s < when.end
        for s, e in places
    )
    if not beside or when.prior or when.same:
        return when
    if when.fiscal:
        return replace(when, opens=month or -1)
    if when.counted and not when.year:  # the first four months of the season
        return replace(when, fiscal=True, shift=0, opens=month or -1)
    return when


def _ends(view: Scene, when: When) -> bool:
    """Tell whether a month stands where a run ends: until March, the total by the end of February."""
    return (
        view.words.ending("to_date", view.text[: when.start]) is not None or when.first < when.last
    )


def _so_far(view: Scene, start: int, end: int, spoken: str) -> list[When]:
    """Join the month in which a season began and the one up to which it is told: its months so far.

    Depuis l'ouverture de la campagne, le 1er octobre, le cumul à fin février: October to February.
    """
    hits = view.words.find("month", view.text[start : end + _OPENS])
    later = [w for w in view.times if hits and w.start >= start + hits[0][1] and w.first]
    last = later[-1] if later else None
    if hits and spoken and (last is None or not _ends(view, last)):
        month = read(spoken)[1]  # since the start of the season in July: to the month spoken of
        at = start + hits[0][1]
        last = When(at, at, year=month // _YEAR, first=month % _YEAR + 1, last=month % _YEAR + 1)
    if hits and last is None:  # since the start of the season in July: nobody says up to when
        return [w for w in view.times if not start <= w.start < end + _OPENS or not w.first]
    if last is None or last.prior or last.run or last.shift is not None:
        return view.times
    first = int(hits[0][2])
    inside = [w for w in view.times if start <= w.start <= last.start]
    years = [w.year for w in inside if w.year]
    year = last.year or (years[0] + (last.last < first) if years else 0)
    run = (last.last - first) % _YEAR + 1
    whole = replace(last, start=start, first=last.last, run=run, year=year)
    return [*(w for w in view.times if w not in inside), whole]
