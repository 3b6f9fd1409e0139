"""Owns what a text in an area column means: its code, kind and name. The door to codes, names and grammar.

Codes and groups are in `sources.area_codes`, names in `sources.area_names`, and what may stand around a name
in `sources.area_grammar`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from sources import area_codes, area_grammar, area_names
from sources.area_codes import (
    DATA,
    KINDS,
    SCHEMES,
    contains,
    groups_of,
    iso,
    kind,
    members,
    note,
    of_year,
    parts,
    successors,
    valid,
)
from sources.words import hinting

__all__ = [
    "DATA", "KINDS", "SCHEMES", "Area", "contains", "find", "groups_of", "iso", "kind", "members", "name",
    "note", "of_year", "parts", "resolve", "successors", "suggest", "valid",
]  # fmt: skip


@dataclass(frozen=True)
class Area:
    """An area: its code, its kind (one of KINDS) and its English name."""

    code: str
    kind: str
    name: str


def _named(text: str, year: int | None) -> str | None:
    """Give the code of the one area that a text names in a year, None for none or several."""
    found = area_names.settled(area_grammar.meanings(text), year)
    return of_year(next(iter(found)), year) if len(found) == 1 else None


@functools.lru_cache(maxsize=65536)
def _cached(text: str, scheme: str, year: int | None) -> str | None:
    found = area_codes.code_of(text, scheme, year)
    if found is not None or scheme not in ("any", "name"):
        return found
    code = area_codes.as_code(text)
    if scheme == "any" and (not code or code.replace(".", "").isdigit()):
        return None
    return _named(text, year)


def find(text: str, year: int | None = None, scheme: str = "any") -> Area | None:
    """Find the area that a code or name means, in a year where codes changed hands.

    Gives None for an unknown text and for one that means several areas (`suggest` gives them).
    Raises ValueError for a scheme that is not one of SCHEMES.
    """
    code = _cached(str(text), scheme, year)
    return None if code is None else Area(code, kind(code), name(code))


def resolve(
    values: Iterable[str], scheme: str = "any", year: int | None = None
) -> dict[str, str | None]:
    """Give each distinct text its area code, None where it is unknown or ambiguous.

    A name with two meanings is settled only where all but one of them are named among the same texts too:
    "Congo" beside "Democratic Republic of the Congo".
    """
    found = {text: _cached(str(text), scheme, year) for text in dict.fromkeys(values)}
    unknown = [text for text, code in found.items() if code is None]
    if unknown and scheme in ("any", "name"):
        named = {code for code in found.values() if code}
        for text in unknown:
            open_meanings = area_names.settled(area_grammar.meanings(str(text)), year)
            rest = open_meanings - named
            if len(open_meanings) > 1 and len(rest) == 1:
                found[text] = next(iter(rest))
    return found


def name(code: str, locale: str = "en") -> str:
    """Give the name of an area in a language; in English where the language lacks it, else the code."""
    return area_names.display(code, locale)


def suggest(text: str, n: int = 3) -> list[str]:
    """Give up to `n` areas as `Name (CODE)`: the meanings of an ambiguous text, else the nearest names."""
    found: Iterable[str] = sorted(area_names.settled(area_grammar.meanings(text)))
    if not found:  # letters of another alphabet that look the same: a Cyrillic С in China
        found = sorted(
            area_names.settled(area_grammar.meanings(text.translate(area_names.LOOK_ALIKES)))
        )
    if not found and hinting():
        found = area_names.nearest(text, n)
    return [f"{area_names.display(code)} ({code})" for code in found][:n]
