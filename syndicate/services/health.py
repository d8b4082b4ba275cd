"""How the service is, from what builds left behind and from the ledger."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from syndicate.domain.cadence import next_slot
from syndicate.domain.health import BuildNote, IssueNote, IssueState, NextSlot, in_words
from syndicate.domain.moments import from_text
from syndicate.domain.newsletters import Issue, Newsletter
from syndicate.domain.slots import Decision, Fate, fates
from syndicate.errors import Problem
from syndicate.ports import Ledger
from syndicate.services.builds import rows_of
from syndicate.services.rounds import due_decisions
from syndicate.services.status import newsletter_status

# How many slots of each newsletter are shown.
SHOWN_ISSUES = 5
# What the next round does with a slot that has no outcome yet.
_WAITING = {
    Fate.CLAIMED: "the next round cuts its issue",
    Fate.LATE: "the next round skips it: it is too late by now",
    Fate.SUPERSEDED: "the next round passes over it: a later slot has come",
}
NO_LEDGER = "there is no ledger yet; run 'syndicate build'"


def build_notes(data: bytes | None) -> tuple[BuildNote, ...]:
    """Return the remembered builds, newest first; rows that can't be read are left out."""
    return tuple(note for row in rows_of(data) if (note := _note(row)))


def _note(row: Any) -> BuildNote | None:
    try:
        return BuildNote(
            at=from_text(row["at"]),
            duration_s=float(row["duration_s"]),
            failed=row["failed"],
            files={str(status): int(number) for status, number in row.get("files", {}).items()},
            written=int(row.get("written", 0)),
            unchanged=int(row.get("unchanged", 0)),
            removed=int(row.get("removed", 0)),
            problem_count=int(row.get("problems", 0)),
            problems=tuple(Problem(**problem) for problem in row.get("problem_list", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with the issues of all newsletters: the parts of a Health that the ledger tells."""

    issues: tuple[IssueNote, ...]
    counts: Mapping[tuple[str, IssueState], int]
    lateness_s: Mapping[str, float]


def next_slots(newsletters: Sequence[Newsletter], now: datetime) -> tuple[NextSlot, ...]:
    """Return when the next issue of each newsletter is due, the soonest first."""
    found = [
        NextSlot(newsletter=one.slug, title=one.title, due=next_slot(one.cadence, one.zone, now), zone=one.zone)
        for one in newsletters
    ]
    return tuple(sorted(found, key=lambda slot: (slot.due is None, slot.due or now, slot.newsletter)))


def standing(ledger: Ledger, newsletters: Sequence[Newsletter], now: datetime) -> Standing:
    """Return how it stands with the issues of newsletters at a moment."""
    notes: list[IssueNote] = []
    counts: Counter[tuple[str, IssueState]] = Counter()
    lateness: dict[str, float] = {}
    for one in newsletters:
        issues, slots = ledger.issues(one.slug), ledger.slots(one.slug)
        drafts = {draft.issue.due: draft for draft in ledger.drafts(one.slug)}
        known = fates(slots, (issue.due for issue in issues))
        states = [
            _draft_state(due, now) if due in drafts else IssueState(fate.value)
            for due, fate in known.items()
            if due <= now or due in drafts or fate is not Fate.CLAIMED  # a claim ahead of its slot has nothing to say
        ]
        recorded = {slot.due for slot in slots}
        waiting = due_decisions(ledger, one, now)
        new = [decision for decision in waiting if decision.due not in recorded | drafts.keys()]
        counts.update((one.slug, state) for state in [*states, *(IssueState.WAITING for _ in new)])
        lateness[one.slug] = max(((now - decision.due).total_seconds() for decision in waiting), default=0.0)
        notes += _notes(ledger, one, now, issues, new)
    newest_first = sorted(notes, key=lambda note: (note.due, note.newsletter), reverse=True)
    return Standing(issues=tuple(newest_first), counts=counts, lateness_s=lateness)


def _notes(
    ledger: Ledger, newsletter: Newsletter, now: datetime, issues: Sequence[Issue], waiting: Iterable[Decision]
) -> list[IssueNote]:
    """Return the latest slots of a newsletter with how it stands with their issues."""
    slug, zone = newsletter.slug, newsletter.zone
    cut = [
        IssueNote(
            newsletter=slug,
            due=issue.due,
            state=IssueState.CUT,
            zone=zone,
            number=issue.number,
            subject=issue.subject,
            why=_how_late(issue),
        )
        for issue in issues[-SHOWN_ISSUES:]
    ]
    drafts = [
        IssueNote(
            newsletter=slug,
            due=draft.issue.due,
            state=_draft_state(draft.issue.due, now),
            zone=zone,
            number=draft.issue.number,
            subject=draft.issue.subject,
            why="approved" if draft.is_approved else "it waits for approval",
        )
        for draft in ledger.drafts(slug)
    ]
    without = [
        IssueNote(newsletter=slug, due=note.due, state=IssueState(note.fate.value), zone=zone, why=note.why)
        for note in newsletter_status(ledger, newsletter, now).without_issue
    ]
    due = [
        IssueNote(newsletter=slug, due=one.due, state=IssueState.WAITING, zone=zone, why=_WAITING[one.fate])
        for one in waiting
    ]
    return sorted([*cut, *drafts, *without, *due], key=lambda note: note.due, reverse=True)[:SHOWN_ISSUES]


def _draft_state(due: datetime, now: datetime) -> IssueState:
    return IssueState.HELD if due <= now else IssueState.DRAFT


def _how_late(issue: Issue) -> str:
    late = issue.cut_at - issue.due
    return f"{in_words(late)} after its slot" if late >= timedelta(seconds=60) else "on time"
