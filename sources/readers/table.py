"""Helpers of the readers: tables with named columns out of csv, parquet, json and sheets, and the way to a Reading.

Columns are found by their squashed name (`reporter_code`, `reporterCode` and `Reporter Code` are one).
Long text tables and parquet go through duckdb and never through cells.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sources import columns, delimited, grid, totals
from sources.columns import constant as constant
from sources.errors import InputError, Problem
from sources.figures import FINDING_COLUMNS, SET_ASIDE_COLUMNS, Reading
from sources.words import clean
from sources.workbooks import OLE_MAGIC

if TYPE_CHECKING:
    from sources.readers import Head, Source

BULK = 4 * 2**20  # bytes from which a text table bypasses cells
MAX_ROWS = 30_000_000
WITHIN = 20  # rows from the top among which a header is looked for
WITHIN_LINES = 6  # the same in a text table that is being recognised
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


def mapped(column: pd.Series, answers: Mapping[str, str], default: str | None = None) -> pd.Series:
    """Replace each distinct text of a column by its answer; a text without one stays, or becomes `default`."""
    return columns.recode(
        column, lambda text: answers.get(text.strip(), text if default is None else default)
    )


def pick(headers: Iterable[object], fields: Fields) -> dict[str, int]:
    """Give the position of each field among headers; a field that stands nowhere is left out.

    An alias `status#2` is the second column of that name.
    """
    places: dict[str, list[int]] = {}
    for number, header in enumerate(headers):
        places.setdefault(squash(header), []).append(number)
    found = {}
    for name, known in fields.items():
        for alias in known:
            text, _, count = alias.partition("#")
            at = places.get(text, [])[int(count or 1) - 1 :]
            if at:
                found[name] = at[0]
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
    decimal: str | None = None,
    mark: bool = False,
) -> Reading:
    """Turn raw rows into a Reading and add what the reader itself set aside and found.

    With `mark` the rows whose role is `figure` are told apart into figures, totals and parts by their areas and
    commodities, and the differences between totals and parts become findings. `decimal` is the mark of the
    publisher; what the user says goes before it.
    """
    from sources.understand import understand

    reading = understand(raw, source.name, reader, source.decimal or decimal, dict(defaults or {}))
    figures = reading.figures
    notes = list(findings)
    if mark and len(figures):
        plain = (figures["role"] == "figure").to_numpy()
        part = _coded(figures if plain.all() else figures[plain])
        role = totals.mark_totals(part)
        if (role == "total").any():
            notes.extend(totals.differences(part, role, source.name).to_dict("records"))
        figures["role"] = role if plain.all() else figures["role"].where(~plain, role)
        notes.extend(_notes(figures, source))
    return Reading(
        figures,
        _joined(reading.set_aside, set_aside, SET_ASIDE_COLUMNS),
        _joined(reading.findings, notes, FINDING_COLUMNS),
        {**reading.facts, **(facts or {})},
    )


def _coded(figures: pd.DataFrame) -> pd.DataFrame:
    """Give what totals are told by, each column of few texts as codes, since each is grouped by many times."""
    key = {name: columns.recode(figures[name], str) for name in totals.KEY}
    rest = {name: figures[name] for name in ("value", "place", "unit")}
    return pd.DataFrame(key | rest, copy=False)


def _notes(figures: pd.DataFrame, source: Source) -> list[dict[str, object]]:
    """Say what among n figures is no plain trade between two countries: counted and valued."""
    from sources import areas

    role = figures["role"].to_numpy()
    own = (figures["reporter"].to_numpy() == figures["partner"].to_numpy()) & (role == "figure")
    nowhere = columns.mask(figures["partner"], lambda code: areas.kind(code) == "unallocated")
    union = columns.mask(
        figures["reporter"], lambda code: areas.kind(code) in ("group", "composite")
    ) & columns.mask(figures["partner"], lambda code: areas.kind(code) != "group")
    told = (
        ("TOTALS_MIXED", "note", "are totals of rows beside them and kept apart", role == "total"),
        ("EU_AND_MEMBERS", "note", "are of a reporter that stands beside its members",
         union & (role == "total")),
        ("SELF_TRADE", "warning", "are of a reporter with itself: goods that came back", own),
        ("UNALLOCATED", "note", "are of partners that name no country", nowhere & (role == "figure")),
    )  # fmt: skip
    found = []
    for code, severity, what, rows in told:
        at = np.flatnonzero(rows)
        if not len(at):
            continue
        kinds = figures[["flow", "unit"]].take(at)
        sums = figures["value"].take(at).groupby([kinds["flow"], kinds["unit"]]).sum()
        worth = ", ".join(f"{flow} {value:,.6g} {unit}" for (flow, unit), value in sums.items())
        place = str(figures["place"].iat[int(at[0])])
        message = f"{len(at):,} rows {what}: {worth}"
        found.append(finding(code, message, "", source=source, place=place, severity=severity))
    return found


def machine_decimal(column: pd.Series) -> str | None:
    """Give the decimal mark of a file that a machine wrote: a point, unless a comma stands in a number."""
    if column.dtype.kind == "f":
        return None
    texts = columns.coded(column)[1] if isinstance(column.dtype, pd.CategoricalDtype) else column
    return None if "," in "".join(str(text) for text in texts) else "point"


def without_values(
    raw: pd.DataFrame, source: Source
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Take rows without any value out, as one row set aside that says how many they are."""
    column = raw["value"]
    if column.dtype.kind == "f":
        empty = column.isna().to_numpy()
    else:
        empty = columns.mask(column, lambda text: text.strip() in ("", "NA", "NaN", "nan", "NULL"))
    if not empty.any():
        return raw, []
    first = str(raw["place"].iloc[int(np.flatnonzero(empty)[0])])
    reason = f"{int(empty.sum()):,} rows without a value"
    return raw[~empty].reset_index(drop=True), [aside(source, first, reason)]


def _joined(
    table: pd.DataFrame, rows: Sequence[dict[str, object]], columns: list[str]
) -> pd.DataFrame:
    if not rows:
        return table
    more = pd.DataFrame(list(rows), columns=columns)
    return more if table.empty else pd.concat([table, more], ignore_index=True)


# Text tables ------------------------------------------------------------------------------------


def text_rows(
    source: Source,
    fields: Fields,
    delimiter: str | None = None,
    fits: Callable[[list[str]], bool] | None = None,
) -> Rows:
    """Read the fields of a text table; the header is its first line, or the first that fits. Raises InputError."""
    if len(source.data) >= BULK:
        rows = _bulk_text(source, fields, delimiter, fits)
        if rows is not None:
            return rows
    table = delimited.read(source.text, source.name, delimiter)
    return _from_lists(source, table.rows, table.lines, fields, fits)


def _from_lists(
    source: Source,
    rows: list[list[str]],
    lines: list[int] | None,
    fields: Fields,
    fits: Callable[[list[str]], bool] | None = None,
) -> Rows:
    start = next((n for n, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    if fits is not None:
        start = next((n for n, row in enumerate(rows[:WITHIN]) if fits(row)), -1)
        if start < 0:
            raise _no_layout(source)
    headers = _with_row_names(rows[start], rows[start + 1 :]) if rows else []
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


def _with_row_names(headers: list[str], body: list[list[str]]) -> list[str]:
    """Add the header that tables with row names lack: one cell more on every row, the first a number or name."""
    long = [row for row in body[:200] if any(cell.strip() for cell in row)]
    if not long or any(len(row) != len(headers) + 1 for row in long):
        return headers
    first = [row[0].strip() for row in long]
    numbered = first == [str(n) for n in range(1, len(first) + 1)]
    return ["", *headers] if numbered and any(row[-1].strip() for row in long) else headers


def _bulk_text(
    source: Source,
    fields: Fields,
    delimiter: str | None,
    fits: Callable[[list[str]], bool] | None = None,
) -> Rows | None:
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
    if len(first) < 2 or not first[0] or (fits is not None and not fits(first[0])):
        return None
    headers = _with_row_names(first[0], first[1:])
    width = max(len(headers), len(first[1]))
    chosen = pick(headers, fields)
    with _on_disk(source, data) as path, _door() as door:
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
    path = source.path
    plain = path is not None and not set("*?[") & set(str(path))  # duckdb takes these for patterns
    own = path is not None and plain and data is source.data and path.is_file()
    if path is not None and own and path.stat().st_size == len(data):  # a packed file is longer
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(data)
        yield path


def _fetch(door: Any, table: str, fetched: Mapping[str, str]) -> pd.DataFrame:
    """Fetch columns; those with few distinct values as categories. All become text, missing is empty text."""
    size = int(door.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    index = pd.RangeIndex(size)
    if not size:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in fetched}, index=index)
    most = min(CATEGORY_UP_TO, size // 4 + 100)
    parts, texts = {}, {}
    for number, column in enumerate(fetched.values()):
        text = f"coalesce({column}, '')"
        found = door.execute(f"SELECT DISTINCT {text} FROM {table} LIMIT {most + 1}").fetchall()
        if len(found) <= most and not any("\0" in row[0] for row in found):
            texts[number] = sorted(row[0] for row in found)  # the same in every run
            if len(found) == 1:
                continue
            kinds = ", ".join("'" + known.replace("'", "''") + "'" for known in texts[number])
            door.execute(f"CREATE TYPE e{number} AS ENUM ({kinds})")
            text = f"enum_code({text}::e{number})"
        parts[number] = f"{text} AS k{number}"
    rows = door.execute(f"SELECT {', '.join(parts.values())} FROM {table}").fetchnumpy() if parts else {}  # fmt: skip
    frame = {}
    for number, name in enumerate(fetched):
        if number not in parts:
            frame[name] = constant(texts[number][0], index)
            continue
        cells = np.ma.getdata(rows[f"k{number}"])
        if number in texts:
            frame[name] = columns.from_codes(cells, texts[number], index)
        else:
            frame[name] = pd.Series(cells, index=index, dtype=object)
    return pd.DataFrame(frame, index=index, copy=False)


@contextmanager
def _door() -> Iterator[Any]:
    """Open duckdb in memory, without its progress bar."""
    import duckdb

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as door:
        door.execute("SET enable_progress_bar = false")
        yield door


# Parquet ----------------------------------------------------------------------------------------


def parquet_columns(source: Source) -> list[str]:
    """Give the column names of a parquet file. Raises InputError where it is damaged."""
    import duckdb

    with _on_disk(source, source.data) as path, _door() as door:
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

    with _on_disk(source, source.data) as path, _door() as door:
        try:
            table = door.read_parquet(str(path))
            headers = [str(name) for name in table.columns]
            kinds = [str(kind) for kind in table.types]
            chosen = pick(headers, fields)
            count = door.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
            if count and count[0] > max(1_000_000, 4 * len(source.data)):
                raise InputError(
                    Problem(source.name, "", f"{count[0]:,} rows in {len(source.data):,} bytes",
                            "Rows that are all alike are no trade data; at most 4 rows a byte are read.", "HOSTILE_FILE")
                )  # fmt: skip
            if count and count[0] > MAX_ROWS:
                raise delimited.too_large(
                    source.name, "", f"{count[0]:,} rows", f"{MAX_ROWS:,} rows"
                )
            whole = [n for n in chosen if re.fullmatch(_WHOLE, kinds[chosen[n]])]
            plain = [n for n in numeric if n in chosen and _stored(kinds[chosen[n]])]
            whole = [name for name in whole if name not in plain]
            parts = []
            for name, number in chosen.items():
                text = '"' + headers[number].replace('"', '""') + '"'
                if name in plain:
                    text = f"CAST({text} AS DOUBLE)"
                elif name not in whole:
                    text = f"CAST({text} AS VARCHAR)"
                    if re.match("DOUBLE|FLOAT", kinds[number]):
                        text = f"regexp_replace({text}, '\\.0$', '')"  # a code stored as 156.0
                parts.append(f'{text} AS "{name}"')
            own = str(path).replace("'", "''")
            door.execute(
                f"CREATE VIEW t AS SELECT {', '.join(parts) or '1 AS nothing'} FROM read_parquet('{own}')"
            )
            words = {n: f'"{n}"' for n in chosen if n not in plain and n not in whole}
            frame = _fetch(door, "t", words)
            others = ", ".join(f'"{name}"' for name in [*plain, *whole])
            if others:
                arrays = door.execute(f"SELECT {others} FROM t").fetchnumpy()
                added = {
                    name: _text_of_numbers(arrays[name], frame.index)
                    if name in whole
                    else pd.Series(_floats(arrays[name]), index=frame.index)
                    for name in [*plain, *whole]
                }
                frame = pd.concat([frame, pd.DataFrame(added, copy=False)], axis=1)
        except duckdb.Error as error:
            raise _damaged(source) from error
    return Rows(frame, _numbered("row ", 1, len(frame)), headers)


_WHOLE = "U?(?:TINY|SMALL|BIG)?INT(?:EGER)?|BOOLEAN"


def _floats(array: Any) -> np.ndarray[Any, Any]:
    return np.asarray(np.ma.filled(np.ma.asarray(array, dtype="float64"), np.nan))


def _text_of_numbers(array: Any, index: pd.Index) -> pd.Series:
    """Give whole numbers or truth values as categories of text; missing is empty text."""
    missing = np.ma.getmaskarray(array)
    codes, unique = pd.factorize(np.ma.getdata(array))
    texts = [json_text(number) for number in unique.tolist()]
    return columns.from_codes(np.where(missing, len(texts), codes), [*texts, ""], index)


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


def tables(
    source: Source,
    fields: Fields,
    fits: Callable[[list[str]], bool],
    numeric: Sequence[str] = (),
    value: str = "value",
) -> Rows:
    """Read the fields of parquet, of the first sheet whose header fits, or of a text table. Raises InputError."""
    if source.data.startswith(b"PAR1"):
        if not fits(parquet_columns(source)):
            raise _no_layout(source)
        return parquet_rows(source, fields, numeric)
    if source.data.startswith((b"PK", OLE_MAGIC)):
        for sheet in source.sheets:
            row = header_row(sheet, fits)
            if row >= 0:
                return sheet_rows(sheet, fields, value, row)
        raise _no_layout(source)
    return text_rows(source, fields, fits=fits)


def _no_layout(source: Source) -> InputError:
    return InputError(
        Problem(source.name, "", "no row names the columns of this layout",
                "Name another reader with --from.", "NO_TABLE")
    )  # fmt: skip


def fits_head(head: Head, fits: Callable[[list[str]], bool]) -> bool:
    """Tell whether the columns of a file, or a row near the top of one of its sheets, fit a layout."""
    if head.columns and fits(list(head.columns)):
        return True
    if head.data.startswith(b"PAR1") or head.text.lstrip()[:1] in ("{", "[", "<"):
        return False
    if head.binary:
        return any(header_row(sheet, fits) >= 0 for sheet in head.sheets)
    return any(fits(head.cells(line)) for line in range(1, WITHIN_LINES))


def header_row(sheet: grid.Sheet, fits: Callable[[list[str]], bool], within: int = WITHIN) -> int:
    """Give the first row near the top of a sheet whose cells fit a layout, or -1."""
    for row in range(min(within, len(sheet.cells))):
        if fits([str(cell) for cell in sheet.cells.iloc[row]]):
            return row
    return -1


def headers_of(head: Head, fits: Callable[[list[str]], bool]) -> list[str]:
    """Give the headers of the table that fits, as printed; empty where none does. Raises InputError."""
    if head.data.startswith(b"PAR1"):
        return parquet_columns(head.source)
    if head.binary:
        for sheet in head.source.sheets:
            row = header_row(sheet, fits)
            if row >= 0:
                return [str(cell) for cell in sheet.cells.iloc[row]]
        return []
    return next((cells for n in range(WITHIN) if fits(cells := head.cells(n))), [])


def melted(rows: Rows, periods: Mapping[str, str]) -> Rows:
    """Turn one row of many periods into one row a period: fields `period` and `value`.

    `periods` gives the printed period of each field that holds values; the place names it too.
    """
    fields = [name for name in periods if name in rows.frame]
    kept = [name for name in rows.frame if name not in periods]
    count = len(rows.frame)
    frame = pd.DataFrame(
        {name: pd.concat([rows.frame[name]] * len(fields), ignore_index=True) for name in kept},
        index=pd.RangeIndex(count * len(fields)),
    )
    codes = np.repeat(np.arange(len(fields)), count)
    frame["period"] = columns.from_codes(codes, [periods[name] for name in fields], frame.index)
    cells = [columns.objects(rows.frame[name]) for name in fields]
    value = np.concatenate(cells) if cells else np.array([], dtype=object)
    frame["value"] = pd.Series(value, index=frame.index, dtype=object)
    place = np.concatenate([rows.place.to_numpy(dtype=object) + f" ({periods[n]})" for n in fields])
    return Rows(frame, pd.Series(place, index=frame.index, dtype=object), rows.headers, rows.aside)


def find_header(sheet: grid.Sheet, fields: Fields, needed: Iterable[str], within: int = 20) -> int:
    """Give the row whose cells name all fields needed, among the first rows, or -1."""
    wanted = set(needed)
    for row in range(min(within, len(sheet.cells))):
        if wanted <= set(pick(sheet.cells.iloc[row], fields)):
            return row
    return -1
