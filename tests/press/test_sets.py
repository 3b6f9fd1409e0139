"""Reports retold by others stay as well read as they are: precision and recall of whole claims, set by set."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.extract import rates, score
from sources.press.vocabulary import FOLDER, languages

ROOT = Path(__file__).resolve().parents[2]
# Precision and recall of whole claims that each set may not fall below.
FLOORS = {
    "rules": (0.99, 0.99), "kept": (0.95, 0.95), "news1": (0.93, 0.92), "news2": (0.92, 0.91),
    "news3": (0.94, 0.93), "news4": (0.91, 0.90), "news5": (0.84, 0.78), "news6": (0.92, 0.89),
    "news7": (0.86, 0.84), "news8": (0.85, 0.83), "news9": (0.81, 0.77),
}  # fmt: skip


@pytest.mark.parametrize("split", FLOORS)
def test_whole_claims_are_read_as_well_as_before(split: str) -> None:
    precision, recall, _ = rates(*score(split)[("all", "claim")])
    assert precision >= FLOORS[split][0]
    assert recall >= FLOORS[split][1]


@pytest.mark.parametrize("language", [*languages(), "common"])
def test_a_row_of_a_table_has_three_columns(language: str) -> None:
    with (FOLDER / f"{language}.csv").open(encoding="utf-8", newline="") as handle:
        wrong = [number for number, row in enumerate(csv.reader(handle), 1) if len(row) != 3]
    assert not wrong, "a comma in a pattern needs the row in quotation marks"


def test_every_kind_of_row_is_explained() -> None:
    page = (ROOT / "docs" / "press.md").read_text(encoding="utf-8")
    kinds = set()
    for path in FOLDER.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        kinds |= {line.split(",", 1)[0] for line in lines}
    assert not [kind for kind in sorted(kinds) if f"`{kind}`" not in page]
