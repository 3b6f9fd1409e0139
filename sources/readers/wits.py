"""Owns World Bank WITS: CSV of the advanced query, semicolons or commas, values in 1000 USD."""

from __future__ import annotations

import pandas as pd

from sources import columns
from sources.figures import Reading
from sources.readers import Head, Source, comtrade
from sources.readers.table import Rows, fits_head, pick, tables

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
    "dollars": ("tradevalueinusd", "tradevalueusd"),
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
    tidy = Rows(pd.DataFrame(table, index=frame.index), rows.place, rows.headers, rows.aside)
    return comtrade.figures(
        tidy, source, NAME, unit="thousand USD", publisher="WITS", iso_scheme="wits"
    )
