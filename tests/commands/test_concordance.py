"""Figures in two revisions of the HS from the command: never compared by code alone, compared through a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from reconcile.cli import cli
from sources.errors import InputError

HEAD = "reporter,partner,flow,commodity,classification,period,value,unit,source\n"
ROWS = (
    "KAZ,CHN,imports,020110,H6,2022,100,million USD,KAZ\n"
    "CHN,KAZ,exports,020110,H5,2022,70,million USD,CHN\n"
    "CHN,KAZ,exports,020112,H5,2022,20,million USD,CHN\n"
)
TABLE = "HS 2022,HS 2017,Relationship\n020110,020110,1:n\n020110,020112,1:n\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "figures.csv").write_text(HEAD + ROWS)
    (tmp_path / "table.csv").write_text(TABLE)
    return str(tmp_path / "figures.csv"), str(tmp_path / "table.csv")


def checked(*arguments: str) -> tuple[list[dict[str, object]], set[str]]:
    """Give the cases and the codes of the findings."""
    result = CliRunner().invoke(cli, ["check", *arguments, "--json"])
    assert result.exit_code in (0, 1), result.output
    document = json.loads(result.stdout)
    return document["cases"], {row["code"] for row in document["findings"]}


def test_codes_of_two_revisions_are_not_compared(files):
    cases, codes = checked(files[0])
    assert "CLASSIFICATIONS_MIXED" in codes
    assert {case["verdict"] for case in cases} == {"single source"}


def test_with_a_table_the_merged_group_is_compared(files):
    cases, codes = checked(files[0], "--classification", "H5", "--concordance", files[1])
    (case,) = cases
    assert case["commodity"] == "020110+020112"
    assert (case["lowest"], case["highest"]) == (90e6, 100e6)
    assert "COMMODITY_MERGED" in codes and "CLASSIFICATIONS_MIXED" not in codes


def test_every_bad_table_is_named(files, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    arguments = [
        "check",
        files[0],
        "--classification",
        "H5",
        "--concordance",
        str(bad),
        "--concordance",
        "gone.csv",
    ]
    result = CliRunner().invoke(cli, arguments)
    assert isinstance(result.exception, InputError)
    assert [problem.file for problem in result.exception.problems] == ["bad.csv", "gone.csv"]
