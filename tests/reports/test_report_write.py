"""Writing a report: the suffix picks the format, every fault is one clear message, nothing is half-written."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import reports
from reconcile.result import Result
from sources.errors import InputError


@pytest.mark.parametrize("suffix", reports.SUFFIXES)
def test_the_suffix_picks_the_format(made: Result, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix.upper()}"
    reports.write(made, path)
    start = {
        ".xlsx": b"PK",
        ".html": b"<!DOCTYPE",
        ".json": b"{",
        ".csv": b"reporter,",
        ".md": b"# ",
    }
    assert path.read_bytes().startswith(start[suffix])
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "said"),
    [("out.pdf", "suffix '.pdf'"), ("out", "no suffix"), ("", "it is a folder"), ("none/out.xlsx", "there is no folder")],
)  # fmt: skip
def test_a_wrong_place_is_refused_before_any_work(made: Result, tmp_path: Path, name: str, said: str) -> None:  # fmt: skip
    with pytest.raises(InputError, match=said) as caught:
        reports.write(made, tmp_path / name)
    assert caught.value.problems[0].code == "OUTPUT" and caught.value.problems[0].advice
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_rights_is_refused(made: Result, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="may not be written"):
            reports.write(made, tmp_path / "out.json")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_leaves_the_old_file_and_no_part(
    made: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left on device"):
        reports.write(made, path)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_something_that_is_no_file_is_refused(made: Result) -> None:
    link = Path("/dev/full")
    with pytest.raises(InputError):
        reports.write(made, link)


def test_a_fault_while_writing_leaves_no_part(made: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def broken(*_: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("reports.workbook.write", broken)
    with pytest.raises(RuntimeError):
        reports.write(made, tmp_path / "out.xlsx")
    assert not list(tmp_path.iterdir())


def test_an_existing_file_is_replaced(made: Result, tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    path.write_text("old")
    reports.write(made, path)
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_figures_have_formats_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names no format"):
        reports.write_figures([], tmp_path / "out.xlsx")


def test_importing_reports_loads_nothing_heavy() -> None:
    import subprocess

    script = "import sys, reports; print([n for n in ('pandas', 'openpyxl', 'duckdb') if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # fmt: skip
    assert found.stdout.strip() == "[]"
