"""Owns the names of areas in every language: one table a language, the folding of spellings, names to show.

Names come from the CLDR through Babel and from `data/names.csv`. Each language has its own table, because a
word may mean one area in one language and another in the next; a text is looked up in all languages of its
script, and one that means several areas is ambiguous. Further languages are asked for whole names that the
first ones do not know. What stands around a name reads `area_grammar`.
"""

from __future__ import annotations

import csv
import difflib
import functools
import re
from collections import defaultdict
from collections.abc import Iterator

from sources import area_codes, area_forms
from sources.words import clean, strip_accents

# Languages whose names are looked up, by script; the first ones first in suggestions.
LANGUAGES = {
    "Latin": ("en", "fr", "de", "es", "pt", "tr", "uz"),
    "Cyrillic": ("ru", "kk", "ky", "uz_Cyrl"),
    "Arabic": ("ar",),
    "Han": ("zh", "zh_Hant", "ja"),
    "Hangul": ("ko",),
}
# Languages that are asked when the ones above know nothing, so that no name of theirs makes one of those doubtful.
FURTHER = {"Latin": ("it", "pl", "id", "az", "pt_PT"), "Cyrillic": ("uk",)}

# Territories of the CLDR that are groups here.
_CLDR_GROUPS = {
    "001": "WORLD",
    "EU": "EU",
    "EZ": "EURO_AREA",
    "XK": "XKX",
}

# Words that carry no meaning in a name: articles, "and", "of".
_EMPTY = frozenset(
    {
        "the",
        "of",
        "and",
        "y",
        "e",
        "et",
        "und",
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "del",
        "der",
        "die",
        "das",
    }
    | {
        "den",
        "los",
        "las",
        "el",
        "da",
        "do",
        "dos",
        "i",
        "и",
        "жана",
        "және",
        "мен",
        "va",
        "ve",
        "ва",
        "l",
        "d",
    }
)
# Short forms that offices print, and the words they stand for.
_SHORT = {
    "rep": "republic", "repub": "republic", "dem": "democratic", "st": "saint", "fed": "federal",
    "isds": "islands", "isd": "islands", "isl": "islands", "isls": "islands", "island": "islands",
    "ile": "islands", "iles": "islands", "isla": "islands", "islas": "islands", "insel": "islands",
    "inseln": "islands", "terr": "territories", "territory": "territories", "ter": "territories", "fmr": "former",
    "респ": "республика", "о": "острова", "ова": "острова", "остров": "острова",
}  # fmt: skip
_NO_NAMES = (
    "",
    "острів",
)  # what is left where a name is an empty word of another language (острів Мен)
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ؤ": "ي", "ئ": "ي", "ء": "ي", "ة": "ه", "ک": "ك"})  # fmt: skip
_APOSTROPHES = re.compile("['`´ʻʼʽʹ‘’‛′＇]\\s*")
_NOT_WORD = re.compile(r"[\W_]+")
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")


LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХаеорсухіӏ", "ABEKMHOPCTXaeopcyxil")


def script(text: str) -> str:
    """Give the script of a text: Latin, Cyrillic, Arabic, Hangul or Han (with kana)."""
    for letter in text:
        point = ord(letter)
        if 0x0400 <= point < 0x0530:
            return "Cyrillic"
        if 0x0600 <= point < 0x0780 or 0xFB50 <= point < 0xFF00:
            return "Arabic"
        if 0x2E80 <= point < 0xA000 or 0xF900 <= point < 0xFB00:
            return "Han"
        if 0xAC00 <= point < 0xD7B0 or 0x1100 <= point < 0x1200:
            return "Hangul"
    return "Latin"


def _arabic_word(word: str) -> str:
    for head in _ARTICLES:
        if word.startswith(head) and len(word) - len(head) > 2:
            return word[len(head) :]
    return word


@functools.lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Fold a name so that its spellings meet: no accents, marks, articles or order of words."""
    folded = _APOSTROPHES.sub("", clean(text)).replace("&", " and ")
    kind = script(folded)
    if kind in ("Han", "Hangul"):
        return _NOT_WORD.sub("", folded)
    if kind == "Arabic":
        words = _NOT_WORD.sub(" ", folded.translate(_ARABIC)).split()
        return " ".join(sorted(_arabic_word(word) for word in words))
    folded = strip_accents(folded).replace("ё", "е").replace("ı", "i").replace("\u0307", "")
    folded = folded.replace("ø", "o").replace("ł", "l")
    words = [_SHORT.get(word, word) for word in _NOT_WORD.sub(" ", folded).split()]
    return " ".join(sorted([word for word in words if word not in _EMPTY] or words))


@functools.cache
def typed() -> dict[str, list[tuple[str, str]]]:
    """Give language -> (code, name) of the names typed over; the first name of an area is shown."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with (area_codes.DATA / "names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["language"]] += [(row["area"], n.strip()) for n in row["names"].split("|")]
    return dict(found)


@functools.cache
def territories(language: str) -> dict[str, str]:
    """Give code -> name of one language by the CLDR; empty for a language that it does not know."""
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return {}
    found = {three: str(names[two]) for three, two in area_codes.iso().items() if two in names}
    for code, text in names.items():
        if code in _CLDR_GROUPS:
            found[_CLDR_GROUPS[code]] = str(text)
        elif code.isdigit():
            area = area_codes.code_of(code, "m49") if code != "001" else None
            if area is not None:
                found[area] = str(text)
    return found


def _spellings(name: str) -> Iterator[str]:
    """Give of "Myanmar (Burma)" also what stands before the bracket."""
    match = re.fullmatch(r"(.*?)\s*[(（](.*)[)）]", name)
    if match and len(match[2]) > 3 and "SAR" not in match[2] and script(name) != "Han":
        yield match[1]


@functools.cache
def table(language: str) -> dict[str, frozenset[str]]:
    """Give folded name -> codes of one language, with the forms that its grammar makes."""
    found: dict[str, set[str]] = {}
    official, own = list(territories(language).items()), typed().get(language, [])
    names = [*official, *own]
    for code, name in names:
        found.setdefault(key(name), set()).add(code)
    for code, name in official:
        for spelling in _spellings(name):
            found.setdefault(key(spelling), {code})
    for code, name in names:
        for form in area_forms.forms(language, clean(name)):
            found.setdefault(key(form), {code})
    for word in _NO_NAMES:
        found.pop(word, None)
    return {folded: frozenset(codes) for folded, codes in found.items()}


def lookup(text: str) -> frozenset[str]:
    """Give the areas that a bare name may mean, in all languages of its script; empty for no name.

    A whole name wins over one that loses an ending, and the likeliest ending over others; a whole name of a
    further language comes last.
    """
    kind = script(text)
    languages = LANGUAGES[kind]
    folded = key(text)
    found = _whole(folded, languages)
    if found:
        return found
    tidy = clean(text)
    for language in languages:
        for stem in area_forms.stems(language, tidy):
            codes = table(language).get(key(stem))
            if codes:
                return codes
    return _whole(folded, FURTHER.get(kind, ()))


def _whole(folded: str, languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(table(name).get(folded, frozenset()) for name in languages))


def settled(codes: frozenset[str], year: int | None = None) -> frozenset[str]:
    """Narrow the meanings of a name to those of a year; without one a state of today beats its forerunner.

    A country beats a region of the same name (South Africa).
    """
    if len(codes) > 1 and year is not None:
        codes = frozenset(code for code in codes if area_codes.valid(code, year)) or codes
    if len(codes) > 1:
        living = frozenset(code for code in codes if area_codes.kind(code) != "dissolved")
        countries = frozenset(code for code in living if area_codes.kind(code) == "country")
        codes = countries or living or codes
    return codes


@functools.cache
def _shown(locale: str) -> dict[str, str]:
    first: dict[str, str] = {}
    for code, text in typed().get(locale, []):
        first.setdefault(code, text)
    return first


def display(code: str, locale: str = "en") -> str:
    """Give the name of an area in a language, else in English, else the code."""
    facts = area_codes.own_facts().get(code)
    if locale.startswith("en") and facts is not None and facts.name:
        return facts.name
    if facts is not None and facts.name and code in _shown(locale):
        return _shown(locale)[code]
    names = territories(locale)
    if code in names:
        return names[code]
    if "-" in code:
        outer, *inner = code.split("-")
        return f"{display(outer)} excluding {' and '.join(display(part) for part in inner)}"
    if code.startswith("OTHER_"):
        return f"Other {display(code.removeprefix('OTHER_'))}"
    return code if locale == "en" else display(code, "en")


@functools.lru_cache(maxsize=4096)
def nearest(text: str, n: int) -> tuple[str, ...]:
    """Give up to `n` codes of the areas whose names look most like a text, best first."""
    folded = key(text)[:80]
    scores: dict[str, float] = {}
    for language in LANGUAGES[script(text)]:
        for name, codes in table(language).items():
            if abs(len(name) - len(folded)) > max(4, len(folded) // 2):
                continue
            matcher = difflib.SequenceMatcher(None, name, folded)
            if matcher.quick_ratio() < 0.55:
                continue
            score = matcher.ratio()
            if score >= 0.55:
                for code in codes:
                    scores[code] = max(score, scores.get(code, 0.0))
    return tuple(sorted(scores, key=lambda code: (-scores[code], code))[:n])
