"""The rules of Atom 1.0, RFC 4287."""

from collections.abc import Iterator
from datetime import datetime

from syndicate.checks.content import Tag, markup_in, relative_parts, unsafe_parts
from syndicate.checks.rules import Fault, Rule, quoted
from syndicate.checks.values import has_mail_address, is_media_type, is_number, is_relative, is_uri, is_web, rfc_3339
from syndicate.checks.xml_feeds import (
    ADDRESS_HINT,
    SHARED,
    TITLE_HINT,
    WRITE_WHOLE,
    XmlFeed,
    XmlRule,
    at,
    links,
    markup_in_nodes,
    name_of,
    relative_in,
    same_ids,
    same_moments,
    twice,
    unsafe_in,
)
from syndicate.checks.xml_tree import ATOM, XHTML, Node

ID, TITLE, UPDATED, PUBLISHED = f"{ATOM}id", f"{ATOM}title", f"{ATOM}updated", f"{ATOM}published"
AUTHOR, CONTRIBUTOR, CATEGORY, SOURCE = f"{ATOM}author", f"{ATOM}contributor", f"{ATOM}category", f"{ATOM}source"
CONTENT, SUMMARY, SUBTITLE, RIGHTS = f"{ATOM}content", f"{ATOM}summary", f"{ATOM}subtitle", f"{ATOM}rights"
LOGO, ICON, GENERATOR, LINK = f"{ATOM}logo", f"{ATOM}icon", f"{ATOM}generator", f"{ATOM}link"

_FEED = frozenset(
    [AUTHOR, CATEGORY, CONTRIBUTOR, GENERATOR, ICON, ID, LINK, LOGO, RIGHTS, SUBTITLE, TITLE, UPDATED, f"{ATOM}entry"]
)
_ENTRY = frozenset(
    [AUTHOR, CATEGORY, CONTENT, CONTRIBUTOR, ID, LINK, PUBLISHED, RIGHTS, SOURCE, SUMMARY, TITLE, UPDATED]
)
_TEXTS = (TITLE, SUBTITLE, SUMMARY, RIGHTS)
_ONCE = frozenset([GENERATOR, ICON, ID, LOGO, RIGHTS, SUBTITLE, TITLE, UPDATED, PUBLISHED, CONTENT, SUMMARY, SOURCE])
_SITE_HINT = "set site.title, site.author and output.url in config.yaml, and build again"
_ARTICLE_HINT = "give the article a title and a date in its front matter"


def missing_elements(feed: XmlFeed) -> Iterator[Fault]:
    """What a feed and an entry must have."""
    for part, entry in feed.parts:
        kind, hint = ("feed", _SITE_HINT) if part is feed.head else ("entry", _ARTICLE_HINT)
        for name in (ID, TITLE, UPDATED):
            node = part.first(name)
            if node is None or (name != ID and not node.text and not node.children):  # an empty id is a bad one
                yield at(part, f"expected {_a(kind)} with {_a(name.removeprefix(ATOM))}, got none", hint, entry)


def missing_authors(feed: XmlFeed) -> Iterator[Fault]:
    """Someone has written each entry: it says who, or its source does, or the feed."""
    if feed.head.first(AUTHOR):
        return
    for item in feed.items:
        source = item.first(SOURCE)
        if not item.first(AUTHOR) and not (source and source.first(AUTHOR)):
            yield at(item, "expected an author of the entry or of the feed, got none", _SITE_HINT, name_of(item))


def missing_content(feed: XmlFeed) -> Iterator[Fault]:
    """An entry has content or leads to it; what isn't text has a summary."""
    for item in feed.items:
        content = item.first(CONTENT)
        if content is None and not links(item, "alternate"):
            yield at(item, "expected an entry with content or an alternate link, got neither", entry=name_of(item))
        if content and content.get("src") and not item.first(SUMMARY):
            yield at(item, "expected a summary of content that is elsewhere, got none", entry=name_of(item))


def unknown_elements(feed: XmlFeed) -> Iterator[Fault]:
    """Elements in Atom's namespace are those of the standard."""
    for part, entry in feed.parts:
        known = _FEED if part is feed.head else _ENTRY
        for child in part.children:
            if (child.name.startswith(ATOM) or not child.name.startswith("{")) and child.name not in known:
                yield at(child, f"expected an element that Atom has here, got {quoted(child.shown)}", entry=entry)


def elements_twice(feed: XmlFeed) -> Iterator[Fault]:
    """What may stand once stands once."""
    return twice(feed.parts, _ONCE)


# ---- Ids and dates ----


def bad_ids(feed: XmlFeed) -> Iterator[Fault]:
    """An id is an absolute IRI."""
    for part, entry in feed.parts:
        for node in part.all(ID):
            if not is_uri(node.text):
                hint = "mend the article's id in its front matter" if entry else ADDRESS_HINT
                yield at(node, f"expected a URI as id, got {quoted(node.text)}", hint, entry)


def ids_twice(feed: XmlFeed) -> Iterator[Fault]:
    """Each entry has an id of its own."""
    return same_ids((node, name_of(item)) for item in feed.items for node in item.all(ID)[:1])


def bad_dates(feed: XmlFeed) -> Iterator[Fault]:
    """Dates are those of RFC 3339, with a capital T and Z."""
    for part, entry in feed.parts:
        for node in part.all(UPDATED, PUBLISHED):
            if rfc_3339(node.text) is None:
                yield at(node, f"expected a date like '2026-03-01T08:00:00Z', got {quoted(node.text)}", entry=entry)


def _updates(feed: XmlFeed) -> Iterator[tuple[Node, datetime, str]]:
    for item in feed.items:
        node = item.first(UPDATED)
        moment = rfc_3339(node.text) if node else None
        if node and moment:
            yield node, moment, name_of(item)


def updated_twice(feed: XmlFeed) -> Iterator[Fault]:
    """The moments of update differ, or readers can't sort by them."""
    return same_moments(_updates(feed))


def wrong_updated(feed: XmlFeed) -> Iterator[Fault]:
    """A feed changed last no earlier than its newest entry."""
    node = feed.head.first(UPDATED)
    own = rfc_3339(node.text) if node else None
    if node is None or own is None:
        return
    _, newest, entry = max(_updates(feed), key=lambda one: one[1], default=(node, own, ""))
    if newest > own:
        what = f"expected updated to be no older than the newest entry's {newest:%Y-%m-%dT%H:%M:%SZ}"
        yield at(node, f"{what}, got {quoted(node.text)}", entry=entry)


# ---- People, categories, sources ----


def bad_authors(feed: XmlFeed) -> Iterator[Fault]:
    """A person has a name; an e-mail address is one, and an address of theirs is whole."""
    for part, entry in feed.parts:
        for person in part.all(AUTHOR, CONTRIBUTOR):
            if not person.text_of(f"{ATOM}name"):
                hint = "give the author a name in the front matter, or set site.author in config.yaml"
                yield at(person, f"expected {_a(person.shown)} with a name, got none", hint, entry)
            for mail in person.all(f"{ATOM}email"):
                if not has_mail_address(mail.text):
                    hint = "mend the author's e-mail address in the front matter"
                    yield at(mail, f"expected an e-mail address, got {quoted(mail.text)}", hint, entry)


def bad_categories(feed: XmlFeed) -> Iterator[Fault]:
    """A category has a term."""
    for part, entry in feed.parts:
        for node in part.all(CATEGORY):
            if not node.get("term"):
                hint = "take the empty category out of the front matter"
                yield at(node, "expected a category with a term, got none", hint, entry)
            if "scheme" in node.attributes and not is_uri(node.get("scheme")):
                yield at(node, f"expected a URI as a category's scheme, got {quoted(node.get('scheme'))}", entry=entry)


def bad_sources(feed: XmlFeed) -> Iterator[Fault]:
    """An entry that was taken from another feed says from which."""
    for item in feed.items:
        for source in item.all(SOURCE):
            for name in (ID, TITLE, UPDATED):
                if not source.text_of(name):
                    what = f"expected a source with {_a(name.removeprefix(ATOM))}, got none"
                    yield at(source, what, entry=name_of(item))


# ---- Links ----


def alternates_twice(feed: XmlFeed) -> Iterator[Fault]:
    """Alternate links differ in type or language."""
    for part, entry in feed.parts:
        seen = set()
        for link in links(part, "alternate"):
            kind = link.get("type").lower(), link.get("hreflang").lower()
            if kind in seen:
                yield at(link, "expected alternate links that differ in type or hreflang, got two alike", entry=entry)
            seen.add(kind)


def bad_enclosures(feed: XmlFeed) -> Iterator[Fault]:
    """An enclosure has an absolute address; its media type and its length, which may be left out, are true."""
    hint = "name a file that lies beside the article, or give its size and type in the front matter"
    for item in feed.items:
        for link in links(item, "enclosure"):
            entry = name_of(item)
            if not is_web(link.get("href")):
                what = f"expected an enclosure with an absolute http(s) address, got {quoted(link.get('href'))}"
                yield at(link, what, hint, entry)
            length = link.get("length")
            if "length" in link.attributes and (not is_number(length) or int(length) == 0):
                yield at(link, f"expected an enclosure with its length in bytes, got {quoted(length)}", hint, entry)
            if "type" in link.attributes and not is_media_type(link.get("type")):
                what = f"expected an enclosure with a media type, got {quoted(link.get('type'))}"
                yield at(link, what, hint, entry)


def relative_addresses(feed: XmlFeed) -> Iterator[Fault]:
    """Readers ignore xml:base: each address is whole."""
    for part, entry in feed.parts:
        people = [uri for person in part.all(AUTHOR, CONTRIBUTOR) for uri in person.all(f"{ATOM}uri")]
        found = [(node, node.text) for node in [*part.all(ICON, LOGO), *people]]
        found += [(node, node.get("src")) for node in part.all(CONTENT)]
        found += [(node, node.get("uri")) for node in part.all(GENERATOR)]
        for node, address in found:
            if address and is_relative(address):
                what = f"expected an absolute address in {node.shown}, got {quoted(address)}"
                yield at(node, what, ADDRESS_HINT, entry)


# ---- Text and content ----


def _kind(node: Node) -> str:
    return node.attributes.get("type", "text")


def bad_types(feed: XmlFeed) -> Iterator[Fault]:
    """Text is text, html or xhtml; content may be of another media type; xhtml is one div."""
    for part, entry in feed.parts:
        for node in part.all(*_TEXTS, CONTENT):
            kind = _kind(node)
            named = kind in ("text", "html", "xhtml")
            composite = kind.lower().startswith(("multipart/", "message/"))  # section 4.1.3.1 forbids these
            if not named and (node.name != CONTENT or composite or not is_media_type(kind)):
                yield at(node, f"expected type text, html or xhtml in {node.shown}, got {quoted(kind)}", entry=entry)
            if kind == "xhtml" and [child.name for child in node.children] != [f"{XHTML}div"]:
                yield at(node, f"expected {node.shown} of type xhtml to hold one div of XHTML", entry=entry)


def _html(feed: XmlFeed) -> Iterator[tuple[Node, str, str]]:
    for part, entry in feed.parts:
        for node in part.all(*_TEXTS, CONTENT):
            if _kind(node) in ("html", "text/html"):
                yield node, node.text, entry


def _xhtml(feed: XmlFeed) -> Iterator[tuple[Node, Tag, str]]:
    for part, entry in feed.parts:
        for node in part.all(*_TEXTS, CONTENT):
            inner = node.walk() if _kind(node) in ("xhtml", "application/xhtml+xml") else ()
            for one in inner:
                if one is not node:
                    attributes = {name.rpartition("}")[2].lower(): value for name, value in one.attributes.items()}
                    yield one, Tag(one.shown.lower(), attributes), entry


def unsafe_xhtml(feed: XmlFeed) -> Iterator[Fault]:
    """XHTML is as safe as HTML."""
    for node, tag, entry in _xhtml(feed):
        for part in unsafe_parts([tag]):
            yield at(node, f"expected content that is safe to show, got {part}", entry=entry)


def relative_xhtml(feed: XmlFeed) -> Iterator[Fault]:
    """Addresses in XHTML are whole."""
    for node, tag, entry in _xhtml(feed):
        for part in relative_parts([tag]):
            yield at(node, f"expected absolute addresses in content, got {part}", WRITE_WHOLE, entry)


def marked_up(feed: XmlFeed) -> Iterator[Fault]:
    """Text is plain, escaped once; HTML inside an element is escaped."""
    for part, entry in feed.parts:
        plain = [node for node in part.all(*_TEXTS, CONTENT) if _kind(node) == "text"]
        plain += [name for person in part.all(AUTHOR, CONTRIBUTOR) for name in person.all(f"{ATOM}name")]
        yield from markup_in_nodes((node, entry) for node in plain)
        for node in part.all(*_TEXTS, CONTENT):
            if _kind(node) == "html" and node.children:
                what = f"expected escaped HTML in {node.shown}, got the element <{node.children[0].shown}>"
                yield at(node, what, entry=entry)
        for node in part.all(CATEGORY):
            for name in ("term", "label"):
                if found := markup_in(node.get(name)):
                    what = f"expected plain text in a category's {name}, got the markup {quoted(found)}"
                    yield at(node, what, TITLE_HINT, entry)


_RFC = "RFC 4287"

RULES: tuple[XmlRule, ...] = (
    *SHARED,
    Rule(reason="feed-missing-element", source=f"{_RFC}, 4.1.1 and 4.1.2", find=missing_elements),
    Rule(reason="feed-missing-element", source=f"{_RFC}, 4.1.1 and 4.1.2", find=missing_authors),
    Rule(reason="feed-missing-element", source=f"{_RFC}, 4.1.2", find=missing_content),
    Rule(reason="feed-unknown-element", source=f"{_RFC}, 6.2", find=unknown_elements),
    Rule(reason="feed-element-twice", source=f"{_RFC}, 4.1.1 and 4.1.2", find=elements_twice),
    Rule(reason="feed-bad-id", source=f"{_RFC}, 4.2.6; RFC 9562, 4", find=bad_ids),
    Rule(reason="feed-same-id", source=f"{_RFC}, 4.1.1", find=ids_twice),
    Rule(reason="feed-bad-date", source=f"{_RFC}, 3.3; RFC 3339, 5.6", find=bad_dates),
    Rule(
        reason="feed-same-updated", source=f"{_RFC}, 4.2.15; W3C feed validator, DuplicateUpdated", find=updated_twice
    ),
    Rule(reason="feed-wrong-updated", source=f"{_RFC}, 4.2.15", find=wrong_updated),
    Rule(reason="feed-bad-author", source=f"{_RFC}, 3.2", find=bad_authors),
    Rule(reason="feed-bad-category", source=f"{_RFC}, 4.2.2", find=bad_categories),
    Rule(reason="feed-bad-source", source=f"{_RFC}, 4.2.11", find=bad_sources),
    Rule(reason="feed-bad-link", source=f"{_RFC}, 4.1.1 and 4.1.2", find=alternates_twice),
    Rule(reason="feed-bad-enclosure", source=f"{_RFC}, 4.2.7.2, 4.2.7.3 and 4.2.7.6", find=bad_enclosures),
    Rule(reason="feed-relative-address", source=f"{_RFC}, 2 and 4.2.7.1", find=relative_addresses),
    Rule(reason="feed-bad-type", source=f"{_RFC}, 3.1.1 and 4.1.3.1", find=bad_types),
    Rule(reason="feed-unsafe-content", source=f"{_RFC}, 8.1", find=unsafe_in(_html)),
    Rule(reason="feed-unsafe-content", source=f"{_RFC}, 8.1", find=unsafe_xhtml),
    Rule(reason="feed-relative-address", source=f"{_RFC}, 2 and 3.1.1", find=relative_in(_html)),
    Rule(reason="feed-relative-address", source=f"{_RFC}, 2 and 3.1.1", find=relative_xhtml),
    Rule(reason="feed-markup-in-text", source=f"{_RFC}, 3.1.1.1 and 3.1.1.2", find=marked_up),
)


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" and name != "updated" else f"a {name}" if name != "updated" else "updated"
