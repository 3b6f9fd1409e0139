"""Owns tables of mirror pairs: each row has the importer's and the exporter's figure of one flow."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sources import areas, columns
from sources.columns import constant
from sources.figures import Reading
from sources.readers import Head, Source, dots
from sources.readers.table import (
    Rows,
    finding,
    finish,
    fits_head,
    machine_decimal,
    numbers_of,
    pick,
    squash,
    tables,
    without_values,
)

NAME = "pairs"
ABOUT = "tables of asymmetries: the importer's and the exporter's figure of one flow on each row"
EXAMPLE = (
    "Year,Importer,Exporter,Import_USD_million,Export_USD_million\n2019,KAZ,CHN,6578.1,12806.2\n"
)

FIELDS = {
    "period": ("year", "yearm", "period", "time"),
    "importer": ("reporteriso", "importer", "importeriso", "importeriso3", "ctycodem", "destination"),
    "importer_name": ("reporterx", "importername", "ctynamem"),
    "exporter": ("partneriso", "exporter", "exporteriso", "exporteriso3", "ctycodex", "origin"),
    "exporter_name": ("reportery", "exportername", "ctynamex"),
    "import": (
        "import", "imports", "importvalue", "valuem", "importreported", "importreportedcifusd", "importcif",
        "importscif", "importusdmillion", "importsusdmillion", "importusd", "importsusd",
    ),
    "export": (
        "export", "exports", "exportvalue", "valuex", "exportreported", "exportreportedfobusd", "exportfob",
        "exportsfob", "exportusdmillion", "exportsusdmillion", "exportusd", "exportsusd",
    ),
    "indicator": ("indcodem",),
    "commodity": ("commodity", "product", "hs", "cmdcode"),
}  # fmt: skip
MARGIN = 1.06  # the CIF/FOB factor of the IMF (DOTS) until 2018
_SCALES = (
    ("billion", r"billion|bn\b|bln"),
    ("million", r"million|mln|mn\b|\bm\b"),
    ("thousand", r"thousand|1000"),
)


def recognises(head: Head) -> float:
    """Score by an importer, an exporter, a year and two figures on one row."""
    return 0.95 if fits_head(head, _fits) else 0.0


def _fits(headers: Sequence[object]) -> bool:
    return {"period", "importer", "exporter", "import", "export"} <= set(pick(headers, FIELDS))


def read(source: Source) -> Reading:
    """Read n rows into 2n figures: imports of the importer, exports of the exporter. Raises InputError.

    In tables made from the IMF's Direction of Trade import values have lost a margin of 6 % (Global Financial
    Integrity's files), importers that report FOB stand twice, and missing reports were filled in from the
    partner's: each is marked.
    """
    rows = tables(source, FIELDS, _fits, ("import", "export"))
    frame = rows.frame
    imf = any(squash(header) == "ctycodem" for header in rows.headers)
    taken_off = any(squash(header) == "impmisbilat" for header in rows.headers)
    importer, exporter = _areas(rows, "importer", imf), _areas(rows, "exporter", imf)
    period = columns.recode(rows.text("period"), lambda text: text.strip().removesuffix(".0"))
    unit, assumed = _unit(rows.headers)
    publisher = "IMF DOTS" if imf or "indicator" in frame else f"pairs of {source.name}"
    index = frame.index
    fob = columns.mask(rows.text("indicator"), lambda text: "_FOB_" in text.upper())
    indicated = "indicator" in frame
    twice = _twice(importer, exporter, period, fob)
    imputed_m, imputed_x = (
        _imputed(frame, importer, exporter, period, twice) if indicated else (None, None)
    )
    shared = {"period": period, "unit": constant(unit, index), "place": rows.place}
    shared["commodity"] = rows.text("commodity", "TOTAL")
    computed = twice & ~fob
    valued = np.where(fob | taken_off, 1, 0)
    imports = pd.DataFrame(
        {
            **shared, "reporter": importer, "partner": exporter, "flow": constant("imports", index),
            "value": frame["import"], "valuation": columns.from_codes(valued, ["CIF", "FOB"], index),
            "note": columns.from_codes(
                np.where(taken_off & ~fob, 1, 0),
                ["", f"the compiler divided the CIF value by {MARGIN}"], index,
            ),
            "role": columns.from_codes(np.where(computed, 1, 0), ["figure", "set aside"], index),
        }, copy=False,
    )  # fmt: skip
    exports = pd.DataFrame(
        {
            **shared, "reporter": exporter, "partner": importer, "flow": constant("exports", index),
            "value": frame["export"], "valuation": constant("FOB", index), "note": constant("", index),
            "role": columns.from_codes(np.where(computed, 1, 0), ["figure", "set aside"], index),
        }, copy=False,
    )  # fmt: skip
    notes: list[dict[str, object]] = []
    for table, imputed, own, other in (
        (imports, imputed_m, importer, exporter), (exports, imputed_x, exporter, importer),
    ):  # fmt: skip
        mark = np.where(imputed, 1, 0) if imputed is not None else np.zeros(len(index), dtype=int)
        table["source"] = columns.from_codes(mark, [publisher, f"{publisher} (imputed)"], index)
        table["derived_from"] = columns.from_codes(mark, ["", publisher], index)
        table["status"] = columns.from_codes(mark, ["", "estimate"], index)
        table["records"] = columns.chosen(mark == 0, own, other)
    raw = pd.DataFrame(
        {name: columns.stacked(imports[name], exports[name]) for name in imports}, copy=False
    )
    notes.extend(
        _notes(rows, source, unit, assumed, taken_off & ~fob, computed, imputed_m, imputed_x)
    )
    raw, empty = without_values(raw, source)
    return finish(
        raw, source, NAME, set_aside=[*rows.aside, *empty], findings=notes,
        decimal=machine_decimal(raw["value"]), mark=True,
    )  # fmt: skip


def _areas(rows: Rows, side: str, imf: bool) -> pd.Series:
    codes, keys = columns.combined(rows.text(side), rows.text(f"{side}_name"), _year(rows))

    def one(code: str, name: str, year: str) -> str:
        if imf:
            return dots.area(code, name)
        when = int(year) if year.isdecimal() and len(year) == 4 else None
        for text in (code, name):
            found = areas.find(text.strip(), when) if text.strip() else None
            if found is not None:
                return found.code
        return code.strip() or name.strip()

    return columns.from_codes(codes, [one(*key) for key in keys], rows.frame.index)


def _year(rows: Rows) -> pd.Series:
    return columns.recode(rows.text("period"), lambda text: text.strip()[:4])


def _unit(headers: Sequence[str]) -> tuple[str, bool]:
    """Give the unit that the headers of the two figures name; millions of dollars where they name none."""
    places = pick(headers, FIELDS)
    text = (
        " ".join(headers[places[side]] for side in ("import", "export")).lower().replace("_", " ")
    )
    if any(squash(header) == "ctycodem" for header in headers):
        return "USD", False
    scale = next((word for word, pattern in _SCALES if re.search(pattern, text)), "")
    currency = next((code for code in ("USD", "EUR", "CNY", "RUB") if code.lower() in text), "")
    if not currency and not scale:
        return "million USD", True
    return f"{scale} {currency or 'USD'}".strip(), not currency


def _twice(
    importer: pd.Series, exporter: pd.Series, period: pd.Series, fob: np.ndarray
) -> np.ndarray:
    """Tell which rows belong to an importer, exporter and period that stands once CIF and once FOB."""
    key, _ = columns.combined(importer, exporter, period)
    has_fob = np.zeros(int(key.max(initial=0)) + 1, dtype=bool)
    has_fob[key[fob]] = True
    has_cif = np.zeros(len(has_fob), dtype=bool)
    has_cif[key[~fob]] = True
    return np.asarray((has_fob & has_cif)[key])


def _imputed(
    frame: pd.DataFrame,
    importer: pd.Series,
    exporter: pd.Series,
    period: pd.Series,
    twice: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Tell which importers' and which exporters' figures were filled in from the partner's.

    Both figures of such a row are equal; the side whose area has more such rows in that year, as a share of its
    rows in that role, is the one filled in.
    """
    bought, sold = numbers_of(frame["import"]).to_numpy(), numbers_of(frame["export"]).to_numpy()
    same = np.isfinite(bought) & (bought > 0) & (np.abs(bought - sold) <= 1e-6 * np.abs(bought))
    shares = []
    for side in (importer, exporter):
        key, _ = columns.combined(side, period)
        count = np.bincount(key)
        shares.append((np.bincount(key, same & ~twice) / np.maximum(count, 1))[key])
    by_importer = same & (shares[0] >= shares[1])
    return by_importer, same & ~by_importer


def _notes(
    rows: Rows,
    source: Source,
    unit: str,
    assumed: bool,
    off: np.ndarray,
    computed: np.ndarray,
    imputed_m: np.ndarray | None,
    imputed_x: np.ndarray | None,
) -> list[dict[str, object]]:
    found = []
    if assumed:
        message = f"the two figures name no currency or scale; read as {unit}"
        advice = "Name the unit in the headers, as in import_usd_million."
        found.append(finding("UNIT_ASSUMED", message, advice, source=source, severity="warning"))
    if off.any():
        message = f"{int(off.sum()):,} import values had been reported CIF and were divided by {MARGIN}; marked FOB"
        advice = f"Multiply by {MARGIN} for the value as reported."
        found.append(finding("REMOVED_MARGIN", message, advice, source=source, severity="warning"))
    if computed.any():
        bought = numbers_of(rows.frame["import"]).to_numpy()
        sold = numbers_of(rows.frame["export"]).to_numpy()
        message = (
            f"{int(computed.sum()):,} flows stand twice, CIF and FOB; the CIF rows were computed and are set "
            f"aside: imports {np.nansum(bought[computed]):,.6g}, exports {np.nansum(sold[computed]):,.6g} {unit}"
        )
        advice = "The FOB rows are used."
        found.append(
            finding("ONE_RECORD_TWICE", message, advice, source=source, severity="warning")
        )
    for imputed, side, column in (
        (imputed_m, "importers'", "import"), (imputed_x, "exporters'", "export"),
    ):  # fmt: skip
        if imputed is not None and imputed.any():
            worth = np.nansum(numbers_of(rows.frame[column]).to_numpy()[imputed])
            message = (
                f"{int(imputed.sum()):,} of the {side} figures equal the partner's and were filled in from "
                f"them: {worth:,.6g} {unit}"
            )
            advice = "Do not count them as a second source."
            found.append(finding("IMPUTED", message, advice, source=source, severity="warning"))
    return found
