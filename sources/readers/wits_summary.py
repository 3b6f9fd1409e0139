"""Owns the summaries of World Bank WITS: indicators of a country by year, and its partners with values side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sources import areas, columns
from sources.columns import constant
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.table import (
    Rows,
    aside,
    finish,
    fits_head,
    headers_of,
    machine_decimal,
    melted,
    numbers_of,
    pick,
    squash,
    tables,
    without_values,
)

NAME = "wits_summary"
ABOUT = "World Bank WITS summaries: indicators by year, or partners with exports and imports side by side"
EXAMPLE = (
    "Reporter,Partner,Product categories,Indicator Type,Indicator,2020,2021\n"
    "Kazakhstan,World,All Products,Export,Exports (in US$ Mil),46949.7,60321.0\n"
)

FIELDS = {
    "reporter": ("reporter", "reportername"), "partner": ("partner", "partnername"),
    "commodity": ("productcategories", "productgroup", "product"),
    "indicator": ("indicator",), "period": ("year",),
    "exports": ("exportusthousand", "exportsusthousand"), "imports": ("importusthousand", "importsusthousand"),
}  # fmt: skip
SCALES = {
    "mil": "million USD",
    "million": "million USD",
    "thousand": "thousand USD",
    "1000": "thousand USD",
}
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_MONEY = re.compile(r"(?i)us\$\s*(thousand|million|mil|1000)|(?:1000|thousand)\s*us\$")


def recognises(head: Head) -> float:
    """Score by reporter, partner and indicator with columns of years, or with exports and imports in thousands."""
    return 0.95 if fits_head(head, _fits) else 0.0


def _years(headers: Sequence[object]) -> dict[str, str]:
    texts = [str(header).strip() for header in headers]
    return {f"@{squash(text)}": text for text in texts if _YEAR.match(text)}


def _fields(headers: Sequence[object]) -> dict[str, tuple[str, ...]]:
    """Give the names of the fields; `Import` alone is thousand dollars where the tariff columns beside it are."""
    if any(re.match(r"(?:ahs|mfn)\w*usthousand", squash(header)) for header in headers):
        bare = {flow: (*FIELDS[flow], flow.removesuffix("s")) for flow in ("exports", "imports")}
        return {**FIELDS, **bare}
    return FIELDS


def _fits(headers: Sequence[object]) -> bool:
    fields = _fields(headers)
    found = set(pick(headers, fields))
    sides = {"reporter", "partner"} <= found and ("commodity" in found or fields is not FIELDS)
    by_year = "indicator" in found and bool(_years(headers))
    return sides and (by_year or ("period" in found and bool({"exports", "imports"} & found)))


def read(source: Source) -> Reading:
    """Read n rows into figures in million or thousand US dollars; shares, counts and tariffs are set aside."""
    headers = headers_of(Head(source), _fits)
    years = _years(headers)
    fields = {**_fields(headers), **{name: (name[1:],) for name in years}}
    rows = tables(source, fields, _fits, ("exports", "imports"))
    left: list[dict[str, object]] = []
    if "indicator" in rows.frame and years:
        raw, left = _by_indicator(melted(rows, years), source)
    else:
        parts = [
            _raw(rows, rows.frame[flow], constant(flow, rows.frame.index), constant("thousand USD", rows.frame.index))
            for flow in ("exports", "imports") if flow in rows.frame
        ]  # fmt: skip
        raw = parts[0] if len(parts) == 1 else pd.DataFrame(
            {name: columns.stacked(parts[0][name], parts[1][name]) for name in parts[0]}, copy=False
        )  # fmt: skip
    raw, empty = without_values(raw, source)
    return finish(
        raw, source, NAME, set_aside=[*rows.aside, *left, *empty],
        decimal=machine_decimal(raw["value"]), mark=True,
    )  # fmt: skip


def _raw(rows: Rows, value: pd.Series, flow: pd.Series, unit: pd.Series) -> pd.DataFrame:
    frame = rows.frame
    table = {
        "reporter": columns.recode(frame["reporter"], _area),
        "partner": columns.recode(frame["partner"], _area),
        "flow": flow, "period": columns.recode(rows.text("period"), lambda text: text.strip().removesuffix(".0")),
        "value": value, "unit": unit, "source": constant("WITS", frame.index), "place": rows.place,
        "commodity": columns.recode(rows.text("commodity"), _commodity),
        "valuation": columns.translated(flow, {"imports": "CIF", "exports": "FOB"}, "unknown"),
    }  # fmt: skip
    table["records"] = table["reporter"]
    return pd.DataFrame(table, copy=False)


def _by_indicator(rows: Rows, source: Source) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Give the rows whose indicator is exports or imports in dollars; the others are set aside and counted."""
    indicator = rows.frame["indicator"]
    flow, unit = columns.recode(indicator, _flow), columns.recode(indicator, _unit)
    good = ((flow != "") & (unit != "")).to_numpy()
    codes, texts = columns.coded(indicator)
    left = []
    for n, text in enumerate(texts):
        at = np.flatnonzero((codes == n) & ~good)
        if len(at):
            total = float(numbers_of(rows.frame["value"].iloc[at]).sum())
            place = str(rows.place.iloc[int(at[0])])
            left.append(
                aside(source, place, f"{len(at):,} cells of the indicator {text}", value=total)
            )
    raw = _raw(rows, rows.frame["value"], flow, unit)
    return raw[good].reset_index(drop=True), left


def _flow(indicator: str) -> str:
    text = indicator.lower()
    if (
        "share" in text
        or "growth" in text
        or "balance" in text
        or "no. of" in text
        or "index" in text
    ):
        return ""
    return "exports" if "export" in text else "imports" if "import" in text else ""


def _unit(indicator: str) -> str:
    found = _MONEY.search(indicator)
    return SCALES[(found.group(1) or "thousand").lower()] if found else ""


def _area(text: str) -> str:
    text = text.strip()
    for scheme in ("name", "wits"):
        found = areas.find(text, None, scheme)
        if found is not None:
            return found.code
    return text


def _commodity(text: str) -> str:
    return "TOTAL" if text.strip().lower() in ("all products", "total", "") else text.strip()
