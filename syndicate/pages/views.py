"""What templates see: frozen values, already in words, with links that work from the file system too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup

from syndicate.domain.feeds import FORMATS, Entry, Feed, FeedFormat
from syndicate.domain.moments import long_date, to_text
from syndicate.domain.newsletters import Issue, Newsletter
from syndicate.domain.site import Site
from syndicate.domain.text import direction, fold
from syndicate.domain.topics import Topic
from syndicate.templating.views import ImageView

# Readers on the web, and the start of the address at which each takes a feed's, percent-encoded.
_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """The page's own head."""

    title: str
    description: str | None
    canonical: str
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """One address of a feed; `href` is relative to the page."""

    title: str
    label: str
    href: str
    url: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A label that leads somewhere."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An article in a list or on its reading page; `external` if the headline leaves the site."""

    title: str
    href: str
    url: str
    external: bool
    published: datetime
    date_text: str
    date_iso: str
    updated_text: str | None
    summary: str | None
    authors: tuple[str, ...]
    brand: str | None
    source_url: str | None
    image: ImageView | None
    topics: tuple[LinkView, ...]
    language: str | None
    direction: str
    content: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicView:
    """A topic in the index, or at the head of its own page (where href is its own)."""

    label: str
    taxonomy: str | None
    description: str | None
    href: str
    count: int
    latest: str
    feeds: tuple[FeedView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicGroupView:
    """The topics of one taxonomy."""

    taxonomy: str | None
    topics: tuple[TopicView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView:
    """A cut issue in the index."""

    number: int
    title: str
    date_text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterView:
    """A newsletter in the index, its newest issue first."""

    title: str
    description: str | None
    cadence: str | None
    href: str | None
    issues: tuple[IssueView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page stands: the way up from it, so that links are relative."""

    site: Site
    up: str

    @classmethod
    def of(cls, site: Site, path: str) -> "Place":
        """Return the place of a page of output/."""
        return cls(site=site, up="../" * path.count("/"))

    def href(self, address: str) -> str:
        """Return the way from the page to an address; a folder of ours is opened at its index.html."""
        if not address.startswith(self.site.output_url):
            return address
        path, mark, fragment = address.removeprefix(self.site.output_url).partition("#")
        if not path or path.endswith("/"):
            path += "index.html"
        return f"{self.up}{path}{mark}{fragment}"

    def is_media(self, address: str) -> bool:
        """Tell whether an address is a picture that we publish."""
        return address.startswith(f"{self.site.output_url}media/")


def feed_views(feed: Feed, place: Place) -> tuple[FeedView, ...]:
    """Return the addresses of a feed, one for each format."""
    return tuple(
        FeedView(
            title=feed.title,
            label=FORMATS[format].label,
            href=place.href(url),
            url=url,
            media_type=FORMATS[format].media_type,
        )
        for format, url in feed.urls
    )


def reader_links(feed: Feed) -> tuple[LinkView, ...]:
    """Return links that open a feed in readers; the last has no name, for it opens what the device has."""
    urls = dict(feed.urls)
    url = next((urls[format] for format in (FeedFormat.ATOM, FeedFormat.RSS) if format in urls), None)
    if url is None:
        return ()
    quoted = quote(url, safe="")
    links = tuple(LinkView(label=name, href=f"{start}{quoted}") for name, start in _READERS)
    return (*links, LinkView(label="", href=f"feed:{url}"))


def entry_view(entry: Entry, place: Place, content: Markup | None = None) -> EntryView:
    """Return an entry for templates; dates are those of the site's zone."""
    published, updated = (moment.astimezone(place.site.zone) for moment in (entry.published, entry.updated))
    image = entry.image
    return EntryView(
        title=entry.title,
        href=f"{place.up}{entry.reading_page}" if entry.reading_page else entry.url,
        url=entry.url,
        external=not entry.reading_page and not entry.url.startswith(place.site.url),
        published=entry.published,
        date_text=long_date(published),
        date_iso=to_text(entry.published),
        updated_text=long_date(updated) if updated.date() > published.date() else None,
        summary=entry.summary,
        authors=tuple(author.name for author in entry.authors),
        brand=entry.brand,
        source_url=entry.source_url,
        image=None
        if image is None
        else ImageView(
            src=place.href(image.url) if place.is_media(image.url) else image.url,
            alt=image.alt,
            width=image.width,
            height=image.height,
        ),
        topics=tuple(
            LinkView(label=topic.label, href=f"{place.up}topics/{topic.slug}/index.html") for topic in entry.topics
        ),
        language=entry.language,
        direction=direction(entry.language or place.site.language),
        content=content,
    )


def topic_view(topic: Topic, feed: Feed, count: int, newest: datetime, place: Place) -> TopicView:
    """Return a topic with its feeds; `count` are all its articles, also those that its feeds have no room for."""
    return TopicView(
        label=topic.label,
        taxonomy=topic.taxonomy,
        description=topic.description,
        href=place.href(feed.home_url),
        count=count,
        latest=long_date(newest.astimezone(place.site.zone)),
        feeds=feed_views(feed, place),
    )


def topic_groups(topics: Sequence[TopicView]) -> tuple[TopicGroupView, ...]:
    """Return topics grouped by taxonomy, both by name."""

    def group(topic: TopicView) -> str:
        return fold(topic.taxonomy or "")

    ordered = sorted(topics, key=lambda topic: (group(topic), fold(topic.label), topic.href))
    groups = [tuple(members) for _, members in groupby(ordered, key=group)]
    return tuple(TopicGroupView(taxonomy=members[0].taxonomy, topics=members) for members in groups)


def newsletter_view(newsletter: Newsletter, issues: Sequence[Issue], place: Place) -> NewsletterView:
    """Return a newsletter with its cut issues, the newest first."""
    return NewsletterView(
        title=newsletter.title,
        description=newsletter.description,
        cadence=newsletter.cadence.text if newsletter.cadence.text[:1].isalpha() else None,  # cron is no reader's
        href=f"{place.up}newsletters/{newsletter.slug}/index.html" if issues else None,
        issues=tuple(
            IssueView(
                number=issue.number,
                title=issue.subject,
                date_text=long_date(issue.due.astimezone(newsletter.zone)),
                href=f"{place.up}newsletters/{issue.newsletter}/{issue.number}/index.html",
            )
            for issue in reversed(issues)
        ),
    )
