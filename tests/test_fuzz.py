"""The whole way from a figures file to every report, over cells that users write: a Result or one message, never a fault."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconcile.result import Basis, Result
from reconcile.run import run
from reports import csv as figures_csv
from reports.json import text as json_text
from reports.text import check, headline
from sources.errors import InputError
from sources.readers import read_bytes

AREAS = ["KAZ", "CHN", "RUS", "KGZ", "TJK", "TKM", "UZB", "C_ASIA", "EAEU", "EU27", "EU28", "EU", "WORLD", "NA",
         "SUN", "NES", "XX", "Китай", "哈萨克斯坦", "156", "KGZ+TJK", ""]  # fmt: skip
PERIODS = ["2024", "2023", "2019", "1990", "2024-03", "2024-Q1", "2024-Q2", "2024-H1", "2024-H2", "2024-01..2024-09",
           "2023-07..2024-06", "2022..2024", "2023/24", "2030"]  # fmt: skip
VALUES = ["1.5", "15.0", "15", "16.2", "0", "0.0", "-3.0", "1e12", "1e-9", "1,5", "1.234,5", "", "-", "...", "5%",
          "~60", "(5)", "999999999999999999", "x"]  # fmt: skip
UNITS = ["billion USD", "million USD", "USD", "$", "млрд долл. США", "亿元", "billion KZT", "thousand EUR", "billion",
         "tonnes", "kg", "pieces", "billion RUB", "doubloons"]  # fmt: skip
# A whole report takes half a second: a failing file is named as it was found, unshrunk.
PHASES = (Phase.explicit, Phase.generate)
USUAL = {
    "reporter": AREAS[:8], "partner": AREAS[:8], "flow": ["exports", "imports", "turnover", "balance"],
    "period": PERIODS[:8], "value": VALUES[:6], "unit": UNITS[:8], "source": ["A", "B", "C"],
}  # fmt: skip
ODD: dict[str, list[str]] = {
    "reporter": AREAS, "partner": AREAS, "flow": ["re-exports", "RM", "X", "T", "B", "gift"], "period": PERIODS,
    "value": VALUES, "unit": UNITS, "source": ["", "A", "=A1"],
}  # fmt: skip
MORE: dict[str, list[str]] = {
    "id": ["", "a", "b"], "derived_from": ["", "A", "B", "C", "a", "b"], "records": ["", "KAZ", "CHN", "C_ASIA"],
    "commodity": ["", "TOTAL", "01", "0101", "010121", "AG2"], "classification": ["", "HS", "H5", "H6"],
    "measure": ["", "value", "net mass", "quantity"], "valuation": ["", "FOB", "cif", "unknown"],
    "prices": ["", "current", "2015"], "concept": ["", "goods", "services", "Goods and services"],
    "status": ["", "provisional", "revised", "target", "estimate"], "approx": ["", "about", "over", "under", "range"],
    "role": ["", "figure", "total", "part", "set aside"], "published": ["", "2024-02", "2025-10-08"],
    "low": ["", "", "0"], "high": ["", "", "1e13"], "currency": ["", "USD"], "quote": ["", "about 64 in 2024"],
    "trade_system": ["", "general", "special"], "coverage": ["", "with free zones"], "note": ["", "-1+1"],
    "partner_basis": ["", "origin", "consignment"],
}  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, dict[str, Any]]:
    """A figures file whose cells are mostly usual, some odd, with some of the optional columns; and a basis."""
    more = draw(st.lists(st.sampled_from(sorted(MORE)), unique=True, max_size=5))
    odd = draw(st.booleans())
    choices = {**(ODD if odd else USUAL), **{name: MORE[name] for name in more}}
    if odd:
        choices = {name: (USUAL.get(name, []) * 4) + cells for name, cells in choices.items()}
    row = st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in choices.items()})
    rows = draw(st.lists(row, min_size=1, max_size=14))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(choices))
    writer.writeheader()
    writer.writerows(rows)
    basis = draw(
        st.sampled_from([{}, {"currency": "EUR"}, {"prices": 2020}, {"currency": "KZT", "prices": 2015},
                         {"tolerance": 0.0}])
    )  # fmt: skip
    return out.getvalue().encode(), basis


def numbers(found: Result) -> dict[str, tuple[float, str]]:
    return {
        row["id"]: (float(row["gap"]), row["verdict"]) for row in found.cases.to_dict("records")
    }


def same(one: dict[str, tuple[float, str]], other: dict[str, tuple[float, str]]) -> bool:
    return one.keys() == other.keys() and all(
        verdict == other[key][1]
        and (gap == pytest.approx(other[key][0], rel=1e-9) or math.isnan(gap))
        for key, (gap, verdict) in one.items()
    )


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(files())
def test_any_figures_file_ends_in_a_result_or_a_message(given_file: tuple[bytes, dict[str, Any]]) -> None:  # fmt: skip
    data, chosen = given_file
    try:
        found = run(read_bytes(data, "f.csv", "figures_file"), Basis(**chosen))
    except InputError as error:
        assert error.problems and all(problem.found for problem in error.problems)
        return
    sound(found)
    contract = json.loads(json_text(found), parse_constant=lambda name: pytest.fail(name))
    refers(contract)
    assert check(found) and headline(found)
    written = figures_csv.text(figures_csv.figures_in(found)).encode()
    again = run(read_bytes(written, "g.csv", "figures_file"), Basis(**chosen))
    assert same(numbers(found), numbers(again))
    once_more = figures_csv.text(figures_csv.figures_in(again)).encode()
    assert once_more == written


def sound(found: Result) -> None:
    """What holds of every Result: signs, bases, intervals, verdicts and sums."""
    by_id = found.figures.set_index("id")
    amounts = by_id[by_id["amount"].notna()]
    slack = 1e-9 * amounts["amount"].abs()
    assert (amounts["amount_low"] <= amounts["amount"] + slack).all()
    assert (amounts["amount_high"] >= amounts["amount"] - slack).all()
    for case in found.cases.to_dict("records"):
        a, b = case["figure_a"], case["figure_b"]
        if not b:
            assert case["verdict"] == "single source" and math.isnan(case["gap"])
            continue
        one, two = by_id.loc[a], by_id.loc[b]
        assert case["gap"] == pytest.approx(two["amount"] - one["amount"], abs=1e-6)
        assert {one["measure"], two["measure"]} == {case["measure"]} and one["period"] == two[
            "period"
        ]
        if case["kind"] == "mirror" and case["flow"] == "exports":
            assert (one["flow"], two["flow"]) == ("exports", "imports")
            assert (
                case["areas"]
                == (one["reporter"], one["partner"])
                == (two["partner"], two["reporter"])
            )
        if case["flow"] == "balance":
            assert (one["reporter"], one["partner"]) == (two["reporter"], two["partner"])
        if case["kind"] == "rival" and one["source"] != two["source"]:
            assert one["origin"] != two["origin"]
        claimed = found.causes.loc[found.causes["case"] == case["id"], "amount"].astype(float).sum()
        near = 1e-9 * max(abs(one["amount"]), abs(two["amount"]))
        assert case["residual"] == pytest.approx(case["gap"] - claimed, abs=near + 1e-9)


def refers(contract: dict[str, Any]) -> None:
    """Every id that the JSON names exists in it."""
    figures = {figure["id"] for figure in contract["figures"]}
    assumed = {row["id"] for row in contract["assumptions"]}
    cases = {case["id"] for case in contract["cases"]}
    assert len(figures) == len(contract["figures"]) and len(cases) == len(contract["cases"])
    for figure in contract["figures"]:
        steps = figure["steps"]
        assert {step["assumption"] for step in steps if step["assumption"]} <= assumed
        if figure["amount"] is not None:
            assert steps and steps[-1]["after"] == pytest.approx(figure["amount"], rel=1e-9)
    for case in contract["cases"]:
        assert set(case["figures"]) <= figures and case["figures"]
        assert case["balance"] is None or set(case["balance"]) == {"value", "low", "high", "method"}
    for finding in contract["findings"]:
        assert set(finding["figures"]) <= figures and finding["case"] in cases | {""}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(st.data())
def test_the_order_of_rows_changes_the_sign_of_turnovers_at_most(data: st.DataObject) -> None:
    """Mirrors of exports, and the sizes of all gaps, do not hang on who stands first."""
    pool = [
        f"{a},{b},{flow},{period},{value},billion USD,{source}"
        for a, b, source in (("KAZ", "CHN", "K"), ("CHN", "KAZ", "C"), ("UZB", "CHN", "U"), ("CHN", "UZB", "C"))
        for flow, value in (("exports", "5.0"), ("imports", "7.2"), ("balance", "-2.2"), ("turnover", "13.1"))
        for period in ("2023", "2024-H1")
    ]  # fmt: skip
    lines = data.draw(st.lists(st.sampled_from(pool), unique=True, min_size=2, max_size=12))
    shuffled = data.draw(st.permutations(lines))
    head = "reporter,partner,flow,period,value,unit,source"
    tables = []
    for order in (lines, shuffled):
        readings = read_bytes("\n".join([head, *order]).encode(), "f.csv", "figures_file")
        cases = run(readings, Basis()).cases
        cases = cases.assign(pair=[" ".join(sorted(pair)) for pair in cases["areas"]])
        cases["gap"] = cases["gap"].abs().where(cases["flow"] != "exports", cases["gap"]).round(3)
        columns = ["pair", "kind", "flow", "period", "gap", "verdict"]
        tables.append(cases[columns].sort_values(columns).reset_index(drop=True))
    pd.testing.assert_frame_equal(*tables)
