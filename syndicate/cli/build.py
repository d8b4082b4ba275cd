"""syndicate build"""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import click
from click.core import ParameterSource

from syndicate import __version__
from syndicate.adapters.freshness import digest, named_state, read_mark, report_if_fresh, touch_mark
from syndicate.adapters.walk import Listing
from syndicate.cli.console import SHOWN_PROBLEMS, show_problems
from syndicate.cli.options import config_option, json_option, now_option
from syndicate.errors import Problem, UsageError

_OUTLIVING: list[object] = []
"""What the last build of this process made: to let go of 10,000 articles one by one takes 20 ms."""


@click.command()
@config_option
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Publish into another folder.")
@now_option
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there is any problem.")
@click.option("--full", is_flag=True, help="Read every article and make every document again.")
@click.option("--watch", is_flag=True, help="Go on, and build again whenever files change, until Ctrl-C.")
@json_option
@click.pass_context
def build(
    ctx: click.Context,
    config_path: Path,
    output: Path | None,
    now: datetime,
    dry_run: bool,
    strict: bool,
    full: bool,
    watch: bool,
    as_json: bool,
) -> None:
    """Collect the articles and write the feeds and pages that changed."""

    def once(moment: datetime) -> tuple[dict[str, Any], datetime | None]:
        _OUTLIVING.clear()
        made: list[object] = [] if watch else _OUTLIVING
        return _build_once(config_path, output, moment, made, dry_run=dry_run, full=full, as_json=as_json)

    if watch:
        if dry_run or strict or ctx.get_parameter_source("now") is not ParameterSource.DEFAULT:
            raise UsageError("--watch builds for real, by the clock: leave out --dry-run, --strict and --now")
        from syndicate.cli.watch import keep_building

        keep_building(config_path, output, lambda moment: once(moment)[1])
        return
    report, _ = once(now)
    if strict and report["problems"]:
        sys.exit(1)


def _build_once(
    config_path: Path,
    output: Path | None,
    now: datetime,
    made: list[object],
    *,
    dry_run: bool,
    full: bool,
    as_json: bool,
) -> tuple[dict[str, Any], datetime | None]:
    """Build, unless there is nothing to do, and say what came of it.

    Returns the report, and the next moment at which the clock alone changes something; `made` as for `run_build`.
    """
    started = monotonic()
    listing = Listing()
    fresh = None if output or dry_run or full else _nothing_to_do(config_path, now, listing)
    if fresh is None:
        from syndicate.cli.run_build import run_build

        report, until = run_build(config_path, output, now, dry_run, full, quiet=as_json, listing=listing, made=made)
    else:
        report, until = unchanged(fresh[0]), fresh[1]
        if not as_json:
            show_problems([Problem(**plain) for plain in report["problem_list"]], SHOWN_PROBLEMS)
    report["duration_s"] = round(monotonic() - started, 3)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        from syndicate.services.summary import summary_line

        click.echo(summary_line(report))
    return report, until


def _nothing_to_do(config_path: Path, now: datetime, listing: Listing) -> tuple[dict[str, Any], datetime | None] | None:
    """Return the last report if a build would change nothing, and until when; imports little: most runs end here."""
    try:
        state_path = os.path.join(config_path.parent, named_state(config_path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError):
        return None
    mark = read_mark(state_path)
    if mark is None:
        return None
    sources = digest([str(config_path), *mark.get("read", ())], mark.get("skip", ()), listing)
    report = report_if_fresh(mark, sources, __version__, now)
    if report is None:
        return None
    touch_mark(state_path)
    until = mark.get("until")
    return report, datetime.fromisoformat(until) if until else None


def unchanged(report: dict[str, Any]) -> dict[str, Any]:
    """Return a build's report as that of the next build, which did nothing."""
    still = {
        kind: {"written": 0, "unchanged": report[kind]["written"] + report[kind]["unchanged"], "removed": 0}
        for kind in ("feeds", "pages")
    }
    return {**report, **still}
