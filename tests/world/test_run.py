"""The whole run: the contract's tables, accuracy on a known truth, same input same bytes, kills and reruns."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from reconcile.world import balance, engine, pair, run
from sources.errors import InputError

from .conftest import ROOT, load, parquet, report, world_accuracy

FLOWS = [
    "year", "exporter", "importer", "commodity", "exporter_fob", "importer_cif", "cif_margin",
    "importer_fob", "weight_exporter", "balanced", "low", "high", "evidence",
]  # fmt: skip
Made = tuple[Path, pd.DataFrame]


def test_the_tables_of_the_contract(made: Made, finished: Any) -> None:
    flows = load(finished.out / "flows.parquet")
    assert list(flows.columns) == FLOWS
    assert set(flows["evidence"]) == {"both", "exporter only", "importer only"}
    assert sorted(set(flows["year"])) == [2020, 2021]
    assert flows["exporter"].str.fullmatch("[A-Z]{3}").all()
    keys = ["year", "exporter", "importer", "commodity"]
    assert not flows.duplicated(keys).any()
    assert flows[keys].equals(flows[keys].sort_values(keys, kind="stable", ignore_index=True))
    reporters = load(finished.out / "reporters.parquet")
    assert list(reporters.columns)[:5] == ["reporter", "role", "flows", "reliability", "bias"]
    assert set(reporters["role"]) == {"exporter", "importer"}
    assert reporters["reliability"].between(0, 1).all()
    for name in ("pairs.parquet", "findings.parquet", "findings.csv"):
        assert (finished.out / name).is_file()
    assert finished.flows == len(flows)
    assert finished.two_sided == (flows["evidence"] == "both").sum()


def test_both_originals_stand_beside_the_result_to_the_cent(made: Made, finished: Any) -> None:
    reports, flows = load(made[0]), load(finished.out / "flows.parquet")
    flows["period"] = flows["year"].astype(str)
    sides = {
        "X": ("exporter", "importer", "exporter_fob"),
        "M": ("importer", "exporter", "importer_cif"),
    }
    for flow, (reporter, partner, column) in sides.items():
        said = reports[reports["flowCode"] == flow]
        ours = flows[flows[column].notna()]
        met = said.merge(
            ours, left_on=["period", "reporterISO", "partnerISO", "cmdCode"],
            right_on=["period", reporter, partner, "commodity"], validate="one_to_one",
        )  # fmt: skip
        assert len(met) == len(said) == len(ours)
        assert (met["primaryValue"] == met[column]).all()
    both = flows[flows["evidence"] == "both"]
    assert both["importer_fob"].to_numpy() == pytest.approx(
        (both["importer_cif"] / (1 + both["cif_margin"])).to_numpy()
    )


def test_accuracy_on_a_world_whose_truth_is_known(made: Made, finished: Any) -> None:
    score = world_accuracy.score(load(finished.out / "flows.parquet"), made[1])
    assert score["less"] >= 0.15
    assert 0.88 <= score["cover"] <= 0.93
    assert abs(score["margin"] - score["truth"]) <= 0.01


def test_pair_totals_are_the_sums_of_the_flows(finished: Any) -> None:
    flows, pairs = load(finished.out / "flows.parquet"), load(finished.out / "pairs.parquet")
    both = flows[flows["evidence"] == "both"].groupby(["year", "exporter", "importer"])
    sums = both[["exporter_fob", "importer_cif", "importer_fob"]].sum().reset_index()
    met = pairs[pairs["flows_both"] > 0].merge(sums, on=["year", "exporter", "importer"])
    assert len(met) == len(sums)
    for name in ("exporter_fob", "importer_cif", "importer_fob"):
        assert met[f"{name}_x"].to_numpy() == pytest.approx(met[f"{name}_y"].to_numpy())
    assert (pairs["gap"] - (pairs["importer_fob"] - pairs["exporter_fob"])).abs().max() < 1e-6


def test_same_input_same_bytes(made: Made, finished: Any, tmp_path: Path) -> None:
    again = run.world([made[0]], tmp_path)
    for name in ("flows.parquet", "pairs.parquet", "reporters.parquet", "findings.csv"):
        assert (again.out / name).read_bytes() == (finished.out / name).read_bytes(), name


def test_a_stopped_run_leaves_no_table_and_a_rerun_takes_up_its_years(
    made: Made, finished: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    pairing, balancing = pair.pair, balance.balance

    def counted_pair(task: pair.Task) -> pair.Paired:
        calls.append(f"pair {task.year}")
        return pairing(task)

    def stopped(task: balance.Task) -> int:
        if task.year == 2021 and "stopped" not in calls:
            calls.append("stopped")
            raise KeyboardInterrupt
        calls.append(f"balance {task.year}")
        return balancing(task)

    monkeypatch.setattr(pair, "pair", counted_pair)
    monkeypatch.setattr(balance, "balance", stopped)
    with pytest.raises(KeyboardInterrupt):
        run.world([made[0]], tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [".stage"]
    assert calls == ["pair 2020", "pair 2021", "balance 2020", "stopped"]
    run.world([made[0]], tmp_path)
    assert calls[4:] == ["balance 2021"]
    assert not (tmp_path / ".stage").exists()
    assert (tmp_path / "flows.parquet").read_bytes() == (
        finished.out / "flows.parquet"
    ).read_bytes()


def test_other_options_do_not_take_up_what_was_left(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(balance, "balance", stop)
        with pytest.raises(KeyboardInterrupt):
            run.world([made[0]], tmp_path)
    done = run.world([made[0]], tmp_path, method="mean", years=[2021])
    assert done.years == [2021]
    flows = load(tmp_path / "flows.parquet")
    assert set(flows.loc[flows["evidence"] == "both", "weight_exporter"]) == {0.5}


def test_a_killed_process_leaves_nothing_half_written(
    made: Made, finished: Any, tmp_path: Path
) -> None:
    code = "import sys; from reconcile.world import run; run.world([sys.argv[1]], sys.argv[2])"
    process = subprocess.Popen([sys.executable, "-c", code, str(made[0]), str(tmp_path)], cwd=ROOT)
    limit = time.monotonic() + 60
    while not (tmp_path / ".stage" / "paired-2020.json").exists() and time.monotonic() < limit:
        if process.poll() is not None:
            break
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    whole = [p for p in tmp_path.rglob("*.parquet") if p.parent == tmp_path]
    for path in whole:
        assert len(load(path))
    run.world([made[0]], tmp_path)
    assert (tmp_path / "flows.parquet").read_bytes() == (
        finished.out / "flows.parquet"
    ).read_bytes()
    assert not list(tmp_path.rglob("*.part"))


def test_two_workers_of_a_cluster_give_the_same_bits(
    made: Made, finished: Any, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed: no cluster to test on")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of sockets and event loops that the cluster leaves to the collector
        run.world([made[0]], tmp_path, engine="dask")
    for name in ("flows.parquet", "pairs.parquet", "reporters.parquet"):
        pd.testing.assert_frame_equal(
            load(tmp_path / name), load(finished.out / name), check_exact=True
        )


def test_an_engine_that_is_none_and_one_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InputError, match="spark is no engine"), engine.start("spark"):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="distributed is not installed"), engine.start("dask"):
        pass


def test_wrong_options_are_all_named_before_any_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        run.world(["nothing"], tmp_path, method="guess", cif="none", engine="ray")
    assert [p.place for p in raised.value.problems] == ["--method", "--margins", "--engine"]
    for memory in ("lots", "10MB"):
        with pytest.raises(InputError, match="is no size"):
            run.world(["nothing"], tmp_path, memory=memory)
    (tmp_path / "file").write_text("", encoding="utf-8")
    parquet([report("X", "FRA", "DEU", 1.0)], tmp_path / "in.parquet")
    with pytest.raises(InputError, match="cannot be made"):
        run.world([tmp_path / "in.parquet"], tmp_path / "file")


def test_the_users_distances_move_the_margins(made: Made, tmp_path: Path) -> None:
    codes = sorted(set(load(made[0])["reporterISO"]) | set(load(made[0])["partnerISO"]))
    rng = np.random.default_rng(1)
    rows = [
        f"{a},{b},{int(rng.integers(0, 2))},{rng.uniform(100, 19_000):.1f}"
        for a in codes for b in codes if a != b
    ]  # fmt: skip
    (tmp_path / "dist.csv").write_text(
        "iso_o,iso_d,contig,distw\n" + "\n".join(rows), encoding="utf-8"
    )
    done = run.world([made[0]], tmp_path / "out", distances=tmp_path / "dist.csv", years=[2020])
    pairs = load(tmp_path / "out" / "pairs.parquet")
    table = pd.read_csv(tmp_path / "dist.csv", keep_default_na=False)
    met = pairs.merge(table, left_on=["exporter", "importer"], right_on=["iso_o", "iso_d"])
    # the margins of this world have nothing to do with these distances: no slope is found
    assert abs(np.corrcoef(met["cif_margin"], np.log(met["distw"]))[0, 1]) < 0.9
    assert abs(done.margin - 0.065) < 0.03


def test_flows_stand_in_order_over_many_row_groups(tmp_path: Path) -> None:
    """Threads that finish row groups in turn of their own would leave them in another order each run."""
    made = tmp_path / "reports.parquet"
    base = duckdb.connect()
    base.execute(f"""
        COPY (SELECT '2020' AS period, flow AS flowCode, CASE flow WHEN 'X' THEN e ELSE i END AS reporterISO,
            CASE flow WHEN 'X' THEN i ELSE e END AS partnerISO, printf('%06d', 10000 + k) AS cmdCode,
            1000.0 + k + hash(k, e, i, flow) % 1000 AS primaryValue
        FROM (VALUES ('FRA'), ('DEU'), ('ITA'), ('ESP'), ('PRT'), ('NLD'), ('BEL'), ('AUT')) a (e),
            (VALUES ('FRA'), ('DEU'), ('ITA'), ('ESP'), ('PRT'), ('NLD'), ('BEL'), ('AUT')) b (i),
            range(12000) p (k), (VALUES ('X'), ('M')) f (flow)
        WHERE e <> i) TO '{made}' (FORMAT parquet)""")
    run.world([made], tmp_path / "out")
    key = "exporter || importer || commodity"
    source = tmp_path / "out" / "flows.parquet"
    rows, out_of_order = base.execute(f"""
        SELECT count(*), count(*) FILTER (before >= here) FROM
        (SELECT {key} AS here, lag({key}) OVER () AS before FROM '{source}')""").fetchall()[0]
    assert (rows, out_of_order) == (8 * 7 * 12000, 0)
