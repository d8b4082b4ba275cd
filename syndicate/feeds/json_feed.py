"""JSON Feed 1.1, jsonfeed.org/version/1.1."""

import json
from typing import Any

from syndicate.domain.feeds import Entry, Feed, FeedFormat
from syndicate.domain.moments import to_text

# The standard leaves names with an underscore to programs. By it a file is known as ours.
GENERATOR = {"about": "made by syndicate"}
VERSION = "https://jsonfeed.org/version/1.1"


def build_json(feed: Feed) -> bytes:
    """Return the feed as JSON in UTF-8, one value a line."""
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed.url(FeedFormat.JSON),
        "next_url": dict(feed.older).get(FeedFormat.JSON),
        "description": feed.description,
        "icon": feed.icon,
        "authors": [{"name": feed.author or feed.title}],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
    }
    whole = {**_given(document), "_syndicate": GENERATOR, "items": [_item(entry) for entry in feed.entries]}
    return f"{json.dumps(whole, ensure_ascii=False, indent=1)}\n".encode()


def _item(entry: Entry) -> dict[str, Any]:
    item = _given(
        {
            "id": entry.id,
            "url": entry.url,
            "external_url": entry.source_url if entry.source_url != entry.url else None,
            "title": entry.title,
            "content_html": entry.content,
            "summary": entry.summary,
            "image": entry.image and entry.image.url,
            "date_published": to_text(entry.published),
            "date_modified": to_text(entry.updated),
            "authors": [_given({"name": author.name, "url": author.url}) for author in entry.authors],
            "tags": [topic.label for topic in entry.topics],
            "language": entry.language,
            "attachments": _attachments(entry),
        }
    )
    return item if entry.content else {**item, "content_text": entry.summary or ""}  # one of the two must be there


def _attachments(entry: Entry) -> list[dict[str, Any]]:
    """Return the article's file and its picture, each if its media type is known, which an attachment must name."""
    return [
        _given({"url": file.url, "mime_type": file.media_type, "size_in_bytes": file.length})
        for file in (entry.enclosure, entry.image)
        if file is not None and file.media_type is not None
    ]


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Return what says something: JSON Feed has no null and no empty lists."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}
