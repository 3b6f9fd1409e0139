"""Owns any other table: a mapping of its columns, written once by the user or proposed from header words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sources import grid
from sources.blocks import Block, blocks, is_year
from sources.decode import decode
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.markup import load_json
from sources.readers import headers
from sources.readers.figures_file import Head, Source, as_findings
from sources.readers.headers import WORDS
from sources.readers.national_layout import period_in
from sources.totals import is_part_label, is_total_label, mark_totals
from sources.words import clean, nearest, strip_accents

PROPOSED_COLUMNS = 2_000
NAME = "anytable"
ABOUT = (
    "any other table, by a mapping of its columns that you write once or that is proposed and shown"
)
EXAMPLE = (
    "Foreign trade of Mongolia by country in 2023 (million USD),,\nCountry,Exports,Imports\n"
    "China,13964.8,3759.4\nRussia,117.6,2353.9\n"
)

KEYS = (
    "reporter", "partner", "flow", "period", "value", "unit", "commodity", "source", "valuation", "status",
    "exports", "imports", "turnover", "month", "block",
)  # fmt: skip
NEEDED = ("reporter", "partner", "flow", "period", "value", "unit")
LOOKED_AT = 200  # rows of a sheet that decide whether a proposal is complete
FLOW_COLUMNS = ("exports", "imports", "turnover")
_KEY = (
    "reporter",
    "partner",
    "flow",
    "period",
    "commodity",
    "unit",
    "source",
    "valuation",
    "status",
)


@dataclass(frozen=True)
class Mapping:
    """What each key of a figure is in a table: a header, `sheet`, `columns` (the headers), or `"constant"`."""

    keys: dict[str, str]
    proposed: bool = False
    notes: list[str] = field(default_factory=list)

    def shown(self) -> str:
        """Write the mapping as the file that the user would write."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["key", "column"])
        writer.writerows(self.keys.items())
        return out.getvalue()


def read_mapping(path: Path) -> Mapping:
    """Read a mapping (csv of key,column or a json object). Raises InputError with every fault."""
    try:
        text = decode(path.read_bytes(), path.name).text
    except OSError as error:
        raise InputError(
            Problem(path.name, "", "the mapping cannot be read", "Check its name.", "MAPPING")
        ) from error
    if text.lstrip().startswith("{"):
        document = load_json(text, path.name)
        pairs = (
            [(str(k), str(v)) for k, v in document.items()] if isinstance(document, dict) else []
        )
    else:
        pairs = [
            (row[0], row[1]) for row in csv.reader(io.StringIO(text)) if len(row) > 1 and any(row)
        ]
        pairs = [pair for pair in pairs if clean(pair[0]) != "key"]
    problems = []
    keys: dict[str, str] = {}
    for raw, column in pairs:
        key = clean(raw)
        if key not in KEYS:
            near = ", ".join(nearest(key, KEYS, 3))
            problems.append(
                Problem(path.name, raw, f"unknown key {raw!r}", f"Nearest: {near}", "MAPPING")
            )
        elif key in keys:
            problems.append(
                Problem(path.name, raw, f"the key {raw!r} stands twice", "Keep one.", "MAPPING")
            )
        else:
            keys[key] = column.strip()
    if problems or not keys:
        raise InputError(
            problems
            or [Problem(path.name, "", "an empty mapping", "Write key,column rows.", "MAPPING")]
        )
    return Mapping(keys)


def propose(block: Block, sheet: grid.Sheet) -> Mapping:
    """Propose a mapping of a block from its header words, its cells, titles and unit line."""
    keys: dict[str, str] = {}
    years = list(_year_headers(block))
    across = [] if years else _area_headers(block)
    cells = {
        header: [text.strip() for text in block.body[column].astype(str)]
        for column, header in zip(block.body.columns, block.header)
        if header and header not in years and header not in across
    }
    _propose_labels(keys, cells)
    if across:
        keys["partner"] = "columns"
    if years:
        keys["period"] = "columns"
        keys.pop("month", None)
    elif not across:
        _propose_amounts(keys, cells)
    if "partner" not in keys and not _dates_down(block, keys) and cells:
        first = next(iter(cells))
        named = headers.named_areas([t for t in cells[first] if not _is_sum(t)])
        if first not in keys.values() and named >= headers.ENOUGH:
            keys["partner"] = first
    titles = [*reversed(block.titles), sheet.name]
    if (
        "flow" not in keys
        and not any(flow in keys for flow in FLOW_COLUMNS)
        and not _flow_years(block)
    ):
        for title in titles:
            named_flows = [flow for flow in ("exports", "imports") if _holds(title, WORDS[flow])]
            if _holds(title, WORDS["turnover"]) or len(named_flows) == 2:
                break
            if named_flows:
                keys["flow"] = f'"{named_flows[0]}"'
                break
    if "period" not in keys:
        spans = {span for title in titles if (span := period_in(title)[0])}
        if len(spans) == 1:  # "January-September 2024" is no year
            keys["period"] = f'"{spans.pop()}"'
    if (
        "value" not in keys
        and not years
        and not across
        and not any(f in keys for f in FLOW_COLUMNS)
    ):
        free = [h for h in _number_headers(block) if h and h not in keys.values()]
        amounts = [h for h in free if headers.is_amount(h)]
        if len(amounts) == 1:
            keys["value"] = amounts[0]
    if "unit" not in keys and (unit := _proposed_unit(keys, block)):
        keys["unit"] = f'"{unit}"'
    if "reporter" not in keys and (country := _named_area(block.titles)):
        keys["reporter"] = f'"{country}"'
    if "valuation" not in keys:
        printed = " ".join((*block.titles, headers.tidied(keys.get("value", "")))).upper()
        terms = [term for term in ("FOB", "CIF") if re.search(rf"\b{term}\b", printed)]
        if len(terms) == 1:
            keys["valuation"] = f'"{terms[0]}"'
    notes = [f"titles: {' | '.join(block.titles)}"] if block.titles else []
    if len(set(block.units)) > 1:
        notes.append("several units are printed: " + "; ".join(block.units))
    left = [h for h in _number_headers(block) if h not in keys.values() and h in cells]
    if left:
        notes.append("not read: " + ", ".join(left))
    return Mapping(keys, True, notes)


def _propose_labels(keys: dict[str, str], cells: dict[str, list[str]]) -> None:
    """Say which columns of text are the sides, the flow, the period and the commodity, by header and cells."""
    found = {
        key: [header for header in cells if headers.begins(header, WORDS[key])]
        for key in ("reporter", "partner", "flow", "period", "month", "commodity", "unit")
    }
    own = [header for header in found["partner"] if headers.begins(header, headers.COUNTERPART)]
    if own and not found["reporter"]:  # the country beside a counterpart is the one that reports
        found["reporter"] = [header for header in found["partner"] if header not in own]
        found["partner"] = own
    found["commodity"] = [h for h in found["commodity"] if not headers.money_in(h)]
    for key in ("reporter", "partner"):
        _best(keys, key, found[key], cells, headers.named_areas, names_first=True)
    _best(keys, "flow", found["flow"], cells, headers.named_flows)
    _best(keys, "period", found["period"], cells, headers.named_periods)
    if "period" in keys:
        months = [header for header in found["month"] if header != keys["period"]]
        parts = [h for h in months if headers.share(cells[h], _months(h)) == 1]
        years = headers.share(cells[keys["period"]], lambda t: is_year(t.removesuffix(".0"))) == 1
        if parts and years:
            keys["month"] = parts[0]
    coded = [h for h in found["commodity"] if headers.named_codes(cells[h]) >= headers.ENOUGH]
    named = [h for h in found["commodity"] if not headers.is_numeric(cells[h])]
    if free := [header for header in (*coded, *named) if header not in keys.values()]:
        keys["commodity"] = free[0]
    units = [h for h in found["unit"] if headers.share(cells[h], lambda t: bool(headers.money(t)))]
    if units:
        keys["unit"] = units[0]


def _best(
    keys: dict[str, str], key: str, found: list[str], cells: dict[str, list[str]],
    test: Callable[[list[str]], float], names_first: bool = False,
) -> None:  # fmt: skip
    """Take the column whose cells are most often what its header says; none where no cell is.

    An office's own numbers of countries look like the United Nations' ones, so that names go before them.
    """
    scores = {header: test(cells[header]) for header in found if header not in keys.values()}
    if not scores or max(scores.values()) == 0:
        return

    def rank(header: str) -> tuple[float, bool, int]:
        office = names_first and headers.is_numeric(cells[header])
        finer = 0 if names_first else len(set(cells[header]))  # months before years
        return scores[header], not office, finer

    keys[key] = max(scores, key=rank)


def _propose_amounts(keys: dict[str, str], cells: dict[str, list[str]]) -> None:
    """Say which columns of numbers are exports, imports, turnover or a value; those that name a unit first."""
    free = [
        header for header in cells
        if header not in keys.values() and headers.is_amount(header) and headers.is_numeric(cells[header])
    ]  # fmt: skip
    free.sort(key=lambda header: not headers.unit_of(header))
    for flow in FLOW_COLUMNS:
        named = [header for header in free if headers.begins(header, WORDS[flow])]
        if named and "flow" not in keys:
            keys[flow] = named[0]
    if not any(flow in keys for flow in FLOW_COLUMNS):
        flows = (*WORDS["exports"], *WORDS["imports"]) if "flow" in keys else ()
        named = [header for header in free if headers.begins(header, WORDS["value"])]
        named = named or [header for header in free if headers.begins(header, flows)]
        named = named or [header for header in free if headers.unit_of(header)]
        if named:
            keys["value"] = named[0]


def _proposed_unit(keys: dict[str, str], block: Block) -> str:
    """Give the one unit of the columns of values, from their headers and the titles; empty where they differ."""
    chosen = [keys[key] for key in ("value", *FLOW_COLUMNS) if key in keys]
    printed = [headers.unit_of(header) for header in chosen]
    if any(printed) and not all(printed):
        return ""
    titles = [unit for title in block.titles if (unit := headers.unit_of_title(title))]
    printed = [unit for unit in printed if unit]
    found = list(dict.fromkeys([*printed, *(titles if printed else block.units or titles)]))
    forms = {headers.money(unit) or unit for unit in found}
    return found[0] if len(forms) == 1 else ""


def _is_sum(text: str) -> bool:
    return is_total_label(text) or is_part_label(text)


def _dates_down(block: Block, keys: dict[str, str]) -> bool:
    """Tell whether the first column counts years or months, so that it can be no partner."""
    return keys.get("period") == block.header[0]


def _number_headers(block: Block) -> list[str]:
    """Give the headers of the columns whose cells are numbers."""
    out = []
    for column, header in zip(block.body.columns, block.header):
        texts = [text for text in block.body[column].astype(str).str.strip() if text]
        if headers.is_numeric(texts):
            out.append(header)
    return out


def _area_headers(block: Block) -> list[str]:
    """Give the headers that are names of areas over columns of numbers; none unless there are two."""
    from sources import areas

    found = [header for header in _number_headers(block) if len(header) > 2 and areas.find(header)]
    return found if len(found) > 1 else []


def _flow_years(block: Block) -> bool:
    """Tell whether every column of a year says its flow too."""
    years = _year_headers(block)
    return bool(years) and all(_flow_of(header, year) for header, year in years.items())


def _flow_of(header: str, year: str) -> str:
    """Give the flow that the header of a year names beside it; empty where it names none."""
    parts = [part.replace(year, " ").strip() for part in re.split(r"\s/\s", header)]
    rest = " / ".join(part for part in parts if part)
    return next((flow for flow in FLOW_COLUMNS if headers.begins(rest, WORDS[flow])), "")


_LOOSE_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?:[-\s]?(?:Q[1-4]|M\d\d?))?(?![\d.,])", re.I)
_NO_YEAR = re.compile(
    r"(?i)\bconstant\b|\bprices?\b|\bbase\b|=\s*100|\bhs\s?(?:19|20)\d\d|classification"
)


def _year_headers(block: Block) -> dict[str, str]:
    """Give the year (or month, quarter) of each header that is one or, where two or more do, names one."""
    out: dict[str, str] = {}
    for header in block.header:
        parts = re.split(r"\s/\s", header)
        year = next((part for part in parts if is_year(part)), "")
        if year and (len(parts) == 1 or headers.is_amount(header)):
            out[header] = year
    if out:
        return out
    words = tuple(word for key in ("value", *FLOW_COLUMNS) for word in WORDS[key])
    for header in _number_headers(block):
        found = _LOOSE_YEAR.findall(header)
        if len(found) != 1 or _NO_YEAR.search(header) or not headers.is_amount(header):
            continue
        if headers.begins(header.replace(found[0], " "), words):
            out[header] = found[0]
    return out if len(set(out.values())) > 1 else {}


_OURS = ("imported", "exported", "reported")  # "imported by Uganda" names the reporter
_WITH = frozenset(
    {"with", "from", "to", "by", "между", "с", "со", "из", "в", "во", "на", "mit", "aus", "nach"}
    | {
        "avec",
        "vers",
        "con",
        "desde",
        "hacia",
        "مع",
        "من",
        "إلى",
        "与",
        "menen",
        "bilan",
        "менен",
        "бен",
        "мен",
    }
)


def _named_area(titles: list[str]) -> str:
    """Give the code of the one country that the titles name as their own; "trade with China" names a partner."""
    from sources import areas

    found: set[str] = set()
    for title in titles:
        words = re.findall(r"[^\W\d_][^\s,;:()/]*", title)
        at = 0
        while at < len(words):
            taken = 0
            for size in (4, 3, 2, 1):
                text = " ".join(words[at : at + size])
                tries = (text, re.sub(r"s$", "", text)) if size == 1 else (text,)
                area = next(
                    (
                        a
                        for t in tries
                        if len(t) > (3 if t[0] < "\u0600" else 2)
                        and (a := areas.find(t, scheme="name"))
                    ),
                    None,
                )
                if area is not None and area.kind == "country":
                    before = {clean(words[at]), clean(words[at - 1]) if at else ""}
                    ours = at > 1 and clean(words[at - 1]) == "by" and clean(words[at - 2]) in _OURS
                    if ours or not before & _WITH:
                        found.add(area.code)
                    taken = size
                    break
            at += max(taken, 1)
    return found.pop() if len(found) == 1 else ""


def _holds(text: str, words: tuple[str, ...]) -> bool:
    tidy, words = strip_accents(clean(text)), tuple(strip_accents(word) for word in words)
    return any(
        re.search(("" if ord(word[0]) > 0x3000 else r"\b") + re.escape(word), tidy)
        for word in words
    )


def complete(mapping: Mapping, block: Block, sheet: grid.Sheet) -> list[Problem]:
    """Give what a mapping lacks or names wrongly, each with what to add."""
    keys = mapping.keys
    place = sheet.address(block.top)
    out = []
    values = any(key in keys for key in ("value", *FLOW_COLUMNS)) or "columns" in keys.values()
    flows = (
        "flow" in keys
        or any(flow in keys for flow in FLOW_COLUMNS)
        or (keys.get("period") == "columns" and _flow_years(block))
    )
    have = {**keys, **({"value": ""} if values else {}), **({"flow": ""} if flows else {})}
    shown = ", ".join(f"{key}={column}" for key, column in keys.items())
    for key in NEEDED:
        if key not in have:
            advice = f'Add the row {key},<header> or {key},"""constant""" to a mapping.'
            advice += f" Understood so far: {shown}" if shown else ""
            out.append(
                Problem(
                    sheet.file,
                    place,
                    f"the table does not say its {key}",
                    advice,
                    "MAPPING_INCOMPLETE",
                )
            )
    for key, column in keys.items():
        if key == "block" or column in ("sheet", "columns") or _constant(column) is not None:
            continue
        if _column(column, block) is None:
            near = ", ".join(nearest(column, [header for header in block.header if header], 3))
            out.append(
                Problem(
                    sheet.file,
                    place,
                    f"no column {column!r} for {key}",
                    f"Nearest: {near}",
                    "MAPPING",
                )
            )
    return out


def _constant(text: str) -> str | None:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else None


def _column(header: str, block: Block) -> int | None:
    tidy = clean(header)
    for number, text in enumerate(block.header):
        if clean(text) == tidy:
            return number
    ends = [
        n
        for n, text in enumerate(block.header)
        if tidy in [clean(part) for part in text.split(" / ")]
    ]
    return ends[0] if len(ends) == 1 else None


def raw_from_block(block: Block, mapping: Mapping, sheet: grid.Sheet) -> pd.DataFrame:
    """Give the raw rows of a block: one row a value cell, with its address. Raises InputError."""
    problems = complete(mapping, block, sheet)
    if problems:
        raise InputError(problems)
    keys = mapping.keys
    body = block.body.set_axis(range(block.body.shape[1]), axis=1)
    left = int(block.body.columns[0])
    fixed: dict[str, Any] = {}
    for key, column in keys.items():
        if key in ("block", "value", *FLOW_COLUMNS) or column == "columns":
            continue
        constant = _constant(column)
        if column == "sheet":
            fixed[key] = sheet.name
        elif constant is not None:
            fixed[key] = constant
        else:
            number = _column(column, block)
            fixed[key] = body[number].astype(str).str.strip()
    if "month" in fixed:
        quarters = headers.begins(keys["month"], headers.QUARTER)
        fixed["period"] = _with_month(fixed["period"], fixed.pop("month"), body.index, quarters)
    fixed.setdefault("source", Path(sheet.file).stem or "table")
    parts = []
    for number, extra in _value_columns(block, mapping):
        part = pd.DataFrame({"value": body[number].astype(str)})
        for key, given in {**fixed, **extra}.items():
            part[key] = given
        part["place"] = [sheet.address(row, left + number) for row in body.index]
        parts.append(part)
    raw = pd.concat(parts, ignore_index=True)
    raw["label"] = raw["partner"]
    if mapping.proposed and (problem := _mixed(raw, block, mapping, sheet)):
        raise InputError(problem)
    return raw[raw["value"].str.strip() != ""].reset_index(drop=True)


def _mixed(raw: pd.DataFrame, block: Block, mapping: Mapping, sheet: grid.Sheet) -> Problem | None:
    """Say which columns a proposal leaves out though only they tell rows of one key apart; None if none does."""
    same = [key for key in _KEY if key in raw]
    number = pd.Series([*range(len(block.body))] * (len(raw) // len(block.body)))
    doubled = (raw["value"].str.strip() != "") & raw.duplicated(same, keep=False)
    if not doubled.any():
        return None
    groups = raw.loc[doubled, same].agg("\x00".join, axis=1)
    used = {clean(column) for column in mapping.keys.values()}
    telling = []
    for column, header in zip(block.body.columns, block.header):
        texts = [text.strip() for text in block.body[column].astype(str)]
        few = len(set(texts)) * 2 <= len(texts) and headers.named_codes(texts) == 1
        if not header or clean(header) in used or (headers.is_numeric(texts) and not few):
            continue
        cells = pd.Series([texts[row] for row in number[doubled]], index=groups.index)
        if (cells.groupby(groups).nunique() > 1).any():
            telling.append(header)
    if not telling:
        return None
    found = f"{int(doubled.sum())} figures have the same sides, flow, period and commodity, and differ in {', '.join(telling)}"
    shown = ", ".join(f"{key}={column}" for key, column in mapping.keys.items())
    advice = f"Write a mapping that says what {telling[0]} is, or keep the rows of one kind. Understood so far: {shown}"
    return Problem(sheet.file, sheet.address(block.top), found, advice, "MAPPING_INCOMPLETE")


def _months(header: str) -> Callable[[str], bool]:
    quarters = headers.begins(header, headers.QUARTER)
    return lambda text: bool(headers.month_of(text, quarters))


def _with_month(year: Any, month: Any, index: pd.Index, quarters: bool) -> pd.Series:
    """Put n years and the months or quarters beside them together; a month that is none stays as printed."""
    years = pd.Series(year, index=index).astype(str).str.removesuffix(".0")
    months = pd.Series(month, index=index).astype(str)
    ends = {
        text: headers.month_of(text, quarters) or (f"-{text}" if text else "")
        for text in months.unique()
    }
    return years + months.map(ends)


def _value_columns(block: Block, mapping: Mapping) -> list[tuple[int, dict[str, str]]]:
    """Give each column of values with what its header says: the year, the flow, the unit."""
    keys = mapping.keys
    out: list[tuple[int, dict[str, str]]] = []
    if keys.get("period") == "columns":
        years = _year_headers(block)
        for number, header in enumerate(block.header):
            if header not in years:
                continue
            extra = {"period": years[header]}
            named = _flow_of(header, years[header])
            if named and "flow" not in keys:
                extra["flow"] = named
            if "unit" not in keys and (unit := headers.unit_of(header.replace(years[header], " "))):
                extra["unit"] = unit
            out.append((number, extra))
        return out
    if keys.get("partner") == "columns":
        return [
            (number, {"partner": header})
            for number, header in enumerate(block.header)
            if header in _area_headers(block)
        ]
    for flow in FLOW_COLUMNS:
        if flow in keys:
            found = _column(keys[flow], block)
            assert found is not None  # `complete` has looked
            out.append((found, {"flow": flow}))
    if "value" in keys and not out:
        only = _column(keys["value"], block)
        assert only is not None
        out.append((only, {}))
    return out


def raw_from_sheets(
    sheets: list[grid.Sheet], mapping: Mapping | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Give (raw rows, mappings used, as text) of all tables of a file. Raises InputError.

    Several tables are never stacked in silence: without a mapping each needs its own complete proposal.
    """
    raws, shown, problems = [], [], []
    left: list[str] = []
    file = sheets[0].file if sheets else ""
    wanted = (
        _constant(mapping.keys.get("block", "")) or mapping.keys.get("block", "") if mapping else ""
    )
    for sheet in sheets:
        for number, block in enumerate(blocks(sheet), 1):
            name = f"{sheet.name}#{number}"
            if wanted and clean(wanted) not in (clean(name), clean(sheet.name)):
                continue
            used = mapping or propose(block, sheet)
            try:
                raws.append(raw_from_block(block, used, sheet))
            except InputError as error:
                problems.extend(error.problems)
                continue
            shown.append(f"{name}\n{used.shown()}")
            left.extend(note for note in used.notes if note.startswith("not read: "))
    if problems:
        raise InputError(problems)
    if not raws:
        raise InputError(
            Problem(
                file, wanted, "no table with numbers was found", "Check sheet or block.", "NO_TABLE"
            )
        )
    raw = pd.concat(raws, ignore_index=True)
    raw.attrs["notes"] = left
    return raw, shown


def read_bytes(
    data: bytes,
    file: str,
    decimal: str | None = None,
    encoding: str | None = None,
    mapping: Path | None = None,
    sheets: list[grid.Sheet] | None = None,
) -> Reading:
    """Read any table into figures by a mapping or a proposal that is shown. Raises InputError.

    `sheets` are the tables of the file where they have been loaded.
    """
    from sources.understand import understand

    sheets = grid.load(data, name=file, encoding=encoding) if sheets is None else sheets
    raw, shown = raw_from_sheets(sheets, read_mapping(mapping) if mapping else None)
    notes = {"notes": raw.attrs["notes"]} if raw.attrs["notes"] else {}
    label = raw.pop("label").astype(str)
    raw["role"] = _roles(label)
    reading = understand(raw, file, NAME, decimal)
    figures = reading.figures
    plain = (
        figures["role"].isin(["figure", ""])
        if "role" in figures
        else pd.Series(True, index=figures.index)
    )
    if len(figures):
        figures = figures.copy()
        figures.loc[plain, "role"] = mark_totals(figures)[plain]
    findings = as_findings([problem for sheet in sheets for problem in sheet.findings])
    if mapping is None:
        note = Problem(file, "", "the columns were read by a proposal:\n" + "\n".join(shown), "Check it, then keep it as a mapping.", "MAPPING_PROPOSED")  # fmt: skip
        findings = pd.concat([findings, as_findings([note])], ignore_index=True)
    return Reading(figures, reading.set_aside, pd.concat([reading.findings, findings], ignore_index=True),
                   {**reading.facts, "mapping": shown, **notes})  # fmt: skip


def _roles(label: pd.Series) -> pd.Series:
    """Mark the rows that name themselves total (where parts stand beside them) or part."""
    unique = {text: "total" if is_total_label(text) else "part" if is_part_label(text) else "figure" for text in label.unique()}  # fmt: skip
    role = label.map(unique)
    return role if (role == "figure").any() else role.where(role != "total", "figure")


def recognises(head: Head) -> float:
    """Score low, so that no reader of a known layout ever loses to this one; more where a proposal is complete."""
    if not any(len(sheet.cells) for sheet in head.sheets):
        return 0.0
    for whole in head.sheets[:5]:
        if whole.cells.shape[1] > PROPOSED_COLUMNS:
            return 0.05  # no proposal is worked out for so many
        sheet = replace(whole, cells=whole.cells.head(LOOKED_AT))
        found = blocks(sheet)
        if found and not any(complete(propose(block, sheet), block, sheet) for block in found):
            return 0.5
    return 0.05


def read(source: Source) -> Reading:
    """Read any table; a mapping stands beside the file as `<name>.mapping.csv` or `.json`, or is given."""
    path = getattr(source, "path", None)
    given = getattr(source, "mapping", None)
    if given is None and path is not None:
        beside = [Path(f"{path}.mapping.{suffix}") for suffix in ("csv", "json")]
        given = next((candidate for candidate in beside if candidate.is_file()), None)
    return read_bytes(
        source.data,
        source.name,
        source.decimal,
        source.encoding,
        given,
        getattr(source, "sheets", None),
    )
