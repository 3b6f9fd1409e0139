"""Owns periods: which days a printed period covers, and how a period is written.

Canonical text goes by the span of days, not by how it was printed: a calendar year is `2024`, else a quarter
`2024-Q1`, a half-year `2024-H1`, a month `2024-03`, and any other run of whole months `2024-01..2024-09`.
So January to March and the first quarter are one period, and January to December is the year.
"""

from __future__ import annotations

import functools
import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sources.words import clean

if TYPE_CHECKING:
    import pandas as pd

FIRST_YEAR, LAST_YEAR = 1800, 2100
ACCEPTED = (
    "Accepted: 2024, 2024-03, 2024-Q1, 2024-H1, 2024-01..2024-09, 2023-07..2024-06 (a fiscal year)"
)


@dataclass(frozen=True)
class Period:
    """A run of days, both ends inclusive, with its canonical text."""

    start: date
    end: date
    text: str


# --- words ------------------------------------------------------------------------------------

_MONTHS = {
    1: "january jan januar январь января январе янв janvier janv enero ene janeiro ocak yanvar қаңтар يناير",
    2: "february feb februar февраль февраля феврале фев февр février févr fevrier fevr febrero fevereiro fev şubat fevral ақпан فبراير",
    3: "march mar märz maerz март марта марте мар mars marzo março marco mart наурыз مارس",
    4: "april apr апрель апреля апреле апр avril avr abril abr nisan aprel сәуір أبريل ابريل",
    5: "may mai май мая мае mayo maio mayıs mayis may мамыр مايو",
    6: "june jun juni июнь июня июне июн juin junio junho haziran iyun маусым يونيو",
    7: "july jul juli июль июля июле июл juillet juil julio julho temmuz iyul шілде يوليو",
    8: "august aug август августа августе авг août aout agosto ago ağustos agustos avgust тамыз أغسطس اغسطس",
    9: "september sept sep сентябрь сентября сентябре сен сент septembre septiembre setiembre setembro set eylül sentabr sentyabr қыркүйек سبتمبر",
    10: "october oct oktober okt октябрь октября октябре окт octobre octubre outubro out ekim oktabr oktyabr қазан أكتوبر اكتوبر",
    11: "november nov ноябрь ноября ноябре ноя нояб novembre noviembre novembro kasım noyabr қараша نوفمبر",
    12: "december dec dez dezember декабрь декабря декабре дек décembre déc decembre diciembre dic dezembro aralık dekabr желтоқсан ديسمبر",
}
MONTH_WORDS = {w: n for n, words in _MONTHS.items() for w in words.split()}
_MONTH = "|".join(sorted(map(re.escape, MONTH_WORDS), key=len, reverse=True))
_ORDINALS = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "first": 1,
    "second": 2,
}
_ORDINALS |= {"third": 3, "fourth": 4, "一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_ORDINALS |= {str(n): n for n in range(1, 5)}
_NUMBER = r"(?P<n>iv|i{1,3}|1st|2nd|3rd|4th|first|second|third|fourth|[一二三四上下]|[1-4])"
_Y = r"(?P<y>\d{4})"
_YEAR_WORDS = r"(?: ?(?:years?|г|гг|год|года|году|жыл|жылы|ж|жж|yil|yili|yılı|annee|année|año|ano|jahr|年|年度|سنة|عام))?\.?"
_TO = r" ?(?:-|\.\.|to|bis|по|до|至|到|~|a|à|al|/) ?"
_OPENING = re.compile("^(?:за|в|for|in|en|em|during|خلال|في) ")
_FLAGS = r"(?: ?\(?(?P<flag>[pref])\)?)?"


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _bad(text: str, why: str, advice: str = ACCEPTED) -> ValueError:
    shown = " ".join(str(text).split())[:60]
    return ValueError(f"the period “{shown}” {why}. {advice}")


def _year_of(text: str, digits: str) -> int:
    year = int(digits)
    if FIRST_YEAR <= year <= LAST_YEAR:
        return year
    if 2400 <= year <= 2650:
        raise _bad(
            text,
            f"looks like a year of the Buddhist calendar ({year - 543} of the common era)",
            "Write the year of the common era",
        )
    if 1300 <= year <= 1500:
        raise _bad(
            text,
            "looks like a year of a Hijri or Persian calendar, whose years do not begin in January",
            "Write the months of the common era that it covers, for example 2023-03..2024-02",
        )
    raise _bad(text, f"is outside the years {FIRST_YEAR} to {LAST_YEAR}")


def _month_of(text: str, digits: str) -> int:
    month = int(digits)
    if not 1 <= month <= 12:
        raise _bad(text, f"has no month {digits}: months go from 01 to 12")
    return month


def _span(text: str, year: int, first: int, year2: int, last: int) -> Period:
    start, end = date(year, first, 1), _month_end(year2, last)
    if end < start:
        raise _bad(text, "ends before it begins")
    return Period(start, end, _text(start, end))


def _part(text: str, year: int, n: int, months: int) -> Period:
    if not 1 <= n <= 12 // months:
        raise _bad(text, f"has no part {n} of the year")
    return _span(text, year, (n - 1) * months + 1, year, n * months)


_YEAR_DAYS = ((1, 1), (12, 31))

# --- shapes, each with what it means ------------------------------------------------------------


def _shape_year(text: str, m: re.Match[str]) -> Period:
    year = _year_of(text, m["y"])
    return _span(text, year, 1, year, 12)


def _shape_month(text: str, m: re.Match[str]) -> Period:
    year, month = _year_of(text, m["y"]), _month_of(text, m["m"])
    return _span(text, year, month, year, month)


def _shape_year_or_month(text: str, m: re.Match[str]) -> Period:
    """2024-03 and 2024/03 are months; 2023/24 and 2011/12 are, or may be, fiscal years."""
    follows = int(m["m"]) == (int(m["y"]) + 1) % 100
    if follows and (m["mark"] == "/" or int(m["m"]) > 12):
        return _shape_fiscal(text, m)
    return _shape_month(text, m)


def _shape_comext(text: str, m: re.Match[str]) -> Period:
    if m["m"] == "52":  # Eurostat writes a whole year as month 52
        return _shape_year(text, m)
    return _shape_month(text, m)


def _shape_months(text: str, m: re.Match[str]) -> Period:
    year = _year_of(text, m["y"])
    year2 = _year_of(text, m["y2"]) if m["y2"] else year
    return _span(text, year, _month_of(text, m["m"]), year2, _month_of(text, m["m2"]))


def _shape_quarter(text: str, m: re.Match[str]) -> Period:
    return _part(text, _year_of(text, m["y"]), _ORDINALS[m["n"]], 3)


def _shape_half(text: str, m: re.Match[str]) -> Period:
    return _part(text, _year_of(text, m["y"]), _ORDINALS[m["n"]], 6)


def _shape_named(text: str, m: re.Match[str]) -> Period:
    year, month = _year_of(text, m["y"]), MONTH_WORDS[m["a"]]
    return _span(text, year, month, year, month)


def _shape_named_months(text: str, m: re.Match[str]) -> Period:
    year2 = _year_of(text, m["y"])
    first, last = MONTH_WORDS[m["a"]], MONTH_WORDS[m["b"]]
    year = _year_of(text, m["y1"]) if m.groupdict().get("y1") else year2
    return _span(text, year, first, year2, last)


def _shape_first_months(text: str, m: re.Match[str]) -> Period:
    year = _year_of(text, m["y"])
    return _span(text, year, 1, year, _month_of(text, m["m"]))


def _shape_years(text: str, m: re.Match[str]) -> Period:
    year, year2 = _year_of(text, m["y"]), _year_of(text, m["y2"])
    return _span(text, year, 1, year2, 12)


def _shape_fiscal(text: str, m: re.Match[str]) -> Period:
    year = _year_of(text, m["y"] or m["fy"])
    raise _bad(
        text,
        "is a fiscal year whose months are not stated",
        f"Write its first and last month, for example {year}-07..{year + 1}-06",
    )


def _shape_day(text: str, m: re.Match[str]) -> Period:
    year, month = _year_of(text, m["y"]), _month_of(text, m["m"])
    if not 1 <= int(m["d"]) <= monthrange(year, month)[1]:
        raise _bad(text, f"has no day {m['d']}")
    return _of_date(text, date(year, month, int(m["d"])), "")


def _of_date(text: str, day: date, stands_for: str) -> Period:
    """Read a date that stands for a period: the first or last day of a month, or of a year.

    1 January and 31 December may mean either; `stands_for` ("year", "month") is what a whole column showed.
    """
    last = monthrange(day.year, day.month)[1]
    if day.day not in (1, last):
        raise _bad(text, "is a single day, not a month, quarter or year")
    if stands_for == "year":
        return _span(text, day.year, 1, day.year, 12)
    if not stands_for and (day.month, day.day) in _YEAR_DAYS:
        raise _bad(
            text,
            f"is a date that may stand for the year {day.year} or for the month {day:%Y-%m}",
            f"Write {day.year} or {day:%Y-%m}",
        )
    return _span(text, day.year, day.month, day.year, day.month)


def _shape_days(text: str, m: re.Match[str]) -> Period:
    start = date(_year_of(text, m["y"]), _month_of(text, m["m"]), 1)
    try:
        start = start.replace(day=int(m["d"]))
        end = date(_year_of(text, m["y2"]), _month_of(text, m["m2"]), int(m["d2"]))
    except ValueError as error:
        raise _bad(text, "names a day that does not exist") from error
    if start.day != 1 or end.day != monthrange(end.year, end.month)[1]:
        raise _bad(text, "does not cover whole months")
    return _span(text, start.year, start.month, end.year, end.month)


_SHAPES = [
    (re.compile(shape), meaning)
    for shape, meaning in (
        (
            rf"(?:(?:year|год|عام|سنة|annee|année|año|ano|jahr) )?{_Y}{_YEAR_WORDS}{_FLAGS}",
            _shape_year,
        ),
        (rf"{_Y}[-./ ]?m ?(?P<m>\d{{1,2}})", _shape_month),
        (rf"{_Y}(?P<mark>[-./])(?P<m>\d\d)", _shape_year_or_month),
        (rf"(?P<m>\d\d?)[./-]{_Y}", _shape_month),
        (rf"{_Y}(?P<m>\d\d)(?:-.*)?", _shape_comext),
        (rf"{_Y}(?:年| ?г\.? ?)(?P<m>\d\d?) ?(?:月|мес\.?)份?", _shape_month),
        (rf"{_Y}[-./ ]?[qk] ?(?P<n>[1-4])", _shape_quarter),
        (rf"q ?(?P<n>[1-4])[-/ ,]*{_Y}", _shape_quarter),
        (rf"{_Y}年? ?第?(?P<n>[一二三四1-4]) ?季度?", _shape_quarter),
        (
            rf"{_NUMBER}[- ]?(?:quarter|кв\.?|квартал[а-я]*|trimestre|quartal|тоқсан|chorak|çeyrek)(?: of)?,? ?{_Y}{_YEAR_WORDS}",
            _shape_quarter,
        ),
        (rf"{_Y}[-./ ]?[hsb] ?(?P<n>[12])", _shape_half),
        (rf"[hs] ?(?P<n>[12])[-/ ,]*{_Y}", _shape_half),
        (rf"{_Y}年?(?P<n>[上下])半年", _shape_half),
        (
            rf"{_NUMBER}[- ]?(?:half|half-year|полугоди[а-я]*|semestre|halbjahr)(?: of)?,? ?{_Y}{_YEAR_WORDS}",
            _shape_half,
        ),
        (rf"{_Y}-(?P<m>\d\d){_TO}(?P<y2>\d{{4}})-(?P<m2>\d\d)", _shape_months),
        (rf"{_Y}m(?P<m>\d\d){_TO}(?P<y2>\d{{4}})m(?P<m2>\d\d)", _shape_months),
        (rf"{_Y}-(?P<m>\d\d)\.\.(?P<y2>)(?P<m2>\d\d)", _shape_months),
        (rf"{_Y}(?P<m>\d\d){_TO}(?P<y2>\d{{4}})(?P<m2>\d\d)", _shape_months),
        (rf"(?P<m>\d\d)[./]{_Y}{_TO}(?P<m2>\d\d)[./](?P<y2>\d{{4}})", _shape_months),
        (rf"{_Y}年 ?(?P<m>\d\d?) ?月? ?[-至到~] ?(?P<y2>)(?P<m2>\d\d?) ?月份?", _shape_months),
        (rf"{_Y}年 ?前 ?(?P<m>\d\d?) ?个?月", _shape_first_months),
        (rf"{_Y}年全年", _shape_year),
        (rf"(?P<a>{_MONTH})\.?,? ?(?:of |de |del )?{_Y}{_YEAR_WORDS}", _shape_named),
        (rf"{_Y}[- ,.]?(?P<a>{_MONTH})\.?", _shape_named),
        (
            rf"(?P<a>{_MONTH})\.?{_TO}(?P<b>{_MONTH})\.?,? ?(?:of |de |del )?{_Y}{_YEAR_WORDS}",
            _shape_named_months,
        ),
        (
            rf"(?P<a>{_MONTH})\.? ?(?P<y1>\d{{4}}){_TO}(?P<b>{_MONTH})\.? ?{_Y}{_YEAR_WORDS}",
            _shape_named_months,
        ),
        (rf"{_Y}{_YEAR_WORDS},? (?P<a>{_MONTH})\.?{_TO}(?P<b>{_MONTH})\.?", _shape_named_months),
        (
            rf"(?:first )?(?P<m>\d\d?) (?:months?|мес\.?|месяц[а-я]*|mois|meses|monate|ay|oy)(?: of)?,? ?{_Y}{_YEAR_WORDS}",
            _shape_first_months,
        ),
        (rf"за (?P<m>\d\d?) мес[а-я.]* {_Y}{_YEAR_WORDS}", _shape_first_months),
        (rf"{_Y}\.\.(?P<y2>\d{{4}})", _shape_years),
        (
            rf"(?:fy ?)?{_Y} ?[/-] ?(?:\d\d|\d{{4}})|(?:fy|финансовый год) ?(?P<fy>\d{{4}})",
            _shape_fiscal,
        ),
        (rf"{_Y}-(?P<m>\d\d)-(?P<d>\d\d)(?:[ t]00:00(?::00(?:\.0+)?)?)?", _shape_day),
        (rf"(?P<d>\d\d)\.(?P<m>\d\d)\.{_Y}", _shape_day),
        (
            rf"{_Y}-(?P<m>\d\d)-(?P<d>\d\d){_TO}(?P<y2>\d{{4}})-(?P<m2>\d\d)-(?P<d2>\d\d)",
            _shape_days,
        ),
    )
]


def _serial(tidy: str) -> date | None:
    """Read the number that a spreadsheet keeps for a date of 1950 to 2100; None for any other text."""
    if re.fullmatch(r"\d{5}", tidy) and 18264 <= int(tidy) <= 73415:
        return date(1899, 12, 30) + timedelta(days=int(tidy))
    return None


def _date_in(value: object) -> date | None:
    """Give the date of a cell that holds one date and nothing else; None for any other cell."""
    if isinstance(value, datetime):
        return value.date() if value == value else None
    if isinstance(value, date):
        return value
    tidy = str(value).strip()
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?)?", tidy):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif found := re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", tidy):
        parts = (int(found[3]), int(found[2]), int(found[1]))
    else:
        return _serial(tidy.removesuffix(".0"))
    try:
        return date(*parts)
    except ValueError:
        return None


@functools.lru_cache(maxsize=65536)
def parse(text: str) -> Period:
    """Read one printed period; ValueError says in plain words what was found and what is accepted.

    A fiscal year (2023/24) is refused unless its months stand there: the months are not ours to guess.
    """
    tidy = clean(text).replace("–", "-").replace("—", "-").replace("−", "-").replace("…", "..")
    tidy = _OPENING.sub("", tidy.strip(" .,;:")).removesuffix(".0")
    if not tidy:
        raise ValueError(f"the period is empty. {ACCEPTED}")
    for shape, meaning in _SHAPES:
        found = shape.fullmatch(tidy)
        if found:
            return meaning(text, found)
    serial = _serial(tidy)
    if serial:
        return _of_date(text, serial, "")
    if re.fullmatch(r"\d{4}[-/]\d", tidy):
        raise _bad(
            text, "has a month of one digit", "Write the month with two digits, for example 2024-03"
        )
    if re.fullmatch(r"\d{2}", tidy):
        raise _bad(text, "has a year of two digits", "Write the year with four digits")
    if re.fullmatch(r"\d{4}-\d{4}", tidy):
        raise _bad(
            text, "is a range of years or a fiscal year", "Write 2023-07..2024-06, or 2023..2024"
        )
    raise _bad(text, "is not understood")


def text(start: date, end: date) -> str:
    """Write a span of whole months in canonical form; ValueError where the days are not whole months."""
    return _text(start, end)


def _text(start: date, end: date) -> str:
    if isinstance(start, datetime) or isinstance(end, datetime):
        raise ValueError("a period is made of dates, not times")
    if end < start or start.day != 1 or end != _month_end(end.year, end.month):
        raise ValueError(f"{start} to {end} is not a span of whole months")
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months == 12 and start.month == 1:
        return f"{start.year:04d}"
    if months == 3 and start.month % 3 == 1:
        return f"{start.year:04d}-Q{(start.month + 2) // 3}"
    if months == 6 and start.month in (1, 7):
        return f"{start.year:04d}-H{1 if start.month == 1 else 2}"
    if months == 1:
        return f"{start:%Y-%m}"
    return f"{start:%Y-%m}..{end:%Y-%m}"


def year(period: Period) -> int | None:
    """Give the calendar year that a period lies within, wholly; None where it crosses a new year."""
    return period.start.year if period.start.year == period.end.year else None


def months(period: Period) -> int:
    """Give the number of months that a period covers."""
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1


def parse_column(values: Sequence[object]) -> pd.DataFrame:
    """Read a column of n periods: start, end (ISO text), text, problem (n rows, same index); each text read once.

    Dates that all fall on 1 January, or all on 31 December, of several years are years; otherwise each is a month.
    """
    import pandas as pd

    column = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    codes, unique = pd.factorize(column, use_na_sentinel=False)
    dates = [_date_in(value) for value in unique]
    stands_for = _stands_for([day for day in dates if day])
    fiscal = _fiscal_years(str(value).strip() for value in unique)
    rows = [
        _fiscal_row(value) if str(value).strip() in fiscal else _row(value, day, stands_for)
        for value, day in zip(unique, dates)
    ]
    table = pd.DataFrame(rows, columns=["start", "end", "text", "problem"], dtype="str")
    return table.take(codes).set_axis(column.index)


def _stands_for(days: Sequence[date]) -> str:
    kinds = {(day.month, day.day) for day in days}
    if len(set(days)) > 1 and len(kinds) == 1 and kinds <= set(_YEAR_DAYS):
        return "year"
    return "month" if len(kinds) > 1 else ""


def _fiscal_years(texts: Iterable[str]) -> set[str]:
    """Find texts such as 2010-11 that are months alone, but fiscal years beside 2009-10 or 2012-13.

    They are doubtful where every text of that shape, of two at least, names a year and the next.
    """
    shaped = {text for text in texts if re.fullmatch(r"\d{4}-\d\d", text)}
    if len(shaped) < 2 or any(int(t[5:]) != (int(t[:4]) + 1) % 100 for t in shaped):
        return set()
    return shaped


def _fiscal_row(value: object) -> tuple[str, str, str, str]:
    first = int(str(value).strip()[:4])
    error = _bad(
        str(value),
        "is a month alone, but its column looks like fiscal years",
        f"Write the months, for example {first}-07..{first + 1}-06, or the month in words",
    )
    return "", "", "", str(error)


def _row(value: object, day: date | None, stands_for: str) -> tuple[str, str, str, str]:
    missing = value is None or value != value
    whole = isinstance(value, float) and value.is_integer()
    shown = "" if missing else f"{value:.0f}" if whole else str(value)
    try:
        period = _of_date(shown, day, stands_for) if day else parse(shown)
    except ValueError as error:
        return "", "", "", str(error)
    return period.start.isoformat(), period.end.isoformat(), period.text, ""
