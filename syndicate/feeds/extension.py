"""What feedgen 1.0 leaves out, added through its extension mechanism and nowhere else.

* Atom entries lose the rel of their links (a loop variable is shadowed, feedgen issues 135 and 143),
  so every link but the alternate one is written here.
* RSS items drop an author without an e-mail address (feedgen pull request 57), so names are written
  as dc:creator.
* RSS has no element for the moment of an update; atom:updated in an item is valid and read by clients.
* Feed links other than self are left out of RSS.
"""

from datetime import datetime

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement, _Element

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"


class FeedExtension(BaseExtension):
    """Declares the namespaces that entries use."""

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes for the root element."""
        return {"dc": DC}


class AtomFeedExtension(BaseExtension):
    """Atom needs no further namespace."""

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes for the root element."""
        return {}


class EntryExtension(BaseEntryExtension):
    """An entry's links, creators and moment of update."""

    def __init__(self) -> None:
        self.links: tuple[tuple[str, str], ...] = ()
        self.creators: tuple[str, ...] = ()
        self.updated: datetime | None = None

    def extend_atom(self, entry: _Element) -> _Element:
        """Add the links: plain names, since feedgen's root carries xmlns as a literal attribute."""
        for rel, href in self.links:
            SubElement(entry, "link", rel=rel, href=href)
        return entry

    def extend_rss(self, item: _Element) -> _Element:
        """Add dc:creator for each author, and atom:updated."""
        for name in self.creators:
            SubElement(item, f"{{{DC}}}creator").text = name
        if self.updated:
            SubElement(item, f"{{{ATOM}}}updated").text = self.updated.isoformat()
        return item
