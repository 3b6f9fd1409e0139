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
FIT = 1e15  # USD; figures below it are summed as cents of 64 bits, larger ones of 128
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
    count, goods = len(task.codes), commodities(base, task.select)
    rows = f"""
        SELECT ((CASE WHEN flow = 'X' THEN a.id ELSE b.id END::BIGINT * {count}
                + CASE WHEN flow = 'X' THEN b.id ELSE a.id END) * {goods}
                + enum_code(commodity::product)) * 2 + (flow = 'M')::BIGINT AS key,
            commodity::product AS commodity, value, {fob} AS f, part
        FROM (SELECT * RENAME (fob AS fob_) FROM {task.select}) r JOIN area a ON r.reporter = a.text JOIN area b ON r.partner = b.text
        WHERE year = {task.year} AND flow IN ('X', 'M') AND value > 0 AND isfinite(value)
            AND {" AND ".join(where)} AND a.id <> b.id"""
    _pairs(base, rows, count, goods)
    repeated, value = _several(base, rows, count, goods)
    temporary = out.with_suffix(".part")
    base.execute(f"COPY pairs TO {read.quoted(str(temporary))} ({read.IN_ORDER})")

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

    largest = base.execute("SELECT coalesce(max(greatest(x, m)), 0) FROM pairs").fetchall()[0][0]
    money = "DECIMAL(18, 2)" if largest < FIT else "DECIMAL(28, 2)"

    def cents(what: str) -> str:
        return f"coalesce(CAST(sum(CAST({what} AS {money})) AS DOUBLE), 0.0)"

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


def commodities(base: Any, source: str) -> int:
    """Make the type `product` of a source's commodities in their order; gives their number.

    As places in a list they pack with the areas into one number to sort by, and parquet takes them as
    its dictionary.
    """
    base.execute(
        f"CREATE TYPE product AS ENUM "
        f"(SELECT DISTINCT commodity FROM {source} WHERE commodity IS NOT NULL ORDER BY 1)"
    )
    return int(base.execute("SELECT len(enum_range(NULL::product))").fetchall()[0][0])


def _pairs(base: Any, rows: str, count: int, goods: int) -> None:
    """Make `pairs` of `rows` in the order of e, i and commodity; of a side with several rows any one is taken.

    Sorted by exporter, importer, commodity and side (`key`), the two sides of a flow stand one after the
    other. Sorting numbers costs less than grouping by them where most groups have one row or two.
    """
    base.execute(f"CREATE TABLE sorted AS SELECT * EXCLUDE (part) FROM ({rows}) ORDER BY key")
    # a window over rows as they stand runs on one thread, and only with one do the last rows stay last
    threads = base.execute("SELECT current_setting('threads')").fetchall()[0][0]
    base.execute("SET threads=1")
    base.execute(f"""
        CREATE TABLE pairs AS
        SELECT (key // {2 * goods * count})::SMALLINT AS e, (key // {2 * goods} % {count})::SMALLINT AS i,
            commodity, CASE WHEN key % 2 = 0 THEN value END AS x,
            CASE WHEN key % 2 = 1 THEN value WHEN next = key + 1 THEN next_value END AS m,
            CASE WHEN key % 2 = 1 THEN f WHEN next = key + 1 THEN next_f END AS f
        FROM (SELECT *, lag(key, 1, -2) OVER () AS before, lead(key) OVER () AS next,
            lead(value) OVER () AS next_value, lead(f) OVER () AS next_f FROM sorted)
        WHERE before // 2 <> key // 2""")
    base.execute(f"SET threads={threads}")


def _several(base: Any, rows: str, count: int, goods: int) -> tuple[int, float]:
    """Settle flows with several rows of a side: parts are summed, the same row twice counts once.

    Gives (rows dropped, their value in USD).
    """
    base.execute("""
        CREATE TABLE many AS SELECT DISTINCT key // 2 AS place
        FROM (SELECT key, lag(key) OVER () AS before FROM sorted) WHERE key = before""")
    base.execute("DROP TABLE sorted")
    if not base.execute("SELECT count(*) FROM many").fetchall()[0][0]:
        return 0, 0.0
    base.execute(f"""
        CREATE TABLE parts AS SELECT key, commodity, value, f, part, count(*) AS n
        FROM ({rows}) WHERE key // 2 IN (SELECT place FROM many) GROUP BY ALL""")
    dropped, value = base.execute(
        "SELECT coalesce(sum(n - 1), 0)::BIGINT, "
        "coalesce(sum(CAST((n - 1) * value AS DECIMAL(28, 2))), 0)::DOUBLE FROM parts WHERE n > 1"
    ).fetchall()[0]
    base.execute(f"""
        CREATE TABLE summed AS SELECT (key // {2 * goods * count})::SMALLINT AS e,
            (key // {2 * goods} % {count})::SMALLINT AS i, commodity,
            CAST(sum(CAST(CASE WHEN key % 2 = 0 THEN value END AS DECIMAL(28, 4))) AS DOUBLE) AS x,
            CAST(sum(CAST(CASE WHEN key % 2 = 1 THEN value END AS DECIMAL(28, 4))) AS DOUBLE) AS m,
            CASE WHEN count(f) = count(*) FILTER (key % 2 = 1)
                THEN CAST(sum(CAST(f AS DECIMAL(28, 4))) AS DOUBLE) END AS f
        FROM parts GROUP BY ALL""")
    base.execute(
        "UPDATE pairs SET x = summed.x, m = summed.m, f = summed.f FROM summed "
        "WHERE pairs.e = summed.e AND pairs.i = summed.i AND pairs.commodity = summed.commodity"
    )
    return int(dropped), float(value)
