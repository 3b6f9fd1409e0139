"""Owns the step from bytes to text: which encoding a file is in, how sure that is, and what was tried."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from sources.errors import InputError, Problem

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Tried strictly, in the order that the sample suggests; cp1252 and latin-1 accept almost anything.
CANDIDATES = ("gb18030", "shift_jis", "cp1251", "cp1256", "cp1252")
_SAMPLE = 65_536
_CYRILLIC = re.compile("[а-яё]{3,}", re.I)
_NAMES = {
    "cp936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "latin_1": "cp1252",
    "cp932": "shift_jis",
}


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding it was read in, and, where that is a guess, a sample that shows the reading."""

    text: str
    encoding: str
    guessed: bool = False
    sample: str = ""


def _fault(name: str, place: str, found: str, advice: str) -> InputError:
    return InputError(Problem(name, place, found, advice, "ENCODING"))


def decode(data: bytes, name: str = "", encoding: str | None = None) -> Decoded:
    """Decode a text file: the encoding given, else a byte order mark, UTF-8, UTF-16, else a marked guess.

    Raises InputError for an unknown or wrong `encoding`, for a file in two encodings (with the byte
    offset where the first one ends) and for bytes that are no text.
    """
    if encoding:
        return _given(data, name, encoding)
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _strict(data, name, codec)
    if wide := _utf16_without_mark(data):
        return Decoded(data.decode(wide), wide, True, data.decode(wide)[:60])
    if b"\x00" in data[:_SAMPLE]:
        raise _fault(name, "", "the file is binary, not text", "Give a table, a workbook or prose.")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        _refuse_mixture(data, name, error.start)
    return _guess(data, name)


def _given(data: bytes, name: str, encoding: str) -> Decoded:
    try:
        codec = codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise _fault(
            name,
            "",
            f"unknown encoding {encoding!r}",
            "Known are utf-8, cp1251, cp1252, gb18030 ...",
        ) from error
    if codec == "utf-8":
        codec = "utf-8-sig"
    return _strict(data, name, codec)


def _strict(data: bytes, name: str, codec: str) -> Decoded:
    try:
        text = data.decode(codec)
    except (UnicodeError, LookupError, TypeError, ValueError) as error:
        offset = getattr(error, "start", 0)
        raise _fault(
            name,
            f"byte {offset}",
            f"the bytes are not {codec}",
            "Name the right one with --encoding.",
        ) from error
    if not isinstance(text, str):  # codecs such as hex give bytes
        raise _fault(
            name, "", f"{codec} is no encoding of text", "Name the right one with --encoding."
        )
    return Decoded(text.removeprefix("\ufeff"), codec)


def _utf16_without_mark(data: bytes) -> str:
    """Give utf-16-le or -be where every second byte of the sample is nearly always zero, else nothing."""
    head = data[: _SAMPLE - _SAMPLE % 2]
    if len(data) < 4 or len(data) % 2:
        return ""
    for codec, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        half = head[offset::2]
        if half.count(0) > 0.6 * len(half) and head[1 - offset :: 2].count(0) == 0:
            try:
                data.decode(codec)
            except UnicodeDecodeError:
                return ""
            return codec
    return ""


def _refuse_mixture(data: bytes, name: str, first: int) -> None:
    """Raise where the file holds both real UTF-8 sequences and bytes that are none: two encodings.

    Only multi-byte sequences that run over whole words count: single pairs also occur by chance in
    cp1251 and GB18030. Lines are judged, because files are glued together by lines.
    """
    good = bad = 0
    for line in data.splitlines()[:20_000]:
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad += 1
    if good and bad and good >= 0.2 * (good + bad):
        raise _fault(
            name, f"byte {first}",
            f"two encodings in one file: {good} lines are UTF-8 and {bad} are not, the first at byte {first}",
            "Save the whole file in UTF-8, or name one with --encoding.",
        )  # fmt: skip


def _guess(data: bytes, name: str) -> Decoded:
    """Try the usual encodings strictly and keep the reading that looks most like words."""
    import charset_normalizer

    sample = _non_ascii_lines(data)
    match = charset_normalizer.from_bytes(sample).best()
    hint = _NAMES.get(match.encoding, match.encoding) if match else ""
    readings: list[tuple[float, str]] = []
    for codec in CANDIDATES:
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec == "cp1256" and not re.search("[\u0620-\u064a]{2,}", text):
            continue  # cp1256 holds the French accents too: without Arabic words it is cp1252
        readings.append((plausibility(text) + (0.1 if codec == hint else 0.0), codec))
    for _, codec in sorted(readings, key=lambda pair: -pair[0]):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        shown = sample.decode(codec, "replace").strip()[:60]
        return Decoded(text, codec, True, shown)
    text = data.decode("latin-1")
    return Decoded(text, "latin-1", True, sample.decode("latin-1").strip()[:60])


def _non_ascii_lines(data: bytes) -> bytes:
    """Keep whole lines that hold non-ASCII bytes, up to the size of the sample."""
    out, size = [], 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            out.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(out)


def plausibility(text: str) -> float:
    """Score 0..1 how far the non-ASCII letters of a text look like words of one script."""
    odd = [letter for letter in text if letter > "\x7f"]
    if not odd:
        return 0.0
    score = 0.0
    for letter in odd:
        point = ord(letter)
        if 0x410 <= point <= 0x44F or 0x4E00 <= point <= 0x9FA5:
            score += 1.0
        elif 0x3040 <= point <= 0x30FF or 0x620 <= point <= 0x64A:
            score += 0.9
        elif point in _WESTERN:
            score += 0.8
        elif 0xFF61 <= point <= 0xFF9F or 0x80 <= point <= 0x9F or 0xE000 <= point <= 0xF8FF:
            score -= 1.0
    score /= len(odd)
    # Cyrillic runs in words and seldom changes case inside one; accented Latin letters stand alone.
    words = _CYRILLIC.findall(text)
    if words:
        mixed = sum(1 for word in words if not (word[1:].islower() or word.isupper()))
        score -= 0.6 * mixed / len(words)
        runs = sum(map(len, words))
        cyrillic = sum(1 for letter in odd if 0x400 <= ord(letter) <= 0x4FF)
        score -= 0.5 * (1 - min(1.0, runs / max(cyrillic, 1)))
    elif any(0x400 <= ord(letter) <= 0x4FF for letter in odd):
        score -= 0.5
    # Western accents stand beside ASCII letters; a run of them is another script misread.
    western = re.findall("[À-ÿ]{3,}", text)
    score -= 0.8 * sum(map(len, western)) / len(odd)
    # A Chinese or Japanese character glued between Latin letters is a misread accent.
    glued = len(re.findall("[A-Za-z][\u4e00-\u9fff]|[\u4e00-\u9fff][a-z]", text))
    score -= 1.2 * glued / len(odd)
    return score


_WESTERN = {
    ord(letter)
    for letter in "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœŒšŠžŽ€£°–—’“”«»…\xa0"
}
