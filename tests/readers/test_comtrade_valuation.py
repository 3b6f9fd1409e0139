"""Imports that Comtrade states both CIF and FOB: two figures, one vote, and a margin that is recorded."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.result import Basis
from reconcile.run import run
from sources import readers
from sources.figures import Reading

HEAD = "refYear,reporterISO,flowCode,partnerISO,cmdCode,motCode,cifvalue,fobvalue,primaryValue\n"


def reading(*rows: str) -> Reading:
    [found] = readers.read_bytes((HEAD + "\n".join(rows) + "\n").encode(), "a.csv")
    return found


def told(figures: pd.DataFrame) -> list[tuple[str, str, float]]:
    return list(zip(figures["role"], figures["valuation"], figures["value"]))


def test_the_value_that_is_not_the_primary_one_is_a_part() -> None:
    found = reading("2022,CAN,M,CHN,TOTAL,0,110,100,110", "2022,AUS,M,CHN,TOTAL,0,190,180,180")
    assert told(found.figures) == [
        ("figure", "CIF", 110.0), ("figure", "FOB", 180.0), ("part", "FOB", 100.0), ("part", "CIF", 190.0),
    ]  # fmt: skip
    assert found.figures["place"].tolist() == ["line 2", "line 3", "line 2", "line 3"]
    assert found.figures["id"].is_unique


def test_equal_values_exports_and_parts_of_a_breakdown_are_given_once() -> None:
    found = reading(
        "2022,CAN,M,CHN,TOTAL,0,110,110,110", "2022,CAN,M,USA,TOTAL,0,50,0,50",
        "2022,CAN,X,CHN,TOTAL,0,90,80,80", "2022,CAN,M,KAZ,TOTAL,0,20,18,20",
        "2022,CAN,M,KAZ,TOTAL,2100,12,11,12",
    )  # fmt: skip
    assert told(found.figures)[:5] == [
        ("figure", "CIF", 110.0), ("figure", "CIF", 50.0), ("figure", "FOB", 80.0), ("figure", "CIF", 20.0),
        ("part", "CIF", 12.0),
    ]  # fmt: skip
    assert told(found.figures)[5:] == [("part", "FOB", 18.0)]


def test_an_fob_value_above_the_cif_value_is_a_finding_and_no_figure() -> None:
    found = reading("2022,CAN,M,CHN,TOTAL,0,90,100,90")
    assert told(found.figures) == [("figure", "CIF", 90.0)]
    assert "CIF_BELOW_FOB" in set(found.findings["code"])


def test_the_margin_is_recorded_and_no_flow_counts_twice() -> None:
    result = run(
        [reading("2022,CAN,M,CHN,TOTAL,0,110,100,110", "2022,CHN,X,CAN,TOTAL,0,,95,95")], Basis()
    )
    assert result.cases["kind"].tolist() == ["mirror"]
    assert "DUPLICATE" not in set(result.findings["code"])
    margin = result.causes[result.causes["amount"] > 0]
    assert margin[["cause", "amount", "evidence"]].to_numpy().tolist() == [
        ["valuation (CIF/FOB)", 10.0, "recorded"]
    ]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99), st.booleans()), min_size=1, max_size=6))  # fmt: skip
def test_what_counts_is_the_primary_value_whatever_else_is_stated(
    rows: list[tuple[int, int, bool]],
) -> None:
    found = reading(
        *(
            f"{2000 + n},CAN,M,CHN,TOTAL,0,{cif},{fob},{cif if first else fob}"
            for n, (cif, fob, first) in enumerate(rows)
        )
    ).figures
    plain = found[found["role"] == "figure"]
    assert plain["value"].tolist() == [cif if first else fob for cif, fob, first in rows]
    assert len(found) - len(plain) == sum(cif > fob for cif, fob, _ in rows)
