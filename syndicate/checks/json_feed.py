"""The rules of JSON Feed 1.1."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from syndicate.checks.content import markup_in, relative_parts, tags_in, unsafe_parts
from syndicate.checks.json_text import JsonText
from syndicate.checks.rules import OURS, Fault, Rule, quoted
from syndicate.checks.values import is_language, is_media_type, is_relative, is_web, rfc_3339
from syndicate.checks.xml_feeds import ADDRESS_HINT, LANGUAGE_HINT, SITE_HINT, TITLE_HINT, WRITE_WHOLE

VERSION = "https://jsonfeed.org/version/1.1"

_FEED_TEXTS = ("title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon")
_ITEM_TEXTS = ("url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image")
_LISTS = ("authors", "hubs", "tags", "attachments")
_FEED_ADDRESSES = ("home_page_url", "next_url", "icon", "favicon")
_ITEM_ADDRESSES = ("url", "external_url", "image", "banner_image")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The feed or an item: an object, its place, and the title by which readers know it."""

    value: dict[str, Any]
    place: str
    line: int | None
    lines: dict[str, int]
    entry: str = ""

    def at(self, name: str, what: str, hint: str = OURS) -> Fault:
        """Return a fault at a member."""
        line = self.lines.get(name.partition("[")[0].partition(".")[0], self.line)
        return Fault(what=what, hint=hint, line=line, field=f"{self.place}{name}", entry=self.entry)

    def text(self, name: str) -> str:
        """Return a member that is a text, '' if it is none."""
        return _text(self.value.get(name))

    def objects(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the objects in a list, with their places in it."""
        for number, one in enumerate(self.list(name)):
            if isinstance(one, dict):
                yield f"{name}[{number}]", one

    def list(self, name: str) -> list[Any]:
        """Return a member that is a list, an empty one if it is none."""
        value = self.value.get(name)
        return value if isinstance(value, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFeed:
    """A JSON Feed, and where it is served."""

    url: str
    head: Part
    items: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The feed itself and each item."""
        return (self.head, *self.items)


JsonRule = Rule[JsonFeed]


def json_feed(text: JsonText, url: str) -> JsonFeed:
    """Return an object as a feed."""
    head = Part(value=text.value, place="", line=1, lines=text.members)
    lines = text.items
    items = tuple(
        Part(
            value=item,
            place=f"items[{number}].",
            line=lines[number] if number < len(lines) else None,
            lines={},
            entry=" ".join((_text(item.get("title")) or _text(item.get("id"))).split())[:80],
        )
        for number, item in enumerate(head.list("items"))
        if isinstance(item, dict)
    )
    return JsonFeed(url=url, head=head, items=items)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: object) -> str:
    """Return a value as a message shows it, lists and objects by their kind: these may be nested without end."""
    if isinstance(value, str):
        return quoted(value)
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else json.dumps(value)


def missing_members(feed: JsonFeed) -> Iterator[Fault]:
    """What a feed and an item must have."""
    for name in ("version", "title"):
        if _is_blank(feed.head.value.get(name)):
            yield feed.head.at(name, f"expected a feed with a {name}, got none")
    if "items" not in feed.head.value:
        yield feed.head.at("items", "expected a feed with a list of items, got none")
    for item in feed.items:
        if "id" not in item.value:
            yield item.at("id", "expected an item with an id, got none")
        if all(item.value.get(name) is None for name in ("content_html", "content_text")):  # an empty text is one
            hint = "write some text below the article's front matter"
            yield item.at("content_html", "expected an item with content_html or content_text, got neither", hint)


def bad_values(feed: JsonFeed) -> Iterator[Fault]:
    """Members are of the kind that the standard says."""
    for part, texts in ((feed.head, _FEED_TEXTS), *((item, _ITEM_TEXTS) for item in feed.items)):
        for name, value in part.value.items():
            if name in texts and not isinstance(value, str):
                yield part.at(name, f"expected a text in {name}, got {shown(value)}")
            elif name in _LISTS and not isinstance(value, list):
                yield part.at(name, f"expected a list in {name}, got {shown(value)}")
    if not isinstance(feed.head.value.get("items", []), list):
        yield feed.head.at("items", "expected a list in items, got something else")
    for number, item in enumerate(feed.head.list("items")):
        if not isinstance(item, dict):
            yield feed.head.at(f"items[{number}]", f"expected an object as an item, got {shown(item)}")
    if "expired" in feed.head.value and not isinstance(feed.head.value["expired"], bool):
        yield feed.head.at("expired", f"expected true or false in expired, got {shown(feed.head.value['expired'])}")


def no_self(feed: JsonFeed) -> Iterator[Fault]:
    """Every feed says where it is."""
    if not feed.head.text("feed_url"):
        yield feed.head.at("feed_url", f"expected feed_url to be {feed.url}, got none")


def wrong_self(feed: JsonFeed) -> Iterator[Fault]:
    """And says it right."""
    if feed.head.text("feed_url") not in ("", feed.url):
        what = f"expected feed_url to be {feed.url}, got {quoted(feed.head.text('feed_url'))}"
        yield feed.head.at("feed_url", what, ADDRESS_HINT)


def bad_ids(feed: JsonFeed) -> Iterator[Fault]:
    """An id is a text."""
    for item in feed.items:
        identifier = item.value.get("id")
        if "id" in item.value and not _text(identifier):
            yield item.at("id", f"expected a text as id, got {shown(identifier)}")


def ids_twice(feed: JsonFeed) -> Iterator[Fault]:
    """Each item has an id of its own."""
    seen: dict[str, str] = {}
    for item in feed.items:
        identifier = item.text("id")
        if identifier in seen:
            what = f"expected an id of its own, got that of {seen[identifier]} again: {quoted(identifier)}"
            yield item.at("id", what, "give one of the two articles another id in its front matter")
        elif identifier:
            seen[identifier] = item.place.rstrip(".")


def bad_dates(feed: JsonFeed) -> Iterator[Fault]:
    """Dates are those of RFC 3339."""
    for item in feed.items:
        for name in ("date_published", "date_modified"):
            if name in item.value and rfc_3339(item.text(name)) is None:
                what = f"expected a date like '2026-03-01T08:00:00Z', got {shown(item.value[name])}"
                yield item.at(name, what)


def bad_attachments(feed: JsonFeed) -> Iterator[Fault]:
    """An attachment has an address and a media type; its size, which may be left out, is true."""
    hint = "name a file that lies beside the article, or give its size and type in the front matter"
    for item in feed.items:
        for place, one in item.objects("attachments"):
            if not _text(one.get("url")):
                yield item.at(f"{place}.url", "expected an attachment with a url, got none", hint)
            if not is_media_type(_text(one.get("mime_type"))):
                what = f"expected an attachment with a media type, got {shown(one.get('mime_type', ''))}"
                yield item.at(f"{place}.mime_type", what, hint)
            for name in ("size_in_bytes", "duration_in_seconds"):
                size = one.get(name, 1)
                if isinstance(size, bool) or not isinstance(size, int | float) or size <= 0:
                    yield item.at(f"{place}.{name}", f"expected a number above 0, got {shown(size)}", hint)


def bad_authors(feed: JsonFeed) -> Iterator[Fault]:
    """Authors are a list, as version 1.1 has it, of people of whom something is known."""
    hint = "give the author a name in the front matter, or set site.author in config.yaml"
    for part in feed.parts:
        if "author" in part.value:
            yield part.at("author", "expected authors, a list, got author, which was version 1.0's")
        if part.value.get("authors") == []:
            yield part.at("authors", "expected authors with someone in it, got an empty list", hint)
        for number, one in enumerate(part.list("authors")):
            if not isinstance(one, dict) or not any(_text(one.get(name)) for name in ("name", "url", "avatar")):
                what = "expected an author with a name, a url or an avatar, got none of them"
                yield part.at(f"authors[{number}]", what, hint)


def own_next(feed: JsonFeed) -> Iterator[Fault]:
    """The next page is another one, or a reader would never come to the end."""
    if feed.head.text("next_url") == feed.url:
        yield feed.head.at("next_url", "expected the address of another page in next_url, got the feed's own")


def bad_tags(feed: JsonFeed) -> Iterator[Fault]:
    """A tag is a text."""
    for item in feed.items:
        for number, tag in enumerate(item.list("tags")):
            if not _text(tag):
                what = f"expected a tag with a name, got {shown(tag)}"
                yield item.at(f"tags[{number}]", what, "take the empty category out of the front matter")


def bad_hubs(feed: JsonFeed) -> Iterator[Fault]:
    """A hub says what it speaks and where."""
    hint = "mend the hub's address in config.yaml"
    for place, hub in feed.head.objects("hubs"):
        if not _text(hub.get("type")):
            yield feed.head.at(f"{place}.type", "expected a hub with a type, such as 'WebSub', got none", hint)
        if not is_web(_text(hub.get("url"))):
            what = f"expected a hub at an absolute http(s) address, got {shown(hub.get('url', ''))}"
            yield feed.head.at(f"{place}.url", what, hint)


def bad_languages(feed: JsonFeed) -> Iterator[Fault]:
    """Languages are tags of BCP 47."""
    for part in feed.parts:
        if "language" in part.value and not is_language(part.text("language")):
            what = f"expected a language tag, got {shown(part.value['language'])}"
            yield part.at("language", what, LANGUAGE_HINT)


def _addresses(feed: JsonFeed) -> Iterator[tuple[Part, str, str]]:
    """Yield every address, with its part and its place in that."""
    for part in feed.parts:
        for name in _FEED_ADDRESSES if part is feed.head else _ITEM_ADDRESSES:
            yield part, name, part.text(name)
        for list_name, names in (("authors", ("url", "avatar")), ("attachments", ("url",))):
            for place, one in part.objects(list_name):
                for name in names:
                    yield part, f"{place}.{name}", _text(one.get(name))


def relative_addresses(feed: JsonFeed) -> Iterator[Fault]:
    """JSON has no base: every address is whole."""
    for part, place, address in _addresses(feed):
        if address and is_relative(address):
            yield part.at(place, f"expected an absolute address, got {quoted(address)}", ADDRESS_HINT)


def bad_links(feed: JsonFeed) -> Iterator[Fault]:
    """Addresses lead to the web."""
    for part, place, address in _addresses(feed):
        allowed = place.startswith("authors[") and address.lower().startswith("mailto:")  # the standard allows it
        if address and not is_relative(address) and not is_web(address) and not allowed:
            what = f"expected an http(s) address, got {quoted(address)}"
            yield part.at(place, what, "mend the address in the article's front matter")


def in_content(parts: Callable[[Iterable[Any]], Iterator[str]], expected: str, hint: str) -> Callable[[JsonFeed], Any]:
    """Return the function that finds what is wrong in the HTML of items."""

    def find(feed: JsonFeed) -> Iterator[Fault]:
        for item in feed.items:
            for part in parts(tags_in(item.text("content_html"))):
                yield item.at("content_html", f"expected {expected}, got {part}", hint)

    return find


def marked_up(feed: JsonFeed) -> Iterator[Fault]:
    """Titles, names and tags are plain text."""
    for part in feed.parts:
        found = [("title", part.text("title"))]
        found += [(f"{place}.name", _text(one.get("name"))) for place, one in part.objects("authors")]
        found += [(f"tags[{number}]", _text(tag)) for number, tag in enumerate(part.list("tags"))]
        for place, text in found:
            if markup := markup_in(text):
                hint = SITE_HINT if part is feed.head else TITLE_HINT
                yield part.at(place, f"expected plain text, got the markup {quoted(markup)}", hint)


def bad_version(feed: JsonFeed) -> Iterator[Fault]:
    """JSON Feed is version 1.1."""
    version = feed.head.value.get("version", VERSION)
    if version not in ("", VERSION):
        yield feed.head.at("version", f"expected {VERSION}, got {shown(version)}")


_SPEC = "JSON Feed 1.1"
_UNSAFE = in_content(unsafe_parts, "content that is safe to show", OURS)
_RELATIVE = in_content(relative_parts, "absolute addresses in content", WRITE_WHOLE)

RULES: tuple[JsonRule, ...] = (
    Rule(reason="feed-missing-element", source=f"{_SPEC}, top-level and items", find=missing_members),
    Rule(reason="feed-bad-value", source=f"{_SPEC}, top-level and items", find=bad_values),
    Rule(reason="feed-no-self", source=f"{_SPEC}, top-level", find=no_self),
    Rule(reason="feed-wrong-self", source=f"{_SPEC}, top-level", find=wrong_self),
    Rule(reason="feed-bad-id", source=f"{_SPEC}, items", find=bad_ids),
    Rule(reason="feed-same-id", source=f"{_SPEC}, items", find=ids_twice),
    Rule(reason="feed-bad-date", source=f"{_SPEC}, items; RFC 3339, 5.6", find=bad_dates),
    Rule(reason="feed-bad-enclosure", source=f"{_SPEC}, attachments", find=bad_attachments),
    Rule(reason="feed-bad-author", source=f"{_SPEC}, authors", find=bad_authors),
    Rule(reason="feed-bad-category", source=f"{_SPEC}, items", find=bad_tags),
    Rule(reason="feed-bad-archive", source=f"{_SPEC}, top-level", find=own_next),
    Rule(reason="feed-bad-hub", source=f"{_SPEC}, subscribing to real-time notifications", find=bad_hubs),
    Rule(reason="feed-bad-language", source=f"{_SPEC}, top-level; RFC 5646 (BCP 47), 2.1", find=bad_languages),
    Rule(reason="feed-relative-address", source=f"{_SPEC}, top-level and items", find=relative_addresses),
    Rule(reason="feed-relative-address", source="RSS Best Practices Profile, description", find=_RELATIVE),
    Rule(reason="feed-bad-link", source=f"{_SPEC}, top-level and items", find=bad_links),
    Rule(reason="feed-unsafe-content", source="RFC 4287, 8.1; W3C feed validator, SecurityRisk", find=_UNSAFE),
    Rule(reason="feed-markup-in-text", source=f"{_SPEC}, items", find=marked_up),
    Rule(reason="feed-bad-type", source=f"{_SPEC}, top-level", find=bad_version),
)
