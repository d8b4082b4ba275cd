"""What is SQLite's alone of the ledger: opening its file, and copying it while it is in use."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, event

from syndicate.adapters.atomic import aside_of
from syndicate.adapters.ledger import Backend, Rows, SqlLedger
from syndicate.errors import StateError


def open_ledger(path: Path) -> SqlLedger:
    """Open a SQLite ledger, making it or bringing it to the newest shape where needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": 30, "isolation_level": None}
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # what the ledger has promised survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")

    return SqlLedger(Backend(engine=engine, name=str(path), begin_reading=_begin_reading, begin_writing=_begin_writing))


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Begin as the only writer.

    Python's driver would begin at the first INSERT only, and leave the making of tables outside; and
    a transaction that reads first and writes then may find that another has written in between.
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def back_up(path: Path, target: Path) -> None:
    """Copy a SQLite ledger that may be in use, whole, to a file that isn't there yet; raises StateError."""
    if target.exists():
        raise StateError(f"{target}: exists already; name a new file")
    if not path.exists():
        raise StateError(f"{path}: there is no ledger yet; build first")
    aside = aside_of(target)
    try:
        aside.unlink(missing_ok=True)  # what a copy left that was killed is no beginning
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(aside)) as copy,
        ):
            source.backup(copy)
        os.replace(aside, target)
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"{path}: can't be backed up to {target}: {error}") from error


def rows_of(path: Path) -> Rows:
    """Return every row of a SQLite ledger that may be in use or of an older shape, and leave its file as it is."""
    if not path.exists():
        raise StateError(f"{path}: there is no ledger")
    with tempfile.TemporaryDirectory(prefix="syndicate-") as folder:
        aside = Path(folder) / path.name
        back_up(path, aside)
        with closing(open_ledger(aside)) as ledger:
            return ledger.tables()


def write_copy(rows: Rows, target: Path) -> None:
    """Write rows as a SQLite ledger, whole, to a file that isn't there yet; raises StateError."""
    if target.exists():
        raise StateError(f"{target}: exists already; name a new file")
    aside = aside_of(target)
    aside.unlink(missing_ok=True)  # as above
    with closing(open_ledger(aside)) as ledger:
        ledger.fill(rows)
    os.replace(aside, target)
