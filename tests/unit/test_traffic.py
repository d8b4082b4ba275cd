"""The counts: by kind and status, by feed, and what aggregators report; bounded whatever is sent."""

from syndicate.web.media import kind_of, media_of
from syndicate.web.traffic import FORGOTTEN_S, MAX_FEED_IDS, MAX_FEEDS, Counter

RSS = "all/rss.xml"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def hit(counter: Counter, name: str, status: int, times: int = 1) -> None:
    counter.hits_of(name, media_of(name))[status] += times


def report(counter: Counter, agent: bytes, feed: str = RSS) -> None:
    hit(counter, feed, 200)
    sighting = counter.sighting(feed, media_of(feed), agent)
    if sighting is not None:
        counter.note(sighting)


def subscribers(counter: Counter) -> dict[str, dict[str, int]]:
    return {feed.name: dict(feed.subscribers) for feed in counter.traffic().feeds}


def test_answers_are_counted_by_kind_and_status() -> None:
    counter = Counter(Clock())
    for name, status in ((RSS, 304), (RSS, 304), ("x/rss.xml", 200), ("index.html", 200), ("a.png", 200)):
        hit(counter, name, status)
    counter.count("/nothing/atom.xml", 404)
    counter.count("/nothing/", 301)
    assert counter.traffic().requests == {
        ("atom", 404): 1,
        ("media", 200): 1,
        ("page", 200): 1,
        ("page", 301): 1,
        ("rss", 200): 1,
        ("rss", 304): 2,
    }


def test_kinds() -> None:
    paths = {
        "a/rss.xml": "rss",
        "a/atom-2026-03.xml": "atom",
        "a/feed.json": "json",
        "": "page",
        "a/": "page",
        "a/index.html": "page",
        "a.svg": "media",
        "a.mp3": "media",
        "feeds.opml": "other",
        "a.css": "other",
        "a/b": "other",
        "sitemap.xml": "other",
        "a.exe": "other",
    }
    assert {path: kind_of(path) for path in paths} == paths


def test_the_share_of_unchanged_answers_is_a_feeds_own() -> None:
    counter = Counter(Clock())
    hit(counter, RSS, 304, 3)
    hit(counter, RSS, 200)
    hit(counter, "b/rss.xml", 200)
    assert [(feed.name, feed.requests, feed.unchanged_share) for feed in counter.traffic().feeds] == [
        (RSS, 4, 0.75),
        ("b/rss.xml", 1, 0.0),
    ]


def test_the_newest_report_counts_and_ids_add_up() -> None:
    counter = Counter(Clock())
    for number in (5, 9, 7):
        report(counter, f"Feedly/1.0 ({number} subscribers)".encode())
    report(counter, b"Feedbin feed-id:1 - 20 subscribers")
    report(counter, b"Feedbin feed-id:2 - 3 subscribers")
    report(counter, b"Feedbin feed-id:1 - 21 subscribers")
    assert subscribers(counter) == {RSS: {"Feedly": 7, "Feedbin": 24}}


def test_the_most_popular_feeds_come_first() -> None:
    counter = Counter(Clock())
    hit(counter, "b/rss.xml", 200, 9)
    report(counter, b"Feedly/1.0 (5 subscribers)", "c/rss.xml")
    report(counter, b"Feedly/1.0 (50 subscribers)", "a/atom.xml")
    assert list(subscribers(counter)) == ["a/atom.xml", "c/rss.xml", "b/rss.xml"]


def test_only_feeds_have_subscribers() -> None:
    counter = Counter(Clock())
    report(counter, b"Feedly/1.0 (5 subscribers)", "index.html")
    assert counter.traffic().feeds == ()


def test_an_aggregator_that_polls_no_more_is_forgotten() -> None:
    clock = Clock()
    counter = Counter(clock)
    report(counter, b"Feedly/1.0 (5 subscribers)")
    clock.now_s = 1.0
    report(counter, b"Feedbin feed-id:1 - 2 subscribers")
    clock.now_s = FORGOTTEN_S + 0.5
    assert subscribers(counter) == {RSS: {"Feedbin": 2}}


def test_many_ids_of_one_feed_push_out_the_oldest() -> None:
    clock = Clock()
    counter = Counter(clock)
    for number in range(1_000):
        clock.now_s += 1
        report(counter, f"Feedbin feed-id:{number} - 1 subscribers".encode())
    assert subscribers(counter) == {RSS: {"Feedbin": MAX_FEED_IDS}}


def test_feeds_beyond_the_bound_count_together() -> None:
    counter = Counter(Clock())
    for number in range(MAX_FEEDS + 5):
        hit(counter, f"{number}/rss.xml", 200)
    traffic = counter.traffic()
    assert len(traffic.feeds) == MAX_FEEDS
    assert traffic.requests == {("rss", 200): MAX_FEEDS + 5}
