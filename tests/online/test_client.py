"""The https client against a real server: where it goes, what it refuses, when it tries again."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable

import pytest
from online_answers import body, cut

from sources.errors import InputError
from sources.online import client

ADDRESS = "https://example.org/data"
PATH = "/example.org/data"


def ask(**options: object) -> client.Answer:
    return client.get("test", ADDRESS, {}, **options)  # type: ignore[arg-type]


def fault(**options: object) -> str:
    with pytest.raises(InputError) as caught:
        ask(**options)
    (problem,) = caught.value.problems
    assert problem.file == "test"
    return f"{problem.code} {problem}"


def test_gives_bytes_type_and_status(service):
    service.give(PATH, body("a,b\n1,2\n", kind="text/csv"))
    answer = ask()
    assert (answer.data, answer.status, answer.content_type) == (b"a,b\n1,2\n", 200, "text/csv")
    assert answer.url == ADDRESS


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_tries_again_on_passing_faults_and_waits_longer_each_time(service, waits, status):
    service.give(PATH, body("busy", status), body("busy", status), body("fine"))
    assert ask().data == b"fine"
    assert len(service.asked) == 3
    assert 1 <= waits[0] < waits[1]


def test_waits_as_long_as_the_service_asks(service, waits):
    service.give(PATH, body("busy", 429, Retry_After="7"), body("fine"))
    assert ask().data == b"fine"
    assert waits == [7]


def test_reads_a_date_to_wait_for(service, waits):
    when = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30))
    service.give(PATH, body("busy", 503, Retry_After=when), body("fine"))
    assert ask().data == b"fine"
    assert 25 < waits[0] <= 30


def test_does_not_wait_for_an_hour(service, waits):
    service.give(PATH, body("busy", 429, Retry_After="3600"))
    assert "asks to wait 3,600 s" in fault()
    assert waits == []


def test_gives_up_with_the_words_of_the_service(service, waits):
    service.give(PATH, body('{"statusCode":503,"message":"We are closed"}', 503))
    text = fault()
    assert text.startswith("NO_ANSWER")
    assert "answer 503 (We are closed), 5 times" in text
    assert len(service.asked) == 5


def test_a_cut_connection_is_tried_again_and_its_part_never_given(service, waits):
    service.give(PATH, cut(b"half"), body("whole"))
    assert ask().data == b"whole"
    service.give(PATH, cut(b"half"))
    assert "the answer was cut off" in fault()


def test_silence_ends_in_time(service, waits):
    service.give(PATH, lambda handler: time.sleep(1.5))
    began = time.monotonic()
    assert "no answer in time" in fault(limits=client.Limits(silence_seconds=0.2, tries=2))
    assert time.monotonic() - began < 1.4


def test_a_trickle_ends_in_time(service, waits):
    def trickle(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b"x" * 70_000)
            time.sleep(0.05)

    service.give(PATH, trickle)
    assert "took longer than 0 s" in fault(limits=client.Limits(total_seconds=0.2, tries=1))


@pytest.mark.parametrize("declared", [True, False])
def test_a_huge_body_is_refused(service, declared):
    def huge(handler):
        handler.send_response(200)
        if declared:
            handler.send_header("Content-Length", "99999999999")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"0" * 2**16)

    service.give(PATH, huge)
    text = fault(limits=client.Limits(most_bytes=2**20))
    assert text.startswith("TOO_LARGE")
    assert "larger than 1 MB" in text


def test_a_packed_bomb_is_refused(service):
    bomb = gzip.compress(b"0" * 2**24)
    service.give(PATH, body(bomb, Content_Encoding="gzip"))
    assert fault(limits=client.Limits(most_bytes=2**20)).startswith("TOO_LARGE")


@pytest.mark.parametrize(
    "place",
    ["file:///etc/passwd", "http://example.org/plain", "ftp://example.org/x", "https://127.0.0.1/x",
     "https://10.0.0.8/x", "https://[::1]/x", "https://169.254.169.254/latest/meta-data",
     "https://localhost/x", "https://2130706433/x", "https://name:word@example.org/x", "https://[fd00::1]/"],
)  # fmt: skip
def test_a_redirect_to_a_place_that_is_not_allowed_is_refused(service, place):
    service.give(PATH, body("", 302, Location=place))
    assert fault().startswith("UNSAFE_ADDRESS")
    assert len(service.asked) == 1


def test_a_redirect_over_https_is_followed_without_the_key(service):
    service.give(PATH, body("", 302, Location="https://other.org/there"))
    service.give("/other.org/there", body("fine"))
    assert ask(secret={"X-Key": "secret-secret"}).data == b"fine"
    assert service.headers[0]["x-key"] == "secret-secret"
    assert "x-key" not in service.headers[1]


def test_redirects_in_a_circle_end(service):
    service.give(PATH, body("", 302, Location=ADDRESS))
    assert "more than 5 redirects" in fault()


def test_no_connection_is_named(service, stopped: Callable[[], None], waits):
    stopped()
    assert "no connection, 5 times" in fault()


def test_the_switch_takes_this_machine_only(service, monkeypatch):
    monkeypatch.setenv(client.LOOPBACK, "http://example.org")
    assert fault_of_switch() == "UNSAFE_ADDRESS"
    monkeypatch.setenv(client.LOOPBACK, "https://127.0.0.1")
    assert fault_of_switch() == "UNSAFE_ADDRESS"


def fault_of_switch() -> str:
    with pytest.raises(InputError) as caught:
        ask()
    return caught.value.problems[0].code


@pytest.mark.parametrize("address", ["http://example.org/x", "file:///etc/passwd", "https:///x"])
def test_only_https_is_asked_for(monkeypatch, address):
    monkeypatch.delenv(client.LOOPBACK, raising=False)
    with pytest.raises(InputError, match="not https"):
        client.get("test", address, {})


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch):
    monkeypatch.delenv(client.LOOPBACK, raising=False)
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.1.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: found)
    with pytest.raises(InputError, match="leads to a private address"):
        client.get("test", "https://rebound.example.org/x", {})


def test_progress_counts_bytes(service):
    service.give(PATH, body(b"0" * 200_000))
    seen: list[tuple[int, int | None]] = []
    ask(progress=lambda done, whole: seen.append((done, whole)))
    assert seen[-1] == (200_000, 200_000)
