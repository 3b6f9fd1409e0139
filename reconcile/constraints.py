"""Accounting constraints between figures, and the balance under them. Owns how a constraint is stated.

A constraint is rows (constraint, id, coefficient) and a target: a number, or a lower and an upper one.
The figures themselves give turnover = exports + imports, balance = exports - imports, group = members,
year = months or quarters; the user adds lines such as `edb-total = edb-kaz + edb-uzb`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.balance.leastsquares import Solution, Sparse, components, solve
from sources.errors import InputError, Problem

Floats = npt.NDArray[np.float64]

TABLE = ["constraint", "id", "coefficient"]
KINDS = ("turnover", "balance", "group", "year")
VALUES_OUT = [
    "id",
    "value_in",
    "value_out",
    "moved",
    "moved_pct_in",
    "low",
    "high",
    "lower",
    "upper",
    "bound",  # fixed, lower, upper, or empty where the value was free
    "part",  # number of the connected part of the system, -1 where no constraint holds the value
]
CONSTRAINTS_OUT = [
    "constraint",
    "target_low",
    "target_high",
    "total_in",
    "total_out",
    "before",  # how far the figures as given miss the target, signed
    "after",
    "unmet",
    "part",
    "conflict",  # for an unmet constraint: the other unmet ones of its part and what is fixed in it
]
NORMAL_95 = 1.959963984540054
UNMET = 1e-6  # share of the constraint's terms beyond which a miss counts


class Constraints(NamedTuple):
    """`table`: constraint, id, coefficient. `rhs`: by constraint, a Series or a table lower, upper."""

    table: pd.DataFrame
    rhs: Any


@dataclass(frozen=True)
class Balanced:
    """Tables `values` (VALUES_OUT) and `constraints` (CONSTRAINTS_OUT), and what was found overall.

    `exact`: the ranges use the full covariance, not its upper bound.
    """

    values: pd.DataFrame
    constraints: pd.DataFrame
    exact: bool = True

    @property
    def feasible(self) -> bool:
        """Whether every constraint is met."""
        return not bool(self.constraints["unmet"].any())

    @property
    def infeasible(self) -> dict[int, list[str]]:
        """The unmet constraints by connected part: those of one part cannot all hold together."""
        unmet = self.constraints[self.constraints["unmet"]]
        return {int(part): list(rows) for part, rows in unmet.groupby("part")["constraint"]}


def join(*several: Constraints) -> Constraints:
    """One set of constraints from several; a name that comes twice is an error (ValueError)."""
    table = pd.concat([one.table for one in several], ignore_index=True)
    targets = pd.concat([_targets(one.rhs) for one in several])
    if targets.index.has_duplicates:
        twice = sorted(set(targets.index[targets.index.duplicated()]))
        raise ValueError(f"constraints named twice: {', '.join(map(str, twice))}")
    return Constraints(table, targets)


def _targets(rhs: Any) -> pd.DataFrame:
    if isinstance(rhs, pd.DataFrame):
        return rhs[["lower", "upper"]].astype(float)
    return pd.DataFrame({"lower": rhs, "upper": rhs}, dtype=float)


# ---------------------------------------------------------------------------------------- the user's own

_RELATION = re.compile(r"\s*(<=|>=|=|≤|≥)\s*")
_SIGN = re.compile(r"(?:^|\s+)([+\-−])\s+|\s+([+\-−])(?=\d)")
_TERM = re.compile(
    r"^(?:(?P<number>[+\-−]?\d+(?:\.\d+)?(?:[eE][+\-]?\d+)?)\s*(?:[*×]\s*)?)?(?P<id>\S+)?$"
)


def parse(lines: Iterable[str], known: Iterable[str] | None = None) -> Constraints:
    """Read the user's constraints, one a line: `[NAME:] terms = terms`, also with <= or >=.

    A term is an id, a number, or number * id; + and - between terms stand between spaces, because ids
    hold hyphens. The part after # is a comment. `known` ids make an unknown one an error. Raises
    InputError with every line that cannot be read.
    """
    ids = None if known is None else set(known)
    rows: list[tuple[str, str, float]] = []
    targets: dict[str, tuple[float, float]] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        text = line.split("#", 1)[0].strip()
        if not text:
            continue
        place = f"line {number}"
        name, _, rest = text.rpartition(": ")
        sides = _RELATION.split(rest)
        if len(sides) != 3:
            problems.append(
                Problem("constraints", place, f"not one relation: {text}", "write terms = terms")
            )
            continue
        name = name.strip() or rest
        try:
            terms, constant = _terms(sides[0], sides[2])
        except ValueError as error:
            problems.append(
                Problem("constraints", place, str(error), "write 2 * id + other - third")
            )
            continue
        strange = sorted(set(terms) - ids) if ids is not None else []
        if strange or not terms or name in targets:
            found = (
                f"no figure {', '.join(strange)}" if strange else f"nothing to constrain in {text}"
            )
            if terms and not strange:
                found = f"the name {name} is used twice"
            problems.append(Problem("constraints", place, found, "name ids of the figures table"))
            continue
        rows += [(name, key, value) for key, value in terms.items()]
        low = -math.inf if sides[1] in ("<=", "≤") else -constant
        high = math.inf if sides[1] in (">=", "≥") else -constant
        targets[name] = (low + 0.0, high + 0.0)
    if problems:
        raise InputError(problems)
    return _made(rows, targets)


def _terms(left: str, right: str) -> tuple[dict[str, float], float]:
    """All terms brought to the left: coefficients by id, and the constant."""
    terms: dict[str, float] = {}
    constant = 0.0
    for side, text in ((1.0, left), (-1.0, right)):
        pieces = [piece for piece in _SIGN.split(" " + text.strip()) if piece is not None]
        sign = 1.0
        for piece in pieces:
            piece = piece.strip()
            if piece in ("+", "-", "−"):
                sign = 1.0 if piece == "+" else -1.0
                continue
            if not piece:
                continue
            match = _TERM.match(piece)
            if match is None:
                raise ValueError(f"not a term: {piece}")
            number = float((match["number"] or "1").replace("−", "-")) * sign * side
            if match["id"] is None:
                constant += number
            else:
                terms[match["id"]] = terms.get(match["id"], 0.0) + number
            sign = 1.0
    return {key: value for key, value in terms.items() if value}, constant


def _made(
    rows: list[tuple[str, str, float]], targets: Mapping[str, tuple[float, float]]
) -> Constraints:
    table = pd.DataFrame(rows, columns=TABLE)
    rhs = pd.DataFrame(list(targets.values()), index=list(targets), columns=["lower", "upper"])
    return Constraints(table, rhs.astype(float))


# ------------------------------------------------------------------------------------ from the figures

_KEYS = ["reporter", "partner", "flow", "period", "commodity", "measure"]


def from_figures(
    figures: pd.DataFrame,
    *,
    kinds: Iterable[str] = KINDS,
    across_sources: bool = False,
    cif: float = 1.0,
    members: Callable[[str, int], frozenset[str]] | None = None,
) -> Constraints:
    """Give the identities that the figures must keep among themselves.

    `figures`: the canonical columns and `amount`. Each identity is stated within one source; with
    `across_sources` parts may come from any source, and further figures of one measure, the mirror
    figure included, are set equal to the first (`same`). A group is constrained only where every
    member of its year has a figure; a longer period only where its parts fill it without a gap.
    `cif` is what an importer's figure (unless its `valuation` is FOB) counts for one of the exporter's:
    where a figure stands in an identity for its mirror, its coefficient carries that factor.
    `members(group, year)` stands in for `sources.areas.members`.
    """
    table = _usable(figures, across_sources)
    wanted = set(kinds)
    rows: list[tuple[str, str, float]] = []
    if across_sources:
        rows += _same(table)
        table = table.drop_duplicates("key")
    if "turnover" in wanted:
        rows += _flows(table, "turnover", 1.0)
    if "balance" in wanted:
        rows += _flows(table, "balance", -1.0)
    if "group" in wanted:
        rows += _groups(table, members)
    if "year" in wanted:
        rows += _periods(table)
    if cif != 1.0 and across_sources:
        rows = _valued(rows, figures, cif)
    return _made(rows, dict.fromkeys((name for name, _, _ in rows), (0.0, 0.0)))


def _valued(
    rows: list[tuple[str, str, float]], figures: pd.DataFrame, cif: float
) -> list[tuple[str, str, float]]:
    """Coefficients for figures in the place of their mirror: FOB = CIF / cif.

    The place is that of the whole's flow in groups and periods, of its own flow in a turnover or balance,
    and FOB between mirrors.
    """
    by_id = figures.drop_duplicates("id").set_index("id")
    flow = by_id["flow"].to_dict()
    fob = by_id["valuation"].eq("FOB") if "valuation" in by_id else pd.Series(False, by_id.index)
    is_cif = {key: flow[key] == "imports" and not bool(fob[key]) for key in flow}
    whole: dict[str, str] = {}
    count: dict[str, int] = {}
    out = []
    for name, key, coefficient in rows:
        kind, first = name.split(":", 1)[0], whole.setdefault(name, key)
        position = count[name] = count.get(name, -1) + 1
        if kind == "same":
            place = False
        elif kind in ("turnover", "balance"):  # the whole, its exports, its imports
            place = position == 2
        else:
            place = is_cif[first]
        factor = 1.0 if place == is_cif[key] else (cif if place else 1 / cif)
        out.append((name, key, coefficient * factor))
    return out


def _usable(figures: pd.DataFrame, across_sources: bool) -> pd.DataFrame:
    """Figures with an amount, one a measure and source, with text keys; derived ones left out."""
    table = figures[figures["amount"].notna()].copy()
    if "derived" in table:
        table = table[~table["derived"].fillna(False).astype(bool)]
    if "role" in table:
        table = table[table["role"].fillna("") != "set aside"]
    for name in [*_KEYS, "source"]:
        table[name] = table[name].fillna("").astype(str) if name in table else ""
    if "prices" in table:
        table["measure"] = table["measure"] + "|" + table["prices"].fillna("").astype(str)
    if across_sources:
        table["by"] = ""
        swap = table["flow"].eq("imports") | (
            table["flow"].eq("turnover") & (table["reporter"] > table["partner"])
        )
        first = table["reporter"].where(~swap, table["partner"])
        second = table["partner"].where(~swap, table["reporter"])
        flow = table["flow"].where(~table["flow"].eq("imports"), "exports")
        table["key"] = list(zip(first, second, flow, *(table[name] for name in _KEYS[3:])))
        # one source, one vote: figures of one origin are not set equal to themselves
        if "origin" in table:
            table = table.drop_duplicates(["key", "origin"])
        return table
    table["by"] = table["source"]
    return table.drop_duplicates([*_KEYS, "by"])


def _name(kind: str, row: Any) -> str:
    parts = [row.reporter, row.partner, row.flow, row.period]
    if row.commodity not in ("", "TOTAL"):
        parts.append(row.commodity)
    return f"{kind}: " + " ".join(parts) + (f" ({row.by})" if row.by else "")


def _same(table: pd.DataFrame) -> list[tuple[str, str, float]]:
    first = table.drop_duplicates("key").set_index("key")["id"]
    rows: list[tuple[str, str, float]] = []
    others = table[table.duplicated("key")]
    for key, other in zip(others["key"], others["id"]):
        name = f"same: {first[key]} and {other}"
        rows += [(name, str(first[key]), 1.0), (name, str(other), -1.0)]
    return rows


def _flows(table: pd.DataFrame, whole: str, sign: float) -> list[tuple[str, str, float]]:
    """turnover = exports + imports, balance = exports - imports (by `sign` of imports)."""
    keys = ["reporter", "partner", "period", "commodity", "measure", "by"]
    sides = {
        flow: table[table["flow"] == flow][[*keys, "flow", "id"]]
        for flow in (whole, "exports", "imports")
    }
    if not len(sides[whole]):
        return []
    if table["by"].eq("").all():  # mirror figures stand in for a missing side
        mirror = {"exports": "imports", "imports": "exports"}
        for flow, other in mirror.items():
            own = table[table["flow"] == other][[*keys, "flow", "id"]]
            turned = own.rename(columns={"reporter": "partner", "partner": "reporter"})
            both = pd.concat([sides[flow], turned.assign(flow=flow)])
            sides[flow] = both.drop_duplicates(keys)
    exports = sides["exports"][[*keys, "id"]].rename(columns={"id": "x"})
    imports = sides["imports"][[*keys, "id"]].rename(columns={"id": "m"})
    met = sides[whole].merge(exports, on=keys, validate="many_to_one")
    met = met.merge(imports, on=keys, validate="many_to_one")
    rows: list[tuple[str, str, float]] = []
    for row in met.itertuples():
        name = _name(whole, row)
        rows += [(name, str(row.id), 1.0), (name, str(row.x), -1.0), (name, str(row.m), -sign)]
    return rows


def _groups(
    table: pd.DataFrame, members: Callable[[str, int], frozenset[str]] | None
) -> list[tuple[str, str, float]]:
    """group = sum of its members, on the reporter's and on the partner's side."""
    from sources import periods

    if members is None:
        from sources import areas

        members = areas.members
    codes = pd.unique(pd.concat([table["reporter"], table["partner"]]))
    years = {text: _year(periods, text) for text in table["period"].unique()}
    held: dict[tuple[str, int], frozenset[str]] = {}
    for code in codes:
        for year in {y for y in years.values() if y is not None}:
            found = members(code, year)
            if found and found != frozenset({code}):
                held[code, year] = found
    if not held:
        return []
    groups = {code for code, _ in held}
    rows: list[tuple[str, str, float]] = []
    for side, other in (("reporter", "partner"), ("partner", "reporter")):
        keys = [other, "flow", "period", "commodity", "measure", "by"]
        wholes = table[table[side].isin(groups)]
        if not len(wholes):
            continue
        index: dict[Any, dict[str, str]] = {}
        relevant = set().union(*held.values())
        below = table[table[side].isin(relevant)]
        for key, area, figure in zip(zip(*(below[k] for k in keys)), below[side], below["id"]):
            index.setdefault(key, {}).setdefault(area, str(figure))
        if table["by"].eq("").all():
            _add_mirrors(index, table, side, other, relevant)
        for row, key in zip(wholes.itertuples(), zip(*(wholes[k] for k in keys))):
            inside = held.get((getattr(row, side), years[str(row.period)] or 0))
            found_parts = index.get(key, {})
            if not inside:
                continue
            inside = inside - {getattr(row, other)}
            if not inside or not inside <= set(found_parts):
                continue
            name = _name("group", row)
            rows.append((name, str(row.id), 1.0))
            rows += [(name, found_parts[area], -1.0) for area in sorted(inside)]
    return rows


def _add_mirrors(
    index: dict[Any, dict[str, str]], table: pd.DataFrame, side: str, other: str, relevant: set[str]
) -> None:
    """Members whose figure was kept under the partner's name, the flow turned round."""
    turn = {"exports": "imports", "imports": "exports", "turnover": "turnover"}
    below = table[table[other].isin(relevant) & table["flow"].isin(turn)]
    for row in below.itertuples():
        key = (
            getattr(row, side),
            turn[str(row.flow)],
            row.period,
            row.commodity,
            row.measure,
            row.by,
        )
        index.setdefault(key, {}).setdefault(getattr(row, other), str(row.id))


def _year(periods: Any, text: str) -> int | None:
    try:
        period = periods.parse(text)
    except ValueError:
        return None
    return int(period.start.year)


def _periods(table: pd.DataFrame) -> list[tuple[str, str, float]]:
    """A longer period = the shorter ones of one length that fill it: months, quarters, halves."""
    from sources import periods

    spans: dict[str, tuple[int, int]] = {}
    for text in table["period"].unique():
        try:
            period = periods.parse(text)
        except ValueError:
            continue
        start = period.start.year * 12 + period.start.month - 1
        end = period.end.year * 12 + period.end.month
        spans[text] = (start, end)
    rows: list[tuple[str, str, float]] = []
    keys = ["reporter", "partner", "flow", "commodity", "measure", "by"]
    for length, word in ((1, "months"), (3, "quarters"), (6, "halves")):
        inside = [
            (whole, part)
            for whole, (start, end) in spans.items()
            if end - start > length and (end - start) % length == 0
            for part, (first, last) in spans.items()
            if last - first == length and start <= first < end and (first - start) % length == 0
        ]
        if not inside:
            continue
        link = pd.DataFrame(inside, columns=["whole", "period"])
        parts = table[[*keys, "period", "id"]].merge(link, on="period", validate="many_to_many")
        parts = parts.rename(columns={"id": "part", "period": "part_period"})
        wholes = table[[*keys, "period", "id"]].rename(columns={"period": "whole"})
        met = wholes.merge(parts, on=[*keys, "whole"], validate="one_to_many")
        if not len(met):
            continue
        needed = {whole: (end - start) // length for whole, (start, end) in spans.items()}
        met["full"] = met["whole"].map(needed)
        met = met[met.groupby("id")["part"].transform("size") == met["full"]]
        for figure, group in met.groupby("id", sort=False):
            first_row = group.iloc[0].rename({"whole": "period"})
            name = _name(word, first_row)
            rows.append((name, str(figure), 1.0))
            rows += [(name, str(part), -1.0) for part in group["part"]]
    return rows


# ----------------------------------------------------------------------------------------- the balance


def balance_constrained(
    values: pd.DataFrame,
    constraints: pd.DataFrame,
    rhs: Any,
    *,
    check_only: bool = False,
) -> Balanced:
    """Adjust values as little as their variances allow so that every constraint holds.

    `values`: id, value, and optionally low, high, sd, alterability (1; 0 fixes; a larger one moves
    more), lower, upper (bounds of the answer), fixed. `constraints`: constraint, id, coefficient.
    `rhs`: Series by constraint, or a table with lower and upper for inequalities.
    Variance is alterability · sd², and alterability · |value| where no sd is given, so that values
    move in proportion to their size (G-Series' default). A missing value is found from the constraints.
    Generalised least squares of Stone, Champernowne and Meade (1942); ranges are 1.96 standard errors of
    V* = V - V A'(A V A')^+ A V, scaled by the Birge ratio of the connected part where figures conflict,
    and then they hold the figure as given too. `check_only` moves nothing and reports what is missed.
    Raises InputError for ids that are doubled or unknown, and for bounds that exclude each other.
    """
    problem = _Problem.read(values, constraints, rhs)
    p = problem
    if check_only:
        y, variance = p.x.copy(), p.v
        at, exact = np.zeros(len(p.x), dtype=np.int64), True
    else:
        found: Solution = solve(p.a, *p.start(), p.low, p.high, p.lower, p.upper)
        y, variance, at, exact = found.y, found.variance, found.at, found.exact
    part_row, part_column = components(p.a)
    # an unknown value that no constraint holds stays unknown
    y = np.where(np.isnan(p.x) & (part_column < 0), np.nan, y)
    table = p.constraint_table(y, part_row)
    low, high = p.ranges(y, variance, part_column, check_only)
    bound = np.select([p.v == 0, at < 0, at > 0], ["fixed", "lower", "upper"], default="")
    moved = y - p.x
    with np.errstate(divide="ignore", invalid="ignore"):
        pct = np.where(p.x != 0, 100 * moved / np.abs(p.x), np.nan)
    out = pd.DataFrame(
        {
            "id": p.ids,
            "value_in": p.x,
            "value_out": y,
            "moved": moved,
            "moved_pct_in": pct,
            "low": low,
            "high": high,
            "lower": p.lower,
            "upper": p.upper,
            "bound": bound,
            "part": part_column,
        },
        columns=VALUES_OUT,
    )
    return Balanced(out, _explain(table, out, p), exact)


@dataclass(frozen=True)
class _Problem:
    """The tables as arrays."""

    ids: list[str]
    names: list[str]
    x: Floats
    v: Floats
    stated: npt.NDArray[np.bool_]  # a standard error was given
    own_low: Floats
    own_high: Floats
    lower: Floats
    upper: Floats
    a: Sparse
    low: Floats
    high: Floats

    @classmethod
    def read(cls, values: pd.DataFrame, constraints: pd.DataFrame, rhs: Any) -> _Problem:
        """Check and convert; every problem at once."""
        ids = [str(key) for key in values["id"]]
        targets = _targets(rhs)
        problems = []
        index = pd.Index(ids)
        if index.has_duplicates:
            twice = sorted(set(index[index.duplicated()]))
            problems.append(
                Problem("values", "id", f"more than once: {_few(twice)}", "one row an id")
            )
            raise InputError(problems)
        column = index.get_indexer(constraints["id"].astype(str))
        names = pd.Index(targets.index)
        row = names.get_indexer(constraints["constraint"])
        if (column < 0).any():
            lost = sorted(set(constraints["id"].astype(str)[column < 0]))
            problems.append(
                Problem("constraints", "id", f"no value for {_few(lost)}", "add its row")
            )
        if (row < 0).any():
            lost = sorted(set(constraints["constraint"].astype(str)[row < 0]))
            problems.append(Problem("constraints", "rhs", f"no target for {_few(lost)}", "add it"))
        x = values["value"].to_numpy(dtype=float).copy()

        def given(name: str, default: float) -> Floats:
            if name not in values:
                return np.full(len(x), default)
            return np.asarray(values[name].astype(float).fillna(default), dtype=float)

        lower, upper = given("lower", -math.inf), given("upper", math.inf)
        for key in np.array(ids)[lower > upper]:
            problems.append(Problem("values", str(key), "lower is above upper", "swap the bounds"))
        low = targets["lower"].to_numpy(dtype=float)
        high = targets["upper"].to_numpy(dtype=float)
        for name in names[low > high]:
            problems.append(Problem("constraints", str(name), "lower is above upper", "swap them"))
        alterability = given("alterability", 1.0)
        if (alterability < 0).any():
            problems.append(Problem("values", "alterability", "negative", "give 0 or more"))
        if np.isinf(x).any():
            problems.append(
                Problem("values", "value", "an infinite value", "leave unknown ones empty")
            )
        if problems:
            raise InputError(problems)
        sd = given("sd", math.nan)
        stated = np.isfinite(sd)
        unknown = np.isnan(x)
        size = np.abs(np.where(unknown, 0.0, x))
        v = alterability * np.where(stated, np.where(stated, sd, 0.0) ** 2, size)
        if "fixed" in values:
            v = np.where(values["fixed"].fillna(False).astype(bool).to_numpy(), 0.0, v)
        v = np.where(unknown, np.nan, v)
        own_low = np.minimum(given("low", math.nan), x)
        own_high = np.maximum(given("high", math.nan), x)
        coefficient = constraints["coefficient"].to_numpy(dtype=float)
        a = Sparse(row.astype(np.int64), column.astype(np.int64), coefficient, len(names), len(ids))
        return cls(
            ids,
            [str(name) for name in names],
            x,
            v,
            stated,
            np.where(np.isnan(own_low), x, own_low),
            np.where(np.isnan(own_high), x, own_high),
            lower,
            upper,
            a,
            low,
            high,
        )

    def start(self) -> tuple[Floats, Floats]:
        """Values and variances to solve with: an unknown value carries no information.

        It starts where a constraint with no other unknown puts it, else at 0, with a variance that
        dwarfs all others, yet not so far that the arithmetic loses the small ones.
        """
        x, a = self.x.copy(), self.a
        for _ in range(20):
            missing = np.isnan(x)
            if not missing.any():
                break
            count = np.bincount(a.row, missing[a.column].astype(float), a.rows)
            total = a.dot(np.where(missing, 0.0, x))
            lone = missing[a.column] & (count[a.row] == 1) & (self.low == self.high)[a.row]
            if not lone.any():
                break
            where = np.flatnonzero(lone)
            x[a.column[where]] = (self.low - total)[a.row[where]] / a.coefficient[where]
        size = float(np.nanmax(np.abs(x), initial=1.0))
        largest = 1e6 * max(float(np.nanmax(self.v, initial=0.0)), 1e-12)
        blind = np.where(np.isnan(x), max(largest, 1e4 * size**2), largest)
        return np.nan_to_num(x), np.where(np.isnan(self.v), blind, self.v)

    def ranges(
        self, y: Floats, variance: Floats, part: npt.NDArray[np.int64], check_only: bool
    ) -> tuple[Floats, Floats]:
        """Low and high of each answer; fixed values keep the interval they came with."""
        if check_only:
            return self.own_low, self.own_high
        known = self.v > 0  # false for an unknown value
        safe = np.where(known, self.v, 1.0)
        parts = np.where(part < 0, part.max(initial=-1) + 1, part)
        square = np.bincount(parts, np.where(known, (y - np.nan_to_num(self.x)) ** 2 / safe, 0.0))
        rank = np.bincount(parts, np.where(known, 1 - variance / safe, 0.0))
        ratio = np.sqrt(square / np.maximum(rank, 1.0))[parts]
        scale = np.where(self.stated, np.maximum(ratio, 1.0), ratio)
        half = NORMAL_95 * np.sqrt(variance) * scale
        # what was only printed roughly stays rough unless a constraint pins it down better
        rough = np.minimum(y - np.minimum(self.own_low, y), np.maximum(self.own_high, y) - y)
        free = part < 0
        low, high = y - half, y + half
        low = np.where(free, self.own_low, low)
        high = np.where(free, self.own_high, high)
        conflict = (ratio > 1) & self.stated & known
        hold = (conflict | ~self.stated) & known
        low = np.where(hold, np.minimum(low, np.minimum(self.x, y - rough)), low)
        high = np.where(hold, np.maximum(high, np.maximum(self.x, y + rough)), high)
        fixed = self.v == 0
        low, high = np.where(fixed, self.own_low, low), np.where(fixed, self.own_high, high)
        low = np.minimum(np.where(fixed, low, np.maximum(low, self.lower)), y)
        high = np.maximum(np.where(fixed, high, np.minimum(high, self.upper)), y)
        return low, high

    def miss(self, y: Floats) -> tuple[Floats, Floats]:
        """Total of each constraint, and how far it is outside its target (0: inside)."""
        total = self.a.dot(np.nan_to_num(y))
        return total, np.where(
            total < self.low, total - self.low, np.where(total > self.high, total - self.high, 0.0)
        )

    def constraint_table(self, y: Floats, part: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Before and after; a miss counts beyond UNMET of the sum of the constraint's terms."""
        total_in, before = self.miss(self.x)
        total_out, after = self.miss(y)
        a = self.a
        terms = np.bincount(a.row, np.abs(a.coefficient * np.nan_to_num(y[a.column])), a.rows)
        target = np.where(np.isfinite(self.low), np.abs(self.low), 0.0)
        unmet = np.abs(after) > UNMET * np.maximum(terms + target, 1e-12)
        return pd.DataFrame(
            {
                "constraint": self.names,
                "target_low": self.low,
                "target_high": self.high,
                "total_in": total_in,
                "total_out": total_out,
                "before": before,
                "after": np.where(unmet, after, 0.0),
                "unmet": unmet,
                "part": part,
                "conflict": "",
            },
            columns=CONSTRAINTS_OUT,
        )


def _explain(table: pd.DataFrame, values: pd.DataFrame, p: _Problem) -> pd.DataFrame:
    """Say for each unmet constraint what it clashes with, by connected part."""
    if not table["unmet"].any():
        return table
    held = np.array(values["bound"] != "")
    texts: dict[str, str] = {}
    for _, group in table[table["unmet"]].groupby("part"):
        names = list(group["constraint"])
        for name, place in zip(names, group.index):
            mine = np.unique(p.a.column[p.a.row == place])
            pinned = [p.ids[c] for c in mine if held[c]]
            others = [other for other in names if other != name]
            words = []
            if others:
                words.append("cannot hold together with " + _few(others))
            if pinned:
                words.append("held fast: " + _few(pinned))
            texts[name] = "; ".join(words) or "contradicts the constraints it shares figures with"
    conflict = table["constraint"].map(texts).fillna("")
    return table.assign(conflict=conflict)


def _few(names: Iterable[Any], n: int = 6) -> str:
    listed = [str(name) for name in names]
    return ", ".join(listed[:n]) + (f" and {len(listed) - n} more" if len(listed) > n else "")
