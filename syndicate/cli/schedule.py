"""syndicate schedule"""

import json
from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar, print_table
from syndicate.cli.options import MomentType, config_option, json_option, now_option
from syndicate.domain.moments import to_text
from syndicate.services.schedule import APPEARS, EXPIRES, ISSUE, Event, article_events, events_between, next_events
from syndicate.wiring import load_app

_WORDS = {ISSUE: "issue due", APPEARS: "article appears", EXPIRES: "article expires"}


@click.command()
@config_option
@click.option("--from", "start", type=MomentType(), help="Show everything from this moment on.")
@click.option("--to", "end", type=MomentType(), help="Show everything up to this moment.")
@click.option(
    "--count", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many of each newsletter."
)
@now_option
@json_option
def schedule(
    config_path: Path, start: datetime | None, end: datetime | None, count: int, now: datetime, as_json: bool
) -> None:
    """Show the next slots of every newsletter in local time and UTC, and when articles appear and expire."""
    if start is not None and end is None:
        raise click.UsageError("expected --to with --from: a schedule has no end of its own")
    app = load_app(config_path)
    with app.open() as opened, ProgressBar() as progress:
        articles = article_events(opened.snapshot(now, progress).collection, now, app.config.site.zone)
    newsletters = app.config.newsletters
    if end is None:
        events = next_events(newsletters, articles, now, count)
    else:
        events = events_between(newsletters, articles, start or now, end)
    if as_json:
        for event in events:
            click.echo(json.dumps(event.plain(), ensure_ascii=False))
        return
    print_table(("local time", "zone", "UTC", "what", "of"), map(_cells, events))


def _cells(event: Event) -> tuple[str, ...]:
    return (
        f"{event.local:%a %Y-%m-%d %H:%M}",
        event.zone_name,
        to_text(event.moment),
        _WORDS[event.kind],
        event.name,
    )
