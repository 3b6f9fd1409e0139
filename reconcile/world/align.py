"""Which rows can be paired, and by which areas and products: everything else is set aside, counted and valued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reconcile.world import read
from sources import geography
from sources.errors import InputError, Problem

FINDINGS = ["code", "severity", "year", "what", "rows", "value", "message", "advice"]
# Comtrade's codes that are no single partner (UN Comtrade, list of partner areas)
UNALLOCATED = {
    "0": "World", "World": "World", "W00": "World", "WLD": "World",
    "97": "European Union", "EU2": "European Union", "EUN": "European Union", "EUR": "European Union",
    "899": "Areas, nes", "_X": "Areas, nes", "ANS": "Areas, nes", "UNS": "Areas, nes",
    "837": "Bunkers", "X1": "Bunkers", "838": "Free zones", "X2": "Free zones",
    "839": "Special categories", "XX": "Special categories",
    "568": "Other Europe, nes", "E19": "Other Europe, nes", "577": "Other Africa, nes",
    "F19": "Other Africa, nes", "636": "Rest of America, nes", "527": "Oceania, nes",
    "O19": "Oceania, nes", "637": "North and Central America, nes", "A59": "North and Central America, nes",
    "473": "LAIA, nes", "A79": "Rest of America or LAIA, nes", "471": "CACM, nes", "R91": "CACM, nes",
    "472": "Africa CAMEU, nes", "_AC": "Africa CAMEU, nes", "129": "Caribbean, nes",
    "A49": "Caribbean, nes", "221": "Eastern Europe, nes", "E29": "Eastern Europe, nes",
    "697": "EFTA, nes", "R20": "EFTA, nes", "492": "Europe EU, nes", "290": "Northern Africa, nes",
    "F49": "Northern Africa, nes", "879": "Western Asia, nes", "F97": "Western Asia, nes",
    "536": "Neutral zone", "975": "ASEAN", "80": "Antarctica and other territories",
}  # fmt: skip
# Comtrade's codes whose area is reported under another code, or a composite that stands for one
SAME = {
    "490": "TWN", "S19": "TWN", "58": "BEL", "200": "CZE", "280": "DEU", "841": "USA",
    "842": "USA", "840": "USA", "251": "FRA", "250": "FRA", "381": "ITA", "380": "ITA", "579": "NOR",
    "578": "NOR", "757": "CHE", "756": "CHE", "699": "IND", "356": "IND", "711": "ZAF", "ZA1": "ZAF",
    "736": "SDN", "729": "SDN", "891": "SRB", "SCG": "SRB", "810": "RUS", "SUN": "RUS", "DDR": "DEU",
    "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "SER": "SRB", "MNT": "MNE",
    "886": "YEM", "278": "DEU", "230": "ETH", "530": "CUW", "ANT": "CUW", "590": "PAN", "588": "PAK",
    "868": "VNM", "658": "KNA", "890": "SRB", "YUG": "SRB", "_KS": "XKX", "CSK": "CZE",
}  # fmt: skip
COMPOSITE = {
    "490",
    "S19",
    "58",
    "280",
    "200",
    "711",
    "ZA1",
    "736",
    "891",
    "SCG",
    "810",
    "SUN",
    "DDR",
}


@dataclass(frozen=True)
class Alignment:
    """What the survey decided. `areas` text -> ISO alpha-3; `codes` is sorted; `level` digits of a product."""

    areas: dict[str, str]
    codes: list[str]
    years: list[int]
    level: int
    months: bool
    details: frozenset[tuple[int, str, str]]
    fob_importers: frozenset[tuple[int, str]]
    valued: bool
    findings: pd.DataFrame


def survey(base: Any, found: Sequence[read.Table], years: Sequence[int] | None) -> pd.DataFrame:
    """One row by year, reporter, partner, flow, level and kind of row: rows and value. Reads every row once."""
    where = f"WHERE year IN ({', '.join(str(int(y)) for y in years)})" if years else ""
    query = f"""
        SELECT year, months, reporter, partner, flow, detail,
            CASE WHEN commodity IN ('TOTAL', 'AG0') THEN 0 ELSE length(commodity) END AS level,
            commodity LIKE '9999%' AS unspecified,
            value IS NULL OR NOT value > 0 OR isinf(value) AS empty,
            count(*) AS rows,
            CAST(sum(CAST(CASE WHEN isfinite(value) THEN value END AS DECIMAL(24, 2))) AS DOUBLE)
                AS value,
            CAST(sum(CAST(CASE WHEN cif > 0 THEN value END AS DECIMAL(24, 2))) AS DOUBLE) AS with_cif,
            CAST(sum(CAST(CASE WHEN fob > 0 AND NOT coalesce(cif > 0, false) THEN value END
                AS DECIMAL(24, 2))) AS DOUBLE) AS only_fob
        FROM {read.union(found)} {where} GROUP BY ALL ORDER BY ALL"""
    try:
        table = base.execute(query).df()
    except Exception as error:  # whatever it is, say in which file and row group
        problems = read.locate(found)
        if not problems:
            raise
        raise InputError(problems) from error
    table = table.fillna({"value": 0.0, "with_cif": 0.0, "only_fob": 0.0})
    if table.empty:
        wanted = f" of {', '.join(map(str, years))}" if years else ""
        raise InputError(Problem("", "", f"no rows{wanted}", "check the files and --year"))
    return pd.DataFrame(table)


def align(table: pd.DataFrame, known: frozenset[str]) -> Alignment:
    """Decide areas, level and kinds of rows from the survey; `known` are the codes with a place on the map."""
    aside: list[dict[str, Any]] = []

    def set_aside(mask: pd.Series, what: str, advice: str, code: str = "SET_ASIDE") -> None:
        nonlocal table
        gone = table[mask]
        for year, group in gone.groupby("year"):
            aside.append(
                {"code": code, "severity": "note", "year": int(str(year)), "what": what}
                | {"rows": int(group["rows"].sum()), "value": float(group["value"].sum())}
                | {"message": f"{what}: set aside", "advice": advice}
            )
        table = table[~mask]

    set_aside(table["flow"].isin(["RX", "RM"]), "re-exports and re-imports",
              "Exports in Comtrade (X) include re-exports; these rows repeat part of them.")  # fmt: skip
    set_aside(
        ~table["flow"].isin(["X", "M"]), "other flows and services", "Only X and M are paired."
    )
    set_aside(table["empty"], "no value, zero or negative", "An empty cell is not a zero.")
    months = bool(table["months"].all()) and not table.empty
    if not months:
        set_aside(table["months"], "months beside years", "The annual figures are used.")
    # breakdowns by transport, procedure or second partner repeat the total where there is one
    whole = table.loc[~table["detail"], ["year", "reporter", "flow"]].drop_duplicates()
    keys = set(whole.itertuples(index=False, name=None))
    details = {
        (int(y), r, f)
        for y, r, f in table.loc[table["detail"], ["year", "reporter", "flow"]]
        .drop_duplicates()
        .itertuples(index=False, name=None)
        if (y, r, f) not in keys
    }
    mine = pd.Series(
        [(y, r, f) in keys for y, r, f in zip(table["year"], table["reporter"], table["flow"])],
        index=table.index,
        dtype=bool,
    )
    set_aside(table["detail"] & mine, "breakdowns of a total", "Totals over transport, customs procedure and second partner are used.")  # fmt: skip
    if table.empty:
        raise InputError(Problem("", "", "no export or import row with a value", "check the files"))
    present = sorted(set(table["level"]))
    level = max((n for n in present if n <= 6), default=max(present))
    set_aside(table["level"] != level, f"other levels than {_level(level)}", "Levels are never mixed; the most detailed one is used.", "TOTALS_MIXED")  # fmt: skip
    set_aside(table["unspecified"] & (level >= 4), "commodities not specified (9999)", "They pair with nothing in particular.")  # fmt: skip

    reporters = {t.strip() for t in table["reporter"].unique()}
    areas, unknown = resolve(set(table["reporter"]) | set(table["partner"]), reporters, known)
    none = {text for text in set(table["reporter"]) | set(table["partner"]) if text not in areas}
    for text in sorted(none):
        name = UNALLOCATED.get(text.strip())
        what = f"area {text.strip() or '(empty)'}" + (f" ({name})" if name else " (unknown)")
        set_aside(
            (table["reporter"] == text) | (table["partner"] == text),
            what,
            "No single partner: it has no mirror."
            if name
            else "Name the area by ISO alpha-3 or M49.",
            "SET_ASIDE" if name else "UNKNOWN_AREA",
        )
    set_aside(table["reporter"].map(areas) == table["partner"].map(areas), "trade with itself",
              "Returned goods have no mirror.")  # fmt: skip
    if table.empty:
        raise InputError(Problem("", "", "no row between two areas", "check reporter and partner"))
    everyone = sorted({areas[t] for t in set(table["reporter"]) | set(table["partner"])})
    for (year,), group in table.groupby(["year"]):
        reports = {areas[t] for t in set(group["reporter"])}
        silent = [
            code
            for code in sorted({areas[t] for t in set(group["partner"])})
            if code not in reports
        ]
        if silent:
            mask = group["partner"].map(areas).isin(silent)
            aside.append(
                {"code": "MISSING_MIRROR", "severity": "note", "year": int(str(year))}
                | {"what": f"{len(silent)} silent reporters: {' '.join(silent)}"}
                | {"rows": int(group.loc[mask, "rows"].sum())}
                | {"value": float(group.loc[mask, "value"].sum())}
                | {"message": "These areas report nothing; their partners' reports stand alone"}
                | {"advice": "Their flows rest on one side only: see evidence."}
            )
    for text in sorted(
        COMPOSITE & {t.strip() for t in set(table["reporter"]) | set(table["partner"])}
    ):
        aside.append(
            {"code": "COVERAGE_DIFFERS", "severity": "warning", "year": 0, "what": f"area {text}"}
            | {"rows": 0, "value": 0.0, "message": f"Code {text} is taken as {SAME[text]}"}
            | {"advice": "A composite or dissolved area: the other side may cover less."}
        )
    for text in sorted(unknown):
        aside.append(
            {"code": "UNKNOWN_AREA", "severity": "warning", "year": 0, "what": f"area {text}"}
            | {
                "rows": 0,
                "value": 0.0,
                "message": f"{text} reports but is in no list of areas: kept",
            }
            | {"advice": "Its margin is the mean unless a file of distances names it."}
        )
    imports = table[table["flow"] == "M"].assign(area=lambda t: t["reporter"].map(areas))
    regime = imports.groupby(["year", "area"])[["with_cif", "only_fob"]].sum()
    fob = frozenset((int(y), a) for y, a in regime.index[regime["only_fob"] > regime["with_cif"]])
    valued = float(np.nansum(regime.to_numpy(dtype=float))) > 0.0
    if not valued:
        aside.append(
            {"code": "VALUATION_ASSUMED", "severity": "note", "year": 0, "what": "imports"}
            | {"rows": int(imports["rows"].sum()), "value": float(imports["value"].sum())}
            | {"message": "No cifvalue or fobvalue is given: imports are taken as CIF"}
            | {"advice": "Keep these columns when exporting from Comtrade."}
        )
    return Alignment(
        areas,
        everyone,
        sorted(int(y) for y in set(table["year"])),
        int(level),
        months,
        frozenset(details),
        fob,
        valued,
        pd.DataFrame(aside, columns=FINDINGS),
    )


def resolve(
    texts: set[str], reporters: set[str], known: frozenset[str]
) -> tuple[dict[str, str], set[str]]:
    """(text -> ISO alpha-3 for single areas, reporters kept although no list knows them)."""
    wanted = {t for t in texts if t.strip() not in UNALLOCATED and t.strip()}
    found = {t: SAME[t.strip()] for t in wanted if t.strip() in SAME}
    found |= {t: t.strip() for t in wanted if t not in found and t.strip() in known}
    numbers = geography.numbers()
    found |= {
        t: numbers[t.strip().lstrip("0")]
        for t in wanted
        if t not in found and t.strip().lstrip("0") in numbers
    }
    odd = {
        t
        for t in wanted - set(found)
        if t.strip() in reporters and re.fullmatch(r"[A-Z][A-Z0-9]{2}", t.strip())
    }
    return found | {t: t.strip() for t in odd}, {t.strip() for t in odd}


def _level(level: int) -> str:
    return "the total" if level == 0 else f"{level} digits"
