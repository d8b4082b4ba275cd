"""Issues: looked at as often as one likes, cut once for good."""

from datetime import datetime, timedelta

import pytest
from makers import NOW, day, front, make_newsletter
from memory_project import Project

from syndicate.domain.cadence import parse_cadence
from syndicate.domain.newsletters import Issue
from syndicate.errors import UsageError
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
