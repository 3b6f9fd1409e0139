"""Owns the closed words of a figures file's optional columns: their synonyms, and what is no word of theirs.

A figure with `Goods` or `role` `Total` would otherwise meet no other figure, and nobody would be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sources import intervals
from sources.figures import ROLES
from sources.words import clean, nearest

BOTH = "goods and services"
# column: word as cleaned -> word kept; a column that is not here takes any text.
CLOSED: dict[str, Mapping[str, str]] = {
    "role": {**{role: role for role in ROLES}, "set-aside": "set aside", "figures": "figure",
             "totals": "total", "parts": "part"},
    "measure": {"value": "value", "net mass": "net mass", "net weight": "net mass", "weight": "net mass",
                "mass": "net mass", "quantity": "quantity"},
    "valuation": {"fob": "FOB", "f.o.b.": "FOB", "free on board": "FOB", "cif": "CIF", "c.i.f.": "CIF",
                  "cost, insurance and freight": "CIF", "unknown": "unknown"},
    "concept": {"goods": "goods", "services": "services", BOTH: BOTH, "goods & services": BOTH,
                "goods+services": BOTH, "merchandise": "goods"},
    "status": {name: name for name in
               ("final", "provisional", "revised", "estimate", "press", "target", "forecast")}
              | {"preliminary": "provisional", "estimated": "estimate"},
    "trade_system": {"general": "general", "special": "special", "general trade": "general",
                     "special trade": "special"},
}  # fmt: skip
INTENDED = ("target", "forecast")  # statuses of what has not happened
SHOWN = {name: tuple(dict.fromkeys(words.values())) for name, words in CLOSED.items()}
OPEN_ON_PAPER = ("trade_system",)  # other words are kept: no step rests on them
_YEAR = re.compile(r"(?:constant )?(?:prices? of )?(\d{4})(?:(?:\.0)|(?: (?:constant )?prices?))?")


def word(column: str, text: str) -> str:
    """Give the word that a text of a closed column means; empty for an unknown one, itself for an open column."""
    plain = clean(text)
    if not plain:
        return ""
    if column == "prices":
        if plain in ("current", "current prices", "nominal"):
            return "current"
        found = _YEAR.fullmatch(plain)
        return found[1] if found and 1800 <= int(found[1]) <= 2100 else ""
    if column == "approx":
        known = intervals.qualifier(plain)
        return known if known in (*intervals.RULES, "range") or plain in intervals.SYNONYMS else ""
    words = CLOSED[column]
    spaced = re.sub(r"[\s_]+", " ", plain)
    return words.get(spaced, text.strip() if column in OPEN_ON_PAPER else "")


def known(column: str, text: str) -> bool:
    """Tell whether a text is a word of a closed column; `exact` is one, though nothing is kept of it."""
    return not clean(text) or bool(word(column, text)) or clean(text) in intervals.SYNONYMS


def advice(column: str, text: str) -> str:
    """Say what a closed column takes, with the nearest of its words."""
    if column == "prices":
        return "Write current, or the year of constant prices, as 2015"
    words = (*intervals.RULES, "range") if column == "approx" else SHOWN[column]
    near = nearest(clean(text), list(words), 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"Write one of {', '.join(words)}, or leave it empty{hint}"


COLUMNS = (*CLOSED, "prices", "approx")
