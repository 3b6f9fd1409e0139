"""Each method's arithmetic on flows that can be done in the head, and published weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reconcile.world import methods, scores, special
from sources import geography

from .conftest import report

ROWS = [report("X", "FRA", "DEU", 100_000.0), report("M", "DEU", "FRA", 162_000.0),
        report("X", "FRA", "USA", 50_000.0), report("M", "DEU", "CHN", 108_000.0)]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "two", "importer_only"),
    [("imf", 100_000.0, 108_000 / 1.06), ("oec", 150_000.0, 100_000.0), ("exporter", 100_000.0, None),
     ("importer", None, None), ("mean", None, None), ("geometric", None, None)],
)  # fmt: skip
def test_methods_in_the_head(
    paired: Callable[..., tuple[pd.DataFrame, Any]], method: str, two: float | None, importer_only: float | None
) -> None:  # fmt: skip
    flows, done = paired(ROWS, method=method)
    flows = flows.set_index(["exporter", "importer"])
    both, x, m = (flows.loc[key] for key in [("FRA", "DEU"), ("FRA", "USA"), ("CHN", "DEU")])
    fob = both["importer_fob"]
    assert fob == pytest.approx(162_000 / (1 + both["cif_margin"]))
    means = {"importer": fob, "mean": (100_000 + fob) / 2, "geometric": np.sqrt(100_000 * fob)}
    assert both["balanced"] == pytest.approx(two if two is not None else means[method])
    assert x["balanced"] == pytest.approx(50_000)
    alone = 108_000 / (1 + m["cif_margin"])
    assert m["balanced"] == pytest.approx(importer_only if importer_only is not None else alone)
    assert (flows["low"] < flows["balanced"]).all() and (flows["balanced"] < flows["high"]).all()
    assert done.method == method


def test_a_method_may_be_named_in_words() -> None:
    assert methods.named("Growth Lab") == "growthlab"
    assert methods.named("growth_lab") == "growthlab"
    assert methods.named("inverse-variance") == "variance"
    assert methods.named("importer first") == "importer"
    assert methods.named("OEC") == "oec"
    assert methods.named("guess") == "guess"


def evidence(sx: list[float], sm: list[float]) -> methods.Evidence:
    size = len(sx)
    place = geography.shipped().over(["FRA", "DEU", "USA", "CHN", "JPN"][:size])
    empty = scores.cells_of(pd.DataFrame({"pair": [], "fob": [], "bin": [], "n": []}), size)
    fit = replace(scores.fit(empty, place), variance=(np.array(sx) ** 2, np.array(sm) ** 2))
    return methods.Evidence(fit, empty, pd.DataFrame(), np.zeros((size, size)))


@pytest.mark.parametrize(
    ("sx", "sm", "weight"),
    [(0.1, 0.1, 0.5), (0.1, 0.2, 0.807113), (0.2, 0.4, 0.827398), (0.1, 0.5, 0.972919),
     (0.5, 0.1, 0.027081), (0.3, 1.0, 0.978415)],
)  # fmt: skip
def test_bacis_weights(sx: float, sm: float, weight: float) -> None:
    # Gaulier and Zignago 2010, eq. 3 by its derivation, evaluated outside this program
    assert methods.baci(evidence([sx, 1.0], [1.0, sm]))[0, 1] == pytest.approx(weight, abs=1e-6)


@pytest.mark.parametrize(
    ("sx", "sm", "weight"), [(0.1, 0.2, 0.8), (0.1, 0.5, 0.961538), (0.5, 0.1, 0.038462), (0.3, 1.0, 0.917431)]
)  # fmt: skip
def test_inverse_variance_weights(sx: float, sm: float, weight: float) -> None:
    given = evidence([sx, 1.0], [1.0, sm])
    assert methods.inverse_variance(given)[0, 1] == pytest.approx(weight, abs=1e-6)


def test_growth_lab_prefers_the_reporter_whose_totals_agree_with_others() -> None:
    size = 4
    pairs = [(e, i) for e in range(size) for i in range(size) if e != i]
    rows = []
    for e, i in pairs:
        wrong = 3.0 if e == 0 else 1.0  # the first area's exports are a third of what others import
        rows.append({"pair": e * size + i, "x_both": 100.0, "m_both": 100.0 * wrong, "x_only": 0.0, "m_only": 0.0})  # fmt: skip
    given = replace(evidence([0.3] * 4, [0.3] * 4), sums=pd.DataFrame(rows))
    weight = methods.growth_lab(given)
    assert weight[0, 1] < 0.5 < weight[1, 0] + 1e-9
    assert np.isfinite(weight).all()


def test_gamma_functions_at_known_places() -> None:
    one = np.array([1.0, 0.5, 5.0])
    assert special.log_gamma(one) == pytest.approx([0.0, 0.5723649429247001, np.log(24)], abs=1e-9)
    assert special.digamma(one)[:2] == pytest.approx(
        [-0.5772156649015329, -1.9635100260214235], abs=1e-9
    )
    assert special.trigamma(one)[:2] == pytest.approx([np.pi**2 / 6, np.pi**2 / 2], abs=1e-8)
    shapes = np.array([0.2, 1.0, 4.0, 900.0])
    assert special.shape_of(special.trigamma(shapes)) == pytest.approx(shapes, rel=1e-6)
    # the median of an exponential variable is ln 2, within the approximation's one per cent
    assert special.gamma_quantile(np.array([1.0]), 0.0) == pytest.approx([np.log(2)], rel=0.02)
