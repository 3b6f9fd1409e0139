"""Owns the arithmetic of a text's own figures: exports and imports that make up its turnover, or leave its balance, are of one trade."""

from __future__ import annotations

import itertools
from collections import Counter

from sources.press.scene import OPPOSITE, Claim
from sources.vocabulary import INTENDED

_NEAR = 8  # figures apart within which three may tell of one trade
_FINE = 0.01  # share of the largest figure up to which its rounding may reach: 3 and 4 make 7 says little
_FINEST = 0.003  # ... where the sum also says what a figure is

Trio = tuple[Claim, Claim, Claim]  # exports, imports, and their sum or difference


def add_up(found: list[Claim]) -> None:
    """Let figures that add up within their rounding agree on parties, period, flow and sign.

    Exports 231 and imports 204 beside a balance of 27, or a turnover of 435, are of the same parties and the same
    period. What two of the three say, or the one that names its time, goes for the third; what contradicts the
    words of a figure is left as it was read.
    """
    for trio in _trios(found):
        whole = trio[2]
        if whole.flow == "balance":
            whole.negative = trio[0].amount.value < trio[1].amount.value
        elif whole.flow != "turnover":
            if whole.named:
                continue  # its own word says that it was sold, or bought
            whole.flow = _settled(whole, "flow", "turnover")
        _one_period(trio)
        _one_pair(trio)


def _trios(found: list[Claim]) -> list[Trio]:
    """Give the figures of exports and imports with the third one that they make up or leave, near them.

    Each third figure has the two that fit it most finely: 92.41 and 98.05 leave 5.64, not 63.2 and 68.8; and
    two flows have one sum, not also the rounded one of a headline.
    """
    done = [c for c in found if c.status not in INTENDED and c.amount.value > 0]
    if not {c.flow for c in done} >= set(OPPOSITE):
        return []
    values = [c.amount.value for c in done]
    fits: list[tuple[float, int, Trio]] = []
    for at, one in enumerate(done):
        for after in range(at + 1, min(at + _NEAR, len(done))):
            other = done[after]
            if {one.flow, other.flow} != set(OPPOSITE) or one.currency != other.currency:
                continue
            sold, bought = (one, other) if one.flow == "exports" else (other, one)
            both, apart = values[at] + values[after], abs(values[at] - values[after])
            slack = 2 * _FINE * both  # no rounding that is allowed reaches further
            for place in range(max(0, at - _NEAR), min(at + 2 * _NEAR, len(done))):
                close = abs(values[place] - both) <= slack or abs(values[place] - apart) <= slack
                if not close or place in (at, after):
                    continue
                rounding = _rounding(sold, bought, done[place])
                if rounding:
                    fits.append((rounding, place, (sold, bought, done[place])))
    taken: set[int] = set()  # third figures, each with its finest two
    # Pairs of flows, each with its finest sum and its finest difference.
    used: set[tuple[int, int, bool]] = set()
    best: list[Trio] = []
    for _, place, trio in sorted(fits, key=lambda fit: fit[:2]):
        sold, bought, whole = trio
        pair = (id(sold), id(bought), whole.flow == "balance")
        if place not in taken and pair not in used:
            best.append(trio)
            taken.add(place)
            used.add(pair)
    return best


def _rounding(sold: Claim, bought: Claim, whole: Claim) -> float:
    """Give the rounding of three figures, as a share of the largest, where they add up within it; else 0."""
    if whole.currency != sold.currency:
        return 0.0
    one, other, total = (c.amount.value for c in (sold, bought, whole))
    fine = sum(c.amount.quantum for c in (sold, bought, whole)) / 2
    share = fine / max(one, other, total)
    if share > (_FINE if whole.flow in ("turnover", "balance") else _FINEST):
        return 0.0
    aim = abs(one - other) if whole.flow == "balance" else one + other
    return share if abs(aim - total) <= fine * (1 + 1e-9) else 0.0


def _one_period(trio: Trio) -> None:
    """Give three figures the period that one of them names, or that two of them have."""
    periods = Counter(c.period for c in trio if c.period)
    named = {c.period for c in trio if c.dated and c.period}
    most = periods.most_common(1)[0] if periods else ("", 0)
    period = named.pop() if len(named) == 1 else "" if named else most[0] if most[1] > 1 else ""
    for claim in trio if period else ():
        claim.period = _settled(claim, "period", period)


def _one_pair(trio: Trio) -> None:
    """Give the third of three figures the parties that two of them have, unless its own words name others."""
    for one, other in itertools.combinations(trio, 2):
        third = next(c for c in trio if c is not one and c is not other)
        sides = (one.reporter, one.partner)
        alike = {one.reporter, one.partner} == {other.reporter, other.partner}
        said = {third.reporter, third.partner} - set(sides) - {"", "WORLD"}
        if not all(sides) or not alike or said & third.beside:
            continue
        inherited = other.partner not in one.beside | other.beside
        if inherited and "WORLD" in (third.partner, *sides) and other.partner != "WORLD":
            continue  # nobody says here whose: the third may well be of all trade
        if {third.reporter, third.partner} != set(sides):
            third.reporter = _settled(third, "reporter", sides[0])
            third.partner = _settled(third, "partner", sides[1])


def _settled(claim: Claim, name: str, value: str) -> str:
    """Give a field its value by the sum, and label it where that is not what was read."""
    if getattr(claim, name) != value:
        claim.summed = tuple(dict.fromkeys((*claim.summed, name)))
        claim.assumed = tuple(a for a in claim.assumed if a != name)
    return value
