"""Owns SDMX-JSON 1.0 and 2.0 data messages, read by the sdmx1 library."""

from __future__ import annotations

import io
import json
import logging
import warnings
from typing import Any

from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.markup import load_json
from sources.readers import Head, Source, sdmx_data

NAME = "sdmx_json"
ABOUT = "SDMX-JSON 1.0 and 2.0 data with reporter, partner and flow (json)"
EXAMPLE = (
    '{"header": {"id": "e", "prepared": "2024-01-01T00:00:00Z", "sender": {"id": "STAT"}},\n'
    ' "structure": {"dimensions": {"observation": [{"id": "REF_AREA", "name": "Area", "values": [{"id": "KAZ"}]},\n'
    '   {"id": "COUNTERPART_AREA", "name": "Partner", "values": [{"id": "CHN"}]},\n'
    '   {"id": "FLOW", "name": "Flow", "values": [{"id": "X"}]},\n'
    '   {"id": "TIME_PERIOD", "name": "Time", "values": [{"id": "2023"}]}]},\n'
    '  "attributes": {"observation": [{"id": "UNIT_MEASURE", "name": "Unit", "values": [{"id": "USD"}]},\n'
    '   {"id": "UNIT_MULT", "name": "Multiplier", "values": [{"id": "6"}]}]}},\n'
    ' "dataSets": [{"action": "Information", "observations": {"0:0:0:0": [14722.3, 0, 0]}}]}\n'
)


def recognises(head: Head) -> float:
    """Score by the keys dataSets and structure(s) of a JSON message."""
    text = head.text
    if text.lstrip()[:1] != "{":
        return 0.0
    return (
        0.97 if '"dataSets"' in text and ('"structure"' in text or '"structures"' in text) else 0.0
    )


def read(source: Source) -> Reading:
    """Read n observations into n figures; a message without trade gives none. Raises InputError."""
    import sdmx

    load_json(source.text, source.name)  # refuses what is too deep, cut off, or says a key twice
    try:
        document = json.loads(source.text)
    except ValueError as error:  # a number of thousands of digits
        raise _damaged(source, "a number that cannot be read") from error
    if not isinstance(document, dict):
        raise _damaged(source, "the document is no object")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("sdmx").setLevel(logging.ERROR)
        try:
            flat, labels = _flat(document)
            tidy = json.dumps(flat).encode()
            message = sdmx.read_sdmx(io.BytesIO(tidy), format="JSON")
        except (ValueError, KeyError, TypeError, AttributeError, LookupError) as error:
            raise _damaged(source, str(error)[:120]) from error
    table, _ = sdmx_data.observations(message)
    if table.empty:
        return sdmx_data.nothing(source, NAME, "an SDMX message without observations")
    sender = getattr(getattr(message, "header", None), "sender", None)
    return sdmx_data.figures(
        table, source, NAME, labels, publisher=str(getattr(sender, "id", "") or "")
    )


def _damaged(source: Source, why: str) -> InputError:
    return InputError(
        Problem(source.name, "", f"the SDMX-JSON message cannot be read: {why}",
                "Ask the service for SDMX-CSV.", "CORRUPT_FILE")
    )  # fmt: skip


def _flat(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Lay a message of 1.0 or 2.0 out with all dimensions and attributes at the observations; and the code names.

    The library (2.28) reads 1.0 only, takes the attributes of a series from the data set and leaves those of the
    data set out; at the observations it keeps them.
    """
    data = document["data"] if isinstance(document.get("data"), dict) else document
    structures = data.get("structures") or [data.get("structure") or document["structure"]]
    structure = structures[0]
    levels = ("dataSet", "series", "observation")
    dimensions = {level: _components(structure["dimensions"], level) for level in levels}
    attributes = {level: _components(structure.get("attributes", {}), level) for level in levels}
    ordered = [*dimensions["series"], *dimensions["observation"], *dimensions["dataSet"]]
    for position, dimension in enumerate(ordered):
        dimension["keyPosition"] = position
    noted = [*attributes["observation"], *attributes["series"], *attributes["dataSet"]]
    counts = [len(attributes[level]) for level in ("observation", "series", "dataSet")]
    observations: dict[str, list[Any]] = {}
    for one in data["dataSets"]:
        of_set = one.get("attributes") or []
        series = one.get("series") or {"": {"observations": one.get("observations") or {}}}
        for key, part in series.items():
            of_series = part.get("attributes") or []
            for inner, cells in (part.get("observations") or {}).items():
                value = cells[0] if cells else None
                marks: list[Any] = []
                for found, count in zip((cells[1:], of_series, of_set), counts):
                    marks.extend([*found[:count], *[None] * (count - len(found[:count]))])
                coded = [_index(mark, attribute) for mark, attribute in zip(marks, noted)]
                observations[":".join(text for text in (key, inner) if text)] = [value, *coded]
    empty = [n for n, attribute in enumerate(noted) if not attribute["values"]]
    kept = [n for n in range(len(noted)) if n not in set(empty)]
    header = document.get("header") or document.get("meta") or {}
    sender: dict[str, Any] = header["sender"] if isinstance(header.get("sender"), dict) else {}
    labels = {
        dimension["id"]: {value["id"]: value["name"] for value in dimension["values"]}
        for dimension in ordered
    }
    return {
        "header": {
            "id": str(header.get("id", "")), "prepared": header.get("prepared") or "2000-01-01T00:00:00",
            "sender": {"id": str(sender.get("id", ""))},
        },
        "structure": {
            "links": [],
            "dimensions": {
                "dataSet": dimensions["dataSet"], "series": [],
                "observation": [*dimensions["series"], *dimensions["observation"]],
            },
            "attributes": {"dataSet": [], "series": [], "observation": [noted[n] for n in kept]},
        },
        "dataSets": [
            {
                "action": "Information",
                "observations": {
                    key: [cells[0], *(cells[n + 1] for n in kept)] for key, cells in observations.items()
                },
            }
        ],
    }, labels  # fmt: skip


def _components(levels: dict[str, Any], level: str) -> list[dict[str, Any]]:
    """Give the components of a level: id, name and values, each value with an id (2.0 writes `value` for times)."""
    found = levels.get(level) or levels.get(level.lower()) or []
    return [
        {
            "id": str(part["id"]), "name": _plain(part.get("name")) or str(part["id"]),
            "values": [
                {"id": str(v.get("id", v.get("value", ""))), "name": _plain(v.get("name")) or str(v.get("id", v.get("value", "")))}
                for v in part.get("values") or []
                if isinstance(v, dict)
            ],
        }
        for part in found
    ]  # fmt: skip


def _index(mark: object, attribute: dict[str, Any]) -> int | None:
    """Give the index of an attribute's value; a value written out in full is added to the list of values."""
    if mark is None or isinstance(mark, bool):
        return None
    if isinstance(mark, int):
        return mark if 0 <= mark < len(attribute["values"]) else None
    text = str(mark)
    known = [value["id"] for value in attribute["values"]]
    if text not in known:
        attribute["values"].append({"id": text, "name": text})
        return len(known)
    return known.index(text)


def _plain(name: object) -> str:
    return str(next(iter(name.values()), "")) if isinstance(name, dict) else str(name or "")
