"""One sentence a case in plain words: of the gap, what each cause explains, and what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from reconcile import wording

# How each cause reads after an amount; a note that begins with "passed through X:" or
# "was carried on to X:" speaks for itself.
PHRASES = {
    "rounding": "is within rounding",
    "vintage": "is revision",
    "exchange rate": "is exchange rate",
    "price base": "is the change of prices",
    "copied mirror": "comes from a figure copied from the partner",
    "scale slip": "looks like a slip of scale",
    "mislabel": "looks like exchanged labels",
    "coverage and trade system": "is coverage or trade system",
    "partner attribution": "came through third countries",
    "re-exports": "is re-exports",
    "transit through third countries": "passed through third countries",
    "confidential and unallocated trade": "is hidden as confidential or not specified",
    "commodity misclassification": "is under neighbouring codes",
    "timing": "was on its way at the turn of the period",
    "valuation (CIF/FOB)": "is CIF/FOB",
}
VIA = re.compile(r"(?:passed through|was carried on to) [^:;,]+")


def sentence(case: Mapping[str, Any], causes: pd.DataFrame, currency: str) -> str:
    """Give a case's gap in a sentence: `Of 23.1 billion USD, 1.8 is CIF/FOB (estimated), 15.3 is unexplained.`

    `causes` may hold the rows of other cases. Amounts after the first are in the scale of the gap; a claim
    against the sign of the gap is said to widen it. A case without a gap gives its verdict.
    """
    gap = float(case["gap"])
    if gap != gap:
        return "One source only: there is no gap."
    if gap == 0:
        return "The figures agree."
    size, word = next(((s, w) for s, w in wording.SCALES if abs(gap) >= s), (1.0, ""))
    unit = " ".join(part for part in (word, currency) if part)
    sign = 1.0 if gap > 0 else -1.0
    mine = causes[(causes["case"] == case["id"]) & (causes["amount"].astype(float) != 0)]
    pieces, wider = [], []
    parts: dict[tuple[str, str], float] = {}
    for row in mine.to_dict("records"):
        part = sign * float(row["amount"]) / size
        evidence = f" ({row['evidence']})" if row["evidence"] else ""
        if part > 0:
            key = (phrase(row), evidence)
            parts[key] = parts.get(key, 0.0) + part
        else:
            wider.append(f"{row['cause']} hides another {_digits(-part)}{evidence}")
    pieces += [f"{_digits(part)} {words}{evidence}" for (words, evidence), part in parts.items()]
    residual = sign * (gap - float(mine["amount"].astype(float).sum())) / size
    if abs(residual) > 1e-9 * abs(gap) / size:
        pieces.append(f"{_digits(residual)} is unexplained")
    total = f"{_digits(abs(gap) / size)} {unit}".strip()
    if case["verdict"] == "within rounding":
        return f"The gap of {total} is within rounding."
    if not wider and len(pieces) == 1 and pieces[0].endswith("is unexplained"):
        return f"No cause claims any part of the gap of {total}."
    text = f"Of {total}, " + ", ".join(pieces)
    return text + ("; " + ", ".join(wider) if wider else "") + "."


def phrase(row: Mapping[str, Any]) -> str:
    """Give the words for one claim, as they stand after its amount."""
    via = VIA.match(str(row["note"]))
    return via[0] if via else PHRASES.get(str(row["cause"]), f"is {row['cause']}")


def _digits(number: float) -> str:
    """Give a number with one decimal, with two where it is below one, and never as a false zero."""
    if abs(number) >= 0.95:
        return f"{number:,.1f}"
    return f"{number:,.2f}" if abs(number) >= 0.005 else f"{number:.1g}"
