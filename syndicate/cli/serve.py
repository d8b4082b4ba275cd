"""syndicate serve"""

import dataclasses
import gc
from datetime import UTC, datetime
from pathlib import Path

import click

from syndicate.cli.console import SHOWN_PROBLEMS, show_problems
from syndicate.cli.options import config_option
from syndicate.cli.slot_lines import slot_line
from syndicate.domain.moments import to_text
from syndicate.runs import Failed, Round
from syndicate.services.summary import summary_line
from syndicate.wiring import App, load_app

# How long a round that is at work may go on after the server was told to end.
_PATIENCE_S = 20.0


@click.command()
@click.option("--host", help="The address to listen at, instead of server.host.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port, instead of server.port; 0 for any free one.")
@click.option("--no-build", is_flag=True, help="Only serve what stands: build nothing, cut nothing.")
@click.option("--log", is_flag=True, help="Print a line for each answer.")
@config_option
def serve(host: str | None, port: int | None, no_build: bool, log: bool, config_path: Path) -> None:
    """Keep feeds fresh, cut issues when they are due, and serve the output folder over HTTP."""
    from syndicate.web.server import end_at_sigterm, listen, make_site
    from syndicate.web.server import serve as run

    end_at_sigterm()
    app = load_app(config_path)
    options = app.config.server
    options = dataclasses.replace(
        options, host=options.host if host is None else host, port=options.port if port is None else port
    )
    site = make_site(app.output_root, app.state_root / "addresses.json", app.config.site.output_url, options)
    listener = listen(options)
    if no_build and not _has_files(app.output_root):
        click.echo(f"{app.output_root} is empty: run 'syndicate build' first", err=True)
    shown = f"[{options.host}]" if ":" in options.host else options.host
    place = f"http://{shown}:{listener.getsockname()[1]}{site.base}"
    click.echo(f"serving {app.output_root} at {place} (stop with Ctrl-C)")
    gc.enable()  # a server lives long, unlike the other commands
    if no_build:
        run(site, listener, options, log=log)
        return
    from syndicate.scheduler import Scheduler

    scheduler = Scheduler(app, _tell, _say)
    try:
        scheduler.start()
        run(site, listener, options, log=log)
    finally:
        scheduler.stop(_PATIENCE_S)


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(one.name[0] != "." for one in folder.iterdir())


def _tell(app: App, outcome: Round | Failed) -> None:
    """Print what came of a round."""
    if isinstance(outcome, Failed):
        _say(f"not built: {outcome.why}")
        return
    show_problems(outcome.report.problems, SHOWN_PROBLEMS)
    for slot in outcome.outcomes:
        _say(slot_line(slot, app, datetime.now(UTC)))
    _say(summary_line(outcome.report.plain()))


def _say(text: str) -> None:
    click.echo(f"{to_text(datetime.now(UTC).replace(microsecond=0))} {text}")
