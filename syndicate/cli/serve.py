"""syndicate serve"""

import dataclasses
import gc
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate import __version__, operators
from syndicate.cli.console import SHOWN_PROBLEMS, show_problems
from syndicate.cli.options import config_option
from syndicate.cli.slot_lines import slot_line
from syndicate.domain.moments import to_text
from syndicate.errors import ServeError
from syndicate.runs import Failed, Round
from syndicate.services.summary import summary_line
from syndicate.wiring import App, load_app

if TYPE_CHECKING:
    from syndicate.web.access_log import AccessLog

# How long a round that is at work may go on once requests are ended, which have 5 s: 20 s in all.
_PATIENCE_S = 15.0


@click.command()
@click.option("--host", help="The address to listen at, instead of server.host.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port, instead of server.port; 0 for any free one.")
@click.option("--no-build", is_flag=True, help="Only serve what stands: build nothing, cut nothing.")
@click.option("--log", is_flag=True, help="Print a line for each answer.")
@config_option
def serve(host: str | None, port: int | None, no_build: bool, log: bool, config_path: Path) -> None:
    """Keep feeds fresh, cut issues when they are due, and serve the output folder over HTTP."""
    from syndicate.web.ops import OpsPages
    from syndicate.web.server import OpsAsked, end_at_sigterm, listen, make_service
    from syndicate.web.server import serve as run

    end_at_sigterm()
    app = load_app(config_path)
    options = app.config.server
    options = dataclasses.replace(
        options, host=options.host if host is None else host, port=options.port if port is None else port
    )
    is_piped = options.access_log == "-"  # then standard output is the log's alone
    scheduler = None
    if not no_build:
        from syndicate.scheduler import Scheduler

        scheduler = Scheduler(app, _Teller(is_piped=is_piped))

    def current() -> App:
        return scheduler.app if scheduler else app  # a changed config makes another one

    asked = None
    if options.ops.listen or options.ops.token_file:
        pages = OpsPages(
            status=lambda *arguments: operators.status_page(current(), *arguments),
            sign_in=lambda failed: operators.sign_in_page(current(), failed),
        )
        asked = OpsAsked(
            health=lambda: operators.health(current(), datetime.now(UTC)),
            pages=pages,
            token=operators.ops_token(app),
            version=__version__,
        )
    access_log = open_access_log(app, options.access_log)
    service = make_service(
        app.output_root,
        app.state_root / "addresses.json",
        app.config.site.output_url,
        options,
        asked=asked,
        access_log=access_log,
    )
    listeners = [listen(options.host, options.port, "--port")]
    if options.ops.listen:
        listeners.append(listen(*options.ops.listen, "server.ops.listen"))
    if no_build and not _has_files(app.output_root):
        click.echo(f"{app.output_root} is empty: run 'syndicate build' first", err=True)
    place = f"http://{_shown(options.host)}:{listeners[0].getsockname()[1]}{service.site.base}"
    click.echo(f"serving {app.output_root} at {place} (stop with Ctrl-C)", err=is_piped)
    if options.ops.listen:
        place = f"http://{_shown(options.ops.listen[0])}:{listeners[1].getsockname()[1]}/status"
        click.echo(f"status at {place}", err=is_piped)
    gc.enable()  # a server lives long, unlike the other commands
    if scheduler is None:
        run(service, listeners, options, log=log)
        return
    try:
        scheduler.start()
        run(service, listeners, options, log=log)
    finally:
        scheduler.stop(_PATIENCE_S)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """Prints what the scheduler does."""

    is_piped: bool

    def round(self, app: App, outcome: Round | Failed) -> None:
        """Print what came of a round."""
        if isinstance(outcome, Failed):
            self.line(f"not built: {outcome.why}")
            return
        show_problems(outcome.report.problems, SHOWN_PROBLEMS)
        for slot in outcome.outcomes:
            self.line(slot_line(slot, app, datetime.now(UTC)))
        self.line(summary_line(outcome.report.plain()))

    def line(self, text: str) -> None:
        """Print a line with the moment."""
        click.echo(f"{to_text(datetime.now(UTC).replace(microsecond=0))} {text}", err=self.is_piped)


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(one.name[0] != "." for one in folder.iterdir())


def open_access_log(app: App, name: str | None) -> "AccessLog | None":
    """Return the access log, ready to be written; raises ServeError if it can't be."""
    from syndicate.web.access_log import AccessLog

    if name is None:
        return None
    path = None if name == "-" else app.base / name
    log = AccessLog(path)
    try:
        log.start()
    except OSError as error:
        what = f"{path}: the access log can't be written: {error.strerror or error}"
        raise ServeError(f"{what}; choose another server.access_log") from error
    return log


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
