"""Writes the pages that follow from the code: docs/findings.md and docs/commands.md.

Run `python docs/make.py` after a change of a finding or a command; a test holds the pages to the code.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconcile.cli import COMMANDS, cli
from reconcile.findings import catalogue

HERE = Path(__file__).parent
WORDS = {
    "error": "stops the file or the row",
    "warning": "read it before you cite a number",
    "note": "for the record",
}


def findings() -> str:
    """Give the page of findings: one entry a code, in the order of the catalogue."""
    parts = [
        "# Findings\n",
        "A finding is a row with a code, a severity, the figures or the place it is about, a message and advice. "
        + "; ".join(f"*{name}*: {text}" for name, text in WORDS.items())
        + ". Codes never change their meaning.\n",
    ]
    for code, entry in catalogue().items():
        parts.append(
            f"## {code} ({entry['severity']})\n\n**{entry['title']}.** {entry['explanation']}\n\n"
            f"What to do: {entry['advice']}\n"
        )
    return "\n".join(parts)


def commands() -> str:
    """Give the page of commands: the help of each as the terminal prints it."""
    parts = ["# Commands\n", "What `reconcile COMMAND --help` prints.\n"]
    root = click.Context(cli, info_name="reconcile", **cli.context_settings)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        if command is None:
            continue
        context = click.Context(command, info_name=name, parent=root, terminal_width=96)
        parts.append(f"## {name}\n\n```\n{command.get_help(context)}\n```\n")
    parts.append(
        "Exit codes: 0 done (for `check`: nothing unexplained beyond the tolerance); 1 `check` found a discrepancy; "
        "2 bad input or usage, with every problem listed; 3 a fault of the program; 130 interrupted.\n"
    )
    return "\n".join(parts)


PAGES = {"findings.md": findings, "commands.md": commands}


def main() -> None:
    """Write every page; with --check, only say which differ from the code, and end with 1 if any does."""
    if sys.argv[1:] == ["--check"]:
        old = [
            name
            for name, page in PAGES.items()
            if (HERE / name).read_text(encoding="utf-8") != page()
        ]
        sys.exit(f"out of date: {', '.join(old)}; run python docs/make.py" if old else 0)
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
    print(f"written: {', '.join(PAGES)}", file=sys.stderr)


if __name__ == "__main__":
    main()
