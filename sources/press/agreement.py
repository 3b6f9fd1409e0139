"""Owns what the figures of a text settle about each other once all are read: the country whose trade the text tells."""

from __future__ import annotations

from collections import Counter

from sources.press.scene import Claim

_FEWEST = 3  # figures of one country that make a text one about its trade
_SHARE = 0.6  # of all figures of the text
_NOBODY = ("", "WORLD")


def agree(found: list[Claim]) -> None:
    """Give figures that leave out the country of the text to it, where their own words name at most the other side.

    A country that three figures and three fifths of a text are of is the one that it tells of. In a list of its
    partners (to Belgium 5 bn, in the EU Germany took 4) the reporter of a figure that names one partner is that
    country, not one that other sentences spoke of; a figure without parties is of it, or of its trade with the world
    where the text gives no other.
    """
    told = _told(found)
    if not told:
        return
    worldwide = all(c.partner == "WORLD" for c in found if told in (c.reporter, c.partner))
    whole = {c.reporter for c in found if c.partner == "WORLD"}  # whose total trade is given
    for claim in found:
        if told in (claim.reporter, claim.partner) or claim.reporter in whole - {told}:
            continue
        here = claim.beside
        if claim.partner not in _NOBODY and claim.partner in here and claim.reporter not in here:
            _take(claim, told)
        elif claim.reporter == "" == claim.partner:
            _take(claim, told)
            claim.partner = "WORLD" if worldwide and not here else ""
        elif claim.partner == "" and claim.reporter in here and claim.flow == "turnover":
            claim.reporter, claim.partner = claim.partner, claim.reporter
            _take(claim, told)


def _take(claim: Claim, told: str) -> None:
    """Fill the reporter in, and label it as assumed."""
    claim.reporter = told
    claim.assumed = tuple(dict.fromkeys((*claim.assumed, "reporter")))


def _told(found: list[Claim]) -> str:
    """Give the country whose trade a text tells, "" where no one has most of its figures."""
    counts = Counter(code for c in found for code in {c.reporter, c.partner} - set(_NOBODY))
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < max(_FEWEST, _SHARE * len(found)):
        return ""
    if ranked[1:] and ranked[1][1] == ranked[0][1]:
        return ""  # two countries that trade with each other
    return ranked[0][0]
