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
from syndicate.cli.slot_lines import slot_line
from syndicate.domain.slots import Fate
from syndicate.runs import run_round
from syndicate.services.rounds import round_line
from syndicate.services.summary import summary_line
from syndicate.wiring import load_app


@click.command("run-due")
@config_option
@now_option
@click.option("--dry-run", is_flag=True, help="Say what would be built, cut and skipped, and do nothing.")
@json_option
def run_due(config_path: Path, now: datetime, dry_run: bool, as_json: bool) -> None:
    """Do one round: build, cut what is due of every newsletter, publish the issues' pages, and end."""
    started = monotonic()
    app = load_app(config_path, None, Listing())
    with ProgressBar() as progress:
        done = run_round(app, now, progress, dry_run=dry_run)
    plain = {**done.report.plain(), "duration_s": round(monotonic() - started, 3)}
    if as_json:
        rows = [one.plain() for one in done.outcomes]
        click.echo(json.dumps({"build": plain, "slots": rows, "dry_run": dry_run}, ensure_ascii=False))
    else:
        show_problems(done.report.problems, SHOWN_PROBLEMS)
        for outcome in done.outcomes:
            is_bad = outcome.fate in (Fate.LATE, Fate.HELD, Fate.CLAIMED)
            click.echo(slot_line(outcome, app, now, dry_run=dry_run), err=is_bad)
        click.echo(f"{round_line(done.outcomes, dry_run=dry_run)}; {summary_line(plain)}")
    if any(one.fate is Fate.CLAIMED for one in done.outcomes):
        sys.exit(1)
