"""Owns the vocabularies of trade prose: one table per language, folded and compiled once."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data" / "press"
UNSPACED = ("zh", "ja")


@functools.lru_cache(maxsize=8192)
def _letter(letter: str) -> str:
    if letter.isspace():
        return " "
    if letter in "’‘ʻʼ`´":
        return "'"
    if unicodedata.category(letter) == "Nd":
        return str(unicodedata.decimal(letter))
    flat = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "٫": ".", "٬": ",", "ё": "е"}
    flat |= {"ı": "i", "İ": "i", "Ё": "е", "–": "-", "—": "-", "〜": "~", "～": "~"}
    if letter in flat:
        return flat[letter]
    wide = unicodedata.normalize("NFKC", letter)
    letter = wide if len(wide) == 1 else letter
    low = letter.lower()
    low = low if len(low) == 1 else letter
    base = unicodedata.normalize("NFD", low)[0]
    return base if "a" <= base <= "z" else low


def fold(text: str) -> str:
    """Fold a text letter by letter for matching: lower case, no Latin accents, ASCII digits, same length."""
    return "".join(map(_letter, text))


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language: for each kind one compiled pattern, whose group name gives the code."""

    language: str
    patterns: dict[str, re.Pattern[str]]
    codes: dict[str, dict[str, str]]
    fragments: dict[str, list[tuple[str, str]]]

    def find(self, kind: str, text: str) -> list[tuple[int, int, str]]:
        """Give (start, end, code) of every hit of a kind, left to right, longest first."""
        pattern = self.patterns.get(kind)
        if pattern is None:
            return []
        codes = self.codes[kind]
        return [(m.start(), m.end(), codes[m.lastgroup or ""]) for m in pattern.finditer(text)]


def languages() -> list[str]:
    """Give the languages that have a table."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


@functools.cache
def vocabulary(language: str) -> Vocabulary:
    """Give the compiled vocabulary of one language; KeyError where there is no table."""
    path = FOLDER / f"{language}.csv"
    if not path.exists():
        raise KeyError(language)
    kinds: dict[str, list[tuple[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            kinds.setdefault(row["kind"], []).append((row["code"], fold(row["pattern"])))
    before = "" if language in UNSPACED else r"(?<!\w)"
    if language == "ar":
        before = r"(?<!\w)(?:[وف]?(?:بال|كال|لل|ال|[بلك])?)"
    after = r"(?!\w)" if language not in ("zh", "ja", "ar") else ""
    patterns, codes = {}, {}
    for kind, rows in kinds.items():
        closed = after if kind in ("party", "org", "number", "approx", "our") else ""
        named = []
        table = {}
        order = sorted(rows, key=lambda row: -max(map(len, row[1].split("|"))))
        for index, (code, pattern) in enumerate(order if kind in ("party", "currency") else rows):
            table[f"g{index}"] = code
            named.append(f"(?P<g{index}>{pattern})")
        patterns[kind] = re.compile(f"{before}(?:{'|'.join(named)}){closed}")
        codes[kind] = table
    return Vocabulary(language, patterns, codes, kinds)


def language_of(text: str) -> str:
    """Give the likeliest language of a text among those that have a table; "" where none fits."""
    head = text[:4000]
    counts = {
        "ar": len(re.findall(r"[\u0621-\u064a]", head)),
        "ja": 5 * len(re.findall(r"[\u3041-\u30ff]", head)),
        "zh": 2 * len(re.findall(r"[\u4e00-\u9fff]", head)),
        "ru": len(re.findall(r"[\u0400-\u04ff]", head)),
        "en": len(re.findall(r"[A-Za-z]", head)),
    }
    best = max(counts, key=lambda key: counts[key])
    if not counts[best]:
        return ""
    if best == "ru" and re.search("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]", head):
        return ""
    if best == "en":
        words = re.findall(r"[a-z]+", head.lower())
        english = sum(word in {"the", "of", "and", "in", "to", "for"} for word in words)
        if words and english < max(1, len(words) * 0.04):
            return ""
    return best
