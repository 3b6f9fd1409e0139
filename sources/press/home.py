"""Owns the country that a text speaks from where only its language tells: what "we" and no reporter mean."""

from __future__ import annotations

import functools
import re

from sources.press.parties import mentions, names
from sources.press.text import Sentence
from sources.press.vocabulary import Vocabulary, vocabulary

# Languages of one country.
_HOMES = {"kk": "KAZ", "ky": "KGZ", "uz": "UZB", "uz_cyrl": "UZB", "tr": "TUR", "ja": "JPN"}
_ASIDE = ("to", "from", "with", "between", "in", "partner")  # roles of no subject


def spoken_from(found: list[Sentence], words: Vocabulary) -> str:
    """Give the country of the text's language, or the foreign one that a text opens with and is about."""
    home = _HOMES.get(words.language, "")
    if not home or any(_named(words.language, home).search(s.folded) for s in found):
        return home
    for sentence in found:
        text = sentence.folded
        named = mentions(text, sentence.printed(0, len(text)) if not sentence.at else text, words)
        if named:
            about = named[0].role not in _ASIDE and len(named[0].code) == len(home)
            return named[0].code if about else home
        if re.search(r"\d", text):
            return home  # the figures begin, and nobody else is named
    return home


@functools.cache
def _named(language: str, home: str) -> re.Pattern[str]:
    """Give the pattern of all words that name the country of a language, its offices and "our"."""
    rows = vocabulary(language).rows
    kinds = ("name", "adj", "city", "org", "home", "credit")
    spelt = [p for kind in kinds for code, p in rows.get(kind, []) if code == home]
    spelt += [re.escape(n) for n in names(language, home)]
    spelt += [p for code, p in rows.get("our", []) if code != "the"]  # the country is any one
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})")
