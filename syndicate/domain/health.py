"""How the service is: its builds, slots and issues at one moment, and whether that is well.

Whoever knows (the process that builds, or what it left in the state folder) makes a `Health`; the
server shows it, and asks nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from syndicate.domain.text import count
from syndicate.errors import Problem


class IssueState(Enum):
    """How it stands with the issue of a slot."""

    CUT = "cut"
    DRAFT = "draft"
    HELD = "held"
    WAITING = "waiting"
    CLAIMED = "claimed"
    EMPTY = "empty"
    LATE = "skipped-late"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildNote:
    """A build that did something or failed; `problems` may be the first ones only, `problem_count` counts all.

    `failed` says why in words, and is None for a build that ended well. `files` are counts by status.
    """

    at: datetime
    duration_s: float
    failed: str | None = None
    files: Mapping[str, int] = field(default_factory=dict)
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    problem_count: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSlot:
    """When the next issue of a newsletter is due; None if its cadence never comes."""

    newsletter: str
    title: str
    due: datetime | None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueNote:
    """A slot that has come, with how it stands with its issue and why in words."""

    newsletter: str
    due: datetime
    state: IssueState
    zone: ZoneInfo
    number: int | None = None
    subject: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the service was at a moment.

    `builds` and `issues` come newest first, and are the latest ones only; `issue_counts` counts all, by newsletter
    and state. `looked_at` is when a build last ended well, with something to do or not. `lateness_s` says of each
    newsletter for how many seconds its oldest slot without an outcome has been waiting, 0 if there is none. `ledger`
    is None where it can be read, else says why not. A build is fresh until `max_build_age` after it.
    """

    at: datetime
    looked_at: datetime | None = None
    builds: tuple[BuildNote, ...] = ()
    slots: tuple[NextSlot, ...] = ()
    issues: tuple[IssueNote, ...] = ()
    issue_counts: Mapping[tuple[str, IssueState], int] = field(default_factory=dict)
    lateness_s: Mapping[str, float] = field(default_factory=dict)
    ledger: str | None = None
    max_build_age: timedelta = timedelta(hours=25)

    @property
    def last_good(self) -> BuildNote | None:
        """The last build that ended well."""
        return next((build for build in self.builds if build.failed is None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must be well for the service to be ready."""

    name: str
    ok: bool
    what: str


def checks(health: Health, now: datetime) -> tuple[Check, ...]:
    """Return whether the service is ready, check by check."""
    return (_build_check(health, now), _ledger_check(health), _slot_check(health))


def _build_check(health: Health, now: datetime) -> Check:
    last = health.builds[0] if health.builds else None
    failed = f"; the last build failed: {last.failed}" if last and last.failed is not None else ""
    if health.looked_at is None:
        return Check(name="last-build", ok=False, what=f"no build has ended well yet{failed}")
    age = max(now - health.looked_at, timedelta())
    what = f"the last build ended well {in_words(age)} ago; it is fresh for {in_words(health.max_build_age)}{failed}"
    return Check(name="last-build", ok=age <= health.max_build_age, what=what)


def _ledger_check(health: Health) -> Check:
    ok = health.ledger is None
    return Check(name="ledger", ok=ok, what="the ledger can be read" if health.ledger is None else health.ledger)


def _slot_check(health: Health) -> Check:
    never = [slot.newsletter for slot in health.slots if slot.due is None]
    if never:
        what = f"no next slot is known of {', '.join(never)}: the cadence never comes"
        return Check(name="next-slot", ok=False, what=what)
    what = f"the next slot of {count(len(health.slots), 'newsletter')} is known" if health.slots else "no newsletters"
    return Check(name="next-slot", ok=True, what=what)


def in_words(length: timedelta) -> str:
    """Return a length of time as people say it, in its one or two largest units: '3 h 20 min', '2 days', '45 s'."""
    seconds = int(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 172_800:
        hours, minutes = divmod(seconds // 60, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{seconds // 86_400} days"
