"""`reconcile extract` and the way of an article through the whole program."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from reconcile.commands import extract, report
from sources.readers import read_path

TEXT = (
    "Trade between Kazakhstan and China reached $43.8 billion in 2024, according to Chinese customs.\n"
    "Kazakh statistics put the trade with China at $30.1 billion in 2024.\n"
    "The two countries aim for trade of $100 billion by 2030.\n"
)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_figures_are_shown_and_written(article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = CliRunner().invoke(extract.command, [str(article), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "article.txt: 3 trade figures, read as en" in result.output
    assert "43.8   billion USD  turnover  CHN       KAZ      2024" in result.output
    with out.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["value"] for row in rows] == ["43.8", "30.1", "100"]
    assert [row["status"] for row in rows] == ["press", "press", "target"]
    assert all(row["quote"] in TEXT and row["place"] for row in rows)
    (again,) = read_path(out)
    assert list(again.figures["value"]) == [43.8, 30.1, 100.0]


def test_a_date_and_a_language_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Exports of Peru to Chile were $2 billion last year.", encoding="utf-8")
    told = CliRunner().invoke(extract.command, [str(path), "--published", "2025-03-01"])
    assert "2024" in told.output
    untold = CliRunner().invoke(extract.command, [str(path), "--locale", "en"])
    assert untold.exit_code == 0
    assert "PRESS_UNCLEAR p1 s1: 2 $ billion: the text does not settle the period" in untold.output


def test_a_text_without_trade_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "weather.txt"
    path.write_text("The weather was fine.", encoding="utf-8")
    result = CliRunner().invoke(extract.command, [str(path)])
    assert result.exit_code == 0
    assert "no trade figure" in result.output


def test_without_a_file_the_usage_is_told() -> None:
    assert CliRunner().invoke(extract.command, []).exit_code == 2


def test_report_meets_the_rivals_and_leaves_the_target_out(article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    result = CliRunner().invoke(report.command, [str(article), "-o", str(out)])
    assert result.exit_code == 0, result.output
    told = json.loads(out.read_text(encoding="utf-8"))
    cases = [case for case in told["cases"] if len(case["figures"]) > 1]
    assert [case["verdict"] for case in cases] == ["discrepancy"]
    by_id = {figure["id"]: figure["status"] for figure in told["figures"]}
    assert "target" not in {by_id[mark] for case in told["cases"] for mark in case["figures"]}
