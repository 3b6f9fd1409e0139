"""Worlds with known truth, and what the methods must show on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from reconcile.balance import causes_first, methods
from reconcile.balance.pairs import KEYS, mirror
from reconcile.cli import cli
from reconcile.simulate import files, scores
from reconcile.simulate.worlds import SCENARIOS, World, make
from reconcile.world.write import load

SMALL = {"areas": 40, "commodities": 10}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_seed_gives_the_same_world_again(scenario: str) -> None:
    one, two, other = (make(scenario, areas=12, commodities=3, seed=n) for n in (7, 7, 8))
    pd.testing.assert_frame_equal(one.pairs, two.pairs)
    pd.testing.assert_frame_equal(one.truth, two.truth)
    assert not one.pairs["exporter_fob"].equals(other.pairs["exporter_fob"])


def _met(world: World) -> pd.DataFrame:
    return world.truth.merge(world.pairs, on=KEYS, how="left", validate="one_to_one")


def test_reports_err_as_much_as_the_world_says() -> None:
    world = make("independent", areas=30, commodities=20, seed=3)
    met = _met(world)
    met["x"] = np.log(met["exporter_fob"] / met["value_fob"])
    met["m"] = np.log(met["importer_cif"] / met["value_fob"] / (1 + met["cif_margin"]))
    for column, side in (("x", "exporter"), ("m", "importer")):
        true = world.reporters[world.reporters["role"] == side].set_index("reporter")["spread"]
        found = met.groupby(side)[column].std()
        assert np.corrcoef(found, np.sqrt(true.loc[found.index] ** 2 + 0.01))[0, 1] > 0.97
    assert met[["x", "m"]].mean().abs().max() < 0.02
    pairs = make("pair", areas=30, commodities=20, seed=3)
    met = _met(pairs)
    met["x"] = np.log(met["exporter_fob"] / met["value_fob"])
    by_pair = met.groupby(["exporter", "importer"])["x"]
    assert by_pair.mean().std() > 2 * by_pair.std().mean() / np.sqrt(9)


def test_hubs_take_what_others_miss_and_no_exporter_loses_trade() -> None:
    plain, hubs = (make(name, areas=20, commodities=5, seed=4) for name in ("independent", "hubs"))
    chosen = set(hubs.reporters.loc[hubs.reporters["hub"], "reporter"])
    assert len(chosen) == 3
    met = hubs.pairs.merge(hubs.truth, on=KEYS, how="left").fillna({"value_fob": 0.0})
    to_hub = met["importer"].isin(chosen)
    assert met.loc[to_hub, "exporter_fob"].sum() > 1.2 * met.loc[to_hub, "value_fob"].sum()
    assert not plain.reporters["hub"].any()


def test_silent_areas_report_nothing() -> None:
    world = make("silent", areas=20, commodities=3, seed=2)
    mute = set(world.reporters.loc[world.reporters["silent"], "reporter"])
    assert len(mute) == 5
    assert world.pairs.loc[world.pairs["exporter"].isin(mute), "exporter_fob"].isna().all()
    assert world.pairs.loc[world.pairs["importer"].isin(mute), "importer_cif"].isna().all()


def test_the_score_of_a_known_answer() -> None:
    truth = pd.DataFrame({"year": 2020, "exporter": ["A", "B"], "importer": "C", "commodity": "1",
                          "value_fob": [100.0, 100.0]})  # fmt: skip
    result = truth.drop(columns="value_fob").assign(
        balanced=[100 * np.e, 100.0], low=[150.0, 90], high=[400.0, 110]
    )
    got = scores.score(result, truth)
    assert got["rms_log_error"] == pytest.approx(np.sqrt(0.5))
    assert got["bias_log"] == pytest.approx(0.5)
    assert got["coverage_pct"] == 50
    assert scores.score(result.assign(balanced=[np.nan, 100]), truth)["missing_pct"] == 50


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return scores.compare(["independent", "pair", "biased", "hubs", "structural"], seeds=2, **SMALL)


def _error(table: pd.DataFrame, scenario: str) -> pd.Series:
    return table[table["scenario"] == scenario].set_index("method")["rms_log_error"]


@pytest.mark.parametrize("scenario", ["independent", "pair"])
@pytest.mark.parametrize("method", ["variance", "baci", "bias", "causes_first"])
def test_reliability_beats_the_plain_mean_by_8_percent_where_errors_are_random(
    table: pd.DataFrame, scenario: str, method: str
) -> None:
    error = _error(table, scenario)
    assert error[method] < 0.92 * error["mean"]


def test_causes_first_beats_every_method_where_a_hub_is_the_cause(table: pd.DataFrame) -> None:
    error = _error(table, "hubs")
    others = error.drop(["causes_first", scores.ORACLE])
    assert error["causes_first"] < 0.9 * others.min()
    assert others["variance"] > 0.9 * error["geometric_mean"]  # weights alone do not help there


def test_known_biases_and_slips_are_found_only_by_the_methods_that_look(
    table: pd.DataFrame,
) -> None:
    biased, slips = _error(table, "biased"), _error(table, "structural")
    assert biased["bias"] < 0.9 * biased["variance"]
    assert slips["causes_first"] < 0.8 * slips.drop(["causes_first", scores.ORACLE]).min()


def test_ranges_hold_the_truth_as_often_as_they_say(table: pd.DataFrame) -> None:
    calm = table[table["scenario"].isin(["independent", "pair", "biased"])].set_index("method")
    for method in ("variance", "bias", "causes_first", "mean", "geometric_mean", "importer_first"):
        assert calm.loc[method, "coverage_pct"].between(92, 99.5).all()
    assert calm.loc[scores.ORACLE, "coverage_pct"].between(94, 96).all()


def test_the_larger_of_two_noisy_figures_is_too_large(table: pd.DataFrame) -> None:
    bias = table.set_index(["scenario", "method"])["bias_log"]
    assert bias["independent", "oec"] > 0.15
    assert abs(bias["independent", "variance"]) < 0.03


@pytest.mark.parametrize("seed", range(1, 6))
def test_hubs_are_named_and_nobody_else_ever_is(seed: int) -> None:
    for scenario in ("independent", "pair", "biased", "hubs"):
        world = make(scenario, areas=40, commodities=20, seed=seed)
        true = set(world.reporters.loc[world.reporters["hub"], "reporter"])
        found = causes_first.transit(mirror(world.pairs, cif="published"))
        assert set(found.hubs) <= true
        assert len(found.hubs) >= len(true) - 1  # a small hub may hide in the noise
        assert found.note


def test_what_is_moved_keeps_every_exporters_total_by_commodity() -> None:
    world = make("hubs", areas=40, commodities=10, seed=1)
    got = causes_first.balance(world.pairs)
    assert (got["moved"] != 0).sum() > 500
    moved = got[got["slip"] == ""].assign(size=got["exporter_fob"].fillna(0))
    sums = moved.groupby(["exporter", "commodity"])[["moved", "size"]].sum()
    whole = got.groupby(["exporter", "commodity"])["slip"].agg(lambda slips: (slips != "").any())
    calm = sums[~whole]
    assert (calm["moved"].abs() <= 1e-6 * calm["size"]).all()
    assert (got["exporter_fob"].fillna(0) + got["moved"] >= 0).all()


def test_a_slip_of_a_thousand_is_put_right_on_the_side_that_slipped() -> None:
    world = make("independent", areas=20, commodities=10, seed=5)
    pairs = world.pairs.copy()
    two = pairs.index[pairs["exporter_fob"].notna() & pairs["importer_cif"].notna()]
    big, small = two[10:20], two[30:40]
    pairs.loc[big, "exporter_fob"] *= 1000
    pairs.loc[small, "importer_cif"] /= 1000
    got = causes_first.balance(pairs)
    assert (got.loc[big, "slip"] == "exporter").mean() >= 0.8
    assert (got.loc[small, "slip"] == "importer").mean() >= 0.8
    rest = got.drop(index=[*big, *small])
    assert (rest["slip"] != "").sum() <= 2


def test_files_of_a_world_are_read_by_the_readers(tmp_path: Path) -> None:
    from sources.readers import read_path

    world = make("independent", areas=8, commodities=3, seed=5)
    written = files.write(world, tmp_path, "csv")
    assert [path.name for path in written] == ["reports.csv", "truth.csv", "reporters.csv"]
    figures = read_path(str(written[0]))[0].figures
    reported = world.pairs[["exporter_fob", "importer_cif"]].notna().to_numpy().sum()
    assert len(figures) == reported
    assert figures["value"].sum() == pytest.approx(
        world.pairs[["exporter_fob", "importer_cif"]].sum().sum()
    )


def test_the_command_makes_a_world_and_scores_the_methods(tmp_path: Path) -> None:
    run = CliRunner().invoke(
        cli, ["simulate", "-o", str(tmp_path / "w"), "--areas", "10", "--commodities", "3"]
    )
    assert run.exit_code == 0, run.output
    truth = load(tmp_path / "w" / "truth.parquet")
    assert list(truth.columns) == [
        "year",
        "exporter",
        "importer",
        "commodity",
        "value",
        "cif_margin",
    ]
    out = tmp_path / "scores.csv"
    run = CliRunner().invoke(
        cli, ["simulate", "--compare", "--worlds", "1", "--areas", "12", "--commodities", "3",
              "--scenario", "independent", "-o", str(out)],
    )  # fmt: skip
    assert run.exit_code == 0, run.output
    assert set(pd.read_csv(out)["method"]) == {*methods(), scores.ORACLE}
    assert "better than mean" in run.output


@pytest.mark.parametrize(
    "arguments", [["simulate"], ["simulate", "--scenario", "pair", "--scenario", "hubs", "-o", "x"]]
)
def test_wrong_usage_is_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(cli, arguments).exit_code == 2


def test_an_unknown_scenario_is_named() -> None:
    run = CliRunner().invoke(cli, ["simulate", "--scenario", "moon", "-o", "x"])
    assert "moon is unknown" in str(run.exception)


def test_a_long_tail_of_gaps_is_no_slip() -> None:
    """Gold that one side leaves out differs by thousands too: only a peak at a thousand is a slip."""
    world = make("independent", areas=20, commodities=10, seed=5)
    pairs = world.pairs.copy()
    two = pairs.index[pairs["exporter_fob"].notna() & pairs["importer_cif"].notna()]
    wild = two[::40]
    pairs.loc[wild, "exporter_fob"] *= np.exp(np.linspace(2, 9, len(wild)))
    assert (causes_first.balance(pairs)["slip"] == "").all()
