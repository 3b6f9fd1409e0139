"""Which figures measure the same trade: origins, sides and keys. Owns the rule of who is compared with whom.

A *key* names one measure (flow, two parties, commodity, period). A *side* is the party that reports: `a` the
exporter, or the party named first; `b` the importer, or the party named second. An *origin* is the source a
figure goes back to; figures of one origin count once.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sources import areas
from sources.words import clean

KEY = ["key_flow", "area_a", "area_b", "commodity", "key_class", "period", "measure"]
DIRECTED = ("exports", "imports")
COMPARED = ("figure", "total")
INTENDED = ("target", "forecast")  # statuses of what has not happened


def origins(figures: pd.DataFrame) -> pd.Series:
    """Give the origin of n figures: the source at the end of the chain of `derived_from`, else the own source."""
    known = {clean(str(source)): str(source) for source in figures["source"].unique()}
    by_id = dict(zip(figures["id"], figures["source"]))
    linked = figures[figures["derived_from"] != ""]
    parent: dict[str, str] = {}
    for source, target in (
        linked[["source", "derived_from"]].drop_duplicates().itertuples(index=False)
    ):
        parent.setdefault(str(source), str(by_id.get(target, known.get(clean(target), target))))
    told = figures["derived_from"].map(
        {
            text: by_id.get(text, known.get(clean(text), text))
            for text in figures["derived_from"].unique()
        }
    )
    start = told.where(figures["derived_from"] != "", figures["source"])
    ends = {source: _end(source, parent) for source in start.unique()}
    return start.map(ends)


def _end(source: str, parent: dict[str, str]) -> str:
    seen = {source}
    while source in parent and parent[source] not in seen:
        source = parent[source]
        seen.add(source)
    return source


def keyed(figures: pd.DataFrame) -> pd.DataFrame:
    """Give the comparable figures with their key, side (`a`, `b`) and origin, in the order of the input."""
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
    table["key_class"] = table["classification"].where(table["commodity"] != "TOTAL", "")
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
    """Give one figure a key, side and origin: the one named first, in its latest vintage of that source."""
    group = [*KEY, "side", "origin"]
    lead = table.drop_duplicates(group)[[*group, "source", "currency"]]
    same = table.merge(lead, on=[*group, "source", "currency"], how="inner", validate="m:1")
    latest = same.sort_values(["published", "row"], ascending=[False, True], kind="stable")
    order = lead.assign(rank=range(len(lead)))[[*group, "rank"]]
    chosen = latest.drop_duplicates(group).merge(order, on=group, validate="1:1")
    return chosen.sort_values("rank", kind="stable").reset_index(drop=True)
