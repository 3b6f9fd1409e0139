"""Which rows can be paired, and by which areas and products: everything else is set aside, counted and valued."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.world import areas, survey
from sources.errors import InputError, Problem

FINDINGS = ["code", "severity", "year", "what", "rows", "value", "message", "advice"]
KEY = ["year", "reporter", "flow"]
NESTED = (
    0.5  # a shorter code is a parent where parents sum to at least this share of the longer codes
)
Key = tuple[int, str, str]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Alignment:
    """What the survey decided. `areas` text -> ISO alpha-3; `codes` is sorted; `levels` digits of a product.

    `details` and `monthly` are the reporters' flows that come only as breakdowns or as months; `editions`
    the (year, reporter, flow, edition) not used; `files` the places of the files that hold each year.
    """

    areas: dict[str, str]
    codes: list[str]
    years: list[int]
    levels: tuple[int, ...]
    details: frozenset[Key]
    monthly: frozenset[Key]
    editions: frozenset[tuple[int, str, str, str]]
    fob_importers: frozenset[tuple[int, str]]
    valued: bool
    files: dict[int, tuple[int, ...]]
    findings: pd.DataFrame


class _Rows:
    """The survey's rows not yet set aside, and the findings of those that are."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self.findings: list[dict[str, Any]] = []

    def set_aside(self, mask: Any, what: str, advice: str, code: str = "SET_ASIDE") -> None:
        """Take rows out, one finding a year."""
        mask = np.asarray(mask, dtype=bool)
        if not mask.any():
            return
        gone = self.table.loc[mask, ["year", "rows", "value"]].groupby("year").sum()
        for year, rows, value in gone.itertuples(name=None):
            self.add(code, "note", int(year), what, f"{what}: set aside", advice, rows, value)
        self.table = self.table[~mask]

    def add(
        self, code: str, severity: str, year: int, what: str, message: str, advice: str,
        rows: float = 0, value: float = 0.0,
    ) -> None:  # fmt: skip
        """Add a finding; year 0 is every year."""
        given = (code, severity, year, what, int(rows), float(value), message, advice)
        self.findings.append(dict(zip(FINDINGS, given)))


def align(
    outline: survey.Outline, load: Callable[[int], pd.DataFrame], known: frozenset[str]
) -> Alignment:
    """Decide areas, levels and kinds of rows from the survey, year by year.

    `load` gives the survey of a year; `known` are the codes with a place on the map. Raises InputError where
    no row can be paired.
    """
    if not outline.reporters:
        raise InputError(
            Problem("", "", "no export or import row with a value", "Check the files.")
        )
    levels = _levels(outline.levels)
    found, unknown = areas.resolve(outline.reporters | outline.partners, outline.reporters, known)
    everywhere = _Rows(pd.DataFrame())
    _odd_areas(everywhere, found, unknown)
    years = [_year(load(year), year, levels, found) for year in outline.years]
    made = [one for one in years if one.codes]
    if not made:
        raise InputError(Problem("", "", "no row between two areas", "Check reporter and partner."))
    valued = any(one.valued for one in made)
    if not valued:
        everywhere.add("VALUATION_ASSUMED", "note", 0, "imports",
                       "No cifvalue or fobvalue is given: imports are taken as CIF",
                       "Keep these columns when exporting from Comtrade.",
                       sum(one.imports[0] for one in made), sum(one.imports[1] for one in made))  # fmt: skip
    noted = [finding for one in years for finding in one.findings] + everywhere.findings
    return Alignment(
        found,
        sorted(set().union(*(one.codes for one in made))),
        [one.year for one in made],
        levels,
        frozenset().union(*(one.details for one in made)),
        frozenset().union(*(one.monthly for one in made)),
        frozenset().union(*(one.editions for one in made)),
        frozenset().union(*(one.fob for one in made)),
        valued,
        {one.year: one.files for one in made},
        pd.DataFrame(noted, columns=FINDINGS),
    )


@dataclass(frozen=True)
class _Year:
    """What was decided of one year; `imports` are rows and value of the imports that can be paired."""

    year: int
    codes: set[str]
    details: frozenset[Key]
    monthly: frozenset[Key]
    editions: frozenset[tuple[int, str, str, str]]
    fob: frozenset[tuple[int, str]]
    valued: bool
    imports: tuple[int, float]
    files: tuple[int, ...]
    findings: list[dict[str, Any]]


def _year(table: pd.DataFrame, year: int, levels: tuple[int, ...], found: dict[str, str]) -> _Year:
    rows = _Rows(table)
    rows.set_aside(rows.table["flow"].isin(["RX", "RM"]), "re-exports and re-imports",
                   "Exports in Comtrade (X) include re-exports; these rows repeat part of them.")  # fmt: skip
    rows.set_aside(
        ~rows.table["flow"].isin(["X", "M"]), "other flows and services", "Only X and M are paired."
    )
    rows.set_aside(
        rows.table["empty"], "no value, zero or negative", "An empty cell is not a zero."
    )
    monthly = _only_where_nothing_else(rows, "months", "months beside years", "The annual figures are used.")  # fmt: skip
    details = _only_where_nothing_else(rows, "detail", "breakdowns of a total", "Totals over transport, customs procedure and second partner are used.")  # fmt: skip
    editions = _editions(rows)
    rows.set_aside(~rows.table["level"].isin(list(levels)), f"other levels than {_level(max(levels))}",
                   "Levels are never mixed; the most detailed one is used.", "TOTALS_MIXED")  # fmt: skip
    if max(levels) >= 4:
        rows.set_aside(rows.table["unspecified"], "commodities not specified (9999)",
                       "They pair with nothing in particular.")  # fmt: skip
    _areas(rows, found)
    reporter, partner = (_mapped(rows.table[side], found) for side in ("reporter", "partner"))
    _silent(rows, reporter, partner)
    fob, valued, imports = _regime(rows, reporter)
    return _Year(
        year,
        set(reporter) | set(partner),
        details,
        monthly,
        editions,
        fob,
        valued,
        imports,
        tuple(sorted(int(f) for f in rows.table["file"].unique())),
        rows.findings,
    )


def _mapped(texts: pd.Series, to: dict[str, str]) -> Any:
    """A category of texts as an array of codes, empty where there is none."""
    names = np.array([to.get(str(t), "") for t in texts.cat.categories], dtype=object)
    return names[texts.cat.codes.to_numpy()]


def _keys(table: pd.DataFrame) -> set[Key]:
    seen = table[KEY].drop_duplicates()
    return {(int(y), str(r), str(f)) for y, r, f in seen.itertuples(index=False, name=None)}


def _among(table: pd.DataFrame, keys: Iterable[Key]) -> Mask:
    """Which rows are of these years, reporters and flows."""
    wanted = pd.MultiIndex.from_tuples(list(keys), names=KEY) if keys else None
    if wanted is None:
        return np.zeros(len(table), dtype=bool)
    plain = pd.MultiIndex.from_arrays(
        [table["year"].astype("int64"), table["reporter"].astype(str), table["flow"].astype(str)]
    )
    return np.asarray(plain.isin(wanted))


def _only_where_nothing_else(rows: _Rows, kind: str, what: str, advice: str) -> frozenset[Key]:
    """Set aside rows of a kind that repeat a total; gives the reporters' flows that come only so."""
    mask = rows.table[kind].to_numpy(dtype=bool)
    if not mask.any():
        return frozenset()
    whole = _keys(rows.table[~mask])
    only = _keys(rows.table[mask]) - whole
    rows.set_aside(mask & _among(rows.table, whole), what, advice)
    for year in sorted({y for y, _, _ in only}):
        who = sorted({r for y, r, _ in only if y == year})
        rows.add("SUMMED", "note", year, f"{len(who)} reporters: {' '.join(who)[:200]}",
                 f"These reporters give no total but {kind}: they are summed", "Months may not cover the whole year.")  # fmt: skip
    return frozenset(only)


def _editions(rows: _Rows) -> frozenset[tuple[int, str, str, str]]:
    """One classification a reporter, year and flow: the Harmonized System before others, then the most valuable."""
    table = rows.table
    if table["edition"].nunique() < 2:
        return frozenset()
    sums = table.groupby([*KEY, "edition"], observed=True)["value"].sum().reset_index()
    sums["harmonized"] = sums["edition"].astype(str).str.startswith("H")
    sums = sums.sort_values(["harmonized", "value", "edition"], ascending=[False, False, False], kind="stable")  # fmt: skip
    extra = sums[sums.duplicated(KEY)]
    kept = sums[~sums.duplicated(KEY)]
    for year, group in kept.groupby("year"):
        names = sorted(set(group["edition"].astype(str)))
        if len(names) > 1:
            rows.add("CLASSIFICATION_MIXED", "warning", int(str(year)), " ".join(names),
                     "Reporters use different classifications; a code may differ in content", "Convert to one edition first for a comparison by product.")  # fmt: skip
    dropped = {
        (int(y), str(r), str(f), str(e))
        for y, r, f, e in extra[[*KEY, "edition"]].itertuples(index=False, name=None)
    }
    if dropped:
        plain = pd.MultiIndex.from_arrays(
            [table["year"].astype("int64"), *(table[c].astype(str) for c in (*KEY[1:], "edition"))]
        )
        rows.set_aside(plain.isin(pd.MultiIndex.from_tuples(sorted(dropped))), "a second classification of the same flows",
                       "The same trade in other codes is not counted twice.")  # fmt: skip
    return frozenset(dropped)


def _levels(table: pd.DataFrame) -> tuple[int, ...]:
    """The lengths of code in use: the longest up to 6, and shorter ones that are not its parents.

    Parents of all children have the value of the children: where a reporter has both lengths and the
    shorter sums to less than half, its codes stand for themselves. `table` is that of `survey.Outline`.
    """
    present = sorted({int(n) for n in table["level"].unique()})
    longest = max((n for n in present if n <= 6), default=max(present))
    kept = {longest}
    sums = table.set_index([*KEY, "level"])["value"].unstack("level")
    for level in present:
        if 0 < level < longest:
            ratio = (sums[level] / sums[longest]).dropna()
            if len(ratio) and float(ratio.median()) < NESTED:
                kept.add(level)
    return tuple(sorted(kept))


def _level(level: int) -> str:
    return "the total" if level == 0 else f"{level} digits"


def _areas(rows: _Rows, found: dict[str, str]) -> None:
    """Set aside partners that are no single area, and trade with oneself."""
    table = rows.table
    texts = {str(t) for side in ("reporter", "partner") for t in table[side].unique()}
    for text in sorted(texts - set(found)):
        code = areas.plain(text)
        name = areas.UNALLOCATED.get(code)
        rows.set_aside(
            (rows.table["reporter"] == text) | (rows.table["partner"] == text),
            f"area {code or '(empty)'} ({name or 'unknown'})",
            "No single partner: it has no mirror." if name else "Name the area by ISO alpha-3 or M49.",
            "SET_ASIDE" if name else "UNKNOWN_AREA",
        )  # fmt: skip
    same = _mapped(rows.table["reporter"], found) == _mapped(rows.table["partner"], found)
    rows.set_aside(same, "trade with itself", "Returned goods have no mirror.")


def _odd_areas(rows: _Rows, found: dict[str, str], unknown: set[str]) -> None:
    """Findings of composite areas, and of codes that are kept although no list knows them."""
    for code in sorted(areas.COMPOSITE & {areas.plain(t) for t in found}):
        rows.add("COVERAGE_DIFFERS", "warning", 0, f"area {code}", f"Code {code} is taken as {areas.SAME[code]}",
                 "A composite or dissolved area: the other side may cover less.")  # fmt: skip
    for code in sorted(unknown):
        rows.add("UNKNOWN_AREA", "warning", 0, f"area {code}", f"{code} is in no list of areas: kept",
                 "Its margin is the mean unless a file of distances names it.")  # fmt: skip


def _silent(rows: _Rows, reporter: Any, partner: Any) -> None:
    """A finding a year: the areas that report nothing, and what their partners report."""
    table = rows.table
    years = table["year"].to_numpy()
    for year in np.unique(years):
        at = years == year
        silent = sorted(set(partner[at]) - set(reporter[at]))
        if silent:
            mask = at & np.isin(partner.astype(str), silent)
            rows.add("MISSING_MIRROR", "note", int(year), f"{len(silent)} silent reporters: {' '.join(silent)}",
                     "These areas report nothing; their partners' reports stand alone",
                     "Their flows rest on one side only: see evidence.",
                     table.loc[mask, "rows"].sum(), table.loc[mask, "value"].sum())  # fmt: skip


def _regime(
    rows: _Rows, reporter: Any
) -> tuple[frozenset[tuple[int, str]], bool, tuple[int, float]]:
    """(importers whose imports are FOB, whether any row states a CIF or FOB value, rows and value of imports)."""
    imports = (rows.table["flow"] == "M").to_numpy(dtype=bool)
    table = rows.table.loc[imports, ["year", "rows", "value", "with_cif", "only_fob"]]
    sums = table.assign(area=reporter[imports]).groupby(["year", "area"]).sum()
    fob = frozenset((int(y), str(a)) for y, a in sums.index[sums["only_fob"] > sums["with_cif"]])
    for year, area in sorted(fob):
        rows.add("VALUATION_ASSUMED", "note", year, f"imports of {area}",
                 "Only FOB values are stated: no margin is taken off", "Check the reporter's valuation.",
                 sums.loc[(year, area), "rows"], sums.loc[(year, area), "value"])  # fmt: skip
    stated = rows.table[["with_cif", "only_fob"]].to_numpy(dtype=float).sum() > 0
    return fob, bool(stated), (int(table["rows"].sum()), float(table["value"].sum()))
