"""Owns the fetching from statistical services: one module a source, one client, one cache. Nothing else uses the network.

A source is one module of this package with NAME, ABOUT, EXAMPLE, TERMS, GIVES ("figures", "rates" or "table"),
TAKES and NEEDS (fields of Query), FLOW_CODES, SPLIT (dimensions by which a request may be halved), SUFFIX,
KEY (environment variable and header, or None), and the functions `requests(query)`, `address(request)`,
`count(data)`, `join(parts)`, and `limit(request)`: rows at which an answer is cut, 0 for none. A source of
rates has `rates(files)` too. Adding a module adds a source.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache as memo
from pathlib import Path
from typing import Any, Protocol, cast

from sources.errors import InputError, Problem
from sources.online import cache, client
from sources.online.base import NoData, Query, Request, check, words_of
from sources.online.cache import Fetched
from sources.words import clean, nearest

__all__ = [
    "Fetched",
    "Query",
    "Request",
    "Source",
    "addresses",
    "fetch",
    "key_of",
    "names",
    "source",
]

Say = Callable[[str], None]


class Source(Protocol):
    """What a module of this package offers."""

    NAME: str
    ABOUT: str
    EXAMPLE: str
    TERMS: str
    GIVES: str
    TAKES: tuple[str, ...]
    NEEDS: tuple[str, ...]
    FLOW_CODES: tuple[str, ...]
    SPLIT: tuple[str, ...]
    SUFFIX: str
    KEY: tuple[str, str] | None

    def requests(self, query: Query) -> list[Request]: ...
    def address(self, request: Request) -> str: ...
    def count(self, data: bytes) -> int: ...
    def join(self, parts: list[bytes]) -> bytes: ...
    def limit(self, request: Request) -> int: ...


@memo
def _all() -> dict[str, Source]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(loaded, "NAME"):
            found[str(loaded.NAME)] = cast(Source, loaded)
    return found


def names() -> list[str]:
    """Give the names of the online sources, in alphabetical order."""
    return sorted(_all())


def source(name: str) -> Source:
    """Give the source of a name. Raises InputError with the nearest names."""
    known = _all()
    if clean(name) not in known:
        near = ", ".join(nearest(clean(name), list(known), 3) or sorted(known))
        raise InputError(
            Problem(
                "", "", f"no online source is called {name!r}", f"Nearest: {near}", "UNKNOWN_SOURCE"
            )
        )
    return known[clean(name)]


def key_of(name: str, text: str) -> str:
    """Give a key as it may be sent. Raises InputError, which does not show it, where it cannot be one."""
    tidy = text.strip()
    if tidy and not (
        8 <= len(tidy) <= 512 and tidy.isascii() and tidy.isprintable() and " " not in tidy
    ):
        raise InputError(
            Problem(name, "", "the key is not one line of 8 or more plain characters",
                    "Copy the key again; it is not shown here.", "KEY")
        )  # fmt: skip
    return tidy


def addresses(name: str, query: Query) -> list[str]:
    """Give the addresses that a query begins with; a large one may need more. Raises InputError."""
    chosen = source(name)
    check(cast(Any, chosen), query)
    return [chosen.address(request) for request in chosen.requests(query)]


def fetch(
    name: str,
    query: Query,
    key: str = "",
    *,
    refresh: bool = False,
    say: Say | None = None,
    progress: client.Progress | None = None,
    limits: client.Limits = client.LIMITS,
) -> tuple[list[Fetched], list[Problem]]:
    """Fetch every file of a query, from the cache where it is there: (files, what could not be fetched).

    Raises InputError for a query that the source does not take. Empty answers are problems, never files.
    """
    chosen = source(name)
    check(cast(Any, chosen), query)
    job = _Job(chosen, key, refresh, say or (lambda text: None), progress, limits)
    files: list[Fetched] = []
    problems: list[Problem] = []
    for request in chosen.requests(query):
        try:
            files.append(_file(job, request))
        except InputError as error:
            problems.extend(error.problems)
    return files, problems


class _Job:
    """One run of fetch: the source, its key and how to talk."""

    def __init__(
        self,
        chosen: Source,
        key: str,
        refresh: bool,
        say: Say,
        progress: client.Progress | None,
        limits: client.Limits,
    ) -> None:
        self.source, self.refresh, self.say = chosen, refresh, say
        self.progress, self.limits = progress, limits
        self.key = key_of(chosen.NAME, key)
        self.secret = {chosen.KEY[1]: self.key} if chosen.KEY and self.key else {}


def _file(job: _Job, request: Request) -> Fetched:
    """Give the file of one request, joined from its pages where it needs several. Raises InputError."""
    path = _path(job, request)
    if not job.refresh and (found := cache.find(path)) is not None:
        return found[0]
    address = job.source.address(request)
    pages = _pages(job, request, nested=False)
    full = [(url, data, rows) for url, data, rows in pages if rows]
    if not full:
        raise InputError(
            Problem(job.source.NAME, address, "the service holds no figures for this query",
                    "Check reporter, partner, period and flow; the latest year is often not out yet.",
                    "NO_ROWS")
        )  # fmt: skip
    if len(full) == 1 and len(pages) == 1:
        data = full[0][1]
    else:
        try:
            data = job.source.join([page[1] for page in full])
        except NoData as error:
            raise _refused(
                job, address, error.found, "Try again with --refresh.", "ERROR_PAGE"
            ) from error
    rows = sum(page[2] for page in full)
    return cache.store(path, data, job.source.NAME, address, rows, [page[0] for page in full][:500])


def _path(job: _Job, request: Request) -> Path:
    address = job.source.address(request)
    name = cache.file_name(request.label, address, job.source.SUFFIX)
    return cache.folder() / job.source.NAME / name


def _pages(job: _Job, request: Request, nested: bool) -> list[tuple[str, bytes, int]]:
    """Ask for a request, in halves where the answer is cut or refused as too large. Raises InputError."""
    address = job.source.address(request)
    kept = _path(job, request)
    if nested and not job.refresh and (found := cache.find(kept)) is not None:
        return [(address, found[1], found[0].rows)]
    halves = _halves(job.source, request)
    most = getattr(job.source, "MOST", {})
    if halves and any(len(request.values.get(name, ())) > size for name, size in most.items()):
        return [page for half in halves for page in _pages(job, half, nested=True)]
    job.say(address)
    answer = client.get(
        job.source.NAME, address, request.headers, job.secret,
        limits=job.limits, progress=job.progress,
    )  # fmt: skip
    try:
        data, rows = _judge(job, answer)
    except NoData as error:
        if error.too_big and halves:
            return [page for half in halves for page in _pages(job, half, nested=True)]
        if error.empty:
            return [(address, b"", 0)]
        advice = (
            "Ask for fewer years, partners or commodities."
            if error.too_big
            else "Try again later; nothing was kept."
        )
        raise _refused(job, address, error.found, advice, "ERROR_PAGE") from error
    cut = job.source.limit(request)
    if cut and rows >= cut:
        if halves:
            return [page for half in halves for page in _pages(job, half, nested=True)]
        raise InputError(
            Problem(job.source.NAME, address, f"the answer is cut at {cut:,} rows",
                    _cut_advice(job, request), "CUT_ANSWER")
        )  # fmt: skip
    if nested and rows:
        cache.store(kept, data, job.source.NAME, address, rows)
    return [(address, data, rows)]


def _cut_advice(job: _Job, request: Request) -> str:
    if job.source.KEY and not request.keyed:
        return f"Name partners or commodities, or give a key in {job.source.KEY[0]}."
    return "Name partners or commodities."


def _halves(chosen: Source, request: Request) -> list[Request]:
    """Cut a request in two along the first of the source's dimensions that has several codes."""
    wider = getattr(chosen, "expand", None)
    if wider is not None:
        request = wider(request)
    for name in chosen.SPLIT:
        codes = request.values.get(name, ())
        if len(codes) > 1:
            middle = (len(codes) + 1) // 2
            return [request.with_(name, codes[:middle]), request.with_(name, codes[middle:])]
    return []


def _judge(job: _Job, answer: client.Answer) -> tuple[bytes, int]:
    """Tell data from a refusal: (bytes to keep, rows). Raises NoData, or InputError for a refused key."""
    data = answer.data
    if (
        job.key and job.key.encode() in data
    ):  # a service that repeats the key must not make us store it
        data = data.replace(job.key.encode(), b"***")
    status = answer.status
    if status == 200:
        return data, job.source.count(data)
    words = words_of(data[:20000].decode("utf-8", "replace"))
    shown = f"answer {status}" + (f": {words}" if words else "")
    if status in (401, 403):
        held = job.source.KEY[0] if job.source.KEY else ""
        advice = f"Check the key in {held} and its quota." if held else "Try again later."
        raise _refused(job, answer.url, shown, advice, "KEY" if held else "ERROR_PAGE")
    if status == 404 and not words.lower().startswith("a web page"):
        raise NoData(shown, empty=True)
    raise NoData(shown, too_big=status == 413 or "TOO_BIG" in words.upper())


def _refused(job: _Job, address: str, found: str, advice: str, code: str) -> InputError:
    keys = [job.key] if job.key else []
    return InputError(Problem(job.source.NAME, address, client.hide(found, keys), advice, code))
