"""Owns rows by second partner, transport, customs procedure or supply: parts of a total, or added up where it lacks."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sources import columns, totals
from sources.readers import Source
from sources.readers.table import finding, numbers_of

# For each breakdown the keys that mean all of them together.
WHOLE = {
    "partner2": {"0", "", "w00", "wld", "world", "na"}, "mot": {"0", "", "na"},
    "customs": {"c00", "", "0", "na"}, "mos": {"0", "", "na"},
}  # fmt: skip
_TOTALS = {"partner2": "partner2Code", "mot": "motCode", "customs": "customsCode", "mos": "mosCode"}


def settle(
    raw: pd.DataFrame,
    frame: pd.DataFrame,
    source: Source,
    wholes: Mapping[str, Collection[str]] = WHOLE,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Mark breakdown rows as parts where their total stands beside them, and add them up where it does not.

    `raw` has reporter, partner, flow, period, commodity, classification, note, value, place; `frame` any of
    the columns of `wholes` (for each the keys that mean all together), for the same n rows.
    A sum is a row of its own: its place is that of its first part.
    """
    marks = {name: _is_part(frame[name], wholes[name]) for name in wholes if name in frame}
    broken: np.ndarray[Any, Any] = np.zeros(len(raw), dtype=bool)
    for mark in marks.values():
        broken |= mark
    inner = (raw["note"] != "").to_numpy()
    roles = np.where(broken | inner, 1, 0)
    raw = raw.assign(role=columns.from_codes(roles, ["figure", "part"], raw.index))
    if not broken.any():
        return raw, []
    names = ("reporter", "partner", "flow", "period", "commodity", "classification", "note")
    key, _ = columns.combined(*(raw[name] for name in names))
    whole = np.zeros(int(key.max()) + 1, dtype=bool)
    whole[key[~broken]] = True
    beside, orphan = broken & whole[key], broken & ~whole[key] & ~inner
    found = []
    if beside.any():
        by = ", ".join(sorted(name for name, mark in marks.items() if mark.any()))
        found.append(
            finding(
                "PARTS_DROPPED",
                f"{int(beside.sum()):,} rows by {by} stand beside their total and are kept as parts",
                "Nothing to do; the total is used.",
                source=source,
            )
        )
        found.extend(_differing(raw, key, broken, marks, source))
    if orphan.any():
        sums, count = _sums(raw[orphan], frame[orphan], list(marks), wholes)
        if raw["value"].dtype.kind != "f":
            texts = [repr(float(number)).removesuffix(".0") for number in sums["value"]]
            sums["value"] = pd.Series(texts, index=sums.index, dtype=object)
        raw = pd.DataFrame(
            {name: columns.stacked(raw[name], sums[name]) for name in raw.columns}, copy=False
        )
        if count:  # rows whose value cannot be read are set aside, not added up
            found.append(
                finding(
                    "PARTS_ADDED",
                    f"{count:,} rows give only parts (region, second partner, transport, customs procedure); "
                    f"they were added up to {len(sums):,} figures",
                    "Compare the sum with the publisher's own total where there is one.",
                    source=source,
                    severity="warning",
                )
            )
    return raw, found


def by_region(
    raw: pd.DataFrame, region: pd.Series, known: np.ndarray[Any, Any], source: Source
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Add up n rows by region of which none stands for all regions; those whose area is not `known` stay alone.

    What cannot be read is then set aside once, not in its row and in its sum.
    """
    # To the settling any breakdown is like one by customs procedure.
    frame = pd.DataFrame({"customs": columns.recode(region, lambda text: text or "-")})
    if known.all():
        return settle(raw, frame, source, {"customs": frozenset()})
    left = raw[~known].assign(role="figure")
    if not known.any():
        return left.reset_index(drop=True), []
    kept, rest = raw[known].reset_index(drop=True), frame[known].reset_index(drop=True)
    table, notes = settle(kept, rest, source, {"customs": frozenset()})
    return pd.DataFrame(
        {name: columns.stacked(table[name], left[name]) for name in table.columns}, copy=False
    ), notes


def _is_part(column: pd.Series, whole: Collection[str]) -> np.ndarray[Any, Any]:
    return columns.mask(column, lambda text: _tidy(text) not in whole)


def _tidy(text: str) -> str:
    return text.strip().lower().removesuffix(".0")


def _sums(
    raw: pd.DataFrame,
    frame: pd.DataFrame,
    names: list[str],
    wholes: Mapping[str, Collection[str]],
) -> tuple[pd.DataFrame, int]:
    """Add up the rows of each key that has no total, one breakdown after the other."""
    table = pd.DataFrame({name: columns.objects(raw[name]) for name in raw.columns}, raw.index)
    table["amount"] = numbers_of(raw["value"])
    for name in names:
        total = totals.BREAKDOWNS[_TOTALS[name]]
        cells = np.array(
            [_tidy(text).upper() for text in columns.objects(frame[name])], dtype=object
        )
        cells[~_is_part(frame[name], wholes[name])] = total
        table[_TOTALS[name]] = cells
    table = table[table["amount"].notna()]
    count = len(table)
    keys = [name for name in (*totals.KEY, "note") if name in table]
    tries = [
        totals.settle_breakdowns(
            table, {_TOTALS[name]: totals.BREAKDOWNS[_TOTALS[name]] for name in order}, "amount"
        )[0]
        for order in _orders(names)
    ]
    # Each order of adding up leaves out what it finds no total for: the largest sum leaves out least.
    largest = pd.concat(tries).sort_values("amount", ascending=False, kind="stable")
    settled_rows = largest.drop_duplicates(keys).sort_index()
    settled_rows["value"] = settled_rows["amount"]
    settled_rows["place"] = settled_rows["place"] + " and the rows added to it"
    settled_rows["role"] = "figure"
    settled_rows["note"] = "added up from the rows of a breakdown"
    return settled_rows[list(raw.columns)], count


def _orders(names: list[str]) -> list[tuple[str, ...]]:
    """Give the orders in which breakdowns are tried: all of up to three, else forwards and backwards."""
    if len(names) > 3:
        return [tuple(names), tuple(reversed(names))]
    return list(itertools.permutations(names))


def _differing(
    raw: pd.DataFrame,
    key: np.ndarray[Any, Any],
    broken: np.ndarray[Any, Any],
    marks: dict[str, np.ndarray[Any, Any]],
    source: Source,
) -> list[dict[str, object]]:
    """Tell, for each breakdown by itself, how many totals differ from the sum of their parts and by how much."""
    value = numbers_of(raw["value"]).fillna(0.0).to_numpy()
    size = int(key.max()) + 1
    total = np.bincount(key[~broken], value[~broken], size)
    stands = np.bincount(key[~broken], minlength=size) == 1
    found = []
    for name, mark in marks.items():
        alone = mark.copy()
        for other, its in marks.items():
            alone &= True if other == name else ~its
        if not alone.any():
            continue
        parts = np.bincount(key[alone], value[alone], size)
        has = stands & (np.bincount(key[alone], minlength=size) > 0)
        gap = np.where(has, total - parts, 0.0)
        off = np.abs(gap) > np.maximum(1e-6 * np.abs(total), 1.0)
        if not off.any():
            continue
        worst = int(np.argmax(np.abs(gap)))
        row = int(np.flatnonzero((key == worst) & ~broken)[0])
        message = (
            f"{int(off.sum()):,} totals differ from their parts by {name}, by {gap[off].sum():,.6g} in all; "
            f"the largest by {gap[worst]:,.6g}"
        )
        found.append(
            finding(
                "PARTS_DIFFER",
                message,
                "The difference is trade that the parts leave out or count twice.",
                source=source,
                place=str(raw["place"].iat[row]),
                severity="warning",
            )
        )
    return found
