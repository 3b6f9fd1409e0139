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
    level: int
    sum_all: bool
    details: tuple[tuple[str, str], ...]
    fob_importers: tuple[str, ...]
    valued: bool  # whether any row has a cifvalue or fobvalue
    out: str
    memory: str
    threads: int


@dataclass(frozen=True)
class Paired:
    """Pooled statistics of one year. `cells`: pair, bin, n; `sums`: pair, values by evidence; `counts`."""

    year: int
    cells: pd.DataFrame
    sums: pd.DataFrame
    products: pd.DataFrame
    repeated: int
    repeated_value: float


def pair(task: Task) -> Paired:
    """Pair the year's reports by exporter, importer and commodity; write them to `task.out`.

    Columns written: e, i (places in `codes`), commodity, x (exporter's figure, USD), m (importer's
    figure), f (importer's figure FOB where the importer says so). Identical rows of one key count once.
    """
    out = Path(task.out)
    base = read.connect(task.memory, task.threads, out.parent)
    place = {code: n for n, code in enumerate(task.codes)}
    base.register(
        "area_frame",
        pd.DataFrame(
            {
                "text": [t for t, _ in task.areas],
                "id": [place[c] for _, c in task.areas],
                "fob": [c in task.fob_importers for _, c in task.areas],
            }
        ),
    )
    base.execute("CREATE TABLE area AS SELECT text, id::SMALLINT AS id, fob FROM area_frame")
    base.execute("CREATE TABLE whole (reporter VARCHAR, flow VARCHAR)")
    if task.details:
        base.executemany("INSERT INTO whole VALUES (?, ?)", [list(d) for d in task.details])
    if task.level == 0:
        level = "commodity IN ('TOTAL', 'AG0')"
    else:
        level = f"length(commodity) = {task.level} AND commodity NOT IN ('TOTAL', 'AG0')"
    if task.level >= 4:
        level += " AND commodity NOT LIKE '9999%'"
    detail = "NOT detail"
    if task.details:
        detail = "(NOT detail OR (reporter, flow) IN (SELECT (reporter, flow) FROM whole))"
    fob = "NULL::DOUBLE"
    if task.valued:
        fob = (
            "CASE WHEN flow = 'M' AND cif > 0 AND fob_ > 0 AND cif / fob_ BETWEEN 1 AND 2 "
            "AND abs(value / cif - 1) < 0.001 THEN fob_ WHEN flow = 'M' AND a.fob THEN value END"
        )
    rows = f"""
        SELECT flow = 'X' AS out, CASE WHEN flow = 'X' THEN a.id ELSE b.id END AS e,
            CASE WHEN flow = 'X' THEN b.id ELSE a.id END AS i, commodity, value, {fob} AS f
        FROM (SELECT * RENAME (fob AS fob_) FROM {task.select}) r JOIN area a ON r.reporter = a.text JOIN area b ON r.partner = b.text
        WHERE year = {task.year} AND flow IN ('X', 'M') AND value > 0 AND NOT isinf(value)
            AND {level} AND {detail} {"" if task.sum_all else "AND NOT months"} AND a.id <> b.id"""
    base.execute(f"""
        CREATE TABLE pairs AS
        SELECT e, i, commodity, max(CASE WHEN out THEN value END) AS x,
            max(CASE WHEN NOT out THEN value END) AS m,
            {"max(f)" if task.valued else "NULL::DOUBLE"} AS f, count(*)::INTEGER AS n
        FROM ({rows}) GROUP BY e, i, commodity""")
    repeated, value = _several(base, rows, task.sum_all)
    temporary = out.with_suffix(".part")
    base.execute(
        f"COPY (SELECT e, i, commodity, x, m, f FROM pairs ORDER BY e, i, commodity) "
        f"TO {read.quoted(str(temporary))} (FORMAT parquet, COMPRESSION snappy)"
    )
    count = len(task.codes)
    cells = base.execute(f"""
        SELECT e::INTEGER * {count} + i AS pair, f IS NOT NULL AS fob,
            round(asinh(ln(x / coalesce(f, m)) / {WIDTH}) * {BINS})::INTEGER AS bin, count(*) AS n
        FROM pairs WHERE x IS NOT NULL AND m IS NOT NULL AND x * m > {LARGE**2}
        GROUP BY ALL ORDER BY ALL""").df()

    def cents(what: str) -> str:
        return f"coalesce(CAST(sum(CAST({what} AS DECIMAL(24, 2))) AS DOUBLE), 0.0)"

    sums = base.execute(f"""
        SELECT e::INTEGER * {count} + i AS pair, count(*) FILTER (x IS NOT NULL AND m IS NOT NULL) AS both,
            count(*) FILTER (m IS NULL) AS only_x, count(*) FILTER (x IS NULL) AS only_m,
            {cents("CASE WHEN m IS NOT NULL THEN x END")} AS x_both,
            {cents("CASE WHEN x IS NOT NULL THEN m END")} AS m_both,
            {cents("CASE WHEN m IS NULL THEN x END")} AS x_only,
            {cents("CASE WHEN x IS NULL THEN m END")} AS m_only,
            coalesce(bool_or(f IS NOT NULL), false) AS fob
        FROM pairs GROUP BY 1 ORDER BY 1""").df()
    products = base.execute(f"""
        SELECT commodity, count(*) AS flows, count(*) FILTER (x IS NOT NULL AND m IS NOT NULL) AS both,
            {cents("CASE WHEN m IS NOT NULL THEN x END")} AS exporters_say,
            {cents("CASE WHEN x IS NOT NULL THEN m END")} AS importers_say,
            {cents("CASE WHEN x IS NOT NULL THEN abs(x - m) END")} AS gap,
            {cents("CASE WHEN m IS NULL THEN x WHEN x IS NULL THEN m END")} AS one_sided
        FROM pairs GROUP BY 1 ORDER BY 1""").df()
    base.close()
    temporary.replace(out)
    return Paired(task.year, cells, sums, products, repeated, value)


def _several(base: Any, rows: str, sum_all: bool) -> tuple[int, float]:
    """Settle keys with several rows: sums of parts; equal rows count once. Gives (rows dropped, their value)."""
    several = base.execute(
        "SELECT count(*) FROM pairs WHERE n > (x IS NOT NULL)::INTEGER + (m IS NOT NULL)::INTEGER"
    ).fetchone()[0]
    if not several:
        return 0, 0.0
    source = rows if sum_all else f"SELECT DISTINCT * FROM ({rows})"
    kept = f"""
        SELECT e, i, commodity,
            CAST(sum(CAST(CASE WHEN out THEN value END AS DECIMAL(28, 4))) AS DOUBLE) AS x,
            CAST(sum(CAST(CASE WHEN NOT out THEN value END AS DECIMAL(28, 4))) AS DOUBLE) AS m,
            CASE WHEN count(f) = count(*) FILTER (NOT out)
                THEN CAST(sum(CAST(f AS DECIMAL(28, 4))) AS DOUBLE) END AS f
        FROM ({source}) SEMI JOIN (SELECT e, i, commodity FROM pairs WHERE n > (x IS NOT NULL)::INTEGER + (m IS NOT NULL)::INTEGER)
            USING (e, i, commodity) GROUP BY e, i, commodity"""
    dropped, value = 0, 0.0
    if not sum_all:
        dropped, value = base.execute(f"""
            SELECT coalesce(sum(n - 1), 0)::BIGINT,
                coalesce(sum(CAST((n - 1) * value AS DECIMAL(28, 2))), 0)::DOUBLE
            FROM (SELECT out, e, i, commodity, value, f, count(*) AS n FROM ({rows}) SEMI JOIN
                (SELECT e, i, commodity FROM pairs WHERE n > (x IS NOT NULL)::INTEGER + (m IS NOT NULL)::INTEGER)
                USING (e, i, commodity) GROUP BY ALL HAVING count(*) > 1)""").fetchone()
    base.execute(f"CREATE TABLE sums AS {kept}")
    base.execute(
        "UPDATE pairs SET x = coalesce(sums.x, pairs.x), m = coalesce(sums.m, pairs.m), f = sums.f "
        "FROM sums WHERE pairs.e = sums.e AND pairs.i = sums.i AND pairs.commodity = sums.commodity"
    )
    return int(dropped), float(value)
