"""Notices: what people asked to be told, each event once.

    slots that the ledger marks as untold ─┐
    what stays wrong, round after round ───┴► notices ─► told before? ─► waiting ─► sent ─► told

What happens once is marked in the ledger in the very transaction in which it happens, and the mark
goes when the notice waits; so no event is lost with a round that is killed. An event is told until the
telling worked, and then never again. A failure is told anew once a round has gone well in between,
and its end is told too.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from syndicate.domain.moments import from_text, to_text
from syndicate.domain.newsletters import Draft, Newsletter
from syndicate.domain.slots import Fate, Slot
from syndicate.ports import Ledger
from syndicate.services.rounds import SlotOutcome, approve_command, why_skipped

NOTICES_FILE = "notices.json"
"""Where the state folder keeps which events were told."""

# Events are forgotten so long after they were told.
_MEMORY = timedelta(days=400)
FAILED, WORKS = "build-failed", "build-works"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One event: `key` tells it from all others, `event` is its kind, `text` says it in a sentence."""

    key: str
    event: str
    text: str
    newsletter: str | None = None
    number: int | None = None
    due: datetime | None = None

    def plain(self, site: str) -> dict[str, Any]:
        """Return the notice for JSON, as docs/how-to/notify.md describes it."""
        return {
            "event": self.event,
            "text": self.text,
            "site": site,
            "newsletter": self.newsletter,
            "number": self.number,
            "due": to_text(self.due) if self.due else None,
        }


def failure(why: str) -> Notice:
    """Return the notice that nothing can be built."""
    return Notice(key=FAILED, event=FAILED, text=f"nothing can be built: {why}")


def refused(why: str) -> Notice:
    """Return the notice that a config can't be used, once for the same mistakes."""
    mark = hashlib.blake2b(why.encode(), digest_size=6).hexdigest()
    return Notice(key=f"config-refused {mark}", event="config-refused", text=why)


def of_round(outcomes: Iterable[SlotOutcome]) -> tuple[Notice, ...]:
    """Return what a round that went well has to tell of what stays as it is: each round finds that again."""
    slots = [notice for one in outcomes if (notice := _of_outcome(one))]
    return (Notice(key=WORKS, event=WORKS, text="building works again"), *slots)


def _of_outcome(outcome: SlotOutcome) -> Notice | None:
    slug, due = outcome.newsletter, to_text(outcome.due)
    if outcome.fate is Fate.HELD and outcome.issue:
        number = outcome.issue.number
        approve = approve_command(slug, number, outcome.digest)
        text = f"issue {number} of {slug} for {due} is held, since nobody has approved it: '{approve}'"
        return _notice("issue-held", text, slug, outcome.due, number, outcome.digest)
    if outcome.fate is Fate.CLAIMED:
        text = f"the issue of {slug} for {due} could not be made: {outcome.error}"
        return _notice("issue-failed", text, slug, outcome.due)
    return None


def of_untold(ledger: Ledger, newsletters: Sequence[Newsletter], now: datetime) -> tuple[Notice, ...]:
    """Return what there is to tell of slots that the ledger marks as untold."""
    by_slug = {newsletter.slug: newsletter for newsletter in newsletters}
    drafts = {(slug, draft.issue.due): draft for slug in by_slug for draft in ledger.drafts(slug)}
    found = (
        _of_slot(slot, by_slug[slot.newsletter], drafts.get((slot.newsletter, slot.due)), now)
        for slot in ledger.untold()
        if slot.newsletter in by_slug
    )
    return tuple(notice for notice in found if notice)


def _of_slot(slot: Slot, newsletter: Newsletter, draft: Draft | None, now: datetime) -> Notice | None:
    slug, due = slot.newsletter, to_text(slot.due)
    match slot.fate:
        case Fate.LATE:
            why = why_skipped(newsletter, slot.due, slot.settled_at or now)
            return _notice("slot-missed", f"the slot of {slug} at {due} was skipped: {why}", slug, slot.due)
        case Fate.SUPERSEDED:
            text = f"the draft of {slug} for {due} was dropped: a later slot has come"
            return _notice("issue-dropped", text, slug, slot.due)
        case Fate.CLAIMED if draft and slot.due > now and not draft.is_approved:
            number, digest = draft.issue.number, draft.digest
            text = f"issue {number} of {slug} for {due} waits for approval: '{approve_command(slug, number, digest)}'"
            return _notice("issue-drafted", text, slug, slot.due, number, digest)
        case _:  # approved, held or rejected since
            return None


def _notice(
    event: str, text: str, newsletter: str, due: datetime, number: int | None = None, digest: str | None = None
) -> Notice:
    key = " ".join([event, newsletter, to_text(due), *([digest] if digest else [])])
    return Notice(key=key, event=event, text=text, newsletter=newsletter, number=number, due=due)


@dataclass(frozen=True, slots=True)
class Memory:
    """What was told by one way: each event with its moment, and the notices that did not arrive yet."""

    told: Mapping[str, str]
    waiting: tuple[Notice, ...] = ()


def memories(data: bytes | None) -> dict[str, Memory]:
    """Return what was told by each way, from what was saved; what can't be read counts for nothing."""
    try:
        return {str(way): _memory(plain) for way, plain in json.loads(data or b"{}").items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _memory(plain: Mapping[str, Any]) -> Memory:
    waiting = [{**one, "due": from_text(one["due"]) if one["due"] else None} for one in plain["waiting"]]
    told = {str(key): to_text(from_text(str(at))) for key, at in plain["told"].items()}
    return Memory(told, tuple(Notice(**one) for one in waiting))


def memories_text(known: Mapping[str, Memory]) -> bytes:
    """Return what is saved of each way."""
    plain = {
        way: {
            "told": dict(memory.told),
            "waiting": [{**asdict(one), "due": to_text(one.due) if one.due else None} for one in memory.waiting],
        }
        for way, memory in known.items()
    }
    return json.dumps(plain, indent=1, ensure_ascii=False).encode()


def with_new(notices: Sequence[Notice], memory: Memory | None, now: datetime) -> Memory:
    """Return what is known of a way with notices that are to be told by it, unless they were.

    That building works is news only after it did not; a failure and its end cancel each other as long
    as neither has arrived.
    """
    before = memory or Memory({})
    told = {key: at for key, at in before.told.items() if from_text(at) > now - _MEMORY}
    current = {notice.key for notice in notices}
    over = {WORKS: FAILED, FAILED: WORKS}
    old = [notice for notice in before.waiting if notice.key not in current and over.get(notice.key) not in current]
    new = [notice for notice in notices if notice.event != WORKS or FAILED in told]
    return Memory(told, tuple(notice for notice in (*old, *new) if notice.key not in told))


def with_told(notice: Notice, memory: Memory, now: datetime) -> Memory:
    """Return what is known of a way once a notice has arrived."""
    told = dict(memory.told)
    if notice.event == WORKS:
        told.pop(FAILED, None)
    else:
        told[notice.key] = to_text(now)
    return replace(memory, told=told, waiting=tuple(one for one in memory.waiting if one.key != notice.key))
