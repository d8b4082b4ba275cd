"""The part of 'syndicate build' that has something to do."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from syndicate.adapters.walk import Listing
from syndicate.cli.console import SHOWN_PROBLEMS, ProgressBar, show_problems
from syndicate.domain.feeds import MAX_WINDOW_DAYS, FeedOptions
from syndicate.domain.moments import to_text
from syndicate.services.collect import Snapshot
from syndicate.services.pings import Pings
from syndicate.services.report import BuildReport
from syndicate.wiring import App, OpenApp, load_app


def run_build(
    config_path: Path,
    output: Path | None,
    now: datetime,
    dry_run: bool,
    full: bool,
    *,
    quiet: bool,
    listing: Listing,
) -> dict[str, Any]:
    """Build, show the problems, and leave the mark by which the next build sees that nothing is to do.

    `listing` holds the folders that were walked already.
    """
    app = load_app(config_path, output, listing)
    noting = nullcontext() if dry_run else app.noting_failure(now)
    with app.open() as opened, noting, ProgressBar() as progress:
        before = "" if dry_run or output else app.source_digest()
        snapshot, report = opened.builder.build(now, full=full, dry_run=dry_run, progress=progress)
        plain = report.plain()
        if not dry_run:
            report = conclude(app, opened, snapshot, report, before, now)
            plain = report.plain()
    if not quiet:
        show_problems(report.problems, SHOWN_PROBLEMS)
        if dry_run:
            for path in report.written:
                click.echo(f"would write {path}")
            for path in report.removed:
                click.echo(f"would remove {path}")
    return plain


def conclude(
    app: App, opened: OpenApp, snapshot: Snapshot, report: BuildReport, before: str, now: datetime
) -> BuildReport:
    """Keep the report of a build, tell the hubs, and leave the mark; returns the report with the hubs' problems.

    `before` is the digest of what was read, from before it was.
    """
    app.state.save_report(report.plain())
    app.note_build(report, now)
    pings = Pings() if app.output else opened.tell_hubs()  # hubs hear of what readers poll
    report = replace(report, problems=(*report.problems, *pings.problems))
    if not app.output:
        until = next_change(snapshot, report, app.config.feeds, now)
        opened.close_ledger()
        mark_of = "" if pings.problems else before  # no mark: the next build has something to do
        app.save_mark(mark_of, report.plain(), to_text(now), to_text(until) if until else None)
    return report


def next_change(snapshot: Snapshot, report: BuildReport, options: FeedOptions, now: datetime) -> datetime | None:
    """Return the next moment at which the clock alone changes what is published."""
    moments = [moment for moment in report.moments if moment > now]
    moments += [snapshot.collection.next_change] if snapshot.collection.next_change else []
    if options.window_days is not None:
        window = timedelta(days=min(options.window_days, MAX_WINDOW_DAYS))
        ends = (article.published + window for article in snapshot.collection.articles)
        moments += [end for end in ends if end >= now]
    return min(moments, default=None)
