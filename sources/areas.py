"""Owns areas: which country, group or remainder a printed code or name stands for, in which years.

Codes and names of ISO 3166 and CLDR come from Babel; `data/areas.csv` holds the areas it lacks and the
years of the others, `data/area_codes.csv` the codes of publishers, `data/groups.csv` dated membership,
`data/names.csv` further names. A dissolved state has a code of its own and never becomes one successor;
a name that may mean two areas is refused; "Asia excluding China" is neither Asia nor China.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sources import area_names
from sources.words import clean, nearest

DATA = Path(__file__).parent / "data"
SCHEMES = (
    "any", "name", "iso2", "iso3", "m49", "comtrade", "imf", "eurostat", "wits", "baci",
)  # fmt: skip
KINDS = ("country", "group", "unallocated", "dissolved", "composite", "exclusion")
EXCLUSION = "EXCLUSION"

# Schemes whose codes are tried, in this order.
_ORDER = {
    "any": ("iso3", "own", "iso2", "comtrade", "m49", "wits", "eurostat"),
    "iso2": ("iso2",),
    "iso3": ("iso3", "own"),
    "m49": ("m49", "comtrade"),
    "comtrade": ("comtrade", "m49", "iso3", "iso2", "own"),
    "baci": ("comtrade", "m49", "iso3", "iso2", "own"),
    "imf": ("imf", "iso3", "iso2", "own"),
    "eurostat": ("eurostat", "iso2", "iso3", "own"),
    "wits": ("wits", "iso3", "comtrade", "m49", "own"),
    "name": (),
}
# Alpha-3 codes that Babel gives beside the present one of the same territory.
_OLD_ALPHA3 = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})
_CLDR_GROUPS = {"EU": "EU", "EZ": "EURO_AREA", "XK": "XKX"}
_NUMBER = re.compile(r"(\d{1,4})(?:[.,]0+)?")

# "excluding", "other", "of which" in the languages read: the area named inside is not the area meant.
_EXCLUSIONS = re.compile(
    r"\b(?:exclud\w*|excl|except\w*|without|other(?: than)?|others|outside|minus|less|rest of|remain\w*|"
    r"not includ\w*|non|of which|from which|thereof|residual|apart from|besides|ex|"
    r"hors|sauf|excepte\w*|à l'exception|à l'exclusion|autres?|dont|reste|restant\w*|sans|moins|"
    r"ohne|außer|ausser|ausgenommen|ausschlie\w+|übrige\w*|andere\w*|sonstige\w*|darunter|davon|"
    r"excepto|excluy\w*|excluid\w*|sin|salvo|otr[oa]s|resto|de los cuales|fuera de|"
    r"exceto|outr[oa]s|restantes|demais|dos quais|fora d\w*|hariç|dışında|diğer|"
    r"tashqari|boshqa|jumladan|qolgan)\b|"
    r"\b(?:кроме|за исключением|исключая|без|вне|не входящ\w*|проч\w*|друг(?:ие|их|им|ими)|остальн\w*|"
    r"из них|из которых|в том числе|в т\.?\s?ч|помимо|не включая|"
    r"басқа\w*|қоспағанда|оның ішінде|өзге\w*|тыс|қалған|башка\w*|тышкары|анын ичинде|калган|"
    r"ташқари|бошқа|жумладан|қолган)\b|"
    r"باستثناء|ما ?عدا|عدا|\bغير\b|سوى|بدون|[أا]خرى|\bمنها\b|بخلاف|بقية|باقي|خارج|"
    r"除|不包括|不含|以外|之外|其他|其它|其中|其余|除く|以外|その他|うち"
)
_NOTE_MARK = re.compile(r"(?:\s*(?:[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\w{1,2}\]|\(?\d{1,2}\)|\d{1,2}/))+$")
_PARENTHESIS = re.compile(r"\s*[(（\[]([^()（）\[\]]*(?:\([^()]*\)[^()]*)*)[)）\]]\s*$")
_HARMLESS = re.compile(
    r"^(?:incl|including|включая|в границах|y compris|einschl|incluid|from|until|since|до|с|"
    r"\.{2,}|->|\d{4}|total|всего)"
)
_CODE_AND_NAME = re.compile(r"^([A-Za-z]{2,3}|\d{1,3})\s*(?:[-–—:=.]|\s)\s*(\D.*)$")
_NAME_AND_CODE = re.compile(r"^(.*\D)\s*[-–—:]\s*([A-Z]{2,3}|\d{3})$")
_OFFICIAL = re.compile(
    r"^(?:the )?(?:(?:islamic|federal|federative|plurinational|bolivarian|cooperative|united)? ?republic of(?: the)?|"
    r"kingdom of(?: the)?|principality of|grand duchy of|state of|sultanate of|commonwealth of(?: the)?|"
    r"république (?:islamique |fédérale )?(?:de la |du |des |de l'|de |d')|royaume (?:de la |du |des |de l'|de |d')|"
    r"(?:bundes|islamische )?republik|königreich|"
    r"república (?:islámica |federal |bolivariana |plurinacional )?(?:de la |del |de los |de |da |do )|reino de |"
    r"республика|республики|республике|республикой|королевство|"
    r"جمهورية|مملكة|دولة|سلطنة) ?(?P<rest>.+)$|"
    r"^(?P<first>.+?),? (?:республикасы|республикаси|respublikasi|cumhuriyeti)$"
)
# Areas of which "Republic of X" may be another one than X.
_DOUBLED = frozenset(
    {"CHN", "COG", "COD", "KOR", "PRK", "TWN", "VNM", "YEM", "DEU", "MDA_", "CYP_"}
)


@dataclass(frozen=True)
class Area:
    """One area: its code (ISO 3166 alpha-3 or one of ours), its kind (one of KINDS), its English name."""

    code: str
    kind: str
    name: str


@dataclass(frozen=True)
class _Row:
    kind: str
    name: str
    first: int | None
    last: int | None
    parts: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class _Code:
    area: str
    first: int | None
    last: int | None
    includes: tuple[str, ...]
    note: str


def _year(text: str) -> int | None:
    return int(text) if text else None


def _within(year: int | None, first: int | None, last: int | None) -> bool:
    """Tell whether a year lies in a range with open ends; no year lies in the ranges that have no end."""
    if year is None:
        return last is None
    return (first is None or first <= year) and (last is None or year <= last)


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def _iso() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Give alpha-2 -> alpha-3, alpha-3 -> alpha-2 and number -> alpha-3 of the present ISO 3166, from Babel."""
    from babel.core import get_global

    known = get_global("territory_aliases")
    # a territory with a number of its own below 900 is in the standard; the rest is reserved or private use
    numbers = {
        text: now[0]
        for text, now in known.items()
        if text.isdigit() and len(now) == 1 and int(text) < 900 and len(now[0]) == 2
    }
    official = set(numbers.values())
    to3 = {
        now[0]: text
        for text, now in known.items()
        if len(text) == 3 and text.isalpha() and text not in _OLD_ALPHA3 and now[0] in official
        and len(now) == 1
    }  # fmt: skip
    return (
        to3,
        {three: two for two, three in to3.items()},
        {str(int(text)): to3[two] for text, two in numbers.items()},
    )


@functools.cache
def _own() -> dict[str, _Row]:
    return {
        row["code"]: _Row(
            row["kind"],
            row["name"],
            _year(row["first"]),
            _year(row["last"]),
            tuple(row["parts"].split()),
            row["note"],
        )
        for row in _read("areas.csv")
    }


@functools.cache
def _codes() -> dict[str, dict[str, list[_Code]]]:
    """Give scheme -> code text in capitals -> the areas it means, by years."""
    tables: dict[str, dict[str, list[_Code]]] = {}
    for row in _read("area_codes.csv"):
        text = row["text"]
        entry = _Code(
            row["area"],
            _year(row["first"]),
            _year(row["last"]),
            tuple(row["includes"].split()),
            row["note"],
        )
        text = str(int(text)) if text.isdigit() else text
        tables.setdefault(row["scheme"], {}).setdefault(text, []).append(entry)
    return tables


def _code_of(territory: str) -> str:
    """Turn a CLDR territory (alpha-2, or a number for a region) into our code; "" for what we do not keep."""
    if territory.isdigit():
        found = _codes()["m49"].get(str(int(territory)))
        return found[0].area if found else ""
    return _CLDR_GROUPS.get(territory) or _iso()[0].get(territory, "")


def _from_scheme(scheme: str, text: str, year: int | None) -> str | None:
    """Look one code up in one scheme; None where it is unknown there, or means two areas and no year tells."""
    to3, to2, numbers = _iso()
    if scheme == "iso2":
        return to3.get(text)
    if scheme == "iso3":
        return text if text in to2 else None
    if scheme == "own":
        return text if text in _own() and text != EXCLUSION else None
    entries = _codes().get(scheme, {}).get(text, [])
    if not entries and scheme == "m49":
        return numbers.get(text)
    if len({entry.area for entry in entries}) > 1:
        entries = [entry for entry in entries if _within(year, entry.first, entry.last)]
    return entries[0].area if len({entry.area for entry in entries}) == 1 else None


@functools.lru_cache(maxsize=65536)
def _find_code(text: str, scheme: str, year: int | None) -> str | None:
    tidy = clean(text)
    number = _NUMBER.fullmatch(tidy)
    if number:
        tidy = str(int(number[1]))
    elif not tidy.isascii() or len(tidy) > 20 or " " in tidy:
        return None
    tidy = tidy.upper()
    for one in _ORDER[scheme]:
        code = _from_scheme(one, tidy, year)
        if code:
            return _at(code, year) if one in ("iso2", "iso3", "m49") else code
    return None


@functools.cache
def _former() -> dict[str, tuple[str, ...]]:
    """Give for an area the dissolved ones that used its very code and name before it."""
    former: dict[str, tuple[str, ...]] = {}
    for code, row in _own().items():
        if row.kind == "country" and row.note.endswith(" before"):
            former[code] = tuple(row.note.removesuffix(" before").split(" and "))
    return former


def _at(code: str, year: int | None) -> str:
    """Give the area that a code shared by two states meant in that year: SDN in 2005 is SDN_2011."""
    if year is None or valid(code, year):
        return code
    candidates = [old for old in _former().get(code, ()) if valid(old, year)]
    return candidates[0] if len(candidates) == 1 else code


def _names(text: str) -> frozenset[str]:
    return area_names.lookup(text, _code_of)


@functools.lru_cache(maxsize=65536)
def _candidates(text: str) -> frozenset[str]:
    """Give the areas a printed name may mean, after trying ever more of its dress; EXCLUSION is one of them."""
    tidy = clean(text)
    if not tidy or not re.search(r"[^\W\d_]", tidy):
        return frozenset()
    found = _names(tidy)
    if found:
        return found
    bare = _NOTE_MARK.sub("", tidy).strip(" .,;:-–—")
    bare = re.sub(r"(?<=[^\W\d_])\d{1,2}$", "", bare)
    if bare != tidy and bare:
        found = _names(bare)
        if found:
            return found
    return _parenthesis(bare) or _excluded(bare) or _pair(text, bare) or _official(bare)


def _excluded(text: str) -> frozenset[str]:
    return frozenset({EXCLUSION}) if _EXCLUSIONS.search(text) else frozenset()


def _parenthesis(text: str) -> frozenset[str]:
    """Read "Spain (incl. Canary Islands from 1997)" and "Laos (LA)"; the bracket must agree or add only scope."""
    match = _PARENTHESIS.search(text)
    if not match:
        return frozenset()
    outside, inside = text[: match.start()], match[1].strip()
    found = _candidates(outside)
    if not found or EXCLUSION in found:
        return frozenset()
    if _EXCLUSIONS.search(inside):
        return frozenset({EXCLUSION})
    if _HARMLESS.match(inside):
        return found
    code = _find_code(inside, "any", None)
    if code:
        return found if code in found else frozenset()
    return found & _names(inside)


def _pair(text: str, tidy: str) -> frozenset[str]:
    """Read a code beside a name, and one name in several languages; all must mean the same area."""
    for pattern, code_at, name_at in ((_CODE_AND_NAME, 1, 2), (_NAME_AND_CODE, 2, 1)):
        match = pattern.match(text.strip())
        if match:
            code = _find_code(match[code_at], "any", None)
            named = _candidates(match[name_at])
            if code and named:
                return named & {code}
    parts = [part for part in re.split(r"\s*[/|;\n]\s*|\s+[-–—]\s+", tidy) if part]
    if len(parts) < 2:
        return frozenset()
    answers = [_candidates(part) for part in parts]
    return answers[0].intersection(*answers[1:])


def _official(text: str) -> frozenset[str]:
    """Read "Republic of Kazakhstan" and the like, except where it may be another state than the bare name."""
    match = _OFFICIAL.match(text)
    if not match:
        return frozenset()
    found = _names(match["rest"] or match["first"])
    safe = {code for code in found if kind(code) == "country" and code not in _DOUBLED}
    return frozenset(safe) if safe == found else frozenset()


def find(text: str, year: int | None = None, scheme: str = "any") -> Area | None:
    """Find the area that a printed code or name stands for; None where it is unknown or ambiguous.

    `scheme` is one of SCHEMES: whose codes they are (codes of the IMF mean other countries than the same
    numbers of the UN); names are read under every scheme. `year` settles codes that changed hands (CS,
    SDN). A group less some parts is an Area of kind "exclusion", never the area named inside.

    Raises ValueError for an unknown scheme.
    """
    if scheme not in _ORDER:
        raise ValueError(f"unknown scheme {scheme!r}; use one of {', '.join(SCHEMES)}")
    text = str(text)
    code = _find_code(text, scheme, year)
    if code is None:
        found = _candidates(text)
        if len(found) != 1:
            return None
        (code,) = found
        if code == EXCLUSION:
            return Area(EXCLUSION, "exclusion", clean(text))
        code = _at(code, year)
    return Area(code, kind(code), name(code))


def resolve(
    values: Iterable[str], scheme: str = "any", year: int | None = None
) -> dict[str, str | None]:
    """Give text -> area code for each distinct text; None where unknown, ambiguous or an exclusion.

    A name with two meanings is settled only where every other meaning is named in the same values too:
    "Congo" beside "Democratic Republic of the Congo".
    """
    found: dict[str, str | None] = {}
    open_names: dict[str, frozenset[str]] = {}
    for text in dict.fromkeys(values):
        area = find(text, year, scheme)
        found[text] = area.code if area and area.kind != "exclusion" else None
        if area is None:
            meanings = _candidates(str(text))
            if len(meanings) > 1:
                open_names[text] = meanings
    named = set(found.values())
    for text, meanings in open_names.items():
        rest = meanings - named
        if len(rest) == 1 and len(meanings) > 1:
            found[text] = next(iter(rest))
    return found


@functools.lru_cache(maxsize=4096)
def suggest(text: str, n: int = 3) -> list[str]:
    """Give the `n` names nearest to a text that was not understood; the candidates of an ambiguous name first."""
    found = _candidates(text)
    if len(found) > 1:
        return [name(code) for code in sorted(found)][:n]
    languages = area_names.SCRIPTS[area_names.script(text)]
    names = [
        printed
        for language in languages
        for printed in (
            *area_names.cldr(language, _code_of).values(),
            *(own for _, own in area_names.aliases().get(language, ())),
        )
    ]
    return nearest(text, names, n)


@functools.lru_cache(maxsize=8192)
def name(code: str, locale: str = "en") -> str:
    """Give the name of an area in a language of Babel ("en", "ru", "zh"); ours in English where it has none."""
    if locale in area_names.LANGUAGES or locale != "en":
        try:
            found = area_names.cldr(locale, _code_of).get(code)
        except Exception:  # noqa: BLE001
            found = None
        if found:
            return found
    row = _own().get(code)
    return row.name if row and row.name else code


def kind(code: str) -> str:
    """Give the kind of an area code, one of KINDS; "" for a text that is no area code."""
    row = _own().get(code)
    if row:
        return row.kind
    return "country" if code in _iso()[1] else ""


def valid(code: str, year: int) -> bool:
    """Tell whether an area existed in any part of a year; False for a text that is no area code."""
    row = _own().get(code)
    if row:
        return _within(year, row.first, row.last)
    return code in _iso()[1]


def successors(code: str) -> tuple[str, ...]:
    """Give the areas that a dissolved one became, in order of code; () for all others."""
    row = _own().get(code)
    return row.parts if row and row.kind == "dissolved" else ()


@functools.cache
def _groups() -> dict[str, list[tuple[tuple[str, ...], int | None, int | None]]]:
    found: dict[str, list[tuple[tuple[str, ...], int | None, int | None]]] = {}
    for row in _read("groups.csv"):
        entry = (tuple(row["members"].split()), _year(row["first"]), _year(row["last"]))
        found.setdefault(row["group"], []).append(entry)
    return found


@functools.lru_cache(maxsize=8192)
def members(group: str, year: int | None) -> frozenset[str]:
    """Give the members of a group, or the parts of a composite or dissolved area, in a year.

    No year means the members that have not left. Members are countries and dissolved states that existed
    in the year; an area that has no members gives an empty set.
    """
    row = _own().get(group)
    if row and row.kind in ("composite", "dissolved") and len(row.parts) > 1:
        return frozenset(row.parts) if year is None or valid(group, year) else frozenset()
    inside: set[str] = set()
    outside: set[str] = set()
    for listed, first, last in _groups().get(group, ()):
        if not _within(year, first, last):
            continue
        for member in listed:
            target = outside if member.startswith("-") else inside
            member = member.removeprefix("-")
            if member in _groups():
                target |= members(member, year)
            elif _alive(member, year) or (
                first is None and row is not None and row.note.endswith("every year")
            ):
                target.add(member)
    return frozenset(inside - outside)


def _alive(code: str, year: int | None) -> bool:
    return kind(code) != "dissolved" if year is None else valid(code, year)


@functools.lru_cache(maxsize=8192)
def groups_of(code: str, year: int | None) -> frozenset[str]:
    """Give the groups of which an area is a member in a year."""
    return frozenset(group for group in _groups() if code in members(group, year))


@functools.lru_cache(maxsize=65536)
def contains(outer: str, inner: str, year: int | None = None) -> bool:
    """Tell whether one area is the other, or a member or a smaller member group of it, in a year."""
    if outer == inner:
        return True
    if outer == "WORLD":
        return kind(inner) not in ("", "exclusion")
    of_outer = members(outer, year)
    if inner in of_outer:
        return True
    if inner == "WORLD" or kind(inner) not in ("group", "composite"):
        return False
    of_inner = members(inner, year)
    return bool(of_inner) and of_inner < of_outer


def coverage(text: str, scheme: str = "comtrade") -> tuple[tuple[str, ...], str]:
    """Give what a publisher's code counts beside the area itself: their codes, and a note in words.

    `coverage("842")` gives `(("PRI", "VIR"), "with Puerto Rico and ...")`; an unknown or plain code `((), "")`.
    """
    tidy = clean(str(text)).upper()
    number = _NUMBER.fullmatch(tidy)
    entries = _codes().get(scheme, {}).get(str(int(number[1])) if number else tidy, [])
    return (entries[0].includes, entries[0].note) if entries else ((), "")
