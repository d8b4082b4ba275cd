"""Slots against a reference that is too slow and too simple to be wrong: it looks at the clock of every minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.domain.cadence import Cadence, latest_slot, parse_cadence, slots

# Days on which clocks change, each with the zone in which they do.
CHANGES = st.sampled_from(
    [
        ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, tzinfo=UTC)),
        ("America/Havana", datetime(2026, 3, 8, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2018, 2, 18, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2018, 11, 4, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 6, 1, tzinfo=UTC)),
        ("UTC", datetime(2026, 6, 1, tzinfo=UTC)),
    ]
)
MINUTES = st.sampled_from(["0", "30", "15,45", "*/20", "7"])
HOURS = st.sampled_from(["0", "1", "2", "3", "23", "*", "1-3", "8"])
WEEKDAYS = st.sampled_from(["*", "sun", "mon", "1-5", "6,0"])


def reference(text: str, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """Return the first minute at which each wall time that is due has come: a clock that jumps has passed it."""
    cadence = parse_cadence(text)
    found: list[datetime] = []
    shown = (after - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    moment = after
    while moment <= until:
        clock = moment.astimezone(zone).replace(tzinfo=None)
        passed = shown + timedelta(minutes=1)
        due = False
        while passed <= clock:
            due = due or (
                cadence.on(passed.date()) and passed.hour in cadence.hours and passed.minute in cadence.minutes
            )
            passed += timedelta(minutes=1)
        shown = max(shown, clock)
        if due and moment > after:
            found.append(moment)
        moment += timedelta(minutes=1)
    return found


@settings(max_examples=60, deadline=None)
@given(CHANGES, MINUTES, HOURS, WEEKDAYS)
def test_slots_are_those_that_a_clock_on_the_wall_would_give(
    change: tuple[str, datetime], minutes: str, hours: str, weekdays: str
) -> None:
    name, day = change
    text = f"{minutes} {hours} * * {weekdays}"
    after, until = day - timedelta(days=1), day + timedelta(days=2)
    assert list(slots(parse_cadence(text), ZoneInfo(name), after, until)) == reference(
        text, ZoneInfo(name), after, until
    )


@settings(max_examples=150, deadline=None)
@given(CHANGES, st.integers(0, 72 * 60), MINUTES, HOURS, WEEKDAYS)
def test_the_latest_slot_is_the_last_of_them(
    change: tuple[str, datetime], later: int, minutes: str, hours: str, weekdays: str
) -> None:
    name, day = change
    cadence, now = parse_cadence(f"{minutes} {hours} * * {weekdays}"), day + timedelta(minutes=later)
    due = latest_slot(cadence, ZoneInfo(name), now)
    assert due is not None
    assert due <= now
    assert list(slots(cadence, ZoneInfo(name), due, now)) == []
    assert list(slots(cadence, ZoneInfo(name), due - timedelta(minutes=1), now)) == [due]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30) | st.from_regex(r"[0-9*,/-]{1,5}( [0-9a-z*,/-]{1,5}){4}", fullmatch=True))
def test_any_text_is_a_cadence_or_refused_in_words(text: str) -> None:
    read = cadence_or_refusal(text)
    if isinstance(read, str):
        assert read.startswith("expected ")
    else:
        assert read.minutes <= set(range(60))
        assert read.hours <= set(range(24))
        assert read.weekdays <= set(range(7))
        assert all((read.minutes, read.hours, read.days, read.months, read.weekdays))


def cadence_or_refusal(text: str) -> Cadence | str:
    try:
        return parse_cadence(text)
    except ValueError as error:
        return str(error)
