"""The PostgreSQL database that has the ledger: which it is, reaching it, and its revision for the fast path.

Imports nothing heavy, since every run asks where the ledger is.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from syndicate.domain.ledger import has_password, shown_place, without_password

if TYPE_CHECKING:
    import psycopg

# What libpq is told where neither the address nor its own variable does: it waits no longer for a
# server that does not answer, and notices within a minute that one has gone.
_DEFAULTS = {
    "connect_timeout": ("10", "PGCONNECT_TIMEOUT"),
    "application_name": ("syndicate", "PGAPPNAME"),
    "keepalives_idle": ("30", ""),
    "keepalives_interval": ("10", ""),
    "keepalives_count": ("3", ""),
}
# A file without ends of lines is no file of a password, and isn't read to its end.
_MAX_PASSWORD_CHARS = 10_000
URL_VARIABLE = "SYNDICATE_LEDGER_URL"
"""The environment's variable that names the database, for machines that share a config."""
REVISION = "revision"
"""The setting of a database that changes whenever a row of the ledger does; it is never copied with them."""
READ_REVISION = "SELECT value FROM setting WHERE name = 'revision'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A database and its password, None if it needs none or libpq is to find it (PGPASSWORD, PGPASSFILE)."""

    url: str = field(repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What messages call it."""
        return shown_place(self.url)


def chosen_place(url: str | None, password_file: str | None) -> Postgres | None:
    """Return the database that has the ledger, None if SQLite has it.

    The address in the environment goes before that of the config, the password in an address before
    that of the file. Raises OSError or UnicodeError if the file can't be read.
    """
    address = os.environ.get(URL_VARIABLE) or url
    if not address:
        return None
    return Postgres(url=address, password=None if has_password(address) else _first_line(password_file))


def _first_line(path: str | None) -> str | None:
    if path is None:
        return None
    with open(path, encoding="utf-8") as file:
        return file.readline(_MAX_PASSWORD_CHARS).rstrip("\r\n")


def connect(place: Postgres) -> "psycopg.Connection[Any]":
    """Connect to a database; raises psycopg.Error, and ImportError without psycopg."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(place.url)
    more = {
        name: value for name, (value, variable) in _DEFAULTS.items() if name not in given and variable not in os.environ
    }
    if place.password is not None:
        more["password"] = place.password
    # Prepared statements would be lost behind a pooler that shares sessions.
    return psycopg.connect(place.url, prepare_threshold=None, **more)  # type: ignore[arg-type]


def mark_of(place: Postgres, revision: str | None, url: str | None, password_file: str | None) -> dict[str, str | None]:
    """Return by what the next build finds out whether a ledger is still as the last one saw it, without any password.

    `url` and `password_file` are those of the config.
    """
    at = without_password(place.url)
    return {"at": at, "revision": revision, "url": url, "password_file": password_file}


def is_as_marked(mark: Mapping[str, str | None] | None) -> bool:
    """Tell whether the ledger is in the same place as at the last build, and in a database unchanged since then.

    A SQLite ledger has no mark here: it is a file like others.
    """
    if mark is None:
        return not os.environ.get(URL_VARIABLE)
    try:
        place = chosen_place(mark["url"], mark["password_file"])
    except (OSError, UnicodeError):
        return False
    if place is None or without_password(place.url) != mark["at"] or mark["revision"] is None:
        return False
    return _revision_at(place) == mark["revision"]


def _revision_at(place: Postgres) -> str | None:
    """Return the revision of a ledger, None if it can't be had: the build that follows tells why."""
    try:
        with connect(place) as connection:
            found = connection.execute(READ_REVISION).fetchone()
    except Exception:
        return None
    return str(found[0]) if found else None
