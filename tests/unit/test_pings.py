"""WebSub: each hub is told of exactly the feeds that changed, and again where it did not take it."""

import pytest
from makers import make_site

from syndicate.services.pings import MAX_FAILURES, known_pings, ping_hubs

HUB, OTHER = "https://hub.example/", "https://other.example/hub"
# A topic may be called "archive", too.
STAMPS = {"all/rss.xml": "1", "all/feed.json": "1", "topics/archive/atom.xml": "7", "topics/tea/atom.xml": "7"}
NO_FEEDS = {
    "index.html": "1",
    "all/archive/1/rss.xml": "1",
    "topics/archive/archive/12/rss.xml": "1",
    "feeds.opml": "2",
    "media/x/rss.xml.png": "3",
}
BASE = "https://feeds.example.org/"


class Hubs:
    """Hubs that note what they are told; `down` are those that take nothing."""

    def __init__(self, *down: str) -> None:
        self.down = down
        self.told: list[tuple[str, str]] = []

    def ping(self, hub: str, url: str) -> str | None:
        self.told.append((hub, url.removeprefix(BASE)))
        return "it answered 503" if hub in self.down else None


def test_every_hub_is_told_of_every_feed_at_first_and_of_nothing_else() -> None:
    hubs = Hubs()
    pings = ping_hubs([HUB, OTHER], {**STAMPS, **NO_FEEDS}, {}, make_site(), hubs.ping)
    assert hubs.told == [(hub, path) for hub in (HUB, OTHER) for path in STAMPS]
    assert (pings.taken, pings.problems, pings.known) == (8, (), {HUB: STAMPS, OTHER: STAMPS})


def test_a_hub_is_told_of_what_changed_since() -> None:
    hubs = Hubs()
    now = {**STAMPS, "all/rss.xml": "2"}
    pings = ping_hubs([HUB], now, {HUB: STAMPS}, make_site(), hubs.ping)
    assert (hubs.told, pings.known) == ([(HUB, "all/rss.xml")], {HUB: now})


def test_a_feed_that_is_gone_is_forgotten() -> None:
    hubs = Hubs()
    pings = ping_hubs([HUB], {"all/rss.xml": "1"}, {HUB: STAMPS}, make_site(), hubs.ping)
    assert (hubs.told, pings.known) == ([], {HUB: {"all/rss.xml": "1"}})


def test_a_hub_that_is_down_is_told_next_time_and_hinders_no_other() -> None:
    pings = ping_hubs([HUB, OTHER], STAMPS, {HUB: {"all/rss.xml": "1"}}, make_site(), Hubs(HUB).ping)
    assert pings.known == {HUB: {"all/rss.xml": "1"}, OTHER: STAMPS}
    assert [str(problem) for problem in pings.problems] == [
        "https://hub.example/: feeds.hubs: the hub could not be told of 3 changed feeds: it answered 503 "
        "(the next build tries again; check the address if it keeps failing)"
    ]
    assert pings.problems[0].reason == "hub-not-told"
    again = Hubs()
    ping_hubs([HUB, OTHER], STAMPS, pings.known, make_site(), again.ping)
    assert again.told == [(HUB, path) for path in STAMPS if path != "all/rss.xml"]


def test_a_hub_that_keeps_failing_is_left_alone_after_a_few_tries() -> None:
    hubs = Hubs(HUB)
    many = {f"topics/{number}/rss.xml": "1" for number in range(50)}
    pings = ping_hubs([HUB], many, {}, make_site(), hubs.ping)
    assert len(hubs.told) == MAX_FAILURES
    assert "of 50 changed feeds" in pings.problems[0].what


@pytest.mark.parametrize("kept", [None, b"", b"{", b"[]", b'{"a": 1}', b"\xff"])
def test_a_memory_that_is_lost_tells_all(kept: bytes | None) -> None:
    assert known_pings(kept) == {}


def test_a_memory_is_read_again() -> None:
    assert known_pings(b'{"https://hub.example/": {"all/rss.xml": "1"}}') == {HUB: {"all/rss.xml": "1"}}
