"""OPML: all feeds in one list that readers can import."""

from xml.etree import ElementTree

import pytest

from syndicate.feeds.opml import Outline, build_opml


def outline(title: str, group: str | None = None, name: str | None = None) -> Outline:
    return Outline(
        title=title,
        feed_url=f"https://example.org/{name or title}/rss.xml",
        home_url=f"https://example.org/{name or title}/",
        group=group,
    )


def body(*outlines: Outline) -> ElementTree.Element:
    found = ElementTree.fromstring(build_opml("The Gazette", outlines)).find("body")
    assert found is not None
    return found


def names(*outlines: Outline) -> list[str | tuple[str, list[str]]]:
    """Return the list as its titles: a group is a pair of its name and its members."""
    return [
        (one.get("text", ""), [member.get("text", "") for member in one]) if len(one) else one.get("text", "")
        for one in body(*outlines)
    ]


def test_it_is_opml_2_with_a_title() -> None:
    root = ElementTree.fromstring(build_opml("The Gazette", []))
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "The Gazette")
    assert root.find("body") is not None


def test_an_outline_names_a_feed_and_its_page() -> None:
    (found,) = body(outline("Tea"))
    assert found.attrib == {
        "type": "rss",
        "text": "Tea",
        "title": "Tea",
        "xmlUrl": "https://example.org/Tea/rss.xml",
        "htmlUrl": "https://example.org/Tea/",
    }


def test_feeds_of_one_group_stand_together_behind_those_of_none() -> None:
    found = names(outline("b", "Field"), outline("All"), outline("a", "Desk"), outline("c", "Desk"))
    assert found == ["All", ("Desk", ["a", "c"]), ("Field", ["b"])]


def test_feeds_come_by_title_whatever_their_case() -> None:
    assert names(outline("b"), outline("A"), outline("C")) == ["A", "b", "C"]


def test_the_order_of_the_feeds_given_makes_no_difference() -> None:
    feeds = [
        outline("b", "Field"),
        outline("All"),
        outline("a", "Desk"),
        outline("Same", name="1"),
        outline("Same", name="2"),
    ]
    assert build_opml("T", feeds) == build_opml("T", list(reversed(feeds)))


@pytest.mark.parametrize("hostile", ["<&>\"'", "]]>", "🍵 שלום 茶", "a\nb\tc", "&amp;"])
def test_any_text_comes_back(hostile: str) -> None:
    (group,) = body(outline(hostile, hostile, "x"))
    assert (group.get("text"), group[0].get("text"), group[0].get("title")) == (hostile, hostile, hostile)
    assert ElementTree.fromstring(build_opml(hostile, [])).findtext("head/title") == hostile
