"""Owns the names of areas in each language: nouns, adjectives and cities, their stems, endings and letters."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass, replace

from sources import area_names, areas
from sources.press.vocabulary import (
    UNSPACED,
    fold,
    simplified,
    vocabulary,
)

_RUSSIAN = frozenset(
    [
        "а",
        "я",
        "у",
        "ю",
        "ом",
        "ем",
        "е",
        "и",
        "ы",
        "ой",
        "ей",
        "ью",
        "ь",
        "й",
        "ии",
        "ию",
        "ией",
        "ия",
        "ах",
        "ям",
        "ами",
        "ями",
        "ов",
        "ская",
        "ской",
        "скую",
        "ские",
        "ских",
        "ским",
        "ое",
        "ого",
        "ому",
        "ая",
        "ую",
        "ий",
        "ого",
        "ие",
        "их",
        "им",
        "ими",
    ]
)
CLITIC = re.compile(r"^(?:[وف]?(?:بال|كال|لل|ال|[بلك](?=\w{3}))|[وف](?=\w{3}))")


@functools.lru_cache(maxsize=16384)
def arabic(word: str) -> tuple[str, ...]:
    """Give a word as it stands and without the small words written with it: وللصين, الصين, صين."""
    bare = CLITIC.sub("", word)
    forms = [word, bare]
    if word[0] in "وف":
        forms = [word, word[1:], bare]  # and Korea: its first letter is no preposition
    if re.match(r"[وف]?لل", word):
        forms.append(word[word.index("ل") + 1 :])  # لليبيا: Libya begins with that letter
    if bare.startswith("ال"):
        forms.append(bare[2:])  # الألمانية: a name whose own letters look like the article
    return tuple(dict.fromkeys(forms))


# Names that are ordinary words or persons in their language, so that they name no party.
_NOT_NAMES = {
    "en": "reunion man chad", "fr": "maurice dominique ru", "tr": "mali fas cin", "es": "guinea",
    "pt": "guine", "de": "man", "ru": "того", "uz": "mali", "ar": "مالي",
}  # fmt: skip
_VOWELS = re.compile("[\u064b-\u065f]")  # marks that Arabic names carry in some lists
_NO_PARTY = ("WORLD", "OTHER", "NES")
_BABEL = {"uz_cyrl": "uz_Cyrl"}
_TWINS = {"zh": "zh_Hant"}  # the same tongue where other names are the custom: 義大利, 紐西蘭


@dataclass(frozen=True)
class Entry:
    stems: tuple[str, ...]
    open: tuple[bool, ...]  # any ending may follow the stem
    code: str
    kind: str


def _entry(text: str, code: str, kind: str, language: str) -> Entry | None:
    words = re.findall(r"[^\W\d_]+\*?", text)
    if language == "ar":
        words = [CLITIC.sub("", w) if w.startswith("ال") else w for w in words]
    if not words:
        return None
    return Entry(tuple(w.rstrip("*") for w in words), tuple(w.endswith("*") for w in words), code, kind)  # fmt: skip


def _stem(word: str) -> str:
    """Give the Russian stem of a name, to which the endings of its cases are added."""
    for ending in ("ая", "яя", "ое", "ие", "ые", "ий", "ый", "а", "я", "ь", "й", "ы", "и", "о"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@functools.cache
def _names(language: str) -> dict[str, str]:
    """Give name -> code of the areas of a language, by the CLDR and the table of names, ambiguous ones left out."""
    tag = _BABEL.get(language, language)
    found: dict[str, set[str]] = {}
    with (areas.DATA / "names.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if (
                row["language"] == tag
                and row["area"] not in _NO_PARTY
                and not row["area"].endswith("_NES")
            ):
                for name in row["names"].split("|"):
                    found.setdefault(_VOWELS.sub("", name), set()).add(row["area"])
    for source in (tag, _TWINS.get(tag, tag)):
        for code, printed in area_names.territories(source).items():
            name = _VOWELS.sub("", printed)
            if name not in found and code not in _NO_PARTY:
                found[name] = {code}
    plain = {name: codes.pop() for name, codes in found.items() if len(codes) == 1}
    return {name: code for name, code in plain.items() if not re.search(r"[(),.:]", name)}


def names(language: str, code: str) -> list[str]:
    """Give the folded names of one area in a language."""
    return [fold(name) for name, area in _names(language).items() if area == code]


@functools.cache
def lexicon(language: str) -> dict[str, tuple[Entry, ...]]:
    """Give the entries of a language by the first three letters of their first word, the longest first."""
    entries: list[Entry] = []
    skip = frozenset(fold(_NOT_NAMES.get(language, "")).split())
    names = [
        (name, code, "name")
        for name, code in _names(language).items()
        if fold(name) not in skip and (len(name) > 3 or language in UNSPACED)
    ]
    rows = vocabulary(language).rows
    own = [
        (p, c, kind)
        for kind in ("name", "noun", "adj", "city", "not_party")
        for c, p in rows.get(kind, [])
    ]
    taken = set()
    for patterns, code, kind in own:
        for pattern in patterns.replace(r"\w*", "*").split("|"):
            entry = _entry(pattern, code, kind, language)
            if entry:
                entries.append(entry)
                taken.add(entry.stems)
    for name, code, kind in names:
        folded = fold(name)
        words = folded.split()
        if len(words) > 6 or (len(folded) < 3 and language not in UNSPACED):
            continue
        entry = _entry(folded, code, kind, language)
        if entry is None or entry.stems in taken:
            continue
        if language == "ru":
            stems = tuple(_stem(w) for w in entry.stems)
            entry = replace(entry, stems=stems)
        entries.append(entry)
    index: dict[str, list[Entry]] = {}
    for entry in entries:
        index.setdefault(entry.stems[0][:3], []).append(entry)
    return {
        key: tuple(sorted(found, key=lambda e: (-len(e.stems), -sum(map(len, e.stems)))))
        for key, found in index.items()
    }


@functools.cache
def suffixes_of(language: str) -> dict[str, str]:
    """Give ending -> role of the names of a language whose cases show who does what."""
    found = {}
    for role, pattern in vocabulary(language).rows.get("suffix", []):
        for suffix in pattern.split("|"):
            found[suffix] = role
    return found


def fits(language: str, word: str, stem: str, opened: bool, last: bool, kind: str) -> str | None:
    """Give the role that the ending of a word shows ("" for none), None where the word is another."""
    if not word.startswith(stem):
        return None
    rest = word[len(stem) :]
    if not rest:
        return ""
    if opened:
        return "" if len(rest) <= 6 else None
    if language == "ru":
        return "" if rest in _RUSSIAN and kind != "adj" else None
    if language == "de":
        return ("own" if rest == "s" else "") if rest in ("s", "es", "n", "en") else None
    if language == "en":
        return "own" if rest == "s" and len(stem) > 3 and kind == "name" else None
    found = suffixes_of(language).get(rest)
    if found is not None and last:
        return found
    return None


@functools.cache
def nominatives() -> frozenset[str]:
    """Give the last words of the Russian names of areas, as they stand in the lists."""
    spelt = [pattern.split("|") for _, pattern in vocabulary("ru").rows.get("nominative", [])]
    listed = [fold(name).split()[-1] for name in _names("ru")]
    return frozenset([*listed, *(word for words in spelt for word in words)])


def headed(text: str, stop: int, language: str) -> str:
    """Give the role that the noun behind a name shows by its ending: to the countries of Africa; "" for none."""
    hit = vocabulary(language).pattern(r"'?\w{0,3} (?:<head>)'?(\w+)").match(text, stop)
    return suffixes_of(language).get(hit[hit.lastindex or 0], "") if hit else ""


@functools.cache
def lettered(language: str, side: str) -> dict[str, str]:
    """Give the letters that stand for a country beside a preposition, or as the subject of a sentence."""
    rows = vocabulary(language).rows
    kinds = ("letter", "lone") if side == "letter" else ("subject",)
    found = [row for kind in kinds for row in rows.get(kind, [])]
    return {name: code for code, names in found for name in names.split("|")}


_Spelling = tuple[str, str, str, re.Pattern[str] | None]  # letters, code, kind, what must follow


def _letter_pairs(language: str) -> dict[str, str]:
    """Give the pairs of two countries named by a letter each: 中美, 日韩."""
    rows = vocabulary(language).rows.get("letter", [])
    letters = [(name, code) for code, names in rows for name in names.split("|")]
    return {
        one + other: f"{first}-{second}"
        for one, first in letters
        for other, second in letters
        if first != second
    }


@functools.cache
def spellings(language: str) -> dict[str, tuple[_Spelling, ...]]:
    """Give the names of a language without spaces by their first letter, the longest first."""
    rows = vocabulary(language).rows
    found: dict[str, tuple[str, str, re.Pattern[str] | None]] = {}
    for kind in ("city", "name", "adj", "pair", "not_party"):
        for code, pattern in rows.get(kind, []):
            for name in re.split(r"\|(?![^(]*\))", pattern):
                spelt, mark, rest = name.partition("(?")
                found[spelt] = (code, kind, re.compile(mark + rest) if mark else None)
    pairs = _letter_pairs(language)
    change = simplified if language == "zh" else str
    for printed, code in _names(language).items():
        name = "".join(map(change, fold(printed)))
        twofold = name in pairs and len(code) != len(
            "CHN"
        )  # 中美: China and the USA, Central America
        if len(name) > 1 and name not in found and not twofold:
            found[name] = (code, "name", None)
    follow = re.compile(vocabulary(language).fragment("after_pair"))
    for name, code in pairs.items():
        found.setdefault(name, (code, "pair", follow))
    index: dict[str, list[_Spelling]] = {}
    for name, (code, kind, follows) in found.items():
        index.setdefault(name[0], []).append((name, code, kind, follows))
    return {key: tuple(sorted(rows, key=lambda r: -len(r[0]))) for key, rows in index.items()}
