"""Owns marketing years: the month in which a season of goods opens, said by the text or known of the goods."""

from __future__ import annotations

from dataclasses import replace

from sources.press.scene import Context, Scene
from sources.press.when import When, opening

_NEAR = 24  # characters between a year, or its first months, and the word of a season


def season(view: Scene, context: Context) -> None:
    """Let the times of a sentence that are told of a season begin with it: 2017/18 fındık sezonunun ilk 11 ayında."""
    words = view.words
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
