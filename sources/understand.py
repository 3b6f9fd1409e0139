"""From raw rows of printed text to figures: areas, flows, periods, numbers and units, each unique text once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sources import areas, columns, intervals, numbers, periods, plausible, units, vocabulary
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
from sources.flows import FLOW_WORDS, flow_of
from sources.words import clean, hints, nearest

# Readers of files that users write by hand refuse what they cannot read; publishers' rows are set aside.
STRICT_READERS = frozenset({"figures_file"})
MAX_LISTED = 50
LARGEST = 1e24  # units; beyond it arithmetic on amounts would overflow before it meant anything
MAX_HINTS = 60  # unknown words of a file for which the nearest known ones are looked for

_SIGNS = ("~", "≈")  # printed before a number: about

Answers = Callable[[str], tuple[str, str, str]]  # of one text: found, advice, code of its fault


@dataclass(frozen=True)
class Fault:
    """What is wrong with one text of a column, and all the rows that print it."""

    rows: np.ndarray[Any, Any]
    column: str
    found: str
    advice: str
    code: str


Faults = list[Fault]


@hints(MAX_HINTS)
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
    if not len(rows["value"]):
        return Reading(empty_figures(), facts={"file": file, "reader": reader, "rows": 0})
    faults: Faults = []
    out: dict[str, pd.Series] = {}
    out["flow"] = _flows(rows["flow"], faults)
    out |= _periods(rows["period"], faults)
    out["reporter"] = _areas(rows["reporter"], "reporter", faults)
    out["partner"] = _areas(rows["partner"], "partner", faults)
    out["records"] = _areas(rows["records"], "records", faults, needed=False)
    printed, number = _numbers(rows["value"], decimal, faults)
    unit = _units(rows["unit"], out["reporter"], rows["currency"], faults)
    size = (number["value"].astype(float).abs() * unit["scale"].set_axis(number.index)).to_numpy()
    beyond = np.flatnonzero((size > LARGEST) | ((size > 0) & (size < 1 / LARGEST)))
    if len(beyond):
        advice = "Mend the number or its unit"
        faults.append(
            Fault(
                beyond, "value", "no amount of trade is of this size", advice, "UNREADABLE_NUMBER"
            )
        )
    if reader in STRICT_READERS:
        rows |= _worded(rows, faults)
        rows["published"] = _dated(rows["published"], faults)
        _currencies(rows["currency"], unit["code"], faults)
        _ends_checked(rows, number, decimal, faults)
    doubted = plausible.doubts(
        out["flow"], out["reporter"], out["partner"], _end_year(out["end"]),
        rows["commodity"], rows["status"], number["value"],
    )  # fmt: skip
    if reader in STRICT_READERS:
        faults.extend(Fault(*doubt) for doubt in doubted)
    if faults and reader in STRICT_READERS:
        raise InputError(_problems(faults, rows["place"], file))
    kept: np.ndarray[Any, Any] = np.ones(len(printed), dtype=bool)
    for fault in faults:
        kept[fault.rows] = False
    figures = _figures(rows, out, printed, number, unit, file)
    aside = _set_aside(rows, printed, number, faults, file)
    if not kept.all():
        figures = figures[kept].reset_index(drop=True)
    findings = _findings(figures, faults, rows["place"], file)
    findings = _with_doubts(
        findings, doubted if reader not in STRICT_READERS else [], rows["place"], file
    )
    return Reading(figures, aside, findings, {"file": file, "reader": reader, "rows": len(printed)})


def _end_year(end: pd.Series) -> pd.Series:
    codes, texts = columns.coded(end)
    return columns.from_codes(codes, [text[:4] for text in texts], end.index)


def _with_doubts(
    findings: pd.DataFrame, doubted: list[plausible.Doubt], place: pd.Series, file: str
) -> pd.DataFrame:
    """Add what cannot be in a publisher's file, which is kept as printed."""
    if not doubted:
        return findings
    more = [
        _finding(code, "warning", (), file, str(place.iat[int(rows[0])]), f"{found} ({len(rows)} rows)", advice)
        for rows, _, found, advice, code in doubted
    ]  # fmt: skip
    return pd.concat([findings, pd.DataFrame(more, columns=FINDING_COLUMNS)], ignore_index=True)


def _complete(raw: pd.DataFrame, file: str, defaults: dict[str, str]) -> dict[str, pd.Series]:
    """Give every column of the table, as text without missing cells; numbers stay numbers in `value`."""
    missing = [name for name in RAW_REQUIRED if name not in raw and name not in defaults]
    if missing:
        raise InputError(
            Problem(
                file, "", "missing columns: " + ", ".join(missing), "Add them", "MISSING_COLUMN"
            )
        )
    index = pd.RangeIndex(len(raw))
    rows = {}
    blank = columns.constant("", index)
    for name in COLUMNS:
        default = columns.constant(defaults[name], index) if defaults.get(name) else blank
        if name not in raw:
            rows[name] = default
            continue
        column = raw[name].set_axis(index)
        if name in ("value", "low", "high", "scale") and column.dtype.kind in "iuf":
            rows[name] = column.astype(float)
        else:
            rows[name] = columns.filled(columns.tidy(column), default)
    return rows


def _wrong(
    faults: Faults, column: pd.Series, wrong: Callable[[str], bool], name: str, why: Answers
) -> None:
    """Note a fault for each distinct text of a column that is wrong."""
    codes, texts = columns.coded(column)
    places = [n for n, text in enumerate(texts) if wrong(text)]
    if not places:
        return
    codes = np.where(codes < 0, len(texts) - 1, codes)
    for place in places:
        rows = np.flatnonzero(codes == place)
        if len(rows):
            faults.append(Fault(rows, name, *why(texts[place])))


def _flows(column: pd.Series, faults: Faults) -> pd.Series:
    def why(text: str) -> tuple[str, str, str]:
        near = nearest(clean(text), list(FLOW_WORDS), 1) if text else []
        advice = f"Write one of {', '.join(FLOWS)}" + (
            f"; did you mean {near[0]!r}?" if near else ""
        )
        return f"unknown flow {text!r}", advice, "UNKNOWN_FLOW"

    _wrong(faults, column, lambda text: not flow_of(text), "flow", why)
    return columns.recode(column, flow_of)


def _periods(column: pd.Series, faults: Faults) -> dict[str, pd.Series]:
    codes, texts = columns.coded(column)
    span = periods.parse_column(pd.Series(texts, dtype=object))
    problems = dict(zip(texts, span["problem"].fillna("").astype(str)))
    _wrong(
        faults, column, lambda text: problems[text] != "", "period",
        lambda text: (problems[text], "", "BAD_PERIOD"),
    )  # fmt: skip
    return {
        name: columns.from_codes(codes, [str(text) for text in span[field]], column.index)
        for name, field in (("period", "text"), ("start", "start"), ("end", "end"))
    }


def _areas(column: pd.Series, name: str, faults: Faults, needed: bool = True) -> pd.Series:
    _, texts = columns.coded(column)
    codes = areas.resolve([text for text in texts if text])

    def why(text: str) -> tuple[str, str, str]:
        near = areas.suggest(text) if text else []
        advice = "Use a name, an ISO or an M49 code"
        if near:
            advice += "; the nearest: " + ", ".join(near)
        return f"unknown area {text!r}" if text else "no area given", advice, "UNKNOWN_AREA"

    _wrong(faults, column, lambda text: not codes.get(text) and (text != "" or needed), name, why)
    return columns.recode(column, lambda text: codes.get(text) or "")


def _numbers(
    column: pd.Series, decimal: str | None, faults: Faults
) -> tuple[pd.Series, pd.DataFrame]:
    """Give n numbers as printed and as read; numbers of a float column are their shortest text."""
    if column.dtype.kind == "f":
        printed = _shortest(column)
        number = _stored(column, printed)
    else:
        printed = pd.Series(columns.objects(column), index=column.index, dtype=object)
        number = numbers.parse_column(printed, decimal=decimal)
    problem = number["problem"].to_numpy(dtype=object)
    bad = np.flatnonzero((problem != "") & ~pd.isna(problem))
    if len(bad):
        codes, unique = pd.factorize(problem[bad])
        for place, found in enumerate(unique):
            mend = "Mend the cell, or leave it empty if nothing was reported"
            advice = "" if "--decimal" in found else mend
            rows = bad[codes == place]
            faults.append(Fault(rows, "value", str(found), advice, "UNREADABLE_NUMBER"))
    return printed, number


def _stored(column: pd.Series, printed: pd.Series) -> pd.DataFrame:
    """Read n numbers that a file stores as such: the quantum is one unit in the last digit of the shortest text."""
    values = column.to_numpy(dtype=float)
    size = np.abs(values[np.isfinite(values) & (values != 0)])
    plain = not np.isinf(values).any() and (size >= 1e-4).all() and (size < 1e15).all()
    if not plain:  # infinite, or printed with an exponent
        number = numbers.parse_column(printed, decimal="point")
        number["value"] = column.where(number["state"].isin(["number", "zero"])).to_numpy()
        return number
    texts = printed.to_numpy(dtype=object)
    broken = np.flatnonzero(np.isfinite(values) & (values != np.floor(values)))
    places = np.zeros(len(values), dtype=np.int64)
    for digits in range(
        1, 5
    ):  # a quotient of whole numbers is rounded to the same double as its text
        scaled = values[broken] * 10.0**digits
        short = (np.rint(scaled) / 10.0**digits == values[broken]) & (np.abs(scaled) < 2.0**53)
        places[broken[short]] = digits
        broken = broken[~short]
    places[broken] = [len(text) - 1 - text.find(".") for text in texts[broken].tolist()]
    table = np.array([float(f"1e-{n}") for n in range(int(places.max(initial=0)) + 1)])
    states = np.where(np.isnan(values), 2, np.where(values == 0, 1, 0))
    empty = columns.constant("", column.index)
    return pd.DataFrame(
        {
            "value": values, "quantum": np.where(np.isnan(values), np.nan, table[places]),
            "state": columns.from_codes(states, ["number", "zero", "not reported"], column.index),
            "flag": empty, "problem": empty,
        }, index=column.index,
    )  # fmt: skip


def _units(
    column: pd.Series, reporter: pd.Series, currency: pd.Series, faults: Faults
) -> dict[str, pd.Series]:
    """Give text, scale, code, assumed and measure of n units; a currency column settles a unit that names none."""
    codes, keys = columns.combined(column, reporter, currency)
    answers = [_unit(*key) for key in keys]
    for place, answer in enumerate(answers):
        if answer[4]:
            rows = np.flatnonzero(codes == place)
            faults.append(Fault(rows, "unit", answer[4], answer[5], "UNKNOWN_UNIT"))
    index = column.index
    scales = np.array([answer[1] for answer in answers], dtype=float)
    return {
        "text": columns.from_codes(codes, [answer[0] for answer in answers], index),
        "scale": pd.Series(scales[codes], index=index),
        "code": columns.from_codes(codes, [answer[2] for answer in answers], index),
        "assumed": columns.from_codes(codes, [answer[3] for answer in answers], index),
        "measure": columns.from_codes(codes, [_measure(answer[2]) for answer in answers], index),
    }


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


def _worded(rows: dict[str, pd.Series], faults: Faults) -> dict[str, pd.Series]:
    """Give the columns of closed words in those words, and note what is none of them."""
    out = {}
    for name in vocabulary.COLUMNS:
        if (rows[name] == "").all():
            continue

        def why(text: str, name: str = name) -> tuple[str, str, str]:
            return f"unknown {name} {text!r}", vocabulary.advice(name, text), "UNKNOWN_WORD"

        def wrong(text: str, name: str = name) -> bool:
            return not vocabulary.known(name, text)

        def meant(text: str, name: str = name) -> str:
            return vocabulary.word(name, text)

        _wrong(faults, rows[name], wrong, name, why)
        out[name] = columns.recode(rows[name], meant)
    return out


def _dated(column: pd.Series, faults: Faults) -> pd.Series:
    """Give dates of publication so that their texts sort as the dates do: vintages are told by them."""
    _, texts = columns.coded(column)
    read = {text: _published(text) for text in texts}

    def why(text: str) -> tuple[str, str, str]:
        return f"“{text}” is no date of publication", "Write it as 2025-10-08, 2025-10 or 2025", "BAD_DATE"  # fmt: skip

    _wrong(faults, column, lambda text: read[text] is None, "published", why)
    return columns.recode(column, lambda text: read[text] or "")


def _published(text: str) -> str | None:
    """Give a date as ISO text, with the time that may follow it; None where the text is none."""
    if not text or re.fullmatch(r"\d{4}(?:-\d\d){0,2}(?:[T ][\d:.]+(?:Z|[-+][\d:]+)?)?", text):
        return text.removesuffix(" 00:00:00")
    if found := re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", text):
        return f"{found[3]}-{found[2]}-{found[1]}"
    try:
        period = periods.parse(text)
    except ValueError:
        return None
    return period.text if re.fullmatch(r"\d{4}(?:-\d\d)?", period.text) else None


def _currencies(column: pd.Series, unit: pd.Series, faults: Faults) -> None:
    """Note a currency that is neither an ISO 4217 code nor the unit itself."""
    known = set(units.currencies()) | set(columns.coded(unit)[1])

    def why(text: str) -> tuple[str, str, str]:
        return f"unknown currency {text!r}", "Write its ISO 4217 code, as USD", "UNKNOWN_UNIT"

    def wrong(text: str) -> bool:
        return text != "" and text not in known and text.upper() not in known

    _wrong(faults, column, wrong, "currency", why)


def _ends_checked(
    rows: dict[str, pd.Series], number: pd.DataFrame, decimal: str | None, faults: Faults
) -> None:
    """Read the columns low and high as numbers, in place, and note what is none or does not hold the value."""
    ends = {}
    for name in ("low", "high"):
        column = rows[name]
        if column.dtype.kind != "f":
            if (column == "").all():
                continue
            texts = pd.Series(columns.objects(column), index=column.index, dtype=object)
            read = numbers.parse_column(texts, decimal=_mark(texts, decimal))
            told = (texts != "").to_numpy()
            value = read["value"].to_numpy(dtype=float)
            _noted(faults, name, texts, np.flatnonzero(told & np.isnan(value)), "is no number")
            rows[name] = pd.Series(np.where(told, value, np.nan), index=column.index)
        ends[name] = rows[name].to_numpy(dtype=float)
    value = number["value"].to_numpy(dtype=float)
    slack = 1e-9 * np.abs(value)
    for name, beyond in (("low", 1.0), ("high", -1.0)):
        if name in ends:
            shown = pd.Series(ends[name]).map("{:.15g}".format)
            outside = np.flatnonzero(beyond * (ends[name] - value) > slack)
            found = f"is {'above' if name == 'low' else 'below'} the value"
            _noted(faults, name, shown, outside, found)


def _mark(texts: pd.Series, decimal: str | None) -> str | None:
    """Give the decimal mark of a column of ends: a file of ours writes a point, whatever the values have."""
    plain = texts.str.fullmatch(r"[-+]?\d*(?:\.\d*)?(?:[eE][-+]?\d+)?")
    return "point" if decimal is None and bool(plain.all()) else decimal


def _noted(
    faults: Faults, name: str, texts: pd.Series, at: np.ndarray[Any, Any], found: str
) -> None:
    advice = f"Write {name} as a number in the unit of the value, at or {'below' if name == 'low' else 'above'} it"
    for row in at[:MAX_LISTED].tolist():
        faults.append(
            Fault(np.array([row]), name, f"“{texts.iat[row]}” {found}", advice, "UNREADABLE_NUMBER")
        )


def _figures(
    rows: dict[str, pd.Series],
    out: dict[str, pd.Series],
    printed: pd.Series,
    number: pd.DataFrame,
    unit: dict[str, pd.Series],
    file: str,
) -> pd.DataFrame:
    table = {**rows, **out}
    index = printed.index
    table["value"] = number["value"].astype(float)
    table["state"] = _state(rows["state"], number["state"])
    table["unit"], table["scale"], table["currency"] = unit["text"], unit["scale"], unit["code"]
    table["printed"] = columns.filled(rows["printed"], printed)
    table["printed_unit"] = columns.filled(rows["printed_unit"], rows["unit"])
    flags = columns.recode(number["flag"], lambda text: "" if text == "nan" else text)
    table["printed_flag"] = columns.filled(rows["printed_flag"], flags)
    signs = columns.recode(flags, lambda text: intervals.qualifier(text) if text in _SIGNS else "")
    table["approx"] = columns.filled(columns.recode(rows["approx"], intervals.qualifier), signs)
    table["measure"] = columns.filled(rows["measure"], unit["measure"])
    usual = {"commodity": "TOTAL", "role": "figure", "concept": "goods", "prices": "current"}
    for name, text in usual.items():
        table[name] = columns.filled(rows[name], columns.constant(text, index))
    # A file of ours that is read again says where each figure was first printed.
    table["file"] = columns.filled(rows["file"], columns.constant(file, index))
    why = columns.recode(unit["assumed"], lambda text: f"currency: {text}" if text else "")
    table["assumed"] = columns.filled(rows["assumed"], why)
    quantum = number["quantum"].set_axis(index)
    low, high = intervals.interval(table["value"], quantum, table["approx"])
    table["low"], table["high"] = _given(rows["low"], low), _given(rows["high"], high)
    place = pd.Series(columns.objects(rows["place"]), index=index, dtype=object)
    ids = figure_ids(table["source"], f"{file}!" + place, table["measure"], table["printed"])
    table["id"] = columns.filled(rows["id"], ids)
    return pd.DataFrame(
        {
            name: table[name]
            if kind == "number"
            else pd.Series(columns.objects(table[name]), index=index, dtype=object)
            for name, kind in COLUMNS.items()
        },
        copy=False,
    )


def _state(given: pd.Series, found: pd.Series) -> pd.Series:
    """Give the states of n cells; why an empty one is empty, a file may say in words."""
    if (given == "").all():
        return found
    told = columns.objects(given)
    silent = (found == "not reported").to_numpy() & np.isin(told, ["suppressed", "not applicable"])
    return found.where(~silent, pd.Series(told, index=found.index))


def _measure(code: str) -> str:
    if code in ("tonne", "kilogram", "gram"):
        return "net mass"
    return "value" if re.fullmatch("[A-Z]{3}", code) else "quantity"


def _given(printed: pd.Series, found: pd.Series) -> pd.Series:
    """Give the end of an interval: what the row says, else what its printed precision allows."""
    if printed.dtype.kind != "f" and (printed == "").all():
        return found
    given = pd.to_numeric(pd.Series(printed.to_numpy(dtype=object)), errors="coerce")
    return given.astype(float).where(given.notna(), found)


def _shortest(values: pd.Series) -> pd.Series:
    """Give the shortest text of n numbers, without a trailing .0; missing is empty text."""
    array = values.to_numpy(dtype=float)
    whole = np.isfinite(array) & (array == np.floor(array)) & (np.abs(array) < 1e15)
    if whole.all():
        texts = [str(number) for number in array.astype(np.int64).tolist()]
    else:
        texts = list(map(repr, array.tolist()))
        for row in np.flatnonzero(whole | np.isnan(array)).tolist():
            texts[row] = "" if texts[row] == "nan" else str(int(array[row]))
    return pd.Series(texts, index=values.index, dtype=object)


def _problems(faults: Faults, place: pd.Series, file: str) -> list[Problem]:
    listed = sorted(
        ((int(row), n) for n, fault in enumerate(faults) for row in fault.rows[:MAX_LISTED]),
        key=lambda pair: pair[0],
    )
    count = sum(len(fault.rows) for fault in faults)
    problems = [
        Problem(
            file,
            f"{place.iat[row] or f'row {row + 1}'}, column {faults[n].column}",
            faults[n].found,
            faults[n].advice,
            faults[n].code,
        )
        for row, n in listed[:MAX_LISTED]
    ]
    if count > MAX_LISTED:
        more = count - MAX_LISTED
        problems.append(
            Problem(file, "", f"{more} further problems of these kinds", "Mend these first")
        )
    return problems


def _set_aside(
    rows: dict[str, pd.Series],
    printed: pd.Series,
    number: pd.DataFrame,
    faults: Faults,
    file: str,
) -> pd.DataFrame:
    """Give one row a set-aside row of the file, with the first reason and its value."""
    first: np.ndarray[Any, Any] = np.full(len(printed), -1, dtype=np.int64)
    ordered = sorted(faults, key=lambda fault: (fault.column, fault.found), reverse=True)
    for n, fault in enumerate(ordered):
        first[fault.rows] = n
    at = np.flatnonzero(first >= 0)
    reasons = [f"{fault.column}: {fault.found}" for fault in ordered]
    texts = {
        name: columns.objects(rows[name].iloc[at])
        for name in ("place", "unit", "reporter", "partner")
    }
    return pd.DataFrame(
        {
            "file": file,
            "place": texts["place"],
            "reason": np.array([*reasons, ""], dtype=object)[first[at]],
            "printed": printed.to_numpy(dtype=object)[at],
            "value": number["value"].to_numpy(dtype=float)[at],
            "unit": texts["unit"],
            "label": texts["reporter"] + " / " + texts["partner"],
        },
        columns=SET_ASIDE_COLUMNS,
    )


def _findings(figures: pd.DataFrame, faults: Faults, place: pd.Series, file: str) -> pd.DataFrame:
    found: list[dict[str, object]] = []
    for fault in faults:
        times = f" ({len(fault.rows)} rows)" if len(fault.rows) > 1 else ""
        message = f"{fault.column}: {fault.found}{times}; set aside"
        first = str(place.iat[int(fault.rows[0])])
        found.append(_finding(fault.code, "warning", (), file, first, message, fault.advice))
    for text in pd.unique(figures["assumed"]):
        if not text.startswith("currency: "):
            continue
        group = figures[figures["assumed"] == text]
        found.append(
            _finding(
                "CURRENCY_ASSUMED",
                "warning",
                tuple(group["id"].head(MAX_LISTED)),
                file,
                str(group["place"].iat[0]),
                f"{text.removeprefix('currency: ')} ({len(group)} figures)",
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
