"""Owns which amounts of a sentence are trade, by which noun, and in which currency."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from sources.press import carry, govern
from sources.press.changes import is_change
from sources.press.numerals import Amount
from sources.press.scene import Context, Noun, Scene
from sources.press.stretch import left_end


class Chosen(NamedTuple):
    """An amount that is trade, with its noun and its unit."""

    at: int  # among the amounts of the sentence
    amount: Amount
    noun: Noun
    code: str  # ISO 4217 or tonne
    assumed: bool  # the unit is that of another amount


def choose(view: Scene, context: Context, unsaid: Noun | None) -> list[Chosen]:
    """Give the amounts of a sentence that are trade, in order; `unsaid`: the flow that it goes on with."""
    last: Noun | None = None
    inherited, factor = "", 1.0
    chosen: list[Chosen] = []
    for index, amount in enumerate(view.amounts):
        noun = govern.turned(view, index, govern.governor(view, index, last) or unsaid)
        if noun and unsaid and carry.resumed(view, amount, noun):
            noun = unsaid
        if chosen and chosen[-1].at == index - 1 and govern.worth(view, index):
            noun = chosen[-1].noun
        if govern.converted(view, index):
            continue
        if amount.code:
            code = inherited = amount.code
            factor = amount.factor
        else:
            if inherited == "tonne" and amount.scale >= _NO_MASS:
                inherited = context.currency
            spoken = context.currency if chosen or context.fresh else ""
            code = inherited or _ahead(view, index) or spoken
            least = _THOUSANDS if code == "tonne" else _MILLIONS
            if not code or amount.scale < least or not govern.elided(view, amount):
                last = noun if noun and noun.start >= amount.end else last
                continue
            if code == "tonne" and factor != 1.0:  # 5.1 million kilograms, against 4.9 million
                amount = replace(amount, value=amount.value * factor, quantum=amount.quantum * factor)  # fmt: skip
                view.amounts[index] = amount
        noun = _of_trade(view, index, noun, chosen, context)
        if noun is None:
            continue
        last = noun
        chosen.append(Chosen(index, amount, noun, code, not amount.code))
    return chosen


_MILLIONS = 1e6
_THOUSANDS = 1e3  # of masses: 732 thousand tonnes, 690 thousand
_NO_MASS = 1e9  # no country trades in billions of tonnes


def _of_trade(
    view: Scene, index: int, noun: Noun | None, chosen: list[Chosen], context: Context
) -> Noun | None:
    """Give the noun of an amount as a flow with its sign; None where the amount is no level of trade."""
    amount = view.amounts[index]
    if noun is None or not noun.flow or not govern.of_trade(view, noun, context):
        return None
    same = bool(chosen) and chosen[-1].noun is noun
    if not same and not govern.of_countries(view, noun, amount, context):
        return None
    plain, noun = noun, govern.signed(view, noun, amount)
    if noun is plain and is_change(view, amount):
        return None
    if view.words.ending("worse", view.text[: amount.start]) is not None:
        return None  # in deficit, with a deterioration of 31 bn
    return _between(view, index, noun)


def _between(view: Scene, index: int, noun: Noun) -> Noun:
    """Take what is said of two parties, far from its noun, for their trade: and between Egypt and Spain 4 bn."""
    left, amount = left_end(view, index), view.amounts[index]
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
