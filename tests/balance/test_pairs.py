"""Every pair method: what all must keep (properties), and the way in and out of the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.balance import balance, methods
from reconcile.balance.pairs import IN, KEYS, OUT, mirror
from sources.errors import InputError

ALL = list(methods())
AVERAGES = ["mean", "geometric_mean", "symmetry_share", "symmetry_mean", "baci", "variance", "gehlhar",
            "importer_first", "exporter_first"]  # fmt: skip
CODES = ["CHN", "KAZ", "KGZ", "UZB", "RUS", "DEU"]

amount = st.one_of(st.none(), st.floats(1e4, 1e10))
rows = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES), amount, amount),
    min_size=3,
    max_size=25,
)


def _pairs(drawn: list[tuple[str, str, float | None, float | None]]) -> pd.DataFrame:
    table = pd.DataFrame(drawn, columns=["exporter", "importer", "exporter_fob", "importer_cif"])
    table = table[table["exporter"] != table["importer"]]
    table = table.drop_duplicates(["exporter", "importer"]).assign(year=2020, commodity="TOTAL")
    return table[IN].astype({"exporter_fob": float, "importer_cif": float}).reset_index(drop=True)


def _world(n: int = 12, seed: int = 3) -> pd.DataFrame:
    from reconcile.simulate.worlds import make

    return make("independent", areas=n, commodities=4, seed=seed).pairs


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=15, deadline=None)
@given(drawn=rows, seed=st.integers(0, 5))
def test_order_and_scale_of_the_rows_do_not_matter(
    name: str, drawn: list[tuple[str, str, float | None, float | None]], seed: int
) -> None:
    pairs = _pairs(drawn)
    if pairs.empty:
        return
    got = balance(name, pairs, cif=1.06)
    turned = balance(name, pairs.sample(frac=1, random_state=seed), cif=1.06)
    met = got.merge(turned, on=KEYS, validate="one_to_one", suffixes=("", "_t"))
    assert len(met) == len(got)
    scaled = pairs.assign(
        exporter_fob=pairs["exporter_fob"] * 1e3, importer_cif=pairs["importer_cif"] * 1e3
    )
    times = balance(name, scaled, cif=1.06)
    for column in ("balanced", "low", "high"):
        assert met[f"{column}_t"].to_numpy() == pytest.approx(
            met[column].to_numpy(), rel=1e-6, nan_ok=True
        )
        # thresholds in dollars make the Growth Lab's scores, and logarithms of dollars BACI's weights, move
        if name not in ("growth_lab", "baci"):
            assert times[column].to_numpy() == pytest.approx(
                got[column].to_numpy() * 1e3, rel=1e-6, nan_ok=True
            )


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=15, deadline=None)
@given(drawn=rows)
def test_every_report_gets_a_number_within_its_range(
    name: str, drawn: list[tuple[str, str, float | None, float | None]]
) -> None:
    pairs = _pairs(drawn)
    if pairs.empty:
        return
    got = balance(name, pairs, cif=1.06)
    assert list(got.columns[: len(OUT)]) == OUT
    reported = got["exporter_fob"].notna() | got["importer_cif"].notna()
    assert (got["balanced"].notna() | ~reported).all()
    given_rows = got[got["balanced"].notna()]
    slack = 1e-9 * given_rows["balanced"]
    assert (given_rows["low"] <= given_rows["balanced"] + slack).all()
    assert (given_rows["balanced"] <= given_rows["high"] + slack).all()
    assert given_rows["low"].ge(0).all()


@pytest.mark.parametrize("name", AVERAGES)
@settings(max_examples=15, deadline=None)
@given(drawn=rows)
def test_averages_stay_between_the_two_sides(
    name: str, drawn: list[tuple[str, str, float | None, float | None]]
) -> None:
    pairs = _pairs(drawn)
    if pairs.empty:
        return
    got = balance(name, pairs, cif=1.06)
    sides = got[["exporter_fob", "importer_fob"]]
    slack = 1e-9 * sides.max(axis=1)
    value = got["balanced"]
    assert (value.isna() | (value >= sides.min(axis=1) - slack)).all()
    assert (value.isna() | (value <= sides.max(axis=1) + slack)).all()


@pytest.mark.parametrize(
    "name", ["mean", "geometric_mean", "symmetry_share", "symmetry_mean", "variance", "bias"]
)
def test_swapping_the_roles_gives_the_same_world(name: str) -> None:
    """(i, j, X, M) -> (j, i, M, X) without a margin: nothing but the labels changes."""
    pairs = _world()
    turned = pairs.rename(columns={"exporter": "importer", "importer": "exporter",
                                   "exporter_fob": "importer_cif", "importer_cif": "exporter_fob"})  # fmt: skip
    got = balance(name, pairs, cif="none")
    other = balance(name, turned[IN], cif="none")
    assert other["balanced"].to_numpy() == pytest.approx(got["balanced"].to_numpy(), rel=1e-6)
    weight = got["weight_exporter"].to_numpy()
    assert other["weight_exporter"].to_numpy() == pytest.approx(1 - weight, abs=1e-6)


@pytest.mark.parametrize(
    "name", ["symmetry_share", "symmetry_mean", "baci", "growth_lab", "variance", "bias", "gehlhar"]
)
def test_weights_follow_who_is_the_worse_reporter(name: str) -> None:
    """The exporter that is made to err more gets less weight than before, on average over its rows."""
    pairs = _world(14, 5)
    bad = pairs["exporter"] == pairs["exporter"].iloc[0]
    noise = np.exp(np.random.default_rng(1).normal(0, 1.5, len(pairs)))
    worse = pairs.assign(
        exporter_fob=pairs["exporter_fob"].where(~bad, pairs["exporter_fob"] * noise)
    )
    options = {"temperature": 0.1, "fewest": 3} if name == "growth_lab" else {}
    before = balance(name, pairs, cif=1.06, **options)
    after = balance(name, worse, cif=1.06, **options)
    two = (bad & pairs["importer_cif"].notna()).to_numpy()
    was, now = (
        one.iloc[: len(pairs)].loc[two, "weight_exporter"].mean() for one in (before, after)
    )
    assert now < was or (was == 0 and now == 0)


def test_one_side_is_used_where_the_other_is_missing_or_zero() -> None:
    pairs = pd.DataFrame([(2020, "CHN", "KAZ", "TOTAL", 10.0, np.nan), (2020, "KAZ", "CHN", "TOTAL", 0.0, 10.6),
                          (2020, "RUS", "CHN", "TOTAL", 0.0, np.nan), (2020, "CHN", "RUS", "TOTAL", np.nan, np.nan)],
                         columns=IN)  # fmt: skip
    got = balance("mean", pairs, cif=1.06)
    assert list(got["balanced"][:3]) == pytest.approx([10, 10, 0])
    assert np.isnan(got["balanced"][3])
    assert list(got["evidence"]) == ["exporter only", "importer only", "none", "none"]


def test_an_importer_that_counts_fob_is_not_converted() -> None:
    pairs = pd.DataFrame([(2020, "CHN", "CAN", "TOTAL", 10.0, np.nan, 12.0),
                          (2020, "CHN", "KAZ", "TOTAL", 10.0, 10.6, np.nan)], columns=[*IN, "importer_fob"])  # fmt: skip
    got = balance("importer_first", pairs, cif=1.06)
    assert list(got["balanced"]) == pytest.approx([12, 10])


def test_rounding_of_the_print_widens_the_range() -> None:
    pairs = _pairs([("CHN", "KAZ", 1e9, 1.1e9), ("KAZ", "CHN", 3e8, 3e8), ("CHN", "KGZ", 1e8, 1e8)])
    rough = pairs.assign(
        exporter_low=pairs["exporter_fob"] * 0.5, exporter_high=pairs["exporter_fob"] * 1.5
    )
    plain, wide = (balance("mean", one, cif=1.06) for one in (pairs, rough))
    assert (wide["high"] - wide["low"] > plain["high"] - plain["low"]).all()


@pytest.mark.parametrize(
    ("change", "found"),
    [({"exporter_fob": -1.0}, "not below 0"), ({"importer_cif": np.inf}, "not below 0")],
)
def test_impossible_amounts_are_refused(change: dict[str, float], found: str) -> None:
    with pytest.raises(InputError, match=found):
        mirror(_pairs([("CHN", "KAZ", 1e9, 1e9)]).assign(**change))


def test_doubled_rows_and_missing_columns_are_refused() -> None:
    pairs = _pairs([("CHN", "KAZ", 1e9, 1e9)])
    with pytest.raises(InputError, match="second time"):
        mirror(pd.concat([pairs, pairs]))
    with pytest.raises(InputError, match="no column importer_cif"):
        mirror(pairs.drop(columns="importer_cif"))
    with pytest.raises(InputError, match="unknown"):
        mirror(pairs, cif="guess")
    with pytest.raises(KeyError, match="the methods are"):
        balance("guess", pairs)
