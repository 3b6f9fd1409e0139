"""Owns the cache of fetched answers: the file under its query's name, and beside it what it is and its hash."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sources.errors import InputError, Problem


@dataclass(frozen=True)
class Fetched:
    """One fetched file: where it lies, and its provenance (never a key)."""

    path: Path
    source: str
    url: str
    fetched: str  # UTC, to the second
    sha256: str
    bytes: int
    rows: int
    pages: list[str] = field(
        default_factory=list
    )  # addresses, where the answer was asked for in parts
    cached: bool = False


def folder() -> Path:
    """Give the folder of the cache: RECONCILE_CACHE, else the user's cache folder of this machine."""
    own = os.environ.get("RECONCILE_CACHE")
    if own:
        return Path(own)
    import platformdirs

    return Path(platformdirs.user_cache_dir("reconcile"))


def file_name(label: str, url: str, suffix: str) -> str:
    """Give the name of an answer's file: the label, and a mark of the whole query."""
    return f"{label}-{hashlib.sha256(url.encode()).hexdigest()[:10]}{suffix}"


def beside(path: Path) -> Path:
    """Give the hidden file that holds the provenance of a fetched file."""
    return path.with_name(f".{path.name}.json")


def find(path: Path) -> tuple[Fetched, bytes] | None:
    """Give an answer of the cache; None where there is none or its bytes are not those that were fetched."""
    try:
        facts = json.loads(beside(path).read_text(encoding="utf-8"))
        data = path.read_bytes()
        known = {
            name: facts[name] for name in ("source", "url", "fetched", "sha256", "bytes", "rows")
        }
        pages = [str(page) for page in facts.get("pages", [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if hashlib.sha256(data).hexdigest() != known["sha256"]:
        return None
    return Fetched(path, **known, pages=pages, cached=True), data


def store(
    path: Path, data: bytes, source: str, url: str, rows: int, pages: list[str] | None = None
) -> Fetched:
    """Keep an answer with its provenance, whole or not at all. Raises InputError."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.sha256(data).hexdigest()
    found = Fetched(path, source, url, stamp, digest, len(data), rows, pages or [])
    facts = {name: value for name, value in asdict(found).items() if name not in ("path", "cached")}
    write(path, data)
    write(beside(path), (json.dumps(facts, indent=1) + "\n").encode())
    return found


def copy(found: Fetched, to: Path) -> Path:
    """Copy a fetched file and its provenance into a folder. Raises InputError."""
    target = to / found.path.name
    write(target, _read(found.path))
    write(beside(target), _read(beside(found.path)))
    return target


def write(path: Path, data: bytes) -> None:
    """Write a file beside its place, then move it there. Raises InputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise InputError(
            Problem(str(path), "", f"cannot be written: {error.strerror}",
                    "Choose another folder with -o, or set RECONCILE_CACHE.", "OUTPUT")
        ) from error  # fmt: skip


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            Problem(
                path.name, "", f"cannot be read: {error.strerror}", "Fetch it again.", "NO_FILE"
            )
        ) from error
