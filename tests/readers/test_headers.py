"""Headers of any table: the unit that they name, and what is no amount of trade."""

from __future__ import annotations

import pytest

from sources.readers import headers


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Trade Value (US$)", "USD"),
        ("fob_usd", "USD"),
        ("value_kusd", "thousand USD"),
        ("import_cost_usd_million", "million USD"),
        ("Export_Amount_ZMW", "ZMW"),
        ("Imports, CIF, mln USD", "million USD"),
        ("金额（万美元）", "10 thousand USD"),
        ("TradeValue in 1000 USD", "thousand USD"),
        ("Exports to all", ""),
        ("Top exports", ""),
        ("avg_unit_price_usd_per_ton", ""),
        ("usd_to_bdt_rate", ""),
        ("Exports", ""),
    ],
)
def test_the_unit_of_a_header(header: str, unit: str) -> None:
    assert headers.money(headers.unit_of(header)) == unit


@pytest.mark.parametrize(
    ("month", "end"),
    [
        ("1", "-01"),
        ("12.0", "-12"),
        ("M03", "-03"),
        ("март", "-03"),
        ("Q2", "-Q2"),
        ("13", ""),
        ("", ""),
    ],
)
def test_a_month_beside_a_year(month: str, end: str) -> None:
    assert headers.month_of(month) == end


def test_a_bare_number_under_quarter_is_a_quarter() -> None:
    assert headers.month_of("2", quarters=True) == "-Q2" and headers.month_of("IV", True) == "-Q4"
    assert headers.month_of("7", quarters=True) == ""


def test_joined_and_dotted_headers_are_taken_apart() -> None:
    assert headers.tidied("ExportValue_USD") == "export value usd"
    assert headers.begins("Trade.Flow", headers.WORDS["flow"])
    assert not headers.begins("hsbc", headers.WORDS["commodity"])
