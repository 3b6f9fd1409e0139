"""Owns the TSV of Eurostat's bulk download for Comext data sets: keys in one cell, a column for each period."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sources import columns, delimited
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source, comext
from sources.readers.table import Rows, pick

NAME = "comext_tsv"
ABOUT = "Eurostat bulk download of Comext data sets as TSV: flags in the cells, a colon where there is no figure"
EXAMPLE = (
    "freq,reporter,partner,product,flow,indicators\\TIME_PERIOD\t2022 \t2023 \n"
    "A,DE,KZ,TOTAL,2,VALUE_IN_EUROS\t1500000 \t2500000 p\n"
)


def recognises(head: Head) -> float:
    """Score by a first cell that names reporter, partner, product and flow and ends in `\\TIME_PERIOD`."""
    return 0.98 if head.lines and _fits(_keys(head.lines[0])) else 0.0


def _keys(line: str) -> list[str]:
    first, mark, _ = line.partition("\t")[0].strip().strip('"').partition("\\")
    return [name.strip() for name in first.split(",")] if mark else []


def _fits(keys: list[str]) -> bool:
    return {"reporter", "partner", "commodity", "flow"} <= set(pick(keys, comext.FIELDS))


def read(source: Source) -> Reading:
    """Read n keys by m periods into up to n x m figures; cells without a figure are counted. Raises InputError."""
    table = delimited.read(source.text, source.name, "\t")
    keys = _keys(table.rows[0][0]) if table.rows and table.rows[0] else []
    if not _fits(keys):
        raise InputError(
            Problem(source.name, "line 1", "the first cell does not name the keys of Comext",
                    "Download the TSV again.", "CORRUPT_FILE")
        )  # fmt: skip
    periods = [cell.strip() for cell in table.rows[0][1:]]
    body, lines = [], []
    for number, row in enumerate(table.rows[1:], start=1):
        parts = row[0].split(",") if row else []
        if len(parts) != len(keys):
            continue
        cells = [cell.strip() for cell in row[1 : len(periods) + 1]]
        body.append([*parts, *cells, *[""] * (len(periods) - len(cells))])
        lines.append(table.lines[number] if table.lines is not None else number + 1)
    found = pick(keys, comext.FIELDS)
    count = len(body)
    index = pd.RangeIndex(count * len(periods))
    frame = {}
    for name, place in found.items():
        codes, texts = pd.factorize(
            np.array([row[place] for row in body] + [""], dtype=object)[:-1]
        )
        frame[name] = columns.from_codes(
            np.tile(codes, len(periods)), [str(t) for t in texts], index
        )
    where = np.repeat(np.arange(len(periods)), count)
    frame["period"] = columns.from_codes(where, periods, index)
    printed = [row[len(keys) + n] for n in range(len(periods)) for row in body]
    split = [_cell(cell) for cell in printed]
    frame["observed"] = pd.Series([value for value, _ in split], index=index, dtype=object)
    frame["flag"] = pd.Series([flag for _, flag in split], index=index, dtype=object)
    if "indicator" not in frame:
        frame["indicator"] = columns.constant("VALUE_IN_EUROS", index)
    places = [f"line {line} ({period})" for period in periods for line in lines]
    table_frame = pd.DataFrame(frame, index=index)
    empty = columns.mask(table_frame["observed"], lambda text: text in (":", ""))
    empty &= columns.mask(table_frame["flag"], lambda text: text == "")
    place = pd.Series(places, index=index, dtype=object)[~empty].reset_index(drop=True)
    rows = Rows(table_frame[~empty].reset_index(drop=True), place, keys, [])
    reading = comext.figures(rows, source, NAME)
    reading.facts["notes"] = (
        [f"{int(empty.sum()):,} cells hold no figure (:)"] if empty.any() else []
    )
    return reading


_CELL = re.compile(r"^(\S+)\s+([a-z]{1,4})$")


def _cell(text: str) -> tuple[str, str]:
    """Split a cell into its number and its flags; a colon with a flag keeps it, since the flag is its meaning."""
    found = _CELL.match(text)
    if not found:
        return text, ""
    return (text if found.group(1) == ":" else found.group(1)), found.group(2)
