"""RSS 2.0, by the specification and the RSS Advisory Board's best practices."""

from html import escape

from syndicate.domain.feeds import Entry, Feed, FeedFormat
from syndicate.feeds.extension import FeedExtension
from syndicate.feeds.generator import add_entry, make_generator


def build_rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0 in UTF-8."""
    generator = make_generator(feed, FeedFormat.RSS, FeedExtension)
    generator.description(feed.description)
    generator.lastBuildDate(feed.updated)
    for entry in feed.entries:
        item = add_entry(generator, entry)
        item.guid(entry.id, permalink=False)
        item.description(_description(entry))
        if entry.content and entry.summary:
            item.content(entry.content, type="html")
        item.syndicate.creators = tuple(author.name for author in entry.authors)
        item.syndicate.updated = entry.updated
    document: bytes = generator.rss_str(pretty=True)
    return document


def _description(entry: Entry) -> str:
    """Return what readers show as HTML: the summary escaped, else the content, else the title."""
    return escape(entry.summary, quote=False) if entry.summary else entry.content or escape(entry.title, quote=False)
