"""Accuracy of `reconcile.world` on simulated worlds that differ in every respect but size.

    python benchmarks/world_accuracy.py [NAME ...] [--reports 300000]

For each world: RMS log error of `balanced` and of the plain mean of the FOB figures on two-sided flows, that
of an oracle who knows every reporter's spread, the margin and what was booked to hubs, the share of true
values within low to high, and the mean margin, estimated and true, weighted by true value.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import world_data
from world_data import Plan

SMALL = Plan(reporters=30, products=20, reports=30_000)
WORLDS = {
    "base": Plan(),
    "gamma errors": Plan(noise="gamma"),
    "gamma errors, shape 1": Plan(noise="gamma", shape=1.0, sigma=0.4),
    "shape 1, mean .2": Plan(shape=1.0, sigma=0.2),
    "shape 1, mean .5": Plan(shape=1.0, sigma=0.5),
    "shape 4, mean .3": Plan(shape=4.0, sigma=0.3),
    "shape 2, mean .6": Plan(shape=2.0, sigma=0.6),
    "shape 2, mean .1": Plan(shape=2.0, sigma=0.1),
    "all reporters alike": Plan(shape=200.0, sigma=0.3),
    "roles differ": Plan(same_role=False),
    "spread by product": Plan(noise="product", sigma=0.3),
    "biased reporters": Plan(bias=0.15),
    "hubs by value": Plan(hubs="values"),
    "hubs by importers": Plan(hubs="imports"),
    "hubs on both sides": Plan(hubs="both"),
    "no hubs": Plan(hubs="none"),
    "two hubs, 10 % booked": Plan(hub_count=2, booked=0.1),
    "margins in ln km, noisy": Plan(log_distance=True, margin_near=0.01, margin_noise=0.03),
    "random distances": Plan(distances="random"),
    "high threshold": Plan(threshold=10_000.0),
    "small values": Plan(median=8_000.0),
    "three years": Plan(years=3),
    "230 areas, 5,000 products": Plan(reporters=230),
    "60 areas, 200 products": Plan(reporters=60, products=200),
    "30 areas, 20 products": SMALL,
    "30 areas, gamma errors": replace(SMALL, noise="gamma"),
    "30 areas, roles differ": replace(SMALL, same_role=False, seed=3),
    "30 areas, hubs by value": replace(SMALL, hubs="values", seed=4),
}


def score(flows: pd.DataFrame, truth: pd.DataFrame) -> dict[str, float]:
    """The measures of the head of this file, as numbers."""
    both = flows[flows["evidence"] == "both"]
    t = both.merge(truth, on=["year", "exporter", "importer", "commodity"], validate="one_to_one")
    log = np.log(t["value"])
    vx, vm = t["spread_x"] ** 2, t["spread_m"] ** 2
    known = (vm * np.log(t["clean_x"]) + vx * np.log(t["clean_m"])) / (vx + vm)

    def rms(figure: pd.Series) -> float:
        return float(np.sqrt(((figure - log) ** 2).mean()))

    plain = rms(np.log((t["exporter_fob"] + t["importer_fob"]) / 2))
    true_fob = t["importer_cif"] / (1 + t["margin"])
    ours = rms(np.log(t["balanced"]))
    every = flows.merge(truth, on=["year", "exporter", "importer", "commodity"])
    return {
        "flows": len(t),
        "ours": ours,
        "mean": plain,
        "less": 1 - ours / plain,
        "less_true": 1 - ours / rms(np.log((t["exporter_fob"] + true_fob) / 2)),
        "oracle": 1 - rms(known) / plain,
        "cover": float(t["value"].between(t["low"], t["high"]).mean()),
        "cover_one": float(
            every.loc[every["evidence"] != "both", ["value", "low", "high"]]
            .eval("low <= value <= high")
            .mean()
        ),
        "margin": float((t["cif_margin"] * t["value"]).sum() / t["value"].sum()),
        "truth": float((t["margin"] * t["value"]).sum() / t["value"].sum()),
    }


def main() -> None:
    """Make each world, run the program on it, print one line a world."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--reports", type=int, default=300_000)
    parser.add_argument("--seed", type=int)
    given = parser.parse_args()
    from reconcile.world import run, write

    heads = ["flows", "RMS", "plain mean", "less", "less (true margin)", "oracle", "in range"]
    heads += ["in range, one-sided", "margin", "true margin"]
    print("| world | " + " | ".join(heads) + " | family | holds |")
    print("|---|" + "---:|" * len(heads) + "---|---|")
    for name, plan in WORLDS.items():
        if given.names and name not in given.names:
            continue
        if plan.reports == Plan.reports:
            plan = replace(plan, reports=given.reports)
        if given.seed is not None:
            plan = replace(plan, seed=given.seed)
        reports, truth = world_data.make(plan)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "reports.parquet"
            world_data.write(reports, file)
            done = run.world([file], Path(folder) / "out")
            s = score(write.load(Path(folder) / "out" / "flows.parquet"), truth)
        holds = s["less"] >= 0.15 and 0.88 <= s["cover"] <= 0.93
        holds = holds and abs(s["margin"] - s["truth"]) <= 0.01
        print(
            f"| {name} | {s['flows']:,} | {s['ours']:.3f} | {s['mean']:.3f} | {s['less']:.1%} | "
            f"{s['less_true']:.1%} | {s['oracle']:.1%} | {s['cover']:.1%} | {s['cover_one']:.1%} | "
            f"{s['margin']:.2%} | {s['truth']:.2%} | {done.family} | {'yes' if holds else '**no**'} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
