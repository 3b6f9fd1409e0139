"""Owns correlation tables between commodity classifications: their reading, and the conversion of figures by them.

One code to one, or several to one, map directly. One code to several gives a merged group on both sides, or
stated weights; never a choice in silence. What no table maps is set aside with its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from sources import grid
from sources.errors import InputError, Problem
from sources.figures import COLUMNS, FINDING_COLUMNS, SET_ASIDE_COLUMNS, figure_ids
from sources.systems import NAMES, system
from sources.words import clean

MOST = 20  # codes that one code may correspond to and still be merged; beyond, a group would hide everything
_HEADER_ROWS = 8
_CODE = re.compile(r"\d{1,6}")
_FROM_TO = re.compile(r"^(?:from|to|between)\s+")
# What tells figures apart; the rest is lineage and is joined when figures are added up.
_LINEAGE = {"id", "place", "printed", "printed_unit", "printed_flag", "quote", "url", "value", "low", "high",
            "note", "commodity", "classification", "state", "approx", "derived_from", "assumed"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Concordance:
    """A table between two classifications: n pairs with columns from, to, relationship, partial, and weight (share
    of `from` that goes to `to`; missing where none is stated); `sheet`, and what was odd in `findings`."""

    source: str
    target: str
    pairs: pd.DataFrame = field(repr=False)
    file: str = ""
    sheet: str = ""
    findings: list[Problem] = field(default_factory=list, repr=False)

    def reversed(self) -> Concordance:
        """Give the same pairs read the other way; weights do not hold that way and are left out."""
        pairs = self.pairs.rename(columns={"from": "to", "to": "from"}).assign(weight=np.nan)
        pairs["relationship"] = pairs["relationship"].str[::-1]
        pairs = pairs.sort_values(["from", "to"], ignore_index=True)
        return Concordance(self.target, self.source, pairs, self.file, self.sheet, self.findings)


# --- reading ------------------------------------------------------------------------------------------


def load(path: str | Path) -> Concordance:
    """Read a correlation table (xlsx, csv; the layouts of the UN Statistics Division or columns from and to).

    The sheet with all pairs is taken before the one of one-to-one conversions. Raises InputError.
    """
    path = Path(path)
    found = [table for sheet in grid.load(path) if (table := _table(sheet, path.name)) is not None]
    if not found:
        raise InputError(
            Problem(path.name, "", "no sheet has a column for each of two classifications",
                    "Head two columns HS 2022 and HS 2017 (or SITC Rev. 4, BEC 4), the codes below.", "CONCORDANCE")
        )  # fmt: skip
    return max(found, key=lambda table: (_complete(table), len(table.pairs)))


def _complete(table: Concordance) -> bool:
    """Tell a table of all pairs from one that gives each code one counterpart."""
    return bool(table.pairs["from"].duplicated().any())


def _table(sheet: grid.Sheet, name: str) -> Concordance | None:
    """Read one sheet; None where it has no header of two classifications."""
    cells = sheet.cells
    for row in range(min(_HEADER_ROWS, len(cells))):
        heads = [clean(str(cell)) for cell in cells.iloc[row]]
        systems = [system(_FROM_TO.sub("", head)) for head in heads]
        held = [at for at, code in enumerate(systems) if code]
        if len(held) == 2:
            return _pairs(
                sheet, name, row, heads, (held[0], held[1]), (systems[held[0]], systems[held[1]])
            )
    return None


def _pairs(
    sheet: grid.Sheet,
    name: str,
    row: int,
    heads: Sequence[str],
    at: tuple[int, int],
    codes: tuple[str, str],
) -> Concordance:
    """Read the pairs under a header. Raises InputError with every row that cannot be read."""
    below = sheet.cells.iloc[row + 1 :]
    first = _tidy(below.iloc[:, at[0]])
    second = _tidy(below.iloc[:, at[1]])
    findings: list[Problem] = []
    first, mended_first = _mended(first, codes[0])
    second, mended_second = _mended(second, codes[1])
    if mended_first + mended_second:
        findings.append(
            Problem(name, sheet.name, f"{mended_first + mended_second} codes had lost their leading zero",
                    "The zero was put back; keep codes as text.", "CODE_REPAIRED")
        )  # fmt: skip
    filled = (first != "") | (second != "")
    good = first.str.fullmatch(_CODE.pattern) & second.str.fullmatch(_CODE.pattern)
    bad = np.flatnonzero((filled & ~good).to_numpy())
    tail = len(below) - 1
    while len(bad) and bad[-1] >= tail - 5 and second.iat[bad[-1]] == "":  # notes under the table
        tail, bad = bad[-1] - 1, bad[:-1]
    if len(bad):
        raise InputError([
            Problem(name, sheet.address(row + 1 + int(line)),
                    f"no pair of codes: {first.iat[line]!r} and {second.iat[line]!r}",
                    "Mend or remove the row.", "CONCORDANCE")
            for line in bad[:20]
        ])  # fmt: skip
    pairs = pd.DataFrame({"from": first[good], "to": second[good]})
    words = [clean(head) for head in heads]
    pairs["partial"] = (
        _tidy(below.iloc[:, _between(words, at)])[good].eq("ex")
        if _between(words, at) >= 0
        else False
    )
    share = next((k for k, word in enumerate(words) if word in ("weight", "share")), None)
    pairs["weight"] = np.nan if share is None else _weights(below.iloc[:, share][good], sheet, name)
    pairs = pairs.drop_duplicates(["from", "to"]).sort_values(["from", "to"], ignore_index=True)
    pairs["relationship"] = _relationship(pairs)
    if share is not None:
        _hold_weights(pairs, name)
    order = ["from", "to", "relationship", "partial", "weight"]
    return Concordance(codes[0], codes[1], pairs[order], name, sheet.name, findings)


def _between(words: Sequence[str], at: tuple[int, int]) -> int:
    """Give the unnamed column between the two codes, which marks partial ones, or -1."""
    return next((k for k in range(at[0] + 1, at[1]) if words[k] == ""), -1)


def _tidy(column: pd.Series) -> pd.Series:
    text = column.astype(str).str.strip().str.lstrip("'`’").str.strip()
    return text.str.replace(r"\.0$", "", regex=True).str.replace(r"(?<=\d)\.(?=\d)", "", regex=True)


def _mended(codes: pd.Series, name: str) -> tuple[pd.Series, int]:
    """Put back lost leading zeros of HS codes; other classifications have codes of every length."""
    if name[0] != "H":
        return codes, 0
    odd = codes.str.fullmatch(r"\d|\d{3}|\d{5}")
    return codes.where(~odd, "0" + codes), int(odd.sum())


def _weights(column: pd.Series, sheet: grid.Sheet, name: str) -> pd.Series:
    from sources import numbers

    texts = [str(cell).strip() for cell in column]
    values = [numbers.parse(text, decimal="point").value if text else np.nan for text in texts]
    bad = [k for k, value in enumerate(values) if value is None or value < 0 or value > 1]
    if bad:
        raise InputError([
            Problem(name, sheet.address(int(str(column.index[k]))), f"the weight {texts[k]!r} is not between 0 and 1",
                    "Write shares such as 0.6.", "CONCORDANCE")
            for k in bad[:20]
        ])  # fmt: skip
    return pd.Series(values, index=column.index, dtype=float)


def _hold_weights(pairs: pd.DataFrame, name: str) -> None:
    """Refuse weights of a code that do not add up to one."""
    given = pairs.groupby("from")["weight"].agg(["sum", "count", "size"])
    bad = given[
        (given["count"] > 0)
        & ((given["count"] < given["size"]) | ((given["sum"] - 1).abs() > 1e-6))
    ]
    if len(bad):
        raise InputError([
            Problem(name, "", f"the weights of {code} add up to {row['sum']:.6g}",
                    "Weights of one code add up to 1, and every pair of it has one.", "CONCORDANCE")
            for code, row in bad.head(20).iterrows()
        ])  # fmt: skip


def _relationship(pairs: pd.DataFrame) -> pd.Series:
    """Work out 1:1, n:1, 1:n or n:n from the pairs themselves; the printed ones are of the whole group, if there."""
    many_to = pairs.groupby("from")["to"].transform("size") > 1
    many_from = pairs.groupby("to")["from"].transform("size") > 1
    kind = np.select([many_from & many_to, many_from, many_to], ["n:n", "n:1", "1:n"], "1:1")
    return pd.Series(kind, index=pairs.index, dtype=object)


# --- conversion -----------------------------------------------------------------------------------------


def to_classification(
    figures: pd.DataFrame,
    target: str,
    tables: Iterable[Concordance],
    *,
    equal: bool = False,
    most: int = MOST,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Bring n figures by commodity to one classification: (figures, set aside, findings).

    Figures whose codes become one are added up; the codes as printed stay in `note`, the numbers and places of
    the parts in `printed` and `place`. A code that corresponds to several becomes a merged group, `010121+010129`, on both sides;
    with `equal`, or weights in the table, its value is split instead and labelled as assumed. Raises InputError
    for an unknown target.
    """
    aim = system(target)
    if not aim or aim == "HS":
        near = ", ".join(NAMES)
        raise InputError(
            Problem(
                "",
                "--classification",
                f"unknown classification {target!r}",
                f"Use one of {near}",
                "CONCORDANCE",
            )
        )
    commodity = figures["commodity"].astype(str).str.strip().str.upper()
    held = figures["classification"].astype(str).map(system)
    whole = commodity.isin(("", "TOTAL", "ALL"))
    # A chapter holds the same goods in every revision, but for a few headings that moved.
    chapter = commodity.str.len().le(2) & held.str.startswith("H") & (aim[0] == "H")
    plan = pd.DataFrame(
        {"row": np.arange(len(figures)), "code": commodity, "held": held, "share": 1.0}
    )
    plan["to"] = np.where(whole | chapter | (held == aim), commodity, "")
    plan["why"] = ""
    by_source = {(table.source, table.target): table for table in tables}
    by_source = {(t.target, t.source): t.reversed() for t in by_source.values()} | by_source
    open_ = plan["to"] == ""
    parts = [plan[~open_]]
    groups = _Groups()
    for source, rows in plan[open_].groupby("held", sort=True):
        table = by_source.get((str(source), aim))
        if table is None:
            name = NAMES.get(str(source), "a classification that is not stated")
            parts.append(rows.assign(why=f"no table from {name} to {NAMES[aim]}"))
            continue
        parts.append(_mapped(rows, table, groups, equal, most))
    plan = pd.concat(parts).sort_values(["row", "to"], kind="stable", ignore_index=True)
    plan["merged"] = groups.names(plan["to"], ~whole.to_numpy()[plan["row"]])
    aside = _aside(figures, plan[plan["why"] != ""])
    kept = plan[plan["why"] == ""]
    out = _added(figures, kept, aim, whole)
    return out, aside, _findings(figures, plan, whole, aim, groups)


class _Groups:
    """Codes of the target that must be compared together: a union-find over codes."""

    def __init__(self) -> None:
        self._up: dict[str, str] = {}

    def find(self, code: str) -> str:
        """Give the head of a code's group, its smallest code."""
        while (up := self._up.get(code, code)) != code:
            self._up[code] = self._up.get(up, up)
            code = up
        return code

    def join(self, codes: Iterable[str]) -> None:
        """Put codes into one group."""
        heads = sorted({self.find(code) for code in codes})
        for head in heads[1:]:
            self._up[head] = heads[0]

    def names(self, codes: pd.Series, by_commodity: np.ndarray) -> pd.Series:
        """Give the name of each code's group: its codes joined by plus; a code in no group is its own name."""
        inside: dict[str, list[str]] = {}
        for code in sorted(set(self._up) | {self.find(code) for code in self._up}):
            inside.setdefault(self.find(code), []).append(code)
        table = {
            code: "+".join(listed) if len(listed) <= 10 else f"{listed[0]}+...+{listed[-1]} ({len(listed)} codes)"
            for listed in inside.values()
            for code in listed
        }  # fmt: skip
        return codes.map(lambda code: table.get(code, code)).where(by_commodity, codes)


def _mapped(
    rows: pd.DataFrame, table: Concordance, groups: _Groups, equal: bool, most: int
) -> pd.DataFrame:
    """Give the target codes of rows of one classification: one row, several with shares, or none and why."""
    out = []
    name, goal = NAMES[table.source], NAMES[table.target]
    for digits, part in rows.groupby(rows["code"].str.len(), sort=True):
        pairs = table.pairs[["from", "to", "weight"]]
        if table.source[0] == "H":
            if digits not in (2, 4, 6):
                out.append(part.assign(why=f"no code of {name} that the table could map"))
                continue
            pairs = pairs.assign(**{"from": pairs["from"].str[:digits]})
            if table.target[0] == "H":
                pairs = pairs.assign(to=pairs["to"].str[:digits])
            if digits < 6:
                pairs = pairs.assign(weight=np.nan).drop_duplicates(["from", "to"])
        wanted = pairs[pairs["from"].isin(set(part["code"]))]
        size = wanted.groupby("from")["to"].size()
        weighted = set(wanted.loc[wanted["weight"].notna(), "from"])
        several = {str(code) for code in size.index[size > 1]} - weighted
        wide = {code for code in several if size[code] > most}
        if equal:
            weighted |= several - wide
            share = 1.0 / wanted["from"].map(size)
            wanted = wanted.assign(weight=wanted["weight"].fillna(share))
        for code in sorted(several - wide - weighted):
            groups.join(wanted.loc[wanted["from"] == code, "to"])
        # a merged code needs one target only: all of them have the same name in the end
        single = (
            wanted[~wanted["from"].isin(weighted | wide)].drop_duplicates("from").assign(weight=1.0)
        )
        split = wanted[wanted["from"].isin(weighted) & (wanted["weight"] > 0)]
        chosen = pd.concat([single, split])
        joined = part.drop(columns=["to", "share"]).merge(
            chosen.rename(columns={"from": "code", "weight": "share"}),
            on="code",
            how="left",
            validate="m:m",
        )
        lost = joined["to"].isna()
        too_wide = joined["code"].isin(wide)
        joined["why"] = np.select(
            [too_wide, lost],
            [
                "it corresponds to more than " + f"{most} codes of {goal}",
                f"no code of {name} that the table maps",
            ],
            "",
        )
        out.append(joined.assign(to=joined["to"].fillna(""), share=joined["share"].fillna(1.0)))
    return pd.concat(out) if out else rows


def _added(figures: pd.DataFrame, plan: pd.DataFrame, aim: str, whole: pd.Series) -> pd.DataFrame:
    """Give the figures under their new codes, those that now have the same key added up."""
    rows = figures.iloc[plan["row"].to_numpy()].reset_index(drop=True)
    for name, kind in COLUMNS.items():
        if kind == "text" and name in rows:
            rows[name] = rows[name].astype(object)
    share = plan["share"].to_numpy()
    for name in ("value", "low", "high"):
        rows[name] = rows[name].astype(float) * share
    total = whole.to_numpy()[plan["row"].to_numpy()]
    new = plan["merged"].to_numpy(dtype=object)
    old, held = plan["code"].to_numpy(dtype=object), plan["held"].to_numpy(dtype=object)
    changed = ~total & ((new != old) | (held != aim)) & (held != "")
    rows["commodity"] = np.where(total, rows["commodity"], new)
    rows["classification"] = np.where(total | (held == ""), rows["classification"], aim)
    split = share < 1
    rows["_was"] = [f"{code} of {NAMES.get(system_, system_)}" for code, system_ in zip(old, held)]
    rows.loc[split, "_was"] = [
        f"{w:.6g} of {text}" for w, text in zip(share[split], rows["_was"][split])
    ]
    if split.any():
        rows.loc[split, "assumed"] = _listed(rows.loc[split, "assumed"], "commodity")
        rows.loc[split, "status"] = "estimate"
    if not changed.any():
        return rows.drop(columns="_was")[list(figures.columns)]
    return _sums(rows, changed, list(figures.columns))


def _listed(column: pd.Series, word: str) -> pd.Series:
    return column.map(lambda text: f"{text}, {word}" if text else word)


def _sums(rows: pd.DataFrame, changed: np.ndarray, order: list[str]) -> pd.DataFrame:
    """Add up changed rows and whatever has the same key as they; all other rows stay as they are."""
    keys = [name for name in order if name not in _LINEAGE] + ["commodity", "classification"]
    number = rows.groupby(keys, sort=False, dropna=False, observed=True).ngroup().to_numpy()
    touched = np.isin(number, number[changed])
    quiet = rows[~touched]
    rows = rows[touched].assign(_group=number[touched], _changed=changed[touched])
    size = rows.groupby("_group")["_group"].transform("size")
    alone, several = rows[size == 1].copy(), rows[size > 1]
    alone["note"] = _noted(alone["note"], "commodity printed as " + alone["_was"])
    parts = [quiet, alone]
    if len(several):
        grouped = several.groupby("_group", sort=False)
        sums = grouped.first()
        known = several["state"].isin(("number", "zero"))
        sums["value"] = several["value"].where(known).groupby(several["_group"]).sum(min_count=1)
        for name in ("low", "high"):
            bound = several[name].fillna(several["value"]).where(known)
            sums[name] = bound.groupby(several["_group"]).sum(min_count=1)
        count, missing = grouped.size(), (~known).groupby(several["_group"]).sum()
        sums["state"] = np.where(
            sums["value"].isna(), sums["state"], np.where(sums["value"] == 0, "zero", "number")
        )
        sums["place"] = grouped["place"].agg(lambda places: _run(list(places)))
        printed = grouped["printed"].agg(lambda texts: " + ".join(str(text) for text in texts[:20]))
        sums["printed"], sums["quote"] = printed, ""
        lost = missing.map(lambda n: f"; {n} of them not reported" if n else "")
        added = (
            "sum of "
            + count.astype(str)
            + " commodities: "
            + grouped["_was"].agg(lambda t: _run(list(t), 12))
        )
        sums["note"] = _noted(sums["note"], added + lost)
        sums["id"] = figure_ids(sums["source"], sums["place"], sums["commodity"], sums["printed"])
        parts.append(sums.reset_index(drop=True))
    return pd.concat(parts)[order].reset_index(drop=True)


def _noted(column: pd.Series, words: pd.Series) -> pd.Series:
    return (column.fillna("").astype(str) + "; " + words).str.removeprefix("; ")


def _run(texts: list[str], most: int = 6) -> str:
    """Write a list shortly: all of it, or its first ones and how many more."""
    listed = list(dict.fromkeys(texts))
    return " + ".join(listed[:most]) + (
        f" and {len(listed) - most} more" if len(listed) > most else ""
    )


def _aside(figures: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    rows = figures.iloc[plan["row"].to_numpy()].reset_index(drop=True)
    if rows.empty:
        return pd.DataFrame(columns=SET_ASIDE_COLUMNS)
    why = (
        "commodity "
        + plan["code"].to_numpy(dtype=object)
        + ": "
        + plan["why"].to_numpy(dtype=object)
    )
    label = (
        rows["reporter"].astype(str)
        + " "
        + rows["flow"].astype(str)
        + " "
        + rows["partner"].astype(str)
    )
    found = rows[["file", "place", "printed", "value", "unit"]].assign(reason=why, label=label)
    return found[SET_ASIDE_COLUMNS]


def _findings(
    figures: pd.DataFrame, plan: pd.DataFrame, whole: pd.Series, aim: str, groups: _Groups
) -> pd.DataFrame:
    """Count and value what was mapped, merged, weighted and not mapped: one finding each."""
    moved = plan[(~whole.to_numpy()[plan["row"]]) & (plan["held"] != aim)]
    there = plan[(plan["held"] == aim) & (plan["merged"] != plan["to"])]
    unmapped = moved["why"] != ""
    split = (moved["share"] < 1) & ~unmapped
    merged = (moved["merged"] != moved["to"]) & ~unmapped & ~split
    plain = moved[~unmapped & ~split & ~merged]
    kinds = [
        ("COMMODITY_MAPPED", "note", plain, f"were mapped to {NAMES[aim]} one to one or several to one", ""),
        ("COMMODITY_MERGED", "note", pd.concat([moved[merged], there]),
         f"are in merged groups of {NAMES[aim]}, because a code corresponds to several", "Compare the groups only."),
        ("COMMODITY_WEIGHTED", "warning", moved[split], "were split between several codes by stated weights",
         "The split is an assumption; see the note of each figure."),
        ("COMMODITY_UNMAPPED", "warning", moved[unmapped], f"have no place in {NAMES[aim]} and are set aside",
         "Give the correlation table that holds them with --concordance, or mend the codes."),
    ]  # fmt: skip
    rows = []
    for code, severity, part, words, advice in kinds:
        if part.empty:
            continue
        chosen = figures.iloc[part["row"].unique()]
        rows.append({
            "code": code, "severity": severity, "case": "", "figures": list(chosen["id"].astype(str))[:200],
            "file": "", "place": "", "message": f"{len(chosen):,} figures by commodity {words}: {_worth(chosen)}",
            "advice": advice,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=FINDING_COLUMNS)


def _worth(rows: pd.DataFrame) -> str:
    """Write the value of figures by currency, in units."""
    amount = rows["value"].astype(float) * rows["scale"].astype(float).fillna(1.0)
    sums = amount.groupby(rows["currency"].astype(str)).sum()
    return ", ".join(f"{value:,.0f} {name or 'of an unknown unit'}" for name, value in sums.items())
