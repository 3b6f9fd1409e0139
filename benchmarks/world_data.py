"""Simulated worlds whose truth is known: makes the parquet files that the world benchmarks and tests read.

    python benchmarks/world_data.py FOLDER --reports 1000000 --seed 1 --noise lognormal --hubs flows
    python benchmarks/world_data.py FOLDER --reports 15000000 --years 30 --file-a-year

True flows are lognormal, reporters differ in reliability (a gamma distribution), one in five reporters is
silent, reports under a threshold are dropped, one flow in twenty is booked to a hub, and the CIF margin
grows with distance.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sources import geography

HUBS = ["NLD", "SGP", "HKG", "ARE", "BEL", "PAN", "CHE", "MYS"]
NOISE = ["lognormal", "gamma", "product"]
BOOKED = ["flows", "values", "imports", "both", "none"]


@dataclass(frozen=True)
class Plan:
    """How a world is made; the defaults are the world of the benchmark of speed.

    `noise`: lognormal (spread by reporter), gamma (multiplicative of mean one, spread by reporter), product
    (lognormal, spread by reporter and product). The spreads are gamma with `shape` and mean `sigma`.
    `hubs`: flows (a share of exporters' flows is booked to a hub), imports (of importers' flows), both,
    values (a share of every exporter's flow), none.
    """

    reports: int = 1_000_000
    seed: int = 1
    reporters: int = 200
    products: int = 5000
    years: int = 1
    first_year: int = 2020
    noise: str = "lognormal"
    shape: float = 2.0
    sigma: float = 0.38
    same_role: bool = True
    bias: float = 0.0  # standard deviation of a reporter's constant ln error
    hubs: str = "flows"
    hub_count: int = 5
    booked: float = 0.05
    silent: float = 0.2
    threshold: float = 1000.0
    median: float = 60_000.0
    spread: float = 2.3  # standard deviation of ln true value
    margin_near: float = 0.02
    margin_far: float = 0.12  # at 20,000 km
    margin_noise: float = 0.0  # standard deviation of ln (1 + margin) by flow
    log_distance: bool = False  # the margin is linear in ln km, else in km
    distances: str = "real"  # random: by pair, in no file


def margins(codes: list[str], plan: Plan, rng: np.random.Generator) -> np.ndarray:
    """The true CIF margin (share of the FOB value) between all pairs of `codes`."""
    facts = geography.shipped().over(codes)
    km = np.where(np.isfinite(facts.km), np.maximum(facts.km, 50), 5000)
    if plan.distances == "random":
        km = rng.uniform(200, 20_000, km.shape)
    if plan.log_distance:
        far = np.log(km / 200) / np.log(20_000 / 200)
    else:
        far = km / 20_000
    tau = plan.margin_near + (plan.margin_far - plan.margin_near) * far
    if plan.distances == "real" and not plan.log_distance:
        tau = tau + 0.02 * facts.landlocked[None, :] - 0.01 * facts.contiguous
    return np.asarray(np.clip(tau, 0.0, None))


def make(plan: Plan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(reports in Comtrade's columns, truth: year, exporter, importer, commodity, value, margin, errors)."""
    rng = np.random.default_rng(plan.seed)
    hubs = HUBS[: plan.hub_count]
    every = [c for c in geography.shipped().codes if c not in hubs]
    codes = sorted([*rng.permutation(every)[: plan.reporters - len(hubs)], *hubs])
    count, products = len(codes), plan.products
    tau = margins(codes, plan, rng)
    silent = rng.random(count) < plan.silent
    hub = np.array([codes.index(c) for c in hubs])
    silent[hub] = False
    size = rng.lognormal(0, 1.0, count)
    wide = (2, count, products if plan.noise == "product" else 1)
    sigma = rng.gamma(plan.shape, plan.sigma / plan.shape, wide) + 0.01
    if plan.same_role:
        sigma[1] = sigma[0]
    bias = plan.bias * rng.standard_normal((2, count))
    rows, truths = [], []
    for year in range(plan.first_year, plan.first_year + plan.years):
        exporter, importer, product = _flows(plan, rng, size)
        n = len(exporter)
        value = rng.lognormal(np.log(plan.median), plan.spread, n)
        at = product if plan.noise == "product" else 0
        sx, sm = sigma[0][exporter, at], sigma[1][importer, at]
        if plan.noise == "gamma":
            kx, km = 1 / np.minimum(sx, 1.5) ** 2, 1 / np.minimum(sm, 1.5) ** 2
            ex, em = rng.gamma(kx) / kx, rng.gamma(km) / km
        else:
            ex, em = np.exp(sx * rng.standard_normal(n)), np.exp(sm * rng.standard_normal(n))
        ex, em = ex * np.exp(bias[0][exporter]), em * np.exp(bias[1][importer])
        margin = (1 + tau[exporter, importer]) * np.exp(
            plan.margin_noise * rng.standard_normal(n)
        ) - 1
        x, m = value * ex, value * (1 + margin) * em
        to, fro = importer.copy(), exporter.copy()
        if plan.hubs in ("flows", "both"):
            moved, place = rng.random(n) < plan.booked, rng.choice(hub, n)
            moved &= place != exporter
            to[moved] = place[moved]
        if plan.hubs in ("imports", "both"):
            moved, place = rng.random(n) < plan.booked, rng.choice(hub, n)
            moved &= place != importer
            fro[moved] = place[moved]
        frames = [("X", exporter, to, product, x), ("M", importer, fro, product, m)]
        if plan.hubs == "values":
            place = rng.choice(hub, n)
            ok = (place != exporter) & (place != importer)
            frames[0] = ("X", exporter, importer, product, np.where(ok, x * (1 - plan.booked), x))
            frames.append(("X", exporter[ok], place[ok], product[ok], plan.booked * x[ok]))
        table = pd.concat(
            [pd.DataFrame({"f": f, "r": r, "p": p, "k": k, "v": v}) for f, r, p, k, v in frames]
        )
        table = table[~silent[table["r"]]]
        table = table.groupby(["f", "r", "p", "k"], as_index=False)["v"].sum()
        table["year"] = year
        rows.append(table[table["v"] >= plan.threshold])
        truths.append(
            pd.DataFrame({"year": year, "e": exporter, "i": importer, "k": product, "value": value})
            .assign(margin=margin, sx=sx, sm=sm)
            .assign(clean_x=x, clean_m=value * em)
        )
    return _reports(pd.concat(rows, ignore_index=True), codes, products), _truth(
        pd.concat(truths, ignore_index=True), codes, products
    )


def _flows(
    plan: Plan, rng: np.random.Generator, size: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which (exporter, importer, product) trade in a year; a world with few cells is filled by most of them."""
    count, products = len(size), plan.products
    wanted = int(plan.reports * 0.85 / plan.years)
    exporter = rng.choice(count, wanted, p=size / size.sum())
    importer = rng.choice(count, wanted, p=size / size.sum())
    product = (products * rng.random(wanted) ** 1.6).astype(np.int64)
    key = np.unique((exporter * count + importer) * products + product)
    exporter, importer, product = key // products // count, key // products % count, key % products
    keep = exporter != importer
    return exporter[keep], importer[keep], product[keep]


def _labels(products: int) -> np.ndarray:
    return np.array([f"{10000 + k * 17:06d}" for k in range(products)], dtype=object)


def _reports(table: pd.DataFrame, codes: list[str], products: int) -> pd.DataFrame:
    names = np.array(codes, dtype=object)
    return pd.DataFrame(
        {
            "typeCode": "C",
            "freqCode": "A",
            "period": table["year"].astype(str),
            "reporterISO": names[table["r"]],
            "flowCode": table["f"].astype(str),
            "partnerISO": names[table["p"]],
            "cmdCode": _labels(products)[table["k"]],
            "primaryValue": table["v"].round(2),
        }
    )


def _truth(truth: pd.DataFrame, codes: list[str], products: int) -> pd.DataFrame:
    names = np.array(codes, dtype=object)
    return pd.DataFrame(
        {
            "year": truth["year"],
            "exporter": names[truth["e"]],
            "importer": names[truth["i"]],
            "commodity": _labels(products)[truth["k"]],
            "value": truth["value"],
            "margin": truth["margin"],
            "spread_x": truth["sx"],
            "spread_m": truth["sm"],
            "clean_x": truth["clean_x"],
            "clean_m": truth["clean_m"],
        }
    )


def write(frame: pd.DataFrame, path: Path) -> None:
    """The frame as zstd parquet, by DuckDB."""
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    base = duckdb.connect()
    base.register("frame", frame)
    base.execute(f"COPY frame TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    base.close()


def main() -> None:
    """Write reports.parquet and truth.parquet into a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--noise", default="lognormal", choices=NOISE)
    parser.add_argument("--hubs", default="flows", choices=BOOKED)
    for name in ("reports", "seed", "years", "first_year", "reporters", "products"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(Plan, name))
    parser.add_argument("--roles-differ", action="store_true")
    parser.add_argument("--file-a-year", action="store_true", help="reports of each year in a file")
    given = vars(parser.parse_args())
    folder, by_year = given.pop("folder"), given.pop("file_a_year")
    plan = replace(Plan(), same_role=not given.pop("roles_differ"), **given)
    if by_year:
        for year in range(plan.first_year, plan.first_year + plan.years):
            one = replace(plan, reports=plan.reports // plan.years, years=1, first_year=year)
            write(make(one)[0], folder / f"reports-{year}.parquet")
        return
    reports, truth = make(plan)
    write(reports, folder / "reports.parquet")
    write(truth, folder / "truth.parquet")
    print(f"{len(reports):,} reports, {len(truth):,} true flows in {folder}")


if __name__ == "__main__":
    main()
