"""A build: writes what changed, removes what is not wanted, touches nothing of others, and says so."""

import gzip
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest
from fakes import MemoryOutput, WorkerDied
from makers import NOW, day, front, make_newsletter
from memory_project import Project

from syndicate.domain.articles import Status
from syndicate.domain.codings import Coding
from syndicate.domain.topics import TopicOptions
from syndicate.errors import OutputError, Problem, TemplateError
from syndicate.services.report import BuildReport, Tally, plain_problem
from syndicate.services.summary import summary_line

FILES: dict[str, str | bytes] = {
    "news/tea.md": front("categories: [Tea]\nimage: cup.png"),
    "news/cake.md": front("categories: [Cake]", title="title: Cake", date="date: 2026-03-02"),
    "news/draft.md": front("draft: true", title="title: Draft"),
    "news/bad.md": "Just a text.",
    "news/_index.md": "x",
    "news/cup.png": b"PNG",
}
DOCUMENTS = 17


@pytest.fixture
def project() -> Project:
    return Project(FILES)


class TestWhatIsWritten:
    def test_everything_at_first(self, project: Project) -> None:
        report = project.build()
        assert len(project.output.files) == DOCUMENTS
        assert sorted(report.written) == sorted(project.output.files) == sorted(project.output.writes)
        assert report.feeds == Tally(written=9, unchanged=0, removed=0)
        assert report.pages == Tally(written=8, unchanged=0, removed=0)

    def test_nothing_when_nothing_changed(self, project: Project) -> None:
        project.build()
        report = project.build(NOW + timedelta(days=1))
        assert (report.written, report.removed, project.output.writes, project.folders.reads) == ((), (), [], [])
        assert report.feeds == Tally(written=0, unchanged=9, removed=0)

    def test_only_what_changed(self, project: Project) -> None:
        project.build()
        project.files["news/cake.md"] = front("categories: [Cake]", title="title: Big cake", date="date: 2026-03-02")
        report = project.build()
        assert {
            where for where in report.written if where.startswith(("topics/tea/", "articles/tea/", "media/"))
        } == set()
        assert {"topics/cake/rss.xml", "all/atom.xml", "index.html", "articles/cake/index.html"} <= set(report.written)

    def test_a_picture_of_the_same_size_that_was_written_a_moment_ago(self, project: Project) -> None:
        project.folders.fresh.add("news/cup.png")
        project.build()
        assert project.build().written == ()
        project.files["news/cup.png"] = b"GIF"
        assert project.build().written == ("media/news/cup.png",)
        assert project.output.files["media/news/cup.png"] == b"GIF"

    def test_a_file_that_somebody_changed_is_mended(self, project: Project) -> None:
        project.build()
        project.output.files["topics/tea/rss.xml"] = b"broken"
        del project.output.files["index.html"]
        assert set(project.build().written) == {"topics/tea/rss.xml", "index.html"}

    def test_a_full_build_makes_everything_and_writes_what_differs(self, project: Project) -> None:
        project.build()
        project.output.files["index.html"] = b"broken"
        report = project.build(full=True)
        assert report.written == ("index.html",)
        assert len(project.folders.reads) >= 5

    def test_a_document_whose_input_changed_and_whose_bytes_did_not_is_not_written(self, project: Project) -> None:
        project.build()
        project.templates_digest = "another"
        assert project.build().written == ()
        project.folders.reads.clear()
        assert project.build().written == ()

    def test_an_article_whose_time_has_come_is_published(self, project: Project) -> None:
        project.files["news/future.md"] = front("categories: [Tea]", title="title: Future", date="date: 2026-07-01")
        project.build()
        assert "articles/future/index.html" not in project.output.files
        assert "articles/future/index.html" in project.build(day(1, 7)).written

    def test_a_new_build_on_another_machine_makes_the_same(self, project: Project) -> None:
        project.build()
        other = Project(dict(reversed(FILES.items())))
        other.build()
        assert other.output.files == project.output.files


class TestWhatIsRemoved:
    def test_the_documents_of_an_article_that_is_gone(self, project: Project) -> None:
        project.build()
        del project.files["news/tea.md"]
        report = project.build()
        gone = ("articles/tea/index.html", "media/news/cup.png", "topics/tea/index.html")
        assert report.removed == gone
        assert not set(gone) & set(project.output.files)
        assert (report.feeds.removed, report.pages.removed) == (0, 3)
        assert project.build(NOW + timedelta(days=59)).removed == ()
        later = project.build(NOW + timedelta(days=60))
        assert later.removed == ("topics/tea/atom.xml", "topics/tea/feed.json", "topics/tea/rss.xml")
        assert (later.feeds.removed, later.pages.removed) == (3, 0)

    def test_those_of_a_topic_that_is_hidden(self, project: Project) -> None:
        project.build()
        project.topics = (TopicOptions(name="Tea", hidden=True),)
        assert project.build().removed == ("topics/tea/index.html",)
        feeds = ("topics/tea/atom.xml", "topics/tea/feed.json", "topics/tea/rss.xml")
        assert project.build(NOW + timedelta(days=30)).removed == feeds

    def test_nothing_else_in_the_folder(self, project: Project) -> None:
        project.output.files["CNAME"] = b"example.org"
        project.build()
        project.files.clear()
        project.build()
        assert project.output.files["CNAME"] == b"example.org"


class TestFilesOfOthers:
    def test_a_file_in_the_way_is_left_alone_and_told(self, project: Project) -> None:
        project.output.files["index.html"] = b"my own page"
        report = project.build()
        assert project.output.files["index.html"] == b"my own page"
        assert "index.html" not in report.written
        assert (
            Problem(
                path="index.html",
                reason="foreign-file",
                what="exists in the output folder and was not written by syndicate; it is left alone",
                hint="move it away, or publish elsewhere",
            )
            in report.problems
        )

    def test_it_is_still_left_alone_in_the_next_build_and_in_a_full_one(self, project: Project) -> None:
        project.output.files["index.html"] = b"my own page"
        for full in (False, False, True):
            assert [problem.reason for problem in project.build(full=full).problems].count("foreign-file") == 1
        assert project.output.files["index.html"] == b"my own page"

    def test_a_file_that_holds_just_what_we_would_write_is_taken_for_ours(self, project: Project) -> None:
        project.build()
        before = dict(project.output.files)
        project.output = MemoryOutput()
        project.output.files = before
        report = project.build()
        assert [problem.reason for problem in report.problems] == ["no-front-matter"]
        assert report.written == ()


class TestDryRun:
    def test_it_changes_nothing_and_tells_what_it_would(self, project: Project) -> None:
        project.build()
        del project.files["news/tea.md"]
        project.files["news/new.md"] = front("categories: [New]", title="title: New", date="date: 2026-04-01")
        before = dict(project.output.files), dict(project.ledger.by_id), dict(project.ledger.slugs)
        dry = project.build(dry_run=True)
        assert (dict(project.output.files), dict(project.ledger.by_id), dict(project.ledger.slugs)) == before
        assert project.output.writes == []
        wet = project.build()
        assert (dry.written, dry.removed, dry.feeds, dry.pages) == (wet.written, wet.removed, wet.feeds, wet.pages)
        assert (dry.dry_run, wet.dry_run) == (True, False)

    def test_the_first_run_of_all_may_be_dry(self, project: Project) -> None:
        assert len(project.build(dry_run=True).written) == DOCUMENTS
        assert (project.output.files, project.ledger.settings) == ({}, None)


class TestTheLedger:
    def test_it_learns_before_anything_can_be_seen(self, project: Project) -> None:
        class Broken(MemoryOutput):
            def put_in_place(self, path: str, fingerprint: str, *, changed: bool) -> None:
                raise OutputError("the disk is full")

        project.output = Broken()
        with pytest.raises(OutputError):
            project.build()
        ids = {identity.path: identity.id for identity in project.ledger.identities()}
        assert set(ids) == {"news/tea.md", "news/cake.md"}
        assert project.ledger.started_at() == NOW
        project.output = MemoryOutput()
        project.build(NOW + timedelta(days=1))
        assert {identity.path: identity.id for identity in project.ledger.identities()} == ids
        assert project.ledger.started_at() == NOW

    def test_a_rename_is_no_news(self, project: Project) -> None:
        project.build()
        before = project.output.files["topics/cake/atom.xml"]
        project.files["news/deep/cake.md"] = project.files.pop("news/cake.md")
        project.build(NOW + timedelta(days=1))
        assert project.output.files["topics/cake/atom.xml"] == before

    def test_topics_keep_their_addresses(self, project: Project) -> None:
        project.build()
        project.files["news/rival.md"] = front('categories: ["tea!"]', title="title: Rival")
        project.build()
        assert "topics/tea/rss.xml" in project.output.files
        assert project.ledger.slugs["tea"] == "tea"


class TestTheReport:
    def test_it_counts_every_file_and_tells_every_problem(self, project: Project) -> None:
        report = project.build()
        assert report.files == {Status.PUBLISHED: 2, Status.HELD: 1, Status.SKIPPED: 1, Status.REJECTED: 1}
        assert [str(problem) for problem in report.problems] == [
            "news/bad.md:1: expected front matter between --- lines at the top, got 'Just a text.' "
            "(begin the file with ---, title and date lines, and ---)"
        ]

    def test_it_is_plain_for_machines(self, project: Project) -> None:
        plain = project.build().plain()
        assert plain.pop("duration_s") >= 0
        (problem,) = plain.pop("problem_list")
        assert problem == {
            "path": "news/bad.md",
            "line": 1,
            "field": None,
            "what": "expected front matter between --- lines at the top, got 'Just a text.'",
            "hint": "begin the file with ---, title and date lines, and ---",
            "reason": "no-front-matter",
        }
        assert plain == {
            "files": 5,
            "published": 2,
            "held": 1,
            "duplicates": 0,
            "skipped": 1,
            "rejected": 1,
            "problems": 1,
            "feeds": {"written": 9, "unchanged": 0, "removed": 0},
            "pages": {"written": 8, "unchanged": 0, "removed": 0},
            "dry_run": False,
        }

    def test_a_newsletter_about_a_topic_that_there_is_not_is_told(self, project: Project) -> None:
        project.newsletters = (make_newsletter(topics=("Tea", "Teaa")),)
        assert [str(problem) for problem in project.build().problems][1:] == [
            "config.yaml: newsletters[weekly].topics: no article has the topic 'Teaa' "
            "(see 'syndicate topics' for those that there are)"
        ]

    def test_progress_is_told_for_articles_and_documents(self, project: Project) -> None:
        project.build()
        assert project.progress[0] == ("articles read", 5, 5)
        assert project.progress[-1] == ("documents made", DOCUMENTS, DOCUMENTS)
        made = [done for _, done, _ in project.progress[1:]]
        assert made == [3, 7, 11, 14, DOCUMENTS]  # the feeds of all, those of a topic with its page, twice, the rest

    def test_a_build_with_nothing_to_do_tells_no_progress(self, project: Project) -> None:
        project.build()
        project.build()
        assert project.progress == []


REPORT = BuildReport(
    files={}, problems=(), feeds=Tally(), pages=Tally(), written=(), removed=(), duration_s=0.4219, dry_run=False
)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "published 0 feeds, none changed, 0 problems in 0.42 s"),
        ({"feeds": Tally(written=3, unchanged=9)}, "published 12 feeds, 3 changed, 0 problems in 0.42 s"),
        ({"feeds": Tally(unchanged=1, removed=2)}, "published 1 feed, none changed, 2 removed, 0 problems in 0.42 s"),
        (
            {"pages": Tally(written=1, removed=1)},
            "published 0 feeds, none changed, 2 pages changed, 0 problems in 0.42 s",
        ),
        ({"pages": Tally(written=1)}, "published 0 feeds, none changed, 1 page changed, 0 problems in 0.42 s"),
        ({"feeds": Tally(written=1200)}, "published 1,200 feeds, 1,200 changed, 0 problems in 0.42 s"),
        (
            {"problems": (Problem(path="a", reason="x", what="y"),)},
            "published 0 feeds, none changed, 1 problem in 0.42 s",
        ),
        ({"dry_run": True}, "would publish 0 feeds, none changed, 0 problems in 0.42 s"),
    ],
)
def test_a_build_is_summed_up_in_a_line(changes: dict[str, object], line: str) -> None:
    assert summary_line(replace(REPORT, **changes).plain()) == line  # type: ignore[arg-type]


def test_a_problem_is_plain_for_machines() -> None:
    problem = Problem(path="a.md", reason="bad-date", what="is wrong", line=3, field="date")
    assert plain_problem(problem) == {
        "path": "a.md",
        "line": 3,
        "field": "date",
        "what": "is wrong",
        "hint": "",
        "reason": "bad-date",
    }


class TestFailures:
    def test_a_template_that_is_wrong_ends_the_build_with_its_place(self, project: Project) -> None:
        project.templates = {**project.templates, "pages/entry.html": "\n{{ entry.nope }}"}
        with pytest.raises(TemplateError, match=r"^templates/pages/entry\.html:2: "):
            project.build()

    def test_a_document_that_ends_its_worker_ends_the_build(self, project: Project) -> None:
        def dies(location: str, max_bytes: int) -> bytes:
            if location.endswith("pot.png"):
                raise WorkerDied
            return project.folders.read(location, max_bytes)

        project.files.update({"news/cake.md": front("categories: [Cake]", body="![](pot.png)"), "news/pot.png": b"PNG"})
        builder = replace(project.builder, collector=replace(project.collector, read=dies))
        with pytest.raises(OutputError, match=r"^making documents ended the process that made them: .*_media_document"):
            builder.build(NOW, progress=lambda *step: None)

    def test_one_page_of_each_kind_can_be_tried(self, project: Project) -> None:
        project.templates = {**project.templates, "pages/article.html": "{{ nope }}"}
        snapshot = project.snapshot()
        with pytest.raises(TemplateError, match=r"^templates/pages/article\.html:1: "):
            project.builder.try_pages(snapshot, NOW)
        assert project.output.files == {}


def test_texts_stand_beside_themselves_in_each_coding_that_is_wanted() -> None:
    one = Project({"news/1.md": front("categories: [Tea]")})
    plain = set(one.build().written)
    one.codings = tuple(Coding)
    report = one.build()
    assert set(report.written) == {f"{path}{coding.suffix}" for path in plain for coding in Coding}
    assert (report.feeds.written, report.pages.written) == (0, 0)
    for path in plain:
        assert gzip.decompress(one.output.files[f"{path}.gz"]) == one.output.files[path]
        assert brotli.decompress(one.output.files[f"{path}.br"]) == one.output.files[path]
    assert one.build().written == ()
    before = dict(one.output.files)
    one.output.forget()
    assert one.build().written == ()
    assert one.output.files == before
    one.codings = ()
    report = one.build()
    assert (set(one.output.files), report.pages.removed) == (plain, 0)
