"""Notices: each event is told once, and a failure's end too."""

from datetime import datetime, timedelta

import pytest
from makers import NOW, day, make_newsletter

from syndicate.domain.newsletters import Issue
from syndicate.domain.slots import Fate
from syndicate.services.notices import Memory, Notice, failure, memories, memories_text, of_round, refused, tell_new
from syndicate.services.rounds import SlotOutcome

WEEKLY = make_newsletter()
DUE = day(1, 6, hour=8)
ISSUE = Issue(newsletter="weekly", due=DUE, number=12, cut_at=NOW, subject="Tea")
WORKS = of_round((), (), NOW)


class Told:
    """What was told by one way, over several runs; `broken` says why nothing arrives."""

    def __init__(self) -> None:
        self.memory: Memory | None = None
        self.texts: list[str] = []
        self.broken: str | None = None

    def __call__(self, *notices: Notice, now: datetime = NOW) -> tuple[str, ...]:
        self.memory, failures = tell_new(notices, self.memory, now, self.send)
        self.memory = memories(memories_text({"way": self.memory}))["way"]  # as the state folder keeps it
        return failures

    def send(self, notice: Notice) -> str | None:
        if not self.broken:
            self.texts.append(notice.text)
        return self.broken


@pytest.fixture
def told() -> Told:
    return Told()


def of(fate: Fate, **more: object) -> list[tuple[str, str]]:
    outcome = SlotOutcome(newsletter="weekly", due=DUE, fate=fate, **more)  # type: ignore[arg-type]  # as a test says
    return [(one.event, one.text) for one in of_round([outcome], [WEEKLY], DUE + timedelta(hours=30))[1:]]


class TestWhatIsTold:
    def test_slots_that_need_somebody_are_told(self) -> None:
        assert of(Fate.HELD, issue=ISSUE, digest="d") == [
            (
                "issue-held",
                "issue 12 of weekly for 2026-06-01T08:00:00Z is held, since nobody has approved it: "
                "'syndicate issue approve weekly 12 --digest d'",
            )
        ]
        assert of(Fate.DRAFTED, issue=ISSUE, digest="d") == [
            (
                "issue-drafted",
                "issue 12 of weekly for 2026-06-01T08:00:00Z waits for approval: "
                "'syndicate issue approve weekly 12 --digest d'",
            )
        ]
        assert of(Fate.LATE) == [
            (
                "slot-missed",
                "the slot of weekly at 2026-06-01T08:00:00Z was skipped: "
                "nothing ran until 30.0 h after it, and max_lateness_hours is 24",
            )
        ]
        assert of(Fate.CLAIMED, error="templates/x.html:3: no") == [
            (
                "issue-failed",
                "the issue of weekly for 2026-06-01T08:00:00Z could not be made: templates/x.html:3: no",
            )
        ]

    def test_a_draft_that_gave_way_is_told_and_a_slot_without_one_is_not(self) -> None:
        assert of(Fate.SUPERSEDED, stories=3) == [
            ("issue-dropped", "the draft of weekly for 2026-06-01T08:00:00Z was dropped: a later slot has come")
        ]
        assert of(Fate.SUPERSEDED) == []

    @pytest.mark.parametrize("fate", [Fate.CUT, Fate.EMPTY, Fate.SUPERSEDED, Fate.REJECTED])
    def test_what_went_as_it_should_is_no_event(self, fate: Fate) -> None:
        assert of(fate, issue=ISSUE) == []

    def test_for_json_it_says_where_and_what(self) -> None:
        outcome = SlotOutcome(newsletter="weekly", due=DUE, fate=Fate.HELD, issue=ISSUE, digest="d")
        assert of_round([outcome], [WEEKLY], NOW)[1].plain("The Site") == {
            "event": "issue-held",
            "text": "issue 12 of weekly for 2026-06-01T08:00:00Z is held, since nobody has approved it: "
            "'syndicate issue approve weekly 12 --digest d'",
            "site": "The Site",
            "newsletter": "weekly",
            "number": 12,
            "due": "2026-06-01T08:00:00Z",
        }


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
            told(*of_round([outcome], [WEEKLY], NOW))
        assert len(told.texts) == 2

    def test_other_mistakes_of_a_config_are_another_event(self, told: Told) -> None:
        for why in ("one", "one", "two"):
            told(refused(why))
        assert told.texts == ["one", "two"]

    def test_what_did_not_arrive_is_told_again_also_if_it_does_not_come_again(self, told: Told) -> None:
        outcome = SlotOutcome(newsletter="weekly", due=DUE, fate=Fate.DRAFTED, issue=ISSUE, digest="d")
        told.broken = "the webhook answered 503"
        assert told(*of_round([outcome], [WEEKLY], NOW)) == ("the webhook answered 503",)
        assert told(*WORKS) == ("the webhook answered 503",)
        told.broken = None
        assert told(*WORKS) == ()
        told(*WORKS)
        assert [text.split(" waits")[0] for text in told.texts] == ["issue 12 of weekly for 2026-06-01T08:00:00Z"]

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
