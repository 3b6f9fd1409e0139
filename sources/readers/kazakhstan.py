"""Owns the trade tables of the Bureau of National Statistics of Kazakhstan: turnover, exports, imports by country."""

from __future__ import annotations

import re
from dataclasses import replace

from sources.figures import Reading
from sources.readers import Head, Source, national
from sources.readers.national_layout import first_text

NAME = "kazakhstan"
ABOUT = "Bureau of National Statistics of Kazakhstan: turnover, exports and imports by country, thousand USD (xls, xlsx)"
EXAMPLE = (
    "Основные показатели внешней торговли Республики Казахстан\nза январь-декабрь 2021 года\n"
    "\t\t\tтыс. долларов США\nНаименование\tТоварооборот\tЭкспорт\tИмпорт\nВсего\t101736459,9\t60321024,4\t41415435,5\n"
    "Китай\t18173217,6\t9786823,0\t8386394,6\n"
)

# The outline that the office prints; these two groups are remainders of the group that holds them.
OFFICE = national.Office(
    reader=NAME,
    publisher="Bureau of National Statistics of Kazakhstan",
    reporter="KAZ",
    labels={
        "страны вне еаэс": "CIS-EAEU", "страны вне ес": "EUROPE-EU", "остальные страны мира": "NON_CIS",
        "еаэо-дан тыс елдер": "CIS-EAEU", "ео-дан тыс елдер": "EUROPE-EU", "әлемнің қалған елдері": "NON_CIS",
        "әлемнің басқа елдері": "NON_CIS",
    },
    levels={
        "WORLD": 0, "CIS": 1, "NON_CIS": 1, "EAEU": 2, "CIS-EAEU": 2, "EUROPE": 2, "ASIA": 2,
        "AMERICAS": 2, "AFRICA": 2, "OCEANIA": 2, "EU": 3, "EUROPE-EU": 3,
    },
    signs={"-": "zero", "x": "suppressed"},
    currency="KZT",
)  # fmt: skip
# Tables of mutual trade hold the Eurasian Economic Union only: their total is the union's.
_UNION = {"всего": "EAEU", "барлығы": "EAEU", "всего по странам еаэс": "EAEU"}
MUTUAL = replace(OFFICE, labels={**OFFICE.labels, **_UNION}, levels={"EAEU": 0})
_MUTUAL = re.compile(r"взаимн\w* торговл|өзара сауда")
_EXTERNAL = re.compile(r"внешн\w* торговл|сыртқы сауда")
_TRADE = re.compile(r"внешн\w* торговл|взаимн\w* торговл|сыртқы сауда|өзара сауда|внешнеторгов")
_COUNTRY = re.compile(
    r"республик\w* казахстан|қазақстан республикасы|внешн\w* торговл\w* казахстан"
)


def recognises(head: Head) -> float:
    """Score by a title that names the foreign trade of the Republic of Kazakhstan above a table."""
    if head.suffix in (".txt", ".md", ".html") and not head.binary:
        return 0.0
    text = first_text(head.sheets)
    return 0.93 if _TRADE.search(text) and _COUNTRY.search(text) else 0.0


def read(source: Source) -> Reading:
    """Read the tables of n cells into figures; groups of countries are totals. Raises InputError."""
    text = first_text(source.sheets)
    mutual = _MUTUAL.search(text) and not _EXTERNAL.search(text)
    return national.read(source, MUTUAL if mutual else OFFICE)
