"""Identity: what an article is known by for life, through renames.

An article's key comes from itself (front-matter id, else source address, else path), and its id in
feeds from the key, so that a machine that remembers nothing gives the same ids. The ledger remembers
what can't be derived: when an article was first published, when its story last changed, and the
further keys of an article whose key changed.

    articles ─► keys ─► remembered? ─► the same article under another key? ─► new
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.domain.articles import Article, ArticlePath, EntryId
from syndicate.domain.urls import comparable


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the ledger remembers of one article.

    `keys` are all that it was ever derived from; `path`, `source_url`, `page_url` and `story` are
    those of its last sighting; `updated` is when its story last changed.
    """

    id: EntryId
    keys: tuple[str, ...]
    path: str
    story: str
    first_seen: datetime
    updated: datetime
    source_url: str | None = None
    page_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """Each article's identity, and those of them that the ledger has yet to record."""

    by_article: Mapping[ArticlePath, Identity]
    changed: tuple[Identity, ...]


def derive_keys(articles: Sequence[Article]) -> dict[ArticlePath, str]:
    """Return each article's key; articles that share an id are told apart by what else they have."""
    by_key: defaultdict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_key[_key(article)].append(article)
    keys: dict[ArticlePath, str] = {}
    for key, rivals in by_key.items():
        ordered = sorted(rivals, key=lambda article: (article.published, article.path))
        for place, article in enumerate(ordered):
            keys[article.path] = key if place == 0 else f"{key}|{_further(article, ordered[:place])}"
    return keys


def _key(article: Article) -> str:
    language = f"|lang:{article.language}" if article.language else ""
    if article.front_id:
        return f"id:{article.front_id}{language}"
    if article.source_url:
        return f"source:{comparable(article.source_url)}{language}"
    return f"path:{article.path}"


def _further(article: Article, earlier: Sequence[Article]) -> str:
    address = comparable(article.source_url) if article.source_url else None
    taken = {comparable(other.source_url) for other in earlier if other.source_url}
    return f"source:{address}" if address and address not in taken else f"path:{article.path}"


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
    articles: Sequence[Article], remembered: Iterable[Identity], namespace: uuid.UUID, now: datetime
) -> Reconciled:
    """Find each article's identity among the remembered ones, or give it a new one."""
    keys = derive_keys(articles)
    known = {key: identity for identity in remembered for key in identity.keys}
    matched = _by_key(articles, keys, known)
    _find_renamed(articles, matched, list(known.values()))
    by_article: dict[ArticlePath, Identity] = {}
    changed = []
    used = {identity.id for identity in known.values()}
    for article in articles:
        before = matched.get(article.path)
        identity = _seen_again(article, keys[article.path], before, now) if before else None
        if identity is None:
            identity = _new(article, keys[article.path], namespace, used, now)
            used.add(identity.id)
        by_article[article.path] = identity
        if identity != before:
            changed.append(identity)
    return Reconciled(by_article=by_article, changed=tuple(changed))


def _by_key(
    articles: Sequence[Article], keys: Mapping[ArticlePath, str], known: Mapping[str, Identity]
) -> dict[ArticlePath, Identity]:
    """Match by key; of two articles that lead to one identity, the one that moved least has it."""
    rivals: defaultdict[EntryId, list[Article]] = defaultdict(list)
    for article in articles:
        if keys[article.path] in known:
            rivals[known[keys[article.path]].id].append(article)
    matched = {}
    for claimants in rivals.values():
        identity = known[keys[claimants[0].path]]
        best = min(claimants, key=lambda one: (one.path != identity.path, one.story != identity.story, one.path))
        matched[best.path] = identity
    return matched


def _find_renamed(articles: Sequence[Article], matched: dict[ArticlePath, Identity], known: Sequence[Identity]) -> None:
    """Match articles without an identity to identities without an article, by what a rename leaves alone."""
    taken = {identity.id for identity in matched.values()}
    lost = {identity.id: identity for identity in known if identity.id not in taken}
    waiting = [article for article in articles if article.path not in matched]
    if not lost or not waiting:
        return
    for trait_of_identity, trait_of_article in _TRAITS:
        by_trait = {trait: one for one in lost.values() if (trait := trait_of_identity(one))}
        for article in waiting:
            trait = trait_of_article(article)
            identity = by_trait.pop(trait, None) if trait and article.path not in matched else None
            if identity:
                matched[article.path] = identity
                del lost[identity.id]


def _pair(path: str, story: str) -> str:
    return f"{path}\0{story}"


# What tells that an article under another key is the same one, the surest sign first.
_TRAITS: tuple[tuple[Callable[[Identity], str | None], Callable[[Article], str | None]], ...] = (
    (lambda one: _pair(one.path, one.story), lambda article: _pair(article.path, article.story)),
    (
        lambda one: comparable(one.source_url) if one.source_url else None,
        lambda article: comparable(article.source_url) if article.source_url else None,
    ),
    (
        lambda one: comparable(one.page_url) if one.page_url else None,
        lambda article: comparable(article.page_url) if article.page_url else None,
    ),
    (lambda one: one.story, lambda article: article.story),
)


def _new(article: Article, key: str, namespace: uuid.UUID, used: set[EntryId], now: datetime) -> Identity:
    identifier = entry_id(key, namespace)
    if identifier in used:  # another article had this key before it got its own
        identifier = entry_id(f"{key}|story:{article.story}", namespace)
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
    )


def _seen_again(article: Article, key: str, before: Identity, now: datetime) -> Identity:
    """Return the identity after another sighting; `updated` moves only if the story changed."""
    last = (before.story, before.path, before.source_url, before.page_url)
    if last == (article.story, article.path, article.source_url, article.page_url) and key in before.keys:
        return before
    updated = before.updated
    if article.story != before.story:
        stated = article.updated
        updated = stated if stated and before.updated < stated <= now else max(now, before.updated)
    return replace(
        before,
        keys=before.keys if key in before.keys else (*before.keys, key),
        path=article.path,
        story=article.story,
        updated=updated,
        source_url=article.source_url,
        page_url=article.page_url,
    )
