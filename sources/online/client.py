"""Owns the one https client: where it may go, how long it waits, how much it takes, when it tries again."""

from __future__ import annotations

import ipaddress
import os
import random
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from sources.errors import InputError, Problem
from sources.online.base import problem, words_of

if TYPE_CHECKING:
    import requests

LOOPBACK = "RECONCILE_LOOPBACK"  # tests send every request to a server on this machine
AGENT = "trade-reconcile"
AGAIN = frozenset({429, 500, 502, 503, 504})
Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all where known

sleep = time.sleep  # a name of its own, so that tests need not wait


@dataclass(frozen=True)
class Limits:
    """What one download may cost."""

    most_bytes: int = 300 * 2**20
    connect_seconds: float = 20
    silence_seconds: float = 120
    total_seconds: float = 900
    tries: int = 5
    longest_wait_seconds: float = 120
    redirects: int = 5


LIMITS = Limits()


@dataclass(frozen=True)
class Answer:
    """What a server sent: status, bytes, type and the address that answered."""

    status: int
    data: bytes
    content_type: str
    url: str


class _Again(Exception):
    """A passing fault: what it was, and the seconds that the server asks to wait."""

    def __init__(self, found: str, wait: float | None = None, words: str = "") -> None:
        super().__init__(found)
        self.found, self.wait, self.words = found, wait, words


def get(
    name: str,
    address: str,
    headers: Mapping[str, str],
    secret: Mapping[str, str] | None = None,
    *,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> Answer:
    """Download one address over https, trying again on passing faults.

    `secret` holds headers that go to the first host only and are shown nowhere. Gives the answer of status 200,
    or of a 4xx that the source may explain. Raises InputError naming the source.
    """
    import requests

    keys = [text for text in (secret or {}).values() if text]
    with requests.Session() as session:
        # No .netrc: credentials of other services have no business here.
        session.trust_env = False
        for attempt in range(limits.tries):
            try:
                return _follow(session, name, address, headers, secret or {}, limits, progress)
            except _Again as fault:
                last = fault.found + (f" ({hide(fault.words, keys)})" if fault.words else "")
                wait = fault.wait
            if wait is not None and wait > limits.longest_wait_seconds:
                raise problem(
                    name, address, last, f"The service asks to wait {wait:,.0f} s; try again then.",
                    "NO_ANSWER",
                )  # fmt: skip
            if attempt + 1 < limits.tries:
                backoff = min(2.0**attempt, limits.longest_wait_seconds) * (1 + random.random() / 4)
                sleep(backoff if wait is None else wait)
    raise problem(
        name, address, f"{last}, {limits.tries} times",
        "Check the connection and try again later; what was fetched before still works offline.",
        "NO_ANSWER",
    )  # fmt: skip


def hide(text: str, keys: list[str]) -> str:
    """Take keys out of a text that will be shown or stored."""
    for key in keys:
        text = text.replace(key, "***")
    return text


def _follow(
    session: requests.Session,
    name: str,
    address: str,
    headers: Mapping[str, str],
    secret: Mapping[str, str],
    limits: Limits,
    progress: Progress | None,
) -> Answer:
    """Ask once, going after redirects that lead to allowed addresses only."""
    import requests
    from requests.exceptions import ChunkedEncodingError, ContentDecodingError

    ends = time.monotonic() + limits.total_seconds
    current = address
    home = urlsplit(address).hostname
    for _ in range(limits.redirects + 1):
        target, proxies = _target(name, current)
        sent = {"User-Agent": AGENT, **headers}
        if urlsplit(current).hostname == home:
            sent |= secret
        try:
            with session.get(
                target, headers=sent, stream=True, allow_redirects=False, proxies=proxies,
                timeout=(limits.connect_seconds, limits.silence_seconds),
            ) as response:  # fmt: skip
                place = response.headers.get("Location")
                if response.is_redirect and place:
                    current = urljoin(_shown(current, target), place)
                    continue
                data = _body(response, name, current, limits, ends, progress)
                return _judged(response, data, current)
        except requests.Timeout as error:
            raise _Again("no answer in time") from error
        except (ChunkedEncodingError, ContentDecodingError) as error:
            raise _Again("the answer was cut off") from error
        except requests.exceptions.SSLError as error:
            raise problem(name, current, "its certificate cannot be trusted",
                          "Check the clock of this machine and its proxy.", "NO_ANSWER") from error  # fmt: skip
        except requests.ConnectionError as error:
            raise _Again("no connection") from error
        except (requests.RequestException, ValueError) as error:
            raise problem(name, current, "the address or the answer is malformed",
                          "Try again later.", "NO_ANSWER") from error  # fmt: skip
    raise problem(name, address, f"more than {limits.redirects} redirects", "Try again later.",
                  "UNSAFE_ADDRESS")  # fmt: skip


def _shown(current: str, target: str) -> str:
    """Give the address against which a relative redirect is read."""
    return target if os.environ.get(LOOPBACK) else current


def _body(
    response: requests.Response,
    name: str,
    address: str,
    limits: Limits,
    ends: float,
    progress: Progress | None,
) -> bytes:
    """Read a body while counting its bytes and the time; refuse what is over the limits."""
    declared = response.headers.get("Content-Length", "")
    length = int(declared) if declared.isdigit() and len(declared) < 16 else None
    if length is not None and length > limits.most_bytes:
        raise _too_large(name, address, limits)
    out = bytearray()
    for chunk in response.iter_content(2**16):
        out += chunk
        if len(out) > limits.most_bytes:
            raise _too_large(name, address, limits)
        if time.monotonic() > ends:
            raise _Again(f"the answer took longer than {limits.total_seconds:,.0f} s")
        if progress is not None:
            progress(len(out), length)
    return bytes(out)


def _too_large(name: str, address: str, limits: Limits) -> InputError:
    return problem(name, address, f"the answer is larger than {limits.most_bytes / 2**20:,.0f} MB",
                   "Ask for fewer years, partners or commodities.", "TOO_LARGE")  # fmt: skip


def _judged(response: requests.Response, data: bytes, address: str) -> Answer:
    """Sort an answer: data or an explained refusal is given, a passing fault is to be tried again."""
    status = response.status_code
    if status in AGAIN:
        wait = _retry_after(response.headers.get("Retry-After", ""))
        raise _Again(f"answer {status}", wait, words_of(data[:20000].decode("utf-8", "replace")))
    return Answer(status, data, response.headers.get("Content-Type", ""), address)


def _retry_after(text: str) -> float | None:
    """Read a Retry-After header: seconds, or a date."""
    text = text.strip()
    if text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


# --- where it may go ------------------------------------------------------------------------------


def _target(name: str, address: str) -> tuple[str, dict[str, str]]:
    """Give the address to ask and the proxies for it. Raises InputError for one that is not allowed."""
    server = os.environ.get(LOOPBACK, "")
    if server:
        return _loopback(name, address, server), {}
    check_address(name, address)
    import requests

    proxies = dict(requests.utils.get_environ_proxies(address))
    if not proxies.get("https") and not proxies.get("all"):
        _check_host(name, address)  # with a proxy, names are looked up there
    return address, proxies


def _loopback(name: str, address: str, server: str) -> str:
    """Send a request to the test server, the publisher's host as the first step of the path."""
    own, asked = urlsplit(server), urlsplit(address)
    if own.scheme != "http" or not _is_loopback(own.hostname or ""):
        raise InputError(
            Problem(LOOPBACK, "", f"{server!r} is no http address of this machine",
                    "It is for tests; unset it.", "UNSAFE_ADDRESS")
        )  # fmt: skip
    if asked.scheme == "http" and asked.netloc == own.netloc:
        return address
    check_address(name, address)
    return f"{server.rstrip('/')}/{asked.netloc}{asked.path}" + (
        f"?{asked.query}" if asked.query else ""
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(name: str, address: str) -> None:
    """Refuse an address that is not https, carries credentials or is a private one. Raises InputError."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".").lower()
    shown = f"{parts.scheme}://{host}"
    if parts.scheme != "https" or not host:
        raise problem(name, shown, "an address that is not https",
                      "The service sent it; nothing was fetched from there.", "UNSAFE_ADDRESS")  # fmt: skip
    if parts.username or parts.password:
        raise problem(name, shown, "an address that carries a name or password",
                      "Nothing was fetched from there.", "UNSAFE_ADDRESS")  # fmt: skip
    local = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    if local or _is_private(host):
        raise problem(name, shown, "a private address", "Nothing was fetched from there.",
                      "UNSAFE_ADDRESS")  # fmt: skip


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        # 2130706433 and 0x7f000001 are old spellings of 127.0.0.1 that some resolvers take.
        return ("." not in host and ":" not in host) or host.replace(".", "").isdigit()


def _check_host(name: str, address: str) -> None:
    """Refuse a host whose name leads to a private address. Raises InputError."""
    host = urlsplit(address).hostname or ""
    try:
        found = {
            str(entry[4][0]) for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
        }
    except (OSError, UnicodeError) as error:
        raise _Again(f"the host {host} cannot be found") from error
    if any(_is_private(one.split("%")[0]) for one in found):
        raise problem(name, f"https://{host}", "a host whose name leads to a private address",
                      "Nothing was fetched from there.", "UNSAFE_ADDRESS")  # fmt: skip
