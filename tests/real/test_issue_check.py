"""The preflight as people run it: of the next issue, of one that was cut, and before an approval."""

import json
from pathlib import Path
from typing import Any

import pytest
from support import CONFIG, Site

WEEKLY = {
    "slug": "weekly",
    "title": "The Weekly",
    "cadence": "weekly on Monday at 08:00",
    "start": "2026-01-01",
    "sender": "weekly@gazette.example",
    "postal_address": "1 Quay\nHarbour Town",
    "utm": {},
}
MONDAY = "2026-11-02T08:00:00Z"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path, CONFIG, newsletters=[WEEKLY])
    made.article("a.md", title="Kettles", link="https://source.example/a", description="On kettles.")
    made.article("b.md", title="Loaves", link="https://source.example/b", description="On loaves.")
    return made


def fault(site: Site, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = site.run("issue", "check", "weekly", "--json", *arguments)
    return done.exit_code, json.loads(done.stdout)


def test_the_next_issue_is_judged_as_if_it_were_cut_and_nothing_is_recorded(site):
    site.build()
    before = site.say("ledger", "export"), site.tree()
    said = site.say("issue", "check", "weekly", "--now", MONDAY)
    assert said.startswith("the next issue of weekly: 0 errors, 0 warnings; ")
    assert (site.say("ledger", "export"), site.tree()) == before
    assert not (site.state / "preview").exists()


def test_errors_of_the_next_issue_and_of_one_that_was_cut_are_told_with_exit_code_1(site):
    site.write("templates/newsletter/footer.txt", "Bye.\n")
    site.write("templates/newsletter/magazine/design.css", "a:hover { color: red }\n")
    code, next_one = fault(site, "--now", MONDAY)
    assert (code, next_one["number"], next_one["errors"], next_one["subject"]) == (
        1, 1, 6, "The Weekly: Kettles and 1 more story",
    )  # fmt: skip
    reasons = [one["reason"] for one in next_one["fault_list"]]
    assert reasons == ["no-postal-address", "no-unsubscribe", "lost-link", "lost-link", "lost-link", "not-inlined"]
    site.say("issue", "cut", "weekly", "--now", MONDAY)
    code, cut = fault(site, "1")
    assert code == 1
    assert [one["reason"] for one in cut["fault_list"]] == reasons
    assert cut["html_bytes"] == next_one["html_bytes"]


def test_pictures_that_we_publish_are_weighed(site):
    site.write("articles/pot/big.png", png() + b"\0" * 600_000)
    site.write(
        "articles/pot/index.md", "---\ntitle: Pots\ndate: 2026-03-02\nimage: big.png\ncategories: Tea\n---\nText.\n"
    )
    site.say("issue", "cut", "weekly", "--now", MONDAY)
    code, cut = fault(site, "1")
    assert (code, [one["reason"] for one in cut["fault_list"]]) == (0, ["heavy-picture"])
    (picture,) = (site.output / "media").rglob("big.png")
    picture.unlink()
    code, cut = fault(site, "1")
    assert (code, [one["reason"] for one in cut["fault_list"]]) == (1, ["missing-picture"])


def png() -> bytes:
    """Return a picture of 1200 by 630, as far as its head goes."""
    head = b"IHDR" + (1200).to_bytes(4) + (630).to_bytes(4) + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + head + b"\0\0\0\0"


def test_a_draft_with_errors_is_not_approved_unless_somebody_insists(site):
    site.configure({**CONFIG, "newsletters": [{**WEEKLY, "approval": "required", "postal_address": None}]})
    site.build(now="2026-10-30T08:00:00Z")
    site.say("run-due", "--now", "2026-11-01T12:00:00Z")
    assert site.refuse("issue", "approve", "weekly", "1", "--now", "2026-11-01T12:30:00Z") == (
        "draft 1 of weekly has errors (no-postal-address): 'syndicate issue check weekly 1' tells more; "
        "mend and recut it, or add --anyway"
    )
    said = site.say("issue", "approve", "weekly", "1", "--anyway", "--now", "2026-11-01T12:30:00Z")
    assert said.startswith("approved issue 1 of weekly")


def test_an_issue_that_is_not_there(site):
    assert site.refuse("issue", "check", "weekly", "3") == "weekly has no issue 3; it has: none"
