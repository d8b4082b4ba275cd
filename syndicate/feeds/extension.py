"""What feedgen 1.0 leaves out, added through its extension mechanism and nowhere else.

* Atom entries lose the rel of their links (a loop variable is shadowed, feedgen issues 135 and 143),
  so every link but the alternate one is written here.
* RSS items drop an author without an e-mail address (feedgen pull request 57), so names are written
  as dc:creator.
* RSS has no element for the moment of an update; atom:updated in an item is valid and read by clients.
* The date of an RSS item is written with the locale of the whole process set to C and back, which other
  threads see and which takes longer than the rest of the item's small elements; so pubDate is written here.
* Feed links other than self are left out of RSS.
* feedgen's own syndication extension writes the words None; its media extension puts single pictures
  into groups, of which validators warn.

What the mechanism can't reach: the instruction above the root element (generator.py writes it), and
elements that feedgen has written already, since an extension only appends.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement, _Element

from syndicate.domain.articles import Enclosure, Image
from syndicate.domain.feeds import Entry, Feed, FeedFormat
from syndicate.domain.moments import to_text

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"
XML = "http://www.w3.org/XML/1998/namespace"

_CREATOR, _UPDATED, _MEDIA_CONTENT = f"{{{DC}}}creator", f"{{{ATOM}}}updated", f"{{{MEDIA}}}content"

# The periods of web.resource.org/rss/1.0/modules/syndication, in minutes; a feed's ttl is a week at most.
_PERIODS = (("hourly", 60), ("daily", 1_440), ("weekly", 10_080))


class RssFeedExtension(BaseExtension):
    """The channel's links beside self, and how often it may change."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes for the root element."""
        history = {"fh": HISTORY} if self.feed.current else {}
        return {"dc": DC, "media": MEDIA, "sy": SYNDICATION, **history}

    def extend_rss(self, rss: _Element) -> _Element:
        """Add the links and the sy: elements to the channel."""
        channel = rss[0]
        for rel, href in _feed_links(self.feed, FeedFormat.RSS):
            SubElement(channel, f"{{{ATOM}}}link", rel=rel, href=href)
        if self.feed.current:
            SubElement(channel, f"{{{HISTORY}}}archive")
        period, frequency = _rhythm(self.feed.ttl_minutes)
        SubElement(channel, f"{{{SYNDICATION}}}updatePeriod").text = period
        SubElement(channel, f"{{{SYNDICATION}}}updateFrequency").text = str(frequency)
        return rss


class AtomFeedExtension(BaseExtension):
    """The feed's links beside self and alternate."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes for the root element, those that are needed: at: draws a validator's warning."""
        history = {"fh": HISTORY} if self.feed.current else {}
        return {**history, **({"at": TOMBSTONES} if self.feed.tombstones else {})}

    def extend_atom(self, root: _Element) -> _Element:
        """Add the links: plain names, since feedgen's root carries xmlns as a literal attribute."""
        for rel, href in _feed_links(self.feed, FeedFormat.ATOM):
            SubElement(root, "link", rel=rel, href=href)
        if self.feed.current:
            SubElement(root, f"{{{HISTORY}}}archive")
        for ref, when in self.feed.tombstones:
            SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", ref=ref, when=to_text(when))
        return root


class EntryExtension(BaseEntryExtension):
    """An entry's links, picture, creators, language and moments."""

    entry: Entry
    feed_language: str

    def extend_atom(self, element: _Element) -> _Element:
        """Add the links beside alternate, and the language where it is another than the feed's."""
        entry = self.entry
        if entry.language and entry.language != self.feed_language:
            element.set(f"{{{XML}}}lang", entry.language)
        if entry.source_url and entry.source_url != entry.url:
            SubElement(element, "link", rel="via", href=entry.source_url)
        for file in (entry.enclosure, entry.image):
            if file is not None:
                known = _given({"type": file.media_type, "length": file.length})
                SubElement(element, "link", {"rel": "enclosure", "href": file.url, **known})
        return element

    def extend_rss(self, item: _Element) -> _Element:
        """Add pubDate, dc:creator for each author, atom:updated, and the picture, whose sides no enclosure tells."""
        entry = self.entry
        SubElement(item, "pubDate").text = rfc_2822(entry.published)
        for author in entry.authors:
            SubElement(item, _CREATOR).text = author.name
        SubElement(item, _UPDATED).text = entry.updated.isoformat()
        if entry.image:
            sides = {"width": entry.image.width, "height": entry.image.height}
            known = _given({"type": entry.image.media_type, "fileSize": entry.image.length, **sides})
            SubElement(item, _MEDIA_CONTENT, {"url": entry.image.url, "medium": "image", **known})
        return item


def _feed_links(feed: Feed, format: FeedFormat) -> Iterator[tuple[str, str]]:
    """Yield the links of a feed that readers follow, as rel and address: WebSub's, and those of RFC 5005."""
    for hub in feed.hubs:
        yield "hub", hub
    for rel, addresses in (("current", feed.current), ("prev-archive", feed.older), ("next-archive", feed.newer)):
        if href := dict(addresses).get(format):
            yield rel, href


def rss_enclosure(entry: Entry) -> Enclosure | Image | None:
    """Return the one file of an RSS item: the article's own, else its picture.

    It must have a length and a type, which are never guessed.
    """
    files = (file for file in (entry.enclosure, entry.image) if file is not None)
    return next((file for file in files if file.media_type and file.length), None)


def rfc_2822(moment: datetime) -> str:
    """Return a moment as RFC 2822 writes it in UTC, whatever the locale: 'Sun, 01 Mar 2026 08:00:00 +0000'."""
    moment = moment.astimezone(UTC)
    day = f"{_DAYS[moment.weekday()]}, {moment.day:02} {_MONTHS[moment.month - 1]} {moment.year:04}"
    return f"{day} {moment.hour:02}:{moment.minute:02}:{moment.second:02} +0000"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _given(values: Mapping[str, str | int | None]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value}


def _rhythm(minutes: int) -> tuple[str, int]:
    """Return the sy:updatePeriod, and how often in it a feed may change: no more often than every `minutes`."""
    name, length = next(one for one in _PERIODS if minutes <= one[1])
    return name, length // minutes
