"""The access log: one JSON object a line, with nothing of people, written by a thread: no answer waits for a disk.

    answer ─► add: a short queue ─► every second, the thread: format ─► write ─► the file, or standard output

What can't be written waits in memory, up to a bound; beyond it lines are dropped and counted. The file is opened again
when another lies at its path, or none, so that programs that rotate logs need to tell nobody; SIGHUP opens it at once.
"""

import json
import logging
import os
import re
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from syndicate.web.agents import product
from syndicate.web.answers import Message, Receive, Send
from syndicate.web.media import kind_of

_logger = logging.getLogger(__name__)
# How often lines are written: soon enough for who looks, seldom enough to cost nothing.
WRITE_EVERY_S = 1.0
# What a stranger's longest lines can make us hold is 50 MB.
MAX_WAITING = 20_000
# With this many lines the thread does not wait for the second to end.
_MANY = 4_000
# How long the end of the process waits for the last lines.
_END_S = 3.0
_MAX_PATH = 1_024
_STANDARD_OUTPUT = 1
_HOST = re.compile(r"(?=.*[a-z])[a-z0-9-]+(?:\.[a-z0-9-]+)*", re.ASCII)
_HEX_HOST = re.compile(r"0x[0-9a-f]+(?:\.\w+)*", re.ASCII)
_MAX_HOST = 253
# No name stands further behind in what a client sends of itself.
_MAX_SENT = 1_025


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer as it is noted: `at_s` in seconds since 1970, `agent` and `referrer` as they were sent."""

    at_s: float
    method: str
    raw_path: bytes
    status: int
    size: int
    duration_s: float
    agent: bytes
    referrer: bytes


def line_of(one: Answered) -> str:
    """Return an answer's line: no address of anyone, no query, of the User-Agent and the referrer only a name."""
    return json.dumps(
        {
            "time": datetime.fromtimestamp(one.at_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "method": one.method,
            "path": shown_path(one.raw_path),
            "status": one.status,
            "bytes": one.size,
            "duration_ms": round(one.duration_s * 1000, 3),
            "kind": _kind_of(one.raw_path),
            "agent": product(one.agent),
            "referrer": host_of_referrer(one.referrer),
        },
        separators=(",", ":"),
    )


def shown_path(raw: bytes) -> str:
    """Return a path as it was asked for, without what may follow a question mark, and not longer than any of ours."""
    text = raw.decode("latin-1").partition("?")[0]
    return text if len(text) <= _MAX_PATH else f"{text[:_MAX_PATH]}…"


@lru_cache(maxsize=1024)
def _kind_of(raw: bytes) -> str:
    return kind_of(raw.decode("latin-1"))


@lru_cache(maxsize=1024)
def host_of_referrer(value: bytes) -> str | None:
    """Return the name of the host that a referrer names; None for none, and for the address of a machine."""
    try:
        host = urlsplit(value.decode("latin-1")).hostname or ""
    except ValueError:
        return None
    return host if len(host) <= _MAX_HOST and _HOST.fullmatch(host) and not _HEX_HOST.fullmatch(host) else None


class AccessLog:
    """Takes answers from the event loop and writes them from a thread; `path` None is standard output."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._waiting: deque[Answered] = deque()
        self._pending = b""  # what a full disk had no room for: it begins where the file ends, perhaps within a line
        self._is_in_line = False
        self._file: int | None = None if path else _STANDARD_OUTPUT
        self._is_failing = False
        self._must_reopen = False
        self._wake = threading.Event()
        self._is_ending = False
        self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
        self.dropped = 0

    def start(self) -> None:
        """Open the file and begin to write; raises OSError if there can't be such a file."""
        if self._path is not None:
            self._file = _open(self._path)
        self._thread.start()

    def add(self, one: Answered) -> None:
        """Note an answer; drops it if too many wait already."""
        if len(self._waiting) >= MAX_WAITING:
            self.dropped += 1
            return
        self._waiting.append(one)
        if len(self._waiting) == _MANY:
            self._wake.set()

    def reopen(self) -> None:
        """Open the file again within a second; a signal's handler may call it, and so it takes no lock."""
        self._must_reopen = True

    def end(self) -> None:
        """Write what waits and end, within a bound."""
        self._is_ending = True
        self._wake.set()
        self._thread.join(_END_S)

    def _run(self) -> None:
        while not self._is_ending:
            self._wake.wait(WRITE_EVERY_S)
            self._wake.clear()
            self._step()
        self._step()

    def _step(self) -> None:
        try:
            self._follow()
            self._write()
            self._is_failing = False
        except OSError as error:
            if not self._is_failing:  # once, and not every second
                _logger.error("%s: the access log can't be written: %s", self._path or "-", error.strerror or error)
            self._is_failing = True

    def _follow(self) -> None:
        """Open the file again if it was moved or taken away, or if someone said so."""
        if self._path is None or not (self._must_reopen or self._file is None or _is_elsewhere(self._file, self._path)):
            return
        self._must_reopen = False
        old, self._file = self._file, None
        if old is not None:
            with suppress(OSError):
                os.close(old)
            if self._is_in_line:
                self._pending, self._is_in_line = self._pending.partition(b"\n")[2], False
        self._file = _open(self._path)

    def _write(self) -> None:
        while self._file is not None and (self._pending or self._waiting):
            if not self._pending:
                self._pending = self._next_lines()
            written = os.write(self._file, self._pending)
            self._is_in_line = self._pending[written - 1 : written] != b"\n"
            self._pending = self._pending[written:]

    def _next_lines(self) -> bytes:
        """Return some lines, so that a long queue is not in memory twice."""
        some = [self._waiting.popleft() for _ in range(min(len(self._waiting), 1_000))]
        return "".join(f"{line_of(one)}\n" for one in some).encode()


def _open(path: Path) -> int:
    # Its owner and its group may read it; a folder that rotating took away comes back.
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)


def _is_elsewhere(file: int, path: Path) -> bool:
    try:
        there = os.stat(path)
    except OSError:
        return True
    here = os.fstat(file)
    return (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino)


def recorded(
    app: Callable[[Message, Receive, Send], Awaitable[None]], log: AccessLog
) -> Callable[[Message, Receive, Send], Awaitable[None]]:
    """Return the application with each answer noted in the log."""

    async def recording(scope: Message, receive: Receive, send: Send) -> None:
        started, status, size = time.perf_counter(), 0, 0

        async def noting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await app(scope, receive, noting)
        finally:
            duration_s = time.perf_counter() - started
            agent, referrer = _named(scope["headers"])
            log.add(
                Answered(
                    at_s=time.time(),
                    method=scope["method"],
                    raw_path=scope["raw_path"][:_MAX_SENT],
                    status=status,
                    size=size,
                    duration_s=duration_s,
                    agent=agent[:_MAX_SENT],
                    referrer=referrer[:_MAX_SENT],
                )
            )

    return recording


def _named(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """Return User-Agent and Referer as they were sent; b'' for what was not."""
    agent = referrer = b""
    for name, value in headers:
        if name == b"user-agent":
            agent = value
        elif name == b"referer":
            referrer = value
    return agent, referrer
