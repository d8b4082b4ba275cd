"""What the commands say to people and to machines, and how they end: 0 done, 1 something wrong, 2 usage or config."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from support import CONFIG, NOW, Site

BUILD_KEYS = {
    "files", "published", "held", "duplicates", "skipped", "rejected", "problems", "feeds", "duration_s",
    "problem_list",
}  # fmt: skip
PROBLEM_KEYS = {"path", "line", "field", "what", "hint", "reason"}
ARTICLE_KEYS = {
    "path", "status", "reason", "id", "title", "url", "source_url", "brand", "published", "updated", "authors",
    "topics", "language", "image", "summary",
}  # fmt: skip


@pytest.fixture
def mixed(site: Site) -> Site:
    """A site with a file of every status, and two problems."""
    site.article("good.md", link="https://source.example/a", title="Kettles", image="https://source.example/a.png")
    site.article("copy.md", link="https://source.example/a", title="Kettles", date="2026-03-02")
    site.article("draft.md", draft=True)
    site.article("no-title.md", title=None)
    site.article("bad-date.md", date="2026-02-30", lastMod="2026-03-03")
    site.write("articles/_index.md", "---\ntitle: Section\n---\n")
    return site


def test_build_json_has_the_keys_that_are_promised(mixed):
    done = mixed.command("build", "--json", "--now", NOW)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report.keys() >= BUILD_KEYS
    assert report["feeds"].keys() == {"written", "unchanged", "removed"}
    counts = {key: value for key, value in report.items() if isinstance(value, int) and key in BUILD_KEYS}
    assert counts == {
        "files": 6, "published": 2, "held": 1, "duplicates": 1, "skipped": 1, "rejected": 1, "problems": 2,
    }  # fmt: skip
    assert report["feeds"] == {"written": 6, "unchanged": 0, "removed": 0}
    assert isinstance(report["duration_s"], float)
    assert report["problem_list"] == [
        {
            "path": "articles/bad-date.md",
            "line": 3,
            "field": "date",
            "what": "expected a date like 2026-03-01, got '2026-02-30'",
            "hint": "write it as 2026-03-01 or 2026-03-01T08:00:00Z",
            "reason": "bad-date",
        },
        {
            "path": "articles/no-title.md",
            "line": 1,
            "field": None,
            "what": "expected a title, found none",
            "hint": "add a line such as title: A headline",
            "reason": "no-title",
        },
    ]


def test_the_report_is_kept_for_machines(mixed):
    report = mixed.build()
    kept = json.loads((mixed.state / "report.json").read_text("utf-8"))
    assert {**kept, "duration_s": 0} == {**report, "duration_s": 0}


def test_articles_json_has_the_keys_that_are_promised_for_every_file(mixed):
    rows = mixed.articles()
    assert [row.keys() >= ARTICLE_KEYS for row in rows.values()] == [True] * 6
    assert {path: (row["status"], row["reason"]) for path, row in rows.items()} == {
        "articles/_index.md": ("skipped", "section-page"),
        "articles/bad-date.md": ("published", None),
        "articles/copy.md": ("duplicate", "same-story"),
        "articles/draft.md": ("held", "draft"),
        "articles/good.md": ("published", None),
        "articles/no-title.md": ("rejected", "no-title"),
    }
    assert rows["articles/good.md"]["topics"] == [{"slug": "tea", "label": "Tea", "taxonomy": None}]
    assert rows["articles/good.md"]["image"].keys() == {"url", "alt", "width", "height"}
    assert list(rows) == sorted(rows)


def test_articles_for_people_are_a_line_each_without_a_terminal(mixed):
    listed = mixed.say("articles", "--now", NOW).splitlines()
    assert listed[2] == "duplicate\tsame-story\t2026-03-02\tKettles\tarticles/copy.md"
    assert len(listed) == 6


def test_topics_show_how_many_articles_they_have(mixed):
    assert mixed.say("topics", "--now", NOW) == "tea\tTea\t\t2\t2026-03-03\n"
    assert [json.loads(line) for line in mixed.say("topics", "--json", "--now", NOW).splitlines()] == [
        {"slug": "tea", "label": "Tea", "taxonomy": None, "articles": 2, "newest": "2026-03-03T00:00:00Z"}
    ]


def test_a_build_ends_with_0_though_there_are_problems_and_with_1_if_it_is_strict(mixed):
    easy = mixed.command("build", "--now", NOW)
    assert easy.returncode == 0
    assert easy.stderr == (
        "articles/bad-date.md:3: date: expected a date like 2026-03-01, got '2026-02-30' "
        "(write it as 2026-03-01 or 2026-03-01T08:00:00Z)\n"
        "articles/no-title.md:1: expected a title, found none (add a line such as title: A headline)\n"
    )
    assert re.fullmatch(r"published 6 feeds, 6 changed, 5 pages changed, 2 problems in \d+\.\d\d s\n", easy.stdout)
    for _ in ("first", "by the short way"):
        strict = mixed.run("build", "--now", NOW, "--strict")
        assert strict.exit_code == 1
        assert strict.stdout.startswith("published 6 feeds, none changed, 2 problems in ")


def test_a_strict_build_without_problems_ends_with_0(site):
    site.article("a.md")
    assert site.run("build", "--now", NOW, "--strict").exit_code == 0


def test_check_ends_with_1_if_anything_is_wrong_and_writes_nothing(mixed):
    done = mixed.run("check", "--now", NOW)
    assert (done.exit_code, done.stdout) == (1, "2 problems\n")
    assert len(done.stderr.splitlines()) == 2
    assert not mixed.output.exists()
    as_json = json.loads(mixed.run("check", "--now", NOW, "--json").stdout)
    assert as_json["problems"] == len(as_json["problem_list"]) == 2
    assert [problem.keys() for problem in as_json["problem_list"]] == [PROBLEM_KEYS] * 2


def test_check_ends_with_0_if_nothing_is_wrong(site):
    site.article("a.md")
    done = site.run("check", "--now", NOW)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "0 problems\n", "")


def test_check_judges_the_feeds_that_stand_in_the_output_folder(site):
    site.article("good.md")
    site.run("build", "--now", NOW)
    feed = site.root / "output/all/rss.xml"
    feed.write_bytes(feed.read_bytes().replace(b'rel="self"', b'rel="related"'))
    done = site.run("check", "--now", NOW)
    assert (done.exit_code, done.stdout) == (1, "1 problem\n")
    assert done.stderr == (
        "output/all/rss.xml:4: expected a link with rel 'self' to https://gazette.example/all/rss.xml, got none "
        "(syndicate writes this: run 'syndicate build --full', and if it stays, report it together with the article; "
        "by RSS Best Practices Profile, atom:link; RFC 4287, 4.1.1)\n"
    )


def test_many_problems_are_shown_in_part_by_a_build_and_in_full_by_check(site):
    for number in range(25):
        site.write(f"articles/{number:02}.md", "")
    line = "the file is empty (write an article into it or remove it)"
    build = site.run("build", "--now", NOW).stderr.splitlines()
    assert build[:-1] == [f"articles/{number:02}.md:1: {line}" for number in range(20)]
    assert build[-1] == "… and 5 more; 'syndicate check' lists them all"
    assert len(site.run("check", "--now", NOW).stderr.splitlines()) == 25


CONFIGS = {
    "site:\n  titel: T\n  url: https://x.example/\nsources:\n  - path: articles\n": (
        "config.yaml:1: site.title: expected a value for 'title', found none (add it)\n"
        "config.yaml:2: site.titel: unknown key 'titel' (did you mean 'title'?)\n"
    ),
    "site:\n  title: T\n  url: x.example\nsources: []\n": (
        "config.yaml:3: site.url: expected an address such as https://example.org/, got 'x.example'\n"
        "config.yaml:4: sources: expected at least one item, got a list\n"
    ),
    "site: [\n": (
        "config.yaml:2: did not find expected node content "
        "(look at this line and the one above it: a missing colon, quote or space)\n"
    ),
    "site:\n  title: T\n  url: https://x.example/\nsources:\n  - path: nowhere\n": (
        "config.yaml: sources: the source folder 'nowhere' can't be read: No such file or directory "
        "(name a folder that exists, relative to the config)\n"
    ),
    "": "config.yaml:1: expected keys such as site: and sources:, got nothing (run 'syndicate init')\n",
}


@pytest.mark.parametrize("text", CONFIGS, ids=["unknown key", "two mistakes", "no YAML", "no folder", "empty"])
def test_a_config_that_can_not_be_used_ends_with_2_and_every_mistake_with_its_line(site, text):
    site.article("a.md")
    site.write("config.yaml", text)
    message = CONFIGS[text].replace("config.yaml:", f"{site.config}:")
    assert f"{site.refuse('build', '--now', NOW)}\n" == message
    check = site.run("check", "--now", NOW)
    assert (check.exit_code, check.stderr) == (2, message)
    assert not site.output.exists()


def test_a_config_that_can_not_be_used_ends_a_command_with_2(site):
    text, message = next(iter(CONFIGS.items()))
    site.write("config.yaml", text)
    done = site.command("build", "--now", NOW)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


USAGE = {
    ("build", "--config", "none.yaml"): (
        "none.yaml: there is no such file "
        "(run 'syndicate init path/to/articles' to write one, or name one with --config)\n"
    ),
    ("build", "--now", "soon"): (
        "Usage: syndicate build [OPTIONS]\nTry 'syndicate build --help' for help.\n\n"
        "Error: Invalid value for '--now': expected a moment like 2026-03-01T08:00:00Z, got 'soon'\n"
    ),
    ("bild",): (
        "Usage: syndicate [OPTIONS] COMMAND [ARGS]...\nTry 'syndicate --help' for help.\n\n"
        "Error: No such command 'bild'.\n"
    ),
    ("issue", "cut", "daily"): "there is no newsletter 'daily' in the config; it has: none\n",
    ("ledger", "import", "nothing.jsonl"): (
        "Usage: syndicate ledger import [OPTIONS] FILE\nTry 'syndicate ledger import --help' for help.\n\n"
        "Error: nothing.jsonl: can't be read: No such file or directory\n"
    ),
}


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_a_command_that_can_not_be_meant_ends_with_2_and_says_what_is_wrong(site, arguments):
    done = site.command(*arguments)
    said = done.stderr.replace("python -m syndicate", "syndicate")
    assert (done.returncode, done.stdout, said) == (2, "", USAGE[arguments])


def test_an_output_folder_that_can_not_be_written_ends_with_1(site):
    site.article("a.md")
    site.write("output", "a file")
    done = site.command("build", "--now", NOW)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "output/all/rss.xml: can't be written: Not a directory\n"


def test_a_ledger_that_is_none_ends_with_1_and_is_left_alone(site):
    site.article("a.md")
    site.write(".syndicate/ledger.sqlite", b"not a database, but perhaps somebody's treasure")
    done = site.command("build", "--now", NOW)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ".syndicate/ledger.sqlite: the ledger can't be used: file is not a database\n"
    assert (site.state / "ledger.sqlite").read_bytes() == b"not a database, but perhaps somebody's treasure"


def test_paths_of_a_config_are_relative_to_it_wherever_the_command_is_called(tmp_path):
    site = Site(tmp_path / "site", CONFIG, output={"path": "../public"}, state={"path": "kept/state"})
    site.article("a.md")
    caller = Site(tmp_path / "caller")
    done = caller.command("build", "--now", NOW, "--config", "../site/config.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "public" / "all" / "rss.xml").exists()
    assert (site.root / "kept" / "state" / "ledger.sqlite").exists()
    assert not (caller.root / "output").exists()
    assert list(site.articles()) == ["articles/a.md"]


def test_source_folders_may_be_absolute_several_and_beside_the_config(tmp_path):
    site = Site(tmp_path / "site", {**CONFIG, "sources": [{"path": str(tmp_path / "one")}, {"path": "../two"}]})
    for name in ("one", "two"):
        Site(tmp_path / name).write("a.md", f"---\ntitle: {name}\ndate: 2026-03-01\n---\n")
        (tmp_path / name / "config.yaml").unlink()
    assert site.build()["published"] == 2
    assert sorted(row["title"] for row in site.articles().values()) == ["one", "two"]


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe as POSIX shells do")
def test_a_reader_that_has_seen_enough_is_no_error(site):
    for number in range(300):
        site.article(f"{number}.md", body="x" * 500)
    script = f"{sys.executable} -m syndicate articles --json --now {NOW} 2>errors | head -n 1"
    assert os.waitstatus_to_exitcode(os.system(f"cd '{site.root}' && {script} > first")) == 0
    assert json.loads((site.root / "first").read_text())["path"] == "articles/0.md"
    assert (site.root / "errors").read_text() == ""


def test_help_names_every_command(tmp_path: Path):
    done = Site(tmp_path).command("--help")
    for command in ("init", "build", "check", "topics", "articles", "issue", "ledger", "schema"):
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE)
    assert (done.returncode, done.stderr) == (0, "")
