"""Valuation: importers count freight and insurance (CIF), exporters do not (FOB)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile import wording
from reconcile.causes import Ground, amounts, claim, nothing
from reconcile.causes import place as named
from reconcile.causes.baci import cif_rate
from reconcile.causes.settle import WRONG_SIGN
from reconcile.causes.twins import twins
from sources import geography

NAME = "valuation (CIF/FOB)"
ORDER = 80
NEEDS = "a flow with an exporter's and an importer's value"
KINDS = ("mirror",)
FACTOR = "cif-factor"
METHOD = "cif-method"
UNIT_VALUE = "cif-unit-value"
USUAL = {"exports": "FOB", "imports": "CIF"}


def claims(ground: Ground) -> pd.DataFrame:
    """Claim the margin of freight and insurance where the importer's figure is the larger; else say that it cannot.

    Recorded where the importer prints the flow both CIF and FOB. Else the exporter's figure times a margin:
    by the assumption `cif-method` 1, the fixed factor `cif-factor` (IMF, Direction of Trade Statistics
    Yearbook 2017: 1.06); by 2 or 4, BACI's equation for the pair (`reconcile.causes.baci`). A turnover
    holds both directions: its split into flows gives the sign.
    """
    pieces = [_recorded(ground)]
    done = set(pieces[0]["case"]) if len(pieces[0]) else set()
    pieces += [_directed(ground, done), _turnover(ground)]
    pieces = [piece for piece in pieces if len(piece)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def wrong_sign(causes: pd.DataFrame) -> pd.DataFrame:
    """Give (case, note) of the cases whose gap has the sign that freight and insurance cannot explain."""
    mine = causes["cause"] == NAME
    told = causes["note"].str.startswith(WRONG_SIGN) & (causes["amount"] == 0)
    return causes.loc[mine & told, ["case", "note"]].reset_index(drop=True)


def _recorded(ground: Ground) -> pd.DataFrame:
    found = twins(ground, "valuation", ground.directed, USUAL)
    found = found[(found["side"] == "b") & (found["own"] == "CIF") & (found["theirs"] == "FOB")]
    note = "the importer prints the flow both CIF and FOB"
    return claim(
        found["case"], found["amount"], "recorded", note, found["expression"],
        uses=found["twin"].map(lambda key: (key,)),
    )  # fmt: skip


def rate_ids(ground: Ground, exporters: pd.Series, importers: pd.Series) -> pd.Series:
    """Give the id of the assumption that holds the CIF rate of n pairs, entering what is needed."""
    book = ground.book
    book.add(
        {
            "id": METHOD, "value": 1.0, "unit": "1 fixed factor, 2 or 4 BACI's models II or IV",
            "kind": "rule", "source": "this program: the fixed factor unless the user chooses",
        }
    )  # fmt: skip
    method = int(book.value(METHOD))
    fixed = pd.Series(FACTOR, index=exporters.index, dtype=object)
    if method not in (2, 4):
        return fixed
    book.add(
        {
            "id": UNIT_VALUE, "value": 7.2, "low": 0.72, "high": 72.0, "kind": "rule",
            "unit": "thousand USD per tonne",
            "source": "this program: where BACI's model II gives its published mean margin, 3.3 %, at 4,000 km",
        }
    )  # fmt: skip
    pairs = pd.DataFrame({"exporter": exporters, "importer": importers}).drop_duplicates()
    place = geography.shipped()
    at = {code: number for number, code in enumerate(place.codes)}
    pairs = pairs[pairs["exporter"].isin(at) & pairs["importer"].isin(at)]
    i, j = (pairs[name].map(at).to_numpy(dtype=int) for name in ("exporter", "importer"))
    row = book.row(UNIT_VALUE)
    rates = {
        end: cif_rate(
            np.maximum(place.km[i, j], 1.0), place.contiguous[i, j], place.landlocked[i],
            place.landlocked[j], float(row[unit]), method,
        )
        for end, unit in (("value", "value"), ("low", "high"), ("high", "low"))
    }  # fmt: skip
    source = f"BACI, Gaulier and Zignago 2010, table 1, model {'II' if method == 2 else 'IV'}: "
    ids = {}
    for number, (exporter, importer) in enumerate(zip(pairs["exporter"], pairs["importer"])):
        told = f"{place.km[i[number], j[number]]:,.0f} km"
        told += ", common border" if place.contiguous[i[number], j[number]] else ""
        told += ", landlocked exporter" if place.landlocked[i[number]] else ""
        told += ", landlocked importer" if place.landlocked[j[number]] else ""
        ids[exporter, importer] = book.add(
            {
                "id": f"cif-{exporter}-{importer}", "unit": "CIF value / FOB value",
                "value": float(max(1.0, rates["value"][number])),
                "low": float(max(1.0, rates["low"][number])),
                "high": float(max(1.0, rates["high"][number])),
                "kind": "model", "source": source + told,
            }
        )  # fmt: skip
    return pd.Series(
        [ids.get(pair, FACTOR) for pair in zip(exporters, importers)],
        index=exporters.index, dtype=object,
    )  # fmt: skip


def _ends(ground: Ground, keys: pd.Series) -> dict[str, pd.Series]:
    """Give value, low and high of n assumptions."""
    rows = {key: ground.book.row(str(key)) for key in keys.unique()}
    return {
        name: keys.map({key: float(row[name]) for key, row in rows.items()}).astype(float)
        for name in ("value", "low", "high")
    }


def _directed(ground: Ground, done: set[str]) -> pd.DataFrame:
    cases = ground.cases
    part = cases[ground.directed & ~cases["id"].isin(done)]
    if part.empty:
        return pd.DataFrame()
    chosen = cases.index.isin(part.index)
    fob = (ground.of("b", "valuation") == "FOB")[chosen]
    exporter = ground.of("a", "amount")[chosen]
    keys = rate_ids(
        ground,
        pd.Series([pair[0] for pair in part["areas"]], index=part.index, dtype=object),
        pd.Series([pair[1] for pair in part["areas"]], index=part.index, dtype=object),
    )
    rate = _ends(ground, keys)
    some = rate["value"] > 1
    right = (part["gap"] > 0) & ~fob & some
    for key, users in part.loc[right, "id"].groupby(keys[right]):
        ground.book.use(str(key), users.head(50))
    modelled = keys != FACTOR
    percent = (100 * (rate["value"] - 1)).map("{:.3g}".format)
    note = percent + " % of the exporter's figure"
    note = note.where(~modelled, note + " by distance, border and access to the sea")
    note = note.where(some, "the equation gives no margin for this pair")
    note = note.where(
        part["gap"] > 0,
        WRONG_SIGN
        + "the exporter's figure is the larger, which freight and insurance cannot explain",
    )
    note = note.where(~fob, "the importer's figure is FOB: nothing to convert")
    expression = amounts(part["figure_a"]) + "*({assumption:" + keys + "}-1)"
    evidence = pd.Series("assumed", index=part.index).mask(modelled, "estimated")
    return claim(
        part["id"],
        (exporter * (rate["value"] - 1)).where(right, 0.0),
        evidence.where(right, ""),
        note,
        expression.where(right, ""),
        low=(exporter * (rate["low"] - 1)).where(right, 0.0),
        high=(exporter * (rate["high"] - 1)).where(right, 0.0),
    )


def splits(ground: Ground) -> pd.DataFrame:
    """Give, by area, other and year, the exports and imports of all goods that one source prints for one period."""
    figures = ground.figures
    like = figures[
        figures["amount"].notna()
        & (figures["measure"] == "value")
        & (figures["commodity"] == "TOTAL")
        & figures["flow"].isin(["exports", "imports"])
    ]
    keys = ["source", "reporter", "partner", "period"]
    exports = like[like["flow"] == "exports"].drop_duplicates(keys)
    imports = like[like["flow"] == "imports"].drop_duplicates(keys)
    both = exports[[*keys, "start", "id", "amount"]].merge(
        imports[[*keys, "id", "amount"]], on=keys, suffixes=("_x", "_m"), validate="1:1"
    )
    both = both[both["amount_x"] + both["amount_m"] > 0]
    both["year"] = both["start"].str.slice(0, 4)
    names = {"reporter": "area", "partner": "other"}
    return both.rename(columns=names)[
        ["area", "other", "year", "period", "id_x", "id_m", "amount_x", "amount_m"]
    ]


def _turnover(ground: Ground) -> pd.DataFrame:
    cases = ground.cases
    chosen = ground.open & (cases["kind"] == "mirror") & (cases["flow"] == "turnover")
    chosen &= ground.of("a", "measure") == "value"
    if not bool(chosen.any()):
        return pd.DataFrame()
    part = cases[chosen]
    known = splits(ground)
    pieces = []
    for side, own, other in (("b", 1, 0), ("a", 0, 1)):
        table = pd.DataFrame(
            {
                "case": part["id"], "gap": part["gap"], "figure": part[f"figure_{side}"],
                "area": [pair[own] for pair in part["areas"]],
                "other": [pair[other] for pair in part["areas"]],
                "year": part["period"].str.slice(0, 4), "case_period": part["period"],
                "side": side,
            }
        )  # fmt: skip
        met = table.merge(known, on=["area", "other", "year"], validate="m:m")
        met = met.assign(apart=met["period"] != met["case_period"])
        pieces.append(met.sort_values("apart", kind="stable"))
    met = pd.concat(pieces, ignore_index=True).sort_values("apart", kind="stable")
    met = met.drop_duplicates("case").reset_index(drop=True)
    missing = part.loc[~part["id"].isin(met["case"]), "id"]
    silent = nothing(missing, "needs the split of the turnover into exports and imports")
    made = _split(ground, met) if len(met) else met
    pieces = [piece for piece in (made, silent) if len(piece)]
    return pd.concat(pieces, ignore_index=True)


def _split(ground: Ground, met: pd.DataFrame) -> pd.DataFrame:
    """The margin in the side's own imports less that in the partner's imports, seen from figure b."""
    into = rate_ids(ground, met["other"], met["area"])
    out = rate_ids(ground, met["area"], met["other"])
    whole = met["figure"].map(ground.by_id["amount"]).astype(float)
    total = met["amount_x"] + met["amount_m"]
    sign = pd.Series(1.0, index=met.index).mask(met["side"] == "a", -1.0)
    rates = _ends(ground, into), _ends(ground, out)

    def effect(end: str) -> pd.Series:
        own, theirs = rates[0][end], rates[1][end]
        margin_in = whole * met["amount_m"] / total * (own - 1) / own
        return sign * (margin_in - whole * met["amount_x"] / total * (theirs - 1))

    value = effect("value")
    right = value * met["gap"] > 0
    first, second = amounts(met["id_x"]), amounts(met["id_m"])
    base = amounts(met["figure"])
    sums = "(" + first + "+" + second + ")"
    mark = pd.Series("", index=met.index).mask(met["side"] == "a", "-")
    expression = (
        mark + "(" + base + "*" + second + "/" + sums + "*({assumption:" + into + "}-1)/{assumption:"
        + into + "}-" + base + "*" + first + "/" + sums + "*({assumption:" + out + "}-1))"
    )  # fmt: skip
    for key, users in met["case"].groupby(into):
        ground.book.use(str(key), users.head(50))
    share = (100 * met["amount_x"] / total).map("{:.0f} %".format)
    when = ("in " + met["period"]).where(met["apart"], "")
    split = (share + " exports " + when).str.strip()
    note = "margin on the imports of " + met["area"].map(named) + " less margin on its exports, "
    note = note + split
    wrong = (
        WRONG_SIGN + share + " of the turnover of " + met["area"].map(named)
        + " are its exports, where freight and insurance raise the partner's figure: the expected effect has the other sign, "
        + value.map(wording.amount)
    )  # fmt: skip
    modelled = (into != FACTOR) | (out != FACTOR)
    evidence = pd.Series("assumed", index=met.index).mask(modelled, "estimated")
    low, high = effect("low"), effect("high")
    return claim(
        met["case"],
        value.where(right, 0.0),
        evidence.where(right, ""),
        note.where(right, wrong),
        expression.where(right, ""),
        low=low.where(right, 0.0),
        high=high.where(right, 0.0),
    )
