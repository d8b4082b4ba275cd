"""The addresses that feeds and pages had before, and how servers are told of them."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from syndicate.domain.addresses import AddressMap, without_chains
from syndicate.domain.archive import Ending, ending
from syndicate.domain.facets import feed_folder
from syndicate.domain.feeds import FORMATS, FeedFormat, FeedOptions
from syndicate.domain.text import fold
from syndicate.domain.topics import Topic, Topics
from syndicate.domain.urls import clean_address, is_web_address
from syndicate.services.archives import Archives


def address_map(
    *,
    topics: Topics,
    options: FeedOptions,
    archives: Archives,
    slugs: Mapping[str, str],
    old_slugs: Mapping[str, str],
    merged: Mapping[str, str],
    pages: Mapping[str, str],
    standing: Iterable[str],
    now: datetime,
) -> AddressMap:
    """Return where the addresses lead that feeds had before; what is one of the `standing` ones needs no word.

    `slugs` are those of all topics that ever were, by key; `old_slugs` maps a slug that a topic had
    to its key; `merged` maps the keys of categories to that of the topic that the config merges them
    into; `pages` maps the addresses of reading pages that are no more to where they lead.
    """
    by_key = {topic.key: topic for topic in topics.all}
    standing_yet = lasting(archives, slugs, merged, options, now)
    moved = dict(pages)
    gone: list[str] = []
    for old, key in old_slugs.items():
        if topic := by_key.get(merged.get(key, key)):
            moved |= moved_topic(old, topic.slug, options.formats, _pages(archives, topic.key))
        elif key in standing_yet:  # empty for now: 410 would tell readers to leave for good
            moved |= moved_topic(old, standing_yet[key][0], options.formats, 0)
        else:
            gone += _files(feed_folder(key, old), options.formats, 0)
    for key, history in archives.ended.items():
        slug = slugs.get(key)
        if slug is None:
            continue
        last_page = history.last_page
        if topic := by_key.get(merged.get(key, "")):
            moved |= moved_topic(slug, topic.slug, options.formats, 0)
            gone += [path for path in _files(feed_folder(key, slug), options.formats, last_page) if "/archive/" in path]
        elif key not in standing_yet:
            gone += _files(feed_folder(key, slug), options.formats, last_page)
    moved |= {old.removeprefix("/"): alias_target(target, by_key, options) for old, target in options.aliases}
    return without_chains(moved, standing, gone)


def lasting(
    archives: Archives, slugs: Mapping[str, str], merged: Mapping[str, str], options: FeedOptions, now: datetime
) -> dict[str, tuple[str, Ending]]:
    """Return the feeds without articles that still stand, by key: their slug, and how far they have come.

    Those don't that lead to another topic, or whose place another feed has taken.
    """
    taken = {feed_folder(topic.key, topic.slug) for topic in archives.articles}
    taken |= {facet.folder for facet in archives.facets}
    stages = {
        key: (slugs[key], ending(history, key in archives.hidden, options, now))
        for key, history in archives.ended.items()
        if key in slugs and merged.get(key) not in archives.paged and feed_folder(key, slugs[key]) not in taken
    }
    return {key: stage for key, stage in stages.items() if stage[1] is not Ending.GONE}


def _pages(archives: Archives, key: str) -> int:
    return max(archives.paged[key].pages, default=0)


def _files(folder: str, formats: tuple[FeedFormat, ...], pages: int) -> list[str]:
    return [f"{folder}/", f"{folder}/index.html", *feed_files(folder, formats, pages)]


def feed_files(folder: str, formats: tuple[FeedFormat, ...], pages: int) -> Iterator[str]:
    """Yield the paths of a feed: each format's, and those of its archive pages."""
    for format in formats:
        yield f"{folder}/{FORMATS[format].file_name}"
        for number in range(1, pages + 1):
            yield f"{folder}/archive/{number}/{FORMATS[format].file_name}"


def moved_topic(old: str, new: str, formats: tuple[FeedFormat, ...], pages: int) -> dict[str, str]:
    """Return what has moved with a topic from one slug to another."""
    before, after = f"topics/{old}", f"topics/{new}"
    pairs = zip(feed_files(before, formats, pages), feed_files(after, formats, pages), strict=True)
    return {f"{before}/": f"{after}/", f"{before}/index.html": f"{after}/", **dict(pairs)}


def alias_target(target: str, topics: Mapping[str, Topic], options: FeedOptions) -> str:
    """Return the path or address that an alias leads to; a topic is named by its category or its slug."""
    file_name = FORMATS[options.formats[0]].file_name
    if target == "all":
        return f"all/{file_name}"
    topic = topics.get(fold(target)) or next((one for one in topics.values() if one.slug == target), None)
    if topic:
        return f"topics/{topic.slug}/{file_name}"
    return target if is_web_address(target) else unquote(target.lstrip("/"))


def is_no_target(target: str, topics: Iterable[Topic]) -> bool:
    """Tell whether what an alias leads to is meant for a topic that there is not: it looks like no path or address."""
    names = {name for topic in topics for name in (topic.key, topic.slug)}
    return not (target == "all" or fold(target) in names or "/" in target or "." in target)


def useless_alias(old: str, addresses: AddressMap, standing: Collection[str]) -> tuple[str, str] | None:
    """Return why an alias does nothing, and what to do; None if it does something."""
    path = old.removeprefix("/")
    if path in standing:
        return "is an address where something is published, which comes first", "take it out"
    if path in addresses.circles:
        return "leads in a circle, back to itself", "let it lead to all, a topic, or a file that there is"
    return None


def as_json(addresses: AddressMap) -> bytes:
    """Return the map as our own server reads it."""
    plain = {"moved": dict(addresses.moved), "gone": list(addresses.gone)}
    return f"{json.dumps(plain, ensure_ascii=False, indent=1)}\n".encode()


def as_redirects(addresses: AddressMap, output_url: str) -> bytes:
    """Return the map as a `_redirects` file, which Netlify, Cloudflare Pages and others read."""
    lines = [f"{_path(old, output_url)} {_target(new, output_url)} 301" for old, new in addresses.moved.items()]
    lines += [f"{_path(path, output_url)} / 410" for path in addresses.gone]
    return (
        "# Written by syndicate: addresses that have moved or gone.\n" + "".join(f"{one}\n" for one in lines)
    ).encode()


def as_nginx(addresses: AddressMap, output_url: str) -> bytes:
    """Return the map as locations to include in an nginx server block."""
    base = _base(output_url)
    lines = [
        f"location = {_quoted(base + old)} {{ return 301 {_quoted(_target(new, output_url))}; }}"
        for old, new in addresses.moved.items()
    ]
    lines += [f"location = {_quoted(base + path)} {{ return 410; }}" for path in addresses.gone]
    return (
        "# Written by syndicate: addresses that have moved or gone.\n" + "".join(f"{one}\n" for one in lines)
    ).encode()


def _path(path: str, output_url: str) -> str:
    return quote(_base(output_url) + path)


def _base(output_url: str) -> str:
    """Return the path of output/, decoded: an address may be written percent-encoded or not."""
    return unquote(urlsplit(output_url).path)


def _target(target: str, output_url: str) -> str:
    """Return where an address leads, percent-encoded; nginx has no other way to write a dollar sign."""
    place = clean_address(target) if is_web_address(target) else _path(target, output_url)
    return quote(place, safe=_SAFE_IN_ADDRESSES)


# All that an address may hold (RFC 3986), its percent signs included, but the dollar sign.
_SAFE_IN_ADDRESSES = "%:/?#[]@!&'()*+,;=~"


def _quoted(text: str) -> str:
    """Return a word of an nginx file; a location is written decoded, since nginx compares decoded paths."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
