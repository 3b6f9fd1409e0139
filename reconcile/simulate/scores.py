"""How near each method comes to a known truth: error, bias and the coverage of the ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from reconcile.balance import methods
from reconcile.balance.pairs import KEYS, mirror
from reconcile.simulate.worlds import SCENARIOS, World, make

SCORES = [
    "scenario",
    "method",
    "rms_log_error",
    "bias_log",
    "coverage_pct",  # of the 95 % ranges
    "missing_pct",  # of the true flows that have a report: no number given
    "gain_pct_mean",  # lower error than the plain mean, as a share of its error
]
ORACLE = "(true variances)"


def score(result: pd.DataFrame, truth: pd.DataFrame) -> dict[str, float]:
    """Give rms_log_error, bias_log, coverage_pct and missing_pct of a method's table OUT against truth.

    Over the true flows that anybody reports; errors are ln(balanced / true).
    """
    met = truth.merge(result, on=KEYS, how="inner", validate="one_to_one", suffixes=("_true", ""))
    given = met["balanced"] > 0
    missing = 100 * (1 - float(given.mean())) if len(met) else float("nan")
    met = met[given]
    error = np.log(met["balanced"] / met["value_fob"])
    inside = (met["low"] <= met["value_fob"]) & (met["value_fob"] <= met["high"])
    return {
        "rms_log_error": float(np.sqrt((error**2).mean())),
        "bias_log": float(error.mean()),
        "coverage_pct": 100 * float(inside.mean()),
        "missing_pct": missing,
    }


def compare(
    scenarios: Sequence[str] = SCENARIOS,
    *,
    seeds: int = 5,
    first_seed: int = 1,
    areas: int = 40,
    commodities: int = 20,
    names: Sequence[str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Give SCORES: every method on every scenario, the mean over `seeds` worlds, best first.

    The last row of a scenario weights by the variances that the world was made with.
    """
    chosen = list(names or methods())
    rows: list[dict[str, Any]] = []
    for scenario in scenarios:
        for seed in range(first_seed, first_seed + seeds):
            say(f"{scenario}, world {seed}")
            world = make(scenario, areas=areas, commodities=commodities, seed=seed)
            for name, result in run_all(world.pairs, chosen).items():
                rows.append({"scenario": scenario, "method": name, **score(result, world.truth)})
            rows.append(
                {"scenario": scenario, "method": ORACLE, **score(oracle(world), world.truth)}
            )
    table = pd.DataFrame(rows).groupby(["scenario", "method"], sort=False, as_index=False).mean()
    plain = table[table["method"] == "mean"].set_index("scenario")["rms_log_error"]
    base = table["scenario"].map(plain)
    table["gain_pct_mean"] = 100 * (1 - table["rms_log_error"] / base)
    order = {name: n for n, name in enumerate(scenarios)}
    table["rank"] = table["scenario"].map(order) * 10 + (table["method"] == ORACLE)
    table = table.sort_values(["rank", "rms_log_error"], kind="stable")
    return table[SCORES].reset_index(drop=True)


def run_all(pairs: pd.DataFrame, names: Sequence[str] | None = None) -> dict[str, pd.DataFrame]:
    """Give every method's table OUT of the same pairs; the pairs are read once for each kind of margin."""
    known = methods()
    shared = mirror(pairs)
    answers = {}
    for name in names or known:
        module = known[name]
        answers[name] = module.balance(shared)
    return answers


def oracle(world: World) -> pd.DataFrame:
    """Inverse variance with the spreads, biases and margins that the world was made with."""
    from reconcile.balance.pairs import ranged
    from reconcile.simulate.worlds import NOISE

    p = mirror(world.pairs, cif="none")
    margins = world.truth.drop_duplicates(["exporter", "importer"])
    margin = world.pairs[["exporter", "importer"]].merge(
        margins[["exporter", "importer", "cif_margin"]], how="left", validate="many_to_one",
        on=["exporter", "importer"],
    )["cif_margin"].fillna(0.0).to_numpy()  # fmt: skip
    by_role = {role: part.set_index("reporter") for role, part in world.reporters.groupby("role")}
    exporter = by_role["exporter"].loc[list(p.codes)]
    importer = by_role["importer"].loc[list(p.codes)]
    v_x = exporter["spread"].to_numpy()[p.e] ** 2 + NOISE**2
    v_m = importer["spread"].to_numpy()[p.i] ** 2 + NOISE**2
    x = np.log(p.x) - exporter["bias"].to_numpy()[p.e]
    f = np.log(p.m / (1 + margin)) - importer["bias"].to_numpy()[p.i]
    share = np.where(
        np.isfinite(x) & np.isfinite(f), v_m / (v_x + v_m), np.isfinite(x).astype(float)
    )
    value = np.exp(np.where(share > 0, share * x, 0.0) + np.where(share < 1, (1 - share) * f, 0.0))
    return ranged(ORACLE, p, value, share, (v_x, v_m))
