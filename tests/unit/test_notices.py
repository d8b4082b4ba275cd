"""Notices: each event is told once, and a failure's end too."""

from datetime import datetime, timedelta

import pytest
from fakes import MemoryLedger
from makers import NOW, day, make_newsletter

from syndicate.domain.newsletters import Issue, Rendered
from syndicate.domain.slots import Fate
from syndicate.services.notices import (
    Memory,
    Notice,
    failure,
    memories,
    memories_text,
    of_round,
    of_untold,
    refused,
    with_new,
    with_told,
)
from syndicate.services.rounds import SlotOutcome

WEEKLY = make_newsletter()
DUE = day(1, 6, hour=8)
ISSUE = Issue(newsletter="weekly", due=DUE, number=12, cut_at=NOW, subject="Tea")
RENDERED = Rendered(subject="Tea", html="", text="")
WORKS = of_round(())


class Told:
    """What was told by one way, over several runs; `broken` says why nothing arrives."""

    def __init__(self) -> None:
        self.memory: Memory | None = None
        self.texts: list[str] = []
        self.broken: str | None = None

    def __call__(self, *notices: Notice, now: datetime = NOW) -> tuple[str, ...]:
        memory = with_new(notices, self.memory, now)
        failures = []
        for notice in memory.waiting:
            if self.broken:
                failures.append(self.broken)
            else:
                self.texts.append(notice.text)
                memory = with_told(notice, memory, now)
        self.memory = memories(memories_text({"way": memory}))["way"]  # as the state folder keeps it
        return tuple(failures)


@pytest.fixture
def told() -> Told:
    return Told()


def of(fate: Fate, **more: object) -> list[tuple[str, str]]:
    outcome = SlotOutcome(newsletter="weekly", due=DUE, fate=fate, **more)  # type: ignore[arg-type]  # as a test says
    return [(one.event, one.text) for one in of_round([outcome])[1:]]


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


def untold(ledger: MemoryLedger, now: datetime) -> list[tuple[str, str]]:
    return [(one.event, one.text) for one in of_untold(ledger, [WEEKLY], now)]


class TestWhatIsTold:
    def test_slots_that_need_somebody_are_told(self) -> None:
        assert of(Fate.HELD, issue=ISSUE, digest="d") == [
            (
                "issue-held",
                "issue 12 of weekly for 2026-06-01T08:00:00Z is held, since nobody has approved it: "
                "'syndicate issue approve weekly 12 --digest d'",
            )
        ]
        assert of(Fate.CLAIMED, error="templates/x.html:3: no") == [
            (
                "issue-failed",
                "the issue of weekly for 2026-06-01T08:00:00Z could not be made: templates/x.html:3: no",
            )
        ]

    @pytest.mark.parametrize("fate", [Fate.CUT, Fate.EMPTY, Fate.SUPERSEDED, Fate.REJECTED, Fate.DRAFTED, Fate.LATE])
    def test_what_comes_once_is_not_told_by_its_round(self, fate: Fate) -> None:
        assert of(fate, issue=ISSUE, stories=3) == []

    def test_for_json_it_says_where_and_what(self) -> None:
        outcome = SlotOutcome(newsletter="weekly", due=DUE, fate=Fate.HELD, issue=ISSUE, digest="d")
        assert of_round([outcome])[1].plain("The Site") == {
            "event": "issue-held",
            "text": "issue 12 of weekly for 2026-06-01T08:00:00Z is held, since nobody has approved it: "
            "'syndicate issue approve weekly 12 --digest d'",
            "site": "The Site",
            "newsletter": "weekly",
            "number": 12,
            "due": "2026-06-01T08:00:00Z",
        }


class TestWhatTheLedgerMarks:
    LATE = DUE + timedelta(hours=30)

    def draft(self, ledger: MemoryLedger) -> str:
        ledger.record_draft(ISSUE, RENDERED, [])
        return ledger.drafts("weekly")[0].digest

    def test_a_slot_that_was_missed_is_told_as_of_the_moment_when_it_was_skipped(self, ledger: MemoryLedger) -> None:
        ledger.settle_slot("weekly", DUE, Fate.LATE, self.LATE)
        text = (
            "the slot of weekly at 2026-06-01T08:00:00Z was skipped: "
            "nothing ran until 30.0 h after it, and max_lateness_hours is 24"
        )
        assert untold(ledger, self.LATE + timedelta(days=1)) == [("slot-missed", text)]

    def test_a_draft_is_told_until_its_slot_comes(self, ledger: MemoryLedger) -> None:
        digest = self.draft(ledger)
        text = (
            "issue 12 of weekly for 2026-06-01T08:00:00Z waits for approval: "
            f"'syndicate issue approve weekly 12 --digest {digest}'"
        )
        assert untold(ledger, DUE - timedelta(hours=1)) == [("issue-drafted", text)]
        assert untold(ledger, DUE) == []  # it is held, and each round tells that

    def test_one_that_was_approved_meanwhile_is_not(self, ledger: MemoryLedger) -> None:
        self.draft(ledger)
        ledger.approve(ledger.drafts("weekly")[0])
        assert untold(ledger, DUE - timedelta(hours=1)) == []

    def test_a_draft_that_gave_way_is_told_and_a_slot_without_one_is_not(self, ledger: MemoryLedger) -> None:
        self.draft(ledger)
        ledger.withdraw(ledger.drafts("weekly")[0], Fate.SUPERSEDED, NOW)
        ledger.settle_slot("weekly", DUE + timedelta(days=7), Fate.SUPERSEDED, NOW)
        text = "the draft of weekly for 2026-06-01T08:00:00Z was dropped: a later slot has come"
        assert untold(ledger, NOW) == [("issue-dropped", text)]

    def test_a_newsletter_that_is_gone_has_nothing_to_tell(self, ledger: MemoryLedger) -> None:
        ledger.settle_slot("gone", DUE, Fate.LATE, self.LATE)
        assert untold(ledger, self.LATE) == []


class TestOnce:
    def test_a_failure_is_told_once_however_often_it_comes(self, told: Told) -> None:
        for _ in range(3):
            told(failure("the disk is full"))
        assert told.texts == ["nothing can be built: the disk is full"]

    def test_its_end_is_told_and_then_it_may_come_again(self, told: Told) -> None:
        told(failure("one"))
        told(*WORKS)
        told(*WORKS)
        told(failure("two"))
        assert told.texts == ["nothing can be built: one", "building works again", "nothing can be built: two"]

    def test_that_it_works_is_no_news_by_itself(self, told: Told) -> None:
        told(*WORKS)
        assert (told.texts, told.memory) == ([], Memory({}))

    def test_a_draft_that_was_changed_is_another_event(self, told: Told) -> None:
        for digest in ("a", "a", "b"):
            outcome = SlotOutcome(newsletter="weekly", due=DUE, fate=Fate.HELD, issue=ISSUE, digest=digest)
            told(*of_round([outcome]))
        assert len(told.texts) == 2

    def test_other_mistakes_of_a_config_are_another_event(self, told: Told) -> None:
        for why in ("one", "one", "two"):
            told(refused(why))
        assert told.texts == ["one", "two"]

    def test_what_did_not_arrive_is_told_again_also_if_it_does_not_come_again(self, told: Told) -> None:
        outcome = SlotOutcome(newsletter="weekly", due=DUE, fate=Fate.HELD, issue=ISSUE, digest="d")
        told.broken = "the webhook answered 503"
        assert told(*of_round([outcome])) == ("the webhook answered 503",)
        assert told(*WORKS) == ("the webhook answered 503",)
        told.broken = None
        assert told(*WORKS) == ()
        told(*WORKS)
        assert [text.split(" is held")[0] for text in told.texts] == ["issue 12 of weekly for 2026-06-01T08:00:00Z"]

    def test_what_waits_and_comes_again_waits_once(self, told: Told) -> None:
        told.broken = "no"
        told(failure("x"))
        assert told(failure("y")) == ("no",)

    def test_a_failure_that_was_over_before_it_could_be_told_is_not(self, told: Told) -> None:
        told.broken = "no"
        told(failure("x"))
        told.broken = None
        told(*WORKS)
        assert (told.texts, told.memory) == ([], Memory({}))

    def test_an_end_that_was_no_end_before_it_could_be_told_is_not(self, told: Told) -> None:
        told(failure("x"))
        told.broken = "no"
        told(*WORKS)
        told.broken = None
        told(failure("x"))
        assert told.texts == ["nothing can be built: x"]

    def test_an_end_that_did_not_arrive_is_told_again(self, told: Told) -> None:
        told(failure("x"))
        told.broken = "no"
        told(*WORKS)
        told.broken = None
        told(*WORKS)
        assert told.texts[1:] == ["building works again"]

    def test_events_are_forgotten_after_more_than_a_year(self, told: Told) -> None:
        told(refused("x"))
        told(now=NOW + timedelta(days=399))
        assert told.memory is not None
        assert len(told.memory.told) == 1
        told(now=NOW + timedelta(days=401))
        assert told.memory == Memory({})


class TestMemory:
    @pytest.mark.parametrize(
        "data", [None, b"", b"[]", b"{", b'{"a": 1}', b'{"a": {"told": {"b": "yesterday"}}}', b"\xff", b"[" * 9999]
    )
    def test_what_cannot_be_read_counts_for_nothing(self, data: bytes | None) -> None:
        assert memories(data) == {}
