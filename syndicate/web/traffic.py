"""The counts of what was asked: plain numbers that a poll costs one addition, and bounded whatever strangers send.

answer ─► Hits of its feed, or of its kind ─┐
User-Agent ─► Sighting, if it reports ──────┴─► Traffic, when someone asks
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from syndicate.domain.traffic import FeedTraffic, Traffic
from syndicate.web.agents import Reported, reported
from syndicate.web.media import FEED_KINDS, Media, kind_of

Hits = defaultdict[int, int]
"""Answers by status."""

# More feeds than any site has; the hits of those beyond count together.
MAX_FEEDS = 10_000
# An aggregator has one id for a feed, or one for each address that it knows it by.
MAX_FEED_IDS = 8
MAX_REPORTS = 20_000
# Aggregators look at a quiet feed about once a day; one that has not come for a week polls no more.
FORGOTTEN_S = 7 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A report of an aggregator about a feed, told by its path in output/."""

    feed: str
    reported: Reported


class Counter:
    """Counts answers and keeps the newest report of each aggregator; `now_s` is a clock that only goes forward.

    Only the event loop changes it, except for `hits_of`.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._kinds: dict[str, Hits] = {}
        self._feeds: dict[str, tuple[str, Hits]] = {}
        self._reports: dict[tuple[str, str], dict[str, tuple[int, float]]] = {}

    def hits_of(self, name: str, media: Media) -> Hits:
        """Return what counts the answers of a file, told by its path in output/; the reader's threads call it."""
        if media.kind not in FEED_KINDS:
            return self._of_kind(media.kind)
        known = self._feeds.get(name)
        if known is None:
            if len(self._feeds) >= MAX_FEEDS:
                return self._of_kind(media.kind)
            known = self._feeds.setdefault(name, (media.kind, defaultdict(int)))
        return known[1]

    def _of_kind(self, kind: str) -> Hits:
        return self._kinds.setdefault(kind, defaultdict(int))

    def count(self, path: str, status: int) -> None:
        """Count an answer that is no file's own, by the kind that its path names."""
        self._of_kind(kind_of(path))[status] += 1

    def sighting(self, feed: str, media: Media, agent: bytes) -> Sighting | None:
        """Return what a User-Agent reports about a feed, None if that is nothing."""
        found = reported(agent) if agent and media.kind in FEED_KINDS else None
        return Sighting(feed=feed, reported=found) if found else None

    def note(self, sighting: Sighting) -> None:
        """Keep a report, unless there are too many already."""
        now_s, one = self._now_s(), sighting.reported
        by_id = self._reports.get((sighting.feed, one.aggregator))
        if by_id is None:
            if len(self._reports) >= MAX_REPORTS:
                return
            by_id = self._reports[sighting.feed, one.aggregator] = {}
        if one.feed_id not in by_id and len(by_id) >= MAX_FEED_IDS:
            del by_id[min(by_id, key=lambda known: by_id[known][1])]
        by_id[one.feed_id] = (one.subscribers, now_s)

    def traffic(self, dropped_lines: int = 0) -> Traffic:
        """Return all counts as they are now, the most popular feeds first."""
        self._forget()
        requests: defaultdict[tuple[str, int], int] = defaultdict(int)
        known = list(self._feeds.items())  # the reader's threads may add one meanwhile
        for kind, hits in [*self._kinds.items(), *(counted for _, counted in known)]:
            for status, number in hits.items():
                requests[kind, status] += number
        subscribers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (feed, aggregator), by_id in self._reports.items():
            subscribers[feed][aggregator] = sum(number for number, _ in by_id.values())
        feeds = [
            FeedTraffic(name=name, statuses=dict(hits), subscribers=subscribers.get(name, {}))
            for name, (_, hits) in known
        ]
        feeds.sort(key=lambda feed: (-sum(feed.subscribers.values()), -feed.requests, feed.name))
        return Traffic(requests=dict(sorted(requests.items())), feeds=tuple(feeds), dropped_lines=dropped_lines)

    def _forget(self) -> None:
        """Drop the reports of aggregators that poll no more."""
        since = self._now_s() - FORGOTTEN_S
        for key, by_id in list(self._reports.items()):
            for feed_id, (_, at) in list(by_id.items()):
                if at < since:
                    del by_id[feed_id]
            if not by_id:
                del self._reports[key]
