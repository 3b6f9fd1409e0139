"""Owns the reading of a sentence: which of its amounts are trade, and what each of them says."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from sources import areas
from sources.press import carry, govern, items
from sources.press.amounts import Amount
from sources.press.crediting import credit
from sources.press.dating import period
from sources.press.home import resolve, take_home
from sources.press.levels import is_origin
from sources.press.listing import dealt_out
from sources.press.meaning import settle
from sources.press.memory import remember
from sources.press.once import PASSED
from sources.press.pairing import Sides
from sources.press.parties import Mention
from sources.press.qualifying import qualify
from sources.press.scene import Claim, Context, Noun, Scene, scene
from sources.press.seasons import season
from sources.press.settling import settle_sides
from sources.press.story import from_our_side
from sources.press.text import Sentence
from sources.press.vocabulary import (
    AGGLUTINATIVE,
    UNSPACED,
    Vocabulary,
)
from sources.press.when import When


def claims(sentence: Sentence, words: Vocabulary, context: Context) -> list[Claim]:
    """Give the trade figures of one sentence, in order; none where the sentence is about something else."""
    view = scene(sentence, words)
    take_home(view, context)
    resolve(view, context)
    season(view, context)
    carry.point(view, context)
    out: list[Claim] = []
    listed = items.label(view, context)
    unsaid = carry.unsaid_flow(view, context) if view.amounts else ""
    unsaid = context.flow if listed else unsaid
    if view.amounts and (unsaid or any(n.flow for n in view.nouns)):
        out = _read(view, context, Noun(0, 0, unsaid) if unsaid else None)
    remember(view, context, out)
    items.head(view, context, bool(out))
    return out


def _read(view: Scene, context: Context, unsaid: Noun | None) -> list[Claim]:
    out: list[Claim] = []
    last: Noun | None = None
    inherited = ""
    nouns: list[Noun] = []
    chosen: list[tuple[int, Amount, Noun, str, bool]] = []
    for index, amount in enumerate(view.amounts):
        noun = govern.governor(view, index, last) or unsaid
        noun = govern.turned(view, index, noun)
        if noun and unsaid and carry.resumed(view, amount, noun):
            noun = unsaid
        if chosen and chosen[-1][0] == index - 1 and govern.worth(view, index):
            noun = chosen[-1][2]
        if govern.converted(view, index):
            continue
        code = amount.code
        assumed = False
        if not code:
            if inherited == "tonne" and amount.scale >= 1e9:
                inherited = context.currency  # no country trades in billions of tonnes
            code, assumed = (
                inherited
                or _ahead(view, index)
                or (context.currency if chosen or context.fresh else ""),
                True,
            )
            if not code or amount.scale < 1e6 or not govern.elided(view, amount):
                last = noun if noun and noun.start >= amount.end else last
                continue
        else:
            inherited = code
        if noun is None or not noun.flow:
            continue
        if not govern.of_trade(view, noun, context):
            continue
        same = bool(chosen) and chosen[-1][2] is noun
        if not same and not govern.of_countries(view, noun, amount, context):
            continue
        plain, noun = noun, govern.signed(view, noun, amount)
        if noun is plain and govern.is_change(view, amount):
            continue
        noun = _between(view, index, noun)
        if view.words.ending("worse", view.text[: amount.start]) is not None:
            continue  # in deficit, with a deterioration of 31 bn
        last = noun
        chosen.append((index, amount, noun, code, assumed))
        nouns.append(noun)
    plain_balances = {c[1].start for c in chosen if c[2].flow == "balance"}
    dealt = view.dealt = dealt_out(view, chosen)
    nouns = govern.respectively(view, [c[1] for c in chosen], nouns)
    for (index, amount, _, code, assumed), noun in zip(chosen, nouns, strict=True):
        claim = Claim(view.sentence, amount, code, assumed=("currency",) if assumed else ())
        claim.flow = noun.flow.rstrip("+-")
        claim.negative = noun.flow.endswith("-")
        if out and out[-1].amount is view.amounts[index - 1] and govern.worth(view, index):
            out.append(
                replace(out[-1], amount=amount, currency=code, assumed=claim.assumed, approx="")
            )
            continue
        left = govern.left_end(view, index)
        right = govern.right_end(view, index)
        claim.beside = frozenset(m.code for m in view.parties if left <= m.start < right)
        _sides(view, claim, noun, left, right, out, context, dealt.get(amount.start))
        claim.partner = _partner(view, claim, min(left, noun.start), right)
        theirs = any(m.role == "own" and m.code == claim.reporter for m in view.parties)
        # In trade between two countries the text's own one reports; Japan's trade with it is Japan's.
        if claim.flow == "turnover" and claim.partner == context.home != "" and not theirs:
            claim.reporter, claim.partner = claim.partner, claim.reporter
        _favoured(view, claim, left, right, context)
        if _whole(view, claim, noun):
            claim.partner = "WORLD"
        from_our_side(view, claim, noun, context, out)
        if _ranked(view, claim, context):
            turned = claim.flow == "turnover"  # what it sold or bought itself, it reports
            claim.reporter, claim.partner = ("", claim.reporter) if turned else (claim.reporter, "")
        claim.period = period(view, claim, noun, left, right, out, context)
        credit(view, claim, left, right, context, out)
        qualify(view, claim, noun, left, right)
        out.append(claim)
    out = [c for c in out if not _milestone(view, c, out)]
    _sign_by_flows(out, plain_balances)
    if view.words.language in AGGLUTINATIVE:
        _shared_aims(view, out)
    _spanned(view, out, context)
    for position, claim in enumerate(_month_by_month(view, _parallel_times(view, out), context)):
        out[position] = claim
    return [c for c in out if not (c.amount.value < 1000 and c.currency != "tonne")]


def _between(view: Scene, index: int, noun: Noun) -> Noun:
    """Take what is said of two parties, far from its noun, for their trade: and between Egypt and Spain 4 bn."""
    left, amount = govern.left_end(view, index), view.amounts[index]
    sides = [m for m in view.parties if left <= m.start < amount.start and m.role == "between"]
    apart = len(sides) == 2 and re.search("[,،;]", view.text[noun.end : sides[0].start])
    if apart and noun.flow in ("exports", "imports"):
        return replace(noun, flow="turnover")
    return noun


def _ahead(view: Scene, index: int) -> str:
    """Give the currency that a list prints with its last amount only: exports 224, imports 299 bn dollars."""
    later = view.amounts[index + 1 :]
    coded = next((a for a in later if a.code), None)
    if coded is None or coded.code == "tonne" or coded.scale != view.amounts[index].scale:
        return ""
    between = [n for n in view.nouns if view.amounts[index].end <= n.start < coded.start]
    return coded.code if all(n.flow for n in between) else ""


def _milestone(view: Scene, claim: Claim, out: list[Claim]) -> bool:
    """Tell whether an amount is only the round mark that a figure beside it passed: 979 m, past the mark of 900 m."""
    said = view.words.starting("milestone", view.text[claim.amount.end :]) is not None
    if not said and claim.approx != "over":
        return False
    meant = (claim.flow, claim.reporter, claim.partner, claim.period)
    near = [c for c in out if c is not claim and (c.flow, c.reporter, c.partner, c.period) == meant]
    if said:
        return any(c.amount.value > claim.amount.value for c in near)
    mark = claim.amount.value  # 7,049, past 7,000 for the first time
    return any(mark < c.amount.value < (1 + PASSED) * mark for c in near)


def _sides(
    view: Scene, claim: Claim, noun: Noun, left: int, right: int, out: list[Claim], context: Context,
    dealt: Mention | None,
) -> None:  # fmt: skip
    lo = view.clause(claim.amount.start)[0]
    previous = out[-1] if out else None
    own = [m for m in view.parties if left <= m.start < right]
    shared = [m for m in view.parties if m.start < (view.amounts[0].start if view.amounts else 0)]
    if previous is not None and noun.start < left:
        head = [m for m in view.parties if lo <= m.start < left and m.start < claim.amount.start]
    else:
        head = []
    sides = Sides(own, head or shared, (previous.reporter, previous.partner, previous.flow) if previous else None,
                  claim.flow, noun.start, noun.end, claim.amount.start, claim.amount.end, left, dealt,
                  carried=noun.kind == "earning" or (not noun.end and carry.carried(view, claim.amount, context)),
                  shipped=noun.weak or claim.currency == "tonne")  # fmt: skip
    claim.reporter, claim.partner, guessed = settle_sides(view, sides, context)
    _member_acts(claim, previous, context)
    if guessed:
        claim.assumed = (*claim.assumed, guessed)


def _member_acts(claim: Claim, previous: Claim | None, context: Context) -> None:
    """Let a member stand where its group stood: the EU bought Russian gas for 5 bn, France took 2, Spain 1."""
    group, partner, flow = context.last
    if (
        flow != claim.flow
        or len(group) == len("KGZ")
        or partner in ("", "WORLD", group, claim.partner)
    ):
        return
    inside = {claim.reporter, claim.partner} <= {group, *areas.members(group, None)}
    told = previous is None or previous.partner == partner or claim.reporter == group
    if group and inside and told and claim.partner != group:
        claim.reporter, claim.partner = claim.partner, partner


def _favoured(view: Scene, claim: Claim, left: int, right: int, context: Context) -> None:
    """Let the other side report a gap in somebody's favour: the gap in Beijing's favour was 83 bn."""
    if claim.flow != "balance":
        return
    beside = [m for m in view.parties if left <= m.start < right]
    named = [m for m in beside if view.words.starting("favour", view.text[m.end :]) is not None]
    if not named or named[0].code not in (claim.reporter, claim.partner):
        return
    other = claim.partner if claim.reporter == named[0].code else claim.reporter
    claim.reporter, claim.partner, claim.negative = other, named[0].code, True


def _whole(view: Scene, claim: Claim, noun: Noun) -> bool:
    """Tell whether a figure is of all trade, whoever was named before: a third of its total imports of 950 million."""
    unspaced = view.words.language in UNSPACED
    flows = ("exports", "imports", "turnover", "balance") if unspaced else ("exports", "imports")
    if not claim.reporter or claim.flow not in flows or not noun.end:
        return False
    if view.words.language in UNSPACED:
        left = max((a.end for a in view.amounts if a.end <= noun.start), default=0)
        near = [m.code for m in view.parties if left <= m.start < claim.amount.start]
        said = view.words.find("overall", view.text[left : noun.end + 2])
        kinds = {code for _, end, code in said if left + end >= noun.start}
        total = "" in kinds or ("named" in kinds and claim.reporter in near)
        return total and claim.partner not in near  # 对美出口5亿;整体出口8亿, 秘鲁出口总额745亿
    named = any(noun.end < m.start and m.end <= claim.amount.start for m in view.parties)
    return not named and view.words.starting("whole", view.text[noun.end :]) is not None


def _ranked(view: Scene, claim: Claim, context: Context) -> bool:
    """Tell whether a country in a place of a list was read as reporter: China is in first place with 6 bn."""
    if view.words.language not in AGGLUTINATIVE or context.home in ("", claim.reporter):
        return False
    said = {m.code for m in view.parties}
    placed = re.search(r"(?<!\w)(?:орын|ўрин|орун|o'rin|sirada)\w*", view.text) is not None
    return placed and claim.partner == "WORLD" and said == {claim.reporter}


def _partner(view: Scene, claim: Claim, left: int, right: int) -> str:
    """Give the partner, the world for a total that opens a sentence and "" for countries not named."""
    said = {code for m in view.parties if m.role != "in" for code in m.code.split("-")}
    if not claim.partner or claim.partner in said:
        return claim.partner
    kinds = {code for _, _, code in view.words.find("unnamed", view.text[left:right])}
    if "group" in kinds or (kinds and claim.partner == "WORLD"):
        return ""  # to Arab countries; the Asian country may be the partner spoken of before
    total = view.words.starting("overall", view.text) == ""
    led = claim.flow in ("exports", "imports") or claim.reporter in said
    if total and led and not view.words.find("two", view.text):
        return "WORLD" if claim.reporter else claim.partner
    return claim.partner


def _parallel_times(view: Scene, out: list[Claim]) -> list[Claim]:
    """Deal times in one list out in order: 5 and 6 billion in 2023 and 2024 respectively."""
    if len(out) < 2 or not view.words.find("each", view.text):
        return out
    named = [w for w in view.times if w.year and not w.prior]
    if len(named) == len(out) and len({c.period for c in out}) == 1:
        periods = [_written(w) for w in named]
        return [replace(c, period=p) for c, p in zip(out, periods, strict=True)]
    return out


def _month_by_month(view: Scene, out: list[Claim], context: Context) -> list[Claim]:
    """Deal months in one list out in order: August, September and October brought in 40, 39 and 36 m respectively."""
    if len(out) < 2 or not view.words.find("each", view.text):
        return out
    months = [(start, int(code)) for start, _, code in view.words.find("month", view.text)]
    for at in range(len(out) - 1):
        low, group = out[at - 1].amount.end if at else 0, out[at:]
        mine = [n for start, n in months if low <= start < group[0].amount.start]
        if len(mine) == len(group):
            years = [w.year for w in view.times if w.year]
            whens = [When(0, 0, year=years[-1] if years else 0, first=n, last=n) for n in mine]
            told = [settle(w, context.published, out[0].period, context.year, "") for w in whens]
            return out[:at] + [replace(c, period=p) for c, p in zip(group, told, strict=True)]
    return out


def _spanned(view: Scene, out: list[Claim], context: Context) -> None:
    """Give the two years of a span to the levels at its ends: between 2010 and 2015 it grew from 6 to 8 bn."""
    years = [w for w in view.times if w.year and not w.first and not w.prior and not w.same]
    for one, after in itertools.pairwise(out):
        head = [w for w in years if w.end <= one.amount.start][-2:]
        if len(head) < 2 or one.flow != after.flow or not is_origin(view, one.amount):
            continue
        gap = view.text[head[0].end : head[1].start]
        if head[0].year < head[1].year and view.words.pattern(" (?:<and>|<range>|<to_month>) ").fullmatch(gap):  # fmt: skip
            one.period, after.period = (_written(w) for w in head)


def _shared_aims(view: Scene, out: list[Claim]) -> None:
    """Let a verb at the end speak of all amounts in its list: aims to raise it to 5, then to 10 bn."""
    for one, after in zip(reversed(out[:-1]), reversed(out[1:]), strict=True):
        gap = view.text[one.amount.end : after.amount.start]
        named = view.words.find("flow", gap)  # reached 8 bn of trade, is to be raised to 15 bn
        aimed = not one.status and after.status == "target" and one.flow == after.flow
        named = named or view.words.find("goes", gap)  # reached 3 bn, is to be raised to 10
        if aimed and len(gap) < 28 and not named:
            start = max((a.end for a in view.amounts if a.end <= one.amount.start), default=0)
            ahead = [w for w in view.times if start <= w.start < one.amount.start and not w.first]
            dated = any(
                not w.prior and (w.year or (w.shift or 0) > 0 or w.shift == 0) for w in ahead
            )
            one.status = after.status  # to 3 bn this year, and to 5 bn in 2020
            one.period = one.period if dated and one.period else after.period


def _sign_by_flows(out: list[Claim], plain: set[int]) -> None:
    """Give a balance without a sign the one of exports less imports: 224 and 299 bn, the difference 75."""
    for claim in out:
        if claim.amount.start not in plain:
            continue
        flows = {c.flow: c.amount.value for c in out if c.currency == claim.currency}
        if {"exports", "imports"} <= flows.keys():
            claim.negative = flows["exports"] < flows["imports"]


def _written(when: When) -> str:
    """Write a time that names its year."""
    return settle(when, None, "", 0, "")
