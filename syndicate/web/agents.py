"""What a User-Agent says that is nobody's own: the product's name, and how many subscribers an aggregator polls for.

    Feedly/1.0 (+http://www.feedly.com/fetcher.html; 23 subscribers; like FeedFetcher-Google)
    └product                                         └readers of one feed

Aggregators poll a feed once for all who read it there. Anyone can send such a line, so a figure is what a client says
of itself, from a known list of names, and bounded.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

# By which word of its User-Agent each aggregator is known, in lower case; those are the ones that report subscribers.
_AGGREGATORS = {
    "feedly": "Feedly",
    "inoreader": "Inoreader",
    "newsblur": "NewsBlur",
    "feedbin": "Feedbin",
    "theoldreader": "The Old Reader",
    "bazqux": "BazQux",
    "feedspot": "Feedspot",
    "netvibes": "Netvibes",
    "feed wrangler": "Feed Wrangler",
    "feedwrangler": "Feed Wrangler",
    "g2reader": "G2Reader",
    "bloglovin": "Bloglovin",
    "flipboard": "Flipboard",
    "feeder.co": "Feeder",
    "feedbot": "Feedbot",
    "commafeed": "CommaFeed",
    "blogtrottr": "Blogtrottr",
    "yandexblogs": "Yandex",
    "livejournal": "LiveJournal",
    "aolreader": "AOL Reader",
}
AGGREGATORS = tuple(dict.fromkeys(_AGGREGATORS.values()))
_NAMED = re.compile("|".join(re.escape(word) for word in _AGGREGATORS))
_COUNT = re.compile(r"(?<![\w.,-])(\d{1,9}) (?:subscribers?|readers?)\b", re.ASCII)
# NewsBlur has its feed's number in the address of its page.
_FEED_ID = re.compile(r"feed[-_ ]?id\s?[=:]\s?([\w-]{1,64})|newsblur\.com/site/(\d{1,20})", re.ASCII)
# No feed has more readers than there are people.
_MAX_COUNT = 10_000_000
# Longer lines are nobody's name; they are not looked at.
_MAX_BYTES = 1_024
_MAX_NAME = 40
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._+-]*(?: [A-Za-z][A-Za-z0-9._+-]*){0,3}(?=$|/| ?[(;,]| - | v?\d| https?:)")
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_COMPATIBLE = re.compile(r"\(compatible; ")
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """How many subscribers an aggregator says that it polls for; `feed_id` is its own name of the feed, '' if none."""

    aggregator: str
    feed_id: str
    subscribers: int


@lru_cache(maxsize=1024)
def reported(agent: bytes) -> Reported | None:
    """Return what the User-Agent of a known aggregator reports, None for all others."""
    if len(agent) > _MAX_BYTES:
        return None
    text = agent.decode("latin-1").lower()
    count, named = _COUNT.search(text), _NAMED.search(text)
    if not count or not named:
        return None
    found = _FEED_ID.search(text)
    return Reported(
        aggregator=_AGGREGATORS[named[0]],
        feed_id=(found[1] or found[2]) if found else "",
        subscribers=min(int(count[1]), _MAX_COUNT),
    )


@lru_cache(maxsize=1024)
def product(agent: bytes) -> str | None:
    """Return the name of a client's program; OTHER for what is no such name, None where there is no User-Agent."""
    if not agent:
        return None
    if len(agent) > _MAX_BYTES:
        return OTHER
    text = agent.decode("latin-1")
    if text.startswith("Mozilla/"):
        if known := _COMPATIBLE.search(text):
            return _name(text[known.end() :])
        return next((name for mark, name in _BROWSERS if f"{mark}/" in text), OTHER)
    return _name(text)


def _name(text: str) -> str:
    found = _NAME.match(text)
    return found[0] if found and len(found[0]) <= _MAX_NAME else OTHER
