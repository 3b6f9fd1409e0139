"""Breakdowns: the total key is used where it stands, sums are made where it does not, and never both."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import readers

HEAD = "refYear,reporterISO,flowCode,partnerISO,cmdCode,partner2Code,motCode,customsCode,primaryValue\n"


def figures(*rows: str) -> pd.DataFrame:
    [reading] = readers.read_bytes((HEAD + "\n".join(rows) + "\n").encode(), "a.csv")
    return reading.figures


def row(partner2: str, mot: str, customs: str, value: int, partner: str = "CHN") -> str:
    return f"2020,KAZ,M,{partner},TOTAL,{partner2},{mot},{customs},{value}"


def test_the_total_key_is_used_and_the_rest_kept_as_parts() -> None:
    found = figures(row("0", "0", "C00", 10), row("0", "2100", "C00", 6), row("643", "0", "C00", 3))
    assert found["role"].tolist() == ["figure", "part", "part"]


def test_two_breakdowns_without_a_total_are_added_up_once() -> None:
    found = figures(
        row("643", "0", "C00", 7), row("643", "2100", "C00", 4), row("643", "3200", "C00", 3),
        row("156", "2100", "C00", 5),
    )  # fmt: skip
    assert found["role"].tolist() == ["part"] * 4 + ["figure"]
    assert found["value"].iloc[-1] == 12.0 and found["printed"].iloc[-1] == "12"


def test_domestic_exports_are_never_added_to_exports() -> None:
    found = figures(
        "2020,KAZ,X,CHN,TOTAL,0,2100,C00,6", "2020,KAZ,X,CHN,TOTAL,0,3200,C00,4",
        "2020,KAZ,DX,CHN,TOTAL,0,2100,C00,5",
    )  # fmt: skip
    assert found[found["role"] == "figure"]["value"].tolist() == [10.0]


@settings(deadline=None, max_examples=12)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["0", "643"]), st.sampled_from(["0", "2100", "3200"]),
            st.sampled_from(["C00", "C04"]), st.integers(1, 99), st.sampled_from(["CHN", "RUS"]),
        ),
        min_size=1, max_size=12, unique_by=lambda r: (r[0], r[1], r[2], r[4]),
    )
)  # fmt: skip
def test_each_flow_has_one_figure(rows: list[tuple[str, str, str, int, str]]) -> None:
    found = figures(*(row(*one) for one in rows))
    plain = found[found["role"] == "figure"]
    assert plain["partner"].is_unique and set(plain["partner"]) == {one[4] for one in rows}
    for partner, value in zip(plain["partner"], plain["value"]):
        whole = [r[3] for r in rows if r[4] == partner and r[:3] == ("0", "0", "C00")]
        assert value == (whole[0] if whole else value) <= sum(r[3] for r in rows if r[4] == partner)


def test_rows_that_cannot_be_read_are_not_said_to_be_added_up() -> None:
    head = "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB"
    text = f"{head}\n2024;03;85171300;11;160;SP;04;0817600;1;2;abc\n"
    [reading] = readers.read_bytes(text.encode(), "EXP_2024.csv")
    codes = set(reading.findings["code"])
    assert "UNREADABLE_NUMBER" in codes
    assert "PARTS_ADDED" not in codes
