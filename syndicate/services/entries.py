"""Entries: published articles as feeds, pages and issues show them, each with the address it leads to."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from syndicate.domain.articles import Article, ArticlePath, EntryId, Image
from syndicate.domain.feeds import Entry, fingerprint, shortened
from syndicate.domain.links import link_target, reading_slugs
from syndicate.domain.site import Site
from syndicate.domain.sources import LinkTo, SourceOptions
from syndicate.parsing.pictures import measured
from syndicate.services.collect import Snapshot

# Pictures beyond this don't belong beside articles.
MAX_MEDIA_BYTES = 50_000_000

_MICROSECONDS = 1_000_000


class Entries:
    """The published articles of a snapshot; `reading_pages` maps those that we make a page for to its path.

    `read` returns a file's bytes, at most one more than it is allowed, or raises OSError.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        site: Site,
        sources: Sequence[SourceOptions],
        read: Callable[[str, int], bytes],
    ) -> None:
        self.snapshot, self.site, self.read = snapshot, site, read
        self._media = {site.address(path): file for path, file in snapshot.media.items()}
        options = {source.name: source for source in sources}
        articles = snapshot.collection.articles
        self._targets = {
            article.path: link_target(article.page_url, article.source_url, options[article.source])
            for article in articles
        }
        ours = [article for article in articles if self._targets[article.path] is LinkTo.OURS]
        slugs = reading_slugs(ours, snapshot.identities)
        self.reading_pages: Mapping[ArticlePath, str] = {
            path: f"articles/{slug}/index.html" for path, slug in slugs.items()
        }
        self._made: dict[ArticlePath, Entry] = {}
        self._keys: dict[ArticlePath, str] = {}

    def url(self, article: Article) -> str:
        """Return where an article's headline leads."""
        target = self._targets.get(article.path)
        if target is LinkTo.PAGE and article.page_url:
            return article.page_url
        if target is LinkTo.SOURCE and article.source_url:
            return article.source_url
        return self.site.address(self.reading_pages[article.path])

    def published(self, article: Article) -> datetime:
        """Return when an article appeared, as readers were told."""
        return self.snapshot.identities[article.path].published or article.published

    def entry(self, article: Article) -> Entry:
        """Return an article as an entry, without its body; the same one each time."""
        if article.path not in self._made:
            self._made[article.path] = self._make(article)
        return self._made[article.path]

    def _make(self, article: Article) -> Entry:
        identity = self.snapshot.identities[article.path]
        return Entry(
            id=identity.id,
            title=shortened(article.title),
            url=self.url(article),
            published=self.published(article),
            updated=told_apart(identity.updated, identity.id),
            summary=shortened(article.summary) if article.summary else None,
            authors=article.authors,
            topics=self.snapshot.topics.by_article[article.path],
            image=self._measured(article.image),
            enclosure=article.enclosure,
            source_url=article.source_url,
            brand=article.brand,
            language=article.language,
            reading_page=self.reading_pages.get(article.path),
        )

    def _measured(self, image: Image | None) -> Image | None:
        """Return a picture as its file says it is, if it is one of ours."""
        file = self._media.get(image.url) if image else None
        if image is None or file is None:
            return image
        try:
            data = self.read(file.location, MAX_MEDIA_BYTES)
        except OSError:
            return image
        return measured(image, data) if len(data) <= MAX_MEDIA_BYTES else image

    def key(self, article: Article) -> str:
        """Return what tells one state of an entry from another, for fingerprints."""
        if article.path not in self._keys:
            self._keys[article.path] = self._make_key(article)
        return self._keys[article.path]

    def _make_key(self, article: Article) -> str:
        identity = self.snapshot.identities[article.path]
        topics = [(topic.slug, topic.label, topic.taxonomy) for topic in self.snapshot.topics.by_article[article.path]]
        picture = self._media.get(article.image.url) if article.image else None
        return fingerprint(
            article.stamp,
            identity.id,
            identity.published,
            identity.updated,
            self.url(article),
            topics,
            picture and picture.signature,
        )


def told_apart(updated: datetime, identifier: EntryId) -> datetime:
    """Return a moment of update with a fraction of its second that is the entry's own.

    Many articles name a day and no more, so that entries of one feed would have equal moments, of
    which validators warn. The second itself stays true, and the fraction depends on the id alone.
    """
    if updated.microsecond:
        return updated
    return updated.replace(microsecond=zlib.crc32(identifier.encode()) % (_MICROSECONDS - 1) + 1)
