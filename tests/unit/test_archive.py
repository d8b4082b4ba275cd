"""The archive of a feed: what is in its document, which page the others are on, and that pages stay."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import product
from xml.etree import ElementTree

import pytest
from makers import NOW, front
from memory_project import Project

from syndicate.domain.archive import Ending, FeedHistory, ended_at, ending
from syndicate.domain.facets import FacetKind
from syndicate.domain.feeds import FORMATS, Archiving, Content, FeedFormat, FeedOptions, is_feed_path
from syndicate.domain.topics import TopicOptions

BASE = "https://feeds.example.org/"
WEEK = timedelta(days=7)
ATOM = "{http://www.w3.org/2005/Atom}"


def written(number: int, *, date: str, title: str | None = None, body: str = "Text.", topic: str = "Tea") -> str:
    return front(
        f"categories: [{topic}]", title=f"title: {title or f'Story {number}'}", date=f"date: {date}", body=body
    )


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


def titles(one: Project, path: str) -> list[str]:
    return [item["title"] for item in json.loads(one.output.files[path])["items"]]


def archived(one: Project, folder: str) -> list[list[str]]:
    """Return the titles of a feed's document, and of each of its archive pages as the links lead to them."""
    return [titles(one, path) for path, _ in walk(one, folder, FeedFormat.JSON)]


def live_ids(one: Project) -> set[str]:
    return {identity.id for identity in one.ledger.identities() if identity.retracted is None}


def pass_a_week(one: Project, drawer: dict[str, str | bytes], chance: random.Random, now: datetime) -> None:
    """Let articles come, be dated back, edited, dated anew, renamed, taken back and put back."""
    for number in range(chance.randrange(4)):
        day = now - timedelta(days=chance.choice([0, 0, 0, 3, 400]))
        topic = chance.choice(["Tea", "Pie"])
        one.files[f"news/{now:%Y%m%d}-{number}.md"] = written(number, date=f"{day:%Y-%m-%d}", topic=topic)
    names = sorted(one.files)
    if chance.random() < 0.4:
        name = chance.choice(names)
        one.files[name] = str(one.files[name]).replace("Text.", f"Text. Edited at {now}.")
    if chance.random() < 0.3:
        name = chance.choice(names)
        day = now - timedelta(days=chance.choice([0, 3, 400]))
        one.files[name] = re.sub("(?m)^date: .*$", f"date: {day:%Y-%m-%d}", str(one.files[name]))
    if chance.random() < 0.2:
        name = chance.choice(names)
        one.files[name.replace("news/", "news/moved-")] = one.files.pop(name)
    if chance.random() < 0.3:
        name = chance.choice(sorted(one.files))
        drawer[name] = one.files.pop(name)
    if drawer and chance.random() < 0.2:
        name = chance.choice(sorted(drawer))
        one.files[name] = drawer.pop(name)


def agree(before: Mapping[str, bytes], after: Mapping[str, bytes], newest: int, format: FeedFormat) -> None:
    """Assert that pages have lost retracted entries only, and those that another page followed are else the same."""
    for path in before.keys() & after.keys():
        had, has = (frozenset(ids(pages[path], format)) for pages in (before, after))
        assert has <= had, path
        is_followed = int(path.split("/")[-2]) < newest
        assert has != had or not is_followed or before[path] == after[path], path


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.real)])
def test_a_reader_who_follows_the_links_finds_every_entry_through_the_weeks(seed: int) -> None:
    """Whatever comes of articles, and whether their topics are merged or parted again."""
    chance = random.Random(seed)
    one = Project({f"news/{number}.md": written(number, date="2026-06-01") for number in range(4)})
    one.feeds = FeedOptions(limit=5)
    now = NOW
    pages: dict[tuple[str, FeedFormat], dict[str, bytes]] = {}
    drawer: dict[str, str | bytes] = {}
    for week in range(200 if seed == 3 else 40):
        now += WEEK
        pass_a_week(one, drawer, chance, now)
        if week % 15 == 14:
            one.topics = () if one.topics else (TopicOptions(name="Tea", merge=("Pie",)),)
        one.build(now)
        for folder, format in product(("all", "topics/tea"), FeedFormat):
            document, *further = walk(one, folder, format)
            if folder == "all" or one.topics:
                found = {identifier for _, data in (document, *further) for identifier in ids(data, format)}
                assert found == live_ids(one), (week, folder, format)
            before, newest = pages.get((folder, format), {}), len(pages.get((folder, format), {}))
            agree(before, dict(further), newest, format)
            pages[folder, format] = dict(further)


def test_an_entry_that_was_announced_stays_when_its_date_is_edited() -> None:
    """A date below all that was announced takes it neither out of the feed nor to another place in it."""
    one = Project({f"news/{number}.md": written(number, date=f"2026-03-0{number}") for number in range(1, 5)})
    one.feeds = FeedOptions(limit=3)
    one.build()
    one.files["news/3.md"] = written(3, date="2025-12-12")
    one.build(NOW + WEEK)
    assert archived(one, "all") == [["Story 4", "Story 3", "Story 2"]]


def test_an_entry_that_came_up_for_a_retracted_one_stays_reachable() -> None:
    one = Project({f"news/{number}.md": written(number, date=f"2026-03-0{number}") for number in range(1, 5)})
    one.feeds = FeedOptions(limit=3)
    one.build()
    del one.files["news/3.md"]
    one.build(NOW + WEEK)
    one.files["news/5.md"] = written(5, date="2026-03-05")
    one.build(NOW + 2 * WEEK)
    assert archived(one, "all") == [["Story 5", "Story 4", "Story 2"], ["Story 2", "Story 1"]]


def test_a_merged_topic_brings_what_its_feed_has_announced() -> None:
    days = {1: "2026-01-01", 2: "2026-01-02", 3: "2026-03-01", 4: "2026-03-02"}
    one = Project(
        {f"news/{n}.md": written(n, date=day, topic="Tea" if n < 3 else "Pie") for n, day in days.items()}
        | {"news/0.md": written(0, date="2025-12-24")}
    )
    one.feeds = FeedOptions(limit=2)
    one.build()
    one.files["news/5.md"] = written(5, date="2026-03-04")
    one.build(NOW + WEEK)
    one.topics = (TopicOptions(name="Pie", merge=("Tea",)),)
    one.build(NOW + 2 * WEEK)
    # Story 0 is older than what the feed of Tea has ever carried.
    assert archived(one, "topics/pie") == [["Story 5", "Story 4"], ["Story 4", "Story 3"], ["Story 2", "Story 1"]]


def test_topics_may_be_merged_into_a_new_one() -> None:
    one = Project({f"news/{n}.md": written(n, date=f"2026-03-0{n}", topic="Tea") for n in range(1, 4)})
    one.feeds = FeedOptions(limit=3)
    one.build()
    one.feeds = FeedOptions(limit=1)
    one.topics = (TopicOptions(name="Drinks", merge=("Tea",)),)
    one.build(NOW + WEEK)
    assert archived(one, "topics/drinks") == [["Story 3"], ["Story 2"], ["Story 1"]]


def test_no_entry_is_added_to_a_page_that_readers_have_seen() -> None:
    """Neither one that is dated back, nor one that comes again: RFC 5005, 4, since nobody fetches a page twice."""
    one = Project({f"news/{number}.md": written(number, date=f"2026-05-0{number}") for number in range(1, 6)})
    one.feeds = FeedOptions(limit=4)
    one.build()
    one.files["news/6.md"] = written(6, date="2026-05-06")
    one.build(NOW + WEEK)
    assert archived(one, "all") == [["Story 6", "Story 5", "Story 4", "Story 3"], ["Story 4", "Story 3", "Story 2"]]
    one.files["news/0.md"] = written(0, date="2026-01-01")
    two = one.files.pop("news/2.md")
    one.build(NOW + 2 * WEEK)
    pages = [["Story 0"], ["Story 4", "Story 3"]]
    assert archived(one, "all")[1:] == pages
    one.files["news/2.md"] = two
    one.build(NOW + 3 * WEEK)
    assert archived(one, "all")[1:] == [["Story 2"], *pages]


def test_a_page_keeps_its_number_when_all_its_entries_are_gone() -> None:
    one = Project({f"news/{number}.md": written(number, date=f"2026-05-0{number}") for number in (1, 2)})
    one.feeds = FeedOptions(limit=1)
    one.build()
    for number in (3, 4):
        one.files[f"news/{number}.md"] = written(number, date=f"2026-05-0{number}")
        one.build(NOW + number * WEEK)
    assert archived(one, "all") == [["Story 4"], ["Story 3"], ["Story 2"]]
    three = one.files.pop("news/3.md")
    one.build(NOW + 5 * WEEK)
    one.files["news/3.md"] = three
    one.build(NOW + 6 * WEEK)
    assert archived(one, "all") == [["Story 4"], ["Story 3"], [], ["Story 2"]]


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
    assert [titles(one, path) for path in paths] == [
        ["Story 8", "Story 7", "Story 6"],
        ["Story 6", "Story 5", "Story 4"],  # 6 joins those that have no room in the document
        ["Story 3", "Story 2", "Story 1"],
    ]


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


@pytest.mark.parametrize("content", Content)
def test_no_feed_is_larger_than_it_may_be_whatever_its_entries_are_made_of(content: Content) -> None:
    """Authors with all their addresses, categories and tags without end, pictures and files."""
    address = f"https://example.org/{'way/' * 40}?a=1&b=2"
    people = "".join(f'\n  - {{name: "Ann {n} & Bo", email: a{n}@example.org, url: "{address}"}}' for n in range(20))
    names = "".join(f"\n  - 'Desk {n}: \"Tea & {n}\"'" for n in range(30))
    lines = (
        f"authors:{people}\ncategories:{names}\nimage: {address}.png\nenclosure: {address}.mp3\nsummary: '{'&<' * 200}'"
    )
    one = Project({f"news/{n}.md": front(lines, date=f"date: 2026-05-{n + 1:02}") for n in range(30)})
    one.feeds = FeedOptions(max_bytes=65_536, archive=Archiving.ALL, content=content, per=tuple(FacetKind))
    one.build()
    feeds = {path: data for path, data in one.output.files.items() if is_feed_path(path)}
    assert len(feeds) > 300
    assert {path: len(data) for path, data in feeds.items() if len(data) > 65_536} == {}
    assert b"a19@example.org" in feeds["all/atom.xml"]


def test_every_feed_that_carried_an_entry_says_that_it_is_gone() -> None:
    """Those of tags too, one whose last article it was, and one that had it before it was filed elsewhere."""
    tagged = front("categories: [Tea]\ntags: [green]", title="title: Story 1", date="date: 2026-05-01")
    one = Project({"news/1.md": tagged, "news/2.md": written(2, date="2026-05-02", topic="Pie")})
    one.feeds = FeedOptions(tombstones=True, per=(FacetKind.TAG,), limit=1)
    one.build()
    one.files["news/2.md"] = written(2, date="2026-05-02", topic="Cake")
    one.build(NOW + WEEK)
    gone = {str(identity.path): identity.id for identity in one.ledger.identities()}
    one.files.clear()
    one.files["news/3.md"] = written(3, date="2026-05-03", topic="Pie")
    one.build(NOW + 2 * WEEK)
    told = {
        path: {gone for gone in gone.values() if f'deleted-entry ref="{gone}"'.encode() in data}
        for path, data in one.output.files.items()
        if path.endswith("atom.xml") and "/archive/" not in path
    }
    one_, two = {gone["news/1.md"]}, {gone["news/2.md"]}
    assert told == {
        "all/atom.xml": two,  # which had no room for the other
        "topics/tea/atom.xml": one_,
        "topics/pie/atom.xml": two,
        "topics/cake/atom.xml": two,
        "tags/green/atom.xml": one_,
    }


def test_tombstones_have_a_room_of_their_own() -> None:
    one = Project({f"news/{n}.md": written(n, date=f"2026-05-{n % 28 + 1:02}", body="word " * 200) for n in range(700)})
    one.feeds = FeedOptions(max_bytes=65_536, limit=1000, archive=Archiving.ALL, tombstones=True)
    one.build()
    for n in range(600):
        del one.files[f"news/{n}.md"]
    one.build(NOW + WEEK)
    feed = one.output.files["topics/tea/atom.xml"]
    assert 40 < feed.count(b"deleted-entry") < 80
    assert 25_000 < len(feed) < 65_536


@pytest.mark.parametrize("content", Content)
def test_entries_that_have_grown_on_a_page_are_cut_when_it_is_made_anew(content: Content) -> None:
    one = Project({f"news/{n}.md": written(n, date=f"2026-05-{n + 1:02}") for n in range(20)})
    one.feeds = FeedOptions(max_bytes=65_536, limit=10, archive=Archiving.ALL, content=content)
    one.build()
    long = front(f"summary: '{'&<>é' * 499}'\ncategories: [Tea]", date="date: 2026-05-01", body="&amp; more. " * 9000)
    one.files.update({f"news/{n}.md": long for n in range(1, 10)})
    del one.files["news/0.md"]
    one.build(NOW + WEEK)
    pages = {path: data for path, data in one.output.files.items() if "/archive/1/" in path}
    assert {path: len(data) for path, data in pages.items() if not 15_000 < len(data) <= 65_536} == {}
    assert len(ids(pages["all/archive/1/rss.xml"], FeedFormat.RSS)) == 9


def test_a_title_without_end_leaves_room_for_others() -> None:
    one = Project({"news/1.md": written(1, date="2026-05-01"), "news/2.md": written(2, date="2026-05-02")})
    one.files["news/2.md"] = written(2, date="2026-05-02", title=f"'{'<b>' * 90_000}'")
    one.feeds = FeedOptions(max_bytes=65_536, formats=(FeedFormat.JSON,))
    one.build()
    assert [len(title) for title in titles(one, "all/feed.json")] == [2001, 7]


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
