"""Times the command line: help, the example from a cold start, and a figures file of 100,000 rows through check.

    python benchmarks/core.py [--rows 100000]

Prints seconds (the best of three) and the peak memory of each command. The figures are random pairs of mirror
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

LIMITS = {"--help": 0.25, "report": 2.5, "check": 15.0}  # seconds


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


def timed(args: list[str]) -> tuple[float, float]:
    """Run a command three times; give the best seconds and the peak memory in GB."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "reconcile", *args], capture_output=True)
        best = min(best, time.perf_counter() - start)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr.decode())
    return best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def main() -> None:
    """Time the three commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.csv"
        table = figures(rows)
        table.to_csv(path, index=False)
        print(f"{'command':40} {'seconds':>8} {'limit':>6} {'GB':>5}")
        for args in (["--help"], ["report", "-o", f"{folder}/example.xlsx"], ["check", str(path)]):
            seconds, memory = timed(args)
            name = " ".join(args[:1]) + (f" ({len(table):,} figures)" if args[0] == "check" else "")
            print(f"{name:40} {seconds:8.2f} {LIMITS[args[0]]:6.2f} {memory:5.2f}")


if __name__ == "__main__":
    main()
