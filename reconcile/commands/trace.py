"""`reconcile trace`: from a cell of a workbook back to the printed text, step by step."""

from __future__ import annotations

from pathlib import Path

import click

from reconcile.commands import options


@click.command()
@click.argument("book", type=options.PATH)
@click.argument("cell")
@options.common
def command(book: Path, cell: str, quiet: bool) -> None:
    """Show where the number in a cell comes from.

    BOOK is a workbook that report wrote, CELL a cell of it with its sheet, as Discrepancies!H4 or
    "'Common basis'!K5". Each line is one cell with its value and formula; the ends are the printed text
    with its file, place and source, and the assumptions with who says so.
    """
    from reports.trace import trace

    text = trace(book, cell)
    if not quiet:
        click.echo(text)
