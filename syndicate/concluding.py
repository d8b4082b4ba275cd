"""What follows a build that is done, also one that is a part of a round.

report ─► hubs ─► close ─► mark
"""

from dataclasses import replace
from datetime import datetime, timedelta

from syndicate.domain.feeds import MAX_WINDOW_DAYS, FeedOptions
from syndicate.domain.moments import to_text
from syndicate.services.collect import Snapshot
from syndicate.services.report import BuildReport
from syndicate.wiring import App, OpenApp


def conclude(
    app: App, opened: OpenApp, report: BuildReport, before: str, until: datetime | None, now: datetime
) -> BuildReport:
    """Keep the report of a build, tell the hubs, and leave the mark; returns the report with the hubs' problems.

    `before` is the digest of what was read, from before it was; `until` is when the clock alone changes something.
    """
    app.state.save_report(report.plain())
    app.note_build(report, now)
    app.keep_config()
    problems = () if app.output else opened.tell_hubs()  # hubs hear of what readers poll
    report = replace(report, problems=(*report.problems, *problems))
    if not app.output:
        opened.close_ledger()
        mark_of = "" if problems else before  # no mark: the next build has something to do
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
