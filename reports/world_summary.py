"""Owns the workbook of `reconcile world`: largest gaps, reporters ranked, trade with no mirror, what was set aside.

Gaps, percentages and shares are live formulas on the totals beside them. Amounts are US dollars.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from reports import labels
from reports.layout import Book, Cell, Column, Formula, Sheet, Table, Text
from reports.workbook import write

Rows = list[list[Cell]]
USD, SHARE, WHOLE, LOG = "#,##0", "0.0%", "#,##0", "0.000"
PAIRS = [
    Column("Year", 7, "0"), Column("Exporter", 9), Column("Exporter name", 22), Column("Importer", 9),
    Column("Importer name", 22), Column("Flows with both sides", 11, WHOLE),
    Column("Exporter's figure, FOB", 19, USD), Column("Importer's figure, CIF", 19, USD),
    Column("CIF margin", 9, "0.00%"), Column("Importer's figure, FOB", 19, USD),
    Column("Gap", 19, USD), Column("Gap, % of the mean", 11, SHARE),
    Column("Weight on the exporter", 10, "0.00"), Column("Exporter only", 19, USD),
    Column("Importer only, CIF", 19, USD),
]  # fmt: skip
PRODUCTS = [
    Column("Commodity", 11), Column("Flows", 11, WHOLE), Column("Flows with both sides", 11, WHOLE),
    Column("Exporters say, FOB", 19, USD), Column("Importers say, CIF", 19, USD),
    Column("Sum of absolute gaps, as reported", 19, USD), Column("Gaps, % of the importers' figures", 12, SHARE),
    Column("Reported by one side only", 19, USD),
]  # fmt: skip
REPORTERS = [
    Column("Rank", 7, "0"), Column("Reporter", 9), Column("Name", 26), Column("Role", 11),
    Column("Flows", 12, WHOLE), Column("Reliability", 11, LOG), Column("Spread of ln error", 11, LOG),
    Column("Bias, ln", 10, LOG),
]  # fmt: skip
MIRROR = [
    Column("Year", 7, "0"), Column("Two-sided trade (mean of both sides)", 24, USD),
    Column("Exporter only", 22, USD), Column("Importer only, on FOB", 22, USD),
    Column("Share with no mirror", 12, SHARE),
]  # fmt: skip
ASIDE = [
    Column("Code", 22), Column("Severity", 10), Column("Year", 7), Column("What", 44),
    Column("Rows", 13, WHOLE), Column("Value", 22, USD), Column("Message", 60), Column("Advice", 60),
]  # fmt: skip
NOTES = {
    "Worst pairs": "The gap is the importer's figure on FOB minus the exporter's, over flows that both report.",
    "Worst products": "Gaps before CIF/FOB conversion, summed over pairs of areas without regard to sign.",
    "Reporters": "Reliability is 1 / (1 + spread²) of the logarithm of a reporter's error; only differences between reporters are identified.",
    "Set aside": "Rows that were not paired, and what was assumed; year 0 or empty is every year.",
    "CIF margin": "ln (1 + margin), ln km centred at 8.5; the terms are those of Gaulier and Zignago (2010), eq. 1.",
    "Methods": "Every method on the same flows that both sides report; natural logarithms.",
}  # fmt: skip


def describe(
    tables: Mapping[str, pd.DataFrame], facts: Sequence[tuple[str, str]], when: datetime
) -> Book:
    """The workbook of one run. `tables` are those of the run, `facts` pairs of words for the first sheet."""
    makers: dict[str, tuple[str, list[Column], Callable[[pd.DataFrame, int], Rows]]] = {
        "Worst pairs": ("tPairs", PAIRS, _pairs),
        "Worst products": ("tProducts", PRODUCTS, _products),
        "Reporters": ("tReporters", REPORTERS, _reporters),
        "Set aside": ("tAside", ASIDE, _aside),
    }
    sheets = [_first(tables["No mirror"], facts, tables["Set aside"])]
    for name in (
        "Worst pairs",
        "Worst products",
        "Reporters",
        "Set aside",
        "CIF margin",
        "Methods",
    ):
        if name in tables:
            short, columns, fill = makers.get(
                name, ("t" + name.replace(" ", ""), _columns(tables[name]), _plain)
            )
            rows: Rows = []
            sheet = Sheet(
                name, NOTES[name], [Text([NOTES[name]]), Table(short, columns, rows, True)]
            )
            rows += fill(tables[name], sheet.first_row(short) + 1)
            sheets.append(sheet)
    return Book("Mirror trade of the world", sheets, when, subject="Every mirror pair, balanced")


def save(book: Book, path: Path) -> None:
    """Write the workbook beside its place, then rename."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        write(book, file)
    part.replace(path)


def _first(mirror: pd.DataFrame, facts: Sequence[tuple[str, str]], aside: pd.DataFrame) -> Sheet:
    rows: Rows = []
    gone = aside[aside["code"].isin(["SET_ASIDE", "TOTALS_MIXED", "UNKNOWN_AREA"])]
    about = [*facts, ("Rows set aside", f"{int(gone['rows'].sum()):,}")]
    about.append(("Value of the rows set aside, USD", f"{float(gone['value'].sum()):,.0f}"))
    sheet = Sheet(
        "Summary",
        "What was read, and the share of trade that only one side reports.",
        [
            Text(["Mirror trade of the world"], "title"),
            Table("tFacts", [Column("What", 34), Column("Value", 24)], [list(f) for f in about]),
            Text(["Trade with no mirror, US dollars on FOB"], "heading"),
            Table("tMirror", MIRROR, rows),
        ],
        widths=[34, 24, 22, 22, 12],
        freeze=False,
    )
    top = sheet.first_row("tMirror") + 1
    for at, row in enumerate(mirror.itertuples(index=False), top):
        rows.append(
            [int(row.year), float(row.two_sided_mean), float(row.exporter_only), float(row.importer_only_fob),
             Formula(f"=(C{at}+D{at})/(B{at}+C{at}+D{at})", float(row.share_no_mirror))]
        )  # fmt: skip
    return sheet


def _pairs(table: pd.DataFrame, first: int) -> Rows:
    rows: Rows = []
    for at, row in enumerate(table.itertuples(index=False), first):
        rows.append(
            [int(row.year), row.exporter, labels.area(row.exporter), row.importer, labels.area(row.importer),
             int(row.flows_both), float(row.exporter_fob), float(row.importer_cif), float(row.cif_margin),
             Formula(f"=H{at}/(1+I{at})", float(row.importer_fob)), Formula(f"=J{at}-G{at}", float(row.gap)),
             Formula(f"=IF(J{at}+G{at}=0,\"\",2*K{at}/(J{at}+G{at}))", _share(row.gap_pct_mean)),
             float(row.weight_exporter), float(row.exporter_only), float(row.importer_only)]
        )  # fmt: skip
    return rows


def _products(table: pd.DataFrame, first: int) -> Rows:
    rows: Rows = []
    for at, row in enumerate(table.itertuples(index=False), first):
        share = row.gap / row.importers_say if row.importers_say > 0 else ""
        rows.append(
            [row.commodity, int(row.flows), int(row.both), float(row.exporters_say), float(row.importers_say),
             float(row.gap), Formula(f'=IF(E{at}=0,"",F{at}/E{at})', share), float(row.one_sided)]
        )  # fmt: skip
    return rows


def _reporters(table: pd.DataFrame, first: int) -> Rows:
    rows: Rows = []
    ranks = table.groupby("role").cumcount() + 1
    for rank, row in zip(ranks, table.itertuples(index=False)):
        rows.append(
            [int(rank), row.reporter, labels.area(row.reporter), row.role, int(row.flows),
             float(row.reliability), float(row.spread), float(row.bias)]
        )  # fmt: skip
    return rows


def _aside(table: pd.DataFrame, first: int) -> Rows:
    return [
        [row.code, row.severity, int(row.year) or None, row.what, int(row.rows), float(row.value),
         row.message, row.advice]
        for row in table.itertuples(index=False)
    ]  # fmt: skip


def _columns(table: pd.DataFrame) -> list[Column]:
    """Headings from the names of a table's columns."""
    columns = []
    for name in table.columns:
        kind = table[name].dtype.kind
        form = USD if str(name).endswith("usd") or kind in "iu" else "0.0000"
        wide = 60.0 if name in ("about", "source") else 20.0
        columns.append(Column(str(name).replace("_", " "), wide, form if kind in "iuf" else ""))
    return columns


def _plain(table: pd.DataFrame, first: int) -> Rows:
    return [
        [labels.number(v) if isinstance(v, float) else v for v in row]
        for row in table.astype(object).itertuples(index=False)
    ]


def _share(percent: Any) -> float | str:
    return "" if pd.isna(percent) else float(percent) / 100
