"""Cadences: both spellings, what is refused, and slots that no clock change loses or doubles."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from syndicate.domain.cadence import latest_slot, next_slot, parse_cadence, slots

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def days_of(text: str) -> str:
    """Return the weekdays of a cadence, such as 'Mon Fri'."""
    return " ".join(NAMES[day] for day in sorted(parse_cadence(text).weekdays))


def times_of(text: str) -> list[str]:
    cadence = parse_cadence(text)
    return [f"{hour:02}:{minute:02}" for hour in sorted(cadence.hours) for minute in sorted(cadence.minutes)]


def dates_of(text: str, year: int, month: int) -> list[int]:
    """Return the days of a month on which a cadence has slots."""
    cadence = parse_cadence(text)
    first = date(year, month, 1)
    days = (first + timedelta(days=number) for number in range(31))
    return [day.day for day in days if day.month == month and cadence.on(day)]


def slots_on(text: str, zone: str, day: date) -> list[str]:
    """Return the UTC times of the slots from the day before until the day after."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = slots(parse_cadence(text), ZoneInfo(zone), midnight - timedelta(days=1), midnight + timedelta(days=2))
    return [f"{moment:%d %H:%M}" for moment in found]


class TestWords:
    @pytest.mark.parametrize(
        ("text", "days"),
        [
            ("daily at 08:00", "Mon Tue Wed Thu Fri Sat Sun"),
            ("every day at 08:00", "Mon Tue Wed Thu Fri Sat Sun"),
            ("weekdays at 08:00", "Mon Tue Wed Thu Fri"),
            ("every weekday at 08:00", "Mon Tue Wed Thu Fri"),
            ("weekly on Monday at 08:00", "Mon"),
            ("weekly on mondays at 08:00", "Mon"),
            ("WEEKLY  on\nMONDAY at 08:00", "Mon"),
            ("every Sunday at 8:00", "Sun"),
            ("weekly on mon at 08:00", "Mon"),
            ("every tues and thurs at 08:00", "Tue Thu"),
            ("weekly on Monday, Wednesday and Friday at 08:00", "Mon Wed Fri"),
            ("weekly on friday,monday at 08:00", "Mon Fri"),
            ("weekly on saturdays and sundays at 08:00", "Sat Sun"),
        ],
    )
    def test_weekdays_are_read_as_people_write_them(self, text: str, days: str) -> None:
        assert days_of(text) == days
        assert times_of(text) == ["08:00"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("monthly on day 15 at 09:00", [15]),
            ("monthly on the 15th at 09:00", [15]),
            ("monthly on 15 at 09:00", [15]),
            ("monthly on the 1st at 09:00", [1]),
            ("monthly on the 22nd at 09:00", [22]),
            ("monthly on the 3rd at 09:00", [3]),
            ("monthly on day 28 at 09:00", [28]),
        ],
    )
    def test_a_day_of_the_month_is_read(self, text: str, expected: list[int]) -> None:
        assert dates_of(text, 2026, 2) == expected

    @pytest.mark.parametrize(
        ("nth", "days"),
        [
            ("first", [1, 1, 5]),
            ("second", [8, 8, 12]),
            ("third", [15, 15, 19]),
            ("fourth", [22, 22, 26]),
            ("last", [22, 29, 26]),
        ],
    )
    def test_the_nth_weekday_of_a_month_is_counted(self, nth: str, days: list[int]) -> None:
        # February 2026 has four Sundays, March five, April four.
        found = [dates_of(f"monthly on the {nth} Sunday at 09:00", 2026, month) for month in (2, 3, 4)]
        assert found == [[day] for day in days]

    def test_the_text_is_kept_as_it_was_written(self) -> None:
        assert parse_cadence("Weekly on  Monday at 08:00").text == "Weekly on  Monday at 08:00"

    @pytest.mark.parametrize("time", ["00:00", "23:59", "7:05"])
    def test_every_time_of_day_is_taken(self, time: str) -> None:
        assert times_of(f"daily at {time}") == [time.zfill(5)]


class TestCron:
    @pytest.mark.parametrize(
        ("field", "days"),
        [
            ("0", "Sun"),
            ("7", "Sun"),
            ("1", "Mon"),
            ("6", "Sat"),
            ("1-5", "Mon Tue Wed Thu Fri"),
            ("5-7", "Fri Sat Sun"),
            ("0-1", "Mon Sun"),
            ("sun", "Sun"),
            ("MON", "Mon"),
            ("monday", "Mon"),
            ("mon,wed,fri", "Mon Wed Fri"),
            ("tue-thu", "Tue Wed Thu"),
            ("sun-mon", "Mon Sun"),
            ("mon-fri/2", "Mon Wed Fri"),
            ("*/3", "Wed Sat Sun"),
            ("*", "Mon Tue Wed Thu Fri Sat Sun"),
        ],
    )
    def test_weekdays_have_the_numbers_and_names_of_cron(self, field: str, days: str) -> None:
        assert days_of(f"0 8 * * {field}") == days

    @pytest.mark.parametrize(
        ("text", "times"),
        [
            ("0 8 * * *", ["08:00"]),
            ("*/30 8 * * *", ["08:00", "08:30"]),
            ("15 8,20 * * *", ["08:15", "20:15"]),
            ("0 8-10 * * *", ["08:00", "09:00", "10:00"]),
            ("0 20/2 * * *", ["20:00", "22:00"]),
            ("5-20/10 8 * * *", ["08:05", "08:15"]),
        ],
    )
    def test_times_are_read(self, text: str, times: list[str]) -> None:
        assert times_of(text) == times

    @pytest.mark.parametrize("field", ["3", "mar", "MAR", "march"])
    def test_months_have_numbers_and_names(self, field: str) -> None:
        assert parse_cadence(f"0 8 * {field} *").months == {3}

    def test_a_day_that_matches_one_of_both_will_do_if_both_are_restricted(self) -> None:
        # June 2026: Mondays are the 1st, 8th, 15th, 22nd, 29th.
        assert dates_of("0 8 13 * mon", 2026, 6) == [1, 8, 13, 15, 22, 29]

    @pytest.mark.parametrize("text", ["0 8 */2 * mon", "0 8 * * mon"])
    def test_a_star_restricts_nothing(self, text: str) -> None:
        assert not parse_cadence(text).either_day

    def test_a_day_that_a_month_lacks_is_passed_over(self) -> None:
        assert dates_of("0 8 31 * *", 2026, 6) == []
        assert dates_of("0 8 29 2 *", 2028, 2) == [29]


WORDS = "expected words such as 'weekly on Monday at 08:00' or five cron fields such as '0 8 * * mon', got "

ALIKE = "expected a weekday that every cron reads alike, got "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"{WORDS}''"),
        ("sometimes", f"{WORDS}'sometimes'"),
        ("weekly at 08:00", f"{WORDS}'weekly at 08:00'"),
        ("daily at 8:5", f"{WORDS}'daily at 8:5'"),
        ("daily at 08:00 sharp", f"{WORDS}'daily at 08:00 sharp'"),
        ("@daily", f"{WORDS}'@daily'"),
        ("every 2 weeks at 08:00", f"{WORDS}'every 2 weeks at 08:00'"),
        ("0 8 * *", f"{WORDS}'0 8 * *'"),
        ("0 8 * * * *", "expected five cron fields, minute first and weekday last, got 6: '0 8 * * * *'"),
        ("0 0 8 ? * MON 2026", "expected five cron fields, minute first and weekday last, got 7: '0 0 8 ? * MON 2026'"),
        ("daily at 24:00", "expected a time of day such as 08:00, got 24:00"),
        ("daily at 08:60", "expected a time of day such as 08:00, got 08:60"),
        ("weekly on Funday at 08:00", "expected a weekday such as Monday, got 'funday'"),
        ("weekly on mo at 08:00", "expected a weekday such as Monday, got 'mo'"),
        ("weekly on sss at 08:00", "expected a weekday such as Monday, got 'sss'"),
        ("every Monday and Funday at 08:00", "expected a weekday such as Monday, got 'funday'"),
        ("monthly on the first Funday at 08:00", "expected a weekday such as Monday, got 'funday'"),
        ("monthly on the fifth Monday at 08:00", "expected first, second, third, fourth or last, got 'fifth'"),
        ("monthly on day 0 at 08:00", "expected a day from 1 to 28, which every month has, got 0"),
        ("monthly on the 31st at 08:00", "expected a day from 1 to 28, which every month has, got 31"),
        ("60 8 * * *", "expected a minute from 0 to 59 in the cron expression, got '60'"),
        ("0 24 * * *", "expected an hour from 0 to 23 in the cron expression, got '24'"),
        ("0 8 0 * *", "expected a day of month from 1 to 31 in the cron expression, got '0'"),
        ("0 8 32 * *", "expected a day of month from 1 to 31 in the cron expression, got '32'"),
        ("0 8 * 13 *", "expected a month from 1 to 12 in the cron expression, got '13'"),
        ("0 8 * * 8", "expected a weekday from 0 to 7 in the cron expression, got '8'"),
        ("0 8 * * 5-1", f"{ALIKE}'5-1'; write fri,sat,sun,mon"),
        ("0 8 * * fri-sun", f"{ALIKE}'fri-sun'; write fri,sat,sun"),
        ("0 8 * * wed,sat-tue", f"{ALIKE}'sat-tue'; write sat,sun,mon,tue"),
        ("0 8 * * 7-1", f"{ALIKE}'7-1'; write sun,mon"),
        ("0 8 * * mon-sun", f"{ALIKE}'mon-sun'; write mon,tue,wed,thu,fri,sat,sun"),
        ("*/0 8 * * *", "expected a minute from 0 to 59 in the cron expression, got '*/0'"),
        ("*/x 8 * * *", "expected a minute from 0 to 59 in the cron expression, got '*/x'"),
        ("1, 8 * * *", "expected a minute in the cron expression, got ''"),
        ("-5 8 * * *", "expected a minute in the cron expression, got ''"),
        ("0 8 * foo *", "expected a month in the cron expression, got 'foo'"),
        ("0 8 * * ?", f"{ALIKE}'?'; write *"),
        ("0 8 * * mon#2", f"{ALIKE}'mon#2'; write 'monthly on the second Monday at' and the time"),
        ("0 8 * * 7#1", f"{ALIKE}'7#1'; write 'monthly on the first Sunday at' and the time"),
        ("0 8 * * mon#9", "expected a weekday in the cron expression, got 'mon#9'"),
        ("0 8 * * monkey", "expected a weekday in the cron expression, got 'monkey'"),
        ("0 8 * marble *", "expected a month in the cron expression, got 'marble'"),
        ("0 ² * * *", "expected an hour in the cron expression, got '²'"),
    ],
)
def test_what_is_no_cadence_is_refused_with_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        parse_cadence(text)
    assert str(refused.value) == message


@pytest.mark.parametrize("text", ["weekly on , at 08:00", "weekly on and at 08:00", "every ,, at 08:00"])
def test_a_cadence_without_a_weekday_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^expected "):
        parse_cadence(text)


class TestSlots:
    def test_they_lie_after_the_first_moment_and_up_to_the_last(self) -> None:
        cadence = parse_cadence("daily at 08:00")
        first, last = datetime(2026, 6, 1, 8, tzinfo=UTC), datetime(2026, 6, 3, 8, tzinfo=UTC)
        found = list(slots(cadence, ZoneInfo("UTC"), first, last))
        assert found == [datetime(2026, 6, 2, 8, tzinfo=UTC), last]

    def test_they_are_wall_times_of_the_zone(self) -> None:
        assert slots_on("daily at 08:00", "Europe/Berlin", date(2026, 1, 10)) == ["09 07:00", "10 07:00", "11 07:00"]
        assert slots_on("daily at 08:00", "Europe/Berlin", date(2026, 7, 10)) == ["09 06:00", "10 06:00", "11 06:00"]
        assert slots_on("daily at 08:00", "Asia/Kathmandu", date(2026, 7, 10)) == ["09 02:15", "10 02:15", "11 02:15"]

    def test_they_come_on_the_day_that_the_zone_has(self) -> None:
        assert slots_on("weekly on Monday at 00:30", "Pacific/Auckland", date(2026, 6, 7)) == ["07 12:30"]
        assert slots_on("weekly on Monday at 23:30", "America/Los_Angeles", date(2026, 6, 9)) == ["09 06:30"]

    @pytest.mark.parametrize(
        ("zone", "day", "text", "expected"),
        [
            # The clocks go forward: a time in the gap is due at the first moment after it.
            ("Europe/Berlin", date(2026, 3, 29), "daily at 02:30", ["28 01:30", "29 01:00", "30 00:30"]),
            ("Europe/Berlin", date(2026, 3, 29), "daily at 02:00", ["28 01:00", "29 01:00", "30 00:00", "31 00:00"]),
            ("Europe/Berlin", date(2026, 3, 29), "daily at 03:00", ["28 02:00", "29 01:00", "30 01:00"]),
            ("Europe/Berlin", date(2026, 3, 29), "daily at 01:59", ["28 00:59", "29 00:59", "29 23:59", "30 23:59"]),
            ("Europe/London", date(2026, 3, 29), "daily at 01:30", ["28 01:30", "29 01:00", "30 00:30"]),
            ("America/New_York", date(2026, 3, 8), "daily at 02:30", ["07 07:30", "08 07:00", "09 06:30"]),
            ("America/New_York", date(2026, 3, 8), "weekly on Monday at 00:00", ["09 04:00"]),
            ("Australia/Lord_Howe", date(2026, 10, 3), "daily at 02:15", ["02 15:45", "03 15:30", "04 15:15"]),
            ("America/Havana", date(2026, 3, 8), "daily at 00:00", ["07 05:00", "08 05:00", "09 04:00"]),
            ("America/Sao_Paulo", date(2018, 11, 4), "daily at 00:00", ["03 03:00", "04 03:00", "05 02:00"]),
            # A day that Samoa never had.
            ("Pacific/Apia", date(2011, 12, 30), "daily at 08:00", ["29 18:00", "30 10:00", "30 18:00", "31 18:00"]),
            # The clocks go back: a time that comes twice is due the first time, and once.
            ("Europe/Berlin", date(2026, 10, 25), "daily at 02:30", ["24 00:30", "25 00:30", "26 01:30"]),
            ("Europe/Berlin", date(2026, 10, 25), "daily at 03:00", ["24 01:00", "25 02:00", "26 02:00"]),
            ("Europe/London", date(2026, 10, 25), "daily at 01:30", ["24 00:30", "25 00:30", "26 01:30"]),
            ("America/New_York", date(2026, 11, 1), "daily at 01:30", ["31 05:30", "01 05:30", "02 06:30"]),
            ("Australia/Lord_Howe", date(2026, 4, 4), "daily at 01:45", ["03 14:45", "04 14:45", "05 15:15"]),
        ],
    )
    def test_a_clock_change_loses_and_doubles_none(self, zone: str, day: date, text: str, expected: list[str]) -> None:
        assert slots_on(text, zone, day) == expected

    def test_a_time_that_midnight_gives_twice_is_due_once(self) -> None:
        # At midnight of 18 February 2018 the clocks of São Paulo went back to 23:00 of the 17th.
        assert slots_on("daily at 23:30", "America/Sao_Paulo", date(2018, 2, 18)) == [
            "17 01:30",
            "18 01:30",
            "19 02:30",
        ]

    def test_times_that_one_gap_swallows_are_due_once(self) -> None:
        found = slots_on("*/20 2-3 * * *", "Europe/Berlin", date(2026, 3, 29))
        assert [time for time in found if time.startswith("29")] == ["29 01:00", "29 01:20", "29 01:40"]

    def test_an_hourly_cadence_never_runs_twice_at_one_moment(self) -> None:
        for day in (date(2026, 3, 29), date(2026, 10, 25)):
            found = slots_on("0 * * * *", "Europe/Berlin", day)
            assert found == sorted(set(found))

    def test_a_year_of_weeks_has_its_slots_in_every_zone(self) -> None:
        for zone in ("Europe/Berlin", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "Asia/Tokyo"):
            for wall in ("00:00", "01:30", "02:30", "08:00"):
                for weekday in ("Sunday", "Monday"):
                    cadence = parse_cadence(f"weekly on {weekday} at {wall}")
                    start = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
                    found = list(slots(cadence, ZoneInfo(zone), start, start.replace(year=2027)))
                    assert len(found) == 52, (zone, wall, weekday)


class TestLatestSlot:
    def test_a_slot_has_come_at_its_very_moment(self) -> None:
        cadence = parse_cadence("weekly on Monday at 08:00")
        due = datetime(2026, 6, 1, 6, tzinfo=UTC)
        assert latest_slot(cadence, BERLIN, due) == due
        assert latest_slot(cadence, BERLIN, due - timedelta(microseconds=1)) == due - timedelta(days=7)

    @pytest.mark.parametrize(
        ("text", "now", "due"),
        [
            ("monthly on day 15 at 09:00", datetime(2026, 3, 14, tzinfo=UTC), datetime(2026, 2, 15, 9, tzinfo=UTC)),
            ("0 9 31 12 *", datetime(2026, 12, 30, tzinfo=UTC), datetime(2025, 12, 31, 9, tzinfo=UTC)),
            ("0 9 29 2 *", datetime(2028, 2, 28, tzinfo=UTC), datetime(2024, 2, 29, 9, tzinfo=UTC)),
            ("0 9 29 2 *", datetime(2104, 2, 29, 8, tzinfo=UTC), datetime(2096, 2, 29, 9, tzinfo=UTC)),
        ],
    )
    def test_a_rare_slot_is_found_however_long_ago_it_was(self, text: str, now: datetime, due: datetime) -> None:
        assert latest_slot(parse_cadence(text), ZoneInfo("UTC"), now) == due

    def test_a_cadence_that_never_comes_has_none(self) -> None:
        assert latest_slot(parse_cadence("0 9 30 2 *"), ZoneInfo("UTC"), datetime(2026, 6, 1, tzinfo=UTC)) is None

    def test_a_slot_in_the_gap_has_come_after_it(self) -> None:
        cadence = parse_cadence("daily at 02:30")
        gap = datetime(2026, 3, 8, 7, tzinfo=UTC)
        assert latest_slot(cadence, NEW_YORK, gap) == gap
        assert latest_slot(cadence, NEW_YORK, gap - timedelta(seconds=1)) == datetime(2026, 3, 7, 7, 30, tzinfo=UTC)


class TestNextSlot:
    def test_a_slot_that_comes_this_very_moment_has_come(self) -> None:
        cadence = parse_cadence("weekly on Monday at 08:00")
        due = datetime(2026, 6, 1, 6, tzinfo=UTC)
        assert next_slot(cadence, BERLIN, due) == due + timedelta(days=7)
        assert next_slot(cadence, BERLIN, due - timedelta(microseconds=1)) == due

    def test_a_rare_slot_is_found_however_far_it_is(self) -> None:
        due = datetime(2028, 2, 29, 9, tzinfo=UTC)
        assert next_slot(parse_cadence("0 9 29 2 *"), ZoneInfo("UTC"), datetime(2024, 3, 1, tzinfo=UTC)) == due

    def test_a_cadence_that_never_comes_has_none(self) -> None:
        assert next_slot(parse_cadence("0 9 30 2 *"), ZoneInfo("UTC"), datetime(2026, 6, 1, tzinfo=UTC)) is None
