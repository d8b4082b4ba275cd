"""Media types, and what else a file's name says about how it is served."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from syndicate.domain.feeds import FORMATS

_JSON_FEED = "application/feed+json"
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
    browser_type: str | None = None
    is_text: bool
    is_feed: bool = False
    is_lasting: bool = False  # pictures, fonts and the like change less often than text


def media_of(path: str) -> Media:
    """Return how a file of output/ is served."""
    name = PurePosixPath(path).name.lower()
    if feed := _feed_type(name):
        is_xml = name.endswith(".xml")
        kind = f"{feed}; charset=utf-8"
        return Media(type=kind, browser_type=BROWSER_XML if is_xml else None, is_text=True, is_feed=True)
    suffix = PurePosixPath(name).suffix
    if suffix in _TEXT_TYPES:
        kind = f"{_TEXT_TYPES[suffix]}; charset=utf-8"
        return Media(type=kind, is_text=True, is_feed=suffix == ".opml", is_lasting=suffix == ".svg")
    return Media(type=_OTHER_TYPES.get(suffix, "application/octet-stream"), is_text=False, is_lasting=True)


def _feed_type(name: str) -> str | None:
    found = _FEEDS.fullmatch(name)
    if not found:
        return None
    if found["suffix"] == ".json":
        return _JSON_FEED if found["format"] == "feed" else None
    return next((facts.media_type for facts in FORMATS.values() if facts.file_name == f"{found['format']}.xml"), None)
