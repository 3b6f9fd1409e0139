"""Owns numbers in digits as each language prints them, and what an amount is."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGITS = (
    r"\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,2}(?:,\d\d)+,\d{3}(?!\d)|\d+(?:[.,]\d+)?"
)


_POINT = ("en", "zh", "ja")  # languages whose decimal mark is the point


@dataclass(frozen=True)
class Amount:
    """An amount as printed: its value in units of `code`, the unit of its last digit, and what stands around it."""

    start: int
    end: int
    printed: tuple[int, int]  # where the number stands
    value: float
    quantum: float
    scale: float
    code: str  # ISO 4217 or tonne; empty where nothing is printed
    low: float = 0.0  # the ends of a printed range, both 0 where it is none
    high: float = 0.0
    factor: float = 1.0  # of its unit of mass in tonnes


def number(text: str, language: str, scale: float) -> tuple[float, float]:
    """Read a printed number in digits: (number, one unit of its last digit)."""
    text = text.replace(" ", "").replace("'", "")
    marks = re.findall(r"[.,]", text)
    decimal = ""
    if len(marks) > 1 and len(set(marks)) == 1 and not re.search(r"[.,]\d{3}$", text):
        text = text.replace(marks[0], "", len(marks) - 1)  # 5.755.8: the last one is decimal
        marks = marks[-1:]
    if marks:
        last = marks[-1]
        tail = len(text) - text.rfind(last) - 1
        point = "." if language in _POINT else ","
        if (
            len(set(marks)) == 2
            or (len(marks) == 1 and tail != 3)
            or (len(marks) == 1 and _decimal_of_three(last, point, language, scale, text))
        ):
            decimal = last
    whole = "".join(c if c.isdigit() or c == decimal else "" for c in text).replace(",", ".")
    places = len(whole.split(".")[1]) if "." in whole else 0
    return float(whole), 10.0**-places


def _decimal_of_three(mark: str, point: str, language: str, scale: float, text: str) -> bool:
    """Tell whether one mark before three digits is a decimal mark: 1,234 or 1.234 alone may be either."""
    if text.startswith("0"):
        return True
    if language == "es" and scale <= 1e6:
        return False  # 61.600 millones and, in America, 61,600 millones
    if mark == point:
        return scale >= 1e6 or language in _POINT
    if language == "ar" and mark == "." and scale > 1:
        return True  # 10.019 ملايين, 6.607 آلاف
    # Newsrooms that write a decimal comma also copy figures with a point: 31.255 млрд.
    return language in ("ru", "kk", "ky", "uz", "uz_cyrl", "ar") and scale >= 1e9
