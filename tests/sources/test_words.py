"""Words are tidied for matching without losing what tells two of them apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.words import clean, fold_digits, nearest, strip_accents, strip_controls


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  Trade\u00a0 Value ", "trade value"),
        ("٦٦ ملياراً", "66 مليارا"),
        ("۱۲۳ और १२३", "123 और 123"),
        ("ＵＳＤ", "usd"),
        ("\ufeffreporter\u200b", "reporter"),
        ("\u202b66\u202c", "66"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("Straße", "strasse"),
        ("млрд ДОЛЛ.", "млрд долл."),
    ],
)
def test_clean(text: str, tidy: str) -> None:
    assert clean(text) == tidy


@given(st.text(max_size=40))
def test_clean_twice_is_clean(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()


@given(st.text(max_size=40))
def test_what_is_shown_cannot_steer_a_terminal(text: str) -> None:
    shown = strip_controls(text + "\x1b]0;title\x07\x1b[2J" + text)
    assert "\x1b" not in shown
    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in shown if letter != "\r")


def test_controls_go_and_letters_stay() -> None:
    assert strip_controls("a\x00b\x1b[1mc\u202ed") == "abcd"
    assert strip_controls("Côte d’Ivoire – 66,2 مليار") == "Côte d’Ivoire – 66,2 مليار"


def test_digits_and_accents() -> None:
    assert fold_digits("٦٦٫٢ ６６") == "66٫2 66"
    assert strip_accents("Türkiye Åland São й ё") == "Turkiye Aland Sao й ё"


def test_nearest_gives_the_choice_as_it_was_written() -> None:
    assert nearest("repoter", ["Reporter", "Partner", "Unit"])[0] == "Reporter"
    assert nearest("zzz", ["Reporter"]) == []
