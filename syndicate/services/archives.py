"""Feeds through time: which articles are in each feed's document and archive, which feeds have ended."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from syndicate.domain.archive import FeedHistory, Paged, Shelf, ended_at, paginate, retired, tombstone_bytes
from syndicate.domain.articles import Article, ArticlePath, EntryId
from syndicate.domain.facets import Facet, facets_of
from syndicate.domain.feeds import FeedOptions, weight
from syndicate.domain.site import Site
from syndicate.domain.text import escaped_size
from syndicate.domain.topics import Topic
from syndicate.services.collect import Snapshot

EVERYTHING = ""
"""The key of the feed of all articles: no topic has it."""

# What Atom writes around the id of an entry that is gone, with the moment.
_TOMBSTONE_BYTES = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Archives:
    """The feeds of one build. `ended` are those whose last article is gone, by key; `to_record` is news to the ledger.

    `hidden` are the keys of the topics that are to have no feed.

    `everything` are all articles, newest first, `articles` a topic's own; `paged` has those of every
    feed shared out, by the key of its topic or facet.
    """

    everything: Sequence[Article]
    articles: Mapping[Topic, Sequence[Article]]
    facets: tuple[Facet, ...]
    hidden: frozenset[str]
    paged: Mapping[str, Paged]
    ended: Mapping[str, FeedHistory]
    to_record: Mapping[str, FeedHistory]


def archives_of(
    snapshot: Snapshot,
    histories: Mapping[str, FeedHistory],
    site: Site,
    options: FeedOptions,
    slugs: Mapping[str, str],
    hidden: Collection[str],
    merged: Mapping[str, str],
    now: datetime,
    started_at: datetime,
) -> Archives:
    """Share out every feed's articles between its document and its archive.

    `slugs` are those that feeds have had, by key, `hidden` the keys of
    the topics that are to have no feed, `merged` maps those of topics to that which they are part of.
    """
    shelf = Shelf(
        identities=snapshot.identities,
        weigh=_weigher(snapshot, site, options),
        started_at=started_at,
    )
    everything = shelf.newest_first(snapshot.collection.articles)
    facets = facets_of(everything, options.per, slugs)
    articles = _by_topic(snapshot, everything)
    groups: dict[str, tuple[str, Sequence[Article]]] = {EVERYTHING: (site.title, everything)}
    groups |= {topic.key: (topic.label, own) for topic, own in articles.items()}
    groups |= {facet.key: (facet.label, own) for facet, own in facets.items()}
    inherited: defaultdict[str, set[EntryId]] = defaultdict(set)
    for part, whole in merged.items():
        if part in histories:
            inherited[whole].update(histories[part].pages)
    paged = {
        key: paginate(label, own, shelf, histories.get(key), inherited[key], options, now)
        for key, (label, own) in groups.items()
    }
    ended = {
        key: history if history.retired else retired(history, now)
        for key, history in histories.items()
        if key not in paged
    }
    changed = {key: one.history for key, one in paged.items() if one.history != histories.get(key)}
    newly_ended = {key: one for key, one in ended.items() if not histories[key].retired}
    return Archives(
        everything=everything,
        articles=articles,
        facets=tuple(facets),
        hidden=frozenset(hidden),
        paged=paged,
        ended=ended,
        to_record={**changed, **newly_ended},
    )


def stage_moments(archives: Archives, options: FeedOptions) -> Iterator[datetime]:
    """Yield the moments at which the clock alone changes a feed without articles."""
    for key, history in archives.ended.items():
        moment = ended_at(history, key in archives.hidden, options)
        yield moment
        yield moment + timedelta(days=options.retire_days)


Tombstones = Mapping[str, tuple[tuple[EntryId, datetime], ...]]
"""By feed, the entries that have gone from it, each with the moment, the latest first."""


def tombstones(snapshot: Snapshot, archives: Archives, options: FeedOptions) -> Tombstones:
    """Return what feeds say of entries that are gone: of those that they have carried, as many as there is room for."""
    if not options.tombstones:
        return {}
    gone = {identity.id: identity.retracted for identity in snapshot.retracted if identity.retracted}
    histories = {**{key: one.history for key, one in archives.paged.items()}, **archives.ended}
    return {
        key: _latest([(one, gone[one]) for one in history.pages if one in gone], options)
        for key, history in histories.items()
    }


def _latest(gone: list[tuple[EntryId, datetime]], options: FeedOptions) -> tuple[tuple[EntryId, datetime], ...]:
    """Return the latest, no more than a feed has entries at most, and no more than there is room for."""
    gone.sort(key=lambda one: (one[1], one[0]), reverse=True)
    sizes = accumulate(_TOMBSTONE_BYTES + escaped_size(identifier) for identifier, _ in gone[: options.limit])
    return tuple(one for one, size in zip(gone, sizes, strict=False) if size <= tombstone_bytes(options))


def _weigher(snapshot: Snapshot, site: Site, options: FeedOptions) -> Callable[[Article], int]:
    """Return what tells an article's weight, reckoned once for all the feeds that it is in."""
    known: dict[ArticlePath, int] = {}

    def weigh(article: Article) -> int:
        if article.path not in known:
            topics = snapshot.topics.by_article[article.path]
            identifier = snapshot.identities[article.path].id
            known[article.path] = weight(article, topics, identifier, site.output_url, options)
        return known[article.path]

    return weigh


def _by_topic(snapshot: Snapshot, everything: Sequence[Article]) -> dict[Topic, list[Article]]:
    groups: defaultdict[str, list[Article]] = defaultdict(list)
    for article in everything:
        for topic in snapshot.topics.by_article[article.path]:
            groups[topic.key].append(article)
    return {topic: groups[topic.key] for topic in snapshot.topics.all if topic.key in groups}
