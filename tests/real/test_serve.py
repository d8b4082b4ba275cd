"""'syndicate serve' over real sockets."""

import gzip
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import brotli
import pytest

ROOT = Path(__file__).parents[2]
CONFIG = "site: {title: A, url: https://example.org/feeds/}\nsources: [path: articles]\n"
FEED = b"<rss>" + b"lamp " * 2000 + b"</rss>"


@contextmanager
def serving(folder: Path, server: str = "", *options: str, config: str = "") -> Iterator[tuple[int, Path]]:
    """Start the server on any free port; yields the port and what it prints."""
    (folder / "config.yaml").write_text(config or f"{CONFIG}server: {{port: 0{server}}}\n")
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
    with serving(folder) as (port, _):
        for target in [*targets, b"http://x/../secret", b"/feeds/%00", b"/feeds/" + b"a" * 9000]:
            got = send_raw(port, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert re.match(rb"HTTP/1.1 40[04] ", got), (target, got[:80])
            assert b"secret" not in got


def test_heads_that_do_not_end_are_cut(folder: Path) -> None:
    """server.request_timeout_s and the limit of 32 kB: 431 is sent, and read, since the server takes the rest."""
    large = b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n"
    with serving(folder, ", request_timeout_s: 2") as (port, _):
        assert send_raw(port, b"GET / HTTP/1.1\r\nHost: x\r\n") == b""  # half open: cut when its time is over
        assert send_raw(port, large) == (
            b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
            wire.sendall(large[:40_000])
            send_slowly(wire, b"a" * 100_000, times=10)  # all is taken, and only then is the answer read
            assert ending_of(wire) == b"HTTP/1.1 431 Request Header Fields Too Large"
            with pytest.raises(ConnectionError):  # it takes the rest for as long as a request may take
                send_slowly(wire, b"a" * 100, times=1000)
        assert ask(port, "/feeds/all/")[0] == 200


def send_slowly(wire: socket.socket, data: bytes, times: int) -> None:
    for _ in range(times):
        wire.sendall(data)
        time.sleep(0.02)


def ending_of(wire: socket.socket) -> bytes:
    """Return the first line that a connection gets, b'' if it is only ended."""
    try:
        return wire.recv(1000).partition(b"\r\n")[0]
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(("limit", "refused"), [(800, 0), (300, 200)])
def test_five_hundred_idle_connections(folder: Path, limit: int, refused: int) -> None:
    """server.max_connections refuses what is too much, server.request_timeout_s ends the rest."""
    with serving(folder, f", request_timeout_s: 5, max_connections: {limit}") as (port, _):
        idle = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(500)]
        assert ask(port, "/feeds/all/")[0] == (503 if refused else 200)
        endings = [ending_of(wire) for wire in idle]
        assert endings.count(b"HTTP/1.1 503 Service Unavailable") == refused
        assert endings.count(b"") == 500 - refused
        assert ask(port, "/feeds/all/")[0] == 200
        for wire in idle:
            wire.close()


def test_a_poll_that_is_known_is_answered_as_when_it_was_not(folder: Path) -> None:
    tag = hashlib.blake2b(FEED, digest_size=16).hexdigest().encode()
    poll = b'GET /feeds/all/rss.xml HTTP/1.1\r\nHost: x\r\nIf-None-Match: "' + tag + b'"\r\n\r\n'
    page = b"GET /feeds/all/ HTTP/1.1\r\nHost: x\r\n\r\n"
    last = page.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    def lines(head: bytes) -> list[bytes]:
        return sorted(line for line in head.split(b"\r\n") if not line.startswith(b"date: "))

    def statuses(*requests: bytes) -> list[bytes]:
        return re.findall(rb"HTTP/1.1 (\d+)", send_raw(port, b"".join((*requests, last))))

    with serving(folder) as (port, _):
        heads = [send_raw(port, poll + last).split(b"\r\n\r\n")[0] for _ in range(3)]
        assert lines(heads[0]) == lines(heads[1]) == lines(heads[2])
        assert all(b"\r\ndate: " in head for head in heads)
        assert statuses(poll, page, poll, poll, page, poll) == [b"304", b"200", b"304", b"304", b"200", b"304", b"200"]
        assert statuses(poll.replace(b"GET", b"HEAD"), poll.replace(b"GET", b"POST"))[:2] == [b"304", b"405"]
        # Twice each: what can't be answered by its lines alone must not be known by them.
        for _ in range(2):
            assert statuses(poll.replace(b"\r\n\r\n", b"\r\nContent-Length: 4\r\n\r\nbody"), page) == [
                b"304",
                b"200",
                b"200",
            ]
            assert statuses(poll.replace(b"Host: x", b"Connection: close\r\nHost: x"), page) == [b"304"]
            assert statuses(poll.replace(b"1.1", b"1.0"), page) == [b"304"]
            nameless = poll.replace(b"Host: x\r\n", b"")
            assert statuses(nameless.replace(b"1.1", b"1.0"), page) == [b"304"]
            assert statuses(nameless, page)[:1] == [b"400"]
        (folder / "output/all/new.xml").write_bytes(FEED + b"<!-- changed -->")
        (folder / "output/all/new.xml").rename(folder / "output/all/rss.xml")
        assert statuses(poll, poll) == [b"200", b"200", b"200"]


def test_many_small_requests_may_come_at_once(folder: Path) -> None:
    one = b"GET /feeds/all/ HTTP/1.1\r\nHost: x\r\n\r\n"
    with serving(folder) as (port, _):
        received = send_raw(port, one * 1000 + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert received.count(b"HTTP/1.1 200 OK") == 1001
        # The limit is for each head, wherever it begins; 431 would be taken for the answer to the first.
        assert b" 431 " not in send_raw(port, one * 10 + b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000)
        fits = one.replace(b"\r\n\r\n", b"\r\nX: " + b"a" * 30_000 + b"\r\nConnection: close\r\n\r\n")
        assert send_raw(port, one * 10 + fits).count(b"HTTP/1.1 200 OK") == 11


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"HTTP/1.1\r\nHost: example.org:80", b"200"),
        (b"HTTP/1.1\r\nHost: [2001:db8::1]:80", b"200"),
        (b"HTTP/1.1\r\nHost:", b"200"),  # there may be none to name
        (b"HTTP/1.0\r\nA: b", b"200"),
        (b"HTTP/1.1\r\nA: b", b"400"),
        (b"HTTP/1.1\r\nHost: a\r\nHost: a", b"400"),
        (b"HTTP/1.0\r\nHost: a\r\nhost: b", b"400"),
        (b"HTTP/1.1\r\nHost: a b", b"400"),
        (b"HTTP/1.1\r\nHost: a/b", b"400"),
    ],
)
def test_a_request_names_its_host_once(folder: Path, head: bytes, status: bytes) -> None:
    with serving(folder) as (port, _):
        # Two at once: each has its own answer, in the order of the requests.
        first = b"GET /feeds/all/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n"
        got = send_raw(port, first + b"GET /feeds/all/ " + head + b"\r\nConnection: close\r\n\r\n")
        assert re.findall(rb"HTTP/1.1 (\d+)", got) == [b"200", status]


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


GENERATION = re.compile(r"Lamp (\d+) of (\d+)")
ARTICLES = 30


def write_articles(folder: Path, generation: int) -> None:
    """Write all articles anew, each with the number of the generation in its title, and of another length."""
    for number in range(ARTICLES):
        body = f"Word {generation}. " * (generation * 37 % 200 + number + 1)
        text = f"---\ntitle: Lamp {generation} of {number}\ndate: 2026-01-01\ncategories: [Tea]\n---\n{body}\n"
        (folder / f"articles/{number}.md").write_text(text)


class Reader:
    """A client that fetches all documents again and again, and judges each answer by itself."""

    def __init__(self, port: int) -> None:
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._tags: dict[tuple[str, str], str] = {}
        self.generations: set[str] = set()
        self.answers: Counter[int] = Counter()

    def close(self) -> None:
        self._wire.close()

    def fetch_all(self) -> None:
        for path in ("all/rss.xml", "all/atom.xml", "all/feed.json", "topics/tea/rss.xml", "topics/tea/index.html"):
            for coding in ("identity", "gzip", "br"):
                self._fetch(path, coding)

    def _fetch(self, path: str, coding: str) -> None:
        key = (path, coding)
        known = self._tags.get(key)
        tagged = {"If-None-Match": known} if known else {}
        self._wire.request("GET", f"/{path}", headers={"Accept-Encoding": coding, **tagged})
        answer = self._wire.getresponse()
        body = answer.read()
        self.answers[answer.status] += 1
        tag = answer.headers["etag"]
        if answer.status == 304:
            assert (tag, body) == (known, b"")
            return
        assert answer.status == 200
        assert len(body) == int(answer.headers["content-length"])
        assert tag == f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
        self._tags[key] = tag
        self._judge(path, {"gzip": gzip.decompress, "br": brotli.decompress}.get(coding, bytes)(body))

    def _judge(self, path: str, plain: bytes) -> None:
        """See that a document is whole, and all of it of one build."""
        if path.endswith(".xml"):
            ElementTree.fromstring(plain)
        elif path.endswith(".json"):
            json.loads(plain)
        else:
            assert plain.endswith(b"</html>")
        found = set(GENERATION.findall(plain.decode()))
        (generation,) = {one for one, _ in found}
        assert len(found) == ARTICLES
        self.generations.add(generation)


def poll_with_wrk(port: int, path: str) -> int:
    """Ask for a document for some seconds; returns how many answers there were, all of them good."""
    command = ["wrk", "-t1", "-c16", "-d4s", "--timeout", "30s", f"http://127.0.0.1:{port}{path}"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Socket errors" not in out, out
    assert "Non-2xx" not in out, out
    found = re.search(r"(\d+) requests in", out)
    return int(found[1]) if found else 0


@pytest.mark.real
def test_builds_in_a_loop_are_never_seen_by_a_hundred_thousand_polls(tmp_path: Path) -> None:
    if not shutil.which("wrk"):
        assert os.environ.get("CI") != "true", "CI must have wrk"
        pytest.skip("wrk is not installed")
    (tmp_path / "articles").mkdir()
    config = "site: {title: A, url: https://example.org/}\nsources: [path: articles]\nserver: {port: 0}\n"
    ended = threading.Event()

    def build_again_and_again() -> int:
        generation = 1
        while not ended.is_set():
            generation += 1
            write_articles(tmp_path, generation)
            build(tmp_path, config, f"2026-02-01T00:00:{generation % 60:02}Z")
        return generation

    write_articles(tmp_path, 1)
    build(tmp_path, config, "2026-02-01")
    with serving(tmp_path, config=config) as (port, _), ThreadPoolExecutor() as threads:
        reader = Reader(port)

        def read_again_and_again() -> None:
            while not ended.is_set():
                reader.fetch_all()

        try:
            builds = threads.submit(build_again_and_again)
            reads = threads.submit(read_again_and_again)
            total = 0
            for turn in range(100):
                total += poll_with_wrk(port, ("/all/rss.xml", "/topics/tea/feed.json")[turn % 2])
                is_enough = total >= 100_000 and len(reader.generations) > 5
                if reads.done() or builds.done() or is_enough:
                    break
        finally:
            ended.set()
        reads.result()
        reader.close()
        last, final = builds.result(), Reader(port)
        final.fetch_all()
        final.close()
    assert total >= 100_000
    assert final.generations == {str(last)}
    assert len(reader.generations) > 5
    assert reader.answers[304] > 0


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
def nginx(folder: Path, change: Callable[[str], str], number: int, page: str = "serve.md") -> Iterator[int]:
    if not shutil.which("nginx"):
        assert os.environ.get("CI") != "true", "CI must have nginx"
        pytest.skip("nginx is not installed")
    snippets = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs/how-to" / page).read_text(), re.DOTALL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    paths = "".join(f"{one}_temp_path {folder}/t;" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    snippet = change(snippets[number])
    whole = snippet if snippet.startswith("server {") else f"server {{ {snippet} }}"
    server = whole.replace("server {", f"server {{ listen 127.0.0.1:{port};", 1)
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
    output = folder / "output"
    (output / "feeds.opml").write_text("<opml/>")
    (output / "all/feed.json").write_text("{}")
    (output / "all/atom.xml").write_text("<feed/>")
    (output / "all/out.xml").symlink_to(folder / "secret")
    (output / "out").symlink_to(folder)
    with nginx(folder, lambda text: text.replace("/var/www/feeds", str(output)), 1) as port:
        status, headers, body = ask(port, "/feeds/all/rss.xml")
        assert (status, body) == (200, FEED)
        assert headers["content-type"] == "application/rss+xml; charset=utf-8"
        assert headers["access-control-allow-origin"] == "*"
        assert ask(port, "/feeds/all/rss.xml", headers={"If-None-Match": headers["etag"]})[0] == 304
        for path, kind in [
            ("all/rss.xml", "application/rss+xml"),
            ("all/atom.xml", "application/atom+xml"),
            ("all/feed.json", "application/feed+json"),
            ("feeds.opml", "text/x-opml"),
        ]:
            status, headers, _ = ask(port, f"/feeds/{path}")
            assert (status, headers["content-type"]) == (200, f"{kind}; charset=utf-8")
            assert headers["access-control-allow-origin"] == "*"
        assert ask(port, "/feeds/all/")[2] == b"<p>all</p>"
        assert ask(port, "/feeds/.hidden")[0] == 404
        leading_out = {
            path: ask(port, f"/feeds/{path}")[0] for path in ("all/out.xml", "out/secret", "out/output/all/")
        }
        assert leading_out == {"all/out.xml": 403, "out/secret": 404, "out/output/all/": 404}


ALIASES = {
    "/feed/": "all",
    "/index.xml": "Tea",
    "/category/caf%C3%A9/feed/": "all/atom.xml",
    "/\u65e7/a%20b": "https://elsewhere.example/?a=$host&b=%24x",
    "/it's%20%22{quoted}%22;%20$uri": "all/caf%C3%A9.xml",
    "/100%25~*": "all",
}


def build(folder: Path, config: str, now: str) -> None:
    (folder / "config.yaml").write_text(config)
    command = [sys.executable, "-m", "syndicate", "build", "--now", now]
    run = subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_nginx_leads_as_our_server_does(tmp_path: Path) -> None:
    """Every rule of redirects.conf is asked of a real nginx, and gives what 'syndicate serve' gives."""
    (tmp_path / "articles").mkdir()
    for number, name in enumerate(("Tea", "Pie", "Cake"), 1):
        text = f"---\ntitle: {name}\ndate: 2026-01-0{number}\ncategories: [{name}]\n---\nText.\n"
        (tmp_path / f"articles/{name}.md").write_text(text)
    plain = "site: {title: A, url: https://example.org/}\nsources: [path: articles]\nserver: {port: 0}\n"
    aliases = "".join(f"    {json.dumps(old)}: {json.dumps(new)}\n" for old, new in ALIASES.items())
    after = (
        f"{plain}topics: {{Tea: {{slug: hot-tea, merge: [Pie]}}, Cake: {{hide: true}}}}\nfeeds:\n  aliases:\n{aliases}"
    )
    build(tmp_path, plain, "2026-01-10")
    build(tmp_path, after, "2026-01-11")
    build(tmp_path, after, "2026-09-01")
    known = json.loads((tmp_path / ".syndicate/addresses.json").read_text())
    paths = [quote(f"/{path}") for path in (*known["moved"], *known["gone"])]
    assert len(known["moved"]) > 10
    assert len(known["gone"]) >= 5

    def change(text: str) -> str:
        return text.replace("/srv/site", str(tmp_path))

    with serving(tmp_path, config=after) as (own, _), nginx(tmp_path, change, 0, "old-addresses.md") as port:
        for path in paths:
            ours, theirs = ask(own, path), ask(port, path)
            assert (theirs[0], leads_to(theirs[1])) == (ours[0], leads_to(ours[1])), path
            assert theirs[1]["access-control-allow-origin"] == ours[1]["access-control-allow-origin"] == "*"
        assert {ask(port, path)[0] for path in paths} == {301, 410}
        assert ask(port, "/all/rss.xml")[2] == (tmp_path / "output/all/rss.xml").read_bytes()


def leads_to(headers: http.client.HTTPMessage) -> str | None:
    """Return where an answer leads; nginx writes our own addresses whole."""
    place = headers["location"]
    return re.sub(r"^http://127\.0\.0\.1:\d+", "", place).replace("%24", "$") if place else None
