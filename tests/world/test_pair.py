"""Pairing against a pairing written out by hand: the same flows, whatever the order of the rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.world import pair, run

from .conftest import load, parquet, report

AREAS = ["FRA", "DEU", "USA", "CHN"]
ROW = st.tuples(
    st.sampled_from(["X", "M"]), st.sampled_from(AREAS), st.sampled_from(AREAS),
    st.sampled_from(["010121", "020110", "999"]), st.sampled_from(["2019", "2020"]),
    st.floats(1, 1e9, allow_nan=False).map(lambda v: round(v, 2)),
).filter(lambda row: row[1] != row[2])  # fmt: skip


@settings(max_examples=5, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30, unique_by=lambda row: row[:5]), st.randoms())
def test_pairs_are_those_of_a_plain_dictionary(
    tmp_path_factory: Any, rows: list[Any], random: Any
) -> None:
    expected: dict[Any, list[float | None]] = defaultdict(lambda: [None, None])
    for flow, reporter, partner, product, year, value in rows:
        if len(product) < 6 and any(len(p) == 6 for _, _, _, p, _, _ in rows):
            continue
        ends = (reporter, partner) if flow == "X" else (partner, reporter)
        expected[(int(year), *ends, product)][flow == "M"] = value
    folder = tmp_path_factory.mktemp("pairs")
    shuffled = list(rows)
    random.shuffle(shuffled)
    # the short code is no parent of the others: the test fixes levels by leaving it out where both stand
    kept = [r for r in shuffled if not (len(r[3]) < 6 and any(len(p[3]) == 6 for p in rows))]
    table = [report(f, r, p, v, cmdCode=c, period=y) for f, r, p, c, y, v in kept]
    run.world([parquet(table, folder / "in.parquet")], folder / "out")
    flows = load(folder / "out" / "flows.parquet")
    made = {
        (int(r.year), r.exporter, r.importer, r.commodity.lstrip("0")): [r.exporter_fob, r.importer_cif]
        for r in flows.itertuples()
    }  # fmt: skip
    wanted = {(*key[:3], key[3].lstrip("0")): value for key, value in expected.items()}
    assert set(made) == set(wanted)
    for key, sides in wanted.items():
        for got, want in zip(made[key], sides):
            assert got == want if want is not None else got != got
    evidence = flows.apply(
        lambda r: {(True, True): "both", (True, False): "exporter only"}.get(
            (r.exporter_fob == r.exporter_fob, r.importer_cif == r.importer_cif), "importer only"
        ),
        axis=1,
    )
    assert evidence.tolist() == flows["evidence"].tolist()


def test_names_of_the_pooled_statistics() -> None:
    assert str(pair.table_file("/a/pairs-2020.parquet", "sums")) == "/a/sums-2020.parquet"


@pytest.mark.parametrize(
    ("levels", "code", "taken"),
    [((6,), "010121", True), ((6,), "0101", False), ((0,), "TOTAL", True), ((6,), "TOTAL", False),
     ((2, 3), "P1", True), ((6,), "999999", False), ((2,), "99", True)],
)  # fmt: skip
def test_levels_as_a_condition(levels: tuple[int, ...], code: str, taken: bool) -> None:
    import duckdb

    condition = pair._levels(levels)
    base = duckdb.connect()
    answer = base.execute(f"SELECT {condition} FROM (SELECT '{code}' AS commodity)").fetchall()
    assert answer == [(taken,)]
    base.close()
