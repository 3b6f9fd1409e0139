"""Owns the period of earlier levels: what an amount was set against, came from, or was a year before."""

from __future__ import annotations

from dataclasses import replace

from sources.press.asked import DATED, Asked
from sources.press.levels import (
    came_from,
    ends_of,
    is_origin,
    set_against,
    was_level,
)
from sources.press.meaning import YEAR, read, settle
from sources.press.scene import Claim, Context, Scene
from sources.press.vocabulary import AGGLUTINATIVE
from sources.press.when import FRONT, When


def after_level(asked: Asked) -> str | None:
    """Date the level before that an amount is set behind: rose to 7 bn from 6; it exported 114 bn after 83."""
    view, claim, out = asked.view, asked.claim, asked.out
    if not out:
        return None
    if not asked.tail and came_from(view, claim, out[-1]):
        return _year_earlier(view, claim, out[-1].period, asked.context)
    before = view.text[max(0, asked.amount.start - 24) : asked.amount.start]
    level = view.words.ending("was_level", before) is not None
    if level and not asked.own and out[-1].flow == claim.flow:
        return _year_earlier(view, claim, asked.spoken, asked.context)
    return None


def against(asked: Asked) -> str | None:
    """Date an amount that the one before is set against: 20 bn last month, against 19 last year."""
    if not asked.out or not set_against(asked.view, asked.amount):
        return None
    one, other = asked.out[-1], asked.claim
    if (one.flow, one.reporter, one.partner) != (other.flow, other.reporter, other.partner):
        return None  # exports of 5 bn against imports of 3; to China 5 bn, against 3 to Japan
    asked.claim.back = True
    text, start = asked.view.text, asked.amount.start
    mine = [w for w in asked.order if not asked.view.words.find("against", text[w.end : start])]
    if not mine:  # 15 bn in 2018, against 12 bn: nobody says of when
        return _year_earlier(asked.view, asked.claim, asked.spoken, asked.context)
    if _year_back(mine[0], asked.spoken, asked.context):
        return asked.settle(replace(mine[0], shift=None, prior=True), asked.spoken)
    return None


def was_so(asked: Asked) -> str | None:
    """Leave a level open that a noun had before: the gap that was 951 bn narrowed to 773."""
    if asked.head or not was_level(asked.view, asked.amount):
        return None
    asked.claim.back = True
    return next((c.period for c in reversed(asked.out) if c.timed >= 0), "")


def in_ablative(asked: Asked) -> str | None:
    """Date a level that an ending shows as the one before: in April it rose from the 15 bn of March to 22 bn."""
    head = asked.head
    declined = asked.origin and asked.view.words.language in AGGLUTINATIVE
    if not declined or len(head) == 1 or any(w.prior for w in head):
        return None
    asked.claim.back = True
    if not head:
        return None
    asked.claim.timed = head[-1].start
    return asked.settle(head[-1], asked.spoken, asked.context.year)


def at_ends(asked: Asked) -> str | None:
    """Date the two levels of a move that the sentence dates: from 2010 to 2016 imports went from 3 to 6 bn."""
    ends = None if asked.tail else ends_of(asked.view)
    if not ends:
        return None
    if asked.origin:
        asked.claim.back = True
        return ends[0]
    moved = asked.out and asked.out[-1].back and is_origin(asked.view, asked.out[-1].amount)
    return ends[1] if moved else None


def came(asked: Asked) -> str | None:
    """Date a level that a later one came from, and that has no time behind it: a year before that one."""
    if asked.tail or not asked.origin or (asked.head and _of_that(asked.view.text[asked.head[-1].end : asked.amount.start])):  # fmt: skip
        return None
    named = [w for w in asked.view.times if not w.prior and not w.same and w.end <= asked.amount.start]  # fmt: skip
    after = [a.start for a in asked.view.amounts if a.start > asked.amount.start]
    until = [*after, len(asked.view.text)][1]
    named = named or [w for w in asked.view.times if w.first and after[0] < w.start < until]
    named = [w for w in named if not w.prior and not w.same]  # to 9 m during July to November
    if asked.head and asked.head[-1].same:
        asked.claim.timed = asked.head[-1].start  # from the 12 bn of the same months of 2024 to 13
    past = [w for w in asked.head if w.prior and w.start < FRONT] if not named else []
    if past:  # a year before, it had gone from 5 to 6 bn
        return _year_earlier(asked.view, asked.claim, asked.settle(past[-1], asked.spoken), asked.context)  # fmt: skip
    base = asked.settle(named[0 if named[0].start > asked.amount.start else -1], asked.spoken) if named else asked.spoken  # fmt: skip
    return _year_earlier(asked.view, asked.claim, base, asked.context)


def _of_that(gap: str) -> bool:
    """Tell whether a time stands right before its amount: 19年の4億ドルから7億ドルに."""
    return gap in ("の", "年の", "年度の", "的", "年的")


def _year_back(when: When, spoken: str, context: Context) -> bool:
    """Tell whether "last year" means the same months of it: 7 bn in April to May, against 6 bn last year."""
    if when.shift != -1 or when.first or when.fiscal or len(spoken) < DATED:
        return False
    if not context.published:
        return True
    return int(spoken[-7:][:4] if ".." in spoken else spoken[:4]) >= context.published[0]


def _year_earlier(view: Scene, claim: Claim, base: str, context: Context) -> str:
    """Give the period of an earlier level that has no time of its own: the same months a year before `base`.

    That is said where the text compares with a year before, assumed for months that run on, and left open for one month.
    """
    claim.back = True
    if not base:
        return ""
    if base == context.basis[0]:
        return context.basis[1]  # in 2024 trade was 109 bn against 60 in 2020. Exports rose from 31
    first, last = read(base)
    said = context.compared or bool(view.words.find("prior", view.text))
    said = said or any(
        w.same and w.year == int(base[:4]) - 1 for w in view.times
    )  # in January of 2019
    if (
        not said
        and last - first < YEAR - 1
        and (context.stepped or view.words.find("stepped", view.text))
    ):
        at, length = claim.amount.start, last - first + 1
        when = When(at, at, prior=True, before=length)
        return settle(
            when, context.published, base, 0, claim.reporter
        )  # against the quarter before
    if first == last and not said:
        return ""
    if not said:
        claim.assumed = (*claim.assumed, "period")
    at = claim.amount.start
    return settle(When(at, at, prior=True), context.published, base, 0, claim.reporter)
