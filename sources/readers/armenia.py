"""Owns the table of the Statistical Committee of Armenia: one row a country and month, imports on two partner bases."""

from __future__ import annotations

import pandas as pd

from sources.figures import Reading
from sources.readers import Head, Source, national
from sources.readers.table import Rows, aside, finding, finish, numbers_of, pick, text_rows
from sources.words import clean

NAME = "armenia"
ABOUT = "Statistical Committee of Armenia: exports, and imports by origin and by consignment, by country and month (csv)"
EXAMPLE = "country,export,import_consigment,import_origin,timeperiod,year\nChina,30.5,58.2,115.7,1,2022\nChina,361.2,697.9,1388.4,Year,2022\n"

FIELDS = {
    "partner": ("country", "partner"),
    "exports": ("export", "exports"),
    "consignment": ("importconsigment", "importconsignment", "importsconsignment"),
    "origin": ("importorigin", "importsorigin", "importcountryoforigin"),
    "part": ("timeperiod", "month"),
    "year": ("year",),
}
MEASURES = (
    ("exports", "exports", "last destination"),
    ("consignment", "imports", "consignment"),
    ("origin", "imports", "origin"),
)
UNIT = "thousand USD"
TOLERANCE = 0.05 + 1e-9  # the table prints tenths


def recognises(head: Head) -> float:
    """Score by the two columns of imports beside country, month and year."""
    found = set(pick(head.columns, FIELDS))
    return 0.96 if {"partner", "consignment", "origin", "part", "year"} <= found else 0.0


def read(source: Source) -> Reading:
    """Read n rows into up to three figures each; "-" is nil. Raises InputError."""
    rows = text_rows(source, FIELDS)
    national.require(rows.frame.columns, ["partner", "part", "year", "exports"], source)
    period, short = _periods(rows)
    raws, aside_rows = [], list(rows.aside)
    for column, flow, basis in MEASURES:
        if column not in rows.frame:
            continue
        text = rows.text(column).str.strip()
        value = numbers_of(text.mask(text.isin(["-", "–"]), "0"))
        raw = pd.DataFrame(
            {
                "reporter": "ARM", "partner": rows.text("partner").str.strip(), "flow": flow, "period": period,
                "value": value, "printed": text, "unit": UNIT, "source": "Statistical Committee of Armenia",
                "place": rows.place + ", " + column, "partner_basis": basis, "records": "ARM",
                "assumed": "unit",
            }
        )  # fmt: skip
        unread = value.isna() & (text != "")
        aside_rows.extend(
            aside(source, str(row.place), "not a number", printed=str(row.printed), unit=UNIT, label=str(row.partner))
            for row in raw[unread].itertuples()
        )  # fmt: skip
        raws.append(raw[~unread & (text != "")])
    raw = pd.concat(raws, ignore_index=True)
    findings = [
        finding("UNIT_ASSUMED", f"the file prints no unit; the committee publishes this table in {UNIT}",
                "If it is another, give the unit in a mapping (--mapping).", source=source, severity="warning"),
        *short_years(short, source),
        *months_and_years(raw, source),
    ]  # fmt: skip
    return finish(raw, source, NAME, set_aside=aside_rows, findings=findings)


def _periods(rows: Rows) -> tuple[pd.Series, dict[str, int]]:
    """Give the period of each row, and the years of which only the first months are there.

    The row "Year" sums the months that the file holds: January alone in the year of publication.
    """
    year = rows.text("year").str.strip()
    part = rows.text("part").map(lambda text: clean(str(text)))
    whole = part.isin(["year", "total", "annual"])
    month = pd.to_numeric(part, errors="coerce")
    last = month.groupby(year).max().fillna(12).astype(int).to_dict()
    short = {
        name: number
        for name, number in last.items()
        if number < 12 and (month[year == name]).notna().any()
    }
    text = year + "-" + part.str.zfill(2)
    ends = year.map(last).fillna(12).astype(int).astype(str).str.zfill(2)
    cut = year.isin(list(short))
    spans = (year + "-01.." + year + "-" + ends).where(ends != "01", year + "-01")
    return text.mask(whole, year).mask(whole & cut, spans), short


def short_years(short: dict[str, int], source: Source) -> list[dict[str, object]]:
    """Say which years hold only their first months, although their row is called a year."""
    return [
        finding("PERIOD_INCOMPLETE",
                f"the row of the year {year} holds {'January' if month == 1 else f'January to month {month}'} only",
                "It is read as those months and never compared with a full year.", source=source)
        for year, month in sorted(short.items())
    ]  # fmt: skip


def months_and_years(raw: pd.DataFrame, source: Source) -> list[dict[str, object]]:
    """Say how far the months of a year and its printed sum lie apart, one finding a measure."""
    key = ["partner", "flow", "partner_basis"]
    year = raw["period"].str[:4]
    monthly = raw["period"].str.fullmatch(r"\d{4}-\d\d")
    sums = raw[monthly].groupby([*(raw[name] for name in key), year])["value"].agg(["sum", "size"])
    whole = raw[raw["period"].str.fullmatch(r"\d{4}")].set_index([*key, "period"])["value"]
    whole = whole[~whole.index.duplicated()]
    both = _joined(sums, whole)
    both["gap"] = both["year"] - both["sum"]
    apart = both[both["gap"].abs() > TOLERANCE * (both["size"] + 1)]
    out = []
    for (flow, basis), group in apart.groupby(["flow", "partner_basis"]):
        worst = group.loc[group["gap"].abs().idxmax()]
        name = worst.name if isinstance(worst.name, tuple) else ("", "", "", "")
        out.append(
            finding("PARTS_DIFFER",
                    f"{flow} ({basis}): year less its months is not 0 in {len(group)} of {len(both.xs(flow, level='flow'))} "
                    f"cases; the largest is {national.amount_text(worst['gap'])} {UNIT} ({name[0]}, {name[-1]})",
                    "Months are revised in the yearly figure.", source=source, severity="warning")
        )  # fmt: skip
    return out


def _joined(sums: pd.DataFrame, whole: pd.Series) -> pd.DataFrame:
    names = ["partner", "flow", "partner_basis", "year_of"]
    sums.index.names = names
    whole.index.names = names
    return sums.join(whole.rename("year"), how="inner", validate="one_to_one")
