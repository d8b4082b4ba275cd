"""One suite for every Ledger: the fake that the services are tested with, and the databases."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest
from fakes import MemoryLedger
from makers import NAMESPACE, NOW, day, identity_of, make_article
from msgspec import structs

from syndicate.adapters import migrations, postgres_ledger
from syndicate.adapters.atomic import aside_of
from syndicate.adapters.ledger import SqlLedger
from syndicate.adapters.postgres import Postgres
from syndicate.adapters.sqlite_ledger import back_up, open_ledger, write_copy
from syndicate.domain.archive import FeedHistory
from syndicate.domain.articles import EntryId
from syndicate.domain.identity import Identity, reconcile
from syndicate.domain.newsletters import Draft, Issue, Rendered
from syndicate.domain.selection import Aside, Rule, Settled
from syndicate.domain.slots import Fate, Slot
from syndicate.domain.text import short_key
from syndicate.errors import StateError
from syndicate.ports import Ledger

A = identity_of(
    make_article("a.md", source_url="https://pub.example/ü", page_url="https://example.org/a/"),
    keys=("id:7", "path:a.md"),
    first_seen=NOW.replace(microsecond=123456),
)
B = identity_of(make_article("b.md"))
HISTORY = FeedHistory(title="Tea", floor=day(1), pages={A.id: 0, B.id: 1}, last_page=3)
LONG = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(5000))  # nothing that could be packed
ISSUE = Issue(newsletter="weekly", due=day(1, 6, hour=8), number=1, cut_at=NOW, subject="Tea 🍵")
FOLDED = Aside(id=identity_of(make_article("folded.md")).id, story=B.id)
DROPPED = Aside(id=identity_of(make_article("dropped.md")).id, rule=Rule.LIMIT_PER_TOPIC)
RENDERED = Rendered(subject=ISSUE.subject, html="<p>Tea 🍵</p>", text="Tea\n\n'\"")


BACKENDS = ("sqlite", "postgres")
Open = Callable[[], SqlLedger]
Result = TypeVar("Result")


def opener(request: pytest.FixtureRequest) -> Open:
    """Return what opens one and the same new ledger of the kind that the test asks for."""
    if request.param == "sqlite":
        return partial(open_ledger, request.getfixturevalue("tmp_path") / "ledger.sqlite")
    url = request.getfixturevalue("postgres").new_database()
    return partial(postgres_ledger.open_ledger, Postgres(url=url))


@pytest.fixture
def opening(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open one and the same ledger, as often as it is called."""
    opened: list[SqlLedger] = []
    open_one = opener(request)

    def opening() -> SqlLedger:
        opened.append(open_one())
        return opened[-1]

    yield opening
    for one in opened:
        one.close()


on_both = pytest.mark.parametrize("opening", BACKENDS, indirect=True)


@pytest.fixture(params=["fake", *BACKENDS])
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    if request.param == "fake":
        yield MemoryLedger()
        return
    opened = opener(request)()
    yield opened
    opened.close()


def identities(ledger: Ledger) -> dict[EntryId, Identity]:
    return {identity.id: identity for identity in ledger.identities()}


class TestStart:
    def test_a_new_ledger_remembers_nothing(self, ledger: Ledger) -> None:
        assert (ledger.namespace(), ledger.started_at()) == (None, None)
        assert (ledger.identities(), ledger.topic_slugs(), ledger.issues()) == ((), {}, ())
        assert ledger.settled("weekly") == {}

    def test_what_is_recorded_at_the_first_build_stays(self, ledger: Ledger) -> None:
        ledger.begin(NAMESPACE, NOW)
        ledger.begin(A_NAMESPACE, NOW + timedelta(days=1))
        assert (ledger.namespace(), ledger.started_at()) == (NAMESPACE, NOW)

    def test_a_newsletter_is_known_since_the_first_build_that_knew_it(self, ledger: Ledger) -> None:
        assert ledger.known_since("weekly") is None
        ledger.begin(NAMESPACE, NOW, ["weekly"])
        ledger.begin(NAMESPACE, NOW + timedelta(days=1), ["weekly", "daily"])
        ledger.begin(NAMESPACE, NOW + timedelta(days=2))
        assert (ledger.known_since("weekly"), ledger.known_since("daily")) == (NOW, NOW + timedelta(days=1))
        assert ledger.known_since("monthly") is None


class TestTogether:
    def test_what_is_recorded_together_is_read_at_once_and_stays(self, ledger: Ledger) -> None:
        with ledger.together():
            ledger.record_identities([A])
            assert ledger.identities() == (A,)
            assert ledger.claim_slot("weekly", ISSUE.due, NOW).fate is Fate.CLAIMED
            assert ledger.record_issue(ISSUE, RENDERED, [A.id]) == ISSUE
            assert ledger.record_issue(replace(ISSUE, subject="Other"), RENDERED, []) == ISSUE
            with ledger.together():
                ledger.record_topic_slugs({"tea": "tea"})
            assert ledger.topic_slugs() == {"tea": "tea"}
        assert (ledger.identities(), ledger.issues()) == ((A,), (ISSUE,))
        assert [slot.fate for slot in ledger.slots("weekly")] == [Fate.CUT]

    def test_it_is_all_or_nothing(self, ledger: Ledger) -> None:
        def fail_half_way() -> None:
            with ledger.together():
                ledger.record_identities([B])
                ledger.record_topic_slugs({"tea": "tea"})
                ledger.claim_slot("weekly", ISSUE.due, NOW)
                raise KeyboardInterrupt

        ledger.record_identities([A])
        with pytest.raises(KeyboardInterrupt):
            fail_half_way()
        assert (ledger.identities(), ledger.topic_slugs(), ledger.slots("weekly")) == ((A,), {}, ())
        ledger.record_identities([B])
        assert set(identities(ledger)) == {A.id, B.id}


A_NAMESPACE = NAMESPACE.__class__(int=NAMESPACE.int + 1)


class TestIdentities:
    def test_they_come_back_as_they_were(self, ledger: Ledger) -> None:
        ledger.record_identities([A, B])
        assert identities(ledger) == {A.id: A, B.id: B}

    def test_one_is_replaced_by_its_id(self, ledger: Ledger) -> None:
        ledger.record_identities([A, B])
        changed = structs.replace(
            A, path="c.md", keys=("path:c.md", "id:7"), story="new", updated=day(9), source_url=None
        )
        ledger.record_identities([changed])
        assert identities(ledger) == {A.id: changed, B.id: B}

    def test_a_key_belongs_to_the_one_that_was_recorded_with_it_last(self, ledger: Ledger) -> None:
        ledger.record_identities([A, B])
        ledger.record_identities([structs.replace(B, keys=("path:b.md", "id:7"))])
        assert identities(ledger)[A.id].keys == ("path:a.md",)
        assert identities(ledger)[B.id].keys == ("path:b.md", "id:7")

    def test_keys_may_change_hands_in_one_record(self, ledger: Ledger) -> None:
        ledger.record_identities([A, B])
        ledger.record_identities(
            [structs.replace(A, keys=("path:b.md",)), structs.replace(B, keys=("id:7", "path:a.md"))]
        )
        assert identities(ledger)[A.id].keys == ("path:b.md",)
        assert identities(ledger)[B.id].keys == ("id:7", "path:a.md")

    def test_recording_nothing_or_the_same_again_changes_nothing(self, ledger: Ledger) -> None:
        ledger.record_identities([A])
        ledger.record_identities([])
        ledger.record_identities([A])
        assert ledger.identities() == (A,)

    def test_whatever_reconcile_gives_can_be_recorded(self, ledger: Ledger) -> None:
        states = [
            [make_article("a.md", story="1")],
            [make_article("c.md", story="1")],
            [make_article("c.md", story="1 edited"), make_article("a.md", story="2")],
            [make_article("a.md", story="1 edited"), make_article("c.md", story="2")],
            [make_article("a.md", story="1 edited", front_id="7"), make_article("c.md", story="2", front_id="7")],
            [make_article("c.md", story="2", front_id="7")],
        ]
        for number, articles in enumerate(states):
            found = reconcile(articles, ledger.identities(), NAMESPACE, NOW + timedelta(days=number))
            ledger.record_identities(found.changed)
            again = reconcile(articles, ledger.identities(), NAMESPACE, NOW + timedelta(days=number, hours=1))
            assert again.changed == ()

    @pytest.mark.parametrize("text", ["'; DROP TABLE identity; --", "🍵 שלום", "a\nb", "\\x", LONG])
    def test_any_text_comes_back(self, ledger: Ledger, text: str) -> None:
        one = structs.replace(A, path=text, keys=(short_key(f"path:{text}"),), source_url=text, page_url=text)
        ledger.record_identities([one])
        assert ledger.identities() == (one,)

    def test_very_many_are_no_matter(self, ledger: Ledger) -> None:
        many = [identity_of(make_article(f"{number}.md")) for number in range(3000)]
        ledger.record_identities(many)
        ledger.record_identities([structs.replace(one, updated=day(9)) for one in many])
        assert {one.updated for one in ledger.identities()} == {day(9)}
        assert len(ledger.identities()) == 3000


class TestTopicSlugs:
    def test_they_are_added_and_replaced(self, ledger: Ledger) -> None:
        ledger.record_topic_slugs({"tea": "tea", "desk: お茶": "ocha"})
        ledger.record_topic_slugs({"tea": "hot"})
        ledger.record_topic_slugs({})
        assert ledger.topic_slugs() == {"tea": "hot", "desk: お茶": "ocha"}


class TestIssues:
    def test_an_issue_comes_back_with_what_it_says_and_carries(self, ledger: Ledger) -> None:
        assert ledger.record_issue(ISSUE, RENDERED, [A.id, B.id]) == ISSUE
        assert ledger.issues() == ledger.issues("weekly") == (ISSUE,)
        assert ledger.rendered(ISSUE) == RENDERED
        assert set(ledger.settled("weekly")) == {A.id, B.id}
        assert ledger.story_count(ISSUE) == 2

    def test_what_a_message_says_comes_back_beside_the_page(self, ledger: Ledger) -> None:
        mailed = replace(RENDERED, mail_html="<p>Tea 🍵 mailed</p>", mail_text="Tea, mailed")
        ledger.record_issue(ISSUE, mailed, [])
        assert ledger.rendered(ISSUE) == mailed

    def test_its_parts_come_back_and_a_draft_is_told_by_them(self, ledger: Ledger) -> None:
        in_parts = replace(RENDERED, parts='{"topics":["\\ufdd0"]}')
        ledger.record_draft(ISSUE, in_parts, [])
        assert ledger.rendered(ISSUE) == in_parts
        (draft,) = ledger.drafts("weekly")
        assert draft.digest == in_parts.digest != RENDERED.digest

    def test_a_slot_that_has_its_issue_keeps_it(self, ledger: Ledger) -> None:
        ledger.record_issue(ISSUE, RENDERED, [A.id])
        second = replace(ISSUE, number=2, subject="Other", cut_at=day(2, 6))
        assert ledger.record_issue(second, replace(RENDERED, html="other"), [B.id]) == ISSUE
        assert ledger.issues() == (ISSUE,)
        assert ledger.rendered(ISSUE) == RENDERED
        assert set(ledger.settled("weekly")) == {A.id}

    def test_issues_come_oldest_first_and_each_newsletter_has_its_own(self, ledger: Ledger) -> None:
        second = replace(ISSUE, due=day(8, 6, hour=8), number=2)
        other = replace(ISSUE, newsletter="daily")
        for issue, carried in ((second, [B.id]), (ISSUE, [A.id]), (other, [])):
            ledger.record_issue(issue, RENDERED, carried)
        assert ledger.issues("weekly") == (ISSUE, second)
        assert ledger.issues("daily") == (other,)
        assert ledger.issues() == (other, ISSUE, second)
        assert ledger.issues("nope") == ()
        assert set(ledger.settled("weekly")) == {A.id, B.id}
        assert ledger.settled("daily") == {}
        assert [ledger.story_count(issue) for issue in (ISSUE, second, other)] == [1, 1, 0]

    def test_what_an_issue_settles_beside_its_stories_comes_back_with_its_number(self, ledger: Ledger) -> None:
        ledger.record_issue(ISSUE, RENDERED, [B.id], [FOLDED])
        ledger.record_draft(replace(ISSUE, due=day(8, 6, hour=8), number=2), RENDERED, [A.id], [DROPPED])
        assert list(ledger.settled("weekly").items()) == [
            (B.id, Settled(number=1)),
            (FOLDED.id, Settled(number=1, aside=FOLDED)),
            (A.id, Settled(number=2)),
            (DROPPED.id, Settled(number=2, aside=DROPPED)),
        ]
        assert ledger.settled("daily") == {}
        assert ledger.story_count(ISSUE) == 1


class TestDrafts:
    """An issue that is not out yet."""

    @pytest.fixture
    def draft(self, ledger: Ledger) -> Draft:
        ledger.claim_slot("weekly", ISSUE.due, ISSUE.cut_at)
        assert ledger.record_draft(ISSUE, RENDERED, [A.id, B.id], [DROPPED]) == ISSUE
        (draft,) = ledger.drafts("weekly")
        return draft

    def fate(self, ledger: Ledger) -> Fate:
        (slot,) = ledger.slots("weekly")
        return slot.fate

    def test_it_is_no_issue_and_its_articles_are_taken(self, ledger: Ledger, draft: Draft) -> None:
        assert (draft.issue, draft.digest, draft.is_approved) == (ISSUE, RENDERED.digest, False)
        assert (ledger.issues(), ledger.drafts("daily")) == ((), ())
        assert set(ledger.settled("weekly")) == {A.id, B.id, DROPPED.id}
        assert (ledger.rendered(ISSUE), ledger.story_count(ISSUE)) == (RENDERED, 2)
        assert self.fate(ledger) is Fate.CLAIMED

    def test_a_slot_that_has_its_draft_keeps_it(self, ledger: Ledger, draft: Draft) -> None:
        other = replace(ISSUE, subject="Another")
        assert ledger.record_draft(other, replace(RENDERED, subject="Another"), []) == ISSUE
        assert ledger.record_issue(other, replace(RENDERED, subject="Another"), []) == ISSUE
        assert ledger.drafts("weekly") == (draft,)

    def test_it_is_approved_and_goes_out(self, ledger: Ledger, draft: Draft) -> None:
        assert ledger.approve(draft)
        (approved,) = ledger.drafts("weekly")
        assert approved.is_approved
        assert ledger.publish(approved, NOW)
        assert (ledger.issues("weekly"), ledger.drafts("weekly")) == ((ISSUE,), ())
        assert self.fate(ledger) is Fate.CUT
        assert ledger.rendered(ISSUE) == RENDERED
        assert set(ledger.settled("weekly")) == {A.id, B.id, DROPPED.id}

    def test_what_is_out_can_be_changed_by_nobody(self, ledger: Ledger, draft: Draft) -> None:
        ledger.publish(draft, NOW)
        assert not ledger.approve(draft)
        assert not ledger.publish(draft, NOW)
        assert not ledger.withdraw(draft, Fate.REJECTED, NOW)
        assert (ledger.issues("weekly"), self.fate(ledger)) == ((ISSUE,), Fate.CUT)

    @pytest.mark.parametrize("fate", [Fate.REJECTED, Fate.LATE, Fate.SUPERSEDED, Fate.CLAIMED])
    def test_it_is_taken_back_and_its_articles_are_free(self, ledger: Ledger, draft: Draft, fate: Fate) -> None:
        assert ledger.withdraw(draft, fate, NOW)
        assert (ledger.issues(), ledger.drafts("weekly")) == ((), ())
        assert ledger.settled("weekly") == {}
        assert self.fate(ledger) is fate

    def test_one_that_changed_meanwhile_is_left_alone(self, ledger: Ledger, draft: Draft) -> None:
        ledger.withdraw(draft, Fate.CLAIMED, NOW)
        ledger.record_draft(ISSUE, replace(RENDERED, text="Another."), [])
        before = ledger.drafts("weekly")
        assert not ledger.approve(draft)
        assert not ledger.publish(draft, NOW)
        assert not ledger.withdraw(draft, Fate.REJECTED, NOW)
        assert ledger.drafts("weekly") == before


class TestSlots:
    DUE = ISSUE.due
    LATER = NOW + timedelta(hours=1)

    def slot(self, fate: Fate, settled_at: datetime | None = None, **changes: Any) -> Slot:
        values = {"newsletter": "weekly", "due": self.DUE, "claimed_at": NOW}
        return Slot(**{**values, "fate": fate, "settled_at": settled_at, **changes})

    def test_none_is_recorded_at_first(self, ledger: Ledger) -> None:
        assert ledger.slots("weekly") == ()

    def test_a_slot_is_claimed_once(self, ledger: Ledger) -> None:
        assert ledger.claim_slot("weekly", self.DUE, NOW) == self.slot(Fate.CLAIMED)
        assert ledger.claim_slot("weekly", self.DUE, self.LATER) == self.slot(Fate.CLAIMED)
        assert ledger.slots("weekly") == (self.slot(Fate.CLAIMED),)

    @pytest.mark.parametrize("fate", [Fate.EMPTY, Fate.LATE, Fate.SUPERSEDED])
    def test_a_claim_gets_one_outcome(self, ledger: Ledger, fate: Fate) -> None:
        ledger.claim_slot("weekly", self.DUE, NOW)
        settled = self.slot(fate, self.LATER)
        assert ledger.settle_slot("weekly", self.DUE, fate, self.LATER) == settled
        assert ledger.settle_slot("weekly", self.DUE, Fate.EMPTY, day(1)) == settled
        assert ledger.claim_slot("weekly", self.DUE, day(1)) == settled

    def test_one_that_nobody_claimed_can_be_settled(self, ledger: Ledger) -> None:
        settled = self.slot(Fate.LATE, NOW)
        assert ledger.settle_slot("weekly", self.DUE, Fate.LATE, NOW) == settled
        assert ledger.slots("weekly") == (settled,)

    def test_an_issue_settles_its_slot_as_cut(self, ledger: Ledger) -> None:
        ledger.claim_slot("weekly", self.DUE, day(1, 6, hour=8))
        ledger.record_issue(ISSUE, RENDERED, [])
        cut = self.slot(Fate.CUT, ISSUE.cut_at, claimed_at=day(1, 6, hour=8))
        assert ledger.slots("weekly") == (cut,)
        assert ledger.settle_slot("weekly", self.DUE, Fate.EMPTY, self.LATER) == cut

    @pytest.mark.parametrize("fate", [Fate.EMPTY, Fate.LATE, Fate.SUPERSEDED])
    def test_an_issue_that_people_cut_later_counts_for_its_slot(self, ledger: Ledger, fate: Fate) -> None:
        ledger.settle_slot("weekly", self.DUE, fate, NOW)
        ledger.record_issue(replace(ISSUE, cut_at=self.LATER), RENDERED, [])
        assert ledger.slots("weekly") == (self.slot(Fate.CUT, self.LATER),)

    def test_an_issue_without_a_claim_leaves_its_slot_too(self, ledger: Ledger) -> None:
        ledger.record_issue(ISSUE, RENDERED, [])
        assert ledger.slots("weekly") == (self.slot(Fate.CUT, NOW),)

    def test_what_has_to_be_told_is_marked_until_someone_takes_it_up(self, ledger: Ledger) -> None:
        late, other = self.DUE, self.DUE + timedelta(days=7)
        for due, fate in ((late, Fate.LATE), (other, Fate.SUPERSEDED), (day(9), Fate.EMPTY), (day(10), Fate.REJECTED)):
            ledger.settle_slot("weekly", due, fate, NOW)
        ledger.claim_slot("weekly", day(11), NOW)
        assert ledger.untold() == (self.slot(Fate.LATE, NOW),)
        ledger.record_issue(replace(ISSUE, newsletter="daily"), RENDERED, [])
        ledger.note_told(ledger.untold())
        assert ledger.untold() == ()

    def test_a_new_draft_is_marked_and_claims_its_slot(self, ledger: Ledger) -> None:
        ledger.record_draft(ISSUE, RENDERED, [])
        claimed = self.slot(Fate.CLAIMED, claimed_at=ISSUE.cut_at)
        assert ledger.untold() == ledger.slots("weekly") == (claimed,)

    @pytest.mark.parametrize(("fate", "marked"), [(Fate.LATE, 1), (Fate.SUPERSEDED, 1), (Fate.REJECTED, 0)])
    def test_a_draft_that_is_taken_back_is_marked_unless_people_did_it(
        self, ledger: Ledger, fate: Fate, marked: int
    ) -> None:
        ledger.record_draft(ISSUE, RENDERED, [])
        ledger.note_told(ledger.untold())
        (draft,) = ledger.drafts("weekly")
        ledger.withdraw(draft, fate, self.LATER)
        assert len(ledger.untold()) == marked

    def test_a_draft_that_is_out_has_nothing_to_tell_any_more(self, ledger: Ledger) -> None:
        ledger.record_draft(ISSUE, RENDERED, [])
        (draft,) = ledger.drafts("weekly")
        ledger.publish(draft, NOW)
        assert ledger.untold() == ()

    def test_an_issue_that_people_cut_after_all_leaves_nothing_to_tell(self, ledger: Ledger) -> None:
        ledger.settle_slot("weekly", self.DUE, Fate.LATE, NOW)
        ledger.record_issue(ISSUE, RENDERED, [])
        assert ledger.untold() == ()

    def test_they_come_oldest_first_and_each_newsletter_has_its_own(self, ledger: Ledger) -> None:
        for newsletter, due in (("weekly", day(8)), ("weekly", day(1)), ("daily", day(2))):
            ledger.claim_slot(newsletter, due, NOW)
        assert [slot.due for slot in ledger.slots("weekly")] == [day(1), day(8)]
        assert [slot.due for slot in ledger.slots("daily")] == [day(2)]


class TestFeeds:
    def test_a_topic_that_changes_its_slug_keeps_the_old_one_in_mind(self, ledger: Ledger) -> None:
        ledger.record_topic_slugs({"tea": "tea", "cake": "cake"})
        assert ledger.old_slugs() == {}
        ledger.record_topic_slugs({"tea": "hot-tea"})
        ledger.record_topic_slugs({"tea": "best-tea"})
        assert ledger.old_slugs() == {"tea": "tea", "hot-tea": "tea"}
        assert ledger.topic_slugs() == {"tea": "best-tea", "cake": "cake"}

    def test_a_slug_that_is_taken_again_is_no_old_one(self, ledger: Ledger) -> None:
        ledger.record_topic_slugs({"tea": "tea", "chai": "chai"})
        ledger.record_topic_slugs({"tea": "chai", "chai": "tea"})
        assert ledger.old_slugs() == {}
        ledger.record_topic_slugs({"tea": "x"})
        ledger.record_topic_slugs({"chai": "chai"})
        assert ledger.old_slugs() == {"tea": "chai"}

    def test_the_names_of_reading_pages_are_remembered_and_pass_on(self, ledger: Ledger) -> None:
        assert ledger.reading_pages() == {}
        ledger.record_reading_pages({"tea": A.id, "cake": A.id})
        ledger.record_reading_pages({"tea": B.id})
        assert ledger.reading_pages() == {"tea": B.id, "cake": A.id}

    def test_a_feed_is_remembered_with_its_pages(self, ledger: Ledger) -> None:
        assert ledger.histories() == {}
        ledger.record_histories({"tea": HISTORY, "": replace(HISTORY, pages={})})
        assert ledger.histories() == {"tea": HISTORY, "": replace(HISTORY, pages={})}

    def test_an_entry_moves_to_a_page_and_none_is_lost(self, ledger: Ledger) -> None:
        ledger.record_histories({"tea": HISTORY})
        ended = FeedHistory(title="Teas", floor=day(1), retired=day(9), pages={A.id: 2}, last_page=4)
        ledger.record_histories({"tea": ended})
        assert ledger.histories() == {"tea": replace(ended, pages={A.id: 2, B.id: 1})}

    def test_what_an_identity_remembers_comes_back(self, ledger: Ledger) -> None:
        full = structs.replace(A, published=day(2), topics=("desk: tea", "cake"), retracted=day(3))
        ledger.record_identities([full])
        assert identities(ledger) == {A.id: full}


def fill(ledger: SqlLedger) -> SqlLedger:
    """Record something of everything."""
    ledger.begin(NAMESPACE, NOW)
    ledger.record_identities([A, B])
    ledger.record_topic_slugs({"tea": "tea"})
    ledger.record_topic_slugs({"tea": "hot-tea"})
    ledger.record_histories({"tea": HISTORY})
    ledger.record_reading_pages({"tea": A.id})
    ledger.record_issue(ISSUE, RENDERED, [A.id, B.id], [FOLDED])
    return ledger


@on_both
class TestDatabases:
    """What only databases can show."""

    def test_it_is_there_again_when_it_is_opened_again(self, opening: Open) -> None:
        fill(opening()).close()
        second = opening()
        assert (second.namespace(), second.issues(), identities(second)) == (NAMESPACE, (ISSUE,), {A.id: A, B.id: B})

    def test_two_that_have_it_open_see_each_other(self, opening: Open) -> None:
        first, second = opening(), opening()
        assert first.record_issue(ISSUE, RENDERED, [A.id]) == ISSUE
        assert second.record_issue(replace(ISSUE, subject="Other"), RENDERED, [B.id]) == ISSUE

    def test_a_number_is_given_once(self, opening: Open) -> None:
        ledger = fill(opening())
        with pytest.raises(StateError) as caught:
            ledger.record_issue(replace(ISSUE, due=day(8, 6, hour=8)), RENDERED, [])
        assert str(caught.value) == f"{ledger.name}: issue 1 of weekly is there for another slot"
        assert ledger.issues() == (ISSUE,)

    def test_its_rows_fill_another_one(self, opening: Open, tmp_path: Path) -> None:
        one, other = fill(opening()), open_ledger(tmp_path / "other.sqlite")
        other.record_identities([identity_of(make_article("to be replaced.md"))])
        other.fill(one.tables())
        assert other.tables() == one.tables()
        assert {table: set(rows[0]) for table, rows in one.tables().items()} == {
            table: set(columns) for table, columns in one.columns().items()
        }
        other.close()

    def test_another_one_fills_it(self, opening: Open, tmp_path: Path) -> None:
        one, other = opening(), fill(open_ledger(tmp_path / "other.sqlite"))
        assert one.is_empty()
        one.fill(other.tables())
        assert one.tables() == other.tables()
        assert not one.is_empty()
        one.fill({})
        assert one.is_empty()
        other.close()

    def test_rows_that_contradict_each_other_are_told_and_nothing_is_lost(self, opening: Open) -> None:
        ledger = fill(opening())
        tables = ledger.tables()
        with pytest.raises(StateError) as caught:
            ledger.fill({**tables, "topic": tables["topic"] * 2})
        assert str(caught.value).startswith(f"{ledger.name}: the rows contradict each other: ")
        assert "\n" not in str(caught.value)
        assert ledger.tables() == tables

    def test_a_ledger_of_a_newer_version_is_told_and_left_alone(self, opening: Open) -> None:
        ledger = fill(opening())
        with ledger.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StateError) as caught:
            opening()
        assert str(caught.value) == (
            f"{ledger.name}: was written by a newer syndicate (ledger version 9999); install that one"
        )

    def test_rows_come_in_the_order_of_their_bytes(self, opening: Open) -> None:
        keys = ["-b", "B", "a", "a b", "ab", "Ä", "ä", "z", "お茶", "🍵"]
        ledger = opening()
        ledger.record_topic_slugs({key: f"slug-{number}" for number, key in enumerate(reversed(keys))})
        assert [row["key"] for row in ledger.tables()["topic"]] == sorted(keys)

    def test_eight_that_start_at_once_all_come_up(self, opening: Open) -> None:
        assert {ledger.namespace() for ledger in at_once([opening] * 8)} == {None}

    def test_of_claims_at_once_one_wins(self, opening: Open) -> None:
        ledgers = [opening() for _ in range(8)]
        moments = [NOW + timedelta(seconds=number) for number in range(8)]
        claims = [
            partial(ledger.claim_slot, "weekly", ISSUE.due, moment)
            for ledger, moment in zip(ledgers, moments, strict=True)
        ]
        (won,) = set(at_once(claims))
        assert won.claimed_at in moments
        assert ledgers[0].slots("weekly") == (won,)

    def test_of_issues_for_one_slot_at_once_one_is_recorded(self, opening: Open) -> None:
        ledgers = [opening() for _ in range(8)]
        issues = [replace(ISSUE, subject=f"Subject {number}") for number in range(8)]
        cuts = [
            partial(ledger.record_issue, issue, RENDERED, [A.id]) for ledger, issue in zip(ledgers, issues, strict=True)
        ]
        (won,) = set(at_once(cuts))
        assert won in issues
        assert ledgers[0].issues() == (won,)

    def test_an_article_that_all_see_at_once_gets_one_identity(self, opening: Open) -> None:
        """Each reads, decides and records together: as builds on several machines do."""

        def see(ledger: SqlLedger, number: int) -> Identity:
            article = make_article(f"{number}.md", front_id="7", story="same")
            with ledger.together():
                found = reconcile([article], ledger.identities(), NAMESPACE, NOW + timedelta(seconds=number))
                ledger.record_identities(found.changed)
            return found.by_article[article.path]

        ledgers = [opening() for _ in range(8)]
        seen = at_once([partial(see, ledger, number) for number, ledger in enumerate(ledgers)])
        assert len({(one.id, one.first_seen) for one in seen}) == 1
        assert len(ledgers[0].identities()) == 1

    def test_slugs_and_histories_that_all_record_at_once_are_all_there(self, opening: Open) -> None:
        def record(ledger: SqlLedger, number: int) -> None:
            ledger.begin(NAMESPACE, NOW, [f"n{number}", "weekly"])
            ledger.record_topic_slugs({"tea": f"tea-{number}", f"t{number}": f"t{number}"})
            ledger.record_histories({"tea": replace(HISTORY, pages={EntryId(f"urn:{number}"): number})})

        ledgers = [opening() for _ in range(8)]
        at_once([partial(record, ledger, number) for number, ledger in enumerate(ledgers)])
        slugs = ledgers[0].topic_slugs()
        assert set(slugs) == {"tea", *(f"t{number}" for number in range(8))}
        assert set(ledgers[0].old_slugs()) == {f"tea-{number}" for number in range(8)} - {slugs["tea"]}
        assert ledgers[0].histories()["tea"].pages == {f"urn:{number}": number for number in range(8)}
        assert {ledgers[0].known_since(f"n{number}") for number in range(8)} == {NOW}


def at_once(functions: Sequence[Callable[[], Result]]) -> list[Result]:
    """Call each function in a thread of its own, all at one moment."""
    barrier = Barrier(len(functions))

    def call(function: Callable[[], Result]) -> Result:
        barrier.wait()
        return function()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(call, functions))


class TestSqlite:
    """What is SQLite's alone."""

    def test_a_copy_can_be_made_while_it_is_in_use(self, tmp_path: Path) -> None:
        ledger = fill(open_ledger(tmp_path / "ledger.sqlite"))
        back_up(tmp_path / "ledger.sqlite", tmp_path / "copy.sqlite")
        copy = open_ledger(tmp_path / "copy.sqlite")
        assert copy.tables() == ledger.tables()
        copy.close()
        ledger.close()

    @pytest.mark.parametrize("left", ["half a copy", "a link to another's"])
    def test_what_a_killed_copy_left_is_no_part_of_the_next(self, tmp_path: Path, left: str) -> None:
        ledger = fill(open_ledger(tmp_path / "ledger.sqlite"))
        for name, copy in (
            ("backed.sqlite", lambda target: back_up(tmp_path / "ledger.sqlite", target)),
            ("written.sqlite", lambda target: write_copy(ledger.tables(), target)),
        ):
            target = tmp_path / name
            other = tmp_path / f"other of {name}"
            fill(open_ledger(other)).close()
            before = other.read_bytes()
            if left == "half a copy":
                other.rename(aside_of(target))
            else:
                aside_of(target).symlink_to(other)
            copy(target)
            made = open_ledger(target)
            assert made.tables() == ledger.tables()
            made.close()
            if other.exists():
                assert other.read_bytes() == before
        ledger.close()

    def test_a_ledger_that_is_none_is_told_and_left_alone(self, tmp_path: Path) -> None:
        broken = tmp_path / "ledger.sqlite"
        broken.write_bytes(b"no database at all" * 100)
        with pytest.raises(StateError, match=r"ledger\.sqlite: the ledger can't be used: "):
            open_ledger(broken)
        assert broken.read_bytes() == b"no database at all" * 100

    def test_a_new_ledger_has_the_shape_that_the_migrations_make(self, tmp_path: Path) -> None:
        open_ledger(tmp_path / "new.sqlite").close()
        with sqlite3.connect(tmp_path / "old.sqlite") as connection:
            connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.close()
        open_ledger(tmp_path / "old.sqlite").close()
        assert shape(tmp_path / "new.sqlite") == shape(tmp_path / "old.sqlite")

    def test_the_newest_migration_is_the_head(self) -> None:
        versions = sorted(path.name[:4] for path in (Path(migrations.__file__).parent / "versions").glob("0*.py"))
        assert versions[-1] == migrations.HEAD

    def test_a_folder_in_its_place_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "ledger.sqlite").mkdir()
        with pytest.raises(StateError, match=r"ledger\.sqlite: the ledger can't be used: "):
            open_ledger(tmp_path / "ledger.sqlite")


def shape(path: Path) -> list[tuple[str, str]]:
    """Return each table's columns, keys and indexes as SQLite sees them."""
    connection = sqlite3.connect(path)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    facts = []
    for table in sorted(tables):
        for pragma in ("table_info", "foreign_key_list", "index_list"):
            rows = list(connection.execute(f"PRAGMA {pragma}({table})"))
            facts.append((f"{table} {pragma}", repr(sorted(rows, key=repr))))
    connection.close()
    return facts
