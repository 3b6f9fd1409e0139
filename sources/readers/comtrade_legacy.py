"""Owns UN Comtrade as it was until 2022: CSV of 35 or 12 columns, its JSON `dataset`, exports of old R packages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers import comtrade as new
from sources.readers.table import fits_head, headers_of, pick, record_rows, squash, tables

NAME = "comtrade_legacy"
ABOUT = "UN Comtrade before 2022: CSV of 35 or 12 columns, JSON of the old service, exports of old R packages"
EXAMPLE = (
    "Classification,Year,Trade Flow,Reporter Code,Reporter,Partner Code,Partner,Commodity Code,Trade Value (US$)\n"
    "H5,2017,Import,398,Kazakhstan,156,China,TOTAL,4692000000\n"
)

FIELDS = {
    "year": ("year", "yr"), "period": ("period",),
    "reporter_code": ("reportercode", "rtcode"), "reporter_iso": ("reporteriso", "rt3iso"),
    "reporter_name": ("reporter", "rttitle"),
    "flow_name": ("tradeflow", "rgdesc"), "flow_code": ("tradeflowcode", "rgcode"),
    "partner_code": ("partnercode", "ptcode"), "partner_iso": ("partneriso", "pt3iso"),
    "partner_name": ("partner", "pttitle"),
    "partner2": ("2ndpartnercode", "secondpartnercode", "ptcode2"),
    "customs": ("customsproccode", "cstcode"), "mot": ("modeoftransportcode", "motcode"),
    "commodity": ("commoditycode", "cmdcode"), "classification": ("classification", "pfcode"),
    "value": ("tradevalueus", "tradevalueusd", "tradevalue"),
    "cif": ("ciftradevalueus", "ciftradevalueusd", "cifvalue"),
    "fob": ("fobtradevalueus", "fobtradevalueusd", "fobvalue"),
    "flag": ("flag", "estcode", "estimationcode"),
}  # fmt: skip
BARE = {
    **FIELDS,
    "value": (*FIELDS["value"], "value"),
}  # the web service of 2010 calls it just Value
NEEDED = {"value", "commodity"}


def recognises(head: Head) -> float:
    """Score by the columns `Trade Flow`, `Reporter`, `Partner`, `Commodity Code` and `Trade Value (US$)`."""
    if head.text.lstrip()[:1] == "{":
        return 0.95 if re.search(r'"rtCode"\s*:', head.text) and "TradeValue" in head.text else 0.0
    return 0.95 if fits_head(head, _fits) else 0.0


def _fields(headers: Sequence[object]) -> dict[str, tuple[str, ...]]:
    """Give the names of the fields; a bare `Value` is dollars only beside Comtrade's own columns."""
    own = {squash(header) for header in headers}
    return BARE if {"estimationcode", "supplementaryquantity"} <= own else FIELDS


def _fits(headers: Sequence[object]) -> bool:
    found = set(pick(headers, _fields(headers)))
    sides = {"reporter_code", "reporter_iso", "reporter_name"} & found
    others = {"partner_code", "partner_iso", "partner_name"} & found
    return bool(
        found >= NEEDED and sides and others and {"flow_name", "flow_code"} & found
        and {"period", "year"} & found
    )  # fmt: skip


def read(source: Source) -> Reading:
    """Read a legacy file of n rows into n figures in US dollars. Raises InputError."""
    if source.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return new.figures(record_rows(_records(source), FIELDS, "record"), source, NAME)
    fields = _fields(headers_of(Head(source), _fits))
    return new.figures(tables(source, fields, _fits, ("value", "cif", "fob")), source, NAME)


def _records(source: Source) -> list[dict[str, object]]:
    from sources.markup import load_json

    document = load_json(source.text, source.name)
    data = document.get("dataset") if isinstance(document, dict) else None
    if not isinstance(data, list):
        raise InputError(
            Problem(
                source.name,
                "",
                "an answer without the list `dataset`",
                "Ask again.",
                "CORRUPT_FILE",
            )
        )
    return [record for record in data if isinstance(record, dict)]
