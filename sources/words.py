"""Owns the tidying of words: what is folded away before two texts are compared, and what may be shown.

Nothing here knows what a word means; numbers, units, periods and areas build on it.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

# Decimal digits of every script fold to ASCII: Arabic-Indic, Persian, Devanagari, full-width...
DIGITS: dict[int, str] = {
    code: str(unicodedata.decimal(chr(code)))
    for code in (*range(0x80, 0x11000), *range(0x11000, 0x12000))
    if unicodedata.category(chr(code)) == "Nd"
}

# Marks that carry no meaning of their own: zero-width, joiners, bidi controls, soft hyphen, tatweel, BOM.
_INVISIBLE = re.compile("[\u00ad\u0640\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u06d6-\u06dc]")
_SPACES = re.compile(r"\s+")
# C0 and C1 controls, and whole terminal sequences (CSI, OSC), so that their letters go too.
_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]")
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def fold_digits(text: str) -> str:
    """Write the decimal digits of any script as ASCII digits; all else stays."""
    return text if text.isascii() else text.translate(DIGITS)


@functools.lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """Tidy a text for matching: NFKC, casefolded, ASCII digits, single plain spaces, no invisible marks.

    Arabic vowel marks and tatweel go, hamza carriers and final ya stay; accents of Latin letters stay.
    """
    if text.isascii():
        return _SPACES.sub(" ", _CONTROLS.sub("", _TERMINAL.sub("", text))).strip().casefold()
    text = _TERMINAL.sub("", text)
    text = unicodedata.normalize("NFKC", text)
    text = _ARABIC_MARKS.sub("", _INVISIBLE.sub("", _CONTROLS.sub("", text)))
    text = unicodedata.normalize("NFKC", fold_digits(text).casefold())
    return _SPACES.sub(" ", text).strip()


def strip_controls(text: str) -> str:
    """Remove control characters and terminal sequences from a text that will be shown; keep the rest."""
    return _CONTROLS.sub("", _TERMINAL.sub("", text))


def strip_accents(text: str) -> str:
    """Take the accents off letters of Latin and Greek; letters of other scripts stay whole."""
    out = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        out.append(parts[0] if len(parts) > 1 and ord(parts[0]) < 0x0400 else letter)
    return "".join(out)


_HINTS: ContextVar[list[int] | None] = ContextVar("_HINTS", default=None)


@contextlib.contextmanager
def hints(most: int) -> Iterator[None]:
    """Within this block only the first `most` costly suggestions are looked for; a file may hold 100,000 unknown words."""
    token = _HINTS.set([most])
    try:
        yield
    finally:
        _HINTS.reset(token)


def hinting() -> bool:
    """Tell whether one more suggestion may be looked for, and count it."""
    left = _HINTS.get()
    if left is None:
        return True
    left[0] -= 1
    return left[0] >= 0


def nearest(word: str, choices: Iterable[str], n: int = 3) -> list[str]:
    """Give up to `n` of the choices that look most like the word, best first."""
    by_clean: dict[str, str] = {}
    for choice in choices:
        by_clean.setdefault(clean(choice), choice)
    found = difflib.get_close_matches(clean(word), by_clean, n=n, cutoff=0.6)
    return [by_clean[key] for key in found]
