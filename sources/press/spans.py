"""Owns the runs of months that a sentence names, with or without a year: January to May, the first half, by 1 June."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from sources.press import han
from sources.press.vocabulary import UNSPACED, Vocabulary, vocabulary

_DECEMBER = 12
_SPELT_RUN = re.compile(
    r"([一二三四五六七八九十]{1,2})月?份?[至到~-]([一二三四五六七八九十]{1,2})月"
)


class Span(NamedTuple):
    """A run of months as a sentence names it, before it is joined to a year."""

    start: int
    end: int
    first: int
    last: int
    counted: bool = False  # a half, a quarter, the first n months
    year: int = 0  # of the last month, where the run names both of its years
    run: int = 0  # so many months that end with the last one


@functools.cache
def month_ranges(language: str) -> re.Pattern[str]:
    """Give the pattern of a month, or a run from one month to another: January, January to May."""
    words = vocabulary(language)
    month = rf"(?:{words.fragment('month')})"
    joint = words.fragment("to_month")
    edge = "" if language in UNSPACED else r"(?<!\w)"
    back = "" if language in UNSPACED else r"(?!\w)"
    prefix = r"(?:ال|ل|و|ب)?" if language == "ar" else ""
    day = r"(?:(?:el|o|le|the) )?\d\d?(?:er|st|nd|rd|th|[º°])?[ -](?:de |of )?"
    year = r"(?: (?:de |of )?| )20\d\d(?![-/]\d\d(?!\d))"
    return re.compile(
        rf"{edge}{prefix}(?P<a>{month})\.?(?P<year>{year})?"
        rf"(?:(?: ?(?:-|/|~|{joint}) ?)(?P<day>{day})?{prefix}(?P<b>{month})(?P<year_b>{year})?)?{back}"
    )


_FIRST_DAY = re.compile(r"(?<!\d)1(?:er|st|[º°])? ?(?:de |of )?$")


@functools.lru_cache(maxsize=4096)
def month_of(language: str, text: str) -> int:
    """Give the number of a month by its name, 0 for none."""
    rows = vocabulary(language).rows.get("month", [])
    return next((int(code) for code, pattern in rows if re.fullmatch(pattern, text)), 0)


def _counted(words: Vocabulary, text: str) -> list[Span]:
    """Give the halves, quarters and first n months of a sentence."""
    found = []
    for kind, size in (("half", 6), ("quarter", 3)):
        for start, end, code in words.find(kind, text):
            n = int(code)
            found.append(Span(start, end, (n - 1) * size + 1, n * size, counted=True))
    rolled = words.find("rolling", text)
    for kind, pattern in words.rows.get("months", []):
        edge = "" if words.language in UNSPACED else r"(?<!\w)"
        edge += r"(?:[وف]?(?:لل|بال|[لب]))?" if words.language == "ar" else ""
        for hit in words.pattern(edge + pattern).finditer(text):
            count = kind if kind.isdigit() else next((g for g in hit.groups() if g), "")
            if not count.isdigit():
                rows = words.rows.get("count", []) + words.rows.get("number", [])
                count = next((c for c, p in rows if re.fullmatch(p, count)), "")
            if any(s < hit.end() and hit.start() < e for s, e, _ in rolled):
                continue  # the twelve months to March
            if count.isdigit() and 1 <= int(count) <= 12:
                found.append(Span(hit.start(), hit.end(), 1, int(count), counted=True))
    for start, end, code in words.find("whole_year", text):
        found.append(Span(start, end, 1, int(code or 12), counted=True))
    return found


def _named(words: Vocabulary, text: str) -> list[Span]:
    """Give the months and runs of months that a sentence names, dates of days left out."""
    found = []
    for hit in month_ranges(words.language).finditer(text):
        before = text[max(0, hit.start() - 12) : hit.start()]
        if hit["day"] and re.search(r"\d", before[-4:]) and not _FIRST_DAY.search(before):
            continue  # two dates, no run of months; from January to 19 May is one
        if _is_day(words, text, hit.start(), hit.end(), hit["b"] is not None):
            continue
        first = month_of(words.language, hit["a"])
        last = month_of(words.language, hit["b"]) if hit["b"] else first
        if not first or not last:
            continue
        opened, closed = (
            int(y[-4:]) if y else 0 for y in (hit["year"], hit["year_b"] if hit["b"] else None)
        )
        length = last - first + 1
        if closed and (opened == closed - 1 or (not opened and length < 1)):
            length += 12  # from October 2017 to September 2018; December to February 2025
            if 0 < length <= 12:
                found.append(Span(*hit.span(), last, last, year=closed, run=length))
                continue
        end = hit.end("b") if hit["b"] else hit.end()
        if length < 1 and not opened and not closed:
            found.append(Span(hit.start(), end, last, last, run=length + 12))  # July-March
            continue
        found.append(Span(hit.start(), end, first, last))
    if words.language in UNSPACED:
        for hit in _SPELT_RUN.finditer(text):  # 一至八月
            opening, closing = int(han.value(hit[1])), int(han.value(hit[2]))
            if closing <= _DECEMBER:
                found.append(Span(*hit.span(), opening, closing))
        for hit in re.finditer(
            r"(?<!\d)(1[0-2]|[1-9])月?份?\s?(?:[-~至到]|から)\s?(?:20\d\d年)?(1[0-2]|[1-9])月份?期?",
            text,
        ):
            found.append(Span(*hit.span(), int(hit[1]), int(hit[2])))
        for hit in re.finditer(
            r"(?<!\d)(1[0-2]|[1-9])月?(?:和|与|、|と)(1[0-2]|[1-9])月(?!\d)", text
        ):
            if int(hit[2]) == int(hit[1]) + 1:  # 11月和12月
                found.append(Span(*hit.span(), int(hit[1]), int(hit[2])))
        for hit in re.finditer(r"(?<!\d)(1[0-2]|[1-9])月(?!\d{1,2}日)份?", text):
            if not re.match(r"\d{1,2}日", text[hit.end() :]):
                found.append(Span(*hit.span(), int(hit[1]), int(hit[1])))
    return found


def spans_of(words: Vocabulary, text: str) -> list[Span]:
    """Give the runs of months of a sentence; of two that overlap the longer one."""
    found = sorted(
        _counted(words, text) + _named(words, text), key=lambda s: (s.start - s.end, s.start)
    )
    kept: list[Span] = []
    for span in found:
        if span.first <= span.last and all(
            span.end <= k.start or span.start >= k.end for k in kept
        ):
            kept.append(span)
    kept.sort()
    spelt = {k.start for k in kept if text[k.start - 2 : k.start] == " ("}
    # nine months (July-March), the twelve months from December 2020 to November 2021
    spelt |= {
        k.start
        for k in kept
        if not k.counted and words.ending("between", text[: k.start]) is not None
    }
    return [
        k for k in kept if not (k.counted and any(2 <= s - k.end <= len(" from ") for s in spelt))
    ]


def _is_day(words: Vocabulary, text: str, start: int, end: int, ranged: bool) -> bool:
    """Tell whether a month is only part of a date: 29 November, Nov. 29."""
    after = re.match(
        r"\.? ?(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?!\d|[.,]\d| ?%|[- ]?\d)", text[end:]
    )
    if after and words.starting("scale", text[end + after.end() :]) is not None:
        after = None
    before = re.search(r"(?<!\d)(?<!\d[.,])(?:3[01]|[12]\d|0?[1-9])(?:\.|er|st|nd|rd|th|-|º)?(?: de| of)? ?$", text[:start])  # fmt: skip
    return bool(not ranged and (after or before))
