"""What is PostgreSQL's alone of the ledger: its types, one writer at a time, and the revision.

writing: lock ─► note the revision ─► statements ─► a new revision, if rows changed ─► commit
reading: one snapshot for all statements of the transaction, no lock
"""

from functools import partial
from typing import Any

import psycopg
from psycopg.errors import LockNotAvailable
from sqlalchemy import Column, Connection, create_engine
from sqlalchemy.dialects.postgresql.base import PGTypeCompiler
from sqlalchemy.exc import DBAPIError

from syndicate.adapters.ledger import Backend, SqlLedger
from syndicate.adapters.postgres import READ_REVISION, REVISION, Postgres, connect
from syndicate.domain.ledger import without_password
from syndicate.errors import BusyError, StateError

# The key of the lock that writers take turns by: 'synd'. Any number would do that nobody else takes in this database.
_WRITERS = 0x73796E64
# How long a writer waits for its turn.
TURN_MS = 30_000
# How long a writer may be silent before the server ends its turn: a machine that was cut off or put
# to sleep holds up the others no longer than they wait.
SILENCE_MS = 20_000

# READ COMMITTED, so that each statement sees what the writers before have left: a snapshot would be
# that of the moment before the wait.
_BEGIN_WRITING = """
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = {turn_ms};
SET LOCAL idle_in_transaction_session_timeout = {silence_ms};
SELECT pg_advisory_xact_lock({writers});
"""
_BEGIN_READING = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# A transaction has an id as soon as it has changed anything, and none before.
_NEW_REVISION = f"""
INSERT INTO setting (name, value)
SELECT '{REVISION}', gen_random_uuid()::text WHERE pg_current_xact_id_if_assigned() IS NOT NULL
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


class _Texts(PGTypeCompiler):
    """Makes every column of text one of any length, in the order of its bytes.

    SQLite holds nobody to a length, and orders so: what both keep is the same, and their exports too.
    """

    def visit_VARCHAR(self, type_: Any, **context: Any) -> str:  # noqa: N802 - SQLAlchemy's name
        return _TEXT if _is_column(context) else super().visit_VARCHAR(type_, **context)

    def visit_TEXT(self, type_: Any, **context: Any) -> str:  # noqa: N802 - likewise
        return _TEXT if _is_column(context) else super().visit_TEXT(type_, **context)


_TEXT = 'TEXT COLLATE "C"'


def _is_column(context: dict[str, Any]) -> bool:
    """Tell a type in a CREATE TABLE from one in a CAST."""
    return isinstance(context.get("type_expression"), Column)


def open_ledger(place: Postgres, turn_ms: int = TURN_MS, silence_ms: int = SILENCE_MS) -> SqlLedger:
    """Open a ledger on PostgreSQL, making its tables or bringing them to the newest shape where needed."""
    begin = _BEGIN_WRITING.format(turn_ms=turn_ms, silence_ms=silence_ms, writers=_WRITERS)

    def reach() -> "psycopg.Connection[Any]":
        try:
            return connect(place)
        except psycopg.Error as error:
            cause = without_password(" ".join(str(error).split()))
            # Not chained: what libpq says of an address that it can't read holds all of it.
            raise StateError(f"{place.name}: the ledger can't be reached: {cause}") from None

    engine = create_engine("postgresql+psycopg://", creator=reach)
    engine.dialect.type_compiler_instance = _Texts(engine.dialect)
    return SqlLedger(
        Backend(
            engine=engine,
            name=place.name,
            begin_reading=_begin_reading,
            begin_writing=partial(_begin_writing, begin, place.name),
            note_writing=_note_writing,
            revision=_revision,
        )
    )


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql(_BEGIN_READING)


def _begin_writing(statements: str, name: str, connection: Connection) -> None:
    """Begin as the only writer; raises BusyError if another keeps its turn too long."""
    try:
        connection.exec_driver_sql(statements)
    except DBAPIError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise BusyError(f"{name}: another machine holds the ledger; try again when it has ended") from error
        raise


def _note_writing(connection: Connection) -> None:
    connection.exec_driver_sql(_NEW_REVISION)


def _revision(connection: Connection) -> str | None:
    found = connection.exec_driver_sql(READ_REVISION).scalar()
    return None if found is None else str(found)
