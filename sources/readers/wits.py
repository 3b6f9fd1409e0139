"""Owns World Bank WITS: CSV of the advanced query, semicolons or commas, values in 1000 USD."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sources import columns
from sources.figures import FINDING_COLUMNS, Reading
from sources.readers import Head, Source, comtrade
from sources.readers.table import Rows, finding, fits_head, numbers_of, pick, tables

NAME = "wits"
ABOUT = "World Bank WITS: the advanced query as CSV or xlsx, trade values in 1000 USD"
EXAMPLE = (
    "ReporterISO3,ProductCode,PartnerISO3,Year,TradeFlowName,TradeValue in 1000 USD\n"
    "KAZ,Total,CHN,2021,Export,9805000\n"
)

FIELDS = {
    "classification": ("nomenclature",), "reporter_iso": ("reporteriso3",),
    "reporter_name": ("reportername", "reporter"), "commodity": ("productcode",),
    "partner_iso": ("partneriso3",), "partner_name": ("partnername", "partner"),
    "year": ("year",), "flow_name": ("tradeflowname", "tradeflow"), "flow_code": ("tradeflowcode",),
    "value": ("tradevaluein1000usd", "tradevalue1000usd", "tradevalueusthousand"),
    "dollars": ("tradevalueinusd", "tradevalueusd"), "quantity_unit": ("qtyunit", "quantityunit"),
}  # fmt: skip
FLOWS = {
    "1": "Import",
    "2": "Export",
    "3": "Re-Export",
    "4": "Re-Import",
    "5": "Import",
    "6": "Export",
}
# WITS writes HS revisions by its own letters.
REVISIONS = {
    "hs": "HS", "h0": "H0", "h1": "H1", "h2": "H2", "h3": "H3", "h4": "H4", "h5": "H5", "h6": "H6",
    "nc": "HS", "s1": "S1", "s2": "S2", "s3": "S3", "s4": "S4",
}  # fmt: skip


def recognises(head: Head) -> float:
    """Score by `TradeValue in 1000 USD` beside reporter, partner and flow columns."""
    return 0.95 if fits_head(head, _fits) else 0.0


def _fits(headers: list[str]) -> bool:
    found = set(pick(headers, FIELDS))
    return bool(
        {"value", "year", "commodity"} <= found
        and {"reporter_iso", "reporter_name"} & found
        and {"partner_iso", "partner_name"} & found
        and {"flow_name", "flow_code"} & found
    )


def read(source: Source) -> Reading:
    """Read a WITS file of n rows into n figures in thousand US dollars. Raises InputError."""
    rows = tables(source, FIELDS, _fits, ("value",))
    frame = rows.frame
    table: dict[str, pd.Series] = {str(name): frame[name] for name in frame.columns}
    if "flow_name" in frame:
        table.pop("flow_code", None)
    else:
        table["flow_name"] = columns.translated(table.pop("flow_code"), FLOWS)
    if "classification" in frame:
        table["classification"] = columns.translated(frame["classification"], REVISIONS)
    added = Rows(pd.DataFrame(table, index=frame.index), rows.place, rows.headers, rows.aside)
    tidy, notes = _added_up(added, source)
    reading = comtrade.figures(
        tidy, source, NAME, unit="thousand USD", publisher="WITS", iso_scheme="wits"
    )
    if notes:
        told = pd.DataFrame(notes, columns=FINDING_COLUMNS)
        told = pd.concat([reading.findings, told], ignore_index=True)
        return replace(reading, findings=told)
    return reading


def _added_up(rows: Rows, source: Source) -> tuple[Rows, list[dict[str, object]]]:
    """Add up the rows of one flow that differ in their unit of quantity: WITS splits a product group by it."""
    frame = rows.frame
    if "quantity_unit" not in frame:
        return rows, []
    names = [name for name in frame if name not in ("quantity_unit", "value", "dollars")]
    key, _ = columns.combined(*(frame[name] for name in names))
    unit, _ = columns.combined(frame["quantity_unit"])
    pairs = pd.DataFrame({"key": key, "unit": unit})
    units = pairs.groupby("key")["unit"].transform("nunique").to_numpy()
    twice = pairs.duplicated(keep=False).groupby(pairs["key"]).transform("any").to_numpy()
    several = (units > 1) & ~twice  # rows that stand twice are left to be found as such
    if not several.any():
        return rows, []
    amounts = numbers_of(frame["value"])
    first = ~pairs.duplicated("key").to_numpy()
    sums = amounts.groupby(key).transform("sum", min_count=1)
    amounts = amounts.where(~several, sums)
    value = frame["value"].astype(object)
    text = amounts.map(lambda number: "" if pd.isna(number) else repr(round(float(number), 6)))
    value = amounts if frame["value"].dtype.kind == "f" else value.where(~several, text)
    keep = first | ~several
    place = rows.place.astype(object)
    place = place.where(~several, place + " and the rows added to it")
    table = frame.assign(value=value)[keep].reset_index(drop=True)
    note = finding(
        "PARTS_ADDED",
        f"{int(several.sum()):,} rows give a flow in parts by unit of quantity; "
        f"they were added up to {int((several & first).sum()):,} figures",
        "Nothing to do; each row holds the goods that are counted in its unit.",
        source=source,
        severity="note",
    )
    return Rows(table, place[keep].reset_index(drop=True), rows.headers, rows.aside), [note]
