"""Notices: what people asked to be told, each event once.

    outcomes of a round ─► notices ─► told before? ─► tell ─► remember

An event is told until the telling worked, and then never again. A failure is told anew once a round
has gone well in between, and its end is told too.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from syndicate.domain.moments import from_text, to_text
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.slots import Fate
from syndicate.services.rounds import SlotOutcome, why_skipped

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
    approve = f"'syndicate issue approve {outcome.newsletter} {number}'"
    match outcome.fate:
        case Fate.DRAFTED:
            event, text = "issue-drafted", f"{name} waits for approval: {approve}"
        case Fate.HELD:
            event, text = "issue-held", f"{name} is held, since nobody has approved it: {approve}"
        case Fate.LATE:
            event = "slot-missed"
            text = f"the slot of {outcome.newsletter} at {due} was skipped: {why_skipped(newsletter, outcome.due, now)}"
        case Fate.CLAIMED:
            event = "issue-failed"
            text = f"the issue of {outcome.newsletter} for {due} could not be made: {outcome.error}"
        case _:
            return None
    key = " ".join([event, outcome.newsletter, due, *([outcome.digest] if outcome.digest else [])])
    return Notice(key=key, event=event, text=text, newsletter=outcome.newsletter, number=number, due=outcome.due)


def known_notices(data: bytes | None) -> dict[str, str]:
    """Return when each event was told, from what was saved; what can't be read counts for nothing."""
    try:
        found = json.loads(data or b"{}")
        return {str(key): to_text(from_text(str(at))) for key, at in found.items()}
    except (ValueError, AttributeError, RecursionError):
        return {}


def tell_new(
    notices: Iterable[Notice], known: Mapping[str, str], now: datetime, tell: Callable[[Notice], str | None]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Tell what is not known; returns what is known then, and why a notice did not arrive.

    `tell` returns why it failed, if it did. That building works is news only after it did not.
    """
    told = {key: at for key, at in known.items() if from_text(at) > now - _MEMORY}
    failures: list[str] = []
    for notice in notices:
        is_end = notice.event == WORKS
        if notice.key in told or (is_end and FAILED not in told):
            continue
        if why := tell(notice):
            failures.append(why)
        elif is_end:
            del told[FAILED]
        else:
            told[notice.key] = to_text(now)
    return told, tuple(failures)
