"""Feeds through time: which articles are in each feed's document and archive, which feeds have ended."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicate.domain.archive import FeedHistory, Paged, ended_at, paginate
from syndicate.domain.articles import Article, EntryId
from syndicate.domain.facets import Facet, facets_of
from syndicate.domain.feeds import FeedOptions
from syndicate.domain.topics import Topic
from syndicate.services.collect import Snapshot

EVERYTHING = ""
"""The key of the feed of all articles: no topic has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archives:
    """The feeds of one build. `ended` are those whose last article is gone, by key; `to_record` is news to the ledger.

    `hidden` are the keys of the topics that are to have no feed.

    `articles` are a topic's own, newest first; `paged` has those of every feed shared out, by the key
    of its topic or facet.
    """

    articles: Mapping[Topic, Sequence[Article]]
    facets: tuple[Facet, ...]
    hidden: frozenset[str]
    paged: Mapping[str, Paged]
    ended: Mapping[str, FeedHistory]
    to_record: Mapping[str, FeedHistory]


def archives_of(
    snapshot: Snapshot,
    histories: Mapping[str, FeedHistory],
    title: str,
    options: FeedOptions,
    slugs: Mapping[str, str],
    hidden: Collection[str],
    now: datetime,
    started_at: datetime,
) -> Archives:
    """Share out every feed's articles between its document and its archive.

    `title` is that of the site, `slugs` are those that feeds have had, by key, `hidden` the keys of
    the topics that are to have no feed.
    """
    facets = facets_of(snapshot.collection.articles, options.per, slugs)
    articles = _by_topic(snapshot)
    groups: dict[str, tuple[str, Sequence[Article]]] = {EVERYTHING: (title, snapshot.collection.articles)}
    groups |= {topic.key: (topic.label, own) for topic, own in articles.items()}
    groups |= {facet.key: (facet.label, own) for facet, own in facets.items()}
    paged = {
        key: paginate(label, own, snapshot.identities, histories.get(key), options, now, started_at)
        for key, (label, own) in groups.items()
    }
    ended = {
        key: history if history.retired else replace(history, retired=now)
        for key, history in histories.items()
        if key not in paged
    }
    changed = {key: one.history for key, one in paged.items() if one.leaving or _is_new(one, histories.get(key))}
    newly_ended = {key: one for key, one in ended.items() if not histories[key].retired}
    return Archives(
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


def tombstones(snapshot: Snapshot, key: str, options: FeedOptions) -> tuple[tuple[EntryId, datetime], ...]:
    """Return the entries that have gone from a feed, the latest first, as many as it has entries at most."""
    if not options.tombstones:
        return ()
    gone = [
        (identity.id, identity.retracted)
        for identity in snapshot.retracted
        if identity.retracted and (key == EVERYTHING or key in identity.topics)
    ]
    return tuple(sorted(gone, key=lambda one: (one[1], one[0]), reverse=True)[: options.limit])


def _by_topic(snapshot: Snapshot) -> dict[Topic, list[Article]]:
    groups: defaultdict[str, list[Article]] = defaultdict(list)
    for article in snapshot.collection.articles:
        for topic in snapshot.topics.by_article[article.path]:
            groups[topic.key].append(article)
    return {topic: groups[topic.key] for topic in snapshot.topics.all if topic.key in groups}


def _is_new(paged: Paged, before: FeedHistory | None) -> bool:
    return before is None or before.retired is not None or before.title != paged.history.title
