"""Owns the figures file that is written: as csv, json or parquet, to be edited and read again.

The required columns come first, then every other column that holds anything, `role`, `low` and `high`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from reconcile.result import Result
from sources.figures import COLUMNS, RAW_REQUIRED, Reading

ALWAYS = ["role", "low", "high"]
# A spreadsheet takes a text that begins so for a formula; a printed number that does so is none.
_DANGEROUS = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+\-−]?[\d\s.,'’٫٬\u00a0\u202f]+%?")


def table(figures: pd.DataFrame, set_aside: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give n figures, and the m rows set aside with the reason as their note, in the columns of a figures file.

    Empty is "" in text and NaN in numbers; columns that hold nothing are left out.
    """
    parts = [figures.reindex(columns=list(COLUMNS))]
    if set_aside is not None and len(set_aside):
        why = set_aside["reason"].map(_text) + set_aside["label"].map(_text).map(
            lambda label: f": {label}" if label else ""
        )
        out = set_aside[["file", "place", "printed", "value", "unit"]].assign(
            role="set aside", note=why
        )
        parts.append(out.reindex(columns=list(COLUMNS)))
    whole = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    for name, kind in COLUMNS.items():
        if kind == "number":
            whole[name] = pd.to_numeric(whole[name], errors="coerce").astype("float64")
        else:
            whole[name] = whole[name].map(_text)
    others = [name for name in COLUMNS if name not in (*RAW_REQUIRED, *ALWAYS)]
    held = [name for name in others if _holds(whole[name])]
    return whole[[*RAW_REQUIRED, *held, *ALWAYS]]


def figures_of(readings: Sequence[Reading]) -> pd.DataFrame:
    """Give what several inputs gave, with what was set aside, as one figures file."""
    figures = pd.concat([reading.figures for reading in readings], ignore_index=True)
    aside = pd.concat([reading.set_aside for reading in readings], ignore_index=True)
    return table(figures, aside)


def figures_in(result: Result) -> pd.DataFrame:
    """Give the printed figures of a result as a figures file; derived ones are left to be derived again."""
    return table(result.figures[~result.figures["derived"].astype(bool)], result.set_aside)


def text(whole: pd.DataFrame) -> str:
    """Give a figures file as csv; a text that a spreadsheet would take for a formula gets a leading '."""
    out = whole.copy()
    for name in out.columns:
        if COLUMNS[name] == "number":
            out[name] = out[name].map(_plain_number)
        else:
            out[name] = out[name].map(safe)
    made: str = out.to_csv(index=False, lineterminator="\n")
    return made


def safe(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula: a leading ' before = + - @, tab and return."""
    if not _DANGEROUS.match(text) or _NUMBER.fullmatch(text):
        return text
    return "'" + text


def records(whole: pd.DataFrame) -> str:
    """Give a figures file as a JSON list of records; a missing number is null."""
    rows = [
        {str(name): _json_value(value) for name, value in row.items()}
        for row in whole.to_dict("records")
    ]
    made = json.dumps(rows, ensure_ascii=False, allow_nan=False, indent=1)
    return made.encode("utf-8", "backslashreplace").decode() + "\n"


def parquet(whole: pd.DataFrame, path: Path) -> None:
    """Write a figures file as parquet: numbers as doubles with nulls, all else as text. Raises OSError."""
    import duckdb

    kinds = {"number": "DOUBLE", "text": "VARCHAR"}
    chosen = ", ".join(
        f'CASE WHEN isnan("{name}") THEN NULL ELSE "{name}" END AS "{name}"'
        if COLUMNS[name] == "number"
        else f'CAST("{name}" AS {kinds["text"]}) AS "{name}"'
        for name in whole.columns
    )
    target = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.register("whole", whole)
        try:
            connection.execute(f"COPY (SELECT {chosen} FROM whole) TO '{target}' (FORMAT parquet)")
        except duckdb.IOException as error:
            raise OSError(str(error)) from error


def _holds(column: pd.Series) -> bool:
    if column.dtype == "float64":
        return bool(column.notna().any())
    return bool((column != "").any())


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value)


def _plain_number(value: float) -> str:
    """Write a number so that it reads back the same, without .0 behind a whole one."""
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _json_value(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
