"""The schedule: the next slots of every newsletter, and when articles come and go by the clock."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from makers import NOW, UTC_ZONE, day, front, make_newsletter
from memory_project import Project

from syndicate.domain.cadence import parse_cadence
from syndicate.services.schedule import Event, article_events, events_between, next_events

WEEKLY = make_newsletter(zone=ZoneInfo("Europe/Berlin"))
DAILY = make_newsletter(slug="daily", cadence=parse_cadence("daily at 08:00"))
NEVER = make_newsletter(slug="never", cadence=parse_cadence("0 8 30 2 *"))


def shown(events: object) -> list[str]:
    return [f"{event.moment:%d %H:%M} {event.kind} {event.name}" for event in events]  # type: ignore[attr-defined]


def article(kind: str, name: str, days: int) -> Event:
    return Event(moment=NOW + timedelta(days=days), kind=kind, name=name, zone_name="UTC")


def test_the_next_slots_of_each_newsletter_come_in_order() -> None:
    assert shown(next_events((WEEKLY, DAILY, NEVER), (), NOW, 2)) == [
        "02 08:00 issue daily",
        "03 08:00 issue daily",
        "08 06:00 issue weekly",
        "15 06:00 issue weekly",
    ]


def test_of_articles_only_the_next_moment_is_shown() -> None:
    articles = (article("appears", "c.md", 3), article("expires", "b.md", 1), article("appears", "a.md", 1))
    assert shown(next_events((), articles, NOW, 5)) == ["02 12:00 appears a.md", "02 12:00 expires b.md"]


def test_a_period_shows_everything_in_it_with_both_its_ends() -> None:
    articles = (article("appears", "a.md", 1), article("expires", "b.md", 2), article("expires", "c.md", 9))
    assert shown(events_between((DAILY, WEEKLY), articles, day(1, 6, hour=8), day(3, 6, hour=12))) == [
        "01 08:00 issue daily",
        "02 08:00 issue daily",
        "02 12:00 appears a.md",
        "03 08:00 issue daily",
        "03 12:00 expires b.md",
    ]


def test_an_event_has_its_moment_in_both_clocks() -> None:
    (event,) = next_events((WEEKLY,), (), NOW, 1)
    assert event.plain() == {
        "at": "2026-06-08T06:00:00Z",
        "local": "2026-06-08T08:00:00+02:00",
        "zone": "Europe/Berlin",
        "event": "issue",
        "name": "weekly",
    }


def test_articles_appear_and_expire_unless_their_author_holds_them() -> None:
    project = Project(
        {
            "news/soon.md": front("expiryDate: 2026-06-09", title="title: Soon", date="date: 2026-06-05"),
            "news/never.md": front("expiryDate: 2026-06-05", title="title: Never", date="date: 2026-06-07"),
            "news/draft.md": front("draft: true", title="title: Draft", date="date: 2026-06-05"),
            "news/out.md": front("expiryDate: 2026-06-04", title="title: Out"),
            "news/bad.md": "Just a text.",
        }
    )
    events = article_events(project.snapshot().collection, NOW, UTC_ZONE)
    assert sorted(shown(events)) == [
        "04 00:00 expires news/out.md",
        "05 00:00 appears news/soon.md",
        "05 00:00 expires news/never.md",
        "09 00:00 expires news/soon.md",
    ]
