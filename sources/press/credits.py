"""Owns the credits of a sentence: who it says its figures are from, and the area of that office."""

from __future__ import annotations

import re

from sources.press.amounts import Amount
from sources.press.parties import Mention
from sources.press.text import Sentence
from sources.press.vocabulary import AGGLUTINATIVE, UNSPACED, Vocabulary

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


def credits_of(
    sentence: Sentence, words: Vocabulary, found: list[Amount], named: list[Mention]
) -> list[tuple[int, int, str, str]]:
    text = sentence.folded
    out: list[tuple[int, int, str, str]] = []
    for start, end, code in words.find("credit", text):
        if code == "before":
            later = [a.start for a in found if a.start >= end]
            stop = re.search(r"[,،;.:()\"，：。]|\s-\s", text[end:])
            last = min([end + stop.start() if stop else len(text), *later, end + 90])
            if any(e <= start < e + 25 for _, e, _, _ in out):
                continue
            # A credit ends before the trade that it speaks of.
            flows = [s for s, _, _ in words.find("flow", text[end:last])]
            if flows and words.language not in UNSPACED:
                last = end + flows[0]
            piece = (end, last)
        else:
            left = max([m.end() for m in re.finditer(r"[,،;:()\"，：。]|\s-\s", text[:start])] + [a.end for a in found if a.end <= start] + [0])  # fmt: skip
            piece = (max(left, start - 90), start)
            if (
                words.find("flow", text[piece[0] : piece[1]])
                and len(text[piece[0] : piece[1]]) > 40
            ):
                continue
        piece = _trimmed(text, piece, words)
        spoken = text[piece[0] : piece[1]]
        if words.find("prior", spoken) or words.find("relative", spoken) or _POINTER.match(spoken):
            continue  # compared with last year, or with what was said, is no credit
        if code == "after" and words.ending("not_credit", spoken.rstrip()) is not None:
            continue  # that exports had grown, he said: the words before are what was said
        inside = [m for m in named if piece[0] - 1 <= m.start < piece[1]]
        org = words.find("org", text[piece[0] : piece[1]])
        area = org[0][2] if org else inside[0].code if inside else ""
        if org and words.language in AGGLUTINATIVE:  # the Statistical Committee of Uzbekistan
            at = piece[0] + org[0][0]
            owner = [m for m in inside if m.end <= at and re.fullmatch(r"'?\w{0,5} ?(?:\w+ )?", text[m.end : at])]  # fmt: skip
            area = owner[-1].code if owner else area
        if org and words.language in UNSPACED:  # ベトナム財務省
            at = piece[0] + org[0][0]
            owner = [m for m in inside if text[m.end : at] in ("", "の", "的")]
            area = owner[-1].code if owner else area
        source = sentence.printed(*piece).strip(" ,،.:；，\"'“”«»")
        if words.language == "ar":
            source = re.sub(r"^لل", "ال", source)
            source = re.sub(r"^ل(?=بيان|أرقام|إحصا)", "", source)
        if re.match(r"\d|$", source):
            continue
        out.append((min(start, piece[0]), max(end, piece[1]), source, area))
    for start, end, code in words.find("org", text):
        if not any(s <= start < e for s, e, _, _ in out):
            out.append((start, end, sentence.printed(start, end).strip(), code))
    for at, (start, end, source, area) in enumerate(out):
        # "Chinese customs data showed": the words before "data" may name the office only in part.
        whole = next(
            ((s, e, c) for s, e, c in words.find("org", text) if s <= start < e and s + 3 < e), None
        )
        if whole and len(source) < whole[1] - whole[0]:
            printed = sentence.printed(whole[0], whole[1]).strip()
            out[at] = (start, max(end, whole[1]), printed, whole[2] or area)
    return out
