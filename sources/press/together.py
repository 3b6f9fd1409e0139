"""Owns what the figures of one sentence say of each other once each is read: order of times, signs, aims, round marks."""

from __future__ import annotations

import itertools
from dataclasses import replace

from sources.press.levels import is_origin
from sources.press.meaning import settle
from sources.press.once import PASSED
from sources.press.scene import Claim, Context, Scene
from sources.press.vocabulary import AGGLUTINATIVE
from sources.press.when import When


def together(view: Scene, found: list[Claim], context: Context, balances: set[int]) -> list[Claim]:
    """Give the figures of a sentence as they stand beside each other; `balances`: where plain balances stand."""
    out = [c for c in found if not _milestone(view, c, found)]
    _sign_by_flows(out, balances)
    if view.words.language in AGGLUTINATIVE:
        _shared_aims(view, out)
    _spanned(view, out, context)
    return _month_by_month(view, _parallel_times(view, out), context)


def _milestone(view: Scene, claim: Claim, out: list[Claim]) -> bool:
    """Tell whether an amount is only the round mark that a figure beside it passed: 979 m, past the mark of 900 m."""
    said = view.words.starting("milestone", view.text[claim.amount.end :]) is not None
    if not said and claim.approx != "over":
        return False
    meant = (claim.flow, claim.reporter, claim.partner, claim.period)
    near = [c for c in out if c is not claim and (c.flow, c.reporter, c.partner, c.period) == meant]
    if said:
        return any(c.amount.value > claim.amount.value for c in near)
    mark = claim.amount.value  # 7,049, past 7,000 for the first time
    return any(mark < c.amount.value < (1 + PASSED) * mark for c in near)


def _parallel_times(view: Scene, out: list[Claim]) -> list[Claim]:
    """Deal times in one list out in order: 5 and 6 billion in 2023 and 2024 respectively."""
    if len(out) < 2 or not view.words.find("each", view.text):
        return out
    named = [w for w in view.times if w.year and not w.prior]
    if len(named) == len(out) and len({c.period for c in out}) == 1:
        periods = [_written(w) for w in named]
        return [replace(c, period=p) for c, p in zip(out, periods, strict=True)]
    ends = [w.year for w in named if not w.first]
    if len(named) == len(ends) == 2 and ends[1] - ends[0] == len(out) - 1:
        gap = view.text[named[0].end : named[1].start]
        if view.words.pattern("年?(?:<range>|<to_month>)| (?:<range>|<to_month>) ").fullmatch(gap):
            return [replace(c, period=str(ends[0] + n)) for n, c in enumerate(out)]
    return out


def _month_by_month(view: Scene, out: list[Claim], context: Context) -> list[Claim]:
    """Deal months in one list out in order: August, September and October brought in 40, 39 and 36 m respectively."""
    if len(out) < 2 or not view.words.find("each", view.text):
        return out
    months = [(start, int(code)) for start, _, code in view.words.find("month", view.text)]
    for at in range(len(out) - 1):
        low, group = out[at - 1].amount.end if at else 0, out[at:]
        mine = [n for start, n in months if low <= start < group[0].amount.start]
        if len(mine) == len(group):
            years = [w.year for w in view.times if w.year]
            whens = [When(0, 0, year=years[-1] if years else 0, first=n, last=n) for n in mine]
            told = [settle(w, context.published, out[0].period, context.year, "") for w in whens]
            return out[:at] + [replace(c, period=p) for c, p in zip(group, told, strict=True)]
    return out


def _spanned(view: Scene, out: list[Claim], context: Context) -> None:
    """Give the two years of a span to the levels at its ends: between 2010 and 2015 it grew from 6 to 8 bn."""
    years = [w for w in view.times if w.year and not w.first and not w.prior and not w.same]
    for one, after in itertools.pairwise(out):
        head = [w for w in years if w.end <= one.amount.start][-2:]
        if len(head) < 2 or one.flow != after.flow or not is_origin(view, one.amount):
            continue
        gap = view.text[head[0].end : head[1].start]
        if head[0].year < head[1].year and view.words.pattern(" (?:<and>|<range>|<to_month>) ").fullmatch(gap):  # fmt: skip
            one.period, after.period = (_written(w) for w in head)


def _shared_aims(view: Scene, out: list[Claim]) -> None:
    """Let a verb at the end speak of all amounts in its list: aims to raise it to 5, then to 10 bn."""
    for one, after in zip(reversed(out[:-1]), reversed(out[1:]), strict=True):
        gap = view.text[one.amount.end : after.amount.start]
        named = view.words.find("flow", gap)  # reached 8 bn of trade, is to be raised to 15 bn
        aimed = not one.status and after.status == "target" and one.flow == after.flow
        named = named or view.words.find("goes", gap)  # reached 3 bn, is to be raised to 10
        if aimed and len(gap) < 28 and not named:
            start = max((a.end for a in view.amounts if a.end <= one.amount.start), default=0)
            ahead = [w for w in view.times if start <= w.start < one.amount.start and not w.first]
            dated = any(
                not w.prior and (w.year or (w.shift or 0) > 0 or w.shift == 0) for w in ahead
            )
            one.status = after.status  # to 3 bn this year, and to 5 bn in 2020
            one.period = one.period if dated and one.period else after.period


def _sign_by_flows(out: list[Claim], plain: set[int]) -> None:
    """Give a balance without a sign the one of exports less imports: 224 and 299 bn, the difference 75."""
    for claim in out:
        if claim.amount.start not in plain:
            continue
        flows = {c.flow: c.amount.value for c in out if c.currency == claim.currency}
        if {"exports", "imports"} <= flows.keys():
            claim.negative = flows["exports"] < flows["imports"]


def _written(when: When) -> str:
    """Write a time that names its year."""
    return settle(when, None, "", 0, "")
