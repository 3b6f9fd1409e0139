"""Owns the country that a text speaks from where only its language tells: what "we" and no reporter mean."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from sources.press.lexicon import names
from sources.press.naming import Mention
from sources.press.parties import mentions
from sources.press.scene import Context, Scene
from sources.press.text import Sentence
from sources.press.vocabulary import UNSPACED, Vocabulary, simplified, vocabulary

# Languages of one country.
HOMES = {"kk": "KAZ", "ky": "KGZ", "uz": "UZB", "uz_cyrl": "UZB", "tr": "TUR", "ja": "JPN"}


def spoken_from(found: list[Sentence], words: Vocabulary) -> str:
    """Give the country of the text's language, or the foreign one that a text opens with and is about."""
    home = HOMES.get(words.language, "")
    if not home:
        return _credited(found, words)
    if any(_named(words.language, home).search(s.folded) for s in found):
        return home
    for sentence in found[:2]:  # the heading and the lead
        text = sentence.folded
        named = mentions(text, sentence.printed(0, len(text)) if not sentence.at else text, words)
        named = [m for m in named if len(m.code) == len(home) and m.code != "CIS"]
        if named:
            first = named[0]
            subject = first.role in ("own", "adj") or (first.role == "bare" and not first.start)
            return first.code if subject else home
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


OUR = "OUR"  # the code of names that mean the country the text speaks from
_DATELINE = re.compile(r"\s?(?:[.,:/(-].*|\d.*)?", re.S)  # Tashkent. 5 May; Ankara (AA)


def resolve(view: Scene, context: Context) -> None:
    """Settle the names that only the text gives a meaning to; those that stay open are no parties."""
    if all(m.code != OUR and " " not in m.code for m in view.parties):
        return
    known = {m.start: _resolved(m, view, context) for m in view.parties}
    view.parties = [m for m in known.values() if m.code]
    view.labels = {at: known.get(m.start, m) for at, m in view.labels.items()}


def mainland(view: Scene) -> bool:
    """Tell whether a sentence is in simplified letters: whose country it speaks of without a name."""
    letters = view.sentence.text
    return view.words.language == "zh" and all(simplified(letter) == letter for letter in letters)


def _resolved(mention: Mention, view: Scene, context: Context) -> Mention:
    """Settle a name that several countries share, or the speaker's own: 我国, 埃 (Egypt, Ethiopia)."""
    if mention.code == OUR:
        if not context.told and not context.home and mainland(view):
            context.home = "CHN"  # in simplified letters it is the mainland, else it is left open
        return replace(mention, code=context.home)
    if " " not in mention.code:
        return mention
    named = [m for m in view.parties if " " not in m.code]
    ahead = [m.code for m in named if m.start < mention.start]
    behind = [m.code for m in named if m.start > mention.start]
    spoken = [context.home, *ahead, *reversed(context.topic), *behind]
    parts = []
    for part in mention.code.split("-"):
        choices = part.split()
        parts.append(next((c for c in spoken if c in choices), choices[0]))
    return replace(mention, code="-".join(parts))


def _met(view: Scene, place: int) -> bool:
    """Tell whether an office is only whom somebody met: жолугушту with the envoy of the Chinese customs."""
    hit = view.words.pattern(r"(?:[\w-]+ ){1,7}?(?:\w+ )?(?:менен|билан|bilan|ile|\w+(?:мен|пен|бен|yla|yle))(?!\w)").match(view.text, place)  # fmt: skip
    return hit is not None and bool(view.words.find("met", view.text[hit.end() :]))


def own_offices(view: Scene, context: Context) -> None:
    """Give offices that only the language of a text places to the country that it speaks from: Tashkent. The National Statistics Committee."""
    usual = HOMES.get(view.words.language, "")
    if not usual or not context.told or context.home in ("", usual):
        return
    named = [m.start for m in view.named if m.code == usual]
    view.credits = [
        (start, end, source, context.home)
        if area == usual and not any(start <= at < end for at in named)
        else (start, end, source, area)
        for start, end, source, area in view.credits
    ]


def take_home(view: Scene, context: Context) -> None:
    """Take the country that the text speaks from, from an office or a dateline; the first one counts."""
    first = view.named[0] if view.named else None
    placed = view.words.starting("home", view.text)
    if first is not None and not first.start:
        dateline = first.kind == "city" and re.match(r" ?[-:/(]", view.text[first.end :])
        if dateline or placed not in (None, "", first.code):  # Brussels -: no party; عمان -: Amman
            view.parties = [m for m in view.parties if m is not first]
    if context.told:
        return
    if (
        first is not None
        and first.kind == "city"
        and _DATELINE.fullmatch(view.text, first.end)
        and not first.start
    ):
        context.home, context.told = first.code, True
        return
    ends = (
        {m.end for m in view.named if m.kind == "name"} if view.words.language in UNSPACED else ()
    )
    named = [(at, c) for kind in ("home", "org") for at, _, c in view.words.find(kind, view.text) if at not in ends]  # fmt: skip
    placed_at = {(at, c) for at, _, c in view.words.find("home", view.text)}
    named += [(m.start, m.code) for m in view.named if view.words.starting("office", view.text[m.end :]) is not None]  # fmt: skip
    named += [(m.start, m.code) for m in view.named if m.kind == "adj" and view.words.ending("office_before", view.text[max(0, m.start - 60) : m.start]) is not None]  # fmt: skip
    named += [(m.start, m.code) for m in view.named if view.words.ending("office_of", view.text[: m.start]) is not None]  # fmt: skip
    if "met" in view.words.rows:
        named = [(at, c) for at, c in named if not _met(view, at)]
    code = next((c for _, c in sorted(named) if c and c != OUR), "")
    told = {c for at, c in named if c and (at, c) not in placed_at} if view.words.language in UNSPACED else set()  # fmt: skip
    code = told.pop() if len(told) == 1 else code  # 【香港】日本の農林水産省は: whose office speaks
    if code:
        context.home, context.told = code, True
