"""Cut issues on their way: handed to Postfix, delivered to Dovecot, fetched by IMAP, and opened in mutt.

See tests/mail_servers.py for what these tests need; mutt is Debian's, too.
"""

import email
import email.policy
import os
import pty
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from mail_servers import FILE_DOMAIN, IMAP_DOMAIN, Post, post_office
from support import CONFIG, Site, program

from syndicate.newsletters.dkim import load_signer, sign

pytestmark = pytest.mark.real

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
SENDER, REPLY_TO = "weekly@gazette.example", "desk@gazette.example"
NOW = "2026-11-01T09:00:00Z"
NEWSLETTER = {"slug": "weekly", "title": "The Weekly", "cadence": "daily at 08:00", "start": "2026-01-01"}
MAIL = {
    "sender": f"Tee für alle <{SENDER}>",
    "reply_to": REPLY_TO,
    "unsubscribe_mailto": "off@gazette.example",
    "dkim": {"domain": "gazette.example", "selector": "one", "key_file": "dkim.pem"},
}
LINK = "https://source.example/read/%s?a=1&b=2"


@dataclass(frozen=True)
class Case:
    """An issue that is sent: what its newsletter is, the titles and summaries of its stories, its editor's note."""

    newsletter: Mapping[str, Any]
    stories: tuple[tuple[str, str], ...]
    note: str = ""

    @property
    def title(self) -> str:
        return str(self.newsletter["title"])


CASES = {
    "English": Case(
        {"title": "The Weekly", "design": "brief", "contents": True},
        (("A kettle that counts", "Three saw it."), ("Bread = 50% air", "So it's said: =20 =2E =")),
        "Dear readers,\n\nit was *quiet*.",
    ),
    "German": Case(
        {"title": "Die Hafenwoche", "language": "de", "design": "magazine"},
        (("Ein Kessel, der zählt", "Änne hörte süße Grüße. " * 30), ("Öfen für „kleine“ Brote", "Ünd ß.")),
    ),
    "Arabic": Case(
        {"title": "أسبوع الميناء", "language": "ar", "design": "text", "contents": True},
        (("جداول المد خاطئة من جديد", "رآه ثلاثة وكتب عنه اثنان. " * 20), ("إبريق يعدّ", "واتفقا."), ("Latin", "x")),
        "أعزاءنا القراء",
    ),
    "dots and From": Case(
        {"title": ". From the quay", "design": "brief", "contents": True},
        (
            (".", ". " * 60),
            ("..", "." * 300),
            (".hidden files", "\n.\n..\nFrom me to you\n>From her\n\nFrom him.\n.\n"),
            ("From here to there", "From " * 60),
        ),
        "    .\n    ..\n    From me to you\n    >From her\n    .\n\n.\n\nFrom the editor.",
    ),
    "long lines": Case(
        {"title": "W" * 300, "design": "text"},
        (("x" * 3000, "y" * 3000 + " " + "\t" * 50 + "z" * 3000), ("Trailing   \t ", "blanks \t \n   \t \nhere   ")),
    ),
    "long subject of many signs": Case(
        {"title": '🍵👩‍👩‍👧 שלום أسبوع, „Grüße“ (and) <more>; "' * 8, "design": "magazine"},
        (("🎉 " * 60 + "مرحبا", "👩‍👩‍👧" * 200), ("=?utf-8?q?not_an_encoded_word?=", "\u202eback\u202c \u200b.")),
    ),
}


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def message_of(case: Case, folder: Path, reader: str) -> bytes:
    """Return the case's issue, cut and rendered by the commands, signed, for a reader."""
    newsletter = {**NEWSLETTER, "note": "note.md", **case.newsletter}
    site = Site(folder, CONFIG, newsletters=[newsletter], mail=MAIL)
    site.write("dkim.pem", PEM)
    site.write("note.md", case.note)
    for number, (title, summary) in enumerate(case.stories):
        site.article(f"{number}.md", title=title, description=summary, link=LINK % number, date="2026-10-30")
    site.say("issue", "cut", "weekly", "--now", NOW)
    site.say("issue", "render", "weekly", "1", "--eml", str(folder / "a.eml"), "--to", f"Ann Ö. <{reader}>")
    return (folder / "a.eml").read_bytes()


def record(name: bytes, timeout: int = 5) -> bytes:
    """Answer as the DNS of the sender would."""
    assert name == b"one._domainkey.gazette.example."
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


def is_signed(message: bytes) -> bool:
    return bool(dkim.verify(message, dnsfunc=record))


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def reader_at(domain: str, case: str) -> str:
    return f"{re.sub('[^a-z]', '-', case.lower())}@{domain}"


def test_it_arrives_by_imap_as_it_was_sent(post, case, tmp_path):
    reader = reader_at(IMAP_DOMAIN, case)
    sent = message_of(CASES[case], tmp_path, reader)
    post.deliver(sent, SENDER, reader)
    fetched = post.fetch(reader)
    trace, there, body = fetched.partition(sent)
    assert there, "not a byte may change on the way, neither of the headers nor of the body"
    assert body == b""
    assert set(parsed(trace + b"\r\n").keys()) == {"Return-Path", "Delivered-To", "Received"}
    assert is_signed(sent)
    assert is_signed(fetched)


def test_its_headers_say_what_the_config_says(post, case, tmp_path):
    reader = reader_at(IMAP_DOMAIN, f"{case} headers")
    post.deliver(message_of(CASES[case], tmp_path, reader), SENDER, reader)
    message = parsed(post.fetch(reader))
    title, first = " ".join(CASES[case].title.split()), " ".join(CASES[case].stories[0][0].split())
    assert str(message["Subject"]).startswith(f"{title}: {first[:60].strip()}")
    assert message["From"].addresses[0].display_name == "Tee für alle"
    assert message["From"].addresses[0].addr_spec == SENDER
    assert message["To"].addresses[0].display_name == "Ann Ö."
    assert message["To"].addresses[0].addr_spec == reader
    assert message["Reply-To"].addresses[0].addr_spec == REPLY_TO
    assert message["List-Unsubscribe"] == (
        "<https://unsubscribe.invalid/>, <mailto:off@gazette.example?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(message["List-Id"]).endswith("<weekly.gazette.example>")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_mailbox_file_keeps_it_whole(post, case, tmp_path):
    """Postfix writes '>From ' where a line of such a file begins 'From ': no line of ours does."""
    reader = reader_at(FILE_DOMAIN, case)
    sent = message_of(CASES[case], tmp_path, reader)
    post.deliver(sent, SENDER, reader)
    separator, _, kept = post.take_file().partition(b"\n")
    assert separator.startswith(b"From ")
    # Lines end there as in all files, and an empty one ends the message.
    fetched = kept.removesuffix(b"\n").replace(b"\n", b"\r\n")
    assert fetched.partition(sent)[1:] == (sent, b"")
    assert is_signed(fetched)


def test_a_line_that_servers_cut_is_seen(post):
    """The judges above are some: a message with a line of more than 998 bytes, as ours have none, is changed."""
    reader = f"cut@{IMAP_DOMAIN}"
    head = f"From: <{SENDER}>\r\nTo: <{reader}>\r\nSubject: x\r\nDate: Mon, 01 Jun 2026 07:00:00 +0000\r\n\r\n"
    sent = sign(head.encode() + b"x" * 2000 + b"\r\n", "gazette.example", "one", load_signer(PEM))
    post.deliver(sent, SENDER, reader)
    fetched = post.fetch(reader)
    assert is_signed(sent)
    assert sent not in fetched
    assert not is_signed(fetched)


def test_the_hard_cases_are_hard(tmp_path):
    """Lines begin with a dot, one would be a dot and others would begin 'From ' if they were not disguised."""
    sent = message_of(CASES["dots and From"], tmp_path, f"ann@{IMAP_DOMAIN}")
    assert re.search(rb"(?m)^\.\.\r$", sent)
    assert re.search(rb"(?m)^=2E\r$", sent)
    assert re.search(rb"(?m)^=46=\r\nrom ", sent)
    assert not re.search(rb"(?m)^From ", sent)


def opened(post: Post, reader: str, folder: Path) -> str:
    """Return what mutt shows of a reader's only message, opened on a terminal of its own by IMAP."""
    mutt, shown = program("mutt", "mutt"), folder / "shown.txt"
    settings = (
        f'set folder = "{folder}"',
        'set ssl_starttls = no ssl_force_tls = no charset = "utf-8" prompt_after = no wait_key = no',
        "set sort = threads use_from = no mark_old = no timeout = 1 net_inc = 0 read_inc = 0",
        "alternative_order text/plain text/html",
        "ignore *",
        "unignore from to subject date",
        f'set pager = "cp %s {shown} #"',
    )
    (folder / "muttrc").write_text("\n".join(settings), "utf-8")
    command = [mutt, "-n", "-R", "-F", str(folder / "muttrc"), "-f", post.inbox(reader)]
    command += ["-e", "push <first-entry><display-message><exit>"]
    screen, terminal = pty.openpty()
    environment = {**os.environ, "HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8", "COLUMNS": "1000"}
    try:
        subprocess.run(
            command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment, check=True, timeout=60
        )
    finally:
        os.close(terminal)
        os.close(screen)
    return shown.read_text("utf-8")


def test_a_text_mail_program_shows_it_to_a_person(post, case, tmp_path):
    reader = reader_at(IMAP_DOMAIN, f"{case} read")
    post.deliver(message_of(CASES[case], tmp_path, reader), SENDER, reader)
    shown = opened(post, reader, tmp_path)
    _, head, body = shown.split("\n\n", 2)  # first comes its own line of what is open
    headers = dict(line.split(": ", 1) for line in re.sub(r"\n\t", " ", head).splitlines())
    said = CASES[case]
    assert headers["From"] == f"Tee für alle <{SENDER}>"
    assert headers["To"] == f'"Ann Ö." <{reader}>'
    assert headers["Date"] == "Sun, 01 Nov 2026 08:00:00 +0000"
    assert plain(headers["Subject"]).startswith(f"{plain(said.title)}:")
    assert "=?" not in headers["Subject"]
    lines = [line.strip() for line in body.splitlines()]
    for number, (title, _) in enumerate(said.stories):
        assert LINK % number in lines
        assert plain(title)[:300] in plain(body)
    assert "https://unsubscribe.invalid/" in lines
    assert "https://gazette.example/newsletters/weekly/1/" in lines
    assert not re.search(r"=[0-9A-F]{2}|<(?:td|p|a)\b|&[a-z]+;", body.replace("=20 =2E", ""))


def plain(text: str) -> str:
    """Return a text as one line: programs wrap where they like."""
    return "".join(text.split())
