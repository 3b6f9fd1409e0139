"""The sentence of a case."""

from __future__ import annotations

import pandas as pd
import pytest
from tiny import pair, row, told

from reconcile.causes import modules
from reconcile.causes.words import PHRASES, sentence

BILLION = {"unit": "billion USD"}


def test_canada_and_china_in_one_sentence() -> None:
    """30.0 and 53.1 billion, 6.0 re-exported by Hong Kong, 1.8 of freight: 15.3 left."""
    found = told(
        [
            *pair("30.0", "53.1", **BILLION),
            row("HKG", "CAN", "re-exports", "6.0", coverage="origin: China", **BILLION),
        ]
    )
    assert sentence(found.case(), found.causes, "USD") == (
        "Of 23.1 billion USD, 6.0 passed through Hong Kong (recorded), 1.8 is CIF/FOB (assumed), "
        "15.3 is unexplained."
    )


def test_a_gap_below_zero_is_told_by_its_size() -> None:
    """Canada, by origin, counts 12 less than the United States, whose re-exports are 9."""
    rows = pair("100.0", "88.0", exporter="USA", **BILLION)
    rows[1]["partner_basis"] = "origin"
    found = told([*rows, row("USA", "CAN", "re-exports", "9.0", **BILLION)])
    text = sentence(found.case("USA", "CAN", flow="exports"), found.causes, "USD")
    assert text == "Of 12.0 billion USD, 9.0 is re-exports (recorded), 3.0 is unexplained."


def test_a_claim_against_the_gap_is_said_to_hide_more() -> None:
    """The same re-exports beside a gap of +20: 9 more are hidden, 29 to explain, less 6 of freight."""
    rows = pair("100.0", "120.0", exporter="USA", **BILLION)
    rows[1]["partner_basis"] = "origin"
    found = told([*rows, row("USA", "CAN", "re-exports", "9.0", **BILLION)])
    text = sentence(found.case("USA", "CAN", flow="exports"), found.causes, "USD")
    assert text == (
        "Of 20.0 billion USD, 6.0 is CIF/FOB (assumed), 23.0 is unexplained; "
        "re-exports hides another 9.0 (recorded)."
    )


@pytest.mark.parametrize(
    ("x", "m", "text"),
    [
        ("66", "66.4", "The gap of 400.0 million USD is within rounding."),
        ("66.0", "60.0", "No cause claims any part of the gap of 6.0 billion USD."),
        ("66.0", "66.0", "The figures agree."),
    ],
)
def test_plain_cases(x: str, m: str, text: str) -> None:
    """Within rounding, without a cause, without a gap."""
    found = told(pair(x, m, **BILLION))
    assert sentence(found.case(), found.causes, "USD") == text


def test_one_source() -> None:
    """Only China reports."""
    found = told([row("CHN", "CAN", "exports", "5.0")])
    assert sentence(found.case(), found.causes, "USD").startswith("One source only")


def test_small_parts_are_no_false_zero() -> None:
    """A part of 4 million in a gap of 20 billion reads 0.004."""
    case = {"id": "c", "gap": 20e9, "verdict": "discrepancy"}
    causes = pd.DataFrame(
        [{"case": "c", "cause": "timing", "amount": 4e6, "evidence": "estimated", "note": "a lag"}]
    )
    assert "0.004 was on its way" in sentence(case, causes, "USD")


def test_every_cause_has_a_phrase() -> None:
    """No cause is told by its bare name."""
    assert {module.NAME for module in modules()} == set(PHRASES)
