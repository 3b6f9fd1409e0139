"""Figures that follow from others: turnover from its flows, a group from its members, a year from its months.

A derived figure names its parents in the ledger and never stands beside its own parts in a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from reconcile.match import COMPARED
from reconcile.result import AMOUNTS, LEDGER
from sources import areas
from sources.figures import figure_ids


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

    Parents are tables of n rows in the same order. Low takes the lows of what is added and the highs of
    what is subtracted (interval arithmetic, Moore 1966); high the reverse.
    """
    first = parents[0][0].reset_index(drop=True)
    out = first.copy()
    amount = pd.Series(0.0, index=out.index)
    low, high = amount.copy(), amount.copy()
    steps: list[pd.DataFrame] = []
    ids = pd.Series("", index=out.index, dtype=object)
    for parent, sign in parents:
        ids = ids + sign + parent["id"].reset_index(drop=True).astype(object)
    ids = ids.str.removeprefix("+")
    key = figure_ids(
        first["source"], pd.Series("derived", index=out.index), first["measure"], ids + note
    )
    for number, (parent, sign) in enumerate(parents, 1):
        table = parent.reset_index(drop=True)
        before = amount
        plus = sign == "+"
        amount = before + table["amount"] if plus else before - table["amount"]
        low = low + (table["amount_low"] if plus else -table["amount_high"])
        high = high + (table["amount_high"] if plus else -table["amount_low"])
        steps.append(
            pd.DataFrame(
                {
                    "step": number,
                    "figure": key,
                    "name": "derived",
                    "op": sign,
                    "operand": table["amount"],
                    "assumption": "",
                    "parent": table["id"],
                    "before": before,
                    "after": amount,
                    "reason": note,
                }
            )[LEDGER]
        )
    for name in ("printed", "printed_unit", "printed_flag", "quote", "approx", "assumed", "place"):
        out[name] = ""
    out["id"] = key
    out["place"] = "derived: " + ids
    out["note"] = note
    out["derived"] = True
    out["scale"] = 1.0
    out[AMOUNTS] = pd.concat([amount, low, high], axis=1).to_numpy()
    out["value"], out["low"], out["high"] = amount, low, high
    for name, column in columns.items():
        out[name] = column.to_numpy() if isinstance(column, pd.Series) else column
    out["unit"] = out["currency"]
    ledger = pd.concat(steps).reset_index().sort_values(["index", "step"], kind="stable")
    return out, ledger[LEDGER].reset_index(drop=True)


SAME = ["source", "reporter", "partner", "commodity", "classification", "period", "measure"]


def derive(figures: pd.DataFrame, currency: str) -> Derived:
    """Derive what the figures allow; `figures` carry amounts in the basis currency and `origin`."""
    table = figures[figures["amount"].notna() & figures["role"].isin(COMPARED)]
    table = table.assign(currency=currency, prices=figures["prices"])
    out = Derived()
    _turnover(table, out)
    _years(table, out)
    _groups(table, out)
    return out


def _turnover(table: pd.DataFrame, out: Derived) -> None:
    """Turnover from exports and imports of one source, where somebody prints a turnover of the pair."""
    printed = table[table["flow"] == "turnover"]
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
        [(by_id.loc[both["id_x"]], "+"), (by_id.loc[both["id_m"]], "+")],
        {"flow": "turnover", "valuation": ""},
        "turnover = exports + imports",
    )
    out.add(made, ledger)
    _compare(printed, made, "turnover against exports + imports", out)


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
    """A calendar year from its twelve months, or four quarters, of one source."""
    for pattern, count, name in ((r"\d{4}-\d{2}", 12, "months"), (r"\d{4}-Q\d", 4, "quarters")):
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
        codes = table[role].unique()
        groups = [code for code in codes if code != "WORLD" and areas.kind(code) == "group"]
        for group in groups:
            totals = table[table[role] == group]
            keys = ["source", other, "flow", "commodity", "classification", "period", "measure"]
            for _, total in totals.drop_duplicates(keys).iterrows():
                _group(table, total, role, keys, out)


def _group(table: pd.DataFrame, total: pd.Series, role: str, keys: list[str], out: Derived) -> None:
    inside = areas.members(str(total[role]), int(str(total["end"])[:4]))
    same = table[role].isin(inside)
    for key in keys:
        same &= table[key] == total[key]
    found = table[same].drop_duplicates(role)
    missing = sorted(inside - set(found[role]))
    if found.empty:
        return
    as_table = table[table["id"] == total["id"]]
    if not missing:
        made, ledger = combined(
            [(found.iloc[[number]], "+") for number in range(len(found))],
            {role: total[role], "coverage": ""},
            f"{total[role]} = sum of its {len(found)} members",
        )
        out.add(made, ledger)
        out.parts.append(
            pd.DataFrame(
                {"total": [total["id"]], "sum": made["id"], "note": "group against its members"}
            )
        )
        return
    # Overlapping groups give no remainder: EU less some members beside the world says nothing new.
    made, ledger = combined(
        [(as_table, "+")] + [(found.iloc[[number]], "−") for number in range(len(found))],
        {role: "+".join(missing), "records": "", "coverage": ""},
        f"{'+'.join(missing)} = {total[role]} less the members printed",
    )
    if float(made["amount"].iloc[0]) <= 0:
        return
    mirrored = _mirror_of_remainder(table, total, role, missing, out)
    # A remainder of several members without a mirror answers no question; of one member it is its figure.
    if mirrored or len(missing) == 1:
        out.add(made, ledger)


def _mirror_of_remainder(
    table: pd.DataFrame, total: pd.Series, role: str, missing: list[str], out: Derived
) -> bool:
    """Sum the partner's figures over the same members, so that the remainder has a mirror; say if one was found."""
    if len(missing) < 2:
        return False
    other = "partner" if role == "reporter" else "reporter"
    flows = {"exports": "imports", "imports": "exports"}
    flow = flows.get(str(total["flow"]), str(total["flow"]))
    seen = table[
        (table[role] == total[other])
        & table[other].isin(missing)
        & (table["flow"] == flow)
        & (table["commodity"] == total["commodity"])
        & (table["period"] == total["period"])
        & (table["measure"] == total["measure"])
    ]
    found = False
    for _, parts in seen.groupby("source", sort=False):
        pieces = parts.drop_duplicates(other)
        if set(pieces[other]) != set(missing):
            continue
        made, ledger = combined(
            [(pieces.iloc[[number]], "+") for number in range(len(pieces))],
            {other: "+".join(missing)},
            f"{'+'.join(missing)} = sum of the members",
        )
        out.add(made, ledger)
        found = True
    return found


def national_sums(figures: pd.DataFrame, out: Derived) -> None:
    """The members' own records added, the mirror standing in where a member has none, against a group's total."""
    table = figures[figures["amount"].notna() & figures["role"].isin(COMPARED)]
    codes = table["reporter"].unique()
    for group in (code for code in codes if code != "WORLD" and areas.kind(code) == "group"):
        totals = table[(table["reporter"] == group) & (table["source"] == table["origin"])]
        keys = ["partner", "flow", "commodity", "period", "measure"]
        for _, total in totals.drop_duplicates(keys).iterrows():
            _national_sum(table, total, out)


def _national_sum(table: pd.DataFrame, total: pd.Series, out: Derived) -> None:
    inside = areas.members(str(total["reporter"]), int(str(total["end"])[:4]))
    flows = {"exports": "imports", "imports": "exports"}
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
        & (table["flow"] == flows.get(str(total["flow"]), str(total["flow"])))
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
