"""Check that both sides published the same entries: a ratio of two different jobs says nothing.

Three things have to agree on every category, in both formats: what the corpus was planned to hold
(`corpus.newest`), Hugo's feed and syndicate's feed. Hugo's feeds are known by their titles.
Syndicate's are looked up by their links, so that the names of its files stay its own affair. Each
of its entries must also hold all of the text that Hugo's holds: a summary is less work than a body.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

FORMATS = ("rss", "atom")
_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_TAG_OR_SPACE = re.compile(r"<[^>]*>|\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: where it leads, and its body without markup and white space."""

    link: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed as it was read back."""

    path: Path
    title: str
    entries: tuple[Entry, ...]

    @property
    def links(self) -> tuple[str, ...]:
        """The links of the entries, in the order of the feed."""
        return tuple(entry.link for entry in self.entries)


def differences(expected: Mapping[str, tuple[str, ...]], hugo: Path, syndicate: Path) -> Iterator[str]:
    """Yield a sentence for each category and format in which the feeds are not equal.

    `expected` maps the name of each category to its links; the two paths are the folders that hold
    rss.xml and atom.xml files, at any depth.
    """
    for kind in FORMATS:
        theirs = {feed.title: feed for feed in _feeds(hugo, kind)}
        ours = list(_feeds(syndicate, kind))
        for category, links in expected.items():
            difference = _compare(category, links, theirs, ours)
            if difference:
                yield f"{kind}: {category}: {difference}"


def holds(folder: Path, words: str) -> bool:
    """Tell whether `words` occur in at least one feed of each format under `folder`."""
    return all(
        any(words in path.read_text(encoding="utf-8") for path in folder.rglob(f"{kind}.xml")) for kind in FORMATS
    )


def read(path: Path) -> Feed:
    """Read an RSS or an Atom document."""
    root = ElementTree.parse(path).getroot()
    if root.tag == f"{_ATOM}feed":
        entries = tuple(_atom_entry(entry) for entry in root.iterfind(f"{_ATOM}entry"))
        return Feed(path=path, title=root.findtext(f"{_ATOM}title", ""), entries=entries)
    entries = tuple(_rss_entry(item) for item in root.iterfind("channel/item"))
    return Feed(path=path, title=root.findtext("channel/title", ""), entries=entries)


def _feeds(folder: Path, kind: str) -> Iterator[Feed]:
    return (read(path) for path in sorted(folder.rglob(f"{kind}.xml")))


def _rss_entry(item: ElementTree.Element) -> Entry:
    return Entry(link=item.findtext("link", "").strip(), text=_plain(item.findtext(_CONTENT, "")))


def _atom_entry(entry: ElementTree.Element) -> Entry:
    links = (
        link.get("href", "") for link in entry.iterfind(f"{_ATOM}link") if link.get("rel", "alternate") == "alternate"
    )
    content = entry.find(f"{_ATOM}content")
    body = "" if content is None else "".join(content.itertext())
    return Entry(link=next(links, ""), text=_plain(body))


def _plain(body: str) -> str:
    """Return the text alone: what a sanitiser may change is the markup, not a word."""
    return re.sub(r"\s+", "", html.unescape(_TAG_OR_SPACE.sub("", body)))


def _compare(category: str, links: tuple[str, ...], theirs: Mapping[str, Feed], ours: list[Feed]) -> str | None:
    if category not in theirs:
        return "Hugo made no feed with this title"
    their = theirs[category]
    if their.links != links:
        return f"Hugo's {_parting(their, links)}"
    our = next((feed for feed in ours if feed.links == links), None)
    if our is None:
        return _nearest(category, links, ours)
    return _shortened(our, their)


def _nearest(category: str, links: tuple[str, ...], ours: list[Feed]) -> str:
    label = category.partition(": ")[2]
    near = next((feed for feed in ours if label in feed.title), None)
    if near is None:
        return f"syndicate made no feed with these {len(links)} entries, nor one of this title"
    return f"syndicate's {_parting(near, links)}"


def _parting(feed: Feed, links: tuple[str, ...]) -> str:
    """Say where the feed leaves the list of links that it should hold."""
    pairs = enumerate(zip(feed.links, links, strict=False), start=1)
    for number, (found, expected) in pairs:
        if found != expected:
            return f"{feed.path}: entry {number}: expected {expected}, found {found}"
    return f"{feed.path}: expected {len(links)} entries, found {len(feed.links)}"


def _shortened(our: Feed, their: Feed) -> str | None:
    for number, (mine, other) in enumerate(zip(our.entries, their.entries, strict=True), start=1):
        if not other.text or other.text not in mine.text:
            return (
                f"{our.path}: entry {number}: its body lacks text that Hugo's has "
                f"({len(mine.text)} characters without markup, Hugo {len(other.text)})"
            )
    return None
