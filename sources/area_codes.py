"""Owns the codes of areas in every scheme, dated groups, dissolved states and who is a part of whom.

Codes given out are ISO 3166 alpha-3 where they exist, else the codes of `data/areas.csv`. ISO codes come
through Babel; the tables hold what Babel lacks.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from sources.words import clean

DATA = Path(__file__).resolve().parent / "data"

SCHEMES = ("any", "name", "iso2", "iso3", "m49", "comtrade", "imf", "eurostat", "wits", "baci")
KINDS = ("country", "group", "unallocated", "dissolved", "composite", "exclusion")

# Alpha-3 codes of Babel that are not areas of the trade tables: reserved, private and withdrawn ones.
_NOT_ISO = frozenset(
    {"AAA", "ANT", "ASC", "BUR", "CPT", "DDR", "DGA", "FXX", "NTZ", "SCG", "SUN"}
    | {"TAA", "TMP", "YMD", "YUG", "ZAR", "ZZZ"}
)
# ISO numbers from here on are private use; IMF, Comtrade and Eurostat use them for other things.
_PRIVATE = 900

# What may be looked up in each scheme, in order; the first table that knows the text decides.
_ORDER = {
    "any": ("own", "iso3", "iso2", "comtrade", "m49", "wits", "eurostat"),
    "iso2": ("iso2",),
    "iso3": ("own", "iso3", "comtrade"),
    "m49": ("m49",),
    "comtrade": ("comtrade", "m49", "own", "iso3", "iso2"),
    "baci": ("comtrade", "m49", "own", "iso3", "iso2"),
    "imf": ("imf", "iso2", "own", "iso3"),
    "eurostat": ("eurostat", "iso2", "own"),
    "wits": ("wits", "own", "iso3", "comtrade", "m49"),
}


@dataclass(frozen=True)
class Facts:
    kind: str
    name: str
    first: int
    last: int
    parts: tuple[str, ...]
    note: str


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _year(text: str, missing: int) -> int:
    return int(text) if text else missing


@functools.cache
def own_facts() -> dict[str, Facts]:
    """Give the areas that have facts of their own: all but the countries without dates."""
    return {
        row["code"]: Facts(
            row["kind"],
            row["name"],
            _year(row["first"], 0),
            _year(row["last"], 9999),
            tuple(row["parts"].split()),
            row["note"],
        )
        for row in _read("areas.csv")
    }


@functools.cache
def iso() -> dict[str, str]:
    """Give alpha-3 -> alpha-2 of the countries and territories of ISO 3166-1, through Babel."""
    from babel.core import get_global

    found: dict[str, str] = {}
    for code, targets in get_global("territory_aliases").items():
        private = code[0] == "X" or (code[0] == "Q" and code != "QAT")
        if private or code in _NOT_ISO or len(targets) != 1:
            continue
        if len(code) == 3 and code.isalpha():
            found[code] = targets[0]
    return found


@functools.cache
def _from_iso() -> dict[tuple[str, str], str]:
    """Give (scheme, code) -> alpha-3 for alpha-2, alpha-3 and numeric codes of ISO."""
    from babel.core import get_global

    alpha3 = {two: three for three, two in iso().items()}
    found = {("iso2", two): three for two, three in alpha3.items()}
    found |= {("iso3", three): three for three in alpha3.values()}
    for code, targets in get_global("territory_aliases").items():
        if not code.isdigit() or len(targets) != 1 or int(code) >= _PRIVATE:
            continue
        number = str(int(code))
        # A number of a former state is not its successor's, whatever the CLDR's alias says.
        if targets[0] in alpha3 and number not in _former_numbers():
            found["m49", number] = alpha3[targets[0]]
    return found


@functools.cache
def _former_numbers() -> dict[str, str]:
    """Give M49 number -> former state; Comtrade goes on using these numbers."""
    return {
        row["text"]: row["area"]
        for row in _read_codes()
        if row["scheme"] == "comtrade" and successors(row["area"])
    }


@functools.cache
def _codes() -> dict[tuple[str, str], tuple[tuple[str, int, int], ...]]:
    """Give (scheme, code) -> areas with the years in which the code meant them."""
    found: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for row in _read_codes():
        key = (row["scheme"], row["text"].upper())
        entry = (row["area"], _year(row["first"], 0), _year(row["last"], 9999))
        found.setdefault(key, []).append(entry)
    for code in own_facts():
        found["own", code] = [(code, 0, 9999)]
    for number, area in _former_numbers().items():
        found["m49", number] = [(area, 0, 9999)]
    return {key: tuple(entries) for key, entries in found.items()}


_DECIMALS = re.compile(r"\.0+$")
_CODE = re.compile(r"[A-Z0-9_][A-Z0-9_ +.-]*")


def as_code(text: str) -> str:
    """Write a text the way code tables do: upper case, numbers without leading zeros or `.0`."""
    text = clean(text).upper()
    if text[:1].isdigit():
        text = _DECIMALS.sub("", text)
        if text.isdigit():
            return text.lstrip("0") or "0"
    return text


@functools.lru_cache(maxsize=65536)
def _by_code(code: str, scheme: str, year: int | None) -> str | None:
    for table in _ORDER[scheme]:
        entries = _codes().get((table, code))
        if entries is None and table == "imf" and code.isdigit():
            entries = _codes().get((table, code.zfill(3)))
        if entries is None:
            area = _from_iso().get((table, code))
            if area is not None:
                return area
            continue
        if year is not None:
            entries = tuple(e for e in entries if e[1] <= year <= e[2]) or entries
        found = {entry[0] for entry in entries}
        return found.pop() if len(found) == 1 else None
    return None


def code_of(text: str, scheme: str = "any", year: int | None = None) -> str | None:
    """Give the area that a code of a scheme means in a year, None where the text is no code of it.

    Raises ValueError for a scheme that is not one of SCHEMES.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"unknown scheme {scheme!r}; one of {', '.join(SCHEMES)}")
    code = as_code(text) if scheme != "name" else ""
    if not code or not (code.isascii() and len(code) <= 24 and _CODE.fullmatch(code)):
        return None
    found = _by_code(code, scheme, year)
    if found is None and scheme == "any" and kind(code) and ("-" in code or "_" in code):
        return code  # built from others: `ASIA-CHN`, `OTHER_ASIA`
    return found


def kind(code: str) -> str:
    """Give the kind of an area code, one of KINDS; an empty text for an unknown code."""
    facts = own_facts().get(code)
    if facts is not None:
        return facts.kind
    if code in iso():
        return "country"
    if _residual(code):
        return "unallocated"
    return "exclusion" if _exclusion(code) else ""


def note(code: str) -> str:
    """Give what should be known about an area code; empty for most."""
    facts = own_facts().get(code)
    return facts.note if facts else ""


# Codes built from others: `ASIA-CHN` (Asia without China), `OTHER_ASIA` (what a table leaves over of Asia).


def _exclusion(code: str) -> tuple[str, tuple[str, ...]] | None:
    outer, *inner = code.split("-")
    known = all(part in own_facts() or part in iso() for part in (outer, *inner))
    return (outer, tuple(inner)) if inner and known else None


def _residual(code: str) -> str:
    outer = code[6:] if code.startswith("OTHER_") else ""
    return outer if outer in own_facts() or outer in iso() else ""


# Membership


@functools.cache
def _rows() -> dict[str, tuple[tuple[str, int, int], ...]]:
    """Give group -> (member or -member, first year, last year)."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for row in _read("groups.csv"):
        first, last = _year(row["first"], 0), _year(row["last"], 9999)
        found.setdefault(row["group"], []).extend((m, first, last) for m in row["members"].split())
    return {group: tuple(rows) for group, rows in found.items()}


@functools.cache
def _regions() -> frozenset[str]:
    """Give the geographic groups: they list former states too, so each year has its own states."""
    rows = _read("groups.csv")
    return frozenset(row["group"] for row in rows if row["source"].startswith("United Nations M49"))


@functools.lru_cache(maxsize=8192)
def members(group: str, year: int | None) -> frozenset[str]:
    """Give the countries and former states of a group in a year.

    Without a year: the members of today, or of its last year where the group has ended.
    An empty set for anything that is not a group, composite or exclusion.
    """
    cut = _exclusion(group)
    if cut:
        outer, inner = cut
        gone = frozenset().union(*(members(part, year) | {part} for part in inner))
        return (members(outer, year) or frozenset({outer})) - gone
    facts = own_facts().get(group)
    if facts is None:
        return frozenset()
    if facts.kind == "composite":
        return frozenset(facts.parts)
    rows = _rows().get(group, ())
    when = min(facts.last, 9998) if year is None else year
    found: set[str] = set()
    gone_set: set[str] = set()
    for member, first, last in rows:
        if not first <= when <= last:
            continue
        target = gone_set if member.startswith("-") else found
        code = member.lstrip("-")
        if kind(code) == "group":
            target |= members(code, year)
        elif group not in _regions() or valid(code, when):
            target.add(code)
    return frozenset(found - gone_set)


@functools.lru_cache(maxsize=65536)
def groups_of(code: str, year: int | None) -> frozenset[str]:
    """Give the groups that an area belongs to in a year (None: today)."""
    return frozenset(group for group in _rows() if group != code and contains(group, code, year))


def valid(code: str, year: int | None) -> bool:
    """Tell whether an area existed in a year; True without a year, False for an unknown code."""
    facts = own_facts().get(code)
    if facts is None:
        return bool(kind(code))
    return year is None or facts.first <= year <= facts.last


def successors(code: str) -> tuple[str, ...]:
    """Give the areas that followed a dissolved state; empty for all others."""
    facts = own_facts().get(code)
    return facts.parts if facts and facts.kind == "dissolved" else ()


@functools.cache
def _before() -> dict[str, tuple[str, ...]]:
    """Give the states that bore the name of a present one before it, by the notes of `areas.csv`."""
    return {
        code: tuple(facts.note.removesuffix(" before").split(" and "))
        for code, facts in own_facts().items()
        if facts.kind == "country" and facts.note.endswith(" before")
    }


def of_year(code: str, year: int | None) -> str:
    """Give the state that a name meant in a year: Sudan in 2005 is `SDN_2011`; others stay as they are."""
    if year is None or valid(code, year):
        return code
    alive = [former for former in _before().get(code, ()) if valid(former, year)]
    return alive[0] if len(alive) == 1 else code


def parts(text: str, scheme: str = "comtrade", year: int | None = None) -> tuple[str, ...]:
    """Give the areas that a composite code holds beyond its own country (Comtrade 842: PRI, VIR).

    Years are not told apart but for the code itself; empty for codes that hold one area.
    """
    table = "comtrade" if scheme in ("comtrade", "baci", "any") else scheme
    number = as_code(text)
    for row in _read_codes():
        if row["scheme"] != table or row["text"] != number:
            continue
        if year is None or _year(row["first"], 0) <= year <= _year(row["last"], 9999):
            return tuple(row["includes"].split())
    return ()


@functools.cache
def _read_codes() -> tuple[dict[str, str], ...]:
    return tuple(_read("area_codes.csv"))


@functools.lru_cache(maxsize=65536)
def contains(outer: str, inner: str, year: int | None) -> bool:
    """Tell whether `inner` is `outer` or one of its members, member groups or predecessors in a year."""
    if outer == inner:
        return True
    if not kind(outer) or not kind(inner):
        return False
    if outer == "WORLD":
        return True
    if kind(outer) not in ("group", "composite", "exclusion"):
        return False
    inside = members(outer, year)
    if inner in inside:
        return True
    residual = _residual(inner)
    if residual:
        return contains(outer, residual, year)
    facts = own_facts().get(inner)
    if facts is None:
        return _predecessor_inside(inner, inside, year)
    if facts.kind in ("group", "composite"):
        mine = members(inner, year)
        return bool(mine) and mine < inside
    if facts.kind == "unallocated":
        return any(contains(outer, part, year) for part in facts.parts)
    if facts.kind == "dissolved":
        return all(part in inside for part in _leaves(inner)) or _predecessor_inside(
            inner, inside, year
        )
    return _predecessor_inside(inner, inside, year)


def _leaves(code: str) -> frozenset[str]:
    """Give the states of today that followed a dissolved one."""
    found: set[str] = set()
    for part in successors(code):
        found |= _leaves(part) if successors(part) else {part}
    return frozenset(found)


def _predecessor_inside(code: str, inside: frozenset[str], year: int | None) -> bool:
    """Tell whether a state is inside through its forerunner of that year (DEU in 1985 through FRG)."""
    if year is None or valid(code, year):
        return False
    return any(code in successors(former) and valid(former, year) for former in inside)
