"""What is PostgreSQL's alone of the ledger: its shape, turns of writers, the revision, and what is said without it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from databases import PASSWORD, Server
from makers import NAMESPACE, NOW, day, identity_of, make_article
from sqlalchemy import inspect

from syndicate.adapters.ledger import SqlLedger
from syndicate.adapters.postgres import URL_VARIABLE, Postgres, chosen_place, is_as_marked, mark_of
from syndicate.adapters.postgres_ledger import open_ledger
from syndicate.domain.archive import FeedHistory
from syndicate.domain.identity import reconcile
from syndicate.domain.ledger import shown_place
from syndicate.domain.text import fold
from syndicate.errors import BusyError, StateError

Open = Callable[..., SqlLedger]
LONG = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(5000))  # nothing that could be packed
A = identity_of(make_article("a.md"))


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new_database()


@pytest.fixture
def opened(url: str) -> Iterator[Open]:
    """Open the same ledger, as often as it is called."""
    ledgers: list[SqlLedger] = []

    def one(**limits: int) -> SqlLedger:
        ledgers.append(open_ledger(Postgres(url=url), **limits))
        return ledgers[-1]

    yield one
    for ledger in ledgers:
        ledger.close()


def test_a_new_ledger_has_the_shape_that_the_migrations_make(postgres: Server) -> None:
    new, old = postgres.new_database(), postgres.new_database()
    bare = open_ledger(Postgres(url=old))
    with bare.engine.begin() as connection:  # as one that no migration has been run on
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE other (x text)")
    bare.close()
    assert shape(new) == shape(old)


def shape(url: str) -> dict[str, object]:
    """Return each table's columns, keys and indexes as PostgreSQL has them."""
    ledger = open_ledger(Postgres(url=url))
    found = inspect(ledger.engine)
    facts: dict[str, object] = {}
    for table in set(found.get_table_names()) - {"other", "alembic_version"}:
        rows = (
            found.get_columns(table),
            found.get_pk_constraint(table)["constrained_columns"],
            found.get_foreign_keys(table),
            found.get_indexes(table),
            found.get_unique_constraints(table),
        )
        facts[table] = [sorted(map(repr, row)) for row in rows]
    ledger.close()
    assert {"identity", "slot", "setting"} <= facts.keys()
    return facts


def test_what_writers_of_hostile_front_matter_can_make_long_has_room_in_every_index(opened: Open) -> None:
    articles = [
        make_article(f"{LONG}.md"),
        make_article("b.md", front_id=LONG, source_url=f"https://e.example/{LONG}", language="en"),
        make_article("c.md", source_url=f"https://e.example/{LONG}?", page_url=f"https://e.example/c/{LONG}"),
        make_article("d.md", source_url=f"https://e.example/{LONG}?", page_url=f"https://e.example/d/{LONG}"),
    ]
    ledger, topic = opened(), fold(LONG)
    for number in range(2):
        found = reconcile(articles, ledger.identities(), NAMESPACE, NOW, permalink_ids=True)
        ledger.record_identities(found.changed)
        assert len(found.changed) == (0 if number else 4)
    ledger.record_topic_slugs({topic: "x"})
    pages = dict.fromkeys((identity.id for identity in ledger.identities()), 1)
    ledger.record_histories({topic: FeedHistory(title=LONG, floor=day(1), pages=pages)})
    assert len({identity.id for identity in ledger.identities()}) == 4
    assert ledger.histories()[topic].pages == pages


class TestTurns:
    def test_a_reader_waits_for_no_writer_and_sees_what_was_before(self, opened: Open) -> None:
        writer, reader = opened(), opened()
        with writer.together():
            writer.record_identities([A])
            assert reader.identities() == ()
        assert reader.identities() == (A,)

    def test_a_writer_that_gets_no_turn_says_so(self, url: str, opened: Open) -> None:
        holder, waiting = opened(), opened(turn_ms=100)
        with holder.together(), pytest.raises(BusyError) as caught:
            waiting.record_identities([A])
        told = f"{shown_place(url)}: another machine holds the ledger; try again when it has ended"
        assert str(caught.value) == told
        waiting.record_identities([A])
        assert holder.identities() == (A,)

    def test_one_that_falls_silent_loses_its_turn_and_what_it_had_begun(self, url: str, opened: Open) -> None:
        silent, other = opened(silence_ms=100), opened()

        def fall_silent() -> None:
            with silent.together():
                silent.record_topic_slugs({"tea": "tea"})
                other.record_identities([A])  # waits until the server has ended the silent one's turn

        with pytest.raises(StateError) as caught:
            fall_silent()
        assert str(caught.value).startswith(f"{shown_place(url)}: the ledger can't be used: ")
        assert (other.topic_slugs(), other.identities()) == ({}, (A,))
        assert silent.identities() == (A,)  # it connects anew


class TestRevision:
    def test_it_moves_with_all_that_is_recorded(self, opened: Open) -> None:
        ledger = opened()
        seen = [ledger.revision]
        ledger.begin(NAMESPACE, NOW, ["weekly"])
        seen.append(ledger.revision)
        ledger.record_identities([A])
        seen.append(ledger.revision)
        ledger.claim_slot("weekly", NOW, NOW)
        seen.append(ledger.revision)
        assert len(set(seen)) == 4
        assert opened().revision == seen[-1]

    def test_one_that_records_what_stands_already_moves_nothing(self, opened: Open) -> None:
        ledger = opened()
        ledger.begin(NAMESPACE, NOW, ["weekly"])
        ledger.claim_slot("weekly", NOW, NOW)
        before = ledger.revision
        ledger.begin(NAMESPACE, NOW, ["weekly"])
        ledger.claim_slot("weekly", NOW, NOW)
        ledger.record_topic_slugs({})
        with ledger.together():
            ledger.identities()
        assert ledger.revision == before

    def test_it_stays_behind_when_another_writes_in_between(self, opened: Open) -> None:
        ledger, other = opened(), opened()
        ledger.begin(NAMESPACE, NOW)
        before = ledger.revision
        other.record_identities([A])
        ledger.record_topic_slugs({"tea": "tea"})
        assert ledger.revision == before
        assert opened().revision not in (before, other.revision)

    def test_it_is_no_row_of_the_ledger(self, opened: Open) -> None:
        ledger = opened()
        assert ledger.revision is not None
        assert ledger.is_empty()
        ledger.fill({"setting": [{"name": "namespace", "value": str(NAMESPACE)}]})
        assert ledger.tables()["setting"] == [{"name": "namespace", "value": str(NAMESPACE)}]
        assert opened().revision == ledger.revision

    def test_the_fast_path_asks_for_it(self, url: str, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        ledger, other = opened(), opened()
        mark = mark_of(Postgres(url=url), ledger.revision, url, None)
        assert is_as_marked(mark)
        other.record_identities([A])
        assert not is_as_marked(mark)
        mark = mark_of(Postgres(url=url), other.revision, url, None)
        assert is_as_marked(mark)
        assert not is_as_marked({**mark, "password_file": "/no/such/file"})
        monkeypatch.setenv(URL_VARIABLE, f"{url}&connect_timeout=3")
        assert not is_as_marked(mark)
        assert not is_as_marked(None)
        monkeypatch.setenv(URL_VARIABLE, "")
        assert is_as_marked(None)

    def test_a_server_that_is_gone_is_not_as_marked(self, tmp_path: Path) -> None:
        url = f"postgresql://someone@/ledger?host={tmp_path}"
        assert not is_as_marked(mark_of(Postgres(url=url), "1", url, None))


class TestPassword:
    def test_it_is_read_from_a_file_and_shown_nowhere(self, postgres: Server, url: str, tmp_path: Path) -> None:
        locked = url.replace("postgres@", "locked@")
        file = tmp_path / "password"
        file.write_text(f"{PASSWORD}\nmore\n", "utf-8")
        place = chosen_place(locked, str(file))
        assert place == Postgres(url=locked, password=PASSWORD)
        assert PASSWORD not in repr(place) + str(place)
        ledger = open_ledger(Postgres(url=locked, password=PASSWORD))
        ledger.record_identities([A])
        mark = mark_of(Postgres(url=locked, password=PASSWORD), ledger.revision, locked, str(file))
        ledger.close()
        assert PASSWORD not in repr(mark)
        assert is_as_marked(mark)

    def test_a_wrong_one_is_told_without_showing_it(self, url: str) -> None:
        with pytest.raises(StateError) as caught:
            open_ledger(Postgres(url=url.replace("postgres@", "locked@"), password="wr0ng"))
        assert str(caught.value).startswith(f"{shown_place(url)}: the ledger can't be reached: connection failed: ")
        assert 'password authentication failed for user "locked"' in str(caught.value)
        assert "wr0ng" not in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("tail", ["?nonsense=1", ":port/ledger", "[::1/ledger", "/x?sslmode=wibble"])
    def test_an_address_that_can_not_be_read_is_told_without_it(self, tail: str) -> None:
        with pytest.raises(StateError) as caught:
            open_ledger(Postgres(url=f"postgresql://me:s3same@nowhere.invalid{tail}"))
        assert "the ledger can't be reached: " in str(caught.value)
        assert "s3same" not in str(caught.value)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StateError) as caught:
        open_ledger(Postgres(url=f"postgresql://someone@/ledger?host={tmp_path}"))
    start = "postgresql:///ledger: the ledger can't be reached: connection is bad: connection to server on socket "
    assert str(caught.value).startswith(f'{start}"{tmp_path}')
    assert "No such file or directory" in str(caught.value)
