"""Owns the times of a sentence: which years, months, quarters and halves it names, and how they stand together."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sources.press.spans import Span, month_of, month_ranges, spans_of
from sources.press.vocabulary import AGGLUTINATIVE, UNSPACED, Vocabulary

_YEAR = r"(?<!\d)(?<!\d[.,/])(?:19[5-9]\d|20[0-4]\d)(?!\d|[.,]\d|/\d\d\d\d)"
_FISCAL = re.compile(
    r"(?<!\d)(?<!\d[.,/-])(20[0-4]\d)\s?(?:[-/]|至(?=(?:20)?\d\d(?:财年|年度)))\s?(?:20)?(\d\d)(?![\d-])"
)
_PERSIAN_ERA = 621  # years
YEAR = 12  # months
_JOINED = re.compile(r"[^\d;:()%]{0,26}")


FRONT = 5  # a time that starts within so many characters opens its sentence


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
    run: int = 0  # so many months that end with the last one: the three months to January
    prior: bool = False  # a year before the time just spoken of
    before: int = (
        0  # so many months just before the time just spoken of; a year after it where negative
    )
    same: bool = False  # the time just spoken of
    size: int = 0  # of so many months: the month, the year spoken of
    fiscal: bool = (
        False  # the year is one of the reporter's own, named by the year in which it begins
    )
    counted: bool = False  # the months are counted from the start of the year: the second half
    opens: int = 0  # the month in which the season that is meant begins, -1 where nobody says
    to_date: bool = False  # from the start of the year to the month, named here or spoken of


def _closed(words: Vocabulary, text: str, when: When) -> When:
    """Let a month that a run ends with stand for the run: the three months to January, by the end of May."""
    if not when.first or when.first != when.last or when.run:
        return when
    before = text[max(0, when.start - 40) : when.start]
    months = words.ending("rolling", before)
    if months is not None:
        return replace(when, run=int(months or 12))
    closes = words.ending("to_date", before) is not None
    closes = closes or bool(words.find("to_date", text[when.start : when.end]))  # 今年截至10月
    if closes or words.starting("to_date_after", text[when.end : when.end + 40]) is not None:
        return replace(when, first=1)
    return when


def opening(text: str, words: Vocabulary) -> tuple[int, int, int] | None:
    """Give where a sentence says in which month a season begins, and that month: eylülde başlayan sezon."""
    if "opens" not in words.rows or not words.find("season", text):
        return None
    hit = words.pattern(r"(?<!\w)(<month>)'?\w{0,3} (?:ayi\w* )?<opens>").search(text)
    return (hit.start(1), hit.end(1), month_of(words.language, hit[1])) if hit else None


def times(text: str, words: Vocabulary) -> list[When]:
    """Give the times that a folded sentence names, in order, months joined to the year beside them."""
    if words.language in UNSPACED:  # which months the fiscal year has
        text = _SPELT_OUT.sub(lambda hit: "\u2007" * len(hit[0]), text)
    whole = text
    prior = words.find("prior", text)
    for start, end, _ in prior:
        text = text[:start] + "\u2007" * (end - start) + text[end:]
    opened = opening(text, words)
    if opened:
        text = text[: opened[0]] + "\u2007" * (opened[1] - opened[0]) + text[opened[1] :]
    joined = _joined(spans_of(words, text), _years(text, words), text, words)
    joined = [_closed(words, text, when) for when in joined]
    for start, end, _ in words.find("to_date_year", text):  # since the start of the year
        inside = [w for w in joined if w.start < end and start < w.end]
        if words.language in UNSPACED and any(0 <= start - w.end <= 2 and w.first for w in joined):
            continue  # 前9个月,累计进口8618万吨
        beside = [w for w in joined if 0 <= w.start - end <= 26]
        beside = [w for w in beside if w.first and (w.first == w.last or w.first == 1)]
        if beside and not beside[0].run:
            joined[joined.index(beside[0])] = replace(beside[0], start=start, first=1)
        elif all(not w.first or w.first == w.last == 1 for w in inside):  # since January
            joined = [w for w in joined if w not in inside]
            year = next((w.year for w in inside if w.year), 0)
            joined.append(When(start, end, year=year, shift=None if year else 0, to_date=True))
    for kind, hits in (("prior", prior), ("same", words.find("same", whole))):
        for start, end, _ in hits:
            joined = _told(kind, start, end, joined, text, whole, words)
    for start, end, code in words.find("spoken_of", whole):
        if all(w.end <= start or end <= w.start for w in joined):
            joined.append(When(start, end, same=True, size=int(code)))
    joined += _as_of(text, words)
    for start, end, _ in words.find("later", text):
        joined = [w for w in joined if not (w.start < end and start < w.end)]
        joined.append(When(start, end, same=True, before=-YEAR))
    for start, end, code in words.find("prior_month", text):
        joined = [w for w in joined if not start <= w.start < end]
        joined.append(When(start, end, prior=True, before=int(code or 1)))
    if any(w.prior and w.start < FRONT for w in joined):
        # a year before, in the same month: of that year
        joined = [w for w in joined if not w.same or w.year or w.shift is not None or w.size]
    joined.sort(key=lambda w: w.start)
    return _across(joined, text, words) if "until" in words.rows else joined


def _across(found: list[When], text: str, words: Vocabulary) -> list[When]:
    """Join a month of one year and one of the next to the run between: geçen yıl eylülden bu yıl ağustosa kadar."""
    out: list[When] = []
    for when in found:
        before = out[-1] if out else None
        one = before is not None and before.first == before.last > 0 == before.run
        if before is None or not one or not (when.first == when.last > 0 == when.run):
            out.append(when)
            continue
        years = (when.year - before.year) if when.year and before.year else None
        if when.shift is not None and before.shift is not None:
            years = when.shift - before.shift
        ends = words.starting("until", text[when.end :]) is not None or words.ending("until", text[: when.end]) is not None  # fmt: skip
        gap = text[before.end : when.start]
        if years != 1 or not ends or not re.fullmatch(r"(?:\w{0,6} ?){0,2}", gap):
            out.append(when)
            continue
        out[-1] = replace(when, start=before.start, run=12 + when.last - before.first + 1)
    return out


def _as_of(text: str, words: Vocabulary) -> list[When]:
    """Give the months of a year that were over by the first day of one: by 1 August, January to July."""
    if "as_of" not in words.rows or words.find("season", text):
        return []
    pattern = words.pattern(
        r"(?<!\w)(?:<as_of>) (?:0?1(?:\.|st|-го|-е)? (<month>)|(<month>)\.? 1(?:st)?(?!\d))(?:,? (20\d\d))?(?!\w)"
    )
    found = []
    for hit in pattern.finditer(text):
        at = int(words.find("month", hit[1] or hit[2])[0][2])
        if at > 1:
            year = int(hit[3] or 0)
            found.append(When(*hit.span(), year=year, first=1, last=at - 1, counted=True))
    return found


def _years(text: str, words: Vocabulary) -> list[When]:
    """Give the years of a sentence: printed, fiscal, and told from the date of publication."""
    years: list[When] = []
    for hit in _FISCAL.finditer(text):
        spans = words.find("span", text[hit.start() - 12 : hit.start()])
        if int(hit[2]) == (int(hit[1]) + 1) % 100 and not spans:
            years.append(When(hit.start(), hit.end(), year=int(hit[1]), fiscal=True))
    for start, end, code in words.find("fiscal_year", text):
        years = [w for w in years if not start <= w.start < end]
        digits = re.findall(r"\d+", text[start:end])
        if digits and re.fullmatch(r"1[34]\d\d", digits[-1]):  # 1404 began in March 2025
            years.append(When(start, end, year=int(digits[-1]) + _PERSIAN_ERA, fiscal=True))
        elif digits:  # FY23 is the year that ends in 2023
            years.append(
                When(start, end, year=2000 + int(digits[-1][-2:]) + int(code or 0), fiscal=True)
            )
        elif not any(start - 1 <= w.end and w.start <= end + 1 for w in years):
            years.append(When(start, end, shift=int(code or 0), fiscal=True))
    for hit in re.finditer(_YEAR, text):
        if not any(y.start <= hit.start() < y.end for y in years) and not _dated(words, text, hit):
            years.append(When(hit.start(), hit.end(), year=int(hit[0])))
    for start, end, code in words.find("era", text):  # 平成24年, 民国114年
        counted = re.match(r"(\d{1,3}|元)年?", text[end:])
        if counted:
            stop, number = end + counted.end(), 1 if counted[1] == "元" else int(counted[1])
            years.append(
                When(start, stop, int(code) + number, fiscal=text[stop : stop + 1] == "度")
            )
    for start, end, _ in words.find("business_year", text):
        if any(w.fiscal and w.start < start < w.end for w in years):
            continue  # 2023/2024年度
        years = [w for w in years if not start <= w.start < end]
        years.append(When(start, end, year=int(text[start : start + 4]), fiscal=True))
    for start, end, code in words.find("relative", text):
        years.append(When(start, end, shift=int(code)))
    for start, end, code in words.find("lastmonth", text):
        years.append(When(start, end, months_back=int(code or 1)))
    # A record since 2023 is no figure of 2023, and takes no month beside it.
    return [w for w in years if words.ending("since", text[: w.start]) is None or _level_of(text, w, words)]  # fmt: skip


def _level_of(text: str, year: When, words: Vocabulary) -> bool:
    """Tell whether a level of the time since when follows: 自2008年10月创下602亿美元逆差以来."""
    hit = re.compile(r"年?(?:\d{1,2}月)?").match(text, year.end)
    return words.language in UNSPACED and hit is not None and words.starting("then", text[hit.end() :]) is not None  # fmt: skip


_DATE = r"(?<![\d.,])(?:3[01]|[12]\d|0?[1-9])"
_DAY = (
    rf"{_DATE}(?:\.|er|st|nd|rd|th|-|º)?(?: de| of)? ?<month>\.?,?(?: de| del)? $"
    rf"|(?<!\w)<month>\.? {_DATE}(?:st|nd|rd|th)?, $"
)


def _dated(words: Vocabulary, text: str, year: re.Match[str]) -> bool:
    """Tell whether a year only closes the date of a day: on 5 May 2023 the minister said."""
    if words.language in UNSPACED:
        return re.match(r"年?(?:1[0-2]|[1-9])月\d{1,2}日", text[year.end() :]) is not None
    return words.pattern(_DAY).search(text[max(0, year.start() - 24) : year.start()]) is not None


def _joined(spans: list[Span], years: list[When], text: str, words: Vocabulary) -> list[When]:
    """Join each run of months to the nearest year that nothing parts it from."""
    joined: list[When] = []
    used: set[int] = set()
    # Exports in January rose against last year to 5 bn: not January of last year.
    based = [words.starting("compare_after", text[y.end : y.end + 40]) is not None for y in years]
    for span in spans:
        when = When(span.start, span.end, span.year, span.first, span.last, run=span.run, counted=span.counted)  # fmt: skip
        covered = {at for at, year in enumerate(years) if year.start >= span.start and year.end <= span.end}  # fmt: skip
        if span.year:
            used |= covered
            joined.append(when)
            continue
        choice, distance = -1, 99
        for at, year in enumerate(years):
            if at in used or year.months_back is not None or (based[at] and at not in covered):
                continue
            if at in covered:
                gap, size = "", 0
            elif year.start >= span.end:
                gap, size = text[span.end : year.start], year.start - span.end
                told = year.shift is not None and words.language in AGGLUTINATIVE
                size += 2 * told  # былтыр қыркүйектен биыл тамызға: last year's September
            elif year.end <= span.start:
                gap, size = text[year.end : span.start], span.start - year.end + 1
            else:
                continue
            gap = _PASSING.sub("", gap) if year.fiscal else gap
            near = _JOINED.fullmatch(
                gap.strip("() ") if year.fiscal else gap
            )  # July-March (2022-23)
            if near and spans[1:] and words.find("compare_before", gap):
                continue  # in January against January 2022
            if size < distance and near and not re.search(r"[,،，].*\w\w\w", gap):
                choice, distance = at, size
        if choice >= 0:
            year = years[choice]
            used.add(choice)
            joined.append(replace(
                year, start=min(span.start, year.start), end=max(span.end, year.end), first=span.first,
                last=span.last, run=span.run, counted=span.counted,
            ))  # fmt: skip
        else:
            joined.append(when)
    return joined + [year for at, year in enumerate(years) if at not in used]


# What may stand between a fiscal year and its months: 2023年度(23年4月~24年3月)の11月3日までの7カ月間.
_PASSING = re.compile(r"\u2007+|\d{1,2}月\d{1,2}日(?=まで)")
_SPELT_OUT = re.compile(
    r"(?<=[年财][度年])\([^()\d]{0,2}(?:(?:20)?\d\d年)?(?P<month>1[0-2]|[1-9])月[^()]*\)"
)


def spelt_opening(text: str) -> tuple[int, int]:
    """Give the month with which the fiscal year begins that brackets spell out, and where they end: 2023/24年度(7月~6月)."""
    hit = _SPELT_OUT.search(text)
    return (int(hit["month"]), hit.end()) if hit else (0, 0)


def _told(
    kind: str, start: int, end: int, found: list[When], text: str, whole: str, words: Vocabulary
) -> list[When]:  # fmt: skip
    """Add a time that is told from the one just spoken of: a year earlier, the same period of 2023."""
    prior = kind == "prior"
    joined = list(found)
    inside = [w for w in joined if w.start < end and start < w.end]
    spelt = re.search(_YEAR, whole[start:end])
    if prior and spelt:
        return [*joined, When(start, end, year=int(spelt[0]), same=True)]
    month = month_ranges(words.language).search(whole[start:end]) if prior else None
    if month and not inside and not month["b"]:
        at = month_of(words.language, month["a"])
        return [*joined, When(start, end, first=at, last=at, prior=True)]
    if not prior and any(w.prior or w.start == start for w in inside):
        return joined
    if not prior and any(w.end == start and w.first for w in joined):
        return joined  # 11月当月: the month that stands before
    near = [w for w in joined if 0 <= w.start - end <= 9 and not w.first and w.year]
    near = [w for w in near if not re.search(r"[,;.(]", text[end : w.start])]
    if not prior and not near and words.language in AGGLUTINATIVE:  # 2024'un ayni doneminde
        near = [w for w in joined if 0 <= start - w.end <= 10 and not w.first]
        near = [w for w in near if w.year or w.shift is not None]
        near = [w for w in near if re.fullmatch(r"[-' ]?\w* ?", text[w.end : start])]
    if (
        not prior and not near and words.language not in (*AGGLUTINATIVE, *UNSPACED)
    ):  # 2018 waren es im selben Zeitraum
        near = [w for w in joined if w.year and not w.first and re.fullmatch(r" (?:\w+ ){1,3}", text[w.end : start])]  # fmt: skip
    if not prior and not near and words.language in UNSPACED:  # 2019年同期
        near = [w for w in joined if w.year and not w.first and text[w.end : start] in ("年", "年的", "年の")]  # fmt: skip
    led = [w for w in joined if w.first and not w.year and not w.prior and 0 <= start - w.end <= 2 and not re.search("[;.:]", text[w.end : start])]  # fmt: skip
    follows = [w for w in joined if w.first and not w.year and not w.prior and w.shift is None and 0 <= w.start - end <= 1]  # fmt: skip
    if prior and not inside and not led and follows and words.language in (*AGGLUTINATIVE, *UNSPACED):  # fmt: skip
        joined.remove(
            follows[0]
        )  # bir önceki yılın kasımında, 前年9月: in a month of the year before
        return [*joined, replace(follows[0], start=start, prior=True)]
    for covered in inside:
        joined.remove(covered)
    if near:
        joined.remove(near[0])
        joined.append(replace(near[0], start=min(start, near[0].start), same=True))
    elif any(w.year for w in inside):
        joined.append(When(start, end, year=next(w.year for w in inside if w.year), same=True))
    elif prior and not inside and led:
        joined.remove(led[0])  # the first quarter of the preceding year
        joined.append(replace(led[0], end=end, prior=True, shift=None))
    elif inside and inside[0].first and prior:
        joined.append(When(start, end, first=inside[0].first, last=inside[0].last, prior=True))
    else:
        joined.append(When(start, end, prior=prior, same=not prior))
    return joined
