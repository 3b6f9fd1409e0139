"""Helpers of the readers: tables with named columns out of csv, parquet, json and sheets, and the way to a Reading.

Columns are found by their squashed name (`reporter_code`, `reporterCode` and `Reporter Code` are one).
Long text tables and parquet go through duckdb and never through cells.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sources import delimited, grid
from sources.errors import InputError, Problem
from sources.figures import FINDING_COLUMNS, SET_ASIDE_COLUMNS, Reading
from sources.words import clean

if TYPE_CHECKING:
    from sources.readers import Source

BULK = 4 * 2**20  # bytes from which a text table bypasses cells
MAX_ROWS = 30_000_000
CATEGORY_UP_TO = 60_000  # distinct texts of a column of a long table that are kept as categories

Fields = Mapping[str, Sequence[str]]  # name here: the headers it may have in the file, squashed


@dataclass(frozen=True)
class Rows:
    """Rows of a table: `frame` has the fields found, as text; `place` the address of each row.

    `headers` are all headers as printed; `aside` the rows that do not fit the header.
    """

    frame: pd.DataFrame
    place: pd.Series
    headers: list[str]
    aside: list[dict[str, object]] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> pd.Series:
        """Give a column as text, or a constant where the file lacks it."""
        if name in self.frame:
            return self.frame[name]
        return constant(default, self.frame.index)


def squash(header: object) -> str:
    """Give a header without case, spaces and marks: `Trade Value (US$)` is `tradevalueus`."""
    return re.sub(r"[^0-9a-z]+", "", clean(str(header)))


def constant(text: str, index: pd.Index) -> pd.Series:
    """Give a column that holds one text, at the cost of one."""
    codes = np.zeros(len(index), dtype=np.int8)
    return pd.Series(pd.Categorical.from_codes(codes, [text]), index=index)


def mapped(column: pd.Series, answers: Mapping[str, str], default: str | None = None) -> pd.Series:
    """Replace each unique text of a column by its answer; a text without one stays, or becomes `default`."""
    codes, unique = pd.factorize(column)
    keep = [str(text) for text in unique]
    table = np.array(
        [answers.get(t.strip(), t if default is None else default) for t in keep]
        + ["" if default is None else default],
        dtype=object,
    )
    return pd.Series(table[codes], index=column.index, dtype=object)


def pick(headers: Iterable[object], fields: Fields) -> dict[str, int]:
    """Give the position of each field among headers; a field that stands nowhere is left out."""
    squashed = [squash(header) for header in headers]
    found = {}
    for name, known in fields.items():
        for alias in known:
            if alias in squashed:
                found[name] = squashed.index(alias)
                break
    return found


def numbers_of(column: pd.Series) -> pd.Series:
    """Give plain numbers (`1234.5`, `1.2E+09`) of texts; anything else is missing."""
    return pd.to_numeric(column.astype(object), errors="coerce").astype("float64")


def finding(
    code: str, message: str, advice: str, *, source: Source, place: str = "", severity: str = "note"
) -> dict[str, object]:
    """Build one row of the findings table."""
    return {
        "code": code, "severity": severity, "case": "", "figures": "", "file": source.name,
        "place": place, "message": message, "advice": advice,
    }  # fmt: skip


def aside(
    source: Source, place: str, reason: str, *, printed: str = "", value: float = float("nan"),
    unit: str = "", label: str = "",
) -> dict[str, object]:  # fmt: skip
    """Build one row of the table of rows set aside."""
    return dict(zip(SET_ASIDE_COLUMNS, (source.name, place, reason, printed, value, unit, label)))


def finish(
    raw: pd.DataFrame,
    source: Source,
    reader: str,
    *,
    set_aside: Sequence[dict[str, object]] = (),
    findings: Sequence[dict[str, object]] = (),
    facts: Mapping[str, object] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Reading:
    """Turn raw rows into a Reading and add what the reader itself set aside and found."""
    from sources.understand import understand

    reading = understand(raw, source.name, reader, source.decimal, dict(defaults or {}))
    return Reading(
        reading.figures,
        _joined(reading.set_aside, set_aside, SET_ASIDE_COLUMNS),
        _joined(reading.findings, findings, FINDING_COLUMNS),
        {**reading.facts, **(facts or {})},
    )


def _joined(
    table: pd.DataFrame, rows: Sequence[dict[str, object]], columns: list[str]
) -> pd.DataFrame:
    if not rows:
        return table
    more = pd.DataFrame(list(rows), columns=columns)
    return more if table.empty else pd.concat([table, more], ignore_index=True)


# Text tables ------------------------------------------------------------------------------------


def text_rows(source: Source, fields: Fields, delimiter: str | None = None) -> Rows:
    """Read the fields of a text table whose header is its first line. Raises InputError."""
    if len(source.data) >= BULK:
        rows = _bulk_text(source, fields, delimiter)
        if rows is not None:
            return rows
    table = delimited.read(source.text, source.name, delimiter)
    return _from_lists(source, table.rows, table.lines, fields)


def _from_lists(
    source: Source, rows: list[list[str]], lines: list[int] | None, fields: Fields
) -> Rows:
    start = next((n for n, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    headers = rows[start] if rows else []
    width = len(headers)
    kept, places, out = [], [], []
    for number in range(start + 1, len(rows)):
        row = rows[number]
        if not any(row):
            continue
        line = f"line {lines[number] if lines is not None else number + 1}"
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            out.append(
                aside(source, line, f"{len(row)} cells under {width} headers",
                      printed=" | ".join(row)[:200])
            )  # fmt: skip
            continue
        kept.append(row)
        places.append(line)
    chosen = pick(headers, fields)
    frame = pd.DataFrame(
        {
            name: pd.Series(
                [row[column] if column < len(row) else "" for row in kept], dtype=object
            )
            for name, column in chosen.items()
        },
        index=pd.RangeIndex(len(kept)),
    )
    return Rows(frame, pd.Series(places, index=frame.index, dtype=object), headers, out)


def _bulk_text(source: Source, fields: Fields, delimiter: str | None) -> Rows | None:
    """Read a long text table by duckdb, or give None where its rows do not fit the header."""
    import csv

    import duckdb

    head = source.data[:1_000_000]
    encoding = "utf-8"
    try:
        source.data.decode("utf-8")
    except UnicodeDecodeError:
        encoding = ""
    if source.encoding or not encoding:
        data = source.text.encode()  # another encoding: written once more as UTF-8
        head = data[:1_000_000]
    else:
        data = source.data
    opening = head.decode("utf-8-sig", "replace")
    mark = delimiter or delimited.sniff(opening[:200_000])
    first = list(csv.reader(opening.splitlines()[:2], delimiter=mark))
    if len(first) < 2 or not first[0]:
        return None
    headers, width = first[0], max(len(first[0]), len(first[1]))
    chosen = pick(headers, fields)
    with _on_disk(source, data) as path, duckdb.connect(":memory:") as door:
        names = [f"c{number}" for number in range(width)]
        layout = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in names) + "}"
        quote = mark.replace("'", "''")
        try:
            door.execute(
                f"CREATE TABLE t AS SELECT {', '.join(f'c{n}' for n in sorted(set(chosen.values())))}"
                + (f", c{width - 1} AS beyond" if width > len(headers) else "")
                + f" FROM read_csv(?, header=false, skip=1, delim='{quote}', quote='\"', escape='\"',"
                f" columns={layout}, nullstr='', null_padding=false, strict_mode=true,"
                " auto_detect=false, parallel=true, max_line_size=4000000)",
                [str(path)],
            )
        except duckdb.Error:
            return None
        if width > len(headers):
            over = door.execute("SELECT count(*) FROM t WHERE beyond IS NOT NULL").fetchone()
            if over and over[0]:
                return None
        frame = _fetch(door, "t", {name: f"c{number}" for name, number in chosen.items()})
    if len(frame) > MAX_ROWS:
        raise delimited.too_large(source.name, "", f"{len(frame):,} rows", f"{MAX_ROWS:,} rows")
    if data.count(b"\n") not in (len(frame), len(frame) + 1):
        return None  # line breaks inside cells or empty lines: the slow way knows the lines
    return Rows(frame, _numbered("line ", 2, len(frame)), headers)


def _numbered(word: str, start: int, count: int) -> pd.Series:
    numbers: np.ndarray[Any, Any] = np.arange(start, start + count)
    return pd.Series([f"{word}{number}" for number in numbers.tolist()], dtype=object)


@contextmanager
def _on_disk(source: Source, data: bytes) -> Iterator[Path]:
    """Give a path to the bytes: the file itself where it holds just them, else a file for the while."""
    if source.path is not None and data is source.data and source.path.is_file():
        yield source.path
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(data)
        yield path


def _fetch(door: Any, table: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """Fetch columns of text; those with few distinct texts as categories. Missing is empty text."""
    parts = []
    for number, (name, column) in enumerate(columns.items()):
        few = door.execute(f"SELECT approx_count_distinct({column}) FROM {table}").fetchone()[0]
        text = f"coalesce({column}, '')"
        if few <= CATEGORY_UP_TO:
            door.execute(f"CREATE TYPE e{number} AS ENUM (SELECT DISTINCT {text} FROM {table})")
            text = f"{text}::e{number}"
        parts.append(f'{text} AS "{name}"')
    if not parts:
        count = door.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return pd.DataFrame(index=pd.RangeIndex(count))
    frame: pd.DataFrame = door.execute(f"SELECT {', '.join(parts)} FROM {table}").df()
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            plain = pd.Index(frame[name].cat.categories.astype(object))
            frame[name] = pd.Categorical.from_codes(frame[name].cat.codes, plain)
        else:
            frame[name] = frame[name].astype(object)
    return frame


# Parquet ----------------------------------------------------------------------------------------


def parquet_columns(source: Source) -> list[str]:
    """Give the column names of a parquet file. Raises InputError where it is damaged."""
    import duckdb

    with _on_disk(source, source.data) as path, duckdb.connect(":memory:") as door:
        try:
            return list(door.read_parquet(str(path)).columns)
        except duckdb.Error as error:
            raise _damaged(source) from error


def _damaged(source: Source) -> InputError:
    return InputError(
        Problem(source.name, "", "the parquet file is damaged", "Write or download it again.",
                "CORRUPT_FILE")
    )  # fmt: skip


def parquet_rows(source: Source, fields: Fields, numeric: Sequence[str] = ()) -> Rows:
    """Read the fields of a parquet file as text; those in `numeric` stay numbers where stored so."""
    import duckdb

    with _on_disk(source, source.data) as path, duckdb.connect(":memory:") as door:
        try:
            table = door.read_parquet(str(path))
            headers = [str(name) for name in table.columns]
            kinds = [str(kind) for kind in table.types]
            chosen = pick(headers, fields)
            count = door.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
            if count and count[0] > MAX_ROWS:
                raise delimited.too_large(
                    source.name, "", f"{count[0]:,} rows", f"{MAX_ROWS:,} rows"
                )
            parts = []
            for name, number in chosen.items():
                quoted = '"' + headers[number].replace('"', '""') + '"'
                kind = "DOUBLE" if name in numeric and _stored(kinds[number]) else "VARCHAR"
                text = f"CAST({quoted} AS {kind})"
                if kind == "VARCHAR" and re.match("DOUBLE|FLOAT", kinds[number]):
                    text = f"regexp_replace({text}, '\\.0$', '')"  # a code stored as 156.0
                parts.append(f'{text} AS "{name}"')
            door.execute(
                f"CREATE TABLE t AS SELECT {', '.join(parts) or '1 AS nothing'} FROM read_parquet(?)",
                [str(path)],
            )
            plain = [n for n in numeric if n in chosen and _stored(kinds[chosen[n]])]
            frame = _fetch(door, "t", {n: f'"{n}"' for n in chosen if n not in plain})
            for name in plain:
                column = door.execute(f'SELECT "{name}" AS v FROM t').fetchnumpy()["v"]
                frame[name] = np.ma.filled(np.ma.asarray(column, dtype="float64"), np.nan)
        except duckdb.Error as error:
            raise _damaged(source) from error
    return Rows(frame, _numbered("row ", 1, len(frame)), headers)


def _stored(kind: str) -> bool:
    return re.match(r"DOUBLE|FLOAT|DECIMAL|.*INT", kind) is not None


# Records and sheets -----------------------------------------------------------------------------


def record_rows(records: Sequence[Mapping[str, object]], fields: Fields, word: str) -> Rows:
    """Give the fields of a list of JSON objects as text; places are `<word> 1`, `<word> 2` ..."""
    headers: list[str] = list(dict.fromkeys(str(key) for record in records for key in record))
    chosen = pick(headers, fields)
    frame = pd.DataFrame(
        {
            name: pd.Series(
                [json_text(record.get(headers[column])) for record in records], dtype=object
            )
            for name, column in chosen.items()
        },
        index=pd.RangeIndex(len(records)),
    )
    return Rows(frame, _numbered(f"{word} ", 1, len(records)), headers)


def json_text(value: object) -> str:
    """Give a JSON value as the text that stood in the file; null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def sheet_rows(sheet: grid.Sheet, fields: Fields, value: str = "", header: int = 0) -> Rows:
    """Give the fields of a sheet below its header row; the place is the cell of the field `value`."""
    headers = [str(cell) for cell in sheet.cells.iloc[header]] if len(sheet.cells) else []
    chosen = pick(headers, fields)
    body = sheet.cells.iloc[header + 1 :]
    body = body[(body != "").any(axis=1)]
    frame = pd.DataFrame(
        {name: body[column].astype(object) for name, column in chosen.items()}, index=body.index
    )
    places = [sheet.address(int(row), chosen.get(value)) for row in body.index]
    return Rows(frame.reset_index(drop=True), pd.Series(places, dtype=object), headers)


def find_header(sheet: grid.Sheet, fields: Fields, needed: Iterable[str], within: int = 20) -> int:
    """Give the row whose cells name all fields needed, among the first rows, or -1."""
    wanted = set(needed)
    for row in range(min(within, len(sheet.cells))):
        if wanted <= set(pick(sheet.cells.iloc[row], fields)):
            return row
    return -1
