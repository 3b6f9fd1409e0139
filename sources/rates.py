"""Owns exchange rates and deflators: which value holds for a currency and a period, and where it comes from.

Order: the user's own table, then the typed table (data/rates.csv), then the ECB's daily rates that
currencyconverter ships. A rate that none of them holds is an error, never a guess.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import math
from collections.abc import Mapping
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.errors import InputError, MissingRate, Problem
from sources.words import clean, nearest

if TYPE_CHECKING:
    import pandas as pd

FIELDS = ["id", "value", "low", "high", "unit", "source", "date", "kind"]
ECB = "ECB daily reference rates, crossed with USD (currencyconverter)"
PART = "annual average used for part of the year"
WEIGHTED = "annual averages weighted by months"
_FEWEST_DAYS = (
    12  # quotes that a month must have for its mean to stand for it; a full month has 18 to 23
)


def lookup(
    currency: str, start: date | str, end: date | str, user: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Give the rate of a currency over a period of whole months, in units of the currency per USD.

    The keys are those of `FIELDS`; `id` is `fx-CNY-2024` or `fx-CNY-2024-01..2024-09`. Part of a year without
    a rate of its own takes the ECB's mean over its months or, where the ECB has none, the annual average, and
    says so in `kind`. MissingRate names currency, year and how to supply one.
    """
    from sources import periods

    first, last = _day(start), _day(end)
    text = periods.text(first, last)
    key = f"fx-{currency}-{text}"
    unit = f"{currency} per USD"
    if currency == "USD":
        return _row(key, 1.0, unit, "by definition", text, "identity")
    own = _own_rows(user)
    if key in own:
        return _filled(own[key], unit, text)
    years = _weights(first, last)
    given = {year: own[f"fx-{currency}-{year}"] for year in years if f"fx-{currency}-{year}" in own}
    if len(given) == len(years):
        return _spread(
            key, unit, text, years, {y: _filled(r, unit, str(y)) for y, r in given.items()}
        )
    whole = len(years) == 1 and sum(years.values()) == 12
    typed = {year: _typed()[currency, year] for year in years if (currency, year) in _typed()}
    if whole and typed:
        row = typed[first.year]
        return _row(key, float(row["per_usd"]), unit, row["source"], text, row["kind"])
    daily = _daily_mean(currency, first, last)
    if daily is not None:
        return _row(key, daily, unit, ECB, text, "mean of daily rates")
    rows: dict[int, dict[str, Any]] = {}
    for year in years:
        if year in given:
            rows[year] = _filled(given[year], unit, str(year))
        elif year in typed:
            row = typed[year]
            rows[year] = _row(
                "", float(row["per_usd"]), unit, row["source"], str(year), row["kind"]
            )
        else:
            value = _daily_mean(currency, date(year, 1, 1), date(year, 12, 31))
            if value is None:
                raise _missing(currency, year, key)
            rows[year] = _row("", value, unit, ECB, str(year), "mean of daily rates")
    return _spread(key, unit, text, years, rows)


def deflator(country: str, year: int, user: pd.DataFrame | None = None) -> dict[str, Any]:
    """Give the price index of a country and year (`cpi-USA-2024`); MissingRate where no table holds it."""
    key = f"cpi-{country}-{year}"
    own = _own_rows(user)
    if key in own:
        return _filled(own[key], "index", str(year))
    row = _deflators().get((country, year))
    if row is None:
        have = sorted(y for c, y in _deflators() if c == country)
        span = f"; the table holds {have[0]} to {have[-1]}" if have else ""
        raise MissingRate(
            Problem(
                "",
                "",
                f"no consumer price index of {country} for {year}{span}",
                f"Give one in a file with --assumptions: a row with id {key} and value the index",
                "MISSING_RATE",
            )
        )
    return _row(
        key,
        float(row["index"]),
        f"index, {row['unit']}",
        row["source"],
        str(year),
        "annual average",
    )


def known(currency: str) -> list[int]:
    """Give the years for which the typed table holds a rate of the currency."""
    return sorted(year for code, year in _typed() if code == currency)


# --- the tables -------------------------------------------------------------------------------


def _table(name: str) -> list[dict[str, str]]:
    source = resources.files("sources") / "data" / name
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


@functools.cache
def _typed() -> dict[tuple[str, int], dict[str, str]]:
    return {(row["currency"], int(row["year"])): row for row in _table("rates.csv")}


@functools.cache
def _deflators() -> dict[tuple[str, int], dict[str, str]]:
    return {(row["country"], int(row["year"])): row for row in _table("deflators.csv")}


@functools.cache
def _converter() -> Any:
    """Give the ECB table that currencyconverter ships; nothing is downloaded."""
    from currency_converter import CurrencyConverter

    return CurrencyConverter(fallback_on_missing_rate=False, fallback_on_wrong_date=False)


@functools.lru_cache(maxsize=4096)
def _daily_mean(currency: str, start: date, end: date) -> float | None:
    """Give the mean of the daily crosses over the period; None where a month of it is not covered."""
    from currency_converter import RateNotFoundError

    table = _converter()
    if currency not in table.currencies:
        return None
    first, last = table.bounds[currency]
    week = timedelta(days=7)
    if start + week < first or end - week > last:
        return None
    found: dict[tuple[int, int], list[float]] = {}
    day = start
    while day <= end:
        month = found.setdefault((day.year, day.month), [])
        if day.weekday() < 5:
            # a holiday, or a day before or after the table, has no rate
            with contextlib.suppress(RateNotFoundError, ValueError):
                month.append(float(table.convert(1, "USD", currency, date=day)))
        day += timedelta(days=1)
    if min(map(len, found.values())) < _FEWEST_DAYS:
        return None
    values = [value for month in found.values() for value in month]
    return math.fsum(values) / len(values)


# --- rows ---------------------------------------------------------------------------------------


def _day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _weights(start: date, end: date) -> dict[int, int]:
    """Give the months of each calendar year in the period."""
    return {
        year: (end.month if year == end.year else 12)
        - (start.month if year == start.year else 1)
        + 1
        for year in range(start.year, end.year + 1)
    }


def _spread(
    key: str, unit: str, text: str, months: Mapping[int, int], rows: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    """Make one rate for a period from the annual rates of its years, each weighted by its months."""
    total = sum(months.values())
    mean = {
        name: math.fsum(float(rows[year][name]) * n for year, n in months.items()) / total
        for name in ("value", "low", "high")
    }
    source = "; ".join(dict.fromkeys(str(row["source"]) for row in rows.values()))
    if len(months) == 1:
        (row,) = rows.values()
        kind = PART if total < 12 else str(row["kind"])
        mean = {name: float(row[name]) for name in mean}
    else:
        kind = WEIGHTED
    return _row(key, mean["value"], unit, source, text, kind) | {
        "low": mean["low"],
        "high": mean["high"],
    }


def _row(key: str, value: float, unit: str, source: str, day: str, kind: str) -> dict[str, Any]:
    return dict(zip(FIELDS, (key, value, value, value, unit, source, day, kind)))


def _own_rows(user: pd.DataFrame | None) -> dict[str, dict[str, Any]]:
    if user is None or not len(user):
        return {}
    return {str(row["id"]): row for row in user.to_dict("records")}


def _filled(row: Mapping[str, Any], unit: str, day: str) -> dict[str, Any]:
    """Complete a row of the user's: what is not given there is said to be so."""
    value = float(row["value"])
    defaults = {"unit": unit, "source": "the user's assumptions", "date": day, "kind": "user"}
    out: dict[str, Any] = {"id": row["id"], "value": value}
    for name in ("low", "high"):
        given = row.get(name)
        out[name] = value if given is None or given != given or given == "" else float(given)
    for name, default in defaults.items():
        given = row.get(name)
        out[name] = default if given is None or given != given or given == "" else str(given)
    return out


def _missing(currency: str, year: int, key: str) -> MissingRate:
    have = known(currency)
    span = f"; the table holds {have[0]} to {have[-1]}" if have else ""
    gap = " with gaps" if have and len(have) < have[-1] - have[0] + 1 else ""
    whole = f"fx-{currency}-{year}"
    ids = whole if key == whole else f"{whole} (or {key})"
    return MissingRate(
        Problem(
            "",
            "",
            f"no exchange rate of {currency} for {year}{span}{gap}",
            f"Give one in a file with --assumptions: a row with id {ids} and value the units of {currency} for one USD",
            "MISSING_RATE",
        )
    )


# --- the user's own table ---------------------------------------------------------------------------


def read_assumptions(path: str | Path) -> pd.DataFrame:
    """Read the user's assumptions (csv, tsv or xlsx; columns id and value, optional those of `FIELDS`).

    A workbook of ours will do: its sheet Assumptions is read. Numbers have a decimal point. InputError lists
    every row at fault: no id, an id twice, a value that is no number, a rate that is not positive, a range
    that does not hold its value. Ids that this program does not use are kept.
    """
    import pandas as pd

    path = Path(path)
    cells = _cells(path)
    header_at, names = _header(path, cells)
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(cells[header_at + 1 :], header_at + 2):
        texts = {name: (row[i].strip() if i < len(row) else "") for name, i in names.items()}
        if not any(texts.values()):
            continue
        place = f"line {line}" if path.suffix.lower() != ".xlsx" else f"row {line}"
        entry, faults = _entry(texts)
        if texts["id"] in seen:
            faults.append(
                (
                    f"the id {texts['id']} stands twice, first in {place.split()[0]} {seen[texts['id']]}",
                    "Keep one row",
                )
            )
        seen.setdefault(texts["id"], line)
        problems += [
            Problem(path.name, place, found, advice, "ASSUMPTIONS") for found, advice in faults
        ]
        rows.append(entry)
    if not rows and not problems:
        problems.append(
            Problem(path.name, "", "it holds no assumption", "Give at least one row", "ASSUMPTIONS")
        )
    if problems:
        raise InputError(problems)
    frame = pd.DataFrame(rows, columns=FIELDS)
    numbers = dict.fromkeys(("value", "low", "high"), "float64")
    return frame.astype(numbers | dict.fromkeys(("id", "unit", "source", "date", "kind"), "str"))


def _entry(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Read one row; give it with its faults (what was found, what to do)."""
    faults: list[tuple[str, str]] = []
    key = texts["id"]
    entry: dict[str, Any] = dict.fromkeys(FIELDS, "") | {"id": key}
    entry |= {name: texts.get(name, "") for name in ("unit", "source", "date", "kind")}
    if not key:
        faults.append(("the row has no id", "Write an id such as fx-CNY-2024"))
    for name in ("value", "low", "high"):
        printed = texts.get(name, "")
        entry[name], fault = _amount(name, printed) if printed or name == "value" else (None, "")
        if fault:
            faults.append((fault, "Write a number with a decimal point, such as 7.1975"))
    value = entry["value"]
    low = value if entry["low"] is None else entry["low"]
    high = value if entry["high"] is None else entry["high"]
    entry |= {"low": low, "high": high}
    if value is not None and key.startswith(("fx-", "cpi-")) and value <= 0:
        faults.append((f"{key} is {value:g}", "A rate or an index is above zero"))
    if None not in (value, low, high) and not low <= value <= high:
        faults.append(
            (
                f"the range {low:g} to {high:g} of {key} does not hold its value {value:g}",
                "Mend low, value or high",
            )
        )
    return entry, faults


def _amount(name: str, printed: str) -> tuple[float | None, str]:
    from sources import numbers

    number = numbers.parse(printed, decimal=None if "," in printed else "point")
    if number.value is None:
        return (
            None,
            f"the {name} {number.problem}"
            if number.problem
            else f"the {name} “{printed}” is not a number",
        )
    if number.flag:
        return None, f"the {name} “{printed}” is not a plain number"
    return number.value, ""


def _header(path: Path, cells: list[list[str]]) -> tuple[int, dict[str, int]]:
    """Find the row that names the columns, among the first 30."""
    best: list[str] = []
    for at, row in enumerate(cells[:30]):
        names = [clean(cell) for cell in row]
        if "id" in names and "value" in names:
            return at, {name: names.index(name) for name in FIELDS if name in names}
        if not best and sum(map(bool, names)) > 1:
            best = names
    missing = [name for name in ("id", "value") if name not in best]
    near = [word for name in missing for word in nearest(name, best, 1)]
    found = f"it has no column {' and no column '.join(missing or ['id', 'value'])}"
    found += f" (its columns: {', '.join(filter(None, best))})" if best else ""
    advice = "Name the columns id and value" + (
        f"; did you mean {', '.join(near)}?" if near else ""
    )
    raise InputError(Problem(path.name, "", found, advice, "ASSUMPTIONS"))


def _cells(path: Path) -> list[list[str]]:
    """Read a small table as text cells."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise InputError(
            Problem(
                str(path),
                "",
                f"the assumptions cannot be read: {why}",
                "Check the path",
                "ASSUMPTIONS",
            )
        ) from error
    if raw[:4] == b"PK\x03\x04":
        from sources import workbooks

        try:
            workbooks.hold(raw, path.name)
        except InputError as error:
            if error.problems[0].code != "CORRUPT_FILE":
                raise
            raise _closed(path) from error
        return _sheet(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                path.name,
                f"byte {error.start}",
                "it is not UTF-8 text",
                "Save it as CSV UTF-8 or xlsx",
                "ASSUMPTIONS",
            )
        ) from error
    first = text.splitlines()[0] if text.strip() else ""
    mark = max(",;\t", key=first.count)
    try:
        return list(csv.reader(text.splitlines(), delimiter=mark))
    except csv.Error as error:
        raise InputError(
            Problem(
                path.name,
                "",
                f"it is no table: {error}",
                "Save it as CSV UTF-8 or xlsx",
                "ASSUMPTIONS",
            )
        ) from error


def _closed(path: Path) -> InputError:
    return InputError(
        Problem(
            path.name, "", "the workbook cannot be opened", "Save it again as xlsx, without a password", "ASSUMPTIONS"
        )
    )  # fmt: skip


def _sheet(path: Path) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        name = "Assumptions" if "Assumptions" in book.sheet_names else book.sheet_names[0]
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as error:
        raise _closed(path) from error
    return [[_shown(cell) for cell in row] for row in rows]


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
