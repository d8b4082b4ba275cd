"""Real feed readers against a running server: they read the same from every format, poll cheaply, and see no rename.

What a reader can't do is in LIMITS, and each row of it is proved by the feeds in minimal/, written by hand.
"""

import html
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feed_clients
import pytest
import support
from feed_clients import CLIENTS, IMPORTERS, POLLERS, Read, Reader, words
from lxml import etree
from made_sites import MADE, made_site
from nasty_site import ARTICLES, write_articles
from serving import recorder, serving, serving_folder
from support import ATOM, NOW, Site

pytestmark = pytest.mark.real
MINIMAL = Path(__file__).parent / "minimal"
FORMATS = ("rss.xml", "atom.xml", "feed.json")
Authors = Callable[[tuple[str, ...]], tuple[str, ...]]


def _all(authors: tuple[str, ...]) -> tuple[str, ...]:
    return authors


def _first(authors: tuple[str, ...]) -> tuple[str, ...]:
    return authors[:1]


def _last(authors: tuple[str, ...]) -> tuple[str, ...]:
    return authors[-1:]


def _last_cut_at_commas(authors: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(authors[-1].split(", "))


def _joined(authors: tuple[str, ...]) -> tuple[str, ...]:
    return (", ".join(authors),)


# Which of several authors a reader shows, by format; where a format is missing, the reader doesn't know it.
LIMITS: dict[str, dict[str, Authors]] = {
    "newsboat": {"rss.xml": _last, "atom.xml": _joined},
    "rss2email": {"rss.xml": _first, "atom.xml": _last},
    "sfeed": {"rss.xml": _first, "atom.xml": _first},
    "reader": {"rss.xml": _last_cut_at_commas, "atom.xml": _last, "feed.json": _all},
    "feedparser": {"rss.xml": _all, "atom.xml": _all},
    "fastfeedparser": {"rss.xml": _first, "atom.xml": _first, "feed.json": _first},
    "feedsmith": {"rss.xml": _all, "atom.xml": _all, "feed.json": _all},
    "rss_parser": {"rss.xml": _first, "atom.xml": _first},
}
# What a reader doesn't show of any format, or of one.
UNSEEN: dict[str, set[str]] = {
    "newsboat": {"updated", "categories"},
    "rss2email": {"published"},
    "sfeed": {"updated"},
    "reader": {"categories"},
    "rss_parser": {"updated"},
    "rss_parser atom.xml": {"categories"},
}
PAIRS = [(client, name) for client in CLIENTS for name in FORMATS if name in LIMITS[client.__name__]]
UNKNOWN = [(client, name) for client in CLIENTS for name in FORMATS if name not in LIMITS[client.__name__]]


def called(pair: object) -> str:
    return pair if isinstance(pair, str) else getattr(pair, "__name__", repr(pair))


def limited(model: Read, client: Reader, name: str) -> Read:
    """Return what a reader can show of an entry."""
    who = client.__name__
    unseen = UNSEEN.get(who, set()) | UNSEEN.get(f"{who} {name}", set())
    seen = replace(model, authors=LIMITS[who][name](model.authors or ()))
    return replace(seen, **dict.fromkeys(unseen))


def by_id(found: list[Read]) -> dict[str, Read]:
    assert len({one.id for one in found}) == len(found)
    return {one.id: one for one in found}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# ---- What readers can do -----------------------------------------------------------------------

TWO = Read(
    id="urn:uuid:5f8f8d2c-7c39-4d27-a6b4-000000000001",
    title="Two of everything",
    link="https://minimal.example/two/",
    published=at("2026-03-01T08:00:00Z"),
    updated=at("2026-03-02T09:00:00Z"),
    authors=("Ada Quill", "Noor Outline"),
    categories=("Tea", "Repairs"),
    words="At length.",
)
ONE = Read(
    id="urn:uuid:5f8f8d2c-7c39-4d27-a6b4-000000000002",
    title="One of each",
    link="https://minimal.example/one/",
    published=at("2026-02-28T08:00:00Z"),
    updated=at("2026-02-28T08:00:00Z"),
    authors=("Ada Quill",),
    categories=("Tea",),
    words="At length.",
)


COMMA = Read(
    id="urn:uuid:5f8f8d2c-7c39-4d27-a6b4-000000000003",
    title="A comma in a name",
    link="https://minimal.example/comma/",
    published=at("2026-02-27T08:00:00Z"),
    updated=at("2026-02-27T08:00:00Z"),
    authors=("Cy Bell, Jr.",),
    categories=("Tea",),
    words="At length.",
)


@pytest.fixture(scope="module")
def minimal() -> Iterator[str]:
    with serving_folder(MINIMAL) as url:
        yield url


@pytest.mark.parametrize(("client", "name"), PAIRS, ids=called)
def test_a_reader_has_just_the_limits_that_are_listed(minimal, tmp_path, client, name):
    found = by_id(client(f"{minimal}{name}", tmp_path))
    assert found == {one.id: limited(one, client, name) for one in (TWO, ONE, COMMA)}


@pytest.mark.parametrize(("client", "name"), UNKNOWN, ids=called)
def test_a_reader_reads_nothing_of_a_format_that_it_does_not_know(minimal, tmp_path, client, name):
    if client is feed_clients.feedparser:
        with pytest.raises(AssertionError, match="not well-formed"):
            client(f"{minimal}{name}", tmp_path)
    else:
        assert client(f"{minimal}{name}", tmp_path) == []


# ---- What they read of our feeds ---------------------------------------------------------------

CONFIG: dict[str, Any] = {
    "site": {"title": "The <Nasty> & “Test” Gazette ]]>"},
    "sources": [{"path": "articles"}],
}


def config_at(url: str) -> dict[str, Any]:
    return {**CONFIG, "site": {**CONFIG["site"], "url": url}}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """The nasty site, built for the address at which it is served."""
    with recorder() as front:
        site = Site(tmp_path_factory.mktemp("served"), config_at(front.url))
        write_articles(site)
        done = site.command("build", "--now", NOW)
        assert done.returncode == 0, done.stderr
        with serving(site, front):
            yield site, front.url


@pytest.fixture(scope="module")
def model(served: tuple[Site, str]) -> dict[str, Read]:
    """What every reader should see: what was written, with ids, addresses and text from the Atom feed."""
    site, _ = served
    root = etree.fromstring((site.output / "all/atom.xml").read_bytes(), etree.XMLParser(huge_tree=True))
    written = {article.headline: article for article in ARTICLES}
    return by_id([_expected(entry, written) for entry in root.iter(f"{ATOM}entry")])


def _expected(entry: Any, written: dict[str, Any]) -> Read:
    text = {name: entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "content", "summary")}
    article = written[text["title"]]
    (link,) = (one.get("href") for one in entry.iter(f"{ATOM}link") if one.get("rel") in (None, "alternate"))
    return Read(
        id=text["id"],
        title=article.headline,
        link=link,
        published=at(article.date),
        updated=at(text["updated"]).replace(microsecond=0),
        authors=article.authors,
        categories=tuple(category.rpartition(": ")[2] for category in article.categories),
        words=words(text["content"] or html.escape(text["summary"] or "")),
    )


def test_the_model_has_every_article(model):
    assert sorted(one.title for one in model.values()) == sorted(article.headline for article in ARTICLES)


@pytest.fixture(scope="module")
def read(
    served: tuple[Site, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Reader, str], dict[str, Read]]:
    """What a reader reads of a format, asked once for all tests."""
    site, url = served
    known: dict[tuple[str, str], dict[str, Read]] = {}

    def reading(client: Reader, name: str) -> dict[str, Read]:
        key = (client.__name__, name)
        assert (site.output / "all" / name).exists(), f"the site has no {name}"
        if key not in known:
            known[key] = by_id(client(f"{url}all/{name}", tmp_path_factory.mktemp("reader")))
        return known[key]

    return reading


@pytest.mark.parametrize("field", [field.name for field in fields(Read)])
@pytest.mark.parametrize(("client", "name"), PAIRS, ids=called)
def test_a_reader_sees_what_was_written_whatever_the_format(read, model, client, name, field):
    found = read(client, name)
    expected = {key: limited(one, client, name) for key, one in model.items()}
    differ = {
        one.title: (getattr(found[key], field), getattr(one, field))
        for key, one in expected.items()
        if key in found and getattr(found[key], field) != getattr(one, field)
    }
    assert found.keys() == expected.keys()
    assert differ == {}


@pytest.mark.parametrize("site", MADE[1:])
def test_no_reader_complains_of_a_large_site_and_all_see_the_same_of_it(once, request, tmp_path, site):
    """All formats give one reader the same entries, and all readers the same as the first."""
    output = made_site(site, once, request)
    seen: dict[str, dict[str, tuple[str, str]]] = {}
    with serving_folder(output / "all") as url:
        for client, name in PAIRS:
            if (output / "all" / name).exists():
                place = tmp_path / f"{client.__name__}-{name}"
                place.mkdir()
                found = by_id(client(f"{url}{name}", place))
                seen[place.name] = {key: (one.title, one.link) for key, one in found.items()}
    first = next(iter(seen.values()))
    assert len(first) == (output / "all" / "rss.xml").read_bytes().count(b"<item>") > 20  # a large one is cut by bytes
    differ = {
        name: sorted(set(found.items()) ^ set(first.items()))[:6] for name, found in seen.items() if found != first
    }
    assert differ == {}


@pytest.mark.parametrize("importer", IMPORTERS, ids=called)
def test_a_reader_imports_the_list_of_feeds_whole(once, request, tmp_path, importer):
    output = made_site("nasty", once, request)
    url = support.CONFIG["site"]["url"]
    feeds = {f"{url}{path.relative_to(output).as_posix()}" for path in output.rglob("rss.xml")}
    found = importer(output / "feeds.opml", tmp_path)
    assert len(found) == len(set(found))
    assert set(found) == feeds


# ---- Polling -----------------------------------------------------------------------------------


@pytest.fixture
def polled(tmp_path: Path) -> Iterator[tuple[Site, Any]]:
    """A small site of ten articles at a server that remembers its answers."""
    with recorder() as front:
        site = Site(tmp_path / "site", config_at(front.url))
        for number in range(10):
            body = f"An invented text, number {number}."
            site.article(f"a{number}.md", title=f"Article {number}", date=f"2026-03-0{number % 9 + 1}", body=body)
        site.build()
        with serving(site, front):
            yield site, front


def statuses(front: Any, path: str) -> list[int]:
    return [answer.status for answer in front.answers if answer.path == path]


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reader"
    made.mkdir()
    return made


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
@pytest.mark.parametrize("poller", POLLERS, ids=called)
def test_who_polls_again_is_told_that_nothing_has_changed(polled, tmp_path, poller, name):
    _, front = polled
    one = poller(f"{front.url}all/{name}", folder(tmp_path))
    for _ in range(5):
        one.poll()
    assert one.count() == 10
    # newsboat asks conditionally from its third time on; the others from the second.
    full = 2 if poller is feed_clients.Newsboat else 1
    assert statuses(front, f"/all/{name}") == [200] * full + [304] * (5 - full)
    assert [answer.length for answer in front.answers if answer.status == 304] == [0] * (5 - full)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
@pytest.mark.parametrize("by", ["etag", "modified"])
def test_feedparser_is_told_that_nothing_has_changed(polled, name, by):
    import feedparser

    _, front = polled
    url = f"{front.url}all/{name}"
    first = feedparser.parse(url)
    assert (first.status, len(first.entries)) == (200, 10)
    assert feedparser.parse(url, **{by: first[by]}).status == 304


@pytest.mark.parametrize("poller", POLLERS, ids=called)
def test_a_change_is_fetched_and_a_new_article_is_the_only_new_one(polled, tmp_path, poller):
    site, front = polled
    one = poller(f"{front.url}all/atom.xml", folder(tmp_path))
    for _ in range(3):
        one.poll()
    site.article("new.md", title="A new article", date="2026-03-20", body="An invented text.")
    site.build(now="2026-11-02T08:00:00Z")
    one.poll()
    assert one.count() == 11


# ---- Renames -----------------------------------------------------------------------------------


def rename_slug(site: Site) -> None:
    _rewrite(site, "a1.md", slug="another-slug")


def rename_title(site: Site) -> None:
    _rewrite(site, "a2.md", title="Quite another title")


def rename_file(site: Site) -> None:
    (site.root / "articles" / "sub").mkdir()
    shutil.move(site.root / "articles" / "a3.md", site.root / "articles" / "sub" / "other-name.md")


def rename_category(site: Site) -> None:
    _rewrite(site, "a4.md", categories=["Infusions"])


def rename_every_category(site: Site) -> None:
    for number in range(10):
        _rewrite(site, f"a{number}.md", categories=["Night Desk: Infusions"])


def rename_domain(site: Site) -> None:
    config = json.loads(json.dumps(config_at(site.url)))  # type: ignore[attr-defined]
    config["site"]["url"] = config["site"]["url"].replace("127.0.0.1", "localhost")
    site.configure(config)


def rename_site(site: Site) -> None:
    config = config_at(site.url)  # type: ignore[attr-defined]
    site.configure({**config, "site": {**config["site"], "title": "Quite another gazette"}})


def _rewrite(site: Site, name: str, **front: Any) -> None:
    number = name[1]
    values = {"title": f"Article {number}", "date": f"2026-03-0{int(number) % 9 + 1}", **front}
    site.article(name, body=f"An invented text, number {number}.", **values)


RENAMES = (
    rename_slug, rename_title, rename_file, rename_category, rename_every_category, rename_domain, rename_site,
)  # fmt: skip


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
@pytest.mark.parametrize("rename", RENAMES, ids=called)
def test_a_rename_shows_no_article_as_new(polled, tmp_path, rename, name):
    site, front = polled
    site.url = front.url
    followers = []
    for poller in POLLERS:
        place = tmp_path / poller.__name__
        place.mkdir()
        followers.append(poller(f"{front.url}all/{name}", place))
    for one in followers:
        one.poll()
    before = (site.output / "all" / name).read_bytes()
    rename(site)
    report = site.build(now="2026-11-02T08:00:00Z")
    assert (report["published"], report["problem_list"]) == (10, [])
    assert (site.output / "all" / name).read_bytes() != before or rename is rename_file
    for one in followers:
        one.poll()
    assert {type(one).__name__: one.count() for one in followers} == {poller.__name__: 10 for poller in POLLERS}
