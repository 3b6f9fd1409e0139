"""Owns what one sentence names, found once: amounts, nouns, parties, times, credits, lists; and what a claim is."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field, replace

from sources.press.amounts import amounts
from sources.press.credits import credits_of
from sources.press.labels import in_turn, labels_of
from sources.press.naming import Mention
from sources.press.numerals import Amount
from sources.press.parties import mentions, without_asides
from sources.press.text import Sentence
from sources.press.vocabulary import AGGLUTINATIVE, UNSPACED, Vocabulary
from sources.press.when import When, times

# Trade as the other side reports it.
OPPOSITE = {"exports": "imports", "imports": "exports"}


@dataclass
class Claim:
    """One figure quoted in prose, fields empty where the text does not settle them."""

    sentence: Sentence
    amount: Amount
    currency: str
    flow: str = ""
    reporter: str = ""
    partner: str = ""
    period: str = ""
    source: str = ""
    records: str = ""
    approx: str = ""
    status: str = ""
    concept: str = ""
    commodity: str = "TOTAL"
    negative: bool = False
    assumed: tuple[str, ...] = ()
    turned: int = -1  # where the word of trade stands that was told from the other side
    back: bool = False  # its time is a year before the one that the text speaks of
    timed: int = -1  # where the time stands that is only the time of this earlier level
    beside: frozenset[str] = frozenset()  # the parties named in its own stretch of the sentence
    named: bool = False  # the word that says what it is stands in its own stretch
    dated: bool = False  # its own stretch names its time, and not as that of an earlier level
    summed: tuple[str, ...] = ()  # fields that other figures of the text settle by their sum


@dataclass
class Context:
    """What earlier sentences settled and a later one may lean on."""

    published: tuple[int, int] | None = None  # year and month
    home: str = ""  # the country that the text speaks from
    told: bool = False  # an office or a dateline said so, not only the language
    lead: str = ""  # the one country that the first sentence with a country names, - for several
    pair: tuple[str, str] = ("", "")
    topic: list[str] = field(default_factory=list)  # countries named last, newest last
    period: str = ""
    latest: str = ""  # the period of the last figures
    main: str = ""  # the period of the first figures
    year: int = 0
    places: list[str] = field(default_factory=list)  # countries whose capitals were named
    series: tuple[str, str, str] = ("", "", "")  # what the figure was of that gave its period
    told_of: str = ""  # the period of the last figure
    season: int = 0  # the month in which the season of the goods begins
    flow: str = ""
    currency: str = ""
    national: str = ""  # the country of whose trade with the world the text spoke last
    worldwide: bool = False  # the last figure was of trade with the world
    fresh: bool = False  # the sentence before gave a figure
    mutual: bool = False  # the text gave the turnover of its two countries
    strayed: bool = False  # it gave amounts of something else: the current account
    story: bool = False  # it did, or a sentence without an amount stood between
    mixed: bool = False  # it gave figures of several flows
    named: tuple[str, ...] = ()  # the countries of the sentence before, where it gave no figure
    leader: str = ""  # the country whose trade with others, one by one, the text tells
    teller: str = ""  # the country whose trade the last figures were
    other: str = ""  # the one other country that the sentence before spoke of
    basis: tuple[str, str] = ("", "")  # the time spoken of, and the earlier one it is set against
    union: str = (
        ""  # the group whose trade with the world the text told, and goes on with its members
    )
    spans: dict[int, str] = field(default_factory=dict)  # the last period of so many months
    compared: bool = False  # the text sets its figures against those of a year before
    stepped: bool = False  # it sets them against those of the month or quarter before
    leads: str = ""  # the country that the sentence before ranked first in what it did itself
    market: bool = False  # the sentence before ranked a country as the market of the exports told
    anchor: str = ""  # the party that all figures of a sentence with several partners share
    last: tuple[str, str, str] = ("", "", "")  # reporter, partner and flow of the last figure
    subject: str = ""  # the country that the sentence before was about
    listing: bool = False  # a line before opened a list, one party or product a line
    units: set[str] = field(default_factory=set)  # currencies of the last figures, or tonne
    ends: tuple[str, str] = ("", "")  # where the goods last spoken of came from and went to

    def home_first(self, first: str, second: str) -> tuple[str, str]:
        """Put the country that the text speaks from first."""
        return (second, first) if second == self.home else (first, second)


@dataclass(frozen=True)
class Noun:
    """A word that says what an amount is: a flow, or something that is no trade (`flow` empty).

    `kind`: rank (second supplier of Algeria: its imports), earning (proceeds, of what was spoken of), else empty.
    """

    start: int
    end: int
    flow: str
    weak: bool = False
    kind: str = ""


_OWNER = re.compile(r"(?:'s?(?!\w))?")


@dataclass
class Scene:
    """All that one sentence names, found once."""

    sentence: Sentence
    text: str
    words: Vocabulary
    amounts: list[Amount]
    nouns: list[Noun]
    parties: list[Mention]
    times: list[When]
    credits: list[tuple[int, int, str, str]]  # start, end, words of the source, its area
    breaks: list[int]
    named: list[Mention] = field(default_factory=list)  # all, those in the name of a source too
    labels: dict[int, Mention] = field(default_factory=dict)  # by the start of the amount labelled
    dealt: dict[int, Mention] = field(default_factory=dict)  # parties by the start of their amounts

    def clause(self, place: int) -> tuple[int, int]:
        """Give the start and end of the clause around a position."""
        at = bisect.bisect_right(self.breaks, place)  # they stand in order
        before = self.breaks[at - 1] if at else 0
        return before, self.breaks[at] if at < len(self.breaks) else len(self.text)

    def without_parties(self, start: int, end: int) -> str:
        """Give the text between two places without the areas named in it: worth of (Indian) exports."""
        text, at = "", start
        for mention in self.parties:
            if start <= mention.start < mention.end <= end:
                text += self.text[at : mention.start].rstrip()
                at = mention.end
                at += len(_OWNER.match(self.text, at)[0])  # type: ignore[index]
        return text + self.text[at:end]


def scene(sentence: Sentence, words: Vocabulary) -> Scene:
    """Give everything that a sentence names."""
    text = sentence.folded
    found = amounts(text, words)
    deal = words.pattern("<deal>")
    flows = [Noun(s, e, c, bool(deal.fullmatch(text[s:e]))) for s, e, c in words.find("flow", text)]
    others = words.find("not_flow", text)
    flows = [f for f in flows if not any(s <= f.start < e for s, e, _ in others)]
    nouns = _nouns(text, flows, words)
    kept = sentence.printed(0, len(text)) if not sentence.at else text
    named = mentions(text, kept, words)
    if words.language in UNSPACED:  # 进口3230万吨美国大豆: goods of where
        ends = {a.end for a in found} | {
            a.end + 1 for a in found if text[a.end : a.end + 1] == "的"
        }
        named = [
            replace(m, role="from") if m.start in ends and m.role == "bare" else m for m in named
        ]
    credit = credits_of(sentence, words, found, named)
    named = [m for m in named if not any(a.start <= m.start < a.end for a in found)]
    named = [m for m in named if not _of_money(text, m, words)]
    everyone = named
    named = [m for m in named if not any(s <= m.start < e for s, e, _, _ in credit)]
    named = _in_case(text, named) if words.language in AGGLUTINATIVE else named
    named = without_asides(text, named, [a.start for a in found], words)
    breaks = [e for _, e, _ in words.find("clause", text)]
    breaks += [m.end() for m in re.finditer(r"[;；]|[!?！？] ", text)]
    if words.language in UNSPACED:  # a space parts the two halves of a headline
        breaks += [m.end() for m in re.finditer(r"(?<=[\u3040-\u9fff]) (?=[\u3040-\u9fff])", text)]
    bare = text  # years are not looked for in amounts: 3兆2000億
    for amount in found:
        bare = (
            bare[: amount.start] + "0" * (amount.end - amount.start - 1) + "_" + bare[amount.end :]
        )
    whens = [w for w in times(bare, words) if not _begun(text, w, words)]
    whens = _without_bases(whens, text, words, found)
    labels = labels_of(text, found, named, nouns, words) or in_turn(
        text, found, named, nouns, words
    )
    if words.find("accrues", text):  # the half of the imports falls to China: where they are from
        held = list(labels.values())
        named = [
            replace(m, role="partner")
            if m.role == "to" and m.kind != "adj" and m not in held
            else m
            for m in named
        ]
    if any(m.role == "peer" for m in labels.values()):  # ahead of Japan with 5 bn: one of a list
        ahead = {m.start for m in labels.values() if m.role == "peer"}
        named = [replace(m, role="bare") if m.start in ahead else m for m in named]
        labels = {at: next(n for n in named if n.start == m.start) for at, m in labels.items()}
    return Scene(
        sentence, text, words, found, nouns, named, whens, credit, sorted(breaks), everyone, labels
    )


_LISTED = re.compile(r"\s?\([^()]*\d[^()]*\)(?:, | \w+ | )")


def _in_case(text: str, named: list[Mention]) -> list[Mention]:
    """Give names with their amounts in brackets the case of the last one: Rossiya (2), Turkiyaga (1) sotildi."""
    out = list(named)
    for at in range(len(out) - 2, -1, -1):
        one, after = out[at], out[at + 1]
        listed = one.role == "bare" and after.role in ("to", "from", "with")
        if listed and _LISTED.fullmatch(text, one.end, after.start):
            out[at] = replace(one, role=after.role)
    return out


def _of_money(text: str, mention: Mention, words: Vocabulary) -> bool:
    """Tell whether a name only says which dollars are meant: 4.1 bn (+30 %) US dollars."""
    starts = words.compiled("currency", "start")
    hit = starts.match(text, mention.start) if starts else None
    return hit is not None and hit.end() > mention.end + 1


def _within(stop: Noun, flow: Noun) -> bool:
    """Tell whether a stop word is only a part of the words of a flow: sales to Poland."""
    if stop.start == flow.start:
        return stop.end < flow.end
    return flow.start < stop.start < flow.end


def _nouns(text: str, flows: list[Noun], words: Vocabulary) -> list[Noun]:
    """Give the words that say what an amount is, in order: flows, what is no trade, ranks, proceeds."""
    stops = [Noun(s, e, "", c == "weak") for s, e, c in words.find("stop", text)]
    stops = [s for s in stops if not any(_within(s, f) for f in flows)]  # sales to, of sales
    taken = words.find("figure", text)  # their total price: of the goods spoken of
    stops = [s for s in stops if not any(a <= s.start < b for a, b, _ in taken)]
    nouns = [f for f in flows if not any(s.start <= f.start < s.end for s in stops)]
    for start, end, code in words.find("earning", text):
        stops = [s for s in stops if not start <= s.start < end]
        if not any(f.start < start for f in nouns):
            nouns.append(Noun(start, end, code or "exports", True, "earning"))
    for start, end, _ in words.find("rank_flow", text):  # the largest market, with 5 bn
        stops = [s for s in stops if not (s.weak and start <= s.start and s.end <= end)]
    for start, end, code in words.find("rank", text):
        if code:  # the main market: no market of its own
            stops = [s for s in stops if not (start <= s.start and s.end <= end)]
        if code and not any(n.start < end and start < n.end for n in (*nouns, *stops)):
            nouns.append(Noun(start, end, code, True, "rank"))
    sold = min(
        [n.end for n in nouns if n.kind == "rank" and n.flow == "exports"], default=len(text)
    )
    for at, noun in enumerate(nouns):  # China is the main buyer, having received 5 tonnes
        if noun.weak and noun.kind != "rank" and noun.flow == "imports" and noun.start > sold:
            nouns[at] = replace(noun, flow="exports")
    nouns = [n for n in nouns if not _explained(text, n, nouns)]
    return sorted([*nouns, *stops], key=lambda n: n.start)


def _explained(text: str, noun: Noun, nouns: list[Noun]) -> bool:
    """Tell whether a word of trade stands in brackets that explain the one before: trade (exports and imports)."""
    opened = text.rfind("(", 0, noun.start)
    closed = text.find(")", noun.end)
    if opened < 0 or closed < 0 or ")" in text[opened : noun.start]:
        return False
    inside = text[opened:closed]
    led = any(n.flow == "turnover" and 0 <= opened - n.end <= 2 for n in nouns)
    return led and not re.search(r"\d", inside)


def _begun(text: str, when: When, words: Vocabulary) -> bool:
    """Tell whether a time is only one since when something goes on; not so in: since 1994, when it was 8 bn."""
    lasting = when.first < when.last and not (when.counted and words.language in AGGLUTINATIVE)
    if words.ending("since", text[: when.start]) is None or when.run or lasting:
        return False  # since the start of the season in November 2024 until September 2025
    return words.starting("then", text[when.end :]) is None


_BRACKET = re.compile(r"[^\d,;.)]{0,9}[(]\W?")  # than in 2021 (5 bn): the time of that amount


def _same_end(when: When, text: str, words: Vocabulary) -> int:
    """Give where a time ends with its "same months": 2023-жылдын ушул мезгилине (than in those of 2023)."""
    hits = words.find("same", text) if when.same else ()
    return max((e for s, e, _ in hits if 0 <= s - when.end <= 10), default=when.end)


def _without_bases(
    named: list[When], text: str, words: Vocabulary, found: list[Amount]
) -> list[When]:
    """Drop the times that an amount is only compared with: up 5 % from 2023."""
    kept = []
    for when in named:
        low = max([a.end for a in found if a.end <= when.start] + [when.start - 40, 0])
        bases = [e for s, e, _ in words.find("compare_before", text[low : when.start + 12])]
        glued = any(
            low + end <= when.end
            and re.fullmatch(r"[^,;.()\d]{0,26}", text[low + end : when.start])
            for end in bases
        )
        told_end = _same_end(when, text, words)
        after = words.starting("compare_after", text[told_end : told_end + 40]) is not None
        after = after or words.ending("compared", text[when.start : when.end]) is not None
        near = 2 if words.language in UNSPACED else 4
        own = any(
            (0 <= a.start - when.end <= near and "," not in text[when.end : a.start])
            or _BRACKET.fullmatch(text[when.end : a.start])
            for a in found
        )
        following = min([a.start for a in found if a.start >= when.end], default=when.end)
        based = (
            words.pattern(r"(?:'s)? ?(?:\w+ )?<base> (?:of|at|von) (?:<sign>)?")
            if "base" in words.rows
            else None
        )
        own = own or (based is not None and based.fullmatch(text[when.end : following]) is not None)
        told = text[when.end : following]  # more than in 2019: 5 bn; down 3 % from 2019 to 5 bn
        own = own and not (
            glued and (told[:1] == ":" or words.ending("to_level", told) is not None)
        )
        # A level of that time may follow, and then it is that level's time: from 5 bn in 2020 to 8 bn.
        then = (
            words.starting("then", text[when.end :]) is not None
        )  # against 2016, when it was 2 bn
        if own or then or not (glued or after):
            kept.append(when)
        elif (when.prior or when.shift == -1) and when.first and len(named) == 1:
            # up on January of last year: this January
            kept.append(replace(when, prior=False, shift=None))
    return kept
