"""One file to one article: its fields by their aliases, its addresses and pictures, and every problem word for word."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from makers import day, front, parse

from syndicate.domain.articles import Article, Author, Category, Enclosure, Image
from syndicate.domain.collection import Parsed
from syndicate.domain.sources import DEFAULT_FIELDS, LinkTo
from syndicate.parsing import articles

BERLIN = ZoneInfo("Europe/Berlin")
OURS = "https://feeds.example.org"


def article(text: str | bytes, relative: str = "tea.md", **options: Any) -> Article:
    parsed: Parsed = parse(text, relative, **options)
    assert parsed.article, parsed
    assert parsed.rejected is None
    assert parsed.skipped is None
    return parsed.article


def problems(text: str | bytes, relative: str = "tea.md", **options: Any) -> list[str]:
    """Return what is told about a file, as people see it."""
    parsed: Parsed = parse(text, relative, **options)
    return [str(problem) for problem in (*parsed.problems, *([parsed.rejected] if parsed.rejected else []))]


def keyed(key: str, value: str) -> str:
    """Return the line of a key, or the lines of a dotted one."""
    outer, dot, inner = key.partition(".")
    return f"{outer}:\n  {inner}: {value}" if dot else f"{key}: {value}"


def test_an_article_of_every_field_is_read() -> None:
    text = """---
title: Tea for two
description: A story about tea.
date: "2026-03-01"
lastMod: 2026-03-02T08:00:00.123456Z
publishDate: 2026-03-03
expiryDate: 2026-04-01
categories: ["Desk: Tea", Hot]
tags: [green, hot]
sub: brief
author: [Ann Lee, Bo]
featuredImage: {href: https://cdn.example/cup.png, alt: A cup, size: [630, 1200], valid: true}
enclosure: {url: https://cdn.example/tea.mp3, type: Audio/MPEG, length: "48213"}
link: {brand: pub.example, href: https://pub.example/tea}
slug: tea-for-two
basePath: news
id: 42
language: en
relatedOfferings: [{label: Kettle, permalink: /kettle}]
---
Some *text*.
"""
    parsed = parse(text)
    assert parsed.article == Article(
        path=parsed.path,
        source="news",
        title="Tea for two",
        published=day(1, 3),
        due=day(3, 3),
        story=parsed.article.story,
        stamp=parsed.article.stamp,
        slug="tea-for-two",
        updated=day(2, 3, hour=8).replace(microsecond=123456),
        expires=day(1, 4),
        hold=None,
        front_id="42",
        summary="A story about tea.",
        authors=(Author(name="Ann Lee"), Author(name="Bo")),
        categories=(Category(label="Tea", taxonomy="Desk"), Category(label="Hot")),
        tags=("green", "hot"),
        kind="brief",
        page_url="https://example.org/news/tea-for-two",
        source_url="https://pub.example/tea",
        brand="pub.example",
        image=Image(url="https://cdn.example/cup.png", alt="A cup", width=1200, height=630),
        enclosure=Enclosure(url="https://cdn.example/tea.mp3", media_type="audio/mpeg", length=48213),
        language="en",
        size=50,
    )
    assert parsed.body == "<p>Some <em>text</em>.</p>"
    assert parsed.offerings == ({"label": "Kettle", "permalink": "/kettle"},)
    assert parsed.problems == ()


def test_an_article_needs_a_title_and_a_date_and_no_more() -> None:
    found = article(front(body=""), "tea.md")
    assert (found.title, found.published, found.due) == ("Tea", day(1, 3), day(1, 3))
    assert (found.summary, found.authors, found.categories, found.tags, found.kind) == (None, (), (), (), None)
    assert (found.page_url, found.source_url, found.brand, found.image, found.language) == (None,) * 5
    assert (found.updated, found.expires, found.hold, found.front_id, found.slug) == (None, None, None, None, "tea")


class TestAliases:
    """Every key of every field is read, in the order of the list, whatever its case."""

    READ: ClassVar[dict[str, tuple[str, Callable[[Article], object]]]] = {
        "title": ("Green", lambda one: one.title),
        "published": ("2026-05-05", lambda one: one.published.date().isoformat()),
        "updated": ("2026-05-05", lambda one: one.updated and one.updated.date().isoformat()),
        "due": ("2026-05-05", lambda one: one.due.date().isoformat()),
        "expires": ("2026-05-05", lambda one: one.expires and one.expires.date().isoformat()),
        "topics": ("Green", lambda one: one.categories and one.categories[0].label),
        "tags": ("Green", lambda one: one.tags and one.tags[0]),
        "kind": ("Green", lambda one: one.kind),
        "authors": ("Green", lambda one: one.authors and one.authors[0].name),
        "summary": ("Green", lambda one: one.summary),
        "image": ("https://x.example/a.png", lambda one: one.image and one.image.url),
        "link": ("https://x.example/a", lambda one: one.source_url),
        "brand": ("Green", lambda one: one.brand),
        "page": ("/green/", lambda one: one.page_url and one.page_url.removeprefix("https://example.org")),
        "slug": ("green", lambda one: one.slug),
        "id": ("green", lambda one: one.front_id),
        "language": ("de", lambda one: one.language),
        "draft": ("true", lambda one: "true" if one.hold == "draft" else None),
    }

    @pytest.mark.parametrize(("field", "key"), [(field, key) for field in READ for key in DEFAULT_FIELDS[field]])
    @pytest.mark.parametrize("case", [str, str.lower, str.upper])
    def test_each_key_is_read(self, field: str, key: str, case: Any) -> None:
        value, read = self.READ[field]
        given = {"title": "title: Tea", "published": "date: 2026-03-01"}
        given.pop(field, None)
        lines = "\n".join([*given.values(), keyed(case(key), value)])
        assert read(article(front(lines, title="", date=""))) == value

    @pytest.mark.parametrize(
        ("field", "first", "second"),
        [
            (field, first, second)
            for field in READ
            for first, second in pairwise(DEFAULT_FIELDS[field])
            if first.partition(".")[0].lower() != second.partition(".")[0].lower()  # two keys below one
        ],
    )
    def test_the_earlier_key_of_the_list_wins(self, field: str, first: str, second: str) -> None:
        value, read = self.READ[field]
        other = {
            "2026-05-05": "2026-06-06", "https://x.example/a.png": "https://x.example/b.png", "/green/": "/blue/",
            "https://x.example/a": "https://x.example/b", "de": "fr", "green": "blue",
        }.get(value, "Blue")  # fmt: skip
        given = {"title": "title: Tea", "published": "date: 2026-03-01"}
        given.pop(field, None)
        lines = "\n".join([*given.values(), keyed(second, other), keyed(first, value)])
        assert read(article(front(lines, title="", date=""))) == value

    def test_keys_of_the_config_come_before_the_usual_ones(self) -> None:
        own = {**DEFAULT_FIELDS, "title": ("headline", *DEFAULT_FIELDS["title"]), "topics": ("desks",)}
        found = article(front("headline: Green\ndesks: [Hot]\ncategories: [Cold]"), fields=tuple(own.items()))
        assert found.title == "Green"
        assert found.categories == (Category(label="Hot"),)


class TestTitle:
    @pytest.mark.parametrize(
        ("line", "title"),
        [
            ("title: 2026", "2026"),
            ("title: 1.5", "1.5"),
            ("title: true", "true"),
            ("title: [Tea, Cake]", "Tea"),
            ("title: Tea &amp; <b>cake</b>", "Tea & cake"),
            ('title: "Te\\ba"', "Tea"),
            ("title:\nlinkTitle: Tea", "Tea"),
            ("title: {}\nlinkTitle: Tea", "Tea"),
            ("title: ' '\nlinkTitle: Tea", "Tea"),
        ],
    )
    def test_any_value_that_says_something_is_one(self, line: str, title: str) -> None:
        assert article(front(line, title="")).title == title

    @pytest.mark.parametrize(
        "line", ["", "title:", "title: ''", "title: []", "title: {a: b}", 'title: "\\b"', "title: <b></b>"]
    )
    def test_an_article_without_one_is_rejected(self, line: str) -> None:
        assert problems(front(line, title="")) == [
            "news/tea.md:1: expected a title, found none (add a line such as title: A headline)"
        ]


HINT = "write it as 2026-03-01 or 2026-03-01T08:00:00Z"


class TestDates:
    def test_a_date_is_a_wall_time_of_the_source(self) -> None:
        assert article(front(), zone=BERLIN).published == day(28, 2, hour=23)

    @pytest.mark.parametrize(
        ("lines", "relative"),
        [
            ("url: /2026/03/04/tea/", "tea.md"),
            ("slug: 2026-03-04-tea", "tea.md"),
            ("", "2026-03-04-tea.md"),
            ("", "2026/03/04/tea.md"),
            ("", "2026-03-04-tea/index.md"),
            ("lastmod: 2026-09-09", "2026-03-04-tea.md"),
            ("published: true", "2026-03-04-tea.md"),
            ("published: yes", "2026-03-04-tea.md"),
        ],
    )
    def test_a_date_in_an_address_or_a_name_will_do(self, lines: str, relative: str) -> None:
        assert article(front(lines, date=""), relative).published == day(4, 3)
        assert problems(front(lines, date=""), relative) == []

    def test_a_date_in_the_address_is_stronger_than_one_in_the_name(self) -> None:
        text = front("url: /2026/03/04/tea/\nslug: 2026-03-05-tea", date="")
        assert article(text, "2026-03-06-tea.md").published == day(4, 3)

    def test_a_date_of_the_front_matter_is_stronger_than_any_other(self) -> None:
        assert article(front("url: /2026/03/04/tea/"), "2026-03-06-tea.md").published == day(1, 3)

    def test_a_date_of_modification_will_do_and_is_told(self) -> None:
        text = front("lastmod: 2026-03-04", date="")
        assert article(text).published == day(4, 3)
        assert problems(text) == [
            "news/tea.md: date: found no date; lastMod is used instead (add a line date: 2026-03-01)"
        ]

    @pytest.mark.parametrize("line", ["", "date:", "date: ''", "date: []", "date: {}", "date: true"])
    def test_no_date_at_all_is_told(self, line: str) -> None:
        assert problems(front(date=line)) == [
            "news/tea.md:1: expected a date, found none (add a line such as date: 2026-03-01)"
        ]

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("next week", "'next week'"),
            ("2017-02-29", "'2017-02-29'"),
            ("0001-01-01T00:00:00Z", "'0001-01-01T00:00:00Z'"),
            ("20260301", "'20260301'"),
            ("1.5", "'1.5'"),
            ("[2026-03-01, 2026-03-02]", "'2026-03-01'"),
        ],
    )
    def test_a_date_that_names_no_moment_is_told(self, value: str, shown: str) -> None:
        assert problems(front(date=f"date: {value}")) == [
            f"news/tea.md:3: date: expected a date like 2026-03-01, got {shown} ({HINT})"
        ]

    @pytest.mark.parametrize("relative", ["tea.md", "2026-03-04-tea.md"])
    def test_a_bad_date_gives_way_to_another_one_and_is_told(self, relative: str) -> None:
        text = front("lastmod: 2026-03-04", date="date: next week")
        assert article(text, relative).published == day(4, 3)
        assert problems(text, relative) == [
            f"news/{relative}:3: date: expected a date like 2026-03-01, got 'next week' ({HINT})"
        ]

    def test_a_bad_date_gives_way_to_the_next_key(self) -> None:
        text = front("pubDate: 2026-03-04", date="date: next week")
        assert article(text).published == day(4, 3)
        assert len(problems(text)) == 1

    def test_a_long_bad_date_is_shortened(self) -> None:
        (told,) = problems(front(date=f"date: {'x' * 500}"))
        assert len(told) < 250

    @pytest.mark.parametrize("escape", ["\\ud800", "\\u0008", "\\u001b[31m"])
    def test_a_bad_date_is_told_in_characters_that_can_be_shown(self, escape: str) -> None:
        text = f'{{"title": "Tea", "lastmod": "2026-03-01", "date": "x{escape}"}}'
        (told,) = problems(text)
        told.encode()
        assert told.isprintable()

    @pytest.mark.parametrize(("key", "hold"), [("lastMod", None), ("expiryDate", "bad-date")])
    def test_another_bad_date_is_told_and_counts_as_left_out(self, key: str, hold: str | None) -> None:
        text = front(f"{key}: soon")
        assert (article(text).updated, article(text).expires, article(text).hold) == (None, None, hold)
        assert problems(text) == [f"news/tea.md:4: {key}: expected a date like 2026-03-01, got 'soon' ({HINT})"]

    @pytest.mark.parametrize(("date", "line"), [("date: 2026-03-01", 4), ("", 3)])
    def test_a_bad_day_of_appearance_is_told_once_and_holds_the_article(self, date: str, line: int) -> None:
        text = front("publishDate: next week", date=date)
        assert article(text, "2026-03-01-tea.md").hold == "bad-date"
        assert problems(text, "2026-03-01-tea.md") == [
            f"news/2026-03-01-tea.md:{line}: publishDate: expected a date like 2026-03-01, got 'next week' ({HINT})"
        ]

    @pytest.mark.parametrize(
        ("lines", "due"),
        [("publishDate: 2026-05-05", day(5, 5)), ("publishDate: 2026-02-02", day(1, 3)), ("", day(1, 3))],
    )
    def test_an_article_appears_at_its_date_or_later(self, lines: str, due: Any) -> None:
        found = article(front(lines))
        assert (found.published, found.due) == (day(1, 3), due)

    @pytest.mark.parametrize("value", ["true", "false", "yes", "no"])
    def test_a_flag_under_published_is_no_date_and_no_mistake(self, value: str) -> None:
        assert problems(front(f"published: {value}")) == []
        assert problems(front(f"published: {value}", date=""), "2026-03-01-tea.md") == []

    def test_a_date_under_published_is_a_date(self) -> None:
        found = article(front("published: 2026-03-04", date=""))
        assert (found.published, found.hold) == (day(4, 3), None)


class TestHolds:
    @pytest.mark.parametrize(
        ("lines", "relative", "hold"),
        [
            ("draft: true", "tea.md", "draft"),
            ("draft: yes", "tea.md", "draft"),
            ("Draft: 'TRUE'", "tea.md", "draft"),
            ("draft: 1", "tea.md", "draft"),
            ("", "_drafts/tea.md", "draft"),
            ("", "blog/_drafts/deep/tea.md", "draft"),
            ("published: false", "tea.md", "not-published"),
            ("published: no", "tea.md", "not-published"),
            ("valid: false", "tea.md", "not-valid"),
            ("draft: true\npublished: false", "tea.md", "draft"),
            ("draft: false", "tea.md", None),
            ("published: true", "tea.md", None),
            ("valid: true", "tea.md", None),
            ("draft:", "tea.md", None),
            ("", "my_drafts/tea.md", None),
            ("", "drafts/tea.md", None),
            ("featuredImage: {href: a.png, valid: false}", "tea.md", None),
        ],
    )
    def test_an_article_can_ask_not_to_be_published(self, lines: str, relative: str, hold: str | None) -> None:
        assert article(front(lines), relative).hold == hold
        assert problems(front(lines), relative) == []

    @pytest.mark.parametrize("key", ["draft", "valid"])
    def test_a_flag_that_says_neither_is_told_and_holds_the_article(self, key: str) -> None:
        text = front(f"{key}: maybe")
        assert article(text).hold == "bad-flag"
        assert problems(text) == [f"news/tea.md:4: {key}: expected true or false, got 'maybe' (write true or false)"]


class TestSkipped:
    @pytest.mark.parametrize(
        ("relative", "reason"),
        [
            ("_index.md", "section-page"),
            ("blog/_index.md", "section-page"),
            ("blog/_index.de.md", "section-page"),
            ("_index.pt-br.md", "section-page"),
            ("README.md", "project-file"),
            ("docs/readme.markdown", "project-file"),
            ("LICENSE.md", "project-file"),
            ("licence.md", "project-file"),
            ("CHANGELOG.md", "project-file"),
            ("CONTRIBUTING.md", "project-file"),
            ("CODE_OF_CONDUCT.md", "project-file"),
            ("SECURITY.md", "project-file"),
            ("404.html", "project-file"),
            ("COPYING.md", "project-file"),
            ("index.md", None),
            ("tea/index.md", None),
            ("_drafts/tea.md", None),
            ("my-readme.md", None),
            ("readme-first.md", None),
            ("_index-of-tea.md", None),
        ],
    )
    def test_some_names_are_no_articles(self, relative: str, reason: str | None) -> None:
        assert articles.skip_reason(relative) == reason
        assert parse(front(), relative).skipped == reason

    def test_a_file_that_is_skipped_is_not_even_read(self) -> None:
        assert parse(b"\xff\xfe", "_index.md") == Parsed(path=parse(b"", "_index.md").path, skipped="section-page")

    @pytest.mark.parametrize("value", ["true", "yes", "1"])
    def test_a_headless_page_is_no_article(self, value: str) -> None:
        assert parse(front(f"headless: {value}", title="", date="")).skipped == "headless-page"

    def test_a_page_that_says_it_is_not_headless_is_one(self) -> None:
        assert article(front("headless: false")).title == "Tea"


class TestRejected:
    def test_a_rejection_is_all_that_there_is(self) -> None:
        parsed = parse("Just a text.")
        assert (parsed.article, parsed.body, parsed.skipped, parsed.problems) == (None, "", None, ())
        assert parsed.rejected.reason == "no-front-matter"

    def test_a_file_beyond_measure_is_rejected(self) -> None:
        data = b"---\ntitle: Tea\ndate: 2026-03-01\n---\n" + b"x" * articles.MAX_FILE_BYTES
        parsed = parse(data)
        assert str(parsed.rejected) == (
            "news/tea.md: expected at most 20,000,000 bytes, got more (move pictures and data out of the article)"
        )
        assert parsed.rejected.reason == "file-too-large"

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"", "news/tea.md:1: the file is empty (write an article into it or remove it)"),
            (
                "---\ntitle: Café\n---\n".encode("latin-1"),
                "news/tea.md:2: expected UTF-8, got byte 0xe9 at offset 14 "
                "(save the file as UTF-8, or name its encoding in sources[].fallback_encoding)",
            ),
            (
                b"---\ntitle: Tea: for two\n---\n",
                "news/tea.md:2: mapping values are not allowed in this context "
                "(mend the line, or put the value in quotes)",
            ),
        ],
    )
    def test_the_reason_is_told_with_its_place(self, data: bytes, told: str) -> None:
        assert problems(data) == [told]

    def test_settings_of_the_source_make_it_readable(self) -> None:
        assert (
            article("---\ntitle: Café\ndate: 2026-03-01\n---\n".encode("latin-1"), fallback_encoding="latin-1").title
            == "Café"
        )
        assert article("Title: Tea\nDate: 2026-03-01\n\nText.", header_lines=True).title == "Tea"


def test_a_key_that_stands_twice_is_told_and_the_last_one_counts() -> None:
    text = front("slug: one\nslug: two")
    assert article(text).slug == "two"
    assert problems(text) == [
        "news/tea.md:4: slug: the key 'slug' stands here more than once; the last one counts (remove one of them)"
    ]


class TestPageAddress:
    @pytest.mark.parametrize(
        ("lines", "options", "address"),
        [
            ("url: /tea/", {}, "https://example.org/tea/"),
            ("url: tea", {}, "https://example.org/tea"),
            ("permalink: /a b/é/", {}, "https://example.org/a%20b/%C3%A9/"),
            ("url: ../../tea/", {}, "https://example.org/tea/"),
            ("url: //evil.example/tea/", {}, "https://example.org/evil.example/tea/"),
            ("url: https://example.org/tea/", {}, "https://example.org/tea/"),
            ("url: https://www.example.org/tea/", {}, "https://www.example.org/tea/"),
            ("url: /:year/:slug/\nslug: matcha", {}, "https://example.org/2026/matcha/"),
            ("url: /tea/", {"permalink": "/:slug/"}, "https://example.org/tea/"),
            ("slug: matcha", {"permalink": "/:year/:month/:slug/"}, "https://example.org/2026/03/matcha/"),
            ("", {"permalink": "/:slugorfilename/"}, "https://example.org/tea-time/"),
            ("", {"permalink": "/:sections/:title.html"}, "https://example.org/blog/tea.html"),
            ("categories: [Desk: Tea, Hot]", {"permalink": "/:categories/x/"}, "https://example.org/desk-tea/hot/x/"),
            ("", {"permalink": "/:day/x/", "zone": BERLIN}, "https://example.org/01/x/"),
            ("basePath: news\nslug: matcha", {}, "https://example.org/news/matcha"),
            ("basePath: /news/\nslug: /news/matcha/", {}, "https://example.org/news/matcha"),
            ("basePath: news", {}, None),
            ("slug: matcha", {}, None),
            ("", {}, None),
        ],
    )
    def test_it_comes_from_the_front_matter_or_from_a_pattern(
        self, lines: str, options: dict[str, Any], address: str | None
    ) -> None:
        text = front(lines.replace("[Desk: Tea,", '["Desk Tea",'))
        assert article(text, "blog/2026-03-01-tea-time.md", **options).page_url == address

    def test_a_site_below_a_path_stays_there(self) -> None:
        found = article(front("url: /tea/"), site_url="https://example.org/sub/")
        assert found.page_url == "https://example.org/sub/tea/"

    def test_an_address_on_another_host_is_a_source(self) -> None:
        found = article(front("url: https://pub.example/tea"))
        assert (found.page_url, found.source_url) == (None, "https://pub.example/tea")

    def test_a_named_source_is_stronger_than_an_address_on_another_host(self) -> None:
        found = article(front("url: https://pub.example/tea\nlink: https://other.example/tea"))
        assert (found.page_url, found.source_url) == (None, "https://other.example/tea")


class TestSourceAddress:
    @pytest.mark.parametrize(
        ("lines", "address"),
        [
            ("link: https://pub.example/tea", "https://pub.example/tea"),
            ("link: {href: 'https://pub.example/tea', original: x}", "https://pub.example/tea"),
            ("link: {original: 'https://pub.example/tea'}", "https://pub.example/tea"),
            ("link: https://pub.example/a b", "https://pub.example/a%20b"),
            ("link: /tea/\ncanonical_url: https://pub.example/tea", "https://pub.example/tea"),
            ("link: {brand: pub}\noriginal: https://pub.example/tea", "https://pub.example/tea"),
            ("link: /tea/", None),
            ("link: javascript:alert(1)", None),
            ("link: https://[", None),
            ("link: 'https://[ '\ncanonical_url: https://pub.example/tea", "https://pub.example/tea"),
        ],
    )
    def test_only_a_web_address_counts(self, lines: str, address: str | None) -> None:
        assert article(front(lines)).source_url == address

    @pytest.mark.parametrize(
        ("lines", "brand"),
        [
            ("link: {brand: Pub Ltd, href: 'https://www.pub.example/'}", "Pub Ltd"),
            ("link: https://www.pub.example/tea", "pub.example"),
            ("brand: Pub\nlink: https://pub.example/", "Pub"),
            ("publisher: Pub", "Pub"),
            ("", None),
        ],
    )
    def test_a_brand_is_named_or_the_host_of_the_source(self, lines: str, brand: str | None) -> None:
        assert article(front(lines)).brand == brand


class TestSlug:
    @pytest.mark.parametrize(
        ("lines", "relative", "slug"),
        [
            ("slug: matcha", "tea.md", "matcha"),
            ("slug: /news/Matcha Tea/", "tea.md", "matcha-tea"),
            ("slug: 2026", "tea.md", "2026"),
            ("slug: ..\\..\\evil", "tea.md", "evil"),
            ("", "2026-03-01-Green Tea.md", "green-tea"),
            ("", "green/index.md", "green"),
            ("", "tea.es.md", "tea"),
            ("", "0f8fad5b-d9cb-469f-a165-70867728950e.md", "green-tea"),
        ],
    )
    def test_it_is_the_slug_else_the_files_name_else_the_title(self, lines: str, relative: str, slug: str) -> None:
        assert article(front(lines, title="title: Green tea"), relative).slug == slug

    @pytest.mark.parametrize(
        ("lines", "relative"), [("slug: ../../..", "tea.md"), ("slug: ///", "お茶.md"), ("", "!.md")]
    )
    def test_it_is_fit_for_an_address_whatever_it_is_made_from(self, lines: str, relative: str) -> None:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", article(front(lines), relative).slug)


def test_a_picture_elsewhere_keeps_the_type_and_length_that_its_article_states() -> None:
    picture = "featuredImage: {href: https://cdn.example/cup, type: image/png, length: 4711}"
    assert article(front(picture)).image == Image(url="https://cdn.example/cup", media_type="image/png", length=4711)


class TestPictures:
    MEDIA = ("blog/cup.png", "blog/tea/pot.JPG", "shared/a b.webp")

    @pytest.mark.parametrize(
        ("value", "url", "found"),
        [
            ("cup.png", f"{OURS}/media/news/blog/cup.png", "blog/cup.png"),
            ("./cup.png?x=1#y", f"{OURS}/media/news/blog/cup.png", "blog/cup.png"),
            ("tea/pot.JPG", f"{OURS}/media/news/blog/tea/pot.JPG", "blog/tea/pot.JPG"),
            ("../shared/a%20b.webp", f"{OURS}/media/news/shared/a%20b.webp", "shared/a b.webp"),
            ("../shared/a b.webp", f"{OURS}/media/news/shared/a%20b.webp", "shared/a b.webp"),
        ],
    )
    def test_a_picture_beside_the_article_is_published(self, value: str, url: str, found: str) -> None:
        parsed = parse(front(f"image: '{value}'"), "blog/tea.md", media=self.MEDIA)
        assert parsed.article.image == Image(url=url)
        assert (parsed.media, parsed.missing) == ((found,), ())

    def test_a_picture_in_the_text_is_published_too(self) -> None:
        text = front(body="![A cup](cup.png) ![Gone](gone.png) <img src='tea/pot.JPG'>")
        parsed = parse(text, "blog/tea.md", media=self.MEDIA)
        assert f'src="{OURS}/media/news/blog/cup.png"' in parsed.body
        assert f'src="{OURS}/media/news/blog/tea/pot.JPG"' in parsed.body
        assert (parsed.media, parsed.missing) == (("blog/cup.png", "blog/tea/pot.JPG"), ("blog/gone.png",))

    def test_a_picture_that_is_not_there_is_relative_to_the_page_and_noted(self) -> None:
        parsed = parse(front("image: gone.png\nlink: https://pub.example/a/b"), "blog/tea.md", media=self.MEDIA)
        assert parsed.article.image == Image(url="https://pub.example/a/gone.png")
        assert (parsed.media, parsed.missing) == ((), ("blog/gone.png",))

    def test_an_encoded_slash_at_the_beginning_leads_to_no_picture(self) -> None:
        parsed = parse(front("image: '%2Fcup.png'"), relative="blog/tea.md", media=("blog/cup.png", "cup.png"))
        assert (parsed.media, parsed.missing) == ((), ("/cup.png",))

    @pytest.mark.parametrize(
        "value", ["/blog/cup.png", "../../etc/cup.png", "cup.svg", "https://cdn.example/cup.png", "cup"]
    )
    def test_what_is_no_picture_beside_the_article_is_not_published(self, value: str) -> None:
        parsed = parse(front(f"image: {value}"), "blog/tea.md", media=(*self.MEDIA, "blog/cup.svg", "blog/cup"))
        assert (parsed.media, parsed.missing) == ((), ())

    def test_a_source_with_a_permalink_publishes_none(self) -> None:
        parsed = parse(front("image: cup.png"), "blog/tea.md", media=self.MEDIA, permalink="/:slugorfilename/")
        assert parsed.article.image == Image(url="https://example.org/tea/cup.png")
        assert parsed.media == ()

    @pytest.mark.parametrize(
        ("value", "url"),
        [
            ("cups/cup.png", "https://cdn.example/img/cups/cup.png"),
            ("/cup.png", "https://cdn.example/cup.png"),
            ("//other.example/cup.png", "https://other.example/cup.png"),
            ("https://other.example/cup.png", "https://other.example/cup.png"),
        ],
    )
    def test_pictures_of_front_matter_have_a_base_of_their_own(self, value: str, url: str) -> None:
        found = article(front(f"image: {value}"), image_base="https://cdn.example/img/", permalink="/:title/")
        assert found.image == Image(url=url)

    @pytest.mark.parametrize(
        ("value", "url"),
        [
            ("https://cdn.example/a b.png", "https://cdn.example/a%20b.png"),
            ("https://cdn.example/é.png", "https://cdn.example/%C3%A9.png"),
        ],
    )
    def test_the_address_of_a_picture_is_percent_encoded(self, value: str, url: str) -> None:
        assert article(front(f"image: {value}")).image == Image(url=url)

    @pytest.mark.parametrize(
        "value", ["javascript:alert(1)", "data:image/png;base64,AA", "https://[", "{href: a.png, valid: false}"]
    )
    def test_a_picture_without_a_usable_address_is_none(self, value: str) -> None:
        assert article(front(f"image: {value}")).image is None

    def test_the_state_of_an_article_tells_whether_its_pictures_are_there(self) -> None:
        text = front("image: cup.png")
        with_it, without = (article(text, "blog/tea.md", media=media) for media in (self.MEDIA, ()))
        assert with_it.stamp != without.stamp
        assert with_it.story == without.story


class TestBody:
    def test_markdown_is_html_and_html_stays(self) -> None:
        assert parse(front(body="*Tea*")).body == "<p><em>Tea</em></p>"
        assert parse(front(body="<p>*Tea*</p>"), "tea.html").body == "<p>*Tea*</p>"

    @pytest.mark.parametrize(
        ("lines", "options", "base"),
        [
            ("", {}, f"{OURS}/articles/tea/"),
            ("slug: Matcha", {}, f"{OURS}/articles/matcha/"),
            ("url: /a/b/", {"link_to": LinkTo.PAGE}, "https://example.org/a/b/"),
            ("url: /a/b/", {"link_to": LinkTo.OURS}, f"{OURS}/articles/tea/"),
            ("link: https://pub.example/a/b/", {}, "https://pub.example/a/b/"),
            ("", {"permalink": "/:title/"}, "https://example.org/tea/"),
        ],
    )
    def test_references_are_relative_to_the_page_that_shows_it(
        self, lines: str, options: dict[str, Any], base: str
    ) -> None:
        assert parse(front(lines, body="[x](y.html)"), **options).body == f'<p><a href="{base}y.html">x</a></p>'

    def test_text_that_is_lost_is_told_with_its_line(self) -> None:
        text = front(body='One.\n\n{{< callout "Mind the wet paint" >}}\n')
        assert problems(text) == [
            'news/tea.md:7: the text in {{< callout "Mind the wet paint" >}} is left out '
            "(write the text outside the shortcode)"
        ]

    def test_hostile_bodies_stay_harmless(self) -> None:
        body = parse(front(body="<script>alert(1)</script><p onclick=x>Te\x08a</p>")).body
        assert body == "<p>Tea</p>"


class TestSummary:
    def test_it_is_what_the_front_matter_says(self) -> None:
        assert article(front("description: >\n  A story\n  about tea", body="Text.")).summary == "A story about tea"

    @pytest.mark.parametrize("line", ["", "description:", "description: ''", "description: ' '", "description: {}"])
    def test_it_is_else_the_start_of_the_text(self, line: str) -> None:
        assert article(front(line, body="# Tea\n\nIs *hot* &amp; green.")).summary == "Tea Is hot & green."

    def test_it_is_cut_between_words(self) -> None:
        summary = article(front(body="word " * 200)).summary
        assert summary is not None
        assert len(summary) <= articles.SUMMARY_CHARS
        assert summary.endswith("word…")

    def test_a_text_that_says_nothing_gives_none(self) -> None:
        assert article(front(body="<!-- nothing -->")).summary is None


class TestLanguage:
    @pytest.mark.parametrize(
        ("lines", "options", "language"),
        [
            ("lang: de", {"file_language": "es", "language": "fr"}, "de"),
            ("lang: pt_BR", {}, "pt-BR"),
            ("lang: zh-Hans-CN", {}, "zh-Hans-CN"),
            ("", {"file_language": "es", "language": "fr"}, "es"),
            ("", {"language": "fr"}, "fr"),
            ("lang: not a language", {"language": "fr"}, "fr"),
            ("lang: <b>", {}, None),
            ("", {}, None),
        ],
    )
    def test_it_is_the_articles_then_the_files_then_the_sources(
        self, lines: str, options: dict[str, Any], language: str | None
    ) -> None:
        assert article(front(lines), **options).language == language


class TestCategoriesAndTags:
    def test_tags_are_topics_where_there_is_nothing_else(self) -> None:
        assert article(front("tags: [green]")).categories == (Category(label="green"),)
        assert article(front("tags: [green]\ncategories: [Tea]")).categories == (Category(label="Tea"),)

    def test_settings_of_the_source_take_them_apart(self) -> None:
        assert article(front("categories: Tea, Hot")).categories == (Category(label="Tea, Hot"),)
        assert article(front("categories: Tea, Hot"), split_categories=",").categories == (
            Category(label="Tea"),
            Category(label="Hot"),
        )
        assert article(front("categories: ['Desk: Tea']"), taxonomies=False).categories == (
            Category(label="Desk: Tea"),
        )

    def test_a_text_of_tags_is_taken_apart_at_commas(self) -> None:
        assert article(front("tags: green, hot")).tags == ("green", "hot")


class TestId:
    @pytest.mark.parametrize(
        ("line", "front_id"),
        [
            ("id: 42", "42"),
            ("id: 0", "0"),
            ("guid: https://example.org/?p=7", "https://example.org/?p=7"),
            ("mdName: 0f8fad5b-d9cb-469f-a165-70867728950e.md", "0f8fad5b-d9cb-469f-a165-70867728950e"),
            ("id:", None),
            ("id: ''", None),
        ],
    )
    def test_any_value_will_do(self, line: str, front_id: str | None) -> None:
        assert article(front(line)).front_id == front_id


class TestStoryAndStamp:
    SAME = front(
        "slug: other\ncategories: [Tea]\nimage: a.png\nid: 7\nlastmod: 2026-05-05\ndraft: true", body="Text.\n\n"
    )

    def test_a_story_is_what_is_said_and_not_where_or_when(self) -> None:
        assert article(self.SAME, "other.md").story == article(front()).story

    @pytest.mark.parametrize(
        "other",
        [
            front(title="title: Coffee"),
            front("description: New."),
            front("author: Ann"),
            front(body="Other text."),
        ],
    )
    def test_another_title_summary_author_or_text_is_another_story(self, other: str) -> None:
        assert article(other).story != article(front()).story

    def test_the_stamp_tells_every_state_of_a_file_from_another(self) -> None:
        assert article(self.SAME).stamp != article(front()).stamp
        assert article(front()).stamp == article(front()).stamp


@pytest.mark.parametrize(
    "lines",
    [
        'image: {href: a.png, width: "²"}',
        f'image: {{href: a.png, width: "{"9" * 5000}"}}',
        "author: {name: [[[]]]}",
        "author: [[[[[[]]]]]]",
        "link: {href: {href: {}}}",
        "categories: {a: {b: c}}",
        "'': x",
        "? ''\n: x",
        "1: 2",
        "true: false",
        "~: x",
        "relatedOfferings: [[], {}, 1, {label: [], categories: {}}]",
        "url: ':::'",
        "url: '/:/'",
        "url: 'http://'",
        "slug: '///'",
        "basePath: {}\nslug: x",
        "language: [[]]",
        "size: x",
    ],
)
def test_no_front_matter_is_too_strange(lines: str) -> None:
    assert article(front(lines)).title == "Tea"


@pytest.mark.parametrize(
    "key", ["title", "draft", "slug", "date", "lastmod", "tags", "image", "author", "id", "url", "headless"]
)
def test_a_number_that_python_will_not_print_is_no_end(key: str) -> None:
    lines = {"title": 'title = "Tea"', "date": "date = 2026-03-01", "lastmod": "lastmod = 2026-03-01"}
    lines[key] = f"{key} = 0x{'f' * 5000}"
    parsed = parse("+++\n" + "\n".join(lines.values()) + "\n+++\nText.")
    assert sum(outcome is not None for outcome in (parsed.article, parsed.skipped, parsed.rejected)) == 1
