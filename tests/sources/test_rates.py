"""Rates: the typed values, the order of tables, and errors that say how to supply what is missing."""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sources import rates
from sources.errors import InputError, MissingRate
from sources.rates import deflator, lookup, read_assumptions

Y2024 = (date(2024, 1, 1), date(2024, 12, 31))
TO_NOVEMBER = ("2024-01-01", "2024-11-30")


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _user(**values: float) -> pd.DataFrame:
    rows = [(key.replace("_", "-"), value) for key, value in values.items()]
    return pd.DataFrame(rows, columns=["id", "value"])


@pytest.mark.parametrize(
    ("currency", "year", "value"),
    [
        ("EUR", 2023, 0.9248),
        ("EUR", 2024, 0.9239),
        ("CNY", 2023, 7.0840),
        ("CNY", 2024, 7.1975),
        ("RUB", 2023, 85.162),
        ("RUB", 2024, 92.552),
        ("KZT", 2024, 468.96),
        ("KGS", 2024, 87.150),
        ("UZS", 2024, 12652.3),
        ("TJS", 2024, 10.7995),
        ("TMT", 2024, 3.50),
        ("RUB", 2022, 68.4849),
        ("SAR", 2015, 3.75),
    ],
)
def test_typed_rates(currency: str, year: int, value: float) -> None:
    rate = lookup(currency, *_year(year))
    assert rate["value"] == rate["low"] == rate["high"] == value
    assert rate["id"] == f"fx-{currency}-{year}"
    assert rate["unit"] == f"{currency} per USD"
    assert rate["source"] and rate["kind"]


@pytest.mark.shared
def test_typed_rates_are_those_of_the_example(shared: Path) -> None:
    with (shared / "example" / "rates.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["id"].startswith("fx-"):
                assert lookup(row["currency"], *_year(int(row["year"])))["value"] == float(
                    row["per_usd"]
                )
            else:
                assert deflator("USA", int(row["year"]))["value"] == float(row["per_usd"])


@pytest.mark.shared
def test_typed_rates_agree_with_the_imf_file(shared: Path) -> None:
    table = pd.read_csv(shared / "fx" / "imf_exchangerates_A_ENDA_USD.csv", keep_default_na=False)
    table["year"] = table["Date"].str[:4].astype(int)
    published: dict[tuple[str, int], list[float]] = {}
    for code, year, value in zip(table["Currency"], table["year"], table["Rate"]):
        published.setdefault((code, year), []).append(float(value))
    checked = 0
    for (code, year), row in rates._typed().items():
        if row["kind"] != "period average" or "divided" in row["source"] or code == "TMM":
            continue
        near = [abs(float(row["per_usd"]) / value - 1) for value in published[code, year]]
        assert min(near) < 1e-4, (code, year)
        checked += 1
    assert checked > 400


def test_the_central_asian_currencies_have_their_years() -> None:
    assert rates.known("KZT") == rates.known("KGS") == rates.known("TJS") == list(range(1995, 2025))
    gaps = set(range(1995, 2025)) - set(rates.known("UZS"))
    assert gaps == set(range(2001, 2010))
    assert set(range(2009, 2025)) <= set(rates.known("TMT"))


def test_the_dollar_needs_no_rate() -> None:
    assert lookup("USD", *_year(1970))["value"] == 1.0


def test_the_users_table_comes_first() -> None:
    user = _user(fx_CNY_2024=7.0)
    assert lookup("CNY", *Y2024, user)["value"] == 7.0
    part = lookup("CNY", *TO_NOVEMBER, user)
    assert (part["value"], part["kind"]) == (7.0, "annual average used for part of the year")
    exact = pd.DataFrame(
        [
            [
                "fx-CNY-2024-01..2024-11",
                7.2,
                7.1,
                7.3,
                "CNY per USD",
                "SAFE",
                "2024-11",
                "period average",
            ]
        ],
        columns=rates.FIELDS,
    )
    assert lookup("CNY", *TO_NOVEMBER, exact) == dict(zip(rates.FIELDS, exact.iloc[0]))
    assert lookup("EUR", *Y2024, user)["value"] == 0.9239


def test_the_typed_table_comes_before_the_library() -> None:
    assert lookup("CNY", *Y2024)["kind"] == "period average"
    library = lookup("BRL", *_year(2022))
    assert "ECB" in library["source"]
    assert library["value"] == pytest.approx(5.167, abs=0.002)


def test_the_library_agrees_with_the_typed_euro() -> None:
    for year in (2013, 2022, 2024):
        mean = rates._daily_mean("EUR", *_year(year))
        # the IMF inverts the mean of USD per EUR; the mean of the inverses lies a little above it
        assert mean == pytest.approx(lookup("EUR", *_year(year))["value"], rel=3e-3)


def test_part_of_a_year() -> None:
    yuan = lookup("CNY", *TO_NOVEMBER)
    assert yuan["id"] == "fx-CNY-2024-01..2024-11"
    assert yuan["kind"] == "mean of daily rates"
    assert yuan["value"] == pytest.approx(7.188, abs=0.002)
    tenge = lookup("KZT", *TO_NOVEMBER)
    assert (tenge["value"], tenge["kind"]) == (468.96, "annual average used for part of the year")


def test_a_library_that_stops_within_the_period_is_not_used() -> None:
    rouble = lookup("RUB", "2022-01-01", "2022-06-30")  # the ECB stopped quoting on 1 March 2022
    assert (rouble["value"], rouble["kind"]) == (
        68.4849,
        "annual average used for part of the year",
    )
    assert rates._daily_mean("RUB", *_year(2022)) is None


def test_a_fiscal_year_weighs_its_calendar_years_by_months() -> None:
    rate = lookup("KZT", "2023-07-01", "2024-06-30")
    assert rate["value"] == pytest.approx((456.165 + 468.96) / 2, rel=1e-6)
    assert rate["kind"] == "annual averages weighted by months"
    assert rate["id"] == "fx-KZT-2023-07..2024-06"
    user = _user(fx_KZT_2023=400.0)
    assert lookup("KZT", "2023-07-01", "2024-06-30", user)["value"] == pytest.approx(
        (400 + 468.96) / 2
    )


@pytest.mark.parametrize(
    ("currency", "year"),
    [("UZS", 2005), ("TMT", 2005), ("XXX", 2024), ("BRL", 2001), ("KZT", 2025), ("CNY", 1985)],
)
def test_a_missing_rate_says_how_to_supply_it(currency: str, year: int) -> None:
    with pytest.raises(MissingRate) as caught:
        lookup(currency, *_year(year))
    message = str(caught.value)
    assert f"of {currency} for {year}" in message
    assert f"fx-{currency}-{year}" in message and "--assumptions" in message
    assert caught.value.exit_code == 2
    supplied = _user(**{f"fx_{currency}_{year}": 3.0})
    assert lookup(currency, *_year(year), supplied)["value"] == 3.0


def test_a_missing_rate_of_part_of_a_year_names_both_ids() -> None:
    with pytest.raises(MissingRate, match=r"fx-UZS-2005 \(or fx-UZS-2005-Q1\)"):
        lookup("UZS", "2005-01-01", "2005-03-31")


def test_deflators() -> None:
    assert deflator("USA", 2023)["value"] == 304.702
    assert deflator("USA", 2024)["value"] == 313.689
    assert deflator("USA", 2024)["id"] == "cpi-USA-2024"
    assert [deflator("USA", year)["value"] > 0 for year in range(1990, 2026)]
    assert deflator("USA", 2024, _user(cpi_USA_2024=300.0))["value"] == 300.0
    with pytest.raises(MissingRate, match="cpi-KAZ-2023"):
        deflator("KAZ", 2023)
    with pytest.raises(MissingRate, match="holds 1990 to 2025"):
        deflator("USA", 1980)


# --- the user's table ---------------------------------------------------------------------------


def _write(folder: Path, text: str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_reading_assumptions(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "\ufeffid;value;high\nfx-CNY-2024;7.1975;8\n\ncif-fob;1.06;\ncpi-USA-2024;313.689;\n",
    )
    table = read_assumptions(path)
    assert table["id"].tolist() == ["fx-CNY-2024", "cif-fob", "cpi-USA-2024"]
    assert table["value"].tolist() == [7.1975, 1.06, 313.689]
    assert table["low"].tolist() == [7.1975, 1.06, 313.689]
    assert table["high"].tolist() == [8, 1.06, 313.689]
    rate = lookup("CNY", *Y2024, table)
    assert (rate["value"], rate["low"], rate["high"]) == (7.1975, 7.1975, 8)
    assert rate["source"] == "the user's assumptions"


def test_reading_a_workbook_with_a_title_above(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        pd.DataFrame([["x"]]).to_excel(book, sheet_name="Summary", header=False, index=False)
        rows = [
            ["Assumptions", None, None],
            ["id", "value", "source"],
            ["fx-KZT-2024", 468.961, "IMF"],
        ]
        pd.DataFrame(rows).to_excel(book, sheet_name="Assumptions", header=False, index=False)
    table = read_assumptions(path)
    assert table[["id", "value", "source"]].values.tolist() == [["fx-KZT-2024", 468.961, "IMF"]]


def test_all_faults_of_a_table_at_once(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "id,value,low,high\nfx-CNY-2024,7.1,,\nfx-CNY-2024,abc,,\n,3,,\nfx-KZT-2024,-1,,\ntolerance,5,6,7\n"
        'fx-A-2024,"1,234",,\nfx-B-2024,,,\nfx-C-2024,inf,,\n',
    )
    with pytest.raises(InputError) as caught:
        read_assumptions(path)
    found = [(problem.place, problem.found) for problem in caught.value.problems]
    for place, says in [
        ("line 3", "abc"),
        ("line 3", "twice, first in line 2"),
        ("line 4", "no id"),
        ("line 5", "-1"),
        ("line 6", "does not hold its value"),
        ("line 7", "1,234"),
        ("line 8", "value"),
        ("line 9", "inf"),
    ]:
        assert any(p == place and says in text for p, text in found), (place, says, found)
    assert all(problem.file == "a.csv" for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("ident,vlaue\na,1\n", "did you mean vlaue"),
        ("", "no column id"),
        ("id,value\n", "holds no assumption"),
    ],
)
def test_a_table_without_its_columns(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_assumptions(_write(tmp_path, content))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_assumptions(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_assumptions(tmp_path)
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(InputError, match="cannot be opened"):
        read_assumptions(tmp_path / "bad.xlsx")
    (tmp_path / "bad.csv").write_bytes("id,value\nfx-É-2024,1\n".encode("cp1252"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_assumptions(tmp_path / "bad.csv")


def test_every_typed_row_has_its_source() -> None:
    for (code, year), row in rates._typed().items():
        assert math.isfinite(float(row["per_usd"])) and float(row["per_usd"]) > 0
        assert row["kind"] and row["source"], (code, year)
