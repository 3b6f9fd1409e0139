"""Times the command line: help, the example from a cold start, 100,000 figures through check and into a workbook.

    python benchmarks/core.py [--rows 100000]

Prints seconds (the best of three, of the large workbook one) and the peak memory of each command. The figures are random pairs of mirror
figures of 120 countries, 400 commodities and nine years.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from sources import areas

LIMITS = {"--help": 0.25, "example": 2.5, "check": 15.0, "workbook": 75.0}  # seconds


def figures(rows: int) -> pd.DataFrame:
    """Give about `rows` mirror figures in random order; values in US dollars."""
    draw = np.random.default_rng(1)
    codes = [code for code in areas.iso() if areas.kind(code) == "country"][:120]
    half = rows // 2
    flows = pd.DataFrame(
        {
            "exporter": draw.choice(codes, half),
            "importer": draw.choice(codes, half),
            "commodity": draw.choice(
                [f"{n:06d}" for n in draw.integers(10_000, 999_999, 400)], half
            ),
            "period": draw.integers(2015, 2024, half),
        }
    )
    flows = flows[flows["exporter"] != flows["importer"]].drop_duplicates()
    truth = np.exp(draw.normal(14, 2, len(flows)))
    sides = []
    for reporter, partner, flow, margin in (
        ("exporter", "importer", "exports", 1.0), ("importer", "exporter", "imports", 1.06),
    ):  # fmt: skip
        value = truth * margin * np.exp(draw.normal(0, 0.2, len(flows)))
        sides.append(
            pd.DataFrame(
                {
                    "reporter": flows[reporter], "partner": flows[partner], "flow": flow,
                    "period": flows["period"], "value": value.round().astype("int64"), "unit": "USD",
                    "source": "office of " + flows[reporter], "commodity": flows["commodity"],
                    "classification": "H5", "records": flows[reporter],
                }
            )
        )  # fmt: skip
    return pd.concat(sides).sample(frac=1, random_state=1)


def timed(args: list[str], times: int = 3) -> tuple[float, float]:
    """Run a command several times; give the best seconds and the peak memory in GB of all commands so far."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "reconcile", *args], capture_output=True)
        best = min(best, time.perf_counter() - start)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr.decode())
    return best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def main() -> None:
    """Time the four commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.csv"
        table = figures(rows)
        table.to_csv(path, index=False)
        print(f"{'command':40} {'seconds':>8} {'limit':>6} {'GB':>5}")
        count = f" ({len(table):,} figures)"
        for name, args, more, times in (
            ("--help", ["--help"], "", 3),
            ("example", ["report", "-o", f"{folder}/example.xlsx"], "", 3),
            ("check", ["check", str(path)], count, 3),
            ("workbook", ["report", str(path), "-o", f"{folder}/large.xlsx"], count, 1),
        ):
            seconds, memory = timed(args, times)
            print(f"{name + more:40} {seconds:8.2f} {LIMITS[name]:6.2f} {memory:5.2f}")


if __name__ == "__main__":
    main()
