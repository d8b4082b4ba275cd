"""OPML 2.0: the list of all feeds, grouped by taxonomy, for readers to import."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from lxml.etree import Comment, Element, SubElement, tostring


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed in the list."""

    title: str
    feed_url: str
    home_url: str
    group: str | None = None


def build_opml(title: str, outlines: Sequence[Outline]) -> bytes:
    """Return the list as OPML in UTF-8; feeds of one group stand together."""
    root = Element("opml", version="2.0")
    root.addprevious(Comment(" syndicate "))  # by which the file is known as ours
    SubElement(SubElement(root, "head"), "title").text = title
    body = SubElement(root, "body")
    ordered = sorted(outlines, key=lambda one: (one.group or "", one.title.casefold(), one.feed_url))
    for group, members in groupby(ordered, key=lambda one: one.group):
        parent = SubElement(body, "outline", text=group) if group else body
        for one in members:
            SubElement(
                parent,
                "outline",
                type="rss",
                text=one.title,
                title=one.title,
                xmlUrl=one.feed_url,
                htmlUrl=one.home_url,
            )
    document: bytes = tostring(root.getroottree(), pretty_print=True, encoding="UTF-8", xml_declaration=True)
    return document
