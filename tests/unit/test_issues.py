"""Issues: looked at as often as one likes, cut once for good."""

from datetime import datetime, timedelta

import pytest
from makers import NOW, day, front, make_newsletter
from memory_project import Project

from syndicate.domain.cadence import parse_cadence
from syndicate.domain.newsletters import Issue, Overflow
from syndicate.errors import UsageError
from syndicate.services.explain import explain, explain_issue
from syndicate.services.issues import find_newsletter, slot_of

# The slots around NOW, Monday 1 June 2026 at noon.
LAST, NEXT = day(1, 6, hour=8), day(8, 6, hour=8)
WEEKLY = make_newsletter(start=day(1, 1))


@pytest.fixture
def project() -> Project:
    files = {
        "news/tea.md": front("categories: [Tea]"),
        "news/cake.md": front("categories: [Cake]", title="title: Cake", date="date: 2026-03-02"),
    }
    project = Project(files)
    project.newsletters = (WEEKLY,)
    return project


def add(project: Project, name: str, date: str = "2026-05-05") -> None:
    project.files[f"news/{name.lower()}.md"] = front("categories: [Tea]", title=f"title: {name}", date=f"date: {date}")


class TestSlots:
    def test_an_issue_belongs_to_the_latest_slot(self) -> None:
        assert slot_of(WEEKLY, NOW) == LAST
        assert slot_of(WEEKLY, LAST) == LAST
        assert slot_of(WEEKLY, LAST - timedelta(seconds=1)) == LAST - timedelta(days=7)

    def test_a_cadence_that_never_comes_is_told(self) -> None:
        never = make_newsletter(cadence=parse_cadence("0 8 30 2 *"))
        with pytest.raises(UsageError) as caught:
            slot_of(never, NOW)
        assert str(caught.value) == "weekly: the cadence '0 8 30 2 *' has no slot before 2026-06-01 12:00:00+00:00"


class TestCutting:
    def test_an_issue_is_numbered_and_remembered_with_what_it_carries(self, project: Project) -> None:
        cut = project.desk().cut(WEEKLY, NOW)
        subject = "The Weekly: Cake and 1 more story"
        assert cut.issue == Issue(newsletter="weekly", due=LAST, number=1, cut_at=NOW, subject=subject)
        assert (cut.is_new, cut.due, cut.stories) == (True, LAST, 2)
        assert project.ledger.issues("weekly") == (cut.issue,)
        assert set(project.ledger.settled("weekly")) == {identity.id for identity in project.ledger.identities()}
        assert "Cake" in project.ledger.rendered(cut.issue).text

    def test_a_slot_that_has_its_issue_keeps_it(self, project: Project) -> None:
        first = project.desk().cut(WEEKLY, NOW)
        add(project, "New")
        again = project.desk().cut(WEEKLY, NOW + timedelta(days=1))
        assert (again.issue, again.is_new, again.stories) == (first.issue, False, 2)
        assert len(project.ledger.issues()) == 1

    def test_the_next_slot_carries_what_is_new_since(self, project: Project) -> None:
        project.desk().cut(WEEKLY, NOW)
        add(project, "New", date="2019-01-01")
        cut = project.desk(NEXT).cut(WEEKLY, NEXT)
        assert cut.issue is not None
        assert (cut.issue.number, cut.due, cut.stories) == (2, NEXT, 1)
        assert cut.issue.subject == "The Weekly: New"

    def test_a_slot_without_anything_new_has_no_issue(self, project: Project) -> None:
        project.desk().cut(WEEKLY, NOW)
        cut = project.desk(NEXT).cut(WEEKLY, NEXT)
        assert (cut.issue, cut.is_new, cut.stories) == (None, False, 0)
        assert len(project.ledger.issues()) == 1

    def test_a_renamed_article_is_not_carried_again(self, project: Project) -> None:
        project.desk().cut(WEEKLY, NOW)
        project.files["news/chai.md"] = project.files.pop("news/tea.md")
        assert project.desk(NEXT).cut(WEEKLY, NEXT).issue is None

    def test_what_the_first_build_saw_is_not_new_without_a_start(self, project: Project) -> None:
        newsletter = make_newsletter()
        project.newsletters = (newsletter,)
        assert project.desk().cut(newsletter, NOW).issue is None
        add(project, "New", date="2019-01-01")
        assert project.desk(NEXT).cut(newsletter, NEXT).stories == 1

    def test_newsletters_do_not_take_articles_from_each_other(self, project: Project) -> None:
        project.desk().cut(WEEKLY, NOW)
        assert project.desk().cut(make_newsletter(slug="other", start=day(1, 1)), NOW).stories == 2

    def test_what_has_been_cut_stays_whatever_becomes_of_the_articles(self, project: Project) -> None:
        issue = project.desk().cut(WEEKLY, NOW).issue
        assert issue is not None
        before = project.ledger.rendered(issue)
        project.files["news/cake.md"] = front("draft: true", title="title: Secret")
        project.desk(NEXT).cut(WEEKLY, NEXT)
        assert project.ledger.rendered(issue) == before


class TestSelection:
    """What of the selection is seen in an issue and in what is recorded."""

    def test_what_does_not_fit_is_dropped_for_good_if_that_is_wished(self, project: Project) -> None:
        newsletter = make_newsletter(start=day(1, 1), limit=1, overflow=Overflow.DROP)
        cut = project.desk().cut(newsletter, NOW)
        assert cut.issue is not None
        assert (cut.stories, cut.waiting, cut.dropped) == (1, 0, 1)
        assert [(one.path, one.outcome, one.why) for one in explain_issue(project.ledger, cut.issue)] == [
            ("news/cake.md", "in", "in the issue"),
            ("news/tea.md", "dropped", "dropped: limit"),
        ]
        assert project.desk(NEXT).cut(newsletter, NEXT).issue is None

    def test_too_few_stories_wait_for_more(self, project: Project) -> None:
        newsletter = make_newsletter(start=day(1, 1), minimum=3)
        cut = project.desk().cut(newsletter, NOW)
        assert (cut.issue, cut.waiting) == (None, 2)
        add(project, "New")
        assert project.desk(NEXT).cut(newsletter, NEXT).stories == 3

    def test_what_is_folded_is_carried_and_leads_to_its_address(self, project: Project) -> None:
        for name in ("harbour", "mill"):
            lines = f"categories: [{name}]\nbrand: {name}"
            project.files[f"news/{name}.md"] = front(lines, title="title: Lamps of the quay", date="date: 2026-05-05")
        newsletter = make_newsletter(start=day(1, 5), near_duplicates=90)
        cut = project.desk().cut(newsletter, NOW)
        assert cut.issue is not None
        assert cut.stories == 1
        text = project.ledger.rendered(cut.issue).text
        assert "  Also at mill:\n  https://feeds.example.org/articles/mill/\n" in text
        assert "  Also in mill\n" in text
        assert [(one.path, one.folded_into) for one in explain_issue(project.ledger, cut.issue)] == [
            ("news/harbour.md", None),
            ("news/mill.md", "news/harbour.md"),
        ]
        assert project.desk(NEXT).cut(newsletter, NEXT).issue is None

    def test_summaries_are_as_long_as_they_may_be(self, project: Project) -> None:
        project.files["news/tea.md"] = front("categories: [Tea]\nsummary: One cup, and then another cup of tea")
        preview = project.desk().preview(make_newsletter(start=day(1, 1), summary_length=20), NOW)
        assert "  One cup, and then…\n" in preview.rendered.text

    def test_every_file_is_explained(self, project: Project) -> None:
        project.files["news/draft.md"] = front("categories: [Tea]\ndraft: true", title="title: Draft")
        desk = project.desk()
        explained = explain(desk.selection(WEEKLY, NOW), desk.snapshot, WEEKLY)
        assert {one.path: one.why for one in explained} == {
            "news/cake.md": "in Cake",
            "news/draft.md": "not published: draft",
            "news/tea.md": "in Tea",
        }

    def test_names_of_no_article_are_problems(self, project: Project) -> None:
        project.files["news/draft.md"] = front("draft: true", title="title: Draft")
        pinned = ("news/tea.md", "https://feeds.example.org/articles/cake/", "news/draft.md", "news/lost.md")
        project.newsletters = (make_newsletter(pinned=pinned),)
        (problem,) = project.build().problems
        assert str(problem) == (
            "config.yaml: newsletters[weekly].pinned: there is no article 'news/lost.md' (name its id, its file as in "
            "'syndicate articles', or the address of its page or source)"
        )


class TestPreviews:
    def test_a_preview_remembers_nothing(self, project: Project) -> None:
        preview = project.desk().preview(WEEKLY, NOW)
        assert (preview.due, preview.stories) == (LAST, 2)
        assert "Preview" in preview.rendered.text
        assert project.ledger.issues() == ()
        assert project.ledger.settled("weekly") == {}

    def test_a_preview_shows_what_a_cut_then_has(self, project: Project) -> None:
        preview = project.desk().preview(WEEKLY, NOW)
        cut = project.desk().cut(WEEKLY, NOW)
        assert cut.issue is not None
        assert (preview.rendered.subject, preview.stories, preview.due) == (cut.issue.subject, cut.stories, cut.due)

    def test_after_the_cut_it_is_that_of_the_next_slot(self, project: Project) -> None:
        project.desk().cut(WEEKLY, NOW)
        preview = project.desk().preview(WEEKLY, NOW)
        assert (preview.due, preview.stories, preview.rendered.subject) == (NEXT, 0, "The Weekly")


@pytest.mark.parametrize(
    ("slugs", "told"),
    [
        (["weekly", "daily"], "there is no newsletter 'wekly' in the config; it has: weekly, daily"),
        ([], "there is no newsletter 'wekly' in the config; it has: none"),
    ],
)
def test_a_newsletter_that_there_is_not_is_told(slugs: list[str], told: str) -> None:
    newsletters = [make_newsletter(slug=slug) for slug in slugs]
    with pytest.raises(UsageError) as caught:
        find_newsletter(newsletters, "wekly")
    assert str(caught.value) == told


def test_a_newsletter_is_found_by_its_slug() -> None:
    assert find_newsletter([make_newsletter(slug="daily"), WEEKLY], "weekly") == WEEKLY


def test_moments_are_those_of_the_newsletters_zone() -> None:
    assert isinstance(slot_of(WEEKLY, NOW), datetime)
    assert slot_of(WEEKLY, NOW).utcoffset() == timedelta(0)
