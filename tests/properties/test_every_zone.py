"""Every zone of the tz database, six cadences, ten years: no slot skipped, doubled, or at a wrong wall time."""

import random
import sys
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from prove import record
from wall_clocks import CADENCES, around, expected

from syndicate.domain.cadence import parse_cadence, slots

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
YEARS = 10
PARTS = 16


def compare(names: list[str], first_year: int) -> Counter[str]:
    """Compare our slots with the independent calculation; returns how many were right, skipped, doubled, wrong."""
    start, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(first_year + YEARS, 1, 1, tzinfo=UTC)
    found: Counter[str] = Counter()
    for name in names:
        zone = ZoneInfo(name)
        zone_spans = around(zone, start, end)
        for wanted in CADENCES:
            ours = [int(due.timestamp()) for due in slots(parse_cadence(wanted.text), zone, start, end)]
            right = expected(wanted, zone_spans, start, end)
            found["schedules"] += 1
            found["right"] += len(set(ours) & set(right))
            found["doubled"] += len(ours) - len(set(ours))
            found["skipped"] += len(set(right) - set(ours))
            found["at a wrong time"] += len(set(ours) - set(right))
            assert ours == right, f"{name}, {wanted.text!r}, from {first_year}: {dict(found)}"
    return found


def hold(names: list[str], first_year: int) -> Counter[str]:
    found = compare(names, first_year)
    sys.stdout.write(f"{len(names)} zones, {YEARS} years from {first_year}: {dict(found)}\n")
    assert found["schedules"] == len(names) * len(CADENCES)
    assert found["right"] > 0
    assert (found["skipped"], found["doubled"], found["at a wrong time"]) == (0, 0, 0)
    return found


def test_a_fixed_share_of_zones_over_ten_years() -> None:
    hold(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza"], 2020)


def test_a_fresh_share_of_zones_over_any_ten_years() -> None:
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    names, first_year = chance.sample(ZONES, 3), chance.randrange(1972, 2036)
    sys.stdout.write(f"seed {seed}\n")
    hold(names, first_year)


@pytest.mark.real
@pytest.mark.parametrize("part", range(PARTS))
def test_every_zone_over_ten_years(part: int) -> None:
    names = ZONES[part::PARTS]
    record("zones", {"zones": len(names), **hold(names, 2020)})
