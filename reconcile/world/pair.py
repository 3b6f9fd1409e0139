"""One year of reports into mirror pairs: the kernel that any engine runs, year by year.

It leaves the pairs in a file and gives back only integers and decimal sums, so that the result of pooling
does not depend on the order or the number of workers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from reconcile.world import read

BINS = 8.0  # bins of ln(X/M): round(asinh(ln(X/M) / WIDTH) * BINS), 0.025 wide around zero
WIDTH = 0.2
LARGE = 1e4  # USD; below it the reporting threshold of 1,000 USD tells in the log ratio


@dataclass(frozen=True)
class Task:
    """What a worker needs to pair one year."""

    year: int
    select: str
    areas: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    levels: tuple[int, ...]
    details: tuple[tuple[str, str], ...]  # (reporter, flow) that come only as breakdowns
    monthly: tuple[tuple[str, str], ...]  # (reporter, flow) that come only as months
    editions: tuple[tuple[str, str, str], ...]  # (reporter, flow, edition) not used
    fob_importers: tuple[str, ...]
    valued: bool  # whether any row has a cifvalue or fobvalue
    out: str
    memory: str
    threads: int


TABLES = ("cells", "sums", "products")


@dataclass(frozen=True)
class Paired:
    """What one year gave beside its files: rows that stood twice, and their value in USD."""

    year: int
    repeated: int
    repeated_value: float


def table_file(out: str | Path, name: str) -> Path:
    """Where the pooled statistics `cells`, `sums` and `products` of a year's pairs stand."""
    out = Path(out)
    return out.with_name(out.name.replace("pairs-", f"{name}-", 1))


def pair(task: Task) -> Paired:
    """Pair the year's reports by exporter, importer and commodity; write them to `task.out`.

    Columns written: e, i (places in `codes`), commodity, x (exporter's figure, USD), m (importer's
    figure), f (importer's figure FOB where the importer says so). Identical rows of one key count once.
    Beside it: `cells` (pair, fob, bin, n), the histogram of ln(X/M); `sums` (pair, flows and values by
    evidence); `products` (commodity, flows and values).
    """
    out = Path(task.out)
    base = read.connect(task.memory, task.threads, out.parent)
    place = {code: n for n, code in enumerate(task.codes)}
    base.register(
        "area_frame",
        pd.DataFrame(
            {
                "text": [t for t, c in task.areas if c in place],
                "id": [place[c] for _, c in task.areas if c in place],
                "fob": [c in task.fob_importers for _, c in task.areas if c in place],
            }
        ),
    )
    base.execute("CREATE TABLE area AS SELECT text, id::SMALLINT AS id, fob FROM area_frame")
    where = [_levels(task.levels)]
    for kind, keys in (("detail", task.details), ("months", task.monthly)):
        base.execute(f"CREATE TABLE only_{kind} (reporter VARCHAR, flow VARCHAR)")
        if keys:
            base.executemany(f"INSERT INTO only_{kind} VALUES (?, ?)", [list(k) for k in keys])
        only = f" OR (reporter, flow) IN (SELECT (reporter, flow) FROM only_{kind})"
        where.append(f"(NOT {kind}{only if keys else ''})")
    if task.editions:
        base.execute("CREATE TABLE unused (reporter VARCHAR, flow VARCHAR, edition VARCHAR)")
        base.executemany("INSERT INTO unused VALUES (?, ?, ?)", [list(k) for k in task.editions])
        where.append(
            "(reporter, flow, edition) NOT IN (SELECT (reporter, flow, edition) FROM unused)"
        )
    fob = "NULL::DOUBLE"
    if task.valued:
        fob = (
            "CASE WHEN flow = 'M' AND cif > 0 AND fob_ > 0 AND cif / fob_ BETWEEN 1 AND 2 "
            "AND abs(value / cif - 1) < 0.001 THEN fob_ WHEN flow = 'M' AND a.fob THEN value END"
        )
    rows = f"""
        SELECT flow = 'X' AS out, CASE WHEN flow = 'X' THEN a.id ELSE b.id END AS e,
            CASE WHEN flow = 'X' THEN b.id ELSE a.id END AS i, commodity, value, {fob} AS f, part
        FROM (SELECT * RENAME (fob AS fob_) FROM {task.select}) r JOIN area a ON r.reporter = a.text JOIN area b ON r.partner = b.text
        WHERE year = {task.year} AND flow IN ('X', 'M') AND value > 0 AND isfinite(value)
            AND {" AND ".join(where)} AND a.id <> b.id"""
    base.execute(f"""
        CREATE TABLE pairs AS
        SELECT e, i, commodity, max(CASE WHEN out THEN value END) AS x,
            max(CASE WHEN NOT out THEN value END) AS m,
            {"max(f)" if task.valued else "NULL::DOUBLE"} AS f, count(*)::INTEGER AS n
        FROM ({rows}) GROUP BY e, i, commodity""")
    repeated, value = _several(base, rows)
    temporary = out.with_suffix(".part")
    base.execute(
        f"COPY (SELECT e, i, commodity, x, m, f FROM pairs ORDER BY e, i, commodity) "
        f"TO {read.quoted(str(temporary))} (FORMAT parquet, COMPRESSION snappy)"
    )
    count = len(task.codes)

    def keep(name: str, select: str) -> None:
        path = table_file(out, name)
        part = path.with_suffix(".part")
        base.execute(f"COPY ({select}) TO {read.quoted(str(part))} (FORMAT parquet)")
        part.replace(path)

    keep(
        "cells",
        f"""SELECT e::INTEGER * {count} + i AS pair, f IS NOT NULL AS fob,
            round(asinh(ln(x / coalesce(f, m)) / {WIDTH}) * {BINS})::INTEGER AS bin, count(*) AS n
        FROM pairs WHERE x IS NOT NULL AND m IS NOT NULL AND x * m > {LARGE**2}
        GROUP BY ALL ORDER BY ALL""",
    )

    def cents(what: str) -> str:
        return f"coalesce(CAST(sum(CAST({what} AS DECIMAL(24, 2))) AS DOUBLE), 0.0)"

    keep(
        "sums",
        f"""SELECT {task.year}::INTEGER AS year, e::INTEGER * {count} + i AS pair, count(*) FILTER (x IS NOT NULL AND m IS NOT NULL) AS both,
            count(*) FILTER (m IS NULL) AS only_x, count(*) FILTER (x IS NULL) AS only_m,
            {cents("CASE WHEN m IS NOT NULL THEN x END")} AS x_both,
            {cents("CASE WHEN x IS NOT NULL THEN m END")} AS m_both,
            {cents("CASE WHEN m IS NULL THEN x END")} AS x_only,
            {cents("CASE WHEN x IS NULL THEN m END")} AS m_only,
            coalesce(bool_or(f IS NOT NULL), false) AS fob
        FROM pairs GROUP BY ALL ORDER BY ALL""",
    )
    keep(
        "products",
        f"""SELECT commodity, count(*) AS flows, count(*) FILTER (x IS NOT NULL AND m IS NOT NULL) AS both,
            {cents("CASE WHEN m IS NOT NULL THEN x END")} AS exporters_say,
            {cents("CASE WHEN x IS NOT NULL THEN m END")} AS importers_say,
            {cents("CASE WHEN x IS NOT NULL THEN abs(x - m) END")} AS gap,
            {cents("CASE WHEN m IS NULL THEN x WHEN x IS NULL THEN m END")} AS one_sided
        FROM pairs GROUP BY 1 ORDER BY 1""",
    )
    base.close()
    temporary.replace(out)
    return Paired(task.year, repeated, value)


def _levels(levels: tuple[int, ...]) -> str:
    """The condition that a commodity is of these lengths (0: the total)."""
    if levels == (0,):
        return "commodity IN ('TOTAL', 'AG0')"
    listed = ", ".join(str(int(level)) for level in levels)
    text = f"length(commodity) IN ({listed}) AND commodity NOT IN ('TOTAL', 'AG0')"
    return text + (" AND commodity NOT LIKE '9999%'" if max(levels) >= 4 else "")


def _several(base: Any, rows: str) -> tuple[int, float]:
    """Settle keys with several rows: parts are summed, the same row twice counts once.

    Gives (rows dropped, their value in USD).
    """
    many = (
        "(SELECT e, i, commodity FROM pairs "
        "WHERE n > (x IS NOT NULL)::INTEGER + (m IS NOT NULL)::INTEGER)"
    )
    if not base.execute(f"SELECT count(*) FROM {many}").fetchall()[0][0]:
        return 0, 0.0
    base.execute(f"""
        CREATE TABLE parts AS SELECT out, e, i, commodity, value, f, part, count(*) AS n
        FROM ({rows}) SEMI JOIN {many} USING (e, i, commodity) GROUP BY ALL""")
    dropped, value = base.execute(
        "SELECT coalesce(sum(n - 1), 0)::BIGINT, "
        "coalesce(sum(CAST((n - 1) * value AS DECIMAL(28, 2))), 0)::DOUBLE FROM parts WHERE n > 1"
    ).fetchall()[0]
    base.execute("""
        CREATE TABLE summed AS SELECT e, i, commodity,
            CAST(sum(CAST(CASE WHEN out THEN value END AS DECIMAL(28, 4))) AS DOUBLE) AS x,
            CAST(sum(CAST(CASE WHEN NOT out THEN value END AS DECIMAL(28, 4))) AS DOUBLE) AS m,
            CASE WHEN count(f) = count(*) FILTER (NOT out)
                THEN CAST(sum(CAST(f AS DECIMAL(28, 4))) AS DOUBLE) END AS f
        FROM parts GROUP BY e, i, commodity""")
    base.execute(
        "UPDATE pairs SET x = summed.x, m = summed.m, f = summed.f FROM summed "
        "WHERE pairs.e = summed.e AND pairs.i = summed.i AND pairs.commodity = summed.commodity"
    )
    return int(dropped), float(value)
