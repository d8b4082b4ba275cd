"""The ledger's contract, held by the one in memory and by the one in SQLite; and what only a database can get wrong."""

import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import MemoryLedger

from syndicate.adapters import migrations
from syndicate.adapters.ledger import SqlLedger, back_up, migrate, open_ledger
from syndicate.domain.articles import EntryId
from syndicate.domain.identity import Identity
from syndicate.domain.newsletters import Issue, Rendered
from syndicate.errors import StateError
from syndicate.ports import Ledger

NOW = datetime(2026, 11, 1, 8, 0, 0, 123456, tzinfo=UTC)
LATER = datetime(2026, 11, 8, 8, tzinfo=UTC)
ONE = Identity(
    id=EntryId("urn:uuid:1"), keys=("id:1", "path:a|b.md"), path="a.md", story="s1", first_seen=NOW, updated=NOW
)
TWO = replace(ONE, id=EntryId("urn:uuid:2"), keys=("path:ü\u2028.md",), source_url="https://pub.example/", page_url=None)
ISSUE = Issue(newsletter="weekly", due=NOW, number=1, cut_at=NOW, subject="First")
RENDERED = Rendered(subject="First", html="<p>é</p>", text="é\n")


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    opened = open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def test_a_new_ledger_knows_nothing(ledger: Ledger) -> None:
    assert (ledger.namespace(), ledger.started_at()) == (None, None)
    assert (ledger.identities(), ledger.topic_slugs(), ledger.issues()) == ((), {}, ())
    assert ledger.carried("weekly") == frozenset()


def test_the_start_is_recorded_once(ledger: Ledger) -> None:
    first, other = uuid.uuid4(), uuid.uuid4()
    ledger.begin(first, NOW)
    ledger.begin(other, LATER)
    assert (ledger.namespace(), ledger.started_at()) == (first, NOW)


def test_identities_come_back_as_they_were_recorded(ledger: Ledger) -> None:
    ledger.record_identities([ONE, TWO])
    assert sorted(ledger.identities(), key=lambda one: one.id) == [ONE, TWO]
    moved = replace(ONE, path="b.md", keys=(*ONE.keys, "path:b.md"), updated=LATER)
    ledger.record_identities([moved])
    assert sorted(ledger.identities(), key=lambda one: one.id) == [moved, TWO]


def test_topic_slugs_are_replaced_by_key(ledger: Ledger) -> None:
    ledger.record_topic_slugs({"tea": "tea", "bread": "bread"})
    ledger.record_topic_slugs({"tea": "brews"})
    assert ledger.topic_slugs() == {"tea": "brews", "bread": "bread"}


def test_a_slot_has_one_issue(ledger: Ledger) -> None:
    assert ledger.record_issue(ISSUE, RENDERED, [ONE.id, TWO.id]) == ISSUE
    rival = replace(ISSUE, number=2, subject="Second")
    assert ledger.record_issue(rival, replace(RENDERED, subject="Second"), [TWO.id]) == ISSUE
    assert (ledger.issues("weekly"), ledger.issues("daily"), ledger.issues()) == ((ISSUE,), (), (ISSUE,))
    assert ledger.rendered(ISSUE) == RENDERED
    assert ledger.carried("weekly") == {ONE.id, TWO.id}
    assert ledger.story_count(ISSUE) == 2


def test_issues_come_oldest_first(ledger: Ledger) -> None:
    second = replace(ISSUE, due=LATER, number=2)
    ledger.record_issue(ISSUE, RENDERED, [ONE.id])
    ledger.record_issue(second, RENDERED, [])
    assert ledger.issues("weekly") == (ISSUE, second)


def shape(path: Path) -> list[tuple[str, str]]:
    """Return each table's columns, keys and indexes as SQLite sees them."""
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        facts = []
        for table in sorted(tables):
            for pragma in ("table_info", "foreign_key_list", "index_list"):
                rows = [row for row in connection.execute(f"PRAGMA {pragma}({table})")]
                facts.append((f"{table} {pragma}", repr(sorted(rows, key=repr))))
        return facts


def test_a_new_ledger_has_the_shape_that_the_migrations_make(tmp_path: Path) -> None:
    open_ledger(tmp_path / "new.sqlite").close()
    with sqlite3.connect(tmp_path / "old.sqlite") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    migrated = open_ledger(tmp_path / "old.sqlite")
    migrated.close()
    assert shape(tmp_path / "new.sqlite") == shape(tmp_path / "old.sqlite")


def test_the_newest_migration_is_the_head() -> None:
    versions = sorted(path.name[:4] for path in (Path(migrations.__file__).parent / "versions").glob("0*.py"))
    assert versions[-1] == migrations.HEAD
    assert callable(migrate)


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    open_ledger(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StateError) as caught:
        open_ledger(path)
    told = "was written by a newer syndicate (ledger version 9999); install that one"
    assert str(caught.value) == f"{path}: {told}"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is no database, but long enough to look like one" * 100)
    with pytest.raises(StateError) as caught:
        open_ledger(path)
    assert str(caught.value) == f"{path}: the ledger can't be used: file is not a database"


def test_a_backup_taken_while_the_ledger_is_open_holds_all_of_it(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    ledger.record_identities([ONE, TWO])
    back_up(tmp_path / "ledger.sqlite", tmp_path / "copy.sqlite")
    copy: SqlLedger = open_ledger(tmp_path / "copy.sqlite")
    assert copy.tables() == ledger.tables()
    copy.close()
    ledger.close()
