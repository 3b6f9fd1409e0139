"""What printed tables can be held against: amounts with their percentages, and totals with their parts.

Everything is read from the printed text, so that each number has the interval of its rounding.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def _printed(text: str) -> tuple[float, float, float]:
    """Give (number, low, high) of a number printed with a decimal point: half a unit of the last digit."""
    number = float(text)
    half = 0.5 * 10.0 ** -len(text.partition(".")[2])
    return number, number - half, number + half


def implied_base(amount: str, percent: str) -> tuple[float, float, float]:
    """Give (base, low, high) of which a printed percentage makes a printed amount, signs left aside."""
    (a, *ends_a), (p, *ends_p) = _printed(amount.lstrip("-")), _printed(percent.lstrip("-"))
    low = 100 * ends_a[0] / ends_p[1]
    return 100 * a / p, low, 100 * ends_a[1] / ends_p[0] if ends_p[0] > 0 else float("inf")


def adds(total: str, parts: Sequence[str]) -> tuple[float, bool]:
    """Give (sum of printed parts less the printed total, whether rounding allows it)."""
    numbers = [_printed(part) for part in parts]
    whole = _printed(total)
    fits = sum(n[1] for n in numbers) <= whole[2] and whole[1] <= sum(n[2] for n in numbers)
    return sum(n[0] for n in numbers) - whole[0], fits


def consistent(pairs: Sequence[tuple[str, str]], drift: float = 0.25) -> pd.DataFrame:
    """Say which printed pairs of an amount and a percentage cannot belong together.

    `pairs` are texts in the order of the periods. A pair whose signs differ cannot; nor can two neighbours
    whose implied bases differ by more than `drift`, whatever the rounding. Columns: amount, percent, base,
    low, high, sign_fits, size_fits, note; the note names a swap of two percentages that mends the sizes.
    """
    bases = [implied_base(amount, percent) for amount, percent in pairs]
    rows = []
    wrong = _jumps(bases, drift)
    swap = _swap(pairs, wrong, drift)
    for number, ((amount, percent), (base, low, high)) in enumerate(zip(pairs, bases)):
        sign = float(amount) * float(percent) >= 0
        notes = [] if sign else ["the signs of amount and percentage differ"]
        if number in wrong:
            notes.append("the base implied is not that of the neighbouring period")
            if number in swap:
                notes.append(f"the percentage of row {swap[number] + 1} would fit")
        rows.append((float(amount), float(percent), base, low, high, sign, number not in wrong, "; ".join(notes)))  # fmt: skip
    columns = ["amount", "percent", "base", "low", "high", "sign_fits", "size_fits", "note"]
    return pd.DataFrame(rows, columns=columns)


def _jumps(bases: Sequence[tuple[float, float, float]], drift: float) -> set[int]:
    """The places of neighbours whose intervals of the base are further apart than `drift`."""
    wrong: set[int] = set()
    for number in range(len(bases) - 1):
        (_, low_1, high_1), (_, low_2, high_2) = bases[number], bases[number + 1]
        if max(low_1 / high_2, low_2 / high_1) > 1 + drift:
            wrong |= {number, number + 1}
    return wrong


def _swap(pairs: Sequence[tuple[str, str]], wrong: set[int], drift: float) -> dict[int, int]:
    """Two places whose percentages, exchanged, leave no jump."""
    for one in sorted(wrong):
        for other in sorted(wrong - set(range(one + 1))):
            turned = list(pairs)
            turned[one] = (pairs[one][0], pairs[other][1])
            turned[other] = (pairs[other][0], pairs[one][1])
            if not _jumps([implied_base(*pair) for pair in turned], drift):
                return {one: other, other: one}
    return {}
