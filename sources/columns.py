"""Owns columns of text: few distinct texts are kept as codes, so that each is looked at once and copied never.

A column here is a pandas Series, either categorical (few distinct texts) or of objects (an address or a number
on every row). No column has missing cells: missing is the empty text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sources.words import strip_controls

WIDE_FROM = 20_000  # rows from which a column is looked at for being all different
_SAMPLE = 2_000


def constant(text: str, index: pd.Index) -> pd.Series:
    """Give a column that holds one text, at the cost of one."""
    codes = np.zeros(len(index), dtype=np.int8)
    return pd.Series(pd.Categorical.from_codes(codes, _index([text])), index=index)


def coded(column: pd.Series) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Give the codes of n cells and the distinct texts they point to; missing cells are the empty text."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        texts = [str(text) for text in column.cat.categories]
        used = np.zeros(len(texts) + 1, dtype=bool)
        used[codes] = True  # the code -1 of a missing cell marks the last place
        if used.all():
            return codes, [*texts, ""]
        place = np.cumsum(used) - 1
        kept = [text for text, needed in zip([*texts, ""], used) if needed]
        return (codes if used[:-1].all() else place[codes]), kept
    codes, unique = pd.factorize(column)
    texts = [str(text) for text in unique]
    return (codes, [*texts, ""]) if (codes < 0).any() else (codes, texts)


def from_codes(codes: np.ndarray[Any, Any], texts: list[str], index: pd.Index) -> pd.Series:
    """Give the column of n codes into texts, which may repeat; a code of -1 is the last text."""
    places, unique = pd.factorize(np.array([*texts, ""], dtype=object)[:-1])
    size = np.int16 if len(unique) < 32_000 else np.int32
    return pd.Series(
        pd.Categorical.from_codes(places.astype(size)[codes] if len(texts) else codes, _index(unique)),
        index=index,
    )  # fmt: skip


def _index(texts: Any) -> pd.Index:
    return pd.Index(np.array([*texts, ""], dtype=object)[:-1], dtype=object)


def recode(column: pd.Series, function: Callable[[str], str]) -> pd.Series:
    """Apply a function to each distinct text of a column of n cells."""
    codes, texts = coded(column)
    return from_codes(codes, [function(text) for text in texts], column.index)


def translated(
    column: pd.Series, words: Mapping[str, str], default: str | None = None
) -> pd.Series:
    """Translate each distinct text by its lower-case form; others stay (stripped), or become `default`."""

    def answer(text: str) -> str:
        text = text.strip()
        return words.get(text.lower(), text if default is None else default)

    return recode(column, answer)


def mask(column: pd.Series, test: Callable[[str], bool]) -> np.ndarray[Any, Any]:
    """Tell for each of n cells whether its text passes a test."""
    codes, texts = coded(column)
    return np.asarray(np.array([test(text) for text in texts], dtype=bool)[codes])


def tidy(column: pd.Series) -> pd.Series:
    """Give a column as text without control characters and outer spaces, in the form it costs least."""
    if not isinstance(column.dtype, pd.CategoricalDtype) and len(column) >= WIDE_FROM:
        cells = column.tolist()
        if len(set(cells[:_SAMPLE])) > 0.8 * _SAMPLE:
            texts = _stripped(cells)
            if texts is not None:
                return pd.Series(texts, index=column.index, dtype=object)
    return recode(column, lambda text: strip_controls(text).strip())


def _stripped(cells: list[Any]) -> list[str] | None:
    """Strip n texts that are all different; None where a cell is no text."""
    try:
        joined = "".join(cells)
    except TypeError:
        return None
    texts = [cell.strip() for cell in cells]
    if strip_controls(joined) != joined:
        texts = [strip_controls(text).strip() for text in texts]
    return texts


def objects(column: pd.Series) -> np.ndarray[Any, Any]:
    """Give n cells as an array of texts; the texts themselves are shared."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        table = np.array([*(str(text) for text in column.cat.categories), ""], dtype=object)
        return np.asarray(table[codes], dtype=object)
    return np.asarray(column.to_numpy(dtype=object))


def filled(column: pd.Series, other: pd.Series) -> pd.Series:
    """Give a column, with the cells of another where it is empty."""
    empty = (column == "").to_numpy()
    if not empty.any():
        return column
    return other if empty.all() else chosen(~empty, column, other)


def chosen(first: np.ndarray[Any, Any], column: pd.Series, other: pd.Series) -> pd.Series:
    """Give the cells of a column where `first` holds, else those of another."""
    a, texts_a = coded(column)
    b, texts_b = coded(other)
    wide = len(texts_a) + len(texts_b) > WIDE_FROM
    if wide:
        cells = np.where(first, objects(column), objects(other))
        return pd.Series(cells, index=column.index, dtype=object)
    a = np.where(a < 0, len(texts_a) - 1, a)
    b = np.where(b < 0, len(texts_b) - 1, b)
    return from_codes(
        np.where(first, a, b.astype(np.int64) + len(texts_a)), texts_a + texts_b, column.index
    )


def stacked(first: pd.Series, second: pd.Series) -> pd.Series:
    """Put one column below another, with a new index."""
    index = pd.RangeIndex(len(first) + len(second))
    if first.dtype.kind == "f" and second.dtype.kind == "f":
        return pd.Series(np.concatenate([first.to_numpy(), second.to_numpy()]), index=index)
    if not isinstance(first.dtype, pd.CategoricalDtype):
        cells = np.concatenate([objects(first), objects(second)])
        return pd.Series(cells, index=index, dtype=object)
    a, texts_a = coded(first)
    b, texts_b = coded(second)
    a = np.where(a < 0, len(texts_a) - 1, a)
    b = np.where(b < 0, len(texts_b) - 1, b)
    return from_codes(np.concatenate([a, b + len(texts_a)]), texts_a + texts_b, index)


def combined(*columns: pd.Series) -> tuple[np.ndarray[Any, Any], list[tuple[str, ...]]]:
    """Give codes of n rows into the distinct combinations of several columns."""
    key: np.ndarray[Any, Any] = np.zeros(len(columns[0]), dtype=np.int64)
    rows: list[tuple[str, ...]] = [()]
    for column in columns:
        codes, texts = coded(column)
        width = max(len(texts), 1)
        if width == 1:  # one text throughout tells nothing apart
            rows = [(*row, texts[0] if texts else "") for row in rows]
            continue
        places = np.where(codes < 0, len(texts) - 1, codes).astype(np.int64)
        key, unique = pd.factorize(key * width + places)
        rows = [(*rows[n // width], texts[n % width]) for n in unique.tolist()]
    return key, rows
