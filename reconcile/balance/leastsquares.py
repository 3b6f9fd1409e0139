"""Least-squares adjustment under sparse linear constraints. Owns the solver, and knows only arrays.

    minimise  sum (y - x)^2 / v   subject to  low <= A y <= high,  lower <= y <= upper

Stone, Champernowne and Meade (1942): y = x + V A' (A V A')^+ (b - A x). The system is solved dense
where it is small, else by conjugate gradients on the rows scaled to unit variance (Jacobi), in the form
of least squares (Hestenes and Stiefel 1952), which also ends well when the constraints contradict each
other. Bounds and inequalities are an active set chosen by its multipliers (Hintermueller, Ito and
Kunisch 2002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DENSE_ROWS = 600  # up to here a dense decomposition is quick and exact ...
DENSE_CELLS = 3_000_000  # ... if the matrix has no more cells than this
SINGULAR = 1e-11  # eigenvalues of the scaled system below this share of the largest count as zero
ROUNDS = 80
STEPS = 5000
ACCURACY = 1e-12


@dataclass(frozen=True)
class Sparse:
    """A matrix as three arrays: entry `coefficient[k]` stands at (`row[k]`, `column[k]`)."""

    row: Whole
    column: Whole
    coefficient: Floats
    rows: int
    columns: int

    def dot(self, y: Floats) -> Floats:
        """A y, one number a row."""
        return np.asarray(np.bincount(self.row, self.coefficient * y[self.column], self.rows))

    def transposed(self, row_values: Floats) -> Floats:
        """A' z, one number a column."""
        totals = np.bincount(self.column, self.coefficient * row_values[self.row], self.columns)
        return np.asarray(totals)

    def row_variances(self, v: Floats) -> Floats:
        """The diagonal of A V A'."""
        return np.asarray(np.bincount(self.row, self.coefficient**2 * v[self.column], self.rows))


@dataclass(frozen=True)
class Solution:
    """`y`; `variance` of y (exact where `exact`, else an upper bound); the active bounds and rows.

    `at`: -1 at the lower bound, 1 at the upper, 0 free.
    """

    y: Floats
    variance: Floats
    at: Whole
    active: Flags
    exact: bool


def components(a: Sparse) -> tuple[Whole, Whole]:
    """Number the connected parts of the system: one label a row and one a column (-1: in no row).

    Labels run from 0 in the order of the first row. Minimum labels are passed along the entries until
    nothing changes.
    """
    label = np.arange(a.rows, dtype=np.int64)
    column = np.full(a.columns, a.rows, dtype=np.int64)
    while True:
        np.minimum.at(column, a.column, label[a.row])
        new = label.copy()
        np.minimum.at(new, a.row, column[a.column])
        new = np.minimum(new, new[new])
        if (new == label).all():
            break
        label = new
    _, numbered = np.unique(label, return_inverse=True)
    numbered = numbered.astype(np.int64)
    of_column = np.full(a.columns, -1, dtype=np.int64)
    of_column[a.column] = numbered[a.row]
    return numbered, of_column


def solve(
    a: Sparse, x: Floats, v: Floats, low: Floats, high: Floats, lower: Floats, upper: Floats
) -> Solution:
    """Adjust `x` (variances `v`, zero: fixed) to the rows' [low, high] and the bounds [lower, upper].

    Arrays: x, v, lower, upper by column; low, high by row (equal for an equality). Contradictions are
    left as unmet rows in the least-squares sense, never raised.
    """
    tight = low == high
    free_at_all = v > 0
    at = np.zeros(a.columns, dtype=np.int64)
    side = np.where(tight, 0, 9).astype(np.int64)  # 9 idle; -1, 1 held at low, high; 0 equality
    seen: set[bytes] = set()
    cautious = False
    y = x
    unit = np.maximum(1.0, np.abs(x))
    for _ in range(ROUNDS):
        held = np.where(at < 0, lower, np.where(at > 0, upper, x))
        moving = np.where((at == 0) & free_at_all, v, 0.0)
        active = side != 9
        goal = np.where(side == 1, high, low)
        y, multiplier = _equalities(a, held, moving, goal, active)
        new_at, new_side = _judge(
            a, y, multiplier, x, v, at, side, low, high, lower, upper, unit, cautious
        )
        if (new_at == at).all() and (new_side == side).all():
            break
        at, side = new_at, new_side
        mark = at.tobytes() + side.tobytes()
        cautious = cautious or mark in seen  # a cycle: from here on nothing is released
        seen.add(mark)
    moving = np.where((at == 0) & free_at_all, v, 0.0)
    active = side != 9
    variance, exact = _variance(a, moving, active)
    return Solution(y, variance, at, active, exact)


def _judge(
    a: Sparse,
    y: Floats,
    multiplier: Floats,
    x: Floats,
    v: Floats,
    at: Whole,
    side: Whole,
    low: Floats,
    high: Floats,
    lower: Floats,
    upper: Floats,
    unit: Floats,
    cautious: bool,
) -> tuple[Whole, Whole]:
    """The next active set: what is violated is held, what is held against its will is released."""
    free = v > 0
    slack = 1e-10 * unit
    pull = np.where(free, (y - x) / np.where(free, v, 1.0) - a.transposed(multiplier), 0.0)
    new_at = np.where(free & (at == 0) & (y < lower - slack), -1, at)
    new_at = np.where(free & (at == 0) & (y > upper + slack), 1, new_at)
    if not cautious:
        new_at = np.where((at == -1) & (pull < 0), 0, new_at)
        new_at = np.where((at == 1) & (pull > 0), 0, new_at)
    total = a.dot(y)
    room = 1e-10 * np.maximum(1.0, np.bincount(a.row, np.abs(a.coefficient * y[a.column]), a.rows))
    new_side = np.where((side == 9) & (total < low - room), -1, side)
    new_side = np.where((side == 9) & (total > high + room), 1, new_side)
    if not cautious:
        new_side = np.where((side == -1) & (multiplier < 0), 9, new_side)
        new_side = np.where((side == 1) & (multiplier > 0), 9, new_side)
    return new_at.astype(np.int64), new_side.astype(np.int64)


def _equalities(
    a: Sparse, x: Floats, v: Floats, goal: Floats, active: Flags
) -> tuple[Floats, Floats]:
    """y and the rows' multipliers with the active rows as equalities; idle rows have multiplier 0."""
    scale = np.sqrt(a.row_variances(v))
    usable = active & (scale > 0)
    inverse = np.where(usable, 1 / np.where(scale > 0, scale, 1.0), 0.0)
    multiplier = np.zeros(a.rows)
    if not usable.any():
        return x, multiplier
    y = x
    # repeated on what is left: rounding errors of the first pass are of the size of x, not of the move
    if _small(a, usable):
        inverted, rows = _pseudo_inverse(a, v, inverse, usable)
        for _ in range(3):
            left = np.where(usable, goal - a.dot(y), 0.0)
            multiplier[rows] += inverse[rows] * (inverted @ (inverse[rows] * left[rows]))
            y = x + v * a.transposed(multiplier)
        return y, multiplier
    for _ in range(2):
        left = np.where(usable, goal - a.dot(y), 0.0)
        multiplier = multiplier + _conjugate_gradients(a, v, inverse, left)
        y = x + v * a.transposed(multiplier)
    return y, multiplier


def _small(a: Sparse, usable: Flags) -> bool:
    rows = int(usable.sum())
    return rows <= DENSE_ROWS and rows * len(np.unique(a.column[usable[a.row]])) <= DENSE_CELLS


def _dense(a: Sparse, rows: Whole) -> tuple[Floats, Whole]:
    """The given rows as a dense matrix over the columns they touch, and those columns."""
    place = np.full(a.rows, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    keep = place[a.row] >= 0
    columns, at = np.unique(a.column[keep], return_inverse=True)
    matrix = np.zeros((len(rows), len(columns)))
    np.add.at(matrix, (place[a.row[keep]], at), a.coefficient[keep])
    return matrix, columns


def _pseudo_inverse(a: Sparse, v: Floats, inverse: Floats, usable: Flags) -> tuple[Floats, Whole]:
    """Moore-Penrose inverse of the scaled A V A' over the usable rows, and those rows."""
    rows = np.flatnonzero(usable)
    matrix, columns = _dense(a, rows)
    scaled = matrix * np.sqrt(v[columns]) * inverse[rows][:, None]
    left, singular, _ = np.linalg.svd(scaled, full_matrices=False)
    keep = singular > np.sqrt(SINGULAR) * singular.max()
    left, singular = left[:, keep], singular[keep]
    return np.asarray((left / singular**2) @ left.T), rows


def _conjugate_gradients(a: Sparse, v: Floats, inverse: Floats, goal: Floats) -> Floats:
    """Multipliers of min |B z - r| with B = D A sqrt(V), r = D goal; z = B' (multiplier / D)."""
    root = np.sqrt(v)
    coefficient = a.coefficient * inverse[a.row] * root[a.column]
    b = Sparse(a.row, a.column, coefficient, a.rows, a.columns)
    left = inverse * goal
    multiplier = np.zeros(a.rows)
    gradient = b.transposed(left)
    square = float(gradient @ gradient)
    first, target = square, ACCURACY * float(np.linalg.norm(left))
    direction, behind = gradient, left.copy()
    for _ in range(STEPS):
        if square <= ACCURACY**2 * first or square == 0.0:
            break
        image = b.dot(direction)
        step = square / float(image @ image)
        multiplier += step * behind
        left = left - step * image
        if float(np.linalg.norm(left)) <= target:
            break
        gradient = b.transposed(left)
        new = float(gradient @ gradient)
        ratio = new / square
        direction = gradient + ratio * direction
        behind = left + ratio * behind
        square = new
    return multiplier * inverse


def _variance(a: Sparse, v: Floats, active: Flags) -> tuple[Floats, bool]:
    """The diagonal of V - V A' (A V A')^+ A V; beyond DENSE_ROWS an upper bound.

    The bound conditions on the single best constraint of each value: conditioning on all of them can
    only lower the variance further.
    """
    scale = np.sqrt(a.row_variances(v))
    usable = active & (scale > 0)
    if not usable.any():
        return v.copy(), True
    inverse = np.where(usable, 1 / np.where(scale > 0, scale, 1.0), 0.0)
    if _small(a, usable):
        rows = np.flatnonzero(usable)
        matrix, columns = _dense(a, rows)
        root = np.sqrt(v[columns])
        scaled = matrix * root * inverse[rows][:, None]
        _, singular, right = np.linalg.svd(scaled, full_matrices=False)
        right = right[singular > np.sqrt(SINGULAR) * singular.max()]
        share = np.ones(a.columns)
        share[columns] = np.clip(1 - (right**2).sum(axis=0), 0.0, 1.0)
        return v * share, True
    told = np.zeros(a.columns)
    one = (a.coefficient * inverse[a.row]) ** 2 * v[a.column]
    np.maximum.at(told, a.column, one)
    return v * np.clip(1 - told, 0.0, 1.0), False
