"""Owns lists that come with publications and hold no figures: codes of countries and goods, correspondences, units."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sources.figures import Reading, empty_figures
from sources.readers import Head, Source
from sources.readers.table import finding, squash

NAME = "codelist"
ABOUT = "lists of codes, correspondence tables and other companions of publications: read, and no figures found"
EXAMPLE = "country_code,country_name,iso_3digit_alpha\n398,Kazakhstan,KAZ\n"

SURE = 0.92  # below every reader of figures
AREA = {
    "countrycode", "isocode", "iso3", "iso3digitalpha", "iso2digitalpha", "iso3c", "m49numericalcode",
    "reportercode", "partnercode", "iso2", "iso2c", "iso3n", "iso31661alpha2codes", "iso31661alpha3codes",
}  # fmt: skip
NAMES = {
    "country", "countryname", "countrynameabbreviation", "countrynamefull", "text", "description", "label",
    "name", "commodity", "category", "commodityname", "qtydescription", "qtyabbr", "preferredterm",
    "countrynameen",
}  # fmt: skip
CODES = {"code", "id", "commoditycode", "hs6", "hscode", "qtycode", "hs2022", "hs2017", *AREA}
# Columns that hold figures or distances: with one of them the table is no mere list.
FIGURES = re.compile(
    r"value|amount|export|import|trade|usd|eur$|dist|weight|qty$|quantity|total|rate|period|year$|indicator|^(?:19|20)\d\d|^v$|^q$|price"
)
_LINK = re.compile(r"^(?:from|to)?(?:hs|sitc|bec|cpc|isic|cpa|cn)\d*(?:rev\d|4|5)?$")
_DATES = re.compile(r"^\d{2}/\d{2}/\d{4}$")


def recognises(head: Head) -> float:
    """Score by columns of codes and names, and no column that could hold figures."""
    if head.text.lstrip()[:1] == "{":
        items = re.search(r'"results"\s*:\s*\[\s*\{\s*"(?:id|dataItem)"', head.text)
        return SURE if items else 0.0
    if head.lines and _nomenclature(head.cells(0)):
        return SURE
    if head.columns and _listed(list(head.columns)):
        return SURE
    if head.binary and not head.data.startswith(b"PAR1"):
        return SURE if _all_sheets(head, _linked) else 0.0
    return 0.0


def _all_sheets(head: Head, fits: Callable[[Sequence[object]], bool]) -> bool:
    found = [
        any(fits(list(sheet.cells.iloc[row])) for row in range(min(4, len(sheet.cells))))
        for sheet in head.sheets
        if len(sheet.cells)
    ]
    return bool(found) and all(found)


def _linked(cells: Sequence[object]) -> bool:
    """Tell whether a header names two classifications, as a correspondence table does."""
    names = [squash(cell) for cell in cells if str(cell).strip()]
    return len(names) <= 6 and len({name for name in names if _LINK.match(name)}) >= 2


def _listed(headers: Sequence[object]) -> bool:
    names = {squash(header) for header in headers} - {""}
    if _linked(headers):
        return True
    if len(names & AREA) >= 2 and names & NAMES and len(names) > 20:
        return True  # a wide table of the codes of every scheme
    if any(FIGURES.search(name) for name in names - {"entryyear", "exityear", "download"} - CODES):
        return False
    return bool(names & CODES) and bool(names & NAMES)


def _nomenclature(cells: Sequence[str]) -> bool:
    """Tell whether a line is of a nomenclature with validity: code, from, to, name."""
    return (
        len(cells) >= 4
        and cells[0].strip().isdecimal()
        and all(_DATES.match(cell.strip()) for cell in cells[1:3])
    )


def read(source: Source) -> Reading:
    """Read a list: no figures, and a note that says so. Raises InputError where the file is damaged."""
    if source.data.startswith(b"PK"):
        count = sum(len(sheet.cells) for sheet in source.sheets)
    else:
        count = sum(1 for line in source.text.splitlines() if line.strip())
    note = finding(
        "NO_FIGURES",
        f"a list of codes of {count:,} lines: no figures",
        "Nothing to do.",
        source=source,
    )
    import pandas as pd

    from sources.figures import FINDING_COLUMNS

    return Reading(
        empty_figures(),
        findings=pd.DataFrame([note], columns=FINDING_COLUMNS),
        facts={"file": source.name, "reader": NAME, "rows": 0},
    )
