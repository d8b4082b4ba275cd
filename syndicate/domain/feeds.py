"""Feeds: a topic's document, and its entries."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from syndicate.domain.articles import Article, Author, EntryId, Image
from syndicate.domain.moments import EPOCH
from syndicate.domain.topics import Topic

MAX_WINDOW_DAYS = 36_500
"""A century: a longer window leaves nothing out."""


class FeedFormat(Enum):
    """A format in which feeds are published; the value names it in the config."""

    RSS = "rss"
    ATOM = "atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatFacts:
    """How a format is named to people, called as a file, and served."""

    label: str
    file_name: str
    media_type: str


FORMATS = {
    FeedFormat.RSS: FormatFacts(label="RSS", file_name="rss.xml", media_type="application/rss+xml"),
    FeedFormat.ATOM: FormatFacts(label="Atom", file_name="atom.xml", media_type="application/atom+xml"),
}


def is_feed_path(path: str) -> bool:
    """Tell whether a file of output/ is a feed."""
    return path.endswith(tuple(f"/{facts.file_name}" for facts in FORMATS.values()))


class Content(Enum):
    """How much of an article a feed carries."""

    FULL = "full"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOptions:
    """What the config says of all feeds; `window_days` leaves out what is older, None leaves out nothing."""

    limit: int = 50
    window_days: int | None = None
    formats: tuple[FeedFormat, ...] = (FeedFormat.RSS, FeedFormat.ATOM)
    content: Content = Content.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article in a feed; `url` is where its headline leads, `content` its sanitised body.

    `reading_page` is the file of output/ that `url` leads to, if it is one of ours.
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
    source_url: str | None = None
    brand: str | None = None
    language: str | None = None
    reading_page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A topic's document, whatever its format; `updated` is its newest entry's, never the clock's.

    `home_url` is the page that it belongs to; `urls` are its own addresses by format.
    """

    id: str
    title: str
    description: str
    home_url: str
    urls: tuple[tuple[FeedFormat, str], ...]
    language: str
    author: str | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def updated(self) -> datetime:
        """The moment of the newest change to an entry; the epoch for a feed without one."""
        return max((entry.updated for entry in self.entries), default=EPOCH)

    def url(self, format: FeedFormat) -> str:
        """Return the address of the feed in a format."""
        return dict(self.urls)[format]


def recent(articles: Sequence[Article], options: FeedOptions, now: datetime) -> tuple[Article, ...]:
    """Return the articles that belong in a feed; `articles` come newest first."""
    if options.window_days is not None:
        oldest = now - timedelta(days=min(options.window_days, MAX_WINDOW_DAYS))
        articles = [article for article in articles if article.published >= oldest]
    return tuple(articles[: options.limit])


def fingerprint(*parts: object) -> str:
    """Return a digest of the values that a document is made from: equal digests, equal bytes."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
