"""`reconcile fetch`: download from a statistical service into the cache, as a file that the other commands read."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconcile.commands import options

if TYPE_CHECKING:
    from sources.online import Fetched, Query


@click.command()
@click.argument("source", required=False)
@click.option(
    "--reporter",
    metavar="AREA",
    multiple=True,
    help="Whose records: a code, a name, a group (its members) or all; may be given several times.",
)
@click.option(
    "--partner", metavar="AREA", multiple=True, help="With whom; the world where it is left out."
)
@click.option(
    "--year",
    metavar="PERIOD",
    multiple=True,
    help="2022, 2018..2022, 2024-03 or 2024-01..2024-09; may be given several times.",
)
@click.option(
    "--flow",
    metavar="FLOW",
    multiple=True,
    help="M imports, X exports, RX re-exports, RM re-imports.",
)
@click.option("--mirror", is_flag=True, help="Fetch the partners' view of the same flow too.")
@click.option(
    "--commodity",
    metavar="CODE",
    multiple=True,
    help="Commodity codes; TOTAL where it is left out; AG2 for all chapters of UN Comtrade.",
)
@click.option("--classification", metavar="CODE", default="", help="HS, H0 to H6, S1 to S4.")
@click.option(
    "--to", metavar="CODE", default="", help="The other classification of a correlation table."
)
@click.option("--currency", metavar="CODE", multiple=True, help="The currency of a rate.")
@click.option("--indicator", metavar="CODE", default="", help="The series of a source of rates.")
@click.option(
    "--key-file",
    type=options.PATH,
    metavar="FILE",
    help="A file that holds the key of the service; else its environment variable is read.",
)
@click.option(
    "--most-rows",
    type=click.IntRange(0, 10_000_000),
    default=0,
    metavar="ROWS",
    help="Rows an answer that your key allows, where it is more than usual.",
)
@click.option(
    "--refresh", is_flag=True, help="Ask the service again even if the cache holds the answer."
)
@click.option("--dry-run", is_flag=True, help="Only print the addresses that would be asked for.")
@click.option(
    "-o",
    "--output",
    type=options.PATH,
    metavar="OUT",
    help="A folder for the files; of a source of rates, the table of assumptions (.csv).",
)
@options.common
def command(source: str | None, output: Path | None, key_file: Path | None, refresh: bool, dry_run: bool,
            quiet: bool, **asked: Any) -> None:  # fmt: skip
    """Download from SOURCE; without SOURCE, list the sources with an example each.

    What was fetched before is taken from the cache, also without a network. A file comes with its
    provenance (address, date, rows, SHA-256) in a hidden file beside it. Keys are sent to the service
    only, never written or shown.
    """
    from sources import online
    from sources.errors import InputError

    if source is None:
        _list()
        return
    chosen = online.source(source)
    key = "" if chosen.KEY is None else _key(chosen.NAME, chosen.KEY[0], key_file)
    query = _query(asked, keyed=bool(key))
    if dry_run:
        for address in online.addresses(chosen.NAME, query):
            click.echo(address)
        return
    if output is not None:
        _check_output(output, chosen.GIVES)
    with _progress(quiet) as (say, count):
        files, problems = online.fetch(
            chosen.NAME, query, key, refresh=refresh, say=say, progress=count
        )
    if not quiet:
        for file in files:
            click.echo(_told(file))
    if files and chosen.GIVES == "rates":
        _rates(chosen, files, query.currency, output, quiet)
    elif output is not None:
        from sources.online import cache

        copies = [cache.copy(file, output) for file in files]
        if not quiet:
            for copy in copies:
                click.echo(f"Written to {copy}")
    elif not quiet:
        for file in files:
            click.echo(f"Kept as {file.path}")
    if problems:
        raise InputError(problems)


def _list() -> None:
    """Print the sources with what they hold and an example each."""
    from sources import online

    click.echo("Sources (their terms of use apply):\n")
    for name in online.names():
        one = online.source(name)
        held = f"\n    key: {one.KEY[0]} or --key-file" if one.KEY else ""
        click.echo(f"{name}\n    {one.ABOUT}\n    {one.EXAMPLE}\n    terms: {one.TERMS}{held}")


def _query(asked: dict[str, Any], keyed: bool) -> Query:
    """Turn the options into a query in our own codes. Raises InputError."""
    from sources.online import base

    return base.Query(
        reporter=tuple(base.area(text, "--reporter") for text in asked["reporter"]),
        partner=tuple(base.area(text, "--partner") for text in asked["partner"]),
        period=base.periods(asked["year"]),
        flow=tuple(dict.fromkeys(text.strip().upper() for text in asked["flow"])),
        commodity=tuple(dict.fromkeys(text.strip() for text in asked["commodity"])),
        classification=asked["classification"].strip(),
        to=asked["to"].strip(),
        currency=tuple(text.strip() for text in asked["currency"]),
        indicator=asked["indicator"].strip(),
        mirror=asked["mirror"],
        keyed=keyed,
        most_rows=asked["most_rows"],
    )


def _key(name: str, variable: str, key_file: Path | None) -> str:
    """Give the key from the file or the environment, empty where there is none. Raises InputError."""
    from sources.errors import InputError, Problem
    from sources.online import key_of

    if key_file is None:
        return key_of(name, os.environ.get(variable, ""))
    try:
        text = key_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise InputError(
            Problem(
                key_file.name, "", f"the key cannot be read: {why}", "Check name and rights.", "KEY"
            )
        ) from error
    if not text.strip():
        raise InputError(
            Problem(
                key_file.name, "", "the file of the key is empty", "Write the key into it.", "KEY"
            )
        )
    return key_of(name, text)


def _check_output(output: Path, gives: str) -> None:
    """Refuse an output of the wrong kind before anything is fetched. Raises InputError."""
    from sources.errors import InputError, Problem

    if gives == "rates" and (output.suffix.lower() != ".csv" or output.is_dir()):
        raise InputError(
            Problem(
                str(output), "", "a table of rates is written as .csv", "Use -o rates.csv", "OUTPUT"
            )
        )
    if gives != "rates" and output.exists() and not output.is_dir():
        raise InputError(
            Problem(
                str(output),
                "",
                "it is a file, and a folder is needed",
                "Name a folder after -o",
                "OUTPUT",
            )
        )


def _told(file: Fetched) -> str:
    where = f"from the cache, fetched {file.fetched[:10]}" if file.cached else "fetched"
    pages = f" in {len(file.pages)} parts" if len(file.pages) > 1 else ""
    return f"{file.source}: {file.rows:,} rows{pages}, {where}\n    {file.url}"


def _rates(
    chosen: Any, files: list[Fetched], currencies: tuple[str, ...], output: Path | None, quiet: bool
) -> None:
    """Write the rates that were asked for as a table of assumptions, or show them."""
    import csv
    import io

    from sources.errors import InputError, Problem
    from sources.online import cache
    from sources.rates import FIELDS

    rows = chosen.rates((file.path.read_bytes(), file.fetched) for file in files)
    wanted = {code.upper() for code in currencies}
    rows = [row for row in rows if not wanted or str(row["id"]).split("-")[1] in wanted]
    if not rows:
        raise InputError(
            Problem(
                chosen.NAME,
                "",
                "no period has enough rates for a mean",
                "Ask for full years or months.",
                "NO_ROWS",
            )
        )
    if output is None:
        for row in rows:
            click.echo(f"{row['id']}  {row['value']:.6g} {row['unit']}")
        if not quiet:
            click.echo("Write them with -o rates.csv and use them with --assumptions rates.csv")
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    cache.write(output, text.getvalue().encode())
    if not quiet:
        click.echo(f"Written to {output}: {len(rows)} rates; use them with --assumptions {output}")


@contextlib.contextmanager
def _progress(
    quiet: bool,
) -> Iterator[tuple[Callable[[str], None], Callable[[int, int | None], None]]]:
    """Give what tells a person at a terminal how far a download is; silent elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield (lambda text: None), (lambda done, whole: None)
        return
    width = 24

    def say(text: str) -> None:
        click.echo(f"\r\x1b[K{text[:110]}", err=True)

    def count(done: int, whole: int | None) -> None:
        filled = min(width, width * done // whole) if whole else 0
        bar = f"[{'#' * filled}{'-' * (width - filled)}] " if whole else ""
        share = f" of {whole / 2**20:,.1f}" if whole else ""
        click.echo(f"\r\x1b[K  {bar}{done / 2**20:,.1f}{share} MB", nl=False, err=True)

    try:
        yield say, count
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
