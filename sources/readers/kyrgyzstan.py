"""Owns the trade tables of the National Statistical Committee of Kyrgyzstan: three languages, years across."""

from __future__ import annotations

import re
from dataclasses import replace

from sources.figures import Reading
from sources.readers import Head, Source, national
from sources.readers.national_layout import first_text

NAME = "kyrgyzstan"
ABOUT = "National Statistical Committee of Kyrgyzstan: exports and imports by country or goods, in three languages (xlsx)"
EXAMPLE = (
    "4.03.00.18: Экспорттун географиялык бөлүштүрүлүшү\t4.03.00.18: Географическое распределение экспорта\t"
    "4.03.00.18: Geographic distribution of exports\n(миң АКШ доллары)\t(тыс. долларов США)\t(thousand US dollars)\n"
    "\t\t\t2022\t2023\nБардыгы\tВсего\tTotal\t2254702,932\t3384856,093\nКытай\tКитай\tChina\t60800,135\t80446,343\n"
)

_CONTINENTS = {"EUROPE": 1, "ASIA": 1, "AMERICAS": 1, "AFRICA": 1, "OCEANIA": 1}
# The committee's yearbooks print "-" where there was nothing and "..." where it is not known.
OFFICE = national.Office(
    reader=NAME,
    publisher="National Statistical Committee of Kyrgyzstan",
    reporter="KGZ",
    signs={"-": "zero", "–": "zero", "...": "not reported", "…": "not reported"},
    levels={"WORLD": 0, **_CONTINENTS},
    currency="KGS",
)
_NUMBER = re.compile(r"\b4\.0[23]\.00\.\d\d")
_TRADE = re.compile(r"экспорт|импорт|export|import|товарооборот|жүгүртүү")
_RATES = re.compile(r"exchange|курс\b|курсы")
_ACTIVITY = re.compile(r"област\w*|облустар|regions?\b|видам экономической|economic activit")


def recognises(head: Head) -> float:
    """Score by the committee's table numbers (4.03.00.18) in a title of two or three languages."""
    text = first_text(head.sheets)
    known = _NUMBER.search(text) and (_TRADE.search(text) or _RATES.search(text))
    return 0.95 if known else 0.0


def read(source: Source) -> Reading:
    """Read the tables of n cells into figures; a table of exchange rates gives none. Raises InputError."""
    text = first_text(source.sheets, rows=3)
    if _RATES.search(text) and not _TRADE.search(text):
        return national.no_figures(source, NAME, "a table of exchange rates, no trade")
    if _ACTIVITY.search(text):
        return national.no_figures(
            source, NAME, "trade by region or activity inside the country, no partners"
        )
    office = OFFICE
    whole = " ".join(
        str(cell) for sheet in source.sheets for cell in sheet.cells.to_numpy().ravel()
    )
    if re.search(r"вне снг|out of cis", whole.casefold()):
        office = replace(OFFICE, levels={"WORLD": 0, "CIS": 1, "NON_CIS": 1})
    return national.read(source, office)
