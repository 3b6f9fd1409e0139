"""Owns tidy tables that researchers write: reporter, partner, flow, year, and the unit in the header of the value."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from sources import columns
from sources.columns import constant
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.headers import month_of
from sources.readers.table import (
    Rows,
    finish,
    fits_head,
    headers_of,
    machine_decimal,
    pick,
    squash,
    tables,
    without_values,
)

NAME = "tidy"
ABOUT = "tidy tables: reporter, partner, year, flow and a value whose header names the unit (value_usd, value_usd_bn)"
EXAMPLE = "reporter,partner,year,flow,value_usd,source\nKAZ,CHN,2014,M,7357220265,office\n"

FIELDS = {
    "reporter": ("reporter",), "partner": ("partner",), "period": ("year", "period"), "flow": ("flow", "measure"),
    "commodity": (
        "commoditycode", "cmdcode", "hscode", "hs6", "hs4", "hs2", "hs", "productcode", "sitc", "sitccode", "ncm",
        "cn8", "code", "commodity", "product",
    ), "source": ("source", "sourcequoted"), "url": ("url",),
    "note": ("note",), "month": ("month",), "quarter": ("quarter", "qtr"),
}  # fmt: skip
_VALUE = re.compile(
    r"^(?:trade)?(?:value|amount)s?(?:in)?(?P<a>thousand|million|billion|mln|mn|bln|bn|th)?"
    r"(?P<currency>usd|eur|cny|rub|kzt)(?P<b>thousand|million|billion|mln|mn|bln|bn|th|m)?$"
)
_BREAKDOWN = re.compile(
    r"(?:sector|categor|subtype|region|state$|province|mode|transport|motcode|procedure|regime|industry|date|week|day|"
    r"partner2|secondpartner|section|chapter|port$)"
)
SCALES = {
    "thousand": "thousand ", "th": "thousand ", "million": "million ", "mln": "million ", "mn": "million ",
    "m": "million ", "billion": "billion ", "bln": "billion ", "bn": "billion ", "": "",
}  # fmt: skip
FLOWS = {"m": "imports", "x": "exports", "t": "turnover", "rx": "re-exports", "rm": "re-imports"}


def recognises(head: Head) -> float:
    """Score by reporter, partner, a flow, a year, and one value column that names its unit."""
    return 0.94 if fits_head(head, _fits) else 0.0


def _fits(headers: Sequence[object]) -> bool:
    if any(_BREAKDOWN.match(squash(header)) for header in headers):
        return False  # a part of a row's key that is not read here
    found = set(pick(headers, FIELDS))
    return {"reporter", "partner", "period", "flow"} <= found and len(_values(headers)) == 1


def _values(headers: Sequence[object]) -> list[str]:
    return [squash(header) for header in headers if _VALUE.match(squash(header))]


def read(source: Source) -> Reading:
    """Read n rows into figures in the unit that the header of the value names. Raises InputError."""
    names = _values(headers_of(Head(source), _fits))
    fields = {**FIELDS, "value": tuple(names)}
    rows = tables(source, fields, _fits, ("value",))
    found = _VALUE.match(names[0]) if names else None
    unit = (
        f"{SCALES[found['a'] or found['b'] or '']}{found['currency'].upper()}" if found else "USD"
    )
    index = rows.frame.index
    raw = pd.DataFrame(
        {
            "reporter": rows.text("reporter"), "partner": rows.text("partner"),
            "flow": columns.recode(rows.text("flow"), _flow),
            "period": _periods(rows),
            "value": rows.frame["value"], "unit": constant(unit, index), "place": rows.place,
            "commodity": rows.text("commodity", "TOTAL"), "url": rows.text("url"), "note": rows.text("note"),
            "source": columns.filled(rows.text("source"), constant(source.name, index)),
        }, copy=False,
    )  # fmt: skip
    raw, empty = without_values(raw, source)
    return finish(
        raw, source, NAME, set_aside=[*rows.aside, *empty],
        decimal=machine_decimal(raw["value"]), mark=True,
    )  # fmt: skip


def _periods(rows: Rows) -> pd.Series:
    """Give the periods of n rows: the year, with the month where a column of months stands beside it."""
    name = "month" if "month" in rows.frame else "quarter"
    codes, keys = columns.combined(rows.text("period"), rows.text(name))
    texts = []
    for year, month in keys:
        year, printed = year.strip().removesuffix(".0"), month.strip().removesuffix(".0")
        end = month_of(printed, name == "quarter") or (f"-{printed}" if printed else "")
        texts.append(printed if printed.startswith(f"{year}-") else f"{year}{end}")
    return columns.from_codes(codes, texts, rows.frame.index)


def _flow(text: str) -> str:
    """Give the flow of a code or of the first word of a longer name (`turnover_X_plus_M`)."""
    word = re.split(r"[_\s]", text.strip().lower())[0]
    return FLOWS.get(text.strip().lower(), word if "_" in text else text.strip())
