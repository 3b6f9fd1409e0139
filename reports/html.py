"""Owns the html report: one page that loads nothing, runs nothing, and prints well."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from reconcile.result import Result
from reports import bridge, labels, story, svg, tables
from reports.layout import ILLEGAL
from reports.tables import Cell
from reports.text import overview

MAX_ROWS = 2000
STYLE = """
body{font:15px/1.5 Arial,"Helvetica Neue",sans-serif;color:#1a1a1a;max-width:1180px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;color:#1f4e79;margin-bottom:.3rem}h2{font-size:1.2rem;color:#1f4e79;margin-top:2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:13px;margin:.6rem 0}
th{background:#1f4e79;color:#fff;text-align:left;vertical-align:bottom;padding:.35rem .5rem}
td{border-bottom:1px solid #cfcfcf;padding:.3rem .5rem;vertical-align:top}
td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
figure{margin:1rem 0}figcaption{font-weight:bold}svg{max-width:100%;height:auto;font-family:Arial,sans-serif}
a{color:#0b57a4}.warning,.error{font-weight:bold}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr,figure{break-inside:avoid}.scroll{overflow:visible}}
"""
# Nothing may be loaded or run: a text of a source that were taken for markup could do no harm either.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def text(result: Result) -> str:
    """Give the whole page."""
    body = [
        f"<h1>{_safe(result.title)}</h1>",
        f"<p>{_safe(overview(result))} {_safe(labels.SIGN_RULE)}</p>",
        *_story(result),
        *_pictures(result),
        *_cases(result),
        *_table(*tables.members(result)),
        *_table(*tables.findings(result)),
        *_table(*tables.decomposition(result)),
        *_table(*tables.balances(result)),
        *_sensitivity(result),
        *_figures(result),
        *_table(*tables.assumptions(result)),
        *_table(*tables.sources(result)),
        *_table(*tables.set_aside(result)),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(result.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + f"\n</main>\n<footer><p>Written by reconcile {_safe(result.version)}.</p></footer>\n</body>\n</html>\n"
    )


def _safe(value: object) -> str:
    """Give a text without control characters and with its markup characters escaped."""
    return html.escape(ILLEGAL.sub("", labels.text(value)))


def _story(result: Result) -> list[str]:
    causes, source = story.by_case(result), story.sources(result)
    located = {str(row["id"]) for row in bridge.located(result)}
    lines = []
    for row in story.compared(result)[:12]:
        said = story.sentence(row, causes.get(str(row["id"]), []), source, result.basis.currency)
        said += " " + bridge.sentence(result, row) if str(row["id"]) in located else ""
        lines.append(f"<li>{_safe(said)}</li>")
    notes = [f"<p>{_safe(note)}</p>" for note in result.notes]
    return ["<h2>What was found</h2>", f"<ul>{''.join(lines)}</ul>", *notes] if lines else notes


def _pictures(result: Result) -> list[str]:
    out = []
    unit = labels.unit(result)
    for row in story.compared(result)[:1]:
        title = f"Rival figures: {labels.case(row)}"
        out.append(_figure(title, svg.figures(bridge.bars(result, row), unit, title)))
    for row in bridge.located(result)[:3]:
        title = f"From the lower to the higher figure by member: {labels.case(row)}"
        out.append(_figure(title, svg.bridged(bridge.pieces(result, row), unit, title)))
    return out


def _figure(title: str, picture: str) -> str:
    return f"<figure><figcaption>{_safe(title)}</figcaption>{picture}</figure>"


def _cases(result: Result) -> list[str]:
    unit, causes, source = labels.unit(result), story.by_case(result), story.sources(result)
    head = [
        "case", "kind", "figure A", "figure B", f"lowest ({unit})", f"highest ({unit})",
        f"gap, B minus A ({unit})", "gap, % of the mean", "gap, % of the lowest", "gap, % of the highest",
        "verdict", "unit", "main cause", "explained, % of the gap",
    ]  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for row in story.ranked(result):
        rows.append(
            [
                labels.case(row), labels.text(row["kind"]),
                source.get(str(row["figure_a"]), ""), source.get(str(row["figure_b"]), ""),
                *(labels.number(row[name]) for name in ("lowest", "highest", "gap")),
                *(labels.percent(row[name]) if labels.number(row[name]) is not None else ""
                  for name in ("gap_pct_mean", "gap_pct_lowest", "gap_pct_highest")),
                labels.text(row["verdict"]), labels.text(row["unit"]), story.main_cause(causes.get(str(row["id"]), [])),
                labels.percent(story.explained_pct(row)) if labels.number(row["gap"]) else "",
            ]
        )  # fmt: skip
    return _table("Cases", head, rows)


def _sensitivity(result: Result) -> list[str]:
    unit = labels.unit(result)
    words = labels.words(result)
    head = ["case", "what is changed", f"base ({unit})", f"low ({unit})", f"high ({unit})", "note"]
    rows = [
        [words.get(str(row["case"]), str(row["case"])), labels.text(row["change"]),
         *(labels.number(row[name]) for name in ("base", "low", "high")), labels.text(row["note"])]
        for row in labels.rows(result.sensitivity)
    ]  # fmt: skip
    return _table("Sensitivity", head, rows)


def _figures(result: Result) -> list[str]:
    """Give the figures with the text that each was quoted from."""
    page = tables.figures(result)
    quotes = [labels.text(quote) for quote in result.figures["quote"]]
    return _table(
        page.title,
        [*page.head, "quoted text"],
        [[*row, quote] for row, quote in zip(page.rows, quotes)],
    )


def _table(title: str, head: Iterable[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Give a heading and a table; nothing without rows."""
    if not rows:
        return []
    top = "".join(f'<th scope="col">{_safe(name)}</th>' for name in head)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows[:MAX_ROWS])
    more = len(rows) - MAX_ROWS
    rest = f"<p>{more:,} more rows are in the workbook, the json and the csv.</p>" if more > 0 else ""  # fmt: skip
    return [
        f"<h2>{_safe(title)}</h2>",
        f'<div class="scroll"><table>\n<thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody></table></div>{rest}',
    ]


def _cell(value: Cell) -> str:
    """Write a cell; texts and numbers stand in <bdi>, so that no script or minus sign turns its neighbour."""
    if isinstance(value, tuple):
        shown, target = value
        if target.startswith(("https://", "http://")):
            return (
                f'<td><a href="{_safe(target)}" rel="noreferrer"><bdi>{_safe(shown)}</bdi></a></td>'
            )
        value = shown
    if isinstance(value, str):
        return f"<td><bdi>{_safe(value)}</bdi></td>" if value else "<td></td>"
    if value is None:
        return "<td></td>"
    return f'<td class="n"><bdi dir="ltr">{value:,.0f}</bdi></td>'
