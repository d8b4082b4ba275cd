"""Pages: links that work from the file system, and articles shown as what they are."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import html as lxml_html
from makers import day, make_entry, make_feed, make_newsletter, make_site, make_topic
from memory_project import TEMPLATES

from syndicate.domain.articles import Author, Image
from syndicate.domain.feeds import Entry, FeedFormat
from syndicate.domain.newsletters import Issue
from syndicate.pages.bodies import for_reading
from syndicate.pages.render import TopicSummary, article_page, feed_sheet, index_page, topic_page
from syndicate.pages.views import Place, entry_view, reader_links, topic_groups, topic_view

SITE = make_site()
OURS = "https://feeds.example.org/"
TEA = make_topic("Desk: Tea", description="All about tea")
SUMMARY = TopicSummary(topic=TEA, feed=make_feed(), count=1200, newest=day(5))
READING = make_entry(1, url=f"{OURS}articles/tea/", reading_page="articles/tea/index.html", topics=(TEA,))


def parsed(data: bytes) -> Any:
    return lxml_html.document_fromstring(data.decode())


def article(entry: Entry = READING, path: str = "articles/tea/index.html") -> Any:
    return parsed(article_page(TEMPLATES, path, SITE, make_feed(), entry))


def topic(*entries: Entry) -> Any:
    return parsed(topic_page(TEMPLATES, "topics/tea/index.html", SITE, SUMMARY, entries))


def index(*entries: Entry, **changes: Any) -> Any:
    given = {"topics": [SUMMARY], "newsletters": [], **changes}
    return parsed(index_page(TEMPLATES, SITE, make_feed(), given["topics"], given["newsletters"], entries))


class TestPlaces:
    @pytest.mark.parametrize(
        ("path", "address", "href"),
        [
            ("index.html", f"{OURS}articles/tea/", "articles/tea/index.html"),
            ("topics/tea/index.html", f"{OURS}articles/tea/", "../../articles/tea/index.html"),
            ("topics/tea/index.html", f"{OURS}articles/tea/#part", "../../articles/tea/index.html#part"),
            ("topics/tea/index.html", f"{OURS}all/rss.xml", "../../all/rss.xml"),
            ("topics/tea/index.html", OURS, "../../index.html"),
            ("topics/tea/index.html", "https://pub.example/", "https://pub.example/"),
            ("index.html", "https://feeds.example.organic/", "https://feeds.example.organic/"),
        ],
    )
    def test_a_link_to_our_own_files_is_relative_to_the_page(self, path: str, address: str, href: str) -> None:
        assert Place.of(SITE, path).href(address) == href

    def test_only_pictures_that_we_publish_are_ours(self) -> None:
        place = Place.of(SITE, "index.html")
        assert place.is_media(f"{OURS}media/news/cup.png")
        assert not place.is_media("https://cdn.example/media/cup.png")


class TestEntries:
    @pytest.mark.parametrize(
        ("entry", "href", "external"),
        [
            (READING, "../../articles/tea/index.html", False),
            (make_entry(1, url="https://pub.example/tea"), "https://pub.example/tea", True),
            (make_entry(1, url="https://example.org/tea/"), "https://example.org/tea/", False),
        ],
    )
    def test_a_headline_leads_to_its_page_here_or_elsewhere(self, entry: Entry, href: str, external: bool) -> None:
        view = entry_view(entry, Place.of(SITE, "topics/tea/index.html"))
        assert (view.href, view.external) == (href, external)
        links = topic(entry).xpath("//h3[@class='entry-title']/a")
        assert [(link.get("href"), link.get("rel") == "external") for link in links] == [(href, external)]

    def test_dates_are_those_of_the_sites_zone(self) -> None:
        entry = make_entry(published=day(1, hour=20), updated=day(1, hour=20))
        place = Place.of(make_site(zone=ZoneInfo("Asia/Tokyo")), "index.html")
        assert (entry_view(entry, place).date_text, entry_view(entry, place).date_iso) == (
            "2 January 2026",
            "2026-01-01T20:00:00Z",
        )

    @pytest.mark.parametrize(("updated", "text"), [(day(1, hour=9), None), (day(2), "2 January 2026")])
    def test_an_update_is_told_from_the_next_day_on(self, updated: Any, text: str | None) -> None:
        entry = make_entry(published=day(1, hour=8), updated=updated)
        assert entry_view(entry, Place.of(SITE, "index.html")).updated_text == text

    @pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr"), (None, "ltr")])
    def test_an_article_has_the_direction_of_its_language(self, language: str | None, direction: str) -> None:
        assert entry_view(make_entry(language=language), Place.of(SITE, "index.html")).direction == direction

    @pytest.mark.parametrize(
        ("url", "src"),
        [
            (f"{OURS}media/news/cup.png", "../../media/news/cup.png"),
            ("https://cdn.example/cup.png", "https://cdn.example/cup.png"),
        ],
    )
    def test_a_picture_of_ours_is_found_from_the_file_system(self, url: str, src: str) -> None:
        assert topic(replace(READING, image=Image(url=url))).xpath("//article//img/@src") == [src]


HOSTILE = "<script>alert(1)</script> \"x\" 'y' & {{ 7 * 7 }} 🍵 שלום"


class TestHostileText:
    @pytest.mark.parametrize("page", [topic, index, article])
    def test_it_is_shown_as_text(self, page: Callable[..., Any]) -> None:
        entry = replace(READING, title=HOSTILE, summary=HOSTILE, brand=HOSTILE, authors=(Author(name=HOSTILE),))
        document = page(entry)
        assert HOSTILE in " ".join(document.xpath("string(//main)").split())
        assert document.xpath("//main//script") == []

    def test_labels_and_the_site_are_text_too(self) -> None:
        summary = replace(SUMMARY, topic=make_topic("Tea", label=HOSTILE, description=HOSTILE))
        document = parsed(topic_page(TEMPLATES, "topics/tea/index.html", make_site(title=HOSTILE), summary, []))
        assert document.xpath("string(//h1)") == HOSTILE
        assert HOSTILE in document.xpath("string(//title)")
        assert document.xpath("//body//script[contains(., 'alert')]") == []

    def test_the_body_of_an_article_is_html(self) -> None:
        document = article(replace(READING, content="<p>Tea &amp; <em>cake</em></p>"))
        assert document.xpath("string(//div[@class='prose']//em)") == "cake"


class TestReadingPage:
    def test_links_of_the_text_to_our_files_work_from_the_file_system(self) -> None:
        content = (
            f'<p><a href="{OURS}articles/cake/#top">a</a> <img src="{OURS}media/news/a.png" alt=""> '
            f'<a href="https://pub.example/">b</a> <a href="{OURS}elsewhere/">c</a></p>'
        )
        document = article(replace(READING, content=content))
        assert document.xpath("//div[@class='prose']//@href | //div[@class='prose']//@src") == [
            "../../articles/cake/index.html#top",
            "../../media/news/a.png",
            "https://pub.example/",
            f"{OURS}elsewhere/",
        ]

    def test_it_names_its_address_its_feeds_and_its_source(self) -> None:
        document = article(replace(READING, source_url="https://pub.example/tea?a=1&b=2", brand="Pub"))
        assert document.xpath("//link[@rel='canonical']/@href") == [f"{OURS}articles/tea/"]
        assert document.xpath("//link[@rel='alternate'][@type]/@href") == [
            "../../topics/tea/rss.xml",
            "../../topics/tea/atom.xml",
            "../../topics/tea/feed.json",
        ]
        assert "https://pub.example/tea?a=1&b=2" in document.xpath("//a/@href")

    @pytest.mark.parametrize("url", [f"{OURS}media/news/cup.png", "https://cdn.example/cup.png"])
    def test_its_picture_is_told_by_its_whole_address(self, url: str) -> None:
        document = article(replace(READING, image=Image(url=url, alt="A cup")))
        assert document.xpath("//meta[@property='og:image']/@content") == [url]
        assert document.xpath("//meta[@property='og:image:alt']/@content") == ["A cup"]
        assert article().xpath("//meta[starts-with(@property, 'og:image')]") == []

    def test_a_heading_of_the_text_is_below_that_of_the_page(self) -> None:
        document = article(replace(READING, content="<h1>Tea</h1><p>Green</p>"))
        assert (len(document.xpath("//h1")), document.xpath("string(//div[@class='prose']/h2)")) == (1, "Tea")

    def test_it_says_once_what_the_text_begins_with(self) -> None:
        entry = replace(READING, summary="About tea", content="<p>About tea and cake</p>")
        assert article(entry).xpath("string(//main)").count("About tea") == 1
        assert article(replace(entry, content="<p>Cake</p>")).xpath("string(//main)").count("About tea") == 1


class TestBodies:
    """Where a page shows a body otherwise than a feed."""

    @pytest.mark.parametrize(
        ("body", "shown"),
        [
            ("<h2>a</h2><h3>b</h3>", "<h2>a</h2><h3>b</h3>"),
            ('<h1 id="a">a</h1><h2>b</h2>', '<h2 id="a">a</h2><h3>b</h3>'),
            ("<h1>a</h1><h5>b</h5><h6>c</h6>", "<h2>a</h2><h6>b</h6><h6>c</h6>"),
            ("<h1>a</h1><hr><header>b</header>", "<h2>a</h2><hr><header>b</header>"),
        ],
    )
    def test_headings_go_down_together_where_one_is_an_h1(self, body: str, shown: str) -> None:
        assert for_reading(body) == shown

    def test_code_takes_the_focus(self) -> None:
        assert for_reading('<pre lang="py"><code>a</code></pre>') == '<pre tabindex="0" lang="py"><code>a</code></pre>'

    def test_the_outermost_table_stands_in_a_box(self) -> None:
        inner = "<table><tr><td>a</td></tr></table>"
        body = f'<table class="x"><tr><td>{inner}</td></tr></table>{inner}'
        box = '<div class="scroll" tabindex="0">'
        assert for_reading(body) == (f'{box}<table class="x"><tr><td>{inner}</td></tr></table></div>{box}{inner}</div>')

    @pytest.mark.parametrize("name", ["h1", "pre", "table"])
    def test_what_looks_like_a_tag_in_an_attribute_or_in_text_is_none(self, name: str) -> None:
        body = f"<p title=\"<{name}>\">&lt;{name}&gt;</p><img alt='</{name}><{name} '>"
        assert for_reading(body) == body


def policy_and_script(document: Any) -> tuple[str, list[str]]:
    policy = document.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    return policy, [script.text for script in document.xpath("//script")]


class TestSubscribing:
    @pytest.mark.parametrize("page", [topic, index])
    def test_every_address_has_a_button_that_only_the_script_shows(self, page: Callable[..., Any]) -> None:
        document = page(READING)
        addresses = [code.text_content() for code in document.xpath("//ul[@class='addresses']//code")]
        assert addresses == [url for _, url in make_feed().urls]
        assert document.xpath("//button[@hidden]/@data-copy") == addresses
        assert document.xpath("//button[not(@hidden)]") == []

    @pytest.mark.parametrize("page", [topic, index])
    def test_the_policy_allows_just_the_pages_script(self, page: Callable[..., Any]) -> None:
        policy, (script,) = policy_and_script(page(READING))
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert policy == f"script-src 'sha256-{digest}'; object-src 'none'; base-uri 'none'"

    def test_reading_pages_run_nothing(self) -> None:
        assert policy_and_script(article()) == ("script-src 'none'; object-src 'none'; base-uri 'none'", [])

    def test_readers_get_the_address_of_the_atom_feed(self) -> None:
        quoted = "https%3A%2F%2Ffeeds.example.org%2Fa%2520b%2Fatom.xml%3Fx%3D1%26y%3D2"
        url = f"{OURS}a%20b/atom.xml?x=1&y=2"
        feed = make_feed(urls=((FeedFormat.RSS, f"{OURS}rss.xml"), (FeedFormat.ATOM, url)))
        assert [(link.label, link.href) for link in reader_links(feed)] == [
            ("Feedly", f"https://feedly.com/i/subscription/feed%2F{quoted}"),
            ("Inoreader", f"https://www.inoreader.com/?add_feed={quoted}"),
            ("NewsBlur", f"https://www.newsblur.com/?url={quoted}"),
            ("The Old Reader", f"https://theoldreader.com/feeds/subscribe?url={quoted}"),
            ("", f"feed:{url}"),
        ]

    def test_a_feed_in_rss_only_is_opened_as_rss(self) -> None:
        feed = make_feed(urls=((FeedFormat.RSS, f"{OURS}rss.xml"),))
        assert reader_links(feed)[-1].href == f"feed:{OURS}rss.xml"

    def test_without_feeds_there_are_no_links(self) -> None:
        assert reader_links(make_feed(urls=())) == ()

    def test_links_to_readers_tell_them_nothing_else(self) -> None:
        links = topic(READING).xpath("//details[@class='readers']//a")
        assert len(links) == 5
        assert {link.get("rel") for link in links} == {"external noopener noreferrer"}
        assert links[-1].text == "An app on this device"

    def test_paper_shows_where_a_headline_leads(self) -> None:
        assert topic(READING).xpath("//h3[@class='entry-title']/a/@data-address") == [f"{OURS}articles/tea/"]


def test_the_style_sheet_of_feeds_is_css_that_a_template_of_ones_own_replaces() -> None:
    assert feed_sheet(TEMPLATES).startswith(b'@namespace atom "http://www.w3.org/2005/Atom";\n')
    assert b"{#" not in feed_sheet(TEMPLATES)
    assert feed_sheet({**TEMPLATES, "pages/feed.css": "|rss { display: block }"}) == b"|rss { display: block }"


class TestTopicPage:
    def test_it_tells_what_it_is_about_and_how_to_follow_it(self) -> None:
        document = topic(READING)
        assert document.xpath("string(//h1)") == "Tea"
        assert "All about tea" in document.text_content()
        assert {"../../topics/tea/rss.xml", "../../topics/tea/atom.xml"} <= set(document.xpath("//@href"))

    def test_a_topic_without_articles_says_so(self) -> None:
        assert topic().xpath("//p[@class='nothing']")


class TestFrontPage:
    def test_it_shows_the_newest_articles_and_every_topic(self) -> None:
        document = index(READING)
        assert document.xpath("//h3[@class='entry-title']/a/@href") == ["articles/tea/index.html"]
        assert "topics/tea/index.html" in document.xpath("//section[@class='directory']//a/@href")
        assert "1200" in document.text_content().replace(",", "")

    def test_it_shows_newsletters_with_their_issues_newest_first(self) -> None:
        issues = [
            Issue(newsletter="weekly", due=day(number), number=number, cut_at=day(9), subject=f"Issue {number}")
            for number in (1, 2)
        ]
        document = index(newsletters=[(make_newsletter(), issues), (make_newsletter(slug="new", title="New"), [])])
        links = document.xpath("//section[@class='newsletters']//a/@href")
        assert links == [f"newsletters/weekly/{where}index.html" for where in ("", "2/", "1/")]
        assert "Weekly on Monday at 08:00" in document.text_content()

    def test_it_offers_the_list_of_all_feeds(self) -> None:
        assert "feeds.opml" in index().xpath("//a[@type='text/x-opml']/@href")

    def test_topics_are_grouped_by_taxonomy_whatever_its_case(self) -> None:
        place = Place.of(SITE, "index.html")
        names = ["Desk: b", "desk: A", "Field: c", "z", "Y"]
        views = [topic_view(make_topic(name), make_feed(home_url=f"{OURS}{name}"), 1, day(1), place) for name in names]
        groups = [[view.label for view in group.topics] for group in topic_groups(views)]
        assert groups == [["Y", "z"], ["A", "b"], ["c"]]
        assert topic_groups(list(reversed(views))) == topic_groups(views)


def test_every_page_is_whole_and_has_one_heading() -> None:
    for document in (index(READING), topic(READING), article()):
        assert len(document.xpath("//h1")) == 1
        assert document.get("lang") == "en"
        assert document.xpath("//meta[@name='generator'][starts-with(@content, 'syndicate')]")
