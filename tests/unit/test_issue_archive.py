"""The page and the feed of a newsletter's issues."""

from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from support import CONFIG, Site, changed, tree

from syndicate.parsing.bodies import issue_content

WEEKLY = {"slug": "weekly", "title": "The Weekly", "cadence": "daily at 08:00", "start": "2026-01-01"}
FOLDER = "newsletters/weekly"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path, newsletters=[WEEKLY])
    for day in (1, 2):
        site.article(f"tea{day}.md", title=f"Tea {day} 🍵", date="2026-10-30", summary="About <b>tea</b>")
        site.say("issue", "cut", "weekly", "--now", f"2026-11-0{day}T09:00:00Z")
    return site


def content_of(entry: Any) -> str:
    return str(entry.content[0].value if "content" in entry else entry.summary)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_the_feed_carries_the_issues_with_what_they_say(site: Site, name: str) -> None:
    feed = site.feed(f"{FOLDER}/{name}")
    assert [entry.title for entry in feed.entries] == ["The Weekly: Tea 2 🍵", "The Weekly: Tea 1 🍵"]
    assert [entry.link for entry in feed.entries] == [
        f"https://gazette.example/{FOLDER}/2/",
        f"https://gazette.example/{FOLDER}/1/",
    ]
    content = lxml_html.fromstring(content_of(feed.entries[0]))
    assert "Tea 2 🍵" in content.text_content()
    assert content.xpath("//table | //style | //@style") == []


def test_the_page_lists_them_newest_first_and_names_the_feed(site: Site) -> None:
    page = lxml_html.fromstring((site.output / FOLDER / "index.html").read_bytes())
    assert page.xpath("//ul[@class='issues']//a/@href") == [f"../../{FOLDER}/{n}/index.html" for n in (2, 1)]
    named = page.xpath("//link[@rel='alternate']/@href")
    assert named == [f"../../{FOLDER}/{name}" for name in ("rss.xml", "atom.xml", "feed.json")]
    assert f"{FOLDER}/index.html" in (site.output / "index.html").read_text("utf-8")
    assert f"https://gazette.example/{FOLDER}/rss.xml" in (site.output / "feeds.opml").read_text("utf-8")


def test_a_new_issue_leaves_the_ids_of_the_others(site: Site) -> None:
    before = {entry.link: entry.id for entry in site.feed(f"{FOLDER}/atom.xml").entries}
    site.article("tea3.md", title="Tea 3", date="2026-10-30")
    site.say("issue", "cut", "weekly", "--now", "2026-11-03T09:00:00Z")
    after = {entry.link: entry.id for entry in site.feed(f"{FOLDER}/atom.xml").entries}
    assert len(after) == 3
    assert before.items() <= after.items()


def test_building_again_changes_nothing(site: Site) -> None:
    before = tree(site.output)
    site.build(now="2026-11-02T10:00:00Z")
    assert changed(before, tree(site.output)) == set()


def test_issues_stay_when_their_newsletter_is_taken_out_of_the_config(site: Site) -> None:
    before = (site.output / FOLDER / "1/index.html").read_bytes()
    site.configure(CONFIG)
    site.build(now="2026-11-02T10:00:00Z")
    assert (site.output / FOLDER / "1/index.html").read_bytes() == before
    assert not (site.output / FOLDER / "index.html").exists()
    assert not (site.output / FOLDER / "rss.xml").exists()


def test_a_newsletter_without_an_issue_has_neither(tmp_path: Path) -> None:
    site = Site(tmp_path, newsletters=[WEEKLY])
    site.article("tea.md")
    site.build()
    assert not (site.output / "newsletters").exists()
    assert "newsletters/weekly" not in (site.output / "index.html").read_text("utf-8")


def test_the_preheader_is_not_shown_and_markup_is_made_safe() -> None:
    assert (
        issue_content(
            '<!DOCTYPE html><html><head><title>x</title></head><body><div class="preheader" style="display:none">'
            "Hidden</div><table><tr><td><h1>Tea</h1></td></tr></table><script>1</script></body></html>"
        )
        == "<h1>Tea</h1>"
    )


def test_a_page_does_not_lead_to_itself_and_a_message_leads_to_it(site: Site) -> None:
    page = f"https://gazette.example/{FOLDER}/2/"
    for part in ("--html", "--text"):
        assert page not in site.say("issue", "show", "weekly", "2", part)
    site.configure({**CONFIG, "newsletters": [{**WEEKLY, "sender": "weekly@gazette.example"}]})
    assert page in site.say("issue", "render", "weekly", "2", "--eml", "-").replace("=\n", "")


def test_a_ledger_that_is_lost_is_told_before_issues_go_out_again(site: Site) -> None:
    exported = site.write("ledger.jsonl", site.say("ledger", "export"))
    before = site.tree()
    for path in site.state.glob("ledger.sqlite*"):
        path.unlink()
    assert site.refuse("build") == (
        f"the ledger is empty, but {FOLDER}/1/index.html was published from one (bring it back from a backup or with "
        "'syndicate ledger import'; to begin anew, remove published.json in the state folder)"
    )
    assert site.tree() == before
    site.say("ledger", "import", str(exported))
    site.build(now="2026-11-02T09:00:00Z")
    assert site.tree() == before
