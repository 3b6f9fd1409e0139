"""How each case's gap moves under other readings. Owns what is varied and how far.

Three kinds: `source` (each source of the case left out), `valuation` (CIF/FOB from 0 to 20 %) and
`assumption` (each assumption with a range that the case's figures rest on, at its two ends).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reconcile.result import SENSITIVITY

CASES_SHOWN = 40  # the largest gaps; a table of thousands of cases would be read by nobody
CIF_LOW, CIF_HIGH = 0.0, 0.20


def sensitivity(
    cases: pd.DataFrame,
    figures: pd.DataFrame,
    ledger: pd.DataFrame,
    causes: pd.DataFrame,
    assumptions_table: pd.DataFrame,
) -> pd.DataFrame:
    """Give SENSITIVITY: one row a case and change, with the gap as it is (`base`) and at the ends.

    Amounts in the basis currency. Where a change leaves no gap (the only source of a side left out)
    `low` and `high` are missing and the note says so. Of many cases the CASES_SHOWN with the largest
    gaps are varied, and the note of the first row says how many were not.
    """
    varied = cases[(cases["figure_b"] != "") & cases["gap"].notna()]
    by_size = varied["gap"].abs().sort_values(ascending=False, kind="stable")
    chosen = varied.loc[varied.index.isin(by_size.index[:CASES_SHOWN])]
    ground = _Ground.of(chosen, figures, ledger, assumptions_table)
    rows: list[dict[str, Any]] = []
    for case in chosen.to_dict("records"):
        rows += _sources(case, ground)
        rows += _valuation(case, ground)
        rows += _assumptions(case, ground)
        rows += _claims(case, causes, ground)
    left = len(varied) - len(chosen)
    if left and rows:
        more = f"the {len(chosen)} largest gaps are varied, {left} smaller ones are not"
        rows[0]["note"] = "; ".join(text for text in (rows[0]["note"], more) if text)
    return pd.DataFrame(rows, columns=SENSITIVITY)


@dataclass(frozen=True)
class _Ground:
    """Figures and steps of the chosen cases only, by id."""

    figures: dict[str, dict[str, Any]]
    flows: pd.DataFrame  # exports and imports between the areas of the cases
    steps: dict[str, list[dict[str, Any]]]
    ranges: dict[str, tuple[float, float, float]]  # assumption: value, low, high

    @classmethod
    def of(
        cls, cases: pd.DataFrame, figures: pd.DataFrame, ledger: pd.DataFrame, table: pd.DataFrame
    ) -> _Ground:
        """Take the figures of the cases, and those that they were derived from."""
        wanted = {str(key) for keys in cases["figures"] for key in keys}
        wanted |= set(cases["figure_a"]) | set(cases["figure_b"])
        parts = ledger[["figure", "parent"]][ledger["parent"].fillna("") != ""]
        while True:
            more = set(parts.loc[parts["figure"].isin(wanted), "parent"]) - wanted
            if not more:
                break
            wanted |= more
        rows = figures[figures["id"].isin(wanted)].drop_duplicates("id").to_dict("records")
        steps: dict[str, list[dict[str, Any]]] = {}
        for step in ledger[ledger["figure"].isin(wanted)].to_dict("records"):
            steps.setdefault(str(step["figure"]), []).append({str(k): v for k, v in step.items()})
        near = {area for pair in cases["areas"] for area in pair}
        flows = figures[
            figures["flow"].isin(["exports", "imports"])
            & figures["reporter"].isin(near)
            & figures["partner"].isin(near)
            & figures["amount"].notna()
        ]
        ranges = {}
        for row in table.to_dict("records"):
            value, low, high = (_number(row[name]) for name in ("value", "low", "high"))
            if low < high:
                ranges[str(row["id"])] = (value, low, high)
        return cls(
            {str(row["id"]): {str(k): v for k, v in row.items()} for row in rows},
            flows, steps, ranges,
        )  # fmt: skip

    def used(self, figure: str) -> set[str]:
        """The assumptions with a range that a figure rests on, its parents' included."""
        found: set[str] = set()
        for step in self.steps.get(figure, []):
            if step["assumption"] in self.ranges:
                found.add(str(step["assumption"]))
            if step["parent"]:
                found |= self.used(str(step["parent"]))
        return found

    def amount(self, figure: str, assumption: str, number: float) -> float:
        """The amount of a figure were the assumption this number: its steps taken again."""
        total = 0.0
        for step in self.steps.get(figure, []):
            operand = float(step["operand"])
            if step["assumption"] == assumption:
                operand *= number / self.ranges[assumption][0]
            if step["parent"]:
                operand = self.amount(str(step["parent"]), assumption, number)
            match step["op"]:
                case "=":
                    total = operand
                case "×":
                    total *= operand
                case "÷":
                    total /= operand
                case "+":
                    total += operand
                case "−":
                    total -= operand
        return total


def _number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return math.nan


def _row(
    case: dict[str, Any], change: str, kind: str, ends: Iterable[float], note: str = ""
) -> dict[str, Any]:
    numbers = sorted(ends)
    low, high = (numbers[0], numbers[-1]) if numbers else (math.nan, math.nan)
    return {"case": case["id"], "change": change, "kind": kind, "base": float(case["gap"]),
            "low": low, "high": high, "note": note}  # fmt: skip


def _side(case: dict[str, Any], figure: dict[str, Any]) -> str:
    """Which of the two figures of the case one stands beside: those of its reporter and flow."""
    if figure["flow"] in ("exports", "imports"):
        return "a" if figure["flow"] == "exports" else "b"
    return "a" if figure["reporter"] == case["areas"][0] else "b"


def _sources(case: dict[str, Any], ground: _Ground) -> list[dict[str, Any]]:
    """The gap without each source: the next one of its side steps in, if there is one."""
    members = [ground.figures[str(key)] for key in case["figures"] if str(key) in ground.figures]
    members = [one for one in members if one["amount"] == one["amount"]]
    both = {side: ground.figures[str(case[f"figure_{side}"])] for side in ("a", "b")}
    rows = []
    for source in dict.fromkeys(str(one["source"]) for one in members):
        change = f"without {source}"
        left = [one for one in members if str(one["source"]) != source]
        if case["kind"] == "rival":
            values = [float(one["amount"]) for one in left]
            if len({str(one["origin"]) for one in left}) < 2:
                rows.append(_row(case, change, "source", [], "one figure is left: no gap"))
                continue
            sign = math.copysign(1.0, float(case["gap"]))
            spread = sign * (max(values) - min(values))
            rows.append(_row(case, change, "source", [spread]))
            continue
        sides: dict[str, list[dict[str, Any]]] = {"a": [], "b": []}
        for one in left:
            sides[_side(case, one)].append(one)
        if not sides["a"] or not sides["b"]:
            gone = case["areas"][0 if not sides["a"] else 1]
            rows.append(_row(case, change, "source", [], f"no other figure of {gone}: no gap"))
            continue
        now = {
            side: both[side] if both[side] in sides[side] else sides[side][0] for side in ("a", "b")
        }
        gap = float(now["b"]["amount"]) - float(now["a"]["amount"])
        rows.append(_row(case, change, "source", [gap]))
    return rows


def _valuation(case: dict[str, Any], ground: _Ground) -> list[dict[str, Any]]:
    """The gap with the importer's figure brought to FOB by 0 and by 20 %."""
    if case["kind"] != "mirror" or case.get("measure", "value") != "value":
        return []
    change = f"CIF/FOB {CIF_LOW:.0%} to {CIF_HIGH:.0%}"
    a, b = (ground.figures[str(case[f"figure_{side}"])] for side in ("a", "b"))
    if case["flow"] == "exports":
        if b["valuation"] == "FOB":
            return []
        ends = [float(b["amount"]) / (1 + tau) - float(a["amount"]) for tau in (CIF_LOW, CIF_HIGH)]
        return [_row(case, change, "valuation", ends)]
    if case["flow"] != "turnover":
        return []
    of_a, of_b = (_imports(ground, one) for one in (a, b))
    note = "both sides' imports brought to FOB"
    if (of_a is None) != (of_b is None):  # one side's imports are the other's exports
        of_a = 1 - of_b if of_a is None and of_b is not None else of_a
        of_b = 1 - of_a if of_b is None and of_a is not None else of_b
        note += ", the one split that is printed turned round for the other side"
    if of_a is not None and of_b is not None:
        ends = [
            _fob(float(b["amount"]), of_b, tau) - _fob(float(a["amount"]), of_a, tau)
            for tau in (CIF_LOW, CIF_HIGH)
        ]
        return [_row(case, change, "valuation", ends, note)]
    most = [_fob(float(b["amount"]), 1.0, CIF_HIGH) - float(a["amount"])]
    most += [float(b["amount"]) - _fob(float(a["amount"]), 1.0, CIF_HIGH), float(case["gap"])]
    note = "the split of the turnovers is not printed: from one side all imports to the other"
    return [_row(case, change, "valuation", most, note)]


def _fob(turnover: float, imports: float, tau: float) -> float:
    return turnover * (1 - imports) + turnover * imports / (1 + tau)


def _imports(ground: _Ground, figure: dict[str, Any]) -> float | None:
    """The share of imports in a turnover, from exports and imports of its own origin within its year."""
    table = ground.flows
    like = table[
        (table["reporter"] == figure["reporter"])
        & (table["partner"] == figure["partner"])
        & (table["origin"] == figure["origin"])
        & (table["commodity"] == figure["commodity"])
        & (table["period"].str.slice(0, 4) == str(figure["period"])[:4])
    ]
    flows = like.drop_duplicates(["flow", "period"]).pivot(
        index="period", columns="flow", values="amount"
    )
    if not {"exports", "imports"} <= set(flows.columns):
        return None
    flows = flows.dropna()
    if flows.empty:
        return None
    own = flows.loc[figure["period"]] if figure["period"] in flows.index else flows.iloc[-1]
    total = float(own["exports"] + own["imports"])
    return float(own["imports"]) / total if total > 0 else None


def _assumptions(case: dict[str, Any], ground: _Ground) -> list[dict[str, Any]]:
    """The gap with each assumption of the two figures at its low and its high end."""
    a, b = str(case["figure_a"]), str(case["figure_b"])
    rows = []
    for key in sorted(ground.used(a) | ground.used(b)):
        _, low, high = ground.ranges[key]
        ends = [ground.amount(b, key, end) - ground.amount(a, key, end) for end in (low, high)]
        rows.append(_row(case, f"{key}: {low:g} to {high:g}", "assumption", ends))
    return rows


def _claims(case: dict[str, Any], causes: pd.DataFrame, ground: _Ground) -> list[dict[str, Any]]:
    """What the gap would be less each claim at the ends of its range, where it has one."""
    mine = causes[(causes["case"] == case["id"]) & (causes["evidence"] != "")]
    rows = []
    for claim in mine.to_dict("records"):
        low, high = float(claim["low"]), float(claim["high"])
        if not low < high or claim["cause"] == "rounding":
            continue
        gap = float(case["gap"])
        rows.append(
            _row(
                case, f"less {claim['cause']}", "cause", [gap - low, gap - high], claim["evidence"]
            )
        )
    return rows
