"""A site of nasty articles, built by the command line: every feed shows what the docs say, and harms no reader."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree, html
from nasty_site import ARTICLES, INVENTED, PICTURE_SIZE, Nasty, write_articles
from support import ATOM, NOW, Once, Site

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MEDIA = "{http://search.yahoo.com/mrss/}content"
TITLE = "The <Nasty> & “Test” Gazette ]]>"
URL = "https://gazette.example/"
# What the docs promise: no feed is larger than this.
MAX_BYTES = 512_000
IDS = [article.name for article in ARTICLES]


@pytest.fixture(scope="module")
def nasty(once: Once) -> Site:
    """The site, built as people build it."""

    def make(folder: Path) -> None:
        site = Site(folder, {"site": {"title": TITLE, "url": URL}, "sources": [{"path": "articles"}]})
        write_articles(site)
        done = site.command("build", "--json", "--now", NOW)
        assert (done.returncode, done.stderr) == (0, "")
        site.write("report.json", done.stdout)

    folder = once("nasty", make)
    site = Site.__new__(Site)
    site.root, site.config = folder, folder / "config.yaml"
    site.output, site.state = folder / "output", folder / ".syndicate"
    return site


Shown = dict[str, Any]


def rss(data: bytes) -> list[Shown]:
    return [
        {
            "title": item.findtext("title"),
            "url": item.findtext("link"),
            "id": item.findtext("guid"),
            "authors": [one.text for one in item.findall(CREATOR)],
            "categories": [one.text for one in item.findall("category")],
            "updated": _moment(item.findtext(f"{ATOM}updated")),
            "html": item.findtext(CONTENT) or item.findtext("description") or "",
        }
        for item in etree.fromstring(data, _parser()).iter("item")
    ]


def atom(data: bytes) -> list[Shown]:
    return [
        {
            "title": entry.findtext(f"{ATOM}title"),
            "url": next(
                link.get("href") for link in entry.findall(f"{ATOM}link") if link.get("rel") in (None, "alternate")
            ),
            "id": entry.findtext(f"{ATOM}id"),
            "authors": [one.text for one in entry.findall(f"{ATOM}author/{ATOM}name")],
            "categories": [one.get("label") for one in entry.findall(f"{ATOM}category")],
            "updated": _moment(entry.findtext(f"{ATOM}updated")),
            "html": entry.findtext(f"{ATOM}content") or escape(entry.findtext(f"{ATOM}summary") or ""),
        }
        for entry in etree.fromstring(data, _parser()).iter(f"{ATOM}entry")
    ]


def json_feed(data: bytes) -> list[Shown]:
    return [
        {
            "title": item["title"],
            "url": item["url"],
            "id": item["id"],
            "authors": [author["name"] for author in item.get("authors", [])],
            "categories": item.get("tags", []),
            "updated": _moment(item.get("date_modified")),
            "html": item.get("content_html") or escape(item.get("content_text", "")),
        }
        for item in json.loads(data)["items"]
    ]


READERS = {"rss.xml": rss, "atom.xml": atom, "feed.json": json_feed}


def _parser() -> etree.XMLParser:
    return etree.XMLParser(huge_tree=True)


def _moment(text: str | None) -> str | None:
    return text.replace("Z", "+00:00") if text else text


def feeds(site: Site) -> dict[str, list[Shown]]:
    return {
        path: READERS[path.rpartition("/")[2]](data)
        for path, data in site.tree().items()
        if path.rpartition("/")[2] in READERS
    }


def of(site: Site, article: Nasty) -> dict[str, Shown]:
    """Return what each feed of all articles shows of one of them."""
    found = {path: entries for path, entries in feeds(site).items() if path.startswith("all/")}
    assert {"all/rss.xml", "all/atom.xml"} <= found.keys()
    return {path: next(one for one in entries if one["title"] == article.headline) for path, entries in found.items()}


def words(text: str) -> str:
    return " ".join(html.fromstring(f"<div>{text}</div>").text_content().split())


def test_every_nasty_article_is_published_without_a_problem(nasty):
    report = json.loads((nasty.root / "report.json").read_text("utf-8"))
    assert report["problem_list"] == []
    assert report["published"] == report["files"] == len(ARTICLES)


def test_each_feed_of_all_shows_every_headline_once(nasty):
    for path, entries in feeds(nasty).items():
        if path.startswith("all/"):
            assert sorted(one["title"] for one in entries) == sorted(one.headline for one in ARTICLES), path


@pytest.mark.parametrize("article", ARTICLES, ids=IDS)
def test_what_a_feed_shows_of_a_nasty_article_is_what_it_says(nasty, article):
    for path, shown in of(nasty, article).items():
        assert shown["authors"] == list(article.authors), path
        labels = [category.rpartition(": ")[2] for category in article.categories]
        assert shown["categories"] == labels, path
        text = words(shown["html"])
        assert text.startswith(INVENTED) or article.empty, path
        for phrase in article.says:
            assert phrase in text, path


@pytest.mark.parametrize("article", ARTICLES, ids=IDS)
def test_all_formats_say_the_same_of_a_nasty_article(nasty, article):
    first, *others = of(nasty, article).values()
    assert others == [first] * len(others)


def test_articles_of_one_second_have_their_true_time_and_an_update_of_their_own(nasty):
    updates = [one["updated"] for one in feeds(nasty)["all/atom.xml"]]
    assert len(set(updates)) == len(updates)
    entries = etree.fromstring((nasty.output / "all/atom.xml").read_bytes(), _parser()).findall(f"{ATOM}entry")
    same = [one for one in entries if "same second" in str(one.findtext(f"{ATOM}title"))]
    assert [_moment(one.findtext(f"{ATOM}published")) for one in same] == ["2026-02-14T12:30:15+00:00"] * 2


UNSAFE = {"script", "iframe", "object", "embed", "style", "svg", "form", "base", "meta", "link", "math"}
ADDRESSES = {"href", "src", "poster", "cite", "action", "data", "background"}


def test_no_feed_carries_anything_that_runs_or_that_only_its_page_could_find(nasty):
    seen = 0
    for path, entries in feeds(nasty).items():
        for shown in entries:
            assert urlsplit(shown["url"]).scheme == "https", path
            for element in html.fromstring(f"<div>{shown['html']}</div>").iter(etree.Element):
                seen += 1
                assert element.tag not in UNSAFE, (path, shown["title"])
                for name, value in element.attrib.items():
                    assert not name.startswith("on"), (path, shown["title"])
                    assert name != "style", (path, shown["title"])
                    if name in ADDRESSES:
                        assert urlsplit(value).scheme in ("http", "https", "mailto", "tel"), (path, value)
                    if name == "srcset":
                        for part in value.split(", "):
                            assert part.startswith(("http://", "https://")), (path, value)
    assert seen > len(ARTICLES)


def test_an_anchor_leads_to_a_part_of_its_page(nasty):
    (article,) = (one for one in ARTICLES if one.name == "relative.md")
    for path, shown in of(nasty, article).items():
        links = {one.text: one.get("href") for one in html.fromstring(f"<div>{shown['html']}</div>").iter("a")}
        assert links["anchor"] == f"{shown['url']}#part", path
        assert links["query"] == f"{shown['url']}?a=1&b=2", path
        assert links["path"] == f"{URL}path/", path


def test_the_size_of_a_local_picture_is_measured_and_that_of_a_remote_one_never_guessed(nasty):
    root = etree.fromstring((nasty.output / "all/rss.xml").read_bytes(), _parser())
    pictures = {item.findtext("title"): item.findall(MEDIA) for item in root.iter("item")}
    width, height = map(str, PICTURE_SIZE)
    (local,), (remote,), (sized,) = (
        pictures[title]
        for title in ("A local picture", "A remote picture without a size", "A remote picture with a size")
    )
    length = str((nasty.root / "articles/lamp.png").stat().st_size)
    assert {key: local.get(key) for key in ("type", "fileSize", "width", "height")} == {
        "type": "image/png", "fileSize": length, "width": width, "height": height,
    }  # fmt: skip
    assert remote.get("url") == "https://pictures.example/remote.jpg?a=1&b=2"
    assert {"fileSize", "width", "height"} & set(remote.attrib) == set()
    assert (sized.get("width"), sized.get("height"), sized.get("fileSize")) == ("1200", "630", None)


def test_no_enclosure_of_a_feed_has_a_length_of_nothing(nasty):
    for path, data in nasty.tree().items():
        if path.endswith(("rss.xml", "atom.xml")):
            root = etree.fromstring(data, _parser())
            for enclosure in (*root.iter("enclosure"), *root.iter(f"{ATOM}link")):
                assert enclosure.get("length") != "0", path
            for enclosure in root.iter("enclosure"):
                assert int(enclosure.get("length", "")) > 0, path


def test_what_there_is_to_hear_is_an_enclosure_with_its_type_and_length(nasty):
    root = etree.fromstring((nasty.output / "all/rss.xml").read_bytes(), _parser())
    (item,) = (item for item in root.iter("item") if item.findtext("title") == "Something to hear")
    assert [dict(one.attrib) for one in item.findall("enclosure")] == [
        {"url": "https://sounds.example/bell.mp3", "length": "48213", "type": "audio/mpeg"}
    ]


def test_every_address_of_ours_that_a_feed_names_is_there(nasty):
    """Its style sheet, its own address, the pages of its articles and their pictures."""
    tree = nasty.tree()
    named = re.compile(rf"""(?:href|src|url)="{re.escape(URL)}([^"#?]*)""")
    theirs = {"articles/relative/other/", "articles/relative/film.mp4"}  # an author named these, rightly or not
    ours = ("all/", "topics/", "articles/", "media/", "feed.css", "feed.json", "index.html")
    missing = {
        (path.rpartition("/")[2], target)
        for path, data in tree.items()
        if path.endswith(("rss.xml", "atom.xml", ".opml"))
        for target in named.findall(data.decode())
        if target.startswith(ours) and target not in tree and f"{target}index.html" not in tree and target not in theirs
    }
    assert missing == set()


def test_no_feed_is_larger_than_is_promised(nasty):
    sizes = {path: len(data) for path, data in nasty.tree().items() if path.rpartition("/")[2] in READERS}
    assert {path: size for path, size in sizes.items() if size > MAX_BYTES} == {}


def test_no_document_holds_a_character_that_xml_forbids(nasty):
    for path, data in nasty.tree().items():
        if not path.endswith(".png"):
            assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", data.decode("utf-8")), path
