"""How the gap moves: sources left out, CIF/FOB from 0 to 20 %, assumptions at their ends."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from reconcile.result import ASSUMPTIONS, CAUSES, LEDGER, SENSITIVITY
from reconcile.sensitivity import CASES_SHOWN, sensitivity


def _figures(*rows: tuple[str, str, str, str, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["id", "source", "reporter", "partner", "flow", "amount"])
    return table.assign(
        origin=table["source"], commodity="TOTAL", period="2014", valuation="", measure="value"
    )


def _cases(**columns: object) -> pd.DataFrame:
    base: dict[str, object] = {"id": "c", "kind": "mirror", "areas": ("CHN", "CAN"), "flow": "exports",
                               "figure_a": "x", "figure_b": "m", "figures": ("x", "m"), "gap": 23.1}  # fmt: skip
    return pd.DataFrame([{**base, **columns}])


MIRROR = _figures(
    ("x", "GACC", "CHN", "CAN", "exports", 30.0), ("m", "StatCan", "CAN", "CHN", "imports", 53.1)
)
NO_STEPS = pd.DataFrame(columns=LEDGER)
NO_CAUSES = pd.DataFrame(columns=CAUSES)
NO_BOOK = pd.DataFrame(columns=ASSUMPTIONS)


def _row(table: pd.DataFrame, kind: str) -> pd.Series:
    return table[table["kind"] == kind].iloc[0]


def test_china_canada_2014_under_a_margin_of_0_to_20_percent() -> None:
    got = sensitivity(_cases(), MIRROR, NO_STEPS, NO_CAUSES, NO_BOOK)
    assert list(got.columns) == SENSITIVITY
    row = _row(got, "valuation")
    assert (row["base"], row["high"]) == (23.1, pytest.approx(23.1))
    assert row["low"] == pytest.approx(53.1 / 1.2 - 30)


def test_an_importer_that_reports_fob_has_no_margin_to_vary() -> None:
    figures = MIRROR.assign(valuation=["FOB", "FOB"])
    got = sensitivity(_cases(), figures, NO_STEPS, NO_CAUSES, NO_BOOK)
    assert "valuation" not in set(got["kind"])


def test_the_only_source_of_a_side_leaves_no_gap_and_another_steps_in() -> None:
    third = _figures(("x2", "Reuters", "CHN", "CAN", "exports", 33.0))
    got = sensitivity(
        _cases(figures=("x", "x2", "m")), pd.concat([MIRROR, third]), NO_STEPS, NO_CAUSES, NO_BOOK
    )
    by_change = got.set_index("change")
    assert by_change.loc["without GACC", "low"] == pytest.approx(20.1)
    assert by_change.loc["without Reuters", "low"] == pytest.approx(23.1)
    assert math.isnan(by_change.loc["without StatCan", "low"])
    assert "no other figure of CAN" in by_change.loc["without StatCan", "note"]


def test_a_rival_case_keeps_its_sign_when_a_source_leaves() -> None:
    figures = _figures(
        ("a", "A", "UZB", "CHN", "turnover", 18.0),
        ("b", "B", "UZB", "CHN", "turnover", 12.4),
        ("c", "C", "UZB", "CHN", "turnover", 14.0),
    )
    case = _cases(kind="rival", figure_a="a", figure_b="b", figures=("a", "b", "c"), gap=-5.6,
                  flow="turnover", areas=("UZB", "CHN"))  # fmt: skip
    got = sensitivity(case, figures, NO_STEPS, NO_CAUSES, NO_BOOK).set_index("change")
    assert got.loc["without A", "low"] == pytest.approx(-1.6)
    assert got.loc["without B", "low"] == pytest.approx(-4.0)


def test_a_turnover_uses_the_split_that_is_printed_for_either_side() -> None:
    figures = _figures(
        ("a", "EDB", "KAZ", "CHN", "turnover", 30.0), ("b", "GACC", "CHN", "KAZ", "turnover", 44.0),
        ("bx", "GACC", "CHN", "KAZ", "exports", 33.0), ("bm", "GACC", "CHN", "KAZ", "imports", 11.0),
    )  # fmt: skip
    case = _cases(figure_a="a", figure_b="b", figures=("a", "b"), gap=14.0, flow="turnover",
                  areas=("KAZ", "CHN"))  # fmt: skip
    row = _row(sensitivity(case, figures, NO_STEPS, NO_CAUSES, NO_BOOK), "valuation")
    at_20 = (33 + 11 / 1.2) - (30 * 0.25 + 30 * 0.75 / 1.2)
    assert (row["low"], row["high"]) == (pytest.approx(14.0), pytest.approx(at_20))
    blind = sensitivity(case, figures.iloc[:2], NO_STEPS, NO_CAUSES, NO_BOOK)
    assert _row(blind, "valuation")["low"] == pytest.approx(44 / 1.2 - 30)
    assert _row(blind, "valuation")["high"] == pytest.approx(44 - 30 / 1.2)


def test_an_assumption_is_taken_to_its_ends_through_every_step_and_parent() -> None:
    def step(
        figure: str, n: int, op: str, operand: float, key: str = "", parent: str = ""
    ) -> dict[str, object]:
        return {"step": n, "figure": figure, "name": "", "op": op, "operand": operand,
                "assumption": key, "parent": parent, "before": 0, "after": 0, "reason": ""}  # fmt: skip

    ledger = pd.DataFrame(
        [step("x", 1, "=", 30.0), step("p", 1, "=", 50.0), step("p", 2, "÷", 2.0, "fx-EUR"),
         step("q", 1, "=", 28.1), step("m", 1, "+", 25.0, parent="p"), step("m", 2, "+", 28.1, parent="q")],
        columns=LEDGER,
    )  # fmt: skip
    book = pd.DataFrame([{"id": "fx-EUR", "value": 2.0, "low": 1.0, "high": 4.0},
                         {"id": "fixed", "value": 1.0, "low": 1.0, "high": 1.0}])  # fmt: skip
    got = sensitivity(_cases(), MIRROR, ledger, NO_CAUSES, book)
    row = _row(got, "assumption")
    assert row["low"] == pytest.approx(50 / 4 + 28.1 - 30)
    assert row["high"] == pytest.approx(50 + 28.1 - 30)
    assert (got["kind"] == "assumption").sum() == 1


def test_a_claim_with_a_range_shows_what_it_leaves() -> None:
    claim = pd.DataFrame([{"case": "c", "cause": "transit", "amount": 6.0, "low": 4.0, "high": 9.0,
                           "evidence": "recorded"}], columns=CAUSES)  # fmt: skip
    row = _row(sensitivity(_cases(), MIRROR, NO_STEPS, claim, NO_BOOK), "cause")
    assert (row["low"], row["high"]) == (pytest.approx(14.1), pytest.approx(19.1))


def test_of_many_cases_the_largest_gaps_are_varied_and_the_rest_are_counted() -> None:
    n = CASES_SHOWN + 7
    figures = pd.concat(
        [MIRROR.assign(id=[f"x{k}", f"m{k}"], amount=[30.0, 31.0 + k]) for k in range(n)]
    )
    cases = pd.concat(
        [_cases(id=f"c{k}", figure_a=f"x{k}", figure_b=f"m{k}", figures=(f"x{k}", f"m{k}"), gap=1.0 + k)
         for k in range(n)], ignore_index=True,
    )  # fmt: skip
    got = sensitivity(cases, figures, NO_STEPS, NO_CAUSES, NO_BOOK)
    assert set(got["case"]) == {f"c{k}" for k in range(7, n)}
    assert "7 smaller ones are not" in got["note"].iloc[0]
