"""Owns what all online sources share: a query, a request for one file, and how an answer is told from an error page."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import ModuleType
from urllib.parse import quote, urlencode

from sources import areas
from sources.errors import InputError, Problem
from sources.words import nearest, strip_controls

FLOWS = {"M": "imports", "X": "exports", "RX": "re-exports", "RM": "re-imports"}
# What the partner books for the same goods; re-exports arrive as imports like any others.
MIRROR = {"M": "X", "X": "M", "RX": "M", "RM": "X"}
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True)
class Query:
    """What a user asks of a source, in our own codes; a source takes the fields it names in TAKES."""

    reporter: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()
    period: tuple[str, ...] = ()  # all years, or all months
    flow: tuple[str, ...] = ()
    commodity: tuple[str, ...] = ()
    classification: str = ""
    to: str = ""
    currency: tuple[str, ...] = ()
    indicator: str = ""
    mirror: bool = False
    keyed: bool = False
    most_rows: int = 0  # what the user's key allows, where it is more than the usual


@dataclass(frozen=True)
class Request:
    """One file to fetch: the codes of each dimension of the source (none means all), and the name of the file."""

    label: str
    values: Mapping[str, tuple[str, ...]]
    keyed: bool = False
    most_rows: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_(self, name: str, codes: Iterable[str]) -> Request:
        """Give the same request with other codes for one dimension."""
        return replace(self, values={**self.values, name: tuple(codes)})


class NoData(Exception):
    """A publisher's answer that holds no data: an error in words, or nothing. `empty` tells which."""

    def __init__(self, found: str, *, empty: bool = False, too_big: bool = False) -> None:
        super().__init__(found)
        self.found = found
        self.empty = empty
        self.too_big = too_big


def problem(name: str, place: str, found: str, advice: str, code: str) -> InputError:
    """Give an InputError of one problem that names the source."""
    return InputError(Problem(name, place, strip_controls(found), advice, code))


# --- what users write -----------------------------------------------------------------------------


def periods(texts: Iterable[str]) -> tuple[str, ...]:
    """Turn `2022`, `2018..2022`, `2024-03`, `2024-01..2024-09` into years or months. Raises InputError."""
    found: list[str] = []
    for text in texts:
        first, _, last = text.strip().partition("..")
        ends = [_PERIOD.fullmatch(end.strip()) for end in (first, last or first)]
        if not all(ends):
            raise problem(
                "--year", "", f"{text!r} is no year or month",
                "Write 2022, 2018..2022, 2024-03 or 2024-01..2024-09", "QUERY",
            )  # fmt: skip
        start, end = (match for match in ends if match)
        if (start[2] is None) != (end[2] is None):
            raise problem(
                "--year", "", f"{text!r} goes from a year to a month", "Use one kind", "QUERY"
            )
        if start[2] is None:
            found.extend(str(year) for year in range(int(start[1]), int(end[1]) + 1))
        else:
            months = range(int(start[1]) * 12 + int(start[2]) - 1, int(end[1]) * 12 + int(end[2]))
            found.extend(f"{month // 12}-{month % 12 + 1:02d}" for month in months)
        if not found or len(found) > 1200:
            raise problem("--year", "", f"{text!r} ends before it starts, or is too long",
                          "Write the earlier one first", "QUERY")  # fmt: skip
    if len({len(text) for text in found}) > 1:
        raise problem(
            "--year", "", "years and months together", "Ask for one kind at a time", "QUERY"
        )
    return tuple(sorted(set(found)))


def area(text: str, option: str) -> str:
    """Turn a code or name of an area into our code; `all` stays. Raises InputError with the nearest."""
    if text.strip().lower() == "all":
        return "all"
    found = areas.find(text)
    if found is None:
        near = ", ".join(areas.suggest(text)) or "none"
        raise problem(option, "", f"unknown area {text!r}", f"Nearest: {near}", "UNKNOWN_AREA")
    return found.code


def members_or(
    codes: Iterable[str], known: Callable[[str], str | None], name: str
) -> tuple[str, ...]:
    """Write areas in the codes of a source, a group as its members; `all` is none. Raises InputError."""
    out: list[str] = []
    for code in codes:
        if code == "all":
            return ()
        direct = known(code)
        if direct is not None:
            out.append(direct)
            continue
        inside = sorted(areas.members(code, None)) if areas.kind(code) == "group" else []
        found = [own for member in inside if (own := known(member)) is not None]
        if not found:
            raise problem(name, "", f"{name} has no code for {code} ({areas.name(code)})",
                          "Ask for its members", "QUERY")  # fmt: skip
        out.extend(found)
    return tuple(dict.fromkeys(out))


def iso2(code: str) -> str | None:
    """Give the alpha-2 code of a country, None for others."""
    return areas.iso().get(code)


def iso3(code: str) -> str | None:
    """Give the alpha-3 code of a country, None for groups."""
    return code if code in areas.iso() else None


@cache
def m49() -> dict[str, str]:
    """Give alpha-3 -> M49 number."""
    found = areas.resolve((str(number) for number in range(900)), scheme="m49")
    return {
        area: number for number, area in found.items() if area is not None and area in areas.iso()
    }


def label(source: str, *parts: Iterable[str]) -> str:
    """Give the name of a file from the parts of a query: plain letters, digits and dashes, not too long."""
    words = [source]
    for part in parts:
        codes = list(part)
        words.append("+".join(codes[:3]) + (f"+{len(codes) - 3}" if len(codes) > 3 else ""))
    text = "-".join(word for word in words if word)
    return re.sub(r"[^A-Za-z0-9+.-]+", "_", text)[:80].strip(".")


def span(codes: Iterable[str]) -> str:
    """Write sorted periods as `2018..2022`."""
    listed = list(codes)
    return listed[0] if len(listed) == 1 else f"{listed[0]}..{listed[-1]}" if listed else ""


# --- addresses ------------------------------------------------------------------------------------


def url(base: str, *path: str, **params: str) -> str:
    """Join an address from its parts, percent-encoded; parameters without a value are left out."""
    steps = [quote(step, safe="+.,@:$") for step in path]
    ask = urlencode({name: value for name, value in params.items() if value}, safe="+,:")
    return "/".join([base.rstrip("/"), *steps]) + (f"?{ask}" if ask else "")


@cache
def sdmx_base(provider: str) -> str:
    """Give the base address of a provider of SDMX as the library sdmx1 knows it."""
    from sdmx.source import sources

    return str(sources[provider].url).rstrip("/")


def key(*dimensions: tuple[str, ...]) -> str:
    """Write the key of an SDMX query: codes joined by plus, dimensions by points, none for all."""
    return ".".join("+".join(codes) for codes in dimensions)


# --- answers --------------------------------------------------------------------------------------


def text_of(data: bytes) -> str:
    """Decode an answer. Raises NoData where it is no text."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoData("the answer is no text") from error


def refuse_page(text: str) -> None:
    """Raise NoData for a web page or an SDMX or SOAP fault in the place of data."""
    start = text.lstrip()[:400].lower()
    if start.startswith(("<!doctype html", "<html")) or "<html" in start:
        title = re.search(r"<title[^>]{0,200}>([^<]{0,200})", text[:20000], re.I)
        named = f" titled “{title[1].strip()}”" if title and title[1].strip() else ""
        raise NoData(f"a web page{named} instead of data")
    if start.startswith("<"):
        fault = re.search(
            r"<(?:\w+:)?(?:faultstring|Text)\b[^>]{0,200}>([^<]{0,400})", text[:20000]
        )
        words = fault[1].strip() if fault else ""
        if "fault" in start or "error" in start or (fault and "rror" in text[:400]):
            nothing = bool(re.search(r"no.?(results|records)|not found", words, re.I))
            raise NoData(
                words or "an error message", empty=nothing, too_big="TOO_BIG" in words.upper()
            )
        if re.search(r"<(?:\w+:)?queued>|>SUBMITTED<", text[:4000]):
            raise NoData("the service put the query in a queue: it is too large", too_big=True)


def json_of(data: bytes) -> object:
    """Read a JSON answer. Raises NoData for a web page, damage, or an error in words."""
    text = text_of(data)
    if not text.strip():
        raise NoData("an empty answer", empty=True)
    refuse_page(text)
    from sources.markup import load_json

    try:
        return load_json(text, "the answer")
    except InputError as error:
        raise NoData(f"no JSON: {error.problems[0].found}") from error


def csv_rows(data: bytes, needed: Iterable[str]) -> list[dict[str, str]]:
    """Read a CSV answer with the columns needed into rows. Raises NoData for anything else."""
    text = text_of(data)
    if not text.strip():
        raise NoData("an empty answer", empty=True)
    refuse_page(text)
    if text.lstrip()[:1] in "{[":
        raise NoData(words_of(text) or "JSON instead of CSV")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = list(reader.fieldnames or [])
        missing = [name for name in needed if name not in names]
        if missing:
            first = text.strip().splitlines()[0][:120]
            raise NoData(f"the columns {', '.join(missing)} are missing; it begins: {first}")
        return list(reader)
    except csv.Error as error:
        raise NoData("a damaged CSV table") from error


def count_csv(data: bytes, needed: Iterable[str] = ("TIME_PERIOD", "OBS_VALUE")) -> int:
    """Count the rows of a CSV answer that hold a value. Raises NoData."""
    rows = csv_rows(data, needed)
    return sum(bool((row.get("OBS_VALUE") or "").strip(" \"'")) for row in rows)


def join_csv(parts: list[bytes]) -> bytes:
    """Join CSV answers of one header; rows of a later part follow. Raises NoData where headers differ."""
    texts = [text_of(part).strip("\r\n").splitlines(keepends=False) for part in parts]
    header = texts[0][0]
    if any(text[0] != header for text in texts):
        raise NoData("the parts of the answer have different columns")
    lines = [header, *(line for text in texts for line in text[1:])]
    return ("\n".join(lines) + "\n").encode()


def only(parts: list[bytes]) -> bytes:
    """Give the one answer there is, for a source whose answers are never split."""
    return parts[0]


def uncut(request: Request) -> int:
    """Give 0: the source never cuts an answer; it sends all rows or refuses."""
    return 0


def words_of(text: str) -> str:
    """Give the message of an error answer in JSON, XML or plain words, at most 300 characters."""
    text = text.lstrip("\ufeff \r\n\t")
    found = ""
    if text[:1] in "{[":
        try:
            document = json.loads(text[:20000])
        except (ValueError, RecursionError):
            document = None
        found = _message(document, 0)
    elif text[:1] == "<":
        try:
            refuse_page(text)
        except NoData as error:
            found = error.found
    else:
        found = text
    return strip_controls(" ".join(found.split()))[:300]


def _message(node: object, depth: int) -> str:
    """Find the first text under a name that errors go by."""
    if depth > 6:
        return ""
    if isinstance(node, list):
        return next((found for item in node[:5] if (found := _message(item, depth + 1))), "")
    if not isinstance(node, dict):
        return ""
    for name in ("message", "error", "detail", "title", "errors", "value", "fault", "description"):
        inside = node.get(name)
        if isinstance(inside, str) and inside.strip():
            return inside
        if isinstance(inside, (dict, list)) and (found := _message(inside, depth + 1)):
            return found
    return ""


# --- the declaration --------------------------------------------------------------------------------


def check(module: ModuleType, query: Query) -> None:
    """Hold a query against what a source takes and needs. Raises InputError with every fault."""
    given = {
        name for name in ("reporter", "partner", "period", "flow", "commodity", "classification",
                          "to", "currency", "indicator", "mirror")
        if getattr(query, name)
    }  # fmt: skip
    faults = []
    for name in sorted(given - set(module.TAKES)):
        took = ", ".join(f"--{_option(field)}" for field in module.TAKES)
        faults.append(Problem(module.NAME, f"--{_option(name)}", f"{module.NAME} does not take it",
                              f"It takes {took}", "QUERY"))  # fmt: skip
    for name in module.NEEDS:
        if name not in given:
            faults.append(Problem(module.NAME, f"--{_option(name)}", "it is missing",
                                  f"For example: {module.EXAMPLE}", "QUERY"))  # fmt: skip
    unknown = [flow for flow in query.flow if flow not in module.FLOW_CODES]
    for flow in unknown if "flow" in module.TAKES else []:
        near = ", ".join(nearest(flow, module.FLOW_CODES) or module.FLOW_CODES)
        faults.append(
            Problem(module.NAME, "--flow", f"unknown flow {flow!r}", f"Use {near}", "QUERY")
        )
    if faults:
        raise InputError(faults)


def _option(name: str) -> str:
    return "year" if name == "period" else name
