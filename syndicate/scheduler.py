"""What wakes the process that stays up; APScheduler's home. It decides nothing.

    every n minutes ─┐
    files changed ───┼─► round, in a process of its own ─► told ─► armed for the next moment
    the next moment ─┘

What is due is decided by the round, from the ledger (`services/rounds.py`): waking too often, twice
or late does no harm. APScheduler's own triggers would lose and double slots at clock changes.

A round runs in a process of its own: what ends it (a parser written in C, the memory) does not end
the server, and what it used is given back. So is whoever tells people anything: that may take as long as
their command or webhook likes, and is cut off when the server is to end. What was not told waits.
"""

import logging
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from watchfiles import watch

from syndicate.errors import ConfigError, SyndicateError
from syndicate.runs import Failed, Round, try_round
from syndicate.services.notices import Notice, failure, refused
from syndicate.telling import tell
from syndicate.wiring import App, load_app, read_config

# A clock that moved by more than this against the time that passed was set.
_CLOCK_JUMP_S = 5.0
# How often the watching thread looks up: at the clock, and whether it is to end.
_LOOK_MS = 2_000
# A change is waited for to be whole.
_SETTLE_MS = 300
# When a round that failed is tried again, whatever else wakes it.
_TRY_AGAIN = timedelta(seconds=60)
# How long telling people may go on once the server is to end, and what was cut off then may take to end.
_TELLING_S, _END_S = 5.0, 2.0
# What a process says when it is through with its work, and begins to tell people of it.
_TELLING = "telling"
_AT_ONCE = datetime.min.replace(tzinfo=UTC)


class Teller(Protocol):
    """Who hears of what the scheduler does."""

    def round(self, app: App, outcome: Round | Failed) -> None:
        """Hear what came of a round."""

    def line(self, text: str) -> None:
        """Hear of anything else."""


class Scheduler:
    """Keeps one project fresh until it is stopped; `teller` hears of it."""

    def __init__(self, app: App, teller: Teller) -> None:
        self.app, self._teller = app, teller
        self._text = read_config(app.config_path)
        self._refused: str | None = None  # what is wrong with the config as it stands
        self._wake: datetime | None = _AT_ONCE  # when the clock alone asks for a round
        self._child: BaseProcess | None = None  # that does a round, or tells people something
        self._is_telling = threading.Event()
        self._lock = threading.Lock()
        self._stopping, self._again = threading.Event(), threading.Event()
        self._watcher = threading.Thread(target=self._look, name="watch", daemon=True)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a round waits already is no warning
        self._jobs = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            # One round may wait while another is at work: it sees what changed meanwhile.
            job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin with a round, and go on."""
        self._arm()
        self._jobs.start()
        self._watcher.start()

    def stop(self, patience_s: float) -> None:
        """Let the round that is at work end; after a while it is killed, which does no harm."""
        self._stopping.set()
        self._again.set()
        with self._lock:  # from here on none is started
            process = self._child
        if process and not self._has_ended(process, patience_s):
            process.terminate()
            if not wait([process.sentinel], _END_S):
                process.kill()
        if self._jobs.running:
            self._jobs.shutdown()

    def _has_ended(self, process: BaseProcess, patience_s: float) -> bool:
        """Wait for a process to end: for a shorter while if all that it still does is to tell people."""
        ends = time.monotonic() + patience_s
        telling_ends = None
        while (now := time.monotonic()) < ends:
            if self._is_telling.is_set() and telling_ends is None:
                telling_ends = now + _TELLING_S
                ends = min(ends, telling_ends)
            if wait([process.sentinel], min(0.1, max(ends - now, 0))):
                return True
        return False

    def _arm(self) -> None:
        """Ask for a round now, and for one every so many minutes."""
        every = self.app.config.server.build_every_minutes
        self._jobs.add_job(
            self._do, "interval", minutes=every, id="every", replace_existing=True, next_run_time=datetime.now(UTC)
        )

    def _do(self) -> None:
        """Do a round if there may be anything to do, and arm the next one."""
        if self._stopping.is_set():
            return
        self._reload()
        now = datetime.now(UTC)
        is_quiet = self._wake is None or now < self._wake
        if is_quiet and not self._refused and self.app.is_fresh(now):
            return
        outcome = self._run(now)
        if self._stopping.is_set():
            return
        if isinstance(outcome, Round):
            self._wake = outcome.wake
            again = outcome.wake
        else:
            again = self._wake = datetime.now(UTC) + _TRY_AGAIN
        if again:
            self._jobs.add_job(self._do, "date", run_date=again, id="wake", replace_existing=True)
        self._teller.round(self.app, outcome)

    def _run(self, now: datetime) -> Round | Failed:
        """Do one round."""
        outcome, exit_code = self._in_child(_round_in_child, self._text if self._refused else None, now)
        if outcome is None:  # it was killed, or ended by a fault that nobody foresaw
            outcome = Failed(why=f"the round ended without a word (exit code {exit_code})")
            self._tell(failure(outcome.why))
        return outcome

    def _tell(self, notice: Notice) -> None:
        """Tell people something."""
        self._in_child(_tell_in_child, self._text, notice, datetime.now(UTC))

    def _in_child(self, target: Callable[..., None], *arguments: object) -> tuple[Round | Failed | None, int | None]:
        """Do something in a process of its own, unless the server is to end; returns what it says and its exit code."""
        context = multiprocessing.get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=target, args=(sender, self.app.config_path, *arguments), name="round")
        with self._lock:
            if self._stopping.is_set():
                return None, None
            self._is_telling.clear()
            process.start()
            self._child = process
        sender.close()
        outcome: Round | Failed | None = None
        with suppress(EOFError):
            while (said := receiver.recv()) == _TELLING:
                self._is_telling.set()
            outcome = said
        process.join()
        with self._lock:
            self._child = None
        return outcome, process.exitcode

    def _reload(self) -> None:
        """Take a changed config if it can be used; else say why not, once, and go on with the one that ran."""
        try:
            text = read_config(self.app.config_path)
            if text == self._text:
                if self._refused:
                    self._teller.line("the config is what it was before its mistakes")
                self._refused = None
                return
            app = load_app(self.app.config_path)
        except ConfigError as error:
            if str(error) != self._refused:
                told = f"the changed config can't be used, the old one goes on:\n{error}"
                self._teller.line(told)
                self._tell(refused(told))
            self._refused = str(error)
            return
        needs_restart = app.config.server != self.app.config.server or app.output_root != self.app.output_root
        self.app, self._text, self._refused, self._wake = app, text, None, _AT_ONCE
        later = "; what it says of the server and of output counts from the next start" if needs_restart else ""
        self._teller.line(f"the config was read anew{later}")
        self._arm()
        self._again.set()  # it may name other folders

    def _look(self) -> None:
        """Watch files and the clock, and ask for a round when either changes."""
        offset = time.time() - time.monotonic()
        while not self._stopping.is_set():
            self._again.clear()
            look = changes if self.app.config.server.watch else _ticks
            for number, found in enumerate(self._until_it_fails(look(self.app, self._again))):
                moved = time.time() - time.monotonic() - offset
                if abs(moved) > _CLOCK_JUMP_S:
                    offset += moved
                    self._wake = _AT_ONCE
                    self._arm()
                elif found or number == 0:  # what changed before anything was watched is seen by the round
                    self._jobs.add_job(self._do, id="changed", replace_existing=True)

    def _until_it_fails(self, looks: Iterator[bool]) -> Iterator[bool]:
        """Yield what is seen; a folder that can't be watched is told, and the clock goes on being looked at."""
        try:
            yield from looks
        except OSError as error:
            self._teller.line(f"files can't be watched ({error}); it builds by the clock")
            yield from _ticks(self.app, self._again)


def changes(app: App, stop: threading.Event) -> Iterator[bool]:
    """Yield True when files of a project have changed, and False every so often, until it is told to stop.

    It also ends when a folder comes or goes: then other places are to be watched.
    """
    config = _signature(app.config_path)
    places = _existing(app)
    for found in watch(
        *places,
        watch_filter=lambda _, path: not app.is_own(Path(path)),
        debounce=_SETTLE_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
    ):
        before, config = config, _signature(app.config_path)
        yield bool(found) or config != before or _existing(app) != places
        if _existing(app) != places:
            return


def _existing(app: App) -> list[Path]:
    return [place for place in app.read_places() if place.exists()]


def _ticks(_app: App, stop: threading.Event) -> Iterator[bool]:
    while not stop.wait(_LOOK_MS / 1000):
        yield False


def _signature(path: Path) -> tuple[int, int, int] | None:
    """Return what tells states of a file apart: editors put a new file in its place, which can't be watched."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _round_in_child(sender: Connection, config_path: Path, text: str | None, now: datetime) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # a step ends in its own time: the server waits, and kills at last
        signal.signal(number, signal.SIG_IGN)
    sender.send(try_round(config_path, text, now, partial(_begin_telling, sender)))


def _tell_in_child(sender: Connection, config_path: Path, text: str, notice: Notice, now: datetime) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _begin_telling(sender)
    with suppress(SyndicateError):
        tell(load_app(config_path, text=text), (notice,), now)


def _begin_telling(sender: Connection) -> None:
    """Say that all that is left to do is to tell people: from now on, being told to end ends that."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sender.send(_TELLING)
