"""What may and what may not happen to the files of output/."""

import json
import os

import pytest
from support import CONFIG, NOW, Site, changed, files, problems, settle

FOREIGN = (
    "exists in the output folder and was not written by syndicate; it is left alone "
    "(move it away, or publish elsewhere)"
)
WEEKLY = {"slug": "weekly", "title": "Weekly", "cadence": "weekly on Monday at 08:00", "start": "2026-01-01"}


def foreign_line(path: str) -> str:
    return f"{path}: {FOREIGN}\n"


def test_files_of_somebody_else_are_left_alone_and_named_once(site):
    site.article("a.md", link="https://source.example/a")
    site.write("output/index.html", "my own front page")
    site.write("output/topics/tea/rss.xml", b"\xff\x00 my own feed")
    site.write("output/robots.txt", "User-agent: *")
    site.write("output/topics/tea/notes.txt", "notes")
    before = site.tree()
    first = site.run("build", "--now", NOW)
    named = [foreign_line("index.html"), foreign_line("topics/tea/rss.xml")]
    assert (first.exit_code, sorted(first.stderr.splitlines(keepends=True))) == (0, named)
    assert first.stdout.startswith("published 5 feeds, 5 changed, 3 pages changed, 2 problems in ")
    after = site.tree()
    assert {path: after[path] for path in before} == before
    assert changed(before, after) == {
        "all/rss.xml",
        "all/atom.xml",
        "all/feed.json",
        "feed.css",
        "feeds.opml",
        "topics/tea/atom.xml",
        "topics/tea/feed.json",
        "topics/tea/index.html",
    }
    again = site.build("--full")
    assert problems(again) == {("index.html", "foreign-file"), ("topics/tea/rss.xml", "foreign-file")}
    assert again["feeds"] == {"written": 0, "unchanged": 5, "removed": 0}
    assert site.tree() == after


def test_a_file_of_somebody_else_that_goes_away_is_replaced_by_ours(site):
    site.article("a.md")
    site.write("output/index.html", "my own front page")
    site.build()
    (site.output / "index.html").unlink()
    report = site.build()
    assert (report["problems"], report["pages"]["written"]) == (0, 1)
    assert b'<meta name="generator" content="syndicate' in site.tree()["index.html"]


def test_a_folder_of_somebody_else_in_the_place_of_a_file_is_left_alone(site):
    site.article("a.md")
    site.write("output/index.html/mine.txt", "mine")
    report = site.build()
    assert problems(report) == {("index.html", "foreign-file")}
    assert site.tree()["index.html/mine.txt"] == b"mine"


def test_a_file_of_somebody_else_in_the_place_of_a_folder_is_left_alone(site):
    site.article("a.md")
    site.write("output/topics", "mine")
    said = site.refuse("build", "--now", NOW)
    assert said == f"{site.output}/topics/tea/rss.xml: can't be written: Not a directory"
    assert site.tree()["topics"] == b"mine"


def test_what_is_no_longer_wanted_is_removed_with_the_folders_that_it_leaves_empty(site):
    site.article("a.md", categories=["Tea"])
    site.article("b.md", categories=["Bread"])
    site.write("output/topics/tea/notes.txt", "notes of somebody else")
    site.build()
    assert {"articles/a/index.html", "topics/tea/rss.xml", "topics/bread/rss.xml"} <= site.tree().keys()
    (site.root / "articles/a.md").unlink()
    report = site.build()
    assert (report["feeds"]["removed"], report["pages"]["removed"]) == (0, 2)
    assert not (site.output / "articles" / "a").exists()
    assert site.feed("topics/tea/rss.xml").entries == []  # it waits for more
    assert [entry.title for entry in _feed_at(site, MONTH_LATER)] == ["The feed Tea has ended"]
    report = site.build(now=TWO_MONTHS_LATER)
    assert report["feeds"]["removed"] == 3
    assert {path for path in site.tree() if "tea" in path} == {"topics/tea/notes.txt"}
    assert json.loads((site.state / "addresses.json").read_bytes())["gone"] == [
        "topics/tea/", "topics/tea/atom.xml", "topics/tea/feed.json", "topics/tea/index.html", "topics/tea/rss.xml",
    ]  # fmt: skip
    (site.root / "articles/b.md").unlink()
    site.build(now=TWO_MONTHS_LATER)
    site.build(now="2027-06-01T00:00:00Z")
    assert not (site.output / "topics" / "bread").exists()
    assert not (site.output / "articles").exists()


MONTH_LATER, TWO_MONTHS_LATER = "2026-12-15T00:00:00Z", "2027-01-15T00:00:00Z"


def _feed_at(site, now):
    site.build(now=now)
    return site.feed("topics/tea/rss.xml").entries


def test_a_site_without_articles_has_an_empty_feed_of_all(site):
    assert site.build()["feeds"] == {"written": 3, "unchanged": 0, "removed": 0}
    assert set(site.tree()) == {"all/atom.xml", "all/feed.json", "all/rss.xml", "feed.css", "feeds.opml", "index.html"}
    assert site.feed("all/rss.xml").entries == site.feed("all/atom.xml").entries == []


def test_formats_that_are_turned_off_are_removed(site):
    site.article("a.md")
    site.build()
    site.configure({**CONFIG, "feeds": {"formats": ["atom"]}})
    assert site.build()["feeds"] == {"written": 0, "unchanged": 2, "removed": 4}
    assert [path for path in site.tree() if path.endswith(("rss.xml", "feed.json"))] == []


def test_output_holds_nothing_of_articles_that_are_held_back_and_no_path_of_the_machine(site):
    secret = {"title": "Xyzzy secret", "body": "xyzzy text", "categories": ["Xyzzy topic"], "author": "Xyzzy author"}
    site.article("open.md", body="![pot](pot.png)")
    site.write("articles/pot.png", b"picture")
    site.write("articles/xyzzy.png", b"picture of a draft")
    site.article("draft.md", **secret, draft=True)
    site.article("off.md", **secret, published=False)
    site.article("invalid.md", **secret, valid=False)
    site.article("future.md", **{**secret, "body": "![](xyzzy.png)"}, publishDate="2027-01-01")
    site.article("gone.md", **secret, expiryDate="2026-10-31")
    site.article("no-title.md", **{**secret, "title": None})
    report = site.build()
    assert (report["published"], report["held"], report["rejected"]) == (1, 5, 1)
    for path, data in site.tree().items():
        assert b"yzzy" not in data, path
        assert str(site.root).encode() not in data, path
        assert "xyzzy" not in path
    names = {path.name for path in files(site.output)}
    assert not {name for name in names if name.startswith(".") or "sqlite" in name or name.endswith(".json")} - {
        "feed.json"
    }


def test_an_article_that_is_taken_back_leaves_nothing_behind(site):
    site.article("a.md", title="Xyzzy", body="![](xyzzy.png)", categories=["Xyzzy"])
    site.article("b.md")
    site.write("articles/xyzzy.png", b"picture")
    site.build()
    assert "media/articles/xyzzy.png" in site.tree()
    site.article("a.md", title="Xyzzy", body="![](xyzzy.png)", categories=["Xyzzy"], draft=True)
    site.build()
    kept = {"topics/xyzzy/atom.xml", "topics/xyzzy/feed.json", "topics/xyzzy/rss.xml"}  # they wait for more
    assert {path for path, data in site.tree().items() if b"yzzy" in data or "xyzzy" in path} == kept
    assert site.feed("topics/xyzzy/rss.xml").entries == []


@pytest.mark.parametrize("lost", ["index.sqlite", "published.json", "fresh.json", "report.json"])
def test_what_the_state_folder_holds_beside_the_ledger_costs_nothing_but_time(tmp_path, lost):
    site = Site(tmp_path, CONFIG, newsletters=[WEEKLY])
    site.article("a.md", body="![pot](pot.png)")
    site.article("b.md", link="https://source.example/b")
    site.write("articles/pot.png", b"picture")
    assert site.run("issue", "cut", "weekly", "--now", NOW).exit_code == 0
    settle()
    site.build()
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files(site.output)}
    (site.state / lost).unlink()
    report = site.build()
    assert report["problem_list"] == []
    assert (report["feeds"]["written"], report["pages"]["written"]) == (0, 0)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files(site.output)} == before
    (site.root / "articles/a.md").unlink()
    site.build()
    assert [path for path in site.tree() if path.startswith(("media/", "articles/"))] == []


@pytest.mark.parametrize("name", ["index.sqlite", "published.json", "fresh.json"])
@pytest.mark.parametrize(
    "content", [b"", b"no such thing" * 500, b"[1, 2]", b'{"index.html": 3, "../config.yaml": [1, 2, "x"]}']
)
def test_a_damaged_file_of_the_state_folder_is_made_anew(site, name, content):
    site.article("a.md")
    site.build()
    before = site.tree()
    site.write(f".syndicate/{name}", content)
    assert site.build()["problem_list"] == []
    assert site.tree() == before
    assert site.config.exists()


def test_what_was_published_before_the_manifest_was_lost_is_still_removed_when_it_goes(site):
    site.article("a.md", categories=["Bread"])
    site.article("b.md")
    site.build()
    settle()
    (site.state / "published.json").unlink()
    (site.root / "articles/a.md").unlink()
    site.build()
    assert [path for path in site.tree() if path == "topics/bread/index.html" or path.startswith("articles/a/")] == []
    site.build(now=TWO_MONTHS_LATER)
    assert [path for path in site.tree() if "bread" in path] == []


def test_without_a_ledger_a_site_gets_the_same_ids_and_bytes(site):
    site.article("a.md", link="https://source.example/a", lastMod="2026-04-01")
    site.article("b.md", id=7)
    site.article("c.md")
    site.build()
    before = site.tree()
    for path in files(site.state):
        path.unlink()
    report = site.build()
    assert (report["feeds"]["written"], report["problems"]) == (0, 0)
    assert site.tree() == before


def test_a_dry_run_writes_nothing_and_lists_what_it_would_write(site):
    site.article("a.md", link="https://source.example/a")
    first = site.run("build", "--now", NOW, "--dry-run")
    paths = ["all/atom.xml", "all/feed.json", "all/rss.xml", "feed.css", "feeds.opml", "index.html"]
    paths += ["topics/tea/atom.xml", "topics/tea/feed.json", "topics/tea/index.html", "topics/tea/rss.xml"]
    assert sorted(first.stdout.splitlines()[:-1]) == [f"would write {path}" for path in paths]
    assert first.stdout.splitlines()[-1].startswith("would publish 6 feeds, 6 changed, 4 pages changed, 0 problems in ")
    assert (first.exit_code, first.stderr) == (0, "")
    assert not site.output.exists()
    site.build()
    before = site.tree()
    site.article("a.md", link="https://source.example/a", categories=["Bread"])
    second = site.run("build", "--now", NOW, "--dry-run")
    lines = set(second.stdout.splitlines()[:-1])
    assert {line for line in lines if line.startswith("would remove")} == {"would remove topics/tea/index.html"}
    assert {"would write topics/bread/rss.xml", "would write all/rss.xml", "would write index.html"} <= lines
    assert site.tree() == before
    report = site.build()
    assert report["feeds"] == {"written": 9, "unchanged": 0, "removed": 0}


def test_a_dry_run_does_not_teach_the_ledger(site):
    """What a dry run saw at one moment must not be what counts when the article is published at another."""
    site.article("a.md")
    site.build("--dry-run", now="2026-05-01T00:00:00Z")
    assert site.say("ledger", "export").splitlines() == ['{"syndicate_ledger": 4}']


def test_another_output_folder_gets_all_and_the_first_one_keeps_its_own(site):
    site.article("a.md")
    site.build()
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files(site.output)}
    elsewhere = site.root / "elsewhere"
    report = site.build("--output", str(elsewhere))
    assert report["feeds"] == {"written": 6, "unchanged": 0, "removed": 0}
    assert {path.relative_to(elsewhere): path.read_bytes() for path in files(elsewhere)} == {
        path.relative_to(site.output): path.read_bytes() for path in files(site.output)
    }
    assert site.build()["feeds"]["written"] == 0
    assert site.build("--output", str(elsewhere))["feeds"]["written"] == 0
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files(site.output)} == before


def test_files_of_an_output_folder_may_be_read_by_everybody_whom_the_umask_allows(site):
    site.article("a.md")
    old = os.umask(0o022)
    try:
        site.build()
    finally:
        os.umask(old)
    assert {oct(path.stat().st_mode & 0o777) for path in files(site.output)} == {"0o644"}
