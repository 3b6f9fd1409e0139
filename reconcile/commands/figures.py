"""`reconcile figures`: what was read, what was set aside and why, and the figures table as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reconcile.commands import options


@click.command()
@options.files
@click.option("-o", "--output", type=options.PATH, metavar="OUT",
              help="Write the figures table; the suffix picks the format: .csv .json .parquet")  # fmt: skip
@options.reading
@options.common
def command(files: tuple[str, ...], output: Path | None, quiet: bool, **chosen: Any) -> None:
    """Read files and show what was understood and what was not.

    With -o, write the figures as a figures file that can be edited and read again.
    """
    from reconcile.commands.reading import shown
    from reports.reading import describe

    shown(files, output, quiet, describe, **chosen)
