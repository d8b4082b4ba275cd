"""Entries: published articles as feeds, pages and issues show them, each with the address it leads to."""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from syndicate.domain.articles import Article, ArticlePath, EntryId, Image
from syndicate.domain.feeds import Entry, digest_of, fingerprint, shortened
from syndicate.domain.identity import Identity
from syndicate.domain.links import link_target, reading_slugs
from syndicate.domain.site import Site
from syndicate.domain.sources import LinkTo, SourceOptions
from syndicate.parsing.pictures import measured
from syndicate.ports import FoundFile
from syndicate.services.collect import Snapshot

# Pictures beyond this don't belong beside articles.
MAX_MEDIA_BYTES = 50_000_000

# As many entries of one second can be told apart by its microseconds, beside the second itself.
_FRACTIONS = 999_999

# Documents that share articles follow each other, so that few entries are asked for again later.
_KEPT = 500


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
        self._sources = {source.name: source for source in sources}
        ours = [article for article in snapshot.collection.articles if self._target(article) is LinkTo.OURS]
        slugs = reading_slugs(ours, snapshot.identities)
        self.reading_pages: Mapping[ArticlePath, str] = {
            path: f"articles/{slug}/index.html" for path, slug in slugs.items()
        }
        self._apart = told_apart((*snapshot.identities.values(), *snapshot.retracted))
        self._made: dict[ArticlePath, Entry] = {}
        self._keys: dict[ArticlePath, str] = {}
        self._topics: dict[tuple[str, ...], str] = {}

    def page_names(self) -> dict[str, EntryId]:
        """Return the names of the reading pages that there are, each with its article's id."""
        identities = self.snapshot.identities
        return {
            page[len("articles/") : -len("/index.html")]: identities[path].id
            for path, page in self.reading_pages.items()
        }

    def moved_pages(self, known: Mapping[str, EntryId]) -> dict[str, str]:
        """Return where the reading pages lead that are no more, but their articles are; `known` are all that ever were.

        A closed archive page goes on to link to the old ones.
        """
        now = self.page_names()
        left = {name: identifier for name, identifier in known.items() if now.get(name) != identifier}
        if not left:
            return {}
        articles = {self.snapshot.identities[one.path].id: one for one in self.snapshot.collection.articles}
        moved: dict[str, str] = {}
        for name, identifier in left.items():
            if name not in now and (article := articles.get(identifier)):
                target = self.reading_pages.get(article.path, "").removesuffix("index.html") or self.url(article)
                moved |= {f"articles/{name}/": target, f"articles/{name}/index.html": target}
        return moved

    def url(self, article: Article) -> str:
        """Return where an article's headline leads."""
        target = self._target(article)
        if target is LinkTo.PAGE and article.page_url:
            return article.page_url
        if target is LinkTo.SOURCE and article.source_url:
            return article.source_url
        return self.site.address(self.reading_pages[article.path])

    def _target(self, article: Article) -> LinkTo:
        return link_target(article.page_url, article.source_url, self._sources[article.source])

    def published(self, article: Article) -> datetime:
        """Return when an article appeared, as readers were told."""
        return self.snapshot.identities[article.path].published or article.published

    def entry(self, article: Article) -> Entry:
        """Return an article as an entry, without its body."""
        if article.path not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()  # the next documents are about others
            self._made[article.path] = self._make(article)
        return self._made[article.path]

    def _make(self, article: Article) -> Entry:
        identity = self.snapshot.identities[article.path]
        return Entry(
            id=identity.id,
            title=shortened(article.title),
            url=self.url(article),
            published=self.published(article),
            updated=self._updated(identity),
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

    def _updated(self, identity: Identity) -> datetime:
        """Return when an entry was updated, with a fraction of the second that is its own.

        Many articles name a day and no more, so that entries of one feed would have equal moments, of
        which validators warn. The second itself stays true.
        """
        if identity.updated.microsecond:
            return identity.updated
        return identity.updated.replace(microsecond=self._apart.get(identity.id) or _fraction(identity.id))

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
        published = identity.published and identity.published.timestamp()
        moments = f"{published} {identity.updated.timestamp()} {self._apart.get(identity.id)}"
        picture = self._media.get(article.image.url) if article.image else None
        state = self.state(picture) if picture else None
        shown = f"{identity.id} {self.url(article)} {self._topics_of(article)}"
        return digest_of(f"{article.stamp} {moments} {state} {shown}")

    def _topics_of(self, article: Article) -> str:
        """Return what entries show of an article's topics; many articles have the same."""
        keys = self.snapshot.topics.keys[article.path]
        if keys not in self._topics:
            own = self.snapshot.topics.by_article[article.path]
            self._topics[keys] = repr([(topic.slug, topic.label, topic.taxonomy) for topic in own])
        return self._topics[keys]

    def state(self, picture: FoundFile) -> str:
        """Return what tells one state of a picture from another.

        It is a digest of its bytes where it was written so short a time ago that its times don't tell.
        """
        if picture.signature:
            return picture.signature
        try:
            return fingerprint(self.read(picture.location, MAX_MEDIA_BYTES))
        except OSError:
            return ""


def told_apart(identities: Iterable[Identity]) -> dict[EntryId, int]:
    """Return the microseconds of those identities whose own fraction of their second another has.

    The one that was seen first keeps its own, so that no later one changes an entry that readers have;
    so that none that is retracted does, `identities` has those too.
    """
    by_second: defaultdict[datetime, list[Identity]] = defaultdict(list)
    for identity in identities:
        if not identity.updated.microsecond:
            by_second[identity.updated].append(identity)
    moved: dict[EntryId, int] = {}
    for rivals in by_second.values():
        if len(rivals) == 1 or len({_fraction(one.id) for one in rivals}) == len(rivals):
            continue
        taken: set[int] = set()
        for identity in sorted(rivals, key=lambda one: (one.first_seen, one.id)):
            own = fraction = _fraction(identity.id)
            while fraction in taken:
                fraction = fraction % _FRACTIONS + 1
            taken.add(fraction)
            if fraction != own:
                moved[identity.id] = fraction
    return moved


def _fraction(identifier: EntryId) -> int:
    """Return the microseconds that an id gives by itself, never 0."""
    return zlib.crc32(identifier.encode()) % _FRACTIONS + 1
