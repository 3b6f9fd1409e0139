"""The folder of finished years: what a killed run leaves, and what a rerun takes up."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from reconcile.world import pair, read, write

VERSION = 3  # of what the stage files hold; a change makes a rerun start afresh
FOLDER = ".stage"


@dataclass(frozen=True)
class Stage:
    """The folder, and where each year's files stand in it."""

    folder: Path

    @property
    def survey(self) -> Path:
        """The survey of all rows."""
        return self.folder / "survey.parquet"

    def pairs(self, year: int) -> Path:
        """The year's pairs."""
        return self.folder / f"pairs-{year}.parquet"

    def flows(self, year: int) -> Path:
        """The year's balanced flows."""
        return self.folder / f"flows-{year}.parquet"

    def totals(self, year: int) -> Path:
        """The year's table of pairs of areas."""
        return self.folder / f"totals-{year}.parquet"

    def sums(self, year: int) -> pd.DataFrame:
        """The year's pair totals."""
        return write.load(pair.table_file(self.pairs(year), "sums"))

    def paired(self, year: int) -> pair.Paired | None:
        """A year that an earlier run finished; its note is written last, so it stands for all its files."""
        note = self.folder / f"paired-{year}.json"
        if not note.exists():
            return None
        return pair.Paired(**json.loads(note.read_text(encoding="utf-8")))

    def keep(self, done: pair.Paired) -> None:
        """Note that a year's pairs are finished."""
        note = self.folder / f"paired-{done.year}.json"
        part = note.with_suffix(".part")
        part.write_text(json.dumps(done.__dict__), encoding="utf-8")
        part.replace(note)

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder)

    def pooled(self, years: Sequence[int], name: str, memory: str) -> pd.DataFrame:
        """One of `pair.TABLES` summed over all years."""
        listed = ", ".join(read.quoted(str(pair.table_file(self.pairs(y), name))) for y in years)
        source = f"read_parquet([{listed}])"

        def cents(*columns: str) -> str:
            return ", ".join(f"sum(CAST({c} AS DECIMAL(28, 2)))::DOUBLE AS {c}" for c in columns)

        select = {
            "cells": f"SELECT pair, fob, bin, sum(n)::BIGINT AS n FROM {source} GROUP BY ALL",
            "sums": f"""SELECT pair, sum("both")::BIGINT AS both, sum(only_x)::BIGINT AS only_x,
                sum(only_m)::BIGINT AS only_m, {cents("x_both", "m_both", "x_only", "m_only")},
                bool_or(fob) AS fob FROM {source} GROUP BY ALL""",
            "products": f"""SELECT commodity, sum(flows)::BIGINT AS flows, sum("both")::BIGINT AS both,
                {cents("exporters_say", "importers_say", "gap", "one_sided")}
                FROM {source} GROUP BY ALL""",
        }[name]
        base = read.connect(memory)
        table = base.execute(f"{select} ORDER BY ALL").df()
        base.close()
        return pd.DataFrame(table)


def opened(out: Path, found: Sequence[read.Table], options: list[Any]) -> Stage:
    """The stage of an output folder; emptied when files or options are not those it was made from."""
    folder = out / FOLDER
    text = json.dumps([[t.path, t.stamp] for t in found] + [VERSION, *options])
    key = hashlib.sha256(text.encode()).hexdigest()
    manifest = folder / "manifest.json"
    if manifest.exists() and manifest.read_text(encoding="utf-8") == key:
        return Stage(folder)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    write.text(key, manifest)
    return Stage(folder)
