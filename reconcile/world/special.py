"""Gamma functions on columns (no scipy): logarithm, first and second derivative, and their uses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SHIFT = 8


def log_gamma(x: Floats) -> Floats:
    """ln Γ(x), x > 0 (Stirling's series after a shift; Abramowitz and Stegun 1964, 6.1.41)."""
    x = np.asarray(x, dtype=float)
    down = np.zeros_like(x)
    for step in range(SHIFT):
        down = down + np.log(x + step)
    z = x + SHIFT
    series = 1 / (12 * z) - 1 / (360 * z**3) + 1 / (1260 * z**5) - 1 / (1680 * z**7)
    return np.asarray(0.5 * np.log(2 * np.pi) + (z - 0.5) * np.log(z) - z + series - down)


def digamma(x: Floats) -> Floats:
    """ψ(x), x > 0 (Abramowitz and Stegun 1964, 6.3.5 and 6.3.18)."""
    x = np.asarray(x, dtype=float)
    down = np.zeros_like(x)
    for step in range(SHIFT):
        down = down + 1 / (x + step)
    z = x + SHIFT
    return np.asarray(
        np.log(z) - 1 / (2 * z) - 1 / (12 * z**2) + 1 / (120 * z**4) - 1 / (252 * z**6) - down
    )


def trigamma(x: Floats) -> Floats:
    """ψ'(x), x > 0 (Abramowitz and Stegun 1964, 6.4.6 and 6.4.12)."""
    x = np.asarray(x, dtype=float)
    up = np.zeros_like(x)
    for step in range(SHIFT):
        up = up + 1 / (x + step) ** 2
    z = x + SHIFT
    return np.asarray(
        1 / z + 1 / (2 * z**2) + 1 / (6 * z**3) - 1 / (30 * z**5) + 1 / (42 * z**7) + up
    )


def shape_of(variance: Floats) -> Floats:
    """The shape k of a gamma variable whose logarithm has this variance: ψ'(k) = variance (Newton in ln k)."""
    k = 1 / np.asarray(variance, dtype=float) + 0.5
    for _ in range(30):
        here = trigamma(k)
        slope = (trigamma(k * (1 + 1e-5)) - here) / 1e-5
        step = np.clip((variance - here) / slope, -1, 1)
        k = np.clip(k * np.exp(step), 0.05, 1e5)
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    return np.asarray(k)


def gamma_quantile(shape: Floats, normal: float) -> Floats:
    """The quantile of Γ(shape, 1) where a standard normal has `normal` (Wilson and Hilferty 1931)."""
    root = 1 - 1 / (9 * shape) + normal / (3 * np.sqrt(shape))
    return np.asarray(shape * np.maximum(root, 0.15) ** 3)
