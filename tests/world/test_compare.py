"""Methods side by side: drawn ranges hold nine in ten, and a truth ranks the methods."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reconcile.world import balance, calibrate, methods, run, scores
from sources import geography
from sources.errors import InputError

from .conftest import load, parquet

CODES = ["CHN", "DEU", "FRA", "JPN", "USA"]


def evidence(family: str) -> methods.Evidence:
    """Five areas with known spreads and biases; one in fifty flows is booked to the last."""
    size = len(CODES)
    rows = [(e * size + i, False, b, 50) for e in range(size) for i in range(size) if e != i for b in range(-3, 4)]  # fmt: skip
    cells = scores.cells_of(pd.DataFrame(rows, columns=["pair", "fob", "bin", "n"]), size)
    spread = np.array([0.1, 0.2, 0.3, 0.45, 0.6])
    fit = scores.Fit(
        family, (spread**2, spread[::-1] ** 2), (0.05 * spread, -0.1 * spread),
        (np.array([0, 0, 0, 0, 0.1]), np.zeros(size)), (np.full(size, 1400.0),) * 2, np.zeros(6),
        np.full((size, size), 0.05), 1.0, {}, (spread**2 / 20,) * 2,
    )  # fmt: skip
    sums = pd.DataFrame({"pair": sorted({r[0] for r in rows}), "x_both": 1.0, "m_both": 1.1, "x_only": 0.0, "m_only": 0.0})  # fmt: skip
    return methods.Evidence(fit, cells, sums, fit.margin)


@pytest.mark.parametrize("family", ["lognormal", "gamma"])
@pytest.mark.parametrize("name", sorted(methods.METHODS))
def test_a_range_holds_nine_in_ten_of_what_it_was_drawn_for(
    family: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    given, method = evidence(family), methods.METHODS[name]
    pairs = balance.parameters(given, method)
    found = calibrate.calibrate(given, method, pairs)
    assert calibrate.calibrate(given, method, pairs) == found
    monkeypatch.setattr(calibrate, "SEED", calibrate.SEED + 1)  # other draws than it was fitted to
    base = duckdb.connect()
    base.register("pair_row", pairs)
    base.register("drawn", calibrate.draw(given))
    select = balance.query(family, method.combine, found.reach, "drawn")
    share = base.execute(
        f"SELECT avg((1 BETWEEN low AND high)::INTEGER), avg((low < 1)::INTEGER) FROM ({select})"
    ).fetchall()[0]
    base.close()
    assert share[0] == pytest.approx(0.90, abs=0.015)
    assert share[1] == pytest.approx(0.95, abs=0.015)


def test_a_truth_ranks_the_methods(made: tuple[Path, pd.DataFrame], tmp_path: Path) -> None:
    truth = parquet(made[1][["year", "exporter", "importer", "commodity", "value"]], tmp_path / "truth.parquet")  # fmt: skip
    done = run.world([made[0]], tmp_path / "out", truth=truth)
    table = done.tables["Methods"].set_index("method")
    assert set(table.index) == set(methods.METHODS)
    assert table["rms_log_error"].idxmin() == "variance"
    assert table.loc["oec", "bias_log"] > 0.1  # the larger of two figures is too large
    assert table.loc["exporter", "rms_log_error"] > table.loc["mean", "rms_log_error"]
    assert table["in_range"].between(0.86, 0.94).all()
    assert table.loc["exporter", "rms_log_from_exporter"] == 0.0
    assert (tmp_path / "out" / "methods.csv").is_file()
    flows = load(tmp_path / "out" / "flows.parquet")
    met = flows[flows["evidence"] == "both"].merge(made[1], on=["year", "exporter", "importer", "commodity"])  # fmt: skip
    error = np.log(met["balanced"] / met["value"])
    assert table.loc["variance", "rms_log_error"] == pytest.approx(np.sqrt((error**2).mean()))
    assert table.loc["variance", "flows"] == len(met)


def test_without_a_truth_nothing_is_said_of_error(
    made: tuple[Path, pd.DataFrame], tmp_path: Path
) -> None:
    done = run.world([made[0]], tmp_path, comparing=True, years=[2020])
    table = done.tables["Methods"]
    assert "rms_log_error" not in table and "in_range" not in table
    assert table["expected_rms_log_error"].gt(0).all()


def test_a_truth_that_cannot_be_used(
    made: tuple[Path, pd.DataFrame], tmp_path: Path, finished: Any
) -> None:
    (tmp_path / "truth.csv").write_text("year,exporter\n2020,FRA\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        run.world([made[0]], tmp_path / "out", truth=tmp_path / "truth.csv")
    assert len(raised.value.problems) == 3
    wrong = "year,exporter,importer,commodity,value\n1800,FRA,DEU,010121,5\n"
    (tmp_path / "truth.csv").write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError, match="no two-sided flow has a true value"):
        run.world([made[0]], tmp_path / "out", truth=tmp_path / "truth.csv", years=[2020])
    with pytest.raises(InputError):
        run.world([made[0]], tmp_path / "out", truth=tmp_path / "absent.parquet")


def test_places_of_areas_are_those_of_the_shipped_map() -> None:
    place = geography.shipped().over(CODES)
    # Shanghai to Tokyo is some 1,770 km, Essen or Berlin to Paris under 900
    assert 1_600 < place.km[0, 3] < 1_900
    assert 300 < place.km[1, 2] < 900
    assert place.contiguous[1, 2] == 1 and place.contiguous[0, 3] == 0
