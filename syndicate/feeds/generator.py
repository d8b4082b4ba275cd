"""What RSS and Atom have in common: a feedgen generator filled from a Feed."""

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from syndicate.domain.feeds import FORMATS, Entry, Feed, FeedFormat
from syndicate.feeds.extension import EntryExtension

# No version: it would change every feed's bytes with each release.
GENERATOR = "syndicate"


def make_generator(feed: Feed, format: FeedFormat, feed_extension: type) -> FeedGenerator:
    """Return a generator with the feed's own elements set; entries are added by the format."""
    generator = FeedGenerator()
    generator.register_extension("syndicate", feed_extension, EntryExtension)
    generator.id(feed.id)
    generator.title(feed.title)
    generator.language(feed.language)
    generator.generator(GENERATOR)
    generator.updated(feed.updated)
    generator.link(href=feed.url(format), rel="self", type=FORMATS[format].media_type)
    generator.link(href=feed.home_url, rel="alternate", type="text/html")  # last: RSS takes the last as its link
    return generator


def add_entry(generator: FeedGenerator, entry: Entry) -> FeedEntry:
    """Append an entry with the elements that both formats write alike."""
    added = generator.add_entry(order="append")
    added.id(entry.id)
    added.title(entry.title)
    added.link(href=entry.url, rel="alternate")
    added.published(entry.published)
    added.updated(entry.updated)
    added.category([{"term": topic.label} for topic in entry.topics])
    return added
