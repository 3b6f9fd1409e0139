"""A world whose true trade is known, reported with errors of known kinds. Owns the scenarios.

True trade follows gravity on the shipped distances. Both sides report with lognormal errors of their own
standard deviation; the importer adds a CIF margin of 2 % · ln(km) - 8 %, between 0 and 20 %. Scenarios:

independent  every flow has its own errors
pair         nine tenths of the error is common to all commodities of a pair
biased       independent, and each reporter and role has a persistent bias (s.d. 0.2)
hubs         independent, and exporters book a part of what only passes through three hubs to the hub
silent       independent, and a quarter of the areas report nothing
structural   independent, and 3 % of reports are slips: units (1000), wrong commodity, wrong partner
all          pair, biased, hubs, silent and structural together
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sources import geography

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[Any]
Generator = np.random.Generator

SCENARIOS = ("independent", "pair", "biased", "hubs", "silent", "structural", "all")
YEAR = 2020
DENSITY = 0.45  # share of exporter, importer and commodity with any trade
NOISE = 0.1  # s.d. of every report's own error beside its reporter's
SIGMA_X, SIGMA_M = (0.03, 0.6), (0.03, 0.5)  # uniform between
BIAS = 0.2
SHARED = 0.9  # of the variance in scenario pair
HUBS = 3
ROUTED = (0.0, 0.7)  # an exporter's share of destinations served through a hub, uniform between
PASSING = (0.3, 0.8)  # of such a flow, the part booked to the hub
SILENT = 0.25
SLIPS = 0.03
LEAST = 1e4  # USD, of true trade


@dataclass(frozen=True)
class World:
    """`pairs`: the columns of `reconcile.balance.pairs.IN`. `truth`: keys, `value_fob`, `cif_margin`.

    `reporters`: reporter, role, spread (s.d. of ln error), bias, silent, hub.
    """

    pairs: pd.DataFrame
    truth: pd.DataFrame
    reporters: pd.DataFrame


def make(scenario: str, *, areas: int = 40, commodities: int = 20, seed: int = 1) -> World:
    """Make a world of one year; amounts in USD. Raises ValueError for an unknown scenario."""
    if scenario not in SCENARIOS:
        raise ValueError(f"no scenario {scenario}; they are {', '.join(SCENARIOS)}")
    rng = np.random.default_rng([seed, 20260101])
    codes = _areas(areas, rng)
    truth, margin = _trade(codes, commodities, rng)
    everything = scenario == "all"

    def has(name: str) -> bool:
        return everything or scenario == name

    size = (areas, 2)
    spread = np.column_stack([rng.uniform(*SIGMA_X, areas), rng.uniform(*SIGMA_M, areas)])
    bias = rng.normal(0, BIAS, size) if has("biased") else np.zeros(size)
    hubs = rng.choice(areas, HUBS, replace=False) if has("hubs") else np.zeros(0, dtype=np.int64)
    silent = np.zeros(areas, dtype=bool)
    if has("silent"):
        silent[rng.choice(areas, round(SILENT * areas), replace=False)] = True
    booked = _booked(truth, hubs, rng) if len(hubs) else truth
    shared = SHARED if has("pair") else 0.0
    x = booked * np.exp(_errors(truth, spread[:, 0], shared, rng, 0) + bias[:, 0][:, None, None])
    m = truth * (1 + margin[:, :, None])
    m = m * np.exp(_errors(truth, spread[:, 1], shared, rng, 1) + bias[:, 1][None, :, None])
    if has("structural"):
        x, m = _slips(x, rng), _slips(m, rng)
    x[silent], m[:, silent] = np.nan, np.nan
    return _tables(codes, truth, margin, x, m, spread, bias, silent, hubs)


def _areas(count: int, rng: Generator) -> list[str]:
    """Areas at random from those shipped with a known distance; the order is alphabetical."""
    place = geography.shipped()
    known = np.flatnonzero(np.isfinite(place.km).sum(axis=1) > len(place.codes) / 2)
    if count > len(known):
        raise ValueError(f"at most {len(known)} areas")
    return sorted(place.codes[n] for n in rng.choice(known, count, replace=False))


def _trade(codes: list[str], commodities: int, rng: Generator) -> tuple[Floats, Floats]:
    """(true trade exporter × importer × commodity in USD, zero where none; margin exporter × importer)."""
    place = geography.shipped().over(codes)
    km = np.maximum(np.where(np.isfinite(place.km), place.km, 5000.0), 100.0)
    n = len(codes)
    supply, demand = rng.normal(0, 1.2, (n, commodities)), rng.normal(0, 1.2, (n, 1))
    size = rng.normal(0, 1, (n, n, commodities))
    line = 17 + supply[:, None, :] + demand[None, :, :] - 0.9 * np.log(km / 3000)[:, :, None] + size
    value = np.exp(line)
    live = rng.random(value.shape) < DENSITY
    live &= ~np.eye(n, dtype=bool)[:, :, None] & (value >= LEAST)
    margin = np.clip(0.02 * np.log(km) - 0.08, 0.0, 0.2)
    return np.where(live, value, 0.0), margin


def _errors(truth: Floats, spread: Floats, shared: float, rng: Generator, axis: int) -> Floats:
    """ln errors: each reporter's spread, of which `shared` is common to a pair, and the report's own noise."""
    n = len(truth)
    own, common = rng.normal(size=truth.shape), rng.normal(size=(n, n, 1))
    of = spread[:, None, None] if axis == 0 else spread[None, :, None]
    mixed = np.sqrt(1 - shared) * own + np.sqrt(shared) * common
    return np.asarray(of * mixed + NOISE * rng.normal(size=truth.shape))


def _booked(truth: Floats, hubs: Whole, rng: Generator) -> Floats:
    """What exporters would report without errors: a part of routed flows stands under the hub instead.

    Each exporter's sum by commodity is unchanged.
    """
    n = len(truth)
    booked = truth.copy()
    routed = rng.random((n, n)) < rng.uniform(*ROUTED, n)[:, None]
    routed[hubs], routed[:, hubs] = False, False
    via = rng.choice(hubs, (n, n))
    moved = truth * (routed * rng.uniform(*PASSING, (n, n)))[:, :, None]
    booked -= moved
    for hub in hubs:
        booked[:, hub] += np.where((via == hub)[:, :, None], moved, 0.0).sum(axis=1)
    return booked


def _slips(values: Floats, rng: Generator) -> Floats:
    """A third each: a unit slip of 1000, a neighbour commodity, another partner, for SLIPS of the reports."""
    out = values.copy()
    live = np.argwhere(values > 0)
    chosen = live[rng.random(len(live)) < SLIPS]
    kind = rng.integers(0, 3, len(chosen))
    for (e, i, k), what in zip(chosen, kind):
        if what == 0:
            out[e, i, k] *= 1000.0 if rng.random() < 0.5 else 0.001
            continue
        other = (e, i, (k + 1) % out.shape[2]) if what == 1 else (e, (i + 1) % len(out), k)
        if other[0] == other[1]:
            continue
        out[other] += out[e, i, k]
        out[e, i, k] = 0.0
    return out


def _tables(
    codes: list[str], truth: Floats, margin: Floats, x: Floats, m: Floats, spread: Floats,
    bias: Floats, silent: npt.NDArray[np.bool_], hubs: Whole,
) -> World:  # fmt: skip
    e, i, k = np.nonzero((np.nan_to_num(x) > 0) | (np.nan_to_num(m) > 0))
    names = np.array(codes, dtype=object)
    product = np.array(
        [f"{10 + n:02d}{n % 90 + 10:02d}00" for n in range(x.shape[2])], dtype=object
    )

    def keys(e: Whole, i: Whole, k: Whole) -> pd.DataFrame:
        return pd.DataFrame(
            {"year": YEAR, "exporter": names[e], "importer": names[i], "commodity": product[k]}
        )

    pairs = keys(e, i, k).assign(exporter_fob=x[e, i, k].round(2), importer_cif=m[e, i, k].round(2))
    for side in ("exporter_fob", "importer_cif"):
        pairs[side] = pairs[side].where(pairs[side] > 0)
    pairs = pairs[pairs["exporter_fob"].notna() | pairs["importer_cif"].notna()]
    e, i, k = np.nonzero(truth > 0)
    true = keys(e, i, k).assign(value_fob=truth[e, i, k], cif_margin=margin[e, i])
    hub = np.isin(np.arange(len(codes)), hubs)
    reporters = pd.concat(
        [
            pd.DataFrame({"reporter": codes, "role": role, "spread": spread[:, n], "bias": bias[:, n],
                          "silent": silent, "hub": hub})
            for n, role in enumerate(("exporter", "importer"))
        ], ignore_index=True,
    )  # fmt: skip
    return World(pairs.reset_index(drop=True), true, reporters)
