"""Owns the World Bank's WITS online: TradeStats, bilateral trade in thousand US dollars, as SDMX-ML."""

from __future__ import annotations

import re

from sources.online.base import (
    MIRROR,
    NoData,
    Query,
    Request,
    iso3,
    key,
    label,
    members_or,
    only,
    refuse_page,
    sdmx_base,
    span,
    text_of,
    uncut,
    url,
)

NAME = "wits"
ABOUT = (
    "World Bank WITS TradeStats: trade by partner and product group, thousand US dollars, annual"
)
EXAMPLE = (
    "reconcile fetch wits --reporter KGZ --partner CHN --year 2021 --flow M --mirror -o FOLDER"
)
TERMS = "https://wits.worldbank.org/faqs.html"
GIVES = "figures"
TAKES = ("reporter", "partner", "period", "flow", "commodity", "mirror")
NEEDS = ("reporter", "period")
FLOW_CODES = ("M", "X")
SPLIT: tuple[str, ...] = ()  # two answers in SDMX-ML are not joined; ask for them one by one
SUFFIX = ".xml"
KEY = None
limit, join = uncut, only

DATAFLOW = "DF_WITS_TradeStats_Trade"
INDICATORS = {"M": "MPRT-TRD-VL", "X": "XPRT-TRD-VL"}
# WITS keeps codes of the 1990s for these.
_OWN = {"WORLD": "WLD", "ROU": "ROM", "SRB": "SER", "SDN": "SUD", "COD": "ZAR", "TLS": "TMP"}
_VALUE = re.compile(
    r"<(?:\w+:)?Obs\b[^>]{0,400}\bOBS_VALUE\s*=\s*[\"'][^\"']|<(?:\w+:)?ObsValue\b[^>]{0,200}\bvalue\s*="
)


def code(area: str) -> str | None:
    """Give WITS's code of an area, None where it has none."""
    return _OWN.get(area) or iso3(area)


def requests(query: Query) -> list[Request]:
    """Give one request a flow and side. Raises InputError."""
    flows = query.flow or ("M", "X")
    partner = query.partner or ("WORLD",)
    sides = [(query.reporter, partner, flow) for flow in flows]
    if query.mirror:
        sides += [(partner, query.reporter, MIRROR[flow]) for flow in flows]
    out = []
    for reporters, partners, flow in sides:
        values = {
            "reporter": members_or(reporters, code, "WITS"),
            "partner": members_or(partners, code, "WITS"),
            "commodity": query.commodity or ("Total",),
            "indicator": (INDICATORS[flow],),
            "period": query.period,
        }
        name = label(NAME, reporters, partners, (flow,), query.commodity, (span(query.period),))
        out.append(Request(name, values))
    return out


def address(request: Request) -> str:
    """Give the address of a request: dataflow, key of five dimensions, first and last year."""
    values = request.values
    asked = key(
        ("A",), values["reporter"], values["partner"], values["commodity"], values["indicator"]
    )
    first, last = values["period"][0], values["period"][-1]
    return url(sdmx_base("WB"), "data", DATAFLOW, asked, startPeriod=first, endPeriod=last)


def count(data: bytes) -> int:
    """Count the observations of an answer in SDMX-ML. Raises NoData for anything else."""
    text = text_of(data)
    if not text.strip():
        raise NoData("an empty answer", empty=True)
    refuse_page(text)
    if not text.lstrip().startswith("<"):
        raise NoData("the answer is no XML")
    rows = len(_VALUE.findall(text))
    if not rows and "DataSet" not in text:
        raise NoData("XML without a data set")
    return rows
