"""Zip containers: what is skipped, what is refused, and that refusing is quick."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import time
import zipfile
from collections.abc import Callable

import pytest

from sources import archives, grid
from sources.errors import InputError


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as box:
        for name, data in files.items():
            box.writestr(name, data)
    return out.getvalue()


def test_members_become_sheets_and_resource_forks_are_counted() -> None:
    sheets = grid.load(
        packed({"a.csv": b"x,y\n1,2\n", "__MACOSX/._a.csv": b"\x00\x05"}), name="b.zip"
    )
    assert [sheet.file for sheet in sheets] == ["b.zip/a.csv"]
    assert sheets[0].facts["macos_entries_skipped"] == 1


def test_a_bomb_is_refused_in_seconds() -> None:
    bomb = packed({"a.csv": b"1,2,3\n" * 20_000_000})
    start = time.perf_counter()
    with pytest.raises(InputError, match="zip bomb"):
        grid.load(bomb, name="bomb.zip")
    assert time.perf_counter() - start < 5


def test_a_size_that_lies_is_refused() -> None:
    honest = packed({"a.csv": b"1,2,3\n" * 3_000_000})
    at = honest.rindex(b"PK\x01\x02") + 24
    lying = honest[:at] + struct.pack("<I", 100) + honest[at + 4 :]
    with pytest.raises(InputError):
        grid.load(lying, name="a.zip")


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "C:\\a.csv", "x/../../a.csv"])
def test_paths_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="leads out"):
        grid.load(packed({name: b"a,b\n"}), name="a.zip")


def test_a_link_is_refused() -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr(entry, "/etc/passwd")
    with pytest.raises(InputError, match="link"):
        grid.load(out.getvalue(), name="a.zip")


def test_an_archive_inside_an_archive_is_refused() -> None:
    with pytest.raises(InputError, match="inside the archive"):
        grid.load(packed({"b.zip": packed({"a.csv": b"1,2"})}), name="a.zip")


def test_too_many_entries() -> None:
    many = packed({f"{n}.csv": b"" for n in range(archives.MAX_ENTRIES + 1)}, zipfile.ZIP_STORED)
    with pytest.raises(InputError, match="entries"):
        grid.load(many, name="a.zip")


def test_an_encrypted_archive_says_so() -> None:
    data = bytearray(packed({"a.csv": b"a,b\n"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="encrypted"):
        grid.load(bytes(data), name="a.zip")


@pytest.mark.parametrize("where", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_entities_in_a_workbook_are_refused(where: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><l>&b;</l>'
    with pytest.raises(InputError, match="DTD"):
        grid.load(packed({"[Content_Types].xml": b"<Types/>", where: bomb}), name="a.xlsx")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_is_inflated_and_loses_its_suffix(pack: Callable[[bytes], bytes]) -> None:
    data = pack(b"a,b\n1,2\n")
    assert archives.is_packed(data)
    assert archives.unpacked(data, "t.csv.gz") == (b"a,b\n1,2\n", "t.csv")
    assert archives.unpacked(data, "t") == (b"a,b\n1,2\n", "t")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_that_is_cut_or_bent_is_refused(pack: Callable[[bytes], bytes]) -> None:
    data = pack(b"a,b\n1,2\n" * 1000)
    for bad in (data[: len(data) // 2], data[:20] + b"\x00\xff\x17" + data[23:]):
        with pytest.raises(InputError, match="damaged"):
            archives.unpacked(bad, "t.csv.gz")


def test_a_packed_bomb_is_refused_in_seconds() -> None:
    bomb = gzip.compress(b"0" * 200_000_000)
    start = time.perf_counter()
    with pytest.raises(InputError, match="zip bomb"):
        archives.unpacked(bomb, "bomb.gz")
    assert time.perf_counter() - start < 5


def test_archives_inside_a_packed_file_are_refused() -> None:
    for inner in (gzip.compress(b"a,b\n"), packed({"a.csv": b"x\n"})):
        with pytest.raises(InputError, match="inside"):
            archives.unpacked(gzip.compress(inner), "t.gz")
