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

COLUMNS = ["year", "months", "reporter", "partner", "flow", "edition", "commodity", "value", "cif"]
COLUMNS += ["fob", "detail", "part"]
YEAR = "CAST(left({}, 4) AS INTEGER)"
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
    "edition": ("classificationcode", "clcode", "classification"),
}


@dataclass(frozen=True)
class Table:
    """One input file: its SELECT over `COLUMNS`, and what identifies its content."""

    path: str
    body: str  # the SELECT, without the file it reads
    source: str
    period: (
        str  # the period's raw column where it is text: row groups of other years are skipped by it
    )
    stamp: str

    def select(self, year: int | None = None, source: str = "") -> str:
        """The subquery over the whole file, or over one year."""
        if year is None or not self.period:
            return f"({self.body} FROM {source or self.source})"
        # every text in this span begins with the year: no need to convert each
        body = self.body.replace(YEAR.format(self.period), str(year), 1)
        where = f"WHERE {self.period} BETWEEN '{year}' AND '{year}~'"
        return f"({body} FROM {source or self.source} {where})"


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


# without it row groups are written as threads finish them, each run in another order
IN_ORDER = "FORMAT parquet, COMPRESSION snappy, PRESERVE_ORDER true"


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


SUFFIXES = (".parquet", ".csv", ".csv.gz", ".tsv", ".txt")


def files(base: Any, paths: Sequence[str | Path]) -> tuple[list[str], list[Problem]]:
    """(the files named, folders searched and addresses such as s3://bucket/*.parquet listed; problems)."""
    import duckdb

    found: list[str] = []
    problems = []
    for given in map(str, paths):
        path = Path(given)
        if "://" in given:
            try:
                listed = base.execute(
                    f"SELECT file FROM glob({quoted(given)}) ORDER BY 1"
                ).fetchall()
            except duckdb.Error as error:
                problems.append(
                    Problem(given, "", _first_line(error), "Check the address.", "CORRUPT_FILE")
                )
                continue
            if not listed:
                problems.append(Problem(given, "", "no file at this address", "Check the address."))
            found += [row[0] for row in listed]
        elif path.is_dir():
            inside = sorted(str(p) for p in path.rglob("*") if p.name.lower().endswith(SUFFIXES))
            if not inside:
                problems.append(
                    Problem(given, "", "no parquet or csv file", "Name Comtrade's files.")
                )
            found += inside
        elif path.is_file():
            found.append(given)
        else:
            problems.append(Problem(given, "", "no such file", "Check the name."))
    if not paths:
        problems.append(Problem("", "", "no file was named", "Name Comtrade's files."))
    return found, problems


def _stamp(base: Any, path: str) -> str:
    """What tells one state of a file from another: its size and time of change."""
    import duckdb

    if Path(path).is_file():
        about = Path(path).stat()
        return f"{Path(path).resolve()}|{about.st_size}|{about.st_mtime_ns}"
    try:
        row = base.execute(f"SELECT size, last_modified FROM read_blob({quoted(path)})").fetchall()
    except duckdb.Error:
        return path
    return f"{path}|{row}"


def tables(base: Any, paths: Sequence[str | Path]) -> list[Table]:
    """One Table a file. Raises one InputError with every unreadable file and missing column."""
    import duckdb

    listed, problems = files(base, paths)
    result = []
    for path in listed:
        is_parquet = path.lower().endswith(".parquet")
        try:
            source = f"read_parquet({quoted(path)})" if is_parquet else _csv(base, path)
            described = base.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        except duckdb.Error as error:
            place = "footer" if is_parquet else "header"
            problems.append(Problem(path, place, _first_line(error), REDO, "CORRUPT_FILE"))
            continue
        types = {row[0]: str(row[1]) for row in described}
        body, period, missing = _select(types)
        problems += [
            Problem(
                path,
                "footer" if is_parquet else "header",
                f"no column {name}",
                f"It has: {', '.join(types)[:200]}",
                "MISSING_COLUMN",
            )
            for name in missing
        ]
        stamp = hashlib.sha256(_stamp(base, path).encode()).hexdigest()[:16]
        result.append(Table(path, body, source, period, stamp))
    if problems:
        raise InputError(problems)
    return result


REDO = "Fetch or export the file again."
HEAD = 4_000_000  # bytes of a text file by which its encoding is told


def _csv(base: Any, path: str) -> str:
    """The SQL source of a delimited file, every cell as text.

    Comtrade's web page ends every data row with an idle mark and writes Latin-1: rows may be longer than
    the header, and a file whose first megabytes are no UTF-8 is read as Latin-1.
    """
    import gzip

    if "://" in path:
        start = base.execute(f"SELECT content FROM read_blob({quoted(path)})").fetchall()[0][0]
        start = (gzip.decompress(start) if path.endswith(".gz") else start)[:HEAD]
    else:
        with (gzip.open if path.lower().endswith(".gz") else open)(path, "rb") as stream:
            start = stream.read(HEAD)
    header = start.split(b"\n", 1)[0]
    mark = max((b",", b";", b"\t"), key=header.count).decode()
    try:
        start[: start.rfind(b"\n") + 1].decode("utf-8")
        encoding = ""
    except UnicodeDecodeError:
        encoding = ", encoding='latin-1'"
    names = header.decode("latin-1").removeprefix("\u00ef\u00bb\u00bf").rstrip("\r\n").split(mark)
    names = [name.strip().strip('"') or f"column{n}" for n, name in enumerate(names)]
    second = start.split(b"\n", 2)[1:2]
    if second and second[0].rstrip(b"\r\n").endswith(mark.encode()):
        names.append("_idle")
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in dict.fromkeys(names))
    return (
        f"read_csv({quoted(path)}, delim={quoted(mark)}, header=true, quote='\"', "
        f"columns={{{columns}}}, null_padding=true, auto_detect=false{encoding})"
    )


def union(found: Sequence[Table], year: int | None = None) -> str:
    """All tables as one SQL source, of all years or of one."""
    return "(" + " UNION ALL ".join(table.select(year) for table in found) + ")"


def locate(found: Sequence[Table]) -> list[Problem]:
    """Which file, and in parquet which row group, cannot be read or converted."""
    import duckdb

    problems = []
    for table in found:
        base = duckdb.connect()
        try:
            base.execute(f"SELECT {', '.join(f'max({c})' for c in COLUMNS)} FROM {table.select()}")
        except duckdb.Error as error:
            place = _row_group(base, table) if table.path.lower().endswith(".parquet") else ""
            problems.append(Problem(table.path, place, _first_line(error), REDO, "CORRUPT_FILE"))
        base.close()
    return problems


def _row_group(base: Any, table: Table) -> str:
    """The first row group that cannot be read, `row group 3 (rows 245,761 to 368,640)`."""
    import duckdb

    try:
        groups = base.execute(
            "SELECT row_group_id, any_value(row_group_num_rows) FROM "
            f"parquet_metadata({quoted(table.path)}) GROUP BY 1 ORDER BY 1"
        ).fetchall()
    except duckdb.Error:
        return "footer"
    start = 0
    largest = ", ".join(f"max({c})" for c in COLUMNS)
    for group, rows in groups:
        part = (
            f"(SELECT * FROM read_parquet({quoted(table.path)}, file_row_number=true) "
            f"WHERE file_row_number BETWEEN {start} AND {start + rows - 1})"
        )
        try:
            base.execute(f"SELECT {largest} FROM {table.select(source=part)}")
        except duckdb.Error:
            return f"row group {group} (rows {start + 1:,} to {start + rows:,})"
        start += rows
    return ""


def _select(types: dict[str, str]) -> tuple[str, str, list[str]]:
    """(SELECT of one file's columns, its raw period where that is text, names of missing columns)."""
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
        return "", "", missing

    def text(name: str) -> str:
        column = has[name]
        kind = types[column.strip('"')]
        inner = f"CAST({column} AS BIGINT)" if kind in ("DOUBLE", "FLOAT") else column
        return f"CAST({inner} AS VARCHAR)" if kind != "VARCHAR" else column

    def area(side: str) -> str:
        given = [text(f"{side}_{which}") for which in ("iso", "code") if f"{side}_{which}" in has]
        first = "".join(f"nullif({column}, ''), " for column in given[:-1])
        return f"coalesce({first}{given[-1]}, '')"

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
    # nearly all rows print X or M: the long list of words is for the others
    flow = f"CASE WHEN {text('flow')} IN ('X', 'M') THEN {text('flow')} ELSE CASE {flow} {cases} ELSE {flow} END END"
    commodity = f"upper(trim({text('commodity')}))"
    edition = f"coalesce(upper({text('edition')}), '')" if "edition" in has else "''"
    # an odd number of digits means that a leading zero was lost when the code was read as a number;
    # SITC (S1 to S4) and BEC (B4, B5) have codes of odd length
    commodity = (
        f"CASE WHEN length({commodity}) IN (1, 3, 5) AND left({edition}, 1) NOT IN ('S', 'B') "
        f"AND try_cast({commodity} AS INTEGER) IS NOT NULL "
        f"THEN '0' || {commodity} ELSE {commodity} END"
    )
    details = [
        odd("partner2", "0"),
        odd("mot", "0"),
        odd("customs", "C00"),
        odd("mos", "0"),
    ]
    detail = " OR ".join(d for d in details if d) or "false"
    # what tells the rows of one key apart where months or breakdowns are summed
    parts = [text(name) for name in ("period", "partner2", "mot", "customs", "mos") if name in has]
    part = f"concat_ws('|', {', '.join(parts)})"
    services = f"coalesce({text('kind')}, 'C') = 'S'" if "kind" in has else "false"
    return (
        f"SELECT {YEAR.format(period)} AS year, "
        f"length({period}) >= 6 AND right({period}, 2) <> '52' AS months, "
        f"{area('reporter')} AS reporter, {area('partner')} AS partner, "
        f"CASE WHEN {services} THEN 'S' ELSE {flow} END AS flow, "
        f"{edition} AS edition, {commodity} AS commodity, {number('value')} AS value, "
        f"{number('cif')} AS cif, {number('fob')} AS fob, {detail} AS detail, {part} AS part",
        has["period"] if types[has["period"].strip('"')] == "VARCHAR" else "",
        [],
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:300]
