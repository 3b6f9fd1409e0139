"""Tests of areas: codes, names, groups with their members of the year, former states."""

from __future__ import annotations

import pytest

from sources import areas


@pytest.mark.parametrize(
    ("year", "size"), [(1990, 12), (2003, 15), (2004, 25), (2007, 27), (2013, 28), (2021, 27)]
)
def test_the_union_has_its_members_of_the_year(year: int, size: int) -> None:
    assert len(areas.members("EU", year)) == size


def test_codes_are_text() -> None:
    assert areas.resolve(["398", "4", "004", "398.0", "NA", "842"]) == {
        "398": "KAZ",
        "4": "AFG",
        "004": "AFG",
        "398.0": "KAZ",
        "NA": "NAM",
        "842": "USA",
    }
