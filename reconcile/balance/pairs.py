"""The table of mirror pairs that every pair method takes and gives. Owns its columns and the way in and out.

In: one row a year, exporter, importer and commodity, with `exporter_fob` (the exporter's report) and
`importer_cif` (the importer's), both in one unit and missing where nobody reports; optional `importer_fob`
where the importer itself counts FOB. Out: the columns of OUT, the rows in the order given.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from reconcile.balance import cif as margins
from reconcile.balance.case import NORMAL_95
from reconcile.balance.mirror import Floats, Mirror
from sources.errors import InputError, Problem
from sources.geography import Geography

KEYS = ["year", "exporter", "importer", "commodity"]
IN = [*KEYS, "exporter_fob", "importer_cif"]
OUT = [
    *IN,
    "cif_margin",  # share of the FOB value
    "importer_fob",
    "weight_exporter",  # on the exporter's figure; 1 or 0 where one side alone is used
    "balanced",
    "low",  # 95 % range
    "high",
    "evidence",  # both, exporter only, importer only, none
    "method",
]


def mirror(
    pairs: pd.DataFrame | Mirror, *, cif: str | float | None = None, place: Geography | None = None
) -> Mirror:
    """Give the pairs as arrays, the importers' figures brought to FOB.

    `cif`: a factor such as 1.06, `regression` (BACI's equation fitted to these pairs; the default where
    there are enough of them, else 1.06), `published` (BACI's own coefficients), `growth_lab` or `none`.
    `place` gives distances (default: those shipped). Raises InputError with every fault of the table.
    """
    if isinstance(pairs, Mirror):
        return pairs if cif is None else _valued(pairs, cif)
    table = _checked(pairs)
    names, at = np.unique(
        np.concatenate([table["exporter"], table["importer"]]).astype(str), return_inverse=True
    )
    count = len(table)
    x, m = (_positive(table, one) for one in ("exporter_fob", "importer_cif"))
    if "importer_fob" in table:
        own_fob = table["importer_fob"].to_numpy(dtype=float)
        m = np.where(np.isnan(m) & (own_fob > 0), own_fob, m)
    from sources import geography

    known = (place or geography.shipped()).over([str(name) for name in names])
    blank = np.zeros(count)
    raw = Mirror(
        table, tuple(str(name) for name in names), at[:count].astype(np.int64),
        at[count:].astype(np.int64), pd.factorize(table["year"], sort=True)[0].astype(np.int64),
        pd.factorize(table["commodity"], sort=True)[0].astype(np.int64),
        x, m, m, blank, blank, _rounding(table, "exporter"), _rounding(table, "importer"), known,
    )  # fmt: skip
    return _valued(raw, cif)


def _checked(pairs: pd.DataFrame) -> pd.DataFrame:
    lost = [name for name in IN if name not in pairs]
    if "year" in lost:
        pairs, lost = pairs.assign(year=0), [name for name in lost if name != "year"]
    if "commodity" in lost:
        pairs, lost = pairs.assign(commodity="TOTAL"), [n for n in lost if n != "commodity"]
    problems = [
        Problem("pairs", "header", f"no column {name}", f"give {', '.join(IN)}") for name in lost
    ]
    if problems:
        raise InputError(problems)
    for name in ("exporter_fob", "importer_cif"):
        values = pairs[name].to_numpy(dtype=float)
        wrong = (values < 0) | np.isinf(values)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            problems.append(
                Problem(
                    "pairs", f"row {row + 1}", f"{name} of {values[row]:g}", "trade is not below 0"
                )
            )
    again = pairs.duplicated(KEYS)
    if again.any():
        first = pairs.loc[again, KEYS].iloc[0]
        problems.append(
            Problem("pairs", " ".join(map(str, first)), f"{int(again.sum())} rows a second time",
                    "one row a year, exporter, importer and commodity")
        )  # fmt: skip
    if problems:
        raise InputError(problems)
    return pairs


def _positive(table: pd.DataFrame, name: str) -> Floats:
    values = table[name].to_numpy(dtype=float)
    return np.where(values > 0, values, np.nan)


def _rounding(table: pd.DataFrame, side: str) -> Floats:
    """Standard deviation of the logarithm over [SIDE_low, SIDE_high], where these columns are given."""
    low, high = f"{side}_low", f"{side}_high"
    if low not in table or high not in table:
        return np.zeros(len(table))
    a, b = table[low].to_numpy(dtype=float), table[high].to_numpy(dtype=float)
    usable = (a > 0) & (b >= a)
    return (
        np.where(usable, np.log(np.where(usable, b / np.where(usable, a, 1.0), 1.0)), 0.0) / 12**0.5
    )


def _valued(raw: Mirror, cif: str | float | None) -> Mirror:
    """The importers' figures on FOB, by the margins asked for."""
    margin, sd = margins.of(raw, cif)
    f = raw.m / (1 + margin)
    if "importer_fob" in raw.table:
        own = raw.table["importer_fob"].to_numpy(dtype=float)
        given = np.isfinite(own) & np.isfinite(raw.m)
        f = np.where(given, own, f)
        margin = np.where(given, raw.m / np.where(given & (own > 0), own, 1.0) - 1, margin)
        sd = np.where(given, 0.0, sd)
    return replace(raw, f=f, margin=margin, margin_sd=np.asarray(sd))


def weighted(
    name: str, p: Mirror, weight: Floats, *, logs: bool = False, bias: Floats | None = None
) -> pd.DataFrame:
    """The table OUT: `weight` (by row) on X and the rest on F where both report, else the one there is.

    `logs` takes the weighted mean of the logarithms. `bias` multiplies the result. Ranges: see `ranged`.
    """
    factor = np.ones(len(p.x)) if bias is None else bias
    share = np.where(p.both, weight, np.where(np.isfinite(p.x), 1.0, 0.0))
    x, f = np.where(np.isfinite(p.x), p.x, 0.0), np.where(np.isfinite(p.f), p.f, 0.0)
    value = share * x + (1 - share) * f
    if logs:
        two = p.both
        value[two] = np.exp(share[two] * np.log(x[two]) + (1 - share[two]) * np.log(f[two]))
    # rounding must not carry a mean of two equal figures beyond them
    value = np.where(p.both, np.clip(value, np.fmin(p.x, p.f), np.fmax(p.x, p.f)), value)
    value = value * factor
    return ranged(name, p, value, share)


def ranged(
    name: str,
    p: Mirror,
    value: Floats,
    share: Floats,
    variance: tuple[Floats, Floats] | None = None,
) -> pd.DataFrame:
    """The table OUT for balanced values that take `share` of X and the rest of F.

    The range is 1.96 standard deviations of the logarithm of share · X + (1 - share) · F, with the
    variances of both reporters (`variance` by row, else those fitted to these pairs), what rounding
    leaves open and the doubt about the margin. Where nobody reports a number there is none; where all
    that is reported is zero the answer is zero.
    """
    if variance is None:
        by_e, by_i = p.doubtful
        variance = by_e[p.e], by_i[p.i]
    of_x = variance[0] + p.own_sd_x**2
    of_f = variance[1] + p.own_sd_m**2 + p.margin_sd**2
    sd = np.sqrt(share**2 * of_x + (1 - share) ** 2 * of_f)
    half = NORMAL_95 * sd
    none = ~np.isfinite(p.x) & ~np.isfinite(p.f)
    said_zero = (p.table["exporter_fob"] == 0).to_numpy() | (
        p.table["importer_cif"] == 0
    ).to_numpy()
    value = np.where(none, np.where(said_zero, 0.0, np.nan), value)
    evidence = np.select(
        [none, p.both, np.isfinite(p.x)], ["none", "both", "exporter only"], "importer only"
    )
    out = p.table[[*KEYS, "exporter_fob", "importer_cif"]].copy()
    out["cif_margin"] = p.margin
    out["importer_fob"] = p.f
    out["weight_exporter"] = np.where(none, np.nan, share)
    out["balanced"] = value
    out["low"] = value * np.exp(-half)
    out["high"] = value * np.exp(half)
    out["evidence"] = evidence
    out["method"] = name
    return out[OUT]
