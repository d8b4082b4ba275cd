"""Cadence: the rule of when a newsletter is due, and the slots that it gives.

Two spellings: plain words ('weekly on Monday at 08:00', 'daily at 07:30', 'monthly on the first
Tuesday at 09:00', 'monthly on day 15 at 09:00', 'every weekday at 06:00') and the five fields of
cron, whose weekdays are 0 to 7 with Sunday as both ends, and names. Slots are wall times in a zone:
one that a clock change skips is due at the first moment after the gap, one that occurs twice is due
the first time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_AT = r"at (?P<hour>\d{1,2}):(?P<minute>\d{2})"
_DAILY = re.compile(rf"(?:daily|every day) {_AT}$")
_WORKDAYS = re.compile(rf"(?:weekdays|every weekday) {_AT}$")
_WEEKLY = re.compile(rf"(?:weekly on|every) (?P<days>[a-z, ]+?) {_AT}$")
_MONTHLY_DAY = re.compile(rf"monthly on (?:the |day )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_AT}$")
_MONTHLY_NTH = re.compile(rf"monthly on the (?P<nth>[a-z]+) (?P<weekday>[a-z]+) {_AT}$")
# The longest wait between two slots of a cadence that has any: 29 February over a century without a leap day.
_LONGEST_WAIT = timedelta(days=366 * 8 + 7)
# The calendar's end has no wall time in every zone.
_LAST = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """When something is due, as sets of what a wall time may be; weekday 0 is Monday.

    `nth` counts the weekday within its month (-1 is the last); `either_day` is cron's rule that a
    day matches if day of month or weekday does, when both are restricted.
    """

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] = frozenset(range(1, 32))
    months: frozenset[int] = frozenset(range(1, 13))
    weekdays: frozenset[int] = frozenset(range(7))
    nth: int | None = None
    either_day: bool = False

    def on(self, day: date) -> bool:
        """Tell whether a day has slots."""
        if day.month not in self.months:
            return False
        by_date, by_weekday = day.day in self.days, day.weekday() in self.weekdays
        if self.either_day:
            return by_date or by_weekday
        return by_date and by_weekday and (self.nth is None or _is_nth(day, self.nth))


def parse_cadence(text: str) -> Cadence:
    """Read a cadence; raises ValueError with what was expected."""
    words = " ".join(text.lower().split())
    for pattern, reader in _SPELLINGS:
        if found := pattern.match(words):
            hour, minute = int(found["hour"]), int(found["minute"])
            if hour > 23 or minute > 59:
                raise ValueError(f"expected a time of day such as 08:00, got {found['hour']}:{found['minute']}")
            return reader(text, found, frozenset({hour}), frozenset({minute}))
    columns = words.split()
    if len(columns) == 5 and not words[0].isalpha():
        return _read_cron(text, columns)
    if len(columns) in (6, 7) and not words[0].isalpha():  # Quartz puts seconds first, others a year last
        raise ValueError(f"expected five cron fields, minute first and weekday last, got {len(columns)}: {text!r}")
    raise ValueError(
        f"expected words such as 'weekly on Monday at 08:00' or five cron fields such as '0 8 * * mon', got {text!r}"
    )


def slots(cadence: Cadence, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the slots in (after, until], in order, as aware UTC moments."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    last_day = until.astimezone(zone).date()
    latest = after
    while day <= last_day:
        if cadence.on(day):
            moments = {_moment(day, time(hour, minute), zone) for hour in cadence.hours for minute in cadence.minutes}
            for moment in sorted(moments):
                if latest < moment <= until:
                    latest = moment
                    yield moment
        day += timedelta(days=1)


def latest_slot(cadence: Cadence, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the last slot that is not after `now`, or None for a cadence that never comes."""
    for reach in (timedelta(days=8), timedelta(days=70), _LONGEST_WAIT):
        found = list(slots(cadence, zone, now - reach, now))
        if found:
            return found[-1]
    return None


def next_slot(cadence: Cadence, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the first slot after `now`, or None for a cadence that never comes."""
    return next(slots(cadence, zone, now, min(now, _LAST - _LONGEST_WAIT) + _LONGEST_WAIT), None)


def _moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return when a wall time comes: the first of two, or the end of the gap that swallows it."""
    early = datetime.combine(day, wall, zone).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, wall):
        return early
    before = datetime.combine(day, wall, zone).replace(fold=1).astimezone(UTC)
    offset_after = early.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(early.timestamp())
    while low < high:  # the first second at which the new offset is in force
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset_after:
            high = middle
        else:
            low = middle + 1
    return datetime.fromtimestamp(low, UTC)


def _is_nth(day: date, nth: int) -> bool:
    if nth == -1:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == nth


def _daily(text: str, found: re.Match[str], hours: frozenset[int], minutes: frozenset[int]) -> Cadence:
    return Cadence(text=text, hours=hours, minutes=minutes)


def _workdays(text: str, found: re.Match[str], hours: frozenset[int], minutes: frozenset[int]) -> Cadence:
    return Cadence(text=text, hours=hours, minutes=minutes, weekdays=frozenset(range(5)))


def _weekly(text: str, found: re.Match[str], hours: frozenset[int], minutes: frozenset[int]) -> Cadence:
    names = [name for name in re.split(r"[, ]+", found["days"]) if name and name != "and"]
    if not names:
        raise ValueError(f"expected a weekday such as Monday, got {found['days'].strip()!r}")
    return Cadence(text=text, hours=hours, minutes=minutes, weekdays=frozenset(_weekday(name) for name in names))


def _monthly_day(text: str, found: re.Match[str], hours: frozenset[int], minutes: frozenset[int]) -> Cadence:
    day = int(found["day"])
    if not 1 <= day <= 28:
        raise ValueError(f"expected a day from 1 to 28, which every month has, got {day}")
    return Cadence(text=text, hours=hours, minutes=minutes, days=frozenset({day}))


def _monthly_nth(text: str, found: re.Match[str], hours: frozenset[int], minutes: frozenset[int]) -> Cadence:
    nth = _ORDINALS.get(found["nth"])
    if nth is None:
        raise ValueError(f"expected first, second, third, fourth or last, got {found['nth']!r}")
    weekdays = frozenset({_weekday(found["weekday"])})
    return Cadence(text=text, hours=hours, minutes=minutes, weekdays=weekdays, nth=nth)


_SPELLINGS = (
    (_DAILY, _daily),
    (_WORKDAYS, _workdays),
    (_MONTHLY_DAY, _monthly_day),
    (_MONTHLY_NTH, _monthly_nth),
    (_WEEKLY, _weekly),
)


def _weekday(name: str) -> int:
    for number, weekday in enumerate(WEEKDAYS):
        if len(name.rstrip("s")) >= 3 and weekday.startswith(name.rstrip("s")):
            return number
    raise ValueError(f"expected a weekday such as Monday, got {name!r}")


def _read_cron(text: str, columns: list[str]) -> Cadence:
    minutes = _cron_field(columns[0], 0, 59, "a minute")
    hours = _cron_field(columns[1], 0, 23, "an hour")
    days = _cron_field(columns[2], 1, 31, "a day of month")
    months = _cron_field(columns[3], 1, 12, "a month", _names(_MONTHS, 1))
    _refuse_ambiguous(columns[4])
    cron_weekdays = _cron_field(columns[4], 0, 7, "a weekday", _CRON_WEEKDAYS)
    return Cadence(
        text=text,
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=frozenset((day - 1) % 7 for day in cron_weekdays),
        either_day=not columns[2].startswith("*") and not columns[4].startswith("*"),
    )


def _names(words: tuple[str, ...], first: int) -> dict[str, int]:
    """Return the numbers of words, whole or by their first three letters."""
    return {name: place for place, word in enumerate(words, first) for name in (word, word[:3])}


# The numbers of weekdays in cron, by number and by name; 7 is Sunday too.
_CRON_WEEKDAYS = _names(WEEKDAYS, 1) | {"sun": 0, "sunday": 0} | {str(number): number for number in range(8)}


def _refuse_ambiguous(field: str) -> None:
    """Refuse weekdays that programs read differently or that only some know, with a spelling that all read alike."""
    for part in field.split(","):
        if right := _right_spelling(part):
            raise ValueError(f"expected a weekday that every cron reads alike, got {part!r}; write {right}")


def _right_spelling(part: str) -> str | None:
    """Return how to write '?' or 'mon#2' of Quartz, or a range over the week's end; None if it is none of them."""
    if part == "?":
        return "*"
    first, dash, last = part.partition("-")
    if dash and first in _CRON_WEEKDAYS and last in _CRON_WEEKDAYS and _CRON_WEEKDAYS[first] > _CRON_WEEKDAYS[last]:
        days = range(_CRON_WEEKDAYS[first], _CRON_WEEKDAYS[last] + 8)
        return ",".join(dict.fromkeys(WEEKDAYS[(day - 1) % 7][:3] for day in days))
    name, sign, nth = part.partition("#")
    words = {str(number): word for word, number in _ORDINALS.items()}
    if sign and name in _CRON_WEEKDAYS and nth in words:
        weekday = WEEKDAYS[(_CRON_WEEKDAYS[name] - 1) % 7].title()
        return f"'monthly on the {words[nth]} {weekday} at' and the time"
    return None


def _cron_field(field: str, low: int, high: int, what: str, names: dict[str, int] | None = None) -> frozenset[int]:
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            start, end = low, high
        else:
            start = _cron_number(first, what, names)
            end = _cron_number(last, what, names) if dash else (high if step else start)
        if not low <= start <= end <= high or (step and not (step.isascii() and step.isdecimal() and int(step))):
            raise ValueError(f"expected {what} from {low} to {high} in the cron expression, got {part!r}")
        values.update(range(start, end + 1, int(step or 1)))
    return frozenset(values)


def _cron_number(text: str, what: str, names: dict[str, int] | None) -> int:
    if text.isascii() and text.isdecimal():
        return int(text)
    if names and text in names:
        return names[text]
    raise ValueError(f"expected {what} in the cron expression, got {text!r}")
