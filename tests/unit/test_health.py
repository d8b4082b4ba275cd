"""How the service is: the checks, what builds leave behind, and how it stands with issues."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import MemoryLedger
from makers import NAMESPACE, NOW, UTC_ZONE, day, make_newsletter
from prometheus_client.parser import text_string_to_metric_families

from syndicate import operators
from syndicate.domain.articles import Status
from syndicate.domain.cadence import parse_cadence
from syndicate.domain.health import BuildNote, Health, IssueState, NextSlot, checks, in_words
from syndicate.domain.newsletters import Issue, Rendered
from syndicate.domain.slots import RECORDED, Fate
from syndicate.domain.traffic import FeedTraffic, Traffic
from syndicate.errors import Problem
from syndicate.services.builds import KEPT_BUILDS, KEPT_PROBLEMS, build_row, failed_row, with_row
from syndicate.services.health import build_notes, next_slots, standing
from syndicate.services.report import BuildReport, Tally
from syndicate.web.metrics import metrics_text
from syndicate.wiring import App, load_app

FIRST, SECOND = day(1, 6, hour=8), day(8, 6, hour=8)
WEEK = timedelta(days=7)
WEEKLY = make_newsletter()
ISSUE = Issue(newsletter="weekly", due=FIRST, number=1, cut_at=FIRST + timedelta(minutes=7), subject="Tea")
SLOT = NextSlot(newsletter="weekly", title="The Weekly", due=SECOND, zone=UTC_ZONE)
GOOD = BuildNote(at=NOW, duration_s=0.5, files={"published": 3, "held": 1}, written=2, unchanged=5, problem_count=4)
FAILED = BuildNote(at=NOW + timedelta(hours=1), duration_s=0.1, failed="the disk is full")
PROBLEM = Problem(path="a.md", reason="bad-date", what="expected a date", line=3)


def report(**changes: Any) -> BuildReport:
    values: dict[str, Any] = {
        "files": {Status.HELD: 1, Status.PUBLISHED: 3},
        "problems": (PROBLEM,),
        "feeds": Tally(written=2, unchanged=1),
        "pages": Tally(written=1, unchanged=4, removed=1),
        "written": (),
        "removed": (),
        "duration_s": 0.12345,
    }
    return BuildReport(**{**values, **changes})


class TestChecks:
    def told(self, **changes: Any) -> list[tuple[str, bool, str]]:
        health = Health(**{"at": NOW, "looked_at": NOW, "builds": (GOOD,), "slots": (SLOT,), **changes})
        return [(one.name, one.ok, one.what) for one in checks(health, NOW + timedelta(minutes=3))]

    def test_all_is_well(self) -> None:
        assert self.told() == [
            ("last-build", True, "the last build ended well 3 min ago; it is fresh for 25 h"),
            ("ledger", True, "the ledger can be read"),
            ("next-slot", True, "the next slot of 1 newsletter is known"),
        ]

    def test_a_build_that_is_too_long_ago(self) -> None:
        (build, *_) = self.told(looked_at=NOW - timedelta(days=2), max_build_age=timedelta(minutes=90))
        assert build == ("last-build", False, "the last build ended well 2 days ago; it is fresh for 1 h 30 min")

    def test_a_build_is_fresh_to_its_last_second(self) -> None:
        assert self.told(max_build_age=timedelta(minutes=3))[0][1]
        assert not self.told(max_build_age=timedelta(minutes=3, seconds=-1))[0][1]

    def test_a_clock_that_was_set_back(self) -> None:
        assert self.told(looked_at=NOW + timedelta(days=9))[0][1:] == (
            True,
            "the last build ended well 0 s ago; it is fresh for 25 h",
        )

    def test_a_failed_build_is_told_and_an_older_one_still_fresh(self) -> None:
        assert self.told(builds=(FAILED, GOOD))[0][1:] == (
            True,
            "the last build ended well 3 min ago; it is fresh for 25 h; the last build failed: the disk is full",
        )

    def test_no_good_build_at_all(self) -> None:
        assert self.told(builds=(), looked_at=None)[0][1:] == (False, "no build has ended well yet")
        told = "no build has ended well yet; the last build failed: the disk is full"
        assert self.told(builds=(FAILED,), looked_at=None)[0][1:] == (False, told)

    def test_a_ledger_that_cannot_be_read(self) -> None:
        assert self.told(ledger="ledger.sqlite: the ledger can't be used")[1] == (
            "ledger",
            False,
            "ledger.sqlite: the ledger can't be used",
        )

    def test_a_cadence_that_never_comes(self) -> None:
        never = NextSlot(newsletter="leap", title="Leap", due=None, zone=UTC_ZONE)
        told = "no next slot is known of leap: the cadence never comes"
        assert self.told(slots=(SLOT, never))[2] == ("next-slot", False, told)

    def test_no_newsletters(self) -> None:
        assert self.told(slots=())[2] == ("next-slot", True, "no newsletters")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (90_000, "25 h"),
        (172_800, "2 days"),
        (12_000, "3 h 20 min"),
    ],
)
def test_lengths_in_words(seconds: float, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


class TestBuilds:
    def test_a_build_is_remembered_as_it_was(self) -> None:
        (note,) = build_notes(with_row(None, build_row(report(), NOW)))
        assert note == BuildNote(
            at=NOW,
            duration_s=0.123,
            files={"published": 3, "held": 1},
            written=3,
            unchanged=5,
            removed=1,
            problem_count=1,
            problems=(PROBLEM,),
        )

    def test_a_failure_is_remembered(self) -> None:
        (note,) = build_notes(with_row(None, failed_row("the disk is full", NOW, 1.0)))
        assert (note.failed, note.at, note.duration_s) == ("the disk is full", NOW, 1.0)

    def test_only_the_last_are_kept_newest_first(self) -> None:
        data = None
        for number in range(KEPT_BUILDS + 5):
            data = with_row(data, failed_row(f"{number}", NOW, 0.0))
        notes = build_notes(data)
        assert len(notes) == KEPT_BUILDS
        assert notes[0].failed == f"{KEPT_BUILDS + 4}"

    def test_many_problems_are_counted_and_some_kept(self) -> None:
        (note,) = build_notes(with_row(None, build_row(report(problems=(PROBLEM,) * 500), NOW)))
        assert (note.problem_count, len(note.problems)) == (500, KEPT_PROBLEMS)

    def test_a_path_that_is_no_text_is_kept_as_far_as_it_goes(self) -> None:
        problem = Problem(path="\udcff.md", reason="bad-date", what="x")
        (note,) = build_notes(with_row(None, build_row(report(problems=(problem,)), NOW)))
        assert note.problems[0].path == "?.md"

    @pytest.mark.parametrize(
        "data",
        [
            None,
            b"",
            b"{}",
            b"\xff",
            b"[1]",
            b"[{}]",
            b'[{"at": "soon", "duration_s": 1, "failed": null}]',
            b"[" * 99_999,
            b'[{"at": "2026-03-01T08:00:00Z", "duration_s": 1, "failed": null, "files": 1}]',
        ],
    )
    def test_what_cannot_be_read_is_left_out(self, data: bytes | None) -> None:
        assert build_notes(data) == ()
        assert len(build_notes(with_row(data, failed_row("x", NOW, 0.0)))) == 1


class TestStanding:
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        ledger = MemoryLedger()
        ledger.begin(NAMESPACE, FIRST - timedelta(hours=1), ["weekly"])
        return ledger

    def test_a_slot_that_waits_is_late(self, ledger: MemoryLedger) -> None:
        found = standing(ledger, [WEEKLY], FIRST + timedelta(minutes=5))
        assert found.lateness_s == {"weekly": 300.0}
        assert found.counts == {("weekly", IssueState.WAITING): 1}
        assert [(one.state, one.due, one.why) for one in found.issues] == [
            (IssueState.WAITING, FIRST, "the next round cuts its issue")
        ]

    def test_a_claim_without_an_outcome_is_late_too(self, ledger: MemoryLedger) -> None:
        ledger.claim_slot("weekly", FIRST, FIRST)
        found = standing(ledger, [WEEKLY], FIRST + timedelta(minutes=5))
        assert found.lateness_s == {"weekly": 300.0}
        assert found.counts == {("weekly", IssueState.CLAIMED): 1}

    def test_slots_that_nobody_settled_wait_and_their_lateness_grows(self, ledger: MemoryLedger) -> None:
        """Nothing ran for two weeks: the oldest slot counts, and not the one that came last."""
        found = standing(ledger, [WEEKLY], SECOND + timedelta(days=2))
        assert found.lateness_s == {"weekly": 9 * 86_400.0}
        assert found.counts == {("weekly", IssueState.WAITING): 2}
        assert [(one.due, one.why) for one in found.issues] == [
            (SECOND, "the next round skips it: it is too late by now"),
            (FIRST, "the next round passes over it: a later slot has come"),
        ]

    def test_an_issue_is_told_with_its_lateness(self, ledger: MemoryLedger) -> None:
        ledger.record_issue(ISSUE, Rendered(subject="Tea", html="", text=""), [])
        ledger.settle_slot("weekly", SECOND, Fate.EMPTY, SECOND)
        found = standing(ledger, [WEEKLY], SECOND + timedelta(minutes=1))
        assert found.lateness_s == {"weekly": 0.0}
        assert found.counts == {("weekly", IssueState.CUT): 1, ("weekly", IssueState.EMPTY): 1}
        assert [(one.state, one.number, one.subject, one.why) for one in found.issues] == [
            (IssueState.EMPTY, None, None, "there was nothing new"),
            (IssueState.CUT, 1, "Tea", "7 min after its slot"),
        ]

    def test_a_draft_waits_and_is_held_once_its_slot_has_come(self, ledger: MemoryLedger) -> None:
        ledger.claim_slot("weekly", FIRST, FIRST - timedelta(hours=9))
        ledger.record_draft(ISSUE, Rendered(subject="Tea", html="", text=""), [])
        for moment, state in ((FIRST - timedelta(hours=1), IssueState.DRAFT), (FIRST, IssueState.HELD)):
            found = standing(ledger, [WEEKLY], moment)
            assert found.counts == {("weekly", state): 1}
            assert [(one.state, one.number, one.why) for one in found.issues] == [(state, 1, "it waits for approval")]

    def test_a_rejected_draft_is_told(self, ledger: MemoryLedger) -> None:
        ledger.settle_slot("weekly", FIRST, Fate.REJECTED, FIRST)
        found = standing(ledger, [WEEKLY], FIRST)
        assert found.counts == {("weekly", IssueState.REJECTED): 1}

    def test_every_fate_that_a_ledger_holds_has_its_state(self) -> None:
        assert {fate.value for fate in RECORDED} <= {state.value for state in IssueState}

    def test_the_soonest_slot_comes_first_and_one_that_never_comes_last(self) -> None:
        never = make_newsletter(slug="never", cadence=parse_cadence("0 8 30 2 *"))
        daily = make_newsletter(slug="daily", cadence=parse_cadence("daily at 07:30"))
        assert [(slot.newsletter, slot.due) for slot in next_slots([never, WEEKLY, daily], NOW)] == [
            ("daily", day(2, 6, hour=7) + timedelta(minutes=30)),
            ("weekly", SECOND),
            ("never", None),
        ]


CONFIG = "site: {title: A, url: https://example.org/}\nsources: [path: articles]\n"
WITH_TOKEN = f"{CONFIG}server: {{ops: {{token_file: token}}}}\n"


def app(folder: Path, config: str = CONFIG) -> App:
    (folder / "config.yaml").write_text(config)
    return load_app(folder / "config.yaml")


class TestProject:
    def test_before_the_first_build(self, tmp_path: Path) -> None:
        health = operators.health(app(tmp_path), NOW)
        assert (health.builds, health.looked_at) == ((), None)
        assert health.ledger == "there is no ledger yet; run 'syndicate build'"

    def test_a_ledger_that_is_none_is_told(self, tmp_path: Path) -> None:
        (tmp_path / ".syndicate").mkdir()
        (tmp_path / ".syndicate/ledger.sqlite").write_bytes(b"no ledger" * 1000)
        health = operators.health(app(tmp_path), NOW)
        assert health.ledger is not None
        assert "the ledger can't be used" in health.ledger

    def test_a_failure_is_noted_and_goes_on(self, tmp_path: Path) -> None:
        project = app(tmp_path)
        with pytest.raises(KeyError), project.noting_failure(NOW):
            raise KeyError("x")
        assert [note.failed for note in operators.health(project, NOW).builds] == ["'x'"]

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (None, "No such file or directory"),
            (b"", "expected a token of at least 16 letters and digits"),
            (b"short\n", "expected a token of at least 16 letters and digits"),
            (b"0123456789 abcdef\n", "expected a token of at least 16 letters and digits"),
            (b"0123456789abcdef\n0123456789abcdef\n", "expected a token of at least 16 letters and digits"),
            (b"\xff" * 20, "expected a token of letters and digits"),
        ],
    )
    def test_a_token_that_is_none(self, tmp_path: Path, data: bytes | None, what: str) -> None:
        if data is not None:
            (tmp_path / "token").write_bytes(data)
        with pytest.raises(Exception, match="token_file") as caught:
            operators.ops_token(app(tmp_path, WITH_TOKEN))
        told = f"server.ops.token_file: {tmp_path / 'token'}: {what} (make one with 'openssl rand -hex 32')"
        assert str(caught.value) == f"{tmp_path / 'config.yaml'}: {told}"

    def test_a_token(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_bytes(b"  0123456789abcdef\n")
        assert operators.ops_token(app(tmp_path, WITH_TOKEN)) == "0123456789abcdef"
        assert operators.ops_token(app(tmp_path)) is None


class TestMetrics:
    def samples(self, health: Health | None, traffic: Traffic | None = None) -> dict[str, dict[tuple[str, ...], float]]:
        """Return each sample's value by name and by its labels' values, in the order of the labels' names."""
        text = metrics_text(health, traffic or Traffic(), NOW, "1.2.3").decode()
        found: dict[str, dict[tuple[str, ...], float]] = {}
        for family in text_string_to_metric_families(text):
            assert family.documentation
            for sample in family.samples:
                found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
        return found

    def test_traffic(self) -> None:
        feeds = (FeedTraffic(name="all/rss.xml", subscribers={"Feedly": 23, "Feedbin": 2}),)
        found = self.samples(None, Traffic(requests={("rss", 304): 7, ("page", 200): 1}, feeds=feeds, dropped_lines=9))
        assert found == {
            "syndicate_info": {("1.2.3",): 1},
            "syndicate_requests_total": {("rss", "304"): 7, ("page", "200"): 1},
            "syndicate_subscribers": {("Feedly", "all/rss.xml"): 23, ("Feedbin", "all/rss.xml"): 2},
            "syndicate_access_log_dropped_lines_total": {(): 9},
            "syndicate_ready": {(): 0},
        }

    def test_health(self) -> None:
        found = self.samples(
            Health(
                at=NOW,
                looked_at=NOW,
                builds=(FAILED, GOOD),
                slots=(SLOT,),
                issue_counts={("weekly", IssueState.CUT): 12},
                lateness_s={"weekly": 300.5},
            )
        )
        assert found["syndicate_ready"] == found["syndicate_ledger_up"] == {(): 1}
        assert found["syndicate_last_build_failed"] == {(): 1}
        assert found["syndicate_last_build_duration_seconds"] == {(): 0.1}
        assert found["syndicate_last_build_timestamp_seconds"] == {(): FAILED.at.timestamp()}
        assert found["syndicate_last_good_build_timestamp_seconds"] == {(): NOW.timestamp()}
        assert found["syndicate_articles"] == {("published",): 3, ("held",): 1}
        assert found["syndicate_documents"] == {("written",): 2, ("unchanged",): 5, ("removed",): 0}
        assert found["syndicate_problems"] == {(): 4}
        assert found["syndicate_next_slot_timestamp_seconds"] == {("weekly",): SECOND.timestamp()}
        assert found["syndicate_lateness_seconds"] == {("weekly",): 300.5}
        assert len(found["syndicate_issues"]) == len(IssueState)
        assert found["syndicate_issues"]["weekly", "cut"] == 12
        assert found["syndicate_issues"]["weekly", "held"] == 0

    def test_labels_are_escaped(self) -> None:
        name = 'a"b\\c\nd/rss.xml'
        found = self.samples(None, Traffic(feeds=(FeedTraffic(name=name, subscribers={"Feedly": 1}),)))
        assert found["syndicate_subscribers"] == {("Feedly", name): 1}

    def test_the_docs_name_every_metric(self) -> None:
        text = (Path(__file__).parents[2] / "docs/how-to/monitor.md").read_text("utf-8")
        health = Health(at=NOW, looked_at=NOW, builds=(GOOD,), slots=(SLOT,), lateness_s={"weekly": 0.0})
        traffic = Traffic(
            requests={("rss", 200): 1}, feeds=(FeedTraffic(name="all/rss.xml", subscribers={"Feedly": 1}),)
        )
        names = set(self.samples(health, traffic))
        assert len(names) >= 15
        assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_a_row_is_plain_json() -> None:
    assert json.loads(with_row(None, build_row(report(), NOW)))[0]["at"] == "2026-06-01T12:00:00Z"
