"""The rules of RSS 2.0: the specification, the RSS Advisory Board's profile of best practices, and its modules."""

from collections.abc import Iterator
from datetime import datetime

from syndicate.checks.rules import Fault, Rule, quoted
from syndicate.checks.values import (
    has_mail_address,
    is_language,
    is_media_type,
    is_number,
    is_relative,
    is_w3c_date,
    is_web,
    rfc_822,
    rfc_3339,
)
from syndicate.checks.xml_feeds import (
    ADDRESS_HINT,
    LANGUAGE_HINT,
    MEDIA,
    SHARED,
    XmlFeed,
    XmlRule,
    at,
    markup_in_nodes,
    name_of,
    relative_in,
    same_ids,
    same_moments,
    twice,
    unsafe_in,
)
from syndicate.checks.xml_tree import ATOM, Node

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC = "{http://purl.org/dc/elements/1.1/}"
SYNDICATION = "{http://purl.org/rss/1.0/modules/syndication/}"

_PERIODS = ("hourly", "daily", "weekly", "monthly", "yearly")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MAX_WIDTH, _MAX_HEIGHT = 144, 400  # the specification's, of a channel's image
_CHANNEL = frozenset([
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate",
    "lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours",
    "skipDays", "item",
])  # fmt: skip
_ITEM = frozenset(
    ["title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"]
)
_ONCE = (_CHANNEL | _ITEM | {CONTENT}) - {"category", "item", "enclosure"}
_IMAGE_HINT = "mend the feed's image in config.yaml"
_SUMMARY_HINT = "give the article a title in its front matter"


def missing_elements(feed: XmlFeed) -> Iterator[Fault]:
    """What a channel and an item must have."""
    for name in ("title", "link", "description"):
        if not feed.head.text_of(name):
            hint = "set site.title, site.description and output.url in config.yaml, and build again"
            yield at(feed.head, f"expected a channel with a {name}, got none", hint)
    for box in feed.head.all("textInput"):
        for name in ("title", "description", "name", "link"):
            if not box.text_of(name):
                yield at(box, f"expected a textInput with a {name}, got none")
    for item in feed.items:
        if not item.text_of("title") and not item.text_of("description"):
            yield at(item, "expected an item with a title or a description, got neither", _SUMMARY_HINT)


def unknown_elements(feed: XmlFeed) -> Iterator[Fault]:
    """Elements without a namespace are those of the specification."""
    for part, entry in feed.parts:
        known = _ITEM if part.name == "item" else _CHANNEL
        for child in part.children:
            if not child.name.startswith("{") and child.name not in known:
                yield at(child, f"expected an element that RSS has, got {quoted(child.name)}", entry=entry)


def elements_twice(feed: XmlFeed) -> Iterator[Fault]:
    """What may stand once stands once."""
    return twice(feed.parts, _ONCE)


def no_id(feed: XmlFeed) -> Iterator[Fault]:
    """Without a guid readers guess by title and link, and show an item again when these change."""
    for item in feed.items:
        if not item.first("guid"):
            yield at(item, "expected an item with a guid, got none", entry=name_of(item))


def bad_ids(feed: XmlFeed) -> Iterator[Fault]:
    """A guid is an http(s) address unless it says that it is none."""
    for item in feed.items:
        for guid in item.all("guid"):
            permalink = guid.attributes.get("isPermaLink", "true")
            if not guid.text:
                yield at(guid, "expected a guid, got an empty one", entry=name_of(item))
            elif permalink not in ("true", "false"):
                yield at(guid, f"expected isPermaLink to be true or false, got {quoted(permalink)}")
            elif permalink == "true" and not is_web(guid.text):
                what = f'expected isPermaLink="false" on a guid that is no http(s) address, got {quoted(guid.text)}'
                yield at(guid, what, entry=name_of(item))


def ids_twice(feed: XmlFeed) -> Iterator[Fault]:
    """Each item has a guid of its own."""
    return same_ids((guid, name_of(item)) for item in feed.items for guid in item.all("guid")[:1])


# ---- Dates ----


def bad_dates(feed: XmlFeed) -> Iterator[Fault]:
    """Dates are those of RFC 822 with four digits to the year; those of other namespaces as their modules say."""
    for part, entry in feed.parts:
        for date in part.all("pubDate", "lastBuildDate"):
            if rfc_822(date.text) is None:
                example = "'Sun, 01 Mar 2026 08:00:00 +0000'"
                yield at(date, f"expected a date like {example}, got {quoted(date.text)}", entry=entry)
        for date in part.all(f"{ATOM}updated", f"{ATOM}published"):
            if rfc_3339(date.text) is None:
                yield at(date, f"expected a date like '2026-03-01T08:00:00Z', got {quoted(date.text)}", entry=entry)
        for date in part.all(f"{DC}date"):
            if not is_w3c_date(date.text):
                yield at(date, f"expected a date like '2026-03-01T08:00Z', got {quoted(date.text)}", entry=entry)


def bad_times_to_live(feed: XmlFeed) -> Iterator[Fault]:
    """How long a feed may be kept, and when not to ask."""
    for ttl in feed.head.all("ttl"):
        if not is_number(ttl.text):
            yield at(ttl, f"expected a whole number of minutes in ttl, got {quoted(ttl.text)}")
    for hour in (hour for hours in feed.head.all("skipHours") for hour in hours.all("hour")):
        if not is_number(hour.text) or int(hour.text) > 23:
            yield at(hour, f"expected an hour from 0 to 23, got {quoted(hour.text)}")
    for day in (day for days in feed.head.all("skipDays") for day in days.all("day")):
        if day.text not in _WEEKDAYS:
            yield at(day, f"expected a day such as 'Monday', got {quoted(day.text)}")


def bad_syndication(feed: XmlFeed) -> Iterator[Fault]:
    """The syndication module has three elements, whose names begin small."""
    for node in (child for part, _ in feed.parts for child in part.children if child.name.startswith(SYNDICATION)):
        value = node.text
        if node.shown == "updatePeriod":
            if value not in _PERIODS:
                yield at(node, f"expected one of {', '.join(_PERIODS)} in sy:updatePeriod, got {quoted(value)}")
        elif node.shown == "updateFrequency":
            if not is_number(value) or int(value) == 0:
                yield at(node, f"expected a whole number above 0 in sy:updateFrequency, got {quoted(value)}")
        elif node.shown == "updateBase":
            if not is_w3c_date(value):
                yield at(node, f"expected a date like '2026-03-01T08:00Z' in sy:updateBase, got {quoted(value)}")
        else:
            names = "updatePeriod, updateFrequency or updateBase"
            yield at(node, f"expected {names} in the syndication module, got {quoted(node.shown)}")


def _updates(feed: XmlFeed) -> Iterator[tuple[Node, datetime, str]]:
    for item in feed.items:
        node = item.first(f"{ATOM}updated")
        moment = rfc_3339(node.text) if node else None
        if node and moment:
            yield node, moment, name_of(item)


def updated_twice(feed: XmlFeed) -> Iterator[Fault]:
    """The moments of update differ, as they must in Atom, where atom:updated comes from."""
    return same_moments(_updates(feed))


def wrong_updated(feed: XmlFeed) -> Iterator[Fault]:
    """A feed changed last no earlier than its newest item."""
    node = feed.head.first("lastBuildDate")
    built = rfc_822(node.text) if node else None
    if node is None or built is None:
        return
    for item in feed.items:
        moment = rfc_3339(item.text_of(f"{ATOM}updated")) or rfc_822(item.text_of("pubDate"))
        if moment and moment.replace(microsecond=0) > built:
            what = f"expected a lastBuildDate no older than the newest item, got {quoted(node.text)}"
            yield at(node, f"{what} before {moment:%Y-%m-%dT%H:%M:%SZ}", entry=name_of(item))
            return


# ---- Enclosures and media ----


def bad_enclosures(feed: XmlFeed) -> Iterator[Fault]:
    """An enclosure has an absolute address, a true length and a media type."""
    for item in feed.items:
        for node in item.all("enclosure"):
            entry = name_of(item)
            hint = "name a file that lies beside the article, or give its size and type in the front matter"
            if not is_web(node.get("url")):
                what = f"expected an enclosure with an absolute http(s) address, got {quoted(node.get('url'))}"
                yield at(node, what, hint, entry)
            length = node.get("length")
            if not is_number(length) or int(length) == 0:
                yield at(node, f"expected an enclosure with its length in bytes, got {quoted(length)}", hint, entry)
            if not is_media_type(node.get("type")):
                what = f"expected an enclosure with a media type, got {quoted(node.get('type'))}"
                yield at(node, what, hint, entry)


def several_enclosures(feed: XmlFeed) -> Iterator[Fault]:
    """Most readers take one, and not all the same one."""
    for item in feed.items:
        for node in item.all("enclosure")[1:]:
            yield at(node, "expected one enclosure in an item, got another", entry=name_of(item))


# ---- Authors ----


def authors_twice(feed: XmlFeed) -> Iterator[Fault]:
    """Author and dc:creator say the same: one of them."""
    for item in feed.items:
        if item.first("author") and (creator := item.first(f"{DC}creator")):
            yield at(creator, "expected either author or dc:creator in an item, got both", entry=name_of(item))


def bad_authors(feed: XmlFeed) -> Iterator[Fault]:
    """RSS names people by their e-mail address; a name alone is a dc:creator."""
    for part, entry in feed.parts:
        for node in part.all("author", "managingEditor", "webMaster"):
            if not has_mail_address(node.text):
                yield at(node, f"expected an e-mail address in {node.shown}, got {quoted(node.text)}", entry=entry)
        for node in part.all(f"{DC}creator"):
            if not node.text:
                yield at(node, "expected a name in dc:creator, got none", entry=entry)


# ---- Order, content, text ----


def content_first(feed: XmlFeed) -> Iterator[Fault]:
    """Some readers let the one that comes last win."""
    for item in feed.items:
        names = [child.name for child in item.children]
        if CONTENT in names and "description" in names[names.index(CONTENT) :]:
            node = item.all(CONTENT)[0]
            yield at(node, "expected content:encoded after description, got it before", entry=name_of(item))


def _html(feed: XmlFeed) -> Iterator[tuple[Node, str, str]]:
    for part, entry in feed.parts:
        for node in part.all("description", CONTENT):
            yield node, node.text, entry


def marked_up(feed: XmlFeed) -> Iterator[Fault]:
    """Titles, names and categories are plain text, escaped once."""
    names = ("title", "category", "author", "managingEditor", "webMaster", f"{DC}creator")
    return markup_in_nodes((node, entry) for part, entry in feed.parts for node in part.all(*names))


# ---- Addresses ----


def bad_web_links(feed: XmlFeed) -> Iterator[Fault]:
    """Links lead to pages of the web; the channel's leads to its page, and not to itself."""
    for node in feed.head.all("link"):
        if node.text == feed.url:
            yield at(node, f"expected a link to the channel's page, got the feed's own address {quoted(node.text)}")
    for part, entry in feed.parts:
        for node in part.all("link"):
            if node.text and not is_relative(node.text) and not is_web(node.text):
                what = f"expected an http(s) address in link, got {quoted(node.text)}"
                yield at(node, what, "mend the link in the article's front matter", entry)


def relative_addresses(feed: XmlFeed) -> Iterator[Fault]:
    """RSS has no base: every address is whole."""
    for part, entry in feed.parts:
        image = part.all("image")
        nodes = [*part.all("link", "comments", "docs"), *(one for node in image for one in node.all("url"))]
        found = [(node, node.text) for node in nodes]
        found += [(node, node.get("url")) for node in part.all("source", f"{MEDIA}content", f"{MEDIA}thumbnail")]
        for node, address in found:
            if address and is_relative(address):
                what = f"expected an absolute address in {node.shown}, got {quoted(address)}"
                yield at(node, what, ADDRESS_HINT, entry)


# ---- Further elements ----


def bad_images(feed: XmlFeed) -> Iterator[Fault]:
    """A channel's image is small, and leads where the channel does."""
    for image in feed.head.all("image"):
        for name in ("url", "title", "link"):
            if not image.text_of(name):
                yield at(image, f"expected an image with a {name}, got none", _IMAGE_HINT)
        link = image.first("link")
        if link and link.text and link.text != feed.head.text_of("link"):
            what = f"expected the channel's link {quoted(feed.head.text_of('link'))} in its image"
            yield at(link, f"{what}, got {quoted(link.text)}", _IMAGE_HINT)
        for name, most in (("width", _MAX_WIDTH), ("height", _MAX_HEIGHT)):
            for node in image.all(name):
                if not is_number(node.text) or not 0 < int(node.text) <= most:
                    what = f"expected a {name} of at most {most} pixels, got {quoted(node.text)}"
                    yield at(node, what, _IMAGE_HINT)


def bad_categories(feed: XmlFeed) -> Iterator[Fault]:
    """A category has a name."""
    for part, entry in feed.parts:
        for node in part.all("category"):
            if not node.text and not node.children:
                hint = "take the empty category out of the front matter"
                yield at(node, "expected a category with a name, got an empty one", hint, entry)


def bad_sources(feed: XmlFeed) -> Iterator[Fault]:
    """An item's source is another feed, named by its address."""
    for item in feed.items:
        for node in item.all("source"):
            if not node.get("url"):
                yield at(node, "expected a source with the address of a feed in url, got none", entry=name_of(item))


def bad_channel_language(feed: XmlFeed) -> Iterator[Fault]:
    """The language is a tag."""
    for node in feed.head.all("language", f"{DC}language"):
        if not is_language(node.text):
            yield at(node, f"expected a language tag, got {quoted(node.text)}", LANGUAGE_HINT)


def bad_version(feed: XmlFeed) -> Iterator[Fault]:
    """RSS is RSS 2.0."""
    if feed.root.get("version") != "2.0":
        yield at(feed.root, f"expected version 2.0 of RSS, got {quoted(feed.root.get('version'))}")


_SPEC = "RSS 2.0 specification"
_PROFILE = "RSS Best Practices Profile"

RULES: tuple[XmlRule, ...] = (
    *SHARED,
    Rule(reason="feed-missing-element", source=f"{_SPEC}, required channel elements; item", find=missing_elements),
    Rule(reason="feed-unknown-element", source=f"{_SPEC}, extending RSS", find=unknown_elements),
    Rule(reason="feed-element-twice", source=f"{_PROFILE}, channel and item", find=elements_twice),
    Rule(reason="feed-no-id", source=f"{_PROFILE}, guid", find=no_id),
    Rule(reason="feed-bad-id", source=f"{_SPEC}, guid", find=bad_ids),
    Rule(reason="feed-same-id", source=f"{_SPEC}, guid", find=ids_twice),
    Rule(reason="feed-bad-date", source=f"{_PROFILE}, date and time; RFC 822, 5", find=bad_dates),
    Rule(reason="feed-bad-date", source=f"{_SPEC}, ttl, skipHours and skipDays", find=bad_times_to_live),
    Rule(reason="feed-bad-date", source="RSS 1.0 module: Syndication", find=bad_syndication),
    Rule(reason="feed-same-updated", source="W3C feed validator, DuplicateUpdated", find=updated_twice),
    Rule(reason="feed-wrong-updated", source=f"{_SPEC}, lastBuildDate", find=wrong_updated),
    Rule(reason="feed-bad-enclosure", source=f"{_SPEC}, enclosure", find=bad_enclosures),
    Rule(reason="feed-several-enclosures", source=f"{_PROFILE}, enclosure", find=several_enclosures),
    Rule(reason="feed-author-twice", source=f"{_PROFILE}, dc:creator", find=authors_twice),
    Rule(reason="feed-bad-author", source=f"{_SPEC}, author; {_PROFILE}, author", find=bad_authors),
    Rule(reason="feed-element-order", source=f"{_PROFILE}, content:encoded", find=content_first),
    Rule(reason="feed-unsafe-content", source="RFC 4287, 8.1; W3C feed validator, SecurityRisk", find=unsafe_in(_html)),
    Rule(reason="feed-relative-address", source=f"{_PROFILE}, description", find=relative_in(_html)),
    Rule(reason="feed-relative-address", source=f"{_PROFILE}, description", find=relative_addresses),
    Rule(reason="feed-markup-in-text", source=f"{_PROFILE}, character data", find=marked_up),
    Rule(reason="feed-bad-link", source=f"{_SPEC}, link", find=bad_web_links),
    Rule(reason="feed-bad-image", source=f"{_SPEC}, image", find=bad_images),
    Rule(reason="feed-bad-category", source=f"{_SPEC}, category", find=bad_categories),
    Rule(reason="feed-bad-source", source=f"{_SPEC}, source", find=bad_sources),
    Rule(reason="feed-bad-language", source=f"{_SPEC}, language", find=bad_channel_language),
    Rule(reason="feed-bad-type", source=f"{_SPEC}, what is RSS", find=bad_version),
)
