"""Findings on figures that look wrong: scales, figures that stand apart, concepts and coverage that differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile.findings import View, finding
from reconcile.match import KEY, keyed, representatives
from reconcile.wording import amount, area, case, listed

NEAR = 0.03  # how far log10 of a ratio may lie from a whole number: 7 %


def find(view: View) -> list[dict[str, Any]]:
    """Name ratios near a power of ten, figures apart from all others, and cases of two concepts."""
    return [*_scales(view), *_swaps(view), *_apart(view), *_concepts(view), *_coverage(view)]


def _scales(view: View) -> list[dict[str, Any]]:
    cases = view.cases[(view.cases["verdict"] == "discrepancy") & view.cases["log_ratio"].notna()]
    power = cases["log_ratio"] / np.log(10)
    whole = power.round()
    near = cases[(whole.abs() >= 1) & ((power - whole).abs() < NEAR)]
    rows = []
    for row, times in zip(near.to_dict("records"), whole[near.index].abs()):
        smaller = "figure_a" if row["gap"] > 0 else "figure_b"
        figure = view.by_id.loc[row[smaller]]
        text = (
            f"{case(row)}: {amount(row['highest'], view.unit)} is close to {10 ** int(times):,} times "
            f"{amount(row['lowest'], view.unit)}"
        )
        rows.append(
            finding("SCALE_SUSPECT", text, case=row["id"], figures=[row["figure_a"], row["figure_b"]],
                    file=figure["file"], place=figure["place"], size=row["gap"])
        )  # fmt: skip
    return rows


def _swaps(view: View) -> list[dict[str, Any]]:
    causes = view.causes[view.causes["cause"].str.contains("label") & (view.causes["amount"] != 0)]
    by_case = view.cases.set_index("id")
    rows = []
    for cause in causes.to_dict("records"):
        row = {"id": cause["case"], **by_case.loc[cause["case"]].to_dict()}
        rows.append(
            finding("SWAP_SUSPECT", f"{case(row)}: {cause['note']}", case=cause["case"],
                    figures=[row["figure_a"], row["figure_b"]], size=cause["amount"])
        )  # fmt: skip
    return rows


def _apart(view: View) -> list[dict[str, Any]]:
    """A figure beyond all others of its measure by more than the tolerance and more than they differ."""
    lead = representatives(keyed(view.figures[~view.figures["derived"]]))
    size = lead.groupby(KEY, sort=False)["id"].transform("size")
    several = lead[size >= 3].sort_values([*KEY, "amount"], kind="stable")
    if several.empty:
        return []
    rows = []
    tolerance = float(view.basis.tolerance or 0.0)
    for _, group in several.groupby(KEY, sort=False):
        amounts = group["amount"].to_numpy()
        for odd, rest in ((len(group) - 1, amounts[:-1]), (0, amounts[1:])):
            distance = float(np.abs(rest - amounts[odd]).min())
            spread = float(rest.max() - rest.min())
            mean = float(abs(rest.mean() + amounts[odd]) / 2)
            if distance <= max(tolerance * mean, spread):
                continue
            rows.append(_alone(group, odd, view))
    return rows


def _alone(group: pd.DataFrame, odd: int, view: View) -> dict[str, Any]:
    one = group.iloc[odd]
    rest = group.drop(group.index[odd])
    said = listed(f"{s} ({amount(v, view.unit)})" for s, v in zip(rest["source"], rest["amount"]))
    text = (
        f"{area(str(one['area_a']))} and {area(str(one['area_b']))}, {one['key_flow']}, {one['period']}: "
        f"the figure of {one['source']}, {amount(one['amount'], view.unit)}, contradicts all others: {said}"
    )
    return finding(
        "OUTLIER", text, figures=[one["id"], *rest["id"]], file=one["file"], place=one["place"],
        size=float(one["amount"]),
    )  # fmt: skip


def _concepts(view: View) -> list[dict[str, Any]]:
    cases = view.cases[view.cases["verdict"] == "not comparable"]
    rows = []
    for row in cases.to_dict("records"):
        a, b = view.by_id.loc[row["figure_a"]], view.by_id.loc[row["figure_b"]]
        if a["concept"] == b["concept"]:
            continue
        text = f"{case(row)}: {a['source']} counts {a['concept']}, {b['source']} {b['concept']}; not compared"
        rows.append(
            finding("CONCEPT_DIFFERS", text, case=row["id"], figures=[a["id"], b["id"]], size=row["gap"])
        )  # fmt: skip
    return rows


def _coverage(view: View) -> list[dict[str, Any]]:
    rows = []
    cases = view.cases[(view.cases["figure_b"] != "") & (view.cases["kind"] != "parts")]
    words = {
        "coverage": "coverage",
        "trade_system": "trade system",
        "partner_basis": "partner attribution",
    }
    for name, said in words.items():
        a, b = (cases[side].map(view.by_id[name]) for side in ("figure_a", "figure_b"))
        for row, one, other in zip(
            cases[(a != "") & (b != "") & (a != b)].to_dict("records"),
            a[(a != "") & (b != "") & (a != b)],
            b[(a != "") & (b != "") & (a != b)],
        ):
            text = f"{case(row)}: the {said} differs, {one} against {other}"
            rows.append(
                finding("COVERAGE_DIFFERS", text, case=row["id"],
                        figures=[row["figure_a"], row["figure_b"]], size=row["gap"])
            )  # fmt: skip
    return rows
