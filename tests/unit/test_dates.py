"""Dates: every form that sites write, and those that name no moment."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from makers import day

from syndicate.domain.moments import to_text
from syndicate.parsing.dates import moment_in_name, parse_moment

ZONE = ZoneInfo("America/New_York")  # five hours behind UTC in winter, four in summer


def moment(value: Any) -> str | None:
    """Return what a value names in the zone, as text."""
    found = parse_moment(value, ZONE)
    assert found is None or found.tzinfo is UTC
    return to_text(found) if found else None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026/03/01",
        "2026.03.01",
        "2026-3-1",
        "2026/3/1",
        "2026-03-1",
        " 2026-03-01 ",
        "\xa02026-03-01",
        "1 March 2026",
        "1 Mar 2026",
        "01 march 2026",
        "1st March 2026",
        "March 1, 2026",
        "March 1 2026",
        "Mar 1st, 2026",
        "Mar. 1, 2026",
        "MARCH 1, 2026",
        date(2026, 3, 1),
        ["2026-03-01"],
        [["2026-03-01"]],
        ["March 1, 2026"],
    ],
)
def test_a_day_is_its_midnight_in_the_zone(text: Any) -> None:
    assert moment(text) == "2026-03-01T05:00:00Z"


@pytest.mark.parametrize(
    "value",
    [
        "2026-07-01T08:05",
        "2026-07-01 08:05",
        "2026-07-01 8:05",
        "2026-07-01T08:05:00",
        "2026-07-01 08:05:00",
        "2026-07-01  08:05:00",
        "2026-07-01\t08:05:00",
        "2026-07-01\xa008:05",
        "2026/07/01 08:05:00",
        "2026/7/1 8:05",
        "2026-07-01T08:05:00.000",
        "2026-07-01 08:05:00.0000000",
        "2026-07-01T08:05:00,0",
        "2026-07-01T 08:05:00",
        datetime(2026, 7, 1, 8, 5),
    ],
)
def test_a_moment_without_an_offset_is_a_wall_time_in_the_zone(value: Any) -> None:
    assert moment(value) == "2026-07-01T12:05:00Z"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00:00z", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00Z", "2026-03-01T08:00:00Z"),
        ("2026-03-01 08:00 UTC", "2026-03-01T08:00:00Z"),
        ("2026-03-01 08:00:00 GMT", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00:00+01:00", "2026-03-01T07:00:00Z"),
        ("2026-03-01T08:00:00-0430", "2026-03-01T12:30:00Z"),
        ("2026-03-01T08:00:00+01", "2026-03-01T07:00:00Z"),
        ("2026-03-01T08:00:00+1:00", "2026-03-01T07:00:00Z"),
        ("2016-05-23 10:00:16 -0400", "2016-05-23T14:00:16Z"),
        ("2016-05-23 10:00:16 -04:00", "2016-05-23T14:00:16Z"),
        ("2022-12-23T15:05:09.123456Z", "2022-12-23T15:05:09.123456Z"),
        ("2022-12-23T15:05:09.123456789Z", "2022-12-23T15:05:09.123456Z"),
        ("2022-12-23T15:05:09.5+00:00", "2022-12-23T15:05:09.500000Z"),
        ("2022/12/23 15:05:09.5 Z", "2022-12-23T15:05:09.500000Z"),
        ("Sun, 01 Mar 2026 08:00:00 GMT", "2026-03-01T08:00:00Z"),
        ("Sun, 01 Mar 2026 08:00:00 +0100", "2026-03-01T07:00:00Z"),
        ("01 Mar 2026 08:00:00 EST", "2026-03-01T13:00:00Z"),
        ("Sun, 1 Mar 2026 08:00 -0500", "2026-03-01T13:00:00Z"),
        (datetime(2026, 3, 1, 8, tzinfo=UTC), "2026-03-01T08:00:00Z"),
        (datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=9))), "2026-02-28T23:00:00Z"),
        (["2026-03-01T08:00:00Z"], "2026-03-01T08:00:00Z"),
    ],
)
def test_an_offset_is_stronger_than_the_zone(value: Any, expected: str) -> None:
    assert moment(value) == expected


def test_a_wall_time_that_the_clocks_skip_or_repeat_still_names_a_moment() -> None:
    assert moment("2026-03-08 02:30") == "2026-03-08T07:30:00Z"
    assert moment("2026-11-01 01:30") == "2026-11-01T05:30:00Z"


@pytest.mark.parametrize(
    "value",
    [
        "2017-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-02-30",
        "2026-04-31T08:00:00Z",
        "2026-03-01T24:01",
        "2026-03-01T25:00:00Z",
        "2026-03-01 08:60",
        "2026-03-01 08:00:61",
        "2026-03-01T08:00:00+25:00",
        "2026-03-01T08:00:00+99:99",
        "Sun, 31 Feb 2026 08:00:00 GMT",
        "31 February 2026",
        "32 March 2026",
        "March 2026",
        "1 Marchember 1",
        "1 Foo 2026",
        "01.03.2026",
        "03/01/2026",
        "8:05 PM",
        "next week",
        "soon",
        "",
        " ",
        "2026",
        "2026-03",
        "1772323200",
        "0001-01-01T00:00:00Z",
        "0000-00-00",
        "1899-12-31",
        "9999-12-31",
        "9999-12-31T23:59:59-23:59",
        "2026-03-01T08:00:00 and more",
        "²⁰²⁶-03-01",
        "\x00",
        "{{ date }}",
        "-" * 10_000,
        "1" * 10_000,
        20260301,
        1772323200,
        1772323200.5,
        float("nan"),
        True,
        None,
        [],
        ["2026-03-01", "2026-03-02"],
        {"date": "2026-03-01"},
        time(8),
        date(1, 1, 1),
        date(9999, 12, 31),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))),
        datetime(1, 1, 1),
    ],
)
def test_what_names_no_moment_is_none(value: Any) -> None:
    assert moment(value) is None


@pytest.mark.parametrize(("text", "year"), [("1900-01-02", 1900), ("9998-12-30", 9998)])
def test_the_years_that_count_have_ends(text: str, year: int) -> None:
    found = parse_moment(text, ZONE)
    assert found is not None
    assert found.year == year


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-03-01-tea.md", day(1, 3)),
        ("news/2026/03/01/tea.md", day(1, 3)),
        ("/2026/3/1/tea/", day(1, 3)),
        ("2026_03_01_tea.md", day(1, 3)),
        ("tea-2026-03-01.md", day(1, 3)),
        ("2026-03-01/index.md", day(1, 3)),
        ("2026/03/2026-03-15-tea.md", day(15, 3)),
        ("v1-2-3/2026-03-01.md", day(1, 3)),
        ("2026-99-99/2026-03-01.md", day(1, 3)),
        ("12026-03-01.md", None),
        ("2026-03-011.md", None),
        ("2026-03-tea.md", None),
        ("2026-02-30.md", None),
        ("1234-05-06.md", None),
        ("tea.md", None),
        ("", None),
    ],
)
def test_a_day_is_found_in_a_name(name: str, expected: datetime | None) -> None:
    assert moment_in_name(name, UTC) == expected


def test_a_day_in_a_name_is_a_midnight_in_the_zone() -> None:
    assert moment_in_name("2026-07-01-tea.md", ZONE) == day(1, 7, hour=4)
