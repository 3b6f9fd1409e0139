"""`reconcile world`: every mirror pair of bulk files, balanced with ranges, as tables and a summary workbook."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from reconcile.commands import options

STEPS = {
    "survey": "looking at every row",
    "pair": "pairing the mirrors",
    "estimate": "estimating margins and reporters",
    "balance": "balancing",
    "compare": "comparing methods",
    "write": "writing",
}


@click.command()
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option(
    "-o",
    "--output",
    "out",
    type=options.PATH,
    required=True,
    metavar="DIR",
    help="The folder for flows.parquet, pairs.parquet, reporters.parquet, findings and summary.xlsx.",
)
@click.option(
    "--method",
    default="variance",
    show_default=True,
    metavar="NAME",
    help="variance, baci, growthlab, symmetry, mean, geometric, exporter, importer, imf or oec.",
)
@click.option("--compare", is_flag=True, help="Score all methods on this input.")
@click.option(
    "--truth",
    type=options.PATH,
    metavar="FILE",
    help="True values (year, exporter, importer, commodity, value) to score the methods against.",
)
@click.option(
    "--margins",
    default="baci",
    show_default=True,
    type=click.Choice(["baci", "growthlab"]),
    help="The regression that gives CIF margins.",
)
@click.option(
    "--distances",
    type=options.PATH,
    metavar="FILE",
    help="CEPII's dist_cepii.csv, or a file like it, in place of the distances that ship.",
)
@click.option("--years", metavar="YEARS", help="Only these years, as 2019 or 2015-2020,2022.")
@click.option(
    "--engine",
    default="local",
    show_default=True,
    type=click.Choice(["local", "dask"]),
    help="Where years are worked on: here, or on a Dask cluster.",
)
@click.option(
    "--memory",
    default="4GB",
    show_default=True,
    metavar="SIZE",
    help="How much memory may be used.",
)
@options.common
def command(
    data: tuple[str, ...], out: Path, method: str, compare: bool, truth: Path | None, margins: str,
    distances: Path | None, years: str | None, engine: str, memory: str, quiet: bool,
) -> None:  # fmt: skip
    """Reconcile every mirror pair of Comtrade's bulk data.

    DATA are files of UN Comtrade, parquet or csv, under the names of its API and bulk files; folders are
    searched. Exporters' and importers' reports are paired, importers' figures brought to FOB, reporters
    scored and each flow balanced with a range that holds the true value nine times in ten. A run that was
    stopped takes up its finished years when it is started again.
    """
    from reconcile.world import run

    done = run.world(
        data,
        out,
        method=method,
        comparing=compare,
        truth=truth,
        engine=engine,
        cif=margins,
        years=_years(years),
        distances=distances,
        memory=memory,
        progress=None if quiet else _progress(),
    )
    _summary(done)
    if not quiet:
        click.echo(_said(done))
        if "Methods" in done.tables:
            click.echo(_methods(done))
        click.echo(f"Written to {out}")


def _years(text: str | None) -> list[int] | None:
    """Years from `2019` or `2015-2020,2022`. Raises BadParameter."""
    if text is None:
        return None
    years: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if not (first.isdigit() and (last or first).isdigit()):
            raise click.BadParameter(f"{part!r} is no year. Write 2019 or 2015-2020.", param_hint="--years")  # fmt: skip
        years |= set(range(int(first), int(last or first) + 1))
    return sorted(years)


def _progress() -> Callable[[str, int, int], None] | None:
    """A line on standard error that says what is done; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        return None

    def say(what: str, done: int, whole: int) -> None:
        count = f" {done} of {whole} years" if whole > 1 else ""
        click.echo(f"\r\x1b[K{STEPS[what]}{count}", nl=what == "write" and done == whole, err=True)

    return say


def _summary(done: object) -> None:
    """Write summary.xlsx beside the tables."""
    from datetime import datetime

    from reconcile.world import run
    from reports import world_summary

    assert isinstance(done, run.Summary)
    facts = [
        ("Years", f"{done.years[0]} to {done.years[-1]}" if len(done.years) > 1 else str(done.years[0])),
        ("Reports read", f"{done.reports:,}"),
        ("Flows", f"{done.flows:,}"),
        ("Flows with both sides", f"{done.two_sided:,}"),
        ("Method", done.method),
        ("Errors fitted as", done.family),
        ("Mean CIF margin, weighted by value", f"{done.margin:.2%}"),
    ]  # fmt: skip
    book = world_summary.describe(done.tables, facts, datetime(done.years[-1], 12, 31))
    world_summary.save(book, done.out / "summary.xlsx")


def _said(done: object) -> str:
    from reconcile.world import run

    assert isinstance(done, run.Summary)
    mirror = done.tables["No mirror"]
    alone = float(mirror[["exporter_only", "importer_only_fob"]].to_numpy().sum())
    whole = alone + float(mirror["two_sided_mean"].sum())
    aside = done.findings[
        done.findings["code"].isin(["SET_ASIDE", "TOTALS_MIXED", "UNKNOWN_AREA", "DUPLICATE"])
    ]
    return (
        f"{done.reports:,} reports, {done.flows:,} flows, {done.two_sided:,} with both sides\n"
        f"trade with no mirror: {alone / whole if whole else 0:.1%} of value\n"
        f"mean CIF margin: {done.margin:.2%}\n"
        f"set aside: {int(aside['rows'].sum()):,} rows, {float(aside['value'].sum()):,.0f} USD"
    )


def _methods(done: object) -> str:
    from reconcile.world import run

    assert isinstance(done, run.Summary)
    table = done.tables["Methods"].drop(columns=["about", "source", "total_usd"])
    return str(table.to_string(index=False, float_format=lambda v: f"{v:.4f}"))
