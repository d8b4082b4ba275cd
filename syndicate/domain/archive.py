"""The archive of a feed: which entries its document holds, and on which page the older ones are (RFC 5005).

    articles, newest first ─► current, while there is room ─► who left? ─► the last page, or a new one

A page is closed once another follows it. From then on only a retraction changes it: the ledger keeps
which entry is on which page, so that neither a back-dated article nor one that is gone moves others.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from syndicate.domain.articles import Article, ArticlePath, EntryId
from syndicate.domain.feeds import MAX_WINDOW_DAYS, Archiving, FeedOptions, weight
from syndicate.domain.identity import Identity

# What a feed's own elements may take of its bytes.
_HEAD_BYTES = 8_192


class Ending(Enum):
    """How far a feed without articles has come: it waits for more, it says that it has ended, it is gone."""

    WAITS = "waits"
    SAYS_SO = "says so"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHistory:
    """What the ledger remembers of a feed.

    `floor` is the oldest publication in its first document: what is older was never announced.
    `retired` is when its last article was found to be gone; `pages` are the archive pages of the
    entries that have left the document, 0 for those at the floor that have not.
    """

    title: str
    floor: datetime
    retired: datetime | None = None
    pages: Mapping[EntryId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A feed's articles: those of its document, newest first, and those of each archive page by number.

    `history` is what the ledger is to remember from now on, `leaving` the pages given just now.
    """

    current: tuple[Article, ...]
    pages: Mapping[int, tuple[Article, ...]]
    history: FeedHistory
    leaving: Mapping[EntryId, int]


def paginate(
    title: str,
    articles: Sequence[Article],
    identities: Mapping[ArticlePath, Identity],
    before: FeedHistory | None,
    options: FeedOptions,
    now: datetime,
    started_at: datetime,
) -> Paged:
    """Share out a feed's articles, which come newest first, between its document and its archive."""
    current = recent(articles, options, now)
    held = {article.path for article in current}
    floor = before.floor if before else None  # nothing has been announced before the first document
    known = before.pages if before else {}
    pages: defaultdict[int, list[Article]] = defaultdict(list)
    left: list[Article] = []
    for article in articles:
        identity = identities[article.path]
        if page := known.get(identity.id):
            pages[page].append(article)
        elif article.path not in held and _is_kept(
            article, identity.id in known or identity.first_seen > started_at, floor, options
        ):
            left.append(article)
    leaving = _give_pages(left, identities, known, pages, options)
    if floor is None:
        floor = min((article.published for article in current), default=now)
        leaving |= {identities[one.path].id: 0 for one in current if one.published == floor}
    last_page = max((*known.values(), *leaving.values()), default=0)  # a page stays when all its entries are gone
    return Paged(
        current=current,
        pages={number: tuple(pages.get(number, ())) for number in range(1, last_page + 1)},
        history=FeedHistory(title=title, floor=floor, pages={**known, **leaving}),
        leaving=leaving,
    )


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


def recent(articles: Sequence[Article], options: FeedOptions, now: datetime) -> tuple[Article, ...]:
    """Return the articles that a feed's document has room for, at least one; `articles` come newest first."""
    if options.window_days is not None:
        oldest = now - timedelta(days=min(options.window_days, MAX_WINDOW_DAYS))
        articles = [article for article in articles if article.published >= oldest]
    chosen = articles[: options.limit]
    room = options.max_bytes - _HEAD_BYTES
    for number, article in enumerate(chosen):
        room -= weight(article, options)
        if room < 0:
            return tuple(chosen[: max(number, 1)])
    return tuple(chosen)


def _is_kept(article: Article, is_known: bool, floor: datetime | None, options: FeedOptions) -> bool:
    """Tell whether an article belongs in the archive: it was in the feed, or came too many at once for it."""
    if options.archive is Archiving.NONE:
        return False
    return options.archive is Archiving.ALL or is_known or (floor is not None and article.published > floor)


def _give_pages(
    left: Sequence[Article],
    identities: Mapping[ArticlePath, Identity],
    known: Mapping[EntryId, int],
    pages: defaultdict[int, list[Article]],
    options: FeedOptions,
) -> dict[EntryId, int]:
    """Put the articles that left, newest first, on pages, the oldest first; `pages` is added to."""
    counts = Counter(page for page in known.values() if page)  # with the retracted: a full page stays closed
    last = max(counts, default=1)
    size = sum(weight(article, options) for article in pages[last]) if last in pages else 0
    given: dict[EntryId, int] = {}
    for article in reversed(left):
        own = weight(article, options)
        if counts[last] and (counts[last] >= options.limit or size + own > options.max_bytes - _HEAD_BYTES):
            last, size = last + 1, 0
        counts[last] += 1
        size += own
        given[identities[article.path].id] = last
        pages[last].insert(0, article)
    return given
