"""The bundled example: what an economist must find in it, as numbers computed from the printed figures."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from reconcile.commands.reading import read_inputs
from reconcile.result import Basis, Result
from reconcile.run import run

BN = 1e9
MAIN = "mirror-C_ASIA-CHN-turnover-2024"


@pytest.fixture(scope="module")
def result() -> Result:
    """The example on its default basis: US dollars, current prices."""
    return run(read_inputs(()), Basis())


@pytest.fixture(scope="module")
def at_2024_prices() -> Result:
    """The example at the prices of 2024."""
    return run(read_inputs(()), Basis(prices=2024))


def case(result: Result, key: str) -> pd.Series:
    return result.cases.set_index("id", drop=False).loc[key]


def amount(result: Result, key: str) -> float:
    return float(result.figures.set_index("id").at[key, "amount"]) / BN


def said(result: Result, code: str) -> list[str]:
    found = result.findings[result.findings["code"] == code]
    return list(found["message"])


def test_the_headline_gap_on_every_base(result: Result) -> None:
    row = case(result, MAIN)
    assert row["lowest"] / BN == pytest.approx(66.2)
    assert row["highest"] / BN == pytest.approx(94.8)
    assert row["gap"] / BN == pytest.approx(28.6)
    assert row["gap_pct_mean"] == pytest.approx(100 * 28.6 / 80.5)  # 35.5
    assert row["gap_pct_lowest"] == pytest.approx(100 * 28.6 / 66.2)  # 43.2
    assert row["gap_pct_highest"] == pytest.approx(100 * 28.6 / 94.8)  # 30.2
    assert row["log_ratio"] == pytest.approx(math.log(94.8 / 66.2))
    assert row["verdict"] == "discrepancy"


def test_a_newspaper_that_quotes_an_office_is_no_second_source(result: Result) -> None:
    origin = result.figures.set_index("id")["origin"]
    assert origin["article-china-region"] == origin["edb-total"] == "EDB"
    assert origin["article-china-customs"] == origin["gacc-total"] == "GACC"
    among_one_side = result.cases[
        (result.cases["kind"] == "rival") & (result.cases["period"] == "2024") & (result.cases["note"] != "one source in two currencies")
    ]  # fmt: skip
    assert ("C_ASIA", "CHN") not in set(among_one_side["areas"])
    assert len(said(result, "SAME_ORIGIN")) == 2


def test_where_the_gap_sits(result: Result) -> None:
    members = result.members[result.members["case"] == MAIN].set_index("area")["gap"] / BN
    assert members["KAZ"] == pytest.approx(13.72)
    assert members["KGZ+TJK"] == pytest.approx(19.07)
    assert members["UZB"] == pytest.approx(-4.22)
    assert members["TKM"] == pytest.approx(0.05)
    assert members.sum() == pytest.approx(94.82 - 66.2)
    # the printed totals are exact to 0.05 bn each
    assert abs(members.sum() - 28.6) < 0.1
    assert (
        "without regard to sign the members differ by 37.06 billion USD"
        in said(result, "OFFSETTING")[0]
    )


def test_the_two_without_a_printed_figure_follow_by_subtraction_with_their_parents(
    result: Result,
) -> None:
    row = result.members[
        (result.members["case"] == MAIN) & (result.members["area"] == "KGZ+TJK")
    ].iloc[0]
    steps = result.ledger[result.ledger["figure"] == row["figure_a"]]
    assert list(zip(steps["op"], steps["parent"])) == [
        ("+", "edb-total"), ("−", "edb-kaz"), ("−", "edb-uzb"), ("−", "edb-tkm"),
    ]  # fmt: skip
    assert steps["after"].iloc[-1] / BN == pytest.approx(7.5)


def test_the_bank_contradicts_both_parties_on_uzbekistan(result: Result) -> None:
    text = said(result, "OUTLIER")
    assert len(text) == 1
    for part in ("EDB, 18.0 billion USD", "12.4", "13.78"):
        assert part in text[0]


def test_the_bank_copies_the_turkmen_mirror(result: Result) -> None:
    found = result.findings[result.findings["code"] == "MIRROR_COPY"]
    assert list(found["figures"]) == [("edb-tkm", "gacc-tkm")]


def test_the_national_offices_sum(result: Result) -> None:
    row = case(result, "parts-CHN-C_ASIA-turnover-2024-2")
    made = result.figures.set_index("id").loc[row["figure_b"]]
    assert made["amount"] / BN == pytest.approx(30.1 + 12.4 + 5.3 + 1.96 + 10.65)  # 60.41
    assert "TKM from the mirror" in made["note"]
    assert row["gap"] / BN == pytest.approx(60.41 - 66.2)


def test_freight_and_insurance_cannot_explain_a_gap_of_this_sign(result: Result) -> None:
    found = result.findings[result.findings["code"] == "VALUATION_SIGN"]
    assert MAIN in set(found["case"])
    claims = result.causes[
        (result.causes["case"] == MAIN) & result.causes["cause"].str.startswith("valuation")
    ]
    assert claims["amount"].abs().sum() == 0


def test_44_is_for_2023_and_never_beside_2024(result: Result, at_2024_prices: Result) -> None:
    for row in result.cases.to_dict("records"):
        periods = set(result.figures.set_index("id").loc[list(row["figures"]), "period"])
        assert len(periods) == 1, row["id"]
    assert any("44.0 billion USD is for 2023" in text for text in said(result, "PERIOD_DIFFERS"))
    assert amount(result, "article-russia") == pytest.approx(44)
    moved = amount(at_2024_prices, "article-russia")
    assert moved == pytest.approx(44 * 313.689 / 304.702)  # 45.3
    steps = at_2024_prices.ledger[at_2024_prices.ledger["figure"] == "article-russia"]
    assert list(steps["assumption"])[-2:] == ["cpi-USA-2023", "cpi-USA-2024"]
    own = case(at_2024_prices, "mirror-RUS-C_ASIA-turnover-2024")
    assert set(own["figures"]) == {"ru-putin", "kz-tokayev"}


def test_64_has_no_printed_currency_and_the_ranking_depends_on_it(result: Result) -> None:
    text = said(result, "CURRENCY_ASSUMED")
    assert len(text) == 1
    assert "were it EUR, it would be 69.27 billion USD" in text[0]
    rank = said(result, "RANK_DEPENDS")
    assert len(rank) == 1
    assert "66.2 billion USD" in rank[0]
    assert "69.27 billion USD" in rank[0]


def test_one_total_in_two_currencies_implies_a_rate(result: Result) -> None:
    row = case(result, "rival-C_ASIA-CHN-turnover-2024")
    assert row["lowest"] / BN == pytest.approx(674.15 / 7.1975)  # 93.66
    assert row["gap_pct_mean"] == pytest.approx(-1.226, abs=1e-3)
    claim = result.causes[
        (result.causes["case"] == row["id"]) & (result.causes["cause"] == "exchange rate")
    ]
    assert claim["amount"].iloc[0] == pytest.approx(row["gap"])
    assert "7.110 CNY per USD" in claim["note"].iloc[0]


def test_january_to_november_adds_up_within_rounding(result: Result) -> None:
    row = case(result, "parts-CHN-C_ASIA-turnover-2024-01..2024-11")
    assert row["gap"] / BN == pytest.approx(58.32 + 27.3 - 85.58)
    assert row["verdict"] == "within rounding"


def test_approximate_words_widen_the_interval(result: Result) -> None:
    figures = result.figures.set_index("id")
    about = figures.loc["article-eu"]
    assert (about["low"], about["high"]) == (pytest.approx(64 - 1.6), pytest.approx(64 + 1.6))
    over = figures.loc["ru-putin"]
    assert (over["low"], over["high"]) == (pytest.approx(45), pytest.approx(45 + 2.25))
    exact = figures.loc["edb-kaz"]
    assert (exact["low"], exact["high"]) == (pytest.approx(30.05), pytest.approx(30.15))


def test_parts_and_residual_equal_the_gap_exactly(result: Result) -> None:
    claimed = result.causes.groupby("case")["amount"].sum()
    for row in result.cases[result.cases["gap"].notna()].to_dict("records"):
        whole = claimed.get(row["id"], 0.0) + row["residual"]
        assert whole == pytest.approx(row["gap"], rel=1e-12, abs=1e-3)


def test_every_chain_ends_at_a_printed_text(result: Result) -> None:
    figures = result.figures.set_index("id")
    parents = result.ledger[result.ledger["parent"] != ""].groupby("figure")["parent"].agg(list)
    open_ids, seen = list(figures.index), set[str]()
    while open_ids:
        key = open_ids.pop()
        if key in seen:
            continue
        seen.add(key)
        if figures.at[key, "derived"]:
            assert parents[key]
            open_ids += parents[key]
        else:
            assert figures.at[key, "printed"]
            assert figures.at[key, "place"]


def test_the_typed_example_is_the_one_collected(shared: Path) -> None:
    """The bundled figures are those of the folder of publishers' files, number by number."""
    collected = pd.read_csv(
        shared / "example" / "central_asia_2024.csv",
        dtype=str,
        keep_default_na=False,  # type: ignore[operator]
    ).set_index("id")
    bundled = read_inputs(())[0].figures.set_index("id")
    assert set(collected.index) == set(bundled.index)
    for name in ("reporter", "partner", "flow", "period", "source", "status"):
        assert collected[name].to_dict() == bundled[name].to_dict()
    assert collected["value"].astype(float).to_dict() == bundled["value"].to_dict()
