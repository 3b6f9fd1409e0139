"""Owns how findings word areas, amounts and cases: plain names, scaled numbers with their currency."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from sources import areas

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


@functools.lru_cache(maxsize=4096)
def area(code: str) -> str:
    """Give the English name of an area code or of a sum of codes (`KGZ+TJK`)."""
    return " + ".join(areas.name(part) or part for part in code.split("+"))


def amount(value: float, unit: str = "") -> str:
    """Give an amount in words, as `28.6 billion USD`; three to four digits, the sign kept."""
    size, word = next(((s, w) for s, w in SCALES if abs(value) >= s), (1.0, ""))
    shown = value / size
    digits = f"{shown:,.2f}"
    if digits.endswith("0") and "." in digits:
        digits = digits[:-1]
    return " ".join(part for part in (digits, word, unit) if part)


def percent(value: float) -> str:
    """Give a percentage with one decimal, as `35.5 %`."""
    return f"{value:.1f} %"


def case(row: Mapping[str, Any]) -> str:
    """Give a case in words, as `China and Central Asia, turnover, 2024`."""
    pair = " and ".join(dict.fromkeys(area(code) for code in row["areas"]))
    if row["flow"] == "exports" and len(row["areas"]) == 2:
        pair = f"{area(row['areas'][0])} to {area(row['areas'][1])}"
    product = "" if row["commodity"] in ("", "TOTAL") else f"commodity {row['commodity']}"
    return ", ".join(part for part in (pair, str(row["flow"]), product, str(row["period"])) if part)


def listed(items: Iterable[object], most: int = 8) -> str:
    """Give a list in words, cut after `most` items with the number of the rest."""
    texts = list(dict.fromkeys(str(item) for item in items))
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def count(number: int, word: str) -> str:
    """Give a count in words, as `1 figure` and `27 figures`."""
    return f"{number:,} {word}" + ("" if number == 1 else "s")
