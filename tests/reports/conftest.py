"""Fixtures of the report tests: the hand-made result, the bundled example, and both as workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample import sample

import reports
from reconcile.commands.reading import EXAMPLE_TITLE, read_inputs
from reconcile.result import Basis, Result
from reconcile.run import run


@pytest.fixture(scope="session")
def made() -> Result:
    """The hand-made result of `sample`."""
    return sample()


@pytest.fixture(scope="session")
def example() -> Result:
    """The bundled example on its default basis."""
    return run(read_inputs(()), Basis(), title=EXAMPLE_TITLE)


@pytest.fixture(scope="session")
def made_book(made: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the hand-made result."""
    path = tmp_path_factory.mktemp("made") / "made.xlsx"
    reports.write(made, path)
    return path


@pytest.fixture(scope="session")
def example_book(example: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the bundled example."""
    path = tmp_path_factory.mktemp("example") / "example.xlsx"
    reports.write(example, path)
    return path
