"""Articles appear when their time has come and go when it is over, though no file has changed."""

import json

import pytest
from support import CONFIG, Site, settle

SOON, THEN, AFTER = "2026-11-01T08:00:00Z", "2026-11-02T09:30:00Z", "2026-11-03T00:00:00Z"
# One second before and at the moment itself.
BEFORE = "2026-11-02T09:29:59Z"


def titles(site: Site) -> list[str]:
    return [entry.title for entry in site.feed("all/atom.xml").entries]


def build(site: Site, now: str) -> dict[str, object]:
    """Build as the command does when nothing has changed on the disk, by the short way if that is right."""
    settle()
    return site.build(now=now)


def test_an_article_of_the_future_appears_when_its_moment_comes(site):
    site.article("now.md", title="Now")
    site.article("then.md", title="Then", date=THEN)
    assert build(site, SOON)["held"] == 1
    assert site.articles(SOON)["articles/then.md"]["reason"] == "future"
    assert titles(site) == ["Now"]
    assert build(site, BEFORE)["feeds"] == {"written": 0, "unchanged": 6, "removed": 0}
    assert build(site, THEN)["feeds"] == {"written": 6, "unchanged": 0, "removed": 0}
    assert titles(site) == ["Then", "Now"]
    assert build(site, AFTER)["feeds"]["written"] == 0


def test_publish_date_holds_an_article_back_and_date_is_its_day(site):
    site.article("then.md", title="Then", date="2026-03-01", publishDate=THEN)
    assert build(site, BEFORE)["held"] == 1
    assert build(site, THEN)["published"] == 1
    assert site.articles(THEN)["articles/then.md"]["published"] == "2026-03-01T00:00:00Z"


@pytest.mark.parametrize("key", ["expiryDate", "expirydate", "expires", "unpublishDate"])
def test_an_article_goes_when_its_time_is_over(site, key):
    site.article("now.md", title="Now")
    site.article("gone.md", title="Gone", categories=["Bread"], **{key: THEN})
    assert build(site, BEFORE)["published"] == 2
    assert build(site, THEN)["feeds"] == {"written": 6, "unchanged": 3, "removed": 0}
    assert site.articles(THEN)["articles/gone.md"]["reason"] == "expired"
    assert titles(site) == ["Now"]
    assert [path for path in site.tree() if path == "topics/bread/index.html" or "gone" in path] == []
    assert site.feed("topics/bread/rss.xml").entries == []


def test_the_first_of_several_moments_is_not_missed(site):
    for number, moment in enumerate(["2026-11-04", "2026-11-02", "2026-11-03"]):
        site.article(f"{number}.md", title=moment, date=moment)
    assert build(site, SOON)["published"] == 0
    for day, published in (("2026-11-02", 1), ("2026-11-03", 2), ("2026-11-04", 3)):
        assert build(site, f"{day}T00:00:00Z")["published"] == published


def test_an_earlier_moment_takes_back_what_is_still_to_come(site):
    site.article("then.md", title="Then", date=THEN)
    assert build(site, AFTER)["published"] == 1
    assert build(site, SOON)["held"] == 1
    assert titles(site) == []


def test_articles_leave_a_window_of_days_without_any_change(tmp_path):
    site = Site(tmp_path, CONFIG, feeds={"window_days": 10})
    site.article("old.md", title="Old", date="2026-10-23T09:30:00Z")
    site.article("new.md", title="New", date="2026-10-30")
    build(site, THEN)
    assert titles(site) == ["New", "Old"]
    build(site, "2026-11-02T09:30:01Z")
    assert titles(site) == ["New"]
    build(site, "2026-11-20T00:00:00Z")
    assert titles(site) == []
    assert "topics/tea/atom.xml" in site.tree()


def test_a_day_without_a_zone_begins_in_the_zone_of_the_site(tmp_path):
    site = Site(tmp_path, CONFIG, site={**CONFIG["site"], "timezone": "America/New_York"})
    site.article("a.md", title="Then", date="2026-11-02")
    assert build(site, "2026-11-02T04:59:59Z")["held"] == 1
    assert build(site, "2026-11-02T05:00:00Z")["published"] == 1


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ({"draft": True}, "draft"),
        ({"draft": "yes"}, "draft"),
        ({"published": False}, "not-published"),
        ({"valid": False}, "not-valid"),
        ({"date": "2027-01-01"}, "future"),
        ({"publishDate": "2027-01-01"}, "future"),
        ({"expiryDate": "2026-01-01"}, "expired"),
    ],
)
def test_an_article_that_is_held_says_why(site, front, reason):
    site.article("a.md", **front)
    row = site.articles(SOON)["articles/a.md"]
    assert (row["status"], row["reason"], row["id"], row["topics"]) == ("held", reason, None, [])


def test_a_command_that_only_looks_does_not_spoil_the_short_way(site):
    """Looking at a later moment must not make a build at an earlier one believe that it has been there."""
    site.article("then.md", title="Then", date=THEN)
    build(site, SOON)
    assert site.articles(AFTER)["articles/then.md"]["status"] == "published"
    assert json.loads(site.run("check", "--json", "--now", AFTER).stdout)["problems"] == 0
    assert titles(site) == []
    assert build(site, AFTER)["feeds"]["written"] == 6
