"""Owns who said a figure: the credit that belongs to an amount, and what the records of its office tell of the parties."""

from __future__ import annotations

import re

from sources.press.scene import Claim, Context, Scene
from sources.press.vocabulary import (
    fold,
)


def credit(
    view: Scene, claim: Claim, left: int, right: int, context: Context, out: list[Claim]
) -> None:
    """Set who said a figure, and the party that the records of that office tell."""
    amount = claim.amount
    near = [c for c in view.credits if amount.end <= c[0] <= max(right, amount.end + 4)]
    lead = [c for c in view.credits if c[0] < amount.start and c[0] >= left]
    if amount is not view.amounts[0]:  # behind a comma it is the next amount's, else the last one's
        lead = [c for c in lead if re.search(r"[,،;，、(]\s*$", view.text[: c[0]])]
    rest = [c for c in view.credits if c[0] < (view.amounts[0].start if view.amounts else 0)]
    if out and _apart(claim, out[0]) and any(left <= w.start < right for w in view.times):
        rest = []  # other parties at another time of their own: what was credited is over
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
    if "reporter" in claim.assumed and claim.records not in ("", claim.partner):
        claim.reporter = claim.records
        claim.assumed = tuple(name for name in claim.assumed if name != "reporter")


def _apart(claim: Claim, first: Claim) -> bool:
    """Tell whether a claim has another period and another partner than the first of its sentence."""
    if not claim.period or not first.period or claim.period == first.period or claim.back:
        return False
    return {claim.reporter, claim.partner} != {first.reporter, first.partner}


def _by_records(view: Scene, claim: Claim) -> None:
    """Let the office that is credited be the reporter where the parties leave room for it."""
    code = claim.records
    if not code or claim.flow not in ("turnover", "balance"):
        return
    if code == claim.partner and claim.flow == "turnover":
        claim.reporter, claim.partner = claim.partner, claim.reporter
    elif claim.partner and claim.partner != "WORLD" and not claim.reporter:
        claim.reporter = code
