"""Owns CEPII BACI: `t,i,j,k,v,q` with numeric country codes, HS6 codes, thousand dollars and tonnes."""

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
    machine_decimal,
    tables,
)

NAME = "baci"
ABOUT = "CEPII BACI: reconciled flows by HS6, t,i,j,k,v,q; thousand US dollars FOB and tonnes"
EXAMPLE = "t,i,j,k,v,q\n2021,398,156,260300,512034.2,231000.5\n"

FIELDS = {
    "period": ("t", "year"), "exporter": ("i", "exporter"), "importer": ("j", "importer"),
    "commodity": ("k", "product", "hs6"), "value": ("v", "value"), "mass": ("q", "quantity"),
}  # fmt: skip
MISSING = {"", "na", "nan", "n/a", "."}
_VERSION = re.compile(r"(?i)(?<![a-z])HS(92|96|02|07|12|17|22)(?!\d)")
_EDITION = {"92": "H0", "96": "H1", "02": "H2", "07": "H3", "12": "H4", "17": "H5", "22": "H6"}


def recognises(head: Head) -> float:
    """Score by the columns t, i, j, k, v (and q), in the long names too."""
    return 0.95 if fits_head(head, _fits) else 0.0


def _fits(headers: Sequence[object]) -> bool:
    names = {str(header).strip().lower() for header in headers}
    short = {"t", "i", "j", "v"} <= names and bool({"k", "hs6"} & names)
    long = {"year", "exporter", "importer", "product", "value", "quantity"} <= names
    return (short or long) and len(names) <= 9


def read(source: Source) -> Reading:
    """Read a BACI file of n rows into n values and up to n quantities, all from the exporter's side.

    The figures rest on the reports of both partners: they name no records of their own and are derived.
    """
    rows = tables(source, FIELDS, _fits, ("value", "mass"))
    frame = rows.frame
    index = frame.index
    edition = _VERSION.search(source.name)
    codes, texts = columns.coded(rows.text("commodity"))
    repaired = np.array([len(_plain(text)) == 5 for text in texts], dtype=bool)[codes]
    shared = {
        "reporter": columns.recode(rows.text("exporter"), _area),
        "partner": columns.recode(rows.text("importer"), _area),
        "flow": constant("exports", index),
        "period": columns.recode(rows.text("period"), _plain),
        "source": constant("CEPII BACI", index),
        "place": rows.place,
        "commodity": columns.recode(rows.text("commodity"), _commodity),
        "classification": constant(_EDITION[edition.group(1)] if edition else "HS", index),
        "valuation": constant("FOB", index),
        "derived_from": constant("UN Comtrade", index),
        "status": constant("estimate", index),
    }
    parts, notes, left = [], [], list(rows.aside)
    for name, unit, measure in (("value", "thousand USD", "value"), ("mass", "tonne", "net mass")):
        if name not in frame:
            continue
        column = frame[name]
        if column.dtype.kind == "f":
            empty = column.isna().to_numpy()
        else:
            empty = columns.mask(column, lambda text: text.strip().lower() in MISSING)
        part = pd.DataFrame(shared, copy=False)
        part["value"] = column
        part["unit"] = constant(unit, index)
        part["measure"] = constant(measure, index)
        if empty.any():
            first = str(rows.place.iloc[int(np.flatnonzero(empty)[0])])
            left.append(aside(source, first, f"{int(empty.sum()):,} rows without a {name}"))
            part = part[~empty]
        parts.append(part)
    raw = _stacked(parts)
    notes.append(
        finding(
            "DERIVED_TABLE",
            "BACI is reconciled from the reports of both partners to UN Comtrade",
            "It is no independent source beside Comtrade.",
            source=source,
            severity="note",
        )
    )
    if repaired.any():
        notes.append(
            finding(
                "LEADING_ZERO",
                f"{int(repaired.sum()):,} rows have commodity codes of five digits; the zero was put back",
                "Keep codes as text when a program saves the file.",
                source=source,
            )
        )
    return finish(
        raw, source, NAME, set_aside=left, findings=notes, decimal=_mark(raw, rows), mark=True
    )


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    if len(parts) == 1:
        return parts[0].reset_index(drop=True)
    first, second = parts
    return pd.DataFrame(
        {name: columns.stacked(first[name], second[name]) for name in first}, copy=False
    )


def _mark(raw: pd.DataFrame, rows: Rows) -> str | None:
    return machine_decimal(raw["value"]) if len(rows.frame) else None


def _plain(text: str) -> str:
    return text.strip().strip("'").removesuffix(".0")


def _commodity(text: str) -> str:
    code = _plain(text)
    return code.zfill(6) if code.isdecimal() and len(code) == 5 else code


def _area(text: str) -> str:
    found = areas.find(_plain(text), None, "baci")
    return found.code if found else text.strip()
