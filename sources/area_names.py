"""Owns the names of areas in every language: the tables, the forms a name takes, and what is no name.

Names come from the CLDR through Babel and from `data/area_names.csv`. There is one table per language; a
text is looked up in the languages of its script. A text that means different areas is ambiguous.
"""

from __future__ import annotations

import csv
import difflib
import functools
import re
from collections import defaultdict
from collections.abc import Iterable

from sources import areas
from sources.words import clean, strip_accents

# Languages whose names are looked up, by script; the first ones first in suggestions.
LANGUAGES = {
    "Latin": ("en", "fr", "de", "es", "pt", "tr", "uz"),
    "Cyrillic": ("ru", "kk", "ky", "uz_Cyrl"),
    "Arabic": ("ar",),
    "Han": ("zh", "zh_Hant", "ja"),
}

# Territories of the CLDR that are groups here.
_CLDR_GROUPS = {
    "001": "WORLD",
    "EU": "EU",
    "EZ": "EURO_AREA",
    "XK": "XKX",
}
_CLDR_LEAVE_OUT = frozenset(
    {"UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)


def script(text: str) -> str:
    """Give the script of a text: Latin, Cyrillic, Arabic or Han (with kana)."""
    for letter in text:
        point = ord(letter)
        if 0x0400 <= point < 0x0530:
            return "Cyrillic"
        if 0x0600 <= point < 0x0780 or 0xFB50 <= point < 0xFF00:
            return "Arabic"
        if 0x2E80 <= point < 0xA000 or 0xF900 <= point < 0xFB00:
            return "Han"
    return "Latin"


_PUNCTUATION = re.compile(r"[\s.,;:()\[\]{}<>/\\|*'’‘ʻʼ`´\"“”«»‐-―_・·،؛（）【】《》〈〉、，。-]+")
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"}
)
_ARABIC_WORD = re.compile(r"(?:^|(?<= ))ال(?=\w{3})")


@functools.lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Fold a name for comparing: no accents, no punctuation, `&` as a word, Arabic letters made one."""
    text = clean(text)
    if not text.isascii():
        kind = script(text)
        if kind == "Latin":
            text = strip_accents(text).replace("ı", "i").replace("ø", "o").replace("ł", "l")
        elif kind == "Cyrillic":
            text = text.replace("ё", "е")
        elif kind == "Arabic":
            text = text.translate(_ARABIC)
        elif kind == "Han":
            return _PUNCTUATION.sub("", text)
    text = _PUNCTUATION.sub(" ", text.replace("&", " and ")).strip()
    if script(text) == "Arabic":
        text = _ARABIC_WORD.sub("", text)
    return text


@functools.cache
def _typed() -> dict[str, list[tuple[str, str]]]:
    """Give language -> (code, name) of the names typed over; the first name of an area is shown."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with (areas.DATA / "area_names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["language"]] += [(row["code"], n) for n in row["names"].split("|")]
    return found


@functools.cache
def territories(language: str) -> dict[str, str]:
    """Give code -> name of one language by the CLDR."""
    from babel import Locale

    names = Locale.parse(language).territories
    found = {three: names[two] for three, two in areas.iso().items() if two in names}
    for code, text in names.items():
        if code in _CLDR_GROUPS:
            found[_CLDR_GROUPS[code]] = text
        elif code.isdigit():
            area = areas.find(code, scheme="m49") if code != "001" else None
            if area is not None:
                found[area.code] = text
    return found


@functools.cache
def table(language: str) -> dict[str, frozenset[str]]:
    """Give folded name -> codes of one language."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, text in territories(language).items():
        found[key(text)].add(code)
    for code, text in _typed().get(language, []):
        found[key(text)].add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def candidates(text: str) -> frozenset[str]:
    """Give the codes of all areas that a text may name."""
    folded = key(text)
    found: frozenset[str] = frozenset()
    for language in LANGUAGES[script(text)]:
        found |= table(language).get(folded, frozenset())
    return found


def find(text: str, year: int | None = None) -> str | None:
    """Give the code of the one area that a text names, None for none or several."""
    found = candidates(text)
    return next(iter(found)) if len(found) == 1 else None


def display(code: str, locale: str = "en") -> str:
    """Give the name of an area in a language, else in English, else the code."""
    facts = areas._facts().get(code)
    if locale.startswith("en") and facts is not None and facts.name:
        return facts.name
    for typed, text in _typed().get(locale, []):
        if typed == code and facts is not None:
            return text
    names = territories(locale)
    if code in names:
        return names[code]
    return code if locale == "en" else display(code, "en")


def suggest(text: str, n: int = 3) -> list[str]:
    """Give up to `n` areas as `Name (CODE)`: the meanings of an ambiguous text, else the nearest names."""
    found: Iterable[str] = sorted(candidates(text))
    if not found:
        found = _nearest(text, n)
    return [f"{display(code)} ({code})" for code in found][:n]


def _nearest(text: str, n: int) -> list[str]:
    folded = key(text)
    scores: dict[str, float] = {}
    for language in LANGUAGES[script(text)]:
        for name, codes in table(language).items():
            if abs(len(name) - len(folded)) > max(4, len(folded) // 2):
                continue
            score = difflib.SequenceMatcher(None, folded, name).ratio()
            if score >= 0.55:
                for code in codes:
                    scores[code] = max(score, scores.get(code, 0.0))
    return sorted(scores, key=lambda code: (-scores[code], code))[:n]
