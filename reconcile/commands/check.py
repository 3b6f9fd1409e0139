"""`reconcile check`: findings and cases on the terminal; exit code 1 where a discrepancy stays unexplained."""

from __future__ import annotations

import sys
from typing import Any

import click

from reconcile.commands import options


@click.command()
@options.files
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead.")
@options.basis
@options.reading
@options.common
def command(files: tuple[str, ...], as_json: bool, quiet: bool, **chosen: Any) -> None:
    """Show cases, verdicts and findings.

    Exit code 1 if a gap beyond the tolerance is left unexplained, else 0. With no FILE, the bundled
    example.
    """
    from reconcile.commands.reading import progress, result_of
    from reconcile.gaps import unexplained

    with progress(quiet) as say:
        result = result_of(files, chosen, say)
    if as_json:
        from reports.json import text as json_text

        click.echo(json_text(result), nl=False)
    elif not quiet:
        from reports.text import check

        click.echo(check(result))
    tolerance = result.basis.tolerance
    sys.exit(1 if len(unexplained(result.cases, tolerance)) else 0)
