"""Owns the way from a page to its sentences: main text of HTML, Markdown marks, paragraphs, places, dates."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date

from sources.press.han import placed
from sources.press.vocabulary import UNSPACED, fold, simplified, vocabulary
from sources.press.vocabulary import folded as spelt

# Marks that carry no meaning of their own; dropped from the folded text only, never from the quote.
_DROPPED = re.compile(
    "[\u00ad\u0640\u0610-\u061a\u064b-\u065f\u0670\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# A space between a number and the letters beside it: 今年 9 月出口 584 億美元.
_TORN = re.compile(
    "(?<=[0-9]) (?=[\u3041-\u30ff\u4e00-\u9fff])|(?<=[\u3041-\u30ff\u4e00-\u9fff]) (?=[0-9])"
)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_END = re.compile(
    r"(?<=[。！？])[”」』\"]?|(?<=[!?؟])\s+|(?<=[\w%)»”\"'’€$₽/\]]\.)[»”\"]?\s+(?=[^\W\d_]|\d|[«“\"„$€£(])"
)
# Abbreviations that never end a sentence, and those that do where a capital follows.
_NO_END = re.compile(
    r"\b(?:U\.S|U\.K|U\.A\.E|U\.N|E\.U|St|Mr|Mrs|Ms|Dr|No|Nos|Rs|vs|approx|Jan|Feb|Mar|Apr|Aug|Sept|Sep"
    r"|Oct|Nov|Dec|Mrd|Mio|Mill|Bio|Tsd|им|др|ca|bzw|z|B|ggü|EE|UU|Sr|Sra|vgl|d|h|yy|кв|[A-ZА-Я]|(?<![/.,-])\d{1,2})\.$"
)
_OF_DOLLARS = re.compile(r"долл\.\n(?:США|АҚШ|АКШ)")  # but 331,9 млрд. США остаются ...
_MAY_END = re.compile(
    r"\b(?:Fr|Inc|Corp|Ltd|bn|mn|mln|bln|млрд|млн|тыс|трлн|долл|руб|г|гг|т|е|mlrd|mlr|trln|й|ж)\.$"
)


MAX_SENTENCE = 3_000  # characters


@dataclass(frozen=True)
class Sentence:
    """One sentence as printed, its place (p2 s3), and its folded form with where each letter stood."""

    text: str
    paragraph: int
    place: str
    folded: str = ""
    at: tuple[int, ...] = ()

    def printed(self, start: int, end: int) -> str:
        """Give the words as printed between two positions of the folded text."""
        if not self.at:
            return self.text[start:end]
        last = self.at[end] if end < len(self.at) else len(self.text)
        return self.text[self.at[start] : last] if start < len(self.at) else ""


def is_html(text: str) -> bool:
    """Tell whether a text is a page or a piece of one."""
    return bool(
        re.match(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype|html|head|body|article|div|p|main|section)\b", text, re.I)
        or re.match(r"\s*<!--", text)
    )  # fmt: skip


def main_text(text: str) -> str:
    """Give the main text of an HTML page, or of Markdown and plain text the text without its marks."""
    if is_html(text):
        found = _article(text)
        return found if len(found) > 40 else _stripped(text)
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    text = re.sub(r"^\s{0,3}(?:#{1,6}|>|[-*+])\s+", "", text, flags=re.M)
    return re.sub(r"\*\*|__|`", "", text)


def _article(page: str) -> str:
    """Give the main text that the library for it finds; "" where it finds none or cannot be loaded."""
    try:
        import trafilatura
    except ImportError:  # one of its own parts may be missing from an installation
        return ""
    return trafilatura.extract(page, include_comments=False, include_tables=False) or ""


def _stripped(page: str) -> str:
    """Give the words of a page that is too small or too plain for its main text to be told apart."""
    for name in (
        "script", "style", "nav", "header", "footer", "aside", "noscript", "table", "title"
    ):  # fmt: skip
        page = _without(page, rf"<{name}\b.*?</{name}\s*>", f"</{name}")
    page = _without(page, "<!--.*?-->", "-->")
    low = page.lower()
    start, end = low.find("<article"), low.rfind("</article")
    if 0 <= start < end and len(low) == len(page):
        page = page[start:end]
    page = re.sub(
        r"</?(?:p|div|h\d|li|br|tr|section|article|ul|ol)\b[^<>]*>", "\n", page, flags=re.I
    )
    return html.unescape(re.sub(r"<[^<>]*>", "", page))


def _without(page: str, pattern: str, closing: str) -> str:
    """Blank what lies between marks; behind the last closing one nothing is looked for, which would cost its square."""
    last = page.lower().rfind(closing)
    if last < 0 or len(page) != len(page.lower()):
        return page
    end = page.find(">", last) + 1 or len(page)
    return re.sub(pattern, " ", page[:end], flags=re.S | re.I) + page[end:]


def published_in(page: str, body: str, language: str) -> str:
    """Give the ISO date that a page states for itself or that stands in the first lines; "" for none."""
    if is_html(page):
        hit = re.search(
            r"(?:article:published_time|datePublished|datepublished|pubdate|DC\.date[\w.]*|name=\"date)"
            r"[^>]{0,40}?(\d{4}-\d\d-\d\d)|<time\b[^<>]{0,300}datetime=[\"'](\d{4}-\d\d-\d\d)", page
        )  # fmt: skip
        if hit:
            return hit[1] or hit[2]
    head = fold(body[:300])
    for pattern, order in (
        (r"(?<!\d)(20\d\d)-(\d\d?)-(\d\d?)(?!\d)", "ymd"), (r"(20\d\d)年(\d\d?)月(\d\d?)日", "ymd"),
        (r"(?<!\d)(\d\d?)[./](\d\d?)[./](20\d\d)(?!\d)", "dmy"),
    ):  # fmt: skip
        hit = re.search(pattern, head)
        if hit:
            parts = dict(zip(order, map(int, hit.groups()), strict=True))
            return _iso(parts["y"], parts["m"], parts["d"])
    words = vocabulary(language)
    for start, end, code in words.find("month", head):
        before = re.search(r"(?<!\d)(\d\d?)(?:\.|er|st|nd|rd|th)? (?:de )?$", head[:start])
        year = re.match(r"\W{0,3}(?:de )?(20\d\d)", head[end:])
        after = re.match(r"\.? (\d\d?),? (20\d\d)", head[end:])
        if before and year:
            return _iso(int(year[1]), int(code), int(before[1]))
        if after:
            return _iso(int(after[2]), int(code), int(after[1]))
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def sentences(text: str, language: str) -> list[Sentence]:
    """Cut a text into sentences; a line end closes a paragraph."""
    out = []
    lines = (part.strip() for part in re.split(r"[\n\r]+", _CONTROLS.sub("", text)))
    for number, paragraph in enumerate((part for part in lines if part), 1):
        pieces: list[str] = []
        for piece in filter(None, _END.split(paragraph)):
            first = piece.lstrip("(")[:1]  # 79 mln. (48 % more)
            small = first.islower() or first.isdigit()
            small = small or _of_dollars(pieces, piece)
            if pieces and (_NO_END.search(pieces[-1]) or (small and _MAY_END.search(pieces[-1]))):
                pieces[-1] += " " + piece
            else:
                pieces.append(piece)
        whole = (part.strip() for piece in pieces for part in _pieces(piece))
        for index, sentence in enumerate(whole, 1):
            folded, at = _folded(sentence, language)
            out.append(Sentence(sentence, number, f"p{number} s{index}", folded, at))
    return out


def _of_dollars(pieces: list[str], piece: str) -> bool:
    """Tell whether a piece only says which dollars the one before it means."""
    return bool(pieces) and _OF_DOLLARS.search(f"{pieces[-1]}\n{piece}") is not None


def _pieces(sentence: str) -> list[str]:
    """Cut what is too long for a sentence at a space: an unpunctuated text must not cost its square."""
    out = []
    while len(sentence) > MAX_SENTENCE:
        end = sentence.rfind(" ", MAX_SENTENCE // 2, MAX_SENTENCE)
        end = end if end > 0 else MAX_SENTENCE
        out.append(sentence[:end])
        sentence = sentence[end:]
    return [*out, sentence]


def _folded(text: str, language: str) -> tuple[str, tuple[int, ...]]:
    at: tuple[int, ...] = ()
    kept = text
    torn = {hit.start() for hit in _TORN.finditer(text)} if language in UNSPACED else set()
    if torn or _DROPPED.search(text):
        at = tuple(
            i for i, letter in enumerate(text) if i not in torn and not _DROPPED.match(letter)
        )
        kept = "".join(text[i] for i in at)
    folded = spelt(kept, language)
    if language == "zh":
        folded = "".join(map(simplified, folded))
    if language in UNSPACED:
        folded = placed(folded)
    return re.sub(r"(?<=\d)،(?=\d)", ",", folded), at
