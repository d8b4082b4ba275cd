"""The access log: what a line says and what it never says; files that move, and disks that are full."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syndicate.web.access_log import MAX_WAITING, AccessLog, Answered, host_of_referrer, line_of

KEYS = ["time", "method", "path", "status", "bytes", "duration_ms", "kind", "agent", "referrer"]
FULL = Path("/dev/full")


def answered(**changes: Any) -> Answered:
    values: dict[str, Any] = {
        "at_s": 1_772_438_400.1234,
        "method": "GET",
        "raw_path": b"/all/rss.xml",
        "status": 304,
        "size": 0,
        "duration_s": 0.0123456,
        "agent": b"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 23 subscribers)",
        "referrer": b"",
    }
    return Answered(**{**values, **changes})


def test_a_line() -> None:
    assert line_of(answered()) == (
        '{"time":"2026-03-02T08:00:00.123Z","method":"GET","path":"/all/rss.xml","status":304,"bytes":0,'
        '"duration_ms":12.346,"kind":"rss","agent":"Feedly","referrer":null}'
    )


@pytest.mark.parametrize(
    "path",
    [b"/\xff\xfe", b'/"},{"a":"b', b"/a\nb\r\x00\x1b[31m", b"/\\u0000\\", b"/" + b"x" * 30_000, "/žluť".encode()],
)
def test_a_line_is_one_line_of_json_whatever_was_sent(path: bytes) -> None:
    line = line_of(answered(raw_path=path, agent=path, referrer=path))
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 8_000
    assert list(json.loads(line)) == KEYS


def test_no_query_is_noted() -> None:
    assert json.loads(line_of(answered(raw_path=b"/a?token=secret")))["path"] == "/a"


@pytest.mark.parametrize(
    ("value", "host"),
    [
        (b"", None),
        (b"https://news.example.org/a/b?user=ann#c", "news.example.org"),
        (b"https://ann:secret@Example.ORG:8443/", "example.org"),
        (b"http://192.0.2.7/", None),
        (b"http://[2001:db8::1]/", None),
        (b"http://3221225991/", None),
        (b"http://0xc0000207/", None),
        (b"http://0xc0.0.2.7/", None),
        (b"http://[/", None),
        (b"android-app://com.example.reader/", "com.example.reader"),
        (b"ann@example.org", None),
        (b"http://" + b"a" * 300 + b"/", None),
        (b"http://\xff/", None),
        (b'http://a"b/', None),
    ],
)
def test_of_a_referrer_the_host_is_noted(value: bytes, host: str | None) -> None:
    assert host_of_referrer(value) == host


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not done() and time.monotonic() < until:
        time.sleep(0.01)
    assert done()


def has_lines(path: Path, number: int) -> Callable[[], bool]:
    return lambda: path.exists() and len(lines(path)) == number


def test_lines_are_written_in_order_and_those_at_the_end_too(tmp_path: Path) -> None:
    path = tmp_path / "logs/access.log"
    log = AccessLog(path)
    log.start()
    for status in range(200, 3_200):
        log.add(answered(status=status))
    log.end()
    assert [line["status"] for line in lines(path)] == list(range(200, 3_200))
    assert path.stat().st_mode & 0o007 == 0


def test_a_log_that_was_moved_or_removed_begins_anew(tmp_path: Path) -> None:
    path, old = tmp_path / "access.log", tmp_path / "access.log.1"
    log = AccessLog(path)
    log.start()
    log.add(answered(status=200))
    wait_until(has_lines(path, 1))
    path.rename(old)
    wait_until(path.exists)
    log.add(answered(status=301))
    wait_until(has_lines(path, 1))
    path.unlink()
    wait_until(path.exists)
    log.add(answered(status=404))
    log.end()
    assert [line["status"] for line in [*lines(old), *lines(path)]] == [200, 404]


def test_a_log_is_opened_again_on_demand(tmp_path: Path) -> None:
    """A file that was copied over keeps its place; whoever truncated it sees lines from its start."""
    path = tmp_path / "access.log"
    log = AccessLog(path)
    log.start()
    log.reopen()
    log.add(answered())
    log.end()
    assert len(lines(path)) == 1


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_keeps_some_lines_and_drops_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    log = AccessLog(FULL)
    log.start()
    wanted = MAX_WAITING + 5_000
    for _ in range(wanted):
        log.add(answered())
    wait_until(lambda: bool(caplog.records))
    log.end()
    assert 0 < log.dropped <= 5_000
    assert [record.getMessage() for record in caplog.records] == [
        "/dev/full: the access log can't be written: No space left on device"
    ]


def test_a_folder_that_takes_no_file_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        AccessLog(tmp_path / "a/access.log").start()
