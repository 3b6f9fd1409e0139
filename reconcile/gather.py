"""From readings to one table of printed figures: unique ids, doubles kept apart, valuation by default.

Owns what is said of the inputs as a whole: sources, files, rows set aside.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reconcile.assumptions import Book
from reconcile.result import INPUTS, SOURCES
from sources import intervals, numbers, periods
from sources.figures import FINDING_COLUMNS, SET_ASIDE_COLUMNS, Reading, empty_figures

SAME = [
    "source", "reporter", "partner", "flow", "commodity", "classification", "period", "measure", "currency",
    "value", "scale", "state", "valuation", "prices", "trade_system", "partner_basis", "concept", "coverage",
    "published", "status", "role", "quote",
]  # fmt: skip
USUAL = {"exports": "FOB", "re-exports": "FOB", "imports": "CIF", "re-imports": "CIF"}


def gathered(readings: Sequence[Reading], book: Book) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give (figures of all readings in their order, findings on doubles).

    A figure that stands twice is kept once more as set aside; a valuation that no source states is the
    usual one of its flow, marked as assumed.
    """
    tables = [reading.figures for reading in readings if len(reading.figures)]
    if not tables:
        return empty_figures(), pd.DataFrame(columns=FINDING_COLUMNS)
    figures = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0].copy()
    figures = figures.reset_index(drop=True)
    figures, findings = _doubles(figures)
    figures["id"] = _unique(figures["id"])
    figures = _dated(figures)
    figures = _usual_valuation(figures)
    return _own_intervals(figures, book), findings


def _doubles(figures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    counted = figures["role"].isin(["figure", "total"])
    again = figures[counted].duplicated(SAME)
    twice = figures[counted][again]
    if twice.empty:
        return figures, pd.DataFrame(columns=FINDING_COLUMNS)
    out = figures.copy()
    out.loc[twice.index, "role"] = "set aside"
    first = figures[counted].drop_duplicates(SAME)[[*SAME, "place", "file"]]
    met = twice.merge(first, on=SAME, suffixes=("", "_first"), how="left", validate="m:1")
    rows = []
    for (file, source), group in met.groupby(["file", "source"], sort=False):
        row = group.iloc[0]
        total = float((group["value"] * group["scale"]).sum())
        rows.append(
            {
                "code": "DUPLICATE", "severity": "warning", "case": "", "figures": tuple(group["id"].head(20)),
                "file": file, "place": row["place"],
                "message": f"{len(group):,} figures of {source} stand twice, the first at {row['place']} and "
                f"{row['file_first']} {row['place_first']}; the second was set aside "
                f"(together {total:,.15g} in units of their own)",
                "advice": "One copy is used. Remove the other if it is not meant.",
            }
        )  # fmt: skip
    return out, pd.DataFrame(rows, columns=FINDING_COLUMNS)


def _unique(ids: pd.Series) -> pd.Series:
    """Give ids without repetition: the second of a kind gets its count."""
    again = ids.groupby(ids, sort=False).cumcount()
    if not bool((again > 0).any()):
        return ids
    return ids.where(again == 0, ids + "~" + (again + 1).astype(str))


def _dated(figures: pd.DataFrame) -> pd.DataFrame:
    """Fill first and last day where a reader gave the period only."""
    bare = (figures["start"] == "") & (figures["period"] != "")
    if not bool(bare.any()):
        return figures
    span = periods.parse_column(figures.loc[bare, "period"])
    out = figures.copy()
    for name in ("start", "end"):
        out.loc[bare, name] = span[name].fillna("").astype(str).to_numpy()
    return out


def _usual_valuation(figures: pd.DataFrame) -> pd.DataFrame:
    usual = figures["flow"].map(USUAL).fillna("")
    chosen = (figures["valuation"] == "") & (usual != "") & (figures["measure"] == "value")
    out = figures.copy()
    out["valuation"] = figures["valuation"].where(~chosen, usual)
    marked = np.where(figures["assumed"] == "", "valuation", figures["assumed"] + "; valuation")
    out["assumed"] = figures["assumed"].where(~chosen, pd.Series(marked, index=figures.index))
    return out


def _own_intervals(figures: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Widen approximate figures by the user's own rule, where one was given."""
    rules = dict(intervals.RULES)
    for word, (below, above) in intervals.RULES.items():
        key = "approx-under" if word == "nearly" else f"approx-{word}"
        share = book.value(key)
        rules[word] = (share if below else 0.0, share if above else 0.0)
    changed = [word for word, rule in rules.items() if rule != intervals.RULES[word]]
    for word in intervals.RULES:
        users = figures.loc[figures["approx"] == word, "id"]
        if len(users):
            book.use("approx-under" if word == "nearly" else f"approx-{word}", users.head(50))
    chosen = figures["approx"].isin(changed) & figures["value"].notna()
    if not bool(chosen.any()):
        return figures
    part = figures[chosen]
    quantum = numbers.parse_column(part["printed"])["quantum"].astype(float).fillna(0.0)
    low, high = intervals.interval(
        part["value"], quantum.set_axis(part.index), part["approx"], rules
    )
    out = figures.copy()
    out.loc[chosen, "low"], out.loc[chosen, "high"] = low, high
    return out


def sources_table(figures: pd.DataFrame) -> pd.DataFrame:
    """Give one row a source named in the figures, with what it says of itself; see SOURCES."""
    printed = figures[~figures["derived"]]

    def said(column: pd.Series) -> str:
        kept = [str(text) for text in column.unique() if text]
        return ", ".join(kept[:5]) + (" ..." if len(kept) > 5 else "")

    groups = printed.groupby("source", sort=False)
    table = groups.agg(
        figures=("id", "size"),
        records=("records", said),
        derived_from=("derived_from", said),
        status=("status", said),
        published=("published", said),
        url=("url", lambda column: next((str(text) for text in column if text), "")),
        origin=("origin", said),
    )
    return table.reset_index()[SOURCES]


def inputs_table(readings: Sequence[Reading]) -> pd.DataFrame:
    """Give one row an input file; see INPUTS."""
    rows = []
    for reading in readings:
        facts = reading.facts
        notes = facts.get("notes", "")
        rows.append(
            {
                "file": facts.get("file", ""),
                "reader": facts.get("reader", ""),
                "sha256": facts.get("sha256", ""),
                "rows": facts.get("rows", len(reading.figures)),
                "figures": len(reading.figures),
                "set_aside": len(reading.set_aside),
                "note": "; ".join(map(str, notes))
                if isinstance(notes, (list, tuple))
                else str(notes),
            }
        )
    return pd.DataFrame(rows, columns=INPUTS)


def set_aside(readings: Sequence[Reading]) -> pd.DataFrame:
    """Give the rows that no reader could use, of all files."""
    tables = [reading.set_aside for reading in readings if len(reading.set_aside)]
    if not tables:
        return pd.DataFrame(columns=SET_ASIDE_COLUMNS)
    return pd.concat(tables, ignore_index=True)[SET_ASIDE_COLUMNS]
