"""Owns how a Result or what was read becomes a file: the suffix picks the format; never a half-written file."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sources.errors import InputError, Problem

if TYPE_CHECKING:
    from reconcile.result import Result
    from sources.figures import Reading

SUFFIXES = (".xlsx", ".html", ".json", ".csv", ".md")
FIGURE_SUFFIXES = (".csv", ".json", ".parquet")


def check_output(path: Path, suffixes: Sequence[str] = SUFFIXES) -> None:
    """Raise InputError unless a file of one of the suffixes can be written at the path, before any work."""
    target = Path(path)
    if target.is_dir():
        raise _refused(target, "it is a folder", "Name a file in it, as report.xlsx.")
    if target.suffix.lower() not in suffixes:
        found = f"the suffix {target.suffix!r} names no format" if target.suffix else "no suffix"
        raise _refused(target, found, f"Use one of {' '.join(suffixes)}.")
    folder = target.parent
    if not folder.is_dir():
        raise _refused(target, f"there is no folder {folder}", "Make it first, or name another.")
    if not os.access(folder, os.W_OK):
        raise _refused(target, f"the folder {folder} may not be written to", "Name another folder.")
    if target.exists() and not target.is_file():
        raise _refused(target, "it is no ordinary file", "Name another file.")


def write(
    result: Result, path: Path, say: Callable[[str], None] = lambda stage: None
) -> tuple[str, ...]:
    """Write a report; the suffix picks xlsx, html, json, csv or md; `say` is told how far a workbook is.

    Gives what the report leaves out of the result, in sentences. Raises InputError, and leaves no part.
    """
    target = Path(path)
    check_output(target)
    left_out: list[str] = []
    _replace(target, lambda made: left_out.extend(_write(result, made, target.suffix.lower(), say)))
    return tuple(left_out)


def write_figures(readings: Sequence[Reading], path: Path) -> None:
    """Write what was read as a figures file: csv, json or parquet. Raises InputError, and leaves no part."""
    target = Path(path)
    check_output(target, FIGURE_SUFFIXES)
    from reports import csv

    whole = csv.figures_of(readings)
    kinds: dict[str, Callable[[Path], object]] = {
        ".csv": lambda made: _text(made, csv.text(whole)),
        ".json": lambda made: _text(made, csv.records(whole)),
        ".parquet": lambda made: csv.parquet(whole, made),
    }
    _replace(target, kinds[target.suffix.lower()])


def _write(result: Result, made: Path, suffix: str, say: Callable[[str], None]) -> tuple[str, ...]:
    if suffix == ".xlsx":
        from reports import cut, workbook

        with made.open("wb") as file, _uncollected():
            book = cut.build(result, say)
            workbook.write(book, file, say)
            return book.left_out
    elif suffix == ".json":
        from reports.json import text

        _text(made, text(result))
    elif suffix == ".csv":
        from reports import csv

        _text(made, csv.text(csv.figures_in(result)))
    elif suffix == ".html":
        from reports.html import text

        _text(made, text(result))
    else:
        from reports.markdown import text

        _text(made, text(result))
    return ()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the search for rings of dead objects: among millions of living cells it takes a sixth of the time."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _text(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "backslashreplace"))


def _replace(target: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a file beside the target and put it in the target's place when it is whole."""
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=target.suffix, dir=target.parent
        )
        os.close(handle)
        part = Path(name)
        fill(part)
        part.chmod(0o666 & ~_umask())
        part.replace(target)
    except OSError as error:
        raise _refused(
            target,
            f"it cannot be written: {error.strerror or error}",
            "See the disk and the rights.",
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(path: Path, found: str, advice: str) -> InputError:
    return InputError(Problem(str(path), "", found, advice, "OUTPUT"))
