"""The options --classification and --concordance: two revisions meet only through a correlation table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_cli import reconcile

HEAD = "reporter,partner,flow,period,value,unit,source,commodity,classification\n"
LINES = HEAD + (
    "KAZ,CHN,exports,2023,10,million USD,A,010110,H5\n"
    "CHN,KAZ,imports,2023,7,million USD,B,010121,H6\nCHN,KAZ,imports,2023,5,million USD,B,010129,H6\n"
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Figures in two revisions, and a table in which one old code became two."""
    data, table = tmp_path / "data.csv", tmp_path / "table.csv"
    data.write_text(LINES)
    table.write_text("HS2022,HS2017,Relationship\n010121,010110,n:1\n010129,010110,n:1\n")
    return data, table


def test_without_a_table_they_are_not_compared(files: tuple[Path, Path]) -> None:
    document = json.loads(reconcile("check", files[0], "--json").stdout)
    assert {case["verdict"] for case in document["cases"]} == {"single source"}
    assert "CLASSIFICATIONS_MIXED" in {finding["code"] for finding in document["findings"]}


def test_with_a_table_the_two_new_codes_meet_the_old_one(files: tuple[Path, Path]) -> None:
    done = reconcile(
        "check", files[0], "--json", "--classification", "H5", "--concordance", files[1]
    )
    document = json.loads(done.stdout)
    case = next(case for case in document["cases"] if case["gap"] is not None)
    assert case["commodity"] == "010110"
    assert case["gap"] == pytest.approx(2e6)


def test_the_two_options_need_each_other(files: tuple[Path, Path]) -> None:
    done = reconcile("check", files[0], "--classification", "H5")
    assert done.returncode == 2
    assert "--concordance" in done.stderr
