"""syndicate issue preview|cut"""

import json
from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.domain.moments import to_text
from syndicate.domain.text import count
from syndicate.services.issues import find_newsletter
from syndicate.wiring import load_app


@click.group()
def issue() -> None:
    """Preview or cut an issue of a newsletter."""


@issue.command()
@click.argument("newsletter")
@config_option
@now_option
@json_option
def preview(newsletter: str, config_path: Path, now: datetime, as_json: bool) -> None:
    """Render the next issue of NEWSLETTER into the state folder, for your eyes only."""
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with app.open() as opened, ProgressBar() as progress:
        outcome = opened.desk(opened.snapshot(now, progress)).preview(found, now)
        path = app.state.save_preview(found.slug, outcome.rendered.html, outcome.rendered.text)
    if as_json:
        plain = {
            "newsletter": found.slug,
            "due": to_text(outcome.due),
            "stories": outcome.stories,
            "subject": outcome.rendered.subject,
            "path": str(path),
        }
        click.echo(json.dumps(plain, ensure_ascii=False))
    else:
        click.echo(f"the next issue of {found.slug} has {count(outcome.stories, 'story', 'stories')}: {path}")


@issue.command()
@click.argument("newsletter")
@config_option
@now_option
@json_option
def cut(newsletter: str, config_path: Path, now: datetime, as_json: bool) -> None:
    """Cut the issue of NEWSLETTER for its latest slot, for good, and publish its page.

    A slot has one issue: cutting it again shows that one.
    """
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with app.open() as opened, ProgressBar() as progress:
        outcome = opened.cut(found, now, progress)
    page = f"newsletters/{found.slug}/{outcome.issue.number}/index.html" if outcome.issue else None
    if as_json:
        plain = {
            "newsletter": found.slug,
            "due": to_text(outcome.due),
            "number": outcome.issue.number if outcome.issue else None,
            "new": outcome.is_new,
            "stories": outcome.stories,
            "subject": outcome.issue.subject if outcome.issue else None,
            "path": str(app.output_root / page) if page else None,
        }
        click.echo(json.dumps(plain, ensure_ascii=False))
    elif outcome.issue is None:
        click.echo(f"nothing new for {found.slug} at {to_text(outcome.due)}: no issue was cut")
    elif outcome.is_new:
        stories = count(outcome.stories, "story", "stories")
        click.echo(f"cut issue {outcome.issue.number} of {found.slug} with {stories}: {app.output_root / str(page)}")
    else:
        click.echo(f"issue {outcome.issue.number} of {found.slug} was cut before: {app.output_root / str(page)}")
