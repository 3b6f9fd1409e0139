"""Owns any other table: a mapping of its columns, written once by the user or proposed from header words."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sources import grid
from sources.blocks import Block, blocks, is_number, is_year, unit_in
from sources.decode import decode
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.markup import load_json
from sources.readers.figures_file import Head, Source, as_findings
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
    "exports", "imports", "turnover", "block",
)  # fmt: skip
NEEDED = ("reporter", "partner", "flow", "period", "value", "unit")
LOOKED_AT = 200  # rows of a sheet that decide whether a proposal is complete
FLOW_COLUMNS = ("exports", "imports", "turnover")

# Header words of the offices' languages, tidied; a header that begins with one of them is meant.
WORDS: dict[str, tuple[str, ...]] = {
    "reporter": ("reporter", "reporting country", "declarant", "отчитывающаяся", "报告国", "الدولة المبلغة"),
    "partner": (
        "partner", "country", "countries", "страна", "страны", "государство", "ел", "елдер", "өлкө", "mamlakat",
        "мамлакат", "国家", "国别", "贸易伙伴", "country of origin", "pays", "land", "país", "pais", "ülke",
        "البلد", "الدولة", "الشريك",
    ),
    "flow": ("flow", "trade flow", "направление", "поток", "flux", "贸易方向", "flujo"),
    "period": ("period", "year", "год", "период", "жыл", "yil", "年份", "时间", "année", "jahr", "año", "السنة", "month"),
    "exports": ("export", "экспорт", "eksport", "出口", "الصادرات", "صادرات", "exportac", "ausfuhr", "ihracat", "вывоз"),
    "imports": ("import", "импорт", "进口", "الواردات", "واردات", "importac", "einfuhr", "ithalat", "ввоз"),
    "turnover": ("turnover", "товарооборот", "оборот", "тауар айналымы", "tovar aylanmasi", "进出口", "total trade"),
    "value": ("value", "trade value", "стоимость", "сумма", "amount", "trade value", "金额", "قيمة", "valeur", "wert", "valor"),
    "unit": ("unit", "единица", "ед. изм", "单位", "الوحدة", "unité", "einheit", "unidad"),
    "commodity": ("commodity", "hs code", "product", "код тн вэд", "тн вэд", "товар", "商品", "السلعة", "produit"),
}  # fmt: skip


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
    """Propose a mapping of a block from its header words, titles and unit line."""
    keys: dict[str, str] = {}
    years = [header for header in block.header if _year_header(header)]
    across = [] if years else _area_headers(block)
    for header in block.header:
        if header in years or header in across:
            continue
        for key, words in WORDS.items():
            if key not in keys and _begins(header, words):
                keys[key] = header
                break
    if across:
        keys["partner"] = "columns"
    if "partner" not in keys and not _dates_down(block, keys):
        first = next(
            (header for header in block.header if header and header not in years), block.header[0]
        )
        if first not in keys.values():
            keys["partner"] = first
    if years:
        keys["period"] = "columns"
        for flow in FLOW_COLUMNS:
            keys.pop(flow, None)
        keys.pop("value", None)
    titles = [*reversed(block.titles), sheet.name]
    if (
        "flow" not in keys
        and not any(flow in keys for flow in FLOW_COLUMNS)
        and not _flow_years(block)
    ):
        for title in titles:
            named = [flow for flow in ("exports", "imports") if _holds(title, WORDS[flow])]
            if _holds(title, WORDS["turnover"]) or len(named) == 2:
                break
            if named:
                keys["flow"] = f'"{named[0]}"'
                break
    if "period" not in keys:
        spans = {span for title in titles if (span := period_in(title)[0])}
        if len(spans) == 1:  # "January-September 2024" is no year
            keys["period"] = f'"{spans.pop()}"'
    if "unit" not in keys and len(set(block.units)) == 1:
        keys["unit"] = f'"{block.units[0]}"'
    if (
        "value" not in keys
        and not years
        and not across
        and not any(f in keys for f in FLOW_COLUMNS)
    ):
        free = [h for h in _number_headers(block) if h and h not in keys.values()]
        if len(free) == 1:
            keys["value"] = free[0]
    if "reporter" not in keys and (country := _named_area(block.titles)):
        keys["reporter"] = f'"{country}"'
    if "valuation" not in keys:
        printed = " ".join((*block.titles, keys.get("value", ""))).upper()
        terms = [term for term in ("FOB", "CIF") if re.search(rf"\b{term}\b", printed)]
        if len(terms) == 1:
            keys["valuation"] = f'"{terms[0]}"'
    notes = [f"titles: {' | '.join(block.titles)}"] if block.titles else []
    if len(set(block.units)) > 1:
        notes.append("several units are printed: " + "; ".join(block.units))
    return Mapping(keys, True, notes)


def _dates_down(block: Block, keys: dict[str, str]) -> bool:
    """Tell whether the first column counts years or months, so that it can be no partner."""
    return keys.get("period") == block.header[0]


def _number_headers(block: Block) -> list[str]:
    """Give the headers of the columns whose cells are numbers."""
    out = []
    for column, header in zip(block.body.columns, block.header):
        texts = [text for text in block.body[column].astype(str).str.strip() if text]
        if texts and sum(is_number(text) and not is_year(text) for text in texts) * 2 > len(texts):
            out.append(header)
    return out


def _area_headers(block: Block) -> list[str]:
    """Give the headers that are names of areas over columns of numbers; none unless there are two."""
    from sources import areas

    found = [header for header in _number_headers(block) if len(header) > 2 and areas.find(header)]
    return found if len(found) > 1 else []


def _flow_years(block: Block) -> bool:
    """Tell whether every column of a year says its flow too."""
    years = [header for header in block.header if _year_header(header)]
    return bool(years) and all(
        any(_begins(header, WORDS[flow]) for flow in FLOW_COLUMNS) for header in years
    )


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
                    if not before & _WITH:
                        found.add(area.code)
                    taken = size
                    break
            at += max(taken, 1)
    return found.pop() if len(found) == 1 else ""


def _begins(header: str, words: tuple[str, ...]) -> bool:
    parts = [
        strip_accents(part.replace("\u0307", ""))
        for part in re.split(r"\s/\s", clean(header))
        if part
    ]
    parts += [part[2:] for part in parts if part.startswith("ال") and len(part) > 4]
    words = tuple(strip_accents(word) for word in words)
    return any(re.match(re.escape(word) + (r"\b" if len(word) < 4 and word.isascii() else ""), part)
               for part in parts for word in words)  # fmt: skip


def _holds(text: str, words: tuple[str, ...]) -> bool:
    tidy, words = strip_accents(clean(text)), tuple(strip_accents(word) for word in words)
    return any(
        re.search(("" if ord(word[0]) > 0x3000 else r"\b") + re.escape(word), tidy)
        for word in words
    )


def _year_header(header: str) -> bool:
    return any(is_year(part) for part in re.split(r"\s/\s", header))


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
            advice = f'Add the row {key},<header> or {key},"""constant""" to a mapping. Understood so far: {shown}'
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
    return raw[raw["value"].str.strip() != ""].reset_index(drop=True)


def _value_columns(block: Block, mapping: Mapping) -> list[tuple[int, dict[str, str]]]:
    """Give each column of values with what its header says: the year, the flow, the unit."""
    keys = mapping.keys
    out: list[tuple[int, dict[str, str]]] = []
    if keys.get("period") == "columns":
        for number, header in enumerate(block.header):
            if not _year_header(header):
                continue
            extra = {"period": next(part for part in re.split(r"\s/\s", header) if is_year(part))}
            named = [flow for flow in FLOW_COLUMNS if _begins(header, WORDS[flow])]
            if named and "flow" not in keys:
                extra["flow"] = named[0]
            if "unit" not in keys and (unit := unit_in(header)):
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
    if problems:
        raise InputError(problems)
    if not raws:
        raise InputError(
            Problem(
                file, wanted, "no table with numbers was found", "Check sheet or block.", "NO_TABLE"
            )
        )
    return pd.concat(raws, ignore_index=True), shown


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
                   {**reading.facts, "mapping": shown})  # fmt: skip


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
