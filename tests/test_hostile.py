"""Files made to do harm: each is refused, or read, within seconds and below 500 MB, with a message that says why.

Every file is made here, byte by byte, and read in a process of its own whose address space is limited, because
what goes wrong in an engine (an allocation that fails) cannot be caught in the process that suffers it.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from sources import areas, numbers, periods, readers, totals, units, words
from sources.errors import InputError

MOST_MB = 500
MOST_SECONDS = 30  # of a busy machine; most take less than one

HEAD = "reporter,partner,flow,period,value,unit,source\n"
BIG = "x" * 30_000
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ENTITIES = (
    '<!DOCTYPE l [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + "]>"
)


def packed(members: Iterable[tuple[str, bytes | str]], level: int = 1) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return box.getvalue()


def overlapping(count: int, size: int) -> bytes:
    """An archive whose directory names one part many times."""
    one = packed([("a.csv", b"0" * size)])
    directory, end = one.rindex(b"PK\x01\x02"), one.rindex(b"PK\x05\x06")
    entries = one[directory:end] * count
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), directory, 0)
    return one[:directory] + entries + tail


def xlsx(sheet: str | bytes, strings: str = f"<sst {NS}/>", sheets: int = 1) -> bytes:
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    override = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{kinds}.{kind}+xml"/>'
        for part, kind in (("workbook.xml", "sheet.main"), ("worksheets/sheet1.xml", "worksheet"),
                           ("sharedStrings.xml", "sharedStrings"))
    )  # fmt: skip
    listed = "".join(
        f'<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>' for i in range(1, sheets + 1)
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        for i in range(1, sheets + 1)
    )
    links += f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    return packed([
        ("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
         f'"application/vnd.openxmlformats-package.relationships+xml"/>{override}</Types>'),
        ("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
         f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", f'<workbook {NS} xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'),
        ("xl/sharedStrings.xml", strings), ("xl/worksheets/sheet1.xml", sheet),
    ])  # fmt: skip


def sheet(body: str, before: str = "") -> str:
    return f"<worksheet {NS}>{before}<sheetData>{body}</sheetData></worksheet>"


def ods(body: str, before: str = "") -> bytes:
    names = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'
    spaces = " ".join(names.format(name) for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed(
        [("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content)]
    )


def ods_cell(row: str = "", cell: str = "", text: str = "1") -> bytes:
    return ods(
        f'<table:table-row {row}><table:table-cell {cell} office:value-type="string"><text:p>{text}</text:p>'
        "</table:table-cell></table:table-row>"
    )


def sdmx(body: str, before: str = "") -> bytes:
    space = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
    root = f'<m:StructureSpecificData xmlns:m="{space}">{body}</m:StructureSpecificData>'
    return f'<?xml version="1.0"?>{before}{root}'.encode()


def circle() -> bytes:
    """A compound file whose table of sectors leads back to its first sector for ever."""
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<9I", 0, 1, 0, 0, 4096, 0, 0, 0, 0) + struct.pack("<109I", *[0] * 109)
    return head[:512] + struct.pack("<128I", *[0] * 128) * 50


def alike(rows: int) -> bytes:
    import tempfile

    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/x.parquet"
        duckdb.sql(
            "copy (select 2022 as refYear, 398 as reporterCode, 'M' as flowCode, 156 as partnerCode, 'TOTAL' as cmdCode,"
            f" 1.0 as primaryValue from range({rows})) to '{out}' (format parquet, compression zstd)"
        )
        return Path(out).read_bytes()


def record(value: str) -> bytes:
    fields = '"reporterCode":398,"partnerCode":156,"flowCode":"M","cmdCode":"TOTAL","period":"2022"'
    return f'{{"data":[{{{fields},"primaryValue":{value}}}]}}'.encode()


def row_of(**cells: str) -> bytes:
    given = {
        "reporter": "KAZ",
        "partner": "CHN",
        "flow": "M",
        "period": "2022",
        "value": "1",
        "unit": "USD",
        "source": "s",
    }
    return (HEAD + ",".join((given | cells).values()) + "\n").encode()


def many(line: Callable[[int], str], count: int = 4_000) -> bytes:
    return (HEAD + "".join(line(number) + "\n" for number in range(count))).encode()


A1 = '<row r="1"><c r="A1"><v>1</v></c></row>'
CORNER = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

# name of the case: (name of the file, its bytes, code of the problem; None where reading it is right)
CASES: dict[str, tuple[str, Callable[[], bytes], str | None]] = {
    "a zip of zeros": ("b.zip", lambda: packed([("a.csv", b"0" * 270_000_000)]), "HOSTILE_FILE"),
    "a zip whose entries overlap": ("b.zip", lambda: overlapping(3_900, 250_000), "HOSTILE_FILE"),
    "a zip of a zip": ("b.zip", lambda: packed([("x.zip", packed([("a.csv", b"0" * 9_000_000)]))]), "HOSTILE_FILE"),
    "a zip with a path": ("b.zip", lambda: packed([("../../etc/x.csv", "a,b")]), "HOSTILE_FILE"),
    "a zip of 5,000 files": ("b.zip", lambda: packed([(f"{n}.csv", "a") for n in range(5_000)], 0), "HOSTILE_FILE"),
    "xlsx of a huge area": ("b.xlsx", lambda: xlsx(sheet(A1 + CORNER)), "TOO_LARGE"),
    "xlsx whose dimension lies": ("b.xlsx", lambda: xlsx(sheet(A1 + CORNER, '<dimension ref="A1"/>')), "TOO_LARGE"),
    "xlsx without references": (
        "b.xlsx", lambda: xlsx(sheet("<row>" + "<c><v>1</v></c>" * 16_000 + "</row>" + "<row><c><v>1</v></c></row>" * 200_000)),
        "TOO_LARGE",
    ),
    "xlsx of one giant shared string": (
        "b.xlsx",
        lambda: xlsx(sheet("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))),
                     f"<sst {NS}><si><t>{BIG}</t></si></sst>"),
        "TOO_LARGE",
    ),
    "xlsx of four million shared strings": (
        "b.xlsx", lambda: xlsx(sheet(A1), f"<sst {NS}>" + "<si/>" * 4_000_000 + "</sst>"), "TOO_LARGE",
    ),
    "xlsx of one sheet many times": ("b.xlsx", lambda: xlsx(sheet(A1), sheets=200), "HOSTILE_FILE"),
    "xlsx of entities": ("b.xlsx", lambda: xlsx(ENTITIES + sheet(A1)), "HOSTILE_FILE"),
    "xlsx of entities in utf-16": ("b.xlsx", lambda: xlsx((ENTITIES + sheet(A1)).encode("utf-16")), "HOSTILE_FILE"),
    "ods that repeats rows": ("b.ods", lambda: ods_cell('table:number-rows-repeated="4000000000"'), "TOO_LARGE"),
    "ods that repeats columns": ("b.ods", lambda: ods_cell("", 'table:number-columns-repeated="2000000000"'), "TOO_LARGE"),
    "ods that repeats both": (
        "b.ods", lambda: ods_cell('table:number-rows-repeated="&#49;048576"', "table:number-columns-repeated = '1024'"),
        "TOO_LARGE",
    ),
    "ods that repeats a giant text": (
        "b.ods", lambda: ods_cell('table:number-rows-repeated="100000"', "", BIG), "TOO_LARGE",
    ),
    "ods of spaces": ("b.ods", lambda: ods_cell(text='a<text:s text:c="2000000000"/>'), "TOO_LARGE"),
    "ods of entities": ("b.ods", lambda: ods("<table:table-row/>", ENTITIES), "HOSTILE_FILE"),
    "xls in a circle": ("b.xls", circle, "CORRUPT_FILE"),
    "sdmx of entities": ("b.xml", lambda: sdmx('<Obs OBS_VALUE="&a9;"/>', ENTITIES), "HOSTILE_FILE"),
    "sdmx nested deep": ("b.xml", lambda: sdmx("<a>" * 50_000 + "</a>" * 50_000), "TOO_LARGE"),
    "json nested deep": ("b.json", lambda: b"[" * 1_000_000, "TOO_LARGE"),
    "json records nested deep": ("b.json", lambda: record("[" * 900_000), "TOO_LARGE"),
    "json of a giant number": ("b.json", lambda: record("9" * 500_000), None),
    "json of 1e999999": ("b.json", lambda: record("1e999999"), None),
    "json of many keys": ("b.json", lambda: json.dumps([{f"k{n}": 1 for n in range(30_000)}]).encode(), "TOO_LARGE"),
    "csv of one line": ("b.csv", lambda: b"a" * 50_000_000, "TOO_LARGE"),
    "csv of one long row": ("b.csv", lambda: row_of(value="1" * 60_000_000), "TOO_LARGE"),
    "csv of an open quote": ("b.csv", lambda: row_of(value='"' + "1,\n" * 3_000_000), "TOO_LARGE"),
    "csv of commas": ("b.csv", lambda: b"," * 5_000_000, "TOO_LARGE"),
    "csv of empty lines": ("b.csv", lambda: b"a,b\n" + b"\n" * 12_000_000, "TOO_LARGE"),
    "csv of wide rows": ("b.csv", lambda: (",".join(map(str, range(50_000))) + "\n").encode() * 20, "TOO_LARGE"),
    "a number without end": ("b.csv", lambda: row_of(value="9" * 30_000), "UNREADABLE_NUMBER"),
    "a number of 1e999999": ("b.csv", lambda: row_of(value="1e999999"), "UNREADABLE_NUMBER"),
    "a unit without end": ("b.csv", lambda: row_of(unit="million " * 4_000 + "USD"), "UNKNOWN_UNIT"),
    "a period without end": ("b.csv", lambda: row_of(period="2022-" * 6_000), "BAD_PERIOD"),
    "an area without end": ("b.csv", lambda: row_of(reporter="Kazakhstan " * 2_900), "UNKNOWN_AREA"),
    "4,000 unknown units": ("b.csv", lambda: many(lambda n: f"KAZ,CHN,M,2022,1,unit{n} bad words,s"), "UNKNOWN_UNIT"),
    "4,000 unknown areas": ("b.csv", lambda: many(lambda n: f"Land {n} of the sea,CHN,M,2022,1,USD,s"), "UNKNOWN_AREA"),
    "html of spans": ("b.html", lambda: b"<table><tr><td rowspan=1000000000 colspan=1000000000>1</td></tr></table>", None),
    "html of comments": ("b.html", lambda: b"<table>" + b"<!--" * 300_000, "TOO_LARGE"),
    "html of sections": ("b.html", lambda: b"<table><tr><td>1</td></tr></table>" + b"<![CDATA[" * 200_000, "TOO_LARGE"),
    "html of tables": ("b.html", lambda: b"<table><tr><td>" * 50_000, "TOO_LARGE"),
    "html of scripts": ("b.html", lambda: b"<html><table>" + b"<script " * 100_000, "TOO_LARGE"),
    "prose of twelve million letters": ("b.txt", lambda: b"exports to China reached 5 billion dollars " * 280_000, "TOO_LARGE"),
    "prose of one sentence": ("b.txt", lambda: b"exports to China reached 5 billion dollars " * 2_000, None),
    "prose of brackets": ("b.txt", lambda: b"Trade turnover with China (" * 3_000, None),
    "prose of links": ("b.md", lambda: b"exports " + b"[" * 60_000, None),
    "noise": ("b.bin", lambda: bytes(range(256)) * 20_000, "ENCODING"),
    "parquet of equal rows": ("b.parquet", lambda: alike(3_000_000), "HOSTILE_FILE"),
    "parquet that is none": ("b.parquet", lambda: b"PAR1" + b"\xff" * 999 + struct.pack("<I", 2**31 - 1) + b"PAR1", "CORRUPT_FILE"),
}  # fmt: skip

READ = """
import gc, json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
from sources import readers
from sources.errors import InputError
readers.names()

def peak():
    # VmHWM is this process's own; ru_maxrss would begin at the size of the process that started it.
    with open("/proc/self/status") as status:
        kilobytes = [line.split()[1] for line in status if line.startswith("VmHWM")]
    return int(kilobytes[0]) / 1024

for line in sys.stdin:
    path, name = json.loads(line)
    with open(path, "rb") as stream:
        data = stream.read()
    began = time.monotonic()
    try:
        found = readers.read_bytes(data, name)
        told = ["", sum(len(one.figures) for one in found)]
    except InputError as error:
        told = [error.problems[0].code, str(error.problems[0])]
    del data
    memory = peak()
    print(json.dumps([*told, time.monotonic() - began, memory]), flush=True)
"""


class Apart:
    """A process that reads one file after another; a new one takes the place of one that died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def read(self, path: Path, name: str) -> tuple[str, object, float, float]:
        """Read a file there: (code of the refusal or "", message or number of figures, seconds, MB at most so far)."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, "-c", READ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps([str(path), name]) + "\n")
        self.process.stdin.flush()
        guard = threading.Timer(4 * MOST_SECONDS, self.process.kill)
        guard.start()
        line = self.process.stdout.readline()
        guard.cancel()
        assert line, f"the process that read the file died: {self.process.wait()}"
        code, told, seconds, memory = json.loads(line)
        return code, told, seconds, memory

    def stop(self) -> None:
        """End the process."""
        if (
            self.process is not None
            and self.process.stdin is not None
            and self.process.stdout is not None
        ):
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    one = Apart()
    yield one
    one.stop()


@pytest.mark.parametrize("case", CASES)
def test_is_refused_in_time_and_within_memory(case, tmp_path, apart):
    name, made, expected = CASES[case]
    path = tmp_path / name
    path.write_bytes(made())
    code, told, seconds, memory = apart.read(path, name)
    if expected is None:
        assert code == "" and told in (0, 1), told
    else:
        assert code == expected, told
        assert len(str(told)) < 1_000
    assert memory < MOST_MB
    assert seconds < MOST_SECONDS


def test_many_refusals_name_only_the_first(tmp_path):
    data = many(lambda n: f"Land {n} of the sea,CHN,M,2022,1,USD,s", 2_000)
    with pytest.raises(InputError) as caught:
        readers.read_bytes(data, "b.csv")
    assert len(caught.value.problems) < 100
    assert "further problems" in str(caught.value.problems[-1])


LONG = {
    "digits": "9" * 30_000, "commas": "1," * 15_000, "spaces": " " * 30_000 + "x", "groups": "1 " * 15_000,
    "dashes": "-" * 30_000, "brackets": "(" * 30_000, "letters": "a" * 30_000, "years": "2022-" * 6_000,
    "millions": "million " * 4_000, "dots": "." * 30_000, "Cyrillic": "Казахстан " * 3_000, "Arabic": "مليار " * 5_000,
    "Chinese": "亿" * 30_000, "slashes": "1/" * 15_000, "accents": "e\u0301" * 15_000, "marks": "\u0300" * 30_000,
    "quarters": "Q1 " * 10_000, "ranges": "2020.." * 5_000, "exclusions": "Asia excluding " * 2_000,
}  # fmt: skip


@pytest.mark.parametrize("word", LONG)
def test_long_texts_cost_no_square(word):
    text = LONG[word]
    began = time.monotonic()
    assert numbers.parse(text).value is None or word in ("digits",)
    with pytest.raises(ValueError, match=r"."):
        periods.parse(text)
    with pytest.raises(InputError):
        units.parse(text)
    assert areas.find(text) is None
    areas.suggest(text)
    totals.is_total_label(text)
    words.clean(text)
    assert time.monotonic() - began < 4


def test_suggestions_are_counted():
    with words.hints(2):
        assert [words.hinting() for _ in range(4)] == [True, True, False, False]
        assert areas.suggest("Kazakhstn") == []
    assert "Kazakhstan (KAZ)" in areas.suggest("Kazakhstn")


def test_assumptions_are_held_to_the_same_limits(tmp_path):
    from sources.rates import read_assumptions

    path = tmp_path / "rates.xlsx"
    path.write_bytes(xlsx(sheet(A1 + CORNER)))
    with pytest.raises(InputError, match="area of 1,048,576 rows"):
        read_assumptions(path)
    path = tmp_path / "rates.csv"
    path.write_text("id,value\nfx-CNY-2024," + "9" * 200_000 + "\n")
    with pytest.raises(InputError):
        read_assumptions(path)


# Cells that look like numbers to one function and not to another; each once broke a reader.
ODD_CELLS = ("²", "9" * 5_000, "½")


@pytest.mark.parametrize("cell", ODD_CELLS)
@pytest.mark.parametrize("name", readers.names())
def test_odd_cells_end_in_figures_or_a_message(name, cell):
    example = readers.reader(name).EXAMPLE
    for number in sorted(set(re.findall(r"\d+", example)))[:4]:
        data = re.sub(rf"(?<!\d){number}(?!\d)", cell, example).encode("utf-8", "replace")
        with contextlib.suppress(InputError):
            readers.read_bytes(data, "b.csv", name)
