"""Owns reports made from UN Comtrade with Comtrade's column names but ranks, sums and shares: partners and balances."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from sources import areas, columns
from sources.columns import constant
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source, comtrade
from sources.readers.table import (
    Rows,
    aside,
    finding,
    finish,
    fits_head,
    header_row,
    headers_of,
    machine_decimal,
    numbers_of,
    pick,
    tables,
)

NAME = "cipf"
ABOUT = "reports made from UN Comtrade (xlsx, CSV): partners ranked by sums, products, balances with mirror totals"
EXAMPLE = (
    ",refYear,flowCode,partnerDesc,partner_rank,reporterDesc,cmdCode,partner_sum,partner_perc\n"
    "12,2022,M,China,31,Kazakhstan,TOTAL,11144000000,0.0032\n"
)

FIELDS = {
    "year": ("refyear",), "period": ("period",), "flow_code": ("flowcode",), "flow_name": ("flowdesc",),
    "reporter_code": ("reportercode",), "reporter_iso": ("reporteriso",), "reporter_name": ("reporterdesc",),
    "partner_code": ("partnercode",), "partner_iso": ("partneriso",), "partner_name": ("partnerdesc",),
    "commodity": ("cmdcode",), "classification": ("classificationcode",),
    "value": ("primaryvalue", "partnersum", "reportersum", "cmdsum"),
}  # fmt: skip
# Columns of a balance report: reporter's own trade, and the partners' reports of trade with it.
BALANCE = {
    "M": ("imports", "own"), "X": ("exports", "own"), "M<X": ("exports", "mirror"),
    "X<M": ("imports", "mirror"),
}  # fmt: skip


def recognises(head: Head) -> float:
    """Score by Comtrade's names for year, flow, reporter and partner beside a sum, or by the columns M, M<X, X, X<M."""
    return 0.93 if fits_head(head, _fits) or fits_head(head, _balance) else 0.0


def _fits(headers: Sequence[object]) -> bool:
    found = set(pick(headers, FIELDS))
    named = {"reporter_name", "partner_name", "value"} <= found
    return bool(
        named and {"flow_code", "flow_name"} & found and {"year", "period"} & found
    ) and not comtrade.fits(headers)


def _balance(headers: Sequence[object]) -> bool:
    names = {str(header).strip().upper() for header in headers}
    return {*BALANCE, "PERIOD"} <= names


def read(source: Source) -> Reading:
    """Read n rows of a report into figures in US dollars; shares, ranks and balances are not read."""
    if headers_of(Head(source), _fits):
        rows = tables(source, FIELDS, _fits, ("value",))
        facts: dict[str, object] = {"notes": ["ranks, shares and running sums are not read"]}
        return comtrade.figures(rows, source, NAME, facts=facts)
    return _read_balance(source)


def _read_balance(source: Source) -> Reading:
    """Read the yearly totals of one country: its own, and those of its partners as sums of mirror reports."""
    rows = _long(source)
    country = _country(source.name)
    if not country:
        raise InputError(
            Problem(source.name, "", "the table does not say whose trade it is",
                    "Put the country into the file's name, as in China_1.1_trade_balance.xlsx.",
                    "UNKNOWN_AREA")
        )  # fmt: skip
    left = []
    frame = rows.frame
    kind = frame["kind"]
    index = frame.index
    mirror = columns.mask(kind, lambda name: BALANCE[name][1] == "mirror")
    own = constant(country, index)
    world = constant("WORLD", index)
    raw = pd.DataFrame(
        {
            "reporter": columns.chosen(~mirror, own, world), "partner": columns.chosen(mirror, own, world),
            "flow": columns.recode(kind, lambda name: BALANCE[name][0]), "period": frame["period"],
            "value": frame["value"], "unit": constant("USD", index),
            "source": constant("UN Comtrade", index), "place": rows.place,
            "valuation": columns.recode(kind, lambda name: "CIF" if BALANCE[name][0] == "imports" else "FOB"),
            "records": columns.chosen(~mirror, own, constant("", index)),
            "note": columns.from_codes(
                mirror.astype(int), ["", "sum of the partners' reports"], index
            ),
        }, copy=False,
    )  # fmt: skip
    # A reporter that has not reported a year stands with zero: no figure, not no trade.
    nothing = (numbers_of(raw["value"]) == 0).to_numpy() & ~mirror
    if nothing.any():
        places = ", ".join(str(text) for text in raw["place"][nothing])
        left.append(aside(source, places, "zero where the country has not reported the year yet", printed="0", value=0.0, unit="USD", label=country))  # fmt: skip
    notes = [
        finding(
            "AREA_ASSUMED",
            f"the table does not name its country; {areas.name(country)} was read from the file's name",
            "Check the name of the file.",
            source=source,
            severity="warning",
        )
    ]
    return finish(
        raw[~nothing].reset_index(drop=True), source, NAME, set_aside=[*rows.aside, *left],
        findings=notes, facts={"notes": ["balances and sums of both flows are not read"]},
        decimal=machine_decimal(raw["value"]),
    )  # fmt: skip


def _long(source: Source) -> Rows:
    """Give one row a year and column of BALANCE: kind, period and value, each with the address of its cell."""
    for sheet in source.sheets:
        at = header_row(sheet, _balance)
        if at < 0:
            continue
        headers = [str(cell).strip().upper() for cell in sheet.cells.iloc[at]]
        period = headers.index("PERIOD")
        cells = [
            (name, str(sheet.cells.iat[row, period]).strip(), str(sheet.cells.iat[row, headers.index(name)]),
             sheet.address(row, headers.index(name)))
            for row in range(at + 1, len(sheet.cells))
            for name in BALANCE
            if str(sheet.cells.iat[row, period]).strip()
        ]  # fmt: skip
        table = pd.DataFrame(cells, columns=["kind", "period", "value", "place"], dtype=object)
        return Rows(table[["kind", "period", "value"]], table["place"], headers)
    raise InputError(
        Problem(source.name, "", "no table has the columns M, M<X, X and X<M",
                "Name another reader with --from.", "NO_TABLE")
    )  # fmt: skip


def _country(name: str) -> str:
    """Give the first country that a part of the file's name means; empty where none does."""
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    for part in re.split(r"[_\-\s.]+", stem):
        if len(part) < 4:
            continue
        found = areas.find(part)
        if found is not None and found.kind == "country":
            return found.code
    return ""
