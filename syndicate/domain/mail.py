"""Who a message is from and to."""

import re
from dataclasses import dataclass

# RFC 5321 section 4.1.2 without quoted local parts and literals: what people really have.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]"
)
# RFC 5321 section 4.5.3.1.
_MAX_ADDRESS, _MAX_LOCAL = 254, 64
# Longer ones are somebody's joke.
_MAX_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An e-mail address, with the name of whoever it is."""

    address: str
    name: str | None = None

    @property
    def domain(self) -> str:
        """What stands behind the @, in small letters."""
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom a message goes to, with that reader's own addresses on the web.

    `topics` are names or slugs of those that the reader wants of the newsletter's; none means all.
    """

    mailbox: Mailbox
    unsubscribe_url: str
    preferences_url: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimOptions:
    """By which key messages are signed: the name of its public half in the DNS, and the file of the private one."""

    domain: str
    selector: str
    key_file: str


def parse_mailbox(text: str) -> Mailbox:
    """Return the mailbox that 'Name <address>' or 'address' names; raises ValueError saying what was expected."""
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">") if bracket and rest.endswith(">") else text.strip()
    name = name.strip().removeprefix('"').removesuffix('"').strip() if bracket else ""
    if not is_address(address) or len(name) > _MAX_NAME or not (name.isprintable() and name.count("<") == 0):
        raise ValueError("expected an address such as The Weekly <weekly@example.org>")
    return Mailbox(address=address, name=name or None)


def is_domain(text: str) -> bool:
    """Tell whether a text is the name of a host in plain ASCII, with a dot in it."""
    return text.isascii() and is_address(f"a@{text}")


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address that every mail server takes."""
    return (
        len(text) <= _MAX_ADDRESS
        and text.isascii()
        and bool(_ADDRESS.fullmatch(text))
        and len(text.partition("@")[0]) <= _MAX_LOCAL
    )
