"""Telling people of events, by the ways that the config of one project names; each way has a memory of its own."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from syndicate.errors import Problem
from syndicate.services.notices import NOTICES_FILE, Notice, memories, memories_text, tell_new
from syndicate.wiring import App

_HINT = "mend it: what was not told is told again with the next round"


def tell(app: App, notices: Sequence[Notice], now: datetime) -> tuple[Problem, ...]:
    """Tell each event once by each way; returns what kept a notice from arriving."""
    known = memories(app.state.load(NOTICES_FILE))
    problems: list[Problem] = []
    for way, send in _ways(app):
        known[way], failures = tell_new(notices, known.get(way), now, send)
        problems += [
            Problem(path=str(app.config_path), field=f"notify.{way}", reason="not-told", what=why, hint=_HINT)
            for why in failures
        ]
    if known:
        app.state.save(NOTICES_FILE, memories_text(known))
    return tuple(problems)


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
