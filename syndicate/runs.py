"""One run from beginning to end: a build or a round, with what follows it.

open ─► build, cut ─► notices wait ─► report ─► hubs ─► mark ─► close ─► notices are sent
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.domain.feeds import MAX_WINDOW_DAYS, FeedOptions
from syndicate.domain.moments import to_text
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.slots import Fate
from syndicate.errors import BusyError, SyndicateError
from syndicate.services.build import Progress
from syndicate.services.collect import Snapshot
from syndicate.services.notices import failure, of_round
from syndicate.services.pings import Pings
from syndicate.services.report import BuildReport
from syndicate.services.rounds import SlotOutcome, next_round
from syndicate.telling import keep_untold, tell
from syndicate.wiring import App, OpenApp, load_app

_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of a round; `wake` is the next moment at which the clock alone asks for another."""

    report: BuildReport
    outcomes: tuple[SlotOutcome, ...] = ()
    wake: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A round that could not be made, and why."""

    why: str


def _nothing() -> None:
    pass


def run_round(
    app: App, now: datetime, progress: Progress, *, dry_run: bool = False, before_telling: Callable[[], None] = _nothing
) -> Round:
    """Build, cut what is due, publish it, tell the hubs, and tell people what they asked to be told.

    `before_telling` is called when all is done but telling people, which may take long and may be cut off.
    """
    try:
        with app.open(None if dry_run else app.noting_failure(now)) as opened:
            before = "" if dry_run else app.source_digest()
            snapshot, report, outcomes = opened.run_due(now, dry_run=dry_run, progress=progress)
            held_until = _held_until(outcomes, app.config.newsletters)
            until = next_change(snapshot, report, app.config.feeds, now)
            wake = _earliest(until, held_until, next_round(app.config.newsletters, now))
            if not dry_run:
                with suppress(OSError):  # the disk may be full: the ledger keeps the marks
                    keep_untold(app, opened.ledger, now)
                report = conclude(app, opened, report, before, until, now)
    except BusyError:
        raise
    except SyndicateError as error:
        if not dry_run:
            before_telling()
            tell(app, (failure(str(error)),), now)
        raise
    if not dry_run:
        before_telling()
        not_told = tell(app, of_round(outcomes), now)
        if not_told:
            app.forget_mark()  # the next round tells them, whether or not anything else is to do
        report = replace(report, problems=(*report.problems, *not_told))
    return Round(report=report, outcomes=outcomes, wake=wake)


def try_round(
    config_path: Path, text: str | None, now: datetime, before_telling: Callable[[], None] = _nothing
) -> Round | Failed:
    """Do one round for a process that stays up; `text` stands in for a config that is broken now."""
    try:
        app = load_app(config_path, text=text)
        return run_round(app, now, lambda *_: None, before_telling=before_telling)
    except SyndicateError as error:
        return Failed(why=str(error))
    except OSError as error:  # the disk is full, or may not be written
        why = f"{error.filename or config_path}: {error.strerror or error}"
        before_telling()
        with suppress(OSError):
            tell(load_app(config_path, text=text), (failure(why),), now)
        return Failed(why=why)


def conclude(
    app: App, opened: OpenApp, report: BuildReport, before: str, until: datetime | None, now: datetime
) -> BuildReport:
    """Keep the report of a build, tell the hubs, and leave the mark; returns the report with the hubs' problems.

    `before` is the digest of what was read, from before it was; `until` is when the clock alone changes something.
    """
    app.state.save_report(report.plain())
    app.note_build(report, now)
    pings = Pings() if app.output else opened.tell_hubs()  # hubs hear of what readers poll
    report = replace(report, problems=(*report.problems, *pings.problems))
    if not app.output:
        opened.close_ledger()
        mark_of = "" if pings.problems else before  # no mark: the next build has something to do
        app.save_mark(mark_of, opened.ledger.revision, report.plain(), to_text(now), to_text(until) if until else None)
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


def _held_until(outcomes: Sequence[SlotOutcome], newsletters: Sequence[Newsletter]) -> datetime | None:
    """Return when the first of the held issues is too late."""
    lateness = {newsletter.slug: newsletter.max_lateness for newsletter in newsletters}
    ends = [one.due + lateness[one.newsletter] + _INSTANT for one in outcomes if one.fate is Fate.HELD]
    return min(ends, default=None)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)
