"""Findings on figures that do not meet: groups of other members, and commodities of another level of a classification."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd

from reconcile.findings import View, finding
from reconcile.match import keyed
from reconcile.wording import amount, area, count, listed
from sources import areas

TRADE = ["key_flow", "area_a", "area_b", "commodity", "key_class", "period", "measure"]
COLUMNS = [*TRADE, "side", "origin", "id", "amount", "file", "place", "end"]
ALIKE = 0.5  # of all members of two groups, the share that both have: with less, nobody takes one for the other
SHOWN = 200  # figures that one finding names


def find(view: View) -> list[dict[str, Any]]:
    """Name, one a pair of sources, what they report of the same trade under groups or codes that are not the same."""
    table = keyed(view.figures)
    table = table.loc[table["measure"] == "value", COLUMNS]
    if table.empty:
        return []
    return [*_groups(table, view), *_levels(table, view)]


def _groups(table: pd.DataFrame, view: View) -> list[dict[str, Any]]:
    """Two sources that report one trade with groups that share most members: EU28 beside EU27."""
    present = pd.unique(pd.concat([table["area_a"], table["area_b"]]))
    groups = [code for code in present if code != "WORLD" and areas.kind(code) == "group"]
    if len(groups) < 2:
        return []
    year = int(str(table["end"].max())[:4])
    inside = {code: areas.members(code, year) for code in groups}
    rows = []
    for one, two in itertools.combinations(groups, 2):
        both, either = inside[one] & inside[two], inside[one] | inside[two]
        if both == either or len(both) <= ALIKE * len(either):
            continue
        for side in ("area_a", "area_b"):
            rest = [name for name in TRADE if name != side]
            first, second = table[table[side] == one], table[table[side] == two]
            met = _unmet(first, second, rest)
            for key, pairs in met.groupby(["origin_one", "origin_two"], sort=False):
                rows.append(_group(pairs, (one, two), key, (inside[one], inside[two]), side, view))
    return rows


def _group(
    pairs: pd.DataFrame, codes: tuple[str, str], sources: tuple[str, str],
    inside: tuple[frozenset[str], frozenset[str]], side: str, view: View,
) -> dict[str, Any]:  # fmt: skip
    more = [listed(area(code) for code in sorted(own - far)) for own, far in (inside, inside[::-1])]
    has = " and ".join(
        f"{area(code)} counts also {names}" for code, names in zip(codes, more) if names
    )
    example = pairs.iloc[pairs["amount_one"].abs().argmax()]
    other = area(str(example["area_b" if side == "area_a" else "area_a"]))
    text = (
        f"{sources[0]} reports for {area(codes[0])}, {sources[1]} for {area(codes[1])}, which is not the same: {has}. "
        f"{_counted(pairs, view.unit)}, among them {example['key_flow']} with {other}, {example['period']}: "
        f"{amount(example['amount_one'], view.unit)} against {amount(example['amount_two'], view.unit)}; not compared"
    )
    whole = listed(name for name in more if name)
    return _finding(
        "COVERAGE_DIFFERS", text, pairs,
        f"Bring both to the same members: take {whole} from the larger group, or add it to the smaller one.",
    )  # fmt: skip


def _levels(table: pd.DataFrame, view: View) -> list[dict[str, Any]]:
    """Commodities of which one is part of the other: 85 of one source beside 8517 of another, or of the same."""
    table = table[table["commodity"].str.fullmatch(r"\d+")]
    digits = table["commodity"].str.len()
    rows = []
    for few, many in itertools.combinations(sorted(digits.unique()), 2):
        whole = table[digits == few].assign(above=lambda found: found["commodity"])
        part = table[digits == many].assign(above=lambda found, few=few: found["commodity"].str[:few])  # fmt: skip
        keys = [name for name in TRADE if name != "commodity"] + ["above"]
        own = whole.merge(part, on=[*keys, "side", "origin"], suffixes=("_one", "_two"))
        if len(own):
            rows.append(_nested(own, int(few), int(many), view))
        met = _unmet(whole, part, keys)
        for key, pairs in met.groupby(["origin_one", "origin_two"], sort=False):
            rows.append(_level(pairs, key, view))
    return rows


def _nested(own: pd.DataFrame, few: int, many: int, view: View) -> dict[str, Any]:
    example = own.iloc[own["amount_two"].abs().argmax()]
    parts = own.drop_duplicates("id_two")["amount_two"].abs().sum()
    text = (
        f"{listed(own['origin'], 4)}: figures of {many} digits stand beside those of {few} digits that they are part of, as "
        f"{example['commodity_two']} ({amount(example['amount_two'], view.unit)}) of {example['commodity_one']} "
        f"({amount(example['amount_one'], view.unit)}); {count(own['id_two'].nunique(), 'part')}, together "
        f"{amount(float(parts), view.unit)}. Each level is compared with its own only, and the two are never added"
    )
    return _finding("LEVELS_NESTED", text, own, "")


def _level(pairs: pd.DataFrame, sources: tuple[str, str], view: View) -> dict[str, Any]:
    example = pairs.iloc[pairs["amount_one"].abs().argmax()]
    text = (
        f"{sources[0]} reports commodity {example['commodity_one']}, {sources[1]} only parts of it, as "
        f"{example['commodity_two']}. {_counted(pairs, view.unit)}, among them {area(str(example['area_a']))} to "
        f"{area(str(example['area_b']))}, {example['key_flow']}, {example['period']}: "
        f"{amount(example['amount_one'], view.unit)} against {amount(example['amount_two'], view.unit)}; not compared"
    )
    return _finding(
        "LEVELS_DIFFER", text, pairs,
        "Give both sources at one level: add up all parts of the finer one, or take its figure of the higher level.",
    )  # fmt: skip


def _unmet(one: pd.DataFrame, two: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """Give the pairs of figures of two origins that agree in `on`, where neither origin has a figure in both tables.

    Columns of the first that are not in `on` end in `_one`, those of the second in `_two`.
    """
    has_one, has_two = (pd.MultiIndex.from_frame(part[[*on, "origin"]]) for part in (one, two))
    one, two = one[~has_one.isin(has_two)], two[~has_two.isin(has_one)]
    return one.merge(two, on=on, suffixes=("_one", "_two"))


def _counted(pairs: pd.DataFrame, unit: str) -> str:
    """Say how many figures of both sides do not meet, and what they come to."""
    sums = [
        float(pairs.drop_duplicates(f"id_{side}")[f"amount_{side}"].abs().sum())
        for side in ("one", "two")
    ]
    numbers = [int(pairs[f"id_{side}"].nunique()) for side in ("one", "two")]
    return (
        f"{count(numbers[0], 'figure')} of the first, together {amount(sums[0], unit)}, and "
        f"{numbers[1]:,} of the second, {amount(sums[1], unit)}, do not meet"
    )


def _finding(code: str, text: str, pairs: pd.DataFrame, advice: str) -> dict[str, Any]:
    ids = list(dict.fromkeys([*pairs["id_one"], *pairs["id_two"]]))
    files = list(dict.fromkeys([*pairs["file_one"], *pairs["file_two"]]))
    alone = len(files) == 1
    places = [
        str(place) if alone else f"{file} {place}"
        for side in ("one", "two")
        for file, place in zip(pairs[f"file_{side}"], pairs[f"place_{side}"])
        if place
    ]
    return finding(
        code, text, figures=ids[:SHOWN], file=files[0] if alone else "", place=listed(places, 6), advice=advice,
        size=float(pairs["amount_one"].abs().max()),
    )  # fmt: skip
