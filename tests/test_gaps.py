"""Cases, gaps and verdicts: signs, bases, intervals, and what may be set beside what."""

from __future__ import annotations

import math

import pytest
from build import only, result
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.errors import InputError

AMOUNTS = st.integers(min_value=1, max_value=10**9)


def mirror(exports: float, imports: float, unit: str = "USD", **basis: object):  # type: ignore[no-untyped-def]
    return result(
        f"KAZ,CHN,exports,2023,{exports},{unit},A", f"CHN,KAZ,imports,2023,{imports},{unit},B", **basis
    )  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(AMOUNTS, AMOUNTS, st.sampled_from([1, 1000]))
def test_gap_signs_bases_and_scale(exports: int, imports: int, factor: int) -> None:
    row = only(mirror(exports * factor, imports * factor).cases, kind="mirror")
    gap = imports - exports
    assert row["gap"] == pytest.approx(gap * factor)
    assert row["gap_pct_mean"] == pytest.approx(200 * gap / (imports + exports))
    assert row["gap_pct_lowest"] == pytest.approx(100 * gap / min(imports, exports))
    assert row["gap_pct_highest"] == pytest.approx(100 * gap / max(imports, exports))
    assert row["log_ratio"] == pytest.approx(math.log(imports / exports))
    other = only(mirror(imports, exports).cases, kind="mirror")
    assert other["gap"] == pytest.approx(-gap)
    assert other["gap_pct_mean"] == pytest.approx(-row["gap_pct_mean"])


def test_the_gap_is_importer_minus_exporter_whoever_stands_first() -> None:
    lines = ["CHN,KAZ,imports,2023,12,million USD,B", "KAZ,CHN,exports,2023,10,million USD,A"]
    for order in (lines, lines[::-1]):
        row = only(result(*order).cases, kind="mirror")
        assert row["areas"] == ("KAZ", "CHN")
        assert row["gap"] == pytest.approx(2e6)


@pytest.mark.parametrize(
    ("exports", "imports", "verdict"),
    [
        ("10", "10", "agree"),
        ("44", "43.6", "within rounding"),
        ("44.0", "43.6", "within tolerance"),
        ("10.0", "11.5", "discrepancy"),
    ],
)
def test_verdicts_use_the_printed_intervals(exports: str, imports: str, verdict: str) -> None:
    found = result(
        f"KAZ,CHN,exports,2023,{exports},billion USD,A", f"CHN,KAZ,imports,2023,{imports},billion USD,B"
    )  # fmt: skip
    assert only(found.cases, kind="mirror")["verdict"] == verdict


def test_the_tolerance_is_a_share_of_the_mean() -> None:
    assert only(mirror(100.0, 112.0).cases, kind="mirror")["verdict"] == "discrepancy"
    assert (
        only(mirror(100.0, 112.0, tolerance=0.12).cases, kind="mirror")["verdict"]
        == "within tolerance"
    )


def test_goods_and_services_are_never_compared_with_goods() -> None:
    found = result(
        "KAZ,CHN,exports,2023,10,billion USD,A,goods",
        "CHN,KAZ,imports,2023,20,billion USD,B,goods and services",
        more="concept",
    )
    assert only(found.cases, kind="mirror")["verdict"] == "not comparable"


def test_one_side_alone_has_no_gap() -> None:
    found = result("KAZ,CHN,exports,2023,10,billion USD,A")
    row = only(found.cases, kind="mirror")
    assert row["verdict"] == "single source"
    assert math.isnan(row["gap"])


def test_missing_is_not_zero() -> None:
    found = result("KAZ,CHN,exports,2023,10,billion USD,A", "CHN,KAZ,imports,2023,,billion USD,B")
    assert only(found.figures, source="B")["state"] == "not reported"
    assert only(found.cases, kind="mirror")["verdict"] == "single source"


def test_a_printed_zero_is_a_figure() -> None:
    found = result("KAZ,CHN,exports,2023,10,billion USD,A", "CHN,KAZ,imports,2023,0,billion USD,B")
    row = only(found.cases, kind="mirror")
    assert row["gap"] == pytest.approx(-1e10)
    assert math.isnan(row["gap_pct_lowest"])  # no percentage of nothing
    assert math.isnan(row["log_ratio"])


def test_two_offices_of_one_side_are_rivals() -> None:
    found = result(
        "UZB,CHN,turnover,2024,18.0,billion USD,Bank", "UZB,CHN,turnover,2024,12.4,billion USD,Agency"
    )  # fmt: skip
    row = only(found.cases, kind="rival")
    assert row["gap"] / 1e9 == pytest.approx(12.4 - 18.0)


def test_two_vintages_of_one_source_are_no_rivals() -> None:
    found = result(
        "KAZ,CHN,exports,2023,10.1,billion USD,A,2024-02",
        "KAZ,CHN,exports,2023,10.9,billion USD,A,2024-08",
        more="published",
    )
    row = only(found.cases, kind="vintage")
    assert row["gap"] / 1e9 == pytest.approx(0.8)
    assert "rival" not in set(found.cases["kind"])


def test_ten_newspapers_are_one_source() -> None:
    papers = [f"CHN,KAZ,turnover,2024,43.8,billion USD,Paper {n},Office" for n in range(10)]
    found = result(*papers, "CHN,KAZ,turnover,2024,43.82,billion USD,Office,", more="derived_from")
    assert set(found.figures["origin"]) == {"Office"}
    assert "rival" not in set(found.cases["kind"])
    assert only(found.cases, kind="mirror")["verdict"] == "single source"


def test_products_of_two_revisions_do_not_meet() -> None:
    found = result(
        "KAZ,CHN,exports,2023,10,million USD,A,740311,H5", "CHN,KAZ,imports,2023,10,million USD,B,740311,H6",
        more="commodity,classification",
    )  # fmt: skip
    assert set(found.cases["verdict"]) == {"single source"}


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_no_gap(order: list[int]) -> None:
    lines = [
        "KAZ,CHN,exports,2023,10,million USD,A", "CHN,KAZ,imports,2023,12,million USD,B",
        "KAZ,RUS,exports,2023,7,million USD,A", "RUS,KAZ,imports,2023,5,million USD,C",
        "CHN,RUS,exports,2023,70,million USD,B", "RUS,CHN,imports,2023,90,million USD,C",
    ]  # fmt: skip
    gaps = result(*[lines[n] for n in order]).cases.set_index("id")["gap"].to_dict()
    assert gaps == {
        "mirror-KAZ-CHN-exports-2023": 2e6,
        "mirror-KAZ-RUS-exports-2023": -2e6,
        "mirror-CHN-RUS-exports-2023": 2e7,
    }


def test_a_surplus_is_compared_with_the_partners_deficit() -> None:
    found = result(
        "KAZ,CHN,balance,2024,5.0,billion USD,A", "CHN,KAZ,balance,2024,-4.2,billion USD,B"
    )
    row = only(found.cases, kind="mirror")
    assert row["gap"] == pytest.approx(-0.8e9)
    assert row["gap_pct_mean"] == pytest.approx(-100 * 0.8 / 4.6)
    turned = only(found.figures, id=found.cases["figure_b"].iloc[0])
    assert (turned["reporter"], turned["partner"], turned["derived"]) == ("KAZ", "CHN", True)
    step = only(found.ledger, figure=turned["id"])
    assert (step["op"], step["operand"], step["after"]) == ("−", -4.2e9, 4.2e9)
    assert (turned["amount_low"], turned["amount_high"]) == pytest.approx((4.15e9, 4.25e9))


def test_a_printed_balance_is_held_against_exports_less_imports() -> None:
    found = result(
        "KAZ,CHN,exports,2024,9.0,billion USD,A", "KAZ,CHN,imports,2024,12.0,billion USD,A",
        "KAZ,CHN,balance,2024,3.0,billion USD,A",
    )  # fmt: skip
    row = only(found.cases, kind="parts")
    assert (row["gap"], row["verdict"]) == (-6e9, "discrepancy")
    assert math.isnan(
        row["gap_pct_mean"]
    )  # of a surplus and a deficit no percentage is of anything


def test_a_source_that_repeats_another_once_has_its_other_figures_for_its_own() -> None:
    found = result(
        "KAZ,CHN,exports,2024,5.0,billion USD,Office,", "KAZ,CHN,exports,2024,5.0,billion USD,Paper,Office",
        "KAZ,RUS,exports,2024,7.0,billion USD,Office,", "KAZ,RUS,exports,2024,9.0,billion USD,Paper,",
        more="derived_from",
    )  # fmt: skip
    assert only(found.figures, source="Paper", partner="CHN")["origin"] == "Office"
    assert only(found.figures, source="Paper", partner="RUS")["origin"] == "Paper"
    assert only(found.cases, kind="rival")["areas"] == ("KAZ", "RUS")


def test_chains_and_rings_of_repetition_end_at_one_origin() -> None:
    found = result(
        "KAZ,CHN,exports,2024,5.0,billion USD,A,B", "KAZ,CHN,exports,2024,5.1,billion USD,B,a-figure-of-c",
        "KAZ,CHN,exports,2024,5.2,billion USD,C,", more="derived_from",
    )  # fmt: skip
    assert set(found.figures["origin"]) == {"a-figure-of-c", "C"}  # no figure has that id
    ring = result(
        "KAZ,CHN,exports,2024,5.0,billion USD,A,B", "KAZ,CHN,exports,2024,6.1,billion USD,B,C",
        "KAZ,CHN,exports,2024,7.2,billion USD,C,A", more="derived_from",
    )  # fmt: skip
    assert set(ring.figures["origin"]) == {"A"}
    assert "rival" not in set(ring.cases["kind"])


def test_of_several_concepts_those_that_meet_are_compared() -> None:
    lines = [
        "KAZ,CHN,exports,2023,10.0,billion USD,A,goods",
        "KAZ,CHN,exports,2023,12.0,billion USD,A,goods and services",
        "CHN,KAZ,imports,2023,12.3,billion USD,B,goods and services",
    ]
    for order in (lines, lines[::-1]):
        row = only(result(*order, more="concept").cases, kind="mirror")
        assert row["gap"] == pytest.approx(0.3e9)
        assert row["verdict"] == "within tolerance"


@pytest.mark.parametrize(("low", "high"), [("66.2", "66.3"), ("0.7", "0.8"), ("4.35", "4.36")])
def test_neighbouring_digits_are_within_rounding_whatever_their_binary_form(
    low: str, high: str
) -> None:
    for unit in ("billion USD", "million USD", "thousand USD"):
        found = result(
            f"KAZ,CHN,exports,2023,{low},{unit},A", f"CHN,KAZ,imports,2023,{high},{unit},B"
        )
        assert only(found.cases, kind="mirror")["verdict"] == "within rounding"


def test_targets_alone_make_a_result_without_cases() -> None:
    found = result("KAZ,UZB,turnover,2024-Q2,15.0,million USD,C,target", more="status")
    assert found.cases.empty and "NOT_ACTUAL" in set(found.findings["code"])


def test_pieces_are_never_set_beside_barrels_and_tonnes_are_no_dollars() -> None:
    found = result(
        "CHN,KAZ,imports,2024,10,pieces,B", "KAZ,CHN,exports,2024,10,barrels,A",
        "KAZ,CHN,exports,2024,7000000000.0,kg,A", "CHN,KAZ,imports,2024,9.0,million tonnes,B",
    )  # fmt: skip
    assert (
        list(found.cases.loc[found.cases["measure"] == "quantity", "verdict"])
        == ["single source"] * 2
    )
    assert only(found.cases, measure="net mass")["gap"] == pytest.approx(2e6)
    said = " ".join(found.findings["message"])
    assert "7.0 million tonnes against 9.0 million tonnes" in said and "USD" not in said


def test_an_amount_beyond_all_trade_is_refused() -> None:
    for value in ("1e300", "1e-300"):
        with pytest.raises(InputError, match="of this size"):
            result(f"KAZ,CHN,exports,2024,{value},billion USD,A")
