"""Owns the project's own figures file: one row a figure, in csv, tsv, xlsx, ods, json or parquet."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from sources import delimited, grid
from sources.errors import InputError, Problem
from sources.figures import COLUMNS, FINDING_COLUMNS, RAW_REQUIRED, Reading
from sources.words import clean, nearest

NAME = "figures_file"
ABOUT = "the figures file of this program: one row a figure, columns named as in its documentation"
EXAMPLE = (
    "reporter,partner,flow,period,value,unit,source\nKAZ,CHN,exports,2024,15.0,billion USD,BNS\n"
)
LOOKED_AT = 20  # rows in which the header is sought


class Head(Protocol):
    """What this reader looks at to recognise a file."""

    @property
    def data(self) -> bytes: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def sheets(self) -> list[grid.Sheet]: ...


class Source(Protocol):
    """What this reader reads: the bytes of one file, its name, and what the user said about it."""

    @property
    def data(self) -> bytes: ...
    @property
    def name(self) -> str: ...
    @property
    def decimal(self) -> str | None: ...
    @property
    def encoding(self) -> str | None: ...


def key(header: str) -> str:
    """Give the column name that a header cell means: case, spaces, hyphens and marks do not matter."""
    return re.sub(r"[\s\-_]+", "_", clean(header)).strip("_")


def header_row(sheet: grid.Sheet) -> int | None:
    """Give the row with most of the required columns among the first rows, or None under three of them."""
    best, chosen = 2, None
    for row in range(min(LOOKED_AT, len(sheet.cells))):
        count = len({key(str(cell)) for cell in sheet.cells.iloc[row]} & set(RAW_REQUIRED))
        if count > best:
            best, chosen = count, row
    return chosen


def score(sheets: list[grid.Sheet]) -> float:
    """Score 0..1 how far sheets are a figures file: the share of required columns, near 1 for all."""
    best = 0.0
    for sheet in sheets:
        row = header_row(sheet)
        if row is not None:
            names = {key(str(cell)) for cell in sheet.cells.iloc[row]}
            best = max(best, len(names & set(RAW_REQUIRED)) / len(RAW_REQUIRED))
    # Without unit, or without both parties, the file is some other table with familiar words in it.
    return 0.98 if best == 1.0 else (0.6 * best if best > 0.55 else 0.0)


def raw_from_sheet(sheet: grid.Sheet) -> tuple[pd.DataFrame, list[str]]:
    """Give (raw rows of text with places, names of columns left out). Raises InputError on its columns."""
    row = header_row(sheet)
    if row is None:
        raise InputError(
            Problem(sheet.file, sheet.name, "no header with the columns of a figures file",
                    "The first row must name " + ", ".join(RAW_REQUIRED), "MISSING_COLUMN")
        )  # fmt: skip
    headers = [str(cell) for cell in sheet.cells.iloc[row]]
    chosen, left_out = _columns(headers, sheet.file, sheet.address(row))
    body = sheet.cells.iloc[row + 1 :]
    filled = (body != "").any(axis=1)
    body = body[filled]
    raw = pd.DataFrame({name: body[column] for name, column in chosen.items()})
    if sheet.numeric is not None and (body.index.size):
        raw = _stored_numbers(raw, sheet, chosen["value"])
    places = _places(sheet, body.index, chosen["value"])
    own = raw["place"].str.strip() if "place" in raw else pd.Series("", index=raw.index)
    raw["place"] = own.where(own != "", places)
    return raw.reset_index(drop=True), left_out


def _stored_numbers(raw: pd.DataFrame, sheet: grid.Sheet, column: int) -> pd.DataFrame:
    """Take values that a workbook stores as numbers as they are: their point is no matter of a decimal mark."""
    assert sheet.numeric is not None
    stored = sheet.numeric[raw.index.to_numpy(), column]
    text = raw["value"]
    if not (stored | (text.str.strip() == "").to_numpy()).all():
        return raw
    raw = raw.copy()
    if "printed" not in raw:
        raw["printed"] = text
    raw["value"] = pd.to_numeric(text.where(stored), errors="coerce").astype("float64")
    return raw


def _json_numbers(raw: pd.DataFrame, data: bytes, file: str, encoding: str | None) -> pd.DataFrame:
    """Take values that JSON holds as numbers as they are: `1.234` without quotes is no thousand."""
    from sources.decode import decode

    # The tables were loaded before, with their depth and their keys looked at.
    document = json.loads(decode(data, file, encoding).text, parse_float=float, parse_int=float)
    if isinstance(document, dict) and "basis" not in document:
        document = document.get("figures")
    if not isinstance(document, list) or len(document) != len(raw):
        return raw
    names = [
        next((name for name in row if key(str(name)) == "value"), None) if isinstance(row, dict) else None
        for row in document
    ]  # fmt: skip
    cells = [row[name] if name else None for row, name in zip(document, names)]
    if not all(cell is None or (isinstance(cell, float) and cell - cell == 0) for cell in cells):
        return raw
    text = raw["value"]
    numbers = pd.to_numeric(text.where(text.str.strip() != ""), errors="coerce").astype("float64")
    if not (numbers.isna() == [cell is None for cell in cells]).all():
        return raw
    return raw.assign(value=numbers, **({} if "printed" in raw else {"printed": text}))


def _places(sheet: grid.Sheet, rows: pd.Index, column: int) -> pd.Series:
    """Give the places of the values: `line 12` of a text file, `Sheet1!E12` of a workbook, `record 3`."""
    if sheet.kind == "csv":
        lines = (
            pd.Series(rows + 1, index=rows)
            if sheet.lines is None
            else pd.Series([sheet.lines[row] for row in rows], index=rows)
        )
        return "line " + lines.astype(str)
    if sheet.kind in ("json", "html"):
        return pd.Series([sheet.address(row) for row in rows], index=rows, dtype=object)
    prefix = f"{sheet.name}!{grid.column_letters(column)}"
    return prefix + pd.Series(rows + 1, index=rows).astype(str)


def _columns(headers: list[str], file: str, place: str) -> tuple[dict[str, int], list[str]]:
    """Match header cells with the known columns: ({name: column number}, headers left out).

    Raises InputError that names every missing, doubled and misspelt column at once.
    """
    chosen: dict[str, int] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for number, header in enumerate(headers):
        name = key(header)
        if not name:
            continue
        if name in chosen:
            problems.append(
                Problem(
                    file, place, f"the column {name!r} stands twice", "Keep one.", "DOUBLE_COLUMN"
                )
            )
        elif name in COLUMNS:
            chosen[name] = number
        else:
            unknown.append(header)
    left_out: list[str] = []
    suggested: list[str] = []
    for header in unknown:
        near = _misspelt(key(header), [name for name in COLUMNS if name not in chosen])
        if near:
            suggested.append(near)
            problems.append(
                Problem(
                    file,
                    place,
                    f"unknown column {header!r}",
                    f"Did you mean {near!r}?",
                    "UNKNOWN_COLUMN",
                )
            )
        else:
            left_out.append(header)
    missing = [name for name in RAW_REQUIRED if name not in (*chosen, *suggested)]
    if missing == ["value"] and {"number", "printed unit"} <= {clean(text) for text in headers}:
        found = "this is a report of this program, not a figures file"
        advice = "Give the files it was made from, or make its figures anew with reconcile report -o figures.csv"
        problems.append(Problem(file, place, found, advice, "MISSING_COLUMN"))
    elif missing:
        advice = "A figures file needs " + ", ".join(RAW_REQUIRED)
        problems.append(
            Problem(file, place, "missing columns: " + ", ".join(missing), advice, "MISSING_COLUMN")
        )
    if problems:
        raise InputError(problems)
    return chosen, left_out


def _misspelt(name: str, choices: list[str]) -> str:
    """Give the known column that a name misspells by a letter or two, else nothing."""
    limit = 1 if len(name) < 6 else 2
    for choice in nearest(name, choices, 3):
        if _distance(name, choice) <= limit and len(choice) > 2:
            return choice
    return ""


def _distance(one: str, two: str) -> int:
    """Give the number of letters to change, add, drop or swap with a neighbour (Damerau 1964)."""
    table = [[row + column for column in range(len(two) + 1)] for row in range(len(one) + 1)]
    for row in range(1, len(one) + 1):
        for column in range(1, len(two) + 1):
            table[row][column] = min(
                table[row - 1][column] + 1,
                table[row][column - 1] + 1,
                table[row - 1][column - 1] + (one[row - 1] != two[column - 1]),
            )
            if (
                row > 1
                and column > 1
                and one[row - 1] == two[column - 2]
                and one[row - 2] == two[column - 1]
            ):
                table[row][column] = min(table[row][column], table[row - 2][column - 2] + 1)
    return table[-1][-1]


def raw_from_parquet(data: bytes, file: str) -> tuple[pd.DataFrame, list[str]]:
    """Read a figures file in parquet: every column as text but a numeric `value`. Raises InputError."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.parquet"
        path.write_bytes(data)
        try:
            with duckdb.connect(":memory:") as door:
                door.execute("SET memory_limit='400MB'")
                table = door.read_parquet(str(path))
                count = door.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
                if count and count[0] > delimited.MAX_ROWS:
                    raise delimited.too_large(
                        file, "", f"{count[0]:,} rows", f"{delimited.MAX_ROWS:,} rows"
                    )
                chosen, left_out = _columns(list(table.columns), file, "")
                names = list(table.columns)
                kinds = {name: str(table.types[number]) for name, number in chosen.items()}
                numeric = re.match(r"DOUBLE|FLOAT|DECIMAL|.*INT", kinds["value"]) is not None
                parts = []
                for name, number in chosen.items():
                    quoted = '"' + names[number].replace('"', '""') + '"'
                    cast = "DOUBLE" if name == "value" and numeric else "VARCHAR"
                    parts.append(f"CAST({quoted} AS {cast}) AS {name}")
                raw = door.execute(
                    f"SELECT {', '.join(parts)} FROM read_parquet(?)", [str(path)]
                ).df()
        except duckdb.Error as error:
            raise InputError(
                Problem(
                    file,
                    "",
                    "the parquet file is damaged",
                    "Write or download it again.",
                    "CORRUPT_FILE",
                )
            ) from error
    for name in raw.columns:
        if name != "value" or not numeric:
            raw[name] = raw[name].astype(object).where(raw[name].notna(), "")
    places = "row " + pd.Series(range(1, len(raw) + 1), index=raw.index).astype(str)
    own = raw["place"] if "place" in raw else pd.Series("", index=raw.index)
    raw["place"] = own.where(own != "", places)
    return raw, left_out


def _report_json(sheets: list[grid.Sheet], data: bytes) -> list[grid.Sheet]:
    """Give the figures of our own report its unit: its amounts are in the currency of the basis.

    A report names `amount` (in units of that currency) and no `unit`; value, low and high follow it.
    """
    figures = [sheet for sheet in sheets if sheet.name == "figures"]
    if not figures or b'"reconcile/1"' not in data[:2000]:
        return figures or sheets
    from sources.decode import decode
    from sources.markup import load_json

    sheet = figures[0]
    document = load_json(decode(data, sheet.file).text, sheet.file)
    basis = document.get("basis", {}) if isinstance(document, dict) else {}
    currency = str(basis.get("currency") or "") if isinstance(basis, dict) else ""
    prices = str(basis.get("prices") or "") if isinstance(basis, dict) else ""
    cells = sheet.cells.copy()
    names = {key(str(cell)): number for number, cell in enumerate(cells.iloc[0])}
    if "amount" not in names or "unit" in names or not currency:
        return figures
    if "place" in names:  # derived figures are derived again from the printed ones
        cells = cells[~cells.iloc[:, names["place"]].astype(str).str.startswith("derived: ")]
    if "value" in names:
        cells.iloc[1:, names["value"]] = cells.iloc[1:, names["amount"]]
    cells[cells.shape[1]] = ["unit"] + [currency] * (len(cells) - 1)
    if prices and "prices" not in names:
        cells[cells.shape[1]] = ["prices"] + [prices] * (len(cells) - 1)
    for name in (
        "printed",
        "printed_unit",
        "currency",
    ):  # they say what stood before the conversion
        if name in names:
            cells.iloc[0, names[name]] = f"original {name}"
    return [grid.Sheet(sheet.name, cells, file=sheet.file, kind=sheet.kind, facts=sheet.facts)]


def read_bytes(
    data: bytes,
    file: str,
    decimal: str | None = None,
    encoding: str | None = None,
    sheets: list[grid.Sheet] | None = None,
) -> Reading:
    """Read a figures file of any of its formats into figures. Raises InputError with all its problems.

    `sheets` are the tables of the file where they have been loaded.
    """
    from sources.understand import understand

    raw, findings, facts = raw_from_bytes(data, file, encoding, sheets)
    reading = understand(raw, file, NAME, decimal)
    return Reading(
        reading.figures,
        reading.set_aside,
        pd.concat([reading.findings, findings], ignore_index=True)
        if len(findings)
        else reading.findings,
        {**facts, **reading.facts},
    )


def raw_from_bytes(
    data: bytes, file: str, encoding: str | None = None, sheets: list[grid.Sheet] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, object]]:
    """Give (raw rows, findings, facts) of a figures file. Raises InputError."""
    if data.startswith(b"PAR1"):
        raw, left_out = raw_from_parquet(data, file)
        sheets = []
        read: list[pd.DataFrame] = [raw]
    else:
        sheets = grid.load(data, name=file, encoding=encoding) if sheets is None else sheets
        if sheets and sheets[0].kind == "json":
            sheets = _report_json(sheets, data)
        left_out, read, other = [], [], []
        chosen = [sheet for sheet in sheets if header_row(sheet) is not None] or sheets[:1]
        for sheet in chosen:
            raw, out = raw_from_sheet(sheet)
            if sheet.kind == "json" and len(chosen) == 1:
                raw = _json_numbers(raw, data, file, encoding)
            left_out.extend(out)
            read.append(raw)
        other = [sheet.name for sheet in sheets if sheet not in chosen and len(sheet.cells)]
        left_out.extend(f"sheet {name}" for name in other)
    table = pd.concat(read, ignore_index=True) if len(read) > 1 else read[0]
    if len(read) > 1:
        table = table.fillna({name: "" for name in table.columns if name != "value"})
    if not len(table):
        raise InputError(
            Problem(
                file,
                "",
                "a header and no figures",
                "Write one row a figure below it.",
                "EMPTY_FILE",
            )
        )
    facts: dict[str, Any] = dict(sheets[0].facts) if sheets else {}
    if left_out:
        facts["notes"] = ["columns left out: " + ", ".join(dict.fromkeys(left_out))]
    return table, as_findings([problem for sheet in sheets for problem in sheet.findings]), facts


def as_findings(problems: list[Problem], severity: str = "warning") -> pd.DataFrame:
    """Write the grid's odd things as rows of the findings table."""
    rows = [
        {"code": p.code, "severity": severity, "case": "", "figures": "", "file": p.file, "place": p.place,
         "message": p.found, "advice": p.advice}
        for p in problems
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=FINDING_COLUMNS)


def recognises(head: Head) -> float:
    """Score 0..1 how far a file is a figures file, by its header."""
    if head.data.startswith(b"PAR1"):
        return 0.98 if set(RAW_REQUIRED) <= {key(name) for name in head.columns} else 0.0
    return score(head.sheets)


def read(source: Source) -> Reading:
    """Read a figures file. Raises InputError with all its problems."""
    loaded = None if source.data.startswith(b"PAR1") else getattr(source, "sheets", None)
    return read_bytes(source.data, source.name, source.decimal, source.encoding, loaded)
