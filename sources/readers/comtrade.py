"""Owns UN Comtrade as the new API and its users write it: JSON `data[]`, UI and bulk CSV, parquet, snake_case."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sources import areas, grid, totals
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source
from sources.readers.table import (
    Rows,
    aside,
    constant,
    find_header,
    finding,
    finish,
    numbers_of,
    parquet_rows,
    pick,
    record_rows,
    sheet_rows,
    squash,
    text_rows,
)

NAME = "comtrade"
ABOUT = "UN Comtrade: JSON of the new API, CSV of the site and of the bulk service, parquet, snake_case exports"
EXAMPLE = (
    "refYear,reporterCode,reporterISO,flowCode,partnerCode,partnerISO,cmdCode,primaryValue\n"
    "2024,398,KAZ,X,156,CHN,TOTAL,15000000000\n"
)

FIELDS = {
    "type": ("typecode",), "freq": ("freqcode",), "year": ("refyear",), "month": ("refmonth",),
    "period": ("period",), "reporter_code": ("reportercode",), "reporter_iso": ("reporteriso",),
    "reporter_name": ("reporterdesc",), "flow_code": ("flowcode",), "flow_name": ("flowdesc",),
    "partner_code": ("partnercode",), "partner_iso": ("partneriso",), "partner_name": ("partnerdesc",),
    "partner2": ("partner2code",), "partner2_iso": ("partner2iso",), "mot": ("motcode",),
    "customs": ("customscode",), "mos": ("moscode",), "commodity": ("cmdcode",),
    "classification": ("classificationcode",), "search": ("classificationsearchcode",),
    "value": ("primaryvalue",), "cif": ("cifvalue",), "fob": ("fobvalue",),
}  # fmt: skip

FLOWS = {
    "m": "imports", "import": "imports", "imports": "imports", "1": "imports",
    "x": "exports", "export": "exports", "exports": "exports", "2": "exports",
    "rx": "re-exports", "re-export": "re-exports", "re-exports": "re-exports", "3": "re-exports",
    "rm": "re-imports", "re-import": "re-imports", "re-imports": "re-imports", "4": "re-imports",
    "dx": "exports", "domestic export": "exports", "xip": "exports", "xop": "exports",
    "export of goods after inward processing": "exports",
    "export of goods for outward processing": "exports",
    "fm": "imports", "foreign import": "imports", "mip": "imports", "mop": "imports",
    "import of goods for inward processing": "imports",
    "import of goods after outward processing": "imports",
}  # fmt: skip
# Flows that Comtrade counts inside exports or imports: parts, never added to them.
INNER = {
    "dx": "domestic exports", "domestic export": "domestic exports",
    "xip": "exports after inward processing", "xop": "exports for outward processing",
    "export of goods after inward processing": "exports after inward processing",
    "export of goods for outward processing": "exports for outward processing",
    "fm": "foreign imports", "foreign import": "foreign imports",
    "mip": "imports for inward processing", "mop": "imports after outward processing",
    "import of goods for inward processing": "imports for inward processing",
    "import of goods after outward processing": "imports after outward processing",
}  # fmt: skip
WHOLE = {"partner2": {"0", "", "w00"}, "mot": {"0", ""}, "customs": {"c00", ""}, "mos": {"0", ""}}
_JSON = re.compile(r'"(?:primaryValue|primary_value)"\s*:')


def recognises(head: Head) -> float:
    """Score by the columns: a value, a reporter, a partner and a flow under Comtrade's names."""
    if head.text.lstrip()[:1] in ("{", "["):
        return 0.95 if _JSON.search(head.text) and "eporter" in head.text else 0.0
    if head.columns and _complete(head.columns):
        return 0.95
    if head.binary and not head.data.startswith(b"PAR1"):
        return 0.9 if any(_header(sheet) >= 0 for sheet in head.sheets) else 0.0
    return 0.0


def _complete(headers: Sequence[object]) -> bool:
    found = set(pick(headers, FIELDS))
    return ("value" in found or {"cif", "fob"} <= found) and _sides(found)


def _sides(found: set[str]) -> bool:
    return all(
        any(f"{side}_{kind}" in found for kind in kinds)
        for side, kinds in (
            ("reporter", ("code", "iso", "name")),
            ("partner", ("code", "iso", "name")),
            ("flow", ("code", "name")),
        )
    ) and bool({"period", "year"} & found)


def _header(sheet: grid.Sheet) -> int:
    """Give the header row of a sheet that has the identifying columns of the API, or -1."""
    row = find_header(sheet, FIELDS, ("value", "commodity"))
    if row < 0 or not _complete(list(sheet.cells.iloc[row])):
        return -1
    # Reports made from Comtrade name a few columns only; they have a reader of their own.
    return (
        row if {"reporter_code", "partner_code"} <= set(pick(sheet.cells.iloc[row], FIELDS)) else -1
    )


def read(source: Source) -> Reading:
    """Read a Comtrade file of n rows into n figures in US dollars. Raises InputError."""
    return figures(_rows(source), source, NAME)


def _rows(source: Source) -> Rows:
    if source.data.startswith(b"PAR1"):
        return parquet_rows(source, FIELDS, ("value", "cif", "fob"))
    start = source.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return record_rows(_records(source), FIELDS, "record")
    if source.data.startswith(b"PK") or b"\x00" in source.data[:4096]:
        for sheet in source.sheets:
            row = _header(sheet)
            if row >= 0:
                return sheet_rows(sheet, FIELDS, "value", row)
    return text_rows(source, FIELDS)


def _records(source: Source) -> list[dict[str, object]]:
    """Give the records of an answer of the API. Raises InputError for an error message in its place."""
    from sources.markup import load_json

    document = load_json(source.text, source.name)
    if isinstance(document, dict):
        data = document.get("data")
        error = document.get("error") or document.get("message")
        if not isinstance(data, list) or (error and not data):
            found = f"an answer without data: {error or 'no list `data`'}"
            raise InputError(
                Problem(source.name, "", found, "Ask the service again.", "CORRUPT_FILE")
            )
    else:
        data = document if isinstance(document, list) else []
    return [record for record in data if isinstance(record, dict)]


def figures(
    rows: Rows,
    source: Source,
    reader: str,
    *,
    unit: str = "USD",
    publisher: str = "UN Comtrade",
    iso_scheme: str = "comtrade",
    facts: dict[str, object] | None = None,
) -> Reading:
    """Turn rows with Comtrade's fields into a Reading: codes resolved, breakdowns and totals kept apart."""
    frame = rows.frame
    index = frame.index
    raw = pd.DataFrame(index=index)
    raw["reporter"] = area_codes(frame, "reporter", iso_scheme)
    raw["partner"] = area_codes(frame, "partner", iso_scheme)
    flow_name = "flow_code" if "flow_code" in frame else "flow_name"
    flow = rows.text(flow_name)
    raw["flow"] = translated(flow, FLOWS)
    raw["period"] = periods_of(rows)
    raw["value"] = frame["value"] if "value" in frame else _either(frame)
    raw["unit"] = constant(unit, index)
    raw["source"] = constant(publisher, index)
    raw["place"] = rows.place
    raw["commodity"] = commodity_codes(rows.text("commodity", "TOTAL"))
    raw["classification"] = _classification(rows)
    raw["valuation"] = _valuation(frame, raw["flow"], raw["value"])
    raw["records"] = raw["reporter"]
    if "type" in frame:
        raw["concept"] = translated(frame["type"], {"c": "goods", "s": "services"})
    raw["role"] = constant("figure", index)
    raw["note"] = translated(flow, INNER, "")
    notes: list[dict[str, object]] = []
    out = list(rows.aside)
    raw, more = settle(raw, frame, source)
    notes.extend(more)
    raw, empty = without_values(raw, source)
    out.extend(empty)
    raw["role"] = roles(raw)
    left = [h for h in rows.headers if squash(h) in ("netwgt", "qty", "grosswgt", "altqty")]
    more_facts: dict[str, object] = dict(facts or {})
    if left:
        more_facts["notes"] = ["quantities are not read: " + ", ".join(left)]
    return finish(raw, source, reader, set_aside=out, findings=notes, facts=more_facts)


def area_codes(frame: pd.DataFrame, side: str, iso_scheme: str = "comtrade") -> pd.Series:
    """Resolve the areas of one side of n rows by code, then ISO, then name; unknown ones stay as printed."""
    columns = [
        (f"{side}_{kind}", scheme)
        for kind, scheme in (("code", "comtrade"), ("iso", iso_scheme), ("name", "name"))
        if f"{side}_{kind}" in frame
    ]
    if not columns:
        return constant("", frame.index)
    answer: pd.Series | None = None
    printed: pd.Series | None = None
    for name, scheme in columns:
        codes, unique = pd.factorize(frame[name])
        texts = [str(text).strip() for text in unique]
        found = areas.resolve(texts, scheme=scheme)
        table = np.array([found[text] or "" for text in texts] + [""], dtype=object)
        column = pd.Series(table[codes], index=frame.index, dtype=object)
        answer = column if answer is None else answer.where(answer != "", column)
        shown = pd.Series(np.array([*texts, ""], dtype=object)[codes], index=frame.index)
        printed = shown if printed is None else shown.where(shown != "", printed)
        if not (answer == "").any():
            return answer
    assert answer is not None and printed is not None
    return answer.where(answer != "", printed)


def translated(column: pd.Series, words: dict[str, str], default: str | None = None) -> pd.Series:
    """Translate each unique text of a column by its lower-case form; others stay, or become `default`."""
    codes, unique = pd.factorize(column)
    texts = [str(text).strip() for text in unique]
    table = [words.get(text.lower(), text if default is None else default) for text in texts]
    return pd.Series(np.array([*table, default or ""], dtype=object)[codes], index=column.index)


def periods_of(rows: Rows) -> pd.Series:
    """Give the periods: `period` (2024, 202403) or year and month, where month 52 is the whole year."""
    frame = rows.frame
    if "period" in frame and (frame["period"].astype(object) != "").all():
        codes, unique = pd.factorize(frame["period"])
        table = [_period(str(text).strip()) for text in unique]
        return pd.Series(np.array([*table, ""], dtype=object)[codes], index=frame.index)
    year = rows.text("year").astype(str)
    month = rows.text("month").astype(str)
    codes, unique = pd.factorize(year + "|" + month)
    table = []
    for text in unique:
        y, m = (part.strip() for part in text.split("|"))
        table.append(f"{y}-{int(m):02d}" if m.isdigit() and 1 <= int(m) <= 12 else y)
    return pd.Series(np.array([*table, ""], dtype=object)[codes], index=frame.index)


def _period(text: str) -> str:
    text = text.removesuffix(".0")
    if len(text) == 6 and text.isdigit():
        month = int(text[4:])
        return f"{text[:4]}-{text[4:]}" if 1 <= month <= 12 else text[:4] if month == 52 else text
    return text


def commodity_codes(column: pd.Series) -> pd.Series:
    """Give commodity codes as printed, with the words for all goods as TOTAL."""
    codes, unique = pd.factorize(column)
    table = []
    for text in unique:
        code = str(text).strip()
        table.append("TOTAL" if code.lower() in ("total", "ag0", "all", "") else code)
    return pd.Series(np.array([*table, "TOTAL"], dtype=object)[codes], index=column.index)


def _classification(rows: Rows) -> pd.Series:
    frame = rows.frame
    if "classification" in frame:
        return frame["classification"]
    return frame["search"] if "search" in frame else constant("", frame.index)


def _either(frame: pd.DataFrame) -> pd.Series:
    cif, fob = frame["cif"].astype(object), frame["fob"].astype(object)
    return cif.where((cif != "") & cif.notna(), fob)


def _valuation(frame: pd.DataFrame, flow: pd.Series, value: pd.Series) -> pd.Series:
    """Give CIF or FOB: what the file's own CIF and FOB columns say, else imports CIF and exports FOB."""
    usual = translated(
        flow,
        {"imports": "CIF", "exports": "FOB", "re-exports": "FOB", "re-imports": "CIF"},
        "unknown",
    )
    if not {"cif", "fob"} <= set(frame):
        return usual
    has_cif, has_fob = _filled(frame["cif"]), _filled(frame["fob"])
    only_fob, only_cif = has_fob & ~has_cif, has_cif & ~has_fob
    both = has_cif & has_fob
    if both.any():
        amount = _plain(value)
        only_fob |= both & (_plain(frame["fob"]) == amount) & (_plain(frame["cif"]) != amount)
        only_cif |= both & (_plain(frame["cif"]) == amount) & (_plain(frame["fob"]) != amount)
    return usual.mask(only_fob, "FOB").mask(only_cif, "CIF")


def _plain(column: pd.Series) -> pd.Series:
    return column if column.dtype.kind == "f" else numbers_of(column)


def _filled(column: pd.Series) -> pd.Series:
    if column.dtype.kind == "f":
        return column.notna() & (column != 0)
    codes, unique = pd.factorize(column)
    table = np.array(
        [str(t).strip() not in ("", "0", "0.0", "NA", "nan") for t in unique] + [False]
    )
    return pd.Series(table[codes], index=column.index)


def settle(
    raw: pd.DataFrame, frame: pd.DataFrame, source: Source
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Mark breakdown rows as parts where their total stands beside them, and add them up where it does not.

    A sum is a row of its own: its place is that of its first part, its note the number of parts.
    """
    marks = {}
    for name, whole in WHOLE.items():
        if name in frame:
            codes, unique = pd.factorize(frame[name])
            table = np.array(
                [_tidy(str(text)) not in whole for text in unique] + [False], dtype=bool
            )
            marks[name] = pd.Series(table[codes], index=frame.index)
    broken = pd.Series(False, index=frame.index)
    for mark in marks.values():
        broken |= mark
    inner = (raw["note"] != "").to_numpy()
    role = np.where(broken | inner, "part", "figure")
    raw = raw.assign(role=pd.Series(role, index=raw.index, dtype=object))
    if not broken.any():
        return raw, []
    key = _keys(raw)
    has_total = key.isin(key[~broken].unique())
    orphan = broken & ~has_total
    findings = (
        [
            finding(
                "PARTS_DROPPED",
                f"{int((broken & has_total).sum()):,} rows by "
                + ", ".join(sorted(name for name, mark in marks.items() if mark.any()))
                + " stand beside their total and are kept as parts",
                "Nothing to do; the total is used.",
                source=source,
            )
        ]
        if (broken & has_total).any()
        else []
    )
    if orphan.any():
        sums, count = _sums(raw[orphan], frame[orphan], list(marks))
        raw = pd.concat([raw, sums], ignore_index=True)
        findings.append(
            finding(
                "PARTS_ADDED",
                f"{count:,} rows give only parts (second partner, transport, customs procedure); "
                f"they were added up to {len(sums):,} figures",
                "Compare the sum with the publisher's own total where there is one.",
                source=source,
                severity="warning",
            )
        )
    return raw, findings


def _tidy(text: str) -> str:
    text = text.strip().lower()
    return text.removesuffix(".0")


def _keys(raw: pd.DataFrame) -> pd.Series:
    names = ["reporter", "partner", "flow", "period", "commodity", "classification", "note"]
    return raw.groupby([raw[name] for name in names], sort=False, observed=True).ngroup()


def _sums(raw: pd.DataFrame, frame: pd.DataFrame, names: list[str]) -> tuple[pd.DataFrame, int]:
    """Add up the rows of each key that has no total, one breakdown after the other."""
    table = raw.assign(amount=_plain(raw["value"]), lines=1)
    table = table[table["amount"].notna()]
    own = {
        "partner2": "partner2Code", "mot": "motCode", "customs": "customsCode", "mos": "mosCode",
    }  # fmt: skip
    for name in names:
        column = frame.loc[table.index, name].astype(str).map(_tidy)
        total = totals.BREAKDOWNS[own[name]]
        table[own[name]] = column.mask(column.isin(WHOLE[name]), total).str.upper()
    settled, _ = totals.settle_breakdowns(table, value="amount")
    count = len(table)
    settled = settled.copy()
    settled["value"] = settled["amount"]
    settled["place"] = settled["place"].astype(object) + " and the rows added to it"
    settled["role"] = "figure"
    settled["note"] = "added up from the rows of a breakdown"
    return settled[list(raw.columns)], count


def without_values(
    raw: pd.DataFrame, source: Source
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Take rows without any value out, as one row set aside that says how many they are."""
    column = raw["value"]
    if column.dtype.kind == "f":
        empty = column.isna()
    else:
        codes, unique = pd.factorize(column)
        table = np.array([str(t).strip() in ("", "NA", "NaN", "nan") for t in unique] + [True])
        empty = pd.Series(table[codes], index=column.index)
    if not empty.any():
        return raw, []
    first = str(raw.loc[empty, "place"].iloc[0])
    reason = f"{int(empty.sum()):,} rows without a value"
    return raw[~empty].reset_index(drop=True), [aside(source, first, reason)]


def roles(raw: pd.DataFrame) -> pd.Series:
    """Give the roles: totals by area and commodity are told apart among the rows that are no parts."""
    role = raw["role"].astype(object)
    plain = role == "figure"
    columns = [
        "source",
        "reporter",
        "partner",
        "flow",
        "period",
        "commodity",
        "classification",
        "value",
    ]
    table = raw.loc[plain, columns].copy()
    if table["value"].dtype.kind != "f":
        table["value"] = numbers_of(table["value"])
    role = role.copy()
    role[plain] = totals.mark_totals(table)
    return role
