"""The one pass over every row before the long work: how many rows of what kind, by year and pair of areas.

A file that cannot be read fails here, and is named with its row group.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from reconcile.world import read
from sources.errors import InputError, Problem

TEXTS = ["reporter", "partner", "flow", "edition"]
AMOUNTS = ["value", "with_cif", "only_fob"]


def survey(base: Any, found: Sequence[read.Table], years: Sequence[int] | None, out: Path) -> None:
    """Write one row by file, year, reporter, partner, flow, edition, level and kind of row to `out`.

    `rows` counts, `value` sums (USD), `with_cif` and `only_fob` are the values of rows that state a CIF
    value, or a FOB value alone. Raises InputError for a corrupt file, and where no row is of `years`.
    """
    import duckdb

    where = f"WHERE year IN ({', '.join(str(int(y)) for y in years)})" if years else ""
    parts = " UNION ALL ".join(
        f"SELECT {n}::INTEGER AS file, * FROM {table.select()}" for n, table in enumerate(found)
    )

    def cents(what: str) -> str:
        return f"coalesce(CAST(sum(CAST({what} AS DECIMAL(28, 2))) AS DOUBLE), 0.0)"

    temporary = out.with_suffix(".part")
    try:
        base.execute(f"""
            COPY (SELECT file, year, months, reporter, partner, flow, edition, detail,
                CASE WHEN commodity IN ('TOTAL', 'AG0') THEN 0 ELSE length(commodity) END AS level,
                commodity LIKE '9999%' AS unspecified,
                value IS NULL OR NOT value > 0 OR NOT isfinite(value) AS empty, count(*) AS rows,
                {cents("CASE WHEN isfinite(value) THEN value END")} AS value,
                {cents("CASE WHEN cif > 0 AND isfinite(value) THEN value END")} AS with_cif,
                {cents("CASE WHEN fob > 0 AND NOT coalesce(cif > 0, false) AND isfinite(value) THEN value END")}
                    AS only_fob
            FROM ({parts}) {where} GROUP BY ALL ORDER BY ALL)
            TO {read.quoted(str(temporary))} (FORMAT parquet)""")
    except duckdb.Error as error:
        problems = read.locate(found)
        if not problems:
            raise
        raise InputError(problems) from error
    rows = base.execute(f"SELECT count(*) FROM read_parquet({read.quoted(str(temporary))})")
    if not rows.fetchall()[0][0]:
        temporary.unlink()
        wanted = f" of {', '.join(map(str, years))}" if years else ""
        raise InputError(Problem("", "", f"no rows{wanted}", "Check the files and the years."))
    temporary.replace(out)


def load(base: Any, path: Path) -> pd.DataFrame:
    """The survey as a frame whose texts are categories: thirty years are some million rows."""
    source = f"read_parquet({read.quoted(str(path))})"
    base.execute(f"CREATE OR REPLACE TEMP TABLE surveyed AS SELECT * FROM {source}")
    for name in TEXTS:
        base.execute(f"DROP TYPE IF EXISTS {name}_text")
        base.execute(
            f"CREATE TYPE {name}_text AS ENUM (SELECT DISTINCT {name} FROM surveyed ORDER BY 1)"
        )
    texts = ", ".join(f"{name}::{name}_text AS {name}" for name in TEXTS)
    table = base.execute(f"SELECT * REPLACE ({texts}) FROM surveyed ORDER BY ALL").df()
    base.execute("DROP TABLE surveyed")
    return pd.DataFrame(table)
