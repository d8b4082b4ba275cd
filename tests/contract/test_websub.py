"""Hubs over real HTTP: what they are sent, that tries are repeated, and what is said of those that fail."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
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
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def hub(*statuses: int) -> Iterator[Hub]:
    with Hub(*statuses) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
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
