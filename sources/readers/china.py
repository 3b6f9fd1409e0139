"""Owns the monthly tables by country of the General Administration of Customs of China, Chinese and English."""

from __future__ import annotations

import re

from sources import periods
from sources.figures import Reading
from sources.readers import Head, Source, national
from sources.readers.national_layout import first_text

NAME = "china"
ABOUT = "General Administration of Customs of China: imports and exports by country, month and months so far (xls, xlsx, html)"
EXAMPLE = (
    "（2）2024年12月进出口商品国别（地区）总值表,,,\n,,,单位：千美元\n国别（地区）,进出口,出口,进口\n"
    ",1至当月累计,1至当月累计,1至当月累计\n总值,6162000,3577000,2585000\n哈萨克斯坦,43820,28300,15520\n"
)

OFFICE = national.Office(
    reader=NAME,
    publisher="General Administration of Customs of China",
    reporter="CHN",
    signs={"-": "zero", "–": "zero", "－": "zero"},
    labels={
        "总值": "WORLD", "合计": "WORLD", "total": "WORLD", "taiwan province": "TWN", "中国台湾": "TWN",
        "东南亚国家联盟": "ASEAN", "亚太经济合作组织": "APEC", "欧洲联盟": "EU",
    },
    levels={
        "WORLD": 0, "ASIA": 1, "AFRICA": 1, "EUROPE": 1, "LATIN_AMERICA": 1, "N_AMERICA": 1, "NORTHERN_AMERICA": 1,
        "S_AMERICA": 1, "AMERICAS": 1, "OCEANIA": 1,
    },
    trade_system="general",
    valuation={"exports": "FOB", "imports": "CIF"},
    partner_basis={"exports": "last destination", "imports": "origin"},
)  # fmt: skip
_TABLE = re.compile(
    r"国别\s*[(（]\s*地区\s*[)）].*总值|国家\s*[(（]?\s*地区.*总值|(?:import|export)\w*.{0,60}by country ?\(region\)|"
    r"by major country ?\(region\)|各国\s*\(\s*地区\s*\)\s*(?:海关)?货物进出口"
)
_MONTH_OF_TITLE = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*年\s*(?:\d{1,2}\s*[-–至]\s*)?(?P<month>\d{1,2})\s*月|"
    r"(?:\d{1,2}\s*[-–]\s*)?(?P<month2>\d{1,2})\s*[./]\s*(?P<year2>(?:19|20)\d\d)|"
    r"(?P<word>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?P<year3>(?:19|20)\d\d)"
)
_WORDS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SO_FAR = re.compile(
    r"(?:^|\D)1\s*(?:至|-|–|到|to)\s*(?P<to>\d{1,2}|当|本)|累计|year to date|cumulative"
)
_OWN = re.compile(r"当月|本月|(?<!\d)(?P<month>\d{1,2})\s*月|(?:^|[^\d-])(?P<bare>\d{1,2})$")


def recognises(head: Head) -> float:
    """Score by the title of the customs' table of total values by country (region)."""
    text = first_text(head.sheets)
    return 0.94 if _TABLE.search(text) else 0.0


def read(source: Source) -> Reading:
    """Read n cells into figures: a month and the months so far, exports, imports and both. Raises InputError."""
    return national.read(source, OFFICE, period_of=period_of)


def month_of(title: str) -> tuple[int, int]:
    """Give (year, month) that a title prints: "2024年12月", "12.2024", "December 2024"; (0, 0) without."""
    found = _MONTH_OF_TITLE.search(title)
    if not found:
        return 0, 0
    year = found["year"] or found["year2"] or found["year3"]
    month = found["month"] or found["month2"] or str(_WORDS.index(found["word"]) + 1)
    return int(year), int(month)


def period_of(header: str, title: str) -> str:
    """Give the period of a column: "当月" the month of the title, "1至当月累计" January to that month."""
    year, month = month_of(title)
    if not 1 <= month <= 12:
        return ""
    so_far = _SO_FAR.search(header)
    if so_far:
        to = so_far["to"] or ""
        last = int(to) if to.isdigit() else month
        return _canonical(f"{year}-01..{year}-{last:02d}")
    own = _OWN.search(header)
    if own:
        return _canonical(f"{year}-{int(own['month'] or own['bare'] or month):02d}")
    return ""


def _canonical(text: str) -> str:
    try:
        return periods.parse(text).text
    except ValueError:
        return ""
