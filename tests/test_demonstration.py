"""The demonstration of docs/demonstration.md: three national offices against UN Comtrade in one command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def found(shared: Path) -> dict[str, Any]:
    """What `reconcile check --json` says of the published files."""
    national, comtrade = shared / "national", shared / "comtrade_new"
    files = [
        national / "kazakhstan_data",
        *national.glob("kyrgyzstan_data/4.03.00.18*"),
        national / "uzbekistan_data",
        comtrade / "cipf_China_2.1.1_top_export_partners_reverse.xlsx",
        comtrade / "cipf_China_3.1.1_top_import_partners.xlsx",
    ]
    command = [sys.executable, "-m", "reconcile", "check", "--json", *map(str, files)]
    answer = subprocess.run(command, capture_output=True, cwd=ROOT)
    assert answer.returncode == 1, answer.stderr.decode()[-2000:]
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def pair(
    found: dict[str, Any], reporter: str, flow: str, year: int
) -> tuple[dict[str, float], str]:
    """The amounts (million USD) that each source gives for one report of trade with China, and the verdict."""
    by_id = {figure["id"]: figure for figure in found["figures"]}
    for case in found["cases"]:
        figures = [by_id[one] for one in case["figures"] if one in by_id]
        if (
            case["period"] == str(year)
            and len(figures) == 2
            and all(
                (f["reporter"], f["partner"], f["flow"]) == (reporter, "CHN", flow) for f in figures
            )
        ):
            return {f["source"]: f["amount"] / 1e6 for f in figures}, case["verdict"]
    raise AssertionError(f"no case of {reporter} {flow} {year}")


def test_comtrade_has_a_third_of_kazakh_imports_from_china(found: dict[str, Any]) -> None:
    shares = {}
    for year in range(2018, 2024):
        amounts, verdict = pair(found, "KAZ", "imports", year)
        shares[year] = round(
            100 * amounts["UN Comtrade"] / amounts["Bureau of National Statistics of Kazakhstan"], 1
        )
        assert (verdict == "discrepancy") == (year in (2020, 2021, 2022)), (year, verdict)
    assert shares == {2018: 100.0, 2019: 100.0, 2020: 30.7, 2021: 29.5, 2022: 32.1, 2023: 109.0}
    # and the gap is told as a finding of each of the three years
    gaps = {f["case"] for f in found["findings"] if f["code"] == "GAP"}
    told = [case for case in gaps if re.search("KAZ", case) and re.search("CHN", case)]
    assert {year for year in ("2020", "2021", "2022") if any(year in case for case in told)} == {
        "2020",
        "2021",
        "2022",
    }


def test_uzbek_exports_differ_and_kyrgyz_exports_agree(found: dict[str, Any]) -> None:
    for year in range(2017, 2024):
        amounts, verdict = pair(found, "UZB", "exports", year)
        assert verdict == "discrepancy"
        assert (
            0.6
            < amounts["UN Comtrade"] / amounts["National Statistics Committee of Uzbekistan"]
            < 0.75
        )
    for year in range(2014, 2024):
        _, verdict = pair(found, "KGZ", "exports", year)
        assert verdict in ("agree", "within rounding", "within tolerance")


def test_the_page_has_the_numbers_of_the_run(found: dict[str, Any]) -> None:
    page = (ROOT / "docs/demonstration.md").read_text(encoding="utf-8")
    for year in range(2018, 2024):
        for amount in pair(found, "KAZ", "imports", year)[0].values():
            assert f"{amount:,.1f}" in page, (year, amount)
    verdicts = [case["verdict"] for case in found["cases"]]
    assert f"{len(found['figures']):,} figures" in page and f"{len(verdicts):,} cases" in page
    assert (
        f"{verdicts.count('agree')} agree" in page
        and f"{verdicts.count('discrepancy')} are discrepancies" in page
    )


def test_no_group_is_compared_as_a_country(found: dict[str, Any]) -> None:
    worst = max(
        (c for c in found["cases"] if c["verdict"] == "discrepancy"), key=lambda c: abs(c["gap"])
    )
    assert set(worst["areas"]) == {"KAZ", "CHN"}
