"""The command: exit codes, what it says, what it writes, and its workbook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from .conftest import ROOT, load, parquet, report


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reconcile", "world", *map(str, arguments)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def called(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("command")
    rows = [
        report("X", "CHN", "KGZ", 15_000_000.0, cmdCode="610910"),
        report("M", "KGZ", "CHN", 4_000_000.0, cmdCode="610910"),
        report("X", "CHN", "KAZ", 9_000_000.0, cmdCode="870323"),
        report("M", "KAZ", "CHN", 9_900_000.0, cmdCode="870323"),
        report("X", "CHN", "TKM", 1_000_000.0, cmdCode="870323"),
        report("X", "CHN", "W00", 25_000_000.0, cmdCode="870323"),
    ]
    return folder, call(parquet(rows, folder / "in.parquet"), "-o", folder / "out")


def test_it_says_what_it_did_and_nothing_of_progress_in_a_pipe(
    called: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = called
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "6 reports, 3 flows, 2 with both sides" in done.stdout
    assert "set aside: 1 rows, 25,000,000 USD" in done.stdout
    assert {p.name for p in (folder / "out").iterdir()} == {
        "flows.parquet", "pairs.parquet", "reporters.parquet", "findings.parquet", "findings.csv",
        "summary.xlsx",
    }  # fmt: skip


def test_the_workbook_has_the_worst_pairs_first_with_live_gaps(
    called: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    from openpyxl import load_workbook

    path = called[0] / "out" / "summary.xlsx"
    formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    assert formulas.sheetnames == [
        "Summary", "Worst pairs", "Worst products", "Reporters", "Set aside", "CIF margin",
    ]  # fmt: skip
    sheet, shown = formulas["Worst pairs"], values["Worst pairs"]
    header = next(r for r in range(1, 9) if sheet.cell(r, 1).value == "Year")
    heads = [cell.value for cell in sheet[header]]
    first = dict(zip(heads, [cell.value for cell in shown[header + 1]]))
    assert (first["Exporter"], first["Importer"], first["Importer name"]) == (
        "CHN",
        "KGZ",
        "Kyrgyzstan",
    )
    pairs = load(called[0] / "out" / "pairs.parquet").set_index("importer")
    assert first["Gap"] == pytest.approx(pairs.loc["KGZ", "gap"])
    row = header + 1
    assert sheet.cell(row, heads.index("Gap") + 1).value == f"=J{row}-G{row}"
    fob = first["Importer's figure, CIF"] / (1 + first["CIF margin"])
    assert first["Importer's figure, FOB"] == pytest.approx(fob)
    about = {
        r[0].value: r[1].value for r in values["Summary"].iter_rows() if r[1].value is not None
    }
    assert about["Rows set aside"] == "1"
    mirror = [r for r in values["Summary"].iter_rows(values_only=True) if r[0] == 2020]
    assert mirror[0][4] == pytest.approx(1e6 / (1e6 + mirror[0][1]))


def test_quiet_says_nothing(called: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = called
    done = call(folder / "in.parquet", "-o", folder / "quiet", "--quiet", "--compare")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(pd.read_csv(folder / "quiet" / "methods.csv")) == 10
    again = call(folder / "in.parquet", "-o", folder / "again", "--quiet", "--compare")
    assert again.returncode == 0
    for name in ("summary.xlsx", "methods.csv", "flows.parquet"):
        assert (folder / "again" / name).read_bytes() == (folder / "quiet" / name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["absent.parquet"], "no such file"), (["--method", "guess"], "guess is unknown"),
     (["--margins", "x"], "'x' is not one of"), (["--years", "now"], "'now' is no year"),
     (["--memory", "much"], "much is no size")],
)  # fmt: skip
def test_bad_input_exits_with_two(
    called: tuple[Path, subprocess.CompletedProcess[str]], arguments: list[str], said: str
) -> None:
    folder, _ = called
    done = call(folder / "in.parquet", "-o", folder / "bad", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((folder / "bad").glob("*.parquet"))


def test_options_reach_the_run(called: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = called
    done = call(
        folder / "in.parquet", "-o", folder / "options", "--method", "importer first",
        "--margins", "growthlab", "--years", "2019-2021", "--memory", "1GB",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    flows = load(folder / "options" / "flows.parquet")
    both = flows[flows["evidence"] == "both"]
    assert both["balanced"].to_numpy() == pytest.approx(both["importer_fob"].to_numpy())


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_progress_on_a_terminal(called: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    import os
    import pty

    folder, _ = called
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reconcile", "world", str(folder / "in.parquet"), "-o", str(folder / "tty")]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT, check=True)
    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    for step in ("looking at every row", "pairing the mirrors", "balancing", "writing"):
        assert step in said
    assert said.endswith("\r\n")
    assert b"pairing" not in done.stdout
