"""Owns the way from a page to its sentences: main text of HTML, Markdown marks, paragraphs, places."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]"
)
_END = re.compile(
    r"(?<=[。！？])|(?<=[!?؟])\s+|(?<=[\w%)»”\"']{2}\.)\s+(?=[^\W\d_a-zа-я]|\d|[«“\"])"
)
_NO_END = re.compile(r"(?:\b(?:U\.S|U\.K|St|Mr|Dr|No|млрд|млн|тыс|трлн|долл|руб|г|гг|Mrd|Mio))\.$")


@dataclass(frozen=True)
class Sentence:
    """One sentence with its place (p2 s3)."""

    text: str
    paragraph: int
    place: str


def main_text(text: str) -> str:
    """Give the main text of an HTML page, or of Markdown and plain text the text without its marks."""
    if re.match(r"\s*<(?:!doctype|html|head|body|article|div|p)\b", text, re.I):
        import trafilatura

        return trafilatura.extract(text, include_comments=False, include_tables=False) or ""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^\s{0,3}(?:#{1,6}|>|[-*+])\s+", "", text, flags=re.M)
    return re.sub(r"\*\*|__|`", "", text)


def sentences(text: str) -> list[Sentence]:
    """Cut a text into sentences; a blank line, or any line end, closes a paragraph."""
    out = []
    paragraphs = [part.strip() for part in re.split(r"\n+", _INVISIBLE.sub("", text))]
    for number, paragraph in enumerate((part for part in paragraphs if part), 1):
        pieces: list[str] = []
        for piece in filter(None, _END.split(paragraph)):
            if pieces and _NO_END.search(pieces[-1]):
                pieces[-1] += " " + piece
            else:
                pieces.append(piece)
        for index, piece in enumerate(pieces, 1):
            out.append(Sentence(piece.strip(), number, f"p{number} s{index}"))
    return out
