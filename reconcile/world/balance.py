"""The weights of each method, and one year of pairs into balanced flows with ranges: the second kernel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.world import read, special
from reconcile.world.scores import BROAD, Fit

Floats = npt.NDArray[np.float64]
NINETY = 1.6449  # standard deviations either side that hold 90 % of a normal variable
DOUBT = (
    0.5  # standard errors added to a reporter's variance in ranges: small samples flatter the best
)
METHODS = {
    "variance": "inverse variance of the fitted errors, misbooked flows discounted",
    "baci": "BACI's weights (Gaulier and Zignago 2010, eq. 3, by its derivation) on the fitted spreads",
    "growth_lab": "softmax of the Growth Lab's scores, normalised each round",
    "mean": "plain mean of the exporter's figure and the importer's FOB figure",
    "exporter": "the exporter's figure where there is one",
    "importer": "the importer's FOB figure where there is one",
}


@dataclass(frozen=True)
class Task:
    """What a worker needs to balance one year. `pairs` has one row a pair: see `parameters`."""

    year: int
    source: str
    out: str
    pairs: pd.DataFrame
    arithmetic: bool
    memory: str
    threads: int


def parameters(
    fit: Fit, margin: Floats, method: str, codes: list[str], sums: pd.DataFrame
) -> pd.DataFrame:
    """One row a pair of areas: margin, biases, weight and the factors of the range.

    `near` and `far` are how many standard deviations the range reaches below and above; `level` is the
    factor of a two-sided mean, `level_x` and `level_m` of one side alone (errors of mean one have a
    logarithm of another mean).
    """
    size = len(codes)
    vx = np.repeat(fit.variance[0][:, None], size, axis=1)
    vm = np.repeat(fit.variance[1][None, :], size, axis=0)
    if method == "variance":
        bx, bm = fit.bias
        up, down = fit.booked
    else:
        bx = bm = up = down = np.zeros(size)
    level = np.ones((size, size))
    level_x, level_m = np.ones(size), np.ones(size)
    near = np.full((size, size), NINETY * fit.spread)
    far = near.copy()
    weight = weights(fit, method, sums)
    kind = np.zeros((size, size))
    if method == "variance" and fit.family == "gamma":
        kx, km = special.shape_of(fit.variance[0]), special.shape_of(fit.variance[1])
        own = special.digamma(kx) - np.log(kx), special.digamma(km) - np.log(km)
        bx, bm = bx - own[0], bm - own[1]
        level_x, level_m = np.exp(-own[0]), np.exp(-own[1])
        total = kx[:, None] + km[None, :]
        flat = total.ravel()
        middle = special.digamma(flat)
        weight = kx[:, None] / total
        level = (flat * np.exp(-middle)).reshape(total.shape)
        deviation = np.sqrt(vx * vm / (vx + vm)).ravel()
        near = ((np.log(special.gamma_quantile(flat, NINETY)) - middle) / deviation).reshape(
            total.shape
        )
        far = ((middle - np.log(special.gamma_quantile(flat, -NINETY))) / deviation).reshape(
            total.shape
        )
        near, far = near * fit.spread, far * fit.spread
        gx, gm = special.log_gamma(kx), special.log_gamma(km)
        kind = special.log_gamma(flat).reshape(total.shape) - gx[:, None] - gm[None, :]
    names = np.array(codes, dtype=object)
    e, i = np.divmod(np.arange(size * size), size)
    table = pd.DataFrame(
        {
            "e": e.astype(np.int16), "i": i.astype(np.int16), "exporter": names[e], "importer": names[i],
            "margin": margin.ravel(), "bx": bx[e], "bm": bm[i], "vx": vx.ravel(), "vm": vm.ravel(),
            "rx": (fit.variance[0] + DOUBT * fit.doubt[0])[e], "rm": (fit.variance[1] + DOUBT * fit.doubt[1])[i],
            "w": weight.ravel(), "up": up[i], "down": down[e], "level": level.ravel(),
            "level_x": level_x[e], "level_m": level_m[i], "near": near.ravel(), "far": far.ravel(),
            "constant": kind.ravel(), "one": NINETY * fit.spread,
        }
    )  # fmt: skip
    table["gamma"] = method == "variance" and fit.family == "gamma"
    used = sums["pair"].unique()
    return table.iloc[np.sort(used)].reset_index(drop=True)


def weights(fit: Fit, method: str, sums: pd.DataFrame) -> Floats:
    """The weight on the exporter's figure, exporter × importer, by a method of METHODS."""
    vx, vm = fit.variance[0][:, None], fit.variance[1][None, :]
    size = len(fit.variance[0])
    if method == "variance":
        return np.asarray(vm / (vx + vm))
    if method == "baci":
        ax, am = np.exp(vx) * np.expm1(vx), np.exp(vm) * np.expm1(vm)
        return np.asarray(am / (ax + am))
    if method == "growth_lab":
        return _growth_lab(fit, sums)
    fixed = {"mean": 0.5, "exporter": 1.0, "importer": 0.0}[method]
    return np.full((size, size), fixed)


def _growth_lab(fit: Fit, sums: pd.DataFrame) -> Floats:
    """Scores A of the Growth Lab (step 2) on pair totals, divided by their geometric mean each round.

    Without that division the published iteration alternates in scale and its 25 rounds give weights near
    0 or 1.
    """
    size = len(fit.variance[0])
    total = sums.groupby("pair")[["x_both", "m_both", "x_only", "m_only"]].sum()
    key = total.index.to_numpy(dtype=np.int64)
    x = np.zeros((size, size))
    f = np.zeros((size, size))
    x[key // size, key % size] = (total["x_both"] + total["x_only"]).to_numpy()
    f[key // size, key % size] = (total["m_both"] + total["m_only"]).to_numpy()
    f = f / (1 + fit.margin)
    s = np.divide(np.abs(x - f), x + f, out=np.zeros_like(x), where=(x + f) > 0)
    live = (x + f) > 0
    ne, ni = np.maximum(live.sum(axis=1), 1), np.maximum(live.sum(axis=0), 1)
    a, b = np.ones(size), np.ones(size)
    for _ in range(25):
        next_a = 1 / np.maximum(s @ b / ne, 1e-6)
        next_b = 1 / np.maximum(a @ s / ni, 1e-6)
        a = next_a / np.exp(np.mean(np.log(next_a)))
        b = next_b / np.exp(np.mean(np.log(next_b)))
    return np.asarray(1 / (1 + np.exp(np.clip(b[None, :] - a[:, None], -50, 50))))


def query(task: Task) -> str:
    """The SELECT from pairs to flows; one row in, one row out, in order."""
    r = "(lx - lf)"
    wide = f"2 * exp(-{r} * {r} / (2 * (s2 + {BROAD}))) / sqrt(s2 + {BROAD}) / sqrt(2 * pi())"
    if bool(task.pairs["gamma"].iloc[0]) if len(task.pairs) else False:
        # shapes from the weight and the variances: k_x / k_m = w / (1 - w); see `kx`, `km` in the join
        inner = (
            f"exp(constant + kx * (ln(kx / km) + {r}) - (kx + km) * "
            f"(greatest(0.0, ln(kx / km) + {r}) + ln(1 + exp(-abs(ln(kx / km) + {r})))))"
        )
    else:
        inner = f"exp(-{r} * {r} / (2 * s2)) / sqrt(2 * pi() * s2)"
    two = "(x IS NOT NULL AND m IS NOT NULL)"
    if task.arithmetic:
        middle = "ln(level * (share * exp(lx) + (1 - share) * exp(lf)))"
    else:
        middle = "share * lx + (1 - share) * lf"
    return f"""
        WITH joined AS (
            SELECT exporter, importer, commodity, x, m, margin, vx, vm, rx, rm, w, up, down, level, level_x, level_m,
                near, far, constant, one, kx, km, vx + vm AS s2,
                coalesce(f, m / (1 + margin)) AS fob, m / coalesce(f, m / (1 + margin)) - 1 AS cif,
                ln(x) - bx AS lx, ln(coalesce(f, m / (1 + margin))) - bm AS lf
            FROM read_parquet({read.quoted(task.source)}) JOIN pair_row USING (e, i)),
        judged AS (
            SELECT *, CASE WHEN {two} AND up + down > 0 THEN (1 - up - down) * {inner} ELSE 1 END AS core,
                CASE WHEN {two} AND {r} > 0 THEN up * {wide} ELSE 0 END AS high,
                CASE WHEN {two} AND {r} <= 0 THEN down * {wide} ELSE 0 END AS low_ FROM joined),
        shared AS (
            SELECT *, core / (core + high + low_ + 1e-300) AS pc, high / (core + high + low_ + 1e-300) AS ph,
                low_ / (core + high + low_ + 1e-300) AS pl FROM judged),
        weighed AS (
            SELECT *, CASE WHEN {two} THEN pc * w + pl WHEN m IS NULL THEN 1 ELSE 0 END AS share
            FROM shared),
        centred AS (
            SELECT *, CASE WHEN {two} THEN {middle} WHEN m IS NULL THEN lx + ln(level_x)
                ELSE lf + ln(level_m) END AS centre FROM weighed),
        spread AS (
            SELECT *, CASE
                WHEN {two} THEN sqrt(
                    pc * ((w * w * rx + (1 - w) * (1 - w) * rm) + (w * lx + (1 - w) * lf - share * lx - (1 - share) * lf) ** 2)
                    + ph * (rm + (lf - share * lx - (1 - share) * lf) ** 2)
                    + pl * (rx + (lx - share * lx - (1 - share) * lf) ** 2))
                WHEN m IS NULL THEN sqrt(rx) ELSE sqrt(rm) END AS deviation FROM centred)
        SELECT {task.year}::INTEGER AS year, exporter, importer, commodity, x AS exporter_fob,
            m AS importer_cif, CASE WHEN m IS NULL THEN margin ELSE cif END AS cif_margin,
            fob AS importer_fob, share AS weight_exporter, exp(centre) AS balanced,
            exp(centre - (CASE WHEN {two} THEN near ELSE one END) * deviation) AS low,
            exp(centre + (CASE WHEN {two} THEN far ELSE one END) * deviation) AS high,
            CASE WHEN {two} THEN 'both' WHEN m IS NULL THEN 'exporter only' ELSE 'importer only' END
                AS evidence
        FROM spread"""


def balance(task: Task) -> int:
    """Balance one year's pairs into `task.out` (contract 5.6's columns). Gives the number of flows."""
    out = Path(task.out)
    base = read.connect(task.memory, task.threads, out.parent)
    pairs = task.pairs.assign(kx=1.0, km=1.0)
    if len(pairs) and bool(pairs["gamma"].iloc[0]):
        pairs["kx"] = special.shape_of(pairs["vx"].to_numpy())
        pairs["km"] = special.shape_of(pairs["vm"].to_numpy())
    base.register("pair_frame", pairs)
    base.execute("CREATE TABLE pair_row AS SELECT * FROM pair_frame")
    temporary = out.with_suffix(".part")
    base.execute(
        f"COPY ({query(task)}) TO {read.quoted(str(temporary))} (FORMAT parquet, COMPRESSION snappy)"
    )
    count = base.execute(
        f"SELECT count(*) FROM read_parquet({read.quoted(str(temporary))})"
    ).fetchone()[0]
    base.close()
    temporary.replace(out)
    return int(count)
