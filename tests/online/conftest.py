"""A real HTTP server on this machine in the place of the services, and a cache of the test's own."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from online_answers import Reply, body

from sources.online import client


@dataclass
class Service:
    """The server: replies in turn by the start of a path (the last one stays), and what was asked."""

    url: str
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def give(self, path: str, *replies: Reply) -> None:
        self.replies[path] = list(replies)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    """Start the server, send every request there, keep the cache in the test's folder; waits are counted, not slept."""
    held: list[Service] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one = held[0]
            one.asked.append(self.path)
            one.headers.append({name.lower(): value for name, value in self.headers.items()})
            for path, replies in one.replies.items():
                if self.path.startswith(path):
                    (replies.pop(0) if len(replies) > 1 else replies[0])(self)
                    return
            body("no such path", 404, "text/plain")(self)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held.append(Service(f"http://127.0.0.1:{server.server_address[1]}"))
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    monkeypatch.setenv(client.LOOPBACK, held[0].url)
    monkeypatch.setenv("RECONCILE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COMTRADE_KEY", raising=False)
    yield held[0]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client would have slept."""
    slept: list[float] = []
    monkeypatch.setattr(client, "sleep", slept.append)
    return slept


@pytest.fixture
def stopped(service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Take the network away: the address has nobody listening any more."""

    def stop() -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        monkeypatch.setenv(client.LOOPBACK, f"http://127.0.0.1:{port}")

    return stop
