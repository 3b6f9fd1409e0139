"""How far each reporter errs, from the pairs alone: non-negative least squares on (ln X/F)² = V_i + V_j.

Only differences are identified (ten Cate 2014): the split of a pair's variance between the roles is set by
equal means of the exporters' and the importers' variances.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FLOOR = 4e-4  # no reporter is taken to err by less than 2 % ...
SHARE = 0.005  # ... nor to have less than this share of the mean variance: the fit likes zeros
PRIOR_FLOWS = 3.0  # weight of the mean variance on a reporter, in flows
ROUNDS = 4  # of reweighting: a square varies as its own size
LIMIT = 16.0  # a square counts as at most so many times its expectation
UNKNOWN = 0.25  # variance where no pair says anything: a factor of 1.6 either way


def nnls(gram: Floats, right: Floats, start: Flags | None = None) -> Floats:
    """min z' G z / 2 - r' z over z >= 0 for a positive definite G, by block principal pivoting.

    Portugal, Júdice and Vicente (1994): all entries that break the conditions of Kuhn and Tucker change
    sides at once, and one at a time where that stops helping, which ends for certain. `start` names the
    entries thought to be positive.
    """
    n = len(right)
    inside = np.ones(n, dtype=bool) if start is None else start.copy()
    slack = 1e-10 * max(float(np.abs(right).max(initial=0.0)), 1e-300)
    fewest, patience = n + 1, 3
    z = _held(gram, right, inside)
    for _ in range(50 * n + 50):
        broken = np.where(inside, z < 0, right - gram @ z > slack)
        count = int(broken.sum())
        if count == 0:
            break
        if count < fewest:
            fewest, patience = count, 3
        elif patience > 0:
            patience -= 1
        else:
            last = int(np.flatnonzero(broken)[-1])
            broken = np.zeros(n, dtype=bool)
            broken[last] = True
        inside = inside ^ broken
        z = _held(gram, right, inside)
    return np.where(inside, np.maximum(z, 0.0), 0.0)


def _held(gram: Floats, right: Floats, inside: Flags) -> Floats:
    """The least-squares answer with the entries that are not inside held at zero."""
    free = np.flatnonzero(inside)
    z = np.zeros(len(right))
    if len(free):
        part = gram[np.ix_(free, free)]
        try:
            z[free] = np.linalg.solve(part, right[free])
        except np.linalg.LinAlgError:  # singular: any of the equal answers will do
            z[free] = np.linalg.lstsq(part, right[free], rcond=None)[0]
    return z


def variances(
    gap: Floats, e: Whole, i: Whole, size: int, weight: Floats | None = None
) -> tuple[Floats, Floats]:
    """Give (V as exporter, V as importer) by area from n gaps ln(X/F) of exporters `e` and importers `i`.

    A reporter with few flows is drawn towards the mean of its role. Areas without a pair get the mean.
    """
    if not len(gap):
        return np.full(size, UNKNOWN), np.full(size, UNKNOWN)
    own = np.ones(len(gap)) if weight is None else weight
    square = gap**2
    typical = max(float(np.average(square, weights=own)) / 2, FLOOR)
    flows = tuple(np.asarray(np.bincount(side, own, size), dtype=float) for side in (e, i))
    ve, vi = np.full(size, typical), np.full(size, typical)
    positive: Flags | None = None
    for _ in range(ROUNDS):
        expected = ve[e] + vi[i]
        w = own / expected**2
        w = w / w.mean()
        y = np.minimum(square, LIMIT * expected)
        ve, vi = _fit(y, w, e, i, size, typical, positive)
        positive = np.concatenate([ve, vi]) > 0
        least = max(FLOOR, SHARE * typical)
        ve, vi = _split(np.maximum(ve, least), np.maximum(vi, least), flows)
        ve, vi = np.maximum(ve, least), np.maximum(vi, least)
        typical = max(float((ve[flows[0] > 0].mean() + vi[flows[1] > 0].mean()) / 2), FLOOR)
    ve = np.where(flows[0] > 0, ve, typical)
    vi = np.where(flows[1] > 0, vi, typical)
    return ve, vi


def cautious(
    variance: tuple[Floats, Floats], e: Whole, i: Whole, size: int
) -> tuple[Floats, Floats]:
    """Variances for ranges: a standard error more than the fit, and what the split of the roles leaves open.

    The error is that of the information of r² ~ V_i + V_j, each role's own part. A constant may move from
    one role to the other until a variance is zero: half of that room is added to both.
    """
    ve, vi = variance
    if not len(e):
        return ve, vi
    worth = 1 / (2 * (ve[e] + vi[i]) ** 2)
    seen = np.bincount(e, minlength=size) > 0, np.bincount(i, minlength=size) > 0
    room = float(ve[seen[0]].min()) / 2, float(vi[seen[1]].min()) / 2
    return (
        ve + 1 / np.sqrt(np.maximum(np.bincount(e, worth, size), 1.0)) + room[1],
        vi + 1 / np.sqrt(np.maximum(np.bincount(i, worth, size), 1.0)) + room[0],
    )


def _fit(
    y: Floats,
    w: Floats,
    e: Whole,
    i: Whole,
    size: int,
    typical: float,
    start: Flags | None,
) -> tuple[Floats, Floats]:
    prior = PRIOR_FLOWS * float(np.median(w))
    gram = np.zeros((2 * size, 2 * size))
    cross = np.bincount(e * size + i, w, size * size).reshape(size, size)
    gram[:size, size:] = cross
    gram[size:, :size] = cross.T
    place = np.arange(2 * size)
    gram[place, place] = np.concatenate([cross.sum(axis=1), cross.sum(axis=0)]) + prior
    right = np.concatenate([np.bincount(e, w * y, size), np.bincount(i, w * y, size)])
    found = nnls(gram, right + prior * typical, start)
    return found[:size], found[size:]


def _split(ve: Floats, vi: Floats, flows: tuple[Floats, ...]) -> tuple[Floats, Floats]:
    """Move a constant between the roles so that areas with both are as reliable in either, on average."""
    both = (flows[0] > 0) & (flows[1] > 0)
    if not both.any():
        return ve, vi
    move = float(vi[both].mean() - ve[both].mean()) / 2
    move = float(np.clip(move, FLOOR - ve[flows[0] > 0].min(), vi[flows[1] > 0].min() - FLOOR))
    return np.maximum(ve + move, FLOOR), np.maximum(vi - move, FLOOR)


def biases(
    gap: Floats, e: Whole, i: Whole, size: int, variance: tuple[Floats, Floats], prior: float = 0.02
) -> tuple[Floats, Floats]:
    """Give (b as exporter, b as importer) with E ln(X/F) = b_i - b_j, drawn towards zero.

    Tsigas, Hertel and Binkley (1992); ten Cate (2007): a restriction fixes the level, here the mean of all
    biases is zero, by their prior variance `prior`.
    """
    zero = np.zeros(size)
    if not len(gap):
        return zero, zero
    w = 1 / (variance[0][e] + variance[1][i])
    cross = np.bincount(e * size + i, w, size * size).reshape(size, size)
    whole = np.zeros((2 * size, 2 * size))
    whole[:size, size:] = -cross
    whole[size:, :size] = -cross.T
    place = np.arange(2 * size)
    whole[place, place] = np.concatenate([cross.sum(axis=1), cross.sum(axis=0)]) + 1 / prior
    right = np.concatenate([np.bincount(e, w * gap, size), -np.bincount(i, w * gap, size)])
    found = np.linalg.solve(whole, right)
    return found[:size], found[size:]
