"""Owns the open data tables of the National Statistics Committee of Uzbekistan: one row a country, years across."""

from __future__ import annotations

import re

import pandas as pd

from sources import areas
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source, national
from sources.readers.table import aside, finding, finish, numbers_of, pick, squash, text_rows
from sources.words import clean

NAME = "uzbekistan"
ABOUT = "National Statistics Committee of Uzbekistan: exports or imports by country, years across (open data csv or xlsx)"
EXAMPLE = (
    "Code,Klassifikator,Klassifikator_ru,Klassifikator_en,2022,2023\n156,Xitoy,Китай,China,2632.0,2486.6\n"
    "4,Afg'oniston,Афганистан,Afghanistan,758.2,859.3\n276,Germaniya,Германия,Germany,63.9,79.0\n"
)

FIELDS = {
    "code": ("code",),
    "uz": ("klassifikator", "klassifikatoruz"),
    "ru": ("klassifikatorru",),
    "en": ("klassifikatoren",),
}
# Numbers of the committee's data sets by country; the files carry the number in their name only.
DATA_SETS = {"1105": "exports"}
FLOW_WORDS = {
    "exports": r"export|eksport|экспорт", "imports": r"import|импорт", "turnover": r"turnover|aylanma|оборот",
}  # fmt: skip
UNIT = "thousand USD"
_PERIOD = re.compile(r"((?:19|20)\d\d)(?:[-_ ]?(?:m|q|yil)?[-_ ]?(\d{1,2}|q[1-4]))?")


def recognises(head: Head) -> float:
    """Score by the columns Code and Klassifikator in three languages before the years."""
    found = set(pick(head.columns, FIELDS))
    years = [name for name in head.columns if _PERIOD.fullmatch(clean(name))]
    return 0.96 if {"code", "uz"} <= found and years else 0.0


def read(source: Source) -> Reading:
    """Read n rows of k years into n × k figures. Raises InputError where the flow is not known."""
    fields = {**FIELDS, **_years(source)}
    rows = text_rows(source, fields)
    years = [name for name in rows.frame.columns if name not in FIELDS]
    national.require(rows.frame.columns, ["code", "uz", *(years or ["a year"])], source)
    partner, wrong = _partners(rows.frame)
    flow, assumed = (
        flow_of(source) or _flow_by_partners(rows.frame[years], partner) or _no_flow(source)
    )
    parts, out = [], list(rows.aside)
    for name in years:
        text = rows.frame[name].str.strip()
        value = numbers_of(text)
        unread = value.isna() & (text != "")
        out.extend(
            aside(source, f"{rows.place[n]}, {name}", "not a number", printed=text[n], unit=UNIT, label=str(partner[n]))
            for n in rows.frame.index[unread]
        )  # fmt: skip
        part = pd.DataFrame(
            {
                "reporter": "UZB", "partner": partner, "flow": flow, "period": name, "value": value, "printed": text,
                "unit": UNIT, "source": "National Statistics Committee of Uzbekistan",
                "place": rows.place + ", " + name, "records": "UZB", "assumed": "unit",
            }
        )  # fmt: skip
        parts.append(part[~unread & (text != "")])
    raw = pd.concat(parts, ignore_index=True)
    said = [
        finding("UNIT_ASSUMED", f"the file prints no unit; the committee publishes this table in {UNIT}",
                "If it is another, give the unit in a mapping (--mapping).", source=source, severity="warning")
    ]  # fmt: skip
    if assumed:
        said.append(
            finding("FLOW_ASSUMED", assumed, "Check it against the page of the data set.", source=source, severity="warning")
        )  # fmt: skip
    said.extend(
        finding("UNKNOWN_AREA", text, "Mend the code or the name; the row was set aside.", source=source, place=place, severity="warning")
        for place, text in ((str(rows.place[n]), text) for n, text in wrong.items())
    )  # fmt: skip
    return finish(raw, source, NAME, set_aside=out, findings=said)


def _years(source: Source) -> dict[str, tuple[str, ...]]:
    """Give the columns of years (and months and quarters) as fields: canonical period -> squashed header."""
    header = Head(source).columns
    fields: dict[str, tuple[str, ...]] = {}
    for name in header:
        found = _PERIOD.fullmatch(clean(name))
        if found:
            part = found[2] or ""
            period = found[1] + (
                f"-{part.upper()}" if part.startswith("q") else f"-{int(part):02d}" if part else ""
            )
            fields[period] = (squash(name),)
    return fields


def flow_of(source: Source) -> tuple[str, str] | None:
    """Give (flow, what was assumed) by the name of a file, in words or by the number of the data set; else None."""
    path = "/".join(source.path.parts[-2:]) if source.path is not None else source.name
    for text in (source.name, path):
        named = [flow for flow, words in FLOW_WORDS.items() if re.search(words, clean(text))]
        if len(named) == 1:
            return named[0], ""
    number = re.search(r"(?<!\d)(\d{3,4})(?!\d)", source.name)
    if number and number[1] in DATA_SETS:
        flow = DATA_SETS[number[1]]
        return flow, f"the flow is read from the number of the data set: {number[1]} is {flow}"
    return None


def _flow_by_partners(years: pd.DataFrame, partner: pd.Series) -> tuple[str, str] | None:
    """Give the flow by two partners with whom Uzbekistan's trade goes one way; None where either is missing.

    In every year from 2010 on exports to Afghanistan exceed those to Germany several times, and imports from
    Germany exceed those from Afghanistan.
    """
    sums = {
        code: float(years[partner == code].apply(numbers_of).sum().sum()) for code in ("AFG", "DEU")
    }
    if min(sums.values()) <= 0 or max(sums.values()) < 3 * min(sums.values()):
        return None
    flow = "exports" if sums["AFG"] > sums["DEU"] else "imports"
    return flow, (
        f"the flow is read from the partners: {sums['AFG']:,.1f} with Afghanistan and {sums['DEU']:,.1f} with Germany "
        f"are {flow}"
    )


def _no_flow(source: Source) -> tuple[str, str]:
    raise InputError(
        Problem(source.name, "line 1", "the table does not say whether it holds exports or imports",
                'Put "export" or "import" into the name of the file, or give the flow in a mapping (--mapping).',
                "UNKNOWN_FLOW")
    )  # fmt: skip


def _partners(frame: pd.DataFrame) -> tuple[pd.Series, dict[int, str]]:
    """Give the partner of each row by its M49 code, else by its names; and rows where the two differ."""
    by_code = areas.resolve(frame["code"].unique(), scheme="m49")
    names = {
        name: areas.resolve(frame[name].unique()) for name in ("en", "ru", "uz") if name in frame
    }
    partner, wrong = [], {}
    for number, row in enumerate(frame.itertuples(index=False)):
        code = by_code.get(row.code)
        if code and areas.kind(code) == "dissolved":
            code = None  # the committee keeps the codes of former states for their successors
        said = [found for name, known in names.items() if (found := known.get(getattr(row, name)))]
        if code and said and code not in said:
            wrong[number] = (
                f"code {row.code} is {areas.name(code)}, the name says {areas.name(said[0])}"
            )
            partner.append(f"{row.code} or {said[0]}: code and name contradict")
            continue
        label = str(getattr(row, "en", "") or row.uz)
        partner.append(code or (said[0] if said else label))
    return pd.Series(partner, index=frame.index, dtype=object), wrong
