"""Owns Eurostat Comext: the relational view as CSV or xlsx, the bulk `.dat` files, and SDMX-CSV of its data sets."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sources import areas, columns
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.breakdowns import settle
from sources.readers.table import (
    Rows,
    aside,
    constant,
    finish,
    fits_head,
    machine_decimal,
    numbers_of,
    pick,
    tables,
    without_values,
)

NAME = "comext"
ABOUT = "Eurostat Comext: relational view (CSV, xlsx), bulk files, SDMX-CSV of its data sets; euro and quantities"
EXAMPLE = (
    "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR\n"
    'Germany,Kazakhstan,TOTAL-Total,2-EXPORT,T-Total,"202401-Jan. 2024",210000000\n'
)

FIELDS = {
    "freq": ("freq",),
    "reporter": ("reporter", "declarantiso", "declarant", "reporteriso"),
    "partner": ("partneriso", "partner"),
    "commodity": ("product", "productnc", "productcn8", "producths", "productcode"),
    "flow": ("flow", "flux"),
    "procedure": ("statprocedure", "statregime"),
    "period": ("timeperiod", "period", "time"),
    "indicator": ("indicators", "indicator"),
    "observed": ("obsvalue", "indicatorvalue", "value"),
    "flag": ("obsflag", "confstatus"),
    "value": ("valueineur", "valueineuros", "valueeur"),
    "mass": ("quantityinkg", "quantitykg"), "mass100": ("quantityin100kg", "quantity100kg"),
}  # fmt: skip
FLOWS = {"1": "imports", "2": "exports", "3": "balance"}
WORDS = (
    ("imports", r"import|einfuhr|arriv"), ("exports", r"export|ausfuhr|dispatch|expéd"),
    ("balance", r"balance|saldo|solde"),
)  # fmt: skip
INDICATORS = {
    "valueineuros": ("value", "EUR"), "valueineur": ("value", "EUR"), "valueeur": ("value", "EUR"),
    "valueinthousandeuros": ("value", "thousand EUR"), "value1000eur": ("value", "thousand EUR"),
    "quantityin100kg": ("net mass", "100 kg"), "quantityinkg": ("net mass", "kg"),
    "quantitykg": ("net mass", "kg"), "quantity100kg": ("net mass", "100 kg"),
    "quantityintons": ("net mass", "tonne"),
}  # fmt: skip
WHOLE = {"customs": {"t", "total", "t-total", "t:total", "4", "4-total", "na", ""}}


def recognises(head: Head) -> float:
    """Score by reporter, partner, product, flow and period beside a value in euro or an indicator."""
    return 0.97 if fits_head(head, fits) else 0.0


def fits(headers: Sequence[object]) -> bool:
    """Tell whether headers are those of Comext."""
    found = set(pick(headers, FIELDS))
    named = {"reporter", "partner", "commodity", "flow", "period"} <= found
    return named and ("value" in found or {"indicator", "observed"} <= found)


def read(source: Source) -> Reading:
    """Read a Comext file of n rows into figures in euro, and tonnes or kilograms apart. Raises InputError."""
    rows = tables(source, FIELDS, fits, ("value", "observed", "mass", "mass100"))
    return figures(rows, source, NAME)


def figures(rows: Rows, source: Source, reader: str) -> Reading:
    """Turn rows with the fields of Comext into a Reading: one figure for each value and each quantity."""
    frame = rows.frame
    shared = {
        "reporter": columns.recode(rows.text("reporter"), area),
        "partner": columns.recode(rows.text("partner"), area),
        "flow": columns.recode(rows.text("flow"), flow_of),
        "period": columns.recode(rows.text("period"), _period),
        "source": constant("Eurostat Comext", frame.index),
        "place": rows.place,
        "commodity": columns.recode(rows.text("commodity"), commodity),
        "classification": constant("CN", frame.index),
        "note": constant("", frame.index),
        "printed_flag": rows.text("flag"),
        "status": columns.recode(rows.text("flag"), status_of),
    }
    shared["valuation"] = columns.translated(
        shared["flow"], {"imports": "CIF", "exports": "FOB"}, "unknown"
    )
    shared["records"] = shared["reporter"]
    parts: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    left: list[dict[str, object]] = []
    indicated = "indicator" in frame and "observed" in frame
    if indicated:
        parts.append(_by_indicator(frame, shared, rows, source, left))
    for name, measure, unit in (
        ("value", "value", "EUR"), ("mass", "net mass", "kg"), ("mass100", "net mass", "100 kg"),
    ):  # fmt: skip
        if name in frame and not indicated:
            part = pd.DataFrame(shared, copy=False)
            part["value"] = frame[name]
            part["measure"] = constant(measure, frame.index)
            part["unit"] = constant(unit, frame.index)
            parts.append((part, frame))
    findings: list[dict[str, object]] = []
    raws = []
    for part, its in parts:
        customs = pd.DataFrame({"customs": its["procedure"]}) if "procedure" in its else its[[]]
        settled, notes = settle(part, customs, source, WHOLE)
        raws.append(settled)
        findings.extend(notes)
    raw = raws[0] if len(raws) == 1 else pd.concat(raws, ignore_index=True)
    raw, empty = without_values(raw, source)
    return finish(
        raw, source, reader, set_aside=[*rows.aside, *left, *empty], findings=findings,
        decimal=machine_decimal(raw["value"]), mark=True,
    )  # fmt: skip


def _by_indicator(
    frame: pd.DataFrame,
    shared: dict[str, pd.Series],
    rows: Rows,
    source: Source,
    left: list[dict[str, object]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the rows whose indicator is a value or a mass; others are set aside, counted and summed."""
    part = pd.DataFrame(shared, copy=False)
    part["value"] = frame["observed"]

    def known(text: str) -> tuple[str, str]:
        code, label = _split(text)
        for key in (text, code, label):
            found = INDICATORS.get(re.sub(r"[^a-z0-9]", "", key.lower()))
            if found:
                return found
        return "", ""

    part["measure"] = columns.recode(frame["indicator"], lambda text: known(text)[0])
    part["unit"] = columns.recode(frame["indicator"], lambda text: known(text)[1])
    good = (part["measure"] != "").to_numpy()
    codes, texts = columns.coded(frame["indicator"])
    for n, text in enumerate(texts):
        at = np.flatnonzero(codes == n)
        if len(at) and not known(text)[0]:
            total = numbers_of(frame["observed"].iloc[at]).sum()
            left.append(
                aside(
                    source,
                    str(rows.place.iloc[int(at[0])]),
                    f"{len(at):,} rows of the indicator {text}",
                    value=float(total),
                )
            )
    if good.all():
        return part, frame
    return part[good].reset_index(drop=True), frame[good].reset_index(drop=True)


_PAIR = re.compile(r"^\s*([A-Z0-9_]{1,12})\s*[-:]\s*(.+?)\s*$", re.S)
_INSIDE = re.compile(r"\s*\(.*\)\s*$", re.S)
_UNION = re.compile(r"(?i)^(?:european union|union europ[ée]enne|europäische union)\b")
_EURO = re.compile(r"(?i)^(?:euro area|zone euro|eurozone|eurogebiet|euro-?zone)\b")


def _split(text: str) -> tuple[str, str]:
    """Split `TOTAL-Total` or `DE:Germany` into code and label; ("", "") for a text that is no such pair."""
    found = _PAIR.match(text)
    return (found.group(1), found.group(2)) if found else ("", "")


def _period(text: str) -> str:
    """Give the words of `202401-Jan. 2024`; any other period as printed."""
    found = re.match(r"^\s*\d{6}\s*-\s*(\D.*)$", text)
    return found.group(1) if found else text.strip()


def area(text: str) -> str:
    """Give the code of an area of Comext (code, label, or both), or the text itself where it is unknown."""
    text = text.strip()
    code, label = _split(text)
    for given, scheme in (
        (text, "eurostat"), (code, "eurostat"), (text, "name"), (label, "name"),
        (_INSIDE.sub("", text), "name"), (_INSIDE.sub("", label), "name"),
    ):  # fmt: skip
        found = areas.find(given, None, scheme) if given else None
        if found is not None:
            return found.code
    return _union(label or text)


def _union(text: str) -> str:
    """Give the code of the Union or the euro area of a label that lists members, with or without their number."""
    number = re.search(r"\b(\d\d)\b", text.split("(")[0])
    for pattern, whole, prefix in ((_UNION, "EU", "EU"), (_EURO, "EURO_AREA", "EA")):
        if pattern.match(text):
            return prefix + number.group(1) if number else whole
    return text


def flow_of(text: str) -> str:
    """Give the flow of a code or word in English, French or German, or the text itself."""
    code, label = _split(text)
    for given in (text.strip(), code):
        if given in FLOWS:
            return FLOWS[given]
    for flow, pattern in WORDS:
        if re.search(pattern, label or text, re.I):
            return flow
    return text


def commodity(text: str) -> str:
    """Give the code of a product; the words for all goods are TOTAL."""
    code = _split(text)[0] or text.strip()
    return "TOTAL" if code.lower() in ("total", "tot", "ensemble", "insgesamt", "") else code


def status_of(flag: str) -> str:
    """Give the status of an observation flag: p is provisional, e and s are estimates."""
    letters = flag.strip().lower()
    if "p" in letters:
        return "provisional"
    return "estimate" if set(letters) & {"e", "s"} else ""
