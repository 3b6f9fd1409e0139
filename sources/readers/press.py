"""Owns the way of prose (.txt, .md, .html without trade tables) to the figures quoted in it."""

from __future__ import annotations

import re

from sources.figures import Reading
from sources.markup import looks_like_html
from sources.readers import Head, Source
from sources.words import clean

NAME = "press"
ABOUT = "prose in text, Markdown or HTML: the trade figures that its sentences quote"
EXAMPLE = "Trade between Kazakhstan and China reached 43.8 billion US dollars in 2024, customs data show.\n"

_TRADE = re.compile(
    r"export|import|trade|turnover|экспорт|импорт|товарооборот|出口|进口|贸易|صادرات|واردات|تبادل",
    re.I,
)


def recognises(head: Head) -> float:
    """Score 0.3 for text whose lines are sentences, above any table and below any publisher's layout."""
    text = head.text
    if not text.strip() or text.lstrip()[:1] in ("{", "["):
        return 0.0
    if looks_like_html(text):
        return 0.0 if _trade_table(head) else 0.3
    if head.suffix in (".csv", ".tsv", ".tab") or text.lstrip().startswith("<"):
        return 0.0
    return 0.0 if _tabular(head) else 0.3


def _trade_table(head: Head) -> bool:
    """Tell whether a page holds a table whose header or title speaks of trade, with numbers below."""
    for sheet in head.sheets:
        if sheet.cells.shape[1] < 2 or len(sheet.cells) < 3:
            continue
        words = " ".join([sheet.name, *sheet.cells.iloc[:3].to_numpy().ravel().astype(str)])
        cells = sheet.cells.iloc[1:, 1:].to_numpy().ravel().astype(str)
        filled = [cell for cell in cells if cell.strip()]
        numeric = sum(bool(re.fullmatch(r"[-+−]?[\d\s.,'’]+\*?", clean(cell))) for cell in filled)
        if filled and numeric >= 0.5 * len(filled) and _TRADE.search(words):
            return True
    return False


def _tabular(head: Head) -> bool:
    """Tell whether most lines fall into the same number of cells, as those of a table do."""
    rows = [line for line in head.lines[:200] if line.strip()]
    if len(rows) < 2:
        return False
    for mark in "\t;|,":
        counts = [row.count(mark) for row in rows]
        usual = max(set(counts), key=counts.count)
        if usual and counts.count(usual) >= 0.6 * len(rows):
            return True
    return False


def read(source: Source) -> Reading:
    """Read the figures quoted in a text; see `sources.press.extract`."""
    from sources.press import extract

    published = source.published.isoformat() if source.published else None
    return extract(source.text, file=source.name, published=published, locale=source.locale)
