"""Owns what is said twice: a figure that headline and lead repeat counts once."""

from __future__ import annotations

from sources.press.scene import Claim

PASSED = (
    0.25  # how far a figure lies, as a share, above the round mark that its headline says it passed
)


def distinct(found: list[Claim]) -> list[Claim]:
    """Drop a claim that says again what a claim before it said: the headline and the lead, mostly."""
    kept: list[Claim] = []
    places: dict[tuple[float, str, str], list[int]] = {}  # of the kept claims of one value
    heads: list[int] = []  # where kept claims of the headline stand
    for claim in found:
        key = (claim.amount.value, claim.currency, claim.flow)
        twin = next((at for at in places.get(key, ()) if _same(claim, kept[at])), None)
        head = None
        if twin is None and heads:
            head = next((at for at in heads if _headline(kept[at], claim)), None)
        if twin is None and head is None:
            places.setdefault(key, []).append(len(kept))
            if claim.sentence.paragraph == 1:
                heads.append(len(kept))
            kept.append(claim)
        elif head is not None:
            kept[head] = claim
            heads.remove(head)
            places.setdefault(key, []).append(head)
        elif twin is not None and _filled(claim) > _filled(kept[twin]):
            kept[twin] = claim
    return kept


def _filled(claim: Claim) -> int:
    return sum(bool(part) for part in (claim.reporter, claim.partner, claim.period, claim.source))


def _same(one: Claim, other: Claim) -> bool:
    """Tell whether two claims of one value and flow say one thing, fields that one of them leaves open aside."""
    if one.commodity != other.commodity or (
        one.records and other.records and one.records != other.records
    ):
        return False
    if one.period and other.period and one.period != other.period:
        return False
    left, right = {one.reporter, one.partner} - {""}, {other.reporter, other.partner} - {""}
    return left <= right or right <= left


def _headline(one: Claim, other: Claim) -> bool:
    """Tell whether a headline says in round figures what the text under it says.

    It says 5.4 trillion for 5.4271, or that exports passed 6,000 for 6,407.
    """
    if one.sentence.paragraph != 1 or other.sentence.paragraph == 1:
        return False
    if (one.currency, one.flow, one.negative) != (other.currency, other.flow, other.negative):
        return False
    coarse, fine = one.amount, other.amount
    passed = one.approx == "over" and 0 <= fine.value - coarse.value < PASSED * coarse.value
    rounded = coarse.quantum > fine.quantum and abs(coarse.value - fine.value) < coarse.quantum
    if not (rounded or passed):
        return False
    left, right = {one.reporter, one.partner} - {""}, {other.reporter, other.partner} - {""}
    return left <= right or right <= left
