"""syndicate issue preview|check|cut|list|show|render|approve|reject|recut"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from syndicate.cli.console import ProgressBar, print_table
from syndicate.cli.drafts import approve, recut, reject
from syndicate.cli.options import MailboxType, TopicsType, config_option, explain_option, json_option, now_option
from syndicate.cli.preflight import check_issue
from syndicate.cli.slot_lines import too_little
from syndicate.domain.mail import Mailbox
from syndicate.domain.moments import to_text
from syndicate.domain.text import count
from syndicate.errors import OutputError
from syndicate.services.explain import Explained, explain, explain_issue
from syndicate.services.issues import Cut, find_issue, find_newsletter
from syndicate.services.messages import trial_message
from syndicate.services.rounds import issue_path
from syndicate.services.status import plain_draft, plain_issue
from syndicate.wiring import load_app


@click.group()
def issue() -> None:
    """Preview, check, cut, list, show or render issues of a newsletter; approve, reject or recut drafts."""


topics_option = click.option(
    "--topics",
    type=TopicsType(),
    default="",
    help="As a reader of these topics gets it, named with commas between; of all if left out.",
)


@issue.command()
@click.argument("newsletter")
@topics_option
@config_option
@now_option
@json_option
@explain_option
def preview(
    newsletter: str, topics: tuple[str, ...], config_path: Path, now: datetime, as_json: bool, with_reasons: bool
) -> None:
    """Render the next issue of NEWSLETTER into the state folder, for your eyes only."""
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with app.open() as opened, ProgressBar() as progress:
        snapshot = opened.snapshot(now, progress)
        outcome = opened.desk(snapshot).preview(found, now, topics)
        path = app.state.save_preview(found.slug, outcome.rendered.html, outcome.rendered.text)
    reasons = explain(outcome.selection, snapshot, found) if with_reasons else ()
    if as_json:
        plain = {
            "newsletter": found.slug,
            "due": to_text(outcome.due),
            "stories": outcome.stories,
            "subject": outcome.rendered.subject,
            "path": str(path),
            **_plain_reasons(reasons, with_reasons),
        }
        click.echo(json.dumps(plain, ensure_ascii=False))
        return
    click.echo(f"the next issue of {found.slug} has {count(outcome.stories, 'story', 'stories')}: {path}")
    _show_reasons(reasons)


@issue.command()
@click.argument("newsletter")
@config_option
@now_option
@json_option
@explain_option
def cut(newsletter: str, config_path: Path, now: datetime, as_json: bool, with_reasons: bool) -> None:
    """Cut the issue of NEWSLETTER for its latest slot, for good, and publish its page.

    A slot has one issue: cutting it again shows that one.
    """
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with app.open() as opened, ProgressBar() as progress:
        outcome, snapshot = opened.cut(found, now, progress)
        reasons: tuple[Explained, ...] = ()
        if with_reasons and outcome.selection:
            reasons = explain(outcome.selection, snapshot, found)
        elif with_reasons and outcome.issue:
            reasons = explain_issue(opened.ledger, outcome.issue)
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
            "waiting": outcome.waiting,
            "dropped": outcome.dropped,
            **_plain_reasons(reasons, with_reasons),
        }
        click.echo(json.dumps(plain, ensure_ascii=False))
        return
    if outcome.issue is None:
        click.echo(f"{too_little(found.slug, outcome.waiting)} at {to_text(outcome.due)}: no issue was cut")
    elif outcome.is_new:
        stories = f"{count(outcome.stories, 'story', 'stories')}{_left_out(outcome)}"
        click.echo(f"cut issue {outcome.issue.number} of {found.slug} with {stories}: {app.output_root / str(page)}")
    else:
        click.echo(f"issue {outcome.issue.number} of {found.slug} was cut before: {app.output_root / str(page)}")
    _show_reasons(reasons)


def _left_out(outcome: Cut) -> str:
    """Return in words how many articles the issue had no room for."""
    counts = ((outcome.waiting, "carried over"), (outcome.dropped, "dropped"))
    parts = [f"{number:,} {words}" for number, words in counts if number]
    return f" ({', '.join(parts)})" if parts else ""


def _plain_reasons(reasons: Sequence[Explained], is_asked: bool) -> dict[str, Any]:
    return {"articles": [one.plain() for one in reasons]} if is_asked else {}


def _show_reasons(reasons: Sequence[Explained]) -> None:
    if reasons:
        print_table(("article", "why"), [(one.path, one.why) for one in reasons])


@issue.command("list")
@click.argument("newsletter")
@config_option
@json_option
def list_issues(newsletter: str, config_path: Path, as_json: bool) -> None:
    """List the issues of NEWSLETTER, oldest first: those that are out, then the drafts."""
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with app.ledger() as ledger:
        issues = ledger.issues(found.slug) if ledger else ()
        drafts = ledger.drafts(found.slug) if ledger else ()
        plain = [*map(plain_issue, issues), *map(plain_draft, drafts)]
        every = [*issues, *(draft.issue for draft in drafts)]
        counts = [ledger.story_count(one) if ledger else 0 for one in every]
    if as_json:
        for row, stories in zip(plain, counts, strict=True):
            click.echo(json.dumps({**row, "stories": stories}, ensure_ascii=False))
        return
    cells = [
        (
            str(one.number),
            f"{one.due.astimezone(found.zone):%Y-%m-%d %H:%M}",
            row["state"],
            str(stories),
            one.subject,
        )
        for one, row, stories in zip(every, plain, counts, strict=True)
    ]
    print_table(("number", "due", "state", "stories", "subject"), cells)


@issue.command()
@click.argument("newsletter")
@click.argument("number", type=click.IntRange(1))
@click.option("--html", "part", flag_value="html", help="Print its HTML as it was frozen, byte for byte.")
@click.option("--text", "part", flag_value="text", help="Print its plain text as it was frozen, byte for byte.")
@config_option
@json_option
@explain_option
def show(newsletter: str, number: int, part: str | None, config_path: Path, as_json: bool, with_reasons: bool) -> None:
    """Show issue or draft NUMBER of NEWSLETTER: what it is, or one of its two frozen parts."""
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    with app.ledger() as ledger:
        drafts = {draft.issue: draft for draft in (ledger.drafts(found.slug) if ledger else ())}
        one = find_issue([*(ledger.issues(found.slug) if ledger else ()), *drafts], found.slug, number)
        if ledger is None:  # then no issue was found
            return
        rendered, stories = ledger.rendered(one), ledger.story_count(one)
        reasons = explain_issue(ledger, one) if with_reasons else ()
    if part:
        click.echo((rendered.html if part == "html" else rendered.text).encode(), nl=False)
        return
    plain = {**(plain_draft(drafts[one]) if one in drafts else plain_issue(one)), "stories": stories}
    if as_json:
        click.echo(json.dumps({**plain, **_plain_reasons(reasons, with_reasons)}, ensure_ascii=False))
        return
    for name in ("subject", "due", "cut_at", "stories", "state", *(["digest"] if one in drafts else [])):
        click.echo(f"{name}: {plain[name]}")
    if one not in drafts:
        click.echo(f"page: {app.output_root / issue_path(one)}")
    _show_reasons(reasons)


@issue.command()
@click.argument("newsletter")
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--eml",
    "target",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    required=True,
    help="The file to write, such as issue.eml; - is standard output.",
)
@click.option("--to", type=MailboxType(), help="Whom it is to; the sender if left out.")
@topics_option
@config_option
def render(
    newsletter: str, number: int, target: Path, to: Mailbox | None, topics: tuple[str, ...], config_path: Path
) -> None:
    """Write issue NUMBER of NEWSLETTER as the message that a reader would get, signed if there is a key.

    Any mail program opens it. Its links to end a subscription lead nowhere.
    """
    app = load_app(config_path)
    found = find_newsletter(app.config.newsletters, newsletter)
    sign = app.signer()
    with app.ledger() as ledger:
        one = find_issue(ledger.issues(found.slug) if ledger else (), found.slug, number)
        if ledger is None:  # then no issue was found
            return
        rendered = ledger.rendered(one)
    data = trial_message(found, one, rendered, app.config.site, to, sign, topics)
    if str(target) == "-":
        click.echo(data, nl=False)
        return
    from syndicate.adapters.atomic import write_atomic

    try:
        write_atomic(target, data)
    except OSError as error:
        raise OutputError(f"{target}: can't be written: {error.strerror or error}") from error
    click.echo(f"wrote issue {number} of {found.slug} as a message of {len(data):,} bytes: {target}")


for command in (check_issue, approve, reject, recut):
    issue.add_command(command)
