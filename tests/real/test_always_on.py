"""Weeks in the life of a site, time compressed: rounds, downtime, edits, approvals, over two clock changes.

What comes of it is compared with an oracle that shares no code with the project: it steps through
minutes of UTC and asks the wall clock of each zone.
"""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prove import record
from support import CONFIG, Site

from syndicate.runs import Failed, try_round

pytestmark = pytest.mark.real

START = datetime(2026, 10, 12, 0, 7, tzinfo=UTC)
WEEKS = 5  # over 25 October in Berlin and 1 November in New York
# 02:30 is there twice on the day of the change in Berlin; 01:30 is in New York.
BERLIN = {"slug": "berlin", "title": "B", "cadence": "daily at 02:30", "timezone": "Europe/Berlin"}
YORK = {
    "slug": "york",
    "title": "Y",
    "cadence": "weekly on Sunday at 01:30",
    "timezone": "America/New_York",
    "approval": "required",
    "draft_ahead_hours": 30,
}
LATENESS = timedelta(hours=24)
AHEAD = timedelta(hours=30)
# One life is always the same; the others are new each time, and their seed is shown when one fails.
LIVES = 1 + int(os.environ.get("SYNDICATE_LIVES", "1"))


def local_slots(zone: str, at: wall, weekday: int | None) -> Iterator[datetime]:
    """Yield the first minute of each local day at which the wall clock shows the time, or is past it."""
    here, minute, done = ZoneInfo(zone), START.replace(second=0), set[date]()
    while minute < START + timedelta(weeks=WEEKS + 1):
        shown = minute.astimezone(here)
        wanted = weekday is None or shown.weekday() == weekday
        if wanted and shown.date() not in done and shown.time() >= at:
            done.add(shown.date())
            if shown.time() == at:
                yield minute
        minute += timedelta(minutes=1)


@dataclass
class Oracle:
    """What must come of the slots of one newsletter; `visible` is what the site shows at a moment."""

    slots: list[datetime]
    approves: bool
    carried: set[str] = field(default_factory=set)
    issues: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    drafts: dict[datetime, frozenset[str]] = field(default_factory=dict)
    approved: set[datetime] = field(default_factory=set)
    ended: set[datetime] = field(default_factory=set)

    def look(self, now: datetime, visible: set[str]) -> None:
        """Go through one round."""
        come = [slot for slot in self.slots if slot <= now and slot not in self.ended]
        for slot in come:
            self.ended.add(slot)
            draft = self.drafts.get(slot)
            if draft is not None and slot in self.approved and now - slot <= LATENESS:
                self.out(slot, self.drafts.pop(slot))
            elif slot != come[-1] or now - slot > LATENESS:
                self.carried -= self.drafts.pop(slot, frozenset())
            elif not self.approves:
                new = frozenset(visible - self.carried)
                self.carried |= new
                if new:
                    self.out(slot, new)
            else:
                self.hold(slot, visible)
        if self.approves:
            for slot in self.slots:
                if now < slot <= now + AHEAD and slot not in self.drafts | dict.fromkeys(self.ended):
                    self.draft(slot, visible)

    def hold(self, slot: datetime, visible: set[str]) -> None:
        """A slot that has come without approval waits on; with nothing new it ends."""
        if slot not in self.drafts and not self.draft(slot, visible):
            return
        self.ended.discard(slot)

    def draft(self, slot: datetime, visible: set[str]) -> bool:
        new = frozenset(visible - self.carried)
        if new:
            self.drafts[slot] = new
            self.carried |= new
        return bool(new)

    def reject(self, slot: datetime) -> None:
        self.carried -= self.drafts.pop(slot)
        self.ended.add(slot)

    def out(self, slot: datetime, articles: frozenset[str]) -> None:
        self.issues.append((slot, articles))


@dataclass
class Life:
    """A site and its oracle, led by one seed."""

    site: Site
    dice: random.Random
    berlin: Oracle = field(default_factory=lambda: Oracle(list(local_slots("Europe/Berlin", wall(2, 30), None)), False))
    york: Oracle = field(default_factory=lambda: Oracle(list(local_slots("America/New_York", wall(1, 30), 6)), True))
    shown_from: dict[str, datetime] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    number: int = 0

    def change(self, now: datetime) -> None:
        """Add, edit, retract or un-draft something, or leave all as it is."""
        what = self.dice.choice(["add", "add", "add", "back-dated", "future", "edit", "retract", "none", "none"])
        names = sorted(self.shown_from)
        if what in ("add", "back-dated", "future"):
            self.number += 1
            days = {"add": 0, "back-dated": -self.dice.randrange(1, 300), "future": self.dice.randrange(1, 12)}[what]
            moment = now + timedelta(days=days, minutes=-1 if days == 0 else 0)
            name = f"n{self.number}.md"
            self.site.article(name, title=f"Note {self.number}", date=moment.isoformat(), body=f"Text {self.number}.")
            self.shown_from[name] = moment
        elif what == "edit" and names:
            name = self.dice.choice(names)
            title = f"Note {name[1:-3]}"
            moment = self.shown_from[name].isoformat()
            body = f"Edited {self.dice.random()}. Text {name[1:-3]}."
            self.site.article(name, title=title, date=moment, body=body)
        elif what == "retract" and len(names) > 3:
            name = self.dice.choice(names)
            (self.site.root / "articles" / name).unlink()
            del self.shown_from[name]

    def visible(self, now: datetime) -> set[str]:
        return {name for name, moment in self.shown_from.items() if moment <= now}

    def decide_drafts(self, now: datetime) -> None:
        """Approve, reject or forget each draft: whoever does it is a person, and comes now and then."""
        for slot in sorted(self.york.drafts):
            number = next(row for row in self.drafts() if row["due"] == f"{slot:%Y-%m-%dT%H:%M:%SZ}")["number"]
            choice = self.dice.random()
            if choice < 0.08 and now - slot <= LATENESS:
                self.site.say("issue", "approve", "york", str(number), "--now", now.isoformat())
                self.york.approved.add(slot)
            elif choice < 0.1 and slot not in self.york.approved:
                self.site.say("issue", "reject", "york", str(number), "--now", now.isoformat())
                self.york.reject(slot)

    def drafts(self) -> list[dict[str, Any]]:
        rows = [json.loads(line) for line in self.site.say("issue", "list", "york", "--json").splitlines()]
        return [row for row in rows if row["state"] != "cut"]

    def round(self, now: datetime) -> None:
        outcome = try_round(self.site.config, None, now)
        assert not isinstance(outcome, Failed), outcome
        for oracle in (self.berlin, self.york):
            oracle.look(now, self.visible(now))

    def issues(self, slug: str) -> list[tuple[datetime, frozenset[str]]]:
        rows = [json.loads(line) for line in self.site.say("ledger", "export").splitlines()[1:]]
        paths = {row["id"]: row["path"].removeprefix("articles/") for row in rows if row["table"] == "identity"}
        out = [row for row in rows if row["table"] == "issue" and row["newsletter"] == slug and row["draft"] is None]
        carried = [row for row in rows if row["table"] == "issue_article" and row["newsletter"] == slug]
        return [
            (
                datetime.fromisoformat(row["due"]),
                frozenset(paths[one["id"]] for one in carried if one["due"] == row["due"]),
            )
            for row in sorted(out, key=lambda row: row["due"])
        ]


@pytest.mark.parametrize("life", range(LIVES))
def test_after_weeks_issues_and_feeds_are_those_of_an_oracle(tmp_path: Path, life: int) -> None:
    live(tmp_path, 1 if life == 0 else random.SystemRandom().randrange(10**6))


def live(folder: Path, seed: int) -> None:
    limits = {"limit": 500, "limit_per_topic": 500}
    newsletters = [{**BERLIN, **limits}, {**YORK, **limits}]
    site = Site(folder / "site", {**CONFIG, "feeds": {"limit": 500}}, newsletters=newsletters)
    life = Life(site, random.Random(seed))
    now, rounds = START, 1
    life.round(now)
    while now < START + timedelta(weeks=WEEKS):
        # Mostly every few hours; now and then nothing ran for up to two days.
        hours = life.dice.choice([1, 2, 3, 5, 8]) if life.dice.random() < 0.95 else life.dice.randrange(10, 50)
        now += timedelta(hours=hours, minutes=life.dice.randrange(60))
        life.change(now)
        life.decide_drafts(now)
        life.round(now)
        rounds += 1
    for slug, oracle in (("berlin", life.berlin), ("york", life.york)):
        assert life.issues(slug) == sorted(oracle.issues), (seed, slug)
    assert {entry.title for entry in site.feed("all/rss.xml").entries} == {
        f"Note {name[1:-3]}" for name in life.visible(now)
    }
    # The change of the clock itself had an issue, or was down: the oracle and the site agree, and no slot is doubled.
    assert len({slot for slot, _ in life.issues("berlin")}) == len(life.issues("berlin")) > 10
    issues = len(life.berlin.issues) + len(life.york.issues)
    record("lives", {"lives": 1, "rounds": rounds, "issues": issues, "articles": life.number})
