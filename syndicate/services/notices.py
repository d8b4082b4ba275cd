"""Notices: what people asked to be told, each event once.

    outcomes of a round ─► notices ─► told before? ─► tell ─► remember

An event is told until the telling worked, and then never again. A failure is told anew once a round
has gone well in between, and its end is told too.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from syndicate.domain.moments import from_text, to_text
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.slots import Fate
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


def of_round(outcomes: Iterable[SlotOutcome], newsletters: Sequence[Newsletter], now: datetime) -> tuple[Notice, ...]:
    """Return what a round that went well has to tell."""
    by_slug = {newsletter.slug: newsletter for newsletter in newsletters}
    slots = [notice for one in outcomes if (notice := _of_slot(one, by_slug[one.newsletter], now))]
    return (Notice(key=WORKS, event=WORKS, text="building works again"), *slots)


def _of_slot(outcome: SlotOutcome, newsletter: Newsletter, now: datetime) -> Notice | None:
    due, number = to_text(outcome.due), outcome.issue.number if outcome.issue else None
    name = f"issue {number} of {outcome.newsletter} for {due}"
    approve = f"'{approve_command(outcome.newsletter, number, outcome.digest)}'"
    match outcome.fate:
        case Fate.DRAFTED:
            event, text = "issue-drafted", f"{name} waits for approval: {approve}"
        case Fate.HELD:
            event, text = "issue-held", f"{name} is held, since nobody has approved it: {approve}"
        case Fate.LATE:
            event = "slot-missed"
            text = f"the slot of {outcome.newsletter} at {due} was skipped: {why_skipped(newsletter, outcome.due, now)}"
        case Fate.SUPERSEDED if outcome.stories:
            event, text = (
                "issue-dropped",
                f"the draft of {outcome.newsletter} for {due} was dropped: a later slot has come",
            )
        case Fate.CLAIMED:
            event = "issue-failed"
            text = f"the issue of {outcome.newsletter} for {due} could not be made: {outcome.error}"
        case _:
            return None
    key = " ".join([event, outcome.newsletter, due, *([outcome.digest] if outcome.digest else [])])
    return Notice(key=key, event=event, text=text, newsletter=outcome.newsletter, number=number, due=outcome.due)


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


def tell_new(
    notices: Sequence[Notice], memory: Memory | None, now: datetime, tell: Callable[[Notice], str | None]
) -> tuple[Memory, tuple[str, ...]]:
    """Tell what is new, and what did not arrive before; returns what is known then, and why a notice failed.

    `tell` returns why it failed, if it did. That building works is news only after it did not; a
    failure and its end cancel each other as long as neither has arrived.
    """
    before = memory or Memory({})
    told = {key: at for key, at in before.told.items() if from_text(at) > now - _MEMORY}
    current = {notice.key for notice in notices}
    over = {WORKS: FAILED, FAILED: WORKS}
    old = [notice for notice in before.waiting if notice.key not in current and over.get(notice.key) not in current]
    waiting: list[Notice] = []
    failures: list[str] = []
    for notice in (*old, *notices):
        is_end = notice.event == WORKS
        if notice.key in told or (is_end and FAILED not in told):
            continue
        if why := tell(notice):
            failures.append(why)
            waiting.append(notice)
        elif is_end:
            del told[FAILED]
        else:
            told[notice.key] = to_text(now)
    return Memory(told, tuple(waiting)), tuple(failures)
