"""run-due, schedule, status, issue list and show, as people call them."""

import json
from typing import Any

import pytest
from support import CONFIG, Site

DAILY = {"slug": "daily", "title": "Daily", "cadence": "daily at 08:00", "start": "2026-01-01"}
START, SLOT = "2026-10-25T12:00:00Z", "2026-10-26T08:00:00Z"


@pytest.fixture
def daily(tmp_path: Any) -> Site:
    """A site whose newsletter is known since the day before the slot."""
    site = Site(tmp_path / "daily", CONFIG, newsletters=[DAILY])
    site.article("a.md", title="Kettles")
    assert site.say("run-due", "--now", START).startswith("no issue was due; published ")
    return site


def due(site: Site, now: str, *arguments: str) -> list[tuple[str, str]]:
    rows = json.loads(site.say("run-due", "--json", "--now", now, *arguments))["slots"]
    return [(row["due"], row["fate"]) for row in rows]


def test_what_is_due_is_cut_and_published_once(daily: Site) -> None:
    said = daily.say("run-due", "--now", SLOT).splitlines()
    page = daily.output / "newsletters/daily/1/index.html"
    assert said[0] == f"cut issue 1 of daily with 1 story: {page}"
    assert said[1].startswith("cut 1 issue; published ")
    assert page.exists()
    assert due(daily, "2026-10-26T09:00:00Z") == []


def test_a_dry_run_does_nothing(daily: Site) -> None:
    before = (daily.say("ledger", "export"), daily.tree())
    said = daily.say("run-due", "--dry-run", "--now", SLOT).splitlines()
    assert said[0] == f"would cut the issue of daily for {SLOT} with 1 story"
    assert said[1].startswith("would cut 1 issue; would publish ")
    assert (daily.say("ledger", "export"), daily.tree()) == before


def test_every_case_is_said(daily: Site) -> None:
    late = daily.run("run-due", "--now", "2026-10-28T07:00:00Z")
    assert late.exit_code == 0
    assert late.stderr == ""
    assert late.stdout.splitlines()[0] == f"skipped the slot of daily at {SLOT}: a later one has come"
    daily.configure({**CONFIG, "newsletters": [{**DAILY, "max_lateness_hours": 1}]})
    late = daily.run("run-due", "--now", "2026-10-28T11:30:00Z")
    why = "nothing ran until 3.5 h after it, and max_lateness_hours is 1"
    assert late.stderr == f"skipped the slot of daily at 2026-10-28T08:00:00Z: {why}\n"
    empty = daily.say("run-due", "--now", "2026-10-29T08:00:00Z").splitlines()
    assert empty[0] == "nothing new for daily at 2026-10-29T08:00:00Z: no issue was cut"
    shown = daily.say("status", "--now", "2026-10-29T08:00:00Z").splitlines()
    assert shown[1:] == [
        "daily:",
        "  last issue: issue 1, due Tue 2026-10-27 08:00 UTC: Daily: Kettles",
        "  next slot: Fri 2026-10-30 08:00 UTC",
        "  no issue for Thu 2026-10-29 08:00 UTC (empty): there was nothing new",
        f"  no issue for Wed 2026-10-28 08:00 UTC (skipped-late): {why}",
        "  no issue for Mon 2026-10-26 08:00 UTC (superseded): a later slot had come by the time that something ran",
    ]


def test_a_machine_that_keeps_only_the_exported_ledger_cuts_each_slot_once(daily: Site, tmp_path: Any) -> None:
    other = Site(tmp_path / "other", CONFIG, newsletters=[DAILY])
    other.article("a.md", title="Kettles")
    other.write("ledger.jsonl", daily.say("ledger", "export"))
    other.say("ledger", "import", str(other.root / "ledger.jsonl"))
    assert due(other, SLOT) == [(SLOT, "cut")]
    third = Site(tmp_path / "third", CONFIG, newsletters=[DAILY])
    third.article("a.md", title="Kettles")
    third.write("ledger.jsonl", other.say("ledger", "export"))
    third.say("ledger", "import", str(third.root / "ledger.jsonl"))
    assert due(third, "2026-10-26T10:00:00Z") == []
    assert (third.output / "newsletters/daily/1/index.html").read_bytes() == (
        other.output / "newsletters/daily/1/index.html"
    ).read_bytes()


def test_a_ledger_whose_slot_has_no_such_fate_is_refused(daily: Site) -> None:
    daily.say("run-due", "--now", SLOT)
    text = daily.say("ledger", "export").replace('"fate": "cut"', '"fate": "eaten"')
    line = 1 + next(number for number, row in enumerate(text.splitlines()) if "eaten" in row)
    file = daily.write("ledger.jsonl", text)
    told = daily.refuse("ledger", "import", "--replace", str(file))
    assert told == f"{file}:{line}: fate: expected what a ledger holds, got 'eaten'"


def test_a_broken_template_ends_with_1_and_the_next_round_goes_on(daily: Site) -> None:
    broken = daily.write("templates/newsletter/issue.txt", "{{ no.such.thing }}")
    failed = daily.run("run-due", "--now", SLOT)
    assert failed.exit_code == 1
    assert failed.stderr.startswith(f"the issue of daily for {SLOT} could not be made; the next round tries again: ")
    assert failed.stdout.startswith("cut 0 issues, 1 slot failed; published ")
    broken.unlink()
    assert due(daily, "2026-10-26T08:15:00Z") == [(SLOT, "cut")]


def test_an_issue_is_listed_and_shown_byte_for_byte(daily: Site) -> None:
    daily.say("run-due", "--now", SLOT)
    assert daily.say("issue", "list", "daily") == "1\t2026-10-26 08:00\tcut\t1\tDaily: Kettles\n"
    page = daily.output / "newsletters/daily/1/index.html"
    assert daily.say("issue", "show", "daily", "1").splitlines() == [
        "subject: Daily: Kettles",
        f"due: {SLOT}",
        f"cut_at: {SLOT}",
        "stories: 1",
        "state: cut",
        f"page: {page}",
    ]
    for part, name in (("--html", "index.html"), ("--text", "issue.txt")):
        shown = daily.run("issue", "show", "daily", "1", part)
        assert shown.stdout_bytes == page.with_name(name).read_bytes()


def test_an_issue_that_there_is_not_is_told(daily: Site) -> None:
    assert daily.refuse("issue", "show", "daily", "1") == "daily has no issue 1; it has: none"
    daily.say("run-due", "--now", SLOT)
    assert daily.refuse("issue", "show", "daily", "7") == "daily has no issue 7; it has: 1"


def test_before_the_first_build_there_is_nothing_to_show(site: Site) -> None:
    site.configure({**CONFIG, "newsletters": [DAILY]})
    assert site.say("status", "--now", SLOT) == "nothing was built yet; run 'syndicate build'\n"
    assert json.loads(site.say("status", "--json")) == {"build": None, "newsletters": []}
    assert site.say("issue", "list", "daily") == ""
    assert not site.state.exists()


def test_the_schedule_shows_slots_and_articles(daily: Site) -> None:
    daily.article("b.md", title="Later", date="2026-10-27")
    assert daily.say("schedule", "--count", "2", "--now", START).splitlines() == [
        "Mon 2026-10-26 08:00\tUTC\t2026-10-26T08:00:00Z\tissue due\tdaily",
        "Tue 2026-10-27 00:00\tUTC\t2026-10-27T00:00:00Z\tarticle appears\tarticles/b.md",
        "Tue 2026-10-27 08:00\tUTC\t2026-10-27T08:00:00Z\tissue due\tdaily",
    ]
    period = ("--from", "2026-01-01T08:00Z", "--to", "2026-01-02T08:00Z")
    rows = [json.loads(line) for line in daily.say("schedule", *period, "--json").splitlines()]
    assert [row["at"] for row in rows] == ["2026-01-01T08:00:00Z", "2026-01-02T08:00:00Z"]


def test_the_ends_of_the_calendar_are_no_matter(daily: Site) -> None:
    assert daily.say("schedule", "--now", "9998-12-31T23:00Z", "--count", "1").startswith("Fri 9999-01-01 08:00\t")
    assert daily.say("schedule", "--now", "1900-01-01", "--count", "1").startswith("Mon 1900-01-01 08:00\t")
    assert daily.say("schedule", "--from", "1900-01-01", "--to", "1900-01-01T09:00Z").startswith("Mon 1900-01-01")


def test_a_period_needs_its_end(daily: Site) -> None:
    refused = daily.run("schedule", "--from", "2026-01-01")
    assert refused.exit_code == 2
    assert "expected --to with --from: a schedule has no end of its own" in refused.stderr


APPROVED = {**DAILY, "approval": "required"}
DIGEST_OF_ANOTHER = "0" * 12


@pytest.fixture
def drafted(daily: Site) -> Site:
    """The daily site with approval; the draft of the slot of the 26th was made on the day before."""
    daily.configure({**CONFIG, "newsletters": [APPROVED]})
    said = daily.say("run-due", "--now", START).splitlines()
    preview = daily.state / "preview/daily/1/index.html"
    ask = f"look at {preview} and run 'syndicate issue approve daily 1 --digest {shown(daily, 1)['digest']}'"
    assert said[0] == f"drafted issue 1 of daily for {SLOT} with 1 story: {ask}"
    assert said[1].startswith("cut 0 issues, 1 slot drafted; ")
    assert "Kettles" in preview.read_text()
    return daily


def shown(site: Site, number: int) -> dict[str, Any]:
    return json.loads(site.say("issue", "show", "daily", str(number), "--json"))


def test_a_draft_is_nowhere_in_the_output_until_it_is_approved_and_due(drafted: Site) -> None:
    page = drafted.output / "newsletters/daily/1/index.html"
    html = drafted.say("issue", "show", "daily", "1", "--html")
    digest = shown(drafted, 1)["digest"]
    said = drafted.say("issue", "approve", "daily", "1", "--digest", digest, "--now", START)
    assert said == f"approved issue 1 of daily (digest {digest}): it goes out at {SLOT}\n"
    assert (shown(drafted, 1)["state"], page.exists()) == ("approved", False)
    said = drafted.say("run-due", "--now", SLOT).splitlines()
    assert said[0] == f"cut issue 1 of daily with 1 story: {page}"
    assert shown(drafted, 1)["state"] == "cut"
    assert drafted.say("issue", "show", "daily", "1", "--html") == html == page.read_text()


def test_one_that_nobody_approved_is_held_on_standard_error(drafted: Site) -> None:
    held = drafted.run("run-due", "--now", SLOT)
    preview = drafted.state / "preview/daily/1/index.html"
    command = f"syndicate issue approve daily 1 --digest {shown(drafted, 1)['digest']}"
    ask = f"look at {preview} and run '{command}'"
    assert held.stderr == f"held issue 1 of daily for {SLOT} with 1 story: {ask}\n"
    assert held.exit_code == 0
    line = f"  held: issue 1, due Mon 2026-10-26 08:00 UTC: Daily: Kettles; it waits for '{command}'"
    assert line in drafted.say("status", "--now", SLOT).splitlines()
    said = drafted.say("issue", "approve", "daily", "1", "--now", SLOT)
    assert said.endswith(": it goes out with the next round\n")
    assert due(drafted, "2026-10-26T09:00:00Z") == [(SLOT, "cut")]


def test_a_rejected_draft_gives_its_articles_to_the_next_issue(drafted: Site) -> None:
    said = drafted.say("issue", "reject", "daily", "1", "--now", START)
    assert said == f"rejected draft 1 of daily: no issue goes out at {SLOT}, its articles go into the next\n"
    assert due(drafted, START) == []
    assert due(drafted, SLOT) == [("2026-10-27T08:00:00Z", "drafted")]


def test_a_recut_takes_in_what_came_and_has_to_be_approved_again(drafted: Site) -> None:
    drafted.say("issue", "approve", "daily", "1", "--now", START)
    before = shown(drafted, 1)["digest"]
    drafted.article("b.md", title="Loaves")
    said = drafted.say("issue", "recut", "daily", "1", "--now", START)
    preview = drafted.state / "preview/daily/1/index.html"
    assert said == f"recut draft 1 of daily with 2 stories: {preview}\n"
    assert "Loaves" in preview.read_text()
    assert shown(drafted, 1)["state"] == "draft"
    assert shown(drafted, 1)["digest"] != before


def test_what_cannot_be_approved_is_told(drafted: Site) -> None:
    digest = shown(drafted, 1)["digest"]
    for arguments, told in (
        (("approve", "daily", "2"), "daily has no draft 2 that waits for approval; it has: 1"),
        (("reject", "daily", "7"), "daily has no draft 7 that waits for approval; it has: 1"),
        (("recut", "daily", "7"), "daily has no draft 7 that waits for approval; it has: 1"),
        (
            ("approve", "daily", "1", "--digest", DIGEST_OF_ANOTHER),
            f"draft 1 of daily has the digest {digest}, not {DIGEST_OF_ANOTHER}; look at it again",
        ),
        (
            ("cut", "daily"),
            "daily: its issues need approval: 'syndicate run-due' drafts them, and "
            "'syndicate issue approve daily NUMBER' lets them out",
        ),
    ):
        assert drafted.refuse("issue", *arguments, "--now", START) == told


def test_a_recut_that_cannot_be_made_leaves_the_draft_as_it_was(drafted: Site) -> None:
    drafted.say("issue", "approve", "daily", "1", "--now", START)
    before = shown(drafted, 1)
    broken = drafted.write("templates/newsletter/issue.html", "{{ no.such.thing }}")
    assert drafted.refuse("issue", "recut", "daily", "1", "--now", START).startswith(
        "templates/newsletter/issue.html:1: "
    )
    broken.unlink()
    assert shown(drafted, 1) == before


def test_a_recut_draft_keeps_its_number_beside_another(drafted: Site) -> None:
    drafted.configure({**CONFIG, "newsletters": [{**APPROVED, "draft_ahead_hours": 48}]})
    drafted.article("b.md", title="Loaves")
    assert due(drafted, START) == [("2026-10-27T08:00:00Z", "drafted")]
    drafted.article("c.md", title="Cups")
    drafted.say("issue", "recut", "daily", "1", "--now", START)
    rows = [json.loads(line) for line in drafted.say("issue", "list", "daily", "--json").splitlines()]
    assert [(row["number"], row["due"], row["stories"]) for row in rows] == [
        (1, SLOT, 2),
        (2, "2026-10-27T08:00:00Z", 1),
    ]


def test_an_approval_that_comes_too_late_is_refused(drafted: Site) -> None:
    told = drafted.refuse("issue", "approve", "daily", "1", "--now", "2026-10-27T08:00:01Z")
    assert told == f"draft 1 of daily can't go out any more: its slot was {SLOT}, and max_lateness_hours is over"
