"""Any text survives RSS and Atom: what an independent parser reads is what was written."""

import html
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from makers import make_entry, make_feed, make_topic

from syndicate.domain.articles import Author
from syndicate.domain.feeds import Entry, FeedFormat
from syndicate.domain.text import scrub
from syndicate.feeds.build import build_feed
from syndicate.feeds.opml import Outline, build_opml

quick = settings(max_examples=150, deadline=None)
# Text as it comes out of parsing: without what XML forbids, and with something in it.
TEXT = (
    (st.text(min_size=1, max_size=60) | st.text("<>&'\"]!-[CDATA;#x \t\n\r\u00a0\u2028🍵ש", max_size=30))
    .map(scrub)
    .filter(str.strip)
)
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
AUTHORS = st.lists(TEXT, max_size=3, unique=True).map(lambda names: tuple(Author(name=name) for name in names))


@st.composite
def entries(draw: st.DrawFn, number: int = 1) -> Entry:
    topics = draw(st.lists(TEXT, max_size=3, unique=True))
    return make_entry(
        number,
        title=draw(TEXT),
        summary=draw(st.none() | TEXT),
        content=draw(st.just("") | TEXT),
        authors=draw(AUTHORS),
        topics=tuple(make_topic("Tea", key=str(place), label=label) for place, label in enumerate(topics)),
    )


def element(root: ElementTree.Element, *path: str) -> str | None:
    found = root.find("/".join(path))
    return None if found is None else found.text or ""


@quick
@given(entries(), TEXT, TEXT)
def test_any_text_survives_atom(entry: Entry, title: str, author: str) -> None:
    root = ElementTree.fromstring(
        build_feed(make_feed(entry, title=title, description=title, author=author), FeedFormat.ATOM)
    )
    (read,) = root.findall(f"{ATOM}entry")
    assert element(root, f"{ATOM}title") == element(root, f"{ATOM}subtitle") == title
    assert element(root, f"{ATOM}author", f"{ATOM}name") == author
    assert element(read, f"{ATOM}title") == entry.title
    assert element(read, f"{ATOM}summary") == entry.summary
    assert (element(read, f"{ATOM}content") or "") == entry.content
    assert [one.findtext(f"{ATOM}name") for one in read.findall(f"{ATOM}author")] == [one.name for one in entry.authors]
    assert [one.get("term") for one in read.findall(f"{ATOM}category")] == [topic.label for topic in entry.topics]


@quick
@given(entries(), TEXT)
def test_any_text_survives_rss(entry: Entry, title: str) -> None:
    root = ElementTree.fromstring(build_feed(make_feed(entry, title=title, description=title), FeedFormat.RSS))
    (read,) = root.findall("channel/item")
    assert element(root, "channel/title") == element(root, "channel/description") == title
    assert element(read, "title") == entry.title
    # Without summary and text there is nothing to describe: the title stands for the item (RSS 2.0, item).
    described = html.escape(entry.summary, quote=False) if entry.summary else entry.content or None
    assert element(read, "description") == described
    assert element(read, CONTENT) == (entry.content if entry.summary and entry.content else None)
    assert [one.text for one in read.findall(CREATOR)] == [one.name for one in entry.authors]
    assert [one.text for one in read.findall("category")] == [topic.label for topic in entry.topics]


@quick
@given(st.lists(entries(), max_size=4), st.sampled_from(FeedFormat))
def test_a_feed_has_the_same_bytes_each_time(shown: list[Entry], format: FeedFormat) -> None:
    assert build_feed(make_feed(*shown), format) == build_feed(make_feed(*shown), format)


@quick
@given(st.lists(st.tuples(TEXT, st.none() | TEXT), max_size=5), TEXT)
def test_any_text_survives_opml(feeds: list[tuple[str, str | None]], title: str) -> None:
    outlines = [
        Outline(title=name, feed_url=f"https://x.example/{place}", home_url="https://x.example/", group=group)
        for place, (name, group) in enumerate(feeds)
    ]
    root = ElementTree.fromstring(build_opml(title, outlines))
    assert root.findtext("head/title") == title
    read: Any = [one for one in root.iter("outline") if one.get("xmlUrl")]
    assert {(one.get("xmlUrl"), one.get("text"), one.get("title")) for one in read} == {
        (one.feed_url, one.title, one.title) for one in outlines
    }
