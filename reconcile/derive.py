"""Figures that follow from others: turnover from its flows, a group from its members, a year from its months.

A derived figure names its parents in the ledger and never stands beside its own parts in a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from reconcile.match import COMPARED, TURNED, sided
from reconcile.result import AMOUNTS, LEDGER
from sources import areas
from sources.figures import figure_ids
from sources.vocabulary import INTENDED


@dataclass
class Derived:
    """What was derived: figures, their ledger, and pairs (printed total, derived sum, why) to compare."""

    figures: list[pd.DataFrame] = field(default_factory=list)
    ledger: list[pd.DataFrame] = field(default_factory=list)
    parts: list[pd.DataFrame] = field(default_factory=list)

    def add(self, figures: pd.DataFrame, ledger: pd.DataFrame) -> None:
        """Take derived figures with their steps."""
        self.figures.append(figures)
        self.ledger.append(ledger)

    def pairs(self) -> pd.DataFrame:
        """Give every pair (total, sum, note) as one table."""
        if not self.parts:
            return pd.DataFrame(columns=["total", "sum", "note"])
        return pd.concat(self.parts, ignore_index=True)


def combined(
    parents: Sequence[tuple[pd.DataFrame, str]], columns: dict[str, object], note: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give (n figures, ledger) made of aligned parents, each with its sign "+" or "−".

    Parents are tables of n rows in the same order; see `combined_long`.
    """
    first = parents[0][0].reset_index(drop=True)
    pieces = [
        pd.DataFrame({"total": range(len(table)), "id": table["id"].to_numpy(), "sign": sign})
        for table, sign in parents
    ]
    parts = pd.concat(pieces).sort_values("total", kind="stable")
    whole = pd.concat([table for table, _ in parents]).drop_duplicates("id")
    by_id = whole.set_index("id", drop=False)
    return combined_long(first, parts, by_id, columns, pd.Series(note, index=first.index))


def combined_long(
    first: pd.DataFrame,
    parts: pd.DataFrame,
    by_id: pd.DataFrame,
    columns: dict[str, object],
    note: pd.Series,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give (n figures, ledger) made of any number of parents each.

    `parts` has one row a parent, ordered by `total`: total (which figure, in the order of the n rows of
    `first`), id, sign ("+" or "−"). What is not in `columns` is that of `first`. Low takes the lows of what
    is added and the highs of what is subtracted (interval arithmetic, Moore 1966); high the reverse.
    """
    out = first.reset_index(drop=True).copy()
    number = parts.groupby("total", sort=True).ngroup().to_numpy()
    plus = (parts["sign"] == "+").to_numpy()
    value, low, high = (by_id.loc[parts["id"], name].to_numpy(dtype=float) for name in AMOUNTS)
    steps = pd.DataFrame(
        {
            "figure": number, "op": parts["sign"].to_numpy(), "operand": value,
            "parent": parts["id"].to_numpy(), "moved": np.where(plus, value, -value),
            "low": np.where(plus, low, -high), "high": np.where(plus, high, -low),
        }
    )  # fmt: skip
    groups = steps.groupby("figure", sort=False)
    steps["step"] = groups.cumcount() + 1
    steps["after"] = groups["moved"].cumsum()
    before = groups["after"].shift().fillna(0.0)
    # A sum is written as what its formula gives, operand by operand.
    steps["before"] = before
    steps["after"] = before + steps["moved"]
    marked = (steps["op"] + steps["parent"]).groupby(number, sort=True).agg("".join)
    ids = marked.str.removeprefix("+").reset_index(drop=True)
    key = figure_ids(
        out["source"], pd.Series("derived", index=out.index), out["measure"], ids + note
    )
    for name in ("printed", "printed_unit", "printed_flag", "quote", "approx", "assumed", "place"):
        out[name] = ""
    out["id"] = key
    out["place"] = "derived: " + ids
    out["note"] = note
    out["derived"] = True
    out["scale"] = 1.0
    ends = steps.groupby("figure", sort=True)
    out["amount"] = ends["after"].last().to_numpy()
    out["amount_low"], out["amount_high"] = (
        ends["low"].sum().to_numpy(),
        ends["high"].sum().to_numpy(),
    )
    out["value"], out["low"], out["high"] = out["amount"], out["amount_low"], out["amount_high"]
    for name, column in columns.items():
        out[name] = column.to_numpy() if isinstance(column, pd.Series) else column
    out["unit"] = out["currency"]
    steps["reason"] = note.to_numpy()[number]
    steps["figure"] = key.to_numpy()[number]
    steps["name"], steps["assumption"] = "derived", ""
    return out, steps[LEDGER]


SAME = [
    "source", "reporter", "partner", "commodity", "classification", "period", "measure", "concept", "prices",
    "currency",
]  # fmt: skip


def derive(figures: pd.DataFrame, currency: str) -> Derived:
    """Derive what the figures allow; `figures` carry amounts in the basis currency and `origin`."""
    table = _usable(figures)
    money, mass = table["measure"] == "value", table["measure"] == "net mass"
    in_units = table["currency"].mask(money, currency).mask(mass, "tonne")
    table = table.assign(currency=in_units)
    out = Derived()
    _flows(table, "turnover", "+", out)
    _flows(table, "balance", "−", out)
    _years(table, out)
    _groups(table, out)
    return out


def _usable(figures: pd.DataFrame) -> pd.DataFrame:
    """Give the figures that a sum may rest on: with an amount, no parts, and no targets or forecasts."""
    chosen = figures["amount"].notna() & figures["role"].isin(COMPARED)
    return figures[chosen & ~figures["status"].isin(INTENDED)]


def turned(figures: pd.DataFrame, parts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give (figures, ledger): each balance that side b reports, seen from side a, with its sign turned.

    A sum that meets only its own printed total (`parts`) stays as it is.
    """
    table = sided(figures[~figures["id"].isin(parts["sum"])])
    table = table[(table["flow"] == "balance") & (table["side"] == "b")]
    if table.empty:
        return figures.iloc[:0], pd.DataFrame(columns=LEDGER)
    rows = table[list(figures.columns)].reset_index(drop=True)
    made, ledger = combined(
        [(rows, "−")],
        {"reporter": rows["partner"], "partner": rows["reporter"]},
        TURNED,
    )
    return made, ledger


def _flows(table: pd.DataFrame, flow: str, sign: str, out: Derived) -> None:
    """Turnover or balance from exports and imports of one source, where somebody prints that flow of the pair."""
    printed = table[table["flow"] == flow]
    if printed.empty:
        return
    exports = table[table["flow"] == "exports"].drop_duplicates(SAME)
    imports = table[table["flow"] == "imports"].drop_duplicates(SAME)
    both = exports[[*SAME, "id"]].merge(imports[[*SAME, "id"]], on=SAME, suffixes=("_x", "_m"))
    wanted = _pairs(printed)
    both = both[_pairs(both).isin(set(wanted))]
    if both.empty:
        return
    by_id = table.set_index("id", drop=False)
    made, ledger = combined(
        [(by_id.loc[both["id_x"]], "+"), (by_id.loc[both["id_m"]], sign)],
        {"flow": flow, "valuation": ""},
        f"{flow} = exports {sign} imports",
    )
    out.add(made, ledger)
    _compare(printed, made, f"{flow} against exports {sign} imports", out)


def _pairs(table: pd.DataFrame) -> pd.Series:
    ordered = table["reporter"] <= table["partner"]
    low = table["reporter"].where(ordered, table["partner"])
    high = table["partner"].where(ordered, table["reporter"])
    return (
        low + "|" + high + "|" + table["commodity"] + "|" + table["period"] + "|" + table["measure"]
    )


def _compare(printed: pd.DataFrame, made: pd.DataFrame, note: str, out: Derived) -> None:
    """Pair each derived sum with the total of the same source that it should equal."""
    keys = [*SAME, "flow"]
    total = printed.drop_duplicates(keys)[[*keys, "id"]]
    met = total.merge(made[[*keys, "id"]], on=keys, suffixes=("_total", "_sum"))
    if len(met):
        out.parts.append(
            pd.DataFrame({"total": met["id_total"], "sum": met["id_sum"], "note": note})
        )


def _years(table: pd.DataFrame, out: Derived) -> None:
    """A calendar year from its twelve months, four quarters or two halves, of one source."""
    for pattern, count, name in (
        (r"\d{4}-\d{2}", 12, "months"), (r"\d{4}-Q\d", 4, "quarters"), (r"\d{4}-H\d", 2, "halves"),
    ):  # fmt: skip
        parts = table[table["period"].str.fullmatch(pattern)]
        if parts.empty:
            continue
        keys = [*[key for key in SAME if key != "period"], "flow", "year"]
        parts = parts.assign(year=parts["start"].str.slice(0, 4)).drop_duplicates([*keys, "period"])
        size = parts.groupby(keys, sort=False)["id"].transform("size")
        whole = parts[size == count].sort_values([*keys, "period"], kind="stable")
        if whole.empty:
            continue
        pieces = [(whole.iloc[number::count], "+") for number in range(count)]
        year = whole["year"].iloc[0::count].reset_index(drop=True)
        made, ledger = combined(
            pieces,
            {"period": year, "start": year + "-01-01", "end": year + "-12-31"},
            f"year = its {count} {name}",
        )
        out.add(made.drop(columns="year"), ledger)
        _compare(table, made, f"year against its {name}", out)


def _groups(table: pd.DataFrame, out: Derived) -> None:
    """A group's figure from its members', a remainder from the group less the members that are printed."""
    for role, other in (("reporter", "partner"), ("partner", "reporter")):
        codes = [c for c in table[role].unique() if c != "WORLD" and areas.kind(c) == "group"]
        totals = table[table[role].isin(codes)].drop_duplicates(["source", role, other, *SIDES])
        if len(totals):
            _group(table, totals.reset_index(drop=True), role, other, out)


SIDES = ["flow", "commodity", "classification", "period", "measure", "currency"]


def _group(table: pd.DataFrame, totals: pd.DataFrame, role: str, other: str, out: Derived) -> None:
    """Derive sums and remainders of n totals of groups; `total` counts them from 0."""
    wanted = _members_of(totals, role, other)
    keys = ["source", other, *SIDES]
    wanted = wanted.join(totals[keys], on="total")
    printed = table.drop_duplicates([*keys, role])[[*keys, role, "id"]]
    met = wanted.merge(
        printed, left_on=[*keys, "member"], right_on=[*keys, role], how="left", validate="m:1"
    )
    met["found"] = met["id"].notna()
    printed_at = pd.Series(range(len(table)), index=table["id"].to_numpy())
    met["at"] = met["id"].map(printed_at).fillna(len(table))
    met = met.sort_values(["total", "at"], kind="stable")  # parents in the order of their print
    count = met.groupby("total")["found"].agg(["sum", "size"])
    whole = count.index[(count["sum"] == count["size"])]
    by_id = table.set_index("id", drop=False)
    if len(whole):
        parts = met[met["total"].isin(whole)].assign(sign="+")
        first = by_id.loc[parts.groupby("total")["id"].first()].reset_index(drop=True)
        group = totals.loc[whole, role].reset_index(drop=True)
        note = (
            group + " = sum of its " + count.loc[whole, "size"].astype(str).to_numpy() + " members"
        )
        made, ledger = combined_long(first, parts, by_id, {role: group, "coverage": ""}, note)
        out.add(made, ledger)
        out.parts.append(
            pd.DataFrame({"total": totals.loc[whole, "id"].to_numpy(), "sum": made["id"].to_numpy(),
                          "note": "group against its members"})
        )  # fmt: skip
    some = count.index[(count["sum"] > 0) & (count["sum"] < count["size"])]
    if len(some):
        _remainders(table, totals, met[met["total"].isin(some)], role, other, out)


def _members_of(totals: pd.DataFrame, role: str, other: str) -> pd.DataFrame:
    """Give one row a total and member of its group in the year of its period: total, member.

    A country is no partner of itself: Kazakhstan's trade with the CIS has no part with Kazakhstan.
    """
    years = totals["end"].str.slice(0, 4).astype(int)
    pairs = list(zip(totals[role], years))
    inside = {pair: sorted(areas.members(*pair)) for pair in set(pairs)}
    own = totals[other].tolist()
    rows = [(at, m) for at, pair in enumerate(pairs) for m in inside[pair] if m != own[at]]
    return pd.DataFrame(rows, columns=["total", "member"])


def _remainders(
    table: pd.DataFrame,
    totals: pd.DataFrame,
    met: pd.DataFrame,
    role: str,
    other: str,
    out: Derived,
) -> None:
    """A group less its printed members, where one is missing or the partner prints all that are missing.

    A remainder of several members without a mirror answers no question; of one member it is its figure.
    """
    by_id = table.set_index("id", drop=False)
    missing = met[~met["found"]]
    names = missing.groupby("total")["member"].agg("+".join)
    size = missing.groupby("total").size()
    found = met[met["found"]]
    left = totals.loc[names.index, "amount"] - found["id"].map(by_id["amount"]).groupby(
        found["total"]
    ).sum().reindex(names.index)
    mirrored = _mirrors_of_remainders(
        table, totals, missing[missing["total"].map(left) > 0], role, other, out
    )
    chosen = names.index[(left > 0) & ((size == 1) | names.index.isin(mirrored))]
    if not len(chosen):
        return
    own = pd.DataFrame({"total": chosen, "id": totals.loc[chosen, "id"].to_numpy(), "sign": "+"})
    less = found[found["total"].isin(chosen)][["total", "id"]].assign(sign="−")
    parts = pd.concat([own, less]).sort_values("total", kind="stable")
    first = by_id.loc[own["id"]].reset_index(drop=True)
    name = names[chosen].reset_index(drop=True)
    group = totals.loc[chosen, role].reset_index(drop=True)
    note = name + " = " + group + " less the members printed"
    made, ledger = combined_long(
        first, parts, by_id, {role: name, "records": "", "coverage": ""}, note
    )
    out.add(made, ledger)


def _mirrors_of_remainders(
    table: pd.DataFrame,
    totals: pd.DataFrame,
    missing: pd.DataFrame,
    role: str,
    other: str,
    out: Derived,
) -> set[int]:
    """Sum the partner's figures over the same missing members; give the totals for which one was found."""
    size = missing.groupby("total")["member"].transform("size")
    # A partner's balance has the other sign: it stands in for nothing here.
    other_sign = missing["total"].map(totals["flow"]) == "balance"
    wanted = missing[(size > 1) & ~other_sign][["total", "member"]]
    if wanted.empty:
        return set()
    asked = totals.loc[
        wanted["total"], [other, "flow", "commodity", "period", "measure"]
    ].reset_index(drop=True)
    wanted = wanted.reset_index(drop=True).assign(
        **{role: asked[other], other: wanted["member"].to_numpy(), "flow": asked["flow"].replace(MIRRORED)},
        commodity=asked["commodity"], period=asked["period"], measure=asked["measure"],
    )  # fmt: skip
    keys = [role, other, "flow", "commodity", "period", "measure"]
    seen = table.drop_duplicates([*keys, "source"])[[*keys, "source", "id"]]
    met = wanted.merge(seen, on=keys, how="inner", validate="m:m")
    full = wanted.groupby("total").size()
    met["count"] = met.groupby(["total", "source"])["member"].transform("size")
    met = met[met["count"] == met["total"].map(full)]
    # Several totals (of several sources) may ask for the same sum; it is made once.
    met["key"] = met.groupby(["total", "source"])["id"].transform(" ".join)
    once = met.drop_duplicates(["key", "member"])
    if once.empty:
        return set()
    by_id = table.set_index("id", drop=False)
    parts = once.assign(sign="+").sort_values(["total", "source", "member"], kind="stable")
    number = parts.groupby(["total", "source"], sort=False).ngroup()
    parts = parts.assign(total=number)
    first = by_id.loc[parts.groupby("total")["id"].first()].reset_index(drop=True)
    name = parts.groupby("total")["member"].agg("+".join).reset_index(drop=True)
    made, ledger = combined_long(first, parts, by_id, {other: name}, name + " = sum of the members")
    out.add(made, ledger)
    return set(met["total"])


MIRRORED = {"exports": "imports", "imports": "exports"}


def national_sums(figures: pd.DataFrame, out: Derived) -> None:
    """The members' own records added, the mirror standing in where a member has none, against a group's total."""
    table = _usable(figures)
    keys = ["partner", "flow", "commodity", "period", "measure"]
    own = table[table["records"] == table["reporter"]]
    offices = own.groupby(keys, sort=False)["source"].nunique()
    several = offices.index[offices > 1]
    if not len(several):
        return
    codes = [c for c in table["reporter"].unique() if c != "WORLD" and areas.kind(c) == "group"]
    totals = table[table["reporter"].isin(codes) & (table["source"] == table["origin"])]
    totals = totals.drop_duplicates(["reporter", *keys])
    totals = totals[pd.MultiIndex.from_frame(totals[keys]).isin(several)]
    for _, total in totals.iterrows():
        _national_sum(table, total, out)


def _national_sum(table: pd.DataFrame, total: pd.Series, out: Derived) -> None:
    inside = areas.members(str(total["reporter"]), int(str(total["end"])[:4]))
    like = (
        (table["commodity"] == total["commodity"])
        & (table["period"] == total["period"])
        & (table["measure"] == total["measure"])
    )
    own = table[
        like
        & table["reporter"].isin(inside)
        & (table["partner"] == total["partner"])
        & (table["flow"] == total["flow"])
        & (table["records"] == table["reporter"])
    ].drop_duplicates("reporter")
    mirror = table[
        like
        & (table["reporter"] == total["partner"])
        & table["partner"].isin(inside - set(own["reporter"]))
        & (table["flow"] == MIRRORED.get(str(total["flow"]), str(total["flow"])))
        & (table["flow"] != "balance")  # the partner's has the other sign
    ].drop_duplicates("partner")
    offices = own["source"].nunique()
    if offices < 2 or len(own) + len(mirror) != len(inside):
        return
    pieces = pd.concat([own, mirror])
    stand_in = ", ".join(mirror["partner"])
    note = "sum of the national offices' own figures"
    note += f", {stand_in} from the mirror" if stand_in else ""
    made, ledger = combined(
        [(pieces.iloc[[number]], "+") for number in range(len(pieces))],
        {
            "reporter": total["reporter"],
            "partner": total["partner"],
            "flow": total["flow"],
            "source": "national offices",
            "derived_from": "",
            "records": total["reporter"],
        },
        note,
    )
    out.add(made, ledger)
    out.parts.append(
        pd.DataFrame(
            {"total": [total["id"]], "sum": made["id"], "note": "total against the " + note}
        )
    )
