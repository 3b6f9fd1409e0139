"""Owns units: what a printed unit text means, in scale and currency or quantity, and the factor between two units.

The words stand in data/units.csv, data/scales.csv and data/currencies.csv, one row a word. A text is understood
only when every token of it is; nothing is handed to pint as printed, since pint's own table reads `ton` as
907 kg and `kt` as a knot. CLDR's currency names (Babel) are asked last.
"""

from __future__ import annotations

import csv
import functools
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from sources.errors import Problem, UnknownUnit
from sources.words import clean, fold_digits, hinting, nearest

if TYPE_CHECKING:
    import pint

SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
LANGUAGES = ("ar", "de", "en", "es", "fr", "ja", "kk", "ky", "pt", "ru", "tr", "uz", "zh")
MAX_TEXT = 400  # characters of a unit
ADVICE = "Write scale and currency code or quantity, for example “billion USD” or “thousand tonnes”"
# Codes that are also plain words: read as codes only where printed in capitals.
_PLAIN = "all bam bob cup ern gel lak mad mop nad pen sit sos std top try"
_WORDS_TOO = frozenset(_PLAIN.split())


@dataclass(frozen=True)
class Unit:
    """A unit: `scale` times one `code`; `kind` is its dimension; `assumed` says why the code was chosen."""

    scale: float
    code: str
    kind: str
    text: str
    assumed: str = ""


@dataclass(frozen=True)
class _Word:
    """What one phrase of the tables means: a scale, a code (with rivals), or nothing."""

    kind: str  # scale, noise, or the kind of the code
    factor: float = 1.0
    codes: tuple[str, ...] = ()
    rule: str = ""
    languages: frozenset[str] = frozenset()
    other: _Word | None = None  # the second meaning of a phrase that is both a scale and a code


# --- tables -----------------------------------------------------------------------------------


def _rows(name: str) -> list[dict[str, str]]:
    source = resources.files("sources") / "data" / name
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


@functools.cache
def currencies() -> dict[str, dict[str, str]]:
    """Give the currencies of the registry: code -> name, areas (ISO3, blank separated), first, last."""
    return {row["code"]: row for row in _rows("currencies.csv")}


@functools.cache
def _codes_of_area() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, row in currencies().items():
        for area in (row["areas"] + " " + row["former_areas"]).split():
            found.setdefault(area, set()).add(code)
    return {area: frozenset(codes) for area, codes in found.items()}


@functools.cache
def _kinds() -> dict[str, str]:
    """Give the kind of every code of the registry."""
    kinds = dict.fromkeys(currencies(), "currency")
    for row in _rows("units.csv"):
        if row["kind"] not in ("noise", "currency"):
            kinds[row["codes"].split()[-1]] = row["kind"]
    return kinds


_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]")
_LETTERS = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7a3"  # each a token: Chinese, kana, Hangul
_CJK = re.compile(f"[{_LETTERS}]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_CLITICS = ("وبال", "بال", "وال", "فال", "كال", "لل", "ب", "ل", "و")
_DROPPED = frozenset('.,;:؛،"“”«»*')
_BREAKS = frozenset("()[]{}|")


def _tokens(text: str) -> list[tuple[str, str]]:
    """Cut a text into (folded, as printed) tokens; every Chinese character and Korean syllable is one."""
    text = re.sub(r"10\s*[\^*]+\s*(\d+)", lambda m: "1" + "0" * min(int(m[1]), 15), text)
    text = re.sub(
        "10([⁰¹²³⁴-⁹]+)",
        lambda m: "1" + "0" * min(int(unicodedata.normalize("NFKC", m[1])), 15),
        text,
    )
    text = fold_digits(unicodedata.normalize("NFKC", text))
    text = re.sub(
        "[\u064b-\u065f\u0670\u0640\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]",
        "",
        text,
    )
    text = re.sub("[\u2018\u2019\u02bb\u02bc\u0060\u00b4]", "'", text).replace("_", " ")
    text = re.sub(r"'(?=000)", "1", text)  # '000 USD
    text = re.sub(r"(?<!\d)000(?:'?s)?\b", "1000", text)
    text = re.sub(r"\b([dl])'", r"\1 ", text, flags=re.I)  # d'euros
    text = re.sub(r"(?<=\d)[ ,.'](?=000(?!\d))", "", text)  # 1,000 and 1 000 000
    out: list[tuple[str, str]] = []
    for found in _TOKEN.findall(text):
        if found in _DROPPED or found in "-–—·'":
            continue
        pieces = re.findall(f"[{_LETTERS}]|[^{_LETTERS}]+", found)
        for piece in pieces:
            folded = piece.casefold().replace("ё", "е").replace("i\u0307", "i")
            folded = folded.translate(_ARABIC_FOLD)
            if len(folded) > 4:  # the article, in the tables and in the text alike
                folded = folded.removeprefix("ال")
            out.append((folded, piece))
    return out


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(folded for folded, _ in _tokens(phrase))


class _Table:
    """Phrases by their tokens; the longest phrase at a place wins."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, ...], _Word] = {}
        self.vocabulary: set[str] = set()
        self.longest = 1

    def add(self, phrase: str, word: _Word) -> None:
        key = _key(phrase)
        if not key:
            return
        old = self.words.get(key)
        if old:
            word = _merged(old, word)
        self.words[key] = word
        self.vocabulary.update(key)
        self.longest = max(self.longest, len(key))

    def known(self, token: str) -> str:
        """Give the token, or what is left of an Arabic one without its article and prepositions."""
        if token in self.vocabulary or not _ARABIC.search(token):
            return token
        for clitic in _CLITICS:
            rest = token.removeprefix(clitic)
            if rest != token and len(rest) > 1 and rest in self.vocabulary:
                return rest
        return token

    def longest_at(self, tokens: Sequence[str], at: int) -> tuple[int, _Word | None]:
        for size in range(min(self.longest, len(tokens) - at), 0, -1):
            word = self.words.get(tuple(tokens[at : at + size]))
            if word:
                return size, word
        return 0, None


def _merged(old: _Word, new: _Word) -> _Word:
    languages = old.languages | new.languages
    if (old.kind, old.codes, old.factor) == (new.kind, new.codes, new.factor):
        rule = old.rule if old.rule == new.rule else " ".join(filter(None, (old.rule, new.rule)))
        return _Word(old.kind, old.factor, old.codes, rule, languages, old.other or new.other)
    if old.kind == "scale" and new.kind not in ("scale", "noise"):
        return _Word(old.kind, old.factor, old.codes, old.rule, old.languages, new)
    if new.kind == "noise":
        return old
    if old.kind == "noise":
        return new
    if new.kind == "scale":
        return _Word(new.kind, new.factor, new.codes, new.rule, new.languages, old)
    raise AssertionError(f"one phrase, two meanings: {old} and {new}")


@functools.cache
def _table() -> _Table:
    table = _Table()
    for row in _rows("scales.csv"):
        languages = frozenset([row["language"]])
        table.add(row["word"], _Word("scale", float(row["factor"]), (), row["needs"], languages))
    for row in _rows("units.csv"):
        words = row["codes"].split()
        factor = float(words.pop(0)) if words and words[0][0].isdigit() else 1.0
        languages = frozenset([row["language"]])
        table.add(row["word"], _Word(row["kind"], factor, tuple(words), row["rule"], languages))
    for code, kind in _kinds().items():
        if kind == "currency":
            if code.casefold() not in _WORDS_TOO:
                table.add(code, _Word("currency", 1.0, (code,), "code", frozenset()))
        else:
            table.add(code, _Word(kind, 1.0, (code,)))
    return table


@functools.cache
def _cldr_table() -> _Table:
    """Give the table of CLDR's currency names, singular and plural, in our languages."""
    from babel import Locale
    from babel.numbers import get_currency_name

    meanings: dict[tuple[str, ...], set[str]] = {}
    phrases: dict[tuple[str, ...], str] = {}
    for language in LANGUAGES:
        locale = Locale(language)
        for code in locale.currencies:
            if code not in currencies():
                continue
            for count in (None, 1, 2, 5):
                name = get_currency_name(code, count=count, locale=locale)
                key = _key(name)
                meanings.setdefault(key, set()).add(code)
                phrases[key] = name
    table = _Table()
    table.words.update(_table().words)
    table.vocabulary = set(_table().vocabulary)
    table.longest = _table().longest
    for key, codes in meanings.items():
        if len(codes) == 1 and key not in table.words:
            table.add(phrases[key], _Word("currency", 1.0, tuple(codes)))
    return table


# --- reading a unit text --------------------------------------------------------------------


@functools.lru_cache(maxsize=65536)
def parse(text: str, reporter: str = "") -> Unit:
    """Read a unit text in any of our languages: “billion USD”, “млрд долл. США”, “مليار دولار”, “万元”.

    `reporter` (ISO3) settles a word that several currencies share; where it does not, the dollar is read as
    USD with `assumed` set, and any other shared word raises UnknownUnit, as does a text not understood in full.
    """
    if len(text) > MAX_TEXT:
        raise _unknown(text[:80])
    tokens = _tokens(text)
    if not tokens:
        if text.strip(" -–—.\u00a0"):
            raise _unknown(text)
        return Unit(1.0, "", "none", "")
    try:
        return _understand(text, tokens, reporter, _table())
    except UnknownUnit:
        if not any(len(folded) > 2 and folded not in _table().vocabulary for folded, _ in tokens):
            raise
    return _understand(text, tokens, reporter, _cldr_table())


def _understand(text: str, tokens: Sequence[tuple[str, str]], reporter: str, table: _Table) -> Unit:
    groups: list[float] = []  # one factor a run of scale words
    found: list[_Word] = []
    unsure: list[_Word] = []
    open_group, last = False, 1.0
    pieces = _pieces(tokens, table)
    if pieces is None:
        raise _unknown(text)
    for piece in pieces:
        if piece.kind == "break":
            open_group = False
        elif piece.kind == "scale" and not piece.rule:
            if open_group and piece.factor == last:  # '000 thousand: a repetition, or a million?
                raise _unknown(text, "one scale stands in it twice")
            last = piece.factor
            if open_group:
                groups[-1] *= piece.factor
            else:
                groups.append(piece.factor)
            open_group = True
        elif piece.kind == "scale":
            unsure.append(piece)
            open_group = False
        elif piece.kind != "noise":
            found.append(piece)
            open_group = False
    strong = [word for word in found if word.rule != "weak"]
    found = strong or found
    languages = frozenset().union(*(word.languages for word in found)) if found else frozenset()
    for word in unsure:
        if word.rule == "code" and word.other and (not found or _same(word.other, found)):
            found.append(word.other)
        elif found if word.rule == "code" else languages & set(word.rule.split()):
            groups.append(word.factor)
        else:
            raise _unknown(text, "the scale can be read in more than one way")
    return _joined(text, groups, found, reporter)


def _same(word: _Word, found: Sequence[_Word]) -> bool:
    """Tell whether a letter only repeats the unit spelt out beside it: “т (тонн)”."""
    return all(word.codes == other.codes for other in found)


def _joined(text: str, groups: list[float], found: list[_Word], reporter: str) -> Unit:
    if len(set(groups)) > 1:
        raise _unknown(text, "two different scales stand in it")
    scale = groups[0] if groups else 1.0
    meanings = {_decide(text, word, reporter) for word in found}
    codes = {code for code, _ in meanings}
    if len(codes) > 1:
        raise _unknown(text, f"it names {' and '.join(sorted(codes))}")
    factors = {word.factor for word in found}
    if len(factors) > 1:
        raise _unknown(text, "two different scales stand in it")
    scale *= factors.pop() if factors else 1.0
    if scale > 1e13 or (not found and not groups):
        raise _unknown(text)
    assumed = [why for _, why in meanings]
    if not codes:
        return Unit(scale, "", "none", _text(scale, ""), "")
    code = codes.pop()
    why = "" if "" in assumed else assumed[0]
    return Unit(scale, code, _kinds()[code], _text(scale, code), why)


def _pieces(tokens: Sequence[tuple[str, str]], table: _Table) -> list[_Word] | None:
    """Give the meaning of every token, or None where one has none."""
    folded = [table.known(token) for token, _ in tokens]
    out: list[_Word] = []
    at = 0
    while at < len(folded):
        size, word = table.longest_at(folded, at)
        token, printed = folded[at], tokens[at][1]
        if size == 0 and token in _BREAKS:
            out.append(_Word("break"))
        elif size == 0 and re.fullmatch("10+", token):
            out.append(_Word("scale", float(token)))
        elif size == 0 and token == "1":
            pass
        elif size == 0 and printed in currencies():
            out.append(_Word("currency", 1.0, (printed,)))
        elif size == 0:
            parts = _unglued(token, table)
            if parts is None:
                return None
            out.extend(parts)
        elif word is not None:
            if word.rule == "default" and printed == "Mt":
                word = _Word("mass", 1e6, ("tonne",))
            out.append(word)
        at += max(size, 1)
    return out


def _unglued(token: str, table: _Table) -> list[_Word] | None:
    """Cut a code and a scale written as one word: EURm, kUSD, USDmn."""
    for cut in (3, len(token) - 3):
        left, right = token[:cut], token[cut:]
        words = (table.words.get((left,)), table.words.get((right,)))
        if words[0] and words[1] and {"scale", "currency"} == {word.kind for word in words if word}:
            return [word for word in words if word]
    return None


def _decide(text: str, word: _Word, reporter: str) -> tuple[str, str]:
    """Choose the code of a word that several share; give it with the reason, empty where nothing was assumed."""
    if len(word.codes) == 1:
        if "default" in word.rule:
            return word.codes[0], f"“{text.strip()}” is read as {word.codes[0]}"
        return word.codes[0], ""
    own = [code for code in word.codes if code in _codes_of_area().get(reporter, ())]
    dollar = word.codes[0] == "USD"
    if own:
        code = own[0]
        said = f"“{text.strip()}” is read as {code}, the currency of the reporter {reporter}"
        return code, said if dollar and code != "USD" else ""
    if "default" in word.rule:
        return word.codes[0], f"“{text.strip()}” does not say whose; {word.codes[0]} is read"
    rivals = ", ".join(word.codes)
    raise _unknown(text, f"it can be any of {rivals}", f"Write the code of the currency: {rivals}")


def _unknown(text: str, why: str = "", advice: str = "") -> UnknownUnit:
    shown = " ".join(text.split())[:80]
    found = (
        f"the unit “{shown}” is not known" if not why else f"the unit “{shown}” is not clear: {why}"
    )
    if not advice:
        near = _near(text)
        advice = ADVICE + (f"; nearest: {', '.join(near)}" if near else "")
    return UnknownUnit(Problem("", "", found, advice, "UNKNOWN_UNIT"))


def _near(text: str) -> list[str]:
    if not hinting():
        return []
    words = [" ".join(key) for key, word in _table().words.items() if word.kind != "noise"]
    near: list[str] = []
    for token in clean(text).split():
        if token in _table().vocabulary or len(token) < 3:
            continue
        near += nearest(token, words, 2)
    return list(dict.fromkeys(near))[:3]


# --- writing and converting --------------------------------------------------------------------


def text(scale: float, code: str) -> str:
    """Write a unit as we print it: “billion USD”, “100 million CNY”, “10 thousand CNY”, “tonne”."""
    return _text(scale, code)


def _text(scale: float, code: str) -> str:
    words: list[str] = []
    for name, size in reversed(SCALES.items()):
        rest = scale / size
        if scale >= size and math.isclose(rest, round(rest)):
            words = ([] if round(rest) == 1 else [str(round(rest))]) + [name]
            break
    else:
        words = [] if scale == 1 else [f"{scale:g}"]
    return " ".join([*words, *([code] if code else [])])


_DEFINITIONS = """
kilogram = [mass]
gram = 1e-3 kilogram
tonne = 1000 kilogram
quintal = 100 kilogram
carat = 2e-4 kilogram
short_ton = 907.18474 kilogram
long_ton = 1016.0469088 kilogram
pound_mass = 0.45359237 kilogram
ounce_troy = 0.0311034768 kilogram
cubic_metre = [volume]
litre = 1e-3 cubic_metre
decalitre = 10 litre
oil_barrel = 158.987294928 litre
gallon_us = 3.785411784 litre
litre_pure_alcohol = [volume_of_pure_alcohol]
item = [item]
pair = 2 item
dozen = 12 item
package = [package]
kilowatt_hour = [energy]
megawatt_hour = 1e3 kilowatt_hour
gigawatt_hour = 1e6 kilowatt_hour
terawatt_hour = 1e9 kilowatt_hour
gigajoule = 277.7777777777778 kilowatt_hour
terajoule = 1e3 gigajoule
petajoule = 1e6 gigajoule
million_btu = 1.05505585262 gigajoule
tonne_oil_equivalent = 41.868 gigajoule
metre = [length]
kilometre = 1e3 metre
square_metre = [area]
cell = [cell]
hive = [hive]
becquerel = [radioactivity]
carrying_capacity_tonne = [carrying_capacity]
gross_register_ton = [ship_volume]
gross_tonnage = [ship_size]
"""


@functools.cache
def registry() -> pint.UnitRegistry[float]:
    """Give the closed registry: our own definitions only, one dimension a currency (no rates in it)."""
    import pint

    built: pint.UnitRegistry[float] = pint.UnitRegistry(None)
    lines = _DEFINITIONS.strip().splitlines()
    lines += [f"{code} = [money_{code}]" for code in currencies()]
    # a kilogram of nitrogen is no kilogram of fertiliser: each content is a dimension of its own
    lines += [f"{code} = [{code}]" for code, kind in _kinds().items() if kind == "mass of a part"]
    built.load_definitions(lines)
    return built


@functools.lru_cache(maxsize=65536)
def factor(src: str, dst: str) -> float:
    """Give the number that turns an amount in `src` into one in `dst`, both of one dimension (through pint).

    UnknownUnit where either text is not known, or the two measure different things: a rate or a weight is
    needed to go from one currency, or from pieces, to another.
    """
    import pint

    one, other = parse(src), parse(dst)
    if one.code == other.code:
        return one.scale / other.scale
    if not one.code or not other.code:
        raise _unknown(src, f"it and “{dst}” do not measure the same thing")
    try:
        share = registry().Quantity(1.0, one.code).to(other.code).magnitude
    except pint.DimensionalityError:
        raise _unknown(src, f"it and “{dst}” do not measure the same thing") from None
    return float(share) * one.scale / other.scale


# --- currencies in prose -------------------------------------------------------------------------


def currencies_in(text: str) -> list[str]:
    """Give the ISO codes of the currencies that a piece of prose names, in order of appearance.

    A word that several currencies share gives its usual reading (dollar: USD) or, without one, all of them.
    Words that are also plain words (won, real, 元) count only beside a number or a scale.
    """
    tokens = _tokens(text)
    table = _table()
    folded = [table.known(token) for token, _ in tokens]
    out: dict[str, None] = {}
    after_amount = False
    at = 0
    while at < len(folded):
        size, word = table.longest_at(folded, at)
        token, printed = folded[at], tokens[at][1]
        if word is not None and word.kind == "currency" and size:
            spelt = " ".join(folded[at : at + size])
            is_code = size == 1 and printed in currencies()
            beside = after_amount or (at + size < len(folded) and folded[at + size][0].isdigit())
            if "code" in word.rule.split() and size == 1 and len(token) == 3 and not is_code:
                counts = beside
            elif is_code:
                counts = True
            else:
                short = len(spelt) <= 3 and spelt.isalpha() and not _CJK.search(spelt)
                counts = beside or not ("risky" in word.rule or short)
            if counts:
                shared = "default" not in word.rule
                out.update(dict.fromkeys(word.codes if shared else word.codes[:1]))
            after_amount = False
        else:
            if word is None and printed in currencies():
                out[printed] = None
            scale = word is not None and word.kind == "scale"
            after_amount = scale or token[0].isdigit() or (after_amount and token in ("-", "+"))
        at += max(size, 1)
    return list(out)
