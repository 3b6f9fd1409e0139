"""Owns the way from a command's arguments to a Result: what is read, on which basis, with which assumptions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from reconcile.result import Result
    from sources.figures import Reading

EXAMPLE_TITLE = "Trade of Central Asia with China, Russia and the EU: rival figures"
MAX_STDIN = 512 * 2**20


def read_inputs(
    files: Sequence[str],
    reader: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    locale: str | None = None,
    published: date | None = None,
    mapping: Path | None = None,
) -> list[Reading]:
    """Read every file, folder or - (standard input); the bundled example where none is named.

    Raises InputError with the problems of all files.
    """
    from sources.errors import InputError, Problem
    from sources.readers import read_bytes, read_path

    if not files:
        example = resources.files("sources") / "data" / "example" / "figures.csv"
        return read_bytes(example.read_bytes(), "figures.csv", "figures_file")
    readings: list[Reading] = []
    problems: list[Problem] = []
    for name in files:
        try:
            if name != "-":
                readings += read_path(
                    name, reader, decimal, encoding, locale, mapping=mapping, published=published
                )
                continue
            if not reader:
                raise InputError(
                    Problem("standard input", "", "its kind is not known",
                            "Name a reader with --from, as --from figures_file.")
                )  # fmt: skip
            data = sys.stdin.buffer.read(MAX_STDIN + 1)
            if len(data) > MAX_STDIN:
                raise InputError(
                    Problem("standard input", "", f"more than {MAX_STDIN // 2**20} MB",
                            "Write it to a file, or use the command world for bulk data.", "TOO_LARGE")
                )  # fmt: skip
            readings += read_bytes(
                data, "standard input", reader, decimal=decimal, encoding=encoding,
                mapping=mapping, published=published, locale=locale,
            )  # fmt: skip
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return readings


def spare(output: Path, files: Sequence[str], *others: object) -> None:
    """Raise InputError where a report would take the place of a file that is read, or of one in a folder that is."""
    from sources.errors import InputError, Problem

    if not output.exists():
        return
    paths = [Path(name) for name in files if name != "-"]
    for other in others:
        paths += [
            p
            for p in (other if isinstance(other, (tuple, list)) else [other])
            if isinstance(p, Path)
        ]
    for path in paths:
        within = path.is_dir() and output.resolve().is_relative_to(path.resolve())
        if within or (path.exists() and path.samefile(output)):
            found = (
                f"it lies in {path}, which is read"
                if within
                else "it is one of the files that are read"
            )
            raise InputError(
                Problem(str(output), "", f"{found}: the report would overwrite it",
                        "Name another file.", "OUTPUT")
            )  # fmt: skip


def shown(
    files: Sequence[str],
    output: Path | None,
    quiet: bool,
    describe: Callable[[Sequence[Reading]], str],
    **chosen: Any,
) -> None:
    """Read files with the options `reading`, write a figures file where one is asked for, and print the description.

    Raises InputError before any work where the file cannot be written or is one of those that are read.
    """
    import reports

    if output is not None:
        reports.check_output(output, reports.FIGURE_SUFFIXES)
        spare(output, files, chosen.get("mapping"))
    with progress(quiet) as say:
        say("Reading")
        readings = read_inputs(files, **chosen)
        if output is not None:
            say("Writing")
            reports.write_figures(readings, output)
    if not quiet:
        click.echo(describe(readings))
        if output is not None:
            click.echo(f"Written to {output}")


READING = ("reader", "decimal", "encoding", "locale", "published", "mapping")


def result_of(files: Sequence[str], options: dict[str, Any], say: Callable[[str], None]) -> Result:
    """Run the whole pipeline for a command with the options `reading` and `basis`. Raises InputError."""
    say("Reading")
    readings = read_inputs(files, **{name: options[name] for name in READING})
    from reconcile.result import Basis
    from reconcile.run import run

    user = assumptions(options["assumptions"])
    basis = Basis(options["currency"], options["year"], options["tolerance"])
    readings = converted(readings, options["classification"], options["concordance"])
    title = "Reconciliation of trade figures" if files else EXAMPLE_TITLE
    return run(readings, basis, user, title=title, say=say)


def assumptions(path: Path | None) -> pd.DataFrame | None:
    """Read the user's table of assumptions, None where there is none. Raises InputError."""
    if path is None:
        return None
    from sources.rates import read_assumptions

    return read_assumptions(path)


def converted(
    readings: list[Reading], classification: str | None, concordance: Sequence[Path]
) -> list[Reading]:
    """Bring the commodities of all readings to one classification, where that was asked for."""
    if not classification and not concordance:
        return readings
    if not classification or not concordance:
        raise click.UsageError("--classification and --concordance need each other.")
    from reconcile.commands.concordance import convert

    return convert(readings, classification, concordance)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that shows the stage under way on a terminal; silent in a pipe and when quiet."""
    shown = sys.stderr.isatty() and not quiet

    def say(stage: str) -> None:
        if shown:
            click.echo(f"\r\x1b[K{stage} ...", err=True, nl=False)

    try:
        yield say
    finally:
        if shown:
            click.echo("\r\x1b[K", err=True, nl=False)
