"""One year of pairs into balanced flows with ranges: the second kernel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.world import methods, pair, read, special
from reconcile.world.scores import BROAD, own_bias

EVIDENCE = ["both", "exporter only", "importer only"]
Floats = npt.NDArray[np.float64]
NINETY = 1.6449  # standard deviations either side that hold 90 % of a normal variable
DOUBT = (
    0.5  # standard errors added to a reporter's variance in ranges: small samples flatter the best
)
SURE = 0.5  # share of being rightly booked below which a flow is of the doubtful class of ranges


@dataclass(frozen=True)
class Reach:
    """Factors of the range below and above the balanced figure: of flows well booked, of doubtful ones."""

    low: float = 1.0
    high: float = 1.0
    doubtful_low: float = 1.0
    doubtful_high: float = 1.0


@dataclass(frozen=True)
class Task:
    """What a worker needs to balance one year. `pairs` has one row a pair: see `parameters`."""

    year: int
    source: str
    out: str
    pairs: pd.DataFrame
    family: str  # lognormal, gamma: of the errors, where the method combines as fitted
    combine: str
    reach: Reach
    memory: str
    threads: int


def parameters(evidence: methods.Evidence, method: methods.Method) -> pd.DataFrame:
    """One row a pair of areas: margin, biases, weight and the factors of the range.

    `near` and `far` are how many standard deviations the range reaches below and above; `level` is the
    factor of a two-sided mean, `level_x` and `level_m` of one side alone (errors of mean one have a
    logarithm of another mean).
    """
    fit, size = evidence.fit, len(evidence.margin)
    margin = evidence.margin if method.margin is None else np.full((size, size), method.margin)
    vx, vm = fit.variance
    fitted = method.combine == "fitted"
    zero, one = np.zeros(size), np.ones(size)
    bx, bm = fit.bias if fitted else (zero, zero)
    up, down = fit.booked if fitted else (zero, zero)
    weight = method.weights(evidence)
    square = np.ones((size, size))
    near, far, level, constant = NINETY * square, NINETY * square, square, 0 * square
    level_x, level_m, kx, km = one, one, one, one
    if fitted and fit.family == "gamma":
        kx, km = special.shape_of(vx), special.shape_of(vm)
        own_x, own_m = own_bias(vx, "gamma"), own_bias(vm, "gamma")
        bx, bm = bx - own_x, bm - own_m
        level_x, level_m = np.exp(-own_x), np.exp(-own_m)
        total = kx[:, None] + km[None, :]
        middle = special.digamma(total)
        level = total * np.exp(-middle)
        deviation = np.sqrt(vx[:, None] * vm[None, :] / (vx[:, None] + vm[None, :]))
        near = (np.log(special.gamma_quantile(total, NINETY)) - middle) / deviation
        far = (middle - np.log(special.gamma_quantile(total, -NINETY))) / deviation
        gx, gm = special.log_gamma(kx), special.log_gamma(km)
        constant = special.log_gamma(total) - gx[:, None] - gm[None, :]
    e, i = np.divmod(np.arange(size * size), size)
    table = pd.DataFrame(
        {
            "e": e.astype(np.int16), "i": i.astype(np.int16), "margin": margin.ravel(), "bx": bx[e],
            "bm": bm[i], "vx": vx[e], "vm": vm[i], "kx": kx[e], "km": km[i], "w": weight.ravel(),
            "rx": (vx + DOUBT * fit.doubt[0])[e], "rm": (vm + DOUBT * fit.doubt[1])[i],
            "up": up[i], "down": down[e], "level": level.ravel(), "level_x": level_x[e],
            "level_m": level_m[i], "near": near.ravel(), "far": far.ravel(),
            "constant": constant.ravel(), "one": NINETY * fit.spread,
        }
    )  # fmt: skip
    used = np.unique(evidence.sums["pair"].to_numpy(dtype=np.int64))
    return table.iloc[used].reset_index(drop=True)


def query(family: str, combine: str, reach: Reach, source: str) -> str:
    """The SELECT from pairs (e, i, commodity, x, m, f) and `pair_row` to flows: a row in, a row out, in order.

    `sure` is the share of being rightly booked. Areas stay places in the list of codes.
    """
    r = "(lx - lf)"
    wide = f"2 * exp(-{r} * {r} / (2 * (s2 + {BROAD}))) / sqrt(s2 + {BROAD}) / sqrt(2 * pi())"
    if family == "gamma" and combine == "fitted":
        odds = f"ln(kx / km) + {r}"
        inner = (
            f"exp(constant + kx * ({odds}) - (kx + km) * "
            f"(greatest(0.0, {odds}) + ln(1 + exp(-abs({odds})))))"
        )
    else:
        inner = f"exp(-{r} * {r} / (2 * s2)) / sqrt(2 * pi() * s2)"
    two = "(x IS NOT NULL AND m IS NOT NULL)"
    arithmetic = combine in ("mean", "largest") or (combine == "fitted" and family == "gamma")
    if arithmetic:
        middle = "ln(level * (share * exp(lx) + (1 - share) * exp(lf)))"
    else:
        middle = "share * lx + (1 - share) * lf"
    mine = "(lx >= lf)::INTEGER::DOUBLE" if combine == "largest" else "pc * w + pl"
    log_mean = "(share * lx + (1 - share) * lf)"
    return f"""
        WITH joined AS (
            SELECT * EXCLUDE (f), vx + vm AS s2, coalesce(f, m / (1 + margin)) AS fob,
                m / coalesce(f, m / (1 + margin)) - 1 AS cif,
                ln(x) - bx AS lx, ln(coalesce(f, m / (1 + margin))) - bm AS lf
            FROM {source} JOIN pair_row USING (e, i)),
        judged AS (
            SELECT *, CASE WHEN {two} AND up + down > 0 THEN (1 - up - down) * {inner} ELSE 1 END AS core,
                CASE WHEN {two} AND {r} > 0 THEN up * {wide} ELSE 0 END AS odd_x,
                CASE WHEN {two} AND {r} <= 0 THEN down * {wide} ELSE 0 END AS odd_m FROM joined),
        shared AS (
            SELECT *, core / (core + odd_x + odd_m + 1e-300) AS pc, odd_x / (core + odd_x + odd_m + 1e-300) AS ph,
                odd_m / (core + odd_x + odd_m + 1e-300) AS pl FROM judged),
        weighed AS (
            SELECT *, CASE WHEN {two} THEN {mine} WHEN m IS NULL THEN 1.0 ELSE 0.0 END AS share
            FROM shared),
        centred AS (
            SELECT *, CASE WHEN {two} THEN {middle} WHEN m IS NULL THEN lx + ln(level_x)
                ELSE lf + ln(level_m) END AS centre FROM weighed),
        spread AS (
            SELECT *, CASE
                WHEN {two} THEN sqrt(
                    pc * (w * w * rx + (1 - w) * (1 - w) * rm + (w * lx + (1 - w) * lf - {log_mean}) ** 2)
                    + ph * (rm + (lf - {log_mean}) ** 2) + pl * (rx + (lx - {log_mean}) ** 2))
                WHEN m IS NULL THEN sqrt(rx) ELSE sqrt(rm) END AS deviation FROM centred)
        SELECT e, i, commodity, x, m, CASE WHEN m IS NULL THEN margin ELSE cif END AS cif_margin, fob,
            share, exp(centre) AS balanced, pc AS sure,
            exp(centre - deviation * CASE WHEN NOT {two} THEN one
                WHEN pc >= {SURE} THEN near * {reach.low!r} ELSE near * {reach.doubtful_low!r} END) AS low,
            exp(centre + deviation * CASE WHEN NOT {two} THEN one
                WHEN pc >= {SURE} THEN far * {reach.high!r} ELSE far * {reach.doubtful_high!r} END) AS high,
            CASE WHEN {two} THEN 'both' WHEN m IS NULL THEN 'exporter only' ELSE 'importer only' END
                AS evidence
        FROM spread"""


def balance(task: Task) -> int:
    """Balance one year's pairs into `task.out` (contract 5.6's columns). Gives the number of flows.

    `task.pairs` must also hold `exporter` and `importer`, the areas' codes.
    """
    out = Path(task.out)
    base = read.connect(task.memory, task.threads, out.parent)
    base.register("pair_frame", task.pairs)
    areas = sorted({*task.pairs["exporter"], *task.pairs["importer"]})
    temporary = out.with_suffix(".part")
    source = f"read_parquet({read.quoted(task.source)})"
    pair.commodities(base, source)
    base.execute(f"CREATE TYPE area AS ENUM ({', '.join(map(read.quoted, areas))})")
    base.execute(f"CREATE TYPE evidence AS ENUM ({', '.join(map(read.quoted, EVIDENCE))})")
    base.execute(
        "CREATE TABLE pair_row AS SELECT * REPLACE (exporter::area AS exporter, importer::area AS importer) "
        "FROM pair_frame"
    )
    flows = query(task.family, task.combine, task.reach, source).replace(
        "SELECT e, i, commodity, x, m,", "SELECT exporter, importer, commodity, x, m,"
    )
    base.execute(f"""
        COPY (SELECT {task.year}::INTEGER AS year, exporter, importer, commodity::product AS commodity,
            x AS exporter_fob, m AS importer_cif, cif_margin, fob AS importer_fob, share AS weight_exporter,
            balanced, low, high, evidence::evidence AS evidence FROM ({flows}))
        TO {read.quoted(str(temporary))} ({read.IN_ORDER})""")
    count = base.execute(
        f"SELECT count(*) FROM read_parquet({read.quoted(str(temporary))})"
    ).fetchall()[0][0]
    base.close()
    temporary.replace(out)
    return int(count)
