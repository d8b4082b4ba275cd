"""Any text survives RSS and Atom: what an independent parser reads is what was written."""

import html
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from makers import make_article, make_entry, make_feed, make_topic
from msgspec.structs import replace

from syndicate.domain.articles import Article, Author, Enclosure, Image
from syndicate.domain.feeds import Entry, FeedFormat, FeedOptions, weight
from syndicate.domain.text import escaped_size, scrub
from syndicate.domain.urls import clean_address
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


ADDRESS = st.none() | TEXT.map(lambda text: f"https://example.org/{clean_address(text)}?a&b")


@st.composite
def articles(draw: st.DrawFn) -> Article:
    names = draw(st.lists(TEXT, max_size=4))
    return make_article(
        title=draw(TEXT),
        summary=draw(st.none() | TEXT),
        authors=tuple(Author(name=name, email=draw(st.none() | TEXT), url=draw(ADDRESS)) for name in names),
        page_url=draw(ADDRESS),
        source_url=draw(ADDRESS),
        image=draw(ADDRESS.map(lambda url: url and Image(url=url, media_type="image/png", length=9, width=9))),
        enclosure=draw(ADDRESS.map(lambda url: url and Enclosure(url=url, media_type="audio/mpeg", length=9))),
    )


@quick
@given(articles(), st.lists(TEXT, max_size=9), st.just("") | TEXT, st.sampled_from(FeedFormat))
def test_an_entry_takes_no_more_bytes_than_it_is_reckoned_to(
    article: Article, labels: list[str], content: str, format: FeedFormat
) -> None:
    topics = tuple(make_topic(key=str(place), label=label, taxonomy=label) for place, label in enumerate(labels))
    names = ("title", "summary", "authors", "image", "enclosure", "source_url")
    entry = make_entry(
        url=article.page_url or article.source_url or f"https://feeds.example.org/articles/{'a' * 100}/",
        topics=topics,
        content=content,
        language="pt-BR",
        **{name: getattr(article, name) for name in names},
    )
    size = len(build_feed(make_feed(entry), format)) - len(build_feed(make_feed(), format))
    article = replace(article, size=escaped_size(content))
    assert size <= weight(article, topics, entry.id, "https://feeds.example.org/", FeedOptions())
