"""The JSON of a report: the keys of the contract in their order, amounts in units, null for what is missing."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from reconcile.result import Result
from reports.json import text

KEYS: dict[str, list[str]] = {
    "": ["schema", "basis", "figures", "assumptions", "cases", "findings"],
    "basis": ["currency", "prices"],
    "figures": [
        "id", "source", "reporter", "partner", "flow", "commodity", "period", "printed", "printed_unit",
        "currency", "value", "amount", "low", "high", "valuation", "records", "status", "approx", "state",
        "place", "quote", "steps",
    ],
    "steps": ["name", "op", "operand", "assumption", "before", "after"],
    "assumptions": ["id", "value", "low", "high", "unit", "source", "date"],
    "cases": [
        "id", "kind", "areas", "flow", "commodity", "period", "figures", "lowest", "highest", "gap",
        "gap_pct_mean", "gap_pct_lowest", "gap_pct_highest", "log_ratio", "verdict", "causes", "explained",
        "residual", "balance",
    ],
    "causes": ["cause", "amount", "low", "high", "evidence", "note"],
    "balance": ["value", "low", "high", "method"],
    "findings": ["code", "severity", "case", "figures", "message", "advice"],
}  # fmt: skip


def refuse(constant: str) -> Any:
    raise AssertionError(f"{constant} is no JSON")


def load(result: Result) -> dict[str, Any]:
    """Parse the JSON of a result as a strict reader does."""
    found: dict[str, Any] = json.loads(text(result), parse_constant=refuse)
    return found


def test_the_keys_are_those_of_the_contract_in_their_order(made: Result, example: Result) -> None:
    for result in (made, example):
        document = load(result)
        assert list(document) == KEYS[""] and list(document["basis"]) == KEYS["basis"]
        for name in ("figures", "assumptions", "cases", "findings"):
            assert document[name]
            assert all(list(row) == KEYS[name] for row in document[name])
        steps = [step for row in document["figures"] for step in row["steps"]]
        causes = [cause for row in document["cases"] for cause in row["causes"]]
        balances = [row["balance"] for row in document["cases"] if row["balance"]]
        assert all(list(step) == KEYS["steps"] for step in steps) and steps
        assert all(list(cause) == KEYS["causes"] for cause in causes) and causes
        assert all(list(balance) == KEYS["balance"] for balance in balances) and balances


def test_amounts_are_in_units_and_values_as_printed(made: Result) -> None:
    row = next(row for row in load(made)["figures"] if row["id"] == "b-cny")
    assert row["value"] == 674.15 and row["currency"] == "CNY"
    assert row["amount"] == pytest.approx(674.15e9 / 7.1975)
    assert row["low"] < row["amount"] < row["high"]
    assert [step["op"] for step in row["steps"]] == ["=", "×", "÷"]
    assert row["steps"][-1]["assumption"] == "fx-CNY-2024"
    assert row["steps"][0]["before"] is None


def test_what_is_missing_is_null_or_an_empty_text(made: Result) -> None:
    document = load(made)
    row = next(row for row in document["figures"] if row["id"] == "tm-none")
    assert row["value"] is None and row["amount"] is None and row["state"] == "not reported"
    assert row["quote"] == "" and row["steps"] == []
    single = next(case for case in document["cases"] if case["verdict"] == "single source")
    assert single["gap"] is None and single["balance"] is None and single["causes"] == []
    assert document["basis"] == {"currency": "USD", "prices": 2024}


def test_causes_and_residual_make_the_gap(example: Result) -> None:
    for case in load(example)["cases"]:
        if case["gap"] is not None:
            parts = sum(cause["amount"] for cause in case["causes"])
            assert parts == pytest.approx(case["explained"], abs=1)
            assert parts + case["residual"] == pytest.approx(case["gap"], abs=1)


def test_the_example_in_json(example: Result) -> None:
    document = load(example)
    case = next(row for row in document["cases"] if row["id"] == "mirror-C_ASIA-CHN-turnover-2024")
    assert (case["lowest"], case["highest"], case["verdict"]) == (66.2e9, 94.8e9, "discrepancy")
    assert case["areas"] == ["C_ASIA", "CHN"] and len(case["figures"]) >= 4
    known = {row["id"] for row in document["figures"]}
    assert set(case["figures"]) <= known
    assert all(set(row["figures"]) <= known for row in document["findings"])
    assert document["basis"]["prices"] is None


def test_odd_numbers_and_letters_are_written_as_json_can(made: Result) -> None:
    figures = made.figures.copy()
    figures.loc[0, "amount"] = float("inf")
    figures.loc[0, "quote"] = 'a "b" \ud800 \x00 \u2028'
    found = load(dataclasses.replace(made, figures=figures))["figures"][0]
    assert found["amount"] is None
    assert found["quote"].startswith('a "b" ')
