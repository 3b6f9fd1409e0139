"""Each pair method against its published numbers and its own rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.balance import (
    baci,
    balance,
    cif,
    gehlhar,
    growth_lab,
    reliability,
    symmetry_mean,
    symmetry_share,
)
from reconcile.balance.mirror import Mirror
from reconcile.balance.pairs import IN, mirror
from reconcile.simulate.worlds import World, make


def _pairs(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["exporter", "importer", "exporter_fob", "importer_cif"])
    return table.assign(year=2020, commodity="TOTAL")[IN]


@pytest.fixture(scope="module")
def world() -> World:
    return make("independent", areas=30, commodities=8, seed=11)


# ------------------------------------------------------------------------------------------------- BACI


@pytest.mark.parametrize(
    ("of_e", "of_i", "weight"),
    [(0.1, 0.1, 0.5), (0.1, 0.2, 0.807113), (0.2, 0.4, 0.827398), (0.1, 0.5, 0.972919),
     (0.5, 0.1, 0.027081), (0.3, 1.0, 0.978415)],
)  # fmt: skip
def test_baci_weights_with_the_denominator_of_the_derivation(
    of_e: float, of_i: float, weight: float
) -> None:
    got = baci.weights(np.array([of_e]), np.array([of_i]))
    assert got[0] == pytest.approx(weight, abs=5e-7)


@pytest.mark.parametrize(
    ("log", "value"), [(6, -0.564), (7, -0.560), (8, -0.528), (9, -0.468), (10, -0.380)]
)
def test_baci_distance_terms_of_table_1(log: int, value: float) -> None:
    assert cif.distance_part(np.array([float(log)]))[0] == pytest.approx(value, abs=5e-10)


def test_baci_published_margins_have_the_published_mean_and_cost_a_landlocked_importer_more() -> (
    None
):
    pairs = make("independent", areas=40, commodities=2, seed=2).pairs
    margin = cif.published(mirror(pairs, cif="none"))
    assert np.log1p(margin).mean() == pytest.approx(np.log(1.033), abs=0.01)
    four = mirror(_pairs(("CHN", "KAZ", 1, 1), ("CHN", "PAK", 1, 1)), cif="none")
    assert (
        cif.published(four)[0] > cif.published(four)[1]
    )  # both border China; Pakistan has a coast


def test_baci_marginal_means_are_those_of_the_dummy_regression() -> None:
    rng = np.random.default_rng(0)
    n, size = 400, 6
    e, i, year, product = (rng.integers(0, k, n) for k in (size, size, 2, 5))
    w = rng.uniform(1, 3, n)
    y = rng.normal(size=n) + 0.3 * e - 0.2 * i + year + 0.5 * product
    (mean_e, error_e), (mean_i, _) = baci.marginal_means(y, w, e, i, year, product, size)

    def effects(index: np.ndarray, levels: int) -> np.ndarray:
        """Deviation coding: the last level is minus the sum of the others."""
        made = (index[:, None] == np.arange(levels - 1)).astype(float)
        return np.where((index == levels - 1)[:, None], -1.0, made)

    x = np.hstack(
        [np.ones((n, 1)), effects(e, size), effects(i, size), effects(year, 2), effects(product, 5)]
    )
    root = np.sqrt(w)[:, None]
    coefficient = np.linalg.lstsq(x * root, y * root[:, 0], rcond=None)[0]
    own = coefficient[1:size]
    assert mean_e == pytest.approx(coefficient[0] + np.append(own, -own.sum()), abs=1e-8)
    other = coefficient[size : 2 * size - 1]
    assert mean_i == pytest.approx(coefficient[0] + np.append(other, -other.sum()), abs=1e-8)
    noise = (w * (y - x @ coefficient) ** 2).sum() / (n - x.shape[1])
    covariance = noise * np.linalg.inv((x * root).T @ (x * root))
    assert error_e[0] == pytest.approx(np.sqrt(covariance[1, 1]), rel=1e-6)


def test_baci_sigmas_order_the_reporters_and_never_reach_zero(world: World) -> None:
    p = mirror(world.pairs)
    by_e, by_i = baci.sigmas(p)
    assert (by_e > 0).all() and (by_i > 0).all()
    for found, role in ((by_e, "exporter"), (by_i, "importer")):
        true = world.reporters[world.reporters["role"] == role].set_index("reporter")["spread"]
        assert _spearman(found, true.loc[list(p.codes)].to_numpy()) > 0.8  # the floor makes ties
    gentle, harsh = (baci.sigmas(p, penalty)[0] for penalty in (0.0, 2.0))
    assert (harsh <= gentle + 1e-12).all()


def _spearman(a: np.ndarray, b: np.ndarray) -> float:
    ranks = (np.argsort(np.argsort(one)) for one in (a, b))
    return float(np.corrcoef(*ranks)[0, 1])


def test_the_margin_regression_finds_the_margin_of_the_world(world: World) -> None:
    p = mirror(world.pairs, cif="regression")
    true = world.pairs.merge(world.truth, on=["year", "exporter", "importer", "commodity"])
    met = pd.DataFrame({"found": p.margin, "key": np.arange(len(p.x))})
    true = world.pairs.assign(key=np.arange(len(p.x))).merge(
        world.truth, on=["year", "exporter", "importer", "commodity"]
    )
    met = true.merge(met, on="key")
    # weighted towards pairs that agree, it finds a part of the level, and the order
    assert met["cif_margin"].mean() - 0.05 < met["found"].mean() < met["cif_margin"].mean() + 0.01
    assert np.corrcoef(met["found"], met["cif_margin"])[0, 1] > 0.5


def test_cooks_distance_of_a_known_line() -> None:
    x = np.column_stack([np.ones(5), [1.0, 2, 3, 4, 10]])
    y = np.array([1.0, 2, 3, 4, 4])
    coefficient = np.linalg.lstsq(x, y, rcond=None)[0]
    got = cif.cook(x, y, coefficient)
    noise = ((y - x @ coefficient) ** 2).sum() / 3
    for row in range(5):
        left = np.delete(np.arange(5), row)
        other = np.linalg.lstsq(x[left], y[left], rcond=None)[0]
        assert got[row] == pytest.approx(((x @ (coefficient - other)) ** 2).sum() / (2 * noise))


# ------------------------------------------------------------------------------------------- Growth Lab


def _matrices(p: Mirror) -> tuple[np.ndarray, np.ndarray]:
    x, f = (
        np.bincount(p.e * p.size + p.i, np.nan_to_num(one), p.size**2).reshape(p.size, p.size)
        for one in (p.x, p.f)
    )
    return x, f


@pytest.fixture(scope="module")
def paired() -> World:
    return make("pair", areas=40, commodities=8, seed=4)


def test_scores_belong_to_their_own_role(paired: World) -> None:
    """Exporters' scores fall with exporters' errors, and say nothing of the same areas as importers."""
    p = mirror(paired.pairs)
    found = growth_lab.scores(*_matrices(p))
    spread = paired.reporters.pivot(index="reporter", columns="role", values="spread").loc[
        list(p.codes)
    ]
    for score, own, other in (
        (found.exporter, "exporter", "importer"), (found.importer, "importer", "exporter"),
    ):  # fmt: skip
        mine = _spearman(score, spread[own].to_numpy())
        assert mine < -0.6
        assert mine < _spearman(score, spread[other].to_numpy()) - 0.3


def test_scores_do_not_alternate_with_the_number_of_rounds(paired: World) -> None:
    x, f = _matrices(mirror(paired.pairs))
    odd, even = (growth_lab.scores(x, f, rounds=n) for n in (25, 26))
    assert odd.exporter == pytest.approx(even.exporter, rel=0.02)
    assert odd.importer == pytest.approx(even.importer, rel=0.02)
    assert np.log(odd.exporter).mean() == pytest.approx(0, abs=1e-9)


def test_products_are_averaged_and_not_the_exporters_vector(paired: World) -> None:
    got = balance("growth_lab", paired.pairs)
    two = got[got["evidence"] == "both"]
    ratio = np.log(two["balanced"] / two["exporter_fob"])
    spread = ratio.groupby([two["exporter"], two["importer"]]).std()
    assert (spread.dropna() < 1e-6).mean() < 0.2


def test_products_add_up_to_the_pairs_total_or_the_rest_is_named(paired: World) -> None:
    got = balance("growth_lab", paired.pairs, cif=1.06, temperature=1.0)
    assert (got.loc[got["commodity"] == growth_lab.RESIDUAL, "balanced"] > 0).all()
    found = growth_lab.scores(*_matrices(mirror(paired.pairs, cif=1.06)))
    assert np.isfinite(found.exporter).all()
    p = mirror(paired.pairs, cif=1.06)
    x, f = _matrices(p)
    a, b = (np.repeat(one[:, None], p.size, axis=1) for one in (found.exporter, found.importer))
    weight = 1 / (1 + np.exp(b.T - a))
    goal = pd.DataFrame(weight * x + (1 - weight) * f, index=p.codes, columns=p.codes)
    sums = got.groupby(["exporter", "importer"])["balanced"].sum()
    both = (x > 0) & (f > 0)
    for place_e, place_i in np.argwhere(both)[:200]:
        key = p.codes[place_e], p.codes[place_i]
        assert sums[key] == pytest.approx(goal.loc[key], rel=1e-6)


def test_neighbouring_years_lend_a_year_its_margin() -> None:
    full = make("independent", areas=30, commodities=1, seed=8).pairs
    few = full.head(3).assign(year=2021)
    alone = mirror(few, cif="growth_lab").margin
    lent = mirror(pd.concat([full, few]), cif="growth_lab").margin[-3:]
    assert (alone == 0).all()  # three pairs give no regression
    assert (lent > 0).any()


def test_pairs_too_small_on_either_side_do_not_move_the_margin() -> None:
    full = make("independent", areas=30, commodities=1, seed=8).pairs
    two = full["exporter_fob"].notna() & full["importer_cif"].notna()
    full = full[two].assign(
        exporter_fob=full["exporter_fob"].clip(lower=3e6),
        importer_cif=full["importer_cif"].clip(lower=3e6),
    )
    wild = full.head(5).assign(year=2020, commodity="X", exporter_fob=2e3, importer_cif=9e8)
    wild["exporter"], wild["importer"] = wild["importer"].to_numpy(), wild["exporter"].to_numpy()
    wild = wild[~wild.set_index(["exporter", "importer"]).index.isin(
        full.set_index(["exporter", "importer"]).index)]  # fmt: skip
    plain = mirror(full, cif="growth_lab").margin
    more = mirror(pd.concat([full, wild]), cif="growth_lab").margin[: len(full)]
    assert more == pytest.approx(plain, abs=1e-9)


def test_reports_below_a_thousand_dollars_count_as_missing() -> None:
    pairs = make("independent", areas=20, commodities=2, seed=8).pairs
    pairs = pairs.head(200).copy()
    pairs.loc[pairs.index[0], ["exporter_fob", "importer_cif"]] = [500.0, 2e6]
    pairs.loc[pairs.index[1], ["exporter_fob", "importer_cif"]] = [500.0, 600.0]
    got = balance("growth_lab", pairs, cif=1.0, fewest=1)
    assert got["weight_exporter"].iloc[0] == 0
    assert np.isnan(got["balanced"].iloc[1])
    assert got["evidence"].iloc[1] == "below the smallest report"


def test_the_deflator_has_an_effect(paired: World) -> None:
    small = paired.pairs.assign(
        exporter_fob=paired.pairs["exporter_fob"] / 1e3,
        importer_cif=paired.pairs["importer_cif"] / 1e3,
    )
    now = balance("growth_lab", small, cif=1.06)
    dear = balance("growth_lab", small, cif=1.06, deflator={2020: 100.0})
    assert not np.allclose(now["balanced"].iloc[:500], dear["balanced"].iloc[:500], equal_nan=True)


def test_areas_without_a_key_anywhere_are_taken_as_they_are(paired: World) -> None:
    odd = paired.pairs.replace({"exporter": {paired.pairs["exporter"].iloc[0]: "S3"}})
    got = balance("growth_lab", odd)
    assert got.loc[got["exporter"] == "S3", "balanced"].gt(0).any()


def test_areas_with_few_partners_have_no_score_and_still_a_total() -> None:
    pairs = _pairs(("CHN", "KAZ", 1e9, 2e9), ("KAZ", "CHN", 1e9, 3e9))
    got = balance("growth_lab", pairs, cif=1.0)
    assert list(got["balanced"]) == pytest.approx([1e9, 1e9])  # the smaller of what exists


def test_a_pair_whose_products_miss_its_total_gets_a_residual() -> None:
    """The importer's total stands for a pair whose exporter is poor; its products are worth less."""
    value, total = np.array([1e8, 1e7]), np.array([3e8, 1.05e7])
    scaled, residual = growth_lab._forced(value, total, np.array([0, 1]))
    assert list(scaled) == pytest.approx([1e8, 1.05e7])
    assert list(residual) == pytest.approx([2e8, 0])


# ------------------------------------------------------------------- Gehlhar, symmetry index, OEC, IMF


def test_gehlhar_leaves_out_the_largest_inaccurate_flow_and_chooses_the_better_side() -> None:
    pairs = _pairs(
        ("CHN", "KAZ", 100, 100), ("CHN", "KGZ", 1000, 100), ("CHN", "UZB", 50, 90),
        ("KAZ", "KGZ", 10, 10), ("UZB", "KGZ", 20, 60),
    )  # fmt: skip
    p = mirror(pairs, cif=1.0)
    of_x, of_m = gehlhar.indices(p)
    assert of_x[0] == pytest.approx(100 * 100 / (100 + 50))  # 1000 is the largest inaccurate one
    assert of_m[1] == pytest.approx(100 * 10 / (10 + 60))  # KGZ: 100 is left out
    everything = gehlhar.indices(p, largest_out=False)
    assert everything[0][0] == pytest.approx(100 * 100 / 1150)
    got = balance("gehlhar", pairs, cif=1.0)
    assert got["balanced"].iloc[1] == 1000  # CHN 67 against KGZ 14
    assert got["balanced"].iloc[0] == 100


def test_gehlhar_accepts_a_difference_of_20_percent_of_the_importers_figure() -> None:
    pairs = _pairs(("CHN", "KAZ", 80.0, 100.0), ("CHN", "KGZ", 79.0, 100.0))
    of_x, of_m = gehlhar.indices(mirror(pairs, cif=1.0), largest_out=False)
    assert (of_m[0], of_m[1]) == (100, 0)
    assert of_x[0] == pytest.approx(100 * 80 / 159)


def test_symmetry_index_in_both_definitions_without_and_with_the_own_pair() -> None:
    pairs = _pairs(("CHN", "KAZ", 100, 110), ("CHN", "KGZ", 200, 100), ("CHN", "UZB", 50, 52))
    p = mirror(pairs, cif=1.0)
    of_e, of_i = symmetry_share.indices(p, 0.2, own_pair=True)
    assert of_e[0] == pytest.approx(150 / 350)
    assert list(of_i) == pytest.approx([1, 0, 1])
    without, _ = symmetry_share.indices(p, 0.2, own_pair=False)
    assert list(without) == pytest.approx([50 / 250, 150 / 150, 100 / 300])
    mean_e, mean_i = symmetry_mean.indices(p, own_pair=True)
    assert mean_e[0] == pytest.approx(1 - (10 + 100 + 2) / (210 + 300 + 102))
    assert mean_i[1] == pytest.approx(1 - 100 / 300)
    assert symmetry_mean.indices(p, own_pair=False)[0][1] == pytest.approx(1 - 12 / 312)
    shares = symmetry_share.shares(np.array([0.0, 0.3]), np.array([0.0, 0.1]))
    assert list(shares) == pytest.approx([0.5, 0.75])


def test_oec_takes_the_larger_and_imf_keeps_what_is_reported() -> None:
    pairs = _pairs(("CHN", "KAZ", 100, 216), ("KAZ", "CHN", 300, 216), ("UZB", "CHN", np.nan, 106))
    assert list(balance("oec", pairs)["balanced"][:2]) == pytest.approx([200, 300])
    assert list(balance("imf", pairs)["balanced"]) == pytest.approx([100, 300, 100])


def test_the_reverse_flow_fills_a_square_only_where_neither_side_reports() -> None:
    pairs = _pairs(("CHN", "KAZ", 100, 110), ("KGZ", "CHN", 7, np.nan))
    got = balance("harmonised", pairs, square=True, empty=0.0).set_index(["exporter", "importer"])
    assert len(got) == 9
    assert got["balanced"]["CHN", "KAZ"] == 110
    assert got["balanced"]["KAZ", "CHN"] == 100
    assert got["evidence"]["KAZ", "CHN"] == "reverse flow"
    assert got["balanced"]["CHN", "KGZ"] == 7
    assert got["balanced"]["KAZ", "KGZ"] == 0


def test_the_reverse_flow_is_taken_from_its_own_exporter_first() -> None:
    pairs = _pairs(("CHN", "KAZ", 100, 110))
    got = balance("harmonised", pairs, square=True).set_index(["exporter", "importer"])
    assert got["balanced"]["CHN", "KAZ"] == 110  # the importer's report
    assert got["balanced"]["KAZ", "CHN"] == 100  # China's own report of the other direction


# -------------------------------------------------------------------------------- variances and biases


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10_000))
def test_nnls_meets_the_conditions_of_kuhn_and_tucker(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(n + 3, n)), rng.normal(size=n + 3)
    gram, right = a.T @ a, a.T @ b
    z = reliability.nnls(gram, right)
    pull = right - gram @ z
    assert (z >= 0).all()
    assert (pull <= 1e-7 * (1 + np.abs(right).max())).all()
    assert np.abs(pull * z).max() <= 1e-7 * (1 + np.abs(right).max())


def test_variances_are_those_the_world_was_made_with(world: World) -> None:
    p = mirror(world.pairs)
    by_e, by_i = p.errors
    spread = world.reporters.pivot(index="reporter", columns="role", values="spread").loc[
        list(p.codes)
    ]
    for found, role in ((by_e, "exporter"), (by_i, "importer")):
        true = spread[role].to_numpy() ** 2 + 0.01
        assert np.corrcoef(found, true)[0, 1] > 0.95
        assert found.mean() == pytest.approx(true.mean(), rel=0.2)
    assert by_e.mean() == pytest.approx(by_i.mean(), rel=0.1)  # only differences are identified


def test_biases_are_found_up_to_a_common_level() -> None:
    biased = make("biased", areas=30, commodities=8, seed=6)
    p = mirror(biased.pairs)
    by_e, by_i = reliability.biases(p.gap[p.both], p.e[p.both], p.i[p.both], p.size, p.errors)
    true = biased.reporters.pivot(index="reporter", columns="role", values="bias").loc[
        list(p.codes)
    ]
    assert np.corrcoef(by_e, true["exporter"])[0, 1] > 0.9
    assert np.corrcoef(by_i, true["importer"])[0, 1] > 0.9
    assert by_e.sum() + by_i.sum() == pytest.approx(0, abs=1e-6)


def test_everybody_too_high_by_one_factor_cannot_be_told() -> None:
    pairs = make("biased", areas=15, commodities=4, seed=6).pairs
    twice = pairs.assign(
        exporter_fob=pairs["exporter_fob"] * 2, importer_cif=pairs["importer_cif"] * 2
    )
    once, double = (balance("bias", one)["balanced"] for one in (pairs, twice))
    assert double.to_numpy() == pytest.approx(2 * once.to_numpy())
