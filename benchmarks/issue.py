"""An issue to measure: rendered in a process of its own, which imports nothing else.

python benchmarks/issue.py STORIES
"""

import gc
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

TOPICS = 8
DUE = datetime(2026, 6, 1, 7, tzinfo=UTC)


def setting_and_sections(stories: int):  # type: ignore[no-untyped-def]
    """Return what an issue is made from: stories with pictures and summaries, each in one to three topics."""
    from syndicate.adapters.templates import load_templates
    from syndicate.domain.articles import Author, EntryId, Image
    from syndicate.domain.cadence import parse_cadence
    from syndicate.domain.extras import NO_EXTRAS
    from syndicate.domain.feeds import Entry
    from syndicate.domain.mail import Mailbox
    from syndicate.domain.newsletters import Newsletter
    from syndicate.domain.site import Site
    from syndicate.domain.topics import Topic
    from syndicate.newsletters.setting import Setting

    zone = ZoneInfo("UTC")
    site = Site(
        title="The Gazette",
        url="https://gazette.example/",
        output_url="https://gazette.example/",
        id="https://gazette.example/",
        zone=zone,
    )
    newsletter = Newsletter(
        slug="weekly",
        title="The Weekly",
        cadence=parse_cadence("weekly on Monday at 07:00"),
        zone=zone,
        contents=True,
        postal_address="1 Quay\nHarbour Town",
        sender=Mailbox(address="weekly@gazette.example", name="The Weekly"),
        limit=stories,
    )
    topics = tuple(Topic(key=f"topic {n}", slug=f"topic-{n}", label=f"Topic {n}") for n in range(TOPICS))
    sections: dict[Topic, list[Entry]] = {topic: [] for topic in topics}
    for number in range(stories):
        own = tuple(topics[(number + step) % TOPICS] for step in range(1 + number % 3))
        published = DUE - timedelta(hours=number + 1)
        entry = Entry(
            id=EntryId(f"https://gazette.example/{number}"),
            title=f"Headline {number} says what the story is about, as headlines do",
            url=f"https://gazette.example/stories/{number}/?from=feed&page=1",
            published=published,
            updated=published,
            summary="What it tells – in some words, as people write them in front matter. " * 3,
            brand="ledger.example",
            authors=(Author(name="Pip Draft"),),
            image=Image(url=f"https://img.example/{number}.jpg", width=1200, height=630),
            topics=own,
        )
        sections[min(own, key=topics.index)].append(entry)
    templates, _ = load_templates(Path("no templates of one's own"))
    setting = Setting(templates=templates, site=site, newsletter=newsletter, due=DUE, number=12, extras=NO_EXTRAS)
    return setting, [(topic, entries) for topic, entries in sections.items() if entries], topics


def rendered(stories: int):  # type: ignore[no-untyped-def]
    """Render an issue as a cut does."""
    from syndicate.newsletters.render import render_issue

    one, sections, topics = setting_and_sections(stories)
    return render_issue(one.templates, one.site, one.newsletter, sections, one.due, one.number, one.extras, topics)


if __name__ == "__main__":
    gc.disable()  # as the command does (cli/main.py), and it ends at once, too
    print(len(rendered(int(sys.argv[1])).html), flush=True)
    os._exit(0)
