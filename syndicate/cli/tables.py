"""syndicate topics, syndicate articles"""

import json
from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar, print_table
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.services.listing import article_rows, topic_rows
from syndicate.wiring import load_app


@click.command()
@config_option
@now_option
@json_option
def topics(config_path: Path, now: datetime, as_json: bool) -> None:
    """Show the topics that were found, with how many articles each has."""
    with load_app(config_path).open() as opened, ProgressBar() as progress:
        rows = topic_rows(opened.snapshot(now, progress))
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    cells = [
        (row["slug"], row["label"], row["taxonomy"] or "", str(row["articles"]), row["newest"][:10]) for row in rows
    ]
    print_table(("slug", "label", "taxonomy", "articles", "newest"), cells)


@click.command()
@config_option
@now_option
@json_option
def articles(config_path: Path, now: datetime, as_json: bool) -> None:
    """Show every file and what became of it."""
    with load_app(config_path).open() as opened, ProgressBar() as progress:
        snapshot = opened.snapshot(now, progress)
        rows = list(article_rows(snapshot, opened.entries(snapshot), opened.index))
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    cells = [
        (row["status"], row["reason"] or "", (row["published"] or "")[:10], row["title"] or "", row["path"])
        for row in rows
    ]
    print_table(("status", "reason", "published", "title", "path"), cells)
