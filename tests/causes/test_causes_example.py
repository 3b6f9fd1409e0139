"""What an economist must find in the bundled example, by causes; and the command that tells it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from reconcile import causes as module
from reconcile.causes.valuation import wrong_sign
from reconcile.commands.explain import text
from reconcile.commands.reading import read_inputs
from reconcile.result import Basis, Result
from reconcile.run import run

WHOLE = "mirror-C_ASIA-CHN-turnover-2024"


@pytest.fixture(scope="module")
def example() -> Result:
    """The result of the bundled example in dollars."""
    return run(read_inputs([]), Basis())


def of(result: Result, case: str, cause: str) -> pd.Series:
    """Give the one row of a cause in a case."""
    rows = result.causes[(result.causes["case"] == case) & (result.causes["cause"] == cause)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_freight_cannot_explain_the_gap(example: Result) -> None:
    """China's turnover is 68 % exports: freight would make Central Asia's figure the larger."""
    claim = of(example, WHOLE, "valuation (CIF/FOB)")
    assert claim["amount"] == 0 and claim["evidence"] == ""
    assert "68 %" in claim["note"]
    assert WHOLE in set(wrong_sign(example.causes)["case"])


def test_the_total_in_yuan(example: Result) -> None:
    """674.15 bn CNY are 93.66 bn USD at the average rate against 94.82 printed: 1.2 %, 7.110 implied."""
    claim = of(example, "rival-C_ASIA-CHN-turnover-2024", "exchange rate")
    assert claim["amount"] == pytest.approx(674.15e9 / 7.1975 - 94.82e9)
    assert claim["evidence"] == "recorded"
    assert "7.110 CNY per USD" in claim["note"] and "1.2 %" in claim["note"]
    case = example.cases.set_index("id").loc["rival-C_ASIA-CHN-turnover-2024"]
    assert case["residual"] == 0


def test_eleven_months_agree_within_rounding(example: Result) -> None:
    """58.32 + 27.3 against a turnover of 85.58: 0.04, inside the rounding of 27.3."""
    claim = of(example, "parts-CHN-C_ASIA-turnover-2024-01..2024-11", "rounding")
    assert claim["amount"] == pytest.approx(0.04e9)
    assert claim["evidence"] == "recorded"


def test_parts_and_residual_are_the_gap(example: Result) -> None:
    """In every case of the example, exactly."""
    cases = example.cases[example.cases["gap"].notna()]
    claimed = example.causes.groupby("case")["amount"].sum().reindex(cases["id"]).fillna(0.0)
    left = cases["gap"].to_numpy() - claimed.to_numpy() - cases["residual"].to_numpy()
    assert abs(left).max() <= 1e-6
    assert (cases["gap"] - cases["explained"] - cases["residual"] == 0).all()


def test_every_expression_is_its_amount(example: Result) -> None:
    """The workbook writes the expressions as formulas."""
    from reconcile.assumptions import Book

    ground = module.ground_of(
        example.cases, example.figures, example.members, Book(example.assumptions)
    )
    told = example.causes[example.causes["expression"] != ""]
    assert len(told)
    for claim in told.to_dict("records"):
        assert module.valued(claim["expression"], ground) == pytest.approx(
            claim["amount"], rel=1e-12
        )


def test_explain_shows_the_way_from_the_printed_text_to_the_residual(example: Result) -> None:
    """Quote, place, steps, gap with its bases, members, causes, residual, needs, sentence."""
    shown = text(example, (WHOLE,))
    for part in (
        "66.2 billion USD", "figures.csv, line 4", "“تبلغ 66,2 مليار دولار", "× 1,000,000,000",
        "35.5 % of their mean, 43.2 % of the lower, 30.2 % of the higher", "discrepancy",
        "Uzbekistan: -4.22 billion", "wrong sign: 68 %", "Residual, which no cause claims: 28.6 billion",
        "other causes would need", "re-exports", "In words: No cause claims any part of the gap of 28.6",
    ):  # fmt: skip
        assert part in shown, part
    assert "mirror-KAZ" not in shown


def test_explain_shows_the_largest_gaps_first_and_counts_the_rest(example: Result) -> None:
    """Two of the gaps."""
    shown = text(example, (), 2)
    assert shown.index("28.6 billion") < shown.index("19.07 billion")
    count = int((example.cases["gap"].notna() & (example.cases["verdict"] != "agree")).sum())
    assert f"{count - 2} smaller gaps are not shown" in shown


FILE = """reporter,partner,flow,period,value,unit,source,coverage
China,Canada,exports,2014,30.0,billion USD,GACC,
Canada,China,imports,2014,53.1,billion USD,Statistics Canada,
China,Canada,exports,2013,15.0,billion USD,GACC,
Canada,China,imports,2013,16.1,billion USD,Statistics Canada,
Hong Kong,Canada,re-exports,2014,22.0,billion USD,Census and Statistics Department,origin: China
"""


def test_explain_on_the_command_line(tmp_path: Path) -> None:
    """Canada and China: 22 through Hong Kong, 1.1 of freight cut from 1.8; freight first would have got 1.8."""

    from reconcile.cli import cli

    path = tmp_path / "figures.csv"
    path.write_text(FILE, encoding="utf-8")
    runner = CliRunner()
    done = runner.invoke(cli, ["explain", str(path), "--case", "mirror-CHN-CAN-exports-2014"])
    assert done.exit_code == 0, done.output
    assert "passed through Hong Kong (recorded), 1.1 is CIF/FOB (assumed)." in done.output
    assert "In another order:" in done.output
    assert (
        "valuation (CIF/FOB): 1.8 billion if it claimed first, 1.1 billion if last" in done.output
    )


def test_an_unknown_case_is_named_with_the_nearest(example: Result) -> None:
    """A slip in the id."""
    from sources.errors import InputError

    with pytest.raises(InputError) as caught:
        text(example, ("mirror-C_ASIA-CHN-turnover-2042", WHOLE))
    assert WHOLE in str(caught.value)


def test_china_and_its_neighbours_2015_to_2018(shared: Path) -> None:
    """IMF pairs with Hong Kong: the laws hold on every case, and Hong Kong's gap is no freight.

    Hong Kong says it sent 278 billion dollars more to China in 2015 than China counts from it.
    """
    file = shared / "china_central_asia" / "derived_DOTS_mirror_CHN_CA_RUS_MNG_HKG_2015_2018.csv"
    result = run(read_inputs([str(file)]), Basis())
    cases = result.cases[result.cases["gap"].notna()]
    assert len(cases) > 100
    assert (cases["gap"] - cases["explained"] - cases["residual"] == 0).all()
    assert (cases["residual"] * cases["gap"] >= 0).all()
    hong_kong = "mirror-HKG-CHN-exports-2015"
    assert hong_kong in set(wrong_sign(result.causes)["case"])
    freight = result.causes[result.causes["cause"] == "valuation (CIF/FOB)"]
    gaps = cases.set_index("id")["gap"]
    granted = freight[freight["amount"] != 0]
    assert len(granted) > 20 and (gaps.loc[granted["case"]] > 0).all()
