"""A round: every slot that has come gets its one fate, and what is due is cut."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from makers import NOW, day, front, make_newsletter
from memory_project import Project

from syndicate.domain.cadence import parse_cadence
from syndicate.domain.newsletters import Draft, Newsletter
from syndicate.domain.slots import Fate
from syndicate.services.report import BuildReport, Tally, joined
from syndicate.services.rounds import SlotOutcome, foresee, round_line, run_round, why_skipped

# The slots around NOW, Monday 1 June 2026 at noon.
LAST, NEXT = day(1, 6, hour=8), day(8, 6, hour=8)
WEEK = timedelta(days=7)
WEEKLY = make_newsletter(start=day(1, 1))
BROKEN = "{{ no.such.thing }}"


@pytest.fixture
def project() -> Project:
    project = Project({"news/tea.md": front("categories: [Tea]")})
    project.newsletters = (WEEKLY,)
    project.build(LAST - WEEK)
    return project


def add(project: Project, name: str) -> None:
    project.files[f"news/{name.lower()}.md"] = front(
        "categories: [Tea]", title=f"title: {name}", date="date: 2026-05-05"
    )


def run(project: Project, now: datetime, newsletters: tuple[Newsletter, ...] = (WEEKLY,)) -> list[tuple[datetime, str]]:
    outcomes = run_round(lambda: project.desk(now), project.ledger, newsletters, now)
    return [(one.due, one.fate.value) for one in outcomes]


def recorded(project: Project) -> dict[datetime, Fate]:
    return {slot.due: slot.fate for slot in project.ledger.slots("weekly")}


class TestRounds:
    def test_what_is_due_is_cut_once(self, project: Project) -> None:
        outcome = run_round(lambda: project.desk(NOW), project.ledger, (WEEKLY,), NOW)[-1]
        assert (outcome.due, outcome.fate, outcome.stories, outcome.is_new) == (LAST, Fate.CUT, 1, True)
        assert project.ledger.issues() == (outcome.issue,)
        assert recorded(project) == {LAST - WEEK: Fate.SUPERSEDED, LAST: Fate.CUT}
        assert outcome.plain() == {
            "newsletter": "weekly",
            "due": "2026-06-01T08:00:00Z",
            "fate": "cut",
            "number": 1,
            "stories": 1,
            "subject": "The Weekly: Tea",
            "path": "newsletters/weekly/1/index.html",
            "error": None,
            "digest": None,
        }

    def test_a_second_round_finds_nothing_to_do(self, project: Project) -> None:
        run(project, NOW)
        assert run(project, NOW + timedelta(hours=1)) == []
        assert len(project.ledger.issues()) == 1

    def test_a_slot_without_anything_new_is_settled_and_not_tried_again(self, project: Project) -> None:
        run(project, NOW)
        assert run(project, NEXT) == [(NEXT, "empty")]
        add(project, "New")
        assert run(project, NEXT + timedelta(hours=1)) == []
        assert run(project, NEXT + WEEK) == [(NEXT + WEEK, "cut")]

    def test_of_several_missed_the_latest_is_cut_with_the_articles_of_all(self, project: Project) -> None:
        run(project, NOW)
        add(project, "New")
        now = NEXT + WEEK + timedelta(hours=2)
        assert run(project, now) == [(NEXT, "superseded"), (NEXT + WEEK, "cut")]
        assert [issue.due for issue in project.ledger.issues()] == [LAST, NEXT + WEEK]

    def test_a_slot_missed_for_too_long_is_skipped_and_its_articles_stay_new(self, project: Project) -> None:
        run(project, NOW)
        add(project, "New")
        assert run(project, NEXT + timedelta(hours=25)) == [(NEXT, "skipped-late")]
        assert run(project, NEXT + WEEK) == [(NEXT + WEEK, "cut")]

    def test_the_greatest_lateness_is_the_newsletters_own(self, project: Project) -> None:
        patient = replace(WEEKLY, max_lateness=timedelta(hours=72))
        assert run(project, LAST + timedelta(hours=71), (patient,))[-1] == (LAST, "cut")

    def test_a_claim_that_was_left_behind_is_gone_on_with(self, project: Project) -> None:
        project.ledger.settle_slot("weekly", LAST - WEEK, Fate.EMPTY, LAST - WEEK)
        project.ledger.claim_slot("weekly", LAST, LAST)
        assert run(project, NOW) == [(LAST, "cut")]
        assert [(slot.fate, slot.claimed_at) for slot in project.ledger.slots("weekly")][-1] == (Fate.CUT, LAST)

    def test_an_issue_that_was_recorded_before_a_crash_is_the_slots(self, project: Project) -> None:
        project.desk(NOW).cut(WEEKLY, NOW)
        assert run(project, NOW) == []
        assert recorded(project)[LAST] is Fate.CUT

    def test_an_older_ledger_that_knows_issues_and_no_slots_cuts_nothing_again(self, project: Project) -> None:
        project.desk(NOW).cut(WEEKLY, NOW)
        project.ledger.due_slots.clear()
        assert run(project, NOW) == []

    def test_each_newsletter_has_its_own_slots(self, project: Project) -> None:
        daily = make_newsletter(slug="daily", cadence=parse_cadence("daily at 08:00"), start=day(1, 1))
        project.newsletters = (WEEKLY, daily)
        project.build(LAST - timedelta(hours=1))
        outcomes = run_round(lambda: project.desk(NOW), project.ledger, (WEEKLY, daily), NOW)
        cut = [(one.newsletter, one.due) for one in outcomes if one.fate is Fate.CUT]
        assert cut == [("weekly", LAST), ("daily", LAST)]

    def test_a_template_that_fails_leaves_the_claim_and_hinders_no_other_newsletter(self, project: Project) -> None:
        good = dict(project.templates)
        project.templates = broken(good)
        outcomes = run_round(lambda: project.desk(NOW), project.ledger, (WEEKLY,), NOW)
        assert outcomes[-1].fate is Fate.CLAIMED
        assert outcomes[-1].error is not None
        assert outcomes[-1].error.startswith("templates/newsletter/issue.txt:1: ")
        assert recorded(project)[LAST] is Fate.CLAIMED
        project.templates = good
        assert run(project, NOW + timedelta(hours=1)) == [(LAST, "cut")]

    def test_nothing_is_made_when_nothing_is_to_be_cut(self, project: Project) -> None:
        run(project, NOW)
        assert run_round(no_desk, project.ledger, (WEEKLY,), NEXT + timedelta(hours=25)) == (
            SlotOutcome(newsletter="weekly", due=NEXT, fate=Fate.LATE),
        )


def no_desk() -> None:
    raise AssertionError("no desk is needed")


def broken(templates: Mapping[str, str]) -> dict[str, str]:
    return {**templates, "newsletter/issue.txt": BROKEN}


class TestForesight:
    def test_it_says_what_a_round_would_do_and_does_nothing(self, project: Project) -> None:
        desk = project.desk(NOW)
        before = project.ledger.slots("weekly")
        foreseen = foresee(lambda: desk, project.ledger, (WEEKLY,), NOW)
        assert [(one.due, one.fate, one.stories, one.issue) for one in foreseen][-1] == (LAST, Fate.CUT, 1, None)
        assert (project.ledger.slots("weekly"), project.ledger.issues()) == (before, ())

    def test_it_foresees_that_there_is_nothing_new(self, project: Project) -> None:
        run(project, NOW)
        foreseen = foresee(lambda: project.desk(NEXT), project.ledger, (WEEKLY,), NEXT)
        assert foreseen == (SlotOutcome(newsletter="weekly", due=NEXT, fate=Fate.EMPTY),)

    def test_it_foresees_what_is_skipped(self, project: Project) -> None:
        run(project, NOW)
        now = NEXT + WEEK + timedelta(hours=25)
        fates = [one.fate for one in foresee(no_desk, project.ledger, (WEEKLY,), now)]
        assert fates == [Fate.SUPERSEDED, Fate.LATE]


def outcome(fate: Fate) -> SlotOutcome:
    return SlotOutcome(newsletter="weekly", due=LAST, fate=fate)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ([], "no issue was due"),
        ([Fate.CUT], "cut 1 issue"),
        ([Fate.CUT, Fate.CUT, Fate.EMPTY], "cut 2 issues, 1 slot without anything new"),
        ([Fate.SUPERSEDED, Fate.SUPERSEDED, Fate.LATE], "cut 0 issues, 1 slot skipped, 2 slots superseded"),
        ([Fate.CLAIMED], "cut 0 issues, 1 slot failed"),
    ],
)
def test_a_round_is_told_in_one_line(given: list[Fate], line: str) -> None:
    assert round_line([outcome(fate) for fate in given]) == line


def test_a_dry_round_is_told_as_one() -> None:
    assert round_line([outcome(Fate.CUT)], dry_run=True) == "would cut 1 issue"


def test_two_builds_that_follow_each_other_are_told_as_one() -> None:
    def report(feeds: Tally, pages: Tally, written: tuple[str, ...]) -> BuildReport:
        return BuildReport(
            files={}, problems=(), feeds=feeds, pages=pages, written=written, removed=("gone",), duration_s=0.5
        )

    first = report(Tally(written=2, unchanged=3), Tally(written=1, unchanged=1, removed=1), ("a", "b"))
    second = report(Tally(written=0, unchanged=5), Tally(written=2, unchanged=2), ("b", "c"))
    told = joined(first, second)
    assert told.feeds == Tally(written=2, unchanged=3)
    assert told.pages == Tally(written=3, unchanged=1, removed=1)
    assert (told.written, told.removed, told.duration_s) == (("a", "b", "c"), ("gone",), 1.0)


def test_why_a_slot_was_skipped_is_told() -> None:
    told = why_skipped(WEEKLY, LAST, LAST + timedelta(hours=56, minutes=30))
    assert told == "nothing ran until 56.5 h after it, and max_lateness_hours is 24"


def test_a_slot_that_was_late_may_have_waited_for_approval() -> None:
    told = why_skipped(replace(WEEKLY, needs_approval=True), LAST, LAST + timedelta(hours=30))
    assert told == "its issue was not out 30.0 h after it, and max_lateness_hours is 24"


APPROVED = replace(WEEKLY, needs_approval=True)
DRAFT_TIME = NEXT - timedelta(hours=24)


class TestApproval:
    @pytest.fixture
    def drafted(self, project: Project) -> Project:
        """One slot is past, a new article came, and the draft of the next slot was just made."""
        run(project, NOW)
        add(project, "New")
        assert run(project, DRAFT_TIME - timedelta(minutes=1), (APPROVED,)) == []
        assert run(project, DRAFT_TIME, (APPROVED,)) == [(NEXT, "drafted")]
        return project

    def draft(self, project: Project) -> Draft:
        (found,) = project.ledger.drafts("weekly")
        return found

    def titles(self, project: Project) -> list[str]:
        """What each issue carries, drafts too."""
        by_id = {one.id: one.path for one in project.ledger.identities()}
        return [" ".join(by_id[one] for one in articles) for _, _, articles in project.ledger.cut.values()]

    def test_a_draft_is_made_once_and_is_no_issue(self, drafted: Project) -> None:
        assert run(drafted, DRAFT_TIME + timedelta(hours=1), (APPROVED,)) == []
        assert [issue.number for issue in drafted.ledger.issues()] == [1]
        draft = self.draft(drafted)
        assert (draft.issue.number, draft.issue.due, draft.is_approved) == (2, NEXT, False)

    def test_it_goes_out_at_its_slot_if_it_was_approved(self, drafted: Project) -> None:
        assert drafted.ledger.approve(self.draft(drafted))
        assert run(drafted, NEXT - timedelta(seconds=1), (APPROVED,)) == []
        assert run(drafted, NEXT, (APPROVED,)) == [(NEXT, "cut")]
        assert [issue.number for issue in drafted.ledger.issues()] == [1, 2]
        assert drafted.ledger.drafts("weekly") == ()
        assert recorded(drafted)[NEXT] is Fate.CUT
        assert run(drafted, NEXT + timedelta(hours=1), (APPROVED,)) == []

    def test_it_is_held_in_every_round_until_somebody_approves_it(self, drafted: Project) -> None:
        assert run(drafted, NEXT, (APPROVED,)) == [(NEXT, "held")]
        assert run(drafted, NEXT + timedelta(hours=1), (APPROVED,)) == [(NEXT, "held")]
        assert [issue.number for issue in drafted.ledger.issues()] == [1]
        drafted.ledger.approve(self.draft(drafted))
        assert run(drafted, NEXT + timedelta(hours=24), (APPROVED,)) == [(NEXT, "cut")]

    def test_held_too_long_its_slot_is_skipped_and_its_articles_are_new_again(self, drafted: Project) -> None:
        run(drafted, NEXT, (APPROVED,))
        late = NEXT + timedelta(hours=25)
        assert run(drafted, late, (APPROVED,)) == [(NEXT, "skipped-late")]
        assert drafted.ledger.drafts("weekly") == ()
        assert run(drafted, NEXT + WEEK - timedelta(hours=24), (APPROVED,)) == [(NEXT + WEEK, "drafted")]
        assert self.titles(drafted) == ["news/tea.md", "news/new.md"]

    def test_an_approval_that_came_too_late_counts_for_nothing(self, drafted: Project) -> None:
        run(drafted, NEXT, (APPROVED,))
        drafted.ledger.approve(self.draft(drafted))
        assert run(drafted, NEXT + timedelta(hours=25), (APPROVED,)) == [(NEXT, "skipped-late")]

    def test_late_articles_go_to_the_next_issue(self, drafted: Project) -> None:
        add(drafted, "Late")
        drafted.ledger.approve(self.draft(drafted))
        run(drafted, NEXT, (APPROVED,))
        run(drafted, NEXT + WEEK - timedelta(hours=24), (APPROVED,))
        assert self.titles(drafted) == ["news/tea.md", "news/new.md", "news/late.md"]

    def test_an_approval_is_for_the_bytes_that_were_seen(self, drafted: Project) -> None:
        seen = self.draft(drafted)
        drafted.ledger.withdraw(seen, Fate.CLAIMED, DRAFT_TIME)
        add(drafted, "More")
        assert run(drafted, DRAFT_TIME + timedelta(hours=1), (APPROVED,)) == [(NEXT, "drafted")]
        assert not drafted.ledger.approve(seen)
        assert run(drafted, NEXT, (APPROVED,)) == [(NEXT, "held")]

    def test_a_rejected_draft_leaves_its_slot_without_an_issue(self, drafted: Project) -> None:
        drafted.ledger.withdraw(self.draft(drafted), Fate.REJECTED, DRAFT_TIME)
        for now in (DRAFT_TIME + timedelta(hours=1), NEXT, NEXT + timedelta(hours=1)):
            assert run(drafted, now, (APPROVED,)) == []
        assert recorded(drafted)[NEXT] is Fate.REJECTED
        assert run(drafted, NEXT + WEEK - timedelta(hours=24), (APPROVED,)) == [(NEXT + WEEK, "drafted")]

    def test_what_was_drafted_for_one_slot_is_not_drafted_for_another(self, drafted: Project) -> None:
        eager = replace(APPROVED, draft_ahead=timedelta(days=15))
        assert run(drafted, DRAFT_TIME, (eager,)) == []
        add(drafted, "Late")
        assert run(drafted, DRAFT_TIME, (eager,)) == [(NEXT + WEEK, "drafted")]
        assert self.titles(drafted) == ["news/tea.md", "news/new.md", "news/late.md"]

    def test_rejecting_a_later_draft_leaves_an_earlier_one_alone(self, drafted: Project) -> None:
        add(drafted, "Late")
        run(drafted, DRAFT_TIME, (replace(APPROVED, draft_ahead=timedelta(days=15)),))
        first, second = drafted.ledger.drafts("weekly")
        drafted.ledger.withdraw(second, Fate.REJECTED, DRAFT_TIME)
        drafted.ledger.approve(first)
        assert run(drafted, NEXT, (APPROVED,)) == [(NEXT, "cut")]

    def test_an_approved_draft_goes_out_though_a_later_slot_has_come(self, drafted: Project) -> None:
        patient = replace(APPROVED, max_lateness=timedelta(days=10))
        drafted.ledger.approve(self.draft(drafted))
        add(drafted, "Late")
        assert run(drafted, NEXT + WEEK, (patient,)) == [(NEXT, "cut"), (NEXT + WEEK, "held")]

    def test_one_that_nobody_approved_gives_way_to_a_later_slot(self, drafted: Project) -> None:
        patient = replace(APPROVED, max_lateness=timedelta(days=10))
        assert run(drafted, NEXT + WEEK, (patient,)) == [(NEXT, "superseded"), (NEXT + WEEK, "held")]
        assert self.titles(drafted) == ["news/tea.md", "news/new.md"]

    def test_what_waits_goes_out_once_no_approval_is_needed_any_more(self, drafted: Project) -> None:
        assert run(drafted, NEXT, (WEEKLY,)) == [(NEXT, "cut")]

    def test_a_slot_that_has_come_without_a_draft_gets_one_and_is_held(self, project: Project) -> None:
        assert run(project, NOW, (APPROVED,))[-1] == (LAST, "held")
        assert self.draft(project).issue.number == 1

    def test_with_nothing_new_there_is_no_draft_and_the_slot_is_empty(self, project: Project) -> None:
        run(project, NOW)
        assert run(project, DRAFT_TIME, (APPROVED,)) == []
        assert NEXT not in recorded(project)
        assert run(project, NEXT, (APPROVED,)) == [(NEXT, "empty")]

    def test_what_comes_before_the_slot_is_still_drafted(self, project: Project) -> None:
        run(project, NOW)
        run(project, DRAFT_TIME, (APPROVED,))
        add(project, "New")
        assert run(project, NEXT - timedelta(hours=1), (APPROVED,)) == [(NEXT, "drafted")]

    def test_a_dry_run_foresees_each_step(self, drafted: Project) -> None:
        def foreseen(now: datetime) -> list[tuple[datetime, str, int]]:
            outcomes = foresee(lambda: drafted.desk(now), drafted.ledger, (APPROVED,), now)
            return [(one.due, one.fate.value, one.stories) for one in outcomes]

        assert foreseen(DRAFT_TIME) == []
        assert foreseen(NEXT) == [(NEXT, "held", 1)]
        add(drafted, "Late")
        assert foreseen(NEXT + WEEK - timedelta(hours=24)) == [(NEXT, "skipped-late", 1), (NEXT + WEEK, "drafted", 1)]
        drafted.ledger.approve(self.draft(drafted))
        assert foreseen(NEXT) == [(NEXT, "cut", 1)]
