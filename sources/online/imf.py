"""Owns the IMF online: International Merchandise Trade Statistics, the successor of Direction of Trade Statistics."""

from __future__ import annotations

from sources.online.base import (
    MIRROR,
    Query,
    Request,
    count_csv,
    iso3,
    join_csv,
    key,
    label,
    members_or,
    sdmx_base,
    span,
    uncut,
    url,
)

NAME = "imf"
ABOUT = (
    "IMF IMTS (formerly DOTS): total trade by partner in US dollars, annual and monthly, both sides"
)
EXAMPLE = (
    "reconcile fetch imf --reporter UZB --partner CHN --year 2020..2024 --flow M --mirror -o FOLDER"
)
TERMS = "https://www.imf.org/en/about/copyright-and-terms"
GIVES = "figures"
TAKES = ("reporter", "partner", "period", "flow", "mirror")
NEEDS = ("reporter", "partner", "period")
FLOW_CODES = ("M", "X")
SPLIT = ("reporter", "partner", "period")
SUFFIX = ".csv"
KEY = None
limit, join = uncut, join_csv

FLOW_REFERENCE = "IMF.STA,IMTS"
INDICATORS = {"M": "MG_CIF_USD", "X": "XG_FOB_USD"}
HEADERS = {"Accept": "application/vnd.sdmx.data+csv;version=1.0.0"}
_OWN = {"WORLD": "G001", "XKX": "KOS"}


def code(area: str) -> str | None:
    """Give the IMF's code of an area, None where it has none."""
    return _OWN.get(area) or iso3(area)


def requests(query: Query) -> list[Request]:
    """Give one request for the reporters' side and, with `mirror`, one for the partners'. Raises InputError."""
    flows = query.flow or ("M", "X")
    sides = [(query.reporter, query.partner, flows)]
    if query.mirror:
        sides.append((query.partner, query.reporter, tuple(MIRROR[flow] for flow in flows)))
    out = []
    for reporters, partners, flow in sides:
        values = {
            "reporter": members_or(reporters, code, "The IMF"),
            "partner": members_or(partners, code, "The IMF"),
            "indicator": tuple(INDICATORS[one] for one in flow),
            "period": query.period,
        }
        name = label(NAME, reporters, partners, flow, (span(query.period),))
        out.append(Request(name, values, headers=HEADERS))
    return out


def address(request: Request) -> str:
    """Give the address of a request: dataflow, key of four dimensions, first and last period."""
    values = request.values
    first, last = values["period"][0], values["period"][-1]
    monthly = len(first) == 7
    asked = key(
        values["reporter"], values["indicator"], values["partner"], ("M" if monthly else "A",)
    )
    if monthly:
        first, last = first.replace("-", "-M"), last.replace("-", "-M")
    return url(
        sdmx_base("IMF_DATA"), "data", FLOW_REFERENCE, asked, startPeriod=first, endPeriod=last
    )


def count(data: bytes) -> int:
    """Count the values of an answer. Raises NoData."""
    return count_csv(data, ("COUNTRY", "COUNTERPART_COUNTRY", "TIME_PERIOD", "OBS_VALUE"))
