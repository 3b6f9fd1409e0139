"""Owns the dump of Russia's customs statistics by ten-digit code, country, month and region (NAPR, STRANA, TNVED)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from sources import areas, columns
from sources.columns import constant
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.breakdowns import by_region
from sources.readers.table import (
    finding,
    finish,
    fits_head,
    pick,
    tables,
    without_values,
)

NAME = "russia_tnved"
ABOUT = "Federal Customs Service of Russia: dump by code, country, month and region (NAPR, PERIOD, STRANA, TNVED, STOIM)"
EXAMPLE = (
    "NAPR;PERIOD;STRANA;TNVED;EDIZM;STOIM;NETTO;KOL;REGION;REGION_S\n"
    "ИМ;03/2021;CN;8517120000;796;1000,50;20,00;5,00;45000;01\n"
)

FIELDS = {
    "flow": ("napr", "direction"), "period": ("period",), "partner": ("strana", "country"),
    "commodity": ("tnved", "hs"), "value": ("stoim", "value"), "mass": ("netto", "netweight"),
    "region": ("region",), "district": ("regions",),
}  # fmt: skip
FLOWS = {"ИМ": "imports", "ЭК": "exports", "IMP": "imports", "EXP": "exports"}
_MONTH = re.compile(r"(\d{1,2})[/.](\d{4})")


def recognises(head: Head) -> float:
    """Score by the columns of the dump, with its region and federal district."""
    return 0.95 if fits_head(head, _fits) else 0.0


def _fits(headers: Sequence[object]) -> bool:
    return set(FIELDS) - {"region"} <= set(pick(headers, FIELDS))


def read(source: Source) -> Reading:
    """Read n rows by region into figures in US dollars, the regions added up. Raises InputError.

    Mass and supplementary quantities are not read.
    """
    rows = tables(source, FIELDS, _fits, ("value",))
    frame = rows.frame
    index = frame.index
    printed = frame["value"]
    comma = printed.dtype.kind != "f" and columns.mask(printed, lambda text: "," in text).any()
    plain = columns.recode(printed, lambda text: text.replace(",", ".")) if comma else printed
    raw = pd.DataFrame(
        {
            "reporter": constant("RUS", index),
            "partner": columns.recode(rows.text("partner"), lambda text: text.strip().upper()),
            "flow": columns.recode(rows.text("flow"), _flow),
            "period": columns.recode(rows.text("period"), _period),
            "value": plain, "unit": constant("USD", index), "place": rows.place,
            "source": constant("Federal Customs Service of Russia", index),
            "commodity": columns.recode(rows.text("commodity"), _code),
            "classification": constant("TNVED", index), "note": constant("", index),
            "records": constant("RUS", index),
        }, copy=False,
    )  # fmt: skip
    known = columns.mask(raw["partner"], lambda code: areas.find(code) is not None)
    region = rows.text("region" if "region" in frame else "district")
    raw, notes = by_region(raw, region, known, source)
    if comma:  # as it is printed; the sums in the same notation
        raw["value"] = columns.recode(raw["value"], lambda text: text.replace(".", ","))
    notes.append(
        finding(
            "UNIT_ASSUMED",
            "the file names no unit; values are read as US dollars, as the office publishes them",
            "Hold a sum against the office's totals.",
            source=source,
        )
    )
    raw, empty = without_values(raw, source)
    return finish(
        raw, source, NAME, set_aside=[*rows.aside, *empty], findings=notes, mark=True,
        facts={"notes": ["quantities are not read: NETTO, KOL"]}, decimal="comma" if comma else "point",
    )  # fmt: skip


def _flow(text: str) -> str:
    return FLOWS.get(text.strip().upper(), text.strip())


def _period(text: str) -> str:
    found = _MONTH.fullmatch(text.strip())
    return f"{found[2]}-{int(found[1]):02d}" if found else text.strip()


def _code(text: str) -> str:
    """Give a code of ten digits; a spreadsheet program takes the zero of the first chapters."""
    code = text.strip().removesuffix(".0").strip("'")
    return code.zfill(10) if code.isdecimal() and len(code) == 9 else code
