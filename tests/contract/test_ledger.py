"""One suite for every Ledger: the fake that the services are tested with, and the database."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import MemoryLedger
from makers import NAMESPACE, NOW, day, identity_of, make_article

from syndicate.adapters import migrations
from syndicate.adapters.ledger import SqlLedger, back_up, open_ledger
from syndicate.domain.archive import FeedHistory
from syndicate.domain.articles import EntryId
from syndicate.domain.identity import Identity, reconcile
from syndicate.domain.newsletters import Draft, Issue, Rendered
from syndicate.domain.slots import Fate, Slot
from syndicate.errors import StateError
from syndicate.ports import Ledger

A = identity_of(
    make_article("a.md", source_url="https://pub.example/ü", page_url="https://example.org/a/"),
    keys=("id:7", "path:a.md"),
    first_seen=NOW.replace(microsecond=123456),
)
B = identity_of(make_article("b.md"))
HISTORY = FeedHistory(title="Tea", floor=day(1), pages={A.id: 0, B.id: 1}, last_page=3)
ISSUE = Issue(newsletter="weekly", due=day(1, 6, hour=8), number=1, cut_at=NOW, subject="Tea 🍵")
RENDERED = Rendered(subject=ISSUE.subject, html="<p>Tea 🍵</p>", text="Tea\n\n'\"")


@pytest.fixture(params=["fake", "sql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "fake":
        yield MemoryLedger()
        return
    opened = open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def identities(ledger: Ledger) -> dict[EntryId, Identity]:
    return {identity.id: identity for identity in ledger.identities()}


class TestStart:
    def test_a_new_ledger_remembers_nothing(self, ledger: Ledger) -> None:
        assert (ledger.namespace(), ledger.started_at()) == (None, None)
        assert (ledger.identities(), ledger.topic_slugs(), ledger.issues()) == ((), {}, ())
        assert ledger.carried("weekly") == frozenset()

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


A_NAMESPACE = NAMESPACE.__class__(int=NAMESPACE.int + 1)


class TestIdentities:
    def test_they_come_back_as_they_were(self, ledger: Ledger) -> None:
        ledger.record_identities([A, B])
        assert identities(ledger) == {A.id: A, B.id: B}

    def test_one_is_replaced_by_its_id(self, ledger: Ledger) -> None:
        ledger.record_identities([A, B])
        changed = replace(A, path="c.md", keys=("path:c.md", "id:7"), story="new", updated=day(9), source_url=None)
        ledger.record_identities([changed])
        assert identities(ledger) == {A.id: changed, B.id: B}

    def test_a_key_belongs_to_the_one_that_was_recorded_with_it_last(self, ledger: Ledger) -> None:
        ledger.record_identities([A, B])
        ledger.record_identities([replace(B, keys=("path:b.md", "id:7"))])
        assert identities(ledger)[A.id].keys == ("path:a.md",)
        assert identities(ledger)[B.id].keys == ("path:b.md", "id:7")

    def test_keys_may_change_hands_in_one_record(self, ledger: Ledger) -> None:
        ledger.record_identities([A, B])
        ledger.record_identities([replace(A, keys=("path:b.md",)), replace(B, keys=("id:7", "path:a.md"))])
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

    @pytest.mark.parametrize("text", ["'; DROP TABLE identity; --", "🍵 שלום", "a\nb", "\\x", "x" * 5000])
    def test_any_text_comes_back(self, ledger: Ledger, text: str) -> None:
        one = replace(A, path=text, keys=(f"path:{text}",), source_url=text, page_url=text)
        ledger.record_identities([one])
        assert ledger.identities() == (one,)

    def test_very_many_are_no_matter(self, ledger: Ledger) -> None:
        many = [identity_of(make_article(f"{number}.md")) for number in range(3000)]
        ledger.record_identities(many)
        ledger.record_identities([replace(one, updated=day(9)) for one in many])
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
        assert ledger.carried("weekly") == {A.id, B.id}
        assert ledger.story_count(ISSUE) == 2

    def test_what_a_message_says_comes_back_beside_the_page(self, ledger: Ledger) -> None:
        mailed = replace(RENDERED, mail_html="<p>Tea 🍵 mailed</p>", mail_text="Tea, mailed")
        ledger.record_issue(ISSUE, mailed, [])
        assert ledger.rendered(ISSUE) == mailed

    def test_a_slot_that_has_its_issue_keeps_it(self, ledger: Ledger) -> None:
        ledger.record_issue(ISSUE, RENDERED, [A.id])
        second = replace(ISSUE, number=2, subject="Other", cut_at=day(2, 6))
        assert ledger.record_issue(second, replace(RENDERED, html="other"), [B.id]) == ISSUE
        assert ledger.issues() == (ISSUE,)
        assert ledger.rendered(ISSUE) == RENDERED
        assert ledger.carried("weekly") == {A.id}

    def test_issues_come_oldest_first_and_each_newsletter_has_its_own(self, ledger: Ledger) -> None:
        second = replace(ISSUE, due=day(8, 6, hour=8), number=2)
        other = replace(ISSUE, newsletter="daily")
        for issue, carried in ((second, [B.id]), (ISSUE, [A.id]), (other, [])):
            ledger.record_issue(issue, RENDERED, carried)
        assert ledger.issues("weekly") == (ISSUE, second)
        assert ledger.issues("daily") == (other,)
        assert ledger.issues() == (other, ISSUE, second)
        assert ledger.issues("nope") == ()
        assert ledger.carried("weekly") == {A.id, B.id}
        assert ledger.carried("daily") == frozenset()
        assert [ledger.story_count(issue) for issue in (ISSUE, second, other)] == [1, 1, 0]


class TestDrafts:
    """An issue that is not out yet."""

    @pytest.fixture
    def draft(self, ledger: Ledger) -> Draft:
        ledger.claim_slot("weekly", ISSUE.due, ISSUE.cut_at)
        assert ledger.record_draft(ISSUE, RENDERED, [A.id, B.id]) == ISSUE
        (draft,) = ledger.drafts("weekly")
        return draft

    def fate(self, ledger: Ledger) -> Fate:
        (slot,) = ledger.slots("weekly")
        return slot.fate

    def test_it_is_no_issue_and_its_articles_are_taken(self, ledger: Ledger, draft: Draft) -> None:
        assert (draft.issue, draft.digest, draft.is_approved) == (ISSUE, RENDERED.digest, False)
        assert (ledger.issues(), ledger.drafts("daily")) == ((), ())
        assert ledger.carried("weekly") == {A.id, B.id}
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
        assert ledger.carried("weekly") == {A.id, B.id}

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
        assert ledger.carried("weekly") == frozenset()
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
        full = replace(A, published=day(2), topics=("desk: tea", "cake"), retracted=day(3))
        ledger.record_identities([full])
        assert identities(ledger) == {A.id: full}


class TestSql:
    """What only the database can show."""

    def test_it_is_there_again_when_it_is_opened_again(self, tmp_path: Path) -> None:
        first = open_ledger(tmp_path / "state" / "ledger.sqlite")
        first.begin(NAMESPACE, NOW)
        first.record_identities([A, B])
        first.record_issue(ISSUE, RENDERED, [A.id])
        first.close()
        second = open_ledger(tmp_path / "state" / "ledger.sqlite")
        assert (second.namespace(), second.issues(), identities(second)) == (NAMESPACE, (ISSUE,), {A.id: A, B.id: B})
        second.close()

    def test_two_that_have_it_open_see_each_other(self, tmp_path: Path) -> None:
        first, second = (open_ledger(tmp_path / "ledger.sqlite") for _ in range(2))
        assert first.record_issue(ISSUE, RENDERED, [A.id]) == ISSUE
        assert second.record_issue(replace(ISSUE, subject="Other"), RENDERED, [B.id]) == ISSUE
        first.close()
        second.close()

    def full(self, where: Path) -> SqlLedger:
        ledger = open_ledger(where)
        ledger.begin(NAMESPACE, NOW)
        ledger.record_identities([A, B])
        ledger.record_topic_slugs({"tea": "tea"})
        ledger.record_topic_slugs({"tea": "hot-tea"})
        ledger.record_histories({"tea": HISTORY})
        ledger.record_issue(ISSUE, RENDERED, [A.id, B.id])
        return ledger

    def test_its_rows_fill_another_one(self, tmp_path: Path) -> None:
        one, other = self.full(tmp_path / "one.sqlite"), open_ledger(tmp_path / "other.sqlite")
        other.record_identities([identity_of(make_article("to be replaced.md"))])
        other.fill(one.tables())
        assert other.tables() == one.tables()
        assert {table: set(rows[0]) for table, rows in one.tables().items()} == {
            table: set(columns) for table, columns in one.columns().items()
        }
        one.close()
        other.close()

    def test_rows_that_contradict_each_other_are_told_and_nothing_is_lost(self, tmp_path: Path) -> None:
        ledger = self.full(tmp_path / "ledger.sqlite")
        tables = ledger.tables()
        with pytest.raises(StateError, match=r"ledger\.sqlite: the rows contradict each other: "):
            ledger.fill({**tables, "topic": tables["topic"] * 2})
        assert ledger.tables() == tables
        ledger.close()

    def test_a_copy_can_be_made_while_it_is_in_use(self, tmp_path: Path) -> None:
        ledger = self.full(tmp_path / "ledger.sqlite")
        back_up(tmp_path / "ledger.sqlite", tmp_path / "copy.sqlite")
        copy = open_ledger(tmp_path / "copy.sqlite")
        assert copy.tables() == ledger.tables()
        copy.close()
        ledger.close()

    def test_a_ledger_that_is_none_is_told_and_left_alone(self, tmp_path: Path) -> None:
        broken = tmp_path / "ledger.sqlite"
        broken.write_bytes(b"no database at all" * 100)
        with pytest.raises(StateError, match=r"ledger\.sqlite: the ledger can't be used: "):
            open_ledger(broken)
        assert broken.read_bytes() == b"no database at all" * 100

    def test_a_ledger_of_a_newer_version_is_told_and_left_alone(self, tmp_path: Path) -> None:
        self.full(tmp_path / "ledger.sqlite").close()
        with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        with pytest.raises(StateError) as caught:
            open_ledger(tmp_path / "ledger.sqlite")
        assert str(caught.value) == (
            f"{tmp_path / 'ledger.sqlite'}: was written by a newer syndicate (ledger version 9999); install that one"
        )

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
