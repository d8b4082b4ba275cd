"""The status page: what it says, in words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import html as lxml_html
from makers import NOW, UTC_ZONE, day, make_site
from memory_project import TEMPLATES

from syndicate.domain.health import BuildNote, Health, IssueNote, IssueState, NextSlot
from syndicate.domain.traffic import FeedTraffic, Traffic
from syndicate.errors import Problem
from syndicate.pages.status import SHOWN_FEEDS, sign_in_page, status_page

SITE = make_site(zone=ZoneInfo("Europe/Berlin"))
SLOT = NextSlot(newsletter="weekly", title="The Weekly", due=day(8, 6, hour=8), zone=ZoneInfo("America/New_York"))


def page(health: Health | None = None, traffic: Traffic | None = None, *, can_leave: bool = False) -> Any:
    data = status_page(TEMPLATES, SITE, health, traffic or Traffic(), NOW, can_leave)
    return lxml_html.document_fromstring(data.decode())


def health(**changes: Any) -> Health:
    return Health(**{"at": NOW, "looked_at": NOW, **changes})


def rows(document: Any, section: str) -> list[str]:
    """Return the text of each row of a section, in one line."""
    found = document.xpath(f"//section[@aria-labelledby='{section}']/ul/li")
    found = found or document.xpath(f"//section[@aria-labelledby='{section}']//tbody/tr")
    return [" ".join(" ".join(_texts(row)).split()) for row in found]


def _texts(element: Any) -> Iterator[str]:
    yield from element.itertext()


def test_all_is_well() -> None:
    document = page(health(slots=(SLOT,)))
    assert [one.text_content() for one in document.xpath("//p[contains(@class, 'verdict')]")] == ["All is well"]
    assert rows(document, "checks") == [
        "Last build well the last build ended well 0 s ago; it is fresh for 25 h",
        "Ledger well the ledger can be read",
        "Next slot well the next slot of 1 newsletter is known",
    ]


def test_what_is_not_well_is_told() -> None:
    document = page(health(ledger="ledger.sqlite: broken"))
    assert [one.text_content() for one in document.xpath("//p[contains(@class, 'verdict')]")] == [
        "Something is not well"
    ]
    assert rows(document, "checks")[1] == "Ledger not well ledger.sqlite: broken"


def test_slots_in_local_time_and_in_utc() -> None:
    never = NextSlot(newsletter="never", title="Never", due=None, zone=UTC_ZONE)
    assert rows(page(health(slots=(SLOT, never))), "slots") == [
        "The Weekly Mon 2026-06-08 04:00 EDT (Mon 08:00 UTC) in 6 days",
        "Never the cadence never comes",
    ]
    assert rows(page(health()), "slots") == ["There are no newsletters."]


@pytest.mark.parametrize(
    ("state", "words", "tone"),
    [
        (IssueState.CUT, "cut", "good"),
        (IssueState.DRAFT, "draft, waits for approval", "open"),
        (IssueState.HELD, "held", "bad"),
        (IssueState.WAITING, "waiting", "open"),
        (IssueState.CLAIMED, "claimed", "bad"),
        (IssueState.EMPTY, "no issue", "good"),
        (IssueState.LATE, "skipped", "bad"),
        (IssueState.SUPERSEDED, "superseded", "open"),
    ],
)
def test_issues_by_state(state: IssueState, words: str, tone: str) -> None:
    note = IssueNote(
        newsletter="weekly", due=NOW, state=state, zone=UTC_ZONE, number=3, subject="<Tea>", why="so it is"
    )
    document = page(health(slots=(SLOT,), issues=(note,)))
    assert rows(document, "issues") == [
        f"The Weekly 3 {words} <Tea> due Mon 2026-06-01 12:00 UTC (Mon 12:00 UTC); so it is"
    ]
    assert document.xpath("//section[@aria-labelledby='issues']//span/@class") == [f"tone {tone}"]


def test_builds_with_their_problems() -> None:
    problem = Problem(path="<a>.md", reason="bad-date", what="no date", line=3)
    good = BuildNote(
        at=NOW - timedelta(hours=3),
        duration_s=1.25,
        files={"published": 1_200, "held": 0},
        written=2,
        unchanged=30,
        problem_count=21,
        problems=(problem,),
    )
    failed = BuildNote(at=NOW - timedelta(minutes=2), duration_s=0.1, failed="the disk is full")
    assert rows(page(health(builds=(failed, good))), "builds") == [
        "Mon 2026-06-01 13:58 CEST failed: the disk is full 2 min ago took 0.10 s",
        "Mon 2026-06-01 11:00 CEST well 3 h ago took 1.25 s; 2 written, 30 unchanged; 1,200 published "
        "21 problems of the build of Mon 2026-06-01 11:00 CEST <a>.md:3: no date "
        "and 20 more; syndicate check shows all",
    ]


def test_feeds_and_requests() -> None:
    feeds = (
        FeedTraffic(name="all/rss.xml", statuses={304: 3, 200: 1}, subscribers={"Feedbin": 5, "Feedly": 1_234}),
        FeedTraffic(name="<b>/atom.xml", statuses={200: 1}),
    )
    document = page(None, Traffic(requests={("page", 404): 2, ("rss", 304): 3, ("rss", 200): 1}, feeds=feeds))
    assert rows(document, "feeds") == ["all/rss.xml Feedly 1,234, Feedbin 5 1,239 4 75%", "<b>/atom.xml – 1 0%"]
    assert rows(document, "requests") == ["page 2 0% 2", "rss 4 75% 0"]


def test_many_feeds_are_counted_beyond_the_first() -> None:
    feeds = tuple(FeedTraffic(name=f"{number}/rss.xml", statuses={200: 1}) for number in range(SHOWN_FEEDS + 7))
    document = page(None, Traffic(feeds=feeds))
    assert len(rows(document, "feeds")) == SHOWN_FEEDS
    assert "and 7 more" in document.text_content()


def test_without_a_health_it_says_so_and_shows_the_traffic() -> None:
    document = page(None)
    assert "How the service is could not be told; see the log" in document.text_content()
    assert document.xpath("//section/@aria-labelledby") == ["feeds", "requests"]


def test_a_way_out_for_those_who_signed_in() -> None:
    assert page(can_leave=True).xpath("//form/@method") == ["post"]
    assert page().xpath("//form") == []


@pytest.mark.parametrize("failed", [False, True])
def test_the_form(failed: bool) -> None:
    document = lxml_html.document_fromstring(sign_in_page(TEMPLATES, SITE, failed).decode())
    assert document.xpath("//input/@name") == ["token"]
    assert document.xpath("//input/@type") == ["password"]
    assert [one.text for one in document.xpath("//*[@role='alert']")] == ["That is not the token."] * failed


@pytest.mark.parametrize("state", IssueState)
def test_every_state_of_an_issue_can_be_shown(state: IssueState) -> None:
    note = IssueNote(newsletter="weekly", due=NOW, state=state, zone=UTC_ZONE, number=1, subject="Tea", why="why")
    assert "Tea" in page(health(issues=(note,))).text_content()
