"""Owns numbers in Chinese numerals: read by tens and hundreds, or written digit by digit in place of 0 to 9."""

from __future__ import annotations

import re

NUMBER = r"[〇零一二三四五六七八九十廿卅百千两]+(?:点[〇零一二三四五六七八九]+)?"
_DIGITS = {d: i for i, d in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}

_PLACES = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_PLACED = re.compile(
    r"(?<![\d.〇零○一二三四五六七八九十廿卅百千万亿億])[\d〇零○一二三四五六七八九]{2,}"
    r"(?:[.点・][\d〇零○一二三四五六七八九]+)?(?![十百千〇零○一二三四五六七八九]|半期)"
)
_POINT = re.compile(r"(?<=\d)・(?=\d)")


def value(text: str) -> float:
    """Read a number in Chinese numerals (四百三十八, 二十点五)."""
    whole, _, part = text.partition("点")
    total, digit = 0.0, 0.0
    for letter in whole:
        if letter in _UNITS:
            total += (digit or 1) * _UNITS[letter]
            digit = 0
        elif letter in _TENS:
            total += _TENS[letter]
        else:
            digit = _DIGITS[letter]
    total += digit
    return total + float("0." + "".join(str(_DIGITS[c]) for c in part)) if part else total


def placed(text: str) -> str:
    """Write numbers that are spelt digit by digit in digits, letter for letter: 二〇二四, 四七九.七."""
    return _POINT.sub(".", _PLACED.sub(_written, text))


def _written(hit: re.Match[str]) -> str:
    text = hit[0]
    whole = re.split("[.点・]", text)[0]
    if len(whole) == 2 and whole.isdecimal() is False and not re.search("[〇零○]", whole):
        first, second = list(whole.translate(_PLACES))
        if int(second) == int(first) + 1:
            return text  # 七八: seven or eight
    return re.sub("[点・]", ".", text.translate(_PLACES))
