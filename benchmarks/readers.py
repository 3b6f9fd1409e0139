"""Measures the reading of bulk files: seconds and peak memory of 1,000,000 Comtrade rows and of a 50,000-row sheet.

Run: python -m benchmarks.readers [csv|parquet|xlsx]... [--rows N] [--profile]
Each layout is written to a temporary folder with invented numbers and read in a process of its own, so that the
peak is that layout's alone. The targets stand beside the results; exit code 1 where one is missed.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# layout: (rows, seconds at most, megabytes at most)
TARGETS = {
    "csv": (1_000_000, 10.0, 2048.0),
    "parquet": (1_000_000, 4.0, 2048.0),
    "xlsx": (50_000, 5.0, 2048.0),
}
# The 47 columns of the site's download, in their order, with rows of the world and of all goods among the others.
QUERY = """
SELECT 'C' AS typeCode, 'A' AS freqCode, 20240101 AS refPeriodId, 2024 AS refYear, 52 AS refMonth,
  '2024' AS period, rm AS reporterCode, ri AS reporterISO, ri AS reporterDesc,
  flow AS flowCode, word AS flowDesc, pm AS partnerCode, pi AS partnerISO, pi AS partnerDesc,
  0 AS partner2Code, 'W00' AS partner2ISO, 'World' AS partner2Desc, 'H6' AS classificationCode,
  'HS' AS classificationSearchCode, true AS isOriginalClassification,
  CASE good WHEN 0 THEN 'TOTAL' ELSE lpad(CAST(good + 10121 AS VARCHAR), 6, '0') END AS cmdCode, 'goods, of line ' || good AS cmdDesc,
  6 AS aggrLevel, true AS isLeaf, 'C00' AS customsCode, 'TOTAL CPC' AS customsDesc, '0' AS mosCode,
  0 AS motCode, 'TOTAL MOT' AS motDesc, 8 AS qtyUnitCode, 'kg' AS qtyUnitAbbr,
  round(v / 7, 3) AS qty, false AS isQtyEstimated, -1 AS altQtyUnitCode, 'N/A' AS altQtyUnitAbbr,
  NULL AS altQty, false AS isAltQtyEstimated, round(v / 7, 3) AS netWgt,
  good % 3 = 0 AS isNetWgtEstimated, NULL AS grossWgt, false AS isGrossWgtEstimated,
  CASE WHEN flow = 'M' THEN v END AS cifvalue, CASE WHEN flow = 'X' THEN v END AS fobvalue,
  v AS primaryValue, 0 AS legacyEstimationFlag, true AS isReported, false AS isAggregate
FROM (SELECT r.m49 rm, r.iso ri, p.m49 pm, p.iso pi, flow, word, good,
             round(exp(hash(r.m49, p.m49, good, flow) % 15000 / 1000.0) * 100, 2) AS v
      FROM areas r, (FROM areas UNION ALL SELECT 0, 'W00') p, range({goods}) g(good),
           (VALUES ('M', 'Import'), ('X', 'Export')) f(flow, word)
      WHERE r.m49 <> p.m49 LIMIT {rows})
"""


def make(layout: str, rows: int, folder: Path) -> Path:
    """Write one file of a layout (a key of TARGETS) with n rows of invented numbers; gives its path."""
    import duckdb

    from sources import areas

    known = areas.resolve([str(number) for number in range(1, 900)], scheme="m49")
    table = [(int(m49), iso) for m49, iso in known.items() if iso and areas.kind(iso) == "country"]
    table = table[:51]
    goods = -(-rows // (len(table) ** 2 * 2))
    path = folder / f"comtrade.{layout}"
    with duckdb.connect(":memory:") as door:
        door.execute("CREATE TABLE areas (m49 INTEGER, iso VARCHAR)")
        door.executemany("INSERT INTO areas VALUES (?, ?)", table)
        query = QUERY.format(goods=goods, rows=rows)
        if layout == "xlsx":
            _workbook(door.execute(query).df(), path)
        else:
            form = "FORMAT csv, HEADER" if layout == "csv" else "FORMAT parquet"
            door.execute(f"COPY ({query}) TO '{path}' ({form})")
    return path


def _workbook(table: object, path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("comtrade")
    sheet.append(list(table.columns))  # type: ignore[attr-defined]
    for row in table.itertuples(index=False):  # type: ignore[attr-defined]
        sheet.append([None if cell != cell else cell for cell in row])
    book.save(path)


def measure(path: Path, profile: bool = False) -> tuple[int, float, float, float]:
    """Read one file in this process: (figures, seconds, seconds of processors, megabytes of peak memory)."""
    from sources import readers

    readers.names()
    start, used = time.perf_counter(), time.process_time()
    if profile:
        import cProfile

        cProfile.runctx(
            "readers.read_path(path)", {"readers": readers, "path": path}, {}, sort="tottime"
        )
        return 0, time.perf_counter() - start, time.process_time() - used, 0.0
    figures = sum(len(reading.figures) for reading in readers.read_path(path))
    seconds = time.perf_counter() - start
    work = time.process_time() - used
    return figures, seconds, work, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Measure the layouts asked for; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layouts", nargs="*", choices=[*TARGETS, []])
    parser.add_argument("--rows", type=int)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        print(*measure(given.read, given.profile))
        return 0
    missed = 0
    for layout in given.layouts or TARGETS:
        rows, seconds_at_most, megabytes_at_most = TARGETS[layout]
        with tempfile.TemporaryDirectory() as folder:
            path = make(layout, given.rows or rows, Path(folder))
            command = [sys.executable, "-m", "benchmarks.readers", "--read", str(path)]
            if given.profile:
                subprocess.run([*command, "--profile"], check=True)
                continue
            size = path.stat().st_size / 2**20
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        figures, seconds, work, megabytes = (float(part) for part in done.stdout.split())
        late = seconds > seconds_at_most or megabytes > megabytes_at_most
        missed += late
        print(
            f"{layout}: {size:,.0f} MB, {figures:,.0f} figures in {seconds:.1f} s (target {seconds_at_most:g}; "
            f"processors {work:.1f} s), "
            f"peak {megabytes:,.0f} MB (target {megabytes_at_most:,.0f}){' MISSED' if late else ''}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
