"""Owns the World Bank's indicators online: official exchange rates and price indices, as a table of assumptions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sources import areas
from sources.online.base import (
    NoData,
    Query,
    Request,
    iso3,
    json_of,
    label,
    members_or,
    problem,
    span,
    text_of,
    url,
)

NAME = "worldbank"
ABOUT = "World Bank indicators: official exchange rates (PA.NUS.FCRF) or price indices (FP.CPI.TOTL), annual"
EXAMPLE = "reconcile fetch worldbank --reporter KAZ --reporter UZB --year 2018..2024 -o rates.csv"
TERMS = "https://www.worldbank.org/en/about/legal/terms-of-use-for-datasets"
GIVES = "rates"
TAKES = ("reporter", "period", "indicator")
NEEDS = ("reporter", "period")
FLOW_CODES: tuple[str, ...] = ()
SPLIT = ("reporter", "period")
SUFFIX = ".json"
KEY = None

BASE = "https://api.worldbank.org/v2"
EXCHANGE, PRICES = "PA.NUS.FCRF", "FP.CPI.TOTL"
ROWS = 20_000  # rows a page


def requests(query: Query) -> list[Request]:
    """Give the one request of a query. Raises InputError."""
    indicator = query.indicator.upper() or EXCHANGE
    if indicator not in (EXCHANGE, PRICES):
        raise problem("--indicator", "", f"{indicator} cannot be an assumption here",
                      f"Use {EXCHANGE} or {PRICES}", "QUERY")  # fmt: skip
    if any(len(period) != 4 for period in query.period):
        raise problem("--year", "", "the World Bank has years only", "Ask for years", "QUERY")
    values = {
        "reporter": members_or(query.reporter, iso3, "The World Bank"),
        "period": query.period,
        "indicator": (indicator,),
    }
    return [Request(label(NAME, query.reporter, (indicator,), (span(query.period),)), values)]


def address(request: Request) -> str:
    """Give the address of a request."""
    values = request.values
    places = ";".join(values["reporter"]) or "all"
    years = f"{values['period'][0]}:{values['period'][-1]}"
    return url(
        BASE, "country", places, "indicator", values["indicator"][0],
        date=years, format="json", per_page=str(ROWS),
    )  # fmt: skip


def limit(request: Request) -> int:
    """Give the rows at which an answer is cut."""
    return ROWS


def count(data: bytes) -> int:
    """Count the values of an answer. Raises NoData for an error in words."""
    return sum(row.get("value") is not None for row in _records(data))


def _records(data: bytes) -> list[dict[str, Any]]:
    document = json_of(data)
    if not isinstance(document, list) or not document:
        raise NoData("JSON of another layout")
    if len(document) == 1 or not isinstance(document[1], list):
        told = document[0].get("message") if isinstance(document[0], dict) else None
        if told:
            first = told[0] if isinstance(told, list) and isinstance(told[0], dict) else {}
            raise NoData(f"{first.get('key', 'an error')}: {first.get('value', '')}".strip(": "))
        raise NoData("an answer without rows", empty=True)
    return [row for row in document[1] if isinstance(row, dict)]


def join(parts: list[bytes]) -> bytes:
    """Join the rows of several answers into one answer of the same layout."""
    rows = [row for part in parts for row in json.loads(text_of(part))[1]]
    head = {"page": 1, "pages": 1, "per_page": len(rows), "total": len(rows)}
    return json.dumps([head, rows], ensure_ascii=False).encode()


def rates(files: Iterable[tuple[bytes, str]]) -> list[dict[str, Any]]:
    """Turn answers and their dates into rows of assumptions: `fx-KZT-2022` in currency per USD, `cpi-KAZ-2022`."""
    from babel.numbers import get_territory_currencies

    out = []
    for data, fetched in files:
        for row in _records(data):
            code = areas.iso().get(str(row.get("countryiso3code") or ""))
            year = str(row.get("date") or "")
            if row.get("value") is None or code is None or len(year) != 4:
                continue
            indicator = str(row["indicator"]["id"])
            if indicator == EXCHANGE:
                held = get_territory_currencies(code)
                if not held:
                    continue
                key, unit = f"fx-{held[-1]}-{year}", f"{held[-1]} per USD"
                kind = "official rate, annual average"
            else:
                key, unit = f"cpi-{row['countryiso3code']}-{year}", "index, 2010 = 100"
                kind = "annual average"
            out.append({
                "id": key, "value": row["value"], "low": row["value"], "high": row["value"],
                "unit": unit, "source": f"World Bank, {indicator}, fetched {fetched[:10]}",
                "date": year, "kind": kind,
            })  # fmt: skip
    return out
