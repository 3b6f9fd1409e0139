"""Owns the telling apart of totals and parts among rows: by code, by label and by arithmetic.

A row is a `total` only where its parts stand beside it under the same key: a world total that stands
alone is a figure like any other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sources import columns
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
LISTED = 10  # differences between totals and parts that are named one by one
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
    return pd.Series(columns.mask(values, test), index=values.index)


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
        others = _size(_groups(rows, ("partner", "commodity"))) > 1
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


def _groups(rows: pd.DataFrame, leave_out: Sequence[str]) -> np.ndarray[Any, Any]:
    """Number the groups of n rows that differ in the columns left out only."""
    names = [name for name in KEY if name in rows and name not in leave_out]
    return columns.combined(*(rows[name] for name in names))[0] if names else _zeros(rows)


def _zeros(rows: pd.DataFrame) -> np.ndarray[Any, Any]:
    return np.zeros(len(rows), dtype=np.int64)


def _size(group: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Give each of n rows the number of rows in its group."""
    return np.asarray(np.bincount(group)[group])


def _years(rows: pd.DataFrame) -> pd.Series:
    """Give the year in which the period of each of n rows begins, as text; empty without one."""
    if "period" not in rows:
        return columns.constant("", rows.index)

    def year(text: str) -> str:
        found = re.search(r"(?:1[89]|20)\d\d", text)
        return found.group() if found else ""

    return columns.recode(rows["period"], year)


def _areas(
    rows: pd.DataFrame,
    role: pd.Series,
    column: str,
    contains: Callable[[str, str, int | None], bool] | None,
) -> pd.Series:
    """Mark areas that stand beside their own members: world, unions, composite reporters."""
    role = role.copy()
    for mine, beside, group in _beside(rows, column, contains):
        hit = np.zeros(int(group.max()) + 1, dtype=bool)
        hit[group[beside]] = True
        role[mine & hit[group]] = "total"
    return role


def _beside(
    rows: pd.DataFrame,
    column: str,
    contains: Callable[[str, str, int | None], bool] | None,
) -> Iterator[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """Give for each outer area its rows, the rows of its members in the same groups, and the groups of all."""
    codes, texts = columns.coded(rows[column])
    codes = np.where(codes < 0, len(texts) - 1, codes)
    outers = [code for code in texts if code]
    if len(outers) < 2:
        return
    if contains is None:
        from sources import areas

        contains = areas.contains
        outers = [code for code in outers if areas.kind(code) in ("group", "composite")]
    if not outers:
        return
    group = _groups(rows, (column,))
    dated, pairs = columns.combined(rows[column], _years(rows))
    for outer in outers:
        mine = codes == texts.index(outer)
        with_outer = np.zeros(int(group.max()) + 1, dtype=bool)
        with_outer[group[mine]] = True
        member = np.array(
            [
                code not in ("", outer) and contains(outer, code, int(year) if year else None)
                for code, year in pairs
            ],
            dtype=bool,
        )
        beside = member[dated] & with_outer[group]
        if beside.any():
            yield mine, beside, group


def _commodities(rows: pd.DataFrame, role: pd.Series) -> pd.Series:
    """Keep one level of commodity codes: coarser rows become totals, finer ones parts.

    The level kept is the one whose values cover most; among levels within 0.1 % the finest.
    """
    codes, texts = columns.coded(rows["commodity"])
    is_total = np.array([clean(text) in TOTAL_CODES for text in texts], dtype=bool)[codes]
    lengths = np.array([_level(text) for text in texts])
    level = lengths[codes]
    detail = (level > 0) & ~is_total & (role == "figure").to_numpy()
    levels = np.unique(level[detail])
    if not is_total.any() and len(levels) < 2:
        return role
    group = _groups(rows, ("commodity",))
    role = role.copy()
    counted = _counted(rows) & ~is_total
    role[is_total & (np.bincount(group, counted) > 0)[group]] = "total"
    if len(levels) < 2:
        return role
    value = _numbers(rows).fillna(0.0).to_numpy()
    count = int(group.max()) + 1
    sums: np.ndarray[Any, Any] = np.zeros((count, len(levels)))
    present = np.zeros((count, len(levels)), dtype=bool)
    for place, size in enumerate(levels):
        at = detail & (level == size)
        sums[:, place] = np.bincount(group[at], value[at], count)
        present[group[at], place] = True
    sums = np.where(present, sums, -np.inf)
    enough = present & (sums >= sums.max(axis=1, keepdims=True) * 0.999)
    enough |= present & ~enough.any(axis=1, keepdims=True)
    kept = levels[len(levels) - 1 - np.argmax(enough[:, ::-1], axis=1)]
    touched = detail & (present.sum(axis=1) > 1)[group]
    role[touched & (level < kept[group])] = "total"
    role[touched & (level > kept[group])] = "part"
    # Where the kept level has no row below a coarser code, that code is the only record of its trade.
    return _orphans(role, codes, texts, level, group, touched)


def _counted(rows: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Tell which rows hold a number: a suppressed part takes nothing out of its total. All, where none does."""
    known = np.asarray(_numbers(rows).notna())
    return known if known.any() else ~known


def _level(text: str) -> int:
    code = text.strip()
    return len(code) if code.isascii() and code.isdigit() and len(code) <= 10 else 0


def _orphans(
    role: pd.Series,
    codes: np.ndarray[Any, Any],
    texts: list[str],
    level: np.ndarray[Any, Any],
    group: np.ndarray[Any, Any],
    touched: np.ndarray[Any, Any],
) -> pd.Series:
    """Give rows marked total or part back as figures where no row of the kept level speaks for them."""
    kept = (role == "figure").to_numpy() & (level > 0)
    marked = touched & ~kept
    spoken = np.zeros(len(group), dtype=bool)
    names: dict[str, int] = {}
    for long in np.unique(level[kept]):
        for short in np.unique(level[marked]):
            size = int(min(long, short))
            cut = np.array([names.setdefault(text.strip()[:size], len(names)) for text in texts])
            keys = group * (len(names) + 1) + cut[codes]
            at = marked & (level == short)
            spoken[at] |= np.isin(keys[at], keys[kept & (level == long)])
    given: list[int] = []
    for size in np.unique(level[marked]):  # the coarser of two such rows holds the finer
        at = marked & ~spoken & (level == size)
        for short in given:
            cut = np.array([names.setdefault(text.strip()[:short], len(names)) for text in texts])
            keys = group * (len(names) + 1) + cut[codes]
            coarser = marked & ~spoken & (level == short)
            inside = at & np.isin(keys, keys[coarser])
            spoken |= inside
            role[inside] = "part"
        given.append(int(size))
    role[marked & ~spoken] = "figure"
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
    group = _groups(rows, ("partner", "commodity"))
    for number in range(int(group.max()) + 1):
        places = np.flatnonzero(group == number)
        for index in _leading_sums(value.to_numpy()[places]):
            if role.iat[places[index]] == "figure":
                role.iat[places[index]] = "total"
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


@dataclass(frozen=True)
class _Sums:
    """Totals held against their parts: positions of the totals, their labels, the sums and counts of parts."""

    at: np.ndarray[Any, Any]
    labels: list[str]
    sums: np.ndarray[Any, Any]
    counts: np.ndarray[Any, Any]


def differences(
    rows: pd.DataFrame,
    role: pd.Series,
    file: str = "",
    contains: Callable[[str, str, int | None], bool] | None = None,
) -> pd.DataFrame:
    """Give a PARTS_DIFFER finding for each total that differs from the rows it sums, with the amount.

    Commodity parents are held against their children of the next level present, totals over all goods
    against the rows that are figures, the world, unions and composite areas against their members. The largest LISTED are named, the rest counted. Where the parts are less than half of their total
    the rows are taken for a selection: a note.
    """
    value = _numbers(rows).to_numpy()
    figure = (role == "figure").to_numpy() & np.isfinite(value)
    total = (role == "total").to_numpy() & np.isfinite(value)
    found: list[_Sums] = []
    if "commodity" in rows and len(rows):
        found.extend(_parents(rows, value))
        is_all = columns.mask(rows["commodity"], lambda code: clean(code) in TOTAL_CODES)
        group = _groups(rows, ("commodity",))
        found.append(_held(rows, value, total & is_all, figure, group, "commodity"))
    for column in ("partner", "reporter"):
        if column in rows and len(rows):
            held = list(_beside(rows, column, contains))
            # A country's own total over goods is a part of the world's; a union inside the world is not.
            outer = total & np.any([mine for mine, _, _ in held] or [np.zeros_like(total)], axis=0)
            for mine, beside, group in held:
                parts = beside & ~outer & np.isfinite(value)
                found.append(_held(rows, value, mine & total, parts, group, column))
    return pd.DataFrame(_told(rows, value, found, file), columns=FINDING_COLUMNS)


def _held(
    rows: pd.DataFrame,
    value: np.ndarray[Any, Any],
    totals: np.ndarray[Any, Any],
    parts: np.ndarray[Any, Any],
    group: np.ndarray[Any, Any],
    column: str,
) -> _Sums:
    """Hold the totals of each group against the parts of the same group."""
    count = int(group.max()) + 1
    sums = np.bincount(group[parts], value[parts], count)
    counts = np.bincount(group[parts], minlength=count)
    at = np.flatnonzero(totals & (counts > 0)[group])
    labels = [str(text) for text in rows[column].iloc[at]]
    return _Sums(at, labels, sums[group[at]], counts[group[at]])


def _parents(rows: pd.DataFrame, value: np.ndarray[Any, Any]) -> Iterator[_Sums]:
    """Hold commodity codes of each length against the codes of the next length below them."""
    codes, texts = columns.coded(rows["commodity"])
    level = np.where(np.isfinite(value), np.array([_level(text) for text in texts])[codes], 0)
    lengths = np.unique(level[level > 0])
    if len(lengths) < 2:
        return
    group = _groups(rows, ("commodity",))
    for short, long in itertools.pairwise(lengths):
        names: dict[str, int] = {}
        cut = np.array([names.setdefault(text.strip()[:short], len(names)) for text in texts])
        keys, unique = pd.factorize(group * len(names) + cut[codes])
        children = level == long
        sums = np.bincount(keys[children], value[children], len(unique))
        counts = np.bincount(keys[children], minlength=len(unique))
        at = np.flatnonzero((level == short) & (counts > 0)[keys])
        labels = [texts[code].strip() for code in codes[at]]
        yield _Sums(at, labels, sums[keys[at]], counts[keys[at]])


def _told(
    rows: pd.DataFrame, value: np.ndarray[Any, Any], found: list[_Sums], file: str
) -> list[dict[str, str]]:
    """Write the findings of the totals that differ: the largest by name, the rest in one."""
    differing: list[tuple[float, int, str, float, int]] = []
    for sums in found:
        totals = value[sums.at]
        gap = totals - sums.sums
        scale = np.maximum(np.maximum(np.abs(totals), np.abs(sums.sums)), 1e-300)
        for n in np.flatnonzero(np.abs(gap) > 1e-9 * scale):
            least = 0.5 * (
                1 + np.sqrt(sums.counts[n])
            )  # of a unit of the last digit, which is 1 at most
            if abs(gap[n]) > least or abs(gap[n]) > least * _quantum(
                np.array([totals[n], sums.sums[n]])
            ):
                at, count = int(sums.at[n]), int(sums.counts[n])
                differing.append((float(gap[n]), at, sums.labels[n], float(sums.sums[n]), count))
    few = [entry for entry in differing if abs(entry[3]) < 0.5 * abs(value[entry[1]])]
    many = [entry for entry in differing if abs(entry[3]) >= 0.5 * abs(value[entry[1]])]
    listed = sorted(many, key=lambda entry: -abs(entry[0]))[:LISTED]
    told = [_difference(rows, value, *entry, file) for entry in sorted(listed, key=lambda e: e[1])]
    if len(many) > LISTED:
        rest = sum(abs(entry[0]) for entry in many) - sum(abs(entry[0]) for entry in listed)
        message = (
            f"{len(many) - LISTED:,} further totals differ from their parts, by {rest:,.6g} in all"
        )
        told.append(_told_row("warning", file, "", message))
    if few:
        place = str(rows["place"].iat[few[0][1]]) if "place" in rows else ""
        those = f"{len(few):,} totals stand" if len(few) > 1 else "a total stands"
        message = f"{those} beside parts that come to less than half, as in a selection"
        told.append(_told_row("note", file, place, message))
    return told


def _difference(
    rows: pd.DataFrame,
    value: np.ndarray[Any, Any],
    gap: float,
    at: int,
    label: str,
    _parts: float,
    count: int,
    file: str,
) -> dict[str, str]:
    total = float(value[at])
    place = str(rows["place"].iat[at]) if "place" in rows else ""
    unit = f" {rows['unit'].iat[at]}" if "unit" in rows else ""
    share = f" ({gap / total:.1%} of the total)" if total else ""
    message = f"{label}: the total less its parts is {gap:,.6g}{unit}{share}; {count:,} parts"
    return _told_row("warning", file, place, message)


def _told_row(severity: str, file: str, place: str, message: str) -> dict[str, str]:
    return {
        "code": "PARTS_DIFFER", "severity": severity, "case": "", "figures": "", "file": file, "place": place,
        "message": message, "advice": "The difference is trade that the parts leave out or count twice.",
    }  # fmt: skip


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
