"""Which figures measure the same trade: origins, sides and keys. Owns the rule of who is compared with whom.

A *key* names one measure (flow, two parties, commodity, period). A *side* is the party that reports: `a` the
exporter, or the party named first; `b` the importer, or the party named second. An *origin* is the source a
figure goes back to; figures of one origin count once.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sources import areas
from sources.vocabulary import INTENDED
from sources.words import clean

KEY = ["key_flow", "area_a", "area_b", "commodity", "key_class", "period", "measure"]
DIRECTED = ("exports", "imports")
COMPARED = ("figure", "total")
TRADE = ["reporter", "partner", "flow", "commodity", "period", "measure"]
Node = tuple[str, ...]  # a source and the trade it speaks of
TURNED = "balance seen from the other party: the balance reported, its sign turned"


def origins(figures: pd.DataFrame) -> pd.Series:
    """Give the origin of n figures: the source at the end of their chain of `derived_from`, else the own source.

    The chain goes from figure to figure: a source that repeats another once has its other figures for its own.
    Where the source named prints no such figure, it is followed on only if it does nothing but repeat.
    """
    linked = figures[figures["derived_from"] != ""]
    if linked.empty:
        return figures["source"].copy()
    named = {clean(str(source)): str(source) for source in figures["source"].unique()}
    by_id = dict(zip(figures["id"], zip(figures["source"], *(figures[name] for name in TRADE))))
    at = list(zip(linked["source"], *(linked[name] for name in TRADE)))
    told: list[Node] = [
        by_id.get(target) or (named.get(clean(target), target), *node[1:])
        for target, node in zip(map(str, linked["derived_from"]), at)
    ]
    parents: dict[Node, Node] = {}
    for node, parent in zip(at, told):
        parents.setdefault(node, parent)
    own = set(figures.loc[figures["derived_from"] == "", "source"])
    targets: dict[str, set[str]] = {}
    for node, parent in zip(at, told):
        targets.setdefault(node[0], set()).add(parent[0])
    only = {s: next(iter(t)) for s, t in targets.items() if len(t) == 1 and s not in own}
    known: dict[Node, str] = {}
    ends = [_end(node, parents, only, known) for node in told]
    return figures["source"].where(
        figures["derived_from"] == "", pd.Series(ends, index=linked.index, dtype=object)
    )


def _end(
    node: Node, parents: Mapping[Node, Node], only: Mapping[str, str], known: dict[Node, str]
) -> str:
    """Follow a chain to its last source; of a ring of sources that repeat each other, the first by name."""
    path: list[Node] = []
    seen: dict[Node, int] = {}
    while node not in known and node not in seen:
        seen[node] = len(path)
        path.append(node)
        after = parents.get(node) or ((only[node[0]], *node[1:]) if node[0] in only else None)
        if after is None:
            break
        node = after
    ring = [step[0] for step in path[seen[node] :]] if node in seen else []
    end = known.get(node) or min(ring)
    known.update(dict.fromkeys(path, end))
    return end


def keyed(figures: pd.DataFrame) -> pd.DataFrame:
    """Give the comparable figures with their key, side (`a`, `b`) and origin, in the order of the input.

    One party's surplus is the other's deficit: of a balance, side b is compared with its sign turned only,
    as the derived figure that `reconcile.derive.turned` makes of it.
    """
    table = sided(figures)
    own = (table["flow"] != "balance") | (table["side"] == "a") | table["is_turned"]
    return table[own] if not own.all() else table


def sided(figures: pd.DataFrame) -> pd.DataFrame:
    """Give the comparable figures as `keyed` does, and beside them the balances of side b as reported."""
    chosen = figures["amount"].notna() & figures["role"].isin(COMPARED)
    chosen &= ~figures["status"].isin(INTENDED)
    for name in ("reporter", "partner", "flow", "period"):
        chosen &= figures[name] != ""
    table = figures[chosen].copy()
    table["row"] = np.arange(len(table))
    exports, imports = table["flow"] == "exports", table["flow"] == "imports"
    directed = exports | imports
    table["key_flow"] = table["flow"].where(~imports, "exports")
    mutual = table["flow"].isin(["turnover", "balance"])
    first = oriented(table[mutual])
    pair = _pair(table)
    lead = pair.map(first).where(mutual, table["reporter"])
    lead = lead.where(~imports, table["partner"])
    own = lead == table["reporter"]
    table["area_a"] = lead
    table["area_b"] = table["partner"].where(own, table["reporter"])
    table["side"] = np.where(own, "a", "b")
    table.loc[directed, "side"] = np.where(exports[directed], "a", "b")
    table["is_turned"] = (table["flow"] == "balance") & (table["note"] == TURNED)
    table.loc[table["is_turned"], "side"] = "b"
    table["key_class"] = table["classification"].where(table["commodity"] != "TOTAL", "")
    counted = table["measure"] == "quantity"  # pieces are never set beside barrels
    if counted.any():
        table["key_class"] = table["key_class"].where(
            ~counted, table["key_class"] + "\x1f" + table["currency"]
        )
    return table


def _pair(table: pd.DataFrame) -> pd.Series:
    ordered = table["reporter"] <= table["partner"]
    low = table["reporter"].where(ordered, table["partner"])
    return low + "\x1f" + table["partner"].where(ordered, table["reporter"])


def oriented(table: pd.DataFrame) -> dict[str, str]:
    """Give for each unordered pair of turnovers and balances the area of side a: the reporter named first.

    Members follow their group: where the region stands first against China, so does each of its members, so
    that the gaps by member carry the sign of the gap of the whole.
    """
    if table.empty:
        return {}
    pairs = _pair(table)
    first = table["reporter"].groupby(pairs, sort=False).first().to_dict()
    year = int(str(table["end"].iloc[0])[:4])
    present = pd.unique(pd.concat([table["reporter"], table["partner"]]))
    groups = [code for code in present if code != "WORLD" and areas.kind(code) == "group"]
    answer = dict(first)
    for group in groups:
        inside = areas.members(group, year)
        for key in first:
            for member, other in (tuple(key.split("\x1f")), tuple(reversed(key.split("\x1f")))):
                root = "\x1f".join(sorted((group, other)))
                if set(member.split("+")) <= inside and root in first and other not in inside:
                    answer[key] = member if first[root] == group else other
    return answer


def representatives(table: pd.DataFrame) -> pd.DataFrame:
    """Give one figure a key, side and origin: the one named first, in its latest vintage of that source.

    Where figures of a key stand on several bases (concept, prices), those come first on which most meet.
    """
    group = [*KEY, "side", "origin"]
    table = table.assign(basis=_basis_rank(table))
    lead = table.sort_values("basis", kind="stable") if table["basis"].any() else table
    lead = lead.drop_duplicates(group)[[*group, "source", "currency", "basis", "row"]]
    lead = lead.rename(columns={"row": "named"})
    like = [*group, "source", "currency", "basis"]
    same = table.merge(lead, on=like, how="inner", validate="m:1")
    latest = same.sort_values(["published", "row"], ascending=[False, True], kind="stable")
    chosen = latest.drop_duplicates(group)
    return chosen.sort_values("named", kind="stable").drop(columns="named").reset_index(drop=True)


def _basis_rank(table: pd.DataFrame) -> pd.Series:
    """Rank the bases of each key, 0 for the one on which most sides, then most origins, meet; n numbers."""
    plain = pd.Series(0, index=table.index)
    bases = table[["concept", "prices"]]
    if len(bases.drop_duplicates()) < 2:
        return plain
    key = table.groupby(KEY, sort=False).ngroup()
    basis = bases.groupby(["concept", "prices"], sort=False).ngroup()
    several = basis.groupby(key).transform("nunique") > 1
    if not bool(several.any()):
        return plain
    told = pd.DataFrame({"key": key, "basis": basis, "side": table["side"], "origin": table["origin"],
                         "row": table["row"]})[several]  # fmt: skip
    told["both"] = told["side"] + "\x1f" + told["origin"]
    count = told.groupby(["key", "basis"], as_index=False).agg(
        sides=("side", "nunique"), origins=("both", "nunique"), row=("row", "min")
    )
    count = count.sort_values(
        ["key", "sides", "origins", "row"], ascending=[True, False, False, True]
    )
    count["rank"] = count.groupby("key").cumcount()
    met = told.merge(count[["key", "basis", "rank"]], on=["key", "basis"], validate="m:1")
    plain[several] = met["rank"].to_numpy()
    return plain
