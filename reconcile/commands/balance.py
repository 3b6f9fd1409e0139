"""`reconcile balance`: one number with a range for each measure, under constraints or by a method for mirror pairs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconcile.commands import options
from reconcile.commands.options import _share

if TYPE_CHECKING:
    import pandas as pd

    from reconcile.assumptions import Book

SUFFIXES = (".csv", ".json", ".xlsx", ".parquet")
SHOWN = 40  # rows on the terminal
CIF = "cif-factor"


@click.command()
@options.files
@click.option(
    "--method",
    metavar="NAME",
    help="Balance mirror pairs by a method; `--method list` names them. Else constraints decide.",
)
@click.option(
    "--constraints",
    "constraints_file",
    type=options.PATH,
    metavar="FILE",
    help="Your own constraints, one a line: edb-total = edb-kaz + edb-uzb; also <= and >=.",
)
@click.option(
    "--check-only", is_flag=True, help="Move nothing; say which constraints the figures miss."
)
@click.option(
    "--error",
    "error",
    default="10%",
    show_default=True,
    callback=_share,
    metavar="SHARE",
    help="The standard error of a source, as a share of the largest figure of a measure.",
)
@click.option(
    "-o",
    "--output",
    type=options.PATH,
    metavar="OUT",
    help="Write all tables; the suffix picks the format: .csv .json .xlsx .parquet",
)
@options.basis
@options.reading
@options.common
def command(
    files: tuple[str, ...], method: str | None, constraints_file: Path | None, check_only: bool,
    error: float, output: Path | None, quiet: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Balance figures: one number with a range for each measure.

    Without --method, all figures are adjusted at once so that turnover is exports plus imports, a group
    the sum of its members, a year the sum of its months, and both parties' figures agree once freight and
    insurance are out. Exit code 1 where constraints are missed (--check-only) or contradict each other.
    With no FILE, the bundled example.
    """
    import reports
    import reports.balanced
    from reconcile.commands.reading import progress, spare

    if method == "list":
        click.echo(_methods())
        return
    if output is not None:
        reports.check_output(output, SUFFIXES)
        spare(output, files, chosen["assumptions"], chosen["mapping"], constraints_file)
    if method is not None and (constraints_file or check_only):
        raise click.UsageError(
            "--method balances pairs; --constraints and --check-only do without it."
        )

    with progress(quiet) as say:
        figures, book = _on_basis(files, chosen, say)
        if method is not None:
            tables, told, code = _by_method(figures, method, say)
        else:
            lines = _lines(constraints_file)
            tables, told, code = _by_constraints(
                figures, book, lines, error, check_only, chosen, say
            )
        if output is not None:
            say("Writing")
            reports.balanced.write(tables, output, chosen["currency"])
    if not quiet:
        click.echo(told)
        if output is not None:
            click.echo(f"Written to {output}")
    sys.exit(code)


def _methods() -> str:
    from reconcile.balance import methods

    rows = [(name, module.ABOUT, module.SOURCE) for name, module in methods().items()]
    wide = max(len(name) for name, _, _ in rows)
    return "\n".join(
        f"{name:<{wide}}  {about}\n{'':<{wide}}  {source}" for name, about, source in rows
    )


def _lines(path: Path | None) -> list[str]:
    from sources.errors import InputError, Problem

    if path is None:
        return []
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as fault:
        found = f"cannot be read: {fault.strerror or fault}"
        raise InputError(Problem(str(path), "", found, "Check the name.")) from fault
    except UnicodeDecodeError as fault:
        raise InputError(Problem(str(path), "", "is not UTF-8", "Save it as UTF-8.")) from fault


def _on_basis(
    files: tuple[str, ...], chosen: dict[str, Any], say: Any
) -> tuple[pd.DataFrame, Book]:
    """The figures with amounts and origins, and the assumptions; no cases are made."""
    from reconcile import match
    from reconcile.assumptions import Book
    from reconcile.basis import Context, to_basis
    from reconcile.commands import reading
    from reconcile.gather import gathered
    from reconcile.result import Basis
    from sources.errors import InputError, Problem

    say("Reading")
    names = {name: chosen[name] for name in reading.READING}
    readings = reading.read_inputs(files, **names)
    readings = reading.converted(readings, chosen["classification"], chosen["concordance"])
    book = Book(reading.assumptions(chosen["assumptions"]))
    printed, _ = gathered(readings, book)
    if printed.empty:
        raise InputError(
            Problem(
                ", ".join(files), "", "no figure was read", "The command figures shows what was."
            )
        )
    say("Bringing the figures to one basis")
    context = Context(Basis(chosen["currency"], chosen["year"], chosen["tolerance"]), book)
    figures, _ = to_basis(printed, context)
    if context.problems:
        raise InputError(list(dict.fromkeys(context.problems)))
    return figures.assign(origin=match.origins(figures), derived=False), book


def _by_method(
    figures: pd.DataFrame, method: str, say: Any
) -> tuple[dict[str, pd.DataFrame], str, int]:
    """All pairs by one method, each level of commodities on its own."""
    import pandas as pd

    from reconcile.balance import methods
    from reconcile.balance.from_figures import LEVEL, pairs_of
    from reports import balanced
    from sources.errors import InputError, Problem

    known = methods()
    if method not in known:
        near = f"one of {', '.join(known)}"
        raise InputError(Problem("", "--method", f"{method} is unknown", near))
    pairs, left_out = pairs_of(figures)
    if pairs.empty:
        raise InputError(
            Problem("", "", "no exports or imports between countries", "balance without --method")
        )
    say(f"Balancing by {method}")
    parts = [known[method].balance(part.drop(columns=LEVEL)) for _, part in pairs.groupby(LEVEL)]
    whole = pd.concat(parts, ignore_index=True)
    return {"pairs": whole, "left out": left_out}, balanced.told_pairs(whole, left_out), 0


def _by_constraints(
    figures: pd.DataFrame, book: Book, lines: list[str], error: float, check_only: bool,
    chosen: dict[str, Any], say: Any,
) -> tuple[dict[str, pd.DataFrame], str, int]:  # fmt: skip
    from reconcile.balance.accounts import accounts
    from reports import balanced

    say("Balancing")
    row = book.row(CIF)
    made = accounts(
        figures,
        cif=float(row["value"]),
        cif_range=(float(row["low"]), float(row["high"])),
        share=error,
        lines=lines,
        check_only=check_only,
    )
    tables = {
        "balanced": made.table,
        "figures": made.found.values,
        "constraints": made.found.constraints,
    }
    missed = bool(made.found.constraints["unmet"].any())
    told = balanced.told_accounts(
        made.table, made.found.constraints, chosen["currency"], check_only
    )
    return tables, told, 1 if missed else 0
