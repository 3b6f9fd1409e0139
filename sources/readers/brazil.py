"""Owns the open data of Brazil's foreign trade by month, NCM code, country, state and way (ComexStat EXP, IMP)."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Sequence
from importlib import resources

import pandas as pd

from sources import columns
from sources.columns import constant
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.breakdowns import by_region
from sources.readers.table import (
    Rows,
    finish,
    fits_head,
    machine_decimal,
    pick,
    squash,
    tables,
    without_values,
)

NAME = "brazil"
ABOUT = "Brazil, ComexStat: exports or imports by month, NCM code, country and state (CO_ANO, CO_NCM, CO_PAIS, VL_FOB)"
EXAMPLE = (
    "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB;VL_FRETE;VL_SEGURO\n"
    "2024;03;85171300;11;160;SP;04;0817600;100;20;15000;300;10\n"
)

FIELDS = {
    "year": ("coano",), "month": ("comes",), "commodity": ("concm",), "partner": ("copais",),
    "state": ("sgufncm",), "value": ("vlfob",), "freight": ("vlfrete",),
}  # fmt: skip
_UNKNOWN = "number "  # stands before a number that the table lacks


def recognises(head: Head) -> float:
    """Score by the names of the columns."""
    return 0.95 if fits_head(head, _fits) else 0.0


def _fits(headers: Sequence[object]) -> bool:
    return set(FIELDS) - {"freight"} <= set(pick(headers, FIELDS))


@functools.cache
def _areas() -> dict[str, str]:
    """Give area by the ministry's own number of a country (its table PAIS)."""
    text = (resources.files("sources") / "data" / "brazil_areas.csv").read_text(encoding="utf-8")
    return {row["code"]: row["area"] for row in csv.DictReader(text.splitlines())}


def read(source: Source) -> Reading:
    """Read n rows by state and way into figures in US dollars at FOB value, added up. Raises InputError.

    Imports are valued FOB here; freight and insurance (VL_FRETE, VL_SEGURO), mass and quantities are not read.
    """
    rows = tables(source, FIELDS, _fits, ("value",))
    index = rows.frame.index
    codes, keys = columns.combined(rows.text("year"), rows.text("month"))
    months = [f"{year.strip()}-{month.strip().zfill(2)}" for year, month in keys]
    raw = pd.DataFrame(
        {
            "reporter": constant("BRA", index),
            "partner": columns.recode(rows.text("partner"), _area),
            "flow": constant(_flow(rows, source), index),
            "period": columns.from_codes(codes, months, index),
            "value": rows.frame["value"], "unit": constant("USD", index), "place": rows.place,
            "source": constant("Brazil, ComexStat", index),
            "commodity": columns.recode(rows.text("commodity"), lambda code: code.strip().zfill(8)),
            "classification": constant("NCM", index), "note": constant("", index),
            "valuation": constant("FOB", index), "records": constant("BRA", index),
        }, copy=False,
    )  # fmt: skip
    known = columns.mask(raw["partner"], lambda area: not area.startswith(_UNKNOWN))
    raw, notes = by_region(raw, rows.text("state"), known, source)
    raw, empty = without_values(raw, source)
    left = [h for h in rows.headers if re.match(r"(?:QT|KG|VL_(?!FOB))", h.strip('" ').upper())]
    return finish(
        raw, source, NAME, set_aside=[*rows.aside, *empty], findings=notes, mark=True,
        facts={"notes": ["not read: " + ", ".join(left)]} if left else None,
        decimal=machine_decimal(raw["value"]),
    )  # fmt: skip


def _area(text: str) -> str:
    code = text.strip().removesuffix(".0").zfill(3)
    return _areas().get(code, f"{_UNKNOWN}{code}")


def _flow(rows: Rows, source: Source) -> str:
    """Give the flow: files of imports have a column of freight, else the name of the file says it."""
    name = source.name.upper()
    if any(squash(header) == "vlfrete" for header in rows.headers) or "IMP" in name:
        return "imports"
    if "EXP" in name:
        return "exports"
    found = "neither the columns nor the name of the file say whether these are exports or imports"
    raise InputError(Problem(source.name, "", found, "Name the file as EXP_2024.csv.", "NO_FLOW"))
