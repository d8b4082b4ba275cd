"""The rules of OPML 2.0."""

from collections.abc import Iterator

from syndicate.checks.content import markup_in
from syndicate.checks.rules import Fault, Rule, quoted
from syndicate.checks.values import is_relative, is_web, rfc_822
from syndicate.checks.xml_feeds import ADDRESS_HINT, SITE_HINT, XmlFeed, XmlRule, at, xslt
from syndicate.checks.xml_tree import Node

_ADDRESSES = ("xmlUrl", "htmlUrl", "url")


def _outlines(feed: XmlFeed) -> Iterator[Node]:
    return (node for node in feed.root.walk() if node.name == "outline")


def missing_elements(feed: XmlFeed) -> Iterator[Fault]:
    """What a list must have."""
    head = feed.root.first("head")
    if not head:
        yield at(feed.root, "expected a head, got none")
    for title in head.all("title") if head else ():
        if not title.text:
            yield at(title, "expected a title, got an empty one", "set site.title in config.yaml, and build again")
    if not feed.root.first("body"):
        yield at(feed.root, "expected a body, got none")
    elif not any(_outlines(feed)):
        yield at(feed.root, "expected a body with an outline, got none")
    for node in _outlines(feed):
        if not node.get("text"):
            yield at(node, "expected an outline with a text, got none", "give the topic a label in config.yaml")
        if node.get("type").lower() == "rss" and not node.get("xmlUrl"):
            yield at(node, "expected an outline of type rss with an xmlUrl, got none")


def marked_up(feed: XmlFeed) -> Iterator[Fault]:
    """Readers show an outline's text as it is."""
    for node in _outlines(feed):
        for name in ("text", "title"):
            if found := markup_in(node.get(name)):
                yield at(node, f"expected plain text in {name}, got the markup {quoted(found)}", SITE_HINT)


def bad_dates(feed: XmlFeed) -> Iterator[Fault]:
    """Dates are those of RFC 822."""
    head = feed.root.first("head")
    for node in head.all("dateCreated", "dateModified") if head else ():
        if rfc_822(node.text) is None:
            yield at(node, f"expected a date like 'Sun, 01 Mar 2026 08:00:00 +0000', got {quoted(node.text)}")


def relative_addresses(feed: XmlFeed) -> Iterator[Fault]:
    """A list is read far from where it lies."""
    for node in _outlines(feed):
        for name in _ADDRESSES:
            if (address := node.get(name)) and is_relative(address):
                yield at(node, f"expected an absolute address in {name}, got {quoted(address)}", ADDRESS_HINT)


def bad_links(feed: XmlFeed) -> Iterator[Fault]:
    """Addresses are those of the web."""
    for node in _outlines(feed):
        for name in _ADDRESSES:
            if (address := node.get(name)) and not is_relative(address) and not is_web(address):
                yield at(node, f"expected an http(s) address in {name}, got {quoted(address)}", ADDRESS_HINT)


def bad_version(feed: XmlFeed) -> Iterator[Fault]:
    """OPML is OPML 2.0."""
    if feed.root.get("version") != "2.0":
        yield at(feed.root, f"expected version 2.0 of OPML, got {quoted(feed.root.get('version'))}")


_SPEC = "OPML 2.0 specification"

RULES: tuple[XmlRule, ...] = (
    Rule(
        reason="feed-missing-element",
        source=f"{_SPEC}, head, body, outline and subscription lists",
        find=missing_elements,
    ),
    Rule(reason="feed-markup-in-text", source=f"{_SPEC}, text", find=marked_up),
    Rule(reason="feed-bad-date", source=f"{_SPEC}, head", find=bad_dates),
    Rule(reason="feed-relative-address", source=f"{_SPEC}, subscription lists", find=relative_addresses),
    Rule(reason="feed-bad-link", source=f"{_SPEC}, subscription lists", find=bad_links),
    Rule(reason="feed-bad-type", source=f"{_SPEC}, opml", find=bad_version),
    Rule(reason="feed-bad-instruction", source="Chrome Status, Deprecate and remove XSLT", find=xslt),
)
