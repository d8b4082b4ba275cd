"""syndicate build --watch"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from syndicate.adapters.walk import Listing
from syndicate.errors import SyndicateError
from syndicate.scheduler import changes
from syndicate.wiring import App, load_app


def keep_building(config_path: Path, output: Path | None, build_once: Callable[[datetime], datetime | None]) -> None:
    """Build now, when files change, and when an article's time comes, until Ctrl-C; a mistake ends only one build.

    `build_once` returns the next moment at which the clock alone changes something.
    """
    app = load_app(config_path, output)
    before = app.source_digest()
    until = build_once(datetime.now(UTC))
    click.echo("watching for changes (stop with Ctrl-C)", err=True)
    try:
        while True:
            _wait(app, before, until)
            until = None  # a build that fails is not tried again and again
            try:
                app = load_app(config_path, output)
                before = app.source_digest()
                until = build_once(datetime.now(UTC))
            except SyndicateError as error:
                click.echo(str(error), err=True)
    except KeyboardInterrupt:
        pass


def _wait(app: App, before: str, until: datetime | None) -> None:
    """Wait until files are other than they were, or a moment has come."""
    for number, has_changed in enumerate(changes(app, threading.Event())):
        # What changed while it was building, before anything was watched, shows at the first look.
        is_other = number == 0 and replace(app, listing=Listing()).source_digest() != before
        if has_changed or is_other or (until and until <= datetime.now(UTC)):
            return
