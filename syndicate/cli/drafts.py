"""syndicate issue approve|reject|recut"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from syndicate.cli.console import ProgressBar
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.cli.slot_lines import too_little
from syndicate.domain.moments import to_text
from syndicate.domain.newsletters import Draft, Newsletter, Rendered
from syndicate.domain.slots import Fate
from syndicate.domain.text import count
from syndicate.errors import UsageError
from syndicate.ports import Ledger
from syndicate.services.issues import find_draft, find_newsletter
from syndicate.services.preflight import reasons
from syndicate.services.status import plain_draft
from syndicate.wiring import App, load_app


@click.command()
@click.argument("newsletter")
@click.argument("number", type=click.IntRange(1))
@click.option("--digest", help="Approve only what has this digest, as 'issue show' tells it.")
@click.option("--anyway", is_flag=True, help="Approve it in spite of errors of the preflight.")
@config_option
@now_option
@json_option
def approve(
    newsletter: str, number: int, digest: str | None, anyway: bool, config_path: Path, now: datetime, as_json: bool
) -> None:
    """Approve draft NUMBER of NEWSLETTER as it is now: it goes out at its slot, or with the next round after it."""
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with _draft(app, found.slug, number) as (ledger, draft):
        if digest is not None and digest != draft.digest:
            raise UsageError(
                f"draft {number} of {found.slug} has the digest {draft.digest}, not {digest}; look at it again"
            )
        if now - draft.issue.due > found.max_lateness:
            late = f"its slot was {to_text(draft.issue.due)}, and max_lateness_hours is over"
            raise UsageError(f"draft {number} of {found.slug} can't go out any more: {late}")
        if found.sender and not anyway:
            _hold_back_faults(app, found, ledger.rendered(draft.issue), number)
        if not ledger.approve(draft):
            raise UsageError(f"draft {number} of {found.slug} was changed at this very moment; look at it again")
    if as_json:
        click.echo(json.dumps(plain_draft(replace(draft, approved=draft.digest)), ensure_ascii=False))
        return
    out = "it goes out with the next round" if draft.issue.due <= now else f"it goes out at {to_text(draft.issue.due)}"
    click.echo(f"approved issue {number} of {found.slug} (digest {draft.digest}): {out}")


@click.command()
@click.argument("newsletter")
@click.argument("number", type=click.IntRange(1))
@config_option
@now_option
def reject(newsletter: str, number: int, config_path: Path, now: datetime) -> None:
    """Reject draft NUMBER of NEWSLETTER: its slot has no issue, and its articles go into the next one."""
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with _draft(app, found.slug, number) as (ledger, draft):
        if not ledger.withdraw(draft, Fate.REJECTED, now):
            raise UsageError(f"draft {number} of {found.slug} was changed at this very moment; look at it again")
    due = to_text(draft.issue.due)
    click.echo(f"rejected draft {number} of {found.slug}: no issue goes out at {due}, its articles go into the next")


@click.command()
@click.argument("newsletter")
@click.argument("number", type=click.IntRange(1))
@config_option
@now_option
def recut(newsletter: str, number: int, config_path: Path, now: datetime) -> None:
    """Make draft NUMBER of NEWSLETTER anew from the articles as they are now; it has to be approved again."""
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with app.open() as opened, ProgressBar() as progress:
        outcome = opened.recut(found, number, now, progress)
    if outcome.issue is None:
        words = too_little(found.slug, outcome.waiting)
        click.echo(f"{words} at {to_text(outcome.due)}: there is no draft any more")
        return
    place = app.state_root / "preview" / found.slug / str(outcome.issue.number) / "index.html"
    click.echo(
        f"recut draft {outcome.issue.number} of {found.slug} with {count(outcome.stories, 'story', 'stories')}: {place}"
    )


def _hold_back_faults(app: App, newsletter: Newsletter, rendered: Rendered, number: int) -> None:
    """Raise UsageError if a draft has errors that keep it from being sent."""
    if told := reasons(app.preflight(newsletter, rendered)):
        hint = f"'syndicate issue check {newsletter.slug} {number}' tells more; mend and recut it, or add --anyway"
        raise UsageError(f"draft {number} of {newsletter.slug} has errors ({told}): {hint}")


@contextmanager
def _draft(app: App, newsletter: str, number: int) -> Iterator[tuple[Ledger, Draft]]:
    """Open the ledger, and find a draft in it; raises UsageError."""
    with app.ledger() as ledger:
        draft = find_draft(ledger.drafts(newsletter) if ledger else (), newsletter, number)
        if ledger:  # else no draft was found
            yield ledger, draft
