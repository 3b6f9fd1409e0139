"""The real commands: what they write, what they say of bad input, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAD = "reporter,partner,flow,period,value,unit,source\n"
ROOT = Path(__file__).resolve().parents[1]
PAIR = HEAD + "KAZ,CHN,exports,2023,10,billion USD,A\nCHN,KAZ,imports,2023,12,billion USD,B\n"
CLOSE = HEAD + "KAZ,CHN,exports,2023,10,billion USD,A\nCHN,KAZ,imports,2023,10.4,billion USD,B\n"


def reconcile(
    *args: object, stdin: bytes | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "reconcile", *map(str, args)],
        input=stdin, capture_output=True, cwd=Path(__file__).resolve().parents[1], env={**os.environ, **env},
    )  # fmt: skip
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    path = tmp_path / "pair.csv"
    path.write_text(PAIR)
    return path


def test_report_writes_the_example_in_every_format(tmp_path: Path) -> None:
    for suffix in (".xlsx", ".html", ".json", ".csv", ".md"):
        out = tmp_path / f"example{suffix}"
        done = reconcile("report", "-o", out)
        assert done.returncode == 0, done.stderr
        assert out.stat().st_size > 1000
        assert "66.2 billion USD" in done.stdout
        assert not done.stderr
    document = json.loads((tmp_path / "example.json").read_text())
    assert document["schema"] == "reconcile/1"
    assert {"basis", "figures", "assumptions", "cases", "findings"} <= set(document)


def test_what_report_writes_as_csv_is_a_figures_file_again(tmp_path: Path, pair: Path) -> None:
    out = tmp_path / "again.csv"
    assert reconcile("report", pair, "-o", out).returncode == 0
    done = reconcile("check", out, "--json")
    assert done.returncode == 1, done.stderr
    gaps = [case["gap"] for case in json.loads(done.stdout)["cases"]]
    assert gaps == pytest.approx([2e9])


def test_check_ends_with_1_on_a_discrepancy_and_0_without(tmp_path: Path, pair: Path) -> None:
    done = reconcile("check", pair)
    assert done.returncode == 1
    assert "discrepancy" in done.stdout
    close = tmp_path / "close.csv"
    close.write_text(CLOSE)
    assert reconcile("check", close).returncode == 0
    assert reconcile("check", pair, "--tolerance", "30%").returncode == 0


def test_check_json_is_the_contract(pair: Path) -> None:
    document = json.loads(reconcile("check", pair, "--json").stdout)
    case = document["cases"][0]
    assert case["kind"] == "mirror"
    assert case["areas"] == ["KAZ", "CHN"]
    assert case["gap"] == pytest.approx(2e9)
    assert case["verdict"] == "discrepancy"
    figure = document["figures"][0]
    assert figure["amount"] == pytest.approx(10e9)
    assert [step["name"] for step in figure["steps"]] == ["number", "scale"]


def test_standard_input_needs_a_reader(pair: Path) -> None:
    done = reconcile("check", "-", "--from", "figures_file", stdin=PAIR.encode())
    assert done.returncode == 1
    missing = reconcile("check", "-", stdin=PAIR.encode())
    assert missing.returncode == 2
    assert "--from" in missing.stderr


def test_a_folder_and_several_files_are_read_together(tmp_path: Path) -> None:
    lines = PAIR.splitlines()
    folder = tmp_path / "both"
    folder.mkdir()
    (folder / "a.csv").write_text(f"{lines[0]}\n{lines[1]}\n")
    (folder / "b.csv").write_text(f"{lines[0]}\n{lines[2]}\n")
    for inputs in ([folder], [folder / "a.csv", folder / "b.csv"]):
        document = json.loads(reconcile("check", *inputs, "--json").stdout)
        assert [case["gap"] for case in document["cases"]] == pytest.approx([2e9])


def test_figures_can_be_edited_and_read_again(tmp_path: Path, pair: Path) -> None:
    out = tmp_path / "figures.csv"
    done = reconcile("figures", pair, "-o", out)
    assert done.returncode == 0, done.stderr
    head = out.read_text(encoding="utf-8-sig").splitlines()[0]
    assert head.startswith("reporter,partner,flow,period,value,unit,source")
    again = json.loads(reconcile("check", out, "--json").stdout)
    assert [case["gap"] for case in again["cases"]] == pytest.approx([2e9])


BAD = {
    "a wrong column": (HEAD.replace("period", "perriod") + "KAZ,CHN,exports,2023,1,USD,A\n", ["perriod", "period"]),
    "an unknown area": (HEAD + "Kasachstaan,CHN,exports,2023,1,USD,A\n", ["line 2", "Kasachstaan", "KAZ"]),
    "a number that cannot be read": (HEAD + "KAZ,CHN,exports,2023,1.2.3.4,USD,A\n", ["line 2", "1.2.3.4"]),
    "an unknown unit": (HEAD + "KAZ,CHN,exports,2023,1,zorkmids,A\n", ["line 2", "zorkmids"]),
    "an impossible period": (HEAD + "KAZ,CHN,exports,2023-13,1,USD,A\n", ["line 2", "2023-13"]),
    "an unknown flow": (HEAD + "KAZ,CHN,exporrts,2023,1,USD,A\n", ["line 2", "exporrts", "export"]),
    "an empty file": ("", ["empty"]),
    "a header alone": (HEAD, ["no figures"]),
    "no rate": (HEAD + "KAZ,CHN,exports,1950,1,KZT,A\n", ["KZT", "1950", "--assumptions"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_message(tmp_path: Path, name: str) -> None:
    text, parts = BAD[name]
    path = tmp_path / "bad.csv"
    path.write_text(text)
    out = tmp_path / "out.xlsx"
    done = reconcile("report", path, "-o", out)
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert "bad.csv" in done.stderr or name == "no rate"
    for part in parts:
        assert part in done.stderr
    assert not out.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_all_problems_of_a_file_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(
        HEAD
        + "Narnia,CHN,exports,2023,1,USD,A\nKAZ,CHN,exports,2023-13,1,USD,A\nKAZ,CHN,sold,2023,x y z,furlongs,A\n"
    )
    done = reconcile("check", path)
    assert done.returncode == 2
    for part in ("Narnia", "2023-13", "sold", "x y z", "furlongs", "line 2", "line 3", "line 4"):
        assert part in done.stderr


def test_files_that_are_not_what_they_say(tmp_path: Path) -> None:
    corrupt = tmp_path / "corrupt.xlsx"
    corrupt.write_bytes(b"PK\x03\x04" + b"\x00" * 200)
    done = reconcile("check", corrupt)
    assert done.returncode == 2
    assert "corrupt.xlsx" in done.stderr
    absent = reconcile("check", tmp_path / "absent.csv")
    assert absent.returncode == 2
    assert "absent.csv" in absent.stderr


@pytest.mark.parametrize("output", [".", "out", "out.docx", "nowhere/out.xlsx"])
def test_output_that_cannot_be_is_refused_before_any_work(
    tmp_path: Path, pair: Path, output: str
) -> None:
    done = reconcile("report", pair, "-o", tmp_path / output)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == [pair]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
def test_a_full_disk_is_one_message(pair: Path) -> None:
    done = reconcile("report", pair, "-o", "/dev/full")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "args",
    [["reprot"], ["check", "--tolerance", "lots"], ["check", "--currency", "dollars"], ["check", "--year", "24"],
     ["check", "--published", "yesterday"], ["check", "--nonsense"], ["check", "--classification", "H5"]],
)  # fmt: skip
def test_wrong_usage_ends_with_2(args: list[str]) -> None:
    done = reconcile(*args)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    if args == ["reprot"]:
        assert "report" in done.stderr


def test_own_assumptions_move_the_result(tmp_path: Path) -> None:
    path = tmp_path / "yuan.csv"
    path.write_text(HEAD + "CHN,KAZ,exports,2024,70,billion CNY,B\n")
    own = tmp_path / "mine.csv"
    own.write_text("id,value,source\nfx-CNY-2024,7.0,my bank\n")
    document = json.loads(reconcile("check", path, "--json", "--assumptions", own).stdout)
    assert document["figures"][0]["amount"] == pytest.approx(10e9)


def test_a_pipe_sees_no_progress_and_quiet_says_nothing(pair: Path) -> None:
    assert not reconcile("check", pair).stderr
    quiet = reconcile("check", pair, "--quiet")
    assert (quiet.stdout, quiet.stderr, quiet.returncode) == ("", "", 1)


def test_the_locale_of_the_machine_changes_nothing(pair: Path) -> None:
    plain = reconcile("check", pair)
    other = reconcile(
        "check", pair, LC_ALL="de_DE.UTF-8", LANG="ar_EG", PYTHONUTF8="0", TZ="Asia/Almaty"
    )
    assert plain.stdout == other.stdout


def test_same_input_same_bytes(tmp_path: Path) -> None:
    for suffix in (".xlsx", ".json", ".html", ".csv", ".md"):
        made = []
        for number, seed in enumerate(("1", "2")):
            out = tmp_path / f"{number}{suffix}"
            assert reconcile("report", "-o", out, PYTHONHASHSEED=seed).returncode == 0
            made.append(out.read_bytes())
        assert made[0] == made[1], suffix


def test_sources_lists_readers_with_examples() -> None:
    done = reconcile("sources")
    assert done.returncode == 0, done.stderr
    for name in ("figures_file", "comtrade", "anytable", "press"):
        assert name in done.stdout


def test_an_input_is_never_overwritten(tmp_path: Path, pair: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(pair)
    folder = tmp_path / "folder"
    folder.mkdir()
    inside = folder / "inside.csv"
    inside.write_text(PAIR)
    rates = tmp_path / "rates.csv"
    rates.write_text("id,value\nfx-CNY-2023,7\n")
    for args, output in (
        (["report", pair], pair), (["figures", pair], pair), (["balance", pair], pair), (["report", pair], link),
        (["report", folder], inside), (["report", pair, "--assumptions", rates], rates),
    ):  # fmt: skip
        before = output.read_bytes()
        done = reconcile(*args, "-o", output)
        assert done.returncode == 2, (args, done.stderr)
        assert "overwrite" in done.stderr and output.name in done.stderr
        assert output.read_bytes() == before


def test_a_reader_that_goes_away_is_no_fault(pair: Path) -> None:
    command = f"{sys.executable} -m reconcile check {pair} | head -c 5"
    done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=ROOT)
    assert done.stdout and not done.stderr


def test_an_interruption_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    many = tmp_path / "many.csv"
    lines = [f"KAZ,CHN,exports,{1900 + n % 120},{n}.5,USD,S{n}" for n in range(60_000)]
    many.write_text(HEAD + "\n".join(lines) + "\n")
    running = subprocess.Popen(
        [sys.executable, "-m", "reconcile", "report", many, "-o", tmp_path / "out.xlsx"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    time.sleep(2.0)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert (running.returncode, told.decode().strip()) == (130, "Interrupted.")
    assert [path.name for path in tmp_path.iterdir()] == ["many.csv"]


def test_a_report_given_as_input_is_named_for_what_it_is(tmp_path: Path, pair: Path) -> None:
    book = tmp_path / "report.xlsx"
    assert reconcile("report", pair, "-o", book).returncode == 0
    done = reconcile("check", book)
    assert done.returncode == 2
    assert "a report of this program" in done.stderr
