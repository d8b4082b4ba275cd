"""Telling people of events, by the ways that the config of one project names; each way has a memory of its own.

    keep: notices ─► waiting, on the disk          send: waiting ─► sent ─► told, one by one

Whoever is killed in between leaves the notices that wait to the next round.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial

from syndicate.errors import BusyError, Problem
from syndicate.ports import Ledger
from syndicate.services.notices import (
    NOTICES_FILE,
    Memory,
    Notice,
    memories,
    memories_text,
    of_untold,
    with_new,
    with_told,
)
from syndicate.wiring import App

_HINT = "mend it: what was not told is told again with the next round"


def keep_untold(app: App, ledger: Ledger, now: datetime) -> None:
    """Let what has to be told of slots wait for being sent, and take its mark from the ledger."""
    if not ledger.untold():
        return
    with ledger.together():  # two machines don't both take it up
        slots = ledger.untold()
        keep(app, of_untold(ledger, app.config.newsletters, now), now)
        ledger.note_told(slots)


def keep(app: App, notices: Sequence[Notice], now: datetime) -> None:
    """Let notices wait for being sent by each way."""
    ways = [way for way, _ in _ways(app)]
    if ways:
        app.state.change(NOTICES_FILE, lambda data: memories_text(_with_new(ways, notices, data, now)))


def tell(app: App, notices: Sequence[Notice], now: datetime) -> tuple[Problem, ...]:
    """Tell notices and all that wait, each event once by each way; returns what kept a notice from arriving."""
    unsaved = None
    try:
        keep(app, notices, now)
    except (OSError, BusyError):  # that the disk is full is told, too
        unsaved = _with_new([way for way, _ in _ways(app)], notices, app.state.load(NOTICES_FILE), now)
    known = unsaved or memories(app.state.load(NOTICES_FILE))
    if not any(memory.waiting for memory in known.values()):
        return ()
    with ExitStack() as held:
        try:
            held.enter_context(app.state.telling())
        except BusyError:  # another process has been telling for long; what waits is told with the next round
            app.forget_mark()
            return ()
        except OSError:  # nothing can be written: all the more reason to tell
            pass
        return _send(app, unsaved, now)


def _send(app: App, unsaved: Mapping[str, Memory] | None, now: datetime) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    for way, send in _ways(app):
        known = unsaved or memories(app.state.load(NOTICES_FILE))  # another may have told some meanwhile
        for notice in known.get(way, Memory({})).waiting:
            if why := send(notice):
                path = str(app.config_path)
                problems.append(Problem(path=path, field=f"notify.{way}", reason="not-told", what=why, hint=_HINT))
                continue
            with suppress(OSError, BusyError):
                app.state.change(NOTICES_FILE, partial(_with_told, way, notice, now))
    return tuple(problems)


def _with_new(ways: Sequence[str], notices: Sequence[Notice], data: bytes | None, now: datetime) -> dict[str, Memory]:
    known = memories(data)
    return known | {way: with_new(notices, known.get(way), now) for way in ways}


def _with_told(way: str, notice: Notice, now: datetime, data: bytes | None) -> bytes:
    known = memories(data)
    return memories_text(known | {way: with_told(notice, known.get(way, Memory({})), now)})


def _ways(app: App) -> Iterator[tuple[str, Callable[[Notice], str | None]]]:
    """Yield the name of each way, and what tells by it and returns why it failed, if it did."""
    options, site = app.config.notify, app.config.site.title
    if not (options.command or options.webhook or options.webhook_file):
        return
    from syndicate.adapters.notify import post, run_command  # with an HTTP client, for those who ask to be told

    if command := options.command:
        yield "command", lambda notice: run_command(command, str(app.base), notice.plain(site))
    if webhook := options.webhook:
        yield "webhook", lambda notice: post(webhook, notice.plain(site))
    if name := options.webhook_file:

        def post_to_file(notice: Notice) -> str | None:
            try:
                url = (app.base / name).read_text("utf-8", "replace").strip()
            except OSError as error:
                return f"{name}: can't be read: {error.strerror or error}"
            return post(url, notice.plain(site))

        yield "webhook_file", post_to_file
