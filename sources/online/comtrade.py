"""Owns UN Comtrade online: the public preview without a key, the full service with one, both sides of a flow."""

from __future__ import annotations

import json

from sources.online.base import (
    MIRROR,
    NoData,
    Query,
    Request,
    json_of,
    label,
    m49,
    members_or,
    problem,
    span,
    text_of,
    url,
)

NAME = "comtrade"
ABOUT = "UN Comtrade: annual and monthly trade in goods, without a key 500 rows an answer"
EXAMPLE = (
    "reconcile fetch comtrade --reporter KAZ --partner CHN --year 2022 --flow M --mirror -o FOLDER"
)
TERMS = "https://comtrade.un.org/licenseagreement.html"
GIVES = "figures"
TAKES = ("reporter", "partner", "period", "flow", "commodity", "classification", "mirror")
NEEDS = ("reporter", "period")
FLOW_CODES = ("M", "X", "RX", "RM")
SPLIT = ("period", "reporter", "partner", "commodity", "flow")
MOST = {"period": 12}  # periods that one call takes
SUFFIX = ".json"
KEY = ("COMTRADE_KEY", "Ocp-Apim-Subscription-Key")

BASE = "https://comtradeapi.un.org"
PREVIEW_ROWS = 500
KEYED_ROWS = 100_000  # 250,000 with a premium key
CLASSIFICATIONS = (
    "HS",
    "H0",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "S1",
    "S2",
    "S3",
    "S4",
    "B4",
    "B5",
)
# Reporters and partners whose number is not ISO's, by the service's own list of reporters (2025).
_OWN = {"WORLD": "0", "FRA": "251", "NOR": "579", "IND": "699", "CHE": "757", "USA": "842",
        "TWN": "490", "ASIA_NES": "490", "EU": "97", "NES": "899"}  # fmt: skip
# The breakdowns by second partner, transport and customs procedure are left out: only the row of all of them.
_WHOLE = {"partner2Code": "0", "motCode": "0", "customsCode": "C00"}


def code(area: str) -> str | None:
    """Give Comtrade's number of an area, None where it has none."""
    return _OWN.get(area) or m49().get(area)


def requests(query: Query) -> list[Request]:
    """Give one request for the reporters' side and, with `mirror`, one for the partners'. Raises InputError."""
    system = query.classification.upper() or "HS"
    if system not in CLASSIFICATIONS:
        raise problem("--classification", "", f"{system!r} is not one of Comtrade's",
                      "Use one of " + ", ".join(CLASSIFICATIONS), "QUERY")  # fmt: skip
    flows = query.flow or ("M", "X")
    sides = [(query.reporter, query.partner or ("WORLD",), flows)]
    if query.mirror:
        back = tuple(dict.fromkeys(MIRROR[flow] for flow in flows))
        world = {"WORLD", "all"} & set(query.partner) or not query.partner
        sides.append((("all",) if world else query.partner, query.reporter, back))
    out = []
    for reporters, partners, flow in sides:
        listed = tuple(commodity.upper() for commodity in query.commodity) or ("TOTAL",)
        values = {
            "classification": (system,),
            "period": tuple(period.replace("-", "") for period in query.period),
            "reporter": members_or(reporters, code, "Comtrade"),
            "partner": members_or(partners, code, "Comtrade"),
            "flow": flow,
            "commodity": listed,
        }
        name = label(NAME, reporters, partners, flow, listed, (span(query.period),))
        out.append(Request(name, values, query.keyed, query.most_rows))
    return out


def address(request: Request) -> str:
    """Give the address of a request; the key is never part of it."""
    values = request.values
    frequency = "M" if len(values["period"][0]) == 6 else "A"
    system = values["classification"][0]
    path = ["data", "v1", "get"] if request.keyed else ["public", "v1", "preview"]
    asked = {
        "reporterCode": ",".join(values["reporter"]),
        "period": ",".join(values["period"]),
        "partnerCode": ",".join(values["partner"]),
        "flowCode": ",".join(values["flow"]),
        "cmdCode": ",".join(values["commodity"]),
    }
    most = {"maxRecords": str(limit(request)), "includeDesc": "true"}
    return url(BASE, *path, "C", frequency, system, **asked, **_WHOLE, **most)


def limit(request: Request) -> int:
    """Give the rows at which an answer is cut."""
    return (request.most_rows or KEYED_ROWS) if request.keyed else PREVIEW_ROWS


def expand(request: Request) -> Request:
    """Write `AG2`, all chapters, as the list of chapters, so that it can be asked for in parts."""
    if request.values["commodity"] != ("AG2",) or request.values["classification"][0][0] != "H":
        return request
    chapters = tuple(f"{chapter:02d}" for chapter in range(1, 100) if chapter not in (77, 98))
    return request.with_("commodity", chapters)


def count(data: bytes) -> int:
    """Count the records of an answer. Raises NoData for an error in words, a web page or damage."""
    document = json_of(data)
    records = document.get("data") if isinstance(document, dict) else None
    words = ""
    if isinstance(document, dict):
        words = str(document.get("error") or document.get("message") or "").strip()
    if not isinstance(records, list) or (words and not records):
        raise NoData(words or "JSON without a list `data`")
    return len(records)


def join(parts: list[bytes]) -> bytes:
    """Join the records of several answers into one answer of the same layout."""
    records = [record for part in parts for record in json.loads(text_of(part))["data"]]
    whole = {"elapsedTime": "", "count": len(records), "data": records, "error": ""}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
