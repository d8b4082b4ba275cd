"""Hubs over real HTTP: what they are sent, that tries are repeated, and what is said of those that fail."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from time import sleep
from urllib.parse import parse_qs

import pytest

from syndicate import __version__
from syndicate.adapters.websub import HttpHubs

FEED = "https://feeds.example.org/topics/tea/rss.xml"


class Hub(ThreadingHTTPServer):
    """A hub that answers with the statuses that it is given, the last one again and again."""

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses = list(statuses)
        self.place: str | None = None
        self.received: list[tuple[str, dict[str, list[str]], str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hub"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append((self.path, parse_qs(body), self.headers["User-Agent"]))
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        if self.server.place:
            self.send_header("Location", self.server.place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def hub(*statuses: int) -> Iterator[Hub]:
    with Hub(*statuses) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_hub_is_told_in_the_form_of_the_standard(status: int) -> None:
    with hub(status) as server:
        assert HttpHubs().ping(server.url, FEED) is None
        form = {"hub.mode": ["publish"], "hub.url": [FEED]}
        assert server.received == [("/hub", form, f"syndicate/{__version__}")]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_try_is_repeated(status: int) -> None:
    with hub(status, status, 204) as server:
        assert HttpHubs().ping(server.url, FEED) is None
        assert len(server.received) == 3


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (403, 1), (503, 4)])
def test_a_hub_that_refuses_is_said_to(status: int, tries: int) -> None:
    with hub(status) as server:
        assert HttpHubs().ping(server.url, FEED) == f"it answered {status}"
        assert len(server.received) == tries


def test_a_hub_that_is_not_there_is_said_to_be() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        assert HttpHubs().ping(f"http://127.0.0.1:{taken.getsockname()[1]}/", FEED) == "it can't be reached"


def test_a_host_that_there_is_not_is_said_not_to_be() -> None:
    assert HttpHubs().ping("http://hub.invalid/", FEED) == "there is no host of that name"


def test_a_hub_that_has_moved_is_followed() -> None:
    with hub(204) as new, hub(307) as old:
        old.place = new.url
        assert HttpHubs().ping(old.url, FEED) is None
        assert [form["hub.url"] for _, form, _ in (*old.received, *new.received)] == [[FEED], [FEED]]


@contextmanager
def slow_hub(answer: bytes) -> Iterator[tuple[str, list[socket.socket]]]:
    """Be a hub that sends an answer a byte at a time; yields its address, and who has come."""
    guests: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def receive() -> None:
            while True:
                try:
                    guests.append(listener.accept()[0])
                except OSError:
                    return
                Thread(target=drip, args=(guests[-1],), daemon=True).start()

        def drip(guest: socket.socket) -> None:
            with suppress(OSError):
                for byte in answer:
                    sleep(0.02)
                    guest.sendall(bytes((byte,)))

        thread = Thread(target=receive, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/", guests
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for guest in guests:
                guest.close()


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 204 No Content\r\nX: " + b"a" * 200 + b"\r\n\r\n"])
def test_a_hub_that_is_silent_or_slow_is_asked_once(answer: bytes) -> None:
    with slow_hub(answer) as (url, guests):
        hubs = HttpHubs(ping_s=0.5)
        assert [hubs.ping(url, FEED) for _ in range(3)] == ["it did not answer in time"] * 3
        assert len(guests) == 1


def test_a_hub_that_takes_long_is_left_to_the_next_build() -> None:
    clock = count(0.0, 20.0)  # looked at before and after each ping
    with hub(204) as server, hub(204) as other:
        hubs = HttpHubs(clock=lambda: next(clock))
        answers = [hubs.ping(server.url, FEED) for _ in range(4)]
        assert answers == [None, None, *["telling it took longer than 30 s"] * 2]
        assert len(server.received) == 2
        assert hubs.ping(other.url, FEED) is None
