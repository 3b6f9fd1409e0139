"""The tables beside the flows: pairs of areas, reporters, products, and what the summary shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile.world import methods, scores

TOP = 200


def pairs(sums: pd.DataFrame, rows: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Pair totals by year, USD: both sides, gap of the two-sided flows on FOB, what has no mirror."""
    e, i = rows["e"].to_numpy(dtype=np.int64), rows["i"].to_numpy(dtype=np.int64)
    names = np.array(codes, dtype=object)
    at = rows[["margin", "w"]].assign(pair=e * len(codes) + i, exporter=names[e], importer=names[i])
    table = sums.merge(at, on="pair", validate="many_to_one")
    margin = table["margin"].where(~table["fob"].astype(bool), 0.0)
    fob = table["m_both"] / (1 + margin)
    gap = fob - table["x_both"]
    mean = (fob + table["x_both"]) / 2
    result = pd.DataFrame(
        {
            "year": table["year"].astype("int32"),
            "exporter": table["exporter"],
            "importer": table["importer"],
            "flows_both": table["both"],
            "flows_exporter_only": table["only_x"],
            "flows_importer_only": table["only_m"],
            "exporter_fob": table["x_both"],
            "importer_cif": table["m_both"],
            "cif_margin": margin,
            "importer_fob": fob,
            "gap": gap,
            "gap_pct_mean": (gap / mean.where(mean > 0)) * 100,
            "exporter_only": table["x_only"],
            "importer_only": table["m_only"],
            "weight_exporter": table["w"],
        }
    )
    return result.sort_values(["year", "exporter", "importer"], ignore_index=True)


def reporters(fitted: scores.Fit, codes: list[str]) -> pd.DataFrame:
    """Reporters by role. `spread`: standard deviation of the ln error; `reliability`: 1 / (1 + spread²);

    `bias`: mean ln error relative to all reporters; `flows`: two-sided flows it rests on."""
    parts = [
        pd.DataFrame(
            {
                "reporter": codes,
                "role": role,
                "flows": fitted.flows[n].astype("int64"),
                "reliability": 1 / (1 + fitted.variance[n]),
                "bias": fitted.bias[n],
                "spread": np.sqrt(fitted.variance[n]),
            }
        )
        for n, role in enumerate(("exporter", "importer"))
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[table["flows"] > 0].reset_index(drop=True)


@dataclass(frozen=True)
class Total:
    """What the summary shows of pairs: the largest gaps, and by year trade with a mirror and without one."""

    worst: pd.DataFrame
    mirror: pd.DataFrame


def total(pairs: pd.DataFrame) -> Total:
    """The total of one year's table of `pairs`."""
    alone = pairs["importer_only"] / (1 + pairs["cif_margin"])
    weight = pairs["importer_fob"] + alone
    mirror = pd.DataFrame(
        {
            "year": pairs["year"],
            "exporter_fob": pairs["exporter_fob"],
            "importer_fob": pairs["importer_fob"],
            "exporter_only": pairs["exporter_only"],
            "importer_only_fob": alone,
            "margins": weight * pairs["cif_margin"],
            "weight": weight,
        }
    )
    return Total(_worst(pairs), mirror.groupby("year", as_index=False).sum())


def merged(totals: Sequence[Total]) -> Total:
    """The totals of several years as one."""
    worst = pd.concat([one.worst for one in totals], ignore_index=True)
    return Total(_worst(worst), pd.concat([one.mirror for one in totals], ignore_index=True))


def _worst(pairs: pd.DataFrame) -> pd.DataFrame:
    order = pairs["gap"].abs().sort_values(ascending=False, kind="stable").index[:TOP]
    return pairs.loc[order].reset_index(drop=True)


def mean_margin(mirror: pd.DataFrame) -> float:
    """The mean CIF margin, a share of FOB, weighted by the importers' figures on FOB."""
    weight = float(mirror["weight"].sum())
    return float(mirror["margins"].sum()) / weight if weight > 0 else 0.0


def no_mirror(mirror: pd.DataFrame) -> pd.DataFrame:
    """Trade with a mirror and without one, by year, USD on FOB; the mean of both sides stands for the former."""
    mean = (mirror["exporter_fob"] + mirror["importer_fob"]) / 2
    alone = mirror["exporter_only"] + mirror["importer_only_fob"]
    return pd.DataFrame(
        {
            "year": mirror["year"],
            "two_sided_mean": mean,
            "exporter_only": mirror["exporter_only"],
            "importer_only_fob": mirror["importer_only_fob"],
            "share_no_mirror": alone / (mean + alone),
        }
    )


def summary(
    pairs: Total,
    reporters: pd.DataFrame,
    products: pd.DataFrame,
    evidence: methods.Evidence,
    findings: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """What the workbook shows: largest gaps, reporters ranked, trade with no mirror, the margin, findings."""
    goods = products.sort_values(["gap", "commodity"], ascending=[False, True])[:TOP]
    ranked = reporters.sort_values(
        ["role", "reliability", "reporter"], ascending=[True, False, True]
    )
    terms = pd.DataFrame({"term": scores.TERMS, "coefficient": evidence.fit.terms})
    return {
        "No mirror": no_mirror(pairs.mirror),
        "Set aside": findings,
        "Worst pairs": pairs.worst,
        "Worst products": goods.reset_index(drop=True),
        "Reporters": ranked.reset_index(drop=True),
        "CIF margin": terms,
    }
