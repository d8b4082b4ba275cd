"""Feeds for each tag, author and brand."""

import json
from datetime import timedelta

from makers import NOW, front, make_article
from memory_project import Project

from syndicate.domain.articles import Author
from syndicate.domain.facets import FacetKind, facets_of, feed_folder
from syndicate.domain.feeds import FeedFormat, FeedOptions

A = make_article("a.md", tags=("Tea", "Hot"), authors=(Author(name="Ann Lee"),), brand="pub.example")
B = make_article("b.md", tags=("tea", "TEA"), authors=(Author(name="Bo"), Author(name="ann lee")))
C = make_article("c.md")


def folders(*kinds: FacetKind, remembered: dict[str, str] | None = None) -> dict[str, list[str]]:
    found = facets_of([A, B, C], kinds, remembered or {})
    return {facet.folder: [article.path for article in articles] for facet, articles in found.items()}


def test_there_are_none_unless_they_are_asked_for() -> None:
    assert folders() == {}


def test_articles_are_grouped_whatever_the_case_and_once_each() -> None:
    assert folders(FacetKind.TAG) == {"tags/hot": ["a.md"], "tags/tea": ["a.md", "b.md"]}


def test_each_kind_has_its_folder() -> None:
    assert folders(FacetKind.AUTHOR, FacetKind.BRAND) == {
        "authors/ann-lee": ["a.md", "b.md"],
        "authors/bo": ["b.md"],
        "brands/pub-example": ["a.md"],
    }


def test_a_slug_that_is_known_is_kept() -> None:
    assert "tags/old-tea" in folders(FacetKind.TAG, remembered={"tag\ttea": "old-tea", "author\ttea": "x"})


def test_two_names_never_share_a_slug() -> None:
    rivals = [make_article("a.md", tags=("tea time",)), make_article("b.md", tags=("tea.time!",))]
    slugs = {facet.slug for facet in facets_of(rivals, [FacetKind.TAG], {})}
    assert len(slugs) == 2


def test_a_key_tells_the_folder_of_a_feed() -> None:
    assert feed_folder("tag\ttea", "tea") == "tags/tea"
    assert feed_folder("desk: tea", "desk-tea") == "topics/desk-tea"


def test_a_build_writes_their_feeds_and_lists_them() -> None:
    one = Project(
        {"news/tea.md": front("tags: [Hot]\ncategories: [Tea]\nauthor: Ann Lee\nlink: https://pub.example/x")}
    )
    one.feeds = FeedOptions(per=tuple(FacetKind), formats=(FeedFormat.JSON,))
    one.build()
    feeds = {"tags/hot": "Hot", "authors/ann-lee": "Ann Lee", "brands/pub-example": "pub.example"}
    for folder, label in feeds.items():
        feed = json.loads(one.output.files[f"{folder}/feed.json"])
        assert feed["title"] == f"{label} · The Test Gazette"
        assert feed["home_page_url"] == "https://feeds.example.org/"
        assert [item["title"] for item in feed["items"]] == ["Tea"]
        assert f"{folder}/feed.json".encode() in one.output.files["feeds.opml"]


def test_a_facet_that_ends_says_so_at_its_address() -> None:
    one = Project({"news/tea.md": front("tags: [Hot]\ncategories: [Tea]")})
    one.feeds = FeedOptions(per=(FacetKind.TAG,), formats=(FeedFormat.JSON,))
    one.build()
    one.files["news/tea.md"] = front("categories: [Tea]")
    one.build()
    assert json.loads(one.output.files["tags/hot/feed.json"])["items"] == []  # it waits for more
    one.build(NOW + timedelta(days=30))
    (last,) = json.loads(one.output.files["tags/hot/feed.json"])["items"]
    assert last["title"] == "The feed Hot has ended"
