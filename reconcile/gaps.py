"""Cases and their gaps: which figures meet, by how much they differ, and whether that is more than rounding.

The gap is figure b minus figure a: importer minus exporter, or the source named second minus the first.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.match import KEY, keyed, representatives
from reconcile.result import CASES, ROUNDING
from sources import areas

NOT_COMPARED = "not comparable"
# What figures of a group and of its members share, beside the party on the other side.
MEMBER = ["origin", "flow", "period", "commodity", "measure"]


def cases(
    figures: pd.DataFrame, parts: pd.DataFrame, tolerance: float, prices: int | None = None
) -> pd.DataFrame:
    """Give the table of cases of figures with amounts, origins and `derived`; `parts` pairs totals and sums.

    `prices` is the year to whose prices all amounts were brought, None where each kept its own.
    """
    # A derived sum of a printed total meets that total only; it is no source beside it.
    table = keyed(figures[~figures["id"].isin(parts["sum"])])
    lead = representatives(table)
    members = table.groupby(KEY, sort=False)["id"].agg(tuple).rename("figures").reset_index()
    pieces = [
        _mirrors(lead, members),
        _rivals(lead),
        _same_source(table),
        _parts(figures, parts),
        _singles(lead, members),
    ]
    pieces = [piece for piece in pieces if len(piece)] or pieces[-1:]  # none: only targets, say
    found = pd.concat(pieces, ignore_index=True)
    found = measured(found, figures, tolerance, prices)
    found["id"] = _ids(found)
    for name in ("explained", "residual"):
        found[name] = np.nan
    return found[[*CASES, "measure"]]


COMMON = ["kind", *KEY, "figures", "figure_a", "figure_b", "note"]


def _first(lead: pd.DataFrame, side: str) -> pd.DataFrame:
    chosen = lead[lead["side"] == side].sort_values("basis", kind="stable").drop_duplicates(KEY)
    return chosen[[*KEY, "id"]].rename(columns={"id": f"figure_{side}"})


def _mirrors(lead: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    both = _first(lead, "a").merge(_first(lead, "b"), on=KEY, validate="1:1")
    both = both.merge(members, on=KEY, how="left", validate="1:1")
    return both.assign(kind="mirror", note="the two parties' figures")[COMMON]


def _rivals(lead: pd.DataFrame) -> pd.DataFrame:
    """Several origins on one side: the lowest and the highest of them, in the order named."""
    keys = [*KEY, "side"]
    several = lead[lead.groupby(keys, sort=False)["id"].transform("size") > 1]
    if several.empty:
        return pd.DataFrame(columns=COMMON)
    by_size = several.sort_values("amount", kind="stable").groupby(keys, sort=False)
    ends = by_size.agg(
        low=("id", "first"), low_row=("row", "first"), high=("id", "last"), high_row=("row", "last")
    )
    ids = several.groupby(keys, sort=False)["id"].agg(tuple).rename("figures")
    table = ends.join(ids).reindex(ids.index).reset_index()
    first = table["low_row"] <= table["high_row"]
    table["figure_a"] = table["low"].where(first, table["high"])
    table["figure_b"] = table["high"].where(first, table["low"])
    reporter = table["area_a"].where(table["side"] == "a", table["area_b"])
    note = "several sources for the figure of " + reporter
    return table.assign(kind="rival", note=note)[COMMON]


# What one source may print a figure twice for, without revising it.
TWO_BASES = "one source on two bases"
BASES = ("valuation", "concept", "prices", "trade_system", "partner_basis", "coverage")


def _same_source(table: pd.DataFrame) -> pd.DataFrame:
    """One source, one measure, two numbers: in two currencies (rival), or at two dates or on two bases (vintage)."""
    keys = [*KEY, "side", "source"]
    distinct = table.drop_duplicates([*keys, "currency", "value", "scale"])
    several = distinct[distinct.groupby(keys, sort=False)["id"].transform("size") > 1]
    if several.empty:
        return pd.DataFrame(columns=COMMON)
    ordered = several.sort_values(["published", "row"], kind="stable")
    groups = ordered.groupby(keys, sort=False)
    found = groups.agg(
        figure_a=("id", "first"),
        figure_b=("id", "last"),
        figures=("id", tuple),
        currencies=("currency", "nunique"),
        dates=("published", "nunique"),
        **{name: (name, "nunique") for name in BASES},
    ).reset_index()
    rows = several.set_index("id")["row"]
    bases = (found[list(BASES)] > 1).any(axis=1)
    rival = (found["currencies"] > 1) | bases
    swap = rival & (found["figure_a"].map(rows) > found["figure_b"].map(rows)).to_numpy()
    first = found["figure_a"].where(~swap, found["figure_b"])
    found["figure_b"] = found["figure_b"].where(~swap, found["figure_a"])
    found["figure_a"] = first
    found["kind"] = np.where(found["currencies"] > 1, "rival", "vintage")
    found["note"] = np.select(
        [found["currencies"] > 1, bases, found["dates"] > 1],
        ["one source in two currencies", TWO_BASES, "two vintages of one source"],
        "one source prints two numbers",
    )
    return found[COMMON]


def _parts(figures: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    if parts.empty:
        return pd.DataFrame(columns=COMMON)
    total = keyed(figures[figures["id"].isin(parts["total"])])[["id", *KEY]]
    met = parts.merge(total, left_on="total", right_on="id", how="inner", validate="m:1")
    met = met.rename(columns={"total": "figure_a", "sum": "figure_b"})
    met["figures"] = pd.Series(
        list(zip(met["figure_a"], met["figure_b"])), index=met.index, dtype=object
    )
    return met.assign(kind="parts")[COMMON]


def _singles(lead: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    alone = lead[lead.groupby(KEY, sort=False)["id"].transform("size") == 1]
    table = alone[[*KEY, "id"]].merge(members, on=KEY, how="left", validate="1:1")
    table = table.rename(columns={"id": "figure_a"})
    return table.assign(kind="mirror", figure_b="", note="no mirror and no second source")[COMMON]


def measured(
    found: pd.DataFrame, figures: pd.DataFrame, tolerance: float, prices: int | None = None
) -> pd.DataFrame:
    """Fill gap, percentages, log ratio and verdict of cases from the amounts of figures a and b."""
    out = found.copy()
    by_id = figures.drop_duplicates("id").set_index("id")
    a, b = (out[name].map(by_id["amount"]).astype(float) for name in ("figure_a", "figure_b"))
    single = out["figure_b"] == ""
    out["gap"] = b - a
    out["lowest"], out["highest"] = np.fmin(a, b), np.fmax(a, b)
    # Of a surplus and a deficit no percentage is of anything.
    gap = out["gap"].where(~(a * b < 0))
    out["gap_pct_mean"] = _percent(gap, (a + b) / 2)
    out["gap_pct_lowest"] = _percent(gap, out["lowest"])
    out["gap_pct_highest"] = _percent(gap, out["highest"])
    positive = (a > 0) & (b > 0)
    out["log_ratio"] = np.log(b.where(positive) / a.where(positive))
    out["areas"] = pd.Series(list(zip(out["area_a"], out["area_b"])), index=out.index, dtype=object)
    out["flow"] = out["key_flow"]
    bases = ("concept", "prices") if prices is None else ("concept",)
    out["verdict"] = _verdict(out, by_id, a, b, single, tolerance, bases)
    return out


def unexplained(found: pd.DataFrame, tolerance: float | None) -> pd.DataFrame:
    """Give the cases whose residual is beyond the tolerance, a share of the mean of the two figures."""
    mean = ((found["lowest"] + found["highest"]) / 2).abs()
    left = found["residual"].abs() > (tolerance or 0.0) * mean
    return found[(found["verdict"] == "discrepancy") & left]


def _percent(part: pd.Series, base: pd.Series) -> pd.Series:
    """Give part as a percentage of the size of its base; undefined where the base is zero."""
    return 100 * part / base.abs().where(base != 0)


def _verdict(
    out: pd.DataFrame,
    by_id: pd.DataFrame,
    a: pd.Series,
    b: pd.Series,
    single: pd.Series,
    tolerance: float,
    bases: tuple[str, ...],
) -> pd.Series:
    first, second = out["figure_a"], out["figure_b"]
    low_a, high_a = first.map(by_id["amount_low"]), first.map(by_id["amount_high"])
    low_b, high_b = second.map(by_id["amount_low"]), second.map(by_id["amount_high"])
    # 66.2 and 66.3 meet at 66.25, which no two floating-point sums give alike.
    slack = ROUNDING * np.maximum(a.abs(), b.abs())
    overlap = (low_a <= high_b + slack) & (low_b <= high_a + slack)
    differ = pd.Series(False, index=out.index)
    for name in bases:
        differ |= first.map(by_id[name]) != second.map(by_id[name])
    near = (b - a).abs() <= tolerance * ((a + b) / 2).abs()
    choices = ["single source", NOT_COMPARED, "agree", "within rounding", "within tolerance"]
    conditions = [single, differ, a == b, overlap, near]
    return pd.Series(np.select(conditions, choices, "discrepancy"), index=out.index)


def _ids(found: pd.DataFrame) -> pd.Series:
    """Give readable, stable ids of cases: kind, areas, flow, period, and the commodity where not the total."""
    product = ("-" + found["commodity"]).where(found["commodity"] != "TOTAL", "")
    other = ("-" + found["measure"].str.replace(" ", "_")).where(found["measure"] != "value", "")
    base = (
        found["kind"] + "-" + found["area_a"] + "-" + found["area_b"] + "-" + found["flow"]
        + product + other + "-" + found["period"]
    )  # fmt: skip
    again = base.groupby(base, sort=False).cumcount()
    return base.where(again == 0, base + "-" + (again + 1).astype(str))


def located(found: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Say where the gap of each case between a group and a party sits: one row a member with both figures.

    Members are compared within the origins of the case's two figures, so that parts and whole are of one kind.
    """
    by_id = figures.drop_duplicates("id").set_index("id")
    rows: list[dict[str, object]] = []
    mirrors = found[(found["kind"] == "mirror") & (found["figure_b"] != "")]
    codes = pd.unique(pd.Series([code for pair in mirrors["areas"] for code in pair], dtype=object))
    groups = {code for code in codes if code != "WORLD" and areas.kind(str(code)) == "group"}
    chosen = mirrors[[bool(groups & set(pair)) for pair in mirrors["areas"]]]
    like = _alike(figures) if len(chosen) else {}
    for case in chosen.itertuples(index=False):
        year = int(str(by_id.at[case.figure_a, "end"])[:4])
        for group in (code for code in dict.fromkeys(case.areas) if code in groups):
            other = next((code for code in case.areas if code != group), group)
            rows.extend(_members(case, like, by_id, areas.members(str(group), year), str(other)))
    return pd.DataFrame(
        rows,
        columns=[
            "case",
            "area",
            "figure_a",
            "figure_b",
            "amount_a",
            "amount_b",
            "gap",
            "share_of_gap",
        ],
    )


def _alike(figures: pd.DataFrame) -> dict[str, dict[tuple[str, ...], list[tuple[str, str]]]]:
    """Give the area on the other side and the id of all figures with an amount, by role and what they share.

    The role is that of the party which is the same in all of them (reporter or partner); they share MEMBER and it.
    """
    known = figures[figures["amount"].notna()]
    found: dict[str, dict[tuple[str, ...], list[tuple[str, str]]]] = {}
    for role, other in (("reporter", "partner"), ("partner", "reporter")):
        keys = zip(*(known[name].tolist() for name in (*MEMBER, role)))
        table = found.setdefault(role, {})
        for key, one in zip(keys, zip(known[other].tolist(), known["id"].tolist())):
            table.setdefault(key, []).append(one)
    return found


def _members(
    case: object,
    alike: dict[str, dict[tuple[str, ...], list[tuple[str, str]]]],
    by_id: pd.DataFrame,
    inside: frozenset[str],
    other: str,
) -> list[dict[str, object]]:
    sides: dict[str, dict[str, str]] = {}
    for name in ("figure_a", "figure_b"):
        whole = by_id.loc[getattr(case, name)]
        far = "partner" if whole["reporter"] != other else "reporter"
        like = alike[far].get((*(whole[column] for column in MEMBER), other), [])
        sides[name] = dict(reversed(like))  # of several figures of an area the first one
    shared = set(sides["figure_a"]) & set(sides["figure_b"])
    usable = [
        area for area in sides["figure_a"] if area in shared and set(area.split("+")) <= inside
    ]
    rows: list[dict[str, object]] = []
    taken: set[str] = set()
    for area in sorted(usable, key=lambda code: (code.count("+"), code)):
        if taken & set(area.split("+")):
            continue
        taken |= set(area.split("+"))
        a, b = sides["figure_a"][area], sides["figure_b"][area]
        amount_a, amount_b = float(by_id.at[a, "amount"]), float(by_id.at[b, "amount"])
        gap = amount_b - amount_a
        share = 100 * gap / float(case.gap) if case.gap else float("nan")  # type: ignore[attr-defined]
        rows.append(
            {"case": case.id, "area": area, "figure_a": a, "figure_b": b, "amount_a": amount_a,  # type: ignore[attr-defined]
             "amount_b": amount_b, "gap": gap, "share_of_gap": share}
        )  # fmt: skip
    return rows
