"""syndicate serve"""

import dataclasses
import gc
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate import __version__
from syndicate.cli.options import config_option
from syndicate.errors import ServeError
from syndicate.wiring import App, load_app

if TYPE_CHECKING:
    from syndicate.web.access_log import AccessLog


@click.command()
@click.option("--host", help="The address to listen at, instead of server.host.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port, instead of server.port; 0 for any free one.")
@click.option("--log", is_flag=True, help="Print a line for each answer.")
@config_option
def serve(host: str | None, port: int | None, log: bool, config_path: Path) -> None:
    """Serve the output folder over HTTP."""
    from syndicate.web.ops import OpsPages
    from syndicate.web.server import OpsAsked, listen, make_service
    from syndicate.web.server import serve as run

    app = load_app(config_path)
    options = app.config.server
    options = dataclasses.replace(
        options, host=options.host if host is None else host, port=options.port if port is None else port
    )
    asked = None
    if options.ops.listen or options.ops.token_file:
        pages = OpsPages(status=app.status_page, sign_in=app.sign_in_page)
        asked = OpsAsked(
            health=lambda: app.health(datetime.now(UTC)), pages=pages, token=app.ops_token(), version=__version__
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
    if not app.output_root.is_dir() or not any(one.name[0] != "." for one in app.output_root.iterdir()):
        click.echo(f"{app.output_root} is empty: run 'syndicate build' first", err=True)
    is_piped = options.access_log == "-"  # then standard output is the log's alone
    place = f"http://{_shown(options.host)}:{listeners[0].getsockname()[1]}{service.site.base}"
    click.echo(f"serving {app.output_root} at {place} (stop with Ctrl-C)", err=is_piped)
    if options.ops.listen:
        place = f"http://{_shown(options.ops.listen[0])}:{listeners[1].getsockname()[1]}/status"
        click.echo(f"status at {place}", err=is_piped)
    gc.enable()  # a server lives long, unlike the other commands
    run(service, listeners, options, log=log)


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
