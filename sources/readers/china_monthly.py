"""Owns monthly series of China's customs by place: time down, flow and measure across, one sheet a place."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from sources import areas, grid, periods
from sources.figures import Reading
from sources.readers import Head, Source, national
from sources.readers.national_layout import flow_in
from sources.readers.table import finding, finish, numbers_of
from sources.words import clean

NAME = "china_monthly"
ABOUT = "monthly series of China's customs, the country and its places a sheet each, month and year so far (xlsx)"
EXAMPLE = "时间,进出口_当月,进出口_年初至今,进口_当月,进口_年初至今,出口_当月,出口_年初至今\n2024-01,376356483,376356483,157733650,157733650,218622834,218622834\n"

UNIT = "万元"
_MONTH = re.compile(r"((?:19|20)\d\d)[-./年](\d{1,2})月?")
_MEASURE = re.compile(r"^(进出口|出口|进口)[_\s]*(?:总值|金额)?[_\s]*(当月|本月|年初至今|累计)$")
# Single months have had deficits; half a year and more has not.
_LONG = r"\d{4}(?:-H1|-01\.\.\d{4}-(?:0[6-9]|1[01]))?"
NATION = ("全国", "中国", "全国合计")
# China's customs have reported a surplus in goods in every year from 1994 on.
SURPLUS_SINCE = 1994


def recognises(head: Head) -> float:
    """Score by a column of time beside 进口_当月 and 出口_当月."""
    return 0.95 if any(_columns(sheet) for sheet in head.sheets) else 0.0


def _columns(sheet: grid.Sheet) -> dict[int, tuple[str, bool]]:
    """Give column -> (flow, whether the year so far), empty where the sheet is no such table."""
    if sheet.cells.empty:
        return {}
    header = [clean(str(cell)) for cell in sheet.cells.iloc[0]]
    if header[0] not in ("时间", "月份", "日期", "年月"):
        return {}
    found = {
        number: (flow_in(match[1]), match[2] in ("年初至今", "累计"))
        for number, text in enumerate(header)
        if (match := _MEASURE.match(text))
    }
    return found if {"exports", "imports"} <= {flow for flow, _ in found.values()} else {}


def read(source: Source) -> Reading:
    """Read n months into figures of China with the world; places inside China are parts. Raises InputError."""
    parts = [part for sheet in source.sheets for part in _sheet(sheet)]
    national.require(["时间"] if parts else [], ["时间"], source)
    raw = pd.concat(parts, ignore_index=True)
    said = [
        finding("UNIT_ASSUMED", f"the file prints no unit; {UNIT} (10,000 yuan) is read, as in the customs' own tables",
                "If it is another, give the unit in a mapping (--mapping).", source=source, severity="warning"),
        *_swapped(raw, source),
    ]  # fmt: skip
    return finish(raw, source, NAME, findings=said)


def _sheet(sheet: grid.Sheet) -> Iterator[pd.DataFrame]:
    body = sheet.cells.iloc[1:]
    nation = clean(sheet.name) in NATION or getattr(areas.find(sheet.name), "code", "") == "CHN"
    month = body[0].astype(str).str.extract(_MONTH)
    held = month[0].notna()
    for column, (flow, so_far) in _columns(sheet).items():
        text = body[column].astype(str).str.strip()
        kept = held & (text != "")
        when = month[0] + "-" + month[1].str.zfill(2)
        if so_far:
            when = (month[0] + "-01.." + when).where(month[1].str.zfill(2) != "01", when)
        yield pd.DataFrame(
            {
                "reporter": "CHN", "partner": "WORLD", "flow": flow,
                "period": when[kept].map(_period),
                "value": numbers_of(text[kept]), "printed": text[kept], "unit": UNIT, "printed_unit": "",
                "source": "General Administration of Customs of China",
                "place": [sheet.address(int(row), column) for row in body.index[kept]],
                "coverage": "" if nation else sheet.name, "role": "figure" if nation else "part",
                "trade_system": "general", "records": "CHN", "assumed": "unit",
            }
        )  # fmt: skip


def _period(text: object) -> str:
    """Give a period in its shortest form; one that is none stays as printed, and is set aside later."""
    try:
        return periods.parse(str(text)).text
    except ValueError:
        return str(text)


def _swapped(raw: pd.DataFrame, source: Source) -> list[dict[str, object]]:
    """Suspect 进口 and 出口 exchanged where half a year or more would be a deficit that China has not had since 1994."""
    nation = raw[(raw["coverage"] == "") & raw["period"].str.fullmatch(_LONG)]
    wide = nation.pivot_table(index="period", columns="flow", values="value", aggfunc="first")
    if not {"exports", "imports"} <= set(wide.columns):
        return []
    deficit = wide[
        (wide["exports"] < wide["imports"]) & (wide.index.str[:4].astype(int) >= SURPLUS_SINCE)
    ]
    if not len(deficit):
        return []
    year = deficit.index[-1]
    exports, imports = deficit.at[year, "exports"], deficit.at[year, "imports"]
    rows = nation[(nation["period"] == year) & (nation["flow"] == "exports")]
    return [
        finding(
            "SWAP_SUSPECT",
            f"出口 (exports) of {year} is {exports:,.0f} {UNIT} and 进口 (imports) {imports:,.0f}: a deficit, while China's "
            f"customs report a surplus in every year since {SURPLUS_SINCE}; the two labels look exchanged. "
            f"Read the other way, exports are {imports:,.0f} and imports {exports:,.0f}",
            "Labels are kept as printed. If they are exchanged in the file, correct its header and read it again.",
            source=source, place=str(rows["place"].iloc[0]), severity="warning",
        )
    ]  # fmt: skip
