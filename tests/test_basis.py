"""The common basis: scale, currency at the rate of the period, prices, and the laws of the ledger."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from build import only, readings, result
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile import ledger
from reconcile.assumptions import Book
from reconcile.basis import Context, to_basis
from reconcile.result import Basis
from reconcile.run import run
from sources.errors import InputError, LawBroken


@settings(max_examples=15, deadline=None)
@given(
    st.decimals(min_value=1, max_value=10**6, places=2),
    st.sampled_from([("USD", 1.0), ("thousand USD", 1e3), ("million USD", 1e6), ("billion USD", 1e9)]),
)  # fmt: skip
def test_scale(value: object, unit: tuple[str, float]) -> None:
    found = result(f"KAZ,CHN,exports,2023,{value},{unit[0]},A")
    assert found.figures["amount"].iloc[0] == pytest.approx(float(str(value)) * unit[1], rel=1e-12)


def test_the_chain_from_print_to_amount() -> None:
    found = result("KAZ,CHN,exports,2024,468.96,billion KZT,A")
    steps = found.ledger[["name", "op", "operand", "assumption", "after"]].to_numpy().tolist()
    assert steps == [
        ["number", "=", 468.96, "", 468.96],
        ["scale", "×", 1e9, "", 468.96e9],
        ["currency", "÷", 468.96, "fx-KZT-2024", pytest.approx(1e9)],
    ]


def test_a_figure_in_the_basis_currency_takes_no_currency_step() -> None:
    found = result("KAZ,CHN,exports,2024,10,USD,A")
    assert list(found.ledger["name"]) == ["number"]  # a bare unit changes nothing


def test_another_basis_currency_goes_through_dollars() -> None:
    found = result(
        "KAZ,CHN,exports,2024,10,billion USD,A",
        "CHN,KAZ,imports,2024,9,billion EUR,B",
        currency="EUR",
    )
    dollar, euro = (only(found.figures, source=name)["amount"] for name in "AB")
    assert dollar == pytest.approx(10e9 * 0.9239)
    assert euro == pytest.approx(9e9)


def test_prices_of_another_year_pass_two_indices() -> None:
    found = result("RUS,C_ASIA,turnover,2023,44,billion USD,A", prices=2024)
    assert found.figures["amount"].iloc[0] == pytest.approx(44e9 / 304.702 * 313.689)
    assert list(found.ledger["name"])[-2:] == ["prices (from)", "prices (to)"]


def test_the_users_rate_comes_first() -> None:
    own = pd.DataFrame(
        {"id": ["fx-CNY-2024"], "value": [7.0], "low": [float("nan")], "high": [float("nan")],
         "unit": [""], "source": ["my bank"], "date": [""], "kind": [""]}
    )  # fmt: skip
    found = run(readings("CHN,KAZ,exports,2024,70,billion CNY,B"), Basis(), own)
    assert found.figures["amount"].iloc[0] == pytest.approx(10e9)
    assert only(found.assumptions, id="fx-CNY-2024")["source"] == "my bank"


def test_every_missing_rate_is_named_once_with_what_to_do() -> None:
    with pytest.raises(InputError) as error:
        result(
            "KAZ,CHN,exports,1950,10,billion KZT,A", "UZB,CHN,exports,1950,10,billion UZS,A",
            "KAZ,RUS,exports,1950,10,billion KZT,A",
        )  # fmt: skip
    texts = [str(problem) for problem in error.value.problems]
    assert len(texts) == 2
    for code in ("KZT", "UZS"):
        assert any(f"fx-{code}-1950" in text and "--assumptions" in text for text in texts)


def test_quantities_stay_quantities() -> None:
    found = result("KAZ,CHN,exports,2023,5,thousand kg,A", "CHN,KAZ,imports,2023,5,tonnes,B")
    assert list(found.figures["amount"]) == [pytest.approx(5.0), pytest.approx(5.0)]
    assert only(found.cases, kind="mirror")["measure"] == "net mass"


def chain() -> tuple[pd.DataFrame, pd.DataFrame]:
    figures, steps = to_basis(
        readings("CHN,KAZ,exports,2024,70,billion CNY,B")[0].figures, Context(Basis(), Book())
    )
    return figures.assign(derived=False), steps


def test_laws_hold_for_a_chain_as_made() -> None:
    figures, steps = chain()
    ledger.check(steps, figures)


@pytest.mark.parametrize(
    ("column", "row", "value"), [("after", 1, 1.0), ("before", 2, 1.0), ("operand", 1, 2.0), ("figure", 2, "x")]
)  # fmt: skip
def test_each_law_notices_its_breach(column: str, row: int, value: object) -> None:
    figures, steps = chain()
    steps[column] = steps[column].astype(object)
    steps.loc[row, column] = value
    for name in ("before", "operand", "after"):
        steps[name] = steps[name].astype(float)
    with pytest.raises(LawBroken):
        ledger.check(steps, figures)


def test_an_amount_that_no_step_made_is_noticed() -> None:
    figures, steps = chain()
    with pytest.raises(LawBroken):
        ledger.check(steps, figures.assign(amount=figures["amount"] * 1.01))


def test_a_lost_figure_is_noticed() -> None:
    figures, _ = chain()
    with pytest.raises(LawBroken):
        ledger.count(figures, figures.iloc[:0])


def test_the_result_is_frozen() -> None:
    found = result("KAZ,CHN,exports,2024,10,USD,A")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.title = "another"  # type: ignore[misc]


def test_a_figure_without_a_period_has_no_amount_and_meets_nobody() -> None:
    read = readings("KAZ,CHN,exports,2024,10,billion KZT,A", "CHN,KAZ,imports,2024,9,billion USD,B")
    figures = read[0].figures
    figures.loc[0, ["period", "start", "end"]] = ""
    found = run(read, Basis())
    assert pd.isna(only(found.figures, source="A")["amount"])
    assert set(found.cases["verdict"]) == {"single source"}
