"""The archive of a feed: what is in its document, which page the others are on, and that pages stay."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from makers import NOW, front
from memory_project import Project

from syndicate.domain.archive import Ending, FeedHistory, ended_at, ending
from syndicate.domain.feeds import FORMATS, Archiving, FeedFormat, FeedOptions

BASE = "https://feeds.example.org/"
WEEK = timedelta(days=7)
ATOM = "{http://www.w3.org/2005/Atom}"


def written(number: int, *, date: str, title: str | None = None, body: str = "Text.") -> str:
    return front("categories: [Tea]", title=f"title: {title or f'Story {number}'}", date=f"date: {date}", body=body)


def older(data: bytes, format: FeedFormat) -> str | None:
    """Return the page that a document says is the one before it."""
    if format is FeedFormat.JSON:
        address = json.loads(data).get("next_url")
    else:
        links = {link.get("rel"): link.get("href") for link in ElementTree.fromstring(data).iter(f"{ATOM}link")}
        address = links.get("prev-archive")
    return address.removeprefix(BASE) if address else None


def ids(data: bytes, format: FeedFormat) -> list[str]:
    match format:
        case FeedFormat.JSON:
            return [item["id"] for item in json.loads(data)["items"]]
        case FeedFormat.ATOM:
            return [one.findtext(f"{ATOM}id", "") for one in ElementTree.fromstring(data).iter(f"{ATOM}entry")]
        case FeedFormat.RSS:
            return [one.findtext("guid", "") for one in ElementTree.fromstring(data).iter("item")]


def walk(one: Project, folder: str, format: FeedFormat) -> Iterator[tuple[str, bytes]]:
    """Yield the documents of a feed as a reader finds them who follows the links, the newest first."""
    path: str | None = f"{folder}/{FORMATS[format].file_name}"
    seen = set()
    while path:
        assert path not in seen
        seen.add(path)
        data = one.output.files[path]
        yield path, data
        path = older(data, format)


def live_ids(one: Project) -> set[str]:
    return {identity.id for identity in one.ledger.identities() if identity.retracted is None}


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.real)])
def test_a_reader_who_follows_the_links_finds_every_entry_through_the_weeks(seed: int) -> None:
    """Articles come, are dated back, edited, renamed and taken back; closed pages stay but for retractions."""
    chance = random.Random(seed)
    weeks = 200 if seed == 3 else 30
    one = Project({f"news/{number}.md": written(number, date="2026-06-01") for number in range(4)})
    one.feeds = FeedOptions(limit=5)
    now, number = NOW, 4
    closed: dict[str, tuple[bytes, frozenset[str]]] = {}
    for week in range(weeks):
        now += WEEK
        for _ in range(chance.randrange(4)):
            back = timedelta(days=chance.choice([0, 0, 0, 3, 400]))
            one.files[f"news/{number}.md"] = written(number, date=f"{now - back:%Y-%m-%d}")
            number += 1
        names = sorted(one.files)
        if chance.random() < 0.4:
            name = chance.choice(names)
            one.files[name] = str(one.files[name]).replace("Text.", f"Text. Edited in week {week}.")
        if chance.random() < 0.2:
            name = chance.choice(names)
            one.files[name.replace("news/", "news/moved-")] = one.files.pop(name)
        if chance.random() < 0.3:
            del one.files[chance.choice(sorted(one.files))]
        one.build(now)
        live = live_ids(one)
        for folder in ("all", "topics/tea"):
            for format in FeedFormat:
                documents = list(walk(one, folder, format))
                found = {identifier for _, data in documents for identifier in ids(data, format)}
                assert found == live, (week, folder, format)
                for path, data in documents[2:]:
                    held = frozenset(ids(data, format))
                    before, had = closed.get(path, (data, held))
                    assert held <= had, path
                    assert held != had or data == before, path
                    closed[path] = (data, held)


def test_nothing_leaves_at_the_first_build_and_nothing_changes_at_the_second() -> None:
    one = Project({f"news/{number}.md": written(number, date="2026-05-01") for number in range(9)})
    one.feeds = FeedOptions(limit=3)
    one.build()
    assert [path for path in one.output.files if "/archive/" in path] == []
    assert one.build(NOW + WEEK).written == ()


def test_all_articles_may_be_archived_from_the_first_build_on() -> None:
    one = Project({f"news/{number}.md": written(number, date=f"2026-05-0{number}") for number in range(1, 9)})
    one.feeds = FeedOptions(limit=3, archive=Archiving.ALL, formats=(FeedFormat.JSON,))
    one.build()
    paths = [path for path, _ in walk(one, "all", FeedFormat.JSON)]
    assert paths == ["all/feed.json", "all/archive/2/feed.json", "all/archive/1/feed.json"]
    titles = [item["title"] for path in paths for item in json.loads(one.output.files[path])["items"]]
    assert titles == [f"Story {number}" for number in (8, 7, 6, 5, 4, 3, 2, 1)]


def test_no_archive_is_kept_if_none_is_wanted() -> None:
    one = Project({"news/1.md": written(1, date="2026-05-01")})
    one.feeds = FeedOptions(limit=1, archive=Archiving.NONE)
    one.build()
    one.files["news/2.md"] = written(2, date="2026-05-02")
    one.build(NOW + WEEK)
    assert [path for path in one.output.files if "/archive/" in path] == []


def test_a_full_build_leaves_closed_pages_alone() -> None:
    one = Project({"news/1.md": written(1, date="2026-05-01")})
    one.feeds = FeedOptions(limit=1)
    for number in (2, 3, 4):
        one.build(NOW + number * WEEK)
        one.files[f"news/{number}.md"] = written(number, date=f"2026-05-0{number}")
    one.build(NOW + 5 * WEEK)
    page = one.output.files["all/archive/1/rss.xml"]
    one.files["news/1.md"] = written(1, date="2026-05-01", title="Edited")
    one.build(NOW + 6 * WEEK, full=True)
    assert one.output.files["all/archive/1/rss.xml"] == page
    assert b"<fh:archive/>" in page


@pytest.mark.parametrize("format", FeedFormat)
def test_no_feed_is_larger_than_it_may_be(format: FeedFormat) -> None:
    bodies = ["\\ " * 9000, "&<>\"' " * 4000, "\u20ac" * 9000, "# x\n" * 3000, "word " * 60_000]
    files = {
        f"news/{number}.md": written(number, date=f"2026-05-{number + 1:02}", body=bodies[number % len(bodies)])
        for number in range(20)
    }
    one = Project(files)
    one.feeds = FeedOptions(max_bytes=65_536, formats=(format,), archive=Archiving.ALL)
    one.build()
    feeds = {path: data for path, data in one.output.files.items() if path.endswith(FORMATS[format].file_name)}
    assert len(feeds) > 6
    assert {path for path, data in feeds.items() if len(data) > 65_536} == set()


def test_a_title_without_end_leaves_room_for_others() -> None:
    one = Project({"news/1.md": written(1, date="2026-05-01"), "news/2.md": written(2, date="2026-05-02")})
    one.files["news/2.md"] = written(2, date="2026-05-02", title=f"'{'<b>' * 90_000}'")
    one.feeds = FeedOptions(max_bytes=65_536, formats=(FeedFormat.JSON,))
    one.build()
    titles = [item["title"] for item in json.loads(one.output.files["all/feed.json"])["items"]]
    assert [len(title) for title in titles] == [2001, 7]


HISTORY = FeedHistory(title="Tea", floor=NOW, retired=NOW)


@pytest.mark.parametrize(
    ("days", "is_hidden", "stage"),
    [
        (0, False, Ending.WAITS),
        (29, False, Ending.WAITS),
        (30, False, Ending.SAYS_SO),
        (59, False, Ending.SAYS_SO),
        (60, False, Ending.GONE),
        (0, True, Ending.SAYS_SO),
        (29, True, Ending.SAYS_SO),
        (30, True, Ending.GONE),
    ],
)
def test_a_feed_without_articles_waits_then_says_so_then_goes(days: int, is_hidden: bool, stage: Ending) -> None:
    assert ending(HISTORY, is_hidden, FeedOptions(), NOW + timedelta(days=days)) is stage


def test_a_feed_that_gets_an_article_again_goes_on() -> None:
    one = Project({"news/1.md": written(1, date="2026-05-01"), "news/2.md": front(title="title: Other")})
    text = str(one.files["news/1.md"])
    one.build()
    del one.files["news/1.md"]
    one.build(NOW + WEEK)
    assert one.ledger.feeds["tea"].retired == NOW + WEEK
    assert ended_at(one.ledger.feeds["tea"], False, one.feeds) == NOW + WEEK + timedelta(days=30)
    one.files["news/3.md"] = text.replace("Story 1", "Story 3")
    one.build(NOW + 2 * WEEK)
    assert one.ledger.feeds["tea"].retired is None
    assert [item["title"] for item in json.loads(one.output.files["topics/tea/feed.json"])["items"]] == ["Story 3"]
