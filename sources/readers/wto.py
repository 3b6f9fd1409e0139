"""Owns WTO Stats: the bulk CSV of merchandise trade, one row an indicator, economy, product and period."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sources import areas, columns
from sources.columns import constant
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.headers import month_of
from sources.readers.table import (
    Rows,
    aside,
    finish,
    fits_head,
    machine_decimal,
    numbers_of,
    pick,
    tables,
    without_values,
)

NAME = "wto"
ABOUT = "WTO Stats: the bulk CSV, merchandise exports and imports by economy, partner, product and period"
EXAMPLE = (
    "Indicator,Reporting Economy ISO3A Code,Reporting Economy,Partner Economy,Product/Sector,Period,Unit,Year,Value\n"
    "Merchandise exports by product group - annual,KAZ,Kazakhstan,World,Total merchandise,Annual,"
    "Million US dollar,2019,58066\n"
)

FIELDS = {
    "indicator": ("indicator",),
    "reporter_iso": ("reportingeconomyiso3acode",), "reporter_name": ("reportingeconomy",),
    "partner_iso": ("partnereconomyiso3acode",), "partner_name": ("partnereconomy",),
    "product": ("productsector",), "product_code": ("productsectorcode",),
    "classification": ("productsectorclassification",),
    "period": ("period",), "year": ("year",), "unit": ("unit",), "value": ("value",),
    "flag": ("valueflagcode", "valueflag"),
}  # fmt: skip
_ALL_GOODS = re.compile(r"(?i)^(?:TO|total merchandise|all products|)$")
_ESTIMATES = frozenset({"e", "estimate", "estimated"})


def recognises(head: Head) -> float:
    """Score by indicator, reporting economy, product or sector, unit, year and value."""
    return 0.95 if fits_head(head, _fits) else 0.0


def _fits(headers: Sequence[object]) -> bool:
    found = set(pick(headers, FIELDS))
    return {"indicator", "product", "unit", "year", "value"} <= found and bool(
        {"reporter_iso", "reporter_name"} & found
    )


def read(source: Source) -> Reading:
    """Read n rows into figures in the unit they name; services, shares and indices are set aside. Raises InputError."""
    rows = tables(source, FIELDS, _fits, ("value",))
    index = rows.frame.index
    flow = columns.recode(rows.text("indicator"), _flow)
    unit = columns.recode(rows.text("unit"), lambda text: text if "dollar" in text.lower() else "")
    table = {
        "reporter": _sides(rows, "reporter"), "partner": _sides(rows, "partner"), "flow": flow,
        "period": _periods(rows), "value": rows.frame["value"], "unit": unit,
        "source": constant("WTO", index), "place": rows.place, "commodity": _products(rows),
        "classification": rows.text("classification"), "printed_flag": rows.text("flag"),
        "status": columns.recode(
            rows.text("flag"), lambda text: "estimate" if text.strip().lower() in _ESTIMATES else ""
        ),
        "valuation": columns.translated(flow, {"imports": "CIF", "exports": "FOB"}, "unknown"),
    }  # fmt: skip
    table["records"] = table["reporter"]
    raw = pd.DataFrame(table, copy=False)
    raw, left = _goods(raw, rows, source)
    raw, empty = without_values(raw, source)
    return finish(
        raw, source, NAME, set_aside=[*rows.aside, *left, *empty],
        decimal=machine_decimal(raw["value"]), mark=True,
    )  # fmt: skip


def _flow(indicator: str) -> str:
    """Give the flow of an indicator of merchandise values; empty for services, volumes, shares and indices."""
    text = indicator.lower()
    if "merchandise" not in text or re.search(
        r"ind(?:ex|ices)|share|volume|change|growth|price", text
    ):
        return ""
    if "re-export" in text:
        return "re-exports"
    return "exports" if "export" in text else "imports" if "import" in text else ""


def _sides(rows: Rows, side: str) -> pd.Series:
    """Resolve one side of n rows by its ISO code, then its name; a row without a partner is trade with the world."""
    codes, keys = columns.combined(rows.text(f"{side}_iso"), rows.text(f"{side}_name"))
    texts = []
    for iso, name in keys:
        tries = ((iso.strip(), "any"), (name.strip(), "name"))
        found = next(
            (a for text, how in tries if text and (a := areas.find(text, None, how))), None
        )
        empty = side == "partner" and not iso.strip() and not name.strip()
        texts.append(found.code if found else "WORLD" if empty else name.strip() or iso.strip())
    return columns.from_codes(codes, texts, rows.frame.index)


def _periods(rows: Rows) -> pd.Series:
    """Give the periods of n rows: the year, with the month or quarter where the column Period names one."""
    codes, keys = columns.combined(rows.text("year"), rows.text("period"))
    texts = [
        year.strip().removesuffix(".0") + (month_of(part) if part.strip().lower() != "annual" else "")
        for year, part in keys
    ]  # fmt: skip
    return columns.from_codes(codes, texts, rows.frame.index)


def _products(rows: Rows) -> pd.Series:
    """Give the product of n rows as its code, all merchandise as TOTAL."""
    codes, keys = columns.combined(rows.text("product_code"), rows.text("product"))
    texts = [
        "TOTAL" if _ALL_GOODS.match(code.strip()) and _ALL_GOODS.match(name.strip()) else code.strip() or name.strip()
        for code, name in keys
    ]  # fmt: skip
    return columns.from_codes(codes, texts, rows.frame.index)


def _goods(
    raw: pd.DataFrame, rows: Rows, source: Source
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Keep merchandise in dollars; other indicators are set aside, counted and summed by name."""
    good = ((raw["flow"] != "") & (raw["unit"] != "")).to_numpy()
    if good.all():
        return raw, []
    codes, texts = columns.coded(rows.frame["indicator"])
    left = []
    for n, text in enumerate(texts):
        at = np.flatnonzero((codes == n) & ~good)
        if len(at):
            total = float(numbers_of(raw["value"].iloc[at]).sum())
            place = str(rows.place.iloc[int(at[0])])
            left.append(
                aside(source, place, f"{len(at):,} rows of the indicator {text}", value=total)
            )
    return raw[good].reset_index(drop=True), left
