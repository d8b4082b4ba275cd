"""What was collected, as rows for tables and for machines; docs/reference/json.md describes them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from syndicate.domain.articles import Article, ArticlePath
from syndicate.domain.moments import to_text
from syndicate.parsing.fields import as_offerings
from syndicate.ports import Index
from syndicate.services.collect import Snapshot
from syndicate.services.entries import Entries


def topic_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return a row for each topic, by slug."""
    counts: Counter[str] = Counter()
    newest: dict[str, datetime] = {}
    for article in snapshot.collection.articles:
        for topic in snapshot.topics.by_article[article.path]:
            counts[topic.slug] += 1
            newest.setdefault(topic.slug, article.published)
    return [
        {
            "slug": topic.slug,
            "label": topic.label,
            "taxonomy": topic.taxonomy,
            "articles": counts[topic.slug],
            "newest": to_text(newest[topic.slug]),
        }
        for topic in snapshot.topics.all
    ]


def article_rows(snapshot: Snapshot, entries: Entries, index: Index) -> Iterator[dict[str, Any]]:
    """Yield a row for each file, by path."""
    offerings = index.offerings([file.path for file in snapshot.collection.files if file.article])
    for file in snapshot.collection.files:
        row = {"path": file.path, "status": file.status.value, "reason": file.reason}
        details = _details(file.article, snapshot, entries) if file.article else dict.fromkeys(_DETAILS)
        related = as_offerings(list(offerings.get(file.path, ())), entries.site.url)
        listed = [{"label": one.label, "url": one.url, "categories": list(one.categories)} for one in related]
        yield {**row, **details, "offerings": listed, "duplicate_of": file.original}


_DETAILS = (
    "id", "title", "link", "url", "source_url", "brand", "published", "updated", "authors", "topics", "tags", "kind",
    "language", "image", "summary",
)  # fmt: skip


def _details(article: Article, snapshot: Snapshot, entries: Entries) -> dict[str, Any]:
    identity = snapshot.identities.get(article.path)
    image = article.image
    updated = identity.updated if identity else article.updated
    return {
        "id": identity.id if identity else None,
        "title": article.title,
        "link": entries.url(article) if identity else None,
        "url": _page_url(article, entries),
        "source_url": article.source_url,
        "brand": article.brand,
        "published": to_text(article.published),
        "updated": to_text(updated) if updated else None,
        "authors": [author.name for author in article.authors],
        "topics": [
            {"slug": topic.slug, "label": topic.label, "taxonomy": topic.taxonomy}
            for topic in snapshot.topics.by_article.get(article.path, ())
        ],
        "tags": list(article.tags),
        "kind": article.kind,
        "language": article.language or entries.site.language,
        "image": image and {"url": image.url, "alt": image.alt, "width": image.width, "height": image.height},
        "summary": article.summary,
    }


def _page_url(article: Article, entries: Entries) -> str | None:
    """Return the address of the article's own page: on the site, or our reading page."""
    ours: ArticlePath | str | None = entries.reading_pages.get(article.path)
    return entries.site.address(ours) if ours else article.page_url
