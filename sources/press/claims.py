"""Owns the reading of a sentence: which of its amounts are trade, and what each of them says."""

from __future__ import annotations

import re
from dataclasses import replace

from sources import areas
from sources.press import carry, govern, items
from sources.press.amounts import Amount
from sources.press.crediting import credit
from sources.press.dating import period
from sources.press.home import resolve, take_home
from sources.press.listing import dealt_out
from sources.press.memory import remember
from sources.press.pairing import Sides
from sources.press.parties import Mention
from sources.press.qualifying import qualify
from sources.press.scene import Claim, Context, Noun, Scene, scene
from sources.press.seasons import season
from sources.press.settling import settle_sides
from sources.press.story import from_our_side
from sources.press.text import Sentence
from sources.press.together import together
from sources.press.vocabulary import (
    AGGLUTINATIVE,
    UNSPACED,
    Vocabulary,
)


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
    out = together(view, out, context, plain_balances)
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
