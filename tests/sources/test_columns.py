"""Columns of codes: every helper gives what the plain loop over cells gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import columns

TEXTS = st.lists(st.sampled_from(["", "a", "B ", " c", "dd\x07", "é"]), min_size=1, max_size=30)


def both(cells: list[str]) -> list[pd.Series]:
    plain = pd.Series(cells, dtype=object)
    unused = pd.Categorical(cells, categories=["zz", *dict.fromkeys(cells)])
    return [plain, plain.astype("category"), pd.Series(unused)]


@settings(deadline=None)
@given(TEXTS)
def test_each_text_is_answered_for_all_its_cells(cells: list[str]) -> None:
    for column in both(cells):
        assert list(columns.objects(columns.recode(column, str.upper))) == [
            c.upper() for c in cells
        ]
        assert columns.mask(column, lambda text: text == "a").tolist() == [c == "a" for c in cells]
        codes, texts = columns.coded(column)
        assert [texts[code] for code in codes] == cells and "zz" not in texts
        tidied = [c.replace("\x07", "").strip() for c in cells]
        assert list(columns.objects(columns.tidy(column))) == tidied
        words = columns.translated(column, {"a": "A!", "b": "B!"})
        assert list(columns.objects(words)) == [
            {"a": "A!", "B ": "B!"}.get(c, c.strip()) for c in cells
        ]


@settings(deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_two_columns_become_one(cells: list[str], random: object) -> None:
    others = [cell.upper() + "!" for cell in cells]
    first = np.array([n % 2 == 0 for n in range(len(cells))])
    for column in both(cells):
        other = pd.Series(others, dtype=object)
        found = columns.chosen(first, column, other)
        assert list(columns.objects(found)) == [
            a if f else b for a, b, f in zip(cells, others, first)
        ]
        assert list(columns.objects(columns.filled(column, other))) == [
            a or b for a, b in zip(cells, others)
        ]
        assert list(columns.objects(columns.stacked(column, other))) == cells + others
        codes, rows = columns.combined(column, other)
        assert [rows[code] for code in codes] == list(zip(cells, others))


def test_missing_cells_are_the_empty_text() -> None:
    for column in (
        pd.Series(["a", None, "b"], dtype=object),
        pd.Series(["a", None, "b"]).astype("category"),
    ):
        assert list(columns.objects(columns.recode(column, lambda text: text + "."))) == [
            "a.",
            ".",
            "b.",
        ]


def test_a_long_column_of_different_texts_is_tidied_as_it_is() -> None:
    cells = [f" line {n}\x1b[31m " for n in range(columns.WIDE_FROM)]
    found = columns.tidy(pd.Series(cells, dtype=object))
    assert found.dtype == object and found.iloc[7] == "line 7"


def test_a_constant_costs_one_text() -> None:
    column = columns.constant("x", pd.RangeIndex(5))
    assert list(column) == ["x"] * 5 and len(column.cat.categories) == 1


def test_numbers_are_stacked_as_numbers() -> None:
    found = columns.stacked(pd.Series([1.5, 2.0]), pd.Series([3.0]))
    assert found.tolist() == [1.5, 2.0, 3.0] and found.dtype == float


@pytest.mark.parametrize("count", [3, 40_000])
def test_codes_of_few_and_of_many_texts(count: int) -> None:
    texts = [f"t{n}" for n in range(count)]
    column = columns.from_codes(np.arange(count)[::-1], texts, pd.RangeIndex(count))
    assert list(columns.objects(column)) == texts[::-1]
