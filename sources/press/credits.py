"""Owns the credits of a sentence: who it says its figures are from, and the area of that office."""

from __future__ import annotations

import re

from sources.press.naming import Mention
from sources.press.numerals import Amount
from sources.press.text import Sentence
from sources.press.vocabulary import AGGLUTINATIVE, UNSPACED, Vocabulary

_LONG = 90  # characters of the words of a source
_STORY = 40  # characters beyond which words with a flow are what was said, not who said it
_POINTER = re.compile(
    r"\s*(?:buna|bunlara|this|that|them|it|he|she|they|он|она|они|il|elle|er|sie|el|ella|ele|ela)\s*$"
)


def _trimmed(text: str, piece: tuple[int, int], words: Vocabulary) -> tuple[int, int]:
    """Cut a credit where the sentence goes on: the office that said it, not when or what."""
    start, end = piece
    for at, _, _ in words.find("credit_end", text[start:end]):
        if words.find("org", text[start : start + at]) or not words.find("org", text[start:end]):
            return start, start + at
    return piece


Credit = tuple[int, int, str, str]  # start, end, words of the source, its area


def credits_of(
    sentence: Sentence, words: Vocabulary, found: list[Amount], named: list[Mention]
) -> list[Credit]:
    """Give who a sentence says its figures are from, and the offices that it names besides."""
    text = sentence.folded
    out: list[Credit] = []
    for start, end, code in words.find("credit", text):
        if code == "before":
            inside_one = any(e <= start < e + 25 for _, e, _, _ in out)
            piece = None if inside_one else _behind(text, end, words, found)
        else:
            piece = _ahead(text, start, words, found)
        piece = _trimmed(text, piece, words) if piece else None
        if piece is None or _no_source(text[slice(*piece)], code, words):
            continue
        source = _written(sentence, piece, words)
        if not re.match(r"\d|$", source):
            area = _area(text, piece, words, named)
            out.append((min(start, piece[0]), max(end, piece[1]), source, area))
    for start, end, code in words.find("org", text):
        if not any(s <= start < e for s, e, _, _ in out):
            out.append((start, end, sentence.printed(start, end).strip(), code))
    return [_whole(sentence, words, one) for one in out]


def _behind(text: str, end: int, words: Vocabulary, found: list[Amount]) -> tuple[int, int]:
    """Give where the source stands behind the word of a credit: according to the customs service, ..."""
    later = [a.start for a in found if a.start >= end]
    stop = re.search(r"[,،;.:()\"，：。]|\s-\s", text[end:])
    last = min([end + stop.start() if stop else len(text), *later, end + _LONG])
    # A credit ends before the trade that it speaks of.
    flows = [s for s, _, _ in words.find("flow", text[end:last])]
    named_so = words.find("not_flow", text)  # the ministry of industry and foreign trade
    flows = [s for s in flows if not any(a <= end + s < b for a, b, _ in named_so)]
    return end, end + flows[0] if flows and words.language not in UNSPACED else last


def _ahead(text: str, start: int, words: Vocabulary, found: list[Amount]) -> tuple[int, int] | None:
    """Give where the source stands before the word of a credit: ..., the customs service said; None for a long story."""
    left = max([m.end() for m in re.finditer(r"[,،;:()\"，：。]|\s-\s", text[:start])] + [a.end for a in found if a.end <= start] + [0])  # fmt: skip
    piece = (max(left, start - _LONG), start)
    spoken = text[slice(*piece)]
    return None if len(spoken) > _STORY and words.find("flow", spoken) else piece


def _no_source(spoken: str, code: str, words: Vocabulary) -> bool:
    """Tell whether the words by a credit name nobody: compared with last year, that exports had grown, he said."""
    if words.find("prior", spoken) or words.find("relative", spoken) or _POINTER.match(spoken):
        return True
    return code == "after" and words.ending("not_credit", spoken.rstrip()) is not None


def _area(text: str, piece: tuple[int, int], words: Vocabulary, named: list[Mention]) -> str:
    """Give the area of a source: of its office, or the one that its words name."""
    inside = [m for m in named if piece[0] - 1 <= m.start < piece[1]]
    org = words.find("org", text[slice(*piece)])
    if not org:
        return inside[0].code if inside else ""
    at, area = piece[0] + org[0][0], org[0][2]
    if words.language in AGGLUTINATIVE:  # the Statistical Committee of Uzbekistan
        owner = [m for m in inside if m.end <= at and re.fullmatch(r"'?\w{0,5} ?(?:\w+ )?", text[m.end : at])]  # fmt: skip
        area = owner[-1].code if owner else area
    if words.language in UNSPACED:  # ベトナム財務省
        owner = [m for m in inside if text[m.end : at] in ("", "の", "的")]
        area = owner[-1].code if owner else area
    return area


def _written(sentence: Sentence, piece: tuple[int, int], words: Vocabulary) -> str:
    """Give the source as printed, without the Arabic letter of "to"."""
    source = sentence.printed(*piece).strip(" ,،.:；，\"'“”«»")
    if words.language == "ar":
        source = re.sub(r"^لل", "ال", source)
        source = re.sub(r"^ل(?=بيان|أرقام|إحصا)", "", source)
    return source


def _whole(sentence: Sentence, words: Vocabulary, one: Credit) -> Credit:
    """Complete an office that a credit names in part: "Chinese customs data showed"."""
    start, end, source, area = one
    offices = words.find("org", sentence.folded)
    whole = next(((s, e, c) for s, e, c in offices if s <= start < e and s + 3 < e), None)
    if whole is None or len(source) >= whole[1] - whole[0]:
        return one
    return start, max(end, whole[1]), sentence.printed(whole[0], whole[1]).strip(), whole[2] or area
