"""The canonical table: one row, one published figure. Owns its columns, their order and their defaults.

Readers hand over *raw* rows (columns of text as printed, `RAW_REQUIRED` and any of `COLUMNS`);
`sources.understand.understand` turns them into figures. Everything above this module sees figures only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

# The required columns of a figures file, in the order they are written back.
RAW_REQUIRED = ["reporter", "partner", "flow", "period", "value", "unit", "source"]

# Every column of the table, in the order of a written figures file; the value is the type it is kept in.
COLUMNS: dict[str, str] = {
    "reporter": "text",  # ISO 3166 alpha-3 or a group code
    "partner": "text",
    "flow": "text",  # exports, imports, turnover, balance, re-exports, re-imports
    "period": "text",  # as in the contract: 2024, 2024-03, 2024-Q1, 2024-01..2024-09
    "value": "number",  # the number in `unit`; missing where state is not "number" or "zero"
    "unit": "text",  # [thousand|million|billion|trillion] CODE
    "source": "text",
    "id": "text",
    "file": "text",
    "place": "text",  # Exports!C14, line 12, p2 s3
    "printed": "text",  # the number as printed, never changed
    "printed_unit": "text",
    "printed_flag": "text",
    "quote": "text",
    "url": "text",
    "published": "text",
    "commodity": "text",  # TOTAL where the figure is for all goods
    "classification": "text",  # HS, H0..H6, SITC4, BEC...
    "start": "text",  # ISO dates of the period, both inclusive
    "end": "text",
    "measure": "text",  # value, net mass, quantity
    "currency": "text",  # ISO 4217, or the unit of a quantity
    "valuation": "text",  # FOB, CIF, unknown
    "prices": "text",  # current, or the year of constant prices
    "trade_system": "text",
    "partner_basis": "text",
    "concept": "text",  # goods, services, goods and services
    "coverage": "text",
    "records": "text",  # the area whose records the figure rests on
    "derived_from": "text",  # a source or figure it repeats
    "status": "text",  # final, provisional, revised, estimate, press
    "approx": "text",  # about, over, under, nearly, range; empty where exact
    "state": "text",  # number, zero, not reported, suppressed, not applicable
    "scale": "number",  # 1e9 for a unit in billions
    "low": "number",  # the interval, in `unit`
    "high": "number",
    "role": "text",  # figure, total, part, set aside
    "note": "text",
    "assumed": "text",  # fields read by assumption: "currency", "valuation"; empty where printed
}

FLOWS = {
    "exports": "X",
    "imports": "M",
    "turnover": "T",
    "balance": "B",
    "re-exports": "RX",
    "re-imports": "RM",
}
STATES = ("number", "zero", "not reported", "suppressed", "not applicable")
ROLES = ("figure", "total", "part", "set aside")

FINDING_COLUMNS = ["code", "severity", "case", "figures", "file", "place", "message", "advice"]
SET_ASIDE_COLUMNS = ["file", "place", "reason", "printed", "value", "unit", "label"]


@dataclass(frozen=True)
class Reading:
    """What one input gave: its figures, what was set aside (counted and valued), findings, and facts about it."""

    figures: pd.DataFrame
    set_aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SET_ASIDE_COLUMNS))
    findings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=FINDING_COLUMNS))
    facts: dict[str, object] = field(default_factory=dict)  # file, reader, sha256, rows, notes


def empty_figures() -> pd.DataFrame:
    """Give a figures table without rows, every column in its type."""
    kinds = {"text": "object", "number": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=kinds[kind]) for name, kind in COLUMNS.items()})


def figure_ids(
    source: pd.Series, place: pd.Series, measure: pd.Series, printed: pd.Series
) -> pd.Series:
    """Give stable ids of n figures that have none: a hash of source, place, measure and printed text."""
    total = np.zeros(len(source), dtype=np.uint64)
    for column in (source, place, measure, printed):
        total = total * np.uint64(0x9E3779B97F4A7C15) + _hashes(column)
        total ^= total >> np.uint64(29)
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    shifts = np.arange(60, 12, -4, dtype=np.uint64)  # the upper 12 of 16 digits
    letters = np.full((len(source), 13), ord("f"), dtype=np.uint8)
    letters[:, 1:] = digits[(total[:, None] >> shifts) & np.uint64(15)]
    texts = letters.tobytes().decode("ascii")
    ids = [texts[start : start + 13] for start in range(0, len(texts), 13)]
    return pd.Series(ids, index=source.index, dtype=object)


def _hashes(column: pd.Series) -> np.ndarray[Any, Any]:
    """Hash n texts; those of a categorical column once each."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = np.array([*(str(text) for text in column.cat.categories), ""], dtype=object)
        hashes = np.asarray(pd.util.hash_array(texts, categorize=False))
        return np.asarray(hashes[column.cat.codes.to_numpy()])
    texts = column.to_numpy(dtype=object)
    try:
        return np.asarray(pd.util.hash_array(texts, categorize=False))
    except TypeError:  # a cell that is no text
        texts = np.array([*(str(text) for text in texts), ""], dtype=object)[:-1]
        return np.asarray(pd.util.hash_array(texts, categorize=False))
