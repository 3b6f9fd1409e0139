"""`reconcile simulate`: a world whose true trade is known, and how near each balancing method comes to it."""

from __future__ import annotations

from pathlib import Path

import click

from reconcile.commands import options


@click.command()
@click.option(
    "--scenario",
    multiple=True,
    metavar="NAME",
    help="independent, pair, biased, hubs, silent, structural or all; may be given several times.",
)
@click.option("--compare", is_flag=True, help="Score every balancing method on the worlds.")
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0), help="The first world's number."
)
@click.option(
    "--worlds",
    default=5,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="With --compare: how many worlds of each scenario.",
)
@click.option(
    "--areas",
    default=40,
    show_default=True,
    type=click.IntRange(5, 200),
    help="Reporters in a world.",
)
@click.option(
    "--commodities",
    default=20,
    show_default=True,
    type=click.IntRange(1, 90),
    help="Commodities in a world.",
)
@click.option(
    "--format",
    "form",
    default="parquet",
    show_default=True,
    type=click.Choice(["parquet", "csv"]),
    help="Of the files of a world.",
)
@click.option(
    "-o",
    "--output",
    type=options.PATH,
    metavar="OUT",
    help="A folder for the world's files; with --compare, a file: .csv .json .xlsx .parquet",
)
@options.common
def command(
    scenario: tuple[str, ...], compare: bool, seed: int, worlds: int, areas: int, commodities: int,
    form: str, output: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Make a world with known truth, or score the methods on such worlds.

    \b
    reconcile simulate -o DIR      reports.parquet (as UN Comtrade has them), truth, reporters
    reconcile simulate --compare   error, bias and coverage of every method on every scenario
    """
    from reconcile.simulate.worlds import SCENARIOS
    from sources.errors import InputError, Problem

    strange = [name for name in scenario if name not in SCENARIOS]
    if strange:
        near = f"one of {', '.join(SCENARIOS)}"
        raise InputError(
            [Problem("", "--scenario", f"{name} is unknown", near) for name in strange]
        )
    if compare:
        _compare(scenario or SCENARIOS, seed, worlds, areas, commodities, output, quiet)
        return
    if output is None:
        raise click.UsageError("Name a folder with -o, or score the methods with --compare.")
    if len(scenario) > 1:
        raise click.UsageError("One folder holds one scenario; several need --compare.")
    if output.exists() and not output.is_dir():
        raise InputError(Problem(str(output), "", "is no folder", "Name another."))
    from reconcile.simulate import files
    from reconcile.simulate import worlds as made

    world = made.make((scenario or ("all",))[0], areas=areas, commodities=commodities, seed=seed)
    written = files.write(world, output, form)
    if not quiet:
        click.echo(
            f"{len(world.truth):,} true flows of {areas} areas, {len(world.pairs):,} reported by a side"
        )
        click.echo("\n".join(f"Written to {path}" for path in written))


def _compare(
    scenarios: tuple[str, ...], seed: int, worlds: int, areas: int, commodities: int,
    output: Path | None, quiet: bool,
) -> None:  # fmt: skip
    import reports
    from reconcile.commands.balance import SUFFIXES
    from reconcile.commands.reading import progress
    from reconcile.simulate import scores
    from reports import balanced

    if output is not None:
        reports.check_output(output, SUFFIXES)
    with progress(quiet) as say:
        table = scores.compare(
            scenarios, seeds=worlds, first_seed=seed, areas=areas, commodities=commodities, say=say
        )
        if output is not None:
            balanced.write({"scores": table}, output, "USD")
    if not quiet:
        click.echo(balanced.told_scores(table))
        if output is not None:
            click.echo(f"Written to {output}")
