"""Owns commodity codes: which classification they belong to, their levels and parents, and lost leading zeros.

Correlation tables and the conversion with them are in `sources.concordance`; `load` and `to_classification`
are given from here too.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Collection
from importlib import resources

import pandas as pd

from sources import columns
from sources.concordance import Concordance, load, to_classification
from sources.figures import FINDING_COLUMNS
from sources.systems import NAMES, system
from sources.words import clean

__all__ = [
    "NAMES", "Concordance", "chapter", "chapters", "level", "load", "mixed", "parent", "repair", "system",
    "to_classification",
]  # fmt: skip

TOTAL = frozenset({"", "TOTAL", "ALL"})
SHOWN = 5
_DIGITS = re.compile(r"\d{1,12}")


def level(code: str, classification: str = "HS") -> int:
    """Give the number of digits of a code: 2, 4, 6 in the HS, 1 to 5 in the SITC; 0 for the total of all goods.

    Raises ValueError for a text that is no code of digits.
    """
    tidy = code.strip().upper()
    if tidy in TOTAL:
        return 0
    if not _DIGITS.fullmatch(tidy):
        raise ValueError(f"{code!r} is no commodity code")
    if system(classification)[:1] in ("H", "") and len(tidy) % 2:
        raise ValueError(f"{code!r} has an odd number of digits: a leading zero may be lost")
    return len(tidy)


def parent(code: str, classification: str = "HS") -> str:
    """Give the code one level up: 010121 -> 0101 -> 01 -> TOTAL; in the SITC and BEC one digit less."""
    digits = level(code, classification)
    step = 2 if system(classification)[:1] in ("H", "") else 1
    return "TOTAL" if digits <= step else code.strip()[: digits - step]


@functools.cache
def chapters() -> dict[str, str]:
    """Give the chapters of the HS, `01` to `97`, with short titles."""
    source = resources.files("sources") / "data" / "hs_chapters.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return {row["chapter"]: row["title"] for row in rows}


def chapter(code: str) -> str:
    """Give the title of the chapter that an HS code is in; empty for the total and for other codes."""
    return chapters().get(code.strip()[:2], "") if _DIGITS.fullmatch(code.strip()) else ""


def repair(
    codes: pd.Series, classification: str = "HS", known: Collection[str] = ()
) -> tuple[pd.Series, pd.Series]:
    """Put back the leading zero that a spreadsheet took off HS codes: (n codes, n marks of those mended).

    An HS code has an even number of digits and chapters 01 to 09 alone begin with zero, so an odd one has one
    reading only. Where the `known` codes of the classification are given, the mended code must be one of them.
    Codes of other classifications are left alone: there an odd number of digits is usual.
    """
    if system(classification)[:1] not in ("H", ""):
        return codes, pd.Series(False, index=codes.index)

    def mend(text: str) -> str:
        tidy = text.strip()
        if not _DIGITS.fullmatch(tidy) or len(tidy) % 2 == 0:
            return text
        whole = "0" + tidy
        fits = whole in known if known else whole[:2] in chapters()
        return whole if fits else text

    mended = columns.recode(codes, mend)
    return mended, mended.astype(str) != codes.astype(str)


def mixed(figures: pd.DataFrame) -> pd.DataFrame:
    """Find figures that cannot be compared because their commodity codes are of different classifications.

    Gives findings (FINDING_COLUMNS): one for each pair of classifications that meet in the same trade flow and
    period. A code means other goods in another revision; such figures are never paired.
    """
    if figures.empty:
        return pd.DataFrame(columns=FINDING_COLUMNS)
    whole = columns.mask(figures["commodity"], lambda code: clean(code).upper() in TOTAL)
    table = pd.DataFrame({
        "id": figures["id"].astype(str),
        "class": columns.recode(figures["classification"], lambda text: system(text) or text).astype(str),
        "one": figures["reporter"].astype(str), "other": figures["partner"].astype(str),
        "period": figures["period"].astype(str),
    })[~whole]  # fmt: skip
    if table["class"].nunique() < 2:
        return pd.DataFrame(columns=FINDING_COLUMNS)
    swap = table["one"] > table["other"]
    table["pair"] = (
        table["one"].where(~swap, table["other"]) + " " + table["other"].where(~swap, table["one"])
    )
    sets = table.groupby(["pair", "period"], observed=True)["class"].agg(
        lambda texts: tuple(sorted(set(texts)))
    )
    rows = []
    for together, group in sets[sets.map(len) > 1].groupby(sets):
        shown = ", ".join(
            f"{pair.replace(' ', '-')} {period}" for pair, period in list(group.index)[:SHOWN]
        )
        more = f" and {len(group) - SHOWN} more" if len(group) > SHOWN else ""
        inside = table.set_index(["pair", "period"]).index.isin(group.index)
        ids = list(table.loc[inside & table["class"].isin(together).to_numpy(), "id"])
        names = " and ".join(NAMES.get(one, one or "an unnamed classification") for one in together)
        rows.append({
            "code": "CLASSIFICATIONS_MIXED", "severity": "warning", "case": "", "figures": ids[:200],
            "file": "", "place": "",
            "message": f"{len(ids):,} figures by commodity are in {names} ({shown}{more}); they are not compared",
            "advice": "Give a correlation table with --concordance and the classification to use with --classification.",
        })  # fmt: skip
    return pd.DataFrame(rows, columns=FINDING_COLUMNS)
