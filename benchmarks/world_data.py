"""Simulated worlds whose truth is known: makes the parquet files that the world benchmark and tests read.

    python benchmarks/world_data.py FOLDER --reports 1000000 --seed 1 --noise lognormal --hubs flows

True flows are lognormal, reporters differ in reliability (a gamma distribution), one in five reporters is
silent, reports under 1,000 USD are dropped, one flow in twenty is booked to a hub, and the CIF margin
grows with distance.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from sources import geography

HUBS = ["NLD", "SGP", "HKG", "ARE", "BEL"]


def margins(codes: list[str]) -> np.ndarray:
    """The true CIF margin (share of the FOB value) between all pairs of `codes`."""
    facts = geography.shipped().over(codes)
    km = np.where(np.isfinite(facts.km), np.maximum(facts.km, 50), 5000)
    locked = facts.landlocked
    tau = 0.02 + 0.05 * km / 10000 + 0.02 * locked[None, :] - 0.01 * facts.contiguous
    return np.maximum(tau, 0.0)


def make(
    reports: int,
    *,
    seed: int = 1,
    noise: str = "lognormal",
    hubs: str = "flows",
    reporters: int = 200,
    products: int = 5000,
    years: int = 1,
    booked: float = 0.05,
    same_role: bool = True,
    first_year: int = 2020,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(reports, truth). `noise`: lognormal (spread of each reporter from a gamma distribution) or gamma
    (multiplicative, mean one, shape by reporter). `hubs`: flows (one exporter's flow in twenty is booked
    to a hub), values (a twentieth of every exporter's flow), imports (one importer's flow in twenty).
    """
    rng = np.random.default_rng(seed)
    every = [c for c in geography.shipped().codes if c not in HUBS]
    codes = sorted([*rng.permutation(every)[: reporters - len(HUBS)], *HUBS])
    count = len(codes)
    tau = margins(codes)
    silent = rng.random(count) < 0.2
    hub = np.array([codes.index(c) for c in HUBS])
    silent[hub] = False
    size = rng.lognormal(0, 1.0, count)
    per_year = int(reports * 0.85 / years)
    sigma = rng.gamma(2.0, 0.18, (2, count)) + 0.02
    shape = 1 / np.minimum(rng.gamma(2.0, 0.12, (2, count)) + 0.005, 0.9)
    if same_role:
        sigma[1], shape[1] = sigma[0], shape[0]
    rows, truths = [], []
    for year in range(first_year, first_year + years):
        exporter = rng.choice(count, per_year, p=size / size.sum())
        importer = rng.choice(count, per_year, p=size / size.sum())
        product = (products * rng.random(per_year) ** 1.6).astype(np.int64)
        key = np.unique((exporter * count + importer) * products + product)
        product = key % products
        importer = key // products % count
        exporter = key // products // count
        keep = exporter != importer
        exporter, importer, product = exporter[keep], importer[keep], product[keep]
        n = len(exporter)
        value = rng.lognormal(np.log(60_000), 2.3, n)
        if noise == "lognormal":
            error_x = np.exp(sigma[0][exporter] * rng.standard_normal(n))
            error_m = np.exp(sigma[1][importer] * rng.standard_normal(n))
        else:
            error_x = rng.gamma(shape[0][exporter]) / shape[0][exporter]
            error_m = rng.gamma(shape[1][importer]) / shape[1][importer]
        x = value * error_x
        m = value * (1 + tau[exporter, importer]) * error_m
        to, fro = importer.copy(), exporter.copy()
        moved = np.zeros(n, dtype=bool)
        if hubs in ("flows", "imports"):
            moved = rng.random(n) < booked
            at = rng.choice(hub, n)
            if hubs == "flows":
                moved &= at != exporter
                to[moved] = at[moved]
            else:
                moved &= at != importer
                fro[moved] = at[moved]
        frames = [("X", exporter, to, product, x), ("M", importer, fro, product, m)]
        if hubs == "values":
            at = rng.choice(hub, n)
            ok = (at != exporter) & (at != importer)
            frames[0] = ("X", exporter, importer, product, np.where(ok, x * (1 - booked), x))
            frames.append(("X", exporter[ok], at[ok], product[ok], booked * x[ok]))
        table = pd.concat(
            [pd.DataFrame({"f": f, "r": r, "p": p, "k": k, "v": v}) for f, r, p, k, v in frames]
        )
        table = table[~silent[table["r"]]]
        table = table.groupby(["f", "r", "p", "k"], as_index=False)["v"].sum()
        table["year"] = year
        rows.append(table[table["v"] >= 1000])
        truths.append(
            pd.DataFrame(
                {"year": year, "e": exporter, "i": importer, "k": product, "value": value}
            ).assign(margin=tau[exporter, importer])
        )
    table, truth = pd.concat(rows, ignore_index=True), pd.concat(truths, ignore_index=True)
    names = np.array(codes, dtype=object)
    labels = np.array([f"{10000 + k * 17:06d}" for k in range(products)], dtype=object)
    out = pd.DataFrame(
        {
            "typeCode": "C",
            "freqCode": "A",
            "period": table["year"].astype(str),
            "reporterISO": names[table["r"]],
            "flowCode": table["f"].astype(str),
            "partnerISO": names[table["p"]],
            "cmdCode": labels[table["k"]],
            "primaryValue": table["v"].round(2),
        }
    )
    known = pd.DataFrame(
        {
            "year": truth["year"],
            "exporter": names[truth["e"]],
            "importer": names[truth["i"]],
            "commodity": labels[truth["k"]],
            "value": truth["value"],
            "margin": truth["margin"],
        }
    )
    return out, known


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
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", default="lognormal", choices=["lognormal", "gamma"])
    parser.add_argument("--hubs", default="flows", choices=["flows", "values", "imports", "none"])
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--roles-differ", action="store_true")
    given = parser.parse_args()
    reports, truth = make(
        given.reports,
        seed=given.seed,
        noise=given.noise,
        hubs=given.hubs,
        years=given.years,
        same_role=not given.roles_differ,
    )
    write(reports, given.folder / "reports.parquet")
    write(truth, given.folder / "truth.parquet")
    print(f"{len(reports):,} reports, {len(truth):,} true flows in {given.folder}")


if __name__ == "__main__":
    main()
