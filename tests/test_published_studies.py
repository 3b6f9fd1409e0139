"""Published asymmetry studies recomputed: which printed numbers follow from each other, and which cannot."""

from __future__ import annotations

import pandas as pd
import pytest

from reconcile import indices as ix
from reconcile.printed import adds, consistent, implied_base


def share(x: float, m: float) -> float:
    """Give the gap in per cent of the importer's figure."""
    return float(ix.gap_pct_importer(pd.Series([x]), pd.Series([m])).iloc[0])


def test_jcct_2010() -> None:
    """United States and China, JCCT phase 2 (December 2012): 22.4 % eastbound, 10.0 % westbound."""
    assert round(share(283.3, 364.9), 1) == 22.4
    assert round(share(91.88, 102.04), 1) == 10.0
    assert round(share(91.9, 102.0), 1) == 9.9, (
        "levels of one decimal are too coarse for the printed 10.0"
    )
    east, west = 364.9 - 283.3, 102.04 - 91.88
    assert 0.88 < east / (east + west) < 0.90, "eastbound is over 88 per cent of the whole"


def test_jcct_2006_both_parts_imply_one_total() -> None:
    """21.7 bn = 25.8 % through Hong Kong and 22.3 bn = 26.5 % through others: a total of about 84.1."""
    hong_kong, others = implied_base("21.7", "25.8"), implied_base("22.3", "26.5")
    assert round(hong_kong[0], 1) == 84.1
    assert round(others[0], 1) == 84.2
    assert hong_kong[1] <= others[2] and others[1] <= hong_kong[2], "within the rounding of both"


def test_hmrc_2014_to_2016_arrivals_do_not_fit_together() -> None:
    """-16, -14, -24 bn with -4.4, -5.5, -8.0 %: bases of 364, 255, 300; swapped 291, 318, 300."""
    found = consistent([("-16", "-4.4"), ("-14", "-5.5"), ("-24", "-8.0")])
    assert [round(base) for base in found["base"]] == [364, 255, 300]
    assert list(found["size_fits"]) == [False, False, True]
    assert found["sign_fits"].all()
    assert "percentage of row 2 would fit" in found["note"].iloc[0]
    assert "percentage of row 1 would fit" in found["note"].iloc[1]
    mended = consistent([("-16", "-5.5"), ("-14", "-4.4"), ("-24", "-8.0")])
    assert [round(base) for base in mended["base"]] == [291, 318, 300]
    assert mended["size_fits"].all() and (mended["note"] == "").all()


def test_hmrc_2014_to_2016_dispatches_have_a_wrong_sign() -> None:
    """1.2, 0.561, 3.6 bn with 0.7, 0.3, -2.0 %: the sizes fit, the last sign cannot."""
    found = consistent([("1.2", "0.7"), ("0.561", "0.3"), ("3.6", "-2.0")])
    assert list(found["sign_fits"]) == [True, True, False]
    assert found["size_fits"].all()
    assert "signs" in found["note"].iloc[2]


@pytest.mark.parametrize(
    ("total", "parts"),
    [("82.6", ("36.6", "46.1")), ("71.9", ("31.3", "40.6")), ("67.6", ("29.3", "38.3")), ("66.5", ("34.9", "31.6"))],
)  # fmt: skip
def test_hmrc_2019_to_2021_sums_of_absolute_asymmetries_add(
    total: str, parts: tuple[str, str]
) -> None:
    """EU and non-EU make all partners; 36.6 + 46.1 = 82.7 is within the rounding of 82.6."""
    difference, fits = adds(total, parts)
    assert fits
    assert abs(difference) < 0.11


def test_a_sum_beyond_rounding_is_no_sum() -> None:
    """82.6 against 36.6 + 46.3."""
    assert adds("82.6", ("36.6", "46.3")) == (pytest.approx(0.3), False)


def test_canada_and_china() -> None:
    """2014: 53.1 - 30.0 = 23.1, 43.5 % of imports; 2016: 44.2 - 18.2 = 26.0 west, 50.5 - 29.0 = 21.5 east."""
    assert round(share(30.0, 53.1), 1) == 43.5
    west = ix.gap(pd.Series([18.2]), pd.Series([44.2]))
    east = ix.gap(pd.Series([29.0]), pd.Series([50.5]))
    assert (round(float(west.iloc[0]), 1), round(float(east.iloc[0]), 1)) == (26.0, 21.5)


@pytest.mark.parametrize(
    ("deficit", "surplus", "gap"),
    [(226.8, 143.3, 83.5), (342.6, 237.0, 105.6), (375.3, 275.8, 99.5)],
)
def test_crs_balances(deficit: float, surplus: float, gap: float) -> None:
    """CRS RS22640, United States and China 2009, 2014, 2017."""
    assert round(deficit - surplus, 1) == gap


def test_kazakh_imports_from_china() -> None:
    """The import gap is printed as 5.7 bn = 41.1 % of China's figure (2021) and 5.2 bn = 31.9 % (2022)."""
    found = consistent([("5.7", "41.1"), ("5.2", "31.9")])
    assert [round(base, 1) for base in found["base"]] == [13.9, 16.3]
    assert found["size_fits"].all()


def test_china_and_central_asia_2024_members() -> None:
    """43.8 + 22.7 + 13.7 + 10.6 + 3.8 = 94.6 against 94.8 printed: members were cut, not rounded."""
    difference, fits = adds("94.8", ("43.8", "22.7", "13.7", "10.6", "3.8"))
    assert round(difference, 1) == -0.2 and fits
    assert adds("94.82", ("43.82", "22.71", "13.78", "10.65", "3.86")) == (pytest.approx(0.0, abs=1e-9), True)  # fmt: skip


def test_oecd_2017() -> None:
    """The twelve largest asymmetries, 182 bn, are 1 % of world trade: a base of 12 to 36 trillion."""
    base, low, high = implied_base("182", "1")
    assert (base, round(low), round(high)) == (18200.0, 12100, 36500)


def test_russia_2011() -> None:
    """Russia's imports from China 48.2 vs 38.9, from Germany 38.5 vs 49.3: the signs differ, half nets out."""
    gaps = pd.Series([48.2 - 38.9, 38.5 - 49.3])
    assert ix.sum_absolute(gaps) == pytest.approx(20.1)
    assert ix.netting_ratio(gaps) == pytest.approx(1.5 / 20.1)
