"""Collecting: which files are read, what the index saves, and what a file that does harm costs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import WorkerDied
from makers import NAMESPACE, NOW, UTC_ZONE, day, front, make_options, path
from memory_project import Project

from syndicate.domain.articles import Status
from syndicate.domain.identity import entry_id, site_namespace
from syndicate.domain.topics import TopicOptions
from syndicate.parsing import articles
from syndicate.ports import SourceFiles
from syndicate.services.collect import parse_key

TEA, CAKE = front("categories: [Tea]"), front("categories: [Cake]", title="title: Cake")


def statuses(project: Project) -> dict[str, str]:
    return {file.path: file.status.value for file in project.snapshot().collection.files}


def read(project: Project, *, full: bool = False) -> list[str]:
    """Return which files a collection reads."""
    project.folders.reads.clear()
    project.snapshot(full=full)
    return sorted(project.folders.reads)


class TestWhatIsRead:
    def test_every_file_at_first(self) -> None:
        project = Project({"news/tea.md": TEA, "news/deep/cake.html": CAKE, "news/cup.png": b"", "letters/a.md": TEA})
        assert read(project) == ["news/deep/cake.html", "news/tea.md"]

    def test_nothing_when_nothing_changed(self) -> None:
        project = Project({"news/tea.md": TEA, "news/cake.md": CAKE})
        before = project.snapshot()
        assert read(project) == []
        assert project.snapshot().collection == before.collection

    def test_only_what_changed(self) -> None:
        project = Project({"news/tea.md": TEA, "news/cake.md": CAKE})
        project.snapshot()
        project.files["news/tea.md"] = front(title="title: Green tea")
        project.files["news/new.md"] = TEA
        assert read(project) == ["news/new.md", "news/tea.md"]

    def test_everything_if_asked(self) -> None:
        project = Project({"news/tea.md": TEA, "news/cake.md": CAKE})
        project.snapshot()
        assert read(project, full=True) == ["news/cake.md", "news/tea.md"]

    def test_everything_when_the_settings_of_the_source_change(self) -> None:
        project = Project({"news/tea.md": TEA})
        project.snapshot()
        project.sources = (make_options(taxonomies=False),)
        assert read(project) == ["news/tea.md"]

    def test_a_file_whose_picture_came_or_went(self) -> None:
        project = Project({"news/tea.md": front("image: cup.png"), "news/cake.md": CAKE})
        project.snapshot()
        project.files["news/other.png"] = b"x"
        assert read(project) == []
        project.files["news/cup.png"] = b"x"
        assert read(project) == ["news/tea.md"]
        assert read(project) == []
        del project.files["news/cup.png"]
        assert read(project) == ["news/tea.md"]

    def test_a_file_that_is_too_fresh_to_be_trusted_again_and_again(self) -> None:
        project = Project({"news/tea.md": TEA})
        scan = project.folders.scan

        def fresh(where: str) -> SourceFiles:
            found = scan(where)
            return replace(found, articles=tuple(file._replace(signature="") for file in found.articles))

        collector = replace(project.collector, scan=fresh)
        for _ in range(2):
            project.folders.reads.clear()
            collector.snapshot(NOW, progress=lambda done, total: None)
            assert project.folders.reads == ["news/tea.md"]

    def test_a_file_that_is_gone_is_forgotten(self) -> None:
        project = Project({"news/tea.md": TEA, "news/cake.md": CAKE})
        project.snapshot()
        del project.files["news/tea.md"]
        assert statuses(project) == {"news/cake.md": "published"}
        assert set(project.index.rows) == {path("news/cake.md")}

    def test_the_clock_alone_changes_statuses_and_reads_nothing(self) -> None:
        project = Project({"news/tea.md": front(date="date: 2026-07-01")})
        assert project.snapshot().collection.articles == ()
        project.folders.reads.clear()
        assert len(project.snapshot(day(1, 7)).collection.articles) == 1
        assert project.folders.reads == []


class TestParseKey:
    @pytest.mark.parametrize(
        "changes",
        [
            {"zone": None},
            {"taxonomies": False},
            {"site_url": "https://x.example/"},
            {"permalink": "/:slug/"},
            {"name": "b"},
        ],
    )
    def test_every_setting_of_a_source_counts(self, changes: dict[str, object]) -> None:
        assert parse_key(make_options(**changes), None) != parse_key(make_options(), None)

    def test_a_language_counts_and_equal_settings_are_equal(self) -> None:
        assert parse_key(make_options(), "de") != parse_key(make_options(), None)
        assert parse_key(make_options(zone=UTC_ZONE), None) == parse_key(make_options(), None)


class TestWhatBecomesOfFiles:
    def test_every_file_has_one_status(self) -> None:
        project = Project(
            {
                "news/tea.md": TEA,
                "news/_index.md": TEA,
                "news/draft.md": front("draft: true"),
                "news/bad.md": "Just a text.",
                "news/a.md": front("link: https://pub.example/a", title="title: Same"),
                "news/b.md": front("link: https://pub.example/a", title="title: Same"),
            }
        )
        assert statuses(project) == {
            "news/_index.md": "skipped",
            "news/a.md": "published",
            "news/b.md": "duplicate",
            "news/bad.md": "rejected",
            "news/draft.md": "held",
            "news/tea.md": "published",
        }

    def test_a_file_that_cannot_be_read_is_rejected_and_tried_again(self) -> None:
        project = Project({"news/tea.md": TEA, "news/cake.md": CAKE})
        project.folders.unreadable.add("news/tea.md")
        collection = project.snapshot().collection
        assert [str(problem) for problem in collection.problems] == [
            "news/tea.md: can't be read: Permission denied (check that it is a file and its permissions)"
        ]
        assert statuses(project) == {"news/cake.md": "published", "news/tea.md": "rejected"}
        project.folders.unreadable.clear()
        assert statuses(project) == {"news/cake.md": "published", "news/tea.md": "published"}

    def test_a_folder_that_cannot_be_listed_is_told(self) -> None:
        project = Project({"news/tea.md": TEA})
        scan = project.folders.scan
        collector = replace(project.collector, scan=lambda where: replace(scan(where), unreadable=("news/closed",)))
        collection = collector.snapshot(NOW, progress=lambda done, total: None).collection
        assert [str(problem) for problem in collection.problems] == [
            "news/closed: can't be listed (check the folder's permissions)"
        ]
        assert len(collection.articles) == 1

    def test_a_file_beyond_measure_is_rejected_without_being_read_whole(self) -> None:
        project = Project({"news/big.md": b"---\ntitle: Tea\n---\n" + b"x" * (articles.MAX_FILE_BYTES + 50)})
        (problem,) = project.snapshot().collection.problems
        assert problem.reason == "file-too-large"

    def test_translations_are_known_by_where_they_lie(self) -> None:
        project = Project({"news/en/tea.md": TEA, "news/de/tea.md": TEA, "news/cake.es.md": CAKE, "news/cake.md": CAKE})
        languages = {article.path: article.language for article in project.snapshot().collection.articles}
        assert languages == {
            "news/en/tea.md": "en",
            "news/de/tea.md": "de",
            "news/cake.es.md": "es",
            "news/cake.md": None,
        }

    def test_several_sources_are_read_each_in_its_way(self) -> None:
        project = Project({"news/tea.md": TEA, "letters/2026-03-04-a.md": "Title: A letter\n\nText."})
        project.sources = (make_options(), make_options(name="post", path="letters", header_lines=True))
        snapshot = project.snapshot()
        assert {article.path: article.source for article in snapshot.collection.articles} == {
            "news/tea.md": "news",
            "letters/2026-03-04-a.md": "post",
        }


class Deadly:
    """A reader that ends the worker on some files."""

    def __init__(self, project: Project, *names: str) -> None:
        self.read, self.names = project.folders.read, names

    def __call__(self, location: str, max_bytes: int) -> bytes:
        if location in self.names:
            raise WorkerDied
        return self.read(location, max_bytes)


class TestFilesThatEndTheirWorker:
    @pytest.mark.parametrize("count", [1, 3, 130])
    def test_they_are_rejected_and_their_neighbours_are_not(self, count: int) -> None:
        project = Project({f"news/{number:03}.md": front(title=f"title: Number {number}") for number in range(count)})
        deadly = {f"news/{number:03}.md" for number in (0, 77) if number < count}
        collector = replace(project.collector, read=Deadly(project, *deadly))
        collection = collector.snapshot(NOW, progress=lambda done, total: None).collection
        assert {file.path for file in collection.files if file.status is Status.REJECTED} == deadly
        assert len(collection.articles) == count - len(deadly)
        assert {str(problem) for problem in collection.problems} == {
            f"{name}: reading it ended the process that read it (look for deeply nested markup, and simplify it)"
            for name in deadly
        }

    def test_the_index_remembers_them_so_that_they_do_it_once(self) -> None:
        project = Project({"news/a.md": TEA, "news/b.md": CAKE})
        collector = replace(project.collector, read=Deadly(project, "news/a.md"))
        collector.snapshot(NOW, progress=lambda done, total: None)
        assert read(project) == []
        assert statuses(project) == {"news/a.md": "rejected", "news/b.md": "published"}


class TestTheSnapshot:
    def test_ids_come_from_the_site_at_first_and_from_the_ledger_then(self) -> None:
        project = Project({"news/tea.md": TEA})
        first = project.snapshot()
        assert first.namespace == site_namespace("https://example.org/")
        project.ledger.begin(NAMESPACE, NOW)
        assert project.snapshot().namespace == NAMESPACE
        assert project.snapshot().identities[path("news/tea.md")].id == entry_id("path:news/tea.md", NAMESPACE)

    def test_it_tells_what_the_ledger_does_not_know_yet(self) -> None:
        project = Project({"news/tea.md": TEA})
        snapshot = project.snapshot()
        assert {identity.path for identity in snapshot.new_identities} == {"news/tea.md"}
        assert snapshot.new_topic_slugs == {"tea": "tea"}
        project.ledger.record_identities(snapshot.new_identities)
        project.ledger.record_topic_slugs(snapshot.new_topic_slugs)
        again = project.snapshot(NOW + timedelta(days=1))
        assert (again.new_identities, again.new_topic_slugs) == ((), {})

    def test_an_article_that_becomes_a_draft_keeps_its_id_for_when_it_is_published_again(self) -> None:
        project = Project({"news/tea.md": TEA})
        project.build()
        known = project.snapshot().identities[path("news/tea.md")].id
        project.files["news/tea.md"] = front("categories: [Tea]\ndraft: true")
        project.files["news/copy.md"] = TEA
        project.build()
        assert project.snapshot().identities[path("news/copy.md")].id != known
        project.files["news/tea.md"] = TEA
        assert project.snapshot().identities[path("news/tea.md")].id == known

    def test_a_topics_slug_that_the_config_changes_is_to_be_remembered(self) -> None:
        project = Project({"news/tea.md": TEA})
        project.ledger.record_topic_slugs({"tea": "tea"})
        project.topics = (TopicOptions(name="Tea", slug="hot"),)
        assert project.snapshot().new_topic_slugs == {"tea": "hot"}

    def test_it_holds_the_pictures_of_published_articles_only(self) -> None:
        project = Project(
            {
                "news/tea.md": front("image: cup.png"),
                "news/draft.md": front("image: secret.png\ndraft: true"),
                "news/cup.png": b"",
                "news/secret.png": b"",
                "news/unused.png": b"",
            }
        )
        media = project.snapshot().media
        assert {where: file.location for where, file in media.items()} == {"media/news/cup.png": "news/cup.png"}

    def test_the_categories_of_a_duplicate_count_for_its_original(self) -> None:
        link = "link: https://pub.example/a"
        project = Project(
            {"news/a.md": front(f"{link}\ncategories: [Tea]"), "news/b.md": front(f"{link}\ncategories: [Hot]")}
        )
        topics = project.snapshot().topics.by_article
        assert {where: [topic.label for topic in own] for where, own in topics.items()} == {"news/a.md": ["Tea", "Hot"]}

    def test_progress_is_told_up_to_the_last_file(self) -> None:
        project = Project({f"news/{number}.md": front(title=f"title: Number {number}") for number in range(90)})
        steps: list[tuple[int, int]] = []
        project.collector.snapshot(NOW, progress=lambda done, total: steps.append((done, total)))
        assert steps[-1] == (90, 90)
        assert steps == sorted(steps)
