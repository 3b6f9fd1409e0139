"""What a printed number allows: the interval of its precision and of words such as about and over."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

# word: (share of the value below, share above). The half unit of the last printed digit is the least.
RULES: dict[str, tuple[float, float]] = {
    "about": (0.025, 0.025),
    "over": (0.0, 0.05),
    "under": (0.05, 0.0),
    "nearly": (0.05, 0.0),
}

SYNONYMS = {
    "approximately": "about", "around": "about", "circa": "about", "some": "about", "roughly": "about",
    "~": "about", "≈": "about", "more than": "over", "above": "over", "at least": "over", ">": "over",
    "less than": "under", "below": "under", "up to": "under", "at most": "under", "<": "under",
    "almost": "nearly", "close to": "nearly", "exact": "", "exactly": "",
}  # fmt: skip


def qualifier(text: str) -> str:
    """Give the one word for an approximation: about, over, under, nearly, range, or empty."""
    word = text.strip().lower()
    return SYNONYMS.get(word, word)


def interval(
    value: pd.Series,
    quantum: pd.Series,
    approx: pd.Series,
    rules: Mapping[str, tuple[float, float]] = RULES,
) -> tuple[pd.Series, pd.Series]:
    """Give low and high of n printed values, in the unit of the value.

    Exact: half a unit of the last printed digit to both sides. about: the larger of one unit of the last
    digit and the rule's share of the value, to both sides. over, under, nearly: the value itself on one
    side, the larger of one unit and the share on the other.
    """
    size = value.abs()
    half = quantum / 2
    low, high = value - half, value + half
    for word, (below, above) in rules.items():
        chosen = approx == word
        if not bool(chosen.any()):
            continue
        down = np.maximum(quantum, below * size) if below else 0.0 * size
        up = np.maximum(quantum, above * size) if above else 0.0 * size
        low = low.where(~chosen, value - down)
        high = high.where(~chosen, value + up)
    return low, high
