"""Findings on figures that do not meet: groups of other members, commodities of other levels."""

from __future__ import annotations

from build import codes, only, result

COMMODITY = "commodity,classification"
OLD, NEW = "European Union (28 members)", "European Union (27 members since 2020)"


def test_two_groups_of_other_members_are_named_once_a_pair_of_sources() -> None:
    found = result(
        "KAZ,EU28,exports,2019,31,billion USD,Office", "EU27,KAZ,imports,2019,26,billion USD,Eurostat",
        "KAZ,EU28,exports,2018,30,billion USD,Office", "EU27,KAZ,imports,2018,25,billion USD,Eurostat",
    )  # fmt: skip
    row = only(found.findings, code="COVERAGE_DIFFERS")
    for part in (
        f"Office reports for {OLD}, Eurostat for {NEW}",
        f"{OLD} counts also United Kingdom.",
        "2 figures of the first, together 61.0 billion USD, and 2 of the second, 51.0 billion USD",
        "exports with Kazakhstan, 2019: 31.0 billion USD against 26.0 billion USD; not compared",
    ):
        assert part in row["message"], row["message"]
    assert "take United Kingdom from the larger group" in row["advice"]
    assert set(row["figures"]) == set(found.figures["id"])
    assert (row["file"], row["place"]) == ("figures.csv", "line 2, line 4, line 3, line 5")
    assert found.cases["gap"].isna().all()


def test_groups_that_meet_or_that_nobody_confuses_raise_nothing() -> None:
    both = result(
        "KAZ,EU28,exports,2019,31,billion USD,Office", "KAZ,EU27,exports,2019,28,billion USD,Office",
        "EU27,KAZ,imports,2019,26,billion USD,Eurostat",
    )  # fmt: skip
    far = result("KAZ,EAEU,exports,2019,31,billion USD,Office", "EU27,KAZ,imports,2019,26,billion USD,Eurostat")  # fmt: skip
    years = result("KAZ,EU28,exports,2018,31,billion USD,Office", "EU27,KAZ,imports,2019,26,billion USD,Eurostat")  # fmt: skip
    for case in (both, far, years):
        assert "COVERAGE_DIFFERS" not in codes(case)


def test_a_commodity_of_one_source_and_its_parts_of_another() -> None:
    found = result(
        "CHN,KAZ,exports,2019,31,billion USD,A,85,H5", "KAZ,CHN,imports,2019,26,billion USD,B,8517,H5",
        "KAZ,CHN,imports,2019,1,billion USD,B,8518,H5", more=COMMODITY,
    )  # fmt: skip
    row = only(found.findings, code="LEVELS_DIFFER")
    assert row["message"].startswith("A reports commodity 85, B only parts of it, as 8517.")
    assert "1 figure of the first, together 31.0 billion USD, and 2 of the second, 27.0" in row["message"]  # fmt: skip
    assert set(row["figures"]) == set(found.figures["id"])
    assert row["place"] == "line 2, line 3, line 4"


def test_other_commodities_and_other_classifications_are_no_levels_of_each_other() -> None:
    line = "CHN,KAZ,exports,2019,31,billion USD,A,85,H5"
    for other in ("8417,H5", "8517,S4"):
        found = result(line, f"KAZ,CHN,imports,2019,1,billion USD,B,{other}", more=COMMODITY)
        assert not {"LEVELS_DIFFER", "LEVELS_NESTED"} & codes(found)


def test_two_levels_of_one_source_are_told_once_and_compared_each_with_its_own() -> None:
    lines = [
        f"CHN,KAZ,exports,2019,{value},billion USD,A,{code},H5"
        for code, value in (("85", 31), ("8517", 20), ("8518", 4))
    ]
    found = result(*lines, "KAZ,CHN,imports,2019,19,billion USD,B,8517,H5", more=COMMODITY)
    row = only(found.findings, code="LEVELS_NESTED")
    assert row["message"].startswith(
        "A: figures of 4 digits stand beside those of 2 digits that they are part of, as "
        "8517 (20.0 billion USD) of 85 (31.0 billion USD); 2 parts, together 24.0 billion USD."
    )
    assert "LEVELS_DIFFER" not in codes(found)
    met = found.cases[found.cases["gap"].notna()]
    assert list(met["commodity"]) == ["8517"]


def test_many_sources_at_two_levels_make_no_flood() -> None:
    lines = [
        f"KAZ,CHN,exports,{year},{n + 1},million USD,S{n},{code},H5"
        for year in (2019, 2020)
        for n in range(12)
        for code in ("85", "8517")
    ]
    found = result(*lines, more=COMMODITY)
    told = found.findings[found.findings["code"].isin(["LEVELS_DIFFER", "LEVELS_NESTED"])]
    assert len(told) == 1
