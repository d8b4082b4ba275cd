"""What is read in a User-Agent: a product's name, and what an aggregator reports of itself; of hostile ones nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.web.agents import AGGREGATORS, OTHER, product, reported

BROWSER = b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        (b"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 23 subscribers; like X)", ("Feedly", "", 23)),
        (b"Mozilla/5.0 (compatible; inoreader.com/1.0; +http://x/; 1 subscriber; )", ("Inoreader", "", 1)),
        (b"NewsBlur Feed Fetcher - 20 subscribers - https://www.newsblur.com/site/1234/x", ("NewsBlur", "1234", 20)),
        (b"Feedbin feed-id:1373711 - 142 subscribers", ("Feedbin", "1373711", 142)),
        (b"Mozilla/5.0 (compatible; theoldreader.com; 7 subscribers; feed-id=4f)", ("The Old Reader", "4f", 7)),
        (b"Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 3 subscribers)", ("BazQux", "", 3)),
        (b"Netvibes (http://www.netvibes.com/; 5 subscribers; feedID: 98)", ("Netvibes", "98", 5)),
        (b"Mozilla/5.0 (compatible; YandexBlogs/0.99; robot) 9 readers", ("Yandex", "", 9)),
        (b"FEEDLY/1.0 (0 SUBSCRIBERS)", ("Feedly", "", 0)),
        (b"Feedly/1.0 (999999999 subscribers)", ("Feedly", "", 10_000_000)),
    ],
)
def test_reports(agent: bytes, found: tuple[str, str, int]) -> None:
    one = reported(agent)
    assert one is not None
    assert (one.aggregator, one.feed_id, one.subscribers) == found


@pytest.mark.parametrize(
    "agent",
    [
        b"",
        b"Feedly/1.0",
        b"Evil/1.0 (1000 subscribers)",
        b"Feedly/1.0 (many subscribers)",
        b"Feedly/1.0 (-5 subscribers)",
        b"Feedly/1.0 (1.5 subscribers)",
        b"Feedly/1.0 (1,500 subscribers)",
        b"Feedly/1.0 (12345678901 subscribers)",
        "Feedly/1.0 (٣ subscribers)".encode(),
        b"Feedly/1.0 (5 subscribersx)",
        b"Feedly " + b"x" * 1024 + b" 5 subscribers",
    ],
)
def test_no_reports(agent: bytes) -> None:
    assert reported(agent) is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (b"", None),
        (b"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 23 subscribers)", "Feedly"),
        (b"NewsBlur Feed Fetcher - 20 subscribers - https://x/", "NewsBlur Feed Fetcher"),
        (b"Feedbin feed-id:1 - 142 subscribers", OTHER),
        (b"Tiny Tiny RSS/21 (http://tt-rss.org/)", "Tiny Tiny RSS"),
        (b"newsboat/2.21.0 (Linux x86_64)", "newsboat"),
        (b"curl 8.1", "curl"),
        (b"Miniflux", "Miniflux"),
        (BROWSER + b"Chrome/120.0 Safari/537.36", "Chrome"),
        (BROWSER + b"Chrome/120.0 Safari/537.36 Edg/120.0", "Edge"),
        (b"Mozilla/5.0 (X11; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox"),
        (b"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
        (b"Mozilla/5.0 (compatible; theoldreader.com; 7 subscribers)", "theoldreader.com"),
        (b"Mozilla/5.0", OTHER),
        (b"ann@example.org", OTHER),
        (b"192.0.2.7", OTHER),
        (b"reader for ann who lives at home/1", OTHER),
        (b'x"},{"y/1', OTHER),
        (b"A" * 41, OTHER),
        (b"A/" + b"1" * 2000, OTHER),
        ("Ein Leser aus Köln/1".encode(), OTHER),
    ],
)
def test_products(agent: bytes, name: str | None) -> None:
    assert product(agent) == name


@given(
    st.binary(max_size=300) | st.from_regex(rb"(Feedly|feedbin)[ -~]{0,80}\d{1,12} (subscribers|readers)[ -~]{0,80}")
)
def test_whatever_is_sent_stays_within_bounds(agent: bytes) -> None:
    name, one = product(agent), reported(agent)
    assert name is None or (len(name) <= 40 and name.isascii() and name.isprintable() and "@" not in name)
    if one is not None:
        assert one.aggregator in AGGREGATORS
        assert 0 <= one.subscribers <= 10_000_000
        assert len(one.feed_id) <= 64
        assert one.feed_id.isascii()
