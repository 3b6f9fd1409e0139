"""Owns the reading of printed numbers: digits, marks, signs, footnotes and the signs that stand for no number.

Babel gives the marks of a locale (`decimal_of`); the parsing is ours, because Babel's reads `66,2` as 662
where the locale writes a decimal point. A text with two readings is refused, never guessed; a column may
decide what a cell alone cannot.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sources.words import DIGITS, clean

NAN = float("nan")
MAX_TEXT = 400  # characters of a cell; nothing longer is one printed number
MARKS = {"point": ".", "comma": ","}


@dataclass(frozen=True)
class Number:
    """One printed number: `value` (None where there is none), `quantum` (one unit in the last printed digit)."""

    value: float | None
    quantum: float = NAN
    state: str = "number"
    flag: str = ""
    problem: str = ""


# --- signs that stand in the place of a number --------------------------------------------------

_MISSING: dict[str, str] = {
    **dict.fromkeys(
        [
            "...",
            "..",
            ".",
            ":",
            "-",
            "--",
            "---",
            "n.a.",
            "n.a",
            "n/a",
            "na",
            "n.d.",
            "n.d",
            "nd",
            "n/d",
            "n.v.",
            "k.a.",
            "#",
            "●",
            "•",
            "*",
            "null",
            "none",
            "missing",
            "[x]",
            "[w]",
            "[u]",
            "m",
            ":u",
            "@na",
            "н/д",
            "н.д.",
            "н.д",
            "нд",
            "غ.م",
            "غ.م.",
            "غ/م",
        ],
        "not reported",
    ),
    **dict.fromkeys(
        (
            "not available",
            "not reported",
            "no data",
            "нет данных",
            "данных нет",
            "données non disponibles",
            "non disponible",
            "sin datos",
            "keine angabe",
            "غير متوفر",
            "غير متاح",
            "未公布",
            "无数据",
            "暂无",
            "дерек жоқ",
        ),
        "not reported",
    ),
    **dict.fromkeys(
        [
            "c",
            "x",
            "(c)",
            "(x)",
            "[c]",
            ":c",
            "c:",
            "(d)",
            "s.s.",
            "suppressed",
            "confidential",
            "конфиденциально",
            "secret",
            "geheim",
            "保密",
            "سري",
        ],
        "suppressed",
    ),
    **dict.fromkeys(
        (
            "z",
            ":z",
            "[z]",
            "(z)",
            "not applicable",
            "неприменимо",
            "не применимо",
            "不适用",
            "غير منطبق",
        ),
        "not applicable",
    ),
    **dict.fromkeys(("nil", "zero", "ноль", "нуль", "صفر", "零"), "zero"),
}
# Legend texts in the words of the publishers; the first hit decides, so the rarer meanings stand first.
_LEGEND: tuple[tuple[str, str], ...] = (
    (
        r"not applicable|неприменим|не применим|tabellenfach gesperrt|x = blocked|不适用|sans objet|no aplicable",
        "not applicable",
    ),
    (r"confiden|suppress|secret|geheim|конфиденц|保密|blocked|سري", "suppressed"),
    (
        r"not (yet )?(available|reported|known)|unavailable|missing|no data|unknown|unbekannt|нет данных"
        r"|данных не имеется|отсутствуют данные|n\.?d\.?|non disponible|sin datos|未公布|无数据|غير متوفر",
        "not reported",
    ),
    (r"less than half|negligible|незначительн|небольшая|unter|малая величина|不足", "zero"),
    (
        r"zero|\bnil\b|nothing|none|nichts|явление отсутствует|нул|néant|nul|cero|صفر|没有|无该|零",
        "zero",
    ),
    (r"negativ|minus|отрицат|سالب|负", "negative"),
    (r"relia|estimat|uncertain|unsicher|оцен|approx|fiab|估", "flag"),
)
_LEGEND_WORDS = {"zero", "not reported", "suppressed", "not applicable", "negative", "flag"}
_ERRORS = re.compile(
    r"#(ref!?|div/0!?|n/a|value!?|name\?|num!?|null!?|spill!?|calc!?|getting_data)", re.I
)
_INFINITE = re.compile(r"[+-]?(inf|infinity|nan|1\.#(inf|ind|qnan)|∞)", re.I)

# --- one notation for all: spaces, minus signs, digits, Arabic and full-width marks -----------------------

_FOLD: dict[int, str | None] = {
    **DIGITS,
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms
    **dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\u3000\t\n\r\v\f"), " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    **dict.fromkeys(
        map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\ufe58\uff0d\u207b"), "-"
    ),
    **dict.fromkeys(
        map(ord, "\u2018\u2019\u02bc\u02b9\u2032\u00b4`\u066c"), "'"
    ),  # Arabic ٬ groups
    ord("\u066b"): "D",  # Arabic ٫ is a decimal mark wherever it stands
    ord("\u00b7"): "D",  # so is the raised point of older British print
    ord("\u060c"): ",",
    ord("\u3001"): ",",
    ord("\u2026"): "...",
    ord("\u066a"): "%",
    **dict.fromkeys(
        (
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x206A),
            0xAD,
            0x61C,
            0xFEFF,
        ),
        None,
    ),
}
# Raised and circled signs are marks, never digits: 123² is 123 with note 2.
_RAISED = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (0xAA, 0xB2, 0xB3, 0xB9, 0xBA, *range(0x2B0, 0x2B9), *range(0x1D2C, 0x1DBF), 0x207F)
    + tuple(range(0x2070, 0x207F))
    + tuple(range(0x2080, 0x209D))
    + tuple(range(0x2460, 0x24EA))
    if unicodedata.normalize("NFKC", chr(code)) != chr(code)
}
_RAISED_RUN = re.compile("[" + "".join(map(chr, _RAISED)) + "]+")

_SCIENTIFIC = re.compile(r"(\d+)(?:[.D](\d*))?[eE]([+-]?\d{1,3})|[.D](\d+)[eE]([+-]?\d{1,3})")
_SCIENTIFIC_COMMA = re.compile(r"(\d+),(\d+)[eE]([+-]?\d{1,3})")
_GROUPED = r"[1-9]\d{{0,2}}(?P<g>[{marks}' ])\d{{3}}(?:(?P=g)\d{{3}})*"
_READINGS = {
    "point": re.compile(
        r"(?P<whole>"
        + _GROUPED.format(marks=",")
        + r"|[1-9]\d?(?:,\d\d)*,\d{3}|\d+)(?:[.D](?P<part>\d*))?"
        r"|[.D](?P<only>\d+)"
    ),
    "comma": re.compile(
        r"(?P<whole>"
        + _GROUPED.format(marks=".")
        + r"|\d+)(?:[,D](?P<part>\d+))?|[,D](?P<only>\d+)"
    ),
}
_NO_DIGIT = re.compile(r"\D")
_CELL = re.compile(
    r"(?P<lead>[*†‡~≈]|[preEPR] |\([a-zA-Z]\) ?)? ?(?P<open>\()? ?(?P<sign>[+-])? ?"
    r"(?P<body>\d*[.,D]?\d+[eE][+-]?\d{1,3}|\d*[.]?\d+,\d+[eE][+-]?\d{1,3}|[.,D]?\d(?:[\d.,D' ]*\d)?\.?)"
    r" ?(?P<trail>-(?!\d))? ?(?P<close>\))?"
    r"(?P<mark> ?[*†‡§#!]+| ?\((?:[a-zA-Z]{1,3}|\d{1,2})\)| ?\[(?:[a-zA-Z]{1,3}|\d{1,2})\]| [a-zA-Z\d]{1,2}[)/]"
    r"|[a-zA-Z][)]| ?[preusfdzncPREUSFDNC]| b| (?!bn\b|mn\b|tn\b)[bcdefnprsuz]{2,3})?"
)
_FOREIGN = re.compile(r"[^\W\d_]{2,}|[^\W\d_\x00-\u02ff]")
# The common printed cells, by the decimal mark that alone reads them; a text of neither shape takes the long way.
_COMMON = re.compile(
    r"-?(?:(?P<point>[1-9]\d{0,2}(?:(?:,\d{3})+\.\d{1,15}|(?:,\d{3}){2,5}))"
    r"|(?P<comma>[1-9]\d{0,2}(?:(?:\.\d{3})+,\d{1,15}|(?:\.\d{3}){2,5})"
    r"|[1-9]\d*,(?:\d\d?|\d{4,15})|[1-9]\d{3,15},\d{3})"
    r"|(?P<both>[1-9]\d{0,2}[.,]\d{3}))"
)
_QUANTA = [float(f"1e-{n}") for n in range(16)]
_BARE = re.compile(r"(-?)(\d[\d.,]*\d|\d)")  # the common cell: digits and marks, nothing to fold


def parse(text: str, decimal: str | None = None) -> Number:
    """Read one printed number; `decimal` is None, "point" or "comma".

    A text with two readings ("1,234") gives a Number with a `problem` that states both, and no value.
    """
    _check_mark(decimal)
    return _settle(_candidates(text), text, decimal, {}, "")


def decimal_of(locale: str) -> str:
    """Give the decimal mark that a locale prints ("point" or "comma"), from CLDR through Babel.

    ValueError for a locale that CLDR does not hold.
    """
    from babel import Locale, UnknownLocaleError

    try:
        symbols = Locale.parse(locale.replace("-", "_")).number_symbols
    except UnknownLocaleError as error:
        raise ValueError(
            f"no locale “{locale}” is known; write one such as en, de, fr_CA"
        ) from error
    return "comma" if symbols["latn"]["decimal"] == "," else "point"


@dataclass(frozen=True)
class _Cell:
    """What a text may mean before a decimal mark is chosen: a Number, or one (value, quantum) a mark."""

    fixed: Number | None = None
    readings: tuple[tuple[str, tuple[float, float]], ...] = ()
    flag: str = ""
    bracketed: bool = False
    sign: str = ""  # a sign that stands in place of a number, as folded

    def of(self, mark: str) -> tuple[float, float] | None:
        return dict(self.readings).get(mark)

    @property
    def ambiguous(self) -> bool:
        return len({reading for _, reading in self.readings}) > 1

    @property
    def vote(self) -> str:
        """The only mark under which the text is a number; empty where both or neither do."""
        return self.readings[0][0] if len(self.readings) == 1 else ""


def _unreadable(why: str, flag: str = "") -> Number:
    return Number(None, NAN, "not reported", flag, why)


def _fold(text: str) -> tuple[str, str]:
    """Give the text in one notation, and the raised marks that stood in it."""
    if text.isascii():
        return " ".join(text.split()), ""
    raised = "".join(_RAISED_RUN.findall(text))
    marks = unicodedata.normalize("NFKC", raised).strip("()")
    return " ".join(_RAISED_RUN.sub("", text).translate(_FOLD).split()), marks


@functools.lru_cache(maxsize=1 << 17)
def _candidates(text: str) -> _Cell:
    if len(text) > MAX_TEXT:
        return _Cell(_unreadable(f"a text of {len(text):,} characters is not a number"))
    bare = _BARE.fullmatch(text) if text.isascii() else None
    if bare:
        readings = _readings(bare[2], -1.0 if bare[1] else 1.0)
        if readings:
            return _Cell(None, readings)
    folded, raised = _fold(text)
    low = folded.casefold()
    word = low.replace(" ", "") if low[:1] == ":" else low
    if word in _MISSING or not low:
        sign = "-" if low and not low.strip("-") else low
        state = _MISSING.get(word, "not reported")
        if state == "zero":
            return _Cell(Number(0.0, 1.0, "zero", raised), sign=sign)
        shown = text.strip()
        return _Cell(Number(None, NAN, state, shown if not raised else low), sign=sign)
    if _ERRORS.fullmatch(low):
        return _Cell(_unreadable(f"the cell holds the spreadsheet error {folded}", folded))
    if _INFINITE.fullmatch(low):
        return _Cell(_unreadable(f"“{folded}” is not a number"))
    found = _CELL.fullmatch(folded)
    if not found:
        return _Cell(_unreadable(_why_not(folded)), sign=low)
    flag = raised + "".join((found["lead"] or "").split() + (found["mark"] or "").split()).strip(
        "()[]/"
    )
    opened, closed = bool(found["open"]), bool(found["close"])
    mark = found["mark"] or ""
    if (
        opened != closed and closed and re.search(r"[ ']\d$", found["body"])
    ):  # "123 1)": a note, no bracket
        body, _, note = found["body"].rpartition(" ")
        if not body:
            return _Cell(_unreadable(_why_not(folded)))
        flag, closed = raised + note, False
    elif opened != closed:
        return _Cell(_unreadable(f"“{folded}” has one bracket only, or a note glued to its digits"))
    else:
        body = found["body"]
    if found["sign"] and found["trail"]:
        return _Cell(_unreadable(f"“{folded}” has two signs"))
    negative = found["sign"] == "-" or bool(found["trail"])
    readings = _readings(body, -1.0 if negative else 1.0)
    if not readings:
        return _Cell(_unreadable(_why_not(folded)), sign=low)
    if mark.strip() in ("#", "!"):
        flag = mark.strip()
    return _Cell(None, readings, flag, opened)


def _readings(body: str, sign: float) -> tuple[tuple[str, tuple[float, float]], ...]:
    """Give what a bare numeral means under each decimal mark; nothing where it is a numeral under neither."""
    if "e" in body or "E" in body:
        return _scientific(body, sign)
    out = []
    for mark, pattern in _READINGS.items():
        found = pattern.fullmatch(body)
        if not found:
            continue
        part = found["only"] or found["part"] or ""
        digits = _NO_DIGIT.sub("", found["whole"] or "0")
        value = float(f"{digits}.{part}" if part else digits)
        if math.isfinite(value):
            out.append((mark, (sign * value if value else 0.0, float(f"1e-{len(part)}"))))
    return tuple(out)


def _scientific(body: str, sign: float) -> tuple[tuple[str, tuple[float, float]], ...]:
    for mark, pattern in (("point", _SCIENTIFIC), ("comma", _SCIENTIFIC_COMMA)):
        found = pattern.fullmatch(body)
        if found:
            plain = body.replace("D", ".").replace(",", ".")
            value, exponent = float(plain), int(re.split("[eE]", plain)[1])
            decimals = len(re.split("[eE]", plain)[0].partition(".")[2])
            quantum = float(f"1e{exponent - decimals}")
            if not math.isfinite(value) or not math.isfinite(quantum) or not quantum:
                return ()
            reading = (sign * value if value else 0.0, quantum)
            both = "." not in plain
            return tuple((name, reading) for name in (MARKS if both else (mark,)))
    return ()


def _why_not(folded: str) -> str:
    """Say in plain words why a text is no number."""
    shown = folded if len(folded) <= 60 else folded[:57] + "..."
    if any(unicodedata.category(letter) == "Sc" for letter in folded):
        return f"“{shown}” has a currency sign in the cell; the unit belongs in the unit column"
    if "%" in folded or "‰" in folded:
        return f"“{shown}” is a percentage, not an amount"
    if re.fullmatch(r"[\d.,D' ]*\d ?- ?\d[\d.,D' ]*", folded):
        return f"“{shown}” is a range, not a number"
    if re.search(r"\d", folded) and _FOREIGN.search(folded):
        return f"“{shown}” has words beside the digits; the unit belongs in the unit column"
    if re.fullmatch(r"\d[\d.,D' ]*", folded):
        return f"the digits of “{shown}” are grouped in no known way"
    return f"“{shown}” is not a number"


def _settle(
    cell: _Cell, text: str, decimal: str | None, legend: Mapping[str, str], context: str
) -> Number:
    """Choose among the readings of a cell; `context` says why the column did not decide."""
    if cell.sign and cell.sign in legend:
        meaning = legend[cell.sign]
        shown = text.strip()
        if meaning == "zero":
            return Number(0.0, 1.0, "zero", shown)
        if meaning in ("not reported", "suppressed", "not applicable"):
            return Number(None, NAN, meaning, shown)
    if cell.fixed is not None:
        return cell.fixed
    shown = " ".join(text.split())
    if decimal is not None:
        reading = cell.of(decimal)
        if reading is None:
            return _unreadable(f"“{shown}” is not a number with a decimal {decimal}", cell.flag)
    elif cell.ambiguous:
        both = " or ".join(
            f"{_plain(cell.of(mark))} (decimal {mark})"
            for mark in MARKS
            if cell.of(mark) is not None
        )
        return _unreadable(f"“{shown}” can be read as {both}{context}", cell.flag)
    else:
        reading = cell.readings[0][1]
    value, quantum = reading
    flag = cell.flag
    if cell.bracketed:
        meaning = legend.get("()", "")
        flag = "()" + flag
        if meaning == "negative":
            value = -abs(value) if value else 0.0
        elif meaning != "flag":
            return _unreadable(
                f"“{shown}” is in brackets: either negative or of low reliability, and no legend says which",
                flag,
            )
    return Number(value, quantum, "number" if value else "zero", flag)


def _plain(reading: tuple[float, float] | None) -> str:
    value, quantum = reading or (NAN, NAN)
    return f"{value:.{max(0, -round(math.log10(quantum)))}f}"


def _check_mark(decimal: str | None) -> None:
    if decimal not in (None, "point", "comma"):
        raise ValueError(f"the decimal mark is “point” or “comma”, not “{decimal}”")


def read_legend(legend: Mapping[str, str] | None) -> dict[str, str]:
    """Give a sheet's legend (sign -> words) in our words: a state, "negative" or "flag".

    Bracket signs ("()", "( )", "(123)", "brackets") are all keyed "()"; a text not understood is left out.
    """
    out: dict[str, str] = {}
    for sign, words in (legend or {}).items():
        folded = _fold(sign)[0].casefold()
        key = "()" if re.fullmatch(r"\( ?[\d.x]* ?\)|brackets?|parenthes[ei]s", folded) else folded
        key = "-" if key and not key.strip("-") else key
        text = clean(words)
        meaning = text if text in _LEGEND_WORDS else ""
        meaning = meaning or next((state for shape, state in _LEGEND if re.search(shape, text)), "")
        if meaning:
            out[key] = meaning
    return out


# --- columns ----------------------------------------------------------------------------------

COLUMN_FIELDS = ["value", "quantum", "state", "flag", "problem"]


def parse_column(
    values: Sequence[str] | pd.Series | np.ndarray,
    decimal: str | None = None,
    legend: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Read a column of n printed numbers: value, quantum, state, flag, problem (n rows, same index).

    The column decides the decimal mark from its unambiguous cells; where none or both marks occur, every
    ambiguous cell carries a `problem`. `legend` maps the sheet's signs to their meaning in words, and is
    the only way for "-" to be zero or brackets to be negative.
    """
    _check_mark(decimal)
    index = values.index if isinstance(values, pd.Series) else None
    if hasattr(values, "dtype") and getattr(values.dtype, "kind", "O") in "iuf":
        return _numeric(np.asarray(values, dtype=float), index)
    texts = [cell if type(cell) is str else _text_of(cell) for cell in _listed(values)]
    plain, decimals, whole = _shapes(texts)
    risky = plain & (decimals == 3) & (whole > 0)
    votes = _votes({texts[i] for i in np.flatnonzero(~plain)})
    if bool((plain & (decimals > 0) & ~risky).any()):
        votes.add("point")
    context, chosen = "", decimal
    if decimal is None and len(votes) == 1:
        chosen = votes.pop()
    elif decimal is None and len(votes) == 2:
        context = "; other cells of the column print both marks"
    if chosen == "comma":  # a plain 1.234 is then 1234, and a plain 1.5 cannot be read
        plain &= decimals <= 0
    elif chosen is None:
        plain &= ~risky
    value, quantum, columns = _plain_columns(texts, plain, decimals)
    at = np.flatnonzero(~plain)
    if len(at):
        codes, unique = pd.factorize(np.array([texts[i] for i in at], dtype=object))
        answers = _answers(unique.tolist(), chosen, read_legend(legend), context)
        value[at], quantum[at] = answers[0][codes], answers[1][codes]
        for name, array in zip(("state", "flag", "problem"), answers[2:]):
            columns[name][at] = array[codes]
    return _frame(value, quantum, columns, index)


def _votes(texts: Iterable[str]) -> set[str]:
    """Give the decimal marks under which alone some of the texts are numbers."""
    found: set[str] = set()
    for text in texts:
        shape = _COMMON.fullmatch(text)
        found.add(shape.lastgroup or "" if shape else _candidates(text).vote)
    return found & set(MARKS)


def _answers(
    texts: list[str], mark: str | None, legend: Mapping[str, str], context: str
) -> list[np.ndarray]:
    """Read n different texts under a column's mark: arrays of value, quantum, state, flag, problem."""
    size = len(texts)
    value, quantum = np.full(size, NAN), np.full(size, NAN)
    words: list[np.ndarray] = [np.full(size, text, dtype=object) for text in ("number", "", "")]
    for k, text in enumerate(texts):
        shape = _COMMON.fullmatch(text) if mark else None
        if shape and shape.lastgroup in (mark, "both"):
            digits = (
                text.replace(",", "")
                if mark == "point"
                else text.replace(".", "").replace(",", ".")
            )
            value[k], quantum[k] = float(digits), _QUANTA[len(digits.partition(".")[2])]
            continue
        number = _settle(_candidates(text), text, mark, legend, context)
        value[k] = NAN if number.value is None else number.value
        quantum[k] = number.quantum
        words[0][k], words[1][k], words[2][k] = number.state, number.flag, number.problem
    words[0][value == 0] = "zero"
    return [value, quantum, *words]


def _text_of(cell: object) -> str:
    if type(cell) is str:
        return cell
    return "" if cell is None or cell is pd.NA or cell != cell else str(cell)


def _listed(values: Iterable[str]) -> list[str]:
    return values.tolist() if hasattr(values, "tolist") else list(values)


def _frame(
    value: np.ndarray, quantum: np.ndarray, columns: dict[str, np.ndarray], index: pd.Index | None
) -> pd.DataFrame:
    data = {"value": value, "quantum": quantum}
    data |= {name: pd.array(array, dtype="str") for name, array in columns.items()}
    return pd.DataFrame(data, index=index, columns=COLUMN_FIELDS)


def _numeric(value: np.ndarray, index: pd.Index | None) -> pd.DataFrame:
    """Take a column that is numeric already; its quantum comes from its shortest text."""
    texts = [repr(number).removesuffix(".0") for number in value.tolist()]
    texts = ["" if text == "nan" else text for text in texts]
    frame = parse_column(texts, decimal="point")
    frame["value"] = np.where(frame["state"].isin(["number", "zero"]), value, NAN)
    return frame if index is None else frame.set_axis(index)


def _shapes(texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the plain cells (-digits[.digits], ASCII) of n texts without a loop over them.

    Gives plain (bool), decimals (digits after the point, -1 without one) and whole (1 where the digits before
    the point could be a first group of thousands: one to three, not starting with 0).
    """
    size = len(texts)
    none: np.ndarray = np.zeros(size, dtype=bool)
    if not size:
        return none, none.astype(int), none.astype(int)
    joined = "\n".join(texts)
    if joined.count("\n") != size - 1:
        joined = "\n".join(text.replace("\n", " ") for text in texts)
    raw: np.ndarray = np.frombuffer(f"{joined}\n".encode("utf-8", "replace"), dtype=np.uint8)
    ends: Any = np.flatnonzero(raw == 10)
    starts = np.concatenate(([0], ends[:-1] + 1))
    length: Any = ends - starts
    digit: Any = (raw >= 48) & (raw <= 57)
    dot = raw == 46
    minus: np.ndarray = np.zeros(size, dtype=bool)
    filled = length > 0
    minus[filled] = raw[starts[filled]] == 45
    digits: Any = np.add.reduceat(digit, starts, dtype=np.int64)
    dots: Any = np.add.reduceat(dot, starts, dtype=np.int64)
    plain = (digits + dots + minus == length) & (dots <= 1) & (digits > 0) & (digits < 300)
    decimals: np.ndarray = np.full(size, -1, dtype=np.int64)
    at: Any = np.flatnonzero(dot)
    owner: Any = np.searchsorted(ends, at)
    single = plain[owner]
    decimals[owner[single]] = (ends[owner] - at - 1)[single]
    plain &= decimals != 0  # "123." is left to the careful path
    before = digits - np.maximum(decimals, 0)
    first = raw[np.minimum(starts + minus, len(raw) - 1)]
    whole = ((before >= 1) & (before <= 3) & (first != 48)).astype(np.int64)
    plain &= (decimals < 0) | (before >= 0)
    return plain, decimals, whole


def _plain_columns(
    texts: list[str], plain: np.ndarray, decimals: np.ndarray
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    size = len(texts)
    value = np.full(size, NAN)
    if plain.all():
        value = np.fromiter(map(float, texts), dtype=float, count=size)
    elif plain.any():
        at = np.flatnonzero(plain)
        value[at] = np.fromiter((float(texts[i]) for i in at.tolist()), dtype=float, count=len(at))
    value[value == 0] = 0.0
    places = np.where(plain, np.maximum(decimals, 0), 0)
    table = np.array([float(f"1e-{n}") for n in range(int(places.max(initial=0)) + 1)])
    quantum = np.where(plain, table[places], NAN)
    state = np.where(value == 0, "zero", "number").astype(object)
    empty: np.ndarray = np.full(size, "", dtype=object)
    return value, quantum, {"state": state, "flag": empty, "problem": empty.copy()}
