"""Methods side by side on one input: what each makes of the same pairs, and how far it is from a known truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reconcile.world import balance, calibrate, methods, read
from sources.errors import InputError, Problem

SAMPLE = 400_000  # two-sided flows compared; more are thinned by a hash of their key
TRUTH = ["year", "exporter", "importer", "commodity", "value"]
MEASURES = [
    "flows", "mean_weight_exporter", "rms_log_from_exporter", "rms_log_from_importer", "total_usd",
    "flows_with_truth", "rms_log_error", "bias_log", "in_range",
]  # fmt: skip
Years = Sequence[tuple[int, Path]]


def truth_source(base: Any, path: Path) -> str:
    """A file of true values as an SQL source. Raises InputError where it cannot be read or lacks a column."""
    import duckdb

    reader = "read_parquet" if path.suffix.lower() == ".parquet" else "read_csv"
    source = (
        f"{reader}({read.quoted(str(path))}{', all_varchar=true' if reader == 'read_csv' else ''})"
    )
    try:
        has = {row[0] for row in base.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    except duckdb.Error as error:
        raise InputError(
            Problem(str(path), "", str(error).split("\n", 1)[0][:300], read.REDO, "CORRUPT_FILE")
        ) from error
    missing = [name for name in TRUTH if name not in has]
    if missing:
        raise InputError(
            [
                Problem(str(path), "header", f"no column {name}", f"It needs {', '.join(TRUTH)}.", "MISSING_COLUMN")
                for name in missing
            ]
        )  # fmt: skip
    return (
        f"(SELECT CAST(year AS INTEGER) AS year, exporter, importer, CAST(commodity AS VARCHAR) AS commodity, "
        f"CAST(value AS DOUBLE) AS truth FROM {source})"
    )


def compare(
    evidence: methods.Evidence, codes: list[str], years: Years, memory: str, truth: Path | None
) -> pd.DataFrame:
    """One row a method of METHODS, over two-sided flows (natural logarithms, USD).

    `expected_rms_log_error` is the error it has if the fitted errors hold, which favours the method that
    uses them; `rms_log_from_exporter` and `_importer` how far it moves each side. With `truth`:
    `rms_log_error`, `bias_log` (mean ln of balanced over true) and `in_range` (share within low to high).
    """
    both = int(evidence.sums["both"].sum())
    thin = max(1, -(-both // SAMPLE))
    base = read.connect(memory)
    names = pd.DataFrame({"place": np.arange(len(codes), dtype=np.int16), "code": codes})
    base.register("code_frame", names)
    pairs = " UNION ALL ".join(
        f"SELECT {year} AS year, * FROM read_parquet({read.quoted(str(path))}) "
        f"WHERE x IS NOT NULL AND m IS NOT NULL AND hash(e, i, commodity) % {thin} = 0"
        for year, path in years
    )
    truths = "NULL::DOUBLE"
    join = ""
    if truth is not None:
        truths = "t.truth"
        join = (
            f"LEFT JOIN {truth_source(base, truth)} t USING (year, exporter, importer, commodity)"
        )
    base.execute(f"""
        CREATE TABLE sample AS SELECT e, i, commodity, x, m, f, {truths} AS truth FROM (
            SELECT p.*, a.code AS exporter, b.code AS importer FROM ({pairs}) p
            JOIN code_frame a ON a.place = p.e JOIN code_frame b ON b.place = p.i) {join}""")
    rows = []
    for name, method in methods.METHODS.items():
        table = balance.parameters(evidence, method)
        found = calibrate.calibrate(evidence, method, table)
        base.register("pair_frame", table)
        base.execute("CREATE OR REPLACE TABLE pair_row AS SELECT * FROM pair_frame")
        select = balance.query(evidence.fit.family, method.combine, found.reach, "sample").replace(
            "SELECT e, i, commodity, x, m,", "SELECT truth, x, m,"
        )
        # a table first: aggregates over the select itself take the planner seconds
        base.execute(
            f"CREATE OR REPLACE TABLE made AS SELECT truth, x, fob, share, balanced, low, high FROM ({select})"
        )
        seen = base.execute("""
            SELECT count(*)::BIGINT, avg(share), sqrt(avg((ln(balanced) - ln(x)) ** 2)),
                sqrt(avg((ln(balanced) - ln(fob)) ** 2)), sum(CAST(balanced AS DECIMAL(28, 2)))::DOUBLE,
                count(truth)::BIGINT, sqrt(avg((ln(balanced) - ln(truth)) ** 2)),
                avg(ln(balanced) - ln(truth)), avg((truth BETWEEN low AND high)::INTEGER)
            FROM made""").fetchall()[0]
        about = {"method": name, "about": method.about, "source": method.source}
        rows.append(
            about | dict(zip(MEASURES, seen)) | {"expected_rms_log_error": found.rms_log_error}
        )
    base.close()
    result = pd.DataFrame(rows)
    if truth is None:
        return result.drop(columns=["flows_with_truth", "rms_log_error", "bias_log", "in_range"])
    if not int(result["flows_with_truth"].max()):
        raise InputError(
            Problem(str(truth), "", "no two-sided flow has a true value here", "Check its codes and years.")
        )  # fmt: skip
    return result.sort_values(["rms_log_error", "method"], ignore_index=True)
