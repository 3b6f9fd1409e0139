"""Owns how the tables of `reconcile balance` and `simulate` become files and words on the terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

import reports
from reports import labels
from reports.layout import Book, Cell, Column, Sheet, Table, Text

MAX_LINES = 40
ABOUT = {
    "balanced": "One row a measure, exports and imports on FOB: what the figures say, the balanced value and its range.",
    "figures": "One row a figure: as given, balanced, how far it moved, its range and the bound it lies on.",
    "constraints": "Each constraint: how far the figures miss it before and after balancing, and what contradicts it.",
    "pairs": "One row a pair and commodity: both reports, the importer's on FOB, the weight, the balanced value, its range.",
    "left out": "Figures that are in no pair, by reason, counted and valued.",
    "scores": "Every method on every world: error, bias and coverage against the truth.",
}  # fmt: skip


def write(tables: Mapping[str, pd.DataFrame], path: Path, currency: str) -> None:
    """Write tables to a file by its suffix: json and xlsx hold all, csv and parquet the first. Whole or not at all."""
    suffix = path.suffix.lower()
    first = next(iter(tables.values()))

    def fill(part: Path) -> None:
        if suffix == ".parquet":
            _parquet(first, part)
        elif suffix == ".csv":
            part.write_bytes(first.map(_safe).to_csv(index=False).encode("utf-8"))
        elif suffix == ".json":
            part.write_text(_json(tables, currency), encoding="utf-8")
        else:
            _book(tables, part, currency)

    reports._replace(path, fill)


def _parquet(table: pd.DataFrame, path: Path) -> None:
    import duckdb

    target = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.register("first", table)
        try:
            connection.execute(f"COPY first TO '{target}' (FORMAT parquet)")
        except duckdb.IOException as error:
            raise OSError(str(error)) from error


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is quoted."""
    from reports.csv import safe

    return safe(value) if isinstance(value, str) else value


def _json(tables: Mapping[str, pd.DataFrame], currency: str) -> str:
    document: dict[str, Any] = {"schema": "reconcile-balance/1", "currency": currency}
    for name, table in tables.items():
        document[name.replace(" ", "_")] = json.loads(table.to_json(orient="records"))
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _book(tables: Mapping[str, pd.DataFrame], path: Path, currency: str) -> None:
    from reports.workbook import write as write_book

    sheets = []
    for name, table in tables.items():
        title = name.capitalize()
        note = ABOUT.get(name, title)
        rows = [[_cell(value) for value in row] for row in table.itertuples(index=False)]
        columns = [
            Column(str(column).replace("_", " "), 18, _format(table[column]))
            for column in table.columns
        ]
        blocks: list[Text | Table] = [
            Text([title], "title"),
            Text([f"{note} Amounts in {currency}."]),
        ]
        blocks.append(Table("t" + title.replace(" ", ""), columns, rows, True))
        sheets.append(Sheet(title, note, blocks, pages_wide=2))
    book = Book("Balanced trade figures", sheets, datetime(2000, 1, 1), subject="Balanced figures")
    with path.open("wb") as file:
        write_book(book, file)


def _format(column: pd.Series) -> str:
    if not pd.api.types.is_float_dtype(column):
        return ""
    large = bool((column.abs() >= 1000).any())
    return "#,##0" if large else "0.000"


def _cell(value: Any) -> Cell:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "item"):
        return _cell(value.item())
    if isinstance(value, float) and abs(value) == float("inf"):
        return None
    return value if isinstance(value, (int, float, str)) else str(value)


def lined(rows: list[list[str]], right: int) -> str:
    """Rows as aligned columns; from column `right` on they are numbers and stand at the right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            text.ljust(wide) if n < right else text.rjust(wide)
            for n, (text, wide) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    )


def told_accounts(
    table: pd.DataFrame, constraints: pd.DataFrame, currency: str, check_only: bool
) -> str:
    """The terminal's text of figures balanced under constraints: one line a measure, then the constraints."""
    size, word = labels.scale_of(float(table["highest"].abs().max()))
    unit = " ".join(part for part in (word, currency) if part)
    rows = [["exporter or first area", "second area", "flow", "period", "figures", "lowest", "highest",
             "balanced", "low", "high"]]  # fmt: skip
    for row in table.head(MAX_LINES).itertuples(index=False):
        numbers = [getattr(row, name) for name in ("lowest", "highest", "balanced", "low", "high")]
        shown = ["" if pd.isna(n) else f"{n / size:,.2f}" for n in numbers]
        flow = row.flow if row.commodity in ("TOTAL", "") else f"{row.flow} {row.commodity}"
        rows.append([labels.area(row.area_a), labels.area(row.area_b), flow, row.period, str(row.figures), *shown])  # fmt: skip
    if check_only:
        rows = [row[:7] for row in rows]
    text = [f"{unit}; exports and imports on FOB", lined(rows, 4)]
    if len(table) > MAX_LINES:
        text.append(f"and {len(table) - MAX_LINES} more: write them with -o")
    text.append(_told_constraints(constraints, size, check_only))
    return "\n".join(text)


def _told_constraints(constraints: pd.DataFrame, size: float, check_only: bool) -> str:
    missed = constraints[
        constraints["before"].abs() > 1e-6 * constraints["total_in"].abs().clip(lower=1.0)
    ]
    lines = [
        f"{labels.count(len(constraints), 'constraint')}, {len(missed)} missed by the figures as given"
    ]
    worst = missed.reindex(missed["before"].abs().sort_values(ascending=False).index)
    lines += [
        f"  {row.constraint}: missed by {row.before / size:,.2f}"
        for row in worst.head(10).itertuples(index=False)
    ]
    unmet = constraints[constraints["unmet"]]
    if len(unmet) and not check_only:
        lines.append("These constraints cannot all hold:")
        lines += [f"  {row.constraint}: {row.conflict}" for row in unmet.itertuples(index=False)]
    return "\n".join(lines)


def told_pairs(pairs: pd.DataFrame, left_out: pd.DataFrame) -> str:
    """The terminal's text of balanced pairs: counts, sums by evidence, the largest rows."""
    method = str(pairs["method"].iloc[0])
    whole = float(pairs["balanced"].sum())
    size, word = labels.scale_of(float(pairs["balanced"].max()))
    rows = [["evidence", "pairs", f"balanced, {word}".strip(", ")]]
    for name, part in pairs.groupby("evidence", sort=False):
        rows.append([str(name), f"{len(part):,}", f"{part['balanced'].sum() / size:,.1f}"])
    rows.append(["all", f"{len(pairs):,}", f"{whole / size:,.1f}"])
    text = [f"method {method}", lined(rows, 1), f"the largest flows, {word}".strip(", ") + ":"]
    top = [
        [
            "exporter",
            "importer",
            "commodity",
            "period",
            "exporter FOB",
            "importer CIF",
            "balanced",
            "low",
            "high",
        ]
    ]
    for row in pairs.nlargest(10, "balanced").itertuples(index=False):
        numbers = [row.exporter_fob, row.importer_cif, row.balanced, row.low, row.high]
        shown = ["" if pd.isna(n) else f"{n / size:,.2f}" for n in numbers]
        top.append([labels.area(row.exporter), labels.area(row.importer), str(row.commodity), str(row.year), *shown])  # fmt: skip
    text.append(lined(top, 4))
    for row in left_out.itertuples(index=False):
        text.append(f"left out: {labels.count(int(row.figures), 'figure')}, {row.reason}")
    return "\n".join(text)


def told_scores(table: pd.DataFrame) -> str:
    """The terminal's text of `simulate --compare`: one block a scenario, best method first."""
    text = []
    for scenario, part in table.groupby("scenario", sort=False):
        rows = [
            ["method", "RMS ln error", "bias ln", "covered %", "missing %", "better than mean %"]
        ]
        for row in part.itertuples(index=False):
            rows.append(
                [str(row.method), f"{row.rms_log_error:.3f}", f"{row.bias_log:+.3f}", f"{row.coverage_pct:.1f}",
                 f"{row.missing_pct:.1f}", f"{row.gain_pct_mean:+.1f}"]
            )  # fmt: skip
        text += [str(scenario), lined(rows, 1), ""]
    return "\n".join(text).rstrip()
