"""Owns amounts that are read together: two units of one mass, the ends of a range, numbers that share a unit."""

from __future__ import annotations

import re
from dataclasses import replace

from sources.press.numerals import DIGITS, Amount, number
from sources.press.vocabulary import Vocabulary


def masses(found: list[Amount], text: str) -> list[Amount]:
    """Join a mass that is spelt in two units: 5 tonnes 646.7 kilograms."""
    out: list[Amount] = []
    for amount in found:
        before = out[-1] if out else None
        if before is not None and before.code == amount.code == "tonne":
            finer = before.value >= before.quantum > amount.value > amount.quantum
            if finer and not text[before.end : amount.start].strip():
                out[-1] = replace(
                    before, end=amount.end, value=before.value + amount.value,
                    printed=(before.printed[0], amount.printed[1]), quantum=amount.quantum,
                )  # fmt: skip
                continue
        out.append(amount)
    return out


def elided(found: list[Amount], text: str, words: Vocabulary) -> list[Amount]:
    """Add the numbers that share scale and currency with the next amount: 384 and 424 million euros."""
    out = []
    for amount in found:
        before = words.pattern(rf"(?<![\d.,])({DIGITS})\s?(?:<and>|,)\s?$").search(
            text[: amount.start]
        )
        if before and (amount.scale > 1 or amount.code == "tonne"):
            value, step = number(before[1], words.language, amount.scale)
            start, end = before.span(1)
            out.append(
                Amount(start, end, (start, end), value * amount.scale, step * amount.scale, amount.scale, amount.code)
            )  # fmt: skip
        out.append(amount)
    return out


def compared(found: list[Amount], text: str, words: Vocabulary) -> list[Amount]:
    """Add the masses that a level before is set against without a unit: 85 491 tonnes, against 127 753 a year before."""
    if not {"against", "from_level"} <= words.rows.keys():
        return found
    pattern = words.pattern(rf",? (?:<against>|<from_level>) ({DIGITS})(?!\w| ?%)")
    out: list[Amount] = []
    for amount in found:
        out.append(amount)
        hit = pattern.match(text, amount.end) if amount.code == "tonne" else None
        known = hit and any(a.start <= hit.start(1) < a.end for a in found)
        if hit and not known and re.fullmatch(r"\d{1,3}(?:[. ,]\d{3})+", hit[1]):
            value, step = number(hit[1], words.language, 1.0)
            out.append(Amount(*hit.span(1), hit.span(1), value, step, 1.0, "tonne"))
    return out


def between(found: list[Amount], text: str, words: Vocabulary) -> list[Amount]:
    """Join the two ends of a range that is spelt between 5 and 6 billion."""
    out: list[Amount] = []
    for amount in found:
        before = out[-1] if out else None
        if before is not None and before.value < amount.value and before.code in ("", amount.code):
            gap = text[before.end : amount.start].strip()
            lead = text[max(0, before.start - 12) : before.start]
            if words.pattern("<and>").fullmatch(gap) and words.ending("between", lead) is not None:
                bare = before.printed[1] == before.end and amount.printed[1] < amount.end
                scale = _scale(amount, text, words) if bare and before.code else 1.0
                before = replace(before, value=before.value * scale, quantum=before.quantum * scale)
                low = before.value - before.quantum / 2
                out[-1] = replace(
                    amount, start=before.start, printed=(before.printed[0], amount.printed[1]),
                    value=(before.value + amount.value) / 2, low=low, high=amount.value + amount.quantum / 2,
                )  # fmt: skip
                continue
        out.append(_from_bare(amount, text, words))
    return out


_LEAD = 24  # characters


def _scale(amount: Amount, text: str, words: Vocabulary) -> float:
    """Give what the scale word of an amount makes of its digits: 1e9 of 6 billion."""
    digits = re.search(DIGITS, text[amount.start : amount.end])
    value = number(digits[0], words.language, 1.0)[0] if digits else 0.0
    return amount.value / value if value else 1.0


def _from_bare(amount: Amount, text: str, words: Vocabulary) -> Amount:
    """Give an amount the lower end of its range that has no unit of its own: between 6.5 and 7 million tonnes."""
    if not amount.code or "between" not in words.rows:
        return amount
    lead = text[max(0, amount.start - _LEAD) : amount.start]
    hit = words.pattern(rf"(?<!\w)(?:<between>) [$€£]?({DIGITS}) (?:<and>) [$€£]?$").search(lead)
    if hit is None:
        return amount
    low, step = number(hit[1], words.language, 1.0)
    scale = _scale(amount, text, words)
    high = amount.value / scale
    if not 0 < low < high:
        return amount
    begin = amount.start - len(lead) + hit.start(1)
    return replace(
        amount, start=begin, printed=(begin, amount.printed[1]), value=(low + high) / 2 * scale,
        low=(low - step / 2) * scale, high=amount.value + amount.quantum / 2,
    )  # fmt: skip
