"""CIF margins of every pair: the level corrected for trade booked to hubs, and the Growth Lab's variant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.world.scores import Fit
from sources.geography import Geography

Floats = npt.NDArray[np.float64]
METHODS = ["baci", "growthlab"]
HIGHEST = 0.2  # Growth Lab's cap
PLAUSIBLE = (
    0.12  # mean margin, twice the 6 % of OECD (2016) and IMF: beyond it something else is in it
)
SMALLEST = 1e6  # USD, Growth Lab: pairs below it say nothing about the margin
ALIKE = 0.05  # Growth Lab: mirrors closer than this need no conversion
CERTAIN = 3.0  # standard errors a share booked to hubs must have to be used
LEAST_BOOKED = 0.005  # share booked to hubs below which the margin is not corrected
HUB_EXCESS = 0.1  # of an importer's two-sided trade, above what is usual, to be called a hub


def settle(
    fitted: Fit, sums: pd.DataFrame, by_year: Iterable[pd.DataFrame], here: Geography, cif: str
) -> tuple[Fit, Floats, list[dict[str, Any]]]:
    """(fit, margin matrix as a share of the FOB value, findings) by the user's choice of METHODS.

    `sums` are pair totals over all years, `by_year` those of each year.
    """
    if cif == "growthlab":
        margin, _ = growth_lab(pd.concat(by_year, ignore_index=True), here)
        return replace(fitted, log_margin=np.log1p(margin)), margin, []
    share, hubs = hub_share(sums, fitted, len(here.codes))
    notes: list[dict[str, Any]] = []
    if hubs:
        at = np.isin(sums["pair"].to_numpy() % len(here.codes), hubs)
        small = "the figures of other pairs are not touched by it"
        notes.append(
            {
                "code": "BOOKED_TO_HUBS",
                "severity": "warning",
                "year": 0,
                "what": "exports booked to " + " ".join(here.codes[h] for h in hubs),
                "rows": int(sums.loc[at, "only_x"].sum()),
                "value": float(sums.loc[at, "x_only"].sum()),
                "message": "Exporters report flows to these areas that they do not report; "
                + (f"{share:.1%} of all other exports is missing for it" if share else small),
                "advice": "Their one-sided flows may be bound elsewhere.",
            }
        )
    if share > LEAST_BOOKED:
        fitted = replace(fitted, log_margin=fitted.log_margin - np.log1p(share))
    return fitted, fitted.margin, notes + doubt(fitted.margin, sums)


def doubt(margin: Floats, sums: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a finding where the mean margin is higher than freight can be: only differences are identified."""
    weight = sums["m_both"].to_numpy(dtype=float)
    if not weight.sum() > 0:
        return []
    key = sums["pair"].to_numpy(dtype=np.int64)
    mean = float((margin.ravel()[key] * weight).sum() / weight.sum())
    if mean <= PLAUSIBLE:
        return []
    return [
        {
            "code": "MARGIN_DOUBTFUL",
            "severity": "warning",
            "year": 0,
            "what": "the fitted CIF margin",
            "rows": len(sums),
            "value": float(weight.sum()),
            "message": f"The importers' figures exceed the exporters' by {mean:.1%} on average, weighted by trade; "
            f"published margins of freight and insurance average 3 to 6 %, and hardly a route costs {HIGHEST:.0%}.",
            "advice": "Exporters that report too little or book trade to hubs cannot be told from freight; "
            "compare with --method imf, which takes 6 %.",
        }
    ]


def hub_share(sums: pd.DataFrame, fit: Fit, size: int) -> tuple[float, list[int]]:
    """(share of exporters' reports missing because they are booked to hubs, the hubs' places).

    A hub shows as an importer to which many exporters report flows that it does not report. Where whole
    flows are booked so, as much is missing altogether elsewhere and the matched pairs are untouched: the
    share is zero. Where a part of every flow is booked so, the matched exporters' figures are all too low
    and ln(M/X) contains that share beside the margin; it is what the excess of the hubs leaves over.
    `sums`: pair, x_both, m_both, x_only, m_only (USD). Own formula, from the conservation of exports.
    """
    key = sums["pair"].to_numpy(dtype=np.int64)
    i, j = key // size, key % size
    fob = np.exp(-np.where(sums["fob"].to_numpy(dtype=bool), 0.0, fit.log_margin[i, j]))
    x, m, xo, mo = (
        sums[name].to_numpy(dtype=float) for name in ("x_both", "m_both", "x_only", "m_only")
    )
    reports = np.bincount(i, x + xo, size) > 0, np.bincount(j, m + mo, size) > 0
    live = reports[0][i] & reports[1][j]
    from_reporters = reports[0][i]
    to_reporters = float(
        x[live].sum() / max(1.0, (x + np.where(live, 0.0, xo))[from_reporters].sum())
    )
    i, j, fob = i[live], j[live], fob[live]
    x, m, xo, mo = x[live], m[live], xo[live], mo[live]
    # a lognormal error of median one has a mean above one: sums are brought to the median first
    level_x, level_m = (
        (np.exp(-fit.variance[0] / 2), np.exp(-fit.variance[1] / 2))
        if fit.family == "lognormal"
        else (np.ones(size), np.ones(size))
    )
    only = xo * level_x[i] - mo * fob * level_m[j]
    two = x * level_x[i]
    excess, matched = np.bincount(j, only, size), np.bincount(j, two, size)
    seen = matched > 0
    if seen.sum() < 10:
        return 0.0, []
    share = excess[seen] / matched[seen]
    usual = np.median(share)
    scale = 1.4826 * np.median(np.abs(share - usual))
    hubs = np.flatnonzero(seen)[share > usual + max(HUB_EXCESS, 4 * scale)]
    # part of what hubs take was bound for areas that report nothing: it is missing from no pair here
    only = np.where(np.isin(j, hubs), only * to_reporters, only)
    found = float(only.sum() / two.sum())  # the hubs' excess less what is missing altogether
    # jackknife over exporters: is it more than the noise of their few large flows?
    by_only, by_two = np.bincount(i, only, size), np.bincount(i, two, size)
    live_exporters = by_two > 0
    left_out = (only.sum() - by_only[live_exporters]) / np.maximum(
        two.sum() - by_two[live_exporters], 1.0
    )
    n = int(live_exporters.sum())
    error = float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))
    if not len(hubs) or found < CERTAIN * error:
        found = 0.0
    return float(np.clip(found, 0.0, 0.1)), [int(h) for h in hubs]


def growth_lab(sums: pd.DataFrame, place: Geography) -> tuple[Floats, Floats]:
    """(margin, its two coefficients): Harvard Growth Lab, comtrade-mirroring, Stata version, step 1.

    ln(M/X) of pair totals by year, winsorised at 10 and 90 %, on ln distance and contiguity with effects
    of year × exporter and year × importer; clipped to [0, 0.2]; no conversion where the mirrors are
    within 5 % or the importer's figure is the smaller. τ is a share of M, so the margin over FOB is
    τ / (1 - τ). `sums`: year, pair, x_both, x_only, m_both, m_only. Their pooling over three years is
    over all years here.
    """
    size = len(place.codes)
    table = pd.DataFrame(
        {
            "year": sums["year"],
            "pair": sums["pair"],
            "x": sums["x_both"] + sums["x_only"],
            "m": sums["m_both"] + sums["m_only"],
        }
    )
    i, j = table["pair"].to_numpy() // size, table["pair"].to_numpy() % size
    raw_km = np.log(np.maximum(place.km, 50.0))
    log_km: Floats = np.where(np.isfinite(raw_km), raw_km, np.nanmean(raw_km))
    both = ((table["x"] > 0) & (table["m"] > 0)).to_numpy()
    tau = np.zeros((size, size))
    coefficients: Floats = np.zeros(2)
    if both.sum() >= 10:
        x, m = table["x"].to_numpy()[both], table["m"].to_numpy()[both]
        keep = (x >= max(np.quantile(x, 0.01), SMALLEST)) & (
            m >= max(np.quantile(m, 0.01), SMALLEST)
        )
        if keep.sum() < 10:  # small files: no pair is that large
            keep = np.ones(len(x), dtype=bool)
        a, b = i[both][keep], j[both][keep]
        year = table["year"].to_numpy()[both][keep]
        raw = np.log(m[keep] / x[keep])
        y = np.asarray(np.clip(raw, np.quantile(raw, 0.1), np.quantile(raw, 0.9)))
        terms = np.column_stack([log_km[a, b], place.contiguous[a, b]])
        first, effect_e = np.unique(year * size + a, return_inverse=True)
        second, effect_i = np.unique(year * size + b, return_inverse=True)
        within = _demean(np.column_stack([y, terms]), effect_e, len(first), effect_i, len(second))
        coefficients = np.asarray(
            np.linalg.lstsq(within[:, 1:], within[:, 0], rcond=None)[0], dtype=np.float64
        )
        constant = float(np.mean(y - terms @ coefficients))
        tau = constant + coefficients[0] * log_km + coefficients[1] * place.contiguous
        tau = np.asarray(np.clip(tau, 0.0, HIGHEST))
    total = table.groupby("pair")[["x", "m"]].sum()
    alike = (
        (total["x"] > 0) & (total["m"] > 0) & (np.log((total["m"] + 1) / (total["x"] + 1)) <= ALIKE)
    )
    for key in total.index[alike]:
        tau[int(key) // size, int(key) % size] = 0.0
    return tau / (1 - tau), coefficients


def _demean(
    values: Floats, a: npt.NDArray[np.int64], na: int, b: npt.NDArray[np.int64], nb: int
) -> Floats:
    """Both sets of group means taken out in turn, until nothing moves."""
    values = values - values.mean(axis=0)
    ca, cb = np.bincount(a, minlength=na), np.bincount(b, minlength=nb)
    for _ in range(200):
        before = values
        for at, count, size in ((a, ca, na), (b, cb, nb)):
            means = np.column_stack(
                [np.bincount(at, values[:, k], size) / count for k in range(values.shape[1])]
            )
            values = values - means[at]
        if np.abs(values - before).max() < 1e-10:
            break
    return np.asarray(values)
