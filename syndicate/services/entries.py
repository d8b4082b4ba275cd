"""Entries: published articles as feeds, pages and issues show them, each with the address it leads to."""

from collections.abc import Mapping, Sequence

from syndicate.domain.articles import Article, ArticlePath
from syndicate.domain.feeds import Entry, fingerprint
from syndicate.domain.links import link_target, reading_slugs
from syndicate.domain.site import Site
from syndicate.domain.sources import LinkTo, SourceOptions
from syndicate.services.collect import Snapshot


class Entries:
    """The published articles of a snapshot; `reading_pages` maps those that we make a page for to its path."""

    def __init__(self, snapshot: Snapshot, site: Site, sources: Sequence[SourceOptions]) -> None:
        self.snapshot, self.site = snapshot, site
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

    def entry(self, article: Article) -> Entry:
        """Return an article as an entry, without its body; the same one each time."""
        if article.path not in self._made:
            self._made[article.path] = self._make(article)
        return self._made[article.path]

    def _make(self, article: Article) -> Entry:
        identity = self.snapshot.identities[article.path]
        return Entry(
            id=identity.id,
            title=article.title,
            url=self.url(article),
            published=article.published,
            updated=identity.updated,
            summary=article.summary,
            authors=article.authors,
            topics=self.snapshot.topics.by_article[article.path],
            image=article.image,
            source_url=article.source_url,
            brand=article.brand,
            language=article.language,
            reading_page=self.reading_pages.get(article.path),
        )

    def key(self, article: Article) -> str:
        """Return what tells one state of an entry from another, for fingerprints."""
        if article.path not in self._keys:
            self._keys[article.path] = self._make_key(article)
        return self._keys[article.path]

    def _make_key(self, article: Article) -> str:
        identity = self.snapshot.identities[article.path]
        topics = [(topic.slug, topic.label) for topic in self.snapshot.topics.by_article[article.path]]
        return fingerprint(article.stamp, identity.id, identity.updated, self.url(article), topics)
