"""Owns the way from an office's printed tables to figures: who the partner is, what "-" means, groups and their parts.

A national reader declares an `Office`; the layout is read by `national_layout`. Groups stay as totals beside the
rows they sum, and the difference between the two is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sources import areas, grid, numbers
from sources.errors import InputError, Problem
from sources.figures import SET_ASIDE_COLUMNS, Reading
from sources.readers import Source
from sources.readers import national_layout as layout
from sources.readers.figures_file import as_findings
from sources.readers.table import aside, finding, finish
from sources.totals import is_part_label, is_total_label
from sources.words import clean

Hook = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Gap:
    """A printed total beside the sum of its printed parts, and what rounding allows between them."""

    total: float
    parts: float
    slack: float
    place: str
    unit: str
    period: str


@dataclass(frozen=True)
class Office:
    """What is fixed about the tables of one office.

    `signs` says what the office means by a sign in the place of a number; `labels` gives the area of labels
    that mean something of their own there (tidied text); `levels` is the outline of its groups: a group sums
    the rows below it up to the next group of its level or above.
    """

    reader: str
    publisher: str
    reporter: str
    signs: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    trade_system: str = ""
    currency: str = ""
    valuation: Mapping[str, str] = field(default_factory=dict)  # by flow
    partner_basis: Mapping[str, str] = field(default_factory=dict)  # by flow


def raw_tables(
    sheets: Sequence[grid.Sheet], period_of: layout.PeriodOf | None = None
) -> pd.DataFrame:
    """Give the raw rows of all tables of a file in the layout's columns, rows without flow or period too."""
    parts = [layout.read_sheet(sheet, period_of) for sheet in sheets]
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame(columns=layout.COLUMNS)
    return pd.concat(kept, ignore_index=True)


def numbers_of(rows: pd.DataFrame, office: Office, decimal: str | None) -> pd.DataFrame:
    """Give value, state and flag of n cells: numbers stored in the file as they are, texts by their column."""
    value = pd.Series(np.nan, index=rows.index)
    flag = pd.Series("", index=rows.index, dtype=object)
    problem = pd.Series("", index=rows.index, dtype=object)
    stored = rows["numeric"].astype(bool)
    value[stored] = pd.to_numeric(rows.loc[stored, "value"], errors="coerce")
    texts = rows.loc[~stored, "value"].astype(str)
    if len(texts):
        parsed = numbers.parse_column(texts, decimal=decimal, legend=dict(office.signs))
        value[~stored] = parsed["value"].to_numpy(dtype=float)
        flag[~stored] = parsed["flag"].fillna("").to_numpy()
        problem[~stored] = parsed["problem"].fillna("").to_numpy()
    return pd.DataFrame({"value": value, "flag": flag, "problem": problem})


def _by_label(labels: pd.Series, office: Office) -> dict[str, tuple[str, str]]:
    """Give for each joined label (area or "", label shown); labels in several languages must not contradict."""
    found = {}
    unique = pd.unique(labels)
    pieces = sorted({piece for text in unique for piece in text.split(layout.LABEL_MARK) if piece})
    known = areas.resolve([_bare(piece) for piece in pieces])
    for text in unique:
        parts = [piece for piece in text.split(layout.LABEL_MARK) if piece]
        own = next((office.labels[clean(p)] for p in parts if clean(p) in office.labels), "")
        codes = [code for piece in parts if (code := known.get(_bare(piece)))]
        # The languages of one row vote: a misprint in one of three does not change the country.
        area = own or (max(codes, key=codes.count) if codes else "")
        shown = " / ".join(" ".join(piece.split()) for piece in parts)
        found[text] = (area, shown)
    return found


def _bare(label: str) -> str:
    """Take "в том числе" and footnote numbers off a label."""
    first = label.strip().split("\n")[0]
    return re.sub(r"(?<=\D)\s+\d{1,2}\)?\s*$", "", first).strip(" :")


def read(
    source: Source,
    office: Office,
    *,
    period_of: layout.PeriodOf | None = None,
    rows_of: Hook | None = None,
) -> Reading:
    """Read every table of a file of an office into figures; `rows_of` may mend the raw rows."""
    rows = raw_tables(source.sheets, period_of)
    if rows_of is not None:
        rows = rows_of(rows)
    return figures_of(rows, source, office, commodities=_are_goods(rows, office))


def _are_goods(rows: pd.DataFrame, office: Office) -> bool:
    """Tell a table by goods from one by countries: few of its labels are areas."""
    if not len(rows):
        return False
    answers = _by_label(rows["labels"][rows["labels"].str.strip(layout.LABEL_MARK) != ""], office)
    named = [bool(area) for area, shown in answers.values() if shown and not is_total_label(shown)]
    return len(named) > 2 and sum(named) < 0.3 * len(named)


def figures_of(
    rows: pd.DataFrame, source: Source, office: Office, *, commodities: bool = False
) -> Reading:
    """Turn raw rows of the layout into a Reading; see `read`."""
    sheets = source.sheets
    notes = as_findings([problem for sheet in sheets for problem in sheet.findings])
    said = [dict(row) for row in notes.to_dict("records")]
    if not len(rows):
        return no_figures(source, office.reader, "no table of trade figures was found in it")
    rows = rows.reset_index(drop=True)
    number = numbers_of(rows, office, source.decimal)
    out_rows: list[dict[str, object]] = []
    keep = (rows["flow"] != "") & (rows["period"] != "")
    for index in np.flatnonzero(~keep.to_numpy()):
        missing = " and ".join(n for n in ("flow", "period") if not rows.at[index, n])
        out_rows.append(
            aside(
                source, str(rows.at[index, "place"]), f"the table does not say its {missing}",
                printed=str(rows.at[index, "value"]), value=float(number.at[index, "value"]),
                unit=str(rows.at[index, "unit"]), label=_shown(rows.at[index, "labels"]),
            )
        )  # fmt: skip
    rows, number = rows[keep].reset_index(drop=True), number[keep].reset_index(drop=True)
    if not len(rows):
        none = no_figures(source, office.reader, "no row says both its flow and its period")
        gone = pd.DataFrame(out_rows, columns=SET_ASIDE_COLUMNS)
        return Reading(none.figures, gone, none.findings, none.facts)
    # A sign where the office prints nothing at all is no row of data: empty cells were left out before.
    answers = _by_label(rows["labels"], office)
    partner = rows["labels"].map({text: area for text, (area, _) in answers.items()})
    shown = rows["labels"].map({text: label for text, (_, label) in answers.items()})
    partner = partner.where(shown != "", "WORLD")
    years = rows["period"].str[:4]
    value = number["value"].copy()
    raw = pd.DataFrame(
        {
            "reporter": office.reporter,
            "partner": partner.where(partner != "", shown),
            "flow": rows["flow"],
            "period": rows["period"],
            "value": value,
            "printed": rows["value"],
            "printed_flag": number["flag"],
            "printed_unit": rows["unit"],
            "unit": _units(rows["unit"], office),
            "source": office.publisher,
            "place": rows["place"],
            "coverage": rows["coverage"],
            "status": rows["status"],
            "trade_system": office.trade_system,
            "valuation": rows["flow"].map(lambda flow: office.valuation.get(flow, "")),
            "partner_basis": rows["flow"].map(lambda flow: office.partner_basis.get(flow, "")),
            "records": office.reporter,
            "published": layout.published_in(sheets)
            or (source.published.isoformat() if source.published else ""),
        }
    )
    if commodities:
        raw = _goods(raw, shown)
    else:
        early = [
            not areas.valid(code, int(year)) if code and areas.kind(code) == "group" else False
            for code, year in zip(partner, years)
        ]
        raw.loc[np.array(early) & (value.fillna(0.0) == 0).to_numpy(), "value"] = np.nan
        raw["note"] = np.where(
            np.array(early), f"{'the group did not exist'}", ""
        )  # its "-" is no zero
    wrong = number["problem"] != ""
    for index in np.flatnonzero(wrong.to_numpy()):
        out_rows.append(
            aside(
                source, str(raw.at[index, "place"]), str(number.at[index, "problem"]),
                printed=str(raw.at[index, "printed"]), unit=str(raw.at[index, "unit"]),
                label=str(shown[index]),
            )
        )  # fmt: skip
    table = rows[["sheet", "table", "row", "column"]].assign(
        code=partner, value=value, shown=shown, flow=rows["flow"], place=rows["place"],
        unit=rows["unit"], period=rows["period"],
    )  # fmt: skip
    if not commodities:
        role, found = outline(table, office, source)
        raw["role"] = role
        said.extend(found)
    if not (raw["unit"] != "").all() and not office.unit:
        said.append(
            finding("UNKNOWN_UNIT", "a table prints no unit; its rows were set aside",
                    "Give the unit in a mapping (--mapping).", source=source, severity="warning")
        )  # fmt: skip
    raw, said_parts = _mark_goods(raw, source) if commodities else (raw, [])
    return finish(
        raw[~wrong.to_numpy()].reset_index(drop=True), source, office.reader,
        set_aside=out_rows, findings=[*said, *said_parts],
    )  # fmt: skip


def _shown(labels: object) -> str:
    return " / ".join(piece for piece in str(labels).split(layout.LABEL_MARK) if piece)


def _units(units: pd.Series, office: Office) -> pd.Series:
    """Give the units as printed; "soms" without a country are the office's own currency."""
    if not office.currency:
        return units.where(units != "", office.unit)
    som = re.compile(r"\b(?:сом\w*|сум\w*|so.?m\w*|тенге|теңге|драм\w*|drams?|tenge)\b", re.I)
    mended = units.map({text: som.sub(office.currency, text) for text in units.unique()})
    return mended.where(mended != "", office.unit)


def require(found: Iterable[object], needed: Iterable[str], source: Source) -> None:
    """Raise InputError where a file lacks columns that the layout of an office has."""
    missing = sorted(set(needed) - {str(name) for name in found})
    if missing:
        raise InputError(
            Problem(source.name, "", f"the layout of this office has columns that are not here: {', '.join(missing)}",
                    "Name another reader with --from, or leave --from out.", "MISSING_COLUMN")
        )  # fmt: skip


def no_figures(source: Source, reader: str, why: str) -> Reading:
    """Give the Reading of a companion file: no figure, and a note that says why."""
    from sources.figures import FINDING_COLUMNS, empty_figures

    note = finding("NO_FIGURES", f"{source.name}: {why}", "Nothing to do.", source=source)
    return Reading(
        empty_figures(),
        findings=pd.DataFrame([note], columns=FINDING_COLUMNS),
        facts={"file": source.name, "reader": reader, "rows": 0},
    )


# Groups and their parts -------------------------------------------------------------------------


def outline(
    table: pd.DataFrame, office: Office, source: Source
) -> tuple[pd.Series, list[dict[str, object]]]:
    """Give the role of each row and a finding for each group that differs from the rows it sums.

    `table` has a row a cell: sheet, table, row, column, code, value, shown, flow, place, unit, period.
    """
    role = pd.Series("figure", index=table.index, dtype=object)
    gaps: dict[tuple[str, str], list[Gap]] = {}
    for _, cells in table.groupby(["sheet", "table"], sort=False):
        lines = cells.drop_duplicates(["row", "flow"])
        flows = cells["flow"].nunique()
        per_flow_rows = flows > 1 and cells.groupby("row")["flow"].nunique().max() == 1
        groups = lines.groupby("flow", sort=False) if per_flow_rows else [("", lines)]
        for _, block in groups:
            block = block.drop_duplicates("row")
            codes = block["code"].tolist()
            rows = block["row"].tolist()
            for position, code in enumerate(codes):
                if areas.kind(code) not in ("group", "exclusion", "composite"):
                    continue
                mine = cells[cells["row"] == rows[position]]
                below = _below(codes, position, office) if code in office.levels else None
                if below or (below is None and len(codes) > 1):
                    role[mine.index] = "total"
                for whole in mine.itertuples():
                    year = int(str(whole.period)[:4]) if str(whole.period)[:4].isdigit() else None
                    leaves = _members(codes, position, year) if below is None else below
                    if not leaves or np.isnan(whole.value):
                        continue
                    beside = cells[cells["column"] == whole.column].set_index("row")["value"]
                    parts = beside.reindex([rows[n] for n in leaves]).dropna()
                    rest = float(parts.sum())
                    if rest == 0 and whole.value == 0:
                        continue
                    gaps.setdefault((str(whole.shown) or "total", str(whole.flow)), []).append(
                        Gap(
                            whole.value,
                            rest,
                            _slack([whole.value, *parts]),
                            str(whole.place),
                            str(whole.unit),
                            str(whole.period),
                        )
                    )
    return role, [note for key, values in gaps.items() for note in _gap_note(key, values, source)]


# Remainders that belong to no region of the outline.
_OF_THE_WORLD = frozenset({"NES", "OTHER", "BUNKERS", "FREE_ZONES", "SPECIAL", "SECRET"})


def _below(codes: list[str], position: int, office: Office) -> list[int]:
    """Give the rows that a group of the outline sums: those right below it, up to its next equal."""
    level = office.levels[codes[position]]
    shallow = min((n for n in office.levels.values() if n > 0), default=1)
    found: list[int] = []
    within: int | None = None  # the level of the child whose own rows are passed over
    for other in range(position + 1, len(codes)):
        deep = office.levels.get(codes[other])
        if deep is None and codes[other] and areas.kind(codes[other]) in ("group", "exclusion"):
            continue  # a group across the outline
        if deep is None and codes[other] in _OF_THE_WORLD:
            if level >= shallow:
                break
            within = None
        elif deep is not None and deep <= level:
            break
        elif within is not None and (deep is None or deep > within):
            continue
        else:
            within = deep
        found.append(other)
    return found


def _members(codes: list[str], position: int, year: int | None) -> list[int]:
    """Give the rows that are members of a group in a year, else its smaller groups."""
    code = codes[position]
    inside = areas.members(code, year) - {code}
    mine = [n for n, other in enumerate(codes) if other in inside and n != position]
    return mine or [
        n for n, other in enumerate(codes) if n != position and _inside(code, other, year)
    ]


def _inside(outer: str, inner: str, year: int | None) -> bool:
    return bool(inner) and inner != outer and areas.contains(outer, inner, year)


def _gap_note(key: tuple[str, str], values: list[Gap], source: Source) -> list[dict[str, object]]:
    """Say in one finding how far a group and its parts lie apart over all its columns."""
    apart = [gap for gap in values if abs(gap.total - gap.parts) > gap.slack]
    if not apart:
        return []
    worst = max(apart, key=lambda gap: abs(gap.total - gap.parts))
    amount = worst.total - worst.parts
    share = f" ({amount / worst.total:.1%} of it)" if worst.total else ""
    # A list of the larger partners only falls short everywhere, and by much: nothing is wrong with it.
    chosen = all(gap.total - gap.parts > 0.1 * abs(gap.total) for gap in values)
    return [
        finding(
            "PARTS_DIFFER",
            f"{key[0]}, {key[1]}: the total less its printed parts is not 0 in {len(apart)} of {len(values)} "
            f"columns; the largest is {amount_text(amount)} {worst.unit} in {worst.period}{share}"
            + ("; only some of its parts are printed" if chosen else ""),
            "The difference is trade that the parts leave out or count twice.",
            source=source, place=worst.place, severity="note" if chosen else "warning",
        )
    ]  # fmt: skip


def amount_text(amount: float) -> str:
    """Write an amount with six digits and thousands marks, never with an exponent."""
    return f"{amount:,.0f}" if abs(amount) >= 1e5 else f"{amount:,.6g}"


def _slack(values: Sequence[float]) -> float:
    """Give what rounding allows between a total and its parts: half a unit in the last digit of each."""
    return max(0.5 * sum(_digit(value) for value in values), 1e-9 * abs(values[0]))


def _digit(value: float) -> float:
    """Give one unit in the last printed digit of a number, at most 1; nothing is printed of a 0."""
    text = f"{value:.10g}"
    if value == 0:
        return 0.0
    return float(10.0 ** -len(text.partition(".")[2])) if "." in text and "e" not in text else 1.0


# Goods ------------------------------------------------------------------------------------------

_CHAPTERS = re.compile(r"^\s*(\d\d(?:\s*[-–,]\s*\d\d)*)\s*[-–.]?\s*(?=[^\d\s])")


def _goods(raw: pd.DataFrame, shown: pd.Series) -> pd.DataFrame:
    """Read labels as goods: HS chapters where the label prints them, else the label itself."""
    answers = {}
    for label in shown.unique():
        pieces = [piece for piece in str(label).split(" / ") if piece]
        chapters = _CHAPTERS.match(pieces[0]) if pieces else None
        if not pieces or any(is_total_label(_bare(piece)) for piece in pieces):
            answers[label] = "TOTAL"
        else:
            answers[label] = re.sub(r"\s", "", chapters[1]) if chapters else pieces[-1]
    raw["commodity"] = shown.map(answers)
    raw["partner"] = "WORLD"
    by_chapter = raw["commodity"].str.fullmatch(r"[\d,–-]+") | (raw["commodity"] == "TOTAL")
    raw["classification"] = np.where(by_chapter, "HS", "national")
    raw["note"] = np.where(raw["commodity"] == "TOTAL", "", shown)
    return raw


def _mark_goods(raw: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Mark the totals over all goods beside their parts, and say how far the printed goods fall short."""
    total = raw["commodity"] == "TOTAL"
    part = raw["commodity"].map(is_part_label).astype(bool)
    raw["role"] = np.select([total, part], ["total", "part"], "figure")
    if not (~total).any():
        raw["role"] = "figure"
        return raw, []
    key = ["flow", "period"]
    goods = raw[~total & ~part].groupby(key)["value"].agg(list)
    found: list[dict[str, object]] = []
    for flow, rows in raw[total].groupby("flow", sort=False):
        gaps = [
            Gap(row.value, sum(parts), _slack([row.value, *parts]), str(row.place), str(row.printed_unit), str(row.period))
            for row in rows.itertuples()
            if (parts := [p for p in goods.get((flow, row.period), []) if p == p]) and row.value == row.value
        ]  # fmt: skip
        found.extend(_gap_note(("all goods", str(flow)), gaps, source))
    return raw, found
