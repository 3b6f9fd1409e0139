"""Two real worlds: a published harmonised matrix reproduced cell by cell, and every method run on both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.real_worlds import dots, harmonised, wits
from reconcile.balance import balance, methods
from reconcile.simulate.scores import run_all

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def matrix(shared: Path) -> pd.DataFrame:
    return wits(shared / "wits" / "Grasland_WITS_trade2009.csv").drop(columns="level")


@pytest.fixture(scope="module")
def pairs(shared: Path) -> pd.DataFrame:
    return dots(shared / "dots" / "gfi_DOTS_trdmisin_2015_2016.csv.zip")[0]


def test_the_matrix_has_the_pairs_that_its_description_counts(matrix: pd.DataFrame) -> None:
    x, m = matrix["exporter_fob"].notna(), matrix["importer_cif"].notna()
    assert (len(matrix), int((x & m).sum()), int((x & ~m).sum()), int((~x & m).sum())) == (
        25_656, 14_113, 4_278, 7_265,
    )  # fmt: skip


def test_every_cell_of_the_published_harmonised_matrix_is_reproduced(
    matrix: pd.DataFrame, shared: Path
) -> None:
    got = balance("harmonised", matrix, square=True, empty=0.0)
    wanted = harmonised(shared / "wits" / "Grasland_WITS_2009_harmonized_flows.csv")
    met = got.merge(wanted, on=["exporter", "importer"], how="outer", validate="one_to_one")
    assert len(met) == 38_809
    assert met["balanced"].to_numpy() == pytest.approx(met["value"].to_numpy(), rel=1e-9, abs=1e-3)
    reverse = got[got["evidence"] == "reverse flow"]
    assert len(reverse) > 3_000
    assert reverse["balanced"].sum() / got["balanced"].sum() < 0.001


def test_every_method_answers_every_pair_of_the_matrix(matrix: pd.DataFrame) -> None:
    results = run_all(matrix)
    assert set(results) == set(methods())
    base = results["harmonised"]["balanced"].sum()
    said = matrix["exporter_fob"].notna() | matrix["importer_cif"].notna()
    for name, table in results.items():
        head = table.iloc[: len(matrix)]
        given = head["balanced"].notna()
        if name == "growth_lab":  # reports below 1,000 USD are none
            assert head.loc[said & ~given, "evidence"].eq("below the smallest report").all()
        else:
            assert given[said].all()
        assert 0.85 < table["balanced"].sum() / base < 1.06
        ordered = head[given]
        assert (ordered["low"] <= ordered["balanced"]).all()
        assert (ordered["balanced"] <= ordered["high"]).all()


def test_reporters_known_for_transit_come_out_as_the_least_alike(matrix: pd.DataFrame) -> None:
    from reconcile.balance.pairs import mirror

    p = mirror(matrix)
    flows = np.bincount(p.e[p.both], minlength=p.size)
    spread = pd.Series(np.sqrt(p.errors[0]), p.codes)[flows >= 100]
    assert spread["HKG"] > spread.quantile(0.95)  # most of its exports are re-exports
    assert spread["ARE"] > spread.quantile(0.95)
    assert spread["DEU"] < spread.median()


def test_estimates_made_from_the_other_side_are_not_taken_for_agreement(
    pairs: pd.DataFrame,
) -> None:
    gap = np.log(pairs["exporter_fob"] / pairs["importer_cif"])
    assert (gap.abs() > 1e-7).all()
    assert 80_000 < len(pairs) < 82_000


def test_every_method_answers_the_pairs_of_the_imf(pairs: pd.DataFrame) -> None:
    results = run_all(pairs)
    whole = {name: table["balanced"].sum() for name, table in results.items()}
    assert whole["oec"] == max(whole.values())  # the larger of two, always
    assert whole["exporter_first"] == pytest.approx(pairs["exporter_fob"].sum())
    assert whole["importer_first"] == pytest.approx(pairs["importer_fob"].sum())
