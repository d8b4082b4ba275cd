"""An issue as a MIME message: serialised once, then filled in for each reader by joining bytes.

Rendered ─► form() ─► MessageForm (pieces of bytes with slots between them) ─► fill(reader) ─► bytes

Building a message by the email package for each reader is more than a hundred times as slow.
"""

import binascii
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from syndicate.domain.mail import Mailbox, Reader
from syndicate.domain.newsletters import PREFERENCES_URL, UNSUBSCRIBE_URL, Newsletter, Rendered
from syndicate.domain.text import scrub

_SOFT_BREAK = b"=\r\n"
# RFC 5322 section 2.1.1: a line must not be longer, its end not counted.
MAX_LINE_BYTES = 998
# RFC 2045 section 6.7: an encoded line has at most 76 characters; the mark of a soft break is one of them.
_QUOTED_CHARACTERS = 72
# So that a header of one never reaches the limit of a line.
_MAX_URL_CHARACTERS = 900
# Printable ASCII without what ends an address in brackets, a quoted attribute, or a line.
_SAFE_URL = re.compile(r"""https?://[A-Za-z0-9\[][^\s<>"'`\\^{|}\x00-\x20\x7f-\U0010ffff]*""")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageForm:
    """A serialised message with open places; `slots` names what comes after each of the `pieces` but the last."""

    pieces: tuple[bytes, ...]
    slots: tuple[str, ...]
    issue_id: str
    domain: str

    def fill(self, reader: Reader) -> bytes:
        """Return the message to one reader; raises ValueError for an address that no header or link can hold."""
        values = self._values(reader)
        parts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts += (values[slot], piece)
        return b"".join(parts)

    def _values(self, reader: Reader) -> Mapping[str, bytes]:
        unsubscribe, preferences = _checked(reader.unsubscribe_url), _checked(reader.preferences_url)
        message_id = hashlib.blake2b(f"{self.issue_id}\n{reader.mailbox.address}".encode(), digest_size=16).hexdigest()
        return {
            "to": _mailbox(reader.mailbox, "To"),
            "message-id": f"<{message_id}@{self.domain}>".encode("ascii"),
            "unsubscribe": unsubscribe.encode("ascii"),
            "unsubscribe-html": _quoted_value(html.escape(unsubscribe)),
            "unsubscribe-text": _quoted_value(unsubscribe),
            "preferences-html": _quoted_value(html.escape(preferences)),
            "preferences-text": _quoted_value(preferences),
        }


def make_form(
    newsletter: Newsletter,
    sender: Mailbox,
    rendered: Rendered,
    due: datetime,
    number: int,
    list_host: str,
) -> MessageForm:
    """Serialise an issue's message; the date is that of its slot, so that it is the same whenever it is made.

    `list_host` is where the newsletter lives, and names it for good (RFC 2919).
    """
    mark = hashlib.blake2b(f"{rendered.mail_html}\n{rendered.mail_text}".encode(), digest_size=12).hexdigest()
    # '=_' never stands in quoted-printable text (RFC 2045 section 6.7), so that no line of a part is a boundary.
    boundary = f"=_{mark}"
    slot = _Slots(mark)
    headers = [
        (b"From", _mailbox(sender, "From")),
        (b"To", slot("to")),
        (b"Subject", _text_header(rendered.subject, "Subject")),
        (b"Date", format_datetime(due.astimezone(newsletter.zone)).encode("ascii")),
        (b"Message-ID", slot("message-id")),
        (b"List-Id", _phrase(newsletter.title, "List-Id") + f"<{newsletter.slug}.{list_host}>".encode("ascii")),
        (b"List-Unsubscribe", _unsubscribe(slot("unsubscribe"), newsletter)),
        (b"List-Unsubscribe-Post", b"List-Unsubscribe=One-Click"),
        (b"Precedence", b"bulk"),
        (b"Feedback-ID", _feedback_id(newsletter.slug, number, sender)),
        # RFC 3834 section 5: made by a process that runs by itself; keeps out-of-office answers away.
        (b"Auto-Submitted", b"auto-generated"),
        (b"MIME-Version", b"1.0"),
        (b"Content-Type", f'multipart/alternative; boundary="{boundary}"'.encode("ascii")),
    ]
    if newsletter.reply_to:
        headers.insert(1, (b"Reply-To", _mailbox(newsletter.reply_to, "Reply-To")))
    parts = [
        _part("plain", rendered.mail_text or "", "text", slot),
        _part("html", rendered.mail_html or "", "html", slot),
    ]
    edge = f"--{boundary}".encode("ascii")
    lines = [name + b": " + value + b"\r\n" for name, value in headers]
    data = b"".join(lines) + b"\r\n" + b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"
    pieces, slots = slot.split(data)
    return MessageForm(
        pieces=pieces, slots=slots, issue_id=f"{list_host}\n{newsletter.slug}\n{number}", domain=sender.domain
    )


class _Slots:
    """Hands out marks that stand for a reader's own words, and finds them again in what was serialised."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.given: list[str] = []

    def __call__(self, name: str) -> bytes:
        """Return the mark of a slot: short ASCII without a space, which no encoding folds."""
        self.given.append(name)
        return f"slot.{self.mark}.{name}.".encode("ascii")

    def split(self, data: bytes) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
        """Return what stands between the marks, and their names; each must have come through whole."""
        found = re.split(rf"slot\.{self.mark}\.([a-z-]+)\.".encode("ascii"), data)
        names = tuple(name.decode("ascii") for name in found[1::2])
        if sorted(names) != sorted(self.given):
            raise ValueError("a place for a reader's own words was lost in serialising")
        return tuple(found[::2]), names


def _part(subtype: str, content: str, kind: str, slot: _Slots) -> bytes:
    """Return a text part, each of its placeholder addresses a slot on a line of its own between soft breaks."""
    names = {UNSUBSCRIBE_URL: f"unsubscribe-{kind}", PREFERENCES_URL: f"preferences-{kind}"}
    words = re.split(f"({'|'.join(map(re.escape, names))})", content)
    pieces = [
        slot(names[word]) if place % 2 else _quoted(word.encode("utf-8", "replace")) for place, word in enumerate(words)
    ]
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode("ascii") + _SOFT_BREAK.join(pieces)


def _quoted(data: bytes) -> bytes:
    """Return quoted-printable lines (RFC 2045 section 6.7) that a mailbox file leaves alone: none begins 'From '."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    quoted = binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")
    return re.sub(rb"(?m)^From ", b"=46=\r\nrom ", quoted)


def _quoted_value(text: str) -> bytes:
    """Return a reader's own words for a line of their own: short ASCII that is checked already."""
    quoted = text.replace("=", "=3D")
    if len(quoted) <= _QUOTED_CHARACTERS:
        return quoted.encode("ascii")
    # At most a third as many signs as a line has characters: an escape, which is never cut, has three.
    lines = re.findall(rf"(?:=3D|[^=]){{1,{_QUOTED_CHARACTERS // 3}}}", quoted)
    return _SOFT_BREAK.join(line.encode("ascii") for line in lines)


def _checked(url: str) -> str:
    if len(url) > _MAX_URL_CHARACTERS or not _SAFE_URL.fullmatch(url):
        raise ValueError(f"expected an address in plain ASCII of at most {_MAX_URL_CHARACTERS} characters, got {url!r}")
    return url


def _unsubscribe(url: bytes, newsletter: Newsletter) -> bytes:
    """Return the ways to end a subscription, the one of a click first (RFC 8058, RFC 2369)."""
    mailto = newsletter.unsubscribe_mailto
    return b"<" + url + b">" + (f",\r\n <mailto:{mailto}?subject=unsubscribe>".encode("ascii") if mailto else b"")


def _feedback_id(slug: str, number: int, sender: Mailbox) -> bytes:
    """Return what Gmail counts complaints by: issue, newsletter, kind, sender (5 to 15 characters)."""
    name = sender.domain.replace(".", "-")[:15].ljust(5, "0")
    return f"{slug}-{number}:{slug}:newsletter:{name}".encode("ascii")


def _mailbox(mailbox: Mailbox, header: str) -> bytes:
    return _phrase(mailbox.name, header) + f"<{mailbox.address}>".encode("ascii")


def _phrase(name: str | None, header: str) -> bytes:
    """Return a name before an address, on a line of its own where it isn't short."""
    if not name:
        return b""
    if name.isascii() and "=?" not in name:
        plain = name if name.isprintable() else scrub(name)
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
        if len(escaped) <= _QUOTED_CHARACTERS - 10:
            return f'"{escaped}"\r\n '.encode("ascii")
    return _encoded(name, header) + b"\r\n "


def _text_header(text: str, header: str) -> bytes:
    if text.isascii() and len(text) <= _QUOTED_CHARACTERS - 10 and "=?" not in text and text.isprintable():
        return text.encode("ascii")
    return _encoded(text, header)


def _encoded(text: str, header: str) -> bytes:
    """Return encoded words (RFC 2047), folded; no character of a text can end the header."""
    plain = " ".join(scrub(text).split())
    return Header(plain, "utf-8", maxlinelen=75, header_name=header).encode(linesep="\r\n").encode("ascii")
