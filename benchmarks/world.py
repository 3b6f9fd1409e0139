"""Time, memory and accuracy of `reconcile.world` beside DuckDB's bare mirror join on the same file.

    python benchmarks/world_data.py FOLDER --reports 13000000 --reporters 230
    python benchmarks/world.py FOLDER [FOLDER ...]

Each measurement runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

BARE = """
    SELECT exporter, sum(abs(x - m)) AS gap, count(*) AS flows FROM (
        SELECT coalesce(a.reporterISO, b.partnerISO) AS exporter, a.primaryValue AS x, b.primaryValue AS m
        FROM (SELECT * FROM '{file}' WHERE flowCode = 'X') a
        FULL JOIN (SELECT * FROM '{file}' WHERE flowCode = 'M') b
        ON a.period = b.period AND a.reporterISO = b.partnerISO AND a.partnerISO = b.reporterISO
            AND a.cmdCode = b.cmdCode) GROUP BY 1"""
SCORE = """
    SELECT count(*), sqrt(avg((ln(balanced) - ln(value)) ** 2)),
        sqrt(avg((ln((exporter_fob + importer_fob) / 2) - ln(value)) ** 2)),
        avg((value BETWEEN low AND high)::INTEGER), sum(cif_margin * value) / sum(value),
        sum(margin * value) / sum(value)
    FROM '{out}/flows.parquet' JOIN '{truth}' USING (year, exporter, importer, commodity)
    WHERE evidence = 'both'"""


def bare(folder: Path) -> dict[str, float]:
    """The mirror join and the gap by exporter, nothing else."""
    import duckdb

    start = time.perf_counter()
    duckdb.connect().execute(BARE.format(file=folder / "reports*.parquet")).fetchall()
    return {"seconds": time.perf_counter() - start}


def whole(folder: Path) -> dict[str, float]:
    """The product: parquet to parquet."""
    from reconcile.world import run

    steps: list[tuple[str, float]] = []
    start = time.perf_counter()
    done = run.world(
        sorted(folder.glob("reports*.parquet")),
        folder / "out",
        progress=lambda what, at, of: steps.append((what, time.perf_counter() - start)),
    )
    return {
        "seconds": time.perf_counter() - start,
        "reports": done.reports,
        "flows": done.flows,
        **{f"until_{what}": round(at, 2) for what, at in steps},
    }


def measure(what: str, folder: Path) -> dict[str, float]:
    """One measurement in a fresh process, with its peak memory in GB."""
    answer = subprocess.run(
        [sys.executable, __file__, "--one", what, str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(answer.stdout))


def accuracy(folder: Path) -> str:
    """The balanced figures against the truth that the maker of the world kept."""
    import duckdb

    query = SCORE.format(out=folder / "out", truth=folder / "truth.parquet")
    n, error, mean, cover, estimate, truth = duckdb.connect().execute(query).fetchall()[0]
    return (
        f"  {n:,} two-sided flows: rms log error {error:.4f}, plain mean {mean:.4f} "
        f"({1 - error / mean:.1%} less); truth in range {cover:.1%}; "
        f"mean margin {estimate:.2%}, true {truth:.2%}"
    )


def main() -> None:
    """Measure every folder named."""
    if sys.argv[1:2] == ["--one"]:
        answer = {"bare": bare, "whole": whole}[sys.argv[2]](Path(sys.argv[3]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        answer["cpu"] = used.ru_utime + used.ru_stime
        answer["gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(json.dumps(answer))
        return
    for folder in map(Path, sys.argv[1:]):
        join, run = measure("bare", folder), measure("whole", folder)
        print(
            f"{folder.name}: {run['reports']:,} reports, {run['flows']:,} flows: {run['seconds']:.1f} s, "
            f"{run['cpu']:.1f} s of processor, {run['gb']:.2f} GB; bare join {join['seconds']:.2f} s, "
            f"{join['cpu']:.2f} s of processor, {join['gb']:.2f} GB; {run['seconds'] / join['seconds']:.1f} "
            f"times, of processor {run['cpu'] / join['cpu']:.1f}; load {os.getloadavg()[0]:.1f}"
        )
        print("  " + json.dumps({k: v for k, v in run.items() if k.startswith("until")}))
        if (folder / "truth.parquet").exists():
            print(accuracy(folder))


if __name__ == "__main__":
    main()
