"""Owns tables inside marked-up text: html tables (each a sheet) and json tables (records of cells)."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from sources.delimited import MAX_CELL, MAX_CELLS, MAX_COLUMNS, too_large
from sources.errors import InputError, Problem

MAX_DEPTH = 60
_TAGS = re.compile(r"<\s*(?:!doctype html|html|table|body|head|meta)\b", re.I)


def looks_like_html(text: str) -> bool:
    """Tell whether a text is html with a table, whatever its suffix says."""
    return bool(_TAGS.search(text[:4096])) and "<table" in text[:2_000_000].casefold()


class _Tables(HTMLParser):
    """Collect tables; a cell over several rows or columns stands at its anchor and is noted as merged."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.tables: list[tuple[str, list[list[str]], list[tuple[int, int, int, int]]]] = []
        self.stack: list[_Open] = []
        self.skipped = 0
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.skipped += 1
        elif tag == "table":
            if len(self.stack) >= 20:
                raise too_large(self.name, "", "tables nested more than 20 deep", "20 tables")
            self.stack.append(_Open())
        elif self.stack:
            self.stack[-1].start(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.skipped = max(0, self.skipped - 1)
        elif self.stack and tag == "table":
            self._close()
        elif self.stack:
            self.stack[-1].end(tag)

    def handle_data(self, data: str) -> None:
        if self.stack and not self.skipped:
            self.stack[-1].data(data)

    def _close(self) -> None:
        table = self.stack.pop()
        table.end("td")
        rows, merged = table.laid_out(self.name)
        self.cells += sum(map(len, rows))
        if self.cells > MAX_CELLS:
            raise too_large(self.name, "", f"{self.cells:,} cells", f"{MAX_CELLS:,} cells")
        if rows:
            self.tables.append((table.caption.strip(), rows, merged))

    def finish(self) -> None:
        """Close what the page left open."""
        self.close()
        while self.stack:
            self._close()


class _Open:
    """One table while it is read."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[str, int, int]]] = []
        self.text: list[str] | None = None
        self.span = (1, 1)
        self.caption = ""
        self.in_caption = False

    def start(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "tr":
            self.end("td")
            self.rows.append([])
        elif tag in ("td", "th"):
            self.end("td")
            if not self.rows:
                self.rows.append([])
            self.text = []
            self.span = (_span(attrs.get("rowspan")), _span(attrs.get("colspan")))
        elif tag == "caption":
            self.in_caption = True
        elif tag in ("br", "p", "div", "li") and self.text:
            self.text.append(" ")

    def end(self, tag: str) -> None:
        if tag in ("td", "th", "tr") and self.text is not None:
            self.rows[-1].append((" ".join("".join(self.text).split()), *self.span))
            self.text = None
        elif tag == "caption":
            self.in_caption = False

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)
        elif self.in_caption:
            self.caption += text

    def laid_out(self, name: str) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
        """Lay cells on a grid: spans keep their place free, the text stands at the anchor only."""
        taken: dict[int, set[int]] = {}
        rows: list[list[str]] = []
        merged: list[tuple[int, int, int, int]] = []
        area = 0
        for number, cells in enumerate(self.rows):
            row: list[str] = []
            column = 0
            busy = taken.pop(number, set())
            for text, down, across in cells:
                while column in busy:
                    column += 1
                if len(text) > MAX_CELL:
                    raise too_large(name, f"table row {number + 1}", "a giant cell", f"{MAX_CELL:,} characters a cell")  # fmt: skip
                if column + across > MAX_COLUMNS:
                    raise too_large(name, f"table row {number + 1}", f"more than {MAX_COLUMNS:,} columns", f"{MAX_COLUMNS:,} columns")  # fmt: skip
                row.extend([""] * (column + 1 - len(row)))
                row[column] = text
                down = min(down, len(self.rows) - number)
                area += down * across
                if area > MAX_CELLS // 10:
                    raise too_large(name, f"table row {number + 1}", "spans that cover the page", f"{MAX_CELLS // 10:,} cells")  # fmt: skip
                if down > 1 or across > 1:
                    merged.append((number, column, number + down - 1, column + across - 1))
                    for below in range(number + 1, number + down):
                        taken.setdefault(below, set()).update(range(column, column + across))
                column += across
            rows.append(row)
        return rows, merged


def _span(text: str | None) -> int:
    return (
        max(1, min(int(text), 20_000))
        if text and text.isascii() and text.isdigit() and len(text) < 8
        else 1
    )


def _closed(text: str) -> str:
    """Cut a page before a comment that never closes, and after its last tag: the standard parser would look for
    the end again from every opening."""
    for opening, closing in (("<!--", "-->"), ("<![", "]>")):
        left = text.find(opening, text.rfind(closing) + 1)
        text = text[:left] if left >= 0 else text
    return text[: text.rfind(">") + 1]


def html_tables(
    text: str, name: str
) -> list[tuple[str, list[list[str]], list[tuple[int, int, int, int]]]]:
    """Give (caption, rows, merged) of every table of a page. Raises InputError beyond the limits."""
    parser = _Tables(name)
    text = _closed(text)
    try:
        parser.feed(text)
        parser.finish()
    except InputError:
        raise
    except (
        AssertionError,
        ValueError,
        RecursionError,
    ) as error:  # the standard parser on broken declarations
        raise InputError(
            Problem(name, "", "the html is broken", "Save the page again.", "CORRUPT_FILE")
        ) from error
    return parser.tables


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    out = dict(pairs)
    if len(out) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Twice(twice)
    return out


class _Twice(ValueError):
    """A key stands twice in one json object."""


def load_json(text: str, name: str) -> object:
    """Read json with numbers kept as printed text; depth is limited and double keys are refused.

    Raises InputError.
    """
    depth = deepest = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        letter = mark.group(0)
        if letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise too_large(
                    name, f"character {mark.start()}", "json nested too deep", f"{MAX_DEPTH} levels"
                )
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    try:
        return json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_pairs
        )
    except _Twice as error:
        raise InputError(
            Problem(
                name,
                "",
                f"the key {str(error)!r} stands twice in one object",
                "Keep one.",
                "CORRUPT_FILE",
            )
        ) from error
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise InputError(
            Problem(name, f"line {line}" if line else "", "the json is broken or cut off", "Download it again.", "CORRUPT_FILE")
        ) from error  # fmt: skip


def json_tables(document: object, name: str) -> list[tuple[str, list[list[str]]]]:
    """Find the tables of a json document: a list of records, or such lists under keys. Header row first.

    A list of lists is a table as it stands. Raises InputError where there is none.
    """
    found: list[tuple[str, list[list[str]]]] = []

    def visit(node: object, path: str, depth: int) -> None:
        if isinstance(node, list):
            if node and all(isinstance(item, dict) for item in node):
                found.append((path, _records(node, name)))
            elif node and all(isinstance(item, list) for item in node):
                found.append((path, [[_cell(cell, name) for cell in row] for row in node]))
        elif isinstance(node, dict) and depth < 6:
            for key, value in node.items():
                visit(value, f"{path}.{key}" if path else str(key), depth + 1)

    visit(document, "", 0)
    if not found:
        raise InputError(
            Problem(name, "", "the json holds no table", "A table is a list of records with the same keys.", "NO_TABLE")
        )  # fmt: skip
    return found


def _records(node: list[dict[str, object]], name: str) -> list[list[str]]:
    keys: dict[str, None] = {}
    for item in node:
        keys.update(dict.fromkeys(item))
    if len(keys) > MAX_COLUMNS:
        raise too_large(name, "", f"{len(keys):,} different keys", f"{MAX_COLUMNS:,} columns")
    if len(keys) * len(node) > MAX_CELLS:
        raise too_large(name, "", f"{len(node):,} records", f"{MAX_CELLS:,} cells")
    header = list(keys)
    return [header] + [[_cell(item.get(key), name) for key in header] for item in node]


def _cell(value: object, name: str) -> str:
    """Write a json value as a cell: null is empty, lists and objects are their json text."""
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) > MAX_CELL:
            raise too_large(name, "", "a giant cell", f"{MAX_CELL:,} characters a cell")
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return json.dumps(value, ensure_ascii=False)
