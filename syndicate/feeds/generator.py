"""What RSS and Atom have in common: a feedgen generator filled from a Feed."""

from functools import lru_cache
from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from syndicate.domain.feeds import FORMATS, Entry, Feed, FeedFormat
from syndicate.domain.slugs import slugify
from syndicate.feeds.extension import EntryExtension

# No version: it would change every feed's bytes with each release.
GENERATOR = "syndicate"

_DECLARATION_END = b"?>\n"


def make_generator(feed: Feed, format: FeedFormat, feed_extension: type) -> FeedGenerator:
    """Return a generator with the feed's own elements set; entries are added by the format."""
    generator = FeedGenerator()
    generator.register_extension("syndicate", feed_extension, EntryExtension)
    generator.syndicate.feed = feed
    generator.id(feed.id)
    generator.title(feed.title)
    generator.language(feed.language)
    generator.generator(GENERATOR)
    generator.updated(feed.updated)
    generator.link(href=feed.url(format), rel="self", type=FORMATS[format].media_type)
    generator.link(href=feed.home_url, rel="alternate", type="text/html")  # last: RSS takes the last as its link
    return generator


def add_entry(generator: FeedGenerator, feed: Feed, entry: Entry) -> FeedEntry:
    """Append an entry with the elements that both formats write alike."""
    added = generator.add_entry(order="append")
    added.id(entry.id)
    added.title(entry.title)
    added.link(href=entry.url, rel="alternate")
    added.updated(entry.updated)
    added.category(
        [
            {"term": topic.label, "label": topic.label, "scheme": _scheme(feed.site_url, topic.taxonomy)}
            for topic in entry.topics
        ]
    )
    added.syndicate.entry = entry
    added.syndicate.feed_language = feed.language
    return added


def with_stylesheet(document: bytes, feed: Feed) -> bytes:
    """Return a document with the instruction that makes browsers show it in style.

    feedgen has no way to add an instruction. CSS, since browsers are dropping XSLT.
    """
    if not feed.stylesheet:
        return document
    instruction = f'<?xml-stylesheet type="text/css" href="{escape(feed.stylesheet)}"?>\n'
    return document.replace(_DECLARATION_END, _DECLARATION_END + instruction.encode(), 1)


@lru_cache(maxsize=1024)  # as many taxonomies as one site may well have
def _scheme(site_url: str, taxonomy: str | None) -> str:
    """Return the address that names a topic's taxonomy: its place on the front page."""
    return f"{site_url}#{slugify(taxonomy or 'topics')}"
