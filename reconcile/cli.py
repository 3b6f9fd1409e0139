"""The front door: which commands there are, and how every fault ends. Owns the exit codes.

Commands are imported when they are called, so that `reconcile --help` loads nothing but click.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from reconcile import __version__

# command: what it does, in one line; the module reconcile.commands.NAME holds it as `command`.
COMMANDS = {
    "report": "The whole job: rival figures in, an audited workbook out.",
    "check": "Show findings and cases on the terminal.",
    "figures": "Show what was read from files, and what was not understood.",
    "extract": "Read the trade figures quoted in prose.",
    "explain": "Take the gap of each case apart, step by step.",
    "balance": "Give one number with a range for each case or under constraints.",
    "world": "Reconcile every mirror pair of a bulk file.",
    "simulate": "Make a world with known truth and score the methods on it.",
    "trace": "Go from a cell of a workbook back to the printed text.",
    "sources": "List the readers and the online sources.",
    "fetch": "Download data into the cache.",
}
INTERRUPTED = 130
OWN_FAULT = 3
USAGE = 2


class Commands(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"reconcile.commands.{cmd_name}")
        command: click.Command = module.command
        command.name = cmd_name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and name the nearest where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"No command is called {args[0]}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="reconcile")
def cli() -> None:
    """Reconcile rival published trade figures and show every step.

    \b
    reconcile report                    the bundled example as a workbook
    reconcile report mine.csv -o a.xlsx your own figures
    reconcile check mine.csv            findings and cases on the terminal
    """


def main(args: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 a discrepancy, 2 bad input, 3 our own fault, 130 interrupted."""
    given = list(sys.argv[1:] if args is None else args)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names of all scripts, whatever the machine's locale
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = cli.main(given, prog_name="reconcile", standalone_mode=False)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.ClickException as error:
        error.show()
        code = USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; nothing is left to say
        code = 0
    except MemoryError:
        click.echo("Error: the machine's memory is not enough for this input.", err=True)
        code = USAGE
    except Exception as error:
        code = _failed(error, "--debug" in given)
    sys.exit(code if isinstance(code, int) else 0)


def _failed(error: Exception, debug: bool) -> int:
    """Say what went wrong and give the exit code: bad input lists every problem, all else is our fault."""
    from sources.errors import InputError, ReconcileError

    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, InputError):
        from sources.words import strip_controls

        count = len(error.problems)
        click.echo(f"Error: {count} problems:" if count > 1 else "Error:", err=True)
        for problem in error.problems:
            click.echo(f"  {strip_controls(str(problem))}", err=True)
        return error.exit_code
    kind = "" if isinstance(error, ReconcileError) else f"{type(error).__name__}: "
    click.echo(f"Error: a fault of this program: {kind}{error}", err=True)
    click.echo("Nothing was written. Run it again with --debug to see where.", err=True)
    return OWN_FAULT
