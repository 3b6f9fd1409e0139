"""Owns the table blocks of a sheet: where a table begins and ends, its header, title lines, unit and notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sources.words import clean

if TYPE_CHECKING:
    from sources.grid import Sheet

# A number as offices print it, footnote mark and all; decides only what looks like data, not its value.
_NUMERIC = re.compile(
    r"^[(\-−–+]?\s*[$€£¥]?\s*\d[\d\s.,'’\u00a0\u202f\u2009٬٫]*\s*%?\)?(?:\s?(?:\*+|[a-zA-Zр]\)?|\d\)|\([a-z]\)))?[-−]?$"
)
_YEAR = re.compile(
    r"^\(?(?:1[89]|20)\d\d(?:\s?(?:г\.?|год[а-я]*|жыл[ы]?|ж\.|йил|yil|年|[pePE*¹²]|\d?\)))*\)?$|"
    r"^(?:1[89]|20)\d\d\s?[-/–]?\s?(?:q[1-4]|[1-4]q|m?\d{1,2}|\d\d)$",
    re.I,
)
_MISSING = re.compile(r"^(?:\.{1,3}|…|:|-|–|—|x|n\.?\s?a\.?|n/a|c|#\S*|●|\*|нет данных|—)$", re.I)
_SCALE = r"(?:тыс\w*|млн\w*|млрд\w*|трлн\w*|миллион\w*|миллиард\w*|тысяч\w*|мың|миң|ming|mln|mlrd|thousand\w*|million\w*|billion\w*|trillion\w*|bn|mn|mio|mrd|ألف|مليون|مليار|[千万亿]+|bin(?=\s+(?:abd\s+)?dol)|milyon|milyar|milliers?|millions?|milliards?|tausend|mil|miles|millones|mill[oõ]es"
_SCALE += r"|тис\.?(?=[\s,])|мільйон\w*|мільярд\w*|tys\.?(?=[\s,])|tysi[ąę]\w*|milion\w*|miliard\w*|migliaia|mila|ribu|juta|miliar"
_SCALE += r"|triliun|(?:[십백천]?[만억]|[십백]?[천백조])|百?万|[億兆])"
_MONEY = r"(?:долар\w*|дол\.|євро|zł\w*|złot\w*|dollar[io]|rupiah|미?달러|미?불|원|米?ドル|円|долл\w*|доллар\w*|руб\w*|тенге|сом\w*|сум\w*|so.?ms?|драм\w*|euros?|eur|usd|us\s?\$|\$|€|£|¥|dollars?|d[oó]lares|dollar|dolar\w*|yuan|rmb|cny|rub|kzt|kgs|uzs|gbp|долара|دولار|يورو|美元|人民币|元|欧元|теңге|доллары)"
_MASS = r"(?:тонн\w*|tonnes?|tons?|kg|кг|килограмм\w*|吨|طن)"
UNIT_LINE = re.compile(
    rf"{_SCALE}\.?,?\s*(?:of\s+|de\s+|en\s+|d['’]\s*)?(?:сша\s+|ақш\s+|акш\s+|aqsh\s+|abd\s+)?(?:us\s+|u\.s\.\s+|the\s+)?{_MONEY}(?:[.\s]*(?:сша|usa?|us|америк\w*|أمريكي|أميركي))?"
    rf"|{_MONEY}\s*(?:сша\s*)?{_SCALE}|{_SCALE}\s*{_MASS}|(?:unit|units|единица измерения|单位|الوحدة|unité|einheit|unidad)\s*[:：]\s*\S.{{0,40}}",
    re.I,
)


@dataclass(frozen=True, eq=False)
class Block:
    """A table found on a sheet.

    `header`: one label a column, the rows of the header joined with " / "; `body`: the data rows with the
    sheet's own row and column numbers as labels; `titles` and `notes`: lines above and below; `unit`: the
    unit line as printed, empty where none stands; `language_columns`: label columns in several languages.
    """

    header: list[str]
    body: pd.DataFrame
    titles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unit: str = ""
    units: list[str] = field(default_factory=list)
    top: int = 0
    language_columns: list[int] = field(default_factory=list)


def is_number(text: str) -> bool:
    """Tell whether a cell looks like a printed number (years in a header do too)."""
    return bool(_NUMERIC.match(text.strip()))


def is_year(text: str) -> bool:
    """Tell whether a cell looks like a year or a part of one."""
    return bool(_YEAR.match(text.strip()))


def _kinds(cells: np.ndarray) -> np.ndarray:
    """Classify cells: 0 empty, 1 text, 2 number, 3 year, 4 missing sign; by unique text."""
    codes, unique = pd.factorize(cells.ravel(), use_na_sentinel=False)
    kinds: np.ndarray[Any, Any] = np.ones(len(unique), dtype=np.int8)
    for number, text in enumerate(unique):
        bare = str(text).strip()
        if not bare:
            kinds[number] = 0
        elif len(bare) > 40:
            kinds[number] = 1
        elif _YEAR.match(bare):
            kinds[number] = 3
        elif _NUMERIC.match(bare):
            kinds[number] = 2
        elif _MISSING.match(bare):
            kinds[number] = 4
    out: np.ndarray[Any, Any] = kinds[codes].reshape(cells.shape)
    return out


def blocks(sheet: Sheet) -> list[Block]:
    """Find the tables of a sheet, from top to bottom and left to right.

    A table is a run of rows with two or more filled cells, most of them numbers from some row on; rows
    of one filled cell above are titles, below are notes. A second header in a run begins a new table.
    """
    cells = sheet.cells.to_numpy(dtype=object)
    if not cells.size:
        return []
    kinds = _kinds(cells)
    filled = (kinds > 0).sum(axis=1)
    out: list[Block] = []
    titles: list[int] = []
    row, last = 0, len(cells)
    while row < last:
        if filled[row] < 2:
            if filled[row] == 1:
                titles.append(row)
            row += 1
            continue
        end = _end_of_run(filled, row, last)
        notes = _notes(filled, end, last)
        found = _split_run(sheet, cells, kinds, row, end, titles, notes)
        out = _continued(out, found)
        row = end
        if found:
            titles = []
            row = end
        else:
            titles.extend(range(row, end))
    return out


def _continued(before: list[Block], found: list[Block]) -> list[Block]:
    """Join rows without a header to the table above of the same columns: an empty line only parts them."""
    out = list(before)
    for block in found:
        last = out[-1] if out else None
        if (
            last is None
            or any(block.header)
            or not any(last.header)
            or block.titles
            or not set(block.body.columns) <= set(last.body.columns)
        ):
            out.append(block)
        else:
            body = pd.concat(
                [last.body, block.body.reindex(columns=last.body.columns, fill_value="")]
            )
            languages = last.language_columns or block.language_columns
            out[-1] = replace(
                last, body=body, notes=[*last.notes, *block.notes], language_columns=languages
            )
    return out


def _end_of_run(filled: np.ndarray, row: int, last: int) -> int:
    """Give the row after the run: one empty row, or two rows of one cell, end it unless data go on."""
    while row < last:
        if filled[row] == 0:
            break
        if filled[row] == 1:
            ahead = filled[row : row + 3]
            if not (ahead >= 2).any():
                break
            if (ahead == 0).any() and int(np.argmax(ahead == 0)) < int(np.argmax(ahead >= 2)):
                break
        row += 1
    return row


def _notes(filled: np.ndarray, row: int, last: int) -> list[int]:
    """Give the rows of one cell that follow a table, over at most one empty row at a time."""
    out = []
    gap = 0
    while row < last and gap < 2:
        if filled[row] == 0:
            gap += 1
        elif filled[row] == 1:
            out.append(row)
            gap = 0
        else:
            break
        row += 1
    if row < last and out and filled[row] >= 2:  # lines just above the next table are its titles
        return [number for number in out if (filled[number:row] == 0).any()]
    return out


def _split_run(
    sheet: Sheet,
    cells: np.ndarray,
    kinds: np.ndarray,
    top: int,
    end: int,
    titles: list[int],
    notes: list[int],
) -> list[Block]:
    """Cut a run of rows into tables side by side (an empty column between) and make each a block."""
    used = np.asarray((kinds[top:end] > 0).any(axis=0))
    spans: list[tuple[int, int]] = []
    start = None
    for column in range(len(used) + 1):
        if column < len(used) and used[column]:
            start = column if start is None else start
        elif start is not None:
            spans.append((start, column))
            start = None
    merged_header = any(
        m[0] < end and m[2] >= top and any(m[1] < b and m[3] >= b for _, b in spans[:-1])
        for m in sheet.merged
    )
    if len(spans) > 1 and (
        merged_header or not all(_has_data(kinds[top:end, a:b]) for a, b in spans)
    ):
        spans = [(spans[0][0], spans[-1][1])]
    out = []
    for left, right in spans:
        if block := _block(sheet, cells, kinds, top, end, left, right, titles, notes):
            out.append(block)
    return out


def _has_data(kinds: np.ndarray) -> bool:
    text = (kinds == 1).any(axis=1) & ((kinds == 2) | (kinds == 3) | (kinds == 4)).any(axis=1)
    return int(text.sum()) >= 2


def _block(
    sheet: Sheet, cells: np.ndarray, kinds: np.ndarray, top: int, end: int, left: int, right: int,
    titles: list[int], notes: list[int],
) -> Block | None:  # fmt: skip
    """Make one block: the header ends above the first row that holds a number under its labels."""
    area = kinds[top:end, left:right]
    body = _first_data_row(area)
    if body is None:
        return None
    head = _labels(sheet, cells, top, top + body, left, right)
    lines = _title_rows(kinds[top:end, left:right], body)
    above = [_line(cells, row) for row in (*titles, *range(top, top + lines))]
    head = head[lines:]
    below = [_line(cells, row) for row in notes]
    header = []
    for column in range(right - left):
        parts: list[str] = []
        for line in head:
            text = " ".join(line[column].split())
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        header.append(" / ".join(parts))
    frame = pd.DataFrame(
        cells[top + body : end, left:right],
        index=range(top + body, end),
        columns=range(left, right),
    )
    units = [found for line in (*above, *header) if (found := unit_in(line))]
    return Block(
        header, frame, above, below, units[0] if units else "", list(dict.fromkeys(units)), top,
        _language_columns(frame, area[body:], left),
    )  # fmt: skip


def _title_rows(area: np.ndarray, body: int) -> int:
    """Count the top rows of a header that are titles in several languages side by side.

    Such rows fill only columns of labels, and a row of the header below them fills the same ones.
    """
    values = ((area[body:] == 2) | (area[body:] == 4)).any(axis=0)
    count = 0
    while count + 1 < body and (area[count] > 0).any():
        filled = area[count] > 0
        below = (area[count + 1 : body] > 0).any(axis=0)
        if (filled & values).any() or (filled & ~below).any() or not (below & values).any():
            break
        count += 1
    return count


def _first_data_row(area: np.ndarray) -> int | None:
    """Give the first row of the body, or None where the run holds no data under any header.

    A row begins the body when it holds a number; rows of missing signs right above it belong to it, but a
    sign alone begins nothing: X and c are also words of headers.
    """
    number, year, text = area == 2, area == 3, area == 1
    first = None
    for row in range(len(area)):
        if number[row].any():
            # Years beside numbers above all data are a header of years and column numbers.
            if text[row].any() or row == 0 or not year[row].any() or _counts_down(area, row):
                first = row
                break
        elif year[row].any() and row and text[row].any() and _years_are_values(area, row):
            first = row
            break
    if first is None:
        return next(
            (
                row
                for row in range(1, len(area))
                if (year[row] & ~year[0]).any() and text[row].any()
            ),
            None,
        )
    while first > 1 and (area[first - 1] == 4).any() and not text[first - 1][~text[first]].any():
        first -= 1
    return first


def _counts_down(area: np.ndarray, row: int) -> bool:
    """Tell a row of a time series: a year in its first cell, under a word, and numbers beside it."""
    filled = np.flatnonzero(area[row] > 0)
    column = int(filled[0])
    return bool(
        area[row, column] == 3
        and (area[row, filled[1:]] != 3).all()
        and (area[:row, column] == 1).any()
        and (area[:row, filled[1:]] == 1).any()
    )


def _years_are_values(area: np.ndarray, row: int) -> bool:
    """Tell whether years in this row are data: a year column under a text header, not a header of years."""
    columns = np.flatnonzero(area[row] == 3)
    return bool(
        all(
            (area[:row, column] != 3).all() and (area[:row, column] == 1).any()
            for column in columns
        )
    ) and bool(len(columns) == 1 or ((area[row] == 1).sum() >= 1 and (area[row] == 2).any()))


def _labels(
    sheet: Sheet, cells: np.ndarray, top: int, end: int, left: int, right: int
) -> list[list[str]]:
    """Give the header rows with merged labels filled from their anchor; values are never filled.

    Where a format does not tell merges, a label over empty cells runs on while the row below is split.
    """
    head = [[str(cell) for cell in cells[row, left:right]] for row in range(top, end)]
    for m_top, m_left, m_bottom, m_right in sheet.merged:
        if (
            m_top >= end
            or m_bottom < top
            or not (0 <= m_top < len(cells) and m_left < cells.shape[1])
        ):
            continue
        text = str(cells[m_top, m_left])
        for row in range(max(m_top, top), min(m_bottom + 1, end)):
            for column in range(max(m_left, left), min(m_right + 1, right)):
                head[row - top][column - left] = text
    if not sheet.merged and len(head) > 1:
        for row in range(len(head) - 1):
            for column in range(1, len(head[row])):
                if (
                    not head[row][column]
                    and head[row][column - 1]
                    and head[row + 1][column]
                    and column > 1
                ):
                    head[row][column] = head[row][column - 1]
    return head


def _line(cells: np.ndarray, row: int) -> str:
    return " ".join(" ".join(str(cell).split()) for cell in cells[row] if str(cell).strip())


def unit_in(text: str) -> str:
    """Give the unit that a title, header or note prints, as printed; empty where it prints none."""
    found = UNIT_LINE.search(text)
    if not found:
        return ""
    shown = re.sub(
        r"(?i)^(?:units?|единица измерения|单位|الوحدة|unité|einheit|unidad)\s*[:：]\s*",
        "",
        found.group(0),
    )
    return shown.strip(" .,;:()")


_SCRIPTS = (
    ("latin", "A-Za-zÀ-ž"),
    ("cyrillic", "\u0400-\u052f"),
    ("arabic", "\u0620-\u06ff"),
    ("han", "\u4e00-\u9fff"),
)


def _language_columns(frame: pd.DataFrame, kinds: np.ndarray, left: int) -> list[int]:
    """Give the label columns where several stand side by side in different scripts or languages."""
    labels = []
    for offset in range(frame.shape[1]):
        column = kinds[:, offset]
        share = (column == 1).sum() / max(1, (column > 0).sum())
        if share > 0.8 and (column == 1).sum() >= 2:
            labels.append(left + offset)
    if len(labels) < 2:
        return []
    scripts = {column: _script(" ".join(frame[column].head(50).astype(str))) for column in labels}
    return labels if len(set(scripts.values())) > 1 else []


def _script(text: str) -> str:
    tidy = clean(text)
    counts = {name: len(re.findall(f"[{letters}]", tidy)) for name, letters in _SCRIPTS}
    return max(counts, key=lambda name: counts[name])
