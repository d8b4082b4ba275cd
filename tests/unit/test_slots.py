"""What becomes of slots: one fate each, whatever was missed, claimed or recorded before."""

from datetime import UTC, datetime, timedelta

import pytest
from makers import UTC_ZONE, day

from syndicate.domain.cadence import parse_cadence
from syndicate.domain.slots import REACH, Decision, Fate, Slot, decide, fates

DAILY = parse_cadence("daily at 08:00")
DAY = timedelta(hours=24)
KNOWN_SINCE = day(1)


def decided(
    now: datetime,
    recorded: dict[int, Fate] | None = None,
    *,
    known_since: datetime = KNOWN_SINCE,
    late: timedelta = DAY,
) -> list[tuple[int, str]]:
    """Return the days of January and the fates of slots at 08:00 that are decided at a moment."""
    before = {day(number, hour=8): fate for number, fate in (recorded or {}).items()}
    found = decide(DAILY, UTC_ZONE, known_since, before, now, late)
    assert all(one.due.hour == 8 for one in found)
    return [(one.due.day, one.fate.value) for one in found]


class TestDecisions:
    def test_nothing_is_due_before_the_first_slot(self) -> None:
        assert decided(day(1, hour=7)) == []

    def test_a_slot_that_has_come_is_claimed(self) -> None:
        assert decided(day(1, hour=8)) == [(1, "claimed")]
        assert decided(day(1, hour=9)) == [(1, "claimed")]

    def test_slots_before_the_newsletter_was_known_were_not_missed(self) -> None:
        assert decided(day(5, hour=7), known_since=day(4, hour=9)) == []
        assert decided(day(5, hour=8), known_since=day(4, hour=9)) == [(5, "claimed")]

    def test_the_slot_at_the_very_moment_of_becoming_known_is_its_first(self) -> None:
        assert decided(day(4, hour=9), known_since=day(4, hour=8)) == [(4, "claimed")]

    @pytest.mark.parametrize("fate", [Fate.CUT, Fate.EMPTY, Fate.LATE, Fate.SUPERSEDED])
    def test_a_slot_with_an_outcome_keeps_it(self, fate: Fate) -> None:
        assert decided(day(1, hour=9), {1: fate}) == []

    def test_of_several_missed_only_the_latest_is_cut(self) -> None:
        expected = [(2, "superseded"), (3, "superseded"), (4, "claimed")]
        assert decided(day(4, hour=20), {1: Fate.CUT}) == expected

    def test_the_latest_is_cut_up_to_the_greatest_lateness_and_skipped_after_it(self) -> None:
        late = timedelta(hours=2)
        assert decided(day(1, hour=10), late=late) == [(1, "claimed")]
        assert decided(day(1, hour=10) + timedelta(microseconds=1), late=late) == [(1, "skipped-late")]
        assert decided(day(2, hour=11), late=late) == [(1, "superseded"), (2, "skipped-late")]

    def test_a_claim_without_an_outcome_is_gone_on_with(self) -> None:
        assert decided(day(2, hour=7), {1: Fate.CLAIMED}) == [(1, "claimed")]

    def test_a_claim_left_behind_for_too_long_is_skipped(self) -> None:
        assert decided(day(2, hour=7), {1: Fate.CLAIMED}, late=timedelta(hours=2)) == [(1, "skipped-late")]

    def test_a_claim_gives_way_to_a_later_slot(self) -> None:
        assert decided(day(2, hour=9), {1: Fate.CLAIMED}) == [(1, "superseded"), (2, "claimed")]
        assert decided(day(2, hour=9), {1: Fate.CLAIMED, 2: Fate.CUT}) == [(1, "superseded")]

    def test_a_clock_that_was_set_back_doubles_nothing(self) -> None:
        assert decided(day(3, hour=9), {5: Fate.CUT}) == []
        assert decided(day(5, hour=9), {5: Fate.CUT}) == []
        assert decided(day(6, hour=9), {5: Fate.CUT}) == [(6, "claimed")]

    def test_a_claim_in_the_future_waits_for_its_moment(self) -> None:
        assert decided(day(4, hour=9), {3: Fate.CUT, 5: Fate.CLAIMED}) == [(4, "claimed")]

    def test_slots_of_long_ago_are_nobodys_to_miss(self) -> None:
        found = decide(DAILY, UTC_ZONE, datetime.min.replace(tzinfo=UTC), {}, day(4, hour=9), DAY)
        assert (len(found), found[0].due, found[-1].fate) == (400, day(4, hour=8) - 399 * DAY, Fate.CLAIMED)
        assert timedelta(hours=8784) < REACH, "the greatest lateness that a config may allow"

    def test_slots_before_the_latest_recorded_are_nobodys_to_miss(self) -> None:
        assert decided(day(4, hour=7), {3: Fate.CUT}) == []

    def test_a_changed_cadence_leaves_what_was_cut(self) -> None:
        evening = parse_cadence("daily at 18:00")
        recorded = {day(3, hour=8): Fate.CUT}
        found = decide(evening, UTC_ZONE, KNOWN_SINCE, recorded, day(3, hour=19), DAY)
        assert found == (Decision(due=day(3, hour=18), fate=Fate.CLAIMED),)


def test_a_slot_with_an_issue_was_cut_whatever_is_recorded() -> None:
    first, second, third = (day(number, hour=8) for number in (1, 2, 3))
    slots = [
        Slot(newsletter="weekly", due=first, fate=Fate.CLAIMED, claimed_at=first),
        Slot(newsletter="weekly", due=second, fate=Fate.EMPTY, claimed_at=second, settled_at=second),
    ]
    assert fates(slots, [first, third]) == {first: Fate.CUT, second: Fate.EMPTY, third: Fate.CUT}
