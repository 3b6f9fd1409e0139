"""From raw rows of printed text to figures: areas, flows, periods, numbers and units, each unique text once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sources import areas, intervals, numbers, periods, units
from sources.errors import InputError, Problem, UnknownUnit
from sources.figures import (
    COLUMNS,
    FINDING_COLUMNS,
    FLOWS,
    RAW_REQUIRED,
    SET_ASIDE_COLUMNS,
    Reading,
    empty_figures,
    figure_ids,
)
from sources.words import clean, nearest, strip_controls

# Readers of files that users write by hand refuse what they cannot read; publishers' rows are set aside.
STRICT_READERS = frozenset({"figures_file"})
MAX_LISTED = 50

FLOW_WORDS = {
    **{code.lower(): word for word, code in FLOWS.items()},
    **{word: word for word in FLOWS},
    "export": "exports", "import": "imports", "trade": "turnover", "total trade": "turnover",
    "trade turnover": "turnover", "trade balance": "balance", "re-export": "re-exports",
    "reexport": "re-exports", "reexports": "re-exports", "re-import": "re-imports",
    "reimport": "re-imports", "reimports": "re-imports", "экспорт": "exports", "импорт": "imports",
    "товарооборот": "turnover", "сальдо": "balance", "реэкспорт": "re-exports", "реимпорт": "re-imports",
    "出口": "exports", "进口": "imports", "进出口": "turnover", "贸易差额": "balance",
    "exportations": "exports", "importations": "imports", "exportaciones": "exports",
    "importaciones": "imports", "ausfuhr": "exports", "einfuhr": "imports", "صادرات": "exports",
    "الصادرات": "exports", "واردات": "imports", "الواردات": "imports", "التبادل التجاري": "turnover",
}  # fmt: skip

Faults = list[tuple[int, str, str, str, str]]  # row, column, found, advice, code


def understand(
    raw: pd.DataFrame,
    file: str,
    reader: str,
    decimal: str | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Reading:
    """Turn n raw rows (text columns `RAW_REQUIRED` and any of `COLUMNS`) into a Reading of figures.

    A float column `value` is taken as it is. `defaults` fills columns that the raw rows lack. In a file that
    users write, every cell that cannot be read is a Problem and InputError lists them all; a publisher's row
    with an unknown area, unit or number is set aside with its value instead.
    """
    rows = _complete(raw, file, dict(defaults or {}))
    if rows.empty:
        return Reading(empty_figures(), facts={"file": file, "reader": reader, "rows": 0})
    faults: Faults = []
    out: dict[str, pd.Series] = {}
    out["flow"] = _flows(rows["flow"], faults)
    span = _periods(rows["period"], faults)
    out["period"], out["start"], out["end"] = span["text"], span["start"], span["end"]
    out["reporter"] = _areas(rows["reporter"], "reporter", faults)
    out["partner"] = _areas(rows["partner"], "partner", faults)
    out["records"] = _areas(rows["records"], "records", faults, needed=False)
    number = _numbers(rows, decimal, faults)
    unit = _units(rows["unit"], out["reporter"], rows["currency"], faults)
    out["unit"], out["scale"], out["currency"] = unit["text"], unit["scale"], unit["code"]
    kept = pd.Series(True, index=rows.index)
    bad = sorted({fault[0] for fault in faults})
    if bad and reader in STRICT_READERS:
        raise InputError(_problems(faults, rows, file))
    kept.iloc[bad] = False
    figures = _figures(rows, out, number, unit, file)
    aside = _set_aside(rows, number, faults, file)
    findings = _findings(figures[kept], aside, faults, rows, file)
    return Reading(
        figures[kept].reset_index(drop=True),
        aside,
        findings,
        {"file": file, "reader": reader, "rows": len(rows)},
    )


def _complete(raw: pd.DataFrame, file: str, defaults: dict[str, str]) -> pd.DataFrame:
    """Give every column of the table, as text without missing cells; numbers stay numbers in `value`."""
    missing = [name for name in RAW_REQUIRED if name not in raw and name not in defaults]
    if missing:
        raise InputError(
            Problem(
                file, "", "missing columns: " + ", ".join(missing), "Add them", "MISSING_COLUMN"
            )
        )
    rows = pd.DataFrame(index=pd.RangeIndex(len(raw)))
    for name in COLUMNS:
        column = raw[name].reset_index(drop=True) if name in raw else None
        default = defaults.get(name, "")
        if column is None:
            rows[name] = pd.Series(default, index=rows.index, dtype=object)
        elif name in ("value", "low", "high", "scale") and column.dtype.kind in "iuf":
            rows[name] = column.astype(float)
        else:
            text = _by_unique(column, lambda cell: strip_controls(str(cell)).strip())
            rows[name] = text.where(text != "", default) if default else text
    return rows


def _by_unique(column: pd.Series, function: object) -> pd.Series:
    """Apply a function of one text to each unique text of a column; missing cells become empty text."""
    codes, unique = pd.factorize(column)
    answers = np.array([function(cell) for cell in unique] + [""], dtype=object)  # type: ignore[operator]
    return pd.Series(answers[codes], index=column.index, dtype=object)


def _flows(column: pd.Series, faults: Faults) -> pd.Series:
    found = _by_unique(column, lambda text: FLOW_WORDS.get(clean(text), ""))
    for row in np.flatnonzero((found == "").to_numpy()):
        text = column.iat[row]
        near = nearest(clean(text), list(FLOW_WORDS), 1) if text else []
        advice = f"Write one of {', '.join(FLOWS)}" + (
            f"; did you mean {near[0]!r}?" if near else ""
        )
        faults.append((int(row), "flow", f"unknown flow {text!r}", advice, "UNKNOWN_FLOW"))
    return found


def _periods(column: pd.Series, faults: Faults) -> pd.DataFrame:
    span = periods.parse_column(column)
    problem = span["problem"].fillna("").astype(str)
    for row in np.flatnonzero((problem != "").to_numpy()):
        faults.append((int(row), "period", problem.iat[row], "", "BAD_PERIOD"))
    return span


def _areas(column: pd.Series, name: str, faults: Faults, needed: bool = True) -> pd.Series:
    unique = pd.unique(column)
    codes = areas.resolve([text for text in unique if text])
    found = _by_unique(column, lambda text: codes.get(text) or "")
    wrong = (found == "") & ((column != "") | needed)
    for row in np.flatnonzero(wrong.to_numpy()):
        text = column.iat[row]
        near = areas.suggest(text) if text else []
        advice = "Use a name, an ISO or an M49 code"
        if near:
            advice += "; the nearest: " + ", ".join(near)
        found_text = f"unknown area {text!r}" if text else "no area given"
        faults.append((int(row), name, found_text, advice, "UNKNOWN_AREA"))
    return found


def _numbers(rows: pd.DataFrame, decimal: str | None, faults: Faults) -> pd.DataFrame:
    number = numbers.parse_column(rows["value"], decimal=decimal)
    problem = number["problem"].fillna("").astype(str)
    for row in np.flatnonzero((problem != "").to_numpy()):
        advice = (
            ""
            if "--decimal" in problem.iat[row]
            else "Mend the cell, or leave it empty if nothing was reported"
        )
        faults.append((int(row), "value", problem.iat[row], advice, "UNREADABLE_NUMBER"))
    return number


def _units(
    column: pd.Series, reporter: pd.Series, currency: pd.Series, faults: Faults
) -> pd.DataFrame:
    """Give text, scale, code and `assumed` of n units; a currency column settles a unit that names none."""
    keys = column + "\x1f" + reporter + "\x1f" + currency
    codes, unique = pd.factorize(keys)
    answers = [_unit(*key.split("\x1f")) for key in unique]
    table = pd.DataFrame(answers, columns=["text", "scale", "code", "assumed", "problem", "advice"])
    result = table.take(codes).set_axis(column.index)
    for row in np.flatnonzero((result["problem"] != "").to_numpy()):
        faults.append(
            (
                int(row),
                "unit",
                result["problem"].iat[row],
                result["advice"].iat[row],
                "UNKNOWN_UNIT",
            )
        )
    return result


def _unit(text: str, reporter: str, currency: str) -> tuple[str, float, str, str, str, str]:
    given = currency.strip().upper() if len(currency.strip()) == 3 else ""
    if not text:
        return "", 1.0, "", "", "no unit given", "Write scale and currency, for example billion USD"
    try:
        unit = units.parse(text, reporter)
    except UnknownUnit as error:
        problem = error.problems[0]
        return "", 1.0, "", "", problem.found, problem.advice
    if unit.code and unit.kind == "currency" and given and given != unit.code and not unit.assumed:
        return (
            "",
            1.0,
            "",
            "",
            f"the unit {text!r} is {unit.code}, the currency column says {given}",
            "Keep one",
        )
    if unit.code and not (unit.assumed and given):
        return unit.text, unit.scale, unit.code, unit.assumed, "", ""
    code = given or "USD"
    why = "" if given else f"the unit {text!r} names no currency: dollars are read"
    return units.text(unit.scale, code), unit.scale, code, why, "", ""


def _figures(
    rows: pd.DataFrame,
    out: dict[str, pd.Series],
    number: pd.DataFrame,
    unit: pd.DataFrame,
    file: str,
) -> pd.DataFrame:
    figures = rows.copy()
    for name, column in out.items():
        figures[name] = column.to_numpy()
    figures["value"] = number["value"].to_numpy(dtype=float)
    figures["state"] = number["state"].to_numpy()
    printed_text = rows["value"] if rows["value"].dtype == object else _shortest(rows["value"])
    figures["printed"] = rows["printed"].where(rows["printed"] != "", printed_text)
    figures["printed_unit"] = rows["printed_unit"].where(rows["printed_unit"] != "", rows["unit"])
    flag = number["flag"].fillna("").astype(object)
    figures["printed_flag"] = rows["printed_flag"].where(rows["printed_flag"] != "", flag)
    figures["approx"] = _by_unique(rows["approx"], intervals.qualifier)
    figures["commodity"] = rows["commodity"].where(rows["commodity"] != "", "TOTAL")
    figures["measure"] = rows["measure"].where(rows["measure"] != "", _measure(unit))
    figures["role"] = rows["role"].where(rows["role"] != "", "figure")
    figures["concept"] = rows["concept"].where(rows["concept"] != "", "goods")
    figures["prices"] = rows["prices"].where(rows["prices"] != "", "current")
    figures["file"] = file
    assumed = unit["assumed"].fillna("").astype(object)
    why = "currency: " + assumed
    figures["assumed"] = rows["assumed"].where((rows["assumed"] != "") | (assumed == ""), why)
    low, high = _interval(rows, figures, number)
    figures["low"], figures["high"] = low, high
    ids = figure_ids(
        figures["source"], file + "!" + figures["place"], figures["measure"], figures["printed"]
    )
    figures["id"] = rows["id"].where(rows["id"] != "", ids)
    return figures[list(COLUMNS)]


def _measure(unit: pd.DataFrame) -> pd.Series:
    mass = unit["code"].isin(["tonne", "kilogram", "gram"])
    money = unit["code"].str.fullmatch(r"[A-Z]{3}").fillna(False)
    return pd.Series(
        np.select([mass, money], ["net mass", "value"], "quantity"), index=unit.index, dtype=object
    )


def _interval(
    rows: pd.DataFrame, figures: pd.DataFrame, number: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    quantum = number["quantum"].set_axis(figures.index)
    low, high = intervals.interval(figures["value"], quantum, figures["approx"])
    given_low = pd.to_numeric(rows["low"], errors="coerce")
    given_high = pd.to_numeric(rows["high"], errors="coerce")
    return given_low.where(given_low.notna(), low), given_high.where(given_high.notna(), high)


def _shortest(values: pd.Series) -> pd.Series:
    """Give the shortest text of n numbers, without a trailing .0; missing is empty text."""
    whole = values.notna() & (values == np.floor(values)) & (values.abs() < 1e15)
    text = values.astype(object).map(repr)
    text = text.where(~whole, values.where(whole, 0).astype("int64").astype(str))
    return text.where(values.notna(), "").astype(object)


def _problems(faults: Faults, rows: pd.DataFrame, file: str) -> list[Problem]:
    ordered = sorted(faults, key=lambda fault: fault[0])
    problems = [
        Problem(
            file,
            f"{rows['place'].iat[row] or f'row {row + 1}'}, column {column}",
            found,
            advice,
            code,
        )
        for row, column, found, advice, code in ordered[:MAX_LISTED]
    ]
    if len(ordered) > MAX_LISTED:
        more = len(ordered) - MAX_LISTED
        problems.append(
            Problem(file, "", f"{more} further problems of these kinds", "Mend these first")
        )
    return problems


def _set_aside(rows: pd.DataFrame, number: pd.DataFrame, faults: Faults, file: str) -> pd.DataFrame:
    """Give one row a set-aside row of the file, with the first reason and its value."""
    first = {fault[0]: fault for fault in sorted(faults, reverse=True)}
    chosen = sorted(first)
    part = rows.iloc[chosen]
    return pd.DataFrame(
        {
            "file": file,
            "place": part["place"].to_numpy(),
            "reason": [f"{first[row][1]}: {first[row][2]}" for row in chosen],
            "printed": part["value"].astype(str).to_numpy(),
            "value": number["value"].to_numpy(dtype=float)[chosen],
            "unit": part["unit"].to_numpy(),
            "label": (part["reporter"] + " / " + part["partner"]).to_numpy(),
        },
        columns=SET_ASIDE_COLUMNS,
    )


def _findings(
    figures: pd.DataFrame, aside: pd.DataFrame, faults: Faults, rows: pd.DataFrame, file: str
) -> pd.DataFrame:
    found: list[dict[str, object]] = []
    seen: dict[tuple[str, str, str], tuple[int, str, int]] = {}
    for row, column, what, advice, code in faults:
        key = (code, f"{column}: {what}", advice)
        first, place, count = seen.get(key, (row, str(rows["place"].iat[row]), 0))
        seen[key] = (first, place, count + 1)
    for (code, what, advice), (row, place, count) in seen.items():
        times = f" ({count} rows)" if count > 1 else ""
        found.append(
            _finding(code, "warning", (), file, place, f"{what}{times}; set aside", advice)
        )
    assumed = figures[figures["assumed"].str.startswith("currency: ")]
    for text, group in assumed.groupby("assumed", sort=False):
        found.append(
            _finding(
                "CURRENCY_ASSUMED",
                "warning",
                tuple(group["id"].head(MAX_LISTED)),
                file,
                str(group["place"].iat[0]),
                f"{str(text).removeprefix('currency: ')} ({len(group)} figures)",
                "State the currency in the unit column, for example billion EUR",
            )
        )
    return pd.DataFrame(found, columns=FINDING_COLUMNS)


def _finding(
    code: str, severity: str, ids: tuple[str, ...], file: str, place: str, message: str, advice: str
) -> dict[str, object]:
    return {
        "code": code, "severity": severity, "case": "", "figures": ids,
        "file": file, "place": place, "message": message, "advice": advice,
    }  # fmt: skip
