"""The status: how the last build went, and how each newsletter stands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syndicate.domain.cadence import next_slot
from syndicate.domain.moments import to_text
from syndicate.domain.newsletters import Draft, Issue, Newsletter
from syndicate.domain.slots import Fate, Slot, fates
from syndicate.ports import Ledger
from syndicate.services.rounds import issue_path, plan_steps, why_skipped

# How many of the latest slots without an issue are told.
SHOWN_SLOTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotNote:
    """A slot that has no issue, and why in words."""

    due: datetime
    fate: Fate
    why: str

    def plain(self) -> dict[str, Any]:
        """Return the note for JSON."""
        return {"due": to_text(self.due), "fate": self.fate.value, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterStatus:
    """How a newsletter stands: `waiting` is a slot that has come and whose issue the next round would cut."""

    newsletter: Newsletter
    known_since: datetime | None
    last: Issue | None
    next: datetime | None
    waiting: datetime | None
    without_issue: tuple[SlotNote, ...]
    drafts: tuple[Draft, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return the standing for JSON, as docs/reference/json.md describes it."""
        return {
            "slug": self.newsletter.slug,
            "title": self.newsletter.title,
            "known_since": _text(self.known_since),
            "last_issue": self.last and plain_issue(self.last),
            "next": _text(self.next),
            "waiting": _text(self.waiting),
            "drafts": [plain_draft(draft) for draft in self.drafts],
            "without_issue": [note.plain() for note in self.without_issue],
        }


def newsletter_status(ledger: Ledger, newsletter: Newsletter, now: datetime) -> NewsletterStatus:
    """Return how a newsletter stands at a moment."""
    issues = ledger.issues(newsletter.slug)
    steps = plan_steps(ledger, newsletter, now)
    drafts = ledger.drafts(newsletter.slug)
    return NewsletterStatus(
        newsletter=newsletter,
        known_since=ledger.known_since(newsletter.slug),
        last=issues[-1] if issues else None,
        next=next_slot(newsletter.cadence, newsletter.zone, now),
        waiting=next((one.due for one in steps if one.fate in (Fate.CLAIMED, Fate.CUT)), None),
        without_issue=_without_issue(
            newsletter, ledger.slots(newsletter.slug), (*issues, *(draft.issue for draft in drafts)), now
        ),
        drafts=drafts,
    )


def _without_issue(
    newsletter: Newsletter, slots: Iterable[Slot], issues: Iterable[Issue], now: datetime
) -> tuple[SlotNote, ...]:
    """Return the latest slots that have no issue, newest first; a claim ahead of its slot has nothing to say yet."""
    slots = tuple(slots)
    final = fates(slots, (issue.due for issue in issues))
    open_ahead = {slot.due for slot in slots if slot.fate is Fate.CLAIMED and slot.due > now}
    rows = [slot for slot in slots if final[slot.due] is not Fate.CUT and slot.due not in open_ahead]
    return tuple(
        SlotNote(due=slot.due, fate=slot.fate, why=_why(newsletter, slot)) for slot in reversed(rows[-SHOWN_SLOTS:])
    )


def _why(newsletter: Newsletter, slot: Slot) -> str:
    match slot.fate:
        case Fate.EMPTY:
            return "there was nothing new"
        case Fate.LATE:
            return why_skipped(newsletter, slot.due, slot.settled_at or slot.claimed_at)
        case Fate.REJECTED:
            return "its draft was rejected"
        case Fate.SUPERSEDED:
            return "a later slot had come by the time that something ran"
        case _:
            return f"claimed at {to_text(slot.claimed_at)} and not finished; the next run-due goes on with it"


def plain_issue(issue: Issue) -> dict[str, Any]:
    """Return an issue for JSON, without what it says."""
    return {
        "newsletter": issue.newsletter,
        "number": issue.number,
        "due": to_text(issue.due),
        "cut_at": to_text(issue.cut_at),
        "subject": issue.subject,
        "path": issue_path(issue),
        "state": Fate.CUT.value,
        "digest": None,
    }


def plain_draft(draft: Draft) -> dict[str, Any]:
    """Return a draft for JSON: an issue that has no page yet."""
    state = "approved" if draft.is_approved else "draft"
    return {**plain_issue(draft.issue), "path": None, "state": state, "digest": draft.digest}


def last_build(report: bytes | None) -> dict[str, Any] | None:
    """Return the counts of the last build from its report, or None if there is none that can be read."""
    try:
        found = json.loads(report or b"")
        return {name: found[name] for name in _COUNTS} | {"problem_list": found["problem_list"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


_COUNTS = ("files", "published", "held", "duplicates", "skipped", "rejected", "problems", "duration_s")


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None
