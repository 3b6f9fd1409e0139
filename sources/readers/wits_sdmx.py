"""Owns the answers of WITS TradeStats in SDMX-ML: series with attributes but without a structure, thousand US dollars."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pandas as pd

from sources.delimited import too_large
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source, comtrade, sdmx_data, sdmx_ml
from sources.readers.table import Rows

NAME = "wits_sdmx"
ABOUT = "World Bank WITS TradeStats: SDMX-ML as `reconcile fetch wits` gets it, values in 1000 USD"
EXAMPLE = (
    '<Series FREQ="A" REPORTER="KGZ" PARTNER="CHN" PRODUCTCODE="Total" INDICATOR="MPRT-TRD-VL">'
    '<Obs TIME_PERIOD="2021" OBS_VALUE="1463800.5"/></Series>\n'
)

MAX_OBSERVATIONS = 100_000  # the service gives a few thousand
FLOWS = {"MPRT-TRD-VL": "Import", "XPRT-TRD-VL": "Export"}
_MARK = re.compile(r"\b[MX]PRT-[A-Z]+-[A-Z]+\b")
FIELDS = {
    "REPORTER": "reporter_iso", "PARTNER": "partner_iso", "PRODUCTCODE": "commodity",
    "TIME_PERIOD": "year", "OBS_VALUE": "value",
}  # fmt: skip


def recognises(head: Head) -> float:
    """Score by SDMX-ML that names an indicator of WITS."""
    text = head.text[:16384]
    return (
        0.99 if text.lstrip()[:1] == "<" and "sdmx" in text.lower() and _MARK.search(text) else 0.0
    )


def read(source: Source) -> Reading:
    """Read n observations into figures in thousand US dollars; shares and counts are no trade. Raises InputError."""
    from defusedxml.ElementTree import fromstring

    sdmx_ml.check(source.data, source.name)
    if source.data.count(b"Obs") > 4 * MAX_OBSERVATIONS:
        raise too_large(source.name, "", "too many observations", f"{MAX_OBSERVATIONS:,}")
    found = [
        row | {"place": f"observation {number}"}
        for number, row in enumerate(_observations(fromstring(source.data)), 1)
    ]
    kept = [row for row in found if row.get("INDICATOR") in FLOWS]
    if not kept:
        return sdmx_data.nothing(source, NAME, "no value of imports or exports")
    lacking = [name for name in FIELDS if any(name not in row for row in kept)]
    if lacking:
        raise InputError(
            Problem(
                source.name,
                "",
                f"observations without {', '.join(lacking)}",
                "Fetch it again.",
                "CORRUPT_FILE",
            )
        )
    table = pd.DataFrame(kept)
    frame = table[list(FIELDS)].rename(columns=FIELDS)
    frame["flow_name"] = table["INDICATOR"].map(FLOWS)
    rows = Rows(frame, table["place"], list(frame.columns), [])
    return comtrade.figures(
        rows, source, NAME, unit="thousand USD", publisher="WITS", iso_scheme="wits",
        facts={"observations of other indicators": len(found) - len(kept)},
    )  # fmt: skip


def _observations(root: Element) -> list[dict[str, str]]:
    """Give a row an observation: attributes of its series and of itself, or their key values in the generic form."""
    out = []
    for series in root.iter():
        if _local(series) != "Series":
            continue
        common = _values(series, ("SeriesKey",))
        for obs in series:
            if _local(obs) == "Obs":
                out.append(common | _values(obs, ("ObsDimension", "ObsValue", "Attributes")))
    return out


def _values(element: Element, parts: tuple[str, ...]) -> dict[str, str]:
    found = {name: text.strip() for name, text in element.attrib.items()}
    for part in element:
        kind = _local(part)
        if kind not in parts:
            continue
        if kind == "ObsDimension":
            found["TIME_PERIOD"] = part.get("value", "")
        elif kind == "ObsValue":
            found["OBS_VALUE"] = part.get("value", "")
        for inner in part:
            if inner.get("id"):
                found[str(inner.get("id"))] = inner.get("value", "")
    return found


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
