"""The schedule: when issues are due, and when articles appear and expire by the clock."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.domain.articles import Article
from syndicate.domain.cadence import next_slot, slots
from syndicate.domain.collection import Collection
from syndicate.domain.moments import to_text
from syndicate.domain.newsletters import Newsletter

# What happens at a moment: an issue is due, an article appears, an article expires.
ISSUE, APPEARS, EXPIRES = "issue", "appears", "expires"
# Slots are asked for after a moment; one at the start of a period belongs to it.
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Event:
    """Something that the clock brings: `name` is a newsletter's slug or an article's path."""

    moment: datetime
    kind: str
    name: str
    zone_name: str

    @property
    def local(self) -> datetime:
        """The wall time in the newsletter's zone, or the site's for an article."""
        return self.moment.astimezone(ZoneInfo(self.zone_name))

    def plain(self) -> dict[str, Any]:
        """Return the event for JSON, as docs/reference/json.md describes it."""
        return {
            "at": to_text(self.moment),
            "local": self.local.isoformat(),
            "zone": self.zone_name,
            "event": self.kind,
            "name": self.name,
        }


def next_events(
    newsletters: Sequence[Newsletter], articles: Sequence[Event], now: datetime, number: int
) -> Iterator[Event]:
    """Yield the next slots of every newsletter, and the next moment of articles, in order."""
    of_newsletters = [islice(_next_slots(newsletter, now), number) for newsletter in newsletters]
    first = min((one.moment for one in articles if one.moment > now), default=None)
    return heapq.merge(*of_newsletters, sorted(one for one in articles if one.moment == first))


def events_between(
    newsletters: Sequence[Newsletter], articles: Iterable[Event], start: datetime, end: datetime
) -> Iterator[Event]:
    """Yield everything from `start` to `end`, both included, in order."""
    of_newsletters = [_slots_between(newsletter, start, end) for newsletter in newsletters]
    return heapq.merge(*of_newsletters, sorted(one for one in articles if start <= one.moment <= end))


def article_events(collection: Collection, now: datetime, zone: ZoneInfo) -> tuple[Event, ...]:
    """Return when articles appear and expire after `now`; those that are held by their author do neither."""
    articles = [file.article for file in collection.files if file.article and not file.article.hold]
    return tuple(
        Event(moment=moment, kind=kind, name=article.path, zone_name=zone.key)
        for article in articles
        for kind, moment in _changes(article)
        if moment > now
    )


def _changes(article: Article) -> Iterator[tuple[str, datetime]]:
    if article.expires is None or article.due < article.expires:
        yield APPEARS, article.due
    if article.expires is not None:
        yield EXPIRES, article.expires


def _next_slots(newsletter: Newsletter, now: datetime) -> Iterator[Event]:
    moment = next_slot(newsletter.cadence, newsletter.zone, now)
    while moment:
        yield _issue(newsletter, moment)
        moment = next_slot(newsletter.cadence, newsletter.zone, moment)


def _slots_between(newsletter: Newsletter, start: datetime, end: datetime) -> Iterator[Event]:
    for due in slots(newsletter.cadence, newsletter.zone, start - _INSTANT, end):
        yield _issue(newsletter, due)


def _issue(newsletter: Newsletter, due: datetime) -> Event:
    return Event(moment=due, kind=ISSUE, name=newsletter.slug, zone_name=newsletter.zone.key)
