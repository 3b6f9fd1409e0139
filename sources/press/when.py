"""Owns the times of a sentence: which years, months, quarters and halves it names, and what relative ones mean."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

from sources.press.vocabulary import UNSPACED, Vocabulary, vocabulary

_YEAR = r"(?<!\d)(?<!\d[.,/])(?:19[89]\d|20[0-4]\d)(?!\d|[.,]\d|/\d\d\d\d)"
_FISCAL = re.compile(r"(?<!\d)(?<!\d[.,/-])(20[0-4]\d)\s?[-/]\s?(?:20)?(\d\d)(?![\d-])")
_JOINED = re.compile(r"[^\d;:()%]{0,26}")
# First month of the fiscal year that a country's trade is reported by.
_FISCAL_START = {"IND": 4, "JPN": 4, "GBR": 4, "HKG": 4, "SGP": 4, "AUS": 7, "NZL": 7, "PAK": 7, "BGD": 7, "EGY": 7, "NPL": 7, "KEN": 7}  # fmt: skip


@dataclass(frozen=True)
class When:
    """A time named in a sentence; `year` 0 where none is named, months 0 where none are."""

    start: int
    end: int
    year: int = 0
    first: int = 0
    last: int = 0
    shift: int | None = None  # years against the year of publication
    months_back: int | None = None  # months against the month of publication
    rolling: bool = False  # the twelve months that end with the month: the year to June
    prior: bool = False  # a year before the time just spoken of
    month_before: bool = False  # the month before the one just spoken of
    same: bool = False  # the time just spoken of
    fiscal: bool = False
    until: bool = False  # a span of years: the value is none of one year


@functools.cache
def _month_ranges(language: str) -> re.Pattern[str]:
    words = vocabulary(language)
    month = rf"(?:{words.fragment('month')})"
    joint = words.fragment("to_month")
    edge = "" if language in UNSPACED else r"(?<!\w)"
    back = "" if language in UNSPACED else r"(?!\w)"
    prefix = r"(?:ال|ل|و|ب)?" if language == "ar" else ""
    day = r"(?:(?:el|o|le|the) )?\d\d?(?:er|st|nd|rd|th|[º°])? (?:de |of )?"
    year = r"(?P<year>(?: (?:de |of )?| )20\d\d)?"
    return re.compile(
        rf"{edge}{prefix}(?P<a>{month})\.?{year}(?:(?: ?(?:-|/|~|{joint}) ?)(?P<day>{day})?{prefix}(?P<b>{month}))?{back}"
    )


_FIRST_DAY = re.compile(r"(?<!\d)1(?:er|st|[º°])? ?(?:de |of )?$")


@functools.lru_cache(maxsize=4096)
def _month(language: str, text: str) -> int:
    rows = vocabulary(language).rows.get("month", [])
    return next((int(code) for code, pattern in rows if re.fullmatch(pattern, text)), 0)


def _counted(words: Vocabulary, text: str) -> list[tuple[int, int, int, int]]:
    """Give (start, end, first month, last month) of halves, quarters and the first n months."""
    found = []
    for kind, size in (("half", 6), ("quarter", 3)):
        for start, end, code in words.find(kind, text):
            n = int(code)
            found.append((start, end, (n - 1) * size + 1, n * size))
    for kind, pattern in words.rows.get("months", []):
        edge = "" if words.language in UNSPACED else r"(?<!\w)"
        edge += r"(?:[وف]?(?:لل|بال|[لب]))?" if words.language == "ar" else ""
        for hit in words.pattern(edge + pattern).finditer(text):
            count = kind if kind.isdigit() else next((g for g in hit.groups() if g), "")
            if not count.isdigit():
                rows = words.rows.get("count", []) + words.rows.get("number", [])
                count = next((c for c, p in rows if re.fullmatch(p, count)), "")
            if count == "12" and words.find("rolling", text[hit.start() : hit.end() + 20]):
                continue  # the twelve months to March
            if count.isdigit() and 1 <= int(count) <= 12:
                found.append((hit.start(), hit.end(), 1, int(count)))
    for start, end, code in words.find("whole_year", text):
        found.append((start, end, 1, int(code or 12)))
    return found


def _spans(words: Vocabulary, text: str) -> list[tuple[int, int, int, int]]:
    found = _counted(words, text)
    for hit in _month_ranges(words.language).finditer(text):
        if hit["day"] and not _FIRST_DAY.search(text[: hit.start()]):
            continue  # two dates, no run of months
        if _is_day(words, text, hit.start(), hit.end(), hit["b"] is not None):
            continue
        first = _month(words.language, hit["a"])
        last = _month(words.language, hit["b"]) if hit["b"] else first
        if first and last:
            found.append((hit.start(), hit.end(), first, last))
    if words.language in UNSPACED:
        for hit in re.finditer(
            r"(?<!\d)(1[0-2]|[1-9])月?份?\s?(?:[-~至到]|から)\s?(?:20\d\d年)?(1[0-2]|[1-9])月份?期?",
            text,
        ):
            found.append((hit.start(), hit.end(), int(hit[1]), int(hit[2])))
        for hit in re.finditer(r"(?<!\d)(1[0-2]|[1-9])月(?!\d{1,2}日)份?", text):
            if not re.match(r"\d{1,2}日", text[hit.end() :]):
                found.append((hit.start(), hit.end(), int(hit[1]), int(hit[1])))
    # The longest reading of a stretch wins: "January-September" over "January".
    found.sort(key=lambda s: (s[0] - s[1], s[0]))
    kept: list[tuple[int, int, int, int]] = []
    for span in found:
        if span[2] <= span[3] and all(span[1] <= k[0] or span[0] >= k[1] for k in kept):
            kept.append(span)
    return sorted(kept)


def _is_day(words: Vocabulary, text: str, start: int, end: int, ranged: bool) -> bool:
    """Tell whether a month is only part of a date: 29 November, Nov. 29."""
    after = re.match(
        r"\.? ?(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?!\d|[.,]\d| ?%|[- ]?\d)", text[end:]
    )
    if after and words.starting("scale", text[end + after.end() :]) is not None:
        after = None
    before = re.search(r"(?<!\d)(?<!\d[.,])(?:3[01]|[12]\d|0?[1-9])(?:\.|er|st|nd|rd|th|-|º)?(?: de| of)? ?$", text[:start])  # fmt: skip
    return bool(not ranged and (after or before))


def times(text: str, words: Vocabulary) -> list[When]:
    """Give the times that a folded sentence names, in order, months joined to the year beside them."""
    found = {kind: words.find(kind, text) for kind in ("prior", "same")}
    whole = text
    for start, end, _ in found["prior"]:
        text = text[:start] + "\u2007" * (end - start) + text[end:]
    years: list[When] = []
    for hit in _FISCAL.finditer(text):
        if int(hit[2]) == (int(hit[1]) + 1) % 100 and not words.find(
            "span", text[hit.start() - 12 : hit.start()]
        ):
            years.append(When(hit.start(), hit.end(), year=int(hit[1]), fiscal=True))  # fmt: skip
    for hit in re.finditer(_YEAR, text):
        if any(y.start <= hit.start() < y.end for y in years):
            continue
        years.append(When(hit.start(), hit.end(), year=int(hit[0])))
    for start, end, _ in words.find("business_year", text):
        years = [w for w in years if not start <= w.start < end]
        years.append(When(start, end, year=int(text[start : start + 4]), fiscal=True))
    for start, end, code in words.find("relative", text):
        years.append(When(start, end, shift=int(code)))
    for start, end, code in words.find("lastmonth", text):
        years.append(When(start, end, months_back=int(code or 1)))
    spans = _spans(words, text)
    joined: list[When] = []
    used: set[int] = set()
    for start, end, first, last in spans:
        choice, distance = -1, 99
        for at, year in enumerate(years):
            if at in used or year.months_back is not None:
                continue
            if year.start >= start and year.end <= end:
                gap, size = "", 0
            elif year.start >= end:
                gap, size = text[end : year.start], year.start - end
            elif year.end <= start:
                gap, size = text[year.end : start], start - year.end + 1
            else:
                continue
            if size < distance and _JOINED.fullmatch(gap) and not re.search(r"[,،，].*\w\w\w", gap):
                choice, distance = at, size
        if choice >= 0:
            year = years[choice]
            used.add(choice)
            if year.fiscal and words.language == "ja" and (first, last) in ((1, 6), (1, 3), (4, 6), (7, 9)) and "月" not in text[start:end]:  # fmt: skip
                first, last = first + 3, last + 3  # halves and quarters of a year from April
            joined.append(replace(year, start=min(start, year.start), end=max(end, year.end), first=first, last=last, fiscal=False))  # fmt: skip
        else:
            joined.append(When(start, end, first=first, last=last))
    joined += [year for at, year in enumerate(years) if at not in used]
    for kind in ("prior", "same"):
        for start, end, _ in found[kind]:
            inside = [w for w in joined if w.start < end and start < w.end]
            spelt = re.search(_YEAR, whole[start:end])
            if kind == "prior" and spelt:
                joined.append(When(start, end, year=int(spelt[0]), same=True))
                continue
            month = (
                _month_ranges(words.language).search(whole[start:end]) if kind == "prior" else None
            )
            if month and not inside and not month["b"]:
                at = _month(words.language, month["a"])
                joined.append(When(start, end, first=at, last=at, prior=True))
                continue
            if kind == "same" and any(w.prior or w.start == start for w in inside):
                continue
            near = [w for w in joined if 0 <= w.start - end <= 9 and not w.first and w.year]
            near = [w for w in near if not re.search(r"[,;.(]", text[end : w.start])]
            for covered in inside:
                joined.remove(covered)
            if near:
                joined.remove(near[0])
                joined.append(replace(near[0], start=start, same=True))
            elif any(w.year for w in inside):
                named = next(w.year for w in inside if w.year)
                joined.append(When(start, end, year=named, same=True))
            elif (
                kind == "prior"
                and not inside
                and (
                    led := [
                        w
                        for w in joined
                        if w.first and not w.year and not w.prior and 0 <= start - w.end <= 2
                    ]
                )
            ):
                joined.remove(led[0])  # the first quarter of the preceding year
                joined.append(replace(led[0], end=end, prior=True, shift=None))
            elif inside and inside[0].first and kind == "prior":
                first, last = inside[0].first, inside[0].last
                joined.append(When(start, end, first=first, last=last, prior=True))
            else:
                joined.append(When(start, end, prior=kind == "prior", same=kind == "same"))
    for start, end, _ in words.find("prior_month", text):
        joined = [w for w in joined if not start <= w.start < end]
        joined.append(When(start, end, prior=True, month_before=True))
    for at, when in enumerate(joined):
        if when.first and when.first == when.last:
            tail = text[max(0, when.start - 30) : when.start]
            joined[at] = replace(when, rolling=words.ending("rolling", tail) is not None)
    return sorted(joined, key=lambda w: w.start)


def write(year: int, first: int, last: int) -> str:
    """Write a run of months of a year as the contract has it: 2024, 2024-03, 2024-Q1, 2024-H1, 2024-01..2024-09."""
    if not first or (first, last) == (1, 12):
        return str(year)
    if first == last:
        return f"{year}-{first:02d}"
    if last - first == 2 and first % 3 == 1:
        return f"{year}-Q{(first + 2) // 3}"
    if last - first == 5 and first % 6 == 1:
        return f"{year}-H{(first + 5) // 6}"
    return f"{year}-{first:02d}..{year}-{last:02d}"


def read(period: str) -> tuple[int, int, int]:
    """Give (year, first month, last month) of a period that `write` wrote; months 0 for a year."""
    year = int(period[:4])
    if "Q" in period or "H" in period:
        size = 3 if "Q" in period else 6
        n = int(period[-1])
        return year, (n - 1) * size + 1, n * size
    months = re.findall(r"-(\d\d)(?!\d)", period)
    if not months:
        return year, 0, 0
    return year, int(months[0]), int(months[-1])


def settle(
    when: When, published: tuple[int, int] | None, spoken: str, year_spoken: int, reporter: str
) -> str:
    """Give the period that a named time means, "" where the text does not settle it.

    `published` is (year, month), `spoken` the period that the text spoke of last, `year_spoken` its last year.
    """
    if when.rolling:
        end = settle(replace(when, rolling=False), published, spoken, year_spoken, reporter)
        if not end:
            return ""
        closing, month, _ = read(end)
        return f"{closing - 1}-{month + 1:02d}..{end}" if month < 12 else str(closing)
    if when.fiscal:
        start = _FISCAL_START.get(reporter)
        if start is None:
            return ""
        return f"{when.year}-{start:02d}..{when.year + 1}-{start - 1:02d}"
    if when.prior or when.same:
        back = 1 if when.prior else 0
        if when.first and spoken:
            return write(int(spoken[:4]) - back, when.first, when.last)
        if when.first and published:
            year = _latest(when, published)
            return write(year - back, when.first, when.last)
        if not spoken:
            return ""
        if ".." in spoken and spoken[:4] != spoken[9:13]:
            if when.month_before or when.year:
                return ""
            return f"{int(spoken[:4]) - back}{spoken[4:9]}{int(spoken[9:13]) - back}{spoken[13:]}"
        year, first, last = read(spoken)
        if when.month_before:
            if not first or first != last:
                return ""
            return write(year, first - 1, first - 1) if first > 1 else write(year - 1, 12, 12)
        return write(when.year or year - back, first, last)
    if when.months_back is not None:
        if not published:
            return ""
        at = published[0] * 12 + published[1] - 1 - when.months_back
        return write(at // 12, at % 12 + 1, at % 12 + 1)
    if when.shift is not None:
        if not published:
            return ""
        return write(published[0] + when.shift, when.first, when.last)
    if when.year:
        return write(when.year, when.first, when.last)
    if published:
        return write(_latest(when, published), when.first, when.last)
    return write(year_spoken, when.first, when.last) if year_spoken else ""


def _latest(when: When, published: tuple[int, int]) -> int:
    """Give the year in which months without a year were last over before the publication."""
    return published[0] - (when.last > published[1])
