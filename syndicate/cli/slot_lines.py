"""What became of a slot, in a line for people."""

from datetime import datetime

from syndicate.domain.moments import to_text
from syndicate.domain.slots import Fate
from syndicate.domain.text import count
from syndicate.services.rounds import SlotOutcome, approve_command, why_skipped
from syndicate.wiring import App


def slot_line(outcome: SlotOutcome, app: App, now: datetime, *, dry_run: bool = False) -> str:
    """Return in words what became of a slot, or would."""
    if outcome.fate in (Fate.DRAFTED, Fate.HELD):
        return _draft_line(outcome, app, dry_run)
    return _line(outcome, app, now, dry_run)


def _line(outcome: SlotOutcome, app: App, now: datetime, dry_run: bool) -> str:
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
            return f"{too_little(name, outcome.waiting)} at {due}: {_no_issue(dry_run)}"
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
    ask = f"look at {place} and run '{approve_command(name, number, outcome.digest)}'"
    return f"{word} issue {number} of {name} for {due} with {stories}: {ask}"


def too_little(newsletter: str, waiting: int) -> str:
    """Return in words why there is no issue: nothing is new, or fewer stories wait than its minimum."""
    if waiting:
        return f"too little for {newsletter} ({count(waiting, 'article')} carried over)"
    return f"nothing new for {newsletter}"


def _no_issue(dry_run: bool) -> str:
    return "no issue would be cut" if dry_run else "no issue was cut"


def _skipped(dry_run: bool) -> str:
    return "would skip" if dry_run else "skipped"
