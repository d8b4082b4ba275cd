"""syndicate status"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from syndicate.cli.console import SHOWN_PROBLEMS, show_problems
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.domain.moments import to_text
from syndicate.domain.newsletters import Draft
from syndicate.domain.text import count
from syndicate.errors import Problem
from syndicate.services.rounds import approve_command
from syndicate.services.status import NewsletterStatus, last_build, newsletter_status
from syndicate.wiring import REPORT_FILE, App, load_app


@click.command()
@config_option
@now_option
@json_option
def status(config_path: Path, now: datetime, as_json: bool) -> None:
    """Show how the last build went, and the last issue, the next slot and the missed slots of each newsletter."""
    app = load_app(config_path)
    build = last_build(app.state.load(REPORT_FILE))
    built_at = app.state.written_at(REPORT_FILE)
    with app.ledger() as ledger:
        rows = [newsletter_status(ledger, one, now) for one in app.config.newsletters] if ledger else []
    if as_json:
        plain = build and {"at": to_text(built_at) if built_at else None, **build}
        click.echo(json.dumps({"build": plain, "newsletters": [row.plain() for row in rows]}, ensure_ascii=False))
        return
    click.echo(_build_line(build, built_at, app))
    if build:
        show_problems([Problem(**one) for one in build["problem_list"]], SHOWN_PROBLEMS)
    for row in rows:
        for line in _lines(row, now):
            click.echo(line)


def _build_line(build: dict[str, Any] | None, at: datetime | None, app: App) -> str:
    if build is None or at is None:
        return "nothing was built yet; run 'syndicate build'"
    counts = ", ".join(f"{build[name]:,} {name}" for name in ("published", "held", "duplicates", "skipped", "rejected"))
    local, problems = at.astimezone(app.config.site.zone), count(build["problems"], "problem")
    return f"last build that found something to do: {local:%Y-%m-%d %H:%M %Z}: {counts}, {problems}"


def _draft_line(draft: Draft, now: datetime, due: str) -> str:
    if draft.is_approved:
        return f"approved: issue {draft.issue.number}, due {due}: {draft.issue.subject}"
    word = "held" if draft.issue.due <= now else "draft"
    command = approve_command(draft.issue.newsletter, draft.issue.number, draft.digest)
    return f"{word}: issue {draft.issue.number}, due {due}: {draft.issue.subject}; it waits for '{command}'"


def _lines(row: NewsletterStatus, now: datetime) -> list[str]:
    zone = row.newsletter.zone

    def shown(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"

    last = f"issue {row.last.number}, due {shown(row.last.due)}: {row.last.subject}" if row.last else "none yet"
    return [
        f"{row.newsletter.slug}:",
        f"  last issue: {last}",
        *(f"  {_draft_line(draft, now, shown(draft.issue.due))}" for draft in row.drafts),
        *([f"  waiting: the slot of {shown(row.waiting)}; 'syndicate run-due' cuts it"] if row.waiting else []),
        f"  next slot: {shown(row.next) if row.next else 'none: the cadence never comes'}",
        *(f"  no issue for {shown(note.due)} ({note.fate.value}): {note.why}" for note in row.without_issue),
    ]
