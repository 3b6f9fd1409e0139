"""How long balancing takes: 40,000 pairs by every method, and 100,000 values under 20,000 constraints.

python benchmarks/balance.py [--pairs 40000] [--values 100000] [--constraints 20000]
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time

# one thread: those of OpenBLAS wait for each other where other programs use the same processors
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from reconcile.balance import methods
from reconcile.constraints import Constraints, balance_constrained
from reconcile.simulate.worlds import make


def pairs(count: int) -> pd.DataFrame:
    """A matrix of totals of 200 areas with `count` pairs, as a world of one commodity has it."""
    whole = make("independent", areas=200, commodities=3, seed=1).pairs
    return whole.head(count)


def accounts(values: int, constraints: int, seed: int = 1) -> tuple[pd.DataFrame, Constraints]:
    """A hierarchy: totals of five parts each, in as many groups as there are constraints, and mirrors.

    Half of the constraints are sums of parts (every part in one), half are sums of such totals of other
    cuts, so that the system hangs together and does not fall into small pieces.
    """
    rng = np.random.default_rng(seed)
    cells = values - constraints
    true = rng.lognormal(15, 2, cells)
    half = constraints // 2
    rows, columns, coefficients, targets = [], [], [], []
    for cut in (0, 1):
        order = np.arange(cells) if cut == 0 else rng.permutation(cells)
        group = np.empty(cells, dtype=int)
        group[order] = np.arange(cells) * half // cells
        total = np.bincount(group, true, half)
        rows += [group + cut * half, np.arange(half) + cut * half]
        columns += [np.arange(cells), cells + cut * half + np.arange(half)]
        coefficients += [np.full(cells, -1.0), np.ones(half)]
        targets.append(total)
    x = np.concatenate([true, *targets])
    x = x * np.exp(rng.normal(0, 0.1, len(x)))
    ids = np.char.add("v", np.arange(len(x)).astype(str))
    names = np.char.add("c", np.arange(2 * half).astype(str))
    table = pd.DataFrame(
        {"constraint": names[np.concatenate(rows)], "id": ids[np.concatenate(columns)],
         "coefficient": np.concatenate(coefficients)}
    )  # fmt: skip
    rhs = pd.Series(0.0, index=names)
    frame = pd.DataFrame({"id": ids, "value": x, "sd": 0.1 * x, "lower": 0.0})
    return frame, Constraints(table, rhs)


def main() -> None:
    """Print one line a measurement: what, seconds, limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=40_000)
    parser.add_argument("--values", type=int, default=100_000)
    parser.add_argument("--constraints", type=int, default=20_000)
    given = parser.parse_args()
    table = pairs(given.pairs)
    whole = time.perf_counter()
    for name, module in methods().items():
        start = time.perf_counter()
        module.balance(table)
        print(f"{name:<16} {len(table):>7,} pairs  {time.perf_counter() - start:6.2f} s")
    print(
        f"{'all methods':<16} {len(table):>7,} pairs  {time.perf_counter() - whole:6.2f} s (limit 20)"
    )
    values, stated = accounts(given.values, given.constraints)
    start = time.perf_counter()
    found = balance_constrained(values, *stated)
    took = time.perf_counter() - start
    print(
        f"constraints      {len(values):>7,} values, {len(stated.rhs):,} constraints  {took:6.2f} s (limit 30)"
    )
    print(
        f"                 all met: {found.feasible}; largest miss {found.constraints['after'].abs().max():.3g}"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"memory {peak:,.0f} MB; numpy {np.__version__}, pandas {pd.__version__}, Python {sys.version.split()[0]}"
    )


if __name__ == "__main__":
    main()
