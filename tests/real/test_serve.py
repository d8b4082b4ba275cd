"""'syndicate serve' over real sockets."""

import gzip
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = "site: {title: A, url: https://example.org/feeds/}\nsources: [path: articles]\n"
FEED = b"<rss>" + b"lamp " * 2000 + b"</rss>"


@contextmanager
def serving(folder: Path, server: str = "", *options: str) -> Iterator[tuple[int, Path]]:
    """Start the server on any free port; yields the port and what it prints."""
    (folder / "config.yaml").write_text(f"{CONFIG}server: {{port: 0{server}}}\n")
    printed = folder / "printed"
    with printed.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "syndicate", "serve", "--no-build", *options],
            cwd=folder,
            stdout=out,
            stderr=out,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    try:
        yield _port(process, printed), printed
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, printed.read_text()
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in printed.read_text()


def _port(process: subprocess.Popen[bytes], printed: Path) -> int:
    while process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", printed.read_text())
        if found:
            return int(found[1])
        time.sleep(0.05)
    raise AssertionError(printed.read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "output/all").mkdir(parents=True)
    (tmp_path / "output/all/rss.xml").write_bytes(FEED)
    (tmp_path / "output/all/index.html").write_text("<p>all</p>")
    (tmp_path / "output/.hidden").write_text("secret")
    (tmp_path / "secret").write_text("secret")
    return tmp_path


def ask(
    port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def send_raw(port: int, data: bytes) -> bytes:
    """Send bytes and return all that comes back until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        received = b""
        try:
            wire.sendall(data)
            while chunk := wire.recv(65536):
                received += chunk
        except ConnectionError:
            pass
        return received


def test_files_conditions_and_codings(folder: Path) -> None:
    with serving(folder) as (port, _):
        status, headers, body = ask(port, "/feeds/all/rss.xml")
        assert (status, body) == (200, FEED)
        assert headers["content-type"] == "application/rss+xml; charset=utf-8"
        assert headers["access-control-allow-origin"] == "*"
        assert headers["vary"] == "Accept, Accept-Encoding"
        etag, modified = headers["etag"], headers["last-modified"]
        assert etag == f'"{hashlib.blake2b(FEED, digest_size=16).hexdigest()}"'
        old = "Sun, 06 Nov 1994 08:49:37 GMT"
        table = [
            ({"If-None-Match": etag}, 304),
            ({"If-None-Match": f'"x", W/{etag}'}, 304),
            ({"If-None-Match": "*"}, 304),
            ({"If-None-Match": '"x"', "If-Modified-Since": modified}, 200),
            ({"If-Modified-Since": modified}, 304),
            ({"If-Modified-Since": old}, 200),
            ({"If-Modified-Since": "no date"}, 200),
            ({"If-Match": '"x"'}, 412),
            ({"If-Unmodified-Since": old}, 412),
        ]
        for method in ("GET", "HEAD"):
            for sent, expected in table:
                status, headers, body = ask(port, "/feeds/all/rss.xml", method, sent)
                assert (status, method, sent) == (expected, method, sent)
                assert (body == FEED) == (status == 200 and method == "GET")
                assert status == 412 or headers["etag"] == etag
        _, headers, body = ask(port, "/feeds/all/rss.xml", headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
        assert gzip.decompress(body) == FEED
        assert headers["etag"] == f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
        assert headers["content-type"] == "application/xml; charset=utf-8"
        polls = [ask(port, "/feeds/all/rss.xml", headers={"If-None-Match": etag}) for _ in range(100)]
        assert sum(len(body) for _, _, body in polls) == 0


def test_a_file_beside_it_is_sent_unless_it_is_older(folder: Path) -> None:
    beside = folder / "output/all/rss.xml.gz"
    beside.write_bytes(gzip.compress(FEED, 9, mtime=0))
    with serving(folder) as (port, _):
        assert ask(port, "/feeds/all/rss.xml", headers={"Accept-Encoding": "gzip"})[2] == beside.read_bytes()
        new = folder / "output/new"
        new.write_bytes(FEED + b"!")
        os.utime(beside, (1, 1))
        new.replace(folder / "output/all/rss.xml")
        assert gzip.decompress(ask(port, "/feeds/all/rss.xml", headers={"Accept-Encoding": "gzip"})[2]) == FEED + b"!"


def test_addresses(folder: Path) -> None:
    (folder / ".syndicate").mkdir()
    (folder / ".syndicate/addresses.json").write_text(
        '{"moved": {"old/": "all/", "far": "https://example.com/x", "all/rss.xml": "never"}, "gone": ["gone"]}'
    )
    with serving(folder) as (port, _):
        led = {path: ask(port, path)[:2] for path in ("/feeds", "/feeds/all?a=1", "/feeds/old?a=1", "/feeds/far")}
        assert {path: (status, headers["location"]) for path, (status, headers) in led.items()} == {
            "/feeds": (301, "/feeds/"),
            "/feeds/all?a=1": (301, "/feeds/all/?a=1"),
            "/feeds/old?a=1": (301, "/feeds/all/?a=1"),
            "/feeds/far": (301, "https://example.com/x"),
        }
        statuses = {path: ask(port, path)[0] for path in ("/feeds/gone", "/feeds/no", "/", "/feeds/all/rss.xml")}
        assert statuses == {"/feeds/gone": 410, "/feeds/no": 404, "/": 404, "/feeds/all/rss.xml": 200}
        status, headers, _ = ask(port, "/feeds/all/", "POST")
        assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_hostile_requests(folder: Path) -> None:
    targets = [b"/feeds/../secret", b"/feeds/%2e%2e/secret", b"/feeds/.hidden", b"//etc/passwd", b"*", b"/feeds/\xff"]
    with serving(folder, ", request_timeout_s: 2, max_connections: 50") as (port, _):
        for target in [*targets, b"http://x/../secret", b"/feeds/%00", b"/feeds/" + b"a" * 9000]:
            got = send_raw(port, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert re.match(rb"HTTP/1.1 40[04] ", got), (target, got[:80])
            assert b"secret" not in got
        assert send_raw(port, b"GET / HTTP/1.1\r\nHost: x\r\n") == b""  # half open: cut when its time is over
        assert send_raw(port, b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n")[:13] in (b"HTTP/1.1 431 ", b"")
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        received = [wire.recv(100)[:12] for wire in idle]  # each is ended by the server
        assert received.count(b"HTTP/1.1 503") >= 150
        assert ask(port, "/feeds/all/")[0] == 200
        for wire in idle:
            wire.close()


@pytest.mark.parametrize(("trusted", "client"), [("", "127.0.0.1"), (", trusted_proxies: 127.0.0.1", "192.0.2.7")])
def test_forwarded_headers_only_from_trusted_proxies(folder: Path, trusted: str, client: str) -> None:
    with serving(folder, trusted, "--log") as (port, printed):
        ask(port, "/feeds/all/", headers={"X-Forwarded-For": "192.0.2.7"})
    assert f"{client} GET /feeds/all/ 200\n" in printed.read_text()


def test_a_build_meanwhile_is_never_seen(folder: Path) -> None:
    feed = folder / "output/all/rss.xml"
    ended = threading.Event()

    def replace() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            new = folder / "new"
            new.write_bytes(b"%d " % number * (number % 7 * 1000 + 1))
            new.replace(feed)

    with serving(folder) as (port, _):
        writer = threading.Thread(target=replace)
        writer.start()
        try:
            seen = set()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            for turn in range(1000):
                connection.request(
                    "GET", "/feeds/all/rss.xml", headers={"Accept-Encoding": ("gzip", "br", "")[turn % 3]}
                )
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status == 200
                assert answer.headers["etag"] == f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
                seen.add(body)
            connection.close()
            assert len(seen) > 10
        finally:
            ended.set()
            writer.join()


@pytest.mark.real
def test_wrk_meets_no_error_while_files_are_replaced(folder: Path) -> None:
    if not shutil.which("wrk"):
        assert os.environ.get("CI") != "true", "CI must have wrk"
        pytest.skip("wrk is not installed")
    ended = threading.Event()

    def replace() -> None:
        while not ended.wait(0.002):
            (folder / "new").write_bytes(FEED * (time.monotonic_ns() % 5 + 1))
            (folder / "new").replace(folder / "output/all/rss.xml")

    total, tries = 0, 0
    with serving(folder) as (port, _):
        writer = threading.Thread(target=replace)
        writer.start()
        try:
            while total < 100_000 and tries < 60:
                tries += 1
                command = ["wrk", "-t1", "-c16", "-d4s", f"http://127.0.0.1:{port}/feeds/all/rss.xml"]
                out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                assert "Socket errors" not in out, out
                assert "Non-2xx" not in out, out
                found = re.search(r"(\d+) requests in", out)
                total += int(found[1]) if found else 0
        finally:
            ended.set()
            writer.join()
    assert total >= 100_000


def test_what_it_says(folder: Path) -> None:
    shutil.rmtree(folder / "output")
    with serving(folder) as (port, printed):
        assert ask(port, "/feeds/")[0] == 404
        run = subprocess.run(
            [sys.executable, "-m", "syndicate", "serve", "--no-build", "--port", str(port)],
            check=False,
            cwd=folder,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert run.returncode == 1
    assert run.stderr == f"127.0.0.1:{port}: can't listen there: Address already in use; choose another --port\n"
    assert printed.read_text() == (
        "output is empty: run 'syndicate build' first\n"
        f"serving output at http://127.0.0.1:{port}/feeds/ (stop with Ctrl-C)\n"
    )


# ---- nginx with the snippets of the docs ----


@contextmanager
def nginx(folder: Path, change: Callable[[str], str], number: int) -> Iterator[int]:
    if not shutil.which("nginx"):
        assert os.environ.get("CI") != "true", "CI must have nginx"
        pytest.skip("nginx is not installed")
    snippets = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs/how-to/serve.md").read_text(), re.DOTALL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    paths = "".join(f"{one}_temp_path {folder}/t;" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    server = f"server {{ listen 127.0.0.1:{port}; {change(snippets[number])} }}"
    # The tests may run as root, and nginx's workers must read their folder all the same.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error; events {{}} "
        f"http {{ access_log off; {paths} {server} }}"
    )
    process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def test_the_snippet_for_a_proxy(folder: Path) -> None:
    with (
        serving(folder, ", trusted_proxies: 127.0.0.1", "--log") as (inner, _),
        nginx(folder, lambda text: text.replace("127.0.0.1:8000", f"127.0.0.1:{inner}"), 0) as port,
    ):
        status, headers, body = ask(port, "/feeds/all/rss.xml")
        assert (status, body) == (200, FEED)
        assert ask(port, "/feeds/all/rss.xml", headers={"If-None-Match": headers["etag"]})[0] == 304
        assert ask(port, "/feeds/all")[1]["location"].endswith("/feeds/all/")


def test_the_snippet_for_nginx_alone(folder: Path) -> None:
    with nginx(folder, lambda text: text.replace("/var/www/feeds/", f"{folder}/output/"), 1) as port:
        status, headers, body = ask(port, "/feeds/all/rss.xml")
        assert (status, body) == (200, FEED)
        assert headers["content-type"] == "application/rss+xml; charset=utf-8"
        assert headers["access-control-allow-origin"] == "*"
        assert ask(port, "/feeds/all/rss.xml", headers={"If-None-Match": headers["etag"]})[0] == 304
        assert ask(port, "/feeds/.hidden")[0] == 404
