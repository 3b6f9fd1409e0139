"""Owns Eurostat Comext online: trade of the EU and its members by partner and product, in euros."""

from __future__ import annotations

from sources.online.base import (
    Query,
    Request,
    count_csv,
    iso2,
    join_csv,
    key,
    label,
    members_or,
    sdmx_base,
    span,
    uncut,
    url,
)

NAME = "eurostat"
ABOUT = "Eurostat Comext: trade in goods of the EU and its members, HS and CN8, in euros, from 1988"
EXAMPLE = (
    "reconcile fetch eurostat --reporter DEU --partner KAZ --year 2022..2024 --flow X -o FOLDER"
)
TERMS = "https://ec.europa.eu/eurostat/help/copyright-notice"
GIVES = "figures"
TAKES = ("reporter", "partner", "period", "flow", "commodity")
NEEDS = ("reporter", "partner", "period")
FLOW_CODES = ("M", "X")
SPLIT = ("period", "reporter", "partner", "commodity", "flow")
MOST = {"period": 24}
SUFFIX = ".csv"
KEY = None
limit, join = uncut, join_csv

DATASET = "DS-045409"  # EU trade since 1988 by HS2-4-6 and CN8
VALUE = "VALUE_IN_EUROS"
_FLOWS = {"M": "1", "X": "2"}
# Comext's geonomenclature writes these otherwise than ISO 3166.
_OWN = {
    "SRB": "XS", "XKX": "XK", "WORLD": "WORLD", "EU27": "EU27_2020",
    "EXTRA_EU27": "EXT_EU27_2020", "INTRA_EU27": "INT_EU27_2020",
}  # fmt: skip


def code(area: str) -> str | None:
    """Give Comext's code of an area, None where it has none."""
    return _OWN.get(area) or iso2(area)


def requests(query: Query) -> list[Request]:
    """Give the one request of a query. Raises InputError."""
    products = tuple(query.commodity) or ("TOTAL",)
    flows = query.flow or ("M", "X")
    values = {
        "period": query.period,
        "reporter": members_or(query.reporter, code, "Eurostat"),
        "partner": members_or(query.partner, code, "Eurostat"),
        "commodity": products,
        "flow": tuple(_FLOWS[flow] for flow in flows),
    }
    name = label(NAME, query.reporter, query.partner, flows, products, (span(query.period),))
    return [Request(name, values)]


def address(request: Request) -> str:
    """Give the address of a request: dataset, key of six dimensions, first and last period."""
    values = request.values
    frequency = "M" if len(values["period"][0]) == 7 else "A"
    asked = key(
        (frequency,), values["reporter"], values["partner"], values["commodity"], values["flow"],
        (VALUE,),
    )  # fmt: skip
    first, last = values["period"][0], values["period"][-1]
    return url(
        sdmx_base("ESTAT_COMEXT"), "data", DATASET, asked,
        format="SDMX-CSV", startPeriod=first, endPeriod=last,
    )  # fmt: skip


def count(data: bytes) -> int:
    """Count the values of an answer. Raises NoData."""
    return count_csv(data, ("reporter", "partner", "TIME_PERIOD", "OBS_VALUE"))
