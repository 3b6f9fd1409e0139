"""The page on causes says what the causes are."""

from __future__ import annotations

from pathlib import Path

from reconcile import causes, indices
from reconcile.causes import timing, valuation

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_cause_stands_in_the_table_at_its_place() -> None:
    """`| 55 | re-exports |` and so on, and every assumption that causes enter."""
    text = (DOCS / "causes.md").read_text(encoding="utf-8")
    rows = [f"| {module.ORDER} | {module.NAME} |" for module in causes.modules()]
    places = [text.find(row) for row in rows]
    assert min(places) > 0, rows[places.index(min(places))]
    assert places == sorted(places)
    for name in (valuation.FACTOR, valuation.METHOD, valuation.UNIT_VALUE, timing.LAG):
        assert f"`{name}`" in text


def test_every_index_stands_in_its_page() -> None:
    """Each name of the long table and each column function."""
    text = (DOCS / "indices.md").read_text(encoding="utf-8")
    names = {name for name, *_ in (*indices.OF_CASE, *indices.SUMMED)}
    for name in names | {"concentration", "persistent bias", "explained share"}:
        assert name in text, name
    functions = [
        indices.gap_own_minus_partner, indices.gap_fob, indices.unit_value_ratio,
        indices.quantity_ratio, indices.absolute_gap_to_sum, *(row[3] for row in indices.OF_CASE),
    ]  # fmt: skip
    for function in functions:
        assert f"`{function.__name__}`" in text
