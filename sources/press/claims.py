"""Owns the reading of claims: which amounts of a sentence are trade, and what each of them says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from sources.press.amounts import Amount, amounts
from sources.press.pairing import Sides, settle_sides
from sources.press.parties import Mention, mentions
from sources.press.text import Sentence
from sources.press.vocabulary import (
    AGGLUTINATIVE,
    TIME_FIRST,
    UNSPACED,
    VERB_LAST,
    Vocabulary,
    fold,
)
from sources.press.when import When, settle, times


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
    back: bool = False  # its time is a year before the one that the text speaks of


@dataclass
class Context:
    """What earlier sentences settled and a later one may lean on."""

    published: tuple[int, int] | None = None  # year and month
    home: str = ""  # the country that the text speaks from
    pair: tuple[str, str] = ("", "")
    topic: list[str] = field(default_factory=list)  # countries named last, newest last
    period: str = ""
    year: int = 0
    flow: str = ""
    currency: str = ""
    national: str = ""  # the country of whose trade with the world the text spoke last
    worldwide: bool = False  # the last figure was of trade with the world
    fresh: bool = False  # the sentence before gave a figure
    anchor: str = ""  # the party that all figures of a sentence with several partners share


@dataclass(frozen=True)
class Noun:
    """A word that says what an amount is: a flow, or something that is no trade (`flow` empty)."""

    start: int
    end: int
    flow: str
    weak: bool = False


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
    labels: dict[int, Mention] = field(default_factory=dict)  # by the start of the amount labelled
    dealt: dict[int, str] = field(default_factory=dict)  # partners by the start of their amounts

    def clause(self, place: int) -> tuple[int, int]:
        """Give the start and end of the clause around a position."""
        before = max((b for b in self.breaks if b <= place), default=0)
        after = min((b for b in self.breaks if b > place), default=len(self.text))
        return before, after


def scene(sentence: Sentence, words: Vocabulary) -> Scene:
    """Give everything that a sentence names."""
    text = sentence.folded
    found = amounts(text, words)
    flows = [Noun(s, e, c) for s, e, c in words.find("flow", text)]
    others = words.find("not_flow", text)
    flows = [f for f in flows if not any(s <= f.start < e for s, e, _ in others)]
    stops = [Noun(s, e, "", c == "weak") for s, e, c in words.find("stop", text)]
    nouns = [f for f in flows if not any(s.start <= f.start < s.end for s in stops)]
    nouns += [s for s in stops if not any(f.start < s.start < f.end for f in flows)]
    nouns.sort(key=lambda n: n.start)
    kept = sentence.printed(0, len(text)) if not sentence.at else text
    named = mentions(text, kept, words)
    credit = _credits(sentence, words, found, named)
    named = [m for m in named if not any(s <= m.start < e for s, e, _, _ in credit)]
    named = [m for m in named if not any(a.start <= m.start < a.end for a in found)]
    breaks = [e for _, e, _ in words.find("clause", text)]
    breaks += [m.end() for m in re.finditer(r"[;；]|[!?！？] ", text)]
    whens = [w for w in times(text, words) if words.ending("since", text[: w.start]) is None]
    whens = _without_bases(whens, text, words, found)
    labels = _labels(text, found, named, words)
    return Scene(sentence, text, words, found, nouns, named, whens, credit, sorted(breaks), labels)


_LABEL = r"'?\w{0,3}\s?(?:[-(（:]\s?(?:\W|\w{1,8} )?|(?:avec|with|con|com|mit)? ?)"


def _labels(
    text: str, found: list[Amount], named: list[Mention], words: Vocabulary
) -> dict[int, Mention]:
    """Give the areas that each label one amount of a list: China ($30bn), Turkey - 53 million."""
    labels = {}
    for amount in found:
        before = [m for m in named if m.end <= amount.start]
        if before and re.fullmatch(_LABEL, text[before[-1].end : amount.start]):
            labels[amount.start] = before[-1]
            continue
        after = next((m for m in named if m.start >= amount.end), None)
        glue = text[amount.end : after.start] if after else ""
        if after and words.pattern(r"\s?<label_after> ?").fullmatch(glue):
            labels[amount.start] = after
    return labels if len(labels) >= 2 else {}


def _dealt(view: Scene, chosen: list[tuple[int, Amount, Noun, str, bool]]) -> dict[int, str]:
    """Give the partner of amounts dealt out in order: trade with China and Russia was 5 and 3 bn respectively."""
    dealt = {at: m.code for at, m in view.labels.items()}
    if len(chosen) < 2 or not view.words.find("each", view.text):
        return dealt
    first = chosen[0][1].start
    groups: list[list[Mention]] = []
    for mention in (m for m in view.parties if m.end <= first):
        if mention.joined and groups:
            groups[-1].append(mention)
        else:
            groups.append([mention])
    same = [c for c in chosen if c[2] is chosen[0][2]]
    for group in groups:
        if len(group) == len(same) >= 2:
            dealt |= {c[1].start: m.code for c, m in zip(same, group, strict=True)}
    return dealt


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
        after = words.starting("compare_after", text[when.end : when.end + 40]) is not None
        own = any(0 <= a.start - when.end <= 4 for a in found)
        # A level of that time may follow, and then it is that level's time: from 5 bn in 2020 to 8 bn.
        if own or not (glued or after):
            kept.append(when)
    return kept


def _credits(
    sentence: Sentence, words: Vocabulary, found: list[Amount], named: list[Mention]
) -> list[tuple[int, int, str, str]]:
    text = sentence.folded
    out = []
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
        inside = [m for m in named if piece[0] - 1 <= m.start < piece[1]]
        org = words.find("org", text[piece[0] : piece[1]])
        area = org[0][2] if org else inside[0].code if inside else ""
        source = sentence.printed(*piece).strip(" ,،.:；，\"'“”«»")
        if re.match(r"\d|$", source):
            continue
        out.append((min(start, piece[0]), max(end, piece[1]), source, area))
    for start, end, code in words.find("org", text):
        if not any(s <= start < e for s, e, _, _ in out):
            out.append((start, end, sentence.printed(start, end).strip(), code))
    return out


def _tight(scene_: Scene, amount: Amount) -> Noun | None:
    """Give the noun that stands right after an amount and says what it is: $5 billion in exports."""
    for noun in scene_.nouns:
        if noun.start < amount.end:
            continue
        gap = scene_.text[amount.end : noun.start]
        if len(gap) > 34:
            return None
        if scene_.words.pattern(r"\s?(?:<tight>\s?){0,3}").fullmatch(gap):
            return noun
        return None
    return None


def _governor(scene_: Scene, index: int, last: Noun | None) -> Noun | None:
    """Give the noun that says what an amount is, None where none does."""
    amount = scene_.amounts[index]
    tight = _tight(scene_, amount)
    if tight is not None:
        return tight
    lo, hi = scene_.clause(amount.start)
    following = (
        scene_.amounts[index + 1].start if index + 1 < len(scene_.amounts) else len(scene_.text)
    )
    before = [n for n in scene_.nouns if n.end <= amount.start]
    here = [n for n in before if n.start >= lo]
    after = [n for n in scene_.nouns if amount.end <= n.start < min(hi, following)]
    previous = scene_.amounts[index - 1].end if index else 0
    fresh = [n for n in here if n.start >= previous]
    if scene_.words.language in VERB_LAST or scene_.words.language == "de":
        if (
            after
            and not fresh
            and (last is None or last not in here or scene_.words.language != "de")
        ):
            plain = scene_.text[amount.end : after[0].start]
            if not re.search(r"[,;、。]", plain) or not here:
                return after[0]
        if after and fresh and not fresh[-1].flow and fresh[-1].weak and after[0].flow:
            return after[0]
    for pool in (fresh, here, before):
        if not pool:
            continue
        chosen = pool[-1]
        if not chosen.flow and chosen.weak:
            trade = [n for n in pool if n.flow]
            return trade[-1] if trade else chosen
        return chosen
    if (
        after
        and not after[0].weak
        and not re.search(r"[,;，；、。]", scene_.text[amount.end : after[0].start])
    ):
        return after[0]
    return None


def _is_change(scene_: Scene, amount: Amount) -> bool:
    """Tell whether an amount is a change, not a level: rose by 12 bn, 3 bn more than a year before."""
    lo = scene_.clause(amount.start)[0]
    if scene_.words.find("void", scene_.text[lo : amount.start]):
        return True
    before = scene_.text[max(0, amount.start - 48) : amount.start]
    words = scene_.words
    last = amount.end
    if words.language in AGGLUTINATIVE:  # the case of the last word tells "to" from "by"
        last = scene_.text.rfind(" ", amount.start, amount.end) + 1 or amount.end
    after = scene_.text[last : last + 60]
    if words.starting("change_after", after) is not None:
        return True
    approx = words.ends.get("approx")
    trimmed = before
    for _ in range(2):
        hit = approx.search(trimmed) if approx else None
        trimmed = trimmed[: hit.start()] if hit and hit.end() == len(trimmed) else trimmed
    return any(words.ending("change_before", part) is not None for part in {before, trimmed})


def claims(sentence: Sentence, words: Vocabulary, context: Context) -> list[Claim]:
    """Give the trade figures of one sentence, in order; none where the sentence is about something else."""
    view = scene(sentence, words)
    _home(view, context)
    out: list[Claim] = []
    if view.amounts and (any(n.flow for n in view.nouns) or _figure(view, context)):
        out = _read(view, context)
    _remember(view, context, out)
    return out


def _figure(view: Scene, context: Context) -> bool:
    """Tell whether a sentence speaks of the figure of the sentence before: it then reached 5 billion."""
    if not context.flow:
        return False
    if view.words.find("figure", view.text):
        return True
    return context.fresh and not view.nouns and bool(view.times) and len(view.amounts) <= 2


def _home(view: Scene, context: Context) -> None:
    """Take the country that the text speaks from, from an office or a dateline; the first one counts."""
    if context.home:
        return
    named = [c for _, _, c in view.words.find("home", view.text)]
    named += [c for _, _, c in view.words.find("org", view.text)]
    context.home = next((c for c in named if c), "")


def _read(view: Scene, context: Context) -> list[Claim]:
    words, text = view.words, view.text
    out: list[Claim] = []
    last: Noun | None = None
    inherited = ""
    nouns: list[Noun] = []
    chosen: list[tuple[int, Amount, Noun, str, bool]] = []
    for index, amount in enumerate(view.amounts):
        noun = _governor(view, index, last)
        if noun is None and context.flow and _figure(view, context):
            noun = Noun(0, 0, context.flow)
        if _converted(view, index):
            continue
        code = amount.code
        assumed = False
        if not code:
            code, assumed = (
                (inherited or (context.currency if chosen or context.fresh else "")),
                True,
            )
            if not code or amount.scale < 1e6 or not _elided(view, amount):
                continue
        elif code != "tonne":
            inherited = code
        if noun is None or not noun.flow:
            continue
        noun = _signed(view, noun, amount)
        if noun.flow not in ("balance+", "balance-") and _is_change(view, amount):
            continue
        last = noun
        chosen.append((index, amount, noun, code, assumed))
        nouns.append(noun)
    dealt = view.dealt = _dealt(view, chosen)
    nouns = _respectively(view, [c[1] for c in chosen], nouns)
    for (index, amount, _, code, assumed), noun in zip(chosen, nouns, strict=True):
        claim = Claim(view.sentence, amount, code, assumed=("currency",) if assumed else ())
        claim.flow = noun.flow.rstrip("+-")
        claim.negative = noun.flow.endswith("-")
        left = _left(view, index)
        right = _right(view, index)
        _sides(view, claim, noun, left, right, out, context, dealt.get(amount.start, ""))
        claim.period = _period(view, claim, noun, left, right, out, context)
        _source(view, claim, left, right, context)
        _qualify(view, claim, noun, left, right)
        out.append(claim)
    for position, claim in enumerate(_parallel_times(view, out)):
        out[position] = claim
    return [c for c in out if not (c.amount.value < 1000 and c.currency != "tonne")]


def _converted(view: Scene, index: int) -> bool:
    """Tell whether an amount only says the amount before it again in another currency, in brackets."""
    if not index or view.amounts[index].code == view.amounts[index - 1].code:
        return False
    gap = view.text[view.amounts[index - 1].end : view.amounts[index].start]
    return bool(re.fullmatch(r"\s?[(（](?:\W|[^\W\d_]){0,16}", gap)) and "tonne" not in (
        view.amounts[index].code, view.amounts[index - 1].code,
    )  # fmt: skip


def _signed(view: Scene, noun: Noun, amount: Amount) -> Noun:
    """Give a balance the sign that a word between it and its amount has: the balance showed a minus of 14 bn."""
    if noun.flow != "balance":
        return noun
    lo, hi = sorted((noun.end, amount.start))
    stretch = view.text[lo:hi] + " " + view.text[amount.end : amount.end + 16]
    for kind, mark in (("minus", "balance-"), ("plus", "balance+")):
        if view.words.find(kind, stretch):
            return replace(noun, flow=mark)
    return noun


def _elided(view: Scene, amount: Amount) -> bool:
    """Tell whether nothing after an amount could be a unit of its own: 94.8 billion according to ..."""
    rest = view.text[amount.end :]
    if not rest.strip() or re.match(r"\s?[,.;:)،。，）、]|\s?[-(（]", rest):
        return True
    kinds = ("credit", "role", "prior", "same", "relative", "month", "flow", "range", "and", "clause", "tight", "half", "quarter", "each")  # fmt: skip
    if re.match(r" ?(?:\w{1,3} )?(?:19|20)\d\d", rest):
        return True
    return any(view.words.starting(kind, rest) is not None for kind in kinds)


def _left(view: Scene, index: int) -> int:
    """Give where the stretch before an amount begins: behind what belongs to the amount before."""
    if not index:
        return 0
    limit = _right(view, index - 1)
    return view.amounts[index - 1].end if limit >= view.amounts[index].start else limit


def _right(view: Scene, index: int) -> int:
    """Give where the stretch after an amount ends: the next amount, the next noun of a flow, the clause."""
    amount = view.amounts[index]
    limit = view.clause(amount.start)[1]
    if index + 1 < len(view.amounts):
        limit = min(limit, view.amounts[index + 1].start)
        if view.words.language in TIME_FIRST:
            comma = re.search(r"[,;、，](?!\d)", view.text[amount.end : limit])
            limit = amount.end + comma.start() if comma else limit
    for noun in view.nouns:
        if amount.end + 3 < noun.start < limit and noun is not _tight(view, amount):
            cut = max((m.start() for m in re.finditer(r"[,،，、]|(?<!\w)(?:and|и|et|und|y|e|ve|va|و)(?!\w)", view.text[amount.end : noun.start])), default=-1)  # fmt: skip
            if cut >= 0:
                limit = amount.end + cut
                break
    return limit


def _respectively(view: Scene, found: list[Amount], nouns: list[Noun]) -> list[Noun]:
    """Deal nouns that stand in one list before their amounts out in order: exports and imports were 5 and 3 bn."""
    flows = [n for n in view.nouns if n.flow]
    joint = view.words.pattern(r"(?:\W|<and>|<article>|<list_gap>)*")
    for at in range(len(found) - 1):
        group = [n for n in flows if n.end <= found[at].start]
        if len(group) < 2 or nouns[at] is not nouns[at + 1]:
            continue
        pair = group[-2:]
        if (
            pair[1] is nouns[at]
            and pair[0].flow != pair[1].flow
            and joint.fullmatch(view.text[pair[0].end : pair[1].start])
        ):
            nouns = [*nouns[:at], *pair, *nouns[at + 2 :]]
    return nouns


def _sides(
    view: Scene, claim: Claim, noun: Noun, left: int, right: int, out: list[Claim], context: Context,
    dealt: str,
) -> None:  # fmt: skip
    lo, hi = view.clause(claim.amount.start)
    previous = out[-1] if out else None
    own = [m for m in view.parties if left <= m.start < right]
    shared = [m for m in view.parties if m.start < (view.amounts[0].start if view.amounts else 0)]
    if previous is not None and noun.start < left:
        head = [m for m in view.parties if lo <= m.start < left and m.start < claim.amount.start]
    else:
        head = []
    sides = Sides(own, head or shared, previous and (previous.reporter, previous.partner, previous.flow),
                  claim.flow, noun.start, noun.end, claim.amount.start, claim.amount.end, left, dealt)  # fmt: skip
    claim.reporter, claim.partner, guessed = settle_sides(view, sides, context)
    if guessed:
        claim.assumed = (*claim.assumed, guessed)


def _period(
    view: Scene, claim: Claim, noun: Noun, left: int, right: int, out: list[Claim], context: Context
) -> str:
    amount = claim.amount
    lo, hi = view.clause(amount.start)
    own = [w for w in view.times if left <= w.start and w.end <= max(right, amount.end)]
    head = [w for w in own if w.end <= amount.start]
    tail = [w for w in own if w.start >= amount.end]
    if view.words.language in TIME_FIRST:
        if (
            index_next(view, amount)
            and tail
            and not head
            and (out or any(w.end <= amount.start for w in view.times))
        ):
            tail = []
        order = [*reversed(head), *tail]
    elif (
        tail
        and head
        and re.search(
            r"[,;،，]|(?<!\w)(?:and|и|et|und|y|e)(?!\w)", view.text[amount.end : tail[0].start]
        )
    ):
        order = [*reversed(head), *tail]
    else:
        order = [*tail, *reversed(head)]
    if len(order) > 1 and order[0].prior and not tail:
        order = order[1:] + order[:1]
    target = _status(view, claim, noun, left)
    if target in ("target", "forecast"):
        named = [w for w in order if not w.prior and not w.same]
        for when in [
            *named,
            *[w for w in view.times if w.start >= lo and w.end <= hi and w not in named],
        ]:
            if (
                when.year
                and not when.first
                and (not context.published or when.year >= context.published[0])
            ):
                return settle(when, context.published, "", 0, claim.reporter)
            if when.shift is not None and when.shift >= 0 and not when.first:
                return settle(when, context.published, "", 0, claim.reporter)
        return ""
    spoken = next((c.period for c in reversed(out) if c.period and not c.back), context.period)
    known = bool(view.words.find("prior", view.text))
    if not tail and (known or not head) and _is_origin(view, amount):
        named = [w for w in view.times if not w.prior and not w.same and w.end <= amount.start]
        base = settle(named[-1], context.published, spoken, 0, claim.reporter) if named else spoken
        claim.back = True
        prior = When(amount.start, amount.start, prior=True)
        return settle(prior, context.published, base, 0, claim.reporter) if known else ""
    first = next(
        (w for w in view.times if not w.prior and not w.same and w.end <= amount.start), None
    )
    if first is not None and not out and order and (order[0].prior or order[0].same):
        spoken = settle(first, context.published, spoken, context.year, claim.reporter) or spoken
    year = int(spoken[:4]) if spoken else context.year
    for when in order:
        period = settle(when, context.published, spoken, year, claim.reporter)
        if period:
            claim.back = when.prior
            return period
    if out:
        return next((c.period for c in reversed(out) if not c.back), out[-1].period)
    earlier = [w for w in view.times if w.end <= amount.start and not w.prior]
    later = [w for w in view.times if w.start >= amount.end and not w.prior]
    trailing = bool(later) and later[-1].start >= view.amounts[-1].end and len(view.times) == 1
    if (
        index_next(view, amount)
        and (context.period or view.words.language in TIME_FIRST)
        and not trailing
    ):
        later = []  # it belongs to the amount that follows
    for when in [*reversed(earlier), *later[:1]]:
        period = settle(when, context.published, spoken, year, claim.reporter)
        if period:
            return period
    return context.period


def _is_origin(view: Scene, amount: Amount) -> bool:
    """Tell whether an amount is the level that a later one of the sentence came from: from 6 to 7 bn."""
    if not index_next(view, amount):
        return False
    if view.words.language in AGGLUTINATIVE:
        return view.words.ending("ablative", view.text[amount.start : amount.end]) is not None
    before = view.text[max(0, amount.start - 16) : amount.start]
    following = min(a.start for a in view.amounts if a.start > amount.start)
    gap = view.text[amount.end : following]
    comes = view.words.ending("from_level", before) is not None
    return comes and len(gap) < 70 and view.words.ending("to_level", gap) is not None


def index_next(view: Scene, amount: Amount) -> bool:
    """Tell whether another amount follows in the sentence."""
    return any(a.start > amount.start for a in view.amounts)


def _source(view: Scene, claim: Claim, left: int, right: int, context: Context) -> None:
    amount = claim.amount
    near = [c for c in view.credits if amount.end <= c[0] <= max(right, amount.end + 4)]
    lead = [c for c in view.credits if c[0] < amount.start and c[0] >= left]
    if amount is not view.amounts[0]:  # behind a comma it is the next amount's, else the last one's
        lead = [c for c in lead if re.search(r"[,،;，、(]\s*$", view.text[: c[0]])]
    rest = [c for c in view.credits if c[0] < (view.amounts[0].start if view.amounts else 0)]
    last = (
        [c for c in view.credits if c[0] >= view.amounts[-1].end]
        if not (near or lead or rest)
        else []
    )
    pick = (near or lead or rest or last)[:1]
    if not pick:
        return
    claim.source, claim.records = pick[0][2], pick[0][3]
    if not claim.records and view.words.find("region", fold(claim.source)):
        groups = [c for c in context.topic if len(c) > 3 or c == "EU"]
        claim.records = context.anchor if context.anchor in groups else (groups or [""])[-1]
        if claim.partner not in ("", claim.records) and claim.flow == "turnover":
            claim.reporter = claim.records or claim.reporter
    _by_records(view, claim)


def _by_records(view: Scene, claim: Claim) -> None:
    """Let the office that is credited be the reporter where the parties leave room for it."""
    code = claim.records
    if not code or claim.flow not in ("turnover", "balance"):
        return
    if code == claim.partner and claim.flow == "turnover":
        claim.reporter, claim.partner = claim.partner, claim.reporter
    elif claim.partner and claim.partner != "WORLD" and not claim.reporter:
        claim.reporter = code


def _status(view: Scene, claim: Claim, noun: Noun, left: int) -> str:
    amount = claim.amount
    lo, hi = view.clause(amount.start)
    stretch = view.text[max(lo, left) : amount.start]
    found = [c for _, _, c in view.words.find("status", stretch)]
    if not found:
        following = [a.start for a in view.amounts if a.start > amount.start]
        after = view.text[amount.end : min([hi, amount.end + 60, *following])]
        found = [c for _, _, c in view.words.find("status_after", after)]
    return found[-1] if found else ""


def _qualify(view: Scene, claim: Claim, noun: Noun, left: int, right: int) -> None:
    words, text, amount = view.words, view.text, claim.amount
    claim.status = _status(view, claim, noun, left)
    if amount.high:
        claim.approx = "range"
    else:
        before = words.ending("approx", text[max(0, amount.start - 40) : amount.start])
        after = words.starting("approx_after", text[amount.end : amount.end + 24])
        # The verb may stand before its subject: exceeded the exports of Iraq 2 billion.
        verb = words.ending("approx", text[max(0, noun.start - 16) : noun.start])
        claim.approx = before or after or (verb or "" if left <= noun.start < amount.start else "")
    near = text[max(left, noun.start - 30) : max(noun.end + 40, amount.start)]
    if noun.start < left:
        near = text[max(0, noun.start - 30) : noun.end + 40]
    concept = words.find("concept", near)
    claim.concept = concept[0][2] if concept else ""
    product = words.find(
        "product",
        near if noun.start < amount.start else text[max(left, amount.start - 60) : noun.end + 20],
    )
    if product:
        base = (
            near
            if noun.start < amount.start
            else text[max(left, amount.start - 60) : noun.end + 20]
        )
        claim.commodity = base[product[0][0] : product[0][1]].strip()


def _parallel_times(view: Scene, out: list[Claim]) -> list[Claim]:
    """Deal times in one list out in order: 5 and 6 billion in 2023 and 2024 respectively."""
    if len(out) < 2 or not view.words.find("each", view.text):
        return out
    named = [w for w in view.times if w.year and not w.prior]
    if len(named) == len(out) and len({c.period for c in out}) == 1:
        periods = [write_time(w) for w in named]
        return [replace(c, period=p) for c, p in zip(out, periods, strict=True)]
    return out


def write_time(when: When) -> str:
    """Write a time that names its year."""
    return settle(when, None, "", 0, "")


def _remember(view: Scene, context: Context, out: list[Claim]) -> None:
    """Keep what the next sentence may lean on."""
    codes = [m.code for m in view.parties if m.kind in ("name", "adj", "pair")]
    for code in dict.fromkeys(c for part in codes for c in part.split("-")):
        if code in context.topic:
            context.topic.remove(code)
        context.topic.append(code)
    spoken = view.nouns or view.words.find("not_flow", view.text)
    if not context.period and not out and spoken:
        whens = [w for w in view.times if w.year or w.shift is not None]
        if len(whens) == 1:
            context.period = settle(whens[0], context.published, "", 0, "")
    for when in view.times:
        if when.year and not when.fiscal:
            context.year = when.year
    actual = [c for c in out if c.status not in ("target", "forecast")]
    context.fresh = bool(actual)
    if out and not actual:
        context.flow, context.fresh = out[-1].flow, True
        if not all(context.pair) and out[-1].partner != "WORLD":
            context.pair = (out[-1].reporter, out[-1].partner)
    if not actual:
        flows = {n.flow.rstrip("+-") for n in view.nouns if n.flow}
        if len(flows) == 1 and not out:
            context.flow = flows.pop()
        return
    first = actual[0]
    context.period = next((c.period for c in actual if c.period and not c.back), context.period)
    context.flow, context.currency = (
        actual[-1].flow,
        next((c.currency for c in reversed(actual) if c.currency != "tonne"), context.currency),
    )
    for claim in reversed(actual):
        if claim.reporter and claim.partner == "WORLD":
            context.national = claim.reporter
        elif claim.reporter and claim.partner:
            context.pair = (claim.reporter, claim.partner)
    sides = [{c.reporter, c.partner} - {"", "WORLD"} for c in actual]
    shared = set.intersection(*sides)
    if len(sides) > 1 and len(shared) == 1 and len(set.union(*sides)) > 2:
        context.anchor = next(iter(shared))
    elif context.anchor not in shared:
        context.anchor = ""
    context.worldwide = actual[-1].partner == "WORLD"
    if first.reporter and first.partner and first.partner != "WORLD":
        context.pair = (first.reporter, first.partner)
        if context.home == first.partner:
            context.pair = (first.partner, first.reporter)
        context.national = ""
