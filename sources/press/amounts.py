"""Owns the amounts of a sentence: numbers of every script, scale words, currencies before and after, ranges."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from sources.press import han
from sources.press.joining import between, compared, elided, masses
from sources.press.numerals import DIGITS, Amount, number
from sources.press.vocabulary import AGGLUTINATIVE, UNSPACED, Vocabulary, vocabulary

_HALF = 0.5
_TORN = re.compile(r"(?<!\d)\d{1,3}, $")  # a number torn apart: 247, 8
_MILLIONS = 1e6  # of money; a price of one thing is less
_BEYOND = 1e13  # more dollars than any two countries trade in a year
_TONNES = {"kilogram": 1e-3, "quintal": 0.1}  # units of mass that are read in tonnes


_DOTTED = re.compile(r"\d{1,2}\.\d{3} ?م(?:ليون)?(?!\w)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_RISES = re.compile(r"(?<!\w)со? \D{0,3}$")


@functools.cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Give the patterns of an amount, of one part of its number, and of the joint of a range."""
    words = vocabulary(language)
    tight = r"\s?" if language in UNSPACED else r"[ -]{0,2}"
    scale = rf"(?:{words.fragment('scale')})" + ("" if language in UNSPACED else r"(?!\w)")
    digits = (r"\d+ر\d+|" if language == "ar" else "") + rf"(?:{DIGITS})"
    if language in UNSPACED:
        digits += rf"|(?:{han.NUMBER})(?={scale})"
    word = words.fragment("number")
    compound = rf"(?:{word})(?: (?:(?:{words.fragment('and')}) ?)?(?:{word})(?!\w)){{0,2}}"
    # In Arabic "and", "by", "to" are written with the number: و554 مليون, بعشرين مليار
    edge = r"(?:(?<!\w)|(?<=(?<!\w)[وفبلك]))" if language == "ar" else r"(?<!\w)"
    spelt = rf"{edge}{compound} (?={scale})"
    units = rf" (?:{words.fragment('measure')}|{words.fragment('currency')})(?!\w)"
    several = "|".join(p for code, p in words.rows.get("number", []) if float(code) != 1) or "(?!)"
    counted = rf"{edge}(?:{several})(?={units})"  # ten tonnes; a tonne is mostly of a price
    dual = rf"{edge}(?<!\d )(?:{words.fragment('dual')})(?!\w)"
    joint = rf" ?(?:-|~|\.\.|{words.fragment('range')}) ?"
    half = rf"(?: (?:{words.fragment('and_half')})(?!\w))?"
    part = rf"(?:{digits}){tight}{scale}{half}|{spelt}{scale}{half}|{dual}"
    and_ = rf" ?(?:{words.fragment('and')}) ?|,? ?"
    and_ = " ?" if language in AGGLUTINATIVE else and_  # there "and" joins two amounts
    letter = r"(?<![a-z])" if language in UNSPACED else r"(?<![^\W\d_])"
    sign = rf"(?P<before>{letter}(?:{words.fragment('sign')}))(?: ?-(?=\d))?"
    again = rf"(?P<again>{words.fragment('sign')}| )?"
    unit_end = "" if language in UNSPACED else r"(?!\w)"
    currency = rf"(?:{tight}(?:{words.fragment('of')})?(?P<after>(?:{words.fragment('currency')}){unit_end}))"
    rate = rf" ?(?:{words.fragment('rate')})"  # 733 million, 64 % more: two numbers
    measure = rf"(?:{tight}(?:{words.fragment('of')})?(?P<measure>(?:{words.fragment('measure')}){unit_end}))"
    body = rf"(?:(?:{part})(?:{and_})(?={digits}))?(?:(?:{part})(?:{and_}))?(?:{part}|(?:{digits})(?![\d]|[.,]\d|{rate})|{counted})"
    first = rf"(?:(?P<first>(?:{digits})(?:{tight}{scale})?)(?:{tight}(?:{words.fragment('currency')}){unit_end})?{joint}{again})?"
    whole = re.compile(
        rf"(?:{sign} ?|{edge}(?<!\d[.,/])){first}(?P<body>{body})(?:{currency}|{measure})?"
        if language not in UNSPACED
        else rf"(?:{sign} ?|(?<!\d)(?<!\d[.,])){first}(?P<body>{body})(?:{currency}|{measure})?"
    )
    one = re.compile(
        rf"(?P<dual>{dual})|(?P<digits>{digits})?(?P<spelt>{compound})?{tight}"
        rf"(?P<scale>{scale})(?P<half>{half})|(?P<bare>{digits})|(?P<word>{counted})"
    )
    return whole, one, re.compile(joint)


@functools.cache
def _rows(language: str, kind: str) -> list[tuple[str, re.Pattern[str]]]:
    rows = vocabulary(language).rows.get(kind, [])
    return [(code, re.compile(rf"\s*(?:{pattern})")) for code, pattern in rows]


def _code(language: str, kind: str, match: re.Match[str], group: str) -> str:
    """Give the code of what a group matched, seen where it stands; "" where it matched nothing."""
    start, end = match.span(group)
    if start < 0:
        return ""
    lead = min(start, _BEFORE)
    seen = match.string[start - lead : end + _BEHIND]
    return _coded(language, kind, seen, lead, end - start + lead)


_BEFORE, _BEHIND = 4, 30  # characters around a word of a unit that its row may look at


@functools.lru_cache(maxsize=4096)  # a text prints the same scales and currencies again and again
def _coded(language: str, kind: str, text: str, start: int, end: int) -> str:
    """Give the code of the row of a kind that fits most of the words between two places."""
    best = ("", 0)
    for code, pattern in _rows(language, kind):
        hit = pattern.match(text, start)
        if hit and best[1] < hit.end() <= end:
            best = (code, hit.end())
    return best[0]


def _spelt(language: str, text: str) -> float:
    """Add up the words of a number: eight hundred and seventy; 0 for none."""
    total, at = 0.0, 0
    rows = _rows(language, "number")
    while at < len(text):
        hits = [(hit.end(), code) for code, row in rows if (hit := row.match(text, at))]
        end, code = max(hits, default=(at, "0"))
        total += float(code)
        at = end if end > at else at + 1
    return total


def _size(text: str, start: int, end: int, language: str) -> tuple[float, float, float, bool]:
    """Read the number of an amount: (value, unit of its last digit, largest scale, a scale is printed)."""
    total, quantum, largest, shown = 0.0, 0.0, 1.0, False
    thousands = False
    for hit in _patterns(language)[1].finditer(text, start):
        if hit.start() >= end:
            break
        if hit["dual"]:
            factor = float(_code(language, "dual", hit, "dual") or 0)
            total, quantum, largest, shown = total + factor, factor / 10, max(largest, factor), True
            thousands = factor == 1e3  # mil 400 millones
            continue
        factor = float(_code(language, "scale", hit, "scale") or 1)
        printed = hit["digits"] or hit["bare"] or ""
        if re.fullmatch(han.NUMBER, printed):
            value, step = han.value(printed), 1.0
        elif (
            "ر" in printed
        ):  # the fraction printed first, an old habit of Arabic agencies: 5ر87 is 87.5
            fraction, _, whole = printed.partition("ر")
            value, step = float(f"{whole}.{fraction}"), 10.0 ** -len(fraction)
        elif printed:
            value, step = number(printed, language, factor)
        elif hit["word"]:
            value, step = float(_code(language, "number", hit, "word") or 1), 1.0
        else:
            value, step = _spelt(language, hit["spelt"] or "") or 1.0, 1.0
        if hit["half"]:
            value, step = value + _HALF, _HALF
        if thousands and factor >= 1e6:
            total *= factor  # 182 mil 200 millones: the thousands are thousands of millions
        total += value * factor
        thousands = language in ("es", "pt") and factor == 1e3
        quantum = step * factor
        largest, shown = max(largest, factor), shown or bool(hit["scale"])
    return total, quantum, largest, shown


def amounts(text: str, words: Vocabulary) -> list[Amount]:
    """Give the amounts of a folded sentence that have a scale or a unit, left to right; percentages are none."""
    out: list[Amount] = []
    for match in _patterns(words.language)[0].finditer(text):
        lead = text[max(0, match.start() - 6) : match.start()]
        if not lead.endswith(", ") or not _TORN.search(lead):
            out += _read(match, text, words)
    if words.find("each", text):
        out = elided(out, text, words)
    if ") " in text:
        out = _parted(out, text, words)
    if any(a.code == "tonne" for a in out):
        out = compared(out, text, words)
    return between(masses(out, text), text, words)


@functools.cache
def _parted_pattern(language: str) -> re.Pattern[str]:
    words = vocabulary(language)
    inner = rf"[^()\d]{{0,24}}(?:(?:19|20)\d\d\W{{1,3}})?[^()\d]{{0,16}}(?P<inner>{DIGITS})"
    unit = rf"(?P<scale>{words.fragment('scale')}) ?(?P<after>{words.fragment('currency')})(?!\w)"
    return re.compile(rf"(?<![\w.,])(?P<outer>{DIGITS}) \((?:{inner}|[^()]{{0,24}})\) {unit}")


def _parted(found: list[Amount], text: str, words: Vocabulary) -> list[Amount]:
    """Add numbers that brackets part from their unit: 778.6 (2017: about 749.9) bn euros."""
    language, out = words.language, list(found)
    for hit in _parted_pattern(language).finditer(text):
        if any(a.start < hit.end() and hit.start() < a.end for a in found):
            continue
        factor = float(_code(language, "scale", hit, "scale") or 1)
        code = _code(language, "currency", hit, "after")
        for place in (hit.span(name) for name in ("outer", "inner") if hit[name]):
            value, step = number(text[slice(*place)], language, factor)
            out.append(Amount(*place, place, value * factor, step * factor, factor, code))
    return sorted(out, key=lambda a: a.start)


def _read(match: re.Match[str], text: str, words: Vocabulary) -> list[Amount]:
    """Give the amounts of one hit: one as a rule, none for a rate, two where it joins two levels."""
    language = words.language
    code = _code(language, "sign", match, "before")
    after = _code(language, "currency", match, "after")
    code = after if after and not (code and after == "USD") else code
    code = _code(language, "measure", match, "measure") or code
    *apart, (begin, stop) = _pieces(text, *match.span("body"), language)
    out = []
    for start, end in apart:  # 3.57 trillion and 3.14 trillion yuan: two amounts, no compound
        value, quantum, scale, _ = _size(text, start, end, language)
        out.append(Amount(start, end, (start, end), value, quantum, scale, code))
    value, quantum, scale, shown = _size(text, begin, stop, language)
    printed = text[begin:stop]
    mixed = match["before"] and match["measure"] and not match["first"]
    joint = words.pattern(rf" <and> (?={DIGITS}$)").search(printed) if mixed else None
    if mixed and not joint and language in AGGLUTINATIVE:
        joint = re.search(r"(?<=[lл][iи][kк]) (?=\d)", printed)  # $8,7 mlnlik 3,3 ming tonna
    if joint:
        cut = begin + joint.start()  # US$ 44 millones y 35.321 toneladas
        money = _size(text, begin, cut, language)
        mass = _size(text, begin + joint.end(), stop, language)[:2]
        one = Amount(
            match.start(), cut, (begin, cut), *money[:3], _code(language, "sign", match, "before")
        )
        start = begin + joint.end()
        return [one, Amount(start, match.end(), (start, stop), *mass, 1.0, "tonne")]
    if code in ("USD", "EUR") and value >= _BEYOND and re.fullmatch(r"\d{1,3}\.\d{3}\D*", printed):
        value, quantum = value / 1000, quantum / 1000  # more than the world trades: a decimal point
    if language == "ar" and "TND" in code and _DOTTED.match(printed):
        value, quantum = (
            value * 1000,
            quantum * 1000,
        )  # 14.640 مليون دينار: as Tunis writes thousands
    if (not shown and not code) or not value:
        return []
    factor = _TONNES.get(code, 1.0)
    code = "tonne" if code in _TONNES else code
    value, quantum = value * factor, quantum * factor
    if match["first"] and not match["after"] and not match["measure"] and _YEAR.fullmatch(printed):
        begin, end = match.span("first")  # to reach 15 billion by 2022
        value, step, scale, shown = _size(text, begin, end, language)
        return [Amount(match.start(), end, (begin, end), value * factor, step * factor, scale, code)] if shown else []  # fmt: skip
    rate = words.starting("rate", text[match.end() :]) is not None
    if language in AGGLUTINATIVE and code not in ("", "tonne") and value >= _MILLIONS:
        rate = False  # 80 million dollars' worth of cars
    low = high = 0.0
    start = begin
    if match["first"]:
        begin, end = match.span("first")
        lower, step, unit, scaled = _size(text, begin, end, language)
        lead = text[: match.start()]
        lower, step = lower * factor, step * factor
        first = Amount(match.start(), end, (begin, end), lower, step, unit, code)
        if not scaled:
            first = replace(first, value=lower * scale, quantum=step * scale, scale=scale)
        ranged = first.value < value <= 20 * first.value and not rate
        moved = words.ending("moved", lead) is not None
        levels = _two_levels(lead, text[match.end() :], words)
        if not scaled and not _YEAR.fullmatch(text[begin:end]):
            moved = moved or levels  # from 3.4 to 6.9 bn
        if moved or (scaled and (not ranged or levels)):
            out.append(first)  # from 1 bn to 2 bn, by 0.3 bn to 2 bn; $9.8 billion or 59 %
        elif ranged:
            low, high = first.value - first.quantum / 2, value + quantum / 2
            value, start = (first.value + value) / 2, begin
    if rate:
        return out
    opened = match["before"] and not out
    edge = match.start() if opened or low else start
    if edge == start and (match["again"] or "").strip():
        edge = match.start("again")  # from $1 bn to $2 bn: the sign is of the second
    place = (start, stop if apart else _number_end(match, text, words))
    out.append(Amount(edge, match.end(), place, value, quantum, scale, code, low, high, factor))
    return out


def _two_levels(lead: str, tail: str, words: Vocabulary) -> bool:
    """Tell whether what looks like a range are two amounts: from 1 bn to 2 bn, rose 1 bn to 5 bn."""
    if words.language == "ja":  # the verb comes last: 180億ドルから300億ドルに拡大
        return words.starting("to_level", tail) is not None
    if words.language == "ru":
        return _RISES.search(lead) is not None
    return words.ending("from_level", lead) is not None or words.ending("change_before", lead) is not None  # fmt: skip


def _pieces(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Cut a number of several parts where a part is no smaller than the one before it."""
    cuts, before = [start], 0.0
    for hit in _patterns(language)[1].finditer(text, start, end):
        factor = float(_code(language, "scale", hit, "scale") or 1) if hit["scale"] else 1.0
        if factor == before > 1 or factor > before >= 1e6:
            cuts.append(hit.start())
        before = factor
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _number_end(match: re.Match[str], text: str, words: Vocabulary) -> int:
    """Give where the number as printed ends: before its scale word where it is one part."""
    body = match["body"]
    digits = re.match(rf"\d+ر\d+|(?:{DIGITS})", body)
    parts = [hit for hit in _patterns(words.language)[1].finditer(body) if hit[0].strip()]
    if len(parts) == 1 and digits:
        return match.start("body") + digits.end()
    return match.start("body") + len(body.rstrip())
