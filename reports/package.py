"""Owns the zip of a workbook: fixed times and rights, the rows of each sheet, descriptions of the charts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import quoteattr

_NO_ROWS = re.compile(rb"<sheetData ?/>|<sheetData></sheetData>")


class Package(zipfile.ZipFile):
    """A zip with fixed times and rights that puts the rows into the sheets on the way.

    `rows` gives the rows of a member as xml; `alts` the titles and texts of the charts of each drawing.
    """

    def __init__(
        self, file: IO[bytes], rows: dict[str, Callable[[], Iterator[bytes]]], alts: list[str]
    ) -> None:
        super().__init__(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._rows, self._alts = rows, alts

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
        """Write a member from a file; a sheet, which comes as a frame, gets its rows."""
        name = str(arcname or filename)
        data = Path(filename).read_bytes()
        with self.open(self._entry(name), "w", force_zip64=True) as target:
            rows = self._rows.get(name.lstrip("/"))
            if rows is None:
                target.write(data)
                return
            head, tail = _NO_ROWS.split(data, maxsplit=1)
            target.write(head + b"<sheetData>")
            for part in rows():
                target.write(part)
            target.write(b"</sheetData>" + tail)


def _described(data: Any, texts: Iterable[str]) -> str:
    """Give each chart of a drawing a name and a description for readers who cannot see it."""
    xml = data.decode() if isinstance(data, bytes) else str(data)
    for number, text in enumerate(texts, 1):
        title, _, description = text.partition("\x1f")
        xml = xml.replace(
            f'name="Chart {number}"', f"name={quoteattr(title)} descr={quoteattr(description)}", 1
        )
    return xml
