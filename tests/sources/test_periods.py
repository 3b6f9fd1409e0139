"""Periods: the days they cover, one canonical text a span, and what is refused."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.periods import Period, months, parse, parse_column, text, year


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("2024", "2024"),
        ("2024-03", "2024-03"),
        ("2024-Q1", "2024-Q1"),
        ("2024-H1", "2024-H1"),
        ("2024-01..2024-09", "2024-01..2024-09"),
        ("2023-07..2024-06", "2023-07..2024-06"),
        # one span, one text
        ("2024-01..2024-12", "2024"),
        ("2024-01..2024-03", "2024-Q1"),
        ("2024-07..2024-12", "2024-H2"),
        ("2024-05..2024-05", "2024-05"),
        ("2024-02..2024-04", "2024-02..2024-04"),
        # publishers
        ("202403", "2024-03"),
        ("2024M03", "2024-03"),
        ("2024M3", "2024-03"),
        ("2024Q1", "2024-Q1"),
        ("2024 Q4", "2024-Q4"),
        ("Q1 2024", "2024-Q1"),
        ("2024S1", "2024-H1"),
        ("H2 2024", "2024-H2"),
        ("03/2024", "2024-03"),
        ("2024/03", "2024-03"),
        ("2024.03", "2024-03"),
        ("Jan.-Dec. 2018", "2018"),
        ("202408-Aug. 2024", "2024-08"),
        ("201952-Jan.-Dec. 2019", "2019"),
        ("January–November 2024", "2024-01..2024-11"),
        ("Jan-Nov 2024", "2024-01..2024-11"),
        ("Jul 2023 - Jun 2024", "2023-07..2024-06"),
        ("Mar 2024", "2024-03"),
        ("September 2024", "2024-09"),
        ("11 months of 2024", "2024-01..2024-11"),
        ("2024p", "2024"),
        ("2024 (e)", "2024"),
        ("2024.0", "2024"),
        ("2023..2024", "2023-01..2024-12"),
        ("2024-01..09", "2024-01..2024-09"),
        # languages
        ("2024 г.", "2024"),
        ("2024 год", "2024"),
        ("январь-ноябрь 2024", "2024-01..2024-11"),
        ("январь-ноябрь 2024 г.", "2024-01..2024-11"),
        ("в марте 2024", "2024-03"),
        ("за январь-декабрь 2021 года", "2021"),
        ("in 2024", "2024"),
        ("I квартал 2024 года", "2024-Q1"),
        ("1 полугодие 2024", "2024-H1"),
        ("за 11 месяцев 2024 года", "2024-01..2024-11"),
        ("2024 жыл", "2024"),
        ("қаңтар 2024", "2024-01"),
        ("2024年", "2024"),
        ("2024年3月", "2024-03"),
        ("2024年1-11月", "2024-01..2024-11"),
        ("2024年1至11月", "2024-01..2024-11"),
        ("2024年前11个月", "2024-01..2024-11"),
        ("2024年第一季度", "2024-Q1"),
        ("2024年上半年", "2024-H1"),
        ("２０２４年", "2024"),
        ("٢٠٢٤", "2024"),
        ("عام 2024", "2024"),
        ("يناير 2024", "2024-01"),
        ("janvier-mars 2024", "2024-Q1"),
        ("März 2024", "2024-03"),
        ("enero de 2024", "2024-01"),
        ("janeiro-setembro 2024", "2024-01..2024-09"),
        ("Ocak-Kasım 2024", "2024-01..2024-11"),
        # dates that can stand for one period only
        ("2024-03-31", "2024-03"),
        ("2024-03-01 00:00:00", "2024-03"),
        ("29.02.2024", "2024-02"),
        ("2024-01-01..2024-09-30", "2024-01..2024-09"),
        ("45352", "2024-03"),
    ],
)
def test_periods(printed: str, canonical: str) -> None:
    assert parse(printed).text == canonical
    assert parse(canonical) == parse(printed)


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ("", "is empty"),
        ("2024-13", "no month 13"),
        ("2024-00", "no month 00"),
        ("202413", "no month 13"),
        ("1500", "Hijri"),
        ("1445", "Hijri"),
        ("2567", "Buddhist calendar (2024"),
        ("3024", "outside the years 1800 to 2100"),
        ("1799", "outside the years"),
        ("2024-05..2024-02", "ends before it begins"),
        ("2024..2023", "ends before it begins"),
        ("2023/24", "fiscal year"),
        ("2011/12", "fiscal year"),
        ("2023-24", "fiscal year"),
        ("2023-2024", "fiscal year"),
        ("FY2024", "fiscal year"),
        ("2024-03-15", "single day"),
        ("2024-02-30", "no day 30"),
        ("2024-12-31", "may stand for the year 2024 or for the month 2024-12"),
        ("2024-01-01", "may stand for the year 2024 or for the month 2024-01"),
        ("2024-01-15..2024-09-30", "whole months"),
        ("24", "two digits"),
        ("2024-3", "one digit"),
        ("2023 1", "not understood"),
        ("2024-Q5", "not understood"),
        ("2024-W05", "not understood"),
        ("Total", "not understood"),
        ("20245", "single day"),
        ("99999", "not understood"),
    ],
)
def test_refused_with_what_is_accepted(printed: str, says: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse(printed)
    assert says in str(caught.value)
    assert "Accepted: 2024, 2024-03" in str(caught.value) or "Write " in str(caught.value)


DAYS = st.tuples(st.integers(1800, 2100), st.integers(1, 12))


@given(DAYS, DAYS)
def test_every_span_of_months_is_written_and_read_back(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, last = sorted((one, other))
    start = dt.date(*first, 1)
    end = dt.date(*last, monthrange(*last)[1])
    period = parse(text(start, end))
    assert (period.start, period.end) == (start, end)
    assert (year(period) is None) == (first[0] != last[0])
    assert months(period) == (last[0] - first[0]) * 12 + last[1] - first[1] + 1


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_a_plain_message(printed: str) -> None:
    try:
        period = parse(printed)
    except ValueError as error:
        assert str(error).startswith("the period ")
    else:
        assert period.start <= period.end


def test_text_of_days_that_are_no_months() -> None:
    with pytest.raises(ValueError, match="whole months"):
        text(dt.date(2024, 1, 2), dt.date(2024, 1, 31))
    with pytest.raises(ValueError, match="whole months"):
        text(dt.date(2024, 2, 1), dt.date(2024, 1, 31))


def test_year_and_days() -> None:
    assert parse("2024-Q1") == Period(dt.date(2024, 1, 1), dt.date(2024, 3, 31), "2024-Q1")
    assert year(parse("2024-Q1")) == 2024
    assert year(parse("2023-07..2024-06")) is None
    assert parse("2024-02").end == dt.date(2024, 2, 29)


# --- columns --------------------------------------------------------------------------------


def test_columns_keep_their_index_and_list_problems() -> None:
    column = parse_column(pd.Series(["2024", "x", None, 2023.0, 2022], index=list("abcde")))
    assert column.index.tolist() == list("abcde")
    assert column["text"].tolist() == ["2024", "", "", "2023", "2022"]
    assert column["start"]["a"] == "2024-01-01" and column["end"]["a"] == "2024-12-31"
    assert column["problem"].str.len().gt(0).tolist() == [False, True, True, False, False]
    assert parse_column([]).empty


@pytest.mark.parametrize(
    ("dates", "texts"),
    [
        (["2022-12-31", "2023-12-31"], ["2022", "2023"]),
        (["2022-01-01", "2023-01-01"], ["2022", "2023"]),
        (["2024-11-30", "2024-12-31"], ["2024-11", "2024-12"]),
        (["2024-01-01", "2024-02-01"], ["2024-01", "2024-02"]),
        ([44562, 44927.0], ["2022", "2023"]),
        ([dt.date(2024, 1, 1), dt.datetime(2024, 2, 1)], ["2024-01", "2024-02"]),
        (["2024-12-31", "2024-12-31"], ["", ""]),
    ],
)
def test_a_column_of_dates_shows_what_its_dates_stand_for(
    dates: list[object], texts: list[str]
) -> None:
    assert parse_column(dates)["text"].tolist() == texts


def test_spreadsheet_dates_with_gaps() -> None:
    column = parse_column(pd.to_datetime(pd.Series(["2024-01-01", None, "2024-02-01"])))
    assert column["text"].tolist() == ["2024-01", "", "2024-02"]


def test_a_column_of_fiscal_years_is_not_read_as_months() -> None:
    doubtful = parse_column(["2009-10", "2010-11", "2011-12"])
    assert doubtful["text"].tolist() == ["", "", ""]
    assert all("fiscal years" in problem for problem in doubtful["problem"])
    assert parse_column(["2010-11", "2010-12"])["text"].tolist() == ["2010-11", "2010-12"]
    assert parse_column(["2010-11"])["text"].tolist() == ["2010-11"]
