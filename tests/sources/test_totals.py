"""Totals and parts: by code, by label, by arithmetic; breakdown keys; the difference with an amount."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.totals import (
    differences,
    is_part_label,
    is_total_label,
    mark_totals,
    settle_breakdowns,
)

MEMBERS = {
    "WORLD": {"CHN", "RUS", "DEU", "FRA", "EU27"},
    "EU27": {"DEU", "FRA"},
    "757": {"CHE", "LIE"},
}


def contains(outer: str, inner: str, year: int | None) -> bool:
    return inner in MEMBERS.get(outer, ())


def roles(rows: pd.DataFrame, **options: bool) -> list[str]:
    return list(mark_totals(rows, contains=contains, **options))


@pytest.mark.parametrize(
    "label",
    [
        "Total",
        "Всего",
        "Итого",
        "Jami",
        "المجموع",
        "合计",
        "World",
        "ВСЕГО:",
        "Барлығы",
        "Insgesamt",
    ],
)
def test_total_labels(label: str) -> None:
    assert is_total_label(label)


@pytest.mark.parametrize(
    "label", ["в том числе:", "of which", "из них", "其中", "dont", "shu jumladan"]
)
def test_part_labels(label: str) -> None:
    assert is_part_label(label)


@pytest.mark.parametrize("label", ["Totana", "China", "Summit goods", "Россия", "Всеволожск"])
def test_other_labels(label: str) -> None:
    assert not is_total_label(label) and not is_part_label(label)


def test_world_and_unions_are_totals_only_beside_members() -> None:
    rows = pd.DataFrame({"reporter": "KAZ", "flow": "exports", "period": "2024",
                         "partner": ["WORLD", "EU27", "DEU", "CHN"], "value": [9.0, 3.0, 2.0, 6.0]})  # fmt: skip
    assert roles(rows) == ["total", "total", "figure", "figure"]
    assert roles(rows.iloc[[0]]) == ["figure"]


def test_a_composite_reporter_stands_apart_from_its_parts() -> None:
    rows = pd.DataFrame({"reporter": ["757", "CHE"], "partner": "CHN", "flow": "exports", "period": "2024",
                         "value": [5.0, 4.0]})  # fmt: skip
    assert roles(rows) == ["total", "figure"]


def test_one_level_of_codes_is_kept_and_the_rest_is_told() -> None:
    rows = pd.DataFrame({"commodity": ["TOTAL", "27", "2709", "2710", "84", "8471"],
                         "value": [100.0, 60.0, 40.0, 15.0, 40.0, 30.0], "place": list("abcdef")})  # fmt: skip
    role = mark_totals(rows, contains=contains)
    assert list(role) == ["total", "figure", "part", "part", "figure", "part"]
    found = differences(rows, role)
    assert found["place"].tolist() == ["b", "e"]
    assert "27: the total less its parts is 5" in found["message"][0]


def test_the_finest_level_that_covers_is_kept() -> None:
    rows = pd.DataFrame({"commodity": ["27", "2709", "2710"], "value": [55.0, 40.0, 15.0]})
    assert roles(rows) == ["total", "figure", "figure"]


def test_arithmetic_finds_a_total_without_a_name() -> None:
    rows = pd.DataFrame(
        {"partner": ["Azerty", "CHN", "RUS", "DEU"], "value": [123.4, 100.1, 20.2, 3.1]}
    )
    assert roles(rows, arithmetic=True) == ["total", "figure", "figure", "figure"]


def test_small_numbers_that_add_up_by_chance_are_no_total() -> None:
    rows = pd.DataFrame({"partner": ["AAA", "BBB", "CCC"], "value": [3.0, 1.0, 2.0]})
    assert roles(rows, arithmetic=True) == ["figure"] * 3


def test_of_which_rows_are_parts() -> None:
    rows = pd.DataFrame({"label": ["Итого", "Китай", "в том числе: Гонконг"], "partner": ["WORLD", "CHN", "HKG"],
                         "value": [5.0, 5.0, 1.0]})  # fmt: skip
    assert roles(rows) == ["total", "figure", "part"]


def test_breakdowns_keep_the_total_key_or_add_up() -> None:
    rows = pd.DataFrame({"reporter": ["KAZ", "KAZ", "KAZ", "UZB", "UZB"], "motCode": ["0", "1", "2", "1", "2"],
                         "value": [10.0, 6.0, 4.0, 1.0, 2.0]})  # fmt: skip
    kept, facts = settle_breakdowns(rows)
    assert kept["value"].tolist() == [10.0, 3.0] and kept["motCode"].tolist() == ["0", "0"]
    assert facts == {"parts dropped": 2, "rows added up": 1}


def test_world_and_unions_are_held_against_their_members() -> None:
    rows = pd.DataFrame({"reporter": "KAZ", "flow": "exports", "period": "2024", "unit": "USD", "place": list("abcd"),
                         "partner": ["WORLD", "EU27", "DEU", "CHN"], "value": [900.0, 300.0, 200.0, 600.0]})  # fmt: skip
    role = mark_totals(rows, contains=contains)
    found = differences(rows, role, "f", contains)
    assert found["place"].tolist() == ["a", "b"]
    assert (
        "WORLD: the total less its parts is 100 USD (11.1% of the total); 2 parts"
        in found["message"][0]
    )
    assert set(found["severity"]) == {"warning"}


def test_a_selection_of_parts_is_one_note() -> None:
    rows = pd.DataFrame({"reporter": "KAZ", "flow": "exports", "period": ["2023", "2023", "2024", "2024"],
                         "partner": ["WORLD", "CHN"] * 2, "value": [9.0, 3.0, 8.0, 2.0]})  # fmt: skip
    found = differences(rows, mark_totals(rows, contains=contains), "f", contains)
    assert found["severity"].tolist() == ["note"] and "2 totals" in found["message"][0]


def test_many_differences_are_named_by_size_and_the_rest_counted() -> None:
    years = [str(1980 + n) for n in range(15)]
    rows = pd.DataFrame({"period": [year for year in years for _ in range(2)], "partner": ["WORLD", "CHN"] * 15,
                         "value": [x for n in range(15) for x in (100.0 + n, 100.0 - n)]})  # fmt: skip
    found = differences(rows, mark_totals(rows, contains=contains), "f", contains)
    assert len(found) == 11
    assert found["message"].iloc[-1] == "4 further totals differ from their parts, by 20 in all"


def test_a_suppressed_part_takes_nothing_out_of_its_total() -> None:
    rows = pd.DataFrame({"commodity": ["TOTAL", "27"], "value": [100.0, float("nan")]})
    assert roles(rows) == ["figure", "figure"]


def test_a_code_without_any_row_of_the_kept_level_stays_a_figure() -> None:
    rows = pd.DataFrame({"commodity": ["27", "2709", "84"], "value": [50.0, 50.0, 10.0]})
    assert roles(rows) == ["figure", "part", "figure"]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["27", "2709", "270900", "84", "8471", "TOTAL"]),
            st.sampled_from(["CHN", "RUS"]),
            st.integers(1, 9),
        ),
        min_size=1, max_size=30, unique_by=lambda row: row[:2],
    )
)  # fmt: skip
def test_no_figure_lies_inside_another(table: list[tuple[str, str, int]]) -> None:
    rows = pd.DataFrame(table, columns=["commodity", "partner", "value"]).astype({"value": float})
    chosen = rows[mark_totals(rows, contains=contains) == "figure"]
    for _, group in chosen.groupby("partner"):
        codes = list(group["commodity"])
        assert not any(
            a != b and (b.startswith(a) or (a == "TOTAL" and len(codes) > 1))
            for a in codes
            for b in codes
        )
    assert set(chosen["partner"]) == set(rows["partner"])


def test_a_partner_with_goods_of_its_own_is_still_a_part_of_the_world() -> None:
    rows = pd.DataFrame({"reporter": "KAZ", "partner": ["WORLD", "CHN", "RUS", "CHN"],
                         "commodity": ["TOTAL", "TOTAL", "TOTAL", "27"], "value": [1000.0, 600.0, 400.0, 600.0]})  # fmt: skip
    role = mark_totals(rows, contains=contains)
    assert list(role) == ["total", "total", "figure", "figure"]
    assert differences(rows, role, "f", contains).empty
