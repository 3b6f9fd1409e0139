"""Owns the opening of zip containers and of packed single files (gz, bz2, xz): limits, and what may not be inside.

Workbooks (xlsx, xlsb, ods) are zip containers too and pass the same door. Nothing is ever written to
disk under a member's name: members are inflated in memory, and counted while they inflate, because the
sizes that a zip declares are only claims.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass

from sources.errors import InputError, Problem

MAX_ENTRIES = 4_000
MAX_MEMBER = 700 * 2**20  # inflated bytes of one member
MAX_TOTAL = 1_000 * 2**20  # inflated bytes of all members
MAX_KEPT = 250 * 2**20  # inflated bytes that may be held at once when members are handed out
MAX_RATIO = 300  # inflated : packed, looked at above RATIO_FROM
RATIO_FROM = 8 * 2**20
_CHUNK = 2**18
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class Member:
    """One file of an archive: its name inside, and its bytes."""

    name: str
    data: bytes


def is_zip(data: bytes) -> bool:
    """Tell whether the bytes begin as a zip container."""
    return data[:4] in _ZIP_MAGIC


def is_packed(data: bytes) -> bool:
    """Tell whether the bytes are one file packed by gzip, bzip2 or xz."""
    return data.startswith(_PACKED)


def _stream(data: bytes) -> gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile:
    if data.startswith(_PACKED[0]):
        return gzip.GzipFile(fileobj=io.BytesIO(data))
    return (
        bz2.BZ2File(io.BytesIO(data))
        if data.startswith(_PACKED[1])
        else lzma.LZMAFile(io.BytesIO(data))
    )


def unpacked(data: bytes, name: str) -> tuple[bytes, str]:
    """Inflate a packed single file in memory: (bytes, name without the suffix of the packer).

    Raises InputError where it is damaged, beyond the limits, or packed again inside.
    """
    parts: list[bytes] = []
    size = 0
    try:
        with _stream(data) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                _hold(name, "", size, len(data), size)
                parts.append(chunk)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        raise _refuse(
            name, "", "the packed file is damaged", "Download or save it again.", "CORRUPT_FILE"
        ) from error
    inner = b"".join(parts)
    if is_packed(inner) or (is_zip(inner) and not is_office(inner)):
        raise _refuse(name, "", "an archive inside the archive", "Unpack the inner one first.")
    stem, dot, suffix = name.rpartition(".")
    return inner, stem if dot and stem and suffix.lower() in ("gz", "bz2", "xz") else name


def _refuse(
    name: str, place: str, found: str, advice: str, code: str = "HOSTILE_FILE"
) -> InputError:
    return InputError(Problem(name, place, found, advice, code))


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a zip container and hold its directory against the limits. Raises InputError."""
    try:
        box = zipfile.ZipFile(io.BytesIO(data))
        entries = box.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        IndexError,
    ) as error:
        raise _refuse(
            name,
            "",
            "the zip container is damaged",
            "Download or save the file again.",
            "CORRUPT_FILE",
        ) from error
    if len(entries) > MAX_ENTRIES:
        raise _refuse(
            name, "", f"{len(entries):,} entries in the archive",
            f"At most {MAX_ENTRIES:,} are read; pack the tables you need alone.",
        )  # fmt: skip
    if len({entry.header_offset for entry in entries}) < len(entries):
        raise _refuse(
            name, "", "several entries are one and the same part of the archive",
            "No packing program writes that; it is a zip bomb.",
        )  # fmt: skip
    total = 0
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise _refuse(
                name, entry.filename, "the archive is encrypted",
                "Remove the password and try again.", "ENCRYPTED_FILE",
            )  # fmt: skip
        total += entry.file_size
        _hold(name, entry.filename, entry.file_size, entry.compress_size, total)
    return box


def _hold(name: str, member: str, size: int, packed: int, total: int) -> None:
    """Refuse a member whose size, share or ratio is beyond the limits."""
    if size > MAX_MEMBER or total > MAX_TOTAL:
        raise _refuse(
            name, member, f"inflates to more than {min(size, total) / 2**20:,.0f} MB",
            f"The limits are {MAX_MEMBER // 2**20:,} MB a member and {MAX_TOTAL // 2**20:,} MB in all.",
        )  # fmt: skip
    if size > RATIO_FROM and size > MAX_RATIO * max(packed, 1):
        raise _refuse(
            name, member, f"packed {size // max(packed, 1):,} to 1, as a zip bomb is",
            f"At most {MAX_RATIO} to 1 is read; unpack the file yourself if you trust it.",
        )  # fmt: skip


def check(data: bytes, name: str, *, forbid_dtd: bool = True) -> zipfile.ZipFile:
    """Inflate every member once, counting and keeping nothing; refuse bombs and XML that declares a DTD.

    Raises InputError. Gives the open container, for those who want single parts.
    """
    box = opened(data, name)
    total = 0
    for entry in box.infolist():
        size, tail = 0, b""
        xml = forbid_dtd and entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        try:
            with box.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    total += len(chunk)
                    _hold(name, entry.filename, size, entry.compress_size, total)
                    if xml:
                        window = tail + chunk.replace(b"\x00", b"")  # UTF-16 parts too
                        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                            raise _refuse(
                                name, entry.filename, "the XML declares a DTD or entities",
                                "Office files hold none; save the file again from a spreadsheet program.",
                            )  # fmt: skip
                        tail = window[-16:]
        except InputError:
            raise
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise _refuse(
                name, entry.filename, "this part of the container is damaged",
                "Download or save the file again.", "CORRUPT_FILE",
            ) from error  # fmt: skip
    return box


def members(data: bytes, name: str) -> tuple[list[Member], dict[str, int]]:
    """Inflate the files of an archive in memory: (members in their order, counts of what was skipped).

    Resource forks of macOS and folders are skipped; paths that leave the archive, links and archives
    inside the archive are refused. Raises InputError.
    """
    box = check(data, name, forbid_dtd=False)
    facts = {"macos_entries_skipped": 0}
    out: list[Member] = []
    kept = 0
    for entry in box.infolist():
        path = entry.filename.replace("\\", "/")
        parts = path.split("/")
        if "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db"):
            facts["macos_entries_skipped"] += 1
            continue
        if path.startswith("/") or ".." in parts or path[1:2] == ":" or "\x00" in path:
            raise _refuse(
                name, entry.filename, "a path that leads out of the archive",
                "Pack the files again without folders.",
            )  # fmt: skip
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise _refuse(name, entry.filename, "a link instead of a file", "Pack the file itself.")
        if entry.is_dir():
            continue
        kept += entry.file_size
        if kept > MAX_KEPT:
            raise _refuse(
                name, entry.filename, f"more than {MAX_KEPT // 2**20} MB of files in one archive",
                "Unpack it and give the files one by one.",
            )  # fmt: skip
        content = box.read(entry)
        if is_zip(content) and not is_office(content):
            raise _refuse(
                name, entry.filename, "an archive inside the archive", "Unpack the inner one first."
            )
        out.append(Member(path, content))
    return out, facts


def is_office(data: bytes) -> bool:
    """Tell whether a zip container is a workbook (xlsx, xlsm, xlsb, ods) by its parts."""
    if not is_zip(data):
        return False
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, IndexError):
        return False
    return "[Content_Types].xml" in names or "content.xml" in names or "xl/workbook.xml" in names
