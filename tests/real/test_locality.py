"""An edit changes the feeds of the topics that the article was in or is in, and the feed of all; nothing else."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import Site, changed

TOPICS = ("Tea", "Bread", "Clocks", "Tides")
FEEDS = ("rss.xml", "atom.xml", "feed.json")
NAMES = ("a", "b", "c", "d", "e")
topics = st.lists(st.sampled_from(TOPICS), unique=True, max_size=3)
# An article shares its source address and title with its copy, so that one is the other's duplicate.
articles = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Kettles", "Loaves"]),
        "link": st.sampled_from(["https://source.example/x", "https://source.example/y"]),
        "categories": topics,
        "date": st.sampled_from(["2026-03-01", "2026-04-01", "2027-01-01"]),
        "draft": st.sampled_from([False, False, False, True]),
    }
)
edits = st.tuples(st.sampled_from(NAMES), articles | st.none())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local")


def write(site: Site, name: str, front: dict[str, Any] | None) -> None:
    if front is None:
        (site.root / f"articles/{name}.md").unlink(missing_ok=True)
    else:
        site.article(f"{name}.md", **front)


def group(site: Site, name: str) -> dict[str, set[str]]:
    """Return the topics of an article, of what it repeats and of what repeats it, by their paths."""
    rows = site.articles()
    row = rows.get(f"articles/{name}.md", {})
    original = row.get("duplicate_of") or f"articles/{name}.md"
    return {
        path: {topic["slug"] for topic in other["topics"]}
        for path, other in rows.items()
        if path == original or other.get("duplicate_of") == original
    }


@settings(deadline=None, max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(start=st.fixed_dictionaries({name: articles | st.none() for name in NAMES}), edit=edits)
def test_an_edit_changes_only_feeds_of_its_topics_and_of_all(folder, start, edit):
    site = Site(folder)
    shutil.rmtree(site.state, ignore_errors=True)  # each example has a history of its own
    for name, front in start.items():
        write(site, name, front)
    site.build()
    name, front = edit
    before, old = site.tree(), group(site, name)
    write(site, name, front)
    report = site.build()
    new = group(site, name)
    if front is None or front["draft"]:  # what repeated it stands for itself now
        new = {path: slugs for other in old for path, slugs in group(site, Path(other).stem).items()}
    slugs = {slug for topics in (*old.values(), *new.values()) for slug in topics}
    feeds = {path for path in changed(before, site.tree()) if path.rpartition("/")[2] in FEEDS}
    allowed = {f"{folder}/{file}" for folder in ("all", *(f"topics/{slug}" for slug in slugs)) for file in FEEDS}
    assert feeds <= allowed
    assert len(feeds) == report["feeds"]["written"] + report["feeds"]["removed"]
