"""The formats' builders: adding a format is adding a file, a row here and its facts in domain/feeds.py."""

from collections.abc import Callable

from syndicate.domain.feeds import Feed, FeedFormat
from syndicate.feeds.atom import build_atom
from syndicate.feeds.json_feed import build_json
from syndicate.feeds.rss import build_rss

_BUILDERS: dict[FeedFormat, Callable[[Feed], bytes]] = {
    FeedFormat.RSS: build_rss,
    FeedFormat.ATOM: build_atom,
    FeedFormat.JSON: build_json,
}


def build_feed(feed: Feed, format: FeedFormat) -> bytes:
    """Return the feed's bytes in a format."""
    return _BUILDERS[format](feed)
