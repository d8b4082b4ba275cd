"""What operators see of a running server: health, readiness, metrics, the status page, the access log."""

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import html as lxml_html
from prometheus_client.parser import text_string_to_metric_families
from support import COMMAND, Once

TOKEN = "0123456789abcdef0123456789abcdef"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
CONFIG = """\
site: {title: "A <b> & C", url: https://example.org/}
sources: [path: articles]
newsletters: [{slug: weekly, title: The Weekly, cadence: weekly on Monday at 08:00,
  max_lateness_hours: 8784}]
"""
BEHIND_TOKEN, OWN = "ops: {token_file: token}", "ops: {listen: '127.0.0.1:0'}"
# Well before any test runs: a slot of the newsletter has come since.
FIRST_BUILD = "2026-03-01T08:00:00Z"
START_S = 30.0


@pytest.fixture
def folder(once: Once, tmp_path: Path) -> Path:
    """A built site, of which each test has its own copy."""

    def make(place: Path) -> None:
        (place / "config.yaml").write_text(CONFIG)
        (place / "token").write_text(f"{TOKEN}\n")
        (place / "articles").mkdir()
        (place / "articles/tea.md").write_text("---\ntitle: Tea\ndate: 2026-02-01\ncategories: [Tea]\n---\nText.\n")
        (place / "articles/<i>bad.md").write_text("---\ntitle: Bad\ndate: soon\n---\nText.\n")
        subprocess.run([*COMMAND, "build", "--now", FIRST_BUILD], cwd=place, check=True, capture_output=True)

    shutil.copytree(once("ops", make), tmp_path / "site")
    return tmp_path / "site"


@contextmanager
def serving(folder: Path, server: str, *options: str) -> Iterator[tuple[list[int], "subprocess.Popen[bytes]"]]:
    """Start the server on free ports; yields the site's and the operators' port, and the process."""
    (folder / "config.yaml").write_text(f"{CONFIG}server: {{port: 0, {server}}}\n")
    out, err = folder / "stdout", folder / "stderr"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--no-build", *options], cwd=folder, stdout=stdout, stderr=stderr
        )
    try:
        wanted = 2 if "listen" in server else 1
        wait_until(lambda: process.poll() is not None or len(ports(out, err)) == wanted)
        assert process.poll() is None, err.read_text()
        yield ports(out, err), process
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, err.read_text()
    finally:
        process.kill()
        process.wait()
    printed = out.read_text() + err.read_text()
    assert "Traceback" not in printed
    assert TOKEN not in printed


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Have another process hold the ledger, from readers too, for as long as the block runs."""
    hold = (
        "import sqlite3, sys\n"
        "ledger = sqlite3.connect('.syndicate/ledger.sqlite', isolation_level=None)\n"
        "ledger.execute('PRAGMA locking_mode = EXCLUSIVE'); ledger.execute('BEGIN IMMEDIATE')\n"
        "ledger.execute('UPDATE setting SET value = value'); print('held', flush=True); sys.stdin.read()\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", hold], cwd=folder, stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.communicate()


def ports(*printed: Path) -> list[int]:
    text = "".join(one.read_text() for one in printed)
    return [int(found) for found in re.findall(r"^(?:serving|status) .*http://127\.0\.0\.1:(\d+)/", text, re.MULTILINE)]


def wait_until(done: Callable[[], object]) -> None:
    until = time.monotonic() + START_S
    while not done():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


def ask(
    port: int, path: str, headers: dict[str, str] | None = None, *, method: str = "GET", body: str | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_S)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def statuses(port: int, headers: dict[str, str] | None = None) -> list[int]:
    return [ask(port, path, headers)[0] for path in ("/healthz", "/readyz", "/metrics", "/status")]


def metrics(port: int) -> dict[str, dict[tuple[str, ...], float]]:
    """Return each sample's value by name and by its labels' values, in the order of the labels' names."""
    status, headers, body = ask(port, "/metrics", SHOWN)
    assert (status, headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(body.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


class TestWhere:
    def test_without_a_word_in_the_config_it_only_says_that_it_is_alive(self, folder: Path) -> None:
        with serving(folder, "max_age_s: 1") as ((port,), _):
            assert statuses(port, SHOWN) == [200, 404, 404, 404]
            status, headers, body = ask(port, "/healthz")
            assert (status, body, headers["cache-control"]) == (200, b"ok", "no-store")
            assert ask(port, "/healthz", method="POST")[0] == 405
            assert ask(port, "/healthz", method="HEAD")[::2] == (200, b"")

    def test_behind_a_token(self, folder: Path) -> None:
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            assert statuses(port) == [200, 401, 401, 401]
            assert statuses(port, SHOWN) == [200, 200, 200, 200]
            for path in ("/readyz", "/metrics", "/status"):
                _, headers, _ = ask(port, path)
                assert headers["www-authenticate"] == 'Bearer realm="syndicate"'
                for got in (headers, ask(port, path, SHOWN)[1]):
                    assert (got["cache-control"], got["x-robots-tag"]) == ("no-store", "noindex")
            wrong = [TOKEN[:-1], TOKEN + "0", "", TOKEN.upper(), "x" * 20_000, "\xff"]
            assert {ask(port, "/readyz", {"Authorization": f"Bearer {one}"})[0] for one in wrong} == {401}
            assert ask(port, "/readyz", {"Authorization": f"Basic {TOKEN}"})[0] == 401
            assert ask(port, f"/readyz?token={TOKEN}")[0] == 401
            for method in ("PUT", "DELETE", "OPTIONS"):
                assert ask(port, "/status", SHOWN, method=method)[0] == 405
            assert ask(port, "/metrics", SHOWN, method="POST")[0] == 405
            assert ask(port, "/status", SHOWN, method="HEAD")[::2] == (200, b"")

    def test_at_an_address_of_their_own(self, folder: Path) -> None:
        with serving(folder, OWN) as ((port, ops), _):
            assert statuses(port) == [200, 404, 404, 404]
            assert statuses(ops) == [200, 200, 200, 200]
            assert ask(port, "/all/rss.xml")[0] == 200
            assert ask(ops, "/all/rss.xml")[0] == 404
            assert ask(ops, "/status", method="POST", body=f"token={TOKEN}")[0] == 405
            status, headers, _ = ask(ops, "/")
            assert (status, headers["location"]) == (303, "status")
            assert b"Sign out" not in ask(ops, "/status")[2]

    def test_both(self, folder: Path) -> None:
        with serving(folder, "ops: {listen: '127.0.0.1:0', token_file: token}") as ((port, ops), _):
            assert statuses(port, SHOWN) == [200, 404, 404, 404]
            assert statuses(ops) == [200, 401, 401, 401]
            assert statuses(ops, SHOWN) == [200, 200, 200, 200]

    def test_files_of_these_names_do_not_win_and_folders_are_left_alone(self, folder: Path) -> None:
        for name in ("healthz", "status"):
            (folder / "output" / name).write_text("a file")
        (folder / "output/metrics").mkdir()
        (folder / "output/metrics/index.html").write_text("a page")
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            assert ask(port, "/healthz")[2] == b"ok"
            assert ask(port, "/status")[0] == 401
            assert ask(port, "/metrics/")[2] == b"a page"
        with serving(folder, "max_age_s: 1") as ((port,), _):
            assert ask(port, "/status")[2] == b"a file"

    def test_a_full_server_still_answers_operators(self, folder: Path) -> None:
        with serving(folder, f"max_connections: 3, request_timeout_s: 60, {OWN}") as ((port, ops), _):
            held = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
            wait_until(lambda: ask(port, "/healthz")[0] == 503)
            assert ask(ops, "/healthz")[0] == 200
            for one in held:
                one.close()

    @pytest.mark.parametrize(
        ("server", "told"),
        [
            ("ops: {token_file: nowhere}", "token_file: nowhere: No such file or directory"),
            ("access_log: config.yaml/x", "config.yaml/x: the access log can't be written: "),
            ("port: 8123, ops: {listen: 'localhost:8123'}", "server.ops.listen: server.port is the same port"),
        ],
    )
    def test_what_cannot_be_is_told_at_the_start(self, folder: Path, server: str, told: str) -> None:
        (folder / "config.yaml").write_text(f"{CONFIG}server: {{{server}}}\n")
        done = subprocess.run([*COMMAND, "serve"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode in (1, 2)
        assert told in done.stderr
        assert "Traceback" not in done.stderr


class TestReady:
    def test_a_fresh_build(self, folder: Path) -> None:
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            status, headers, body = ask(port, "/readyz", SHOWN)
            assert (status, headers["content-type"]) == (200, "application/json")
            found = json.loads(body)
            assert found["ready"] is True
            assert [(one["name"], one["ok"]) for one in found["checks"]] == [
                ("last-build", True),
                ("ledger", True),
                ("next-slot", True),
            ]

    def test_an_old_build_until_one_looks_again(self, folder: Path) -> None:
        day_ago = time.time() - 90_000
        for name in ("report.json", "fresh.json"):
            os.utime(folder / ".syndicate" / name, (day_ago, day_ago))
        with serving(folder, f"{BEHIND_TOKEN[:-1]}, max_build_age_minutes: 60}}") as ((port,), _):
            status, _, body = ask(port, "/readyz", SHOWN)
            assert status == 503
            told = json.loads(body)["checks"][0]
            assert re.fullmatch(r"the last build ended well 25 h.* ago; it is fresh for 1 h", told["what"])
            subprocess.run([*COMMAND, "build"], cwd=folder, check=True, capture_output=True)  # sees a changed config
            wait_until(lambda: ask(port, "/readyz", SHOWN)[0] == 200)
            for name in ("report.json", "fresh.json"):
                os.utime(folder / ".syndicate" / name, (day_ago, day_ago))
            wait_until(lambda: ask(port, "/readyz", SHOWN)[0] == 503)
            done = subprocess.run([*COMMAND, "build", "--json"], cwd=folder, check=True, capture_output=True)
            assert json.loads(done.stdout)["feeds"]["written"] == 0
            wait_until(lambda: ask(port, "/readyz", SHOWN)[0] == 200)

    def test_a_failed_build_is_told(self, folder: Path) -> None:
        (folder / "templates/pages").mkdir(parents=True)
        (folder / "templates/pages/topic.html").write_text("{{ nobody }}")
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            done = subprocess.run([*COMMAND, "build"], cwd=folder, capture_output=True, check=False)
            assert done.returncode == 1
            wait_until(lambda: metrics(port)["syndicate_last_build_failed"] == {(): 1})
            page = ask(port, "/status", SHOWN)[2].decode()
            assert "failed: templates/pages/topic.html:1: the template uses &#39;nobody&#39;" in page

    @pytest.mark.parametrize("command", ["build", "run-due"])
    def test_a_build_that_could_not_open_the_ledger_is_told(self, folder: Path, command: str) -> None:
        for one in (folder / ".syndicate").glob("ledger.sqlite*"):
            one.unlink()
        (folder / ".syndicate/ledger.sqlite").write_text("no ledger at all" * 999)
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            done = subprocess.run([*COMMAND, command], cwd=folder, capture_output=True, check=False)
            assert done.returncode == 1
            wait_until(lambda: metrics(port)["syndicate_last_build_failed"] == {(): 1})
            page = ask(port, "/status", SHOWN)[2].decode()
            assert "failed: .syndicate/ledger.sqlite: " in page

    @pytest.mark.parametrize("spoil", ["no ledger at all" * 999, None])
    def test_a_ledger_that_cannot_be_read(self, folder: Path, spoil: str | None) -> None:
        for one in (folder / ".syndicate").glob("ledger.sqlite*"):
            one.unlink()
        if spoil:
            (folder / ".syndicate/ledger.sqlite").write_text(spoil)
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            status, _, body = ask(port, "/readyz", SHOWN)
            assert status == 503
            assert [one["ok"] for one in json.loads(body)["checks"]] == [True, False, True]
            assert metrics(port)["syndicate_ledger_up"] == {(): 0}
            assert ask(port, "/status", SHOWN)[0] == 200
            assert ask(port, "/all/rss.xml")[0] == 200

    def test_a_ledger_that_is_held_for_long(self, folder: Path) -> None:
        """Operators hear within seconds that it can't be told, and readers are served meanwhile."""
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            with held(folder):
                answers: list[tuple[int, Any]] = []
                asking = [
                    threading.Thread(target=lambda: answers.append(ask(port, "/readyz", SHOWN)[::2])) for _ in range(20)
                ]
                for one in asking:
                    one.start()
                assert ask(port, "/all/rss.xml")[0] == 200
                for one in asking:
                    one.join()
                assert {status for status, _ in answers} == {503}
                what = "how the service is could not be told within 5 s; see the log"
                assert json.loads(answers[0][1])["checks"] == [{"name": "health", "ok": False, "what": what}]
            wait_until(lambda: ask(port, "/readyz", SHOWN)[0] == 200)

    def test_a_ledger_that_is_held_does_not_keep_the_server_from_ending(self, folder: Path) -> None:
        with held(folder), serving(folder, BEHIND_TOKEN) as ((port,), _):
            assert ask(port, "/readyz", SHOWN)[0] == 503


class TestMetrics:
    def test_requests_by_kind_and_status(self, folder: Path) -> None:
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            etag = ask(port, "/all/rss.xml")[1]["etag"]
            for _ in range(5):
                assert ask(port, "/all/rss.xml", {"If-None-Match": etag})[0] == 304
            for path in ("/", "/index.html", "/all/atom.xml", "/all/feed.json", "/feeds.opml", "/nothing", "/x.png"):
                ask(port, path)
            ask(port, "/topics/tea")
            ask(port, "/all/rss.xml", {"If-Match": '"x"'})
            ask(port, "/all/rss.xml", method="POST")
            assert metrics(port)["syndicate_requests_total"] == {
                ("rss", "200"): 1,
                ("rss", "304"): 5,
                ("rss", "405"): 1,
                ("rss", "412"): 1,
                ("atom", "200"): 1,
                ("json", "200"): 1,
                ("page", "200"): 2,
                ("other", "301"): 1,
                ("other", "200"): 1,
                ("other", "404"): 1,
                ("media", "404"): 1,
            }

    def test_subscribers_of_aggregators(self, folder: Path) -> None:
        def poll(agent: str, path: str = "/all/rss.xml", **headers: str) -> int:
            return ask(port, path, {"User-Agent": agent, **headers})[0]

        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            etag = ask(port, "/all/rss.xml")[1]["etag"]
            known = {"If-None-Match": etag}
            for number in (23, 24, 23):  # the last one is as the first, which the server remembers
                assert poll(f"Feedly/1.0 (+http://www.feedly.com/fetcher.html; {number} subscribers)", **known) == 304
            poll("Feedbin feed-id:12 - 5 subscribers")
            poll("Feedbin feed-id:13 - 6 subscribers")
            poll("NewsBlur Feed Fetcher - 7 subscribers - https://www.newsblur.com/site/1/x", "/all/%61tom.xml")
            for hostile in (
                "Feedly/1.0 (99999999999999999999 subscribers)",
                'Evil"}\n/1.0 (5 subscribers)'.replace("\n", " "),
                "Feedly/1.0 (5 subscribers)" + "x" * 5_000,
            ):
                poll(hostile)
            poll("Feedly/1.0 (99 subscribers)", "/nothing/rss.xml")
            poll("Feedly/1.0 (99 subscribers)", "/index.html")
            for number in range(50):
                poll(f"Inoreader (feed-id={number}; 1 subscribers)")
            assert metrics(port)["syndicate_subscribers"] == {
                ("Feedly", "all/rss.xml"): 23,
                ("Feedbin", "all/rss.xml"): 11,
                ("NewsBlur", "all/atom.xml"): 7,
                ("Inoreader", "all/rss.xml"): 8,
            }

    def test_builds_articles_and_issues(self, folder: Path) -> None:
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            found = metrics(port)
            assert found["syndicate_ready"] == {(): 1}
            assert found["syndicate_articles"][("published",)] == 1
            assert found["syndicate_problems"] == {(): 1}
            assert found["syndicate_issues"][("weekly", "waiting")] >= 1
            assert found["syndicate_lateness_seconds"][("weekly",)] > 0
            assert found["syndicate_next_slot_timestamp_seconds"][("weekly",)] > time.time()
            assert set(found["syndicate_info"].values()) == {1}


class TestStatusPage:
    def test_what_it_shows_is_escaped(self, folder: Path) -> None:
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            ask(port, "/all/rss.xml", {"User-Agent": "Feedly/1.0 (1234 subscribers)"})
            status, headers, body = ask(port, "/status", SHOWN)
            assert status == 200
            assert headers["content-security-policy"].startswith("default-src 'none'; ")
            page = lxml_html.document_fromstring(body.decode())
            assert page.xpath("//script|//i|//b") == []
            text = " ".join(page.text_content().split())
            assert "A <b> & C" in text
            assert "articles/<i>bad.md:3: date: expected a date like 2026-03-01, got 'soon'" in text
            assert "all/rss.xml" in text
            assert "Feedly 1,234" in text
            assert "The Weekly" in text
            assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]

    def test_a_template_that_is_broken_is_an_error_and_not_the_end(self, folder: Path) -> None:
        (folder / "templates/pages").mkdir(parents=True)
        (folder / "templates/pages/status.html").write_text("{{ nobody }}")
        with serving(folder, BEHIND_TOKEN) as ((port,), _):
            status, _, body = ask(port, "/status", SHOWN)
            assert status == 500
            assert body.startswith(b"templates/pages/status.html:1: the template uses 'nobody', which there is not")
            assert ask(port, "/readyz", SHOWN)[0] == 200

    def test_signing_in_and_out_with_a_browser(self, folder: Path) -> None:
        def post(body: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return ask(port, "/status", {**form, **headers}, method="POST", body=body)

        with serving(folder, f"trusted_proxies: 127.0.0.1, {BEHIND_TOKEN}") as ((port,), _):
            status, headers, body = ask(port, "/status")
            assert (status, headers["content-type"]) == (401, "text/html; charset=utf-8")
            assert b"That is not the token." not in body
            for wrong in ("token=wrong", "", "token=", "\xff", "token=" + "x" * 20_000, f"other={TOKEN}"):
                status, headers, body = post(wrong)
                assert (status, headers["set-cookie"]) == (401, None)
                assert b"That is not the token." in body
            status, headers, _ = post(urlencode({"token": f" {TOKEN} "}))
            assert (status, headers["location"]) == (303, "status")
            cookie, *rest = headers["set-cookie"].split("; ")
            assert rest == ["Max-Age=43200", "Path=/", "HttpOnly", "SameSite=Strict"]
            assert TOKEN not in cookie
            assert statuses(port, {"Cookie": cookie}) == [200, 200, 200, 200]
            assert statuses(port, {"Cookie": cookie[:-1]}) == [200, 401, 401, 401]
            _, headers, _ = post(urlencode({"token": TOKEN}), **{"X-Forwarded-Proto": "https"})
            assert headers["set-cookie"].endswith("; Secure")
            status, headers, _ = post("leave=", Cookie=cookie)
            assert (status, headers["set-cookie"].split("; ")[:2]) == (303, ["syndicate_ops=", "Max-Age=0"])


class TestAccessLog:
    def lines(self, path: Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def test_lines_tell_what_was_asked_and_nothing_of_people(self, folder: Path) -> None:
        log = folder / "logs/access.log"
        with serving(folder, f"access_log: logs/access.log, trusted_proxies: 127.0.0.1, {BEHIND_TOKEN}") as (
            (port,),
            _,
        ):
            people = {
                "User-Agent": "Feedly/1.0 (+http://x/; 5 subscribers; ann@example.net)",
                "Referer": "https://ann:pw@search.example/find?q=private",
                "X-Forwarded-For": "203.0.113.9",
                "Cookie": "session=private",
            }
            etag = ask(port, "/all/rss.xml", people)[1]["etag"]
            ask(port, "/all/rss.xml?user=private", {**people, "If-None-Match": etag})
            ask(port, "/nothing%0a?private", {"User-Agent": "ann@example.net"})
            ask(port, "/metrics?private", SHOWN)
            ask(port, "/all/rss.xml", method="HEAD")
        size = (folder / "output/all/rss.xml").stat().st_size
        found = self.lines(log)
        assert [(one["method"], one["path"], one["status"], one["bytes"], one["kind"]) for one in found[:3]] == [
            ("GET", "/all/rss.xml", 200, size, "rss"),
            ("GET", "/all/rss.xml", 304, 0, "rss"),
            ("GET", "/nothing%0a", 404, found[2]["bytes"], "other"),
        ]
        assert [(one["agent"], one["referrer"]) for one in found] == [
            ("Feedly", "search.example"),
            ("Feedly", "search.example"),
            ("other", None),
            (None, None),
            (None, None),
        ]
        assert (found[4]["method"], found[4]["status"], found[4]["bytes"]) == ("HEAD", 200, 0)
        assert all(
            one["duration_ms"] >= 0 and re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3}Z", one["time"]) for one in found
        )
        text = log.read_text()
        for private in ("private", "ann", "127.0.0.1", "203.0.113.9", TOKEN):
            assert private not in text

    def test_it_is_rotated_without_a_word_and_with_one(self, folder: Path) -> None:
        log, old = folder / "access.log", folder / "access.log.1"
        with serving(folder, "access_log: access.log") as ((port,), process):
            ask(port, "/first")
            wait_until(lambda: len(self.lines(log)) == 1)
            log.rename(old)
            wait_until(log.exists)
            ask(port, "/second")
            wait_until(lambda: len(self.lines(log)) == 1)
            process.send_signal(signal.SIGHUP)
            ask(port, "/third")
            wait_until(lambda: len(self.lines(log)) == 2)
        assert [one["path"] for one in [*self.lines(old), *self.lines(log)]] == ["/first", "/second", "/third"]

    def test_standard_output_holds_nothing_else(self, folder: Path) -> None:
        with serving(folder, 'access_log: "-"') as ((port,), _):
            ask(port, "/all/rss.xml")
        assert [one["path"] for one in self.lines(folder / "stdout")] == ["/all/rss.xml"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
    def test_a_full_disk_never_stops_serving(self, folder: Path) -> None:
        with serving(folder, f"access_log: /dev/full, {BEHIND_TOKEN}") as ((port,), _):
            ask(port, "/all/rss.xml")
            wait_until(lambda: "No space left" in (folder / "stderr").read_text())
            assert {ask(port, "/all/rss.xml")[0] for _ in range(50)} == {200}
            assert metrics(port)["syndicate_access_log_dropped_lines_total"] == {(): 0}
        told = "/dev/full: the access log can't be written: No space left on device"
        assert (folder / "stderr").read_text().count(told) == 1
