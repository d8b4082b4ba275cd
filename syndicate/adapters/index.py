"""The index of parsed files: an SQLite file that may be deleted at any time."""

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

from syndicate.domain.articles import ArticlePath
from syndicate.domain.collection import Parsed
from syndicate.errors import StateError
from syndicate.ports import IndexRow

# Moves whenever the shape of a record does: rows of another shape are not read.
FORMAT = 1
# SQLite takes at most 32,766 variables in one statement; smaller batches cost nothing.
_BATCH = 500
_SCHEMA = "CREATE TABLE file (path TEXT PRIMARY KEY, signature TEXT, parse_key TEXT, record BLOB, body TEXT)"


class SqliteIndex:
    """Rows by path; a file that can't be read as an index is replaced by an empty one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._connection = self._open()
        self._decoder = msgspec.msgpack.Decoder(Parsed)

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path)
        except sqlite3.OperationalError as error:
            raise StateError(f"{self.path}: can't be opened: {error}") from error
        if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            connection.execute("DROP TABLE IF EXISTS file")
            connection.execute(_SCHEMA)
            connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.commit()
        # Losing the last rows in a power cut costs time only.
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def load(self) -> dict[ArticlePath, IndexRow]:
        """Return all rows, their bodies left out; one that can't be read is as good as absent."""
        rows = {}
        decode = self._decoder.decode
        query = "SELECT path, signature, parse_key, record FROM file"
        for path, signature, parse_key, record in self._connection.execute(query):
            try:
                parsed = decode(record)
            except (msgspec.DecodeError, ValueError):
                continue
            rows[ArticlePath(path)] = IndexRow(signature=signature, parse_key=parse_key, parsed=parsed)
        return rows

    def store(self, rows: Iterable[IndexRow], gone: Iterable[ArticlePath]) -> None:
        """Add or replace rows with their bodies, drop those of files that are gone; all or nothing."""
        encode = msgspec.msgpack.Encoder().encode
        with self._connection as connection:
            connection.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in gone))
            connection.executemany(
                "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)",
                (
                    (
                        row.parsed.path,
                        row.signature,
                        row.parse_key,
                        encode(replace(row.parsed, body="")),
                        row.parsed.body,
                    )
                    for row in rows
                ),
            )

    def bodies(self, paths: Collection[ArticlePath]) -> dict[ArticlePath, str]:
        """Return the sanitised bodies of articles."""
        wanted = list(paths)
        found: dict[ArticlePath, str] = {}
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(batch))
            found.update(self._connection.execute(f"SELECT path, body FROM file WHERE path IN ({marks})", batch))  # noqa: S608 - marks only
        return found

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
