"""Fixtures shared by all tests: the folder of real files, where it is present."""

from __future__ import annotations

import os
from pathlib import Path

# before numpy is loaded: threads of OpenBLAS wait for each other where other programs use the processors
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of publishers' files beside the repository; its tests are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of publishers' files (../shared/data) is not here")
    return SHARED
