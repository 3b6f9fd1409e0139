"""Causes first, weights last: unit slips are put right, what is booked to hubs is given back, then weighted.

A hub is an importer to which most exporters report much more than it reports itself. Its cause is transit
only where exporters are the shorter elsewhere the more they book to the hub; else nothing is moved. What is moved keeps every exporter's total by commodity: goods leave the hub's
rows and arrive in the rows of partners that report more than the exporter does. What is left is weighted
by inverse variances. Own method, from the conservation of exports; the order is that of official
reconciliations (identified causes are adjusted, only the residual is shared out).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.balance.mirror import Mirror
from reconcile.balance.pairs import IN, OUT, mirror, ranged
from reconcile.balance.reliability import cautious, variances
from reconcile.balance.slips import factors

NAME = "causes_first"
ABOUT = "unit slips put right, transit moved from hubs to destinations, then inverse variance"
SOURCE = "own method; conservation of each exporter's exports"

EXCESS = 0.2  # median ln(X/F) of a hub's suppliers above that of all pairs
CERTAIN = 3.0  # robust standard errors that it must be
ALIKE = (
    0.15  # rank correlation over exporters of what is booked to a hub and what is short elsewhere
)
SHORT = 2.0  # standard errors by which a pair must be short to receive
LEAST = 0.15  # ln; a smaller shortfall is left to the weights
MOST = 0.98  # of an exporter's report to hubs that can be moved
MORE = ["moved", "slip"]
FEWEST = 8  # suppliers of a hub

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Moves:
    """What is taken from (negative) or given to (positive) each row's X; the hubs; why, in words."""

    amount: Floats
    hubs: tuple[str, ...]
    note: str


def balance(pairs: pd.DataFrame, *, cif: str | float | None = None, **options: Any) -> pd.DataFrame:
    """Give OUT of `reconcile.balance.pairs` and MORE: what was added to the exporter's figure, whose unit slipped."""
    start = mirror(pairs, cif="published" if cif is None else cif, **options)
    factor_x, factor_m = factors(start)
    start = replace(start, x=start.x * factor_x, m=start.m * factor_m, f=start.f * factor_m)
    moves = transit(start)
    p = replace(start, x=start.x + moves.amount) if moves.hubs else start
    if cif is None:  # the margins were hidden behind the transit: fit them on what is left
        p = mirror(_fresh(p), place=options.get("place"))
    # exporters' rows at a hub say nothing of either reporter's care: the hub gets the mean variance
    clean = p.told & ~np.isin(np.array(p.codes), moves.hubs)[p.i]
    by_e, by_i = variances(p.gap[clean], p.e[clean], p.i[clean], p.size)
    wide = cautious((by_e, by_i), p.e[clean], p.i[clean], p.size)
    extra = _extra(p, moves, by_e, by_i)
    of_x, of_f = by_e[p.e] + extra, by_i[p.i]
    share = of_f / (of_x + of_f)
    share = np.where(p.both, share, np.where(np.isfinite(p.x), 1.0, 0.0))
    line = np.where(share > 0, share * np.log(p.x), 0.0)
    line = line + np.where(share < 1, (1 - share) * np.log(p.f), 0.0)
    out = ranged(NAME, p, np.exp(line), share, (wide[0][p.e] + extra, wide[1][p.i]))
    for name in ("exporter_fob", "importer_cif"):
        out[name] = start.table[name].to_numpy()
    given = out["exporter_fob"].fillna(0.0).to_numpy()
    out["moved"] = np.where(np.isfinite(p.x), p.x - given, 0.0)
    out["slip"] = np.select([factor_x != 1, factor_m != 1], ["exporter", "importer"], "")
    return out[[*OUT, *MORE]]


def _fresh(p: Mirror) -> pd.DataFrame:
    """The pairs with the moved exporters' figures, for fitting margins anew."""
    table = p.table.assign(
        exporter_fob=np.where(np.isfinite(p.x), p.x, p.table["exporter_fob"]),
        importer_cif=np.where(np.isfinite(p.m), p.m, p.table["importer_cif"]),
    )
    optional = [name for name in table if name not in IN]
    return table[[*IN, *optional]]


def _extra(p: Mirror, moves: Moves, by_e: Floats, by_i: Floats) -> Floats:
    """Variance of what exporters report to hubs, and of what was given, beyond the reporters' own.

    These are estimates now: what a hub's row keeps is a small difference of two large numbers.
    """
    extra = np.zeros(len(p.x))
    to_hub = np.isin(np.array(p.codes), moves.hubs)[p.i]
    for mine in (to_hub, (moves.amount > 0) & ~to_hub):
        seen = mine & p.both
        if seen.sum() >= 5:
            beyond = float((p.gap[seen] ** 2 - by_e[p.e[seen]] - by_i[p.i[seen]]).mean())
            extra[mine] = max(beyond, 0.0)
    return extra


def transit(p: Mirror) -> Moves:
    """Find hubs and what exporters booked to them; the amounts of a commodity and exporter sum to zero."""
    nothing = np.zeros(len(p.x))
    reports_x = np.bincount(p.e, np.isfinite(p.x), p.size) > 0
    reports_m = np.bincount(p.i, np.isfinite(p.f), p.size) > 0
    live = reports_x[p.e] & reports_m[p.i]
    x, f = (np.where(live, np.nan_to_num(one), 0.0) for one in (p.x, p.f))
    by_x, by_f = (
        np.asarray(np.bincount(p.e * p.size + p.i, one, p.size**2), dtype=float).reshape(
            p.size, p.size
        )
        for one in (x, f)
    )
    hubs = _hubs(by_x, by_f)
    if not hubs.any():
        return Moves(nothing, (), "no importer takes much more than it reports")
    named = ", ".join(p.codes[n] for n in np.flatnonzero(hubs))
    hubs = _offset(by_x, by_f, hubs)
    if not hubs.any():
        told = "exporters that book more there are not those that are short elsewhere: not transit"
        return Moves(nothing, (), f"{named}: {told}")
    names = tuple(p.codes[n] for n in np.flatnonzero(hubs))
    excess = np.maximum((by_x - by_f)[:, hubs].sum(axis=1), 0.0)
    given = _given(p, hubs, excess, live)
    amount = _taken(p, hubs, given, x, f)
    note = f"{', '.join(names)}: what exporters book there is short elsewhere"
    return Moves(amount, names, note)


def _hubs(by_x: Floats, by_f: Floats) -> Flags:
    """Importers whose suppliers report more than they do, by the median over suppliers."""
    both = (by_x > 0) & (by_f > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(both, np.log(by_x / by_f), np.nan)
    found = np.zeros(len(by_x), dtype=bool)
    if not both.any():
        return found
    usual = float(np.nanmedian(gap))
    for place in np.flatnonzero(both.sum(axis=0) >= FEWEST):
        mine = gap[both[:, place], place] - usual
        middle = float(np.median(mine))
        error = 1.4826 * float(np.median(np.abs(mine - middle))) * 1.25 / np.sqrt(len(mine))
        found[place] = middle > max(EXCESS, CERTAIN * error)
    return found


def _offset(by_x: Floats, by_f: Floats, hubs: Flags) -> Flags:
    """Those candidates whose excess is transit: exporters that book more there are shorter elsewhere.

    By the rank correlation (Spearman 1904) over exporters of the share of exports in excess at the hub and
    the median ln(F/X) with all others. Where an importer only under-reports there is none; where an
    exporter reports too much everywhere it is negative.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where((by_x > 0) & (by_f > 0), np.log(by_f / by_x), np.nan)[:, ~hubs]
    base = by_x.sum(axis=1)
    live = np.flatnonzero(np.isfinite(gap).any(axis=1) & (base > 0))
    found = np.zeros(len(by_x), dtype=bool)
    if len(live) < FEWEST:
        return found
    short = _ranks(np.nanmedian(gap[live], axis=1))
    for place in np.flatnonzero(hubs):
        share = np.maximum(by_x[live, place] - by_f[live, place], 0.0) / base[live]
        found[place] = float(np.corrcoef(_ranks(share), short)[0, 1]) >= ALIKE
    return found


def _ranks(values: Floats) -> Floats:
    """Ranks, those of equal values their mean."""
    _, at, count = np.unique(values, return_inverse=True, return_counts=True)
    after = np.cumsum(count)
    return np.asarray((after - (count - 1) / 2)[at], dtype=float)


def _given(p: Mirror, hubs: Flags, excess: Floats, live: Flags) -> Floats:
    """What each row receives: its X times the pair's shortfall, in all at most what the exporter booked."""
    seen = p.both & live & ~hubs[p.i] & ~hubs[p.e]
    pair = p.e * p.size + p.i
    count = np.bincount(pair[seen], minlength=p.size**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(pair[seen], p.gap[seen], p.size**2) / count
    apart = np.where(seen, p.gap - mean[pair], 0.0)
    freedom = max(int(seen.sum() - (count > 0).sum()), 1)
    by_e, by_i = variances(
        apart[seen] * np.sqrt(seen.sum() / freedom), p.e[seen], p.i[seen], p.size
    )
    cell = np.arange(p.size**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt((by_e[cell // p.size] + by_i[cell % p.size]) / count)
        far = (mean < -SHORT * error) & (mean < -LEAST)
        factor = np.where(far, np.exp(-mean) - 1, 0.0)
    given = np.where(np.isfinite(p.x) & live, p.x, 0.0) * factor[pair]
    whole = np.bincount(p.e, given, p.size)
    scale = np.where(whole > excess, excess / np.where(whole > 0, whole, 1.0), 1.0)
    return np.asarray(given * scale[p.e])


def _taken(p: Mirror, hubs: Flags, given: Floats, x: Floats, f: Floats) -> Floats:
    """Gifts and what pays for them: from the exporter's rows of the commodity at hubs, where X is above F."""
    group = (p.year * p.size + p.e) * (int(p.product.max(initial=0)) + 1) + p.product
    names, at = np.unique(group, return_inverse=True)
    at_hub = hubs[p.i] & (x > 0)
    above = np.where(at_hub, np.maximum(x - f, 0.0), 0.0)
    can = np.bincount(at, np.where(at_hub, MOST * x, 0.0), len(names))
    wanted = np.bincount(at, given, len(names))
    moved = np.minimum(wanted, can)
    ratio = np.where(wanted > 0, moved / np.where(wanted > 0, wanted, 1.0), 0.0)
    # from the excess first, what is more from the whole of the rows
    from_above = np.bincount(at, np.minimum(above, MOST * x), len(names))
    first = np.minimum(moved, from_above)
    share = np.where(from_above > 0, first / np.where(from_above > 0, from_above, 1.0), 0.0)
    one = np.minimum(above, MOST * x) * share[at]
    room = np.where(at_hub, MOST * x - one, 0.0)
    left = np.bincount(at, room, len(names))
    rest = np.where(left > 0, (moved - first) / np.where(left > 0, left, 1.0), 0.0)
    return np.asarray(given * ratio[at] - one - room * rest[at])
