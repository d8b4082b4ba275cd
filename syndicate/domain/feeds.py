"""Feeds: a topic's document, and its entries."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache

from syndicate.domain.articles import Article, Author, Enclosure, EntryId, Image
from syndicate.domain.facets import FacetKind
from syndicate.domain.moments import EPOCH
from syndicate.domain.text import escaped_size
from syndicate.domain.topics import Topic

# What an entry's own elements take beside its texts and addresses, with a slug of the most letters.
_ENTRY_BYTES = 1_200
# What Atom writes around the name and the addresses of an author.
_AUTHOR_BYTES = 130
# What Atom writes around a category, with the slug of its taxonomy in its scheme.
_CATEGORY_BYTES = 200

MAX_TEXT = 2_000
"""The characters of a title or a summary that are shown: both say in few words what an article is about."""

MAX_WINDOW_DAYS = 36_500
"""A century: a longer window leaves nothing out."""


class FeedFormat(Enum):
    """A format in which feeds are published; the value names it in the config."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatFacts:
    """How a format is named to people, called as a file, and served."""

    label: str
    file_name: str
    media_type: str


FORMATS = {
    FeedFormat.RSS: FormatFacts(label="RSS", file_name="rss.xml", media_type="application/rss+xml"),
    FeedFormat.ATOM: FormatFacts(label="Atom", file_name="atom.xml", media_type="application/atom+xml"),
    FeedFormat.JSON: FormatFacts(label="JSON Feed", file_name="feed.json", media_type="application/feed+json"),
}


def is_feed_path(path: str) -> bool:
    """Tell whether a file of output/ is a feed."""
    return path.endswith(tuple(f"/{facts.file_name}" for facts in FORMATS.values()))


class Content(Enum):
    """How much of an article a feed carries."""

    FULL = "full"
    SUMMARY = "summary"


class Archiving(Enum):
    """Which of the articles that a feed has no room for stay reachable on its archive pages."""

    NONE = "none"
    ANNOUNCED = "announced"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOptions:
    """What the config says of all feeds.

    `window_days` leaves out what is older, None leaves out nothing. `ttl_minutes` is how often a
    reader should look at most, `hubs` are the addresses of WebSub hubs. With `permalink_ids` an
    article's address is its id, as in the feeds of a site that moved here. A document has at most
    `max_bytes`; with `tombstones` Atom feeds say which entries are gone (RFC 6721); a feed whose
    articles are all gone says so for `retire_days`. `aliases` are addresses of a former system, each
    with what it stands for. `per` are the facets that have feeds of their own.
    """

    limit: int = 50
    window_days: int | None = None
    formats: tuple[FeedFormat, ...] = (FeedFormat.RSS, FeedFormat.ATOM, FeedFormat.JSON)
    content: Content = Content.FULL
    ttl_minutes: int = 60
    hubs: tuple[str, ...] = ()
    permalink_ids: bool = False
    max_bytes: int = 524_288
    archive: Archiving = Archiving.ANNOUNCED
    tombstones: bool = False
    retire_days: int = 30
    aliases: tuple[tuple[str, str], ...] = ()
    per: tuple[FacetKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article in a feed; `url` is where its headline leads, `content` its sanitised body.

    `reading_page` is the file of output/ that `url` leads to, if it is one of ours; `image` is as
    its own file says, if that is ours.
    """

    id: EntryId
    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str | None = None
    content: str = ""
    authors: tuple[Author, ...] = ()
    topics: tuple[Topic, ...] = ()
    image: Image | None = None
    enclosure: Enclosure | None = None
    source_url: str | None = None
    brand: str | None = None
    language: str | None = None
    reading_page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A topic's document, whatever its format; `updated` is its newest entry's, never the clock's.

    `home_url` is the page that it belongs to; `urls` are its own addresses by format; `site_url` is
    where output/ is served; `stylesheet` is the address of the style sheet for browsers, `icon`
    that of a square picture. `older` and `newer` are the addresses of the archive pages beside it by
    format (RFC 5005), `current` that of the feed of which it is a page. `tombstones` are the ids of
    retracted entries, each with the moment.
    """

    id: str
    title: str
    description: str
    home_url: str
    urls: tuple[tuple[FeedFormat, str], ...]
    site_url: str
    language: str
    author: str | None = None
    icon: str | None = None
    stylesheet: str | None = None
    ttl_minutes: int = 60
    hubs: tuple[str, ...] = ()
    older: tuple[tuple[FeedFormat, str], ...] = ()
    newer: tuple[tuple[FeedFormat, str], ...] = ()
    current: tuple[tuple[FeedFormat, str], ...] = ()
    tombstones: tuple[tuple[str, datetime], ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def updated(self) -> datetime:
        """The moment of the newest change to an entry; the epoch for a feed without one."""
        return max((entry.updated for entry in self.entries), default=EPOCH)

    def url(self, format: FeedFormat) -> str:
        """Return the address of the feed in a format."""
        return dict(self.urls)[format]


def shortened(text: str) -> str:
    """Return a title or a summary as feeds and pages show it: one without end would leave no room for others."""
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


def weight(article: Article, topics: Sequence[Topic], identifier: EntryId, site_url: str, options: FeedOptions) -> int:
    """Return how many bytes an article takes in a feed at most, in whichever format; `site_url` is output/'s address.

    What each part is counted for is what the most wordy of the three formats makes of it.
    """
    body = min(article.size, options.max_bytes // 2) if options.content is Content.FULL else 0
    addresses = [article.page_url or site_url, article.source_url or "", identifier]
    addresses += [file.url for file in (article.image, article.enclosure) if file]
    attributes = "".join([*addresses, *[topic.label for topic in topics]])
    written_twice = f"{shortened(article.title)}{shortened(article.summary or '')}{attributes}"
    return (
        _ENTRY_BYTES
        + body
        + 2 * escaped_size(written_twice)  # all at once: most of the time goes into the call
        + 8 * attributes.count('"')  # which XML escapes in attributes
        + _authors_size(article.authors)
        + (_CATEGORY_BYTES + _site_size(site_url)) * len(topics)
    )


@lru_cache(maxsize=256)  # few write many articles
def _authors_size(authors: tuple[Author, ...]) -> int:
    texts = [text for one in authors for text in (one.name, one.email or "", one.url or "")]
    return escaped_size("".join(texts)) + _AUTHOR_BYTES * len(authors)


@lru_cache(maxsize=4)
def _site_size(site_url: str) -> int:
    return escaped_size(site_url)


def fingerprint(*parts: object) -> str:
    """Return a digest of the values that a document is made from: equal digests, equal bytes."""
    return digest_of(repr(parts))


def digest_of(text: str) -> str:
    """Return a digest by which a text is told from others."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
