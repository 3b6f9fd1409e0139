"""`reconcile extract`: the trade figures quoted in prose, as a table on the terminal and as a figures file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconcile.commands import options

if TYPE_CHECKING:
    from sources.figures import Reading

MAX_FINDINGS = 30
COLUMNS = ("value", "unit", "flow", "reporter", "partner", "period", "source", "status", "place")
QUOTE_WIDTH = 96


@click.command()
@options.files
@click.option("-o", "--output", type=options.PATH, metavar="OUT",
              help="Write a figures file to edit and feed back; the suffix picks the format: .csv .json .parquet")  # fmt: skip
@options.reading
@options.common
def command(files: tuple[str, ...], output: Path | None, quiet: bool, **chosen: Any) -> None:
    """Read the trade figures quoted in prose (.txt, .md, .html; - is standard input).

    Every figure comes with its sentence and place. What a text leaves open stays empty and is named.
    """
    from reconcile.commands.reading import shown

    if not files:
        raise click.UsageError("Name the text to read, or - for standard input.")
    chosen["reader"] = chosen["reader"] or "press"
    shown(files, output, quiet, describe, **chosen)


def describe(readings: Sequence[Reading]) -> str:
    """Give what the command prints: for each text its figures with their sentences, then what is open."""
    from reports.text import strip

    lines: list[str] = []
    for reading in readings:
        facts = reading.facts
        count = len(reading.figures)
        name = str(facts.get("file", ""))
        if not count:
            lines.append(f"{name}: no trade figure: {facts.get('notes', 'nothing was found')}")
            continue
        language = f", read as {facts['language']}" if facts.get("language") else ""
        published = f", published {facts['published']}" if facts.get("published") else ""
        figures = "1 trade figure" if count == 1 else f"{count:,} trade figures"
        lines += [f"{name}: {figures}{language}{published}", "", *_table(reading), ""]
        for row in reading.findings.head(MAX_FINDINGS).to_dict("records"):
            lines.append(f"{row['code']} {row['place']}: {row['message']}")
        if len(reading.findings) > MAX_FINDINGS:
            lines.append(f"... and {len(reading.findings) - MAX_FINDINGS:,} more findings")
    return strip("\n".join(lines).rstrip())


def _table(reading: Reading) -> list[str]:
    """Give the rows of a reading in columns of equal width, each followed by its sentence."""
    rows = reading.figures.to_dict("records")
    cells = [[_cell(row, column) for column in COLUMNS] for row in rows]
    widths = [
        max(len(column), *(len(line[at]) for line in cells)) for at, column in enumerate(COLUMNS)
    ]
    out = ["  ".join(c.ljust(w) for c, w in zip(COLUMNS, widths, strict=True)).rstrip()]
    previous = ""
    for row, line in zip(rows, cells, strict=True):
        out.append("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip())
        quote = " ".join(str(row["quote"]).split())
        if quote != previous:
            out.append(
                f"    {quote if len(quote) <= QUOTE_WIDTH else quote[: QUOTE_WIDTH - 1] + '…'}"
            )
        previous = quote
    return out


def _cell(row: dict[Any, Any], column: str) -> str:
    """Write one cell: the value with its qualifier, texts cut to what a terminal line holds."""
    if column == "value":
        mark = {"about": "~", "over": ">", "under": "<", "nearly": "<~", "range": "±"}
        return f"{mark.get(str(row['approx']), '')}{row['value']:,g}"
    text = " ".join(str(row[column]).split()) or "-"
    return text if len(text) <= 32 else text[:31] + "…"
