"""The report of the example holds one table by country that adds up."""

from __future__ import annotations

import pytest

from reconcile import run as stages
from reconcile.commands.reading import read_inputs
from reconcile.result import Basis


def test_the_example_balances_to_one_table_by_country() -> None:
    found = stages.run(read_inputs(()), Basis())
    table = found.accounts[
        (found.accounts["flow"] == "turnover") & (found.accounts["period"] == "2024")
    ]
    balanced = table.set_index(["area_a", "area_b"])["balanced"]
    members = [balanced[("CHN", code)] for code in ("KAZ", "KGZ", "TJK", "TKM", "UZB")]
    assert sum(members) == pytest.approx(balanced[("CHN", "C_ASIA")], rel=1e-9)
    assert (table["low"] <= table["balanced"]).all()
    assert (table["balanced"] <= table["high"]).all()
    assert not found.constraints["unmet"].any()


def test_a_large_file_is_left_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "BALANCED_AT_MOST", 5)
    found = stages.run(read_inputs(()), Basis())
    assert found.accounts.empty
    assert found.constraints.empty
