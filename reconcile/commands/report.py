"""`reconcile report`: the whole job, from files to a workbook or another format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reconcile.commands import options


@click.command()
@options.files
@click.option("-o", "--output", type=options.PATH, default=Path("reconciliation.xlsx"), show_default=True,
              metavar="OUT", help="Where to write; the suffix picks the format: .xlsx .html .json .csv .md")  # fmt: skip
@options.basis
@options.reading
@options.common
def command(files: tuple[str, ...], output: Path, quiet: bool, **chosen: Any) -> None:
    """Reconcile figures and write a report.

    FILE is a figures file, a publisher's file, prose (.txt, .md, .html), a folder, or - for standard
    input. With no FILE, the bundled example: China's trade with Central Asia.
    """
    import reports
    from reconcile.commands.reading import progress, result_of, spare

    reports.check_output(output)
    spare(output, files, chosen["assumptions"], chosen["concordance"], chosen["mapping"])
    with progress(quiet) as say:
        result = result_of(files, chosen, say)
        say("Writing")
        left_out = reports.write(result, output, say)
    if not quiet:
        from reports.text import headline

        click.echo(headline(result))
        for said in left_out:
            click.echo(said)
        click.echo(f"Written to {output}")
