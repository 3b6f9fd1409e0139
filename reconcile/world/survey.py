"""The one pass over every row before the long work: how many rows of what kind, by year and pair of areas.

A file that cannot be read fails here, and is named with its row group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from reconcile.world import read, write
from sources.errors import InputError, Problem

TEXTS = ["reporter", "partner", "flow", "edition"]
BATCH_FILES, BATCH_BYTES = (
    8,
    200_000_000,
)  # looked at together: more would hold the pairs of many years at once


@dataclass(frozen=True)
class Outline:
    """What must be known of all years before one is decided: of export and import rows with a value.

    `levels` has year, reporter, flow, level and value (USD).
    """

    years: list[int]
    reporters: set[str]
    partners: set[str]
    levels: pd.DataFrame
    rows: int


def survey(base: Any, found: Sequence[read.Table], years: Sequence[int] | None, out: Path) -> None:
    """Write one row by file, year, reporter, partner, flow, edition, level and kind of row to `out`.

    `rows` counts, `value` sums (USD), `with_cif` and `only_fob` are the values of rows that state a CIF
    value, or a FOB value alone. Raises InputError for a corrupt file, and where no row is of `years`.
    """
    import duckdb

    parts = []
    for number, batch in enumerate(_batches(found)):
        part = out.with_name(f"survey-{number}.parquet")
        try:
            base.execute(
                f"COPY ({_query(batch, years)}) TO {read.quoted(str(part))} (FORMAT parquet)"
            )
        except duckdb.Error as error:
            problems = read.locate(found)
            if not problems:
                raise
            raise InputError(problems) from error
        parts.append(part)
    listed = ", ".join(read.quoted(str(part)) for part in parts)
    rows = base.execute(f"SELECT count(*) FROM read_parquet([{listed}])").fetchall()[0][0]
    if not rows:
        wanted = f" of {', '.join(map(str, years))}" if years else ""
        raise InputError(Problem("", "", f"no rows{wanted}", "Check the files and the years."))
    write.together(parts, out)


def _batches(found: Sequence[read.Table]) -> list[list[tuple[int, read.Table]]]:
    """The files with their places, a few at a time."""
    batches: list[list[tuple[int, read.Table]]] = [[]]
    size = 0
    for place, table in enumerate(found):
        here = Path(table.path).stat().st_size if Path(table.path).is_file() else BATCH_BYTES
        if batches[-1] and (len(batches[-1]) == BATCH_FILES or size + here > BATCH_BYTES):
            batches.append([])
            size = 0
        batches[-1].append((place, table))
        size += here
    return batches


def _query(batch: Sequence[tuple[int, read.Table]], years: Sequence[int] | None) -> str:
    where = f"WHERE year IN ({', '.join(str(int(y)) for y in years)})" if years else ""
    parts = " UNION ALL ".join(
        f"SELECT {place}::INTEGER AS file, * FROM {table.select()}" for place, table in batch
    )

    def cents(what: str) -> str:
        return f"coalesce(CAST(sum(CAST({what} AS DECIMAL(28, 2))) AS DOUBLE), 0.0)"

    only_fob = "fob > 0 AND NOT coalesce(cif > 0, false) AND isfinite(value)"
    return f"""
        SELECT file, year, months, reporter, partner, flow, edition, detail,
            CASE WHEN commodity IN ('TOTAL', 'AG0') THEN 0 ELSE length(commodity) END AS level,
            commodity LIKE '9999%' AS unspecified,
            value IS NULL OR NOT value > 0 OR NOT isfinite(value) AS empty, count(*) AS rows,
            {cents("CASE WHEN isfinite(value) THEN value END")} AS value,
            {cents("CASE WHEN cif > 0 AND isfinite(value) THEN value END")} AS with_cif,
            {cents(f"CASE WHEN {only_fob} THEN value END")} AS only_fob
        FROM ({parts}) {where} GROUP BY ALL ORDER BY ALL"""


def outline(base: Any, path: Path) -> Outline:
    """The outline of a survey."""
    source = f"read_parquet({read.quoted(str(path))})"
    usable = f"(SELECT * FROM {source} WHERE flow IN ('X', 'M') AND NOT empty)"

    def column(name: str, of: str) -> list[Any]:
        return [
            row[0]
            for row in base.execute(f"SELECT DISTINCT {name} FROM {of} ORDER BY 1").fetchall()
        ]

    levels = base.execute(
        f"SELECT year, reporter, flow, level, sum(CAST(value AS DECIMAL(28, 2)))::DOUBLE AS value "
        f"FROM {usable} GROUP BY ALL ORDER BY ALL"
    ).df()
    return Outline(
        column("year", source),
        set(column("reporter", usable)),
        set(column("partner", usable)),
        levels,
        int(base.execute(f"SELECT sum(rows) FROM {source}").fetchall()[0][0]),
    )


def load(base: Any, path: Path, year: int) -> pd.DataFrame:
    """The survey of one year as a frame whose texts are categories."""
    source = f"read_parquet({read.quoted(str(path))})"
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE surveyed AS SELECT * FROM {source} WHERE year = {year}"
    )
    for name in TEXTS:
        base.execute(f"DROP TYPE IF EXISTS {name}_text")
        base.execute(
            f"CREATE TYPE {name}_text AS ENUM (SELECT DISTINCT {name} FROM surveyed ORDER BY 1)"
        )
    texts = ", ".join(f"{name}::{name}_text AS {name}" for name in TEXTS)
    table = base.execute(f"SELECT * REPLACE ({texts}) FROM surveyed ORDER BY ALL").df()
    base.execute("DROP TABLE surveyed")
    return pd.DataFrame(table)
