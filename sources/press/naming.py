"""Owns where a sentence names areas: by noun, adjective, capital or office, in scripts with and without spaces."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from sources.press.cases import case
from sources.press.lexicon import (
    CLITIC,
    Entry,
    arabic,
    fits,
    headed,
    lettered,
    lexicon,
    nominatives,
    spellings,
    suffixes_of,
)
from sources.press.vocabulary import AGGLUTINATIVE, Vocabulary

_WORD = re.compile(r"[^\W\d_]+")


_TRADED = r"的?(?:<product>){1,2}(?:的|类|产品|商品|制品)?(?:<flow>)"  # 对日鸡肉出口


@dataclass(frozen=True)
class Mention:
    """An area named in a sentence: where, which, by what kind of word, and in what role.

    `role`: own (of, 's), to, from, with, partner (either way), between, adj, in, bare, peer (only ahead of or
    behind another in a rank: third after China); `kind`: name, adj, city,
    org, pair (of two codes joined by a hyphen).
    """

    start: int
    end: int
    code: str
    kind: str
    role: str = "bare"
    joined: bool = False  # it stands in one list with the mention before it
    case: str = ""  # nom, gen, dat, ins where a Russian name shows it


@functools.lru_cache(maxsize=16384)  # a text uses the same words again and again
def _beginning(language: str, word: str) -> tuple[Entry, ...]:
    """Give the names that a word may begin, in the order of the lexicon."""
    entries = lexicon(language)
    found = entries.get(word[:3], ())
    if len(word) > 2:
        found += entries.get(word[:2], ()) + entries.get(word[:1], ())
    return tuple(entry for entry in found if word.startswith(entry.stems[0]))


def spaced(text: str, original: str, language: str) -> list[Mention]:
    """Give the areas that a sentence names word by word, in order, with the role that an ending or a letter shows."""
    hits = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(text)]
    suffixes = suffixes_of(language)
    out: list[Mention] = []
    at = 0
    while at < len(hits):
        start, end, word = hits[at]
        if language != "ar" and not _beginning(language, word):
            at += 1
            continue
        forms = arabic(word) if language == "ar" else (word,)
        found = None
        for form in forms:
            for entry in _beginning(language, form):
                size = len(entry.stems)
                if at + size > len(hits):
                    continue
                words = [form, *(h[2] for h in hits[at + 1 : at + size])]
                if language == "ar":
                    words = [words[0], *(CLITIC.sub("", w) if w.startswith("ال") else w for w in words[1:])]  # fmt: skip
                apart = r"[,;:()]" if len(entry.stems[0]) == 1 else r"[,.;:()]"  # U.S.
                if size > 1 and re.search(apart, text[end : hits[at + size - 1][0]]):
                    continue
                roles = [
                    fits(language, w, s, o, n == size - 1, entry.kind)
                    for n, (w, s, o) in enumerate(zip(words, entry.stems, entry.open, strict=True))
                ]
                if any(role is None for role in roles):
                    continue
                if not _capital(original, start, hits[at][1], entry, language):
                    continue
                found = (entry, size, roles[-1] or "", word.removesuffix(form))
                break
            if found:
                break
        if not found:
            at += 1
            continue
        entry, size, role, ahead = found
        stop = hits[at + size - 1][1]
        if size > 1 and len(entry.stems[0]) == 1 and text[end : stop + 1].endswith("."):
            stop += 1  # the point of U.S.
        if (
            language in AGGLUTINATIVE
            and text[stop : stop + 1] in ("'", "-")  # ABD'ye, АҚШ-қа
            and at + size < len(hits)
        ):
            follow = hits[at + size]
            if follow[0] == stop + 1 and follow[2] in suffixes:
                role, stop, size = suffixes[follow[2]], follow[1], size + 1
        if language in AGGLUTINATIVE and role in ("", "own"):
            role = headed(text, stop, language) or role
        if language == "ar" and not role and re.match(r"[وف]?ل", ahead):
            people = word.endswith("ين")  # to the Chinese
            role = "to" if entry.kind != "adj" or people else ""
        kind = "name" if entry.kind == "noun" else entry.kind
        declined = language == "ru" and kind == "name"
        shown = case(text[hits[at + size - 1][0] : stop], nominatives()) if declined else ""
        out.append(Mention(start, stop, entry.code, kind, role, case=shown))
        at += size
    return out


def _capital(original: str, start: int, end: int, entry: Entry, language: str) -> bool:
    """Tell whether a name is written as one: a capital where the script has them, all of them in USA."""
    if language == "ar" or entry.kind in ("adj", "noun", "not_party") or start >= len(original):
        return True
    word = original[start:end]
    if len(entry.stems) == 1 and len(entry.stems[0]) <= 3:
        short = word[: len(entry.stems[0])]
        return short.isupper() or (len(short) == 3 and short[:1].isupper() and not word.isupper() and language in ("tr", "uz", "en", "es", "fr", "pt", "de"))  # fmt: skip
    return word[:1].isupper()


def _letters(text: str, words: Vocabulary) -> dict[int, str]:
    """Give the countries named by one letter beside a word of trade, by place: 对俄出口, 自埃进口, 韩对华."""
    found: dict[int, str] = {}
    for side in ("letter", "subject"):
        letters = lettered(words.language, side)
        for at, letter in enumerate(text):
            if letter not in letters or at in found:
                continue
            before = text[max(0, at - 4) : at]
            opens = side == "subject" and not before
            if not opens and words.ending(f"{side}_before", before) is None:
                continue
            after = text[at + 1 : at + 20]
            if words.starting(f"{side}_after", after) is not None or (
                side == "letter" and words.pattern(_TRADED).match(after)
            ):
                found[at] = letters[letter]
    return found


def unspaced(text: str, words: Vocabulary) -> list[Mention]:
    """Give the areas that a sentence names in a script without spaces, in order."""
    index = spellings(words.language)
    letters = _letters(text, words)
    out: list[Mention] = []
    at = 0
    while at < len(text):
        for name, code, kind, follow in index.get(text[at], ()):
            end = at + len(name)
            if text.startswith(name, at) and (follow is None or follow.match(text, end)):
                out.append(Mention(at, end, code, kind, ""))
                at = end - 1
                break
        else:
            if at in letters:
                out.append(Mention(at, at + 1, letters[at], "name", ""))
        at += 1
    return out
