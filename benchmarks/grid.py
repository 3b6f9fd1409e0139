"""Measures the grid: a workbook of 50,000 rows and 12 columns, and a figures file of 100,000 rows.

Run: python -m benchmarks.grid
"""

from __future__ import annotations

import io
import resource
import time

import openpyxl

from sources import grid
from sources.readers import figures_file


def workbook(rows: int = 50_000) -> bytes:
    """Write a workbook of six text and six number columns."""
    work = openpyxl.Workbook(write_only=True)
    sheet = work.create_sheet("data")
    for row in range(rows):
        words = ["KAZ", "CHN", "exports", "2024-01", f"{row % 9999:06d}", f"label {row}"]
        sheet.append([*words, *(row * 1.37 + column for column in range(6))])
    out = io.BytesIO()
    work.save(out)
    return out.getvalue()


def main() -> None:
    """Print seconds and peak memory of each measurement."""
    data = workbook()
    start = time.perf_counter()
    sheet = grid.load(data, name="b.xlsx")[0]
    print(f"xlsx {sheet.cells.shape}: {time.perf_counter() - start:.2f} s (limit 5 s)")
    line = "KAZ,CHN,exports,2024,{}.5,million USD,BNS\n"
    text = "reporter,partner,flow,period,value,unit,source\n" + "".join(
        map(line.format, range(100_000))
    )
    start = time.perf_counter()
    raw, _, _ = figures_file.raw_from_bytes(text.encode(), "b.csv")
    print(
        f"figures file, {len(raw):,} rows to raw: {time.perf_counter() - start:.2f} s (limit 3 s)"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
