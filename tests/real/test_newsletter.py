"""Issues: looked at in private, cut once for a slot, never changed again, and no article twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from support import CONFIG, NOW, Site, changed, tree

# Slots are Mondays at 08:00; NOW is a Sunday.
WEEKLY = {"slug": "weekly", "title": "The Weekly", "cadence": "weekly on Monday at 08:00", "start": "2026-01-01"}
MONDAYS = ("2026-11-02T08:00:00Z", "2026-11-09T08:00:00Z", "2026-11-16T08:00:00Z")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path, CONFIG, newsletters=[WEEKLY])
    site.article("a.md", title="Kettles", link="https://source.example/a", description="On kettles.")
    site.article("b.md", title="Loaves", categories=["Bread", "Tea"], description="On loaves.")
    return site


def cut(site: Site, now: str, slug: str = "weekly") -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(site.say("issue", "cut", slug, "--json", "--now", now))
    return loaded


def text(site: Site, number: int, slug: str = "weekly") -> str:
    return (site.output / f"newsletters/{slug}/{number}/issue.txt").read_text("utf-8")


def test_a_preview_writes_only_below_the_state_folder_and_records_nothing(site):
    site.build()
    before, ledger = tree(site.root), site.say("ledger", "export")
    said = site.say("issue", "preview", "weekly", "--now", MONDAYS[0])
    page = site.state / "preview" / "weekly" / "index.html"
    assert said == f"the next issue of weekly has 2 stories: {page}\n"
    assert "Kettles" in page.read_text("utf-8")
    assert "Kettles" in (page.parent / "issue.txt").read_text("utf-8")
    new = changed(before, tree(site.root)) - {".syndicate/ledger.sqlite", ".syndicate/index.sqlite"}
    assert new == {".syndicate/preview/weekly/index.html", ".syndicate/preview/weekly/issue.txt"}
    assert site.say("ledger", "export") == ledger
    assert cut(site, MONDAYS[0])["number"] == 1


def test_a_preview_before_the_first_build_leaves_no_output(site):
    site.say("issue", "preview", "weekly", "--now", MONDAYS[0])
    assert not site.output.exists()
    assert site.say("ledger", "export") == '{"syndicate_ledger": 4}\n'


def test_a_preview_for_some_topics_has_their_stories_and_links_as_they_are_on_the_web(tmp_path):
    site = Site(tmp_path, CONFIG, newsletters=[{**WEEKLY, "utm": {"campaign": "{{ newsletter.slug }}"}}])
    site.article("a.md", title="Kettles", link="https://source.example/a")
    site.article("b.md", title="Loaves", categories=["Bread", "Tea"], link="https://unsubscribe.invalid/")
    said = site.say("issue", "preview", "weekly", "--topics", "bread", "--explain", "--now", MONDAYS[0])
    assert "the next issue of weekly has 1 story" in said
    assert "articles/a.md\tin Tea\n" in said
    html = (site.state / "preview/weekly/index.html").read_text("utf-8")
    assert "Loaves" in html
    assert "Kettles" not in html
    assert "utm_" not in html
    assert "unsubscribe.invalid" not in html  # an article can't lead where a reader's own address comes


def test_a_check_needs_something_new(site):
    cut(site, MONDAYS[0])
    said = site.say("issue", "check", "weekly", "--now", MONDAYS[0])
    assert said == "nothing new for weekly: there is no next issue to check\n"


def test_a_cut_issue_is_published_as_a_page_and_as_text(site):
    said = site.say("issue", "cut", "weekly", "--now", MONDAYS[0])
    assert said == f"cut issue 1 of weekly with 2 stories: {site.output}/newsletters/weekly/1/index.html\n"
    assert {path for path in site.tree() if path.startswith("newsletters/")} == {
        "newsletters/weekly/1/index.html",
        "newsletters/weekly/1/issue.txt",
        "newsletters/weekly/atom.xml",
        "newsletters/weekly/feed.json",
        "newsletters/weekly/index.html",
        "newsletters/weekly/rss.xml",
    }
    page = site.tree()["newsletters/weekly/1/index.html"].decode()
    for shown in ("Kettles", "Loaves", "On kettles.", "https://source.example/a"):
        assert shown in page
        assert shown in text(site, 1)
    assert "newsletters/weekly/1/index.html" in site.tree()["index.html"].decode()


def test_the_same_slot_has_the_same_issue_however_often_it_is_cut(site):
    first = cut(site, MONDAYS[0])
    before = site.tree()
    site.article("late.md", title="Late", date="2026-11-03")
    again = cut(site, "2026-11-08T23:00:00Z")
    assert (first["number"], first["new"], first["due"]) == (1, True, MONDAYS[0])
    assert (again["number"], again["new"], again["due"]) == (1, False, MONDAYS[0])
    assert changed(before, site.tree()) & {path for path in before if path.startswith("newsletters/")} == set()
    said = site.say("issue", "cut", "weekly", "--now", "2026-11-08T23:00:00Z")
    assert said == f"issue 1 of weekly was cut before: {site.output}/newsletters/weekly/1/index.html\n"


def test_the_next_slot_carries_only_what_no_issue_has_carried(site):
    cut(site, MONDAYS[0])
    site.article("c.md", title="Clocks", date="2026-11-05")
    site.article("old.md", title="Back-dated", date="2026-02-01")
    second = cut(site, MONDAYS[1])
    assert (second["number"], second["stories"]) == (2, 2)
    shown = text(site, 2)
    assert "Clocks" in shown
    assert "Back-dated" in shown
    assert "Kettles" not in shown
    third = cut(site, MONDAYS[2])
    assert (third["number"], third["new"], third["path"]) == (None, False, None)
    said = site.say("issue", "cut", "weekly", "--now", MONDAYS[2])
    assert said == f"nothing new for weekly at {MONDAYS[2]}: no issue was cut\n"


def test_an_article_that_was_carried_is_not_carried_again_after_a_rename(site):
    cut(site, MONDAYS[0])
    (site.root / "articles/b.md").rename(site.root / "articles/renamed.md")
    site.article("a.md", title="Kettles again", link="https://source.example/a", slug="other")
    assert cut(site, MONDAYS[1])["number"] is None


def test_a_slot_that_was_missed_is_not_made_up_for_but_its_articles_are(site):
    cut(site, MONDAYS[0])
    site.article("c.md", title="Clocks", date="2026-11-05")
    site.build(now="2026-11-12T00:00:00Z")
    third = cut(site, MONDAYS[2])
    assert (third["number"], third["due"], third["stories"]) == (2, MONDAYS[2], 1)


def test_after_the_first_build_nothing_is_new_to_a_newsletter_without_a_start(tmp_path):
    site = Site(tmp_path, CONFIG, newsletters=[{key: value for key, value in WEEKLY.items() if key != "start"}])
    site.article("a.md", title="Kettles")
    site.build()
    assert cut(site, MONDAYS[0])["number"] is None
    site.article("b.md", title="Loaves", date="2026-02-01")
    assert (cut(site, MONDAYS[1])["stories"], "Kettles" in text(site, 1)) == (1, False)


def test_what_does_not_fit_stays_for_the_next_issue(tmp_path):
    site = Site(tmp_path, CONFIG, newsletters=[{**WEEKLY, "limit": 2}])
    for number in range(5):
        site.article(f"{number}.md", title=f"Story {number}", date=f"2026-03-0{number + 1}")
    assert [cut(site, monday)["stories"] for monday in MONDAYS] == [2, 2, 1]
    carried = [line for number in (1, 2, 3) for line in text(site, number).splitlines() if "Story" in line]
    for number in range(5):
        assert sum(f"Story {number}" in line for line in carried) >= 1
    assert [f"Story {number}" in text(site, 2) for number in range(5)] == [False, True, True, False, False]


def test_cut_issues_keep_their_bytes_whatever_changes_later(site):
    cut(site, MONDAYS[0])
    before = {path: data for path, data in site.tree().items() if path.startswith("newsletters/weekly/1/")}
    site.article("a.md", title="Kettles, corrected", link="https://source.example/a")
    (site.root / "articles/b.md").unlink()
    site.write("templates/newsletter/issue.html", "<!DOCTYPE html><html><body>{{ issue.subject }}</body></html>")
    site.write("templates/newsletter/issue.txt", "{{ issue.subject }}")
    site.configure(
        {**CONFIG, "site": {**CONFIG["site"], "title": "Renamed"}, "newsletters": [{**WEEKLY, "title": "New"}]}
    )
    site.build("--full", now=MONDAYS[1])
    assert {path: data for path, data in site.tree().items() if path.startswith("newsletters/weekly/1/")} == before
    site.article("c.md", title="Clocks", date="2026-11-05")
    cut(site, MONDAYS[1])
    assert text(site, 2) == "New: Clocks\n"
    assert {path: data for path, data in site.tree().items() if path.startswith("newsletters/weekly/1/")} == before


def test_issues_survive_without_output_and_index_since_the_ledger_has_them(site):
    cut(site, MONDAYS[0])
    before = site.tree()
    for path in [*site.output.rglob("*.*"), site.state / "index.sqlite", site.state / "published.json"]:
        if path.is_file():
            path.unlink()
    site.build(now=MONDAYS[0])
    assert site.tree() == before


def test_issues_of_a_newsletter_that_left_the_config_stay_where_they_are(site):
    cut(site, MONDAYS[0])
    site.configure(CONFIG)
    site.build(now=MONDAYS[0])
    kept = {"newsletters/weekly/1/index.html", "newsletters/weekly/1/issue.txt"}
    assert {path for path in site.tree() if "newsletters" in path} == kept
    site.configure({**CONFIG, "newsletters": [WEEKLY]})
    site.build(now=MONDAYS[0])
    assert "newsletters/weekly/1/index.html" in site.tree()


def test_newsletters_carry_the_same_article_each_for_itself(tmp_path):
    bread = {**WEEKLY, "slug": "bread", "topics": ["Bread"]}
    site = Site(tmp_path, CONFIG, newsletters=[WEEKLY, bread])
    site.article("a.md", title="Kettles")
    site.article("b.md", title="Loaves", categories=["Bread"])
    assert [cut(site, MONDAYS[0], slug)["stories"] for slug in ("weekly", "bread")] == [2, 1]
    assert "Kettles" not in text(site, 1, "bread")


def test_an_issue_holds_an_article_once_and_in_the_first_of_its_topics(site):
    cut(site, MONDAYS[0])
    page = site.tree()["newsletters/weekly/1/index.html"].decode()
    assert page.count("On loaves.") == 1
    assert page.index("Bread") < page.index("On loaves.")


@pytest.mark.parametrize("command", ["cut", "preview"])
def test_a_template_with_a_mistake_is_named_with_its_line_and_nothing_is_cut(site, command):
    site.write("templates/newsletter/issue.txt", "fine\n{{ nothing.at.all }}\n")
    done = site.command("issue", command, "weekly", "--now", MONDAYS[0])
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "templates/newsletter/issue.txt:2: the template uses 'nothing', which there is not "
        "(see docs/reference/templates.md for what a template may use)\n"
    )
    (site.root / "templates/newsletter/issue.txt").unlink()
    assert cut(site, MONDAYS[0])["number"] == 1


def test_an_issue_tells_machines_what_it_is(site):
    before = cut(site, NOW)
    assert before == {
        "newsletter": "weekly",
        "due": "2026-10-26T08:00:00Z",
        "number": 1,
        "new": True,
        "stories": 2,
        "subject": "The Weekly: Loaves and 1 more story",
        "path": f"{site.output}/newsletters/weekly/1/index.html",
        "waiting": 0,
        "dropped": 0,
    }
