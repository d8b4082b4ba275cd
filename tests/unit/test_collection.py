"""The collection: one status a file, duplicates found, conflicts told, and when the clock changes it."""

from datetime import timedelta
from typing import Any

import pytest
from makers import NOW, category, day, make_article, path

from syndicate.domain.articles import Article, Author, Status
from syndicate.domain.collection import (
    Collection,
    FileStatus,
    Parsed,
    collect,
    newest_first,
    oldest_first,
    sharing,
)
from syndicate.errors import Problem

SOURCE = "https://pub.example/story"


def of(article: Article, **changes: Any) -> Parsed:
    return Parsed(path=article.path, article=article, **changes)


def collected(*articles: Article) -> Collection:
    return collect([of(article) for article in articles], NOW)


def the_status(parsed: Parsed) -> FileStatus:
    (file,) = collect([parsed], NOW).files
    return file


def problem(where: str, **changes: Any) -> Problem:
    values = {"path": path(where), "reason": "bad-date", "what": "expected a date", **changes}
    return Problem(**values)


class TestSharing:
    def test_articles_come_to_share_what_they_have_in_common_and_say_the_same(self) -> None:
        def one(name: str) -> Parsed:
            own = {"categories": (category("Tea"),), "authors": (Author(name="Ann"),), "tags": ("hot", "".join("cup"))}
            texts = {key: "".join(f"{key} of many") for key in ("source", "kind", "brand", "language")}
            return of(make_article(path=path("".join(name)), due=day(1), published=day(1), **own, **texts))

        known: dict[Any, Any] = {}
        first, second = sharing(one("news/a.md"), known), sharing(one("news/b.md"), known)
        assert (first, second) == (one("news/a.md"), one("news/b.md"))
        for name in ("categories", "authors", "tags", "source", "kind", "brand", "language"):
            assert getattr(first.article, name) is getattr(second.article, name)
        assert first.article.due is first.article.published

    def test_what_is_no_article_has_nothing_to_share(self) -> None:
        rejected = Parsed(path=path("news/a.md"), rejected=problem("news/a.md"))
        assert sharing(rejected, {}) is rejected


class TestStatuses:
    def test_an_article_whose_time_has_come_is_published(self) -> None:
        article = make_article()
        assert the_status(of(article)) == FileStatus(path=article.path, status=Status.PUBLISHED, article=article)

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"hold": "draft"}, "draft"),
            ({"hold": "not-published"}, "not-published"),
            ({"hold": "not-valid"}, "not-valid"),
            ({"due": NOW + timedelta(seconds=1)}, "future"),
            ({"published": NOW + timedelta(days=1), "due": NOW + timedelta(days=1)}, "future"),
            ({"expires": NOW}, "expired"),
            ({"expires": NOW - timedelta(days=1)}, "expired"),
            ({"hold": "draft", "due": NOW + timedelta(days=1)}, "draft"),
            ({"hold": "draft", "expires": NOW - timedelta(days=1)}, "draft"),
        ],
    )
    def test_an_article_that_is_not_to_be_seen_is_held_with_its_reason(
        self, changes: dict[str, Any], reason: str
    ) -> None:
        article = make_article(**changes)
        assert the_status(of(article)) == FileStatus(
            path=article.path, status=Status.HELD, reason=reason, article=article
        )
        assert collected(article).articles == ()

    @pytest.mark.parametrize("changes", [{"due": NOW}, {"expires": NOW + timedelta(seconds=1)}])
    def test_an_article_is_published_from_its_moment_on_until_its_end(self, changes: dict[str, Any]) -> None:
        assert the_status(of(make_article(**changes))).status is Status.PUBLISHED

    def test_a_file_that_is_no_article_is_skipped(self) -> None:
        assert the_status(Parsed(path=path("_index.md"), skipped="section-page")) == FileStatus(
            path=path("_index.md"), status=Status.SKIPPED, reason="section-page"
        )

    def test_a_file_that_cannot_be_read_is_rejected_and_its_problem_is_told(self) -> None:
        wrong = problem("a.md", reason="no-title")
        collection = collect([Parsed(path=path("a.md"), rejected=wrong)], NOW)
        assert collection.files == (FileStatus(path=path("a.md"), status=Status.REJECTED, reason="no-title"),)
        assert collection.problems == (wrong,)

    def test_a_copy_is_a_duplicate_of_the_earlier_one(self) -> None:
        first = make_article("b.md", published=day(1), title="Tea", source_url=SOURCE)
        copy = make_article("a.md", published=day(2), title="Tea", source_url=SOURCE)
        collection = collected(copy, first)
        assert collection.files == (
            FileStatus(path=copy.path, status=Status.DUPLICATE, reason="same-story", article=copy, original=first.path),
            FileStatus(path=first.path, status=Status.PUBLISHED, article=first),
        )
        assert collection.articles == (first,)

    def test_every_file_has_exactly_one_status_in_the_order_of_paths(self) -> None:
        parsed = [
            of(make_article("e.md", hold="draft")),
            Parsed(path=path("d.md"), rejected=problem("d.md")),
            Parsed(path=path("c.md"), skipped="project-file"),
            of(make_article("b.md", title="Tea", source_url=SOURCE)),
            of(make_article("a.md", title="Tea", source_url=SOURCE)),
        ]
        files = collect(parsed, NOW).files
        assert [(file.path, file.status.value) for file in files] == [
            ("a.md", "published"),
            ("b.md", "duplicate"),
            ("c.md", "skipped"),
            ("d.md", "rejected"),
            ("e.md", "held"),
        ]

    def test_nothing_gives_nothing(self) -> None:
        assert collect([], NOW) == Collection(files=(), articles=(), categories={}, problems=(), next_change=None)


class TestOrder:
    def test_the_newest_comes_first_and_paths_decide_between_equals(self) -> None:
        articles = [make_article("c.md"), make_article("a.md"), make_article("b.md", published=day(2))]
        assert [article.path for article in newest_first(oldest_first(articles))] == ["b.md", "a.md", "c.md"]
        assert [article.path for article in collected(*articles).articles] == ["b.md", "a.md", "c.md"]

    def test_problems_come_by_path_and_line_whether_of_files_or_of_none(self) -> None:
        article = make_article("b.md")
        own = (problem("b.md", line=9), problem("b.md", line=2), problem("b.md"))
        further = [problem("news/closed", reason="unreadable"), problem("a", reason="unreadable")]
        found = collect([of(article, problems=own)], NOW, further).problems
        assert [(one.path, one.line) for one in found] == [
            ("a", None),
            ("b.md", None),
            ("b.md", 2),
            ("b.md", 9),
            ("news/closed", None),
        ]

    @pytest.mark.parametrize("changes", [{"hold": "draft"}, {"due": NOW + timedelta(days=1)}])
    def test_problems_of_held_articles_are_told_too(self, changes: dict[str, Any]) -> None:
        wrong = problem("a.md")
        assert collect([of(make_article("a.md", **changes), problems=(wrong,))], NOW).problems == (wrong,)


def duplicates(*articles: Article) -> dict[str, str | None]:
    return {file.path: file.original for file in collected(*articles).files if file.status is Status.DUPLICATE}


class TestDuplicates:
    def test_one_title_about_one_source_is_one_story(self) -> None:
        first = make_article("a.md", title="Tea for  Two", source_url=SOURCE)
        copy = make_article("b.md", title="TEA for two", source_url="http://www.pub.example/story/?utm_source=x")
        assert duplicates(first, copy) == {"b.md": "a.md"}

    def test_one_text_about_one_source_is_one_story(self) -> None:
        first = make_article("a.md", title="Tea", story="same", source_url=SOURCE)
        copy = make_article("b.md", title="Coffee", story="same", source_url=SOURCE)
        assert duplicates(first, copy) == {"b.md": "a.md"}

    def test_two_stories_about_one_source_are_two(self) -> None:
        assert duplicates(make_article("a.md", source_url=SOURCE), make_article("b.md", source_url=SOURCE)) == {}

    def test_one_title_about_two_sources_is_two_stories(self) -> None:
        first = make_article("a.md", title="Tea", source_url=SOURCE)
        assert duplicates(first, make_article("b.md", title="Tea", source_url=f"{SOURCE}/2")) == {}

    def test_articles_without_a_source_are_never_duplicates(self) -> None:
        assert (
            duplicates(make_article("a.md", title="Tea", story="s"), make_article("b.md", title="Tea", story="s")) == {}
        )

    def test_translations_are_no_duplicates(self) -> None:
        same = {"title": "Matcha", "story": "same", "source_url": SOURCE, "slug": "matcha"}
        articles = [
            make_article("matcha.md", **same),
            make_article("matcha.es.md", language="es", **same),
            make_article("matcha.de.md", language="de", **same),
        ]
        assert duplicates(*articles) == {}

    def test_of_equals_the_first_path_is_the_original(self) -> None:
        articles = [make_article(f"{name}.md", title="Tea", source_url=SOURCE) for name in "cab"]
        assert duplicates(*articles) == {"b.md": "a.md", "c.md": "a.md"}

    def test_an_article_that_is_held_hides_nothing(self) -> None:
        draft = make_article("a.md", title="Tea", source_url=SOURCE, hold="draft")
        later = make_article("b.md", title="Tea", source_url=SOURCE, published=day(2))
        assert duplicates(draft, later) == {}
        assert [article.path for article in collected(draft, later).articles] == ["b.md"]

    def test_the_original_has_its_categories_and_those_of_its_copies_each_once(self) -> None:
        def tagged(where: str, published: int, *categories: str) -> Article:
            own = tuple(category(text) for text in categories)
            return make_article(where, title="Tea", source_url=SOURCE, published=day(published), categories=own)

        collection = collected(
            tagged("a.md", 1, "Tea", "Hot"), tagged("b.md", 2, "Hot", "Green"), tagged("c.md", 3, "New")
        )
        assert collection.categories == {path("a.md"): tuple(category(text) for text in ("Tea", "Hot", "Green", "New"))}


class TestConflicts:
    def test_articles_with_one_id_are_published_and_told(self) -> None:
        collection = collected(
            make_article("c.md", front_id="7", published=day(3)),
            make_article("b.md", front_id="7", published=day(2)),
            make_article("a.md", front_id="7", published=day(1)),
        )
        assert len(collection.articles) == 3
        assert [str(one) for one in collection.problems] == [
            "b.md: id: a.md has the id '7' too; both are published (give each article an id of its own)",
            "c.md: id: a.md has the id '7' too; both are published (give each article an id of its own)",
        ]
        assert {one.reason for one in collection.problems} == {"same-id"}

    def test_articles_with_one_page_address_are_published_and_told(self) -> None:
        collection = collected(
            make_article("a.md", page_url="https://example.org/tea/"),
            make_article("b.md", page_url="http://example.org/tea", published=day(2)),
        )
        assert len(collection.articles) == 2
        (problem,) = collection.problems
        assert str(problem) == (
            "b.md: slug: a.md has the page address https://example.org/tea/ too; both are published "
            "(change the slug of one of them)"
        )
        assert problem.reason == "same-page"

    @pytest.mark.parametrize("shared", [{"front_id": "7"}, {"page_url": "https://example.org/tea/"}])
    def test_translations_may_share_an_id_and_an_address(self, shared: dict[str, str]) -> None:
        articles = [make_article("a.md", **shared), make_article("a.es.md", language="es", **shared)]
        assert collected(*articles).problems == ()

    @pytest.mark.parametrize("shared", [{"front_id": "7"}, {"page_url": "https://example.org/tea/"}])
    def test_an_article_that_is_not_published_is_in_nobodys_way(self, shared: dict[str, str]) -> None:
        articles = [make_article("a.md", **shared), make_article("b.md", hold="draft", **shared)]
        assert collected(*articles).problems == ()


class TestNextChange:
    def test_it_is_the_next_moment_at_which_an_article_comes_or_goes(self) -> None:
        articles = [
            make_article("a.md", due=NOW + timedelta(days=3)),
            make_article("b.md", expires=NOW + timedelta(days=2)),
            make_article("c.md", due=NOW - timedelta(days=1), expires=NOW - timedelta(hours=1)),
            make_article("d.md", due=NOW + timedelta(days=4), expires=NOW + timedelta(days=5)),
        ]
        assert collected(*articles).next_change == NOW + timedelta(days=2)

    def test_there_is_none_when_nothing_is_to_come(self) -> None:
        assert collected(make_article("a.md"), make_article("b.md", expires=NOW)).next_change is None

    def test_a_draft_waits_for_its_author_and_not_for_the_clock(self) -> None:
        assert collected(make_article("a.md", hold="draft", due=NOW + timedelta(days=1))).next_change is None

    def test_a_build_at_that_moment_sees_the_change_and_one_before_it_does_not(self) -> None:
        article = of(make_article("a.md", due=NOW + timedelta(days=1)))
        moment = collect([article], NOW).next_change
        assert moment is not None
        assert collect([article], moment - timedelta(microseconds=1)).articles == ()
        assert len(collect([article], moment).articles) == 1
