"""Owns how reports word areas, figures, cases, amounts and percentages; one place, so that all reports agree."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from reconcile import wording
from reconcile.basis.scale import TONNES
from reconcile.result import Result

SCALES = [(1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")]
SIGN_RULE = (
    "The gap is figure B minus figure A: the importer's figure minus the exporter's, or the second "
    "source named minus the first. A positive gap means that B is larger."
)


@functools.cache
def area(code: object) -> str:
    """Give the English name of an area code, of a sum of codes (KGZ+TJK), or the code itself."""
    return "" if missing(code) else wording.area(str(code))


def missing(value: object) -> bool:
    """Say whether a value of a table is missing: None, NaN, or an empty text."""
    if isinstance(value, str):
        return value == ""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def number(value: object) -> float | None:
    """Give a number of a table as a float, None where it is missing or infinite."""
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def text(value: object) -> str:
    """Give a value of a table as text, nothing where it is missing."""
    if isinstance(value, str):
        return value
    if missing(value):
        return ""
    if isinstance(value, (tuple, list)):
        return ", ".join(str(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def ids(value: object) -> list[str]:
    """Give the ids in a cell that holds a tuple, a list, or a text with commas."""
    if missing(value):
        return []
    if isinstance(value, (tuple, list)):
        return [str(item) for item in value]
    return [part.strip() for part in str(value).split(",") if part.strip()]


def scale_of(value: float) -> tuple[float, str]:
    """Give the scale in which an amount reads best: 1e9 and "billion", 1 and nothing."""
    for size, word in SCALES:
        if abs(value) >= size:
            return size, word
    return 1.0, ""


def decimal(value: float) -> str:
    """Give a number for a sentence: 28.6, 0.05, 1,234; never more digits than help."""
    places = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 0.05 else 4
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(number: int, noun: str) -> str:
    """Give a count with its noun: 1 row, 1,234 rows."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def amount(value: object, unit: str) -> str:
    """Give an amount in words: 94.82 billion USD."""
    found = number(value)
    if found is None:
        return "not known"
    size, word = scale_of(found)
    shown = found / size
    places = 1 if abs(shown) >= 100 else 2
    digits = f"{shown:,.{places}f}"
    if abs(shown - round(shown, 1)) < 1e-9 * max(1.0, abs(shown)):
        digits = f"{shown:,.1f}"
    return " ".join(part for part in (digits, word, unit) if part)


def percent(value: object) -> str:
    """Give a percentage with one decimal: 35.5 %."""
    found = number(value)
    return "not known" if found is None else f"{round(found, 1) + 0.0:.1f} %"


def units(result: Result) -> dict[str, str]:
    """Give the unit of each figure's amount by its id: the currency of the basis, tonnes, or its own unit."""
    figures, currency = result.figures, result.basis.currency
    if (figures["measure"].isin(["value", ""])).all():
        return dict.fromkeys(figures["id"].astype(str), currency)
    found = zip(figures["id"].astype(str), figures["measure"], figures["currency"].map(text))
    return {
        key: currency if measure in ("value", "") else _quantity(own) for key, measure, own in found
    }


def _quantity(code: str) -> str:
    """Give the word for the unit in which a quantity is compared; masses are brought to tonnes."""
    return {"item": "items", "tonne": "tonnes"}.get(code, "tonnes" if code in TONNES else code)


def unit(result: Result) -> str:
    """Give the unit of all amounts: USD, USD at 2024 prices, tonnes; where they differ, that the row names it."""
    found = dict.fromkeys(units(result).values())
    if len(found) == 1 and result.basis.currency not in found:
        return next(iter(found))
    prices = f" at {result.basis.prices} prices" if result.basis.prices else ""
    own = ", or the unit of the row" if len(found) > 1 else ""
    return result.basis.currency + prices + own


def mixed(result: Result) -> bool:
    """Say whether amounts of several units stand side by side, so that each row must name its own."""
    return len(set(units(result).values())) > 1


def commodity(code: object) -> str:
    """Give the words for a commodity, nothing for all goods."""
    return "" if missing(code) or code == "TOTAL" else f"commodity {code}"


def case(row: Mapping[str, Any], period: bool = True) -> str:
    """Give a case in words: China and Central Asia, turnover, 2024 (the last where `period` is wanted)."""
    names = " and ".join(dict.fromkeys(area(code) for code in ids(row["areas"])))
    when = text(row["period"]) if period else ""
    measure = text(row.get("measure"))
    what = "" if measure == "value" else measure
    parts = [names, text(row["flow"]), commodity(row["commodity"]), what, when]
    return ", ".join(part for part in parts if part)


def figure(row: Mapping[str, Any]) -> str:
    """Give a figure in words: China, turnover with Central Asia, 2024."""
    flow = text(row["flow"])
    joint = {"exports": "to", "imports": "from", "re-exports": "to", "re-imports": "from"}
    words = f"{flow} {joint.get(flow, 'with')} {area(row['partner'])}"
    measure = "" if text(row["measure"]) == "value" else text(row["measure"])
    parts = [
        area(row["reporter"]),
        words,
        commodity(row["commodity"]),
        measure,
        text(row["period"]),
    ]
    return ", ".join(part for part in parts if part)


def moves(
    value: object, source: Mapping[str, str], amounts: Mapping[str, float], own: Mapping[str, str]
) -> str:
    """Say how far each source was moved: EDB +14.3 billion USD (+21.6 %); Chinese customs -14.3 ..."""
    if isinstance(value, str) or missing(value):
        return text(value)
    parts = []
    for figure_id, moved in value:  # type: ignore[attr-defined]
        base, found = amounts.get(str(figure_id)), float(moved)
        share = f" ({100 * found / base:+.1f} %)" if base else ""
        sign = "+" if found > 0 else ""
        parts.append(
            f"{source.get(str(figure_id), figure_id)} {sign}{amount(found, own.get(str(figure_id), ''))}{share}"
        )
    return "; ".join(parts)


def words(result: Result) -> dict[str, str]:
    """Give each case in words by its id."""
    return {str(row["id"]): case(row) for row in rows(result.cases)}


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table as plain dictionaries."""
    names = [str(name) for name in table.columns]
    columns = [table.iloc[:, number].tolist() for number in range(len(names))]
    return [dict(zip(names, row)) for row in zip(*columns)]


def when(result: Result) -> datetime:
    """Give the date of the document: the newest date that the result itself names, never the clock."""
    found = ["2000-01-01"]
    for table, column in (
        (result.figures, "published"),
        (result.assumptions, "date"),
        (result.sources, "published"),
    ):
        if column in table:
            found += [str(item)[:10] for item in table[column].unique() if not missing(item)]
    dates = [date for date in (_date(item) for item in found) if date is not None]
    return max(dates)


def _date(text: str) -> datetime | None:
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or not 1 <= len(parts) <= 3:
        return None
    year, month, day = ([int(part) for part in parts] + [1, 1])[:3]
    try:
        return datetime(year, month, day) if 1980 <= year <= 2200 else None
    except ValueError:
        return None
