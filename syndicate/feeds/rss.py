"""RSS 2.0, by the specification and the RSS Advisory Board's best practices."""

from html import escape

from syndicate.domain.feeds import Entry, Feed, FeedFormat
from syndicate.feeds.extension import RssFeedExtension, rss_enclosure
from syndicate.feeds.generator import add_entry, make_generator, with_stylesheet


def build_rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0 in UTF-8."""
    generator = make_generator(feed, FeedFormat.RSS, RssFeedExtension)
    generator.description(feed.description)
    generator.lastBuildDate(feed.updated)
    generator.ttl(feed.ttl_minutes)
    if feed.icon:
        generator.image(url=feed.icon, title=feed.title, link=feed.home_url)
    for entry in feed.entries:
        item = add_entry(generator, feed, entry)
        item.guid(entry.id, permalink=entry.id == entry.url)
        if description := _description(entry):
            item.description(description)
        if entry.content and entry.summary:
            item.content(entry.content, type="html")
        if enclosure := rss_enclosure(entry):
            item.enclosure(enclosure.url, str(enclosure.length), enclosure.media_type)
    document: bytes = generator.rss_str(pretty=True)
    return with_stylesheet(document, feed)


def _description(entry: Entry) -> str:
    """Return what readers show as HTML: the summary escaped, else the content; a title alone is an item, too."""
    return escape(entry.summary, quote=False) if entry.summary else entry.content
