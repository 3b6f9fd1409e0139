"""The whole world in order: survey, align, pair by year, estimate over all years, balance by year, write."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reconcile.world import align, balance, margins, pair, read, scores, write
from reconcile.world import engine as engines
from sources import geography
from sources.errors import InputError, Problem

VERSION = 1  # of what the stage files hold; a change makes a rerun start afresh
STAGE = ".stage"
MEMORY_MB = 2600
TOP = 200
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Summary:
    """What a run did. `tables` go to summary.xlsx as sheets, in their order."""

    out: Path
    years: list[int]
    reports: int
    flows: int
    two_sided: int
    family: str
    margin: float  # mean, weighted by the importers' figures
    tables: dict[str, pd.DataFrame]
    findings: pd.DataFrame


def world(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    method: str = "variance",
    compare: bool = False,
    engine: str = "local",
    cif: str = "baci",
    years: Sequence[int] | None = None,
    distances: str | Path | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Every mirror pair of Comtrade files, balanced, with ranges: writes the tables of contract 5.6 to `out`.

    Raises InputError with all problems of the files, before any long work. A rerun with the same files and
    options takes up finished years.
    """
    _check(method, cif, engine)
    tell = progress or (lambda _what, _done, _all: None)
    out = Path(out)
    place = geography.read_cepii(distances) if distances else geography.shipped()
    base = read.connect(f"{MEMORY_MB}MB")
    found = read.tables(base, paths)
    out.mkdir(parents=True, exist_ok=True)
    stage = _stage(
        out, found, [VERSION, method, cif, sorted(years or []), place.source, str(distances)]
    )
    tell("survey", 0, 1)
    survey_file = stage / "survey.parquet"
    if survey_file.exists():
        surveyed = write.load(survey_file)
    else:
        surveyed = align.survey(base, found, years)
        write.frame(surveyed, survey_file)
    base.close()
    aligned = align.align(surveyed, frozenset(place.codes) | frozenset(geography.shipped().codes))
    tell("survey", 1, 1)
    here = place.over(aligned.codes)
    size = len(aligned.codes)
    threads = 1 if engine == "dask" else max(1, os.cpu_count() or 1)
    memory = f"{MEMORY_MB if engine == 'local' else MEMORY_MB // 2}MB"
    with engines.start(engine) as run:
        paired = _pair(aligned, found, stage, memory, threads, run, tell)
        cells = (
            pd.concat([p.cells for p in paired])
            .groupby(["pair", "fob", "bin"], as_index=False)["n"]
            .sum()
        )
        sums = pd.concat([p.sums.assign(year=p.year) for p in paired], ignore_index=True)
        tell("estimate", 0, 1)
        fitted = scores.fit(scores.cells_of(cells, size), here)
        fitted, margin, notes = _margins(fitted, sums, here, cif)
        rows = balance.parameters(fitted, margin, method, aligned.codes, sums)
        tell("estimate", 1, 1)
        tasks = [
            balance.Task(
                p.year,
                str(stage / f"pairs-{p.year}.parquet"),
                str(stage / f"flows-{p.year}.parquet"),
                rows,
                method != "variance" or fitted.family == "gamma",
                memory,
                threads,
            )
            for p in paired
        ]
        todo = [t for t in tasks if not Path(t.out).exists()]
        for done, _ in enumerate(run(balance.balance, todo), 1):
            tell("balance", len(tasks) - len(todo) + done, len(tasks))
    for p in paired:
        if p.repeated:
            notes.append(
                {
                    "code": "DUPLICATE",
                    "severity": "warning",
                    "year": p.year,
                    "what": "identical rows",
                }
                | {"rows": p.repeated, "value": p.repeated_value}
                | {
                    "message": "Rows of one key with one value: counted once",
                    "advice": "Check the files.",
                }
            )
    findings = pd.concat(
        [f for f in (aligned.findings, pd.DataFrame(notes, columns=align.FINDINGS)) if len(f)]
        or [aligned.findings],
        ignore_index=True,
    )
    findings["rows"] = findings["rows"].astype("int64")
    findings["value"] = findings["value"].astype(float)
    pairs = _pairs(sums, rows, size)
    reporters = _reporters(fitted, aligned.codes)
    products = pd.concat([p.products for p in paired]).groupby("commodity", as_index=False).sum()
    tables = _tables(pairs, reporters, products, fitted)
    if compare:
        tables["Methods"] = _compare(fitted, margin, aligned.codes, sums, size)
    tell("write", 0, 1)
    write.frame(pairs, out / "pairs.parquet")
    write.frame(reporters, out / "reporters.parquet")
    write.frame(findings, out / "findings.parquet")
    write.frame(findings, out / "findings.csv")
    write.together([Path(t.out) for t in tasks], out / "flows.parquet", memory)
    shutil.rmtree(stage)
    tell("write", 1, 1)
    both = int(sums["both"].sum())
    return Summary(
        out,
        [p.year for p in paired],
        int(surveyed["rows"].sum()),
        both + int(sums["only_x"].sum()) + int(sums["only_m"].sum()),
        both,
        fitted.family,
        _mean_margin(pairs),
        tables,
        findings,
    )


def _check(method: str, cif: str, engine: str) -> None:
    problems = [
        Problem("", option, f"{given} is unknown", f"one of {', '.join(choices)}")
        for option, given, choices in (
            ("--method", method, list(balance.METHODS)),
            ("--margins", cif, margins.METHODS),
            ("--engine", engine, engines.ENGINES),
        )
        if given not in choices
    ]
    if problems:
        raise InputError(problems)


def _stage(out: Path, found: Sequence[read.Table], options: list[Any]) -> Path:
    """The folder of finished years; emptied when files or options are not those it was made from."""
    stage = out / STAGE
    text = json.dumps([[t.path, t.stamp] for t in found] + options)
    key = hashlib.sha256(text.encode()).hexdigest()
    manifest = stage / "manifest.json"
    if manifest.exists() and manifest.read_text(encoding="utf-8") == key:
        return stage
    if stage.exists():
        shutil.rmtree(stage)
    stage.mkdir(parents=True)
    manifest.write_text(key, encoding="utf-8")
    return stage


def _pair(
    aligned: align.Alignment,
    found: Sequence[read.Table],
    stage: Path,
    memory: str,
    threads: int,
    run: engines.Map,
    tell: Progress,
) -> list[pair.Paired]:
    """Pair every year, or take up what an earlier run left in the stage."""
    done: dict[int, pair.Paired] = {}
    todo = []
    for year in aligned.years:
        kept = _kept(stage, year)
        if kept is not None:
            done[year] = kept
            continue
        todo.append(
            pair.Task(
                year,
                read.union(found),
                tuple(sorted(aligned.areas.items())),
                tuple(aligned.codes),
                aligned.level,
                aligned.months,
                tuple(sorted((r, f) for y, r, f in aligned.details if y == year)),
                tuple(sorted(a for y, a in aligned.fob_importers if y == year)),
                aligned.valued,
                str(stage / f"pairs-{year}.parquet"),
                memory,
                threads,
            )
        )
    for answer in run(pair.pair, todo):
        for name in ("cells", "sums", "products"):
            write.frame(getattr(answer, name), stage / f"{name}-{answer.year}.parquet")
        repeated = pd.DataFrame({"n": [answer.repeated], "value": [answer.repeated_value]})
        write.frame(repeated, stage / f"repeated-{answer.year}.parquet")
        done[answer.year] = answer
        tell("pair", len(done), len(aligned.years))
    return [done[year] for year in aligned.years]


def _kept(stage: Path, year: int) -> pair.Paired | None:
    """A year that an earlier run finished; `repeated` is written last, so it stands for all."""
    if not (stage / f"repeated-{year}.parquet").exists():
        return None
    cells, sums, products, repeated = (
        write.load(stage / f"{name}-{year}.parquet")
        for name in ("cells", "sums", "products", "repeated")
    )
    return pair.Paired(
        year, cells, sums, products, int(repeated["n"].iloc[0]), float(repeated["value"].iloc[0])
    )


def _margins(
    fitted: scores.Fit, sums: pd.DataFrame, here: geography.Geography, cif: str
) -> tuple[scores.Fit, Any, list[dict[str, Any]]]:
    """(fit, margin matrix, findings) by the choice of the user."""
    if cif == "growth_lab":
        margin, _ = margins.growth_lab(sums, here)
        log_margin = np.log1p(margin)
        return replace(fitted, log_margin=log_margin), margin, []
    size = len(here.codes)
    share, hubs = margins.hub_share(sums, fitted, size)
    notes: list[dict[str, Any]] = []
    if hubs:
        key = sums["pair"].to_numpy() % size
        at = np.isin(key, hubs)
        notes.append(
            {"code": "BOOKED_TO_HUBS", "severity": "warning", "year": 0}
            | {"what": "exports booked to " + " ".join(here.codes[h] for h in hubs)}
            | {
                "rows": int(sums.loc[at, "only_x"].sum()),
                "value": float(sums.loc[at, "x_only"].sum()),
            }
            | {
                "message": "Exporters report flows to these areas that they do not report; "
                f"{share:.1%} of all other exports is taken to be booked so"
            }
            | {"advice": "Their one-sided flows may be bound elsewhere."}
        )
    if share > 0.005:
        moved = fitted.log_margin - np.log1p(share)
        fitted = replace(fitted, log_margin=moved)
    return fitted, fitted.margin, notes


def _pairs(sums: pd.DataFrame, rows: pd.DataFrame, size: int) -> pd.DataFrame:
    """Pair totals by year, USD: both sides, gap of the two-sided flows on FOB, what has no mirror."""
    at = rows.assign(pair=rows["e"].astype("int64") * size + rows["i"].astype("int64"))
    table = sums.merge(
        at[["pair", "exporter", "importer", "margin", "w"]], on="pair", validate="many_to_one"
    )
    margin = table["margin"].where(~table["fob"].astype(bool), 0.0)
    fob = table["m_both"] / (1 + margin)
    gap = fob - table["x_both"]
    mean = (fob + table["x_both"]) / 2
    result = pd.DataFrame(
        {
            "year": table["year"].astype("int32"),
            "exporter": table["exporter"],
            "importer": table["importer"],
            "flows_both": table["both"],
            "flows_exporter_only": table["only_x"],
            "flows_importer_only": table["only_m"],
            "exporter_fob": table["x_both"],
            "importer_cif": table["m_both"],
            "cif_margin": margin,
            "importer_fob": fob,
            "gap": gap,
            "gap_pct_mean": (gap / mean.where(mean > 0)) * 100,
            "exporter_only": table["x_only"],
            "importer_only": table["m_only"],
            "weight_exporter": table["w"],
        }
    )
    return result.sort_values(["year", "exporter", "importer"], ignore_index=True)


def _reporters(fitted: scores.Fit, codes: list[str]) -> pd.DataFrame:
    """Reporters by role. `spread`: standard deviation of the ln error; `reliability`: 1 / (1 + spread²);

    `bias`: mean ln error relative to all reporters; `flows`: two-sided flows it rests on."""
    parts = [
        pd.DataFrame(
            {
                "reporter": codes,
                "role": role,
                "flows": fitted.flows[n].astype("int64"),
                "reliability": 1 / (1 + fitted.variance[n]),
                "bias": fitted.bias[n],
                "spread": np.sqrt(fitted.variance[n]),
            }
        )
        for n, role in enumerate(("exporter", "importer"))
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[table["flows"] > 0].reset_index(drop=True)


def _mean_margin(pairs: pd.DataFrame) -> float:
    weight = pairs["importer_fob"] + pairs["importer_only"] / (1 + pairs["cif_margin"])
    return float((weight * pairs["cif_margin"]).sum() / weight.sum()) if weight.sum() > 0 else 0.0


def _tables(
    pairs: pd.DataFrame, reporters: pd.DataFrame, products: pd.DataFrame, fitted: scores.Fit
) -> dict[str, pd.DataFrame]:
    """The sheets of summary.xlsx: the largest gaps, reporters ranked, trade with no mirror, the margin."""
    worst = pairs.loc[pairs["gap"].abs().sort_values(ascending=False, kind="stable").index[:TOP]]
    goods = products.sort_values(["gap", "commodity"], ascending=[False, True])[:TOP]
    ranked = reporters.sort_values(
        ["role", "reliability", "reporter"], ascending=[True, False, True]
    )
    sides = pairs.groupby("year")[
        ["exporter_fob", "importer_fob", "exporter_only", "importer_only"]
    ].sum()
    fob_only = (pairs["importer_only"] / (1 + pairs["cif_margin"])).groupby(pairs["year"]).sum()
    mean = (sides["exporter_fob"] + sides["importer_fob"]) / 2
    whole = mean + sides["exporter_only"] + fob_only
    mirror = pd.DataFrame(
        {
            "year": sides.index,
            "two_sided_mean": mean.to_numpy(),
            "exporter_only": sides["exporter_only"].to_numpy(),
            "importer_only_fob": fob_only.to_numpy(),
            "share_no_mirror": ((sides["exporter_only"] + fob_only) / whole).to_numpy(),
        }
    )
    terms = pd.DataFrame({"term": scores.TERMS, "coefficient": fitted.terms})
    return {
        "Worst pairs": worst.reset_index(drop=True),
        "Worst products": goods.reset_index(drop=True),
        "Reporters": ranked.reset_index(drop=True),
        "No mirror": mirror,
        "CIF margin": terms,
    }


def _compare(
    fitted: scores.Fit, margin: Any, codes: list[str], sums: pd.DataFrame, size: int
) -> pd.DataFrame:
    """Methods side by side: mean weight on the exporter and the error each has if the fitted errors hold.

    The last column favours the method that uses those errors; without a truth no other score is to be had.
    """
    flows = sums.groupby("pair")["both"].sum()
    n = flows.to_numpy(dtype=float)
    e, i = np.divmod(flows.index.to_numpy(dtype=np.int64), size)
    vx, vm = fitted.variance[0][e], fitted.variance[1][i]
    rows = []
    for name, about in balance.METHODS.items():
        w = balance.weights(fitted, name, sums)[e, i]
        error = np.sqrt((n * (w**2 * vx + (1 - w) ** 2 * vm)).sum() / max(n.sum(), 1.0))
        rows.append((name, about, float((n * w).sum() / max(n.sum(), 1.0)), float(error)))
    return pd.DataFrame(
        rows, columns=["method", "about", "mean_weight_exporter", "expected_rms_log_error"]
    )
