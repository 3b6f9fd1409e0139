"""One number with a range from a few figures of one measure. Owns the weights within a case.

The figures must be of independent origin (one source, one vote): ties are cut before this module.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

NORMAL_95 = 1.959963984540054
# Nobody counts trade better than one part in ten thousand: a figure printed to the dollar would
# otherwise outvote every figure printed in millions only because its interval is narrow.
SMALLEST_RELATIVE_SD = 1e-4
TINY = 1e-100  # below it a number is nothing: its square would vanish
PLAIN = "inverse variance"
CONFLICT = "inverse variance with a variance between sources; range spans every source"


@dataclass(frozen=True)
class CaseBalance:
    """The balanced value, its range, the weight of each figure (they sum to 1) and the rule used."""

    value: float
    low: float
    high: float
    weights: tuple[float, ...]
    method: str
    birge: float = 0.0  # spread of the figures over what their errors allow; above 1: a discrepancy
    between: float = 0.0  # standard deviation between sources beyond their stated errors

    def expression(self, names: Sequence[str]) -> str:
        """The value as arithmetic on the figures: `{amount:f1}*0.5+{amount:f2}*0.5`.

        `names` are the figures' ids in the order of the values; a name with a colon is used as it is.
        Raises ValueError if there are not as many names as weights.
        """
        if len(names) != len(self.weights):
            raise ValueError(f"{len(names)} names for {len(self.weights)} weights")
        terms = (
            f"{{{name if ':' in name else 'amount:' + name}}}*{weight!r}"
            for name, weight in zip(names, self.weights)
        )
        return "+".join(terms)


def balance_case(
    values: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    sds: Sequence[float] | None = None,
) -> CaseBalance:
    """Give the weighted mean of figures of one measure, with a range that is never falsely narrow.

    All in one unit; `lows` and `highs` bound each figure (rounding, qualifiers, margins); `sds` are
    standard errors where they are known, else those of a uniform spread over the interval.
    Weights are inverse variances (Stone, Champernowne and Meade 1942). Where the figures differ by
    more than their errors allow (Birge ratio above 1; Birge 1932), a variance between sources is added
    until they do not (Paule and Mandel 1982), so that a figure printed with more digits does not win by
    its digits; the range then spans every figure's interval. Else it is 1.96 standard errors, and not
    narrower than the narrowest interval. Raises ValueError without figures, on numbers that are not
    finite, on lengths that differ and on a figure outside its own interval.
    """
    value, low, high = _checked(values, lows, highs)
    sd = _errors(value, low, high, sds)
    if len(value) == 1:
        half = NORMAL_95 * float(sd[0]) if sds is not None else 0.0
        only = float(value[0])
        return CaseBalance(
            only,
            min(float(low[0]), only - half),
            max(float(high[0]), only + half),
            (1.0,),
            "one figure",
        )
    birge = _birge(value, sd, 0.0)
    between = _between(value, sd) if birge > 1 else 0.0
    weight = 1 / (sd**2 + between**2)
    weight = weight / weight.sum()
    shares = tuple(float(w) for w in weight)
    # summed in the order of the expression, so that the workbook gives the same last digit
    total = 0.0
    for number, share in zip(value.tolist(), shares):
        total += number * share
    se = math.sqrt(1 / float((1 / (sd**2 + between**2)).sum()))
    half = max(NORMAL_95 * se, float((high - low).min()) / 2)
    if between > 0:
        return CaseBalance(
            total,
            min(total - half, float(low.min())),
            max(total + half, float(high.max())),
            shares,
            CONFLICT,
            birge,
            between,
        )
    return CaseBalance(total, total - half, total + half, shares, PLAIN, birge)


def balance_twos(
    first: tuple[Floats, Floats, Floats], second: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats, Floats, npt.NDArray[np.bool_]]:
    """Give (value, low, high, weight of the first, whether in conflict) of n cases of two figures each.

    `first` and `second` are (values, lows, highs), n numbers each: the rule of `balance_case` in closed
    form. For two figures the variance between sources that brings the Birge ratio to 1 is
    ((a - b)² - s_a² - s_b²) / 2.
    """
    (a, a_low, a_high), (b, b_low, b_high) = first, second
    scale = np.maximum(np.abs(a), np.abs(b))
    floor = SMALLEST_RELATIVE_SD * np.where(scale > TINY, scale, 1.0)
    sa = np.maximum((a_high - a_low) / math.sqrt(12), floor)
    sb = np.maximum((b_high - b_low) / math.sqrt(12), floor)
    beyond = (a - b) ** 2 - sa**2 - sb**2
    conflict = beyond > 0
    between = np.where(conflict, beyond / 2, 0.0)
    va, vb = sa**2 + between, sb**2 + between
    weight = vb / (va + vb)
    value = a * weight + b * (1 - weight)
    narrow = np.minimum(a_high - a_low, b_high - b_low) / 2
    half = np.maximum(NORMAL_95 * np.sqrt(va * vb / (va + vb)), narrow)
    low, high = value - half, value + half
    low = np.where(conflict, np.minimum(low, np.minimum(a_low, b_low)), low)
    high = np.where(conflict, np.maximum(high, np.maximum(a_high, b_high)), high)
    return value, low, high, weight, conflict


def _checked(
    values: Sequence[float], lows: Sequence[float], highs: Sequence[float]
) -> tuple[Floats, Floats, Floats]:
    value, low, high = (np.asarray(a, dtype=float) for a in (values, lows, highs))
    if not len(value):
        raise ValueError("no figure to balance")
    if not len(value) == len(low) == len(high):
        raise ValueError("values, lows and highs must have the same length")
    if not np.isfinite([value, low, high]).all():
        raise ValueError("figures and their intervals must be finite numbers")
    slack = 1e-9 * np.maximum(np.abs(value), 1e-300)
    if ((low > value + slack) | (high < value - slack)).any():
        raise ValueError("a figure lies outside its own interval")
    return value, np.minimum(low, value), np.maximum(high, value)


def _errors(value: Floats, low: Floats, high: Floats, sds: Sequence[float] | None) -> Floats:
    """Standard errors with a floor; a uniform spread over [low, high] has width / sqrt(12)."""
    if sds is None:
        given = (high - low) / math.sqrt(12)
    else:
        given = np.asarray(sds, dtype=float)
        if given.shape != value.shape or not np.isfinite(given).all() or (given < 0).any():
            raise ValueError("standard errors must be finite, not negative, one a figure")
    largest = float(np.abs(value).max())
    scale = largest if largest > TINY else 1.0
    return np.asarray(np.maximum(given, SMALLEST_RELATIVE_SD * scale), dtype=float)


def _birge(value: Floats, sd: Floats, between: float) -> float:
    """sqrt(chi-square / degrees of freedom) about the weighted mean (Birge 1932)."""
    weight = 1 / (sd**2 + between**2)
    mean = (weight * value).sum() / weight.sum()
    return math.sqrt(float((weight * (value - mean) ** 2).sum()) / (len(value) - 1))


def _between(value: Floats, sd: Floats) -> float:
    """The standard deviation between sources that brings the Birge ratio to 1 (Paule and Mandel 1982)."""
    below, above = 0.0, float(np.ptp(value)) * 2
    for _ in range(200):
        middle = (below + above) / 2
        if _birge(value, sd, middle) > 1:
            below = middle
        else:
            above = middle
        if above - below <= 1e-14 * above:
            break
    return above
