"""Owns the period of what is yet to come: targets and forecasts."""

from __future__ import annotations

from dataclasses import replace

from sources.press.asked import Asked
from sources.press.meaning import YEAR, read, settle
from sources.press.scene import Scene
from sources.press.vocabulary import TIME_FIRST, UNSPACED
from sources.press.when import When
from sources.vocabulary import INTENDED


def to_come(asked: Asked) -> str | None:
    """Date a target or a forecast: the year it is for, the months it expects, or nothing."""
    if asked.claim.status not in INTENDED:
        return None
    view, context, amount = asked.view, asked.context, asked.amount
    lo, hi = view.clause(amount.start)
    named = [_as_year(w) for w in asked.order if not w.prior and not w.same]
    clause = [_as_year(w) for w in view.times if w.start >= lo and w.end <= hi]
    clause = [w for w in clause if w not in named]
    for when in (w for w in asked.head if w.same and not w.first and _aimed_for(view, w)):
        return asked.spoken[:4] if "年" in view.text[when.start : when.end] else asked.spoken
    for when in (*named, *clause):
        if when.first:
            if when.run and when.year and context.published and when.year >= context.published[0]:
                return asked.settle(when)  # in the season from July 2023 to June 2024
            continue
        if when.months_back is not None and when.months_back <= 0 and context.published:
            return asked.settle(when)  # this month it expects 5 bn
        if when.year and (not context.published or when.year >= context.published[0]):
            whole = (
                when.fiscal and when.opens > 0 and not when.first
            )  # 2025/26年度は4200万トンの予測
            return settle(when, None, "", 0, asked.claim.reporter) if whole else asked.settle(when)
        if when.year and _aimed_for(view, when):
            return asked.settle(when)  # 2025年の目標としていた2兆円
        if when.to_date and not when.prior and context.published:
            return str(context.published[0])  # will reach 334 bn in the year
        if when.shift is not None and when.shift >= 0:
            return asked.settle(when, "", asked.context.year)  # the aim of this year
    if context.published and view.words.find("year_end", view.text[lo:hi]):
        return str(context.published[0])  # expected to reach 7.5 bn by the end of the year
    if asked.claim.status != "forecast":
        return ""
    near = asked.head[::-1] if view.words.language in TIME_FIRST else asked.order
    months = next((w for w in near if w.first and not w.prior), None)
    if months is not None:  # economists had expected 24.7 bn in April
        dated = bool(months.year) or months.shift is not None
        if context.published and not dated and months.last >= context.published[1]:
            months = replace(months, year=context.published[0])  # by the end of December
        return asked.settle(months, context.period, context.year)
    if not named and view.words.find("awaited", view.text[:hi]):
        told = [c.period for c in asked.out if c.period and not c.back]
        return max(told, key=lambda p: read(p)[1], default=context.period)
    year = str(context.published[0]) if context.published else ""
    if year and context.period == year and not named:
        return context.period  # of the 920 bn of this year, trade with China is put at 252
    return ""


def _aimed_for(view: Scene, when: When) -> bool:
    """Tell whether a year stands right before the word for an aim: the 2 trillion aimed at for 2025, which are missed."""
    if view.words.language not in UNSPACED:
        return False
    rest = (
        view.text[when.end : when.end + 16].removeprefix("年").removeprefix("度").lstrip("のまで的")
    )
    return view.words.starting("status", rest) == "target"


def _as_year(when: When) -> When:
    """Give a whole year for its twelve months: 全年贸易额有望突破."""
    whole = when.counted and (when.first, when.last) == (1, YEAR)
    if not whole:
        return when
    return replace(when, first=0, last=0, shift=when.shift if when.year or when.shift is not None else 0)  # fmt: skip
