"""From raw rows to figures: each fault named once with its rows, nothing lost, the form of a column of no matter."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.errors import InputError
from sources.figures import COLUMNS
from sources.understand import MAX_LISTED, understand

ROW = {
    "reporter": "KAZ", "partner": "CHN", "flow": "exports", "period": "2023", "value": "12.5",
    "unit": "million USD", "source": "office", "place": "line 2",
}  # fmt: skip


def raw(*changes: dict[str, str]) -> pd.DataFrame:
    rows = [{**ROW, "place": f"line {n + 2}", **change} for n, change in enumerate(changes)]
    return pd.DataFrame(rows, dtype=object)


def test_a_row_becomes_a_figure_with_its_interval() -> None:
    [row] = understand(raw({}), "f", "wits").figures.to_dict("records")
    assert (row["value"], row["low"], row["high"]) == (12.5, 12.45, 12.55)
    assert (row["start"], row["end"], row["commodity"]) == ("2023-01-01", "2023-12-31", "TOTAL")
    assert (row["measure"], row["currency"], row["scale"], row["role"]) == ("value", "USD", 1e6, "figure")  # fmt: skip


def test_publishers_rows_are_set_aside_with_their_value_and_the_first_reason() -> None:
    reading = understand(
        raw({}, {"partner": "Atlantis", "unit": "sheep"}, {"partner": "Atlantis"}, {"flow": "gift"}),
        "f", "wits",
    )  # fmt: skip
    assert len(reading.figures) == 1 and reading.figures.index.tolist() == [0]
    aside = reading.set_aside
    assert aside["place"].tolist() == ["line 3", "line 4", "line 5"]
    assert aside["value"].tolist() == [12.5] * 3
    assert aside["reason"].str.split(":").str[0].tolist() == ["partner", "partner", "flow"]
    told = dict(zip(reading.findings["code"], reading.findings["message"]))
    assert "(2 rows)" in told["UNKNOWN_AREA"] and set(told) == {"UNKNOWN_AREA", "UNKNOWN_UNIT", "UNKNOWN_FLOW"}  # fmt: skip


def test_a_users_file_is_refused_with_every_problem() -> None:
    with pytest.raises(InputError) as error:
        understand(raw({"partner": "Atlantis"}, {"value": "twelve"}), "f", "figures_file")
    assert [problem.code for problem in error.value.problems] == ["UNKNOWN_AREA", "UNREADABLE_NUMBER"]  # fmt: skip
    with pytest.raises(InputError) as error:
        understand(raw(*[{"flow": "gift"}] * (MAX_LISTED + 5)), "f", "figures_file")
    assert len(error.value.problems) == MAX_LISTED + 1
    assert "5 further problems" in error.value.problems[-1].found


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "partner": st.sampled_from(["CHN", "Russia", "", "Atlantis"]),
                "period": st.sampled_from(["2023", "2024-03", "soon"]),
                "value": st.sampled_from(["1", "2.50", "-", "1,5", "many"]),
                "unit": st.sampled_from(["USD", "million", "tonnes", "sheep"]),
            }
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_row_is_lost_and_categories_change_nothing(changes: list[dict[str, str]]) -> None:
    table = raw(*changes)
    plain = understand(table, "f", "wits")
    coded = understand(table.astype("category"), "f", "wits")
    assert len(plain.figures) + len(plain.set_aside) == len(changes)
    pd.testing.assert_frame_equal(plain.figures, coded.figures)
    pd.testing.assert_frame_equal(plain.set_aside, coded.set_aside)
    assert list(plain.figures) == list(COLUMNS) and not plain.figures["id"].duplicated().any()


def test_numbers_of_a_binary_file_are_printed_in_their_shortest_form() -> None:
    table = raw({}, {}, {}, {}).assign(value=[1e9, 0.1, 0.0, float("nan")])
    figures = understand(table, "f", "wits").figures
    assert figures["printed"].tolist() == ["1000000000", "0.1", "0", ""]
    assert figures["state"].tolist() == ["number", "number", "zero", "not reported"]
    assert figures["value"].iloc[:3].tolist() == [1e9, 0.1, 0.0] and pd.isna(figures["value"].iloc[3])  # fmt: skip
