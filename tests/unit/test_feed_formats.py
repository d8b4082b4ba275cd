"""RSS and Atom: every field comes back from independent parsers as it went in, whatever is in it."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]
import pytest
from makers import day, make_entry, make_feed, make_topic

from syndicate.domain.articles import Author
from syndicate.domain.feeds import Entry, Feed, FeedFormat
from syndicate.domain.text import scrub
from syndicate.feeds.build import build_feed

RSS, ATOM = FeedFormat.RSS, FeedFormat.ATOM
XML = (RSS, ATOM)
NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

HOSTILE = {
    "ampersands": "A & B &amp; C &lt; D &#38; E &nope;",
    "angle brackets": "<b>bold</b> a < b > c <br/> </title> <script>alert(1)</script>",
    "quotes": "\"double\" 'single' “curly” ‘curly’",
    "the end of CDATA": "]]> <![CDATA[ x ]]> ]]&gt;",
    "comments and instructions": "<!-- x --> <?xml version='1.0'?> <!DOCTYPE x>",
    "emoji": "🍵 👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "right to left": "شاي אחד \u202e تجربة \u200f",
    "Chinese, Japanese and Korean": "茶 お茶 차 𠮷野家",
    "combining marks": "e\u0301 नमस्ते ภาษาไทย",
    "odd spaces": "a\u00a0b\u2003c\u2028d\u3000e\u0085f",
    "percent and backslash": "100 % \\n %s {x} {{ y }} $z",
    "control characters, scrubbed": scrub("a\x00b\x02c\x08d\x0be\x0cf\x1bg\ud800h\ufffei"),
}


def tree(feed: Feed, format: FeedFormat) -> ElementTree.Element:
    return ElementTree.fromstring(build_feed(feed, format))


def text(element: ElementTree.Element, path: str) -> str | None:
    """Return the text of the one element at a path, None if there is none."""
    found = element.findall(path, NS)
    assert len(found) < 2, path
    return (found[0].text or "") if found else None


def texts(element: ElementTree.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, NS)]


def items(feed: Feed, format: FeedFormat) -> list[ElementTree.Element]:
    return tree(feed, format).findall("channel/item" if format is RSS else "atom:entry", NS)


def item(entry: Entry, format: FeedFormat) -> ElementTree.Element:
    (found,) = items(make_feed(entry), format)
    return found


def instant(written: str | None) -> datetime:
    """Return the moment that an element says, in either format."""
    assert written
    return datetime.fromisoformat(written) if written[4] == "-" else parsedate_to_datetime(written)


class TestHostileText:
    """What is plain text in an entry is the same plain text to whoever reads the feed."""

    @pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
    @pytest.mark.parametrize(
        ("format", "read"),
        [
            (RSS, {"title": "title", "category": "category", "author": "dc:creator"}),
            (ATOM, {"title": "atom:title", "author": "atom:author/atom:name"}),
        ],
        ids=["rss", "atom"],
    )
    def test_titles_categories_and_authors_come_back(
        self, format: FeedFormat, read: dict[str, str], hostile: str
    ) -> None:
        topic = make_topic("Tea", label=hostile)
        entry = item(make_entry(title=hostile, authors=(Author(name=hostile),), topics=(topic,)), format)
        assert {name: text(entry, path) for name, path in read.items()} == dict.fromkeys(read, hostile)
        if format is ATOM:
            assert [one.get("term") for one in entry.findall("atom:category", NS)] == [hostile]

    @pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
    def test_summaries_come_back(self, hostile: str) -> None:
        entry = make_entry(summary=hostile)
        assert text(item(entry, ATOM), "atom:summary") == hostile
        # RSS readers take a description for HTML, so that text is escaped once more.
        assert html.unescape(text(item(entry, RSS), "description") or "") == html.unescape(
            html.escape(hostile, quote=False)
        )
        assert "<" not in (text(item(entry, RSS), "description") or "")

    @pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
    @pytest.mark.parametrize("summary", ["A summary", None])
    def test_bodies_come_back(self, hostile: str, summary: str | None) -> None:
        body = f'<p title="{html.escape(hostile)}">{html.escape(hostile)}</p>'
        entry = make_entry(content=body, summary=summary)
        assert text(item(entry, ATOM), "atom:content") == body
        assert text(item(entry, RSS), "content:encoded" if summary else "description") == body

    @pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
    def test_the_feeds_own_texts_come_back(self, hostile: str) -> None:
        feed = make_feed(title=hostile, description=hostile, author=hostile)
        assert text(tree(feed, RSS), "channel/title") == hostile
        assert text(tree(feed, RSS), "channel/description") == hostile
        assert text(tree(feed, ATOM), "atom:title") == hostile
        assert text(tree(feed, ATOM), "atom:subtitle") == hostile
        assert text(tree(feed, ATOM), "atom:author/atom:name") == hostile

    @pytest.mark.parametrize("format", XML)
    def test_addresses_with_ampersands_come_back(self, format: FeedFormat) -> None:
        address = "https://example.org/?a=1&b=2&c=%20'x'"
        parsed = feedparser.parse(build_feed(make_feed(make_entry(url=address), home_url=address), format))
        assert (parsed.entries[0].link, parsed.feed.link) == (address, address)

    @pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
    @pytest.mark.parametrize("format", XML)
    def test_feedparser_finds_nothing_wrong(self, format: FeedFormat, hostile: str) -> None:
        entry = make_entry(
            title=hostile, summary=hostile, content=f"<p>{html.escape(hostile)}</p>", authors=(Author(name=hostile),)
        )
        parsed = feedparser.parse(build_feed(make_feed(entry, title=hostile), format))
        assert not parsed.bozo
        assert len(parsed.entries) == 1


class TestFeedparser:
    """What an independent reader makes of a whole feed."""

    @pytest.mark.parametrize(("format", "version"), [(RSS, "rss20"), (ATOM, "atom10")])
    def test_it_reads_every_field(self, format: FeedFormat, version: str) -> None:
        entry = make_entry(
            7,
            title="Tea & cake",
            updated=day(9, hour=8),
            summary="Short & sweet",
            content="<p>Long</p>",
            authors=(Author(name="Ann Lee", email="ann@example.org", url="https://ann.example/"), Author(name="Bo")),
            topics=(make_topic("Desk: Tea"), make_topic("Cake")),
        )
        parsed = feedparser.parse(build_feed(make_feed(entry, author="The Gazette"), format))
        assert parsed.version == version
        assert not parsed.bozo
        assert (parsed.feed.title, parsed.feed.language) == ("Tea · The Test Gazette", "en")
        assert parsed.feed.link == "https://feeds.example.org/topics/tea/"
        (read,) = parsed.entries
        assert (read.id, read.link) == (entry.id, entry.url)
        assert html.unescape(read.title) == "Tea & cake"
        assert html.unescape(read.summary) == "Short & sweet"
        assert read.content[0].value == "<p>Long</p>"
        assert [author.name for author in read.authors] == ["Ann Lee", "Bo"]
        assert [tag.term for tag in read.tags] == ["Tea", "Cake"]
        assert (read.published_parsed[:6], read.updated_parsed[:6]) == ((2026, 1, 7, 0, 0, 0), (2026, 1, 9, 8, 0, 0))


class TestMoments:
    def test_the_date_of_an_rss_item_is_what_the_standard_library_writes(self) -> None:
        zone = timezone(timedelta(hours=-4))
        months = [datetime(2026, month, 30 - month, month, 5, 59, 7, tzinfo=UTC) for month in range(1, 13)]
        for moment in (*months, datetime(999, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=zone)):
            written = text(item(make_entry(published=moment), RSS), "pubDate")
            assert written == format_datetime(moment.astimezone(UTC))

    @pytest.mark.parametrize(("format", "path"), [(RSS, "pubDate"), (ATOM, "atom:published")])
    def test_an_entry_tells_when_it_was_published(self, format: FeedFormat, path: str) -> None:
        entry = item(make_entry(published=day(3, hour=8), updated=day(5)), format)
        assert instant(text(entry, path)) == day(3, hour=8)

    @pytest.mark.parametrize("format", XML)
    def test_an_entry_tells_when_it_was_updated(self, format: FeedFormat) -> None:
        updated = day(5, hour=9).replace(microsecond=123456)
        assert instant(text(item(make_entry(updated=updated), format), "atom:updated")) == updated

    @pytest.mark.parametrize(("format", "path"), [(RSS, "channel/lastBuildDate"), (ATOM, "atom:updated")])
    def test_a_feed_is_as_old_as_its_newest_change(self, format: FeedFormat, path: str) -> None:
        feed = make_feed(make_entry(3), make_entry(1, updated=day(8, hour=7)), make_entry(2))
        assert instant(text(tree(feed, format), path)) == day(8, hour=7)

    @pytest.mark.parametrize("format", FeedFormat)
    def test_the_clock_has_no_part_in_it(self, format: FeedFormat) -> None:
        years = re.findall(rb"\b20\d\d\b", build_feed(make_feed(make_entry(1)), format).replace(b"/2005/Atom", b""))
        assert set(years) == {b"2026"}


class TestLinks:
    @pytest.mark.parametrize(
        ("format", "path", "file", "kind"),
        [
            (RSS, "channel/atom:link", "rss.xml", "application/rss+xml"),
            (ATOM, "atom:link", "atom.xml", "application/atom+xml"),
        ],
    )
    def test_a_feed_names_its_own_address(self, format: FeedFormat, path: str, file: str, kind: str) -> None:
        links = [link.attrib for link in tree(make_feed(make_entry()), format).findall(path, NS)]
        own = [link for link in links if link["rel"] == "self"]
        assert own == [{"href": f"https://feeds.example.org/topics/tea/{file}", "rel": "self", "type": kind}]

    def test_a_feed_leads_to_its_page(self) -> None:
        feed = make_feed(make_entry())
        assert text(tree(feed, RSS), "channel/link") == feed.home_url
        pages = [link.get("href") for link in tree(feed, ATOM).findall("atom:link[@rel='alternate']", NS)]
        assert pages == [feed.home_url]

    def test_an_entry_leads_to_one_address_and_names_its_source(self) -> None:
        entry = make_entry(url="https://example.org/tea/", source_url="https://pub.example/tea")
        links = [dict(link.attrib) for link in item(entry, ATOM).findall("atom:link", NS)]
        assert links == [{"href": "https://example.org/tea/"}, {"rel": "via", "href": "https://pub.example/tea"}]
        assert text(item(entry, RSS), "link") == "https://example.org/tea/"

    @pytest.mark.parametrize("source", [None, "https://example.org/tea/"])
    def test_an_entry_that_leads_to_its_source_names_it_once(self, source: str | None) -> None:
        entry = make_entry(url="https://example.org/tea/", source_url=source)
        assert [dict(link.attrib) for link in item(entry, ATOM).findall("atom:link", NS)] == [
            {"href": "https://example.org/tea/"}
        ]

    def test_an_id_is_no_address(self) -> None:
        entry = make_entry()
        guid = item(entry, RSS).find("guid")
        assert guid is not None
        assert (guid.text, guid.attrib) == (entry.id, {"isPermaLink": "false"})
        assert text(item(entry, ATOM), "atom:id") == entry.id


class TestOrderAndAbsence:
    @pytest.mark.parametrize(("format", "path"), [(RSS, "guid"), (ATOM, "atom:id")])
    def test_entries_come_in_the_feeds_order(self, format: FeedFormat, path: str) -> None:
        entries = [make_entry(number) for number in (3, 1, 2)]
        assert [text(one, path) for one in items(make_feed(*entries), format)] == [entry.id for entry in entries]

    @pytest.mark.parametrize("format", XML)
    def test_a_feed_without_entries_is_a_feed(self, format: FeedFormat) -> None:
        parsed = feedparser.parse(build_feed(make_feed(), format))
        assert not parsed.bozo
        assert (parsed.entries, parsed.feed.title) == ([], "Tea · The Test Gazette")

    def test_what_an_entry_lacks_is_left_out(self) -> None:
        bare = make_entry()
        assert {child.tag for child in item(bare, RSS)} == {
            "title", "link", "guid", "pubDate", f"{{{NS['atom']}}}updated",
        }  # fmt: skip
        assert {child.tag.rpartition("}")[2] for child in item(bare, ATOM)} == {
            "id",
            "title",
            "link",
            "updated",
            "published",
        }

    def test_an_rss_description_is_the_summary_else_the_body(self) -> None:
        both = make_entry(title="T & <i>", summary="S & <b>", content="<p>C &amp; D</p>")
        assert text(item(both, RSS), "description") == "S &amp; &lt;b&gt;"
        assert text(item(replace(both, summary=None), RSS), "description") == "<p>C &amp; D</p>"
        assert text(item(replace(both, summary=None, content=""), RSS), "description") is None

    def test_an_rss_body_comes_after_the_description_and_only_beside_a_summary(self) -> None:
        tags = [child.tag for child in item(make_entry(summary="S", content="<p>C</p>"), RSS)]
        assert tags.index("description") < tags.index(f"{{{NS['content']}}}encoded")
        assert text(item(make_entry(content="<p>C</p>"), RSS), "content:encoded") is None

    def test_an_atom_feed_has_an_author_even_if_nobody_is_named(self) -> None:
        assert text(tree(make_feed(), ATOM), "atom:author/atom:name") == "Tea · The Test Gazette"
        assert text(tree(make_feed(author="Ann"), ATOM), "atom:author/atom:name") == "Ann"

    def test_an_atom_author_has_what_is_known(self) -> None:
        authors = (Author(name="Ann", email="ann@example.org", url="https://ann.example/"), Author(name="Bo"))
        found = item(make_entry(authors=authors), ATOM).findall("atom:author", NS)
        assert [{child.tag.rpartition("}")[2]: child.text for child in author} for author in found] == [
            {"name": "Ann", "email": "ann@example.org", "uri": "https://ann.example/"},
            {"name": "Bo"},
        ]

    def test_an_rss_item_names_every_author_and_no_address_of_theirs(self) -> None:
        entry = item(make_entry(authors=(Author(name="Ann", email="ann@example.org"), Author(name="Bo"))), RSS)
        assert texts(entry, "dc:creator") == ["Ann", "Bo"]
        assert text(entry, "author") is None

    @pytest.mark.parametrize("language", ["en", "pt-BR", "ar"])
    def test_a_feed_tells_its_language(self, language: str) -> None:
        feed = make_feed(language=language)
        assert text(tree(feed, RSS), "channel/language") == language
        assert tree(feed, ATOM).get(LANG) == language

    @pytest.mark.parametrize(
        "path_of", [lambda root: root.find("channel/generator"), lambda root: root.find("atom:generator", NS)]
    )
    def test_a_feed_tells_what_made_it_without_a_version(self, path_of: Callable[[Any], Any]) -> None:
        found = [path_of(tree(make_feed(), format)) for format in XML]
        assert [one.text for one in found if one is not None] == ["syndicate"]


class TestBytes:
    @pytest.mark.parametrize("format", FeedFormat)
    def test_equal_feeds_have_equal_bytes(self, format: FeedFormat) -> None:
        def feed() -> Feed:
            topics = (make_topic("Tea"), make_topic("Cake"))
            return make_feed(
                *(make_entry(number, summary="S", content="<p>C</p>", topics=topics) for number in (3, 2, 1))
            )

        assert build_feed(feed(), format) == build_feed(feed(), format)

    @pytest.mark.parametrize("format", XML)
    def test_they_are_utf8_and_say_so(self, format: FeedFormat) -> None:
        data = build_feed(make_feed(make_entry(title="茶 🍵")), format)
        assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n")
        assert "茶 🍵".encode() in data

    @pytest.mark.parametrize("format", FeedFormat)
    @pytest.mark.parametrize(
        "change",
        [
            {"title": "Other"}, {"url": "https://example.org/other/"}, {"updated": day(9)}, {"summary": "Other"},
            {"content": "<p>Other</p>"}, {"authors": (Author(name="Other"),)}, {"topics": (make_topic("Other"),)},
        ],
    )  # fmt: skip
    def test_a_change_of_an_entry_changes_them(self, format: FeedFormat, change: dict[str, Any]) -> None:
        one = make_entry(summary="S", content="<p>C</p>")
        assert build_feed(make_feed(one), format) != build_feed(make_feed(replace(one, **change)), format)


@pytest.mark.parametrize(
    ("minutes", "period", "frequency"),
    [
        (1, "hourly", 60),
        (60, "hourly", 1),
        (61, "daily", 23),
        (1440, "daily", 1),
        (2881, "weekly", 3),
        (10_080, "weekly", 1),
    ],
)
def test_a_feed_asks_for_no_more_looks_than_its_ttl_allows(minutes: int, period: str, frequency: int) -> None:
    data = build_feed(make_feed(ttl_minutes=minutes), FeedFormat.RSS).decode()
    assert f"<sy:updatePeriod>{period}</sy:updatePeriod>" in data
    assert f"<sy:updateFrequency>{frequency}</sy:updateFrequency>" in data
