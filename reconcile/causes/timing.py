"""Timing: goods on their way at the turn of a period are exported in one and imported in the next."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from reconcile.causes import Ground, claim

NAME = "timing"
ORDER = 75
NEEDS = (
    "the exporter's figure for the period before; to estimate the lag, both sides' for four periods"
)
KINDS = ("mirror",)
FLOWS = ("exports",)
LAG = "lag-days"
FEWEST = 4  # periods with both figures and the one before, to estimate a lag from
SERIES = ["exporter", "importer", "commodity", "classification", "grain"]


def claims(ground: Ground) -> pd.DataFrame:
    """Claim -s (X_t - X_(t-1)): imports of a period hold a share s of the exports of the one before.

    M_t = (1 - s) X_t + s X_(t-1), so that growing trade makes the importer's figure smaller (United
    Nations, IMTS 2010 Compilers Manual, annex 9.C). Where both sides print four periods or more, s is
    estimated by least squares on the two series at one level, with two standard errors as the range, and
    used if it is above them. Else s is the assumption `lag-days` over the days of the period.
    """
    directed = ground.directed
    if not bool(directed.any()):
        return pd.DataFrame()
    series = _series(ground)
    cases = set(ground.cases.loc[directed, "id"])
    mine = series[series["case"].isin(cases) & series["before"].notna()]
    if mine.empty:
        return pd.DataFrame()
    fitted = _fitted(series)
    mine = mine.merge(fitted, on=SERIES, how="left", validate="m:1")
    change = "({amount:" + mine["figure_a"] + "}-{amount:" + mine["before_id"] + "})"
    step = mine["x"] - mine["before"]
    known = mine["share"].notna()
    pieces = [_estimated(ground, mine[known], step[known], change[known])]
    pieces.append(_assumed(ground, mine[~known], step[~known], change[~known]))
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _series(ground: Ground) -> pd.DataFrame:
    """Every pair with its grain, days, and the exporter's figure for the period before, if printed."""
    pairs = ground.pairs
    period = pairs["period"]
    grain = np.select(
        [period.str.fullmatch(form) for form in (r"\d{4}", r"\d{4}-\d{2}", r"\d{4}-Q\d")],
        ["year", "month", "quarter"],
        "other",
    )
    table = pairs.assign(grain=grain, source=pairs["figure_a"].map(ground.by_id["source"]))
    starts, ends = table["start"].unique(), table["end"].unique()
    eve = {day: (date.fromisoformat(day) - timedelta(days=1)).isoformat() for day in starts}
    number = {day: date.fromisoformat(day).toordinal() for day in {*starts, *ends}}
    table["days"] = table["end"].map(number) - table["start"].map(number) + 1
    table["eve"] = table["start"].map(eve)
    figures = ground.figures
    exports = figures[
        (figures["flow"] == "exports") & figures["amount"].notna() & (figures["measure"] == "value")
    ]
    length = exports["period"].str.len()
    earlier = pd.DataFrame(
        {
            "exporter": exports["reporter"], "importer": exports["partner"],
            "commodity": exports["commodity"], "classification": exports["classification"],
            "source": exports["source"], "eve": exports["end"], "length": length,
            "before": exports["amount"], "before_id": exports["id"],
        }
    )  # fmt: skip
    keys = ["exporter", "importer", "commodity", "classification", "source", "eve", "length"]
    earlier = earlier.drop_duplicates(keys, keep="last")
    table["length"] = table["period"].str.len()
    return table.merge(earlier, on=keys, how="left", validate="m:1")


def _fitted(series: pd.DataFrame) -> pd.DataFrame:
    """Give (series, share, low, high, periods) where the lag shows in the two series."""
    table = series[series["before"].notna() & (series["grain"] != "other")]
    groups = table.groupby(SERIES, sort=False)
    size = groups["x"].transform("size")
    table = table[size >= FEWEST]
    empty = pd.DataFrame(columns=[*SERIES, "share", "share_low", "share_high", "periods"])
    if table.empty:
        return empty
    sums = table.groupby(SERIES, sort=False)[["x", "m"]].transform("sum")
    level = sums["m"] / sums["x"].where(sums["x"] > 0)
    move = table["before"] - table["x"]
    miss = table["m"] / level - table["x"]
    parts = table[SERIES].assign(xy=move * miss, xx=move * move, yy=miss * miss, n=1.0)
    fit = parts.groupby(SERIES, sort=False).sum().reset_index()
    share = fit["xy"] / fit["xx"].where(fit["xx"] > 0)
    spread = (fit["yy"] - share * fit["xy"]).clip(lower=0.0) / (fit["n"] - 1)
    error = np.sqrt(spread / fit["xx"].where(fit["xx"] > 0))
    fit["share"], fit["periods"] = share, fit["n"].astype(int)
    fit["share_low"] = (share - 2 * error).clip(0.0, 1.0)
    fit["share_high"] = (share + 2 * error).clip(0.0, 1.0)
    shown = (share > 2 * error) & (share > 0) & (share <= 1)
    return fit.loc[shown, empty.columns]


def _estimated(
    ground: Ground, mine: pd.DataFrame, step: pd.Series, change: pd.Series
) -> pd.DataFrame:
    if mine.empty:
        return pd.DataFrame()
    product = ("-" + mine["commodity"]).where(mine["commodity"] != "TOTAL", "")
    keys = "lag-share-" + mine["exporter"] + "-" + mine["importer"] + product + "-" + mine["grain"]
    for key, row in zip(keys, mine.to_dict("records")):
        ground.book.add(
            {
                "id": key, "value": row["share"], "low": row["share_low"], "high": row["share_high"],
                "unit": "share of the period's exports imported in the next", "kind": "estimate",
                "source": f"least squares on {row['periods']} periods of the two series",
            }
        )  # fmt: skip
        ground.book.use(key, [row["case"]])
    ends = {
        name: np.array([float(ground.book.row(key)[name]) for key in keys])
        for name in ("value", "low", "high")
    }
    note = "a lag of " + pd.Series(ends["value"] * mine["days"].to_numpy()).map("{:.0f}".format)
    note = note + " days, estimated from " + mine["periods"].astype(int).astype(str).to_numpy()
    note = note + " periods"
    return claim(
        mine["case"], -ends["value"] * step.to_numpy(), "estimated", note,
        "-{assumption:" + keys + "}*" + change,
        low=-ends["low"] * step.to_numpy(), high=-ends["high"] * step.to_numpy(),
    )  # fmt: skip


def _assumed(
    ground: Ground, mine: pd.DataFrame, step: pd.Series, change: pd.Series
) -> pd.DataFrame:
    if mine.empty:
        return pd.DataFrame()
    ground.book.add(
        {
            "id": LAG, "value": 30.0, "low": 0.0, "high": 60.0, "kind": "rule",
            "unit": "days from the export to the import declaration",
            "source": "this program: about a month by sea, up to two; state your own",
        }
    )  # fmt: skip
    ground.book.use(LAG, mine["case"].head(50))
    row = ground.book.row(LAG)
    days = mine["days"].astype(float)
    share = {name: np.minimum(1.0, float(row[name]) / days) for name in ("value", "low", "high")}
    note = f"goods on their way for {float(row['value']):g} days at the turn of the period"
    return claim(
        mine["case"], -share["value"] * step, "assumed", note,
        "-MIN(1,{assumption:" + LAG + "}/" + mine["days"].astype(str) + ")*" + change,
        low=-share["low"] * step, high=-share["high"] * step,
    )  # fmt: skip
