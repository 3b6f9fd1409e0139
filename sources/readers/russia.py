"""Owns the tables of the Federal Customs Service of Russia: totals, macro-regions, groups of goods, countries."""

from __future__ import annotations

import re

import pandas as pd

from sources import periods
from sources.figures import Reading
from sources.readers import Head, Source, national
from sources.readers.national_layout import first_text
from sources.readers.table import aside, finding

NAME = "russia"
ABOUT = "Federal Customs Service of Russia: totals, regions of the world, goods, countries; million or billion USD (xls, xlsx)"
EXAMPLE = (
    "Экспорт и импорт товаров Российской Федерации по группам стран (млрд. долл. США);;\n;Экспорт;Импорт\n"
    ";январь-декабрь 2023;январь-декабрь 2023\nВесь мир;425,1;285,1\nЕВРОПА;84,9;78,5\nАЗИЯ;306,6;187,5\n"
)

OFFICE = national.Office(
    reader=NAME,
    publisher="Federal Customs Service of Russia",
    reporter="RUS",
    labels={
        "со странами дальнего зарубежья": "NON_CIS", "со странами снг": "CIS", "снг": "CIS",
        "страны дальнего зарубежья": "NON_CIS", "дальнее зарубежье": "NON_CIS", "в с е г о": "WORLD",
        "государства-участники снг": "CIS", "прочие страны": "OTHER",
    },
    levels={
        "WORLD": 0, "NON_CIS": 1, "CIS": 1, "EUROPE": 1, "ASIA": 1, "AFRICA": 1, "AMERICAS": 1, "OCEANIA": 1,
    },
    signs={"-": "zero"},
)  # fmt: skip
_OFFICE = re.compile(
    r"фтс росси|российск\w* федерац|внешн\w*\s+торговл\w*\s+росси|federal customs service"
)
_TRADE = re.compile(r"экспорт|импорт|внешн\w*\s+торговл|оборот")


def recognises(head: Head) -> float:
    """Score by a title that names the trade of the Russian Federation or the customs service."""
    if head.suffix in (".txt", ".md", ".html") and not head.binary:
        return 0.0
    text = first_text(head.sheets)
    own = _OFFICE.search(text) and _TRADE.search(text)
    return 0.9 if own and not re.search("республик\\w* казахстан", text) else 0.0


def read(source: Source) -> Reading:
    """Read the tables of n cells into figures; cumulative months stay periods of their own. Raises InputError."""
    repeated: list[dict[str, object]] = []

    def without_repeats(rows: pd.DataFrame) -> pd.DataFrame:
        kept = _repeats(rows)
        values = national.numbers_of(rows[kept], OFFICE, source.decimal)["value"]
        for value, row in zip(values, rows[kept].to_dict("records")):
            repeated.append(
                aside(
                    source, str(row["place"]),
                    f"the cumulative value of {row['period']} repeats the month before: publication was suspended",
                    printed=str(row["value"]), unit=str(row["unit"]),
                    value=float(value),
                    label=f"{row['flow']} {row['period']}",
                )
            )  # fmt: skip
        return rows[~kept]

    reading = national.read(source, OFFICE, rows_of=without_repeats)
    if not repeated:
        return reading
    note = finding(
        "SET_ASIDE",
        f"{len(repeated)} cumulative values repeat an earlier month unchanged and were set aside",
        "The service stopped publishing; use the macro-region tables for later periods.",
        source=source, place=str(repeated[0]["place"]),
    )  # fmt: skip
    return Reading(
        reading.figures,
        pd.concat([reading.set_aside, pd.DataFrame(repeated)], ignore_index=True),
        pd.concat([reading.findings, pd.DataFrame([note])], ignore_index=True),
        reading.facts,
    )


def _repeats(rows: pd.DataFrame) -> pd.Series:
    """Tell cumulative values that equal those of a shorter span from the same January, unless they are 0."""
    span = periods.parse_column(rows["period"])
    start, end = span["start"].astype(str), span["end"].astype(str)
    usable = start.str.endswith("-01-01") & rows["value"].astype(str).str.contains("[1-9]")
    month = pd.to_numeric(end.str[5:7], errors="coerce").where(usable)
    names = ("sheet", "table", "column", "flow", "labels", "value")
    first = month.groupby([*(rows[name] for name in names), start]).transform("min")
    return (usable & (month > first)).astype(bool)
