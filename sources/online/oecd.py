"""Owns the OECD online: Balanced International Merchandise Trade Statistics, an estimate to compare with."""

from __future__ import annotations

from sources.online.base import (
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

NAME = "oecd"
ABOUT = "OECD BIMTS: balanced bilateral trade in goods (an estimate), US dollars, annual"
EXAMPLE = "reconcile fetch oecd --reporter DEU --partner CHN --year 2018..2022 -o FOLDER"
TERMS = "https://www.oecd.org/en/about/terms-conditions.html"
GIVES = "figures"
TAKES = ("reporter", "partner", "period")
NEEDS = ("reporter", "partner", "period")
FLOW_CODES: tuple[str, ...] = ()
SPLIT = ("reporter", "partner", "period")
SUFFIX = ".csv"
KEY = None
limit, join = uncut, join_csv

FLOW_REFERENCE = "OECD.SDD.TPS,DSD_BIMTS@DF_BIMTS_CPA_2_1,1.1"
_OWN = {"WORLD": "W"}


def code(area: str) -> str | None:
    """Give the OECD's code of an area, None where it has none."""
    return _OWN.get(area) or iso3(area)


def requests(query: Query) -> list[Request]:
    """Give the one request of a query, both flows: a balanced flow is one number. Raises InputError."""
    values = {
        "reporter": members_or(query.reporter, code, "The OECD"),
        "partner": members_or(query.partner, code, "The OECD"),
        "period": query.period,
    }
    return [Request(label(NAME, query.reporter, query.partner, (span(query.period),)), values)]


def address(request: Request) -> str:
    """Give the address of a request: all goods, balanced, in dollars at exchange rates."""
    values = request.values
    every: tuple[str, ...] = ()
    asked = key(
        values["reporter"], values["partner"], every, ("C",), ("_T",), every, ("A",), ("USD_EXC",),
        every,
    )  # fmt: skip
    first, last = values["period"][0], values["period"][-1]
    return url(
        sdmx_base("OECD"), "data", FLOW_REFERENCE, asked,
        startPeriod=first, endPeriod=last, dimensionAtObservation="AllDimensions", format="csvfile",
    )  # fmt: skip


def count(data: bytes) -> int:
    """Count the values of an answer. Raises NoData."""
    return count_csv(data)
