"""Owns SDMX-CSV 1.0 and 2.0: one row an observation, dimensions before OBS_VALUE, attributes after it.

The library's own reader of this format needs the structure definition, which the file does not carry; the table
is read as it stands, and its columns mean what they mean in the other formats.
"""

from __future__ import annotations

import re

import pandas as pd

from sources.figures import Reading
from sources.readers import Head, Source, sdmx_data
from sources.readers.table import squash, text_rows
from sources.words import clean

NAME = "sdmx_csv"
ABOUT = "SDMX-CSV 1.0 and 2.0 with reporter, partner and flow (csv)"
EXAMPLE = (
    "DATAFLOW,FREQ,REF_AREA,COUNTERPART_AREA,FLOW,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS\n"
    "IMF:IMTS(1.0),A,KAZ,CHN,X,2023,14722.3,USD,6,A\n"
)
_HEADS = ("dataflow", "structure")


def recognises(head: Head) -> float:
    """Score by DATAFLOW or STRUCTURE as the first column and OBS_VALUE among the others."""
    names = [clean(_id(name)) for name in head.columns]
    if not names or "obs_value" not in names:
        return 0.0
    first = re.sub(r"\[.*\]$", "", names[0])
    return 0.85 if first in _HEADS else 0.3


def _id(header: str) -> str:
    """Give the id of a column that prints id and name: `REF_AREA: Reference area`."""
    return re.split(r"\s*:\s", header, maxsplit=1)[0].strip()


def read(source: Source) -> Reading:
    """Read n rows into n figures; a data set without trade gives none. Raises InputError."""
    header = Head(source).cells(0)
    ids = [_id(name).upper() for name in header]
    fields = {name: (squash(text),) for name, text in zip(ids, header) if name}
    rows = text_rows(source, fields)
    table, labels = {}, {}
    for name in rows.frame.columns:
        column = rows.frame[name].astype(object)
        if name == "OBS_VALUE":
            table[name] = column
            continue
        pairs = {str(text): _split(str(text)) for text in column.unique()}
        table[name] = column.map({text: code for text, (code, _) in pairs.items()})
        if named := {code: label for code, label in pairs.values() if label}:
            labels[name] = named
    frame = pd.DataFrame(table, index=rows.frame.index)
    frame["place"] = rows.place
    flow_of = frame.get("STRUCTURE_ID", frame.get("DATAFLOW", pd.Series(dtype=object)))
    publisher = str(flow_of.iloc[0]).partition(":")[0] if len(flow_of) else ""
    frame = frame[[n for n in frame.columns if not re.match(r"(?:DATAFLOW|STRUCTURE|ACTION)", n)]]
    return sdmx_data.figures(frame, source, NAME, labels, publisher=publisher)


def _split(text: str) -> tuple[str, str]:
    """Split a cell with label ("KAZ: Kazakhstan") into code and label."""
    code, mark, label = text.partition(": ")
    return (code.strip(), label.strip()) if mark and " " not in code.strip() else (text.strip(), "")
