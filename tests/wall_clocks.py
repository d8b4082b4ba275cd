"""When a wall time comes, worked out once more: from the offsets of a zone at every hour, by the rules alone.

It shares no code with syndicate/domain/cadence.py: cadences are functions over dates, and a zone is
the list of the spans in which its offset stays the same.
"""

import calendar
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HOUR_S, DAY_S = 3600, 86400


@dataclass(frozen=True)
class Wanted:
    """A cadence as syndicate is told it, and the days and minutes of the day that it means."""

    text: str
    on: Callable[[date], bool]
    minutes: tuple[int, ...]


def _is_last_sunday(day: date) -> bool:
    return day.isoweekday() == 7 and day.day > calendar.monthrange(day.year, day.month)[1] - 7


# Times at which clocks change, midnight, a day that has several slots, and cron's rule that either day will do.
CADENCES = (
    Wanted("daily at 02:30", lambda day: True, (150,)),
    Wanted("weekly on Monday at 00:00", lambda day: day.isoweekday() == 1, (0,)),
    Wanted("30 1 * * sun", lambda day: day.isoweekday() == 7, (90,)),
    Wanted("monthly on the last Sunday at 02:00", _is_last_sunday, (120,)),
    Wanted("*/30 0-3 * * *", lambda day: True, (0, 30, 60, 90, 120, 150, 180, 210)),
    Wanted("0 0,12 1,15 * 5", lambda day: day.day in (1, 15) or day.isoweekday() == 5, (0, 720)),
)


def spans(zone: ZoneInfo, start: int, end: int) -> list[tuple[int, int]]:
    """Return (first second, offset in seconds) of each span with one offset, from UTC seconds `start` to `end`."""
    found = [(start, _offset(zone, start))]
    for second in range(start + HOUR_S, end + HOUR_S, HOUR_S):
        if _offset(zone, second) != found[-1][1]:
            found.append(_first_second(zone, second - HOUR_S, second))
    return found


def _first_second(zone: ZoneInfo, low: int, high: int) -> tuple[int, int]:
    after = _offset(zone, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(zone, middle) == after else (middle, high)
    return high, after


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def moments(wanted: Wanted, zone_spans: list[tuple[int, int]], first: date, last: date) -> Iterator[int]:
    """Yield the UTC second of each wall time of a cadence, from one day to another; some may be equal."""
    starts = [start for start, _ in zone_spans]
    day = first
    while day <= last:
        if wanted.on(day):
            midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
            for minute in wanted.minutes:
                wall = midnight + 60 * minute
                yield _comes(wall, zone_spans, max(bisect_right(starts, wall - 2 * DAY_S) - 1, 0))
        day += timedelta(days=1)


def _comes(wall: int, zone_spans: list[tuple[int, int]], place: int) -> int:
    """Return the first second at which a clock on the wall shows `wall`, or has jumped over it."""
    while place < len(zone_spans):
        start, offset = zone_spans[place]
        end = zone_spans[place + 1][0] if place + 1 < len(zone_spans) else None
        if wall < start + offset:
            return start
        if end is None or wall < end + offset:
            return wall - offset
        place += 1
    raise AssertionError("the last span has no end")


def expected(wanted: Wanted, zone_spans: list[tuple[int, int]], start: datetime, end: datetime) -> list[int]:
    """Return the slots in (start, end] as UTC seconds, in order."""
    low, high = int(start.timestamp()), int(end.timestamp())
    first, last = start.date() - timedelta(days=3), end.date() + timedelta(days=3)
    return sorted({second for second in moments(wanted, zone_spans, first, last) if low < second <= high})


def around(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[int, int]]:
    """Return the spans of a zone over a period and some days on both sides of it."""
    return spans(zone, int(start.timestamp()) - 5 * DAY_S, int(end.timestamp()) + 5 * DAY_S)
