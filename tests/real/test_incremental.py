"""However a site came to be as it is, a build leaves what a build from nothing but articles and ledger would make."""

import os
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import CONFIG, NOW, Site, changed, settle

NAMES = ("a", "b", "deep/c", "deep/d")
MOMENTS = ("2026-03-15T00:00:00Z", "2026-06-01T00:00:00Z", NOW)
# What the config may say, by its place.
SETTINGS: dict[tuple[str, str], list[Any]] = {
    ("site", "title"): ["The Test Gazette", "Other & Title"],
    ("site", "url"): ["https://gazette.example/", "https://moved.example/sub/"],
    ("site", "timezone"): ["UTC", "Pacific/Auckland"],
    ("site", "language"): ["en", "ar"],
    ("site", "description"): ["About", None],
    ("site", "author"): ["Ann", None],
    ("site", "link_to"): ["ours", "source", "page", None],
    ("output", "url"): ["https://feeds.example/x/", None],
    ("source", "permalink"): ["/:year/:slug/", "/news/:title/", None],
    ("source", "image_base"): ["https://pictures.example/", None],
    ("source", "name"): ["notes", None],
    ("source", "taxonomies"): [True, False],
    ("source", "split_categories"): [",", None],
    ("source", "language"): ["de", None],
    ("feeds", "limit"): [1, 50],
    ("feeds", "window_days"): [30, None],
    ("feeds", "formats"): [["rss"], ["atom", "rss"]],
    ("feeds", "content"): ["full", "summary"],
}
TOPICS = [{"label": "Teas"}, {"hide": True}, {"merge": ["Bread"]}, {"slug": "t"}, None]
fronts = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Kettles", "Loaves", "Kettles & loaves"]),
        "date": st.sampled_from(["2026-03-01", "2026-03-20", "2026-05-01 23:30:00", "2027-01-01"]),
        "categories": st.sampled_from([["Tea"], ["Field: Tea", "Bread"], "Tea, Bread", ["tea"], []]),
        "link": st.sampled_from([None, "https://source.example/x"]),
        "expiryDate": st.sampled_from([None, None, "2026-05-15"]),
        "draft": st.sampled_from([None, None, None, True]),
        "image": st.sampled_from([None, "pot.png", "https://pictures.example/a.png"]),
        "body": st.sampled_from(["Text.", "![](pot.png) [b](b.md)", "![](deep/pot.png) ![](../pot.png)"]),
    }
)
steps = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), fronts),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(
        st.just("picture"), st.sampled_from(["pot.png", "deep/pot.png"]), st.sampled_from([b"one", b"two", None])
    ),
    st.tuples(st.just("setting"), st.sampled_from(sorted(SETTINGS)), st.integers(0, 3)),
    st.tuples(
        st.just("topic"),
        st.just("Tea"),
        st.sampled_from([{"label": "Teas"}, {"hide": True}, {"merge": ["Bread"]}, None]),
    ),
    st.tuples(st.just("template"), st.just("pages/topic.html"), st.sampled_from(["<p>{{ topic.label }}</html>", None])),
    st.tuples(st.just("damage"), st.sampled_from(["all/rss.xml", "index.html"]), st.just(b"x")),
    st.tuples(st.just("build"), st.sampled_from(MOMENTS), st.none()),
)


def take(site: Site, config: dict[str, Any], step: tuple[str, Any, Any]) -> None:
    """Do one thing to a site."""
    kind, what, value = step
    articles = site.root / "articles"
    match kind:
        case "write":
            (articles / what).parent.mkdir(exist_ok=True)
            site.article(f"{what}.md", **value)
        case "remove":
            (articles / f"{what}.md").unlink(missing_ok=True)
        case "rename" if (articles / f"{what}.md").exists():
            (articles / f"{value}.md").parent.mkdir(exist_ok=True)
            (articles / f"{what}.md").replace(articles / f"{value}.md")
        case "damage" if (site.output / what).exists():  # else it would be somebody else's file, which stays
            (site.output / what).write_bytes(value)
        case "picture" | "template":
            folder = {"picture": "articles", "template": "templates"}[kind]
            if value is None:
                (site.root / folder / what).unlink(missing_ok=True)
            else:
                site.write(f"{folder}/{what}", value)
        case "setting":
            section, key = what
            place = config["sources"][0] if section == "source" else config.setdefault(section, {})
            place[key] = SETTINGS[what][value % len(SETTINGS[what])]
            if place[key] is None:
                del place[key]
            site.configure(config)
        case "topic":
            config["topics"] = {what: value} if value else {}
            site.configure(config)
        case "build":
            site.build(now=what)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("incremental")


def hold_incremental(folder: Path, before: list[tuple[str, Any, Any]], after: list[tuple[str, Any, Any]]) -> None:
    shutil.rmtree(folder)
    site, config = Site(folder), deepcopy(CONFIG)
    for step in (*before, ("build", NOW, None), *after):
        take(site, config, step)
    site.build()
    incremental = site.tree()
    shutil.rmtree(site.output)
    for name in ("index.sqlite", "published.json", "fresh.json"):
        (site.state / name).unlink(missing_ok=True)
    site.build()
    anew = site.tree()
    assert anew.keys() == incremental.keys()
    # A closed archive page keeps its bytes through edits, so that what is made anew may say more.
    differing = [path for path in changed(incremental, anew) if "/archive/" not in path]
    assert {path: incremental[path] for path in differing} == {path: anew[path] for path in differing}


@settings(deadline=None, max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(before=st.lists(steps, min_size=3, max_size=8), after=st.lists(steps, min_size=1, max_size=5))
def test_what_many_small_builds_leave_is_what_one_from_nothing_makes(folder, before, after):
    hold_incremental(folder, before, after)


@pytest.mark.real
@settings(deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(before=st.lists(steps, min_size=3, max_size=12), after=st.lists(steps, min_size=1, max_size=8))
def test_what_many_small_builds_leave_is_what_one_from_nothing_makes_hundreds_of_times(folder, before, after):
    hold_incremental(folder, before, after)


def test_an_edit_of_the_same_size_right_after_a_build_is_noticed(site):
    """The file system's clock moves in steps: the edit may carry the very time that the build has seen."""
    for number in range(20):
        site.article("a.md", title=f"Title {number:02}")
        site.build()
        assert [entry.title for entry in site.feed("all/rss.xml").entries] == [f"Title {number:02}"]


def test_an_edit_that_keeps_size_and_time_of_the_file_is_noticed(site):
    path = site.article("a.md", title="Title A")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    settle()
    site.build()
    settle()
    site.article("a.md", title="Title B")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    site.build()
    assert [entry.title for entry in site.feed("all/rss.xml").entries] == ["Title B"]
