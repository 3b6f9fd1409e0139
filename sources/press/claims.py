"""Owns the reading of a sentence: which of its amounts are trade, and what each of them says."""

from __future__ import annotations

import re
from dataclasses import replace

from sources import areas
from sources.press import carry, govern, items
from sources.press.choosing import choose
from sources.press.crediting import credit
from sources.press.dating import period
from sources.press.home import own_offices, resolve, take_home
from sources.press.listing import dealt_out
from sources.press.memory import remember
from sources.press.naming import Mention
from sources.press.pairing import Sides
from sources.press.qualifying import qualify
from sources.press.scene import Claim, Context, Noun, Scene, scene
from sources.press.seasons import season
from sources.press.settling import settle_sides
from sources.press.standing import status
from sources.press.story import from_our_side
from sources.press.stretch import left_end, right_end
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
    own_offices(view, context)
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
    chosen = choose(view, context, unsaid)
    view.dealt = dealt_out(view, chosen)
    nouns = govern.respectively(view, [c.amount for c in chosen], [c.noun for c in chosen])
    for (index, amount, _, code, assumed), noun in zip(chosen, nouns, strict=True):
        claim = Claim(view.sentence, amount, code, assumed=("currency",) if assumed else ())
        claim.flow = noun.flow.rstrip("+-")
        claim.negative = noun.flow.endswith("-")
        if out and out[-1].amount is view.amounts[index - 1] and govern.worth(view, index):
            claim = replace(out[-1], amount=amount, currency=code, assumed=claim.assumed, approx="")
        else:
            _fill(view, claim, noun, index, out, context)
        out.append(claim)
    balances = {c.amount.start for c in chosen if c.noun.flow == "balance"}
    out = together(view, out, context, balances)
    return [c for c in out if c.amount.value >= _LEAST or c.currency == "tonne"]


_LEAST = 1000  # of money: below it stand prices


def _fill(
    view: Scene, claim: Claim, noun: Noun, index: int, out: list[Claim], context: Context
) -> None:
    """Give a claim its parties, period, source and qualifiers; `out`: the claims before it in the sentence."""
    left = left_end(view, index)
    right = right_end(view, index)
    claim.named = left <= noun.start < right and noun.end > 0
    near = [m for m in view.parties if left <= m.start < right]
    claim.beside = frozenset(m.code for m in near)
    _sides(view, claim, noun, left, near, out, context)
    claim.partner = _partner(view, claim, min(left, noun.start), right)
    theirs = any(m.role == "own" and m.code == claim.reporter for m in view.parties)
    # In trade between two countries the text's own one reports; Japan's trade with it is Japan's.
    if claim.flow == "turnover" and claim.partner == context.home != "" and not theirs:
        claim.reporter, claim.partner = claim.partner, claim.reporter
    _favoured(view, claim, near)
    if _whole(view, claim, noun):
        claim.partner = "WORLD"
    from_our_side(view, claim, noun, context, out)
    if _ranked(view, claim, context):
        turned = claim.flow == "turnover"  # what it sold or bought itself, it reports
        claim.reporter, claim.partner = ("", claim.reporter) if turned else (claim.reporter, "")
    claim.status = status(view, claim, noun, left)
    claim.period = period(view, claim, noun, left, right, out, context)
    credit(view, claim, left, right, context, out)
    qualify(view, claim, noun, left, right)


def _sides(
    view: Scene, claim: Claim, noun: Noun, left: int, own: list[Mention], out: list[Claim],
    context: Context,
) -> None:  # fmt: skip
    lo = view.clause(claim.amount.start)[0]
    previous = out[-1] if out else None
    shared = [m for m in view.parties if m.start < (view.amounts[0].start if view.amounts else 0)]
    if previous is not None and noun.start < left:
        head = [m for m in view.parties if lo <= m.start < left and m.start < claim.amount.start]
    else:
        head = []
    sides = Sides(own, head or shared, (previous.reporter, previous.partner, previous.flow) if previous else None,
                  claim.flow, noun.start, noun.end, claim.amount.start, claim.amount.end, left, view.dealt.get(claim.amount.start),
                  carried=noun.kind == "earning" or (not noun.end and carry.carried(view, claim.amount, context)),
                  shipped=noun.weak or claim.currency == "tonne")  # fmt: skip
    claim.reporter, claim.partner, guessed = settle_sides(view, sides, context)
    _member_acts(view, claim, previous, context)
    if guessed:
        claim.assumed = (*claim.assumed, guessed)


def _of_union(view: Scene, claim: Claim, context: Context) -> bool:
    """Tell whether a member of a group stands where the group stood: the EU sold wine for 21 bn. France is first with 9."""
    reporter, partner, flow = context.last
    if len(reporter) != len("FRA") and partner == "WORLD":
        context.union = reporter
    members = areas.members(context.union, None) if context.union else ()
    roles = {m.role for m in view.parties if m.code == claim.partner}
    told = claim.reporter == context.union or (
        claim.reporter in members and context.last[1] == "WORLD"
    )
    label = view.labels.get(claim.amount.start)
    listed = label is not None and label.code == claim.partner and label.role == "own"
    acts = (listed or (bool(roles) and roles <= {"bare", "partner"})) and claim.flow == flow
    return acts and told and claim.partner in members


def _member_acts(view: Scene, claim: Claim, previous: Claim | None, context: Context) -> None:
    """Let a member stand where its group stood: the EU bought Russian gas for 5 bn, France took 2, Spain 1."""
    group, partner, flow = context.last
    if _of_union(view, claim, context):
        claim.reporter, claim.partner = claim.partner, "WORLD"
        return
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


def _favoured(view: Scene, claim: Claim, near: list[Mention]) -> None:
    """Let the other side report a gap in somebody's favour: the gap in Beijing's favour was 83 bn."""
    if claim.flow != "balance":
        return
    named = [m for m in near if view.words.starting("favour", view.text[m.end :]) is not None]
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
    if unspaced:
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
