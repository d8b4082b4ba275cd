"""syndicate build --watch"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from syndicate.adapters.freshness import read_mark
from syndicate.errors import SyndicateError
from syndicate.scheduler import changes
from syndicate.wiring import load_app


def keep_building(config_path: Path, build_once: Callable[[datetime], Any]) -> None:
    """Build now, when files change, and when an article's time comes, until Ctrl-C; a mistake ends only one build."""
    app = load_app(config_path)
    build_once(datetime.now(UTC))
    click.echo("watching for changes (stop with Ctrl-C)", err=True)
    tried = None
    try:
        while True:
            for has_changed in changes(app, threading.Event()):
                mark = read_mark(str(app.state_root)) or {}
                until = mark.get("until")
                has_come = until and until != tried and datetime.fromisoformat(until) <= datetime.now(UTC)
                if has_changed or has_come:
                    tried = until if has_come else None  # a build that fails then is not tried again and again
                    break
            try:
                app = load_app(config_path)
                build_once(datetime.now(UTC))
            except SyndicateError as error:
                click.echo(str(error), err=True)
    except KeyboardInterrupt:
        pass
