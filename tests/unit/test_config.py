"""config.yaml: every default, every kind of mistake with its words and its line, and what contradicts itself."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from makers import day

from syndicate.config.load import parse_config
from syndicate.config.options import Config
from syndicate.config.schema import config_schema
from syndicate.domain.cadence import parse_cadence
from syndicate.domain.feeds import Archiving, Content, FeedFormat, FeedOptions
from syndicate.domain.ledger import LedgerOptions
from syndicate.domain.newsletters import Newsletter, Order, Overflow
from syndicate.domain.notify import NotifyOptions
from syndicate.domain.permalinks import TOKENS
from syndicate.domain.server import OpsOptions, ServerOptions
from syndicate.domain.site import Site
from syndicate.domain.sources import DEFAULT_FIELDS, LinkTo, SourceOptions
from syndicate.domain.themes import Design, Theme
from syndicate.domain.topics import TopicOptions, TopicRule
from syndicate.errors import ConfigError

SITE = "site: {title: Tea, url: https://example.org/}\n"
SOURCES = "sources: [{path: news}]\n"
SMALLEST = SITE + SOURCES
UTC_ZONE = ZoneInfo("UTC")


def config(text: str) -> Config:
    return parse_config(text, "config.yaml")


def mistakes(text: str) -> list[str]:
    """Return what is told about a config, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        config(text)
    return [str(problem).removeprefix("config.yaml:").strip() for problem in caught.value.problems]


def reasons(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config(text)
    return [problem.reason for problem in caught.value.problems]


class TestDefaults:
    def test_the_smallest_config_is_whole(self) -> None:
        assert config(SMALLEST) == Config(
            site=Site(
                title="Tea",
                url="https://example.org/",
                output_url="https://example.org/",
                id="https://example.org/",
                zone=UTC_ZONE,
                description=None,
                language="en",
                author=None,
            ),
            sources=(
                SourceOptions(
                    name="news",
                    path="news",
                    site_url="https://example.org/",
                    output_url="https://example.org/",
                    zone=UTC_ZONE,
                ),
            ),
            topics=(),
            feeds=FeedOptions(
                limit=50,
                window_days=None,
                formats=(FeedFormat.RSS, FeedFormat.ATOM, FeedFormat.JSON),
                content=Content.FULL,
                ttl_minutes=60,
                hubs=(),
                permalink_ids=False,
                max_bytes=524_288,
                archive=Archiving.ANNOUNCED,
                tombstones=False,
                retire_days=30,
                aliases=(),
                per=(),
            ),
            newsletters=(),
            output_path="output",
            codings=(),
            templates_path="templates",
            state_path=".syndicate",
            notify=NotifyOptions(),
            server=ServerOptions(),
            ledger=LedgerOptions(),
        )

    def test_a_newsletter_has_defaults_of_its_own(self) -> None:
        text = f"{SMALLEST}newsletters: [{{slug: weekly, title: The Weekly, cadence: daily at 08:00}}]\n"
        assert config(text).newsletters == (
            Newsletter(slug="weekly", title="The Weekly", cadence=parse_cadence("daily at 08:00"), zone=UTC_ZONE),
        )

    def test_a_topic_that_is_only_named_is_left_as_it_is(self) -> None:
        assert config(f"{SMALLEST}topics:\n  Tea: {{}}\n").topics == (TopicOptions(name="Tea"),)


def test_every_key_is_taken() -> None:
    found = config("""\
site:
  title: Tea
  url: https://example.org
  description: All about tea
  language: pt-BR
  timezone: Europe/Berlin
  author: Ann
  link_to: page
  id: https://old.example.org
sources:
  - path: content/news
    name: world
    permalink: /:year/:slug/
    link_to: source
    timezone: Asia/Tokyo
    language: de
    image_base: https://cdn.example/img
    fields: {title: headline, topics: [desks, columns]}
    split_categories: ","
    taxonomies: false
    fallback_encoding: windows-1252
    header_lines: true
  - path: letters
output: {path: public, url: https://feeds.example.org/sub}
topics:
  "Desk: Tea": {label: Hot, slug: hot, description: Kettles, merge: [Chai, Matcha]}
  Internal: {hide: true}
  Green:
    rule: {categories: Tea, tags: [a, b], brands: x.example, authors: Ann, folders: news/tea, title_words: kettle}
feeds: {limit: 3, window_days: 7, formats: [atom], content: summary}
newsletters:
  - slug: weekly
    title: The Weekly
    cadence: weekly on Monday at 08:00
    timezone: Europe/London
    description: Every week
    topics: Tea
    start: 2026-07-01
    limit: 9
    limit_per_topic: 2
    language: fr
    postal_address: 1 Quay
    design: brief
    theme: {width: 640}
    note: notes/{date}.md
    contents: true
    offerings_per_topic: 3
templates: own
state: {path: kept}
""")
    assert found.site == Site(
        title="Tea",
        url="https://example.org/",
        output_url="https://feeds.example.org/sub/",
        id="https://old.example.org/",
        zone=ZoneInfo("Europe/Berlin"),
        description="All about tea",
        language="pt-BR",
        author="Ann",
    )
    first, second = found.sources
    assert first == SourceOptions(
        name="world",
        path="content/news",
        site_url="https://example.org/",
        output_url="https://feeds.example.org/sub/",
        zone=ZoneInfo("Asia/Tokyo"),
        fields=tuple(
            (name, (*{"title": ("headline",), "topics": ("desks", "columns")}.get(name, ()), *keys))
            for name, keys in DEFAULT_FIELDS.items()
        ),
        permalink="/:year/:slug/",
        image_base="https://cdn.example/img/",
        link_to=LinkTo.SOURCE,
        split_categories=",",
        taxonomies=False,
        fallback_encoding="windows-1252",
        header_lines=True,
        language="de",
    )
    assert (second.name, second.zone, second.link_to) == ("letters", ZoneInfo("Europe/Berlin"), LinkTo.PAGE)
    assert found.topics == (
        TopicOptions(name="Desk: Tea", label="Hot", slug="hot", description="Kettles", merge=("Chai", "Matcha")),
        TopicOptions(name="Internal", hidden=True),
        TopicOptions(
            name="Green",
            rule=TopicRule(
                categories=("Tea",),
                tags=("a", "b"),
                brands=("x.example",),
                authors=("Ann",),
                folders=("news/tea",),
                title_words=("kettle",),
            ),
        ),
    )
    assert found.feeds == FeedOptions(limit=3, window_days=7, formats=(FeedFormat.ATOM,), content=Content.SUMMARY)
    assert found.newsletters == (
        Newsletter(
            slug="weekly",
            title="The Weekly",
            cadence=parse_cadence("weekly on Monday at 08:00"),
            zone=ZoneInfo("Europe/London"),
            description="Every week",
            topics=("Tea",),
            start=day(30, 6, hour=23),
            limit=9,
            limit_per_topic=2,
            language="fr",
            postal_address="1 Quay",
            design=Design.BRIEF,
            theme=Theme(width=640),
            note="notes/{date}.md",
            contents=True,
            offerings_per_topic=3,
        ),
    )
    assert (found.output_path, found.templates_path, found.state_path) == ("public", "own", "kept")


@pytest.mark.parametrize(
    ("path", "name"),
    [("news", "news"), ("content/Daily News/", "daily-news"), ("./a", "a"), (".", "articles"), ("/", "articles")],
)
def test_a_source_is_named_by_its_folder(path: str, name: str) -> None:
    assert config(f"{SITE}sources: [{{path: {path}}}]\n").sources[0].name == name


def newsletter(lines: str) -> str:
    given = "slug: weekly, title: W, cadence: daily at 08:00, timezone: Europe/Berlin"
    return f"{SMALLEST}newsletters:\n  - {{{given}, {lines}}}\n"


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("2026-03-01", day(28, 2, hour=23)),
        ("'2026-03-01'", day(28, 2, hour=23)),
        ("2026-03-01T08:00", day(1, 3, hour=7)),
        ("2026-03-01 08:00:00", day(1, 3, hour=7)),
        ("2026-03-01T08:00:00Z", day(1, 3, hour=8)),
        ("2026-03-01T08:00:00-05:00", day(1, 3, hour=13)),
    ],
)
def test_a_start_is_a_day_or_a_moment_in_the_newsletters_zone(value: str, start: datetime) -> None:
    assert config(newsletter(f"start: {value}")).newsletters[0].start == start


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("tomorrow", "'tomorrow'"),
        ("2026-02-30", "'2026-02-30'"),
        ("0001-01-01", "'0001-01-01'"),
        ("9999-12-31", "'9999-12-31'"),
        ("2026", "2026"),
        ("20260301", "20260301"),
        ("'2026'", "'2026'"),
        ("1772323200.5", "1772323200.5"),
        ("true", "true"),
        ("[]", "a list"),
        ("{}", "keys with values"),
    ],
)
def test_a_start_that_is_none_is_told(value: str, shown: str) -> None:
    assert mistakes(newsletter(f"start: {value}")) == [
        f"4: newsletters[0].start: expected a date such as 2026-03-01, got {shown}"
    ]


KEYS = "site, sources, output, topics, feeds, newsletters, mail, templates, server, notify, state, ledger"
RULE_KEYS = "categories, tags, brands, authors, folders, title_words"
WORDS = "expected words such as 'weekly on Monday at 08:00' or five cron fields such as '0 8 * * mon'"
# Each: what stands below the smallest config, and what is told about it.
NO_PASSWORD = (
    "expected an address without a password, got one with it: put it into ledger.password_file, PGPASSWORD or the "
    "whole address into SYNDICATE_LEDGER_URL"
)
MISTAKES: dict[str, tuple[str, str]] = {
    # Where operators look.
    "an address without a port": (
        "server: {ops: {listen: localhost}}",
        "3: server.ops.listen: expected an address and a port such as 127.0.0.1:9100, got 'localhost'",
    ),
    "an address in version 6 without brackets": (
        "server: {ops: {listen: '::1:9100'}}",
        "3: server.ops.listen: expected an address and a port such as 127.0.0.1:9100, got '::1:9100'",
    ),
    "a port that there is not": (
        "server: {ops: {listen: '127.0.0.1:65536'}}",
        "3: server.ops.listen: expected an address and a port such as 127.0.0.1:9100, got '127.0.0.1:65536'",
    ),
    "an address with a path": (
        "server: {ops: {listen: 'http://127.0.0.1:1'}}",
        "3: server.ops.listen: expected an address and a port such as 127.0.0.1:9100, got 'http://127.0.0.1:1'",
    ),
    "the port of the site": (
        "server: {ops: {listen: '127.0.0.1:8000'}}",
        "3: server.ops.listen: server.port is the same port (choose another one)",
    ),
    "an age of nothing": (
        "server: {ops: {max_build_age_minutes: 0}}",
        "3: server.ops.max_build_age_minutes: expected a whole number of at least 1, got 0",
    ),
    "a far key of ops": (
        "server: {ops: {q: 1}}",
        "3: server.ops.q: unknown key 'q' (the keys here are listen, token_file, max_build_age_minutes)",
    ),
    # Keys that nobody knows: the nearest is named, or all.
    "a near key": ("feed: {}", "3: feed: unknown key 'feed' (did you mean 'feeds'?)"),
    "a key in capitals": ("Feeds: {}", "3: Feeds: unknown key 'Feeds' (did you mean 'feeds'?)"),
    "a far key": ("wibble: 1", f"3: wibble: unknown key 'wibble' (the keys here are {KEYS})"),
    "a near key within": ("feeds:\n  limt: 2", "4: feeds.limt: unknown key 'limt' (did you mean 'limit'?)"),
    "a far key within": (
        "feeds: {x: 2}",
        "3: feeds.x: unknown key 'x' (the keys here are limit, window_days, formats, content, ttl_minutes, hubs, "
        "max_bytes, archive, tombstones, retire_days, aliases, per, permalink_ids)",
    ),
    "a key of a topic": ("topics: {Tea: {labl: x}}", "3: topics.Tea.labl: unknown key 'labl' (did you mean 'label'?)"),
    "a key of a topic that is called like a key": (
        "topics: {rule: {labl: x}}",
        "3: topics.rule.labl: unknown key 'labl' (did you mean 'label'?)",
    ),
    "a key of a rule": (
        "topics: {Tea: {rule: {tag: x}}}",
        "3: topics.Tea.rule.tag: unknown key 'tag' (did you mean 'tags'?)",
    ),
    "a far key of a rule": (
        "topics: {Tea: {rule: {q: x}}}",
        f"3: topics.Tea.rule.q: unknown key 'q' (the keys here are {RULE_KEYS})",
    ),
    "a number as a key": ("1: x", f"3: 1: unknown key '1' (the keys here are {KEYS})"),
    # Values of another kind.
    "a word for a number": ("feeds: {limit: many}", "3: feeds.limit: expected a whole number, got 'many'"),
    "a part of a number": ("feeds: {limit: 1.5}", "3: feeds.limit: expected a whole number, got 1.5"),
    "a flag for a number": ("feeds: {limit: true}", "3: feeds.limit: expected a whole number, got true"),
    "nothing for a number": ("feeds: {limit: }", "3: feeds.limit: expected a whole number, got nothing"),
    "a list for a number": ("feeds: {limit: [1]}", "3: feeds.limit: expected a whole number, got a list"),
    "no end for a number": ("feeds: {limit: .inf}", "3: feeds.limit: expected a whole number, got inf"),
    "a number too small": ("feeds: {limit: 0}", "3: feeds.limit: expected a whole number of at least 1, got 0"),
    "a number too large": ("feeds: {limit: 1001}", "3: feeds.limit: expected a whole number of at most 1000, got 1001"),
    "a window without a day": (
        "feeds: {window_days: 0}",
        "3: feeds.window_days: expected a whole number of at least 1, got 0",
    ),
    "a number for a text": ("templates: 7", "3: templates: expected text, got 7"),
    "a list for a text": ("templates: [a]", "3: templates: expected text, got a list"),
    "keys for a text": ("templates: {a: b}", "3: templates: expected text, got keys with values"),
    "an empty text": ("templates: ''", "3: templates: expected some text, got ''"),
    "a word for keys": ("feeds: rss", "3: feeds: expected keys with values below it, got 'rss'"),
    "nothing for keys": ("feeds:", "3: feeds: expected keys with values below it, got nothing"),
    "a list for keys": ("topics: [Tea]", "3: topics: expected keys with values below it, got a list"),
    "a topic without keys": ("topics: {Tea: Hot}", "3: topics.Tea: expected keys with values below it, got 'Hot'"),
    "a word for a list": (
        "feeds: {formats: rss}",
        "3: feeds.formats: expected a list, each item on a line of its own behind a dash, got 'rss'",
    ),
    "keys for a list": (
        "newsletters: {slug: weekly}",
        "3: newsletters: expected a list, each item on a line of its own behind a dash, got keys with values",
    ),
    "an empty list": ("feeds: {formats: []}", "3: feeds.formats: expected at least one item, got a list"),
    "a format that there is not": (
        "feeds: {formats: [rss, rdf]}",
        "3: feeds.formats[1]: expected 'rss', 'atom' or 'json', got 'rdf'",
    ),
    "content that there is not": (
        "feeds: {content: half}",
        "3: feeds.content: expected 'full' or 'summary', got 'half'",
    ),
    "an item that is no text": ("topics: {Tea: {merge: [Chai, 7]}}", "3: topics.Tea.merge[1]: expected text, got 7"),
    "a word for a flag": ("topics: {Tea: {hide: maybe}}", "3: topics.Tea.hide: expected true or false, got 'maybe'"),
    "a slug that is none": (
        "topics: {Tea: {slug: Hot Tea}}",
        "3: topics.Tea.slug: expected lower-case letters, digits and hyphens such as 'hot-tea', got 'Hot Tea'",
    ),
    "a slug with 'got' in it": (
        "topics: {Tea: {slug: Forgotten Tea}}",
        "3: topics.Tea.slug: expected lower-case letters, digits and hyphens such as 'forgotten-tea', "
        "got 'Forgotten Tea'",
    ),
    "output without an address": (
        "output: {url: /feeds/}",
        "3: output.url: expected an address such as https://example.org/, got '/feeds/'",
    ),
    # Newsletters.
    "a newsletter without anything": (
        "newsletters: [{slug: w, title: W}]",
        "3: newsletters[0].cadence: expected a value for 'cadence', found none (add it)",
    ),
    "a cadence that is none": (
        "newsletters:\n  - {slug: w, title: W, cadence: sometimes}",
        f"4: newsletters[0].cadence: {WORDS}, got 'sometimes'",
    ),
    "a cron expression that is none": (
        "newsletters: [{slug: w, title: W, cadence: 0 8 * * 8}]",
        "3: newsletters[0].cadence: expected a weekday from 0 to 7 in the cron expression, got '8'",
    ),
    "a cadence as a number": (
        "newsletters: [{slug: w, title: W, cadence: 8}]",
        "3: newsletters[0].cadence: expected text, got 8",
    ),
    "no room in a newsletter": (
        "newsletters: [{slug: w, title: W, cadence: daily at 08:00, limit: 501}]",
        "3: newsletters[0].limit: expected a whole number of at most 500, got 501",
    ),
    # Keys that stand twice.
    "a key that stands twice": (
        "feeds: {limit: 1}\nfeeds: {limit: 2}",
        "4: feeds: the key stands twice, first in line 3 (remove one)",
    ),
    # The ledger: no password, and none shown.
    "a ledger on another database": (
        "ledger:\n  url: mysql://me:s3same@host/db",
        "4: ledger.url: expected an address such as postgresql://user@host/database",
    ),
    "a password": ("ledger:\n  url: postgresql://me:s3same@host/db", f"4: ledger.url: {NO_PASSWORD}"),
    "a password behind": ("ledger:\n  url: postgresql://host/db?password=s3same", f"4: ledger.url: {NO_PASSWORD}"),
    "an address in the place of keys": (
        f"ledger: postgresql://me:s3same{'x' * 99}@host/db",
        "3: ledger: expected keys with values below it, got 'postgresql://me:…@host/db'",
    ),
    "an address as a key": (
        "ledger: {'postgresql://me:s3same@host/db': 1}",
        "3: ledger.postgresql://me:…@host/db: unknown key 'postgresql://me:…@host/db' (the keys here are url, "
        "password_file)",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line(name: str) -> None:
    lines, told = MISTAKES[name]
    assert mistakes(f"{SMALLEST}{lines}\n")[:1] == [told]


TOKEN_LIST = ", ".join(f":{name}" for name in TOKENS)
SITE_MISTAKES = [
    ("url: example.org", "url: expected an address such as https://example.org/, got 'example.org'"),
    (
        "url: 'https://example.org/?a=1'",
        "url: expected an address such as https://example.org/, got 'https://example.org/?a=1'",
    ),
    (
        "url: 'https://example.org/#a'",
        "url: expected an address such as https://example.org/, got 'https://example.org/#a'",
    ),
    (
        "url: 'https://exa mple.org/'",
        "url: expected an address such as https://example.org/, got 'https://exa mple.org/'",
    ),
    ("url: ftp://example.org/", "url: expected an address such as https://example.org/, got 'ftp://example.org/'"),
    ("url: 'https://['", "url: expected an address such as https://example.org/, got 'https://['"),
    ("title: 2026", "title: expected text, got 2026"),
    ("title: ''", "title: expected some text, got ''"),
    ("language: klingon", "language: expected a language code such as en or pt-BR, got 'klingon'"),
    ("language: no", "language: expected text, got false"),
    (
        "timezone: Mars/Base",
        "timezone: expected a zone of the tz database such as Europe/Berlin or UTC, got 'Mars/Base'",
    ),
    ("timezone: ../x", "timezone: expected a zone of the tz database such as Europe/Berlin or UTC, got '../x'"),
    ("timezone: Europe", "timezone: expected a zone of the tz database such as Europe/Berlin or UTC, got 'Europe'"),
    (
        "timezone: /etc/passwd",
        "timezone: expected a zone of the tz database such as Europe/Berlin or UTC, got '/etc/passwd'",
    ),
    ("link_to: moon", "link_to: expected 'page', 'source' or 'ours', got 'moon'"),
]


@pytest.mark.parametrize(("line", "told"), SITE_MISTAKES)
def test_a_mistake_of_the_site_is_told(line: str, told: str) -> None:
    given = {"title": "title: Tea", "url": "url: https://example.org/"}
    given[line.partition(":")[0]] = line
    lines = "".join(f"  {one}\n" for one in given.values())
    number = 2 + list(given.values()).index(line)
    assert mistakes(f"site:\n{lines}{SOURCES}") == [f"{number}: site.{told}"]


SOURCE_MISTAKES = [
    ("permalink: news", "permalink: expected a pattern that begins with / such as /news/:slug/, got 'news'"),
    ("permalink: /:foo/", f"permalink: the token :foo is unknown; the tokens are {TOKEN_LIST}, got '/:foo/'"),
    ("fallback_encoding: klingon", "fallback_encoding: expected an encoding such as windows-1252, got 'klingon'"),
    ("fallback_encoding: hex", "fallback_encoding: expected an encoding such as windows-1252, got 'hex'"),
    ("fallback_encoding: idna", "fallback_encoding: expected an encoding such as windows-1252, got 'idna'"),
    ("fallback_encoding: undefined", "fallback_encoding: expected an encoding such as windows-1252, got 'undefined'"),
    ('fallback_encoding: "a\\0b"', "fallback_encoding: expected an encoding such as windows-1252, got 'a\\x00b'"),
    ("header_lines: maybe", "header_lines: expected true or false, got 'maybe'"),
    (
        "name: World News",
        "name: expected lower-case letters, digits and hyphens such as 'world-news', got 'World News'",
    ),
    ("image_base: img/", "image_base: expected an address such as https://example.org/, got 'img/'"),
    ("split_categories: ''", "split_categories: expected some text, got ''"),
    ("fields: {titel: a}", "fields.titel: unknown field 'titel' (did you mean 'title'?)"),
    (
        "fields: {zzz: a}",
        f"fields.zzz: unknown field 'zzz' (the fields are {', '.join(DEFAULT_FIELDS)})",
    ),
    ("fields: {title: []}", None),
    ("fields: {title: 7}", "fields.title: expected a list, each item on a line of its own behind a dash, got 7"),
]


@pytest.mark.parametrize(("line", "told"), SOURCE_MISTAKES)
def test_a_mistake_of_a_source_is_told(line: str, told: str | None) -> None:
    text = f"{SITE}sources:\n  - path: news\n    {line}\n"
    if told is None:
        assert config(text).sources[0].fields == tuple(DEFAULT_FIELDS.items())
    else:
        assert mistakes(text) == [f"4: sources[0].{told}"]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/feed/", "/feed/"),
        ("/category/caf%C3%A9/feed/", "/category/caf\u00e9/feed/"),
        ("/category/caf\u00e9/feed/", "/category/caf\u00e9/feed/"),
        ("/a%20b", "/a b"),
        ("/100%25", "/100%"),
    ],
)
def test_an_alias_may_be_written_encoded_or_not(written: str, path: str) -> None:
    assert config(f"{SMALLEST}feeds: {{aliases: {{'{written}': all}}}}\n").feeds.aliases == ((path, "all"),)


@pytest.mark.parametrize(
    "written", ["feed", "/a b", "/a?b", "/a#b", "/../a", "/%2e%2E/a", "/a%2Fb", "/a%5Cb", "/a%00b", "/caf%E9"]
)
def test_an_alias_that_no_request_can_have_is_told(written: str) -> None:
    assert mistakes(f"{SMALLEST}feeds: {{aliases: {{'{written}': all}}}}\n") == [
        f"3: feeds.aliases.{written}: expected a path that begins with / such as /feed/ or /index.xml, got '{written}'"
    ]


class TestAllAtOnce:
    def test_every_mistake_is_told_in_the_order_of_lines(self) -> None:
        text = """\
site:
  titel: Tea
  url: example.org
sources:
  - pth: news
  - path: letters
    header_lines: perhaps
feeds:
  limit: 0
  limit: many
"""
        assert mistakes(text) == [
            "1: site.title: expected a value for 'title', found none (add it)",
            "2: site.titel: unknown key 'titel' (did you mean 'title'?)",
            "3: site.url: expected an address such as https://example.org/, got 'example.org'",
            "5: sources[0].path: expected a value for 'path', found none (add it)",
            "5: sources[0].pth: unknown key 'pth' (did you mean 'path'?)",
            "7: sources[1].header_lines: expected true or false, got 'perhaps'",
            "10: feeds.limit: the key stands twice, first in line 9 (remove one)",
            "10: feeds.limit: expected a whole number, got 'many'",
        ]

    def test_what_is_missing_is_told_where_it_should_stand(self) -> None:
        assert mistakes("site:\n  title: Tea\nsources: []\n") == [
            "1: site.url: expected a value for 'url', found none (add it)",
            "3: sources: expected at least one item, got a list",
        ]
        assert mistakes("feeds: {}\n") == [
            "1: site: expected a value for 'site', found none (add it)",
            "1: sources: expected a value for 'sources', found none (add it)",
        ]

    def test_a_contradiction_is_told_beside_a_key_that_stands_twice(self) -> None:
        text = f"{SITE}sources:\n  - path: news\n  - path: news\nstate: {{}}\nstate: {{}}\n"
        assert mistakes(text) == [
            "4: sources[1].path: the source in sources[0] is called 'news' too (give one of them a name of its own)",
            "4: sources[1].path: the folder 'news' overlaps with another source (name each folder once)",
            "6: state: the key stands twice, first in line 5 (remove one)",
        ]


class TestContradictions:
    @pytest.mark.parametrize("second", ["news", "./news", "news/", "news/deep", "news/deep/er"])
    def test_sources_do_not_overlap(self, second: str) -> None:
        told = mistakes(f"{SITE}sources:\n  - path: news\n  - path: {second}\n    name: other\n")
        assert told == [
            f"4: sources[1].path: the folder {second!r} overlaps with another source (name each folder once)"
        ]

    @pytest.mark.parametrize("first", [".", "a/.."])
    def test_a_source_that_holds_another_overlaps_too(self, first: str) -> None:
        told = mistakes(f"{SITE}sources:\n  - path: {first}\n    name: all\n  - path: news\n")
        assert told == ["5: sources[1].path: the folder 'news' overlaps with another source (name each folder once)"]

    def test_folders_that_only_begin_alike_do_not_overlap(self) -> None:
        assert len(config(f"{SITE}sources: [{{path: news}}, {{path: news2}}, {{path: a/news3}}]\n").sources) == 3

    def test_sources_have_names_of_their_own(self) -> None:
        assert mistakes(f"{SITE}sources:\n  - path: a/news\n  - path: b/news\n") == [
            "4: sources[1].path: the source in sources[0] is called 'news' too (give one of them a name of its own)"
        ]

    def test_newsletters_have_slugs_of_their_own(self) -> None:
        one = "  - {slug: weekly, title: W, cadence: daily at 08:00}\n"
        assert mistakes(f"{SMALLEST}newsletters:\n{one}{one}") == [
            "5: newsletters[1].slug: newsletters[0] has the slug 'weekly' too (give each newsletter a slug of its own)"
        ]

    def test_an_issue_can_have_as_many_stories_as_it_needs(self) -> None:
        one = "  - {slug: weekly, title: W, cadence: daily at 08:00, topics: [Tea, Cake], "
        raise_it = "(lower it, or raise limit or limit_per_topic)"
        assert mistakes(f"{SMALLEST}newsletters:\n{one}minimum: 5, limit_per_topic: 2}}\n") == [
            f"4: newsletters[0].minimum: an issue of 5 stories is not possible: its limits let in 4 {raise_it}"
        ]
        assert mistakes(f"{SMALLEST}newsletters:\n{one}minimum: 4, limit: 3}}\n") == [
            f"4: newsletters[0].minimum: an issue of 4 stories is not possible: its limits let in 3 {raise_it}"
        ]
        (newsletter,) = config(f"{SMALLEST}newsletters:\n{one}minimum: 4, limit_per_topic: 2}}\n").newsletters
        assert newsletter.minimum == 4

    def test_what_is_pinned_is_not_excluded(self) -> None:
        one = "  - {slug: weekly, title: W, cadence: daily at 08:00, pinned: [a, b], excluded: [b]}\n"
        assert mistakes(f"{SMALLEST}newsletters:\n{one}") == [
            "4: newsletters[0].excluded: 'b' is pinned too (name it in one of the two)"
        ]

    def test_what_an_issue_takes_can_be_set(self) -> None:
        one = (
            "  - {slug: weekly, title: W, cadence: daily at 08:00, order: ranked, overflow: drop, pinned: a.md, "
            "excluded: [b.md], near_duplicates: 90, summary_length: 200}\n"
        )
        (found,) = config(f"{SMALLEST}newsletters:\n{one}").newsletters
        assert (found.order, found.overflow, found.pinned, found.excluded) == (
            Order.RANKED,
            Overflow.DROP,
            ("a.md",),
            ("b.md",),
        )
        assert (found.near_duplicates, found.summary_length) == (90, 200)

    @pytest.mark.parametrize(("written", "found"), [("off", None), ("'off'", None), ("50", 50), ("100", 100)])
    def test_a_threshold_may_be_off(self, written: str, found: int | None) -> None:
        one = f"  - {{slug: weekly, title: W, cadence: daily at 08:00, near_duplicates: {written}}}\n"
        assert config(f"{SMALLEST}newsletters:\n{one}").newsletters[0].near_duplicates == found

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            ("near_duplicates: 49", "near_duplicates: expected a whole number of at least 50, got 49"),
            ("near_duplicates: on", "near_duplicates: expected a whole number, got true"),
            ("order: newest", "order: expected 'recent' or 'ranked', got 'newest'"),
            ("overflow: keep", "overflow: expected 'carry' or 'drop', got 'keep'"),
            ("minimum: 0", "minimum: expected a whole number of at least 1, got 0"),
            ("summary_length: 5", "summary_length: expected a whole number of at least 20, got 5"),
        ],
    )
    def test_settings_of_a_selection_that_are_none_are_told(self, written: str, told: str) -> None:
        one = f"  - {{slug: weekly, title: W, cadence: daily at 08:00, {written}}}\n"
        assert mistakes(f"{SMALLEST}newsletters:\n{one}") == [f"4: newsletters[0].{told}"]

    def test_a_category_belongs_to_one_topic(self) -> None:
        text = f"{SMALLEST}topics:\n  Tea: {{merge: [Chai, tea]}}\n  CHAI: {{}}\n  Coffee: {{merge: 'chai'}}\n"
        assert mistakes(text) == [
            "5: topics.CHAI: 'CHAI' belongs to the topic 'Tea' already (name each category once)",
            "6: topics.Coffee: 'chai' belongs to the topic 'Tea' already (name each category once)",
        ]

    def test_topics_have_slugs_of_their_own(self) -> None:
        assert mistakes(f"{SMALLEST}topics:\n  Tea: {{slug: hot}}\n  Coffee:\n    slug: hot\n") == [
            "6: topics.Coffee.slug: the topic 'Tea' has the slug 'hot' too (give each topic a slug of its own)"
        ]


SYNTAX_HINT = "(look at this line and the one above it: a missing colon, quote or space)"


class TestNoConfig:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "1: expected keys such as site: and sources:, got nothing (run 'syndicate init')"),
            ("# only a comment\n", "1: expected keys such as site: and sources:, got nothing (run 'syndicate init')"),
            ("- site\n", "1: expected keys such as site: and sources:, got a list (run 'syndicate init')"),
            ("site", "1: expected keys such as site: and sources:, got 'site' (run 'syndicate init')"),
            ("7", "1: expected keys such as site: and sources:, got 7 (run 'syndicate init')"),
            ("site: [\n", f"2: did not find expected node content {SYNTAX_HINT}"),
            ("site:\n\ttitle: Tea\n", f"2: found character that cannot start any token {SYNTAX_HINT}"),
            ("site:\n  title: Tea: two\n", f"2: mapping values are not allowed in this context {SYNTAX_HINT}"),
            ("? [a]\n: x\n", f"1: found unhashable key {SYNTAX_HINT}"),
            ("site: !!python/object:os.x {}\n", "1: could not determine a constructor for the tag"),
        ],
    )
    def test_what_is_no_config_is_told(self, text: str, told: str) -> None:
        (found,) = mistakes(text)
        assert found.startswith(told)

    def test_what_is_no_yaml_has_a_reason_of_its_own(self) -> None:
        assert reasons("site: [\n") == ["bad-yaml"]
        assert reasons("") == ["bad-config"]
        assert reasons(f"{SMALLEST}state: {{}}\nstate: {{}}\n") == ["repeated-key"]

    @pytest.mark.parametrize("depth", [31, 1000, 100_000])
    def test_what_is_nested_too_deep_is_told(self, depth: int) -> None:
        assert mistakes(f"a: {'[' * depth}{']' * depth}\n") == ["nested more than 30 levels deep"]

    @pytest.mark.parametrize(
        "line",
        [
            "feeds: {limit: 0x_}",
            "templates: 0b_",
            f"feeds: {{limit: {'9' * 5000}}}",
            "a: &a [*a]",
            "topics: &t {x: *t}",
        ],
    )
    def test_what_yaml_stumbles_over_is_told(self, line: str) -> None:
        assert mistakes(f"{SMALLEST}{line}\n")

    @pytest.mark.parametrize(
        "text",
        [f'site: {{title: "a\\bb", url: https://example.org/}}\n{SOURCES}', f'{SMALLEST}topics: {{"a\\bb": {{}}}}\n'],
    )
    def test_a_character_that_no_feed_can_hold_does_not_pass(self, text: str) -> None:
        try:
            found = repr(config(text))
        except ConfigError:
            found = "refused"
        assert "\\x08" not in found


def defaults_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: one["default"] for name, one in schema["properties"].items() if "default" in one}


class TestSchema:
    def test_it_is_json_and_names_its_draft(self) -> None:
        schema = config_schema()
        assert json.loads(json.dumps(schema)) == schema
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    def test_every_key_has_a_description(self) -> None:
        defined = config_schema()["$defs"]
        models = [config_schema(), *defined.values()]
        keys = [(name, one) for model in models for name, one in model.get("properties", {}).items()]
        assert len(keys) > 50
        told = {
            name: one.get("description") or defined[one["$ref"].rpartition("/")[2]]["description"] for name, one in keys
        }
        assert all(told.values())

    def test_unknown_keys_are_not_allowed(self) -> None:
        models = [model for model in config_schema()["$defs"].values() if model.get("type") == "object"]
        assert all(model["additionalProperties"] is False for model in models)

    def test_required_keys_are_required(self) -> None:
        assert config_schema()["required"] == ["site", "sources"]
        assert config_schema()["$defs"]["NewsletterModel"]["required"] == ["slug", "title", "cadence"]
        assert defaults_of(config_schema()["$defs"]["FeedsModel"])["limit"] == 50


def test_where_operators_look() -> None:
    found = config(
        "site: {title: A, url: https://example.org/}\nsources: [path: a]\nserver:\n  access_log: '-'\n"
        "  ops: {listen: '[::1]:9100', token_file: token, max_build_age_minutes: 60}\n"
    )
    assert found.server.access_log == "-"
    assert found.server.ops == OpsOptions(listen=("::1", 9100), token_file="token", max_build_age_minutes=60)
