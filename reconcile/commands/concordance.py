"""Owns the conversion of all readings of a run to one commodity classification, together, so that groups agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from sources import commodities
from sources.errors import InputError, Problem
from sources.figures import Reading

_READING = "_reading"


def convert(
    readings: Sequence[Reading], classification: str, concordance: Sequence[Path]
) -> list[Reading]:
    """Give the readings with their commodities in one classification. Raises InputError with every bad table."""
    tables: list[commodities.Concordance] = []
    problems: list[Problem] = []
    for path in concordance:
        try:
            tables.append(commodities.load(path))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    if not readings:
        return []
    numbered = [reading.figures.assign(**{_READING: k}) for k, reading in enumerate(readings)]
    figures, aside, findings = commodities.to_classification(
        pd.concat(numbered, ignore_index=True), classification, tables
    )
    told = pd.DataFrame([
        {"code": problem.code, "severity": "warning", "case": "", "figures": [], "file": problem.file,
         "place": problem.place, "message": problem.found, "advice": problem.advice}
        for table in tables for problem in table.findings
    ])  # fmt: skip
    out = []
    for k, reading in enumerate(readings):
        own = figures[figures[_READING] == k].drop(columns=_READING).reset_index(drop=True)
        files = set(reading.figures["file"].astype(str))
        lost = aside[aside["file"].astype(str).isin(files)]
        aside = aside.drop(lost.index)
        found = [reading.findings, *([findings, told] if k == 0 else [])]
        out.append(
            replace(
                reading,
                figures=own,
                set_aside=_joined([reading.set_aside, lost]),
                findings=_joined(found),
            )
        )
    return out


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tables under one another; empty ones only give their columns."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]
