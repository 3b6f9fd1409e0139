"""`reconcile sources`: the readers, what each recognises, with an example each, and the online sources."""

from __future__ import annotations

import click

from reconcile.commands import options


@click.command()
@click.argument("name", required=False)
@options.common
def command(name: str | None, quiet: bool) -> None:
    """List the readers and the online sources; with NAME, show one reader's example in full."""
    from sources import readers

    if name:
        one = readers.reader(name)
        click.echo(f"{one.NAME}: {one.ABOUT}\n\n{one.EXAMPLE.rstrip()}")
        return
    click.echo("Readers (a file is recognised by its content; --from NAME names one):\n")
    for known in readers.names():
        one = readers.reader(known)
        first = next((line for line in one.EXAMPLE.splitlines() if line.strip()), "")
        click.echo(f"{known}\n    {one.ABOUT}\n    {first[:96]}")
    from sources import online

    click.echo("\nOnline sources (reconcile fetch NAME):\n")
    for source in online.names():
        click.echo(f"{source}\n    {online.source(source).ABOUT}")
