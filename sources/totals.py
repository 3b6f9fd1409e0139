"""Owns the telling apart of totals and parts among rows: by code, by label and by arithmetic.

A row is a `total` only where its parts stand beside it under the same key: a world total that stands
alone is a figure like any other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sources.figures import FINDING_COLUMNS
from sources.words import clean

TOTAL_CODES = {"0", "total", "wld", "world", "w00", "ag0", "all", "_t", "wl"}
_TOTAL_LABEL = re.compile(
    r"^(?:\W*)(?:"
    r"(?:grand |general )?total\b|sum\b|sum total|world\b|all (?:countries|partners|commodities|products|goods)"
    r"|всего|итого|общий итог|весь мир|все страны|барлығы|жалпы|бардыгы|баары|jami|жами"
    r"|المجموع|الاجمالي|الإجمالي|اجمالي|إجمالي|合计|总计|总额|总值|总和|全国|全球|世界"
    r"|insgesamt|gesamt|ensemble|toplam|totaux|toutes? |gesamtsumme|համենը|ընդամենը"
    r")",
    re.I,
)
_PART_LABEL = re.compile(
    r"^\W*(?:of which|including|в том числе|в т\.? ?ч\.?|из них|из него|оның ішінде|соның ішінде|анын ичинде"
    r"|shu jumladan|shundan|шу жумладан|dont\b|davon\b|darunter|de los cuales|dos quais|منها|من بينها|其中)",
    re.I,
)
# For each breakdown column of Comtrade the key that means all of them together.
BREAKDOWNS = {
    "partner2Code": "0", "motCode": "0", "customsCode": "C00", "mosCode": "0",
}  # fmt: skip
KEY = (
    "source",
    "reporter",
    "partner",
    "flow",
    "period",
    "commodity",
    "measure",
    "classification",
    "currency",
)


def is_total_label(text: str) -> bool:
    """Tell whether a label names a total, in the languages of the offices."""
    return clean(text) in TOTAL_CODES or bool(_TOTAL_LABEL.match(clean(text)))


def is_part_label(text: str) -> bool:
    """Tell whether a label opens a list of parts ("of which")."""
    return bool(_PART_LABEL.match(clean(text)))


def _by_unique(values: pd.Series, test: Callable[[str], bool]) -> pd.Series:
    texts = values.astype(str)
    return texts.map({text: test(text) for text in texts.unique()}).astype(bool)


def mark_totals(
    rows: pd.DataFrame,
    *,
    arithmetic: bool = False,
    contains: Callable[[str, str, int | None], bool] | None = None,
) -> pd.Series:
    """Give each row its role: `figure`, `total` (its parts stand beside it) or `part` (of another row).

    Columns used where present: those of KEY, `label` (as printed) and `value` (number or text). With
    `arithmetic` rows in the order of one printed table are also tested against the sum of the rows that
    follow. `contains(outer, inner, year)` tells membership of areas (default `sources.areas.contains`).
    """
    role = pd.Series("figure", index=rows.index, dtype=object)
    if not len(rows):
        return role
    if "label" in rows:
        total = _by_unique(rows["label"], is_total_label)
        others = _groups(rows, ("partner", "commodity")).transform("size") > 1
        role[total & others] = "total"
        role[_by_unique(rows["label"], is_part_label)] = "part"
    if "partner" in rows:
        role = _areas(rows, role, "partner", contains)
    if "reporter" in rows:
        role = _areas(rows, role, "reporter", contains)
    if "commodity" in rows:
        role = _commodities(rows, role)
    if arithmetic and "value" in rows:
        role = _sums(rows, role)
    return role


def _groups(rows: pd.DataFrame, leave_out: Sequence[str]) -> pd.api.typing.SeriesGroupBy:
    """Group rows that differ in the columns left out only."""
    names = [name for name in KEY if name in rows and name not in leave_out]
    marker = pd.Series(range(len(rows)), index=rows.index)
    if not names:
        return marker.groupby(np.zeros(len(rows), dtype=int))
    return marker.groupby([rows[name].astype(str) for name in names], sort=False)


def _areas(
    rows: pd.DataFrame,
    role: pd.Series,
    column: str,
    contains: Callable[[str, str, int | None], bool] | None,
) -> pd.Series:
    """Mark areas that stand beside their own members: world, unions, composite reporters."""
    codes = rows[column].astype(str)
    outers = [code for code in codes.unique() if code]
    if len(outers) < 2:
        return role
    if contains is None:
        from sources import areas

        contains = areas.contains
        outers = [code for code in outers if areas.kind(code) in ("group", "composite")]
    years = (
        rows["period"].astype(str).str.extract(r"((?:1[89]|20)\d\d)", expand=False)
        if "period" in rows
        else pd.Series(np.nan, index=rows.index)
    )
    group = _groups(rows, (column,)).ngroup()
    role = role.copy()
    table = pd.DataFrame({"group": group, "code": codes, "year": years})
    for outer in outers:
        mine = table[table["code"] == outer]
        beside = table[table["group"].isin(mine["group"].unique()) & (table["code"] != outer)]
        pairs = beside[["code", "year"]].drop_duplicates()
        member = [
            bool(contains(outer, str(code), int(year) if isinstance(year, str) else None))
            for code, year in zip(pairs["code"], pairs["year"])
        ]
        inside_pairs = pairs[member]
        if not len(inside_pairs):
            continue
        hits = beside.merge(inside_pairs, on=["code", "year"], how="inner", validate="many_to_one")
        role[mine.index[mine["group"].isin(hits["group"].unique())]] = "total"
    return role


def _commodities(rows: pd.DataFrame, role: pd.Series) -> pd.Series:
    """Keep one level of commodity codes: coarser rows become totals, finer ones parts.

    The level kept is the one whose values cover most; among levels within 0.1 % the finest.
    """
    codes = rows["commodity"].astype(str).str.strip()
    is_total = _by_unique(codes, lambda code: clean(code) in TOTAL_CODES)
    level = codes.where(codes.str.fullmatch(r"\d{1,10}").fillna(False), "").str.len()
    group = _groups(rows, ("commodity",)).ngroup()
    role = role.copy()
    many = group.map(group.value_counts()) > 1
    role[is_total & many] = "total"
    value = _numbers(rows)
    detail = (level > 0) & ~is_total & (role == "figure")
    if not detail.any():
        return role
    table = pd.DataFrame({"group": group, "level": level, "value": value})[detail]
    sums = table.groupby(["group", "level"])["value"].sum().unstack()
    if sums.shape[1] < 2:
        return role
    best = sums.max(axis=1)
    enough = sums.ge(best * 0.999, axis=0)
    columns = np.asarray(sums.columns)
    kept = pd.Series(
        [max(columns[row]) if row.any() else max(columns) for row in enough.to_numpy()],
        index=sums.index,
    )
    mixed = sums.notna().sum(axis=1) > 1
    keep = table["group"].map(kept)
    touched = table["group"].map(mixed).astype(bool)
    role[table.index[touched & (table["level"] < keep)]] = "total"
    role[table.index[touched & (table["level"] > keep)]] = "part"
    # Where the kept level has no row below a coarser code, that code is the only record of its trade.
    return _orphans(rows, role, codes, group)


def _orphans(rows: pd.DataFrame, role: pd.Series, codes: pd.Series, group: pd.Series) -> pd.Series:
    """Give rows marked total or part back as figures where no row of the kept level speaks for them."""
    kept = pd.DataFrame({"group": group, "code": codes})[
        (role == "figure") & codes.str.fullmatch(r"\d+")
    ]
    known = set(zip(kept["group"], kept["code"]))
    prefixes = {(number, code[:size]) for number, code in known for size in range(1, len(code))}
    marked = (
        role.isin(["total", "part"]) & codes.str.fullmatch(r"\d+").fillna(False) & (codes != "0")
    )
    for index in role.index[marked]:
        number, code = group[index], codes[index]
        if (number, code) in prefixes or any(
            (number, code[:size]) in known for size in range(1, len(code))
        ):
            continue
        role[index] = "figure"
    return role


def _numbers(rows: pd.DataFrame) -> pd.Series:
    if "value" not in rows:
        return pd.Series(np.nan, index=rows.index)
    if pd.api.types.is_numeric_dtype(rows["value"]):
        return rows["value"].astype("float64")
    from sources import numbers

    parsed = numbers.parse_column(list(rows["value"].astype(str)))
    return pd.Series(parsed["value"].to_numpy(dtype="float64"), index=rows.index)


def _sums(rows: pd.DataFrame, role: pd.Series) -> pd.Series:
    """Mark rows that equal the sum of two or more rows right below them, within rounding.

    Small whole numbers add up by chance: a sum counts from three digits on, or over three or more parts.
    """
    role = role.copy()
    value = _numbers(rows)
    for places in _groups(rows, ("partner", "commodity")).groups.values():
        series = value.loc[places]
        for index in _leading_sums(series.to_numpy()):
            if role.loc[places[index]] == "figure":
                role.loc[places[index]] = "total"
    return role


def _leading_sums(values: np.ndarray) -> Iterable[int]:
    """Give positions whose value is the sum of the following k >= 2 values (all non-negative)."""
    if len(values) < 3:
        return []
    clean_values = np.where(np.isfinite(values) & (values > 0), values, 0.0)
    running = np.concatenate([[0.0], np.cumsum(clean_values)])
    begin: np.ndarray[Any, Any] = np.arange(len(values)) + 1
    target = running[begin] + clean_values
    end = np.atleast_1d(np.searchsorted(running, target * (1 - 1e-12), side="left"))
    out = []
    for position in np.flatnonzero(clean_values >= 1e-12):
        for stop in (end[position], end[position] - 1):
            if stop > len(values) or stop <= position + 2:
                continue
            parts = int((clean_values[position + 1 : stop] > 0).sum())
            gap = abs(running[stop] - target[position])
            digits = len(f"{clean_values[position]:.15g}".replace(".", "").strip("0"))
            quantum = _quantum(clean_values[position:stop])
            if (
                parts >= 2
                and gap <= 0.5 * quantum * np.sqrt(parts + 1)
                and (digits >= 3 or parts >= 3)
            ):
                out.append(int(position))
                break
    return out


def _quantum(values: np.ndarray) -> float:
    """Give one unit in the last printed digit over some numbers (0.1 for 12.5 and 3)."""
    places = max(
        (len(text.partition(".")[2]) for text in (f"{v:.12g}" for v in values) if "e" not in text),
        default=0,
    )
    return float(10.0**-places)


def differences(rows: pd.DataFrame, role: pd.Series, file: str = "") -> pd.DataFrame:
    """Give a PARTS_DIFFER finding for each total that differs from the rows it sums, with the amount.

    Commodity parents are held against their children of the next level present, totals over all goods
    against the rows that are figures.
    """
    value = _numbers(rows)
    found: list[dict[str, str]] = []
    if "commodity" in rows:
        codes = rows["commodity"].astype(str).str.strip()
        group = _groups(rows, ("commodity",)).ngroup()
        table = pd.DataFrame({"group": group, "code": codes, "value": value, "role": role})
        table = table[table["value"].notna()]
        digits = table[table["code"].str.fullmatch(r"\d+").fillna(False)]
        lengths = sorted(set(digits["code"].str.len()))
        for short, long in itertools.pairwise(lengths):
            parents = digits[digits["code"].str.len() == short]
            children = digits[digits["code"].str.len() == long]
            sums = children.groupby([children["group"], children["code"].str[:short]])[
                "value"
            ].sum()
            for index, parent in parents.iterrows():
                if (parent["group"], parent["code"]) in sums.index:
                    found.extend(
                        _difference(rows, index, parent["code"], parent["value"], sums[parent["group"], parent["code"]], file)
                    )  # fmt: skip
        totals = table[
            (table["role"] == "total")
            & _by_unique(table["code"], lambda code: clean(code) in TOTAL_CODES)
        ]
        parts = table[table["role"] == "figure"].groupby("group")["value"].sum()
        for index, total in totals.iterrows():
            if total["group"] in parts.index:
                found.extend(
                    _difference(
                        rows, index, total["code"], total["value"], parts[total["group"]], file
                    )
                )
    return pd.DataFrame(found, columns=FINDING_COLUMNS)


def _difference(
    rows: pd.DataFrame, index: object, code: str, total: float, parts: float, file: str
) -> list[dict[str, str]]:
    gap = float(total) - float(parts)
    if abs(gap) <= 1e-9 * max(abs(total), abs(parts), 1e-300) + 0.5 * _quantum(
        np.array([total, parts])
    ):
        return []
    place = str(rows.at[index, "place"]) if "place" in rows else ""
    unit = str(rows.at[index, "unit"]) if "unit" in rows else ""
    share = f" ({gap / total:.1%} of the total)" if total else ""
    return [
        {"code": "PARTS_DIFFER", "severity": "warning", "case": "", "figures": "", "file": file, "place": place,
         "message": f"{code}: the total less its parts is {gap:,.6g} {unit}{share}".replace("  ", " "),
         "advice": "The difference is trade that the parts leave out or count twice."}
    ]  # fmt: skip


def settle_breakdowns(
    rows: pd.DataFrame, keys: dict[str, str] | None = None, value: str = "value"
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Settle breakdown columns (second partner, transport, customs procedure, supply).

    Rows with the total key are kept and the others beside them dropped as parts; where a key has no total
    row, its rows are added up explicitly, and their first place and lines stay. Gives (rows, counts of
    `parts dropped` and `rows added up`). `value` must be numeric.
    """
    keys = BREAKDOWNS if keys is None else keys
    facts = {"parts dropped": 0, "rows added up": 0}
    for column, total in keys.items():
        if column not in rows or not len(rows):
            continue
        names = [n for n in rows.columns if n in {*KEY, *keys} and n != column and n != value]
        by = [rows[name].astype(str) for name in names] or [pd.Series(0, index=rows.index)]
        whole = rows[column].astype(str).str.strip().str.upper().isin({total, ""})
        has = whole.groupby(by, sort=False).transform("any")
        facts["parts dropped"] += int((has & ~whole).sum())
        kept, broken = rows[has & whole], rows[~has]
        if len(broken):
            grouped = (
                broken.groupby([broken[name] for name in names], sort=False, dropna=False)
                if names
                else None
            )
            first = grouped.head(1).copy() if grouped is not None else broken.head(1).copy()
            sums = grouped[value].transform("sum") if grouped is not None else broken[value].sum()
            first[value] = sums.loc[first.index] if grouped is not None else sums
            first[column] = total
            facts["rows added up"] += len(broken) - len(first)
            kept = pd.concat([kept, first])
        rows = kept.sort_index()
    return rows, facts
