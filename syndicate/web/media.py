"""Media types, and what else a file's name says about how it is served."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from syndicate.domain.feeds import FORMATS, FeedFormat

PAGE, MEDIA, OTHER = "page", "media", "other"
FEED_KINDS = frozenset(format.value for format in FORMATS)
KINDS = (*(format.value for format in FORMATS), PAGE, MEDIA, OTHER)
"""What requests are counted as: a feed's format, page, media (pictures, sound, fonts) or other."""

_UNKNOWN_TYPE = "application/octet-stream"
# What a browser shows with its stylesheet: it offers application/rss+xml as a download.
BROWSER_XML = "application/xml; charset=utf-8"
_TEXT_TYPES = {
    ".html": "text/html",
    ".txt": "text/plain",
    ".css": "text/css",
    ".js": "text/javascript",
    ".xml": "application/xml",
    ".xsl": "application/xslt+xml",
    ".opml": "text/x-opml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".md": "text/markdown",
}
_TEXT_KINDS = {".html": PAGE, ".svg": MEDIA}
_OTHER_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".pdf": "application/pdf",
    ".gz": "application/gzip",
}
# Archived pages carry a number or a date: rss-3.xml, atom-2026-03.xml.
_FEEDS = re.compile(r"(?P<format>rss|atom|feed)(?:-[\w-]+)?(?P<suffix>\.xml|\.json)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """How a file is served; `browser_type` is another type for clients that show HTML."""

    type: str
    kind: str  # what requests for it are counted as
    browser_type: str | None = None
    is_text: bool
    is_feed: bool = False
    is_lasting: bool = False  # pictures, fonts and the like change less often than text


def media_of(path: str) -> Media:
    """Return how a file of output/ is served."""
    name = PurePosixPath(path).name.lower()
    if format := _format_of(name):
        type = f"{FORMATS[format].media_type}; charset=utf-8"
        browser_type = None if format is FeedFormat.JSON else BROWSER_XML
        return Media(type=type, kind=format.value, browser_type=browser_type, is_text=True, is_feed=True)
    suffix = PurePosixPath(name).suffix
    if suffix in _TEXT_TYPES:
        type, kind = f"{_TEXT_TYPES[suffix]}; charset=utf-8", _TEXT_KINDS.get(suffix, OTHER)
        return Media(type=type, kind=kind, is_text=True, is_feed=suffix == ".opml", is_lasting=suffix == ".svg")
    kind = MEDIA if suffix in _OTHER_TYPES else OTHER
    return Media(type=_OTHER_TYPES.get(suffix, _UNKNOWN_TYPE), kind=kind, is_text=False, is_lasting=True)


def _format_of(name: str) -> FeedFormat | None:
    found = _FEEDS.fullmatch(name)
    if not found:
        return None
    plain = f"{found['format']}{found['suffix']}"
    return next((format for format, facts in FORMATS.items() if facts.file_name == plain), None)


def kind_of(path: str) -> str:
    """Return what a request for a path is counted as, whether there is a file or not; a folder is a page."""
    return PAGE if not path or path.endswith("/") else media_of(path).kind
