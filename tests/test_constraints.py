"""Balancing under constraints: Statistics Canada's published answers, identities, bounds, conflicts.

R and B numbers are the outputs printed in the manual pages and examples of Statistics Canada's G-Series
(gseries for R, version 3), functions tsraking and tsbalancing.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.constraints import (
    Constraints,
    balance_constrained,
    from_figures,
    join,
    parse,
)
from sources.errors import InputError


def _values(**amounts: float) -> pd.DataFrame:
    return pd.DataFrame({"id": list(amounts), "value": list(amounts.values())})


def _out(values: pd.DataFrame, *lines: str) -> dict[str, float]:
    got = balance_constrained(values, *parse(lines))
    assert got.feasible, got.constraints
    return dict(zip(got.values["id"], got.values["value_out"]))


def test_raking_in_one_dimension() -> None:
    values = _values(cars=25, vans=5, total=40).assign(fixed=[False, False, True])
    got = _out(values, "total = cars + vans")
    assert got == pytest.approx({"cars": 33.33333333, "vans": 6.66666667, "total": 40})
    values = _values(a=20, b=5, c=40).assign(fixed=[False, False, True])
    assert _out(values, "c = a + b") == pytest.approx({"a": 32, "b": 8, "c": 40})


@pytest.mark.parametrize(
    ("start", "expected"), [((3, -1, 1), (2.25, -1.25)), ((2, -2, 1), (2.5, -1.5))]
)
def test_raking_of_negative_values(
    start: tuple[float, float, float], expected: tuple[float, float]
) -> None:
    values = _values(a=start[0], b=start[1], c=start[2]).assign(fixed=[False, False, True])
    got = _out(values, "c = a + b")
    assert (got["a"], got["b"]) == pytest.approx(expected)


def test_raking_in_two_dimensions_with_a_fixed_cell() -> None:
    amounts = {"ca": 12, "cs": 14, "cm": 13, "va": 20, "vs": 20, "vm": 24}
    totals = {"a": 30, "s": 31, "m": 32, "c": 40, "v": 53}
    values = _values(**amounts, **totals)
    values["fixed"] = values["id"].isin([*totals, "vs"])
    lines = ["a = ca + va", "s = cs + vs", "m = cm + vm", "c = ca + cs + cm", "v = va + vs + vm"]
    got = _out(values, *lines)
    assert got["ca"] == pytest.approx(14.31298, abs=5e-6)
    assert got["cs"] == pytest.approx(11)
    assert got["cm"] == pytest.approx(14.68702, abs=5e-6)
    assert got["va"] == pytest.approx(15.68702, abs=5e-6)
    assert got["vs"] == 20
    assert got["vm"] == pytest.approx(17.31298, abs=5e-6)


def test_raking_keeps_annual_totals() -> None:
    rows = [(20, 18, 12, 53), (16, 16, 19, 44), (14, 15, 16, 50), (19, 20, 14, 52)]
    expected = [
        [21.15283, 19.04513, 12.80204],
        [13.74700, 13.75373, 16.49927],
        [15.50782, 16.62184, 17.87034],
        [18.59234, 19.57931, 13.82835],
    ]
    names = ["alb", "sask", "man"]
    values = _values(**{f"{n}{q}": rows[q][k] for q in range(4) for k, n in enumerate(names)})
    lines = [f"{rows[q][3]} = " + " + ".join(f"{n}{q}" for n in names) for q in range(4)]
    lines += [
        f"{sum(rows[q][k] for q in range(4))} = " + " + ".join(f"{n}{q}" for q in range(4))
        for k, n in enumerate(names)
    ]
    got = _out(values, *lines)
    table = [[got[f"{n}{q}"] for n in names] for q in range(4)]
    assert np.array(table) == pytest.approx(np.array(expected), abs=5e-6)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ((14, 18, 14, 58), (17.65217, 22.69565, 17.65217)),
        ((17, 14, 16, 44), (15.91489, 13.10638, 14.97872)),
        ((14, 19, 18, 58), (15.92157, 21.60784, 20.47059)),
        ((16, 15, 19, 51), (16.32, 15.30, 19.38)),
    ],
)
def test_raking_of_one_quarter(
    start: tuple[float, float, float, float], expected: tuple[float, ...]
) -> None:
    got = _out(_values(a=start[0], b=start[1], c=start[2]), f"{start[3]} = a + b + c")
    assert tuple(got.values()) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ((15, 10, 10), (18, 8)),
        ((4, 8, -1), (5, 6)),
        ((250, 250, 5), (252.5, 247.5)),
        ((8, 12, 0), (9.6, 9.6)),
        ((0, 45, -55), (0, 55)),
    ],
)
def test_balancing_profits(
    start: tuple[float, float, float], expected: tuple[float, float]
) -> None:
    values = _values(r=start[0], e=start[1], p=start[2]).assign(fixed=[False, False, True])
    got = _out(values, "r - e - p = 0")
    assert (got["r"], got["e"]) == pytest.approx(expected)


def test_alterability_divides_the_move() -> None:
    values = _values(r=4, e=8, p=-1).assign(alterability=[0.25, 0.125, 0])
    got = _out(values, "r - e - p = 0")
    assert (got["r"], got["e"], got["p"]) == pytest.approx((5.5, 6.5, -1))


BALANCING = """
43 49 47 136  20 18 12 53  20 22 26 61
40 45 42 114  16 16 19 44  21 26 21 59
35 47 40 133  14 15 16 50  19 25 19 71
44 44 45 138  19 20 14 52  21 18 27 74
"""
BALANCED = """
42.10895 47.63734 46.25371  21.15646 19.13355 12.70999  18.56134 18.59359 23.84507
35.31121 41.40859 37.28019  14.00517 13.33816 16.65666  16.61497 26 16.38503
38.89464 50.58071 43.52465  15.24054 16.84858 17.91088  21.70936 27.22926 22.06138
45.68520 45.37335 46.94145  18.59783 19.67970 13.72247  24.11433 19.17715 30.70852
"""


def test_balancing_with_inequalities_bounds_and_annual_totals() -> None:
    start = np.array([line.split() for line in BALANCING.split("\n") if line], dtype=float)
    wanted = np.array([line.split() for line in BALANCED.split("\n") if line], dtype=float)
    regions, types = ["w", "c", "e"], ["all", "car", "truck"]
    columns = [f"{r}-{t}" for t in types for r in [*regions, "n"]]
    ids = [[f"{name}-{q}" for name in columns] for q in range(4)]
    values = pd.DataFrame({"id": np.ravel(ids), "value": start.ravel(), "lower": 0.0})
    values["fixed"] = values["id"].str.startswith("n-") | values["id"].eq("c-truck-1")
    lines = []
    for q in range(4):
        lines += [f"n-{t}-{q} = " + " + ".join(f"{r}-{t}-{q}" for r in regions) for t in types]
        lines += [f"{r}-car-{q} + {r}-truck-{q} <= 0.95 * {r}-all-{q}" for r in regions]
    for place, name in enumerate(columns):
        if not name.startswith("n"):
            quarters = " + ".join(f"{name}-{q}" for q in range(4))
            lines.append(f"{start[:, place].sum():g} = {quarters}")
    got = _out(values, *lines)
    shown = [i for i, name in enumerate(columns) if not name.startswith("n")]
    table = np.array([[got[ids[q][i]] for i in shown] for q in range(4)])
    assert table == pytest.approx(wanted, abs=6e-6)


def test_two_reports_of_one_flow_are_the_inverse_variance_mean() -> None:
    values = _values(x=10, m=14).assign(sd=[1.0, 2.0])
    got = balance_constrained(values, *parse(["x = m"]))
    assert list(got.values["value_out"]) == pytest.approx([10.8, 10.8])
    birge = math.sqrt(16 / 5)
    half = 1.959963984540054 * math.sqrt(0.8) * birge
    assert got.values["low"][0] <= 10.8 - half + 1e-9
    assert got.values["high"][1] >= 14


def test_bounds_hold_and_are_named() -> None:
    values = _values(a=1, b=9, c=20).assign(lower=0.0, upper=[4.0, 10.0, math.inf])
    got = balance_constrained(values, *parse(["a + b = c"]))
    assert got.feasible
    assert (got.values["value_out"] <= values["upper"] + 1e-9).all()
    assert "upper" in set(got.values["bound"])


def test_an_active_bound_is_let_go_when_it_no_longer_binds() -> None:
    # b would first be pushed below 0; holding it there at once overshoots the other sum
    values = _values(a=5, b=1, c=1, d=9).assign(lower=0.0)
    got = balance_constrained(values, *parse(["a + b = 1", "b + c + d = 14"]))
    assert got.feasible
    exact = _brute(values, got)
    assert got.values["value_out"].to_numpy() == pytest.approx(exact, abs=5e-6)  # the grid's step


def _brute(values: pd.DataFrame, got: object) -> np.ndarray:
    x = values["value"].to_numpy(dtype=float)
    best, answer = math.inf, x
    for b in np.linspace(0, 1, 200001):
        left = 14 - b - 10  # of c + d
        y = np.array([1 - b, b, 1 + left * 0.1, 9 + left * 0.9])
        cost = float(((y - x) ** 2 / x).sum())
        if cost < best:
            best, answer = cost, y
    return answer


def test_check_only_moves_nothing_and_tells_what_is_missed() -> None:
    got = balance_constrained(_values(a=1, b=2, t=4), *parse(["t = a + b"]), check_only=True)
    assert list(got.values["moved"]) == [0, 0, 0]
    assert list(got.constraints["before"]) == [1]
    assert list(got.constraints["unmet"]) == [True]


def test_infeasible_constraints_are_named_by_part() -> None:
    values = _values(a=1, b=2, t=4, u=5, p=1, q=2)
    values["fixed"] = values["id"].isin(["t", "u"])
    got = balance_constrained(values, *parse(["one: a + b = t", "two: a + b = u", "fine: p = q"]))
    assert not got.feasible
    assert list(got.infeasible.values()) == [["one", "two"]]
    text = got.constraints.set_index("constraint")["conflict"]
    assert "two" in text["one"]
    assert "t" in text["one"]
    assert text["fine"] == ""


def test_a_missing_value_is_found_from_its_constraint() -> None:
    # the bank's total and three of its parts; Kyrgyzstan and Tajikistan follow by subtraction
    values = _values(total=66.2, kaz=30.1, uzb=18.0, tkm=10.6, two=math.nan)
    got = balance_constrained(values, *parse(["total = kaz + uzb + tkm + two"]))
    out = got.values.set_index("id")["value_out"]
    assert out["two"] == pytest.approx(7.5, abs=1e-4)
    assert out["kaz"] == pytest.approx(30.1, abs=1e-4)
    lone = balance_constrained(_values(a=1, b=2, c=math.nan), *parse(["a = b"]))
    assert math.isnan(lone.values["value_out"][2])


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a + b", "not one relation"),
        ("a = b = c", "not one relation"),
        ("a = b * * c", "not a term"),
        ("a = zzz", "no figure zzz"),
        ("1 = 1", "nothing to constrain"),
    ],
)
def test_lines_that_cannot_be_read_are_named(line: str, found: str) -> None:
    with pytest.raises(InputError, match="line 2.*" + found):
        parse(["a = b", line], known=["a", "b", "c"])


def test_the_users_text_form() -> None:
    got = parse(["edb-total = edb-kaz + 2 * edb-uzb - 1.5  # a note", "low: a >= 3"])
    assert got.table.to_dict("records")[:3] == [
        {
            "constraint": "edb-total = edb-kaz + 2 * edb-uzb - 1.5",
            "id": "edb-total",
            "coefficient": 1,
        },
        {
            "constraint": "edb-total = edb-kaz + 2 * edb-uzb - 1.5",
            "id": "edb-kaz",
            "coefficient": -1,
        },
        {
            "constraint": "edb-total = edb-kaz + 2 * edb-uzb - 1.5",
            "id": "edb-uzb",
            "coefficient": -2,
        },
    ]
    assert list(got.rhs["lower"]) == [-1.5, 3]
    assert list(got.rhs["upper"]) == [-1.5, math.inf]


def test_wrong_tables_are_refused_with_every_fault() -> None:
    with pytest.raises(InputError, match="more than once"):
        balance_constrained(
            pd.DataFrame({"id": ["a", "a"], "value": [1.0, 2.0]}), *parse(["a = 1"])
        )
    bad = _values(a=1, b=2).assign(lower=[3.0, 0], upper=[2.0, 9])
    with pytest.raises(InputError) as caught:
        balance_constrained(bad, *parse(["a = z"]))
    assert len(caught.value.problems) == 2


def _figures(*rows: tuple[str, str, str, str, str, str, float]) -> pd.DataFrame:
    names = ["id", "source", "reporter", "partner", "flow", "period", "amount"]
    return pd.DataFrame(rows, columns=names).assign(commodity="TOTAL", measure="value")


def _members(group: str, year: int) -> frozenset[str]:
    return frozenset({"KAZ", "KGZ", "TJK"}) if group == "C_ASIA" else frozenset()


def _stated(constraints: Constraints) -> list[str]:
    table = constraints.table
    return [
        " ".join(f"{c:+g}{i}" for i, c in zip(rows["id"], rows["coefficient"]))
        for _, rows in table.groupby("constraint", sort=False)
    ]


def test_the_figures_give_their_own_identities() -> None:
    figures = _figures(
        ("t", "A", "CHN", "C_ASIA", "turnover", "2024-01..2024-11", 85.58),
        ("x", "A", "CHN", "C_ASIA", "exports", "2024-01..2024-11", 58.32),
        ("m", "A", "CHN", "C_ASIA", "imports", "2024-01..2024-11", 27.3),
        ("x-other", "B", "CHN", "C_ASIA", "exports", "2024", 60),
        ("all", "A", "CHN", "C_ASIA", "turnover", "2024", 9),
        ("kaz", "A", "CHN", "KAZ", "turnover", "2024", 4),
        ("kgz", "A", "CHN", "KGZ", "turnover", "2024", 3),
        ("tjk", "A", "CHN", "TJK", "turnover", "2024", 2.1),
        ("b", "A", "CHN", "KAZ", "balance", "2024", 2),
        ("bx", "A", "CHN", "KAZ", "exports", "2024", 3),
        ("bm", "A", "CHN", "KAZ", "imports", "2024", 1),
    )
    got = _stated(from_figures(figures, members=_members))
    assert "+1t -1x -1m" in got
    assert "+1all -1kaz -1kgz -1tjk" in got
    assert "+1b -1bx +1bm" in got
    assert "+1kaz -1bx -1bm" in got
    assert len(got) == 4


def test_an_incomplete_group_or_year_gives_no_constraint() -> None:
    figures = _figures(
        ("all", "A", "CHN", "C_ASIA", "turnover", "2024", 9),
        ("kaz", "A", "CHN", "KAZ", "turnover", "2024", 4),
        ("kgz", "A", "CHN", "KGZ", "turnover", "2024", 3),
        ("jan", "A", "CHN", "C_ASIA", "turnover", "2024-01", 1),
    )
    assert _stated(from_figures(figures, members=_members)) == []


def test_a_year_is_its_months_and_its_quarters() -> None:
    rows = [("y", "A", "CHN", "KAZ", "exports", "2024", 12.0)]
    rows += [(f"m{k}", "A", "CHN", "KAZ", "exports", f"2024-{k:02d}", 1.0) for k in range(1, 13)]
    rows += [(f"q{k}", "A", "CHN", "KAZ", "exports", f"2024-Q{k}", 3.0) for k in range(1, 5)]
    got = _stated(from_figures(_figures(*rows), members=_members))
    assert "+1y -1q1 -1q2 -1q3 -1q4" in got
    assert "+1q1 -1m1 -1m2 -1m3" in got
    assert len(got) == 6


def test_central_asia_balanced_across_sources() -> None:
    """China's customs and the region's own figures, one table by country with ranges."""
    china = {"KAZ": 43.82, "KGZ": 22.71, "TJK": 3.86}
    own = {"KAZ": 30.1, "KGZ": 5.3, "TJK": 1.96}
    rows = [(f"c-{a}", "GACC", "CHN", a, "turnover", "2024", v) for a, v in china.items()]
    rows += [(f"o-{a}", "own", a, "CHN", "turnover", "2024", v) for a, v in own.items()]
    rows += [("c-all", "GACC", "CHN", "C_ASIA", "turnover", "2024", 70.39)]
    rows += [("o-all", "EDB", "C_ASIA", "CHN", "turnover", "2024", 37.6)]
    figures = _figures(*rows)
    stated = from_figures(figures, across_sources=True, members=_members)
    values = figures.rename(columns={"amount": "value"})[["id", "value"]]
    values = values.assign(sd=values["value"] * 0.1, lower=0.0)
    got = balance_constrained(values, *stated)
    assert got.feasible
    out = got.values.set_index("id")
    for area in own:
        assert out["value_out"][f"c-{area}"] == pytest.approx(out["value_out"][f"o-{area}"])
        assert out["low"][f"c-{area}"] <= own[area] < china[area] <= out["high"][f"c-{area}"]
    parts = sum(out["value_out"][f"c-{a}"] for a in own)
    assert out["value_out"]["c-all"] == pytest.approx(parts)
    assert out["value_out"]["o-all"] == pytest.approx(parts)


def test_joined_constraints_keep_their_targets() -> None:
    both = join(parse(["a = 3"]), parse(["b <= 2"]))
    assert list(both.rhs["upper"]) == [3, 2]
    with pytest.raises(ValueError, match="twice"):
        join(parse(["a = 3"]), parse(["a = 3"]))


tables = st.integers(2, 5).flatmap(
    lambda n: st.lists(
        st.lists(st.floats(0.5, 1000), min_size=n, max_size=n), min_size=2, max_size=5
    )
)


def _margins(cells: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
    rows, columns = cells.shape
    ids = [f"c{i}_{j}" for i in range(rows) for j in range(columns)]
    values = pd.DataFrame({"id": ids, "value": cells.ravel()})
    goal = cells * np.linspace(0.7, 1.4, rows)[:, None] * np.linspace(1.2, 0.8, columns)[None, :]
    lines = [
        f"{goal[i].sum()!r} = " + " + ".join(f"c{i}_{j}" for j in range(columns))
        for i in range(rows)
    ]
    lines += [
        f"{goal[:, j].sum()!r} = " + " + ".join(f"c{i}_{j}" for i in range(rows))
        for j in range(columns)
    ]
    return values, [line.replace("np.float64(", "").replace(")", "") for line in lines]


@settings(max_examples=30, deadline=None)
@given(tables, st.floats(0.01, 100), st.randoms())
def test_margins_are_met_and_scale_and_order_do_not_matter(
    rows: list[list[float]], factor: float, random: object
) -> None:
    cells = np.array(rows)
    values, lines = _margins(cells)
    got = balance_constrained(values, *parse(lines))
    assert got.feasible
    assert (got.values["low"] <= got.values["value_out"]).all()
    assert (got.values["value_out"] <= got.values["high"]).all()
    scaled, scaled_lines = _margins(cells * factor)
    again = balance_constrained(scaled, *parse(scaled_lines))
    assert again.values["value_out"].to_numpy() == pytest.approx(
        got.values["value_out"].to_numpy() * factor, rel=1e-6, abs=1e-6 * cells.max() * factor
    )
    turned = balance_constrained(values.iloc[::-1], *parse(lines[::-1]))
    assert turned.values.set_index("id")["value_out"][values["id"]].to_numpy() == pytest.approx(
        got.values["value_out"].to_numpy(), rel=1e-7, abs=1e-7 * cells.max()
    )


@settings(max_examples=30, deadline=None)
@given(tables, st.data())
def test_fixed_cells_do_not_move_by_one_digit(rows: list[list[float]], data: st.DataObject) -> None:
    cells = np.array(rows)
    values, lines = _margins(cells)
    fixed = data.draw(st.lists(st.booleans(), min_size=cells.size, max_size=cells.size))
    got = balance_constrained(values.assign(fixed=fixed), *parse(lines))
    held = np.array(fixed)
    assert (got.values["value_out"].to_numpy()[held] == cells.ravel()[held]).all()


def test_the_iterative_solver_gives_the_dense_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from reconcile.balance import leastsquares

    rng = np.random.default_rng(4)
    values, lines = _margins(rng.lognormal(3, 2, (12, 15)))
    values["lower"] = 0.0
    stated = parse(lines)
    dense = balance_constrained(values, *stated)
    monkeypatch.setattr(leastsquares, "DENSE_ROWS", 0)
    sparse = balance_constrained(values, *stated)
    assert dense.exact
    assert not sparse.exact
    assert sparse.feasible
    a, b = dense.values, sparse.values
    assert b["value_out"].to_numpy() == pytest.approx(a["value_out"].to_numpy(), rel=1e-7)
    assert (b["high"] - b["low"] >= a["high"] - a["low"] - 1e-9).all()


def test_a_mirror_in_an_identity_is_brought_to_the_valuation_of_its_place() -> None:
    figures = _figures(
        ("x", "A", "CHN", "KAZ", "exports", "2024", 100),
        ("m", "B", "KAZ", "CHN", "imports", "2024", 106),
        ("back", "B", "KAZ", "CHN", "exports", "2024", 50),
        ("t", "A", "CHN", "KAZ", "turnover", "2024", 153),
    )
    got = from_figures(figures, across_sources=True, cif=1.06, members=_members)
    by = {(row.constraint.split(":")[0], row.id): row.coefficient for row in got.table.itertuples()}
    assert by["same", "x"] == 1
    assert by["same", "m"] == pytest.approx(-1 / 1.06)
    assert by["turnover", "t"] == 1
    assert by["turnover", "x"] == -1  # exports are FOB in China's turnover
    assert by["turnover", "back"] == pytest.approx(-1.06)  # its imports are CIF
    values = figures.rename(columns={"amount": "value"})[["id", "value"]]
    checked = balance_constrained(values, *got, check_only=True)
    assert checked.constraints["before"].abs().max() == pytest.approx(0, abs=1e-9)
    fob = from_figures(
        figures.assign(valuation="FOB"), across_sources=True, cif=1.06, members=_members
    )
    same = fob.table["constraint"].str.startswith("same")
    assert set(fob.table.loc[same, "coefficient"]) == {1.0, -1.0}
