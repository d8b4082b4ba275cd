"""The pages of output/: each function takes domain values and returns a page's bytes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from syndicate.domain.feeds import Entry, Feed
from syndicate.domain.newsletters import Issue, Newsletter
from syndicate.domain.site import Site
from syndicate.domain.topics import Topic
from syndicate.pages.bodies import for_reading
from syndicate.pages.views import (
    PageView,
    Place,
    entry_view,
    feed_views,
    newsletter_view,
    reader_links,
    topic_groups,
    topic_view,
)
from syndicate.templating.environment import render
from syndicate.templating.views import site_view

_ADDRESS = re.compile(r'(?<=[\s])(href|src)="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSummary:
    """A topic with its feed (entries left out), how many articles it has and when the newest was published."""

    topic: Topic
    feed: Feed
    count: int
    newest: datetime


def topic_page(
    templates: Mapping[str, str], path: str, site: Site, summary: TopicSummary, entries: Sequence[Entry]
) -> bytes:
    """Return a topic's page."""
    place = Place.of(site, path)
    view = topic_view(summary.topic, summary.feed, summary.count, summary.newest, place)
    page = PageView(title=view.label, description=summary.feed.description, canonical=summary.feed.home_url)
    shown = tuple(entry_view(entry, place) for entry in entries)
    readers = reader_links(summary.feed)
    return _page(
        templates, "pages/topic.html", place, page, feeds=view.feeds, readers=readers, topic=view, entries=shown
    )


def index_page(
    templates: Mapping[str, str],
    site: Site,
    feed: Feed,
    topics: Sequence[TopicSummary],
    newsletters: Sequence[tuple[Newsletter, Sequence[Issue]]],
    entries: Sequence[Entry],
) -> bytes:
    """Return the front page: all topics, the newest articles, the newsletters."""
    place = Place.of(site, "index.html")
    page = PageView(title=site.title, description=site.description, canonical=site.address("index.html"))
    views = [topic_view(one.topic, one.feed, one.count, one.newest, place) for one in topics]
    return _page(
        templates,
        "pages/index.html",
        place,
        page,
        feeds=feed_views(feed, place),
        readers=reader_links(feed),
        topics=topic_groups(views),
        entries=tuple(entry_view(entry, place) for entry in entries),
        newsletters=tuple(newsletter_view(newsletter, issues, place) for newsletter, issues in newsletters),
        opml="feeds.opml",
    )


def newsletter_page(
    templates: Mapping[str, str],
    path: str,
    site: Site,
    newsletter: Newsletter,
    issues: Sequence[Issue],
    feed: Feed,
    entries: Sequence[Entry],
) -> bytes:
    """Return the page of a newsletter: all its issues and the feed that carries them; it shows no `entries`."""
    place = Place.of(site, path)
    page = PageView(title=newsletter.title, description=newsletter.description, canonical=feed.home_url)
    view = newsletter_view(newsletter, issues, place)
    readers = reader_links(feed)
    return _page(
        templates, "pages/issues.html", place, page, feeds=feed_views(feed, place), readers=readers, newsletter=view
    )


def article_page(templates: Mapping[str, str], path: str, site: Site, feed: Feed, entry: Entry) -> bytes:
    """Return an article's reading page; `feed` is the one of all articles."""
    place = Place.of(site, path)
    image = entry.image.url if entry.image else None
    page = PageView(title=entry.title, description=entry.summary, canonical=site.address(path), image=image)
    view = entry_view(entry, place, Markup(for_reading(_localise(entry.content, place))))  # noqa: S704 - sanitised when it was parsed
    return _page(templates, "pages/article.html", place, page, feeds=feed_views(feed, place), entry=view)


def feed_sheet(templates: Mapping[str, str]) -> bytes:
    """Return the style sheet by which a browser shows the feeds themselves."""
    return render(templates, "pages/feed.css").encode()


def _localise(content: str, place: Place) -> str:
    """Return a body with links to our own files made relative, so that they work from the file system."""

    def relative(found: re.Match[str]) -> str:
        address = found[2]
        ours = place.is_media(address) or address.startswith(f"{place.site.output_url}articles/")
        return f'{found[1]}="{place.href(address) if ours else address}"'

    return _ADDRESS.sub(relative, content)


def _page(templates: Mapping[str, str], template: str, place: Place, page: PageView, **context: object) -> bytes:
    home = f"{place.up}index.html"
    return render(templates, template, site=site_view(place.site), page=page, home=home, **context).encode()
