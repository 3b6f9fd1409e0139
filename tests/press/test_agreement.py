"""Owns the tests of what the figures of a text settle about each other once all are read."""

from __future__ import annotations

import pytest

from sources.press.agreement import agree
from sources.press.amounts import amounts
from sources.press.scene import Claim
from sources.press.text import sentences
from sources.press.vocabulary import vocabulary

_TEXT = "Sales abroad were 5 billion dollars."


def _claim(reporter: str, partner: str, beside: str = "", flow: str = "exports") -> Claim:
    sentence = sentences(_TEXT, "en")[0]
    amount = amounts(sentence.folded, vocabulary("en"))[0]
    named = frozenset(beside.split())
    return Claim(sentence, amount, "USD", flow, reporter, partner, beside=named)


_PORTUGAL = (("PRT", "WORLD"), ("PRT", "ESP"), ("PRT", "BRA"), ("PRT", "USA"))


@pytest.mark.parametrize(
    ("claim", "reporter", "partner"),
    [
        # in the European Union Germany took 47 million: the list is of Portugal's partners
        (_claim("EU", "DEU", "DEU"), "PRT", "DEU"),
        (_claim("", "DEU", "DEU"), "PRT", "DEU"),
        # France sold Germany 5 bn: both are named, and it is left as it stands
        (_claim("FRA", "DEU", "FRA DEU"), "FRA", "DEU"),
        # Spain's exports are another country's total
        (_claim("ESP", "WORLD", "ESP"), "ESP", "WORLD"),
        # trade of Angola was 5 bn, with nobody named: with the country of the text
        (_claim("AGO", "", "AGO", "turnover"), "PRT", "AGO"),
        # exports of Angola to somebody are not Portugal's
        (_claim("AGO", "", "AGO"), "AGO", ""),
    ],
)
def test_a_figure_without_the_country_of_the_text_is_given_to_it(
    claim: Claim, reporter: str, partner: str
) -> None:
    agree([*(_claim(*sides) for sides in _PORTUGAL), claim])
    assert (claim.reporter, claim.partner) == (reporter, partner)
    assert ("reporter" in claim.assumed) == (reporter == "PRT")


@pytest.mark.parametrize(
    ("rest", "partner"), [([("PRT", "WORLD")] * 4, "WORLD"), (list(_PORTUGAL), "")]
)
def test_a_figure_of_nobody_is_of_the_country_and_of_the_world_only_where_all_are(
    rest: list[tuple[str, str]], partner: str
) -> None:
    claim = _claim("", "")
    agree([*(_claim(*sides) for sides in rest), claim])
    assert (claim.reporter, claim.partner) == ("PRT", partner)


@pytest.mark.parametrize(
    "rest",
    [
        [("PRT", "WORLD"), ("PRT", "ESP")],  # too few
        [("PRT", "ESP"), ("PRT", "ESP"), ("PRT", "ESP")],  # which of the two is it?
        [("PRT", "WORLD")] * 3 + [("ITA", "WORLD"), ("GRC", "WORLD"), ("MLT", "WORLD")],
    ],
)
def test_a_text_of_no_one_country_settles_nothing(rest: list[tuple[str, str]]) -> None:
    claim = _claim("", "DEU", "DEU")
    agree([*(_claim(*sides) for sides in rest), claim])
    assert (claim.reporter, claim.assumed) == ("", ())


def test_a_country_whose_total_trade_is_given_keeps_its_partners() -> None:
    total, partner = _claim("UZB", "WORLD", "UZB"), _claim("UZB", "CHN", "CHN")
    agree(
        [total, partner, *(_claim("KAZ", "UZB", "KAZ UZB") for _ in range(4)), _claim("KAZ", "RUS")]
    )
    assert (partner.reporter, partner.assumed) == ("UZB", ())
