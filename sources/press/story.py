"""Owns trade that is told from the other side than the story: in a story of exports, who bought them."""

from __future__ import annotations

from sources.press.scene import OPPOSITE, Claim, Context, Noun, Scene
from sources.press.vocabulary import ADJECTIVE_LAST


def from_our_side(
    view: Scene, claim: Claim, noun: Noun, context: Context, out: list[Claim]
) -> None:
    """Turn trade told from the other side: in a story of Kazakh exports, Italy bought 3 million tonnes."""
    if not _a_deed(view, claim, noun) or "verb" in view.words.rows:
        return  # where the forms of verbs and names show who acts, it is read as it is told
    bearer = [m for m in view.parties if m.role == "bare" and m.end <= claim.amount.start]
    goal = [m for m in view.parties if m.role == "to" and m.end <= claim.amount.start]
    brings = view.words.starting("brings", view.text[noun.start :]) is not None
    if brings and len(bearer) == len(goal) == 1:
        claim.reporter, claim.partner, claim.flow = bearer[0].code, goal[0].code, "exports"
        return  # China brought goods into Kazakhstan
    before = out[-1] if out else None
    if before is not None and before.turned == noun.start:
        claim.partner = _next_buyer(view, claim, before)
        claim.reporter, claim.flow, claim.turned = before.reporter, before.flow, noun.start
        return
    alike = before is not None and (before.flow, before.reporter) == (claim.flow, claim.reporter)
    if alike and before is not None and before.turned < 0:
        return  # to France goods for 101 bn went, to the USA for 73
    # Portugal's exports were 7 bn, its imports 9. Spain bought 2: a story of the country's trade
    romance = view.words.language in ADJECTIVE_LAST
    teller = context.teller or (context.national if romance else "")
    own = (teller, "WORLD", "imports")
    of_all = romance and teller != "" and claim.flow == "imports" and context.last == own
    if claim.flow == context.flow and not (context.mixed or of_all):
        return  # China bought soya from Brazil, and Spain bought 2 million tonnes, too
    other = _other_side(view, claim, noun, teller, before)
    if other:
        claim.reporter, claim.partner, claim.flow = teller, other, OPPOSITE[claim.flow]
        claim.turned = noun.start


def _a_deed(view: Scene, claim: Claim, noun: Noun) -> bool:
    """Tell whether the noun of a figure says what somebody did with the other side: bought, took, shipped."""
    verb = view.text[noun.start : noun.end].split(" ")[-1]
    if view.words.starting("passive", verb) is not None and not (view.labels or view.dealt):
        return False  # 400 thousand tonnes were sold
    does = noun.weak or view.words.starting("acts", view.text[noun.start :]) is not None
    if claim.flow not in OPPOSITE or not does or noun.kind == "rank":
        return False
    flows = view.words.find("flow", view.text)
    # The main buyer bought 5 bn: a word that starts there tells it from our side already.
    return all(s != noun.start or c != OPPOSITE[claim.flow] for s, _, c in flows)


def _next_buyer(view: Scene, claim: Claim, before: Claim) -> str:
    """Give who follows in a list of buyers: China bought 5 tonnes of it, Italy 3, for 2 bn."""
    label = view.labels.get(claim.amount.start) or view.dealt.get(claim.amount.start)
    start, end = before.amount.end, claim.amount.start
    bare = [m for m in view.parties if start <= m.start < end and m.role == "bare"]
    one = label or (bare[-1] if bare else None)
    return one.code if one else before.partner


def _other_side(view: Scene, claim: Claim, noun: Noun, teller: str, before: Claim | None) -> str:
    """Give the one country that dealt with the country of the story, "" where it may be another."""
    others = {claim.reporter, claim.partner} - {"", "WORLD", teller}
    if not others:  # 376 thousand tonnes Tajikistan took
        others = {m.code for m in view.parties if m.role == "bare" and m.code != teller}
    listed = claim.amount.start in view.labels  # buyers of Kazakh wheat: Russia (3 million)
    since = before.amount.end if before else 0
    if all(m.code not in others or m.start < since for m in view.parties):
        since = 0  # else: Turkey sold 28 bn, of which China bought 240 m
    named = any(m.code == teller and m.kind != "adj" and m.start >= since for m in view.parties)
    if not teller or len(others) != 1 or (named and not listed):
        return ""
    other = others.pop()
    if any(m.code == other and m.kind == "adj" and m.start >= noun.end for m in view.parties):
        return ""  # it bought Argentine goods worth 12 bn: where they came from
    roles = {m.role for m in view.parties if m.code == other}
    return other if roles and not roles & _AIMED else ""


_AIMED = {"to", "from", "with", "between", "in", "partner"}
