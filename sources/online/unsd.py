"""Owns the United Nations' correlation tables online: from one revision of the HS to another, to SITC and BEC."""

from __future__ import annotations

import io
import zipfile

from sources.online.base import (
    NoData,
    Query,
    Request,
    label,
    only,
    problem,
    refuse_page,
    uncut,
    url,
)

NAME = "unsd"
ABOUT = "UN Statistics Division: correlation tables between revisions of the HS, and to SITC (for --concordance)"
EXAMPLE = "reconcile fetch unsd --classification H6 --to H5 -o FOLDER"
TERMS = "https://www.un.org/en/about-us/copyright"
GIVES = "table"
TAKES = ("classification", "to")
NEEDS = ("classification", "to")
FLOW_CODES: tuple[str, ...] = ()
SPLIT: tuple[str, ...] = ()
SUFFIX = ".xlsx"
KEY = None
limit, join = uncut, only

BASE = "https://unstats.un.org/unsd/classifications/Econ/tables"
_NAMES = {
    "H0": "HS1992", "H1": "HS1996", "H2": "HS2002", "H3": "HS2007", "H4": "HS2012", "H5": "HS2017",
    "H6": "HS2022", "S3": "SITC3", "S4": "SITC4",
}  # fmt: skip
_FROM = ("H5", "H6")  # older pairs are published as xls under names of their own


def requests(query: Query) -> list[Request]:
    """Give the request for one table, newer revision first. Raises InputError."""
    first, second = query.classification.upper(), query.to.upper()
    if first not in _FROM or second not in _NAMES or first <= second < "S":
        raise problem("--classification", "", f"there is no table from {first} to {second}",
                      "Tables go from H6 or H5 to an older HS (H0 to H5), S3 or S4.", "QUERY")  # fmt: skip
    return [Request(label(NAME, (first,), (second,)), {"from": (first,), "to": (second,)})]


def address(request: Request) -> str:
    """Give the address of a table."""
    first, second = (_NAMES[request.values[name][0]] for name in ("from", "to"))
    return url(BASE, f"{first}to{second}ConversionAndCorrelationTables.xlsx")


def count(data: bytes) -> int:
    """Count the parts of the workbook. Raises NoData for anything else."""
    if not data.startswith(b"PK\x03\x04"):
        refuse_page(data[:20000].decode("utf-8", "replace"))
        raise NoData("the answer is no workbook", empty=not data.strip())
    try:
        return len(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise NoData("a damaged workbook") from error
