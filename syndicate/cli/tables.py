"""syndicate topics, syndicate articles"""

import json
from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar, print_table
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.domain.moments import from_text
from syndicate.services.listing import article_rows, topic_rows
from syndicate.wiring import App, load_app


@click.command()
@config_option
@now_option
@json_option
def topics(config_path: Path, now: datetime, as_json: bool) -> None:
    """Show the topics that were found, with how many articles each has."""
    app = load_app(config_path)
    with app.open() as opened, ProgressBar() as progress:
        rows = topic_rows(opened.snapshot(now, progress))
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    cells = [
        (row["slug"], row["label"], row["taxonomy"] or "", str(row["articles"]), _day(row["newest"], app))
        for row in rows
    ]
    print_table(("slug", "label", "taxonomy", "articles", "newest"), cells)


@click.command()
@config_option
@now_option
@json_option
def articles(config_path: Path, now: datetime, as_json: bool) -> None:
    """Show every file and what became of it."""
    app = load_app(config_path)
    with app.open() as opened, ProgressBar() as progress:
        snapshot = opened.snapshot(now, progress)
        rows = list(article_rows(snapshot, opened.entries(snapshot), opened.index))
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    cells = [
        (row["status"], row["reason"] or "", _day(row["published"], app), row["title"] or "", row["path"])
        for row in rows
    ]
    print_table(("status", "reason", "published", "title", "path"), cells)


def _day(moment: str | None, app: App) -> str:
    """Return the day of a moment in the site's zone, as its pages show it."""
    return f"{from_text(moment).astimezone(app.config.site.zone):%Y-%m-%d}" if moment else ""
