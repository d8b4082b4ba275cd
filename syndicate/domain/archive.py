"""The archive of a feed: which entries its document holds, and on which page the older ones are (RFC 5005).

    articles, newest first ─► current, while there is room ─► who left? ─► a new page

A page is full from its first day (section 4: the set of its entries should not change, since readers
don't fetch it twice): what has just left the document is joined there by the older half of the
document, so that neither new articles, nor those that are dated back, nor those that come again are
added to a page that readers have seen. Only a retraction changes it. The ledger keeps which entry is
on which page, and which entries were ever in the document.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from itertools import takewhile

from syndicate.domain.articles import Article, ArticlePath, EntryId
from syndicate.domain.feeds import MAX_WINDOW_DAYS, Archiving, FeedOptions
from syndicate.domain.identity import Identity

# What a feed's own elements may take of its bytes.
_HEAD_BYTES = 8_192
# Tombstones take this part of a document's bytes at most, and entries leave it free.
_TOMBSTONES_SHARE = 8


class Ending(Enum):
    """How far a feed without articles has come: it waits for more, it says that it has ended, it is gone."""

    WAITS = "waits"
    SAYS_SO = "says so"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHistory:
    """What the ledger remembers of a feed.

    `floor` is the oldest publication in its first document; `retired` is when its last article was
    found to be gone; `pages` has every entry that was ever in it, with its archive page or 0;
    `last_page` is the number of the newest page that there ever was.
    """

    title: str
    floor: datetime
    retired: datetime | None = None
    pages: Mapping[EntryId, int] = field(default_factory=dict)
    last_page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A feed's articles: those of its document, newest first, and those of each archive page by number.

    `history` is what the ledger is to remember from now on.
    """

    current: tuple[Article, ...]
    pages: Mapping[int, tuple[Article, ...]]
    history: FeedHistory


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What sharing out articles needs to know of them all: their identities, and how many bytes each takes.

    `started_at` is when the ledger recorded its first articles.
    """

    identities: Mapping[ArticlePath, Identity]
    weigh: Callable[[Article], int]
    started_at: datetime

    def id(self, article: Article) -> EntryId:
        """Return an article's id."""
        return self.identities[article.path].id

    def published(self, article: Article) -> datetime:
        """Return when an article appeared, as readers were told: no later date in its file moves it."""
        return self.identities[article.path].published or article.published

    @cached_property
    def newcomers(self) -> frozenset[EntryId]:
        """The ids of the articles that came after the first ones."""
        return frozenset(one.id for one in self.identities.values() if one.first_seen > self.started_at)

    def newest_first(self, articles: Sequence[Article]) -> list[Article]:
        """Return articles in the order of feeds; those of one moment stay as they are."""
        return sorted(articles, key=self.published, reverse=True)


def paginate(
    title: str,
    articles: Sequence[Article],
    shelf: Shelf,
    before: FeedHistory | None,
    inherited: Collection[EntryId],
    options: FeedOptions,
    now: datetime,
) -> Paged:
    """Share out a feed's articles, which come newest first, between its document and its archive.

    `inherited` are the entries that feeds have carried which are merged into this one.
    """
    current = recent(articles, shelf, options, now)
    ids = {shelf.identities[article.path].id: article for article in articles}
    floor = before.floor if before else None  # nothing has been announced before the first document
    given = {identifier: 0 for identifier in inherited if identifier in ids}
    if before:
        given |= {identifier: page if identifier in ids else 0 for identifier, page in before.pages.items()}
    held = {shelf.id(article) for article in current}
    is_kept = _keeping(ids, given, floor, shelf, options)
    left = [
        article
        for identifier, article in ids.items()
        if identifier not in held and not given.get(identifier) and is_kept(identifier)
    ]
    given |= {identifier: 0 for identifier in held if identifier not in given}
    older_half = current[len(current) - len(current) // 2 :]
    joining = [article for article in older_half if not given[shelf.id(article)]] if left else []
    last_page = before.last_page if before else 0
    for page in _new_pages(left[::-1], joining[::-1], shelf, options):
        last_page += 1
        given |= {shelf.id(article): last_page for article in page}
    pages: dict[int, list[Article]] = {number: [] for number in range(1, last_page + 1)}
    for identifier, article in ids.items():
        if number := given.get(identifier, 0):
            pages[number].append(article)
    if floor is None:
        floor = min(map(shelf.published, current), default=now)
    return Paged(
        current=current,
        pages={number: tuple(own) for number, own in pages.items()},  # a page stays when all its entries are gone
        history=FeedHistory(title=title, floor=floor, pages=given, last_page=last_page),
    )


def retired(history: FeedHistory, now: datetime) -> FeedHistory:
    """Return what is remembered of a feed whose last article is gone: its pages are, too."""
    return replace(history, retired=now, pages=dict.fromkeys(history.pages, 0))


def ended_at(history: FeedHistory, is_hidden: bool, options: FeedOptions) -> datetime:
    """Return the moment from which a feed without articles says that it has ended.

    A topic may be empty for a while, since articles expire: only one that is hidden ends at once.
    """
    retired = history.retired or history.floor
    return retired if is_hidden else retired + timedelta(days=options.retire_days)


def ending(history: FeedHistory, is_hidden: bool, options: FeedOptions, now: datetime) -> Ending:
    """Return how far a feed without articles has come."""
    since = ended_at(history, is_hidden, options)
    if now < since:
        return Ending.WAITS
    return Ending.SAYS_SO if now < since + timedelta(days=options.retire_days) else Ending.GONE


def recent(articles: Sequence[Article], shelf: Shelf, options: FeedOptions, now: datetime) -> tuple[Article, ...]:
    """Return the articles that a feed's document has room for, at least one; `articles` come newest first."""
    chosen = articles[: options.limit]
    if options.window_days is not None:
        oldest = now - timedelta(days=min(options.window_days, MAX_WINDOW_DAYS))
        chosen = [article for article in chosen if shelf.published(article) >= oldest]
    room = options.max_bytes - _HEAD_BYTES - tombstone_bytes(options)
    for number, article in enumerate(chosen):
        room -= shelf.weigh(article)
        if room < 0:
            return tuple(chosen[: max(number, 1)])
    return tuple(chosen)


def tombstone_bytes(options: FeedOptions) -> int:
    """Return how many bytes of a feed's document are kept for its tombstones."""
    return options.max_bytes // _TOMBSTONES_SHARE if options.tombstones else 0


def _keeping(
    ids: Mapping[EntryId, Article],
    given: Mapping[EntryId, int],
    floor: datetime | None,
    shelf: Shelf,
    options: FeedOptions,
) -> Callable[[EntryId], bool]:
    """Return what tells which of a feed's articles, newest first, belong in the archive if they leave the document.

    They were in the feed, or came too many at once for it.
    """
    if options.archive is not Archiving.ANNOUNCED:
        return lambda _: options.archive is Archiving.ALL
    above_floor = takewhile(lambda one: floor is not None and shelf.published(one[1]) > floor, ids.items())
    above = {identifier for identifier, _ in above_floor}
    return lambda one: one in given or one in shelf.newcomers or one in above


def _new_pages(
    left: Sequence[Article], joining: Sequence[Article], shelf: Shelf, options: FeedOptions
) -> list[list[Article]]:
    """Put the articles that left on pages, and on the last of these what there is room for of those that join them.

    Both come oldest first.
    """
    pages: list[list[Article]] = []
    room = 0
    for number, article in enumerate([*left, *joining]):
        room -= shelf.weigh(article)
        if not pages or room < 0 or len(pages[-1]) >= options.limit:
            if number >= len(left):
                break
            pages.append([])
            room = options.max_bytes - _HEAD_BYTES - shelf.weigh(article)
        pages[-1].append(article)
    return pages
