"""Owns the names of commodity classifications: how publishers write them, and the code that stands for each."""

from __future__ import annotations

import functools
import re

from sources.words import clean

NAMES = {
    "HS": "HS, revision not stated",
    "H0": "HS 1992", "H1": "HS 1996", "H2": "HS 2002", "H3": "HS 2007", "H4": "HS 2012", "H5": "HS 2017",
    "H6": "HS 2022",
    "S1": "SITC Rev. 1", "S2": "SITC Rev. 2", "S3": "SITC Rev. 3", "S4": "SITC Rev. 4",
    "B4": "BEC Rev. 4", "B5": "BEC Rev. 5",
}  # fmt: skip
_YEARS = {
    "1988": "H0", "1992": "H0", "1996": "H1", "2002": "H2", "2007": "H3", "2012": "H4", "2017": "H5",
    "2022": "H6", "88": "H0", "92": "H0", "96": "H1", "02": "H2", "07": "H3", "12": "H4", "17": "H5", "22": "H6",
}  # fmt: skip
_HS = re.compile(r"(?:hs|harmoni[sz]ed system)[ _-]?((?:19|20)?\d\d)")
_OTHER = re.compile(r"(sitc|bec)[ _-]?(?:rev(?:ision)?\.?[ _-]?)?([1-5])")


@functools.lru_cache(maxsize=4096)
def system(text: str) -> str:
    """Give the code of a classification: `HS 2017`, `HS17`, `H5` -> H5; `SITC Rev. 4` -> S4; else an empty text."""
    tidy = clean(text)[:40]
    if tidy.upper() in NAMES:
        return tidy.upper()
    found = _HS.fullmatch(tidy)
    if found:
        return _YEARS.get(found[1], "")
    found = _OTHER.fullmatch(tidy)
    if found:
        code = found[1][0].upper() + found[2]
        return code if code in NAMES else ""
    return ""
