"""Owns the layout that statistical offices print: titles, headers of several rows, labels left, numbers right.

Every cell of numbers becomes one raw row with what its title, header and label say: flow, period, unit,
label, coverage, status. What a label means (an area, a good) the readers decide.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from sources import grid, periods
from sources.blocks import is_number, is_year, unit_in
from sources.totals import is_part_label
from sources.words import clean

# One row a number; `labels` are the label cells of the row from left to right, joined by LABEL_MARK.
COLUMNS = [
    "sheet", "table", "row", "column", "labels", "flow", "period", "value", "unit", "place",
    "coverage", "status", "numeric",
]  # fmt: skip
LABEL_MARK = "\x1f"

# Flow words by stem, as titles and headers decline them; the first hit of a cell decides.
_FLOW_STEMS = (
    ("re-exports", r"ре-?экспорт|re-?export|reeksport"),
    ("re-imports", r"ре-?импорт|re-?import|reimport"),
    ("turnover", r"оборот|turnover|айналым|жүгүртүү|tovar aylanma|aylanma|进出口"),
    ("balance", r"сальдо|balance|айырма|differ?ence|qoldiq|差额|顺差"),
    ("exports", r"экспорт|\bexport|eksport|出口"),
    ("imports", r"импорт|\bimport|进口"),
)
_FLOW = [(flow, re.compile(stem)) for flow, stem in _FLOW_STEMS]
_BOTH = re.compile(
    r"(?:total )?(?:value of )?(?:imports? ?(?:and|&|/) ?exports?|exports? ?(?:and|&|/) ?imports?)"
)
_SPAN_HEAD = re.compile(r"^1\s*[-–至]\s*\d{1,2}(?:月)?$")
_SKIP = re.compile(
    r"%|удельн|\bдоля|темп|прирост|\bрост|индекс|в процент|изменени|к предыдущ|\bshare|growth|"
    r"\bchange|percent|±|比去年|比上年|同期|үлүш|үлес|өсу|өсүү|ulush|sur.ati|同比|环比|比重|增长"
)
_YEAR_MARK = re.compile(
    r"^((?:19|20)\d\d)(?:\s*(?:г\.?|год\w*|ж\.?|жыл\w*|йил|yil|-?yil)\.?)?\s*"
    r"(?P<mark>\*+|[¹²³⁴⁵]|\(?\d{1,2}\)?|[рpPe])?\)?$"
)
_MONTH = "|".join(sorted(map(re.escape, periods.MONTH_WORDS), key=len, reverse=True))
_SPAN = re.compile(
    rf"(?:(?:\b(?:{_MONTH})\b(?:\s*[-–—]\s*\b(?:{_MONTH})\b)?|\b(?:i{{1,3}}|iv|[1-4])[- ]*(?:квартал\w*|тоқсан|чейрек|quarter))"
    r"\s+(?:19|20)\d\d|\b(?:19|20)\d\d\b)"
)
_PART = (
    r"(?:i{1,2}|[12]|первое|второе|1-е|2-е)\s*(?:полугоди\w+|жартыжылды\w*|жарым жыл\w*|yarim yil\w*)|"
    r"\d{1,2}\s*(?:месяц\w*|мес\.?|ай\w*|oy\w*|months?)|"
    rf"\b(?:{_MONTH})\.?\s*[-–—]\s*(?:{_MONTH})\.?|(?:first|second) half of"
)
# Parts of a year that a title names before its year, or after it as the Turkic languages do.
_PART_BEFORE = re.compile(rf"(?:{_PART})\s+(?:19|20)\d\d\b")
_PART_AFTER = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)[-\s]*(?:жыл\w*|ж\.?|йил\w*|yil\w*)[-\s]+"
    rf"(?P<first>{_MONTH})\w{{0,5}}(?:\s*[-–—]\s*(?P<last>{_MONTH})\w{{0,5}})?"
)
_HAN_SPAN = re.compile(r"(?:19|20)\d\d年(?:\d{1,2}(?:[-–至]\d{1,2})?月)?")
_PROVISIONAL = re.compile(r"предварит|prelimin|provision|алдын ала|dastlabki|初步")
_NOTE = re.compile(r"^(\*+|[¹²³⁴⁵]|\d{1,2}\)?)\s*(.+)$", re.S)
_COVERAGE = re.compile(
    r"^\(?\s*(?:не включая|без учета|без учёта|с учетом|с учётом|включая|excluding|including)"
)
_MISSING = re.compile(r"^(?:-|–|—|\.{2,3}|…|x|х)$", re.I)
_SHEET_MONTHS = re.compile(r"^\s*(\d{1,2})[_.\- ]((?:19|20)\d\d)\s*$")


@dataclass(frozen=True)
class _Said:
    """What one piece of text says about the numbers below or beside it; empty where it says nothing."""

    flow: str = ""
    period: str = ""
    unit: str = ""
    mark: str = ""
    skip: bool = False

    def under(self, other: _Said) -> _Said:
        """Give both, what `other` (nearer to the number) says first."""
        return _Said(
            other.flow or self.flow, other.period or self.period, other.unit or self.unit,
            other.mark or self.mark, self.skip or other.skip,
        )  # fmt: skip


@dataclass
class _Table:
    """The table being read: what its columns say, and the flow that a label row opened."""

    number: int
    columns: dict[int, _Said] = field(default_factory=dict)
    head: list[list[str]] = field(default_factory=list)
    flow: str = ""
    data: bool = False


def flow_in(text: str) -> str:
    """Give the flow that a text names; empty where it names none, or two ("exports and imports")."""
    tidy = clean(text)
    if _BOTH.fullmatch(tidy):
        return "turnover"
    hits = {flow for flow, stem in _FLOW if stem.search(tidy)}
    if "进出口" in tidy:
        return "turnover"
    if len(hits) > 1:
        hits -= {"exports"} if "re-exports" in hits else set()
        hits -= {"imports"} if "re-imports" in hits else set()
    return hits.pop() if len(hits) == 1 else ""


def period_in(text: str) -> tuple[str, str]:
    """Give (canonical period, footnote mark) that a title or header prints; ("", "") where none, or two."""
    tidy = clean(text)
    han = _HAN_SPAN.search(tidy)
    if han:
        return _parsed(han[0]), ""
    year = _YEAR_MARK.match(tidy)
    if year:
        return year[1], year["mark"] or ""
    after = _PART_AFTER.search(tidy)
    if after:
        months = after["first"] + (f"-{after['last']}" if after["last"] else "")
        return _parsed(f"{months} {after['year']}"), ""
    parts = {_parsed(match[0]) for match in _PART_BEFORE.finditer(tidy)} - {""}
    if parts:
        return (parts.pop(), "") if len(parts) == 1 else ("", "")
    found = {match[0].strip() for match in _SPAN.finditer(tidy)}
    spans = {span for span in found if len(span) > 4}
    texts = spans or found
    canonical = {_parsed(candidate) for candidate in texts} - {""}
    return (canonical.pop(), "") if len(canonical) == 1 else ("", "")


def _parsed(text: str) -> str:
    try:
        return periods.parse(text).text
    except ValueError:
        return ""


def _said(text: str) -> _Said:
    tidy = clean(text)
    if not tidy:
        return _Said()
    period, mark = period_in(text)
    return _Said(flow_in(text), period, unit_in(text), mark, bool(_SKIP.search(tidy)))


def published_in(sheets: Iterable[grid.Sheet]) -> str:
    """Give the date of publication that a cover sheet prints, as an ISO date; empty where none stands."""
    pattern = re.compile(
        r"(?:дата опубликования|дата публикации|date of publication|жарияланған күні)\D{0,5}"
        r"(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)"
    )
    for sheet in sheets:
        for text in sheet.cells.head(40).to_numpy().ravel():
            found = pattern.search(clean(str(text)))
            if found:
                return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    return ""


def first_text(sheets: Sequence[grid.Sheet], rows: int = 12) -> str:
    """Give the tidied text of the first rows of each sheet, by which an office is recognised."""
    parts = []
    for sheet in sheets[:12]:
        parts.append(sheet.name)
        parts.extend(str(cell) for cell in sheet.cells.head(rows).to_numpy().ravel() if cell)
    return clean(" ".join(parts))[:20000]


def _value_columns(cells: np.ndarray) -> list[int]:
    """Give the columns that hold numbers in their body: those with more numbers than words."""
    out = []
    for column in range(cells.shape[1]):
        texts = [str(cell).strip() for cell in cells[:, column] if str(cell).strip()]
        counted = sum(is_number(text) or bool(_MISSING.match(text)) for text in texts)
        numbers = sum(is_number(text) and not is_year(text) for text in texts)
        if numbers and counted * 2 >= len(texts) - (numbers > 1):
            out.append(column)
    return out


PeriodOf = Callable[[str, str], str]


def read_sheet(sheet: grid.Sheet, period_of: PeriodOf | None = None) -> pd.DataFrame:
    """Give the raw rows (COLUMNS) of every table on a sheet; none where it holds no numbers under a header.

    `period_of(header, title)` gives the period of a column whose header names a part of the title's only.
    """
    cells = sheet.cells.to_numpy(dtype=object)
    values = _value_columns(cells) if cells.size else []
    if not values or values[0] == 0:
        return pd.DataFrame(columns=COLUMNS)
    return _Walk(sheet, cells, values, period_of).rows()


class _Walk:
    """One pass over a sheet from top to bottom; titles hold until a later title says otherwise."""

    def __init__(
        self, sheet: grid.Sheet, cells: np.ndarray, values: list[int], period_of: PeriodOf | None
    ) -> None:
        self.period_of = period_of
        self.said = ""
        self.sheet, self.cells, self.values = sheet, cells, values
        self.labels = list(range(values[0]))
        self.title = _Said()
        self.coverage = ""
        self.table = _Table(0)
        self.notes: dict[str, str] = {}
        self.provisional = False
        self.out: list[dict[str, Any]] = []

    def rows(self) -> pd.DataFrame:
        self._collect_notes()
        for row in range(len(self.cells)):
            filled = [column for column in range(self.cells.shape[1]) if self._text(row, column)]
            if not filled:
                continue
            numbers = self._number_cells(row)
            if self._is_header(row, filled, numbers):
                self._header(row)
            elif numbers:
                self._data(row, numbers)
            else:
                self._words(row, filled)
        raw = pd.DataFrame(self.out, columns=COLUMNS)
        return self._finish(raw)

    def _text(self, row: int, column: int) -> str:
        return str(self.cells[row, column]).strip()

    def _number_cells(self, row: int) -> list[int]:
        return [
            column
            for column in self.values
            if (text := self._text(row, column)) and (is_number(text) or _MISSING.match(text))
        ]

    def _is_header(self, row: int, filled: list[int], numbers: list[int]) -> bool:
        """Tell a header row: words over the number columns, or years in a row that no label names."""
        over = [column for column in filled if column >= self.values[0]]
        if not over:
            return False
        texts = [self._text(row, column) for column in over]
        label = " ".join(self._text(row, column) for column in self.labels).strip()
        years = [text for text in texts if is_year(text) or _YEAR_MARK.match(clean(text))]
        if not label and any(_SPAN_HEAD.match(text) for text in texts):
            return True
        if numbers and len(years) < len(texts):
            return not label and len(years) * 2 > len(texts)
        if len(years) == len(texts):
            ordered = [int(text[:4]) for text in years if text[:4].isdigit()]
            rising = len(ordered) == len(texts) > 1 and all(
                a < b for a, b in itertools.pairwise(ordered)
            )
            return not label or (rising and not self.table.data) or not is_number(texts[0])
        if len(over) == 1 and not self.table.head and not label:
            return False  # one line of words over the numbers: a title or a unit
        return not numbers

    def _header(self, row: int) -> None:
        if self.table.data:
            self.table = _Table(self.table.number + 1)
        line = [self._text(row, column) for column in range(self.cells.shape[1])]
        for top, left, bottom, right in self.sheet.merged:
            if top <= row <= bottom:  # labels are filled from their anchor, numbers never
                for column in range(left, min(right + 1, len(line))):
                    line[column] = self._text(top, left) or line[column]
        if not self.sheet.merged and self.table.head:
            above = self.table.head[-1]
            for column in self.values[1:]:
                if not above[column] and above[column - 1] and line[column]:
                    above[column] = above[column - 1]
        self.table.head.append(line)
        self.table.columns = {}
        for column in self.values:
            said = _Said()
            for text in (head[column] for head in self.table.head):
                said = said.under(_said(text))
            self.table.columns[column] = said
        units = [said.unit for said in self.table.columns.values() if said.unit]
        if units and not self.title.unit:
            self.title = replace(self.title, unit=units[0])

    def _words(self, row: int, filled: list[int]) -> None:
        """Read a row without numbers: a title, a unit, a note, or a heading among the data."""
        for column in filled:
            text = self._text(row, column)
            tidy = clean(text)
            if _NOTE.match(tidy) and self.table.data and len(tidy) > 25:
                continue
            if _COVERAGE.match(tidy) and not is_part_label(tidy):
                self.coverage = " ".join(text.split()).strip("()")
                continue
            said = _said(text)
            if said.period or re.search(r"(?:19|20)\d\d", tidy):
                self.said = tidy
            if self.table.data and not (said.unit or said.period or said.flow):
                continue
            if self.table.data and column in self.labels and said.flow and not said.period:
                self.table.flow = said.flow  # a heading among the data: "Exports"
                continue
            if len(tidy) < 200 and not said.skip:
                self.title = self.title.under(replace(said, mark=""))
            mark = re.search(r"(\*+|\d\))$", tidy)
            if (_PROVISIONAL.search(tidy) and not _NOTE.match(tidy)) or (
                mark is not None and not self.table.data and self._marked(mark[1].rstrip(")"))
            ):
                self.provisional = True

    def _data(self, row: int, numbers: list[int]) -> None:
        labels = [self._text(row, column) for column in self.labels]
        label = next((text for text in labels if text), "")
        if not label or self._numbering(row, numbers):
            return
        texts = [self._text(row, column) for column in numbers]
        if (
            is_part_label(label)
            and clean(label).rstrip(" :").endswith(_PART_ENDS)
            and not any(re.search("[1-9]", text) for text in texts)
        ):
            return  # "of which:" over a list; a printed 0 there is no figure
        self.table.data = True
        said = _said(label) if len(label) < 60 else _Said()
        pure = _pure_flow(label)
        if pure:
            self.table.flow = pure
        month = _part_of_year(label)
        for column in numbers:
            head = self.table.columns.get(column, _Said())
            if head.skip:
                continue
            period = _in_year(self.title.period, head.period) or self._part(column)
            period = period or self.title.period
            if month and period:
                period = _within(month, period) or period
            elif month and said.period:
                period = said.period
            self.out.append(
                {
                    "sheet": self.sheet.name,
                    "table": self.table.number,
                    "row": row,
                    "column": column,
                    "labels": LABEL_MARK.join("" if pure or month else text for text in labels),
                    "flow": head.flow or pure or self.table.flow or self.title.flow,
                    "period": period,
                    "value": self._text(row, column),
                    "unit": head.unit or self.title.unit,
                    "place": self.sheet.address(row, column),
                    "coverage": self.coverage,
                    "status": "provisional" if self.provisional or self._marked(head.mark) else "",
                    "numeric": bool(self.sheet.numeric is not None and self.sheet.numeric[row, column]),
                }
            )  # fmt: skip

    def _part(self, column: int) -> str:
        """Give the period of a column by the reader's hook, from its header and the titles above."""
        if self.period_of is None:
            return ""
        header = " ".join(head[column] for head in self.table.head if head[column])
        return self.period_of(clean(header), self.said)

    def _numbering(self, row: int, numbers: list[int]) -> bool:
        """Tell a row that only numbers the columns: A, 1, 2, 3."""
        texts = [self._text(row, column) for column in numbers]
        label = self._text(row, self.labels[-1])
        run = [int(text) for text in texts if text.isdecimal() and len(text) < 6]
        rising = len(run) == len(texts) > 1 and all(b == a + 1 for a, b in itertools.pairwise(run))
        return rising and run[0] <= 3 and len(label) <= 2

    def _collect_notes(self) -> None:
        """Keep the footnotes by their mark; in a note of several languages the columns say the same."""
        for text in self.cells[:, : max(self.labels) + 1].ravel() if len(self.cells) else []:
            found = _NOTE.match(str(text).strip())
            if found and len(found[2]) > 8:
                self.notes.setdefault(found[1].rstrip(")"), "")
                self.notes[found[1].rstrip(")")] += " " + clean(found[2])

    def _marked(self, mark: str) -> bool:
        """Tell whether the footnote of a mark says provisional; p and e say so by themselves."""
        mark = mark.strip("()")
        if mark in ("p", "e", "р"):
            return True
        return bool(mark) and bool(_PROVISIONAL.search(self.notes.get(mark, "")))

    def _finish(self, raw: pd.DataFrame) -> pd.DataFrame:
        """Fill the period of a sheet named "9_2023" (the months from January on) where no title says it."""
        named = _SHEET_MONTHS.match(self.sheet.name)
        if named and len(raw) and (raw["period"] == "").any():
            month, year = int(named[1]), int(named[2])
            if 1 <= month <= 12:
                span = periods.parse(f"{year}-01..{year}-{month:02d}").text
                raw["period"] = raw["period"].where(raw["period"] != "", span)
        stars = {mark: text for mark, text in self.notes.items() if mark.startswith("*")}
        first = raw["table"] == 0
        if stars and len(raw) and (raw.loc[first, "coverage"] == "").all():
            raw.loc[first, "coverage"] = "; ".join(text.strip() for text in stars.values())
        return raw


_PART_ENDS = (
    "в том числе", "из них", "including", "of which", "в т.ч", "ичинен", "ишинде", "ішінде", "ичинде",
    "jumladan",
)  # fmt: skip


def _pure_flow(label: str) -> str:
    """Give the flow of a label that names nothing else: "ЭКСПОРТ*", "Импорт"."""
    word = re.sub(r"[\s*¹²³:\d)]+$", "", clean(label)).strip()
    return (
        flow_in(word)
        if word and len(word.split()) <= 2 and not re.search(r"\bв\b|стран", word)
        else ""
    )


def _part_of_year(label: str) -> str:
    """Give the label where it names months or a quarter without a year: "Январь-март", "I квартал"."""
    word = clean(label).rstrip("*:. ")
    if re.search(r"\d{4}", word):
        return ""
    try:
        periods.parse(f"{word} 2000")
    except ValueError:
        return ""
    return word if not word.isdigit() else ""


def _in_year(title: str, year: str) -> str:
    """Give the period of a column of a year under a title of months: January-March of that year."""
    if not re.fullmatch(r"\d{4}", year) or not title or re.fullmatch(r"\d{4}", title):
        return year
    years = set(re.findall(r"(?:19|20)\d\d", title))
    return title.replace(years.pop(), year) if len(years) == 1 else year


def _within(part: str, period: str) -> str:
    year = re.match(r"\d{4}", period)
    if not year:
        return ""
    try:
        return periods.parse(f"{part} {year[0]}").text
    except ValueError:
        return ""
