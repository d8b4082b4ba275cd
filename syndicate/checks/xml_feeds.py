"""What RSS and Atom share: Atom's links, archives, tombstones, hubs, languages, content, style sheets."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from syndicate.checks.content import markup_in, relative_parts, tags_in, unsafe_parts
from syndicate.checks.relations import RELATIONS
from syndicate.checks.rules import OURS, Fault, Rule, quoted
from syndicate.checks.values import is_language, is_media_type, is_relative, is_uri, is_web, rfc_3339
from syndicate.checks.xml_tree import ATOM, XML, Instruction, Node

LINK = f"{ATOM}link"
HISTORY = "{http://purl.org/syndication/history/1.0}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
_DELETED = f"{TOMBSTONES}deleted-entry"

LANGUAGE_HINT = "set site.language in config.yaml, or the article's language, to a tag such as 'en' or 'pt-BR'"
WRITE_WHOLE = "write the whole address in the article"
TITLE_HINT = "take the markup out of the front matter; if there is none in it, report it together with the article"
SITE_HINT = "take the markup out of the site's title, description, author and topics in config.yaml, and build again"
ADDRESS_HINT = "set site.url and output.url in config.yaml to where the site and its feeds are served, and build again"

_ARCHIVES = ("prev-archive", "next-archive", "current")
# A relative address of these breaks a rule of their own.
_JUDGED_APART = ("self", "enclosure", "hub", *_ARCHIVES)
_XSLT_TYPES = frozenset(["text/xsl", "text/xml", "application/xml", "application/xslt+xml", "text/xslt"])
_PSEUDO_ATTRIBUTE = re.compile(r"""(\w[\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlFeed:
    """A feed in XML: `head` holds what it says of itself, `url` is where it is served."""

    url: str
    root: Node
    head: Node
    items: tuple[Node, ...]
    instructions: tuple[Instruction, ...] = ()

    @property
    def parts(self) -> Iterator[tuple[Node, str]]:
        """The head and each item, with the name of the entry that it is."""
        yield self.head, ""
        for item in self.items:
            yield item, name_of(item)


XmlRule = Rule[XmlFeed]


def name_of(item: Node) -> str:
    """Return by what an item is known: its title, else its id, else its link; '' if it has none of them."""
    texts = {child.shown: child.text for child in reversed(item.children)}
    known = next((texts[name] for name in ("title", "id", "guid", "link") if texts.get(name)), "")
    return " ".join(known.split())[:80]


def at(node: Node, what: str, hint: str = OURS, entry: str = "") -> Fault:
    """Return a fault at an element."""
    return Fault(what=what, hint=hint, line=node.line, entry=entry)


def links(node: Node, rel: str) -> list[Node]:
    """Return the Atom links of a relation; a link without one is 'alternate' (RFC 4287, section 4.2.7.2)."""
    return [link for link in node.all(LINK) if relation(link) == rel]


def relation(link: Node) -> str:
    """Return what a link leads to, in one form: IANA's prefix says nothing."""
    rel = link.get("rel").removeprefix("http://www.iana.org/assignments/relation/")
    return rel.lower() if rel else "alternate"


# ---- Self ----


def no_self(feed: XmlFeed) -> Iterator[Fault]:
    """Every feed says where it is."""
    if not links(feed.head, "self"):
        yield at(feed.head, f"expected a link with rel 'self' to {feed.url}, got none")


def wrong_self(feed: XmlFeed) -> Iterator[Fault]:
    """And says it right."""
    for link in links(feed.head, "self"):
        if link.get("href") != feed.url:
            what = f"expected a self link to {feed.url}, got {quoted(link.get('href'))}"
            yield at(link, what, ADDRESS_HINT)


# ---- Links ----


def bad_links(feed: XmlFeed) -> Iterator[Fault]:
    """An Atom link has an address, and a relation that is registered or a URI."""
    for part, entry in feed.parts:
        for link in part.all(LINK):
            if not link.get("href"):
                yield at(link, "expected a link with an address in href, got none", entry=entry)
            rel = relation(link) if link.get("rel") else link.attributes.get("rel", "alternate")
            if rel not in RELATIONS and not is_uri(rel):
                yield at(link, f"expected a registered relation or a URI in rel, got {quoted(rel)}", entry=entry)


def bad_link_types(feed: XmlFeed) -> Iterator[Fault]:
    """The type of an Atom link is a media type."""
    for part, entry in feed.parts:
        for link in part.all(LINK):
            if relation(link) != "enclosure" and "type" in link.attributes and not is_media_type(link.get("type")):
                yield at(link, f"expected a media type, got {quoted(link.get('type'))}", entry=entry)


def relative_links(feed: XmlFeed) -> Iterator[Fault]:
    """Readers ignore xml:base: each address is whole."""
    for part, entry in feed.parts:
        for link in part.all(LINK):
            href = link.get("href")
            if href and is_relative(href) and relation(link) not in _JUDGED_APART:
                yield at(link, f"expected an absolute address in href, got {quoted(href)}", ADDRESS_HINT, entry)


def bad_hubs(feed: XmlFeed) -> Iterator[Fault]:
    """A hub is asked by HTTP."""
    for link in links(feed.head, "hub"):
        if not is_web(link.get("href")):
            what = f"expected a hub at an absolute http(s) address, got {quoted(link.get('href'))}"
            yield at(link, what, "mend the hub's address in config.yaml")


# ---- Archives ----


def bad_archive(feed: XmlFeed) -> Iterator[Fault]:
    """An archive leads to the current feed and by absolute addresses; a complete feed has no archive."""
    archive, complete = feed.head.first(f"{HISTORY}archive"), feed.head.first(f"{HISTORY}complete")
    if archive and not links(feed.head, "current"):
        yield at(archive, "expected an archive with a link with rel 'current', got none")
    found = [link for rel in _ARCHIVES for link in links(feed.head, rel)]
    for link in found:
        if not is_web(link.get("href")):
            what = f"expected an absolute http(s) address for {relation(link)}, got {quoted(link.get('href'))}"
            yield at(link, what, ADDRESS_HINT)
        elif link.get("href") == feed.url and relation(link) != "current":
            yield at(link, f"expected the address of another archive for {relation(link)}, got the feed's own")
    if complete and (archive or found):
        yield at(complete, "expected either a complete feed or one with archives, got both")


# ---- Tombstones ----


def bad_tombstones(feed: XmlFeed) -> Iterator[Fault]:
    """A tombstone says which entry is gone and since when; that entry is not in the feed."""
    standing = {item.text_of(name): item for item in feed.items for name in (f"{ATOM}id", "guid")}
    seen: set[str] = set()
    for stone in feed.head.all(_DELETED):
        ref, when = stone.get("ref"), stone.get("when")
        if not ref or not is_uri(ref):
            yield at(stone, f"expected a deleted-entry whose ref is a URI, got {quoted(ref)}")
        elif ref in seen:
            yield at(stone, f"expected one deleted-entry of an entry, got another of {quoted(ref)}")
        elif ref in standing and not _came_back(standing[ref], when):
            yield at(stone, f"expected either an entry or its deleted-entry, got both of {quoted(ref)}")
        if rfc_3339(when) is None:
            yield at(stone, f"expected a deleted-entry with a moment in when, got {quoted(when)}")
        seen.add(ref)


def _came_back(item: Node, when: str) -> bool:
    """Tell whether an entry was updated after it had been deleted (RFC 6721, section 3)."""
    updated, deleted = rfc_3339(item.text_of(f"{ATOM}updated")), rfc_3339(when)
    return updated is not None and deleted is not None and updated > deleted


# ---- Languages, instructions ----


def bad_languages(feed: XmlFeed) -> Iterator[Fault]:
    """Languages are tags of BCP 47; an empty xml:lang takes the language back."""
    for node in feed.root.walk():
        lang, hreflang = node.attributes.get(f"{XML}lang"), node.attributes.get("hreflang")
        if lang and not is_language(lang):
            yield at(node, f"expected a language tag in xml:lang, got {quoted(lang)}", LANGUAGE_HINT)
        if node.name == LINK and hreflang is not None and not is_language(hreflang):
            yield at(node, f"expected a language tag in hreflang, got {quoted(hreflang)}", LANGUAGE_HINT)


def xslt(feed: XmlFeed) -> Iterator[Fault]:
    """Browsers are dropping XSLT: a style sheet is CSS."""
    for one in feed.instructions:
        given = {name: first or second for name, first, second in _PSEUDO_ATTRIBUTE.findall(one.data)}
        kind = given.get("type", "").partition(";")[0].strip().lower()
        path = given.get("href", "").partition("?")[0].lower()
        if one.target == "xml-stylesheet" and (kind in _XSLT_TYPES or path.endswith((".xsl", ".xslt"))):
            what = f"expected a style sheet in CSS, got XSLT: {quoted(given.get('href', ''))}"
            yield Fault(what=what, hint="browsers are dropping XSLT; use a sheet of type text/css", line=one.line)


# ---- Content and text ----

Pieces = Callable[[XmlFeed], Iterable[tuple[Node, str, str]]]


def unsafe_in(pieces: Pieces) -> Callable[[XmlFeed], Iterator[Fault]]:
    """Return the function that finds what is unsafe in pieces of HTML: each an element, its HTML and its entry."""

    def find(feed: XmlFeed) -> Iterator[Fault]:
        for node, html, entry in pieces(feed):
            for part in unsafe_parts(tags_in(html)):
                yield at(node, f"expected content that is safe to show, got {part}", entry=entry)

    return find


def relative_in(pieces: Pieces) -> Callable[[XmlFeed], Iterator[Fault]]:
    """Return the function that finds relative addresses in pieces of HTML."""

    def find(feed: XmlFeed) -> Iterator[Fault]:
        for node, html, entry in pieces(feed):
            for part in relative_parts(tags_in(html)):
                yield at(node, f"expected absolute addresses in content, got {part}", WRITE_WHOLE, entry)

    return find


def markup_in_nodes(nodes: Iterable[tuple[Node, str]]) -> Iterator[Fault]:
    """Yield what isn't plain text in elements that hold nothing else."""
    for node, entry in nodes:
        found = f"<{node.children[0].shown}>" if node.children else markup_in(node.text)
        if found:
            hint = TITLE_HINT if entry else SITE_HINT
            yield at(node, f"expected plain text in {node.shown}, got the markup {quoted(found)}", hint, entry)


def twice(parts: Iterable[tuple[Node, str]], names: frozenset[str]) -> Iterator[Fault]:
    """Yield each child of a name that its parent may have once, and has again."""
    for part, entry in parts:
        seen = set()
        for child in part.children:
            if child.name in names and child.name in seen:
                yield at(child, f"expected one {child.shown}, got another", entry=entry)
            seen.add(child.name)


def same_moments(updates: Iterable[tuple[Node, datetime, str]]) -> Iterator[Fault]:
    """Yield each element whose moment is that of an earlier one."""
    seen: dict[datetime, int] = {}
    for node, moment, entry in updates:
        if moment in seen:
            what = f"expected moments of update that tell entries apart, got that of line {seen[moment]} again"
            yield at(node, what, "readers sort by it: let the articles differ by a second", entry)
        else:
            seen[moment] = node.line


def same_ids(ids: Iterable[tuple[Node, str]]) -> Iterator[Fault]:
    """Yield each element that holds the id of an earlier one."""
    seen: dict[str, int] = {}
    for node, entry in ids:
        identifier = node.text
        if identifier in seen:
            what = f"expected an id of its own, got that of line {seen[identifier]}: {quoted(identifier)}"
            yield at(node, what, "give one of the two articles another id in its front matter", entry)
        elif identifier:
            seen[identifier] = node.line


MEDIA = "{http://search.yahoo.com/mrss/}"


def single_groups(feed: XmlFeed) -> Iterator[Fault]:
    """A media:group is a choice."""
    for item in feed.items:
        for group in item.all(f"{MEDIA}group"):
            if len(group.all(f"{MEDIA}content")) < 2:
                what = "expected a media:group of at least two media:content to choose from, got fewer"
                yield at(group, what, entry=name_of(item))


SHARED: tuple[XmlRule, ...] = (
    Rule(reason="feed-no-self", source="RSS Best Practices Profile, atom:link; RFC 4287, 4.1.1", find=no_self),
    Rule(reason="feed-wrong-self", source="RSS Best Practices Profile, atom:link; RFC 4287, 4.1.1", find=wrong_self),
    Rule(reason="feed-bad-link", source="RFC 4287, 4.2.7; RFC 8288, 2.1", find=bad_links),
    Rule(reason="feed-bad-type", source="RFC 4287, 4.2.7.3", find=bad_link_types),
    Rule(
        reason="feed-relative-address",
        source="RSS Best Practices Profile, description; RFC 4287, 4.2.7.1",
        find=relative_links,
    ),
    Rule(reason="feed-single-group", source="Media RSS 1.5.1, media:group", find=single_groups),
    Rule(reason="feed-bad-hub", source="WebSub, 4", find=bad_hubs),
    Rule(reason="feed-bad-archive", source="RFC 5005, 2 and 4", find=bad_archive),
    Rule(reason="feed-bad-tombstone", source="RFC 6721, 3", find=bad_tombstones),
    Rule(reason="feed-bad-language", source="RFC 5646 (BCP 47), 2.1", find=bad_languages),
    Rule(reason="feed-bad-instruction", source="Chrome Status, Deprecate and remove XSLT", find=xslt),
)
