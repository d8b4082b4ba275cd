"""Identity: what an article is known by for life, through renames.

An article's key comes from itself (front-matter id, else source address, else path), and its id in
feeds from the key, so that a machine that remembers nothing gives the same ids. The ledger remembers
what can't be derived: when an article was first published, when its story last changed, and the
further keys of an article whose key changed.

    articles ─► keys ─► remembered? ─► the same article under another key? ─► new
"""

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from syndicate.domain.articles import Article, ArticlePath, EntryId
from syndicate.domain.collection import oldest_first
from syndicate.domain.text import short_key
from syndicate.domain.urls import comparable


class Identity(Struct, frozen=True, kw_only=True):
    """What the ledger remembers of one article.

    `keys` are all that it was ever derived from; `path`, `source_url`, `page_url`, `story` and
    `topics` (keys) are those of its last sighting; `updated` is when its story last changed,
    `published` what it said when it first appeared, `retracted` when it was found to be gone.
    """

    id: EntryId
    keys: tuple[str, ...]
    path: str
    story: str
    first_seen: datetime
    updated: datetime
    source_url: str | None = None
    page_url: str | None = None
    published: datetime | None = None
    topics: tuple[str, ...] = ()
    retracted: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """Each article's identity, those that are retracted, and those of both that the ledger has yet to record."""

    by_article: Mapping[ArticlePath, Identity]
    retracted: tuple[Identity, ...]
    changed: tuple[Identity, ...]


def _own_key(article: Article) -> str:
    """Return what an article is known by, whatever others are; '|' parts a key, so no value holds one."""
    language = f"|lang:{article.language}" if article.language else ""
    if article.front_id:
        return f"id:{_part(article.front_id)}{language}"
    if article.source_url:
        return f"source:{_part(comparable(article.source_url))}{language}"
    return f"path:{_part(article.path)}"


def _free_key(article: Article, owners: Collection[str]) -> str:
    """Return the first of an article's keys that no other has: its own; with its source, its path, its story."""
    own = _own_key(article)
    if own not in owners:
        return own
    source = f"|source:{_part(comparable(article.source_url))}" if article.source_url else ""
    further = [source] if source and not own.startswith("source:") else []
    further += [f"|path:{_part(article.path)}", f"|path:{_part(article.path)}|story:{article.story}"]
    last = f"{own}{further[-1]}|{len(owners)}"  # a copy at the path of one that moved twice
    return next((key for key in (own + more for more in further) if key not in owners), last)


def _family(key: str) -> str:
    """Return the own key that a key was made from."""
    return _FURTHER.split(key, maxsplit=1)[0] if "|" in key else key


_FURTHER = re.compile(r"\|(?:source|path|story):")


def _part(text: str) -> str:
    return short_key(text.replace("|", "%7C"))


def entry_id(key: str, namespace: uuid.UUID) -> EntryId:
    """Return the URN (RFC 9562) of a key: its own UUID if the front-matter id is one, else one made from it."""
    kind, _, value = key.partition(":")
    try:
        own = uuid.UUID(value) if kind == "id" and len(value) >= 32 else None
    except ValueError:
        own = None
    return EntryId((own or uuid.uuid5(namespace, key)).urn)


def site_namespace(site_id: str) -> uuid.UUID:
    """Return the UUID below which a site's article ids are made."""
    return uuid.uuid5(uuid.NAMESPACE_URL, site_id)


def reconcile(
    articles: Sequence[Article],
    remembered: Iterable[Identity],
    namespace: uuid.UUID,
    now: datetime,
    *,
    held: Sequence[Article] = (),
    topics: Mapping[ArticlePath, tuple[str, ...]] | None = None,
    permalink_ids: bool = False,
) -> Reconciled:
    """Find each published article's identity among the remembered ones, or give it a new one.

    `held` are the articles that are there and not published now: they keep their identities, so that
    no other article is taken for them. `topics` are the keys of each article's topics. With
    `permalink_ids` a new article's id is the address of its page, if it has one.
    """
    known = tuple(remembered)
    topics = topics or {}
    by_article = _left_alone(articles, known, topics)
    settled = {identity.id for identity in by_article.values()}
    others = [article for article in articles if article.path not in by_article]
    matched = _match([*others, *held], [identity for identity in known if identity.id not in settled])
    owners = {key: identity.id for identity in known for key in identity.keys}
    used = {identity.id for identity in known}
    changed = []
    for article in oldest_first(others):
        before, own_topics = matched.get(article.path), topics.get(article.path, ())
        if before:
            identity = _seen_again(article, before, owners, now, own_topics)
        else:
            identity = _new(article, _free_key(article, owners), namespace, used, now, own_topics, permalink_ids)
            used.add(identity.id)
        owners.update(dict.fromkeys(identity.keys, identity.id))
        by_article[article.path] = identity
        if identity is not before:
            changed.append(identity)
    shown = {identity.id for identity in by_article.values()}
    gone = [identity for identity in known if identity.id not in shown]
    newly = {identity.id: replace(identity, retracted=now) for identity in gone if identity.retracted is None}
    return Reconciled(
        by_article=by_article,
        retracted=tuple(newly.get(identity.id, identity) for identity in gone),
        changed=(*changed, *newly.values()),
    )


def _left_alone(
    articles: Iterable[Article], known: Iterable[Identity], topics: Mapping[ArticlePath, tuple[str, ...]]
) -> dict[ArticlePath, Identity]:
    """Return the identities of articles that are at their paths as they were, and that no other identity was at.

    These are nearly all, and no sign could tell otherwise: the surest ones ask for the path too.
    """
    last_at: dict[str, Identity | None] = {}
    for identity in known:
        last_at[identity.path] = None if identity.path in last_at else identity
    return {
        article.path: before
        for article in articles
        if (before := last_at.get(article.path)) and _is_as_before(article, before, topics.get(article.path, ()))
    }


def _match(articles: Sequence[Article], known: Sequence[Identity]) -> dict[ArticlePath, Identity]:
    """Match articles with identities, one to one, by one sign after another.

    The surest signs ask for the path too, so that no two articles compete by them: what is at each
    path is looked at first.
    """
    by_path: defaultdict[str, list[Identity]] = defaultdict(list)
    for identity in known:
        by_path[identity.path].append(identity)
    matched = {
        article.path: found
        for article in articles
        if (there := by_path.get(article.path)) and (found := _at_its_path(article, there))
    }
    found_again = {identity.id for identity in matched.values()}
    lost = {one.id: one for one in _eldest_first(one for one in known if one.id not in found_again)}
    waiting = sorted((one for one in articles if one.path not in matched), key=attrgetter("path")) if lost else []
    for signs_of_identity, sign_of_article in _SIGNS:
        if not (lost and waiting):
            break
        by_sign: defaultdict[object, list[Identity]] = defaultdict(list)
        for identity in lost.values():
            for sign in signs_of_identity(identity):
                by_sign[sign].append(identity)
        for article in waiting:
            sign = sign_of_article(article)
            candidates = (one for one in by_sign.get(sign, ()) if one.id in lost) if sign else iter(())
            found = next(candidates, None)
            if found:
                matched[article.path] = found
                del lost[found.id]
        waiting = [article for article in waiting if article.path not in matched]
    return matched


def _at_its_path(article: Article, there: Iterable[Identity]) -> Identity | None:
    """Return the identity that an article has by its key or its story, of those that were seen at its path last.

    The same key and story come before the same key, and that before the same story.
    """
    own = _strong_key(article)
    found, sureness = None, 0
    for identity in _eldest_first(there):
        same_key = own is not None and _has_key(identity, own)
        sure = 2 * same_key + (identity.story == article.story)
        if sure > sureness:
            found, sureness = identity, sure
    return found


def _eldest_first(identities: Iterable[Identity]) -> list[Identity]:
    return sorted(identities, key=lambda one: (one.first_seen, one.id))


def _has_key(identity: Identity, own: str) -> bool:
    """Tell whether an article's own key is one of an identity's, or one was made from it."""
    return own in identity.keys or own in _families(identity)


def _families(identity: Identity) -> list[str]:
    return [_family(key) for key in identity.keys]


def _strong(identity: Identity) -> list[str]:
    return [family for family in _families(identity) if not family.startswith("path:")]


def _strong_key(article: Article) -> str | None:
    return _own_key(article) if article.front_id or article.source_url else None


Sign = tuple[Callable[[Identity], Iterable[object]], Callable[[Article], object]]

# What else tells that an article is the one that is remembered, the surest sign first. A path is a weak
# one: files swap names, and a new article may take the place of one that moved.
_SIGNS: tuple[Sign, ...] = (
    (
        lambda one: [(family, one.story) for family in _strong(one)],
        lambda article: (key, article.story) if (key := _strong_key(article)) else None,
    ),
    (_strong, _strong_key),
    (lambda one: [one.story], lambda article: article.story),
    (lambda one: [(family, one.path) for family in _families(one)], lambda article: (_own_key(article), article.path)),
    (_families, _own_key),
    (
        lambda one: [comparable(one.source_url)] if one.source_url else [],
        lambda article: comparable(article.source_url) if article.source_url else None,
    ),
    (
        lambda one: [comparable(one.page_url)] if one.page_url else [],
        lambda article: comparable(article.page_url) if article.page_url else None,
    ),
    (lambda one: [one.path], lambda article: article.path),
)


def _new(
    article: Article,
    key: str,
    namespace: uuid.UUID,
    used: set[EntryId],
    now: datetime,
    topics: tuple[str, ...],
    permalink_ids: bool,
) -> Identity:
    address = article.page_url if permalink_ids else None
    identifier = EntryId(address) if address and short_key(address) == address else entry_id(key, namespace)
    if identifier in used:  # a UUID in another spelling, which is another key
        identifier = entry_id(f"{key}|path:{article.path}", namespace)
    stated = article.updated if article.updated and article.published < article.updated <= now else None
    return Identity(
        id=identifier,
        keys=(key,),
        path=article.path,
        story=article.story,
        first_seen=now,
        updated=stated or article.published,
        source_url=article.source_url,
        page_url=article.page_url,
        published=article.published,
        topics=topics,
    )


def _is_as_before(article: Article, before: Identity, topics: tuple[str, ...]) -> bool:
    """Tell whether a sighting of an article says nothing new."""
    return (
        before.story == article.story
        and before.path == article.path
        and before.source_url == article.source_url
        and before.page_url == article.page_url
        and before.topics == topics
        and before.published is not None
        and before.retracted is None
        and _has_key(before, _own_key(article))
    )


def _seen_again(
    article: Article, before: Identity, owners: Mapping[str, EntryId], now: datetime, topics: tuple[str, ...]
) -> Identity:
    """Return the identity after another sighting; `updated` moves only if the story changed."""
    if _is_as_before(article, before, topics):
        return before
    is_known = _has_key(before, _own_key(article))
    updated = before.updated
    if article.story != before.story:
        stated = article.updated
        updated = (
            stated if stated and before.updated < stated <= now else max(now.replace(microsecond=0), before.updated)
        )
    return replace(
        before,
        keys=before.keys if is_known else (*before.keys, _free_key(article, owners)),
        path=article.path,
        story=article.story,
        updated=updated,
        source_url=article.source_url,
        page_url=article.page_url,
        published=before.published or article.published,
        topics=topics,
        retracted=None,
    )
