"""Old addresses: straight to their end, and written so that no server reads more into them."""

import json
from datetime import timedelta

import pytest
from makers import NOW, front, make_options
from memory_project import Project

from syndicate.domain.addresses import AddressMap, without_chains
from syndicate.domain.facets import FacetKind
from syndicate.domain.feeds import FeedOptions
from syndicate.domain.sources import LinkTo
from syndicate.domain.topics import TopicOptions
from syndicate.services.addresses import as_nginx, as_redirects

URL = "https://feeds.example.org/sub/"
NASTY = 'caf\u00e9 "x" $host; {} \\ é'


def test_an_address_leads_straight_to_its_end() -> None:
    found = without_chains({"a": "b", "b": "c"}, standing=["c"], gone=[])
    assert found == AddressMap(moved={"a": "c", "b": "c"})


def test_what_leads_to_what_is_gone_is_gone() -> None:
    assert without_chains({"p": "r"}, standing=[], gone=["r"]) == AddressMap(gone=("p", "r"))


def test_what_leads_in_a_circle_leads_nowhere() -> None:
    found = without_chains({"a": "b", "b": "a", "x": "x", "y": "x"}, standing=[], gone=["x"])
    assert found == AddressMap(circles=("a", "b", "x", "y"))


def test_what_stands_has_neither_moved_nor_gone() -> None:
    assert without_chains({"a": "b"}, standing=["a", "b"], gone=["a"]) == AddressMap()


def test_redirects_are_a_line_each_whatever_is_in_them() -> None:
    lines = as_redirects(AddressMap(moved={NASTY: f"new/{NASTY}"}, gone=("a\nb c",)), URL).decode().splitlines()
    assert len(lines) == 3
    assert [len(line.split(" ")) for line in lines[1:]] == [3, 3]
    assert lines[2] == "/sub/a%0Ab%20c / 410"


def test_an_address_elsewhere_is_written_whole_and_safe() -> None:
    found = as_redirects(AddressMap(moved={"feed/": "https://other.example/a b?x=1&y=%20"}), URL).decode()
    assert found.splitlines()[1] == "/sub/feed/ https://other.example/a%20b?x=1&y=%20 301"


def test_nginx_compares_decoded_paths_and_reads_no_variable() -> None:
    line = as_nginx(AddressMap(moved={NASTY: "new/$x"}), URL).decode().splitlines()[1]
    assert line == 'location = "/sub/café \\"x\\" $host; {} \\\\ é" { return 301 "/sub/new/%24x"; }'


@pytest.mark.parametrize("base", ["caf%C3%A9", "caf\u00e9"])
def test_the_path_of_the_output_may_be_written_encoded_or_not(base: str) -> None:
    addresses, url = AddressMap(moved={"old/": "new/"}, gone=("a",)), f"https://feeds.example.org/{base}/"
    assert as_redirects(addresses, url).decode().splitlines()[1:] == [
        "/caf%C3%A9/old/ /caf%C3%A9/new/ 301",
        "/caf%C3%A9/a / 410",
    ]
    assert as_nginx(addresses, url).decode().splitlines()[1:] == [
        'location = "/caf\u00e9/old/" { return 301 "/caf%C3%A9/new/"; }',
        'location = "/caf\u00e9/a" { return 410; }',
    ]


def test_a_dollar_sign_in_an_address_elsewhere_is_no_variable_of_nginx() -> None:
    line = as_nginx(AddressMap(moved={"a": "https://x.example/?b=$host"}), URL).decode().splitlines()[1]
    assert line == 'location = "/sub/a" { return 301 "https://x.example/?b=%24host"; }'


def told(one: Project) -> dict[str, object]:
    found: dict[str, object] = json.loads(one.state["addresses.json"])
    return found


def test_an_old_slug_leads_to_its_topic_even_while_that_has_no_articles() -> None:
    one = Project({"news/tea.md": front("categories: [Tea]"), "news/other.md": front(title="title: Other")})
    one.build()
    one.topics = (TopicOptions(name="Tea", slug="hot-tea"),)
    one.build(NOW + timedelta(days=1))
    expected = {f"topics/tea/{name}": f"topics/hot-tea/{name}" for name in ("atom.xml", "feed.json", "rss.xml")}
    expected |= {"topics/tea/": "topics/hot-tea/", "topics/tea/index.html": "topics/hot-tea/"}
    assert told(one) == {"moved": expected, "gone": []}
    del one.files["news/tea.md"]
    one.build(NOW + timedelta(days=2))
    assert told(one) == {"moved": expected, "gone": []}
    one.build(NOW + timedelta(days=90))
    assert told(one)["moved"] == {}
    assert {"topics/tea/rss.xml", "topics/hot-tea/rss.xml"} <= set(told(one)["gone"])  # type: ignore[call-overload]


def test_a_topic_that_is_merged_leads_to_the_other() -> None:
    one = Project({"news/tea.md": front("categories: [Tea]"), "news/chai.md": front("categories: [Chai]")})
    one.build()
    one.topics = (TopicOptions(name="Tea", merge=("Chai",)),)
    one.build(NOW + timedelta(days=1))
    moved = told(one)["moved"]
    assert isinstance(moved, dict)
    assert moved["topics/chai/rss.xml"] == "topics/tea/rss.xml"
    assert "topics/chai/rss.xml" not in one.output.files


def test_an_alias_for_a_topic_that_there_is_not_is_told() -> None:
    one = Project({"news/tea.md": front("categories: [Tea]")})
    targets = {
        "/a": "all",
        "/b": "tea",
        "/c": "Tea",
        "/d": "all/atom.xml",
        "/café": "media/news/caf%C3%A9.png",
        "/e": "https://x.example/",
        "/feed/": "Teaa",
    }
    one.feeds = FeedOptions(aliases=tuple(targets.items()))
    assert [str(problem) for problem in one.build().problems] == [
        "config.yaml: feeds.aliases[/feed/]: no article has the topic 'Teaa' "
        "(see 'syndicate topics' for those that there are)"
    ]
    assert {old: new for old, new in told(one)["moved"].items() if old != "feed/"} == {  # type: ignore[attr-defined]
        "a": "all/rss.xml",
        "b": "topics/tea/rss.xml",
        "c": "topics/tea/rss.xml",
        "d": "all/atom.xml",
        "café": "media/news/café.png",
        "e": "https://x.example/",
    }


def test_no_alias_takes_the_place_of_what_is_published() -> None:
    """Neither of a feed or a page, nor of one through another: readers would be told that it is gone."""
    one = Project({"news/1.md": front("categories: [Tea]\ntags: [Hot]")})
    aliases = {"/all/rss.xml": "all", "/feed/": "all", "/index.html": "all", "/": "Tea", "/tags/hot/atom.xml": "all"}
    one.feeds = FeedOptions(aliases=tuple(aliases.items()), per=(FacetKind.TAG,))
    report = one.build()
    assert told(one) == {"moved": {"feed/": "all/rss.xml"}, "gone": []}
    what = "is an address where something is published, which comes first"
    assert [(one.field, one.reason, one.what, one.hint) for one in report.problems] == [
        (f"feeds.aliases[{old}]", "useless-alias", what, "take it out") for old in aliases if old != "/feed/"
    ]


def test_an_alias_that_leads_back_to_itself_is_told() -> None:
    one = Project({"news/1.md": front("categories: [Tea]")})
    one.feeds = FeedOptions(aliases=(("/a", "/b/"), ("/b/", "/a"), ("/c", "/c")))
    report = one.build()
    assert told(one) == {"moved": {}, "gone": []}
    assert [str(one) for one in report.problems] == [
        f"config.yaml: feeds.aliases[{old}]: leads in a circle, back to itself "
        "(let it lead to all, a topic, or a file that there is)"
        for old in ("/a", "/b/", "/c")
    ]


def test_the_feed_of_a_tag_ends_in_its_own_time_wherever_a_topic_of_its_slug_is() -> None:
    one = Project({"news/1.md": front("categories: [Tea]\ntags: [Tea]")})
    one.feeds = FeedOptions(per=(FacetKind.TAG,))
    one.build()
    one.files["news/1.md"] = front("categories: [Tea]")
    one.topics = (TopicOptions(name="Tea", slug="teas"),)
    one.build(NOW + timedelta(days=1))
    assert b"<item>" not in one.output.files["tags/tea/rss.xml"]
    one.build(NOW + timedelta(days=47))
    assert b"has ended" in one.output.files["tags/tea/rss.xml"]
    one.build(NOW + timedelta(days=77))
    assert "tags/tea/rss.xml" in str(told(one)["gone"])
    assert "topics/tea/rss.xml" in str(told(one)["moved"])


def test_a_reading_page_that_moved_leads_to_its_article() -> None:
    """Closed archive pages go on to link to the page as it was."""
    one = Project({"news/1.md": front("slug: a"), "news/2.md": front("slug: b", title="title: Cake")})
    one.sources = (make_options(link_to=LinkTo.OURS),)
    one.build()
    assert told(one)["moved"] == {}
    one.files["news/1.md"] = front("slug: new")
    one.build(NOW + timedelta(days=1))
    expected = {"articles/a/": "articles/new/", "articles/a/index.html": "articles/new/"}
    assert told(one)["moved"] == expected
    one.files["news/2.md"] = front("slug: a", title="title: Cake")
    one.build(NOW + timedelta(days=2))
    assert told(one)["moved"] == {"articles/b/": "articles/a/", "articles/b/index.html": "articles/a/"}
    del one.files["news/2.md"]
    one.files["news/1.md"] = front("slug: new\nlink: https://pub.example/tea")
    one.sources = (make_options(link_to=LinkTo.SOURCE),)
    one.build(NOW + timedelta(days=3))
    expected = dict.fromkeys(("articles/new/", "articles/new/index.html"), "https://pub.example/tea")
    assert told(one)["moved"] == expected
