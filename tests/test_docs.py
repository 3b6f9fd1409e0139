"""Docs and code hold together: pages made from the code are current, and every part has its entry."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_pages_made_from_the_code_are_current() -> None:
    """In a process of its own: click keeps the help option that a command was first called with."""
    done = subprocess.run(
        [sys.executable, str(DOCS / "make.py"), "--check"], capture_output=True, text=True, cwd=ROOT
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_every_step_is_in_the_method() -> None:
    names = set()
    for path in (ROOT / "reconcile" / "basis").glob("*.py"):
        names |= set(re.findall(r'Step\(\s*"([^"]+)"', path.read_text(encoding="utf-8")))
    assert len(names) >= 6
    assert [name for name in names if f"`{name}`" not in page("method.md")] == []


def test_every_verdict_and_kind_is_in_the_method() -> None:
    text = page("method.md")
    for word in ("agree", "within rounding", "within tolerance", "discrepancy", "not comparable",
                 "single source", "mirror", "rival", "parts", "vintage"):  # fmt: skip
        assert f"| {word} |" in text


def test_every_cause_has_its_entry() -> None:
    from reconcile.causes import modules

    assert [m.NAME for m in modules() if m.NAME not in page("causes.md")] == []


def test_every_reader_has_its_entry() -> None:
    from sources import readers

    text = page("readers.md") + page("national.md")
    assert [name for name in readers.names() if f"`{name}`" not in text] == []


def test_every_method_has_its_entry() -> None:
    from reconcile.balance import methods

    assert [name for name in methods() if name not in page("balancing.md")] == []


def test_links_between_pages_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def reconcile_lines() -> list[str]:
    """Every command line of the README that runs `reconcile` itself."""
    blocks = re.findall(r"```(?:sh|console)?\n(.*?)```", README, re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("reconcile ")]


def test_commands_and_options_of_the_readme_exist() -> None:
    from reconcile.cli import COMMANDS, cli

    assert reconcile_lines()
    import click

    root = click.Context(cli)
    for line in reconcile_lines():
        words = shlex.split(line.partition("#")[0])
        assert words[1] in COMMANDS, line
        command = cli.get_command(root, words[1])
        assert command is not None
        known = {name for param in command.params for name in param.opts}
        for word in words[2:]:
            if word.startswith("-") and word != "-":
                assert word in known, f"{line}: {word}"


def test_the_readme_runs_as_it_stands(tmp_path: Path) -> None:
    """The lines of the README that need no file of the reader's are run."""
    for line in reconcile_lines():
        words = shlex.split(line.partition("#")[0])
        if words[1] not in ("report", "check", "trace", "explain", "balance", "sources", "figures"):
            continue
        files = [w for w in words[2:] if "." in w and not w.startswith("-")]
        if any(
            not (tmp_path / name).exists() and words[words.index(name) - 1] != "-o"
            for name in files
        ):
            continue
        done = subprocess.run(
            [sys.executable, "-m", *words], capture_output=True, text=True, cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        )  # fmt: skip
        assert done.returncode in (0, 1), f"{line}\n{done.stderr}"


def test_ci_calls_the_test_command_of_the_readme() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in text
