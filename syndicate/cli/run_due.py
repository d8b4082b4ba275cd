"""syndicate run-due"""

import json
import sys
from datetime import datetime
from pathlib import Path
from time import monotonic

import click

from syndicate.adapters.walk import Listing
from syndicate.cli.console import SHOWN_PROBLEMS, ProgressBar, show_problems
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.cli.run_build import conclude
from syndicate.domain.moments import to_text
from syndicate.domain.slots import Fate
from syndicate.domain.text import count
from syndicate.services.rounds import SlotOutcome, round_line, why_skipped
from syndicate.services.summary import summary_line
from syndicate.wiring import App, load_app


@click.command("run-due")
@config_option
@now_option
@click.option("--dry-run", is_flag=True, help="Say what would be built, cut and skipped, and do nothing.")
@json_option
def run_due(config_path: Path, now: datetime, dry_run: bool, as_json: bool) -> None:
    """Do one round: build, cut what is due of every newsletter, publish the issues' pages, and end."""
    started = monotonic()
    app = load_app(config_path, None, Listing())
    with app.open() as opened, ProgressBar() as progress:
        before = "" if dry_run else app.source_digest()
        snapshot, report, outcomes = opened.run_due(now, dry_run=dry_run, progress=progress)
        if not dry_run:
            report = conclude(app, opened, snapshot, report, before, now)
    plain = {**report.plain(), "duration_s": round(monotonic() - started, 3)}
    if as_json:
        rows = [one.plain() for one in outcomes]
        click.echo(json.dumps({"build": plain, "slots": rows, "dry_run": dry_run}, ensure_ascii=False))
    else:
        show_problems(report.problems, SHOWN_PROBLEMS)
        for outcome in outcomes:
            is_bad = outcome.fate in (Fate.LATE, Fate.HELD, Fate.CLAIMED)
            is_draft = outcome.fate in (Fate.DRAFTED, Fate.HELD)
            line = _draft_line(outcome, app, dry_run) if is_draft else _line(outcome, app, now, dry_run)
            click.echo(line, err=is_bad)
        click.echo(f"{round_line(outcomes, dry_run=dry_run)}; {summary_line(plain)}")
    if any(one.fate is Fate.CLAIMED for one in outcomes):
        sys.exit(1)


def _line(outcome: SlotOutcome, app: App, now: datetime, dry_run: bool) -> str:
    """Return in words what became of a slot, or would."""
    name, due, stories = outcome.newsletter, to_text(outcome.due), count(outcome.stories, "story", "stories")
    newsletter = next(one for one in app.config.newsletters if one.slug == name)
    match outcome.fate:
        case Fate.CUT if outcome.issue is None:
            return f"would cut the issue of {name} for {due} with {stories}"
        case Fate.CUT:
            page = app.output_root / str(outcome.plain()["path"])
            verb = "cut issue" if outcome.is_new else "went on with issue"
            return f"{verb} {outcome.issue.number if outcome.issue else ''} of {name} with {stories}: {page}"
        case Fate.EMPTY:
            return f"nothing new for {name} at {due}: {_no_issue(dry_run)}"
        case Fate.LATE:
            return f"{_skipped(dry_run)} the slot of {name} at {due}: {why_skipped(newsletter, outcome.due, now)}"
        case Fate.SUPERSEDED:
            return f"{_skipped(dry_run)} the slot of {name} at {due}: a later one has come"
        case _:
            return f"the issue of {name} for {due} could not be made; the next round tries again: {outcome.error}"


def _draft_line(outcome: SlotOutcome, app: App, dry_run: bool) -> str:
    """Return in words that an issue waits for approval."""
    name, due, stories = outcome.newsletter, to_text(outcome.due), count(outcome.stories, "story", "stories")
    if outcome.issue is None or dry_run:
        verb = "draft" if outcome.fate is Fate.DRAFTED else "hold"
        return f"would {verb} the issue of {name} for {due} with {stories}"
    number = outcome.issue.number
    word = "drafted" if outcome.fate is Fate.DRAFTED else "held"
    place = app.state_root / "preview" / name / str(number) / "index.html"
    ask = f"look at {place} and run 'syndicate issue approve {name} {number}'"
    return f"{word} issue {number} of {name} for {due} with {stories}: {ask}"


def _no_issue(dry_run: bool) -> str:
    return "no issue would be cut" if dry_run else "no issue was cut"


def _skipped(dry_run: bool) -> str:
    return "would skip" if dry_run else "skipped"
