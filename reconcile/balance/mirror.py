"""Mirror pairs as arrays over rows, which every pair method works on. Owns nothing but their shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sources.geography import Geography

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

COPY = 1e-6  # ln; two offices do not agree to the sixth digit by themselves


@dataclass(frozen=True)
class Mirror:
    """The pairs as arrays over rows; `e` and `i` are places in `codes`, `x` and `f` are NaN where missing.

    A report of zero stands beside a positive one as no evidence, and counts where nobody reports trade.
    `margin_sd` is the doubt about ln(1 + margin), `own_sd_x` and `own_sd_m` what rounding adds (logs).
    """

    table: pd.DataFrame
    codes: tuple[str, ...]
    e: Whole
    i: Whole
    year: Whole
    product: Whole
    x: Floats
    m: Floats
    f: Floats
    margin: Floats
    margin_sd: Floats
    own_sd_x: Floats
    own_sd_m: Floats
    place: Geography = field(repr=False)

    @property
    def size(self) -> int:
        """Number of areas."""
        return len(self.codes)

    @cached_property
    def both(self) -> Flags:
        """Where both sides report."""
        return np.asarray(np.isfinite(self.x) & np.isfinite(self.f))

    @cached_property
    def told(self) -> Flags:
        """Where both sides report and neither is a copy of the other, as it is or on FOB."""
        with np.errstate(invalid="ignore"):
            copy = (np.abs(self.gap) < COPY) | (np.abs(np.log(self.x / self.m)) < COPY)
        return np.asarray(self.both & ~copy)

    @cached_property
    def gap(self) -> Floats:
        """ln(X/F) where both report, else NaN."""
        return np.asarray(np.log(self.x / self.f))

    @cached_property
    def errors(self) -> tuple[Floats, Floats]:
        """Variances of ln error by area, as exporter and as importer; see `reconcile.balance.reliability`."""
        from reconcile.balance.reliability import variances

        return variances(self.gap[self.told], self.e[self.told], self.i[self.told], self.size)

    @cached_property
    def doubtful(self) -> tuple[Floats, Floats]:
        """The same for ranges, the doubt about the fit included."""
        from reconcile.balance.reliability import cautious

        return cautious(self.errors, self.e[self.told], self.i[self.told], self.size)

    def sums(self) -> pd.DataFrame:
        """Totals by year and pair, as `reconcile.world.margins` takes them."""
        key = pd.DataFrame({"year": self.year, "pair": self.e * self.size + self.i})
        x, m = np.nan_to_num(self.x), np.nan_to_num(self.m)
        two = np.isfinite(self.x) & np.isfinite(self.m)
        key = key.assign(x_both=np.where(two, x, 0), m_both=np.where(two, m, 0))
        key = key.assign(x_only=np.where(two, 0, x), m_only=np.where(two, 0, m))
        return key.groupby(["year", "pair"], as_index=False).sum()
