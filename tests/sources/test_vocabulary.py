"""Closed words of a figures file: any case and synonym means the same, and nothing unknown passes in silence."""

from __future__ import annotations

import pytest

from sources import vocabulary
from sources.errors import InputError
from sources.readers import read_bytes

HEAD = "reporter,partner,flow,period,value,unit,source"


def read(more: str, cells: str):  # type: ignore[no-untyped-def]
    text = f"{HEAD},{more}\nKAZ,CHN,exports,2023,5.0,billion USD,A,{cells}\n"
    [reading] = read_bytes(text.encode(), "f.csv", "figures_file")
    return reading.figures.iloc[0]


@pytest.mark.parametrize(
    ("column", "printed", "kept"),
    [
        ("role", "Figure", "figure"), ("role", "set_aside", "set aside"), ("measure", "Net Weight", "net mass"),
        ("valuation", "fob", "FOB"), ("valuation", "c.i.f.", "CIF"), ("concept", "Goods", "goods"),
        ("concept", "GOODS AND SERVICES", "goods and services"), ("status", "Preliminary", "provisional"),
        ("prices", "2015 prices", "2015"), ("prices", "Current", "current"), ("approx", "More than", "over"),
        ("approx", "exact", ""), ("trade_system", "General", "general"), ("trade_system", "mixed", "mixed"),
        ("published", "08.10.2025", "2025-10-08"), ("published", "October 2025", "2025-10"),
        ("published", "2025-10-08 00:00:00", "2025-10-08"),
    ],
)  # fmt: skip
def test_one_word_in_any_dress(column: str, printed: str, kept: str) -> None:
    assert read(column, printed)[column] == kept


@pytest.mark.parametrize(
    ("column", "printed", "advice"),
    [
        ("role", "headline", "figure, total, part, set aside"), ("concept", "good", "did you mean 'goods'"),
        ("prices", "dollars", "2015"), ("status", "semi-final", "provisional"), ("approx", "maybe", "about"),
        ("measure", "volume", "net mass"), ("valuation", "EXW", "FOB"), ("currency", "dollars", "ISO 4217"),
        ("published", "last week", "2025-10-08"), ("low", "five", "number"), ("low", "5.5", "at or below"),
        ("high", "4.5", "at or above"),
    ],
)  # fmt: skip
def test_an_unknown_word_is_refused_with_its_place_and_what_to_write(
    column: str, printed: str, advice: str
) -> None:
    with pytest.raises(InputError) as error:
        read(column, printed)
    [problem] = error.value.problems
    assert (problem.place, problem.file) == (f"line 2, column {column}", "f.csv")
    assert printed in problem.found and advice in problem.advice


def test_every_word_kept_is_a_word() -> None:
    for column, words in vocabulary.SHOWN.items():
        assert {vocabulary.word(column, word) for word in words} == set(words)


def test_ends_of_an_interval_are_read_with_their_decimal_mark() -> None:
    text = HEAD + ",low,high\nKAZ;CHN;exports;2023;5,0;billion USD;A;4,5;5,5\n".replace(
        ",low", ",low"
    )
    text = text.replace(HEAD + ",low,high", (HEAD + ",low,high").replace(",", ";"))
    [reading] = read_bytes(text.encode(), "f.csv", "figures_file")
    row = reading.figures.iloc[0]
    assert (row["low"], row["value"], row["high"]) == (4.5, 5.0, 5.5)


def test_a_sign_before_the_number_is_an_approximation() -> None:
    text = HEAD + "\nKAZ,CHN,exports,2023,~60.0,billion USD,A\n"
    [reading] = read_bytes(text.encode(), "f.csv", "figures_file")
    row = reading.figures.iloc[0]
    assert (row["approx"], row["low"], row["high"]) == ("about", 58.5, 61.5)


def test_a_figure_read_again_keeps_the_file_of_its_place() -> None:
    row = read("file,place", "a.csv,line 7")
    assert (row["file"], row["place"]) == ("a.csv", "line 7")
