"""Owns tables that someone reconciled from the reports of both partners: a flow matrix, and its margins."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from sources import areas, columns
from sources.columns import constant
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.table import (
    Rows,
    aside,
    finding,
    finish,
    fits_head,
    headers_of,
    machine_decimal,
    numbers_of,
    pick,
    tables,
)

NAME = "matrix"
ABOUT = "harmonised flow matrices (i, j, Fij) and their margins (EXP, IMP): derived figures, one vote with their origin"
EXAMPLE = "i;j;Fij;year\nKAZ;CHN;9805000;2021\nCHN;KAZ;13980000;2021\n"

FIELDS = {
    "origin": ("i",), "destination": ("j",), "value": ("fij", "xij", "flow", "f"), "period": ("year", "t"),
    "area": ("iso3", "iso", "country", "code"), "exports": ("exp", "exports"), "imports": ("imp", "imports"),
    "volume": ("vol", "volume"), "balance": ("sol", "bal", "balance"),
}  # fmt: skip


def recognises(head: Head) -> float:
    """Score by the columns i, j and Fij, or by a code beside EXP, IMP and VOL."""
    return 0.93 if fits_head(head, _flows) or fits_head(head, _margins) else 0.0


def _flows(headers: Sequence[object]) -> bool:
    names = [str(header).strip().lower() for header in headers if str(header).strip()]
    return len(names) <= 5 and {"origin", "destination", "value"} <= set(pick(names, FIELDS))


def _margins(headers: Sequence[object]) -> bool:
    names = [str(header).strip().lower() for header in headers if str(header).strip()]
    found = set(pick(names, FIELDS))
    return len(names) <= 7 and {"area", "exports", "imports", "volume"} <= found


def read(source: Source) -> Reading:
    """Read n rows into figures of the exporter, or of each area with the world. Raises InputError without a year."""
    left: list[dict[str, object]] = []
    margins = not headers_of(Head(source), _flows)
    rows = tables(source, FIELDS, _margins if margins else _flows, ("value", "exports", "imports"))
    year, assumed = _year(rows, source)
    index = rows.frame.index
    whole = "WITS" if "wits" in source.name.lower() else ""
    shared = {
        "period": year, "place": rows.place, "status": constant("estimate", index),
        "source": constant(f"harmonised matrix {source.name}", index),
        "derived_from": constant(whole or "reports of both partners", index),
    }  # fmt: skip
    if margins:
        world = constant("WORLD", index)
        area = _areas(rows.text("area"), year)
        parts = [
            pd.DataFrame(
                {**shared, "reporter": area, "partner": world, "flow": constant(flow, index),
                 "value": rows.frame[flow], "unit": constant("billion USD", index)}, copy=False,
            )
            for flow in ("exports", "imports")
        ]  # fmt: skip
        raw, unit = pd.concat(parts, ignore_index=True), "billion USD"
    else:
        origin, destination = (_areas(rows.text(side), year) for side in ("origin", "destination"))
        unit = "thousand USD"
        raw = pd.DataFrame(
            {**shared, "reporter": origin, "partner": destination, "flow": constant("exports", index),
             "value": rows.frame["value"], "unit": constant(unit, index)}, copy=False,
        )  # fmt: skip
        # The diagonal of a square matrix is filled with zeros that nobody reported.
        inside = (columns.objects(origin) == columns.objects(destination)) & _zero(raw["value"])
        if inside.any():
            reason = f"{int(inside.sum()):,} zeros on the diagonal, which nobody reported"
            left.append(aside(source, str(raw["place"][inside].iloc[0]), reason, printed="0"))
        raw = raw[~inside].reset_index(drop=True)
    notes = [
        finding(
            "DERIVED_TABLE",
            "the table was computed from the reports of both partners"
            + (f" to {whole}" if whole else ""),
            "It never counts as an independent source.",
            source=source,
            severity="warning",
        ),
        finding(
            "UNIT_ASSUMED",
            f"the table prints no unit; read as {unit}",
            "Check its documentation.",
            source=source,
            severity="warning",
        ),
    ]
    if assumed:
        notes.append(
            finding(
                "PERIOD_ASSUMED",
                f"the table prints no year; {year.iloc[0]} was read from the file's name",
                "Add a column year.",
                source=source,
                severity="warning",
            )
        )
    facts = {"notes": ["sums and balances of both flows are not read"]} if margins else {}
    return finish(
        raw, source, NAME, set_aside=[*rows.aside, *left], findings=notes, facts=facts,
        decimal=machine_decimal(raw["value"]),
    )  # fmt: skip


def _year(rows: Rows, source: Source) -> tuple[pd.Series, bool]:
    if "period" in rows.frame:
        return rows.text("period"), False
    found = re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d)", source.name.rsplit("/", 1)[-1])
    if not found:
        raise InputError(
            Problem(source.name, "", "the table says no year",
                    "Put the year into the file's name or a column year.", "BAD_PERIOD")
        )  # fmt: skip
    return constant(found.group(1), rows.frame.index), True


def _areas(column: pd.Series, year: pd.Series) -> pd.Series:
    codes, keys = columns.combined(column, year)

    def one(text: str, when: str) -> str:
        found = areas.find(
            text.strip(), int(when) if when.isdecimal() and len(when) == 4 else None, "wits"
        )
        return found.code if found else text.strip()

    return columns.from_codes(codes, [one(*key) for key in keys], column.index)


def _zero(column: pd.Series) -> pd.Series:
    return numbers_of(column) == 0
