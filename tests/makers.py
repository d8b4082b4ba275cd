"""Domain values for tests: each maker takes what the test is about and fills in the rest."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.domain.articles import Article, ArticlePath, Category, EntryId
from syndicate.domain.cadence import parse_cadence
from syndicate.domain.feeds import Entry, Feed, FeedFormat
from syndicate.domain.identity import Identity
from syndicate.domain.newsletters import Newsletter
from syndicate.domain.site import Site
from syndicate.domain.sources import SourceOptions
from syndicate.domain.text import fold
from syndicate.domain.topics import Topic
from syndicate.parsing.articles import ArticleFile, parse_article

UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def day(number: int, month: int = 1, *, hour: int = 0, year: int = 2026) -> datetime:
    """Return a moment of January 2026, or of another month."""
    return datetime(year, month, number, hour, tzinfo=UTC)


def path(text: str) -> ArticlePath:
    return ArticlePath(text)


def make_article(where: str = "news/tea.md", **changes: Any) -> Article:
    """Return an article; its story is its own unless the test says which."""
    published = changes.get("published", day(1))
    values: dict[str, Any] = {
        "path": path(where),
        "source": "news",
        "title": f"Title of {where}",
        "published": published,
        "due": published,
        "story": f"story of {where}",
        "stamp": "stamp",
        "slug": where.rpartition("/")[2].removesuffix(".md"),
    }
    return Article(**{**values, **changes})


def make_options(**changes: Any) -> SourceOptions:
    values: dict[str, Any] = {
        "name": "news",
        "path": "news",
        "site_url": "https://example.org/",
        "output_url": "https://feeds.example.org/",
        "zone": UTC_ZONE,
    }
    return SourceOptions(**{**values, **changes})


def make_site(**changes: Any) -> Site:
    values: dict[str, Any] = {
        "title": "The Test Gazette",
        "url": "https://example.org/",
        "output_url": "https://feeds.example.org/",
        "id": "https://example.org/",
        "zone": UTC_ZONE,
    }
    return Site(**{**values, **changes})


def category(text: str) -> Category:
    """Return 'Taxonomy: Label' taken apart, or a plain label."""
    taxonomy, colon, label = text.partition(": ")
    return Category(label=label, taxonomy=taxonomy) if colon else Category(label=text)


def make_topic(name: str = "Tea", **changes: Any) -> Topic:
    named = category(name)
    values: dict[str, Any] = {
        "key": fold(name),
        "slug": fold(name).replace(": ", "-").replace(" ", "-"),
        "label": named.label,
        "taxonomy": named.taxonomy,
    }
    return Topic(**{**values, **changes})


def identity_of(article: Article, **changes: Any) -> Identity:
    """Return the identity that an article has, with an id made from its path."""
    values: dict[str, Any] = {
        "id": EntryId(uuid.uuid5(NAMESPACE, article.path).urn),
        "keys": (f"path:{article.path}",),
        "path": article.path,
        "story": article.story,
        "first_seen": article.published,
        "updated": article.published,
        "source_url": article.source_url,
        "page_url": article.page_url,
    }
    return Identity(**{**values, **changes})


def identities_of(articles: Iterable[Article], **changes: Any) -> dict[ArticlePath, Identity]:
    return {article.path: identity_of(article, **changes) for article in articles}


def make_newsletter(**changes: Any) -> Newsletter:
    values: dict[str, Any] = {
        "slug": "weekly",
        "title": "The Weekly",
        "cadence": parse_cadence("weekly on Monday at 08:00"),
        "zone": UTC_ZONE,
    }
    return Newsletter(**{**values, **changes})


def make_entry(number: int = 1, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "id": EntryId(uuid.uuid5(NAMESPACE, f"entry {number}").urn),
        "title": f"Headline {number}",
        "url": f"https://example.org/stories/{number}/",
        "published": day(number),
        "updated": day(number),
    }
    return Entry(**{**values, **changes})


def make_feed(*entries: Entry, **changes: Any) -> Feed:
    values: dict[str, Any] = {
        "id": uuid.uuid5(NAMESPACE, "feed").urn,
        "title": "Tea · The Test Gazette",
        "description": "All about tea",
        "home_url": "https://feeds.example.org/topics/tea/",
        "urls": (
            (FeedFormat.RSS, "https://feeds.example.org/topics/tea/rss.xml"),
            (FeedFormat.ATOM, "https://feeds.example.org/topics/tea/atom.xml"),
            (FeedFormat.JSON, "https://feeds.example.org/topics/tea/feed.json"),
        ),
        "site_url": "https://feeds.example.org/",
        "language": "en",
        "entries": entries,
    }
    return Feed(**{**values, **changes})


def front(lines: str = "", *, title: str = "title: Tea", date: str = "date: 2026-03-01", body: str = "Text.") -> str:
    """Return an article in YAML: a title and a date unless they are given as '', then `lines`, then a body."""
    head = "\n".join(line for line in (title, date, lines) if line)
    return f"---\n{head}\n---\n{body}\n"


def parse(text: str | bytes, relative: str = "tea.md", *, media: Iterable[str] = (), **options: Any) -> Any:
    """Parse one file below the source 'news'."""
    data = text.encode() if isinstance(text, str) else text
    file = ArticleFile(path=path(f"news/{relative}"), relative=relative, language=options.pop("file_language", None))
    return parse_article(data, file, make_options(**options), media=frozenset(media), settings="settings")


def by_path(articles: Iterable[Article]) -> Mapping[ArticlePath, Article]:
    return {article.path: article for article in articles}
