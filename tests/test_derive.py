"""Derived figures: turnover, years, groups and remainders, each with its parents, never beside its parts."""

from __future__ import annotations

import pytest
from build import only, result


def test_turnover_from_its_flows_meets_the_printed_turnover_of_the_partner() -> None:
    found = result(
        "CHN,KAZ,exports,2023,60,billion USD,B", "CHN,KAZ,imports,2023,30,billion USD,B",
        "KAZ,CHN,turnover,2023,70,billion USD,A",
    )  # fmt: skip
    made = only(found.figures, derived=True)
    assert made["amount"] == pytest.approx(90e9)
    row = only(found.cases, kind="mirror", flow="turnover")
    assert row["gap"] == pytest.approx(20e9)


def test_a_year_from_its_months_is_compared_with_the_printed_year() -> None:
    months = [f"KAZ,CHN,exports,2023-{m:02d},{m},million USD,A" for m in range(1, 13)]
    found = result(*months, "KAZ,CHN,exports,2023,80,million USD,A")
    row = only(found.cases, kind="parts")
    assert row["gap"] == pytest.approx(78e6 - 80e6)
    made = only(found.figures, derived=True)
    steps = found.ledger[found.ledger["figure"] == made["id"]]
    assert len(steps) == 12
    assert set(steps["op"]) == {"+"}


def test_eleven_months_make_no_year() -> None:
    months = [f"KAZ,CHN,exports,2023-{m:02d},{m},million USD,A" for m in range(1, 12)]
    assert not result(*months).figures["derived"].any()


def test_a_missing_month_makes_no_year() -> None:
    months = [f"KAZ,CHN,exports,2023-{m:02d},{m},million USD,A" for m in range(1, 12)]
    found = result(*months, "KAZ,CHN,exports,2023-12,,million USD,A")
    assert not found.figures["derived"].any()


def test_the_interval_of_a_remainder_widens() -> None:
    found = result(
        "C_ASIA,CHN,turnover,2024,66.2,billion USD,E", "KAZ,CHN,turnover,2024,30.1,billion USD,E",
        "UZB,CHN,turnover,2024,18.0,billion USD,E", "TKM,CHN,turnover,2024,10.6,billion USD,E",
        "KGZ,CHN,turnover,2024,5.5,billion USD,E",
    )  # fmt: skip
    made = only(found.figures, derived=True)
    assert made["reporter"] == "TJK"
    assert made["amount"] == pytest.approx(2.0e9)
    assert made["amount_high"] - made["amount_low"] == pytest.approx(5 * 0.1e9)


def test_a_group_and_its_members_are_compared_and_not_added() -> None:
    members = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
    lines = [f"CHN,{code},exports,2023,{n},billion USD,B" for n, code in enumerate(members, 1)]
    found = result("CHN,C_ASIA,exports,2023,16,billion USD,B", *lines)
    row = only(found.cases, kind="parts")
    assert row["gap"] == pytest.approx(-1e9)


def test_flows_alone_make_no_turnover_that_nobody_prints() -> None:
    found = result("CHN,KAZ,exports,2023,60,billion USD,B", "CHN,KAZ,imports,2023,30,billion USD,B")
    assert not found.figures["derived"].any()


def test_a_year_from_its_halves_and_no_year_from_forecasts() -> None:
    halves = [
        "KAZ,CHN,exports,2023-H1,6,billion USD,A,",
        "KAZ,CHN,exports,2023-H2,7,billion USD,A,",
    ]
    found = result(*halves, "KAZ,CHN,exports,2023,14,billion USD,A,", more="status")
    assert only(found.cases, kind="parts")["gap"] == pytest.approx(-1e9)
    halves[1] += "forecast"
    assert not result(*halves, more="status").figures["derived"].any()


def test_flows_of_two_concepts_make_no_turnover() -> None:
    found = result(
        "CHN,KAZ,exports,2023,60,billion USD,B,goods",
        "CHN,KAZ,imports,2023,30,billion USD,B,goods and services",
        "KAZ,CHN,turnover,2023,70,billion USD,A,goods",
        more="concept",
    )
    assert not found.figures["derived"].any()
