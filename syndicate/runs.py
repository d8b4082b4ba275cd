"""One run from beginning to end: a build or a round, with what follows it.

open ─► build, cut ─► notices wait ─► report ─► hubs ─► mark ─► close ─► notices are sent
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.concluding import conclude, next_change
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.slots import Fate
from syndicate.errors import BusyError, SyndicateError
from syndicate.services.build import Progress
from syndicate.services.notices import failure, of_round
from syndicate.services.report import BuildReport
from syndicate.services.rounds import SlotOutcome, next_round
from syndicate.telling import keep_untold, tell
from syndicate.wiring import App, load_app

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


def _held_until(outcomes: Sequence[SlotOutcome], newsletters: Sequence[Newsletter]) -> datetime | None:
    """Return when the first of the held issues is too late."""
    lateness = {newsletter.slug: newsletter.max_lateness for newsletter in newsletters}
    ends = [one.due + lateness[one.newsletter] + _INSTANT for one in outcomes if one.fate is Fate.HELD]
    return min(ends, default=None)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)
