"""Printed numbers: what each text means, and which texts are refused rather than guessed."""

from __future__ import annotations

import math
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.numbers import Number, decimal_of, parse, parse_column, read_legend

SPACES = [" ", "\u00a0", "\u202f", "\u2009"]


@pytest.mark.parametrize(
    ("text", "value", "quantum"),
    [
        ("66.2", 66.2, 0.1),
        ("66,2", 66.2, 0.1),
        ("44", 44, 1),
        ("18.0", 18, 0.1),
        ("1200", 1200, 1),
        ("1,234.5", 1234.5, 0.1),
        ("1.234,5", 1234.5, 0.1),
        ("1,234,567", 1234567, 1),
        ("1.234.567", 1234567, 1),
        *[(f"1{space}234,5", 1234.5, 0.1) for space in SPACES],
        ("1'234.5", 1234.5, 0.1),
        ("1’234’567", 1234567, 1),
        ("12,34,567.8", 1234567.8, 0.1),
        ("1,23,456", 123456, 1),
        ("٦٦٫٢", 66.2, 0.1),
        ("66٫2", 66.2, 0.1),
        ("١٬٢٣٤٫٥", 1234.5, 0.1),
        ("1٬234", 1234, 1),
        ("۶۶٫۲", 66.2, 0.1),
        ("१२३", 123, 1),
        ("１，２３４．５", 1234.5, 0.1),
        ("６６．２", 66.2, 0.1),
        ("\u200f66,2\u200f", 66.2, 0.1),
        ("−66,2", -66.2, 0.1),
        ("–66,2", -66.2, 0.1),
        ("- 5", -5, 1),
        ("66.2-", -66.2, 0.1),
        ("+5", 5, 1),
        (".067", 0.067, 0.001),
        ("0.123", 0.123, 0.001),
        ("0,123", 0.123, 0.001),
        ("123.", 123, 1),
        ("1e6", 1e6, 1e6),
        ("1.0391E+04", 10391, 1),
        ("1,5e3", 1500, 100),
        ("2.5e-3", 0.0025, 0.0001),
    ],
)
def test_numbers(text: str, value: float, quantum: float) -> None:
    number = parse(text)
    assert number.problem == ""
    assert number.value == pytest.approx(value, rel=1e-15)
    assert number.quantum == pytest.approx(quantum, rel=1e-12)
    assert number.state == "number"


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("123*", "*"),
        ("123 1)", "1"),
        ("123(p)", "p"),
        ("123 (1)", "1"),
        ("123ᵖ", "p"),
        ("123 p)", "p"),
        ("123p", "p"),
        ("123 p", "p"),
        ("123²", "2"),
        ("123¹⁾", "1"),
        ("123[2]", "2"),
        ("123†", "†"),
        ("123 bep", "bep"),
        ("123 b", "b"),
        ("~123", "~"),
        ("r 123", "r"),
    ],
)
def test_notes_glued_to_a_number_become_its_flag(text: str, flag: str) -> None:
    assert parse(text) == Number(123.0, 1.0, "number", flag, "")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        *[(sign, "not reported") for sign in ("", " ", "...", "…", "..", ".", ":", "-", "–", "—")],
        *[
            (sign, "not reported")
            for sign in ("n.a.", "N/A", "#", "●", "нет данных", "[x]", "k.A.")
        ],
        *[(sign, "suppressed") for sign in ("c", "x", "X", ": c", ":c", "[c]", "保密")],
        *[(sign, "not applicable") for sign in (":z", "[z]", "not applicable", "不适用")],
    ],
)
def test_signs_in_place_of_a_number(text: str, state: str) -> None:
    number = parse(text)
    assert (number.value, number.state, number.problem) == (None, state, "")
    assert number.flag == text.strip()
    assert math.isnan(number.quantum)


def test_zero_comes_from_the_text_only() -> None:
    assert parse("0") == Number(0.0, 1.0, "zero")
    assert parse("0,00") == Number(0.0, 0.01, "zero")
    assert math.copysign(1, parse("-0.0").value or 0.0) == 1
    assert parse("-").state == "not reported"
    column = parse_column(["-", "5.5"], legend={"–": "nil or negligible"})
    assert column["state"].tolist() == ["zero", "number"]
    assert column["value"].tolist() == [0.0, 5.5]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1,234", "1234 (decimal point) or 1.234 (decimal comma)"),
        ("1.234", "1.234 (decimal point) or 1234 (decimal comma)"),
        ("-12,345", "-12345 (decimal point) or -12.345"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("-Infinity", "not a number"),
        ("1e999", "not a number"),
        ("1_000", "not a number"),
        ("½", "not a number"),
        ("12½", "not a number"),
        ("12 34", "grouped in no known way"),
        ("1,2345,678", "grouped in no known way"),
        ("1.234.56", "grouped in no known way"),
        ("66.2%", "percentage"),
        ("$ 3.2", "currency sign"),
        ("3,2 €", "currency sign"),
        ("$ 3.2 bn", "currency sign"),
        ("66.2bn", "unit column"),
        ("6.62万", "unit column"),
        ("66,2 млрд", "unit column"),
        ("66.2b", "not a number"),
        ("5-6", "range"),
        ("(66.2)", "brackets"),
        ("(66.2", "one bracket"),
        ("1231)", "one bracket"),
        ("-5-", "two signs"),
        ("#REF!", "spreadsheet error"),
        ("#DIV/0!", "spreadsheet error"),
        ("#N/A", "spreadsheet error"),
        ("<5", "not a number"),
        ("=1+1", "not a number"),
    ],
)
def test_refused_with_the_reason(text: str, says: str) -> None:
    number = parse(text)
    assert number.value is None
    assert number.state == "not reported"
    assert says in number.problem


# The texts on which a general locale library returned another number without a word.
LOCALE_CASES = [
    ("ar", "66,2", None),
    ("en", "66,2", None),
    ("de", "66.2", None),
    ("ar", "٦٦٫٢", 66.2),
    ("ar_EG", "٦٦٫٢", 66.2),
    ("ar", "66٫2", 66.2),
    ("ar_DZ", "66,2", 66.2),
    ("ar_MA", "66,2", 66.2),
    ("fr", "1 234,5", 1234.5),
    ("fr", "1\u00a0234,5", 1234.5),
    ("fr", "1\u202f234,5", 1234.5),
    ("ru", "1 234,5", 1234.5),
    ("ru", "1\u00a0234,5", 1234.5),
    ("ru", "1\u202f234,5", 1234.5),
    ("fr", "66.2", None),
    ("ru", "66.2", None),
    ("de", "1.234", 1234),
    ("zh", "1，234．5", 1234.5),
    ("zh", "６６．２", 66.2),
    ("zh", "6.62万", None),
    ("en_IN", "12,34,567.8", 1234567.8),
    ("en_IN", "1,234,567.8", 1234567.8),
    ("en", "−66.2", -66.2),
    ("en", "(66.2)", None),
    ("en", "66.2%", None),
    ("en", "1'234.5", 1234.5),
    ("en", "NaN", None),
    ("en", "Infinity", None),
    ("en", "1_000", None),
    ("en", "1e6", 1e6),
]


@pytest.mark.parametrize(("locale", "text", "value"), LOCALE_CASES)
def test_a_locale_gives_its_number_or_refuses(locale: str, text: str, value: float | None) -> None:
    number = parse(text, decimal_of(locale))
    assert number.value == value
    assert bool(number.problem) == (value is None)


def test_decimal_marks_of_locales() -> None:
    marks = {
        "en": "point",
        "de": "comma",
        "fr-CA": "comma",
        "ru": "comma",
        "zh": "point",
        "kk": "comma",
    }
    assert {locale: decimal_of(locale) for locale in marks} == marks
    with pytest.raises(ValueError, match="no locale"):
        decimal_of("xx_nowhere")
    with pytest.raises(ValueError, match="decimal mark"):
        parse("1", "dot")


AMOUNTS = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).map(lambda x: round(x, 2))


@given(
    AMOUNTS,
    st.sampled_from(
        ["en", "de", "fr", "ru", "kk", "pt", "es", "tr", "uz", "zh", "en_IN", "de_CH", "ar"]
    ),
)
def test_what_a_locale_prints_is_read_back_or_refused(amount: float, locale: str) -> None:
    from babel.numbers import format_decimal

    printed = format_decimal(amount, format=None, locale=locale, decimal_quantization=False)
    alone, told = parse(printed), parse(printed, decimal_of(locale))
    assert alone.value is None or alone.value == pytest.approx(amount, rel=1e-14)
    assert told.value == pytest.approx(amount, rel=1e-14)


@given(AMOUNTS, st.sampled_from(["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"]))
def test_digits_of_every_script(amount: float, digits: str) -> None:
    printed = f"{amount:.2f}".translate(str.maketrans("0123456789", digits))
    assert parse(printed).value == pytest.approx(amount, rel=1e-14)


@given(st.text(max_size=12))
def test_any_text_gives_a_number_a_state_or_a_problem(text: str) -> None:
    number = parse(text)
    if number.value is None:
        assert number.problem or number.state in ("not reported", "suppressed", "not applicable")
    else:
        assert math.isfinite(number.value) and number.quantum > 0
        assert number.state == ("number" if number.value else "zero")


@given(st.text(alphabet="0123456789.,' -", max_size=14), st.sampled_from([None, "point", "comma"]))
def test_a_column_of_one_reads_as_the_cell_alone(text: str, decimal: str | None) -> None:
    cell = parse(text, decimal)
    row = parse_column([text], decimal).iloc[0]
    if cell.value is None:
        assert math.isnan(row["value"])
    else:
        assert row["value"] == cell.value
        assert row["quantum"] == cell.quantum
    assert (row["state"], row["flag"], row["problem"]) == (cell.state, cell.flag, cell.problem)


# --- columns --------------------------------------------------------------------------------


def test_a_column_decides_what_a_cell_cannot() -> None:
    assert parse_column(["1,234", "5.5"])["value"].tolist() == [1234, 5.5]
    assert parse_column(["1,234", "5,5"])["value"].tolist() == [1.234, 5.5]
    assert parse_column(["1.234", "5.5"])["value"].tolist() == [1.234, 5.5]
    assert parse_column(["1.234", "5,5"])["value"].tolist() == [1234, 5.5]
    assert parse_column(["1.234", "1.234.567"])["value"].tolist() == [1234, 1234567]


def test_a_column_without_evidence_is_refused_cell_by_cell() -> None:
    column = parse_column(["1,234", "5,678", "12"])
    assert column["value"].isna().tolist() == [True, True, False]
    assert all("can be read as" in text for text in column["problem"][:2])
    told = parse_column(["1,234", "5,678"], decimal="point")
    assert told["value"].tolist() == [1234, 5678]


def test_a_column_with_both_marks_refuses_only_what_is_open() -> None:
    column = parse_column(["66.2", "66,2", "1,234"])
    assert column["value"].tolist()[:2] == [66.2, 66.2]
    assert "both marks" in column["problem"][2]


def test_the_users_mark_refuses_the_other() -> None:
    column = parse_column(["66.2", "1.401,40"], decimal="comma")
    assert column["value"].tolist()[1] == 1401.4
    assert "not a number with a decimal comma" in column["problem"][0]


def test_brackets_go_by_the_legend() -> None:
    cells = ["(123.4)", "5.0"]
    assert "brackets" in parse_column(cells)["problem"][0]
    negative = parse_column(cells, legend={"()": "negative"})
    assert (negative["value"][0], negative["flag"][0]) == (-123.4, "()")
    weak = parse_column(cells, legend={"( )": "data less reliable"})
    assert (weak["value"][0], weak["flag"][0], weak["problem"][0]) == (123.4, "()", "")


def test_legends_in_the_publishers_words() -> None:
    assert read_legend(
        {
            "–": "явление отсутствует",
            "…": "нет данных",
            "x": "confidential",
            ".": "Zahlenwert unbekannt",
            "( )": "negative",
            "§": "something else",
        }
    ) == {
        "-": "zero",
        "...": "not reported",
        "x": "suppressed",
        ".": "not reported",
        "()": "negative",
    }
    column = parse_column(["/", "…"], legend={"/": "nil", "…": "zero"})
    assert column["state"].tolist() == ["zero", "zero"]


def test_a_column_keeps_its_index_and_numbers_stay_themselves() -> None:
    series = pd.Series(["1", "x", None], index=[7, 8, 9])
    column = parse_column(series)
    assert column.index.tolist() == [7, 8, 9]
    assert column["state"].tolist() == ["number", "suppressed", "not reported"]
    numeric = parse_column(pd.Series([1.5, float("nan"), 0, 1.234, 1e20], index=list("abcde")))
    assert numeric["state"].tolist() == ["number", "not reported", "zero", "number", "number"]
    assert numeric["quantum"].tolist()[3] == 0.001
    assert parse_column([]).empty
    infinite = parse_column(np.array([float("inf")]))
    assert "not a number" in infinite["problem"][0]


def test_a_million_cells_take_seconds_not_minutes() -> None:
    values = [f"{x:.2f}" for x in np.random.default_rng(1).lognormal(10, 3, 1_000_000)]
    began = time.perf_counter()
    column = parse_column(values)
    took = time.perf_counter() - began
    assert column["problem"].eq("").all()
    assert took < 6, f"{took:.2f} s"  # measured 0.8 s; the room is for a busy machine
