"""The rows of tables: every file and every topic, for people and for machines."""

import json

import pytest
from makers import NOW, front
from memory_project import Project

from syndicate.services.entries import Entries
from syndicate.services.listing import article_rows, topic_rows

FULL = front(
    """\
description: About tea
categories: ["Desk: Tea", Hot]
tags: [green]
sub: brief
author: [Ann, Bo]
link: {href: "https://pub.example/tea", brand: Pub}
featuredImage: {href: "https://cdn.example/cup.png", alt: A cup, size: [630, 1200]}
lastMod: 2026-03-02
language: de
relatedOfferings: [{label: Kettle, permalink: /kettle, categories: [Hot]}]"""
)


@pytest.fixture
def project() -> Project:
    files = {
        "news/tea.md": FULL,
        "news/copy.md": front("link: https://pub.example/tea\nlanguage: de", date="date: 2026-03-09"),
        "news/page.md": front(title="title: Page", date="date: 2026-03-05"),
        "news/draft.md": front("draft: true"),
        "news/bad.md": "Just a text.",
    }
    return Project(files)


def rows(project: Project) -> dict[str, dict[str, object]]:
    snapshot, _ = project.builder.build(NOW, progress=lambda *step: None)
    listed = article_rows(
        snapshot, Entries(snapshot, project.site, project.sources, project.folders.read), project.index
    )
    return {str(row["path"]): row for row in listed}


def test_a_row_holds_all_that_is_known_of_an_article(project: Project) -> None:
    row = rows(project)["news/tea.md"]
    identity = next(one for one in project.ledger.identities() if one.path == "news/tea.md")
    assert row == {
        "path": "news/tea.md",
        "status": "published",
        "reason": None,
        "duplicate_of": None,
        "id": identity.id,
        "title": "Tea",
        "link": "https://pub.example/tea",
        "url": None,
        "source_url": "https://pub.example/tea",
        "brand": "Pub",
        "published": "2026-03-01T00:00:00Z",
        "updated": "2026-03-02T00:00:00Z",
        "authors": ["Ann", "Bo"],
        "topics": [
            {"slug": "desk-tea", "label": "Tea", "taxonomy": "Desk"},
            {"slug": "hot", "label": "Hot", "taxonomy": None},
        ],
        "tags": ["green"],
        "kind": "brief",
        "language": "de",
        "image": {"url": "https://cdn.example/cup.png", "alt": "A cup", "width": 1200, "height": 630},
        "summary": "About tea",
        "offerings": [{"label": "Kettle", "url": "https://example.org/kettle", "categories": ["Hot"]}],
    }


def test_every_file_has_a_row_with_the_same_keys_in_the_order_of_paths(project: Project) -> None:
    found = rows(project)
    assert [(path, row["status"], row["reason"], row["duplicate_of"]) for path, row in found.items()] == [
        ("news/bad.md", "rejected", "no-front-matter", None),
        ("news/copy.md", "duplicate", "same-story", "news/tea.md"),
        ("news/draft.md", "held", "draft", None),
        ("news/page.md", "published", None, None),
        ("news/tea.md", "published", None, None),
    ]
    assert len({tuple(sorted(row)) for row in found.values()}) == 1
    assert json.loads(json.dumps(list(found.values()))) == list(found.values())


def test_a_file_that_is_not_published_has_neither_id_nor_link(project: Project) -> None:
    found = rows(project)
    for path in ("news/bad.md", "news/copy.md", "news/draft.md"):
        assert (found[path]["id"], found[path]["link"]) == (None, None)
    assert (found["news/draft.md"]["title"], found["news/bad.md"]["title"]) == ("Tea", None)


def test_an_article_with_a_reading_page_has_its_address(project: Project) -> None:
    row = rows(project)["news/page.md"]
    assert row["url"] == row["link"] == "https://feeds.example.org/articles/page/"
    assert (row["language"], row["topics"], row["image"], row["offerings"]) == ("en", [], None, [])


def test_a_topics_row_counts_its_articles_and_tells_the_newest(project: Project) -> None:
    project.files["news/new.md"] = front("categories: [Hot]", title="title: New", date="date: 2026-04-01")
    assert topic_rows(project.snapshot()) == [
        {"slug": "desk-tea", "label": "Tea", "taxonomy": "Desk", "articles": 1, "newest": "2026-03-01T00:00:00Z"},
        {"slug": "hot", "label": "Hot", "taxonomy": None, "articles": 2, "newest": "2026-04-01T00:00:00Z"},
    ]
