"""Small worlds for the tests: the simulated one of the benchmarks, and files written row by row."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORT = {
    "period": "2020", "reporterISO": "", "flowCode": "X", "partnerISO": "", "cmdCode": "010121",
    "primaryValue": 0.0,
}  # fmt: skip


def _benchmark(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


world_data = _benchmark("world_data")
world_accuracy = _benchmark("world_accuracy")


def parquet(rows: list[dict[str, Any]] | pd.DataFrame, path: Path, groups: int = 0) -> Path:
    """Write rows as parquet, columns missing from a row filled from REPORT."""
    if not isinstance(rows, pd.DataFrame):
        rows = pd.DataFrame([{**REPORT, **row} for row in rows])
    base = duckdb.connect()
    base.register("frame", rows)
    size = f", ROW_GROUP_SIZE {groups}" if groups else ""
    base.execute(f"COPY frame TO '{path}' (FORMAT parquet{size})")
    base.close()
    return path


def load(path: Path) -> pd.DataFrame:
    """Read parquet."""
    base = duckdb.connect()
    table = base.execute(f"SELECT * FROM read_parquet('{path}')").df()
    base.close()
    return table


def report(flow: str, reporter: str, partner: str, value: float, **more: Any) -> dict[str, Any]:
    """One report of Comtrade."""
    return {
        "flowCode": flow, "reporterISO": reporter, "partnerISO": partner, "primaryValue": value, **more,
    }  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """(reports.parquet of a small world of two years, its truth)."""
    plan = world_data.Plan(reports=30_000, reporters=40, products=60, years=2, seed=11)
    reports, truth = world_data.make(plan)
    path = tmp_path_factory.mktemp("world") / "reports.parquet"
    return parquet(reports, path, groups=10_240), truth


@pytest.fixture(scope="session")
def finished(made: tuple[Path, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The run on the small world: its Summary."""
    from reconcile.world import run

    return run.world([made[0]], tmp_path_factory.mktemp("out"))


@pytest.fixture
def paired(tmp_path: Path) -> Callable[..., tuple[pd.DataFrame, Any]]:
    """A function from rows of reports to (flows, Summary)."""
    from reconcile.world import run

    def go(rows: list[dict[str, Any]] | pd.DataFrame, **options: Any) -> tuple[pd.DataFrame, Any]:
        done = run.world([parquet(rows, tmp_path / "in.parquet")], tmp_path / "out", **options)
        return load(tmp_path / "out" / "flows.parquet"), done

    return go
