"""Expressions: the number that Python gives and the formula that the workbook writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.expressions import evaluate, formula, names

NUMBERS = st.floats(min_value=0.5, max_value=1e6)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_arithmetic(a: float, b: float, c: float) -> None:
    text = "({amount:a}-{amount:b})*{assumption:c}/MAX({amount:a},{amount:b})"
    assert evaluate(text, {"amount:a": a, "amount:b": b, "assumption:c": c}) == pytest.approx(
        (a - b) * c / max(a, b)
    )


def test_the_formula_has_the_cells_of_its_names() -> None:
    text = "{amount:f-1}*({assumption:cif-factor}-1)"
    assert names(text) == ["amount:f-1", "assumption:cif-factor"]
    cells = {"amount:f-1": "Basis!$A$1", "assumption:cif-factor": "Assumptions!$B$2"}
    assert formula(text, cells) == "=Basis!$A$1*(Assumptions!$B$2-1)"


@pytest.mark.parametrize(
    "text", ["__import__('os')", "{a}.real", "{a}**2", "'x'", "[1]", "{a} if 1 else 2"]
)
def test_anything_but_arithmetic_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        evaluate(text, {"a": 1.0})


def test_a_name_without_a_value_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        evaluate("{amount:a}", {})
