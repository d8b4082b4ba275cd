"""Slots and their fates: what becomes of each due moment of a newsletter.

    not recorded ─► claimed ─► cut             there is an issue for it
         │             ├─────► empty           there was nothing new
         │             ├─────► skipped-late    nobody came in time
         │             ├─────► rejected        its draft was turned down
         └─────────────┴─────► superseded      a later slot had come by then

A claimed slot may have a draft that waits for approval: it is *drafted* until the slot comes and
*held* from then on, until it is approved, turned down, or too late.

A slot is claimed in the ledger before its issue is made. Whoever finds a claim without an outcome
goes on with it: the key (newsletter, due) lets no slot have two issues.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from syndicate.domain.cadence import Cadence, slots

# The slot at the very moment at which a newsletter becomes known is its first.
_INSTANT = timedelta(microseconds=1)
# How far back slots can have been missed: beyond the greatest lateness that a config may allow.
REACH = timedelta(days=400)


class Fate(Enum):
    """What became of a slot."""

    CLAIMED = "claimed"
    CUT = "cut"
    EMPTY = "empty"
    LATE = "skipped-late"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    DRAFTED = "drafted"  # never recorded: a claimed slot to come, with a draft
    HELD = "held"  # never recorded: a claimed slot that has come, with a draft that nobody has approved


# What a ledger may hold.
RECORDED = frozenset(Fate) - {Fate.DRAFTED, Fate.HELD}


def has_to_be_told(fate: Fate, *, had_draft: bool) -> bool:
    """Tell whether people are told of an outcome: a slot that was missed, or a draft that gave way."""
    return fate is Fate.LATE or (had_draft and fate is Fate.SUPERSEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A due moment as the ledger has it; (newsletter, due) is unique. `settled_at` is None while it is claimed."""

    newsletter: str
    due: datetime
    fate: Fate
    claimed_at: datetime
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to become of a slot now; CLAIMED means that its issue is to be cut."""

    due: datetime
    fate: Fate


def decide(
    cadence: Cadence,
    zone: ZoneInfo,
    known_since: datetime,
    recorded: Mapping[datetime, Fate],
    now: datetime,
    max_lateness: timedelta,
) -> tuple[Decision, ...]:
    """Return what is to become of every slot that has come and has no outcome yet, oldest first.

    Of several, only the latest can have an issue, and only within `max_lateness`. Slots before
    `known_since`, before the latest that is recorded, and more than REACH ago, were nobody's to miss.
    Slots in the future that are recorded (drafts, or a clock was wrong) stay as they are.
    """
    ahead = (Fate.CLAIMED, Fate.REJECTED)  # what a slot may rightly be before it comes
    settled = [due for due, fate in recorded.items() if fate not in (ahead if due > now else (Fate.CLAIMED,))]
    claimed = {due for due, fate in recorded.items() if fate is Fate.CLAIMED and due <= now}
    after = max([max(known_since, now - REACH) - _INSTANT, *settled, *claimed])
    waiting = sorted({*claimed, *slots(cadence, zone, after, now)})
    newest_settled = max(settled, default=None)
    return tuple(Decision(due=due, fate=_fate(due, waiting[-1], newest_settled, now, max_lateness)) for due in waiting)


def _fate(
    due: datetime, latest: datetime, newest_settled: datetime | None, now: datetime, max_lateness: timedelta
) -> Fate:
    if due < latest or (newest_settled is not None and due < newest_settled):
        return Fate.SUPERSEDED
    return Fate.CLAIMED if now - due <= max_lateness else Fate.LATE


def fates(recorded: Iterable[Slot], issues_due: Iterable[datetime]) -> dict[datetime, Fate]:
    """Return the fate of each slot; one with an issue was cut, whatever older ledgers recorded of it."""
    return {slot.due: slot.fate for slot in recorded} | dict.fromkeys(issues_due, Fate.CUT)
