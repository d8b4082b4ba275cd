"""Where the ledger is kept, and how its address is shown without what opens it."""

import re
from dataclasses import dataclass

# Name and password stand before the only '@' of an address (RFC 3986, section 3.2.1).
_WITH_LOGIN = re.compile(r"[a-z]+://(?:[^/?#@\s]*@)?[^@\s]*")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A password wherever one could be meant, also where its letters should have been percent-encoded.
_PASSWORD = re.compile(r"(://[^:/@]*:).*@|([?&](?:ssl)?password=)[^&\s]*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerOptions:
    """The address of a PostgreSQL database and the file of its password; without an address, SQLite has the ledger."""

    url: str | None = None
    password_file: str | None = None


def is_postgres_url(text: str) -> bool:
    """Tell whether a text is meant as the address of a PostgreSQL database, in one of the two spellings of libpq."""
    return text.startswith(("postgresql://", "postgres://"))


def without_password(text: str) -> str:
    """Return a text with '…' in the place of each password that an address in it holds."""
    return _PASSWORD.sub(lambda found: f"{found[1]}…@" if found[1] else f"{found[2]}…", text)


def has_password(url: str) -> bool:
    """Tell whether an address holds a password, or what could be meant as one."""
    return without_password(url) != url


def wrong_address(url: str) -> str:
    """Return in words what is wrong with the address of a database, '' if nothing is."""
    if not is_postgres_url(url):
        return "expected an address such as postgresql://user@host/database"  # what it is instead may hold a password
    if _BAD_PERCENT.search(url):
        return "expected a % only before two hexadecimal digits (%25 for the sign itself), got another one"
    if not _WITH_LOGIN.fullmatch(url):
        return "expected letters that part an address to be percent-encoded (%40 for @, %2F for /), got a bare one"
    return ""


def shown_place(url: str) -> str:
    """Return what messages call a database: its host and name."""
    scheme, _, rest = without_password(url).partition("://")
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"
