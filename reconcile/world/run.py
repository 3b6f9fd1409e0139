"""The whole world in order: survey, align, pair by year, estimate over all years, balance by year, write."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reconcile.world import (
    align,
    balance,
    calibrate,
    compare,
    margins,
    methods,
    pair,
    read,
    scores,
    stage,
    survey,
    tables,
    write,
)
from reconcile.world import engine as engines
from sources import geography
from sources.errors import InputError, Problem

MEMORY = "4GB"
SHARE = 0.65  # of the memory allowed that the database may use; the rest is for tables and code
WORKERS = 2  # among which the memory is divided on a cluster of this machine
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Summary:
    """What a run did. `tables` are what the summary workbook shows, in their order."""

    out: Path
    years: list[int]
    reports: int
    flows: int
    two_sided: int
    method: str
    family: str
    margin: float  # mean, weighted by the importers' figures
    tables: dict[str, pd.DataFrame]
    findings: pd.DataFrame


@dataclass(frozen=True)
class _Means:
    """What each kernel may use."""

    memory: str
    threads: int


def world(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    method: str = methods.DEFAULT,
    comparing: bool = False,
    truth: str | Path | None = None,
    engine: str = "local",
    cif: str = "baci",
    years: Sequence[int] | None = None,
    distances: str | Path | None = None,
    memory: str = MEMORY,
    progress: Progress | None = None,
) -> Summary:
    """Every mirror pair of Comtrade files, balanced, with ranges: writes the tables of contract 5.6 to `out`.

    `paths` are files, folders and addresses; `truth` a file of true values (year, exporter, importer,
    commodity, value) for the comparison of methods. Raises InputError with all problems of the files,
    before any long work. A rerun with the same files and options takes up finished years.
    """
    method = methods.named(method)
    _check(method, cif, engine)
    tell = progress or (lambda _what, _done, _all: None)
    out = Path(out)
    place = geography.read_cepii(distances) if distances else geography.shipped()
    limit = _limit(memory)
    means = _Means(limit, max(1, os.cpu_count() or 1))
    if engine == "dask":
        means = _Means(_limit(memory, WORKERS), 1)
    base = read.connect(limit)
    found = read.tables(base, paths)
    if truth is not None:
        compare.truth_source(base, Path(truth))
    _folder(out)
    options = [method, cif, sorted(years or []), place.source, _stamp(distances)]
    at = stage.opened(out, found, options)
    tell("survey", 0, 1)
    if not at.survey.exists():
        survey.survey(base, found, years, at.survey)
    known = frozenset(place.codes) | frozenset(geography.shipped().codes)
    outline = survey.outline(base, at.survey)
    aligned = align.align(outline, partial(survey.load, base, at.survey), known)
    base.close()
    tell("survey", 1, 1)
    with engines.start(engine) as run:
        paired = _pair(aligned, found, at, means, run, tell)
        tell("estimate", 0, 1)
        evidence, notes = _estimate(aligned, place.over(aligned.codes), at, cif, limit)
        rows = balance.parameters(evidence, methods.METHODS[method])
        _balance(aligned, evidence, methods.METHODS[method], rows, at, means, run, tell)
    findings = _findings(aligned, paired, notes)
    pairs, total = _pairs(aligned, evidence, rows, at)
    reporters = tables.reporters(evidence.fit, aligned.codes)
    products = at.pooled(aligned.years, "products", limit)
    shown = tables.summary(total, reporters, products, evidence, findings)
    if comparing or truth is not None:
        tell("compare", 0, 1)
        sources = [(year, at.pairs(year)) for year in aligned.years]
        true_values = Path(truth) if truth is not None else None
        shown["Methods"] = compare.compare(evidence, aligned.codes, sources, limit, true_values)
        write.frame(shown["Methods"], out / "methods.csv")
    tell("write", 0, 1)
    write.together(pairs, out / "pairs.parquet")
    write.frame(reporters, out / "reporters.parquet")
    write.frame(findings, out / "findings.parquet")
    write.frame(findings, out / "findings.csv")
    write.together([at.flows(y) for y in aligned.years], out / "flows.parquet")
    at.remove()
    tell("write", 1, 1)
    both = int(evidence.sums["both"].sum())
    return Summary(
        out,
        aligned.years,
        outline.rows,
        both + int(evidence.sums["only_x"].sum()) + int(evidence.sums["only_m"].sum()),
        both,
        method,
        evidence.fit.family,
        tables.mean_margin(total.mirror),
        shown,
        findings,
    )


def _check(method: str, cif: str, engine: str) -> None:
    problems = [
        Problem("", option, f"{given} is unknown", f"It is one of {', '.join(choices)}.")
        for option, given, choices in (
            ("--method", method, list(methods.METHODS)),
            ("--margins", cif, margins.METHODS),
            ("--engine", engine, engines.ENGINES),
        )
        if given not in choices
    ]
    if problems:
        raise InputError(problems)


def _limit(memory: str, workers: int = 1) -> str:
    """The database's share of a memory such as 4GB or 512MB. Raises InputError for other texts."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([GM])i?B?\s*", memory, re.IGNORECASE)
    megabytes = float(found[1]) * (1000 if found[2].upper() == "G" else 1) if found else 0.0
    if megabytes < 256:
        raise InputError(
            Problem("", "--memory", f"{memory} is no size", "Write it as 4GB; 256MB is the least.")
        )
    return f"{int(megabytes * SHARE / workers)}MB"


def _folder(out: Path) -> None:
    """Make the output folder. Raises InputError where that cannot be done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            Problem(str(out), "", "cannot be made", f"{error.strerror}. Name another folder.")
        ) from error


def _stamp(path: str | Path | None) -> str:
    if path is None:
        return ""
    about = Path(path).stat()
    return f"{path}|{about.st_size}|{about.st_mtime_ns}"


def _pair(
    aligned: align.Alignment,
    found: Sequence[read.Table],
    at: stage.Stage,
    means: _Means,
    run: engines.Map,
    tell: Progress,
) -> list[pair.Paired]:
    """Pair every year, or take up what an earlier run left in the stage."""
    done = {year: at.paired(year) for year in aligned.years}
    todo = [
        pair.Task(
            year=year,
            select=read.union([found[n] for n in aligned.files[year]], year),
            areas=tuple(sorted(aligned.areas.items())),
            codes=tuple(aligned.codes),
            levels=aligned.levels,
            details=tuple(sorted((r, f) for y, r, f in aligned.details if y == year)),
            monthly=tuple(sorted((r, f) for y, r, f in aligned.monthly if y == year)),
            editions=tuple(sorted((r, f, e) for y, r, f, e in aligned.editions if y == year)),
            fob_importers=tuple(sorted(a for y, a in aligned.fob_importers if y == year)),
            valued=aligned.valued,
            out=str(at.pairs(year)),
            memory=means.memory,
            threads=means.threads,
        )
        for year in aligned.years
        if done[year] is None
    ]
    left = len(todo)
    for answer in run(pair.pair, todo):
        at.keep(answer)
        done[answer.year] = answer
        left -= 1
        tell("pair", len(aligned.years) - left, len(aligned.years))
    return [answer for answer in done.values() if answer is not None]


def _estimate(
    aligned: align.Alignment, here: geography.Geography, at: stage.Stage, cif: str, limit: str
) -> tuple[methods.Evidence, list[dict[str, Any]]]:
    """(what the methods weigh by, findings), from the statistics of all years."""
    cells = scores.cells_of(at.pooled(aligned.years, "cells", limit), len(aligned.codes))
    sums = at.pooled(aligned.years, "sums", limit)
    by_year = (at.sums(year) for year in aligned.years)
    fitted, margin, notes = margins.settle(scores.fit(cells, here), sums, by_year, here, cif)
    return methods.Evidence(fitted, cells, sums, margin), notes


def _balance(
    aligned: align.Alignment,
    evidence: methods.Evidence,
    method: methods.Method,
    rows: pd.DataFrame,
    at: stage.Stage,
    means: _Means,
    run: engines.Map,
    tell: Progress,
) -> None:
    """Balance every year that is not balanced yet."""
    reach = calibrate.calibrate(evidence, method, rows).reach
    names = np.array(aligned.codes, dtype=object)
    named = rows.assign(exporter=names[rows["e"]], importer=names[rows["i"]])
    tell("estimate", 1, 1)
    todo = [
        balance.Task(
            year=year,
            source=str(at.pairs(year)),
            out=str(at.flows(year)),
            pairs=named,
            family=evidence.fit.family,
            combine=method.combine,
            reach=reach,
            memory=means.memory,
            threads=means.threads,
        )
        for year in aligned.years
        if not at.flows(year).exists()
    ]
    before = len(aligned.years) - len(todo)
    for done, _ in enumerate(run(balance.balance, todo), 1):
        tell("balance", before + done, len(aligned.years))


def _pairs(
    aligned: align.Alignment, evidence: methods.Evidence, rows: pd.DataFrame, at: stage.Stage
) -> tuple[list[Path], tables.Total]:
    """(each year's table of pairs, in the stage; what the summary shows of all of them)."""
    parts, made = [], []
    for year in aligned.years:
        table = tables.pairs(at.sums(year), rows, aligned.codes)
        parts.append(at.totals(year))
        write.frame(table, parts[-1])
        made.append(tables.total(table))
    return parts, tables.merged(made)


def _findings(
    aligned: align.Alignment, paired: Sequence[pair.Paired], notes: list[dict[str, Any]]
) -> pd.DataFrame:
    """All findings as one table of `align.FINDINGS`; year 0 is every year, values in USD."""
    for p in paired:
        if p.repeated:
            given = (
                "DUPLICATE", "warning", p.year, "identical rows", p.repeated, p.repeated_value,
                "Rows of one key with one value: counted once", "Check the files.",
            )  # fmt: skip
            notes.append(dict(zip(align.FINDINGS, given)))
    made = [aligned.findings, pd.DataFrame(notes, columns=align.FINDINGS)]
    table = pd.concat([t for t in made if len(t)] or [aligned.findings], ignore_index=True)
    return table.astype({"year": "int32", "rows": "int64", "value": "float64"})
