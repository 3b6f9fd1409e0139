"""Owns IMF Direction of Trade (DOTS, since 2025 IMTS): the bulk CSV, long or wide, and the CSV of the data portal."""

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
    finding,
    finish,
    fits_head,
    headers_of,
    machine_decimal,
    melted,
    pick,
    squash,
    tables,
    without_values,
)

NAME = "dots"
ABOUT = "IMF Direction of Trade Statistics: bulk CSV, long or by periods, and the IMTS CSV of the data portal"
EXAMPLE = (
    "Country Name,Country Code,Indicator Name,Indicator Code,Counterpart Country Name,Counterpart Country Code,"
    "Time Period,Value,Status\n"
    'Kazakhstan,916,"Goods, Value of Exports, Free on board (FOB), US Dollars",TXG_FOB_USD,'
    "China,924,2018,6307000000,\n"
)

FIELDS = {
    "reporter_code": ("countrycode", "countryid", "country", "refarea"),
    "reporter_name": ("countryname",),
    "partner_code": ("counterpartcountrycode", "counterpartcountryid", "counterpartcountry", "counterpartarea"),
    "partner_name": ("counterpartcountryname",),
    "indicator_code": ("indicatorcode", "indicatorid", "indicator"),
    "indicator_name": ("indicatorname",),
    "period": ("timeperiod", "date"), "value": ("value", "obsvalue"),
    "status": ("status", "obsstatus"), "attribute": ("attribute",),
    "scale": ("scale", "unitmult"),
}  # fmt: skip
_PERIOD = re.compile(r"^(?:1[89]|20)\d\d(?:-?[QM]\d{1,2}|-\d\d)?$", re.I)
_INDICATOR = re.compile(r"(?:^|\.)(T?([XMB])G)_(?:(CIF|FOB)_)?([A-Z]{3})\b")
_NAMED = re.compile(r"\((T[XMB]G_\w+)\)$", re.I)
SCALES = {
    "units": "", "unit": "", "0": "", "": "", "thousands": "thousand ", "3": "thousand ",
    "millions": "million ", "6": "million ", "billions": "billion ", "9": "billion ",
}  # fmt: skip


def recognises(head: Head) -> float:
    """Score by country, counterpart country and indicator beside values, or columns named by periods."""
    return 0.95 if fits_head(head, _fits) else 0.0


def _fits(headers: Sequence[object]) -> bool:
    found = set(pick(headers, FIELDS))
    sides = {"reporter_code", "reporter_name"} & found and {"partner_code", "partner_name"} & found
    indicated = {"indicator_code", "indicator_name"} & found
    valued = "value" in found and "period" in found
    if sides and "period" in found and _panel(headers):
        return True
    return bool(sides and indicated and (valued or _periods(headers)))


def _panel(headers: Sequence[object]) -> dict[str, str]:
    """Give the field and the printed indicator of each column named by one (the panel format)."""
    texts = [str(header).strip() for header in headers]
    return {f"@{squash(text)}": text for text in texts if _NAMED.search(text)}


def _periods(headers: Sequence[object]) -> dict[str, str]:
    """Give the field and the printed period of each column named by one."""
    texts = [str(header).strip() for header in headers]
    return {f"@{squash(text)}": text for text in texts if _PERIOD.match(text)}


def read(source: Source) -> Reading:
    """Read n rows, of one period or of many, into figures in the currency of their indicator. Raises InputError."""
    headers = headers_of(Head(source), _fits)
    periods, panel = _periods(headers), _panel(headers)
    fields = {**FIELDS, **{name: (name[1:],) for name in (*periods, *panel)}}
    if panel:
        fields |= _panel_status(headers)
    rows = tables(source, fields, _fits, ("value",))
    if panel:
        rows = _long(rows, panel)
    if "value" not in rows.frame and periods:
        rows = _with_status(rows, periods) if "attribute" in rows.frame else melted(rows, periods)
    frame = rows.frame
    codes, keys = columns.combined(
        rows.text("indicator_code"), rows.text("indicator_name"), rows.text("scale")
    )
    kinds = [_kind(*key) for key in keys]
    index = frame.index
    table = {
        "reporter": _areas(rows, "reporter"),
        "partner": _areas(rows, "partner"),
        "flow": columns.from_codes(codes, [kind[0] for kind in kinds], index),
        "valuation": columns.from_codes(codes, [kind[1] or "unknown" for kind in kinds], index),
        "unit": columns.from_codes(codes, [kind[2] for kind in kinds], index),
        "period": columns.recode(rows.text("period"), _period),
        "value": frame["value"],
        "source": constant("IMF DOTS", index),
        "place": rows.place,
        "printed_flag": rows.text("status"),
        "status": columns.recode(rows.text("status"), _status),
    }
    table["records"] = table["reporter"]
    raw = pd.DataFrame(table, copy=False)
    raw, left = _without_kind(raw, rows, codes, keys, kinds, source)
    estimated = int((raw["status"] == "estimate").sum())
    notes = []
    if estimated:
        notes.append(
            finding(
                "IMPUTED",
                f"{estimated:,} rows are estimates of the IMF, most of them from the partner's report",
                "Do not count them as a second source.",
                source=source,
                severity="warning",
            )
        )
    raw, empty = without_values(raw, source)
    return finish(
        raw, source, NAME, set_aside=[*rows.aside, *left, *empty], findings=notes,
        decimal=machine_decimal(raw["value"]), mark=True,
    )  # fmt: skip


def _panel_status(headers: Sequence[object]) -> dict[str, tuple[str, ...]]:
    """Give the field of the status of each indicator: the column `Status` right of it, the first, second..."""
    out: dict[str, tuple[str, ...]] = {"status": ()}
    count = 0
    for header, after in zip(headers, [*headers[1:], ""]):
        name = re.sub(r"\.\d+$", "", str(after).strip())
        if _NAMED.search(str(header).strip()) and squash(name) == "status":
            count += 1
            out[f"@{squash(header)} status"] = (squash(after), f"status#{count}")
            if squash(after) == "status":
                out[f"@{squash(header)} status"] = (f"status#{count}",)
    return out


def _long(rows: Rows, panel: dict[str, str]) -> Rows:
    """Turn one row of several indicators into one row an indicator; the place names it too."""
    frames, places = [], []
    kept = [name for name in rows.frame if not name.startswith("@")]
    for name, header in panel.items():
        code = _NAMED.search(header)
        if name not in rows.frame or code is None:
            continue
        frame = rows.frame[kept].copy()
        frame["indicator_name"], frame["indicator_code"] = header, code[1]
        frame["value"] = rows.frame[name]
        frame["status"] = rows.text(f"{name} status")
        frames.append(pd.DataFrame({at: columns.objects(frame[at]) for at in frame}))
        places.append(rows.place.astype(str) + f" ({code[1]})")
    table = pd.concat(frames, ignore_index=True)
    return Rows(table, pd.concat(places, ignore_index=True), rows.headers, rows.aside)


def _with_status(rows: Rows, periods: dict[str, str]) -> Rows:
    """Turn many periods into rows where values and their status stand on rows of their own."""
    halves = []
    for attribute in ("Value", "Status"):
        kept = columns.mask(rows.frame["attribute"], attribute.__eq__)
        frame = rows.frame[kept].reset_index(drop=True)
        place = rows.place[kept].reset_index(drop=True)
        halves.append(melted(Rows(frame, place, rows.headers, rows.aside), periods))
    values, states = halves
    keys = [name for name in ("reporter_code", "reporter_name", "partner_code", "partner_name",
                              "indicator_code", "indicator_name", "period") if name in values.frame]  # fmt: skip
    both = [columns.stacked(values.frame[name], states.frame[name]) for name in keys]
    codes, _ = columns.combined(*both)
    size = len(values.frame)
    said = np.full(int(codes.max(initial=0)) + 1, "", dtype=object)
    said[codes[size:]] = columns.objects(states.frame["value"])
    status = pd.Series(said[codes[:size]], index=values.frame.index, dtype=object)
    return Rows(values.frame.assign(status=status), values.place, values.headers, values.aside)


def _areas(rows: Rows, side: str) -> pd.Series:
    codes, keys = columns.combined(rows.text(f"{side}_code"), rows.text(f"{side}_name"))
    return columns.from_codes(codes, [area(code, name) for code, name in keys], rows.frame.index)


def area(code: str, name: str = "") -> str:
    """Give the area of an IMF code (three digits, ISO alpha-2 or alpha-3) or a name; the text where unknown."""
    for text, scheme in ((code, "imf"), (name, "name"), (code, "name")):
        found = areas.find(text.strip(), None, scheme) if text.strip() else None
        if found is not None:
            return found.code
    return name.strip() or code.strip()


def _kind(code: str, name: str, scale: str) -> tuple[str, str, str]:
    """Give flow, valuation and unit of an indicator; empty where it measures no goods trade in money."""
    flow = valuation = currency = ""
    found = _INDICATOR.search(code.strip().upper())
    if found:
        flow = {"X": "exports", "M": "imports", "B": "balance"}[found.group(2)]
        valuation, currency = found.group(3) or "", found.group(4)
    else:
        text = f"{code} {name}".lower()
        for word, meaning in (("balance", "balance"), ("export", "exports"), ("import", "imports")):
            if word in text:
                flow = meaning
                break
        valuation = "CIF" if "cif" in text or "insurance" in text else "FOB" if "fob" in text or "free on board" in text else ""  # fmt: skip
        currency = (
            "USD" if "us dollar" in text or "usd" in text else "EUR" if "euro" in text else ""
        )
        if "million" in text and not scale.strip():
            scale = "millions"
    if currency in ("", "XDC", "NSA"):
        return "", "", ""
    known = SCALES.get(scale.strip().lower())
    return (flow, valuation, f"{known}{currency}") if known is not None else ("", "", "")


def _without_kind(
    raw: pd.DataFrame,
    rows: Rows,
    codes: np.ndarray,
    keys: list[tuple[str, ...]],
    kinds: list[tuple[str, str, str]],
    source: Source,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Set rows aside whose indicator is no trade in a known currency, counted and summed by indicator."""
    from sources.readers.table import numbers_of

    good = np.array([bool(kind[0]) for kind in kinds] or [True], dtype=bool)[codes]
    if good.all():
        return raw, []
    left = []
    for n, (key, kind) in enumerate(zip(keys, kinds)):
        at = np.flatnonzero(codes == n)
        if kind[0] or not len(at):
            continue
        what = next((text for text in (key[1], key[0]) if text), "without an indicator")
        total = float(numbers_of(raw["value"].iloc[at]).sum())
        place = str(rows.place.iloc[int(at[0])])
        left.append(aside(source, place, f"{len(at):,} rows of the indicator {what}", value=total))
    return raw[good].reset_index(drop=True), left


def _period(text: str) -> str:
    text = text.strip().removesuffix(".0").upper()
    found = re.fullmatch(r"(\d{4})-?M(\d{1,2})", text)
    if found:
        return f"{found.group(1)}-{int(found.group(2)):02d}"
    found = re.fullmatch(r"(\d{4})-?Q(\d)", text)
    return f"{found.group(1)}-Q{found.group(2)}" if found else text


def _status(text: str) -> str:
    return (
        "estimate" if text.strip().lower() in ("e", "estimate", "estimated", "i", "imputed") else ""
    )
