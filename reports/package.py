"""Owns the zip of a workbook: fixed times and rights, and the values of formulas filled in on the way.

openpyxl writes a formula without its value; previews, pandas and phones show the value.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

_EMPTY_VALUE = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>[^<]*</f>)<v ?/>|<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>[^<]*</f>)<v></v>'
)


class Package(zipfile.ZipFile):
    """A zip with fixed times and rights that fills the values of formulas in on the way."""

    def __init__(
        self, file: IO[bytes], values: dict[str, list[float | str | None]], alts: list[str]
    ) -> None:
        super().__init__(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._values, self._alts = values, alts

    @staticmethod
    def _entry(name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system, entry.external_attr = 3, 0o600 << 16
        return entry

    def writestr(  # type: ignore[override]  # openpyxl gives a name and the data
        self, name: Any, data: Any, *args: Any, **more: Any
    ) -> None:
        """Write a member from memory; drawings get their descriptions."""
        if isinstance(name, str) and re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            data = _described(data, self._alts.pop(0).split("\n"))
        super().writestr(self._entry(name) if isinstance(name, str) else name, data)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **more: Any) -> None:
        """Write a member from a file; sheets get the values of their formulas."""
        name = str(arcname or filename)
        waiting = iter(self._values.get(name.lstrip("/"), []))
        with Path(filename).open("rb") as source, self.open(self._entry(name), "w") as target:
            for part in _rows_of(source):
                target.write(_filled(part, waiting))
        if next(waiting, waiting) is not waiting:
            raise ValueError(f"{name}: more values than formulas")


def _rows_of(source: IO[bytes]) -> Iterator[bytes]:
    """Give a sheet's xml in parts that end between rows, so that no cell is cut in two."""
    rest = b""
    while part := source.read(1 << 20):
        head, mark, tail = (rest + part).rpartition(b"</row>")
        if mark:
            yield head + mark
        rest = tail
    yield rest


def _filled(part: bytes, values: Iterator[float | str | None]) -> bytes:
    def fill(match: re.Match[bytes]) -> bytes:
        address, attributes, formula = (
            (match[1], match[2], match[3]) if match[1] else match.group(4, 5, 6)
        )
        value = next(values)
        start = b'<c r="' + address + b'"' + attributes
        if isinstance(value, str):
            return start + b' t="str">' + formula + b"<v>" + escape(value).encode() + b"</v>"
        if value is None or not math.isfinite(value):
            return start + b">" + formula
        return start + b">" + formula + b"<v>" + repr(float(value)).encode() + b"</v>"

    return _EMPTY_VALUE.sub(fill, part)


def _described(data: Any, texts: Iterable[str]) -> str:
    """Give each chart of a drawing a name and a description for readers who cannot see it."""
    xml = data.decode() if isinstance(data, bytes) else str(data)
    for number, text in enumerate(texts, 1):
        title, _, description = text.partition("\x1f")
        xml = xml.replace(
            f'name="Chart {number}"', f"name={quoteattr(title)} descr={quoteattr(description)}", 1
        )
    return xml
