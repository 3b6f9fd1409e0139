"""Indices of asymmetry: one formula each, the base in the name, one sign rule. Owns every index of the reports.

Sign rule: importer's figure minus exporter's, or the figure of the second source minus the first. `x` is the
exporter's (or first) amount, `m` the importer's (or second), in one unit; columns in, columns out. An index
whose base is zero is missing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile import wording
from sources import areas

INDICES = ["name", "scope", "base", "value", "unit", "n", "note"]
CASES_SHOWN = 1000  # the largest gaps; the table of cases holds the rest
SHARE = 0.90  # of the sum of absolute gaps, for the concentration
TOP = 5


def gap(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give the absolute asymmetry m - x, in the unit of the amounts (all studies)."""
    return m - x


def gap_own_minus_partner(own: pd.Series, partner: pd.Series) -> pd.Series:
    """Give own - partner: for exports the sign is turned against the rule here (HMRC, ONS)."""
    return own - partner


def _over(part: pd.Series, base: pd.Series) -> pd.Series:
    return part / base.where(base != 0)


def gap_pct_importer(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give 100 (m - x) / m (United States and China, JCCT 2012; FAO; Gehlhar 1996)."""
    return 100 * _over(m - x, m)


def gap_pct_exporter(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give 100 (m - x) / x."""
    return 100 * _over(m - x, x)


def gap_pct_mean(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give 100 (m - x) / ((m + x) / 2), between -200 and 200 (Javorsek, ESCAP 2016; Eurostat)."""
    return 100 * _over(m - x, (m + x) / 2)


def gap_pct_lowest(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give 100 (m - x) / min(x, m)."""
    return 100 * _over(m - x, np.minimum(x, m))


def gap_pct_highest(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give 100 (m - x) / max(x, m)."""
    return 100 * _over(m - x, np.maximum(x, m))


def gap_to_sum(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give (m - x) / (m + x), between -1 and 1: 0 agree, 1 only the importer reports (EFI, tradeflows)."""
    return _over(m - x, m + x)


def absolute_gap_to_sum(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give |m - x| / (m + x), between 0 and 1 (Growth Lab, comtrade-mirroring)."""
    return gap_to_sum(x, m).abs()


def symmetric_share_pct(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give 100 x 2 min(x, m) / (x + m), 100 where they agree (the family of the OECD's symmetry index)."""
    return 200 * _over(np.minimum(x, m), x + m)


def ratio(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give m / x (FAO)."""
    return _over(m, x)


def log_ratio(x: pd.Series, m: pd.Series) -> pd.Series:
    """Give ln(m / x); missing where one of them is not above zero (Gaulier and Zignago 2010)."""
    both = (x > 0) & (m > 0)
    return np.log(m.where(both) / x.where(both))


def gap_fob(x: pd.Series, m: pd.Series, margin: float) -> pd.Series:
    """Give m / (1 + margin) - x, the gap with the importer's figure brought to FOB (IMF 0.06, FAO 0.12)."""
    return m / (1 + margin) - x


def explained_pct(published: pd.Series, residual: pd.Series) -> pd.Series:
    """Give 100 (gap - residual) / gap: the part of the published gap that causes explain (JCCT 2012)."""
    return 100 * _over(published - residual, published)


def unit_value_ratio(
    x: pd.Series, quantity_x: pd.Series, m: pd.Series, quantity_m: pd.Series
) -> pd.Series:
    """Give (m / quantity_m) / (x / quantity_x); times the quantity ratio it is m / x (FAO, EFI)."""
    return _over(_over(m, quantity_m), _over(x, quantity_x))


def quantity_ratio(quantity_x: pd.Series, quantity_m: pd.Series) -> pd.Series:
    """Give quantity_m / quantity_x (FAO, EFI)."""
    return _over(quantity_m, quantity_x)


def sum_absolute(gaps: pd.Series) -> float:
    """Give the sum of |m - x|: pluses and minuses do not cancel (HMRC's headline)."""
    return float(gaps.abs().sum())


def netting_ratio(gaps: pd.Series) -> float:
    """Give |sum of gaps| / sum of |gaps|: 1 one-way bias, 0 pure offset; missing without a gap (own)."""
    whole = sum_absolute(gaps)
    return abs(float(gaps.sum())) / whole if whole else float("nan")


def weighted_pct_mean(x: pd.Series, m: pd.Series) -> float:
    """Give 100 sum |m - x| / sum (m + x) / 2, the mean relative asymmetry weighted by size (Eurostat)."""
    base = float(((m + x) / 2).sum())
    return 100 * sum_absolute(m - x) / base if base else float("nan")


def concentration(gaps: pd.Series, share: float = SHARE) -> int:
    """Give the smallest number of gaps that make `share` of the sum of |gaps| (CRS RS22640), 0 without a gap."""
    sizes = np.sort(gaps.dropna().abs().to_numpy(dtype=float))[::-1]
    if not sizes.sum():
        return 0
    # A whisker below the share: five equal fifths are reached by five, not by rounding in the sum.
    return int(np.searchsorted(np.cumsum(sizes), share * sizes.sum() * (1 - 1e-12)) + 1)


def top_share_pct(gaps: pd.Series, k: int = TOP) -> float:
    """Give the share of the k largest |gaps| in their sum, in per cent (CRS RS22640)."""
    sizes = gaps.abs().sort_values(ascending=False)
    whole = float(sizes.sum())
    return 100 * float(sizes.head(k).sum()) / whole if whole else float("nan")


def bias(log_ratios: pd.Series) -> tuple[float, float, int]:
    """Give (mean of ln(m / x), its standard error, count) over a reporter's partners and periods.

    Only differences are identified: a reporter that is 10 % low and partners that are 10 % high look the
    same (ten Cate 2007). The error is missing for a single pair.
    """
    known = log_ratios.dropna()
    n = len(known)
    if not n:
        return float("nan"), float("nan"), 0
    error = float(known.std(ddof=1)) / n**0.5 if n > 1 else float("nan")
    return float(known.mean()), error, n


OF_CASE = (
    ("absolute asymmetry", "none", "amount", gap),
    ("relative asymmetry", "mean of the two", "%", gap_pct_mean),
    ("relative asymmetry", "importer's or second figure", "%", gap_pct_importer),
    ("relative asymmetry", "exporter's or first figure", "%", gap_pct_exporter),
    ("relative asymmetry", "lower figure", "%", gap_pct_lowest),
    ("relative asymmetry", "higher figure", "%", gap_pct_highest),
    ("half form", "sum of the two", "-1 to 1", gap_to_sum),
    ("symmetric share", "mean of the two", "%", symmetric_share_pct),
    ("ratio", "exporter's or first figure", "ratio", ratio),
    ("log ratio", "exporter's or first figure", "ln", log_ratio),
)


def indices(cases: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Give INDICES in long form: of each case, of the members of a case, and of whole tables of cases.

    Amounts are in units of the basis currency. `scope` is a case id, `members of CASE`, or a table in
    words, such as `exports 2024, all goods`. Tables sum pairs of countries only, so that no group stands
    beside its members. Of many cases those with the CASES_SHOWN largest gaps have rows of their own.
    """
    table = _sides(cases)
    pieces = [_of_cases(table), _of_members(members)]
    value = table[(table["kind"] == "mirror") & (table["measure"] == "value")]
    value = value[_country(value["a"]) & _country(value["b"])]
    goods = pd.Series("all goods", index=value.index).where(
        value["commodity"] == "TOTAL", value["digits"].astype(str) + "-digit commodities"
    )
    value = value.assign(what=value["flow"] + " " + value["period"] + ", " + goods)
    pieces.append(_summed(value, "what", ""))
    directed = value[value["flow"] == "exports"]
    for role, column in (("exports of", "a"), ("imports of", "b")) if len(directed) else ():
        scope = role + " " + directed[column].map(wording.area) + ", "
        pieces.append(
            _summed(directed.assign(scope=scope + directed["what"]), "scope", "over partners")
        )
        pieces.append(
            _biased(directed.assign(scope=role + " " + directed[column].map(wording.area)))
        )
    pieces.append(_concentrated(directed))
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=INDICES)


def _country(codes: pd.Series) -> pd.Series:
    known = {code: "+" not in code and areas.kind(code) == "country" for code in codes.unique()}
    return codes.map(known).astype(bool)


def _sides(cases: pd.DataFrame) -> pd.DataFrame:
    """Give cases of two figures with x, m, the two areas and the digits of the commodity."""
    chosen = cases[cases["gap"].notna()]
    up = chosen["gap"] >= 0
    measure = chosen.get("measure", "value")
    table = chosen.assign(
        x=chosen["lowest"].where(up, chosen["highest"]),
        m=chosen["highest"].where(up, chosen["lowest"]),
        a=[pair[0] for pair in chosen["areas"]],
        b=[pair[1] for pair in chosen["areas"]],
        digits=chosen["commodity"].str.len(),
        measure=measure,
    )
    return table.reset_index(drop=True)


def _rows(
    name: str, scope: object, base: str, value: object, unit: str, n: object, note: object = ""
) -> pd.DataFrame:
    table = pd.DataFrame({"scope": scope, "value": value})
    table["name"], table["base"], table["unit"] = name, base, unit
    table["n"], table["note"] = n, note
    return table[INDICES]


def _of_cases(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return pd.DataFrame(columns=INDICES)
    largest = table["gap"].abs().sort_values(ascending=False, kind="stable").index[:CASES_SHOWN]
    shown = table[table.index.isin(largest)]
    pieces = [
        _rows(
            name, shown["id"].to_numpy(), base, function(shown["x"], shown["m"]).to_numpy(), unit, 1
        )
        for name, base, unit, function in OF_CASE
    ]
    if "residual" in shown:
        part = explained_pct(shown["gap"], shown["residual"].astype(float))
        pieces.append(
            _rows("explained share", shown["id"].to_numpy(), "gap", part.to_numpy(), "%", 1)
        )
    order = pd.concat(
        [piece.assign(at=range(len(piece)), of=number) for number, piece in enumerate(pieces)]
    )
    return order.sort_values(["at", "of"], kind="stable")[INDICES]


SUMMED = (
    ("sum of absolute asymmetries", "none", "amount"),
    ("net asymmetry", "none", "amount"),
    ("netting ratio", "sum of absolute asymmetries", "0 to 1"),
    ("weighted mean relative asymmetry", "mean of the two", "%"),
)


def _summed(table: pd.DataFrame, by: str, note: str) -> pd.DataFrame:
    """The four sums of a table of pairs, by scope; scopes of one pair say nothing new."""
    if table.empty:
        return pd.DataFrame(columns=INDICES)
    parts = pd.DataFrame(
        {
            "scope": table[by], "size": table["gap"].abs(), "net": table["gap"],
            "mean": (table["x"] + table["m"]) / 2, "n": 1,
        }
    )  # fmt: skip
    sums = parts.groupby("scope", sort=False).sum()
    sums = sums[sums["n"] > 1]
    values = (
        sums["size"],
        sums["net"],
        _over(sums["net"].abs(), sums["size"]),
        100 * _over(sums["size"], sums["mean"]),
    )
    scope, n = sums.index.to_numpy(), sums["n"].to_numpy()
    return pd.concat(
        [
            _rows(name, scope, base, value.to_numpy(), unit, n, note)
            for (name, base, unit), value in zip(SUMMED, values)
        ]
    )


def _biased(table: pd.DataFrame) -> pd.DataFrame:
    """The mean signed log ratio of each reporter in one role, over partners, products and periods."""
    known = table[table["log_ratio"].notna()]
    if known.empty:
        return pd.DataFrame(columns=INDICES)
    groups = known.groupby("scope", sort=False)["log_ratio"]
    found = pd.DataFrame({"mean": groups.mean(), "sd": groups.std(ddof=1), "n": groups.size()})
    found = found[found["n"] > 1]
    if found.empty:
        return pd.DataFrame(columns=INDICES)
    error = found["sd"] / np.sqrt(found["n"])
    sure = (found["mean"].abs() > 2 * error).map(
        {True: "beyond two errors", False: "within two errors"}
    )
    note = "standard error " + error.map("{:.3f}".format) + ", " + sure
    return _rows(
        "persistent bias", found.index.to_numpy(), "exporter's figure", found["mean"].to_numpy(), "ln",
        found["n"].to_numpy(), note.to_numpy(),
    )  # fmt: skip


def _concentrated(directed: pd.DataFrame) -> pd.DataFrame:
    """How many products make 90 % of the absolute gaps of a pair and period, and the share of the top five."""
    products = directed[directed["commodity"] != "TOTAL"]
    if products.empty:
        return pd.DataFrame(columns=INDICES)
    pair = products["a"].map(wording.area) + " to " + products["b"].map(wording.area)
    products = products.assign(scope=pair + ", " + products["what"])
    products = products.assign(size=products["gap"].abs()).sort_values(
        "size", ascending=False, kind="stable"
    )
    groups = products.groupby("scope", sort=False)["size"]
    whole, n = groups.transform("sum"), groups.transform("size")
    before = groups.cumsum() - products["size"]
    # A whisker below the share: see `concentration`.
    inside = before < SHARE * whole * (1 - 1e-12)
    top = products["size"].where(groups.cumcount() < TOP, 0.0)
    kept = pd.DataFrame(
        {"scope": products["scope"], "k": inside, "top": top, "size": products["size"], "n": 1}
    )
    sums = kept[(n > 1) & (whole > 0)].groupby("scope", sort=False).sum()
    scope, count, base = sums.index.to_numpy(), sums["n"].to_numpy(), "sum of absolute asymmetries"
    share = (100 * sums["top"] / sums["size"]).to_numpy()
    note = f"the fewest that make {100 * SHARE:.0f} %"
    return pd.concat(
        [
            _rows(
                "concentration",
                scope,
                base,
                sums["k"].astype(float).to_numpy(),
                "products",
                count,
                note,
            ),
            _rows(f"share of the top {TOP}", scope, base, share, "%", count, "products"),
        ]
    )


def _of_members(members: pd.DataFrame) -> pd.DataFrame:
    """The four sums over the members of a case: does a negative piece hide part of the real gap?"""
    if members.empty:
        return pd.DataFrame(columns=INDICES)
    table = pd.DataFrame(
        {
            "scope": "members of " + members["case"], "gap": members["gap"].astype(float),
            "x": members["amount_a"].astype(float), "m": members["amount_b"].astype(float),
        }
    )  # fmt: skip
    return _summed(table, "scope", "over members")
