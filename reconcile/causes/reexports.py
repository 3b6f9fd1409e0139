"""Re-exports: foreign goods that leave again, recorded by the country they pass through."""

from __future__ import annotations

import functools
import re

import pandas as pd

from reconcile.causes import Ground, amounts, claim, nothing, place
from sources import areas

NAME = "re-exports"
ORDER = 55
NEEDS = "re-exports of the exporter, or of Hong Kong and other hubs with the country of origin"
KINDS = ("mirror",)
FLOWS = ("exports",)
WHAT = ["commodity", "classification", "period"]
ORIGIN = re.compile(r"(?:country of )?origin\s*[:=]?\s*(.+)|(?:goods )?of\s+(.+?)\s+origin", re.I)


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the exporter's goods that a hub re-exported to the importer, and the exporter's own re-exports.

    Through a hub (figures with flow re-exports and coverage `origin: China`): the importer counts them from
    their origin, the exporter to the hub: the gap is larger by as much (recorded; General Accounting Office
    1995, Fung and Lau 1998 for Hong Kong). Without an origin the exporter's share in the hub's imports is
    taken (estimated). The exporter's own re-exports are in its exports and, where the importer counts by
    origin, not in the importer's figure: the gap is smaller by as much.
    """
    directed = ground.directed
    figures = ground.figures
    table = figures[(figures["flow"] == "re-exports") & figures["amount"].notna()]
    table = table[table["measure"] == "value"]
    if table.empty or not bool(directed.any()):
        return pd.DataFrame()
    table = table.assign(origin_area=table["coverage"].map(origin))
    pairs = ground.pairs[ground.pairs["case"].isin(ground.cases.loc[directed, "id"])]
    pieces = [_recorded(pairs, table), _shared(ground, pairs, table), _own(ground, pairs, table)]
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


@functools.cache
def origin(coverage: str) -> str:
    """Give the area of origin that a coverage text names, as `origin: China`; empty where it names none."""
    found = ORIGIN.search(coverage)
    if not found:
        return ""
    name = (found[1] or found[2]).strip()
    return areas.resolve([name]).get(name) or ""


def covered(ground: Ground) -> set[tuple[str, str]]:
    """Give the (hub, importer) pairs whose re-exports are among the figures."""
    figures = ground.figures
    table = figures[(figures["flow"] == "re-exports") & figures["amount"].notna()]
    return set(zip(table["reporter"], table["partner"]))


def _through(met: pd.DataFrame) -> pd.Series:
    return "passed through " + met["reporter"].map(place)


def _recorded(pairs: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    named = table[table["origin_area"] != ""].drop_duplicates(
        ["reporter", "partner", "origin_area", *WHAT], keep="last"
    )
    met = pairs.merge(
        named[["reporter", "partner", "origin_area", "id", "amount", *WHAT]],
        left_on=["exporter", "importer", *WHAT], right_on=["origin_area", "partner", *WHAT],
        validate="m:m",
    )  # fmt: skip
    met = met[(met["reporter"] != met["exporter"]) & (met["reporter"] != met["importer"])]
    note = _through(met) + ": its re-exports of goods from " + met["exporter"].map(place)
    return claim(
        met["case"], met["amount"], "recorded", note, amounts(met["id"]),
        uses=met["id"].map(lambda key: (key,)),
    )  # fmt: skip


def _shared(ground: Ground, pairs: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    plain = table[table["origin_area"] == ""].drop_duplicates(
        ["reporter", "partner", *WHAT], keep="last"
    )
    known = table[table["origin_area"] != ""]
    met = pairs.merge(
        plain[["reporter", "partner", "id", "amount", *WHAT]],
        left_on=["importer", *WHAT], right_on=["partner", *WHAT], validate="m:m",
    )  # fmt: skip
    met = met[(met["reporter"] != met["exporter"]) & (met["reporter"] != met["importer"])]
    told = known["reporter"] + "\x1f" + known["partner"] + "\x1f" + known["origin_area"]
    this = met["reporter"] + "\x1f" + met["partner"] + "\x1f" + met["exporter"]
    met = met[~this.isin(set(told)) & (met["gap"] > 0)]
    if met.empty:
        return pd.DataFrame()
    figures = ground.figures
    imports = figures[
        (figures["flow"] == "imports") & figures["amount"].notna() & (figures["measure"] == "value")
    ].drop_duplicates(["reporter", "partner", *WHAT])
    imports = imports[["reporter", "partner", "id", "amount", *WHAT]]
    world = imports[imports["partner"] == "WORLD"].drop(columns="partner")
    met = met.merge(
        world, on=["reporter", *WHAT], how="left", suffixes=("", "_world"), validate="m:1"
    )
    met = met.merge(
        imports.rename(columns={"partner": "exporter", "id": "id_from", "amount": "amount_from"}),
        on=["reporter", "exporter", *WHAT], how="left", validate="m:1",
    )  # fmt: skip
    usable = met["amount_world"].notna() & met["amount_from"].notna() & (met["amount_world"] > 0)
    made, silent = met[usable], met[~usable].drop_duplicates("case")
    share = made["amount_from"] / made["amount_world"]
    note = _through(made) + ": its re-exports to " + made["importer"].map(place)
    note = note + ", " + (100 * share).map("{:.0f} %".format) + " of its imports are from "
    note = note + made["exporter"].map(place)
    expression = (
        amounts(made["id"]) + "*" + amounts(made["id_from"]) + "/" + amounts(made["id_world"])
    )
    found = claim(
        made["case"], made["amount"] * made["amount_from"] / made["amount_world"], "estimated",
        note, expression, low=0.0, high=made["amount"], uses=made["id"].map(lambda key: (key,)),
    )  # fmt: skip
    need = "re-exports of " + silent["reporter"].map(place) + " do not name the origin: needs it, "
    need = need + "or the hub's imports by partner and in all"
    waiting = nothing(silent["case"], need)
    pieces = [piece for piece in (found, waiting) if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _own(ground: Ground, pairs: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    own = table[table["origin_area"] == ""].drop_duplicates(
        ["reporter", "partner", *WHAT], keep="last"
    )
    met = pairs.merge(
        own[["reporter", "partner", "id", "amount", *WHAT]],
        left_on=["exporter", "importer", *WHAT], right_on=["reporter", "partner", *WHAT],
        validate="m:1",
    )  # fmt: skip
    basis = met["figure_b"].map(ground.by_id["partner_basis"])
    met = met[basis != "consignment"]
    stated = basis[basis != "consignment"] == "origin"
    # Where the importer does not say that it counts by origin, a gap of the other sign shows nothing.
    unsure = ~stated & (met["gap"] > 0)
    silent = nothing(
        met.loc[unsure, "case"],
        "the exporter prints re-exports: needs the importer's partner basis",
    )
    met, stated = met[~unsure], stated[~unsure]
    note = "the exporter's own re-exports, which the importer counts from their origin"
    made = claim(
        met["case"], -met["amount"], pd.Series("recorded", index=met.index).where(stated, "estimated"),
        note, "-" + amounts(met["id"]), uses=met["id"].map(lambda key: (key,)),
    )  # fmt: skip
    pieces = [piece for piece in (made, silent) if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()
