"""Raking of cells to their totals in one step of least squares, and of a matrix to its margins (RAS).

theta = x + V G' (G V G' + W)^+ (g - G x) with V = diag(c_x x) (option 2: diag |c_x x|), W = diag(c_g g) and
^+ the Moore-Penrose inverse: Stone, Champernowne and Meade (1942) as Statistics Canada's G-Series uses it
in tsraking (Bérubé and Fortier 2009). c is the alterability: 0 binds, 1 is the default and allocates in
proportion to size, more moves more.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SINGULAR = 1e-12
SWEEPS = 20_000  # a matrix that is nearly in blocks needs many
STALLED = 200  # sweeps without progress: the margins contradict the zeros


def rake(
    x: Floats,
    sums: Floats,
    totals: Floats,
    *,
    alter_cells: Floats | float = 1.0,
    alter_totals: Floats | float = 0.0,
    option: int = 1,
    tolerance: float = 1e-6,
) -> Floats:
    """Give n cells adjusted so that `sums` (k × n) times them are the k `totals`.

    Option 1 takes the variance c·x with its sign, option 2 its absolute value. Raises ValueError where a
    binding total cannot be met within `tolerance` (share of the sizes in it), naming which.
    """
    x, totals = np.asarray(x, dtype=float), np.asarray(totals, dtype=float)
    sums = np.asarray(sums, dtype=float)
    cells = np.broadcast_to(np.asarray(alter_cells, dtype=float), x.shape)
    bind = np.broadcast_to(np.asarray(alter_totals, dtype=float), totals.shape)
    if (cells < 0).any() or (bind < 0).any():
        raise ValueError("alterability is not below 0")
    if option not in (1, 2):
        raise ValueError("option is 1 or 2")
    v, w = cells * x, bind * totals
    if option == 2:
        v, w = np.abs(v), np.abs(w)
    weighted = v[:, None] * sums.T
    inner = sums @ weighted + np.diag(w)
    answer = x + weighted @ (np.linalg.pinv(inner, rcond=SINGULAR) @ (totals - sums @ x))
    missed = np.abs(sums @ answer - totals)
    size = np.abs(sums) @ np.abs(answer) + np.abs(totals)
    unmet = np.flatnonzero((bind == 0) & (missed > tolerance * np.maximum(size, 1e-300)))
    if len(unmet):
        raise ValueError(f"totals {', '.join(map(str, unmet))} cannot be met")
    return np.asarray(answer)


def ras(
    x: Floats, rows: Floats, columns: Floats, *, tolerance: float = 1e-9, sweeps: int = SWEEPS
) -> Floats:
    """Give the non-negative matrix scaled to its row and column sums in turn; zeros stay zero.

    It minimises Σ y ln(y / x) (Deming and Stephan 1940; Stone 1961). Raises ValueError where the sums do
    not agree, a line of zeros has a sum, or `sweeps` do not suffice: the margins cannot all be met.
    """
    y = np.asarray(x, dtype=float).copy()
    rows, columns = np.asarray(rows, dtype=float), np.asarray(columns, dtype=float)
    if (y < 0).any() or (rows < 0).any() or (columns < 0).any():
        raise ValueError("cells and margins are not below 0")
    whole = float(rows.sum())
    if abs(whole - float(columns.sum())) > 1e-9 * max(whole, 1e-300):
        raise ValueError(f"rows sum to {whole:g} and columns to {columns.sum():g}")
    for name, lines, goal in (("row", y.sum(axis=1), rows), ("column", y.sum(axis=0), columns)):
        empty = np.flatnonzero((lines == 0) & (goal > 0))
        if len(empty):
            raise ValueError(f"{name} {empty[0]} is all zeros and its sum is not")
    best, since = np.inf, 0
    for sweep in range(sweeps):
        y *= _scale(rows, y.sum(axis=1))[:, None]
        y *= _scale(columns, y.sum(axis=0))[None, :]
        missed = float(np.abs(y.sum(axis=1) - rows).max(initial=0.0))
        if missed <= tolerance * max(whole, 1e-300):
            return y
        if missed < best * 0.999:
            best, since = missed, sweep
        elif sweep - since > STALLED:
            break
    raise ValueError("the margins are not met: the zeros do not allow it, or barely")


def _scale(goal: Floats, found: Floats) -> Floats:
    return np.where(found > 0, goal / np.where(found > 0, found, 1.0), 0.0)
