"""`syndicate serve` while its clock is set forward, back, and by three days: by libfaketime, for it alone."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support import COMMAND, CONFIG, REPO, Site, needs

pytestmark = [pytest.mark.real, pytest.mark.skipif(os.name != "posix", reason="libfaketime is for POSIX")]
PATIENCE_S = 120.0
HOUR = timedelta(hours=1)


def library() -> Path | None:
    return next(Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1"), None)


class Clock:
    """What the server takes for the time: the true one and an offset."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "offset"
        self.offset = timedelta()
        self.move(timedelta())

    def move(self, by: timedelta) -> None:
        self.offset += by
        aside = self.path.with_suffix(".new")
        aside.write_text(f"{self.offset.total_seconds():+.0f}", "utf-8")
        aside.replace(self.path)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[tuple[Site, Clock, datetime]]:
    needs(library(), "install Debian's faketime")
    site, clock = Site(tmp_path / "site"), Clock(tmp_path)
    slot = (clock.now() + timedelta(minutes=30)).replace(second=0, microsecond=0)
    newsletter = {"slug": "daily", "title": "Daily", "cadence": f"daily at {slot:%H:%M}", "start": "2020-01-01"}
    site.configure({**CONFIG, "newsletters": [newsletter], "server": {"port": 0}})
    site.article("a.md", title="Kettles")
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPO),
        "LD_PRELOAD": str(library()),
        "FAKETIME_TIMESTAMP_FILE": str(clock.path),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [*COMMAND, "serve"], cwd=site.root, env=environment, stdout=said, stderr=said, start_new_session=True
        )
    yield site, clock, slot
    process.send_signal(signal.SIGTERM)
    try:
        assert process.wait(PATIENCE_S) == 0, (tmp_path / "said").read_text("utf-8")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def wait_for(what: Callable[[], bool], told: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, told
        time.sleep(0.2)


def issues(site: Site) -> list[datetime]:
    rows = [json.loads(line) for line in site.say("issue", "list", "daily", "--json").splitlines()]
    return [datetime.fromisoformat(row["due"]) for row in rows]


def fates(site: Site) -> dict[datetime, str]:
    rows = [json.loads(line) for line in site.say("ledger", "export").splitlines()[1:]]
    return {datetime.fromisoformat(row["due"]): row["fate"] for row in rows if row["table"] == "slot"}


def test_slots_are_cut_once_however_the_clock_is_set(scene: tuple[Site, Clock, datetime]) -> None:
    site, clock, slot = scene
    wait_for((site.output / "all/rss.xml").exists, "nothing was built")
    assert issues(site) == []
    # An hour forward, over the slot.
    clock.move(HOUR)
    wait_for(lambda: issues(site) == [slot], "the slot that the clock jumped over was not cut")
    # An hour back: the slot comes once more, and is done already.
    site.article("b.md", title="Loaves")
    clock.move(-HOUR)
    wait_for(lambda: "Loaves" in {one.title for one in site.feed("all/rss.xml").entries}, "it does not build any more")
    clock.move(HOUR)
    site.article("c.md", title="Cups")
    wait_for(lambda: "Cups" in {one.title for one in site.feed("all/rss.xml").entries}, "it does not build any more")
    assert issues(site) == [slot]
    # Asleep for three days: of the three slots the latest is cut, with all that is new.
    clock.move(timedelta(days=3))
    days = [slot + timedelta(days=number) for number in (1, 2, 3)]
    wait_for(lambda: issues(site) == [slot, days[2]], "the latest of the slots that were slept through was not cut")
    assert [fates(site)[day] for day in days] == ["superseded", "superseded", "cut"]
