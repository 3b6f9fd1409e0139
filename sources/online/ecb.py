"""Owns the European Central Bank online: daily reference rates, averaged and crossed into rates per US dollar."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sources.online.base import (
    Query,
    Request,
    count_csv,
    csv_rows,
    join_csv,
    key,
    label,
    problem,
    sdmx_base,
    span,
    uncut,
    url,
)

NAME = "ecb"
ABOUT = (
    "ECB reference rates: means of the daily rates, crossed into units of a currency per US dollar"
)
EXAMPLE = "reconcile fetch ecb --currency CNY --currency EUR --year 2022..2024 -o rates.csv"
TERMS = "https://www.ecb.europa.eu/services/using-our-site/disclaimer/html/index.en.html"
GIVES = "rates"
TAKES = ("currency", "period")
NEEDS = ("currency", "period")
FLOW_CODES: tuple[str, ...] = ()
SPLIT = ("currency", "period")
MOST = {"period": 30}
SUFFIX = ".csv"
KEY = None
limit, join = uncut, join_csv

_FEWEST_DAYS = 12  # quotes that each month must have, as in the offline table


def requests(query: Query) -> list[Request]:
    """Give the one request of a query; the dollar is always asked for, to cross with. Raises InputError."""
    asked = tuple(currency.upper() for currency in query.currency)
    bad = [text for text in asked if not (len(text) == 3 and text.isascii() and text.isalpha())]
    if bad:
        raise problem(
            "--currency", "", f"{bad[0]!r} is no currency code", "Write CNY or EUR", "QUERY"
        )
    codes = tuple(dict.fromkeys([*(code for code in asked if code != "EUR"), "USD"]))
    values = {"currency": codes, "period": query.period, "wanted": asked}
    return [Request(label(NAME, asked, (span(query.period),)), values)]


def address(request: Request) -> str:
    """Give the address of a request for daily rates of the euro in other currencies."""
    values = request.values
    first, last = values["period"][0], values["period"][-1]
    first, last = (
        (first + "-01-01", last + "-12-31") if len(first) == 4 else (first + "-01", _end(last))
    )
    codes = tuple(dict.fromkeys([*values["currency"], "USD"]))
    asked = key(("D",), codes, ("EUR",), ("SP00",), ("A",))
    return url(
        sdmx_base("ECB"), "data", "EXR", asked, startPeriod=first, endPeriod=last, format="csvdata"
    )


def _end(month: str) -> str:
    import calendar

    year, number = (int(part) for part in month.split("-"))
    return f"{month}-{calendar.monthrange(year, number)[1]}"


def count(data: bytes) -> int:
    """Count the rates of an answer. Raises NoData."""
    return count_csv(data, ("CURRENCY", "TIME_PERIOD", "OBS_VALUE"))


def rates(files: Iterable[tuple[bytes, str]]) -> list[dict[str, Any]]:
    """Turn answers and their dates into rows of assumptions: means of the daily crosses with the dollar, by year and month.

    A year counts when each of its months has at least twelve quotes, a month when it has them itself.
    """
    daily: dict[str, dict[str, float]] = defaultdict(dict)
    stamp = ""
    for data, fetched in files:
        stamp = max(stamp, fetched[:10])
        for row in csv_rows(data, ("CURRENCY", "TIME_PERIOD", "OBS_VALUE")):
            try:
                value = float(row["OBS_VALUE"])
            except (TypeError, ValueError):
                continue
            if math.isfinite(value) and value > 0:
                daily[row["CURRENCY"]][row["TIME_PERIOD"]] = value
    dollar = daily.get("USD", {})
    daily["EUR"] = dict.fromkeys(dollar, 1.0)
    out = []
    for currency in sorted(set(daily) - {"USD"}):
        months: dict[str, list[float]] = defaultdict(list)
        for day, value in sorted(daily[currency].items()):
            if day in dollar:
                months[day[:7]].append(value / dollar[day])
        full = {month: values for month, values in months.items() if len(values) >= _FEWEST_DAYS}
        years: dict[str, list[str]] = defaultdict(list)
        for month in full:
            years[month[:4]].append(month)
        spans = {year: listed for year, listed in years.items() if len(listed) == 12}
        spans |= {month: [month] for month in full}
        for period, listed in sorted(spans.items()):
            values = [value for month in listed for value in full[month]]
            mean = math.fsum(values) / len(values)
            out.append({
                "id": f"fx-{currency}-{period}", "value": mean, "low": mean, "high": mean,
                "unit": f"{currency} per USD",
                "source": f"ECB daily reference rates, crossed with USD, fetched {stamp}",
                "date": period, "kind": f"mean of {len(values)} daily rates",
            })  # fmt: skip
    return out
