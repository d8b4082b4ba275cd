"""The plan of output/: which documents there are, and that equal fingerprints mean equal bytes."""

import json
import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import html as lxml_html
from makers import NAMESPACE, NOW, day, front, make_newsletter, make_options, make_site
from memory_project import Project

from syndicate.adapters.compression import compress
from syndicate.domain.articles import ArticlePath
from syndicate.domain.feeds import FORMATS, Content, FeedFormat, FeedOptions
from syndicate.domain.newsletters import Issue, Rendered
from syndicate.domain.sources import LinkTo
from syndicate.domain.topics import TopicOptions
from syndicate.services.documents import Bench, Planned, perform

FILES: dict[str, str | bytes] = {
    "news/tea.md": front(
        "categories: [Tea, Desk: Hot]\nimage: cup.png".replace("Desk: Hot", '"Desk: Hot"'), body="About *tea*."
    ),
    "news/cake.md": front(
        "categories: [Cake]\nlink: https://pub.example/cake", title="title: Cake", date="date: 2026-03-02"
    ),
    "news/draft.md": front("categories: [Secret]\ndraft: true"),
    "news/cup.png": b"PNG",
}


def project(**files: str | bytes) -> Project:
    return Project({**FILES, **files})


def parsed(data: bytes) -> Any:
    return lxml_html.fromstring(data)


def made(one: Project, planned: Planned) -> bytes:
    """Return the bytes of a document."""
    bench = Bench(templates=one.templates, bodies=one.index.body_reader, read=one.folders.read, compress=compress)
    (data,) = perform(bench, [planned.task()])
    assert data is not None
    return data


def cut(one: Project, newsletter: str = "weekly", number: int = 1) -> Issue:
    issue = Issue(newsletter=newsletter, due=day(number), number=number, cut_at=NOW, subject=f"Issue {number}")
    rendered = Rendered(subject=issue.subject, html=f"<p>{newsletter} {number}</p>", text=f"{newsletter} {number}\n")
    return one.ledger.record_issue(issue, rendered, ())


class TestWhichDocuments:
    def test_a_site_has_feeds_pages_a_list_and_pictures(self) -> None:
        assert sorted(project().plan()) == [
            "all/atom.xml",
            "all/feed.json",
            "all/rss.xml",
            "articles/tea/index.html",
            "feed.css",
            "feeds.opml",
            "index.html",
            "media/news/cup.png",
            "topics/cake/atom.xml",
            "topics/cake/feed.json",
            "topics/cake/index.html",
            "topics/cake/rss.xml",
            "topics/desk-hot/atom.xml",
            "topics/desk-hot/feed.json",
            "topics/desk-hot/index.html",
            "topics/desk-hot/rss.xml",
            "topics/tea/atom.xml",
            "topics/tea/feed.json",
            "topics/tea/index.html",
            "topics/tea/rss.xml",
        ]

    def test_a_site_without_articles_has_its_front_page_and_empty_feeds(self) -> None:
        one = Project()
        plan = one.plan()
        assert sorted(plan) == ["all/atom.xml", "all/feed.json", "all/rss.xml", "feed.css", "feeds.opml", "index.html"]
        assert all(made(one, planned) for planned in plan.values())

    @pytest.mark.parametrize("format", FeedFormat)
    def test_only_the_formats_that_are_asked_for_are_made(self, format: FeedFormat) -> None:
        one = project()
        one.feeds = FeedOptions(formats=(format,))
        feeds = {where.rpartition("/")[2] for where in one.plan() if where.endswith((".xml", ".json"))}
        assert feeds == {FORMATS[format].file_name}

    def test_a_reading_page_is_made_for_what_has_no_other(self) -> None:
        one = project()
        one.sources = (make_options(link_to=LinkTo.OURS),)
        pages = {where for where in one.plan() if where.startswith("articles/")}
        assert pages == {"articles/tea/index.html", "articles/cake/index.html"}

    def test_issues_that_were_cut_have_pages(self) -> None:
        one = project()
        one.newsletters = (make_newsletter(),)
        cut(one), cut(one, number=2), cut(one, "gone")
        pages = {where: made(one, planned) for where, planned in one.plan().items() if where.startswith("newsletters/")}
        lists = {f"newsletters/weekly/{name}" for name in ("index.html", "rss.xml", "atom.xml", "feed.json")}
        assert {where: page for where, page in pages.items() if where not in lists} == {
            "newsletters/gone/1/index.html": b"<p>gone 1</p>",
            "newsletters/gone/1/issue.txt": b"gone 1\n",
            "newsletters/weekly/1/index.html": b"<p>weekly 1</p>",
            "newsletters/weekly/1/issue.txt": b"weekly 1\n",
            "newsletters/weekly/2/index.html": b"<p>weekly 2</p>",
            "newsletters/weekly/2/issue.txt": b"weekly 2\n",
        }
        assert lists <= pages.keys()

    def test_paths_are_safe_whatever_articles_are_called(self) -> None:
        hostile = {
            f"news/{number}.md": front(f"slug: {slug}\ncategories: [{topic}]", title=f"title: Number {number}")
            for number, (slug, topic) in enumerate(
                [
                    ('"../../etc"', '"../../x"'),
                    ('"/abs"', '"/"'),
                    ('"a\\\\..\\\\b"', '".."'),
                    ("con", "nul"),
                    ("'%2e%2e'", "'%2e%2e'"),
                ]
            )
        }
        paths = list(Project(hostile).plan())
        assert len(paths) == len(set(paths))
        assert all(
            part.strip(".") and "\\" not in part and "%" not in part for where in paths for part in where.split("/")
        )


class TestFeeds:
    def feed(self, one: Project, where: str = "all/atom.xml") -> Any:
        parsed = feedparser.parse(made(one, one.plan()[where]))
        assert not parsed.bozo
        return parsed

    def test_the_feed_of_all_has_all_and_a_topics_feed_its_own(self) -> None:
        assert [entry.title for entry in self.feed(project()).entries] == ["Cake", "Tea"]
        assert [entry.title for entry in self.feed(project(), "topics/tea/rss.xml").entries] == ["Tea"]

    def test_headlines_lead_where_they_should(self) -> None:
        links = {entry.title: entry.link for entry in self.feed(project()).entries}
        assert links == {"Cake": "https://pub.example/cake", "Tea": "https://feeds.example.org/articles/tea/"}

    def test_a_feed_carries_whole_articles_or_summaries(self) -> None:
        one = project()
        assert self.feed(one).entries[1].content[0].value == "<p>About <em>tea</em>.</p>"
        one.feeds = FeedOptions(content=Content.SUMMARY)
        assert "content" not in self.feed(one).entries[1]
        assert self.feed(one).entries[1].summary == "About tea."

    def test_the_bodies_of_a_feed_are_read_once_for_all_its_formats(self) -> None:
        one, asked = project(), []

        def bodies(paths: Collection[ArticlePath]) -> Mapping[ArticlePath, str]:
            asked.append(set(paths))
            return one.index.body_reader(paths)

        bench = Bench(templates=one.templates, bodies=bodies, read=one.folders.read, compress=compress)
        plan = [document for where, document in one.plan().items() if where.endswith((".xml", ".json"))]
        made = perform(bench, [document.task() for document in plan])
        assert asked == [{"news/tea.md", "news/cake.md"}, {"news/cake.md"}, {"news/tea.md"}]
        assert [bool(data and b"About" in data) for data in made] == [True] * 3 + [False] * 3 + [True] * 6

    def test_a_feed_keeps_to_its_limit_and_window(self) -> None:
        one = project()
        one.feeds = FeedOptions(limit=1)
        assert [entry.title for entry in self.feed(one).entries] == ["Cake"]
        one.feeds = FeedOptions(window_days=1)
        assert self.feed(one).entries == []

    def test_a_feed_names_itself_where_it_is_served(self) -> None:
        parsed = self.feed(project(), "topics/desk-hot/atom.xml")
        assert parsed.feed.title == "Hot · The Test Gazette"
        links = {link.rel: link.href for link in parsed.feed.links}
        assert links == {
            "self": "https://feeds.example.org/topics/desk-hot/atom.xml",
            "alternate": "https://feeds.example.org/topics/desk-hot/",
        }

    def test_the_id_of_a_feed_stays_when_its_address_changes(self) -> None:
        one = project()
        first = self.feed(one, "topics/tea/atom.xml").feed.id
        one.topics = (TopicOptions(name="Tea", slug="hot", label="Hot drinks"),)
        one.site = make_site(output_url="https://new.example/")
        one.ledger.begin(one.snapshot().namespace, NOW)
        assert self.feed(one, "topics/hot/atom.xml").feed.id == first
        assert first != self.feed(one, "topics/cake/atom.xml").feed.id

    def test_an_article_in_two_feeds_has_one_id(self) -> None:
        ids = {
            self.feed(project(), f"topics/{topic}/{kind}.xml").entries[0].id
            for topic in ("tea", "desk-hot")
            for kind in ("rss", "atom")
        }
        assert len(ids) == 1

    def test_the_list_names_every_feed_by_taxonomy(self) -> None:
        one = project()
        outlines = parsed(made(one, one.plan()["feeds.opml"])).xpath("//outline[@xmlurl]")
        assert [(outline.get("text"), outline.getparent().get("text")) for outline in outlines] == [
            ("Cake", None),
            ("Tea", None),
            ("The Test Gazette", None),
            ("Hot", "Desk"),
        ]


class TestPages:
    def page(self, one: Project, where: str) -> Any:
        return parsed(made(one, one.plan()[where]))

    def test_every_link_to_our_own_files_leads_to_one(self) -> None:
        one = project()
        plan = one.plan()
        pages = [where for where in plan if where.endswith(".html")]
        assert len(pages) == 5
        for where in pages:
            depth = where.count("/")
            for href in self.page(one, where).xpath("//a/@href | //link[@rel='alternate']/@href | //img/@src"):
                if "://" not in href and not href.startswith("#"):
                    assert href.startswith("../" * depth), (where, href)
                    assert href.removeprefix("../" * depth).partition("#")[0] in plan, (where, href)

    def test_a_reading_page_shows_the_article(self) -> None:
        page = self.page(project(), "articles/tea/index.html")
        assert page.xpath("string(//h1)") == "Tea"
        assert "About tea." in page.text_content()
        assert "../../media/news/cup.png" in page.xpath("//img/@src")

    def test_pages_name_their_feeds(self) -> None:
        feeds = self.page(project(), "topics/tea/index.html").xpath("//link[@rel='alternate'][@type]/@href")
        assert feeds == ["../../topics/tea/rss.xml", "../../topics/tea/atom.xml", "../../topics/tea/feed.json"]


def changed(before: Callable[[Project], None], files: dict[str, str | bytes] | None = None) -> set[str]:
    """Return the documents whose fingerprints change with a change of the project; no other's bytes may."""
    one = project()
    one.build()
    first = one.plan()
    bytes_before = {where: made(one, planned) for where, planned in first.items()}
    before(one)
    one.files.update(files or {})
    second = one.plan()
    moved = {
        where
        for where in first.keys() | second.keys()
        if getattr(first.get(where), "fingerprint", None) != getattr(second.get(where), "fingerprint", None)
    }
    for where in second.keys() - moved:
        assert made(one, second[where]) == bytes_before[where], where
    return moved


def nothing(one: Project) -> None:
    pass


class TestFingerprints:
    """A document whose fingerprint stays the same has the same bytes, whatever else has changed."""

    def test_nothing_changes_nothing(self) -> None:
        assert changed(nothing) == set()

    def test_an_article_that_is_touched_changes_nothing_but_its_own(self) -> None:
        moved = changed(nothing, {"news/tea.md": front("categories: [Tea]", body="Other text.")})
        assert {where for where in moved if where.startswith("topics/cake/")} == set()
        assert {"articles/tea/index.html", "topics/tea/rss.xml", "topics/tea/index.html", "all/atom.xml"} <= moved

    def test_a_new_article_changes_its_topics_and_the_lists(self) -> None:
        moved = changed(
            nothing, {"news/new.md": front("categories: [Cake]", title="title: New", date="date: 2026-04-01")}
        )
        assert {where for where in moved if where.startswith("topics/tea/")} == set()
        assert {"articles/new/index.html", "topics/cake/rss.xml", "all/rss.xml", "index.html"} <= moved

    def test_a_picture_changes_itself_and_what_says_its_length(self) -> None:
        moved = changed(nothing, {"news/cup.png": b"another"})
        assert {"media/news/cup.png", "topics/tea/rss.xml", "articles/tea/index.html"} <= moved
        assert not {where for where in moved if where.startswith("topics/cake/")}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("site", make_site(title="Another Gazette")),
            ("site", make_site(description="About")),
            ("site", make_site(language="de")),
            ("site", make_site(author="Ann")),
            ("site", make_site(output_url="https://other.example/")),
            ("feeds", FeedOptions(limit=1)),
            ("feeds", FeedOptions(window_days=2)),
            ("feeds", FeedOptions(content=Content.SUMMARY)),
            ("feeds", FeedOptions(formats=(FeedFormat.ATOM,))),
            ("topics", (TopicOptions(name="Tea", label="Chai"),)),
            ("topics", (TopicOptions(name="Tea", description="All of it"),)),
            ("topics", (TopicOptions(name="Tea", slug="chai"),)),
            ("topics", (TopicOptions(name="Tea", hidden=True),)),
            ("topics", (TopicOptions(name="Tea", merge=("Cake",)),)),
            ("sources", (make_options(link_to=LinkTo.OURS),)),
            ("sources", (make_options(permalink="/:slugorfilename/"),)),
            ("sources", (make_options(image_base="https://cdn.example/"),)),
            ("sources", (make_options(taxonomies=False),)),
            ("sources", (make_options(language="de"),)),
            ("newsletters", (make_newsletter(),)),
            ("newsletters", (make_newsletter(title="Other", description="About"),)),
        ],
    )
    def test_a_setting_changes_what_it_bears_on(self, name: str, value: Any) -> None:
        assert changed(lambda one: setattr(one, name, value))

    def test_templates_change_pages_and_no_feeds(self) -> None:
        def other(one: Project) -> None:
            one.templates = {
                **one.templates,
                "pages/words.html": one.templates["pages/words.html"].replace("Topics", "Themes"),
            }
            one.templates_digest = "other"

        moved = changed(other)
        assert moved == {where for where in project().plan() if where.endswith((".html", ".css"))}

    def test_an_issue_changes_the_front_page(self) -> None:
        def another(one: Project) -> None:
            one.newsletters = (make_newsletter(),)
            cut(one)

        assert {"index.html", "newsletters/weekly/1/index.html", "newsletters/weekly/1/issue.txt"} <= changed(another)

    def test_the_clock_alone_changes_nothing(self) -> None:
        one = project()
        one.build()
        later = {where: planned.fingerprint for where, planned in one.plan(NOW + timedelta(days=400)).items()}
        assert later == {where: planned.fingerprint for where, planned in one.plan().items()}


def test_a_link_within_an_article_never_leads_to_the_page_of_another_with_its_slug() -> None:
    one = Project(
        {
            "news/a/tea.md": front(date="date: 2026-01-01", body="[Part](#part)"),
            "news/b/tea.md": front(title="title: Other tea", date="date: 2026-02-02", body="[Part](#part)"),
        }
    )
    plan = one.plan()
    pages = [where for where in plan if where.startswith("articles/")]
    assert len(pages) == 2
    for where in pages:
        prose = parsed(made(one, plan[where])).xpath("//div[@class='prose']")[0]
        assert (prose.xpath(".//a/@href"), prose.text_content().strip()) == ([], "Part")


def test_documents_do_not_depend_on_the_order_in_which_files_are_found() -> None:
    one, other = project(), Project(dict(reversed(FILES.items())))
    first, second = one.plan(), other.plan()
    assert list(first) == list(second)
    assert {where: made(one, planned) for where, planned in first.items()} == {
        where: made(other, planned) for where, planned in second.items()
    }
    assert {where: planned.fingerprint for where, planned in first.items()} == {
        where: planned.fingerprint for where, planned in second.items()
    }


def test_of_two_entries_with_the_same_fraction_of_a_second_the_one_that_was_seen_first_keeps_it() -> None:
    """An id of 2,000 or so has the fraction of another: then the later one takes the next."""
    one = Project(
        {f"news/{n}.md": front(f"id: {uuid.uuid5(NAMESPACE, n)}", title=f"title: {n}") for n in ("42", "1973")}
    )
    for first, later in (("42", "1973"), ("1973", "42")):
        files = {name: text for name, text in one.files.items() if first in name}
        two = Project(files)
        two.build()
        before = moments(two)
        two.files.update(one.files)
        two.build(NOW + timedelta(days=1))
        after = moments(two)
        assert after[first] == before[first]
        assert after[later] - after[first] == timedelta(microseconds=1)
        del two.files[f"news/{first}.md"]
        two.build(NOW + timedelta(days=2))
        assert moments(two) == {later: after[later]}


def moments(one: Project) -> dict[str, datetime]:
    items = json.loads(one.output.files["all/feed.json"])["items"]
    return {item["title"]: datetime.fromisoformat(item["date_modified"]) for item in items}
