"""Feeds as values: what is recent, and how old a feed is."""

from datetime import timedelta

import pytest
from makers import NOW, day, identities_of, make_article, make_entry, make_feed

from syndicate.domain.archive import Shelf, recent
from syndicate.domain.feeds import FORMATS, FeedFormat, FeedOptions, fingerprint, is_feed_path
from syndicate.domain.moments import EPOCH

ARTICLES = [make_article(f"{number}.md", published=NOW - timedelta(days=number)) for number in range(60)]
SHELF = Shelf(identities=identities_of(ARTICLES), weigh=lambda article: 1_000, started_at=NOW)


def test_a_feed_holds_the_newest_up_to_its_limit() -> None:
    assert recent(ARTICLES, SHELF, FeedOptions(), NOW) == tuple(ARTICLES[:50])
    assert recent(ARTICLES, SHELF, FeedOptions(limit=3), NOW) == tuple(ARTICLES[:3])
    assert recent(ARTICLES[:2], SHELF, FeedOptions(limit=3), NOW) == tuple(ARTICLES[:2])


@pytest.mark.parametrize(("days", "count"), [(1, 2), (7, 8), (365, 50)])
def test_a_window_leaves_out_what_is_older_and_keeps_its_edge(days: int, count: int) -> None:
    assert recent(ARTICLES, SHELF, FeedOptions(window_days=days), NOW) == tuple(ARTICLES[:count])


def test_a_window_of_more_days_than_there_are_leaves_out_nothing() -> None:
    assert len(recent(ARTICLES, SHELF, FeedOptions(window_days=10**9), NOW)) == 50


def test_a_window_may_leave_nothing() -> None:
    assert recent(ARTICLES[5:], SHELF, FeedOptions(window_days=2), NOW) == ()


def test_a_feed_is_as_old_as_its_newest_change_and_not_as_its_newest_article() -> None:
    feed = make_feed(make_entry(3, updated=day(3)), make_entry(1, updated=day(9)), make_entry(2, updated=day(2)))
    assert feed.updated == day(9)


def test_a_feed_without_entries_is_as_old_as_time() -> None:
    assert make_feed().updated == EPOCH


def test_a_feed_knows_its_address_in_each_format() -> None:
    assert make_feed().url(FeedFormat.ATOM) == "https://feeds.example.org/topics/tea/atom.xml"


@pytest.mark.parametrize("format", FeedFormat)
def test_the_files_of_each_format_are_known_as_feeds(format: FeedFormat) -> None:
    assert is_feed_path(f"topics/tea/{FORMATS[format].file_name}")


@pytest.mark.parametrize("path", ["index.html", "feeds.opml", "media/news/rss.xml.png", "topics/tea/index.html"])
def test_other_files_are_none(path: str) -> None:
    assert not is_feed_path(path)


def test_fingerprints_tell_values_apart() -> None:
    values = [("a",), ("b",), ("a", "b"), ("ab",), (("a",), "b"), (1,), ("1",), (None,), (day(1),), (day(2),)]
    assert len({fingerprint(*value) for value in values}) == len(values)
    assert fingerprint("a", day(1)) == fingerprint("a", day(1))
    assert len(fingerprint("\ud800")) == 32
