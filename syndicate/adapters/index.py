"""The index of parsed files: an SQLite file that may be deleted at any time."""

import os
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import fields, replace

from syndicate.domain.articles import Article, ArticlePath, Image
from syndicate.domain.collection import Parsed
from syndicate.errors import StateError
from syndicate.ports import IndexRow, NewRow, Packed

# SQLite takes at most 32,766 variables in one statement; smaller batches cost nothing.
_BATCH = 500
# What every run reads stands apart from what few articles are asked for: reading it takes half the time.
_SCHEMA = {
    "file": "(path TEXT PRIMARY KEY, signature TEXT, parse_key TEXT, record BLOB)",
    "details": "(path TEXT PRIMARY KEY, body BLOB, offerings BLOB)",
}

# Most rows fit into a page of this size; of SQLite's own 4 KB they need several, which takes twice the time.
_PAGE_BYTES = 32_768

_SHAPES = [(field.name, str(field.type)) for shape in (Parsed, Article, Image) for field in fields(shape)]
# Moves by itself with the shape of a row or of what a row holds: an index of another shape is made anew.
FORMAT = zlib.crc32(f"{_SCHEMA}{_SHAPES}".encode()) & 0x7FFFFFFF

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Parsed)


def pack(parsed: Parsed) -> Packed:
    """Return a Parsed as MessagePack, its body and offerings apart."""
    try:
        offerings = _encoder.encode(parsed.offerings) if parsed.offerings else b""
    except (TypeError, ValueError, OverflowError, RecursionError):  # values that no offering has
        offerings = b""
    record = _encoder.encode(replace(parsed, body="", offerings=()))
    return Packed(record=record, body=parsed.body.encode(), offerings=offerings)


def unpack(record: bytes) -> Parsed:
    """Return the Parsed of a record; raises ValueError for anything else."""
    return _decoder.decode(record)


class SqliteIndex:
    """Rows by path; a file that can't be read as an index is replaced by an empty one."""

    pack = staticmethod(pack)
    unpack = staticmethod(unpack)

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path)
        except sqlite3.OperationalError as error:
            raise StateError(f"{self.path}: can't be opened: {error}") from error
        if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # counts for a new file only
            for table, columns in _SCHEMA.items():
                connection.execute(f"DROP TABLE IF EXISTS {table}")
                connection.execute(f"CREATE TABLE {table} {columns}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.commit()
        # Losing the last rows in a power cut costs time only.
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def load(self) -> dict[ArticlePath, IndexRow]:
        """Return all rows, their bodies left out; one that can't be read is as good as absent."""
        rows: dict[ArticlePath, IndexRow] = {}
        query = "SELECT signature, parse_key, record FROM file"
        try:
            for signature, parse_key, record in self._connection.execute(query):
                try:
                    parsed = unpack(record)
                except ValueError:  # also what msgspec raises
                    continue
                rows[parsed.path] = IndexRow(signature, parse_key, parsed)
        except sqlite3.DatabaseError:  # a damaged page: the index is made anew
            self.close()
            self.path.unlink(missing_ok=True)
            self._connection = self._open()
            return {}
        return rows

    def store(self, rows: Iterable[NewRow], gone: Iterable[ArticlePath]) -> None:
        """Add or replace rows with their bodies, drop those of files that are gone; all or nothing."""
        source, left = iter(rows), [(path,) for path in gone]
        with self._usable() as connection:
            connection.executemany("DELETE FROM file WHERE path = ?", left)
            connection.executemany("DELETE FROM details WHERE path = ?", left)
            while batch := list(islice(source, _BATCH)):
                connection.executemany(
                    "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)",
                    [(row.path, row.signature, row.parse_key, row.packed.record) for row in batch],
                )
                connection.executemany(
                    "INSERT OR REPLACE INTO details VALUES (?, ?, ?)",
                    [(row.path, row.packed.body, row.packed.offerings) for row in batch],
                )

    @contextmanager
    def _usable(self) -> Iterator[sqlite3.Connection]:
        """Hold a transaction; raises StateError if the file is damaged."""
        try:
            with self._connection as connection:
                yield connection
        except sqlite3.DatabaseError as error:
            raise StateError(f"{self.path}: the index is damaged ({error}); remove it and build again") from error

    @property
    def body_reader(self) -> "BodyReader":
        """A function that returns the sanitised bodies of articles, in whatever process it is called."""
        return BodyReader(path=self.path)

    def offerings(self, paths: Collection[ArticlePath]) -> dict[ArticlePath, tuple[object, ...]]:
        """Return the related offerings of articles, as their front matter lists them."""
        found = _select(self._connection, "offerings", paths)
        return {path: tuple(msgspec.msgpack.decode(packed)) for path, packed in found if packed}

    def close(self) -> None:
        """Close the file."""
        _stop_reading()
        self._connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyReader:
    """Reads bodies over a connection of its own process: SQLite's may not be taken through a fork."""

    path: Path

    def __call__(self, paths: Collection[ArticlePath]) -> dict[ArticlePath, str]:
        """Return the sanitised bodies of articles."""
        file = self.path.stat()
        connection = _connection_of(self.path, (file.st_dev, file.st_ino), os.getpid())
        return {path: body.decode() for path, body in _select(connection, "body", paths)}


# The connection that reads bodies, by file and process: one at a time in each.
_reading: dict[tuple[Path, int, int, int], sqlite3.Connection] = {}


def _connection_of(path: Path, file: tuple[int, int], process: int) -> sqlite3.Connection:
    """Connect once a file and process; a file that took the place of another is not the one that was open."""
    key = (path, *file, process)
    if key not in _reading:
        _stop_reading()
        _reading[key] = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    return _reading[key]


def _stop_reading() -> None:
    """Close what this process reads by; what came through a fork is its parent's."""
    for key in [key for key in _reading if key[-1] == os.getpid()]:
        _reading.pop(key).close()


def _select(
    connection: sqlite3.Connection, column: str, paths: Collection[ArticlePath]
) -> Iterator[tuple[ArticlePath, Any]]:
    wanted = list(paths)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        marks = ",".join("?" * len(batch))
        query = f"SELECT path, {column} FROM details WHERE path IN ({marks})"  # noqa: S608 - our own words only
        yield from connection.execute(query, batch)
