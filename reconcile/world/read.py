"""The seam between files as published and the columns this package works on: names, types, faults.

Every file becomes one SELECT with the columns of `COLUMNS`; the long work reads nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.errors import InputError, Problem

COLUMNS = ["year", "months", "reporter", "partner", "flow", "commodity", "value", "cif", "fob"]
FLOWS = {"1": "M", "2": "X", "3": "RX", "4": "RM", "5": "M", "6": "X"}  # older numeric flow codes
# our column -> the names under which Comtrade's API, bulk files, web page and R client print it
NAMES: dict[str, tuple[str, ...]] = {
    "reporter_iso": ("reporteriso",),
    "reporter_code": ("reportercode",),
    "partner_iso": ("partneriso",),
    "partner_code": ("partnercode",),
    "flow": ("flowcode", "flowdesc"),
    "commodity": ("cmdcode",),
    "period": ("period", "refyear", "year"),
    "value": ("primaryvalue",),
    "cif": ("cifvalue",),
    "fob": ("fobvalue",),
    "level": ("aggrlevel",),
    "partner2": ("partner2code",),
    "mot": ("motcode",),
    "customs": ("customscode",),
    "mos": ("moscode",),
    "kind": ("typecode",),
}
INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT"} | {
    "UINTEGER",
    "UBIGINT",
    "DOUBLE",
    "FLOAT",
}


@dataclass(frozen=True)
class Table:
    """One input file: its SELECT over `COLUMNS` (and `detail`, `level`), and what identifies its content."""

    path: str
    select: str
    stamp: str


def connect(memory: str = "3GB", threads: int | None = None, spill: Path | None = None) -> Any:
    """A DuckDB connection of its own: bounded memory, rows kept in order, spilling beside the output."""
    import duckdb

    base = duckdb.connect()
    base.execute(f"SET memory_limit='{memory}'")
    if threads:
        base.execute(f"SET threads={int(threads)}")
    if spill is not None:
        base.execute(f"SET temp_directory={quoted(str(spill))}")
    return base


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def files(paths: Sequence[str | Path]) -> list[Path]:
    """The parquet and csv files named, folders searched; InputError when there is none or one is absent."""
    found: list[Path] = []
    problems = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(
                p
                for p in path.rglob("*")
                if p.name.lower().endswith((".parquet", ".csv", ".csv.gz", ".tsv", ".txt"))
            )
            if not inside:
                problems.append(
                    Problem(str(path), "", "no parquet or csv file", "name Comtrade's files")
                )
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            problems.append(Problem(str(path), "", "no such file", "check the name"))
    if problems or not found:
        raise InputError(
            problems or [Problem("", "", "no file was named", "name Comtrade's files")]
        )
    return found


def tables(base: Any, paths: Sequence[str | Path]) -> list[Table]:
    """One Table a file. Raises one InputError with every unreadable file and missing column."""
    problems: list[Problem] = []
    result = []
    for path in files(paths):
        is_parquet = path.name.lower().endswith(".parquet")
        if is_parquet:
            source = f"read_parquet({quoted(str(path))})"
        else:
            source = f"read_csv({quoted(str(path))}, all_varchar=true, header=true)"
        try:
            described = base.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        except Exception as error:  # DuckDB raises many kinds; every one means an unreadable file
            problems.append(
                Problem(
                    str(path), "footer" if is_parquet else "", _first_line(error), REDO, "CORRUPT"
                )
            )
            continue
        types = {row[0]: str(row[1]) for row in described}
        select, missing = _select(source, types)
        problems += [
            Problem(str(path), "columns", f"no column {name}", f"it has: {', '.join(types)[:200]}")
            for name in missing
        ]
        about = path.stat()
        stamp = f"{path.resolve()}|{about.st_size}|{about.st_mtime_ns}"
        result.append(Table(str(path), select, hashlib.sha256(stamp.encode()).hexdigest()[:16]))
    if problems:
        raise InputError(problems)
    return result


REDO = "fetch or export the file again"


def union(found: Sequence[Table]) -> str:
    """All tables as one SQL source."""
    return "(" + " UNION ALL ".join(table.select for table in found) + ")"


def locate(found: Sequence[Table]) -> list[Problem]:
    """Which file, and in parquet which row group, cannot be read or converted."""
    import duckdb

    problems = []
    for table in found:
        base = duckdb.connect()
        try:
            base.execute(f"SELECT {', '.join(f'max({c})' for c in COLUMNS)} FROM {table.select}")
        except Exception as error:  # any failure is a fault of this file, to be placed and reported
            place = _row_group(base, table) if table.path.lower().endswith(".parquet") else ""
            problems.append(Problem(table.path, place, _first_line(error), REDO, "CORRUPT"))
        base.close()
    return problems


def _row_group(base: Any, table: Table) -> str:
    """The first row group that cannot be read, `row group 3 (rows 245,761 to 368,640)`."""
    try:
        groups = base.execute(
            "SELECT row_group_id, any_value(row_group_num_rows) FROM "
            f"parquet_metadata({quoted(table.path)}) GROUP BY 1 ORDER BY 1"
        ).fetchall()
    except Exception:  # the footer itself is unreadable
        return "footer"
    start = 0
    plain = table.select.replace("read_parquet(", "read_parquet(", 1)
    for group, rows in groups:
        query = (
            f"SELECT {', '.join(f'max({c})' for c in COLUMNS)} FROM "
            f"{plain[:-1]} WHERE file_row_number BETWEEN {start} AND {start + rows - 1})"
        ).replace(f"{quoted(table.path)})", f"{quoted(table.path)}, file_row_number=true)")
        try:
            base.execute(query)
        except Exception:  # the group sought
            return f"row group {group} (rows {start + 1:,} to {start + rows:,})"
        start += rows
    return ""


def _select(source: str, types: dict[str, str]) -> tuple[str, list[str]]:
    """(SELECT over one file, names of missing columns)."""
    plain = {name.lower().replace("_", "").replace(" ", ""): name for name in types}
    has = {
        ours: f'"{plain[alias]}"'
        for ours, aliases in reversed(NAMES.items())
        for alias in reversed(aliases)
        if alias in plain
    }
    missing = [
        words
        for words, ours in (
            ("reporterCode or reporterISO", ("reporter_iso", "reporter_code")),
            ("partnerCode or partnerISO", ("partner_iso", "partner_code")),
            ("flowCode", ("flow",)),
            ("cmdCode", ("commodity",)),
            ("period or refYear", ("period",)),
            ("primaryValue", ("value",)),
        )
        if not any(name in has for name in ours)
    ]
    if missing:
        return "", missing

    def text(name: str) -> str:
        column = has[name]
        kind = types[column.strip('"')]
        inner = f"CAST({column} AS BIGINT)" if kind in ("DOUBLE", "FLOAT") else column
        return f"CAST({inner} AS VARCHAR)" if kind != "VARCHAR" else column

    def area(side: str) -> str:
        both = [
            f"nullif({text(f'{side}_{which}')}, '')"
            for which in ("iso", "code")
            if f"{side}_{which}" in has
        ]
        return f"coalesce({', '.join(both)}, '')"

    def number(name: str) -> str:
        if name not in has:
            return "NULL::DOUBLE"
        column = has[name]
        empty = f"nullif({column}, '')" if types[column.strip('"')] == "VARCHAR" else column
        return f"CAST({empty} AS DOUBLE)"

    def odd(name: str, *whole: str) -> str:
        if name not in has:
            return ""
        listed = ", ".join(quoted(w) for w in ("", *whole))
        return f"coalesce({text(name)}, '') NOT IN ({listed})"

    period = text("period")
    flow = f"upper(trim({text('flow')}))"
    words = {"IMPORT": "M", "IMPORTS": "M", "EXPORT": "X", "EXPORTS": "X", **FLOWS}
    words |= {"RE-EXPORT": "RX", "RE-IMPORT": "RM", "RE-EXPORTS": "RX", "RE-IMPORTS": "RM"}
    cases = " ".join(f"WHEN {quoted(w)} THEN {quoted(to)}" for w, to in words.items())
    commodity = f"upper(trim({text('commodity')}))"
    # an odd number of digits means that a leading zero was lost when the code was read as a number
    commodity = (
        f"CASE WHEN length({commodity}) IN (1, 3, 5) AND {commodity} NOT LIKE 'A%' "
        f"THEN '0' || {commodity} ELSE {commodity} END"
    )
    details = [
        odd("partner2", "0"),
        odd("mot", "0"),
        odd("customs", "C00"),
        odd("mos", "0"),
    ]
    detail = " OR ".join(d for d in details if d) or "false"
    services = f"coalesce({text('kind')}, 'C') = 'S'" if "kind" in has else "false"
    return (
        f"(SELECT CAST(left({period}, 4) AS INTEGER) AS year, "
        f"length({period}) >= 6 AND right({period}, 2) <> '52' AS months, "
        f"{area('reporter')} AS reporter, {area('partner')} AS partner, "
        f"CASE WHEN {services} THEN 'S' ELSE CASE {flow} {cases} ELSE {flow} END END AS flow, "
        f"{commodity} AS commodity, {number('value')} AS value, "
        f"{number('cif')} AS cif, {number('fob')} AS fob, {detail} AS detail FROM {source})",
        [],
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:300]
