"""Owns how an amount stands: traded, provisional, aimed at or forecast."""

from __future__ import annotations

import re

from sources.press.scene import Claim, Noun, Scene
from sources.press.vocabulary import AGGLUTINATIVE, UNSPACED

# A comma behind which another one acts: 7420万トンとなり、政府が目標とする7800万トンに近づいた.
_TURN = re.compile("[,、](?=[^,、。]{1,14}[がは])")


def status(view: Scene, claim: Claim, noun: Noun, left: int) -> str:
    """Give what an amount is said to be: press (traded), provisional, target or forecast."""
    amount = claim.amount
    if view.words.ending("now", view.text[: amount.start]) is not None:
        return ""
    lo, hi = view.clause(amount.start)
    start = max(lo, left)
    if view.words.language in AGGLUTINATIVE:  # what follows the amount before is said of that one
        ends = [a.end for a in view.amounts if start <= a.end <= amount.start]
        spoken = view.words.compiled("status_after", "start")
        hit = spoken.match(view.text[ends[-1] :]) if ends and spoken else None
        start = ends[-1] + hit.end() if hit else start
    stretch = view.text[start : amount.start]
    found = [c for _, _, c in view.words.find("status", stretch)]
    if not found:
        following = [a.start for a in view.amounts if a.start > amount.start]
        after = view.text[amount.end : min([hi, amount.end + 60, *following])]
        turn = _TURN.search(after) if following and view.words.language in UNSPACED else None
        after = after[: turn.start()] if turn else after
        if following and view.words.language in AGGLUTINATIVE:
            after = after.split(", ")[0]  # it was 17 bn, and the aim is 30: of the next amount
        found = [c for _, _, c in view.words.find("status_after", after)]
    return found[-1] if found else ""
