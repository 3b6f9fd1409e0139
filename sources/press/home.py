"""Owns the country that a text speaks from where only its language tells: what "we" and no reporter mean."""

from __future__ import annotations

import functools
import re

from sources.press.parties import mentions, names
from sources.press.text import Sentence
from sources.press.vocabulary import Vocabulary, vocabulary

# Languages of one country.
_HOMES = {"kk": "KAZ", "ky": "KGZ", "uz": "UZB", "uz_cyrl": "UZB", "tr": "TUR", "ja": "JPN"}


def spoken_from(found: list[Sentence], words: Vocabulary) -> str:
    """Give the country of the text's language, or the foreign one that a text opens with and is about."""
    home = _HOMES.get(words.language, "")
    if not home:
        return _credited(found, words)
    if any(_named(words.language, home).search(s.folded) for s in found):
        return home
    for sentence in found[:2]:  # the heading and the lead
        text = sentence.folded
        named = mentions(text, sentence.printed(0, len(text)) if not sentence.at else text, words)
        if named:
            first = named[0]
            subject = first.role in ("own", "adj") or (first.role == "bare" and not first.start)
            return first.code if subject and len(first.code) == len(home) else home
        if re.search(r"\d", text):
            return home  # the figures begin, and nobody else is named
    return home


def _credited(found: list[Sentence], words: Vocabulary) -> str:
    """Give the country whose offices, and no other's, a text credits anywhere: what its first figures are of."""
    codes = {c for s in found for _, _, c in words.find("org", s.folded) if len(c) == 3}
    return codes.pop() if len(codes) == 1 else ""


@functools.cache
def _named(language: str, home: str) -> re.Pattern[str]:
    """Give the pattern of all words that name the country of a language, its offices and "our"."""
    rows = vocabulary(language).rows
    kinds = ("name", "adj", "city", "org", "home", "credit")
    spelt = [p for kind in kinds for code, p in rows.get(kind, []) if code == home]
    spelt += [re.escape(n) for n in names(language, home)]
    spelt += [p for code, p in rows.get("our", []) if code != "the"]  # the country is any one
    endings = "|".join(p for _, p in rows.get("suffix", [])) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?:{endings})?(?!\w)")
