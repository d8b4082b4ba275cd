"""The part of 'syndicate build' that has something to do."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from syndicate.adapters.walk import Listing
from syndicate.cli.console import SHOWN_PROBLEMS, ProgressBar, show_problems
from syndicate.concluding import conclude, next_change
from syndicate.wiring import load_app


def run_build(
    config_path: Path,
    output: Path | None,
    now: datetime,
    dry_run: bool,
    full: bool,
    *,
    quiet: bool,
    listing: Listing,
    made: list[object],
) -> tuple[dict[str, Any], datetime | None]:
    """Build, show the problems, and leave the mark by which the next build sees that nothing is to do.

    Returns the report, and the next moment at which the clock alone changes something. `listing` holds
    the folders that were walked already; `made` gets what the build made, for its caller to let go of.
    """
    app = load_app(config_path, output, listing, anew=full)
    noting = None if dry_run else app.noting_failure(now)
    with app.open(noting) as opened, ProgressBar() as progress:
        before = "" if dry_run or output else app.source_digest()
        snapshot, report = opened.builder.build(now, full=full, dry_run=dry_run, progress=progress)
        plain = report.plain()
        until = next_change(snapshot, report, app.config.feeds, now)
        if not dry_run:
            report = conclude(app, opened, report, before, until, now)
            plain = report.plain()
    made.append(snapshot)
    if not quiet:
        show_problems(report.problems, SHOWN_PROBLEMS)
        if dry_run:
            for path in report.written:
                click.echo(f"would write {path}")
            for path in report.removed:
                click.echo(f"would remove {path}")
    return plain, until
