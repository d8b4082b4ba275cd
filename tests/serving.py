"""A running server for feed readers: `syndicate serve` behind a recorder that tells what was asked and answered.

    feed reader ──► Recorder (remembers every answer) ──► syndicate serve

The recorder forwards requests and answers as they are, so that what is tested is the server's own conduct.
"""

import hashlib
import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from support import COMMAND, Site

# How long a server may take until it answers; generous, since other tests run beside it.
START_S = 30.0
# Headers that speak of one connection and not of the message (RFC 9110, 7.6.1).
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "date", "server"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was asked, by whom, and with what status and how many bytes it was answered."""

    path: str
    status: int
    length: int
    agent: str


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    backend: tuple[str, int] = ("127.0.0.1", 0)

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self.answers: list[Answer] = []
        super().__init__(("127.0.0.1", 0), handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Recording(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        connection = http.client.HTTPConnection(*self.server.backend, timeout=START_S)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.putheader("Connection", "close")
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
            agent = self.headers.get("User-Agent", "")
            answer = Answer(path=self.path, status=response.status, length=len(body), agent=agent)
            self.server.answers.append(answer)
            self.send_response_only(response.status)
            for name, value in response.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
        finally:
            connection.close()
            self.close_connection = True

    do_HEAD = do_GET  # noqa: N815 - likewise

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; the recorder remembers."""


class _Static(SimpleHTTPRequestHandler):
    """A small conditional server: for documents of a test's own, and until there is `syndicate serve`."""

    protocol_version = "HTTP/1.1"
    extensions_map: ClassVar[dict[str, str]] = {
        "": "application/octet-stream", ".xml": "application/xml", ".json": "application/feed+json",
        ".html": "text/html; charset=utf-8", ".opml": "text/x-opml", ".png": "image/png",
    }  # fmt: skip

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        modified = formatdate(path.stat().st_mtime, usegmt=True)
        known = self.headers.get("If-None-Match")
        same = known == tag if known else self.headers.get("If-Modified-Since") == modified
        self.send_response(304 if same else 200)
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", modified)
        if not same:
            self.send_header("Content-Type", self.extensions_map.get(path.suffix, self.extensions_map[""]))
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not same and self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - likewise

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def _running(server: _Server) -> Iterator[_Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serving_folder(folder: Path) -> Iterator[str]:
    """Serve the documents of a folder as they are; yields the address."""

    class Here(_Static):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, directory=str(folder), **kwargs)

    with _running(_Server(Here)) as server:
        yield server.url


@contextmanager
def recorder() -> Iterator[_Server]:
    """Run a recorder; its address is known before there is anything to serve, so that a site can be built for it."""
    with _running(_Server(_Recording)) as server:
        yield server


@contextmanager
def serving(site: Site, front: _Server) -> Iterator[None]:
    """Serve a site behind a recorder, with `syndicate serve`."""
    has_serve = site.command("serve", "--help").returncode == 0
    if not has_serve:
        assert os.environ.get("CI") != "true", "CI wants syndicate serve, and it is not here"
        with serving_folder(site.output) as url:
            front.backend = ("127.0.0.1", int(url.rstrip("/").rpartition(":")[2]))
            yield
        return
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--no-build", "--config", str(site.config), "--port", str(port)],
        cwd=site.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _await(port, process)
        front.backend = ("127.0.0.1", port)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=START_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing listens at port {port}")
