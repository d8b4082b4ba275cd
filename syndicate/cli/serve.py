"""syndicate serve"""

import dataclasses
import gc
from pathlib import Path

import click

from syndicate.cli.options import config_option
from syndicate.wiring import load_app


@click.command()
@click.option("--host", help="The address to listen at, instead of server.host.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port, instead of server.port; 0 for any free one.")
@click.option("--log", is_flag=True, help="Print a line for each answer.")
@config_option
def serve(host: str | None, port: int | None, log: bool, config_path: Path) -> None:
    """Serve the output folder over HTTP."""
    from syndicate.web.server import listen, make_site
    from syndicate.web.server import serve as run

    app = load_app(config_path)
    options = app.config.server
    options = dataclasses.replace(
        options, host=options.host if host is None else host, port=options.port if port is None else port
    )
    site = make_site(app.output_root, app.state_root / "addresses.json", app.config.site.output_url, options)
    listener = listen(options)
    if not app.output_root.is_dir() or not any(one.name[0] != "." for one in app.output_root.iterdir()):
        click.echo(f"{app.output_root} is empty: run 'syndicate build' first", err=True)
    shown = f"[{options.host}]" if ":" in options.host else options.host
    place = f"http://{shown}:{listener.getsockname()[1]}{site.base}"
    click.echo(f"serving {app.output_root} at {place} (stop with Ctrl-C)")
    gc.enable()  # a server lives long, unlike the other commands
    run(site, listener, options, log=log)
