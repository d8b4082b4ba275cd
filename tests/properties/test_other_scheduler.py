"""What would have gone wrong: APScheduler 3.11's cron trigger at clock changes, beside our slots.

These are the faults for which slots are computed in this project (APScheduler issues 606, 529, 120,
1036; 286, 455 and 1102 for weekdays). The process that stays up may let it wake, but never decide.
"""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from syndicate.domain.cadence import parse_cadence, slots

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
ZONES = (
    "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Europe/London", "Australia/Sydney",
    "America/Sao_Paulo", "Asia/Kolkata", "UTC",
)  # fmt: skip
TIMES = ((0, 0), (1, 30), (2, 0), (2, 30), (3, 0), (9, 0))
WEEKDAYS = ("*", "mon", "sun")


def fired(zone: str, hour: int, minute: int, weekday: str) -> list[date]:
    """Return the local days on which the other scheduler's trigger fires in 2026, as its scheduler asks it."""
    trigger = CronTrigger(hour=hour, minute=minute, day_of_week=weekday, timezone=ZoneInfo(zone))
    days, previous, moment = [], None, START
    while (moment := trigger.get_next_fire_time(previous, moment)) and moment <= END:
        previous = moment
        days.append(moment.astimezone(ZoneInfo(zone)).date())
    return days


def due(zone: str, hour: int, minute: int, weekday: str) -> list[date]:
    """Return the local days of our slots in 2026."""
    cadence = parse_cadence(f"{minute} {hour} * * {weekday}")
    return [moment.astimezone(ZoneInfo(zone)).date() for moment in slots(cadence, ZoneInfo(zone), START, END)]


@pytest.mark.parametrize(
    ("schedule", "lost", "doubled"),
    [
        (("America/New_York", 0, 0, "mon"), [date(2026, 3, 9)], []),
        (("America/Los_Angeles", 0, 0, "mon"), [date(2026, 3, 9)], []),
        (("Europe/Berlin", 0, 0, "mon"), [date(2026, 3, 30)], []),
        (("America/New_York", 1, 30, "sun"), [], [date(2026, 11, 1)]),
        (("Europe/Berlin", 2, 30, "sun"), [], [date(2026, 10, 25)]),
    ],
    ids=str,
)
def test_weeks_are_lost_and_doubled_there_and_not_here(
    schedule: tuple[Any, ...], lost: list[date], doubled: list[date]
) -> None:
    theirs, ours = Counter(fired(*schedule)), Counter(due(*schedule))
    assert sorted(ours - theirs) == lost
    assert sorted(theirs - ours) == doubled
    assert set(ours.values()) == {1}
    assert len(ours) == 52


def test_of_144_schedules_some_are_wrong_there_and_none_here() -> None:
    schedules = [(zone, *time, weekday) for zone in ZONES for time in TIMES for weekday in WEEKDAYS]
    wrong = [one for one in schedules if fired(*one)[1:-1] != due(*one)[1:-1]]  # the year's ends are another matter
    assert len(schedules) == 144
    assert len(wrong) > 20
    for zone, hour, minute, weekday in schedules:
        days = due(zone, hour, minute, weekday)
        assert len(days) == len(set(days)) == (52 if weekday != "*" else 365)


def test_monday_is_tuesday_there() -> None:
    theirs = CronTrigger.from_crontab("0 9 * * 1", timezone=ZoneInfo("UTC")).get_next_fire_time(None, START)
    ours = next(slots(parse_cadence("0 9 * * 1"), ZoneInfo("UTC"), START, END))
    assert (f"{theirs:%A}", f"{ours:%A}") == ("Tuesday", "Monday")
