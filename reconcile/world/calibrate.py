"""Ranges that hold what they say: flows drawn from the fitted errors, balanced by the kernel itself.

Whatever a method does with two figures, its range is stretched until it holds the drawn true value in
nine of ten draws (a parametric bootstrap: Efron and Tibshirani 1993, ch. 6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.world import balance, methods, read, special
from reconcile.world.scores import BROAD, own_bias

Floats = npt.NDArray[np.float64]
MOST, LEAST = 60_000, 6_000  # draws: as many as there are flows, within these
SEED = 20260101
HELD = 0.90  # of true values
FEW = 300  # draws of a class below which it takes the factors of all
WIDEST = 3.0


@dataclass(frozen=True)
class Drawn:
    """What a method makes of drawn flows: the factors of its range, and the RMS of its ln error."""

    reach: balance.Reach
    rms_log_error: float


def calibrate(evidence: methods.Evidence, method: methods.Method, pairs: pd.DataFrame) -> Drawn:
    """Draw two-sided flows from the fit, balance them, and see how far the range must reach.

    Same input, same answer. `pairs` are the method's `balance.parameters`.
    """
    if not len(evidence.cells.n):
        return Drawn(balance.Reach(), float("nan"))
    base = read.connect(threads=1)
    base.register("pair_frame", pairs)
    base.execute("CREATE TABLE pair_row AS SELECT * FROM pair_frame")
    base.register("drawn", draw(evidence))
    select = balance.query(evidence.fit.family, method.combine, balance.Reach(), "drawn")
    table = base.execute(
        f"SELECT sure, ln(balanced) AS centre, ln(low) AS low, ln(high) AS high FROM ({select})"
    ).df()
    base.close()
    # the true value of every draw is one, its logarithm zero
    off = -table["centre"].to_numpy()
    z = np.where(
        off < 0,
        off / np.maximum(table["centre"] - table["low"], 1e-9),
        off / np.maximum(table["high"] - table["centre"], 1e-9),
    )
    sure = table["sure"].to_numpy() >= balance.SURE
    low, high = _tails(z[sure] if sure.sum() >= FEW else z)
    doubtful = _tails(z[~sure]) if (~sure).sum() >= FEW else (low, high)
    wide = evidence.fit.spread
    factors = balance.Reach(low * wide, high * wide, doubtful[0] * wide, doubtful[1] * wide)
    return Drawn(factors, float(np.sqrt(np.mean(off**2))))


def _tails(z: Floats) -> tuple[float, float]:
    """How far below and above the range must reach, in ranges, to leave out equal tails."""
    share = (1 - HELD) / 2
    below, above = np.quantile(z, [share, 1 - share])
    return tuple(float(np.clip(v, 0.3, WIDEST)) for v in (-below, above))  # type: ignore[return-value]


def draw(evidence: methods.Evidence) -> pd.DataFrame:
    """Two-sided flows of true value one: e, i, commodity, x, m, f. Pairs are drawn by their number of flows."""
    fit, c = evidence.fit, evidence.cells
    rng = np.random.default_rng(SEED)
    run = np.cumsum(c.n)
    draws = int(np.clip(run[-1], LEAST, MOST))
    at = np.searchsorted(run, (np.arange(draws) + 0.5) / draws * run[-1])
    i, j = c.i[at], c.j[at]
    x = _errors(rng, fit.family, fit.variance[0], fit.doubt[0], i) + fit.bias[0][i]
    m = _errors(rng, fit.family, fit.variance[1], fit.doubt[1], j) + fit.bias[1][j]
    lot = rng.random(draws)
    jump = np.sqrt(BROAD) * np.abs(rng.standard_normal(draws))
    up, down = fit.booked[0][j], fit.booked[1][i]
    x = x + np.where(lot < up, jump, 0.0)
    m = m + np.where(lot > 1 - down, jump, 0.0) + np.log1p(evidence.margin[i, j])
    return pd.DataFrame(
        {
            "e": i.astype(np.int16), "i": j.astype(np.int16), "commodity": "", "x": np.exp(x),
            "m": np.exp(m), "f": np.full(draws, np.nan),
        }
    ).astype({"f": "Float64"})  # fmt: skip


def _errors(
    rng: np.random.Generator,
    family: str,
    variance: Floats,
    doubt: Floats,
    at: npt.NDArray[np.int64],
) -> Floats:
    """ln errors about zero, of variances drawn within their standard errors."""
    wide = np.minimum(doubt / variance, 1.0)
    drawn = variance[at] * np.exp(wide[at] * rng.standard_normal(len(at)) - wide[at] ** 2 / 2)
    if family == "lognormal":
        return np.asarray(np.sqrt(drawn) * rng.standard_normal(len(at)))
    # shapes by interpolation: the exact ones of tens of thousands of variances take seconds
    grid = np.exp(np.linspace(np.log(drawn.min()) - 1e-9, np.log(drawn.max()) + 1e-9, 500))
    shape = np.exp(np.interp(np.log(drawn), np.log(grid), np.log(special.shape_of(grid))))
    raw = np.maximum(rng.gamma(shape), 1e-300)
    return np.asarray(np.log(raw) - np.log(shape) - own_bias(drawn, "gamma"))
