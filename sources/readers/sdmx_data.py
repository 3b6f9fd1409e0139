"""Owns what the components of an SDMX data set mean for trade: reporter, partner, flow, unit with its multiplier, status.

The names are those of the SDMX Content-Oriented Guidelines and of the offices that publish trade (IMF, Eurostat,
OECD, UNSD). A data set without reporter, partner and flow is no trade and gives no figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sources import areas
from sources.figures import FINDING_COLUMNS, Reading, empty_figures
from sources.readers import Source
from sources.readers.table import finding, finish, mapped
from sources.totals import mark_totals
from sources.words import clean

# Component ids, in the order in which they are tried.
COMPONENTS: dict[str, tuple[str, ...]] = {
    "reporter": ("REPORTER", "REPORTING_COUNTRY", "DECLARANT", "REP_AREA", "REPORTING_AREA", "REF_AREA", "COUNTRY",
                 "GEO", "REPORTER_CODE"),
    "partner": ("PARTNER", "COUNTERPART_AREA", "COUNTERPART_COUNTRY", "VIS_AREA", "COUNTERPART", "PARTNER_COUNTRY",
                "PARTNER_CODE", "PARTNER_1"),
    "flow": ("FLOW", "TRADE_FLOW", "FLOWS", "DIRECTION", "TRADE_DIRECTION", "FLOW_CODE", "STK_FLOW", "INDICATOR",
             "MEASURE", "INDICATORS", "ACCOUNTING_ENTRY"),
    "period": ("TIME_PERIOD", "TIME", "PERIOD"),
    "commodity": ("COMMODITY", "COMMODITY_1", "PRODUCT", "PRODUCT_NC", "SITC06", "CMD_CODE", "PRODUCT_CODE", "CPA",
                  "COMMODITY_CODE", "HS"),
    "unit": ("UNIT_MEASURE", "CURRENCY", "UNIT", "UNIT_OF_MEASURE"),
    "multiplier": ("UNIT_MULT", "POWERCODE"),
    "status": ("OBS_STATUS", "OBS_FLAG", "STATUS"),
    "confidential": ("CONF_STATUS", "CONF_STATUS_OBS"),
    "valuation": ("VALUATION", "PRICE_BASIS"),
    "indicator": ("INDICATOR", "INDICATORS", "MEASURE"),
    "value": ("OBS_VALUE", "OBSVALUE", "VALUE"),
}  # fmt: skip
_FLOWS = {
    "x": "exports", "m": "imports", "exp": "exports", "imp": "imports", "export": "exports", "import": "imports",
    "exports": "exports", "imports": "imports", "rx": "re-exports", "rm": "re-imports", "dx": "exports",
    "2": "exports", "1": "imports", "e": "exports", "i": "imports", "t": "turnover", "b": "balance",
    "fm": "imports", "mip": "", "xip": "", "balance": "balance", "turnover": "turnover",
}  # fmt: skip
# Indicators of the IMF: TXG_FOB_USD, XG_FOB_USD, TMG_CIF_USD, MG_FOB_USD, TBG_USD.
_INDICATOR = re.compile(
    r"^t?(?P<flow>[xmb])g(?:_(?P<valuation>fob|cif))?(?:_(?P<unit>[a-z]{3}))?$", re.I
)
_LETTER = {"x": "exports", "m": "imports", "b": "balance"}
_WORLD = {"w0", "w1", "w00", "wld", "world", "0", "_t", "all", "total", "wl"}
# CL_OBS_STATUS of the SDMX cross-domain code lists, and Eurostat's lower-case flags of the same letters.
STATUS = {
    "p": "provisional", "e": "estimate", "f": "estimate", "i": "estimate", "r": "revised", "v": "final", "t": "provisional",
}  # fmt: skip
MISSING = frozenset("mloqk")
_HIDDEN = frozenset("cns")  # CL_CONF_STATUS: confidential, not for publication, statistical
_TOTALS = {"_t", "total", "_z", "all", "tot", "0", "tt"}


def component(names: Sequence[str], role: str) -> str:
    """Give the id of the component that has a role, as it is written in the file; empty where none does."""
    by_upper = {name.upper().replace(" ", "_").replace("-", "_"): name for name in names}
    return next((by_upper[known] for known in COMPONENTS[role] if known in by_upper), "")


def figures(
    table: pd.DataFrame,
    source: Source,
    reader: str,
    labels: Mapping[str, Mapping[str, str]],
    *,
    publisher: str = "",
) -> Reading:
    """Turn n observations (a column of text a component) into a Reading; none where they are no trade.

    `labels` gives component -> code -> name where the file carries names; they are used for codes that are
    not known. UNIT_MULT is a power of ten; OBS_STATUS and CONF_STATUS are kept as the printed flag.
    """
    names = [str(name) for name in table.columns]
    at = {role: component(names, role) for role in COMPONENTS}
    lacking = [role for role in ("reporter", "partner", "flow", "period", "value") if not at[role]]
    flow = _flow(table, at, labels) if not lacking else pd.Series(dtype=object)
    if lacking or not (flow != "").any():
        why = (
            f"no {' and no '.join(lacking)}" if lacking else f"{at['flow']} names no flow of trade"
        )
        return nothing(source, reader, f"a data set of {', '.join(names[:8])}: {why}")
    unit, guessed = _unit(table, at)
    status = _column(table, at["status"])
    letters = status.map({text: clean(text) for text in status.unique()})
    secret = _column(table, at["confidential"])
    hidden = secret.map(lambda text: clean(text) in _HIDDEN).astype(bool)
    value = _column(table, at["value"]).str.strip()
    commodity = _column(table, at["commodity"])
    raw = pd.DataFrame(
        {
            "reporter": _areas(table, at["reporter"], labels),
            "partner": _areas(table, at["partner"], labels),
            "flow": flow,
            "period": _column(table, at["period"]),
            "value": value.mask(value.str.lower().isin(["nan", "null", "none"]), ""),
            "unit": unit,
            "source": publisher or source.name,
            "place": table.get("place", ""),
            "commodity": commodity.map(lambda text: "TOTAL" if clean(text) in _TOTALS else text),
            "valuation": _valuation(table, at),
            "status": letters.map(lambda text: STATUS.get(text[:1], "")),
            "printed_flag": (status + "/" + secret).str.strip("/"),
        }
    )
    gone = letters.isin(MISSING) | (hidden & (raw["value"] == ""))
    raw.loc[gone & (raw["value"] == ""), "note"] = np.where(
        hidden[gone & (raw["value"] == "")], "withheld: confidential", "missing at the source"
    )
    raw["note"] = raw["note"].fillna("") if "note" in raw else ""
    raw.loc[hidden & (raw["value"] == ""), "value"] = "c"
    said = []
    if guessed:
        said.append(
            finding("UNIT_ASSUMED", f"no UNIT_MULT stands in the file: {guessed} is read as it is",
                    "Check the unit on the publisher's page.", source=source, severity="warning")
        )  # fmt: skip
    kept = raw["flow"] != ""
    reading = finish(
        raw[kept].reset_index(drop=True), source, reader, findings=said, decimal="point"
    )
    found = reading.figures
    if len(found):
        found = found.assign(role=mark_totals(found))
    return Reading(
        found, reading.set_aside, reading.findings,
        {**reading.facts, "observations of other indicators": int((~kept).sum())},
    )  # fmt: skip


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    if not name:
        return pd.Series("", index=table.index, dtype=object)
    return table[name].fillna("").astype(str).astype(object)


def _flow(
    table: pd.DataFrame, at: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]
) -> pd.Series:
    """Give the flow of each observation by its code, else by the name of the code; empty where it is none."""
    column = _column(table, at["flow"])
    named = labels.get(at["flow"], {})
    answers = {}
    for text in column.unique():
        code = clean(text)
        indicator = _INDICATOR.match(code)
        if code in _FLOWS:
            answers[text] = _FLOWS[code]
        elif indicator:
            answers[text] = _LETTER[indicator["flow"].lower()]
        else:
            words = clean(named.get(text, text))
            hits = {
                flow for flow, stem in (("exports", r"\bexports?\b"), ("imports", r"\bimports?\b")) if re.search(stem, words)
            }  # fmt: skip
            price = re.search(r"index|price|percent|growth|share|volume", words)
            answers[text] = hits.pop() if len(hits) == 1 and not price else ""
    return column.map(answers)


def _valuation(table: pd.DataFrame, at: Mapping[str, str]) -> pd.Series:
    texts = _column(table, at["valuation"]) + " " + _column(table, at["indicator"])
    answers = {
        text: next((v for v in ("CIF", "FOB") if re.search(rf"(?:^|[^A-Z]){v}(?:$|[^A-Z])", text.upper())), "")
        for text in texts.unique()
    }  # fmt: skip
    return texts.map(answers)


def _areas(table: pd.DataFrame, name: str, labels: Mapping[str, Mapping[str, str]]) -> pd.Series:
    """Give the areas of a component: by code, else by the name that the file gives the code."""
    column = _column(table, name)
    named = labels.get(name, {})
    answers = {}
    for text in column.unique():
        if clean(text) in _WORLD:
            answers[text] = "WORLD"
            continue
        area = areas.find(text) or (areas.find(named[text]) if text in named else None)
        answers[text] = area.code if area else (f"{text} {named[text]}" if text in named else text)
    return mapped(column, answers)


def _unit(table: pd.DataFrame, at: Mapping[str, str]) -> tuple[pd.Series, str]:
    """Give the unit of each observation with its multiplier, and the unit read without one."""
    code = _column(table, at["unit"]).str.strip()
    indicator = _column(table, at["indicator"]).map(_indicator_unit)
    code = code.where(code != "", indicator)
    known = {
        "us$": "USD",
        "us dollar": "USD",
        "dollar": "USD",
        "usd": "USD",
        "usd_exc": "USD",
        "euro": "EUR",
        "eur": "EUR",
        "mio_eur": "million EUR",
    }
    code = code.map({text: known.get(clean(text), text) for text in code.unique()})
    power = _column(table, at["multiplier"]).str.strip()
    words = {"": "", "0": "", "3": "thousand ", "6": "million ", "9": "billion ", "12": "trillion "}
    scale = power.map({text: words.get(text, f"10^{text} ") for text in power.unique()})
    guessed = str(code.iloc[0]) if not at["multiplier"] and len(code) and code.iloc[0] else ""
    return scale + code, guessed


def _indicator_unit(text: str) -> str:
    found = _INDICATOR.match(text.strip())
    if found and found["unit"]:
        return found["unit"].upper()
    return "EUR" if clean(text) == "value_in_euros" else ""


def nothing(source: Source, reader: str, why: str) -> Reading:
    """Give the Reading of SDMX that is no trade: no figure, and a note."""
    note = finding("NO_FIGURES", f"{source.name}: {why}", "Nothing to do.", source=source)
    return Reading(
        empty_figures(),
        findings=pd.DataFrame([note], columns=FINDING_COLUMNS),
        facts={"file": source.name, "reader": reader, "rows": 0},
    )


def observations(message: object) -> tuple[pd.DataFrame, dict[str, dict[str, str]]]:
    """Give a row an observation of an sdmx1 DataMessage (dimensions, attributes, OBS_VALUE, place) and code names."""
    rows: list[dict[str, str]] = []
    labels: dict[str, dict[str, str]] = {}
    for data_set in getattr(message, "data", []):
        common = {str(name): _text(item) for name, item in data_set.attrib.items()}
        for number, obs in enumerate(data_set.obs, len(rows) + 1):
            row = dict(common)
            for name, key_value in obs.key.values.items():
                row[str(name)] = _text(key_value)
                label = _label(key_value)
                if label:
                    labels.setdefault(str(name), {})[row[str(name)]] = label
            row |= {str(name): _text(item) for name, item in obs.attrib.items()}
            row["OBS_VALUE"] = "" if obs.value is None else str(obs.value)
            row["place"] = f"observation {number}"
            rows.append(row)
    return pd.DataFrame(rows).fillna(""), labels


def _text(item: object) -> str:
    value = getattr(item, "value", item)
    return str(getattr(value, "id", value)) if value is not None else ""


def _label(item: object) -> str:
    name = getattr(getattr(item, "value", None), "name", None)
    return str(name) if name is not None and str(name) else ""
