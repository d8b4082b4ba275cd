"""The status: the last build from its report, and how each newsletter stands."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import MemoryLedger
from makers import NAMESPACE, NOW, day, make_newsletter

from syndicate.domain.newsletters import Issue, Rendered
from syndicate.domain.slots import Fate
from syndicate.services.report import BuildReport, Tally
from syndicate.services.status import SHOWN_SLOTS, last_build, newsletter_status

LAST, NEXT = day(1, 6, hour=8), day(8, 6, hour=8)
WEEK = timedelta(days=7)
WEEKLY = make_newsletter()
ISSUE = Issue(newsletter="weekly", due=LAST, number=1, cut_at=NOW, subject="Tea")


@pytest.fixture
def ledger() -> MemoryLedger:
    ledger = MemoryLedger()
    ledger.begin(NAMESPACE, LAST - timedelta(hours=1), ["weekly"])
    return ledger


def notes(ledger: MemoryLedger) -> list[tuple[str, str]]:
    status = newsletter_status(ledger, WEEKLY, NEXT + WEEK)
    return [(note.fate.value, note.why) for note in status.without_issue]


class TestNewsletters:
    def test_one_that_no_build_knows_has_a_next_slot_only(self) -> None:
        status = newsletter_status(MemoryLedger(), WEEKLY, NOW)
        assert (status.known_since, status.last, status.next, status.waiting) == (None, None, NEXT, None)
        assert status.without_issue == ()

    def test_a_slot_that_has_come_waits(self, ledger: MemoryLedger) -> None:
        assert newsletter_status(ledger, WEEKLY, NOW).waiting == LAST

    def test_the_last_issue_is_told(self, ledger: MemoryLedger) -> None:
        ledger.record_issue(ISSUE, Rendered(subject="Tea", html="", text=""), [])
        status = newsletter_status(ledger, WEEKLY, NOW)
        assert (status.last, status.next, status.waiting) == (ISSUE, NEXT, None)
        assert status.plain() == {
            "slug": "weekly",
            "title": "The Weekly",
            "known_since": "2026-06-01T07:00:00Z",
            "last_issue": {
                "newsletter": "weekly",
                "number": 1,
                "due": "2026-06-01T08:00:00Z",
                "cut_at": "2026-06-01T12:00:00Z",
                "subject": "Tea",
                "path": "newsletters/weekly/1/index.html",
                "state": "cut",
                "digest": None,
            },
            "next": "2026-06-08T08:00:00Z",
            "waiting": None,
            "drafts": [],
            "without_issue": [],
        }

    @pytest.mark.parametrize(
        ("fate", "why"),
        [
            (Fate.EMPTY, "there was nothing new"),
            (Fate.LATE, "nothing ran until 30.0 h after it, and max_lateness_hours is 24"),
            (Fate.SUPERSEDED, "a later slot had come by the time that something ran"),
            (Fate.REJECTED, "its draft was rejected"),
        ],
    )
    def test_a_slot_without_an_issue_is_told_with_the_reason(self, ledger: MemoryLedger, fate: Fate, why: str) -> None:
        ledger.settle_slot("weekly", LAST, fate, LAST + timedelta(hours=30))
        assert notes(ledger) == [(fate.value, why)]

    def test_a_claim_without_an_outcome_is_told(self, ledger: MemoryLedger) -> None:
        ledger.claim_slot("weekly", LAST, NOW)
        why = "claimed at 2026-06-01T12:00:00Z and not finished; the next run-due goes on with it"
        assert notes(ledger) == [("claimed", why)]

    def test_a_claim_ahead_of_its_slot_has_nothing_to_tell(self, ledger: MemoryLedger) -> None:
        ledger.claim_slot("weekly", NEXT, NOW)
        assert newsletter_status(ledger, WEEKLY, NOW).without_issue == ()
        assert [note.due for note in newsletter_status(ledger, WEEKLY, NEXT).without_issue] == [NEXT]

    def test_a_draft_is_told_and_is_no_slot_without_an_issue(self, ledger: MemoryLedger) -> None:
        ledger.claim_slot("weekly", ISSUE.due, NOW)
        ledger.record_draft(ISSUE, Rendered(subject="Tea", html="", text=""), [])
        status = newsletter_status(ledger, replace(WEEKLY, needs_approval=True), NOW)
        assert (status.last, status.waiting, status.without_issue) == (None, None, ())
        assert [(one["number"], one["state"], one["path"]) for one in status.plain()["drafts"]] == [(1, "draft", None)]
        ledger.approve(status.drafts[0])
        approved = newsletter_status(ledger, replace(WEEKLY, needs_approval=True), NOW)
        assert (approved.waiting, approved.plain()["drafts"][0]["state"]) == (ISSUE.due, "approved")

    def test_only_the_latest_are_told_newest_first(self, ledger: MemoryLedger) -> None:
        for number in range(SHOWN_SLOTS + 2):
            ledger.settle_slot("weekly", LAST + number * WEEK, Fate.EMPTY, NOW)
        dues = [note.due for note in newsletter_status(ledger, WEEKLY, NOW).without_issue]
        assert dues == [LAST + number * WEEK for number in range(SHOWN_SLOTS + 1, 1, -1)]


class TestBuild:
    def test_the_last_build_is_told_by_its_report(self) -> None:
        report = BuildReport(
            files={}, problems=(), feeds=Tally(), pages=Tally(), written=(), removed=(), duration_s=0.5
        )
        found = last_build(json.dumps(report.plain()).encode())
        assert found == {
            **dict.fromkeys(("files", "published", "held", "duplicates", "skipped", "rejected", "problems"), 0),
            "duration_s": 0.5,
            "problem_list": [],
        }

    @pytest.mark.parametrize("data", [None, b"", b"{}", b"[1]", b"\xff", b"[" * 100_000])
    def test_a_report_that_is_none_is_no_build(self, data: bytes | None) -> None:
        assert last_build(data) is None
