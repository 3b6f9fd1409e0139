"""Owns the names of areas in many languages: one table a language, and what a printed name may look like.

Names come from the Unicode CLDR through Babel; `data/names.csv` adds what it lacks. Each language has
its own table, because a word may mean one area in one language and another in the next ("Congo"); a text
is looked up in all languages of its script, and more than one answer is an ambiguous name.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sources import area_forms
from sources.words import clean, strip_accents

DATA = Path(__file__).parent / "data"

# The languages of a script, the commonest first; Babel's locale names.
SCRIPTS: dict[str, tuple[str, ...]] = {
    "latin": ("en", "fr", "de", "es", "pt", "tr", "uz"),
    "cyrillic": ("ru", "kk", "ky", "uz_Cyrl"),
    "arabic": ("ar",),
    "han": ("zh", "zh_Hant", "ja"),
}
LANGUAGES = tuple(language for languages in SCRIPTS.values() for language in languages)

# Words that carry no meaning in a name: articles, "and", "of".
_EMPTY = frozenset(
    "the of and y e et und de la le les du des del der die das den los las el da do dos i и жана және "
    "мен va ve ва l d".split()
)
_SHORT = {
    "rep": "republic", "repub": "republic", "dem": "democratic", "st": "saint", "fed": "federal",
    "isds": "islands", "isd": "islands", "isl": "islands", "isls": "islands", "island": "islands",
    "terr": "territories", "territory": "territories", "ter": "territories", "fmr": "former",
    "респ": "республика", "о": "острова", "ова": "острова", "остров": "острова",
}  # fmt: skip
_ARABIC = str.maketrans("أإآٱؤئىةکی", "ااااويءهكي".replace("ء", "ي"))
_APOSTROPHES = re.compile(
    "[\u0027\u0060\u00b4\u02bb\u02bc\u02bd\u02b9\u2018\u2019\u201b\u2032\uff07]\\s*"
)
_NOT_WORD = re.compile(r"[\W_]+")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_ARAB = re.compile("[\u0600-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_ARTICLE = "ال"
_CLITICS = "لبوكف"


def script(text: str) -> str:
    """Name the script that decides in which languages a text is looked up."""
    if _HAN.search(text):
        return "han"
    if _ARAB.search(text):
        return "arabic"
    return "cyrillic" if _CYRILLIC.search(text) else "latin"


def _arabic_word(word: str) -> str:
    for head in ("وال", "بال", "كال", "فال", _ARTICLE, "لل"):
        if word.startswith(head) and len(word) - len(head) > 2:
            return word[len(head) :]
    return word


@functools.lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Fold a name so that its spellings meet: no accents, marks, articles or order of words."""
    folded = _APOSTROPHES.sub("", clean(text)).replace("&", " and ")
    kind = script(folded)
    if kind == "han":
        return _NOT_WORD.sub("", folded)
    if kind == "arabic":
        words = _NOT_WORD.sub(" ", folded.translate(_ARABIC)).split()
        return " ".join(sorted(_arabic_word(word) for word in words))
    folded = strip_accents(folded).replace("ё", "е").replace("ı", "i")
    words = [_SHORT.get(word, word) for word in _NOT_WORD.sub(" ", folded).split()]
    return " ".join(sorted([word for word in words if word not in _EMPTY] or words))


@functools.cache
def aliases() -> dict[str, list[tuple[str, str]]]:
    """Give the own names of each language as (area, name), from `data/names.csv`."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (DATA / "names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for printed in row["names"].split("|"):
                found.setdefault(row["language"], []).append((row["area"], printed.strip()))
    return found


@functools.cache
def cldr(language: str, code_of: Callable[[str], str]) -> dict[str, str]:
    """Give CLDR's names of one language, area code -> name; `code_of` turns a CLDR territory into a code."""
    from babel import Locale

    names: dict[str, str] = {}
    for territory, name in Locale.parse(language).territories.items():
        code = code_of(territory)
        if code:
            names[code] = str(name)
    return names


def _spellings(name: str) -> Iterator[str]:
    """A name, and for "Myanmar (Burma)" also its two halves."""
    yield name
    match = re.fullmatch(r"(.*?)\s*[(（](.*)[)）]", name)
    if match and len(match[2]) > 3 and "SAR" not in match[2] and not _HAN.search(name):
        yield match[1]


@functools.cache
def table(language: str, code_of: Callable[[str], str]) -> dict[str, frozenset[str]]:
    """Give the table of one language: folded name -> the areas it may mean (nearly always one)."""
    found: dict[str, set[str]] = {}
    own = aliases().get(language, [])
    official = cldr(language, code_of).items()
    for code, name in (*official, *own):
        for spelling in _spellings(name):
            found.setdefault(key(spelling), set()).add(code)
    for code, name in (*official, *own):
        for form in area_forms.forms(language, clean(name)):
            folded = key(form)
            if folded not in found:
                found[folded] = {code}
    found.pop("", None)
    return {folded: frozenset(codes) for folded, codes in found.items()}


def lookup(text: str, code_of: Callable[[str], str]) -> frozenset[str]:
    """Give the areas that a printed name may mean: none, one, or several where it is ambiguous."""
    languages = SCRIPTS[script(text)]
    found = _in(languages, key(text), code_of)
    if found:
        return found
    for language in languages:
        for stem in area_forms.stems(language, clean(text)):
            codes = table(language, code_of).get(key(stem))
            if codes:
                return codes
    return frozenset()


def _in(languages: Iterable[str], folded: str, code_of: Callable[[str], str]) -> frozenset[str]:
    answers = [table(language, code_of).get(folded, frozenset()) for language in languages]
    return frozenset().union(*answers)
