"""Entries: what of an article moves with it, and what stays as readers have seen it."""

import json
from datetime import timedelta

from makers import NOW, front
from memory_project import Project


def times_of(one: Project) -> tuple[str, str]:
    """Return when the feed says that its only article was published and updated."""
    (item,) = json.loads(one.output.files["all/feed.json"])["items"]
    return item["date_published"], item["date_modified"]


def test_published_never_moves_whatever_date_the_article_gets() -> None:
    one = Project({"news/tea.md": front(date="date: 2026-03-01")})
    one.build()
    published, updated = times_of(one)
    assert published.startswith("2026-03-01")
    one.files["news/tea.md"] = front(date="date: 2026-02-01", body="Another text.")
    one.build(NOW + timedelta(days=1))
    assert times_of(one)[0] == published
    assert times_of(one)[1] > updated
