"""Owns the sheet Balanced accounts: one number with a range for each measure, adding up under the constraints."""

from __future__ import annotations

from reconcile.result import Result
from reports import labels
from reports.layout import Cell, Column, Number, Sheet, Table, Text
from reports.places import Places

NAME = "Balanced accounts"
STAGE, POSITION = 72, 51
AMOUNTS = ("lowest", "highest", "balanced", "low", "high")


def describe(result: Result, places: Places) -> Sheet | None:
    """Describe the sheet; None where no accounting constraint binds the figures."""
    if result.accounts.empty:
        return None
    unit = labels.unit(result)
    columns = [
        Column("exporter, or first area", 30),
        Column("second area", 30),
        Column("flow", 11),
        Column("commodity", 12),
        Column("period", 18),
        Column("independent figures", 12),
        Column("sources", 44),
        *[Column(f"{name} ({unit})", 19, "#,##0") for name in AMOUNTS],
    ]
    rows: list[list[Cell]] = [
        [
            labels.area(row["area_a"]),
            labels.area(row["area_b"]),
            labels.text(row["flow"]),
            labels.text(row["commodity"]),
            labels.text(row["period"]),
            Number(float(row["figures"]), "0"),
            labels.text(row["sources"]) or None,
            *[labels.number(row[name]) for name in AMOUNTS],
        ]
        for row in labels.rows(result.accounts)
    ]
    return Sheet(
        NAME,
        "All figures balanced at once under turnover = exports + imports, group = members, year = months.",
        [
            Text(["Balanced accounts"], "title"),
            Text(
                [
                    "One row a measure; exports and imports are on FOB. The balanced values meet every constraint "
                    "of the sheet Constraints; low and high are 95 % ranges from rounding, the CIF factor and the "
                    "disagreement of the sources (Stone, Champernowne and Meade 1942). Not live: solved by the "
                    "program, not by formulas.",
                ]
            ),
            Table("tAccounts", columns, rows),
        ],
        pages_wide=2,
    )
