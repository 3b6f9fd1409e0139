"""`reconcile balance` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from reconcile.balance import methods
from reconcile.cli import cli

HEAD = "reporter,partner,flow,period,value,unit,source\n"


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["balance", *arguments])


def _mirror(folder: Path) -> Path:
    path = folder / "mirror.csv"
    codes = ["CHN", "KAZ", "KGZ", "UZB"]
    lines = [
        f"{one},{other},{flow},2024,{100 + 7 * n + 13 * k + (9 if flow == 'M' else 0)},million USD,{one} customs"
        for n, one in enumerate(codes)
        for k, other in enumerate(codes)
        if one != other
        for flow in "XM"
    ]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_example_gives_one_table_by_country_that_adds_up(tmp_path: Path) -> None:
    out = tmp_path / "balanced.csv"
    run = _run("-o", str(out))
    assert run.exit_code == 0, run.output
    table = pd.read_csv(out)
    china = table[
        (table["area_a"] == "CHN") & (table["period"] == "2024") & (table["flow"] == "turnover")
    ]
    by_area = china.set_index("area_b")
    members = by_area.drop(index="C_ASIA")
    assert set(members.index) == {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    assert by_area["balanced"]["C_ASIA"] == pytest.approx(members["balanced"].sum(), rel=1e-9)
    assert 66.2e9 < by_area["balanced"]["C_ASIA"] < 94.8e9
    assert (table["low"] <= table["balanced"]).all()
    assert (table["balanced"] <= table["high"]).all()
    for row in by_area.itertuples():
        assert row.low <= row.lowest + 1e-6 * row.lowest
        assert row.high >= row.highest - 1e-6 * row.highest
    assert "Kyrgyzstan" in run.output


def test_check_only_moves_nothing_and_exits_1_where_figures_miss(tmp_path: Path) -> None:
    out = tmp_path / "checked.json"
    run = _run("--check-only", "-o", str(out))
    assert run.exit_code == 1
    assert "missed by" in run.output
    made = json.loads(out.read_text(encoding="utf-8"))
    assert all(row["moved"] == 0 for row in made["figures"])
    assert any(row["unmet"] for row in made["constraints"])


def test_the_users_constraints_hold_and_contradictions_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("# mine\nedb-kaz = 30000000000\n", encoding="utf-8")
    out = tmp_path / "out.json"
    assert _run("--constraints", str(path), "-o", str(out)).exit_code == 0
    values = {row["id"]: row for row in json.loads(out.read_text(encoding="utf-8"))["figures"]}
    assert values["edb-kaz"]["value_out"] == pytest.approx(30e9)
    assert values["gacc-kaz"]["value_out"] == pytest.approx(30e9)
    path.write_text("one: edb-kaz = 30e9\ntwo: edb-kaz = 31e9\n", encoding="utf-8")
    run = _run("--constraints", str(path))
    assert run.exit_code == 1
    assert "one: cannot hold together with two" in run.output


def test_a_constraint_on_an_unknown_figure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("nobody = 3\n", encoding="utf-8")
    run = _run("--constraints", str(path))
    assert "no figure nobody" in str(run.exception)


def test_turnover_is_exports_plus_imports_within_one_file(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text(
        HEAD + "CHN,KAZ,T,2024,44,billion USD,GACC\nCHN,KAZ,X,2024,30,billion USD,GACC\n"
        "CHN,KAZ,M,2024,12,billion USD,GACC\n", encoding="utf-8",
    )  # fmt: skip
    out = tmp_path / "out.json"
    assert _run(str(path), "-o", str(out)).exit_code == 0
    rows = json.loads(out.read_text(encoding="utf-8"))["figures"]
    t, x, m = (row["value_out"] for row in rows)
    assert t == pytest.approx(x + m)
    assert x > 30e9
    assert t < 44e9


@pytest.mark.parametrize("name", ["mean", "variance", "causes_first", "baci"])
def test_a_method_balances_every_pair_of_a_file(name: str, tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    run = _run(str(_mirror(tmp_path)), "--method", name, "-o", str(out))
    assert run.exit_code == 0, run.output
    table = pd.read_csv(out)
    assert len(table) == 12
    assert set(table["evidence"]) == {"both"}
    assert (table["low"] <= table["balanced"]).all()
    assert f"method {name}" in run.output
    if name == "mean":
        row = table[(table["exporter"] == "CHN") & (table["importer"] == "KAZ")].iloc[0]
        assert row["balanced"] == pytest.approx((113e6 + 116e6 / 1.06) / 2)


def test_the_list_of_methods_and_an_unknown_one() -> None:
    run = _run("--method", "list")
    assert run.exit_code == 0
    assert all(name in run.output for name in methods())
    assert "guess is unknown" in str(_run("--method", "guess").exception)
    assert _run("--method", "mean", "--check-only").exit_code == 2


@pytest.mark.parametrize("suffix", ["xlsx", "json", "csv", "parquet"])
def test_every_format_is_written_and_twice_the_same(suffix: str, tmp_path: Path) -> None:
    one, two = (tmp_path / f"{name}.{suffix}" for name in ("one", "two"))
    for path in (one, two):
        assert _run("-o", str(path), "--quiet").output == ""
    assert one.read_bytes() == two.read_bytes()
    if suffix == "xlsx":
        assert set(pd.ExcelFile(one, engine="openpyxl").sheet_names) >= {
            "Balanced",
            "Figures",
            "Constraints",
        }


def test_a_file_of_turnovers_has_no_pairs(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text(HEAD + "CHN,KAZ,T,2024,44,billion USD,GACC\n", encoding="utf-8")
    assert "no exports or imports" in str(_run(str(path), "--method", "mean").exception)
