"""Owns UN Comtrade as the new API and its users write it: JSON `data[]`, UI and bulk CSV, parquet, snake_case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sources import areas, columns
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.breakdowns import settle
from sources.readers.table import (
    Rows,
    constant,
    finding,
    finish,
    fits_head,
    machine_decimal,
    numbers_of,
    pick,
    record_rows,
    squash,
    tables,
    without_values,
)

NAME = "comtrade"
ABOUT = "UN Comtrade: JSON of the new API, CSV of the site and of the bulk service, parquet, snake_case exports"
EXAMPLE = (
    "refYear,reporterCode,reporterISO,flowCode,partnerCode,partnerISO,cmdCode,primaryValue\n"
    "2024,398,KAZ,X,156,CHN,TOTAL,15000000000\n"
)

FIELDS = {
    "type": ("typecode",), "freq": ("freqcode",), "year": ("refyear",), "month": ("refmonth",),
    "period": ("period",), "reporter_code": ("reportercode",), "reporter_iso": ("reporteriso",),
    "reporter_name": ("reporterdesc",), "flow_code": ("flowcode",), "flow_name": ("flowdesc",),
    "partner_code": ("partnercode",), "partner_iso": ("partneriso",), "partner_name": ("partnerdesc",),
    "partner2": ("partner2code",), "partner2_iso": ("partner2iso",), "mot": ("motcode",),
    "customs": ("customscode",), "mos": ("moscode",), "commodity": ("cmdcode",),
    "classification": ("classificationcode",), "search": ("classificationsearchcode",),
    "value": ("primaryvalue",), "cif": ("cifvalue",), "fob": ("fobvalue",),
    "reported": ("isreported",), "aggregate": ("isaggregate",), "flag": ("legacyestimationflag",),
}  # fmt: skip

FLOWS = {
    "m": "imports", "import": "imports", "imports": "imports", "1": "imports",
    "x": "exports", "export": "exports", "exports": "exports", "2": "exports",
    "rx": "re-exports", "re-export": "re-exports", "re-exports": "re-exports", "3": "re-exports",
    "rm": "re-imports", "re-import": "re-imports", "re-imports": "re-imports", "4": "re-imports",
    "dx": "exports", "domestic export": "exports", "xip": "exports", "xop": "exports",
    "export of goods after inward processing": "exports",
    "export of goods for outward processing": "exports",
    "fm": "imports", "foreign import": "imports", "mip": "imports", "mop": "imports",
    "import of goods for inward processing": "imports",
    "import of goods after outward processing": "imports",
}  # fmt: skip
# Flows that Comtrade counts inside exports or imports: parts, never added to them.
INNER = {
    "dx": "domestic exports", "domestic export": "domestic exports",
    "xip": "exports after inward processing", "xop": "exports for outward processing",
    "export of goods after inward processing": "exports after inward processing",
    "export of goods for outward processing": "exports for outward processing",
    "fm": "foreign imports", "foreign import": "foreign imports",
    "mip": "imports for inward processing", "mop": "imports after outward processing",
    "import of goods for inward processing": "imports for inward processing",
    "import of goods after outward processing": "imports after outward processing",
}  # fmt: skip
VALUATION = {"imports": "CIF", "exports": "FOB", "re-exports": "FOB", "re-imports": "CIF"}
ALL_GOODS = {"total", "ag0", "all", "", "all commodities"}
EMPTY = {"", "NA", "NaN", "nan", "NULL", "null"}
YES, NO = {"1", "true", "t"}, {"0", "false", "f"}
FLAGS = {
    "2": "an estimated quantity", "4": "an estimated net weight",
    "6": "an estimated quantity and net weight",
}  # fmt: skip
QUANTITIES = {
    "netwgt", "qty", "grosswgt", "altqty", "netweightkg", "grossweightkg", "netweightinkgm", "quantity",
}  # fmt: skip
_HS = re.compile(r"(?i)H\d|HS")
_JSON = re.compile(r'"(?:primaryValue|primary_value)"\s*:')


def recognises(head: Head) -> float:
    """Score by the columns: a value, a reporter, a partner, a commodity and a flow under Comtrade's names."""
    if head.text.lstrip()[:1] in ("{", "["):
        return 0.95 if _JSON.search(head.text) and "eporter" in head.text else 0.0
    return 0.95 if fits_head(head, fits) else 0.0


def fits(headers: Sequence[object]) -> bool:
    """Tell whether headers are those of Comtrade: a value, both sides, a flow and a year."""
    found = set(pick(headers, FIELDS))
    return (
        ("value" in found or {"cif", "fob"} <= found)
        and _both_sides(found, headers)
        and bool({"flow_code", "flow_name"} & found)
        and bool({"period", "year"} & found)
    )


def _both_sides(found: set[str], headers: Sequence[object]) -> bool:
    """Tell whether both sides stand there by code or ISO; names do where the table is no report with ranks."""
    coded = {"reporter_code", "reporter_iso"} & found and {"partner_code", "partner_iso"} & found
    named = {"reporter_name", "partner_name", "commodity"} <= found
    ranked = any(re.search(r"_(?:rank|perc|sum)\b", str(header)) for header in headers)
    return bool(coded or (named and not ranked))


def read(source: Source) -> Reading:
    """Read a Comtrade file of n rows into n figures in US dollars. Raises InputError."""
    start = source.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return figures(record_rows(_records(source), FIELDS, "record"), source, NAME)
    return figures(tables(source, FIELDS, fits, ("value", "cif", "fob")), source, NAME)


def _records(source: Source) -> list[dict[str, object]]:
    """Give the records of an answer of the API. Raises InputError for an error message in its place."""
    from sources.markup import load_json

    document = load_json(source.text, source.name)
    if isinstance(document, dict):
        data = document.get("data")
        error = document.get("error") or document.get("message")
        if not isinstance(data, list) or (error and not data):
            found = f"an answer without data: {error or 'no list `data`'}"
            raise InputError(
                Problem(source.name, "", found, "Ask the service again.", "CORRUPT_FILE")
            )
    else:
        data = document if isinstance(document, list) else []
    return [record for record in data if isinstance(record, dict)]


def figures(
    rows: Rows,
    source: Source,
    reader: str,
    *,
    unit: str = "USD",
    publisher: str = "UN Comtrade",
    iso_scheme: str = "comtrade",
    facts: dict[str, object] | None = None,
) -> Reading:
    """Turn rows with Comtrade's fields into a Reading: codes resolved, breakdowns and totals kept apart."""
    frame = rows.frame
    index = frame.index
    period = periods_of(rows)
    flow = _flow_texts(rows)
    classification = rows.text("classification" if "classification" in frame else "search")
    commodity, repaired = commodity_codes(rows.text("commodity", "TOTAL"), classification)
    table = {
        "reporter": area_codes(frame, "reporter", period, iso_scheme),
        "partner": area_codes(frame, "partner", period, iso_scheme),
        "flow": columns.translated(flow, FLOWS),
        "period": period,
        "value": _values(frame),
        "unit": constant(unit, index),
        "source": constant(publisher, index),
        "place": rows.place,
        "commodity": commodity,
        "classification": classification,
        "note": columns.translated(flow, INNER, ""),
        "printed_flag": _flags(frame),
    }
    said = _said(frame, table["value"])
    table["valuation"] = _valuation(table["flow"], said)
    table["records"] = table["reporter"]
    if "type" in frame:
        table["concept"] = columns.translated(frame["type"], {"c": "goods", "s": "services"})
    raw = pd.DataFrame(table, copy=False)
    raw, notes = settle(raw, frame, source)
    raw, doubts = _both_stated(raw, frame, said, source)
    notes.extend([*doubts, *_flag_notes(frame, source)])
    if repaired:
        notes.append(
            finding(
                "LEADING_ZERO",
                f"{repaired:,} rows have commodity codes without their leading zero; it was put back",
                "Keep codes as text when a spreadsheet program saves the file.",
                source=source,
            )
        )
    raw, empty = without_values(raw, source)
    left = [h for h in rows.headers if squash(h) in QUANTITIES]
    more_facts: dict[str, object] = dict(facts or {})
    if left:
        more_facts["notes"] = ["quantities are not read: " + ", ".join(left)]
    return finish(
        raw, source, reader, set_aside=[*rows.aside, *empty], findings=notes, facts=more_facts,
        decimal=machine_decimal(raw["value"]), mark=True,
    )  # fmt: skip


def _flow_texts(rows: Rows) -> pd.Series:
    """Give the flow of n rows: its code, and its name where the code is none (files of 2022 write 0 for all)."""
    names = [name for name in ("flow_code", "flow_name") if name in rows.frame]
    if len(names) < 2:
        return rows.text(names[0])
    codes, keys = columns.combined(rows.text(names[0]), rows.text(names[1]))
    texts = [code if code.strip().lower() in FLOWS else name or code for code, name in keys]
    return columns.from_codes(codes, texts, rows.frame.index)


def area_codes(
    frame: pd.DataFrame, side: str, period: pd.Series, iso_scheme: str = "comtrade"
) -> pd.Series:
    """Resolve the areas of one side of n rows by code, then ISO, then name, each in its year.

    What no column resolves stays as printed, the name where there is one.
    """
    kinds = [
        (f"{side}_{kind}", scheme)
        for kind, scheme in (("code", "comtrade"), ("iso", iso_scheme), ("name", "name"))
        if f"{side}_{kind}" in frame
    ]
    if not kinds:
        return constant("", frame.index)
    year = columns.recode(period, lambda text: text[:4] if text[:4].isdecimal() else "")
    codes, keys = columns.combined(year, *(frame[name] for name, _ in kinds))
    schemes = [scheme for _, scheme in kinds]
    return columns.from_codes(codes, [_area(key, schemes) for key in keys], frame.index)


def _area(key: tuple[str, ...], schemes: list[str]) -> str:
    year = int(key[0]) if key[0] else None
    shown = ""
    for text, scheme in zip(key[1:], schemes):
        text = text.strip()
        found = areas.find(text, year, scheme) if text else None
        if found is not None:
            return found.code
        shown = text or shown
    return shown


def periods_of(rows: Rows) -> pd.Series:
    """Give the periods: `period` (2024, 202403) or year and month, where month 52 is the whole year."""
    frame = rows.frame
    if "period" in frame and not (frame["period"] == "").any():
        return columns.recode(frame["period"], lambda text: _period(text.strip()))
    codes, keys = columns.combined(rows.text("year"), rows.text("month"))
    texts = []
    for year, month in keys:
        year, month = _period(year.strip()), month.strip().removesuffix(".0")
        monthly = month.isdecimal() and len(month) < 4 and 1 <= int(month) <= 12
        texts.append(f"{year}-{int(month):02d}" if monthly else year)
    return columns.from_codes(codes, texts, frame.index)


def _period(text: str) -> str:
    text = text.removesuffix(".0")
    if len(text) == 8 and text.isdecimal() and text.endswith("01"):  # refPeriodId, a day
        text = text[:6]
    if len(text) == 6 and text.isdecimal():
        month = int(text[4:])
        return f"{text[:4]}-{text[4:]}" if 1 <= month <= 12 else text[:4] if month == 52 else text
    return text


def commodity_codes(column: pd.Series, classification: pd.Series) -> tuple[pd.Series, int]:
    """Give commodity codes, the words for all goods as TOTAL, and on how many rows a leading zero was put back.

    HS codes have two, four or six digits: one of one, three or five has lost its zero to a spreadsheet program.
    """
    codes, keys = columns.combined(column, columns.translated(classification, {}))
    texts = []
    changed = np.zeros(len(keys), dtype=bool)
    for n, (text, scheme) in enumerate(keys):
        code = text.strip().removesuffix(".0").strip("'")
        if code.lower() in ALL_GOODS:
            code = "TOTAL"
        elif code.isdigit() and len(code) in (1, 3, 5) and _HS.match(scheme.strip()):
            code, changed[n] = "0" + code, True
        texts.append(code)
    return columns.from_codes(codes, texts, column.index), int(changed[codes].sum())


def _values(frame: pd.DataFrame) -> pd.Series:
    """Give the value of n rows: the primary one, else the CIF or FOB value that stands there."""
    present = [name for name in ("value", "cif", "fob") if name in frame]
    value = frame[present[0]]
    for name in present[1:]:
        lacks = ~_filled(value) if name != "value" else None
        if lacks is None or not lacks.any():
            break
        other = frame[name]
        if value.dtype.kind == "f" and other.dtype.kind == "f":
            value = value.where(~(lacks & value.isna()), other)
        elif value.dtype.kind != "f" and other.dtype.kind != "f":
            printed = columns.mask(value, lambda text: text.strip() not in EMPTY)
            value = columns.chosen(printed, value, other)
    return value


def _said(frame: pd.DataFrame, value: pd.Series) -> np.ndarray[Any, Any]:
    """Give what the columns of CIF and FOB values say of n values: 0 nothing, 1 FOB, 2 CIF.

    Where both are filled with two amounts: 3 the value is the FOB one, 4 the CIF one.
    """
    said: np.ndarray[Any, Any] = np.zeros(len(frame), dtype=np.int8)
    if not {"cif", "fob"} <= set(frame):
        return said
    has_cif, has_fob = _filled(frame["cif"]), _filled(frame["fob"])
    said[has_fob & ~has_cif] = 1
    said[has_cif & ~has_fob] = 2
    both = np.flatnonzero(has_cif & has_fob)
    if len(both):
        amount, cif, fob = (
            numbers_of(column.iloc[both]).to_numpy()
            for column in (value, frame["cif"], frame["fob"])
        )
        said[both[(fob == amount) & (cif != amount)]] = 3
        said[both[(cif == amount) & (fob != amount)]] = 4
    return said


def _valuation(flow: pd.Series, said: np.ndarray[Any, Any]) -> pd.Series:
    """Give CIF or FOB: what the file's own CIF and FOB columns say, else imports CIF and exports FOB."""
    usual = columns.recode(flow, lambda text: VALUATION.get(text, "unknown"))
    if not said.any():
        return usual
    own = columns.from_codes(said, ["", "FOB", "CIF", "FOB", "CIF"], flow.index)
    codes, keys = columns.combined(usual, own)
    return columns.from_codes(codes, [own or common for common, own in keys], flow.index)


def _both_stated(
    raw: pd.DataFrame, frame: pd.DataFrame, said: np.ndarray[Any, Any], source: Source
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Add, to imports stated both CIF and FOB, the second value as a row of role `part`: never counted again.

    The margin between the two is then recorded. Rows of a breakdown have none, so that no part of a flow
    is taken for the whole. An FOB value above the CIF value is no margin: a finding, and no row.
    """
    twice = said >= 3
    if not twice.any():
        return raw, []
    count = len(frame)
    inward = columns.mask(raw["flow"], lambda text: VALUATION.get(text) == "CIF")[:count]
    whole = columns.mask(raw["role"], lambda text: text == "figure")[:count]
    at = np.flatnonzero(twice & inward & whole)
    cif, fob = (numbers_of(frame[name].iloc[at]).to_numpy() for name in ("cif", "fob"))
    at, odd = at[cif > fob], at[cif < fob]
    found = []
    if len(odd):
        message = f"{len(odd):,} imports have an FOB value above their CIF value"
        advice = "Freight and insurance only add; ask the publisher which value is meant."
        place = str(raw["place"].iat[int(odd[0])])
        found.append(
            finding(
                "CIF_BELOW_FOB", message, advice, source=source, place=place, severity="warning"
            )
        )
    if not len(at):
        return raw, found
    more = raw.take(at)
    other = np.where(said[at] == 3, 1, 0)  # which of fob, cif is not the row's own value
    value = (
        columns.chosen(other == 1, frame["cif"].take(at), frame["fob"].take(at))
        if frame["cif"].dtype.kind != "f"
        else pd.Series(np.where(other == 1, frame["cif"].take(at), frame["fob"].take(at)))
    )
    index = more.index
    more = more.assign(
        value=value.set_axis(index),
        valuation=columns.from_codes(other, ["FOB", "CIF"], index),
        role=constant("part", index),
        note=columns.from_codes(
            other,
            ["the same imports at their FOB value", "the same imports at their CIF value"],
            index,
        ),
    )
    table = {name: columns.stacked(raw[name], more[name]) for name in raw.columns}
    return pd.DataFrame(table, copy=False), found


def _filled(column: pd.Series) -> np.ndarray[Any, Any]:
    if column.dtype.kind == "f":
        numbers = column.to_numpy()
        return np.asarray(np.isfinite(numbers) & (numbers != 0))
    return columns.mask(column, lambda text: text.strip() not in EMPTY | {"0", "0.0"})


def _flags(frame: pd.DataFrame) -> pd.Series:
    """Give the flag of estimated quantities as printed; empty where nothing was estimated."""
    if "flag" not in frame:
        return constant("", frame.index)
    return columns.recode(
        frame["flag"], lambda text: "" if _whole(text) in ("", "0", "na") else _whole(text)
    )


def _whole(text: str) -> str:
    return text.strip().lower().removesuffix(".0")


def _flag_notes(frame: pd.DataFrame, source: Source) -> list[dict[str, object]]:
    """Say how many rows have estimated quantities, and how many were added up or estimated by the publisher."""
    found = []
    if "flag" in frame:
        codes, texts = columns.coded(frame["flag"])
        count = np.bincount(np.where(codes < 0, len(texts) - 1, codes), minlength=len(texts))
        told = [
            f"{count[n]:,} rows have {FLAGS[_whole(text)]}"
            for n, text in enumerate(texts)
            if _whole(text) in FLAGS and count[n]
        ]
        if told:
            found.append(
                finding(
                    "QUANTITY_ESTIMATED",
                    "; ".join(told),
                    "Values are as reported; do not rest unit values on these rows.",
                    source=source,
                )
            )
    if {"reported", "aggregate"} <= set(frame):
        codes, keys = columns.combined(frame["reported"], frame["aggregate"])
        size = np.bincount(codes, minlength=len(keys))
        added = sum(
            size[n] for n, (r, a) in enumerate(keys) if _whole(r) in NO and _whole(a) in YES
        )
        neither = sum(
            size[n] for n, (r, a) in enumerate(keys) if _whole(r) in NO and _whole(a) in NO
        )
        if added or neither:
            found.append(
                finding(
                    "NOT_REPORTED",
                    f"{added:,} rows were added up from detail by the publisher; {neither:,} are marked as "
                    "neither reported nor added up",
                    "The reporter did not publish these codes itself.",
                    source=source,
                )
            )
    return found
