"""Which rows are paired: areas, levels, editions, breakdowns and months, and that nothing is lost uncounted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconcile.world import areas
from sources.errors import InputError

from .conftest import report

Paired = Callable[..., tuple[pd.DataFrame, Any]]
PAIR = [report("X", "FRA", "DEU", 100_000.0), report("M", "DEU", "FRA", 110_000.0)]


def found(done: Any, code: str) -> pd.DataFrame:
    return done.findings[done.findings["code"] == code]


def counted(done: Any) -> int:
    """Rows set aside or dropped as repeated."""
    gone = done.findings["code"].isin(["SET_ASIDE", "TOTALS_MIXED", "UNKNOWN_AREA", "DUPLICATE"])
    return int(done.findings.loc[gone, "rows"].sum())


@pytest.mark.parametrize(
    ("text", "code"),
    [("251", "FRA"), ("842", "USA"), ("757", "CHE"), ("579", "NOR"), ("699", "IND"), ("490", "TWN"),
     ("S19", "TWN"), ("004", "AFG"), ("4", "AFG"), ("NAM", "NAM"), ("ROM", "ROU"), ("58", "BEL")],
)  # fmt: skip
def test_composite_codes_are_one_area(text: str, code: str) -> None:
    assert areas.resolve({text}, set(), frozenset({"NAM"}))[0] == {text: code}


@pytest.mark.parametrize(
    "text", ["0", "W00", "WLD", "899", "_X", "568", "E19", "837", "X1", "EUN", ""]
)
def test_world_nes_and_groups_are_no_partner(text: str) -> None:
    assert areas.resolve({text}, {text}, frozenset())[0] == {}


def test_an_unknown_code_of_a_reporter_is_kept_and_a_partners_rest_of_a_continent_is_not() -> None:
    codes, odd = areas.resolve({"C01", "Z99", "ABC"}, {"C01"}, frozenset())
    assert codes == {"C01": "C01", "ABC": "ABC"}
    assert odd == {"C01", "ABC"}


def test_both_sides_meet_under_numeric_and_letter_codes(paired: Paired) -> None:
    flows, _ = paired([report("X", "251", "842", 100_000.0), report("M", "USA", "FRA", 110_000.0)])
    assert flows[["exporter", "importer", "evidence"]].to_numpy().tolist() == [
        ["FRA", "USA", "both"]
    ]


def test_what_cannot_be_paired_is_counted_and_valued(paired: Paired) -> None:
    rows = [
        *PAIR,
        report("X", "FRA", "W00", 900_000.0),
        report("X", "FRA", "_X", 7_000.0),
        report("M", "DEU", "E19", 8_000.0),
        report("X", "FRA", "FRA", 3_000.0),
        report("RX", "FRA", "DEU", 2_000.0),
        report("X", "FRA", "DEU", 0.0, cmdCode="020110"),
        report("X", "FRA", "DEU", float("nan"), cmdCode="020120"),
        report("X", "FRA", "DEU", 5_000.0, cmdCode="999999"),
    ]
    flows, done = paired(rows)
    assert len(flows) == 1
    aside = found(done, "SET_ASIDE").set_index("what")
    assert aside.loc["area W00 (World)", "value"] == 900_000.0
    assert aside.loc["area _X (Areas, nes)", "value"] == 7_000.0
    assert aside.loc["area E19 (Other Europe, nes)", "value"] == 8_000.0
    assert aside.loc["trade with itself", "value"] == 3_000.0
    assert aside.loc["re-exports and re-imports", "value"] == 2_000.0
    assert aside.loc["no value, zero or negative", "rows"] == 2
    assert aside.loc["commodities not specified (9999)", "value"] == 5_000.0
    assert counted(done) + 2 == len(rows)


def test_levels_are_never_mixed(paired: Paired) -> None:
    rows = [
        report("X", "FRA", "DEU", 100_000.0, cmdCode=code)
        for code in ("TOTAL", "01", "0101", "010121")
    ]
    flows, done = paired(rows)
    assert flows["commodity"].tolist() == ["010121"]
    assert int(found(done, "TOTALS_MIXED")["rows"].sum()) == 3


def test_short_codes_that_are_no_parents_stand_for_themselves(paired: Paired) -> None:
    rows = [
        report("X", "FRA", "DEU", 5_000.0, cmdCode=f"P{n}") for n in (1, 2, 10, 11, 12, 13, 14, 15)
    ]
    flows, done = paired(rows)
    assert len(flows) == 8
    assert found(done, "TOTALS_MIXED").empty


def test_a_lost_leading_zero_is_put_back(paired: Paired) -> None:
    flows, _ = paired([{**PAIR[0], "cmdCode": "10121"}, {**PAIR[1], "cmdCode": "010121"}])
    assert flows["commodity"].tolist() == ["010121"]
    assert flows["evidence"].tolist() == ["both"]


def test_breakdowns_of_a_total_are_not_added_to_it(paired: Paired) -> None:
    whole = {"motCode": 0, "customsCode": "C00", "partner2Code": 0}
    rows = [{**PAIR[0], **whole}, {**PAIR[0], **whole, "motCode": 1000, "primaryValue": 60_000.0}]
    flows, done = paired([*rows, {**PAIR[1], **whole}])
    assert flows["exporter_fob"].tolist() == [100_000.0]
    assert "breakdowns of a total" in set(done.findings["what"])


def test_breakdowns_without_a_total_are_summed_equal_parts_too(paired: Paired) -> None:
    part = {"motCode": 0, "customsCode": "C00"}
    rows = [
        {**PAIR[0], **part, "motCode": mode, "primaryValue": 30_000.0}
        for mode in (1000, 2100, 3100)
    ]
    flows, done = paired([*rows, {**PAIR[1], **part}])
    assert flows["exporter_fob"].tolist() == [90_000.0]
    assert len(found(done, "SUMMED")) == 1


def test_months_beside_years_are_not_added_and_months_alone_are_summed(paired: Paired) -> None:
    months = [report("X", "FRA", "DEU", 1_000.0, period=f"2020{m:02}") for m in range(1, 13)]
    lone = [report("X", "ITA", "DEU", 1_000.0, period=f"2020{m:02}") for m in range(1, 13)]
    flows, _ = paired([*PAIR, *months, *lone])
    assert flows.set_index("exporter")["exporter_fob"].to_dict() == {
        "FRA": 100_000.0,
        "ITA": 12_000.0,
    }


def test_a_second_classification_of_a_reporter_is_not_counted_twice(paired: Paired) -> None:
    rows = [
        {**PAIR[0], "classificationCode": "H5"},
        {**PAIR[0], "classificationCode": "H4", "primaryValue": 99_000.0},
        {**PAIR[1], "classificationCode": "H4"},
    ]
    flows, done = paired(rows)
    assert flows["exporter_fob"].tolist() == [100_000.0]
    assert len(found(done, "CLASSIFICATION_MIXED")) == 1
    assert "a second classification of the same flows" in set(done.findings["what"])


def test_identical_rows_count_once_and_parts_of_a_composite_add_up(paired: Paired) -> None:
    rows = [*PAIR, PAIR[0], report("X", "842", "DEU", 70_000.0), report("X", "841", "DEU", 5_000.0)]
    flows, done = paired(rows)
    assert flows.set_index("exporter")["exporter_fob"].to_dict() == {
        "FRA": 100_000.0,
        "USA": 75_000.0,
    }
    assert found(done, "DUPLICATE")[["rows", "value"]].to_numpy().tolist() == [[1, 100_000.0]]


def test_silent_reporters_are_named_with_what_rests_on_their_partners(paired: Paired) -> None:
    flows, done = paired([*PAIR, report("X", "FRA", "TKM", 50_000.0)])
    silent = found(done, "MISSING_MIRROR").iloc[0]
    assert (silent["what"], silent["rows"], silent["value"]) == (
        "1 silent reporters: TKM",
        1,
        50_000.0,
    )
    assert flows.set_index("importer").loc["TKM", "evidence"] == "exporter only"


def test_importers_who_state_fob_are_not_converted(paired: Paired) -> None:
    fob = {"cifvalue": float("nan"), "fobvalue": 110_000.0}
    rows = [{**PAIR[0], "cifvalue": float("nan"), "fobvalue": 100_000.0}, {**PAIR[1], **fob}]
    flows, _ = paired(rows)
    assert flows["importer_fob"].tolist() == [110_000.0]
    assert flows["cif_margin"].tolist() == [0.0]
    both = {"cifvalue": 110_000.0, "fobvalue": 104_000.0}
    flows, _ = paired([{**rows[0]}, {**PAIR[1], **both}])
    assert flows["importer_fob"].tolist() == [104_000.0]


def test_no_row_to_pair_is_an_input_error(paired: Paired) -> None:
    with pytest.raises(InputError, match="no row between two areas"):
        paired([report("X", "FRA", "W00", 100.0)])
    with pytest.raises(InputError, match="no rows of 1999"):
        paired(PAIR, years=[1999])


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["X", "M", "RX"]),
            st.sampled_from(["FRA", "251", "DEU", "USA", "W00"]),
            st.sampled_from(["FRA", "DEU", "842", "0", "_X"]),
            st.sampled_from(["01", "0101", "010121", "010129"]),
            st.integers(0, 5).map(lambda n: n * 1000.0),
        ),
        min_size=1, max_size=25,
    )
)  # fmt: skip
def test_every_row_is_in_a_flow_or_counted(tmp_path_factory: Any, rows: list[Any]) -> None:
    from reconcile.world import run

    from .conftest import load, parquet

    folder = tmp_path_factory.mktemp("rows")
    table = [report(f, r, p, v, cmdCode=c) for f, r, p, c, v in rows]
    try:
        done = run.world([parquet(table, folder / "in.parquet")], folder / "out")
    except InputError:
        return
    flows = load(folder / "out" / "flows.parquet")
    gone = done.findings["code"].isin(["SET_ASIDE", "TOTALS_MIXED", "UNKNOWN_AREA", "DUPLICATE"])
    value = float(done.findings.loc[gone, "value"].sum())
    paired = float(flows[["exporter_fob", "importer_cif"]].sum().sum())
    assert paired + value == pytest.approx(sum(v for *_, v in rows))
    assert not flows.duplicated(["year", "exporter", "importer", "commodity"]).any()
